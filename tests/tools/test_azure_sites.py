"""``azure site``: what test_azure_platform.py leaves out of a site's configuration, its slots and its repository."""

from __future__ import annotations

import re
from typing import Any

WEST = ("--location", "West US")


def test_configuration_of_a_site(azure: Any) -> None:
    azure("site create mysite", *WEST)
    azure("site set mysite --net-version 3.5 --platform x64 --web-socket --managed-pipeline-mode Classic")
    azure("site set mysite --remote-debugging --remote-debugging-version VS2013")
    found = azure.json("site show mysite")["config"]
    assert (found["netFrameworkVersion"], found["use32BitWorkerProcess"], found["webSocketsEnabled"]) == (
        "v2.0", False, True,
    )  # fmt: skip
    assert (found["managedPipelineMode"], found["remoteDebuggingEnabled"], found["remoteDebuggingVersion"]) == (
        1, True, "VS2013",
    )  # fmt: skip
    azure("site set mysite --net-version 4.5 --disable-web-socket --disable-remote-debugging")
    found = azure.json("site show mysite")["config"]
    assert (found["netFrameworkVersion"], found["webSocketsEnabled"], found["remoteDebuggingEnabled"]) == (
        "v4.0", False, False,
    )  # fmt: skip
    assert found["use32BitWorkerProcess"] is False, "what is not said stays"
    assert "nobody" in azure.refused("site set nobody --platform x86")


def test_reading_settings(azure: Any) -> None:
    azure("site create mysite", *WEST)
    azure("site config add colour=red mysite")
    assert re.search(r"Value: +red", azure("site config get colour mysite"))
    azure("site connectionstring add main Server=tcp:there SQLAzure mysite")
    assert re.search(r"connectionString Server=tcp:there", azure("site connectionstring show main mysite"))
    azure("site connectionstring delete main mysite --quiet")
    assert azure.json("site connectionstring list mysite") == []


def test_what_the_web_server_writes_down(azure: Any) -> None:
    azure("site create mysite", *WEST)
    azure("site log set mysite --web-server-logging --detailed-error-messages --failed-request-tracing")
    names = ("httpLoggingEnabled", "detailedErrorLoggingEnabled", "requestTracingEnabled")
    found = azure.json("site show mysite")["config"]
    assert [found[name] for name in names] == [True, True, True]
    azure("site log set mysite --disable-detailed-error-messages --disable-failed-request-tracing")
    found = azure.json("site show mysite")["config"]
    assert [found[name] for name in names] == [True, False, False]


def test_a_slot_is_a_site_of_its_own(azure: Any) -> None:
    azure("site create mysite", *WEST)
    assert azure.refused("site create mysite --slot staging", *WEST), "a free site has none"
    assert [one["name"] for one in azure.json("site list")] == ["mysite"]
    azure("site scale mode standard mysite")
    azure("site create mysite --slot staging", *WEST)
    azure("site set mysite --slot staging --php-version 5.5")
    azure("site domain add staging.example.com mysite --slot staging")
    azure("site stop mysite --slot staging")
    slot, site = (azure.json(f"site show mysite {more}") for more in ("--slot staging", ""))
    assert (slot["site"]["state"], site["site"]["state"]) == ("Stopped", "Running")
    assert (slot["config"]["phpVersion"], site["config"]["phpVersion"]) == ("5.5", "5.4")
    assert "staging.example.com" in slot["site"]["hostNames"]
    assert azure.json("site domain list mysite") == ["mysite.azurewebsites.net"]


def test_scaling_down_is_refused_where_slots_need_the_tier(azure: Any) -> None:
    azure("site create mysite", *WEST)
    azure("site scale mode shared mysite")
    assert azure.json("site show mysite")["site"]["sku"] == "Shared"
    assert azure.refused("site scale instances 3 mysite")
    azure("site scale mode standard mysite")
    azure("site create mysite --slot staging", *WEST)
    assert azure.refused("site scale mode free mysite")
    assert azure.json("site show mysite")["site"]["sku"] == "Standard"
