"""Where the tests' time goes: processor time and time by the clock, beside an earlier checkout in the same run."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from docs.figures import Figure, record

ROOT = Path(__file__).parents[2]
NOTE = """\
The same paths of an earlier checkout and of this one, one after the other. Processor time is of all processes together,
and is what there is to compare on a machine that others use; the earlier one is run as its `make test` would (bytecode
only where the environment lets Python keep it), and warm: each is run twice and the second time counts.

Where the time went, by profile: compiling sources and rewriting assertions anew in every process where the environment
forbids bytecode (the Makefile lifts that); a router of all operations for every emulator (3.4 ms of 3.5; services now
share one); in the contract suite, comparing every operation with every other for every generated case (a third of it;
now looked up); importing (see Start). The contract suite in process now runs on every short way and on none at once."""


@dataclass(frozen=True)
class Run:
    """A run of tests: how many passed, seconds by the clock and of processor time, and pytest's last line."""

    passed: int
    wall: float
    work: float
    said: str


def _run(root: Path, paths: list[str], keep: bool) -> Run:
    environment = os.environ | {
        "PYTHONPATH": ":".join(str(root / name) for name in ("emulator", "client", "contracts"))
    }
    if keep:
        environment["PYTHONDONTWRITEBYTECODE"] = ""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *paths],
        cwd=root, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    said = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr[-300:]
    passed = re.search(r"(\d+) passed", said)
    if passed is None:
        raise SystemExit(f"no test passed in {root}: {said}")
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(int(passed[1]), wall, work, said)


def measure(before: Path | None, paths: list[str]) -> None:
    """Measure, print and record."""
    runs = {}
    for name, root in (("before", before), ("now", ROOT)):
        if root is not None:
            for _ in range(2):
                runs[name] = _run(root, paths, keep=root == ROOT)
    figures = []
    for name, one in runs.items():
        value = f"{one.passed:,} passed: {one.work:.0f} s of processor time, {one.wall:.0f} s by the clock"
        figures.append(Figure(f"{' '.join(paths)}, {name}", value, raw={"pytest": one.said}))
    if "before" in runs:
        each = [runs[name].work / runs[name].passed * 1000 for name in ("before", "now")]
        ratio = each[1] / each[0]
        why = "" if ratio <= 0.5 else "what is left is pytest's own cost of a test, and the suite's runs over TLS"
        value = f"{each[0]:.1f} to {each[1]:.1f} ms of processor time: {ratio:.2f}"
        figures.append(Figure("a test, before and now", value, "halved", ratio <= 0.5, why))
    for one in figures:
        print(f"{one.what}: {one.value}")
    given = f" --before DIR --paths {','.join(paths)}" if before else ""
    record("15-tests", "Tests", f"python -m tests.bench --only tests{given}", figures, NOTE)
