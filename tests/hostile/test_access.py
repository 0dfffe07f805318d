"""Doors that stay shut: to revoked certificates, to pages of other hosts, and, from inside `exec`, to the world."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from asm_emulator import pki
from asm_emulator.emulator import DEFAULT_SUBSCRIPTION, Emulator
from asm_emulator.hosting import Hosting

READ = f"/{DEFAULT_SUBSCRIPTION}/locations"
HEADERS = {"x-ms-version": "2014-10-01"}


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> pki.Paths:
    return pki.ensure(tmp_path_factory.mktemp("certs"), DEFAULT_SUBSCRIPTION, "https://localhost:1")


@pytest.fixture
def hosting(paths: pki.Paths) -> Iterator[Hosting]:
    emulator = Emulator(certificates=[paths.management_certificate.read_bytes()])
    with Hosting(emulator, paths, port=0, control_port=0) as found:
        yield found


# -- revoked certificates ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_revoked_certificate_is_refused_at_the_next_request(
    hosting: Hosting, paths: pki.Paths, version: ssl.TLSVersion
) -> None:
    """On the connection that is open, on one that resumes its session, and on a new one."""
    context = ssl.create_default_context(cafile=str(paths.ca))
    context.load_cert_chain(str(paths.management))
    context.minimum_version = context.maximum_version = version

    def connect(session: ssl.SSLSession | None = None) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", hosting.api.port), timeout=20)
        return context.wrap_socket(plain, server_hostname="localhost", session=session)

    def ask(sock: ssl.SSLSocket, verb: str = "GET", path: str = READ) -> int:
        sock.sendall(f"{verb} {path} HTTP/1.1\r\nHost: localhost\r\nx-ms-version: 2014-10-01\r\n\r\n".encode())
        answer = http.client.HTTPResponse(sock, method=verb)
        answer.begin()
        answer.read()
        return answer.status

    with connect() as open_one, connect() as second:
        assert [ask(open_one), ask(open_one), ask(second)] == [200, 200, 200]
        session = open_one.session
        with connect(session) as resumed:
            assert (ask(resumed), resumed.session_reused) == (200, True)
            thumbprint = pki.thumbprint(paths.management_certificate.read_bytes())
            assert ask(second, "DELETE", f"/{DEFAULT_SUBSCRIPTION}/certificates/{thumbprint}") == 200
            assert [ask(open_one), ask(second), ask(resumed)] == [403, 403, 403]
        with connect(session) as again, connect() as fresh:
            assert [ask(again), ask(fresh)] == [403, 403]


# -- the control plane ------------------------------------------------------------------------------------------------

FOREIGN = (
    "evil.example", "evil.example:8444", "EVIL.EXAMPLE", "localhost.evil.example", "127.0.0.1.evil.example", "evil-localhost", "localhost.",
    "localhost.:8444", "127.0.0.1.", "127.1", "127.0.0.2", "0.0.0.0", "2130706433", "0x7f.1", "017700000001", "[::]", "[::ffff:127.0.0.1]",
    "[0:0:0:0:0:0:0:1%25lo]", "::1", "[::1].evil.example", "localhost@evil.example", "localhost:8444@evil.example", "localhost:evil", "localhost, evil.example",
    "a.127.0.0.1.nip.io", "localtest.me", "192.0.2.1", "management.core.windows.net", "localhost\t.evil", "xn--localhost-", "",
)  # fmt: skip
"""Hosts that a browser may be led to this port by, and ways of writing one that might be mistaken for this machine."""
ORIGINS = (
    "http://evil.example", "https://localhost:{}", "http://localhost", "http://localhost:1", "null", "file://", "http://LOCALHOST.evil:{}",
    "http://127.0.0.1.evil.example:{}", "http://localhost:{}.evil.example", "http://localhost:{}@evil.example", "HTTP://localhost:{}/", "chrome-extension://x", "",
)  # fmt: skip


def control(hosting: Hosting, head: str, verb: str = "GET", path: str = "/health") -> int:
    """The status of a request with these header lines."""
    assert hosting.control is not None
    with socket.create_connection(("127.0.0.1", hosting.control.port), timeout=20) as sock:
        sock.sendall(f"{verb} {path} {head}Connection: close\r\nContent-Length: 0\r\n\r\n".encode("latin-1"))
        answer = http.client.HTTPResponse(sock, method=verb)
        answer.begin()
        return answer.status


@pytest.mark.parametrize("path", ["/health", "/", "/page/requests", "/openapi.json", "/requests", "/nothing"])
def test_the_control_plane_does_not_answer_under_another_name(hosting: Hosting, path: str) -> None:
    assert hosting.control is not None
    for host in FOREIGN:
        assert control(hosting, f"HTTP/1.1\r\nHost: {host}\r\n", path=path) in (400, 403), host
        assert control(hosting, f"HTTP/1.1\r\nHost: {host}\r\n", "POST", "/reset") in (400, 403), host
    absolute = f"http://evil.example{path} HTTP/1.1\r\nHost: localhost:{hosting.control.port}\r\n"
    assert control(hosting, absolute, path="") in (400, 403)


def test_the_control_plane_wants_to_know_under_which_name(hosting: Hosting) -> None:
    assert control(hosting, "HTTP/1.1\r\n") == 400
    assert control(hosting, "HTTP/1.0\r\n") == 403
    assert control(hosting, "HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n") == 400
    for forwarded in ("X-Forwarded-Host: localhost", "Forwarded: host=localhost", "X-Host: localhost"):
        assert control(hosting, f"HTTP/1.1\r\nHost: evil.example\r\n{forwarded}\r\n") == 403
    assert control(hosting, "HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: evil.example\r\n") == 200


def test_no_page_of_another_origin_reaches_the_control_plane(hosting: Hosting) -> None:
    assert hosting.control is not None
    port = hosting.control.port
    for origin in ORIGINS:
        head = f"HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: {origin.format(port)}\r\n"
        assert control(hosting, head) == 403, origin
        assert control(hosting, head, "POST", "/reset") == 403, origin
        assert control(hosting, head, "OPTIONS", "/reset") == 403, origin


def test_the_machine_itself_reaches_it(hosting: Hosting) -> None:
    assert hosting.control is not None
    port = hosting.control.port
    for host in (f"localhost:{port}", "localhost", f"127.0.0.1:{port}", f"[::1]:{port}", "[::1]", f"LOCALHOST:{port}"):
        assert control(hosting, f"HTTP/1.1\r\nHost: {host}\r\n") == 200, host
    same = f"HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
    assert control(hosting, same, "POST", "/reset") in (200, 204)


# -- what exec lets out -----------------------------------------------------------------------------------------------

TRIES = r"""
import json, os, socket, sys, urllib.request
from urllib.parse import urlsplit

found = {}
port = int(sys.argv[1])
for url in ("http://localhost:%d/", "https://localhost:%d/", "http://127.0.0.1:%d/", "https://127.0.0.1:%d/", "http://[::1]:%d/",
            "https://[::1]:%d/", "ftp://localhost:%d/x", "ftp://127.0.0.1:%d/x"):
    try:
        with urllib.request.urlopen(url % port, timeout=20) as answer:
            found[url] = answer.status
    except Exception as problem:
        found[url] = str(problem)

# What is no URL of urllib's: the proxy itself, asked as clients of other kinds ask it.
proxy = urlsplit(os.environ["HTTPS_PROXY"])
for line in ("CONNECT localhost:%d HTTP/1.1", "CONNECT 127.0.0.1:%d HTTP/1.1", "CONNECT [::1]:%d HTTP/1.1", "CONNECT ::1:%d HTTP/1.1",
             "GET ws://localhost:%d/ HTTP/1.1", "GET wss://localhost:%d/ HTTP/1.1", "GET ftp://localhost:%d/x HTTP/1.1", "GET / HTTP/1.1 %d",
             "CONNECT management.core.windows.net.evil.example:%d HTTP/1.1", "CONNECT management.core.windows.net@localhost:%d HTTP/1.1",
             "CONNECT management.core.windows.net:%d HTTP/1.1", "CONNECT localhost:%d#management.core.windows.net:443 HTTP/1.1",
             "CONNECT blob.core.windows.net:443 HTTP/1.1 %d", "OPTIONS http://localhost:%d/ HTTP/1.1", "POST http://127.0.0.1:%d/ HTTP/1.1"):
    with socket.create_connection((proxy.hostname, proxy.port), timeout=20) as sock:
        sock.sendall(((line % port) + "\r\nHost: management.core.windows.net\r\n\r\n").encode())
        found[line] = int(sock.recv(100).split()[1])
print(json.dumps(found))
"""


@pytest.fixture
def world() -> Iterator[Any]:
    """Something outside: it counts who comes."""
    came: list[str] = []
    over = threading.Event()
    listeners = [socket.create_server(("127.0.0.1", 0))]
    port = listeners[0].getsockname()[1]
    try:
        listeners.append(socket.create_server(("::1", port), family=socket.AF_INET6))
    except OSError:
        pass  # a machine without IPv6: nothing can get out that way
    for one in listeners:
        one.settimeout(0.1)

    def watch(listener: socket.socket) -> None:
        while not over.is_set():
            try:
                connection, peer = listener.accept()
            except TimeoutError:
                continue
            came.append(str(peer))
            connection.close()

    threads = [threading.Thread(target=watch, args=[one]) for one in listeners]
    for one in threads:
        one.start()
    yield port, came
    over.set()
    for one in threads:
        one.join(20)
    for one in listeners:
        one.close()


def test_exec_lets_nothing_out(world: Any, tmp_path: Path) -> None:
    """By a name, by an address, by IPv6; over HTTP, HTTPS, FTP and web sockets; to any port."""
    port, came = world
    script = tmp_path / "tries.py"
    script.write_text(TRIES)
    command = Path(sys.executable).parent / "asm-emulator"
    done = subprocess.run(
        [command, "exec", "--", sys.executable, script, str(port)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for what, answer in found.items():
        assert answer in (400, 403) or re.search("403|400|refused", str(answer)), (what, answer)
    assert came == []
