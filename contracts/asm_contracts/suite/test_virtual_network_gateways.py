"""Gateways in their newer form, by id: their life, local network gateways, and connections between the two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from asm_contracts.areas.gateways import (
    BgpSettings,
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
    LocalNetworkGateway,
    UpdateGatewayConnectionParameters,
    UpdateLocalNetworkGatewayParameters,
    VirtualNetworkGateway,
)
from asm_contracts.evidence import assumed, client
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.networks import OFFICE, OFFICE_GATEWAY, done, listed, make_network
from asm_contracts.suite.worlds import refused, unchanged

NOBODYS = "00000000-0000-4000-8000-000000000000"


def make_gateway(azure: Azure, names: Names) -> VirtualNetworkGateway:
    """A gateway of a network of its own."""
    network, name = make_network(azure, names).name, names.free()
    site = listed(azure, network)
    assert site is not None and site.id is not None
    body = CreateVirtualNetworkGatewayParameters(
        gateway_name=name, gateway_type="DynamicRouting", vnet_id=site.id, bgp_settings=BgpSettings(asn=4_200_000_000)
    )
    names.adopt("network gateway", network)
    done(azure, azure.create_network_gateway(network, body))
    (found,) = [one for one in azure.list_network_gateways().items if one.gateway_name == name]
    assert found.vnet_id == site.id
    return found


def make_local(azure: Azure, names: Names) -> str:
    """The other end of a connection; its id."""
    body = CreateLocalNetworkGatewayParameters(
        address_space=(OFFICE,), gateway_name=names.free(), ip_address=OFFICE_GATEWAY
    )
    made = azure.create_local_network_gateway(body).data.decode().strip()
    return names.adopt("local network gateway", made)


@dataclass(frozen=True, slots=True)
class Line:
    """A connection."""

    gateway: str
    local: str
    name: str


@pytest.fixture(scope="module")
def gateway(azure: Azure, module_names: Names) -> str:
    """The id of a gateway, which all tests here have in common: one takes half an hour to come."""
    return make_gateway(azure, module_names).gateway_id


@pytest.fixture
def line(azure: Azure, names: Names, gateway: str) -> Line:
    """A connection of the gateway with a local network gateway of the test's own."""
    made = Line(gateway, make_local(azure, names), names.free())
    names.adopt("gateway connection", f"{made.gateway}/connectedentity/{made.local}")
    done(azure, azure.create_gateway_connection(wish(made)))
    return made


def wish(made: Line, kind: str = "IPsec") -> CreateGatewayConnectionParameters:
    """The body that makes a connection."""
    return CreateGatewayConnectionParameters(
        connected_entity_id=made.local,
        gateway_connection_name=made.name,
        gateway_connection_type=kind,
        virtual_network_gateway_id=made.gateway,
        routing_weight=10,
        shared_key="Secret1",
    )


# -- gateways ---------------------------------------------------------------------------------------------------------


@assumed("both forms are of the same gateways")
def test_a_gateway_comes_and_goes(azure: Azure, names: Names) -> None:
    made = make_gateway(azure, names)
    assert (made.state, made.gateway_type, made.gateway_size) == ("Provisioned", "DynamicRouting", "Default")
    assert made.enable_bgp is True and made.bgp_settings == BgpSettings(asn=4_200_000_000)
    found = azure.get_network_gateway(made.gateway_id)
    assert found == made
    (network,) = [one.name for one in azure.list_virtual_network_sites().items if one.id == made.vnet_id]
    older = azure.get_virtual_network_gateway(network)
    assert (older.gateway_id, older.vip_address, older.state) == (made.gateway_id, made.vip_address, made.state)
    with refused(409, "ConflictError"):
        azure.create_network_gateway(network, CreateVirtualNetworkGatewayParameters(gateway_name=names.free()))
    deletion = azure.delete_network_gateway(made.gateway_id)
    if azure.controls_time:
        assert azure.get_network_gateway(made.gateway_id).state == "Deprovisioning"
    done(azure, deletion)
    assert made.gateway_id not in [one.gateway_id for one in azure.list_network_gateways().items]
    assert azure.get_virtual_network_gateway(network).state == "NotProvisioned"


@assumed("a gateway is for the network that the address names")
def test_gateways_that_cannot_be(azure: Azure, names: Names) -> None:
    network = make_network(azure, names).name
    names.adopt("network gateway", network)
    wrong = (
        CreateVirtualNetworkGatewayParameters(gateway_name="one", vnet_id=NOBODYS),
        CreateVirtualNetworkGatewayParameters(gateway_name="one", gateway_type="Magic"),
        CreateVirtualNetworkGatewayParameters(gateway_name="one", gateway_size="Enormous"),
        CreateVirtualNetworkGatewayParameters(gateway_name="one", bgp_settings=BgpSettings(asn=0)),
    )
    with unchanged(lambda: azure.get_virtual_network_gateway(network)):
        for body in wrong:
            with refused(400, "BadRequest"):
                azure.create_network_gateway(network, body)
        with refused(400, "BadRequest"):
            azure.create_network_gateway(names.free(), CreateVirtualNetworkGatewayParameters(gateway_name="one"))
    calls: list[Callable[[], object]] = [
        lambda: azure.get_network_gateway(NOBODYS),
        lambda: azure.update_network_gateway(NOBODYS, UpdateGatewayParameters(operation="Reset")),
        lambda: azure.delete_network_gateway(NOBODYS),
        lambda: azure.get_network_gateway_diagnostics(NOBODYS),
    ]
    for call in calls:
        with refused(404, "ResourceNotFound"):
            call()


@assumed("as in the older form")
def test_a_gateway_is_resized_and_captured(azure: Azure, gateway: str) -> None:
    done(azure, azure.update_network_gateway(gateway, UpdateGatewayParameters(gateway_size="Standard")))
    assert azure.get_network_gateway(gateway).gateway_size == "Standard"
    with unchanged(lambda: azure.get_network_gateway(gateway)):
        done(azure, azure.update_network_gateway(gateway, UpdateGatewayParameters(operation="Reset")))
        with refused(400, "BadRequest"):
            azure.update_network_gateway(gateway, UpdateGatewayParameters(operation="Resize"))
    start = UpdateGatewayPublicDiagnostics(
        capture_duration_in_seconds=300,
        container_name="logs",
        customer_storage_key="a2V5",
        operation="StartDiagnostics",
    )
    with refused(400, "BadRequest"):  # into which account?
        azure.update_network_gateway_diagnostics(gateway, start)
    body = UpdateGatewayPublicDiagnostics(
        capture_duration_in_seconds=300, container_name="logs", customer_storage_key="a2V5",
        customer_storage_name="asmnobodys", operation="StartDiagnostics",
    )  # fmt: skip
    done(azure, azure.update_network_gateway_diagnostics(gateway, body))
    found = azure.get_network_gateway_diagnostics(gateway)
    assert found.public_diagnostics_url.startswith("https://asmnobodys.blob.core.windows.net/logs/")
    stop = UpdateGatewayPublicDiagnostics(operation="StopDiagnostics")
    done(azure, azure.update_network_gateway_diagnostics(gateway, stop))
    assert azure.get_network_gateway_diagnostics(gateway).state == "Ready"


# -- local network gateways -------------------------------------------------------------------------------------------


@client("the whole body of a creation's answer is the id")
def test_a_local_network_gateway_comes_changes_and_goes(azure: Azure, names: Names) -> None:
    made = make_local(azure, names)
    found = azure.get_local_network_gateway(made)
    assert (found.id, found.address_space, found.ip_address) == (made, (OFFICE,), OFFICE_GATEWAY)
    assert found in azure.list_local_network_gateways().items
    body = UpdateLocalNetworkGatewayParameters(address_space=("10.9.0.0/16",), bgp_settings=BgpSettings(asn=65001))
    azure.update_local_network_gateway(made, body)
    changed = azure.get_local_network_gateway(made)
    assert (changed.address_space, changed.gateway_name) == (("10.9.0.0/16",), found.gateway_name)
    assert changed.bgp_settings == BgpSettings(asn=65001) and changed.ip_address == OFFICE_GATEWAY
    azure.update_local_network_gateway(made, UpdateLocalNetworkGatewayParameters(address_space=(OFFICE,)))
    assert azure.get_local_network_gateway(made).bgp_settings == BgpSettings(asn=65001), "what is not named stays"
    azure.delete_local_network_gateway(made)
    for gone in (azure.get_local_network_gateway, azure.delete_local_network_gateway):
        with refused(404, "ResourceNotFound"):
            gone(made)
    assert made not in [one.id for one in azure.list_local_network_gateways().items]


@assumed("names are unique, whatever their case; addresses are addresses")
def test_local_network_gateways_that_cannot_be(azure: Azure, names: Names) -> None:
    made = make_local(azure, names)
    taken = azure.get_local_network_gateway(made).gateway_name.upper()
    given: dict[str, Any] = {"gateway_name": names.free(), "ip_address": OFFICE_GATEWAY, "address_space": (OFFICE,)}
    mine = (made, given["gateway_name"])

    def those() -> list[LocalNetworkGateway]:
        return [one for one in azure.list_local_network_gateways().items if {one.id, one.gateway_name} & {*mine}]

    with unchanged(those):
        with refused(409, "ConflictError"):
            azure.create_local_network_gateway(CreateLocalNetworkGatewayParameters(**(given | {"gateway_name": taken})))
        for wrong in (
            {"gateway_name": None},
            {"ip_address": None},
            {"ip_address": "somewhere"},
            {"address_space": ("everything",)},
        ):
            with refused(400, "BadRequest"):
                azure.create_local_network_gateway(CreateLocalNetworkGatewayParameters(**(given | wrong)))
        for change in (
            UpdateLocalNetworkGatewayParameters(address_space=("everything",)),
            UpdateLocalNetworkGatewayParameters(bgp_settings=BgpSettings(asn=0)),
        ):
            with refused(400, "BadRequest"):
                azure.update_local_network_gateway(made, change)
    with refused(404, "ResourceNotFound"):
        azure.update_local_network_gateway(NOBODYS, UpdateLocalNetworkGatewayParameters())


# -- connections ------------------------------------------------------------------------------------------------------


@assumed("a connection keeps both of its ends, and what a change does not name")
def test_a_connection_comes_changes_and_goes(azure: Azure, line: Line) -> None:
    ends = (line.gateway, line.local)
    found = azure.get_gateway_connection(*ends)
    assert (found.gateway_connection_name, found.gateway_connection_type) == (line.name, "IPsec")
    assert (found.routing_weight, found.enable_bgp) == (10, False)
    assert found in azure.list_gateway_connections().items
    with unchanged(lambda: azure.get_gateway_connection(*ends)):
        for kept in (
            lambda: azure.delete_network_gateway(line.gateway),
            lambda: azure.delete_local_network_gateway(line.local),
            lambda: azure.create_gateway_connection(wish(line)),
        ):
            with refused(409, "ConflictError"):
                kept()
    change = UpdateGatewayConnectionParameters(routing_weight=0, enable_bgp=True)
    done(azure, azure.update_gateway_connection(*ends, change))
    changed = azure.get_gateway_connection(*ends)
    assert (changed.routing_weight, changed.enable_bgp, changed.shared_key) == (0, True, found.shared_key)
    done(azure, azure.delete_gateway_connection(*ends))
    for gone in (azure.get_gateway_connection, azure.delete_gateway_connection):
        with refused(404, "ResourceNotFound"):
            gone(*ends)
    azure.delete_local_network_gateway(line.local)


@assumed("what is to be connected exists, and the connection has a name")
def test_connections_that_cannot_be(azure: Azure, names: Names, gateway: str) -> None:
    local = make_local(azure, names)

    def lines() -> list[GatewayConnection]:
        found = azure.list_gateway_connections().items
        return [one for one in found if gateway == one.virtual_network_gateway_id]

    with unchanged(lines):
        for missing in (
            Line(gateway, NOBODYS, "line"),
            Line(NOBODYS, local, "line"),
        ):
            with refused(404, "ResourceNotFound"):
                azure.create_gateway_connection(wish(missing))
        with refused(404, "ResourceNotFound"):
            azure.create_gateway_connection(wish(Line(gateway, local, "line"), "VNet2VNet"))
        for wrong in (wish(Line(gateway, local, "")), wish(Line(gateway, "", "line"))):
            with refused(400, "BadRequest"):
                azure.create_gateway_connection(wrong)
        with refused(400, "BadRequest"):
            azure.create_gateway_connection(wish(Line(gateway, local, "line"), "Pigeon"))


@assumed("keys and encryption are as in the older form")
def test_the_keys_and_the_encryption_of_a_connection(azure: Azure, line: Line) -> None:
    ends = (line.gateway, line.local)

    def key() -> str:
        return azure.get_gateway_connection_shared_key(*ends).value

    assert key() == "Secret1"
    done(azure, azure.set_gateway_connection_shared_key(*ends, SharedKey(value="Secret2")))
    assert key() == "Secret2"
    with unchanged(key):
        with refused(400, "BadRequest"):
            azure.set_gateway_connection_shared_key(*ends, SharedKey(value="with-dash"))
        with refused(400, "BadRequest"):
            azure.reset_gateway_connection_shared_key(*ends, ResetSharedKey(key_length=129))
    done(azure, azure.reset_gateway_connection_shared_key(*ends, ResetSharedKey(key_length=40)))
    assert len(key()) == 40
    before = azure.get_gateway_connection_ipsec_parameters(*ends)
    change = IPsecParameters(hash_algorithm="SHA256")
    done(azure, azure.set_gateway_connection_ipsec_parameters(*ends, change))
    after = azure.get_gateway_connection_ipsec_parameters(*ends)
    assert (after.hash_algorithm, after.encryption_type) == ("SHA256", before.encryption_type)
    with refused(400, "BadRequest"):
        azure.set_gateway_connection_ipsec_parameters(*ends, IPsecParameters(sa_data_size_kilobytes=-5))


@assumed("what belongs to a connection is not found where there is none")
def test_a_connection_that_is_not_there(azure: Azure, gateway: str) -> None:
    ends = (gateway, NOBODYS)
    calls: list[Callable[[], object]] = [
        lambda: azure.get_gateway_connection(*ends),
        lambda: azure.update_gateway_connection(*ends, UpdateGatewayConnectionParameters(routing_weight=1)),
        lambda: azure.get_gateway_connection_shared_key(*ends),
        lambda: azure.set_gateway_connection_shared_key(*ends, SharedKey(value="Secret1")),
        lambda: azure.reset_gateway_connection_shared_key(*ends, ResetSharedKey(key_length=8)),
        lambda: azure.get_gateway_connection_ipsec_parameters(*ends),
        lambda: azure.set_gateway_connection_ipsec_parameters(*ends, IPsecParameters()),
    ]
    for call in calls:
        with refused(404, "ResourceNotFound"):
            call()
