"""Virtual network gateways: their life, their connections, and the tracker of their own."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from asm_client import Client
from asm_contracts.areas.gateways import (
    CreateGatewayParameters,
    DefaultSiteList,
    GatewayOperationAsyncResponse,
    IPsecParameters,
    ResetSharedKey,
    SharedKey,
    UpdateConnection,
    UpdateGatewayParameters,
    UpdateGatewayPublicDiagnostics,
    VpnClientParameters,
)
from asm_contracts.codec import xml
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound, ServiceError
from asm_contracts.operation import RawBody
from asm_emulator.emulator import Emulator

Refused = Callable[[type[ServiceError], str], object]
NETWORKS = """<?xml version="1.0" encoding="utf-8"?>
<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">
  <VirtualNetworkConfiguration>
    <LocalNetworkSites>
      <LocalNetworkSite name="office">
        <AddressSpace><AddressPrefix>192.168.0.0/16</AddressPrefix></AddressSpace>
        <VPNGatewayAddress>203.0.113.7</VPNGatewayAddress>
      </LocalNetworkSite>
      <LocalNetworkSite name="elsewhere">
        <AddressSpace><AddressPrefix>172.16.0.0/16</AddressPrefix></AddressSpace>
        <VPNGatewayAddress>203.0.113.8</VPNGatewayAddress>
      </LocalNetworkSite>
    </LocalNetworkSites>
    <VirtualNetworkSites>
      <VirtualNetworkSite name="net" Location="West US">
        <AddressSpace><AddressPrefix>10.1.0.0/16</AddressPrefix></AddressSpace>
        <Subnets>
          <Subnet name="front"><AddressPrefix>10.1.1.0/24</AddressPrefix></Subnet>
          <Subnet name="GatewaySubnet"><AddressPrefix>10.1.255.0/27</AddressPrefix></Subnet>
        </Subnets>
        <Gateway>
          <ConnectionsToLocalNetwork>
            <LocalNetworkSiteRef name="office"><Connection type="IPsec" /></LocalNetworkSiteRef>
          </ConnectionsToLocalNetwork>
        </Gateway>
      </VirtualNetworkSite>
      <VirtualNetworkSite name="bare" Location="West US">
        <AddressSpace><AddressPrefix>10.2.0.0/16</AddressPrefix></AddressSpace>
        <Subnets><Subnet name="front"><AddressPrefix>10.2.1.0/24</AddressPrefix></Subnet></Subnets>
      </VirtualNetworkSite>
    </VirtualNetworkSites>
  </VirtualNetworkConfiguration>
</NetworkConfiguration>
"""


@pytest.fixture
def networks(emulator: Emulator, azure: Client) -> None:
    azure.set_network_configuration(RawBody(NETWORKS.encode(), "text/plain"))
    emulator.advance(timedelta(minutes=1))


@pytest.fixture
def gateway(emulator: Emulator, azure: Client, networks: None) -> str:
    """A gateway of the network `net`, provisioned; its id."""
    azure.create_virtual_network_gateway("net", CreateGatewayParameters(gateway_type="DynamicRouting"))
    emulator.advance(timedelta(hours=1))
    made = azure.get_virtual_network_gateway("net").gateway_id
    assert made is not None
    return made


@pytest.fixture
def done(emulator: Emulator, azure: Client) -> Callable[[GatewayOperationAsyncResponse], str]:
    """Let an operation come to its end, which is well; the data it leaves."""

    def end(answer: GatewayOperationAsyncResponse) -> str:
        assert azure.get_virtual_network_gateway_operation_status(answer.id).status == "InProgress"
        emulator.advance(timedelta(hours=1))
        ended = azure.get_virtual_network_gateway_operation_status(answer.id)
        assert (ended.status, ended.http_status_code, ended.error) == ("Successful", "OK", None)
        return ended.data

    return end


Done = Callable[[GatewayOperationAsyncResponse], str]


def test_a_network_without_a_gateway_says_so(azure: Client, networks: None) -> None:
    found = azure.get_virtual_network_gateway("NET")
    assert xml.encode(found).endswith(b"><State>NotProvisioned</State></Gateway>")


@pytest.mark.usefixtures("networks")
def test_an_unknown_network_is_a_bad_request(azure: Client, refused: Refused) -> None:
    with refused(BadRequest, "The virtual network nowhere does not exist."):
        azure.get_virtual_network_gateway("nowhere")
    with refused(BadRequest, "The virtual network nowhere does not exist."):
        azure.create_virtual_network_gateway("nowhere", CreateGatewayParameters())


@pytest.mark.usefixtures("networks")
def test_the_life_of_a_gateway_and_of_its_operation(emulator: Emulator, azure: Client, refused: Refused) -> None:
    answer = azure.create_virtual_network_gateway("Net", CreateGatewayParameters())
    running = azure.get_virtual_network_gateway_operation_status(answer.id)
    assert re.fullmatch(
        rb"<GatewayOperation [^>]*><Data/><HealthStatus/><ID>[0-9a-f-]{36}</ID>"
        rb"<OperationName>CreateVirtualNetworkGateway</OperationName>"
        rb"<OperationStartedTime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}</OperationStartedTime>"
        rb"<Status>InProgress</Status></GatewayOperation>",
        xml.encode(running),
    )
    assert azure.get_virtual_network_gateway("net").state == "Provisioning"
    with refused(ConflictError, "The virtual network net already has a gateway."):
        azure.create_virtual_network_gateway("net", CreateGatewayParameters())
    with refused(ConflictError, "The gateway of the virtual network net is Provisioning."):
        azure.delete_virtual_network_gateway("net")

    emulator.advance(timedelta(minutes=28))
    ended = azure.get_virtual_network_gateway_operation_status(answer.id)
    assert (ended.status, ended.http_status_code) == ("Successful", "OK")
    assert ended.operation_completed_time is not None
    assert ended.operation_completed_time > ended.operation_started_time
    found = azure.get_virtual_network_gateway("net")
    assert (found.state, found.gateway_type, found.gateway_size) == ("Provisioned", "StaticRouting", "Default")
    assert found.vip_address
    assert found.last_event is not None

    deletion = azure.delete_virtual_network_gateway("net")
    assert azure.get_virtual_network_gateway("net").state == "Deprovisioning"
    emulator.advance(timedelta(seconds=40))
    assert azure.get_virtual_network_gateway_operation_status(deletion.id).status == "Successful"
    assert azure.get_virtual_network_gateway("net").state == "NotProvisioned"


def test_the_order_of_a_gateway_is_the_recorded_one(azure: Client, gateway: str) -> None:
    body = xml.encode(azure.get_virtual_network_gateway("net")).decode()
    assert re.findall(r"<(\w+)", body)[1:] == [
        "GatewayType", "LastEvent", "Id", "Message", "Timestamp", "State", "VIPAddress", "DefaultSites", "GatewaySize",
        "GatewayId",
    ]  # fmt: skip
    assert gateway in body


@pytest.mark.usefixtures("networks")
def test_a_gateway_needs_its_subnet_and_known_words(azure: Client, refused: Refused) -> None:
    with refused(BadRequest, "The virtual network bare has no subnet named GatewaySubnet."):
        azure.create_virtual_network_gateway("bare", CreateGatewayParameters())
    with refused(
        BadRequest, "The gateway type Magic is invalid. It must be one of StaticRouting, DynamicRouting, Dedicated."
    ):
        azure.create_virtual_network_gateway("net", CreateGatewayParameters(gateway_type="Magic"))


@pytest.mark.usefixtures("networks")
def test_a_creation_fails_if_its_network_goes(emulator: Emulator, azure: Client) -> None:
    answer = azure.create_virtual_network_gateway("net", CreateGatewayParameters())
    emulator.engine.change(emulator.subscription, lambda draft: draft.virtual_networks.pop("net"))
    emulator.advance(timedelta(hours=1))
    ended = azure.get_virtual_network_gateway_operation_status(answer.id)
    assert (ended.status, ended.http_status_code) == ("Failed", "BadRequest")
    assert ended.error is not None
    assert (ended.error.code, ended.error.message) == ("BadRequest", "The virtual network net does not exist.")
    assert emulator.engine.state.subscriptions[emulator.subscription].virtual_network_gateways.get("net") is None


def test_an_operation_nobody_began_is_not_found(azure: Client) -> None:
    with pytest.raises(ResourceNotFound):
        azure.get_virtual_network_gateway_operation_status("00000000-0000-0000-0000-000000000000")


@pytest.mark.usefixtures("networks")
def test_what_needs_a_gateway_says_that_there_is_none(azure: Client, refused: Refused) -> None:
    for call in (
        lambda: azure.delete_virtual_network_gateway("net"),
        lambda: azure.list_virtual_network_gateway_connections("net"),
        lambda: azure.get_virtual_network_gateway_shared_key("net", "office"),
        lambda: azure.update_virtual_network_gateway("net", UpdateGatewayParameters(operation="Reset")),
        lambda: azure.list_client_root_certificates("net"),
    ):
        with refused(ResourceNotFound, "The gateway does not exist."):
            call()


@pytest.mark.usefixtures("gateway")
def test_resizing_resetting_and_that_only_one_goes_on_at_a_time(azure: Client, done: Done) -> None:
    answer = azure.update_virtual_network_gateway(
        "net", UpdateGatewayParameters(gateway_size="highperformance", operation="Resize")
    )
    with pytest.raises(ConflictError, match="on this gateway that requires exclusive access"):
        azure.update_virtual_network_gateway("net", UpdateGatewayParameters(operation="Reset"))
    assert azure.get_virtual_network_gateway("net").gateway_size == "Default"
    done(answer)
    assert azure.get_virtual_network_gateway("net").gateway_size == "HighPerformance"
    before = azure.get_virtual_network_gateway("net")
    done(azure.update_virtual_network_gateway("net", UpdateGatewayParameters()))
    assert azure.get_virtual_network_gateway("net") == before


@pytest.mark.usefixtures("gateway")
def test_resizing_to_nothing_is_refused(azure: Client, refused: Refused) -> None:
    with refused(BadRequest, "The gateway size must be specified."):
        azure.update_virtual_network_gateway("net", UpdateGatewayParameters(operation="Resize"))


@pytest.mark.usefixtures("gateway")
def test_connections_follow_the_network_configuration(azure: Client, done: Done) -> None:
    (connection,) = azure.list_virtual_network_gateway_connections("net").items
    assert (connection.local_network_site_name, connection.connectivity_state) == ("office", "NotConnected")
    assert connection.last_connection_established == "0001-01-01T00:00:00"
    done(azure.update_virtual_network_gateway_connection("net", "OFFICE", UpdateConnection(operation="Connect")))
    (connection,) = azure.list_virtual_network_gateway_connections("net").items
    assert connection.connectivity_state == "Connected"
    assert connection.last_event is not None
    assert connection.last_event.message.endswith("changed from Not Connected to Connected.")
    assert not connection.last_connection_established.startswith("0001")
    done(azure.update_virtual_network_gateway_connection("net", "office", UpdateConnection(operation="Test")))
    assert azure.list_virtual_network_gateway_connections("net").items == (connection,)
    done(azure.update_virtual_network_gateway_connection("net", "office", UpdateConnection(operation="Disconnect")))
    (connection,) = azure.list_virtual_network_gateway_connections("net").items
    assert connection.connectivity_state == "NotConnected"


@pytest.mark.usefixtures("gateway")
def test_the_order_of_a_connection_is_the_recorded_one(azure: Client, done: Done) -> None:
    done(azure.update_virtual_network_gateway_connection("net", "office", UpdateConnection(operation="Connect")))
    body = xml.encode(azure.list_virtual_network_gateway_connections("net")).decode()
    assert re.findall(r"<(\w+)", body)[1:] == [
        "Connection", "AllocatedIPAddresses", "ConnectivityState", "EgressBytesTransferred",
        "EgressPacketsTransferred", "IngressBytesTransferred", "IngressPacketsTransferred",
        "LastConnectionEstablished", "LastEvent", "Id", "Message", "Timestamp", "LocalNetworkSiteName",
    ]  # fmt: skip


@pytest.mark.usefixtures("gateway")
def test_a_site_that_is_not_connected_has_no_key(azure: Client, refused: Refused) -> None:
    with refused(ResourceNotFound, "The local network site elsewhere is not connected to the virtual network net."):
        azure.get_virtual_network_gateway_shared_key("net", "elsewhere")


@pytest.mark.usefixtures("gateway")
def test_shared_keys_are_made_set_and_made_anew(emulator: Emulator, azure: Client, done: Done) -> None:
    made = azure.get_virtual_network_gateway_shared_key("net", "office").value
    assert re.fullmatch("[A-Za-z0-9]{32}", made)
    answer = azure.set_virtual_network_gateway_shared_key("net", "office", SharedKey(value="Secret1"))
    done(answer)
    assert azure.get_virtual_network_gateway_operation_status(answer.id).operation_name == "ResetSharedKey"
    assert azure.get_virtual_network_gateway_shared_key("net", "office").value == "Secret1"
    done(azure.reset_virtual_network_gateway_shared_key("net", "office", ResetSharedKey(key_length=128)))
    anew = azure.get_virtual_network_gateway_shared_key("net", "office").value
    assert re.fullmatch("[A-Za-z0-9]{128}", anew)
    records = emulator.engine.state.subscriptions[emulator.subscription].operations.values()
    assert "Secret1" not in str([record.arguments for record in records])


@pytest.mark.usefixtures("gateway")
def test_keys_that_are_none_are_refused(azure: Client, refused: Refused) -> None:
    for key in ("", "with-dash", "x" * 129):
        with refused(BadRequest, "The shared key is invalid. It must have between 1 and 128 letters and digits."):
            azure.set_virtual_network_gateway_shared_key("net", "office", SharedKey(value=key))
    for length in (0, 129):
        with refused(BadRequest, "The key length is invalid. It must be between 1 and 128."):
            azure.reset_virtual_network_gateway_shared_key("net", "office", ResetSharedKey(key_length=length))


@pytest.mark.usefixtures("gateway")
def test_encryption_keeps_what_a_change_leaves_out(azure: Client, done: Done) -> None:
    before = azure.get_virtual_network_gateway_ipsec_parameters("net", "office")
    done(
        azure.set_virtual_network_gateway_ipsec_parameters(
            "net", "office", IPsecParameters(encryption_type="NoEncryption", sa_life_time_seconds=600)
        )
    )
    after = azure.get_virtual_network_gateway_ipsec_parameters("net", "office")
    assert (after.encryption_type, after.sa_life_time_seconds) == ("NoEncryption", 600)
    assert (after.pfs_group, after.hash_algorithm) == (before.pfs_group, before.hash_algorithm)


@pytest.mark.usefixtures("gateway")
def test_a_capture_runs_its_time_or_is_stopped(emulator: Emulator, azure: Client) -> None:
    assert azure.get_virtual_network_gateway_diagnostics("net").public_diagnostics_url == ""
    start = UpdateGatewayPublicDiagnostics(
        capture_duration_in_seconds=60,
        container_name="logs",
        customer_storage_key="key",
        customer_storage_name="Account",
    )
    azure.update_virtual_network_gateway_diagnostics("net", start)
    emulator.advance(timedelta(seconds=31))
    going = azure.get_virtual_network_gateway_diagnostics("net")
    assert going.state == "InProgress"
    assert going.public_diagnostics_url.startswith("https://account.blob.core.windows.net/logs/")
    emulator.advance(timedelta(seconds=60))
    assert azure.get_virtual_network_gateway_diagnostics("net").state == "Ready"
    azure.update_virtual_network_gateway_diagnostics("net", start)
    emulator.advance(timedelta(seconds=31))
    azure.update_virtual_network_gateway_diagnostics("net", UpdateGatewayPublicDiagnostics(operation="StopDiagnostics"))
    emulator.advance(timedelta(seconds=29))
    assert azure.get_virtual_network_gateway_diagnostics("net").state == "InProgress"
    emulator.advance(timedelta(seconds=1))
    assert azure.get_virtual_network_gateway_diagnostics("net").state == "Ready"
    records = emulator.engine.state.subscriptions[emulator.subscription].operations.values()
    assert "customer_storage_key='key'" not in str([record.arguments for record in records])


@pytest.mark.usefixtures("gateway")
def test_a_capture_needs_a_duration_and_somewhere_to_go(azure: Client, refused: Refused) -> None:
    with refused(BadRequest, "The capture duration is invalid. It must be between 1 and 300 seconds."):
        azure.update_virtual_network_gateway_diagnostics("net", UpdateGatewayPublicDiagnostics())
    with refused(BadRequest, "The storage account and its key must be specified."):
        azure.update_virtual_network_gateway_diagnostics(
            "net", UpdateGatewayPublicDiagnostics(capture_duration_in_seconds=5)
        )


@pytest.mark.usefixtures("gateway")
def test_the_default_site(azure: Client, done: Done, refused: Refused) -> None:
    done(azure.set_virtual_network_gateway_default_sites("net", DefaultSiteList(items=("office",))))
    found = azure.get_virtual_network_gateway("net")
    assert b"<DefaultSites><string>office</string></DefaultSites>" in xml.encode(found)
    with refused(BadRequest, "Exactly one default site must be specified."):
        azure.set_virtual_network_gateway_default_sites("net", DefaultSiteList())
    done(azure.remove_virtual_network_gateway_default_sites("net"))
    assert azure.get_virtual_network_gateway("net").default_sites == ()


@pytest.mark.usefixtures("gateway")
def test_a_client_package_is_left_as_data(azure: Client, done: Done) -> None:
    data = done(azure.generate_vpn_client_package("net", VpnClientParameters(processor_architecture="x86")))
    assert data.startswith("https://")
    assert "/X86/" in data


@pytest.mark.usefixtures("gateway")
def test_client_root_certificates(
    azure: Client, done: Done, refused: Refused, key_pair: tuple[rsa.RSAPrivateKey, x509.Certificate]
) -> None:
    der = key_pair[1].public_bytes(Encoding.DER)
    pem = key_pair[1].public_bytes(Encoding.PEM)
    encoded = base64.b64encode(der)
    spellings = [pem, der, encoded, b"<Binary>" + pem + b"</Binary>", b'<Binary xmlns="x">' + encoded + b"</Binary>"]
    for spelling in spellings:
        done(azure.add_client_root_certificate("net", RawBody(spelling, "application/xml")))
        (listed,) = azure.list_client_root_certificates("net").items
        assert listed.subject == "CN=machine"
        with pytest.raises(ConflictError):
            azure.add_client_root_certificate("net", RawBody(spelling, "application/xml"))
        read = azure.get_client_root_certificate("net", listed.thumbprint.lower()).value
        assert base64.b64decode("".join(read.splitlines()[1:-1])) == der
        done(azure.delete_client_root_certificate("net", listed.thumbprint))
        assert azure.list_client_root_certificates("net").items == ()
    with refused(ResourceNotFound, "The certificate was not found."):
        azure.get_client_root_certificate("net", "00" * 20)
    for wrong in (b"", b"no certificate", b"<Binary/>", b"\x30\x03\x02\x01\x01", b"<" * 100):
        with refused(BadRequest, "The certificate is invalid."):
            azure.add_client_root_certificate("net", RawBody(wrong, "application/xml"))


def test_the_supported_devices_come_as_the_service_writes_them(azure: Client) -> None:
    found = azure.list_virtual_network_supported_devices()
    assert found.data.startswith(b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\r\n<VpnDeviceList version="1.0">')
    root = xml.parse(found.data)
    assert [one.get("name") for one in root][-1] == "Microsoft Corporation"
    assert root.tag == "VpnDeviceList"
    assert all(system.get("name") for system in root.iter("OSFamily"))


@pytest.mark.usefixtures("gateway")
def test_every_device_has_a_script_with_what_it_needs(azure: Client) -> None:
    vip = azure.get_virtual_network_gateway("net").vip_address
    key = azure.get_virtual_network_gateway_shared_key("net", "office").value
    devices = xml.parse(azure.list_virtual_network_supported_devices().data)
    scripts = [
        azure.get_virtual_network_device_configuration_script(
            "net", vendor.get("name"), platform.get("name"), system.get("name")
        ).data.decode()
        for vendor in devices
        for platform in vendor
        for system in platform
    ]
    assert len(scripts) > 5
    assert all(vip in script and key in script and "10.1.0.0" in script for script in scripts if vip)


@pytest.mark.usefixtures("gateway")
def test_there_is_no_script_for_an_unknown_device(azure: Client, refused: Refused) -> None:
    with refused(BadRequest, "There is no script for the device Acme, One, 2."):
        azure.get_virtual_network_device_configuration_script("net", "Acme", "One", "2")
