"""Seed data: an estate put into a subscription as if it had been there all along, and what of it could not be taken."""

from asm_emulator.seeding.entry import FORMATS, plant
from asm_emulator.seeding.reading import Report, SeedError

__all__ = ["FORMATS", "Report", "SeedError", "plant"]
