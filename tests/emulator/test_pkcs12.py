"""The PKCS#12 of .publishsettings, read back by others than us."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from cryptography.x509.oid import NameOID

from asm_emulator import pkcs12


def pair(key):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "someone" * 5)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), certificate.public_bytes(Encoding.DER)


@pytest.fixture(scope="module", params=["RSA", "elliptic"])
def material(request):
    return pair(
        rsa.generate_private_key(65537, 2048) if request.param == "RSA" else ec.generate_private_key(ec.SECP256R1())
    )


@pytest.mark.parametrize(
    ("purpose", "password", "salt", "iterations", "expected"),
    [
        # Published vectors of the PKCS#12 key derivation.
        (1, "smeg", "0a58cf64530d823f", 1, "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"),
        (2, "smeg", "0a58cf64530d823f", 1, "79993dfe048d3b76"),
        (1, "queeg", "05dec959acff72f7", 1000, "ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4"),
    ],
)
def test_key_derivation(purpose, password, salt, iterations, expected):
    text = f"{password}\0".encode("utf-16-be")
    derived = pkcs12.derive(purpose, text, bytes.fromhex(salt), iterations, len(expected) // 2)
    assert derived.hex() == expected


def test_no_password_is_not_the_empty_string():
    salt = b"saltsalt"
    assert pkcs12.derive(1, b"", salt, 1, 24) != pkcs12.derive(1, b"\0\0", salt, 1, 24)


def test_cryptography_reads_it(material):
    for password in (None, b""):
        read = load_pkcs12(pkcs12.encode(*material), password)
        assert read.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()) == material[0]
        assert read.cert.certificate.public_bytes(Encoding.DER) == material[1]
        assert read.additional_certs == []


def test_the_same_input_gives_the_same_bytes(material):
    assert pkcs12.encode(*material) == pkcs12.encode(*material)


def test_openssl_reads_it_and_sees_the_old_algorithms(material, tmp_path):
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl command on this machine")
    archive = tmp_path / "archive.p12"
    archive.write_bytes(pkcs12.encode(*material))
    command = [openssl, "pkcs12", "-in", str(archive), "-passin", "pass:", "-nodes", "-info"]
    version = subprocess.run([openssl, "version"], capture_output=True, text=True, check=True).stdout
    if version.startswith("OpenSSL ") and int(version.split()[1].split(".")[0]) >= 3:
        command.append("-legacy")
    done = subprocess.run(command, capture_output=True, text=True)
    if "unable to load provider legacy" in done.stderr:
        pytest.skip("this openssl has no legacy provider")
    assert done.returncode == 0, done.stderr
    assert "MAC: sha1, Iteration 2048" in done.stderr
    assert "PKCS7 Encrypted data: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048" in done.stderr
    assert "Shrouded Keybag: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048" in done.stderr
    body = "".join(done.stdout.split("-----BEGIN CERTIFICATE-----")[1].split("-----END")[0].split())
    assert (
        x509.load_pem_x509_certificate(
            f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n".encode()
        ).public_bytes(Encoding.DER)
        == material[1]
    )
