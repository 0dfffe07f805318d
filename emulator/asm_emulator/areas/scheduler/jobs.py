"""Jobs."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from asm_contracts.areas import scheduler as wire
from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed, client, documented
from asm_contracts.operation import Made
from asm_emulator.areas.base import Area
from asm_emulator.areas.scheduler.checking import check_id, checked, without_secrets
from asm_emulator.areas.scheduler.running import fold, progress
from asm_emulator.areas.scheduler.services import find_collection, job_limit, put_collection
from asm_emulator.scheduler_model import CloudService, Job, JobCollection

_FILTER: Final = re.compile(r"\s*(state|status)\s+eq\s+'?(\w+)'?\s*\Z", re.IGNORECASE)


def _wanted(text: str | None, member: str) -> str | None:
    """The value that a filter (``state eq enabled``) asks for; BadRequest for any other filter."""
    if text is None:
        return None
    found = _FILTER.match(text)
    if found is None or found[1].lower() != member:
        raise BadRequest("The filter is invalid.")
    return found[2].lower()


class JobOperations(Area, wire.SchedulerContract):
    """Jobs, which run by the clock and call nobody."""

    def get_all_jobs(
        self,
        cloud_service_name: str,
        job_collection_name: str,
        skip: int | None = None,
        top: int | None = None,
        state_filter: str | None = None,
    ) -> wire.Jobs:
        _, collection = find_collection(self.state, cloud_service_name, job_collection_name)
        wanted = _wanted(state_filter, "state")
        everything = [self._document(collection.jobs[key]) for key in sorted(collection.jobs)]
        found = [one for one in everything if wanted in (None, one.state)]
        return wire.Jobs(items=tuple(found[skip or 0 :][: len(found) if top is None else top]))

    def add_job(self, cloud_service_name: str, job_collection_name: str, body: wire.Job) -> wire.Job:
        service, collection = find_collection(self.state, cloud_service_name, job_collection_name)
        if body.id is not None:
            raise BadRequest("The job id must not be specified.")
        return self._document(
            self._make(service, collection, self.state.make_guid("job", self.request.request_id), body)
        )

    def create_job(
        self, cloud_service_name: str, job_collection_name: str, job_id: str, body: wire.Job
    ) -> wire.Job | Made:
        service, collection = find_collection(self.state, cloud_service_name, job_collection_name)
        check_id(job_id)
        self._check_same(job_id, body)
        before = collection.jobs.get(job_id.lower())
        document = self._document(self._make(service, collection, before.id if before else job_id, body))
        return document if before else Made(document)

    def _make(self, service: CloudService, collection: JobCollection, job_id: str, body: wire.Job) -> Job:
        told = checked(body, collection)
        limit = job_limit(collection)
        if job_id.lower() not in collection.jobs and len(collection.jobs) >= limit:
            raise BadRequest(f"The job collection cannot have more than {limit} jobs.")
        made = Job(id=job_id, told=replace(told, id=job_id), created=self.now, since=self.now)
        self._put(service, collection, made)
        return made

    def get_job(self, cloud_service_name: str, job_collection_name: str, job_id: str) -> wire.Job:
        return self._document(self._job(cloud_service_name, job_collection_name, job_id)[2])

    @documented(
        "what is left out keeps its value; a status, another id and the states that only time brings are refused"
    )
    @client("the answer is 200 with the job; the documentation says 202")
    def update_job(self, cloud_service_name: str, job_collection_name: str, job_id: str, body: wire.Job) -> wire.Job:
        service, collection, before = self._job(cloud_service_name, job_collection_name, job_id)
        self._check_same(job_id, body)
        if body.status is not None:
            raise BadRequest("The job status must not be specified.")
        told = before.told
        told = checked(
            replace(
                told,
                start_time=body.start_time or told.start_time,
                action=body.action or told.action,
                recurrence=body.recurrence or told.recurrence,
                state=body.state or told.state,
            ),
            collection,
        )
        changed = replace(fold(before, self.now), told=told, suspended=False)
        self._put(service, collection, changed)
        return self._document(changed)

    @documented("disabling a collection disables its jobs; enabled again are those that were enabled before")
    def update_all_jobs_state(
        self, cloud_service_name: str, job_collection_name: str, body: wire.JobState
    ) -> wire.Jobs:
        service, collection = find_collection(self.state, cloud_service_name, job_collection_name)
        wanted = body.state.lower()
        if wanted not in ("enabled", "disabled"):
            raise BadRequest(f"The job state {body.state[:40]} is invalid.")
        jobs = collection.jobs
        for key, job in collection.jobs.items():
            if wanted == "disabled" and job.told.state == "enabled":
                stopped = replace(fold(job, self.now), suspended=True, told=replace(job.told, state="disabled"))
                jobs = jobs.insert(key, stopped)
            elif wanted == "enabled" and job.suspended:
                again = replace(job, since=self.now, suspended=False, told=replace(job.told, state="enabled"))
                jobs = jobs.insert(key, again)
        state = "Started" if wanted == "enabled" else "Stopped"
        put_collection(self.state, service, replace(collection, jobs=jobs, state=state))
        return self.get_all_jobs(cloud_service_name, job_collection_name)

    def delete_job(self, cloud_service_name: str, job_collection_name: str, job_id: str) -> None:
        service, collection, found = self._job(cloud_service_name, job_collection_name, job_id)
        put_collection(self.state, service, replace(collection, jobs=collection.jobs.remove(found.id.lower())))

    @assumed("the members are the client's; what they say of an execution that nobody made was not seen")
    def get_job_history(
        self,
        cloud_service_name: str,
        job_collection_name: str,
        job_id: str,
        skip: int | None = None,
        top: int | None = None,
        status_filter: str | None = None,
    ) -> wire.JobHistory:
        _, _, job = self._job(cloud_service_name, job_collection_name, job_id)
        so_far = progress(job, self.now)
        times = so_far.times if _wanted(status_filter, "status") in (None, "completed") else ()
        first = skip or 0
        action = job.told.action
        request = action.request if action else None
        host = urlsplit(request.uri).hostname if request and request.uri else None
        message = f"Http Action - Request to host '{host}' succeeded." if host else "StorageQueue Action - succeeded."
        return wire.JobHistory(
            items=tuple(
                wire.JobHistoryEntry(
                    job_id=job.id,
                    timestamp=moment,
                    start_time=moment,
                    end_time=moment,
                    state=so_far.state,
                    message=message,
                    status="completed",
                    action_name="mainAction",
                    repeat_count=so_far.executed - first - place,
                    retry_count=0,
                )
                for place, moment in enumerate(times[first:][: len(times) if top is None else top])
            )
        )

    # -- helpers --------------------------------------------------------------------------------------------------

    def _job(self, service_name: str, collection_name: str, job_id: str) -> tuple[CloudService, JobCollection, Job]:
        service, collection = find_collection(self.state, service_name, collection_name)
        found = collection.jobs.get(job_id.lower())
        if found is None:
            raise ResourceNotFound(f"The job {job_id} was not found.")
        return service, collection, found

    def _put(self, service: CloudService, collection: JobCollection, job: Job) -> None:
        put_collection(self.state, service, replace(collection, jobs=collection.jobs.insert(job.id.lower(), job)))

    def _check_same(self, job_id: str, body: wire.Job) -> None:
        if body.id is not None and body.id.lower() != job_id.lower():
            raise BadRequest("The job id must be that of the address.")

    def _document(self, job: Job) -> wire.Job:
        so_far = progress(job, self.now, kept=1)
        return replace(
            job.told,
            action=without_secrets(job.told.action),
            state=so_far.state,
            status=wire.JobStatus(
                last_execution_time=so_far.times[0] if so_far.times else None,
                next_execution_time=so_far.next,
                execution_count=so_far.executed,
                failure_count=0,
                faulted_count=0,
            ),
        )
