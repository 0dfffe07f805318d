"""The frozen entities of gateways and of Traffic Manager; they stand in the state beside those of `model`."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from rpds import HashTrieMap

from asm_contracts.areas.application_gateways import ApplicationGatewayConfiguration
from asm_contracts.areas.gateways import BgpSettings, IPsecParameters
from asm_contracts.areas.traffic_manager import Definition
from asm_contracts.frozen import frozen


@frozen
class GatewayOperation:
    """The id under which a gateway's change is followed, and the request whose operation it is."""

    id: str
    request_id: str
    name: str | None = None
    data: str = ""


@frozen
class GatewayEvent:
    """What last happened to a gateway or a connection."""

    id: int
    message: str
    timestamp: datetime


@frozen
class Capture:
    """A capture of a gateway's traffic: `serial` tells it from earlier ones."""

    url: str
    state: str
    serial: int


@frozen
class SiteLink:
    """A gateway's connection to a local network site."""

    state: str = "NotConnected"
    shared_key: str | None = None
    """None until one is set: then it is the one made with the gateway."""
    ipsec: IPsecParameters = field(default_factory=IPsecParameters)
    established: datetime | None = None
    event: GatewayEvent | None = None


@frozen
class VirtualNetworkGateway:
    """The gateway of a virtual network."""

    id: str
    network_name: str
    type: str
    size: str
    state: str
    name: str | None = None
    """The name of its own that one of the newer form has."""
    location: str | None = None
    vip: str | None = None
    event: GatewayEvent | None = None
    default_site: str | None = None
    bgp: BgpSettings | None = None
    links: HashTrieMap[str, SiteLink] = field(default_factory=HashTrieMap)
    """By the local network site's name in lower case."""
    client_roots: HashTrieMap[str, bytes] = field(default_factory=HashTrieMap)
    """Root certificates (DER) of VPN clients, by thumbprint."""
    capture: Capture | None = None


@frozen
class GatewayConnection:
    """A connection of the newer form."""

    name: str
    gateway_id: str
    entity_id: str
    type: str
    routing_weight: int
    shared_key: str
    enable_bgp: bool
    ipsec: IPsecParameters = field(default_factory=IPsecParameters)


@frozen
class LocalNetworkGateway:
    """The other end of connections of the newer form."""

    id: str
    name: str
    ip_address: str
    address_space: tuple[str, ...]
    bgp: BgpSettings | None = None


@frozen
class ApplicationGateway:
    """A load balancer for HTTP."""

    name: str
    description: str
    size: str
    instance_count: int
    network_name: str
    subnets: tuple[str, ...]
    state: str = "Stopped"
    virtual_ip: str | None = None
    dns_name: str | None = None
    configuration: ApplicationGatewayConfiguration | None = None
    certificates: HashTrieMap[str, GatewayCertificate] = field(default_factory=HashTrieMap)
    """By name in lower case."""


@frozen
class GatewayCertificate:
    """A certificate of an application gateway (DER); the private key that came with it is not kept."""

    name: str
    data: bytes


@frozen
class TrafficManagerProfile:
    """A name under trafficmanager.net; `defined` is when its definition was set last."""

    name: str
    domain_name: str
    status: str = "Disabled"
    definition: Definition | None = None
    defined: datetime | None = None
