"""Which description is read how."""

from __future__ import annotations

import json
from typing import Any, Final

from asm_emulator.seeding import documents, estate, vm_list
from asm_emulator.seeding.planting import Planter
from asm_emulator.seeding.reading import Report, SeedError
from asm_emulator.state import Draft

FORMATS: Final = ("estate", "deployment", "vm-list")


def plant(draft: Draft, found: Any, form: str, *, service: str | None = None, location: str = "West US") -> Report:
    """Put a description into the draft's subscription, and say what became of it.

    found: the description itself, or its text.  SeedError for what cannot be read, and then nothing is written.
    """
    report = Report()
    planter = Planter(draft, report, location)
    before = draft.savepoint()
    try:
        if form == "deployment":
            documents.read(found.encode() if isinstance(found, str) else _bytes(found), planter, service)
        elif form == "vm-list":
            vm_list.read(parsed(found), planter)
        else:
            estate.read(parsed(found), planter)
    except SeedError:
        draft.rollback(before)
        raise
    return report


def _bytes(found: Any) -> bytes:
    if not isinstance(found, bytes):
        raise SeedError("a Get Deployment document is given as its text")
    return found


def parsed(found: Any) -> Any:
    """What a text in JSON says, or in YAML where PyYAML is installed; anything else as it is."""
    if not isinstance(found, str):
        return found
    try:
        return json.loads(found)
    except (ValueError, RecursionError) as problem:
        try:
            import yaml
        except ImportError:
            raise SeedError(f"the description is no JSON ({problem}), and YAML needs PyYAML") from None
        try:
            return yaml.safe_load(found)
        except (yaml.YAMLError, RecursionError) as wrong:
            raise SeedError(f"the description is neither JSON nor YAML: {wrong}") from None
