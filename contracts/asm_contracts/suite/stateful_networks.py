"""Histories of networks: the configuration with its subnets, what guards and routes them, and reserved addresses.

A machine of its own, beside that of machines and disks: the two have nothing in common but time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from asm_contracts.areas.reserved_ips import CreateReservedIP
from asm_contracts.areas.route_tables import CreateRouteTable, NextHop, Route, RouteTableAssociation
from asm_contracts.areas.security_groups import CreateNetworkSecurityGroup, NetworkSecurityGroupName, SecurityRule
from asm_contracts.codec import netcfg
from asm_contracts.operation import Accepted
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.names import Names
from asm_contracts.suite.networks import configuration, listed, set_configuration, site
from asm_contracts.suite.stateful_history import SPANS, History, machine_of
from asm_contracts.suite.stateful_model import OK, Verdict, no
from asm_contracts.suite.worlds import LOCATION

SUBNETS: Final = {"one": "10.77.1.0/24", "two": "10.77.2.0/24"}
PREFIXES: Final = ("10.1.0.0/16", "10.2.0.0/16")
PRIORITIES: Final = (100, 200)
TWO = st.sampled_from([0, 1])
SOME = st.sampled_from([("one",), ("two",), ("one", "two")])
PLACE = st.sampled_from(["one", "two"])


@dataclass(slots=True)
class Subnet:
    """A subnet, and what is bound to it."""

    group: str | None = None
    table: str | None = None


@dataclass(slots=True)
class Networks:
    """What there is."""

    subnets: dict[str, Subnet] | None = None
    """Of the one virtual network; None while that is not there."""
    groups: dict[str, dict[str, int]] = field(default_factory=dict)
    """The priority of each rule of a group."""
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    """The prefix of each route of a table."""
    addresses: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    """What something goes on with."""


class NetworkCloud(History):
    """A virtual network, two groups, two tables and two addresses come, are bound, and go."""

    def __init__(self) -> None:
        super().__init__()
        self.there = Networks()
        self.network = self.names.of("virtual network")
        self.groups = [self.names.of("security group") for _ in range(2)]
        self.tables = [self.names.of("route table") for _ in range(2)]
        self.addresses = [self.names.reserved_ip() for _ in range(2)]

        self.hurry = False
        """Every change ends before the next call."""

    @initialize(hurry=st.sampled_from([True, True, False]))
    def something_to_begin_with(self, hurry: bool) -> None:
        self.describe(("one", "two"))
        for number in (0, 1):
            self.create_group(number, False)
            self.create_table(number)
        if self.azure.controls_time:
            self.azure.advance(timedelta(minutes=5))
            self.poll()
        self.hurry = hurry and self.azure.controls_time

    # -- how it goes on -----------------------------------------------------------------------------------------------

    def change(
        self, verdict: Verdict, keys: tuple[str, ...], act: Callable[[], Accepted], end: Callable[[], object]
    ) -> None:
        """Ask for a change that holds these things until it has ended; it is refused while one of them is held."""
        if self.there.held & set(keys):
            verdict = (verdict - OK) | no(409)

        def done(accepted: Accepted) -> None:
            self.there.held |= set(keys)

            def over() -> None:
                self.there.held -= set(keys)
                end()

            self.begin(accepted, ", ".join(keys), over)
            self.settle()
            if self.hurry:
                self.azure.advance(timedelta(minutes=5))
                self.poll()

        self.call(verdict, act, done)

    def look(self) -> list[tuple[int, bytes]]:
        paths = [
            *(f"/services/networking/networksecuritygroups/{name}?detaillevel=Full" for name in self.groups),
            *(f"/services/networking/routetables/{name}?detaillevel=Full" for name in self.tables),
            *(f"/services/networking/reservedips/{name}" for name in self.addresses),
            "/services/networking/media",
            "/services/networking/virtualnetwork",
        ]
        return [(answer.status, answer.body) for answer in (self.raw.send("GET", path) for path in paths)]

    @precondition(lambda self: self.azure.controls_time)
    @rule(seconds=SPANS)
    def time_passes(self, seconds: int) -> None:
        self.azure.advance(timedelta(seconds=seconds))
        self.poll()

    # -- the network --------------------------------------------------------------------------------------------------

    @rule(names=SOME)
    def describe(self, names: tuple[str, ...]) -> None:
        if any(one.startswith("subnet") for one in self.there.held):
            return  # what is being bound to a subnet that goes is not the model's business

        def end() -> None:
            before = self.there.subnets or {}
            self.there.subnets = {name: before.get(name) or Subnet() for name in names}

        made = site(self.network, **{name: SUBNETS[name] for name in names})
        self.change(OK, ("configuration",), lambda: set_configuration(self.azure, self.wanted(made)), end)

    @rule(really=st.sampled_from([False, False, True]))
    def leave_out(self, really: bool) -> None:
        if not really or any(one.startswith("subnet") for one in self.there.held):
            return

        def end() -> None:
            self.there.subnets = None

        self.change(OK, ("configuration",), lambda: set_configuration(self.azure, self.wanted(None)), end)

    def wanted(self, made: netcfg.Site | None) -> netcfg.NetworkConfiguration:
        """The configuration with the network described so, or left out."""
        known = configuration(self.azure)
        others = tuple(one for one in known.sites if one.name != self.network)
        return netcfg.NetworkConfiguration(
            dns_servers=known.dns_servers,
            local_sites=known.local_sites,
            sites=(*others, made) if made else others,
        )

    # -- groups -------------------------------------------------------------------------------------------------------

    @rule(number=TWO, shout=st.booleans())
    def create_group(self, number: int, shout: bool) -> None:
        name = self.groups[number]
        verdict = no(409) if name in self.there.groups else OK
        spelled = name.upper() if shout and verdict != OK else name
        body = CreateNetworkSecurityGroup(name=spelled, label="l", location=LOCATION)
        self.change(
            verdict,
            (f"group {name}",),
            lambda: self.azure.create_network_security_group(body),
            lambda: self.there.groups.update({name: {}}),
        )

    @rule(number=TWO, used=st.booleans())
    def delete_group(self, number: int, used: bool) -> None:
        name = next((one for one in self.groups if used and self.used(group=one)), self.groups[number])
        verdict = no(404) if name not in self.there.groups else no(400) if self.used(group=name) else OK
        self.change(
            verdict,
            (f"group {name}",),
            lambda: self.azure.delete_network_security_group(name),
            lambda: self.there.groups.pop(name),
        )

    @rule(number=TWO, called=PLACE, priority=st.sampled_from(PRIORITIES))
    def set_rule(self, number: int, called: str, priority: int) -> None:
        name = self.groups[number]
        rules = self.there.groups.get(name)
        taken = rules is not None and any(of == priority for one, of in rules.items() if one != called)
        body = SecurityRule(
            type="Inbound", priority=priority, action="Allow", source_address_prefix="*", source_port_range="*",
            destination_address_prefix="*", destination_port_range="80", protocol="TCP",
        )  # fmt: skip
        self.change(
            no(404) if rules is None else no(400) if taken else OK,
            (f"group {name}",),
            lambda: self.azure.set_network_security_rule(name, called, body),
            lambda: self.there.groups[name].update({called: priority}),
        )

    @precondition(lambda self: any(self.there.groups.values()))
    @rule(number=TWO, called=PLACE)
    def delete_rule(self, number: int, called: str) -> None:
        name = self.groups[number]
        self.change(
            OK if called in self.there.groups.get(name, {}) else no(404),
            (f"group {name}",),
            lambda: self.azure.delete_network_security_rule(name, called),
            lambda: self.there.groups[name].pop(called),
        )

    # -- tables -------------------------------------------------------------------------------------------------------

    @rule(number=TWO)
    def create_table(self, number: int) -> None:
        name = self.tables[number]
        body = CreateRouteTable(name=name, label="l", location=LOCATION)
        self.change(
            no(409) if name in self.there.tables else OK,
            (f"table {name}",),
            lambda: self.azure.create_route_table(body),
            lambda: self.there.tables.update({name: {}}),
        )

    @rule(number=TWO, used=st.booleans())
    def delete_table(self, number: int, used: bool) -> None:
        name = next((one for one in self.tables if used and self.used(table=one)), self.tables[number])
        verdict = no(404) if name not in self.there.tables else no(400) if self.used(table=name) else OK
        self.change(
            verdict,
            (f"table {name}",),
            lambda: self.azure.delete_route_table(name),
            lambda: self.there.tables.pop(name),
        )

    @rule(number=TWO, called=PLACE, prefix=st.sampled_from(PREFIXES))
    def set_route(self, number: int, called: str, prefix: str) -> None:
        name = self.tables[number]
        routes = self.there.tables.get(name)
        taken = routes is not None and any(of == prefix for one, of in routes.items() if one != called)
        body = Route(address_prefix=prefix, next_hop_type=NextHop(type="Null"))
        self.change(
            no(404) if routes is None else no(409) if taken else OK,
            (f"table {name}",),
            lambda: self.azure.set_route(name, called, body),
            lambda: self.there.tables[name].update({called: prefix}),
        )

    @precondition(lambda self: any(self.there.tables.values()))
    @rule(number=TWO, called=PLACE)
    def delete_route(self, number: int, called: str) -> None:
        name = self.tables[number]
        self.change(
            OK if called in self.there.tables.get(name, {}) else no(404),
            (f"table {name}",),
            lambda: self.azure.delete_route(name, called),
            lambda: self.there.tables[name].pop(called),
        )

    # -- what is bound ------------------------------------------------------------------------------------------------

    def used(self, group: str | None = None, table: str | None = None) -> bool:
        """Whether a subnet has this group or table."""
        subnets = (self.there.subnets or {}).values()
        return any((group and one.group == group) or (table and one.table == table) for one in subnets)

    def bind(self, what: str, name: str, known: bool, place: str, act: Callable[[], Accepted], verdict: Verdict) -> Any:
        """Ask for a change of what a subnet has; `verdict` is of one that is there, and a group or table that is."""
        if "configuration" in self.there.held:
            return
        missing = not known or place not in (self.there.subnets or {})

        def end() -> None:
            found = (self.there.subnets or {})[place]
            adds = act.__name__ == "add"
            setattr(found, what, name if adds else None)

        self.change(no(404) if missing else verdict, (f"{what} {name}", f"subnet {place}"), act, end)

    @rule(number=TWO, place=PLACE)
    def guard(self, number: int, place: str) -> None:
        name = self.groups[number]
        found = (self.there.subnets or {}).get(place)
        other = found is not None and found.group not in (None, name)
        body = NetworkSecurityGroupName(name=name)

        def add() -> Accepted:
            return self.azure.add_network_security_group_to_subnet(self.network, place, body)

        self.bind("group", name, name in self.there.groups, place, add, no(409) if other else OK)

    @rule(number=TWO, place=PLACE)
    def unguard(self, number: int, place: str) -> None:
        name = self.groups[number]
        found = (self.there.subnets or {}).get(place)
        bound = found is not None and found.group == name

        def remove() -> Accepted:
            return self.azure.remove_network_security_group_from_subnet(self.network, place, name)

        self.bind("group", name, name in self.there.groups, place, remove, OK if bound else no(404))

    @rule(number=TWO, place=PLACE)
    def route(self, number: int, place: str) -> None:
        name = self.tables[number]
        body = RouteTableAssociation(route_table_name=name)

        def add() -> Accepted:
            return self.azure.add_route_table_to_subnet(self.network, place, body)

        self.bind("table", name, name in self.there.tables, place, add, OK)

    @rule(place=PLACE)
    def unroute(self, place: str) -> None:
        found = (self.there.subnets or {}).get(place)
        name = (found.table if found else None) or "none"

        def remove() -> Accepted:
            return self.azure.remove_route_table_from_subnet(self.network, place)

        self.bind("table", name, name in self.there.tables, place, remove, OK)

    # -- addresses ----------------------------------------------------------------------------------------------------

    @rule(number=TWO)
    def reserve(self, number: int) -> None:
        name = self.addresses[number]
        body = CreateReservedIP(name=name, label="l", location=LOCATION)
        self.change(
            no(409) if name in self.there.addresses else OK,
            (f"address {name}",),
            lambda: self.azure.create_reserved_ip_address(body),
            lambda: self.there.addresses.add(name),
        )

    @rule(number=TWO)
    def give_back(self, number: int) -> None:
        name = self.addresses[number]
        self.change(
            OK if name in self.there.addresses else no(404),
            (f"address {name}",),
            lambda: self.azure.delete_reserved_ip_address(name),
            lambda: self.there.addresses.remove(name),
        )

    # -- what must hold -----------------------------------------------------------------------------------------------

    @invariant()
    def the_service_agrees_with_the_model(self) -> None:
        held = self.there.held
        self._check_bound(held)
        groups = {one.name for one in self.azure.list_network_security_groups().items}
        for name in self.groups:
            if f"group {name}" not in held:
                assert (name in groups) == (name in self.there.groups), f"group {name}"
        for name, rules in self.there.groups.items():
            if f"group {name}" not in held:
                shown = self.azure.get_network_security_group(name, "Full").rules or ()
                assert {one.name: one.priority for one in shown if not one.is_default} == rules, f"rules of {name}"
        tables = {one.name for one in self.azure.list_route_tables().items}
        for name in self.tables:
            if f"table {name}" not in held:
                assert (name in tables) == (name in self.there.tables), f"table {name}"
        for name, routes in self.there.tables.items():
            if f"table {name}" not in held:
                found = self.azure.get_route_table(name, "Full").route_list or ()
                assert {one.name: one.address_prefix for one in found} == routes, f"routes of {name}"
        addresses = {one.name for one in self.azure.list_reserved_ip_addresses().items}
        for name in self.addresses:
            if f"address {name}" not in held:
                assert (name in addresses) == (name in self.there.addresses), f"address {name}"

    def _check_bound(self, held: set[str]) -> None:
        if "configuration" in held:
            return
        network = listed(self.azure, self.network)
        assert (network is None) == (self.there.subnets is None), "the network"
        if network is None:
            return
        shown = {one.name: (one.network_security_group, one.route_table_name) for one in network.subnets or ()}
        expected = {name: (one.group, one.table) for name, one in (self.there.subnets or {}).items()}
        assert set(shown) == set(expected), "the subnets"
        for name, bound in expected.items():
            if f"subnet {name}" not in held:
                assert shown[name] == bound, f"what subnet {name} has"

    def teardown(self) -> None:
        for pending in list(self.model.pending):
            self.azure.ended(pending.request_id)
        self.poll()
        self.the_service_agrees_with_the_model()
        reset = getattr(self.azure.driver, "reset", None)
        if reset is not None:
            reset()
        else:
            self.names.clean(self.azure, self.raw)


def network_machine(azure: Azure, raw: Raw, new_names: Callable[[], Names]) -> type[NetworkCloud]:
    """The machine for an endpoint; `new_names` gives each history names of its own."""
    return machine_of(NetworkCloud, azure, raw, new_names)
