"""Histories of many calls, checked against the reference model; run with --stateful."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from asm_contracts.evidence import documented
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.names import Names
from asm_contracts.suite.stateful import cloud_machine
from asm_contracts.suite.stateful_history import run_histories
from asm_contracts.suite.stateful_networks import network_machine


@pytest.mark.stateful
@documented("the rules on operations, names, deployments, machines, disks and images hold over any sequence of calls")
def test_any_history_agrees_with_the_model(
    azure: Azure, raw: Raw, run_id: str, serials: Iterator[int], pytestconfig: pytest.Config
) -> None:
    run_histories(cloud_machine(azure, raw, lambda: Names(run_id, serials)), how(pytestconfig))


@pytest.mark.stateful
@documented("the rules on networks, groups, tables and addresses hold over any sequence of calls")
def test_any_history_of_networks_agrees_with_the_model(
    azure: Azure, raw: Raw, run_id: str, serials: Iterator[int], pytestconfig: pytest.Config
) -> None:
    run_histories(network_machine(azure, raw, lambda: Names(run_id, serials)), how(pytestconfig))


def how(config: pytest.Config) -> settings:
    """How many histories, and how long ones."""
    return settings(
        max_examples=config.getoption("--examples"),
        stateful_step_count=30,
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
