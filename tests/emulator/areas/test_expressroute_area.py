"""ExpressRoute: circuits are ordered, connected, used and given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.expressroute import (
    CreateBgpPeering,
    CreateDedicatedCircuit,
    DedicatedCircuit,
    UpdateBgpPeering,
    UpdateCrossConnection,
    UpdateDedicatedCircuit,
)
from asm_contracts.areas.gateways import GatewayOperationAsyncResponse
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_emulator import model
from asm_emulator.emulator import Emulator

Done = Callable[[GatewayOperationAsyncResponse, str | None], str]
WISH = CreateDedicatedCircuit(bandwidth=200, circuit_name="line", location="Amsterdam", service_provider_name="Equinix")
PEERING = CreateBgpPeering(
    peer_asn=64495,
    primary_peer_subnet="192.168.6.252/30",
    secondary_peer_subnet="192.168.9.252/30",
    shared_key="geheim",
    vlan_id=1349,
)


@pytest.fixture
def done(emulator: Emulator, azure: Client) -> Done:
    """Let an operation, which goes under this name, come to its end, which is well; the data that it leaves."""

    def end(answer: GatewayOperationAsyncResponse, named: str | None) -> str:
        running = azure.get_virtual_network_gateway_operation_status(answer.id)
        assert (running.status, running.operation_name) == ("InProgress", named)
        emulator.advance(timedelta(minutes=5))
        ended = azure.get_virtual_network_gateway_operation_status(answer.id)
        assert ended.status == "Successful"
        return ended.data or ""

    return end


@pytest.fixture
def key(azure: Client, done: Done) -> str:
    """The service key of a circuit."""
    return done(azure.create_dedicated_circuit(WISH), "CreateDedicatedCircuit")


@pytest.fixture
def connected(azure: Client, done: Done, key: str) -> str:
    """The service key of a circuit that its provider has connected."""
    done(azure.create_cross_connection(key), "ProvisionCrossConnection")
    notice = UpdateCrossConnection(operation="NotifyCrossConnectionProvisioned", provisioning_error="")
    done(azure.update_cross_connection(key, notice), "UpdateCrossConnection")
    return key


def network(emulator: Emulator, name: str) -> None:
    site = model.VirtualNetworkSite(name=name, id=name, address_prefixes=("10.1.0.0/16",))
    emulator.engine.change(emulator.subscription, lambda draft: draft.virtual_networks.__setitem__(name, site))


def test_providers_are_listed_with_places_and_bandwidths(azure: Client) -> None:
    found = azure.list_dedicated_circuit_service_providers().items
    assert {one.type for one in found} == {"IXP", "Telco"}
    assert all(one.dedicated_circuit_locations and one.dedicated_circuit_bandwidths for one in found)
    assert len({one.name for one in found}) == len(found)


def test_without_a_circuit_there_is_nothing_to_read(azure: Client, refused: Any) -> None:
    assert azure.list_dedicated_circuits().items == ()
    assert azure.list_cross_connections().items == ()
    for ask in (
        lambda: azure.get_dedicated_circuit("key"),
        lambda: azure.list_dedicated_circuit_links("key"),
        lambda: azure.get_dedicated_circuit_link("key", "net"),
        lambda: azure.create_dedicated_circuit_link("key", "net"),
        lambda: azure.get_border_gateway_protocol_peering("key", "private"),
        lambda: azure.create_border_gateway_protocol_peering("key", "private", PEERING),
        lambda: azure.update_dedicated_circuit("key", UpdateDedicatedCircuit()),
        lambda: azure.create_cross_connection("key"),
    ):
        with refused(ResourceNotFound, "The specified dedicated circuit with service key 'key' was not found."):
            ask()
    with refused(BadRequest, "The specified service key 'key' is not valid or could not be found."):
        azure.delete_dedicated_circuit("key")


def test_a_circuit_comes_grows_and_goes(azure: Client, done: Done) -> None:
    answer = azure.create_dedicated_circuit(WISH)
    assert azure.list_dedicated_circuits().items == ()
    key = done(answer, "CreateDedicatedCircuit")
    found = azure.get_dedicated_circuit(key.upper())
    assert found == DedicatedCircuit(
        bandwidth=200,
        billing_type="MeteredData",
        circuit_name="line",
        location="Amsterdam",
        service_key=key,
        service_provider_name="equinix",
        service_provider_provisioning_state="NotProvisioned",
        sku="Standard",
        status="Enabled",
    )
    assert azure.list_dedicated_circuits().items == (replace(found, billing_type=NIL),)
    change = UpdateDedicatedCircuit(bandwidth=1000, billing_type="unlimiteddata", sku="premium")
    done(azure.update_dedicated_circuit(key, change), None)
    assert azure.get_dedicated_circuit(key) == replace(
        found, bandwidth=1000, billing_type="UnlimitedData", sku="Premium"
    )
    done(azure.delete_dedicated_circuit(key), "DeleteDedicatedCircuit")
    assert azure.list_dedicated_circuits().items == ()


@pytest.mark.parametrize(
    ("wish", "kind", "message"),
    [
        (
            replace(WISH, service_provider_name="nobody", bandwidth=999),
            ResourceNotFound,
            "The provider could not be found.",
        ),
        (
            replace(WISH, location="Atlantis", bandwidth=999),
            ResourceNotFound,
            "The specified location Atlantis does not exist for the provider Equinix",
        ),
        (
            replace(WISH, bandwidth=999),
            ResourceNotFound,
            "The specified bandwidth 999 does not exist for the provider Equinix",
        ),
        (replace(WISH, sku="Gold"), BadRequest, "The sku 'Gold' is not valid."),
        (replace(WISH, billing_type="Free"), BadRequest, "The billing type 'Free' is not valid."),
        (replace(WISH, circuit_name=""), BadRequest, "The circuit name '' is not valid."),
    ],
)
def test_what_nobody_sells(
    azure: Client, refused: Any, wish: CreateDedicatedCircuit, kind: type[Exception], message: str
) -> None:
    with refused(kind, message):
        azure.create_dedicated_circuit(wish)


def test_a_name_is_given_once(azure: Client, refused: Any, key: str) -> None:
    with refused(ConflictError, "The circuit with name 'LINE' already exists."):
        azure.create_dedicated_circuit(replace(WISH, circuit_name="LINE"))
    azure.create_dedicated_circuit(replace(WISH, circuit_name="other"))
    with pytest.raises(ConflictError, match="currently performing an operation"):
        azure.create_dedicated_circuit(replace(WISH, circuit_name="OTHER"))


def test_a_circuit_does_not_get_slower(azure: Client, refused: Any, done: Done, key: str) -> None:
    done(azure.update_dedicated_circuit(key, UpdateDedicatedCircuit(bandwidth=500)), None)
    with refused(BadRequest, "The bandwidth of a dedicated circuit cannot be decreased."):
        azure.update_dedicated_circuit(key, UpdateDedicatedCircuit(bandwidth=200))
    with refused(ResourceNotFound, "The specified bandwidth 501 does not exist for the provider equinix"):
        azure.update_dedicated_circuit(key, UpdateDedicatedCircuit(bandwidth=501))


def test_peerings_come_change_and_go(azure: Client, emulator: Emulator, refused: Any, done: Done, key: str) -> None:
    done(azure.create_border_gateway_protocol_peering(key, "Private", PEERING), "CreateBgpPeering")
    found = azure.get_border_gateway_protocol_peering(key, "private")
    assert (found.azure_asn, found.peer_asn, found.vlan_id, found.state) == (12076, 64495, 1349, "Enabled")
    assert found.primary_peer_subnet == "192.168.6.252/30" and found.secondary_peer_subnet == "192.168.9.252/30"
    assert found.primary_azure_port != found.secondary_azure_port
    assert "geheim" not in repr(emulator.engine.state)
    with refused(ConflictError, "BGP peering could not be created as it already exists."):
        azure.create_border_gateway_protocol_peering(key, "private", PEERING)
    with refused(ConflictError, "The vlanId specified is already in use."):
        azure.create_border_gateway_protocol_peering(key, "public", PEERING)
    done(
        azure.create_border_gateway_protocol_peering(key, "public", replace(PEERING, vlan_id=1350)),
        "CreateBgpPeering",
    )
    change = UpdateBgpPeering(
        peer_asn=14495, primary_peer_subnet="10.0.0.0/30", secondary_peer_subnet="10.0.0.4/30", vlan_id=1370
    )
    done(azure.update_border_gateway_protocol_peering(key, "private", change), "UpdateBgpPeering")
    assert azure.get_border_gateway_protocol_peering(key, "private").vlan_id == 1370
    done(azure.delete_border_gateway_protocol_peering(key, "private"), "DeleteBgpPeering")
    for ask in (
        lambda: azure.get_border_gateway_protocol_peering(key, "private"),
        lambda: azure.update_border_gateway_protocol_peering(key, "private", change),
        lambda: azure.delete_border_gateway_protocol_peering(key, "private"),
    ):
        with refused(ResourceNotFound, "The specified BGP peering 'private' was not found."):
            ask()
    assert azure.get_border_gateway_protocol_peering(key, "public").vlan_id == 1350


@pytest.mark.parametrize(
    ("access", "wish", "message"),
    [
        (
            "private",
            replace(PEERING, primary_peer_subnet="98.251.199.31/30"),
            "The specified BGP peer IP address '98.251.199.31/30' is not valid.",
        ),
        (
            "private",
            replace(PEERING, secondary_peer_subnet="10.0.0.0/24"),
            "The specified BGP peer IP address '10.0.0.0/24' is not valid.",
        ),
        ("private", replace(PEERING, primary_peer_subnet=""), "The specified BGP peer IP address '' is not valid."),
        ("private", replace(PEERING, vlan_id=0), "The specified vlanId '0' is not valid."),
        ("private", replace(PEERING, peer_asn=0), "The specified peer ASN '0' is not valid."),
        ("sideways", PEERING, "The specified access type 'sideways' is not valid."),
        ("microsoft", PEERING, "The advertised public prefixes must be specified for Microsoft peering."),
    ],
)
def test_peerings_that_cannot_be(
    azure: Client, refused: Any, key: str, access: str, wish: CreateBgpPeering, message: str
) -> None:
    with refused(BadRequest, message):
        azure.create_border_gateway_protocol_peering(key, access, wish)


def test_a_provider_connects_and_lets_go(azure: Client, refused: Any, done: Done, key: str) -> None:
    with refused(ResourceNotFound, f"The cross connection with service key '{key}' was not found."):
        azure.get_cross_connection(key)
    done(azure.create_cross_connection(key), "ProvisionCrossConnection")
    found = azure.get_cross_connection(key)
    assert (found.bandwidth, found.provisioning_state, found.status) == (200, "Provisioning", "Enabled")
    assert azure.list_cross_connections().items == (found,)
    with refused(ConflictError, "The cross connection could not be created as it already exists."):
        azure.create_cross_connection(key)
    with refused(BadRequest, "The operation 'Cheer' is not valid."):
        azure.update_cross_connection(key, UpdateCrossConnection(operation="Cheer"))
    done(
        azure.update_cross_connection(key, UpdateCrossConnection(operation="NotifyCrossConnectionProvisioned")),
        "UpdateCrossConnection",
    )
    assert azure.get_dedicated_circuit(key).service_provider_provisioning_state == "Provisioned"
    with refused(ConflictError, "The circuit with name 'line' must be deprovisioned by the provider first."):
        azure.delete_dedicated_circuit(key)
    done(
        azure.update_cross_connection(key, UpdateCrossConnection(operation="NotifyCrossConnectionNotProvisioned")),
        "UpdateCrossConnection",
    )
    assert azure.list_cross_connections().items == ()
    done(azure.delete_dedicated_circuit(key), "DeleteDedicatedCircuit")


def test_networks_are_linked_to_a_connected_circuit(
    azure: Client, emulator: Emulator, refused: Any, done: Done, connected: str
) -> None:
    with refused(ResourceNotFound, "The virtual network net was not found."):
        azure.create_dedicated_circuit_link(connected, "net")
    network(emulator, "net")
    done(azure.create_dedicated_circuit_link(connected, "NET"), "CreateDedicatedCircuitLink")
    found = azure.get_dedicated_circuit_link(connected, "Net")
    assert (found.state, found.vnet_name) == ("Provisioned", "net")
    assert azure.list_dedicated_circuit_links(connected).items == (found,)
    with refused(ConflictError, "The virtual network net is already linked to the circuit."):
        azure.create_dedicated_circuit_link(connected, "net")
    with refused(ConflictError, "The circuit with name 'line' has links and cannot be deleted."):
        azure.delete_dedicated_circuit(connected)
    with refused(ConflictError, "The circuit with name 'line' has links and cannot be deprovisioned."):
        azure.update_cross_connection(connected, UpdateCrossConnection(operation="NotifyCrossConnectionNotProvisioned"))
    done(azure.delete_dedicated_circuit_link(connected, "net"), "DeleteDedicatedCircuitLink")
    with refused(ResourceNotFound, "The virtual network net is not linked to the dedicated circuit."):
        azure.get_dedicated_circuit_link(connected, "net")
    assert azure.list_dedicated_circuit_links(connected).items == ()


def test_no_link_before_the_provider_is_done(azure: Client, emulator: Emulator, refused: Any, key: str) -> None:
    network(emulator, "net")
    with refused(BadRequest, "The circuit with name 'line' is not provisioned by the provider."):
        azure.create_dedicated_circuit_link(key, "net")


def test_ten_networks_and_no_more(azure: Client, emulator: Emulator, refused: Any, done: Done, connected: str) -> None:
    for number in range(10):
        network(emulator, f"net{number}")
        done(azure.create_dedicated_circuit_link(connected, f"net{number}"), "CreateDedicatedCircuitLink")
    network(emulator, "net10")
    with refused(BadRequest, "A circuit can be linked to at most 10 virtual networks."):
        azure.create_dedicated_circuit_link(connected, "net10")


def test_one_change_of_a_circuit_at_a_time(azure: Client, key: str) -> None:
    azure.create_cross_connection(key)
    for ask in (
        lambda: azure.create_border_gateway_protocol_peering(key, "private", PEERING),
        lambda: azure.delete_dedicated_circuit(key),
    ):
        with pytest.raises(ConflictError, match="on this dedicated circuit that requires exclusive access"):
            ask()
