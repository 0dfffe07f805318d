"""Time, as something that is passed in.

Nothing in the domain asks for the time of day: a request is served at the `now` its engine's clock gave it.
"""

from __future__ import annotations

import threading
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


class WallClock:
    """The machine's time, plus what `advance` has added; it never goes back, whatever the machine does."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._last = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            self._last = max(self._last, datetime.now(UTC) + self._offset)
            return self._last

    def advance(self, by: timedelta) -> datetime:
        if by < timedelta():
            raise ValueError("time does not go back")
        with self._lock:
            self._offset += by
        return self.now()


class ManualClock:
    """A clock that stands still until it is advanced: for tests, and for `--pace manual`."""

    def __init__(self, start: datetime = datetime(2015, 7, 2, 17, 25, 7, tzinfo=UTC)) -> None:
        self._now = start
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        if by < timedelta():
            raise ValueError("time does not go back")
        with self._lock:
            self._now += by
            return self._now
