"""How fast the emulator is: ``make bench``.  Figures compare within one run; machines are shared and noisy.

Three programs behind the same front, each in a process of its own: the emulator (get hosted service), a Flask route
that answers a constant of the same length, and a bare WSGI callable that does.  Clients speak HTTP over kept-alive
mutual TLS from this process, a thread a connection.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
SERVICE = "benchmark"
CREATE = (
    '<CreateHostedService xmlns="http://schemas.microsoft.com/windowsazure">'
    f"<ServiceName>{SERVICE}</ServiceName><Label>YmVuY2g=</Label><Location>West US</Location></CreateHostedService>"
).encode()


# -- the programs measured --------------------------------------------------------------------------------------------


def serve(kind: str, directory: Path, length: int) -> None:
    """Serve a constant of `length` bytes until the standard input closes; prints the port."""
    from asm_emulator import pki
    from asm_emulator.server import Server, TLSFiles

    body = b"x" * length
    paths = pki.ensure(directory, SUBSCRIPTION, "")
    if kind == "flask":
        from flask import Flask, Response

        application = Flask("constant")

        @application.get("/<path:_path>")
        def constant(_path: str) -> Response:
            return Response(body, content_type="application/xml; charset=utf-8")

    else:

        def application(_environ, start_response):  # type: ignore[no-untyped-def]
            start_response(
                "200 OK", [("Content-Type", "application/xml; charset=utf-8"), ("Content-Length", str(length))]
            )
            return [body]

    with Server(application, tls=TLSFiles(paths.server_certificate, paths.server_key)) as server:
        print(json.dumps({"port": server.port}), flush=True)
        sys.stdin.read()


@contextmanager
def program(kind: str, directory: Path, length: int) -> Iterator[int]:
    """A process of one of the constant programs; its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench", "--serve", kind, "--directory", str(directory), "--length", str(length)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield int(json.loads(process.stdout.readline())["port"])
    finally:
        process.communicate()


@contextmanager
def emulator(directory: Path) -> Iterator[tuple[int, int, float]]:
    """The emulator as users start it: port, process id, and seconds from its start to the first answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "asm-emulator"), "serve", "--port", str(port), "--control-port", "0"]
    began = time.perf_counter()
    process = subprocess.Popen([*command, "--certs", str(directory), "--pace", "instant"], stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                with Connection(port, directory) as connection:
                    connection.exchange("GET", f"/{SUBSCRIPTION}/services/hostedservices")
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit("the emulator did not start") from None
                time.sleep(0.002)
        yield port, process.pid, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()


# -- the client -------------------------------------------------------------------------------------------------------


class Connection:
    """One kept-alive connection; as little code as measures the server and not itself."""

    def __init__(self, port: int, directory: Path) -> None:
        context = ssl.create_default_context(cafile=str(directory / "ca.pem"))
        context.load_cert_chain(directory / "management.pem")
        raw = socket.create_connection(("127.0.0.1", port), timeout=30)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = context.wrap_socket(raw, server_hostname="localhost")

    def exchange(self, verb: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Send one request and read its answer: status and body."""
        head = f"{verb} {path} HTTP/1.1\r\nHost: localhost\r\nx-ms-version: 2014-10-01\r\n"
        if body:
            head += f"Content-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
        self._socket.sendall(head.encode() + b"\r\n" + body)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        headers, _, rest = received.partition(b"\r\n\r\n")
        wanted = next(int(line[15:]) for line in headers.split(b"\r\n") if line[:15].lower() == b"content-length:")
        while len(rest) < wanted:
            rest += self._receive()
        return int(headers[9:12]), rest

    def _receive(self) -> bytes:
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


@dataclass(frozen=True)
class Figures:
    """What one measurement found: requests a second, and milliseconds at the 50th and 99th of a hundred."""

    rate: float
    p50: float
    p99: float


def measure(port: int, directory: Path, path: str, connections: int, seconds: float) -> Figures:
    """Read `path` over so many connections for so long."""
    opened = [Connection(port, directory) for _ in range(connections)]
    start = threading.Barrier(connections + 1)
    times: list[list[float]] = [[] for _ in opened]
    ends = [0.0]

    def work(connection: Connection, mine: list[float]) -> None:
        for _ in range(20):
            connection.exchange("GET", path)
        start.wait()
        now = time.perf_counter()
        while now < ends[0]:
            status, _ = connection.exchange("GET", path)
            assert status == 200
            after = time.perf_counter()
            mine.append(after - now)
            now = after

    threads = [threading.Thread(target=work, args=(one, mine)) for one, mine in zip(opened, times, strict=True)]
    for thread in threads:
        thread.start()
    ends[0] = time.perf_counter() + seconds + 3600
    start.wait()
    began = time.perf_counter()
    ends[0] = began + seconds
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - began
    for connection in opened:
        connection.__exit__()
    every = sorted(value for mine in times for value in mine)
    return Figures(len(every) / spent, statistics.median(every) * 1000, every[int(len(every) * 0.99)] * 1000)


def resident(pid: int) -> float:
    """Megabytes a process has in memory; not a number where the system does not say."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return float("nan")
    return int(text.partition("VmRSS:")[2].split()[0]) / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each measurement takes")
    parser.add_argument("--connections", default="1,8,32", help="numbers of connections, with commas")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    parser.add_argument("--serve", choices=("flask", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--directory", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--length", type=int, default=0, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve, arguments.directory, arguments.length)
        return
    path = f"/{SUBSCRIPTION}/services/hostedservices/{SERVICE}"
    numbers = [int(one) for one in arguments.connections.split(",")]
    found: dict[str, dict[str, dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        with emulator(directory) as (port, pid, _):
            idle = resident(pid)
            with Connection(port, directory) as connection:
                assert connection.exchange("POST", f"/{SUBSCRIPTION}/services/hostedservices", CREATE)[0] == 201
                length = len(connection.exchange("GET", path)[1])
            with program("flask", directory, length) as flask, program("bare", directory, length) as bare:
                ports = {"emulator": port, "flask constant": flask, "bare WSGI": bare}
                for connections in numbers:
                    found[str(connections)] = {
                        name: vars(measure(one, directory, path, connections, arguments.seconds))
                        for name, one in ports.items()
                    }
            loaded = resident(pid)
        # Started again with certificates that are there: the time a user waits every day but the first.
        starts = []
        for _ in range(3):
            with emulator(directory) as (_, _, started):
                starts.append(started)
    print(f"get hosted service ({length} bytes) over kept-alive mutual TLS, {os.cpu_count()} cores")
    print(f"{'connections':>11}  {'program':15} {'requests/s':>10} {'p50 ms':>8} {'p99 ms':>8}  of flask constant")
    for connections_text, rows in found.items():
        for name, row in rows.items():
            ratio = row["rate"] / rows["flask constant"]["rate"]
            print(
                f"{connections_text:>11}  {name:15} {row['rate']:10.0f} {row['p50']:8.2f} {row['p99']:8.2f}  {ratio:.2f}"
            )
    print(f"start to first answer: {min(starts):.2f} s (best of {len(starts)})")
    print(f"resident memory: {idle:.0f} MB idle, {loaded:.0f} MB after the load")
    if arguments.json:
        figures = {"reads": found, "start": starts, "idle_mb": idle, "loaded_mb": loaded}
        arguments.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
