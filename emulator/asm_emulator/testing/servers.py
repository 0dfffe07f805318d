"""Where the tests' emulator is: in this process without sockets, in a process for all workers, or running already."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from asm_emulator.controlling import Control

if TYPE_CHECKING:
    import requests

    from asm_client import Client
    from asm_client.transport import Transport
    from asm_emulator.emulator import Emulator
    from asm_emulator.pki import Paths

STARTING: Final = 30.0
"""Seconds that a server may take to start."""
IN_PROCESS: Final = "https://management.core.windows.net"


class World(Protocol):
    """An emulator as tests reach it."""

    control: Control
    endpoint: str
    certificate: Path
    ca: Path

    def client(self, subscription: str, version: str | None = None) -> Client:
        """Our client."""
        ...

    def session(self) -> requests.Session:
        """A session of requests that reaches it."""
        ...

    def environment(self, subscription: str) -> dict[str, str]:
        """The variables for a process of its own."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...


class InProcess:
    """An emulator in this process.  The fastest; there is nothing for other processes to connect to."""

    def __init__(self, paths: Paths, **options: Any) -> None:
        from asm_emulator.emulator import Emulator

        self._der = paths.management_certificate.read_bytes()
        self.emulator: Emulator = Emulator(certificates=[self._der], **options)
        self.control = Control.within(self.emulator)
        self.endpoint = IN_PROCESS
        self.certificate = paths.management
        self.ca = paths.ca

    def _transport(self) -> Transport:
        from asm_client.transport import WSGITransport

        return WSGITransport(self.emulator.app.wsgi_app, self._der)

    def client(self, subscription: str, version: str | None = None) -> Client:
        """Our client, straight into the application."""
        return _client(self._transport(), subscription, version)

    def session(self) -> requests.Session:
        """A session whose ``https://`` is the application."""
        import requests

        from asm_emulator.testing.adapter import WSGIAdapter

        session = requests.Session()
        session.trust_env = False
        session.mount("https://", WSGIAdapter(self._transport()))
        return session

    def environment(self, subscription: str) -> dict[str, str]:
        """There is none: RuntimeError."""
        raise RuntimeError(
            f"subscription {subscription} is in this process and has no address: use --asm-emulator=shared"
        )

    def close(self) -> None:
        """Nothing is held open."""


class Served:
    """An emulator that listens, in whatever process."""

    def __init__(self, control: Control, endpoint: str, paths: Paths) -> None:
        self.control = control
        self.endpoint = endpoint
        self.paths = paths
        self.certificate = paths.management
        self.ca = paths.ca
        self._sessions: list[requests.Session] = []
        self._clients: list[Client] = []

    def client(self, subscription: str, version: str | None = None) -> Client:
        """Our client, over mutual TLS."""
        from asm_client.transport import HttpsTransport

        made = _client(HttpsTransport(self.endpoint, self.certificate, ca=self.ca), subscription, version)
        self._clients.append(made)
        return made

    def session(self) -> requests.Session:
        """A session with certificate and trust, which goes past any proxy."""
        import requests

        session = requests.Session()
        session.trust_env = False
        session.cert = str(self.certificate)
        session.verify = str(self.ca)
        self._sessions.append(session)
        return session

    def environment(self, subscription: str) -> dict[str, str]:
        """What `asm-emulator env` prints, for this subscription."""
        from asm_emulator import wrapper

        return {
            **wrapper.environment(self.paths, subscription),
            "ASM_EMULATOR_ENDPOINT": self.endpoint,
            "ASM_EMULATOR_CONTROL": self.control.url,
        }

    def close(self) -> None:
        """Close the connections of the sessions and clients given out."""
        for session in self._sessions:
            session.close()
        for client in self._clients:
            client.close()
        self._sessions.clear()
        self._clients.clear()


def _client(transport: Transport, subscription: str, version: str | None) -> Client:
    from asm_client.client import VERSION, Client

    return Client(transport, subscription, version=version or VERSION)


# -- starting ---------------------------------------------------------------------------------------------------------


def in_process(directory: Path, pace: str = "manual", seed: str = "asm-emulator") -> InProcess:
    """An emulator in this process, its certificates in `directory`."""
    from asm_emulator import pki

    return InProcess(pki.ensure(directory, "00000000-0000-0000-0000-000000000001", ""), pace=pace, seed=seed)


def running(url: str, token: str | None = None) -> Served:
    """The emulator whose control plane is at `url`; it must be on this machine.  Raises ControlError."""
    from asm_emulator import pki

    control = Control(url, token)
    found = control.configuration()
    paths = pki.ensure(Path(found["certs"]), found["subscription"], found["endpoint"])
    return Served(control, found["endpoint"], paths)


def shared(directory: Path, watched: int, pace: str = "manual", seed: str = "asm-emulator") -> Served:
    """The emulator of everybody who names this directory: the first one starts it, and it ends with process `watched`.

    RuntimeError if it does not start.
    """
    directory.mkdir(parents=True, exist_ok=True)
    announced = directory / "control"
    with _alone(directory / "lock"):
        if not announced.exists():
            log = directory / "server.log"
            with log.open("wb") as output:
                process = subprocess.Popen(
                    [sys.executable, "-m", "asm_emulator.testing.server", str(directory), str(watched), pace, seed],
                    stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
                )  # fmt: skip
            deadline = time.monotonic() + STARTING
            while not announced.exists():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the emulator does not start: {log.read_text(errors='replace')[-2000:]}")
                time.sleep(0.02)
            process.returncode = 0  # it is nobody's child to wait for: it ends by itself
    return running(announced.read_text())


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time."""
    with path.open("a+b") as file:
        _lock(file)
        yield


def _lock(file: io.BufferedRandom) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        fcntl.flock(file, fcntl.LOCK_EX)


def controller() -> int:
    """The process that a test run ends with: of an xdist worker its parent, else this one."""
    return os.getppid() if os.environ.get("PYTEST_XDIST_WORKER") else os.getpid()


@contextmanager
def scratch() -> Iterator[Path]:
    """A directory for certificates, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="asm-emulator-") as name:
        yield Path(name)
