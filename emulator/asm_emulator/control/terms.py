"""What an endpoint of the control plane is, as data: its address, what it takes, what it is for.

The server, the OpenAPI document, the command line and the tests of the Python object all read the same declarations.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from asm_contracts.frozen import frozen

Kind = Literal["text", "number", "integer", "boolean", "object", "any"]

_HOLE: Final = re.compile(r"\{(\w+)\}")
_SCHEMAS: Final[dict[Kind, dict[str, Any]]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "object": {"type": "object"},
    "any": {},
}


class Refused(Exception):
    """A control request that cannot be done: status and reason."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


@frozen
class Field:
    """One thing that an endpoint takes.

    default:  what it is without; None where that needs no saying
    nullable: None may be given, and means something of its own
    """

    name: str
    about: str
    kind: Kind = "text"
    required: bool = False
    default: Any = None
    nullable: bool = False
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    def read(self, given: Any) -> Any:
        """The value given, as this field's kind; Refused for one that does not fit."""
        if given is None and (self.nullable or not self.required):
            return None
        value = self._converted(given)
        if self.choices and value not in self.choices:
            raise Refused(400, f"{self.name} is one of {', '.join(self.choices)}")
        if self.least is not None and value < self.least:
            raise Refused(400, f"{self.name} must be at least {self.least:g}")
        if self.most is not None and value > self.most:
            raise Refused(400, f"{self.name} must be at most {self.most:g}")
        return value

    def _converted(self, given: Any) -> Any:
        problem = Refused(400, f"{self.name} must be {_ARTICLES[self.kind]}")
        if self.kind == "any":
            return given
        if self.kind in ("number", "integer"):
            if isinstance(given, bool) or not isinstance(given, int | float | str):
                raise problem
            try:
                number = float(given) if self.kind == "number" else int(given)
            except (ValueError, OverflowError):
                raise problem from None
            if not math.isfinite(number) or (isinstance(given, float) and number != given):
                raise problem
            return number
        if self.kind == "boolean":
            if isinstance(given, str) and given.lower() in ("true", "false", "1", "0", "yes", "no"):
                return given.lower() in ("true", "1", "yes")
            if not isinstance(given, bool):
                raise problem
            return given
        if not isinstance(given, str if self.kind == "text" else dict):
            raise problem
        if isinstance(given, str):
            try:
                given.encode()
            except UnicodeEncodeError:
                raise problem from None
        return given

    def schema(self) -> dict[str, Any]:
        """The field as JSON Schema."""
        found = {**_SCHEMAS[self.kind], "description": self.about}
        if self.nullable and "type" in found:
            found["type"] = [found["type"], "null"]
        if self.choices:
            found["enum"] = list(self.choices)
        if self.least is not None:
            found["minimum"] = self.least
        if self.most is not None:
            found["maximum"] = self.most
        if self.default is not None:
            found["default"] = self.default
        return found


_ARTICLES: Final[dict[Kind, str]] = {
    "text": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "an object",
    "any": "anything",
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint; its name is that of the Python method, and with hyphens that of the command."""

    group: str
    name: str
    verb: str
    path: str
    about: str
    takes: tuple[Field, ...] = ()
    open: bool = False
    """Whether it answers without the token."""
    success: int = 200

    @property
    def holes(self) -> tuple[str, ...]:
        """The fields that are in the path."""
        return tuple(_HOLE.findall(self.path))

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return _HOLE.sub(r"<\1>", self.path)

    def field(self, name: str) -> Field:
        """The field of this name; KeyError for none."""
        return next(one for one in self.takes if one.name == name)

    def bind(self, path: Mapping[str, Any], body: Any, query: Mapping[str, str]) -> dict[str, Any]:
        """What was given, read and checked; what was not, by its default.  Refused for anything that does not fit."""
        if body is not None and not isinstance(body, dict):
            raise Refused(400, "the request's body must be a JSON object" + self.wants())
        given: dict[str, Any] = {**query, **(body or {}), **path}
        unknown = sorted((body or {}).keys() - {one.name for one in self.takes})
        if unknown:
            raise Refused(400, f"{self.name} does not take {', '.join(map(str, unknown))}" + self.wants())
        found = {}
        for one in self.takes:
            if one.name in given:
                found[one.name] = one.read(given[one.name])
                if found[one.name] is None and not one.nullable:
                    found[one.name] = one.default
            elif one.required:
                raise Refused(400, f"{one.name} is missing: {one.about}")
            else:
                found[one.name] = one.default
        return found

    def wants(self) -> str:
        """What it takes, as the end of a sentence about what was given."""
        return f"; it takes {', '.join(one.name for one in self.takes)}" if self.takes else ""
