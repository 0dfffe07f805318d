"""For people who test what speaks to the classic Azure: fixtures for pytest, a mixin for unittest, a world for both.

Nothing is imported before it is used: pytest loads this package in every project where it is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asm_emulator.testing.cases import AzureClassic
    from asm_emulator.testing.world import Azure, Clock, Faults, Maintenance, Snapshots

__all__ = ["Azure", "AzureClassic", "Clock", "Faults", "Maintenance", "Snapshots"]


def __getattr__(name: str) -> Any:
    import importlib

    if name == "AzureClassic":
        return importlib.import_module("asm_emulator.testing.cases").AzureClassic
    if name in __all__:
        return getattr(importlib.import_module("asm_emulator.testing.world"), name)
    raise AttributeError(name)
