"""The guide's names for what may go wrong."""

from __future__ import annotations

from typing import Any

from asm_contracts.errors import ServiceError


class AzureHttpError(ServiceError):
    """A refusal; `status_code` is its HTTP status, ``error_code`` and ``message`` say why."""

    def __init__(self, message: str, status_code: int, code: str | None = None, request_id: str | None = None) -> None:
        super().__init__(message, code=code, status=status_code)
        self.status_code = status_code
        self.request_id = request_id

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.message, self.status_code, self.error_code, self.request_id))


class AzureMissingResourceHttpError(AzureHttpError):
    """404: what the request names does not exist."""


class AzureConflictHttpError(AzureHttpError):
    """409: the request contradicts what is there or what is going on."""


class AzureAsyncOperationHttpError(Exception):
    """An operation that was waited for failed or did not end in time; `result` is how it stands."""

    def __init__(self, message: str, status_code: Any, result: Any) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.result = result


_BY_STATUS: dict[int, type[AzureHttpError]] = {404: AzureMissingResourceHttpError, 409: AzureConflictHttpError}


def http_error(refusal: ServiceError) -> AzureHttpError:
    """A refusal under the guide's name."""
    kind = _BY_STATUS.get(refusal.http_status, AzureHttpError)
    return kind(refusal.message, refusal.http_status, refusal.error_code, refusal.request_id)
