"""How callers come to the engine's state where it is kept beyond the process: to change it, and to look at it."""

from __future__ import annotations

from typing import Protocol

from asm_emulator.keeping import Image, Keeper, NotKept


class Lock(Protocol):
    """What the engine is changed under; who has it may take it again."""

    def acquire(self) -> object: ...

    def release(self) -> None: ...


class Kept(Protocol):
    """What doors know of an engine."""

    @property
    def lock(self) -> Lock: ...

    @property
    def keeper(self) -> Keeper | None: ...

    def go_back(self, image: Image) -> None:
        """Make an earlier image the present one."""
        ...


class Door:
    """The one way to change anything: alone, on what can be kept; whoever leaves knows that it is kept."""

    __slots__ = ("_engine", "_epoch")

    def __init__(self, engine: Kept) -> None:
        self._engine = engine
        self._epoch = 0

    def __enter__(self) -> None:
        engine = self._engine
        engine.lock.acquire()
        keeper = engine.keeper
        if keeper is None:
            return
        try:
            mend(engine, keeper)
        except BaseException:
            engine.lock.release()
            raise
        self._epoch = keeper.epoch

    def __exit__(self, *_: object) -> None:
        engine = self._engine
        keeper = engine.keeper
        number = 0 if keeper is None else keeper.written
        engine.lock.release()
        if keeper is not None:
            _wait(engine, keeper, number, self._epoch)


class Sight:
    """A look at the state of an engine with a keeper: whoever leaves has seen nothing that may yet be lost."""

    __slots__ = ("_engine", "_epoch", "_keeper")

    def __init__(self, engine: Kept) -> None:
        self._engine = engine
        self._keeper = engine.keeper
        self._epoch = 0

    def __enter__(self) -> None:
        if self._keeper is not None:
            if self._keeper.failed:
                _step_back(self._engine, self._keeper)
            self._epoch = self._keeper.epoch

    def __exit__(self, *_: object) -> None:
        if self._keeper is not None:
            _wait(self._engine, self._keeper, self._keeper.written, self._epoch)


def mend(engine: Kept, keeper: Keeper) -> None:
    """Under the engine's lock: have it be able to keep changes, if it is not.  Raises NotKept."""
    if keeper.failed:
        engine.go_back(keeper.kept)
        keeper.mend()


def _wait(engine: Kept, keeper: Keeper, number: int, epoch: int) -> None:
    try:
        keeper.wait(number, epoch)
    except NotKept:
        _step_back(engine, keeper)
        raise


def _step_back(engine: Kept, keeper: Keeper) -> None:
    """Let nobody see any more what is lost."""
    engine.lock.acquire()
    try:
        if keeper.failed:
            engine.go_back(keeper.kept)
    finally:
        engine.lock.release()
