"""The tools of a web site: who may use them, jobs, deployments, settings, logs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client, WSGITransport
from asm_client.transport import Response
from asm_contracts.areas.site_tools import (
    ContinuousJobSettings,
    DeploymentNote,
    DiagnosticsSettings,
    ToolSetting,
    ToolSettings,
    TriggeredJobSettings,
)
from asm_contracts.areas.websites import PublishingUser, SiteInput, WebSpaceToCreate
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, Conflict, NotFound, ServiceError, Unauthorized
from asm_contracts.operation import RawBody
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator

SPACE = "westuswebspace"
HOST = "shop.scm.azurewebsites.net"
SITE = SiteInput(
    name="shop", web_space_to_create=WebSpaceToCreate(geo_region="West US", name=SPACE, plan="VirtualDedicatedPlan")
)
Refused = Callable[[type[ServiceError], str], Any]


def archive(*names: str) -> RawBody:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name in names:
            made.writestr(name, "echo")
    return RawBody(buffer.getvalue(), "application/zip", "job.zip")


@pytest.fixture(autouse=True)
def shop(azure: Client) -> None:
    azure.create_site(SPACE, SITE)


@pytest.fixture
def password(azure: Client) -> str:
    found = azure.get_site_configuration(SPACE, "shop").publishing_password
    assert isinstance(found, str)
    return found


@pytest.fixture
def tools(azure: Client, password: str) -> Client:
    """The site's tools, for whom has its publishing credentials."""
    return azure.signed_in("$shop", password)


@pytest.fixture
def send(emulator: Emulator, password: str) -> Callable[..., Response]:
    """A request as bytes, without a certificate."""
    import base64

    transport = WSGITransport(emulator.app.wsgi_app)
    right = base64.b64encode(f"$shop:{password}".encode()).decode()

    def call(verb: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Response:
        return transport.send(verb, path, {"Host": HOST, "Authorization": f"Basic {right}", **(headers or {})}, body)

    return call


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
    azure: Client, emulator: Emulator, tools: Client
) -> None:
    before = len(emulator.engine.state.subscriptions[emulator.subscription].operations)
    tools.upload_triggered_job("shop", "job", archive("run.cmd"))
    with pytest.raises(NotFound):
        tools.run_triggered_job("shop", "other")
    assert len(emulator.engine.state.subscriptions[emulator.subscription].operations) == before


def test_clouds_of_their_own_have_sites_of_one_name(emulator: Emulator, tools: Client) -> None:
    emulator.add_subscription("44444444-4444-4444-4444-444444444444", [certificate("areas")], cloud="other")
    other = emulator.client("44444444-4444-4444-4444-444444444444")
    other.create_site(SPACE, SITE)
    password = other.get_site_configuration(SPACE, "shop").publishing_password
    assert isinstance(password, str)
    there = other.signed_in("$shop", password)
    there.upload_continuous_job("shop", "theirs", archive("run.cmd"))
    assert [one.name for one in there.list_continuous_jobs("shop").items] == ["theirs"]
    assert tools.list_continuous_jobs("shop").items == ()


# -- continuous jobs ----------------------------------------------------------------------------------------------------


def test_a_continuous_job_starts_stops_and_goes(emulator: Emulator, tools: Client) -> None:
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
        (("folder/deep/a.py", "notes.txt"), None),
        ((), None),
    ],
)
def test_which_script_a_job_runs(tools: Client, names: tuple[str, ...], command: str | None) -> None:
    tools.upload_triggered_job("shop", "job", archive(*names))
    found = [one.run_command for one in tools.list_triggered_jobs("shop").items]
    assert found == ([command] if command else [])


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("job", RawBody(b"", "application/zip"), "The job has no content."),
        ("job", RawBody(b"no archive", "application/zip"), "The archive cannot be read."),
        ("job", RawBody(b"PK\x03\x04 broken", ""), "The archive cannot be read."),
        (
            "job",
            RawBody(b"echo", "application/octet-stream"),
            "The request must have the file's name in its Content-Disposition header.",
        ),
        ("a job", archive("run.cmd"), "The job name 'a job' is invalid."),
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


def test_how_long_a_job_may_take_to_stop(tools: Client, refused: Refused) -> None:
    tools.upload_continuous_job("shop", "job", archive("run.cmd"))
    for seconds in (-1, 3601):
        with refused(BadRequest, "The shutdown grace time must be between 0 and 3600 seconds."):
            tools.set_continuous_job_settings(
                "shop", "job", ContinuousJobSettings(shutdown_grace_time_in_seconds=seconds)
            )


# -- triggered jobs -----------------------------------------------------------------------------------------------------


def test_a_triggered_job_runs_once_at_a_time(emulator: Emulator, tools: Client, refused: Refused) -> None:
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


def test_no_more_runs_are_remembered_than_fifty(emulator: Emulator, tools: Client) -> None:
    tools.upload_triggered_job("shop", "often", archive("run.ps1"))
    for _ in range(52):
        tools.run_triggered_job("shop", "often")
        emulator.advance(timedelta(seconds=10))
    runs = tools.list_triggered_job_runs("shop", "often").runs
    assert len(runs) == 50 and len({one.id for one in runs}) == 50


# -- deployments --------------------------------------------------------------------------------------------------------


def test_deployments_are_noted_and_brought_again(emulator: Emulator, tools: Client, refused: Refused) -> None:
    assert tools.list_site_deployments("shop").items == ()
    with refused(NotFound, "Deployment 'latest' not found."):
        tools.get_site_deployment("shop", "latest")
    note = DeploymentNote(status=4, message="first", author="Ada", author_email="ada@example.org", deployer="ci")
    tools.note_site_deployment("shop", "a" * 40, note)
    emulator.advance(timedelta(minutes=1))
    tools.note_site_deployment("shop", "b" * 40, DeploymentNote(status=3, message="second"))
    second, first = tools.list_site_deployments("shop").items
    assert (first.status, first.complete, first.active, first.author) == (4, True, True, "Ada")
    assert (second.status, second.active, second.last_success_end_time) == (3, False, NIL)
    assert tools.list_site_deployments("shop", 1).items == (second,)
    assert [one.type for one in tools.list_site_deployment_log("shop", "b" * 40).items] == [0, 0, 2]
    tools.redeploy_site("shop", "a" * 40)
    going = tools.get_site_deployment("shop", "latest")
    assert (going.id, going.status, going.complete, going.end_time) == ("a" * 40, 2, False, NIL)
    with refused(Conflict, "There is a deployment currently in progress. Please try again when it completes."):
        tools.redeploy_site("shop", "b" * 40)
    emulator.advance(timedelta(seconds=20))
    done = tools.get_site_deployment("shop", "A" * 40)
    assert (done.status, done.active, done.message) == (4, True, "first")
    log = tools.list_site_deployment_log("shop", "a" * 40).items
    assert log[-1].message == "Deployment successful."
    (details,) = [one for one in log if one.details_url is not NIL]
    assert tools.get_site_deployment_log("shop", "a" * 40, details.id).items
    with pytest.raises(NotFound):
        tools.get_site_deployment_log("shop", "a" * 40, log[0].id)
    tools.delete_site_content_repository("shop")
    assert tools.list_site_deployments("shop").items == ()


def test_notes_that_cannot_be(tools: Client, refused: Refused, send: Any) -> None:
    with refused(BadRequest, "Only a status of 3 (failed) or 4 (success) can be noted."):
        tools.note_site_deployment("shop", "a", DeploymentNote(status=1))
    with refused(BadRequest, "The deployment id 'a b' is invalid."):
        tools.note_site_deployment("shop", "a b", DeploymentNote())
    with refused(NotFound, "Deployment 'a' not found."):
        tools.redeploy_site("shop", "a")
    assert send("PUT", "/api/deployments/a", b"[]").status == 400
    assert send("GET", "/api/deployments/?$top=x").status == 400


# -- settings and logs --------------------------------------------------------------------------------------------------


def test_settings_are_set_read_and_given_back(tools: Client, refused: Refused, send: Any) -> None:
    before = {one.key: one.value for one in tools.list_tool_settings("shop").items}
    tools.update_tool_settings("shop", ToolSettings(items=(ToolSetting(key="Deployment_Branch", value="main"),)))
    assert tools.get_tool_setting("shop", "DEPLOYMENT_BRANCH").value == "main"
    assert send("GET", "/api/settings/deployment_branch").body == b'"main"'
    assert send("POST", "/api/settings", b'{"key":"colour","value":"a/b"}').status == 204
    assert json.loads(send("GET", "/api/settings").body) == {**before, "deployment_branch": "main", "colour": "a/b"}
    assert b'"a/b"' in send("GET", "/api/settings").body
    tools.delete_tool_setting("shop", "Colour")
    tools.delete_tool_setting("shop", "deployment_branch")
    assert {one.key: one.value for one in tools.list_tool_settings("shop").items} == before
    for ask in (tools.get_tool_setting, tools.delete_tool_setting):
        with refused(NotFound, "'colour' not found."):
            ask("shop", "colour")
    with refused(BadRequest, "The settings are invalid."):
        tools.update_tool_settings("shop", ToolSettings())


def test_diagnostics(tools: Client, refused: Refused) -> None:
    before = tools.get_diagnostics_settings("shop")
    assert before.azure_drive_enabled is False and before.azure_drive_trace_level == "Error"
    change = DiagnosticsSettings(azure_drive_enabled=True, azure_drive_trace_level="verbose")
    tools.update_diagnostics_settings("shop", change)
    found = tools.get_diagnostics_settings("shop")
    assert (found.azure_drive_enabled, found.azure_drive_trace_level) == (True, "Verbose")
    assert found.azure_table_enabled is False
    with refused(BadRequest, "The trace level 'loud' is invalid."):
        tools.update_diagnostics_settings("shop", DiagnosticsSettings(azure_table_trace_level="loud"))


def test_logs(tools: Client) -> None:
    tools.upload_continuous_job("shop", "job", archive("run.cmd"))
    tools.note_site_deployment("shop", "a", DeploymentNote())
    dump = tools.get_site_log_dump("shop")
    with zipfile.ZipFile(io.BytesIO(dump.data)) as found:
        assert found.namelist() == [
            "LogFiles/jobs/continuous/job.txt",
            "LogFiles/kudu/deployment/a.txt",
            "LogFiles/kudu/trace/trace.xml",
        ]
    for stream in (tools.get_site_log_stream("shop", "x"), tools.get_site_log_stream_of("shop", "application")):
        assert b"Welcome, you are now connected to log-streaming service." in stream.data
    with pytest.raises(NotFound):
        tools.get_site_log_stream_of("shop", "secrets")


def test_a_command_is_not_run(send: Any) -> None:
    answer = send("POST", "/api/command", b'{"command":"echo"}')
    assert answer.status == 501 and b"command" in answer.body
