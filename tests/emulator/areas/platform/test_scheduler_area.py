"""The scheduler through the official SDK, our client and plain bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.common import AzureConflictHttpError, AzureMissingResourceHttpError

from asm_client import Client
from asm_contracts.areas import scheduler as wire
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_emulator.emulator import Emulator

Send = Callable[..., Any]
Refused = Callable[..., Any]

SERVICE, COLLECTION = "cloud_service_1", "job_collection_1"
JOBS = f"/cloudservices/{SERVICE}/resources/scheduler/~/jobCollections/{COLLECTION}/jobs"
API = "?api-version=2014-04-01"
JOB: dict[str, Any] = {
    "startTime": "2015-07-02T17:24:53.104381",
    "action": {
        "type": "http",
        "request": {"method": "GET", "uri": "http://bing.com/", "headers": {"Content-Type": "text/plain"}},
    },
    "state": "enabled",
    "recurrence": {"count": 10, "frequency": "minute", "interval": 30},
}


@pytest.fixture
def collection(scheduler: Any, emulator: Emulator) -> str:
    scheduler.create_cloud_service(SERVICE, "label", "description", "West Europe")
    emulator.advance(timedelta(seconds=10))
    scheduler.create_job_collection(SERVICE, COLLECTION)
    emulator.advance(timedelta(seconds=10))
    return COLLECTION


def http(**fields: Any) -> wire.Job:
    action = wire.JobAction(type="http", request=wire.JobRequest(uri="http://bing.com/", method="GET"))
    return wire.Job(**{"action": action, **fields})


# -- cloud services and collections ---------------------------------------------------------------------------------


def test_a_cloud_service_lives(scheduler: Any, emulator: Emulator) -> None:
    begun = scheduler.create_cloud_service(SERVICE, "label", "description", "West Europe")
    assert scheduler.get_operation_status(begun.request_id).status == "InProgress"
    emulator.advance(timedelta(seconds=7))
    assert scheduler.get_operation_status(begun.request_id).status == "Succeeded"
    found = scheduler.get_cloud_service(SERVICE)
    assert (found.name, found.label, found.description, found.geo_region) == (
        SERVICE, "label", "description", "West Europe",
    )  # fmt: skip
    assert [one.name for one in scheduler.list_cloud_services()] == [SERVICE]
    with pytest.raises(AzureConflictHttpError):
        scheduler.create_cloud_service(SERVICE, "label", "description", "West Europe")
    scheduler.delete_cloud_service(SERVICE)
    with pytest.raises(AzureConflictHttpError):  # one thing at a time
        scheduler.delete_cloud_service(SERVICE)
    emulator.advance(timedelta(seconds=7))
    with pytest.raises(AzureMissingResourceHttpError):
        scheduler.get_cloud_service(SERVICE)


def test_a_job_collection_lives(scheduler: Any, collection: str, emulator: Emulator) -> None:
    found = scheduler.get_job_collection(SERVICE, collection)
    assert (found.name, found.state, found.intrinsic_settings.plan) == (COLLECTION, "Started", "Standard")
    (listed,) = scheduler.get_cloud_service(SERVICE).resources
    assert (listed.name, listed.e_tag, listed.type) == (COLLECTION, found.e_tag, "jobcollections")
    assert (listed.resource_provider_namespace, listed.operation_status.result) == ("scheduler", "Succeeded")
    scheduler.delete_job_collection(SERVICE, collection)
    emulator.advance(timedelta(seconds=7))
    with pytest.raises(AzureMissingResourceHttpError):
        scheduler.get_job_collection(SERVICE, collection)


def test_whether_a_name_is_free(scheduler: Any, azure: Client, collection: str) -> None:
    scheduler.check_job_collection_name(SERVICE, "other")
    assert azure.check_job_collection_name(SERVICE, "other").is_available is True
    assert azure.check_job_collection_name(SERVICE, collection.upper()).is_available is False
    assert azure.get_job_collection_name_availability(SERVICE, "no good").is_available is False


def test_a_collection_is_changed_by_its_etag(azure: Client, collection: str, refused: Refused) -> None:
    etag = azure.get_job_collection(SERVICE, collection).etag
    settings = wire.IntrinsicSettingsInput(
        plan="free", quota=wire.Quota(max_job_count=3, max_recurrence=wire.MaxRecurrence(frequency="Hour", interval=2))
    )
    change = wire.JobCollectionInput(etag=etag, intrinsic_settings=settings, label="TGFiZWw=")
    answer = azure.call(
        "create_job_collection",
        {"cloud_service_name": SERVICE, "job_collection_name": collection, "body": change},
    )
    after = azure.get_job_collection(SERVICE, collection)
    assert after.etag == answer.headers["etag"] != etag
    assert after.intrinsic_settings == wire.IntrinsicSettings(plan="Free", quota=settings.quota)
    assert after.label == "TGFiZWw="
    with refused(ConflictError, "The ETag of the job collection is another one."):
        azure.create_job_collection(SERVICE, collection, change)
    with refused(ConflictError, f"A job collection with name {collection} already exists."):
        azure.create_job_collection(SERVICE, collection, wire.JobCollectionInput())


def test_what_a_collection_cannot_be(azure: Client, collection: str, refused: Refused) -> None:
    def create(name: str, **fields: Any) -> None:
        settings = wire.IntrinsicSettingsInput(**fields)
        azure.create_job_collection(SERVICE, name, wire.JobCollectionInput(intrinsic_settings=settings))

    with refused(BadRequest, "The job collection name is invalid."):
        create("no good")
    with refused(BadRequest, "The plan Deluxe is invalid."):
        create("other", plan="Deluxe")
    with refused(BadRequest, "The maximum job count must be between 1 and 5."):
        create("other", plan="Free", quota=wire.Quota(max_job_count=6))
    with refused(BadRequest, "The maximum recurrence is invalid."):
        create("other", quota=wire.Quota(max_recurrence=wire.MaxRecurrence(frequency="Blink")))
    with refused(ResourceNotFound, "The job collection other was not found."):
        azure.create_job_collection(SERVICE, "other", wire.JobCollectionInput(etag="x"))
    with refused(ResourceNotFound, "The cloud service with name nobodys was not found."):
        azure.create_job_collection("nobodys", "other", wire.JobCollectionInput())


def test_what_a_cloud_service_cannot_be(azure: Client, refused: Refused) -> None:
    def create(name: str = "name", label: str = "l", description: str = "d", region: str = "West US") -> None:
        azure.create_cloud_service(
            name, wire.CreateCloudService(label=label, description=description, geo_region=region)
        )

    with refused(BadRequest, "The cloud service name is invalid."):
        create(name="no good")
    with refused(BadRequest, "The label is invalid. It must have between 1 and 100 characters."):
        create(label="")
    with refused(BadRequest, "The description is too long. It may have at most 1024 characters."):
        create(description="x" * 1025)
    with refused(BadRequest, "The region Atlantis is not available for this subscription."):
        create(region="Atlantis")


def test_what_is_to_know(azure: Client, emulator: Emulator) -> None:
    (regions,) = azure.get_scheduler_properties().items
    assert "West US" in regions.value
    body = wire.EntitleResource(resource_provider_namespace="store", type="thing")
    request_id = azure.entitle_resource(body).request_id
    emulator.advance(timedelta(minutes=1))
    assert azure.get_operation_status(request_id).status == "Succeeded"


# -- jobs -----------------------------------------------------------------------------------------------------------


def test_the_bytes_of_a_job_are_those_of_the_service(send: Send, collection: str) -> None:
    answer = send("PUT", f"{JOBS}/job_id{API}", JOB, {"content-type": "application/json"})
    text = (
        r'{"id":"job_id","startTime":"2015-07-02T17:24:53.104381Z","action":{"request":{"uri":"http:\/\/bing.com\/",'
        r'"method":"GET","headers":{"content-Type":"text\/plain"}},"type":"http"},"recurrence":{"frequency":"minute",'
        r'"count":10,"interval":30},"state":"enabled","status":{"nextExecutionTime":"2015-07-02T17:54:53.104381Z",'
        r'"executionCount":0,"failureCount":0,"faultedCount":0}}'
    )
    assert (answer.status, answer.body.decode()) == (201, text)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert (answer.headers["pragma"], answer.headers["expires"]) == ("no-cache", "-1")
    listed = send("GET", f"{JOBS}/{API}")
    assert (listed.status, listed.body.decode()) == (200, f"[{text}]")
    assert send("PUT", f"{JOBS}/job_id{API}", JOB).status == 200  # replaced


def test_a_job_lives(scheduler: Any, collection: str) -> None:
    scheduler.create_job(SERVICE, collection, "job_id", JOB)
    assert scheduler.get_job(SERVICE, collection, "job_id")["action"]["request"]["uri"] == "http://bing.com/"
    assert [one["id"] for one in scheduler.get_all_jobs(SERVICE, collection)] == ["job_id"]
    deleted = scheduler.delete_job(SERVICE, collection, "job_id")
    assert scheduler.get_operation_status(deleted.request_id).status == "Succeeded"
    assert scheduler.get_all_jobs(SERVICE, collection) == []
    with pytest.raises(AzureMissingResourceHttpError):
        scheduler.delete_job(SERVICE, collection, "job_id")


def test_a_job_runs_by_the_clock(azure: Client, collection: str, emulator: Emulator) -> None:
    start = emulator.engine.clock.now() + timedelta(minutes=5)
    recurrence = wire.JobRecurrence(frequency="minute", interval=30, count=3)
    azure.create_job(SERVICE, collection, "job", http(start_time=start, recurrence=recurrence))

    def status() -> wire.JobStatus:
        found = azure.get_job(SERVICE, collection, "job").status
        assert found is not None
        return found

    assert (status().execution_count, status().next_execution_time) == (0, start)
    emulator.advance(timedelta(minutes=36))
    assert (status().execution_count, status().last_execution_time) == (2, start + timedelta(minutes=30))
    assert status().next_execution_time == start + timedelta(minutes=60)
    emulator.advance(timedelta(days=400))
    assert (status().execution_count, status().next_execution_time) == (3, None)
    assert azure.get_job(SERVICE, collection, "job").state == "completed"
    history = azure.get_job_history(SERVICE, collection, "job").items
    assert [one.timestamp for one in history] == [start + timedelta(minutes=minutes) for minutes in (60, 30, 0)]
    assert [one.repeat_count for one in history] == [3, 2, 1]
    assert len(azure.get_job_history(SERVICE, collection, "job", skip=1, top=1).items) == 1
    assert azure.get_job_history(SERVICE, collection, "job", status_filter="status eq Failed").items == ()


def test_a_job_without_recurrence_runs_once(azure: Client, collection: str, emulator: Emulator) -> None:
    azure.create_job(SERVICE, collection, "now", http())
    made = azure.get_job(SERVICE, collection, "now")
    assert (made.state, made.status and made.status.next_execution_time) == ("enabled", emulator.engine.clock.now())
    emulator.advance(timedelta(seconds=1))
    done = azure.get_job(SERVICE, collection, "now")
    assert (done.state, done.status and done.status.execution_count) == ("completed", 1)


def test_a_disabled_job_does_not_run(azure: Client, collection: str, emulator: Emulator) -> None:
    start = emulator.engine.clock.now()
    azure.create_job(
        SERVICE, collection, "job", http(start_time=start, recurrence=wire.JobRecurrence(frequency="hour", interval=1))
    )
    emulator.advance(timedelta(minutes=90))
    paused = azure.update_job(SERVICE, collection, "job", wire.Job(state="Disabled"))
    assert paused.status == wire.JobStatus(
        last_execution_time=start + timedelta(hours=1), execution_count=2, failure_count=0, faulted_count=0
    )
    emulator.advance(timedelta(hours=10))
    again = azure.update_job(SERVICE, collection, "job", wire.Job(state="enabled"))
    assert again.status is not None
    assert (again.status.execution_count, again.status.next_execution_time) == (2, start + timedelta(hours=12))
    assert len(azure.get_job_history(SERVICE, collection, "job").items) == 2


def test_all_jobs_are_disabled_and_enabled(azure: Client, collection: str) -> None:
    later = datetime(2015, 8, 1, tzinfo=UTC)
    azure.create_job(SERVICE, collection, "on", http(start_time=later))
    azure.create_job(SERVICE, collection, "off", http(start_time=later, state="disabled"))
    azure.update_all_jobs_state(SERVICE, collection, wire.JobState(state="disabled"))
    assert azure.get_job_collection(SERVICE, collection).state == "Stopped"
    assert {one.state for one in azure.get_all_jobs(SERVICE, collection).items} == {"disabled"}
    states = azure.update_all_jobs_state(SERVICE, collection, wire.JobState(state="Enabled"))
    assert {one.id: one.state for one in states.items} == {"on": "enabled", "off": "disabled"}


def test_jobs_come_in_pages(azure: Client, collection: str) -> None:
    for name in "edcba":
        azure.create_job(SERVICE, collection, name, http(state="disabled" if name == "c" else None))
    pages = azure.get_all_jobs(SERVICE, collection, skip=1, top=2)
    assert [one.id for one in pages.items] == ["b", "c"]
    found = azure.get_all_jobs(SERVICE, collection, state_filter="state eq Disabled")
    assert [one.id for one in found.items] == ["c"]
    with pytest.raises(BadRequest):
        azure.get_all_jobs(SERVICE, collection, state_filter="status eq disabled")


def test_a_job_gets_an_id(azure: Client, collection: str, refused: Refused) -> None:
    made = azure.add_job(SERVICE, collection, http())
    assert azure.get_job(SERVICE, collection, made.id or "").id == made.id
    with refused(BadRequest, "The job id must not be specified."):
        azure.add_job(SERVICE, collection, http(id="mine"))


def test_a_plan_limits_its_jobs(scheduler: Any, azure: Client, collection: str, refused: Refused) -> None:
    scheduler.create_job_collection(SERVICE, "free", "Free")
    for number in range(5):
        azure.create_job(SERVICE, "free", f"j{number}", http())
    with refused(BadRequest, "The job collection cannot have more than 5 jobs."):
        azure.create_job(SERVICE, "free", "j5", http())
    with refused(BadRequest, "The recurrence is more frequent than the job collection allows."):
        azure.create_job(SERVICE, "free", "j0", http(recurrence=wire.JobRecurrence(frequency="minute", interval=59)))


def test_secrets_are_not_given_back_nor_recorded(azure: Client, collection: str, emulator: Emulator) -> None:
    authentication = wire.JobAuthentication(type="Basic", username="me", password="hush-hush")
    action = wire.JobAction(
        type="Https",
        request=wire.JobRequest(uri="https://example.com/", method="post", authentication=authentication),
        error_action=wire.JobErrorAction(
            type="StorageQueue",
            queue_message=wire.JobQueueMessage(storage_account="s", queue_name="q", sas_token="hush-token"),
        ),
        retry_policy=wire.JobRetryPolicy(retry_type="Fixed", retry_interval="PT30S", retry_count=3),
    )
    made = azure.create_job(SERVICE, collection, "job", wire.Job(action=action))
    assert made.action is not None
    assert made.action.request == wire.JobRequest(
        uri="https://example.com/", method="POST", authentication=wire.JobAuthentication(type="Basic", username="me")
    )
    assert made.action.error_action is not None
    assert made.action.error_action.type == "storageQueue"
    records = emulator.engine.state.subscriptions[emulator.subscription].operations.values()
    assert "hush" not in "".join(repr(one) for one in records)


@pytest.mark.parametrize(
    ("job", "text"),
    [
        (wire.Job(), "The job must have an action."),
        (http(state="faulted"), "The job state faulted is invalid."),
        (http(action=wire.JobAction(type="tea")), "The action type tea is invalid."),
        (http(action=wire.JobAction(type="http")), "The action must have a request with a URI."),
        (http(action=wire.JobAction(request=wire.JobRequest(uri="tea:pot"))), "The URI of the request is invalid."),
        (http(action=wire.JobAction(request=wire.JobRequest(uri="http://[x"))), "The URI of the request is invalid."),
        (
            http(action=wire.JobAction(request=wire.JobRequest(uri="http://a/", method="BREW"))),
            "The method BREW is invalid.",
        ),
        (
            http(action=wire.JobAction(type="storageQueue")),
            "The action must have a queue message with a storage account and a queue.",
        ),
        (http(recurrence=wire.JobRecurrence(frequency="blink")), "The frequency blink is invalid."),
        (
            http(recurrence=wire.JobRecurrence(frequency="day", interval=0)),
            "The interval must be between 1 and 1000.",
        ),
        (http(recurrence=wire.JobRecurrence(frequency="day", count=0)), "The count must be at least 1."),
        (
            http(recurrence=wire.JobRecurrence(frequency="day", schedule=wire.JobSchedule(hours=(24,)))),
            "The schedule's hours are invalid.",
        ),
        (
            http(recurrence=wire.JobRecurrence(frequency="month", schedule=wire.JobSchedule(month_days=(0,)))),
            "The schedule's monthDays are invalid.",
        ),
        (
            http(recurrence=wire.JobRecurrence(frequency="week", schedule=wire.JobSchedule(week_days=("doomsday",)))),
            "The schedule's weekDays are invalid.",
        ),
    ],
)
def test_jobs_that_make_no_sense(azure: Client, collection: str, refused: Refused, job: wire.Job, text: str) -> None:
    with refused(BadRequest, text):
        azure.create_job(SERVICE, collection, "job", job)


def test_changes_that_are_refused(azure: Client, collection: str, refused: Refused) -> None:
    azure.create_job(SERVICE, collection, "job", http())
    with refused(BadRequest, "The job status must not be specified."):
        azure.update_job(SERVICE, collection, "job", wire.Job(status=wire.JobStatus()))
    with refused(BadRequest, "The job id must be that of the address."):
        azure.update_job(SERVICE, collection, "job", wire.Job(id="other"))
    with refused(BadRequest, "The job state completed is invalid."):
        azure.update_job(SERVICE, collection, "job", wire.Job(state="completed"))
    with refused(BadRequest, "The job id is invalid."):
        azure.create_job(SERVICE, collection, "no good", http())
    with refused(ResourceNotFound, "The job none was not found."):
        azure.get_job(SERVICE, collection, "none")
    with refused(BadRequest, "The job state asleep is invalid."):
        azure.update_all_jobs_state(SERVICE, collection, wire.JobState(state="asleep"))


@pytest.mark.parametrize(
    "body", ["", "no json", "[]", '"text"', '{"action": []}', '{"startTime": "soon"}', "[" * 5000, '{"a": NaN}']
)
def test_what_is_no_job_is_refused(send: Send, collection: str, body: str) -> None:
    answer = send("PUT", f"{JOBS}/job{API}", body)
    assert answer.status == 400
    assert json.loads(send("GET", f"{JOBS}{API}").body) == []
