"""Pending work in order: an immutable sequence that stays quick however much is pending.

A tuple would be copied whole at every change.  This is a tuple of short tuples, of which a change copies one, and an
index by request, which finds the step that ends an operation without a look at the others.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from rpds import HashTrieMap

if TYPE_CHECKING:
    from asm_emulator.state import Step

_FULL: Final = 512
"""Steps in one of the short tuples at most; a fuller one is cut in two."""


class Agenda:
    """Steps, soonest first; of those due at the same moment the one scheduled first.

    Every method that changes something gives another agenda.
    """

    __slots__ = ("_chunks", "_length", "_of")

    def __init__(self, steps: Iterable[Step] = ()) -> None:
        ordered = tuple(sorted(steps))
        half = _FULL // 2
        self._chunks = tuple(ordered[place : place + half] for place in range(0, len(ordered), half))
        self._length = len(ordered)
        self._of: HashTrieMap[str, Step] = HashTrieMap(
            {step.request_id: step for step in ordered if step.request_id is not None}
        )

    @classmethod
    def _made(cls, chunks: tuple[tuple[Step, ...], ...], length: int, of: HashTrieMap[str, Step]) -> Agenda:
        made = cls.__new__(cls)
        made._chunks, made._length, made._of = chunks, length, of
        return made

    @property
    def first(self) -> Step | None:
        """The step that is due soonest, if there is any."""
        return self._chunks[0][0] if self._chunks else None

    def ending(self, request_id: str) -> Step | None:
        """The step that ends a request's operation, if it is among these."""
        return self._of.get(request_id)

    def put(self, step: Step) -> Agenda:
        """With a step more."""
        chunks = self._chunks
        place = min(bisect_left(chunks, step, key=_last), len(chunks) - 1) if chunks else 0
        steps = list(chunks[place]) if chunks else []
        insort(steps, step)
        middle = (tuple(steps),) if len(steps) <= _FULL else (tuple(steps[: _FULL // 2]), tuple(steps[_FULL // 2 :]))
        of = self._of if step.request_id is None else self._of.insert(step.request_id, step)
        return self._made((*chunks[:place], *middle, *chunks[place + 1 :]), self._length + 1, of)

    def without(self, step: Step) -> Agenda:
        """With this step less.  Raises ValueError if it is not among them."""
        chunks = self._chunks
        place = bisect_left(chunks, step, key=_last)
        if place == len(chunks):
            raise ValueError("no such step")
        steps = list(chunks[place])
        steps.remove(step)
        middle = (tuple(steps),) if steps else ()
        of = self._of
        if step.request_id is not None and of.get(step.request_id) is step:
            of = of.remove(step.request_id)
        return self._made((*chunks[:place], *middle, *chunks[place + 1 :]), self._length - 1, of)

    def since(self, before: Agenda) -> tuple[list[Step], list[Step]]:
        """The steps that were in an earlier agenda and are no longer, and those that have come, each in order.

        Steps are told apart as objects.  It costs what the pieces cost that were copied.
        """
        had, has = {id(one) for one in before._chunks}, {id(one) for one in self._chunks}
        old = [step for one in before._chunks if id(one) not in has for step in one]
        new = [step for one in self._chunks if id(one) not in had for step in one]
        olds, news = {id(step) for step in old}, {id(step) for step in new}
        return [one for one in old if id(one) not in news], [one for one in new if id(one) not in olds]

    def __iter__(self) -> Iterator[Step]:
        for steps in self._chunks:
            yield from steps

    def __len__(self) -> int:
        return self._length

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Agenda):
            return NotImplemented
        return self is other or (len(self) == len(other) and tuple(self) == tuple(other))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Agenda({list(self)!r})"


def _last(steps: tuple[Step, ...]) -> Step:
    return steps[-1]
