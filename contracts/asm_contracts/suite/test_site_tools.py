"""A site's tools: jobs, deployments, settings and logs, for whom has its publishing credentials."""

from __future__ import annotations

import io
import os
import zipfile

import pytest

from asm_contracts.areas.site_tools import (
    ContinuousJobSettings,
    DeploymentNote,
    DiagnosticsSettings,
    ToolSetting,
    ToolSettings,
    TriggeredJobSettings,
)
from asm_contracts.areas.websites import SiteInput, WebSpaceToCreate
from asm_contracts.document import NIL
from asm_contracts.evidence import client, documented, quoted
from asm_contracts.operation import RawBody
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, refused_with

SPACE = "westuswebspace"
NOTE = DeploymentNote(status=4, message="first", author="Ada", deployer="Ada")


def archive(name: str, picture: bytes = b"") -> RawBody:
    """A job of one script and perhaps a picture, as clients bring it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(name, "echo")
        made.writestr("picture.png", picture)
    return RawBody(buffer.getvalue(), "application/zip", "job.zip")


@pytest.fixture
def site(azure: Azure, names: Names) -> str:
    """A site."""
    name = names.of("web site")
    space = WebSpaceToCreate(geo_region=LOCATION, name=SPACE, plan="VirtualDedicatedPlan")
    azure.create_site(SPACE, SiteInput(name=name, web_space_to_create=space))
    return name


@pytest.fixture
def tools(azure: Azure, site: str) -> Azure:
    """Its tools."""
    found = azure.get_site_configuration(SPACE, site)
    return azure.signed_in(str(found.publishing_username), str(found.publishing_password))


@client("the tools ask for publishing credentials: neither a certificate nor a wrong password will do")
def test_who_may_use_the_tools(azure: Azure, tools: Azure, site: str) -> None:
    assert tools.list_continuous_jobs(site).items == ()
    for stranger in (azure, azure.signed_in(f"${site}", "wrong")):
        with refused_with(401):
            stranger.list_continuous_jobs(site)
        with refused_with(401):
            stranger.update_tool_settings(site, ToolSettings(items=(ToolSetting(key="a", value="b"),)))
    assert all(one.key != "a" for one in tools.list_tool_settings(site).items)


@documented("a continuous job runs until it is stopped")
def test_continuous_jobs(azure: Azure, tools: Azure, site: str) -> None:
    assert tools.upload_continuous_job(site, "worker", archive("run.cmd")).name == "worker"
    with refused_with(400):
        tools.upload_continuous_job(site, "worker", archive("readme.txt"))
    assert [(one.name, one.run_command) for one in tools.list_continuous_jobs(site).items] == [("worker", "run.cmd")]
    azure.until(lambda: tools.get_continuous_job(site, "worker").status == "Running", "the job")
    tools.stop_continuous_job(site, "worker")
    assert tools.get_continuous_job(site, "worker").status == "Stopped"
    tools.start_continuous_job(site, "worker")
    assert tools.get_continuous_job(site, "worker").status != "Stopped"
    settings = ContinuousJobSettings(is_singleton=True, shutdown_grace_time_in_seconds=9)
    tools.set_continuous_job_settings(site, "worker", settings)
    assert tools.get_continuous_job_settings(site, "worker") == settings
    tools.delete_continuous_job(site, "worker")
    with refused_with(404):
        tools.get_continuous_job(site, "worker")


@quoted("the tools' makers in 2014: requests of 100 MB are taken")
def test_jobs_of_some_megabytes(tools: Azure, site: str) -> None:
    tools.upload_continuous_job(site, "worker", archive("run.cmd", os.urandom(3_000_000)))
    assert tools.get_continuous_job(site, "worker").run_command == "run.cmd"
    tools.delete_continuous_job(site, "worker")


@documented("a triggered job runs when it is told to, once at a time, and its runs are remembered")
def test_triggered_jobs(azure: Azure, tools: Azure, site: str) -> None:
    tools.upload_triggered_job(site, "clean", archive("run.ps1"))
    assert [one.latest_run for one in tools.list_triggered_jobs(site).items] == [NIL]
    tools.run_triggered_job(site, "clean")
    azure.until(lambda: tools.list_triggered_job_runs(site, "clean").runs[0].status == "Success", "the run")
    (run,) = tools.list_triggered_job_runs(site, "clean").runs
    assert tools.get_triggered_job_run(site, "clean", run.id) == run
    assert tools.get_triggered_job(site, "clean").latest_run == run
    tools.set_triggered_job_settings(site, "clean", TriggeredJobSettings(shutdown_grace_time_in_seconds=9))
    assert tools.get_triggered_job_settings(site, "clean").shutdown_grace_time_in_seconds == 9
    tools.delete_triggered_job(site, "clean")
    with refused_with(404):
        tools.run_triggered_job(site, "clean")


@documented("what is brought to a site is noted, read, brought again and forgotten")
def test_deployments(azure: Azure, tools: Azure, site: str) -> None:
    tools.note_site_deployment(site, "abc", NOTE)
    found = tools.get_site_deployment(site, "abc")
    assert (found.status, found.active, found.message, found.author) == (4, True, "first", "Ada")
    with refused_with(409):
        tools.note_site_deployment(site, "abc", NOTE)
    tools.redeploy_site(site, "abc")
    azure.until(lambda: tools.get_site_deployment(site, "abc").complete, "the deployment")
    assert [one.id for one in tools.list_site_deployments(site).items] == ["abc"]
    detailed = [one for one in tools.list_site_deployment_log(site, "abc").items if one.details_url is not NIL]
    assert tools.get_site_deployment_log(site, "abc", detailed[0].id).items
    tools.delete_site_content_repository(site)
    assert tools.list_site_deployments(site).items == ()
    with refused_with(404):
        tools.redeploy_site(site, "abc")


@documented("settings of the tools, and of what is kept of an application's messages")
def test_settings(tools: Azure, site: str) -> None:
    tools.update_tool_settings(site, ToolSettings(items=(ToolSetting(key="colour", value="blue"),)))
    assert tools.get_tool_setting(site, "colour").value == "blue"
    tools.delete_tool_setting(site, "colour")
    with refused_with(404):
        tools.get_tool_setting(site, "colour")
    tools.update_diagnostics_settings(
        site, DiagnosticsSettings(azure_drive_enabled=True, azure_drive_trace_level="Verbose")
    )
    found = tools.get_diagnostics_settings(site)
    assert (found.azure_drive_enabled, found.azure_drive_trace_level) == (True, "Verbose")


@client("logs come in an archive, and as a stream that says hello")
def test_logs(tools: Azure, site: str) -> None:
    with zipfile.ZipFile(io.BytesIO(tools.get_site_log_dump(site).data)) as found:
        assert all(name.startswith("LogFiles/") for name in found.namelist())
    for stream in (tools.get_site_log_stream(site), tools.get_site_log_stream_of(site, "application")):
        assert b"Welcome, you are now connected to log-streaming service." in stream.data
