"""Answers given again: what a read was answered stays its answer while the state is the same value.

Callers poll, and between two changes every poll is answered alike.  The state is an immutable value, so that it is
still the same one is known by its identity, and nothing ever has to be told that it is out of date.  What an answer
depended on is not declared but seen: one that looked at the time, or at anything of the request that is not part of
the key, is not kept.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Final

from asm_contracts.operation import Operation
from asm_emulator.engine import Request
from asm_emulator.guarded import Guarded
from asm_emulator.pace import Pace
from asm_emulator.state import EMPTY, State

Key = tuple[str, ...]
"""All that an answer may depend on besides the state: address, version, and the headers that are read."""

PLAIN: Final = "ASM_EMULATOR_PLAIN"
"""The environment variable that closes all short ways: requests go through Flask, answers are made anew."""
MOST: Final = 1024
"""Answers kept at most."""
TOTAL: Final = 8 * 1024 * 1024
"""Bytes of their bodies kept at most."""

_KEYED: Final = frozenset({"subscription_id", "name", "title", "is_mutation", "version", "if_match", "continuation"})
"""What of a request its key says, and its answer may therefore depend on."""


def plain() -> bool:
    """Whether this process is told to take no short ways: for tests of them, and for whoever suspects them."""
    return bool(os.environ.get(PLAIN))


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, without what is every answer's own: request id and date."""

    operation: Operation
    status: int
    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...]
    """Those that behaviour has added."""


class Looking:
    """A request that notes what behaviour looks at."""

    __slots__ = ("_request", "looked_beyond")

    def __init__(self, request: Request) -> None:
        self._request = request
        self.looked_beyond = False
        """Whether anything was looked at that the key does not say."""

    def __getattr__(self, name: str) -> Any:
        if name not in _KEYED:
            self.looked_beyond = True
        return getattr(self._request, name)


@dataclass(slots=True)
class _Kept:
    """The answers of one state at one pace."""

    state: State
    pace: Pace | None
    answers: dict[Key, Answer]
    octets: int = 0


class Recall:
    """The answers to reads of the present state; those of an earlier one are forgotten."""

    def __init__(self) -> None:
        self._kept = Guarded(_Kept(EMPTY, None, {}))

    def get(self, state: State, pace: Pace, key: Key) -> Answer | None:
        """What this was answered before, if it was, in this very state."""
        kept = self._kept.value
        return kept.answers.get(key) if kept.state is state and kept.pace is pace else None

    def put(self, state: State, pace: Pace, key: Key, answer: Answer) -> None:
        """Keep an answer that was made of this state."""

        def change(kept: _Kept) -> tuple[_Kept, None]:
            size = kept.octets + len(answer.body)
            if kept.state is not state or kept.pace is not pace or size > TOTAL or len(kept.answers) >= MOST:
                kept, size = _Kept(state, pace, {}), len(answer.body)
            if size <= TOTAL:
                kept.answers[key] = answer
                kept.octets = size
            return kept, None

        self._kept.update(change)
