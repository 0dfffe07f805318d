"""Entries and feeds: what Service Bus wraps its documents in.

Pure data; `asm_contracts.codec.atom` writes and reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Generic[T]):
    """A document with what Atom says of it.

    The resource provider's own entries have an id that is made up and an empty title; those of queues and the like
    have the address and the name of the thing, an author and a link.
    """

    content: T
    id: str = ""
    title: str = ""
    published: datetime | None = None
    updated: datetime = _NEVER
    author: str | None = None
    link: str | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed(Generic[T]):
    """Entries in order.  One with a link comes from the namespace itself: it has no XML declaration (recorded)."""

    entries: tuple[Entry[T], ...] = ()
    id: str = ""
    title: str = ""
    updated: datetime = _NEVER
    link: str | None = None
