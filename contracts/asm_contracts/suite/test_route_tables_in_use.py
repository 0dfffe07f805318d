"""Route tables of subnets, the routes that machines follow, and whether machines forward."""

from __future__ import annotations

import pytest

from asm_contracts.areas.route_tables import (
    CreateRouteTable,
    EffectiveRouteTable,
    IPForwarding,
    NextHop,
    Route,
    RouteTableAssociation,
)
from asm_contracts.evidence import assumed, documented, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import Machines, make_machines
from asm_contracts.suite.names import Names
from asm_contracts.suite.networks import SPACE, Network, listed, make_machine_inside, make_network, make_route_table
from asm_contracts.suite.worlds import refused, unchanged

NIC = "nic1"
EVERYWHERE = "0.0.0.0/0"


@pytest.fixture(scope="module")
def network(azure: Azure, module_names: Names) -> Network:
    """A virtual network."""
    return make_network(azure, module_names)


@pytest.fixture(scope="module")
def machines(azure: Azure, module_names: Names, network: Network) -> Machines:
    """A machine in it, with a further network interface."""
    return make_machine_inside(azure, module_names, network.name, NIC)


def of(table: str) -> RouteTableAssociation:
    """The body that gives a subnet a table."""
    return RouteTableAssociation(route_table_name=table)


@recorded("the answer where a subnet has no table")
@documented("a table that a subnet uses stays")
@assumed("another table takes the place of the first, as the published client has it")
def test_a_subnet_uses_a_table(azure: Azure, names: Names, network: Network) -> None:
    table, other = make_route_table(azure, names), make_route_table(azure, names)
    none = f"The virtual network name {network.name} and subnet back does not have any Route Table associated."
    for look in (azure.get_route_table_for_subnet, azure.remove_route_table_from_subnet):
        with refused(404, "ResourceNotFound", none):
            look(network.name, "back")
    azure.wait(azure.add_route_table_to_subnet(network.name, "back", of(table)))
    assert azure.get_route_table_for_subnet(network.name, "back").route_table_name == table
    found = listed(azure, network.name)
    assert found is not None
    assert {one.name: one.route_table_name for one in found.subnets or ()}["back"] == table
    with unchanged(lambda: azure.get_route_table_for_subnet(network.name, "back")), refused(400, "BadRequest"):
        azure.delete_route_table(table)
    azure.wait(azure.add_route_table_to_subnet(network.name, "back", of(other)))
    assert azure.get_route_table_for_subnet(network.name, "back").route_table_name == other
    azure.wait(azure.delete_route_table(table))
    azure.wait(azure.remove_route_table_from_subnet(network.name, "back"))
    with refused(404, "ResourceNotFound", none):
        azure.get_route_table_for_subnet(network.name, "back")


@assumed("what is not there is not bound; a table and its network are in one region, as of security groups recorded")
def test_tables_that_cannot_be_used(azure: Azure, names: Names, network: Network) -> None:
    table, far = make_route_table(azure, names), names.of("route table")
    azure.wait(azure.create_route_table(CreateRouteTable(name=far, location="East US")))
    with refused(404, "ResourceNotFound"):
        azure.add_route_table_to_subnet(network.name, "nowhere", of(table))
    with refused(404, "ResourceNotFound"):
        azure.add_route_table_to_subnet(names.free(), "back", of(table))
    with refused(404, "ResourceNotFound"):
        azure.add_route_table_to_subnet(network.name, "back", of(names.free()))
    failed = azure.ended(azure.add_route_table_to_subnet(network.name, "back", of(far)))
    assert failed.status == "Failed" and failed.error is not None
    assert "they need to belong to the same region" in failed.error.message


@documented("a table that is changed is changed by one at a time")
def test_one_change_of_a_table_at_a_time(azure: Azure, names: Names) -> None:
    table = make_route_table(azure, names)
    route = Route(address_prefix=EVERYWHERE, next_hop_type=NextHop(type="Null"))
    first = azure.set_route(table, "one", route)
    if azure.controls_time:
        with refused(409, "ConflictError"):
            azure.delete_route_table(table)
    azure.wait(first)
    for wrong in (
        Route(address_prefix="everywhere", next_hop_type=NextHop(type="Null")),
        Route(address_prefix="10.0.0.0/8", next_hop_type=NextHop(type="Elsewhere")),
        Route(address_prefix="10.0.0.0/8", next_hop_type=NextHop(type="VirtualAppliance")),
        Route(address_prefix="10.0.0.0/8", next_hop_type=NextHop(type="Internet", ip_address="10.0.0.1")),
        Route(address_prefix="10.0.0.0/8", next_hop_type=NextHop(type="Null"), name="another"),
    ):
        with unchanged(lambda: azure.get_route_table(table, "Full")), refused(400, "BadRequest"):
            azure.set_route(table, "two", wrong)
    with refused(404, "ResourceNotFound"):
        azure.delete_route(table, "two")


# -- the routes of a machine ------------------------------------------------------------------------------------------


def routes(found: EffectiveRouteTable) -> list[tuple[str, str, tuple[str, ...], str, tuple[str, ...]]]:
    """Source, status, prefixes, next hop and its addresses."""
    return [
        (
            one.source or "",
            one.status or "",
            one.address_prefixes or (),
            (one.effective_next_hop.type if one.effective_next_hop else None) or "",
            (one.effective_next_hop.ip_addresses if one.effective_next_hop else None) or (),
        )
        for one in found.effective_route_list or ()
    ]


@documented("system routes lead to the network itself and to the Internet; those of a table take their place")
def test_routes_that_a_machine_follows(azure: Azure, names: Names, network: Network, machines: Machines) -> None:
    of_role = (machines.service, machines.deployment, machines.roles[0])
    inside = ("Default", "Active", (SPACE,), "VNETLocal", ())
    system = [inside, ("Default", "Active", (EVERYWHERE,), "Internet", ())]
    assert routes(azure.get_effective_route_table_for_role_instance(*of_role)) == system
    table = make_route_table(azure, names)
    appliance = NextHop(type="VirtualAppliance", ip_address="10.77.1.9")
    azure.wait(azure.set_route(table, "out", Route(address_prefix=EVERYWHERE, next_hop_type=appliance)))
    azure.wait(azure.add_route_table_to_subnet(network.name, "back", of(table)))
    own = [
        inside,
        ("Default", "Invalid", (EVERYWHERE,), "Internet", ()),
        ("User", "Active", (EVERYWHERE,), "VirtualAppliance", ("10.77.1.9",)),
    ]
    assert routes(azure.get_effective_route_table_for_network_interface(*of_role, NIC)) == own
    assert routes(azure.get_effective_route_table_for_role_instance(*of_role)) == system, "it is in another subnet"
    azure.wait(azure.remove_route_table_from_subnet(network.name, "back"))
    assert routes(azure.get_effective_route_table_for_network_interface(*of_role, NIC)) == system
    with refused(404, "ResourceNotFound"):
        azure.get_effective_route_table_for_role_instance(machines.service, machines.deployment, names.free())
    with refused(404, "ResourceNotFound"):
        azure.get_effective_route_table_for_network_interface(*of_role, "nic9")


@documented("forwarding is off until it is set, for a machine and for each of its network interfaces")
def test_forwarding(azure: Azure, machines: Machines) -> None:
    of_role = (machines.service, machines.deployment, machines.roles[0])
    on, off = IPForwarding(state="Enabled"), IPForwarding(state="Disabled")

    def states() -> tuple[str, str]:
        return (
            azure.get_ip_forwarding_for_role(*of_role).state,
            azure.get_ip_forwarding_for_network_interface(*of_role, NIC).state,
        )

    assert states() == ("Disabled", "Disabled")
    azure.wait(azure.set_ip_forwarding_on_role(*of_role, on))
    assert states() == ("Enabled", "Disabled")
    azure.wait(azure.set_ip_forwarding_on_network_interface(*of_role, NIC, on))
    azure.wait(azure.set_ip_forwarding_on_role(*of_role, off))
    assert states() == ("Disabled", "Enabled")
    with unchanged(states):
        with refused(400, "BadRequest"):
            azure.set_ip_forwarding_on_role(*of_role, IPForwarding(state="Perhaps"))
        with refused(404, "ResourceNotFound"):
            azure.set_ip_forwarding_on_network_interface(*of_role, "nic9", on)
    azure.wait(azure.set_ip_forwarding_on_network_interface(*of_role, NIC, off))
    assert states() == ("Disabled", "Disabled")


@documented("only machines in virtual networks forward and follow routes")
def test_a_machine_outside_does_neither(azure: Azure, names: Names) -> None:
    outside = make_machines(azure, names, ready=False)
    of_role = (outside.service, outside.deployment, outside.roles[0])
    with refused(400, "BadRequest"):
        azure.set_ip_forwarding_on_role(*of_role, IPForwarding(state="Enabled"))
    with refused(400, "BadRequest"):
        azure.get_effective_route_table_for_role_instance(*of_role)
