"""Where shots are fired, and what every one of them must leave true."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Final

from tests.fuzz.estate import der, direct, populate
from tests.fuzz.shots import Shot
from tests.fuzz.stories import tell
from tests.fuzz.wires import Feed

from asm_contracts.catalogue import all_operations
from asm_contracts.codec import xml
from asm_contracts.errors import InternalError
from asm_contracts.suite.samples import World, address, arguments
from asm_contracts.versions import LATEST
from asm_emulator.emulator import Emulator
from asm_emulator.server import Limits
from asm_emulator.server.bridge import base_environ, compose, respond
from asm_emulator.server.reader import RequestReader
from asm_emulator.snapshots import export, read
from asm_emulator.state import State
from asm_emulator.wsgi import front_refusals

OWN: Final = der(9)
LATER: Final = timedelta(days=1)
LIMITS: Final = Limits()
_DEEP_LOOK: Final = 16
"""Of so many accepted requests one is followed by a look at everything."""


class Wrong(AssertionError):
    """What a shot has shown."""


class Errors(logging.Handler):
    """Notes whatever is logged as an error: a traceback is one."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.seen.append(self.format(record))


class Range:
    """A populated emulator, which is as it was before every shot."""

    def __init__(self) -> None:
        self.emulator = Emulator(certificates=[OWN], pace="manual", log_size=100)
        driver = direct(self.emulator, self.emulator.subscription, OWN)
        self.world: World = populate(driver, "fz")
        tell(driver, self.world)
        self.good = driver.good
        self.state = self.emulator.snapshot()
        self.now = self.emulator.engine.clock.now()
        self.fired = 0
        self.met: Counter[str] = Counter()
        """How shots were answered, by the first digit of the status."""
        self.accepted: Counter[str] = Counter()
        """Shots that took effect, by operation."""
        self.errors = Errors()
        self._looks = looks(self.world)

    def again(self, state: State, now: datetime) -> None:
        """Put everything back: the state, and the clock, which nobody else can turn back."""
        self.emulator.restore(state)
        self.emulator.engine.clock._last = now  # type: ignore[attr-defined]

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While errors in the log count as failures."""
        logging.getLogger().addHandler(self.errors)
        try:
            yield
        finally:
            logging.getLogger().removeHandler(self.errors)

    # -- one shot -------------------------------------------------------------------------------------------------

    def fire(self, wire: bytes, operation: str = "", base: int = -1) -> int:
        """Send bytes, judge what comes of them; the last status.  Wrong says what is not as it should be.

        base: which of the operation's good requests there is everything for; -1 for the world as it was made
        """
        self.fired += 1
        good = self.good.get(operation, ())
        state, now = (good[base].state, good[base].now) if 0 <= base < len(good) else (self.state, self.now)
        self.again(state, now)
        self.errors.seen.clear()
        status = 0
        for answer, was, after in self._answers([wire]):
            status = self._judge(answer, was, after)
            self.met[f"{status // 100}xx"] += 1
        if self.errors.seen:
            raise Wrong("logged: " + self.errors.seen[0][-3000:])
        if status < 300 and self.emulator.snapshot() is not state:
            self.accepted[operation] += 1
            self._afterwards(operation)
        return status

    def feed(self, feed: Feed) -> list[int]:
        """Send what may be no HTTP, in one piece and in several: both must be answered alike.  The statuses."""
        self.fired += 1
        found = []
        for pieces in ([feed.wire], feed.pieces()):
            self.again(self.state, self.now)
            self.errors.seen.clear()
            found.append([self._judge(answer, was, after) for answer, was, after in self._answers(pieces)])
            if self.errors.seen:
                raise Wrong("logged: " + self.errors.seen[0][-3000:])
        for status in found[0]:
            self.met[f"{status // 100}xx"] += 1
        if found[0] != found[1]:
            raise Wrong(f"in one piece it is answered {found[0]}, in several {found[1]}")
        return found[0]

    def _answers(self, pieces: Iterable[bytes]) -> Iterator[tuple[bytes, State, State]]:
        return exchanges(self.emulator, OWN, pieces)

    def _judge(self, answer: bytes, was: State, now: State) -> int:
        head, _, body = answer.partition(b"\r\n\r\n")
        status = int(head[9:12])
        # One operation is refused with the service's own internal error, as declared: then nothing is logged.
        if status >= 500 and status not in (501, 505) and (self.errors.seen or status != 500 or not self._may_fail()):
            raise Wrong(f"answered {status}: {body[:500]!r}; {self.errors.seen[-1:]}")
        if status >= 400:
            changed = differences(was, now)
            if changed:
                raise Wrong(f"refused with {status}, and yet changed {changed}")
        well_formed(head, body)
        return status

    def _may_fail(self) -> bool:
        last = self.emulator.log.entries()[-1].operation
        return any(one.name == last and InternalError in one.errors for one in OPERATIONS)

    def _afterwards(self, operation: str) -> None:
        """Time passes, and everything can still be read."""
        self.emulator.advance(LATER)
        records = self.emulator.snapshot().subscriptions[self.emulator.subscription].operations
        for record in records.values():
            if record.error_code == "InternalError":
                raise Wrong(f"{record.name} ended in an internal error")
        area = AREAS.get(operation, "")
        deep = self.fired % _DEEP_LOOK == 0
        for path, of in self._looks:
            if deep or of == area:
                wire = Shot(
                    "GET", f"/{self.emulator.subscription}{path}".encode(), ((b"x-ms-version", LATEST.encode()),)
                ).wire()
                for answer, was, now in self._answers([wire]):
                    self._judge(answer, was, now)
        if self.errors.seen:
            raise Wrong("logged afterwards: " + self.errors.seen[0][-3000:])
        if deep:
            kept = json.loads(json.dumps(export(self.emulator.take("fuzz"))))
            if not same(read(kept).state, self.emulator.snapshots.get("fuzz").state):
                raise Wrong("an exported snapshot is another one when it is imported")


def exchanges(emulator: Emulator, certificate: bytes, pieces: Iterable[bytes]) -> Iterator[tuple[bytes, State, State]]:
    """Bytes of a connection that shows this certificate, through the front's own parts but for the socket: every
    answer with the states before and after it."""
    template = base_environ(scheme="https", server=("localhost", 1), peer=("127.0.0.1", 2), certificate=certificate)
    reader = RequestReader(template, LIMITS)
    for piece in pieces:
        reader.feed(piece)
        if reader.refusal is not None:
            break
    for environ, keep_alive in reader.ready:
        was = emulator.snapshot()
        answer, _ = respond(emulator.app.wsgi_app, environ, keep_alive)
        yield answer, was, emulator.snapshot()
    if reader.refusal is not None:
        was = emulator.snapshot()
        status, headers, body = front_refusals(emulator.service)(reader.refusal)
        answer, _ = compose(f"{status} x", headers, body, keep_alive=False)
        yield answer, was, emulator.snapshot()
    reader.close()


OPERATIONS: Final = all_operations()
AREAS: Final[Mapping[str, str]] = {one.name: one.area for one in OPERATIONS}


def looks(world: World) -> list[tuple[str, str]]:
    """Addresses of everything in the world that can be read, each with its area."""
    found = []
    for one in all_operations():
        if one.verb == "GET" and not one.template.bare:
            found.append((address(one, arguments(one, world)), one.area))
    return found


def differences(was: State, now: State) -> list[str]:
    """What differs between two states, but for operation records and serial numbers: of a refusal there is none."""
    if was is now:
        return []
    found = [name for name in ("names", "steps", "held") if not same(getattr(was, name), getattr(now, name))]
    if set(was.subscriptions) != set(now.subscriptions):
        return [*found, "subscriptions"]
    for key, before in was.subscriptions.items():
        after = now.subscriptions[key]
        if before is not after:
            for one in fields(before):
                old, new = getattr(before, one.name), getattr(after, one.name)
                if one.name != "operations" and not same(old, new):
                    found.append(one.name)
    return found


def same(one: object, other: object) -> bool:
    """Whether two values are equal.  Ask only this: `!=` of two persistent maps answers another question."""
    return one is other or one == other


def well_formed(head: bytes, body: bytes) -> None:
    """An answer's body is what its content type says."""
    kind = next(
        (line.partition(b":")[2].strip() for line in head.split(b"\r\n") if line.lower().startswith(b"content-type:")),
        b"",
    )
    try:
        if b"xml" in kind and body:
            xml.parse(body)
        elif b"json" in kind and body:
            json.loads(body)
    except (xml.MalformedDocument, ValueError) as problem:
        raise Wrong(f"answers with {kind.decode()} that is none: {problem}: {body[:300]!r}") from None


__all__ = ["Range", "Wrong", "differences", "exchanges", "same"]
