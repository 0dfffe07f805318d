"""Clients that mean harm, against a server of its own process, while others go on being served.

Only loopback, every attack bounded in number and time.
"""

from __future__ import annotations

import contextlib
import random
import re
import resource
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from OpenSSL import SSL

from asm_emulator.emulator import DEFAULT_SUBSCRIPTION

HOLD: Final = 3.0
"""Seconds for which an attack goes on."""
CAP: Final = 512
"""Connections that the server holds."""
ASKED: Final = (
    f"GET /{DEFAULT_SUBSCRIPTION}/locations HTTP/1.1\r\nHost: localhost\r\nx-ms-version: 2014-10-01\r\n\r\n".encode()
)


class Victim:
    """A server in a process of its own."""

    def __init__(self, directory: Path) -> None:
        command = Path(sys.executable).parent / "asm-emulator"
        self.certs = directory / "certs"
        self._process = subprocess.Popen(
            [command, "serve", "--certs", self.certs, "--port", "0", "--control-port", "0", "--pace", "instant"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.port = 0
        while not self.port:
            line = self._process.stdout.readline()
            assert line, "the server did not start"
            found = re.search(r"https://localhost:(\d+)", line)
            self.port = int(found[1]) if found else 0
        threading.Thread(target=self._process.stdout.read, daemon=True).start()
        self.said: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stderr is not None
        self.said += self._process.stderr.readlines()

    def stop(self) -> int:
        """End it; its exit code."""
        self._process.terminate()
        return self._process.wait(30)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def size(self) -> dict[str, int]:
        """Memory in bytes, threads and open files."""
        place = Path(f"/proc/{self._process.pid}")
        lines = dict(one.split(":", 1) for one in (place / "status").read_text().splitlines() if ":" in one)
        return {
            "memory": int(lines["VmRSS"].split()[0]) * 1024,
            "threads": int(lines["Threads"]),
            "files": len(list((place / "fd").iterdir())),
        }

    # -- clients --------------------------------------------------------------------------------------------------

    def tcp(self, timeout: float = 10.0) -> socket.socket:
        """A connection that has said nothing."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def context(self, version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
        """What a client with the management certificate uses."""
        made = ssl.create_default_context(cafile=str(self.certs / "ca.pem"))
        made.load_cert_chain(str(self.certs / "management.pem"))
        if version is not None:
            made.minimum_version = made.maximum_version = version
        return made

    def tls(self, context: ssl.SSLContext | None = None, timeout: float = 10.0) -> ssl.SSLSocket:
        """A connection after its handshake."""
        sock = self.tcp(timeout)
        try:
            return (context or self.context()).wrap_socket(sock, server_hostname="localhost")
        except BaseException:
            sock.close()
            raise


def read_answer(sock: socket.socket) -> tuple[int, bytes]:
    """The status and the body of one answer; status 0 where the connection ended instead."""
    data = b""
    try:
        while b"\r\n\r\n" not in data:
            more = sock.recv(65536)
            if not more:
                return 0, data
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
        while length and len(body) < int(length[1]):
            more = sock.recv(65536)
            if not more:
                return 0, body
            body += more
    except OSError:
        return 0, data
    return int(head[9:12]), body


def to_the_end(sock: socket.socket) -> bytes:
    """Everything until the connection ends."""
    data = b""
    with contextlib.suppress(OSError):
        while more := sock.recv(65536):
            data += more
    return data


# -- who is served meanwhile ------------------------------------------------------------------------------------------


@dataclass
class Bystander:
    """Two good clients: one on a connection that it keeps, one that connects anew every time."""

    victim: Victim
    kept: list[float] = field(default_factory=list)
    fresh: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While they ask."""
        self._over = threading.Event()
        threads = [threading.Thread(target=self._keep), threading.Thread(target=self._renew)]
        for one in threads:
            one.start()
        try:
            yield
        finally:
            self._over.set()
            for one in threads:
                one.join(60)

    def _keep(self) -> None:
        try:
            with self.victim.tls(timeout=30) as sock:
                while not self._over.wait(0.02):
                    self._ask(sock, self.kept, time.perf_counter())
        except OSError as problem:
            self.failures.append(f"kept connection: {problem}")

    def _renew(self) -> None:
        context = self.victim.context()
        while not self._over.wait(0.05):
            begun = time.perf_counter()
            try:
                with self.victim.tls(context, timeout=30) as sock:
                    self._ask(sock, self.fresh, begun)
            except OSError as problem:
                self.failures.append(f"new connection: {problem}")

    def _ask(self, sock: socket.socket, times: list[float], begun: float) -> None:
        sock.sendall(ASKED)
        status, _ = read_answer(sock)
        times.append(time.perf_counter() - begun)
        if status != 200:
            self.failures.append(f"answered {status}")
            if not status:
                raise OSError("the connection was cut")


# -- attacks ----------------------------------------------------------------------------------------------------------

Attack = Callable[[Victim, "list[socket.socket]"], str]
"""Does its worst, leaves in the list what it holds open, and says in a few words what came of it."""


def nothing(victim: Victim, held: list[socket.socket]) -> str:
    """For comparison."""
    time.sleep(HOLD)
    return "for comparison"


def _drip(held: list[socket.socket], piece: bytes) -> None:
    end = time.monotonic() + HOLD
    while time.monotonic() < end:
        for sock in held:
            with contextlib.suppress(OSError):
                sock.send(piece)
        time.sleep(0.2)


def slow_headers(victim: Victim, held: list[socket.socket]) -> str:
    """A byte of a header now and then."""
    context = victim.context()
    for _ in range(300):
        held.append(victim.tls(context))
        held[-1].sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
    _drip(held, b"x")
    return f"{len(held)} connections, a byte of a header every 0.2 s"


def slow_bodies(victim: Victim, held: list[socket.socket]) -> str:
    """A byte of a body now and then."""
    context = victim.context()
    for _ in range(300):
        held.append(victim.tls(context))
        held[-1].sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n")
    _drip(held, b"x")
    return f"{len(held)} connections, a byte of a body every 0.2 s"


def silent(victim: Victim, held: list[socket.socket]) -> str:
    """Connections that never say anything."""
    for _ in range(2000):
        held.append(victim.tcp())
    time.sleep(HOLD)
    return f"{len(held)} connections without a word"


def half_handshakes(victim: Victim, held: list[socket.socket]) -> str:
    """The beginning of a handshake, and no more of it."""
    for _ in range(1500):
        held.append(victim.tcp())
        with contextlib.suppress(OSError):
            held[-1].sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
    time.sleep(HOLD)
    return f"{len(held)} connections, eleven bytes of a handshake each"


def beyond_the_cap(victim: Victim, held: list[socket.socket]) -> str:
    """Ten thousand connections more than there is room for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CAP + 10_000
    if soft < wanted + 200:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, wanted + 200), hard))
    wanted = min(wanted, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200)
    refused = 0
    for _ in range(wanted):
        try:
            held.append(victim.tcp())
        except OSError:
            refused += 1
    time.sleep(HOLD)
    return f"{wanted - CAP} connections more than the {CAP} that are held" + (
        f", {refused} not taken" if refused else ""
    )


def resets(victim: Victim, held: list[socket.socket]) -> str:
    """Connections that are reset at once."""
    for number in range(3000):
        sock = victim.tcp()
        if number % 2:
            sock.sendall(b"\x16\x03\x01")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
    return "3000 connections, reset at once"


def plain_http(victim: Victim, held: list[socket.socket]) -> str:
    """HTTP where TLS is spoken."""
    longest = 0
    for _ in range(500):
        with victim.tcp() as sock:
            sock.sendall(ASKED)
            longest = max(longest, len(to_the_end(sock)))
    assert longest < 100, "more than an alert"
    return "500 times HTTP on the TLS port: an alert, and the end"


def garbage(victim: Victim, held: list[socket.socket]) -> str:
    """Bytes where TLS is spoken."""
    made = random.Random(1)
    for _ in range(500):
        with victim.tcp() as sock:
            with contextlib.suppress(OSError):
                sock.sendall(made.randbytes(made.randrange(1, 2000)))
                sock.shutdown(socket.SHUT_WR)
            to_the_end(sock)
    return "500 times random bytes on the TLS port"


def renegotiation(victim: Victim, held: list[socket.socket]) -> str:
    """A client that wants the handshake again and again, with TLS 1.2."""
    done = 0
    for _ in range(60):
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        context.set_max_proto_version(SSL.TLS1_2_VERSION)
        sock = victim.tcp()
        sock.setblocking(True)
        connection = SSL.Connection(context, sock)
        connection.set_connect_state()
        try:
            connection.do_handshake()
            for _ in range(20):
                connection.renegotiate()
                connection.do_handshake()
                connection.send(ASKED)
                connection.recv(65536)
                done += connection.total_renegotiations()
        except SSL.Error:
            pass
        finally:
            sock.close()
    assert done == 0, f"{done} renegotiations"
    return "60 clients that renegotiate: none could"


def pipelining(victim: Victim, held: list[socket.socket]) -> str:
    """Thousands of requests without waiting for an answer."""
    count = 5000
    with victim.tls(timeout=60) as sock:
        sender = threading.Thread(target=lambda: sock.sendall(ASKED * count))
        sender.start()
        data, answers = b"", 0
        while answers < count:
            more = sock.recv(1 << 20)
            assert more, f"cut after {answers} answers"
            data += more
            answers += data.count(b"HTTP/1.1 200")
            data = data[-11:] if not data.endswith(b"HTTP/1.1 200") else b""
        sender.join(30)
    return f"{count} requests at once on a connection: {answers} answers"


SMUGGLED: Final = (
    f"GET /{DEFAULT_SUBSCRIPTION}/rolesizes HTTP/1.1\r\nHost: x\r\nx-ms-version: 2014-10-01\r\n\r\n".encode()
)
HEAD: Final = (
    f"POST /{DEFAULT_SUBSCRIPTION}/affinitygroups HTTP/1.1\r\nHost: localhost\r\nx-ms-version: 2014-10-01\r\n".encode()
)
SHAPES: Final[dict[str, bytes]] = {
    "two lengths": HEAD + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED,
    "two equal lengths": HEAD + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
    "a list of lengths": HEAD + b"Content-Length: 0, %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED,
    "a signed length": HEAD + b"Content-Length: +0\r\n\r\n" + SMUGGLED,
    "a negative length": HEAD + b"Content-Length: -1\r\n\r\n" + SMUGGLED,
    "a hexadecimal length": HEAD + b"Content-Length: 0x0\r\n\r\n" + SMUGGLED,
    "a length that is too long": HEAD + b"Content-Length: 18446744073709551616\r\n\r\n" + SMUGGLED,
    "length and chunked": HEAD + b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % (5 + len(SMUGGLED)) + SMUGGLED,
    "chunked and length": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked with a space before the colon": HEAD + b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked after a vertical tab": HEAD + b"Transfer-Encoding:\x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "folded coding": HEAD + b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "folded header": HEAD + b"X: y\r\n Content-Length: 5\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
    "two codings": HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked is not last": HEAD + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "an unknown coding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunk size with a sign": HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n" + SMUGGLED,
    "chunk size that overflows": HEAD + b"Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunk size in 0x": HEAD + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + SMUGGLED,
    "chunk that is longer than it says": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n" + SMUGGLED,
    "chunks ended by line feeds": HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\n\n" + SMUGGLED,
    "line feeds for line ends": HEAD.replace(b"\r\n", b"\n") + b"Content-Length: 0\n\n" + SMUGGLED,
    "a bare carriage return": HEAD + b"X: a\rContent-Length: 5\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
    "a NUL in a header": HEAD + b"X: a\x00b\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
    "a length in HTTP/1.0 chunked": HEAD.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two hosts": HEAD + b"Host: other\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
    "a space in the target": b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n" + SMUGGLED,
    "a header without a name": HEAD + b": x\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
    "an upgrade with a body": HEAD + b"Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\nabc" + SMUGGLED,
    "HTTP/2 by prior knowledge": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SMUGGLED,
    "a tunnel": b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n" + SMUGGLED,
}  # fmt: skip
"""Requests that a proxy and a server might end at different places, each with another one after it."""


def smuggled(victim: Victim, shape: bytes) -> tuple[int, int]:
    """The first status, and how many answers came in all."""
    with victim.tls() as sock:
        sock.sendall(shape)
        sock.settimeout(5)
        data = to_the_end(sock)
    found = [int(one) for one in re.findall(rb"(?:^|\n)HTTP/1\.1 (\d+)", data)] or [0]
    return found[0], len(found)


def smuggling(victim: Victim, held: list[socket.socket]) -> str:
    """All shapes: the first request is refused, and what follows it is never answered."""
    for name, shape in SHAPES.items():
        status, answers = smuggled(victim, shape)
        assert (status in (400, 501, 505)) and answers == 1, f"{name}: {status}, {answers} answers"
    return f"{len(SHAPES)} shapes: each refused, none let a second request through"


def huge_heads(victim: Victim, held: list[socket.socket]) -> str:
    """Headers and targets of a megabyte."""
    context, found = victim.context(), set()
    for head in (
        b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * (1 << 20),
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"A%d: b\r\n" % number for number in range(60_000)),
        b"GET /" + b"x" * (1 << 20),
        b"GET / HTTP/1.1\r\n" + b"\r\n " * 300_000,
    ) * 10:
        with victim.tls(context) as sock:
            with contextlib.suppress(OSError):
                sock.sendall(head)
            found.add(read_answer(sock)[0])
    assert found <= {400, 431}, found
    return f"40 heads of a megabyte: {', '.join(map(str, sorted(found)))}"


def expectations(victim: Victim, held: list[socket.socket]) -> str:
    """100-continue, kept and unkept, and other expectations."""
    context = victim.context()
    for _ in range(100):
        with victim.tls(context) as sock:
            sock.sendall(HEAD + b"Expect: 100-continue\r\nContent-Length: 4\r\n\r\n")
            assert sock.recv(100).startswith(b"HTTP/1.1 100 ")
            sock.sendall(b"<x/>")
            assert read_answer(sock)[0] == 400
        with victim.tls(context) as sock:
            sock.sendall(HEAD + b"Expect: a miracle\r\nContent-Length: 4\r\n\r\n")
            assert read_answer(sock)[0] == 417
    for _ in range(200):
        held.append(victim.tls(context))
        held[-1].sendall(HEAD + b"Expect: 100-continue\r\nContent-Length: 4\r\n\r\n")
    return "100 kept, 100 other expectations (417), 200 that never send what they announce"


def unread_answers(victim: Victim, held: list[socket.socket]) -> str:
    """Clients that ask and do not read."""
    context = victim.context()
    asked = ASKED.replace(b"/locations", b"/services/images")
    for _ in range(150):
        held.append(victim.tls(context))
        held[-1].settimeout(0.05)
        with contextlib.suppress(OSError):
            held[-1].sendall(asked * 40)
    time.sleep(HOLD)
    return f"{len(held)} clients that ask for long lists and read nothing"


ATTACKS: Final[tuple[Attack, ...]] = (
    nothing, slow_headers, slow_bodies, silent, half_handshakes, beyond_the_cap, resets, plain_http, garbage, renegotiation,
    pipelining, smuggling, huge_heads, expectations, unread_answers,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Survived:
    """What one attack came to."""

    name: str
    said: str
    answers: int
    slowest: float
    median: float
    failures: tuple[str, ...]
    size: dict[str, int]


def attack(victim: Victim, what: Attack) -> Survived:
    """One attack, with others served meanwhile."""
    held: list[socket.socket] = []
    onlooker = Bystander(victim)
    try:
        with onlooker.watching():
            said = what(victim, held)
            size = victim.size()
    finally:
        for sock in held:
            sock.close()
    times = sorted([*onlooker.kept, *onlooker.fresh]) or [float("inf")]
    return Survived(
        what.__name__.replace("_", " "),
        said,
        len(times),
        times[-1],
        times[len(times) // 2],
        tuple(onlooker.failures),
        size,
    )


def settled(victim: Victim, before: dict[str, int], patience: float = 30.0) -> dict[str, int]:
    """The server's size once it has let go of what is over; the last one seen when patience ends."""
    end = time.monotonic() + patience
    while True:
        now = victim.size()
        if (now["threads"] <= before["threads"] and now["files"] <= before["files"]) or time.monotonic() > end:
            return now
        time.sleep(0.2)


@contextmanager
def victim() -> Iterator[Victim]:
    """A server to be attacked."""
    with tempfile.TemporaryDirectory() as directory:
        found = Victim(Path(directory))
        try:
            yield found
        finally:
            found.stop()


__all__ = ["ATTACKS", "attack", "settled", "victim"]
