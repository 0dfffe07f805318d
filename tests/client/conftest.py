"""What the tests of the client share: certificates, and a service that is a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from asm_client import Response

SUBSCRIPTION = "5d3c1a52-8b0e-4b3f-9b1e-2f6f5b0c7a11"
REQUEST_ID = "0123456789abcdef0123456789abcdef"


@dataclass
class FakeTransport:
    """Keeps what is sent and answers what it is told to."""

    answer: Response = field(default_factory=lambda: Response(200, {"x-ms-request-id": REQUEST_ID}, b""))
    sent: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    closed: bool = False

    def send(self, verb: str, path_with_query: str, headers: Mapping[str, str], body: bytes) -> Response:
        self.sent.append((verb, path_with_query, dict(headers), body))
        return self.answer

    def close(self) -> None:
        self.closed = True

    def will(self, status: int, body: bytes = b"", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = Response(status, {"x-ms-request-id": REQUEST_ID, **named}, body)


@pytest.fixture
def transport() -> FakeTransport:
    return FakeTransport()


@pytest.fixture(scope="session")
def make_management(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], tuple[Path, bytes]]:
    """Makes what the documented openssl command makes: key and self-signed certificate in one PEM file; and its DER."""

    def make(bits: int) -> tuple[Path, bytes]:
        key = rsa.generate_private_key(65537, bits)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "management")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(key, hashes.SHA256())
        )
        file = tmp_path_factory.mktemp("management") / "mycert.pem"
        file.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + certificate.public_bytes(Encoding.PEM)
        )
        return file, certificate.public_bytes(Encoding.DER)

    return make
