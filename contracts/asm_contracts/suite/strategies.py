"""A Hypothesis strategy for every document class and every operation's arguments, derived from the declarations.

What they make is well-formed, not valid: a document that the codec must carry, with values no service would take.
"""

from __future__ import annotations

import enum
import functools
import typing
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar, cast

from hypothesis import strategies as st

from asm_contracts.document import (
    NIL,
    Element,
    ElementType,
    derived,
    elements,
    is_document,
    shape,
)
from asm_contracts.operation import DeploymentKey, DeploymentName, DeploymentSlot, Operation, Parameter

T = TypeVar("T")

# What XML 1.0 can hold, without the line ends that every parser turns into one.
TEXT: Final = st.text(
    st.characters(
        exclude_categories=["Cs"],
        exclude_characters=[chr(code) for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)],
    ),
    max_size=12,
)
_SECONDS: Final = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
_SCALARS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "text": TEXT,
    "integer": st.integers(-(2**31), 2**31 - 1),
    "boolean": st.booleans(),
    "time": _SECONDS.map(lambda moment: moment.replace(microsecond=0)),
    "precise": _SECONDS,
    "ticks": _SECONDS,
    "unzoned": _SECONDS,
    "long": st.integers(-(2**63), 2**63 - 1),
    "capital": st.booleans(),
    "base64": st.text(max_size=12).filter(lambda text: text.isprintable())
    | st.binary(max_size=8).map(lambda data: data.decode("utf-8", "surrogateescape")),
    "bytes": st.binary(max_size=24),
}


def documents(cls: type[T], *, full: bool = False, deep: int = 3) -> st.SearchStrategy[T]:
    """Documents of a class, or of those that inherit from it.

    full: every element has a value.  deep: below this many documents optional ones are absent and lists empty.
    """
    made: st.SearchStrategy[T] = _documents(cast(Hashable, cls), full, deep)
    return made


ADDRESS_WORDS: Final = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=20)
"""Names that share a segment of the path with others, and so hold none of what separates them."""


@functools.cache
def _documents(cls: Any, full: bool, deep: int) -> st.SearchStrategy[Any]:
    choices = [_one(kind, full, deep) for kind in (cls, *derived(cls))]
    return choices[0] if len(choices) == 1 else st.one_of(choices)


def _one(cls: type, full: bool, deep: int) -> st.SearchStrategy[Any]:
    own = shape(cls)
    fields = {}
    for declared in elements(cls):
        tagged = any(shape(base).discriminator == declared.name for base in cls.__mro__ if is_document(base))
        if tagged:
            # What tells a subclass from the others has the value that says so; anything else is another document.
            fields[declared.attribute] = st.just(own.tag) if own.tag else st.none()
        else:
            fields[declared.attribute] = _element(declared, full, deep)
    return st.builds(cls, **fields)


def _element(declared: Element, full: bool, deep: int) -> st.SearchStrategy[Any]:
    value = _value(declared.type, full, deep)
    if declared.marks.flat:
        return value
    choices = [value]
    if not full:
        if declared.nillable:
            choices.append(st.just(NIL))
        if not declared.required:
            absent = st.just(declared.default)
            choices = [absent] if deep <= 0 and declared.type.kind in ("document", "list") else [absent, *choices]
    return st.one_of(choices)


def _value(kind: ElementType, full: bool, deep: int) -> st.SearchStrategy[Any]:
    if kind.kind == "document":
        return st.deferred(lambda: _documents(kind.python, full, deep - 1))
    if kind.kind == "list":
        assert kind.of is not None
        most = 2 if deep > 0 else 0
        return st.lists(_value(kind.of, full, deep), min_size=1 if full and most else 0, max_size=most).map(tuple)
    if kind.kind == "enum":
        assert issubclass(kind.python, enum.Enum)
        return st.sampled_from(list(kind.python))
    return _SCALARS[kind.kind]


# -- operations -----------------------------------------------------------------------------------------------------

_SLOTS: Final[st.SearchStrategy[Any]] = st.sampled_from([DeploymentSlot("Production"), DeploymentSlot("Staging")])
NAMES: Final = st.text("abcdefghijklmnopqrstuvwxyz0123456789-._ ~%/?#&=+üß日", min_size=1, max_size=20).filter(
    lambda text: text not in (".", "..")
)
"""Names that an address must carry unharmed, whatever is in them."""


def arguments(operation: Operation) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments of an operation's address; without a body."""
    shared = {hole for segment in operation.template.segments if len(segment.holes) > 1 for hole in segment.holes}
    return st.fixed_dictionaries(
        {one.name: ADDRESS_WORDS if one.name in shared else _parameter(one) for one in operation.parameters}
    )


def _parameter(parameter: Parameter) -> st.SearchStrategy[Any]:
    if parameter.kind == DeploymentKey:
        return NAMES.map(DeploymentName) | _SLOTS
    kinds: Iterable[Any] = typing.get_args(parameter.kind) or (parameter.kind,)
    made: list[st.SearchStrategy[Any]] = []
    for kind in kinds:
        if kind is type(None):
            made.append(st.none())
        elif kind is DeploymentSlot:
            made.append(_SLOTS)
        elif kind is bool:
            made.append(st.booleans())
        elif kind is int:
            made.append(st.integers(0, 999_999_999))
        elif isinstance(kind, type) and issubclass(kind, str):
            made.append(NAMES.map(cast(Callable[[str], Any], kind)))
        else:
            raise TypeError(f"no strategy for a parameter of type {kind}")
    return st.one_of(made)


__all__ = ["NAMES", "TEXT", "arguments", "documents"]
