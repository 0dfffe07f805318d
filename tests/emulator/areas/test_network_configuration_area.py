"""Set and Get Network Configuration, and the free addresses of virtual networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.affinity_groups import CreateAffinityGroup
from asm_contracts.areas.virtual_networks import (
    AddressSpace,
    Connection,
    Gateway,
    LocalNetworkSite,
    VirtualNetworkSite,
)
from asm_contracts.codec import netcfg
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, InvalidXmlRequest, ResourceNotFound
from asm_contracts.operation import RawBody
from asm_emulator import model
from asm_emulator.emulator import Emulator
from asm_emulator.gateway_model import VirtualNetworkGateway
from asm_emulator.state import Draft

Outcome = Callable[[], tuple[str, str | None]]


def site(name: str = "net", **fields: Any) -> netcfg.Site:
    given: dict[str, Any] = {
        "location": "West US",
        "address_prefixes": ("10.0.0.0/16",),
        "subnets": (subnet("front", "10.0.0.0/24"), subnet("back", "10.0.1.0/24")),
    }
    return netcfg.Site(name=name, **given | fields)


def subnet(name: str, prefix: str) -> netcfg.Subnet:
    return netcfg.Subnet(name=name, address_prefix=prefix)


def whole(*sites: netcfg.Site, **fields: Any) -> netcfg.NetworkConfiguration:
    return netcfg.NetworkConfiguration(sites=sites, **fields)


def put(azure: Client, wanted: netcfg.NetworkConfiguration, content_type: str = "text/plain") -> None:
    azure.set_network_configuration(RawBody(netcfg.write(wanted), content_type))


@pytest.fixture
def carried(azure: Client, emulator: Emulator) -> Callable[..., None]:
    """Set a configuration and let that come to its end."""

    def carry(*sites: netcfg.Site, **fields: Any) -> None:
        put(azure, whole(*sites, **fields))
        emulator.advance(timedelta(minutes=1))

    return carry


def listed(azure: Client) -> dict[str, VirtualNetworkSite]:
    return {one.name: one for one in azure.list_virtual_network_sites().items}


def test_before_the_first_one_there_is_none(azure: Client, refused: Any) -> None:
    with refused(ResourceNotFound, "The network configuration does not exist."):
        azure.get_network_configuration()


def test_what_was_set_is_given_back_and_listed(azure: Client, outcome: Outcome) -> None:
    wanted = whole(
        site("b", dns_servers=("dns",)), site("A"), dns_servers=(netcfg.NamedServer(name="dns", address="8.8.8.8"),)
    )
    put(azure, wanted)
    assert {name: one.state for name, one in listed(azure).items()} == {"A": "Creating", "b": "Creating"}
    with pytest.raises(ResourceNotFound):
        azure.get_network_configuration()
    assert outcome() == ("Succeeded", None)
    answer = azure.get_network_configuration()
    assert (answer.data, answer.content_type) == (netcfg.write(wanted), "text/plain")
    found = listed(azure)
    assert [(one.name, one.state, one.location, one.in_use) for one in found.values()] == [
        ("A", "Created", "West US", None),
        ("b", "Created", "West US", None),
    ]
    assert [one.name for one in found["b"].subnets or ()] == ["front", "back"]
    assert found["b"].dns and found["b"].dns.dns_servers and found["b"].dns.dns_servers[0].address == "8.8.8.8"
    assert found["A"].dns is None and len(found["A"].id or "") == 36
    usage = azure.get_subscription()
    assert (usage.current_virtual_network_sites, usage.current_dns_servers, usage.current_local_network_sites) == (
        2, 1, None,
    )  # fmt: skip


@pytest.mark.parametrize("content_type", ["application/octet-stream", "application/xml", "text/plain; charset=utf-8"])
def test_the_body_may_be_of_any_content_type(azure: Client, outcome: Outcome, content_type: str) -> None:
    put(azure, whole(site()), content_type)
    assert outcome() == ("Succeeded", None)


def test_sites_keep_their_ids_and_those_left_out_are_gone(azure: Client, carried: Any) -> None:
    carried(site("one"), site("two"))
    before = listed(azure)
    carried(site("two", subnets=()), site("three"))
    after = listed(azure)
    assert sorted(after) == ["three", "two"]
    assert after["two"].id == before["two"].id and after["two"].subnets == ()
    assert len({one.id for one in (*before.values(), *after.values())}) == 3


def test_places_are_spelled_as_the_service_does(azure: Client, carried: Any) -> None:
    azure.create_affinity_group(CreateAffinityGroup(name="Group", label="g", location="East US"))
    carried(
        site("one", location="west us"),
        site("two", location=None, affinity_group="GROUP"),
        site("unknown", location=None, affinity_group="Gone"),
    )
    known = netcfg.read(azure.get_network_configuration().data)
    places = [("West US", None), (None, "Group"), (None, "Gone")]
    assert [(one.location, one.affinity_group) for one in known.sites] == places
    assert [(one.location, one.affinity_group) for one in listed(azure).values()] == places


def test_there_is_one_change_at_a_time(azure: Client, refused: Any, outcome: Outcome) -> None:
    first = azure.set_network_configuration(RawBody(netcfg.write(whole(site())), "text/plain"))
    busy = (
        f"Windows Azure is currently performing an operation with x-ms-requestid {first.request_id} "
        "on this network configuration that requires exclusive access."
    )
    with refused(ConflictError, busy):
        put(azure, whole(site("other")))
    assert outcome() == ("Succeeded", None)
    put(azure, whole(site("other")))


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (whole(site(), site("NET")), "The virtual network site name NET is used more than once in the network "
                                     "configuration."),
        (whole(site(location="Atlantis")), "The location Atlantis is not available for this subscription."),
        (whole(site(affinity_group="g")), "Exactly one of Location and AffinityGroup must be specified."),
        (whole(site(location=None)), "Neither Affinity Group nor Location elemet is specified in virtual network site "
                                     "'net'. Either Affinity Group or Location must be specified for every virtual "
                                     "network."),
        (whole(site(address_prefixes=())), "The virtual network net has no address space."),
        (whole(site(address_prefixes=("10.0.0.0/33",))), "IP address prefix is not valid"),
        (whole(site(address_prefixes=("10.0.0.0",))), "IP address prefix is not valid"),
        (whole(site(address_prefixes=("fd00::/8",))), "IP address prefix is not valid"),
        (
            whole(site(address_prefixes=("10.0.0.0/16", "10.0.9.0/24"))),
            "The address prefixes 10.0.0.0/16 and 10.0.9.0/24 of the virtual network net overlap.",
        ),
        (
            whole(site(subnets=(subnet("a", "11.0.0.0/24"),))),
            "The subnet a is not contained in the address space of the virtual network net.",
        ),
        (
            whole(site(subnets=(subnet("a", "10.0.0.0/24"), subnet("b", "10.0.0.64/26")))),
            "The subnets a and b of the virtual network net overlap.",
        ),
        (
            whole(site(subnets=(subnet("a", "10.0.0.0/24"), subnet("A", "10.0.1.0/24")))),
            "The subnet name A is used more than once in the network configuration.",
        ),
        (
            whole(site(subnets=(subnet("a", "10.0.0.0/30"),))),
            "The subnet a is too small: its prefix is longer than /29.",
        ),
        (whole(site(dns_servers=("d",))), "The DNS server d of the virtual network net does not exist."),
        (whole(dns_servers=(netcfg.NamedServer(name="d", address="1.2.3"),)), "The IP address 1.2.3 is not valid."),
        (
            whole(site(gateway=netcfg.Gateway(connections=(netcfg.Connection(site="office"),)))),
            "The local network site office of the virtual network net does not exist.",
        ),
        (
            whole(
                site(gateway=netcfg.Gateway(connections=(netcfg.Connection(site="office"),))),
                local_sites=(netcfg.LocalSite(name="office", address_prefixes=("10.0.0.0/8",)),),
            ),
            "IP address prefix is not valid",
        ),
        (
            whole(local_sites=(netcfg.LocalSite(name="office", gateway_address="here"),)),
            "The IP address here is not valid.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    azure: Client, refused: Any, wanted: netcfg.NetworkConfiguration, message: str
) -> None:
    with refused(BadRequest, message):
        put(azure, wanted)


def test_a_body_that_is_no_configuration_is_refused(azure: Client, refused: Any) -> None:
    for data in (b"", b"not xml", b"<NetworkConfiguration/>", b"\xff\xfe\x00"):
        with refused(InvalidXmlRequest, InvalidXmlRequest.text):
            azure.set_network_configuration(RawBody(data, "text/plain"))


def test_quotas_hold(azure: Client, emulator: Emulator, refused: Any) -> None:
    def lower(draft: Draft) -> None:
        draft.change(quotas=replace(draft.subscription.quotas, virtual_network_sites=1, dns_servers=0))

    emulator.engine.change(emulator.subscription, lower)
    text = (
        "The subscription policy limit for resource type '{0}' was exceeded. The limit for resource type '{0}' is {1} "
        "per subscription, the current count is 0, and the requested increment is {2}."
    )
    with refused(ForbiddenError, text.format("virtual network site count", 1, 2)):
        put(azure, whole(site("a"), site("b")))
    with refused(ForbiddenError, text.format("DNS server count", 0, 1)):
        put(azure, whole(dns_servers=(netcfg.NamedServer(name="d", address="10.0.0.1"),)))


# -- what is used -----------------------------------------------------------------------------------------------------


def deploy(emulator: Emulator, *addresses: str, network: str = "net") -> None:
    """Put a package deployment with these addresses into a virtual network."""

    def change(draft: Draft) -> None:
        instances = tuple(
            model.RoleInstance(role_name="Web", name=f"Web_IN_{number}", status="ReadyRole", power_state="Started",
                               ip_address=address)
            for number, address in enumerate(addresses)
        )  # fmt: skip
        made = model.Deployment(
            name="d", slot="Production", private_id="p", label="d", status="Running", is_package=True,
            created=draft.now, modified=draft.now, virtual_network_name=network, instances=instances,
        )  # fmt: skip
        draft.hosted_services["web"] = model.HostedService(
            name="web", label="web", description=None, created=draft.now, modified=draft.now, location="West US",
            deployments=model.Map({"Production": made}),
        )  # fmt: skip

    emulator.engine.change(emulator.subscription, change)


def test_a_network_in_use_can_only_grow(azure: Client, emulator: Emulator, carried: Any, refused: Any) -> None:
    carried(site())
    deploy(emulator, "10.0.0.4", network="NET")
    assert listed(azure)["net"].in_use is True
    in_use = "Cannot delete or modify virtual network while in use 'net'."
    for wanted in (whole(), whole(site(location="East US")), whole(site(address_prefixes=("10.0.0.0/15",)))):
        with refused(BadRequest, in_use):
            put(azure, wanted)
    for subnets in (
        (),
        (subnet("front", "10.0.0.0/25"), subnet("back", "10.0.1.0/24")),
        (subnet("else", "10.0.0.0/24"),),
    ):
        with refused(BadRequest, "Cannot delete or modify subnet while in use 'front'."):
            put(azure, whole(site(subnets=subnets)))
    carried(
        site(
            address_prefixes=("10.0.0.0/16", "10.9.0.0/16"),
            subnets=(subnet("Front", "10.0.0.0/24"), subnet("new", "10.9.0.0/24")),
        )
    )
    assert [one.name for one in listed(azure)["net"].subnets or ()] == ["Front", "new"]


def test_a_change_fails_when_its_network_has_come_to_be_used(
    azure: Client, emulator: Emulator, carried: Any, outcome: Outcome
) -> None:
    carried(site())
    put(azure, whole(site("other")))
    assert sorted(listed(azure)) == ["net", "other"]
    deploy(emulator, "10.0.0.4")
    assert outcome() == ("Failed", "Cannot delete or modify virtual network while in use 'net'.")
    assert sorted(listed(azure)) == ["net"]
    assert [one.name for one in netcfg.read(azure.get_network_configuration().data).sites] == ["net"]


def test_a_gateway_keeps_its_network_its_subnet_and_its_local_sites(
    azure: Client, emulator: Emulator, carried: Any, refused: Any
) -> None:
    office = netcfg.LocalSite(name="office", address_prefixes=("192.168.0.0/16",), gateway_address="200.1.1.1")
    connected = site(
        subnets=(subnet("GatewaySubnet", "10.0.0.0/29"),),
        gateway=netcfg.Gateway(connections=(netcfg.Connection(site="OFFICE", types=("IPsec",)),)),
    )
    carried(connected, local_sites=(office,))
    assert listed(azure)["net"].gateway == Gateway(
        profile="Small",
        sites=(
            LocalNetworkSite(
                name="office",
                address_space=AddressSpace(address_prefixes=("192.168.0.0/16",)),
                vpn_gateway_address="200.1.1.1",
                connections=(Connection(type="IPsec"),),
            ),
        ),
        vpn_client_address_pool=AddressSpace(address_prefixes=()),
        vnet_names=(),
    )
    assert listed(azure)["net"].in_use is None

    def provision(draft: Draft) -> None:
        made = VirtualNetworkGateway(
            id="g", network_name="net", type="StaticRouting", size="Small", state="Provisioned"
        )
        draft.change(virtual_network_gateways=model.Map({"net": made}))

    emulator.engine.change(emulator.subscription, provision)
    assert listed(azure)["net"].in_use is True
    with refused(BadRequest, "Cannot delete or modify virtual network while in use 'net'."):
        put(azure, whole(local_sites=(office,)))
    with refused(BadRequest, "Cannot delete or modify subnet while in use 'GatewaySubnet'."):
        put(azure, whole(replace(connected, subnets=()), local_sites=(office,)))
    with refused(BadRequest, "Cannot delete or modify local network site while in use 'office'."):
        put(azure, whole(replace(connected, gateway=None)))


# -- addresses --------------------------------------------------------------------------------------------------------


def test_availability_of_addresses(azure: Client, emulator: Emulator, carried: Any, refused: Any) -> None:
    carried(site(subnets=(subnet("front", "10.0.2.0/19"),)))
    deploy(emulator, "10.0.0.5", "10.0.0.7")

    def check(address: str) -> tuple[bool, tuple[str, ...]]:
        found = azure.check_static_ip_address("NET", address)
        return found.is_available, found.available_addresses or ()

    offered = ("10.0.0.4", "10.0.0.6", "10.0.0.8", "10.0.0.9", "10.0.0.10")
    assert check("10.0.0.4") == (True, ())
    for taken in ("10.0.0.0", "10.0.0.3", "10.0.0.5", "10.0.31.255", "10.0.40.1"):
        assert check(taken) == (False, offered)
    with refused(BadRequest, "The IP address 10.1.0.4 is not in the virtual network net."):
        azure.check_static_ip_address("net", "10.1.0.4")
    with refused(BadRequest, "The IP address x is not valid."):
        azure.check_static_ip_address("net", "x")
    with refused(ResourceNotFound, "The virtual network none does not exist."):
        azure.check_static_ip_address("none", "10.0.0.4")
