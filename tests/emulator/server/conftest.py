"""A server around any application, and clients that speak bytes to it."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from asm_emulator import pki
from asm_emulator.server import Server, TLSFiles

PATIENCE = 20.0


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> pki.Paths:
    return pki.ensure(tmp_path_factory.mktemp("certs"), "00000000-0000-0000-0000-000000000000", "https://localhost:1")


@pytest.fixture(scope="session")
def tls_files(certificates: pki.Paths) -> TLSFiles:
    return TLSFiles(certificates.server_certificate, certificates.server_key)


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Say back what arrived."""
    certificate = environ["asm.peer_certificate"]
    said = {key: value for key, value in environ.items() if isinstance(value, str)}
    said["body"] = environ["wsgi.input"].read().decode("latin-1")
    said["thumbprint"] = "" if certificate is None else pki.thumbprint(certificate)
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(said).encode()]


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, str]:
        return json.loads(self.body)


class Wire:
    """One client connection, spoken to in bytes."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(PATIENCE)
        self.sock = sock
        self._file = sock.makefile("rb")

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def line(self) -> bytes:
        return self._file.readline()

    def answer(self, head_only: bool = False) -> Answer:
        line = self.line()
        assert line.startswith(b"HTTP/1.1 "), line
        headers: dict[str, str] = {}
        while (header := self.line()) != b"\r\n":
            assert header.endswith(b"\r\n"), header
            name, _, value = header.decode("latin-1").partition(":")
            assert name.lower() not in headers
            headers[name.lower()] = value.strip()
        length = 0 if head_only else int(headers.get("content-length", "0"))
        body = self._file.read(length)
        assert len(body) == length
        return Answer(int(line.split(b" ")[1]), headers, body)

    def ask(self, target: str = "/", verb: str = "GET", headers: str = "", body: bytes = b"") -> Answer:
        if body:
            headers += f"Content-Length: {len(body)}\r\n"
        self.send(f"{verb} {target} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode() + body)
        return self.answer(head_only=verb == "HEAD")

    def rest(self) -> bytes:
        """Everything to the end of the stream, which must come."""
        return self._file.read()

    def close(self) -> None:
        self._file.close()
        self.sock.close()


@pytest.fixture
def app() -> Callable[..., Any]:
    return echo


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start a server; all are stopped after the test and must leave no thread."""
    servers: list[Server] = []

    def start(application: Callable[..., Any] = echo, **settings: Any) -> Server:
        server = Server(application, name=f"tested-{len(servers)}", **settings)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("tested-")] == []


@pytest.fixture
def connect() -> Iterator[Callable[..., Wire]]:
    """A client of a server: plain, or TLS when given a context."""
    wires: list[Wire] = []

    def to(server: Server, context: ssl.SSLContext | None = None, **options: Any) -> Wire:
        sock = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
        if context is not None:
            try:
                sock = context.wrap_socket(sock, server_hostname="localhost", **options)
            except BaseException:
                sock.close()
                raise
        wire = Wire(sock)
        wires.append(wire)
        return wire

    yield to
    for wire in wires:
        wire.close()


@pytest.fixture
def trusting(certificates: pki.Paths) -> Callable[..., ssl.SSLContext]:
    """A client's TLS context that trusts the emulator's CA and shows a certificate file, or none."""

    def make(
        show: Path | None = None, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3, ciphers: str = ""
    ) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(certificates.ca))
        context.minimum_version = context.maximum_version = version
        if ciphers:
            context.set_ciphers(ciphers)
        if show is not None:
            context.load_cert_chain(str(show))
        return context

    return make
