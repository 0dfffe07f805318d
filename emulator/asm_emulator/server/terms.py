"""What the front promises and refuses: limits, refusals, and the errors it raises."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client may ask of the front. Sizes in bytes, times in seconds."""

    body: int = 1024 * 1024
    """Largest request body, after chunked decoding."""
    head: int = 16 * 1024
    """Largest request line and headers together (HTTP.sys, the service's own front, has the same default)."""
    handshake: float = 10.0
    """From accept to the end of the TLS handshake."""
    idle: float = 120.0
    """Between two requests of one connection, and before its first."""
    header: float = 20.0
    """From the first byte of a request to the end of its headers."""
    receive: float = 60.0
    """From the end of the headers to the end of the body."""
    write: float = 60.0
    """For the client to take one response."""
    linger: float = 2.0
    """How long a refused client may go on sending before its connection is cut."""
    linger_bytes: int = 16 * 1024 * 1024
    """How much a refused client may go on sending before its connection is cut."""
    connections: int = 512
    """Open connections. Beyond it, the oldest one that is owed nothing makes room."""


@dataclass(frozen=True, slots=True)
class TLSFiles:
    """The server's certificate chain and private key, PEM."""

    certificate: Path
    key: Path


class Reason(Enum):
    """Why the front, and not the application, answers a request. The value is the status it suggests."""

    MALFORMED = "malformed", HTTPStatus.BAD_REQUEST
    UNKNOWN_METHOD = "unknown method", HTTPStatus.NOT_IMPLEMENTED
    HEAD_TOO_LARGE = "head too large", HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    BODY_TOO_LARGE = "body too large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    UNSUPPORTED_CODING = "unsupported transfer coding", HTTPStatus.NOT_IMPLEMENTED
    UNSUPPORTED_VERSION = "unsupported HTTP version", HTTPStatus.HTTP_VERSION_NOT_SUPPORTED
    UNMET_EXPECTATION = "unmet expectation", HTTPStatus.EXPECTATION_FAILED
    TIMEOUT = "too slow", HTTPStatus.REQUEST_TIMEOUT
    FAILED = "application failed", HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def status(self) -> int:
        """The status of the default answer."""
        return int(self.value[1])


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that the front answers itself. `detail` is for logs, not for clients.

    `method`, `target` and `environ` are empty when the request was not readable that far.
    """

    reason: Reason
    detail: str
    method: str = ""
    target: str = ""
    environ: dict[str, Any] = field(default_factory=dict)
    """The request's headers, where they were complete."""


Answer = tuple[int, list[tuple[str, str]], bytes]
"""Status, headers and body of the answer to a refused request."""

Refuse = Callable[[Refusal], Answer]

Room = Callable[[dict[str, Any]], int]
"""Bytes of body that a request may send beyond `Limits.body`, told by its headers, before any of them is read."""


def no_more_room(_environ: dict[str, Any]) -> int:
    """No request may send more than `Limits.body`."""
    return 0


def default_answer(refusal: Refusal) -> Answer:
    """A plain one-line answer, used when the application words none of its own."""
    status = HTTPStatus(refusal.reason.status)
    return status, [("Content-Type", "text/plain; charset=utf-8")], f"{status.phrase}\n".encode()


class DropConnection(Exception):
    """Raised by an application to break its own answer: `after` is sent as it is, then the connection is cut.

    With nothing to send the client sees a reset; otherwise it gets the bytes and then the end of the stream,
    without TLS's close_notify.
    """

    def __init__(self, after: bytes = b"") -> None:
        super().__init__(f"connection dropped after {len(after)} bytes")
        self.after = after


class ListenError(OSError):
    """The front cannot listen where it was told to; the message is one line, fit for a user."""


class AddressInUse(ListenError):
    """Another process listens on this address already."""
