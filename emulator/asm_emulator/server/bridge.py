"""WSGI to bytes: call an application and write its answer down as one response."""

import sys
import time
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_OWN = frozenset({"content-length", "connection", "transfer-encoding", "keep-alive"})
"""Headers about the message and the connection, which are the front's to write."""


class Misanswer(Exception):
    """The application broke the rules of WSGI or HTTP."""


class _Date:
    second = -1
    text = ""


def http_date() -> str:
    """The present for a Date header; formatted once a second."""
    second = int(time.time())
    if second != _Date.second:
        _Date.text = formatdate(second, usegmt=True)
        _Date.second = second
    return _Date.text


def reason_phrase(status: int) -> str:
    """The standard phrase of a status, or `Unknown`."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def base_environ(*, scheme: str, server: tuple[str, int], peer: tuple[str, int], certificate: bytes | None) -> Environ:
    """The part of the environ that is the same for every request of a connection."""
    return {
        "SCRIPT_NAME": "",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": peer[0],
        "REMOTE_PORT": str(peer[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "asm.peer_certificate": certificate,
    }


def respond(application: "WSGIApplication", environ: Environ, keep_alive: bool) -> tuple[bytes, bool]:
    """The application's whole response, and whether the connection may live on.

    Raises whatever the application raises, and `Misanswer` for an answer that cannot be sent.
    """
    status = ""
    headers: Headers = []
    parts: list[bytes] = []

    def start_response(
        new_status: str, new_headers: Headers, exc_info: _ExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        # Nothing is sent before the answer is whole, so an exc_info may always replace what was said before.
        nonlocal status, headers
        if status and exc_info is None:
            raise Misanswer("start_response called twice")
        status, headers = new_status, new_headers
        return parts.append

    chunks = application(environ, start_response)
    try:
        parts.extend(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    if not status:
        raise Misanswer("start_response was not called")
    body = parts[0] if len(parts) == 1 else b"".join(parts)
    return compose(
        status,
        headers,
        body,
        head_only=environ["REQUEST_METHOD"] == "HEAD",
        keep_alive=keep_alive,
        http_1_0=environ["SERVER_PROTOCOL"] == "HTTP/1.0",
    )


def compose(
    status: str, headers: Headers, body: bytes, *, head_only: bool = False, keep_alive: bool, http_1_0: bool = False
) -> tuple[bytes, bool]:
    """One response as bytes, with its Content-Length, Date and Connection; see `respond`."""
    code = status[:3]
    if not code.isdigit() or code[0] == "1":
        raise Misanswer(f"not a final status: {status!r}")
    lines = [f"HTTP/1.1 {status}\r\n"]
    length = len(body)
    dated = False
    for name, value in headers:
        lower = name.lower()
        if lower in _OWN:
            if lower == "connection" and value.lower() == "close":
                keep_alive = False
            elif lower == "content-length" and head_only and not body:
                length = int(value)
            continue
        dated = dated or lower == "date"
        lines.append(f"{name}: {value}\r\n")
    if not dated:
        lines.append(f"Date: {http_date()}\r\n")
    if code in ("204", "304"):
        body = b""
    else:
        lines.append(f"Content-Length: {length}\r\n")
    if not keep_alive:
        lines.append("Connection: close\r\n")
    elif http_1_0:
        lines.append("Connection: keep-alive\r\n")
    text = "".join(lines)
    if text.count("\n") != len(lines) or text.count("\r") != len(lines):
        raise Misanswer("a line break inside a header")
    head = f"{text}\r\n".encode("latin-1")
    return (head if head_only else head + body), keep_alive
