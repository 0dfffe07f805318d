"""ExpressRoute: dedicated circuits into the networks of providers, what is exchanged over them, and who made them.

Addresses, versions and elements: recorded with the service's .NET client; those of links as that client has them.
Changes are followed as those of gateways are, by an id of their own.
"""

from __future__ import annotations

from asm_contracts.areas.gateways import GatewayOperationAsyncResponse
from asm_contracts.document import Nil, document, element
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Contract, operation

CIRCUITS = "/services/networking/dedicatedcircuits"
CIRCUIT = f"{CIRCUITS}/{{service_key}}"
LINK = f"{CIRCUIT}/vnets/{{vnet_name}}"
PEERING = f"{CIRCUIT}/bgppeerings/{{access_type}}"
CROSS_CONNECTION = f"{CIRCUIT}/crossconnection"
SINCE = "2011-10-01"


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
    encapsulation: str = "None"
    name: str
    type: str


@document()
class DedicatedCircuitServiceProviders:
    """The providers of circuits."""

    items: tuple[DedicatedCircuitServiceProvider, ...] = element(default=(), flat=True)


@document()
class CreateDedicatedCircuit:
    """What a new circuit needs: a provider, and of what it sells a place and a bandwidth in megabits per second."""

    bandwidth: int
    billing_type: str | None = None
    circuit_name: str
    location: str
    service_provider_name: str
    sku: str | None = None


@document()
class UpdateDedicatedCircuit:
    """What is to change of a circuit."""

    bandwidth: int | None = None
    billing_type: str | None = None
    sku: str | None = None


@document()
class DedicatedCircuit:
    """A circuit, known by its service key; the list leaves `billing_type` open (recorded)."""

    bandwidth: int
    billing_type: str | Nil | None = None
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


@document(name="CreateBgpPeering")
class CreateBgpPeering:
    """How routes are to be exchanged: two subnets of four addresses, an autonomous system and a VLAN."""

    advertised_public_prefixes: str | None = None
    customer_asn: int | None = None
    peer_asn: int
    primary_peer_subnet: str
    routing_registry_name: str | None = None
    secondary_peer_subnet: str
    shared_key: str | None = None
    vlan_id: int


@document(name="UpdateBgpPeering")
class UpdateBgpPeering:
    """How routes are to be exchanged from now on."""

    advertised_public_prefixes: str | None = None
    customer_asn: int | None = None
    peer_asn: int
    primary_peer_subnet: str
    routing_registry_name: str | None = None
    secondary_peer_subnet: str
    shared_key: str | None = None
    vlan_id: int


@document()
class BgpPeering:
    """How a circuit exchanges routes, privately or publicly; its key is never given back."""

    azure_asn: int
    peer_asn: int
    primary_azure_port: str
    primary_peer_subnet: str
    secondary_azure_port: str
    secondary_peer_subnet: str
    state: str
    vlan_id: int


@document()
class CrossConnection:
    """A circuit as its provider has it."""

    bandwidth: int
    primary_azure_port: str
    provisioning_state: str
    s_tag: int = element(name="STag")
    secondary_azure_port: str
    status: str


@document()
class CrossConnections:
    """The circuits of a provider."""

    items: tuple[CrossConnection, ...] = element(default=(), flat=True)


@document()
class UpdateCrossConnection:
    """What the provider has done: ``NotifyCrossConnectionProvisioned`` or ``NotifyCrossConnectionNotProvisioned``."""

    operation: str
    provisioning_error: str | None = None


class ExpressRouteContract(Contract):
    """Order circuits, exchange routes over them, link networks to them; and, as their provider, connect them."""

    @operation("GET", f"{CIRCUITS}/serviceproviders", since=SINCE)
    def list_dedicated_circuit_service_providers(self) -> DedicatedCircuitServiceProviders:
        """List who sells circuits, where, and how fast ones."""

    @operation("POST", CIRCUITS, since=SINCE, success=202, errors=(BadRequest, ConflictError, ResourceNotFound))
    def create_dedicated_circuit(self, body: CreateDedicatedCircuit) -> GatewayOperationAsyncResponse:
        """Order a circuit; its service key is what the operation leaves as its data."""

    @operation("GET", CIRCUITS, since=SINCE)
    def list_dedicated_circuits(self) -> DedicatedCircuits:
        """List the circuits of the subscription."""

    @operation("GET", CIRCUIT, since=SINCE, errors=(ResourceNotFound,))
    def get_dedicated_circuit(self, service_key: str) -> DedicatedCircuit:
        """Read a circuit."""

    @operation("PUT", CIRCUIT, since=SINCE, success=202, errors=(BadRequest, ConflictError, ResourceNotFound))
    def update_dedicated_circuit(self, service_key: str, body: UpdateDedicatedCircuit) -> GatewayOperationAsyncResponse:
        """Make a circuit faster, or change what it costs by."""

    @operation("DELETE", CIRCUIT, since=SINCE, success=202, errors=(BadRequest, ConflictError))
    def delete_dedicated_circuit(self, service_key: str) -> GatewayOperationAsyncResponse:
        """Give up a circuit that nothing is linked to and that its provider has let go of."""

    # -- links ----------------------------------------------------------------------------------------------------

    @operation("GET", f"{CIRCUIT}/vnets", since=SINCE, errors=(ResourceNotFound,))
    def list_dedicated_circuit_links(self, service_key: str) -> DedicatedCircuitLinks:
        """List the virtual networks a circuit is linked to."""

    @operation("POST", LINK, since=SINCE, success=202, errors=(BadRequest, ConflictError, ResourceNotFound))
    def create_dedicated_circuit_link(self, service_key: str, vnet_name: str) -> GatewayOperationAsyncResponse:
        """Link a virtual network to a circuit that its provider has connected."""

    @operation("GET", LINK, since=SINCE, errors=(ResourceNotFound,))
    def get_dedicated_circuit_link(self, service_key: str, vnet_name: str) -> DedicatedCircuitLink:
        """Read the link of a circuit to a virtual network."""

    @operation("DELETE", LINK, since=SINCE, success=202, errors=(ConflictError, ResourceNotFound))
    def delete_dedicated_circuit_link(self, service_key: str, vnet_name: str) -> GatewayOperationAsyncResponse:
        """Take a virtual network off a circuit."""

    # -- peerings -------------------------------------------------------------------------------------------------

    @operation("POST", PEERING, since=SINCE, success=202, errors=(BadRequest, ConflictError, ResourceNotFound))
    def create_border_gateway_protocol_peering(
        self, service_key: str, access_type: str, body: CreateBgpPeering
    ) -> GatewayOperationAsyncResponse:
        """Have a circuit exchange routes: ``private`` or ``public`` ones, each once."""

    @operation("GET", PEERING, since=SINCE, errors=(ResourceNotFound,))
    def get_border_gateway_protocol_peering(self, service_key: str, access_type: str) -> BgpPeering:
        """Read how a circuit exchanges routes."""

    @operation("PUT", PEERING, since=SINCE, success=202, errors=(BadRequest, ConflictError, ResourceNotFound))
    def update_border_gateway_protocol_peering(
        self, service_key: str, access_type: str, body: UpdateBgpPeering
    ) -> GatewayOperationAsyncResponse:
        """Change how a circuit exchanges routes."""

    @operation("DELETE", PEERING, since=SINCE, success=202, errors=(ConflictError, ResourceNotFound))
    def delete_border_gateway_protocol_peering(
        self, service_key: str, access_type: str
    ) -> GatewayOperationAsyncResponse:
        """Have a circuit exchange these routes no longer."""

    # -- the provider's side --------------------------------------------------------------------------------------

    @operation("GET", "/services/networking/crossconnections", since=SINCE)
    def list_cross_connections(self) -> CrossConnections:
        """List the circuits that the provider has begun to connect."""

    @operation("POST", CROSS_CONNECTION, since=SINCE, success=202, errors=(BadRequest, ConflictError, ResourceNotFound))
    def create_cross_connection(self, service_key: str) -> GatewayOperationAsyncResponse:
        """Begin, as the provider, to connect a circuit."""

    @operation("GET", CROSS_CONNECTION, since=SINCE, errors=(ResourceNotFound,))
    def get_cross_connection(self, service_key: str) -> CrossConnection:
        """Read a circuit as its provider has it."""

    @operation("PUT", CROSS_CONNECTION, since=SINCE, success=202, errors=(BadRequest, ConflictError, ResourceNotFound))
    def update_cross_connection(self, service_key: str, body: UpdateCrossConnection) -> GatewayOperationAsyncResponse:
        """Say, as the provider, that a circuit is connected, or is no longer."""
