"""How changes of gateways are followed: not by their request but by an id in the answer, in words of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from asm_contracts.areas.gateways import GatewayOperation, GatewayOperationAsyncResponse
from asm_contracts.areas.operations import Error
from asm_contracts.errors import ResourceNotFound
from asm_contracts.evidence import assumed, recorded
from asm_emulator import gateway_model as model
from asm_emulator.engine import Effect
from asm_emulator.state import Draft

if TYPE_CHECKING:
    from asm_emulator.areas.base import Area

_STATES: Final = {"InProgress": "InProgress", "Succeeded": "Successful", "Failed": "Failed"}
_STATUS_WORDS: Final = {
    200: "OK",
    400: "BadRequest",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    500: "InternalServerError",
    503: "ServiceUnavailable",
}
"""Status codes as .NET names them: `OK` was recorded."""


@recorded("an id of its own, other than the request's; OperationName for some operations only")
def begin(
    area: Area,
    ends_with: Effect,
    *,
    named: str | None = None,
    holds: tuple[tuple[str, str], ...] = (),
    undo: Effect | None = None,
    what: str | None = None,
    **arguments: Any,
) -> GatewayOperationAsyncResponse:
    """Begin an operation as `Area.begin` does, and answer the id to follow it by.

    named: what the operation calls itself
    what:  whose duration it takes, where that is not the operation's own
    """
    draft = area.state
    takes = None if what is None else draft.span(what)
    area.begin(ends_with, holds=holds, undo=undo, takes=takes, **arguments)
    made = operation_id(area)
    draft.gateway_operations[made] = model.GatewayOperation(id=made, request_id=area.request.request_id, name=named)
    return GatewayOperationAsyncResponse(id=made)


def operation_id(area: Area) -> str:
    """The id under which this request's operation is followed."""
    return area.state.make_guid("gateway operation", area.request.request_id)


def leave_data(draft: Draft, made: str, data: str) -> None:
    """Have an operation say what it made."""
    found = draft.gateway_operations.get(made)
    if found is not None:
        draft.gateway_operations[made] = replace(found, data=data)


@assumed("what an unknown id gets, and how a failure reads, was never seen")
def status_document(draft: Draft, operation_id: str) -> GatewayOperation:
    """The document of an operation; ResourceNotFound for an id that was not given out."""
    found = draft.gateway_operations.get(operation_id)
    record = draft.operations.get(found.request_id) if found is not None else None
    if found is None or record is None:
        raise ResourceNotFound()
    ended = record.completed
    return GatewayOperation(
        data=found.data,
        error=Error(code=record.error_code, message=record.error_message or "") if record.error_code else None,
        http_status_code=_STATUS_WORDS.get(record.http_status, "InternalServerError") if record.http_status else None,
        id=found.id,
        operation_completed_time=written(ended) if ended is not None else None,
        operation_name=found.name,
        operation_started_time=written(record.started),
        status=_STATES[record.status],
    )


@recorded("2016-04-25T09:43:26.6199384: seven decimals and no zone")
def written(moment: datetime) -> str:
    """A time as gateways write it."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}0"
