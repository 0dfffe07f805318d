"""Virtual network gateways as both forms of the API see them, by network and by id."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from asm_contracts.areas.gateways import (
    GatewayEvent,
    GatewayPublicDiagnosticsStatus,
    IPsecParameters,
    UpdateGatewayParameters,
    UpdateGatewayPublicDiagnostics,
)
from asm_contracts.codec.netcfg import LocalSite
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, client, documented
from asm_emulator import gateway_model as model
from asm_emulator.engine import effect, effect_name
from asm_emulator.model import VirtualNetworkSite
from asm_emulator.networks import GATEWAY_SUBNET, subnet_of
from asm_emulator.state import Draft

PROVISIONED: Final = "Provisioned"
TYPES: Final = ("StaticRouting", "DynamicRouting", "Dedicated")
SIZES: Final = ("Default", "HighPerformance", "Standard", "UltraPerformance", "Small", "Medium", "Large", "ExtraLarge")
"""What clients and the server's contract name."""
LONGEST_CAPTURE: Final = 300
"""Seconds."""
DEFAULT_CONTAINER: Final = "gatewaypublicdiagnostics"
"""Where captures go for which no container is named; so the CLI's help says."""
_KEY: Final = re.compile(r"[A-Za-z0-9]{1,128}\Z")
_DEFAULTS: Final = IPsecParameters(
    encryption_type="RequireEncryption",
    pfs_group="None",
    sa_data_size_kilobytes=102400000,
    sa_life_time_seconds=3600,
    hash_algorithm="SHA1",
)


# -- finding ----------------------------------------------------------------------------------------------------------


@client("the CLI takes 400 for a network without a gateway to show")
@assumed("the text is the recorded one of a deployment into a network that does not exist")
def find_network(draft: Draft, name: str) -> VirtualNetworkSite:
    """A virtual network; BadRequest if there is none of this name."""
    found = draft.virtual_networks.get(name)
    if found is None:
        raise BadRequest(f"The virtual network {name} does not exist.")
    return found


@assumed("the text is the recorded one of application gateways")
def find_gateway(draft: Draft, network_name: str) -> model.VirtualNetworkGateway:
    """The gateway of a virtual network; BadRequest without the network, ResourceNotFound without a gateway."""
    site = find_network(draft, network_name)
    found = draft.virtual_network_gateways.get(site.name)
    if found is None:
        raise ResourceNotFound("The gateway does not exist.")
    return found


def gateway_with_id(draft: Draft, gateway_id: str) -> model.VirtualNetworkGateway:
    """The gateway of this id; ResourceNotFound if there is none."""
    for found in draft.virtual_network_gateways.values():
        if found.id == gateway_id.lower():
            return found
    raise ResourceNotFound("The gateway does not exist.")


def check_provisioned(gateway: model.VirtualNetworkGateway) -> None:
    """ConflictError while a gateway is being made or taken away."""
    if gateway.state != PROVISIONED:
        raise ConflictError(f"The gateway of the virtual network {gateway.network_name} is {gateway.state}.")


def networks_with_gateways(draft: Draft) -> set[str]:
    """The names, in lower case, of the virtual networks that have a gateway."""
    return {found.network_name.lower() for found in draft.virtual_network_gateways.values()}


def connected_sites(draft: Draft, network_name: str) -> tuple[LocalSite, ...]:
    """The local network sites that the network configuration connects a virtual network to, in its order."""
    configuration = draft.subscription.network_configuration
    if configuration is None:
        return ()
    by_name = {site.name.lower(): site for site in configuration.local_sites}
    for site in configuration.sites:
        if site.name.lower() == network_name.lower() and site.gateway is not None:
            named = (by_name.get(connection.site.lower()) for connection in site.gateway.connections)
            return tuple(one for one in named if one is not None)
    return ()


@assumed("the refusal was never seen")
def find_local_site(draft: Draft, network_name: str, local_name: str) -> LocalSite:
    """A local network site that a virtual network is connected to; ResourceNotFound otherwise."""
    for site in connected_sites(draft, network_name):
        if site.name.lower() == local_name.lower():
            return site
    raise ResourceNotFound(
        f"The local network site {local_name} is not connected to the virtual network {network_name}."
    )


def lease_on(gateway: model.VirtualNetworkGateway) -> tuple[str, str]:
    """What a change of a gateway holds: one at a time (documented)."""
    return ("gateway", gateway.network_name.lower())


# -- making -----------------------------------------------------------------------------------------------------------


@documented("a network that has a gateway, or is getting one, gets no other: 409")
@assumed("that a gateway needs its subnet is documented; the texts were never seen, nor the type without a wish")
def new_gateway(
    draft: Draft, site: VirtualNetworkSite, made: str, kind: str | None, size: str | None
) -> model.VirtualNetworkGateway:
    """The gateway that a virtual network is to get, being provisioned; BadRequest or ConflictError if it cannot."""
    if site.name in draft.virtual_network_gateways:
        raise ConflictError(f"The virtual network {site.name} already has a gateway.")
    if subnet_of(site, GATEWAY_SUBNET) is None:
        raise BadRequest(f"The virtual network {site.name} has no subnet named GatewaySubnet.")
    return model.VirtualNetworkGateway(
        id=draft.make_guid("gateway", made),
        network_name=site.name,
        type=word(kind or "StaticRouting", TYPES, "gateway type"),
        size=word(size or "Default", SIZES, "gateway size"),
        state="Provisioning",
    )


def word(given: str, known: tuple[str, ...], what: str) -> str:
    """One of the words of an enumeration, in its own spelling; BadRequest for another."""
    for one in known:
        if one.lower() == given.strip().lower():
            return one
    raise BadRequest(f"The {what} {given} is invalid. It must be one of {', '.join(known)}.")


def change_gateway(
    draft: Draft,
    network_name: str,
    gateway_id: str,
    how: Callable[[model.VirtualNetworkGateway], model.VirtualNetworkGateway],
) -> None:
    """Change a gateway if it is still the one that was meant."""
    found = draft.virtual_network_gateways.get(network_name)
    if found is not None and found.id == gateway_id:
        draft.virtual_network_gateways[network_name] = how(found)


def change_link(
    draft: Draft, network_name: str, gateway_id: str, site: str, how: Callable[[model.SiteLink], model.SiteLink]
) -> None:
    """Change a gateway's connection to a local network site."""

    def changed(found: model.VirtualNetworkGateway) -> model.VirtualNetworkGateway:
        link = found.links.get(site.lower()) or model.SiteLink()
        return replace(found, links=found.links.insert(site.lower(), how(link)))

    change_gateway(draft, network_name, gateway_id, changed)


@effect
@assumed("the event's number and text")
def gateway_provisioned(draft: Draft, network_name: str, gateway_id: str) -> None:
    """The end of a creation: the gateway has an address.  It fails if the network is gone."""
    find_network(draft, network_name)
    event = model.GatewayEvent(
        id=23002,
        message=f"Successfully created a virtual network gateway for the following virtual network: {network_name}",
        timestamp=draft.now,
    )
    address = draft.take_public_address()
    change_gateway(
        draft, network_name, gateway_id, lambda one: replace(one, state=PROVISIONED, vip=address, event=event)
    )


@effect
def gateway_gone(draft: Draft, network_name: str, gateway_id: str) -> None:
    """The end of a deletion, and of a creation that failed."""
    found = draft.virtual_network_gateways.get(network_name)
    if found is not None and found.id == gateway_id:
        del draft.virtual_network_gateways[network_name]


@effect
def gateway_resized(draft: Draft, network_name: str, gateway_id: str, size: str) -> None:
    """The end of a change of size."""
    change_gateway(draft, network_name, gateway_id, lambda one: replace(one, size=size))


@effect
def gateway_reset(draft: Draft, network_name: str, gateway_id: str) -> None:
    """The end of a reset, after which everything is as it was."""


@client("the CLI's reset sends neither a size nor an operation")
def wanted_size(body: UpdateGatewayParameters) -> str | None:
    """The size that an update wants; None for a reset.  BadRequest if it wants neither."""
    what = word(body.operation or ("Resize" if body.gateway_size else "Reset"), ("Resize", "Reset"), "operation")
    if what == "Reset":
        return None
    if not body.gateway_size:
        raise BadRequest("The gateway size must be specified.")
    return word(body.gateway_size, SIZES, "gateway size")


# -- keys -------------------------------------------------------------------------------------------------------------


@documented("letters and digits, 128 at most")
def check_shared_key(key: str) -> str:
    """A shared key as it may be; BadRequest otherwise.  The key is not repeated in the refusal."""
    if not _KEY.match(key):
        raise BadRequest("The shared key is invalid. It must have between 1 and 128 letters and digits.")
    return key


@documented("between 1 and 128 characters")
def check_key_length(length: int) -> int:
    """The length of a key to make; BadRequest for one that no key has."""
    if not 1 <= length <= 128:
        raise BadRequest("The key length is invalid. It must be between 1 and 128.")
    return length


def make_shared_key(draft: Draft, length: int, *of: object) -> str:
    """Letters and digits that depend on the seed and on `of` alone."""
    start = draft.make_hex("shared key", *of).encode()
    found = "".join(
        base64.b64encode(hashlib.sha256(start + bytes([turn])).digest()).decode().translate({43: 120, 47: 121, 61: 122})
        for turn in range(4)
    )
    return found[:length]


def shared_key_of(draft: Draft, gateway: model.VirtualNetworkGateway, site: str) -> str:
    """The key of a connection: the one that was set, or the one made with the gateway."""
    link = gateway.links.get(site.lower())
    if link is not None and link.shared_key is not None:
        return link.shared_key
    return make_shared_key(draft, 32, gateway.id, site.lower())


# -- encryption -------------------------------------------------------------------------------------------------------


@assumed("the values of a connection for which none were set, and that any words are taken")
def merged_parameters(known: IPsecParameters, change: IPsecParameters) -> IPsecParameters:
    """Encryption after a change: what it does not name stays.  BadRequest for a lifetime that is none."""
    for lifetime in (change.sa_data_size_kilobytes, change.sa_life_time_seconds):
        if lifetime is not None and lifetime <= 0:
            raise BadRequest("The lifetime of a security association must be positive.")
    return IPsecParameters(
        encryption_type=change.encryption_type or known.encryption_type,
        pfs_group=change.pfs_group or known.pfs_group,
        sa_data_size_kilobytes=change.sa_data_size_kilobytes or known.sa_data_size_kilobytes,
        sa_life_time_seconds=change.sa_life_time_seconds or known.sa_life_time_seconds,
        hash_algorithm=change.hash_algorithm or known.hash_algorithm,
    )


def parameters_document(known: IPsecParameters) -> IPsecParameters:
    """How a connection is encrypted, defaults included."""
    return merged_parameters(_DEFAULTS, known)


# -- captures ---------------------------------------------------------------------------------------------------------


@client("without an operation the CLI means to start")
@assumed("what a capture needs; that a capture that was not started may be stopped")
def capture_wanted(body: UpdateGatewayPublicDiagnostics) -> tuple[int, str] | None:
    """How long to capture, in seconds, and the address of the result; None to stop.  BadRequest if it is unclear."""
    known = ("StartDiagnostics", "StopDiagnostics")
    if word(body.operation or known[0], known, "operation") == known[1]:
        return None
    seconds = body.capture_duration_in_seconds
    if seconds is None or not 1 <= seconds <= LONGEST_CAPTURE:
        raise BadRequest(f"The capture duration is invalid. It must be between 1 and {LONGEST_CAPTURE} seconds.")
    if not (body.customer_storage_name and body.customer_storage_key):
        raise BadRequest("The storage account and its key must be specified.")
    container = body.container_name or DEFAULT_CONTAINER
    return seconds, f"https://{body.customer_storage_name.lower()}.blob.core.windows.net/{container}"


@effect
def capture_started(draft: Draft, network_name: str, gateway_id: str, seconds: int, container: str) -> None:
    """The end of a start: from then on what passes is captured."""
    serial = draft.take_serial()
    blob = draft.make_hex("capture", gateway_id, serial)
    started = model.Capture(url=f"{container}/{blob}.txt", state="InProgress", serial=serial)
    change_gateway(draft, network_name, gateway_id, lambda one: replace(one, capture=started))
    draft.schedule(
        effect_name(capture_ended),
        draft.span("gateway.capture", seconds),
        network_name=network_name,
        gateway_id=gateway_id,
        serial=serial,
    )


@effect
def capture_ended(draft: Draft, network_name: str, gateway_id: str, serial: int | None = None) -> None:
    """A capture is over: its time is up, or somebody stopped it."""

    def ended(found: model.VirtualNetworkGateway) -> model.VirtualNetworkGateway:
        capture = found.capture
        if capture is None or serial not in (None, capture.serial):
            return found
        return replace(found, capture=replace(capture, state="Ready"))

    change_gateway(draft, network_name, gateway_id, ended)


@assumed("the words for the state, and that of a gateway that nothing was captured of")
def capture_document(gateway: model.VirtualNetworkGateway) -> GatewayPublicDiagnosticsStatus:
    """How the last capture of a gateway goes."""
    if gateway.capture is None:
        return GatewayPublicDiagnosticsStatus(state="None")
    return GatewayPublicDiagnosticsStatus(public_diagnostics_url=gateway.capture.url, state=gateway.capture.state)


def event_document(event: model.GatewayEvent | None) -> GatewayEvent | None:
    """What last happened, as answers have it."""
    if event is None:
        return None
    return GatewayEvent(id=event.id, message=event.message, timestamp=event.timestamp)
