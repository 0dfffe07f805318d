"""Disks that fail, and disks whose machine dies: they stand in for the store's files."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

from asm_emulator.durable.files import Files


class Died(BaseException):
    """The process is no more."""


class Counting(Files):
    """Counts what is asked of the disk; `reach` is called before each thing, with its number and what it is."""

    def __init__(self) -> None:
        self.count = 0
        self.paths: dict[int, Path] = {}

    def reach(self, what: str) -> None:
        """Something is about to be done."""
        self.count += 1

    def create(self, path: Path) -> int:
        self.reach("create")
        file = super().create(path)
        self.paths[file] = path
        return file

    def reopen(self, path: Path) -> int:
        self.reach("reopen")
        file = super().reopen(path)
        self.paths[file] = path
        return file

    def write(self, file: int, data: bytes) -> int:
        self.reach("write")
        return super().write(file, data)

    def sync(self, file: int) -> None:
        self.reach("sync")

    def cut(self, file: int, length: int) -> None:
        self.reach("cut")
        super().cut(file, length)

    def rename(self, source: Path, target: Path) -> None:
        self.reach("rename")
        super().rename(source, target)

    def remove(self, path: Path) -> None:
        self.reach("remove")
        super().remove(path)

    def sync_directory(self, path: Path) -> None:
        self.reach("sync_directory")


class Mortal(Counting):
    """The machine dies at a moment: before the thing of this number is done, or half-way through it.

    `power_off` then leaves on the disk what a real one might: of what was not forced there, this share.  Names of files
    count too: what was made, renamed or removed since the directory was last forced may be as it was.
    """

    def __init__(self, at: int, *, half: bool = False) -> None:
        super().__init__()
        self.at = at
        self.half = half
        self.dead = False
        self._forced: dict[Path, int] = {}
        self._made: list[Path] = []
        self._renamed: list[tuple[Path, Path]] = []
        self._removed: dict[Path, bytes] = {}

    def reach(self, what: str) -> None:
        if self.dead:
            raise Died
        super().reach(what)
        if self.count == self.at and not (self.half and what == "write"):
            self.dead = True
            raise Died

    def create(self, path: Path) -> int:
        file = super().create(path)
        self._made.append(path)
        self._forced[path] = 0
        return file

    def reopen(self, path: Path) -> int:
        file = super().reopen(path)
        self._forced[path] = path.stat().st_size
        return file

    def write(self, file: int, data: bytes) -> int:
        self.reach("write")
        if self.count == self.at:
            Files.write(self, file, data[: len(data) // 2])
            self.dead = True
            raise Died
        return Files.write(self, file, data)

    def sync(self, file: int) -> None:
        super().sync(file)
        self._forced[self.paths[file]] = self.paths[file].stat().st_size

    def cut(self, file: int, length: int) -> None:
        super().cut(file, length)
        path = self.paths[file]
        self._forced[path] = min(self._forced[path], length)

    def rename(self, source: Path, target: Path) -> None:
        super().rename(source, target)
        self._renamed.append((source, target))
        self._forced[target] = self._forced.pop(source)
        self.paths = {file: target if path == source else path for file, path in self.paths.items()}

    def remove(self, path: Path) -> None:
        content = path.read_bytes() if path.exists() else None
        super().remove(path)
        if content is not None and path not in self._made:
            self._removed[path] = content

    def sync_directory(self, path: Path) -> None:
        super().sync_directory(path)
        self._made, self._renamed, self._removed = [], [], {}

    def power_off(self, share: float) -> None:
        """Leave what may be left; 1.0 is the death of the process alone."""
        if share == 1.0:
            return
        for path, forced in self._forced.items():
            if path.exists():
                with path.open("r+b") as file:
                    file.truncate(forced + int((path.stat().st_size - forced) * share))
        for source, target in reversed(self._renamed):
            if target.exists():
                target.replace(source)
        for path in self._made:
            path.unlink(missing_ok=True)
        for path, content in self._removed.items():
            path.write_bytes(content)


class Failing(Counting):
    """Refuses things for a while: those that `refuses` says, from one number on, so many of them."""

    def __init__(self, refuses: Callable[[str], bool]) -> None:
        super().__init__()
        self.refuses = refuses
        self.first = 0
        self.times = 0
        self.refused = 0
        self._half = False

    def fail(self, first: int, times: int) -> None:
        """Refuse from now on, leaving out the first ones."""
        self.count, self.first, self.times = 0, first, times

    def reach(self, what: str) -> None:
        if not self.refuses(what):
            return
        super().reach(what)
        if self.first < self.count <= self.first + self.times:
            self.refused += 1
            raise OSError(errno.ENOSPC, "No space left on device")

    def write(self, file: int, data: bytes) -> int:
        try:
            self.reach("write")
        except OSError:
            # A disk that fills up takes a part first, and says so the next time.
            if len(data) > 1 and not self._half:
                self._half = True
                self.refused -= 1
                self.times += 1
                return Files.write(self, file, data[: len(data) // 2])
            self._half = False
            raise
        return Files.write(self, file, data)
