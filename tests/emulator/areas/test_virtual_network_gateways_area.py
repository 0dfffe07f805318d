"""The newer form of virtual network gateways: by id, with connections and local network gateways."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from asm_client import Client
from asm_contracts.areas.gateways import (
    BgpSettings,
    GatewayOperationAsyncResponse,
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
    UpdateGatewayConnectionParameters,
    UpdateLocalNetworkGatewayParameters,
)
from asm_contracts.codec import xml
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound, ServiceError
from asm_emulator import model
from asm_emulator.emulator import Emulator

Refused = Callable[[type[ServiceError], str], object]
Done = Callable[[GatewayOperationAsyncResponse], None]


@pytest.fixture
def done(emulator: Emulator, azure: Client) -> Done:
    """Let an operation come to its end, which is well."""

    def end(answer: GatewayOperationAsyncResponse) -> None:
        assert azure.get_virtual_network_gateway_operation_status(answer.id).status == "InProgress"
        emulator.advance(timedelta(hours=1))
        assert azure.get_virtual_network_gateway_operation_status(answer.id).status == "Successful"

    return end


@pytest.fixture
def gateway(emulator: Emulator, azure: Client, done: Done) -> str:
    """The id of a gateway."""
    site = model.VirtualNetworkSite(
        name="net",
        id="5c1f4bd2-0000-4000-8000-000000000001",
        address_prefixes=("10.1.0.0/16",),
        subnets=(model.Subnet(name="GatewaySubnet", address_prefix="10.1.255.0/27"),),
        location="West US",
    )

    def add(draft: object) -> None:
        draft.virtual_networks["net"] = site  # type: ignore[attr-defined]

    emulator.engine.change(emulator.subscription, add)
    done(
        azure.create_network_gateway(
            "net",
            CreateVirtualNetworkGatewayParameters(
                gateway_name="first", vnet_id=site.id.upper(), bgp_settings=BgpSettings(asn=4_200_000_000)
            ),
        )
    )
    (found,) = azure.list_network_gateways().items
    return found.gateway_id


@pytest.fixture
def local(azure: Client) -> str:
    """The id of a local network gateway."""
    answer = azure.create_local_network_gateway(
        CreateLocalNetworkGatewayParameters(
            address_space=("192.168.0.0/16",), gateway_name="office", ip_address="203.0.113.7"
        )
    )
    return answer.data.decode()


@pytest.fixture
def joined(azure: Client, done: Done, gateway: str, local: str) -> tuple[str, str]:
    """A gateway and the local network gateway that it is connected with."""
    done(
        azure.create_gateway_connection(
            CreateGatewayConnectionParameters(
                connected_entity_id=local,
                gateway_connection_name="line",
                gateway_connection_type="ipsec",
                virtual_network_gateway_id=gateway,
                routing_weight=10,
                shared_key="Secret1",
            )
        )
    )
    return gateway, local


def test_both_forms_are_of_the_same_gateway(azure: Client, gateway: str) -> None:
    found = azure.get_network_gateway(gateway.upper())
    assert (found.gateway_name, found.state, found.location) == ("first", "Provisioned", "West US")
    assert (found.enable_bgp, found.bgp_settings) == (True, BgpSettings(asn=4_200_000_000))
    older = azure.get_virtual_network_gateway("net")
    assert (older.gateway_id, older.vip_address) == (gateway, found.vip_address)


def test_a_gateway_of_another_network_id_is_refused(azure: Client, done: Done, gateway: str, refused: Refused) -> None:
    done(azure.delete_network_gateway(gateway))
    with refused(BadRequest, "The virtual network net has not the id other."):
        azure.create_network_gateway("net", CreateVirtualNetworkGatewayParameters(vnet_id="other"))


def test_resizing_resetting_deleting(azure: Client, done: Done, gateway: str) -> None:
    done(azure.update_network_gateway(gateway, UpdateGatewayParameters(gateway_size="Standard")))
    assert azure.get_network_gateway(gateway).gateway_size == "Standard"
    done(azure.update_network_gateway(gateway, UpdateGatewayParameters(operation="Reset")))
    done(azure.delete_network_gateway(gateway))
    assert azure.list_network_gateways().items == ()
    with pytest.raises(ResourceNotFound):
        azure.get_network_gateway(gateway)


def test_captures_by_id(azure: Client, done: Done, gateway: str) -> None:
    done(
        azure.update_network_gateway_diagnostics(
            gateway,
            UpdateGatewayPublicDiagnostics(
                capture_duration_in_seconds=30,
                container_name="logs",
                customer_storage_key="key",
                customer_storage_name="account",
                operation="StartDiagnostics",
            ),
        )
    )
    assert azure.get_network_gateway_diagnostics(gateway).state == "Ready"
    done(azure.update_network_gateway_diagnostics(gateway, UpdateGatewayPublicDiagnostics(operation="StopDiagnostics")))


def test_local_network_gateways(azure: Client, local: str, refused: Refused) -> None:
    found = azure.get_local_network_gateway(local)
    body = xml.encode(found)
    assert b'<AddressSpace xmlns="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><string>' in body
    assert azure.list_local_network_gateways().items == (found,)
    azure.update_local_network_gateway(
        local, UpdateLocalNetworkGatewayParameters(address_space=("10.9.0.0/16",), bgp_settings=BgpSettings(asn=65001))
    )
    changed = azure.get_local_network_gateway(local)
    assert (changed.address_space, changed.gateway_name) == (("10.9.0.0/16",), "office")
    again = CreateLocalNetworkGatewayParameters(gateway_name="OFFICE", ip_address="203.0.113.9")
    with refused(ConflictError, "A local network gateway named OFFICE already exists."):
        azure.create_local_network_gateway(again)
    with refused(BadRequest, "The address prefix everything is invalid."):
        azure.update_local_network_gateway(local, UpdateLocalNetworkGatewayParameters(address_space=("everything",)))
    with refused(BadRequest, "The autonomous system number 0 is invalid."):
        azure.update_local_network_gateway(local, UpdateLocalNetworkGatewayParameters(bgp_settings=BgpSettings(asn=0)))
    azure.delete_local_network_gateway(local)
    with refused(ResourceNotFound, "The local network gateway does not exist."):
        azure.get_local_network_gateway(local)


def test_what_the_node_client_sends_of_a_local_network_gateway_is_read() -> None:
    body = (
        b'<CreateLocalNetworkGatewayParameters xmlns="http://schemas.microsoft.com/windowsazure">'
        b'<AddressSpace xmlns="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><string>10.0.0.0/8</string>'
        b"</AddressSpace><GatewayName>office</GatewayName><IpAddress>203.0.113.7</IpAddress>"
        b"</CreateLocalNetworkGatewayParameters>"
    )
    read = xml.decode(CreateLocalNetworkGatewayParameters, body, strict=True)
    assert (read.address_space, read.gateway_name) == (("10.0.0.0/8",), "office")


def test_a_connection(azure: Client, done: Done, joined: tuple[str, str]) -> None:
    found = azure.get_gateway_connection(*joined)
    assert azure.list_gateway_connections().items == (found,)
    assert (found.gateway_connection_name, found.gateway_connection_type, found.routing_weight) == ("line", "IPsec", 10)
    done(azure.update_gateway_connection(*joined, UpdateGatewayConnectionParameters(routing_weight=0, enable_bgp=True)))
    changed = azure.get_gateway_connection(*joined)
    assert (changed.routing_weight, changed.enable_bgp, changed.shared_key) == (0, True, "Secret1")
    done(azure.delete_gateway_connection(*joined))
    assert azure.list_gateway_connections().items == ()


def test_the_keys_and_the_encryption_of_a_connection(
    emulator: Emulator, azure: Client, done: Done, joined: tuple[str, str]
) -> None:
    assert azure.get_gateway_connection_shared_key(*joined).value == "Secret1"
    done(azure.set_gateway_connection_shared_key(*joined, SharedKey(value="Secret2")))
    assert azure.get_gateway_connection_shared_key(*joined).value == "Secret2"
    done(azure.reset_gateway_connection_shared_key(*joined, ResetSharedKey(key_length=40)))
    assert len(azure.get_gateway_connection_shared_key(*joined).value) == 40
    done(azure.set_gateway_connection_ipsec_parameters(*joined, IPsecParameters(hash_algorithm="SHA256")))
    assert azure.get_gateway_connection_ipsec_parameters(*joined).hash_algorithm == "SHA256"
    records = emulator.engine.state.subscriptions[emulator.subscription].operations.values()
    assert "Secret" not in str([record.arguments for record in records])


def test_what_is_connected_stays(azure: Client, joined: tuple[str, str], refused: Refused) -> None:
    gateway, local = joined
    for delete in (
        lambda: azure.delete_network_gateway(gateway),
        lambda: azure.delete_virtual_network_gateway("net"),
    ):
        with refused(ConflictError, f"The gateway {gateway} has the connection line."):
            delete()
    with refused(ConflictError, "The local network gateway office is in use by the connection line."):
        azure.delete_local_network_gateway(local)


def test_connections_that_cannot_be(azure: Client, joined: tuple[str, str], refused: Refused) -> None:
    gateway, local = joined

    def wish(entity: str, kind: str = "IPsec", of: str = gateway) -> CreateGatewayConnectionParameters:
        return CreateGatewayConnectionParameters(
            connected_entity_id=entity,
            gateway_connection_name="second",
            gateway_connection_type=kind,
            virtual_network_gateway_id=of,
        )

    with refused(ConflictError, f"The gateway {gateway} is already connected with {local}."):
        azure.create_gateway_connection(wish(local))
    with refused(ResourceNotFound, "The local network gateway does not exist."):
        azure.create_gateway_connection(wish("nothing"))
    with refused(ResourceNotFound, "The gateway does not exist."):
        azure.create_gateway_connection(wish(local, "VNet2VNet"))
    with refused(ResourceNotFound, "The gateway does not exist."):
        azure.create_gateway_connection(wish(local, of="nothing"))
    with refused(
        BadRequest, "The name of the gateway connection and the id of the connected entity must be specified."
    ):
        azure.create_gateway_connection(wish(""))
    with refused(ResourceNotFound, "The gateway connection does not exist."):
        azure.get_gateway_connection(gateway, "nothing")
