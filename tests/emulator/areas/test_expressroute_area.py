"""ExpressRoute: what there is to list."""

from __future__ import annotations

import pytest

from asm_client import Client
from asm_contracts.errors import ResourceNotFound


def test_providers_are_listed_with_places_and_bandwidths(azure: Client) -> None:
    found = azure.list_dedicated_circuit_service_providers().items
    assert {one.type for one in found} == {"IXP", "Telco"}
    assert all(one.dedicated_circuit_locations and one.dedicated_circuit_bandwidths for one in found)
    assert len({one.name for one in found}) == len(found)


def test_there_are_no_circuits(azure: Client) -> None:
    assert azure.list_dedicated_circuits().items == ()
    for read in (
        lambda: azure.get_dedicated_circuit("key"),
        lambda: azure.list_dedicated_circuit_links("key"),
        lambda: azure.get_dedicated_circuit_link("key", "net"),
        lambda: azure.get_border_gateway_protocol_peering("key", "private"),
    ):
        with pytest.raises(ResourceNotFound, match="with service key key does not exist"):
            read()
