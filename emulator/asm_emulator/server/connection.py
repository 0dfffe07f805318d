"""One connection, in a thread of its own."""

import logging
import math
import socket
import time
from enum import Enum
from threading import Thread
from typing import TYPE_CHECKING

from asm_emulator.server.bridge import CONTINUE, Environ, base_environ, compose, reason_phrase, respond
from asm_emulator.server.reader import RequestReader
from asm_emulator.server.terms import DropConnection, Limits, Reason, Refusal, Refuse, default_answer
from asm_emulator.server.transport import RECEIVE, Gone, Transport, reset

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from asm_emulator.server.front import Server

logger = logging.getLogger(__name__)

_LAST_CALL = 1.0
"""Seconds between waking an overdue connection and cutting it."""


class Phase(Enum):
    """What a connection is doing, hence what may be done to it from outside."""

    HANDSHAKE = "handshake"
    IDLE = "idle"
    RECEIVING = "receiving"
    SERVING = "serving"
    SENDING = "sending"
    CLOSING = "closing"


class Connection:
    """Reads requests, lets the application answer, in order, until either side has enough.

    Time limits are kept from outside: this thread blocks without one, states in `deadline` until when it may, and
    the server's own thread calls `expire` after that. So a limit holds however the bytes drip, also inside the TLS
    library, and costs no system call.
    """

    def __init__(self, server: "Server", sock: socket.socket, transport: Transport, peer: tuple[str, int]) -> None:
        self._server = server
        self._limits: Limits = server.limits
        self._application: WSGIApplication = server.application
        self._refusing: Refuse = server.refuse
        self._sock = sock
        self._transport = transport
        self._peer = peer
        self._since = time.monotonic()
        self._reader: RequestReader | None = None
        self._body_timed = False
        self.expired = False
        self.served = 0
        self.phase = Phase.HANDSHAKE
        self.deadline = self._since + self._limits.handshake
        self.thread = Thread(target=self._run, name=f"{server.name}-{peer[0]}:{peer[1]}", daemon=True)

    @property
    def waiting_since(self) -> float:
        """When it began to do what it does (monotonic seconds)."""
        return self._since

    # From the server's thread, under its lock, while the socket is certainly open.

    def expire(self) -> None:
        """Wake a connection that overstayed; cut it at the second call or when it is stuck sending."""
        how = socket.SHUT_RDWR if self.expired or self.phase is Phase.SENDING else socket.SHUT_RD
        self.deadline = math.inf if self.expired else time.monotonic() + _LAST_CALL
        self.expired = True
        self._shut(how)

    def cut(self) -> None:
        """End it now, whatever it does."""
        self.expired = True
        self.deadline = math.inf
        self._shut(socket.SHUT_RDWR)

    def close_socket(self) -> None:
        """For a connection whose thread never started."""
        self._sock.close()

    def _shut(self, how: int) -> None:
        try:
            self._sock.shutdown(how)
        except OSError:
            pass

    # The connection's own thread.

    def _run(self) -> None:
        try:
            self._converse()
        except Gone as gone:
            logger.debug("%s: %s", self._peer, gone)
        except Exception:
            logger.exception("connection from %s failed", self._peer)
        finally:
            if self._reader is not None:
                self._reader.close()
            self._server.leave(self)  # before the descriptor can become somebody else's
            self._sock.close()

    def _enter(self, phase: Phase, seconds: float) -> None:
        self._since = now = time.monotonic()
        self.deadline = now + seconds
        self.phase = phase

    def _converse(self) -> None:
        try:
            certificate = self._transport.handshake()
        except Gone as gone:
            # Plain HTTP on the TLS port, a scanner, a client that distrusts us: let it read our alert, then close.
            level = logging.INFO if "http request" in str(gone) else logging.DEBUG
            logger.log(level, "%s: no TLS: %s", self._peer, gone)
            self._linger()
            return
        reader = self._reader = RequestReader(
            base_environ(
                scheme=self._server.scheme, server=self._server.address, peer=self._peer, certificate=certificate
            ),
            self._limits,
            self._server.room,
        )
        self._enter(Phase.IDLE, self._limits.idle)
        # Set before this look, and looked at by stop() after its own mark: one of the two sees the other.
        while not self._server.stopping:
            data = self._transport.receive()
            if not data:
                self._end_of_stream(reader)
                return
            reader.feed(data)
            if reader.ready and not self._serve_ready(reader):
                return
            if reader.refusal is not None:
                self._refuse(reader.refusal)
                return
            self._await_more(reader)
        self._finish()

    def _await_more(self, reader: RequestReader) -> None:
        limits = self._limits
        if not reader.receiving:
            if self.phase is not Phase.IDLE:
                self._enter(Phase.IDLE, limits.idle)
            return
        if reader.wants_continue:
            reader.wants_continue = False
            self._enter(Phase.SENDING, limits.write)
            self._transport.send(CONTINUE)
        # A deadline is set once for the headers and once for the body: dripping does not move it.
        if reader.in_body:
            if self.phase is not Phase.RECEIVING or not self._body_timed:
                self._body_timed = True
                self._enter(Phase.RECEIVING, limits.receive)
        elif self.phase is not Phase.RECEIVING:
            self._body_timed = False
            self._enter(Phase.RECEIVING, limits.header)

    def _serve_ready(self, reader: RequestReader) -> bool:
        for environ, keep_alive in reader.ready:
            if not self._serve(environ, keep_alive and not self._server.stopping):
                return False
        reader.ready.clear()
        return True

    def _serve(self, environ: Environ, keep_alive: bool) -> bool:
        self.phase = Phase.SERVING
        self.deadline = math.inf
        try:
            response, keep_alive = respond(self._application, environ, keep_alive)
        except DropConnection as drop:
            self._drop(drop.after)
            return False
        except Exception:
            logger.exception("the application failed on %s %s", environ["REQUEST_METHOD"], environ["PATH_INFO"])
            self._refuse(Refusal(Reason.FAILED, "exception", environ["REQUEST_METHOD"], environ["RAW_URI"]))
            return False
        self.served += 1
        self._enter(Phase.SENDING, self._limits.write)
        self._transport.send(response)
        if not keep_alive:
            self._finish()
            self._linger()
        return keep_alive

    def _end_of_stream(self, reader: RequestReader) -> None:
        if self.expired and reader.receiving and not self._server.stopping:
            self._refuse(
                Refusal(Reason.TIMEOUT, f"no whole request in time, {'body' if reader.in_body else 'headers'}")
            )
        else:
            self._finish()

    def _refuse(self, refusal: Refusal) -> None:
        logger.debug("%s: %s: %s", self._peer, refusal.reason.value[0], refusal.detail)
        head_only = refusal.method == "HEAD"
        try:
            status, headers, body = self._refusing(refusal)
            response, _ = compose(
                f"{status} {reason_phrase(status)}", headers, body, keep_alive=False, head_only=head_only
            )
        except Exception:
            logger.exception("wording a refusal failed")
            status, headers, body = default_answer(refusal)
            response, _ = compose(
                f"{status} {reason_phrase(status)}", headers, body, keep_alive=False, head_only=head_only
            )
        self._enter(Phase.SENDING, self._limits.write)
        self._transport.send(response)
        self._finish()
        self._linger()

    def _drop(self, after: bytes) -> None:
        if after:
            self._enter(Phase.SENDING, self._limits.write)
            self._transport.send(after)
            self._shut(socket.SHUT_WR)
        else:
            reset(self._sock)

    def _finish(self) -> None:
        """Say goodbye: close_notify, then the end of our stream."""
        self._enter(Phase.CLOSING, self._limits.linger)
        self._transport.finish()
        self._shut(socket.SHUT_WR)

    def _linger(self) -> None:
        """Take what the peer still sends, for a while: closing on unread data would reset away our answer."""
        self._enter(Phase.CLOSING, self._limits.linger)
        self._shut(socket.SHUT_WR)
        if self._server.stopping:
            return
        left = self._limits.linger_bytes
        try:
            while left > 0 and (data := self._sock.recv(4 * RECEIVE)):
                left -= len(data)
        except OSError:
            pass
