"""What the files say of themselves, and how those of earlier versions are read.

Whoever changes the form of what is kept (a field renamed or with another meaning; one more with a default is no change)
raises `SCHEMA` by one and adds how a document of the form before becomes one of the new.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from asm_emulator.keeping import StateError

FORMAT: Final = "asm-emulator state"
SCHEMA: Final = 1

Migration = Callable[[dict[str, Any]], dict[str, Any]]
"""A document of one schema as the next one has it.  It is given every document but the headers."""

MIGRATIONS: Final[Mapping[int, Migration]] = {}
"""By the schema that they are from; there is one for every schema below `SCHEMA` that was ever released."""


class Reader:
    """Reads documents of one file: those of an earlier schema become ones of today's.

    StateError for a file that is none of ours, of a later schema, or of one that nobody can read any more.
    """

    def __init__(
        self,
        name: str,
        header: Mapping[str, Any],
        schema: int = SCHEMA,
        migrations: Mapping[int, Migration] = MIGRATIONS,
    ) -> None:
        found = header.get("schema")
        if header.get("format") != FORMAT or not isinstance(found, int):
            raise StateError(f"{name} is no state of asm-emulator")
        if found > schema:
            raise StateError(
                f"{name} was written by a later version of asm-emulator ({header.get('version')}, schema {found}; "
                f"this one reads schemas up to {schema}): use that version, or another directory"
            )
        if any(one not in migrations for one in range(found, schema)):
            raise StateError(f"{name} has schema {found}, which this version of asm-emulator cannot read any more")
        self.is_old = found < schema
        self._ways = [migrations[one] for one in range(found, schema)]

    def __call__(self, document: dict[str, Any]) -> dict[str, Any]:
        """A document as today's schema has it."""
        for way in self._ways:
            document = way(document)
        return document
