"""Virtual network gateways, by the name of their network."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from typing import Any, Final

from asm_contracts.areas.gateways import (
    Binary,
    ClientRootCertificate,
    ClientRootCertificates,
    Connection,
    Connections,
    CreateGatewayParameters,
    DefaultSiteList,
    Gateway,
    GatewayContract,
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
from asm_contracts.codec.netcfg import LocalSite
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, documented, recorded
from asm_contracts.operation import RawBody
from asm_emulator import gateway_model as model
from asm_emulator import vpn
from asm_emulator.areas.base import Area
from asm_emulator.catalogue.vpn_devices import Tunnel, device_list, device_script
from asm_emulator.certificate_files import UnreadableCertificate, read_cer, subject_and_end, thumbprint
from asm_emulator.engine import Effect, effect
from asm_emulator.gateway_operations import begin, leave_data, operation_id, status_document, written
from asm_emulator.state import Draft

PLAIN_TEXT: Final = "text/plain"
NEVER: Final = "0001-01-01T00:00:00"
"""The time of what has not happened, as .NET writes it."""
MOST_ROOTS: Final = 20
"""Root certificates of a network's VPN clients (documented)."""
_TAG: Final = re.compile(rb"<[^<>]*>")


@effect
def shared_key_set(draft: Draft, network_name: str, gateway_id: str, site: str, key: str) -> None:
    """The end of a change of key."""
    vpn.change_link(draft, network_name, gateway_id, site, lambda link: replace(link, shared_key=key))


@effect
def parameters_set(draft: Draft, network_name: str, gateway_id: str, site: str, body: IPsecParameters) -> None:
    """The end of a change of encryption."""
    vpn.change_link(
        draft,
        network_name,
        gateway_id,
        site,
        lambda link: replace(link, ipsec=vpn.merged_parameters(link.ipsec, body)),
    )


@effect
@assumed("every local site is there and answers; the event's number and text")
def connection_changed(draft: Draft, network_name: str, gateway_id: str, site: str, wish: str) -> None:
    """The end of connecting, disconnecting, or of a test, which changes nothing."""
    state = {"Connect": "Connected", "Disconnect": "NotConnected"}.get(wish)

    def changed(link: model.SiteLink) -> model.SiteLink:
        if state is None or state == link.state:
            return link
        words = {"Connected": "Connected", "NotConnected": "Not Connected"}
        event = model.GatewayEvent(
            id=24401,
            message=f"The connectivity state for the local network site '{site}' changed from {words[link.state]} "
            f"to {words[state]}.",
            timestamp=draft.now,
        )
        return replace(
            link, state=state, event=event, established=draft.now if state == "Connected" else link.established
        )

    vpn.change_link(draft, network_name, gateway_id, site, changed)


@effect
def default_site_set(draft: Draft, network_name: str, gateway_id: str, site: str | None) -> None:
    """The end of a change of default site."""
    vpn.change_gateway(draft, network_name, gateway_id, lambda one: replace(one, default_site=site))


@effect
@assumed("where packages are kept")
def package_made(draft: Draft, gateway_id: str, processor: str, made: str, **_of: str) -> None:
    """The end of making a package: the operation says where it is."""
    name = draft.make_hex("vpn client package", made)
    leave_data(draft, made, f"https://vpnclientpackages.blob.core.windows.net/{gateway_id}/{processor}/{name}.exe")


@effect
def root_added(draft: Draft, network_name: str, gateway_id: str, data: bytes) -> None:
    """The end of adding a root certificate."""
    vpn.change_gateway(
        draft,
        network_name,
        gateway_id,
        lambda one: replace(one, client_roots=one.client_roots.insert(thumbprint(data), data)),
    )


@effect
def root_deleted(draft: Draft, network_name: str, gateway_id: str, digest: str) -> None:
    """The end of taking a root certificate away."""
    vpn.change_gateway(
        draft, network_name, gateway_id, lambda one: replace(one, client_roots=one.client_roots.discard(digest))
    )


class GatewayArea(Area, GatewayContract):
    """Makes, reads and changes the gateways of virtual networks."""

    def get_virtual_network_gateway_operation_status(self, operation_id: str) -> GatewayOperation:
        return status_document(self.state, operation_id)

    # -- the gateway itself -------------------------------------------------------------------------------------------

    def create_virtual_network_gateway(
        self, network_name: str, body: CreateGatewayParameters
    ) -> GatewayOperationAsyncResponse:
        site = vpn.find_network(self.state, network_name)
        kind = body.gateway_type or body.documented_gateway_type
        made = vpn.new_gateway(self.state, site, self.request.request_id, kind, body.gateway_size)
        self.state.virtual_network_gateways[site.name] = made
        return self._change(made, vpn.gateway_provisioned, "CreateVirtualNetworkGateway", undo=vpn.gateway_gone)

    @recorded("the order; that a network without a gateway says so is documented")
    @assumed("default sites are an empty element while there are none")
    def get_virtual_network_gateway(self, network_name: str) -> Gateway:
        site = vpn.find_network(self.state, network_name)
        found = self.state.virtual_network_gateways.get(site.name)
        if found is None:
            return Gateway(state="NotProvisioned")
        return Gateway(
            gateway_type=found.type,
            last_event=vpn.event_document(found.event),
            state=found.state,
            vip_address=found.vip,
            default_sites=(found.default_site,) if found.default_site is not None else (),
            gateway_size=found.size,
            gateway_id=found.id,
        )

    def update_virtual_network_gateway(
        self, network_name: str, body: UpdateGatewayParameters
    ) -> GatewayOperationAsyncResponse:
        found = self._provisioned(network_name)
        size = vpn.wanted_size(body)
        if size is None:
            return self._change(found, vpn.gateway_reset, "ResetVirtualNetworkGateway")
        return self._change(found, vpn.gateway_resized, "ResizeVirtualNetworkGateway", size=size)

    def delete_virtual_network_gateway(self, network_name: str) -> GatewayOperationAsyncResponse:
        found = self._provisioned(network_name)
        check_unconnected(self.state, found)
        answer = self._change(found, vpn.gateway_gone, "DeleteVirtualNetworkGateway")
        self.state.virtual_network_gateways[found.network_name] = replace(found, state="Deprovisioning")
        return answer

    # -- connections --------------------------------------------------------------------------------------------------

    def list_virtual_network_gateway_connections(self, network_name: str) -> Connections:
        found = vpn.find_gateway(self.state, network_name)
        sites = vpn.connected_sites(self.state, found.network_name)
        return Connections(items=tuple(_connection(found, site) for site in sites))

    def update_virtual_network_gateway_connection(
        self, network_name: str, local_network_name: str, body: UpdateConnection
    ) -> GatewayOperationAsyncResponse:
        found, site = self._connection(network_name, local_network_name)
        wish = vpn.word(body.operation, ("Connect", "Disconnect", "Test"), "operation")
        return self._change(found, connection_changed, f"{wish}VirtualNetworkGateway", site=site.name, wish=wish)

    def get_virtual_network_gateway_shared_key(self, network_name: str, local_network_name: str) -> SharedKey:
        found = vpn.find_gateway(self.state, network_name)
        site = vpn.find_local_site(self.state, found.network_name, local_network_name)
        return SharedKey(value=vpn.shared_key_of(self.state, found, site.name))

    @recorded("setting a key and having one made are one operation")
    def set_virtual_network_gateway_shared_key(
        self, network_name: str, local_network_name: str, body: SharedKey
    ) -> GatewayOperationAsyncResponse:
        found, site = self._connection(network_name, local_network_name)
        key = vpn.check_shared_key(body.value)
        return self._change(found, shared_key_set, "ResetSharedKey", site=site.name, key=key)

    def reset_virtual_network_gateway_shared_key(
        self, network_name: str, local_network_name: str, body: ResetSharedKey
    ) -> GatewayOperationAsyncResponse:
        found, site = self._connection(network_name, local_network_name)
        key = vpn.make_shared_key(self.state, vpn.check_key_length(body.key_length), self.request.request_id)
        return self._change(found, shared_key_set, "ResetSharedKey", site=site.name, key=key)

    def get_virtual_network_gateway_ipsec_parameters(
        self, network_name: str, local_network_name: str
    ) -> IPsecParameters:
        found = vpn.find_gateway(self.state, network_name)
        site = vpn.find_local_site(self.state, found.network_name, local_network_name)
        link = found.links.get(site.name.lower()) or model.SiteLink()
        return vpn.parameters_document(link.ipsec)

    def set_virtual_network_gateway_ipsec_parameters(
        self, network_name: str, local_network_name: str, body: IPsecParameters
    ) -> GatewayOperationAsyncResponse:
        found, site = self._connection(network_name, local_network_name)
        vpn.merged_parameters(IPsecParameters(), body)
        return self._change(found, parameters_set, "SetIPsecParameters", site=site.name, body=body)

    # -- captures, default sites --------------------------------------------------------------------------------------

    def get_virtual_network_gateway_diagnostics(self, network_name: str) -> GatewayPublicDiagnosticsStatus:
        return vpn.capture_document(vpn.find_gateway(self.state, network_name))

    def update_virtual_network_gateway_diagnostics(
        self, network_name: str, body: UpdateGatewayPublicDiagnostics
    ) -> GatewayOperationAsyncResponse:
        found = self._provisioned(network_name)
        wanted = vpn.capture_wanted(body)
        if wanted is None:
            return self._change(found, vpn.capture_ended, "StopPublicDiagnostics")
        seconds, container = wanted
        return self._change(found, vpn.capture_started, "StartPublicDiagnostics", seconds=seconds, container=container)

    @assumed("one site, which must be one that the network is connected to")
    def set_virtual_network_gateway_default_sites(
        self, network_name: str, body: DefaultSiteList
    ) -> GatewayOperationAsyncResponse:
        if len(body.items) != 1:
            raise BadRequest("Exactly one default site must be specified.")
        found, site = self._connection(network_name, body.items[0])
        return self._change(found, default_site_set, "SetDefaultSites", site=site.name)

    def remove_virtual_network_gateway_default_sites(self, network_name: str) -> GatewayOperationAsyncResponse:
        found = self._provisioned(network_name)
        return self._change(found, default_site_set, "RemoveDefaultSites", site=None)

    # -- VPN clients --------------------------------------------------------------------------------------------------

    def generate_vpn_client_package(
        self, network_name: str, body: VpnClientParameters
    ) -> GatewayOperationAsyncResponse:
        found = self._provisioned(network_name)
        processor = vpn.word(body.processor_architecture or "Amd64", ("Amd64", "X86"), "processor architecture")
        return self._change(
            found, package_made, "GenerateVpnClientPackage", processor=processor, made=operation_id(self)
        )

    def list_client_root_certificates(self, network_name: str) -> ClientRootCertificates:
        found = vpn.find_gateway(self.state, network_name)
        return ClientRootCertificates(items=tuple(_root(data) for _, data in sorted(found.client_roots.items())))

    @documented("20 certificates at most")
    def add_client_root_certificate(self, network_name: str, body: RawBody) -> GatewayOperationAsyncResponse:
        found = self._provisioned(network_name)
        data = _read_root(body.data)
        if thumbprint(data) in found.client_roots:
            raise ConflictError(f"The client root certificate {thumbprint(data)} already exists.")
        if len(found.client_roots) >= MOST_ROOTS:
            raise BadRequest(f"A virtual network may have at most {MOST_ROOTS} client root certificates.")
        return self._change(found, root_added, "AddClientRootCertificate", data=data)

    def get_client_root_certificate(self, network_name: str, thumbprint: str) -> Binary:
        found = vpn.find_gateway(self.state, network_name)
        encoded = base64.b64encode(_find_root(found, thumbprint)).decode()
        return Binary(value=f"-----BEGIN CERTIFICATE-----\n{encoded}\n-----END CERTIFICATE-----\n")

    def delete_client_root_certificate(self, network_name: str, thumbprint: str) -> GatewayOperationAsyncResponse:
        found = self._provisioned(network_name)
        _find_root(found, thumbprint)
        return self._change(found, root_deleted, "DeleteClientRootCertificate", digest=thumbprint.upper())

    # -- devices ------------------------------------------------------------------------------------------------------

    @recorded("with a byte order mark and an XML declaration")
    @assumed("the content type is that of the network configuration (recorded)")
    def list_virtual_network_supported_devices(self) -> RawBody:
        return RawBody(device_list(), PLAIN_TEXT)

    @assumed("the refusal; that all connections are in one script")
    def get_virtual_network_device_configuration_script(
        self, network_name: str, vendor: str | None = None, platform: str | None = None, os_family: str | None = None
    ) -> RawBody:
        found = self._provisioned(network_name)
        network = vpn.find_network(self.state, network_name)
        tunnels = [
            Tunnel(
                network=network.name,
                site=site.name,
                gateway_address=found.vip or "",
                shared_key=vpn.shared_key_of(self.state, found, site.name),
                cloud_ranges=network.address_prefixes,
                local_ranges=site.address_prefixes,
            )
            for site in vpn.connected_sites(self.state, network.name)
        ]
        script = device_script(vendor or "", platform or "", os_family or "", tunnels)
        if script is None:
            raise BadRequest(f"There is no script for the device {vendor or ''}, {platform or ''}, {os_family or ''}.")
        return RawBody(script, PLAIN_TEXT)

    # -- what they have in common -------------------------------------------------------------------------------------

    def _provisioned(self, network_name: str) -> model.VirtualNetworkGateway:
        found = vpn.find_gateway(self.state, network_name)
        vpn.check_provisioned(found)
        return found

    def _connection(self, network_name: str, local_name: str) -> tuple[model.VirtualNetworkGateway, LocalSite]:
        found = self._provisioned(network_name)
        return found, vpn.find_local_site(self.state, found.network_name, local_name)

    def _change(
        self,
        gateway: model.VirtualNetworkGateway,
        ends_with: Effect,
        named: str,
        *,
        undo: Effect | None = None,
        **arguments: Any,
    ) -> GatewayOperationAsyncResponse:
        return begin(
            self,
            ends_with,
            named=named,
            holds=(vpn.lease_on(gateway),),
            undo=undo,
            network_name=gateway.network_name,
            gateway_id=gateway.id,
            **arguments,
        )


@assumed("that connections of the newer form keep their gateway")
def check_unconnected(draft: Draft, gateway: model.VirtualNetworkGateway) -> None:
    """ConflictError for a gateway that connections of the newer form use."""
    for one in draft.gateway_connections.values():
        if one.gateway_id == gateway.id:
            raise ConflictError(f"The gateway {gateway.id} has the connection {one.name}.")


@recorded("the order")
@assumed("no bytes ever pass; a connection that never was has .NET's first moment")
def _connection(gateway: model.VirtualNetworkGateway, site: LocalSite) -> Connection:
    link = gateway.links.get(site.name.lower()) or model.SiteLink()
    return Connection(
        allocated_ip_addresses=NIL,
        connectivity_state=link.state,
        egress_bytes_transferred=0,
        egress_packets_transferred=0,
        ingress_bytes_transferred=0,
        ingress_packets_transferred=0,
        last_connection_established=NEVER if link.established is None else written(link.established),
        last_event=vpn.event_document(link.event),
        local_network_site_name=site.name,
    )


def _find_root(gateway: model.VirtualNetworkGateway, digest: str) -> bytes:
    found = gateway.client_roots.get(digest.upper())
    if found is None:
        raise ResourceNotFound("The certificate was not found.")
    return found


@assumed("clients send the file, or its text in an element")
def _read_root(data: bytes) -> bytes:
    """The DER of a certificate, from DER, PEM or base64, bare or in an element; BadRequest if it is none."""
    text = _TAG.sub(b"", data).strip() if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") else data
    if not text.startswith((b"-----BEGIN", b"\x30")):
        try:
            text = base64.b64decode(b"".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            raise BadRequest("The certificate is invalid.") from None
    try:
        return read_cer(text)
    except UnreadableCertificate:
        raise BadRequest("The certificate is invalid.") from None


def _root(data: bytes) -> ClientRootCertificate:
    subject, end = subject_and_end(data)
    return ClientRootCertificate(expiration_time=end, subject=subject, thumbprint=thumbprint(data))
