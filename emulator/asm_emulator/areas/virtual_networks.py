"""Virtual networks."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from asm_contracts.areas.virtual_networks import (
    AddressAvailabilityResponse,
    AddressSpace,
    Connection,
    Gateway,
    LocalNetworkSite,
    Subnet,
    VirtualNetworkContract,
    VirtualNetworkSite,
    VirtualNetworkSites,
)
from asm_contracts.codec import netcfg
from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed, recorded
from asm_contracts.operation import Accepted, RawBody
from asm_contracts.roles import Dns
from asm_emulator import model
from asm_emulator.areas.base import Area
from asm_emulator.engine import effect
from asm_emulator.network_configuration import (
    announce,
    carry_out,
    check_configuration,
    in_own_spelling,
    read_configuration,
    take_back,
)
from asm_emulator.networks import (
    OFFERED,
    Address,
    address_free,
    find_site,
    free_addresses,
    networks_in_use,
    range_of,
    taken_addresses,
)
from asm_emulator.state import Draft

DEFAULT_PROFILE: Final = "Small"
"""The size of a gateway whose size the network configuration leaves open (recorded)."""


@effect
def network_configuration_set(draft: Draft, wanted: netcfg.NetworkConfiguration) -> None:
    """The end of a change of the network configuration; it fails if something has come to use what it takes away."""
    check_configuration(draft, wanted)
    carry_out(draft, wanted)


@effect
def network_configuration_undone(draft: Draft, **_of: object) -> None:
    """A configuration that failed leaves none of the networks it announced."""
    take_back(draft)


class VirtualNetworkArea(Area, VirtualNetworkContract):
    """Keeps the network configuration and shows what follows from it."""

    @assumed("that there is one change at a time is quoted; the refusal is worded like that of a busy deployment")
    def set_network_configuration(self, body: RawBody) -> Accepted:
        wanted = read_configuration(body.data)
        check_configuration(self.state, wanted)
        wanted = in_own_spelling(self.state, wanted)
        answer = self.begin(
            network_configuration_set,
            holds=(("network configuration", self.state.subscription_id),),
            undo=network_configuration_undone,
            wanted=wanted,
        )
        announce(self.state, wanted)
        return answer

    @assumed("before one is set clients expect 404; its text was never seen")
    def get_network_configuration(self) -> RawBody:
        known = self.state.subscription.network_configuration
        if known is None:
            raise ResourceNotFound("The network configuration does not exist.")
        return RawBody(netcfg.write(known), netcfg.CONTENT_TYPE)

    def list_virtual_network_sites(self) -> VirtualNetworkSites:
        used = networks_in_use(self.state)
        known = self.state.subscription.network_configuration or netcfg.NetworkConfiguration()
        described = {one.name.lower(): one for one in known.sites}
        return VirtualNetworkSites(
            items=tuple(
                replace(
                    _document(site, site.name.lower() in used, _gateway(known, described.get(site.name.lower()))),
                    migration_state=self.state.migrations.get(f"VirtualNetwork:{site.id}"),
                )
                for site in self.state.virtual_networks.values()
            )
        )

    @recorded("the answer for an address that is not free")
    @assumed("what is said of an address outside the network, and of an unknown network, was never seen")
    def check_static_ip_address(self, virtual_network_name: str, address: str) -> AddressAvailabilityResponse:
        site = find_site(self.state, virtual_network_name)
        if site is None:
            raise ResourceNotFound(f"The virtual network {virtual_network_name} does not exist.")
        try:
            wanted = Address(address)
        except ValueError:
            raise BadRequest(f"The IP address {address[:100]} is not valid.") from None
        if not any(wanted in range_of(one) for one in site.address_prefixes):
            raise BadRequest(f"The IP address {address} is not in the virtual network {site.name}.")
        if address_free(self.state, site, address):
            return AddressAvailabilityResponse(is_available=True, available_addresses=())
        return AddressAvailabilityResponse(is_available=False, available_addresses=_offer(self.state, site, wanted))


def _offer(draft: Draft, site: model.VirtualNetworkSite, wanted: Address) -> tuple[str, ...]:
    """Free addresses: of the subnet that was asked for, or else of the others."""
    taken = taken_addresses(draft, site)
    inside = [one for one in site.subnets if wanted in range_of(one.address_prefix)]
    found: list[str] = []
    for subnet in inside or site.subnets:
        for address in free_addresses(subnet, taken):
            if len(found) == OFFERED:
                return tuple(found)
            found.append(address)
    return tuple(found)


@recorded("of a network with one connected local site")
def _gateway(known: netcfg.NetworkConfiguration, site: netcfg.Site | None) -> Gateway | None:
    if site is None or site.gateway is None:
        return None
    local_sites = {one.name.lower(): one for one in known.local_sites}
    connected = [(local_sites[one.site.lower()], one.types) for one in site.gateway.connections]
    return Gateway(
        profile=site.gateway.profile or DEFAULT_PROFILE,
        sites=tuple(
            LocalNetworkSite(
                name=local.name,
                address_space=AddressSpace(address_prefixes=local.address_prefixes),
                vpn_gateway_address=local.gateway_address,
                connections=tuple(Connection(type=kind) for kind in kinds),
            )
            for local, kinds in connected
        ),
        vpn_client_address_pool=AddressSpace(address_prefixes=site.gateway.client_address_prefixes),
        vnet_names=(),
    )


def _document(site: model.VirtualNetworkSite, used: bool, gateway: Gateway | None) -> VirtualNetworkSite:
    return VirtualNetworkSite(
        name=site.name,
        id=site.id,
        label=site.label,
        affinity_group=site.affinity_group,
        state=site.state,
        in_use=True if used else None,
        address_space=AddressSpace(address_prefixes=site.address_prefixes),
        subnets=tuple(
            Subnet(
                name=one.name,
                address_prefix=one.address_prefix,
                network_security_group=one.network_security_group,
                route_table_name=one.route_table,
            )
            for one in site.subnets
        ),
        dns=Dns(dns_servers=site.dns_servers) if site.dns_servers else None,
        gateway=gateway,
        location=site.location,
    )
