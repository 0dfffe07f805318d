"""How one value differs from the one before, as a document, and the value again from that.

What is the same object in both is not looked into, so a document costs what the change costs:

``{"=": value}``                 another value (see `asm_emulator.values`)
``{".": {field: change}}``       an entity of which some fields differ
``{"+": {key: change}, "-": [key]}``  a persistent map; a key that is new has ``{"=": ...}``
``{"@": {place: change}}``       a tuple as long as before
``{"[": [start, stop, [value]]}``   a tuple of which one piece was replaced
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any, Final

from rpds import HashTrieMap

from asm_emulator.values import dump, rebuild

_ABSENT: Final = object()
Document = dict[str, Any]


def between(was: Any, now: Any) -> Document | None:
    """The change that makes `now` of `was`; None if there is none."""
    if was is now:
        return None
    if type(was) is type(now):
        if dataclasses.is_dataclass(was):
            found = {}
            for one in dataclasses.fields(was):
                change = between(getattr(was, one.name), getattr(now, one.name))
                if change is not None:
                    found[one.name] = change
            return {".": found} if found else None
        if isinstance(was, HashTrieMap):
            keys = {*was, *now}
            if all(type(key) is str for key in keys):
                return between_maps(was, now, keys)
        if isinstance(was, tuple):
            return _between_tuples(was, now)
        if was == now:
            return None
    return {"=": dump(now, short=True)}


def between_maps(was: Any, now: Any, keys: Iterable[str]) -> Document | None:
    """The change from one map to another that differs in none but these keys."""
    put: Document = {}
    cut: list[str] = []
    for key in sorted(keys):
        before, after = was.get(key, _ABSENT), now.get(key, _ABSENT)
        if after is _ABSENT:
            if before is not _ABSENT:
                cut.append(key)
        elif before is _ABSENT:
            put[key] = {"=": dump(after, short=True)}
        elif (change := between(before, after)) is not None:
            put[key] = change
    return {"+": put, "-": cut} if put or cut else None


def _between_tuples(was: tuple[Any, ...], now: tuple[Any, ...]) -> Document | None:
    if len(was) == len(now):
        pairs = enumerate(zip(was, now, strict=True))
        found = {str(place): change for place, (old, new) in pairs if (change := between(old, new)) is not None}
        return {"@": found} if found else None
    most = min(len(was), len(now))
    start = 0
    while start < most and was[start] is now[start]:
        start += 1
    same = 0
    while same < most - start and was[-1 - same] is now[-1 - same]:
        same += 1
    return {"[": [start, len(was) - same, [dump(one, short=True) for one in now[start : len(now) - same]]]}


def apply(was: Any, change: Document) -> Any:
    """The value that a change makes of this one."""
    if "=" in change:
        return rebuild(change["="])
    if "." in change:
        return dataclasses.replace(was, **{name: apply(getattr(was, name), one) for name, one in change["."].items()})
    if "+" in change:
        for key in change["-"]:
            was = was.remove(key)
        for key, one in change["+"].items():
            was = was.insert(key, apply(was.get(key), one))
        return was
    if "@" in change:
        items = list(was)
        for place, one in change["@"].items():
            items[int(place)] = apply(items[int(place)], one)
        return tuple(items)
    start, stop, new = change["["]
    return (*was[:start], *map(rebuild, new), *was[stop:])
