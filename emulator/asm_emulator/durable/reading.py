"""What a directory of state holds: which files count, what they say, and where they are damaged.

``0000000007.snapshot`` is the image at the beginning of generation 7, ``0000000007.journal`` what has changed since.  A
new generation's journal begins before its snapshot is there, so the newest snapshot counts with every journal from its
generation on.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from asm_emulator.durable import lines
from asm_emulator.durable.images import Replay
from asm_emulator.durable.schema import MIGRATIONS, SCHEMA, Migration, Reader
from asm_emulator.keeping import Image, StateError
from asm_emulator.values import Unreadable

UNREADABLE: Final = (Unreadable, ValueError, TypeError, KeyError, AttributeError, IndexError, StopIteration)


def snapshot_file(directory: Path, generation: int) -> Path:
    """Where a generation's snapshot is."""
    return directory / f"{generation:010}.snapshot"


def journal_file(directory: Path, generation: int) -> Path:
    """Where a generation's journal is."""
    return directory / f"{generation:010}.journal"


def generations(directory: Path, kind: str) -> list[int]:
    """The generations of which there is a file of a kind, oldest first."""
    return sorted(int(one.stem) for one in directory.glob(f"*.{kind}") if one.stem.isdigit())


class Damaged(StateError):
    """A file is spoilt in a place before which nothing can have been left unfinished."""


@dataclass(slots=True)
class Found:
    """What was read.

    number:  of the last record
    journal: the generation whose journal goes on
    length:  how much of that journal is good; 0 if not even its first line is
    torn:    bytes after that, of records that were not finished
    is_old:  whether anything was of an earlier schema
    lost:    what `salvage` had to leave out, in words
    """

    image: Image
    number: int
    journal: int
    length: int = 0
    torn: int = 0
    records: int = 0
    is_old: bool = False
    lost: list[str] = field(default_factory=list)


def read(
    directory: Path,
    *,
    salvage: bool = False,
    schema: int = SCHEMA,
    migrations: Mapping[int, Migration] = MIGRATIONS,
) -> Found | None:
    """What a directory holds; None if it holds nothing yet.

    salvage: take what can be read up to the first damage
    Raises StateError.
    """
    snapshots, journals = generations(directory, "snapshot"), generations(directory, "journal")
    if not snapshots:
        if any(_has_records(journal_file(directory, one)) for one in journals):
            raise StateError(f"{directory} has journals and no snapshot that they go on from")
        return None  # whoever made it did not get further
    with _without_collector():
        return _Reading(directory, salvage, schema, migrations).all(snapshots[-1], journals)


class _Reading:
    def __init__(self, directory: Path, salvage: bool, schema: int, migrations: Mapping[int, Migration]) -> None:
        self._directory = directory
        self._salvage = salvage
        self._schema = schema
        self._migrations = migrations
        self._replay = Replay()
        self._number = 0
        self._records = 0
        self._is_old = False
        self._lost: list[str] = []

    def all(self, generation: int, journals: list[int]) -> Found:
        self._snapshot(snapshot_file(self._directory, generation))
        wanted = [one for one in journals if one >= generation]
        if not wanted:
            self._spoilt(journal_file(self._directory, generation), 0, "it is not there")
            wanted = [generation]
        length = torn = 0
        for one in wanted:
            if torn and self._begins_later(one):
                self._spoilt(journal_file(self._directory, one - 1), length, f"record {self._number + 1} is spoilt")
                break
            length, torn = self._journal(journal_file(self._directory, one))
            if self._lost:
                break
        return Found(
            self._replay.image(), self._number, wanted[-1], length, torn, self._records, self._is_old, self._lost
        )

    def _snapshot(self, path: Path) -> None:
        reader: Reader | None = None
        count = 0
        ended = False
        for one in lines.read(path):
            if one.document is None or (reader is None and one.start > 0):
                self._spoilt(path, one.start, "a line is spoilt")
                continue
            if reader is None:
                reader = self._header(path, one.document)
            elif "end" in one.document:
                ended = one.document["end"] == count
            else:
                self._take(path, one, reader)
                count += 1
        if reader is None:
            raise Damaged(f"{path}: not even its first line can be read: there is nothing to go on from")
        if not ended:
            self._spoilt(path, path.stat().st_size, "its end is missing")

    def _journal(self, path: Path) -> tuple[int, int]:
        """Take a journal's records: the length of what is good, and of what is not."""
        reader: Reader | None = None
        good = 0
        bad: int | None = None
        for one in lines.read(path):
            document = one.document
            if bad is not None or document is None or (reader is not None and document.get("n") != self._number + 1):
                if bad is None:
                    bad = one.start
                # What was on the disk for sure when a later record was written cannot be missing.
                if document is not None and document.get("d", 0) > self._number:
                    self._spoilt(path, bad, f"record {self._number + 1} is spoilt")
                    return good, 0
                continue
            if reader is None:
                if document.get("n") != self._number:
                    if not _has_records(path):
                        return 0, 0  # a generation that was given up before it began
                    self._spoilt(path, 0, f"it goes on from record {document.get('n')}, not from {self._number}")
                    return 0, 0
                reader = self._header(path, document)
            else:
                if not self._take(path, one, reader):
                    return good, 0
                self._number = document["n"]
                self._records += 1
            good = one.end
        return good, path.stat().st_size - good

    def _begins_later(self, generation: int) -> bool:
        """Whether a journal goes on from records that should be in the one before."""
        first = next(lines.read(journal_file(self._directory, generation)), None)
        return first is not None and first.document is not None and first.document.get("n", 0) > self._number

    def _header(self, path: Path, document: dict[str, object]) -> Reader:
        reader = Reader(str(path), document, self._schema, self._migrations)
        self._is_old = self._is_old or reader.is_old
        if document.get("kind") == "snapshot":
            self._replay.take(document)
            number = document["n"]
            assert isinstance(number, int)
            self._number = number
        return reader

    def _take(self, path: Path, one: lines.Line, reader: Reader) -> bool:
        assert one.document is not None
        try:
            self._replay.take(reader(one.document))
        except UNREADABLE as problem:
            self._spoilt(path, one.start, f"it says what this version does not understand ({problem!r})")
            return False
        return True

    def _spoilt(self, path: Path, place: int, what: str) -> None:
        if not self._salvage:
            raise Damaged(
                f"{path} is damaged at byte {place}: {what}. Nothing was changed. Put a copy of the directory back, "
                f"or keep what can be read with: asm-emulator state {self._directory} --salvage"
            )
        self._lost.append(f"{path.name}, from byte {place}: {what}")


def _has_records(path: Path) -> bool:
    return any(place and one.document is not None for place, one in enumerate(lines.read(path)))


@contextmanager
def _without_collector() -> Iterator[None]:
    """Without collecting garbage: nothing that is read is any, and looking for it takes longer than reading."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
