"""Documents as JSON, over the same declarations as the XML: names, absent elements, NIL as ``null``.

Written as the data contract serialiser writes it: no white space, solidus escaped, an enumeration as its number (the
place of the member in its class).  Read as its readers were: names in any case and order, what is unknown skipped.
"""

from __future__ import annotations

import base64
import enum
import functools
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from asm_contracts.codec.tree import MOST_TAGS
from asm_contracts.codec.xml import MalformedDocument, from_text, to_text
from asm_contracts.document import NIL, Element, ElementType, elements, shape

MEDIA_TYPE: Final = "application/json"
CONTENT_TYPE: Final = "application/json; charset=utf-8"
_DEEPEST: Final = 64
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBERED: Final = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/\Z")

T = TypeVar("T")


# -- writing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Style:
    camel: bool
    numbered_times: bool


def encode(value: Any, *, camel: bool = False, numbered_times: bool = False, escaped_solidus: bool = True) -> bytes:
    """A document as JSON in UTF-8.

    camel:           names begin with a small letter
    numbered_times:  times as ``/Date(milliseconds)/``, as the data contract serialiser writes them, not as ISO 8601
    escaped_solidus: ``/`` as ``\\/``, as the data contract serialiser writes it

    A document whose only element is a flat list is an array, one whose only element is its content is that value.
    """
    text = json.dumps(_plain(value, _Style(camel, numbered_times)), separators=(",", ":"), ensure_ascii=False)
    return (text.replace("/", "\\/") if escaped_solidus else text).encode("utf-8", "backslashreplace")


def _plain(value: Any, style: _Style) -> Any:
    kind: Any = type(value)
    declared = elements(kind)
    if len(declared) == 1 and (declared[0].marks.flat or declared[0].marks.content):
        return _element(getattr(value, declared[0].attribute), declared[0], style)
    found: dict[str, Any] = {}
    for one in declared:
        held = getattr(value, one.attribute)
        if held is not None:
            found[_name(one, style)] = _element(held, one, style)
    return found


def _name(declared: Element, style: _Style) -> str:
    return declared.name[:1].lower() + declared.name[1:] if style.camel else declared.name


def _element(held: Any, declared: Element, style: _Style) -> Any:
    if held is NIL or held is None:
        return None
    if declared.type.kind != "list":
        return _value(held, declared.type, style)
    of = declared.type.of
    assert of is not None
    if declared.marks.mapping:
        key, value = elements(of.python)
        return {getattr(item, key.attribute): _element(getattr(item, value.attribute), value, style) for item in held}
    return [_value(item, of, style) for item in held]


def _value(held: Any, kind: ElementType, style: _Style) -> Any:
    match kind.kind:
        case "document":
            return _plain(held, style)
        case "integer" | "long" | "boolean" | "capital" | "text":
            return held
        case "time" | "precise" | "ticks" | "unzoned" if style.numbered_times:
            return f"/Date({(held - _EPOCH) // timedelta(milliseconds=1)})/"
        case "enum":
            return list(_enumeration(type(held))).index(held)
        case "bytes":
            return base64.b64encode(held).decode("ascii")
        case _:
            return to_text(kind, held)


# -- reading ------------------------------------------------------------------------------------------------------


def parse(data: bytes) -> Any:
    """The value that JSON spells; MalformedDocument for anything else, and for more members than any document has."""
    if data.count(b'":') > MOST_TAGS:
        raise MalformedDocument("there are too many members")
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as problem:
        raise MalformedDocument(str(problem)) from None


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def read(cls: type[T], tree: Any) -> T:
    """The document of class `cls` that a parsed value is; MalformedDocument when it is none."""
    value = _document(cls, tree, 0)
    assert isinstance(value, cls)
    return value


def decode(cls: type[T], data: bytes) -> T:
    """Read a document of class `cls`."""
    return read(cls, parse(data))


@functools.cache
def _by_name(cls: Any) -> dict[str, Element]:
    return {one.name.lower(): one for one in elements(cls)}


def _document(cls: Any, tree: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise MalformedDocument("too deep")
    declared = elements(cls)
    if len(declared) == 1 and (declared[0].marks.flat or declared[0].marks.content):
        return cls(**{declared[0].attribute: _read_element(declared[0], tree, depth)})
    if not isinstance(tree, dict):
        raise MalformedDocument(f"{shape(cls).root}: an object is expected")
    values: dict[str, Any] = {}
    known = _by_name(cls)
    for name, held in tree.items():
        one = known.get(name.lower())
        if one is not None:
            values[one.attribute] = _read_element(one, held, depth)
    for one in declared:
        if one.required and values.get(one.attribute) is None:
            raise MalformedDocument(f"{one.name} is missing in {shape(cls).root}")
    return cls(**values)


def _read_element(declared: Element, held: Any, depth: int) -> Any:
    if held is None:
        return NIL if declared.nillable else None
    if declared.type.kind != "list":
        return _read_value(declared.type, held, depth)
    of = declared.type.of
    assert of is not None
    if declared.marks.mapping:
        if not isinstance(held, dict):
            raise MalformedDocument(f"{declared.name}: an object is expected")
        key, value = elements(of.python)
        return tuple(
            of.python(**{key.attribute: name, value.attribute: _read_element(value, one, depth + 1)})
            for name, one in held.items()
        )
    if not isinstance(held, list):
        raise MalformedDocument(f"{declared.name}: an array is expected")
    return tuple(_read_value(of, one, depth + 1) for one in held)


def _read_value(kind: ElementType, held: Any, depth: int) -> Any:
    if kind.kind == "document":
        return _document(kind.python, held, depth + 1)
    if kind.kind == "enum" and isinstance(held, int) and not isinstance(held, bool):
        members = list(_enumeration(kind.python))
        if not 0 <= held < len(members):
            raise MalformedDocument(f"{held} is no {kind.python.__name__}")
        return members[held]
    if kind.kind in ("boolean", "capital") and isinstance(held, bool):
        return held
    if kind.kind in ("integer", "long") and isinstance(held, float) and held.is_integer():
        held = int(held)
    if isinstance(held, bool):
        held = "true" if held else "false"
    elif isinstance(held, int | float):
        held = str(held)
    if not isinstance(held, str):
        raise MalformedDocument("a value is expected where there is an object or an array")
    if kind.python is datetime and (numbered := _NUMBERED.match(held)):
        try:
            return _EPOCH + timedelta(milliseconds=int(numbered[1]))
        except OverflowError:
            raise MalformedDocument(f"not a time: {held[:40]!r}") from None
    return from_text(kind, held)


def _enumeration(kind: type) -> type[enum.Enum]:
    assert issubclass(kind, enum.Enum)
    return kind


__all__ = ["CONTENT_TYPE", "MEDIA_TYPE", "decode", "encode", "parse", "read"]
