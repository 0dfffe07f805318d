"""The official Python SDK and Apache Libcloud: whole flows, in a Python that has nothing of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.tools.flows import SCRIPTS, python_environment, run

CLASSES = (
    "ServiceManagementService",
    "ServiceBusManagementService",
    "SqlDatabaseManagementService",
    "WebsiteManagementService",
    "SchedulerManagementService",
)


@pytest.fixture
def environment(cloud: Any, home: Path, plain_environment: Any) -> dict[str, str]:
    return python_environment(cloud, plain_environment(home))


@pytest.mark.parametrize("name", CLASSES)
def test_every_call_of_the_official_sdk(
    python: Path, cloud: Any, environment: dict[str, str], keypair: Any, name: str
) -> None:
    environment["SDK_PFX"] = str(keypair.pfx)
    run([str(python), str(SCRIPTS / "sdk_flows.py"), f"localhost:{cloud.port}", name], environment)


def test_libcloud(python: Path, cloud: Any, environment: dict[str, str]) -> None:
    ca = environment.pop("REQUESTS_CA_BUNDLE")
    run([str(python), str(SCRIPTS / "libcloud_flow.py"), "localhost", str(cloud.port), ca], environment)
