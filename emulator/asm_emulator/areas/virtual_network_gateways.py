"""The newer form of virtual network gateways: by id, with connections and local network gateways of their own.

Both forms are of the same gateways.  Assumed throughout: nothing of this form was ever recorded; statuses and documents
are those that the Node client insists on, refusals those of the older form.
"""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from typing import Any

from asm_contracts.areas.gateways import (
    BgpSettings,
    GatewayOperationAsyncResponse,
    GatewayPublicDiagnosticsStatus,
    IPsecParameters,
    ResetSharedKey,
    SharedKey,
    UpdateGatewayParameters,
    UpdateGatewayPublicDiagnostics,
)
from asm_contracts.areas.virtual_network_gateways import (
    CreateGatewayConnectionParameters,
    CreateLocalNetworkGatewayParameters,
    CreateVirtualNetworkGatewayParameters,
    GatewayConnection,
    GatewayConnections,
    LocalNetworkGateway,
    LocalNetworkGateways,
    UpdateGatewayConnectionParameters,
    UpdateLocalNetworkGatewayParameters,
    VirtualNetworkGateway,
    VirtualNetworkGatewayContract,
    VirtualNetworkGateways,
)
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, client
from asm_contracts.operation import RawBody
from asm_emulator import gateway_model as model
from asm_emulator import vpn
from asm_emulator.areas.base import Area
from asm_emulator.areas.gateways import PLAIN_TEXT, check_unconnected
from asm_emulator.engine import Effect, effect
from asm_emulator.gateway_operations import begin
from asm_emulator.networks import location_of_site
from asm_emulator.state import Draft

CONNECTION_TYPES = ("IPsec", "Dedicated", "VNet2VNet")


def _key(gateway_id: str, entity_id: str) -> str:
    return f"{gateway_id}/{entity_id}".lower()


def find_connection(draft: Draft, gateway_id: str, entity_id: str) -> model.GatewayConnection:
    """A connection by the two that it joins; ResourceNotFound if there is none."""
    found = draft.gateway_connections.get(_key(gateway_id, entity_id))
    if found is None:
        raise ResourceNotFound("The gateway connection does not exist.")
    return found


def find_local(draft: Draft, gateway_id: str) -> model.LocalNetworkGateway:
    """A local network gateway by its id; ResourceNotFound if there is none."""
    found = draft.local_network_gateways.get(gateway_id)
    if found is None:
        raise ResourceNotFound("The local network gateway does not exist.")
    return found


@effect
def connection_made(draft: Draft, made: CreateGatewayConnectionParameters, key: str, kind: str) -> None:
    """The end of connecting; it fails if one of the two is gone."""
    gateway = vpn.gateway_with_id(draft, made.virtual_network_gateway_id or "")
    entity = made.connected_entity_id or ""
    _check_entity(draft, entity, kind)
    draft.gateway_connections[_key(gateway.id, entity)] = model.GatewayConnection(
        name=made.gateway_connection_name or "",
        gateway_id=gateway.id,
        entity_id=entity,
        type=kind,
        routing_weight=made.routing_weight or 0,
        shared_key=key,
        enable_bgp=bool(made.enable_bgp),
    )


@effect
def connection_updated(
    draft: Draft, gateway_id: str, entity_id: str, body: UpdateGatewayConnectionParameters, key: str | None
) -> None:
    """The end of a change of a connection; what the request does not name stays."""
    found = draft.gateway_connections.get(_key(gateway_id, entity_id))
    if found is not None:
        draft.gateway_connections[_key(gateway_id, entity_id)] = replace(
            found,
            routing_weight=found.routing_weight if body.routing_weight is None else body.routing_weight,
            shared_key=key or found.shared_key,
            enable_bgp=found.enable_bgp if body.enable_bgp is None else body.enable_bgp,
        )


@effect
def parameters_updated(draft: Draft, gateway_id: str, entity_id: str, body: IPsecParameters) -> None:
    """The end of a change of encryption."""
    found = draft.gateway_connections.get(_key(gateway_id, entity_id))
    if found is not None:
        merged = vpn.merged_parameters(found.ipsec, body)
        draft.gateway_connections[_key(gateway_id, entity_id)] = replace(found, ipsec=merged)


@effect
def connection_gone(draft: Draft, gateway_id: str, entity_id: str) -> None:
    """The end of a connection."""
    draft.gateway_connections.pop(_key(gateway_id, entity_id), None)


@assumed("circuits, which this emulator cannot make, are taken as they are named")
def _check_entity(draft: Draft, entity_id: str, kind: str) -> None:
    """ResourceNotFound unless what a gateway is to be connected with is there."""
    if kind == "IPsec":
        find_local(draft, entity_id)
    elif kind == "VNet2VNet":
        vpn.gateway_with_id(draft, entity_id)


class VirtualNetworkGatewayArea(Area, VirtualNetworkGatewayContract):
    """Gateways by id, their connections, and what they connect to."""

    # -- gateways -----------------------------------------------------------------------------------------------------

    def create_network_gateway(
        self, network_name: str, body: CreateVirtualNetworkGatewayParameters
    ) -> GatewayOperationAsyncResponse:
        site = vpn.find_network(self.state, network_name)
        if body.vnet_id is not None and body.vnet_id.lower() != site.id.lower():
            raise BadRequest(f"The virtual network {site.name} has not the id {body.vnet_id}.")
        made = vpn.new_gateway(self.state, site, self.request.request_id, body.gateway_type, body.gateway_size)
        made = replace(made, name=body.gateway_name, location=body.location, bgp=_bgp(body.bgp_settings))
        self.state.virtual_network_gateways[site.name] = made
        return self._change(made, vpn.gateway_provisioned, undo=vpn.gateway_gone)

    def list_network_gateways(self) -> VirtualNetworkGateways:
        return VirtualNetworkGateways(
            items=tuple(self._document(one) for one in self.state.virtual_network_gateways.values())
        )

    def get_network_gateway(self, gateway_id: str) -> VirtualNetworkGateway:
        return self._document(vpn.gateway_with_id(self.state, gateway_id))

    def update_network_gateway(self, gateway_id: str, body: UpdateGatewayParameters) -> GatewayOperationAsyncResponse:
        found = self._provisioned(gateway_id)
        size = vpn.wanted_size(body)
        if size is None:
            return self._change(found, vpn.gateway_reset)
        return self._change(found, vpn.gateway_resized, size=size)

    def delete_network_gateway(self, gateway_id: str) -> GatewayOperationAsyncResponse:
        found = self._provisioned(gateway_id)
        check_unconnected(self.state, found)
        answer = self._change(found, vpn.gateway_gone)
        self.state.virtual_network_gateways[found.network_name] = replace(found, state="Deprovisioning")
        return answer

    def get_network_gateway_diagnostics(self, gateway_id: str) -> GatewayPublicDiagnosticsStatus:
        return vpn.capture_document(vpn.gateway_with_id(self.state, gateway_id))

    def update_network_gateway_diagnostics(
        self, gateway_id: str, body: UpdateGatewayPublicDiagnostics
    ) -> GatewayOperationAsyncResponse:
        found = self._provisioned(gateway_id)
        wanted = vpn.capture_wanted(body)
        if wanted is None:
            return self._change(found, vpn.capture_ended)
        return self._change(found, vpn.capture_started, seconds=wanted[0], container=wanted[1])

    # -- connections --------------------------------------------------------------------------------------------------

    def create_gateway_connection(self, body: CreateGatewayConnectionParameters) -> GatewayOperationAsyncResponse:
        gateway = self._provisioned(body.virtual_network_gateway_id or "")
        kind = vpn.word(body.gateway_connection_type or "IPsec", CONNECTION_TYPES, "gateway connection type")
        entity = body.connected_entity_id or ""
        if not entity or not body.gateway_connection_name:
            raise BadRequest("The name of the gateway connection and the id of the connected entity must be specified.")
        _check_entity(self.state, entity, kind)
        if _key(gateway.id, entity) in self.state.gateway_connections:
            raise ConflictError(f"The gateway {gateway.id} is already connected with {entity}.")
        key = (
            vpn.make_shared_key(self.state, 32, self.request.request_id)
            if body.shared_key is None
            else vpn.check_shared_key(body.shared_key)
        )
        return begin(
            self,
            connection_made,
            holds=(vpn.lease_on(gateway),),
            made=replace(body, shared_key=None),
            key=key,
            kind=kind,
        )

    def list_gateway_connections(self) -> GatewayConnections:
        return GatewayConnections(items=tuple(_connection(one) for one in self.state.gateway_connections.values()))

    def get_gateway_connection(self, gateway_id: str, connected_entity_id: str) -> GatewayConnection:
        return _connection(find_connection(self.state, gateway_id, connected_entity_id))

    def update_gateway_connection(
        self, gateway_id: str, connected_entity_id: str, body: UpdateGatewayConnectionParameters
    ) -> GatewayOperationAsyncResponse:
        key = None if body.shared_key is None else vpn.check_shared_key(body.shared_key)
        return self._change_connection(
            gateway_id, connected_entity_id, connection_updated, body=replace(body, shared_key=None), key=key
        )

    def delete_gateway_connection(self, gateway_id: str, connected_entity_id: str) -> GatewayOperationAsyncResponse:
        return self._change_connection(gateway_id, connected_entity_id, connection_gone)

    def get_gateway_connection_shared_key(self, gateway_id: str, connected_entity_id: str) -> SharedKey:
        return SharedKey(value=find_connection(self.state, gateway_id, connected_entity_id).shared_key)

    def set_gateway_connection_shared_key(
        self, gateway_id: str, connected_entity_id: str, body: SharedKey
    ) -> GatewayOperationAsyncResponse:
        return self._set_key(gateway_id, connected_entity_id, vpn.check_shared_key(body.value))

    def reset_gateway_connection_shared_key(
        self, gateway_id: str, connected_entity_id: str, body: ResetSharedKey
    ) -> GatewayOperationAsyncResponse:
        length = vpn.check_key_length(body.key_length)
        key = vpn.make_shared_key(self.state, length, self.request.request_id)
        return self._set_key(gateway_id, connected_entity_id, key)

    def get_gateway_connection_ipsec_parameters(self, gateway_id: str, connected_entity_id: str) -> IPsecParameters:
        return vpn.parameters_document(find_connection(self.state, gateway_id, connected_entity_id).ipsec)

    def set_gateway_connection_ipsec_parameters(
        self, gateway_id: str, connected_entity_id: str, body: IPsecParameters
    ) -> GatewayOperationAsyncResponse:
        vpn.merged_parameters(IPsecParameters(), body)
        return self._change_connection(gateway_id, connected_entity_id, parameters_updated, body=body)

    # -- local network gateways ---------------------------------------------------------------------------------------

    @client("the whole body of the answer is the id")
    def create_local_network_gateway(self, body: CreateLocalNetworkGatewayParameters) -> RawBody:
        if not body.gateway_name or not body.ip_address:
            raise BadRequest("The name and the address of the local network gateway must be specified.")
        if any(one.name.lower() == body.gateway_name.lower() for one in self.state.local_network_gateways.values()):
            raise ConflictError(f"A local network gateway named {body.gateway_name} already exists.")
        try:
            ipaddress.IPv4Address(body.ip_address)
        except ValueError:
            raise BadRequest(f"The address {body.ip_address} is invalid.") from None
        made = model.LocalNetworkGateway(
            id=self.state.make_guid("local network gateway", self.request.request_id),
            name=body.gateway_name,
            ip_address=body.ip_address,
            address_space=_ranges(body.address_space or ()),
            bgp=_bgp(body.bgp_settings),
        )
        self.state.local_network_gateways[made.id] = made
        return RawBody(made.id.encode(), PLAIN_TEXT)

    def list_local_network_gateways(self) -> LocalNetworkGateways:
        return LocalNetworkGateways(items=tuple(_local(one) for one in self.state.local_network_gateways.values()))

    def get_local_network_gateway(self, gateway_id: str) -> LocalNetworkGateway:
        return _local(find_local(self.state, gateway_id))

    def update_local_network_gateway(self, gateway_id: str, body: UpdateLocalNetworkGatewayParameters) -> None:
        found = find_local(self.state, gateway_id)
        self.state.local_network_gateways[found.id] = replace(
            found,
            address_space=found.address_space if body.address_space is None else _ranges(body.address_space),
            bgp=found.bgp if body.bgp_settings is None else _bgp(body.bgp_settings),
        )

    def delete_local_network_gateway(self, gateway_id: str) -> None:
        found = find_local(self.state, gateway_id)
        for one in self.state.gateway_connections.values():
            if one.entity_id.lower() == found.id:
                raise ConflictError(f"The local network gateway {found.name} is in use by the connection {one.name}.")
        del self.state.local_network_gateways[found.id]

    # -- what they have in common -------------------------------------------------------------------------------------

    def _provisioned(self, gateway_id: str) -> model.VirtualNetworkGateway:
        found = vpn.gateway_with_id(self.state, gateway_id)
        vpn.check_provisioned(found)
        return found

    def _change(
        self,
        gateway: model.VirtualNetworkGateway,
        ends_with: Effect,
        *,
        undo: Effect | None = None,
        **arguments: Any,
    ) -> GatewayOperationAsyncResponse:
        return begin(
            self,
            ends_with,
            holds=(vpn.lease_on(gateway),),
            undo=undo,
            network_name=gateway.network_name,
            gateway_id=gateway.id,
            **arguments,
        )

    def _set_key(self, gateway_id: str, entity_id: str, key: str) -> GatewayOperationAsyncResponse:
        return self._change_connection(
            gateway_id, entity_id, connection_updated, body=UpdateGatewayConnectionParameters(), key=key
        )

    def _change_connection(
        self, gateway_id: str, entity_id: str, ends_with: Effect, **arguments: Any
    ) -> GatewayOperationAsyncResponse:
        found = find_connection(self.state, gateway_id, entity_id)
        gateway = self._provisioned(found.gateway_id)
        return begin(
            self,
            ends_with,
            holds=(vpn.lease_on(gateway),),
            gateway_id=found.gateway_id,
            entity_id=found.entity_id,
            **arguments,
        )

    def _document(self, found: model.VirtualNetworkGateway) -> VirtualNetworkGateway:
        site = self.state.virtual_networks.get(found.network_name)
        return VirtualNetworkGateway(
            gateway_id=found.id,
            last_event=vpn.event_document(found.event),
            gateway_name=found.name or found.network_name,
            gateway_type=found.type,
            gateway_size=found.size,
            state=found.state,
            vip_address=found.vip,
            location=found.location or (location_of_site(self.state, site) if site else None),
            vnet_id=site.id if site else None,
            default_sites=(found.default_site,) if found.default_site is not None else (),
            enable_bgp=found.bgp is not None,
            bgp_settings=found.bgp,
        )


def _connection(found: model.GatewayConnection) -> GatewayConnection:
    return GatewayConnection(
        gateway_connection_name=found.name,
        virtual_network_gateway_id=found.gateway_id,
        connected_entity_id=found.entity_id,
        gateway_connection_type=found.type,
        routing_weight=found.routing_weight,
        shared_key=found.shared_key,
        enable_bgp=found.enable_bgp,
    )


def _local(found: model.LocalNetworkGateway) -> LocalNetworkGateway:
    return LocalNetworkGateway(
        address_space=found.address_space,
        id=found.id,
        gateway_name=found.name,
        ip_address=found.ip_address,
        bgp_settings=found.bgp,
    )


def _ranges(given: tuple[str, ...]) -> tuple[str, ...]:
    """Address ranges as they were given; BadRequest for one that is none."""
    for one in given:
        try:
            ipaddress.IPv4Network(one, strict=False)
        except ValueError:
            raise BadRequest(f"The address prefix {one} is invalid.") from None
    return given


def _bgp(given: BgpSettings | None) -> BgpSettings | None:
    """BGP settings as they were given; BadRequest for a system number that is none."""
    if given is not None and given.asn is not None and not 0 < given.asn < 2**32:
        raise BadRequest(f"The autonomous system number {given.asn} is invalid.")
    return given
