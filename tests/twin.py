"""A driver of the contract suite that asks two emulators the same, one on every short way and one on none.

Both have the same seed and stand still together, so that their answers are the same to the byte, or one of them is
wrong.  Every read is sent twice: the second answer is one that may be given again.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from asm_client import WSGITransport
from asm_client.transport import Response
from asm_contracts.suite.driver import Settings
from asm_emulator.app import ShortWay
from asm_emulator.driver import InProcessDriver
from asm_emulator.emulator import Emulator

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def plain_application(emulator: Emulator) -> WSGIApplication:
    """The emulator's application with every short way closed."""
    emulator.service.answers = None
    application = emulator.app.wsgi_app
    assert isinstance(application, ShortWay)
    return application.flask


class Both:
    """Sends everything both ways, and answers what both answer."""

    def __init__(self, short: WSGITransport, plain: WSGITransport, lock: threading.Lock) -> None:
        self._ways = (short, plain)
        self._lock = lock

    def send(self, verb: str, path_with_query: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Send a request, a read twice.  AssertionError if the answers differ."""
        with self._lock:  # or the two would see several callers in another order
            for _ in range(2 if verb == "GET" else 1):
                short, plain = (way.send(verb, path_with_query, headers, body) for way in self._ways)
                assert short == plain, f"{verb} {path_with_query}: {short} the short way, {plain} the plain one"
        return short

    def close(self) -> None:
        """Nothing is held open."""


class TwinDriver(InProcessDriver):
    """As the driver in process, with a twin."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        (own,) = self.emulator._certificates
        self.twin = Emulator(subscription=settings.subscription, certificates=(own,), pace="manual")
        application = plain_application(self.twin)
        lock = threading.Lock()
        for identity, short in self._transports.items():
            assert isinstance(short, WSGITransport)
            self._transports[identity] = Both(short, WSGITransport(application, short.certificate_der), lock)
        self.client.transport = self._transports["own"]

    def advance(self, by: timedelta) -> None:
        super().advance(by)
        self.twin.advance(by)

    def reset(self) -> None:
        super().reset()
        self.twin.reset()
