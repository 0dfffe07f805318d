"""Every error of the service: one class each, with its code, status and general text.

The emulator raises them; the client raises them again on the other side.  Texts: Microsoft's table of status and
error codes; those in `messages.py` are of single conditions.
"""

from __future__ import annotations

from typing import ClassVar, Final, TypeVar


class ServiceError(Exception):
    """An error document: code and message, with the HTTP status that carries it.

    ``request_id`` is filled in on the client's side, from the answer's ``x-ms-request-id``.  Web sites said more: a
    number of the condition and the message's template with what fills it (see `templated`).
    """

    extended_code: str | None = None
    template: str | None = None
    parameters: tuple[str, ...] = ()

    code: ClassVar[str] = "InternalError"
    status: ClassVar[int] = 500
    text: ClassVar[str] = "The server encountered an internal error. Please retry the request."

    def __init__(self, message: str | None = None, *, code: str | None = None, status: int | None = None) -> None:
        self.message = self.text if message is None else message
        self.error_code = code or self.code
        self.http_status = status or self.status
        self.request_id: str | None = None
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.error_code} ({self.http_status}): {self.message}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_restore, (type(self), self.message, self.error_code, self.http_status))


def _restore(kind: type[ServiceError], message: str, code: str, status: int) -> ServiceError:
    return kind(message, code=code, status=status)


class MissingOrIncorrectVersionHeader(ServiceError):
    """`x-ms-version` is absent, garbled or unknown."""

    code = "MissingOrIncorrectVersionHeader"
    status = 400
    text = "The versioning header is not specified or was specified incorrectly."


class InvalidXmlRequest(ServiceError):
    """The body is no XML, or not the document the operation takes."""

    code = "InvalidXmlRequest"
    status = 400
    text = "The request body's XML was invalid or not correctly specified."


class MissingOrInvalidRequiredQueryParameter(ServiceError):
    """A query parameter the operation needs is absent or wrong."""

    code = "MissingOrInvalidRequiredQueryParameter"
    status = 400
    text = "A required query parameter was not specified for this request or was specified incorrectly."


class InvalidHttpVerb(ServiceError):
    """The resource exists, but not for this verb."""

    code = "InvalidHttpVerb"
    status = 400
    text = "The HTTP verb specified was not recognized by the server or isn't valid for this resource."


class BadRequest(ServiceError):
    """A value in the request is wrong."""

    code = "BadRequest"
    status = 400
    text = "A parameter was incorrect."


class ForbiddenError(ServiceError):
    """The certificate is not one of the subscription's."""

    code = "ForbiddenError"
    status = 403
    text = (
        "The server failed to authenticate the request. "
        "Verify that the certificate is valid and is associated with this subscription."
    )


class SubscriptionDisabled(ServiceError):
    """The subscription takes no more changes."""

    code = "SubscriptionDisabled"
    status = 403
    text = "The subscription is in a disabled state."


class ResourceNotFound(ServiceError):
    """What the request names does not exist."""

    code = "ResourceNotFound"
    status = 404
    text = "The specified resource does not exist."


class ConflictError(ServiceError):
    """The request contradicts what is there or what is going on."""

    code = "ConflictError"
    status = 409
    text = "A conflict occurred to prevent the operation from completing."


class RequestBodyTooLarge(ServiceError):
    """The body is over the service's limit.  Code of Microsoft's later tables; the status is HTTP's own."""

    code = "RequestBodyTooLarge"
    status = 413
    text = "The size of the request body exceeds the maximum size permitted."


class InternalError(ServiceError):
    """The service failed."""

    code = "InternalError"
    status = 500
    text = "The server encountered an internal error. Please retry the request."


class NotFound(ServiceError):
    """What the request names does not exist, as web sites say it."""

    code = "NotFound"
    status = 404
    text = "The specified resource does not exist."


class Conflict(ServiceError):
    """The request contradicts what is there, as web sites say it."""

    code = "Conflict"
    status = 409
    text = "A conflict occurred to prevent the operation from completing."


class OperationTimedOut(ServiceError):
    """The service took too long."""

    code = "OperationTimedOut"
    status = 500
    text = "The operation could not be completed within the permitted time."


class Unauthorized(ServiceError):
    """Who calls has not said, or not rightly, who that is: on hosts that ask for user and password."""

    code = "Unauthorized"
    status = 401
    text = "401 - Unauthorized: Access is denied due to invalid credentials."


class NotEmulated(ServiceError):
    """A known operation that this emulator does not serve; the message names it."""

    code = "NotImplemented"
    status = 501
    text = "The operation is not emulated."


class ServerBusy(ServiceError):
    """The service takes no requests at the moment."""

    code = "ServerBusy"
    status = 503
    text = (
        "The server (or an internal component) is currently unavailable to receive requests. Please retry your request."
    )


class TooManyRequests(ServiceError):
    """The caller is throttled."""

    code = "TooManyRequests"
    status = 503
    text = "Too many requests received. Retry after some time."


ERRORS: Final[dict[str, type[ServiceError]]] = {
    kind.code: kind
    for kind in (
        MissingOrIncorrectVersionHeader,
        InvalidXmlRequest,
        MissingOrInvalidRequiredQueryParameter,
        InvalidHttpVerb,
        BadRequest,
        ForbiddenError,
        Unauthorized,
        SubscriptionDisabled,
        ResourceNotFound,
        ConflictError,
        NotFound,
        Conflict,
        RequestBodyTooLarge,
        InternalError,
        OperationTimedOut,
        NotEmulated,
        ServerBusy,
        TooManyRequests,
    )
}


def error(code: str, message: str, status: int) -> ServiceError:
    """The exception for an error document that was read: of the code's class where there is one."""
    return ERRORS.get(code, ServiceError)(message, code=code, status=status)


E = TypeVar("E", bound=ServiceError)


def templated(kind: type[E], extended_code: str, template: str, *parameters: str) -> E:
    """A refusal in the way of web sites: a numbered condition, its text with ``{0}``, ``{1}`` and what stands there."""
    message = template
    for place, value in enumerate(parameters):
        message = message.replace(f"{{{place}}}", value)
    refusal = kind(message)
    refusal.extended_code, refusal.template, refusal.parameters = extended_code, template, parameters
    return refusal
