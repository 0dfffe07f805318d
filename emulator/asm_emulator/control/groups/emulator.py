"""The emulator as a whole."""

from __future__ import annotations

import dataclasses
import platform
from typing import Any

from asm_emulator import __version__
from asm_emulator.control.groups.clock import clock
from asm_emulator.control.plane import Plane


def health(plane: Plane) -> dict[str, Any]:
    emulator = plane.emulator
    return {
        "status": "ok",
        "version": __version__,
        "endpoint": plane.endpoint,
        "subscription": emulator.subscription,
        **clock(plane),
    }


def ready(plane: Plane) -> None:
    """Nothing listens before everything is there."""


def version(plane: Plane) -> dict[str, Any]:  # noqa: ARG001
    from OpenSSL import SSL

    return {
        "version": __version__,
        "python": platform.python_version(),
        "openssl": SSL.SSLeay_version(SSL.SSLEAY_VERSION).decode(),
    }


def configuration(plane: Plane) -> dict[str, Any]:
    emulator = plane.emulator
    return {
        "endpoint": plane.endpoint,
        "subscription": emulator.subscription,
        "pace": emulator.engine.pace.name,
        "scale": emulator.engine.pace.scale,
        "seed": emulator.engine.seed,
        "open_enrolment": emulator.open_enrolment,
        "day": emulator.engine.terms.day.isoformat(),
        "storage_anywhere": emulator.engine.terms.storage_anywhere,
        "quotas": dataclasses.asdict(emulator.quotas),
        "log_size": emulator.log.capacity,
        "state": None if emulator.state_directory is None else str(emulator.state_directory.resolve()),
        "token": plane.token is not None,
        **plane.settings,
    }


def reset(plane: Plane) -> dict[str, Any]:
    plane.emulator.reset()
    return {"status": "ok"}
