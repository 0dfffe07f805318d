"""The long tests begin first, so that none is left to run alone at the end."""

from __future__ import annotations

from typing import Final

import pytest

LONG: Final = (
    "test_node_driver.py",
    "test_azure_machines.py",
    "test_suite_drivers.py",
    "test_stateful",
    "test_durable",
    "test_selftest.py",
    "test_linearizability.py",
    "test_fuzz.py",
    "test_page_browser.py",
    "test_docs",
    "test_pytest_plugin.py",
)
"""What the names of their files begin with, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put them first, in this order; the others stay as they were."""

    def place(item: pytest.Item) -> int:
        return next((number for number, name in enumerate(LONG) if item.path.name.startswith(name)), len(LONG))

    items.sort(key=place)
