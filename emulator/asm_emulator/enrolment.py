"""Management certificates, from their DER bytes."""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from asm_emulator.certificate_files import thumbprint
from asm_emulator.model import ManagementCertificate


def management_certificate(der: bytes, created: datetime) -> ManagementCertificate:
    """The entity of a certificate; its thumbprint is computed, never believed.

    Raises ValueError for bytes that are no X.509 certificate.
    """
    certificate = x509.load_der_x509_certificate(der)
    key = certificate.public_key()
    # The API gives RSA keys as PKCS#1 (recorded); other kinds have no such form.
    form = (
        serialization.PublicFormat.PKCS1
        if isinstance(key, RSAPublicKey)
        else (serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return ManagementCertificate(
        thumbprint=thumbprint(der),
        data=der,
        public_key=key.public_bytes(serialization.Encoding.DER, form),
        created=created,
    )
