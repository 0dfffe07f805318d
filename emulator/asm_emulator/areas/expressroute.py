"""ExpressRoute: providers can be listed; circuits, which need one of them, there are none."""

from __future__ import annotations

from asm_contracts.areas.expressroute import (
    BgpPeering,
    DedicatedCircuit,
    DedicatedCircuitLink,
    DedicatedCircuitLinks,
    DedicatedCircuits,
    DedicatedCircuitServiceProviders,
    ExpressRouteContract,
)
from asm_contracts.errors import ResourceNotFound
from asm_contracts.evidence import assumed
from asm_emulator.areas.base import Area
from asm_emulator.catalogue.circuit_providers import PROVIDERS


def _no_circuit(service_key: str) -> ResourceNotFound:
    return ResourceNotFound(f"The dedicated circuit with service key {service_key} does not exist.")


@assumed("nothing of it was recorded; a circuit comes into being at a provider's, so nobody has one here")
class ExpressRouteArea(Area, ExpressRouteContract):
    """Lists providers, and that there are no circuits."""

    def list_dedicated_circuit_service_providers(self) -> DedicatedCircuitServiceProviders:
        return DedicatedCircuitServiceProviders(items=PROVIDERS)

    def list_dedicated_circuits(self) -> DedicatedCircuits:
        return DedicatedCircuits()

    def get_dedicated_circuit(self, service_key: str) -> DedicatedCircuit:
        raise _no_circuit(service_key)

    def list_dedicated_circuit_links(self, service_key: str) -> DedicatedCircuitLinks:
        raise _no_circuit(service_key)

    def get_dedicated_circuit_link(self, service_key: str, vnet_name: str) -> DedicatedCircuitLink:  # noqa: ARG002
        raise _no_circuit(service_key)

    def get_border_gateway_protocol_peering(self, service_key: str, access_type: str) -> BgpPeering:  # noqa: ARG002
        raise _no_circuit(service_key)
