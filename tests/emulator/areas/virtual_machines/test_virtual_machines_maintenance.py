"""Planned maintenance of the hosts of virtual machines, by their owner or by the platform, on the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.deployments import PersistentVMDowntime
from asm_contracts.areas.virtual_machines import (
    PerformMaintenanceOnRoleOperation,
    RedeployRoleOperation,
    RestartRoleOperation,
    ShutdownRoleOperation,
    ShutdownRolesOperation,
    StartRoleOperation,
)
from asm_contracts.errors import ConflictError, InternalError
from asm_contracts.operation import Accepted
from asm_contracts.roles import MaintenanceStatus
from asm_emulator.controlling import Control
from asm_emulator.emulator import Emulator

from .conftest import BOOTING, DEALLOCATED, READY, STOPPED

NOTHING_DUE = "The server encountered an internal error. Please retry the request."
DONE = MaintenanceStatus(
    is_customer_initiated_maintenance_allowed=False,
    last_operation_result_code="MaintenanceCompleted",
    last_operation_result_string="User initiated maintenance on the Virtual Machine was successfully completed. ",
)


HOUR = 3600.0


@pytest.fixture
def control(emulator: Emulator) -> Control:
    return Control.within(emulator)


def perform(azure: Client, role: str = "vm1") -> Accepted:
    return azure.perform_maintenance_on_role("svc", "dep", role, PerformMaintenanceOnRoleOperation())


def allowed(machines: Any, role: str = "vm1") -> bool | None:
    status = machines.instance(role).maintenance_status
    return status.is_customer_initiated_maintenance_allowed if status else None


def downtime(machines: Any) -> str | None:
    found = machines.deployment().persistent_vm_downtime
    return found.status if found else None


def shutdown(machines: Any, action: str) -> None:
    machines.end(machines.azure.shutdown_role("svc", "dep", "vm1", ShutdownRoleOperation(post_shutdown_action=action)))


def test_a_machine_for_which_nothing_is_planned_shows_nothing(machines: Any) -> None:
    machines.create()
    assert machines.instance().maintenance_status is None
    assert machines.deployment().persistent_vm_downtime is None


def test_what_is_planned_is_shown(machines: Any, emulator: Emulator, control: Control) -> None:
    machines.create(machines.linux("a"), machines.linux("b"))
    now = emulator.engine.now().replace(microsecond=0)

    def at(hours: float) -> datetime:
        return now + timedelta(hours=hours)

    control.plan_maintenance("svc", "A", pre_start=HOUR, pre_end=2 * HOUR, start=3 * HOUR, end=5 * HOUR)
    assert machines.instance("a").maintenance_status == MaintenanceStatus(
        is_customer_initiated_maintenance_allowed=False,
        pre_maintenance_window_start_time=at(1),
        pre_maintenance_window_end_time=at(2),
        maintenance_window_start_time=at(3),
        maintenance_window_end_time=at(5),
    )
    assert machines.instance("b").maintenance_status is None
    control.plan_maintenance("svc", "b", start=2 * HOUR, end=4 * HOUR)
    assert machines.deployment().persistent_vm_downtime == PersistentVMDowntime(
        start_time=at(2), end_time=at(5), status="PersistentVMUpdateScheduled"
    )


def test_only_versions_that_know_it_show_it(machines: Any, control: Control) -> None:
    machines.create()
    control.plan_maintenance("svc")
    old = Client(machines.azure.transport, machines.emulator.subscription, version="2016-11-01")
    found = old.get_deployment("svc", "dep")
    assert found.role_instance_list[0].maintenance_status is None
    assert isinstance(found.persistent_vm_downtime, PersistentVMDowntime)


def test_its_owner_may_have_it_done_in_its_time_and_once(
    machines: Any, azure: Client, control: Control, refused: Any
) -> None:
    machines.create()
    control.plan_maintenance("svc", "vm1", pre_start=HOUR, pre_end=2 * HOUR, start=3 * HOUR)
    with refused(InternalError, NOTHING_DUE):
        perform(azure)
    machines.pass_time(hours=1)
    assert allowed(machines)
    accepted = perform(azure)
    assert (machines.state(), allowed(machines)) == (READY, False)
    with refused(
        ConflictError,
        f"Windows Azure is currently performing an operation with x-ms-requestid {accepted.request_id} "
        "on this deployment that requires exclusive access.",
    ):
        perform(azure)
    machines.end(accepted)
    assert (machines.state(), machines.instance().maintenance_status) == (BOOTING, DONE)
    with refused(InternalError, NOTHING_DUE):
        perform(azure)
    machines.pass_time(minutes=10)
    assert machines.state() == READY
    before = machines.deployment().last_modified_time
    machines.pass_time(hours=3)
    assert (machines.state(), machines.instance().maintenance_status) == (READY, DONE), "the platform has nothing to do"
    assert machines.deployment().last_modified_time == before
    assert downtime(machines) == "PersistentVMUpdateScheduled"
    machines.pass_time(days=4)
    assert downtime(machines) == "PersistentVMUpdateCompleted"


def test_after_its_time_it_is_too_late(machines: Any, azure: Client, control: Control, refused: Any) -> None:
    machines.create()
    control.plan_maintenance("svc", pre_end=HOUR, start=2 * HOUR)
    machines.pass_time(hours=1)
    assert allowed(machines) is False
    with refused(InternalError, NOTHING_DUE):
        perform(azure)


def test_what_its_owner_has_not_done_the_platform_does(
    machines: Any, azure: Client, control: Control, refused: Any
) -> None:
    machines.create(machines.linux("a"), machines.linux("b"))
    control.plan_maintenance("svc", "a", start=HOUR, end=2 * HOUR)
    machines.pass_time(minutes=59, seconds=59)
    assert (machines.state("a"), allowed(machines, "a")) == (READY, True)
    machines.pass_time(seconds=1)
    assert (machines.state("a"), machines.state("b")) == (BOOTING, READY)
    assert machines.instance("a").maintenance_status is None
    assert downtime(machines) == "PersistentVMUpdateScheduled"
    with refused(InternalError, NOTHING_DUE):
        perform(azure, "a")
    machines.pass_time(minutes=60)
    assert (machines.state("a"), downtime(machines)) == (READY, "PersistentVMUpdateCompleted")
    assert [one["done"] for one in control.list_maintenance()] == ["platform"]


def test_a_stopped_machine_stays_down(machines: Any, azure: Client, control: Control) -> None:
    machines.create()
    shutdown(machines, "Stopped")
    control.plan_maintenance("svc", start=HOUR)
    machines.end(perform(azure))
    assert (machines.state(), machines.instance().maintenance_status) == (STOPPED, DONE)
    control.plan_maintenance("svc", start=HOUR)
    assert allowed(machines), "another plan is another matter"
    machines.pass_time(hours=1)
    assert (machines.state(), [one["done"] for one in control.list_maintenance()]) == (STOPPED, ["platform"])
    machines.end(azure.start_role("svc", "dep", "vm1", StartRoleOperation()))
    assert machines.state() == READY


def test_a_machine_that_leaves_its_host_leaves_the_plan(
    machines: Any, azure: Client, control: Control, refused: Any
) -> None:
    machines.create()
    control.plan_maintenance("svc", start=HOUR)
    machines.end(azure.restart_role("svc", "dep", "vm1", RestartRoleOperation()))
    assert allowed(machines), "a restart is where it was"
    shutdown(machines, "StoppedDeallocated")
    assert (control.list_maintenance(), downtime(machines)) == ([], None)
    with refused(InternalError, NOTHING_DUE):
        perform(azure)
    machines.end(azure.start_role("svc", "dep", "vm1", StartRoleOperation()))
    machines.pass_time(minutes=10)
    with refused(InternalError, NOTHING_DUE):
        perform(azure)
    before = machines.instance()
    machines.pass_time(hours=2)
    assert machines.instance() == before, "what was planned for the other host does not happen"


def test_a_redeployed_machine_is_elsewhere_too(machines: Any, azure: Client, control: Control) -> None:
    machines.create()
    control.plan_maintenance("svc", start=HOUR)
    machines.end(azure.redeploy_role("svc", "dep", "vm1", RedeployRoleOperation()))
    assert allowed(machines) is None
    machines.pass_time(minutes=10)
    machines.pass_time(hours=1)
    assert machines.state() == READY


def test_a_deleted_machine_or_deployment_takes_the_plan_along(machines: Any, azure: Client, control: Control) -> None:
    machines.create(machines.linux("a"), machines.linux("b"))
    control.plan_maintenance("svc", start=HOUR)
    machines.end(azure.delete_role_and_media("svc", "dep", "a"))
    assert [one["machine"] for one in control.list_maintenance()] == ["b"]
    machines.end(azure.delete_deployment_and_media("svc", "dep"))
    machines.create(machines.linux("b"))
    machines.pass_time(hours=1)
    assert (machines.state("b"), control.list_maintenance()) == (READY, [])


def test_a_plan_that_is_taken_back_or_replaced_does_not_happen(
    machines: Any, azure: Client, control: Control, refused: Any
) -> None:
    machines.create()
    control.plan_maintenance("svc", start=HOUR)
    assert control.cancel_maintenance("svc") == {"removed": 1}
    assert (allowed(machines), downtime(machines)) == (None, None)
    with refused(InternalError, NOTHING_DUE):
        perform(azure)
    control.plan_maintenance("svc", start=HOUR)
    control.plan_maintenance("svc", start=3 * HOUR)
    machines.pass_time(hours=2)
    assert (machines.state(), allowed(machines)) == (READY, True)
    machines.pass_time(hours=1)
    assert machines.state() == BOOTING


def test_a_plan_that_is_taken_back_while_its_owner_has_it_done(machines: Any, azure: Client, control: Control) -> None:
    machines.create()
    control.plan_maintenance("svc")
    accepted = perform(azure)
    control.cancel_maintenance("svc")
    machines.end(accepted)
    assert (machines.state(), machines.instance().maintenance_status) == (BOOTING, None)


def test_what_its_owner_has_begun_the_platform_leaves_alone(machines: Any, azure: Client, control: Control) -> None:
    machines.create()
    control.plan_maintenance("svc", start=HOUR)
    machines.pass_time(minutes=59, seconds=50)
    accepted = perform(azure)
    machines.pass_time(seconds=15)
    assert machines.state() == READY
    machines.end(accepted)
    assert (machines.state(), machines.instance().maintenance_status) == (BOOTING, DONE)


@pytest.mark.parametrize("late", [False, True])
def test_what_failed_is_to_be_done_again(machines: Any, azure: Client, control: Control, late: bool) -> None:
    machines.create()
    control.plan_maintenance("svc", start=HOUR)
    machines.pass_time(minutes=59, seconds=50)
    accepted = perform(azure)
    machines.pass_time(seconds=15 if late else 5)
    control.fail_operation(accepted.request_id)
    assert azure.get_operation_status(accepted.request_id).status == "Failed"
    if late:  # the platform's time has come meanwhile
        assert (machines.state(), allowed(machines)) == (BOOTING, None)
    else:
        assert (machines.state(), allowed(machines)) == (READY, True)
        machines.end(perform(azure))
        assert machines.instance().maintenance_status == DONE


def test_a_machine_on_its_way_down_goes_down(machines: Any, azure: Client, control: Control) -> None:
    machines.create(machines.linux("a"), machines.linux("vm1"))
    control.plan_maintenance("svc", start=30)
    accepted = azure.shutdown_role("svc", "dep", "vm1", ShutdownRoleOperation(post_shutdown_action="Stopped"))
    machines.pass_time(seconds=31)
    assert (machines.state(), machines.state("a")) == (("StoppingVM", "Stopping"), BOOTING)
    machines.end(accepted)
    machines.pass_time(minutes=30)
    assert (machines.state(), machines.state("a")) == (STOPPED, READY)


def test_a_stop_that_comes_late_overtakes_what_its_owner_has_done(
    machines: Any, azure: Client, control: Control
) -> None:
    machines.create()
    control.plan_maintenance("svc")
    both = ShutdownRolesOperation(roles=("vm1",), post_shutdown_action="StoppedDeallocated")
    machines.end(azure.shutdown_roles("svc", "dep", both))
    machines.pass_time(seconds=100)
    accepted = perform(azure)
    machines.pass_time(seconds=25)
    assert machines.state() == DEALLOCATED
    machines.end(accepted)
    machines.pass_time(minutes=30)
    assert (machines.state(), control.list_maintenance()) == (DEALLOCATED, [])


def test_a_windows_machine_that_is_being_set_up_begins_anew(machines: Any, control: Control) -> None:
    machines.end(machines.begin(machines.windows()))
    machines.pass_time(minutes=3)
    assert machines.instance().instance_status == "Provisioning"
    control.plan_maintenance("svc", start=10)
    machines.pass_time(seconds=10)
    assert machines.state() == BOOTING
    machines.pass_time(minutes=30)
    assert (machines.state(), machines.instance().host_name) == (READY, "pc-vm1")
