"""Documents in Atom entries and feeds, as Service Bus sends and takes them.

Written as recorded: one line, ``title`` before ``id`` in feeds and after it in entries, empty text elements with both
their tags.  Metrics are OData: their content is ``m:properties`` with typed values.  Read through the XML codec's
hardened parser.
"""

from __future__ import annotations

import re
import typing
from datetime import datetime
from typing import Any, Final

from lxml import etree

from asm_contracts.atom import Entry, Feed
from asm_contracts.codec import xml
from asm_contracts.codec.xml import MalformedDocument
from asm_contracts.document import Element, ElementType, elements, shape
from asm_contracts.versions import LATEST

ATOM: Final = "http://www.w3.org/2005/Atom"
DATA_SERVICES: Final = "http://schemas.microsoft.com/ado/2007/08/dataservices"
METADATA: Final = "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"
ENTRY_TYPE: Final = "application/atom+xml; type=entry; charset=utf-8"
FEED_TYPE: Final = "application/atom+xml; type=feed; charset=utf-8"

_DECLARATION: Final = '<?xml version="1.0" encoding="utf-8"?>'
_EMPTY: Final = re.compile(r"<([A-Za-z][\w.:-]*)/>")
_EDM: Final = {"integer": "Edm.Int32", "long": "Edm.Int64", "boolean": "Edm.Boolean", "time": "Edm.DateTime"}
_TIME: Final = ElementType("time", datetime)
_XML: Final = "http://www.w3.org/XML/1998/namespace"


# -- writing --------------------------------------------------------------------------------------------------------


def encode(value: Entry[Any] | Feed[Any], version: str = LATEST) -> bytes:
    """An entry or a feed, in UTF-8."""
    if isinstance(value, Entry):
        text = _DECLARATION + _entry(value, version, f' xmlns="{ATOM}"')
    else:
        inside = "".join(_entry(one, version) for one in value.entries)
        text = ("" if value.link else _DECLARATION) + (
            f'<feed xmlns="{ATOM}"><title type="text">{xml.escape(value.title)}</title><id>{xml.escape(value.id)}</id>'
            f"<updated>{_time(value.updated)}</updated>{_link(value.link)}{inside}</feed>"
        )
    return text.encode("utf-8")


def encode_request(body: Any, version: str, root: str | None = None) -> bytes:
    """A document in an entry of its own, as clients send it."""
    inside = xml.encode(body, version, root).decode("utf-8")
    return f'<entry xmlns="{ATOM}"><content type="application/xml">{inside}</content></entry>'.encode()


def _entry(entry: Entry[Any], version: str, mark: str = "") -> str:
    base = f' xml:base="{_quoted(entry.base)}"' if entry.base else ""
    author = f"<author><name>{xml.escape(entry.author)}</name></author>" if entry.author is not None else ""
    published = f"<published>{_time(entry.published)}</published>" if entry.published else ""
    return (
        f'<entry{base}{mark}><id>{xml.escape(entry.id)}</id><title type="text">{xml.escape(entry.title)}</title>'
        f"{published}<updated>{_time(entry.updated)}</updated>{author}{_link(entry.link)}"
        f'<content type="application/xml">{_content(entry.content, version)}</content></entry>'
    )


def _content(value: Any, version: str) -> str:
    if shape(type(value)).namespace == DATA_SERVICES:
        return _properties(value)
    return _EMPTY.sub(r"<\1></\1>", xml.encode(value, version).decode("utf-8"))


def _properties(value: Any) -> str:
    kind: type = type(value)
    out = [f'<m:properties xmlns:m="{METADATA}" xmlns:d="{DATA_SERVICES}">']
    for declared in elements(kind):
        held = getattr(value, declared.attribute)
        if held is not None:
            edm = _EDM.get(declared.type.kind)
            mark = f' m:type="{edm}"' if edm else ""
            out.append(f"<d:{declared.name}{mark}>{xml.to_text(declared.type, held)}</d:{declared.name}>")
    return "".join([*out, "</m:properties>"])


def _link(href: str | None) -> str:
    return f'<link rel="self" href="{_quoted(href)}"/>' if href else ""


def _quoted(text: str) -> str:
    return xml.escape(text).replace('"', "&quot;")


def _time(moment: datetime) -> str:
    return xml.to_text(_TIME, moment)


# -- reading --------------------------------------------------------------------------------------------------------


def content_of(root: etree._Element) -> etree._Element:
    """The one element inside an entry's content; MalformedDocument unless there is just one."""
    if etree.QName(root) != etree.QName(ATOM, "entry"):
        raise MalformedDocument(f"the root is {etree.QName(root).localname}, not an Atom entry")
    contents = root.findall(f"{{{ATOM}}}content")
    if len(contents) != 1 or len(contents[0]) != 1:
        raise MalformedDocument("an entry has one content with one element")
    return contents[0][0]


def read_entry(cls: type, node: etree._Element) -> Entry[Any]:
    """An entry with a document of class `cls`."""
    link = node.find(f"{{{ATOM}}}link")
    published = _text(node, "published")
    author = node.find(f"{{{ATOM}}}author")
    return Entry(
        content=read_content(cls, content_of(node)),
        id=_text(node, "id") or "",
        title=_text(node, "title") or "",
        published=xml.read_time(published) if published else None,
        updated=xml.read_time(_text(node, "updated") or "0001-01-01"),
        author=None if author is None else _text(author, "name") or "",
        link=None if link is None else link.get("href"),
        base=node.get(f"{{{_XML}}}base"),
    )


def read_feed(cls: type, node: etree._Element) -> Feed[Any]:
    """A feed of documents of class `cls`."""
    if etree.QName(node) != etree.QName(ATOM, "feed"):
        raise MalformedDocument(f"the root is {etree.QName(node).localname}, not an Atom feed")
    link = node.find(f"{{{ATOM}}}link")
    return Feed(
        entries=tuple(read_entry(cls, one) for one in node.findall(f"{{{ATOM}}}entry")),
        id=_text(node, "id") or "",
        title=_text(node, "title") or "",
        updated=xml.read_time(_text(node, "updated") or "0001-01-01"),
        link=None if link is None else link.get("href"),
    )


def decode(kind: Any, data: bytes) -> Any:
    """An ``Entry[X]`` or ``Feed[X]``; MalformedDocument for anything else."""
    (cls,) = typing.get_args(kind)
    root = xml.parse(data)
    return read_entry(cls, root) if typing.get_origin(kind) is Entry else read_feed(cls, root)


def read_content(cls: type, node: etree._Element) -> Any:
    """The document of class `cls` that an entry's content is; MalformedDocument for anything else."""
    if shape(cls).namespace != DATA_SERVICES:
        return xml.read(cls, node)
    if etree.QName(node) != etree.QName(METADATA, "properties"):
        raise MalformedDocument(f"the content is {etree.QName(node).localname}, not properties")
    values = {child.tag: child.text or "" for child in node if child.get(f"{{{METADATA}}}null") != "true"}
    return cls(**{one.attribute: _property(one, values) for one in elements(cls)})


def _property(declared: Element, values: dict[Any, str]) -> Any:
    text = values.get(f"{{{DATA_SERVICES}}}{declared.name}")
    return None if text is None else xml.from_text(declared.type, text)


def _text(node: etree._Element, name: str) -> str | None:
    found = node.find(f"{{{ATOM}}}{name}")
    return None if found is None else found.text
