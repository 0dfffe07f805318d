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
from collections.abc import Mapping
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


def dump(value: Any) -> Any:
    """A value as JSON has it; TypeError for one that no state holds."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if type(value) is str else {"$text": type(value).__name__, "is": str(value)}
    if isinstance(value, tuple | list | Agenda):
        return [dump(item) for item in value]
    if isinstance(value, enum.Enum):
        return {"$enum": _name(type(value)), "is": value.name}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {one.name: dump(getattr(value, one.name)) for one in dataclasses.fields(value)}
        return {"$type": _name(type(value)), **fields}
    if isinstance(value, HashTrieMap):
        if all(type(key) is str for key in value):
            return {"$map": {key: dump(value[key]) for key in sorted(value)}}
        return {"$pairs": [[dump(key), dump(value[key])] for key in sorted(value)]}
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"$seconds": value.total_seconds()}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, frozenset):
        return {"$set": sorted((dump(item) for item in value), key=repr)}
    if isinstance(value, Mapping):
        return {"$dict": {str(key): dump(item) for key, item in value.items()}}
    raise TypeError(f"no state holds a {type(value).__name__}")


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
    kind = _class(name)
    if not dataclasses.is_dataclass(kind):
        raise ValueError(f"{name} is no entity")
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
