"""The newer form of virtual network gateways, by their ids, with connections and local network gateways of their own.

Element order: as the Node client sends and reads it; nothing of it was recorded.
"""

from __future__ import annotations

from asm_contracts.areas.gateways.documents import (
    BgpSettings,
    GatewayEvent,
    GatewayOperationAsyncResponse,
    GatewayPublicDiagnosticsStatus,
    IPsecParameters,
    ResetSharedKey,
    SharedKey,
    UpdateGatewayParameters,
    UpdateGatewayPublicDiagnostics,
)
from asm_contracts.document import document, element
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Contract, RawBody, operation

ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
GATEWAY = "/services/networking/virtualnetworkgateways/{gateway_id}"
ENTITY = f"{GATEWAY}/connectedentity/{{connected_entity_id}}"
CONNECTION = (
    "/services/networking/gatewayconnections/virtualnetworkgateway/{gateway_id}/connectedentity/{connected_entity_id}"
)
LOCAL = "/services/networking/localnetworkgateways"
SINCE = "2015-02-01"
REFUSALS = (BadRequest, ConflictError, ResourceNotFound)


@document()
class CreateVirtualNetworkGatewayParameters:
    """What a new gateway is to be, and the id of the virtual network it is for."""

    gateway_name: str | None = None
    gateway_size: str | None = None
    gateway_type: str | None = None
    location: str | None = None
    vnet_id: str | None = None
    bgp_settings: BgpSettings | None = None


@document()
class VirtualNetworkGateway:
    """A gateway with its id, which connections name."""

    gateway_id: str
    last_event: GatewayEvent | None = None
    gateway_name: str | None = None
    gateway_type: str | None = None
    gateway_size: str | None = None
    state: str
    vip_address: str | None = element(default=None, name="VIPAddress")
    location: str | None = None
    vnet_id: str | None = None
    subnet_id: str | None = None
    default_sites: tuple[str, ...] | None = element(default=None, item="string")
    enable_bgp: bool | None = None
    bgp_settings: BgpSettings | None = None


@document()
class VirtualNetworkGateways:
    """The gateways of a subscription."""

    items: tuple[VirtualNetworkGateway, ...] = element(default=(), flat=True)


@document()
class CreateGatewayConnectionParameters:
    """What a new connection joins: a gateway and a local network gateway or circuit, by their ids."""

    connected_entity_id: str | None = None
    gateway_connection_name: str | None = None
    gateway_connection_type: str | None = None
    virtual_network_gateway_id: str | None = None
    routing_weight: int | None = None
    shared_key: str | None = None
    enable_bgp: bool | None = None


@document()
class UpdateGatewayConnectionParameters:
    """What of a connection is to change."""

    routing_weight: int | None = None
    shared_key: str | None = None
    enable_bgp: bool | None = None


@document()
class GatewayConnection:
    """A connection of a gateway."""

    gateway_connection_name: str
    virtual_network_gateway_id: str
    connected_entity_id: str
    gateway_connection_type: str
    routing_weight: int
    shared_key: str | None = None
    enable_bgp: bool | None = None


@document()
class GatewayConnections:
    """The connections of a subscription's gateways."""

    items: tuple[GatewayConnection, ...] = element(default=(), flat=True)


@document()
class CreateLocalNetworkGatewayParameters:
    """What a new local network gateway is: the other end's address and what lies behind it, as CIDR ranges."""

    address_space: tuple[str, ...] | None = element(default=None, item="string", namespace=ARRAYS, redeclared=True)
    gateway_name: str | None = None
    ip_address: str | None = None
    bgp_settings: BgpSettings | None = None


@document()
class UpdateLocalNetworkGatewayParameters:
    """What of a local network gateway is to change."""

    address_space: tuple[str, ...] | None = element(default=None, item="string", namespace=ARRAYS, redeclared=True)
    bgp_settings: BgpSettings | None = None


@document()
class LocalNetworkGateway:
    """The other end of connections."""

    address_space: tuple[str, ...] = element(default=(), item="string", namespace=ARRAYS, redeclared=True)
    id: str
    gateway_name: str
    ip_address: str
    bgp_settings: BgpSettings | None = None


@document()
class LocalNetworkGateways:
    """The local network gateways of a subscription."""

    items: tuple[LocalNetworkGateway, ...] = element(default=(), flat=True)


class VirtualNetworkGatewayContract(Contract):
    """Gateways by id, their connections, and what they connect to."""

    @operation(
        "POST", "/services/networking/{network_name}/virtualnetworkgateways", since=SINCE, success=201, errors=REFUSALS
    )
    def create_network_gateway(
        self, network_name: str, body: CreateVirtualNetworkGatewayParameters
    ) -> GatewayOperationAsyncResponse:
        """Give a virtual network a gateway with a name of its own."""

    @operation("GET", "/services/networking/virtualnetworkgateways", since=SINCE)
    def list_network_gateways(self) -> VirtualNetworkGateways:
        """List the gateways of the subscription."""

    @operation("GET", GATEWAY, since=SINCE, errors=(ResourceNotFound,))
    def get_network_gateway(self, gateway_id: str) -> VirtualNetworkGateway:
        """Read a gateway."""

    @operation("PATCH", GATEWAY, since=SINCE, success=202, errors=REFUSALS)
    def update_network_gateway(self, gateway_id: str, body: UpdateGatewayParameters) -> GatewayOperationAsyncResponse:
        """Resize or reset a gateway."""

    @operation("DELETE", GATEWAY, since=SINCE, success=202, errors=REFUSALS)
    def delete_network_gateway(self, gateway_id: str) -> GatewayOperationAsyncResponse:
        """Take a gateway away that has no connections."""

    @operation("GET", f"{GATEWAY}/publicdiagnostics", since=SINCE, errors=(ResourceNotFound,))
    def get_network_gateway_diagnostics(self, gateway_id: str) -> GatewayPublicDiagnosticsStatus:
        """Read where the last capture of a gateway's traffic is."""

    @operation("PUT", f"{GATEWAY}/publicdiagnostics", since=SINCE, success=202, errors=REFUSALS)
    def update_network_gateway_diagnostics(
        self, gateway_id: str, body: UpdateGatewayPublicDiagnostics
    ) -> GatewayOperationAsyncResponse:
        """Start or stop capturing a gateway's traffic."""

    @operation("GET", f"{ENTITY}/sharedkey", since=SINCE, errors=(ResourceNotFound,))
    def get_gateway_connection_shared_key(self, gateway_id: str, connected_entity_id: str) -> SharedKey:
        """Read the shared key of a connection."""

    @operation("POST", f"{ENTITY}/sharedkey", since=SINCE, success=202, errors=REFUSALS)
    def set_gateway_connection_shared_key(
        self, gateway_id: str, connected_entity_id: str, body: SharedKey
    ) -> GatewayOperationAsyncResponse:
        """Set the shared key of a connection."""

    @operation("PATCH", f"{ENTITY}/sharedkey", since=SINCE, success=202, errors=REFUSALS)
    def reset_gateway_connection_shared_key(
        self, gateway_id: str, connected_entity_id: str, body: ResetSharedKey
    ) -> GatewayOperationAsyncResponse:
        """Have a new shared key made for a connection."""

    @operation("GET", f"{ENTITY}/ipsecparameters", since=SINCE, errors=(ResourceNotFound,))
    def get_gateway_connection_ipsec_parameters(self, gateway_id: str, connected_entity_id: str) -> IPsecParameters:
        """Read how a connection is encrypted."""

    @operation("PATCH", f"{ENTITY}/ipsecparameters", since=SINCE, success=202, errors=REFUSALS)
    def set_gateway_connection_ipsec_parameters(
        self, gateway_id: str, connected_entity_id: str, body: IPsecParameters
    ) -> GatewayOperationAsyncResponse:
        """Set how a connection is encrypted."""

    @operation("POST", "/services/networking/gatewayconnections", since=SINCE, success=202, errors=REFUSALS)
    def create_gateway_connection(self, body: CreateGatewayConnectionParameters) -> GatewayOperationAsyncResponse:
        """Connect a gateway with a local network gateway or a circuit."""

    @operation("GET", "/services/networking/gatewayconnections", since=SINCE)
    def list_gateway_connections(self) -> GatewayConnections:
        """List the connections of the subscription's gateways."""

    @operation("GET", CONNECTION, since=SINCE, errors=(ResourceNotFound,))
    def get_gateway_connection(self, gateway_id: str, connected_entity_id: str) -> GatewayConnection:
        """Read a connection."""

    @operation("PATCH", CONNECTION, since=SINCE, success=202, errors=REFUSALS)
    def update_gateway_connection(
        self, gateway_id: str, connected_entity_id: str, body: UpdateGatewayConnectionParameters
    ) -> GatewayOperationAsyncResponse:
        """Change a connection."""

    @operation("DELETE", CONNECTION, since=SINCE, success=202, errors=REFUSALS)
    def delete_gateway_connection(self, gateway_id: str, connected_entity_id: str) -> GatewayOperationAsyncResponse:
        """Take a connection away."""

    @operation("POST", LOCAL, since=SINCE, errors=(BadRequest, ConflictError))
    def create_local_network_gateway(self, body: CreateLocalNetworkGatewayParameters) -> RawBody:
        """Add the other end of connections; the answer is its id and nothing else."""

    @operation("GET", LOCAL, since=SINCE)
    def list_local_network_gateways(self) -> LocalNetworkGateways:
        """List the local network gateways of the subscription."""

    @operation("GET", f"{LOCAL}/{{gateway_id}}", since=SINCE, errors=(ResourceNotFound,))
    def get_local_network_gateway(self, gateway_id: str) -> LocalNetworkGateway:
        """Read a local network gateway."""

    @operation("PATCH", f"{LOCAL}/{{gateway_id}}", since=SINCE, errors=(BadRequest, ResourceNotFound))
    def update_local_network_gateway(self, gateway_id: str, body: UpdateLocalNetworkGatewayParameters) -> None:
        """Change a local network gateway."""

    @operation("DELETE", f"{LOCAL}/{{gateway_id}}", since=SINCE, errors=(ConflictError, ResourceNotFound))
    def delete_local_network_gateway(self, gateway_id: str) -> None:
        """Take a local network gateway away that no connection uses."""
