"""What a job may be told, and how the scheduler gives it back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from asm_contracts.areas import scheduler as wire
from asm_contracts.errors import BadRequest
from asm_contracts.evidence import assumed, recorded
from asm_emulator.areas.scheduler.recurrence import WEEK_DAYS
from asm_emulator.areas.scheduler.services import FREQUENCIES, shortest_minutes
from asm_emulator.scheduler_model import JobCollection

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,120}\Z")
_METHODS: Final = frozenset({"GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE"})
_TYPES: Final = {"http": "http", "https": "https", "storagequeue": "storageQueue"}
_STATES: Final = frozenset({"enabled", "disabled"})
_RANGES: Final = {"minutes": range(60), "hours": range(24), "months": range(1, 13), "month_days": range(-31, 32)}


def check_id(job_id: str) -> None:
    """BadRequest unless a job may have this id."""
    if not _ID.match(job_id):
        raise BadRequest("The job id is invalid.")


@recorded("names of headers come back like those of members: with a small first letter")
def camel(name: str) -> str:
    """A name as the scheduler writes names: all leading capitals small, but the last before a small letter."""
    letters = list(name)
    for place, letter in enumerate(letters):
        followed = place + 1 < len(letters)
        if (place == 0 and not letter.isupper()) or (place > 0 and followed and not letters[place + 1].isupper()):
            break
        letters[place] = letter.lower()
    return "".join(letters)


@assumed("which values are refused is documented, the texts were never seen")
def checked(job: wire.Job, collection: JobCollection) -> wire.Job:
    """A job as it is kept: whole, in the scheduler's own spelling.  BadRequest for one that makes no sense."""
    if job.action is None:
        raise BadRequest("The job must have an action.")
    state = (job.state or "enabled").lower()
    if state not in _STATES:
        raise BadRequest(f"The job state {(job.state or '')[:40]} is invalid.")
    return replace(
        job,
        action=_action(job.action),
        recurrence=_recurrence(job.recurrence, collection) if job.recurrence else None,
        state=state,
        status=None,
    )


def _action(action: wire.JobAction) -> wire.JobAction:
    error = action.error_action
    if error is not None:
        kind, request = _what(error.type, error.request, error.queue_message)
        error = replace(error, type=kind, request=request)
    kind, request = _what(action.type, action.request, action.queue_message)
    policy = action.retry_policy
    if policy is not None:
        retry = (policy.retry_type or "none").lower()
        if retry not in ("none", "fixed"):
            raise BadRequest(f"The retry type {(policy.retry_type or '')[:40]} is invalid.")
        policy = replace(policy, retry_type=retry)
    return replace(action, type=kind, request=request, retry_policy=policy, error_action=error)


def _what(
    kind: str | None, request: wire.JobRequest | None, message: wire.JobQueueMessage | None
) -> tuple[str, wire.JobRequest | None]:
    known = _TYPES.get((kind or "http").lower())
    if known is None:
        raise BadRequest(f"The action type {(kind or '')[:40]} is invalid.")
    if known == "storageQueue":
        if message is None or not message.storage_account or not message.queue_name:
            raise BadRequest("The action must have a queue message with a storage account and a queue.")
        return known, None
    if request is None or not request.uri:
        raise BadRequest("The action must have a request with a URI.")
    try:
        parts = urlsplit(request.uri)
        right = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        right = False
    if not right:
        raise BadRequest("The URI of the request is invalid.")
    method = (request.method or "GET").upper()
    if method not in _METHODS:
        raise BadRequest(f"The method {method[:40]} is invalid.")
    headers = request.headers
    if headers is not None:
        headers = tuple(replace(one, name=camel(one.name)) for one in headers)
    return known, replace(request, method=method, headers=headers)


def _recurrence(recurrence: wire.JobRecurrence, collection: JobCollection) -> wire.JobRecurrence:
    frequency = (recurrence.frequency or "").lower()
    if frequency not in FREQUENCIES:
        raise BadRequest(f"The frequency {(recurrence.frequency or '')[:40]} is invalid.")
    interval = 1 if recurrence.interval is None else recurrence.interval
    if not 1 <= interval <= 1000:
        raise BadRequest("The interval must be between 1 and 1000.")
    if recurrence.count is not None and recurrence.count < 1:
        raise BadRequest("The count must be at least 1.")
    if FREQUENCIES[frequency] * interval < shortest_minutes(collection):
        raise BadRequest("The recurrence is more frequent than the job collection allows.")
    most = collection.quota.max_job_occurrence if collection.quota else None
    if most is not None and (recurrence.count is None or recurrence.count > most):
        raise BadRequest(f"The job collection allows at most {most} occurrences.")
    schedule = _schedule(recurrence.schedule) if recurrence.schedule else None
    return replace(recurrence, frequency=frequency, schedule=schedule)


def _schedule(schedule: wire.JobSchedule) -> wire.JobSchedule:
    for name, allowed in _RANGES.items():
        values: tuple[int, ...] = getattr(schedule, name) or ()
        if any(one not in allowed or (name == "month_days" and one == 0) for one in values):
            raise BadRequest(f"The schedule's {camel(name.title().replace('_', ''))} are invalid.")
    days = tuple(one.lower() for one in schedule.week_days or ())
    occurrences = tuple(replace(one, day=(one.day or "").lower()) for one in schedule.monthly_occurrences or ())
    if any(one not in WEEK_DAYS for one in (*days, *(one.day for one in occurrences))):
        raise BadRequest("The schedule's weekDays are invalid.")
    if any(one.occurrence == 0 or abs(one.occurrence or 1) > 5 for one in occurrences):
        raise BadRequest("The schedule's monthlyOccurrences are invalid.")
    return replace(
        schedule,
        week_days=None if schedule.week_days is None else days,
        monthly_occurrences=None if schedule.monthly_occurrences is None else occurrences,
    )


@assumed("that secrets are not given back")
def without_secrets(action: wire.JobAction | None) -> wire.JobAction | None:
    """An action without passwords, secrets, private keys and tokens."""
    if action is None:
        return None
    error = action.error_action
    if error is not None:
        error = replace(error, request=_bare(error.request), queue_message=_bare_message(error.queue_message))
    return replace(
        action, request=_bare(action.request), queue_message=_bare_message(action.queue_message), error_action=error
    )


def _bare(request: wire.JobRequest | None) -> wire.JobRequest | None:
    if request is None or request.authentication is None:
        return request
    return replace(request, authentication=replace(request.authentication, password=None, pfx=None, secret=None))


def _bare_message(message: wire.JobQueueMessage | None) -> wire.JobQueueMessage | None:
    return None if message is None else replace(message, sas_token=None)
