"""What is worked out from collections: as if everything were looked at, and without looking at everything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rpds import HashTrieMap

from asm_emulator.derived import ByIdentity, Tally, ordered
from asm_emulator.model import Subscription
from asm_emulator.state import State, altered

KEYS = st.sampled_from("abcdef")


@given(
    st.dictionaries(KEYS, st.integers(0, 9)),
    st.lists(st.tuples(KEYS, st.none() | st.integers(0, 9), st.integers(0, 3)), max_size=150),
    st.sets(st.integers(0, 150)),
)
def test_a_tally_is_the_sum(begun: dict[str, int], writes: list[tuple[str, int | None, int]], asked: set[int]) -> None:
    tally = Tally(lambda value: value)
    made = [HashTrieMap(begun)]
    for place, (key, value, back) in enumerate(writes):
        before = made[max(-len(made), -1 - back)]  # drafts are thrown away: not every write follows the last one
        after = before.discard(key) if value is None else before.insert(key, value)
        tally.moved(before, after, key)
        made.append(after)
        if place in asked:
            assert tally.total(after) == sum(after.values())
    for one in made:
        assert tally.total(one) == sum(one.values())


def test_a_tally_looks_at_what_has_changed() -> None:
    looked: list[int] = []
    tally = Tally(lambda value: looked.append(value) or value)
    now = HashTrieMap({str(number): number for number in range(1000)})
    assert tally.total(now) == 499_500
    looked.clear()
    for _ in range(5):
        before, now = now, now.insert("7", 8)
        tally.moved(before, now, "7")
    assert tally.total(now) == 499_501
    assert looked == [8, 7]


def test_results_are_known_by_which_value_it_was() -> None:
    calls: list[object] = []
    function = ByIdentity(lambda value: calls.append(value) or len(calls))
    one, other = HashTrieMap({"a": 1}), HashTrieMap({"a": 1})
    assert [function(one), function(other), function(one), function(other)] == [1, 2, 1, 2]
    assert ordered(HashTrieMap({"b": 1, "a": 2})) == ("a", "b")


def test_altering_is_replacing() -> None:
    state = State(serial=3)
    other = altered(state, {"serial": 4})
    assert (state.serial, other.serial, type(other)) == (3, 4, State) and other == State(serial=4)
    assert "wings" not in Subscription.__dataclass_fields__
    with pytest.raises(TypeError, match="State has no wings"):
        altered(state, {"wings": 2})
