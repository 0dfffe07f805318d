"""The control plane: time, faults, state and the request log, as JSON on a loopback port of its own.

Never on the API's port.  Requests that a web page of another origin could send (a foreign Host or Origin header) are
refused, so nothing but a program on this machine can reach it; with a token, only one that knows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from asm_emulator.control.plane import Plane
from asm_emulator.control.table import ENDPOINTS
from asm_emulator.control.terms import Endpoint, Refused

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["ENDPOINTS", "Endpoint", "Plane", "Refused", "create_control"]


def create_control(plane: Plane) -> Flask:
    """The control application."""
    from asm_emulator.control.app import create_control as create  # the table is read without Flask

    return create(plane)
