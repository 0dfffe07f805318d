"""Making images of virtual machines."""

from __future__ import annotations

from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.virtual_machines import (
    CaptureRoleAsVMImageOperation,
    CaptureRoleOperation,
    ShutdownRoleOperation,
    StartRoleOperation,
)
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.roles import DataVirtualHardDisk, LinuxProvisioningConfigurationSet, OSVirtualHardDisk

from .conftest import READY


def capture(name: str = "image", action: str = "Delete", **settings: Any) -> CaptureRoleOperation:
    return CaptureRoleOperation(
        post_capture_action=action, target_image_label=f"{name} label", target_image_name=name, **settings
    )


def vm_image(name: str = "vmimage", os_state: str = "Specialized", **settings: Any) -> CaptureRoleAsVMImageOperation:
    return CaptureRoleAsVMImageOperation(os_state=os_state, vm_image_name=name, vm_image_label="label", **settings)


def stop(machines: Any, role: str = "vm1") -> None:
    machines.end(machines.azure.shutdown_role("svc", "dep", role, ShutdownRoleOperation()))


def test_a_captured_machine_becomes_an_image_and_is_gone(machines: Any, azure: Client) -> None:
    machines.create(machines.linux("a"), machines.linux("b"))
    stop(machines, "a")
    source = machines.role("a").os_virtual_hard_disk
    accepted = azure.capture_role("svc", "dep", "a", capture())
    with pytest.raises(ResourceNotFound):
        azure.get_os_image("image")
    machines.end(accepted)
    found = azure.get_os_image("image")
    assert (found.label, found.category, found.os, found.os_state) == ("image label", "User", "Linux", "Generalized")
    assert found.media_link != source.media_link
    assert found.media_link.rpartition("/")[0] == source.media_link.rpartition("/")[0]
    assert [one.role_name for one in machines.deployment().role_list] == ["b"]
    machines.pass_time(minutes=1)
    assert azure.get_disk(source.disk_name).attached_to is None
    image = OSVirtualHardDisk(source_image_name="image")
    machines.end(azure.add_role("svc", "dep", machines.linux("c", os_virtual_hard_disk=image)))
    assert machines.role("c").os_virtual_hard_disk.source_image_name == "image"


def test_the_only_machine_takes_its_deployment_along(machines: Any, azure: Client) -> None:
    machines.create()
    stop(machines)
    machines.end(azure.capture_role("svc", "dep", "vm1", capture()))
    with pytest.raises(ResourceNotFound, match=r"No deployments were found\."):
        machines.deployment()
    assert azure.get_hosted_service("svc", True).deployments == ()
    machines.create(machines.linux("vm2"))


def test_a_captured_machine_can_be_set_up_again(machines: Any, azure: Client) -> None:
    machines.create()
    stop(machines)
    provisioning = LinuxProvisioningConfigurationSet(
        configuration_set_type="LinuxProvisioningConfiguration",
        host_name="again",
        user_name="azureuser",
        user_password="Passw0rd",
    )
    machines.end(
        azure.capture_role("svc", "dep", "vm1", capture(action="Reprovision", provisioning_configuration=provisioning))
    )
    assert azure.get_os_image("image").os == "Linux"
    assert machines.state() == ("RoleStateUnknown", "Starting")
    machines.pass_time(minutes=10)
    assert machines.state() == READY
    assert machines.instance().host_name == "again"


def test_impossible_captures_are_refused(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    with refused(ConflictError, "The role vm1 must be shut down before it can be captured."):
        azure.capture_role("svc", "dep", "vm1", capture())
    stop(machines)
    with refused(BadRequest, "The action Keep after a capture is not Delete or Reprovision."):
        azure.capture_role("svc", "dep", "vm1", capture(action="Keep"))
    with refused(BadRequest, "A provisioning configuration is needed to reprovision a role."):
        azure.capture_role("svc", "dep", "vm1", capture(action="Reprovision"))
    taken = machines.linux().os_virtual_hard_disk.source_image_name
    with refused(ConflictError, f"An OS image with the name {taken} already exists."):
        azure.capture_role("svc", "dep", "vm1", capture(taken))
    with refused(ResourceNotFound, "Role other was not found in the currently deployed service."):
        azure.capture_role("svc", "dep", "other", capture())


def test_a_name_taken_meanwhile_fails_the_capture(machines: Any, azure: Client) -> None:
    azure.create_hosted_service(CreateHostedService(service_name="two", label="two", location="West US"))
    machines.create(machines.linux("a"), service="svc")
    machines.create(machines.linux("b"), service="two")
    first = azure.capture_vm_image("svc", "dep", "a", vm_image("same"))
    second = azure.capture_vm_image("two", "dep", "b", vm_image("same", "Generalized"))
    machines.end(first)
    machines.end(second, "Failed", "A VM image with the name same already exists.")
    assert machines.state("b", service="two") == READY


def test_a_specialised_capture_leaves_the_machine_as_it_is(machines: Any, azure: Client) -> None:
    data = (DataVirtualHardDisk(lun=1, logical_disk_size_in_gb=5, host_caching="None"),)
    machines.create(machines.linux(data_virtual_hard_disks=data))
    before = machines.deployment()
    accepted = azure.capture_vm_image(
        "svc",
        "dep",
        "vm1",
        vm_image(description="about it", language="english", image_family="mine", recommended_vm_size="Small"),
    )
    machines.end(accepted)
    assert machines.deployment() == before
    (found,) = [one for one in azure.list_vm_images().items if one.name == "vmimage"]
    assert (found.label, found.category, found.description) == ("label", "User", "about it")
    assert (found.language, found.image_family, found.recommended_vm_size) == ("english", "mine", "Small")
    assert (found.service_name, found.deployment_name, found.role_name) == ("svc", "dep", "vm1")
    assert (found.role_state_on_capture, found.role_size_on_capture) == ("ReadyRole", "Small")
    assert (found.os_disk_configuration.os_state, found.os_disk_configuration.os) == ("Specialized", "Linux")
    (disk,) = found.data_disk_configurations
    assert (disk.lun, disk.logical_disk_size_in_gb, disk.host_caching) == (1, 5, "None")


def test_a_machine_from_a_specialised_image_needs_no_setting_up(machines: Any, azure: Client) -> None:
    data = (DataVirtualHardDisk(lun=1, logical_disk_size_in_gb=5),)
    machines.create(machines.windows(data_virtual_hard_disks=data))
    machines.end(azure.capture_vm_image("svc", "dep", "vm1", vm_image()))
    azure.create_hosted_service(CreateHostedService(service_name="two", label="two", location="West US"))
    role = machines.linux(
        "copy", configuration_sets=None, os_virtual_hard_disk=None, vm_image_name="VMIMAGE", role_size="Small"
    )
    machines.end(machines.begin(role, service="two"))
    machines.pass_time(seconds=121)
    assert machines.state("copy", service="two") == READY
    found = azure.get_role("two", "dep", "copy")
    assert found.vm_image_name == "vmimage"
    assert (found.os_virtual_hard_disk.os, found.os_virtual_hard_disk.source_image_name) == ("Windows", None)
    assert [one.lun for one in found.data_virtual_hard_disks] == [1]


def test_a_generalised_capture_takes_the_machine(machines: Any, azure: Client) -> None:
    machines.create(machines.linux("a"), machines.linux("b"))
    stop(machines, "a")
    machines.end(azure.capture_vm_image("svc", "dep", "a", vm_image(os_state="generalized")))
    assert [one.role_name for one in machines.deployment().role_list] == ["b"]
    (found,) = [one for one in azure.list_vm_images().items if one.name == "vmimage"]
    assert (found.os_disk_configuration.os_state, found.role_state_on_capture) == ("Generalized", "StoppedVM")
    role = machines.linux("c", os_virtual_hard_disk=None, vm_image_name="vmimage")
    machines.end(azure.add_role("svc", "dep", role))
    machines.end(azure.start_role("svc", "dep", "c", StartRoleOperation()))


def test_impossible_vm_image_captures_are_refused(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    machines.end(azure.capture_vm_image("svc", "dep", "vm1", vm_image()))
    with refused(ConflictError, "A VM image with the name VMimage already exists."):
        azure.capture_vm_image("svc", "dep", "vm1", vm_image("VMimage"))
    with refused(BadRequest, "A parameter was incorrect."):
        azure.capture_vm_image("svc", "dep", "vm1", vm_image("x", "Liquid"))
    with refused(BadRequest, "The VM image name x/y is invalid."):
        azure.capture_vm_image("svc", "dep", "vm1", vm_image("x/y"))
    with refused(BadRequest, "The role size Huge is invalid."):
        azure.capture_vm_image("svc", "dep", "vm1", vm_image("x", recommended_vm_size="Huge"))
