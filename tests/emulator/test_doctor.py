"""The doctor finds each thing that can be wrong, and nothing where all is well."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from asm_emulator import pki
from asm_emulator.doctor import (
    PROGRAMS,
    TRUST,
    Finding,
    certificates,
    examine,
    machine_clock,
    port_is_free,
    programs,
    proxies,
    trust,
)
from asm_emulator.emulator import Emulator
from asm_emulator.hosting import Hosting
from asm_emulator.wrapper import environment

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> pki.Paths:
    return pki.ensure(tmp_path_factory.mktemp("certs"), SUBSCRIPTION, "")


def problems(findings: object) -> list[Finding]:
    return [one for one in findings if not one.ok]  # type: ignore[attr-defined]


def test_all_is_well_beside_a_running_emulator(paths: pki.Paths) -> None:
    with Hosting(Emulator(), paths) as hosting:
        hosting.announce()
        try:
            found = list(examine(paths.directory, 8443, 8444, environment(paths, SUBSCRIPTION)))
        finally:
            hosting.withdraw()
    assert problems(found) == []
    assert not any("reaches" in one.what for one in found), "without a PATH nothing is tried"
    assert any("answers" in one.what for one in found)


def test_programs_of_this_machine_are_tried(paths: pki.Paths, tmp_path: Path) -> None:
    path = os.environ.get("PATH", "")
    installed = [name for name in PROGRAMS if shutil.which(name, path=path)]
    if not installed:
        pytest.skip(f"none of {', '.join(PROGRAMS)} is installed")
    home = {"PATH": path, "HOME": str(tmp_path)}
    with Hosting(Emulator(), paths) as hosting:
        found = list(programs(hosting.url, {**home, **environment(paths, SUBSCRIPTION)}))
        assert [(one.what, one.ok) for one in found] == [(f"{name} reaches the emulator", True) for name in installed]
        other = environment(pki.ensure(tmp_path / "other", SUBSCRIPTION, ""), SUBSCRIPTION)
        assert [one.ok for one in programs(hosting.url, {**home, **other})] == [False for _ in installed]
        assert list(programs(hosting.url, {**home, **other}, but=" ".join(TRUST))) == []


def test_a_killed_emulator_is_found_out(paths: pki.Paths) -> None:
    hosting = Hosting(Emulator(), paths)
    with hosting:
        hosting.announce()
    try:
        (found,) = problems(examine(paths.directory, 8443, 8444, environment(paths, SUBSCRIPTION)))
    finally:
        hosting.withdraw()
    assert "does not answer" in found.what


def test_clients_that_trust_somebody_else(paths: pki.Paths, tmp_path: Path) -> None:
    other = pki.ensure(tmp_path, SUBSCRIPTION, "")
    environ = {
        **environment(paths, SUBSCRIPTION),
        "SSL_CERT_FILE": str(other.ca),
        "CURL_CA_BUNDLE": str(tmp_path / "no"),
    }
    del environ["NODE_EXTRA_CA_CERTS"]
    found = problems(trust(paths.ca, environ))
    assert [one.what.partition(" ")[0].strip(":") for one in found] == ["Go,", "curl", "Node"]
    assert all("asm-emulator env" in one.mend for one in found)


@pytest.mark.parametrize(
    ("environ", "mend"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, "NO_PROXY=localhost"),
        ({"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": "a.example, localhost"}, None),
        ({"ALL_PROXY": "http://127.0.0.1:1"}, "NODE_USE_ENV_PROXY"),
        ({"ALL_PROXY": "http://127.0.0.1:1", "NODE_USE_ENV_PROXY": "1"}, None),
    ],
)
def test_proxies(environ: dict[str, str], mend: str | None) -> None:
    found = problems(proxies(environ, "https://localhost:8443"))
    assert [mend in one.mend for one in found if mend] == ([True] if mend else [])
    assert len(found) == (mend is not None)


def test_the_machines_clock(paths: pki.Paths) -> None:
    assert not machine_clock(datetime(1970, 1, 1, tzinfo=UTC)).ok
    assert machine_clock(datetime.now(UTC)).ok
    early = problems(certificates(paths.directory, datetime.now(UTC) - timedelta(days=800)))
    assert len(early) == 3
    assert "clock" in early[0].mend
    late = problems(certificates(paths.directory, datetime.now(UTC) + timedelta(days=36500)))
    assert len(late) == 3
    assert "delete" in late[0].mend


def test_a_certificate_too_short_for_openssl_and_one_that_is_none(tmp_path: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    paths = pki.ensure(tmp_path, SUBSCRIPTION, "")
    key = rsa.generate_private_key(65537, 1024)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "weak")])
    begin = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(begin).not_valid_after(begin + timedelta(days=99)).sign(key, SHA256())
    )  # fmt: skip
    paths.management.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    )
    paths.server_certificate.write_text("nothing")
    found = problems(certificates(tmp_path, datetime.now(UTC)))
    assert any("1024 bits" in one.what and "SECLEVEL" in one.mend for one in found)
    assert any("server's certificate cannot be read" in one.what for one in found)


def test_a_port_that_somebody_has() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = port_is_free("API", taken.getsockname()[1])
    assert not found.ok
    assert "--port 0" in found.mend


def test_the_command_says_it_and_its_exit_code_too(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "asm_emulator.cli", "doctor", "--certs", str(tmp_path), "--port", "0",
         "--control-port", "0"],
        env={"PATH": "", "HTTPS_PROXY": "http://proxy.example:1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "PROBLEM  HTTPS_PROXY" in done.stdout
    assert "mend: export NO_PROXY" in done.stdout
