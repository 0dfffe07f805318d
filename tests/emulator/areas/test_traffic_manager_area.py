"""Traffic Manager: profiles, their one definition, names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from asm_client import Client
from asm_contracts.areas.traffic_manager import (
    CreateProfile,
    Definition,
    DnsOptions,
    Endpoint,
    Monitor,
    Policy,
    StatusDetails,
    UpdateProfile,
)
from asm_contracts.codec import xml
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound, ServiceError
from asm_emulator.emulator import Emulator

Refused = Callable[[type[ServiceError], str], object]
WISH = CreateProfile(name="Profile", domain_name="Ours.trafficmanager.net")
DEFINITION = Definition(
    dns_options=DnsOptions(time_to_live_in_seconds=30),
    monitors=(Monitor(protocol="http"),),
    policy=Policy(
        load_balancing_method="roundrobin",
        endpoints=(Endpoint(domain_name="one.cloudapp.net"), Endpoint(domain_name="two.example", status="disabled")),
    ),
)


@pytest.fixture
def profile(azure: Client) -> str:
    azure.create_traffic_manager_profile(WISH)
    azure.create_traffic_manager_definition("profile", DEFINITION)
    return "profile"


def test_a_profile_without_a_definition_is_not_in_force(azure: Client, refused: Refused) -> None:
    with refused(ResourceNotFound, "The specified profile name Profile does not exist."):
        azure.get_traffic_manager_profile("Profile")
    azure.create_traffic_manager_profile(WISH)
    assert xml.encode(azure.get_traffic_manager_profile("PROFILE")).endswith(
        b"><DomainName>Ours.trafficmanager.net</DomainName><Name>Profile</Name><Status>Disabled</Status>"
        b"<Definitions/></Profile>"
    )
    assert azure.list_traffic_manager_definitions("Profile").items == ()
    with refused(ResourceNotFound, "The specified definition version 1 does not exist."):
        azure.get_traffic_manager_definition("Profile", 1)
    with refused(BadRequest, "The profile Profile has no definition of version 1."):
        azure.update_traffic_manager_profile("Profile", UpdateProfile(status="Enabled"))


def test_a_definition_is_always_version_one_and_the_next_replaces_it(azure: Client, profile: str) -> None:
    answer = azure.create_traffic_manager_definition(profile, DEFINITION)
    assert xml.encode(answer).endswith(b"><Version>1</Version></Definition>")
    assert xml.encode(azure.get_traffic_manager_profile(profile)).endswith(
        b"<Status>Enabled</Status><StatusDetails><EnabledVersion>1</EnabledVersion></StatusDetails>"
        b"<Definitions><Definition><Status>Enabled</Status><Version>1</Version></Definition></Definitions></Profile>"
    )
    assert len(azure.list_traffic_manager_definitions(profile).items) == 1


def test_a_definition_comes_back_completed(emulator: Emulator, azure: Client, profile: str) -> None:
    found = azure.get_traffic_manager_definition(profile, 1)
    assert xml.encode(found).endswith(
        b"><DnsOptions><TimeToLiveInSeconds>30</TimeToLiveInSeconds></DnsOptions><Status>Enabled</Status>"
        b"<Version>1</Version><Monitors><Monitor><IntervalInSeconds>30</IntervalInSeconds><TimeoutInSeconds>10"
        b"</TimeoutInSeconds><ToleratedNumberOfFailures>3</ToleratedNumberOfFailures><Protocol>Http</Protocol>"
        b"<Port>80</Port><HttpOptions><Verb>GET</Verb><RelativePath>/</RelativePath><ExpectedStatusCode>200"
        b"</ExpectedStatusCode></HttpOptions></Monitor></Monitors><Policy><LoadBalancingMethod>RoundRobin"
        b"</LoadBalancingMethod><Endpoints><Endpoint><DomainName>one.cloudapp.net</DomainName><Status>Enabled</Status>"
        b"<Type>CloudService</Type><MonitorStatus>CheckingEndpoints</MonitorStatus><Weight>1</Weight></Endpoint>"
        b"<Endpoint><DomainName>two.example</DomainName><Status>Disabled</Status><Type>CloudService</Type>"
        b"<MonitorStatus>Disabled</MonitorStatus><Weight>1</Weight></Endpoint></Endpoints>"
        b"<MonitorStatus>CheckingEndpoints</MonitorStatus></Policy></Definition>"
    )
    emulator.advance(timedelta(minutes=1))
    later = azure.get_traffic_manager_definition(profile, 1)
    assert later.policy is not None
    assert [one.monitor_status for one in later.policy.endpoints] == ["Online", "Disabled"]
    assert later.policy.monitor_status == "Online"


def test_a_profile_is_switched_off_and_on(azure: Client, profile: str) -> None:
    azure.update_traffic_manager_profile(profile, UpdateProfile(status="disabled"))
    found = azure.get_traffic_manager_profile(profile)
    assert (found.status, found.status_details) == ("Disabled", None)
    azure.create_traffic_manager_definition(profile, DEFINITION)
    definition = azure.get_traffic_manager_definition(profile, 1)
    assert definition.status == "Disabled"
    assert definition.policy is not None
    assert definition.policy.monitor_status == "Disabled"
    azure.update_traffic_manager_profile(
        profile, UpdateProfile(status="Enabled", status_details=StatusDetails(enabled_version=1))
    )
    assert azure.get_traffic_manager_profile(profile).status == "Enabled"


def test_names_are_unique_in_the_cloud(azure: Client, profile: str, refused: Refused) -> None:
    assert xml.encode(azure.check_dns_prefix_availability("ours.trafficmanager.net")).endswith(
        b"><Result>false</Result></AvailabilityResponse>"
    )
    with refused(ConflictError, "The domain name OURS.trafficmanager.net is already taken."):
        azure.create_traffic_manager_profile(CreateProfile(name="other", domain_name="OURS.trafficmanager.net"))
    with refused(ConflictError, "A profile named profile already exists."):
        azure.create_traffic_manager_profile(CreateProfile(name="profile", domain_name="new.trafficmanager.net"))
    azure.delete_traffic_manager_profile(profile)
    assert azure.check_dns_prefix_availability("ours.trafficmanager.net").result is True
    assert azure.list_traffic_manager_profiles().items == ()


@pytest.mark.parametrize("name", ["ours", "ours.cloudapp.net", ".trafficmanager.net", "-a.trafficmanager.net"])
def test_other_names_are_refused(azure: Client, refused: Refused, name: str) -> None:
    with refused(BadRequest, f"The domain name {name} is invalid. It must be a name under trafficmanager.net."):
        azure.create_traffic_manager_profile(CreateProfile(name="x", domain_name=name))


def _with(**changes: object) -> Definition:
    return replace(DEFINITION, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        (
            _with(dns_options=DnsOptions(time_to_live_in_seconds=29)),
            "The DNS time to live is invalid. It must be between 30 and 999999 seconds.",
        ),
        (_with(policy=None), "The policy must be specified."),
        (_with(monitors=None), "Exactly one monitor must be specified."),
        (
            _with(monitors=(Monitor(port=0),)),
            "The monitor port 0 is invalid. It must be between 1 and 65535.",
        ),
        (
            _with(policy=Policy(load_balancing_method="Luck")),
            "The load balancing method Luck is invalid. It must be one of Performance, RoundRobin, Failover.",
        ),
        (
            _with(
                policy=Policy(
                    load_balancing_method="Failover",
                    endpoints=(Endpoint(domain_name="a.b"), Endpoint(domain_name="A.b")),
                )
            ),
            "The endpoint A.b has no name, or is specified more than once.",
        ),
        (
            _with(
                policy=Policy(
                    load_balancing_method="Failover",
                    endpoints=tuple(Endpoint(domain_name=f"a{number}.b") for number in range(101)),
                )
            ),
            "At most 100 endpoints can be specified.",
        ),
    ],
)
def test_definitions_that_make_no_sense(
    azure: Client, profile: str, refused: Refused, wish: Definition, text: str
) -> None:
    with refused(BadRequest, text):
        azure.create_traffic_manager_definition(profile, wish)
