"""Adding, changing and deleting the machines of a deployment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.deployments import Deployment
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.roles import (
    AssignPublicIP,
    DataVirtualHardDisk,
    InputEndpoint,
    OSVirtualHardDisk,
    PersistentVMRole,
    ResourceExtensionReference,
)

from .conftest import READY

PORT_22 = (
    "Port 22 is already in use by one of the endpoints in this deployment. "
    "Ensure that the port numbers are unique across endpoints within a deployment."
)
ONLY_ROLE = (
    "Role vm1 is the only role present in the deployment and so cannot be removed. "
    "Please delete the deployment or add another role before removing this role."
)


def timeless(deployment: Deployment) -> Deployment:
    return replace(deployment, last_modified_time=None)


def test_an_added_machine_boots_and_the_others_flicker(machines: Any, azure: Client) -> None:
    machines.create()
    accepted = azure.add_role("svc", "dep", machines.linux("vm2", ports=(22,)))
    assert machines.state("vm2") == ("CreatingVM", "Starting")
    machines.end(accepted)
    assert machines.state("vm2") == ("RoleStateUnknown", "Starting")
    assert machines.state("vm1") == ("RoleStateUnknown", "Started")
    assert b'<Role name="vm2">' in machines.deployment().configuration
    machines.pass_time(minutes=10)
    assert {machines.state("vm1"), machines.state("vm2")} == {READY}
    assert machines.deployment().virtual_ips[0].name == "depContractContract"
    assert machines.role("VM2").role_name == "vm2"


def test_an_added_machine_wakes_a_suspended_deployment(machines: Any, azure: Client) -> None:
    from asm_contracts.areas.virtual_machines import ShutdownRoleOperation

    machines.create()
    machines.end(
        azure.shutdown_role("svc", "dep", "vm1", ShutdownRoleOperation(post_shutdown_action="StoppedDeallocated"))
    )
    machines.end(azure.add_role("svc", "dep", machines.linux("vm2")))
    found = machines.deployment()
    assert (found.status, len(found.virtual_ips)) == ("Running", 1)


def test_an_added_machine_on_a_taken_port_fails_and_leaves_nothing(
    machines: Any, azure: Client, unchanged: Callable[[], object]
) -> None:
    machines.create(machines.linux(ports=(22,)))
    before = unchanged()
    accepted = azure.add_role("svc", "dep", machines.linux("vm2", ports=(machines.endpoint(22, "other"),)))
    assert len(machines.deployment().role_list) == 1
    machines.end(accepted, "Failed", PORT_22)
    assert unchanged() == before


def test_names_are_unique_in_a_deployment(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    with refused(ConflictError, "The role VM1 already exists in the deployment dep."):
        azure.add_role(
            "svc", "dep", machines.linux("VM1", os_virtual_hard_disk=other_disk(machines.linux("VM1"), "x.vhd"))
        )


def other_disk(role: PersistentVMRole, blob: str) -> OSVirtualHardDisk:
    assert role.os_virtual_hard_disk is not None
    return replace(role.os_virtual_hard_disk, media_link=f"https://disksofvms.blob.core.windows.net/vhds/{blob}")


def test_another_size_restarts_a_machine(machines: Any, azure: Client) -> None:
    machines.create(machines.linux(ports=(22,)))
    before = machines.role()
    machines.end(azure.update_role("svc", "dep", "vm1", PersistentVMRole(role_name="vm1", role_size="medium")))
    found = machines.instance()
    assert (found.instance_status, found.power_state) == ("RoleStateUnknown", "Starting")
    assert (found.instance_size, found.host_name) == ("Medium", None)
    machines.pass_time(minutes=10)
    assert machines.state() == READY
    after = machines.role()
    assert after.role_size == "Medium"
    assert (after.os_virtual_hard_disk, after.configuration_sets) == (
        before.os_virtual_hard_disk,
        before.configuration_sets,
    )


def test_other_endpoints_make_a_machine_flicker(machines: Any, azure: Client) -> None:
    machines.create(machines.linux(ports=(22,)))
    role = PersistentVMRole(
        role_name="vm1", configuration_sets=(machines.network(80, machines.endpoint(443, "Https")),)
    )
    machines.end(azure.update_role("svc", "dep", "vm1", role))
    found = machines.instance()
    assert (found.instance_status, found.power_state) == ("RoleStateUnknown", "Started")
    assert (found.host_name, found.remote_access_certificate_thumbprint) == ("host-vm1", None)
    assert [one.public_port for one in found.instance_endpoints] == [443, 80]
    machines.pass_time(minutes=5)
    assert machines.state() == READY
    assert machines.instance().remote_access_certificate_thumbprint is not None


def test_a_change_while_it_boots_shows_when_it_has(machines: Any, azure: Client) -> None:
    machines.end(machines.begin(machines.linux()))
    role = PersistentVMRole(role_name="vm1", configuration_sets=(machines.network(80),))
    machines.end(azure.update_role("svc", "dep", "vm1", role))
    assert machines.state() == ("RoleStateUnknown", "Starting")
    machines.pass_time(seconds=120)
    assert machines.state() == ("RoleStateUnknown", "Started")
    machines.pass_time(seconds=120)
    assert machines.state() == READY


def test_a_stopped_machine_stays_down_when_it_is_changed(machines: Any, azure: Client) -> None:
    from asm_contracts.areas.virtual_machines import ShutdownRoleOperation

    machines.create()
    machines.end(azure.shutdown_role("svc", "dep", "vm1", ShutdownRoleOperation()))
    machines.end(azure.update_role("svc", "dep", "vm1", PersistentVMRole(role_name="vm1", role_size="Large")))
    machines.pass_time(minutes=10)
    found = machines.instance()
    assert (found.instance_status, found.power_state, found.instance_size) == ("StoppedVM", "Stopped", "Large")


def test_what_an_update_leaves_out_stays(machines: Any, azure: Client) -> None:
    reference = ResourceExtensionReference(
        reference_name="BGInfo", publisher="Microsoft.Compute", name="BGInfo", version="1.*"
    )
    machines.create(
        machines.windows(
            availability_set_name="Set", provision_guest_agent=True, resource_extension_references=(reference,)
        )
    )
    before = timeless(machines.deployment()).role_list
    machines.end(
        azure.update_role("svc", "dep", "vm1", PersistentVMRole(role_name="VM1", role_type="PersistentVMRole"))
    )
    assert machines.deployment().role_list == before
    gone = PersistentVMRole(role_name="vm1", resource_extension_references=(replace(reference, state="Uninstall"),))
    machines.end(azure.update_role("svc", "dep", "vm1", gone))
    assert machines.deployment().role_list[0].resource_extension_references == ()


def test_an_update_attaches_new_disks_and_keeps_the_others(machines: Any, azure: Client) -> None:
    machines.create(machines.linux(data_virtual_hard_disks=(DataVirtualHardDisk(logical_disk_size_in_gb=5),)))
    (first,) = machines.role().data_virtual_hard_disks
    disks = (
        DataVirtualHardDisk(disk_name=first.disk_name, host_caching="None"),
        DataVirtualHardDisk(lun=3, logical_disk_size_in_gb=7),
    )
    machines.end(
        azure.update_role("svc", "dep", "vm1", PersistentVMRole(role_name="vm1", data_virtual_hard_disks=disks))
    )
    one, two = machines.role().data_virtual_hard_disks
    assert one == replace(first, host_caching="None")
    assert (two.lun, two.logical_disk_size_in_gb) == (3, 7)
    assert azure.get_disk(two.disk_name).attached_to is not None


def test_a_public_ip_is_shown_with_its_address(machines: Any, azure: Client) -> None:
    machines.create()
    network = machines.network(public_ips=(AssignPublicIP(name="mine"),))
    machines.end(
        azure.update_role("svc", "dep", "vm1", PersistentVMRole(role_name="vm1", configuration_sets=(network,)))
    )
    (found,) = machines.instance().public_ips
    assert found.name == "mine" and found.address is not None
    assert machines.role().configuration_sets[0].public_ips == (AssignPublicIP(name="mine"),)
    machines.end(
        azure.update_role(
            "svc", "dep", "vm1", PersistentVMRole(role_name="vm1", configuration_sets=(machines.network(),))
        )
    )
    assert machines.instance().public_ips is None


def test_an_update_to_a_taken_port_fails_and_changes_nothing(machines: Any, azure: Client) -> None:
    machines.create(machines.linux("a", ports=(22,)), machines.linux("b", ports=(23,)))
    before = machines.deployment()
    role = PersistentVMRole(role_name="b", configuration_sets=(machines.network(machines.endpoint(22, "x")),))
    machines.end(azure.update_role("svc", "dep", "b", role), "Failed", PORT_22)
    assert machines.deployment() == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"role_name": "other"}, "The role name other is not that of the role vm1."),
        ({"role_type": "WebRole"}, "The role type WebRole is invalid for a virtual machine."),
        ({"role_size": "Huge"}, "The role size Huge is invalid, or it is not available in this location."),
        (
            {"os_virtual_hard_disk": OSVirtualHardDisk(host_caching="Often")},
            "The host caching Often is not None, ReadOnly or ReadWrite.",
        ),
        (
            {
                "resource_extension_references": (
                    ResourceExtensionReference(reference_name="x", publisher="p", name="n", version="1.0"),
                )
            },
            "Resource extensions need the guest agent: ProvisionGuestAgent must be true.",
        ),
    ],
)
def test_impossible_updates_are_refused(
    machines: Any, azure: Client, refused: Any, change: dict[str, Any], message: str
) -> None:
    machines.create()
    with refused(BadRequest, message):
        azure.update_role("svc", "dep", "vm1", PersistentVMRole(**{"role_name": "vm1", **change}))


def test_an_update_cannot_set_a_machine_up_again(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    with refused(BadRequest, "A provisioning configuration can be specified only when a role is created."):
        azure.update_role("svc", "dep", "vm1", replace(machines.linux(), os_virtual_hard_disk=None))


def test_a_size_must_have_room_for_the_disks(machines: Any, azure: Client, refused: Any) -> None:
    disks = tuple(DataVirtualHardDisk(lun=n, logical_disk_size_in_gb=1) for n in range(3))
    machines.create(machines.linux(data_virtual_hard_disks=disks, role_size="Medium"))
    with refused(BadRequest, "The role size Small allows at most 2 data disks."):
        azure.update_role("svc", "dep", "vm1", PersistentVMRole(role_name="vm1", role_size="Small"))


def test_the_only_machine_cannot_be_deleted(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    with refused(BadRequest, ONLY_ROLE):
        azure.delete_role("svc", "dep", "vm1")
    with refused(BadRequest, ONLY_ROLE):
        azure.delete_role_and_media("svc", "dep", "vm1")


def test_a_deleted_machine_leaves_its_disks(machines: Any, azure: Client) -> None:
    machines.create(machines.linux("a", ports=(22,)), machines.linux("b"))
    name = machines.role("a").os_virtual_hard_disk.disk_name
    machines.end(azure.delete_role("svc", "dep", "A"))
    with pytest.raises(ResourceNotFound, match=r"Role a was not found in the currently deployed service\."):
        azure.get_role("svc", "dep", "a")
    found = machines.deployment()
    assert [one.role_name for one in found.role_list] == ["b"]
    assert [one.role_name for one in found.role_instance_list] == ["b"]
    assert found.virtual_ips[0].name == "__PseudoBackEndContractVip"
    assert azure.get_disk(name).attached_to is not None  # shows for a while yet
    machines.pass_time(minutes=1)
    assert azure.get_disk(name).attached_to is None


def test_a_machine_deleted_with_media_takes_its_disks_along(machines: Any, azure: Client) -> None:
    data = (DataVirtualHardDisk(logical_disk_size_in_gb=5),)
    machines.create(machines.linux("a", data_virtual_hard_disks=data), machines.linux("b"))
    role = machines.role("a")
    machines.end(azure.delete_role_and_media("svc", "dep", "a"))
    for name in (role.os_virtual_hard_disk.disk_name, role.data_virtual_hard_disks[0].disk_name):
        with pytest.raises(ResourceNotFound, match=r"The disk with the specified name does not exist\."):
            azure.get_disk(name)
    machines.end(azure.add_role("svc", "dep", machines.linux("a")))  # its blob is free too


def test_a_deployment_deleted_with_media_takes_its_disks_along(machines: Any, azure: Client) -> None:
    machines.create()
    name = machines.role().os_virtual_hard_disk.disk_name
    machines.end(azure.delete_deployment_and_media("svc", "dep"))
    with pytest.raises(ResourceNotFound):
        azure.get_disk(name)
    azure.delete_hosted_service("svc")


def test_a_pending_step_bears_that_its_machine_is_gone(machines: Any, azure: Client) -> None:
    machines.end(machines.begin(machines.windows("a"), machines.linux("b")))
    machines.end(azure.delete_role("svc", "dep", "a"))
    machines.end(azure.delete_deployment("svc", "dep"))
    machines.pass_time(hours=1)
    machines.create(machines.linux("c"))
    assert machines.state("c") == READY


def test_a_change_of_a_set_reaches_all_its_members(machines: Any, azure: Client) -> None:
    from asm_contracts.areas.virtual_machines import LoadBalancedEndpointList

    shared = machines.endpoint(80, "web", load_balanced_endpoint_set_name="web")
    machines.create(machines.linux("a", ports=(shared,)), machines.linux("b", ports=(shared, 22)))
    change = InputEndpoint(
        load_balanced_endpoint_set_name="WEB", local_port=8080, port=8080, protocol="tcp", idle_timeout_in_minutes=9
    )
    machines.end(azure.update_load_balanced_endpoint_set("svc", "dep", LoadBalancedEndpointList(endpoints=(change,))))
    for name in ("a", "b"):
        (found,) = [
            one
            for one in machines.role(name).configuration_sets[0].input_endpoints
            if one.load_balanced_endpoint_set_name
        ]
        assert (found.name, found.port, found.local_port, found.idle_timeout_in_minutes) == ("web", 8080, 8080, 9)
    taken = LoadBalancedEndpointList(endpoints=(replace(change, port=22),))
    machines.end(azure.update_load_balanced_endpoint_set("svc", "dep", taken), "Failed", PORT_22)


def test_changes_of_unknown_sets_are_refused(machines: Any, azure: Client, refused: Any) -> None:
    from asm_contracts.areas.virtual_machines import LoadBalancedEndpointList

    machines.create(machines.linux(ports=(22,)))
    change = InputEndpoint(load_balanced_endpoint_set_name="web", port=80)
    with refused(BadRequest, "The load-balanced endpoint set web does not exist."):
        azure.update_load_balanced_endpoint_set("svc", "dep", LoadBalancedEndpointList(endpoints=(change,)))
    with refused(BadRequest, "A load-balanced endpoint must be specified."):
        azure.update_load_balanced_endpoint_set("svc", "dep", LoadBalancedEndpointList())
