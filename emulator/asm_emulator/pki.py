"""The certificates an emulator needs: made on first use, kept, and renewed when they no longer serve.

The server's is signed by a development CA that clients are told to trust; the management certificate is self-signed,
as the service's users made theirs.
"""

import base64
import contextlib
import hashlib
import ipaddress
import os
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from asm_contracts.quoting import quoteattr
from asm_emulator import pkcs12

try:
    import fcntl
except ImportError:  # not a POSIX system: two first starts at once may then make two sets of files, one of which wins
    fcntl = None  # type: ignore[assignment]

SERVER_NAMES = (
    "localhost",
    "127.0.0.1",
    "::1",
    "management.core.windows.net",
    "*.management.core.windows.net",
    "*.scm.azurewebsites.net",
    "*.database.windows.net",
    "*.azurehdinsight.net",
)
"""What the server's certificate is for: this machine, and the names untouched clients believe they talk to."""

_CA_LIFE = timedelta(days=3650)
_SERVER_LIFE = timedelta(days=820)  # some systems distrust more than 825
_MANAGEMENT_LIFE = timedelta(days=3650)
_RENEW_BEFORE = timedelta(days=30)
_SKEW = timedelta(hours=1)

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_Pair = tuple[_Key, x509.Certificate]


class CertificateError(Exception):
    """A certificate file cannot be read, written or used; the message is one line that names it."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Where `ensure` keeps what it made."""

    directory: Path
    ca: Path
    """PEM; what clients must trust."""
    ca_key: Path
    server_certificate: Path
    """PEM, the CA's after it."""
    server_key: Path
    management: Path
    """PEM, private key first and certificate after it: the guide's mycert.pem."""
    management_certificate: Path
    """DER: the guide's mycert.cer."""
    publish_settings: Path
    """For clients that import a subscription; holds the private key too."""


def ensure(
    directory: Path,
    subscription_id: str,
    endpoint: str,
    *,
    name: str = "asm-emulator",
    names: Collection[str] = (),
    now: datetime | None = None,
) -> Paths:
    """Make or renew what is missing or no longer fits, and say where everything is.

    `endpoint` is the ServiceManagementUrl that the .publishsettings file, called `name`, states; `names` are host names
    or addresses for the server's certificate besides `SERVER_NAMES`. A management certificate that exists is never
    replaced. Safe when two processes start at once. Raises `CertificateError`.
    """
    now = now or datetime.now(UTC)
    paths = Paths(
        directory,
        directory / "ca.pem",
        directory / "ca.key",
        directory / "server.pem",
        directory / "server.key",
        directory / "management.pem",
        directory / "management.cer",
        directory / f"{name}.publishsettings",
    )
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _locked(directory):
            authority = _ensure_authority(paths, now)
            _ensure_server(paths, authority, (*SERVER_NAMES, *names), now)
            _ensure_management(paths, subscription_id, endpoint, now)
    except OSError as error:
        raise CertificateError(f"cannot keep certificates in {directory}: {error.strerror or error}") from error
    return paths


def thumbprint(certificate: bytes) -> str:
    """The name a DER certificate goes by in the service: its SHA-1, upper-case hex."""
    return hashlib.sha1(certificate, usedforsecurity=False).hexdigest().upper()


def load_certificate_der(path: Path) -> bytes:
    """The first certificate of a .cer (DER or base64) or .pem file, as DER. Raises `CertificateError`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CertificateError(f"cannot read {path}: {error.strerror or error}") from error
    try:
        if b"-----BEGIN" in content:
            if b"-----BEGIN CERTIFICATE-----" not in content:
                raise CertificateError(f"{path} holds no certificate")
            return x509.load_pem_x509_certificate(content).public_bytes(Encoding.DER)
        return x509.load_der_x509_certificate(content).public_bytes(Encoding.DER)
    except ValueError as error:
        raise CertificateError(f"{path} is not an X.509 certificate in DER or PEM form") from error


def _ensure_authority(paths: Paths, now: datetime) -> _Pair:
    existing = _load_pair(paths.ca_key, paths.ca)
    if existing is not None and now < existing[1].not_valid_after_utc:
        _restrict(paths.ca_key)
        return existing
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key()
    # A name of its own, so that a renewed CA is never taken for the one it replaces.
    subject = _subject(f"asm-emulator development CA {os.urandom(4).hex()}")
    certificate = (
        _builder(subject, subject, public, now, _CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(paths.ca_key, _private_pem(key), private=True)
    _write(paths.ca, certificate.public_bytes(Encoding.PEM))
    return key, certificate


def _ensure_server(paths: Paths, authority: _Pair, names: Collection[str], now: datetime) -> None:
    existing = _load_pair(paths.server_key, paths.server_certificate)
    if existing is not None and _serves(existing[1], authority[1], names, now):
        _restrict(paths.server_key)
        return
    ca_key, ca = authority
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key()
    certificate = (
        _builder(_subject("asm-emulator"), ca.subject, public, now, min(_SERVER_LIFE, ca.not_valid_after_utc - now))
        .add_extension(x509.SubjectAlternativeName([_general_name(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    _write(paths.server_key, _private_pem(key), private=True)
    _write(paths.server_certificate, certificate.public_bytes(Encoding.PEM) + ca.public_bytes(Encoding.PEM))


def _serves(certificate: x509.Certificate, ca: x509.Certificate, names: Collection[str], now: datetime) -> bool:
    soon = now + min(_RENEW_BEFORE, (ca.not_valid_after_utc - now) / 2)
    if not certificate.not_valid_before_utc <= now or not soon < certificate.not_valid_after_utc:
        return False
    try:
        certificate.verify_directly_issued_by(ca)
        stated = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return {_general_name(each) for each in names} <= set(stated)


def _ensure_management(paths: Paths, subscription_id: str, endpoint: str, now: datetime) -> None:
    existing = _load_pair(paths.management, paths.management)
    if existing is None:
        if paths.management.exists():
            raise CertificateError(
                f"{paths.management} does not hold a private key and its certificate; remove it to have one made"
            )
        existing = _make_management(paths, now)
    _restrict(paths.management)
    key, certificate = existing
    der = certificate.public_bytes(Encoding.DER)
    _write_if_different(paths.management_certificate, der)
    archive = pkcs12.encode(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), der)
    settings = _publish_settings(subscription_id, endpoint, archive)
    _write_if_different(paths.publish_settings, settings.encode(), private=True)


def _make_management(paths: Paths, now: datetime) -> _Pair:
    # RSA and 2048 bits are what the service asked of a management certificate.
    key = rsa.generate_private_key(65537, 2048)
    public = key.public_key()
    subject = _subject("asm-emulator management")
    certificate = (
        _builder(subject, subject, public, now, _MANAGEMENT_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(paths.management, _private_pem(key) + certificate.public_bytes(Encoding.PEM), private=True)
    return key, certificate


def _publish_settings(subscription_id: str, endpoint: str, archive: bytes) -> str:
    return f"""<?xml version="1.0" encoding="utf-8"?>
<PublishData>
  <PublishProfile SchemaVersion="2.0" PublishMethod="AzureServiceManagementAPI">
    <Subscription
      ServiceManagementUrl={quoteattr(endpoint)}
      Id={quoteattr(subscription_id)}
      Name="Emulated subscription"
      ManagementCertificate="{base64.b64encode(archive).decode()}" />
  </PublishProfile>
</PublishData>
"""


def _subject(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + life)
    )


def _key_usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        key_cert_sign=certificates,
        crl_sign=certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _private_pem(key: _Key) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _load_pair(key_path: Path, certificate_path: Path) -> _Pair | None:
    """A key and the certificate that belongs to it, or None when the files do not hold such."""
    try:
        # The primality checks of an RSA key would cost every start more than all the rest here.
        key = load_pem_private_key(key_path.read_bytes(), None, unsafe_skip_rsa_key_validation=True)
        certificate = x509.load_pem_x509_certificate(certificate_path.read_bytes())
    except (FileNotFoundError, ValueError, TypeError):
        return None
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        return None
    return (key, certificate) if certificate.public_key() == key.public_key() else None


def _restrict(path: Path) -> None:
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _write_if_different(path: Path, content: bytes, *, private: bool = False) -> None:
    try:
        if path.read_bytes() == content:
            if private:
                _restrict(path)
            return
    except FileNotFoundError:
        pass
    _write(path, content, private=private)


def _write(path: Path, content: bytes, *, private: bool = False) -> None:
    """Put a whole file in place at once; `mkstemp` makes it 0600 from the start."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        if not private:
            temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[None]:
    with (directory / ".lock").open("wb") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)  # released with the file
        yield
