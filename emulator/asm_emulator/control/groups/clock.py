"""Time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from asm_emulator import steering
from asm_emulator.control.plane import Plane, moment
from asm_emulator.control.terms import Refused
from asm_emulator.pace import PACES, Pace
from asm_emulator.state import State


def clock(plane: Plane, subscription: str | None = None) -> dict[str, Any]:
    engine = plane.emulator.engine
    wanted = plane.perhaps(subscription)
    state = engine.settled()
    pending = [step for step in state.steps if wanted in (None, step.subscription_id)]
    ahead = state.subscriptions[wanted].ahead if wanted else timedelta()
    return {
        "now": moment(engine.now(wanted or "")),
        "pace": engine.pace.name,
        "scale": engine.pace.scale,
        "frozen": engine.clock.frozen,
        "pending": len(pending),
        "held": sum(wanted in (None, step.subscription_id) for step in state.held),
        "next": moment(pending[0].due + ahead) if pending else None,
    }


def advance(plane: Plane, seconds: float, subscription: str | None) -> dict[str, Any]:
    with _in_range():
        plane.emulator.advance(timedelta(seconds=seconds), plane.perhaps(subscription))
    return clock(plane, subscription)


def advance_until_ended(plane: Plane, operation: str, within: float, subscription: str | None) -> dict[str, Any]:
    wanted = plane.perhaps(subscription)
    request_id = operation.replace("-", "").lower()
    state = plane.emulator.engine.settled()
    found = [one.operations[request_id] for one in state.subscriptions.values() if request_id in one.operations]
    if not found:
        raise Refused(404, f"there is no operation {operation}")
    if steering.is_held(state, request_id):
        raise Refused(409, f"the operation {operation} is held: release it first")

    def ended(now: State) -> bool:
        return not steering.is_under_way(now, request_id)

    with _in_range():
        reached = plane.emulator.engine.advance_until(ended, timedelta(seconds=within), wanted)
    return {**clock(plane, subscription), "ended": reached}


def advance_until_idle(plane: Plane, within: float, subscription: str | None) -> dict[str, Any]:
    wanted = plane.perhaps(subscription)

    def idle(now: State) -> bool:
        return not any(wanted in (None, step.subscription_id) for step in now.steps)

    with _in_range():
        reached = plane.emulator.engine.advance_until(idle, timedelta(seconds=within), wanted)
    return {**clock(plane, subscription), "idle": reached}


def freeze(plane: Plane) -> dict[str, Any]:
    plane.emulator.engine.freeze()
    return clock(plane)


def thaw(plane: Plane) -> dict[str, Any]:
    plane.emulator.engine.thaw()
    return clock(plane)


def set_pace(plane: Plane, pace: str | None, scale: float | None) -> dict[str, Any]:
    if (pace is None) == (scale is None):
        raise Refused(400, "give a pace or a scale")
    plane.emulator.engine.set_pace(PACES[pace] if pace is not None else Pace("custom", float(scale or 0.0)))
    return clock(plane)


class _in_range:  # noqa: N801
    """Time ends in the year 9999."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, OverflowError):
            raise Refused(400, "time does not go on for so long") from None
