"""Foreign XML as a tree, for documents that behaviour reads and the API's own codec does not know.

Read with expat and without lxml, which behaviour may not reach.  A doctype is refused, so there are no entities to
expand; so are deep trees and odd encodings.
"""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

DEEPEST: Final = 64
ENCODINGS: Final = frozenset({"UTF-8", "US-ASCII", "ASCII", "UTF-16", "UTF-16LE", "UTF-16BE"})
"""The encodings a document may declare, in upper case."""


MOST_TAGS: Final = 30_000
"""Tags, comments and the like of one document at most, and attributes as many: in a megabyte one every 35 bytes."""
MOST_NAMESPACES: Final = 10_000
"""Namespace declarations of one document at most: on one element they take time by their square."""
_DOCTYPE: Final = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:\s++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)


class MalformedTree(ValueError):
    """Bytes that are no XML, or XML that is not read; the text says why."""


def why_not(data: bytes) -> str:
    """What a document is refused for before a parser sees it, which would take its time over it; nothing if nothing."""
    if _DOCTYPE.match(data):
        return "a document type declaration is not allowed"
    if data.count(b"<") > MOST_TAGS or data.count(b"xmlns") > MOST_NAMESPACES:
        return "there are too many elements"
    if data.count(b'="') + data.count(b"='") > MOST_TAGS:
        return "there are too many attributes"
    return ""


class _Reader:
    def __init__(self) -> None:
        self.depth = 0
        self.builder = TreeBuilder()
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.builder.data
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.XmlDeclHandler = self.declaration

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise MalformedTree("elements are nested too deeply")
        self.builder.start(_named(name), {_named(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self.depth -= 1
        self.builder.end(_named(name))

    def doctype(self, *_: object) -> None:
        raise MalformedTree("a document type declaration is not allowed")

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.upper() not in ENCODINGS:
            raise MalformedTree(f"the encoding {encoding[:40]} is not allowed")


def _named(name: str) -> str:
    return "{" + name if "}" in name else name


def parse(data: bytes) -> Element:
    """The root element, names as ``{namespace}local``; MalformedTree for anything else."""
    refused = why_not(data)
    if refused:
        raise MalformedTree(refused)
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as problem:
        raise MalformedTree(str(problem)) from None
    return reader.builder.close()
