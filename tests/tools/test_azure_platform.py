"""``azure``: web sites, Service Bus namespaces, SQL servers."""

from __future__ import annotations

from typing import Any

WEST = ("--location", "West US")


def test_sites(azure: Any) -> None:
    assert "West US" in [one["name"] for one in azure.json("site location list")]
    assert azure.json("site list") == []
    azure("site create mysite", *WEST)
    (site,) = azure.json("site list")
    assert (site["name"], site["state"], site["webSpace"]) == ("mysite", "Running", "westuswebspace")
    assert site["hostNames"] == ["mysite.azurewebsites.net"]
    azure("site stop mysite")
    assert azure.json("site show mysite")["site"]["state"] == "Stopped"
    azure("site start mysite")
    azure("site restart mysite")
    assert azure.json("site show mysite")["site"]["state"] == "Running"
    azure("site domain add www.example.com mysite")
    assert azure.json("site domain list mysite") == ["mysite.azurewebsites.net", "www.example.com"]
    azure("site domain delete www.example.com mysite --quiet")
    azure("site scale mode standard mysite")
    azure("site scale instances 2 mysite --size medium")
    assert azure.json("site show mysite")["site"]["sku"] == "Standard"
    azure("site delete mysite --quiet")
    assert azure.json("site list") == []


def test_settings_of_a_site(azure: Any) -> None:
    azure("site create mysite", *WEST)
    azure("site set mysite --php-version 5.6")
    azure("site appsetting add colour=red mysite")
    azure("site config add size=big mysite")
    found = {one["name"]: one["value"] for one in azure.json("site appsetting list mysite")}
    assert (found["colour"], found["size"]) == ("red", "big")
    assert "red" in azure("site appsetting show colour mysite")
    azure("site appsetting delete colour mysite --quiet")
    assert "colour" not in [one["name"] for one in azure.json("site config list mysite")]
    azure("site connectionstring add main value SQLAzure mysite")
    assert azure.json("site connectionstring list mysite") == [{"connectionString": "value", "name": "main", "type": 2}]
    azure("site connectionstring delete main mysite --quiet")
    azure("site defaultdocument add start.html mysite")
    assert azure.json("site defaultdocument list mysite")[-1] == "start.html"
    azure("site defaultdocument delete start.html mysite --quiet")
    azure("site handler add .php c:/php/php.exe mysite")
    assert azure.json("site handler list mysite") == [{"extension": ".php", "scriptProcessor": "c:/php/php.exe"}]
    azure("site handler delete .php mysite --quiet")


def test_slots(azure: Any) -> None:
    azure("site create mysite", *WEST)
    azure("site scale mode standard mysite")
    azure("site create mysite --slot staging", *WEST)
    assert [one["name"] for one in azure.json("site list")] == ["mysite", "mysite(staging)"]
    azure("site appsetting add which=new mysite --slot staging")
    azure("site swap mysite staging production --quiet")
    azure("site delete mysite --slot staging --quiet")
    assert [one["name"] for one in azure.json("site list")] == ["mysite"]
    azure("site deployment user set someone Passw0rd")


def test_service_bus_namespaces(azure: Any) -> None:
    assert "West US" in [one["code"] for one in azure.json("sb namespace location list")]
    assert azure.json("sb namespace check mynamespace") == {"available": True}
    made = azure.json("sb namespace create mynamespace", "West US")
    assert (made["name"], made["region"], made["status"]) == ("mynamespace", "West US", "Activating")
    assert azure.json("sb namespace check mynamespace") == {"available": False}
    (listed,) = azure.json("sb namespace list")
    shown = azure.json("sb namespace show mynamespace")
    assert (listed["name"], shown["serviceBusEndpoint"]) == (
        "mynamespace", "https://mynamespace.servicebus.windows.net/",
    )  # fmt: skip
    azure("sb namespace delete mynamespace --quiet")


def test_sql(azure: Any) -> None:
    name = azure.json("sql server create myadmin Pa55word!", "West US")["name"]
    (server,) = azure.json("sql server list")
    assert (server["name"], server["administratorUserName"], server["location"], server["state"]) == (
        name, "myadmin", "West US", "Ready",
    )  # fmt: skip
    assert azure.json(f"sql server show {name}") == server
    azure(f"sql firewallrule create {name} office 203.0.113.1 203.0.113.9")
    (rule,) = azure.json(f"sql firewallrule list {name}")
    assert (rule["name"], rule["startIPAddress"], rule["endIPAddress"]) == ("office", "203.0.113.1", "203.0.113.9")
    assert azure.json(f"sql firewallrule show {name} office") == rule
    azure(f"sql firewallrule delete {name} office --quiet")
    assert azure.json(f"sql firewallrule list {name}") == []
    azure(f"sql db create {name} mydatabase")
    assert azure.refused(f"sql db create {name} mydatabase")
    azure(f"sql server delete {name} --quiet")
    assert azure.json("sql server list") == []
