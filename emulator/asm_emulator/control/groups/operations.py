"""Operations: what became of requests, and what a tester makes of them."""

from __future__ import annotations

from typing import Any

from asm_emulator import faults, model, steering
from asm_emulator.control.plane import Plane, moment, refusing
from asm_emulator.control.terms import Refused
from asm_emulator.state import State


def list_operations(plane: Plane, subscription: str | None, status: str | None, after: int) -> dict[str, Any]:
    wanted = plane.perhaps(subscription)
    state = plane.emulator.engine.settled()
    held = {step.request_id for step in state.held}
    found = [
        _told(state, owner, one, one.request_id in held)
        for owner in state.subscriptions.values()
        if wanted in (None, owner.id)
        for one in owner.operations.values()
        if one.serial > after and status in (None, one.status)
    ]
    return {"operations": sorted(found, key=lambda one: one["serial"])}


def get_operation(plane: Plane, id: str) -> dict[str, Any]:
    state = plane.emulator.engine.settled()
    owner, found = _found(state, id)
    return _told(state, owner, found, steering.is_held(state, found.request_id))


def hold_operation(plane: Plane, id: str) -> dict[str, Any]:
    return _steer(plane, id, steering.hold)


def release_operation(plane: Plane, id: str) -> dict[str, Any]:
    _, found = _found(plane.emulator.engine.settled(), id)
    if not steering.is_held(plane.emulator.engine.state, found.request_id):
        raise Refused(409, f"the operation {found.request_id} is not held")
    return _steer(plane, id, steering.release)


def fail_operation(plane: Plane, id: str, code: str, message: str | None, status: int | None) -> dict[str, Any]:
    with refusing(ValueError, 400):
        failure = faults.failure(code, message, status)
    return _steer(plane, id, steering.fail, failure)


def succeed_operation(plane: Plane, id: str) -> dict[str, Any]:
    return _steer(plane, id, steering.succeed)


def _steer(plane: Plane, id: str, function: Any, *arguments: Any) -> dict[str, Any]:
    owner, found = _found(plane.emulator.engine.settled(), id)
    try:
        plane.emulator.engine.change(owner.id, lambda draft: function(draft, found.request_id, *arguments))
    except steering.NotUnderWay:
        raise Refused(409, f"the operation {found.request_id} has ended") from None
    return get_operation(plane, id)


def _found(state: State, id: str) -> tuple[model.Subscription, model.OperationRecord]:
    request_id = id.replace("-", "").lower()
    for owner in state.subscriptions.values():
        if request_id in owner.operations:
            return owner, owner.operations[request_id]
    raise Refused(404, f"there is no operation {id}")


def _told(state: State, owner: model.Subscription, one: model.OperationRecord, held: bool) -> dict[str, Any]:
    step = state.steps.ending(one.request_id) if one.status == "InProgress" and not held else None
    return {
        "id": one.request_id,
        "serial": one.serial,
        "name": one.name,
        "subscription": owner.id,
        "resource": one.object_path,
        "status": one.status,
        "held": held,
        "http_status": one.http_status,
        "code": one.error_code,
        "message": one.error_message,
        "started": moment(one.started),
        "completed": moment(one.completed),
        "due": moment(step.due + owner.ahead if step else None),
        "leases": [f"{kind}:{key}" for kind, key in one.leases],
        "thumbprint": one.caller.thumbprint,
    }
