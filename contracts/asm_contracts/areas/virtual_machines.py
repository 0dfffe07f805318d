"""Virtual machines: creating, reading, starting, stopping and capturing them."""

from __future__ import annotations

from asm_contracts.document import document, element
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, DeploymentKey, operation
from asm_contracts.roles import (
    Dns,
    LinuxProvisioningConfigurationSet,
    LoadBalancer,
    PersistentVMRole,
    WindowsProvisioningConfigurationSet,
)


@document(name="Deployment")
class CreateVirtualMachineDeployment:
    """The first virtual machine (or machines) of a hosted service.  The label arrives as plain text."""

    name: str
    deployment_slot: str
    label: str
    role_list: tuple[PersistentVMRole, ...] = element(item="Role")
    virtual_network_name: str | None = None
    dns: Dns | None = None
    reserved_ip_name: str | None = element(default=None, name="ReservedIPName")
    load_balancers: tuple[LoadBalancer, ...] | None = None


class VirtualMachineContract(Contract):
    """Virtual machines, as roles of a deployment in the production slot."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/deployments",
        since="2012-03-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def create_virtual_machine_deployment(self, service_name: str, body: CreateVirtualMachineDeployment) -> Accepted:
        """Create a deployment with its first virtual machines."""

    @operation(
        "GET",
        "/services/hostedservices/{service_name}/{deployment}/roles/{role_name}",
        since="2012-03-01",
        errors=(ResourceNotFound,),
    )
    def get_role(self, service_name: str, deployment: DeploymentKey, role_name: str) -> PersistentVMRole:
        """Read the configuration of a virtual machine."""
