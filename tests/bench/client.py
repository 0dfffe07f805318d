"""The clients: as little code as measures the server and not itself, in processes of their own.

A process plays a `Play` that it reads from its standard input, and writes down what it has seen.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import ssl
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

VERSION = "2014-10-01"


def head(verb: str, path: str, length: int) -> bytes:
    """A request's line and headers."""
    lines = f"{verb} {path} HTTP/1.1\r\nHost: localhost\r\nx-ms-version: {VERSION}\r\n"
    if length:
        lines += f"Content-Type: application/xml\r\nContent-Length: {length}\r\n"
    return (lines + "\r\n").encode()


class Connection:
    """One kept-alive connection over mutual TLS; over plain TCP without a directory of certificates."""

    def __init__(self, port: int, directory: Path | None) -> None:
        self._to = (port, directory)
        self.connect()
        self.received = bytearray()
        self.body = self.length = -1  # where the answer's body begins, and how long it is; -1 if that is not known yet
        self.began = 0.0

    def connect(self) -> None:
        """Connect, again where the server has closed the connection after an answer."""
        port, directory = self._to
        self.ended = False
        raw = socket.create_connection(("127.0.0.1", port), timeout=30)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = raw
        if directory is not None:
            context = ssl.create_default_context(cafile=str(directory / "ca.pem"))
            context.load_cert_chain(directory / "management.pem")
            self.socket = context.wrap_socket(raw, server_hostname="localhost")

    def exchange(self, verb: str, path: str, body: bytes = b"") -> tuple[int, bytes, bytes]:
        """Send one request and wait for its answer: status, headers and body."""
        self.send(head(verb, path, len(body)) + body)
        while (answer := self.answer()) is None:
            self.receive()
        return answer

    def send(self, request: bytes) -> None:
        """Send a whole request."""
        self.began = time.perf_counter()
        if self.ended:
            self.socket.close()
            self.connect()
        self.socket.sendall(request)

    def receive(self) -> None:
        """Take what has come."""
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        self.received += data

    def answer(self) -> tuple[int, bytes, bytes] | None:
        """The answer, once it has come whole."""
        if self.body < 0:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return None
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", self.received[:end])
            if length is None:
                raise ConnectionError("an answer that does not say how long it is")
            self.body, self.length = end + 4, int(length[1])
            self.ended = re.search(rb"(?i)\r\nconnection: *close", self.received[:end]) is not None
        if len(self.received) < self.body + self.length:
            return None
        headers, body = bytes(self.received[: self.body - 4]), bytes(self.received[self.body :])
        self.received.clear()
        self.body = -1
        return int(headers[9:12]), headers, body

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


# -- what is played ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Play:
    """What one client process does for so many seconds.

    kind:        ``read`` reads `path`; ``services`` creates and deletes them; ``machines`` deploys them, waits for
                 the end of the operation, deletes them with media and waits again
    connections: at once; more than one for reads only
    path:        where ``{n}`` stands a number counts up, so that no answer is one given before
    prefix:      of the names this client makes
    request:     what is sent to read, in place of a GET of `path`
    """

    kind: str
    port: int
    directory: str
    seconds: float
    connections: int = 1
    path: str = ""
    prefix: str = ""
    request: str = ""
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """What a client process has seen: things done, seconds, and the median and 99th percentile in milliseconds."""

    count: int
    seconds: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Things done a second."""
        return self.count / self.seconds


def together(plays: list[Play]) -> list[Seen]:
    """Play in as many processes at once."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in plays
    ]
    for process, play in zip(processes, plays, strict=True):
        assert process.stdin is not None
        process.stdin.write(json.dumps(asdict(play)) + "\n")
        process.stdin.flush()
    for process in processes:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise SystemExit("a client did not come to be ready")
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [Seen(**json.loads(process.communicate()[0])) for process in processes]


def _read(play: Play, connections: list[Connection], until: float) -> list[float]:
    numbers = iter(range(1 << 60))
    varied = "{n}" in play.path
    fixed = play.request.encode() or head("GET", play.path, 0)

    def request() -> bytes:
        return head("GET", play.path.format(n=next(numbers)), 0) if varied else fixed

    if len(connections) == 1:
        return list(_alone(connections[0], request, until))
    times: list[float] = []
    with selectors.DefaultSelector() as selector:
        for one in connections:
            one.send(request())
            one.socket.setblocking(False)
            selector.register(one.socket, selectors.EVENT_READ, one)
        waiting = len(connections)
        while waiting:
            for key, _ in selector.select():
                one = key.data
                while (answer := one.answer()) is None:
                    try:
                        one.receive()
                    except (ssl.SSLWantReadError, BlockingIOError):
                        break
                if answer is None:
                    continue
                now = time.perf_counter()
                times.append(now - one.began)
                _check(answer, 200)
                if now < until:
                    if one.ended:
                        selector.unregister(one.socket)
                        one.send(request())
                        one.socket.setblocking(False)
                        selector.register(one.socket, selectors.EVENT_READ, one)
                    else:
                        one.send(request())
                else:
                    selector.unregister(one.socket)
                    waiting -= 1
    return times


def _alone(connection: Connection, request: Any, until: float) -> Iterator[float]:
    now = 0.0
    while now < until:
        connection.send(request())
        while (answer := connection.answer()) is None:
            connection.receive()
        now = time.perf_counter()
        _check(answer, 200)
        yield now - connection.began


def _check(answer: tuple[int, bytes, bytes], *wanted: int) -> tuple[int, bytes, bytes]:
    if answer[0] not in wanted:
        raise SystemExit(f"answered {answer[0]}: {answer[2][:300]!r}")
    return answer


def create(connection: Connection, subscription: str, name: str) -> None:
    """Create a hosted service."""
    body = (
        '<CreateHostedService xmlns="http://schemas.microsoft.com/windowsazure">'
        f"<ServiceName>{name}</ServiceName><Label>YmVuY2g=</Label><Location>West US</Location></CreateHostedService>"
    )
    _check(connection.exchange("POST", f"/{subscription}/services/hostedservices", body.encode()), 201)


def finished(connection: Connection, subscription: str, answer: tuple[int, bytes, bytes]) -> None:
    """Poll until an accepted request's operation has succeeded."""
    found = re.search(rb"(?i)x-ms-request-id: *(\w+)", _check(answer, 202)[1])
    assert found is not None
    while True:
        _, _, body = _check(connection.exchange("GET", f"/{subscription}/operations/{found[1].decode()}"), 200)
        if b"<Status>InProgress<" not in body:
            break
    if b"<Status>Succeeded<" not in body:
        raise SystemExit(f"an operation did not succeed: {body[:300]!r}")


def _services(play: Play, connections: list[Connection], until: float) -> list[float]:
    (connection,), subscription = connections, play.more["subscription"]
    times = []
    for number in range(1 << 60):
        began = time.perf_counter()
        if began >= until:
            break
        name = f"{play.prefix}{number}"
        create(connection, subscription, name)
        middle = time.perf_counter()
        _check(connection.exchange("DELETE", f"/{subscription}/services/hostedservices/{name}"), 200)
        times += [middle - began, time.perf_counter() - middle]
    return times


def _machines(play: Play, connections: list[Connection], until: float) -> list[float]:
    (connection,), subscription, deployment = connections, play.more["subscription"], play.more["deployment"]
    path = f"/{subscription}/services/hostedservices/{play.prefix}/deployments"
    body = deployment.replace("@", play.prefix).encode()
    times = []
    while (began := time.perf_counter()) < until:
        finished(connection, subscription, connection.exchange("POST", path, body))
        middle = time.perf_counter()
        gone = connection.exchange("DELETE", f"{path}/{play.prefix}?comp=media")
        finished(connection, subscription, gone)
        times += [middle - began, time.perf_counter() - middle]
    return times


_KINDS = {"read": _read, "services": _services, "machines": _machines}


def _main() -> None:
    play = Play(**json.loads(sys.stdin.readline()))
    directory = Path(play.directory) if play.directory else None
    connections = [Connection(play.port, directory) for _ in range(play.connections)]
    act = _KINDS[play.kind]
    if play.kind == "machines":
        create(connections[0], play.more["subscription"], play.prefix)
    act(play, connections, time.perf_counter() + 0.1)  # what is done for the first time takes longer
    for one in connections:
        one.socket.setblocking(True)
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    times = sorted(act(play, connections, began + play.seconds))
    spent = time.perf_counter() - began
    p99 = times[int(len(times) * 0.99)] * 1000
    print(json.dumps(asdict(Seen(len(times), spent, statistics.median(times) * 1000, p99))))


if __name__ == "__main__":
    _main()
