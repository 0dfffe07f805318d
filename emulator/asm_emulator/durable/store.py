"""The store: keeps an engine's images in a directory, so that they survive the process.

A change is a line appended to a journal; now and then the image is written out whole and the journal begins anew.
DECISION.md says why it is done this way.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from asm_emulator import __version__
from asm_emulator.durable import images, lines
from asm_emulator.durable.files import Files
from asm_emulator.durable.reading import generations, journal_file, read, snapshot_file
from asm_emulator.durable.schema import FORMAT, MIGRATIONS, SCHEMA, Migration
from asm_emulator.keeping import Image, NotKept, StateError
from asm_emulator.state import Touched

log = logging.getLogger(__name__)

SYNCS: Final = ("always", "second", "never")
"""When what is appended is forced to the disk: before anybody hears of it, every second, or when the system likes."""
COMPACT_AT: Final = 16 * 1024 * 1024
"""Bytes of a journal after which a new generation begins, unless the snapshot is longer still."""
_GATHERED: Final = 8
"""Journals after one snapshot at a start at most, before a new generation begins with it."""
_SECOND: Final = 1.0
_REST: Final = (0.0002, 0.01)
"""Seconds that the writer of a snapshot leaves to others after every entry: as long as that took, within these."""
_BLOCK: Final = 256 * 1024


class Store:
    """Keeps images; see `asm_emulator.keeping.Keeper` for what the engine asks of it.

    first: what a new directory begins with
    found: whether there was something in it already
    salvage: go on from what can be read of a damaged directory; copies of the damaged files stay in it

    Raises StateError: in use by another process, damaged, of a later version.
    """

    def __init__(
        self,
        directory: Path,
        first: Image,
        *,
        sync: str = "always",
        files: Files | None = None,
        compact_at: int | None = None,
        schema: int = SCHEMA,
        migrations: Mapping[int, Migration] = MIGRATIONS,
        salvage: bool = False,
        rest: Callable[[], object] | None = None,
    ) -> None:
        if sync not in SYNCS:
            raise StateError(f"changes are forced to the disk {', '.join(SYNCS)}, not {sync}")
        self.directory = directory
        self._sync = sync
        self._files = files or Files()
        self._compact_at = self._limit = COMPACT_AT if compact_at is None else compact_at
        self._schema = schema
        self._rest = rest or _resting()
        self._condition = threading.Condition()
        self._syncing = False
        self._compacting: threading.Thread | None = None
        self._closed = threading.Event()
        self._flusher: threading.Thread | None = None
        self._ends: dict[int, int] = {}
        self.failed = False
        self.epoch = 0
        self.written = 0
        self._durable = self._dead = 0
        self._generation = 0
        self._length = self._durable_length = self._header_length = 0
        self._file = -1
        self._lock = lock(directory)
        try:
            self._open(first, migrations, salvage)
        except OSError as problem:
            self._let_go()
            raise StateError(f"the state cannot be kept in {directory}: {problem}") from None
        except BaseException:
            self._let_go()
            raise

    def _open(self, first: Image, migrations: Mapping[int, Migration], salvage: bool) -> None:
        for path in self.directory.glob("*.tmp"):
            self._files.remove(path)
        found = read(self.directory, schema=self._schema, migrations=migrations, salvage=salvage)
        self.lost = () if found is None else tuple(found.lost)
        self.found = found is not None
        if found is None:
            self._image = self.kept = first
            self._begin_generation(first)
            return
        self._image = self.kept = found.image
        self.written = self._durable = found.number
        self._generation = found.journal
        if found.torn:
            log.warning(
                "%s: %d bytes of a change that was never finished are cut off after record %d",
                journal_file(self.directory, found.journal),
                found.torn,
                found.number,
            )
        if found.lost:
            self._set_aside()
        # Who is killed again and again while it compacts gathers journals.
        gathered = len(generations(self.directory, "journal")) > _GATHERED
        if found.is_old or found.lost or gathered or not found.length:
            self._begin_generation(found.image)
            return
        path = journal_file(self.directory, found.journal)
        self._file = self._files.reopen(path)
        self._length = self._durable_length = found.length
        if found.torn:
            self._files.cut(self._file, found.length)
            self._files.sync(self._file)
        self._tidy()

    def _set_aside(self) -> None:
        """Keep copies of the files as they are."""
        number = 1
        while (target := self.directory / f"damaged-{number}").exists():
            number += 1
        target.mkdir(mode=0o700)
        for path in (*self.directory.glob("*.snapshot"), *self.directory.glob("*.journal")):
            shutil.copy2(path, target)

    # -- appending ------------------------------------------------------------------------------------------------

    def append(self, image: Image, touched: Touched | None) -> int:
        """Write down how an image differs from the one before; its number.  NotKept, with nothing written."""
        document = images.difference(self._image, image, touched)
        with self._condition:
            if self.failed:
                raise NotKept("an earlier change could not be written, and that is not mended yet")
            if document:
                at = {"at": image.clock.last.isoformat()} if image.clock is not None else {}
                data = lines.line({"n": self.written + 1, "d": self._durable, **at, **document})
                try:
                    self._files.write_all(self._file, data)
                except OSError as problem:
                    self._take_back(problem)
                self._length += len(data)
                self.written += 1
            self._image = image
            if self._sync != "always":
                self.kept = image
        if document:
            if self._sync == "second" and self._flusher is None:
                self._flusher = _thread(self._flush)
                self._flusher.start()
            if self._length > self._limit and self._compacting is None:
                self._compacting = _thread(self._compact)
                self._compacting.start()
        return self.written

    def _take_back(self, problem: OSError) -> None:
        """Remove what was written of a record that could not be written whole."""
        try:
            self._files.cut(self._file, self._length)
        except OSError as further:
            self._fail(further)
        log.error("a change was refused because it cannot be written: %s", problem)
        raise NotKept(f"the change cannot be written: {problem}") from problem

    def wait(self, number: int, epoch: int) -> None:
        """Return once an image is on the disk; whoever comes first forces it there for all who wait."""
        if self._sync != "always" or (self._durable >= number and self.epoch == epoch):
            return
        while True:
            with self._condition:
                while self._syncing and self.epoch == epoch and self._durable < number:
                    self._condition.wait()
                if self.epoch != epoch:
                    if number <= self._ends[epoch]:
                        return
                    raise NotKept("the change was written and then lost: the disk has failed")
                if self._durable >= number or number <= self._dead:
                    return  # numbers of what was lost in an earlier epoch stand for nothing that can be seen in this
                self._syncing = True
            self._force()

    def _force(self) -> None:
        """Have what is written be on the disk.  The caller has set `_syncing`."""
        with self._condition:
            file, number, image, length, epoch = self._file, self.written, self._image, self._length, self.epoch
        problem: OSError | None = None
        try:
            self._files.sync(file)
        except OSError as found:
            problem = found
        with self._condition:
            self._syncing = False
            if problem is not None:
                self._fail(problem)
            elif self.epoch == epoch:
                self._is_durable(number, image, length)
            self._condition.notify_all()

    def _is_durable(self, number: int, image: Image, length: int) -> None:
        self._durable, self._durable_length = number, length
        if self._sync == "always":
            self.kept = image

    def _fail(self, problem: OSError) -> None:
        """Nothing can be trusted that was written since the last time it was on the disk for sure."""
        log.error("the state cannot be kept in %s: %s", self.directory, problem)
        if self.failed:
            return
        self.failed = True
        if self._sync == "always":
            self._ends[self.epoch], self._dead = self._durable, self.written
            self.epoch += 1
            try:
                # Callers are told that these changes have not happened.
                self._files.cut(self._file, self._durable_length)
            except OSError:
                pass  # the next generation does without this file

    def _flush(self) -> None:
        while not self._closed.wait(_SECOND):
            with self._condition:
                if self._syncing or self.failed or self._durable == self.written:
                    continue
                self._syncing = True
            self._force()

    # -- generations ----------------------------------------------------------------------------------------------

    def mend(self) -> None:
        """Go on in new files, from the last image that is sure.  NotKept if that fails too."""
        with self._condition:
            while self._syncing:
                self._condition.wait()
            worker = self._compacting
        if worker is not None:
            worker.join()
        try:
            self._begin_generation(self.kept)
        except OSError as problem:
            raise NotKept(f"the state cannot be kept: {problem}") from problem
        self._image = self.kept
        self.failed = False
        log.warning("the state is kept in %s again", self.directory)

    def _begin_generation(self, image: Image) -> None:
        """Write an image out whole and begin a journal after it.  OSError, with the files of before still good."""
        generation = self._generation + 1
        # The journal is there before the snapshot: a snapshot without a journal would be one that lost it.
        file = self._new_journal(generation)
        try:
            self._write_journal_header(file, generation)
            self._files.sync(file)
            self._write_snapshot(image, generation, self.written, lambda: None)
        except BaseException:
            self._files.close(file)
            raise
        self._switch(file, generation)
        self._is_durable(self.written, image, self._length)
        self._tidy()

    def _compact(self) -> None:
        try:
            self._compacted()
        except OSError as problem:
            log.error("the journal in %s could not be compacted, and goes on: %s", self.directory, problem)
            with self._condition:
                self._limit = self._length * 2
        finally:
            self._compacting = None

    def _compacted(self) -> None:
        generation = self._generation + 1
        file = self._new_journal(generation)
        with self._condition:
            while self._syncing:
                self._condition.wait()
            if self.failed:
                self._files.close(file)
                return
            # What comes after must never be on the disk without what came before.
            try:
                self._force_now()
                self._write_journal_header(file, generation)
            except BaseException:
                self._files.close(file)
                raise
            image, number = self._image, self.written
            self._switch(file, generation)
            self._condition.notify_all()
        size = self._write_snapshot(image, generation, number, self._rest)
        with self._condition:
            self._limit = max(self._compact_at, size)
        self._tidy()

    def _force_now(self) -> None:
        try:
            self._files.sync(self._file)
        except OSError as problem:
            self._fail(problem)
            self._condition.notify_all()
            raise
        self._is_durable(self.written, self._image, self._length)

    def _new_journal(self, generation: int) -> int:
        file = self._files.create(journal_file(self.directory, generation))
        try:
            self._files.sync_directory(self.directory)
        except BaseException:
            self._files.close(file)
            raise
        return file

    def _write_journal_header(self, file: int, generation: int) -> None:
        header = {**self._head("journal", generation), "n": self.written}
        self._header_length = len(data := lines.line(header))
        self._files.write_all(file, data)

    def _switch(self, file: int, generation: int) -> None:
        if self._file >= 0:
            self._files.close(self._file)
        self._file, self._generation = file, generation
        self._length = self._durable_length = self._header_length

    def _write_snapshot(self, image: Image, generation: int, number: int, rest: Callable[[], object]) -> int:
        target = snapshot_file(self.directory, generation)
        scratch = target.with_suffix(".tmp")
        file = self._files.create(scratch)
        size = 0
        try:
            header = {**self._head("snapshot", generation), "n": number, **images.settings(image)}
            pending = [lines.line(header)]
            # A disk that takes nothing says so at once.
            self._files.write_all(file, pending.pop())
            self._files.sync(file)
            count = 0
            for document in images.pieces(image.state, rest):
                pending.append(lines.line(document))
                count += 1
                if sum(map(len, pending)) > _BLOCK:
                    size += sum(map(len, pending))
                    self._files.write_all(file, b"".join(pending))
                    # In small portions: whoever forces a change to the disk meanwhile waits for what others have
                    # left unwritten, too.
                    self._files.sync(file)
                    pending.clear()
            pending.append(lines.line({"end": count}))
            self._files.write_all(file, b"".join(pending))
            self._files.sync(file)
        except BaseException:
            self._files.close(file)
            self._forget(scratch)
            raise
        self._files.close(file)
        self._files.rename(scratch, target)
        self._files.sync_directory(self.directory)
        return size

    def _head(self, kind: str, generation: int) -> dict[str, Any]:
        return {
            "format": FORMAT, "kind": kind, "schema": self._schema, "version": __version__, "generation": generation,
        }  # fmt: skip

    def _tidy(self) -> None:
        """Remove the files of earlier generations than the newest snapshot's."""
        newest = max(generations(self.directory, "snapshot"))
        for kind in ("journal", "snapshot"):
            for one in generations(self.directory, kind):
                if one < newest:
                    self._forget(self.directory / f"{one:010}.{kind}")

    def _forget(self, path: Path) -> None:
        try:
            self._files.remove(path)
        except OSError as problem:
            log.warning("%s could not be removed: %s", path, problem)

    # -- the end --------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Have everything be on the disk, and let go of the directory; nothing if that was done."""
        if self._lock < 0:
            return
        self._closed.set()
        for thread in (self._flusher, self._compacting):
            if thread is not None:
                thread.join()
        with self._condition:
            while self._syncing:
                self._condition.wait()
        try:
            if self.failed and self._sync != "always":
                self.mend()  # memory has what callers were told
            if not self.failed:
                self._files.sync(self._file)
        except (OSError, NotKept) as problem:
            log.error("the last changes may not be on the disk: %s", problem)
        finally:
            self._let_go()

    def _let_go(self) -> None:
        if self._file >= 0:
            self._files.close(self._file)
        os.close(self._lock)
        self._file = self._lock = -1


def _resting() -> Callable[[], object]:
    """What leaves half of the time to others: who compacts is in no hurry."""
    last = time.monotonic()

    def rest() -> None:
        nonlocal last
        least, most = _REST
        time.sleep(min(max(time.monotonic() - last, least), most))
        last = time.monotonic()

    return rest


def _thread(target: Callable[[], None]) -> threading.Thread:
    return threading.Thread(target=target, name="asm-state", daemon=True)


def lock(directory: Path) -> int:
    """Make the directory, and have it for this process alone until the descriptor is closed.  StateError otherwise."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise StateError(f"the state cannot be kept in {directory}: {problem}") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.read(file, 20).decode("ascii", "replace").strip()
        os.close(file)
        raise StateError(
            f"{directory} is in use by another asm-emulator" + (f" (process {holder})" if holder else "")
        ) from None
    os.ftruncate(file, 0)
    os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
    return file
