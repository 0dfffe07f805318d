"""The two ways of carrying bytes: TLS with any client certificate or none, and plain TCP."""

import socket
import struct
from typing import Protocol

from OpenSSL import SSL, crypto

from asm_emulator.server.terms import ListenError, TLSFiles

RECEIVE = 16 * 1024
"""Bytes asked for at once: one TLS record."""

# Defined by every libssl that `cryptography` ships, but not for every type checker.
_NO_RENEGOTIATION: int = getattr(SSL, "OP_NO_RENEGOTIATION", 0)
_IGNORE_UNEXPECTED_EOF: int = getattr(SSL, "OP_IGNORE_UNEXPECTED_EOF", 0)


class Gone(Exception):
    """The peer went away, or spoke something that is not TLS; the connection is of no more use."""


class Transport(Protocol):
    """What a connection needs of its carrier. Every method may raise `Gone`."""

    def handshake(self) -> bytes | None:
        """Agree with the peer; its certificate (DER), if it showed one."""

    def receive(self) -> bytes:
        """Some bytes, or none at the end of the stream."""

    def send(self, data: bytes) -> None:
        """Send all of it."""

    def finish(self) -> None:
        """Say that no more will be sent."""


class Plain:
    """Plain TCP, for the control port on loopback."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def handshake(self) -> bytes | None:
        return None

    def receive(self) -> bytes:
        try:
            return self._sock.recv(RECEIVE)
        except OSError as error:
            raise Gone(str(error)) from error

    def send(self, data: bytes) -> None:
        try:
            self._sock.sendall(data)
        except OSError as error:
            raise Gone(str(error)) from error

    def finish(self) -> None:
        pass


class TLS:
    """TLS over a blocking socket, used by one thread."""

    def __init__(self, context: SSL.Context, sock: socket.socket) -> None:
        self._tls = SSL.Connection(context, sock)
        self._tls.set_accept_state()

    def handshake(self) -> bytes | None:
        try:
            self._tls.do_handshake()
            # Not as a `cryptography` object: that parser refuses certificates which OpenSSL, and the service, took.
            certificate = self._tls.get_peer_certificate()
            return None if certificate is None else crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate)
        except (SSL.Error, crypto.Error, OSError) as error:
            raise Gone(_describe(error)) from error

    def receive(self) -> bytes:
        try:
            return self._tls.recv(RECEIVE)
        except SSL.ZeroReturnError:
            return b""
        except (SSL.Error, OSError) as error:
            raise Gone(_describe(error)) from error

    def send(self, data: bytes) -> None:
        try:
            self._tls.sendall(data)
        except (SSL.Error, OSError) as error:
            raise Gone(_describe(error)) from error

    def finish(self) -> None:
        try:
            self._tls.shutdown()
        except (SSL.Error, OSError) as error:
            raise Gone(_describe(error)) from error


def server_context(files: TLSFiles) -> SSL.Context:
    """TLS 1.2 and 1.3; a client certificate is asked for, and any or none is taken.

    Raises `ListenError` when the files cannot be used.
    """
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    # A peer that just hangs up is judged by HTTP's framing; without this OpenSSL would also refuse to answer one
    # that closed only its sending side.
    context.set_options(SSL.OP_NO_COMPRESSION | _NO_RENEGOTIATION | _IGNORE_UNEXPECTED_EOF)
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_CLIENT_ONCE, lambda *_: True)
    # Without an id every resumption of a session with a client certificate fails.
    context.set_session_id(b"asm-emulator")
    try:
        context.use_certificate_chain_file(str(files.certificate))
        context.use_privatekey_file(str(files.key))
        context.check_privatekey()
    except (SSL.Error, OSError) as error:
        raise ListenError(f"cannot use {files.certificate} with {files.key}: {_describe(error)}") from error
    return context


def reset(sock: socket.socket) -> None:
    """Make the coming close cut the connection: unsent data is lost and the peer sees a reset."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError:
        pass


def _describe(error: BaseException) -> str:
    # pyOpenSSL's errors carry a list of (library, function, reason).
    first = error.args[0] if error.args else ""
    if isinstance(first, list):
        return ", ".join(str(entry[-1]) for entry in first) or "TLS failure"
    return ": ".join(str(part) for part in error.args) or type(error).__name__
