"""How we know: every behaviour and every test says whether it was recorded, documented or assumed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

Class = Literal["recorded", "documented", "quoted", "client", "assumed"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact comes from; `about` names the function or class that relies on it."""

    kind: Class
    source: str
    about: str


REGISTER: Final[list[Evidence]] = []
"""Every piece of evidence cited by what has been imported: the page of assumptions is generated from it."""


def _mark(kind: Class, source: str) -> Callable[[T], T]:
    def note(thing: T) -> T:
        name = f"{getattr(thing, '__module__', '?')}.{getattr(thing, '__qualname__', '?')}"
        found = Evidence(kind, source, name)
        REGISTER.append(found)
        thing.__evidence__ = (*getattr(thing, "__evidence__", ()), found)  # type: ignore[attr-defined]
        return thing

    return note


def recorded(source: str) -> Callable[[T], T]:
    """Seen in recorded traffic of the real service."""
    return _mark("recorded", source)


def documented(source: str) -> Callable[[T], T]:
    """Said by Microsoft's documentation of the API."""
    return _mark("documented", source)


def quoted(source: str) -> Callable[[T], T]:
    """A real message of the service, quoted in public, whose exchange was not seen."""
    return _mark("quoted", source)


def client(source: str) -> Callable[[T], T]:
    """What a shipped client insists on."""
    return _mark("client", source)


def assumed(why: str) -> Callable[[T], T]:
    """No evidence was found: what the service most plausibly did, and why we think so."""
    return _mark("assumed", why)
