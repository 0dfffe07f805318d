"""Traffic Manager: names under trafficmanager.net that lead to whichever endpoint is best.

Everything happens at once.  Element order: recorded.
"""

from __future__ import annotations

from asm_contracts.document import document, element
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Contract, operation
from asm_contracts.vocabulary import AvailabilityResponse

PROFILES = "/services/WATM/profiles"
PROFILE = f"{PROFILES}/{{profile_name}}"
SINCE = "2011-10-01"


@document(name="Profile")
class CreateProfile:
    """A new profile and the name it answers under."""

    domain_name: str = element(anywhere=True)
    name: str = element(anywhere=True)


@document()
class StatusDetails:
    """Which version of the definition is in force."""

    enabled_version: int


@document(name="Profile")
class UpdateProfile:
    """The new status of a profile, ``Enabled`` or ``Disabled``."""

    status: str
    status_details: StatusDetails | None = None


@document(name="Definition")
class DefinitionReference:
    """A definition as a profile lists it; alone it is just its version."""

    status: str | None = None
    version: int


@document()
class Profile:
    """A profile; without a definition it has no status details."""

    domain_name: str
    name: str
    status: str
    status_details: StatusDetails | None = None
    definitions: tuple[DefinitionReference, ...] = ()


@document()
class Profiles:
    """The profiles of a subscription."""

    items: tuple[Profile, ...] = element(default=(), flat=True)


@document()
class DnsOptions:
    """How long resolvers may keep an answer."""

    time_to_live_in_seconds: int


@document()
class HttpOptions:
    """What the monitor asks of an endpoint, and what it wants to hear."""

    verb: str | None = None
    relative_path: str | None = None
    expected_status_code: int | None = None


@document()
class Monitor:
    """How the health of endpoints is watched."""

    interval_in_seconds: int | None = None
    timeout_in_seconds: int | None = None
    tolerated_number_of_failures: int | None = None
    protocol: str | None = None
    port: int | None = None
    http_options: HttpOptions | None = None


@document()
class Endpoint:
    """Where a profile may lead to.  Documentation and clients disagree on the order of the last three."""

    domain_name: str
    status: str | None = None
    type: str | None = None
    location: str | None = element(default=None, anywhere=True)
    monitor_status: str | None = None
    weight: int | None = element(default=None, anywhere=True)
    min_child_endpoints: int | None = element(default=None, anywhere=True)


@document()
class Policy:
    """How an endpoint is chosen: ``Performance``, ``RoundRobin`` or ``Failover``, among which."""

    load_balancing_method: str
    endpoints: tuple[Endpoint, ...] = ()
    monitor_status: str | None = None


@document()
class Definition:
    """What a profile does.  In a request without status and version."""

    dns_options: DnsOptions | None = None
    status: str | None = None
    version: int | None = None
    monitors: tuple[Monitor, ...] | None = None
    policy: Policy | None = None


@document()
class Definitions:
    """The definitions of a profile: one, or none."""

    items: tuple[Definition, ...] = element(default=(), flat=True)


class TrafficManagerContract(Contract):
    """Make profiles and say where they lead."""

    @operation("GET", PROFILES, since=SINCE, title="List Profiles")
    def list_traffic_manager_profiles(self) -> Profiles:
        """List the Traffic Manager profiles."""

    @operation("POST", PROFILES, since=SINCE, errors=(BadRequest, ConflictError), title="Create Profile")
    def create_traffic_manager_profile(self, body: CreateProfile) -> None:
        """Add a profile; its name under trafficmanager.net is unique in the cloud."""

    @operation("GET", PROFILE, since=SINCE, errors=(ResourceNotFound,), title="Get Profile")
    def get_traffic_manager_profile(self, profile_name: str) -> Profile:
        """Read a profile."""

    @operation("PUT", PROFILE, since=SINCE, errors=(BadRequest, ResourceNotFound), title="Update Profile")
    def update_traffic_manager_profile(self, profile_name: str, body: UpdateProfile) -> None:
        """Switch a profile on or off."""

    @operation("DELETE", PROFILE, since=SINCE, errors=(ResourceNotFound,), title="Delete Profile")
    def delete_traffic_manager_profile(self, profile_name: str) -> None:
        """Take a profile and its definition away."""

    @operation("GET", f"{PROFILE}/definitions", since=SINCE, errors=(ResourceNotFound,), title="List Definitions")
    def list_traffic_manager_definitions(self, profile_name: str) -> Definitions:
        """List the definitions of a profile."""

    @operation(
        "POST",
        f"{PROFILE}/definitions",
        since=SINCE,
        errors=(BadRequest, ResourceNotFound),
        title="Create Definition",
    )
    def create_traffic_manager_definition(self, profile_name: str, body: Definition) -> DefinitionReference:
        """Say what a profile does, in place of what it did; the answer is the version, always 1."""

    @operation(
        "GET", f"{PROFILE}/definitions/{{version}}", since=SINCE, errors=(ResourceNotFound,), title="Get Definition"
    )
    def get_traffic_manager_definition(self, profile_name: str, version: int) -> Definition:
        """Read what a profile does."""

    @operation(
        "GET",
        "/services/WATM/operations/isavailable/{dns_name}",
        since=SINCE,
        errors=(BadRequest,),
        title="Check DNS Prefix Availability",
    )
    def check_dns_prefix_availability(self, dns_name: str) -> AvailabilityResponse:
        """Ask whether a name under trafficmanager.net is free."""
