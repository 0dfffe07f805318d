"""Frozen values to JSON and back: entities, documents, and what they are made of, with no code per class.

What JSON has no word for is an object whose first key begins with ``$``:

``{"$type": "emulator.model.Disk", ...}``   an entity or document, its fields by name
``{"$map": {...}}``                a persistent map, sorted; ``{"$pairs": [[key, value], ...]}`` if keys are no text
``{"$time": "..."}``, ``{"$seconds": n}``, ``{"$bytes": "base64"}``, ``{"$set": [...]}``, ``{"$dict": {...}}``
``{"$enum": "...", "is": "NAME"}``, ``{"$text": "...", "is": "text"}``   a member of an enumeration; a kind of text

Reading checks every value against the declared type of its field: what comes out is as good as what behaviour makes.
"""

from __future__ import annotations

import base64
import dataclasses
import enum
import functools
import sys
import types
import typing
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from rpds import HashTrieMap

from asm_contracts.operation import DeploymentName, DeploymentSlot
from asm_emulator.agenda import Agenda
from asm_emulator.state import Step

_HOMES: Final = {"emulator": "asm_emulator", "contracts": "asm_contracts"}
_TEXTS: Final[dict[str, type[str]]] = {kind.__name__: kind for kind in (DeploymentName, DeploymentSlot)}


class Unreadable(Exception):
    """A value that is not one of ours; the message says where it is and what is wrong."""


# -- writing ----------------------------------------------------------------------------------------------------------


def dump(value: Any, *, short: bool = False) -> Any:
    """A value as JSON has it; TypeError for one that no state holds.

    short: without the fields that have their defaults
    """
    kind = type(value)
    if kind in _SELF:
        return value
    return (_WRITERS.get(kind) or _writer_of(kind))(value, short)


_Writer = Callable[[Any, bool], Any]
_SELF: Final = frozenset({type(None), bool, int, float, str})
_WRITERS: Final[dict[type, _Writer]] = {}
"""How the values of a class are written, as they come up."""


def _writer_of(kind: type) -> _Writer:
    _WRITERS[kind] = writer = _found_writer(kind)
    return writer


def _found_writer(kind: type) -> _Writer:
    if issubclass(kind, str):
        return lambda value, _: {"$text": kind.__name__, "is": str(value)}
    if issubclass(kind, tuple | list | Agenda):
        return lambda value, short: [dump(item, short=short) for item in value]
    if issubclass(kind, enum.Enum):
        name = _name(kind)
        return lambda value, _: {"$enum": name, "is": value.name}
    if dataclasses.is_dataclass(kind):
        return _entity_writer(kind)
    if issubclass(kind, HashTrieMap):
        return _map
    if issubclass(kind, datetime):
        return lambda value, _: {"$time": value.isoformat()}
    if issubclass(kind, timedelta):
        return lambda value, _: {"$seconds": value.total_seconds()}
    if issubclass(kind, bytes):
        return lambda value, _: {"$bytes": base64.b64encode(value).decode()}
    if issubclass(kind, frozenset):
        return lambda value, short: {"$set": sorted((dump(item, short=short) for item in value), key=repr)}
    if issubclass(kind, Mapping):
        return lambda value, short: {"$dict": {str(key): dump(item, short=short) for key, item in value.items()}}
    raise TypeError(f"no state holds a {kind.__name__}")


def _entity_writer(kind: type) -> _Writer:
    name = _name(kind)
    fields = [(one.name, one.default) for one in dataclasses.fields(kind)]

    def write(value: Any, short: bool) -> Any:
        found = {"$type": name}
        for field, default in fields:
            item = getattr(value, field)
            if not short or item is not default:
                found[field] = item if type(item) in _SELF else dump(item, short=short)
        return found

    return write


def _map(value: Any, short: bool) -> Any:
    if all(type(key) is str for key in value):
        return {"$map": {key: dump(value[key], short=short) for key in sorted(value)}}
    return {"$pairs": [[dump(key), dump(value[key], short=short)] for key in sorted(value)]}


def _name(kind: type) -> str:
    for short, home in _HOMES.items():
        if kind.__module__ == home or kind.__module__.startswith(home + "."):
            return f"{short}{kind.__module__.removeprefix(home)}.{kind.__qualname__}"
    raise TypeError(f"no state holds a {kind.__module__}.{kind.__qualname__}")


# -- reading ----------------------------------------------------------------------------------------------------------


def load(found: Any, wanted: Any = Any, where: str = "") -> Any:
    """The value that JSON says, of the type `wanted`.  Raises Unreadable."""
    value = _read(found, where)
    if not _conforms(value, tuple[Step, ...] if wanted is Agenda else wanted):
        raise Unreadable(f"{where or 'the document'} is not what it should be: {wanted}")
    return Agenda(value) if wanted is Agenda else value


def rebuild(found: Any) -> Any:
    """The value of what `dump` has written, and nobody has touched since: nothing is checked.

    Unreadable, ValueError, TypeError, KeyError or AttributeError for anything else.
    """
    if type(found) in _SELF:
        return found
    if type(found) is list:
        return tuple([rebuild(item) for item in found])
    tag = next(iter(found))
    if tag == "$type":
        kind = _entity_class(found[tag])
        return kind(**{key: rebuild(item) for key, item in found.items() if key != tag})
    if tag == "$map":
        return HashTrieMap({key: rebuild(item) for key, item in found[tag].items()})
    if tag == "$dict":
        return {key: rebuild(item) for key, item in found[tag].items()}
    return _tagged(tag, found, "")


def _read(found: Any, where: str) -> Any:
    if found is None or isinstance(found, bool | int | float | str):
        return found
    if isinstance(found, list):
        return tuple(_read(item, f"{where}[{place}]") for place, item in enumerate(found))
    if not isinstance(found, dict) or not found:
        raise Unreadable(f"{where}: an object says first what it is")
    tag = next(iter(found))
    try:
        return _tagged(tag, found, where)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as problem:
        raise Unreadable(f"{where}: {problem}") from None


def _tagged(tag: str, found: dict[str, Any], where: str) -> Any:
    content = found[tag]
    match tag:
        case "$type":
            return _entity(content, {key: value for key, value in found.items() if key != tag}, where)
        case "$map":
            return HashTrieMap({str(key): _read(item, f"{where}.{key}") for key, item in content.items()})
        case "$pairs":
            return HashTrieMap({_read(key, where): _read(item, where) for key, item in content})
        case "$time":
            moment = datetime.fromisoformat(content)
            if moment.tzinfo is None:
                raise ValueError("a time says its zone")
            return moment
        case "$seconds":
            return timedelta(seconds=content)
        case "$bytes":
            return base64.b64decode(content, validate=True)
        case "$set":
            return frozenset(_read(item, where) for item in content)
        case "$dict":
            return {str(key): _read(item, f"{where}.{key}") for key, item in content.items()}
        case "$enum":
            kind = _class(content)
            if not issubclass(kind, enum.Enum):
                raise ValueError(f"{content} is no enumeration")
            return kind[found["is"]]
        case "$text":
            return _TEXTS[content](found["is"])
    raise ValueError(f"an object says first what it is, not {tag}")


def _entity(name: str, given: dict[str, Any], where: str) -> Any:
    kind = _entity_class(name)
    hints = _hints(kind)
    unknown = given.keys() - hints.keys()
    if unknown:
        raise ValueError(f"{name} has no {', '.join(sorted(unknown))}")
    return kind(**{key: load(value, hints[key], f"{where}.{key}") for key, value in given.items()})


def _class(name: str) -> type:
    short, _, rest = name.partition(".")
    module, _, kind = f"{_HOMES.get(short, '-')}.{rest}".rpartition(".")
    # What a state can hold is loaded; nothing is loaded because a file says so.
    found = getattr(sys.modules.get(module), kind, None)
    if not isinstance(found, type) or found.__module__ != module:
        raise ValueError(f"{name} is not known")
    return found


@functools.lru_cache(maxsize=1024)
def _entity_class(name: str) -> type:
    kind = _class(name)
    if not dataclasses.is_dataclass(kind):
        raise ValueError(f"{name} is no entity")
    return kind


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, localns={"HashTrieMap": _Map, "Map": _Map})


K = typing.TypeVar("K")
V = typing.TypeVar("V")


class _Map(typing.Generic[K, V]):
    """Stands for the persistent map in annotations: its own class is not generic when the program runs."""


def _conforms(value: Any, hint: Any) -> bool:
    if hint is Any or hint is object:
        return True
    if hint is None or hint is type(None):
        return value is None
    origin = typing.get_origin(hint)
    inner = typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_conforms(value, one) for one in inner)
    if origin is typing.Annotated:
        return _conforms(value, inner[0])
    if origin is typing.Literal:
        return value in inner
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if len(inner) == 2 and inner[1] is Ellipsis:
            return all(_conforms(item, inner[0]) for item in value)
        return len(value) == len(inner) and all(map(_conforms, value, inner))
    if origin is _Map:
        return isinstance(value, HashTrieMap) and all(
            _conforms(key, inner[0]) and _conforms(value[key], inner[1]) for key in value
        )
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint) if isinstance(hint, type) else True
