"""The few things the store asks of the file system; tests put one that fails or dies in its place."""

from __future__ import annotations

import os
from pathlib import Path


class Files:
    """The machine's own.  Everything raises OSError."""

    def create(self, path: Path) -> int:
        """A descriptor of a new, empty file; whatever was there is gone."""
        # Appending: after a cut the next write must follow what is left, and not where the last one ended.
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)

    def reopen(self, path: Path) -> int:
        """A descriptor that appends to a file."""
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)

    def write(self, file: int, data: bytes) -> int:
        """Write some of the bytes; how many."""
        return os.write(file, data)

    def sync(self, file: int) -> None:
        """Return once what was written is on the disk."""
        os.fdatasync(file)

    def cut(self, file: int, length: int) -> None:
        """Shorten a file."""
        os.ftruncate(file, length)

    def close(self, file: int) -> None:
        """Let go of a descriptor."""
        os.close(file)

    def rename(self, source: Path, target: Path) -> None:
        """Give a file another name; whatever had that is gone."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there."""
        path.unlink(missing_ok=True)

    def sync_directory(self, path: Path) -> None:
        """Return once the names in a directory are on the disk."""
        file = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(file)
        finally:
            os.close(file)

    def write_all(self, file: int, data: bytes) -> None:
        """Write all of the bytes: a disk that fills up takes some of them before it says so."""
        view = memoryview(data)
        while view:
            view = view[self.write(file, bytes(view)) :]
