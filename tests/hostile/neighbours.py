"""Two populated subscriptions of one cloud, and a look at whether one of them notices what the other does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from tests.fuzz.estate import Good, der, direct, populate
from tests.fuzz.range import exchanges, same
from tests.fuzz.stories import tell

from asm_contracts.suite.samples import World
from asm_emulator import values
from asm_emulator.emulator import Emulator
from asm_emulator.state import State

MINE: Final = "00000000-0000-0000-0000-00000000000a"
THEIRS: Final = "00000000-0000-0000-0000-00000000000b"
MY_CERTIFICATE: Final = der(9)
THEIR_CERTIFICATE: Final = der(8)
_TELLING: Final = re.compile(r"asmfb|^[0-9a-f]{8}-|^[0-9a-f-]{32,36}$|^\d+\.\d+\.\d+\.\d+$|^[A-Za-z0-9+/=]{40,}$")
"""Texts that stand for one thing: a name of theirs, an id, an address, a key, a thumbprint."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What came back, and what it was."""

    status: int
    body: bytes
    was: State
    now: State


class Neighbours:
    """A cloud with my subscription and theirs, each with one of everything."""

    def __init__(self) -> None:
        self.emulator = Emulator(subscription=MINE, certificates=[MY_CERTIFICATE], pace="manual", log_size=0)
        self.emulator.add_subscription(THEIRS, [THEIR_CERTIFICATE])
        mine = direct(self.emulator, MINE, MY_CERTIFICATE)
        self.my_world: World = populate(mine, "fa")
        theirs = direct(self.emulator, THEIRS, THEIR_CERTIFICATE)
        self.their_world: World = populate(theirs, "fb")
        tell(theirs, self.their_world)
        self.good = theirs.good
        self.state, self.now = self.emulator.snapshot(), self.emulator.engine.clock.now()
        self._telling: dict[int, tuple[State, frozenset[bytes]]] = {}

    def again(self, good: Good | None = None) -> None:
        """Put everything back to how it was: at the end, or when a good request of theirs was made."""
        state, now = (good.state, good.now) if good else (self.state, self.now)
        self.emulator.restore(state)
        self.emulator.engine.clock._last = now  # type: ignore[attr-defined]

    def send(self, wire: bytes, certificate: bytes = MY_CERTIFICATE) -> Seen:
        """What comes back for the bytes of one request."""
        for answer, was, now in exchanges(self.emulator, certificate, [wire]):
            head, _, body = answer.partition(b"\r\n\r\n")
            return Seen(int(head[9:12]), head + body, was, now)
        return Seen(0, b"", self.emulator.snapshot(), self.emulator.snapshot())

    def unnoticed(self, seen: Seen) -> bool:
        """Whether their subscription, its global names and what is to happen in it are as they were."""
        return (
            same(seen.was.subscriptions[THEIRS], seen.now.subscriptions[THEIRS])
            and _names(seen.was) == _names(seen.now)
            and _steps(seen.was) == _steps(seen.now)
        )

    def told(self, seen: Seen, sent: bytes) -> list[bytes]:
        """What of theirs alone is in an answer without having been in the request."""
        lower, asked = seen.body.lower(), unquote_to_bytes(sent).lower()
        return [one for one in self._theirs(seen.was) if one in lower and one not in asked]

    def _theirs(self, state: State) -> frozenset[bytes]:
        known = self._telling.get(id(state))
        if known is None:
            mine = set(_texts(values.dump(state.subscriptions[MINE])))
            theirs = set(_texts(values.dump(state.subscriptions[THEIRS])))
            found = frozenset(one.lower().encode() for one in theirs - mine if _TELLING.search(one))
            self._telling[id(state)] = known = (state, found)
        return known[1]


def _names(state: State) -> dict[Any, Any]:
    return {key: owner for key, owner in state.names.items() if owner == THEIRS}


def _steps(state: State) -> list[Any]:
    return [one for one in (*state.steps, *state.held) if one.subscription_id == THEIRS]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(key)
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


__all__ = ["MINE", "MY_CERTIFICATE", "THEIRS", "THEIR_CERTIFICATE", "Neighbours"]
