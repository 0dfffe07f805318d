"""What each request and each step did to the state: the last of them, with the state before and after.

States share what did not change, so a record costs what the change cost.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from asm_emulator.guarded import Guarded
from asm_emulator.state import State

CAPACITY = 500
"""Changes kept."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the state.

    what: the operation's name where a request made it, the effect's (``module.function``) where a step did
    time: as the subscription has it
    """

    what: str
    is_step: bool
    request_id: str | None
    subscription: str
    time: datetime
    before: State
    after: State


class Journal:
    """The last changes, oldest first."""

    __slots__ = ("_kept",)

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._kept: Guarded[deque[Change]] = Guarded(deque(maxlen=capacity))

    def add(self, change: Change) -> None:
        """Keep a change; the oldest one makes room."""

        def put(kept: deque[Change]) -> tuple[deque[Change], None]:
            kept.append(change)
            return kept, None

        self._kept.update(put)

    def of(self, request_id: str) -> tuple[Change, ...]:
        """What a request did at once, and what the step did that ended its operation."""
        return tuple(one for one in self.all() if one.request_id == request_id)

    def all(self) -> tuple[Change, ...]:
        """Everything kept, oldest first."""
        return self._kept.update(lambda kept: (kept, tuple(kept)))

    def clear(self, subscription: str | None = None) -> None:
        """Forget everything, or what happened in one subscription."""

        def drop(kept: deque[Change]) -> tuple[deque[Change], None]:
            left = [one for one in kept if subscription is not None and one.subscription != subscription]
            return deque(left, kept.maxlen), None

        self._kept.update(drop)
