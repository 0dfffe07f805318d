"""The last exchanges as they were on the wire, and why those that were refused were.

Bounded in number and in size.  What a caller sent as a secret is taken out before anything is kept.
"""

from __future__ import annotations

import inspect
import itertools
import linecache
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Any, Final

from asm_contracts import evidence
from asm_contracts.errors import ERRORS, NotEmulated
from asm_contracts.frozen import frozen
from asm_emulator import redaction_raw
from asm_emulator.guarded import Guarded
from asm_emulator.redaction import HIDDEN

CAPACITY: Final = 1000
"""Exchanges kept, unless said otherwise."""
BODY: Final = 64 * 1024
"""Bytes of one body kept."""
_MARGIN: Final = 4096
TOTAL: Final = 32 * 1024 * 1024
"""Bytes of all bodies kept; the oldest exchanges make room."""

_OURS: Final = ("asm_emulator.", "asm_contracts.")
_PRIVATE_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the emulator's code that an error came through: ``module.function`` and line."""

    where: str
    line: int
    file: str


@frozen
class Entry:
    """One exchange."""

    serial: int
    request_id: str
    time: datetime
    """When it was answered, as the subscription has the time."""
    took: float
    """Seconds it took the emulator, by the machine's clock."""
    verb: str
    path: str
    query: str
    subscription: str
    operation: str | None
    """Of the method; None where it was not found out."""
    thumbprint: str | None
    address: str | None
    request_headers: Mapping[str, str]
    request_body: str
    request_length: int
    status: int | None
    """None where the connection was cut without an answer."""
    response_headers: tuple[tuple[str, str], ...]
    response_body: bytes
    response_length: int
    fault: str | None = None
    """The id of the fault rule that interfered."""
    error: tuple[str, str] | None = None
    """Code and message of a refusal."""
    places: tuple[Place, ...] = field(default=())
    """Where a refusal came from, outermost first."""
    problem: str | None = None
    """What is wrong with a body that could not be read; the service does not say."""

    @property
    def size(self) -> int:
        """Bytes of what is kept of its bodies."""
        return len(self.request_body) + len(self.response_body)


class RequestLog:
    """The last exchanges.

    capacity:  how many
    stopwatch: seconds of a clock that only serves to measure, such as ``time.perf_counter``
    """

    def __init__(self, capacity: int = CAPACITY, stopwatch: Callable[[], float] = lambda: 0.0) -> None:
        self.capacity = capacity
        self.stopwatch = stopwatch
        self._serials = itertools.count(1)
        self._kept: Guarded[tuple[deque[Entry], int]] = Guarded((deque(), 0))

    def next_serial(self) -> int:
        """The serial number of the next exchange to be kept: 1, 2, 3 and so on."""
        return next(self._serials)

    def add(self, entry: Entry) -> None:
        """Keep an exchange."""
        if not self.capacity:
            return

        def change(kept: tuple[deque[Entry], int]) -> tuple[tuple[deque[Entry], int], None]:
            entries, size = kept
            entries.append(entry)
            size += entry.size
            while len(entries) > self.capacity or (size > TOTAL and len(entries) > 1):
                size -= entries.popleft().size
            return (entries, size), None

        self._kept.update(change)

    @property
    def mark(self) -> object:
        """Another object than before if anything was kept or forgotten since."""
        return self._kept.value

    def entries(self) -> tuple[Entry, ...]:
        """What is kept, oldest first."""
        found = self._kept.update(lambda kept: (kept, tuple(kept[0])))
        return tuple(sorted(found, key=lambda one: one.serial))  # threads may have come in another order

    def find(
        self,
        *,
        subscription: str | None = None,
        operation: str | None = None,
        request_id: str | None = None,
        status: int | None = None,
        failed: bool | None = None,
        after: int = 0,
        last: int | None = None,
    ) -> tuple[Entry, ...]:
        """Exchanges, oldest first.

        operation: a shell pattern; after: only those of a later serial number; last: so many of the latest
        """
        found = [
            entry
            for entry in self.entries()
            if entry.serial > after
            and subscription in (None, entry.subscription)
            and request_id in (None, entry.request_id)
            and status in (None, entry.status)
            and (failed is None or failed is (entry.status is None or entry.status >= 400))
            and (operation is None or fnmatchcase(entry.operation or "", operation))
        ]
        return tuple(found if last is None else found[max(0, len(found) - last) :])

    def clear(self, subscription: str | None = None) -> None:
        """Forget everything, or what one subscription did."""

        def change(kept: tuple[deque[Entry], int]) -> tuple[tuple[deque[Entry], int], None]:
            left = deque(one for one in kept[0] if subscription is not None and one.subscription != subscription)
            return (left, sum(one.size for one in left)), None

        self._kept.update(change)


# -- keeping ----------------------------------------------------------------------------------------------------------


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers as they may be kept."""
    return {name: HIDDEN if name in _PRIVATE_HEADERS else value for name, value in headers.items()}


def kept_body(body: bytes) -> str:
    """A request's body as it may be kept.

    It is looked at a little further than it is kept: the half of a secret must not stay for want of its end.
    """
    return redaction_raw.readable(body, BODY + _MARGIN)[:BODY] if body else ""


def kept_query(query: str) -> str:
    """A query as it may be kept."""
    return redaction_raw.query(query)


def places_of(trace: TracebackType | None) -> tuple[Place, ...]:
    """The emulator's own functions on a traceback, outermost first."""
    return tuple(_places(trace))


def _places(trace: TracebackType | None) -> Iterator[Place]:
    while trace is not None:
        code = trace.tb_frame.f_code
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.startswith(_OURS):
            yield Place(f"{module}.{code.co_qualname}", trace.tb_lineno, code.co_filename)
        trace = trace.tb_next


# -- why --------------------------------------------------------------------------------------------------------------

_MACHINERY: Final = (
    "asm_emulator.exchange.Service.serve",
    "asm_emulator.engine.",
    "asm_emulator.exchange.Service.answer",
)


def why(entry: Entry) -> dict[str, Any]:
    """The rule behind a refusal, and how we know it: the functions that refused, with what they cite as evidence."""
    if entry.fault is not None and entry.error is not None and not entry.places:
        return {"rule": f"the fault rule {entry.fault} says so", "rules": [], "evidence": []}
    rules = [one for one in entry.places if not one.where.startswith(_MACHINERY)] or list(entry.places[-1:])
    names = {name for one in rules for name in _enclosing(one.where)}
    cited = [one for one in evidence.REGISTER if one.about in names] or list(_of_code(entry))
    innermost = rules[-1] if rules else None
    says = f"The body cannot be read: {entry.problem}." if entry.problem else ""
    return {
        "rule": says or (_says(innermost) if innermost else ""),
        "rules": [
            {
                "where": one.where,
                "line": one.line,
                "says": _says(one),
                "code": linecache.getline(one.file, one.line).strip(),
            }
            for one in rules
        ],
        "evidence": [{"kind": one.kind, "source": one.source, "about": one.about} for one in cited],
    }


def _of_code(entry: Entry) -> Iterator[evidence.Evidence]:
    """What is known of a refusal whose functions cite nothing of their own: where its code comes from."""
    kind = ERRORS.get(entry.error[0]) if entry.error else None
    if kind is not None and kind is not NotEmulated:
        source = "the code is of Microsoft's tables of error codes; nothing of its own is cited for this condition"
        yield evidence.Evidence("documented", source, f"{kind.__module__}.{kind.__qualname__}")


def _enclosing(where: str) -> Iterator[str]:
    """The function's name, and that of the class or function it is in."""
    name = where.replace(".<locals>", "")
    yield name
    outer = name.rpartition(".")[0]
    if "." in outer:
        yield outer


def _says(place: Place) -> str:
    """The first sentence of the documentation of the function at a place; its name in words without one."""
    import importlib

    module = next((name for name in _modules(place.where)), "")
    found: Any = importlib.import_module(module) if module else None
    for name in place.where.removeprefix(module + ".").split("."):
        found = getattr(found, name, None)
    documentation = inspect.getdoc(found) or ""  # of a method without one: what the contract says of the operation
    return documentation.partition("\n")[0] or place.where.rpartition(".")[2].strip("_").replace("_", " ")


def _modules(where: str) -> Iterator[str]:
    import sys

    name = where
    while name:
        name = name.rpartition(".")[0]
        if name in sys.modules:
            yield name
