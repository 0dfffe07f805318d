"""A PKCS#12 that the old clients read: what a .publishsettings file carries.

They want the key in a pkcs8ShroudedKeyBag and the certificate in encryptedData, both under
pbeWithSHAAnd3-KeyTripleDES-CBC, a SHA-1 MAC, and the NULL password: of no length at all, which is not the empty string
(that has a terminator, and derives other keys). No library writes this form, hence the few lines of DER here.
It protects nothing; a file that holds one is as secret as a bare private key.
"""

import hashlib
import hmac

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.padding import PKCS7

ITERATIONS = 2048

_FOR_KEY, _FOR_IV, _FOR_MAC = 1, 2, 3

_DATA = "1.2.840.113549.1.7.1"
_ENCRYPTED_DATA = "1.2.840.113549.1.7.6"
_PBE_SHA1_3DES = "1.2.840.113549.1.12.1.3"
_SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2"
_CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3"
_X509_CERTIFICATE = "1.2.840.113549.1.9.22.1"
_LOCAL_KEY_ID = "1.2.840.113549.1.9.21"
_SHA1 = "1.3.14.3.2.26"


def encode(private_key: bytes, certificate: bytes) -> bytes:
    """The PKCS#12 of a key (DER, PKCS#8, not encrypted) and its certificate (DER).

    The salts come from the key, so the same input gives the same bytes.
    """
    local_key_id = _set(
        _sequence(_oid(_LOCAL_KEY_ID), _set(_octets(hashlib.sha1(certificate, usedforsecurity=False).digest())))
    )
    certificate_bag = _bag(
        _CERTIFICATE_BAG, _sequence(_oid(_X509_CERTIFICATE), _tagged(0, _octets(certificate))), local_key_id
    )
    algorithm, ciphertext = _encrypt(_sequence(certificate_bag), _salt(b"certificate", private_key))
    certificates = _content(
        _ENCRYPTED_DATA,
        _sequence(_integer(0), _sequence(_oid(_DATA), algorithm, _tlv(0x80, ciphertext))),
    )
    algorithm, ciphertext = _encrypt(private_key, _salt(b"key", private_key))
    key_bag = _bag(_SHROUDED_KEY_BAG, _sequence(algorithm, _octets(ciphertext)), local_key_id)
    keys = _content(_DATA, _octets(_sequence(key_bag)))
    safe = _sequence(certificates, keys)
    salt = _salt(b"mac", private_key)
    mac = hmac.digest(derive(_FOR_MAC, b"", salt, ITERATIONS, 20), safe, "sha1")
    digest = _sequence(_sequence(_oid(_SHA1), _NULL), _octets(mac))
    return _sequence(
        _integer(3), _content(_DATA, _octets(safe)), _sequence(digest, _octets(salt), _integer(ITERATIONS))
    )


def derive(purpose: int, password: bytes, salt: bytes, iterations: int, size: int) -> bytes:
    """`size` bytes of key material (RFC 7292, appendix B.2, with SHA-1).

    `purpose` is 1 for a key, 2 for an initial vector, 3 for a MAC key. `password` is a BMPString with its terminator,
    or nothing at all for the NULL password.
    """
    block = 64
    fill = _repeated(salt, block) + _repeated(password, block)
    result = b""
    while True:
        digest = bytes([purpose]) * block + fill
        for _ in range(iterations):
            digest = hashlib.sha1(digest, usedforsecurity=False).digest()
        result += digest
        if len(result) >= size:
            return result[:size]
        step = int.from_bytes(_repeated(digest, block)[:block], "big") + 1
        fill = b"".join(
            ((int.from_bytes(fill[at : at + block], "big") + step) % (1 << 8 * block)).to_bytes(block, "big")
            for at in range(0, len(fill), block)
        )


def _repeated(text: bytes, block: int) -> bytes:
    size = -(-len(text) // block) * block
    return (text * (size // len(text) + 1))[:size] if text else b""


def _salt(use: bytes, private_key: bytes) -> bytes:
    return hashlib.sha256(b"asm-emulator pkcs12 salt: " + use + private_key).digest()[:8]


def _encrypt(text: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """The AlgorithmIdentifier and the ciphertext of pbeWithSHAAnd3-KeyTripleDES-CBC."""
    key = derive(_FOR_KEY, b"", salt, ITERATIONS, 24)
    vector = derive(_FOR_IV, b"", salt, ITERATIONS, 8)
    padder = PKCS7(64).padder()
    padded = padder.update(text) + padder.finalize()
    encryptor = Cipher(TripleDES(key), modes.CBC(vector)).encryptor()
    algorithm = _sequence(_oid(_PBE_SHA1_3DES), _sequence(_octets(salt), _integer(ITERATIONS)))
    return algorithm, encryptor.update(padded) + encryptor.finalize()


# As much DER as the above needs.

_NULL = b"\x05\x00"


def _tlv(tag: int, value: bytes) -> bytes:
    size = len(value)
    if size < 0x80:
        return bytes([tag, size]) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + value


def _sequence(*parts: bytes) -> bytes:
    return _tlv(0x30, b"".join(parts))


def _set(*parts: bytes) -> bytes:
    return _tlv(0x31, b"".join(parts))


def _octets(value: bytes) -> bytes:
    return _tlv(0x04, value)


def _tagged(number: int, value: bytes) -> bytes:
    return _tlv(0xA0 | number, value)


def _integer(value: int) -> bytes:
    return _tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _oid(text: str) -> bytes:
    first, second, *rest = (int(part) for part in text.split("."))
    encoded = bytearray([40 * first + second])
    for number in rest:
        septets = [number & 0x7F]
        while number := number >> 7:
            septets.append(number & 0x7F | 0x80)
        encoded.extend(reversed(septets))
    return _tlv(0x06, bytes(encoded))


def _content(kind: str, value: bytes) -> bytes:
    return _sequence(_oid(kind), _tagged(0, value))


def _bag(kind: str, value: bytes, attributes: bytes) -> bytes:
    return _sequence(_oid(kind), _tagged(0, value), attributes)
