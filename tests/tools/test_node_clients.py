"""The azure-asm-* libraries: whole flows, from a Node script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.tools.flows import node_environment, run_node_flow

FLOWS = (
    "compute", "packages", "endpoints", "images", "migration", "maintenance",
    "network", "gateways", "trafficmanager",
    "storage", "mgmt", "subscription",
    "sql", "databases",
    "sb",
    "scheduler", "jobs", "clusters", "store",
    "website", "sitepublishing", "siteslots", "sitebackups", "sitehybrids",
)  # fmt: skip


@pytest.mark.parametrize("flow", FLOWS)
def test_flow(node: Path, cloud: Any, home: Path, plain_environment: Any, keypair: Any, flow: str) -> None:
    run_node_flow(cloud, node_environment(node, cloud, plain_environment(home), keypair), flow)
