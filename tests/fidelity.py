"""Recorded traffic of the real service, replayed against the emulator: ``make fidelity``.

The recordings and their scorer lie outside the project; where they are missing this says so and passes.  The floors in
`fidelity_floors.json` only rise: ``--raise`` lifts them to what a run reaches.
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


def score(options: list[str], pace: str, directory: Path) -> dict[str, Any]:
    """Replay against an emulator of its own; the scorer's report."""
    out = Path(os.environ.get("FIDELITY_JSON", directory / "report.json"))
    paths = pki.ensure(directory, DEFAULT_SUBSCRIPTION, "")
    emulator = Emulator(certificates=[paths.management_certificate.read_bytes()], pace=pace, open_enrolment=True)
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


def main() -> int:
    """Run the scorer, compare its families with the floors."""
    parser = argparse.ArgumentParser(prog="make fidelity", description=__doc__)
    parser.add_argument("--pace", default="instant")
    parser.add_argument("--raise", dest="lift", action="store_true", help="lift the floors to what this run reaches")
    parser.add_argument("--check", action="store_true", help="fail below a floor; print only that")
    parser.add_argument("rest", nargs="*", help="options of the scorer, after --")
    arguments = parser.parse_args()
    if not SCORER.exists():
        sys.stdout.write("fidelity: skipped, the recordings are not beside the project\n")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        # At the instant pace everything has settled by the next request, and waiting longer changes nothing.
        patience = ["--settle", "1", "--operation-wait", "2"] if arguments.pace == "instant" else []
        report = score(["--set", "open", *patience, *arguments.rest], arguments.pace, Path(scratch))
    floors: dict[str, dict[str, float]] = json.loads(FLOORS.read_text()) if FLOORS.exists() else {}
    below = []
    for family, found in sorted(report["families"].items()):
        floor = floors.setdefault(family, dict.fromkeys(LEVELS, 0.0))
        for level in LEVELS:
            if found["scored"] and found[level] < floor[level]:
                below.append(f"{family} {level}: {found[level]:.2f} is below {floor[level]:.2f}")
            if arguments.lift and found["scored"]:
                floor[level] = max(floor[level], found[level])
    if arguments.lift:
        FLOORS.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n")
    for line in below if arguments.check else ():
        sys.stdout.write(f"fidelity: {line}\n")
    return 1 if arguments.check and below else 0


if __name__ == "__main__":
    sys.exit(main())
