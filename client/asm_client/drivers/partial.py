"""Documents of which a foreign client gives back only parts: who asks for the rest cannot be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar, cast

from asm_contracts.atom import Entry
from asm_contracts.document import elements
from asm_contracts.suite.driver import NotExpressible

T = TypeVar("T")

_CLASSES: Final[dict[type, type]] = {}


def document(cls: type[T], values: Mapping[str, Any]) -> T:
    """A document with these values, by attribute; NotExpressible for whoever asks for another attribute of it."""
    if len(values) == len(elements(cast(Any, cls))):
        return cls(**values)
    if cls not in _CLASSES:
        own = {name: cls.__dict__[name] for name in ("__shape__", "__doc__", "__module__")}
        _CLASSES[cls] = type(cls.__name__, (_Partial, cls), {"__slots__": (), **own})
    made: T = object.__new__(_CLASSES[cls])
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


def entry(content: T, title: str | None) -> Entry[T]:
    """An entry of Service Bus, of whose frame the client gives the title at most."""
    if title is not None:
        return Entry(content=content, title=title)
    made: Entry[T] = object.__new__(_Untitled)
    object.__setattr__(made, "content", content)
    return made


class _Untitled(Entry[T]):
    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        raise NotExpressible(f"the client does not give {name} of entries back")


def gives(found: object, attribute: str) -> bool:
    """Whether somebody who asks a document for this is told."""
    try:
        getattr(found, attribute)
    except NotExpressible:
        return False
    return True


class _Partial:
    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotExpressible(f"the client does not give {name} of {type(self).__name__} back")

    def __eq__(self, other: object) -> bool:
        # Of what the client gives of both, nothing differs.
        if not isinstance(other, type(self).__mro__[2]):
            return False
        names = [one.attribute for one in elements(cast(Any, type(self)))]
        known = [name for name in names if gives(self, name) and gives(other, name)]
        return all(getattr(self, name) == getattr(other, name) for name in known)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<a {type(self).__name__} that the client gives parts of>"
