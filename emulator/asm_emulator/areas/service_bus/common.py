"""What all of Service Bus does alike: finding things, and wrapping them up."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from asm_contracts.atom import Entry, Feed
from asm_contracts.errors import ResourceNotFound
from asm_contracts.evidence import recorded
from asm_emulator.areas.base import Area
from asm_emulator.service_bus_model import Namespace
from asm_emulator.state import Draft

T = TypeVar("T")


def endpoint(namespace: str) -> str:
    """The address of a namespace."""
    return f"https://{namespace}.servicebus.windows.net/"


@recorded("times of namespaces have thousandths of a second, no more")
def stamp(moment: datetime) -> datetime:
    """A time as namespaces and entities have it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def find_namespace(draft: Draft, name: str) -> Namespace:
    """A namespace by name; ResourceNotFound if the subscription has none."""
    found = draft.service_bus_namespaces.get(name)
    if found is None:
        raise ResourceNotFound(f"The namespace {name} does not exist.")
    return found


def put_namespace(draft: Draft, namespace: Namespace) -> None:
    """Write a namespace back."""
    draft.service_bus_namespaces[namespace.name] = namespace


def touched(draft: Draft, namespace: Namespace) -> Namespace:
    """The namespace as changed now."""
    return replace(namespace, updated=stamp(draft.now))


def make_key(draft: Draft, *of: object) -> str:
    """A key: base64 of 32 bytes that depend on the seed and on `of` alone."""
    return base64.b64encode(bytes.fromhex(draft.make_hex(*of, 1) + draft.make_hex(*of, 2))).decode("ascii")


class AtomArea(Area):
    """Wraps documents as the resource provider does: ids that are made up and count up, no titles."""

    def _id(self, place: int) -> str:
        provider = self.state.make_guid("service bus provider")
        return f"uuid:{provider};id={20_000_000 + int(self.request.request_id[:6], 16) + place}"

    def entry(self, content: T, place: int = 0) -> Entry[T]:
        """One document."""
        return Entry(content=content, id=self._id(place), updated=self.now)

    def feed(self, contents: list[T]) -> Feed[T]:
        """Several documents."""
        return Feed(
            entries=tuple(self.entry(one, place) for place, one in enumerate(contents, 1)),
            id=self._id(0),
            updated=self.now,
        )
