"""An emulator that listens: the API over mutual TLS, the control plane on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from asm_emulator.control import Plane, create_control
from asm_emulator.emulator import Emulator
from asm_emulator.pki import Paths
from asm_emulator.server import Limits, Server, TLSFiles
from asm_emulator.wsgi import front_refusals, room_for

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATE_FILE: Final = "endpoint.json"
"""Beside the certificates: where the server that uses them listens, for the other commands."""


CONTROL_BODY: Final = 256 * 1024 * 1024
"""Bytes of a control request's body at most: a snapshot to import."""


class Hosting:
    """Serves an emulator until stopped.

    Port 0 takes a free one; `control_port` None leaves the control plane out, and with `control_token` it answers only
    those who know that.  `start` raises AddressInUse for a busy
    port, with nothing left listening.
    """

    def __init__(
        self,
        emulator: Emulator,
        paths: Paths,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        control_port: int | None = 0,
        control_token: str | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.emulator = emulator
        self.paths = paths
        self._control_port = control_port
        self._control_token = control_token
        self.control: Server | None = None
        self.api = Server(
            emulator.wsgi,
            host=host,
            port=port,
            tls=TLSFiles(paths.server_certificate, paths.server_key),
            limits=limits,
            refuse=front_refusals(emulator.service),
            room=room_for(emulator.service),
            name="asm-api",
        )

    @property
    def url(self) -> str:
        """Where the API is, as a client on this machine says it: ``https://localhost:8443``."""
        return self.api.url.replace("//127.0.0.1:", "//localhost:")

    @property
    def control_url(self) -> str | None:
        """Where the control plane is."""
        return self.control.url if self.control is not None else None

    def start(self) -> None:
        """Listen on both ports."""
        self.api.start()
        if self._control_port is None:
            return
        settings = {"certs": str(self.paths.directory.resolve()), "ca": str(self.paths.ca.resolve())}
        self.control = Server(
            _Later(lambda: create_control(Plane(self.emulator, self.url, self._control_token, settings))),
            port=self._control_port,
            limits=Limits(body=CONTROL_BODY),
            name="asm-control",
        )
        self.emulator.watch.open()
        try:
            self.control.start()
        except OSError:
            self.control = None
            self.api.stop(0)
            raise

    def stop(self) -> None:
        """Stop listening."""
        self.api.stop()
        if self.control is not None:
            self.emulator.watch.close()  # who looks at the page waits in a request
            self.control.stop()

    def announce(self, directory: Path | None = None) -> None:
        """Write where this server listens beside its certificates, or into another directory."""
        found = {"endpoint": self.url, "control": self.control_url, "subscription": self.emulator.subscription}
        ((directory or self.paths.directory) / STATE_FILE).write_text(json.dumps(found, indent=1) + "\n")

    def withdraw(self) -> None:
        """Remove what `announce` wrote, if it still speaks of this server."""
        file = self.paths.directory / STATE_FILE
        if announced(self.paths.directory).get("endpoint") == self.url:
            file.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Later:
    """An application that is made when it is first asked for something: most runs never speak to the control plane."""

    def __init__(self, make: Callable[[], WSGIApplication]) -> None:
        self._make = make
        self._making = threading.Lock()
        self._made: WSGIApplication | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self._made is None:
            with self._making:
                self._made = self._made or self._make()
        return self._made(environ, start_response)


def announced(directory: Path) -> dict[str, Any]:
    """What a server that uses this directory's certificates last wrote; empty if none did."""
    try:
        found = json.loads((directory / STATE_FILE).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
