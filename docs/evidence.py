"""Writes ``contracts/evidence.json`` and ``docs/coverage.md`` from real runs: ``make evidence``.

``--check`` says whether they are of the operations that are declared now, without running anything.

The runs: the suite in process and over TLS with every driver, and the selftest; the shapes of recorded answers are
counted where the recordings are at hand.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from asm_contracts.catalogue import all_operations

ROOT = Path(__file__).parent.parent
DATA = ROOT / "contracts" / "evidence.json"
PAGE = ROOT / "docs" / "coverage.md"
RECORDINGS = ROOT.parent / "shared" / "wire" / "corpus"
OVER_TLS = ("client", "sdk", "raw")
AXES = ("served", "driven", "foreign", "positive", "negative", "behaviour", "compared", "mutants")


def digest() -> str:
    """What the declared operations are, as one word."""
    lines = [f"{one.name} {one.verb} {one.template.text} {one.since} {one.success}" for one in all_operations()]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def suite(folder: Path, driver: str, *options: str) -> dict[str, Any]:
    """Run the suite with a driver; its report."""
    report = folder / f"{driver}.json"
    command = [sys.executable, "-m", "asm_contracts.suite.command", "--driver", driver, "--report", str(report)]
    subprocess.run([*command, *options], check=False, cwd=ROOT)
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def gather(folder: Path, killed: Path | None = None) -> dict[str, Any]:
    """Everything, from real runs; `killed` is the report of a selftest just made."""
    from asm_emulator import pki
    from asm_emulator.emulator import DEFAULT_SUBSCRIPTION, Emulator
    from asm_emulator.hosting import Hosting

    runs = {"in-process": suite(folder, "in-process", "--require-served")}
    paths = pki.ensure(folder / "certs", DEFAULT_SUBSCRIPTION, "https://127.0.0.1", now=datetime.now(UTC))
    emulator = Emulator(certificates=[paths.management_certificate.read_bytes()], pace="quick")
    with Hosting(emulator, paths, control_port=None) as hosting:
        where = ["--endpoint", hosting.url, "--certificate", str(paths.management), "--ca", str(paths.ca)]
        for driver in OVER_TLS:
            runs[driver] = suite(folder, driver, *where, "--operation-timeout", "60", "-k", "not test_generated")
    if killed is None:
        killed = folder / "selftest.json"
        command = [sys.executable, "-m", "asm_emulator.selftest.command", "--report", str(killed)]
        subprocess.run(command, check=False, cwd=ROOT)
    return summed(runs, json.loads(killed.read_text(encoding="utf-8")), compared())


def compared() -> Counter[str]:
    """Recorded exchanges per operation; none where the recordings are not at hand."""
    from asm_contracts.errors import ServiceError
    from asm_contracts.operation import split_path
    from asm_emulator.router import Router

    router, found = Router(all_operations()), Counter[str]()
    for path in sorted(RECORDINGS.rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            address, _, query = str(one["path"]).partition("?")
            body = str(one.get("request_body") or "")
            root = re.search(r"<(?:\w+:)?(\w+)", body.partition("?>")[2] or body)
            parameters = {name.lower(): value for name, value in parse_qsl(query, keep_blank_values=True)}
            try:
                candidates = router.candidates(split_path(address)[1:])
                chosen = Router.choose(candidates, one["method"], parameters, root[1] if root else None)
            except (ServiceError, IndexError):
                continue
            found[chosen.name] += 1
    return found


def summed(runs: dict[str, Any], selftest: dict[str, Any], shapes: Counter[str]) -> dict[str, Any]:
    """One entry per operation, and the parts of the whole."""
    mutants = Counter(one["area"] for one in selftest["verdicts"] if one["test"])
    operations = {}
    for declared in all_operations():
        found = {driver: run["operations"][declared.name] for driver, run in runs.items()}
        positive = sum(one["positive"] for one in found.values())
        negative = sum(one["negative"] + one["generated"] for one in found.values())
        operations[declared.name] = {
            "area": declared.area,
            "served": found["in-process"]["served"],
            "driven": sorted(driver for driver, one in found.items() if one["positive"]),
            "foreign": sorted(driver for driver in ("sdk", "raw") if found[driver]["positive"]),
            "positive": positive,
            "negative": negative,
            "behaviour": found["in-process"]["positive"],
            "compared": shapes[declared.name],
            "mutants": mutants[declared.area],
            "evidence": sorted({kind for one in found.values() for kind in one["evidence"]}),
        }
    parts = {axis: sum(bool(one[axis]) for one in operations.values()) for axis in AXES}
    return {
        "digest": digest(),
        "operations": operations,
        "parts": parts,
        "outcomes": {driver: run["outcomes"] for driver, run in runs.items()},
        "selftest": {
            "caught": selftest["caught"],
            "of": selftest["of"],
            "survivors": [one["mutant"] for one in selftest["verdicts"] if not one["test"]],
        },
    }


def page(data: dict[str, Any]) -> str:
    """The data for people."""
    of = len(data["operations"])
    lines = [
        "<!-- Generated by `make evidence` from real runs. -->\n",
        "# Coverage\n",
        f"What the contract suite has shown of the {of} declared operations, per operation and by whom.\n",
        "| | operations | of all |",
        "|---|---|---|",
        *(f"| {axis} | {count} | {count / of:.0%} |" for axis, count in data["parts"].items()),
        "",
        "*served*: not answered 501. *driven*: a test has seen it succeed, through a client; *foreign*: through one "
        "that is not ours. *positive*, *negative*: successes and refusals that tests have checked. *behaviour*: tests "
        "of what it does, not derived from its declaration. *compared*: recorded answers of the real "
        "service that were at hand to compare with. *mutants*: deliberate wrong behaviours of its area that the suite "
        "catches.\n",
        f"Of {data['selftest']['of']} deliberate wrong behaviours {data['selftest']['caught']} are caught.\n",
        "| operation | driven by | positive | negative | compared | mutants | evidence |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| `{name}` | {', '.join(one['driven'])} | {one['positive']} | {one['negative']} | {one['compared']} "
            f"| {one['mutants']} | {', '.join(one['evidence'])} |"
            for name, one in data["operations"].items()
        ),
    ]
    survivors = data["selftest"]["survivors"]
    return "\n".join([*lines, "", "## Survivors\n", *(f"- `{one}`" for one in survivors)]).rstrip() + "\n"


def main() -> int:
    """Run everything and write, or with ``--check`` compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether the evidence is of what is declared")
    parser.add_argument("--selftest", type=Path, help="the report of a selftest just made, instead of another one")
    options = parser.parse_args()
    if options.check:
        data = json.loads(DATA.read_text(encoding="utf-8")) if DATA.exists() else {}
        fresh = data.get("digest") == digest() and PAGE.exists() and PAGE.read_text(encoding="utf-8") == page(data)
        if not fresh:
            sys.stdout.write("the evidence is not of the operations that are declared: run make evidence\n")
        return 0 if fresh else 1
    with tempfile.TemporaryDirectory() as folder:
        data = gather(Path(folder), options.selftest)
    DATA.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(data), encoding="utf-8")
    sys.stdout.write(f"{DATA.name} and {PAGE.name} written: {data['parts']}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
