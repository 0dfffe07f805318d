"""ExpressRoute: dedicated circuits into the networks of providers, as far as they can be listed and read.

Addresses and elements: as the service's .NET client sends and reads them; nothing of it was recorded.
"""

from __future__ import annotations

from asm_contracts.document import document, element
from asm_contracts.errors import ResourceNotFound
from asm_contracts.operation import Contract, operation

CIRCUITS = "/services/networking/dedicatedcircuits"
CIRCUIT = f"{CIRCUITS}/{{service_key}}"
SINCE = "2013-11-01"


@document()
class DedicatedCircuitBandwidth:
    """A bandwidth that a provider sells, in megabits per second."""

    bandwidth: int
    label: str


@document()
class DedicatedCircuitServiceProvider:
    """A provider of circuits: an exchange (``IXP``) or a carrier (``Telco``), with its places, comma-separated."""

    dedicated_circuit_bandwidths: tuple[DedicatedCircuitBandwidth, ...]
    dedicated_circuit_locations: str
    name: str
    type: str


@document()
class DedicatedCircuitServiceProviders:
    """The providers of circuits."""

    items: tuple[DedicatedCircuitServiceProvider, ...] = element(default=(), flat=True)


@document()
class DedicatedCircuit:
    """A circuit, known by its service key."""

    bandwidth: int
    billing_type: str | None = None
    circuit_name: str
    location: str
    service_key: str
    service_provider_name: str
    service_provider_provisioning_state: str
    sku: str | None = None
    status: str


@document()
class DedicatedCircuits:
    """The circuits of a subscription."""

    items: tuple[DedicatedCircuit, ...] = element(default=(), flat=True)


@document()
class DedicatedCircuitLink:
    """A virtual network that a circuit is linked to."""

    state: str
    vnet_name: str


@document()
class DedicatedCircuitLinks:
    """The virtual networks a circuit is linked to."""

    items: tuple[DedicatedCircuitLink, ...] = element(default=(), flat=True)


@document()
class BgpPeering:
    """How a circuit exchanges routes, privately or publicly."""

    azure_asn: int
    peer_asn: int
    primary_azure_port: str
    primary_peer_subnet: str
    secondary_azure_port: str
    secondary_peer_subnet: str
    state: str
    vlan_id: int


class ExpressRouteContract(Contract):
    """List and read dedicated circuits."""

    @operation("GET", "/services/networking/dedicatedcircuitserviceproviders", since=SINCE)
    def list_dedicated_circuit_service_providers(self) -> DedicatedCircuitServiceProviders:
        """List who sells circuits, where, and how fast ones."""

    @operation("GET", CIRCUITS, since=SINCE)
    def list_dedicated_circuits(self) -> DedicatedCircuits:
        """List the circuits of the subscription."""

    @operation("GET", CIRCUIT, since=SINCE, errors=(ResourceNotFound,))
    def get_dedicated_circuit(self, service_key: str) -> DedicatedCircuit:
        """Read a circuit."""

    @operation("GET", f"{CIRCUIT}/vnets", since=SINCE, errors=(ResourceNotFound,))
    def list_dedicated_circuit_links(self, service_key: str) -> DedicatedCircuitLinks:
        """List the virtual networks a circuit is linked to."""

    @operation("GET", f"{CIRCUIT}/vnets/{{vnet_name}}", since=SINCE, errors=(ResourceNotFound,))
    def get_dedicated_circuit_link(self, service_key: str, vnet_name: str) -> DedicatedCircuitLink:
        """Read the link of a circuit to a virtual network."""

    @operation("GET", f"{CIRCUIT}/bgppeerings/{{access_type}}", since=SINCE, errors=(ResourceNotFound,))
    def get_border_gateway_protocol_peering(self, service_key: str, access_type: str) -> BgpPeering:
        """Read how a circuit exchanges routes."""
