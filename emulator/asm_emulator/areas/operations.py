"""What became of requests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from asm_contracts.areas.operations import (
    Error,
    Operation,
    OperationCaller,
    OperationContract,
    OperationParameter,
    SubscriptionOperation,
    SubscriptionOperationCollection,
)
from asm_contracts.errors import MissingOrInvalidRequiredQueryParameter, ResourceNotFound
from asm_contracts.evidence import assumed, documented
from asm_emulator import model
from asm_emulator.areas.base import Area

PAGE: Final = 100
"""Operations in one answer at most.  Assumed: how many the service gave was never seen."""

LOOK_BACK: Final = timedelta(days=90)
"""How long ago the window may begin (documented)."""

_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?Z)?\Z")
_TOKEN: Final = re.compile(r"([0-9a-f]{1,16})-([0-9a-f]{1,16})\Z")
_RESULTS: Final = {"succeeded": "Succeeded", "failed": "Failed", "inprogress": "InProgress"}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


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


@documented("a day, or a day and a time in UTC, with up to seven decimals")
def read_moment(text: str | None) -> datetime:
    """A time of the query; MissingOrInvalidRequiredQueryParameter for none, or what is no such time."""
    found = _TIME.match((text or "").strip())
    if not found:
        raise MissingOrInvalidRequiredQueryParameter()
    day, clock, fraction = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00:00'}+00:00")
    except ValueError:
        raise MissingOrInvalidRequiredQueryParameter() from None
    return moment + timedelta(microseconds=int((fraction or "0").ljust(7, "0")) // 10)


class OperationArea(Area, OperationContract):
    """Follows asynchronous operations, and lists what the subscription did."""

    @assumed("no recording asks for an id that the service did not give; the general text of the code is used")
    def get_operation_status(self, request_id: str) -> Operation:
        found = self.state.operations.get(request_id.replace("-", ""))
        if found is None:
            raise ResourceNotFound()
        return status_document(found)

    @documented("both times are needed, and the first may not be more than 90 days ago")
    @assumed("what is wrong with any parameter is refused alike; operations come in the order they began")
    def list_subscription_operations(
        self,
        start_time: str | None = None,
        end_time: str | None = None,
        object_id_filter: str | None = None,
        operation_result_filter: str | None = None,
        continuation_token: str | None = None,
    ) -> SubscriptionOperationCollection:
        start, end = read_moment(start_time), read_moment(end_time)
        if end < start or start.date() < (self.now - LOOK_BACK).date():
            raise MissingOrInvalidRequiredQueryParameter()
        result = None
        if operation_result_filter:
            result = _RESULTS.get(operation_result_filter.lower())
            if result is None:
                raise MissingOrInvalidRequiredQueryParameter()
        after = _read_token(continuation_token) if continuation_token else None
        wanted = _normal(object_id_filter) if object_id_filter else None
        found = sorted(
            (
                record
                for record in self.state.operations.values()
                if start <= record.started <= end
                and (result is None or record.status == result)
                and (after is None or _place(record) > after)
                and (wanted is None or _normal(record.object_path) == wanted)
            ),
            key=_place,
        )
        page = found[:PAGE]
        return SubscriptionOperationCollection(
            subscription_operations=tuple(self._entry(record) for record in page),
            continuation_token="{:x}-{:x}".format(*_place(page[-1])) if len(found) > PAGE else None,
        )

    def _entry(self, record: model.OperationRecord) -> SubscriptionOperation:
        return SubscriptionOperation(
            operation_id=record.request_id,
            operation_object_id=record.object_path,
            operation_name=record.name.replace(" ", ""),
            operation_parameters=tuple(self._parameters(record)),
            operation_caller=OperationCaller(
                used_service_management_api=True,
                subscription_certificate_thumbprint=record.caller.thumbprint,
                client_ip=record.caller.address,
            ),
            operation_status=status_document(record),
            operation_started_time=record.started,
            operation_completed_time=record.completed,
        )

    @assumed("parameters are named as the service's own interface names them; only their form is known")
    def _parameters(self, record: model.OperationRecord) -> list[OperationParameter]:
        given: Mapping[str, Any] = record.arguments if isinstance(record.arguments, Mapping) else {}
        return [OperationParameter(name="subscriptionID", value=self.state.subscription_id)] + [
            OperationParameter(name=_parameter_name(name), value=self.request.describe(value))
            for name, value in given.items()
            if value is not None
        ]


def _parameter_name(name: str) -> str:
    """``service_name`` -> ``serviceName``; a body is the ``input``."""
    if name == "body":
        return "input"
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _place(record: model.OperationRecord) -> tuple[int, int]:
    """Where an operation stands in the order: by its start in microseconds, and by its serial number."""
    return (record.started - _EPOCH) // timedelta(microseconds=1), record.serial


def _read_token(token: str) -> tuple[int, int]:
    found = _TOKEN.match(token)
    if not found:
        raise MissingOrInvalidRequiredQueryParameter()
    return int(found[1], 16), int(found[2], 16)


def _normal(path: str) -> str:
    """A path as it compares: without host, doubled and trailing slashes, and case."""
    _, host, below = path.partition("://")
    if host:
        path = below.partition("/")[2]
    return "/".join(piece for piece in path.lower().split("/") if piece)
