"""TLS as the front speaks it: whatever certificate a client shows, the application sees it."""

import logging
import os
import shutil
import socket
import ssl
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from asm_emulator import pki
from asm_emulator.server import DropConnection, ListenError, TLSFiles

V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
NOW = datetime.now(UTC)


def make_certificate(path, key, signature=None, issuer=None, start=-1, end=365):
    """A client's PEM, key first; signed by itself unless `issuer` gives a name and key."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "someone")])
    issuer_name, issuer_key = issuer or (subject, key)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=start))
        .not_valid_after(NOW + timedelta(days=end))
        .sign(issuer_key, signature)
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem + certificate.public_bytes(Encoding.PEM))
    return path


def rsa_key():
    return rsa.generate_private_key(65537, 2048)


def openssl_certificate(path, *options):
    """As the guide has it: key and certificate in one file, here with further options."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl command on this machine")
    command = ["openssl", "req", "-x509", "-nodes", "-days", "365", "-newkey", *options]
    command += ["-keyout", "mycert.pem", "-out", "mycert.pem", "-subj", "/C=GB/O=Someone"]
    subprocess.run(command, cwd=path.parent, check=True, capture_output=True)
    return path.parent / "mycert.pem"


KINDS = {
    "self-signed RSA": lambda path: make_certificate(path, rsa_key(), hashes.SHA256()),
    "expired": lambda path: make_certificate(path, rsa_key(), hashes.SHA256(), start=-700, end=-300),
    "not yet valid": lambda path: make_certificate(path, rsa_key(), hashes.SHA256(), start=300, end=700),
    "elliptic": lambda path: make_certificate(path, ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()),
    "Ed25519": lambda path: make_certificate(path, ed25519.Ed25519PrivateKey.generate()),
    "unknown authority": lambda path: make_certificate(
        path,
        rsa_key(),
        hashes.SHA256(),
        issuer=(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody knows")]), rsa_key()),
    ),
    "the guide's RSA-1024": lambda path: openssl_certificate(path, "rsa:1024"),
    "RSA-1024 signed with SHA-1": lambda path: openssl_certificate(path, "rsa:1024", "-sha1"),
}
WEAK = "DEFAULT@SECLEVEL=1"
"""Without it the *client's* OpenSSL will not load a certificate of 1024 bits; with SHA-1, level 0."""


@pytest.mark.parametrize("version", [V12, V13])
@pytest.mark.parametrize("kind", KINDS)
def test_any_certificate_is_taken_and_shown_to_the_application(
    serve, connect, tls_files, trusting, tmp_path, kind, version
):
    path = KINDS[kind](tmp_path / "client.pem")
    ciphers = "DEFAULT@SECLEVEL=0" if "SHA-1" in kind else WEAK if "1024" in kind else ""
    wire = connect(serve(tls=tls_files), trusting(path, version, ciphers))
    assert wire.sock.version() == {V12: "TLSv1.2", V13: "TLSv1.3"}[version]
    expected = pki.thumbprint(pki.load_certificate_der(path))
    # On every request of the connection, not only the first.
    assert [wire.ask().json["thumbprint"] for _ in range(3)] == [expected] * 3


@pytest.mark.parametrize("version", [V12, V13])
def test_no_certificate_is_taken_too(serve, connect, tls_files, trusting, version):
    said = connect(serve(tls=tls_files), trusting(None, version)).ask().json
    assert said["thumbprint"] == ""
    assert said["wsgi.url_scheme"] == "https"


@pytest.mark.parametrize("version", [V12, V13])
def test_a_resumed_session_keeps_its_certificate(serve, connect, tls_files, trusting, certificates, version):
    server = serve(tls=tls_files)
    context = trusting(certificates.management, version)
    first = connect(server, context)
    expected = pki.thumbprint(certificates.management_certificate.read_bytes())
    assert first.ask().json["thumbprint"] == expected
    second = connect(server, context, session=first.sock.session)
    assert second.ask().json["thumbprint"] == expected
    assert second.sock.session_reused


def test_connections_with_different_certificates_do_not_mix(
    serve, connect, tls_files, trusting, certificates, tmp_path
):
    server = serve(tls=tls_files)
    stranger = make_certificate(tmp_path / "client.pem", ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    wires = [connect(server, trusting(show)) for show in (certificates.management, stranger, None)]
    expected = [
        pki.thumbprint(certificates.management_certificate.read_bytes()),
        pki.thumbprint(pki.load_certificate_der(stranger)),
        "",
    ]
    for _ in range(2):
        assert [wire.ask().json["thumbprint"] for wire in wires] == expected


@pytest.mark.parametrize("minor", [1, 2])
def test_tls_1_0_and_1_1_are_refused_with_an_alert(serve, connect, tls_files, minor):
    version = bytes([3, minor])
    hello = version + os.urandom(32) + b"\0" + b"\0\x06\xc0\x13\xc0\x09\x00\x2f" + b"\1\0"
    message = b"\1" + len(hello).to_bytes(3, "big") + hello
    wire = connect(serve(tls=tls_files))
    wire.send(b"\x16\x03\x01" + len(message).to_bytes(2, "big") + message)
    alert = wire.rest()
    assert (alert[0], alert[-2:]) == (21, b"\2\x46")  # alert; fatal, protocol_version


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\n" * 5000,
        b"\x16\x03\x01garbage" * 100,
        b"\0" * 9,
    ],
    ids=["plain HTTP", "much plain HTTP", "broken TLS", "zeros"],
)
def test_what_is_not_tls_is_closed_cleanly(serve, connect, tls_files, trusting, caplog, data):
    server = serve(tls=tls_files)
    wire = connect(server)
    with caplog.at_level(logging.WARNING):
        wire.send(data)
        assert len(wire.rest()) < 100  # an alert at most, and the end: not a reset
    assert caplog.records == []
    assert connect(server, trusting()).ask().status == 200


def test_a_client_that_distrusts_the_server_harms_nobody(serve, connect, tls_files, trusting, caplog):
    server = serve(tls=tls_files)
    with caplog.at_level(logging.WARNING), pytest.raises(ssl.SSLCertVerificationError):
        connect(server, ssl.create_default_context())
    assert caplog.records == []
    assert connect(server, trusting()).ask().status == 200


@pytest.mark.parametrize("version", [V12, V13])
def test_close_notify_is_sent(serve, connect, tls_files, trusting, version):
    wire = connect(serve(tls=tls_files), trusting(None, version), suppress_ragged_eofs=False)
    assert wire.ask(headers="Connection: close\r\n").status == 200
    assert wire.rest() == b""


def test_a_cut_answer_has_no_close_notify(serve, connect, tls_files, trusting):
    def application(environ, start_response):
        raise DropConnection(b"HTTP/1.1 200 OK\r\n")

    wire = connect(serve(application, tls=tls_files), trusting(), suppress_ragged_eofs=False)
    wire.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert wire.line() == b"HTTP/1.1 200 OK\r\n"
    with pytest.raises(ssl.SSLEOFError):
        wire.rest()


def test_a_dropped_connection_is_reset(serve, connect, tls_files, trusting):
    def application(environ, start_response):
        raise DropConnection

    wire = connect(serve(application, tls=tls_files), trusting(), suppress_ragged_eofs=False)
    with pytest.raises((ConnectionResetError, ssl.SSLEOFError)):  # Python shows a reset as either
        wire.ask()


def test_a_large_answer_arrives_whole(serve, connect, tls_files, trusting):
    content = os.urandom(3_000_000)

    def application(environ, start_response):
        start_response("200 OK", [])
        return [content]

    wire = connect(serve(application, tls=tls_files), trusting())
    assert wire.ask().body == content
    assert wire.ask().body == content


@pytest.mark.parametrize("version", [V12, V13])
def test_pipelining_over_tls(serve, connect, tls_files, trusting, version):
    wire = connect(serve(tls=tls_files), trusting(None, version))
    wire.send(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n")
    assert [wire.answer().json["PATH_INFO"] for _ in range(2)] == ["/a", "/b"]


def test_the_servers_certificate_serves_every_name(serve, tls_files, trusting):
    server = serve(tls=tls_files)
    for name in ("localhost", "127.0.0.1", "::1", "management.core.windows.net", "eu.management.core.windows.net"):
        with (
            socket.create_connection(server.address, timeout=20) as sock,
            trusting().wrap_socket(sock, server_hostname=name) as wrapped,
        ):
            assert wrapped.getpeercert()


@pytest.mark.parametrize("missing", ["certificate", "key"])
def test_unusable_files_are_a_clear_error(serve, tls_files, tmp_path, missing):
    broken = tmp_path / "broken.pem"
    broken.write_text("nothing")
    files = TLSFiles(broken, tls_files.key) if missing == "certificate" else TLSFiles(tls_files.certificate, broken)
    with pytest.raises(ListenError, match=r"cannot use .*broken\.pem"):
        serve(tls=files)


def test_a_key_of_another_certificate_is_a_clear_error(serve, tls_files, certificates):
    with pytest.raises(ListenError, match="cannot use"):
        serve(tls=TLSFiles(tls_files.certificate, certificates.ca_key))
