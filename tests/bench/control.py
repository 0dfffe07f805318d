"""The control plane, as the benchmarks need it."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from tests.bench.programs import Program


def send(program: Program, verb: str, path: str, body: Any = None) -> Any:
    """Ask a program's control plane."""
    request = urllib.request.Request(
        program.control + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method=verb,
    )
    with urllib.request.urlopen(request, timeout=300) as answer:
        data = answer.read()
    return json.loads(data) if data else None


def seed(program: Program, estate: dict[str, Any]) -> None:
    """Put an estate into the program; SystemExit if something of it was not taken."""
    found = send(program, "POST", "/seed", {"estate": estate})
    if found.get("lost"):
        raise SystemExit(f"not everything was taken: {str(found['lost'])[:300]}")
