"""Route tables, and IP forwarding."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from asm_contracts.areas.route_tables import (
    FULL,
    CreateRouteTable,
    EffectiveNextHop,
    EffectiveRoute,
    EffectiveRouteTable,
    IPForwarding,
    NextHop,
    Route,
    RouteTable,
    RouteTableAssociation,
    RouteTableContract,
    RouteTables,
)
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, documented, recorded
from asm_contracts.operation import Accepted, DeploymentKey
from asm_emulator import model
from asm_emulator.areas.base import Area
from asm_emulator.areas.security_groups import find_interface, is_named
from asm_emulator.areas.virtual_machines.common import find_machine, find_machines, machine_of, put_machine
from asm_emulator.deployed import by_private_id, find_deployment, put_deployment
from asm_emulator.engine import effect
from asm_emulator.guards import FORWARDING, check_forwarding, check_name, check_word
from asm_emulator.networks import (
    Address,
    check_location,
    check_region,
    find_subnet,
    put_subnet,
    range_of,
)
from asm_emulator.quotas import check_quota
from asm_emulator.state import Draft

TABLE: Final = "Route Table"
APPLIANCE: Final = "VirtualAppliance"
NEXT_HOPS: Final = ("VPNGateway", "VNETLocal", "Internet", APPLIANCE, "Null")


@assumed("the text follows that of network security groups")
def find_table(draft: Draft, name: str) -> model.RouteTable:
    """The route table of this name, or ResourceNotFound."""
    found = draft.route_tables.get(name)
    if found is None:
        raise ResourceNotFound(f"The Route Table {name} does not exist.")
    return found


# -- effects ----------------------------------------------------------------------------------------------------------


@effect
def table_created(draft: Draft, table: model.RouteTable) -> None:
    """The end of a creation; it fails if another of that name, or the last one there may be, has come first."""
    _check_new(draft, table.name)
    _check_count(draft)
    draft.route_tables[table.name] = table


@effect
def table_deleted(draft: Draft, name: str) -> None:
    """The end of a deletion."""
    draft.route_tables.pop(name, None)


@effect
def route_set(draft: Draft, name: str, route: model.Route) -> None:
    """The end of adding or replacing a route."""
    found = draft.route_tables.get(name)
    if found is not None:
        draft.route_tables[name] = replace(found, routes=(*_without(found, route.name), route))


@effect
def route_deleted(draft: Draft, name: str, route_name: str) -> None:
    """The end of removing a route."""
    found = draft.route_tables.get(name)
    if found is not None:
        draft.route_tables[name] = replace(found, routes=_without(found, route_name))


@effect
def subnet_routed(draft: Draft, site_name: str, subnet_name: str, name: str | None) -> None:
    """The end of a change of a subnet's route table; it fails if the two are in different regions."""
    site, subnet = find_subnet(draft, site_name, subnet_name)
    if name is not None:
        check_region(draft, TABLE, find_table(draft, name), site)
    put_subnet(draft, site.name, replace(subnet, route_table=name))


@effect
def forwarding_set(
    draft: Draft, service_name: str, private_id: str, role_name: str, interface_name: str | None, state: str
) -> None:
    """The end of a change of IP forwarding; what is disabled is not shown (recorded of what never was enabled)."""
    deployment = by_private_id(draft, service_name, private_id)
    machine = machine_of(deployment, role_name) if deployment else None
    if deployment is None or machine is None:
        return
    shown = state if state == FORWARDING[0] else None
    network = machine.network
    if interface_name is None:
        network = replace(network, ip_forwarding=shown)
    else:
        interfaces = tuple(
            replace(one, ip_forwarding=shown) if is_named(one, interface_name) else one
            for one in network.network_interfaces or ()
        )
        network = replace(network, network_interfaces=interfaces)
    changed = put_machine(deployment, replace(machine, network=network))
    put_deployment(draft, service_name, replace(changed, modified=draft.now))


def _without(table: model.RouteTable, route_name: str) -> tuple[model.Route, ...]:
    return tuple(one for one in table.routes if one.name.lower() != route_name.lower())


@assumed("the text was never seen")
def _check_new(draft: Draft, name: str) -> None:
    if name in draft.route_tables:
        raise ConflictError(f"A Route Table with the name {name} already exists.")


def _check_count(draft: Draft) -> None:
    check_quota("route table count", draft.subscription.quotas.route_tables, len(draft.route_tables))


class RouteTableArea(Area, RouteTableContract):
    """Keeps route tables, who uses them, and which machines forward."""

    @assumed("the refusals' texts were never seen")
    def create_route_table(self, body: CreateRouteTable) -> Accepted:
        check_name(TABLE, body.name)
        if body.label is not None and len(body.label) > 100:
            raise BadRequest("The label is invalid. It may have at most 100 characters.")
        location = check_location(body.location)
        _check_new(self.state, body.name)
        _check_count(self.state)
        table = model.RouteTable(name=body.name, location=location, label=body.label or None)
        return self.begin(table_created, holds=_lease_on(body.name), table=table)

    def list_route_tables(self) -> RouteTables:
        return RouteTables(items=tuple(map(_document, self.state.route_tables.values())))

    @recorded("details are given for Full only, not for 5")
    def get_route_table(self, name: str, detail_level: str | None = None) -> RouteTable:
        found = find_table(self.state, name)
        if (detail_level or "").lower() != FULL:
            return _document(found)
        return replace(_document(found), route_list=tuple(map(_route_document, found.routes)))

    @assumed("that a table in use cannot be deleted follows from its subnets; the text was never seen")
    def delete_route_table(self, name: str) -> Accepted:
        found = find_table(self.state, name)
        for site in self.state.virtual_networks.values():
            for subnet in site.subnets:
                if (subnet.route_table or "").lower() == found.name.lower():
                    raise BadRequest(
                        f"The Route Table {found.name} cannot be deleted because it is in use by the subnet "
                        f"{subnet.name} of the virtual network {site.name}."
                    )
        return self.begin(table_deleted, holds=_lease_on(name), name=found.name)

    @recorded("names of routes are given back in lower case")
    @assumed("the refusals' texts were never seen")
    def set_route(self, name: str, route_name: str, body: Route) -> Accepted:
        found = find_table(self.state, name)
        check_name("Route", route_name)
        if body.name is not None and body.name.lower() != route_name.lower():
            raise BadRequest(f"The route name {body.name} is not that of the request's address.")
        kind, address = _next_hop(body.next_hop_type)
        prefix = _prefix(body.address_prefix)
        route = model.Route(
            name=route_name.lower(), address_prefix=prefix, next_hop_type=kind, next_hop_address=address
        )
        others = _without(found, route_name)
        for other in others:
            if range_of(other.address_prefix) == range_of(route.address_prefix):
                raise ConflictError(
                    f"The route {other.name} of the Route Table {found.name} has the address prefix "
                    f"{other.address_prefix} already."
                )
        check_quota("routes per route table count", self.state.subscription.quotas.routes, len(others))
        return self.begin(route_set, holds=_lease_on(name), name=found.name, route=route)

    @assumed("the text was never seen")
    def delete_route(self, name: str, route_name: str) -> Accepted:
        found = find_table(self.state, name)
        if len(_without(found, route_name)) == len(found.routes):
            raise ResourceNotFound(f"The route {route_name} does not exist in the Route Table {found.name}.")
        return self.begin(route_deleted, holds=_lease_on(name), name=found.name, route_name=route_name)

    # -- subnets ------------------------------------------------------------------------------------------------------

    @assumed("a subnet has one table at most (documented); another one replaces it, as the published client has it")
    def add_route_table_to_subnet(
        self, virtual_network_name: str, subnet_name: str, body: RouteTableAssociation
    ) -> Accepted:
        table = find_table(self.state, body.route_table_name)
        site, subnet = find_subnet(self.state, virtual_network_name, subnet_name)
        return self._route(site, subnet, table.name, table.name)

    @recorded("both answers")
    def get_route_table_for_subnet(self, virtual_network_name: str, subnet_name: str) -> RouteTableAssociation:
        site, subnet = find_subnet(self.state, virtual_network_name, subnet_name)
        return RouteTableAssociation(route_table_name=_bound(site, subnet))

    def remove_route_table_from_subnet(self, virtual_network_name: str, subnet_name: str) -> Accepted:
        site, subnet = find_subnet(self.state, virtual_network_name, subnet_name)
        return self._route(site, subnet, _bound(site, subnet), None)

    def _route(
        self, site: model.VirtualNetworkSite, subnet: model.Subnet, table_name: str, name: str | None
    ) -> Accepted:
        place = ("subnet", f"{site.name}/{subnet.name}".lower())
        return self.begin(
            subnet_routed,
            holds=(*_lease_on(table_name), place),
            site_name=site.name,
            subnet_name=subnet.name,
            name=name,
        )

    # -- effective routes ---------------------------------------------------------------------------------------------

    def get_effective_route_table_for_role_instance(
        self, service_name: str, deployment: DeploymentKey, instance_name: str
    ) -> EffectiveRouteTable:
        found, instance = self._instance(service_name, deployment, instance_name)
        return _effective(self.state, found, instance.ip_address)

    def get_effective_route_table_for_network_interface(
        self, service_name: str, deployment: DeploymentKey, instance_name: str, interface_name: str
    ) -> EffectiveRouteTable:
        found, instance = self._instance(service_name, deployment, instance_name)
        interface = find_interface(find_machine(found, instance.role_name), interface_name)
        addresses = dict(instance.interface_addresses)
        return _effective(self.state, found, addresses.get(interface.name or ""))

    @recorded("the text, of an unknown instance")
    def _instance(
        self, service_name: str, key: DeploymentKey, name: str
    ) -> tuple[model.Deployment, model.RoleInstance]:
        _, deployment = find_deployment(self.state, service_name, key)
        for instance in deployment.instances:
            if instance.name.lower() == name.lower():
                return deployment, instance
        raise ResourceNotFound("Role instance name is not valid.")

    # -- IP forwarding ------------------------------------------------------------------------------------------------

    def set_ip_forwarding_on_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: IPForwarding
    ) -> Accepted:
        return self._forward(service_name, deployment, role_name, None, body)

    def get_ip_forwarding_for_role(self, service_name: str, deployment: DeploymentKey, role_name: str) -> IPForwarding:
        _, found = find_deployment(self.state, service_name, deployment)
        return IPForwarding(state=find_machine(found, role_name).network.ip_forwarding or FORWARDING[1])

    def set_ip_forwarding_on_network_interface(
        self,
        service_name: str,
        deployment: DeploymentKey,
        role_name: str,
        interface_name: str,
        body: IPForwarding,
    ) -> Accepted:
        return self._forward(service_name, deployment, role_name, interface_name, body)

    def get_ip_forwarding_for_network_interface(
        self, service_name: str, deployment: DeploymentKey, role_name: str, interface_name: str
    ) -> IPForwarding:
        _, found = find_deployment(self.state, service_name, deployment)
        interface = find_interface(find_machine(found, role_name), interface_name)
        return IPForwarding(state=interface.ip_forwarding or FORWARDING[1])

    def _forward(
        self, service_name: str, key: DeploymentKey, role_name: str, interface_name: str | None, body: IPForwarding
    ) -> Accepted:
        service, deployment = find_machines(self.state, service_name, key)
        machine = find_machine(deployment, role_name)
        if interface_name is not None:
            find_interface(machine, interface_name)
        state = check_forwarding(body.state, inside=deployment.virtual_network_name is not None)
        return self.begin(
            forwarding_set,
            holds=(("deployment", deployment.private_id),),
            service_name=service.name,
            private_id=deployment.private_id,
            role_name=machine.name,
            interface_name=interface_name,
            state=state,
        )


# -- routes -----------------------------------------------------------------------------------------------------------


@assumed("the text was never seen")
def _prefix(text: str | None) -> str:
    try:
        range_of(text or "")
    except ValueError:
        raise BadRequest(f"The Address Prefix provided '{(text or '')[:100]}' is invalid.") from None
    return text or ""


@documented("only a virtual appliance has an address, and it must have one")
@assumed("the texts were never seen")
def _next_hop(given: NextHop | None) -> tuple[str, str | None]:
    kind = check_word("Next Hop Type", given.type if given else None, NEXT_HOPS)
    address = given.ip_address if given else None
    if kind != APPLIANCE:
        if address:
            raise BadRequest(f"A next hop of type {kind} has no IP address.")
        return kind, None
    try:
        Address(address or "")
    except ValueError:
        raise BadRequest(f"The IP address '{(address or '')[:100]}' of the next hop is not valid.") from None
    return kind, address


@recorded("the text")
def _bound(site: model.VirtualNetworkSite, subnet: model.Subnet) -> str:
    if subnet.route_table is None:
        raise ResourceNotFound(
            f"The virtual network name {site.name} and subnet {subnet.name} does not have any Route Table associated."
        )
    return subnet.route_table


@documented("system routes lead to the virtual network itself and to the Internet; those of a route table precede them")
@assumed("no answer was recorded: names and order of the elements are as the published client reads them")
def _effective(draft: Draft, deployment: model.Deployment, address: str | None) -> EffectiveRouteTable:
    site = draft.virtual_networks.get(deployment.virtual_network_name or "")
    if site is None or address is None:
        raise BadRequest("Effective routes exist only for a running virtual machine in a virtual network.")
    subnet = next((one for one in site.subnets if Address(address) in range_of(one.address_prefix)), None)
    table = draft.route_tables.get((subnet.route_table if subnet else None) or "")
    own = table.routes if table else ()
    replaced = {range_of(one.address_prefix) for one in own}
    routes = [
        _effective_route("Default", (prefix,), "VNETLocal", active=range_of(prefix) not in replaced)
        for prefix in site.address_prefixes
    ]
    routes.append(_effective_route("Default", ("0.0.0.0/0",), "Internet", active=range_of("0.0.0.0/0") not in replaced))
    routes += [
        _effective_route(
            "User", (one.address_prefix,), one.next_hop_type, name=one.name, address=one.next_hop_address, active=True
        )
        for one in own
    ]
    return EffectiveRouteTable(effective_route_list=tuple(routes))


def _effective_route(
    source: str,
    prefixes: tuple[str, ...],
    kind: str,
    *,
    active: bool,
    name: str | None = None,
    address: str | None = None,
) -> EffectiveRoute:
    return EffectiveRoute(
        name=name,
        source=source,
        status="Active" if active else "Invalid",
        address_prefixes=prefixes,
        effective_next_hop=EffectiveNextHop(type=kind, ip_addresses=(address,) if address else ()),
    )


def _lease_on(name: str) -> tuple[tuple[str, str]]:
    return (("route table", name.lower()),)


def _document(table: model.RouteTable) -> RouteTable:
    return RouteTable(name=table.name, label=table.label, location=table.location)


def _route_document(route: model.Route) -> Route:
    return Route(
        name=route.name,
        address_prefix=route.address_prefix,
        next_hop_type=NextHop(type=route.next_hop_type, ip_address=route.next_hop_address),
    )
