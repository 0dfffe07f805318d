"""The house rules that a linter does not check."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from asm_contracts.catalogue import CONTRACTS, all_operations
from asm_emulator.areas import AREAS
from asm_emulator.exchange import is_served, served_operations

ROOT = Path(__file__).parent.parent
EMULATOR = ROOT / "emulator" / "asm_emulator"
CONTRACT_AREAS = ROOT / "contracts" / "asm_contracts" / "areas"
SOURCES = sorted(path for folder in ("emulator", "client", "contracts") for path in (ROOT / folder).rglob("*.py"))

TIME_AND_THREADS = {
    "server",
    "clock.py",
    "durable",
    "cli_serving.py",
    "hosting.py",
    "cli_running.py",
    "proxy.py",
    "wrapper.py",
    "pki.py",
    "engine.py",
    "emulator.py",
} | {
    "guarded.py",
    "watch.py",
    "controlling.py",
    "doctor.py",
    "testing",
    "selftest",
}
"""What may know threads, sleeping and the time of day: the front, the clock, the command line and the engine's lock."""


def area_names(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir() if path.stem not in ("__init__", "base", "__pycache__")}


def test_the_areas_have_the_same_names_in_every_room() -> None:
    assert area_names(CONTRACT_AREAS) == area_names(EMULATOR / "areas")


def test_every_area_is_registered() -> None:
    assert {contract.area for contract in CONTRACTS} == area_names(CONTRACT_AREAS)
    assert {area.area for area in AREAS} == area_names(CONTRACT_AREAS)


def test_every_declared_operation_is_served() -> None:
    areas = served_operations(AREAS, all_operations())
    assert [operation.name for operation, area in areas.items() if not is_served(operation, area)] == []


def test_every_operation_says_what_it_is_for() -> None:
    assert [operation.name for operation in all_operations() if not operation.summary.endswith((".", "?"))] == []


def calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield f"{ast.unparse(node.value)}.{node.attr}"
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", sorted(EMULATOR.rglob("*.py")), ids=lambda path: str(path.relative_to(EMULATOR)))
def test_the_domain_knows_neither_threads_nor_the_time_of_day(path: Path) -> None:
    if path.relative_to(EMULATOR).parts[0] in TIME_AND_THREADS:
        return
    forbidden = {"threading", "time", "asyncio", "datetime.now", "datetime.utcnow", "time.sleep", "random", "secrets"}
    assert set(calls(ast.parse(path.read_text()))) & forbidden == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_small(path: Path) -> None:
    if "catalogue" in path.parts:
        return  # tables of data
    assert len(path.read_text().splitlines()) <= 560


def test_no_public_module_is_without_a_docstring() -> None:
    assert [str(path.relative_to(ROOT)) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text()))] == []
