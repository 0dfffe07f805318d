"""The azure-asm-* libraries: whole flows, from a Node script."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parent / "scripts" / "node_flows.js"
FLOWS = (
    "compute", "packages", "endpoints", "images", "migration", "network", "gateways", "storage", "mgmt", "trafficmanager", "sql", "databases", "sb", "website", "scheduler",
    "subscription",
    "sitepublishing", "siteslots", "sitebackups", "sitehybrids",
)  # fmt: skip


@pytest.mark.parametrize("flow", FLOWS)
def test_flow(node: Path, cloud: Any, home: Path, plain_environment: Any, keypair: Any, flow: str) -> None:
    env = {
        **plain_environment(home),
        "NODE_PATH": str(node),
        "NODE_EXTRA_CA_CERTS": str(cloud.certs / "ca.pem"),
        "AZURE_MANAGEMENT_CERTFILE": str(cloud.certs / "management.pem"),
        "AZURE_MANAGEMENT_SUBSCRIPTIONID": cloud.subscription,
        "FLOW_CONTROL": cloud.control,
        "FLOW_PEM": str(keypair.pem),
        "FLOW_PFX": str(keypair.pfx),
        "FLOW_THUMBPRINT": keypair.thumbprint,
    }
    done = subprocess.run(
        ["node", str(SCRIPT), cloud.endpoint, flow], env=env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "done\n"
