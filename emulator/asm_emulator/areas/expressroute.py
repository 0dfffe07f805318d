"""ExpressRoute circuits: ordered from a provider, connected by it, then used.

The provider is somebody else with a subscription of its own; here any subscription may act for the providers of its own
circuits, for there is nobody else to do it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from asm_contracts.areas.expressroute import (
    BgpPeering,
    CreateBgpPeering,
    CreateDedicatedCircuit,
    CrossConnection,
    CrossConnections,
    DedicatedCircuit,
    DedicatedCircuitLink,
    DedicatedCircuitLinks,
    DedicatedCircuits,
    DedicatedCircuitServiceProviders,
    ExpressRouteContract,
    UpdateBgpPeering,
    UpdateCrossConnection,
    UpdateDedicatedCircuit,
)
from asm_contracts.areas.gateways import GatewayOperationAsyncResponse
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, documented, recorded
from asm_emulator import expressroute_model as model
from asm_emulator import gateway_operations
from asm_emulator.areas.base import Area
from asm_emulator.catalogue.circuit_providers import PROVIDERS
from asm_emulator.circuits import (
    check_offer,
    check_subnet,
    check_vlan,
    checked_word,
    circuit_created,
    circuit_deleted,
    circuit_linked,
    circuit_unlinked,
    circuit_updated,
    cross_connection_changed,
    find_circuit,
    lease_on,
    network_named,
    peering_deleted,
    peering_set,
)

AZURE_ASN: Final = 12076
MOST_LINKS: Final = 10
"""Networks that a circuit of the Standard kind may be linked to (documented)."""
ACCESS_TYPES: Final = frozenset({"private", "public", "microsoft"})
_BILLING: Final = {"metereddata": "MeteredData", "unlimiteddata": "UnlimitedData"}
_SKUS: Final = {"standard": "Standard", "premium": "Premium"}
_NOTICES: Final = {
    "notifycrossconnectionprovisioned": "Provisioned",
    "notifycrossconnectionnotprovisioned": "NotProvisioned",
}
_LAST_VLAN: Final = 4094


class ExpressRouteArea(Area, ExpressRouteContract):
    """Circuits, their links and peerings, and the provider's side of them."""

    @recorded("providers with their places and bandwidths; which of them are offered here is our choice")
    def list_dedicated_circuit_service_providers(self) -> DedicatedCircuitServiceProviders:
        return DedicatedCircuitServiceProviders(items=PROVIDERS)

    # -- circuits -------------------------------------------------------------------------------------------------

    @recorded("creation, the name that is taken, and that without more a circuit is Standard and metered")
    @assumed("that a name is taken already while its order goes on, and which names are refused")
    def create_dedicated_circuit(self, body: CreateDedicatedCircuit) -> GatewayOperationAsyncResponse:
        if not body.circuit_name or len(body.circuit_name) > 80:
            raise BadRequest(f"The circuit name '{body.circuit_name[:100]}' is not valid.")
        provider = check_offer(body.service_provider_name, body.location, body.bandwidth)
        if any(one.name.lower() == body.circuit_name.lower() for one in self.state.dedicated_circuits.values()):
            raise ConflictError(f"The circuit with name '{body.circuit_name}' already exists.")
        made = model.DedicatedCircuit(
            service_key=self.state.make_guid("dedicated circuit", self.request.request_id),
            name=body.circuit_name,
            bandwidth=body.bandwidth,
            location=body.location,
            provider=provider,
            billing_type=checked_word(_BILLING, "billing type", body.billing_type or "MeteredData"),
            sku=checked_word(_SKUS, "sku", body.sku or "Standard"),
        )
        return gateway_operations.begin(
            self,
            circuit_created,
            named="CreateDedicatedCircuit",
            holds=(("circuit name", made.name.lower()),),
            circuit=made,
            operation_id=gateway_operations.operation_id(self),
        )

    @recorded("the list leaves the billing type open, which reading one circuit gives")
    def list_dedicated_circuits(self) -> DedicatedCircuits:
        found = sorted(self.state.dedicated_circuits.values(), key=lambda one: one.name.lower())
        return DedicatedCircuits(items=tuple(replace(_circuit(one), billing_type=NIL) for one in found))

    def get_dedicated_circuit(self, service_key: str) -> DedicatedCircuit:
        return _circuit(find_circuit(self.state, service_key))

    @recorded("a change of the bandwidth; the operation has no name")
    @documented("a circuit can be made faster, not slower")
    @assumed("the refusals' texts were never seen")
    def update_dedicated_circuit(self, service_key: str, body: UpdateDedicatedCircuit) -> GatewayOperationAsyncResponse:
        found = find_circuit(self.state, service_key)
        bandwidth = found.bandwidth if body.bandwidth is None else body.bandwidth
        check_offer(found.provider, None, bandwidth)
        if bandwidth < found.bandwidth:
            raise BadRequest("The bandwidth of a dedicated circuit cannot be decreased.")
        return gateway_operations.begin(
            self,
            circuit_updated,
            holds=lease_on(found.service_key),
            service_key=found.service_key,
            bandwidth=bandwidth,
            billing_type=checked_word(_BILLING, "billing type", body.billing_type or found.billing_type),
            sku=checked_word(_SKUS, "sku", body.sku or found.sku),
        )

    @recorded("the end of a circuit, and the refusal of a key that is not there, which is no 404")
    @documented("neither while something is linked to it nor while its provider holds it")
    @assumed("the texts of these two refusals were never seen")
    def delete_dedicated_circuit(self, service_key: str) -> GatewayOperationAsyncResponse:
        found = self.state.dedicated_circuits.get(service_key)
        if found is None:
            raise BadRequest(f"The specified service key '{service_key}' is not valid or could not be found.")
        if found.links:
            raise ConflictError(f"The circuit with name '{found.name}' has links and cannot be deleted.")
        if found.provisioning != "NotProvisioned":
            raise ConflictError(f"The circuit with name '{found.name}' must be deprovisioned by the provider first.")
        return gateway_operations.begin(
            self,
            circuit_deleted,
            named="DeleteDedicatedCircuit",
            holds=lease_on(found.service_key),
            service_key=found.service_key,
        )

    # -- links ----------------------------------------------------------------------------------------------------

    def list_dedicated_circuit_links(self, service_key: str) -> DedicatedCircuitLinks:
        found = find_circuit(self.state, service_key)
        return DedicatedCircuitLinks(items=tuple(_link(found.links[key]) for key in sorted(found.links)))

    @documented("needs a circuit that its provider has connected; ten networks at most")
    @assumed("the refusals' texts, and what the operation calls itself, were never seen")
    def create_dedicated_circuit_link(self, service_key: str, vnet_name: str) -> GatewayOperationAsyncResponse:
        found = find_circuit(self.state, service_key)
        name = network_named(self.state, vnet_name)
        if found.provisioning != "Provisioned":
            raise BadRequest(f"The circuit with name '{found.name}' is not provisioned by the provider.")
        if name.lower() in found.links:
            raise ConflictError(f"The virtual network {name} is already linked to the circuit.")
        if len(found.links) >= MOST_LINKS:
            raise BadRequest(f"A circuit can be linked to at most {MOST_LINKS} virtual networks.")
        return gateway_operations.begin(
            self,
            circuit_linked,
            named="CreateDedicatedCircuitLink",
            holds=lease_on(found.service_key),
            service_key=found.service_key,
            vnet_name=name,
        )

    def get_dedicated_circuit_link(self, service_key: str, vnet_name: str) -> DedicatedCircuitLink:
        return _link(self._linked(find_circuit(self.state, service_key), vnet_name))

    @assumed("the refusal of a network that is not linked was never seen")
    def _linked(self, circuit: model.DedicatedCircuit, vnet_name: str) -> str:
        found = circuit.links.get(vnet_name.lower())
        if found is None:
            raise ResourceNotFound(f"The virtual network {vnet_name} is not linked to the dedicated circuit.")
        return found

    def delete_dedicated_circuit_link(self, service_key: str, vnet_name: str) -> GatewayOperationAsyncResponse:
        found = find_circuit(self.state, service_key)
        name = self._linked(found, vnet_name)
        return gateway_operations.begin(
            self,
            circuit_unlinked,
            named="DeleteDedicatedCircuitLink",
            holds=lease_on(found.service_key),
            service_key=found.service_key,
            vnet_name=name,
        )

    # -- peerings -------------------------------------------------------------------------------------------------

    @recorded("a peering before the provider has connected the circuit; the one that is there already")
    def create_border_gateway_protocol_peering(
        self, service_key: str, access_type: str, body: CreateBgpPeering
    ) -> GatewayOperationAsyncResponse:
        found = find_circuit(self.state, service_key)
        made = self._peering(access_type, body)
        if access_type.lower() in found.peerings:
            raise ConflictError("BGP peering could not be created as it already exists.")
        check_vlan(found, made)
        return gateway_operations.begin(
            self,
            peering_set,
            named="CreateBgpPeering",
            holds=lease_on(found.service_key),
            service_key=found.service_key,
            peering=made,
        )

    @assumed("the refusals of a VLAN, a system and an access type that cannot be were never seen")
    def _peering(self, access_type: str, body: CreateBgpPeering | UpdateBgpPeering) -> model.BgpPeering:
        if access_type.lower() not in ACCESS_TYPES:
            raise BadRequest(f"The specified access type '{access_type}' is not valid.")
        check_subnet(body.primary_peer_subnet)
        check_subnet(body.secondary_peer_subnet)
        if not 1 <= body.vlan_id <= _LAST_VLAN:
            raise BadRequest(f"The specified vlanId '{body.vlan_id}' is not valid.")
        if not 1 <= body.peer_asn < 1 << 31:
            raise BadRequest(f"The specified peer ASN '{body.peer_asn}' is not valid.")
        if access_type.lower() == "microsoft" and not body.advertised_public_prefixes:
            raise BadRequest("The advertised public prefixes must be specified for Microsoft peering.")
        return model.BgpPeering(
            access_type=access_type.lower(),
            peer_asn=body.peer_asn,
            primary_peer_subnet=body.primary_peer_subnet,
            secondary_peer_subnet=body.secondary_peer_subnet,
            vlan_id=body.vlan_id,
        )

    def get_border_gateway_protocol_peering(self, service_key: str, access_type: str) -> BgpPeering:
        circuit = find_circuit(self.state, service_key)
        found = self._existing(circuit, access_type)
        first, second = _ports(circuit)
        return BgpPeering(
            azure_asn=AZURE_ASN,
            peer_asn=found.peer_asn,
            primary_azure_port=first,
            primary_peer_subnet=found.primary_peer_subnet,
            secondary_azure_port=second,
            secondary_peer_subnet=found.secondary_peer_subnet,
            state="Enabled",
            vlan_id=found.vlan_id,
        )

    @assumed("the refusal of a peering that is not there was never seen")
    def _existing(self, circuit: model.DedicatedCircuit, access_type: str) -> model.BgpPeering:
        found = circuit.peerings.get(access_type.lower())
        if found is None:
            raise ResourceNotFound(f"The specified BGP peering '{access_type}' was not found.")
        return found

    @recorded("a change of everything about a peering")
    @assumed("what the operation calls itself was never seen")
    def update_border_gateway_protocol_peering(
        self, service_key: str, access_type: str, body: UpdateBgpPeering
    ) -> GatewayOperationAsyncResponse:
        found = find_circuit(self.state, service_key)
        self._existing(found, access_type)
        made = self._peering(access_type, body)
        check_vlan(found, made)
        return gateway_operations.begin(
            self,
            peering_set,
            named="UpdateBgpPeering",
            holds=lease_on(found.service_key),
            service_key=found.service_key,
            peering=made,
        )

    @assumed("what the operation calls itself was never seen")
    def delete_border_gateway_protocol_peering(
        self, service_key: str, access_type: str
    ) -> GatewayOperationAsyncResponse:
        found = find_circuit(self.state, service_key)
        peering = self._existing(found, access_type)
        return gateway_operations.begin(
            self,
            peering_deleted,
            named="DeleteBgpPeering",
            holds=lease_on(found.service_key),
            service_key=found.service_key,
            access_type=peering.access_type,
        )

    # -- the provider's side --------------------------------------------------------------------------------------

    @assumed("that the subscription that has a circuit may act for its provider: there is nobody else here")
    def list_cross_connections(self) -> CrossConnections:
        found = sorted(self.state.dedicated_circuits.values(), key=lambda one: one.service_key)
        return CrossConnections(items=tuple(_cross_connection(one, one.tag) for one in found if one.tag is not None))

    @recorded("connecting a circuit: Provisioning, with a tag")
    @assumed("the refusal of a second time was never seen")
    def create_cross_connection(self, service_key: str) -> GatewayOperationAsyncResponse:
        found = find_circuit(self.state, service_key)
        if found.tag is not None:
            raise ConflictError("The cross connection could not be created as it already exists.")
        return self._changed(found, "ProvisionCrossConnection", "Provisioning", 2 + self.state.take_serial() % 4000)

    def get_cross_connection(self, service_key: str) -> CrossConnection:
        found, tag = self._connected(service_key)
        return _cross_connection(found, tag)

    @assumed("the refusal of one that was not begun was never seen")
    def _connected(self, service_key: str) -> tuple[model.DedicatedCircuit, int]:
        found = find_circuit(self.state, service_key)
        if found.tag is None:
            raise ResourceNotFound(f"The cross connection with service key '{service_key}' was not found.")
        return found, found.tag

    @recorded("the notice that a circuit is connected")
    @documented("a provider lets go only of a circuit that has no links")
    @assumed("the refusals' texts were never seen")
    def update_cross_connection(self, service_key: str, body: UpdateCrossConnection) -> GatewayOperationAsyncResponse:
        found, tag = self._connected(service_key)
        wanted = checked_word(_NOTICES, "operation", body.operation)
        if wanted == "NotProvisioned" and found.links:
            raise ConflictError(f"The circuit with name '{found.name}' has links and cannot be deprovisioned.")
        return self._changed(found, "UpdateCrossConnection", wanted, tag if wanted == "Provisioned" else None)

    def _changed(
        self, circuit: model.DedicatedCircuit, named: str, provisioning: str, tag: int | None
    ) -> GatewayOperationAsyncResponse:
        return gateway_operations.begin(
            self,
            cross_connection_changed,
            named=named,
            holds=lease_on(circuit.service_key),
            service_key=circuit.service_key,
            provisioning=provisioning,
            tag=tag,
        )


# -- documents ------------------------------------------------------------------------------------------------------


def _circuit(circuit: model.DedicatedCircuit) -> DedicatedCircuit:
    return DedicatedCircuit(
        bandwidth=circuit.bandwidth,
        billing_type=circuit.billing_type,
        circuit_name=circuit.name,
        location=circuit.location,
        service_key=circuit.service_key,
        service_provider_name=circuit.provider,
        service_provider_provisioning_state=circuit.provisioning,
        sku=circuit.sku,
        status=circuit.status,
    )


@assumed("how links read was never seen: they show once they are there")
def _link(name: str) -> DedicatedCircuitLink:
    return DedicatedCircuitLink(state="Provisioned", vnet_name=name)


@assumed("how real ports are called: the recorded ones are those of a test provider")
def _ports(circuit: model.DedicatedCircuit) -> tuple[str, str]:
    place = f"{circuit.provider}-{circuit.location}".replace(" ", "-").upper()
    return f"{place}-PRI-A", f"{place}-SEC-A"


def _cross_connection(circuit: model.DedicatedCircuit, tag: int) -> CrossConnection:
    first, second = _ports(circuit)
    return CrossConnection(
        bandwidth=circuit.bandwidth,
        primary_azure_port=first,
        provisioning_state=circuit.provisioning,
        s_tag=tag,
        secondary_azure_port=second,
        status=circuit.status,
    )
