"""Virtual networks as everything in them sees them: finding one, who is in it, and which addresses are free."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed, documented, quoted, recorded
from asm_emulator import model
from asm_emulator.catalogue import all_locations
from asm_emulator.catalogue import location as known_location
from asm_emulator.places import location_of
from asm_emulator.state import Draft

Range = ipaddress.IPv4Network
Address = ipaddress.IPv4Address

GATEWAY_SUBNET: Final = "gatewaysubnet"
"""The subnet, in lower case, where nothing but a gateway can be."""

RESERVED: Final = 4
"""How many addresses at the beginning of a subnet are the service's own (recorded); the last one is too."""

OFFERED: Final = 5
"""How many free addresses are offered for one that is not (recorded)."""

_REGIONS: Final = {
    "north central us": "usnorth",
    "south central us": "ussouth",
    "north europe": "europenorth",
    "west europe": "europewest",
    "east asia": "asiaeast",
    "southeast asia": "asiasoutheast",
}


# -- places -----------------------------------------------------------------------------------------------------------


@recorded("usnorth for North Central US and uswest for West US")
@assumed("the other names follow the pattern: country first, then where in it")
def region_name(location: str) -> str:
    """What the service calls a location within: its texts name it so, and requests may."""
    words = location.lower().split()
    if location.lower() in _REGIONS:
        return _REGIONS[location.lower()]
    if "us" in words:
        place = words.index("us")
        words = ["us", *words[:place], *words[place + 1 :]]
    return "".join(words)


@assumed("that the location exists is documented; the text was never seen")
def check_location(name: str | None) -> str:
    """A location in its own spelling, also by the service's inner name for it (recorded); BadRequest if unknown."""
    found = known_location(name or "")
    if found is not None:
        return found.name
    for one in all_locations():
        if region_name(one.name) == (name or "").lower():
            return one.name
    raise BadRequest(f"The location {name or ''} is not available for this subscription.")


def location_of_site(draft: Draft, site: model.VirtualNetworkSite) -> str:
    """Where a virtual network is: its own location, or its affinity group's."""
    if site.location is not None:
        return site.location
    group = draft.affinity_groups.get(site.affinity_group or "")
    return group.location if group else ""


@recorded("the text, of network security groups, and that the operation fails with it after having been accepted")
@assumed("that text and time are those of route tables too")
def check_region(
    draft: Draft, kind: str, found: model.SecurityGroup | model.RouteTable, site: model.VirtualNetworkSite
) -> None:
    """BadRequest for a group or a table in another region than the virtual network in which it is to be used.

    kind: what it is, as the service names it: ``Route Table``
    """
    where = location_of_site(draft, site)
    if where and where != found.location:
        raise BadRequest(
            f"The region {region_name(found.location)} specified for the {kind} {found.name} is different than the "
            f"region {region_name(where)} that Virtual Network {site.name} belongs to, "
            "they need to belong to the same region."
        )


@documented("a deployment is in a virtual network of its own location")
@assumed("the text was never seen")
def check_same_place(draft: Draft, service: model.HostedService, site: model.VirtualNetworkSite | None) -> None:
    """BadRequest for a virtual network that is not where the hosted service is; None is none."""
    where, here = location_of_site(draft, site) if site else "", location_of(draft, service)
    if site is not None and where and where != here:
        raise BadRequest(
            f"The virtual network {site.name} is in {where}, but the hosted service {service.name} is in {here}: "
            "they must be in the same location."
        )


# -- finding ----------------------------------------------------------------------------------------------------------


def find_site(draft: Draft, name: str) -> model.VirtualNetworkSite | None:
    """The virtual network of this name that can be used; None for one that is still being created."""
    found = draft.virtual_networks.get(name)
    return found if found is not None and found.state == "Created" else None


def subnet_of(site: model.VirtualNetworkSite, name: str) -> model.Subnet | None:
    """The subnet of this name, in any case."""
    return next((one for one in site.subnets if one.name.lower() == name.lower()), None)


@assumed("the texts follow that of the virtual network that a deployment names (recorded)")
def find_subnet(draft: Draft, site_name: str, name: str) -> tuple[model.VirtualNetworkSite, model.Subnet]:
    """A virtual network and its subnet; ResourceNotFound if there is no such."""
    site = find_site(draft, site_name)
    if site is None:
        raise ResourceNotFound(f"The virtual network {site_name} does not exist.")
    subnet = subnet_of(site, name)
    if subnet is None:
        raise ResourceNotFound(f"The subnet {name} does not exist in the virtual network {site.name}.")
    return site, subnet


def put_subnet(draft: Draft, site_name: str, subnet: model.Subnet) -> None:
    """Write a subnet back, by name; nothing if it is gone."""
    site = draft.virtual_networks.get(site_name)
    if site is not None:
        subnets = tuple(subnet if one.name.lower() == subnet.name.lower() else one for one in site.subnets)
        draft.virtual_networks[site.name] = replace(site, subnets=subnets)


# -- who is in one ----------------------------------------------------------------------------------------------------


def deployments_in(
    draft: Draft, site: model.VirtualNetworkSite, pending: model.Deployment | None = None
) -> Iterator[model.Deployment]:
    """The deployments in a virtual network; `pending` is one that is being changed and not written yet."""
    for service in draft.hosted_services.values():
        for deployment in service.deployments.values():
            if (deployment.virtual_network_name or "").lower() != site.name.lower():
                continue
            if pending is None or deployment.private_id != pending.private_id:
                yield deployment
    if pending is not None:
        yield pending


@recorded("a network with a gateway is in use")
def networks_in_use(draft: Draft) -> set[str]:
    """The names, in lower case, of the virtual networks that deployments or gateways are in."""
    return {
        deployment.virtual_network_name.lower()
        for service in draft.hosted_services.values()
        for deployment in service.deployments.values()
        if deployment.virtual_network_name is not None
    } | {
        *draft.subscription.virtual_network_gateways.keys(),
        *(one.network_name.lower() for one in draft.subscription.application_gateways.values()),
    }


def local_sites_in_use(draft: Draft) -> set[str]:
    """The names, in lower case, of the local sites that the networks with a gateway are to be connected with."""
    known = draft.subscription.network_configuration
    return {
        connection.site.lower()
        for site in (known.sites if known else ())
        if site.gateway is not None and site.name.lower() in draft.subscription.virtual_network_gateways
        for connection in site.gateway.connections
    }


def subnets_in_use(draft: Draft, site: model.VirtualNetworkSite) -> set[str]:
    """The names, in lower case, of the subnets that something of a deployment, or a gateway, is in."""
    named: set[str] = set()
    if site.name.lower() in draft.subscription.virtual_network_gateways:
        named.add(GATEWAY_SUBNET)
    for gateway in draft.subscription.application_gateways.values():
        if gateway.network_name.lower() == site.name.lower():
            named.update(gateway.subnets)
    addresses: set[Address] = set()
    for deployment in deployments_in(draft, site):
        for machine in deployment.machines:
            named.update(machine.network.subnet_names or ())
            for interface in machine.network.network_interfaces or ():
                named.update(one.subnet_name or "" for one in interface.ip_configurations or ())
        for balancer in deployment.load_balancers:
            if balancer.frontend_ip_configuration is not None:
                named.add(balancer.frontend_ip_configuration.subnet_name or "")
        addresses.update(addresses_of(deployment))
    used = {name.lower() for name in named}
    for subnet in site.subnets:
        own = range_of(subnet.address_prefix)
        if any(address in own for address in addresses):
            used.add(subnet.name.lower())
    return used


# -- addresses --------------------------------------------------------------------------------------------------------


def range_of(prefix: str) -> Range:
    """The range of a prefix, whose address may be any in it (recorded: `10.4.2.0/19`); ValueError if it is none."""
    return ipaddress.IPv4Network(prefix, strict=False)


def _parsed(texts: Iterable[str | None]) -> Iterator[Address]:
    for text in texts:
        if text:
            try:
                yield Address(text)
            except ValueError:
                continue


def addresses_of(deployment: model.Deployment, besides: str | None = None) -> Iterator[Address]:
    """The addresses that a deployment has in its virtual network.

    Fixed ones stay a machine's also while it is deallocated; one without an instance yet has none.
    besides: the name of a role whose addresses do not count
    """
    present: set[str] = set()
    for instance in deployment.instances:
        present.add(instance.role_name)
        if instance.role_name != besides:
            yield from _parsed((instance.ip_address, *(address for _, address in instance.interface_addresses)))
    for machine in deployment.machines:
        if machine.name in present and machine.name != besides:
            yield from _parsed(static_addresses(machine))
    if present:
        for balancer in deployment.load_balancers:
            frontend = balancer.frontend_ip_configuration
            yield from _parsed((frontend.static_virtual_network_ip_address if frontend else None,))


def static_addresses(machine: model.MachineRole) -> Iterator[str | None]:
    """The fixed addresses of a machine and of its further network interfaces."""
    yield machine.network.static_virtual_network_ip_address
    for interface in machine.network.network_interfaces or ():
        for one in interface.ip_configurations or ():
            yield one.static_virtual_network_ip_address


def taken_addresses(
    draft: Draft, site: model.VirtualNetworkSite, pending: model.Deployment | None = None, besides: str | None = None
) -> set[Address]:
    """All addresses of a virtual network that somebody has.

    pending: a deployment as it is being changed; besides: a role of it whose addresses do not count
    """
    found: set[Address] = set()
    for deployment in deployments_in(draft, site, pending):
        found.update(addresses_of(deployment, besides if deployment is pending else None))
    return found


def usable(subnet: model.Subnet, address: Address) -> bool:
    """Whether an address of a subnet can be anybody's."""
    own = range_of(subnet.address_prefix)
    return own.network_address + RESERVED <= address < own.broadcast_address


def address_free(draft: Draft, site: model.VirtualNetworkSite, address: str) -> bool:
    """Whether an address can be had: it is in a subnet, not the service's own, and nobody has it."""
    wanted = Address(address)
    return any(usable(one, wanted) for one in site.subnets) and wanted not in taken_addresses(draft, site)


def free_addresses(subnet: model.Subnet, taken: set[Address]) -> Iterator[str]:
    """The free addresses of a subnet, the lowest first."""
    own = range_of(subnet.address_prefix)
    number, last = int(own.network_address) + RESERVED, int(own.broadcast_address)
    while number < last:
        if Address(number) not in taken:
            yield str(Address(number))
        number += 1


@quoted("code and text, of an operation whose machine asked for a fixed address (xplat-cli issue 422); not its status")
def no_address() -> BadRequest:
    """What an operation fails with when an address cannot be given: the request itself has been accepted."""
    return BadRequest(
        "Unable to allocate the required address spaces for the deployment in a new or predefined subnet that is "
        "contained within the specified virtual network.",
        code="Networking.DeploymentVNetAddressAllocationFailure",
    )


def assign_address(subnet: model.Subnet, taken: set[Address]) -> str:
    """The lowest free address of a subnet; BadRequest if it has none left."""
    for address in free_addresses(subnet, taken):
        return address
    raise no_address()


@assumed("a fixed address is for virtual networks only (documented); the text was never seen")
def check_static_address(address: str, site: model.VirtualNetworkSite | None) -> None:
    """BadRequest unless it is an address, and for something in a virtual network.

    Whether the network can give it is found out by the operation, which fails if not (see `no_address`).
    """
    if site is None:
        raise BadRequest("A static IP address can be specified only for a virtual machine in a virtual network.")
    try:
        Address(address)
    except ValueError:
        raise BadRequest(f"The static IP address {address} is invalid.") from None


def claim_static_address(draft: Draft, deployment: model.Deployment, subnet_name: str, address: str) -> None:
    """BadRequest, for an operation, unless a subnet of the deployment's network can give an address to it."""
    site = draft.virtual_networks.get(deployment.virtual_network_name or "")
    subnet = subnet_of(site, subnet_name) if site else None
    if site is None or subnet is None or not usable(subnet, Address(address)):
        raise no_address()
    if Address(address) in taken_addresses(draft, site, deployment):
        raise no_address()


# -- the addresses of machines ----------------------------------------------------------------------------------------


@assumed("a machine that names no subnet is in the first one that is not the gateway's")
def _default_subnet(site: model.VirtualNetworkSite) -> model.Subnet:
    for subnet in site.subnets:
        if subnet.name.lower() != GATEWAY_SUBNET:
            return subnet
    raise no_address()


def _subnet_for(site: model.VirtualNetworkSite, names: Iterable[str | None], address: str | None) -> model.Subnet:
    for name in names:
        found = subnet_of(site, name or "")
        if found is not None:
            return found
    if address:
        for subnet in site.subnets:
            if Address(address) in range_of(subnet.address_prefix):
                return subnet
    return _default_subnet(site)


@recorded("the first instance of a subnet has .4, its further network interface .5")
@assumed("an address stays a machine's as long as it fits: only a fixed one, or another subnet, changes it")
def addresses_for(
    draft: Draft, deployment: model.Deployment, machine: model.MachineRole, now: model.RoleInstance | None = None
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The address of a machine, and those of its further network interfaces, by interface.

    In a virtual network they are of its subnets, and BadRequest if these have none left or a fixed one is taken;
    elsewhere it is one of the fabric's.
    now: the instance as it is, if it has addresses
    """
    network = machine.network
    static = network.static_virtual_network_ip_address or None
    site = draft.virtual_networks.get(deployment.virtual_network_name or "")
    if site is None:
        return static or (now.ip_address if now else None) or draft.take_internal_address(), ()
    choice = _Choice(draft, site, deployment, machine)
    subnet = _subnet_for(site, network.subnet_names or (), static)
    first = choice.make(subnet, static, now.ip_address if now else None)
    before = dict(now.interface_addresses) if now else {}
    further = tuple(
        (
            interface.name or "",
            choice.make(
                _subnet_for(site, (one.subnet_name, subnet.name), one.static_virtual_network_ip_address),
                one.static_virtual_network_ip_address or None,
                before.get(interface.name or ""),
            ),
        )
        for interface in network.network_interfaces or ()
        for one in interface.ip_configurations or ()
    )
    return first, further


class _Choice:
    """The choosing of a machine's addresses, one after the other."""

    def __init__(
        self, draft: Draft, site: model.VirtualNetworkSite, deployment: model.Deployment, machine: model.MachineRole
    ) -> None:
        self.taken = taken_addresses(draft, site, deployment, machine.name)
        # What is fixed is set aside first, or a dynamic address of the same machine might be it.
        self.fixed = set(_parsed(static_addresses(machine)))

    def make(self, subnet: model.Subnet, static: str | None, now: str | None) -> str:
        """The fixed address, or the present one if it still can be, or another; BadRequest if there is none."""
        if static is not None:
            if Address(static) in self.taken or not usable(subnet, Address(static)):
                raise no_address()
            chosen = static
        elif now and usable(subnet, Address(now)) and Address(now) not in self.taken | self.fixed:
            chosen = now
        else:
            chosen = assign_address(subnet, self.taken | self.fixed)
        self.taken.add(Address(chosen))
        return chosen


def instance_address(draft: Draft, deployment: model.Deployment, role_subnets: Iterable[str] = ()) -> str:
    """The address of a new instance of a web or worker role; as `addresses_for` has it."""
    site = draft.virtual_networks.get(deployment.virtual_network_name or "")
    if site is None:
        return draft.take_internal_address()
    return assign_address(_subnet_for(site, role_subnets, None), taken_addresses(draft, site, deployment))
