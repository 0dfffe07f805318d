"""The sample project in docs/example, ten times in a row: in process, and four workers on one server.  ``make example``."""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

from docs.figures import Figure, record

EXAMPLE = Path(__file__).parent.parent / "docs" / "example"
MODES = {
    "in process, without sockets": ["-p", "no:xdist"],
    "four workers, one shared server, mutual TLS": ["--asm-emulator=shared", "-n", "4"],
}
PATIENCE = 300.0
"""Seconds for one run."""


def run(options: list[str]) -> tuple[int, float]:
    """How many tests passed (0 unless all did), and the seconds it took."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options],
        cwd=EXAMPLE, capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    took = time.monotonic() - began
    passed = re.search(r"(\d+) passed", done.stdout)
    if done.returncode or passed is None:
        print(done.stdout[-4000:], done.stderr[-2000:])
        return 0, took
    return int(passed[1]), took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10, help="runs of each kind (default %(default)s)")
    parser.add_argument("--parallel-times", type=int, help="runs in parallel, where not as many")
    arguments = parser.parse_args()
    figures = []
    for mode, options in MODES.items():
        fewer = arguments.parallel_times if "-n" in options else None
        times = arguments.times if fewer is None else fewer
        runs = [run(options) for _ in range(times)]
        good = sum(passed > 0 for passed, _ in runs)
        took = [seconds for _, seconds in runs]
        met = good == times
        figures.append(
            Figure(
                what=mode,
                value=f"{good} of {times} runs passed, {runs[0][0]} tests each, {statistics.median(took):.1f} s a run",
                mark="10 of 10",
                met=met and times >= 10,
                why=""
                if met and times >= 10
                else "see what it printed"
                if not met
                else "a shorter run: make example without options makes ten of both",
                raw={"seconds": [round(one, 1) for one in took]},
            )
        )
        print(mode, figures[-1].value)
    told = " ".join(sys.argv[1:])
    command = "make example" + (f' ARGS="{told}"' if told else "")
    record("71-example", "The sample project, ten times in a row", command, figures)
    return 0 if all(one.met for one in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
