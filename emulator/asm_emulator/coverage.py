"""Which operations are emulated: one row each, from the declarations."""

from __future__ import annotations

from dataclasses import dataclass

from asm_contracts import declined
from asm_contracts.catalogue import all_operations
from asm_emulator.areas import AREAS
from asm_emulator.exchange import is_served, served_operations


@dataclass(frozen=True, slots=True)
class Row:
    """One operation in the coverage table."""

    area: str
    operation: str
    verb: str
    address: str
    since: str
    status: int
    served: str
    summary: str


def rows() -> tuple[Row, ...]:
    """The coverage table, area by area."""
    areas = served_operations(AREAS, all_operations())
    return tuple(
        Row(
            area=declared.area,
            operation=declared.name,
            verb=declared.verb,
            address=declared.template.text,
            since=declared.since,
            status=declared.success,
            served="served" if is_served(declared, area) else "declined",
            summary=declared.summary,
        )
        for declared, area in areas.items()
    ) + tuple(
        Row(
            area=declined.AREA,
            operation=declared.name,
            verb=declared.verb,
            address=declared.template.text,
            since="",
            status=declared.success,
            served="declined",
            summary=declared.summary,
        )
        for declared in declined.declined_operations()
    )
