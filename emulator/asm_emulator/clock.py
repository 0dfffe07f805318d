"""Time, as something that is passed in.

Nothing in the domain asks for the time of day: a request is served at the `now` its engine's clock gave it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the engine asks for the time."""

    def now(self) -> datetime:
        """The time, in UTC; it never goes back."""
        ...

    def advance(self, by: timedelta) -> datetime:
        """Move the time forward and return it; ValueError for a negative span."""
        ...

    @property
    def frozen(self) -> bool:
        """Whether it stands still until it is advanced."""
        ...

    def freeze(self) -> None:
        """Stand still; nothing if it does."""
        ...

    def thaw(self) -> None:
        """Run, from the time at which it stands; nothing if it runs."""
        ...


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a clock stands: enough to go on from there later, in another process.

    offset: what it is ahead of the machine's time
    last:   the latest time it has given
    """

    offset: timedelta
    frozen: bool
    last: datetime


class WallClock:
    """The machine's time, plus what `advance` has added; it never goes back, whatever the machine does."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._last = datetime.min.replace(tzinfo=UTC)
        self._frozen = False
        self._lock = threading.Lock()

    @property
    def frozen(self) -> bool:
        return self._frozen

    def now(self) -> datetime:
        with self._lock:
            return self._read()

    def advance(self, by: timedelta) -> datetime:
        if by < timedelta():
            raise ValueError("time does not go back")
        with self._lock:
            if self._frozen:
                self._last += by
            else:
                # Time ends in the year 9999: OverflowError, before anything has moved.
                self._last = max(self._last, datetime.now(UTC) + self._offset + by)
                self._offset += by
            return self._read()

    def freeze(self) -> None:
        with self._lock:
            self._read()
            self._frozen = True

    def thaw(self) -> None:
        with self._lock:
            if self._frozen:
                self._offset = self._last - datetime.now(UTC)
                self._frozen = False

    def mark(self) -> Mark:
        """Where it stands."""
        with self._lock:
            self._read()
            return Mark(self._offset, self._frozen, self._last)

    def resume(self, mark: Mark) -> None:
        """Go on from a mark: frozen, at that time; running, the machine's time has passed meanwhile."""
        with self._lock:
            self._offset, self._frozen, self._last = mark.offset, mark.frozen, mark.last

    def _read(self) -> datetime:
        if not self._frozen:
            self._last = max(self._last, datetime.now(UTC) + self._offset)
        return self._last


class ManualClock(WallClock):
    """A clock that stands still until it is advanced: for tests, and for `--pace manual`.  Thawed, it runs."""

    def __init__(self, start: datetime = datetime(2015, 7, 2, 17, 25, 7, tzinfo=UTC)) -> None:
        super().__init__()
        self._last = start
        self._frozen = True
