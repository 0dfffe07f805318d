"""A number that grows whenever there is something new to see, and a way to wait for that: for the page.

Nothing reports to it.  It looks whether the values it knows are still the same ones, which costs less than a
microsecond, so that nobody who serves a request pays for somebody who watches.  Looking also lets happen what is due.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from asm_emulator.emulator import Emulator

TICK: Final = 0.03
"""Seconds between two looks."""


class Watch:
    """Watches one emulator for any number of onlookers."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._seen: tuple[Any, ...] = ()
        self._number = 1

    def revision(self) -> int:
        """The number now: another one than before if anything has changed since."""
        found = self._look()
        with self._lock:
            if len(found) != len(self._seen) or any(a is not b for a, b in zip(found, self._seen, strict=True)):
                self._seen = found
                self._number += 1
            return self._number

    def touch(self) -> None:
        """Say that there is something new which cannot be seen in the values: the time was moved."""
        with self._lock:
            self._number += 1

    def wait(self, after: int, seconds: float) -> int:
        """Wait until the number is another one than `after`, so many seconds at most; the number."""
        left = seconds
        while (number := self.revision()) == after and left > 0 and not self._closed.wait(TICK):
            left -= TICK
        return number

    def open(self) -> None:
        """Let onlookers wait."""
        self._closed.clear()

    def close(self) -> None:
        """Let nobody wait: the server is about to stop."""
        self._closed.set()

    def _look(self) -> tuple[Any, ...]:
        emulator = self._emulator
        engine = emulator.engine
        return (
            engine.settled(),
            emulator.log.mark,
            emulator.faults.rules,
            emulator.snapshots.mark,
            engine.clock.frozen,
            engine.pace,
        )
