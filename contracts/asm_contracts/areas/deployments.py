"""Deployments: reading and deleting any, and the life of those made from a package (web and worker roles).

Every operation on a deployment exists by name and by slot; `deployment` is a DeploymentName or a DeploymentSlot.
"""

from __future__ import annotations

from datetime import datetime

from asm_contracts.document import Base64, Base64Bytes, Nil, document, element
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, DeploymentKey, DeploymentSlot, operation
from asm_contracts.roles import Dns, LoadBalancer, Role, RoleInstance
from asm_contracts.vocabulary import ExtendedProperty


@document()
class Extension:
    """An extension of the service that roles run."""

    id: str | None = None
    state: str | None = None


@document(name="Role")
class ExtensionRole:
    """The extensions of one role."""

    role_name: str | None = None
    extensions: tuple[Extension, ...] | None = None


@document()
class ExtensionConfiguration:
    """Which extensions run on all roles and which on some."""

    all_roles: tuple[Extension, ...] | None = None
    named_roles: tuple[ExtensionRole, ...] | None = None


@document()
class UpgradeStatus:
    """How far an update has come."""

    upgrade_type: str
    current_upgrade_domain_state: str
    current_upgrade_domain: int


@document()
class VirtualIP:
    """The public address of a deployment."""

    address: str | None = None
    is_dns_programmed: bool | None = None
    name: str | None = None
    is_reserved: bool | None = element(default=None, since="2014-05-01")
    reserved_ip_name: str | None = element(default=None, name="ReservedIPName")


@document(name="PersistentVMDowntime")
class PersistentVMDowntime:
    """Planned maintenance."""

    start_time: datetime | None = None
    end_time: datetime | None = None
    status: str | None = None


@document()
class Deployment:
    """What runs in a slot of a hosted service."""

    name: str | None = None
    deployment_slot: str | None = None
    private_id: str | None = element(default=None, name="PrivateID")
    status: str | None = None
    label: Base64 | None = None
    url: str | None = None
    configuration: Base64Bytes | None = None
    role_instance_list: tuple[RoleInstance, ...] | None = None
    upgrade_status: UpgradeStatus | None = None
    upgrade_domain_count: int | None = element(default=None, since="2011-06-01")
    role_list: tuple[Role, ...] | None = None
    sdk_version: str | None = element(default=None, since="2011-06-01")
    locked: bool | None = element(default=None, since="2011-06-01")
    rollback_allowed: bool | None = element(default=None, since="2011-06-01")
    virtual_network_name: str | None = element(default=None, since="2012-03-01")
    created_time: datetime | None = element(default=None, since="2012-03-01")
    last_modified_time: datetime | None = element(default=None, since="2012-03-01")
    extended_properties: tuple[ExtendedProperty, ...] | None = element(default=None, since="2012-03-01")
    dns: Dns | None = element(default=None, since="2012-03-01")
    persistent_vm_downtime: PersistentVMDowntime | None = element(default=None, name="PersistentVMDowntime")
    extension_configuration: ExtensionConfiguration | None = element(default=None, since="2013-03-01")
    virtual_ips: tuple[VirtualIP, ...] | None = element(default=None, name="VirtualIPs", since="2013-08-01")
    reserved_ip_name: str | None = element(default=None, name="ReservedIPName", since="2014-05-01")
    internal_dns_suffix: str | None = element(default=None, since="2013-10-01")
    load_balancers: tuple[LoadBalancer, ...] | None = element(default=None, since="2014-05-01")
    virtual_network_id: str | None = element(default=None, since="2017-01-01")
    migration_state: str | None = element(default=None, since="2016-03-01")


@document()
class CreateDeployment:
    """A package to run in a slot.  Without `start_deployment` it stays suspended."""

    name: str
    package_url: str
    label: Base64
    configuration: Base64Bytes
    start_deployment: bool | None = None
    treat_warnings_as_error: bool | None = None
    extended_properties: tuple[ExtendedProperty, ...] | None = None
    extension_configuration: ExtensionConfiguration | None = None


@document()
class ChangeConfiguration:
    """Another service configuration; `mode` is Auto (default), Manual or Simultaneous (since 2013-03-01)."""

    configuration: Base64Bytes
    treat_warnings_as_error: bool | None = None
    mode: str | None = None
    extended_properties: tuple[ExtendedProperty, ...] | None = None
    extension_configuration: ExtensionConfiguration | None = None


@document()
class UpdateDeploymentStatus:
    """What the deployment shall be: Running or Suspended."""

    status: str


@document()
class UpgradeDeployment:
    """Another package, for all roles or for one; modes as for a change of configuration."""

    mode: str
    package_url: str
    configuration: Base64Bytes
    label: Base64
    role_to_upgrade: str | Nil | None = None
    treat_warnings_as_error: bool | None = None
    force: bool | None = None
    extended_properties: tuple[ExtendedProperty, ...] | None = None
    extension_configuration: ExtensionConfiguration | None = None


@document()
class WalkUpgradeDomain:
    """The domain to update next; they count from 0."""

    upgrade_domain: int


@document()
class RollbackUpdateOrUpgrade:
    """How an update is taken back: `mode` is Auto or Manual."""

    mode: str
    force: bool | None = None


@document()
class Swap:
    """The names of the deployments in production (none if it is empty) and in staging."""

    production: str | Nil | None = None
    source_deployment: str


@document()
class RoleInstances:
    """Names of role instances."""

    names: tuple[str, ...] = element(default=(), item="Name", flat=True)


@document()
class RebootEvent:
    """A restart of a role instance."""

    role_name: str
    instance_name: str
    reboot_reason: str
    reboot_start_time: datetime


@document()
class DeploymentEventCollection:
    """What happened to a deployment's instances; the token, if any, asks for the next page."""

    reboot_events: tuple[RebootEvent, ...]
    continuation_token: str | None = None


class DeploymentContract(Contract):
    """Deployments in the slots of a hosted service."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/deploymentslots/{slot}",
        since="2009-10-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def create_deployment(self, service_name: str, slot: DeploymentSlot, body: CreateDeployment) -> Accepted:
        """Run a package in an empty slot."""

    @operation(
        "GET", "/services/hostedservices/{service_name}/{deployment}", since="2009-10-01", errors=(ResourceNotFound,)
    )
    def get_deployment(self, service_name: str, deployment: DeploymentKey) -> Deployment:
        """Read a deployment with its roles and the states of their instances."""

    @operation(
        "DELETE",
        "/services/hostedservices/{service_name}/{deployment}",
        since="2009-10-01",
        errors=(ConflictError, ResourceNotFound),
    )
    def delete_deployment(self, service_name: str, deployment: DeploymentKey) -> Accepted:
        """Delete a deployment; the disks of its machines stay."""

    @operation(
        "DELETE",
        "/services/hostedservices/{service_name}/{deployment}?comp=media",
        since="2013-08-01",
        errors=(ConflictError, ResourceNotFound),
    )
    def delete_deployment_and_media(self, service_name: str, deployment: DeploymentKey) -> Accepted:
        """Delete a deployment, the disks of its machines and the blobs behind them."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}?comp=config",
        since="2009-10-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def change_deployment_configuration(
        self, service_name: str, deployment: DeploymentKey, body: ChangeConfiguration
    ) -> Accepted:
        """Give a package deployment another service configuration."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}?comp=status",
        since="2009-10-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def update_deployment_status(
        self, service_name: str, deployment: DeploymentKey, body: UpdateDeploymentStatus
    ) -> Accepted:
        """Run or suspend a package deployment."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}?comp=upgrade",
        since="2009-10-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def upgrade_deployment(self, service_name: str, deployment: DeploymentKey, body: UpgradeDeployment) -> Accepted:
        """Put another package in the place of a deployment's, domain by domain."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}?comp=walkupgradedomain",
        since="2009-10-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def walk_upgrade_domain(self, service_name: str, deployment: DeploymentKey, body: WalkUpgradeDomain) -> Accepted:
        """Update the next domain of a manual update."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}?comp=rollback",
        since="2011-10-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def rollback_update_or_upgrade(
        self, service_name: str, deployment: DeploymentKey, body: RollbackUpdateOrUpgrade
    ) -> Accepted:
        """Take back an update that is in progress."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}",
        since="2009-10-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def swap_deployment(self, service_name: str, body: Swap) -> Accepted:
        """Exchange the deployments in production and staging; the virtual IPs stay with the slots."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roleinstances/{instance_name}?comp=reboot",
        since="2010-10-28",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def reboot_role_instance(self, service_name: str, deployment: DeploymentKey, instance_name: str) -> Accepted:
        """Restart a role instance."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roleinstances/{instance_name}?comp=reimage",
        since="2010-10-28",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def reimage_role_instance(self, service_name: str, deployment: DeploymentKey, instance_name: str) -> Accepted:
        """Reinstall the operating system of a package's role instance; its local storage is kept."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roleinstances/{instance_name}"
        "?comp=rebuild&resources=allLocalDrives",
        since="2013-06-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def rebuild_role_instance(self, service_name: str, deployment: DeploymentKey, instance_name: str) -> Accepted:
        """Reinstall a package's role instance and its local drives."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/roleinstances?comp=delete",
        since="2013-08-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def delete_role_instances(self, service_name: str, deployment: DeploymentKey, body: RoleInstances) -> Accepted:
        """Delete instances of a package deployment; its configuration counts fewer then."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/{deployment}/package"
        "?containerUri={container_uri}&overwriteExisting={overwrite_existing}",
        since="2012-03-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def get_package(
        self,
        service_name: str,
        deployment: DeploymentKey,
        container_uri: str,
        overwrite_existing: bool | None = None,
    ) -> Accepted:
        """Copy a deployment's package and configuration to a blob container."""

    @operation(
        "GET",
        "/services/hostedservices/{service_name}/{deployment}/events?starttime={start_time}&endtime={end_time}",
        since="2009-10-01",
        errors=(BadRequest, ResourceNotFound),
    )
    def list_deployment_events(
        self, service_name: str, deployment: DeploymentKey, start_time: str, end_time: str
    ) -> DeploymentEventCollection:
        """List the restarts of a deployment's role instances in a span of time (ISO 8601, UTC)."""
