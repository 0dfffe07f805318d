"""Virtual machines: creating, reading, changing, starting, stopping, capturing and deleting them.

Several operations share ``roleinstances/{name}/Operations`` and are told apart by the root of their document.
"""

from __future__ import annotations

from asm_contracts.document import document, element
from asm_contracts.errors import BadRequest, ConflictError, InternalError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, DeploymentKey, RawBody, operation
from asm_contracts.roles import (
    ConfigurationSet,
    DataVirtualHardDisk,
    Dns,
    DnsServer,
    InputEndpoint,
    LoadBalancer,
    PersistentVMRole,
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


@document()
class StartRoleOperation:
    """Start a machine."""

    operation_type: str | None = None


@document()
class RestartRoleOperation:
    """Restart a machine."""

    operation_type: str | None = None


@document()
class ShutdownRoleOperation:
    """Shut a machine down: ``Stopped`` (the default) keeps its place, ``StoppedDeallocated`` gives it up."""

    operation_type: str | None = None
    post_shutdown_action: str | None = None


@document()
class CaptureRoleOperation:
    """Make an OS image of a machine, then ``Delete`` or ``Reprovision`` it."""

    operation_type: str | None = None
    post_capture_action: str
    provisioning_configuration: ConfigurationSet | None = None
    target_image_label: str
    target_image_name: str


@document()
class CaptureRoleAsVMImageOperation:
    """Make a VM image of a machine and its data disks: ``Specialized`` keeps the machine, ``Generalized`` does not."""

    operation_type: str | None = None
    os_state: str
    vm_image_name: str
    vm_image_label: str | None = None
    description: str | None = None
    language: str | None = None
    image_family: str | None = None
    recommended_vm_size: str | None = None


@document()
class RedeployRoleOperation:
    """Move a machine to another host."""

    operation_type: str | None = None


@document()
class PerformMaintenanceOnRoleOperation:
    """Let planned maintenance of a machine's host happen now."""

    operation_type: str | None = None


@document()
class StartRolesOperation:
    """Start several machines of a deployment."""

    operation_type: str | None = None
    roles: tuple[str, ...] = element(item="Name")


@document()
class ShutdownRolesOperation:
    """Shut several machines of a deployment down; what follows must be said."""

    operation_type: str | None = None
    roles: tuple[str, ...] = element(item="Name")
    post_shutdown_action: str


@document()
class LoadBalancedEndpointList:
    """The settings that the endpoints of load-balanced sets share, one endpoint a set."""

    endpoints: tuple[InputEndpoint, ...] = element(default=(), flat=True)


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

    # -- roles --------------------------------------------------------------------------------------------------------

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roles",
        since="2012-03-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def add_role(self, service_name: str, deployment: DeploymentKey, body: PersistentVMRole) -> Accepted:
        """Add a virtual machine to a deployment of virtual machines."""

    @operation(
        "GET",
        "/services/hostedservices/{service_name}/{deployment}/roles/{role_name}",
        since="2012-03-01",
        errors=(ResourceNotFound,),
    )
    def get_role(self, service_name: str, deployment: DeploymentKey, role_name: str) -> PersistentVMRole:
        """Read the configuration of a virtual machine."""

    @operation(
        "PUT",
        "/services/hostedservices/{service_name}/{deployment}/roles/{role_name}",
        since="2012-03-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def update_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: PersistentVMRole
    ) -> Accepted:
        """Change a virtual machine's network configuration, size, extensions or data disks; its OS disk stays."""

    @operation(
        "DELETE",
        "/services/hostedservices/{service_name}/{deployment}/roles/{role_name}",
        since="2012-03-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def delete_role(self, service_name: str, deployment: DeploymentKey, role_name: str) -> Accepted:
        """Delete a virtual machine that is not the only one; its disks stay."""

    @operation(
        "DELETE",
        "/services/hostedservices/{service_name}/{deployment}/roles/{role_name}?comp=media",
        since="2013-08-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def delete_role_and_media(self, service_name: str, deployment: DeploymentKey, role_name: str) -> Accepted:
        """Delete a virtual machine that is not the only one, its disks and the blobs behind them."""

    # -- power --------------------------------------------------------------------------------------------------------

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roleinstances/{role_name}/Operations",
        since="2012-03-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def start_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: StartRoleOperation
    ) -> Accepted:
        """Start a virtual machine."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roleinstances/{role_name}/Operations",
        since="2012-03-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def restart_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: RestartRoleOperation
    ) -> Accepted:
        """Restart a virtual machine in place."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roleinstances/{role_name}/Operations",
        since="2012-03-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def shutdown_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: ShutdownRoleOperation
    ) -> Accepted:
        """Shut a virtual machine down."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roles/Operations",
        since="2013-06-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def start_roles(self, service_name: str, deployment: DeploymentKey, body: StartRolesOperation) -> Accepted:
        """Start several virtual machines of a deployment."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roles/Operations",
        since="2013-06-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def shutdown_roles(self, service_name: str, deployment: DeploymentKey, body: ShutdownRolesOperation) -> Accepted:
        """Shut several virtual machines of a deployment down; they stop some time after the operation has ended."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roleinstances/{role_name}/Operations",
        since="2017-01-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def redeploy_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: RedeployRoleOperation
    ) -> Accepted:
        """Move a virtual machine to another host and start it there."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roleinstances/{role_name}/Operations",
        since="2017-01-01",
        errors=(BadRequest, ConflictError, InternalError, ResourceNotFound),
    )
    def perform_maintenance_on_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: PerformMaintenanceOnRoleOperation
    ) -> Accepted:
        """Start the planned maintenance of a virtual machine; InternalError when none is due."""

    # -- capturing ----------------------------------------------------------------------------------------------------

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roleinstances/{role_name}/Operations",
        since="2012-03-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def capture_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: CaptureRoleOperation
    ) -> Accepted:
        """Make an OS image of a generalised, stopped virtual machine."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roleinstances/{role_name}/Operations",
        since="2014-05-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def capture_vm_image(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: CaptureRoleAsVMImageOperation
    ) -> Accepted:
        """Make a VM image of a virtual machine and all of its disks."""

    # -- data disks ---------------------------------------------------------------------------------------------------

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roles/{role_name}/DataDisks",
        since="2012-03-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def add_data_disk(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: DataVirtualHardDisk
    ) -> Accepted:
        """Attach a data disk: an empty one, a registered one, or one made from a blob."""

    @operation(
        "GET",
        "/services/hostedservices/{service_name}/{deployment}/roles/{role_name}/DataDisks/{lun}",
        since="2012-03-01",
        errors=(ResourceNotFound,),
    )
    def get_data_disk(
        self, service_name: str, deployment: DeploymentKey, role_name: str, lun: int
    ) -> DataVirtualHardDisk:
        """Read the data disk on a logical unit."""

    @operation(
        "PUT",
        "/services/hostedservices/{service_name}/{deployment}/roles/{role_name}/DataDisks/{lun}",
        since="2012-03-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def update_data_disk(
        self, service_name: str, deployment: DeploymentKey, role_name: str, lun: int, body: DataVirtualHardDisk
    ) -> None:
        """Change a data disk's caching, label or logical unit."""

    @operation(
        "DELETE",
        "/services/hostedservices/{service_name}/{deployment}/roles/{role_name}/DataDisks/{lun}",
        since="2012-03-01",
        errors=(ConflictError, ResourceNotFound),
    )
    def delete_data_disk(self, service_name: str, deployment: DeploymentKey, role_name: str, lun: int) -> Accepted:
        """Detach a data disk; it stays registered."""

    @operation(
        "DELETE",
        "/services/hostedservices/{service_name}/{deployment}/roles/{role_name}/DataDisks/{lun}?comp=media",
        since="2013-08-01",
        errors=(ConflictError, ResourceNotFound),
    )
    def delete_data_disk_and_media(
        self, service_name: str, deployment: DeploymentKey, role_name: str, lun: int
    ) -> Accepted:
        """Detach a data disk and delete it with its blob."""

    # -- name servers, load balancers, endpoints ----------------------------------------------------------------------

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/dnsservers",
        since="2014-02-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def add_dns_server(self, service_name: str, deployment: DeploymentKey, body: DnsServer) -> Accepted:
        """Add a name server to a deployment."""

    @operation(
        "PUT",
        "/services/hostedservices/{service_name}/{deployment}/dnsservers/{dns_server_name}",
        since="2014-02-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def update_dns_server(
        self, service_name: str, deployment: DeploymentKey, dns_server_name: str, body: DnsServer
    ) -> Accepted:
        """Change the address of a name server."""

    @operation(
        "DELETE",
        "/services/hostedservices/{service_name}/{deployment}/dnsservers/{dns_server_name}",
        since="2014-02-01",
        errors=(ConflictError, ResourceNotFound),
    )
    def delete_dns_server(self, service_name: str, deployment: DeploymentKey, dns_server_name: str) -> Accepted:
        """Take a name server from a deployment."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/loadbalancers",
        since="2014-05-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def add_load_balancer(self, service_name: str, deployment: DeploymentKey, body: LoadBalancer) -> Accepted:
        """Give a deployment its internal load balancer."""

    @operation(
        "PUT",
        "/services/hostedservices/{service_name}/{deployment}/loadbalancers/{load_balancer_name}",
        since="2014-05-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def update_load_balancer(
        self, service_name: str, deployment: DeploymentKey, load_balancer_name: str, body: LoadBalancer
    ) -> Accepted:
        """Change where the internal load balancer listens."""

    @operation(
        "DELETE",
        "/services/hostedservices/{service_name}/{deployment}/loadbalancers/{load_balancer_name}",
        since="2014-05-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def delete_load_balancer(self, service_name: str, deployment: DeploymentKey, load_balancer_name: str) -> Accepted:
        """Take the internal load balancer from a deployment."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}?comp=UpdateLbSet",
        since="2013-08-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def update_load_balanced_endpoint_set(
        self, service_name: str, deployment: DeploymentKey, body: LoadBalancedEndpointList
    ) -> Accepted:
        """Change the settings that all endpoints of a load-balanced set share."""

    @operation(
        "GET",
        "/services/hostedservices/{service_name}/{deployment}/roleinstances/{instance_name}/ModelFile?FileType=RDP",
        since="2012-03-01",
        errors=(BadRequest, ResourceNotFound),
    )
    def get_rdp_file(self, service_name: str, deployment: DeploymentKey, instance_name: str) -> RawBody:
        """Download the file with which a remote desktop client connects."""
