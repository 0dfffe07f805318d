"""Network security groups: their rules, and the subnets they guard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client, WSGITransport
from asm_contracts.areas.affinity_groups import CreateAffinityGroup
from asm_contracts.areas.security_groups import (
    CreateNetworkSecurityGroup,
    NetworkSecurityGroupName,
    SecurityRule,
)
from asm_contracts.codec import netcfg
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import RawBody
from asm_emulator import model
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator
from asm_emulator.state import Draft

Outcome = Callable[[], tuple[str, str | None]]
DEFAULTS = [
    ("ALLOW VNET OUTBOUND", "Outbound", 65000, "Allow", "VIRTUAL_NETWORK", "VIRTUAL_NETWORK"),
    ("ALLOW VNET INBOUND", "Inbound", 65000, "Allow", "VIRTUAL_NETWORK", "VIRTUAL_NETWORK"),
    ("ALLOW AZURE LOAD BALANCER INBOUND", "Inbound", 65001, "Allow", "AZURE_LOADBALANCER", "*"),
    ("ALLOW INTERNET OUTBOUND", "Outbound", 65001, "Allow", "*", "INTERNET"),
    ("DENY ALL OUTBOUND", "Outbound", 65500, "Deny", "*", "*"),
    ("DENY ALL INBOUND", "Inbound", 65500, "Deny", "*", "*"),
]


def new(name: str = "group", **fields: Any) -> CreateNetworkSecurityGroup:
    return CreateNetworkSecurityGroup(**{"name": name, "location": "West US"} | fields)


def rule(**fields: Any) -> SecurityRule:
    given = {
        "type": "Inbound",
        "priority": 100,
        "action": "Allow",
        "source_address_prefix": "*",
        "source_port_range": "*",
        "destination_address_prefix": "10.0.0.0/8",
        "destination_port_range": "80",
        "protocol": "TCP",
    }
    return SecurityRule(**given | fields)


@pytest.fixture
def group(azure: Client, emulator: Emulator) -> str:
    azure.create_network_security_group(new())
    emulator.advance(timedelta(minutes=1))
    return "group"


@pytest.fixture
def network(azure: Client, emulator: Emulator) -> str:
    subnets = tuple(netcfg.Subnet(name=name, address_prefix=f"10.0.{n}.0/24") for n, name in enumerate(("one", "two")))
    site = netcfg.Site(name="net", location="West US", address_prefixes=("10.0.0.0/8",), subnets=subnets)
    wanted = netcfg.NetworkConfiguration(sites=(site,))
    azure.set_network_configuration(RawBody(netcfg.write(wanted), "text/plain"))
    emulator.advance(timedelta(minutes=1))
    return "net"


def own_rules(azure: Client) -> list[SecurityRule]:
    found = azure.get_network_security_group("group", "Full").rules or ()
    return [one for one in found if not one.is_default]


def test_a_group_is_created_with_the_default_rules_and_deleted(azure: Client, refused: Any, outcome: Outcome) -> None:
    azure.create_network_security_group(new(label="my label"))
    assert azure.get_network_security_group("GROUP").state == "Creating"
    assert outcome() == ("Succeeded", None)
    found = azure.get_network_security_group("group", "full")
    assert (found.name, found.label, found.location, found.state) == ("group", "my label", "West US", "Created")
    assert [
        (one.name, one.type, one.priority, one.action, one.source_address_prefix, one.destination_address_prefix)
        for one in found.rules or ()
    ] == DEFAULTS
    assert {
        (one.source_port_range, one.destination_port_range, one.protocol, one.state, one.is_default)
        for one in found.rules or ()
    } == {("*", "*", "*", "Active", True)}
    assert azure.get_network_security_group("group", "5").rules is None
    assert azure.list_network_security_groups().items == (replace(found, rules=None),)
    assert azure.get_subscription().current_network_security_groups == 1
    azure.delete_network_security_group("group")
    assert azure.get_network_security_group("group").state == "Deleting"
    assert outcome() == ("Succeeded", None)
    with refused(ResourceNotFound, "The Network Security Group group does not exist."):
        azure.get_network_security_group("group")
    assert azure.get_subscription().current_network_security_groups == 0


def test_a_location_may_have_its_inner_name(azure: Client, outcome: Outcome) -> None:
    azure.create_network_security_group(new(location="usnorth"))
    assert outcome() == ("Succeeded", None)
    assert azure.get_network_security_group("group").location == "North Central US"


def test_older_versions_do_not_see_the_state(emulator: Emulator, group: str) -> None:
    transport = WSGITransport(emulator.app.wsgi_app, certificate("areas"))
    older = Client(transport, emulator.subscription, version="2015-04-01")
    assert older.get_network_security_group(group).state is None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (new(""), "The Network Security Group name  is invalid."),
        (new("a/b"), "The Network Security Group name a/b is invalid."),
        (new(location=None), "The location  is not available for this subscription."),
        (new(location="Mars"), "The location Mars is not available for this subscription."),
        (new(label="x" * 1025), "The label is invalid. It may have at most 1024 characters."),
    ],
)
def test_wrong_groups_are_refused(azure: Client, refused: Any, body: Any, message: str) -> None:
    with refused(BadRequest, message):
        azure.create_network_security_group(body)


def test_names_are_unique_and_counted(azure: Client, emulator: Emulator, refused: Any, group: str) -> None:
    with refused(ConflictError, "A Network Security Group with the name GROUP already exists."):
        azure.create_network_security_group(new("GROUP"))

    def lower(draft: Draft) -> None:
        draft.change(quotas=replace(draft.subscription.quotas, network_security_groups=1, network_security_rules=0))

    emulator.engine.change(emulator.subscription, lower)
    text = (
        "The subscription policy limit for resource type '{0}' was exceeded. The limit for resource type '{0}' is {1} "
        "per subscription, the current count is {1}, and the requested increment is 1."
    )
    with refused(ForbiddenError, text.format("network security group count", 1)):
        azure.create_network_security_group(new("other"))
    with refused(ForbiddenError, text.format("network security rules per group count", 0)):
        azure.set_network_security_rule(group, "r", rule())


def test_rules_are_set_replaced_and_deleted(azure: Client, refused: Any, outcome: Outcome, group: str) -> None:
    for name, fields in (
        ("b", {"priority": 300, "protocol": "udp", "type": "inbound", "action": "DENY"}),
        ("a", {"priority": 200, "source_address_prefix": "internet", "destination_port_range": "1-65535"}),
    ):
        azure.set_network_security_rule(group, name, rule(**fields))
        assert outcome() == ("Succeeded", None)
    found = azure.get_network_security_group(group, "Full").rules or ()
    assert [one.name for one in found] == ["a", "b", *(name for name, *_ in DEFAULTS)]
    assert found[0] == rule(
        name="a", priority=200, source_address_prefix="INTERNET", destination_port_range="1-65535", state="Active"
    )
    assert (found[1].type, found[1].action, found[1].protocol) == ("Inbound", "Deny", "UDP")
    azure.set_network_security_rule(group, "A", rule(priority=400))
    assert outcome() == ("Succeeded", None)
    assert [(one.name, one.priority) for one in own_rules(azure)] == [("b", 300), ("A", 400)]
    azure.delete_network_security_rule(group, "B")
    assert outcome() == ("Succeeded", None)
    assert [one.name for one in own_rules(azure)] == ["A"]
    with refused(ResourceNotFound, "The rule b does not exist in the Network Security Group group."):
        azure.delete_network_security_rule(group, "b")
    with refused(BadRequest, "The default rule DENY ALL INBOUND cannot be deleted."):
        azure.delete_network_security_rule(group, "DENY ALL INBOUND")


def test_priorities_are_unique_in_a_direction(azure: Client, refused: Any, outcome: Outcome, group: str) -> None:
    azure.set_network_security_rule(group, "in", rule())
    assert outcome() == ("Succeeded", None)
    azure.set_network_security_rule(group, "out", rule(type="Outbound"))
    assert outcome() == ("Succeeded", None)
    text = "The priority 100 is already used by the Inbound rule in of the Network Security Group group."
    with refused(BadRequest, text):
        azure.set_network_security_rule(group, "more", rule())


PREFIX = "is invalid. Please provide correct CIDR address or one of the allowed Address Tags."
PORTS = "is invalid. Please provide a port number, a range of port numbers or '*'."


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"source_address_prefix": "INVALID"}, f"The Source Address Prefix provided 'INVALID' {PREFIX}"),
        ({"destination_address_prefix": None}, f"The Destination Address Prefix provided '' {PREFIX}"),
        ({"source_port_range": "70000"}, f"The Source Port Range provided '70000' {PORTS}"),
        ({"destination_port_range": "9-8"}, f"The Destination Port Range provided '9-8' {PORTS}"),
        ({"protocol": "ICMP"}, "The Protocol provided 'ICMP' is invalid. Allowed values are: TCP, UDP, *."),
        ({"type": "x"}, "The Type provided 'x' is invalid. Allowed values are: Inbound, Outbound."),
        ({"action": None}, "The Action provided '' is invalid. Allowed values are: Allow, Deny."),
        ({"priority": 99}, "The Priority provided '99' is invalid. It must be between 100 and 4096."),
        ({"priority": None}, "The Priority provided 'None' is invalid. It must be between 100 and 4096."),
    ],
)
def test_wrong_rules_are_refused(azure: Client, refused: Any, group: str, fields: Any, message: str) -> None:
    with refused(BadRequest, message):
        azure.set_network_security_rule(group, "r", rule(**fields))


def test_one_change_of_a_group_at_a_time(azure: Client, refused: Any, group: str) -> None:
    first = azure.set_network_security_rule(group, "r", rule())
    text = (
        f"Windows Azure is currently performing an operation with x-ms-requestid {first.request_id} "
        "on this network security group that requires exclusive access."
    )
    with refused(ConflictError, text):
        azure.delete_network_security_group(group)


# -- subnets ----------------------------------------------------------------------------------------------------------


def test_a_subnet_is_guarded(azure: Client, refused: Any, outcome: Outcome, group: str, network: str) -> None:
    none = "The virtual network name net and subnet one does not have any network security group assigned."
    with refused(ResourceNotFound, none):
        azure.get_network_security_group_for_subnet("NET", "ONE")
    azure.add_network_security_group_to_subnet(network, "one", NetworkSecurityGroupName(name="GROUP"))
    assert outcome() == ("Succeeded", None)
    assert azure.get_network_security_group_for_subnet(network, "one") == NetworkSecurityGroupName(
        name="group", state="Created"
    )
    subnets = azure.list_virtual_network_sites().items[0].subnets or ()
    assert [one.network_security_group for one in subnets] == ["group", None]
    in_use = (
        "The Network Security Group group cannot be deleted because it is in use by the subnet one "
        "of the virtual network net."
    )
    with refused(BadRequest, in_use):
        azure.delete_network_security_group(group)
    azure.create_network_security_group(new("second"))
    assert outcome() == ("Succeeded", None)
    taken = "The virtual network name net and subnet one already has the network security group group assigned."
    with refused(ConflictError, taken):
        azure.add_network_security_group_to_subnet(network, "one", NetworkSecurityGroupName(name="second"))
    other = "The virtual network name net and subnet one does not have the network security group second assigned."
    with refused(ResourceNotFound, other):
        azure.remove_network_security_group_from_subnet(network, "one", "second")
    azure.remove_network_security_group_from_subnet(network, "one", "group")
    assert outcome() == ("Succeeded", None)
    with refused(ResourceNotFound, none):
        azure.get_network_security_group_for_subnet(network, "one")
    azure.delete_network_security_group(group)
    assert outcome() == ("Succeeded", None)


def test_a_binding_outlives_a_change_of_the_configuration(
    azure: Client, emulator: Emulator, outcome: Outcome, group: str, network: str
) -> None:
    azure.add_network_security_group_to_subnet(network, "one", NetworkSecurityGroupName(name=group))
    assert outcome() == ("Succeeded", None)
    known = netcfg.read(azure.get_network_configuration().data)
    azure.set_network_configuration(RawBody(netcfg.write(known), "text/plain"))
    assert outcome() == ("Succeeded", None)
    assert azure.get_network_security_group_for_subnet(network, "one").name == group


def test_group_and_network_are_in_one_region(azure: Client, outcome: Outcome, network: str) -> None:
    azure.create_network_security_group(new("far", location="North Central US"))
    assert outcome() == ("Succeeded", None)
    azure.add_network_security_group_to_subnet(network, "one", NetworkSecurityGroupName(name="far"))
    assert outcome() == (
        "Failed",
        "The region usnorth specified for the Network Security Group far is different than the region uswest that "
        "Virtual Network net belongs to, they need to belong to the same region.",
    )
    with pytest.raises(ResourceNotFound):
        azure.get_network_security_group_for_subnet(network, "one")


def test_the_region_of_an_affinity_group_counts(
    azure: Client, emulator: Emulator, outcome: Outcome, group: str
) -> None:
    azure.create_affinity_group(CreateAffinityGroup(name="ag", label="ag", location="West US"))

    def add(draft: Draft) -> None:
        draft.virtual_networks["net"] = model.VirtualNetworkSite(
            name="net",
            id="i",
            address_prefixes=("10.0.0.0/8",),
            affinity_group="ag",
            subnets=(model.Subnet(name="one", address_prefix="10.0.0.0/24"),),
        )

    emulator.engine.change(emulator.subscription, add)
    azure.add_network_security_group_to_subnet("net", "one", NetworkSecurityGroupName(name=group))
    assert outcome() == ("Succeeded", None)


def test_what_does_not_exist_cannot_be_bound(azure: Client, refused: Any, group: str, network: str) -> None:
    with refused(ResourceNotFound, "The virtual network none does not exist."):
        azure.add_network_security_group_to_subnet("none", "one", NetworkSecurityGroupName(name=group))
    with refused(ResourceNotFound, "The subnet none does not exist in the virtual network net."):
        azure.add_network_security_group_to_subnet(network, "none", NetworkSecurityGroupName(name=group))
    with refused(ResourceNotFound, "The Network Security Group none does not exist."):
        azure.add_network_security_group_to_subnet(network, "one", NetworkSecurityGroupName(name="none"))


def test_a_binding_fails_when_its_subnet_has_gone(
    azure: Client, emulator: Emulator, outcome: Outcome, group: str, network: str
) -> None:
    azure.add_network_security_group_to_subnet(network, "one", NetworkSecurityGroupName(name=group))
    emulator.engine.change(emulator.subscription, lambda draft: draft.virtual_networks.pop("net"))
    assert outcome() == ("Failed", "The virtual network net does not exist.")
