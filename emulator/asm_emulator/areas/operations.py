"""What became of requests."""

from __future__ import annotations

from asm_contracts.areas.operations import Error, Operation, OperationContract
from asm_contracts.errors import ResourceNotFound
from asm_contracts.evidence import assumed
from asm_emulator import model
from asm_emulator.areas.base import Area


def with_dashes(request_id: str) -> str:
    """A request id as operation documents have it: 8-4-4-4-12 digits (recorded)."""
    digits = request_id
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def status_document(record: model.OperationRecord) -> Operation:
    """The document of an operation; while it runs it has neither status code nor error (recorded)."""
    failed = record.error_code is not None
    return Operation(
        id=with_dashes(record.request_id),
        status=record.status,
        http_status_code=record.http_status,
        error=Error(code=record.error_code or "", message=record.error_message or "") if failed else None,
    )


class OperationArea(Area, OperationContract):
    """Follows asynchronous operations."""

    @assumed("no recording asks for an id that the service did not give; the general text of the code is used")
    def get_operation_status(self, request_id: str) -> Operation:
        found = self.state.operations.get(request_id.replace("-", ""))
        if found is None:
            raise ResourceNotFound()
        return status_document(found)
