"""Virtual network gateways, by the name of their network: the life of one, its connections, keys and certificates."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from asm_contracts.areas.gateways import (
    Connection,
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
from asm_contracts.evidence import assumed, client, documented, recorded
from asm_contracts.operation import RawBody
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.networks import (
    GONE_NETWORK,
    LONG,
    Network,
    adding,
    change_configuration,
    configuration,
    done,
    listed,
    make_network,
    set_configuration,
    site,
)
from asm_contracts.suite.sample_certificate import CER, THUMBPRINT
from asm_contracts.suite.worlds import refused, unchanged


@pytest.fixture(scope="module")
def network(azure: Azure, module_names: Names) -> Network:
    """A virtual network with a gateway, which all tests here have in common: one takes half an hour to come."""
    made = make_network(azure, module_names)
    module_names.adopt("network gateway", made.name)
    done(
        azure,
        azure.create_virtual_network_gateway(made.name, CreateGatewayParameters(gateway_type="DynamicRouting")),
    )
    return made


def connection(azure: Azure, network: Network) -> Connection:
    """The one connection of the gateway."""
    (found,) = azure.list_virtual_network_gateway_connections(network.name).items
    return found


# -- the life of a gateway --------------------------------------------------------------------------------------------


@documented("a network without a gateway is NotProvisioned; one that has, or gets, a gateway gets no other")
@recorded("what it is called while it comes, and how its operation reads")
def test_a_gateway_comes_and_goes(azure: Azure, names: Names) -> None:
    network = make_network(azure, names).name
    names.adopt("network gateway", network)

    def state() -> str:
        return azure.get_virtual_network_gateway(network).state

    assert azure.get_virtual_network_gateway(network).gateway_type is None and state() == "NotProvisioned"
    with refused(404, "ResourceNotFound", "The gateway does not exist."):
        azure.delete_virtual_network_gateway(network)
    creation = azure.create_virtual_network_gateway(network, CreateGatewayParameters(gateway_size="standard"))
    if azure.controls_time:
        assert state() == "Provisioning"
        with refused(409, "ConflictError"):
            azure.delete_virtual_network_gateway(network)
    with refused(409, "ConflictError"):
        azure.create_virtual_network_gateway(network, CreateGatewayParameters())
    operation = done(azure, creation)
    assert operation.operation_name == "CreateVirtualNetworkGateway"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}", operation.operation_started_time)
    found = azure.get_virtual_network_gateway(network)
    assert (found.state, found.gateway_type, found.gateway_size) == ("Provisioned", "StaticRouting", "Standard")
    assert found.vip_address and found.gateway_id and found.last_event is not None and not found.default_sites
    with refused(409, "ConflictError"):
        azure.create_virtual_network_gateway(network, CreateGatewayParameters())
    message = f"Cannot delete or modify virtual network while in use '{network}'."
    with unchanged(lambda: listed(azure, network)), refused(400, "BadRequest", message):
        known = configuration(azure)
        left = tuple(one for one in known.sites if one.name != network)
        set_configuration(azure, replace(known, sites=left))
    deletion = azure.delete_virtual_network_gateway(network)
    if azure.controls_time:
        assert state() == "Deprovisioning"
    assert done(azure, deletion).operation_name == "DeleteVirtualNetworkGateway"
    assert state() == "NotProvisioned"


@assumed("the texts; that an unknown network is a bad request is what the command line takes it for")
def test_gateways_that_cannot_be(azure: Azure, names: Names) -> None:
    unknown = names.free()
    for call in (
        lambda: azure.get_virtual_network_gateway(unknown),
        lambda: azure.create_virtual_network_gateway(unknown, CreateGatewayParameters()),
        lambda: azure.list_virtual_network_gateway_connections(unknown),
    ):
        with refused(400, "BadRequest", GONE_NETWORK.format(unknown)):
            call()
    bare = names.of("virtual network")
    change_configuration(azure, adding(site(bare, front="10.77.1.0/24")))
    for body in (
        CreateGatewayParameters(),  # it has no subnet for a gateway
        CreateGatewayParameters(gateway_type="Magic"),
    ):
        with unchanged(lambda: azure.get_virtual_network_gateway(bare)), refused(400, "BadRequest"):
            azure.create_virtual_network_gateway(bare, body)
    with refused(404, "ResourceNotFound"):
        azure.get_virtual_network_gateway_operation_status("00000000-0000-0000-0000-000000000000")


@assumed("words that are none are refused, in a network that could have a gateway")
@pytest.mark.parametrize("wrong", [{"gateway_type": "Magic"}, {"gateway_size": "Enormous"}], ids=["type", "size"])
def test_words_of_a_creation(azure: Azure, names: Names, wrong: dict[str, str]) -> None:
    network = make_network(azure, names).name
    names.adopt("network gateway", network)
    with refused(400, "BadRequest"):
        azure.create_virtual_network_gateway(network, CreateGatewayParameters(**wrong))
    assert azure.get_virtual_network_gateway(network).state == "NotProvisioned"


@documented("a gateway is resized, and reset, by one change at a time")
@client("the command line's reset sends neither a size nor an operation")
def test_a_gateway_is_resized_and_reset(azure: Azure, network: Network) -> None:
    resize = UpdateGatewayParameters(gateway_size="HighPerformance", operation="Resize")
    first = azure.update_virtual_network_gateway(network.name, resize)
    if azure.controls_time:
        with refused(409, "ConflictError"):
            azure.update_virtual_network_gateway(network.name, UpdateGatewayParameters(operation="Reset"))
    assert done(azure, first).operation_name == "ResizeVirtualNetworkGateway"
    found = azure.get_virtual_network_gateway(network.name)
    assert (found.gateway_size, found.gateway_type) == ("HighPerformance", "DynamicRouting")
    with unchanged(lambda: azure.get_virtual_network_gateway(network.name)):
        done(azure, azure.update_virtual_network_gateway(network.name, UpdateGatewayParameters()))
        for wrong in (UpdateGatewayParameters(operation="Resize"), UpdateGatewayParameters(operation="Improve")):
            with refused(400, "BadRequest"):
                azure.update_virtual_network_gateway(network.name, wrong)
    done(azure, azure.update_virtual_network_gateway(network.name, UpdateGatewayParameters(gateway_size="Default")))
    assert azure.get_virtual_network_gateway(network.name).gateway_size == "Default"


# -- connections ------------------------------------------------------------------------------------------------------


@recorded("a connection that never was is of the year 1; what it says when it changes")
def test_an_office_is_connected_and_disconnected(azure: Azure, network: Network) -> None:
    before = connection(azure, network)
    assert (before.local_network_site_name, before.connectivity_state) == (network.office, "NotConnected")
    assert before.last_connection_established.startswith("0001-01-01")

    def wish(word: str) -> None:
        body = UpdateConnection(operation=word)
        answer = azure.update_virtual_network_gateway_connection(network.name, network.office, body)
        assert done(azure, answer).operation_name == f"{word}VirtualNetworkGateway"

    wish("Connect")
    after = connection(azure, network)
    assert after.connectivity_state == "Connected" and not after.last_connection_established.startswith("0001")
    assert after.last_event is not None and network.office in after.last_event.message
    with unchanged(lambda: azure.list_virtual_network_gateway_connections(network.name)):
        wish("Test")
        with refused(400, "BadRequest"):
            azure.update_virtual_network_gateway_connection(
                network.name, network.office, UpdateConnection(operation="Improve")
            )
    wish("Disconnect")
    assert connection(azure, network).connectivity_state == "NotConnected"


@assumed("what belongs to a connection is not found where there is none")
def test_an_office_that_is_not_connected(azure: Azure, names: Names, network: Network) -> None:
    other, connect = names.free(), UpdateConnection(operation="Connect")
    calls: list[Callable[[], object]] = [
        lambda: azure.get_virtual_network_gateway_shared_key(network.name, other),
        lambda: azure.set_virtual_network_gateway_shared_key(network.name, other, SharedKey(value="Secret1")),
        lambda: azure.reset_virtual_network_gateway_shared_key(network.name, other, ResetSharedKey(key_length=8)),
        lambda: azure.get_virtual_network_gateway_ipsec_parameters(network.name, other),
        lambda: azure.set_virtual_network_gateway_ipsec_parameters(network.name, other, IPsecParameters()),
        lambda: azure.update_virtual_network_gateway_connection(network.name, other, connect),
        lambda: azure.set_virtual_network_gateway_default_sites(network.name, DefaultSiteList(items=(other,))),
    ]
    for call in calls:
        with refused(404, "ResourceNotFound"):
            call()


@documented("a shared key has letters and digits, 128 at most; it is set, or made anew")
def test_shared_keys(azure: Azure, network: Network) -> None:
    def key() -> str:
        return azure.get_virtual_network_gateway_shared_key(network.name, network.office).value

    before = key()
    assert re.fullmatch("[A-Za-z0-9]{1,128}", before)
    answer = azure.set_virtual_network_gateway_shared_key(network.name, network.office, SharedKey(value="Secret1"))
    done(azure, answer)
    assert key() == "Secret1"
    for wrong in ("", "with-dash", "x" * 129):
        with unchanged(key), refused(400, "BadRequest"):
            azure.set_virtual_network_gateway_shared_key(network.name, network.office, SharedKey(value=wrong))
    for length in (0, 129):
        with unchanged(key), refused(400, "BadRequest"):
            azure.reset_virtual_network_gateway_shared_key(
                network.name, network.office, ResetSharedKey(key_length=length)
            )
    done(
        azure,
        azure.reset_virtual_network_gateway_shared_key(network.name, network.office, ResetSharedKey(key_length=128)),
    )
    assert re.fullmatch("[A-Za-z0-9]{128}", key())


@assumed("a change of encryption keeps what it does not name; a lifetime is positive")
def test_encryption(azure: Azure, network: Network) -> None:
    def parameters() -> IPsecParameters:
        return azure.get_virtual_network_gateway_ipsec_parameters(network.name, network.office)

    before = parameters()
    change = IPsecParameters(encryption_type="NoEncryption", sa_life_time_seconds=600)
    done(azure, azure.set_virtual_network_gateway_ipsec_parameters(network.name, network.office, change))
    after = parameters()
    assert (after.encryption_type, after.sa_life_time_seconds) == ("NoEncryption", 600)
    assert (after.pfs_group, after.hash_algorithm) == (before.pfs_group, before.hash_algorithm)
    assert after.sa_data_size_kilobytes == before.sa_data_size_kilobytes
    with unchanged(parameters), refused(400, "BadRequest"):
        azure.set_virtual_network_gateway_ipsec_parameters(
            network.name, network.office, IPsecParameters(sa_life_time_seconds=-1)
        )
    done(azure, azure.set_virtual_network_gateway_ipsec_parameters(network.name, network.office, before))
    assert parameters() == before


@documented("one site gets everything that has no other way")
def test_the_default_site(azure: Azure, network: Network) -> None:
    def default() -> tuple[str, ...]:
        return azure.get_virtual_network_gateway(network.name).default_sites or ()

    done(
        azure,
        azure.set_virtual_network_gateway_default_sites(network.name, DefaultSiteList(items=(network.office,))),
    )
    assert default() == (network.office,) or azure.lossy
    with unchanged(default), refused(400, "BadRequest"):
        azure.set_virtual_network_gateway_default_sites(network.name, DefaultSiteList())
    done(azure, azure.remove_virtual_network_gateway_default_sites(network.name))
    assert default() == ()


# -- captures ---------------------------------------------------------------------------------------------------------


def capture(seconds: int | None) -> UpdateGatewayPublicDiagnostics:
    """The body that starts a capture."""
    return UpdateGatewayPublicDiagnostics(
        capture_duration_in_seconds=seconds,
        container_name="logs",
        customer_storage_key="a2V5",
        customer_storage_name="asmnobodys",
        operation="StartDiagnostics",
    )


@assumed("a capture ends when its time is up, or when it is stopped; its result is in the container that was named")
def test_captures(azure: Azure, network: Network) -> None:
    def state() -> str:
        return azure.get_virtual_network_gateway_diagnostics(network.name).state

    done(azure, azure.update_virtual_network_gateway_diagnostics(network.name, capture(300)))
    found = azure.get_virtual_network_gateway_diagnostics(network.name)
    assert found.public_diagnostics_url.startswith("https://asmnobodys.blob.core.windows.net/logs/")
    if azure.controls_time:
        assert found.state == "InProgress"
    stop = UpdateGatewayPublicDiagnostics(operation="StopDiagnostics")
    done(azure, azure.update_virtual_network_gateway_diagnostics(network.name, stop))
    assert state() == "Ready"
    done(azure, azure.update_virtual_network_gateway_diagnostics(network.name, capture(60)))
    azure.until(lambda: state() == "Ready", "the end of the capture", step=LONG)
    for wrong in (capture(0), capture(301), capture(None), UpdateGatewayPublicDiagnostics(operation="Look")):
        with refused(400, "BadRequest"):
            azure.update_virtual_network_gateway_diagnostics(network.name, wrong)


# -- VPN clients and devices ------------------------------------------------------------------------------------------


@assumed("where a package is kept")
def test_a_package_for_vpn_clients(azure: Azure, network: Network) -> None:
    for given, meant in (("Amd64", "Amd64"), ("x86", "X86"), (None, "Amd64")):
        body = VpnClientParameters(processor_architecture=given)
        made = done(azure, azure.generate_vpn_client_package(network.name, body))
        assert made.data.startswith("https://") and f"/{meant}/" in made.data
    with refused(400, "BadRequest"):
        azure.generate_vpn_client_package(network.name, VpnClientParameters(processor_architecture="Z80"))


SPELLINGS = {
    "as a file": CER,
    "as base64": base64.b64encode(CER),
    "in an element": b"<Binary>" + base64.b64encode(CER) + b"</Binary>",
}


@documented("root certificates of VPN clients are known by their thumbprints")
@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_root_certificate_comes_and_goes(azure: Azure, network: Network, spelling: bytes) -> None:
    body = RawBody(spelling, "application/xml")
    for left in azure.list_client_root_certificates(network.name).items:  # by a client that could not say the rest
        done(azure, azure.delete_client_root_certificate(network.name, left.thumbprint))
    done(azure, azure.add_client_root_certificate(network.name, body))
    (listed,) = azure.list_client_root_certificates(network.name).items
    assert (listed.thumbprint, listed.subject) == (THUMBPRINT.upper(), "CN=asm-contracts sample")
    with unchanged(lambda: azure.list_client_root_certificates(network.name)), refused(409, "ConflictError"):
        azure.add_client_root_certificate(network.name, body)
    text = azure.get_client_root_certificate(network.name, THUMBPRINT).value
    assert base64.b64decode("".join(line for line in text.split() if "-" not in line).replace("CERTIFICATE", "")) == CER
    done(azure, azure.delete_client_root_certificate(network.name, THUMBPRINT))
    assert azure.list_client_root_certificates(network.name).items == ()
    for gone in (azure.get_client_root_certificate, azure.delete_client_root_certificate):
        with refused(404, "ResourceNotFound"):
            gone(network.name, THUMBPRINT)


@assumed("what is no certificate is refused at once")
@pytest.mark.parametrize("wrong", [b"", b"no certificate", b"<Binary/>"])
def test_a_root_that_is_none(azure: Azure, network: Network, wrong: bytes) -> None:
    with unchanged(lambda: azure.list_client_root_certificates(network.name)), refused(400, "BadRequest"):
        azure.add_client_root_certificate(network.name, RawBody(wrong, "application/xml"))


@recorded("the list of devices, with a byte order mark; a script has what the device needs")
def test_every_device_has_a_script(azure: Azure, network: Network) -> None:
    answer = azure.list_virtual_network_supported_devices()
    assert answer.data.startswith(b"\xef\xbb\xbf<?xml")
    devices = ElementTree.fromstring(answer.data.decode("utf-8-sig"))
    assert devices.tag == "VpnDeviceList"
    vip = azure.get_virtual_network_gateway(network.name).vip_address
    key = azure.get_virtual_network_gateway_shared_key(network.name, network.office).value
    tried = 0
    for vendor in devices:
        for platform in vendor:
            for system in platform:
                given = [one.get("name") for one in (vendor, platform, system)]
                script = azure.get_virtual_network_device_configuration_script(network.name, *given).data.decode()
                assert vip and vip in script and key in script and "10.77.0.0" in script, given
                tried += 1
    assert tried
    with refused(400, "BadRequest"):
        azure.get_virtual_network_device_configuration_script(network.name, "Acme", "One", "2")


@assumed("the order in which it is refused: first that there is no gateway")
def test_what_needs_a_gateway(azure: Azure, names: Names) -> None:
    network = make_network(azure, names)
    calls: list[Callable[[], GatewayOperationAsyncResponse | object]] = [
        lambda: azure.update_virtual_network_gateway(network.name, UpdateGatewayParameters(operation="Reset")),
        lambda: azure.list_virtual_network_gateway_connections(network.name),
        lambda: azure.get_virtual_network_gateway_diagnostics(network.name),
        lambda: azure.update_virtual_network_gateway_diagnostics(network.name, capture(60)),
        lambda: azure.remove_virtual_network_gateway_default_sites(network.name),
        lambda: azure.generate_vpn_client_package(network.name, VpnClientParameters()),
        lambda: azure.list_client_root_certificates(network.name),
        lambda: azure.add_client_root_certificate(network.name, RawBody(CER, "application/xml")),
        lambda: azure.get_virtual_network_device_configuration_script(network.name, "Cisco", "ASR", "IOS"),
    ]
    for call in calls:
        with refused(404, "ResourceNotFound", "The gateway does not exist."):
            call()
