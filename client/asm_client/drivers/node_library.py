"""What the azure-asm-* libraries say of themselves: their methods are generated, and so regular enough to be read.

A method's source says which request it sends (`Method`), and which property of its parameters or results stands for
which element (`Names`).  So nothing about the libraries has to be written down here, operation by operation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote

from asm_contracts.operation import Operation

_PATH: Final = r"[A-Za-z_]\w*(?:\.\w+)*"
_GUARD: Final = re.compile(r"^( *)(?:\} else )?if \((.*)\) \{$")
_ADDRESS: Final = re.compile(r"^( *)(?:url2 = url2 \+ |var url2 = (?!'')|queryParameters\.push\()(.*);$")
_PIECE: Final = re.compile(rf"'([^']*)'|encodeURIComponent\(({_PATH})")
_TRIMMED: Final = re.compile(r"\((this[\w.]*) \? [^:]*: ''\)|(\w+)\.trim\(\)")
_OTHERWISE: Final = re.compile(r" !== null && [^?()]*\? [^:]* : '\w*'")
_ENDS: Final = re.compile(r"\.(toString|toISOString|toLowerCase|join|length)$")
_SUBSCRIPTION: Final = "credentials.subscriptionId"
_IGNORED: Final = frozenset({"api-version", "contentview"})
"""What the libraries put into addresses and the service's operations do not turn on."""


def last(path: str) -> str:
    """The property that a path ends with."""
    return path.rpartition(".")[2]


def _bare(path: str) -> str:
    while _ENDS.search(path):
        path = _ENDS.sub("", path)
    return path


def _converted(path: str, value: str) -> Any:
    """A value from an address as the method wants it: of some it makes text again."""
    if path.endswith(".toISOString"):
        return {"$date": value}
    if path.endswith(".join"):
        return value.split(",")
    return {"true": True, "false": False}.get(value, value)


@dataclass(slots=True)
class Names:
    """Which property stands for which element, in one direction of one method; element names in lower case."""

    properties: dict[str, list[str]] = field(default_factory=dict)
    elements: set[str] = field(default_factory=set)
    """All elements, also those that are always the same."""
    coded: set[str] = field(default_factory=set)
    """Elements whose base64 the library makes or undoes by itself."""
    unescaped: set[str] = field(default_factory=set)
    """Elements whose text the library writes as it is given: markup in it is its caller's to escape."""
    mappings: set[str] = field(default_factory=set)
    """Elements that are an object from keys to values, where the service has a list of pairs."""

    inside: set[tuple[str, str]] = field(default_factory=set)
    """(path of an element, element in it) that an answer is searched for."""
    literals: dict[str, str] = field(default_factory=dict)
    """Elements whose text is always the same."""
    plainly: set[str] = field(default_factory=set)
    """Elements whose value is given on as it is, and taken for none where it is falsy."""
    looped: set[str] = field(default_factory=set)
    """Properties that are lists."""
    wraps: dict[str, str] = field(default_factory=dict)
    """Items that are a text for the service, and for the library an object with this property."""

    def looks(self, path: str, child: str) -> bool:
        """Whether a child is looked for in an element; where nothing is known of that, anywhere."""
        around = path.lower()
        if any(one == around for one, _ in self.inside):
            return (around, child.lower()) in self.inside
        return child.lower() in self.elements

    def note(self, element: str, name: str) -> None:
        """The element has this property."""
        self.elements.add(element.lower())
        known = self.properties.setdefault(element.lower(), [])
        if name not in known:
            known.append(name)

    def of(self, element: str) -> list[str]:
        """The properties that may stand for an element, the likeliest first."""
        return sorted(self.properties.get(element.lower(), ()), key=lambda name: name.lower() != element.lower())


@dataclass(frozen=True)
class Method:
    """One method that sends one request."""

    group: int
    name: str
    source: str
    library: str

    @cached_property
    def parameters(self) -> list[str]:
        """The names of its parameters, without the callback."""
        found = re.search(r"^function\s*\w*\s*\(([^)]*)\)", self.source)
        return [name.strip() for name in found[1].split(",")][:-1] if found else []

    @cached_property
    def verb(self) -> str:
        """The verb of its request."""
        found = re.search(r"httpRequest\.method = '(\w+)'", self.source)
        return found[1] if found else ""

    @cached_property
    def root(self) -> str | None:
        """The root element of its request."""
        found = re.search(r"createElement\('(\w+)'|requestContent = '<(\w+)", self.source)
        return found and (found[1] or found[2])

    @cached_property
    def _address(self) -> tuple[list[re.Pattern[str]], list[str], list[tuple[str, str, str]]]:
        """The path's segments, what their groups are called, and the query: name, value or path, guard."""
        path, query, guards = "", [], list[tuple[int, str]]()
        holes: list[str] = []
        for line in self.source.partition("var baseUrl")[0].splitlines():
            if guard := _GUARD.match(line):
                guards = [one for one in guards if one[0] < len(guard[1])] + [(len(guard[1]), guard[2])]
            found = _ADDRESS.match(line)
            if not found or "queryParameters.join" in line:
                continue
            text = _TRIMMED.sub(r"encodeURIComponent(\1\2)", _OTHERWISE.sub("", found[2]))
            pieces = _PIECE.findall(text)
            inside = [one[1] for one in guards if one[0] < len(found[1])]
            if "queryParameters" in line:
                name, _, value = pieces[0][0].partition("=")
                query.append((name, value or (f"{{{pieces[1][1]}}}" if len(pieces) > 1 else ""), " ".join(inside)))
                continue
            for text, hole in pieces:
                path += text or f"\0{len(holes)}\0"
                holes += [hole] if hole else []
        segments = []
        path, _, more = path.partition("?")
        query += [(name, value, "") for name, _, value in (one.partition("=") for one in more.split("&") if one)]
        for segment in filter(None, path.split("/")):
            words = re.split(r"\0(\d+)\0", segment)
            segments.append(
                "".join(re.escape(one) if n % 2 == 0 else f"(?P<h{one}>.+?)" for n, one in enumerate(words))
            )
        return [re.compile(rf"{one}\Z", re.IGNORECASE) for one in segments], holes, query

    def matches(self, verb: str, address: str) -> tuple[int, dict[str, Any]] | None:
        """Whether the method can send this: how much of the address it says by itself, and the values it has to be
        given, by parameter or path of one; None if it cannot."""
        segments, holes, query = self._address
        path, _, text = address.partition("?")
        pieces = [f"\0{_SUBSCRIPTION}", *filter(None, path.split("/"))]
        if segments and _SUBSCRIPTION not in "".join(holes[:1]):
            pieces = pieces[1:]
        if verb != self.verb or len(pieces) != len(segments):
            return None
        values: dict[str, str] = {}
        for pattern, piece in zip(segments, pieces, strict=True):
            found = pattern.match(piece)
            if found is None:
                return None
            values |= {holes[int(name[1:])]: unquote(value) for name, value in found.groupdict().items()}
        given = {name.lower(): unquote(value) for name, _, value in (one.partition("=") for one in text.split("&"))}
        given.pop("", None)
        said = sum(pattern.groups == 0 for pattern in segments)
        for name, value, guard in query:
            there = given.pop(name.lower(), None)
            flag = re.search(rf"({_PATH}) === true", guard)
            if value.startswith("{"):
                if there is not None:
                    values[value[1:-1]] = there
                elif not guard:
                    return None
            elif flag and there in (None, value):
                values[flag[1]] = "true" if there is not None else "false"
            elif there == value:
                said += 1
            elif name.lower() not in _IGNORED:
                return None
        return None if given else (said, {_bare(path): _converted(path, value) for path, value in values.items()})

    @cached_property
    def raw(self) -> list[str]:
        """The properties or parameters that its request's body is, as it is."""
        return [last(path) for path in re.findall(rf"requestContent = ({_PATH});", self.source) if path != "null"]

    def _between(self, begin: str, end: str = "\0") -> str:
        return self.source.partition(begin)[2].partition(end)[0]

    # -- names ----------------------------------------------------------------------------------------------------

    @cached_property
    def writes(self) -> Names:
        """Which properties its request's elements are made of."""
        names, made, inside = Names(), dict[str, str](), dict[str, str]()
        latest = condition = loop = ""
        items, free = set[str](), set[str]()
        for word, *found in _events(_WRITING, self._between("httpRequest.method", "var statusCode")):
            if word == "if":
                condition, loop = found[0], ""
                continue
            if word == "loop":
                loop, condition = found[1], ""
                names.note(latest, last(loop))
                names.looped.add(last(loop))
                names.mappings |= {latest.lower()} if found[0] == "in" else set()
                continue
            if word == "element":
                made[found[0]] = latest = found[1]
                items |= {found[0]} if loop else set()
                for path in filter(None, (condition, loop)):
                    names.note(latest, last(path))
            elif word == "child":
                # An element without a property of its own: that of the object that its children are of.
                if not names.of(parent := made.get(found[0], "")) and found[1] in inside:
                    names.note(parent, inside[found[1]])
            elif word == "literal":
                names.elements |= {one.lower() for one in re.findall(r"<(\w+)", found[0])}
            else:
                element = made.get(found[0], "") if word == "set" else found[0]
                names.elements.add(element.lower())
                source = re.search(_PATH, _CALLED.sub("", found[1]))
                bare = _bare(source[0]) if source else ""
                if "." in bare or bare in self.parameters:
                    names.note(element, last(bare))
                if gathered := re.fullmatch(r"(\w+)(Array|Dictionary)", bare):
                    names.note(element, gathered[1])
                    names.looped.add(gathered[1])
                    names.mappings |= {element.lower()} if gathered[2] == "Dictionary" else set()
                if literal := re.fullmatch(r"'([^']*)'", found[1]):
                    names.literals[element.lower()] = literal[1]
                else:
                    free.add(element.lower())
                if found[0] in items and re.match(r"\w+Item\.", bare):
                    names.wraps[element.lower()] = last(bare)
                if bare.count(".") > 1:
                    inside[found[0]] = last(bare.rpartition(".")[0])
                if "(" not in found[1]:
                    names.plainly.add(element.lower())
                if "base64" in found[1]:
                    names.coded.add(element.lower())
                elif word == "set":
                    names.unescaped.add(element.lower())
            condition = loop = ""
        for element in free:  # sometimes the same is no promise
            names.literals.pop(element, None)
        return names

    @cached_property
    def reads(self) -> Names:
        """Which properties the elements of its answer become."""
        names, pending = Names(), list[str]()
        held: dict[str, str] = {}
        for variable, parent, element in _SEARCH.findall(self._between("var statusCode")):
            around = held.get(parent, "")
            held[variable] = f"{around}/{element.lower()}".lstrip("/")
            names.inside.add((around, element.lower()))
        for word, *found in _events(_READING, self._between("var statusCode")):
            if word == "get":
                names.elements.add(found[0].lower())
                pending += [found[0]] if found[0] not in pending else []
            elif word == "coded":
                names.coded |= {one.lower() for one in pending[-1:]}
            else:
                for one in pending:
                    names.note(one, found[0])
                    if word == "mapping":
                        names.mappings.add(one.lower())
                pending = []
        return names


_WRITING: Final = {
    "if": re.compile(rf"if \(({_PATH}) !== null && \1 !== undefined\) \{{"),
    "loop": re.compile(rf"for \(var \w+ (?:(=) 0; \w+ < ({_PATH})\.length|(in) ({_PATH}))"),
    "element": re.compile(
        r"(?:var )?(\w+) = (?:js2xml\.createElement|\w+\.createElement\w*)\((?:'http[^']*', )?'([\w:]+)'"
    ),
    "set": re.compile(r"js2xml\.setElementValue\((\w+), (.*)\);"),
    "json": re.compile(r"\w+\['(\w+)'\] = (.*);"),
    "child": re.compile(r"js2xml\.addChildElement\((\w+), (\w+)\);"),
    "literal": re.compile(r"requestContent = '(<.*)';"),
}
_READING: Final = {
    "get": re.compile(r"getElements?\(\w+, \w+, '([\w:]+)'|= \w+\['(\w+)'\];"),
    "coded": re.compile(r"(base64)"),
    "mapping": re.compile(r"^\s*\w+\.(\w+)\[\w+\] = "),
    "becomes": re.compile(r"^\s*(?!options\.|error\.|err\.)\w+\.(\w+)(?: = |\.push\()"),
}


_SEARCH: Final = re.compile(r"(?:var )?(\w*)(?: = )?js2xml\.getElements?\(\w+, (\w+), '([\w:]+)'")


def _events(patterns: Mapping[str, re.Pattern[str]], text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        for word, pattern in patterns.items():
            found = pattern.search(line)
            if found is None:
                continue
            groups = [one for one in found.groups() if one is not None]
            yield [word, *groups]
            if word != "get":
                break


class Library:
    """All methods of the installed libraries."""

    def __init__(self, methods: list[dict[str, Any]]) -> None:
        self.methods = [Method(one["group"], one["name"], one["source"], one["library"]) for one in methods]
        self._known: dict[str, list[Method]] = {}

    def find(self, operation: Operation, address: str) -> list[tuple[Method, dict[str, Any]]]:
        """The methods that send what the operation sends to this address, with the values from the address; those that
        are closest first."""
        all_found: list[tuple[int, Method, dict[str, Any]]] = []
        for method in self.methods:
            found = method.matches(operation.verb, address)
            if found is None:
                continue
            if operation.root and method.root and method.root != operation.root and method.root not in _OTHER_ROOTS:
                continue
            all_found.append((found[0] * 2 + (method.root == operation.root), method, found[1]))
        return [(method, values) for _, method, values in sorted(all_found, key=lambda one: -one[0])]


_CALLED: Final = re.compile(r"new Buffer\(|JSON\.stringify\(|Buffer\.from\(|\w*[tT]oString\(|base64\w*\(")
_OTHER_ROOTS: Final = frozenset({"entry"})
"""Roots around what the operation's own would be."""
