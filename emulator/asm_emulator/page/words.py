"""How values are said to people."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from markupsafe import Markup, escape

_PIECES: Final = re.compile(r"[^/._?&-]*[/._?&-]+|[^/._?&-]+")
_STATES: Final = {
    "ready": {"ReadyRole", "Running", "Created", "Succeeded", "Started", "Active", "served", "Enabled", "Available"},
    "stopped": {"StoppedVM", "StoppedDeallocated", "Suspended", "Stopped", "NotCreated", "declined", "Disabled"},
    "failed": {"Failed", "FailedStartingVM", "FailedStartingRole", "UnresponsiveRole", "CyclingRole"},
}
_CLASSES: Final = {state: name for name, states in _STATES.items() for state in states}


def state_class(state: str | None) -> str:
    """Of four: ready, stopped, failed; busy for whatever is on its way between them."""
    return _CLASSES.get(state or "", "busy")


def when(value: datetime | None) -> str:
    """A day and a time, UTC."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if value else ""


def clock(value: datetime | None) -> str:
    """A time of day to the tenth of a second, UTC."""
    if value is None:
        return ""
    there = value.astimezone(UTC)
    return f"{there:%H:%M:%S}.{there.microsecond // 100_000}"


def span(seconds: float | None) -> str:
    """A span in the unit that suits it."""
    if seconds is None:
        return ""
    if seconds < 1:
        return f"{seconds * 1000:.1f} ms" if 0 < seconds < 0.01 else f"{seconds * 1000:.0f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def breakable(text: str) -> Markup:
    """A path or a dotted name that a browser may break after a separator, and nowhere else unless it must."""
    return Markup("<wbr>").join(escape(piece) for piece in _PIECES.findall(text))


def plain_words(name: str) -> str:
    """A name of code as words."""
    return name.replace("_", " ").strip()


def short(text: str, length: int) -> str:
    """A text cut to a length, with a sign that it was."""
    return text if len(text) <= length else text[: length - 1] + "…"
