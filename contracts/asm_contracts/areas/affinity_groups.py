"""Affinity groups: places in a region where services and storage accounts are kept near each other.

Element order: recorded.
"""

from __future__ import annotations

from datetime import datetime

from asm_contracts.areas.hosted_services import HostedService
from asm_contracts.document import Base64, Nil, document, element
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Contract, Created, operation
from asm_contracts.vocabulary import ComputeCapabilities, ExtendedProperty


@document()
class CreateAffinityGroup:
    """What a new affinity group needs."""

    name: str
    label: Base64
    description: str | Nil | None = None
    location: str


@document()
class UpdateAffinityGroup:
    """What changes."""

    label: Base64
    description: str | Nil | None = None


@document(name="StorageService")
class MemberStorageAccount:
    """A storage account as its affinity group lists it."""

    url: str
    service_name: str
    extended_properties: tuple[ExtendedProperty, ...] | None = element(default=None, since="2012-03-01")


@document()
class AffinityGroup:
    """An affinity group: alone with its members, or as an entry of the list with the role sizes of its place."""

    name: str
    label: Base64
    description: str | Nil | None = None
    location: str
    hosted_services: tuple[HostedService, ...] | None = None
    storage_services: tuple[MemberStorageAccount, ...] | None = None
    capabilities: tuple[str, ...] | None = element(default=None, item="Capability", since="2012-03-01")
    created_time: datetime | None = element(default=None, since="2012-03-01")
    compute_capabilities: ComputeCapabilities | None = element(default=None, since="2014-05-01")


@document()
class AffinityGroups:
    """The affinity groups of a subscription."""

    items: tuple[AffinityGroup, ...] = element(default=(), flat=True)


class AffinityGroupContract(Contract):
    """Create, find, change and delete affinity groups."""

    @operation("POST", "/affinitygroups", since="2011-02-25", errors=(BadRequest, ConflictError))
    def create_affinity_group(self, body: CreateAffinityGroup) -> Created:
        """Create an affinity group.  Its name is unique in the subscription."""

    @operation("GET", "/affinitygroups", since="2009-10-01")
    def list_affinity_groups(self) -> AffinityGroups:
        """List the affinity groups, without their members."""

    @operation("GET", "/affinitygroups/{name}", since="2009-10-01", errors=(ResourceNotFound,))
    def get_affinity_group_properties(self, name: str) -> AffinityGroup:
        """Read an affinity group with its hosted services and storage accounts."""

    @operation("PUT", "/affinitygroups/{name}", since="2011-02-25", errors=(BadRequest, ResourceNotFound))
    def update_affinity_group(self, name: str, body: UpdateAffinityGroup) -> None:
        """Change label and description."""

    @operation(
        "DELETE", "/affinitygroups/{name}", since="2011-02-25", errors=(BadRequest, ConflictError, ResourceNotFound)
    )
    def delete_affinity_group(self, name: str) -> None:
        """Delete an affinity group that nothing uses."""
