"""A CONNECT proxy on loopback that leads clients of the real service to the emulator, and nowhere else.

`asm-emulator exec` routes a command through it, so that nothing the command does reaches a real cloud by mistake.
"""

import contextlib
import logging
import re
import selectors
import socket
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from threading import Lock, Thread
from types import TracebackType
from typing import Self

logger = logging.getLogger(__name__)

SERVICE = "management.core.windows.net"
"""The service's host name; its regional ones end in it."""
SERVICE_PORTS = (443, 8443)
OWN_DOMAINS = ("scm.azurewebsites.net", "database.windows.net", "azurehdinsight.net")
"""What the hosts of sites' tools, database servers and clusters end in, after one label of their own."""

_HEAD = 16 * 1024
_BUFFER = 64 * 1024
_TARGET = re.compile(r"([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?):([0-9]{1,5})", re.ASCII)
_REMEMBERED = 1000
_LINGER = 1.0


class _Refused(Exception):
    """The one-line reason a client gets."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(eq=False, slots=True)
class _Tunnel:
    """One client, the host it was led to, and the thread between them."""

    sockets: list[socket.socket]
    thread: Thread | None = field(default=None)

    def cut(self) -> None:
        for sock in self.sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class Proxy:
    """Leads CONNECT for the service's names, and for those of what it hosts, to `target`; 403 to everything else.

    `allow` holds host names that may be reached for real, through CONNECT, at any port. `refused` lists what was
    asked for and denied, each once. Plain HTTP, addresses in brackets and odd targets are always denied.
    Times in seconds: `patience` is for a client's request and for a connection onward, `half_open` for silence in a
    tunnel of which one side has closed.
    """

    def __init__(
        self,
        target: tuple[str, int],
        allow: Collection[str] = (),
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        patience: float = 20.0,
        half_open: float = 60.0,
    ) -> None:
        self.refused: list[str] = []
        self._target = target
        self._allow = frozenset(name.lower() for name in allow)
        self._wanted = (host, port)
        self._patience = patience
        self._half_open = half_open
        self._lock = Lock()
        self._tunnels: set[_Tunnel] = set()
        self._finished: list[_Tunnel] = []
        self._stopping = False
        self._listener: socket.socket | None = None
        self._port = 0
        self._waker: socket.socket | None = None
        self._wake: socket.socket | None = None
        self._thread = Thread(target=self._listen, name="asm-proxy", daemon=True)

    def start(self) -> None:
        """Listen; clients are served when this returns. Raises `OSError` when it cannot. A proxy starts once."""
        if self._listener is not None:
            raise RuntimeError("a proxy starts once")
        host, port = self._wanted
        self._listener = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=128
        )
        self._listener.setblocking(False)
        self._port = self._listener.getsockname()[1]
        self._waker, self._wake = socket.socketpair()
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and cut every tunnel. May be called twice."""
        with self._lock:
            first, self._stopping = not self._stopping, True
        if first and self._waker is not None:
            with self._waker:
                with contextlib.suppress(OSError):  # it may have seen the mark already
                    self._waker.send(b"!")
                self._thread.join()
        with self._lock:
            for tunnel in self._tunnels:
                tunnel.cut()
            tunnels = [*self._tunnels, *self._finished]
        for tunnel in tunnels:
            if tunnel.thread is not None:
                tunnel.thread.join(2 * self._patience)

    @property
    def url(self) -> str:
        """What HTTPS_PROXY should be."""
        host = self._wanted[0]
        return f"http://[{host}]:{self._port}" if ":" in host else f"http://{host}:{self._port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _listen(self) -> None:
        listener, wake = self._listener, self._wake
        assert listener is not None and wake is not None
        with selectors.DefaultSelector() as selector, listener, wake:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            while not self._stopping:
                selector.select()
                with contextlib.suppress(OSError):
                    self._admit(listener.accept()[0])
                with self._lock:
                    finished, self._finished = self._finished, []
                for tunnel in finished:
                    if tunnel.thread is not None:
                        tunnel.thread.join()

    def _admit(self, client: socket.socket) -> None:
        tunnel = _Tunnel([client])
        tunnel.thread = Thread(target=self._run, args=(tunnel, client), name="asm-proxy-tunnel", daemon=True)
        with self._lock:
            self._tunnels.add(tunnel)
        try:
            tunnel.thread.start()
        except RuntimeError:  # no more threads
            with self._lock:
                self._tunnels.discard(tunnel)
            client.close()

    def _run(self, tunnel: _Tunnel, client: socket.socket) -> None:
        try:
            client.settimeout(self._patience)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                head, rest = _read_head(client, self._patience)
                onward = self._connect(head)
            except _Refused as refused:
                _answer(client, refused.status, str(refused))
                return
            with self._lock:
                tunnel.sockets.append(onward)
                if self._stopping:
                    return
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            onward.sendall(rest)
            _relay(client, onward, self._half_open)
        except OSError as error:
            logger.debug("tunnel: %s", error)
        except Exception:
            logger.exception("a tunnel failed")
        finally:
            with self._lock:  # before the descriptors can become somebody else's
                self._tunnels.discard(tunnel)
                self._finished.append(tunnel)
            for sock in tunnel.sockets:
                sock.close()

    def _connect(self, head: str) -> socket.socket:
        words = head.split("\r\n", 1)[0].split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            raise _Refused("400 Bad Request", "asm-emulator: not an HTTP proxy request")
        verb, target, _ = words
        if verb != "CONNECT":
            self._remember(target.split("?", 1)[0])
            raise _Refused("403 Forbidden", f"asm-emulator: only CONNECT is proxied, not {verb} {target}")
        match = _TARGET.fullmatch(target)
        host, port = (match[1].lower(), int(match[2])) if match else ("", 0)
        if _is_emulated(host) and port in SERVICE_PORTS:
            address = self._target
        elif host in self._allow and 0 < port < 65536:
            address = (host, port)
        else:
            self._remember(target)
            raise _Refused("403 Forbidden", f"asm-emulator: {target} is not the emulated service, and not allowed")
        try:
            onward = socket.create_connection(address, timeout=self._patience)
        except OSError as error:
            reason = f"asm-emulator: cannot reach {target}: {error.strerror or error}"
            raise _Refused("502 Bad Gateway", reason) from error
        onward.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return onward

    def _remember(self, target: str) -> None:
        target = _printable(target)
        with self._lock:
            if target not in self.refused and len(self.refused) < _REMEMBERED:
                self.refused.append(target)


def _is_emulated(host: str) -> bool:
    return host == SERVICE or host.endswith(f".{SERVICE}") or host.partition(".")[2] in OWN_DOMAINS


def _read_head(client: socket.socket, seconds: float) -> tuple[str, bytes]:
    """A request's head, and what came after it already."""
    end = time.monotonic() + seconds
    data = b""
    while b"\r\n\r\n" not in data:
        left = end - time.monotonic()
        if left <= 0:
            raise _Refused("408 Request Timeout", "asm-emulator: no request in time")
        client.settimeout(left)
        try:
            more = client.recv(_HEAD)
        except TimeoutError:
            continue
        if not more:
            raise ConnectionError("the client left")
        data += more
        if len(data) > 2 * _HEAD:
            raise _Refused("431 Request Header Fields Too Large", "asm-emulator: request too long")
    head, _, rest = data.partition(b"\r\n\r\n")
    return head.decode("latin-1"), rest


def _answer(client: socket.socket, status: str, reason: str) -> None:
    """One refusal. Many clients show no more than the status line, so the reason is there as well."""
    reason = _printable(reason)
    code = status.split(" ", 1)[0]
    body = f"{reason}\n"
    client.settimeout(_LINGER)
    client.sendall(
        f"HTTP/1.1 {code} {reason}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode("ascii")
    )
    # Take what the client is still sending: closing on it would reset our answer away.
    client.shutdown(socket.SHUT_WR)
    end = time.monotonic() + _LINGER
    while time.monotonic() < end and client.recv(_BUFFER):
        pass


def _printable(text: str) -> str:
    return "".join(each if " " <= each <= "~" else "?" for each in text)[:300]


@dataclass(slots=True)
class _Flow:
    """One direction of a tunnel."""

    source: socket.socket
    sink: socket.socket
    held: bytearray = field(default_factory=bytearray)
    ended: bool = False
    closed: bool = False

    def read(self) -> None:
        try:
            data = self.source.recv(_BUFFER)
        except BlockingIOError:
            return
        self.held += data
        self.ended = not data

    def write(self) -> None:
        if self.held:
            try:
                del self.held[: self.sink.send(self.held)]
            except BlockingIOError:
                return
        if self.ended and not self.held:
            self.closed = True
            self.sink.shutdown(socket.SHUT_WR)


def _relay(client: socket.socket, onward: socket.socket, half_open: float) -> None:
    """Carry bytes both ways until both ends have closed; either may close its direction first."""
    client.setblocking(False)
    onward.setblocking(False)
    out, back = _Flow(client, onward), _Flow(onward, client)
    with selectors.DefaultSelector() as selector:
        while not (out.closed and back.closed):
            for reading, writing in ((out, back), (back, out)):
                wanted = 0
                if not reading.ended and len(reading.held) < _BUFFER:
                    wanted |= selectors.EVENT_READ
                if writing.held:
                    wanted |= selectors.EVENT_WRITE
                _watch(selector, reading.source, wanted)
            events = selector.select(half_open if out.closed or back.closed else None)
            if not events:
                return
            for key, ready in events:
                reading, writing = (out, back) if key.fileobj is client else (back, out)
                if ready & selectors.EVENT_READ:
                    reading.read()
                    reading.write()
                if ready & selectors.EVENT_WRITE:
                    writing.write()


def _watch(selector: selectors.BaseSelector, sock: socket.socket, wanted: int) -> None:
    known = selector.get_map().get(sock)
    if known is None:
        if wanted:
            selector.register(sock, wanted)
    elif not wanted:
        selector.unregister(sock)
    elif known.events != wanted:
        selector.modify(sock, wanted)
