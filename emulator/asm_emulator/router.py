"""Which operation a request is for: by verb, path, query and root element.

Several operations share one URL: ``roleinstances/{name}/Operations`` takes Start, Shutdown, Restart and Capture, told
apart by the root element, and ``?comp=`` tells apart others.  So the query's constants and the root are part of the
key; all of it is read from the declarations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from asm_contracts.errors import (
    InvalidHttpVerb,
    InvalidXmlRequest,
    MissingOrInvalidRequiredQueryParameter,
    ResourceNotFound,
)
from asm_contracts.operation import (
    DeploymentKey,
    DeploymentName,
    DeploymentSlot,
    Operation,
    Parameter,
    Segment,
)

_HOLE_NAME: Final = re.compile(r"(?<=\{)\w+(?=\})")
_FORMS: Final = (DeploymentName, DeploymentSlot)
_SLOTS: Final = {"production": "Production", "staging": "Staging"}


@dataclass(slots=True)
class _Node:
    """One place in the tree of paths."""

    literals: dict[str, _Node] = field(default_factory=dict)
    holes: list[tuple[list[Segment], _Node]] = field(default_factory=list)
    """Segments that differ only in what they call their holes (``{slot}``, ``{deployment}``) lead to one place."""
    operations: list[Operation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The operations that live at a path, and the path's values."""

    operations: tuple[Operation, ...]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Host:
    """A host that belongs to something: whose it is, its first label, and what all of its kind end in."""

    label: str
    domain: str


class Router:
    """Finds the operation of a request among the declared ones."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._root = _Node()
        self._bare = _Node()
        self._hosts: dict[str, tuple[str, _Node]] = {}
        for declared in operations:
            for segments in _spellings(declared):
                node = self._tree(declared)
                for segment in segments:
                    node = _child(node, segment)
                node.operations.append(declared)

    def _tree(self, declared: Operation) -> _Node:
        host = declared.template.host
        if host is None:
            return self._bare if declared.template.bare else self._root
        label, _, domain = host.text.partition(".")
        return self._hosts.setdefault(domain, (label.strip("{}"), _Node()))[1]

    def host(self, name: str) -> Host | None:
        """The host that operations of their own are on, which a ``Host`` header names; None for any other."""
        label, _, domain = name.partition(":")[0].lower().partition(".")
        return Host(label, domain) if label and domain in self._hosts else None

    def candidates(self, segments: tuple[str, ...], *, bare: bool = False, host: Host | None = None) -> Candidates:
        """All operations at a path below the subscription (`bare`: below the root; `host`: on that host).

        Raises ResourceNotFound for a path that no operation has.
        """
        hole, root = (None, self._bare if bare else self._root) if host is None else self._hosts[host.domain]
        found = _find(root, segments, 0)
        if found is None:
            raise ResourceNotFound()
        node, values = found
        if host is not None and hole is not None:
            values[hole] = host.label
        return Candidates(tuple(node.operations), values)

    @staticmethod
    def choose(candidates: Candidates, verb: str, query: Mapping[str, str], root: str | None) -> Operation:
        """The one operation for this verb, query and root element.

        Raises InvalidHttpVerb, MissingOrInvalidRequiredQueryParameter or InvalidXmlRequest, whichever is the first
        thing that no operation at the path agrees with.
        """
        right_verb = [declared for declared in candidates.operations if declared.verb == verb]
        if not right_verb:
            raise InvalidHttpVerb()
        matching = [
            declared
            for declared in right_verb
            if all(query.get(name, "").lower() == value for name, value in declared.template.constants)
        ]
        # The most demanding query wins; without any demand met, `comp` must not ask for something unknown.
        most = max((len(declared.template.constants) for declared in matching), default=-1)
        matching = [declared for declared in matching if len(declared.template.constants) == most]
        if not matching or (most == 0 and query.get("comp")):
            raise MissingOrInvalidRequiredQueryParameter()
        if len(matching) > 1:  # `?ishostnameavailable=x` beside no query at all
            asked = max(_asked(declared, query) for declared in matching)
            matching = [declared for declared in matching if _asked(declared, query) == asked]
        if len(matching) == 1:
            return matching[0]
        for declared in matching:
            if declared.root is not None and declared.root == root:
                return declared
        for declared in matching:
            if declared.root is None and root is None:
                return declared
        raise InvalidXmlRequest()


@lru_cache(maxsize=8)
def router_of(operations: tuple[Operation, ...]) -> Router:
    """The router of these operations, which all services that have them share: it never changes."""
    return Router(operations)


def _asked(declared: Operation, query: Mapping[str, str]) -> int:
    """How many query parameters an operation cannot do without, if the query has them all; -1 if it lacks one."""
    required = {parameter.name for parameter in declared.parameters if parameter.required}
    names = [name.lower() for name, variable in declared.template.variables if variable in required]
    return len(names) if all(name in query for name in names) else -1


def _spellings(declared: Operation) -> list[tuple[Segment, ...]]:
    """The paths of an operation: two where it takes a deployment by name or by slot."""
    if not declared.takes_deployment:
        return [declared.template.segments]
    spellings = []
    for form in _FORMS:
        path: list[Segment] = []
        for segment in declared.template.segments:
            if segment.holes == ("deployment",):
                path += [Segment.of(form.segment), segment]
            else:
                path.append(segment)
        spellings.append(tuple(path))
    return spellings


def _child(node: _Node, segment: Segment) -> _Node:
    if not segment.holes:
        return node.literals.setdefault(segment.text, _Node())
    for known, child in node.holes:
        if _HOLE_NAME.sub("", known[0].text) == _HOLE_NAME.sub("", segment.text):
            if all(one.text != segment.text for one in known):
                known.append(segment)
            return child
    child = _Node()
    node.holes.append(([segment], child))
    # A hole with more text around it is the more particular one.
    node.holes.sort(key=lambda pair: -len(pair[0][0].holes))
    return child


def _find(node: _Node, segments: tuple[str, ...], place: int) -> tuple[_Node, dict[str, str]] | None:
    if place == len(segments):
        return (node, {}) if node.operations else None
    word = segments[place]
    literal = node.literals.get(word.lower())
    if literal is not None:
        found = _find(literal, segments, place + 1)
        if found is not None:
            return found
    for known, child in node.holes:
        matches = [match for segment in known if (match := segment.match(word)) is not None]
        if len(matches) == len(known):
            found = _find(child, segments, place + 1)
            if found is not None:
                for match in matches:
                    found[1].update(match)
                return found
    return None


def arguments_of(
    declared: Operation, segments: tuple[str, ...], values: Mapping[str, str], query: Mapping[str, str]
) -> dict[str, Any]:
    """The operation's arguments from path and query, converted to their declared types.

    Raises MissingOrInvalidRequiredQueryParameter for a query parameter that is absent or wrong, ResourceNotFound for a
    path value that cannot be one.
    """
    arguments: dict[str, Any] = {}
    variables = {variable: name.lower() for name, variable in declared.template.variables}
    for parameter in declared.parameters:
        if parameter.name in variables:
            arguments[parameter.name] = _from_query(parameter, query.get(variables[parameter.name]))
        else:
            arguments[parameter.name] = _from_path(parameter, values[parameter.name], segments)
    return arguments


def _from_path(parameter: Parameter, text: str, segments: tuple[str, ...]) -> Any:
    kind = parameter.kind
    if kind == DeploymentKey:
        by_slot = any(segment.lower() == DeploymentSlot.segment for segment in segments)
        kind = DeploymentSlot if by_slot else DeploymentName
    if kind is DeploymentSlot:
        return DeploymentSlot(slot_named(text))
    if kind is int:
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise ResourceNotFound()
        return int(text)
    return kind(text)


def slot_named(text: str) -> str:
    """``Production`` or ``Staging``, from any case; ResourceNotFound for another word."""
    try:
        return _SLOTS[text.lower()]
    except KeyError:
        raise ResourceNotFound() from None


def _from_query(parameter: Parameter, text: str | None) -> Any:
    if text is None:
        if parameter.required:
            raise MissingOrInvalidRequiredQueryParameter()
        return parameter.default
    wanted = parameter.kind
    if wanted is bool or wanted == (bool | None):
        word = text.strip().lower()
        if word not in ("true", "false", "1", "0"):
            raise MissingOrInvalidRequiredQueryParameter()
        return word in ("true", "1")
    if wanted is int or wanted == (int | None):
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise MissingOrInvalidRequiredQueryParameter()
        return int(text)
    return text
