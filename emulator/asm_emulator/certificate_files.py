"""Certificates out of the files that callers upload: .cer (DER or PEM) and .pfx (PKCS#12)."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

MOST_ITERATIONS: Final = 2_000_000
"""A file may ask for any number of rounds of key derivation, for each of its parts; one that asks for more than this in
all is refused unread."""

_DEPTH: Final = 32
_INTEGER, _OCTETS, _SEQUENCE, _CONSTRUCTED = 0x02, 0x04, 0x30, 0x20


class UnreadableCertificate(ValueError):
    """The bytes hold no certificate that can be read."""


def thumbprint(certificate: bytes) -> str:
    """SHA-1 of a certificate's DER, 40 hex digits in upper case."""
    return hashlib.sha1(certificate, usedforsecurity=False).hexdigest().upper()


def read_cer(data: bytes) -> bytes:
    """The DER of the certificate in a .cer file, of either form; raises UnreadableCertificate."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of old certificates that a newer X.509 would not allow
        try:
            if data.lstrip().startswith(b"-----BEGIN"):
                return x509.load_pem_x509_certificate(data).public_bytes(Encoding.DER)
            x509.load_der_x509_certificate(data).public_key()
        except (ValueError, UnsupportedAlgorithm) as problem:
            raise UnreadableCertificate(str(problem)) from None
    return data


def subject_and_end(certificate: bytes) -> tuple[str, datetime]:
    """Whose a certificate (DER) is, and until when."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        held = x509.load_der_x509_certificate(certificate)
        return held.subject.rfc4514_string(), held.not_valid_after_utc


def read_pfx(data: bytes, password: str | None) -> bytes:
    """The DER of the certificate in a .pfx file that belongs to its private key, or of the first one if it has none.

    Raises UnreadableCertificate for a wrong password too: the form does not always tell the two apart.
    """
    check_iterations(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of files in BER, which Windows and browsers write
        try:
            held = pkcs12.load_pkcs12(data, (password or "").encode() or None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
            raise UnreadableCertificate(str(problem)) from None
    for found in (held.cert, *held.additional_certs):
        if found is not None:
            return found.certificate.public_bytes(Encoding.DER)
    raise UnreadableCertificate("the file holds no certificate")


def looks_like_pfx(data: bytes) -> bool:
    """Whether bytes begin as a PKCS#12 does: a sequence whose first part is the number 3."""
    try:
        tag, inside, _ = _value(data, 0, 0)
        return tag == _SEQUENCE and inside[:3] == b"\x02\x01\x03"
    except UnreadableCertificate:
        return False


def check_iterations(data: bytes) -> None:
    """Refuse a PKCS#12 that wants more than `MOST_ITERATIONS` rounds, or that is no BER; UnreadableCertificate.

    The number of rounds is always the integer that follows the salt, in the MAC and in the ciphers' parameters.
    """
    asked = 0
    for rounds in _iterations(data, 0):
        asked += rounds
        if asked > MOST_ITERATIONS:
            raise UnreadableCertificate("the file asks for too many rounds of key derivation")


def _iterations(data: bytes, depth: int) -> Iterator[int]:
    if depth > _DEPTH:
        raise UnreadableCertificate("the file is nested too deeply")
    position, after_salt = 0, False
    while position < len(data):
        tag, inside, position = _value(data, position, depth)
        if tag == _INTEGER and after_salt:
            yield int.from_bytes(inside[:9], "big")
        after_salt = tag in (_OCTETS, _OCTETS | _CONSTRUCTED)
        if tag == _OCTETS | _CONSTRUCTED:
            inside = _joined(inside, depth)
        if tag & _CONSTRUCTED and not after_salt:
            yield from _iterations(inside, depth + 1)
        elif after_salt and inside[:1] == b"\x30":
            # The file's content is BER inside an octet string; a salt or a ciphertext that begins like it is not.
            try:
                yield from _iterations(inside, depth + 1)
            except UnreadableCertificate:
                continue


def _joined(pieces: bytes, depth: int) -> bytes:
    """The content of an octet string that comes in pieces."""
    content, position = [], 0
    while position < len(pieces):
        _, inside, position = _value(pieces, position, depth)
        content.append(inside)
    return b"".join(content)


def _value(data: bytes, position: int, depth: int) -> tuple[int, bytes, int]:
    """Tag, content and end of the BER value at a position; of an indefinite length the content is up to its end."""
    if position + 2 > len(data):
        raise UnreadableCertificate("the file is cut off")
    if depth > _DEPTH:
        raise UnreadableCertificate("the file is nested too deeply")
    tag, length = data[position], data[position + 1]
    if tag & 0x1F == 0x1F:
        raise UnreadableCertificate("the file is no PKCS#12")
    start = position + 2
    if length == 0x80:
        end = start
        while data[end : end + 2] != b"\0\0":
            end = _value(data, end, depth + 1)[2]
        return tag, data[start:end], end + 2
    if length > 0x80:
        size = length & 0x7F
        length = int.from_bytes(data[start : start + size], "big")
        start += size
    if start + length > len(data):
        raise UnreadableCertificate("the file is cut off")
    return tag, data[start : start + length], start + length
