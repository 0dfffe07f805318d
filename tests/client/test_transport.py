"""Transports: in process, and over real mutual TLS against a server that says back what it got."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from asm_client import CertificateUnusable, ConnectionFailed, HttpsTransport, WSGITransport
from asm_client.transport import tls_context
from asm_emulator import pki
from asm_emulator.proxy import Proxy
from asm_emulator.server import Server, TLSFiles

Make = Callable[[int], tuple[Path, bytes]]
StartResponse = Callable[..., Any]


class Echo:
    """Says back what arrived; `/wait` waits until it is let go, `/redirect` sends on to `target`."""

    def __init__(self) -> None:
        self.target = ""
        self.status = "307 Temporary Redirect"
        self.let_go = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        target = environ["RAW_URI"]
        if target.startswith("/wait"):
            self.let_go.wait(20)
        if target.startswith("/redirect"):
            start_response(self.status, [("Location", self.target)])
            return [b"elsewhere"]
        certificate = environ["asm.peer_certificate"]
        said = {key: value for key, value in environ.items() if isinstance(value, str)}
        said["body"] = environ["wsgi.input"].read().decode()
        said["thumbprint"] = pki.thumbprint(certificate) if certificate else ""
        start_response("202 Accepted", [("Content-Type", "application/json"), ("X-Ms-Request-Id", "abc")])
        return [json.dumps(said).encode()]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> pki.Paths:
    return pki.ensure(tmp_path_factory.mktemp("certs"), "00000000-0000-0000-0000-000000000000", "https://localhost:1")


@pytest.fixture(autouse=True)
def no_proxy_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def tls(certificates: pki.Paths) -> TLSFiles:
    return TLSFiles(certificates.server_certificate, certificates.server_key)


@pytest.fixture
def server(echo: Echo, tls: TLSFiles) -> Iterator[Server]:
    with Server(echo, tls=tls) as running:
        yield running
        echo.let_go.set()


@pytest.fixture
def transport(server: Server, certificates: pki.Paths) -> Iterator[HttpsTransport]:
    with HttpsTransport(f"localhost:{server.port}", certificates.management, ca=certificates.ca) as made:
        yield made


def thumbprint(certificates: pki.Paths) -> str:
    return pki.thumbprint(certificates.management_certificate.read_bytes())


def said(transport: HttpsTransport | WSGITransport, path: str = "/x", verb: str = "GET", body: bytes = b"") -> Any:
    return json.loads(transport.send(verb, path, {}, body).body)


# -- over the wire --------------------------------------------------------------------------------------------------


def test_a_request_arrives_as_it_was_given(transport: HttpsTransport, certificates: pki.Paths) -> None:
    headers = {"x-ms-version": "2014-10-01", "Content-Type": "application/xml"}
    answer = transport.send("PUT", "/sub//a%20b/c%2Fd?comp=media&x=%26", headers, "<ä/>".encode())
    found = json.loads(answer.body)
    assert found["REQUEST_METHOD"] == "PUT"
    assert found["RAW_URI"] == "/sub//a%20b/c%2Fd?comp=media&x=%26"
    assert found["HTTP_X_MS_VERSION"] == "2014-10-01"
    assert found["CONTENT_TYPE"] == "application/xml"
    assert found["body"] == "<ä/>"
    assert found["thumbprint"] == thumbprint(certificates)
    assert "HTTP_ACCEPT" not in found
    assert "HTTP_AUTHORIZATION" not in found
    assert answer.status == 202
    assert answer.headers["x-ms-request-id"] == "abc"


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
def test_a_write_without_a_body_says_that_it_has_none(transport: HttpsTransport, verb: str) -> None:
    assert said(transport, verb=verb)["CONTENT_LENGTH"] == "0"


def test_connections_are_kept_alive(transport: HttpsTransport) -> None:
    assert len({said(transport)["REMOTE_PORT"] for _ in range(5)}) == 1


def test_threads_may_share_it(transport: HttpsTransport) -> None:
    found: list[str] = []

    def work(number: int) -> None:
        for turn in range(10):
            found.append(said(transport, f"/{number}/{turn}")["RAW_URI"])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(found) == sorted(f"/{number}/{turn}" for number in range(8) for turn in range(10))


def test_without_a_certificate_none_is_shown(server: Server, certificates: pki.Paths) -> None:
    with HttpsTransport(f"localhost:{server.port}", ca=certificates.ca) as transport:
        assert said(transport)["thumbprint"] == ""


def test_the_host_may_be_a_url(server: Server, certificates: pki.Paths) -> None:
    with HttpsTransport(f"https://localhost:{server.port}/", certificates.management, ca=certificates.ca) as transport:
        assert said(transport)["RAW_URI"] == "/x"


@pytest.mark.parametrize("host", ["http://localhost", "", "localhost/path", "user@localhost", "https://"])
def test_a_host_that_is_none_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match=r"https|host"):
        HttpsTransport(host)


def test_a_ca_may_come_from_the_environment(
    server: Server, certificates: pki.Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates.ca))
    with HttpsTransport(f"localhost:{server.port}", certificates.management) as transport:
        assert said(transport)["RAW_URI"] == "/x"


def test_an_explicit_ca_outdoes_the_environment(
    server: Server, certificates: pki.Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = pki.ensure(tmp_path, "00000000-0000-0000-0000-000000000000", "https://localhost:1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other.ca))
    with HttpsTransport(f"localhost:{server.port}", certificates.management, ca=certificates.ca) as transport:
        assert said(transport)["RAW_URI"] == "/x"


def test_cookies_are_not_kept(certificates: pki.Paths, tls: TLSFiles) -> None:
    def app(environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [("Set-Cookie", "a=b; Path=/")])
        return [environ.get("HTTP_COOKIE", "none").encode()]

    with (
        Server(app, tls=tls) as server,
        HttpsTransport(f"localhost:{server.port}", certificates.management, ca=certificates.ca) as transport,
    ):
        assert [transport.send("GET", "/", {}, b"").body for _ in range(2)] == [b"none", b"none"]


# -- who the server is ----------------------------------------------------------------------------------------------


def test_a_server_nobody_vouches_for_is_not_talked_to(server: Server, certificates: pki.Paths, tmp_path: Path) -> None:
    other = pki.ensure(tmp_path, "00000000-0000-0000-0000-000000000000", "https://localhost:1")
    with (
        HttpsTransport(f"localhost:{server.port}", certificates.management, ca=other.ca) as transport,
        pytest.raises(ConnectionFailed, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        transport.send("GET", "/x", {}, b"")


@pytest.mark.parametrize("bits", [1024, 2048])
def test_a_server_of_another_name_is_not_talked_to(
    echo: Echo, tls: TLSFiles, certificates: pki.Paths, make_management: Make, bits: int
) -> None:
    """Whatever the client's certificate: a weak one does not weaken this."""
    management, _ = make_management(bits)
    with (
        Server(echo, host="127.0.0.2", tls=tls) as server,
        HttpsTransport(f"127.0.0.2:{server.port}", management, ca=certificates.ca) as transport,
        pytest.raises(ConnectionFailed, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        transport.send("GET", "/x", {}, b"")


# -- client certificates --------------------------------------------------------------------------------------------


def test_an_rsa_1024_certificate_is_shown(server: Server, certificates: pki.Paths, make_management: Make) -> None:
    management, der = make_management(1024)
    with HttpsTransport(f"localhost:{server.port}", management, ca=certificates.ca) as transport:
        assert said(transport)["thumbprint"] == pki.thumbprint(der)


def test_the_documented_openssl_command_makes_a_certificate_that_serves(
    server: Server, certificates: pki.Paths, tmp_path: Path
) -> None:
    file = tmp_path / "mycert.pem"
    command = "openssl req -x509 -nodes -days 365 -newkey rsa:1024 -keyout mycert.pem -out mycert.pem -subj /CN=me"
    subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    with HttpsTransport(f"localhost:{server.port}", file, ca=certificates.ca) as transport:
        assert said(transport)["thumbprint"] == pki.thumbprint(pki.load_certificate_der(file))


def test_only_a_weak_certificate_lowers_the_level(certificates: pki.Paths, make_management: Make) -> None:
    usual = tls_context(None, certificates.ca).security_level
    assert tls_context(make_management(2048)[0], certificates.ca).security_level == usual
    weak = tls_context(make_management(1024)[0], certificates.ca)
    assert weak.security_level == min(1, usual)
    assert weak.check_hostname
    assert weak.verify_mode == ssl.CERT_REQUIRED
    assert weak.minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("content", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_file_that_is_no_certificate_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.pem"
    file.write_bytes(content)
    with pytest.raises(CertificateUnusable, match=r"broken\.pem"):
        HttpsTransport("localhost:1", file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path, certificates: pki.Paths) -> None:
    with pytest.raises(CertificateUnusable, match=r"gone\.pem"):
        HttpsTransport("localhost:1", tmp_path / "gone.pem")
    with pytest.raises(CertificateUnusable, match=r"gone\.pem"):
        HttpsTransport("localhost:1", certificates.management, ca=tmp_path / "gone.pem")


def test_an_encrypted_key_is_refused_without_asking_for_its_password(tmp_path: Path, certificates: pki.Paths) -> None:
    file = tmp_path / "locked.pem"
    key = subprocess.run(
        ["openssl", "pkey", "-in", str(certificates.management), "-aes256", "-passout", "pass:secret"],
        check=True,
        capture_output=True,
    ).stdout
    file.write_bytes(key + certificates.management.read_bytes().partition(b"-----END PRIVATE KEY-----\n")[2])
    with pytest.raises(CertificateUnusable, match=r"locked\.pem"):
        HttpsTransport("localhost:1", file)


# -- redirects ------------------------------------------------------------------------------------------------------


def test_a_307_is_followed_with_certificate_and_body(
    transport: HttpsTransport, echo: Echo, tls: TLSFiles, certificates: pki.Paths
) -> None:
    with Server(Echo(), tls=tls) as other:
        echo.target = f"https://localhost:{other.port}/there?a=b"
        found = said(transport, "/redirect", "POST", b"<x/>")
        assert found["SERVER_PORT"] == str(other.port)
    assert (found["REQUEST_METHOD"], found["RAW_URI"], found["body"]) == ("POST", "/there?a=b", "<x/>")
    assert found["thumbprint"] == thumbprint(certificates)


def test_a_relative_307_stays_with_the_server(transport: HttpsTransport, echo: Echo) -> None:
    echo.target = "/there"
    assert said(transport, "/redirect")["RAW_URI"] == "/there"


def test_a_circle_of_redirects_ends(transport: HttpsTransport, echo: Echo) -> None:
    echo.target = "/redirect"
    with pytest.raises(ConnectionFailed, match="redirects"):
        transport.send("GET", "/redirect", {}, b"")


def test_a_redirect_to_plain_http_is_not_followed(transport: HttpsTransport, echo: Echo, server: Server) -> None:
    echo.target = f"http://localhost:{server.port}/there"
    with pytest.raises(ConnectionFailed, match="not https"):
        transport.send("GET", "/redirect", {}, b"")


def test_other_redirects_are_answers(transport: HttpsTransport, echo: Echo) -> None:
    echo.target, echo.status = "/there", "302 Found"
    answer = transport.send("POST", "/redirect", {}, b"<x/>")
    assert (answer.status, answer.body) == (302, b"elsewhere")


# -- no answer ------------------------------------------------------------------------------------------------------


def test_nobody_there(certificates: pki.Paths) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        HttpsTransport(f"localhost:{port}", certificates.management, ca=certificates.ca) as transport,
        pytest.raises(ConnectionFailed, match=f"localhost:{port}") as caught,
    ):
        transport.send("GET", "/x", {}, b"")
    assert isinstance(caught.value.__cause__, requests.ConnectionError)


def test_an_answer_that_does_not_come_in_time(server: Server, certificates: pki.Paths) -> None:
    with (
        HttpsTransport(
            f"localhost:{server.port}", certificates.management, ca=certificates.ca, read_timeout=0.1
        ) as transport,
        pytest.raises(ConnectionFailed, match="timed out"),
    ):
        transport.send("GET", "/wait", {}, b"")


def test_a_server_that_does_not_speak_tls(certificates: pki.Paths) -> None:
    with (
        Server(Echo()) as plain,
        HttpsTransport(f"localhost:{plain.port}", certificates.management, ca=certificates.ca) as transport,
        pytest.raises(ConnectionFailed),
    ):
        transport.send("GET", "/x", {}, b"")


def test_a_server_that_hangs_up(certificates: pki.Paths) -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:
        threading.Thread(target=lambda: rude.accept()[0].close(), daemon=True).start()
        port = rude.getsockname()[1]
        with (
            HttpsTransport(f"localhost:{port}", certificates.management, ca=certificates.ca) as transport,
            pytest.raises(ConnectionFailed),
        ):
            transport.send("GET", "/x", {}, b"")


def test_it_may_be_closed_twice_and_used_again(transport: HttpsTransport) -> None:
    said(transport)
    transport.close()
    transport.close()
    assert said(transport)["RAW_URI"] == "/x"


# -- proxies and sessions -------------------------------------------------------------------------------------------


def test_a_proxy_of_the_environment_is_used_with_certificate_and_verification(
    server: Server, certificates: pki.Paths, make_management: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    management, der = make_management(1024)
    with Proxy(server.address) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with HttpsTransport(certificate=management, ca=certificates.ca) as transport:
            found = said(transport)
        assert (found["HTTP_HOST"], found["thumbprint"]) == ("management.core.windows.net", pki.thumbprint(der))
        with (
            HttpsTransport("example.invalid", certificate=management, ca=certificates.ca) as transport,
            pytest.raises(ConnectionFailed, match=r"example\.invalid"),
        ):
            transport.send("GET", "/", {}, b"")
        assert proxy.refused == ["example.invalid:443"]


def test_a_session_of_the_caller_is_used_and_left_open(server: Server, certificates: pki.Paths) -> None:
    with requests.Session() as session:
        session.cert = str(certificates.management)
        session.verify = str(certificates.ca)
        transport = HttpsTransport(f"localhost:{server.port}", session=session)
        assert said(transport)["thumbprint"] == thumbprint(certificates)
        port = said(transport)["REMOTE_PORT"]
        transport.close()
        assert said(transport)["REMOTE_PORT"] == port


# -- in process -----------------------------------------------------------------------------------------------------


def test_a_wsgi_application_is_called_as_a_server_would(certificates: pki.Paths) -> None:
    der = certificates.management_certificate.read_bytes()
    transport = WSGITransport(Echo(), der)
    answer = transport.send(
        "POST", "/sub//a%20b/c%2Fd?comp=media&x=%26", {"x-ms-version": "2014-10-01", "Content-Type": "t/x"}, b"<x/>"
    )
    found = json.loads(answer.body)
    assert answer.status == 202
    assert answer.headers == {"content-type": "application/json", "x-ms-request-id": "abc"}
    assert found["RAW_URI"] == "/sub//a%20b/c%2Fd?comp=media&x=%26"
    assert (found["PATH_INFO"], found["QUERY_STRING"]) == ("/sub//a b/c/d", "comp=media&x=%26")
    assert (found["CONTENT_TYPE"], found["CONTENT_LENGTH"], found["body"]) == ("t/x", "4", "<x/>")
    assert found["HTTP_X_MS_VERSION"] == "2014-10-01"
    assert found["thumbprint"] == pki.thumbprint(der)
    transport.close()
    assert said(WSGITransport(Echo()))["thumbprint"] == ""


def test_what_an_application_writes_and_opens_is_read_and_closed() -> None:
    closed: list[bool] = []

    class Chunks(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def app(environ: dict[str, Any], start_response: StartResponse) -> Chunks:
        start_response("200 OK", [])(b"first ")
        return Chunks([b"second ", b"third"])

    assert WSGITransport(app).send("GET", "/", {}, b"").body == b"first second third"
    assert closed == [True]


def test_an_application_that_breaks_gives_no_answer() -> None:
    def app(environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        raise RuntimeError("broken")

    with pytest.raises(ConnectionFailed, match="broken"):
        WSGITransport(app).send("GET", "/", {}, b"")
    with pytest.raises(ConnectionFailed):
        WSGITransport(lambda environ, start_response: []).send("GET", "/", {}, b"")


def _moved(to: str, times: int = 1) -> tuple[WSGITransport, list[str]]:
    """An application that says `times` times that it is elsewhere, and where it was asked."""
    asked: list[str] = []

    def application(environ: Any, start_response: Any) -> list[bytes]:
        asked.append(f"{environ['REQUEST_METHOD']} {environ['RAW_URI']} {environ['wsgi.input'].read().decode()}")
        if len(asked) <= times:
            start_response("307 Temporary Redirect", [("Location", to)])
            return [b""]
        start_response("200 OK", [])
        return [b"there"]

    return WSGITransport(application), asked


@pytest.mark.parametrize("to", ["https://localhost/b?c=d", "https://localhost:443/b?c=d", "/b?c=d"])
def test_a_redirect_within_the_application_is_followed_with_verb_and_body(to: str) -> None:
    transport, asked = _moved(to)
    assert transport.send("POST", "/a", {}, b"body").body == b"there"
    assert asked == ["POST /a body", "POST /b?c=d body"]


def test_a_redirect_out_of_the_application_or_without_end_is_not() -> None:
    transport, asked = _moved("https://management.example/b")
    with pytest.raises(ConnectionFailed, match="not this application"):
        transport.send("GET", "/a", {}, b"")
    assert len(asked) == 1
    transport, asked = _moved("/a", times=1000)
    with pytest.raises(ConnectionFailed, match="redirects"):
        transport.send("GET", "/a", {}, b"")
    assert len(asked) < 20
