"""A pytest plugin: every change that any test makes is replayed from the record a journal would have of it.

``make replay``, or ``pytest -p tests.replayed``: whatever a change touched and a draft did not say would show here.
"""

from __future__ import annotations

import json
from typing import Any

from asm_emulator.durable.images import Replay, difference, pieces, settings
from asm_emulator.engine import Engine
from asm_emulator.keeping import Image
from asm_emulator.state import Touched
from asm_emulator.values import dump


class Replaying:
    """A keeper that keeps nothing, and looks whether it could."""

    failed = False
    epoch = 0
    written = 0
    count = 0

    def __init__(self, image: Image) -> None:
        self.kept = image

    def append(self, image: Image, touched: Touched | None) -> int:
        before, self.kept = self.kept, image
        record = _carried(difference(before, image, touched))
        replay = Replay()
        for document in (settings(before), *pieces(before.state), record):
            replay.take(_carried(document))
        found = replay.image()
        assert dump(found.state) == dump(image.state), record
        assert (found.pace, found.seed, found.starts) == (image.pace, image.seed, image.starts)
        Replaying.count += 1
        return 0

    def wait(self, number: int, epoch: int) -> None: ...

    def mend(self) -> None: ...

    def close(self) -> None: ...


def _carried(document: Any) -> Any:
    """A document as it comes out of a file."""
    return json.loads(json.dumps(document))


def pytest_configure() -> None:
    """Give every engine such a keeper."""
    made = Engine.__init__

    def init(self: Engine, *given: Any, **more: Any) -> None:
        made(self, *given, **more)
        self.keeper = Replaying(self.image())

    Engine.__init__ = init  # type: ignore[method-assign]


def pytest_sessionfinish() -> None:
    """Say how many there were."""
    print(f"\n{Replaying.count} changes replayed")
