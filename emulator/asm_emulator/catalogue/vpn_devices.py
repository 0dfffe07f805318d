"""The VPN devices that the service had configuration scripts for, and scripts for them.

Vendors, platforms and systems: as the service's documentation of the time names them.  The scripts are this emulator's
own: they state what a device needs to know (addresses, ranges, key, encryption) in the device's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final, TypeVar

from asm_contracts.quoting import quoteattr

V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnel:
    """Both ends of a connection: here the gateway with its network's ranges, there a local network site."""

    network: str
    site: str
    gateway_address: str
    shared_key: str
    cloud_ranges: tuple[str, ...]
    local_ranges: tuple[str, ...]


def _pairs(tunnel: Tunnel) -> Iterable[tuple[IPv4Network, IPv4Network]]:
    for local in tunnel.local_ranges:
        for cloud in tunnel.cloud_ranges:
            yield IPv4Network(local, strict=False), IPv4Network(cloud, strict=False)


def _cisco_ios(tunnel: Tunnel) -> list[str]:
    return [
        "crypto ikev1 proposal azure-proposal",
        "  encryption aes-cbc-256",
        "  integrity sha1",
        "  group 2",
        f"crypto isakmp key {tunnel.shared_key} address {tunnel.gateway_address}",
        "crypto ipsec transform-set azure-transform esp-aes 256 esp-sha-hmac",
        "  mode tunnel",
        *(
            f"access-list 101 permit ip {local.network_address} {local.hostmask} {cloud.network_address} "
            f"{cloud.hostmask}"
            for local, cloud in _pairs(tunnel)
        ),
        "crypto map azure-map 1 ipsec-isakmp",
        f"  set peer {tunnel.gateway_address}",
        "  set transform-set azure-transform",
        "  match address 101",
    ]


def _cisco_asa(tunnel: Tunnel) -> list[str]:
    return [
        *(
            f"access-list azure-list extended permit ip {local.network_address} {local.netmask} "
            f"{cloud.network_address} {cloud.netmask}"
            for local, cloud in _pairs(tunnel)
        ),
        "crypto ipsec ikev1 transform-set azure-transform esp-aes-256 esp-sha-hmac",
        "crypto map azure-map 1 match address azure-list",
        f"crypto map azure-map 1 set peer {tunnel.gateway_address}",
        "crypto map azure-map 1 set ikev1 transform-set azure-transform",
        f"tunnel-group {tunnel.gateway_address} type ipsec-l2l",
        f"tunnel-group {tunnel.gateway_address} ipsec-attributes",
        f"  ikev1 pre-shared-key {tunnel.shared_key}",
    ]


def _junos(tunnel: Tunnel) -> list[str]:
    return [
        "set security ike proposal azure-proposal authentication-method pre-shared-keys",
        "set security ike proposal azure-proposal encryption-algorithm aes-256-cbc",
        f"set security ike policy azure-policy pre-shared-key ascii-text {tunnel.shared_key}",
        f"set security ike gateway azure-gateway address {tunnel.gateway_address}",
        *(
            f"set security address-book global address azure-{number} {cloud}"
            for number, cloud in enumerate(tunnel.cloud_ranges, 1)
        ),
        *(
            f"set security address-book global address local-{number} {local}"
            for number, local in enumerate(tunnel.local_ranges, 1)
        ),
        "set security ipsec vpn azure-vpn ike gateway azure-gateway",
    ]


def _screenos(tunnel: Tunnel) -> list[str]:
    return [
        f"set ike gateway azure-gateway address {tunnel.gateway_address} main outgoing-interface ethernet0/0 preshare "
        f"{tunnel.shared_key} proposal pre-g2-aes256-sha",
        "set vpn azure-vpn gateway azure-gateway proposal g2-esp-aes256-sha",
        *(f"set vpn azure-vpn proxy-id local-ip {local} remote-ip {cloud} ANY" for local, cloud in _pairs(tunnel)),
    ]


def _rras(tunnel: Tunnel) -> list[str]:
    ranges = ", ".join(f'"{cloud}:100"' for cloud in tunnel.cloud_ranges)
    return [
        "Import-Module RemoteAccess",
        "Install-RemoteAccess -VpnType VpnS2S",
        f'Add-VpnS2SInterface -Protocol IKEv2 -AuthenticationMethod PSKOnly -Name "{tunnel.gateway_address}" '
        f'-Destination "{tunnel.gateway_address}" -SharedSecret "{tunnel.shared_key}" -IPv4Subnet @({ranges})',
    ]


Writer = Callable[[Tunnel], list[str]]

DEVICES: Final[dict[str, dict[str, dict[str, Writer]]]] = {
    "Cisco Systems, Inc.": {
        "ASA 5500 Series Adaptive Security Appliances": {"ASA Software 8.3": _cisco_asa},
        "ASR 1000 Series Aggregation Services Routers": {"IOS 15.1 (Preview)": _cisco_ios, "IOS 15.2": _cisco_ios},
        "ISR Series Routers": {"IOS 15.0": _cisco_ios, "IOS 15.1 (Preview)": _cisco_ios},
    },
    "Juniper Networks, Inc.": {
        "ISG Series Routers": {"ScreenOS 6.3": _screenos},
        "J Series Routers": {"JunOS 10.4": _junos, "JunOS 11.4": _junos},
        "SRX Series Routers": {"JunOS 10.2": _junos, "JunOS 11.4": _junos},
        "SSG Series Routers": {"ScreenOS 6.2": _screenos},
    },
    "Microsoft Corporation": {
        "Routing and Remote Access Service": {"Windows Server 2012": _rras, "Windows Server 2012 R2": _rras}
    },
}
"""Vendor, platform, operating system."""

_COMMENTS: Final = {"Cisco Systems, Inc.": "!", "Juniper Networks, Inc.": "#", "Microsoft Corporation": "#"}


def device_list() -> bytes:
    """All devices as the service answers them: with a byte order mark and an XML declaration (recorded)."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', '<VpnDeviceList version="1.0">']
    for vendor, platforms in DEVICES.items():
        lines.append(f"  <Vendor name={quoteattr(vendor)}>")
        for platform, systems in platforms.items():
            lines.append(f"    <Platform name={quoteattr(platform)}>")
            lines += [f"      <OSFamily name={quoteattr(system)} />" for system in systems]
            lines.append("    </Platform>")
        lines.append("  </Vendor>")
    return "\r\n".join([*lines, "</VpnDeviceList>"]).encode("utf-8-sig")


def device_script(vendor: str, platform: str, system: str, tunnels: Iterable[Tunnel]) -> bytes | None:
    """The script for a device, one part for each connection; None for a device that is not known."""
    write = _matching(_matching(_matching(DEVICES, vendor), platform), system)
    if write is None:
        return None
    maker = next(one for one in DEVICES if one.lower() == vendor.lower())
    lines = [f"{_COMMENTS[maker]} {maker}, {platform}, {system}"]
    for tunnel in tunnels:
        lines += ["", f"{_COMMENTS[maker]} {tunnel.network} to {tunnel.site}", *write(tunnel)]
    return "\r\n".join([*lines, ""]).encode()


def _matching(known: dict[str, V] | None, wanted: str) -> V | None:
    return next((value for name, value in (known or {}).items() if name.lower() == wanted.lower()), None)
