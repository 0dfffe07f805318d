"""Lines with checksums: how documents stand in a file.

``checksum SPACE document NEWLINE``: the checksum is the CRC-32 of the document's bytes in eight hex digits, and the
document is JSON without a newline in it.  So any tool can read a file, and after a line that is spoilt the next one is
found.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def line(document: Any) -> bytes:
    """A document as a line."""
    data = _encode(document).encode()
    return b"%08x %s\n" % (zlib.crc32(data), data)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read: where it begins and ends, and what it says; None if it is spoilt."""

    start: int
    end: int
    document: dict[str, Any] | None


def read(path: Path) -> Iterator[Line]:
    """The lines of a file, spoilt ones too."""
    place = 0
    with path.open("rb") as file:
        for raw in file:
            yield Line(place, place + len(raw), _document(raw))
            place += len(raw)


def _document(raw: bytes) -> dict[str, Any] | None:
    if raw[8:9] != b" " or not raw.endswith(b"\n"):
        return None
    data = raw[9:-1]
    try:
        if int(raw[:8], 16) != zlib.crc32(data):
            return None
        found = json.loads(data)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
