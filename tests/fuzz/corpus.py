"""Requests that once found something, or are known to find something elsewhere: a small file each, which holds what was sent.

The name says how it is fired: ``OPERATION.BASE.what-it-was.http``, where the base is one of the operation's good
requests or ``world``; ``http.what-it-was.http`` for bytes whose HTTP is the matter.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent / "corpus"


@dataclass(frozen=True, slots=True)
class Case:
    """One request."""

    name: str
    operation: str
    base: int
    wire: bytes


def read() -> list[Case]:
    """Everything in the corpus."""
    found = []
    for path in sorted(HERE.glob("*.http")):
        operation, *rest = path.stem.split(".")
        base = int(rest[0]) if len(rest) > 1 and rest[0].isdigit() else -1
        found.append(Case(path.stem, "" if operation == "http" else operation, base, path.read_bytes()))
    return found


def keep(wire: bytes, operation: str = "", base: int = -1) -> Path:
    """Put what has just found something into the corpus."""
    HERE.mkdir(exist_ok=True)
    digest = hashlib.sha256(wire).hexdigest()[:12]
    at = ["http"] if not operation else [operation, "world" if base < 0 else str(base)]
    path = HERE / ".".join([*at, digest, "http"])
    path.write_bytes(wire)
    return path


CASES: Final = read()
