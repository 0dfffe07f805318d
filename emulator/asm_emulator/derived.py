"""What is worked out from immutable collections, and worked out again only as far as they have changed.

None of it is state: whatever is forgotten here is found anew by looking at everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar

from rpds import HashTrieMap

from asm_emulator.guarded import Guarded

T = TypeVar("T")
R = TypeVar("R")

Collection: TypeAlias = "HashTrieMap[str, Any]"

_FEW: Final = 4
_LINKS: Final = 64
_KEYS: Final = 4096


class ByIdentity(Generic[T, R]):
    """A function of an immutable value, whose results for the last few values are known by which they were."""

    __slots__ = ("_function", "_known")

    def __init__(self, function: Callable[[T], R]) -> None:
        self._function = function
        self._known: tuple[tuple[T, R], ...] = ()

    def __call__(self, value: T) -> R:
        for known, result in self._known:
            if known is value:
                return result
        result = self._function(value)
        self._known = ((value, result), *self._known[: _FEW - 1])
        return result


def _sorted(collection: Collection) -> tuple[str, ...]:
    return tuple(sorted(collection))


ordered: Final = ByIdentity(_sorted)
"""The keys of a collection in order."""


@dataclass(frozen=True, slots=True)
class _Link:
    """How a collection came from one whose total is known."""

    collection: Collection
    base: Collection
    total: int
    keys: frozenset[str]
    """Where the two may differ."""


class Tally:
    """The sum of something over a collection, at the cost of what has changed since it was last asked for."""

    __slots__ = ("_links", "_of")

    def __init__(self, of: Callable[[Any], int]) -> None:
        self._of = of
        self._links: Guarded[tuple[_Link, ...]] = Guarded(())

    def moved(self, before: Collection, after: Collection, key: str) -> None:
        """One collection was made of another, from which it differs in this key alone."""

        def change(links: tuple[_Link, ...]) -> tuple[tuple[_Link, ...], None]:
            link = next((one for one in links if one.collection is before), None)
            if link is None or len(link.keys) >= _KEYS:
                return links, None
            return (_Link(after, link.base, link.total, link.keys | {key}), *links[: _LINKS - 1]), None

        if self._links.value:
            self._links.update(change)

    def total(self, collection: Collection) -> int:
        """The sum over a collection's values."""
        link = next((one for one in self._links.value if one.collection is collection), None)
        if link is None:
            total = sum(map(self._of, collection.values()))
        else:
            total = link.total + sum(self._at(collection, key) - self._at(link.base, key) for key in link.keys)
        known = _Link(collection, collection, total, frozenset())
        self._links.update(
            lambda links: ((known, *[one for one in links if one.collection is not collection][: _LINKS - 1]), None)
        )
        return total

    def _at(self, collection: Collection, key: str) -> int:
        found = collection.get(key)
        return 0 if found is None else self._of(found)


_TALLIES: Final[dict[str, list[Tally]]] = {}


def tally(collection: str, of: Callable[[Any], int]) -> Tally:
    """A tally that is told whenever drafts write to a collection of subscriptions."""
    made = Tally(of)
    _TALLIES.setdefault(collection, []).append(made)
    return made


def moved(collection: str, before: Collection, after: Collection, key: str) -> None:
    """Tell the tallies of a collection what a draft has written."""
    for one in _TALLIES.get(collection, ()):
        one.moved(before, after, key)
