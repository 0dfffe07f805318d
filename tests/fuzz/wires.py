"""HTTP that is not quite: what is done to the bytes of a good request, whatever it is for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]

_LINES: Final[tuple[bytes, ...]] = (
    b"Content-Length: 0", b"Content-Length: 5", b"Content-Length: 5, 5", b"Content-Length: +5", b"Content-Length: -1", b"Content-Length: 0x5",
    b"Content-Length: 99999999999999999999", b"Content-Length: 5 5", b"Content-Length:", b"Content-Length : 5", b"content-length:\t5", b"Content-Length: 1e1",
    b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: chunked, gzip",
    b"Transfer-Encoding: xchunked", b"Transfer-Encoding : chunked", b"Transfer-Encoding:\x0bchunked", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
    b"Transfer_Encoding: chunked", b" folded: x", b"\tfolded", b"X:\r\n folded", b"X", b": x", b"X y: z", b"X\x00: y", b"X: \x00", b"X: a\rb", b"X: a\nb",
    b"\xff: \xff", b"X: \xff\xfe", b"Host: other", b"Host:", b"host: localhost", b"HTTP_X: y", b"x_ms_version: 2014-10-01", b"x-ms-version: 2014-10-01",
    b"Expect: 100-continue", b"Expect: x", b"Connection: close", b"Connection: keep-alive, close", b"Connection: upgrade", b"Upgrade: websocket", b"Upgrade: h2c",
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA", b"Trailer: x", b"TE: trailers", b"Content-Encoding: gzip", b"Cookie: a\r\nCookie: b",
    b"X-Forwarded-For: ::1", b"Proxy-Authorization: Basic x", b"Range: bytes=0-0,0-0", b"A: " + b"x" * 20000, b"\r\n".join(b"A%d: b" % n for n in range(400)),
)  # fmt: skip
_STARTS: Final[tuple[bytes, ...]] = (
    b"GET", b"GET /", b"GET / HTTP/1.1x", b"GET / HTTP/1.0", b"GET / HTTP/2.0", b"GET / HTTP/0.9", b"GET / HTTP/1.2", b"GET / HTTP/01.1", b"GET / HTTP/1.1 ", b"get / HTTP/1.1",
    b"GET  /  HTTP/1.1", b"GET\t/\tHTTP/1.1", b"GET /\x00 HTTP/1.1", b"GET /\xff HTTP/1.1", b"GET /a#b HTTP/1.1", b"GET * HTTP/1.1", b"OPTIONS * HTTP/1.1",
    b"GET http://localhost/ HTTP/1.1", b"GET https://other:1/x HTTP/1.1", b"GET ftp://x/ HTTP/1.1", b"GET x HTTP/1.1", b"GET http:// HTTP/1.1", b"GET //x//y HTTP/1.1",
    b"CONNECT localhost:1 HTTP/1.1", b"TRACE / HTTP/1.1", b"PRI * HTTP/2.0", b"BREW / HTTP/1.1", b"\x16\x03\x01\x02\x00", b"GET /" + b"a" * 20000 + b" HTTP/1.1", b"",
    b"GET /%00 HTTP/1.1", b"GET /% HTTP/1.1", b"GET /?" + b"a=b&" * 3000 + b" HTTP/1.1", b"HEAD / HTTP/1.1", b"\r\nGET / HTTP/1.1", b"GET / HTTP/1.1\r\n", b"SOURCE / HTTP/1.1", b"M-SEARCH * HTTP/1.1",
)  # fmt: skip
_CHUNKED: Final[tuple[bytes, ...]] = (
    b"0\r\n\r\n", b"5\r\nhello\r\n0\r\n\r\n", b"5\r\nhello0\r\n\r\n", b"-1\r\n\r\n", b"FFFFFFFFFFFFFFFFF\r\n", b"5;x=y\r\nhello\r\n0\r\nX: y\r\n\r\n", b"5\nhello\n0\n\n", b"g\r\n", b"0x5\r\nhello\r\n0\r\n\r\n",
    b" 5\r\nhello\r\n0\r\n\r\n", b"5 \r\nhello\r\n0\r\n\r\n", b"5\r\nhel", b"", b"5;" + b"a" * 20000 + b"\r\nhello\r\n0\r\n\r\n", b"0\r\nContent-Length: 5\r\n\r\n", b"00000000000000005\r\nhello\r\n0\r\n\r\n", b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Feed:
    """Bytes, and where the network happens to cut them."""

    wire: bytes
    cuts: tuple[int, ...] = ()

    def pieces(self) -> list[bytes]:
        """The bytes as they come in."""
        ends = [*sorted({cut for cut in self.cuts if 0 < cut < len(self.wire)}), len(self.wire)]
        begins = [0, *ends[:-1]]
        return [self.wire[begin:end] for begin, end in zip(begins, ends, strict=True)]


def feeds(good: Sequence[bytes]) -> st.SearchStrategy[Feed]:
    """Good requests spoilt as HTTP, one or several on a connection."""
    one = st.sampled_from(good)

    @st.composite
    def made(draw: Draw) -> Feed:
        wires = [_spoilt(draw(one), draw) if draw(_MOSTLY) else draw(one) for _ in range(draw(_HOW_MANY))]
        wire = b"".join(wires)
        if draw(_SELDOM):
            wire = wire[: draw(st.integers(0, len(wire)))]
        return Feed(wire, tuple(draw(st.lists(st.integers(1, max(1, len(wire))), max_size=5))))

    return made()


_MOSTLY: Final = st.sampled_from([True, True, False])
_SELDOM: Final = st.sampled_from([False, False, False, True])
_HOW_MANY: Final = st.sampled_from([1, 1, 2, 3])
_LINE: Final = st.sampled_from(_LINES)
_START: Final = st.sampled_from(_STARTS)
_BODY: Final = st.sampled_from(_CHUNKED)
_WAY: Final = st.sampled_from(
    ["line", "line", "line", "start", "chunked", "chunked", "newline", "byte", "drop", "case", "space"]
)


def _spoilt(wire: bytes, draw: Draw) -> bytes:
    head, _, body = wire.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    for _ in range(draw(_HOW_MANY)):
        at = draw(st.integers(1, len(lines)))
        match draw(_WAY):
            case "line":
                lines.insert(at, draw(_LINE))
            case "start":
                lines[0] = draw(_START)
            case "chunked":
                lines = [line for line in lines if not line.lower().startswith(b"content-length")]
                lines.append(b"Transfer-Encoding: chunked")
                body = draw(_BODY) if draw(_MOSTLY) else b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
            case "newline":
                return b"\n".join(lines) + b"\n\n" + body
            case "byte":
                whole = b"\r\n".join(lines)
                place = draw(st.integers(0, len(whole)))
                lines = (whole[:place] + draw(st.binary(min_size=1, max_size=2)) + whole[place + 1 :]).split(b"\r\n")
            case "drop":
                del lines[min(at, len(lines) - 1)]
                lines = lines or [b""]
            case "case":
                lines = [lines[0], *(line.swapcase() for line in lines[1:])]
            case _:
                lines[min(at, len(lines) - 1)] = b" " + lines[min(at, len(lines) - 1)] + b" \t"
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


__all__ = ["Feed", "feeds"]
