"""The tools of a web site: its paths' names, deployments, settings and logs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.site_tools import DeploymentNote, DiagnosticsSettings, ToolSetting, ToolSettings
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, Conflict, NotFound, ServiceError
from asm_contracts.operation import RawBody
from asm_emulator.emulator import Emulator

NOTE = DeploymentNote(status=4, message="first", author="Ada", deployer="ci")
Archive = Callable[..., RawBody]
Refused = Callable[[type[ServiceError], str], Any]


def test_paths_have_several_names(tools: Client, send: Any, archive: Archive) -> None:
    tools.upload_continuous_job("shop", "worker", archive("run.cmd"))
    tools.upload_triggered_job("shop", "clean", archive("run.cmd"))
    tools.note_site_deployment("shop", "a", NOTE)
    for names in (
        ("/api/jobs/continuous", "/api/continuouswebjobs", "/API/ContinuousJobs", "/jobs/continuous"),
        ("/api/jobs/triggered/clean", "/api/triggeredwebjobs/clean", "/api/triggeredjobs/clean"),
        ("/api/deployments/a/log", "/deployments/a/log"),
        ("/api/diagnostics/settings", "/diagnostics/settings"),
        ("/logstream/http", "/api/logstream/http"),
        ("/dump", "/api/dump"),
    ):
        answers = [send("GET", name) for name in names]
        assert [one.status for one in answers] == [200] * len(names)
        assert {one.body for one in answers} == {answers[0].body}
    for nothing in ("/continuouswebjobs", "/api/api/deployments", "/api", "/"):
        assert send("GET", nothing).status == 404
    assert send("DELETE", "/scm").status == 204
    assert tools.list_site_deployments("shop").items == ()


# -- deployments --------------------------------------------------------------------------------------------------------


def test_deployments_are_noted_and_brought_again(emulator: Emulator, tools: Client, refused: Refused) -> None:
    assert tools.list_site_deployments("shop").items == ()
    with refused(NotFound, "Deployment 'latest' not found."):
        tools.get_site_deployment("shop", "latest")
    note = DeploymentNote(status=4, message="first", author="Ada", author_email="ada@example.org", deployer="ci")
    tools.note_site_deployment("shop", "a" * 40, note)
    emulator.advance(timedelta(minutes=1))
    tools.note_site_deployment(
        "shop", "b" * 40, DeploymentNote(status=3, message="second", author="Bob", deployer="ci")
    )
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
    with refused(BadRequest, "The deployment id 'a b' is invalid."):
        tools.note_site_deployment("shop", "a b", NOTE)
    for lacking in ({"status": None}, {"status": 1}, {"message": ""}, {"author": None}, {"deployer": ""}):
        with refused(NotFound, "Deployment 'a' not found."):
            tools.note_site_deployment("shop", "a", replace(NOTE, **lacking))
    with refused(NotFound, "Deployment 'a' not found."):
        tools.redeploy_site("shop", "a")
    made = tools.note_site_deployment("shop", "a", NOTE)
    assert (made.id, made.status, made.author_email) == ("a", 4, "N/A")
    with refused(Conflict, "Deployment with id 'A' exists"):
        tools.note_site_deployment("shop", "A", replace(NOTE, message="again"))
    assert tools.list_site_deployments("shop").items == (made,)
    assert send("PUT", "/api/deployments/a", b"[]").status == 400
    assert send("PUT", "/api/deployments/a", b"{}").status == 202
    assert not tools.get_site_deployment("shop", "a").complete
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


def test_logs(tools: Client, archive: Archive) -> None:
    tools.upload_continuous_job("shop", "job", archive("run.cmd"))
    tools.note_site_deployment("shop", "a", NOTE)
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
