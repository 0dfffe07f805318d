"""The proxy of `exec`: the service's names lead to the emulator, all others nowhere."""

import contextlib
import socket
import ssl
import threading

import pytest
import requests

from asm_emulator import pki
from asm_emulator.proxy import Proxy
from asm_emulator.server import Server, TLSFiles

PATIENCE = 20


class Upstream:
    """A listener whose connections the test handles itself."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE)
        self.address = self.listener.getsockname()

    def accept(self):
        connection, _ = self.listener.accept()
        connection.settimeout(PATIENCE)
        return connection


@pytest.fixture
def upstream():
    upstream = Upstream()
    with upstream.listener:
        yield upstream


@pytest.fixture
def start(upstream):
    with contextlib.ExitStack() as stack:
        yield lambda *allow, **settings: stack.enter_context(Proxy(upstream.address, allow, **settings))
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("asm-proxy")] == []


@pytest.fixture
def client():
    with contextlib.ExitStack() as stack:

        def connect(proxy):
            port = int(proxy.url.rsplit(":", 1)[1])
            return stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))

        yield connect


def everything(sock):
    return b"".join(iter(lambda: sock.recv(65536), b""))


def exactly(sock, size):
    data = b""
    while len(data) < size:
        more = sock.recv(size - len(data))
        assert more
        data += more
    return data


ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


def tunnel(sock, target="management.core.windows.net:443"):
    sock.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    assert exactly(sock, len(ESTABLISHED)) == ESTABLISHED


@pytest.mark.parametrize(
    "target",
    [
        "management.core.windows.net:443",
        "management.core.windows.net:8443",
        "Management.Core.Windows.NET:443",
        "eu.management.core.windows.net:443",
        "ussouth3.management.core.windows.net:8443",
    ],
)
def test_the_services_names_lead_to_the_emulator(start, client, upstream, target):
    proxy = start()
    sock = client(proxy)
    tunnel(sock, target)
    with upstream.accept() as other:
        sock.sendall(b"ping")
        assert exactly(other, 4) == b"ping"
        other.sendall(b"pong")
        assert exactly(sock, 4) == b"pong"
    assert proxy.refused == []


@pytest.mark.parametrize(
    "target",
    [
        "example.com:443",
        "management.azure.com:443",
        "core.windows.net:443",
        "management.core.windows.net.example.com:443",
        "xmanagement.core.windows.net:443",
        "management.core.windows.net.:443",
        "management.core.windows.net:80",
        "management.core.windows.net:22",
        "management.core.windows.net",
        "management.core.windows.net:",
        "management.core.windows.net:99999",
        "management.core.windows.net:443:443",
        "user@management.core.windows.net:443",
        "evil%00.management.core.windows.net:443",
        "a/b.management.core.windows.net:443",
        "localhost:443",
        "127.0.0.1:443",
        "127.1:443",
        "2130706433:443",
        "8.8.8.8:53",
        "[::1]:443",
        "[2001:db8::1]:443",
        "::1:443",
        ":443",
        "/",
        "*",
    ],
)
def test_everything_else_is_refused_and_remembered(start, client, upstream, target, monkeypatch):
    proxy = start()
    sock = client(proxy)

    def never(*_, **__):
        raise AssertionError("the proxy tried to reach somebody")

    monkeypatch.setattr(socket, "create_connection", never)
    sock.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    answer = everything(sock)
    assert answer.startswith(b"HTTP/1.1 403 asm-emulator: ")
    assert answer.endswith(b" is not the emulated service, and not allowed\n")
    assert proxy.refused == [target]


@pytest.mark.parametrize("verb", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize("host", ["example.com", "management.core.windows.net"])
def test_plain_http_is_refused(start, client, verb, host):
    proxy = start("example.com")
    sock = client(proxy)
    sock.sendall(f"{verb} http://{host}/a?token=secret HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc".encode())
    assert everything(sock).startswith(b"HTTP/1.1 403 asm-emulator: only CONNECT is proxied")
    assert proxy.refused == [f"http://{host}/a"]


def test_a_refusal_is_remembered_once_and_in_printable_form(start, client):
    proxy = start()
    for _ in range(2):
        sock = client(proxy)
        sock.sendall(b"CONNECT \x1b[31m\xff.example:443 HTTP/1.1\r\n\r\n")
        assert b"\x1b" not in everything(sock)
    assert proxy.refused == ["?[31m?.example:443"]


@pytest.mark.parametrize("data", [b"\x16\x03\x01\r\n\r\n", b"CONNECT x:1\r\n\r\n", b"\r\n\r\n", b"a b c\r\n\r\n"])
def test_what_is_no_request_gets_400(start, client, data):
    sock = client(start())
    sock.sendall(data)
    assert everything(sock).startswith(b"HTTP/1.1 400 ")


def test_an_endless_request_gets_431(start, client):
    sock = client(start())
    sock.sendall(b"CONNECT " + b"x" * 40_000)
    assert everything(sock).startswith(b"HTTP/1.1 431 ")


def test_a_silent_client_is_answered_after_a_while_and_delays_nobody(start, client, upstream):
    proxy = start(patience=0.05)
    assert everything(client(proxy)).startswith(b"HTTP/1.1 408 ")
    patient = start()
    for _ in range(5):
        client(patient)
    tunnel(client(patient))


def test_an_allowed_host_is_reached(start, client, upstream):
    proxy = start("LocalHost")
    sock = client(proxy)
    tunnel(sock, f"localhost:{upstream.address[1]}")
    with upstream.accept() as other:
        other.sendall(b"here")
        assert exactly(sock, 4) == b"here"
    other_name = client(proxy)
    other_name.sendall(b"CONNECT sub.localhost:443 HTTP/1.1\r\n\r\n")
    assert everything(other_name).startswith(b"HTTP/1.1 403 ")


def test_an_emulator_that_is_gone_gives_502(start, client, upstream):
    proxy = start()
    upstream.listener.close()
    sock = client(proxy)
    sock.sendall(b"CONNECT management.core.windows.net:443 HTTP/1.1\r\n\r\n")
    assert everything(sock).startswith(b"HTTP/1.1 502 asm-emulator: cannot reach management.core.windows.net:443")
    assert proxy.refused == []


def test_what_comes_with_the_request_is_carried_on(start, client, upstream):
    sock = client(start())
    sock.sendall(b"CONNECT management.core.windows.net:443 HTTP/1.1\r\n\r\nearly")
    with upstream.accept() as other:
        assert exactly(other, 5) == b"early"


def test_either_side_may_close_its_direction_first(start, client, upstream):
    proxy = start()
    sock = client(proxy)
    tunnel(sock)
    with upstream.accept() as other:
        sock.sendall(b"question")
        sock.shutdown(socket.SHUT_WR)
        assert everything(other) == b"question"
        other.sendall(b"answer")
    assert everything(sock) == b"answer"
    sock = client(proxy)
    tunnel(sock)
    with upstream.accept() as other:
        other.shutdown(socket.SHUT_WR)
        assert sock.recv(10) == b""
        sock.sendall(b"still")
        assert exactly(other, 5) == b"still"


def test_much_data_both_ways_at_once(start, client, upstream):
    sock = client(start())
    tunnel(sock)
    size = 5_000_000
    with upstream.accept() as other:
        results = {}
        senders = [
            threading.Thread(target=sock.sendall, args=(b"a" * size,)),
            threading.Thread(target=other.sendall, args=(b"b" * size,)),
        ]
        reader = threading.Thread(target=lambda: results.update(back=exactly(sock, size)))
        for thread in (*senders, reader):
            thread.start()
        assert exactly(other, size) == b"a" * size
        for thread in (*senders, reader):
            thread.join(PATIENCE)
        assert results["back"] == b"b" * size


def test_a_half_open_tunnel_that_is_silent_ends(start, client, upstream):
    sock = client(start(half_open=0.05))
    tunnel(sock)
    with upstream.accept() as other:
        sock.shutdown(socket.SHUT_WR)
        assert everything(other) == b""
        assert everything(sock) == b""


def test_a_reset_on_one_side_ends_the_other(start, client, upstream):
    sock = client(start())
    tunnel(sock)
    other = upstream.accept()
    other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    other.close()
    with contextlib.suppress(ConnectionResetError):
        assert everything(sock) == b""


def test_stop_cuts_tunnels_and_is_idempotent(upstream, client):
    proxy = Proxy(upstream.address)
    proxy.start()
    sock, silent = client(proxy), client(proxy)
    tunnel(sock)
    with upstream.accept() as other:
        proxy.stop()
        proxy.stop()
        assert everything(sock) == everything(other) == b""
        with contextlib.suppress(ConnectionResetError):
            assert everything(silent) == b""
    with pytest.raises(RuntimeError):
        proxy.start()
    Proxy(upstream.address).stop()


def test_an_untouched_client_reaches_the_emulator_by_the_services_name(tmp_path):
    paths = pki.ensure(tmp_path, "sub", "https://management.core.windows.net/")

    def application(environ, start_response):
        start_response("200 OK", [("X-Host", environ["HTTP_HOST"])])
        return [pki.thumbprint(environ["asm.peer_certificate"]).encode()]

    tls = TLSFiles(paths.server_certificate, paths.server_key)
    with Server(application, tls=tls) as server, Proxy(server.address) as proxy, requests.Session() as session:
        session.trust_env = False
        session.proxies = {"https": proxy.url, "http": proxy.url}
        session.verify = str(paths.ca)
        session.cert = str(paths.management)
        answer = session.get("https://management.core.windows.net/sub/locations", timeout=PATIENCE)
        assert answer.text == pki.thumbprint(paths.management_certificate.read_bytes())
        assert answer.headers["X-Host"] == "management.core.windows.net"
        with pytest.raises(requests.exceptions.ProxyError, match=r"403 asm-emulator: login\.example:443 is not the"):
            session.get("https://login.example/", timeout=PATIENCE)
        assert session.get("http://login.example/", timeout=PATIENCE).status_code == 403
        assert proxy.refused == ["login.example:443", "http://login.example/"]


def test_ipv6_listening():
    if not socket.has_ipv6:
        pytest.skip("no IPv6 on this machine")
    try:
        proxy = Proxy(("127.0.0.1", 1), host="::1")
        proxy.start()
    except OSError:
        pytest.skip("no IPv6 loopback on this machine")
    assert proxy.url.startswith("http://[::1]:")
    proxy.stop()


def test_tls_of_the_tunnel_is_end_to_end(start, client, upstream, tmp_path):
    # The proxy holds no key: what it carries is the client's own handshake.
    sock = client(start())
    tunnel(sock)
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    hello = ssl.MemoryBIO()
    half = context.wrap_bio(ssl.MemoryBIO(), hello, server_hostname="management.core.windows.net")
    with contextlib.suppress(ssl.SSLWantReadError):
        half.do_handshake()
    data = hello.read()
    sock.sendall(data)
    with upstream.accept() as other:
        assert exactly(other, len(data)) == data
