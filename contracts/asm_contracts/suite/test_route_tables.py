"""Route tables and their routes come, change and go."""

from __future__ import annotations

from asm_contracts.areas.route_tables import CreateRouteTable, NextHop, Route
from asm_contracts.evidence import documented
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.networks import make_route_table as make
from asm_contracts.suite.worlds import LOCATION, refused


@documented("a table is created, read with or without its routes, and deleted")
def test_what_was_created_is_read_back(azure: Azure, names: Names) -> None:
    name = make(azure, names)
    found = azure.get_route_table(name, "full")
    assert (found.name, found.label, found.location, found.route_list) == (name, "l", LOCATION, ())
    assert azure.get_route_table(name).route_list is None or azure.lossy
    assert name in [one.name for one in azure.list_route_tables().items]
    with refused(409, "ConflictError"):
        azure.create_route_table(CreateRouteTable(name=name.upper(), location=LOCATION))
    azure.wait(azure.delete_route_table(name))
    with refused(404, "ResourceNotFound", f"The Route Table {name} does not exist."):
        azure.get_route_table(name)
    assert name not in [one.name for one in azure.list_route_tables().items]


@documented("a route has a prefix and a next hop, is replaced by setting it again, and shares its prefix with no other")
def test_routes_are_set_replaced_and_deleted(azure: Azure, names: Names) -> None:
    name = make(azure, names)

    def routes() -> list[tuple[str | None, str | None, str]]:
        found = azure.get_route_table(name, "full").route_list or ()
        return [(one.name, one.address_prefix, getattr(one.next_hop_type, "type", "")) for one in found]

    default = Route(address_prefix="0.0.0.0/0", next_hop_type=NextHop(type="VPNGateway"))
    azure.wait(azure.set_route(name, "out", default))
    assert routes() == [("out", "0.0.0.0/0", "VPNGateway")]
    azure.wait(azure.set_route(name, "out", Route(address_prefix="0.0.0.0/0", next_hop_type=NextHop(type="Null"))))
    assert routes() == [("out", "0.0.0.0/0", "Null")]
    with refused(409, "ConflictError"):
        azure.set_route(name, "again", default)
    azure.wait(azure.delete_route(name, "out"))
    assert routes() == []
