"""Virtual network gateways, by the name of their network.

Changes are followed not by their request but by the id in the answer, at ``networking/operation``.
"""

from __future__ import annotations

from asm_contracts.areas.gateways.documents import (
    BgpSettings,
    Binary,
    ClientRootCertificate,
    ClientRootCertificates,
    Connection,
    Connections,
    CreateGatewayParameters,
    DefaultSiteList,
    Gateway,
    GatewayEvent,
    GatewayOperation,
    GatewayOperationAsyncResponse,
    GatewayPublicDiagnosticsStatus,
    IPsecParameters,
    ResetSharedKey,
    SharedKey,
    UpdateConnection,
    UpdateGatewayParameters,
    UpdateGatewayPublicDiagnostics,
    VpnClientParameters,
)
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Contract, RawBody, operation

GATEWAY = "/services/networking/{network_name}/gateway"
CONNECTION = f"{GATEWAY}/connection/{{local_network_name}}"
REFUSALS = (BadRequest, ConflictError, ResourceNotFound)


class GatewayContract(Contract):
    """Make, read and change the gateways of virtual networks."""

    @operation("GET", "/services/networking/operation/{operation_id}", since="2012-03-01", errors=(ResourceNotFound,))
    def get_virtual_network_gateway_operation_status(self, operation_id: str) -> GatewayOperation:
        """Read the state of a change of a gateway, by the id that accepted it."""

    @operation("POST", GATEWAY, since="2012-03-01", success=201, errors=REFUSALS)
    def create_virtual_network_gateway(
        self, network_name: str, body: CreateGatewayParameters
    ) -> GatewayOperationAsyncResponse:
        """Give a virtual network a gateway."""

    @operation("GET", GATEWAY, since="2012-03-01", errors=(BadRequest,))
    def get_virtual_network_gateway(self, network_name: str) -> Gateway:
        """Read the gateway of a virtual network, or that it has none."""

    @operation("PATCH", GATEWAY, since="2012-03-01", success=202, errors=REFUSALS)
    def update_virtual_network_gateway(
        self, network_name: str, body: UpdateGatewayParameters
    ) -> GatewayOperationAsyncResponse:
        """Resize or reset a gateway."""

    @operation("DELETE", GATEWAY, since="2012-03-01", success=202, errors=REFUSALS)
    def delete_virtual_network_gateway(self, network_name: str) -> GatewayOperationAsyncResponse:
        """Take the gateway of a virtual network away."""

    @operation("GET", f"{GATEWAY}/connections", since="2012-03-01", errors=(BadRequest, ResourceNotFound))
    def list_virtual_network_gateway_connections(self, network_name: str) -> Connections:
        """List the connections of a gateway to local network sites."""

    @operation("PUT", CONNECTION, since="2012-03-01", success=202, errors=REFUSALS)
    def update_virtual_network_gateway_connection(
        self, network_name: str, local_network_name: str, body: UpdateConnection
    ) -> GatewayOperationAsyncResponse:
        """Connect, disconnect or test the connection to a local network site."""

    @operation("GET", f"{CONNECTION}/sharedkey", since="2012-03-01", errors=(BadRequest, ResourceNotFound))
    def get_virtual_network_gateway_shared_key(self, network_name: str, local_network_name: str) -> SharedKey:
        """Read the shared key of a connection."""

    @operation("POST", f"{CONNECTION}/sharedkey", since="2012-03-01", success=202, errors=REFUSALS)
    def set_virtual_network_gateway_shared_key(
        self, network_name: str, local_network_name: str, body: SharedKey
    ) -> GatewayOperationAsyncResponse:
        """Set the shared key of a connection."""

    @operation("PUT", f"{CONNECTION}/sharedkey", since="2012-03-01", success=202, errors=REFUSALS)
    def reset_virtual_network_gateway_shared_key(
        self, network_name: str, local_network_name: str, body: ResetSharedKey
    ) -> GatewayOperationAsyncResponse:
        """Have a new shared key made for a connection."""

    @operation("GET", f"{CONNECTION}/ipsecparameters", since="2014-06-01", errors=(BadRequest, ResourceNotFound))
    def get_virtual_network_gateway_ipsec_parameters(
        self, network_name: str, local_network_name: str
    ) -> IPsecParameters:
        """Read how a connection is encrypted."""

    @operation("PATCH", f"{CONNECTION}/ipsecparameters", since="2014-06-01", success=202, errors=REFUSALS)
    def set_virtual_network_gateway_ipsec_parameters(
        self, network_name: str, local_network_name: str, body: IPsecParameters
    ) -> GatewayOperationAsyncResponse:
        """Set how a connection is encrypted."""

    @operation("GET", f"{GATEWAY}/publicdiagnostics", since="2014-06-01", errors=(BadRequest, ResourceNotFound))
    def get_virtual_network_gateway_diagnostics(self, network_name: str) -> GatewayPublicDiagnosticsStatus:
        """Read where the last capture of a gateway's traffic is."""

    @operation("PUT", f"{GATEWAY}/publicdiagnostics", since="2014-06-01", success=202, errors=REFUSALS)
    def update_virtual_network_gateway_diagnostics(
        self, network_name: str, body: UpdateGatewayPublicDiagnostics
    ) -> GatewayOperationAsyncResponse:
        """Start or stop capturing a gateway's traffic."""

    @operation("POST", f"{GATEWAY}/defaultsites", since="2014-06-01", success=202, errors=REFUSALS)
    def set_virtual_network_gateway_default_sites(
        self, network_name: str, body: DefaultSiteList
    ) -> GatewayOperationAsyncResponse:
        """Set the local network site for everything that has no other way."""

    @operation("DELETE", f"{GATEWAY}/defaultsites", since="2014-06-01", success=202, errors=REFUSALS)
    def remove_virtual_network_gateway_default_sites(self, network_name: str) -> GatewayOperationAsyncResponse:
        """Have a gateway without a default site."""

    @operation("POST", f"{GATEWAY}/vpnclientpackage", since="2012-03-01", success=202, errors=REFUSALS)
    def generate_vpn_client_package(
        self, network_name: str, body: VpnClientParameters
    ) -> GatewayOperationAsyncResponse:
        """Have an installer made for VPN clients; the operation's `data` says where it is."""

    @operation("GET", f"{GATEWAY}/clientrootcertificates", since="2012-03-01", errors=(BadRequest, ResourceNotFound))
    def list_client_root_certificates(self, network_name: str) -> ClientRootCertificates:
        """List the root certificates of a virtual network's VPN clients."""

    @operation(
        "POST", f"{GATEWAY}/clientrootcertificates", since="2012-03-01", success=202, errors=REFUSALS, raw_body=True
    )
    def add_client_root_certificate(self, network_name: str, body: RawBody) -> GatewayOperationAsyncResponse:
        """Add a root certificate for VPN clients: as `Binary`, or as the bytes of a .cer file."""

    @operation(
        "GET",
        f"{GATEWAY}/clientrootcertificates/{{thumbprint}}",
        since="2012-03-01",
        errors=(BadRequest, ResourceNotFound),
    )
    def get_client_root_certificate(self, network_name: str, thumbprint: str) -> Binary:
        """Read a root certificate of VPN clients."""

    @operation("DELETE", f"{GATEWAY}/clientrootcertificates/{{thumbprint}}", since="2012-03-01", errors=REFUSALS)
    def delete_client_root_certificate(self, network_name: str, thumbprint: str) -> GatewayOperationAsyncResponse:
        """Take a root certificate of VPN clients away."""

    @operation("GET", "/services/networking/supporteddevices", since="2012-03-01")
    def list_virtual_network_supported_devices(self) -> RawBody:
        """List the VPN devices that there are configuration scripts for."""

    @operation(
        "GET",
        f"{GATEWAY}/vpndeviceconfigurationscript?vendor={{vendor}}&platform={{platform}}&OSfamily={{os_family}}",
        since="2012-03-01",
        errors=(BadRequest, ResourceNotFound),
    )
    def get_virtual_network_device_configuration_script(
        self, network_name: str, vendor: str | None = None, platform: str | None = None, os_family: str | None = None
    ) -> RawBody:
        """Get the script that makes a VPN device connect to a gateway."""


__all__ = [
    "BgpSettings",
    "Binary",
    "ClientRootCertificate",
    "ClientRootCertificates",
    "Connection",
    "Connections",
    "CreateGatewayParameters",
    "DefaultSiteList",
    "Gateway",
    "GatewayContract",
    "GatewayEvent",
    "GatewayOperation",
    "GatewayOperationAsyncResponse",
    "GatewayPublicDiagnosticsStatus",
    "IPsecParameters",
    "ResetSharedKey",
    "SharedKey",
    "UpdateConnection",
    "UpdateGatewayParameters",
    "UpdateGatewayPublicDiagnostics",
    "VpnClientParameters",
]
