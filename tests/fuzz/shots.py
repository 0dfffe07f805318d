"""Requests as bytes, and what makes bad ones of good ones.

A shot is a whole HTTP/1 request, kept as the bytes that a client would send: that is also what the corpus holds.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

from hypothesis import strategies as st
from lxml import etree
from tests.fuzz.estate import CONFIGURATION, NETWORKS, Good, der, pfx
from tests.fuzz.oddities import FURTHER, MARKUP, QUERIES, SEGMENTS, TEXTS, TYPES

from asm_contracts.codec import xml
from asm_contracts.codec.wires import wire_of
from asm_contracts.operation import Operation, RawBody
from asm_contracts.suite.samples import World, arguments, minimal
from asm_contracts.suite.strategies import documents
from asm_contracts.versions import LATEST, VERSIONS

INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
Draw = Callable[[st.SearchStrategy[Any]], Any]
Values = st.SearchStrategy[bytes]
Names = st.SearchStrategy[str]


@dataclass(frozen=True, slots=True)
class Shot:
    """One request."""

    verb: str
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = b""

    def wire(self) -> bytes:
        """As it is sent."""
        lines = [self.verb.encode() + b" " + self.target + b" HTTP/1.1\r\n", b"Host: localhost\r\n"]
        lines += [name + b": " + value + b"\r\n" for name, value in self.headers]
        if self.body:
            lines.append(b"Content-Length: %d\r\n" % len(self.body))
        return b"".join([*lines, b"\r\n", self.body])


# -- bad values ----------------------------------------------------------------------------------------------------


def values(world: World) -> st.SearchStrategy[bytes]:
    """What stands in place of a value: something odd, something right for another place, some text."""
    return st.one_of(
        st.sampled_from(TEXTS),
        st.sampled_from(MARKUP),
        st.sampled_from(sorted({escape(text).encode() for text in world.values()})),
        st.text(max_size=20).map(lambda text: escape(text).encode("utf-8", "surrogatepass")),
        st.integers(-(2**66), 2**66).map(lambda number: str(number).encode()),
        st.binary(max_size=6),
    )


# -- XML -----------------------------------------------------------------------------------------------------------

_HOLDER: Final = "\u2766{}\u2767"
_HELD: Final = re.compile("\u2766(\\d+)\u2767".encode())


def _spoil_tree(root: etree._Element, draw: Draw, odd: Values, held: list[bytes]) -> None:
    """One thing about a document becomes another."""
    nodes = list(root.iter(etree.Element))
    node = draw(st.sampled_from(nodes))
    leaves = [one for one in nodes if not len(one)]
    parent = node.getparent()
    match draw(st.sampled_from(_WAYS)):
        case "value":
            place = draw(st.sampled_from(leaves))
            held.append(draw(odd))
            place.text = _HOLDER.format(len(held) - 1)
        case "drop" if parent is not None:
            parent.remove(node)
        case "double" if parent is not None:
            parent.insert(draw(st.integers(0, len(parent))), _copy(node))
        case "move" if parent is not None:
            parent.insert(draw(st.integers(0, len(parent))), node)
        case "rename":
            node.tag = draw(st.sampled_from(["x", "{urn:x}" + etree.QName(node).localname, etree.QName(node).localname.lower(),
                                             etree.QName(draw(st.sampled_from(nodes))).localname]))  # fmt: skip
        case "swap":
            other = draw(st.sampled_from(nodes))
            node.tag, other.tag = other.tag, node.tag
        case "nil":
            for child in list(node):
                node.remove(child)
            node.text = draw(st.sampled_from([None, "x"]))
            node.set(f"{{{INSTANCE}}}nil", draw(st.sampled_from(["true", "1", "false", " TRUE ", "x", ""])))
        case "empty":
            for child in list(node):
                node.remove(child)
            node.text = None
        case "type":
            node.set(
                f"{{{INSTANCE}}}type",
                draw(st.sampled_from(["x", ":", "a:b", *(str(etree.QName(one).localname) for one in nodes)])),
            )
        case "attribute":
            name = draw(st.sampled_from(["x", "xml_lang", "name", "id", "{urn:y}z"]))
            node.set(name, draw(st.text("abc \"'<&\u00e9", max_size=8)))
        case "nest":
            inner = _copy(node)
            for _ in range(draw(st.sampled_from([1, 3, 60, 300]))):
                outer = etree.Element(node.tag)
                outer.append(inner)
                inner = outer
            node.append(inner)
        case "many" if parent is not None:
            for _ in range(draw(st.sampled_from([2, 30, 200]))):
                parent.append(_copy(node))
        case "mixed":
            node.text = (node.text or "") + draw(st.sampled_from(["text", " ", "\u00a0"]))
            node.tail = draw(st.sampled_from([None, "text"]))
        case "graft":
            node.append(_copy(draw(st.sampled_from(nodes))))
        case _:
            node.tag = (etree.QName(node).namespace and f"{{urn:other}}{etree.QName(node).localname}") or "x"


_WAYS: Final = ("value", "value", "value", "value", "drop", "drop", "double", "move", "rename", "swap", "nil", "empty", "type",
                "attribute", "nest", "many", "mixed", "graft", "namespace")  # fmt: skip


def _copy(node: etree._Element) -> etree._Element:
    found = copy.deepcopy(node)
    found.tail = None
    return found


def _xml(body: bytes, draw: Draw, odd: Values) -> bytes:
    root = etree.fromstring(body)
    held: list[bytes] = []
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        _spoil_tree(root, draw, odd, held)
    done = etree.tostring(root, encoding="utf-8")
    return _HELD.sub(lambda found: held[int(found[1])], done)


# -- JSON ----------------------------------------------------------------------------------------------------------

_PLAIN: Final = (None, True, False, 0, -1, 2**31, 2**63, 10**400, 1.5, -0.0, 1e308, "", "x", [], {}, [[]], {"x": None}, "\ud800", "\x00", "a" * 5000,
                 "/Date(0)/", "/Date(99999999999999)/", "2015-07-02T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "-1", "PT1M")  # fmt: skip


def _json(body: bytes, draw: Draw, names: Names) -> bytes:
    tree = json.loads(body)
    for _ in range(draw(st.sampled_from([1, 1, 2]))):
        places = list(_places(tree))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(["value", "value", "drop", "rename", "nest", "known"])):
            case "drop":
                del holder[key]
            case "rename" if isinstance(holder, dict):
                holder[draw(st.sampled_from(["x", str(key).upper(), "", "a\u0000"]))] = holder.pop(key)
            case "nest":
                inner = holder[key]
                for _ in range(draw(st.sampled_from([1, 70, 900]))):
                    inner = [inner]
                holder[key] = inner
            case "known":
                holder[key] = draw(names)
            case _:
                holder[key] = draw(_PLAINS)
    return json.dumps(tree).encode()


_PLAINS: Final = st.sampled_from(_PLAIN) | st.text(max_size=8) | st.integers()


def _places(tree: Any) -> Any:
    entries: Any = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in entries:
        yield tree, key
        yield from _places(value)


# -- bytes ---------------------------------------------------------------------------------------------------------


def _bytes(body: bytes, draw: Draw) -> bytes:
    """What happens to any body."""
    at = draw(st.integers(0, len(body)))
    return draw(
        st.sampled_from(
            [
                lambda: body[:at], lambda: body[at:], lambda: body[:at] + b"\x00" + body[at:], lambda: body[:at] + b"\xff" + body[at + 1 :],
                lambda: body + body, lambda: b"", lambda: b"\xef\xbb\xbf" + body, lambda: body.decode("utf-8", "replace").encode("utf-16"),
                lambda: body.decode("utf-8", "replace").encode("utf-32"), lambda: b"<?xml version='1.0' encoding='utf-7'?>" + body,
                lambda: b'<?xml version="1.0" encoding="ebcdic-cp-us"?>' + body, lambda: b'<?xml version="1.1"?>' + body,
                lambda: b"<?xml version='1.0' standalone='maybe'?>" + body, lambda: b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + body,
                lambda: body + b"<!-- -->", lambda: body + b"trailing", lambda: b"\n" + body, lambda: b"{" + body, lambda: b"[]", lambda: b"{}",
                lambda: b"null", lambda: b"0", lambda: b"<x/>", lambda: b" ", lambda: der(7), lambda: pfx(7), lambda: body.replace(b">", b">\n"),
                lambda: body.swapcase(),
            ]
        )
    )()  # fmt: skip


# -- headers and addresses -----------------------------------------------------------------------------------------


def headers(draw: Draw, version: str) -> tuple[tuple[bytes, bytes], ...]:
    """A request's headers: mostly right."""
    chosen = draw(st.sampled_from([version] * 12 + [*VERSIONS, "", "x", "2099-01-01", "\u00b2\u00b2", "0" * 500]))
    found = [("x-ms-version", chosen), ("Content-Type", draw(st.sampled_from([*TYPES[:1] * 8, *TYPES])))]
    for name, odd in FURTHER:
        if draw(st.integers(0, 15)) == 0:
            found.append((name, draw(st.sampled_from(odd))))
    return tuple((name.encode(), value.encode("latin-1", "replace")) for name, value in found)


def target(
    draw: Draw, operation: Operation, subscription: str, world: World, good: Mapping[str, Any] | None, names: Names
) -> bytes:
    """An operation's address: mostly of something that is there."""
    given: World = world
    if "packages" in world and draw(st.integers(0, 2)) == 0:
        given = {
            **world,
            "hostedservices": world["packages"],
            "deployments": "package0",
            "roleinstances": "Worker_IN_0",
            "roles": "Worker",
        }
    if draw(st.integers(0, 5)) == 0:
        given = {**given, "deploymentslots": "Staging"}
    values = arguments(operation, given) if good is None else {**good}
    for one in operation.parameters:
        if good is None and one.name in (
            "kind",
            "entity_name",
            "metric",
            "rollup",
            "full_name",
            "user_name",
            "extension_type",
            "dns_name",
        ):
            values[one.name] = (
                _EXTRA.get(one.name, values.get(one.name))
                if one.name in _EXTRA
                else world.get(one.name, values.get(one.name))
            )
    for _, variable in operation.template.variables:
        if draw(st.integers(0, 3)) == 0:
            values[variable] = draw(st.sampled_from([values.get(variable), *QUERIES]))
    path, mark, query = operation.address(values).partition("?")
    pieces = path.split("/")
    odd = draw(st.integers(0, 11))
    if odd == 0:
        pieces[draw(st.integers(0, len(pieces) - 1))] = draw(_SEGMENT | names)
    elif odd == 1:
        pieces.insert(draw(st.integers(0, len(pieces))), draw(_SEGMENT))
    if odd == 2 and query:
        pairs = query.split("&")
        place = draw(st.integers(0, len(pairs) - 1))
        changed = draw(
            st.sampled_from(
                [
                    [],
                    [pairs[place]] * 2,
                    [pairs[place].partition("=")[0]],
                    ["=", *pairs[place : place + 1]],
                    [pairs[place] + "%ff"],
                    ["%"],
                ]
            )
        )
        query = "&".join([*pairs[:place], *changed, *pairs[place + 1 :]])
    elif odd == 3:
        query += draw(
            st.sampled_from(["&comp=x", "&comp=media", "&x", "&&&=&", "&%00=%00", "&api-version=1", "&" + "a=1&" * 300])
        )
        mark = "?"
    head = "" if operation.template.bare else f"/{subscription}"
    if path == "/":
        pieces = []
    text = f"{head}{'/'.join(pieces)}{mark}{query}" or "/"
    return re.sub(rb"[\x00-\x20\x7f#]", lambda found: b"%%%02X" % found[0][0], text.encode("utf-8", "surrogatepass"))


_SEGMENT: Final = st.sampled_from(SEGMENTS)
_EXTRA: Final = {"metric": "length", "rollup": "PT5M"}
# -- whole requests ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Aimed:
    """A shot, and from which of the operation's good requests it was made: what there is when it is fired."""

    shot: Shot
    base: int = -1
    """-1: the world as it was made."""


def shots(operation: Operation, subscription: str, world: World, good: Sequence[Good]) -> st.SearchStrategy[Aimed]:
    """Requests for an operation, few of which are as they should be."""
    wire = wire_of(operation.dialect)
    bases = st.sampled_from(range(-1, len(good)))
    names = st.sampled_from(sorted(set(world.values())))
    odd = values(world)
    any_one: st.SearchStrategy[bytes] = st.just(b"")
    if operation.raw_body:
        any_one = st.sampled_from([NETWORKS.encode(), CONFIGURATION, der(4), der(3), pfx(4)])
    elif operation.body is not None:
        least = wire.write_request(operation, minimal(operation.body, "asmfzfresh", world), LATEST)[0]
        made = documents(operation.body, deep=2).map(lambda one: wire.write_request(operation, one, LATEST)[0])
        any_one = st.just(least) | made
    else:
        any_one = st.sampled_from([b"", b"", b"", b"", b"<x/>", b"x"])
    written = [body_of(operation, one.arguments) for one in good]

    @st.composite
    def aimed(draw: Draw) -> Aimed:
        base = draw(bases)
        body = written[base] if base >= 0 and draw(_OFTEN) else draw(any_one)
        how = draw(_HOWS)
        if how == "tree" and body:
            body = _spoilt(body, draw, odd, names)
        elif how == "bytes":
            body = _bytes(body, draw)
        where = target(draw, operation, subscription, world, good[base].arguments if base >= 0 else None, names)
        version = LATEST if draw(_OFTEN) else operation.since
        return Aimed(Shot(draw(_VERBS[operation.verb]), where, headers(draw, version), body), base)

    return aimed()


def good_shot(operation: Operation, subscription: str, arguments: Mapping[str, Any]) -> Shot:
    """The request of a call that took effect."""
    head = b"" if operation.template.bare else f"/{subscription}".encode()
    address = operation.address(arguments)
    where = head + (b"" if address == "/" else address.encode())
    return Shot(operation.verb, where, ((b"x-ms-version", LATEST.encode()),), body_of(operation, arguments))


def body_of(operation: Operation, arguments: Mapping[str, Any]) -> bytes:
    body = arguments.get("body")
    if isinstance(body, RawBody):
        return body.data
    return b"" if body is None else wire_of(operation.dialect).write_request(operation, body, LATEST)[0]


_OFTEN: Final = st.sampled_from([True, True, True, False])
_HOWS: Final = st.sampled_from(["as it is", "tree", "tree", "tree", "tree", "tree", "bytes"])
_VERBS: Final = {
    verb: st.sampled_from([verb] * 20 + ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"])
    for verb in ("GET", "PUT", "POST", "DELETE", "PATCH")
}


def _spoilt(body: bytes, draw: Draw, odd: Values, names: Names) -> bytes:
    if body.lstrip()[:1] in (b"{", b"["):
        return _json(body, draw, names)
    try:
        xml.parse(body)
    except xml.MalformedDocument:
        return _bytes(body, draw)
    return _xml(body, draw, odd)


__all__ = ["Aimed", "Shot", "body_of", "good_shot", "shots"]
