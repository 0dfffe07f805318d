"""The official Python SDK and Apache Libcloud: whole flows, in a Python that has nothing of ours."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = Path(__file__).parent / "scripts"
CLASSES = (
    "ServiceManagementService",
    "ServiceBusManagementService",
    "SqlDatabaseManagementService",
    "WebsiteManagementService",
    "SchedulerManagementService",
)


def run(command: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "done\n"


@pytest.fixture
def environment(cloud: Any, home: Path, plain_environment: Any) -> dict[str, str]:
    return {
        **plain_environment(home),
        "AZURE_MANAGEMENT_CERTFILE": str(cloud.certs / "management.pem"),
        "AZURE_MANAGEMENT_SUBSCRIPTIONID": cloud.subscription,
        "REQUESTS_CA_BUNDLE": str(cloud.certs / "ca.pem"),
        "PYTHONWARNINGS": "ignore",
    }


@pytest.mark.parametrize("name", CLASSES)
def test_every_call_of_the_official_sdk(
    python: Path, cloud: Any, environment: dict[str, str], keypair: Any, name: str
) -> None:
    environment["SDK_PFX"] = str(keypair.pfx)
    run([str(python), str(SCRIPTS / "sdk_flows.py"), f"localhost:{cloud.port}", name], environment)


def test_libcloud(python: Path, cloud: Any, environment: dict[str, str]) -> None:
    ca = environment.pop("REQUESTS_CA_BUNDLE")
    run([str(python), str(SCRIPTS / "libcloud_flow.py"), "localhost", str(cloud.port), ca], environment)
