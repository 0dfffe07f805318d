"""``azure vm``: virtual machines from the first create to the last delete."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

from asm_emulator.controlling import Control

WEST = ("--location", "West US")
PASSWORD = "Pa55word!"


def names(azure: Any) -> list[str]:
    return [machine["VMName"] for machine in azure.json("vm list")]


def test_linux_by_password(azure: Any, images: dict[str, str]) -> None:
    azure("vm create mymachine", images["linux"], "azureuser", PASSWORD, *WEST, "--ssh", "--vm-size", "Basic_A1")
    machine = azure.ready("mymachine")
    assert azure.json("vm list") == [machine]
    assert (machine["VMName"], machine["DNSName"], machine["InstanceStatus"], machine["InstanceSize"]) == (
        "mymachine", "mymachine.cloudapp.net", "ReadyRole", "Basic_A1",
    )  # fmt: skip
    assert (machine["Location"], machine["Image"], machine["OSDisk"]["operatingSystem"]) == (
        "West US", images["linux"], "Linux",
    )  # fmt: skip
    (endpoint,) = machine["Network"]["Endpoints"]
    assert (endpoint["name"], endpoint["port"], endpoint["localPort"]) == ("ssh", 22, 22)
    assert endpoint["virtualIPAddress"] == machine["VirtualIPAddresses"][0]["address"]
    # The storage account for its disk was made on the way, and the disk is attached.
    (account,) = azure.json("storage account list")
    assert account["name"] in machine["OSDisk"]["mediaLink"]
    (disk,) = azure.json("vm disk list")
    assert (disk["name"], disk["usageDetails"]["roleName"]) == (machine["OSDisk"]["name"], "mymachine")
    assert "mymachine" in azure("vm list")
    azure("vm delete mymachine --blob-delete --quiet")
    assert azure.json("vm list") == []
    assert azure.json("vm disk list") == []
    assert azure.json("service list") == []


def test_power(azure: Any, images: dict[str, str]) -> None:
    azure("vm create mymachine", images["linux"], "azureuser", PASSWORD, *WEST)

    def status() -> str:
        return azure.json("vm show mymachine")["InstanceStatus"]

    azure("vm shutdown mymachine --stay-provisioned")
    assert status() == "StoppedVM"
    azure("vm start mymachine")
    azure.ready("mymachine")
    azure("vm restart mymachine")
    azure("vm shutdown mymachine")
    assert status() == "StoppedDeallocated"
    assert azure.json("vm show mymachine")["VirtualIPAddresses"] in ([], None)
    azure("vm start mymachine")
    assert "No VMs found" in azure("vm start nosuchmachine")  # and it ends well, in the client's opinion
    azure("vm delete mymachine --quiet")
    assert [disk["operatingSystemType"] for disk in azure.json("vm disk list")] == ["Linux"]


def test_planned_maintenance(azure: Any, cloud: Any, images: dict[str, str]) -> None:
    azure("vm create mymachine", images["linux"], "azureuser", PASSWORD, *WEST)
    azure.ready("mymachine")
    start = "compute virtual-machine initiate-maintenance mymachine mymachine mymachine"
    assert azure.refused(start) == "The server encountered an internal error. Please retry the request."
    (planned,) = Control(cloud.control).plan_maintenance("mymachine", start=3600, end=7200)

    def shown() -> dict[str, Any]:
        found: dict[str, Any] = azure.json("vm show mymachine")["MaintenanceStatus"]
        return found

    assert shown()["IsCustomerInitiatedMaintenanceAllowed"] is True
    assert shown()["MaintenanceWindowStartTime"][:19] == planned["start"][:19]
    azure(start)
    assert shown() == {
        "IsCustomerInitiatedMaintenanceAllowed": False, "PreMaintenanceWindowStartTime": {},
        "PreMaintenanceWindowEndTime": {}, "MaintenanceWindowStartTime": {}, "MaintenanceWindowEndTime": {},
        "LastOperationResultCode": "MaintenanceCompleted", "LastOperationMessage": {},
    }  # fmt: skip
    azure.ready("mymachine")
    assert azure.refused(start)


def test_linux_by_key(azure: Any, images: dict[str, str], keypair: Any) -> None:
    azure("vm create mymachine", images["linux"], "azureuser", *WEST, "--ssh", "2222", "--ssh-cert", str(keypair.pem),
          "--no-ssh-password")  # fmt: skip
    (certificate,) = azure.json("service cert list")
    assert certificate["thumbprint"] == keypair.thumbprint
    assert azure.json("vm show mymachine")["Network"]["Endpoints"][0]["port"] == 2222


def test_generated_keys(azure: Any, images: dict[str, str]) -> None:
    azure("vm create mymachine", images["linux"], "azureuser", *WEST, "--ssh", "--generate-ssh-keys",
          "--no-ssh-password")  # fmt: skip
    assert names(azure) == ["mymachine"]


def test_windows_and_more_machines_in_the_service(azure: Any, images: dict[str, str]) -> None:
    azure("vm create mymachine", images["windows"], "azureuser", PASSWORD, *WEST, "--rdp", "--availability-set", "both")
    machine = azure.json("vm show mymachine")
    assert [(one["name"], one["localPort"]) for one in machine["Network"]["Endpoints"]] == [("rdp", 3389)]
    assert machine["OSDisk"]["operatingSystem"] == "Windows"
    azure("vm create mymachine", images["windows"], "azureuser", PASSWORD, "--connect", "--vm-name", "second",
          "--rdp", "3390", "--availability-set", "both")  # fmt: skip
    assert names(azure) == ["mymachine", "second"]
    assert azure.refused("vm create mymachine", images["windows"], "azureuser", PASSWORD, *WEST) == (
        'A VM with dns prefix "mymachine" already exists'
    )  # the client's own words
    azure("vm delete second --quiet")
    assert names(azure) == ["mymachine"]


def test_capture_of_an_image(azure: Any, images: dict[str, str]) -> None:
    azure("vm create mymachine", images["linux"], "azureuser", PASSWORD, *WEST, "--ssh")
    azure("vm shutdown mymachine")
    azure("vm capture mymachine mygeneral --label shown --delete")
    assert azure.json("vm list") == []
    image = azure.json("vm image show mygeneral")
    assert (image["category"], image["label"], image["operatingSystemType"]) == ("User", "shown", "Linux")
    azure("vm create another mygeneral azureuser", PASSWORD, *WEST, "--ssh")
    assert azure.ready("another")["Image"] == "mygeneral"
    azure("vm delete another --quiet")
    azure("vm image delete mygeneral")
    assert azure.refused("vm image show mygeneral")


@pytest.mark.parametrize("state", ["Generalized", "Specialized"])
def test_capture_of_a_vm_image(azure: Any, images: dict[str, str], state: str) -> None:
    azure("vm create mymachine", images["linux"], "azureuser", PASSWORD, *WEST, "--ssh")
    azure("vm disk attach-new mymachine 5")
    azure("vm shutdown mymachine")
    azure(f"vm capture mymachine myimage --label shown --os-state {state}")
    (image,) = [one for one in azure.json("vm image list") if one["category"] == "User"]
    assert (image["name"], image["oSDiskConfiguration"]["oSState"]) == ("myimage", state)
    assert [disk["logicalDiskSizeInGB"] for disk in image["dataDiskConfigurations"]] == [5]
    who = ("azureuser", PASSWORD) if state == "Generalized" else ()
    azure("vm create another myimage", *who, *WEST, "--ssh")
    machine = azure.ready("another")
    assert [disk["logicalDiskSizeInGB"] for disk in machine["DataDisks"]] == [5]


def test_endpoints(azure: Any, images: dict[str, str]) -> None:
    azure("vm create mymachine", images["linux"], "azureuser", PASSWORD, *WEST, "--ssh")

    def endpoints() -> dict[str, int]:
        return {one["name"]: one["port"] for one in azure.json("vm endpoint list mymachine")}

    azure("vm endpoint create mymachine 80 8080 --name web --protocol tcp --idle-timeout 10")
    assert endpoints() == {"ssh": 22, "web": 80}
    azure("vm endpoint create-multiple mymachine", "443:8443:tcp:10:::::::::,5000:5001:udp::::::::::")
    assert set(endpoints().values()) == {22, 80, 443, 5000}
    azure("vm endpoint set mymachine web --public-port 81 --new-endpoint-name site --probe-protocol tcp"
          " --probe-port 8080 --load-balanced-set-name set")  # fmt: skip
    found = {one["name"]: one for one in azure.json("vm endpoint list mymachine")}
    assert found["site"]["port"] == 81
    shown = azure.json("vm endpoint show mymachine site")
    assert (shown["port"], shown["localPort"], shown["loadBalancedEndpointSetName"]) == (81, 8080, "set")
    balanced = azure.json("service load-balanced-set list mymachine")
    assert (balanced["set"]["VmNames"], balanced["set"]["ProbSettings"]["port"]) == (["mymachine"], 8080)
    azure("vm endpoint acl-rule create mymachine ssh 1 permit 10.0.0.0/8 --description inside")
    (rule,) = azure.json("vm endpoint acl-rule list mymachine ssh")
    assert (rule["order"], rule["action"], rule["remoteSubnet"], rule["description"]) == (
        1, "permit", "10.0.0.0/8", "inside",
    )  # fmt: skip
    azure("vm endpoint acl-rule set mymachine ssh 1 --new-order 2 --action deny")
    (rule,) = azure.json("vm endpoint acl-rule list mymachine ssh")
    assert (rule["order"], rule["action"]) == (2, "deny")
    azure("vm endpoint acl-rule delete mymachine ssh 2 --quiet")
    azure("vm endpoint delete mymachine site")
    assert "site" not in endpoints()


def test_disks(azure: Any, images: dict[str, str]) -> None:
    azure("vm create mymachine", images["linux"], "azureuser", PASSWORD, *WEST)
    azure("vm disk attach-new mymachine 5 --host-caching ReadOnly")
    (account,) = azure.json("storage account list")
    blob = f"https://{account['name']}.blob.core.windows.net/vhds/second.vhd"
    azure(f"vm disk attach-new mymachine 10 {blob}")
    first, second = azure.json("vm show mymachine")["DataDisks"]
    assert (first["logicalDiskSizeInGB"], first["hostCaching"], second["mediaLink"]) == (5, "ReadOnly", blob)
    azure("vm disk update mymachine 0 --host-caching ReadWrite")
    azure("vm disk detach mymachine 1")
    azure.eventually(lambda: "usageDetails" not in azure.json(f"vm disk show {second['name']}"))  # let go of later
    (left,) = azure.json("vm show mymachine")["DataDisks"]
    assert (left["name"], left["hostCaching"]) == (first["name"], "ReadWrite")
    azure(f"vm disk attach mymachine {second['name']}")
    assert [disk["name"] for disk in azure.json("vm show mymachine")["DataDisks"]] == [first["name"], second["name"]]
    azure("vm disk detach mymachine 1")
    azure.eventually(lambda: "usageDetails" not in azure.json(f"vm disk show {second['name']}"))
    shown = azure.json(f"vm disk show {second['name']}")
    assert (shown["logicalSizeInGB"], shown["mediaLinkUri"]) == (10, blob)
    assert len(azure.json("vm disk list mymachine")) == 2  # that of the operating system, and the first
    azure(f"vm disk delete {second['name']} --blob-delete")
    assert azure.refused(f"vm disk show {second['name']}")


def test_extensions(azure: Any, images: dict[str, str]) -> None:
    publisher = "Microsoft.OSTCExtensions"
    listed = azure.json(f"vm extension list --extension-name CustomScriptForLinux --publisher-name {publisher}")
    assert {one["publisher"] for one in listed} == {publisher}
    assert "CustomScriptForLinux" in [one["name"] for one in listed]
    azure("vm create mymachine", images["linux"], "azureuser", PASSWORD, *WEST)
    azure("vm extension set mymachine CustomScriptForLinux Microsoft.OSTCExtensions 1.* --reference-name script"
          " --public-config", '{"commandToExecute":"true"}', "--private-config", '{"secret":"hidden"}')  # fmt: skip
    (found,) = [one for one in azure.json("vm extension get mymachine") if one["referenceName"] == "script"]
    assert (found["name"], found["publisher"], found["version"]) == (
        "CustomScriptForLinux", "Microsoft.OSTCExtensions", "1.*",
    )  # fmt: skip
    assert "hidden" not in json.dumps(found)
    azure(f"vm extension set mymachine CustomScriptForLinux {publisher} 1.* --reference-name script --uninstall")
    assert "script" not in [one["referenceName"] for one in azure.json("vm extension get mymachine")]


def test_export_and_create_from(azure: Any, images: dict[str, str]) -> None:
    azure("vm create mymachine", images["linux"], "azureuser", PASSWORD, *WEST, "--ssh")
    azure("vm export mymachine role.json")
    role = json.loads((azure.cwd / "role.json").read_text())
    assert role["roleName"] == "mymachine"
    azure("vm delete mymachine --quiet")
    azure("vm create-from again role.json", *WEST)
    assert names(azure) == ["mymachine"]
    assert azure.json("vm show mymachine")["DNSName"] == "again.cloudapp.net"


def test_docker_up_to_the_first_login(azure: Any, images: dict[str, str]) -> None:
    """The machine comes up with the Docker extension; there is nobody to log in to."""
    if shutil.which("openssl") is None:
        pytest.skip("the command makes its certificates with openssl, which is not installed")
    azure("vm docker create mydocker", images["linux"], "azureuser", PASSWORD, *WEST, "--ssh", "--docker-cert-dir",
          str(azure.cwd / "docker"), "--docker-cert-cn", "mydocker")  # fmt: skip
    machine = azure.json("vm show mydocker")
    assert {one["name"] for one in machine["Network"]["Endpoints"]} == {"ssh", "docker"}
    assert "DockerExtension" in [one["name"] for one in azure.json("vm extension get mydocker")]
