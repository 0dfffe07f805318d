"""Bodies that take a parser apart are refused, and take little memory; how long they take, `make hostile` measures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.hostile import bombs

BOMBS = [one.name for one in bombs.xml_bombs()]


@pytest.fixture(scope="module")
def took() -> Iterator[dict[str, bombs.Took]]:
    if not bombs.can_measure():
        pytest.skip("this system does not tell a process how large it was")
    yield {one.name: one for one in bombs.measure(repeats=1)}


def test_they_are_refused(took: dict[str, bombs.Took]) -> None:
    assert [*took] == BOMBS
    assert {one.name: one.status for one in took.values() if one.status not in (400, 413)} == {}


def test_they_take_little_memory(took: dict[str, bombs.Took]) -> None:
    assert {one.name: one.memory for one in took.values() if one.memory > bombs.MOST_MEMORY} == {}


def test_none_takes_the_time_of_what_is_not_linear(took: dict[str, bombs.Took]) -> None:
    """Not the time that is asked for, which a busy machine does not keep: a hundred times it."""
    assert {one.name: one.seconds for one in took.values() if one.seconds > 100 * bombs.MOST_TIME} == {}
