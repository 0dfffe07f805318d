"""Deployments: reading and deleting any, and the life of those made from a package (web and worker roles).

Every operation on a deployment exists by name and by slot; `deployment` is a DeploymentName or a DeploymentSlot.
"""

from __future__ import annotations

from datetime import datetime

from asm_contracts.document import Base64, Base64Bytes, document, element
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
    is_reserved: bool | None = element(default=None, since="2015-02-01")
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
