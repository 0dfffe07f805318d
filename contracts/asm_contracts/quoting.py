"""Text as an XML attribute.  `xml.sax.saxutils` does this too, and loads HTTP and TLS clients for it."""

from __future__ import annotations

from typing import Final

_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def quoteattr(text: str) -> str:
    """A text with quotation marks around it, single ones if it has double ones inside, as `saxutils.quoteattr`."""
    escaped = text.translate(_ENTITIES)
    if '"' not in escaped:
        return f'"{escaped}"'
    return f"'{escaped}'" if "'" not in escaped else '"' + escaped.replace('"', "&quot;") + '"'
