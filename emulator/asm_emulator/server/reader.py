"""Bytes to requests: httptools parses, this collects WSGI environs and draws the limits."""

import logging
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from httptools import HttpParserError, HttpParserInvalidMethodError, HttpParserUpgrade, HttpRequestParser

from asm_emulator.server.terms import Limits, Reason, Refusal, Room, no_more_room

logger = logging.getLogger(__name__)

Environ = dict[str, Any]

_FRAMING = 8
"""Raw bytes of a chunked body per byte of the allowed body: `1 CRLF x CRLF` takes six."""


class _Stop(Exception):
    """Ends parsing from inside a callback; the refusal is noted already."""


@lru_cache(maxsize=512)
def _environ_key(name: bytes) -> str | None:
    # An underscore would let `X_Ms_Version` pass for `X-Ms-Version`: such headers are dropped, as nginx does.
    text = name.decode("latin-1").upper()
    if "_" in text:
        return None
    text = text.replace("-", "_")
    return text if text in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{text}"


class RequestReader:
    """Feeds one connection's bytes to the parser and yields its requests in order.

    It never raises on what a client sends: a request that cannot be served ends in `refusal`, after which
    nothing more is read. Requests that came before it are still in `ready`.
    """

    def __init__(self, template: Mapping[str, Any], limits: Limits, room: Room = no_more_room) -> None:
        self.ready: list[tuple[Environ, bool]] = []
        """Whole requests, each with whether the connection may live on after it."""
        self.refusal: Refusal | None = None
        self.receiving = False
        """A request has begun and is not whole yet."""
        self.in_body = False
        """Its headers are complete."""
        self.wants_continue = False
        """It waits for `100 Continue`."""
        self._template = template
        self._limits = limits
        self._room = room
        self._most = limits.body
        self._environ: Environ = {}
        self._target = b""
        self._head_size = 0
        self._pending = 0  # bytes fed since the last whole request or head
        self._keep_alive = False
        self._closed = False
        self._parts: list[bytes] = []
        self._body_size = 0
        self._parser = HttpRequestParser(self)

    def feed(self, data: bytes) -> None:
        """Parse what was received."""
        whole = len(self.ready)
        began_in_body = self.in_body
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            # The request itself is whole; we do not upgrade, and what follows is of unknown protocol.
            self._closed = True
        except HttpParserInvalidMethodError as error:
            self._refuse(Reason.UNKNOWN_METHOD, str(error))
        except HttpParserError as error:
            if self.refusal is None and not self._closed:
                if error.__context__ is not None:
                    logger.error("the request reader failed", exc_info=error.__context__)
                self._refuse(Reason.MALFORMED, str(error))
        else:
            self._weigh(len(data), len(self.ready) > whole or self.in_body != began_in_body)

    def close(self) -> None:
        """Drop the parser, which refers back to this reader."""
        del self._parser

    def _weigh(self, size: int, progressed: bool) -> None:
        # A head that is not complete shows in no callback, nor do chunk extensions: count what was fed.
        self._pending = 0 if progressed else self._pending + size
        if self.in_body:
            if self._pending > _FRAMING * self._most + self._limits.head:
                self._refuse(Reason.BODY_TOO_LARGE, "chunk framing out of proportion")
        elif self._pending > self._limits.head:
            self._refuse(Reason.HEAD_TOO_LARGE, f"no end of headers in {self._pending} bytes")

    def _refuse(self, reason: Reason, detail: str) -> None:
        if self.refusal is None:
            method = str(self._environ.get("REQUEST_METHOD", ""))
            headers = self._environ if reason is Reason.BODY_TOO_LARGE else {}
            self.refusal = Refusal(reason, detail, method, self._target.decode("latin-1"), headers)

    def _stop(self, reason: Reason, detail: str) -> _Stop:
        self._refuse(reason, detail)
        return _Stop()

    # The parser's callbacks.

    def on_message_begin(self) -> None:
        if self._closed:
            raise _Stop
        self._environ = dict(self._template)
        self._target = b""
        self._head_size = 0
        self.receiving = True

    def on_url(self, part: bytes) -> None:
        self._target += part
        if len(self._target) > self._limits.head:
            raise self._stop(Reason.HEAD_TOO_LARGE, "request target too long")

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.in_body:
            return  # a trailer: never merged into the headers the application judged by
        self._head_size += len(name) + len(value) + 4
        key = _environ_key(name)
        if key is None:
            return
        text = value.decode("latin-1")
        environ = self._environ
        if key in environ:
            if key == "HTTP_HOST":
                raise self._stop(Reason.MALFORMED, "more than one Host")
            text = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
        environ[key] = text

    def on_headers_complete(self) -> None:
        environ = self._environ
        parser = self._parser
        environ["REQUEST_METHOD"] = method = parser.get_method().decode("ascii")
        if self._head_size + len(self._target) > self._limits.head:
            raise self._stop(Reason.HEAD_TOO_LARGE, "headers too large")
        version = parser.get_http_version()
        if version != "1.1":
            if version != "1.0":
                raise self._stop(Reason.UNSUPPORTED_VERSION, f"HTTP/{version}")
            environ["SERVER_PROTOCOL"] = "HTTP/1.0"
        elif "HTTP_HOST" not in environ:
            raise self._stop(Reason.MALFORMED, "no Host")
        self._locate()
        self._most = self._limits.body
        chunked = self._frame(version)
        self._keep_alive = parser.should_keep_alive()
        if parser.should_upgrade():
            if method == "CONNECT" or chunked or environ.get("CONTENT_LENGTH", "0") != "0":
                raise self._stop(Reason.MALFORMED, "a tunnel, or an upgrade with a body")
            self._keep_alive = False
        self._expect(version)
        self._parts = []
        self._body_size = 0
        self.in_body = True

    def on_body(self, part: bytes) -> None:
        self.wants_continue = False
        self._body_size += len(part)
        self._make_room(self._body_size)
        self._parts.append(part)

    def on_message_complete(self) -> None:
        environ = self._environ
        body = b"".join(self._parts)
        if environ.pop("HTTP_TRANSFER_ENCODING", None) is not None:
            environ["CONTENT_LENGTH"] = str(len(body))  # the body is whole: the application need not know
        environ["wsgi.input"] = BytesIO(body)
        self._parts = []
        self.receiving = self.in_body = self.wants_continue = False
        self._closed = not self._keep_alive
        self.ready.append((environ, self._keep_alive))

    def _locate(self) -> None:
        environ = self._environ
        target = self._target
        environ["RAW_URI"] = environ["REQUEST_URI"] = target.decode("latin-1")
        if b"#" in target:
            raise self._stop(Reason.MALFORMED, "a fragment in the request target")
        path, _, query = target.partition(b"?")
        if not path.startswith(b"/") and path != b"*":
            # Absolute form, which a server must accept: its authority stands in for Host.
            scheme, separator, rest = path.partition(b"://")
            authority, slash, path = rest.partition(b"/")
            if scheme.lower() not in (b"http", b"https") or not separator or not authority:
                raise self._stop(Reason.MALFORMED, "not an origin-form or absolute-form target")
            environ["HTTP_HOST"] = authority.decode("latin-1")
            path = slash + path or b"/"
        if b"%" in path:
            path = unquote_to_bytes(path)
        environ["PATH_INFO"] = path.decode("latin-1")
        environ["QUERY_STRING"] = query.decode("latin-1")

    def _frame(self, version: str) -> bool:
        # The parser has refused double, conflicting and malformed lengths by now.
        environ = self._environ
        coding = environ.get("HTTP_TRANSFER_ENCODING")
        if coding is not None:
            if version != "1.1" or "CONTENT_LENGTH" in environ:
                raise self._stop(Reason.MALFORMED, "Transfer-Encoding with a length, or in HTTP/1.0")
            if coding.strip().lower() != "chunked":
                raise self._stop(Reason.UNSUPPORTED_CODING, "only chunked is understood")
            return True
        self._make_room(int(environ.get("CONTENT_LENGTH", "0")))
        return False

    def _make_room(self, size: int) -> None:
        """Take a body of this size, or refuse it: the application is asked once whether it may be longer than most."""
        if size <= self._most:
            return
        if self._most == self._limits.body:
            self._most += self._room(self._environ)
        if size > self._most:
            raise self._stop(Reason.BODY_TOO_LARGE, f"body over {self._most} bytes")

    def _expect(self, version: str) -> None:
        expectation = self._environ.get("HTTP_EXPECT")
        if expectation is not None and version == "1.1":
            if expectation.strip().lower() != "100-continue":
                raise self._stop(Reason.UNMET_EXPECTATION, "only 100-continue is understood")
            self.wants_continue = True
