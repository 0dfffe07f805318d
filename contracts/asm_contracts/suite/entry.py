"""What pytest loads in every project where this is installed: nothing, unless the suite is asked for."""

from __future__ import annotations

import pytest

_NAMES = ("asm_contracts.suite", "asm_contracts/suite", "asm_contracts\\suite")


def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Load the suite's plugin, with its options and fixtures, when the suite is among the arguments."""
    if any(name in argument for argument in args for name in _NAMES):
        early_config.pluginmanager.import_plugin("asm_contracts.suite.plugin")
