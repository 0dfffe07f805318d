"""How the raw driver reads: with ElementTree, and insisting on the recorded order of elements.

Nothing here knows how the contracts declare a document; only the classes are shared, because the tests speak in them.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar
from xml.etree import ElementTree

from asm_contracts.document import NIL, Nil
from asm_contracts.vocabulary import ExtendedProperty

AZURE: Final = "http://schemas.microsoft.com/windowsazure"
INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"

T = TypeVar("T")


def tag(name: str) -> str:
    """A name in the service's namespace, as ElementTree spells it."""
    return f"{{{AZURE}}}{name}"


class Node:
    """An element of an answer whose children must be among these, in this order."""

    def __init__(self, element: ElementTree.Element, name: str, order: str) -> None:
        assert element.tag == tag(name), f"{name} is expected, not {element.tag}"
        known = order.split()
        places = []
        for child in element:
            local = child.tag.removeprefix(f"{{{AZURE}}}")
            assert local in known, f"{local} is not known in {name}"
            places.append(known.index(local))
        assert places == sorted(set(places)), f"the elements of {name} are out of order or there twice"
        self.element = element

    def child(self, name: str) -> ElementTree.Element | None:
        """A child element."""
        return self.element.find(tag(name))

    def nil_or_text(self, name: str) -> str | Nil | None:
        """The text of a child; NIL for a nil one, None for none."""
        found = self.child(name)
        if found is None:
            return None
        return NIL if found.get(f"{{{INSTANCE}}}nil") == "true" else found.text or ""

    def text(self, name: str) -> str | None:
        """The text of a child that is never nil; None for none."""
        found = self.nil_or_text(name)
        assert found is not NIL, f"{name} must not be nil"
        return found if isinstance(found, str) else None

    def need(self, name: str) -> str:
        """The text of a child that must be there."""
        found = self.text(name)
        assert found is not None, f"{name} is missing"
        return found

    def decoded(self, name: str) -> str | None:
        """The text of a child that is base64."""
        found = self.text(name)
        return None if found is None else base64.b64decode(found, validate=True).decode()

    def integer(self, name: str) -> int | None:
        """A child that is a number."""
        found = self.text(name)
        return None if found is None else int(found)

    def boolean(self, name: str) -> bool | None:
        """A child that is ``true`` or ``false``, in lower case."""
        found = self.text(name)
        return None if found is None else {"true": True, "false": False}[found]

    def time(self, name: str) -> datetime | None:
        """A child that is a time in UTC."""
        found = self.text(name)
        if found is None:
            return None
        assert found.endswith("Z")
        return datetime.fromisoformat(found)

    def list(self, name: str, read: Callable[[ElementTree.Element], T]) -> tuple[T, ...] | None:
        """The items of a child that is a list; None for none."""
        found = self.child(name)
        return None if found is None else tuple(read(one) for one in found)

    def document(self, name: str, read: Callable[[ElementTree.Element], T]) -> T | None:
        """A child that is a document; None for none."""
        found = self.child(name)
        return None if found is None else read(found)


def text_of(element: ElementTree.Element) -> str:
    """The text of an element."""
    return element.text or ""


def extended_property(element: ElementTree.Element) -> ExtendedProperty:
    """ExtendedProperty."""
    node = Node(element, "ExtendedProperty", "Name Value")
    return ExtendedProperty(name=node.need("Name"), value=node.nil_or_text("Value"))
