"""Reading a description so that nothing is lost in silence: whatever nobody asked for is reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


class SeedError(Exception):
    """The description cannot be taken at all, and why; nothing of it was."""


@dataclass(slots=True)
class Report:
    """What became of a description."""

    taken: dict[str, int] = field(default_factory=dict)
    """How many of what."""
    added: list[str] = field(default_factory=list)
    """What was not described, but had to be there."""
    lost: list[dict[str, str]] = field(default_factory=list)
    """What was described and not taken: where it stands, and why."""

    def take(self, kind: str) -> None:
        """One more of a kind."""
        self.taken[kind] = self.taken.get(kind, 0) + 1

    def lose(self, where: str, why: str) -> None:
        """Something is not taken."""
        self.lost.append({"where": where, "why": why})


class Given:
    """An object of the description: its keys in any case, and with or without hyphens and underscores.

    What is never asked for is reported by `rest`.
    """

    def __init__(self, found: Any, where: str, report: Report) -> None:
        if not isinstance(found, Mapping):
            raise SeedError(f"{where or 'the description'} is not an object")
        self.where = where
        self.report = report
        self._found = {_plain(str(key)): (str(key), value) for key, value in found.items()}
        self._asked: set[str] = set()

    def get(self, *names: str) -> Any:
        """The value under the first of these names that is there; None for none, or for an empty one."""
        found = None
        for name in map(_plain, names):
            self._asked.add(name)
            if found is None and name in self._found and self._found[name][1] not in ("", [], {}):
                found = self._found[name][1]
        return found

    def text(self, *names: str) -> str | None:
        """Text; SeedError for anything that is none."""
        found = self.get(*names)
        if found is not None and (isinstance(found, bool) or not isinstance(found, str | int | float)):
            raise SeedError(f"{self._at(names[0])} is no text")
        return None if found is None else str(found)

    def need(self, *names: str) -> str:
        """Text that must be there."""
        found = self.text(*names)
        if found is None:
            raise SeedError(f"{self._at(names[0])} is missing")
        return found

    def number(self, *names: str) -> int | None:
        """A whole number."""
        found = self.text(*names)
        try:
            return None if found is None else int(found)
        except ValueError:
            raise SeedError(f"{self._at(names[0])} is no whole number") from None

    def several(self, *names: str) -> Iterator[Given]:
        """The objects of a list; one alone may stand without."""
        found = self.get(*names)
        if found is not None and not isinstance(found, list | Mapping):
            raise SeedError(f"{self._at(names[0])} is no list of objects")
        items = found if isinstance(found, list) else [] if found is None else [found]
        for place, item in enumerate(items):
            yield Given(item, f"{self._at(names[0])}[{place}]", self.report)

    def ignore(self, *names: str) -> None:
        """These say nothing that is not known otherwise."""
        self._asked.update(map(_plain, names))

    def rest(self, why: str = "it is not understood") -> None:
        """Report what nobody asked for and is not empty."""
        for name, (key, value) in self._found.items():
            if name not in self._asked and value not in (None, "", [], {}):
                self.report.lose(self._at(key), why)

    def _at(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
