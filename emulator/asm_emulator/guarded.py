"""A value that several threads replace: fault rules, the request log, snapshots."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Guarded(Generic[T]):
    """One value.  Reading is free; whoever replaces it does so alone."""

    __slots__ = ("_lock", "value")

    def __init__(self, value: T) -> None:
        self.value = value
        self._lock = threading.Lock()

    def update(self, change: Callable[[T], tuple[T, R]]) -> R:
        """Replace the value by what `change` makes of it, and return what it says besides."""
        with self._lock:
            self.value, found = change(self.value)
            return found
