"""Virtual networks."""

from __future__ import annotations

from asm_contracts.areas.virtual_networks import (
    AddressSpace,
    Subnet,
    VirtualNetworkContract,
    VirtualNetworkSite,
    VirtualNetworkSites,
)
from asm_contracts.roles import Dns
from asm_emulator import model
from asm_emulator.areas.base import Area
from asm_emulator.state import Draft


def networks_in_use(draft: Draft) -> set[str]:
    """The names, in lower case, of the virtual networks that deployments are in."""
    return {
        deployment.virtual_network_name.lower()
        for service in draft.hosted_services.values()
        for deployment in service.deployments.values()
        if deployment.virtual_network_name is not None
    }


class VirtualNetworkArea(Area, VirtualNetworkContract):
    """Lists the virtual networks of the subscription."""

    def list_virtual_network_sites(self) -> VirtualNetworkSites:
        used = networks_in_use(self.state)
        return VirtualNetworkSites(
            items=tuple(_document(site, site.name.lower() in used) for site in self.state.virtual_networks.values())
        )


def _document(site: model.VirtualNetworkSite, used: bool) -> VirtualNetworkSite:
    return VirtualNetworkSite(
        name=site.name,
        id=site.id,
        label=site.label,
        affinity_group=site.affinity_group,
        state=site.state,
        in_use=True if used else None,
        address_space=AddressSpace(address_prefixes=site.address_prefixes),
        subnets=tuple(Subnet(name=one.name, address_prefix=one.address_prefix) for one in site.subnets),
        dns=Dns(dns_servers=site.dns_servers) if site.dns_servers else None,
        location=site.location,
    )
