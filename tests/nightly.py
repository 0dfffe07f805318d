"""Thousands of histories: ``make nightly``.  The state machine and several clients at once, a process for each.

Both run in process, on a clock of their own.  What came of it goes into docs/figures.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from docs.figures import Figure, record

ROOT = Path(__file__).parents[1]
CALLS = 200
"""Calls of a history of several clients."""


def main() -> int:
    """Run both; 0 if both have passed."""
    parser = argparse.ArgumentParser(prog="make nightly", description=__doc__)
    parser.add_argument("--examples", type=int, default=2000, help="histories of the state machine (default 2000)")
    parser.add_argument("--histories", type=int, default=2000, help="histories of eight clients (default 2000)")
    parser.add_argument("--limit", type=float, default=3600.0, help="seconds that each may take (default 3600)")
    options = parser.parse_args()
    runs = {
        "stateful": ["--stateful", "--examples", str(options.examples), "-k", "test_any_history_agrees"],
        "concurrent": ["--histories", str(options.histories), "-k", "test_every_history_can_be_explained"],
    }
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        running = {
            name: subprocess.Popen(
                [sys.executable, "-m", "asm_contracts.suite.command", "--driver", "in-process", "--report",
                 str(Path(folder, f"{name}.json")), *words], cwd=ROOT,
            )
            for name, words in runs.items()
        }  # fmt: skip
        took: dict[str, float] = {}
        try:
            while len(took) < len(running) and time.perf_counter() - begun < options.limit:
                for name, process in running.items():
                    if name not in took and process.poll() is not None:
                        took[name] = time.perf_counter() - begun
                time.sleep(0.5)
        finally:
            for process in running.values():
                process.kill()
                process.wait()
        reports: dict[str, Any] = {
            name: json.loads(Path(folder, f"{name}.json").read_text(encoding="utf-8"))["outcomes"]
            for name in runs
            if Path(folder, f"{name}.json").exists()
        }
    passed = {name: reports.get(name) == {"passed": 1} for name in runs}
    whys = {name: "" if passed[name] else f"ended with {reports.get(name, 'nothing in time')}" for name in runs}
    record(
        "61-suite-nightly",
        "Thousands of histories",
        f"make nightly ARGS='--examples {options.examples} --histories {options.histories}'",
        [
            Figure(
                f"{options.examples} histories of up to 30 calls agree with the model",
                f"{took.get('stateful', options.limit):.0f} s",
                "2,000 pass",
                passed["stateful"] and options.examples >= 2000,
                whys["stateful"]
                or (
                    ""
                    if options.examples >= 2000
                    else "fewer were run; without arguments it runs 2,000, in half an hour"
                ),
            ),
            Figure(
                f"{options.histories} histories of 8 clients and {CALLS} calls are linearizable",
                f"{took.get('concurrent', options.limit):.0f} s",
                "2,000 pass",
                passed["concurrent"] and options.histories >= 2000,
                whys["concurrent"]
                or (
                    ""
                    if options.histories >= 2000
                    else "fewer were run; without arguments it runs 2,000, in half an hour"
                ),
            ),
        ],
        "Both at the same time, one process each, in process. That each finds seeded defects, a lost update among them, "
        "is a test of `make test`: `tests/test_linearizability.py`, `tests/test_stateful.py`.",
    )
    return 0 if all(passed.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
