"""Traffic Manager profiles and their definition."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asm_contracts.areas.traffic_manager import (
    CreateProfile,
    Definition,
    DnsOptions,
    Endpoint,
    HttpOptions,
    Monitor,
    Policy,
    UpdateProfile,
)
from asm_contracts.evidence import documented
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import refused


def definition(seconds: int = 30) -> Definition:
    endpoint = Endpoint(domain_name="one.cloudapp.net", status="Enabled", type="CloudService", weight=1)
    policy = Policy(load_balancing_method="RoundRobin", endpoints=(endpoint,))
    options = DnsOptions(time_to_live_in_seconds=seconds)
    monitor = Monitor(
        interval_in_seconds=30,
        timeout_in_seconds=10,
        tolerated_number_of_failures=3,
        protocol="HTTP",
        port=80,
        http_options=HttpOptions(verb="GET", relative_path="/", expected_status_code=200),
    )
    return Definition(dns_options=options, monitors=(monitor,), policy=policy)


@documented("a profile is in force with its definition, whose version is always 1")
def test_a_profile_comes_and_goes(azure: Azure, names: Names) -> None:
    name = names.of("traffic manager profile")
    azure.create_traffic_manager_profile(CreateProfile(name=name, domain_name=f"{name}.trafficmanager.net"))
    assert azure.get_traffic_manager_profile(name).status == "Disabled"
    with refused(409, "ConflictError"):
        azure.create_traffic_manager_profile(CreateProfile(name=name, domain_name=f"{name}x.trafficmanager.net"))
    azure.create_traffic_manager_definition(name, definition())
    azure.create_traffic_manager_definition(name, definition(60))
    assert azure.get_traffic_manager_profile(name).status == "Enabled"
    found = azure.get_traffic_manager_definition(name, 1)
    assert found.dns_options is not None and found.dns_options.time_to_live_in_seconds == 60
    assert len(azure.list_traffic_manager_definitions(name).items) == 1
    azure.update_traffic_manager_profile(name, UpdateProfile(status="Disabled"))
    assert azure.get_traffic_manager_profile(name).status == "Disabled"
    assert name in [one.name for one in azure.list_traffic_manager_profiles().items]
    azure.delete_traffic_manager_profile(name)
    with refused(404, "ResourceNotFound", f"The specified profile name {name} does not exist."):
        azure.get_traffic_manager_profile(name)


@documented("a name under trafficmanager.net is one profile's in all of the cloud")
def test_a_domain_is_taken_once(azure: Azure, names: Names) -> None:
    name = names.of("traffic manager profile")
    domain = f"{name}.trafficmanager.net"
    assert azure.check_dns_prefix_availability(domain).result is True
    azure.create_traffic_manager_profile(CreateProfile(name=name, domain_name=domain))
    assert azure.check_dns_prefix_availability(domain.upper()).result is False
    other = names.of("traffic manager profile")
    with refused(409, "ConflictError"):
        azure.create_traffic_manager_profile(CreateProfile(name=other, domain_name=domain.upper()))
    azure.delete_traffic_manager_profile(name)
    assert azure.check_dns_prefix_availability(domain).result is True
    for wrong in ("ours", "ours.cloudapp.net", "-a.trafficmanager.net"):
        with refused(400, "BadRequest"):
            azure.check_dns_prefix_availability(wrong)
        with refused(400, "BadRequest"):
            azure.create_traffic_manager_profile(CreateProfile(name=other, domain_name=wrong))


WRONG: dict[str, Definition] = {
    "no time to live": replace(definition(), dns_options=DnsOptions(time_to_live_in_seconds=0)),
    "no monitor": replace(definition(), monitors=()),
    "a protocol nobody speaks": replace(definition(), monitors=(Monitor(protocol="TEA"),)),
    "no policy": replace(definition(), policy=None),
    "a method nobody knows": replace(
        definition(), policy=Policy(load_balancing_method="Dice", endpoints=(Endpoint(domain_name="one.cloudapp.net"),))
    ),
    "an endpoint too many": replace(
        definition(),
        policy=Policy(
            load_balancing_method="RoundRobin",
            endpoints=tuple(Endpoint(domain_name=f"n{number}.cloudapp.net") for number in range(101)),
        ),
    ),
    "an endpoint twice": replace(
        definition(),
        policy=Policy(
            load_balancing_method="RoundRobin",
            endpoints=(Endpoint(domain_name="one.cloudapp.net"), Endpoint(domain_name="One.cloudapp.net")),
        ),
    ),
}


@documented("a definition has a time to live, one monitor, and a policy with endpoints")
@pytest.mark.parametrize("way", list(WRONG))
def test_a_definition_that_makes_no_sense(azure: Azure, names: Names, way: str) -> None:
    name = names.of("traffic manager profile")
    azure.create_traffic_manager_profile(CreateProfile(name=name, domain_name=f"{name}.trafficmanager.net"))
    with refused(400, "BadRequest"):
        azure.create_traffic_manager_definition(name, WRONG[way])
    assert azure.list_traffic_manager_definitions(name).items == ()
    assert azure.get_traffic_manager_profile(name).status == "Disabled"
