"""Secrets taken out of bodies as they are on the wire, which may be no documents at all: for the request log.

The names of secret elements come from the declarations (see `redaction`).  A body whose text cannot be made out is not
shown.  Everything here goes over a text once, whatever is in it: whoever sends it must not make the log work for long.
"""

from __future__ import annotations

import base64
import functools
import json
import re
import typing
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from asm_contracts.catalogue import all_operations
from asm_contracts.document import derived, elements, is_document, wire_name
from asm_emulator.redaction import CARRIERS, HIDDEN, secret_elements

_BOMS: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_PARAMETER: Final = "ResourceExtensionParameterValue"
"""A document whose value is a secret if it says that it is private."""
_CLUSTER: Final = "DefaultStorageAccountAndContainer"
"""Of a cluster's own document, which no operation declares."""


def readable(body: bytes, most: int | None = None) -> str:
    """A body as text, without the secrets in it; of its first bytes alone, if it is told how many.

    An element that is not closed there is a secret to the end, as one is that is not closed at all.
    """
    if not body:
        return ""
    length, body = len(body), body[:most]
    encoding = next((name for mark, name in _BOMS if body.startswith(mark)), "utf-8")
    text = body.decode(encoding, "replace")
    bare = text.lstrip("\ufeff \t\r\n")
    if not bare.startswith(("<", "{", "[")) or "\x00" in text:
        return f"({length} bytes that are neither XML nor JSON)"
    lower = text.lower()
    if not any(one in lower for one in _hints()):
        return text
    text = _anywhere(text)
    return _without_elements(text) if bare.startswith("<") else _without_members(text)


@functools.cache
def _hints() -> tuple[str, ...]:
    """Pieces of text of which there is one in every body that has a secret: most bodies have none, and are done."""
    names = {*_member_names(), *(one.lower() for one in (*CARRIERS, _PARAMETER, _CLUSTER))}
    telling = {
        "password",
        "secret",
        "pwd",
        "authorization",
        "token",
        "cookie",
        "key",
        "sig=",
        "@",
        "configuration",
        "\\u",
    }
    return tuple(sorted(telling | {one for one in names if not any(piece in one for piece in telling)}))


def query(text: str) -> str:
    """A query without signatures and passwords."""
    if "=" not in text:
        return text
    pieces = re.split("([&;])", _SIGNATURE.sub(rf"\1{HIDDEN}", text))
    for place in range(0, len(pieces), 2):
        name, equals, value = pieces[place].partition("=")
        if value and _TELLING.search(name):
            pieces[place] = name + equals + HIDDEN
    return "".join(pieces)


# -- what is a secret wherever it stands ------------------------------------------------------------------------------

_TELLING: Final = re.compile("password|secret|pwd|authorization|token|cookie|api-?key", re.IGNORECASE)
"""Names that speak of secrets, of which nothing is declared."""
_SIGNATURE: Final = re.compile(r"""(?<![A-Za-z0-9])(sig=)[^&<>"'\s;]+""")
_USER: Final = re.compile(r"(?<=://)[^/\s<>\"'@:]{1,256}:[^/\s<>\"'@]{1,256}@")
"""Name and password in an address."""
_PAIR: Final = re.compile(
    r"""((?:AccountKey|SharedAccessKey|SharedSecretValue|Password|Pwd)\s{0,9}=\s{0,9})[^;<>"'&\s]+""", re.IGNORECASE
)
"""Keys inside connection strings."""


def _anywhere(text: str) -> str:
    if "=" in text:
        text = _PAIR.sub(rf"\1{HIDDEN}", _SIGNATURE.sub(rf"\1{HIDDEN}", text))
    return _USER.sub(f"{HIDDEN}@", text) if "@" in text else text


# -- XML --------------------------------------------------------------------------------------------------------------

_OPENING: Final = re.compile(r"(?:\s+[\w.:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*\s*(/?)>")
"""The rest of an element's first tag, after its name."""
_ATTRIBUTE: Final = re.compile(
    r"""((?:pwd|password|connectionstring|secret)\w{0,40}\s{0,9}=\s{0,9})("[^"<]*"?|'[^'<]*'?)""", re.IGNORECASE
)
_SETTING: Final = re.compile(
    r"""(name\s{0,9}=\s{0,9}["'][^"'<>]{0,99}(?:password|secret|pwd|key)[^"'<>]{0,99}["']\s{1,9}value\s{0,9}=\s{0,9})"""
    r"""("[^"<]*"?|'[^'<]*'?)""",
    re.IGNORECASE,
)


def _without_elements(text: str) -> str:
    text = _each(_is_secret_element, text, _hidden)
    for document, inside in _blocks():
        if document in text:
            text = _each(document.__eq__, text, functools.partial(_in_block, document, inside))
    if "<Configuration" in text or ":Configuration" in text:
        text = _each("Configuration".__eq__, text, _configuration)
    return _ATTRIBUTE.sub(rf'\1"{HIDDEN}"', text)


_TAG: Final = re.compile(r"<((?:[\w.-]{1,99}+:)?([\w.-]{1,99}+))(?=[\s/>])")
Wanted = Callable[[str], bool]


def _each(wanted: Wanted, text: str, change: Callable[[str, bool], str]) -> str:
    """A text with the content of all elements of these names changed; what is never closed reaches to the end.

    An element's content is everything to the next closing tag of its name, so that neither comments nor CDATA nor
    elements inside hide any of it.
    """
    out, done, at = [], 0, 0
    while (found := _TAG.search(text, at)) is not None:
        at = found.end()
        if not wanted(found[2]):
            continue
        opening = _OPENING.match(text, at)
        begin = at if opening is None else opening.end()
        at = begin
        if opening is not None and opening[1]:
            continue
        end = text.find(f"</{found[1]}", begin)
        at = len(text) if end < 0 else end
        out += [text[done:begin], change(text[begin:at], end >= 0)]
        done = at
    return "".join([*out, text[done:]]) if out else text


def _hidden(content: str, _closed: bool = True) -> str:
    return content if content.strip() in ("", "true", "false") else HIDDEN


def _in_block(document: str, inside: frozenset[str], content: str, closed: bool) -> str:
    if document == _PARAMETER and closed and not _PRIVATE.search(content):
        return content
    return _each(inside.__contains__, content, _hidden)


_PRIVATE: Final = re.compile(r"<(?:[\w.-]+:)?Type\b[^>]*>\s*Private\b", re.IGNORECASE)


def _configuration(content: str, closed: bool) -> str:
    """A service configuration in base64, which has settings: written anew if there was a secret among them."""
    if not closed:
        return _hidden(content)
    try:
        held = base64.b64decode("".join(content.split()), validate=True).decode("utf-8-sig")
    except ValueError:  # no base64, or no text
        return content
    kept = _SETTING.sub(rf'\1"{HIDDEN}"', _ATTRIBUTE.sub(rf'\1"{HIDDEN}"', _anywhere(held)))
    return content if kept == held else base64.b64encode(kept.encode("utf-8", "replace")).decode("ascii")


def _is_secret_element(name: str) -> bool:
    return name in _named() or "assword" in name


@functools.cache
def _named() -> frozenset[str]:
    return frozenset({"SecretKey", *_secret_names()})


@functools.cache
def _blocks() -> tuple[tuple[str, frozenset[str]], ...]:
    """Documents with secrets that are none elsewhere, each with the names of those."""
    every = (*CARRIERS.items(), (_PARAMETER, {"value"}), (_CLUSTER, {"key"}))
    return tuple((document, frozenset(wire_name(one) for one in names)) for document, names in every)


def _secret_names() -> set[str]:
    """The wire names of every secret element of every document that a request or an answer may have."""
    found: set[str] = set()
    pending = list(_all_documents())
    met: set[type] = set()
    while pending:
        kind = pending.pop()
        if kind in met:
            continue
        met.add(kind)
        pending += derived(kind)
        secret = secret_elements(kind) - CARRIERS.get(kind.__name__, frozenset())
        for declared in elements(kind):
            if declared.attribute in secret:
                found.add(declared.name)
            inner = declared.type.of or declared.type
            if inner.kind == "document":
                pending.append(inner.python)
    return found


def _all_documents() -> Iterable[type]:
    for one in all_operations():
        for kind in (one.body, one.returns, *typing.get_args(one.returns)):
            if isinstance(kind, type) and is_document(kind):
                yield kind


# -- JSON -------------------------------------------------------------------------------------------------------------

_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL)
_COLON: Final = re.compile(r"\s*:\s*")


def _without_members(text: str) -> str:
    """JSON has no blocks to look into: what may be a secret anywhere is one everywhere."""
    return "".join(_members(text))


def _members(text: str) -> Iterator[str]:
    done = 0
    while (name := _STRING.search(text, done)) is not None:
        yield text[done : name.end()]
        done = name.end()
        colon = _COLON.match(text, done)
        if colon is None:
            continue
        value = _STRING.match(text, colon.end())
        if value is not None and _is_secret_member(name[0]):
            yield f'{colon[0]}"{HIDDEN}"'
            done = value.end()
    yield text[done:]


def _is_secret_member(written: str) -> bool:
    name = written.strip('"')
    if "\\" in written:
        try:
            name = str(json.loads(written))
        except ValueError:
            return True
    return name.lower() in _member_names() or bool(_TELLING.search(name))


@functools.cache
def _member_names() -> frozenset[str]:
    carried = {wire_name(one) for several in CARRIERS.values() for one in several}
    return frozenset(name.lower() for name in _secret_names() | carried)
