"""Storage accounts: where the blobs behind disks and images live.

Element order: recorded, and the server's data contracts for what no recording shows.
"""

from __future__ import annotations

from datetime import datetime

from asm_contracts.document import Base64, Nil, document, element
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, operation
from asm_contracts.vocabulary import AvailabilityResponse, ExtendedProperty


@document()
class CustomDomain:
    """A domain of the customer's own that leads to the blobs of an account."""

    name: str
    use_sub_domain_name: bool | None = None


@document()
class CreateStorageServiceInput:
    """What a new storage account needs: a location or an affinity group, not both.

    Until 2014-06-01 two flags stood for what is the account type now; both forms are read at any version.
    """

    service_name: str
    description: str | Nil | None = None
    label: Base64
    affinity_group: str | None = None
    location: str | None = None
    geo_replication_enabled: bool | None = None
    extended_properties: tuple[ExtendedProperty, ...] | None = None
    secondary_read_enabled: bool | None = None
    account_type: str | None = None


@document()
class UpdateStorageServiceInput:
    """What changes; what is left out stays."""

    description: str | Nil | None = None
    label: Base64 | None = None
    geo_replication_enabled: bool | None = None
    extended_properties: tuple[ExtendedProperty, ...] | None = None
    custom_domains: tuple[CustomDomain, ...] | None = None
    secondary_read_enabled: bool | None = None
    account_type: str | None = None


@document()
class RegenerateKeys:
    """Which key to make anew: ``Primary`` or ``Secondary``."""

    key_type: str


@document()
class StorageServiceProperties:
    """The properties of an account; exactly one of location and affinity group is there."""

    description: str | Nil | None = None
    affinity_group: str | None = None
    location: str | None = None
    label: Base64 | None = None
    status: str | None = None
    endpoints: tuple[str, ...] | None = element(default=None, item="Endpoint")
    geo_replication_enabled: bool | None = None
    geo_primary_region: str | None = element(default=None, since="2011-12-01")
    status_of_primary: str | None = element(default=None, since="2011-12-01")
    geo_secondary_region: str | None = element(default=None, since="2011-12-01")
    status_of_secondary: str | None = element(default=None, since="2011-12-01")
    last_geo_failover_time: datetime | None = element(default=None, since="2011-12-01")
    creation_time: datetime | None = element(default=None, since="2013-11-01")
    custom_domains: tuple[CustomDomain, ...] | None = element(default=None, since="2013-11-01")
    secondary_read_enabled: bool | None = element(default=None, since="2013-11-01")
    secondary_endpoints: tuple[str, ...] | None = element(default=None, item="Endpoint", since="2013-11-01")
    account_type: str | None = element(default=None, since="2014-06-01")


@document()
class StorageServiceKeys:
    """The two keys of an account: 64 bytes each, in base64."""

    primary: str
    secondary: str


@document()
class StorageService:
    """A storage account: alone, as an entry of the list, or with its keys and nothing else."""

    url: str
    service_name: str | None = None
    storage_service_properties: StorageServiceProperties | None = None
    storage_service_keys: StorageServiceKeys | None = None
    extended_properties: tuple[ExtendedProperty, ...] | None = element(default=None, since="2012-03-01")
    capabilities: tuple[str, ...] | None = element(default=None, item="Capability", since="2012-03-01")
    migration_state: str | None = element(default=None, since="2016-03-01")


@document()
class StorageServices:
    """All storage accounts of a subscription."""

    items: tuple[StorageService, ...] = element(default=(), flat=True)


class StorageAccountContract(Contract):
    """Create, find, change and delete storage accounts."""

    @operation(
        "POST", "/services/storageservices", since="2011-06-01", errors=(BadRequest, ConflictError, ForbiddenError)
    )
    def create_storage_account(self, body: CreateStorageServiceInput) -> Accepted:
        """Create a storage account.  Its name is unique in the whole cloud."""

    @operation("GET", "/services/storageservices", since="2009-10-01")
    def list_storage_accounts(self) -> StorageServices:
        """List the storage accounts of the subscription."""

    @operation("GET", "/services/storageservices/{service_name}", since="2009-10-01", errors=(ResourceNotFound,))
    def get_storage_account_properties(self, service_name: str) -> StorageService:
        """Read a storage account, without its keys."""

    @operation("GET", "/services/storageservices/{service_name}/keys", since="2009-10-01", errors=(ResourceNotFound,))
    def get_storage_account_keys(self, service_name: str) -> StorageService:
        """Read the keys of a storage account."""

    @operation(
        "POST",
        "/services/storageservices/{service_name}/keys?action=regenerate",
        since="2009-10-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def regenerate_storage_account_keys(self, service_name: str, body: RegenerateKeys) -> StorageService:
        """Make one of the two keys anew; the other stays."""

    @operation(
        "PUT",
        "/services/storageservices/{service_name}",
        since="2011-06-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def update_storage_account(self, service_name: str, body: UpdateStorageServiceInput) -> None:
        """Change label, description, extended properties or the kind of replication."""

    @operation(
        "DELETE",
        "/services/storageservices/{service_name}",
        since="2011-06-01",
        errors=(ConflictError, ResourceNotFound),
    )
    def delete_storage_account(self, service_name: str) -> None:
        """Delete a storage account in which no disk and no image is registered."""

    @operation(
        "GET",
        "/services/storageservices/operations/isavailable/{service_name}",
        since="2012-03-01",
        errors=(BadRequest,),
    )
    def check_storage_account_name_availability(self, service_name: str) -> AvailabilityResponse:
        """Say whether a name is free in the whole cloud."""
