"""Operations: what became of a request, and what a subscription did in a span of time."""

from __future__ import annotations

from datetime import datetime

from asm_contracts.document import DATA_CONTRACT, document, element
from asm_contracts.errors import BadRequest, MissingOrInvalidRequiredQueryParameter, ResourceNotFound
from asm_contracts.operation import Contract, operation


@document()
class Error:
    """Why a request or an operation failed."""

    code: str
    message: str


@document()
class Operation:
    """The state of an operation.  While it runs it has neither status code nor error."""

    id: str = element(name="ID")
    status: str
    http_status_code: int | None = None
    error: Error | None = None


@document(namespace=DATA_CONTRACT)
class OperationParameter:
    """One argument of a past request; a document is given as its XML."""

    name: str
    value: str


@document()
class OperationCaller:
    """Who made a request."""

    used_service_management_api: bool
    user_email_address: str | None = None
    subscription_certificate_thumbprint: str | None = None
    client_ip: str | None = element(default=None, name="ClientIP")


@document()
class SubscriptionOperation:
    """A past request that changed something, or tried to."""

    operation_id: str
    operation_object_id: str
    operation_name: str
    operation_parameters: tuple[OperationParameter, ...]
    operation_caller: OperationCaller
    operation_status: Operation
    operation_started_time: datetime
    operation_completed_time: datetime | None = None


@document()
class SubscriptionOperationCollection:
    """A page of past requests; the token, if any, asks for the next."""

    subscription_operations: tuple[SubscriptionOperation, ...]
    continuation_token: str | None = None


class OperationContract(Contract):
    """Follow asynchronous operations."""

    @operation("GET", "/operations/{request_id}", since="2009-10-01", errors=(ResourceNotFound,))
    def get_operation_status(self, request_id: str) -> Operation:
        """Read the state of the operation that a request began, by the request's id."""

    @operation(
        "GET",
        "/operations?StartTime={start_time}&EndTime={end_time}&ObjectIdFilter={object_id_filter}"
        "&OperationResultFilter={operation_result_filter}&ContinuationToken={continuation_token}",
        since="2011-02-25",
        errors=(BadRequest, MissingOrInvalidRequiredQueryParameter),
    )
    def list_subscription_operations(
        self,
        start_time: str | None = None,
        end_time: str | None = None,
        object_id_filter: str | None = None,
        operation_result_filter: str | None = None,
        continuation_token: str | None = None,
    ) -> SubscriptionOperationCollection:
        """List the requests of a span of time that changed something.  Both times are required."""
