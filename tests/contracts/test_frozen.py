"""Frozen classes are dataclasses in all but what they cost."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import field

import pytest

from asm_contracts.frozen import frozen, replace


@frozen
class Point:
    """Two numbers."""

    x: int
    y: int = 2
    tags: tuple[str, ...] = field(default_factory=tuple)


@frozen
class Named(Point):
    """A point with a name, which comes last."""

    name: str

    def __repr__(self) -> str:
        return self.name


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """What `Point` would be, made by the standard library."""

    x: int
    y: int = 2
    tags: tuple[str, ...] = field(default_factory=tuple)


def test_it_is_made_compared_and_shown_as_a_dataclass_is() -> None:
    assert repr(Point(x=1)) == repr(Model(x=1)).replace("Model", "Point")
    assert Point(x=1) == Point(x=1, y=2) != Point(x=1, y=3)
    assert hash(Point(x=1)) == hash(Model(x=1)) and len({Point(x=1), Point(x=1)}) == 1
    assert Point(x=1) != Model(x=1) and Point(x=1) != Named(x=1, name="a")
    assert [one.name for one in dataclasses.fields(Named)] == ["x", "y", "tags", "name"]
    assert dataclasses.replace(Point(x=1), y=5) == Point(x=1, y=5)
    assert dataclasses.asdict(Point(x=1)) == {"x": 1, "y": 2, "tags": ()}
    assert repr(Named(x=1, name="a")) == "a" and isinstance(Named(x=1, name="a"), Point)


@pytest.mark.parametrize("given", [{}, {"y": 1}, {"x": 1, "z": 2}])
def test_wrong_arguments_are_refused(given: dict[str, int]) -> None:
    for _ in range(2):  # the first time and every time after
        with pytest.raises(TypeError, match="__init__"):
            Point(**given)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Point(1)  # type: ignore[call-arg, misc]


def test_it_does_not_change() -> None:
    point = Point(x=1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del point.x  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.wings = 2  # type: ignore[attr-defined]
    assert not hasattr(point, "__dict__")


def test_it_can_be_copied_and_pickled() -> None:
    for one in (Point(x=1, tags=("a",)), Named(x=1, name="n")):
        assert copy.copy(one) == copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one


def test_what_it_cannot_do_is_refused() -> None:
    with pytest.raises(TypeError, match="__post_init__"):

        @frozen
        class Checked:
            x: int

            def __post_init__(self) -> None: ...


def test_replacing_is_as_the_standard_library_does_it() -> None:
    for one in (Point(x=1, tags=("a",)), Named(x=1, name="n"), Model(x=4)):
        assert replace(one, y=7) == dataclasses.replace(one, y=7)
        assert replace(one) == one and replace(one) is not one
        with pytest.raises(TypeError, match="wings"):
            replace(one, wings=2)
