"""A sample of the selftest: wrong behaviours are caught, each by a test that passes otherwise."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from asm_contracts.catalogue import all_operations
from asm_emulator.engine import Engine
from asm_emulator.selftest.catalogue import mutants
from asm_emulator.selftest.wrongs import Patch

SAMPLE = (
    "affinity_groups/label-lost",
    "affinity_groups/delete-members",
    "affinity_groups/created-200",
    "affinity_groups/strangers",
    "affinity_groups/versions",
    "disks/delete-attached",
    "disks/blob-twice",
    "disks/resize-without-effect",
    "route_tables/route-stays",
    "route_tables/bodies",
)


def test_the_catalogue_is_large_and_over_all_areas() -> None:
    names = [one.name for one in mutants()]
    assert len(names) == len(set(names)) >= 150
    assert {one.area for one in mutants()} == {one.area for one in all_operations()}


def test_every_wrong_behaviour_can_be_put_in_and_taken_out() -> None:
    right = vars(Engine).copy()
    for one in mutants():
        patch = Patch()
        one.apply(patch)
        patch.undo()
    assert vars(Engine).copy() == right


def test_a_sample_is_caught(tmp_path: Path) -> None:
    found = tmp_path / "found.json"
    root = Path(__file__).parents[1]
    sources = os.pathsep.join(str(root / name) for name in ("emulator", "client", "contracts"))
    words = [word for name in SAMPLE for word in ("--only", name)]
    done = subprocess.run(
        [sys.executable, "-m", "asm_emulator.selftest.command", "--processes", "1", "--report", str(found), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
        env={**os.environ, "PYTHONPATH": sources},
        cwd=root,
    )
    verdicts = {one["mutant"]: one["test"] for one in json.loads(found.read_text())["verdicts"]}
    assert set(verdicts) == set(SAMPLE)
    assert [name for name, test in verdicts.items() if not test] == [], done.stdout
