"""The certificates made on first use."""

import base64
import hashlib
import os
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID

from asm_emulator import pki

SUBSCRIPTION = "1a2b3c4d-0000-0000-0000-000000000000"
ENDPOINT = "https://localhost:8443"


@pytest.fixture
def made(tmp_path):
    return pki.ensure(tmp_path / "certs", SUBSCRIPTION, ENDPOINT)


def again(paths, **changes):
    settings = {"subscription_id": SUBSCRIPTION, "endpoint": ENDPOINT, **changes}
    return pki.ensure(paths.directory, **settings)


def contents(paths):
    return {path.name: path.read_bytes() for path in paths.directory.iterdir() if path.name != ".lock"}


def server_certificate(paths):
    return x509.load_pem_x509_certificate(paths.server_certificate.read_bytes())


def names(certificate):
    stated = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in stated}


def test_everything_is_made_and_private_keys_are_private(made):
    assert sorted(contents(made)) == [
        "asm-emulator.publishsettings",
        "ca.key",
        "ca.pem",
        "management.cer",
        "management.pem",
        "server.key",
        "server.pem",
    ]
    for path in made.directory.iterdir():
        private = b"PRIVATE KEY" in path.read_bytes() or path == made.publish_settings
        assert stat.S_IMODE(path.stat().st_mode) == (0o600 if private else 0o644), path
    assert b"PRIVATE KEY" not in made.ca.read_bytes() + made.server_certificate.read_bytes()


def test_the_server_certificate_is_one_that_strict_clients_accept(made):
    certificate = server_certificate(made)
    ca = x509.load_pem_x509_certificate(made.ca.read_bytes())
    certificate.verify_directly_issued_by(ca)
    assert names(certificate) == set(pki.SERVER_NAMES)
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc <= timedelta(days=825)
    extensions = certificate.extensions
    usage = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    authority = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    subject = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert authority.key_identifier == subject.digest
    assert ca.extensions.get_extension_for_class(x509.BasicConstraints).critical


def test_openssl_finds_the_chain_strictly_right(made):
    if shutil.which("openssl") is None:
        pytest.skip("no openssl command on this machine")
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "localhost"]
    subprocess.run([*command, "-CAfile", made.ca, made.server_certificate], check=True, capture_output=True)


def test_the_management_files_belong_together(made):
    pem = made.management.read_bytes()
    assert pem.index(b"PRIVATE KEY") < pem.index(b"BEGIN CERTIFICATE")
    key = load_pem_private_key(pem, None)
    certificate = x509.load_pem_x509_certificate(pem)
    assert isinstance(key, rsa.RSAPrivateKey) and key.key_size == 2048
    certificate.verify_directly_issued_by(certificate)
    assert certificate.public_key() == key.public_key()
    assert made.management_certificate.read_bytes() == certificate.public_bytes(Encoding.DER)


def test_publish_settings_in_the_second_form(made):
    root = ElementTree.parse(made.publish_settings).getroot()
    assert root.tag == "PublishData"
    [profile] = root
    assert profile.attrib == {"SchemaVersion": "2.0", "PublishMethod": "AzureServiceManagementAPI"}
    [subscription] = profile
    assert subscription.get("Id") == SUBSCRIPTION
    assert subscription.get("ServiceManagementUrl") == ENDPOINT
    assert subscription.get("Name")
    archive = load_pkcs12(base64.b64decode(subscription.get("ManagementCertificate")), None)
    assert archive.cert.certificate.public_bytes(Encoding.DER) == made.management_certificate.read_bytes()
    assert archive.key.public_key() == archive.cert.certificate.public_key()


def test_a_second_start_changes_nothing(made):
    before = contents(made)
    assert again(made) == made
    assert contents(made) == before


def test_publish_settings_follow_subscription_and_endpoint(made):
    before = contents(made)
    again(made, subscription_id='other & "more"', endpoint="https://management.core.windows.net/")
    after = contents(made)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"asm-emulator.publishsettings"}
    subscription = ElementTree.parse(made.publish_settings).getroot()[0][0]
    assert subscription.get("Id") == 'other & "more"'


def test_an_expired_server_certificate_is_renewed_by_the_same_ca(made):
    before = contents(made)
    later = datetime.now(UTC) + timedelta(days=815)
    again(made, now=later)
    after = contents(made)
    assert {name for name in before if before[name] != after[name]} == {"server.key", "server.pem"}
    assert server_certificate(made).not_valid_after_utc > later + timedelta(days=700)


def test_an_expired_ca_is_replaced_with_all_it_signed(made):
    before = contents(made)
    later = datetime.now(UTC) + timedelta(days=4000)
    again(made, now=later)
    ca = x509.load_pem_x509_certificate(made.ca.read_bytes())
    assert ca.subject != x509.load_pem_x509_certificate(before["ca.pem"]).subject
    server_certificate(made).verify_directly_issued_by(ca)
    assert made.management.read_bytes() == before["management.pem"]


def test_the_server_never_outlives_its_ca_nor_is_renewed_at_every_start_near_its_end(made):
    ca = x509.load_pem_x509_certificate(made.ca.read_bytes())
    late = ca.not_valid_after_utc - timedelta(days=10)
    again(made, now=late)
    first = made.server_certificate.read_bytes()
    assert server_certificate(made).not_valid_after_utc <= ca.not_valid_after_utc
    again(made, now=late)
    assert made.server_certificate.read_bytes() == first


def test_missing_names_are_added(made):
    again(made, names=("emulator.example", "10.1.2.3", "localhost"))
    assert names(server_certificate(made)) == {*pki.SERVER_NAMES, "emulator.example", "10.1.2.3"}
    kept = made.server_certificate.read_bytes()
    again(made)
    assert made.server_certificate.read_bytes() == kept


@pytest.mark.parametrize("name", ["server.pem", "server.key", "management.cer", "asm-emulator.publishsettings"])
@pytest.mark.parametrize("harm", ["removed", "emptied", "spoilt"])
def test_what_can_be_derived_is_made_again(made, name, harm):
    path = made.directory / name
    management = made.management.read_bytes()
    if harm == "removed":
        path.unlink()
    else:
        path.write_bytes(b"" if harm == "emptied" else b"-----BEGIN CERTIFICATE-----\nAAAA\n")
    again(made)
    server_certificate(made).verify_directly_issued_by(x509.load_pem_x509_certificate(made.ca.read_bytes()))
    assert made.management.read_bytes() == management
    assert made.management_certificate.read_bytes() == pki.load_certificate_der(made.management)
    ElementTree.parse(made.publish_settings)


def test_a_management_certificate_of_ones_own_is_kept(made, tmp_path):
    other = pki.ensure(tmp_path / "other", SUBSCRIPTION, ENDPOINT)
    made.management.write_bytes(other.management.read_bytes())
    made.management.chmod(0o644)
    again(made)
    assert made.management.read_bytes() == other.management.read_bytes()
    assert made.management_certificate.read_bytes() == other.management_certificate.read_bytes()
    assert stat.S_IMODE(made.management.stat().st_mode) == 0o600


def test_a_spoilt_management_file_is_never_overwritten(made):
    made.management.write_text("precious")
    with pytest.raises(pki.CertificateError, match=r"management\.pem does not hold a private key"):
        again(made)
    assert made.management.read_text() == "precious"


def test_a_directory_that_cannot_be_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(pki.CertificateError, match=r"^cannot keep certificates in [^\n]+$"):
        pki.ensure(tmp_path / "file", SUBSCRIPTION, ENDPOINT)


def test_a_failed_write_leaves_nothing_behind(made, monkeypatch):
    before = contents(made)
    made.server_certificate.unlink()

    def fail(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pki.Path, "replace", fail)
    with pytest.raises(pki.CertificateError, match="No space left on device"):
        again(made)
    assert set(contents(made)) == set(before) - {"server.pem"}


def test_two_first_starts_at_once_agree(tmp_path):
    script = (
        "import sys; from pathlib import Path; from asm_emulator import pki\n"
        "sys.stdin.readline()\n"
        "pki.ensure(Path(sys.argv[1]), 'sub', 'https://localhost:1')\n"
        "print(*(p.name + pki.hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(Path(sys.argv[1]).iterdir())))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", script, str(tmp_path / "certs")]
    processes = [
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in processes:  # all have been started: let them go
        process.stdin.write("go\n")
        process.stdin.flush()
    said = {process.communicate(timeout=60)[0] for process in processes}
    assert len(said) == 1
    assert [process.returncode for process in processes] == [0, 0, 0]


def test_thumbprint(made):
    der = made.management_certificate.read_bytes()
    assert pki.thumbprint(der) == hashlib.sha1(der).hexdigest().upper()
    certificate = x509.load_der_x509_certificate(der)
    assert pki.thumbprint(der) == pki.hashlib.sha1(certificate.public_bytes(Encoding.DER)).hexdigest().upper()


def test_certificates_of_the_user_are_read_in_both_forms(made, tmp_path):
    der = made.management_certificate.read_bytes()
    assert pki.load_certificate_der(made.management_certificate) == der
    assert pki.load_certificate_der(made.management) == der
    bare = tmp_path / "mycert.cer"
    bare.write_bytes(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM))
    assert pki.load_certificate_der(bare) == der


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_what_is_no_certificate_is_a_clear_error(tmp_path, content):
    path = tmp_path / "mycert.cer"
    path.write_bytes(content)
    with pytest.raises(pki.CertificateError, match=r"mycert\.cer is not an X\.509 certificate"):
        pki.load_certificate_der(path)


def test_a_key_alone_is_a_clear_error(made):
    with pytest.raises(pki.CertificateError, match=r"ca\.key holds no certificate"):
        pki.load_certificate_der(made.ca_key)


def test_an_absent_certificate_is_a_clear_error(tmp_path):
    with pytest.raises(pki.CertificateError, match=r"cannot read .*absent\.cer: No such file"):
        pki.load_certificate_der(tmp_path / "absent.cer")
