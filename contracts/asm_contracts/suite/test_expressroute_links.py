"""ExpressRoute from the provider's side: circuits are connected, linked to networks, and let go; peerings change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from asm_contracts.areas.expressroute import (
    CreateBgpPeering,
    CreateDedicatedCircuit,
    UpdateBgpPeering,
    UpdateCrossConnection,
    UpdateDedicatedCircuit,
)
from asm_contracts.evidence import assumed, documented, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.networks import done, make_network
from asm_contracts.suite.worlds import refused, unchanged

NOBODYS = "00000000-0000-4000-8000-000000000000"
CONNECTED = UpdateCrossConnection(operation="NotifyCrossConnectionProvisioned")
LET_GO = UpdateCrossConnection(operation="NotifyCrossConnectionNotProvisioned")
PEERING = CreateBgpPeering(
    peer_asn=64495, primary_peer_subnet="192.168.6.252/30", secondary_peer_subnet="192.168.9.252/30", vlan_id=1349
)


@pytest.fixture
def key(azure: Azure, names: Names) -> str:
    """The service key of a new circuit."""
    provider = azure.list_dedicated_circuit_service_providers().items[0]
    wish = CreateDedicatedCircuit(
        bandwidth=max(one.bandwidth for one in provider.dedicated_circuit_bandwidths),
        circuit_name=names.free(),
        location=provider.dedicated_circuit_locations.split(",")[0],
        service_provider_name=provider.name,
    )
    return names.adopt("circuit", done(azure, azure.create_dedicated_circuit(wish)).data)


@recorded("a provider begins with Provisioning and a tag, and gives notice when the circuit is connected")
@documented("a circuit that its provider has connected is linked to networks, and stays while it is")
@assumed("the refusals of links; that the subscription of the circuit may act for its provider")
def test_a_circuit_is_connected_linked_and_given_up(azure: Azure, names: Names, key: str) -> None:
    network = make_network(azure, names).name

    def provisioning() -> str:
        return azure.get_dedicated_circuit(key).service_provider_provisioning_state

    with refused(404, "ResourceNotFound"):
        azure.get_cross_connection(key)
    with refused(400, "BadRequest"):
        azure.create_dedicated_circuit_link(key, network)
    done(azure, azure.create_cross_connection(key))
    assert provisioning() == "Provisioning"
    begun = azure.get_cross_connection(key)
    assert (begun.provisioning_state, begun.s_tag > 0) == ("Provisioning", True)
    assert begun in azure.list_cross_connections().items
    with refused(409, "ConflictError"):
        azure.create_cross_connection(key)
    done(azure, azure.update_cross_connection(key, CONNECTED))
    assert provisioning() == azure.get_cross_connection(key).provisioning_state == "Provisioned"
    done(azure, azure.create_dedicated_circuit_link(key, network))
    link = azure.get_dedicated_circuit_link(key, network)
    assert (link.vnet_name, link.state) == (network, "Provisioned")
    assert azure.list_dedicated_circuit_links(key).items == (link,)
    with unchanged(lambda: azure.get_dedicated_circuit(key)):
        kept: list[Callable[[], object]] = [
            lambda: azure.create_dedicated_circuit_link(key, network),
            lambda: azure.delete_dedicated_circuit(key),
            lambda: azure.update_cross_connection(key, LET_GO),
        ]
        for call in kept:
            with refused(409, "ConflictError"):
                call()
    done(azure, azure.delete_dedicated_circuit_link(key, network))
    assert azure.list_dedicated_circuit_links(key).items == ()
    for gone in (azure.get_dedicated_circuit_link, azure.delete_dedicated_circuit_link):
        with refused(404, "ResourceNotFound"):
            gone(key, network)
    with refused(409, "ConflictError"):
        azure.delete_dedicated_circuit(key)
    done(azure, azure.update_cross_connection(key, LET_GO))
    assert provisioning() == "NotProvisioned"
    done(azure, azure.delete_dedicated_circuit(key))
    with refused(404, "ResourceNotFound"):
        azure.get_dedicated_circuit(key)


@recorded("a change of everything about a peering")
@assumed("what a peering cannot be")
def test_a_peering_is_changed(azure: Azure, key: str) -> None:
    done(azure, azure.create_border_gateway_protocol_peering(key, "private", PEERING))
    change = UpdateBgpPeering(
        peer_asn=64496, primary_peer_subnet="192.168.7.252/30", secondary_peer_subnet="192.168.8.252/30", vlan_id=1350
    )
    done(azure, azure.update_border_gateway_protocol_peering(key, "private", change))

    def shown() -> tuple[int, str, str, int]:
        found = azure.get_border_gateway_protocol_peering(key, "private")
        return found.peer_asn, found.primary_peer_subnet, found.secondary_peer_subnet, found.vlan_id

    assert shown() == (64496, "192.168.7.252/30", "192.168.8.252/30", 1350)
    with unchanged(shown):
        for wrong in (
            replace(change, vlan_id=0),
            replace(change, vlan_id=4095),
            replace(change, peer_asn=0),
            replace(change, primary_peer_subnet="192.168.7.0/24"),
        ):
            with refused(400, "BadRequest"):
                azure.update_border_gateway_protocol_peering(key, "private", wrong)
        with refused(404, "ResourceNotFound"):
            azure.update_border_gateway_protocol_peering(key, "public", change)
        with refused(400, "BadRequest"):
            azure.create_border_gateway_protocol_peering(key, "secret", PEERING)
        with refused(400, "BadRequest"):
            azure.create_border_gateway_protocol_peering(key, "microsoft", replace(PEERING, vlan_id=7))


@recorded("a provider, a place and a bandwidth that there is not are not found")
@documented("a circuit is sold in the places and with the bandwidths of its provider, and made faster, not slower")
def test_circuits_that_cannot_be(azure: Azure, names: Names, key: str) -> None:
    provider = azure.list_dedicated_circuit_service_providers().items[0]
    least = min(one.bandwidth for one in provider.dedicated_circuit_bandwidths)
    wish = CreateDedicatedCircuit(
        bandwidth=least,
        circuit_name=names.free(),
        location=provider.dedicated_circuit_locations.split(",")[0],
        service_provider_name=provider.name,
    )
    for wrong in (
        replace(wish, service_provider_name="nobody"),
        replace(wish, location="Atlantis"),
        replace(wish, bandwidth=7),
    ):
        with refused(404, "ResourceNotFound"):
            azure.create_dedicated_circuit(wrong)
    for wrong in (
        replace(wish, circuit_name=""),
        replace(wish, sku="Deluxe"),
        replace(wish, billing_type="Barter"),
    ):
        with refused(400, "BadRequest"):
            azure.create_dedicated_circuit(wrong)
    assert wish.circuit_name not in [one.circuit_name for one in azure.list_dedicated_circuits().items]
    with unchanged(lambda: azure.get_dedicated_circuit(key)), refused(400, "BadRequest"):
        azure.update_dedicated_circuit(key, UpdateDedicatedCircuit(bandwidth=least))


@assumed("what belongs to a circuit is not found where there is none")
def test_a_circuit_that_is_not_there(azure: Azure) -> None:
    calls: list[Callable[[], object]] = [
        lambda: azure.update_dedicated_circuit(NOBODYS, UpdateDedicatedCircuit(sku="Premium")),
        lambda: azure.list_dedicated_circuit_links(NOBODYS),
        lambda: azure.get_dedicated_circuit_link(NOBODYS, "net"),
        lambda: azure.create_border_gateway_protocol_peering(NOBODYS, "private", PEERING),
        lambda: azure.create_cross_connection(NOBODYS),
        lambda: azure.update_cross_connection(NOBODYS, CONNECTED),
    ]
    for call in calls:
        with refused(404, "ResourceNotFound"):
            call()
