"""The contract suite's driver in this process: our client straight into the application, on a clock of its own."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from asm_client import Client, WSGITransport
from asm_client.drivers.listening import Overheard
from asm_client.transport import Transport
from asm_contracts.operation import Operation
from asm_contracts.suite.driver import Answer, Identity, Settings
from asm_contracts.suite.exchanges import Hear
from asm_contracts.versions import LATEST
from asm_emulator.emulator import Emulator

_BORN: Final = datetime(2015, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4)
def certificate(name: str) -> bytes:
    """A self-signed certificate as DER, made once in this process."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BORN)
        .not_valid_after(_BORN + timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.DER)


class InProcessDriver:
    """Carries calls into an emulator of its own, which stands still until the tests move its time."""

    def __init__(self, settings: Settings, emulator: Emulator | None = None) -> None:
        own = certificate("asm-contracts own")
        self.emulator = emulator or Emulator(subscription=settings.subscription, certificates=(own,), pace="manual")
        shown: dict[Identity, bytes | None] = {
            "own": own,
            "stranger": certificate("asm-contracts stranger"),
            "none": None,
        }
        self._transports: dict[Identity, Transport] = {
            identity: WSGITransport(self.emulator.app.wsgi_app, der) for identity, der in shown.items()
        }
        self.client = Client(self._transports["own"], settings.subscription, version=LATEST)

    def invoke(self, operation: Operation, arguments: dict[str, Any]) -> Any:
        """Carry an operation out."""
        return self.client.invoke(operation, arguments)

    def signed_in(self, user: str, password: str) -> InProcessDriver:
        """The same with user and password."""
        made = copy.copy(self)
        made.client = self.client.signed_in(user, password)
        return made

    def listen(self, hear: Hear) -> None:
        """Tell of every exchange."""
        for identity, transport in self._transports.items():
            self._transports[identity] = Overheard(transport, hear)
        self.client.transport = self._transports["own"]

    def request(self, verb: str, path: str, headers: Mapping[str, str], body: bytes, identity: Identity) -> Answer:
        """Bytes in, bytes out."""
        answer = self._transports[identity].send(verb, path, headers, body)
        return Answer(answer.status, answer.headers, answer.body)

    def advance(self, by: timedelta) -> None:
        """Move the emulator's time."""
        self.emulator.advance(by)

    def reset(self) -> None:
        """Forget everything."""
        self.emulator.reset()

    def close(self) -> None:
        """Nothing is held open."""
