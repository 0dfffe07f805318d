"""Other emulators of clouds, measured as this one is and in the same run: moto's server and Azurite.

``make bench-peers`` installs them into build/peers.  They are asked over plain HTTP, this one over mutual TLS.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from tempfile import TemporaryDirectory

from docs.figures import Figure, record
from tests.bench.client import Connection, Play, Seen, create, together
from tests.bench.programs import SUBSCRIPTION, emulator, free_port, memory

INSTALLED = Path(__file__).parents[2] / "build" / "peers"
CONNECTIONS = (1, 16)
NOTE = """\
Every one with a single small resource that is read over kept-alive connections: of moto one instance by DescribeInstances,
of Azurite a blob of a kilobyte, of this one a hosted service, given again and worked out anew (see Reads). The others are
asked over plain HTTP, this one over mutual TLS. Rounds are interleaved and the best of each is taken."""


@dataclass(frozen=True)
class Peer:
    """A running emulator, and a request that reads something small of it."""

    name: str
    port: int
    pid: int
    started: float
    request: str = ""
    directory: str = ""
    path: str = ""


@contextmanager
def _running(command: list[str], port: int, scratch: Path) -> Iterator[tuple[int, float]]:
    """A server's process id, and seconds from its start until it answers HTTP."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=scratch,
        env=os.environ | {"HOME": str(scratch)},
    )
    try:
        while True:
            try:
                with Connection(port, None) as connection:
                    connection.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    connection.receive()
                break
            except OSError:
                if process.poll() is not None or time.perf_counter() - began > 120:
                    raise SystemExit(f"{command[0]} did not start") from None
                time.sleep(0.002)
        yield process.pid, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()


_MOTO = (
    "POST / HTTP/1.1\r\nHost: ec2.us-east-1.amazonaws.com\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Authorization: AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, "
    "Signature=0\r\nContent-Length: {length}\r\n\r\n{form}"
)


@contextmanager
def _moto(scratch: Path) -> Iterator[Peer]:
    port = free_port()
    command = [str(INSTALLED / "venv/bin/moto_server"), "-p", str(port), "-H", "127.0.0.1"]
    with _running(command, port, scratch) as (pid, started):
        run = "Action=RunInstances&ImageId=ami-12345678&MinCount=1&MaxCount=1&Version=2016-11-15"
        with Connection(port, None) as connection:
            connection.send(_MOTO.format(length=len(run), form=run).encode())
            while (answer := connection.answer()) is None:
                connection.receive()
        if answer[0] != 200:
            raise SystemExit(f"moto answered {answer[0]}: {answer[2][:200]!r}")
        instance = answer[2].partition(b"<instanceId>")[2].partition(b"<")[0].decode()
        form = f"Action=DescribeInstances&InstanceId.1={instance}&Version=2016-11-15"
        yield Peer("moto", port, pid, started, _MOTO.format(length=len(form), form=form))


_ACCOUNT = "devstoreaccount1"
_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The account that every Azurite has, as its documentation prints it."""


def _put(port: int, path: str, query: str, headers: dict[str, str], body: bytes) -> None:
    """A request signed with the account's key."""
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-12-02", **headers}
    named = "".join(f"{name}:{value}\n" for name, value in sorted(headers.items()))
    of_query = "".join(f"\n{pair.replace('=', ':')}" for pair in sorted(filter(None, query.split("&"))))
    resource = f"/{_ACCOUNT}/{_ACCOUNT}{path}{of_query}"
    content = "application/octet-stream"
    text = f"PUT\n\n\n{len(body) or ''}\n\n{content}\n\n\n\n\n\n\n{named}{resource}"
    signature = base64.b64encode(hmac.digest(base64.b64decode(_KEY), text.encode(), hashlib.sha256)).decode()
    sent = {**headers, "Content-Type": content, "Authorization": f"SharedKey {_ACCOUNT}:{signature}"}
    url = f"http://127.0.0.1:{port}/{_ACCOUNT}{path}" + (f"?{query}" if query else "")
    with urllib.request.urlopen(urllib.request.Request(url, body, sent, method="PUT"), timeout=30):
        pass


@contextmanager
def _azurite(scratch: Path) -> Iterator[Peer]:
    port = free_port()
    program = INSTALLED / "node/node_modules/.bin/azurite-blob"
    command = [str(program), "--silent", "--inMemoryPersistence", "--disableTelemetry", "--blobPort", str(port)]
    with _running(command, port, scratch) as (pid, started):
        _put(port, "/bench", "restype=container", {"x-ms-blob-public-access": "blob"}, b"")
        _put(port, "/bench/small", "", {"x-ms-blob-type": "BlockBlob"}, b"x" * 1024)
        request = f"GET /{_ACCOUNT}/bench/small HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nx-ms-version: 2021-12-02\r\n\r\n"
        yield Peer("Azurite", port, pid, started, request)


@contextmanager
def _own(scratch: Path) -> Iterator[Peer]:
    with emulator(scratch):
        pass  # its certificates are made once, on the first day
    with emulator(scratch) as program:
        with program.connect() as connection:
            create(connection, SUBSCRIPTION, "small")
        path = f"/{SUBSCRIPTION}/services/hostedservices/small"
        yield Peer("asm-emulator", program.port, program.pid, program.started, "", str(scratch), path)


PEERS: dict[str, tuple[Callable[[Path], object], Path]] = {
    "moto": (_moto, INSTALLED / "venv/bin/moto_server"),
    "Azurite": (_azurite, INSTALLED / "node/node_modules/.bin/azurite-blob"),
}


def measure(seconds: float, rounds: int) -> None:
    """Measure, print and record; a peer that is not installed is left out, and the page says so."""
    missing = [name for name, (_, program) in PEERS.items() if not program.exists()]
    found: dict[tuple[str, int], Seen] = {}
    with ExitStack() as stack:

        def scratch() -> Path:
            return Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))

        own = stack.enter_context(_own(scratch()))
        others = [
            stack.enter_context(start(scratch()))  # type: ignore[arg-type]
            for name, (start, _) in PEERS.items()
            if name not in missing
        ]
        idle = {one.name: memory(one.pid) for one in (own, *others)}
        ways = [("asm-emulator", own, own.path), ("asm-emulator, anew", own, own.path + "?n={n}")]
        ways += [(one.name, one, "") for one in others]
        for _ in range(rounds):
            for connections in CONNECTIONS:
                for name, peer, path in ways:
                    play = Play("read", peer.port, peer.directory, seconds, connections, path, request=peer.request)
                    (seen,) = together([play])
                    key = (name, connections)
                    if key not in found or seen.rate > found[key].rate:
                        found[key] = seen
    figures = []
    for name, peer, _ in ways:
        rates = [found[name, connections] for connections in CONNECTIONS]
        value = " / ".join(f"{one.rate:,.0f}" for one in rates) + " reads/s at 1 / 16 connections"
        if name == peer.name:
            value += f"; start {peer.started:.2f} s; idle {idle[name]:.0f} MB"
        raw = {
            f"{connections} connections": f"p50 {one.p50:.2f} ms, p99 {one.p99:.2f} ms"
            for connections, one in zip(CONNECTIONS, rates, strict=True)
        }
        slower = [one.name for one in others if found[one.name, 1].rate > rates[0].rate]
        met = not slower if peer is own else None
        mark = "faster than any peer, with mutual TLS on" if peer is own else ""
        figures.append(Figure(name, value, mark, met, f"slower than {', '.join(slower)}" if slower else "", raw))
        print(f"{name}: {value}")
    for name in missing:
        print(f"{name}: skipped, it is not installed in {INSTALLED} (make bench-peers)")
        figures.append(Figure(name, "skipped", why="it could not be installed on this machine"))
    record("14-peers", "Peers", "make bench-peers", figures, NOTE)
