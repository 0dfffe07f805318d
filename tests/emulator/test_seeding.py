"""Seed data: what is taken is as if it had always been there, and what is not is said."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.virtual_machines import StartRoleOperation
from asm_contracts.codec import xml
from asm_contracts.errors import ConflictError, ServiceError
from asm_contracts.operation import DeploymentSlot
from asm_emulator.controlling import Control, ControlError
from asm_emulator.emulator import Emulator

ESTATE: dict[str, Any] = {
    "affinity_groups": [{"name": "near", "location": "north europe"}],
    "storage_accounts": [{"name": "store", "affinity_group": "near", "type": "Standard_LRS"}],
    "disks": [{"name": "spare", "os": "windows", "size": 127, "media_link": "https://store.blob.core.windows.net/v/s.vhd"}],
    "images": [{"name": "gold", "os": "linux"}],
    "reserved_ips": [{"name": "front", "address": "23.96.1.4"}],
    "hosted_services": [
        {
            "name": "web",
            "affinity_group": "near",
            "deployment": "farm",
            "vip": "23.96.1.5",
            "virtual_machines": [
                {
                    "name": "web-1", "size": "Medium", "endpoints": [{"name": "ssh", "port": 2201, "local_port": 22}],
                    "data_disks": [{"size": 10}, {"size": 20, "lun": 3}], "ip_address": "10.0.0.4",
                },
                {"name": "web-2", "status": "StoppedDeallocated", "os": "Windows"},
            ],
        },
        {"name": "empty"},
    ],
}  # fmt: skip


GALLERY = "b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_2-LTS-amd64-server-20130415-en-us-30GB"


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(pace="manual")


@pytest.fixture
def azure(emulator: Emulator) -> Client:
    return emulator.client(version="2014-10-01")


@pytest.fixture
def control(emulator: Emulator) -> Control:
    return emulator.control


def test_an_estate_is_as_if_requests_had_made_it(azure: Client, control: Control) -> None:
    found = control.seed(ESTATE)
    assert found["lost"] == []
    assert found["taken"] == {
        "affinity_groups": 1, "storage_accounts": 1, "disks": 5, "images": 1, "reserved_ips": 1,
        "hosted_services": 2, "deployments": 1, "virtual_machines": 2,
    }  # fmt: skip
    deployment = azure.get_deployment("web", DeploymentSlot("production"))
    assert [one.instance_status for one in deployment.role_instance_list or ()] == ["ReadyRole", "StoppedDeallocated"]
    assert [one.address for one in deployment.virtual_ips or ()] == ["23.96.1.5"]
    disks = {one.name: one for one in azure.list_disks().items}
    assert disks["web-web-1-3"].attached_to is not None
    assert (disks["spare"].attached_to, disks["spare"].affinity_group) == (None, "near")
    with pytest.raises(ConflictError):
        azure.create_hosted_service(CreateHostedService(service_name="empty", label="x", location="West US"))
    with pytest.raises(ServiceError, match="web-1"):
        azure.delete_disk("web-web-1-os")


def test_it_lives(azure: Client, control: Control, emulator: Emulator) -> None:
    control.seed(ESTATE)
    azure.start_role("web", "farm", "web-2", StartRoleOperation(operation_type="StartRoleOperation"))
    control.advance_until_idle()
    deployment = azure.get_deployment("web", "farm")
    assert {one.instance_status for one in deployment.role_instance_list or ()} == {"ReadyRole"}
    gone = azure.delete_hosted_service_and_media("web")
    control.advance_until_ended(gone.request_id)
    assert [one.name for one in azure.list_disks().items] == ["spare"]


def test_what_cannot_be_is_said_and_the_rest_is_there(azure: Client, control: Control) -> None:
    found = control.seed(
        {
            "moons": 3,
            "hosted_services": [
                {"name": "web", "colour": "green"},
                {"name": "web"},
                {"name": "bad name"},
                {"name": "lost", "location": "Atlantis"},
                {"name": "a", "virtual_machines": [{"name": "m", "size": "Gigantic"}]},
                {"name": "b", "virtual_machines": [{"name": "m"}, {"name": "M"}]},
                {"name": "c", "virtual_machines": [{"name": "m", "status": "Flying"}]},
                {"name": "d", "virtual_machines": [{"name": "m", "endpoints": [{"port": 0}]}]},
                {},
            ],
        }
    )
    assert [one.service_name for one in azure.list_hosted_services().items] == ["web"]
    assert found["taken"] == {"hosted_services": 1}
    lost = {one["where"]: one["why"] for one in found["lost"]}
    assert set(lost) == {
        "moons", "hosted_services[0].colour", *(f"hosted_services[{place}]" for place in range(1, 9)),
    }  # fmt: skip
    assert "taken" in lost["hosted_services[1]"]
    assert "Atlantis" in lost["hosted_services[3]"]


def test_text_may_be_json_or_yaml(azure: Client, control: Control) -> None:
    pytest.importorskip("yaml", reason="seed data in YAML needs PyYAML")
    control.seed("hosted_services:\n- name: yaml\n  virtual_machines: [{name: one}]\n")
    control.seed(json.dumps({"hosted_services": [{"name": "json"}]}))
    assert [one.service_name for one in azure.list_hosted_services().items] == ["json", "yaml"]


@pytest.mark.parametrize(
    ("estate", "form"),
    [
        ([], "estate"), (7, "estate"), ("{", "estate"), ("a: [", "estate"), (None, "estate"),
        ({"hosted_services": ["web"]}, "estate"), ({"hosted_services": [[]]}, "estate"),
        ("<Deployment/>", "deployment"), ("<Deployment", "deployment"), ({}, "deployment"), ("", "deployment"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><Deployment>&b;</Deployment>", "deployment"),
        ({}, "vm-list"), ([7], "vm-list"), ([{"VMName": "x"}], "vm-list"), ("<a/>", "vm-list"),
        ("x: !!python/object/apply:os.system [exit]", "estate"),
    ],
)  # fmt: skip
def test_what_is_no_description_is_refused_whole(emulator: Emulator, control: Control, estate: Any, form: str) -> None:
    before = emulator.engine.state
    with pytest.raises(ControlError) as found:
        control.seed(estate, format=form)
    assert found.value.status == 400
    after = emulator.engine.state
    assert (after.subscriptions, after.names) == (before.subscriptions, before.names)


def test_a_get_deployment_document_comes_back(azure: Client, control: Control, emulator: Emulator) -> None:
    control.seed(ESTATE)
    given = azure.get_deployment("web", "farm")
    text = xml.encode(given, "2014-10-01").decode()
    other = Emulator(pace="manual")
    found = other.control.seed(text, format="deployment", service="web", location="North Europe")
    assert found["lost"] == []
    assert "the hosted service web, in North Europe" in found["added"]
    answered = other.client(version="2014-10-01").get_deployment("web", "farm")
    same = {"private_id": "", "created_time": None, "last_modified_time": None}
    assert replace(answered, **same) == replace(given, **same)


def test_a_document_tells_its_service_and_what_was_lost(control: Control, azure: Client) -> None:
    document = """<Deployment xmlns="http://schemas.microsoft.com/windowsazure"
      xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
      <Name>farm</Name><DeploymentSlot>Production</DeploymentSlot><Status>Deploying</Status>
      <Url>http://web.cloudapp.net/</Url>
      <RoleInstanceList><RoleInstance><RoleName>one</RoleName><InstanceName>one</InstanceName>
        <InstanceStatus>StartingVM</InstanceStatus><InstanceSize>Small</InstanceSize><Colour>green</Colour>
      </RoleInstance></RoleInstanceList>
      <RoleList><Role i:type="PersistentVMRole"><RoleName>one</RoleName><RoleType>PersistentVMRole</RoleType>
        <OSVirtualHardDisk><MediaLink>https://old.blob.core.windows.net/vhds/one.vhd</MediaLink><OS>Linux</OS>
        </OSVirtualHardDisk><RoleSize>Small</RoleSize></Role></RoleList>
      <ReservedIPName>front</ReservedIPName>
    </Deployment>"""
    found = control.seed(document, format="deployment")
    lost = {one["where"] for one in found["lost"]}
    assert {"Deployment/Status", "Deployment/ReservedIPName", "Deployment/RoleInstanceList/one"} <= lost
    assert "Deployment/RoleInstanceList/RoleInstance/Colour" in lost
    assert any("storage account old" in one for one in found["added"])
    assert azure.get_deployment("web", "farm").status == "Running"


LIST = [
    {
        "DNSName": "web.cloudapp.net", "Location": "West US", "VMName": "one", "IPAddress": "10.1.0.4",
        "InstanceStatus": "ReadyRole", "InstanceSize": "Small", "Image": "b39f__Ubuntu",
        "OSDisk": {"hostCaching": "ReadWrite", "name": "one-os", "operatingSystem": "Linux", "ioType": "Standard",
                   "mediaLink": "https://store.blob.core.windows.net/vhds/one.vhd", "sourceImageName": "b39f__Ubuntu"},
        "DataDisks": [{"hostCaching": "None", "name": "one-0", "logicalDiskSizeInGB": 9,
                       "mediaLink": "https://store.blob.core.windows.net/vhds/one-0.vhd"}],
        "ReservedIPName": "", "VirtualIPAddresses": [{"address": "23.96.9.9", "name": "v", "isDnsProgrammed": True}],
        "PublicIPAddresses": [],
        "Network": {"Endpoints": [{"localPort": 22, "name": "ssh", "port": 22, "protocol": "tcp",
                                   "virtualIPAddress": "23.96.9.9", "enableDirectServerReturn": False}],
                    "PublicIPs": [], "NetworkInterfaces": []},
    },
    {
        "DNSName": "web.cloudapp.net", "VMName": "two", "InstanceStatus": "StoppedDeallocated", "InstanceSize": "Small",
        "OSDisk": {"HostCaching": "ReadWrite", "DiskName": "two-os", "OS": "Windows",
                   "MediaLink": "https://store.blob.core.windows.net/vhds/two.vhd"},
        "DataDisks": "", "Network": {"Endpoints": "", "Mystery": {"a": 1}},
    },
]  # fmt: skip


def test_the_output_of_the_old_command_line(control: Control, azure: Client) -> None:
    found = control.seed(LIST, format="vm-list")
    assert found["taken"]["virtual_machines"] == 2
    assert [one["where"] for one in found["lost"]] == ["[1].Network.Mystery"]
    deployment = azure.get_deployment("web", DeploymentSlot("production"))
    first, second = deployment.role_instance_list or ()
    assert (first.ip_address, first.instance_status, second.instance_status) == (
        "10.1.0.4", "ReadyRole", "StoppedDeallocated",
    )  # fmt: skip
    assert [one.address for one in deployment.virtual_ips or ()] == ["23.96.9.9"]
    assert sorted(one.name for one in azure.list_disks().items) == ["one-0", "one-os", "two-os"]


def test_what_a_list_says_that_nobody_understands_is_told(control: Control) -> None:
    found = control.seed([{**LIST[0], "Mystery": 1}], format="vm-list")
    assert {"where": "[0].Mystery", "why": "it is not understood"} in found["lost"]
    assert found["taken"]["virtual_machines"] == 1


def test_a_list_is_taken_service_by_service(control: Control, azure: Client) -> None:
    azure.create_hosted_service(CreateHostedService(service_name="web", label="x", location="West US"))
    other = {**LIST[1], "DNSName": "free.cloudapp.net"}
    found = control.seed([*LIST, other], format="vm-list")
    assert [one["where"] for one in found["lost"] if one["where"] == "web"] == ["web"]
    assert azure.get_deployment("free", "free").name == "free"
    assert len(azure.list_disks().items) == 1


def test_an_image_that_the_gallery_once_had(emulator: Emulator) -> None:
    azure, control = emulator.client(), emulator.control
    report = control.seed({"images": [{"name": GALLERY, "os": "Linux", "publisher": "Canonical"}]})
    assert (report["taken"], report["added"], report["lost"]) == ({"images": 1}, [], [])
    found = azure.get_os_image(GALLERY)
    assert (found.category, found.publisher_name, found.media_link) == ("Public", "Canonical", None)
    assert "West US" in (found.location or "").split(";")
    assert found in azure.list_os_images().items
    with pytest.raises(ServiceError) as refusal:
        azure.delete_os_image(GALLERY)
    assert refusal.value.http_status == 403
