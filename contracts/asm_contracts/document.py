"""What a document is: a frozen, keyword-only dataclass whose field order is its element order.

Standard library only.  Three states of an element are told apart, because the service's clients tell them apart:
``None`` is absent, ``NIL`` is ``i:nil="true"``, anything else is a value (an empty string is an empty element).
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeVar, dataclass_transform, overload

from asm_contracts.frozen import frozen

WINDOWS_AZURE: Final = "http://schemas.microsoft.com/windowsazure"
SERIALIZATION: Final = "http://schemas.microsoft.com/2003/10/Serialization/"
ARRAYS: Final = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
DATA_CONTRACT: Final = "http://schemas.datacontract.org/2004/07/Microsoft.WindowsAzure.ServiceManagement"

T = TypeVar("T")


class Nil(enum.Enum):
    """The value of an element that is there and says that it has none."""

    NIL = "nil"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "NIL"


NIL: Final = Nil.NIL


class Encoding(enum.Enum):
    """How a value's text differs from what Python holds."""

    BASE64 = "base64"
    PRECISE = "precise"
    TICKS = "ticks"
    LONG = "long"
    CAPITAL = "capital"
    UNZONED = "unzoned"


Base64 = Annotated[str, Encoding.BASE64]
"""Text in Python, base64 of its UTF-8 bytes on the wire; bytes that are not UTF-8 survive as surrogates."""

Base64Bytes = Annotated[bytes, Encoding.BASE64]
"""Bytes in Python, base64 on the wire."""

PreciseTime = Annotated[datetime, Encoding.PRECISE]
"""A time written with its fraction of a second, trailing zeros dropped; plain ``datetime`` has whole seconds."""

TickTime = Annotated[datetime, Encoding.TICKS]
"""A time written with seven decimals, always."""

UnzonedTime = Annotated[datetime, Encoding.UNZONED]
"""A time as `PreciseTime`, in UTC without saying so."""

Long = Annotated[int, Encoding.LONG]
"""A 64-bit integer; plain ``int`` has 32."""

CapitalBool = Annotated[bool, Encoding.CAPITAL]
"""A boolean written ``True`` or ``False``."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What an element's declaration says beyond its type."""

    name: str | None = None
    item: str | None = None
    since: str | None = None
    flat: bool = False
    anywhere: bool = False
    namespace: str | None = None
    content: bool = False
    attribute: bool = False
    mapping: bool = False
    redeclared: bool = False


@overload
def element(
    *,
    default: T,
    name: str | None = None,
    item: str | None = None,
    since: str | None = None,
    flat: bool = False,
    anywhere: bool = False,
    namespace: str | None = None,
    content: bool = False,
    attribute: bool = False,
    mapping: bool = False,
    redeclared: bool = False,
) -> T: ...
@overload
def element(
    *,
    name: str | None = None,
    item: str | None = None,
    since: str | None = None,
    flat: bool = False,
    anywhere: bool = False,
    namespace: str | None = None,
    content: bool = False,
    attribute: bool = False,
    mapping: bool = False,
    redeclared: bool = False,
) -> Any: ...
def element(
    *,
    default: Any = dataclasses.MISSING,
    name: str | None = None,
    item: str | None = None,
    since: str | None = None,
    flat: bool = False,
    anywhere: bool = False,
    namespace: str | None = None,
    content: bool = False,
    attribute: bool = False,
    mapping: bool = False,
    redeclared: bool = False,
) -> Any:
    """Declare what the type alone does not say of an element.

    name:      its wire name, where the rule (``role_name`` -> ``RoleName``) does not give it
    item:      the name of a list's items, where the item is no document
    since:     the first ``x-ms-version`` whose answers have it
    flat:      the items of the list stand directly in the parent, without an element around them
    anywhere:  clients disagree on its place: input may have it at any position
    namespace: the namespace of the element's children, written with prefix ``a``
    redeclared: the element itself is in `namespace` too, and declares it as the default one
    content:   no child at all but the document's own text; such a document has no other child
    attribute: an attribute of the document's element; in root elements only
    mapping:   in JSON the list is one object: its items' first element is the key, their second the value
    """
    marks = Marks(
        name=name,
        item=item,
        since=since,
        flat=flat,
        anywhere=anywhere,
        namespace=namespace,
        content=content,
        attribute=attribute,
        mapping=mapping,
        redeclared=redeclared,
    )
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata={"marks": marks})
    return dataclasses.field(default=default, metadata={"marks": marks})


@dataclass(frozen=True, slots=True)
class Shape:
    """What a document class says of itself."""

    root: str
    namespace: str
    discriminator: str | None = None
    tag: str | None = None
    plain: bool = False


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(element,))
def document(
    *,
    name: str | None = None,
    namespace: str = WINDOWS_AZURE,
    discriminator: str | None = None,
    tag: str | None = None,
    plain: bool = False,
) -> Callable[[type[T]], type[T]]:
    """Make a class a document.

    name:          the root element, where it is not the class's name
    discriminator: on a base class, the child element that tells the subclass when ``i:type`` does not
    tag:           on a subclass, the discriminator's value that means it
    plain:         not the data contract serialiser's: the root declares no instance namespace, children are indented
    """

    def declare(cls: type[T]) -> type[T]:
        made = frozen(cls)
        made.__shape__ = Shape(name or cls.__name__, namespace, discriminator, tag, plain)  # type: ignore[attr-defined]
        # slots=True makes a second class and leaves the first one in __subclasses__ until it is collected, so the
        # subclasses of a document are kept by hand.
        made.__derived__ = []  # type: ignore[attr-defined]
        for base in made.__mro__[1:]:
            if "__derived__" in base.__dict__:
                base.__dict__["__derived__"].append(made)
        return made

    return declare


def shape(cls: type) -> Shape:
    """The shape of a document class; TypeError for any other."""
    found = cls.__dict__.get("__shape__")
    if not isinstance(found, Shape):
        raise TypeError(f"{cls.__name__} is not a document")
    return found


def is_document(kind: Any) -> bool:
    """Whether a type is a document class."""
    return isinstance(kind, type) and isinstance(kind.__dict__.get("__shape__"), Shape)


def derived(cls: type) -> list[type]:
    """The documents that inherit from this one."""
    return list(cls.__derived__) if is_document(cls) else []  # type: ignore[attr-defined]


_WORDS: Final = {"os": "OS", "vm": "VM", "gb": "GB", "io": "IO", "id": "Id"}


def wire_name(attribute: str) -> str:
    """``logical_size_in_gb`` -> ``LogicalSizeInGB``."""
    return "".join(_WORDS.get(word) or word[:1].upper() + word[1:] for word in attribute.split("_"))


Kind = Literal[
    "text", "integer", "long", "boolean", "capital", "time", "precise", "ticks", "unzoned", "base64", "bytes", "enum",
    "document", "list",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ElementType:
    """The type of an element, resolved from its annotation."""

    kind: Kind
    python: type
    of: ElementType | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a document, as the codecs see it."""

    attribute: str
    name: str
    type: ElementType
    marks: Marks
    required: bool
    nillable: bool
    default: Any


_SCALARS: Final[dict[tuple[type, Encoding | None], Kind]] = {
    (str, None): "text",
    (int, None): "integer",
    (bool, None): "boolean",
    (datetime, None): "time",
    (datetime, Encoding.PRECISE): "precise",
    (datetime, Encoding.TICKS): "ticks",
    (datetime, Encoding.UNZONED): "unzoned",
    (int, Encoding.LONG): "long",
    (bool, Encoding.CAPITAL): "capital",
    (str, Encoding.BASE64): "base64",
    (bytes, Encoding.BASE64): "bytes",
}


def _resolve(hint: Any) -> tuple[ElementType, bool]:
    """The element type of an annotation, and whether it admits NIL."""
    nillable = False
    encoding: Encoding | None = None
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        members = [member for member in typing.get_args(hint) if member is not type(None)]
        nillable = Nil in members
        members = [member for member in members if member is not Nil]
        if len(members) != 1:
            raise TypeError(f"an element has one type, not {hint}")
        hint = members[0]
    if typing.get_origin(hint) is Annotated:
        hint, *notes = typing.get_args(hint)
        encoding = next((note for note in notes if isinstance(note, Encoding)), None)
    if typing.get_origin(hint) is tuple:
        item, dots = typing.get_args(hint)
        if dots is not Ellipsis:
            raise TypeError(f"a list of elements is tuple[X, ...], not {hint}")
        return ElementType("list", tuple, _resolve(item)[0]), nillable
    if is_document(hint):
        return ElementType("document", hint), nillable
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return ElementType("enum", hint), nillable
    try:
        return ElementType(_SCALARS[hint, encoding], hint), nillable
    except (KeyError, TypeError):
        raise TypeError(f"no document has elements of type {hint}") from None


@functools.cache
def elements(cls: type) -> tuple[Element, ...]:
    """The elements of a document, in wire order: those of its bases first, as data contracts have it."""
    shape(cls)
    hints = typing.get_type_hints(cls, include_extras=True)
    found = []
    for field in dataclasses.fields(cls):
        marks = field.metadata.get("marks", Marks())
        kind, nillable = _resolve(hints[field.name])
        found.append(
            Element(
                attribute=field.name,
                name=marks.name or wire_name(field.name),
                type=kind,
                marks=marks,
                required=field.default is dataclasses.MISSING,
                nillable=nillable,
                default=None if field.default is dataclasses.MISSING else field.default,
            )
        )
    return tuple(found)


def item_name(declared: Element) -> str:
    """The name of a list's items: declared, or the root of the document they are."""
    if declared.marks.item:
        return declared.marks.item
    of = declared.type.of
    if of is None or of.kind != "document":
        raise TypeError(f"{declared.name}: a list of {of and of.kind} needs item=")
    return shape(of.python).root
