"""Network configurations: the one document of a subscription with its DNS servers, local and virtual networks.

It is no document of the API's own namespace, comes as a body of any content type and is given back written anew: with
a byte order mark, an XML declaration, CRLF and two spaces of indentation (all recorded), DNS servers and networks
sorted by name in any case (recorded), an empty list without its inner element.  What this emulator does not know of
the schema is kept and given back behind what it knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from asm_contracts.codec.tree import MalformedTree, parse

NAMESPACE: Final = "http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration"
CONTENT_TYPE: Final = "text/plain"
"""Recorded of every answer."""

_XSD: Final = "http://www.w3.org/2001/XMLSchema"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_KNOWN_NAMESPACES: Final = {_XSI: "xsi", _XSD: "xsd", _XML: "xml"}
_DEEPEST: Final = 32
_MARKUP: Final = re.compile('[&<>"\r\n\t]')
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#xD;", "\n": "&#xA;", "\t": "&#x9;"}

Attributes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Node:
    """An element that is kept without being understood; names are `{namespace}local` outside the document's own."""

    name: str
    attributes: Attributes = ()
    text: str = ""
    children: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedServer:
    """A DNS server that virtual networks may refer to."""

    name: str
    address: str
    attributes: Attributes = ()
    others: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSite:
    """A network outside the cloud: its ranges, and the address of the gateway that leads to it."""

    name: str
    address_prefixes: tuple[str, ...] = ()
    gateway_address: str | None = None
    attributes: Attributes = ()
    others: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """A subnet of a virtual network."""

    name: str
    address_prefix: str
    attributes: Attributes = ()
    others: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A virtual network's connection with a local site: how, `IPsec` or `Dedicated`."""

    site: str
    types: tuple[str, ...] = ()
    attributes: Attributes = ()
    others: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """What a virtual network's gateway is to connect: local sites, and clients that get addresses of a pool."""

    profile: str | None = None
    client_address_prefixes: tuple[str, ...] = ()
    connections: tuple[Connection, ...] = ()
    attributes: Attributes = ()
    others: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A virtual network, in a location or in an affinity group."""

    name: str
    location: str | None = None
    affinity_group: str | None = None
    label: str | None = None
    address_prefixes: tuple[str, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    dns_servers: tuple[str, ...] = ()
    gateway: Gateway | None = None
    attributes: Attributes = ()
    others: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkConfiguration:
    """All networks of a subscription."""

    dns_servers: tuple[NamedServer, ...] = ()
    local_sites: tuple[LocalSite, ...] = ()
    sites: tuple[Site, ...] = ()
    others: tuple[Node, ...] = ()
    """What else stood in ``VirtualNetworkConfiguration``."""
    around: tuple[Node, ...] = ()
    """What else stood in the root."""


class MalformedNetworkConfiguration(ValueError):
    """Bytes that are no network configuration; the text says why."""


# -- reading --------------------------------------------------------------------------------------------------------


def _node(element: Element, depth: int = 0) -> Node:
    if depth > _DEEPEST:
        raise MalformedNetworkConfiguration("elements are nested too deeply")
    return Node(
        _local(element),
        _attributes(element),
        "" if len(element) else element.text or "",
        tuple(_node(child, depth + 1) for child in element),
    )


def _local(element: Element) -> str:
    name = element.tag
    return str(name).removeprefix(f"{{{NAMESPACE}}}")


def _attributes(element: Element, *known: str) -> Attributes:
    return tuple((str(name), str(value)) for name, value in element.attrib.items() if str(name) not in known)


class _Parts:
    """The children of an element, each to be taken once; what nobody takes is kept as it is."""

    def __init__(self, element: Element | None) -> None:
        self._element = element
        self._left: list[Element] = [] if element is None else list(element)

    def one(self, name: str) -> Element | None:
        found = [child for child in self._left if _local(child) == name]
        if len(found) > 1:
            raise MalformedNetworkConfiguration(f"{name} stands more than once in {self._name}")
        for child in found:
            self._left.remove(child)
        return found[0] if found else None

    def many(self, name: str) -> list[Element]:
        found = [child for child in self._left if _local(child) == name]
        self._left = [child for child in self._left if _local(child) != name]
        return found

    def inside(self, name: str) -> _Parts:
        """The parts of a child that is there once at most; of one that is not there, none."""
        return _Parts(self.one(name))

    def text(self, name: str) -> str | None:
        child = self.one(name)
        return None if child is None else _text(child)

    @property
    def _name(self) -> str:
        return "nothing" if self._element is None else _local(self._element)

    def others(self) -> tuple[Node, ...]:
        return tuple(map(_node, self._left))

    def check_empty(self) -> None:
        """MalformedNetworkConfiguration if something is left where only a list of known items can be."""
        if self._left:
            raise MalformedNetworkConfiguration(f"{_local(self._left[0])[:100]} is not expected in {self._name}")


def _text(element: Element) -> str:
    if len(element):
        raise MalformedNetworkConfiguration(f"{_local(element)} holds elements where a value is expected")
    return (element.text or "").strip()


def _required(element: Element, name: str) -> str:
    value = element.get(name)
    if not value:
        raise MalformedNetworkConfiguration(f"{_local(element)} has no {name}")
    return str(value)


def _prefixes(parts: _Parts) -> tuple[str, ...]:
    found = tuple(map(_text, parts.many("AddressPrefix")))
    parts.check_empty()
    return found


def _server(element: Element) -> NamedServer:
    return NamedServer(
        name=_required(element, "name"),
        address=_required(element, "IPAddress"),
        attributes=_attributes(element, "name", "IPAddress"),
        others=_Parts(element).others(),
    )


def _local_site(element: Element) -> LocalSite:
    parts = _Parts(element)
    return LocalSite(
        name=_required(element, "name"),
        address_prefixes=_prefixes(parts.inside("AddressSpace")),
        gateway_address=parts.text("VPNGatewayAddress") or None,
        attributes=_attributes(element, "name"),
        others=parts.others(),
    )


def _subnet(element: Element) -> Subnet:
    parts = _Parts(element)
    return Subnet(
        name=_required(element, "name"),
        address_prefix=parts.text("AddressPrefix") or "",
        attributes=_attributes(element, "name"),
        others=parts.others(),
    )


def _connection(element: Element) -> Connection:
    parts = _Parts(element)
    return Connection(
        site=_required(element, "name"),
        types=tuple(_required(one, "type") for one in parts.many("Connection")),
        attributes=_attributes(element, "name"),
        others=parts.others(),
    )


def _gateway(element: Element) -> Gateway:
    parts = _Parts(element)
    connections = parts.inside("ConnectionsToLocalNetwork")
    found = Gateway(
        profile=element.get("profile") or None,
        client_address_prefixes=_prefixes(parts.inside("VPNClientAddressPool")),
        connections=tuple(map(_connection, connections.many("LocalNetworkSiteRef"))),
        attributes=_attributes(element, "profile"),
        others=parts.others(),
    )
    connections.check_empty()
    return found


def _site(element: Element) -> Site:
    parts = _Parts(element)
    subnets, servers = parts.inside("Subnets"), parts.inside("DnsServersRef")
    gateway = parts.one("Gateway")
    found = Site(
        name=_required(element, "name"),
        location=element.get("Location") or None,
        affinity_group=element.get("AffinityGroup") or None,
        label=parts.text("Label") or None,
        address_prefixes=_prefixes(parts.inside("AddressSpace")),
        subnets=tuple(map(_subnet, subnets.many("Subnet"))),
        dns_servers=tuple(_required(one, "name") for one in servers.many("DnsServerRef")),
        gateway=None if gateway is None else _gateway(gateway),
        attributes=_attributes(element, "name", "Location", "AffinityGroup"),
        others=parts.others(),
    )
    subnets.check_empty()
    servers.check_empty()
    return found


def read(data: bytes) -> NetworkConfiguration:
    """The network configuration in a body, in any order; MalformedNetworkConfiguration when it is none."""
    try:
        root = parse(data)
    except MalformedTree as problem:
        raise MalformedNetworkConfiguration(str(problem)) from None
    if root.tag != f"{{{NAMESPACE}}}NetworkConfiguration":
        raise MalformedNetworkConfiguration(f"the root is {str(root.tag)[:100]}")
    around = _Parts(root)
    inner = around.one("VirtualNetworkConfiguration")
    if inner is None:
        raise MalformedNetworkConfiguration("there is no VirtualNetworkConfiguration")
    parts = _Parts(inner)
    dns = parts.inside("Dns")
    lists = (dns.inside("DnsServers"), parts.inside("LocalNetworkSites"), parts.inside("VirtualNetworkSites"))
    found = NetworkConfiguration(
        dns_servers=tuple(map(_server, lists[0].many("DnsServer"))),
        local_sites=tuple(map(_local_site, lists[1].many("LocalNetworkSite"))),
        sites=tuple(map(_site, lists[2].many("VirtualNetworkSite"))),
        others=parts.others(),
        around=around.others(),
    )
    for one in (dns, *lists):
        one.check_empty()
    return found


# -- writing --------------------------------------------------------------------------------------------------------


def _by_name(name: str) -> str:
    return name.lower()


def _values(name: str, values: Iterable[str]) -> tuple[Node, ...]:
    return tuple(Node(name, text=value) for value in values)


def _references(name: str, names: Iterable[str], attribute: str = "name") -> tuple[Node, ...]:
    return tuple(Node(name, ((attribute, one),)) for one in names)


def _list(name: str, items: tuple[Node, ...]) -> tuple[Node, ...]:
    """A list, if there is anything in it."""
    return (Node(name, children=items),) if items else ()


def _given(name: str, value: str | None) -> Attributes:
    return ((name, value),) if value is not None else ()


def _server_node(server: NamedServer) -> Node:
    named = (("name", server.name), ("IPAddress", server.address))
    return Node("DnsServer", (*named, *server.attributes), children=server.others)


def _local_site_node(site: LocalSite) -> Node:
    children = (
        Node("AddressSpace", children=_values("AddressPrefix", site.address_prefixes)),
        *_values("VPNGatewayAddress", filter(None, (site.gateway_address,))),
        *site.others,
    )
    return Node("LocalNetworkSite", (("name", site.name), *site.attributes), children=children)


def _subnet_node(subnet: Subnet) -> Node:
    children = (*_values("AddressPrefix", (subnet.address_prefix,)), *subnet.others)
    return Node("Subnet", (("name", subnet.name), *subnet.attributes), children=children)


def _connection_node(connection: Connection) -> Node:
    children = (*_references("Connection", connection.types, "type"), *connection.others)
    return Node("LocalNetworkSiteRef", (("name", connection.site), *connection.attributes), children=children)


def _gateway_node(gateway: Gateway) -> Node:
    children = (
        *_list("VPNClientAddressPool", _values("AddressPrefix", gateway.client_address_prefixes)),
        *_list("ConnectionsToLocalNetwork", tuple(map(_connection_node, gateway.connections))),
        *gateway.others,
    )
    return Node("Gateway", (*_given("profile", gateway.profile), *gateway.attributes), children=children)


def _site_node(site: Site) -> Node:
    attributes = (
        ("name", site.name),
        *_given("AffinityGroup", site.affinity_group),
        *_given("Location", site.location),
        *site.attributes,
    )
    children = (
        *_values("Label", filter(None, (site.label,))),
        Node("AddressSpace", children=_values("AddressPrefix", site.address_prefixes)),
        *_list("Subnets", tuple(map(_subnet_node, site.subnets))),
        *_list("DnsServersRef", _references("DnsServerRef", site.dns_servers)),
        *((_gateway_node(site.gateway),) if site.gateway is not None else ()),
        *site.others,
    )
    return Node("VirtualNetworkSite", attributes, children=children)


def write(configuration: NetworkConfiguration) -> bytes:
    """The body of Get Network Configuration, to the recorded byte form."""
    servers = sorted(configuration.dns_servers, key=lambda one: _by_name(one.name))
    local_sites = sorted(configuration.local_sites, key=lambda one: _by_name(one.name))
    sites = sorted(configuration.sites, key=lambda one: _by_name(one.name))
    inner = Node(
        "VirtualNetworkConfiguration",
        children=(
            Node("Dns", children=_list("DnsServers", tuple(map(_server_node, servers)))),
            *_list("LocalNetworkSites", tuple(map(_local_site_node, local_sites))),
            Node("VirtualNetworkSites", children=tuple(map(_site_node, sites))),
            *configuration.others,
        ),
    )
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<NetworkConfiguration xmlns:xsd="{_XSD}" xmlns:xsi="{_XSI}" xmlns="{NAMESPACE}">',
    ]
    for node in (inner, *configuration.around):
        _write(node, 1, NAMESPACE, lines)
    lines.append("</NetworkConfiguration>")
    return "\ufeff".encode() + "\r\n".join(lines).encode()


def _write(node: Node, depth: int, around: str, lines: list[str]) -> None:
    namespace, name = _split(node.name, NAMESPACE)
    declared = "" if namespace == around else f' xmlns="{_escaped(namespace)}"'
    tag = name + declared + "".join(_attribute(place, *pair) for place, pair in enumerate(node.attributes))
    indent = "  " * depth
    if node.children:
        lines.append(f"{indent}<{tag}>")
        for child in node.children:
            _write(child, depth + 1, namespace, lines)
        lines.append(f"{indent}</{name}>")
    elif node.text:
        text = _escaped(node.text, "&<>\r")
        lines.append(f"{indent}<{tag}>{text}</{name}>")
    else:
        lines.append(f"{indent}<{tag} />")


def _split(name: str, default: str) -> tuple[str, str]:
    if name[:1] == "{":
        namespace, _, local = name[1:].partition("}")
        return namespace, local
    return default, name


def _attribute(place: int, name: str, value: str) -> str:
    namespace, local = _split(name, "")
    if not namespace:
        return f' {local}="{_escaped(value)}"'
    prefix = _KNOWN_NAMESPACES.get(namespace)
    if prefix is not None:
        return f' {prefix}:{local}="{_escaped(value)}"'
    return f' xmlns:p{place}="{_escaped(namespace)}" p{place}:{local}="{_escaped(value)}"'


def _escaped(text: str, only: str | None = None) -> str:
    """Text as it stands in an attribute, or (`only` some characters) in an element."""
    return _MARKUP.sub(lambda found: _ESCAPES[found[0]] if only is None or found[0] in only else found[0], text)
