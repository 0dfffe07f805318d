"""A hosted service and a storage account, and machines to put there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.deployments import Deployment
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.areas.virtual_machines import CreateVirtualMachineDeployment
from asm_contracts.operation import Accepted
from asm_contracts.roles import (
    InputEndpoint,
    LinuxProvisioningConfigurationSet,
    NetworkConfigurationSet,
    OSVirtualHardDisk,
    PersistentVMRole,
    RoleInstance,
    WindowsProvisioningConfigurationSet,
)
from asm_emulator.emulator import Emulator

LINUX = "OpenLogic__OpenLogic-CentOS-62-20120531-en-us-30GB.vhd"
WINDOWS = "a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-201505.01-en.us-127GB.vhd"
READY = ("ReadyRole", "Started")
BOOTING = ("RoleStateUnknown", "Starting")
STOPPED = ("StoppedVM", "Stopped")
DEALLOCATED = ("StoppedDeallocated", "Stopped")
"""Status and power of an instance."""
VHDS = "https://disksofvms.blob.core.windows.net/vhds"


@dataclass(frozen=True)
class Machines:
    """What tests of virtual machines do all the time."""

    azure: Client
    emulator: Emulator

    def linux(self, name: str = "vm1", **changes: Any) -> PersistentVMRole:
        """A Linux machine from a platform image; `ports` gives it endpoints, `changes` replaces elements."""
        ports = changes.pop("ports", ())
        settings: dict[str, Any] = {
            "role_name": name,
            "role_type": "PersistentVMRole",
            "configuration_sets": (
                LinuxProvisioningConfigurationSet(
                    configuration_set_type="LinuxProvisioningConfiguration",
                    host_name=f"host-{name}",
                    user_name="azureuser",
                    user_password="Passw0rd",
                    disable_ssh_password_authentication=False,
                ),
                *((self.network(*ports),) if ports else ()),
            ),
            "os_virtual_hard_disk": OSVirtualHardDisk(media_link=f"{VHDS}/{name}.vhd", source_image_name=LINUX),
            "role_size": "Small",
        }
        return PersistentVMRole(**{**settings, **changes})

    def windows(self, name: str = "vm1", **changes: Any) -> PersistentVMRole:
        """A Windows machine from a platform image."""
        return self.linux(
            name,
            configuration_sets=changes.pop(
                "configuration_sets",
                (
                    WindowsProvisioningConfigurationSet(
                        configuration_set_type="WindowsProvisioningConfiguration",
                        computer_name=f"pc-{name}",
                        admin_password="Passw0rd!",
                        admin_username="boss",
                    ),
                ),
            ),
            os_virtual_hard_disk=OSVirtualHardDisk(media_link=f"{VHDS}/{name}.vhd", source_image_name=WINDOWS),
            **changes,
        )

    @staticmethod
    def endpoint(port: int | None, name: str = "", **settings: Any) -> InputEndpoint:
        """An endpoint whose two ports are the same."""
        given = {"local_port": port or 22, "name": name or f"port-{port}", "port": port, "protocol": "tcp", **settings}
        return InputEndpoint(**given)

    def network(self, *ports: int | InputEndpoint, **settings: Any) -> NetworkConfigurationSet:
        """A network configuration with these endpoints."""
        return NetworkConfigurationSet(
            configuration_set_type="NetworkConfiguration",
            input_endpoints=tuple(self.endpoint(one) if isinstance(one, int) else one for one in ports),
            **settings,
        )

    def begin(self, *roles: PersistentVMRole, service: str = "svc", name: str = "dep", **settings: Any) -> Accepted:
        """Ask for a deployment."""
        body = CreateVirtualMachineDeployment(
            name=name, deployment_slot="production", label="a label", role_list=roles, **settings
        )
        return self.azure.create_virtual_machine_deployment(service, body)

    def create(self, *roles: PersistentVMRole, **settings: Any) -> None:
        """Make a deployment and let its machines boot; one Linux machine if none is given."""
        self.end(self.begin(*(roles or (self.linux(),)), **settings))
        self.pass_time(minutes=30)

    def end(self, accepted: Accepted, status: str = "Succeeded", message: str | None = None) -> None:
        """Let an operation come to its end, which must be this one; time stops within a second of it."""
        for _ in range(600):
            found = self.azure.get_operation_status(accepted.request_id)
            if found.status != "InProgress":
                break
            self.pass_time(seconds=1)
        assert (found.status, found.error.message if found.error else None) == (status, message)

    def ended(self, accepted: Accepted) -> str:
        """The id of an operation that has come to its end, whichever it was."""
        for _ in range(600):
            if self.azure.get_operation_status(accepted.request_id).status != "InProgress":
                break
            self.pass_time(seconds=1)
        return accepted.request_id

    def pass_time(self, **span: float) -> None:
        """Move the clock."""
        self.emulator.advance(timedelta(**span))

    def deployment(self, service: str = "svc", name: str = "dep") -> Deployment:
        """The deployment as it is."""
        return self.azure.get_deployment(service, name)

    def instance(self, role: str = "vm1", **where: str) -> RoleInstance:
        """An instance as it is."""
        found = [one for one in self.deployment(**where).role_instance_list or () if one.role_name == role]
        assert len(found) == 1
        return found[0]

    def state(self, role: str = "vm1", **where: str) -> tuple[str | None, str | None]:
        """The status and the power state of an instance."""
        found = self.instance(role, **where)
        return found.instance_status, found.power_state

    def role(self, role: str = "vm1") -> PersistentVMRole:
        """The configuration of a machine."""
        return self.azure.get_role("svc", "dep", role)


@pytest.fixture
def machines(azure: Client, emulator: Emulator) -> Machines:
    azure.create_hosted_service(CreateHostedService(service_name="svc", label="svc", location="West US"))
    azure.create_storage_account(
        CreateStorageServiceInput(
            service_name="disksofvms", label="disks", location="West US", account_type="Standard_LRS"
        )
    )
    emulator.advance(timedelta(minutes=5))
    return Machines(azure, emulator)


@pytest.fixture
def unchanged(emulator: Emulator) -> Callable[[], tuple[object, ...]]:
    """What of the state outlives a failed operation."""

    def look() -> tuple[object, ...]:
        subscription = emulator.engine.state.subscriptions[emulator.subscription]
        return (subscription.disks, subscription.blobs, subscription.hosted_services, subscription.leases)

    return look
