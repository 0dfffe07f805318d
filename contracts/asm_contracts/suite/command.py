"""``asm-contracts``: scores an endpoint with the contract suite, through one or several drivers.

asm-contracts --endpoint https://127.0.0.1:8443 --certificate management.pem --ca ca.pem --driver client --driver sdk
asm-contracts selftest     # how good the suite is: what it catches of deliberate wrong behaviour
asm-contracts drivers      # what can carry the calls
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final

from asm_contracts.suite.driver import known_drivers
from asm_contracts.suite.page import page

SELFTEST: Final = "asm_contracts.selftest"
"""The group of entry points of those who can prove the suite; an emulator that can misbehave on purpose."""
_USAGE: Final = 4


def parser() -> argparse.ArgumentParser:
    """The options of a run."""
    made = argparse.ArgumentParser(prog="asm-contracts", description=__doc__, formatter_class=_Formatter)
    made.add_argument("--endpoint", help="the service, https://HOST:PORT")
    made.add_argument("--certificate", type=Path, help="management certificate: PEM with private key and certificate")
    made.add_argument("--ca", type=Path, help="PEM of the authority that signed the server's certificate")
    made.add_argument("--subscription", help="the subscription to work in")
    made.add_argument("--second-certificate", type=Path, help="PEM of a certificate the subscription does not know")
    made.add_argument("--driver", action="append", help="what carries the calls; may be repeated (default: client)")
    made.add_argument("--area", action="append", default=[], help="only this area; may be repeated")
    made.add_argument("--report", type=Path, help="write the result as JSON")
    made.add_argument("--html", type=Path, help="write the result as a page, one file that needs no server")
    made.add_argument("--operation-timeout", type=float, help="seconds to wait for what was accepted")
    made.add_argument("--run-id", help="letters and digits in every name the run makes (default: random)")
    made.add_argument("--require-served", action="store_true", help="an operation answered with 501 is a failure")
    made.add_argument("--stateful", action="store_true", help="also histories of many calls, checked against a model")
    made.add_argument("--examples", type=int, help="how many of them (default 50)")
    made.add_argument("--histories", type=int, help="also this many histories of several clients at once")
    made.add_argument("-k", dest="keyword", help="only tests whose names match")
    made.add_argument("-x", dest="fail_fast", action="store_true", help="stop at the first failure")
    return made


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the examples as they are."""


def main(given: Sequence[str] | None = None) -> int:
    """Run the command; 0 if everything passed, 1 if something failed, 4 for wrong options."""
    words = list(sys.argv[1:] if given is None else given)
    if words[:1] == ["selftest"]:
        return _selftest(words[1:])
    if words[:1] == ["drivers"]:
        sys.stdout.write("\n".join(known_drivers()) + "\n")
        return 0
    options = parser().parse_args(words)
    drivers: list[str] = options.driver or ["client"]
    unknown = [one for one in drivers if ":" not in one and one not in known_drivers()]
    if unknown:
        sys.stderr.write(f"there is no driver {', '.join(unknown)}; installed: {', '.join(known_drivers())}\n")
        return _USAGE
    with tempfile.TemporaryDirectory() as folder:
        worst, reports = 0, []
        for number, driver in enumerate(drivers):
            found = Path(folder, f"{number}.json")
            worst = max(worst, _run(driver, options, found, Path(folder)))
            if found.exists():
                reports.append(json.loads(found.read_text(encoding="utf-8")))
    if not reports:
        return worst or 1
    _write(options, reports)
    return worst


def _run(driver: str, options: argparse.Namespace, report: Path, folder: Path) -> int:
    # A process for every driver: a foreign client may leave anything behind in its own.
    arguments = [
        "--pyargs", "asm_contracts.suite", "--driver", driver, "--report", str(report), "--rootdir", str(folder),
        "-c", os.devnull, "-q", "--tb=short", "-p", "no:cacheprovider", "-p", "no:asm-emulator", "-p", "no:xdist",
        "--import-mode=importlib", "-o", "console_output_style=count",
    ]  # fmt: skip
    for name in (
        "endpoint", "certificate", "ca", "subscription", "second_certificate", "operation_timeout", "run_id",
        "examples", "histories",
    ):  # fmt: skip
        value = getattr(options, name)
        if value is not None:
            arguments += [f"--{name.replace('_', '-')}", str(value)]
    arguments += [f"--area={area}" for area in options.area]
    arguments += ["--require-served"] * options.require_served + ["--stateful"] * options.stateful
    arguments += ["-x"] * options.fail_fast + (["-k", options.keyword] if options.keyword else [])
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False, cwd=Path.cwd()).returncode


def _write(options: argparse.Namespace, reports: list[dict[str, Any]]) -> None:
    if options.report is not None:
        data = reports[0] if len(reports) == 1 else {"drivers": reports}
        options.report.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        sys.stdout.write(f"report written to {options.report}\n")
    if options.html is not None:
        options.html.write_text(page(*reports), encoding="utf-8")
        sys.stdout.write(f"page written to {options.html}\n")


def _selftest(words: list[str]) -> int:
    for found in entry_points(group=SELFTEST):
        run: Callable[[list[str]], int] = found.load()
        return run(words)
    sys.stderr.write("selftest needs an emulator that can misbehave on purpose; none is installed\n")
    return _USAGE


if __name__ == "__main__":
    sys.exit(main())
