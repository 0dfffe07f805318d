"""Application gateways."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, Protocol

from asm_contracts.areas.application_gateways import (
    ApplicationGateway,
    ApplicationGatewayCertificate,
    ApplicationGatewayCertificates,
    ApplicationGatewayConfiguration,
    ApplicationGatewayContract,
    ApplicationGatewayOperation,
    ApplicationGateways,
    BackendHttpSettings,
    CreateApplicationGatewayParameters,
    UpdateApplicationGatewayParameters,
)
from asm_contracts.areas.certificates import CertificateFile
from asm_contracts.areas.gateways import GatewayOperationAsyncResponse
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, client, documented, recorded
from asm_emulator import gateway_model as model
from asm_emulator.areas.base import Area
from asm_emulator.certificate_files import UnreadableCertificate, read_cer, read_pfx
from asm_emulator.engine import Effect, effect
from asm_emulator.gateway_operations import begin
from asm_emulator.networks import subnet_of
from asm_emulator.state import Draft
from asm_emulator.vpn import word

NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?\Z")
SIZES: Final = ("Small", "Medium", "Large", "ExtraLarge", "A8")
MOST_INSTANCES: Final = 10
DEFAULT_TIMEOUT: Final = 30
"""Seconds that a backend may take (recorded)."""


class Named(Protocol):
    """A part of a configuration that others name."""

    @property
    def name(self) -> str:
        """Its name."""
        ...


@recorded("the text of a gateway that is not there")
def find_gateway(draft: Draft, name: str) -> model.ApplicationGateway:
    """An application gateway; ResourceNotFound with the recorded text."""
    found = draft.application_gateways.get(name)
    if found is None:
        raise ResourceNotFound("The gateway does not exist.")
    return found


def lease_on(name: str) -> tuple[str, str]:
    """What a change of an application gateway holds."""
    return ("gateway", f"application/{name.lower()}")


@effect
def gateway_created(draft: Draft, name: str, body: CreateApplicationGatewayParameters) -> None:
    """The end of a creation: only then is the gateway there."""
    draft.application_gateways[name] = model.ApplicationGateway(
        name=name,
        description=body.description or "",
        size=word(body.gateway_size or "Medium", SIZES, "gateway size"),
        instance_count=check_instance_count(2 if body.instance_count is None else body.instance_count),
        network_name=body.vnet_name or "",
        subnets=body.subnets or (),
    )


@effect
def gateway_updated(draft: Draft, name: str, body: UpdateApplicationGatewayParameters) -> None:
    """The end of a change: what the request does not name stays."""
    found = draft.application_gateways.get(name)
    if found is None:
        return
    draft.application_gateways[name] = replace(
        found,
        description=found.description if body.description is None else body.description,
        size=found.size if body.gateway_size is None else word(body.gateway_size, SIZES, "gateway size"),
        instance_count=found.instance_count
        if body.instance_count is None
        else check_instance_count(body.instance_count),
        network_name=body.vnet_name or found.network_name,
        subnets=found.subnets if body.subnets is None else body.subnets,
    )


@effect
def gateway_deleted(draft: Draft, name: str) -> None:
    """The end of a deletion."""
    draft.application_gateways.pop(name, None)


@effect
def configuration_set(draft: Draft, name: str, body: ApplicationGatewayConfiguration) -> None:
    """The end of a change of configuration."""
    found = draft.application_gateways.get(name)
    if found is not None:
        changed = replace(found, configuration=body)
        draft.application_gateways[name] = _addressed(draft, changed) if found.state == "Running" else changed


@effect
def gateway_started(draft: Draft, name: str) -> None:
    """The end of a start: the gateway has an address."""
    found = draft.application_gateways.get(name)
    if found is not None:
        draft.application_gateways[name] = replace(_addressed(draft, found), state="Running")


@effect
def gateway_stopped(draft: Draft, name: str) -> None:
    """The end of a stop: the address is given up."""
    found = draft.application_gateways.get(name)
    if found is not None:
        draft.application_gateways[name] = replace(found, state="Stopped", virtual_ip=None, dns_name=None)


@documented("a public gateway has a name under cloudapp.net, a private one the address of its frontend")
def _addressed(draft: Draft, found: model.ApplicationGateway) -> model.ApplicationGateway:
    frontends = (found.configuration.frontend_ip_configurations if found.configuration else None) or ()
    private = next((one.static_ip_address for one in frontends if one.static_ip_address), None)
    if private is not None:
        return replace(found, virtual_ip=private, dns_name=None)
    if found.dns_name is not None:
        return found
    host = draft.make_guid("application gateway", found.name.lower(), draft.take_serial())
    return replace(found, virtual_ip=draft.take_public_address(), dns_name=f"appgw-{host}.cloudapp.net")


@effect
def certificate_added(draft: Draft, name: str, certificate: str, data: bytes) -> None:
    """The end of adding a certificate."""
    found = draft.application_gateways.get(name)
    if found is not None:
        made = model.GatewayCertificate(name=certificate, data=data)
        draft.application_gateways[name] = replace(
            found, certificates=found.certificates.insert(certificate.lower(), made)
        )


@effect
def certificate_deleted(draft: Draft, name: str, certificate: str) -> None:
    """The end of taking a certificate away."""
    found = draft.application_gateways.get(name)
    if found is not None:
        draft.application_gateways[name] = replace(found, certificates=found.certificates.discard(certificate.lower()))


# -- rules ------------------------------------------------------------------------------------------------------------


@assumed("the text for a network is the recorded one of deployments; the one for a subnet follows it")
def check_network(draft: Draft, gateway: model.ApplicationGateway) -> None:
    """BadRequest unless the virtual network that a gateway is for is there, with its subnets."""
    site = draft.virtual_networks.get(gateway.network_name)
    if site is None:
        raise BadRequest(f"The virtual network {gateway.network_name} does not exist.")
    for wanted in gateway.subnets:
        if subnet_of(site, wanted) is None:
            raise BadRequest(f"The subnet {wanted} does not exist in the virtual network {site.name}.")


@documented("up to ten instances")
def check_instance_count(count: int) -> int:
    """A number of instances that a gateway may have; BadRequest otherwise."""
    if not 1 <= count <= MOST_INSTANCES:
        raise BadRequest(f"The instance count {count} is invalid. It must be between 1 and {MOST_INSTANCES}.")
    return count


@documented("all parts have names, which rules, listeners and settings refer to")
@assumed("the texts; that a reference to nothing is refused at once")
def check_configuration(gateway: model.ApplicationGateway, body: ApplicationGatewayConfiguration) -> None:
    """BadRequest unless names are unique, every name that is referred to is there, and ports are ports."""
    frontends = _names("frontend IP configuration", body.frontend_ip_configurations)
    ports = _names("frontend port", body.frontend_ports)
    probes = _names("probe", body.probes)
    pools = _names("backend address pool", body.backend_address_pools)
    settings = _names("backend HTTP settings", body.backend_http_settings_list)
    listeners = _names("HTTP listener", body.http_listeners)
    _names("HTTP load balancing rule", body.http_load_balancing_rules)
    for port in body.frontend_ports or ():
        _check_port(port.name, port.port)
    for frontend in body.frontend_ip_configurations or ():
        _check_address(frontend.static_ip_address)
    for setting in body.backend_http_settings_list or ():
        _check_port(setting.name, setting.port)
        _check_there(setting.name, "probe", setting.probe, probes)
    for listener in body.http_listeners or ():
        _check_there(listener.name, "frontend IP configuration", listener.frontend_ip, frontends)
        _check_there(listener.name, "frontend port", listener.frontend_port, ports)
        _check_there(listener.name, "certificate", listener.ssl_cert, set(gateway.certificates))
        if (listener.protocol or "").lower() == "https" and not listener.ssl_cert:
            raise BadRequest(f"The HTTP listener {listener.name} needs a certificate.")
    for rule in body.http_load_balancing_rules or ():
        _check_there(rule.name, "backend HTTP settings", rule.backend_http_settings, settings)
        _check_there(rule.name, "HTTP listener", rule.listener, listeners)
        _check_there(rule.name, "backend address pool", rule.backend_address_pool, pools)


def _names(what: str, parts: Sequence[Named] | None) -> set[str]:
    found: set[str] = set()
    for part in parts or ():
        if not part.name:
            raise BadRequest(f"A {what} has no name.")
        if part.name.lower() in found:
            raise BadRequest(f"The {what} {part.name} is specified more than once.")
        found.add(part.name.lower())
    return found


def _check_there(user: str, what: str, wanted: str | None, known: set[str]) -> None:
    if wanted and wanted.lower() not in known:
        raise BadRequest(f"{user} refers to the {what} {wanted}, which does not exist.")


def _check_port(name: str, port: int) -> None:
    if not 1 <= port <= 65535:
        raise BadRequest(f"The port {port} of {name} is invalid. It must be between 1 and 65535.")


def _check_address(address: str | None) -> None:
    if address:
        try:
            ipaddress.IPv4Address(address)
        except ValueError:
            raise BadRequest(f"The address {address} is invalid.") from None


@recorded("a timeout of 30 where none was set, certificates always nil; an empty list of probes stays one")
@assumed("the other words where none were given")
def completed(body: ApplicationGatewayConfiguration) -> ApplicationGatewayConfiguration:
    """A configuration as it is given back."""

    def settings(one: BackendHttpSettings) -> BackendHttpSettings:
        return replace(
            one,
            protocol=one.protocol or "Http",
            cookie_based_affinity=one.cookie_based_affinity or "Disabled",
            request_timeout=one.request_timeout or DEFAULT_TIMEOUT,
            authentication_certificates=one.authentication_certificates or NIL,
        )

    return ApplicationGatewayConfiguration(
        frontend_ip_configurations=body.frontend_ip_configurations,
        frontend_ports=body.frontend_ports or (),
        probes=body.probes,
        backend_address_pools=tuple(
            replace(one, ip_addresses=one.ip_addresses or ()) for one in body.backend_address_pools or ()
        ),
        backend_http_settings_list=tuple(settings(one) for one in body.backend_http_settings_list or ()),
        http_listeners=tuple(replace(one, protocol=one.protocol or "Http") for one in body.http_listeners or ()),
        http_load_balancing_rules=tuple(
            replace(one, type=one.type or "Basic") for one in body.http_load_balancing_rules or ()
        ),
    )


class ApplicationGatewayArea(Area, ApplicationGatewayContract):
    """Makes, configures, starts and stops application gateways."""

    @recorded("it is stopped when it is made")
    @assumed("it is not to be seen before its operation has ended; the refusals' texts")
    @assumed("nothing is built before the start, which is when the network is looked for")
    def create_application_gateway(self, body: CreateApplicationGatewayParameters) -> GatewayOperationAsyncResponse:
        name = body.name or ""
        if not NAME.match(name):
            raise BadRequest("The application gateway name is invalid.")
        if name in self.state.application_gateways:
            raise ConflictError(f"An application gateway named {name} already exists.")
        if not body.vnet_name or not body.subnets:
            raise BadRequest("The virtual network and at least one subnet must be specified.")
        word(body.gateway_size or "Medium", SIZES, "gateway size")
        check_instance_count(2 if body.instance_count is None else body.instance_count)
        return self._change(name, gateway_created, body=body)

    def list_application_gateways(self) -> ApplicationGateways:
        return ApplicationGateways(items=tuple(_document(one) for one in self.state.application_gateways.values()))

    def get_application_gateway(self, gateway_name: str) -> ApplicationGateway:
        return _document(find_gateway(self.state, gateway_name))

    def update_application_gateway(
        self, gateway_name: str, body: UpdateApplicationGatewayParameters
    ) -> GatewayOperationAsyncResponse:
        found = find_gateway(self.state, gateway_name)
        if body.subnets == ():
            raise BadRequest("At least one subnet must be specified.")
        if body.gateway_size is not None:
            word(body.gateway_size, SIZES, "gateway size")
        if body.instance_count is not None:
            check_instance_count(body.instance_count)
        return self._change(found.name, gateway_updated, body=body)

    @assumed("a gateway may be deleted in any state")
    def delete_application_gateway(self, gateway_name: str) -> GatewayOperationAsyncResponse:
        found = find_gateway(self.state, gateway_name)
        return self._change(found.name, gateway_deleted)

    @recorded("a stopped gateway may be stopped")
    @client("the CLI writes the operations in lower case")
    @assumed("that a gateway is configured first is documented; the text was never seen")
    def execute_application_gateway_operation(
        self, gateway_name: str, body: ApplicationGatewayOperation
    ) -> GatewayOperationAsyncResponse:
        found = find_gateway(self.state, gateway_name)
        start = word(body.operation_type, ("Start", "Stop"), "operation type") == "Start"
        if start and found.configuration is None:
            raise BadRequest(f"The application gateway {found.name} has no configuration.")
        if start:
            check_network(self.state, found)
        ends_with: Effect = gateway_started if start else gateway_stopped
        answer = self._change(found.name, ends_with, what="gateway.start" if start else "gateway.stop")
        if found.state != ("Running" if start else "Stopped"):
            on_the_way = "Starting" if start else "Stopping"
            self.state.application_gateways[found.name] = replace(found, state=on_the_way)
        return answer

    @assumed("what is answered before a configuration was set")
    def get_application_gateway_configuration(self, gateway_name: str) -> ApplicationGatewayConfiguration:
        found = find_gateway(self.state, gateway_name)
        if found.configuration is None:
            raise ResourceNotFound(f"The application gateway {found.name} has no configuration.")
        return found.configuration

    def set_application_gateway_configuration(
        self, gateway_name: str, body: ApplicationGatewayConfiguration
    ) -> GatewayOperationAsyncResponse:
        found = find_gateway(self.state, gateway_name)
        check_configuration(found, body)
        return self._change(found.name, configuration_set, body=completed(body))

    def list_application_gateway_certificates(self, gateway_name: str) -> ApplicationGatewayCertificates:
        found = find_gateway(self.state, gateway_name)
        return ApplicationGatewayCertificates(
            items=tuple(_certificate(one) for _, one in sorted(found.certificates.items()))
        )

    def get_application_gateway_certificate(
        self, gateway_name: str, certificate_name: str
    ) -> ApplicationGatewayCertificate:
        return _certificate(self._find_certificate(gateway_name, certificate_name))

    @assumed("one of the same name is replaced; what is no certificate is refused at once")
    def add_application_gateway_certificate(
        self, gateway_name: str, certificate_name: str, body: CertificateFile
    ) -> GatewayOperationAsyncResponse:
        found = find_gateway(self.state, gateway_name)
        try:
            pfx = body.certificate_format.strip().lower() == "pfx"
            data = read_pfx(body.data, body.password) if pfx else read_cer(body.data)
        except UnreadableCertificate:
            raise BadRequest("The certificate is invalid, or its password is.") from None
        return self._change(found.name, certificate_added, certificate=certificate_name, data=data)

    def delete_application_gateway_certificate(
        self, gateway_name: str, certificate_name: str
    ) -> GatewayOperationAsyncResponse:
        found = find_gateway(self.state, gateway_name)
        certificate = self._find_certificate(gateway_name, certificate_name)
        for listener in (found.configuration.http_listeners if found.configuration else None) or ():
            if (listener.ssl_cert or "").lower() == certificate.name.lower():
                raise ConflictError(f"The certificate {certificate.name} is in use by the listener {listener.name}.")
        return self._change(found.name, certificate_deleted, certificate=certificate.name)

    def _find_certificate(self, gateway_name: str, certificate_name: str) -> model.GatewayCertificate:
        found = find_gateway(self.state, gateway_name).certificates.get(certificate_name.lower())
        if found is None:
            raise ResourceNotFound("The certificate was not found.")
        return found

    def _change(
        self, name: str, ends_with: Effect, *, what: str | None = None, **arguments: Any
    ) -> GatewayOperationAsyncResponse:
        return begin(self, ends_with, holds=(lease_on(name),), what=what, name=name, **arguments)


@recorded("a stopped gateway has neither addresses nor a DNS name: both nil; a description that was not given is empty")
def _document(found: model.ApplicationGateway) -> ApplicationGateway:
    return ApplicationGateway(
        description=found.description,
        dns_name=found.dns_name or NIL,
        gateway_size=found.size,
        instance_count=found.instance_count,
        name=found.name,
        state=found.state,
        subnets=found.subnets,
        virtual_ips=(found.virtual_ip,) if found.virtual_ip else NIL,
        vnet_name=found.network_name,
    )


@assumed("the state of a certificate that is there")
def _certificate(found: model.GatewayCertificate) -> ApplicationGatewayCertificate:
    return ApplicationGatewayCertificate(name=found.name, data=found.data, state="Provisioned")
