"""The wire codec: documents to the service's XML and back.

Writing walks a plan compiled from the declaration, so element order is the declaration's and never the caller's, and
gives the recorded form to the byte: no XML declaration, one line, default namespace before ``xmlns:i``, ``<X/>`` for an
empty element.  Reading is done by lxml with entities, network and huge trees off, and a doctype is refused.

Two ways of reading: ``strict`` for requests (order as the data contract serialiser wants it, no duplicate, required
elements there) and lenient for answers (any order; unknown elements skipped in both).
"""

from __future__ import annotations

import base64
import binascii
import enum
import functools
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar, cast

from lxml import etree

from asm_contracts.codec.tree import ENCODINGS, why_not
from asm_contracts.document import (
    NIL,
    SERIALIZATION,
    WINDOWS_AZURE,
    Element,
    ElementType,
    derived,
    elements,
    item_name,
    shape,
)
from asm_contracts.versions import LATEST

INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
CONTENT_TYPE: Final = "application/xml; charset=utf-8"
_NIL: Final = f"{{{INSTANCE}}}nil"
_TYPE: Final = f"{{{INSTANCE}}}type"

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


class MalformedDocument(ValueError):
    """Bytes that are not the document they should be; the text says why, for logs and for people."""


# -- writing ------------------------------------------------------------------------------------------------------

_MARKUP: Final = re.compile("[&<>\r]")
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"}
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Writer = Callable[[Any, list[str]], None]


def escape(text: str) -> str:
    """Text as it stands in an element; characters XML cannot hold become U+FFFD."""
    if not text.isascii() or not text.isprintable():
        text = _ILLEGAL.sub("\ufffd", text)
    return _MARKUP.sub(lambda found: _ESCAPES[found[0]], text) if _MARKUP.search(text) else text


def _precise(moment: datetime) -> str:
    microsecond = moment.microsecond
    return _time(moment)[:-1] + (f".{microsecond:06d}".rstrip("0") if microsecond else "") + "Z"


def _ticks(moment: datetime) -> str:
    return f"{_time(moment)[:-1]}.{moment.microsecond:06d}0Z"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"  # strftime does not pad years below 1000


_TO_TEXT: Final[dict[str, Callable[[Any], str]]] = {
    "text": escape,
    "integer": str,
    "boolean": lambda value: "true" if value else "false",
    "time": _time,
    "precise": _precise,
    "ticks": _ticks,
    "unzoned": lambda value: _precise(value)[:-1],
    "long": str,
    "capital": str,
    "base64": lambda value: base64.b64encode(value.encode("utf-8", "surrogateescape")).decode("ascii"),
    "bytes": lambda value: base64.b64encode(value).decode("ascii"),
    "enum": lambda value: escape(value.value),
}


def to_text(kind: ElementType, value: Any) -> str:
    """A single value as the codecs write it (XML's markup escaped in text)."""
    return _TO_TEXT[kind.kind](value)


def _value_writer(name: str, kind: ElementType, version: str, namespace: str, prefix: str) -> Writer:
    """A writer of one element: `prefix` and `namespace` are those of the elements around it.

    A document of a subclass of the declared class says so with ``i:type``; one of another namespace than its parent
    declares it with prefix ``a`` and uses that for its children, as the data contract serialiser does.
    """
    tag = prefix + name
    if kind.kind == "document":
        base = kind.python

        def write_document(value: Any, out: list[str]) -> None:
            actual = type(value)
            own = shape(actual)
            foreign = own.namespace != namespace
            mark = "" if actual is base else f' i:type="{own.root}"'
            if foreign:
                mark += f' xmlns:a="{own.namespace}"'
            inside: list[str] = []
            for write in _plan(actual, version, "a:" if foreign else prefix):
                write(value, inside)
            if inside:
                out.append(f"<{tag}{mark}>")
                out.extend(inside)
                out.append(f"</{tag}>")
            else:
                out.append(f"<{tag}{mark}/>")

        return write_document

    to_text = _TO_TEXT[kind.kind]
    opening, closing, empty = f"<{tag}>", f"</{tag}>", f"<{tag}/>"

    def write_scalar(value: Any, out: list[str]) -> None:
        text = to_text(value)
        out.append(f"{opening}{text}{closing}" if text else empty)

    return write_scalar


def _list_writer(declared: Element, version: str, namespace: str, prefix: str) -> Writer:
    of = declared.type.of
    assert of is not None
    attribute, tag, foreign = declared.attribute, prefix + declared.name, declared.marks.namespace
    inside = "" if declared.marks.redeclared else "a:" if foreign else prefix
    write_item = _value_writer(item_name(declared), of, version, foreign or namespace, inside)
    mark = f' xmlns{":a" if inside == "a:" else ""}="{foreign}"' if foreign else ""
    opening, closing = (f"<{tag}{mark}>", f"</{tag}>") if not declared.marks.flat else ("", "")
    write_texts = _texts_writer(item_name(declared), inside) if of.kind == "text" else None
    empty, nil = "" if declared.marks.flat else f"<{tag}{mark}/>", f'<{tag} i:nil="true"{mark}/>'

    def write_list(owner: Any, out: list[str]) -> None:
        values = getattr(owner, attribute)
        if values is None:
            return
        if values is NIL:
            out.append(nil)
        elif not values:
            if empty:
                out.append(empty)
        else:
            out.append(opening)
            if write_texts is not None and type(values) is tuple:
                out.append(write_texts(values))
            else:
                for value in values:
                    write_item(value, out)
            out.append(closing)

    return write_list


def _texts_writer(name: str, prefix: str) -> Callable[[tuple[str, ...]], str]:
    """A writer of a list of texts, which remembers: a list of services says every role size of every one of them."""
    opening, closing, empty = f"<{prefix}{name}>", f"</{prefix}{name}>", f"<{prefix}{name}/>"

    @functools.lru_cache(maxsize=256)
    def write_texts(values: tuple[str, ...]) -> str:
        return "".join(f"{opening}{text}{closing}" if text else empty for text in map(escape, values))

    return write_texts


def _content_writer(declared: Element) -> Writer:
    attribute, to_text = declared.attribute, _TO_TEXT[declared.type.kind]

    def write_content(owner: Any, out: list[str]) -> None:
        text = to_text(getattr(owner, attribute))
        if text:
            out.append(text)

    return write_content


def _element_writer(declared: Element, version: str, namespace: str, prefix: str) -> Writer:
    if declared.type.kind == "list":
        return _list_writer(declared, version, namespace, prefix)
    if declared.marks.content:
        return _content_writer(declared)
    attribute, nil = declared.attribute, f'<{prefix}{declared.name} i:nil="true"/>'
    write_value = _value_writer(declared.name, declared.type, version, namespace, prefix)

    def write_element(owner: Any, out: list[str]) -> None:
        value = getattr(owner, attribute)
        if value is None:
            return
        if value is NIL:
            out.append(nil)
        else:
            write_value(value, out)

    return write_element


def _memoized(function: F) -> F:
    return cast(F, functools.cache(function))  # keeps the signature, which functools.cache hides


@_memoized
def _plan(cls: type, version: str, prefix: str = "") -> tuple[Writer, ...]:
    namespace = shape(cls).namespace
    return tuple(
        _element_writer(declared, version, namespace, prefix)
        for declared in elements(cls)
        if not declared.marks.attribute and (declared.marks.since is None or declared.marks.since <= version)
    )


@_memoized
def _attributes(cls: type) -> tuple[Element, ...]:
    return tuple(declared for declared in elements(cls) if declared.marks.attribute)


@_memoized
def _envelope(root: str, namespace: str, plain: bool) -> tuple[str, str, str]:
    head = f'<{root} xmlns="{namespace}"'
    if (
        namespace != SERIALIZATION and not plain
    ):  # a bare value, as the serialiser writes it, declares no instance namespace
        head += f' xmlns:i="{INSTANCE}"'
    return head + ">", f"</{root}>", head + "/>"


def encode(value: Any, version: str = LATEST, root: str | None = None) -> bytes:
    """A document as the service would send it to a request of `version`, in UTF-8.

    root: another name for the root element, where one type has several (a Role read alone is a PersistentVMRole).
    """
    own = shape(type(value))
    name = root or own.root
    opening, closing, empty = _envelope(name, own.namespace, own.plain)
    for declared in reversed(_attributes(type(value))):
        given = getattr(value, declared.attribute)
        if given is not None:
            mark = f' {declared.name}="{_quoted(_TO_TEXT[declared.type.kind](given))}"'
            opening, empty = (head.replace(f"<{name}", f"<{name}{mark}", 1) for head in (opening, empty))
    out: list[str] = [opening]
    for write in _plan(type(value), version):
        write(value, out)
    if len(out) == 1:
        return empty.encode()
    out.append(closing)
    text = "".join(out)
    return (_indented(text) if own.plain else text).encode("utf-8")


def _quoted(text: str) -> str:
    """Escaped text as it stands in an attribute."""
    for character, entity in (('"', "&quot;"), (">", "&gt;"), ("\n", "&#xA;"), ("\t", "&#x9;")):
        text = text.replace(character, entity)
    return text


_TAG: Final = re.compile(r"<(/?)[^>]*?(/?)>")


def _indented(text: str) -> str:
    """A document without mixed content, every element on a line of its own, two spaces a level."""
    out: list[str] = []
    depth = end = 0
    for tag in _TAG.finditer(text):
        value, closing, empty = text[end : tag.start()], bool(tag[1]), bool(tag[2])
        depth -= closing
        out.append(value or ("\n" + "  " * depth if out else ""))
        out.append(tag[0])
        depth += not closing and not empty
        end = tag.end()
    return "".join(out)


# -- reading ------------------------------------------------------------------------------------------------------


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def parse(data: bytes) -> etree._Element:
    """The root element of well-formed XML; MalformedDocument for anything else, a doctype included."""
    if refused := why_not(data):
        raise MalformedDocument(refused)
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise MalformedDocument(str(problem)) from None
    information: Any = root.getroottree().docinfo
    if information.doctype or information.internalDTD is not None:
        raise MalformedDocument("a document type declaration is not allowed")
    if information.encoding and information.encoding.upper() not in ENCODINGS:
        raise MalformedDocument(f"the encoding {information.encoding} is not allowed")
    return root


def root_name(data: bytes) -> tuple[str, str]:
    """Namespace and local name of the root element; MalformedDocument as in `parse`."""
    return _split(parse(data).tag)


def _split(tag: Any) -> tuple[str, str]:
    if not isinstance(tag, str):
        raise MalformedDocument("only elements are expected")
    if tag[:1] == "{":
        namespace, _, local = tag[1:].partition("}")
        return namespace, local
    return "", tag


_BASE64: Final = re.compile(r"\s+")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,19}\Z")
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?\Z")


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(_BASE64.sub("", text), validate=True)
    except (binascii.Error, ValueError):
        raise MalformedDocument("wrong base64") from None


def _integer(text: str, bits: int = 32) -> int:
    text = text.strip()
    if not _INTEGER.match(text) or not -(1 << (bits - 1)) <= int(text) < 1 << (bits - 1):
        raise MalformedDocument(f"not an integer: {text[:40]!r}")
    return int(text)


def _boolean(text: str) -> bool:
    try:
        return {"true": True, "1": True, "false": False, "0": False}[text.strip().lower()]
    except KeyError:
        raise MalformedDocument(f"not a boolean: {text[:40]!r}") from None


def read_time(text: str) -> datetime:
    """A time as the service and its clients write it: date, optional time, up to nine decimals, optional zone."""
    found = _TIME.match(text.strip())
    if not found:
        raise MalformedDocument(f"not a time: {text[:40]!r}")
    day, clock, fraction, zone = found.groups()
    try:
        return datetime.fromisoformat(
            f"{day}T{clock or '00:00:00'}.{(fraction or '0')[:6].ljust(6, '0')}"
            + (zone.replace("Z", "+00:00") if zone else "+00:00")
            if clock is None or clock.count(":") == 2
            else f"{day}T{clock}:00" + (zone.replace("Z", "+00:00") if zone else "+00:00")
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        raise MalformedDocument(f"not a time: {text[:40]!r}") from None


_FROM_TEXT: Final[dict[str, Callable[[str], Any]]] = {
    "text": lambda text: text,
    "integer": _integer,
    "boolean": _boolean,
    "time": read_time,
    "precise": read_time,
    "ticks": read_time,
    "unzoned": read_time,
    "long": lambda text: _integer(text, 64),
    "capital": _boolean,
    "base64": lambda text: _base64(text).decode("utf-8", "surrogateescape"),
    "bytes": _base64,
}


class _Reader:
    """Reads one document class, compiled once per class and mode."""

    def __init__(self, cls: type, strict: bool) -> None:
        self.cls = cls
        self.strict = strict
        self.shape = shape(cls)
        self.places: dict[str, tuple[int, Element]] = {}
        self.flat: dict[str, tuple[int, Element]] = {}
        self.content: Element | None = None
        self.attributes: list[Element] = []
        for place, declared in enumerate(elements(cls)):
            if declared.marks.content:
                self.content = declared
            elif declared.marks.attribute:
                self.attributes.append(declared)
            elif declared.marks.flat:
                self.flat[item_name(declared)] = (place, declared)
            else:
                self.places[declared.name] = (place, declared)

    def read(self, node: etree._Element) -> Any:
        subclass = self._subclass(node)
        if subclass is not self.cls:
            return _reader(subclass, self.strict).read(node)
        values: dict[str, Any] = {}
        for declared in self.attributes:
            text = node.get(declared.name)
            if text is not None:
                values[declared.attribute] = _FROM_TEXT[declared.type.kind](text)
        if self.content is not None:
            return self.cls(**values, **{self.content.attribute: self._value(node, self.content.type)})
        lists: dict[str, list[Any]] = {}
        latest = -1
        if self.strict and _has_text(node):
            raise MalformedDocument(f"{self.shape.root}: text between elements")
        for child in node:
            _, local = _split(child.tag)
            found = self.places.get(local)
            if found is None:
                repeated = self.flat.get(local)
                if repeated is not None:
                    of = repeated[1].type.of
                    assert of is not None
                    lists.setdefault(repeated[1].attribute, []).append(self._value(child, of))
                continue
            place, declared = found
            if self.strict:
                if declared.attribute in values:
                    raise MalformedDocument(f"{local} stands twice in {self.shape.root}")
                if not declared.marks.anywhere:
                    if place < latest:
                        raise MalformedDocument(f"{local} is out of order in {self.shape.root}")
                    latest = place
            values[declared.attribute] = self._element(child, declared)
        for attribute, items in lists.items():
            values[attribute] = tuple(items)
        for declared in elements(self.cls):
            if declared.attribute in values:
                continue
            if declared.marks.flat:
                values[declared.attribute] = ()
            elif declared.required:
                raise MalformedDocument(f"{declared.name} is missing in {self.shape.root}")
        return self.cls(**values)

    def _subclass(self, node: etree._Element) -> type:
        candidates = derived(self.cls)
        if not candidates:
            return self.cls
        named = node.get(_TYPE)
        if named is not None:
            local = named.rpartition(":")[2]
            for candidate in candidates:
                if shape(candidate).root == local:
                    return candidate
        if self.shape.discriminator is not None:
            for child in node:
                if _split(child.tag)[1] == self.shape.discriminator:
                    value = (child.text or "").strip().lower()
                    for candidate in candidates:
                        tag = shape(candidate).tag
                        if tag is not None and tag.lower() == value:
                            return candidate
        return self.cls

    def _element(self, child: etree._Element, declared: Element) -> Any:
        if child.get(_NIL, "false").strip().lower() in ("true", "1"):
            if declared.nillable:
                return NIL
            if declared.required and self.strict:
                raise MalformedDocument(f"{declared.name} must have a value")
            return None
        if declared.type.kind != "list":
            return self._value(child, declared.type)
        of = declared.type.of
        assert of is not None
        wanted = item_name(declared)
        if self.strict and _has_text(child):
            raise MalformedDocument(f"{declared.name}: text between elements")
        return tuple(self._value(item, of) for item in child if _split(item.tag)[1] == wanted)

    def _value(self, node: etree._Element, kind: ElementType) -> Any:
        if kind.kind == "document":
            return _reader(kind.python, self.strict).read(node)
        if len(node):
            raise MalformedDocument(f"{_split(node.tag)[1]} holds elements where a value is expected")
        return from_text(kind, node.text or "")


def from_text(kind: ElementType, text: str) -> Any:
    """A single value from its text; MalformedDocument when it is none of its kind."""
    if kind.kind == "enum":
        return _enumeration(kind.python, text)
    return _FROM_TEXT[kind.kind](text)


def _enumeration(kind: type, text: str) -> enum.Enum:
    wanted = text.strip().lower()
    assert issubclass(kind, enum.Enum)
    for member in kind:
        if str(member.value).lower() == wanted:
            return member
    raise MalformedDocument(f"{text[:40]!r} is no {kind.__name__}")


def _has_text(node: etree._Element) -> bool:
    return bool(node.text and node.text.strip()) or any(child.tail and child.tail.strip() for child in node)


@_memoized
def _reader(cls: type, strict: bool) -> _Reader:
    return _Reader(cls, strict)


def decode(cls: type[T], data: bytes, *, strict: bool = False, root: str | None = None) -> T:
    """Read a document of class `cls`; MalformedDocument when the bytes are not one.

    strict: read as the service reads a request.  root: the root's name, where it is not the class's own.
    """
    return read(cls, parse(data), strict=strict, root=root)


def read(cls: type[T], node: etree._Element, *, strict: bool = False, root: str | None = None) -> T:
    """As `decode`, from a parsed root."""
    own = shape(cls)
    namespace, local = _split(node.tag)
    if local != (root or own.root):
        raise MalformedDocument(f"the root is {local}, not {root or own.root}")
    if namespace != own.namespace and (strict or namespace not in ("", WINDOWS_AZURE)):
        raise MalformedDocument(f"the root's namespace is {namespace or 'empty'}, not {own.namespace}")
    value = _reader(cls, strict).read(node)
    assert isinstance(value, cls)
    return value


__all__ = [
    "CONTENT_TYPE",
    "MalformedDocument",
    "decode",
    "encode",
    "from_text",
    "parse",
    "read",
    "root_name",
    "to_text",
]
