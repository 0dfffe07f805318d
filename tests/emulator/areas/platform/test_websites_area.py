"""Web sites as the official SDK sees them, and as bytes: headers, media types, errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from azure.common import AzureConflictHttpError, AzureMissingResourceHttpError

from asm_client.transport import Response
from asm_contracts.document import ARRAYS, WINDOWS_AZURE
from asm_emulator.emulator import Emulator

Send = Callable[..., Response]
EAST = "eastuswebspace"
SITE = f"/services/WebSpaces/{EAST}/sites/blog"
XML = {"Content-Type": "application/xml"}
JSON = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}


@pytest.fixture
def site(websites: Any) -> Any:
    """A site, made by the SDK."""
    return websites.create_site(EAST, "blog", "East US", ["blog.azurewebsites.net"])


# -- the official SDK -------------------------------------------------------------------------------------------------


def test_sdk_web_spaces(websites: Any) -> None:
    (space,) = websites.list_webspaces()
    assert (space.name, space.geo_region, space.plan) == (EAST, "East US", "VirtualDedicatedPlan")
    assert websites.get_webspace(EAST).name == EAST


def test_sdk_life_of_a_site(websites: Any, site: Any) -> None:
    assert (site.name, site.web_space, site.state, site.compute_mode) == ("blog", EAST, "Running", "Shared")
    assert site.host_names == ["blog.azurewebsites.net"]
    assert [one.name for one in websites.list_sites(EAST)] == ["blog"]
    websites.update_site(EAST, "blog", state="Stopped")
    assert websites.get_site(EAST, "blog").state == "Stopped"
    websites.restart_site(EAST, "blog")
    with pytest.raises(AzureConflictHttpError):
        websites.create_site(EAST, "blog", "East US", ["blog.azurewebsites.net"])
    websites.delete_site(EAST, "blog", delete_empty_server_farm=True, delete_metrics=True)
    with pytest.raises(AzureMissingResourceHttpError, match="cannot be found"):
        websites.get_site(EAST, "blog")
    assert list(websites.list_webspaces()) == []


@pytest.mark.usefixtures("site")
def test_sdk_metrics(websites: Any) -> None:
    found = websites.get_historical_usage_metrics(
        EAST, "blog", metrics=["Requests", "CpuTime"], start_time="2015-07-01", time_grain="P1D"
    )
    assert [one.data.name for one in found] == ["Requests", "CpuTime"]
    definitions = websites.get_metric_definitions(EAST, "blog")
    assert len(list(definitions)) == 15
    assert [one.time_grain for one in next(iter(definitions)).metric_availabilities] == ["PT1M", "PT1H", "P1D"]


@pytest.mark.usefixtures("site")
def test_sdk_publish_profile(websites: Any) -> None:
    deploy, ftp = websites.get_publish_profile(EAST, "blog").publish_profiles
    assert (deploy.publish_method, deploy.msdeploysite, deploy.user_name) == ("MSDeploy", "blog", "$blog")
    assert (ftp.publish_method, ftp.user_pwd) == ("FTP", deploy.user_pwd)
    assert websites.get_publish_profile_xml(EAST, "blog").startswith("<publishData>")


# -- bytes ------------------------------------------------------------------------------------------------------------


def test_headers_of_a_success(send: Send) -> None:
    answer = send("GET", "/services/webspaces")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "private"
    assert answer.headers["x-powered-by"] == "ASP.NET"
    assert len(answer.headers["x-ms-request-id"]) == 32
    assert "etag" not in answer.headers


@pytest.mark.usefixtures("site")
def test_the_etag_is_the_time_of_the_last_change(send: Send, emulator: Emulator) -> None:
    answer = send("GET", SITE)
    ticks = int(answer.headers["etag"].strip('"'), 16)
    modified = emulator.engine.state.subscriptions[emulator.subscription].web_sites["blog"].modified
    assert ticks / 10_000_000 - 11_644_473_600 == pytest.approx(modified.timestamp(), abs=1)
    assert f"<LastModifiedTimeUtc>{modified.isoformat()[:19]}".encode() in answer.body
    assert send("DELETE", SITE).headers["etag"] == answer.headers["etag"]


def test_an_error_has_four_more_children_and_no_headers_of_the_front(send: Send) -> None:
    answer = send("GET", SITE)
    assert answer.status == 404
    assert answer.body.decode() == (
        f'<Error xmlns="{WINDOWS_AZURE}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Code>NotFound</Code>'
        "<Message>The web site blog cannot be found.</Message><ExtendedCode>04009</ExtendedCode>"
        "<MessageTemplate>The web site {0} cannot be found.</MessageTemplate>"
        f'<Parameters xmlns:a="{ARRAYS}"><a:string>blog</a:string></Parameters><InnerErrors i:nil="true"/></Error>'
    )
    assert answer.headers["server"] == "Microsoft-HTTPAPI/2.0"
    assert [name for name in answer.headers if name.startswith("x-")] == []
    assert "cache-control" not in answer.headers


def test_the_front_s_own_errors_are_as_ever(send: Send) -> None:
    answer = send("GET", SITE, headers={"x-ms-version": "2001-01-01"})
    assert answer.status == 400
    assert [child.tag for child in ElementTree.fromstring(answer.body)] == [
        f"{{{WINDOWS_AZURE}}}Code",
        f"{{{WINDOWS_AZURE}}}Message",
    ]
    assert "x-ms-request-id" in answer.headers


@pytest.mark.parametrize(
    ("headers", "media_type"),
    [
        ({}, "application/xml"),
        ({"Accept": "*/*"}, "application/json"),
        ({"Accept": "application/json"}, "application/json"),
        ({"Accept": "application/xml"}, "application/xml"),
    ],
)
@pytest.mark.usefixtures("site")
def test_media_types_of_a_configuration(send: Send, headers: dict[str, str], media_type: str) -> None:
    answer = send("GET", f"{SITE}/config", headers=headers)
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    if media_type == "application/json":
        found = json.loads(answer.body)
        assert found["AlwaysOn"] is False and found["HandlerMappings"] is None and found["LoadBalancing"] == 1
        assert rb'"VirtualPath":"\/"' in answer.body
    else:
        root = ElementTree.fromstring(answer.body)
        assert root.findtext(f"{{{WINDOWS_AZURE}}}LoadBalancing") == "LeastRequests"


def test_what_is_posted_as_atom_comes_back_as_atom(send: Send) -> None:
    body = f'<Site xmlns="{WINDOWS_AZURE}"><Name>blog</Name></Site>'
    answer = send(
        "POST",
        f"/services/webspaces//{EAST}/sites",
        body,
        {"Content-Type": "application/atom+xml;type=entry;charset=utf-8", "Accept": "*/*"},
    )
    assert (answer.status, answer.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")


@pytest.mark.usefixtures("site")
def test_a_configuration_as_the_cli_sends_it(send: Send) -> None:
    body = {
        "RequestTracingEnabled": "true",
        "DetailedErrorLoggingEnabled": "false",
        "ManagedPipelineMode": "Classic",
        "LogsDirectorySizeLimit": 40,
        "ConnectionStrings": [{"Name": "db", "ConnectionString": "x", "Type": 3}],
        "AppSettings": [{"Name": "a", "Value": "1"}],
        "SiteAuthSettings": None,
        "Unknown": {"a": [1]},
        "limits": {"maxMemoryInMb": 512, "maxPercentageCpu": 12.5},
        "RequestTracingExpirationTime": "/Date(1478108340000)/",
    }
    answer = send("PUT", f"{SITE}/config", body, JSON)
    assert (answer.status, answer.body) == (200, b"")
    assert "content-type" not in answer.headers
    found = json.loads(send("GET", f"{SITE}/config", headers=JSON).body)
    assert (found["RequestTracingEnabled"], found["DetailedErrorLoggingEnabled"]) == (True, False)
    assert (found["ManagedPipelineMode"], found["LogsDirectorySizeLimit"]) == (1, 40)
    assert found["ConnectionStrings"] == [{"ConnectionString": "x", "Name": "db", "Type": 3}]
    assert found["AppSettings"] == [{"Name": "a", "Value": "1"}]
    assert found["Limits"] == {"MaxMemoryInMb": 512, "MaxPercentageCpu": "12.5"}
    assert found["RequestTracingExpirationTime"] == "/Date(1478108340000)/"


@pytest.mark.usefixtures("site")
def test_a_configuration_as_older_clients_send_it(send: Send) -> None:
    body = (
        f'<SiteConfig xmlns="{WINDOWS_AZURE}"><PhpVersion>5.5</PhpVersion><AppSettings><NameValuePair><Name>a</Name>'
        "<Value>1</Value></NameValuePair></AppSettings>"
        f'<DefaultDocuments xmlns:a="{ARRAYS}"><a:string>index.js</a:string></DefaultDocuments></SiteConfig>'
    )
    assert send("PUT", f"{SITE}/config", body, XML).status == 200
    found = json.loads(send("GET", f"{SITE}/config", headers=JSON).body)
    assert (found["PhpVersion"], found["DefaultDocuments"]) == ("5.5", ["index.js"])


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "{}}", '{"AlwaysOn": "maybe"}', '{"AppSettings": {}}', '{"AppSettings": [{"Value": "1"}]}',
     '{"ManagedPipelineMode": 9}', '{"NumberOfWorkers": 1e99}', '{"NumberOfWorkers": NaN}', '{"PhpVersion": []}',
     '{"RequestTracingExpirationTime": "/Date(999999999999999)/"}', "[" * 100_000],
)  # fmt: skip
@pytest.mark.usefixtures("site")
def test_what_is_no_configuration(send: Send, body: str) -> None:
    before = send("GET", f"{SITE}/config", headers=JSON).body
    answer = send("PUT", f"{SITE}/config", body, JSON)
    assert answer.status == 400
    assert b"<Code>InvalidXmlRequest</Code>" in answer.body
    assert send("GET", f"{SITE}/config", headers=JSON).body == before


@pytest.mark.usefixtures("site")
def test_slots_by_address(send: Send) -> None:
    farm = f'<ServerFarm xmlns="{WINDOWS_AZURE}"><NumberOfWorkers>1</NumberOfWorkers><SKU>Standard</SKU></ServerFarm>'
    assert send("PUT", f"/services/WebSpaces/{EAST}/ServerFarms/Default1", farm, XML).status == 200
    slot = f'<Site xmlns="{WINDOWS_AZURE}"><Name>blog(staging)</Name></Site>'
    assert send("POST", f"/services/WebSpaces/{EAST}/sites", slot, XML).headers["etag"]
    assert send("GET", f"{SITE}%28staging%29").status == 200
    swap = send("POST", f"{SITE}(staging)/slots?Command=swap&targetSlot=production", headers=XML)
    assert (swap.status, b"<Name>SwapSiteSlots</Name>" in swap.body) == (200, True)
    root = ElementTree.fromstring(swap.body)
    operation = root.findtext(f"{{{WINDOWS_AZURE}}}Id")
    assert send("GET", f"{SITE}/operations/{operation}").status == 200
