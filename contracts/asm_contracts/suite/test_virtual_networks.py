"""The network configuration, the virtual networks that follow from it, and their free addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address, ip_network

import pytest

from asm_contracts.codec import netcfg
from asm_contracts.errors import ServiceError
from asm_contracts.evidence import assumed, documented, quoted, recorded
from asm_contracts.operation import RawBody
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import instance
from asm_contracts.suite.names import Names
from asm_contracts.suite.networks import (
    OFFICE_GATEWAY,
    SPACE,
    SUBNETS,
    Network,
    adding,
    change_configuration,
    configuration,
    listed,
    local_site,
    make_machine_inside,
    make_network,
    set_configuration,
    site,
)
from asm_contracts.suite.worlds import LOCATION, refused, refused_with, unchanged, while_it_goes_on


@recorded("the network configuration comes back as it was set, as text/plain; the list follows it")
def test_a_network_comes_and_goes(azure: Azure, names: Names) -> None:
    network = make_network(azure, names)
    answer = azure.get_network_configuration()
    assert answer.content_type.startswith("text/plain")
    described = {one.name: one for one in netcfg.read(answer.data).sites}[network.name]
    assert (described.location, described.address_prefixes) == (LOCATION, (SPACE,))
    assert {one.name: one.address_prefix for one in described.subnets} == SUBNETS
    found = listed(azure, network.name)
    assert found is not None and found.id and found.state == "Created" and not found.in_use
    assert found.address_space is not None and found.address_space.address_prefixes == (SPACE,)
    assert {one.name: one.address_prefix for one in found.subnets or ()} == SUBNETS
    assert found.gateway is not None
    (office,) = found.gateway.sites or ()
    assert (office.name, office.vpn_gateway_address) == (network.office, OFFICE_GATEWAY)
    change_configuration(azure, without(network))
    assert listed(azure, network.name) is None
    assert network.name not in [one.name for one in configuration(azure).sites]


def without(network: Network) -> Callable[[netcfg.NetworkConfiguration], netcfg.NetworkConfiguration]:
    """The change that leaves a network and its office out."""
    return lambda known: replace(
        known,
        sites=tuple(one for one in known.sites if one.name != network.name),
        local_sites=tuple(one for one in known.local_sites if one.name != network.office),
    )


@assumed("a network that is described anew stays the same network: its id stays")
def test_a_network_gets_a_further_subnet(azure: Azure, names: Names) -> None:
    network = make_network(azure, names)
    before = listed(azure, network.name)
    assert before is not None
    subnets = {"front": SUBNETS["front"], "new": "10.77.3.0/24"}
    change_configuration(azure, adding(site(network.name, network.office, **subnets)))
    after = listed(azure, network.name)
    assert after is not None and after.id == before.id
    assert {one.name: one.address_prefix for one in after.subnets or ()} == subnets


@quoted("one change of the network configuration at a time")
def test_a_second_change_waits(azure: Azure, names: Names) -> None:
    name = names.of("virtual network")
    wanted = adding(site(name))(configuration(azure))
    first = set_configuration(azure, wanted)
    with while_it_goes_on(azure, first):
        with refused(409, "ConflictError"):
            set_configuration(azure, wanted)
        assert name not in [one.name for one in configuration(azure).sites], "it comes into force at the end"
    azure.wait(first)
    assert listed(azure, name) is not None


WRONG: dict[str, Callable[[netcfg.Site], netcfg.Site]] = {
    "a place that does not exist": lambda one: replace(one, location="Atlantis"),
    "no place": lambda one: replace(one, location=None),
    "no ranges": lambda one: replace(one, address_prefixes=(), subnets=()),
    "a range that is none": lambda one: replace(one, address_prefixes=("10.77.0.0",)),
    "ranges that overlap": lambda one: replace(one, address_prefixes=(SPACE, "10.77.8.0/24")),
    "a subnet elsewhere": lambda one: replace(one, subnets=(netcfg.Subnet(name="x", address_prefix="10.1.0.0/24"),)),
    "a subnet too small": lambda one: replace(one, subnets=(netcfg.Subnet(name="x", address_prefix="10.77.1.0/30"),)),
    "a subnet twice": lambda one: replace(one, subnets=(one.subnets[0], one.subnets[0])),
    "a subnet's name twice": lambda one: replace(
        one, subnets=(one.subnets[0], netcfg.Subnet(name="FRONT", address_prefix="10.77.9.0/24"))
    ),
    "subnets that overlap": lambda one: replace(
        one, subnets=(one.subnets[0], netcfg.Subnet(name="x", address_prefix="10.77.1.128/25"))
    ),
    "a DNS server that is not there": lambda one: replace(one, dns_servers=("asm-nobodys",)),
    "an office that is not there": lambda one: replace(
        one, gateway=netcfg.Gateway(connections=(netcfg.Connection(site="asm-nobodys", types=("IPsec",)),))
    ),
}


@documented("subnets lie in the address space and apart from each other; what is named exists")
@pytest.mark.parametrize("way", list(WRONG))
def test_a_configuration_that_contradicts_itself_is_refused(azure: Azure, names: Names, way: str) -> None:
    name = names.of("virtual network")
    wrong = WRONG[way](site(name))
    with refused(400, "BadRequest"):
        set_configuration(azure, adding(wrong)(configuration(azure)))
    assert listed(azure, name) is None
    assert name not in [one.name for one in configuration(azure).sites]


@quoted("code and text, misspelt as they are")
def test_a_network_is_somewhere(azure: Azure, names: Names) -> None:
    nowhere = replace(site(names.of("virtual network")), location=None)
    text = (
        f"Neither Affinity Group nor Location elemet is specified in virtual network site '{nowhere.name}'. Either "
        "Affinity Group or Location must be specified for every virtual network."
    )
    with refused(400, "BadRequest", text):
        set_configuration(azure, adding(nowhere)(configuration(azure)))
    assert listed(azure, nowhere.name) is None


@quoted("IP address prefix is not valid, of a range that overlaps that of a connected local site")
def test_both_sides_of_a_connection_differ(azure: Azure, names: Names) -> None:
    name, office = names.of("virtual network"), names.of("local network site")
    overlapping = replace(local_site(office), address_prefixes=("10.0.0.0/8",))
    with refused(400, "BadRequest", "IP address prefix is not valid"):
        set_configuration(azure, adding(site(name, office), overlapping)(configuration(azure)))


@documented("a body that is no network configuration")
@pytest.mark.parametrize("body", [b"no XML", b"<Nonsense/>"])
def test_another_body_is_refused(azure: Azure, body: bytes) -> None:
    with refused(400, "InvalidXmlRequest"):
        azure.set_network_configuration(RawBody(body, netcfg.CONTENT_TYPE))


@documented("the first address that a machine of a subnet can have is its fourth")
@recorded("an address that is not free comes with some that are")
def test_a_machine_takes_an_address(azure: Azure, names: Names) -> None:
    network = make_network(azure, names)
    wanted = "10.77.1.4"
    free = azure.check_static_ip_address(network.name, wanted)
    assert free.is_available is True and not free.available_addresses
    machines = make_machine_inside(azure, names, network.name)
    assert instance(azure, machines, machines.roles[0]).ip_address == wanted
    assert azure.get_deployment(machines.service, machines.deployment).virtual_network_name == network.name
    taken = azure.check_static_ip_address(network.name, wanted)
    assert taken.is_available is False and taken.available_addresses
    assert wanted not in taken.available_addresses
    assert all(ip_address(one) in ip_network(SUBNETS["front"]) for one in taken.available_addresses)
    found = listed(azure, network.name)
    assert found is not None and found.in_use is True
    message = f"Cannot delete or modify virtual network while in use '{network.name}'."
    with unchanged(lambda: listed(azure, network.name)), refused(400, "BadRequest", message):
        set_configuration(azure, without(network)(configuration(azure)))
    message = "Cannot delete or modify subnet while in use 'front'."
    with refused(400, "BadRequest", message):
        set_configuration(azure, adding(site(network.name, network.office, back=SUBNETS["back"]))(configuration(azure)))
    azure.wait(azure.delete_deployment_and_media(machines.service, machines.deployment))
    assert azure.check_static_ip_address(network.name, wanted).is_available is True


@assumed("what is said of an address outside the network, and of an unknown network")
def test_addresses_that_cannot_be_checked(azure: Azure, names: Names) -> None:
    network = make_network(azure, names)
    for address in ("10.1.0.4", "somewhere"):
        with refused(400, "BadRequest"):
            azure.check_static_ip_address(network.name, address)
    with refused(404, "ResourceNotFound"):
        azure.check_static_ip_address(names.free(), "10.77.1.4")


@assumed("a machine cannot be put into a network that is not there, and leaves nothing behind")
def test_a_machine_in_no_network_is_refused(azure: Azure, names: Names) -> None:
    with refused_with(400, 404) as refusal:
        make_machine_inside(azure, names, names.free())
    assert isinstance(refusal.error, ServiceError)
