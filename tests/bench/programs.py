"""The programs measured, each in a process of its own: the emulator, and constants behind the same front."""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.client import Connection

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
NONE = 10_000_000
"""A quota that nothing reaches."""


@dataclass(frozen=True)
class Program:
    """A program that serves over mutual TLS.

    control: the control plane's address, where there is one
    started: seconds from its start to its first answer
    worked:  seconds of processor time it had used by then
    """

    port: int
    pid: int
    directory: Path
    control: str = ""
    started: float = 0.0
    worked: float = 0.0

    def connect(self) -> Connection:
        """A kept-alive connection to it."""
        return Connection(self.port, self.directory)

    @property
    def resident(self) -> float:
        """Megabytes it has in memory."""
        return memory(self.pid)


def memory(pid: int) -> float:
    """Megabytes a process has in memory; not a number where the system does not say."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return float("nan")
    return int(text.partition("VmRSS:")[2].split()[0]) / 1024


def processor(pid: int) -> float:
    """Seconds of processor time a process has used so far; not a number where the system does not say."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def emulator(directory: Path, *, plain: bool = False, more: Sequence[str] = ()) -> Iterator[Program]:
    """The emulator as users start it, at pace instant and without quotas.

    plain: closes its short ways; more: further arguments of its command line
    """
    port = free_port()
    quotas = [
        part for name in ("hosted-services", "cores", "storage-accounts") for part in ("--quota", f"{name}={NONE}")
    ]
    command = [str(Path(sys.executable).parent / "asm-emulator"), "serve", "--port", str(port), "--control-port", "0"]
    began = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--certs", str(directory), "--pace", "instant", *quotas, *more],
        stdout=subprocess.DEVNULL,
        env=os.environ | ({"ASM_EMULATOR_PLAIN": "1"} if plain else {}),
    )
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
        started, worked = time.perf_counter() - began, processor(process.pid)
        while not (directory / "endpoint.json").exists():  # written a moment after it listens
            time.sleep(0.002)
        found = json.loads((directory / "endpoint.json").read_text(encoding="utf-8"))
        yield Program(port, process.pid, directory, found["control"], started, worked)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def emulators(count: int, *, plain: bool = False) -> Iterator[list[Program]]:
    """Several emulators, each with certificates of its own."""
    if not count:
        yield []
        return
    with (
        tempfile.TemporaryDirectory() as scratch,
        emulator(Path(scratch), plain=plain) as one,
        emulators(count - 1, plain=plain) as others,
    ):
        yield [one, *others]


@contextmanager
def constant(kind: str, directory: Path, lengths: list[int]) -> Iterator[Program]:
    """A process that answers constants at ``/0``, ``/1`` and so on: a `flask` route, or a `bare` WSGI callable."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.programs", kind, str(directory), *map(str, lengths)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield Program(int(process.stdout.readline()), process.pid, directory)
    finally:
        process.communicate()


def _serve(kind: str, directory: Path, lengths: list[int]) -> None:
    from asm_emulator import pki
    from asm_emulator.server import Server, TLSFiles

    bodies = [b"x" * length for length in lengths]
    paths = pki.ensure(directory, SUBSCRIPTION, "")
    if kind == "flask":
        from flask import Flask, Response

        application = Flask("constant")

        @application.get("/<int:number>")
        def constant(number: int) -> Response:
            return Response(bodies[number], content_type="application/xml; charset=utf-8")

    else:

        def application(environ, start_response):  # type: ignore[no-untyped-def]
            body = bodies[int(environ["PATH_INFO"][1:])]
            start_response("200 OK", [("Content-Type", "application/xml; charset=utf-8")])
            return [body]

    with Server(application, tls=TLSFiles(paths.server_certificate, paths.server_key)) as server:
        print(server.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("flask", "bare"))
    parser.add_argument("directory", type=Path)
    parser.add_argument("lengths", type=int, nargs="+")
    given = parser.parse_args()
    _serve(given.kind, given.directory, given.lengths)
