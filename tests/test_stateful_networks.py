"""Histories of networks agree with the model, and seeded defects do not go unseen."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from asm_contracts.suite.azure import Azure
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.driver import Settings
from asm_contracts.suite.names import Names
from asm_contracts.suite.stateful_history import run_histories
from asm_contracts.suite.stateful_networks import network_machine
from asm_emulator import engine, network_configuration
from asm_emulator.areas import route_tables, security_groups
from asm_emulator.driver import InProcessDriver
from asm_emulator.emulator import DEFAULT_SUBSCRIPTION

EXAMPLES = int(os.environ.get("ASM_EXAMPLES", "10"))


def run(examples: int) -> None:
    """Try this many histories, always the same ones."""
    where = Settings(subscription=DEFAULT_SUBSCRIPTION, certificate=Path("unused"))
    driver = InProcessDriver(where)
    serials: Iterator[int] = itertools.count(1)
    run_histories(
        network_machine(Azure(driver), Raw(driver, where), lambda: Names("m", serials)),
        settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=True,
            report_multiple_bugs=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_history_of_networks_agrees_with_the_model() -> None:
    run(EXAMPLES)


# -- seeded defects ---------------------------------------------------------------------------------------------------


def a_group_in_use_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security_groups, "_check_unused", lambda _draft, _group: None)


def what_is_bound_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    right = network_configuration.site_of

    def forgetful(*given: Any) -> Any:
        found = right(*given)
        bare = tuple(replace(one, network_security_group=None, route_table=None) for one in found.subnets)
        return replace(found, subnets=bare)

    monkeypatch.setattr(network_configuration, "site_of", forgetful)


def two_change_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security_groups, "_lease_on", lambda _name: (("nothing", engine.__name__),))


def a_route_takes_others_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route_tables, "_without", lambda _table, _name: ())


@pytest.mark.parametrize(
    "defect", [a_group_in_use_goes, what_is_bound_is_lost, two_change_at_once, a_route_takes_others_along]
)
def test_a_defect_of_networks_is_found(
    defect: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    defect(monkeypatch)
    with pytest.raises((AssertionError, TimeoutError)):
        run(max(150, EXAMPLES))
