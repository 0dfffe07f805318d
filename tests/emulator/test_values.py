"""Everything that a state can hold can be written to a file."""

from __future__ import annotations

import dataclasses
import enum
import json
import types
import typing
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asm_contracts.catalogue import all_operations
from asm_contracts.operation import DeploymentName, DeploymentSlot, RawBody
from asm_emulator import values
from asm_emulator.agenda import Agenda
from asm_emulator.state import State, Step

LEAVES = {str, int, float, bool, bytes, datetime, timedelta, type(None), DeploymentName, DeploymentSlot}


def unsupported(hint: Any, where: str, met: set[Any]) -> Iterator[str]:
    origin = typing.get_origin(hint)
    if hint in LEAVES or hint is Any or hint is Ellipsis or origin is typing.Literal:
        return
    if origin in (typing.Union, types.UnionType, tuple, frozenset, values._Map):
        for one in typing.get_args(hint):
            yield from unsupported(one, where, met)
    elif hint is Agenda:  # written as the steps it has, and read as those
        yield from unsupported(Step, where, met)
    elif origin is typing.Annotated:
        yield from unsupported(typing.get_args(hint)[0], where, met)
    elif isinstance(hint, type) and issubclass(hint, enum.Enum):
        assert values._name(hint)
    elif isinstance(hint, type) and dataclasses.is_dataclass(hint):
        if hint not in met:
            met.add(hint)
            assert values._name(hint)
            for name, inner in values._hints(hint).items():
                if name in {field.name for field in dataclasses.fields(hint)}:
                    yield from unsupported(inner, f"{hint.__name__}.{name}", met)
    else:
        yield f"{where}: {hint}"


def test_a_state_holds_nothing_that_cannot_be_written() -> None:
    met: set[Any] = set()
    assert list(unsupported(State, "State", met)) == []
    assert len(met) > 40


def test_neither_does_the_record_of_any_request() -> None:
    met: set[Any] = set()
    bodies = [one.body for one in all_operations() if dataclasses.is_dataclass(one.body)]
    assert [problem for one in (*bodies, RawBody) for problem in unsupported(one, "", met)] == []


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.datetimes(timezones=st.just(None)).map(
        lambda one: one.replace(tzinfo=__import__("datetime").UTC)
    ) | st.sampled_from([DeploymentName("x"), DeploymentSlot("Staging")]),
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(plain)
def test_values_come_back_as_they_went(value: Any) -> None:
    found = values.load(json.loads(json.dumps(values.dump(value))))
    assert found == value
    assert type(found) is type(value)


@given(st.recursive(st.none() | st.integers() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))
def test_no_json_does_worse_than_be_refused(found: Any) -> None:
    with pytest.raises(values.Unreadable):
        values.load(found, State)
