"""Application gateways: their life, configuration and certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from asm_contracts.areas.application_gateways import (
    ApplicationGateway,
    ApplicationGatewayConfiguration,
    ApplicationGatewayOperation,
    BackendAddressPool,
    BackendHttpSettings,
    CreateApplicationGatewayParameters,
    FrontendIPConfiguration,
    FrontendPort,
    HttpListener,
    HttpLoadBalancingRule,
    Probe,
    UpdateApplicationGatewayParameters,
)
from asm_contracts.areas.certificates import CertificateFile
from asm_contracts.document import NIL
from asm_contracts.evidence import assumed, client, documented, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.networks import Network, done, make_network
from asm_contracts.suite.sample_certificate import CER, PASSWORD, PFX
from asm_contracts.suite.worlds import refused, unchanged

START = ApplicationGatewayOperation(operation_type="Start")
STOP = ApplicationGatewayOperation(operation_type="stop")
"""The command line writes operations in lower case."""
CONFIGURATION = ApplicationGatewayConfiguration(
    frontend_ports=(FrontendPort(name="port", port=80),),
    backend_address_pools=(BackendAddressPool(name="pool", ip_addresses=("10.77.1.4",)),),
    backend_http_settings_list=(BackendHttpSettings(name="settings", port=8080, cookie_based_affinity="Enabled"),),
    http_listeners=(HttpListener(name="listener", frontend_port="port"),),
    http_load_balancing_rules=(
        HttpLoadBalancingRule(
            name="rule", backend_http_settings="settings", listener="listener", backend_address_pool="pool"
        ),
    ),
)


@pytest.fixture(scope="module")
def network(azure: Azure, module_names: Names) -> Network:
    """A virtual network for the gateways to be in."""
    return make_network(azure, module_names)


def wanted(given_name: str, network: Network, **changes: Any) -> CreateApplicationGatewayParameters:
    """The body that makes a gateway."""
    given: dict[str, Any] = {"name": given_name, "vnet_name": network.name, "subnets": ("front",), "instance_count": 3}
    return CreateApplicationGatewayParameters(**(given | changes))


@pytest.fixture
def gate(azure: Azure, names: Names, network: Network) -> str:
    """A stopped gateway without a configuration."""
    name = names.of("application gateway")
    done(azure, azure.create_application_gateway(wanted(name, network)))
    return name


@recorded("a new gateway is stopped, with neither addresses nor a DNS name")
@assumed("it is not to be seen before its operation has ended; names are unique whatever their case")
def test_a_gateway_comes_and_goes(azure: Azure, names: Names, network: Network) -> None:
    name = names.of("application gateway")
    with refused(404, "ResourceNotFound", "The gateway does not exist."):
        azure.get_application_gateway(name)
    creation = azure.create_application_gateway(wanted(name, network))
    if azure.controls_time:
        assert name not in [one.name for one in azure.list_application_gateways().items]
        with refused(409, "ConflictError"):
            azure.create_application_gateway(wanted(name, network))
    assert done(azure, creation).operation_name is None
    found = azure.get_application_gateway(name)
    assert found == ApplicationGateway(
        description="", dns_name=NIL, gateway_size="Medium", instance_count=3, name=name, state="Stopped",
        subnets=("front",), virtual_ips=NIL, vnet_name=network.name,
    )  # fmt: skip
    assert found in azure.list_application_gateways().items
    with unchanged(lambda: azure.get_application_gateway(name)), refused(409, "ConflictError"):
        azure.create_application_gateway(wanted(name.upper(), network))
    deletion = azure.delete_application_gateway(name)
    if azure.controls_time:
        with refused(409, "ConflictError"):
            azure.delete_application_gateway(name)
    done(azure, deletion)
    for gone in (azure.get_application_gateway, azure.delete_application_gateway):
        with refused(404, "ResourceNotFound", "The gateway does not exist."):
            gone(name)


@documented("up to ten instances, of known sizes, in a virtual network")
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": None}, {"name": "a/b"}, {"vnet_name": None}, {"subnets": ()}, {"instance_count": 0},
        {"instance_count": 11}, {"gateway_size": "Tiny"},
    ],
    ids=str,
)  # fmt: skip
def test_gateways_that_cannot_be(azure: Azure, names: Names, network: Network, wrong: dict[str, Any]) -> None:
    name = names.of("application gateway")
    with refused(400, "BadRequest"):
        azure.create_application_gateway(wanted(name, network, **wrong))
    assert name not in [one.name for one in azure.list_application_gateways().items]


@assumed("an update keeps what it leaves out")
def test_a_gateway_is_changed(azure: Azure, gate: str) -> None:
    done(azure, azure.update_application_gateway(gate, UpdateApplicationGatewayParameters(description="ours")))
    change = UpdateApplicationGatewayParameters(gateway_size="small", instance_count=1, subnets=("back",))
    done(azure, azure.update_application_gateway(gate, change))
    found = azure.get_application_gateway(gate)
    assert (found.description, found.gateway_size, found.instance_count) == ("ours", "Small", 1)
    assert found.subnets == ("back",)
    for wrong in (
        UpdateApplicationGatewayParameters(subnets=()),
        UpdateApplicationGatewayParameters(instance_count=11),
        UpdateApplicationGatewayParameters(gateway_size="Tiny"),
    ):
        with unchanged(lambda: azure.get_application_gateway(gate)), refused(400, "BadRequest"):
            azure.update_application_gateway(gate, wrong)


@recorded("a timeout of 30 where none was set")
@documented("a probe that is set is given back")
def test_a_configuration_comes_back_completed(azure: Azure, gate: str) -> None:
    with refused(404, "ResourceNotFound"):
        azure.get_application_gateway_configuration(gate)
    probe = Probe(name="probe", protocol="Http", host="h", path="/", interval=30, timeout=120, unhealthy_threshold=8)
    wish = replace(
        CONFIGURATION,
        probes=(probe,),
        backend_http_settings_list=(
            *(CONFIGURATION.backend_http_settings_list or ()),
            BackendHttpSettings(name="second", port=81, request_timeout=5, probe="probe"),
        ),
    )
    done(azure, azure.set_application_gateway_configuration(gate, wish))
    found = azure.get_application_gateway_configuration(gate)
    first, second = found.backend_http_settings_list or ()
    assert (first.port, first.protocol, first.cookie_based_affinity) == (8080, "Http", "Enabled")
    assert (first.request_timeout, second.request_timeout, second.probe) == (30, 5, "probe")
    assert found.probes == (probe,) and found.frontend_ports == CONFIGURATION.frontend_ports
    assert found.backend_address_pools == CONFIGURATION.backend_address_pools
    (rule,) = found.http_load_balancing_rules or ()
    assert (rule.type, rule.listener, rule.backend_address_pool) == ("Basic", "listener", "pool")
    done(azure, azure.set_application_gateway_configuration(gate, found))
    assert azure.get_application_gateway_configuration(gate) == found, "what is given back may be set again"
    done(azure, azure.set_application_gateway_configuration(gate, CONFIGURATION))
    again = azure.get_application_gateway_configuration(gate)
    assert not again.probes and len(again.backend_http_settings_list or ()) == 1, "setting replaces everything"


WRONG: dict[str, dict[str, Any]] = {
    "port that is not there": {"frontend_ports": ()},
    "pool that is not there": {"backend_address_pools": ()},
    "settings that are not there": {"backend_http_settings_list": ()},
    "listener that is not there": {"http_listeners": ()},
    "port that is none": {"frontend_ports": (FrontendPort(name="port", port=0),)},
    "backend port that is none": {"backend_http_settings_list": (BackendHttpSettings(name="settings", port=65536),)},
    "name twice": {"frontend_ports": (FrontendPort(name="port", port=1), FrontendPort(name="Port", port=2))},
    "probe that is not there": {
        "backend_http_settings_list": (BackendHttpSettings(name="settings", port=80, probe="probe"),)
    },
    "certificate that is not there": {
        "http_listeners": (HttpListener(name="listener", frontend_port="port", ssl_cert="none"),)
    },
    "Https without a certificate": {
        "http_listeners": (HttpListener(name="listener", frontend_port="port", protocol="Https"),)
    },
    "address that is none": {
        "frontend_ip_configurations": (FrontendIPConfiguration(name="ip", static_ip_address="here"),)
    },
}


@documented("all parts have names, which rules, listeners and settings refer to")
@pytest.mark.parametrize("way", list(WRONG))
def test_a_configuration_that_makes_no_sense(azure: Azure, gate: str, way: str) -> None:
    with refused(400, "BadRequest"):
        azure.set_application_gateway_configuration(gate, replace(CONFIGURATION, **WRONG[way]))
    with refused(404, "ResourceNotFound"):
        azure.get_application_gateway_configuration(gate)


@recorded("a stopped gateway may be stopped")
@documented("a gateway is configured before it is started; a public one has a name under cloudapp.net")
@client("the command line writes the operations in lower case")
def test_a_gateway_is_started_and_stopped(azure: Azure, gate: str) -> None:
    with refused(400, "BadRequest"):
        azure.execute_application_gateway_operation(gate, START)
    done(azure, azure.execute_application_gateway_operation(gate, STOP))
    done(azure, azure.set_application_gateway_configuration(gate, CONFIGURATION))
    with refused(400, "BadRequest"):
        azure.execute_application_gateway_operation(gate, ApplicationGatewayOperation(operation_type="Dance"))
    start = azure.execute_application_gateway_operation(gate, START)
    if azure.controls_time:
        assert azure.get_application_gateway(gate).state == "Starting"
        with refused(409, "ConflictError"):
            azure.execute_application_gateway_operation(gate, STOP)
    done(azure, start)
    running = azure.get_application_gateway(gate)
    assert running.state == "Running" and str(running.dns_name).endswith(".cloudapp.net")
    assert running.virtual_ips is not NIL and len(running.virtual_ips or ()) == 1
    private = FrontendIPConfiguration(name="ip", type="Private", static_ip_address="10.77.1.9")
    wish = replace(CONFIGURATION, frontend_ip_configurations=(private,))
    done(azure, azure.set_application_gateway_configuration(gate, wish))
    assert azure.get_application_gateway(gate).virtual_ips == ("10.77.1.9",)
    done(azure, azure.execute_application_gateway_operation(gate, STOP))
    stopped = azure.get_application_gateway(gate)
    assert (stopped.state, stopped.dns_name, stopped.virtual_ips) == ("Stopped", NIL, NIL)


@assumed("nothing is built before the start, which is when the network is looked for")
def test_a_start_needs_its_subnet(azure: Azure, gate: str) -> None:
    done(azure, azure.set_application_gateway_configuration(gate, CONFIGURATION))
    done(azure, azure.update_application_gateway(gate, UpdateApplicationGatewayParameters(subnets=("nowhere",))))
    with unchanged(lambda: azure.get_application_gateway(gate)), refused(400, "BadRequest"):
        azure.execute_application_gateway_operation(gate, START)


# -- certificates -----------------------------------------------------------------------------------------------------


@documented("listeners name certificates, which stay while they do; the private key is not given back")
def test_a_certificate_comes_and_goes(azure: Azure, gate: str) -> None:
    file = CertificateFile(data=PFX, certificate_format="pfx", password=PASSWORD)
    done(azure, azure.add_application_gateway_certificate(gate, "cert", file))
    found = azure.get_application_gateway_certificate(gate, "cert")
    assert (found.name, found.data) == ("cert", CER)
    assert azure.list_application_gateway_certificates(gate).items == (found,)
    secure = HttpListener(name="listener", frontend_port="port", protocol="Https", ssl_cert="cert")
    done(azure, azure.set_application_gateway_configuration(gate, replace(CONFIGURATION, http_listeners=(secure,))))
    with unchanged(lambda: azure.list_application_gateway_certificates(gate)), refused(409, "ConflictError"):
        azure.delete_application_gateway_certificate(gate, "cert")
    done(azure, azure.set_application_gateway_configuration(gate, CONFIGURATION))
    done(azure, azure.delete_application_gateway_certificate(gate, "cert"))
    for gone in (azure.get_application_gateway_certificate, azure.delete_application_gateway_certificate):
        with refused(404, "ResourceNotFound"):
            gone(gate, "cert")
    assert azure.list_application_gateway_certificates(gate).items == ()


@assumed("what is no certificate, or cannot be opened, is refused at once")
@pytest.mark.parametrize(("data", "password"), [(PFX, "wrong"), (b"no certificate", PASSWORD)])
def test_a_certificate_that_is_none(azure: Azure, gate: str, data: bytes, password: str) -> None:
    file = CertificateFile(data=data, certificate_format="pfx", password=password)
    with refused(400, "BadRequest"):
        azure.add_application_gateway_certificate(gate, "cert", file)
    assert azure.list_application_gateway_certificates(gate).items == ()


@recorded("the text, of a gateway that is not there")
def test_a_gateway_that_is_not_there(azure: Azure, names: Names) -> None:
    name = names.free()
    calls: list[Callable[[], object]] = [
        lambda: azure.update_application_gateway(name, UpdateApplicationGatewayParameters(description="d")),
        lambda: azure.execute_application_gateway_operation(name, START),
        lambda: azure.get_application_gateway_configuration(name),
        lambda: azure.set_application_gateway_configuration(name, CONFIGURATION),
        lambda: azure.list_application_gateway_certificates(name),
        lambda: azure.get_application_gateway_certificate(name, "cert"),
    ]
    for call in calls:
        with refused(404, "ResourceNotFound", "The gateway does not exist."):
            call()
