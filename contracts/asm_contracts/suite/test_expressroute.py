"""ExpressRoute circuits are ordered, exchange routes and are given up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from asm_contracts.areas.expressroute import CreateBgpPeering, CreateDedicatedCircuit, UpdateDedicatedCircuit
from asm_contracts.areas.gateways import GatewayOperationAsyncResponse
from asm_contracts.document import NIL
from asm_contracts.evidence import recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import refused

PEERING = CreateBgpPeering(
    peer_asn=64495,
    primary_peer_subnet="192.168.6.252/30",
    secondary_peer_subnet="192.168.9.252/30",
    shared_key="key",
    vlan_id=1349,
)


def finish(azure: Azure, answer: GatewayOperationAsyncResponse) -> str:
    """Wait for an operation to end well; what it leaves as its data."""

    def look() -> str | None:
        found = azure.get_virtual_network_gateway_operation_status(answer.id)
        assert found.status in ("InProgress", "Successful"), found
        return None if found.status == "InProgress" else found.data or "-"

    return azure.until(look, f"the end of operation {answer.id}")


@pytest.fixture
def wish(azure: Azure, names: Names) -> CreateDedicatedCircuit:
    """An order that the first provider takes."""
    provider = azure.list_dedicated_circuit_service_providers().items[0]
    return CreateDedicatedCircuit(
        bandwidth=provider.dedicated_circuit_bandwidths[0].bandwidth,
        circuit_name=names.free(),
        location=provider.dedicated_circuit_locations.split(",")[0],
        service_provider_name=provider.name,
    )


@pytest.fixture
def key(azure: Azure, wish: CreateDedicatedCircuit) -> Iterator[str]:
    """The service key of a circuit, which is given up afterwards."""
    made = finish(azure, azure.create_dedicated_circuit(wish))
    yield made
    finish(azure, azure.delete_dedicated_circuit(made))


@recorded("an order's operation leaves the service key; the circuit is Enabled, metered, Standard, NotProvisioned")
def test_a_circuit_is_read_back(azure: Azure, key: str, wish: CreateDedicatedCircuit) -> None:
    found = azure.get_dedicated_circuit(key)
    assert (found.circuit_name, found.bandwidth, found.location) == (wish.circuit_name, wish.bandwidth, wish.location)
    assert (found.status, found.service_provider_provisioning_state) == ("Enabled", "NotProvisioned")
    assert (found.billing_type, found.sku) == ("MeteredData", "Standard")
    listed = next(one for one in azure.list_dedicated_circuits().items if one.service_key == key)
    assert azure.lossy or listed.billing_type is NIL
    with refused(409, "ConflictError", f"The circuit with name '{wish.circuit_name}' already exists."):
        azure.create_dedicated_circuit(wish)


@recorded("a circuit's bandwidth changes")
def test_a_circuit_grows(azure: Azure, key: str) -> None:
    provider = azure.list_dedicated_circuit_service_providers().items[0]
    most = max(one.bandwidth for one in provider.dedicated_circuit_bandwidths)
    finish(azure, azure.update_dedicated_circuit(key, UpdateDedicatedCircuit(bandwidth=most)))
    assert azure.get_dedicated_circuit(key).bandwidth == most


@recorded("a circuit exchanges routes before its provider has connected it; one peering of each kind, one VLAN each")
def test_peerings(azure: Azure, key: str) -> None:
    finish(azure, azure.create_border_gateway_protocol_peering(key, "private", PEERING))
    found = azure.get_border_gateway_protocol_peering(key, "private")
    assert (found.azure_asn, found.peer_asn, found.vlan_id, found.state) == (12076, 64495, 1349, "Enabled")
    with refused(409, "ConflictError", "BGP peering could not be created as it already exists."):
        azure.create_border_gateway_protocol_peering(key, "private", PEERING)
    with refused(409, "ConflictError", "The vlanId specified is already in use."):
        azure.create_border_gateway_protocol_peering(key, "public", PEERING)
    finish(azure, azure.delete_border_gateway_protocol_peering(key, "private"))
    with refused(404, "ResourceNotFound"):
        azure.get_border_gateway_protocol_peering(key, "private")


@recorded("a key that no circuit has: 404 to read, 400 to delete")
def test_a_key_nobody_has(azure: Azure) -> None:
    key = "00000000-0000-0000-0000-000000000000"
    with refused(404, "ResourceNotFound", f"The specified dedicated circuit with service key '{key}' was not found."):
        azure.get_dedicated_circuit(key)
    with refused(400, "BadRequest", f"The specified service key '{key}' is not valid or could not be found."):
        azure.delete_dedicated_circuit(key)
