"""The tools of a web site: who may use them, and jobs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.site_tools import ContinuousJobSettings, TriggeredJobSettings
from asm_contracts.areas.websites import PublishingUser, SiteInput
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, Conflict, NotFound, ServiceError, Unauthorized
from asm_contracts.operation import RawBody
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator

SPACE = "westuswebspace"
HOST = "shop.scm.azurewebsites.net"
Archive = Callable[..., RawBody]
Refused = Callable[[type[ServiceError], str], Any]


# -- who may ----------------------------------------------------------------------------------------------------------


def test_neither_certificate_nor_wrong_password_opens_the_tools(azure: Client, password: str, send: Any) -> None:
    for caller in (
        azure,
        azure.signed_in("$shop", "wrong"),
        azure.signed_in("$other", password),
        azure.signed_in("shop", password),
        azure.signed_in("", ""),
    ):
        with pytest.raises(Unauthorized):
            caller.list_continuous_jobs("shop")
    answer = send("GET", "/api/jobs/continuous", headers={"Authorization": "Bearer x"})
    assert (answer.status, answer.headers["www-authenticate"]) == (401, 'Basic realm="site"')
    for broken in ("", "Basic", "Basic !!!", "Basic bm9jb2xvbg=="):
        assert send("GET", "/api/jobs/continuous", headers={"Authorization": broken}).status == 401


def test_the_publishing_user_may_too_with_the_site_before_the_name(azure: Client) -> None:
    azure.create_publishing_user(
        PublishingUser(name="", publishing_user_name="deployer", publishing_password="letters123")
    )
    for user in ("deployer", "shop\\Deployer"):
        assert azure.signed_in(user, "letters123").list_triggered_jobs("shop").items == ()
    with pytest.raises(Unauthorized):
        azure.signed_in("deployer", "letters124").list_triggered_jobs("shop")


def test_a_new_site_password_ends_the_old_one(azure: Client, tools: Client) -> None:
    tools.list_continuous_jobs("SHOP")
    azure.generate_site_password(SPACE, "shop")
    with pytest.raises(Unauthorized):
        tools.list_continuous_jobs("shop")


def test_a_host_that_no_site_has(azure: Client, tools: Client) -> None:
    with pytest.raises(NotFound, match="Web Site not found"):
        tools.list_continuous_jobs("nobodys")
    azure.delete_site(SPACE, "shop")
    with pytest.raises(NotFound, match="Web Site not found"):
        tools.list_continuous_jobs("shop")


def test_the_tools_answer_as_a_server_of_their_own(send: Any) -> None:
    answer = send("GET", "/api/settings")
    assert answer.headers["server"] == "Microsoft-IIS/8.0"
    assert not any(name.startswith("x-ms-") for name in answer.headers)
    assert send("GET", "/api/nothing").status == 404
    assert send("PATCH", "/api/settings").status == 400
    assert send("GET", "/api/settings", headers={"x-ms-version": "nonsense"}).status == 200
    broken = send("POST", "/api/settings", b"{no json")
    assert broken.status == 400 and set(json.loads(broken.body)) == {"Message"}


def test_what_is_done_there_is_not_among_the_subscriptions_operations(
    azure: Client, emulator: Emulator, tools: Client, archive: Archive
) -> None:
    before = len(emulator.engine.state.subscriptions[emulator.subscription].operations)
    tools.upload_triggered_job("shop", "job", archive("run.cmd"))
    with pytest.raises(NotFound):
        tools.run_triggered_job("shop", "other")
    assert len(emulator.engine.state.subscriptions[emulator.subscription].operations) == before


def test_clouds_of_their_own_have_sites_of_one_name(
    emulator: Emulator, tools: Client, archive: Archive, shop: SiteInput
) -> None:
    emulator.add_subscription("44444444-4444-4444-4444-444444444444", [certificate("areas")], cloud="other")
    other = emulator.client("44444444-4444-4444-4444-444444444444")
    other.create_site(SPACE, shop)
    password = other.get_site_configuration(SPACE, "shop").publishing_password
    assert isinstance(password, str)
    there = other.signed_in("$shop", password)
    there.upload_continuous_job("shop", "theirs", archive("run.cmd"))
    assert [one.name for one in there.list_continuous_jobs("shop").items] == ["theirs"]
    assert tools.list_continuous_jobs("shop").items == ()


# -- continuous jobs ----------------------------------------------------------------------------------------------------


def test_a_continuous_job_starts_stops_and_goes(emulator: Emulator, tools: Client, archive: Archive) -> None:
    tools.upload_continuous_job("shop", "Worker", archive("readme.txt", "run.cmd"))
    job = tools.get_continuous_job("shop", "worker")
    assert (job.name, job.type, job.status, job.run_command) == ("Worker", "continuous", "Starting", "run.cmd")
    assert job.url == f"https://{HOST}/api/jobs/continuous/Worker" and job.error is NIL
    emulator.advance(timedelta(seconds=5))
    (job,) = tools.list_continuous_jobs("shop").items
    assert job.status == "Running" and job.detailed_status.endswith(" - Running\r\n")
    tools.stop_continuous_job("shop", "worker")
    tools.stop_continuous_job("shop", "worker")
    assert tools.get_continuous_job("shop", "worker").status == "Stopped"
    tools.start_continuous_job("shop", "worker")
    assert tools.get_continuous_job("shop", "worker").status == "Starting"
    settings = ContinuousJobSettings(is_singleton=True, shutdown_grace_time_in_seconds=30)
    tools.set_continuous_job_settings("shop", "worker", settings)
    assert tools.get_continuous_job_settings("shop", "worker") == settings
    tools.upload_continuous_job("shop", "Worker", RawBody(b"print()", "application/octet-stream", "more.py"))
    assert tools.get_continuous_job("shop", "worker").run_command == "more.py"
    assert tools.get_continuous_job_settings("shop", "worker") == settings
    tools.delete_continuous_job("shop", "WORKER")
    tools.delete_continuous_job("shop", "worker")
    assert tools.list_continuous_jobs("shop").items == ()


@pytest.mark.parametrize(
    ("names", "command"),
    [
        (("a.py", "run.js", "run.sh"), "run.sh"),
        (("b.js", "folder/a.py"), "a.py"),
    ],
)
def test_which_script_a_job_runs(tools: Client, names: tuple[str, ...], command: str, archive: Archive) -> None:
    made = tools.upload_triggered_job("shop", "job", archive(*names))
    assert made.run_command == command
    assert tools.list_triggered_jobs("shop").items == (made,)


@pytest.mark.parametrize("names", [("folder/deep/a.py", "notes.txt"), ()])
def test_a_job_without_a_script_is_refused(
    tools: Client, refused: Refused, names: tuple[str, ...], archive: Archive
) -> None:
    before = tools.upload_continuous_job("shop", "job", archive("run.cmd"))
    with refused(BadRequest, "Runnable script file was not found."):
        tools.upload_continuous_job("shop", "job", archive(*names))
    assert tools.list_continuous_jobs("shop").items == (before,)
    with refused(BadRequest, "Runnable script file was not found."):
        tools.upload_triggered_job("shop", "job", archive(*names))
    assert tools.list_triggered_jobs("shop").items == ()


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("job", RawBody(b"", "application/zip", "job.zip"), "The job has no content."),
        ("job", RawBody(b"no archive", "application/zip", "job.zip"), "The archive cannot be read."),
        ("job", RawBody(b"PK\x03\x04 broken", "application/zip; x=y", "job.zip"), "The archive cannot be read."),
        ("job", RawBody(b"PK", "", "job.zip"), "Runnable script file was not found."),
        (
            "job",
            RawBody(b"PK", "application/zip"),
            "The request must have the file's name in its Content-Disposition header.",
        ),
        (
            "job",
            RawBody(b"echo", "application/octet-stream"),
            "The request must have the file's name in its Content-Disposition header.",
        ),
        ("a job", RawBody(b"echo", "", "run.cmd"), "The job name 'a job' is invalid."),
    ],
)
def test_what_cannot_be_uploaded(tools: Client, refused: Refused, name: str, body: RawBody, message: str) -> None:
    for upload in (tools.upload_continuous_job, tools.upload_triggered_job):
        with refused(BadRequest, message):
            upload("shop", name, body)


def test_jobs_that_are_not_there(tools: Client, refused: Refused) -> None:
    for ask in (
        lambda: tools.get_continuous_job("shop", "none"),
        lambda: tools.start_continuous_job("shop", "none"),
        lambda: tools.stop_continuous_job("shop", "none"),
        lambda: tools.get_continuous_job_settings("shop", "none"),
        lambda: tools.set_continuous_job_settings("shop", "none", ContinuousJobSettings()),
        lambda: tools.get_triggered_job("shop", "none"),
        lambda: tools.run_triggered_job("shop", "none"),
        lambda: tools.list_triggered_job_runs("shop", "none"),
        lambda: tools.get_triggered_job_run("shop", "none", "1"),
        lambda: tools.get_triggered_job_settings("shop", "none"),
        lambda: tools.set_triggered_job_settings("shop", "none", TriggeredJobSettings()),
    ):
        with refused(NotFound, "The job 'none' was not found."):
            ask()


def test_how_long_a_job_may_take_to_stop(tools: Client, refused: Refused, archive: Archive) -> None:
    tools.upload_continuous_job("shop", "job", archive("run.cmd"))
    for seconds in (-1, 3601):
        with refused(BadRequest, "The shutdown grace time must be between 0 and 3600 seconds."):
            tools.set_continuous_job_settings(
                "shop", "job", ContinuousJobSettings(shutdown_grace_time_in_seconds=seconds)
            )


# -- triggered jobs -----------------------------------------------------------------------------------------------------


def test_a_triggered_job_runs_once_at_a_time(
    emulator: Emulator, tools: Client, refused: Refused, archive: Archive
) -> None:
    tools.upload_triggered_job("shop", "clean", archive("run.ps1"))
    job = tools.get_triggered_job("shop", "clean")
    assert (job.type, job.latest_run, job.run_command) == ("triggered", NIL, "run.ps1")
    tools.run_triggered_job("shop", "clean")
    (run,) = tools.list_triggered_job_runs("shop", "clean").runs
    assert (run.status, run.end_time, run.duration) == ("Running", NIL, "00:00:00")
    with refused(Conflict, "Cannot start a new run since job is already running."):
        tools.run_triggered_job("shop", "clean")
    emulator.advance(timedelta(seconds=10))
    done = tools.get_triggered_job_run("shop", "clean", run.id)
    assert (done.status, done.duration, done.job_name) == ("Success", "00:00:10", "clean")
    tools.run_triggered_job("shop", "clean")
    latest, before = tools.list_triggered_job_runs("shop", "clean").runs
    assert before == done and latest.id > done.id
    assert tools.get_triggered_job("shop", "clean").latest_run == latest
    assert tools.get_triggered_job_run("shop", "clean", "undefined") == latest
    tools.set_triggered_job_settings("shop", "clean", TriggeredJobSettings(shutdown_grace_time_in_seconds=7))
    assert tools.get_triggered_job_settings("shop", "clean").shutdown_grace_time_in_seconds == 7
    with pytest.raises(NotFound, match="No route registered"):
        tools.get_triggered_job_run("shop", "clean", "1")
    tools.delete_triggered_job("shop", "clean")
    assert tools.list_triggered_jobs("shop").items == ()


def test_no_more_runs_are_remembered_than_fifty(emulator: Emulator, tools: Client, archive: Archive) -> None:
    tools.upload_triggered_job("shop", "often", archive("run.ps1"))
    for _ in range(52):
        tools.run_triggered_job("shop", "often")
        emulator.advance(timedelta(seconds=10))
    runs = tools.list_triggered_job_runs("shop", "often").runs
    assert len(runs) == 50 and len({one.id for one in runs}) == 50
