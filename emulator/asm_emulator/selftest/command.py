"""``asm-contracts selftest``: what the suite catches of deliberate wrong behaviour, and by which test."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from asm_emulator.selftest.catalogue import mutants
from asm_emulator.selftest.running import prove
from asm_emulator.selftest.wrongs import Mutant

ENOUGH = 0.95
"""The part of the catalogue that must be caught."""


def main(given: Sequence[str] | None = None) -> int:
    """Run the selftest; 0 if enough is caught, 1 if not."""
    parser = argparse.ArgumentParser(prog="asm-contracts selftest", description=__doc__)
    parser.add_argument("--area", action="append", default=[], help="only wrong behaviours of this area")
    parser.add_argument("--only", action="append", default=[], help="only the wrong behaviour of this name")
    parser.add_argument("--processes", type=int, default=2, help="how many at once (default 2)")
    parser.add_argument("--report", type=Path, help="write the verdicts as JSON")
    parser.add_argument("--list", action="store_true", help="list the catalogue")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(given)
    chosen = [
        one
        for one in mutants()
        if (not options.area or one.area in options.area) and (not options.only or one.name in options.only)
    ]
    if options.list:
        sys.stdout.writelines(f"{one.name:48} {one.breaks}\n" for one in chosen)
        return 0
    if options.worker is not None:
        loop = prove(chosen)
        data = {"verdicts": [one.as_data() for one in loop.verdicts], "wrong": loop.wrong}
        options.worker.write_text(json.dumps(data), encoding="utf-8")
        return 0
    begun = time.perf_counter()
    verdicts, wrong = _shared_out(chosen, options.processes)
    return _report(verdicts, wrong, time.perf_counter() - begun, options.report)


def _shared_out(chosen: Sequence[Mutant], processes: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Areas are dealt out to processes, the largest first."""
    areas: dict[str, list[Mutant]] = {}
    for one in chosen:
        areas.setdefault(one.area, []).append(one)
    hands: list[list[Mutant]] = [[] for _ in range(max(1, processes))]
    for found in sorted(areas.values(), key=len, reverse=True):
        min(hands, key=len).extend(found)
    with tempfile.TemporaryDirectory() as folder:
        running = []
        for number, hand in enumerate(hands):
            if hand:
                path = Path(folder, f"{number}.json")
                words = [word for one in hand for word in ("--only", one.name)]
                command = [sys.executable, "-m", "asm_emulator.selftest.command", "--worker", str(path), *words]
                running.append((path, subprocess.Popen(command)))
        codes = [process.wait() for _, process in running]
        if any(codes):
            raise RuntimeError("a process of the selftest has failed")
        found_all = [json.loads(path.read_text(encoding="utf-8")) for path, _ in running]
    verdicts, wrong = ([one for found in found_all for one in found[name]] for name in ("verdicts", "wrong"))
    return verdicts, wrong


def _report(verdicts: list[dict[str, Any]], wrong: list[str], took: float, path: Path | None) -> int:
    survivors = [one for one in verdicts if not one["test"]]
    for one in sorted(verdicts, key=lambda one: str(one["mutant"])):
        sys.stdout.write(f"{one['mutant']:48} {one['test'] or 'SURVIVES ' + one['survives']}\n")
    for test in wrong:
        sys.stdout.write(f"fails without any wrong behaviour: {test}\n")
    caught = len(verdicts) - len(survivors)
    score = caught / len(verdicts) if verdicts else 1.0
    sys.stdout.write(f"{caught} of {len(verdicts)} wrong behaviours caught ({score:.1%}) in {took:.0f} s\n")
    for one in survivors:
        sys.stdout.write(f"survives: {one['mutant']} - {one['breaks']}: {one['survives'] or 'no reason known'}\n")
    if path is not None:
        data = {"caught": caught, "of": len(verdicts), "verdicts": sorted(verdicts, key=lambda one: str(one["mutant"]))}
        path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return 0 if score >= ENOUGH and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
