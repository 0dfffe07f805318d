"""Reserved IPs: public addresses that outlive the deployments they belong to.

Element order: recorded.
"""

from __future__ import annotations

from asm_contracts.document import document, element
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, operation


@document(name="ReservedIP")
class CreateReservedIP:
    """What a new reserved IP needs.  With a service and a deployment it is the address these have already."""

    name: str
    label: str | None = None
    service_name: str | None = None
    deployment_name: str | None = None
    location: str | None = element(default=None, anywhere=True)
    virtual_ip_name: str | None = element(default=None, name="VirtualIPName", anywhere=True)


@document(name="ReservedIP")
class ReservedIP:
    """A reserved IP; what follows `in_use` is absent while no deployment uses it."""

    name: str
    address: str | None = None
    id: str | None = None
    label: str | None = None
    state: str | None = None
    in_use: bool | None = None
    service_name: str | None = None
    deployment_name: str | None = None
    location: str | None = None
    virtual_ip_name: str | None = element(default=None, name="VirtualIPName", since="2015-02-01")


@document(name="ReservedIPs")
class ReservedIPs:
    """The reserved IPs of a subscription."""

    items: tuple[ReservedIP, ...] = element(default=(), flat=True)


@document(name="ReservedIPAssociation")
class ReservedIPAssociation:
    """The deployment, and which of its virtual IPs, that a reserved IP is for."""

    service_name: str | None = None
    deployment_name: str | None = None
    virtual_ip_name: str | None = element(default=None, name="VirtualIPName")


class ReservedIPContract(Contract):
    """Reserve addresses and give them to deployments."""

    @operation(
        "POST",
        "/services/networking/reservedips",
        since="2014-05-01",
        errors=(BadRequest, ConflictError, ForbiddenError, ResourceNotFound),
        title="Create Reserved IP Address",
    )
    def create_reserved_ip_address(self, body: CreateReservedIP) -> Accepted:
        """Reserve a public address in a region."""

    @operation("GET", "/services/networking/reservedips", since="2014-05-01", title="List Reserved IP Addresses")
    def list_reserved_ip_addresses(self) -> ReservedIPs:
        """List the reserved IPs with the deployments that use them."""

    @operation(
        "GET",
        "/services/networking/reservedips/{name}",
        since="2014-05-01",
        errors=(ResourceNotFound,),
        title="Get Reserved IP Address",
    )
    def get_reserved_ip_address(self, name: str) -> ReservedIP:
        """Read a reserved IP."""

    @operation(
        "DELETE",
        "/services/networking/reservedips/{name}",
        since="2014-05-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
        title="Delete Reserved IP Address",
    )
    def delete_reserved_ip_address(self, name: str) -> Accepted:
        """Give a reserved IP back that no deployment uses."""

    @operation(
        "POST",
        "/services/networking/reservedips/{name}/operations/associate",
        since="2015-02-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
        title="Associate Reserved IP Address",
    )
    def associate_reserved_ip_address(self, name: str, body: ReservedIPAssociation) -> Accepted:
        """Make a reserved IP the virtual IP of a deployment."""

    @operation(
        "POST",
        "/services/networking/reservedips/{name}/operations/disassociate",
        since="2015-02-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
        title="Disassociate Reserved IP Address",
    )
    def disassociate_reserved_ip_address(self, name: str, body: ReservedIPAssociation) -> Accepted:
        """Take a reserved IP from a deployment, which gets another address."""
