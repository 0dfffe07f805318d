"""An emulator in this process with our client in front of it, on a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from asm_client import Client, WSGITransport
from asm_contracts.errors import ServiceError
from asm_contracts.versions import LATEST
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator
from asm_emulator.model import Map
from asm_emulator.state import State

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Refused = Callable[[type[ServiceError], str], Any]


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(certificates=[certificate("areas")], pace="manual")


@pytest.fixture
def azure(emulator: Emulator) -> Client:
    transport = WSGITransport(emulator.app.wsgi_app, certificate("areas"))
    return Client(transport, emulator.subscription, version=LATEST)


def lasting(state: State) -> tuple[object, ...]:
    """What a refused request must leave as it was: everything but the record of the request itself."""
    return (
        {key: replace(one, operations=Map()) for key, one in state.subscriptions.items()},
        dict(state.names.items()),
        state.steps,
    )


@pytest.fixture
def refused(emulator: Emulator) -> Refused:
    """``with refused(ConflictError, "the text"):`` the call within is refused just so, and nothing changes."""

    @contextmanager
    def check(kind: type[ServiceError], message: str) -> Iterator[None]:
        before = lasting(emulator.engine.state)
        with pytest.raises(kind) as found:
            yield
        assert (type(found.value), found.value.message) == (kind, message)
        assert (found.value.error_code, found.value.http_status) == (kind.code, kind.status)
        assert lasting(emulator.engine.state) == before

    return check


@pytest.fixture
def outcome(emulator: Emulator, azure: Client) -> Callable[[], tuple[str, str | None]]:
    """Let the operation begun last come to its end; its status, and the message of its error if it has one."""

    def end() -> tuple[str, str | None]:
        records = emulator.engine.state.subscriptions[emulator.subscription].operations.values()
        running = [one for one in records if one.status == "InProgress"]
        request_id = max(running, key=lambda one: one.serial).request_id
        assert azure.get_operation_status(request_id).status == "InProgress"
        emulator.advance(timedelta(minutes=5))
        ended = azure.get_operation_status(request_id)
        return ended.status, ended.error.message if ended.error else None

    return end


def self_signed(name: str, key: Key) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = datetime(2015, 1, 1, tzinfo=UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )


@pytest.fixture(scope="session")
def key_pair() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """A private key with its self-signed certificate."""
    key = rsa.generate_private_key(65537, 2048)
    return key, self_signed("machine", key)
