"""What goes wrong on the client's side of the wire.  What the service says is wrong is `asm_contracts.errors`."""

from __future__ import annotations

from asm_contracts.errors import ServiceError


class ClientError(Exception):
    """Base of everything that goes wrong before an answer of the service is understood."""


class CertificateUnusable(ClientError):
    """The client certificate or the CA bundle cannot be read or used; the message names the file."""


class ConnectionFailed(ClientError):
    """No answer came: unreachable, refused, timed out, cut, or not the server it should be (TLS).

    The cause is chained.  Whether the service carried the request out is not known.
    """


class UnreadableAnswer(ClientError):
    """A success whose body is not the document that the operation answers with."""

    def __init__(self, message: str, *, status: int, request_id: str) -> None:
        super().__init__(message)
        self.status = status
        self.request_id = request_id


class OperationFailed(ServiceError):
    """An accepted operation ended as ``Failed``; code, message and status are those of its error."""

    def __init__(self, code: str, message: str, status: int, request_id: str) -> None:
        super().__init__(message, code=code, status=status)
        self.request_id: str = request_id

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.error_code, self.message, self.http_status, self.request_id))


class OperationTimedOut(ClientError, TimeoutError):
    """An accepted operation was still running when the time to wait for it was over; it goes on."""

    def __init__(self, request_id: str, seconds: float) -> None:
        super().__init__(f"operation {request_id} was still running after {seconds:g} s")
        self.request_id = request_id
        self.seconds = seconds

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.request_id, self.seconds))
