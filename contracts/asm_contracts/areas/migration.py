"""Migration to Azure Resource Manager: validate, prepare, then commit or abort, for one resource and what is in it.

The resources stay as they are while they are prepared; committed ones leave this service.
"""

from __future__ import annotations

from asm_contracts.document import document, element
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, operation

SINCE = "2016-03-01"
DEPLOYMENT = "/services/hostedservices/{service_name}/deployments/{deployment_name}/migration"
VIRTUAL_NETWORK = "/services/networking/virtualnetwork/{virtual_network_name}/migration"
SECURITY_GROUP = "/services/networking/networksecuritygroups/{network_security_group_name}/migration"
RESERVED_IP = "/services/networking/reservedips/{name}/migration"
ROUTE_TABLE = "/services/networking/routetables/{route_table_name}/migration"
STORAGE = "/services/storageservices/{service_name}/migration"
REFUSALS = (BadRequest, ConflictError, ResourceNotFound)


@document()
class DeploymentNetworkResource:
    """The network of Azure Resource Manager that a deployment is to be in: a new one, or the one that is named."""

    resource_group_name: str | None = element(default=None, anywhere=True)
    virtual_network_name: str | None = element(default=None, anywhere=True)
    sub_net_name: str | None = element(default=None, anywhere=True)
    destination_virtual_network: str | None = element(default=None, anywhere=True)


@document()
class ValidationMessage:
    """Something about a migration to know: `category` is ``Error``, ``Warning`` or ``Information``."""

    resource_type: str
    resource_name: str
    category: str
    message: str
    virtual_machine: str | None = None


@document()
class ValidationMessages:
    """What stands in the way of a migration; nothing if it is empty."""

    items: tuple[ValidationMessage, ...] = element(default=(), flat=True)


class MigrationContract(Contract):
    """Move resources to Azure Resource Manager."""

    @operation("POST", f"{DEPLOYMENT}?comp=validate", since=SINCE)
    def validate_deployment_migration(self, service_name: str, deployment_name: str) -> ValidationMessages:
        """Ask what stands in the way of migrating a deployment."""

    @operation("POST", f"{DEPLOYMENT}?comp=validate", since=SINCE)
    def validate_deployment_migration_to_network(
        self, service_name: str, deployment_name: str, body: DeploymentNetworkResource
    ) -> ValidationMessages:
        """Ask what stands in the way of migrating a deployment into a network."""

    @operation("POST", f"{DEPLOYMENT}?comp=prepare", since=SINCE, errors=REFUSALS)
    def prepare_deployment_migration(self, service_name: str, deployment_name: str) -> Accepted:
        """Prepare the migration of a deployment."""

    @operation("POST", f"{DEPLOYMENT}?comp=prepare", since=SINCE, errors=REFUSALS)
    def prepare_deployment_migration_to_network(
        self, service_name: str, deployment_name: str, body: DeploymentNetworkResource
    ) -> Accepted:
        """Prepare the migration of a deployment into a network."""

    @operation("POST", f"{DEPLOYMENT}?comp=commit", since=SINCE, errors=REFUSALS)
    def commit_deployment_migration(self, service_name: str, deployment_name: str) -> Accepted:
        """Carry out the prepared migration of a deployment, which then is here no longer."""

    @operation("POST", f"{DEPLOYMENT}?comp=abort", since=SINCE, errors=REFUSALS)
    def abort_deployment_migration(self, service_name: str, deployment_name: str) -> Accepted:
        """Take the preparation back."""

    @operation("POST", f"{VIRTUAL_NETWORK}?comp=validate", since=SINCE)
    def validate_virtual_network_migration(self, virtual_network_name: str) -> ValidationMessages:
        """Ask what stands in the way of migrating a virtual network with what is in it."""

    @operation("POST", f"{VIRTUAL_NETWORK}?comp=prepare", since=SINCE, errors=REFUSALS)
    def prepare_virtual_network_migration(self, virtual_network_name: str) -> Accepted:
        """Prepare the migration of a virtual network with what is in it."""

    @operation("POST", f"{VIRTUAL_NETWORK}?comp=commit", since=SINCE, errors=REFUSALS)
    def commit_virtual_network_migration(self, virtual_network_name: str) -> Accepted:
        """Carry out the prepared migration of a virtual network with what is in it, which then is here no longer."""

    @operation("POST", f"{VIRTUAL_NETWORK}?comp=abort", since=SINCE, errors=REFUSALS)
    def abort_virtual_network_migration(self, virtual_network_name: str) -> Accepted:
        """Take the preparation back."""

    @operation("POST", f"{SECURITY_GROUP}?comp=validate", since=SINCE)
    def validate_network_security_group_migration(self, network_security_group_name: str) -> ValidationMessages:
        """Ask what stands in the way of migrating a network security group."""

    @operation("POST", f"{SECURITY_GROUP}?comp=prepare", since=SINCE, errors=REFUSALS)
    def prepare_network_security_group_migration(self, network_security_group_name: str) -> Accepted:
        """Prepare the migration of a network security group."""

    @operation("POST", f"{SECURITY_GROUP}?comp=commit", since=SINCE, errors=REFUSALS)
    def commit_network_security_group_migration(self, network_security_group_name: str) -> Accepted:
        """Carry out the prepared migration of a network security group, which then is here no longer."""

    @operation("POST", f"{SECURITY_GROUP}?comp=abort", since=SINCE, errors=REFUSALS)
    def abort_network_security_group_migration(self, network_security_group_name: str) -> Accepted:
        """Take the preparation back."""

    @operation("POST", f"{RESERVED_IP}?comp=validate", since=SINCE)
    def validate_reserved_ip_address_migration(self, name: str) -> ValidationMessages:
        """Ask what stands in the way of migrating a reserved IP."""

    @operation("POST", f"{RESERVED_IP}?comp=prepare", since=SINCE, errors=REFUSALS)
    def prepare_reserved_ip_address_migration(self, name: str) -> Accepted:
        """Prepare the migration of a reserved IP."""

    @operation("POST", f"{RESERVED_IP}?comp=commit", since=SINCE, errors=REFUSALS)
    def commit_reserved_ip_address_migration(self, name: str) -> Accepted:
        """Carry out the prepared migration of a reserved IP, which then is here no longer."""

    @operation("POST", f"{RESERVED_IP}?comp=abort", since=SINCE, errors=REFUSALS)
    def abort_reserved_ip_address_migration(self, name: str) -> Accepted:
        """Take the preparation back."""

    @operation("POST", f"{ROUTE_TABLE}?comp=validate", since=SINCE)
    def validate_route_table_migration(self, route_table_name: str) -> ValidationMessages:
        """Ask what stands in the way of migrating a route table."""

    @operation("POST", f"{ROUTE_TABLE}?comp=prepare", since=SINCE, errors=REFUSALS)
    def prepare_route_table_migration(self, route_table_name: str) -> Accepted:
        """Prepare the migration of a route table."""

    @operation("POST", f"{ROUTE_TABLE}?comp=commit", since=SINCE, errors=REFUSALS)
    def commit_route_table_migration(self, route_table_name: str) -> Accepted:
        """Carry out the prepared migration of a route table, which then is here no longer."""

    @operation("POST", f"{ROUTE_TABLE}?comp=abort", since=SINCE, errors=REFUSALS)
    def abort_route_table_migration(self, route_table_name: str) -> Accepted:
        """Take the preparation back."""

    @operation("POST", f"{STORAGE}?comp=validate", since=SINCE)
    def validate_storage_account_migration(self, service_name: str) -> ValidationMessages:
        """Ask what stands in the way of migrating a storage account."""

    @operation("POST", f"{STORAGE}?comp=prepare", since=SINCE, errors=REFUSALS)
    def prepare_storage_account_migration(self, service_name: str) -> Accepted:
        """Prepare the migration of a storage account."""

    @operation("POST", f"{STORAGE}?comp=commit", since=SINCE, errors=REFUSALS)
    def commit_storage_account_migration(self, service_name: str) -> Accepted:
        """Carry out the prepared migration of a storage account, which then is here no longer."""

    @operation("POST", f"{STORAGE}?comp=abort", since=SINCE, errors=REFUSALS)
    def abort_storage_account_migration(self, service_name: str) -> Accepted:
        """Take the preparation back."""
