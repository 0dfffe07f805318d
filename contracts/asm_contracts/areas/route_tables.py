"""Route tables of subnets, and IP forwarding of virtual machines.

Element order: recorded; of effective routes and forwarding as the published client reads them.
"""

from __future__ import annotations

from asm_contracts.areas.security_groups import INTERFACE, REFUSALS, ROLE, SUBNET
from asm_contracts.document import document, element
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, DeploymentKey, operation

INSTANCE = "/services/hostedservices/{service_name}/{deployment}/roleinstances/{instance_name}"
FULL = "full"
"""The detail level, in lower case, with which answers have their details."""


@document(name="NextHopType")
class NextHop:
    """Where a route leads; only a virtual appliance has an address."""

    type: str | None = None
    ip_address: str | None = element(default=None, name="IpAddress")


@document()
class Route:
    """A route."""

    name: str | None = None
    address_prefix: str | None = None
    next_hop_type: NextHop | None = None


@document(name="RouteTable")
class CreateRouteTable:
    """What a new route table needs."""

    name: str
    label: str | None = None
    location: str | None = None


@document()
class RouteTable:
    """A route table; `route_list` is there when asked for."""

    name: str
    label: str | None = None
    location: str | None = None
    route_list: tuple[Route, ...] | None = None


@document()
class RouteTables:
    """The route tables of a subscription."""

    items: tuple[RouteTable, ...] = element(default=(), flat=True)


@document()
class RouteTableAssociation:
    """The route table of a subnet."""

    route_table_name: str


@document()
class EffectiveNextHop:
    """Where an effective route leads."""

    type: str | None = None
    ip_addresses: tuple[str, ...] | None = element(default=None, name="IPAddresses", item="IpAddress")


@document()
class EffectiveRoute:
    """A route that an instance follows; a default one has no name."""

    name: str | None = None
    source: str | None = None
    status: str | None = None
    address_prefixes: tuple[str, ...] | None = element(default=None, item="AddressPrefix")
    effective_next_hop: EffectiveNextHop | None = None


@document()
class EffectiveRouteTable:
    """All routes that an instance, or one of its network interfaces, follows."""

    effective_route_list: tuple[EffectiveRoute, ...] | None = None


@document()
class IPForwarding:
    """Whether a machine may send on what is not for it, ``Enabled`` or ``Disabled``."""

    state: str


class RouteTableContract(Contract):
    """Keep route tables, say which subnets use them, and which machines forward."""

    @operation(
        "POST",
        "/services/networking/routetables",
        since="2014-10-01",
        errors=(BadRequest, ConflictError, ForbiddenError),
    )
    def create_route_table(self, body: CreateRouteTable) -> Accepted:
        """Create a route table without routes."""

    @operation("GET", "/services/networking/routetables", since="2014-10-01")
    def list_route_tables(self) -> RouteTables:
        """List the route tables, without their routes."""

    @operation(
        "GET",
        "/services/networking/routetables/{name}?detaillevel={detail_level}",
        since="2014-10-01",
        errors=(ResourceNotFound,),
    )
    def get_route_table(self, name: str, detail_level: str | None = None) -> RouteTable:
        """Read a route table; with the detail level ``Full``, its routes too."""

    @operation("DELETE", "/services/networking/routetables/{name}", since="2014-10-01", errors=REFUSALS)
    def delete_route_table(self, name: str) -> Accepted:
        """Delete a route table that no subnet uses."""

    @operation(
        "PUT",
        "/services/networking/routetables/{name}/routes/{route_name}",
        since="2014-10-01",
        errors=(*REFUSALS, ForbiddenError),
    )
    def set_route(self, name: str, route_name: str, body: Route) -> Accepted:
        """Add a route to a route table, or replace the one of that name."""

    @operation(
        "DELETE", "/services/networking/routetables/{name}/routes/{route_name}", since="2014-10-01", errors=REFUSALS
    )
    def delete_route(self, name: str, route_name: str) -> Accepted:
        """Remove a route from a route table."""

    @operation("POST", SUBNET + "/routetables", since="2014-10-01", errors=REFUSALS)
    def add_route_table_to_subnet(
        self, virtual_network_name: str, subnet_name: str, body: RouteTableAssociation
    ) -> Accepted:
        """Have a subnet use a route table."""

    @operation("GET", SUBNET + "/routetables", since="2014-10-01", errors=(ResourceNotFound,))
    def get_route_table_for_subnet(self, virtual_network_name: str, subnet_name: str) -> RouteTableAssociation:
        """Read which route table a subnet uses."""

    @operation("DELETE", SUBNET + "/routetables", since="2014-10-01", errors=REFUSALS)
    def remove_route_table_from_subnet(self, virtual_network_name: str, subnet_name: str) -> Accepted:
        """Have a subnet use a route table no longer."""

    @operation("GET", INSTANCE + "/effectiveroutetable", since="2014-10-01", errors=(BadRequest, ResourceNotFound))
    def get_effective_route_table_for_role_instance(
        self, service_name: str, deployment: DeploymentKey, instance_name: str
    ) -> EffectiveRouteTable:
        """Read all routes that an instance follows."""

    @operation(
        "GET",
        INSTANCE + "/networkinterfaces/{interface_name}/effectiveroutetable",
        since="2014-10-01",
        errors=(BadRequest, ResourceNotFound),
    )
    def get_effective_route_table_for_network_interface(
        self, service_name: str, deployment: DeploymentKey, instance_name: str, interface_name: str
    ) -> EffectiveRouteTable:
        """Read all routes that a further network interface of an instance follows."""

    # -- IP forwarding ------------------------------------------------------------------------------------------------

    @operation("POST", ROLE + "/ipforwarding", since="2014-10-01", errors=REFUSALS, title="Set IP Forwarding On Role")
    def set_ip_forwarding_on_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: IPForwarding
    ) -> Accepted:
        """Let a virtual machine forward, or forbid it."""

    @operation(
        "GET",
        ROLE + "/ipforwarding",
        since="2014-10-01",
        errors=(ResourceNotFound,),
        title="Get IP Forwarding For Role",
    )
    def get_ip_forwarding_for_role(self, service_name: str, deployment: DeploymentKey, role_name: str) -> IPForwarding:
        """Read whether a virtual machine may forward."""

    @operation(
        "POST",
        INTERFACE + "/ipforwarding",
        since="2014-10-01",
        errors=REFUSALS,
        title="Set IP Forwarding On Network Interface",
    )
    def set_ip_forwarding_on_network_interface(
        self,
        service_name: str,
        deployment: DeploymentKey,
        role_name: str,
        interface_name: str,
        body: IPForwarding,
    ) -> Accepted:
        """Let a further network interface of a virtual machine forward, or forbid it."""

    @operation(
        "GET",
        INTERFACE + "/ipforwarding",
        since="2014-10-01",
        errors=(ResourceNotFound,),
        title="Get IP Forwarding For Network Interface",
    )
    def get_ip_forwarding_for_network_interface(
        self, service_name: str, deployment: DeploymentKey, role_name: str, interface_name: str
    ) -> IPForwarding:
        """Read whether a network interface may forward."""
