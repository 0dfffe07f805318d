"""Circuits of ExpressRoute as behaviour finds, checks and changes them."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, recorded
from asm_emulator import expressroute_model as model
from asm_emulator import gateway_operations
from asm_emulator.catalogue.circuit_providers import PROVIDERS
from asm_emulator.engine import effect
from asm_emulator.state import Draft

# -- what changes end with ------------------------------------------------------------------------------------------


@effect
def circuit_created(draft: Draft, circuit: model.DedicatedCircuit, operation_id: str) -> None:
    """The end of an order: the circuit is there, and the operation says under which key."""
    draft.dedicated_circuits[circuit.service_key] = circuit
    gateway_operations.leave_data(draft, operation_id, circuit.service_key)


@effect
def circuit_updated(draft: Draft, service_key: str, bandwidth: int, billing_type: str, sku: str) -> None:
    """The end of a change; the operation fails if the circuit has gone meanwhile."""
    found = find_circuit(draft, service_key)
    draft.dedicated_circuits[service_key] = replace(found, bandwidth=bandwidth, billing_type=billing_type, sku=sku)


@effect
def circuit_deleted(draft: Draft, service_key: str) -> None:
    """The end of a deletion."""
    draft.dedicated_circuits.pop(service_key, None)


@effect
def circuit_linked(draft: Draft, service_key: str, vnet_name: str) -> None:
    """The end of linking; the operation fails if circuit or network has gone meanwhile."""
    found = find_circuit(draft, service_key)
    site = network_named(draft, vnet_name)
    draft.dedicated_circuits[service_key] = replace(found, links=found.links.insert(site.lower(), site))


@effect
def circuit_unlinked(draft: Draft, service_key: str, vnet_name: str) -> None:
    """The end of taking a network off."""
    found = draft.dedicated_circuits.get(service_key)
    if found is not None:
        draft.dedicated_circuits[service_key] = replace(found, links=found.links.discard(vnet_name.lower()))


@effect
def peering_set(draft: Draft, service_key: str, peering: model.BgpPeering) -> None:
    """The end of setting up or changing a peering; the operation fails if the circuit has gone meanwhile."""
    found = find_circuit(draft, service_key)
    check_vlan(found, peering)
    draft.dedicated_circuits[service_key] = replace(
        found, peerings=found.peerings.insert(peering.access_type.lower(), peering)
    )


@effect
def peering_deleted(draft: Draft, service_key: str, access_type: str) -> None:
    """The end of a peering."""
    found = draft.dedicated_circuits.get(service_key)
    if found is not None:
        draft.dedicated_circuits[service_key] = replace(found, peerings=found.peerings.discard(access_type.lower()))


@effect
def cross_connection_changed(draft: Draft, service_key: str, provisioning: str, tag: int | None) -> None:
    """The end of what the provider does; the operation fails if the circuit has gone meanwhile."""
    found = find_circuit(draft, service_key)
    draft.dedicated_circuits[service_key] = replace(found, provisioning=provisioning, tag=tag)


# -- finding and checking -------------------------------------------------------------------------------------------


@recorded("the refusal of reading a circuit that is not there")
def find_circuit(draft: Draft, service_key: str) -> model.DedicatedCircuit:
    """A circuit by its key; ResourceNotFound if there is none."""
    found = draft.dedicated_circuits.get(service_key)
    if found is None:
        raise ResourceNotFound(f"The specified dedicated circuit with service key '{service_key}' was not found.")
    return found


@assumed("the refusal of a network that is not there was never seen")
def network_named(draft: Draft, name: str) -> str:
    """The name of a virtual network in its own spelling; ResourceNotFound if there is none."""
    found = draft.virtual_networks.get(name)
    if found is None:
        raise ResourceNotFound(f"The virtual network {name} was not found.")
    return found.name


@recorded("a VLAN that another peering of the circuit has")
def check_vlan(circuit: model.DedicatedCircuit, peering: model.BgpPeering) -> None:
    """ConflictError if another peering of the circuit has the VLAN."""
    others = (one for key, one in circuit.peerings.items() if key != peering.access_type.lower())
    if any(one.vlan_id == peering.vlan_id for one in others):
        raise ConflictError("The vlanId specified is already in use.")


@recorded("the refusal of 98.251.199.31/30, which is no network's address")
def check_subnet(text: str) -> None:
    """BadRequest unless the text is a network of four addresses."""
    try:
        subnet = ipaddress.IPv4Network(text)
    except ValueError:
        subnet = None
    if subnet is None or subnet.prefixlen != 30:
        raise BadRequest(f"The specified BGP peer IP address '{text}' is not valid.")


@recorded("the three refusals, in this order: the provider, then the place, then the bandwidth")
def check_offer(provider: str, location: str | None, bandwidth: int) -> str:
    """The provider's name in its own spelling; ResourceNotFound for what nobody sells."""
    found = next((one for one in PROVIDERS if one.name.lower() == provider.lower()), None)
    if found is None:
        raise ResourceNotFound("The provider could not be found.")
    places = {place.lower() for place in found.dedicated_circuit_locations.split(",")}
    if location is not None and location.lower() not in places:
        raise ResourceNotFound(f"The specified location {location} does not exist for the provider {provider}")
    if all(one.bandwidth != bandwidth for one in found.dedicated_circuit_bandwidths):
        raise ResourceNotFound(f"The specified bandwidth {bandwidth} does not exist for the provider {provider}")
    return found.name


@assumed("which words there are is the clients'; the refusal of another was never seen")
def checked_word(words: dict[str, str], what: str, given: str) -> str:
    """A word in the service's own spelling; BadRequest for another."""
    if given.lower() not in words:
        raise BadRequest(f"The {what} '{given}' is not valid.")
    return words[given.lower()]


def lease_on(service_key: str) -> tuple[tuple[str, str], ...]:
    """What a change of a circuit holds meanwhile."""
    return (("dedicated circuit", service_key.lower()),)
