"""Bad requests for every declared operation: refused as the service refuses, and nothing is changed by what is refused.

Always the same few thousand; `make fuzz` makes others, and as many as there is time for.  What that has found stays in
the corpus.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from tests.fuzz.corpus import CASES, Case
from tests.fuzz.range import Range
from tests.fuzz.shots import Aimed, good_shot, shots
from tests.fuzz.wires import Feed, feeds

from asm_contracts.catalogue import all_operations
from asm_contracts.operation import Operation

EACH: Final = 3
"""Bad requests of every operation."""
AREAS: Final = sorted({one.area for one in all_operations()})
the_same = settings(
    max_examples=EACH, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def fields() -> Iterator[Range]:
    made = Range()
    with made.listening():
        yield made


def shoot(fields: Range, operation: Operation) -> None:
    @the_same
    @given(shots(operation, fields.emulator.subscription, fields.world, fields.good.get(operation.name, ())))
    def fire(aimed: Aimed) -> None:
        fields.fire(aimed.shot.wire(), operation.name, aimed.base)

    fire()


@pytest.mark.parametrize("area", AREAS)
def test_bad_requests(fields: Range, area: str) -> None:
    for operation in all_operations():
        if operation.area == area:
            shoot(fields, operation)


@pytest.mark.parametrize("area", AREAS)
def test_good_requests_take_effect_here(fields: Range, area: str) -> None:
    """Without this, everything could be refused for some silly reason."""
    for operation in all_operations():
        if operation.area == area:
            for base, good in enumerate(fields.good.get(operation.name, ())):
                shot = good_shot(operation, fields.emulator.subscription, good.arguments)
                assert fields.fire(shot.wire(), operation.name, base) < 300, operation.name


def test_the_world_and_its_stories_reach_behaviour(fields: Range) -> None:
    mutations = {one.name for one in all_operations() if one.is_mutation}
    assert len(mutations & {*fields.good}) >= 160


def test_bad_http(fields: Range) -> None:
    by_name = {one.name: one for one in all_operations()}
    good = [
        good_shot(by_name[name], fields.emulator.subscription, calls[0].arguments).wire()
        for name, calls in sorted(fields.good.items())
    ]

    @settings(the_same, max_examples=500)
    @given(feeds(good))
    def send(feed: Feed) -> None:
        fields.feed(feed)

    send()


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.name)
def test_the_corpus(fields: Range, case: Case) -> None:
    if case.operation:
        fields.fire(case.wire, case.operation, case.base)
    else:
        fields.feed(Feed(case.wire, tuple(range(1, len(case.wire)))))
