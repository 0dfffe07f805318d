"""Network configurations: what is read from them, and the form they are given back in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asm_contracts.codec import netcfg

RECORDINGS = Path(__file__).parents[3] / "shared" / "wire" / "corpus"
HEAD = (
    '\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n'
    '<NetworkConfiguration xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">\r\n'
)
WHOLE = netcfg.NetworkConfiguration(
    dns_servers=(netcfg.NamedServer(name="dns", address="10.0.0.9"),),
    local_sites=(netcfg.LocalSite(name="office", address_prefixes=("192.168.0.0/16",), gateway_address="200.1.2.3"),),
    sites=(
        netcfg.Site(
            name="net",
            location="West US",
            label="a <label>",
            address_prefixes=("10.0.0.0/8",),
            subnets=(netcfg.Subnet(name="one", address_prefix="10.1.0.0/16"),),
            dns_servers=("dns",),
            gateway=netcfg.Gateway(
                profile="Small",
                client_address_prefixes=("172.16.0.0/24",),
                connections=(netcfg.Connection(site="office", types=("IPsec",)),),
            ),
        ),
    ),
)


def body(inner: str, root: str = f'xmlns="{netcfg.NAMESPACE}"') -> bytes:
    return f"<NetworkConfiguration {root}>{inner}</NetworkConfiguration>".encode()


def test_an_empty_one_has_its_recorded_form() -> None:
    written = netcfg.write(netcfg.read(body("<VirtualNetworkConfiguration><Dns/></VirtualNetworkConfiguration>")))
    assert written.decode() == (
        HEAD + "  <VirtualNetworkConfiguration>\r\n    <Dns />\r\n    <VirtualNetworkSites />\r\n"
        "  </VirtualNetworkConfiguration>\r\n</NetworkConfiguration>"
    )


def test_the_whole_of_one_is_written_in_the_recorded_order() -> None:
    text = netcfg.write(WHOLE).decode()
    assert text.startswith(HEAD)
    assert [line.strip() for line in text.removeprefix(HEAD).split("\r\n")] == [
        "<VirtualNetworkConfiguration>",
        "<Dns>",
        "<DnsServers>",
        '<DnsServer name="dns" IPAddress="10.0.0.9" />',
        "</DnsServers>",
        "</Dns>",
        "<LocalNetworkSites>",
        '<LocalNetworkSite name="office">',
        "<AddressSpace>",
        "<AddressPrefix>192.168.0.0/16</AddressPrefix>",
        "</AddressSpace>",
        "<VPNGatewayAddress>200.1.2.3</VPNGatewayAddress>",
        "</LocalNetworkSite>",
        "</LocalNetworkSites>",
        "<VirtualNetworkSites>",
        '<VirtualNetworkSite name="net" Location="West US">',
        "<Label>a &lt;label&gt;</Label>",
        "<AddressSpace>",
        "<AddressPrefix>10.0.0.0/8</AddressPrefix>",
        "</AddressSpace>",
        "<Subnets>",
        '<Subnet name="one">',
        "<AddressPrefix>10.1.0.0/16</AddressPrefix>",
        "</Subnet>",
        "</Subnets>",
        "<DnsServersRef>",
        '<DnsServerRef name="dns" />',
        "</DnsServersRef>",
        '<Gateway profile="Small">',
        "<VPNClientAddressPool>",
        "<AddressPrefix>172.16.0.0/24</AddressPrefix>",
        "</VPNClientAddressPool>",
        "<ConnectionsToLocalNetwork>",
        '<LocalNetworkSiteRef name="office">',
        '<Connection type="IPsec" />',
        "</LocalNetworkSiteRef>",
        "</ConnectionsToLocalNetwork>",
        "</Gateway>",
        "</VirtualNetworkSite>",
        "</VirtualNetworkSites>",
        "</VirtualNetworkConfiguration>",
        "</NetworkConfiguration>",
    ]
    assert netcfg.read(text.encode()) == WHOLE


def test_it_is_read_in_any_order_and_written_sorted_by_name() -> None:
    found = netcfg.read(
        body(
            "<VirtualNetworkConfiguration><VirtualNetworkSites>"
            '<VirtualNetworkSite Location="West US" name="beta"><Subnets>'
            '<Subnet name="z"><AddressPrefix>10.0.0.0/24</AddressPrefix></Subnet>'
            '<Subnet name="a"><AddressPrefix>10.0.1.0/24</AddressPrefix></Subnet></Subnets>'
            "<AddressSpace><AddressPrefix> 10.0.0.0/8 </AddressPrefix></AddressSpace></VirtualNetworkSite>"
            '<VirtualNetworkSite name="Alpha" AffinityGroup="g"><AddressSpace>'
            "<AddressPrefix>10.0.0.0/8</AddressPrefix></AddressSpace></VirtualNetworkSite>"
            "</VirtualNetworkSites></VirtualNetworkConfiguration>"
        )
    )
    assert [one.name for one in found.sites] == ["beta", "Alpha"]
    assert found.sites[0].address_prefixes == ("10.0.0.0/8",)
    again = netcfg.read(netcfg.write(found))
    assert [one.name for one in again.sites] == ["Alpha", "beta"]
    assert [one.name for one in again.sites[1].subnets] == ["z", "a"]
    assert (again.sites[0].affinity_group, again.sites[0].location) == ("g", None)


def test_what_is_not_known_of_it_survives() -> None:
    found = netcfg.read(
        body(
            '<Extra kind="1"/><VirtualNetworkConfiguration><More xmlns="urn:other" xmlns:o="urn:third" o:a="&quot;">'
            "<Inner>a &amp; b</Inner></More><VirtualNetworkSites>"
            '<VirtualNetworkSite name="n" Location="West US" Id="7" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            ' xsi:type="T"><AddressSpace><AddressPrefix>10.0.0.0/8</AddressPrefix></AddressSpace><Subnets>'
            '<Subnet name="s" color="red"><AddressPrefix>10.0.0.0/24</AddressPrefix><Note/></Subnet></Subnets>'
            "<Peerings><Peering>m</Peering></Peerings></VirtualNetworkSite>"
            "</VirtualNetworkSites></VirtualNetworkConfiguration>"
        )
    )
    site = found.sites[0]
    assert (found.around[0].attributes, site.others[0].children[0].text) == ((("kind", "1"),), "m")
    assert (site.subnets[0].attributes, site.subnets[0].others[0].name) == ((("color", "red"),), "Note")
    assert netcfg.read(netcfg.write(found)) == found
    text = netcfg.write(found).decode()
    assert '<More xmlns="urn:other" xmlns:p0="urn:third" p0:a="&quot;">' in text
    assert "<Inner>a &amp; b</Inner>" in text
    assert 'xsi:type="T"' in text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        b"<!DOCTYPE a><NetworkConfiguration/>",
        b"<NetworkConfiguration/>",
        body(""),
        body("<VirtualNetworkConfiguration/><VirtualNetworkConfiguration/>"),
        body("<VirtualNetworkConfiguration/>", 'xmlns="urn:other"'),
        body("<VirtualNetworkConfiguration><Dns/><Dns/></VirtualNetworkConfiguration>"),
        body("<VirtualNetworkConfiguration><Dns><Server/></Dns></VirtualNetworkConfiguration>"),
        body(
            '<VirtualNetworkConfiguration><Dns><DnsServers><DnsServer name="a"/></DnsServers></Dns>'
            "</VirtualNetworkConfiguration>"
        ),
        body(
            "<VirtualNetworkConfiguration><VirtualNetworkSites><VirtualNetworkSite/></VirtualNetworkSites>"
            "</VirtualNetworkConfiguration>"
        ),
        body(f"<VirtualNetworkConfiguration>{'<a>' * 60}{'</a>' * 60}</VirtualNetworkConfiguration>"),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(netcfg.MalformedNetworkConfiguration):
        netcfg.read(data)


NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="\x7f"), min_size=1, max_size=8)
SITES = st.builds(
    netcfg.Site,
    name=NAMES,
    location=st.none() | st.just("West US"),
    label=st.none() | NAMES.map(str.strip).filter(bool),
    address_prefixes=st.just(("10.0.0.0/8",)),
    subnets=st.lists(st.builds(netcfg.Subnet, name=NAMES, address_prefix=st.just("10.0.0.0/24")), max_size=2).map(
        tuple
    ),
    dns_servers=st.lists(NAMES, max_size=2).map(tuple),
)


@given(st.lists(SITES, max_size=3, unique_by=lambda one: one.name.lower()))
def test_whatever_is_written_reads_the_same(sites: list[netcfg.Site]) -> None:
    configuration = netcfg.NetworkConfiguration(sites=tuple(sites))
    read = netcfg.read(netcfg.write(configuration))
    assert sorted(read.sites, key=lambda one: one.name) == sorted(sites, key=lambda one: one.name)
    assert netcfg.write(read) == netcfg.write(configuration)


@pytest.mark.skipif(not RECORDINGS.exists(), reason="the recordings are not beside the project")
def test_recorded_ones_come_back_to_the_byte() -> None:
    found = set()
    for path in RECORDINGS.glob("*/*.jsonl"):
        for line in path.read_text().splitlines():
            if "networking/media" in line:
                exchange = json.loads(line)
                if exchange["method"] == "GET" and exchange["status"] == 200:
                    found.add(exchange["response_body"].encode())
    assert found
    assert [data for data in found if netcfg.write(netcfg.read(data)) != data] == []
