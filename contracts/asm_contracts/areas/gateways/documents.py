"""The documents of virtual network gateways, and of the operations that all gateways have instead of the usual ones.

Element order: recorded where an answer was; else alphabetical, as all that was recorded of gateways is, and as the
Node client sends it.
"""

from __future__ import annotations

from asm_contracts.areas.operations import Error
from asm_contracts.document import Long, Nil, PreciseTime, document, element


@document()
class GatewayOperationAsyncResponse:
    """What accepts a change of a gateway: the id to ask for at ``networking/operation``."""

    id: str = element(name="ID")


@document()
class GatewayOperation:
    """How a change of a gateway goes: ``InProgress``, then ``Successful`` or ``Failed``.

    Times have seven decimals and no zone.  `data` is what the operation made, such as the address of a package.
    """

    data: str = ""
    error: Error | None = None
    health_status: str = ""
    http_status_code: str | None = None
    id: str = element(name="ID")
    operation_completed_time: str | None = None
    operation_name: str | None = None
    operation_started_time: str
    status: str


@document()
class GatewayEvent:
    """What last happened to a gateway or to one of its connections."""

    data: str | None = None
    id: int
    message: str
    timestamp: PreciseTime


@document()
class BgpSettings:
    """How a gateway takes part in BGP."""

    asn: Long | None = None
    bgp_peering_address: str | None = None
    peer_weight: int | None = None


@document()
class CreateGatewayParameters:
    """What a new gateway is to be: ``StaticRouting``, ``DynamicRouting`` or ``Dedicated``, and how large."""

    gateway_size: str | None = element(default=None, anywhere=True)
    gateway_type: str | None = element(default=None, name="gatewayType", anywhere=True)
    """As the Node client writes it."""
    documented_gateway_type: str | None = element(default=None, name="GatewayType", anywhere=True)


@document()
class Gateway:
    """The gateway of a virtual network; one that has none is ``NotProvisioned`` and nothing else."""

    gateway_type: str | None = None
    last_event: GatewayEvent | None = element(default=None, name="LastEvent")
    state: str
    vip_address: str | None = element(default=None, name="VIPAddress")
    default_sites: tuple[str, ...] | None = element(default=None, item="string")
    gateway_size: str | None = None
    gateway_id: str | None = None


@document()
class UpdateGatewayParameters:
    """What to do with a gateway: ``Resize`` (to a size) or ``Reset``."""

    gateway_size: str | None = element(default=None, anywhere=True)
    operation: str | None = element(default=None, anywhere=True)


@document()
class Connection:
    """The connection of a gateway to a local network site."""

    allocated_ip_addresses: tuple[str, ...] | Nil | None = element(
        default=None, name="AllocatedIPAddresses", item="string"
    )
    connectivity_state: str
    egress_bytes_transferred: Long
    egress_packets_transferred: Long
    ingress_bytes_transferred: Long
    ingress_packets_transferred: Long
    last_connection_established: str
    last_event: GatewayEvent | None = None
    local_network_site_name: str


@document()
class Connections:
    """The connections of a gateway."""

    items: tuple[Connection, ...] = element(default=(), flat=True)


@document()
class UpdateConnection:
    """What to do with a connection: ``Connect``, ``Disconnect`` or ``Test``."""

    operation: str
    ip_address: str | None = element(default=None, name="IPAddress")


@document()
class SharedKey:
    """The key that both ends of a connection know."""

    value: str


@document()
class ResetSharedKey:
    """How long the next shared key is to be, in characters."""

    key_length: int


@document()
class IPsecParameters:
    """How a connection is encrypted; lifetimes in kilobytes and in seconds."""

    encryption_type: str | None = None
    pfs_group: str | None = None
    sa_data_size_kilobytes: int | None = element(default=None, name="SADataSizeKilobytes")
    sa_life_time_seconds: int | None = element(default=None, name="SALifeTimeSeconds")
    hash_algorithm: str | None = None


@document()
class UpdateGatewayPublicDiagnostics:
    """Start or stop capturing what passes a gateway, into a container of a storage account."""

    capture_duration_in_seconds: int | None = element(default=None, anywhere=True)
    container_name: str | None = element(default=None, anywhere=True)
    customer_storage_key: str | None = element(default=None, anywhere=True)
    customer_storage_name: str | None = element(default=None, anywhere=True)
    operation: str | None = element(default=None, anywhere=True)


@document()
class GatewayPublicDiagnosticsStatus:
    """Where the last capture is, and whether it is still going on."""

    public_diagnostics_url: str = ""
    state: str


@document()
class VpnClientParameters:
    """The processor that a VPN client package is for: ``Amd64`` or ``X86``."""

    processor_architecture: str | None = None


@document()
class DefaultSiteList:
    """The local network site that a gateway sends everything to which has no other way."""

    items: tuple[str, ...] = element(default=(), item="string", flat=True)


@document()
class ClientRootCertificate:
    """A root certificate that the certificates of VPN clients chain to."""

    expiration_time: PreciseTime
    subject: str
    thumbprint: str


@document()
class ClientRootCertificates:
    """The root certificates of a virtual network's VPN clients."""

    items: tuple[ClientRootCertificate, ...] = element(default=(), flat=True)


@document()
class Binary:
    """A root certificate as text, PEM or base64."""

    value: str = element(content=True)
