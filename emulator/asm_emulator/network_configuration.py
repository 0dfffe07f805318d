"""The network configuration: whether one can be carried out, and what the virtual networks are afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

from asm_contracts.codec import netcfg
from asm_contracts.errors import BadRequest, InvalidXmlRequest
from asm_contracts.evidence import assumed, documented, quoted
from asm_contracts.roles import DnsServer
from asm_emulator import model
from asm_emulator.networks import Address, Range, local_sites_in_use, networks_in_use, range_of, subnets_in_use
from asm_emulator.places import check_place
from asm_emulator.quotas import check_quota
from asm_emulator.state import Draft

LONGEST_PREFIX = 29
"""The smallest subnet has eight addresses, of which three can be used (documented)."""


@assumed("what the service said to a body that is no network configuration was never seen")
def read_configuration(data: bytes) -> netcfg.NetworkConfiguration:
    """The network configuration in a body; InvalidXmlRequest if there is none."""
    try:
        return netcfg.read(data)
    except netcfg.MalformedNetworkConfiguration as problem:
        raise InvalidXmlRequest() from problem


# -- checking ---------------------------------------------------------------------------------------------------------


def check_configuration(draft: Draft, wanted: netcfg.NetworkConfiguration) -> None:
    """BadRequest for a configuration that contradicts itself, or names what does not exist, or takes away what is used;
    ForbiddenError for one over the subscription's quotas."""
    _check_unique("DNS server", (one.name for one in wanted.dns_servers))
    _check_unique("local network site", (one.name for one in wanted.local_sites))
    _check_unique("virtual network site", (one.name for one in wanted.sites))
    _check_quotas(draft, wanted)
    for server in wanted.dns_servers:
        _check_address(server.address)
    local_sites = {one.name.lower(): one for one in wanted.local_sites}
    for local in wanted.local_sites:
        ranges_of(local.address_prefixes)
        if local.gateway_address is not None:
            _check_address(local.gateway_address)
    servers = {one.name.lower() for one in wanted.dns_servers}
    for site in wanted.sites:
        place_of(draft, site)
        _check_ranges(site)
        for name in site.dns_servers:
            if name.lower() not in servers:
                raise BadRequest(f"The DNS server {name} of the virtual network {site.name} does not exist.")
        _check_gateway(site, local_sites)
    _check_in_use(draft, wanted)


@assumed("that names are unique follows from what refers to them; the text was never seen")
def _check_unique(kind: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            raise BadRequest(f"The {kind} name {name} is used more than once in the network configuration.")
        seen.add(name.lower())


def _check_quotas(draft: Draft, wanted: netcfg.NetworkConfiguration) -> None:
    known, quotas = draft.subscription.network_configuration, draft.subscription.quotas
    for resource, limit, before, after in (
        (
            "virtual network site count",
            quotas.virtual_network_sites,
            len(known.sites) if known else 0,
            len(wanted.sites),
        ),
        (
            "local network site count",
            quotas.local_network_sites,
            len(known.local_sites) if known else 0,
            len(wanted.local_sites),
        ),
        ("DNS server count", quotas.dns_servers, len(known.dns_servers) if known else 0, len(wanted.dns_servers)),
    ):
        if after > before:
            check_quota(resource, limit, before, after - before)


@quoted("code and text of a site in neither (terraform issue 3976), with the service's own misspelling")
@assumed(
    "whether an affinity group must exist was never seen: here it need not, so that any configuration that the "
    "service gave out is taken back without the rest of its subscription"
)
def place_of(draft: Draft, site: netcfg.Site) -> tuple[str | None, str | None]:
    """The location or the affinity group of a site, as the service spells them; BadRequest for none or both, and for a
    location that does not exist."""
    if not site.location and not site.affinity_group:
        raise BadRequest(
            f"Neither Affinity Group nor Location elemet is specified in virtual network site '{site.name}'. Either "
            "Affinity Group or Location must be specified for every virtual network."
        )
    if site.location is None and site.affinity_group is not None and site.affinity_group not in draft.affinity_groups:
        return None, site.affinity_group
    return check_place(draft, site.location, site.affinity_group)


@assumed("the text was never seen")
def _check_address(text: str) -> None:
    try:
        Address(text)
    except ValueError:
        raise BadRequest(f"The IP address {text[:100]} is not valid.") from None


@quoted("the text, of a range that overlaps that of a connected local site")
def ranges_of(prefixes: Iterable[str]) -> tuple[Range, ...]:
    """Prefixes as ranges; BadRequest if one is none."""
    try:
        return tuple(map(_range, prefixes))
    except ValueError:
        raise _wrong_prefix() from None


def _range(prefix: str) -> Range:
    if "/" not in prefix:
        raise ValueError(prefix)
    return range_of(prefix)


def _wrong_prefix() -> BadRequest:
    return BadRequest("IP address prefix is not valid")


@documented("subnets lie in the address space and apart from each other")
@assumed("the texts were never seen")
def _check_ranges(site: netcfg.Site) -> None:
    spaces = ranges_of(site.address_prefixes)
    if not spaces:
        raise BadRequest(f"The virtual network {site.name} has no address space.")
    for one, other in combinations(site.address_prefixes, 2):
        if range_of(one).overlaps(range_of(other)):
            raise BadRequest(f"The address prefixes {one} and {other} of the virtual network {site.name} overlap.")
    _check_unique("subnet", (one.name for one in site.subnets))
    for subnet, own in zip(site.subnets, ranges_of(one.address_prefix for one in site.subnets), strict=True):
        if own.prefixlen > LONGEST_PREFIX:
            raise BadRequest(f"The subnet {subnet.name} is too small: its prefix is longer than /{LONGEST_PREFIX}.")
        if not any(own.subnet_of(space) for space in spaces):
            raise BadRequest(
                f"The subnet {subnet.name} is not contained in the address space of the virtual network {site.name}."
            )
    for first, second in combinations(site.subnets, 2):
        if range_of(first.address_prefix).overlaps(range_of(second.address_prefix)):
            raise BadRequest(f"The subnets {first.name} and {second.name} of the virtual network {site.name} overlap.")


@assumed("that the ranges of both sides of a connection must differ is quoted; the other texts were never seen")
def _check_gateway(site: netcfg.Site, local_sites: dict[str, netcfg.LocalSite]) -> None:
    if site.gateway is None:
        return
    ranges_of(site.gateway.client_address_prefixes)
    spaces = ranges_of(site.address_prefixes)
    for connection in site.gateway.connections:
        local = local_sites.get(connection.site.lower())
        if local is None:
            raise BadRequest(
                f"The local network site {connection.site} of the virtual network {site.name} does not exist."
            )
        for kind in connection.types:
            if kind.lower() not in ("ipsec", "dedicated"):
                raise BadRequest(f"The connection type {kind[:100]} is not IPsec or Dedicated.")
        if any(one.overlaps(other) for one in spaces for other in ranges_of(local.address_prefixes)):
            raise _wrong_prefix()


@quoted("the texts of virtual networks and subnets; that of local sites follows them")
@assumed("a network in use may get further ranges and subnets; it keeps its place and the ranges it has")
def _check_in_use(draft: Draft, wanted: netcfg.NetworkConfiguration) -> None:
    after = {one.name.lower(): one for one in wanted.sites}
    missing = local_sites_in_use(draft) - {one.name.lower() for one in wanted.local_sites}
    for name in sorted(missing):
        raise BadRequest(f"Cannot delete or modify local network site while in use '{name}'.")
    for key in sorted(networks_in_use(draft)):
        site = draft.virtual_networks.get(key)
        if site is None:
            continue
        left = after.get(key)
        if left is None or not _keeps(draft, site, left):
            raise BadRequest(f"Cannot delete or modify virtual network while in use '{site.name}'.")
        prefixes = {one.name.lower(): range_of(one.address_prefix) for one in left.subnets}
        used = subnets_in_use(draft, site)
        for subnet in site.subnets:
            name = subnet.name.lower()
            if name in used and prefixes.get(name) != range_of(subnet.address_prefix):
                raise BadRequest(f"Cannot delete or modify subnet while in use '{subnet.name}'.")


def _keeps(draft: Draft, site: model.VirtualNetworkSite, wanted: netcfg.Site) -> bool:
    if place_of(draft, wanted) != (site.location, site.affinity_group):
        return False
    return set(map(range_of, site.address_prefixes)) <= set(map(range_of, wanted.address_prefixes))


# -- carrying out -----------------------------------------------------------------------------------------------------


def in_own_spelling(draft: Draft, wanted: netcfg.NetworkConfiguration) -> netcfg.NetworkConfiguration:
    """A checked configuration with locations and affinity groups spelled as the service does."""
    sites = []
    for site in wanted.sites:
        location, group = place_of(draft, site)
        sites.append(replace(site, location=location, affinity_group=group))
    return replace(wanted, sites=tuple(sites))


def site_of(
    draft: Draft, wanted: netcfg.NetworkConfiguration, site: netcfg.Site, state: str
) -> model.VirtualNetworkSite:
    """A virtual network as a configuration wants it; its id, and what is bound to its subnets, stay."""
    known = draft.virtual_networks.get(site.name)
    before = {one.name.lower(): one for one in known.subnets} if known else {}
    subnets = tuple(
        replace(
            before.get(one.name.lower(), model.Subnet(name=one.name, address_prefix="")),
            name=one.name,
            address_prefix=one.address_prefix,
        )
        for one in site.subnets
    )
    servers = {one.name.lower(): one for one in wanted.dns_servers}
    found = [servers[name.lower()] for name in site.dns_servers]
    return model.VirtualNetworkSite(
        name=site.name,
        id=known.id if known else draft.make_guid("virtual network", site.name, draft.take_serial()),
        address_prefixes=site.address_prefixes,
        subnets=subnets,
        label=site.label,
        affinity_group=site.affinity_group,
        location=site.location,
        state=state,
        dns_servers=tuple(DnsServer(name=one.name, address=one.address) for one in found),
    )


def announce(draft: Draft, wanted: netcfg.NetworkConfiguration) -> None:
    """Show the virtual networks that are going to be created."""
    for site in wanted.sites:
        if site.name not in draft.virtual_networks:
            draft.virtual_networks[site.name] = site_of(draft, wanted, site, "Creating")


def take_back(draft: Draft) -> None:
    """Forget the virtual networks that were going to be created."""
    for name in list(draft.virtual_networks):
        if draft.virtual_networks[name].state == "Creating":
            del draft.virtual_networks[name]


def carry_out(draft: Draft, wanted: netcfg.NetworkConfiguration) -> None:
    """Make the virtual networks what a checked configuration wants them to be: those it leaves out are gone."""
    made = {site.name.lower(): site_of(draft, wanted, site, "Created") for site in wanted.sites}
    draft.change(virtual_networks=model.Map(made), network_configuration=wanted)
