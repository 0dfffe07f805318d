"""Arguments and vocabulary to documents: by attribute name, whatever the document."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from asm_client.servicemanagement.results import is_pair
from asm_contracts.codec.xml import read_time
from asm_contracts.document import Element, ElementType, derived, elements, shape

_PLAIN: Final = frozenset({"custom_data"})
"""Bytes that scripts give as they are; others (configurations, certificates) they give in base64."""


def build(cls: type, source: Any, *, keep_empty: bool = False) -> Any:
    """A document of class `cls` from a mapping or from an object's attributes; what the document lacks is left out.

    keep_empty: an empty text is sent (it clears what is there) rather than left out
    Raises ValueError for a value that is missing or does not fit; its text names the argument.
    """
    cls = _subclass(cls, source)
    values: dict[str, Any] = {}
    for declared in elements(cls):
        given = _get(source, declared.attribute)
        value = None if given is None else _value(given, declared, keep_empty)
        if value is not None:
            values[declared.attribute] = value
        elif declared.required:
            raise ValueError(f"{declared.attribute} must be given")
    return cls(**values)


def _get(source: Any, attribute: str) -> Any:
    return source.get(attribute) if isinstance(source, Mapping) else getattr(source, attribute, None)


def _subclass(cls: type, source: Any) -> type:
    """The document that the discriminator of the source means, as a reader of the XML would choose."""
    discriminator = shape(cls).discriminator
    for declared in elements(cls):
        if declared.name == discriminator:
            wanted = _get(source, declared.attribute)
            for candidate in derived(cls):
                if shape(candidate).tag == wanted:
                    return candidate
    return cls


def _value(given: Any, declared: Element, keep_empty: bool) -> Any:
    kind = declared.type
    if kind.kind == "list":
        assert kind.of is not None
        return _items(given, kind.of, declared.attribute) or None
    if isinstance(given, str) and not given and not (keep_empty and kind.kind in ("text", "base64")):
        return None
    try:
        return _plain(given, kind, declared.attribute)
    except (ValueError, TypeError, AttributeError) as problem:
        raise ValueError(f"{declared.attribute}: {problem}") from problem


def _items(given: Any, of: ElementType, attribute: str) -> tuple[Any, ...]:
    if isinstance(given, Mapping) and is_pair(of):
        return tuple(of.python(name=str(name), value=str(value)) for name, value in given.items())
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ValueError(f"{attribute} must be a list, not {given!r}")
    return tuple(found for found in (_plain(each, of, attribute) for each in given) if found is not None)


def _plain(given: Any, kind: ElementType, attribute: str) -> Any:
    if kind.kind == "document":
        if isinstance(given, kind.python):
            return given
        made = build(kind.python, given)
        actual: type = type(made)
        # What a script left as it was made (a probe, a domain to join) is not there.
        return None if all(getattr(made, one.attribute) is None for one in elements(actual)) else made
    if kind.kind in ("time", "precise"):
        return given if isinstance(given, datetime) else read_time(str(given))
    if kind.kind == "integer":
        return int(given)
    if kind.kind == "boolean":
        return given if isinstance(given, bool) else _boolean(str(given))
    if kind.kind == "bytes":
        return _bytes(given, plain=attribute in _PLAIN)
    return kind.python(given)


def _boolean(text: str) -> bool:
    try:
        return {"true": True, "false": False}[text.lower()]
    except KeyError:
        raise ValueError(f"neither true nor false: {text!r}") from None


def _bytes(given: str | bytes, *, plain: bool) -> bytes:
    raw = given.encode("utf-8") if isinstance(given, str) else given
    if plain:
        return raw
    try:
        return base64.b64decode(b"".join(raw.split()), validate=True)
    except binascii.Error as problem:
        raise ValueError(f"not base64 ({problem})") from None
