"""The frozen entities of networks; they stand in the state beside those of `model`, which has their names too."""

from __future__ import annotations

from dataclasses import dataclass

from asm_contracts import roles as vm


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedIP:
    """An address kept for the subscription; it outlives the deployments that use it.

    Which deployment that is, only the deployment knows: by its `reserved_ip_name`.
    """

    name: str
    address: str
    id: str
    location: str
    label: str | None = None
    state: str = "Created"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """A subnet of a virtual network, its range in CIDR notation."""

    name: str
    address_prefix: str
    network_security_group: str | None = None
    route_table: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualNetworkSite:
    """A virtual network, in a region or in an affinity group.

    What is set for it in the network configuration, made ready for use; of its gateway the configuration knows more.
    """

    name: str
    id: str
    address_prefixes: tuple[str, ...]
    subnets: tuple[Subnet, ...] = ()
    label: str | None = None
    affinity_group: str | None = None
    location: str | None = None
    state: str = "Created"
    dns_servers: tuple[vm.DnsServer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityRule:
    """A rule of a network security group, in the service's own spelling."""

    name: str
    type: str
    priority: int
    action: str
    source_address_prefix: str
    source_port_range: str
    destination_address_prefix: str
    destination_port_range: str
    protocol: str
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup:
    """A network security group with the rules of its own; which subnets and roles it guards, only these know."""

    name: str
    location: str
    label: str | None = None
    state: str = "Created"
    rules: tuple[SecurityRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route: where traffic to a range goes next."""

    name: str
    address_prefix: str
    next_hop_type: str
    next_hop_address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable:
    """A route table; which subnets use it, only these know."""

    name: str
    location: str
    label: str | None = None
    routes: tuple[Route, ...] = ()
