"""What the project is made of: locked, audited, listed, and built twice.  ``python -m tests.supply COMMAND``."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from docs.figures import Figure, record

ROOT: Final = Path(__file__).parent.parent
TOOLS: Final = ROOT / "build" / "supply" / "venv" / "bin"
SBOM: Final = ROOT / "build" / "sbom.json"
DIST: Final = ROOT / "dist"
EPOCH: Final = "1420070400"
"""The moment that archives say they were made at."""
LOCKS: Final = (
    ("requirements/dev.txt", ("pyproject.toml", "requirements/build.in", "--extra", "dev")),
    ("requirements/run.txt", ("pyproject.toml", "--constraint", "requirements/dev.txt")),
    ("requirements/image.txt", ("pyproject.toml", "--extra", "yaml", "--constraint", "requirements/dev.txt")),
    ("requirements/build.txt", ("requirements/build.in", "--constraint", "requirements/dev.txt")),
    ("requirements/supply.txt", ("requirements/supply.in", "--constraint", "requirements/dev.txt")),
    ("tests/tools/requirements.txt", ("tests/tools/requirements.in", "--constraint", "requirements/dev.txt")),
)
"""Every lock, and what it is of."""
_PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def pinned(lock: str) -> dict[str, str]:
    """The versions in a lock, by normalised name."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in _PINNED.findall(text)}


def lock() -> int:
    """Lock anew: the newest that fits, for every system and Python 3.11 to 3.13, without a word of where from."""
    for path, source in LOCKS:
        command = [TOOLS / "uv", "pip", "compile", "--quiet", "--upgrade", "--universal", "--generate-hashes"]
        command += ["--python-version", "3.11", "--no-header", "--no-annotate", "--no-emit-index-url"]
        subprocess.run([*command, *source, "--output-file", path], cwd=ROOT, check=True)
    return 0


def audit() -> tuple[str, int, int]:
    """What an advisory service says of every lock: in words, how many packages it knew, how many are vulnerable.

    A package of which it knows nothing is not clean: it is not audited.
    """
    known = vulnerable = 0
    said = []
    for path, _ in LOCKS:
        done = subprocess.run(
            [TOOLS / "pip-audit", "--requirement", path, "--require-hashes", "--disable-pip", "--format", "json", "--timeout", "30"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        try:
            found = json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError):
            said.append(f"{path}: {(done.stderr.strip().splitlines() or ['nothing'])[-1][:200]}")
            continue
        known += sum("vulns" in one for one in found)
        for one in found:
            if one.get("vulns"):
                vulnerable += 1
                said.append(f"{one['name']} {one['version']}: {', '.join(two['id'] for two in one['vulns'])}")
    if not known:
        said.append(
            "the advisory service cannot be reached from here, or knows none of the packages: nothing was audited"
        )
    return "; ".join(dict.fromkeys(said)), known, vulnerable


def sbom() -> int:
    """Write the bill of materials of what runs; how many components it lists, each with its hashes."""
    SBOM.parent.mkdir(exist_ok=True)
    subprocess.run(
        [
            TOOLS / "cyclonedx-py", "requirements", "--pyproject", "pyproject.toml", "--output-reproducible", "--of", "JSON",
            "--output-file", SBOM, "requirements/run.txt",
        ],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    found = json.loads(SBOM.read_text(encoding="utf-8"))
    assert found["bomFormat"] == "CycloneDX"
    components = found["components"]
    assert {one["name"].lower() for one in components} >= {*pinned("requirements/run.txt")}
    return len(components)


def build(into: Path) -> Path:
    """Build the wheel with what is installed."""
    code = "import sys, hatchling.build as build; print(build.build_wheel(sys.argv[1]))"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    done = subprocess.run(
        [sys.executable, "-c", code, str(into)], cwd=ROOT, check=True, capture_output=True, text=True, env=environment
    )
    return into / done.stdout.strip().splitlines()[-1]


def wheel() -> tuple[str, str]:
    """Build the wheel twice, at two places; both hashes.  The first one stays in dist/."""
    DIST.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as elsewhere:
        made = build(DIST), build(Path(elsewhere))
        one, other = (hashlib.sha256(path.read_bytes()).hexdigest() for path in made)
    sys.stdout.write(f"{made[0].relative_to(ROOT)} sha256:{one}\n")
    return one, other


def everything() -> int:
    """All of it, with figures."""
    packages = {name: len(pinned(name)) for name, _ in LOCKS}
    said, known, vulnerable = audit()
    components = sbom()
    one, other = wheel()
    figures = [
        Figure("dependencies that are locked with hashes", f"{sum(packages.values())} in {len(packages)} files", raw=dict(packages)),
        Figure(
            "of them with a known vulnerability", str(vulnerable) if known else "not audited", "0", bool(known) and not vulnerable,
            said or "see the raw numbers", {"audited": known},
        ),
        Figure("components of the bill of materials (CycloneDX)", str(components)),
        Figure("the wheel built twice", "the same" if one == other else "differs", "the same hash", one == other, "see the hashes", {"sha256": one}),
    ]  # fmt: skip
    record("34-supply-chain", "Supply chain", "make supply", figures)
    return 0 if one == other and not vulnerable else 1


def _audit() -> int:
    said, known, vulnerable = audit()
    sys.stdout.write(f"{known} packages audited, {vulnerable} vulnerable. {said}\n")
    return 0 if known and not vulnerable else 1


def _sbom() -> int:
    sys.stdout.write(f"{sbom()} components: {SBOM.relative_to(ROOT)}\n")
    return 0


def _wheel() -> int:
    one, other = wheel()
    sys.stdout.write("built twice: the same\n" if one == other else "built twice: two different wheels\n")
    return 0 if one == other else 1


COMMANDS: Final[dict[str, Callable[[], int]]] = {
    "lock": lock, "audit": _audit, "sbom": _sbom, "wheel": _wheel, "all": everything,
}  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.supply", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    sys.exit(COMMANDS[parser.parse_args().command]())
