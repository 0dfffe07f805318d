"""Virtual networks: the configuration that describes all of them, their list, and their free addresses.

Element order: recorded, with the server's data contract for what no recording shows.  The configuration itself is a
body of its own kind: see `asm_contracts.codec.netcfg`.
"""

from __future__ import annotations

from asm_contracts.document import document, element
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, InvalidXmlRequest, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, RawBody, operation
from asm_contracts.roles import Dns


@document()
class AddressSpace:
    """Address ranges in CIDR notation."""

    address_prefixes: tuple[str, ...] = element(item="AddressPrefix")


@document()
class Subnet:
    """A subnet of a site."""

    name: str
    address_prefix: str | None = None
    network_security_group: str | None = element(default=None, since="2014-08-01")
    route_table_name: str | None = element(default=None, since="2014-10-01")


@document()
class Connection:
    """How a local site is connected, ``IPsec`` or ``Dedicated``."""

    type: str | None = None


@document()
class LocalNetworkSite:
    """A local site that a virtual network's gateway connects."""

    name: str
    address_space: AddressSpace | None = None
    vpn_gateway_address: str | None = None
    connections: tuple[Connection, ...] | None = None


@document()
class Gateway:
    """What the network configuration says of a virtual network's gateway."""

    profile: str | None = None
    sites: tuple[LocalNetworkSite, ...] | None = None
    vpn_client_address_pool: AddressSpace | None = element(default=None, name="VPNClientAddressPool")
    vnet_names: tuple[str, ...] | None = element(default=None, item="string", since="2015-09-01")


@document()
class VirtualNetworkSite:
    """A virtual network; `in_use` is absent while no deployment is in it."""

    name: str
    id: str | None = None
    label: str | None = None
    affinity_group: str | None = None
    state: str | None = None
    in_use: bool | None = None
    address_space: AddressSpace | None = None
    subnets: tuple[Subnet, ...] | None = None
    dns: Dns | None = None
    gateway: Gateway | None = None
    location: str | None = element(default=None, since="2014-05-01")
    migration_state: str | None = element(default=None, since="2016-03-01")


@document()
class VirtualNetworkSites:
    """The virtual networks of a subscription."""

    items: tuple[VirtualNetworkSite, ...] = element(default=(), flat=True)


@document()
class AddressAvailabilityResponse:
    """Whether an address is free; if it is not, some that are."""

    is_available: bool
    available_addresses: tuple[str, ...] | None = element(default=None, item="AvailableAddress")


class VirtualNetworkContract(Contract):
    """Describe virtual networks and find them."""

    @operation(
        "PUT",
        "/services/networking/media",
        since="2012-03-01",
        raw_body=True,
        errors=(BadRequest, ConflictError, ForbiddenError, InvalidXmlRequest),
    )
    def set_network_configuration(self, body: RawBody) -> Accepted:
        """Replace the network configuration: networks that it leaves out are deleted."""

    @operation("GET", "/services/networking/media", since="2012-03-01", errors=(ResourceNotFound,))
    def get_network_configuration(self) -> RawBody:
        """Read the network configuration; ResourceNotFound before one was set."""

    @operation("GET", "/services/networking/virtualnetwork", since="2012-03-01")
    def list_virtual_network_sites(self) -> VirtualNetworkSites:
        """List the virtual networks."""

    @operation(
        "GET",
        "/services/networking/{virtual_network_name}?op=checkavailability&address={address}",
        since="2013-11-01",
        errors=(BadRequest, ResourceNotFound),
        title="Check Static IP Address",
    )
    def check_static_ip_address(self, virtual_network_name: str, address: str) -> AddressAvailabilityResponse:
        """Find out whether an address of a virtual network is free."""
