"""Application gateways: their life, configuration and certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from asm_client import Client
from asm_contracts.areas.application_gateways import (
    ApplicationGatewayConfiguration,
    ApplicationGatewayOperation,
    BackendAddressPool,
    BackendHttpSettings,
    CreateApplicationGatewayParameters,
    FrontendIPConfiguration,
    FrontendPort,
    HttpListener,
    HttpLoadBalancingRule,
    UpdateApplicationGatewayParameters,
)
from asm_contracts.areas.certificates import CertificateFile
from asm_contracts.areas.gateways import GatewayOperationAsyncResponse
from asm_contracts.codec import xml
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound, ServiceError
from asm_emulator import model
from asm_emulator.emulator import Emulator

Refused = Callable[[type[ServiceError], str], object]
Done = Callable[[GatewayOperationAsyncResponse], None]
WISH = CreateApplicationGatewayParameters(name="Gate", vnet_name="net", subnets=("front",), instance_count=3)
CONFIGURATION = ApplicationGatewayConfiguration(
    frontend_ports=(FrontendPort(name="port", port=80),),
    backend_address_pools=(BackendAddressPool(name="pool", ip_addresses=("10.1.1.4",)),),
    backend_http_settings_list=(BackendHttpSettings(name="settings", port=80, cookie_based_affinity="Enabled"),),
    http_listeners=(HttpListener(name="listener", frontend_port="PORT"),),
    http_load_balancing_rules=(
        HttpLoadBalancingRule(
            name="rule", backend_http_settings="settings", listener="listener", backend_address_pool="pool"
        ),
    ),
)


@pytest.fixture
def done(emulator: Emulator, azure: Client) -> Done:
    """Let an operation come to its end, which is well."""

    def end(answer: GatewayOperationAsyncResponse) -> None:
        running = azure.get_virtual_network_gateway_operation_status(answer.id)
        assert (running.status, running.operation_name) == ("InProgress", None)
        emulator.advance(timedelta(hours=1))
        assert azure.get_virtual_network_gateway_operation_status(answer.id).status == "Successful"

    return end


@pytest.fixture
def network(emulator: Emulator) -> None:
    site = model.VirtualNetworkSite(
        name="net",
        id="net",
        address_prefixes=("10.1.0.0/16",),
        subnets=(model.Subnet(name="front", address_prefix="10.1.1.0/24"),),
    )

    def add(draft: object) -> None:
        draft.virtual_networks["net"] = site  # type: ignore[attr-defined]

    emulator.engine.change(emulator.subscription, add)


@pytest.fixture
def gate(azure: Client, done: Done, network: None) -> str:
    done(azure.create_application_gateway(WISH))
    return "gate"


def test_a_new_gateway_is_stopped_and_as_recorded(emulator: Emulator, azure: Client, refused: Refused) -> None:
    with refused(ResourceNotFound, "The gateway does not exist."):
        azure.get_application_gateway("Gate")
    answer = azure.create_application_gateway(WISH)
    assert azure.list_application_gateways().items == ()
    with pytest.raises(ConflictError, match="exclusive access"):
        azure.create_application_gateway(WISH)
    emulator.advance(timedelta(seconds=34))
    assert azure.get_virtual_network_gateway_operation_status(answer.id).http_status_code == "OK"
    assert xml.encode(azure.get_application_gateway("GATE")).endswith(
        b'><Description/><DnsName i:nil="true"/><GatewaySize>Medium</GatewaySize><InstanceCount>3</InstanceCount>'
        b"<Name>Gate</Name><State>Stopped</State><Subnets><Subnet>front</Subnet></Subnets>"
        b'<VirtualIPs i:nil="true"/><VnetName>net</VnetName></ApplicationGateway>'
    )
    with refused(ConflictError, "An application gateway named gate already exists."):
        azure.create_application_gateway(replace(WISH, name="gate"))


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        (replace(WISH, name=None), "The application gateway name is invalid."),
        (replace(WISH, name="a/b"), "The application gateway name is invalid."),
        (replace(WISH, vnet_name=None), "The virtual network and at least one subnet must be specified."),
        (replace(WISH, subnets=()), "The virtual network and at least one subnet must be specified."),
        (replace(WISH, instance_count=0), "The instance count 0 is invalid. It must be between 1 and 10."),
        (
            replace(WISH, gateway_size="Tiny"),
            "The gateway size Tiny is invalid. It must be one of Small, Medium, Large, ExtraLarge, A8.",
        ),
    ],
)
def test_gateways_that_cannot_be(
    azure: Client, refused: Refused, wish: CreateApplicationGatewayParameters, text: str
) -> None:
    with refused(BadRequest, text):
        azure.create_application_gateway(wish)


def test_an_update_keeps_what_it_leaves_out(azure: Client, done: Done, gate: str, refused: Refused) -> None:
    done(azure.update_application_gateway(gate, UpdateApplicationGatewayParameters(description="ours")))
    done(
        azure.update_application_gateway(
            gate, UpdateApplicationGatewayParameters(gateway_size="small", instance_count=1, subnets=("back",))
        )
    )
    found = azure.get_application_gateway(gate)
    assert (found.description, found.gateway_size, found.instance_count) == ("ours", "Small", 1)
    assert (found.subnets, found.vnet_name) == (("back",), "net")
    with refused(BadRequest, "At least one subnet must be specified."):
        azure.update_application_gateway(gate, UpdateApplicationGatewayParameters(subnets=()))


def test_a_configuration_comes_back_completed(azure: Client, done: Done, gate: str, refused: Refused) -> None:
    with refused(ResourceNotFound, "The application gateway Gate has no configuration."):
        azure.get_application_gateway_configuration(gate)
    done(azure.set_application_gateway_configuration(gate, CONFIGURATION))
    body = xml.encode(azure.get_application_gateway_configuration(gate)).decode()
    assert (
        "<BackendHttpSettings><Name>settings</Name><Port>80</Port><Protocol>Http</Protocol>"
        "<CookieBasedAffinity>Enabled</CookieBasedAffinity><RequestTimeout>30</RequestTimeout>"
        '<AuthenticationCertificates i:nil="true"/></BackendHttpSettings>'
    ) in body
    assert "<Probes" not in body
    done(azure.set_application_gateway_configuration(gate, replace(CONFIGURATION, probes=())))
    known = azure.get_application_gateway_configuration(gate)
    assert b"<Probes/>" in xml.encode(known)
    done(azure.set_application_gateway_configuration(gate, known))
    assert azure.get_application_gateway_configuration(gate) == known


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"frontend_ports": ()}, "listener refers to the frontend port PORT, which does not exist."),
        (
            {"frontend_ports": (FrontendPort(name="port", port=0),)},
            "The port 0 of port is invalid. It must be between 1 and 65535.",
        ),
        ({"backend_address_pools": ()}, "rule refers to the backend address pool pool, which does not exist."),
        ({"http_listeners": ()}, "rule refers to the HTTP listener listener, which does not exist."),
        (
            {"frontend_ports": (FrontendPort(name="port", port=1), FrontendPort(name="Port", port=2))},
            "The frontend port Port is specified more than once.",
        ),
        (
            {"http_listeners": (HttpListener(name="listener", frontend_port="port", protocol="Https"),)},
            "The HTTP listener listener needs a certificate.",
        ),
        (
            {"frontend_ip_configurations": (FrontendIPConfiguration(name="ip", static_ip_address="here"),)},
            "The address here is invalid.",
        ),
    ],
)
def test_configurations_that_make_no_sense(
    azure: Client, gate: str, refused: Refused, changes: dict[str, object], text: str
) -> None:
    with refused(BadRequest, text):
        azure.set_application_gateway_configuration(gate, replace(CONFIGURATION, **changes))  # type: ignore[arg-type]


def test_starting_and_stopping(emulator: Emulator, azure: Client, done: Done, gate: str, refused: Refused) -> None:
    start, stop = (
        ApplicationGatewayOperation(operation_type="start"),
        ApplicationGatewayOperation(operation_type="Stop"),
    )
    with refused(BadRequest, "The application gateway Gate has no configuration."):
        azure.execute_application_gateway_operation(gate, start)
    done(azure.execute_application_gateway_operation(gate, stop))
    done(azure.set_application_gateway_configuration(gate, CONFIGURATION))
    answer = azure.execute_application_gateway_operation(gate, start)
    assert azure.get_application_gateway(gate).state == "Starting"
    done(answer)
    found = azure.get_application_gateway(gate)
    assert found.state == "Running"
    assert isinstance(found.dns_name, str)
    assert found.dns_name.endswith(".cloudapp.net")
    assert len(found.virtual_ips or ()) == 1
    done(azure.execute_application_gateway_operation(gate, start))
    assert azure.get_application_gateway(gate) == found
    private = replace(
        CONFIGURATION,
        frontend_ip_configurations=(FrontendIPConfiguration(name="ip", type="Private", static_ip_address="10.1.1.9"),),
    )
    done(azure.set_application_gateway_configuration(gate, private))
    assert azure.get_application_gateway(gate).virtual_ips == ("10.1.1.9",)
    azure.execute_application_gateway_operation(gate, stop)
    assert azure.get_application_gateway(gate).state == "Stopping"
    emulator.advance(timedelta(seconds=3))
    assert azure.get_application_gateway(gate).state == "Stopped"


def test_a_start_needs_the_network(emulator: Emulator, azure: Client, done: Done, gate: str, refused: Refused) -> None:
    done(azure.set_application_gateway_configuration(gate, CONFIGURATION))
    done(azure.update_application_gateway(gate, UpdateApplicationGatewayParameters(subnets=("other",))))
    start = ApplicationGatewayOperation(operation_type="Start")
    with refused(BadRequest, "The subnet other does not exist in the virtual network net."):
        azure.execute_application_gateway_operation(gate, start)
    emulator.engine.change(emulator.subscription, lambda draft: draft.virtual_networks.pop("net"))
    with refused(BadRequest, "The virtual network net does not exist."):
        azure.execute_application_gateway_operation(gate, start)


def test_deleting(azure: Client, done: Done, gate: str) -> None:
    done(azure.delete_application_gateway(gate))
    assert azure.list_application_gateways().items == ()


def test_certificates(
    azure: Client,
    done: Done,
    gate: str,
    refused: Refused,
    key_pair: tuple[rsa.RSAPrivateKey, x509.Certificate],
) -> None:
    key, certificate = key_pair
    pfx = pkcs12.serialize_key_and_certificates(b"machine", key, certificate, None, BestAvailableEncryption(b"word"))
    file = CertificateFile(data=pfx, certificate_format="pfx", password="word")
    done(azure.add_application_gateway_certificate(gate, "Cert", file))
    (found,) = azure.list_application_gateway_certificates(gate).items
    assert (found.name, found.data) == ("Cert", certificate.public_bytes(Encoding.DER))
    assert azure.get_application_gateway_certificate(gate, "cert") == found
    secure = replace(
        CONFIGURATION,
        http_listeners=(HttpListener(name="listener", frontend_port="port", protocol="Https", ssl_cert="cert"),),
    )
    done(azure.set_application_gateway_configuration(gate, secure))
    with refused(ConflictError, "The certificate Cert is in use by the listener listener."):
        azure.delete_application_gateway_certificate(gate, "Cert")
    done(azure.set_application_gateway_configuration(gate, CONFIGURATION))
    done(azure.delete_application_gateway_certificate(gate, "Cert"))
    with refused(ResourceNotFound, "The certificate was not found."):
        azure.get_application_gateway_certificate(gate, "Cert")
    with refused(BadRequest, "The certificate is invalid, or its password is."):
        azure.add_application_gateway_certificate(gate, "Cert", replace(file, password="wrong"))
