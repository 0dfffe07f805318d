"""The suite as its users have it: ``make suite-wheel``.

Builds the wheel, installs ``asm-emulator[suite]`` in an environment of its own, takes the emulator and what only it needs
out of that again, and scores a running emulator through every driver, and one that misbehaves on purpose.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docs.figures import Figure, record

ROOT = Path(__file__).parents[1]
ONLY_THE_EMULATORS = ("flask", "werkzeug", "httptools", "rpds-py", "pyopenssl", "cryptography")
DRIVERS = ("client", "raw", "sdk", "node")
BROKEN = {
    "affinity_groups/update-ignored": "update_affinity_group",
    "storage_accounts/same-keys": "get_storage_account_keys",
    "disks/list-empty": "list_disks",
}
"""Wrong behaviours that every driver's client can tell, and the operation that each is of."""
AREAS = ("affinity_groups", "storage_accounts", "disks")
SDK = "azure-servicemanagement-legacy==0.20.8"


def run(*words: object, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a command; what it says comes with the failure."""
    done = subprocess.run([str(one) for one in words], capture_output=True, text=True, timeout=900, **more)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, words))}\n{done.stdout}\n{done.stderr}")
    return done


def install(folder: Path) -> Path:
    """An environment with the suite from the wheel and without the emulator; its interpreter."""
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("asm_emulator-*.whl")
    run(sys.executable, "-m", "venv", folder / "venv")
    python = folder / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", f"{wheel}[suite]", SDK)
    run(python, "-m", "pip", "uninstall", "--quiet", "--yes", *ONLY_THE_EMULATORS)
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
    shutil.rmtree(Path(site) / "asm_emulator")
    for module in ("asm_emulator", "flask"):
        with contextlib.suppress(RuntimeError):
            run(python, "-c", f"import {module}")
            raise AssertionError(f"{module} can still be imported")
    return python


@contextlib.contextmanager
def serving(certs: Path, *names: str) -> Iterator[str]:
    """The address of a server of this checkout, right or with these wrong behaviours."""
    module = ["asm_emulator.selftest.broken", *names, "--"] if names else ["asm_emulator.cli", "serve"]
    options = ["--port", "0", "--control-port", "0", "--certs", str(certs)]
    process = subprocess.Popen([sys.executable, "-m", *module, *options], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        said = ""
        while "try:" not in said:
            line = process.stdout.readline()
            assert line, f"the server did not start: {said}"
            said += line
        yield re.findall(r"endpoint +(\S+)", said)[0]
    finally:
        process.terminate()
        process.communicate(timeout=30)


def score(python: Path, folder: Path, endpoint: str, *options: str) -> dict[str, Any]:
    """What ``asm-contracts`` reports of an endpoint through all drivers, run as a user would from an empty folder."""
    report, html = folder / "out.json", folder / "out.html"
    words = [word for driver in DRIVERS for word in ("--driver", driver)]
    modules = os.environ.get("ASM_CONTRACTS_NODE_MODULES", str(ROOT / "build" / "tools" / "node_modules"))
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "ASM_CONTRACTS_NODE_MODULES": modules}
    certs = folder / "certs"
    subprocess.run(
        [python.with_name("asm-contracts"), "--endpoint", endpoint, "--certificate", certs / "management.pem", "--ca",
         certs / "ca.pem", "--operation-timeout", "60", *words, "--report", report, "--html", html, *options],
        cwd=folder, env=environment, check=False, timeout=1200, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert "<table>" in html.read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return {one["driver"]: one for one in found["drivers"]}


def wrong(reports: dict[str, Any], *, broken: bool) -> list[str]:
    """What of the scores is not as it should be."""
    problems = [f"{driver} did not report" for driver in DRIVERS if driver not in reports]
    for driver, report in reports.items():
        failed = {name for name, one in report["operations"].items() if one["failed"]}
        missed = [name for name in BROKEN.values() if name not in failed] if broken else []
        problems += [f"{driver} does not notice that {name} is wrong" for name in missed]
        problems += [f"{driver} fails: {', '.join(sorted(failed))}" for _ in [0] if failed and not broken]
        problems += [f"{driver} passed nothing" for _ in [0] if not report["outcomes"].get("passed")]
    return problems


def main() -> int:
    """Score both servers; 0 if the scores are as they should be."""
    parser = argparse.ArgumentParser(prog="make suite-wheel", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="score the right server in the broken areas only")
    options = parser.parse_args()
    begun = time.perf_counter()
    areas = [f"--area={name}" for name in AREAS]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        python = install(folder)
        with serving(folder / "certs") as endpoint:
            right = score(python, folder, endpoint, "-k", "not generated", *(areas if options.quick else []))
        with serving(folder / "certs", *BROKEN) as endpoint:
            bad = score(python, folder, endpoint, "-k", "not generated", *areas)
    problems = wrong(right, broken=False) + wrong(bad, broken=True)
    took = time.perf_counter() - begun
    figures = [
        Figure(
            f"through `{driver}`: tests passed against a right server / failed against a broken one",
            f"{right[driver]['outcomes'].get('passed', 0)} / {bad[driver]['outcomes'].get('failed', 0)}",
            "no failure / every wrong behaviour noticed",
            not any(one.startswith(driver) for one in problems),
            "; ".join(one for one in problems if one.startswith(driver)),
            {"right": right[driver]["outcomes"], "broken": bad[driver]["outcomes"]},
        )
        for driver in DRIVERS
        if driver in right and driver in bad
    ]
    if not options.quick:
        record(
            "62-suite-wheel",
            "The suite from its wheel, without the emulator",
            "make suite-wheel",
            figures,
            f"In {took:.0f} s, with the wheel's installation. The environment has neither `asm_emulator` nor "
            f"{', '.join(ONLY_THE_EMULATORS)}. The broken server does {', '.join(f'`{name}`' for name in BROKEN)}.",
        )
    for one in problems:
        sys.stdout.write(f"{one}\n")
    sys.stdout.write(f"suite-wheel: {'as it should be' if not problems else 'not as it should be'} in {took:.0f} s\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
