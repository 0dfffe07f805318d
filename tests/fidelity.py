"""Recorded traffic of the real service, replayed against the emulator: ``make fidelity``.

The recordings and their scorer lie outside the project; where they are missing this says so and passes.  The floors in
`fidelity_floors.json` only rise: ``--raise`` lifts them to what a run reaches.  ``--as-recorded`` replays on the
recordings' own days and in their time (`replay_as_recorded`); ``--write`` does both and writes docs/fidelity.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from asm_emulator import pki
from asm_emulator.emulator import DEFAULT_SUBSCRIPTION, Emulator
from asm_emulator.hosting import Hosting

SCORER = Path(__file__).parent.parent.parent / "shared" / "wire" / "fidelity.py"
FLOORS = Path(__file__).parent / "fidelity_floors.json"
LEVELS = ("L1", "L2", "L3", "L4", "L5")

Floors = dict[str, dict[str, dict[str, float]]]


def score(options: list[str], pace: str, directory: Path) -> dict[str, Any]:
    """Replay against an emulator of its own, over TLS; the scorer's report."""
    out = Path(os.environ.get("FIDELITY_JSON", directory / "report.json"))
    paths = pki.ensure(directory, DEFAULT_SUBSCRIPTION, "")
    # The scorer makes every storage account in West US, wherever the machines are.
    emulator = Emulator(
        certificates=[paths.management_certificate.read_bytes()], pace=pace, open_enrolment=True, storage_anywhere=True
    )
    with Hosting(emulator, paths) as hosting:
        # Names are unique in the cloud, and recordings share some: each starts from nothing.
        reset = [] if "--same-cloud" in options else ["--reset-url", f"{hosting.control_url}/reset"]
        options = [one for one in options if one != "--same-cloud"]
        subprocess.run(
            [sys.executable, SCORER, "--endpoint", hosting.url, "--subscription", DEFAULT_SUBSCRIPTION, "--cert",
             paths.management, "--ca", paths.ca, "--json", out, *reset, *options], check=True,
        )  # fmt: skip
    report: dict[str, Any] = json.loads(out.read_text())
    return report


def score_as_recorded(options: list[str], directory: Path) -> dict[str, Any]:
    """Replay on every recording's own day and in its time; the scorer's report."""
    out = Path(os.environ.get("FIDELITY_JSON", directory / "as_recorded.json"))
    command = [sys.executable, "-m", "tests.replay_as_recorded", "--json", out, *options]
    subprocess.run(command, check=True, cwd=Path(__file__).parent.parent)
    report: dict[str, Any] = json.loads(out.read_text())
    return report


def compare_with_floors(report: dict[str, Any], floors: dict[str, dict[str, float]], *, lift: bool) -> list[str]:
    """What is below its floor; `lift` raises the floors to what was reached."""
    below = []
    for family, found in sorted(report["families"].items()):
        floor = floors.setdefault(family, dict.fromkeys(LEVELS, 0.0))
        for level in LEVELS:
            if found["scored"] and found[level] < floor[level]:
                below.append(f"{family} {level}: {found[level]:.2f} is below {floor[level]:.2f}")
            if lift and found["scored"]:
                floor[level] = max(floor[level], found[level])
    return below


def main() -> int:
    """Run the scorer, compare its families with the floors."""
    parser = argparse.ArgumentParser(prog="make fidelity", description=__doc__)
    parser.add_argument("--pace", default="instant")
    parser.add_argument("--raise", dest="lift", action="store_true", help="lift the floors to what this run reaches")
    parser.add_argument("--check", action="store_true", help="fail below a floor; print only that")
    parser.add_argument("--as-recorded", action="store_true", help="on the recordings' own days and in their own time")
    parser.add_argument("--write", action="store_true", help="replay both ways and write docs/fidelity.md")
    parser.add_argument("rest", nargs="*", help="options of the scorer, after --")
    arguments = parser.parse_args()
    if not SCORER.exists():
        sys.stdout.write("fidelity: skipped, the recordings are not beside the project\n")
        return 0
    floors: Floors = json.loads(FLOORS.read_text()) if FLOORS.exists() else {}
    below, reports = [], {}
    modes = ["as it stands", "as recorded"] if arguments.write else [""]
    for mode in modes:
        as_recorded = mode == "as recorded" or arguments.as_recorded
        with tempfile.TemporaryDirectory() as scratch:
            # At the instant pace everything has settled by the next request, and waiting longer changes nothing.
            patience = ["--settle", "1", "--operation-wait", "2"] if arguments.pace == "instant" or as_recorded else []
            options = ["--set", "open", *patience, *arguments.rest]
            run = Path(scratch)
            report = score_as_recorded(options, run) if as_recorded else score(options, arguments.pace, run)
        reports[mode] = report
        kind = "as recorded" if as_recorded else "as it stands"
        below += compare_with_floors(report, floors.setdefault(kind, {}), lift=arguments.lift)
    if arguments.lift:
        FLOORS.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n")
    if arguments.write:
        from tests.fidelity_page import write

        write(reports["as it stands"], reports["as recorded"])
    for line in below if arguments.check else ():
        sys.stdout.write(f"fidelity: {line}\n")
    return 1 if arguments.check and below else 0


if __name__ == "__main__":
    sys.exit(main())
