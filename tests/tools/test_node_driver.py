"""The contract suite, carried by the libraries of Node."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def test_the_suite_through_node(node: Path, cloud: Any, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = subprocess.run(
        [
            sys.executable, "-m", "asm_contracts.suite.command", "--driver", "node", "--endpoint", cloud.endpoint,
            "--certificate", str(cloud.certs / "management.pem"), "--ca", str(cloud.certs / "ca.pem"),
            "--subscription", cloud.subscription, "--operation-timeout", "60", "-k", "not generated",
            "--report", str(report),
        ],
        env={**os.environ, "ASM_CONTRACTS_NODE_MODULES": str(node)}, capture_output=True, text=True, timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(report.read_text(encoding="utf-8"))
    driven = [name for name, one in found["operations"].items() if one["driven"]]
    assert len(driven) > 120
