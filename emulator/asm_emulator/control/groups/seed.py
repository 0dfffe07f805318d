"""Seed data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from asm_emulator.control.plane import Plane, refusing
from asm_emulator.seeding import SeedError, plant


def seed(
    plane: Plane, estate: Any, format: str, subscription: str | None, service: str | None, location: str
) -> dict[str, Any]:
    wanted = plane.subscription(subscription or plane.emulator.subscription)
    with refusing(SeedError, 400):
        report = plane.emulator.engine.change(
            wanted, lambda draft: plant(draft, estate, format, service=service, location=location)
        )
    return {"subscription": wanted, **asdict(report)}
