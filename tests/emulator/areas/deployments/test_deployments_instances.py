"""Operations on the role instances of package deployments; copies of packages; the list of restarts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.deployments import RoleInstances, UpdateDeploymentStatus, WalkUpgradeDomain
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.areas.virtual_machines import CreateVirtualMachineDeployment
from asm_contracts.errors import (
    BadRequest,
    ConflictError,
    MissingOrInvalidRequiredQueryParameter,
    ResourceNotFound,
)
from asm_contracts.operation import Accepted, DeploymentName, DeploymentSlot
from asm_contracts.roles import LinuxProvisioningConfigurationSet, OSVirtualHardDisk, PersistentVMRole

SLOT = DeploymentSlot("Production")
READY = ("ReadyRole", "Started")
STOPPED = ("StoppedVM", "Stopped")
CONTAINER = "https://storage.blob.core.windows.net/container"
HANDLERS = ("reboot_role_instance", "reimage_role_instance", "rebuild_role_instance")


def delete(azure: Client, *names: str, key: Any = SLOT) -> Accepted:
    return azure.delete_role_instances("packages", key, RoleInstances(names=names))


def handle(azure: Client, operation: str, name: str = "Worker_IN_1", key: Any = SLOT) -> Accepted:
    method: Callable[..., Accepted] = getattr(azure, operation)
    return method("packages", key, name)


def path_of(packages: Any, name: str) -> list[tuple[str, str]]:
    """The states an instance goes through, until nothing changes any more."""
    seen: list[tuple[str, str]] = []
    for _ in range(300):
        state = packages.states()[name]
        if not seen or state != seen[-1]:
            seen.append(state)
        packages.wait(1)
    return seen


# -- restarting -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [SLOT, DeploymentName("First")])
def test_a_reboot(packages: Any, azure: Client, key: Any) -> None:
    before = packages.running()
    accepted = handle(azure, "reboot_role_instance", "worker_in_1", key)
    assert path_of(packages, "Worker_IN_1") == [("RoleStateUnknown", "Starting"), ("BusyRole", "Started"), READY]
    assert azure.get_operation_status(accepted.request_id).status == "Succeeded"
    assert packages.states()["Worker_IN_0"] == READY
    after = packages.read()
    assert (after.status, after.configuration) == ("Running", before.configuration)
    assert list(packages.states()) == ["Worker_IN_0", "Worker_IN_1"]


@pytest.mark.parametrize("operation", HANDLERS[1:])
def test_a_reinstallation(packages: Any, azure: Client, operation: str) -> None:
    packages.running()
    packages.ended(handle(azure, operation))
    assert path_of(packages, "Worker_IN_1") == [
        ("StartingVM", "Starting"),
        ("BusyRole", "Started"),
        READY,
    ]
    assert packages.states()["Worker_IN_0"] == READY


@pytest.mark.parametrize("operation", HANDLERS)
def test_instances_of_a_suspended_deployment_stay_down(packages: Any, azure: Client, operation: str) -> None:
    packages.made()
    packages.ended(handle(azure, operation))
    packages.rest()
    assert (packages.read().status, set(packages.states().values())) == ("Suspended", {STOPPED})


def test_a_second_reboot_starts_over(packages: Any, azure: Client) -> None:
    packages.running()
    packages.ended(handle(azure, "reboot_role_instance"))
    packages.wait(25)  # five seconds before it is busy
    handle(azure, "reboot_role_instance")
    packages.wait(50)
    assert packages.states()["Worker_IN_1"] == ("RoleStateUnknown", "Starting")
    packages.rest()
    assert packages.states()["Worker_IN_1"] == READY


@pytest.mark.parametrize("operation", HANDLERS)
def test_what_is_not_there_is_refused(packages: Any, azure: Client, refused: Any, operation: str) -> None:
    with refused(ResourceNotFound, "No deployments were found."):
        handle(azure, operation)
    packages.made()
    with refused(ResourceNotFound, "Role instance Worker_IN_2 was not found in the currently deployed service."):
        handle(azure, operation, "Worker_IN_2")
    with refused(ResourceNotFound, "The deployment name 'other' does not exist."):
        handle(azure, operation, key=DeploymentName("other"))


@pytest.mark.parametrize("operation", HANDLERS)
def test_a_busy_deployment_refuses(packages: Any, azure: Client, refused: Any, operation: str) -> None:
    holder = packages.create().request_id
    with refused(
        ConflictError,
        f"Windows Azure is currently performing an operation with x-ms-requestid {holder} on this deployment that "
        "requires exclusive access.",
    ):
        handle(azure, operation)


def test_a_machine_is_rebooted_as_by_a_restart(packages: Any, azure: Client, refused: Any) -> None:
    azure.create_storage_account(CreateStorageServiceInput(service_name="storage", label="l", location="West US"))
    packages.wait(60)
    machine = PersistentVMRole(
        role_name="vm",
        role_type="PersistentVMRole",
        configuration_sets=(
            LinuxProvisioningConfigurationSet(
                configuration_set_type="LinuxProvisioningConfiguration",
                host_name="machine",
                user_name="azureuser",
                user_password="Placeholder-Passw0rd1",
                disable_ssh_password_authentication=False,
            ),
        ),
        os_virtual_hard_disk=OSVirtualHardDisk(
            media_link="https://storage.blob.core.windows.net/vhds/vm.vhd",
            source_image_name="OpenLogic__OpenLogic-CentOS-62-20120531-en-us-30GB.vhd",
        ),
        role_size="Small",
    )
    body = CreateVirtualMachineDeployment(name="first", deployment_slot="Production", label="l", role_list=(machine,))
    packages.ended(azure.create_virtual_machine_deployment("packages", body))
    packages.rest()
    packages.ended(handle(azure, "reboot_role_instance", "VM"))
    packages.rest()
    assert packages.states() == {"vm": READY}
    found = azure.list_deployment_events("packages", SLOT, "2015-01-01", "2030-01-01")
    assert [one.instance_name for one in found.reboot_events] == ["vm"]
    with refused(ResourceNotFound, "Role instance other was not found in the currently deployed service."):
        handle(azure, "reboot_role_instance", "other")


@pytest.mark.parametrize("operation", HANDLERS[1:])
def test_machines_are_not_reinstalled(packages: Any, azure: Client, refused: Any, operation: str) -> None:
    packages.made()
    packages.turn_into_machines()
    with refused(BadRequest, "The operation is not supported on a deployment that contains virtual machines."):
        handle(azure, operation)


def test_a_rebuild_is_of_all_local_drives(packages: Any, azure: Client) -> None:
    packages.made()
    path = f"/{packages.emulator.subscription}/services/hostedservices/packages/deployments/first/roleinstances/x"
    for query, status in (("?comp=rebuild", 400), ("?comp=rebuild&resources=some", 400)):
        answer = azure.transport.send("POST", path + query, {"x-ms-version": "2014-10-01"}, b"")
        assert answer.status == status
        assert b"MissingOrInvalidRequiredQueryParameter" in answer.body


# -- deleting ---------------------------------------------------------------------------------------------------------


def test_deleted_instances_leave_the_configuration(packages: Any, azure: Client) -> None:
    before = packages.made(configuration=packages.configuration({"Web": 1, "Worker": 12}))
    packages.ended(delete(azure, "worker_in_0", "Worker_IN_11"))
    found = packages.read()
    assert before.configuration is not None
    assert found.configuration == before.configuration.replace(b"count='12'", b"count='10'")
    assert list(packages.states()) == ["Web_IN_0", *(f"Worker_IN_{number}" for number in range(1, 11))]
    packages.change({"Web": 1, "Worker": 11})
    packages.ended()
    assert list(packages.states())[1] == "Worker_IN_0"
    assert len(packages.states()) == 12


def test_a_manual_update_ends_with_its_last_domain(packages: Any, azure: Client) -> None:
    packages.running({"Worker": 3})
    packages.ended(packages.upgrade("Manual", {"Worker": 3}))
    for domain in range(2):
        walked = azure.walk_upgrade_domain("packages", SLOT, WalkUpgradeDomain(upgrade_domain=domain))
        packages.ended(walked)
    assert packages.progress() == ("Manual", "Before", 2)
    packages.ended(delete(azure, "Worker_IN_2"))
    assert (packages.progress(), packages.read().status) == (None, "Running")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ((), "At least one role instance must be named."),
        (("Worker_IN_0", "worker_in_0"), "A role instance is named more than once."),
        (
            ("Worker_IN_0", "Worker_IN_1"),
            "The instances cannot be deleted: the role Worker must keep at least one instance.",
        ),
    ],
)
def test_deletions_that_are_refused(
    packages: Any, azure: Client, refused: Any, names: tuple[str, ...], message: str
) -> None:
    packages.made()
    with refused(BadRequest, message):
        delete(azure, *names)
    with refused(ResourceNotFound, "Role instance other was not found in the currently deployed service."):
        delete(azure, "Worker_IN_0", "other")
    with refused(ResourceNotFound, "No deployments were found."):
        delete(azure, "Worker_IN_0", key=DeploymentSlot("Staging"))


def test_machines_are_not_deleted_as_instances(packages: Any, azure: Client, refused: Any) -> None:
    packages.made()
    packages.turn_into_machines()
    with refused(BadRequest, "The operation is not supported on a deployment that contains virtual machines."):
        delete(azure, "Worker_IN_0")


# -- copying ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("overwrite", [None, False, True])
def test_a_package_can_be_copied(packages: Any, azure: Client, overwrite: bool | None) -> None:
    before = packages.made()
    packages.ended(azure.get_package("packages", SLOT, CONTAINER, overwrite))
    assert packages.read() == before


def test_copies_that_are_refused(packages: Any, azure: Client, refused: Any) -> None:
    with refused(ResourceNotFound, "No deployments were found."):
        azure.get_package("packages", SLOT, CONTAINER)
    packages.made()
    for wrong in ("", "container", "http://storage", "file:///container"):
        with refused(MissingOrInvalidRequiredQueryParameter, MissingOrInvalidRequiredQueryParameter.text):
            azure.get_package("packages", SLOT, wrong)
    packages.turn_into_machines()
    with refused(BadRequest, "The operation is not supported on a deployment that contains virtual machines."):
        azure.get_package("packages", SLOT, CONTAINER)


# -- events -----------------------------------------------------------------------------------------------------------


def test_restarts_are_listed(packages: Any, azure: Client) -> None:
    packages.running()
    begin = packages.emulator.engine.clock.now()
    packages.ended(handle(azure, "reboot_role_instance", "Worker_IN_0"))
    packages.rest()
    packages.ended(handle(azure, "reimage_role_instance", "Worker_IN_1"))
    later = begin + timedelta(hours=1)

    def listed(start: Any, end: Any) -> list[tuple[str, str]]:
        found = azure.list_deployment_events("packages", SLOT, start.isoformat(), f"{end:%Y-%m-%dT%H:%M:%S.0000000Z}")
        return [(one.role_name, one.instance_name) for one in found.reboot_events]

    assert listed(begin, begin + timedelta(hours=3)) == [("Worker", "Worker_IN_0"), ("Worker", "Worker_IN_1")]
    assert listed(begin, begin) == [("Worker", "Worker_IN_0")]
    assert listed(later, later + timedelta(hours=3)) == [("Worker", "Worker_IN_1")]
    found = azure.list_deployment_events("packages", DeploymentName("first"), "2015-01-01", "2030-01-01")
    assert found.reboot_events[0].reboot_start_time == begin


def test_lists_that_are_refused(packages: Any, azure: Client, refused: Any) -> None:
    with refused(ResourceNotFound, "No deployments were found."):
        azure.list_deployment_events("packages", SLOT, "2015-01-01", "2015-01-02")
    packages.made()
    for start, end in (("", "2015-01-01"), ("yesterday", "2015-01-01"), ("2015-01-01", "2015-13-01")):
        with refused(MissingOrInvalidRequiredQueryParameter, MissingOrInvalidRequiredQueryParameter.text):
            azure.list_deployment_events("packages", SLOT, start, end)
    with refused(MissingOrInvalidRequiredQueryParameter, MissingOrInvalidRequiredQueryParameter.text):
        azure.list_deployment_events("packages", SLOT, "0001-01-01T00:00:00+14:00", "2015-01-01")
    with refused(BadRequest, "The end time lies before the start time."):
        azure.list_deployment_events("packages", SLOT, "2015-01-02", "2015-01-01")


def test_suspending_a_deployment_stops_an_instance_that_restarts(packages: Any, azure: Client) -> None:
    packages.running()
    packages.ended(handle(azure, "reboot_role_instance"))
    body = UpdateDeploymentStatus(status="Suspended")
    packages.ended(azure.update_deployment_status("packages", SLOT, body))
    packages.rest()
    assert set(packages.states().values()) == {STOPPED}
