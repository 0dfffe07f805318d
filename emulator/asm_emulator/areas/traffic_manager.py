"""Traffic Manager."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from asm_contracts.areas.traffic_manager import (
    CreateProfile,
    Definition,
    DefinitionReference,
    Definitions,
    Endpoint,
    HttpOptions,
    Monitor,
    Policy,
    Profile,
    Profiles,
    StatusDetails,
    TrafficManagerContract,
    UpdateProfile,
)
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, client, documented, recorded
from asm_contracts.vocabulary import AvailabilityResponse
from asm_emulator import gateway_model as model
from asm_emulator.areas.base import Area
from asm_emulator.vpn import word

DNS: Final = "trafficmanager"
"""The kind of the names under trafficmanager.net."""
SUFFIX: Final = ".trafficmanager.net"
VERSION: Final = 1
"""There is only ever one definition (recorded)."""
MOST_ENDPOINTS: Final = 100
"""Endpoints of a definition (documented)."""
METHODS: Final = ("Performance", "RoundRobin", "Failover")
TYPES: Final = ("CloudService", "AzureWebsite", "Any", "TrafficManager")
STATUSES: Final = ("Enabled", "Disabled")
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,254}[A-Za-z0-9])?\Z")
_PREFIX: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,61}[A-Za-z0-9])?\Z")


@assumed("the refusals' texts, and what names are allowed")
class TrafficManagerArea(Area, TrafficManagerContract):
    """Makes profiles and says where they lead."""

    def list_traffic_manager_profiles(self) -> Profiles:
        return Profiles(items=tuple(_document(one) for one in self.state.traffic_manager_profiles.values()))

    def create_traffic_manager_profile(self, body: CreateProfile) -> None:
        if not _NAME.match(body.name):
            raise BadRequest(f"The profile name {body.name} is invalid.")
        _check_domain(body.domain_name)
        if body.name in self.state.traffic_manager_profiles:
            raise ConflictError(f"A profile named {body.name} already exists.")
        if self.state.owner_of(DNS, body.domain_name) is not None:
            raise ConflictError(f"The domain name {body.domain_name} is already taken.")
        self.state.claim(DNS, body.domain_name)
        self.state.traffic_manager_profiles[body.name] = model.TrafficManagerProfile(
            name=body.name, domain_name=body.domain_name
        )

    def get_traffic_manager_profile(self, profile_name: str) -> Profile:
        return _document(self._find(profile_name))

    @assumed("a profile without a definition cannot be enabled")
    def update_traffic_manager_profile(self, profile_name: str, body: UpdateProfile) -> None:
        found = self._find(profile_name)
        status = word(body.status, STATUSES, "status")
        version = body.status_details.enabled_version if body.status_details else VERSION
        if status == "Enabled" and (found.definition is None or version != VERSION):
            raise BadRequest(f"The profile {found.name} has no definition of version {version}.")
        self.state.traffic_manager_profiles[found.name] = replace(found, status=status)

    def delete_traffic_manager_profile(self, profile_name: str) -> None:
        found = self._find(profile_name)
        self.state.release(DNS, found.domain_name)
        del self.state.traffic_manager_profiles[found.name]

    def list_traffic_manager_definitions(self, profile_name: str) -> Definitions:
        found = self._find(profile_name)
        return Definitions(items=(self._definition(found),) if found.definition is not None else ())

    @recorded("the answer, and that a definition replaces the one before")
    @assumed("the first definition puts its profile in force")
    def create_traffic_manager_definition(self, profile_name: str, body: Definition) -> DefinitionReference:
        found = self._find(profile_name)
        status = "Enabled" if found.definition is None else found.status
        self.state.traffic_manager_profiles[found.name] = replace(
            found, status=status, definition=checked(body), defined=self.now
        )
        return DefinitionReference(version=VERSION)

    def get_traffic_manager_definition(self, profile_name: str, version: int) -> Definition:
        found = self._find(profile_name)
        if found.definition is None or version != VERSION:
            raise ResourceNotFound(f"The specified definition version {version} does not exist.")
        return self._definition(found)

    @client("a result and no reason")
    def check_dns_prefix_availability(self, dns_name: str) -> AvailabilityResponse:
        _check_domain(dns_name)
        return AvailabilityResponse(result=self.state.owner_of(DNS, dns_name) is None)

    @recorded("the text")
    def _find(self, name: str) -> model.TrafficManagerProfile:
        found = self.state.traffic_manager_profiles.get(name)
        if found is None:
            raise ResourceNotFound(f"The specified profile name {name} does not exist.")
        return found

    @documented("what is watched is first being checked; disabled or without endpoints it is not watched")
    @assumed("every endpoint that is watched turns out to be online")
    def _definition(self, found: model.TrafficManagerProfile) -> Definition:
        """A definition as it is read: with what the monitor knows by now."""
        definition = found.definition
        assert definition is not None and definition.policy is not None
        seen = "CheckingEndpoints"
        if found.defined is not None and self.now - found.defined >= self.state.span("traffic.check"):
            seen = "Online"
        off = found.status != "Enabled"
        endpoints = tuple(
            replace(one, monitor_status="Disabled" if off or one.status == "Disabled" else seen)
            for one in definition.policy.endpoints
        )
        watched = any(one.status == "Enabled" for one in endpoints)
        return replace(
            definition,
            status=found.status,
            version=VERSION,
            policy=replace(
                definition.policy,
                endpoints=endpoints,
                monitor_status="Disabled" if off else seen if watched else "Inactive",
            ),
        )


def _check_domain(name: str) -> None:
    if not name.lower().endswith(SUFFIX) or not _PREFIX.match(name[: -len(SUFFIX)]):
        raise BadRequest(f"The domain name {name} is invalid. It must be a name under trafficmanager.net.")


@documented("TTL from 30 to 999999 seconds; HTTP and HTTPS; at most 9 failures")
@assumed("what is needed: all of it but endpoints; the texts")
def checked(body: Definition) -> Definition:
    """A definition as it is kept, complete and in the service's own spelling; BadRequest if it makes no sense."""
    ttl = body.dns_options.time_to_live_in_seconds if body.dns_options else None
    if ttl is None or not 30 <= ttl <= 999_999:
        raise BadRequest("The DNS time to live is invalid. It must be between 30 and 999999 seconds.")
    if body.policy is None:
        raise BadRequest("The policy must be specified.")
    if not body.monitors or len(body.monitors) != 1:
        raise BadRequest("Exactly one monitor must be specified.")
    if len(body.policy.endpoints) > MOST_ENDPOINTS:
        raise BadRequest(f"At most {MOST_ENDPOINTS} endpoints can be specified.")
    seen: set[str] = set()
    for one in body.policy.endpoints:
        if not one.domain_name or one.domain_name.lower() in seen:
            raise BadRequest(f"The endpoint {one.domain_name} has no name, or is specified more than once.")
        seen.add(one.domain_name.lower())
    return Definition(
        dns_options=body.dns_options,
        monitors=(_monitor(body.monitors[0]),),
        policy=Policy(
            load_balancing_method=word(body.policy.load_balancing_method, METHODS, "load balancing method"),
            endpoints=tuple(_endpoint(one) for one in body.policy.endpoints),
        ),
    )


@recorded("an interval of 30 seconds, a timeout of 10, three failures")
def _monitor(given: Monitor) -> Monitor:
    protocol = word(given.protocol or "Http", ("Http", "Https"), "monitor protocol")
    port = (443 if protocol == "Https" else 80) if given.port is None else given.port
    failures = 3 if given.tolerated_number_of_failures is None else given.tolerated_number_of_failures
    options = given.http_options or HttpOptions()
    path = options.relative_path or "/"
    if not 1 <= port <= 65535:
        raise BadRequest(f"The monitor port {port} is invalid. It must be between 1 and 65535.")
    if not 0 <= failures <= 9:
        raise BadRequest(f"The tolerated number of failures {failures} is invalid. It must be between 0 and 9.")
    if not path.startswith("/"):
        raise BadRequest(f"The relative path {path} is invalid. It must begin with a slash.")
    return Monitor(
        interval_in_seconds=given.interval_in_seconds or 30,
        timeout_in_seconds=given.timeout_in_seconds or 10,
        tolerated_number_of_failures=failures,
        protocol=protocol,
        port=port,
        http_options=HttpOptions(
            verb=options.verb or "GET",
            relative_path=path,
            expected_status_code=options.expected_status_code or 200,
        ),
    )


def _endpoint(given: Endpoint) -> Endpoint:
    if given.weight is not None and not 1 <= given.weight <= 1000:
        raise BadRequest(f"The weight {given.weight} is invalid. It must be between 1 and 1000.")
    return Endpoint(
        domain_name=given.domain_name,
        status=word(given.status or "Enabled", STATUSES, "endpoint status"),
        type=word(given.type or "CloudService", TYPES, "endpoint type"),
        location=given.location,
        weight=given.weight or 1,
        min_child_endpoints=given.min_child_endpoints,
    )


@recorded("status details only of a profile in force; definitions by status and version")
def _document(found: model.TrafficManagerProfile) -> Profile:
    return Profile(
        domain_name=found.domain_name,
        name=found.name,
        status=found.status,
        status_details=StatusDetails(enabled_version=VERSION)
        if found.status == "Enabled" and found.definition is not None
        else None,
        definitions=(DefinitionReference(status=found.status, version=VERSION),)
        if found.definition is not None
        else (),
    )
