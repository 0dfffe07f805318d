"""What is installed is locked, and the locks are of what the project says it needs."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from tests.supply import LOCKS, ROOT, build, pinned

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def wanted(extra: str = "") -> list[Requirement]:
    """What the project asks for, with the extras that an extra stands for."""
    if not extra:
        return [Requirement(one) for one in PROJECT["dependencies"]]
    found = []
    for one in map(Requirement, PROJECT["optional-dependencies"][extra]):
        found += [two for name in one.extras for two in wanted(name)] if one.name == PROJECT["name"] else [one]
    return found


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("requirements/run.txt", [""]),
        ("requirements/image.txt", ["", "yaml"]),
        ("requirements/dev.txt", ["", "dev"]),
    ],
)
def test_the_locks_fit_what_the_project_needs(lock: str, extras: list[str]) -> None:
    found = pinned(lock)
    for one in (each for extra in extras for each in wanted(extra)):
        name = re.sub(r"[-_.]+", "-", one.name).lower()
        assert name in found, f"{one} is not locked: make lock"
        assert one.specifier.contains(found[name], prereleases=True), f"{one} is locked as {found[name]}: make lock"


@pytest.mark.parametrize("lock", [path for path, _ in LOCKS])
def test_every_line_of_a_lock_has_a_version_and_hashes_and_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text()
    entries = re.split(r"\n(?=\S)", re.sub(r"\s*\\\n\s*", " ", text).strip())
    assert len(entries) == len(pinned(lock))
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9._-]+==\S+( ; [^#]+?)?( --hash=sha256:[0-9a-f]{64})+", entry), entry
    assert "://" not in text and "@ " not in text


def test_what_two_locks_have_they_have_in_one_version() -> None:
    everything = pinned("requirements/dev.txt")
    for lock in ("requirements/run.txt", "requirements/image.txt", "requirements/build.txt"):
        assert pinned(lock).items() <= everything.items()


def test_the_wheel_is_the_same_every_time(tmp_path: Path) -> None:
    found = set()
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        found.add(hashlib.sha256(build(tmp_path / place).read_bytes()).hexdigest())
    assert len(found) == 1
