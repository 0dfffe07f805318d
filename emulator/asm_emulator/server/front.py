"""The server: listens, starts a thread per connection, keeps their time limits, stops cleanly."""

import errno
import logging
import selectors
import socket
import time
from threading import Event, Lock, Thread, current_thread
from types import TracebackType
from typing import TYPE_CHECKING, Self

from OpenSSL import SSL

from asm_emulator.server.connection import Connection, Phase
from asm_emulator.server.terms import (
    AddressInUse,
    Limits,
    ListenError,
    Refuse,
    Room,
    TLSFiles,
    default_answer,
    no_more_room,
)
from asm_emulator.server.transport import TLS, Plain, server_context

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

logger = logging.getLogger(__name__)

_TICK = 0.25
"""Longest time between two looks at the connections' deadlines, seconds."""
_BURST = 64
"""Connections accepted between two such looks."""
_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class Server:
    """Serves a WSGI application over mutual TLS, or over plain HTTP when `tls` is None.

    TLS asks for a client certificate and takes any, or none: `environ["asm.peer_certificate"]` holds its DER bytes
    or None, and the application judges it at every request. `environ["RAW_URI"]` is the request target as sent.
    `refuse` words the answers that never reach the application. An exception of the application is logged and
    answered with `refuse` too; `DropConnection` cuts the connection instead. `room` says which requests may have a
    longer body than the limit.
    """

    def __init__(
        self,
        application: "WSGIApplication",
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: TLSFiles | None = None,
        limits: Limits | None = None,
        refuse: Refuse = default_answer,
        room: Room = no_more_room,
        name: str = "asm-server",
    ) -> None:
        self.application = application
        self.limits = limits or Limits()
        self.refuse = refuse
        self.room = room
        self.name = name
        self.scheme = "http" if tls is None else "https"
        self.stopping = False
        self._wanted = (host, port)
        self._tls = tls
        self._context: SSL.Context | None = None
        self._listener: socket.socket | None = None
        self._address: tuple[str, int] | None = None
        self._lock = Lock()
        self._connections: set[Connection] = set()
        self._finished: list[Connection] = []
        self._thread = Thread(target=self._watch, name=f"{name}-listener", daemon=True)
        self._waker: socket.socket | None = None
        self._wake: socket.socket | None = None
        self._stopped = Event()

    def start(self) -> None:
        """Listen; connections are accepted when this returns.

        Raises `AddressInUse` on a busy port, `ListenError` for any other reason. A server starts once.
        """
        if self._listener is not None:
            raise RuntimeError("a server starts once")
        if self._tls is not None:
            self._context = server_context(self._tls)
        self._listener = _listen(*self._wanted)
        self._address = (self._wanted[0], self._listener.getsockname()[1])
        self._waker, self._wake = socket.socketpair()
        self._thread.start()

    def stop(self, grace: float = 2.0) -> None:
        """Stop listening, let answers under way go out for up to `grace` seconds, then cut. May be called twice."""
        with self._lock:
            first, self.stopping = not self.stopping, True
        if self._listener is None:
            return
        if not first:
            self._stopped.wait(grace + 2)
            # The first call may have come from a connection's own thread, which could not wait for itself.
            self._join_connections(grace)
            return
        assert self._waker is not None
        with self._waker:
            try:
                self._waker.send(b"!")
            except OSError:
                pass  # it has seen the mark already
            _join(self._thread, None)
        with self._lock:
            for connection in self._connections:
                if connection.phase in (Phase.HANDSHAKE, Phase.IDLE):
                    connection.expire()
                elif connection.phase is Phase.CLOSING:
                    connection.cut()
        self._join_connections(grace)
        with self._lock:
            for connection in self._connections:
                connection.cut()
        self._join_connections(1.0)
        with self._lock:
            if self._connections:
                logger.warning("%d requests did not end when the server stopped", len(self._connections))
        self._stopped.set()

    @property
    def address(self) -> tuple[str, int]:
        """Host as given, and the real port. Raises `RuntimeError` before `start`."""
        if self._address is None:
            raise RuntimeError("the server has not started")
        return self._address

    @property
    def host(self) -> str:
        """The host it was told to listen on."""
        return self._wanted[0]

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self.address[1]

    @property
    def url(self) -> str:
        """Where a client on this machine finds it, without a trailing slash."""
        host = "localhost" if self.host in ("", "0.0.0.0", "::") else self.host
        return f"{self.scheme}://[{host}]:{self.port}" if ":" in host else f"{self.scheme}://{host}:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def leave(self, connection: Connection) -> None:
        """A connection's thread is about to close its socket and end."""
        with self._lock:
            self._connections.discard(connection)
            self._finished.append(connection)

    # The listener's thread.

    def _watch(self) -> None:
        listener, wake = self._listener, self._wake
        assert listener is not None and wake is not None
        limits = self.limits
        shortest = min(limits.handshake, limits.idle, limits.header, limits.receive, limits.write, limits.linger)
        tick = max(0.005, min(_TICK, shortest / 4))
        with selectors.DefaultSelector() as selector, listener, wake:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            while not self.stopping:
                if selector.select(tick) and not self.stopping and not self._accept(listener):
                    self._make_room()
                    self._stopped.wait(tick)  # never set yet: out of descriptors, so only wait a little
                self._expire()
                self._bury()

    def _accept(self, listener: socket.socket) -> bool:
        for _ in range(_BURST):
            try:
                sock, peer = listener.accept()
            except BlockingIOError:
                return True
            except OSError as error:
                if error.errno in _EXHAUSTED:
                    return False
                continue  # that client is gone already
            self._admit(sock, (str(peer[0]), int(peer[1])))
        return True

    def _admit(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        limit = self.limits.connections
        full = len(self._connections) >= limit
        # One that was told to go may take a moment to: hence some slack, but not more.
        if full and (not self._make_room() or len(self._connections) >= limit + max(16, limit // 4)):
            sock.close()
            return
        sock.setblocking(True)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            transport = Plain(sock) if self._context is None else TLS(self._context, sock)
            connection = Connection(self, sock, transport, peer)
            with self._lock:
                self._connections.add(connection)
        except OSError:
            sock.close()
            return
        try:
            connection.thread.start()
        except RuntimeError:
            logger.warning("no more threads: a connection from %s is closed", peer[0])
            with self._lock:
                self._connections.discard(connection)
            connection.close_socket()

    def _make_room(self) -> bool:
        """End the connection that misses it least; false when all are at work.

        Those that never asked for anything go first, so that silent ones cannot keep others out.
        """
        with self._lock:
            idle = [
                connection
                for connection in self._connections
                if not connection.expired and connection.phase in (Phase.HANDSHAKE, Phase.IDLE, Phase.CLOSING)
            ]
            if not idle:
                return False
            victim = min(idle, key=lambda connection: (connection.served > 0, connection.waiting_since))
            victim.cut()
        return True

    def _expire(self) -> None:
        now = time.monotonic()
        with self._lock:
            for connection in self._connections:
                if connection.deadline <= now:
                    connection.expire()

    def _bury(self) -> None:
        with self._lock:
            finished, self._finished = self._finished, []
        for connection in finished:
            _join(connection.thread, None)

    def _join_connections(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        with self._lock:
            connections = [*self._connections, *self._finished]
        for connection in connections:
            _join(connection.thread, max(0.0, end - time.monotonic()))


def _join(thread: Thread, seconds: float | None) -> None:
    if thread is not current_thread():
        thread.join(seconds)


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, not blocking."""
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if not 0 <= port < 65536:  # some systems would take it modulo 65536
        raise ListenError(f"cannot listen on {where}: no such port")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise ListenError(f"cannot listen on {where}: {_text(error)}") from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise AddressInUse(f"{where} is already in use by another process") from error
        raise ListenError(f"cannot listen on {where}: {_text(error)}") from error
    return listener


def _text(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
