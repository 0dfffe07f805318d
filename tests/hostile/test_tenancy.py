"""Whoever holds a certificate of one subscription neither reads nor changes another one: for every operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from tests.fuzz.range import differences
from tests.fuzz.shots import Aimed, good_shot, shots
from tests.hostile.neighbours import MINE, MY_CERTIFICATE, THEIRS, Neighbours

from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.catalogue import all_operations
from asm_contracts.operation import DeploymentName, Operation
from asm_contracts.suite.worlds import LOCATION

EACH: Final = 1
AREAS: Final = sorted({one.area for one in all_operations()})
the_same = settings(
    max_examples=EACH, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def cloud() -> Iterator[Neighbours]:
    yield Neighbours()


def of(area: str) -> list[Operation]:
    return [one for one in all_operations() if one.area == area]


@pytest.mark.parametrize("area", AREAS)
def test_their_subscription_is_closed_to_my_certificate(cloud: Neighbours, area: str) -> None:
    for operation in of(area):
        if operation.template.bare:
            continue
        for good in cloud.good.get(operation.name, [])[:2]:
            cloud.again(good)
            seen = cloud.send(good_shot(operation, THEIRS, good.arguments).wire())
            assert seen.status == 403, operation.name
            assert seen.was is seen.now, operation.name


@pytest.mark.parametrize("area", AREAS)
def test_what_takes_effect_there_does_nothing_there_from_mine(cloud: Neighbours, area: str) -> None:
    """Their names and ids, in address and body, where they would do something: but asked of my subscription."""
    for operation in of(area):
        for good in cloud.good.get(operation.name, [])[:2]:
            cloud.again(good)
            wire = good_shot(operation, MINE, good.arguments).wire()
            seen = cloud.send(wire)
            assert cloud.unnoticed(seen), operation.name
            assert cloud.told(seen, wire) == [], operation.name


@pytest.mark.parametrize("area", AREAS)
def test_no_request_of_mine_reaches_them(cloud: Neighbours, area: str) -> None:
    """The property: whatever I send, spoilt or not, with whatever of theirs in it."""
    for operation in of(area):
        try_to_reach(cloud, operation)


def try_to_reach(cloud: Neighbours, operation: Operation) -> None:
    theirs = cloud.good.get(operation.name, ())

    @the_same
    @given(shots(operation, MINE, cloud.their_world, theirs))
    def reach(aimed: Aimed) -> None:
        cloud.again(theirs[aimed.base] if aimed.base >= 0 else None)
        wire = aimed.shot.wire()
        seen = cloud.send(wire)
        assert cloud.unnoticed(seen)
        assert cloud.told(seen, wire) == []

    reach()


def test_subscriptions_that_are_listed_are_my_own(cloud: Neighbours) -> None:
    cloud.again()
    seen = cloud.send(b"GET /subscriptions HTTP/1.1\r\nHost: x\r\nx-ms-version: 2014-10-01\r\n\r\n")
    assert seen.status == 200
    assert MINE.encode() in seen.body and THEIRS.encode() not in seen.body


SHARED: Final = (
    "add_os_image",
    "add_disk",
    "create_vm_image",
    "create_virtual_machine_deployment",
    "add_role",
    "add_data_disk",
)
"""Operations whose documents name blobs, images or reserved addresses."""


@pytest.mark.parametrize("name", SHARED)
def test_one_certificate_that_manages_both_does_not_join_them(cloud: Neighbours, name: str) -> None:
    """My own resources in the address, theirs in the body: what they have does not serve, though I could ask there."""
    operation = next(one for one in all_operations() if one.name == name)
    mine = {parameter.name: DeploymentName(cloud.my_world["deployments"]) for parameter in operation.parameters}
    mine |= {"service_name": cloud.my_world["hostedservices"], "role_name": cloud.my_world["roles"]}
    for good in cloud.good[name]:
        cloud.again()
        cloud.emulator.enrol(THEIRS, MY_CERTIFICATE)
        if name == "create_virtual_machine_deployment":
            assert cloud.send(EMPTY).status == 201
            mine["service_name"] = "asmfaempty"
        arguments = {key: mine[key] for key in good.arguments if key != "body"} | {"body": good.arguments["body"]}
        seen = cloud.send(good_shot(operation, MINE, arguments).wire())
        assert seen.status in (400, 404), seen.body
        assert differences(seen.was, seen.now) == []


def test_one_certificate_that_manages_both_is_served_in_both(cloud: Neighbours) -> None:
    cloud.again()
    cloud.emulator.enrol(THEIRS, MY_CERTIFICATE)
    for subscription in (MINE, THEIRS):
        asked = f"GET /{subscription}/services/disks HTTP/1.1\r\nHost: x\r\nx-ms-version: 2014-10-01\r\n\r\n"
        seen = cloud.send(asked.encode())
        assert (seen.status, cloud.their_world["disks"].encode() in seen.body) == (200, subscription == THEIRS)


EMPTY: Final = good_shot(
    next(one for one in all_operations() if one.name == "create_hosted_service"),
    MINE,
    {"body": CreateHostedService(service_name="asmfaempty", label="l", location=LOCATION)},
).wire()
