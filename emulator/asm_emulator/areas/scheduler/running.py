"""How far a job has got by some time: computed, never stored, so that time needs nobody to pass it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from asm_contracts.evidence import assumed
from asm_contracts.frozen import frozen
from asm_emulator.areas.scheduler.recurrence import Timetable
from asm_emulator.scheduler_model import Job

KEPT: Final = 1000
"""Executions that are remembered of a job."""
_MOMENT: Final = timedelta(microseconds=1)


@frozen
class Progress:
    """What has become of a job: times of its executions, the latest first, and when it runs next."""

    state: str
    executed: int
    times: tuple[datetime, ...]
    next: datetime | None


def timetable(job: Job) -> Timetable:
    """When a job runs: one without a recurrence at its start time, or at once if that is past."""
    start = job.told.start_time or job.created
    if job.told.recurrence is None:
        return Timetable(max(start, job.created))
    return Timetable(start, job.told.recurrence)


@assumed("that every execution succeeds: an emulator calls nobody")
def progress(job: Job, now: datetime, kept: int = KEPT) -> Progress:
    """What has become of a job by now."""
    if job.told.state != "enabled":
        return Progress(state=job.told.state or "enabled", executed=job.executed, times=job.past[:kept], next=None)
    table = timetable(job)
    recurrence = job.told.recurrence
    until = now if now > job.since else job.since - _MOMENT
    if recurrence is not None and recurrence.end_time is not None:
        until = min(until, recurrence.end_time)
    count = table.between(job.since, until)
    left = None if recurrence is None or recurrence.count is None else max(0, recurrence.count - job.executed)
    done = left is not None and count >= left
    if left is not None and done:
        count = left
        until = (table.nth(job.since, left) if left else None) or job.since - _MOMENT
    after = table.next(now, inclusive=now <= job.since) if not done else None
    times = (*table.last(job.since, until, kept), *job.past)[:kept] if count else job.past[:kept]
    return Progress(
        state="completed" if after is None else "enabled", executed=job.executed + count, times=times, next=after
    )


def fold(job: Job, now: datetime) -> Job:
    """The job with what has become of it written down, before what it was told changes."""
    so_far = progress(job, now)
    return replace(job, executed=so_far.executed, past=so_far.times, since=now)
