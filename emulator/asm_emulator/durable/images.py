"""Images as documents: how one differs from the one before (a journal's record), and a whole one (a snapshot's lines).

``{"n", "d", "at", ...}`` is a record: its number, the last number that was sure to be on the disk when it was written,
and the emulator's time.  What follows is only there if it changed:

``subs``   the subscriptions, by id, as `changes` says it; ``gone``: ids
``names``  ``[kind, name, subscription]``, or null for a name that was given back
``steps``  ``{"-": [[due, serial, subscription]], "+": [step]}``; ``held``: all of them
``serial``, ``clock``, ``pace``, ``seed``, ``starts``
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from rpds import HashTrieMap

from asm_emulator import model
from asm_emulator.agenda import Agenda
from asm_emulator.durable.changes import Document, apply, between, between_maps
from asm_emulator.keeping import Image
from asm_emulator.state import EMPTY, State, Step, Touched
from asm_emulator.values import dump, rebuild

_PIECE: Final = 5
"""Entries in one line of a snapshot at most."""

# -- one after another ------------------------------------------------------------------------------------------------


def difference(before: Image, after: Image, touched: Touched | None) -> Document:
    """What a record says, less its number and time; empty if nothing has changed."""
    found: Document = {}
    was, now = before.state, after.state
    if was is not now:
        found.update(_subscriptions(was, now, touched))
        names = _names(was, now, touched)
        if names:
            found["names"] = names
        if was.steps is not now.steps:
            gone, come = now.steps.since(was.steps)
            found["steps"] = {"-": [_key(one) for one in gone], "+": [dump(one, short=True) for one in come]}
        if was.held is not now.held:
            found["held"] = dump(now.held, short=True)
        if was.serial != now.serial:
            found["serial"] = now.serial
    mark, last = after.clock, before.clock
    if mark is not None and (
        last is None
        or (mark.offset, mark.frozen) != (last.offset, last.frozen)
        or (mark.frozen and mark.last != last.last)
    ):
        found["clock"] = dump(mark)
    if after.pace != before.pace:
        found["pace"] = dump(after.pace)
    if after.seed != before.seed:
        found["seed"] = after.seed
    if after.starts != before.starts:
        found["starts"] = after.starts
    return found


def _subscriptions(was: State, now: State, touched: Touched | None) -> Document:
    ids: Iterable[str]
    if touched is None:
        ids = {*was.subscriptions, *now.subscriptions}
    else:
        ids = {one[0] for one in touched.keys} | {one[0] for one in touched.fields}
    changed: Document = {}
    gone: list[str] = []
    for one in sorted(ids):
        old, new = was.subscriptions.get(one), now.subscriptions.get(one)
        if new is None:
            if old is not None:
                gone.append(one)
        elif old is None or touched is None:
            change = between(old, new)
            if change is not None:
                changed[one] = change
        elif old is not new:
            fields = _fields(one, old, new, touched)
            if fields:
                changed[one] = {".": fields}
    found = {"subs": changed} if changed else {}
    return {**found, "gone": gone} if gone else found


def _fields(id: str, old: model.Subscription, new: model.Subscription, touched: Touched) -> Document:
    whole = {name for owner, name in touched.fields if owner == id}
    keys: dict[str, set[str]] = {}
    for owner, name, key in touched.keys:
        if owner == id and name not in whole:
            keys.setdefault(name, set()).add(key)
    found: Document = {}
    for name in sorted({*whole, *keys}):
        before, after = getattr(old, name), getattr(new, name)
        if before is not after:
            change = between(before, after) if name in whole else between_maps(before, after, keys[name])
            if change is not None:
                found[name] = change
    return found


def _names(was: State, now: State, touched: Touched | None) -> list[list[str | None]]:
    if was.names is now.names:
        return []
    keys = {*was.names, *now.names} if touched is None else touched.names
    return [[*key, now.names.get(key)] for key in sorted(keys) if was.names.get(key) != now.names.get(key)]


def _key(step: Step) -> list[Any]:
    return [step.due.isoformat(), step.serial, step.subscription_id]


# -- a whole one ------------------------------------------------------------------------------------------------------


def settings(image: Image) -> Document:
    """What an image has besides its state."""
    return {"clock": dump(image.clock), "pace": dump(image.pace), "seed": image.seed, "starts": image.starts}


def pieces(state: State, rest: Callable[[], object] = lambda: None) -> Iterator[Document]:
    """A state as documents, none of them long.  `rest` is called now and then: others want to work too."""

    def written(value: Any) -> Any:
        rest()
        return dump(value, short=True)

    for key in sorted(state.subscriptions):
        found = state.subscriptions[key]
        fields = [one.name for one in dataclasses.fields(found)]
        maps = {name: value for name in fields if isinstance(value := getattr(found, name), HashTrieMap)}
        bare: Any = {name: HashTrieMap() for name in maps}
        yield {"sub": key, "is": dump(replace(found, **bare), short=True)}
        for name, entries in maps.items():
            for keys in _in_pieces(sorted(entries)):
                yield {"sub": key, "in": name, "put": {one: written(entries[one]) for one in keys}}
    for names in _in_pieces(sorted(state.names)):
        yield {"names": [[*one, state.names[one]] for one in names]}
    for steps in _in_pieces(list(state.steps)):
        yield {"steps": {"-": [], "+": [written(one) for one in steps]}}
    yield {"held": dump(state.held, short=True), "serial": state.serial}


def _in_pieces(items: list[Any]) -> Iterator[list[Any]]:
    return (items[place : place + _PIECE] for place in range(0, len(items), _PIECE))


# -- back -------------------------------------------------------------------------------------------------------------


class Replay:
    """Puts an image together again, document by document.  What is no document of ours raises any of the errors
    of `values.rebuild`.
    """

    def __init__(self) -> None:
        self._subscriptions: dict[str, model.Subscription] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._steps: dict[tuple[Any, ...], Step] = {}
        self._held: tuple[Step, ...] = ()
        self._serial = 0
        self._settings: Document = {}
        self._at: datetime | None = None

    def take(self, document: Document) -> None:
        """A record, a header, or a piece of a snapshot."""
        for key in ("clock", "pace", "seed", "starts"):
            if key in document:
                self._settings[key] = document[key]
        if "at" in document:
            self._at = datetime.fromisoformat(document["at"])
        if "sub" in document:
            self._piece(document)
        for key, change in document.get("subs", {}).items():
            self._subscriptions[key] = apply(self._subscriptions.get(key), change)
        for key in document.get("gone", ()):
            del self._subscriptions[key]
        for kind, name, owner in document.get("names", ()):
            if owner is None:
                del self._names[kind, name]
            else:
                self._names[kind, name] = owner
        if "steps" in document:
            for key in document["steps"]["-"]:
                del self._steps[tuple(key)]
            for one in document["steps"]["+"]:
                step = rebuild(one)
                self._steps[tuple(_key(step))] = step
        if "held" in document:
            self._held = rebuild(document["held"])
        self._serial = document.get("serial", self._serial)

    def _piece(self, document: Document) -> None:
        key = document["sub"]
        if "is" in document:
            self._subscriptions[key] = rebuild(document["is"])
            return
        found, name = self._subscriptions[key], document["in"]
        entries: Any = getattr(found, name)
        for one, value in document["put"].items():
            entries = entries.insert(one, rebuild(value))
        self._subscriptions[key] = replace(found, **{name: entries})

    def image(self) -> Image:
        """The image that all documents taken together make."""
        state = replace(
            EMPTY,
            subscriptions=HashTrieMap(self._subscriptions),
            names=HashTrieMap(self._names),
            steps=Agenda(self._steps.values()),
            held=self._held,
            serial=self._serial,
        )
        clock = rebuild(self._settings["clock"])
        if clock is not None and self._at is not None and not clock.frozen:
            # Time does not go back, even if the machine's was set back meanwhile.
            clock = replace(clock, last=max(clock.last, self._at))
        return Image(
            state,
            clock,
            rebuild(self._settings["pace"]),
            self._settings["seed"],
            self._settings["starts"],
        )
