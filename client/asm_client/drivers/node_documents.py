"""Documents as the objects that the azure-asm-* libraries take, and what they return as documents."""

from __future__ import annotations

import base64
import re
import typing
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar, cast
from xml.sax.saxutils import escape

from asm_client.drivers import partial
from asm_client.drivers.node_library import Method, Names, last
from asm_contracts.atom import Entry, Feed
from asm_contracts.document import (
    NIL,
    Element,
    ElementType,
    derived,
    elements,
    is_document,
    item_name,
    shape,
    wire_name,
)
from asm_contracts.suite.driver import NotExpressible

T = TypeVar("T")

_OF_THE_LIBRARY: Final = frozenset({"statusCode", "requestId"})
"""What the libraries add to a result that is a document."""


# -- to the libraries -----------------------------------------------------------------------------------------------


def arguments(method: Method, values: Mapping[str, Any], body: Any) -> list[Any]:
    """What a method is called with, one value for each parameter but the callback.

    values: what goes into the address, by parameter or path of one.  body: a document, bytes, or None
    """
    fields: dict[str, Any] = {}
    around: list[str] = []
    """Properties that stand for the whole document."""
    if isinstance(body, bytes):
        try:
            fields = {name: body.decode() for name in method.raw}
        except UnicodeDecodeError:
            raise NotExpressible("the library sends texts") from None
    elif body is not None:
        fields = written(body, method.writes)
        around = method.writes.of(shape(type(body)).root)
        for name in around:
            fields.setdefault(name, dict(fields))
    given = []
    for parameter in method.parameters:
        below = {last(path): value for path, value in values.items() if path.startswith(f"{parameter}.")}
        if parameter in values:
            given.append(values[parameter])
        elif re.search(rf"(?<![\w.]){parameter}\.(?!(?:length|trim|to[A-Z]\w*|join|indexOf)\b)\w", method.source):
            inner = None if parameter in around else fields.get(parameter)
            given.append({**(inner if isinstance(inner, dict) else fields), **below})
        else:
            given.append(fields.get(parameter))
    return given


def written(value: Any, names: Names) -> dict[str, Any]:
    """A document's elements by the properties of a library; NotExpressible for what it has no property for."""
    found: dict[str, Any] = {}
    for declared in elements(cast(Any, type(value))):
        one = getattr(value, declared.attribute)
        element = item_name(declared) if declared.marks.flat else declared.name
        if one is None or (declared.marks.flat and not one):
            continue
        if one is NIL:
            raise NotExpressible(f"the library cannot send a nil {element}")
        properties = names.of(element)
        if not properties and element.lower() not in names.elements:
            raise NotExpressible(f"the library does not send {element}")
        literal = names.literals.get(element.lower())
        if literal is not None and isinstance(one, str) and one.lower() != literal.lower():
            raise NotExpressible(f"the library sends {literal} as {element}, always")
        plain = _plain(declared.type, one, names, element.lower())
        wrap = names.wraps.get(_item(declared).lower())
        if wrap is not None and isinstance(plain, list):
            plain = [{wrap: item} if isinstance(item, str) else item for item in plain]
        if not properties and declared.type.kind == "document":
            found |= plain  # what is in the element are properties of what it is in
        for name in properties:
            if isinstance(plain, list) and not isinstance(one, bytes) and name not in names.looped:
                if len(plain) != 1:
                    raise NotExpressible(f"the library sends one {element}")
                found[name] = plain[0]
                continue
            known = found.get(name)
            found[name] = {**known, **plain} if isinstance(known, dict) and isinstance(plain, dict) else plain
    return found


def _plain(kind: ElementType, value: Any, names: Names, element: str) -> Any:
    if kind.kind == "list":
        assert kind.of is not None
        if element in names.mappings and is_document(kind.of.python):
            pair = elements(kind.of.python)[:2]
            texts = [
                [_plain(part.type, getattr(one, part.attribute), names, part.name.lower()) for part in pair]
                for one in value
            ]
            if any(not isinstance(text, str) for _, text in texts):
                raise NotExpressible(f"the library cannot send a pair without value in {element}")
            return dict(texts)
        return [_plain(kind.of, one, names, element) for one in value]
    if kind.kind == "document":
        return written(value, names)
    if kind.kind == "enum":
        return value.value
    if isinstance(value, datetime):
        return {"$date": value.isoformat()}
    if value == 0 and isinstance(value, int) and element in names.plainly:
        raise NotExpressible(f"the library sends nothing for {element} of 0")
    if isinstance(value, bytes):
        text = base64.b64encode(value).decode()
        return {"$bytes": text} if element in names.coded else text
    if isinstance(value, str) and kind.kind == "text" and element in names.unescaped:
        return escape(value)
    if kind.kind == "base64" and element not in names.coded:
        return base64.b64encode(value.encode("utf-8", "surrogateescape")).decode()
    return value


class _Nothing(tuple[Any, ...]):
    """No items; whether the list was empty or not there, the library does not tell."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if other != ():
            raise NotExpressible("the library does not tell an empty list from none")
        return True

    def __hash__(self) -> int:
        return hash(())


# -- from the libraries ---------------------------------------------------------------------------------------------


def document(cls: type[T], result: Any, names: Names) -> T:
    """The document that a method's result is."""
    found = {name: value for name, value in result.items() if name not in _OF_THE_LIBRARY}
    if typing.get_origin(cls) is Entry:
        return cast(T, _entry(typing.get_args(cls)[0], found, names))
    if typing.get_origin(cls) is Feed:
        items = next((value for value in found.values() if isinstance(value, list)), [])
        return cast(T, Feed(entries=tuple(_entry(typing.get_args(cls)[0], one, names) for one in items)))
    for name in names.of(shape(cls).root):
        if isinstance(found.get(name), dict):
            return _read(cls, found[name], names, shape(cls).root)
    # Where the root is not what the library looks for, it has only one thing to return.
    if len(found) == 1 and isinstance(only := next(iter(found.values())), dict) and not _knows(cls, found, names):
        found = only
    return _read(cls, found, names, shape(cls).root)


def _entry(cls: type[T], found: Mapping[str, Any], names: Names) -> Entry[T]:
    title = next((found[name] for name in names.of("title") if isinstance(found.get(name), str)), None)
    return partial.entry(document(cls, found, names), title)


def _knows(cls: type, found: Mapping[str, Any], names: Names) -> bool:
    return any(_property(declared, found, names) for declared in elements(cls) if not declared.marks.flat)


def _property(declared: Element, found: Mapping[str, Any], names: Names) -> str | None:
    element = item_name(declared) if declared.marks.flat else declared.name
    for name in names.of(element):
        if name in found:
            return name
    likely = {element.lower(), wire_name(declared.attribute).lower()}
    return next((name for name in found if name.lower() in likely), None)


def _read(cls: type[T], found: Mapping[str, Any], names: Names, inside: str) -> T:
    actual = _subclass(cls, found, names)
    values: dict[str, Any] = {}
    for declared in elements(cast(Any, actual)):
        name = _property(declared, found, names)
        if declared.marks.content:
            name = next((one for one, value in found.items() if isinstance(value, str | bool)), None)
        if declared.marks.flat and not isinstance(found.get(name or ""), list):
            name = next((one for one, value in found.items() if isinstance(value, list)), None)
        element = item_name(declared) if declared.marks.flat else declared.name
        below = f"{inside}/{element}"
        item = below if declared.marks.flat else f"{below}/{_item(declared)}"
        value = None if name is None else _value(declared.type, found[name], names, below, item)
        if declared.type.kind == "document" and value is None and element.lower() in names.elements:
            # What is in the element may be properties of what it is in.
            value = (
                _read(declared.type.python, found, names, element)
                if _knows(declared.type.python, found, names)
                else None
            )
        if isinstance(value, bytes | str) and "\ufffd" in (
            value if isinstance(value, str) else value.decode("utf-8", "ignore")
        ):
            continue  # bytes that the library took for text
        if value is None and declared.type.kind == "list" and (declared.required or declared.marks.flat):
            value = ()
        unread = name is not None and found[name] is not None and value is None
        if value is None and (declared.required or unread or (name is None and not names.looks(inside, element))):
            continue  # nobody knows
        values[declared.attribute] = value
    return partial.document(actual, values)


def _subclass(cls: type[T], found: Mapping[str, Any], names: Names) -> type[T]:
    discriminator = shape(cls).discriminator
    if discriminator is not None:
        tags = {str(found.get(name, "")).lower() for name in names.of(discriminator)}
        for candidate in derived(cls):
            if (shape(candidate).tag or "").lower() in tags:
                return candidate
    return cls


def _item(declared: Element) -> str:
    is_list = declared.type.of is not None and (declared.marks.item or declared.type.of.kind == "document")
    return item_name(declared) if is_list else declared.name


def _value(kind: ElementType, value: Any, names: Names, path: str, item: str) -> Any:
    if value is None:
        return None
    if kind.kind == "list":
        assert kind.of is not None
        if isinstance(value, dict) and is_document(kind.of.python):
            first, second = elements(kind.of.python)[:2]
            return tuple(
                kind.of.python(**{first.attribute: name, second.attribute: one}) for name, one in value.items()
            )
        items = value if isinstance(value, list) else []
        if not items:
            return _Nothing()
        return tuple(read for one in items if (read := _value(kind.of, one, names, item, item)) is not None)
    if kind.kind == "document":
        return _read(kind.python, value, names, path) if isinstance(value, dict) else None
    if isinstance(value, dict) and len(value) == 1:
        value = next(iter(value.values()))  # an item that is a text for the service, and an object for the library
    if isinstance(value, dict | list):
        return None  # an element without text
    return _scalar(kind, value, path.rpartition("/")[2].lower() in names.coded)


def _members(kind: Any) -> list[Any]:
    return list(kind)


def _scalar(kind: ElementType, value: Any, coded: bool) -> Any:
    if kind.kind in ("text", "enum"):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return text if kind.kind == "text" else next((one for one in _members(kind.python) if one.value == text), None)
    if kind.kind == "base64":
        return value if coded else base64.b64decode(value).decode("utf-8", "surrogateescape")
    if kind.kind == "bytes":
        return str(value).encode() if coded else base64.b64decode(value)
    if kind.kind in ("integer", "long"):
        return int(value)
    if kind.kind == "capital" and value is False:
        return None  # the libraries read True as false
    if kind.kind in ("boolean", "capital"):
        return value if isinstance(value, bool) else str(value).lower() == "true"
    return datetime.fromisoformat(str(value).rstrip("Z")[:26]).replace(tzinfo=UTC)
