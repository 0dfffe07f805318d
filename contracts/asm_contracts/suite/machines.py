"""Virtual machines for tests: made, waited for, shut down, captured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from asm_contracts.areas.virtual_machines import (
    CaptureRoleAsVMImageOperation,
    CaptureRoleOperation,
    CreateVirtualMachineDeployment,
    ShutdownRoleOperation,
    StartRoleOperation,
)
from asm_contracts.operation import DeploymentName
from asm_contracts.roles import (
    ConfigurationSet,
    DataVirtualHardDisk,
    InputEndpoint,
    LinuxProvisioningConfigurationSet,
    NetworkConfigurationSet,
    OSVirtualHardDisk,
    PersistentVMRole,
    RoleInstance,
)
from asm_contracts.suite.azure import Azure, NotServed
from asm_contracts.suite.driver import NotExpressible
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import (
    NONE_FOUND,
    PRODUCTION,
    blob,
    make_affinity_group,
    make_disk,
    make_hosted_service,
    make_os_image,
    make_storage_account,
    refused,
)


def one_machine(
    names: Names, role: PersistentVMRole, reserved_ip_name: str | None = None
) -> CreateVirtualMachineDeployment:
    """A deployment of this machine alone."""
    return CreateVirtualMachineDeployment(
        name=names.free(),
        deployment_slot="Production",
        label="l",
        role_list=(role,),
        reserved_ip_name=reserved_ip_name,
    )


@contextmanager
def nothing_made(azure: Azure, service: str) -> Iterator[None]:
    """Whatever happens, a service without a deployment in production is without one afterwards."""
    yield
    with refused(404, "ResourceNotFound", NONE_FOUND):
        azure.get_deployment(service, PRODUCTION)


def linux_role(
    name: str,
    image: str,
    media_link: str,
    *,
    size: str = "Small",
    endpoints: tuple[InputEndpoint, ...] = (),
    disks: tuple[DataVirtualHardDisk, ...] = (),
) -> PersistentVMRole:
    """A Linux machine, with what the published clients give one."""
    sets: tuple[ConfigurationSet, ...] = (
        LinuxProvisioningConfigurationSet(
            configuration_set_type="LinuxProvisioningConfiguration",
            host_name=name,
            user_name="azureuser",
            user_password="Pa55-word",
            disable_ssh_password_authentication=False,
        ),
    )
    if endpoints:
        sets = (
            *sets,
            NetworkConfigurationSet(configuration_set_type="NetworkConfiguration", input_endpoints=endpoints),
        )
    return PersistentVMRole(
        role_name=name,
        role_type="PersistentVMRole",
        configuration_sets=sets,
        data_virtual_hard_disks=disks or None,
        os_virtual_hard_disk=OSVirtualHardDisk(media_link=media_link, source_image_name=image),
        role_size=size,
    )


def endpoint(name: str, port: int, local_port: int | None = None, protocol: str = "tcp") -> InputEndpoint:
    """A port of the deployment's address that leads to the machine."""
    return InputEndpoint(local_port=local_port or port, name=name, port=port, protocol=protocol)


@dataclass(frozen=True, slots=True)
class Machines:
    """A hosted service with a deployment of virtual machines."""

    service: str
    deployment: DeploymentName
    roles: tuple[str, ...]
    account: str
    image: str


def machine_parts(azure: Azure, names: Names) -> tuple[str, str, str]:
    """A hosted service, a storage account and an image: what a machine needs."""
    account = make_storage_account(azure, names)
    image = make_os_image(azure, names, account)
    return make_hosted_service(azure, names), account, image


def make_machines(
    azure: Azure,
    names: Names,
    count: int = 1,
    *,
    ready: bool = True,
    endpoints: tuple[InputEndpoint, ...] = (),
    disks: tuple[DataVirtualHardDisk, ...] = (),
) -> Machines:
    """A deployment of Linux machines; `ready` waits until all have booted.  Endpoints and disks are the first one's."""
    service, account, image = machine_parts(azure, names)
    roles = tuple(names.free() for _ in range(count))
    body = CreateVirtualMachineDeployment(
        name=names.free(),
        deployment_slot="Production",
        label=service,
        role_list=(linux_role(roles[0], image, blob(account, roles[0]), endpoints=endpoints, disks=disks),),
    )
    azure.wait(azure.create_virtual_machine_deployment(service, body))
    made = Machines(service, DeploymentName(body.name), roles, account, image)
    for role in roles[1:]:
        azure.wait(azure.add_role(service, made.deployment, linux_role(role, image, blob(account, role))))
    if ready:
        for role in roles:
            wait_for_state(azure, made, role, "ReadyRole")
    return made


def instance(azure: Azure, machines: Machines, role: str) -> RoleInstance:
    """The instance of a machine, as its deployment lists it; AssertionError if it has none."""
    found = azure.get_deployment(machines.service, machines.deployment).role_instance_list or ()
    of_role = [one for one in found if one.role_name == role]
    assert len(of_role) == 1, f"{role} has {len(of_role)} instances"
    return of_role[0]


def wait_for_state(azure: Azure, machines: Machines, role: str, status: str) -> RoleInstance:
    """The instance of a machine when it has come to a state."""

    def look() -> RoleInstance | None:
        found = azure.get_deployment(machines.service, machines.deployment).role_instance_list or ()
        return next((one for one in found if one.role_name == role and one.instance_status == status), None)

    return azure.until(look, f"state {status} of {role}")


def os_disk(azure: Azure, machines: Machines, role: str) -> str:
    """The name of a machine's OS disk."""
    found = azure.get_role(machines.service, machines.deployment, role).os_virtual_hard_disk
    assert found is not None and found.disk_name
    return found.disk_name


# -- what becomes of them ---------------------------------------------------------------------------------------------


def shut_down(azure: Azure, machines: Machines, role: str, action: str = "Stopped") -> None:
    """Shut a machine down and wait for the end of the operation."""
    body = ShutdownRoleOperation(operation_type="ShutdownRoleOperation", post_shutdown_action=action)
    azure.wait(azure.shutdown_role(machines.service, machines.deployment, role, body))


def start(azure: Azure, machines: Machines, role: str) -> None:
    """Start a machine and wait for the end of the operation."""
    body = StartRoleOperation(operation_type="StartRoleOperation")
    azure.wait(azure.start_role(machines.service, machines.deployment, role, body))


def capture(azure: Azure, machines: Machines, role: str, image: str) -> None:
    """Make an OS image of a machine, which is deleted."""
    body = CaptureRoleOperation(
        operation_type="CaptureRoleOperation",
        post_capture_action="Delete",
        target_image_label=image,
        target_image_name=image,
    )
    azure.wait(azure.capture_role(machines.service, machines.deployment, role, body))


def capture_vm(azure: Azure, machines: Machines, role: str, image: str, state: str) -> None:
    """Make a VM image of a machine."""
    body = CaptureRoleAsVMImageOperation(
        operation_type="CaptureRoleAsVMImageOperation", os_state=state, vm_image_name=image, vm_image_label=image
    )
    azure.wait(azure.capture_vm_image(machines.service, machines.deployment, role, body))


def state(azure: Azure, machines: Machines, role: str) -> tuple[str | None, str | None]:
    """Instance status and power state of a machine."""
    found = instance(azure, machines, role)
    return found.instance_status, found.power_state


# -- one of everything -------------------------------------------------------------------------------------------------


def make_world(azure: Azure, names: Names) -> dict[str, str]:
    """One resource of every kind that the endpoint serves and the driver can make, by the path word before its name."""
    world: dict[str, str] = {}

    def have(word: str, make: Callable[[], str]) -> None:
        try:
            world[word] = make()
        except (NotServed, NotExpressible):
            pass

    have("hostedservices", lambda: make_hosted_service(azure, names))
    have("storageservices", lambda: make_storage_account(azure, names))
    have("affinitygroups", lambda: make_affinity_group(azure, names))
    if "storageservices" in world:
        account = world["storageservices"]
        have("images", lambda: make_os_image(azure, names, account))
        have("disks", lambda: make_disk(azure, names, account))
    try:
        machines = make_machines(azure, names, ready=False)
    except (NotServed, NotExpressible):
        return world
    world |= {
        "hostedservices": machines.service,
        "deployments": machines.deployment,
        "roles": machines.roles[0],
        "roleinstances": machines.roles[0],
        "images": machines.image,
    }
    azure.until(lambda: instance(azure, machines, machines.roles[0]).instance_status == "ReadyRole", "the machine")
    return world
