"""Real clients as other people's processes, against a server of each test's own.

``make test-tools`` installs the clients into build/tools and runs these tests; a plain ``make test`` leaves them out.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from tests.tools.noting import WANTED, note_operations

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TOOLS = ROOT / "build" / "tools"
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
PATIENCE = 120.0
"""Seconds that one command of a client may take before the test gives up on it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.tools)


# -- what is installed -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def node() -> Path:
    """The folder of the Node clients."""
    if shutil.which("node") is None:
        pytest.skip("Node.js is not installed: the Node clients cannot run")
    modules = TOOLS / "node_modules"
    if not (modules / "azure-cli").exists():
        pytest.skip("the Node clients are not installed: make test-tools")
    return modules


@pytest.fixture(scope="session")
def python() -> Path:
    """The interpreter that has the Python clients, and nothing of ours."""
    found = TOOLS / "venv" / "bin" / "python"
    if not found.exists():
        pytest.skip("the Python clients are not installed: make test-tools")
    return found


# -- the server --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cloud:
    """A running emulator."""

    endpoint: str
    control: str
    certs: Path
    subscription: str = SUBSCRIPTION

    @property
    def port(self) -> int:
        return int(self.endpoint.rpartition(":")[2])


def shell_environment(home: Path) -> dict[str, str]:
    """What a person's shell has who never heard of the emulator, with a home directory of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(home), "NODE_NO_WARNINGS": "1"}


def emulator_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "asm_emulator.cli", *arguments]


def emulator_environment(base: Mapping[str, str]) -> dict[str, str]:
    """`base`, and where this checkout's packages are."""
    return {**base, "PYTHONPATH": os.pathsep.join(str(ROOT / one) for one in ("emulator", "client", "contracts"))}


@pytest.fixture(scope="session")
def hurry() -> str:
    """What NODE_OPTIONS must be for the Node clients to look after operations often: see hurry.cjs."""
    return f"--require={HERE / 'hurry.cjs'}"


@pytest.fixture(scope="session")
def as_installed() -> Callable[[Path], None]:
    """Writes the ``asm-emulator`` command of this checkout, as installing it would."""

    def write(path: Path) -> None:
        variables = emulator_environment({})
        path.write_text(
            f'#!/bin/sh\nPYTHONPATH={variables["PYTHONPATH"]} exec {sys.executable} -m asm_emulator.cli "$@"\n'
        )
        path.chmod(0o755)

    return write


@pytest.fixture
def wrapped(unconnected: Azure) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Runs a shell script under ``asm-emulator exec``, with ``azure`` in the PATH and a clean home directory."""

    def run(script: str) -> subprocess.CompletedProcess[str]:
        env = {**unconnected.env, "PATH": f"{unconnected.modules / '.bin'}{os.pathsep}{unconnected.env['PATH']}"}
        if unconnected.hurried:
            env["NODE_OPTIONS"] = f"--require={HERE / 'hurry.cjs'}"
        if WANTED in os.environ:
            env[WANTED] = os.environ[WANTED]
        command = [sys.executable, str(HERE / "noting.py")] if WANTED in env else ["sh", "-c"]
        return subprocess.run(
            emulator_command("exec", "--", *command, script), env=emulator_environment(env), cwd=unconnected.cwd,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip

    return run


@pytest.fixture
def printed(wrapped: Callable[[str], subprocess.CompletedProcess[str]]) -> Callable[[str], str]:
    """What a script prints under ``asm-emulator exec``; it must end well."""

    def run(script: str) -> str:
        done = wrapped(script)
        output = plain(done.stdout + done.stderr)
        assert done.returncode == 0, output
        return output

    return run


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A server as ``asm-emulator serve`` starts it, at its default pace; one for all tests of a process."""
    folder = tmp_path_factory.mktemp("server")
    command = emulator_command("serve", "--port", "0", "--control-port", "0", "--pace", "quick", "--certs", str(folder))
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env=emulator_environment(os.environ)
        )
        try:
            assert process.stdout is not None
            banner = ""
            while "try:" not in banner:
                line = process.stdout.readline()
                assert line, f"the server did not start: {(folder / 'server.log').read_text()}"
                banner += line
            endpoint, control = (re.findall(rf"{name} +(\S+)", banner)[0] for name in ("endpoint", "control"))
            yield Cloud(endpoint, control, folder)
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)
    said = (folder / "server.log").read_text()
    assert "Traceback" not in said, said


@pytest.fixture
def cloud(server: Cloud) -> Iterator[Cloud]:
    """A server that knows nothing yet."""
    request = urllib.request.Request(f"{server.control}/reset", method="POST")
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        answer.read()
    yield server
    note_operations(server.control)


@pytest.fixture
def plain_environment() -> Callable[[Path], dict[str, str]]:
    """See `shell_environment`."""
    return shell_environment


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A clean home directory."""
    found = tmp_path / "home"
    found.mkdir()
    write_settings(found)
    return found


def write_settings(home: Path) -> None:
    """The one thing the azure command needs to have been told, or its first run asks."""
    (home / ".azure").mkdir()
    (home / ".azure" / "telemetry.json").write_text('{"telemetry":false}')


# -- azure-cli ---------------------------------------------------------------------------------------------------------

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def plain(text: str) -> str:
    """Text without a terminal's colours."""
    return _COLOURS.sub("", text)


@dataclass
class Failed(Exception):
    """A command that ended with an exit code that is not 0."""

    code: int
    output: str

    def __str__(self) -> str:
        return f"exit code {self.code}\n{self.output}"


@dataclass
class Azure:
    """The ``azure`` command, unmodified, in service management mode."""

    modules: Path
    env: dict[str, str]
    cwd: Path
    hurried: bool = True
    """Whether it looks after operations often: see hurry.cjs."""

    last: str = field(default="", repr=False)

    @property
    def command(self) -> list[str]:
        return ["node", str(self.modules / "azure-cli" / "bin" / "azure")]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        env = dict(self.env)
        if self.hurried:
            env["NODE_OPTIONS"] = f"--require={HERE / 'hurry.cjs'}"
        return subprocess.run(
            [*self.command, *arguments], env=env, cwd=self.cwd, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=PATIENCE,
        )  # fmt: skip

    def __call__(self, line: str, *more: str) -> str:
        """Run a command, given as one line and further arguments as they are; what it printed."""
        done = self.run(*line.split(), *more)
        self.last = plain(done.stdout + done.stderr)
        if done.returncode:
            raise Failed(done.returncode, f"azure {line} {' '.join(more)}\n{self.last}")
        return self.last

    def json(self, line: str, *more: str) -> Any:
        """Run a command with ``--json``; what it answered, None for nothing."""
        done = self.run(*line.split(), *more, "--json")
        if done.returncode:
            raise Failed(done.returncode, f"azure {line} {' '.join(more)}\n{plain(done.stdout + done.stderr)}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    @staticmethod
    def eventually(found: Callable[[], Any]) -> Any:
        """See `eventually`."""
        return eventually(found)

    def ready(self, name: str) -> dict[str, Any]:
        """A virtual machine, once it has booted."""
        found: dict[str, Any] = {}

        def booted() -> bool:
            found.update(self.json(f"vm show {name}"))
            return found["InstanceStatus"] == "ReadyRole"

        eventually(booted)
        return found

    def refused(self, line: str, *more: str) -> str:
        """Run a command that must fail; its first error message."""
        done = self.run(*line.split(), *more)
        output = plain(done.stdout + done.stderr)
        assert done.returncode != 0, output
        found = re.search(r"^error: +(.*)$", output, re.MULTILINE)
        assert found, output
        return found[1]


ENVIRONMENT_OPTIONS = {
    "portal-url": "https://localhost/portal",
    "publishing-profile-url": "https://localhost/publishsettings",
    "sql-server-hostname-suffix": ".database.windows.net",
    "active-directory-endpoint-url": "https://login.windows.net",
    "active-directory-resource-id": "https://management.core.windows.net/",
    "gallery-endpoint-url": "https://gallery.azure.com",
    "active-directory-graph-resource-id": "https://graph.windows.net",
    "active-directory-graph-api-version": "2013-04-05",
    "storage-endpoint-suffix": ".core.windows.net",
    "key-vault-dns-suffix": ".vault.azure.net",
    "azure-data-lake-store-file-system-endpoint-suffix": "azuredatalakestore.net",
    "azure-data-lake-analytics-catalog-and-job-endpoint-suffix": "azuredatalakeanalytics.net",
}
"""What ``account env add`` asks for besides the addresses of the management service; none of it is ever called."""


def add_environment(azure: Azure, cloud: Cloud) -> None:
    """Tell the command about the emulator, and give it the subscription."""
    azure("config mode asm")
    options = {
        **ENVIRONMENT_OPTIONS,
        "management-endpoint-url": cloud.endpoint,
        "resource-manager-endpoint-url": cloud.endpoint,
        "sql-management-endpoint-url": cloud.endpoint,
    }
    given = [part for key, one in options.items() for part in (f"--{key}", one)]
    azure("account env add --environment emulator", *given)
    azure("account import", str(cloud.certs / "asm-emulator.publishsettings"))


@pytest.fixture
def unconnected(node: Path, home: Path, tmp_path: Path) -> Azure:
    """The command in a clean home directory, knowing no subscription."""
    work = tmp_path / "work"
    work.mkdir()
    return Azure(node, shell_environment(home), work)


@pytest.fixture(scope="session")
def account(node: Path, server: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home directory in which nothing has happened but `add_environment`, to be copied."""
    home = tmp_path_factory.mktemp("home")
    write_settings(home)
    env = {**shell_environment(home), "NODE_EXTRA_CA_CERTS": str(server.certs / "ca.pem")}
    add_environment(Azure(node, env, home), server)
    return home


@pytest.fixture
def connect(unconnected: Azure, cloud: Cloud) -> Callable[[], None]:
    """Connects the command that knows no subscription."""
    unconnected.env["NODE_EXTRA_CA_CERTS"] = str(cloud.certs / "ca.pem")
    return lambda: add_environment(unconnected, cloud)


@pytest.fixture(scope="session")
def images(node: Path, server: Cloud, account: Path) -> dict[str, str]:
    """The names of a Linux and a Windows image, as the command lists them."""
    env = {**shell_environment(account), "NODE_EXTRA_CA_CERTS": str(server.certs / "ca.pem")}
    found = {image["label"]: image["name"] for image in Azure(node, env, account).json("vm image list")}
    return {
        "linux": max(name for label, name in found.items() if "Ubuntu" in label),
        "windows": max(name for label, name in found.items() if "Windows Server 2012 R2 Datacenter" in label),
    }


@pytest.fixture
def azure(unconnected: Azure, cloud: Cloud, account: Path) -> Azure:
    """The command, connected to a running emulator."""
    shutil.copytree(account, unconnected.env["HOME"], dirs_exist_ok=True)
    unconnected.env["NODE_EXTRA_CA_CERTS"] = str(cloud.certs / "ca.pem")
    return unconnected


def eventually(found: Callable[[], Any], seconds: float = 30.0) -> Any:
    """What `found` says once it says something true."""
    end = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < end, "it did not come about"
    return answer


# -- a certificate to upload -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KeyPair:
    """A self-signed certificate in the forms that clients take."""

    pem: Path
    """Certificate, PEM."""

    key: Path
    """Private key, PEM."""

    pfx: Path
    """Both, PKCS#12 with the password ``secret``."""

    thumbprint: str


@pytest.fixture(scope="session")
def keypair(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    folder = tmp_path_factory.mktemp("keypair")
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "uploaded")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    thumbprint = certificate.fingerprint(hashes.SHA1()).hex().upper()
    found = KeyPair(folder / "cert.pem", folder / "key.pem", folder / "cert.pfx", thumbprint)
    found.pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    found.key.write_bytes(private)
    found.pfx.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"uploaded", key, certificate, None, serialization.BestAvailableEncryption(b"secret")
        )
    )
    return found
