"""Snapshots: the state at a moment, by name; what changed between two; and one as a document to keep in a file.

A snapshot is a reference to an immutable value, so taking and restoring one costs the same at any size.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast

from rpds import HashTrieMap

from asm_emulator import __version__, tenancy, values
from asm_emulator.agenda import Agenda
from asm_emulator.engine import is_effect
from asm_emulator.guarded import Guarded
from asm_emulator.redaction import HIDDEN, secret_fields
from asm_emulator.state import State

FORMAT: Final = "asm-emulator snapshot"
SCHEMA: Final = 1
"""The version of the exported form: it changes when a file of the old form can no longer be read."""
MOST: Final = 1000
"""Snapshots kept at most."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")


class SnapshotError(Exception):
    """What cannot be done with a snapshot, and why."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole state at a moment; of a subscription alone, if one is named."""

    name: str
    state: State
    taken: datetime
    subscription: str | None = None

    def again(self, now: State, time: datetime) -> State:
        """The state to go on with at `time` where this one is restored and the present one is `now`.

        Time does not go back: what was pending has as long to go as it had when the snapshot was taken.
        """
        passed = time - self.taken
        if self.subscription is not None:
            return tenancy.put_back(now, self.state, self.subscription, passed)
        return tenancy.whole(self.state, passed)


class Snapshots:
    """Snapshots by name."""

    def __init__(self) -> None:
        self._kept: Guarded[Mapping[str, Snapshot]] = Guarded({})

    @property
    def mark(self) -> object:
        """Another object than before if a snapshot was taken or forgotten since."""
        return self._kept.value

    def all(self) -> tuple[Snapshot, ...]:
        """Every snapshot, in the order they were taken."""
        return tuple(self._kept.value.values())

    def get(self, name: str) -> Snapshot:
        """A snapshot; SnapshotError if there is none of this name."""
        try:
            return self._kept.value[name]
        except KeyError:
            raise SnapshotError(f"there is no snapshot {name}") from None

    def put(self, snapshot: Snapshot) -> Snapshot:
        """Keep a snapshot, in place of one of the same name; without a name it gets one."""
        if snapshot.name and not _NAME.match(snapshot.name):
            raise SnapshotError("a snapshot's name has letters, digits, dots, hyphens and underscores, 100 at most")

        def change(kept: Mapping[str, Snapshot]) -> tuple[Mapping[str, Snapshot], Snapshot]:
            made = snapshot
            if not made.name:
                number = len(kept) + 1
                while f"snapshot-{number}" in kept:
                    number += 1
                made = replace(made, name=f"snapshot-{number}")
            others = {name: one for name, one in kept.items() if name != made.name}
            if len(others) >= MOST:
                raise SnapshotError(f"there are {MOST} snapshots already: delete some")
            return {**others, made.name: made}, made

        return self._kept.update(change)

    def delete(self, name: str) -> None:
        """Forget a snapshot; SnapshotError if there is none of this name."""
        self.get(name)
        self._kept.update(lambda kept: ({key: one for key, one in kept.items() if key != name}, None))


# -- files ------------------------------------------------------------------------------------------------------------


def export(snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as a JSON document."""
    return {
        "format": FORMAT,
        "schema": SCHEMA,
        "version": __version__,
        "name": snapshot.name,
        "taken": snapshot.taken.isoformat(),
        "subscription": snapshot.subscription,
        "state": values.dump(snapshot.state),
    }


def read(document: Any) -> Snapshot:
    """The snapshot of an exported document.  SnapshotError says what is wrong with one that is none."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise SnapshotError("this is no snapshot of asm-emulator")
    if document.get("schema") != SCHEMA:
        raise SnapshotError(f"the snapshot has schema {document.get('schema')}, and this version reads {SCHEMA}")
    try:
        state = values.load(document.get("state"), State, "state")
        taken = datetime.fromisoformat(str(document.get("taken")))
    except values.Unreadable as problem:
        raise SnapshotError(str(problem)) from None
    except (ValueError, RecursionError):
        raise SnapshotError("the snapshot does not say when it was taken, or cannot be read") from None
    name, subscription = document.get("name"), document.get("subscription")
    if taken.tzinfo is None or not isinstance(name, str) or not isinstance(subscription, str | None):
        raise SnapshotError("the snapshot's name, time or subscription is not what it should be")
    for key, found in state.subscriptions.items():
        if key != found.id.lower():
            raise SnapshotError(f"the subscription {found.id} is kept as {key}")
    for step in (*state.steps, *state.held):
        if not is_effect(step.effect) or (step.undo is not None and not is_effect(step.undo)):
            raise SnapshotError(f"there is no effect {step.effect}")
    return Snapshot(name, state, taken, subscription)


# -- differences ------------------------------------------------------------------------------------------------------

_QUIET: Final = frozenset({"serial", "names"})
"""What changes with everything else and tells nobody anything."""


def diff(before: State, after: State, subscription: str | None = None) -> dict[str, Any]:
    """What changed, as a tree: a leaf is ``{"$was": ..., "$is": ...}``, or one of them where there is no other.

    What is the same value in both is not looked into, so it costs what the change costs.  That a secret has changed is
    shown, and neither what it was nor what it is.
    """
    if subscription is not None:
        was, now = before.subscriptions.get(subscription), after.subscriptions.get(subscription)
        return _differences(was, now) or {}
    return _differences(before, after) or {}


_ABSENT: Final = object()


def _differences(was: Any, now: Any) -> dict[str, Any] | None:
    if was is now:
        return None
    if isinstance(was, Agenda) and isinstance(now, Agenda):
        return _differences(tuple(was), tuple(now))
    if type(was) is type(now) and dataclasses.is_dataclass(was):
        secret = secret_fields(cast(Any, type(was)))
        names = [one.name for one in dataclasses.fields(was) if one.name not in _QUIET]
        found = _tree([(name, getattr(was, name), getattr(now, name)) for name in names if name not in secret]) or {}
        for name in names:
            old, new = getattr(was, name), getattr(now, name)
            if name in secret and old is not new and not old == new:  # noqa: SIM201
                found[name] = {"$was": _hidden(old), "$is": _hidden(new)}
        return found or None
    if isinstance(was, HashTrieMap) and isinstance(now, HashTrieMap):
        keys = sorted({*was, *now}, key=str)
        return _tree([(str(key), was.get(key, _ABSENT), now.get(key, _ABSENT)) for key in keys])
    if isinstance(was, tuple) and isinstance(now, tuple) and (_named(was) or _named(now)):
        return _differences(_by_name(was), _by_name(now))
    if was == now:
        return None
    leaf = {}
    if was is not _ABSENT:
        leaf["$was"] = plain(was)
    if now is not _ABSENT:
        leaf["$is"] = plain(now)
    return leaf


def _tree(pairs: list[tuple[str, Any, Any]]) -> dict[str, Any] | None:
    found = {name: change for name, was, now in pairs if (change := _differences(was, now)) is not None}
    return found or None


_KEYS: Final = ("name", "role_name", "disk_name", "lun", "serial")


def _named(items: tuple[Any, ...]) -> bool:
    return bool(items) and all(
        dataclasses.is_dataclass(one) and any(hasattr(one, key) for key in _KEYS) for one in items
    )


def _by_name(items: tuple[Any, ...]) -> HashTrieMap[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        key = str(next((getattr(item, key) for key in _KEYS if getattr(item, key, None) is not None), ""))
        while key in found:
            key += "'"
        found[key] = item
    return HashTrieMap(found)


def _hidden(value: Any) -> Any:
    return HIDDEN if value else plain(value)


def plain(value: Any) -> Any:
    """A value for reading: without types and secrets, what is not set left out, bytes by their number."""
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        secret = secret_fields(cast(Any, type(value)))
        fields = ((one.name, getattr(value, one.name)) for one in dataclasses.fields(value))
        return {
            name: HIDDEN if name in secret else plain(item)
            for name, item in fields
            if item not in (None, (), "") and not _empty(item)
        }
    if isinstance(value, HashTrieMap | Mapping):
        return {str(key): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, tuple | list | frozenset | Agenda):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


def _empty(value: Any) -> bool:
    return isinstance(value, HashTrieMap) and len(value) == 0


def lines(tree: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """A tree of differences as text: ``+`` came, ``-`` went, ``~`` changed.  The parts of a thing stand below it."""
    for name, change in tree.items():
        if change.keys() <= {"$was", "$is"} and change:
            if "$was" not in change:
                yield from _whole("+", name, change["$is"], indent)
            elif "$is" not in change:
                yield from _whole("-", name, change["$was"], indent)
            else:
                yield f"{indent}~ {name}: {_short(change['$was'])} -> {_short(change['$is'])}"
        else:
            yield f"{indent}  {name}"
            yield from lines(change, indent + "  ")


_UNTOLD: Final = frozenset(
    {"created", "modified", "changed", "primary_key", "secondary_key", "private_id"}
    | {"boot", "orders", "set_up", "unsettled", "had_deployment", "arguments", "caller", "serial"}
)
"""Of a thing that came or went: what nobody compares."""
_FEW: Final = 3
"""Facts of a thing in another one that are told on the other's line."""
_TEXT: Final = 160
"""Letters of a value shown."""


def _whole(sign: str, label: str, value: Any, indent: str, name: str = "") -> Iterator[str]:
    """A thing that came or went: what it is on a line, and a line below for each thing in it."""
    if not isinstance(value, dict):
        yield f"{indent}{sign} {label}: {_short(value)}"
        return
    told = {
        key: item
        for key, item in value.items()
        if key not in _UNTOLD and item not in (name or label, False, 0, None, "")
    }
    inner = {key: item for key, item in told.items() if _has_things(item)}
    facts = ", ".join(f"{key}={_short(item)}" for key, item in told.items() if key not in inner)
    yield f"{indent}{sign} {label}:" + (f" {facts}" if facts else "")
    for key, item in inner.items():
        if isinstance(item, dict) and not all(isinstance(one, dict) for one in item.values()):
            yield from _whole(sign, key, item, indent + "  ")
            continue
        things = item if isinstance(item, dict) else {_name_of(one, place): one for place, one in enumerate(item)}
        for inner_name, thing in things.items():
            yield from _whole(sign, f"{key} {inner_name}", thing, indent + "  ", inner_name)


def _has_things(value: Any) -> bool:
    if isinstance(value, dict):
        return len(value) > _FEW or any(isinstance(one, dict | list) for one in value.values())
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _name_of(thing: Any, place: int) -> str:
    keys = ("name", "role_name", "disk_name", "lun")
    return str(next((thing[key] for key in keys if key in thing), place)) if isinstance(thing, dict) else str(place)


def _short(value: Any) -> str:
    if isinstance(value, dict):
        value = "(" + ", ".join(f"{key}={_short(item)}" for key, item in value.items()) + ")"
    elif isinstance(value, list):
        value = ", ".join(map(_short, value))
    elif value is None or value == "":
        return "nothing"
    text = " ".join(str(value).split())
    return text if len(text) <= _TEXT else text[: _TEXT - 3] + "..."
