"""The request log."""

from __future__ import annotations

from typing import Any

from asm_emulator.control.plane import Plane, moment
from asm_emulator.control.terms import Refused
from asm_emulator.log import BODY, Entry, why
from asm_emulator.redaction_raw import readable


def list_requests(
    plane: Plane,
    subscription: str | None,
    operation: str | None,
    status: int | None,
    failed: bool | None,
    after: int,
    last: int,
    bodies: bool,
) -> dict[str, Any]:
    found = plane.emulator.log.find(
        subscription=subscription.lower() if subscription is not None else None,
        operation=operation,
        status=status,
        failed=failed,
        after=after,
        last=last,
    )
    return {"requests": [told(one, bodies=bodies) for one in found], "capacity": plane.emulator.log.capacity}


def get_request(plane: Plane, id: str) -> dict[str, Any]:
    found = plane.emulator.log.find(request_id=id.replace("-", "").lower(), last=1)
    if not found:
        raise Refused(404, f"no request {id} is kept")
    return told(found[0], bodies=True)


def clear_requests(plane: Plane, subscription: str | None) -> dict[str, Any]:
    plane.emulator.log.clear(subscription.lower() if subscription is not None else None)
    return {"status": "ok"}


def told(entry: Entry, *, bodies: bool) -> dict[str, Any]:
    """An exchange as JSON."""
    found: dict[str, Any] = {
        "serial": entry.serial,
        "id": entry.request_id,
        "time": moment(entry.time),
        "milliseconds": round(entry.took * 1000, 3),
        "verb": entry.verb,
        "path": entry.path,
        "query": entry.query,
        "subscription": entry.subscription,
        "operation": entry.operation,
        "thumbprint": entry.thumbprint,
        "status": entry.status,
        "fault": entry.fault,
        "code": entry.error[0] if entry.error else None,
        "message": entry.error[1] if entry.error else None,
    }
    if bodies:
        found["request"] = {
            "headers": dict(entry.request_headers),
            "body": entry.request_body,
            "length": entry.request_length,
        }
        found["response"] = {
            "headers": [list(pair) for pair in entry.response_headers],
            "body": readable(entry.response_body),
            "length": entry.response_length,
        }
        found["kept"] = BODY
        if entry.error:
            found["why"] = why(entry)
    return found
