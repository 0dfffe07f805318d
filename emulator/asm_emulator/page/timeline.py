"""The operations as a timeline: where each bar goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asm_emulator import model
from asm_emulator.journal import Change
from asm_emulator.page.words import clock, short, span, state_class
from asm_emulator.state import State

WIDTH: Final = 1000
"""Units from the first to the last moment shown; a bar's row is stretched to the room there is."""
LEAST: Final = 5
"""Units of the shortest bar."""
MOST: Final = 80
"""Operations shown, the latest."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One operation."""

    record: model.OperationRecord
    subscription: str
    held: bool
    due: datetime | None
    leases: tuple[str, ...]
    state: str
    of: str
    """The name of what it is about."""
    x: float
    width: float
    ahead: float
    """Of an operation under way: how much further it will go, in units."""
    took: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The bars, and the axis they stand on."""

    bars: tuple[Bar, ...]
    ticks: tuple[str, ...]
    """What the time is at the beginning, at each quarter and at the end."""
    now: float
    left_out: int


def timeline(state: State, now: datetime, changes: Sequence[Change], chosen: str | None) -> Timeline:
    """The latest operations, newest last; of one subscription, if one is chosen."""
    found = sorted(
        (
            (one, owner)
            for owner in state.subscriptions.values()
            if chosen in (None, owner.id)
            for one in owner.operations.values()
        ),
        key=lambda pair: pair[0].serial,
    )
    shown = found[-MOST:]
    steps = {step.request_id: step for step in state.steps if step.request_id}
    held = {step.request_id for step in state.held}
    taken = {one.request_id: leases_of(one) for one in changes if not one.is_step and one.request_id}
    if not shown:
        return Timeline((), (), 0, 0)
    present = max([now, *(now + owner.ahead for _, owner in shown)])
    start = min(one.started for one, _ in shown)
    dues = {one.request_id: steps[one.request_id].due + owner.ahead for one, owner in shown if one.request_id in steps}
    ended = [one.completed or present for one, _ in shown]
    running = any(one.status == "InProgress" for one, _ in shown)
    end = max([*ended, *dues.values(), *([present] if running else [])])
    scale = WIDTH / max((end - start).total_seconds(), 0.001)

    def place(time: datetime) -> float:
        return round(min(max((time - start).total_seconds(), 0.0) * scale, WIDTH), 1)

    bars = []
    for one, owner in shown:
        until = one.completed or min(now + owner.ahead, end)
        x, right = place(one.started), place(until)
        due = dues.get(one.request_id)
        bars.append(
            Bar(
                record=one,
                subscription=owner.id,
                held=one.request_id in held,
                due=due,
                leases=_named(one.leases or taken.get(one.request_id, ())),
                state="held" if one.request_id in held else state_class(one.status),
                of=one.object_path.rpartition("/")[2],
                x=min(x, WIDTH - LEAST),
                width=max(right - x, LEAST),
                ahead=max(place(due) - max(right, x + LEAST), 0.0) if due else 0.0,
                took=span((one.completed - one.started).total_seconds()) if one.completed else "",
            )
        )
    return Timeline(
        bars=tuple(bars),
        ticks=tuple(clock(start + (end - start) * part / 4) for part in range(5)),
        now=place(present) if present <= end else WIDTH,
        left_out=len(found) - len(shown),
    )


def leases_of(change: Change) -> tuple[tuple[str, str], ...]:
    """The leases that a request's operation took when it began."""
    owner = change.after.subscriptions.get(change.subscription)
    record = owner.operations.get(change.request_id or "") if owner is not None else None
    return record.leases if record is not None else ()


def by_request(changes: Sequence[Change]) -> Mapping[str, list[Change]]:
    """Changes by the request they belong to."""
    found: dict[str, list[Change]] = {}
    for one in changes:
        if one.request_id:
            found.setdefault(one.request_id, []).append(one)
    return found


def _named(leases: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(f"{kind} {short(key, 13)}" for kind, key in leases)
