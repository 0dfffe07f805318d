"""Input endpoints: what a request may say of them, the ports the platform gives, and the sets that share a load."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from asm_contracts import roles as wire
from asm_contracts.errors import BadRequest
from asm_contracts.evidence import assumed, recorded
from asm_emulator import model
from asm_emulator.state import Draft

FIRST_DYNAMIC: Final = 49152
LAST_PORT: Final = 65535
MOST_ACL_RULES: Final = 50
"""Rules of the access control list of one endpoint (documented)."""
PROBE_INTERVAL: Final = 15
PROBE_TIMEOUT: Final = 31
"""Seconds; what every recorded probe has."""

LEAST_INTERVAL: Final = 5
LEAST_TIMEOUT: Final = 11
"""Seconds (documented)."""
DISTRIBUTIONS: Final = ("none", "sourceip", "sourceipprotocol")
"""How a set may share its load (documented), in lower case."""

_INCORRECT: Final = "A parameter was incorrect"
"""The recorded refusal of a wrong port, without a full stop."""


@recorded("a port of 66556 is refused at once, with these words")
def check_port(port: int | None) -> None:
    """BadRequest unless a port that is given is one."""
    if port is not None and not 1 <= port <= LAST_PORT:
        raise BadRequest(_INCORRECT)


@assumed("limits are documented or from the clients; of the texts only that of a wrong port was seen")
def check_endpoints(endpoints: Iterable[wire.InputEndpoint]) -> None:
    """BadRequest for endpoints that no role can have: wrong ports, names twice, unknown protocols."""
    names: set[str] = set()
    for endpoint in endpoints:
        check_port(endpoint.port)
        check_port(endpoint.local_port)
        if endpoint.local_port is None:
            raise BadRequest(_INCORRECT)
        name = endpoint.name or ""
        if not name:
            raise BadRequest("The name of an input endpoint must be specified.")
        if name.lower() in names:
            raise BadRequest(f"The input endpoint name {name} is used more than once in the role.")
        names.add(name.lower())
        check_shared(endpoint)


def check_shared(endpoint: wire.InputEndpoint) -> None:
    """BadRequest for settings wrong on their own: protocol, idle timeout, probe, access control list."""
    if (endpoint.protocol or "").lower() not in ("tcp", "udp"):
        raise BadRequest(f"The protocol '{endpoint.protocol or ''}' of an input endpoint is not tcp or udp.")
    check_idle_timeout(endpoint.idle_timeout_in_minutes)
    if (endpoint.load_balancer_distribution or "none").lower() not in DISTRIBUTIONS:
        raise BadRequest(f"The load balancer distribution {endpoint.load_balancer_distribution} is not known.")
    if endpoint.load_balancer_probe is not None:
        _check_probe(endpoint.load_balancer_probe)
    if endpoint.endpoint_acl is not None:
        _check_acl(endpoint.endpoint_acl)


def check_idle_timeout(minutes: int | None) -> None:
    """BadRequest for an idle timeout outside 4 to 30 minutes (documented limits)."""
    if minutes is not None and not 4 <= minutes <= 30:
        raise BadRequest("The idle timeout must be between 4 and 30 minutes.")


def _check_probe(probe: wire.LoadBalancerProbe) -> None:
    check_port(probe.port)
    protocol = (probe.protocol or "tcp").lower()
    if protocol not in ("tcp", "http"):
        raise BadRequest(f"The protocol '{probe.protocol}' of a load balancer probe is not tcp or http.")
    if protocol == "http" and not probe.path:
        raise BadRequest("A load balancer probe over http needs a path.")
    if not (probe.interval_in_seconds or PROBE_INTERVAL) >= LEAST_INTERVAL:
        raise BadRequest(f"The interval of a load balancer probe must be at least {LEAST_INTERVAL} seconds.")
    if not (probe.timeout_in_seconds or PROBE_TIMEOUT) >= LEAST_TIMEOUT:
        raise BadRequest(f"The timeout of a load balancer probe must be at least {LEAST_TIMEOUT} seconds.")


def _check_acl(acl: wire.EndpointAcl) -> None:
    orders: set[int] = set()
    if len(acl.rules or ()) > MOST_ACL_RULES:
        raise BadRequest(f"An endpoint can have at most {MOST_ACL_RULES} access control rules.")
    for rule in acl.rules or ():
        if (rule.action or "").lower() not in ("permit", "deny"):
            raise BadRequest(f"The action '{rule.action or ''}' of an access control rule is not permit or deny.")
        if rule.order is None or rule.order < 0 or rule.order in orders:
            raise BadRequest("The order of an access control rule must be given, and be different from all others.")
        orders.add(rule.order)
        try:
            ipaddress.ip_network(rule.remote_subnet or "", strict=False)
        except ValueError:
            raise BadRequest(f"The remote subnet '{rule.remote_subnet or ''}' is not in CIDR notation.") from None


# -- what becomes of them -------------------------------------------------------------------------------------------


def normalised(endpoint: wire.InputEndpoint) -> wire.InputEndpoint:
    """An endpoint as answers have it: no empty set name, no address of its own, defaults filled in (recorded)."""
    return replace(
        endpoint,
        load_balanced_endpoint_set_name=endpoint.load_balanced_endpoint_set_name or None,
        load_balancer_name=endpoint.load_balancer_name or None,
        virtual_ip_name=endpoint.virtual_ip_name or None,
        load_balancer_distribution=endpoint.load_balancer_distribution or None,
        vip=None,
        protocol=(endpoint.protocol or "").lower(),
        enable_direct_server_return=bool(endpoint.enable_direct_server_return),
        load_balancer_probe=_probe(endpoint),
        endpoint_acl=endpoint.endpoint_acl if endpoint.endpoint_acl and endpoint.endpoint_acl.rules else None,
    )


def _probe(endpoint: wire.InputEndpoint) -> wire.LoadBalancerProbe | None:
    probe = endpoint.load_balancer_probe
    if probe is None or probe == wire.LoadBalancerProbe():
        return None
    return replace(
        probe,
        path=probe.path or None,
        protocol=(probe.protocol or "tcp").lower(),
        port=probe.port or endpoint.local_port,
        interval_in_seconds=probe.interval_in_seconds or PROBE_INTERVAL,
        timeout_in_seconds=probe.timeout_in_seconds or PROBE_TIMEOUT,
    )


@recorded("every list of endpoints is in order of their names, whatever order they came in")
def in_order(endpoints: Iterable[wire.InputEndpoint]) -> tuple[wire.InputEndpoint, ...]:
    """Endpoints in the order answers have them."""
    return tuple(sorted(endpoints, key=lambda one: (one.name or "").lower()))


@assumed("that the platform chooses a port is documented; the range is that of dynamic ports")
def with_ports(
    draft: Draft, private_id: str, endpoints: Iterable[wire.InputEndpoint], others: Iterable[model.MachineRole]
) -> tuple[wire.InputEndpoint, ...]:
    """The endpoints with a public port for each that has none: dependent on the seed, and free in the deployment."""
    given = list(endpoints)
    used = {one.port for one in given} | {
        one.port for machine in others for one in machine.network.input_endpoints or ()
    }
    found = []
    for endpoint in given:
        port = endpoint.port
        if port is None:
            size = LAST_PORT - FIRST_DYNAMIC + 1
            start = int(draft.make_hex("port", private_id, endpoint.name)[:8], 16) % size
            port = next(
                (
                    FIRST_DYNAMIC + (start + step) % size
                    for step in range(size)
                    if FIRST_DYNAMIC + (start + step) % size not in used
                ),
                FIRST_DYNAMIC,
            )
            used.add(port)
        found.append(replace(endpoint, port=port))
    return tuple(found)


@recorded("of two endpoints on one port: the operation fails, with these words")
def check_collisions(machines: Iterable[model.MachineRole]) -> None:
    """BadRequest if two endpoints of a deployment have the same public port and protocol without sharing its load."""
    taken: dict[tuple[object, ...], tuple[str, str]] = {}
    for machine in machines:
        for endpoint in machine.network.input_endpoints or ():
            place = (endpoint.load_balancer_name or "").lower(), (endpoint.virtual_ip_name or "").lower()
            key = (endpoint.port, endpoint.protocol, *place)
            group = (endpoint.load_balanced_endpoint_set_name or "").lower()
            known = taken.get(key)
            if known is not None and (not group or known[0] != group or known[1] == machine.name):
                raise BadRequest(
                    f"Port {endpoint.port} is already in use by one of the endpoints in this deployment. "
                    "Ensure that the port numbers are unique across endpoints within a deployment."
                )
            taken[key] = (group, machine.name)


def set_settings(endpoint: wire.InputEndpoint) -> tuple[object, ...]:
    """What all members of a load-balanced set have in common."""
    return (endpoint.port, endpoint.protocol, endpoint.load_balancer_probe)


@assumed("that members share port, protocol and probe is documented; the text was never seen")
def check_sets(machines: Iterable[model.MachineRole]) -> None:
    """BadRequest if the members of a load-balanced set differ in what they must share."""
    known: dict[str, tuple[object, ...]] = {}
    for machine in machines:
        for endpoint in machine.network.input_endpoints or ():
            name = endpoint.load_balanced_endpoint_set_name
            if name is None:
                continue
            settings = set_settings(endpoint)
            if known.setdefault(name.lower(), settings) != settings:
                raise BadRequest(
                    f"The endpoints of the load-balanced set {name} must have the same port, protocol and probe."
                )
