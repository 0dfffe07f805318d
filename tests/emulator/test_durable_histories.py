"""Whatever clients do, what is kept is what is there: the suite's state machine, and every area's resources once."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from asm_contracts.suite.azure import Azure
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.driver import Settings
from asm_contracts.suite.machines import make_world
from asm_contracts.suite.names import Names
from asm_contracts.suite.stateful import cloud_machine
from asm_contracts.suite.stateful_history import run_histories
from asm_emulator import values
from asm_emulator.driver import InProcessDriver, certificate
from asm_emulator.durable.reading import read
from asm_emulator.emulator import DEFAULT_SUBSCRIPTION, Emulator

WHERE = Settings(subscription=DEFAULT_SUBSCRIPTION, certificate=Path("unused"))


class Compared(Emulator):
    """Compares what is kept with what is there, before everything is forgotten."""

    compared = 0

    def reset(self) -> None:
        """Compare, and forget."""
        if self.engine.keeper is not None:
            self.compare()
        super().reset()

    def compare(self) -> None:
        """What a next process would go on from is what there is."""
        assert self.state_directory is not None
        found = read(self.state_directory)
        assert found is not None and not found.torn
        assert values.dump(found.image.state) == values.dump(self.engine.state)
        assert found.image.clock == self.engine.image().clock
        self.compared += 1


@pytest.fixture
def driver(tmp_path: Path) -> InProcessDriver:
    emulator = Compared(
        state=tmp_path, state_sync="never", pace="manual", certificates=[certificate("asm-contracts own")]
    )
    return InProcessDriver(WHERE, emulator)


def test_any_history_is_kept_as_it_happened(driver: InProcessDriver) -> None:
    serials = itertools.count(1)
    machine = cloud_machine(Azure(driver), Raw(driver, WHERE), lambda: Names("d", serials))
    run_histories(
        machine,
        settings(
            max_examples=8,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert isinstance(driver.emulator, Compared)
    driver.emulator.compare()
    assert driver.emulator.compared > 5
    driver.emulator.close()


def test_one_of_every_resource_is_kept(driver: InProcessDriver) -> None:
    azure = Azure(driver)
    world = make_world(azure, Names("kept", itertools.count(1)))
    assert len(world) >= 8
    assert isinstance(driver.emulator, Compared)
    driver.emulator.compare()
    driver.emulator.close()
