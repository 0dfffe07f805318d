"""Pending work in order: as a sorted list would have it, at any size, and every earlier value as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asm_emulator.agenda import Agenda
from asm_emulator.state import Step

BEGIN = datetime(2015, 1, 1, tzinfo=UTC)


def step(due: int, serial: int) -> Step:
    return Step(
        BEGIN + timedelta(seconds=due),
        serial,
        "subscription",
        "module.effect",
        request_id=None if serial % 3 == 0 else f"request-{serial}",
    )


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=60), st.integers(0, 1200))
def test_it_is_what_a_sorted_list_would_be(changes: list[tuple[int, bool]], begun_with: int) -> None:
    expected = [step(number % 17, number) for number in range(begun_with)]
    agenda = Agenda(reversed(expected))
    for serial, (due, adds) in enumerate(changes, begun_with):
        before, kept = agenda, sorted(expected)
        if adds or not expected:
            one = step(due, serial)
            agenda = agenda.put(one)
            expected.append(one)
        else:
            one = sorted(expected)[due % len(expected)]
            agenda = agenda.without(one)
            expected.remove(one)
        assert list(before) == kept
        assert len(agenda) == len(expected) and bool(agenda) is bool(expected)
        assert agenda.first == min(expected, default=None)
        assert (agenda.ending(str(one.request_id)) == one) is (one in expected and one.request_id is not None)
    assert list(agenda) == sorted(expected)
    assert agenda == Agenda(expected) and hash(agenda) == hash(Agenda(expected))
    assert (agenda == Agenda()) is (not expected)


def test_a_step_that_is_not_there_cannot_be_taken_out() -> None:
    for agenda in (Agenda(), Agenda([step(1, 1)]), Agenda([step(3, 3)])):
        with pytest.raises(ValueError):
            agenda.without(step(2, 2))


def test_many_are_put_in_and_taken_out_in_any_order() -> None:
    agenda = Agenda()
    for number in range(3000):
        agenda = agenda.put(step(number * 7919 % 3001, number))
    assert list(agenda) == sorted(agenda)
    for one in list(agenda)[::-3]:
        agenda = agenda.without(one)
    assert list(agenda) == sorted(agenda) and len(agenda) == 2000
    while agenda.first is not None:
        agenda = agenda.without(agenda.first)
    assert agenda == Agenda()
