"""The hardware that machines are on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from asm_client.client import Client
from asm_contracts.areas.virtual_machines import ShutdownRoleOperation, StartRoleOperation
from asm_contracts.operation import DeploymentName
from asm_contracts.roles import PersistentVMRole
from asm_emulator import catalogue
from asm_emulator.catalogue.clusters import cluster_for

DEP = DeploymentName("dep")
CODE = "Compute.OverconstrainedAllocationRequest"


def offered(azure: Client) -> tuple[str, ...]:
    """The sizes that the list shows for machines of the service."""
    (service,) = azure.list_hosted_services().items
    assert service.compute_capabilities is not None
    return service.compute_capabilities.virtual_machines_role_sizes


def fails(machines: Any, azure: Client, accepted: Any) -> None:
    error = azure.get_operation_status(machines.ended(accepted)).error
    assert error is not None and error.code == CODE


def test_a_service_with_machines_has_the_sizes_of_their_hardware(machines: Any, azure: Client) -> None:
    place = catalogue.location("West US")
    assert place is not None and offered(azure) == place.virtual_machines_role_sizes
    machines.create()
    assert {"Small", "A7", "Basic_A0", "Standard_A1_v2", "Standard_D1_v2", "Standard_F1"} <= set(offered(azure))
    assert not {"Standard_D1", "Standard_DS1", "Standard_G1", "A8"} & set(offered(azure))
    machines.end(azure.delete_deployment("svc", DEP))
    assert offered(azure) == place.virtual_machines_role_sizes


def test_what_the_hardware_does_not_host_fails_and_changes_nothing(machines: Any, azure: Client) -> None:
    machines.create()
    before = machines.deployment()
    fails(machines, azure, azure.add_role("svc", DEP, machines.linux("vm2", role_size="Standard_D1")))
    fails(machines, azure, azure.update_role("svc", DEP, "vm1", PersistentVMRole(role_size="Standard_G1")))
    assert machines.deployment() == before
    machines.end(azure.add_role("svc", DEP, machines.linux("vm2", role_size="Standard_D1_v2")))
    machines.end(azure.update_role("svc", DEP, "vm1", PersistentVMRole(role_size="Standard_F1")))


def test_nothing_hosts_every_combination(machines: Any, azure: Client, unchanged: Any) -> None:
    before = unchanged()
    fails(machines, azure, machines.begin(machines.linux(), machines.linux("vm2", role_size="Standard_DS1")))
    assert unchanged()[:2] == before[:2]
    machines.create(machines.linux(), machines.linux("vm2", role_size="Standard_D1"))


def test_once_all_are_deallocated_they_can_go_elsewhere(machines: Any, azure: Client) -> None:
    machines.create(machines.linux(), machines.linux("vm2"))
    deallocate = ShutdownRoleOperation(post_shutdown_action="StoppedDeallocated")
    machines.end(azure.shutdown_role("svc", DEP, "vm1", deallocate))
    machines.end(azure.update_role("svc", DEP, "vm1", PersistentVMRole(role_size="Standard_G1")))
    fails(machines, azure, azure.start_role("svc", DEP, "vm1", StartRoleOperation()))  # the other one holds it here
    assert machines.instance().instance_status == "StoppedDeallocated"
    machines.end(azure.shutdown_role("svc", DEP, "vm2", deallocate))
    machines.end(azure.start_role("svc", DEP, "vm1", StartRoleOperation()))
    assert set(offered(azure)) == {f"Standard_{kind}{n}" for kind in ("G", "GS") for n in range(1, 6)}


@pytest.mark.parametrize(
    ("day", "size", "web", "machines"),
    [
        (date(2015, 3, 16), "Small", 16, 21),
        (date(2016, 4, 26), "Small", 17, 22),
        (date(2017, 3, 17), "Small", 25, 35),
        (date(2016, 12, 23), "Standard_DS1_v2", 0, 15),
        (date(2015, 7, 1), "Standard_G1", 0, 5),
    ],
)
def test_hardware_hosts_as_many_sizes_as_recorded(day: date, size: str, web: int, machines: int) -> None:
    place = catalogue.location("West US", day)
    assert place is not None
    found = cluster_for(place, (size,))
    assert found is not None
    assert len(found.sizes(place.virtual_machines_role_sizes)) == machines
    assert len(found.sizes(place.web_worker_role_sizes)) == web
