"""Application gateways: load balancers for HTTP, in a virtual network.

Changes are followed as those of virtual network gateways are.  Element order: recorded.
"""

from __future__ import annotations

from asm_contracts.areas.certificates import CertificateFile
from asm_contracts.areas.gateways.documents import GatewayOperationAsyncResponse
from asm_contracts.document import Base64Bytes, Nil, document, element
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Contract, operation

GATEWAYS = "/services/networking/applicationgateways"
GATEWAY = f"{GATEWAYS}/{{gateway_name}}"
CERTIFICATE = f"{GATEWAY}/sslcertificates/{{certificate_name}}"
SINCE = "2014-10-01"
REFUSALS = (BadRequest, ConflictError, ResourceNotFound)


@document()
class CreateApplicationGatewayParameters:
    """What a new application gateway is, and the network it is in.  Clients disagree on the order."""

    description: str | None = element(default=None, anywhere=True)
    gateway_size: str | None = element(default=None, anywhere=True)
    instance_count: int | None = element(default=None, anywhere=True)
    name: str | None = element(default=None, anywhere=True)
    subnets: tuple[str, ...] | None = element(default=None, item="Subnet", anywhere=True)
    vnet_name: str | None = element(default=None, anywhere=True)


@document()
class UpdateApplicationGatewayParameters:
    """What of an application gateway is to change."""

    description: str | None = element(default=None, anywhere=True)
    gateway_size: str | None = element(default=None, anywhere=True)
    instance_count: int | None = element(default=None, anywhere=True)
    subnets: tuple[str, ...] | None = element(default=None, item="Subnet", anywhere=True)
    vnet_name: str | None = element(default=None, anywhere=True)


@document()
class ApplicationGateway:
    """An application gateway; while it is stopped it has neither addresses nor a DNS name."""

    description: str
    dns_name: str | Nil
    gateway_size: str
    instance_count: int
    name: str
    state: str
    subnets: tuple[str, ...] = element(item="Subnet")
    virtual_ips: tuple[str, ...] | Nil = element(name="VirtualIPs", item="VirtualIP")
    vnet_name: str


@document()
class ApplicationGateways:
    """The application gateways of a subscription."""

    items: tuple[ApplicationGateway, ...] = element(default=(), flat=True)


@document()
class ApplicationGatewayOperation:
    """What to do with an application gateway: ``Start`` or ``Stop``."""

    operation_type: str


@document()
class FrontendIPConfiguration:
    """An address that an application gateway listens at: public without one, in the network with."""

    name: str
    type: str | None = None
    static_ip_address: str | None = element(default=None, name="StaticIPAddress")


@document()
class FrontendPort:
    """A port that listeners name."""

    name: str
    port: int


@document()
class Probe:
    """How the health of a backend is asked for; times in seconds."""

    name: str
    protocol: str | None = None
    host: str | None = None
    path: str | None = None
    interval: int | None = None
    timeout: int | None = None
    unhealthy_threshold: int | None = None


@document()
class BackendAddressPool:
    """The machines behind an application gateway."""

    name: str
    ip_addresses: tuple[str, ...] | None = element(default=None, name="IPAddresses", item="IPAddress")


@document()
class BackendHttpSettings:
    """How an application gateway speaks to the machines behind it."""

    name: str
    port: int
    protocol: str | None = None
    cookie_based_affinity: str | None = None
    request_timeout: int | None = None
    probe: str | None = None
    authentication_certificates: tuple[str, ...] | Nil | None = element(
        default=None, item="AuthenticationCertificate", anywhere=True
    )


@document()
class HttpListener:
    """Where an application gateway listens: names of a frontend address, a port and a certificate."""

    name: str
    frontend_ip: str | None = element(default=None, name="FrontendIP")
    frontend_port: str
    protocol: str | None = None
    ssl_cert: str | None = None


@document()
class HttpLoadBalancingRule:
    """Which backend a listener's requests go to: names of settings, listener and pool."""

    name: str
    type: str | None = None
    backend_http_settings: str
    listener: str
    backend_address_pool: str


@document()
class ApplicationGatewayConfiguration:
    """All that an application gateway does; setting it replaces what it did before."""

    frontend_ip_configurations: tuple[FrontendIPConfiguration, ...] | None = element(
        default=None, name="FrontendIPConfigurations"
    )
    frontend_ports: tuple[FrontendPort, ...] | None = None
    probes: tuple[Probe, ...] | None = None
    backend_address_pools: tuple[BackendAddressPool, ...] | None = None
    backend_http_settings_list: tuple[BackendHttpSettings, ...] | None = None
    http_listeners: tuple[HttpListener, ...] | None = None
    http_load_balancing_rules: tuple[HttpLoadBalancingRule, ...] | None = None


@document()
class ApplicationGatewayCertificate:
    """A certificate that listeners name; its private key is never given back."""

    name: str
    data: Base64Bytes
    state: str


@document()
class ApplicationGatewayCertificates:
    """The certificates of an application gateway."""

    items: tuple[ApplicationGatewayCertificate, ...] = element(default=(), flat=True)


class ApplicationGatewayContract(Contract):
    """Make, configure, start and stop application gateways."""

    @operation("POST", GATEWAYS, since=SINCE, success=202, errors=REFUSALS)
    def create_application_gateway(self, body: CreateApplicationGatewayParameters) -> GatewayOperationAsyncResponse:
        """Add an application gateway, stopped and without a configuration."""

    @operation("GET", GATEWAYS, since=SINCE)
    def list_application_gateways(self) -> ApplicationGateways:
        """List the application gateways of the subscription."""

    @operation("GET", GATEWAY, since=SINCE, errors=(ResourceNotFound,))
    def get_application_gateway(self, gateway_name: str) -> ApplicationGateway:
        """Read an application gateway."""

    @operation("PUT", GATEWAY, since=SINCE, success=202, errors=REFUSALS)
    def update_application_gateway(
        self, gateway_name: str, body: UpdateApplicationGatewayParameters
    ) -> GatewayOperationAsyncResponse:
        """Change an application gateway."""

    @operation("DELETE", GATEWAY, since=SINCE, success=202, errors=(ConflictError, ResourceNotFound))
    def delete_application_gateway(self, gateway_name: str) -> GatewayOperationAsyncResponse:
        """Take an application gateway away."""

    @operation("POST", f"{GATEWAY}/Operations", since=SINCE, success=202, errors=REFUSALS)
    def execute_application_gateway_operation(
        self, gateway_name: str, body: ApplicationGatewayOperation
    ) -> GatewayOperationAsyncResponse:
        """Start or stop an application gateway."""

    @operation("GET", f"{GATEWAY}/configuration", since=SINCE, errors=(ResourceNotFound,))
    def get_application_gateway_configuration(self, gateway_name: str) -> ApplicationGatewayConfiguration:
        """Read what an application gateway does."""

    @operation("POST", f"{GATEWAY}/configuration", since=SINCE, success=202, errors=REFUSALS)
    def set_application_gateway_configuration(
        self, gateway_name: str, body: ApplicationGatewayConfiguration
    ) -> GatewayOperationAsyncResponse:
        """Set what an application gateway does."""

    @operation("GET", f"{GATEWAY}/sslcertificates", since=SINCE, errors=(ResourceNotFound,))
    def list_application_gateway_certificates(self, gateway_name: str) -> ApplicationGatewayCertificates:
        """List the certificates of an application gateway."""

    @operation("GET", CERTIFICATE, since=SINCE, errors=(ResourceNotFound,))
    def get_application_gateway_certificate(
        self, gateway_name: str, certificate_name: str
    ) -> ApplicationGatewayCertificate:
        """Read a certificate of an application gateway."""

    @operation("PUT", CERTIFICATE, since=SINCE, success=202, errors=REFUSALS)
    def add_application_gateway_certificate(
        self, gateway_name: str, certificate_name: str, body: CertificateFile
    ) -> GatewayOperationAsyncResponse:
        """Add a certificate to an application gateway, or replace it."""

    @operation("DELETE", CERTIFICATE, since=SINCE, success=202, errors=REFUSALS)
    def delete_application_gateway_certificate(
        self, gateway_name: str, certificate_name: str
    ) -> GatewayOperationAsyncResponse:
        """Take a certificate away that no listener uses."""
