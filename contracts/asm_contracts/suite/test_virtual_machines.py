"""Virtual machines: how they come, boot, stop, are captured and go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from asm_contracts.areas.virtual_machines import (
    CreateVirtualMachineDeployment,
    RestartRoleOperation,
    ShutdownRolesOperation,
    StartRoleOperation,
    StartRolesOperation,
)
from asm_contracts.evidence import assumed, documented, quoted, recorded
from asm_contracts.operation import DeploymentName
from asm_contracts.roles import NetworkConfigurationSet
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.machines import (
    endpoint,
    instance,
    linux_role,
    machine_parts,
    make_machines,
    os_disk,
    shut_down,
    start,
    state,
    wait_for_state,
)
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import (
    NONE_FOUND,
    PRODUCTION,
    blob,
    make_hosted_service,
    refused,
    refused_with,
    unchanged,
    while_it_goes_on,
)

PAIRS = {
    "RoleStateUnknown": ("Starting", "Started"),
    "CreatingVM": ("Starting", "Stopped"),
    "StartingVM": ("Starting",),
    "Provisioning": ("Started",),
    "BusyRole": ("Started",),
    "ReadyRole": ("Started",),
    "StoppingVM": ("Stopping",),
    "StoppedVM": ("Stopped",),
    "StoppedDeallocated": ("Stopped",),
}
"""Which power states go with an instance status: recorded, and documented for those on the way."""


# -- creating -------------------------------------------------------------------------------------------------------


@recorded("Get Deployment of a machine: slot, label, URL, order, empty elements")
def test_a_created_deployment_is_read_back(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, endpoints=(endpoint("SSH", 22),))
    found = azure.get_deployment(machines.service, machines.deployment)
    assert (found.name, found.deployment_slot, found.status) == (str(machines.deployment), "Production", "Running")
    assert found.label == machines.service
    assert found.url == f"http://{machines.service}.cloudapp.net/"
    assert found.private_id is not None and len(found.private_id) == 32
    assert not found.locked and not found.rollback_allowed
    assert [one.role_name for one in found.role_list or ()] == list(machines.roles)
    assert azure.get_deployment(machines.service, PRODUCTION) == found
    vips = found.virtual_ips or ()
    assert [one.name for one in vips] == [f"{machines.deployment}ContractContract"]
    embedded = azure.get_hosted_service(machines.service, True).deployments or ()
    assert embedded == (found,)


@recorded("the boot of a Linux machine: statuses, pairs with power states, HostName when it is ready")
def test_a_machine_boots(azure: Azure, names: Names) -> None:
    service, account, image = machine_parts(azure, names)
    role, deployment = names.free(), DeploymentName(names.free())
    accepted = azure.create_virtual_machine_deployment(
        service,
        CreateVirtualMachineDeployment(
            name=deployment,
            deployment_slot="Production",
            label=service,
            role_list=(linux_role(role, image, blob(account, role)),),
        ),
    )
    seen: list[str] = []

    def ready() -> bool:
        found = azure.get_deployment(service, deployment)
        if not found.role_instance_list:
            assert found.status == "Deploying" and not seen
            return False
        (one,) = found.role_instance_list
        assert found.status == "Running" and one.instance_status is not None
        assert one.power_state in PAIRS[one.instance_status], (one.instance_status, one.power_state)
        assert one.ip_address, "an instance has its address from the start"
        if not seen or seen[-1] != one.instance_status:
            seen.append(one.instance_status)
        return one.instance_status == "ReadyRole"

    azure.until(ready, "the machine")
    assert azure.ended(accepted).status == "Succeeded"
    (one,) = azure.get_deployment(service, deployment).role_instance_list or ()
    assert one.host_name == role
    order = ["CreatingVM", "StartingVM", "RoleStateUnknown", "Provisioning", "ReadyRole"]
    assert seen == [status for status in order if status in seen], seen


@recorded("the role alone: provisioning sets never come back, nor do passwords")
def test_a_role_is_read_back(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, endpoints=(endpoint("SSH", 2222, 22),), ready=False)
    found = azure.get_role(machines.service, machines.deployment, machines.roles[0])
    assert (found.role_name, found.role_type, found.role_size) == (machines.roles[0], "PersistentVMRole", "Small")
    (network,) = found.configuration_sets or ()
    assert isinstance(network, NetworkConfigurationSet)
    (one,) = network.input_endpoints or ()
    assert (one.name, one.port, one.local_port, one.protocol) == ("SSH", 2222, 22, "tcp")
    assert not one.vip
    assert found.os_virtual_hard_disk is not None
    disk = found.os_virtual_hard_disk
    assert disk.media_link == blob(machines.account, machines.roles[0])
    assert (disk.source_image_name, disk.os, disk.host_caching) == (machines.image, "Linux", "ReadWrite")
    assert (disk.disk_name or "").startswith(f"{machines.deployment}-{machines.roles[0]}-0-")
    assert "Pa55-word" not in repr(found)


@recorded("the OS disk of a machine is attached to its role, and knows the image it came from")
def test_the_disk_of_a_machine(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, ready=False)
    found = azure.get_disk(os_disk(azure, machines, machines.roles[0]))
    assert found.attached_to is not None and found.attached_to.role_name == machines.roles[0]
    assert (found.os, found.source_image_name) == ("Linux", machines.image)


@quoted("The specified deployment slot Production is occupied.")
def test_an_occupied_slot_is_refused(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    role = names.free()
    with (
        unchanged(lambda: azure.get_hosted_service(machines.service, True)),
        refused(409, "ConflictError", "The specified deployment slot Production is occupied."),
    ):
        azure.create_virtual_machine_deployment(
            machines.service,
            CreateVirtualMachineDeployment(
                name=names.free(),
                deployment_slot="Production",
                label="l",
                role_list=(linux_role(role, machines.image, blob(machines.account, role)),),
            ),
        )


@recorded("ports that collide are found out later: 202, then Failed 400, and nothing is left")
def test_colliding_ports_fail_the_operation(azure: Azure, names: Names) -> None:
    service, account, image = machine_parts(azure, names)
    role = names.free()
    ports = (endpoint("one", 22), endpoint("two", 22))
    accepted = azure.create_virtual_machine_deployment(
        service,
        CreateVirtualMachineDeployment(
            name=names.free(),
            deployment_slot="Production",
            label="l",
            role_list=(linux_role(role, image, blob(account, role), endpoints=ports),),
        ),
    )
    ended = azure.ended(accepted)
    assert (ended.status, ended.http_status_code) == ("Failed", 400)
    assert ended.error is not None
    assert ended.error.code == "BadRequest"
    assert ended.error.message == (
        "Port 22 is already in use by one of the endpoints in this deployment. Ensure that the port numbers are unique "
        "across endpoints within a deployment."
    )
    with refused(404, "ResourceNotFound", NONE_FOUND):
        azure.get_deployment(service, PRODUCTION)
    assert not [one for one in azure.list_disks().items if (one.media_link or "").startswith(f"https://{account}.")]
    azure.delete_hosted_service(service)


@documented("what a machine must have: a place in production, a known size, an image that exists, a usable blob")
@pytest.mark.parametrize(
    "wrong",
    [
        lambda body: replace(body, name="under_score"),
        lambda body: replace(body, deployment_slot="Staging"),
        lambda body: replace(body, role_list=(replace(body.role_list[0], role_size="Gigantic"),)),
        lambda body: replace(
            body,
            role_list=(
                replace(
                    body.role_list[0],
                    os_virtual_hard_disk=replace(
                        body.role_list[0].os_virtual_hard_disk, source_image_name="asm-no-image"
                    ),
                ),
            ),
        ),
        lambda body: replace(
            body,
            role_list=(
                replace(
                    body.role_list[0],
                    os_virtual_hard_disk=replace(
                        body.role_list[0].os_virtual_hard_disk, media_link=blob("asmnobodys", "x")
                    ),
                ),
            ),
        ),
        lambda body: replace(body, virtual_network_name="asm-no-network"),
    ],
    ids=["name", "slot", "size", "image", "account", "network"],
)
def test_a_wrong_creation_is_refused(azure: Azure, names: Names, wrong: Any) -> None:
    service, account, image = machine_parts(azure, names)
    role = names.free()
    body = CreateVirtualMachineDeployment(
        name=names.free(),
        deployment_slot="Production",
        label="l",
        role_list=(linux_role(role, image, blob(account, role)),),
    )
    with refused_with(400, 404):
        azure.create_virtual_machine_deployment(service, wrong(body))
    with refused(404, "ResourceNotFound", NONE_FOUND):
        azure.get_deployment(service, PRODUCTION)
    assert not [one for one in azure.list_disks().items if (one.media_link or "").startswith(f"https://{account}.")]


@recorded("a port beyond 65535 is refused at once")
def test_a_port_out_of_range_is_refused(azure: Azure, names: Names) -> None:
    service, account, image = machine_parts(azure, names)
    role = names.free()
    with refused(400, "BadRequest"):
        azure.create_virtual_machine_deployment(
            service,
            CreateVirtualMachineDeployment(
                name=names.free(),
                deployment_slot="Production",
                label="l",
                role_list=(linux_role(role, image, blob(account, role), endpoints=(endpoint("x", 65536, 22),)),),
            ),
        )


@recorded("the refusal names the request that holds the deployment")
def test_a_busy_deployment_refuses_a_second_mutation(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    body = RestartRoleOperation(operation_type="RestartRoleOperation")
    first = azure.restart_role(machines.service, machines.deployment, machines.roles[0], body)
    text = (
        f"Windows Azure is currently performing an operation with x-ms-requestid {first.request_id} on this deployment "
        "that requires exclusive access."
    )
    with while_it_goes_on(azure, first), refused(409, "ConflictError", text):
        azure.restart_role(machines.service, machines.deployment, machines.roles[0], body)
    with while_it_goes_on(azure, first), refused(409, "ConflictError", text):
        azure.delete_deployment(machines.service, machines.deployment)
    assert azure.get_deployment(machines.service, machines.deployment).status == "Running"
    # Another deployment is not concerned, and reading never is.
    other = make_hosted_service(azure, names)
    azure.delete_hosted_service(other)
    azure.wait(first)


# -- power ----------------------------------------------------------------------------------------------------------


@recorded("StoppedVM/Stopped keeps what the instance has; the operation ends when it is so")
def test_stopped(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    (role,) = machines.roles
    before = instance(azure, machines, role)
    shut_down(azure, machines, role)
    after = instance(azure, machines, role)
    assert (after.instance_status, after.power_state) == ("StoppedVM", "Stopped")
    assert (after.ip_address, after.instance_size) == (before.ip_address, before.instance_size)
    found = azure.get_deployment(machines.service, machines.deployment)
    assert found.status == "Running" and found.virtual_ips


@recorded("StoppedDeallocated keeps only names and states; with all of them the deployment is Suspended, without VIP")
def test_deallocated(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    (role,) = machines.roles
    shut_down(azure, machines, role, "StoppedDeallocated")
    after = instance(azure, machines, role)
    assert (after.instance_status, after.power_state) == ("StoppedDeallocated", "Stopped")
    assert not after.ip_address and not after.instance_size and not after.instance_endpoints
    found = azure.get_deployment(machines.service, machines.deployment)
    assert found.status == "Suspended" and not found.virtual_ips
    start(azure, machines, role)
    found = azure.get_deployment(machines.service, machines.deployment)
    assert found.status == "Running" and found.virtual_ips
    assert wait_for_state(azure, machines, role, "ReadyRole").ip_address


@recorded("with one of two deallocated the deployment runs on, and the deallocated one stands last")
def test_one_of_two_deallocated(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, 2)
    first, second = machines.roles
    shut_down(azure, machines, first, "StoppedDeallocated")
    found = azure.get_deployment(machines.service, machines.deployment)
    assert found.status == "Running" and found.virtual_ips
    assert [one.role_name for one in found.role_instance_list or ()] == [second, first]


@recorded("a restart leaves the machine as it was")
def test_restart(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    (role,) = machines.roles
    private_id = azure.get_deployment(machines.service, machines.deployment).private_id
    body = RestartRoleOperation(operation_type="RestartRoleOperation")
    azure.wait(azure.restart_role(machines.service, machines.deployment, role, body))
    assert wait_for_state(azure, machines, role, "ReadyRole").power_state == "Started"
    assert azure.get_deployment(machines.service, machines.deployment).private_id == private_id


@recorded("several machines at once: they stop some time after the operation has ended")
def test_several_at_once(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, 2)
    azure.wait(
        azure.shutdown_roles(
            machines.service,
            machines.deployment,
            ShutdownRolesOperation(
                operation_type="ShutdownRolesOperation", roles=machines.roles, post_shutdown_action="Stopped"
            ),
        )
    )
    for role in machines.roles:
        wait_for_state(azure, machines, role, "StoppedVM")
    azure.wait(
        azure.start_roles(
            machines.service,
            machines.deployment,
            StartRolesOperation(operation_type="StartRolesOperation", roles=machines.roles),
        )
    )
    for role in machines.roles:
        wait_for_state(azure, machines, role, "ReadyRole")


@assumed("starting what runs, and stopping what is stopped, changes nothing")
def test_repeats_change_nothing(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    (role,) = machines.roles
    start(azure, machines, role)
    assert state(azure, machines, role) == ("ReadyRole", "Started")
    shut_down(azure, machines, role)
    shut_down(azure, machines, role)
    assert state(azure, machines, role) == ("StoppedVM", "Stopped")


@recorded("Role ... was not found in the currently deployed service.")
def test_a_role_that_never_was(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, ready=False)
    name = names.free()
    text = f"Role {name} was not found in the currently deployed service."
    with refused(404, "ResourceNotFound", text):
        azure.get_role(machines.service, machines.deployment, name)
    with refused(404, "ResourceNotFound", text):
        azure.delete_role(machines.service, machines.deployment, name)
    with refused(404, "ResourceNotFound", text):
        azure.start_role(
            machines.service, machines.deployment, name, StartRoleOperation(operation_type="StartRoleOperation")
        )


# -- going ----------------------------------------------------------------------------------------------------------


@documented("the owner's rule: a service cannot be deleted while it still has deployments")
def test_a_service_with_deployments_cannot_be_deleted(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    with (
        unchanged(lambda: azure.get_hosted_service(machines.service, True), azure.list_disks),
        refused(409, "ConflictError"),
    ):
        azure.delete_hosted_service(machines.service)
    names.adopt("disk", os_disk(azure, machines, machines.roles[0]))
    azure.wait(azure.delete_deployment(machines.service, machines.deployment))
    azure.delete_hosted_service(machines.service)
    with refused(404, "ResourceNotFound"):
        azure.get_hosted_service(machines.service)


@recorded("without media the disks stay, and are free some time later; the service stays too")
def test_deleting_a_deployment_keeps_the_disks(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    disk = names.adopt("disk", os_disk(azure, machines, machines.roles[0]))
    azure.wait(azure.delete_deployment(machines.service, machines.deployment))
    with refused(404, "ResourceNotFound", NONE_FOUND):
        azure.get_deployment(machines.service, machines.deployment)
    embedded = azure.get_hosted_service(machines.service, True)
    assert not embedded.deployments
    if not azure.lossy:
        assert embedded.deployments == (), "the element stays, empty"
    azure.until(lambda: azure.get_disk(disk).attached_to is None, "the free disk")
    azure.delete_disk(disk)


@documented("with media the disks go too")
def test_deleting_a_deployment_with_media(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    disk = os_disk(azure, machines, machines.roles[0])
    azure.wait(azure.delete_deployment_and_media(machines.service, machines.deployment))
    with refused(404, "ResourceNotFound", NONE_FOUND):
        azure.get_deployment(machines.service, machines.deployment)
    with refused(404, "ResourceNotFound"):
        azure.get_disk(disk)


@documented("a service goes with its deployments, their disks and blobs, when media is asked for")
def test_deleting_a_service_with_media(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    disk = os_disk(azure, machines, machines.roles[0])
    azure.wait(azure.delete_hosted_service_and_media(machines.service))
    with refused(404, "ResourceNotFound"):
        azure.get_hosted_service(machines.service)
    with refused(404, "ResourceNotFound"):
        azure.get_disk(disk)


@documented("StoppedDeallocated is hidden from versions before 2013-06-01")
def test_deallocated_machines_are_hidden_from_old_versions(azure: Azure, raw: Raw, names: Names) -> None:
    machines = make_machines(azure, names)
    path = f"/services/hostedservices/{machines.service}/deployments/{machines.deployment}"
    assert raw.send("GET", path, version="2013-03-01").status == 200
    shut_down(azure, machines, machines.roles[0], "StoppedDeallocated")
    assert raw.send("GET", path, version="2013-06-01").status == 200
    assert raw.send("GET", path, version="2013-03-01").status == 404
