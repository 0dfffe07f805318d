"""Running the flows' scripts, each in the process and with the environment of its client."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).parent / "scripts"


def node_environment(node: Path, cloud: Any, plain: dict[str, str], keypair: Any) -> dict[str, str]:
    """What `scripts/node_flows.js` wants, besides what every process has."""
    return {
        **plain,
        "NODE_PATH": str(node),
        "NODE_EXTRA_CA_CERTS": str(cloud.certs / "ca.pem"),
        "AZURE_MANAGEMENT_CERTFILE": str(cloud.certs / "management.pem"),
        "AZURE_MANAGEMENT_SUBSCRIPTIONID": cloud.subscription,
        "FLOW_CONTROL": cloud.control,
        "FLOW_PEM": str(keypair.pem),
        "FLOW_PFX": str(keypair.pfx),
        "FLOW_THUMBPRINT": keypair.thumbprint,
    }


def python_environment(cloud: Any, plain: dict[str, str]) -> dict[str, str]:
    """What the scripts of the Python clients want."""
    return {
        **plain,
        "AZURE_MANAGEMENT_CERTFILE": str(cloud.certs / "management.pem"),
        "AZURE_MANAGEMENT_SUBSCRIPTIONID": cloud.subscription,
        "REQUESTS_CA_BUNDLE": str(cloud.certs / "ca.pem"),
        "PYTHONWARNINGS": "ignore",
    }


def run(command: list[str], env: dict[str, str]) -> None:
    """Run a script that says ``done`` if all that it expected came about."""
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "done\n"


def run_node_flow(cloud: Any, env: dict[str, str], flow: str) -> None:
    """Run one flow of the Node libraries."""
    run(["node", str(SCRIPTS / "node_flows.js"), cloud.endpoint, flow], env)
