"""What an operation is: verb, address, documents, first version, statuses; and the base of every contract class.

A contract class is an interface whose methods are the REST operations.  The client inherits the methods, which answer
``self.invoke(operation, arguments)``; the emulator overrides them.  Addresses are one template for both directions:
matching a path and building it.
"""

from __future__ import annotations

import functools
import inspect
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, TypeVar
from urllib.parse import quote, unquote

from asm_contracts.dialect import SERVICE_MANAGEMENT, Dialect
from asm_contracts.document import is_document, shape
from asm_contracts.errors import ServiceError

F = TypeVar("F", bound=Callable[..., Any])

Verb = Literal["GET", "POST", "PUT", "DELETE", "PATCH"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer 202: the request goes on as an operation, whose id is the request's.

    location: the ``Location`` header, which few operations give.  Of the emulator's answers ``request_id`` is empty:
    the exchange fills it in.
    """

    request_id: str = ""
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """The answer 201, empty but for its ``Location`` header."""

    location: str
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """The answer 201 with a document, of an operation that otherwise answers 200 with it: what was not there before."""

    document: Any


@dataclass(frozen=True, slots=True)
class RawBody:
    """A body that is no document of the codec: its bytes with their content type."""

    data: bytes
    content_type: str
    file_name: str | None = None
    """What the sender calls it (``Content-Disposition``), where it is a file."""


class DeploymentName(str):
    """A deployment addressed by its name: ``deployments/{name}``."""

    __slots__ = ()
    segment: ClassVar[str] = "deployments"


class DeploymentSlot(str):
    """A deployment addressed by its slot, ``Production`` or ``Staging`` whatever the case given."""

    __slots__ = ()
    segment: ClassVar[str] = "deploymentslots"


DeploymentKey = DeploymentName | DeploymentSlot
"""Every operation on a deployment exists by name and by slot; this parameter type is both."""


# -- addresses ----------------------------------------------------------------------------------------------------

_HOLE: Final = re.compile(r"\{(\w+)\}")
_HTTPS: Final = "https://"


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a path between slashes: a literal word, or text with holes."""

    text: str
    holes: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Segment:
        """The segment a piece of a template declares."""
        holes = tuple(_HOLE.findall(text))
        return cls(text if holes else text.lower(), holes)

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """What a word must match, where there are holes."""
        return _pattern(self.text) if self.holes else None

    def match(self, word: str) -> dict[str, str] | None:
        """What a word has in the holes, of which there are some; None if it does not fit."""
        if len(self.text) == len(self.holes[0]) + 2:  # nothing but one hole
            return {self.holes[0]: word} if word else None
        found = _pattern(self.text).match(word)
        return found.groupdict() if found else None

    def fill(self, arguments: Mapping[str, Any]) -> str:
        """The segment with its holes filled."""
        return _HOLE.sub(lambda hole: quote(str(arguments[hole[1]]), safe="~"), self.text)


@functools.cache
def _pattern(text: str) -> re.Pattern[str]:
    # Of several holes the first ones take as little as they can: `{algorithm}-{thumbprint}`.
    pieces = _HOLE.split(text)
    pattern = "".join(
        re.escape(piece) if place % 2 == 0 else f"(?P<{piece}>.+{'?' if place < len(pieces) - 2 else ''})"
        for place, piece in enumerate(pieces)
    )
    return re.compile(pattern + r"\Z", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Template:
    """An address: path segments below the subscription, and the query."""

    text: str
    segments: tuple[Segment, ...]
    constants: tuple[tuple[str, str], ...]
    variables: tuple[tuple[str, str], ...]
    bare: bool = False
    """The address does not begin with a subscription id."""
    host: Segment | None = None
    """Another host than the management endpoint's: something's own, whose name is the first label, a hole."""

    @classmethod
    def of(cls, text: str) -> Template:
        """Read a template such as ``/services/hostedservices/{service_name}?comp=media``.

        ``//`` first leaves out the subscription; ``https://{site}.example.net/path`` is on another host.
        """
        path, _, query = text.partition("?")
        bare = path.startswith(("//", _HTTPS))
        host = None
        if path.startswith(_HTTPS):
            name, _, path = path.removeprefix(_HTTPS).partition("/")
            host = Segment.of(name)
        constants, variables = [], []
        for pair in filter(None, query.split("&")):
            name, _, value = pair.partition("=")
            hole = _HOLE.fullmatch(value)
            if hole:
                variables.append((name, hole[1]))
            else:
                constants.append((name.lower(), value.lower()))
        segments = tuple(Segment.of(piece) for piece in path.split("/") if piece)
        return cls(text, segments, tuple(constants), tuple(variables), bare, host)


@functools.lru_cache(maxsize=4096)
def split_path(path: str) -> tuple[str, ...]:
    """The decoded segments of a request's path; doubled and trailing slashes count for nothing, as recorded."""
    return tuple(unquote(piece) for piece in path.split("/") if piece)


# -- operations ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of an operation that comes from its address."""

    name: str
    kind: Any
    required: bool
    default: Any


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One REST operation, as declared."""

    name: str
    title: str
    summary: str
    area: str
    verb: Verb
    template: Template
    since: str
    success: int
    errors: tuple[type[ServiceError], ...]
    parameters: tuple[Parameter, ...]
    body: type | None
    raw_body: bool
    returns: Any
    root: str | None
    until: str | None = None
    long: bool = field(default=False)
    may_go_on: bool = False
    """Whether some requests are answered 202 instead of `success`."""
    may_make: bool = False
    """Whether some requests, those that make something, are answered 201 instead of `success`."""
    dialect: Dialect = SERVICE_MANAGEMENT
    media: str | None = None
    """The media type of its bodies, where its dialect leaves a choice."""

    @property
    def is_mutation(self) -> bool:
        """Whether the operation changes something: every verb but GET does."""
        return self.verb != "GET"

    @property
    def takes_deployment(self) -> bool:
        """Whether its address has a deployment, by name or by slot."""
        return any(parameter.kind == DeploymentKey for parameter in self.parameters)

    @property
    def answers_document(self) -> bool:
        """Whether a success has a document as its body."""
        return is_document(self.returns)

    def bind(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments by name; TypeError when they do not fit the signature."""
        # A body has no default, so a signature has it before the arguments that have one.
        names = [parameter.name for parameter in self.parameters if parameter.required]
        if self.body is not None or self.raw_body:
            names.append("body")
        names += [parameter.name for parameter in self.parameters if not parameter.required]
        if len(args) > len(names):
            raise TypeError(f"{self.name}() takes {len(names)} arguments, not {len(args)}")
        bound = dict(zip(names, args, strict=False))
        for name, value in kwargs.items():
            if name in bound or name not in names:
                raise TypeError(f"{self.name}() got an unexpected or repeated argument {name!r}")
            bound[name] = value
        for parameter in self.parameters:
            if parameter.name not in bound:
                if parameter.required:
                    raise TypeError(f"{self.name}() misses the argument {parameter.name!r}")
                bound[parameter.name] = parameter.default
        if (self.body is not None or self.raw_body) and "body" not in bound:
            raise TypeError(f"{self.name}() misses its body")
        return bound

    def host(self, arguments: Mapping[str, Any]) -> str | None:
        """The host that the operation is on, if that is not the management endpoint."""
        return None if self.template.host is None else self.template.host.fill(arguments)

    def address(self, arguments: Mapping[str, Any]) -> str:
        """Path and query below the subscription (or the root, for a bare one) for these arguments."""
        pieces = []
        for segment in self.template.segments:
            if segment.holes == ("deployment",) and self.takes_deployment:
                key = arguments["deployment"]
                if not isinstance(key, DeploymentName | DeploymentSlot):
                    key = DeploymentName(key)
                pieces += [key.segment, quote(key, safe="")]
            else:
                pieces.append(segment.fill(arguments))
        query = [f"{name}={value}" for name, value in self.template.constants]
        for name, variable in self.template.variables:
            value = arguments.get(variable)
            if value is not None:
                if isinstance(value, bool):
                    value = "true" if value else "false"
                query.append(f"{name}={quote(str(value), safe='')}")
        return "/" + "/".join(pieces) + ("?" + "&".join(query) if query else "")


def operation(
    verb: Verb,
    template: str,
    *,
    since: str,
    success: int | None = None,
    errors: tuple[type[ServiceError], ...] = (),
    title: str | None = None,
    root: str | None = None,
    raw_body: bool = False,
    dialect: Dialect | None = None,
    media: str | None = None,
) -> Callable[[F], F]:
    """Declare the operation that a contract method is.

    template: path below the subscription (``//`` first: below the root; ``https://`` first: on another host), with its
              query
    since:    the first ``x-ms-version`` that has it
    success:  the status of a success, where the return type does not give it (Accepted 202, Created 201, else 200)
    errors:   what it may refuse with, beyond what any operation may
    root:     the request's root element, where it is not the body type's own
    raw_body: the body is bytes, not a document
    dialect:  how it looks on the wire, where not as the rest of its contract
    media:    the media type of its bodies, where the dialect leaves a choice
    """

    def declare(function: F) -> F:
        @functools.wraps(function)
        def call(self: Contract, *args: Any, **kwargs: Any) -> Any:
            declared = declaration(function.__name__, type(self))
            return self.invoke(declared, declared.bind(args, kwargs))

        call.__declaration__ = (  # type: ignore[attr-defined]
            function, verb, template, since, success, errors, title, root, raw_body, dialect, media,
        )  # fmt: skip
        return typing.cast(F, call)

    return declare


def _build(cls: type[Contract], method: Any) -> Operation:
    function, verb, template, since, success, errors, title, root, raw_body, dialect, media = method.__declaration__
    hints = typing.get_type_hints(function, include_extras=True)
    signature = inspect.signature(function)
    parameters = []
    body: type | None = None
    for name, parameter in signature.parameters.items():
        if name == "self":
            continue
        if name == "body":
            body = None if raw_body else hints["body"]
            continue
        required = parameter.default is inspect.Parameter.empty
        parameters.append(Parameter(name, hints[name], required, None if required else parameter.default))
    returns = hints.get("return", type(None))
    forms = typing.get_args(returns) if typing.get_origin(returns) in (typing.Union, types.UnionType) else ()
    may_go_on, may_make = Accepted in forms, Made in forms
    if may_go_on or may_make:
        # `Disk | Accepted`: the document at once, or 202, as the request's body has it; `Job | Made`: 200, or 201 with
        # the document of what was not there before.
        returns = next(kind for kind in forms if kind not in (Accepted, Made))
    if returns is type(None):
        returns = None
    if success is None:
        success = 202 if returns is Accepted else 201 if returns is Created else 200
    documentation = inspect.getdoc(function) or ""
    parsed = Template.of(template)
    places = parsed.segments if parsed.host is None else (parsed.host, *parsed.segments)
    holes = {hole for segment in places for hole in segment.holes} | {name for _, name in parsed.variables}
    if holes != {parameter.name for parameter in parameters}:
        raise TypeError(f"{function.__qualname__}: the template's holes {holes} are not its parameters")
    return Operation(
        name=function.__name__,
        title=title or " ".join(word.capitalize() for word in function.__name__.split("_")),
        summary=documentation.partition("\n")[0],
        area=cls.area,
        verb=verb,
        template=parsed,
        since=since,
        success=success,
        errors=errors,
        parameters=tuple(parameters),
        body=body,
        raw_body=raw_body,
        returns=returns,
        root=root or (shape(body).root if body is not None else None),
        may_go_on=may_go_on,
        may_make=may_make,
        dialect=dialect or cls.dialect,
        media=media,
    )


class Contract:
    """Base of every contract class: an area's operations as methods."""

    area: ClassVar[str] = ""
    dialect: ClassVar[Dialect] = SERVICE_MANAGEMENT
    __operations__: ClassVar[dict[str, Operation]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "area" not in cls.__dict__:
            declared = [getattr(base, "area", "") for base in cls.__mro__[1:] if base.__dict__.get("__operations__")]
            if Contract in cls.__bases__:
                cls.area = cls.__module__.rpartition(".")[2]
            elif declared:
                cls.area = declared[0]
        own = {name: _build(cls, method) for name, method in cls.__dict__.items() if hasattr(method, "__declaration__")}
        inherited: dict[str, Operation] = {}
        for base in reversed(cls.__mro__[1:]):
            inherited.update(base.__dict__.get("__operations__", {}))
        cls.__operations__ = inherited | own

    def invoke(self, operation: Operation, arguments: dict[str, Any]) -> Any:
        """Carry out an operation; clients send it, the emulator answers that it is not served."""
        raise NotImplementedError(operation.name)


def declaration(name: str, cls: type[Contract]) -> Operation:
    """The operation a contract class declares under this method name; KeyError if none."""
    return cls.__operations__[name]


def operations(cls: type[Contract]) -> Iterator[Operation]:
    """The operations of a contract class, in the order declared."""
    yield from cls.__operations__.values()
