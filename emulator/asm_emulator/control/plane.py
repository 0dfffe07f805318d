"""What the endpoints work on, and what several of them need."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from asm_emulator.control.terms import Refused

if TYPE_CHECKING:
    from asm_emulator.emulator import Emulator


@dataclass(frozen=True, slots=True)
class Plane:
    """An emulator, where it listens, and what its control plane asks for.

    token:    what callers must know, if anything
    settings: further facts for `configuration`: directories, ports
    """

    emulator: Emulator
    endpoint: str = ""
    token: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    def admits(self, authorization: str) -> bool:
        """Whether an ``Authorization`` header shows the token."""
        if self.token is None:
            return True
        scheme, _, shown = authorization.partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), self.token.encode())

    def subscription(self, given: str) -> str:
        """The id of a subscription that is there; Refused otherwise."""
        wanted = given.lower()
        if wanted not in self.emulator.engine.state.subscriptions:
            raise Refused(404, f"there is no subscription {given}")
        return wanted

    def perhaps(self, given: str | None) -> str | None:
        """The same, where None means all of them."""
        return None if given is None else self.subscription(given)


def moment(value: datetime | None) -> str | None:
    """A time as JSON has it."""
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def certificate(text: str) -> bytes:
    """The DER of a certificate given as PEM or base64; Refused for anything else."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        if "-----BEGIN" in text:
            return x509.load_pem_x509_certificate(text.encode()).public_bytes(Encoding.DER)
        der = base64.b64decode("".join(text.split()), validate=True)
        x509.load_der_x509_certificate(der)
    except (ValueError, binascii.Error):
        raise Refused(400, "certificate is neither PEM nor the base64 of a DER certificate") from None
    return der


@contextmanager
def refusing(kind: type[Exception] | tuple[type[Exception], ...], status: int) -> Iterator[None]:
    """Say an error of the domain as a refusal of the control plane."""
    try:
        yield
    except kind as problem:
        raise Refused(status, str(problem)) from None
