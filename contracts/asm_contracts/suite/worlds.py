"""What tests begin with: services, accounts and machines made the way the published clients make them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pytest

from asm_contracts.areas.affinity_groups import CreateAffinityGroup
from asm_contracts.areas.disks import AddDisk
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.images import AddOSImage
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.areas.virtual_machines import CreateVirtualMachineDeployment
from asm_contracts.errors import ServiceError
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

LOCATION: Final = "West US"
"""A location that every subscription had."""


@dataclass(slots=True)
class Refusal:
    """A refusal that a test expected, once it has come."""

    error: ServiceError | None = None

    @property
    def message(self) -> str:
        """The message of the refusal."""
        assert self.error is not None
        return self.error.message


@contextmanager
def refused(status: int, code: str, message: str | None = None) -> Iterator[Refusal]:
    """What is inside must be refused with this status and code, and this exact message where one is given."""
    found = Refusal()
    with pytest.raises(ServiceError) as raised:
        yield found
    found.error = raised.value
    assert (raised.value.http_status, raised.value.error_code) == (status, code), str(raised.value)
    if message is not None:
        assert raised.value.message == message


@contextmanager
def unchanged(*looks: Callable[[], Any]) -> Iterator[None]:
    """What is inside changes nothing that these look at."""
    before = [_seen(look) for look in looks]
    yield
    assert [_seen(look) for look in looks] == before


def _seen(look: Callable[[], Any]) -> Any:
    try:
        return look()
    except ServiceError as refusal:
        return refusal.http_status, refusal.error_code, refusal.message


def make_hosted_service(azure: Azure, names: Names, **extra: Any) -> str:
    """A hosted service in `LOCATION`, and its name."""
    name = names.hosted_service()
    given: dict[str, Any] = {"service_name": name, "label": name, "location": LOCATION}
    if "affinity_group" in extra:
        del given["location"]
    azure.create_hosted_service(CreateHostedService(**(given | extra)))
    return name


# -- accounts, images, disks ------------------------------------------------------------------------------------------


def make_storage_account(azure: Azure, names: Names, **extra: Any) -> str:
    """A storage account in `LOCATION`, and its name."""
    name = names.storage_account()
    given: dict[str, Any] = {"service_name": name, "label": name, "location": LOCATION}
    if "affinity_group" in extra:
        del given["location"]
    azure.wait(azure.create_storage_account(CreateStorageServiceInput(**(given | extra))))
    return name


def make_affinity_group(azure: Azure, names: Names) -> str:
    """An affinity group in `LOCATION`, and its name."""
    name = names.affinity_group()
    azure.create_affinity_group(CreateAffinityGroup(name=name, label=name, location=LOCATION))
    return name


def blob(account: str, name: str) -> str:
    """The address of a VHD in an account."""
    return f"https://{account}.blob.core.windows.net/vhds/{name}.vhd"


def make_os_image(azure: Azure, names: Names, account: str, os: str = "Linux") -> str:
    """An OS image of a VHD in an account, and its name."""
    name = names.os_image()
    azure.add_os_image(AddOSImage(label=name, media_link=blob(account, name), name=name, os=os))
    return name


def make_disk(azure: Azure, names: Names, account: str, os: str | None = None) -> str:
    """A disk of a VHD in an account, and its name."""
    name = names.disk()
    azure.add_disk(AddDisk(label=name, media_link=blob(account, name), name=name, os=os))
    return name


# -- virtual machines ------------------------------------------------------------------------------------------------


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
