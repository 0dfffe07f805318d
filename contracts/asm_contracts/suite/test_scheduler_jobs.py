"""The scheduler's jobs: when they run, how they fare, which there cannot be; and what is to know of the scheduler."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from asm_contracts.areas.scheduler import (
    CreateCloudService,
    EntitleResource,
    IntrinsicSettingsInput,
    Job,
    JobAction,
    JobCollectionInput,
    JobRecurrence,
    JobRequest,
    JobSchedule,
    JobState,
    JobStatus,
    MaxRecurrence,
    Quota,
)
from asm_contracts.evidence import assumed, client, documented, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, needs_moved_time, refused, unchanged

COLLECTION = "tasks"
LATER = datetime(2115, 1, 1, tzinfo=UTC)
"""When no job of a test runs."""


@pytest.fixture(scope="module")
def service(azure: Azure, module_names: Names) -> str:
    """A cloud service with a job collection."""
    name = module_names.of("cloud service")
    azure.wait(azure.create_cloud_service(name, CreateCloudService(label="l", description="d", geo_region=LOCATION)))
    azure.wait(azure.create_job_collection(name, COLLECTION, JobCollectionInput()))
    return name


def job(**fields: Any) -> Job:
    """A job that asks for a page."""
    action = JobAction(type="http", request=JobRequest(uri="http://example.org/", method="GET"))
    return Job(**({"action": action} | fields))


def every(hours: int, **more: Any) -> JobRecurrence:
    """A recurrence."""
    return JobRecurrence(frequency="hour", interval=hours, **more)


# -- what is to know --------------------------------------------------------------------------------------------------


@client("where the scheduler is offered; the published client entitles a subscription before it uses the store")
def test_what_is_to_know(azure: Azure) -> None:
    (regions,) = azure.get_scheduler_properties().items
    assert LOCATION in regions.value
    azure.wait(azure.entitle_resource(EntitleResource(resource_provider_namespace="store", type="thing")))


@client("one client asks by POST whether a name is free, another by GET")
def test_whether_a_name_is_free(azure: Azure, service: str) -> None:
    for ask in (azure.check_job_collection_name, azure.get_job_collection_name_availability):
        assert ask(service, "other").is_available is True
        assert ask(service, COLLECTION.upper()).is_available is False
        assert ask(service, "no good").is_available is False


@documented("a collection is changed by its ETag, within its plan")
def test_a_collection_is_changed(azure: Azure, service: str, names: Names) -> None:
    name = names.free()
    azure.wait(azure.create_job_collection(service, name, JobCollectionInput()))
    etag = azure.get_job_collection(service, name).etag
    quota = Quota(max_job_count=3, max_recurrence=MaxRecurrence(frequency="Hour", interval=2))
    change = JobCollectionInput(etag=etag, intrinsic_settings=IntrinsicSettingsInput(plan="free", quota=quota))
    azure.wait(azure.create_job_collection(service, name, change))
    after = azure.get_job_collection(service, name)
    assert after.etag != etag and after.intrinsic_settings is not None
    assert (after.intrinsic_settings.plan, after.intrinsic_settings.quota) == ("Free", quota)
    with unchanged(lambda: azure.get_job_collection(service, name)):
        for again in (change, JobCollectionInput()):
            with refused(409, "ConflictError"):
                azure.create_job_collection(service, name, again)
    for number in range(3):
        azure.create_job(service, name, f"j{number}", job(start_time=LATER))
    with refused(400, "BadRequest"):
        azure.create_job(service, name, "j3", job(start_time=LATER))
    with refused(400, "BadRequest"):
        azure.create_job(service, name, "j0", job(recurrence=every(1)))
    azure.wait(azure.delete_job_collection(service, name))
    with refused(404, "ResourceNotFound"):
        azure.get_job_collection(service, name)


@assumed("the refusals of collections")
@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (IntrinsicSettingsInput(plan="Deluxe"), "other"),
        (IntrinsicSettingsInput(plan="Free", quota=Quota(max_job_count=6)), "other"),
        (IntrinsicSettingsInput(quota=Quota(max_recurrence=MaxRecurrence(frequency="Blink"))), "other"),
        (IntrinsicSettingsInput(), "no good"),
    ],
    ids=["plan", "jobs", "recurrence", "name"],
)
def test_a_collection_that_cannot_be(azure: Azure, service: str, wanted: IntrinsicSettingsInput, name: str) -> None:
    with refused(400, "BadRequest"):
        azure.create_job_collection(service, name, JobCollectionInput(intrinsic_settings=wanted))
    assert name not in [one.name for one in azure.get_cloud_service(service).resources or ()]


# -- jobs -------------------------------------------------------------------------------------------------------------


@documented("a job runs by its recurrence, a number of times; each execution is in its history, the latest first")
def test_a_job_runs_by_the_clock(azure: Azure, service: str, names: Names) -> None:
    needs_moved_time(azure, "the job runs three times in two hours")
    name = names.free()
    azure.create_job(service, COLLECTION, name, job(recurrence=every(1, count=3)))

    def status() -> JobStatus:
        found = azure.get_job(service, COLLECTION, name).status
        assert found is not None
        return found

    start = status().next_execution_time
    assert start is not None and status().execution_count == 0
    azure.advance(timedelta(minutes=70))
    assert (status().execution_count, status().last_execution_time) == (2, start + timedelta(hours=1))
    assert status().next_execution_time == start + timedelta(hours=2)
    azure.advance(timedelta(days=40))
    assert (status().execution_count, status().next_execution_time) == (3, None)
    assert azure.get_job(service, COLLECTION, name).state == "completed"
    history = azure.get_job_history(service, COLLECTION, name).items
    assert [one.timestamp for one in history] == [start + timedelta(hours=number) for number in (2, 1, 0)]
    (second,) = azure.get_job_history(service, COLLECTION, name, skip=1, top=1).items
    assert second == history[1]
    assert azure.get_job_history(service, COLLECTION, name, status_filter="status eq Failed").items == ()
    azure.delete_job(service, COLLECTION, name)


@documented("a job without a recurrence runs once")
def test_a_job_runs_once(azure: Azure, service: str, names: Names) -> None:
    name = names.free()
    azure.create_job(service, COLLECTION, name, job())
    azure.until(lambda: azure.get_job(service, COLLECTION, name).state == "completed", "the job")
    assert len(azure.get_job_history(service, COLLECTION, name).items) == 1
    azure.delete_job(service, COLLECTION, name)
    with refused(404, "ResourceNotFound"):
        azure.get_job_history(service, COLLECTION, name)


@documented("a job is changed in parts; a disabled one does not run")
def test_a_job_is_changed(azure: Azure, service: str, names: Names) -> None:
    name = names.free()
    azure.create_job(service, COLLECTION, name, job(start_time=LATER, recurrence=every(1)))
    paused = azure.update_job(service, COLLECTION, name, Job(state="disabled"))
    assert paused.state == "disabled" and paused.recurrence == every(1) and paused.action is not None
    assert paused.status is not None and paused.status.next_execution_time is None
    again = azure.update_job(service, COLLECTION, name, Job(state="enabled", recurrence=every(2)))
    assert (again.state, again.recurrence) == ("enabled", every(2))
    assert again.status is not None and again.status.next_execution_time == LATER
    assert azure.get_job(service, COLLECTION, name) == again
    with unchanged(lambda: azure.get_job(service, COLLECTION, name)):
        for wrong in (Job(status=JobStatus()), Job(id="other"), Job(state="completed")):
            with refused(400, "BadRequest"):
                azure.update_job(service, COLLECTION, name, wrong)
    azure.delete_job(service, COLLECTION, name)
    with refused(404, "ResourceNotFound"):
        azure.update_job(service, COLLECTION, name, Job(state="enabled"))


@documented("all jobs are disabled at once, and those enabled again that were")
def test_all_jobs_at_once(azure: Azure, service: str, names: Names) -> None:
    collection, later = names.free(), job(start_time=LATER)
    azure.wait(azure.create_job_collection(service, collection, JobCollectionInput()))
    azure.create_job(service, collection, "on", later)
    azure.create_job(service, collection, "off", job(start_time=LATER, state="disabled"))
    azure.update_all_jobs_state(service, collection, JobState(state="disabled"))
    assert azure.get_job_collection(service, collection).state == "Stopped"
    assert {one.state for one in azure.get_all_jobs(service, collection).items} == {"disabled"}
    states = azure.update_all_jobs_state(service, collection, JobState(state="enabled"))
    assert {one.id: one.state for one in states.items} == {"on": "enabled", "off": "disabled"}
    assert azure.get_job_collection(service, collection).state == "Started"
    with refused(400, "BadRequest"):
        azure.update_all_jobs_state(service, collection, JobState(state="asleep"))
    azure.wait(azure.delete_job_collection(service, collection))


@recorded("a job that is added without an id gets one")
@documented("jobs come by id, in pages, or those in a state")
def test_jobs_are_added_and_listed(azure: Azure, service: str, names: Names) -> None:
    collection = names.free()
    azure.wait(azure.create_job_collection(service, collection, JobCollectionInput()))
    made = azure.add_job(service, collection, job(start_time=LATER)).id
    assert made and azure.get_job(service, collection, made).id == made
    with refused(400, "BadRequest"):
        azure.add_job(service, collection, job(id="mine"))
    azure.delete_job(service, collection, made)
    for name in "cba":
        azure.create_job(service, collection, name, job(start_time=LATER, state="disabled" if name == "b" else None))
    assert [one.id for one in azure.get_all_jobs(service, collection).items] == ["a", "b", "c"]
    assert [one.id for one in azure.get_all_jobs(service, collection, skip=1, top=1).items] == ["b"]
    found = azure.get_all_jobs(service, collection, state_filter="state eq disabled").items
    assert [one.id for one in found] == ["b"]
    with refused(400, "BadRequest"):
        azure.get_all_jobs(service, collection, state_filter="status eq disabled")
    azure.wait(azure.delete_job_collection(service, collection))


NONSENSE: dict[str, Job] = {
    "no action": Job(),
    "a state nobody has": job(state="faulted"),
    "an action nobody does": job(action=JobAction(type="tea")),
    "no request": job(action=JobAction(type="http")),
    "no address": job(action=JobAction(type="http", request=JobRequest(uri="tea:pot"))),
    "a method nobody knows": job(action=JobAction(type="http", request=JobRequest(uri="http://a/", method="BREW"))),
    "no queue": job(action=JobAction(type="storageQueue")),
    "a frequency nobody knows": job(recurrence=JobRecurrence(frequency="blink")),
    "no interval": job(recurrence=JobRecurrence(frequency="day", interval=0)),
    "no count": job(recurrence=JobRecurrence(frequency="day", count=0)),
    "no hour": job(recurrence=JobRecurrence(frequency="day", schedule=JobSchedule(hours=(24,)))),
}


@documented("what a job can be")
@pytest.mark.parametrize("way", list(NONSENSE))
def test_a_job_that_makes_no_sense(azure: Azure, service: str, names: Names, way: str) -> None:
    name = names.free()
    with refused(400, "BadRequest"):
        azure.create_job(service, COLLECTION, name, NONSENSE[way])
    with refused(404, "ResourceNotFound"):
        azure.get_job(service, COLLECTION, name)
