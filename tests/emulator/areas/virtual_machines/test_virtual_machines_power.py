"""Starting, stopping, restarting and moving virtual machines."""

from __future__ import annotations

from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.virtual_machines import (
    PerformMaintenanceOnRoleOperation,
    RedeployRoleOperation,
    RestartRoleOperation,
    ShutdownRoleOperation,
    ShutdownRolesOperation,
    StartRoleOperation,
    StartRolesOperation,
)
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, InternalError, ResourceNotFound

from .conftest import DEALLOCATED, READY, STOPPED


def shutdown(machines: Any, role: str = "vm1", action: str | None = None) -> None:
    machines.end(machines.azure.shutdown_role("svc", "dep", role, ShutdownRoleOperation(post_shutdown_action=action)))


def start(machines: Any, role: str = "vm1") -> None:
    machines.end(machines.azure.start_role("svc", "dep", role, StartRoleOperation()))


def restart(machines: Any, role: str = "vm1") -> None:
    machines.end(machines.azure.restart_role("svc", "dep", role, RestartRoleOperation()))


def test_a_stopped_machine_keeps_all_it_has(machines: Any) -> None:
    machines.create(machines.linux(ports=(22,)))
    before = machines.instance()
    shutdown(machines)
    after = machines.instance()
    assert machines.state() == STOPPED
    assert (after.ip_address, after.host_name, after.instance_endpoints) == (
        before.ip_address,
        before.host_name,
        before.instance_endpoints,
    )
    assert machines.deployment().status == "Running"
    start(machines)
    assert machines.state() == READY
    assert machines.instance().ip_address == before.ip_address


def test_while_it_stops_and_starts_a_machine_is_on_its_way(machines: Any, azure: Client) -> None:
    machines.create()
    accepted = azure.shutdown_role("svc", "dep", "vm1", ShutdownRoleOperation())
    assert machines.state() == ("StoppingVM", "Stopping")
    machines.end(accepted)
    accepted = azure.start_role("svc", "dep", "vm1", StartRoleOperation())
    assert machines.state() == ("StartingVM", "Starting")
    machines.end(accepted)
    assert machines.state() == READY


def test_a_deployment_whose_machines_are_all_deallocated_is_suspended(machines: Any) -> None:
    machines.create(machines.linux(ports=(22,)))
    before = machines.instance()
    shutdown(machines, action="StoppedDeallocated")
    found = machines.deployment()
    assert (found.status, found.virtual_ips) == ("Suspended", ())
    (instance,) = found.role_instance_list
    assert (instance.instance_status, instance.power_state) == DEALLOCATED
    assert (instance.ip_address, instance.instance_size, instance.instance_fault_domain) == (None, None, None)
    assert instance.remote_access_certificate_thumbprint == before.remote_access_certificate_thumbprint
    assert found.role_list[0].configuration_sets[0].input_endpoints[0].vip is None
    start(machines)
    assert machines.state() == ("RoleStateUnknown", "Starting")
    found = machines.deployment()
    assert (found.status, len(found.virtual_ips)) == ("Running", 1)
    machines.pass_time(minutes=10)
    assert machines.state() == READY
    assert machines.instance().ip_address not in (None, before.ip_address)


def test_a_deallocated_machine_stands_last_and_the_others_flicker(machines: Any) -> None:
    machines.create(machines.linux("a"), machines.linux("b"))
    shutdown(machines, "a", "StoppedDeallocated")
    assert [one.role_name for one in machines.deployment().role_instance_list] == ["b", "a"]
    assert machines.deployment().status == "Running"
    assert machines.state("b") == ("RoleStateUnknown", "Started")
    machines.pass_time(minutes=5)
    assert machines.state("b") == READY


def test_older_versions_do_not_see_deallocated_machines(machines: Any) -> None:
    machines.create(machines.linux("a"), machines.linux("b"))
    old = Client(machines.azure.transport, machines.emulator.subscription, version="2012-03-01")
    shutdown(machines, "a", "StoppedDeallocated")
    assert [one.role_name for one in old.get_deployment("svc", "dep").role_instance_list] == ["b"]
    shutdown(machines, "b", "StoppedDeallocated")
    with pytest.raises(ResourceNotFound, match=r"No deployments were found\."):
        old.get_deployment("svc", "dep")


def test_an_older_version_only_stops(machines: Any) -> None:
    machines.create()
    old = Client(machines.azure.transport, machines.emulator.subscription, version="2013-03-01")
    machines.end(
        old.shutdown_role("svc", "dep", "vm1", ShutdownRoleOperation(post_shutdown_action="StoppedDeallocated"))
    )
    assert machines.state() == STOPPED


def test_repeating_changes_nothing(machines: Any) -> None:
    machines.create()
    start(machines)
    assert machines.state() == READY
    for action, state in (("Stopped", STOPPED), ("StoppedDeallocated", DEALLOCATED), ("Stopped", DEALLOCATED)):
        shutdown(machines, action=action)
        assert machines.state() == state
        restart(machines)
        machines.pass_time(minutes=10)
        assert machines.state() == state


def test_a_restart_comes_back_to_ready(machines: Any, azure: Client) -> None:
    machines.create()
    before = machines.deployment()
    accepted = azure.restart_role("svc", "dep", "vm1", RestartRoleOperation())
    assert machines.instance().power_state == "Started"
    machines.end(accepted)
    assert machines.state() == READY
    assert machines.deployment().private_id == before.private_id


def test_a_machine_stopped_while_it_boots_stays_down(machines: Any) -> None:
    machines.end(machines.begin(machines.windows()))
    shutdown(machines)
    machines.pass_time(hours=1)
    assert machines.state() == STOPPED


def test_a_machine_restarted_while_it_boots_boots_on(machines: Any) -> None:
    machines.end(machines.begin(machines.windows()))
    restart(machines)
    assert machines.instance().instance_status in ("RoleStateUnknown", "Provisioning")
    machines.pass_time(hours=1)
    assert machines.state() == READY
    assert machines.instance().host_name == "pc-vm1"


def test_several_machines_stop_some_time_after_their_operation(machines: Any, azure: Client) -> None:
    machines.create(machines.linux("a"), machines.linux("b"))
    both = ("a", "b")
    machines.end(azure.shutdown_roles("svc", "dep", ShutdownRolesOperation(roles=both, post_shutdown_action="Stopped")))
    assert {machines.state(one) for one in both} == {READY}
    machines.pass_time(seconds=125)
    assert {machines.state(one) for one in both} == {STOPPED}
    machines.end(azure.start_roles("svc", "dep", StartRolesOperation(roles=both)))
    assert {machines.state(one) for one in both} == {READY}


def test_a_later_order_overrides_a_stop_that_is_still_to_come(machines: Any, azure: Client) -> None:
    machines.create()
    machines.end(
        azure.shutdown_roles("svc", "dep", ShutdownRolesOperation(roles=("vm1",), post_shutdown_action="Stopped"))
    )
    start(machines)
    machines.pass_time(hours=1)
    assert machines.state() == READY


def test_a_redeployed_machine_boots_again(machines: Any, azure: Client) -> None:
    machines.create()
    machines.end(azure.redeploy_role("svc", "dep", "vm1", RedeployRoleOperation()))
    assert machines.state() == ("RoleStateUnknown", "Starting")
    machines.pass_time(minutes=10)
    assert machines.state() == READY


def test_no_maintenance_is_ever_due(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    with refused(InternalError, "The server encountered an internal error. Please retry the request."):
        azure.perform_maintenance_on_role("svc", "dep", "vm1", PerformMaintenanceOnRoleOperation())


def test_deallocated_machines_free_their_cores(machines: Any, azure: Client, refused: Any) -> None:
    machines.create(machines.linux("a", role_size="A7"), machines.linux("b", role_size="A7"))
    quota = (
        "The subscription policy limit for resource type 'cores count' was exceeded. The limit for resource type "
        "'cores count' is 20 per subscription, the current count is 16, and the requested increment is 8."
    )
    with refused(ForbiddenError, quota):
        azure.add_role("svc", "dep", machines.linux("c", role_size="A7"))
    shutdown(machines, "a", "StoppedDeallocated")
    machines.end(azure.add_role("svc", "dep", machines.linux("c", role_size="A7")))
    with refused(ForbiddenError, quota):
        azure.start_role("svc", "dep", "a", StartRoleOperation())


@pytest.mark.parametrize("operation", ["start_role", "restart_role", "shutdown_role", "redeploy_role"])
def test_unknown_roles_are_refused(machines: Any, azure: Client, refused: Any, operation: str) -> None:
    machines.create()
    bodies: dict[str, object] = {
        "start_role": StartRoleOperation(),
        "restart_role": RestartRoleOperation(),
        "shutdown_role": ShutdownRoleOperation(),
        "redeploy_role": RedeployRoleOperation(),
    }
    with refused(ResourceNotFound, "Role nobody was not found in the currently deployed service."):
        getattr(azure, operation)("svc", "dep", "nobody", bodies[operation])
    with refused(ResourceNotFound, "The hosted service does not exist."):
        getattr(azure, operation)("nowhere", "dep", "vm1", bodies[operation])
    with refused(ResourceNotFound, "The deployment name 'other' does not exist."):
        getattr(azure, operation)("svc", "other", "vm1", bodies[operation])


def test_wrong_orders_are_refused(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    with refused(BadRequest, "The action Explode after a shutdown is not Stopped or StoppedDeallocated."):
        azure.shutdown_role("svc", "dep", "vm1", ShutdownRoleOperation(post_shutdown_action="Explode"))
    with refused(BadRequest, "The operation type StartRoleOperation is not ShutdownRoleOperation."):
        azure.shutdown_role("svc", "dep", "vm1", ShutdownRoleOperation(operation_type="StartRoleOperation"))
    with refused(BadRequest, "At least one role must be named."):
        azure.start_roles("svc", "dep", StartRolesOperation(roles=()))
    with refused(ResourceNotFound, "Role nobody was not found in the currently deployed service."):
        azure.start_roles("svc", "dep", StartRolesOperation(roles=("vm1", "nobody")))


def test_one_operation_at_a_time_holds_a_deployment(machines: Any, azure: Client, refused: Any) -> None:
    machines.create(machines.linux("a"), machines.linux("b"))
    accepted = azure.shutdown_role("svc", "dep", "a", ShutdownRoleOperation())
    with refused(
        ConflictError,
        f"Windows Azure is currently performing an operation with x-ms-requestid {accepted.request_id} "
        "on this deployment that requires exclusive access.",
    ):
        azure.start_role("svc", "dep", "b", StartRoleOperation())
    machines.end(accepted)
    machines.end(azure.restart_role("svc", "dep", "b", RestartRoleOperation()))
