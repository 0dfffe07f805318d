"""The control plane: health, reset and time, as JSON on a loopback port of its own.

Never on the API's port.  Requests that a web page of another origin could send (a foreign Host or Origin header) are
refused, so nothing but a program on this machine can reach it.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, jsonify, request

from asm_emulator import __version__

if TYPE_CHECKING:
    from asm_emulator.emulator import Emulator

_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_YEAR: Final = 366 * 24 * 3600.0

ENDPOINTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("GET", "/health", "Whether the emulator answers, its version and its endpoint."),
    ("POST", "/reset", "Forget everything but the first subscription and its certificates."),
    ("GET", "/clock", "The emulator's time, its pace, and how many steps are pending."),
    ("POST", "/clock/advance", 'Move the time forward: {"seconds": 90}. Due work happens at once.'),
)
"""Verb, path and purpose of each control endpoint; the documentation is checked against it."""


class Refused(Exception):
    """A control request that cannot be done: status and reason."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


def create_control(emulator: Emulator, endpoint: str) -> Flask:
    """The control application of an emulator that listens at `endpoint`."""
    app = Flask(__name__, static_folder=None)

    @app.before_request
    def only_from_here() -> None:
        host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
        origin = request.headers.get("Origin")
        if host not in _LOCAL or (origin is not None and origin != f"http://{request.host}"):
            raise Refused(403, "the control plane answers programs on this machine only")

    @app.errorhandler(Refused)
    def refused(problem: Refused) -> tuple[Response, int]:
        return jsonify(error=str(problem)), problem.status

    @app.errorhandler(404)
    @app.errorhandler(405)
    def unknown(_problem: Exception) -> tuple[Response, int]:
        return jsonify(
            error="no such control endpoint", endpoints=[f"{verb} {path}" for verb, path, _ in ENDPOINTS]
        ), 404

    @app.get("/health")
    def health() -> Response:
        return jsonify(
            status="ok", version=__version__, endpoint=endpoint, subscription=emulator.subscription, **_clock(emulator)
        )

    @app.post("/reset")
    def reset() -> Response:
        emulator.reset()
        return jsonify(status="ok")

    @app.get("/clock")
    def clock() -> Response:
        return jsonify(_clock(emulator))

    @app.post("/clock/advance")
    def advance() -> Response:
        emulator.advance(timedelta(seconds=_seconds()))
        return jsonify(_clock(emulator))

    return app


def _clock(emulator: Emulator) -> dict[str, Any]:
    engine = emulator.engine
    return {
        "now": engine.clock.now().astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "pace": engine.pace.name,
        "pending": len(engine.settled().steps),
    }


def _seconds() -> float:
    document = request.get_json(silent=True) if request.mimetype == "application/json" else None
    given = document.get("seconds") if isinstance(document, dict) else request.values.get("seconds")
    try:
        seconds = float(given)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise Refused(400, "give the number of seconds to advance") from None
    if not 0 <= seconds <= _YEAR:
        raise Refused(400, "seconds must be between 0 and a year")
    return seconds
