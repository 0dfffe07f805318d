"""Virtual networks, as their list shows them.

Element order: recorded, with the server's data contract for what no recording shows.
"""

from __future__ import annotations

from asm_contracts.document import document, element
from asm_contracts.operation import Contract, operation
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
    location: str | None = element(default=None, since="2014-05-01")


@document()
class VirtualNetworkSites:
    """The virtual networks of a subscription."""

    items: tuple[VirtualNetworkSite, ...] = element(default=(), flat=True)


class VirtualNetworkContract(Contract):
    """Find virtual networks."""

    @operation("GET", "/services/networking/virtualnetwork", since="2012-03-01")
    def list_virtual_network_sites(self) -> VirtualNetworkSites:
        """List the virtual networks."""
