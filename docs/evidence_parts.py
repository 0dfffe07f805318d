"""The runs that the evidence is made of, each by itself: every part leaves a file in ``build/evidence``."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

from tests.tools.noting import WANTED

from asm_contracts.catalogue import all_operations

ROOT: Final = Path(__file__).parent.parent
KEPT: Final = ROOT / "build" / "evidence"
CORPUS: Final = ROOT.parent / "shared" / "wire" / "corpus"
OVER_TLS: Final = ("client", "sdk", "node", "raw")
BOUND: Final = 1200.0
"""Seconds that one part may take."""


def digest() -> str:
    """What the declared operations are, as one word."""
    lines = [f"{one.name} {one.verb} {one.template.text} {one.since} {one.success}" for one in all_operations()]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _run(*words: str, **more: str) -> None:
    """Run a command of this checkout; a failure of what it tests is part of the evidence."""
    subprocess.run([sys.executable, *words], check=False, cwd=ROOT, timeout=BOUND, env={**os.environ, **more})


def _suite(report: Path, driver: str, *options: str) -> dict[str, Any]:
    _run("-m", "asm_contracts.suite.command", "--driver", driver, "--report", str(report), *options)
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return {"outcomes": found["outcomes"], "operations": found["operations"]}


def in_process(folder: Path) -> dict[str, Any]:
    """The suite with all it has, on a clock of its own."""
    return _suite(folder / "report.json", "in-process", "--require-served")


def over_tls(driver: str) -> Callable[[Path], dict[str, Any]]:
    """The suite through a driver, against a server that has real time."""

    def run(folder: Path) -> dict[str, Any]:
        from asm_emulator import pki
        from asm_emulator.emulator import DEFAULT_SUBSCRIPTION, Emulator
        from asm_emulator.hosting import Hosting

        paths = pki.ensure(folder / "certs", DEFAULT_SUBSCRIPTION, "https://127.0.0.1", now=datetime.now(UTC))
        emulator = Emulator(certificates=[paths.management_certificate.read_bytes()], pace="quick")
        with Hosting(emulator, paths, control_port=None) as hosting:
            where = ["--endpoint", hosting.url, "--certificate", str(paths.management), "--ca", str(paths.ca)]
            more = ["--operation-timeout", "60", "-k", "not test_generated"]
            return _suite(folder / "report.json", driver, *where, *more)

    return run


def tools(folder: Path) -> dict[str, Any]:
    """The flows of the tools and libraries of other makers, and what they had the server do."""
    seen = folder / "seen.jsonl"
    _run("-m", "pytest", "-q", "-n", "4", "-m", "tools", "tests/tools", **{WANTED: str(seen)})
    lines = seen.read_text(encoding="utf-8").splitlines() if seen.exists() else []
    done = [json.loads(line) for line in lines]
    return {
        "operations": sorted({one["operation"] for one in done if one["operation"] and (one["status"] or 500) < 400})
    }


def selftest(folder: Path) -> dict[str, Any]:
    """What the suite notices of deliberate wrong behaviour."""
    report = folder / "selftest.json"
    _run("-m", "asm_emulator.selftest.command", "--report", str(report))
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def compared(folder: Path) -> dict[str, Any] | None:
    """Recorded exchanges that were replayed and compared, per operation, and how many had the recorded shape.

    None where the recordings are not at hand.
    """
    if not CORPUS.is_dir():
        return None
    report = folder / "fidelity.json"
    _run("-m", "tests.fidelity", FIDELITY_JSON=str(report))
    exchanges: dict[str, list[dict[str, Any]]] = json.loads(report.read_text(encoding="utf-8"))["exchanges"]
    recorded = _recorded()
    found: dict[str, list[int]] = {}
    for recording, steps in exchanges.items():
        for step in steps:
            name = recorded.get((recording, step["index"]))
            if name is not None and step["levels"] is not None:
                counts = found.setdefault(name, [0, 0])
                counts[0] += 1
                counts[1] += bool(step["levels"].get("L3"))
    return {"operations": found}


def _recorded() -> dict[tuple[str, int], str]:
    """The operation of each recorded exchange."""
    from asm_contracts.errors import ServiceError
    from asm_contracts.operation import split_path
    from asm_emulator.router import Router

    router, found = Router(all_operations()), dict[tuple[str, int], str]()
    for path in sorted(CORPUS.rglob("*.jsonl")):
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
            found[f"{one['source']}/{one['recording']}", one["index"]] = chosen.name
    return found


PARTS: Final[dict[str, Callable[[Path], dict[str, Any] | None]]] = {
    "in-process": in_process,
    **{driver: over_tls(driver) for driver in OVER_TLS},
    "tools": tools,
    "selftest": selftest,
    "compared": compared,
}


def gather(name: str) -> None:
    """Run a part and keep what it has shown."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        data = PARTS[name](Path(folder))
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = {"digest": digest(), "seconds": round(time.perf_counter() - begun), "data": data}
    (KEPT / f"{name}.json").write_text(json.dumps(kept) + "\n", encoding="utf-8")
    sys.stdout.write(f"evidence: {name} took {kept['seconds']} s\n")


def kept(name: str) -> dict[str, Any] | None:
    """What a part has shown of the operations declared now; None if it has not run since."""
    path = KEPT / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found if found.get("digest") == digest() else None
