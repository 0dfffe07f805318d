"""The libraries of Node under ``exec``, at hosts other than the management endpoint: a site's tools."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parent / "scripts" / "node_flows.js"
FLOWS = ("sitejobs", "sitebigjobs", "sitedeployments", "sitesettings", "sitelogs", "kudu")
ENOUGH = 5_000_000
"""Octets of a job with a picture or two."""


@pytest.fixture
def archive(unconnected: Any) -> Path:
    """A job of some megabytes that nothing makes smaller."""
    path: Path = unconnected.cwd / "big.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("run.cmd", "echo")
        made.writestr("picture.png", os.urandom(ENOUGH))
    return path


@pytest.mark.parametrize("flow", FLOWS)
def test_flow(wrapped: Callable[[str], Any], node: Path, archive: Path, flow: str) -> None:
    done = wrapped(
        f"NODE_PATH='{node}' FLOW_ARCHIVE='{archive}' node '{SCRIPT}' https://management.core.windows.net {flow}"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "done\n"
