"""Route tables, and the subnets that use them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.route_tables import (
    CreateRouteTable,
    NextHop,
    Route,
    RouteTable,
    RouteTableAssociation,
)
from asm_contracts.codec import netcfg
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import RawBody
from asm_emulator.emulator import Emulator
from asm_emulator.state import Draft

Outcome = Callable[[], tuple[str, str | None]]


def new(name: str = "table", **fields: Any) -> CreateRouteTable:
    return CreateRouteTable(**{"name": name, "location": "West US"} | fields)


def route(prefix: str | None = "0.0.0.0/0", kind: str = "VPNGateway", address: str | None = None) -> Route:
    return Route(address_prefix=prefix, next_hop_type=NextHop(type=kind, ip_address=address))


@pytest.fixture
def table(azure: Client, emulator: Emulator) -> str:
    azure.create_route_table(new())
    emulator.advance(timedelta(minutes=1))
    return "table"


@pytest.fixture
def network(azure: Client, emulator: Emulator) -> str:
    subnets = (netcfg.Subnet(name="one", address_prefix="10.0.0.0/24"),)
    site = netcfg.Site(name="net", location="West US", address_prefixes=("10.0.0.0/8",), subnets=subnets)
    wanted = netcfg.NetworkConfiguration(sites=(site,))
    azure.set_network_configuration(RawBody(netcfg.write(wanted), "text/plain"))
    emulator.advance(timedelta(minutes=1))
    return "net"


def test_two_tables_at_once_are_not_one_too_many(azure: Client, emulator: Emulator, outcome: Outcome) -> None:
    emulator.engine.change(
        emulator.subscription,
        lambda draft: draft.change(quotas=replace(draft.subscription.quotas, route_tables=1)),
    )
    azure.create_route_table(new("first"))
    azure.create_route_table(new("second"))
    status, message = outcome()
    assert status == "Failed"
    assert message is not None
    assert message.startswith("The subscription policy limit for resource type 'route table count' was exceeded.")
    assert [one.name for one in azure.list_route_tables().items] == ["first"]


def test_a_table_is_created_and_deleted(azure: Client, refused: Any, outcome: Outcome) -> None:
    azure.create_route_table(new(label="Route"))
    assert azure.list_route_tables().items == ()
    assert outcome() == ("Succeeded", None)
    plain = RouteTable(name="table", label="Route", location="West US")
    assert azure.list_route_tables().items == (plain,)
    assert azure.get_route_table("TABLE") == azure.get_route_table("table", "5") == plain
    assert azure.get_route_table("table", "full") == replace(plain, route_list=())
    azure.delete_route_table("table")
    assert outcome() == ("Succeeded", None)
    with refused(ResourceNotFound, "The Route Table table does not exist."):
        azure.get_route_table("table")


def test_of_two_creations_of_one_name_one_waits(azure: Client, refused: Any, outcome: Outcome) -> None:
    first = azure.create_route_table(new())
    text = (
        f"Windows Azure is currently performing an operation with x-ms-requestid {first.request_id} "
        "on this route table that requires exclusive access."
    )
    with refused(ConflictError, text):
        azure.create_route_table(new("Table"))
    assert outcome() == ("Succeeded", None)
    with refused(ConflictError, "A Route Table with the name Table already exists."):
        azure.create_route_table(new("Table"))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (new("-"), "The Route Table name - is invalid."),
        (new(location="Mars"), "The location Mars is not available for this subscription."),
        (new(label="x" * 101), "The label is invalid. It may have at most 100 characters."),
    ],
)
def test_wrong_tables_are_refused(azure: Client, refused: Any, body: Any, message: str) -> None:
    with refused(BadRequest, message):
        azure.create_route_table(body)


def test_routes_are_set_replaced_and_deleted(azure: Client, refused: Any, outcome: Outcome, table: str) -> None:
    azure.set_route(table, "MyRoute", replace(route(), name="MyRoute"))
    assert outcome() == ("Succeeded", None)
    assert azure.get_route_table(table, "Full").route_list == (
        Route(name="myroute", address_prefix="0.0.0.0/0", next_hop_type=NextHop(type="VPNGateway")),
    )
    azure.set_route(table, "myroute", route(kind="virtualappliance", address="10.0.0.9"))
    assert outcome() == ("Succeeded", None)
    azure.set_route(table, "other", route("10.1.0.0/16", "Null"))
    assert outcome() == ("Succeeded", None)
    found = azure.get_route_table(table, "Full").route_list or ()
    assert [(one.name, one.next_hop_type) for one in found] == [
        ("myroute", NextHop(type="VirtualAppliance", ip_address="10.0.0.9")),
        ("other", NextHop(type="Null")),
    ]
    with refused(ConflictError, "The route other of the Route Table table has the address prefix 10.1.0.0/16 already."):
        azure.set_route(table, "third", route("10.1.2.0/16"))
    azure.delete_route(table, "MYROUTE")
    assert outcome() == ("Succeeded", None)
    with refused(ResourceNotFound, "The route myroute does not exist in the Route Table table."):
        azure.delete_route(table, "myroute")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (route("here"), "The Address Prefix provided 'here' is invalid."),
        (route(None), "The Address Prefix provided '' is invalid."),
        (replace(route(), name="else"), "The route name else is not that of the request's address."),
        (route(kind="VirtualAppliance"), "The IP address '' of the next hop is not valid."),
        (route(kind="Internet", address="10.0.0.1"), "A next hop of type Internet has no IP address."),
        (
            route(kind="Nowhere"),
            "The Next Hop Type provided 'Nowhere' is invalid. "
            "Allowed values are: VPNGateway, VNETLocal, Internet, VirtualAppliance, Null.",
        ),
    ],
)
def test_wrong_routes_are_refused(azure: Client, refused: Any, table: str, body: Route, message: str) -> None:
    with refused(BadRequest, message):
        azure.set_route(table, "r", body)


def test_quotas_hold(azure: Client, emulator: Emulator, refused: Any, table: str) -> None:
    def lower(draft: Draft) -> None:
        draft.change(quotas=replace(draft.subscription.quotas, route_tables=1, routes=0))

    emulator.engine.change(emulator.subscription, lower)
    text = (
        "The subscription policy limit for resource type '{0}' was exceeded. The limit for resource type '{0}' is {1} "
        "per subscription, the current count is {1}, and the requested increment is 1."
    )
    with refused(ForbiddenError, text.format("route table count", 1)):
        azure.create_route_table(new("other"))
    with refused(ForbiddenError, text.format("routes per route table count", 0)):
        azure.set_route(table, "r", route())


def test_a_subnet_uses_a_table(azure: Client, refused: Any, outcome: Outcome, table: str, network: str) -> None:
    none = "The virtual network name net and subnet one does not have any Route Table associated."
    with refused(ResourceNotFound, none):
        azure.get_route_table_for_subnet(network, "one")
    with refused(ResourceNotFound, none):
        azure.remove_route_table_from_subnet(network, "one")
    azure.add_route_table_to_subnet(network, "one", RouteTableAssociation(route_table_name="TABLE"))
    assert outcome() == ("Succeeded", None)
    assert azure.get_route_table_for_subnet(network, "ONE") == RouteTableAssociation(route_table_name="table")
    assert [one.route_table_name for one in azure.list_virtual_network_sites().items[0].subnets or ()] == ["table"]
    in_use = (
        "The Route Table table cannot be deleted because it is in use by the subnet one of the virtual network net."
    )
    with refused(BadRequest, in_use):
        azure.delete_route_table(table)
    azure.create_route_table(new("second"))
    assert outcome() == ("Succeeded", None)
    azure.add_route_table_to_subnet(network, "one", RouteTableAssociation(route_table_name="second"))
    assert outcome() == ("Succeeded", None)
    assert azure.get_route_table_for_subnet(network, "one").route_table_name == "second"
    azure.remove_route_table_from_subnet(network, "one")
    assert outcome() == ("Succeeded", None)
    with refused(ResourceNotFound, none):
        azure.get_route_table_for_subnet(network, "one")


def test_table_and_network_are_in_one_region(azure: Client, outcome: Outcome, network: str) -> None:
    azure.create_route_table(new("far", location="japaneast"))
    assert outcome() == ("Succeeded", None)
    azure.add_route_table_to_subnet(network, "one", RouteTableAssociation(route_table_name="far"))
    assert outcome() == (
        "Failed",
        "The region japaneast specified for the Route Table far is different than the region uswest that Virtual "
        "Network net belongs to, they need to belong to the same region.",
    )
