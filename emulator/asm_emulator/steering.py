"""What a tester does to operations under way: hold, release, fail, let succeed.  All of it is steps moved about.

Every function raises NotUnderWay when the operation has ended, or never was.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from asm_emulator.state import Draft, Failure, State, Step


class NotUnderWay(Exception):
    """The operation has ended already, or there is none of this id."""


def hold(draft: Draft, request_id: str) -> None:
    """Keep an operation InProgress, whatever the time, until it is released; nothing if it is held."""
    draft.hold_step(_taken(draft, request_id))


def release(draft: Draft, request_id: str) -> None:
    """Let a held operation go on: it ends when it would have, at once if that time has passed."""
    draft.put_step(_taken(draft, request_id))


def succeed(draft: Draft, request_id: str) -> None:
    """Let an operation come to its end now, held or not; what it does may still fail."""
    step = _taken(draft, request_id)
    draft.put_step(replace(step, due=min(step.due, _now(draft))))


def fail(draft: Draft, request_id: str, failure: Failure) -> None:
    """End an operation now with an error, in place of what it would have done."""
    draft.put_step(replace(_taken(draft, request_id), due=_now(draft), doom=failure))


def fail_later(draft: Draft, request_id: str, failure: Failure) -> None:
    """Have an operation end with an error when it would have ended."""
    draft.put_step(replace(_taken(draft, request_id), doom=failure))


def is_held(state: State, request_id: str) -> bool:
    """Whether an operation is kept from ending."""
    return any(step.request_id == request_id for step in state.held)


def is_under_way(state: State, request_id: str) -> bool:
    """Whether an operation has a step that will end it, held or not."""
    return state.steps.ending(request_id) is not None or is_held(state, request_id)


def _taken(draft: Draft, request_id: str) -> Step:
    found = draft.take_step(request_id)
    if found is None:
        raise NotUnderWay(request_id)
    return found


def _now(draft: Draft) -> datetime:
    return draft.now - draft.subscription.ahead
