"""The contract suite, run as its users run it: as an installed plugin, with every driver, against a fresh emulator."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from asm_contracts.catalogue import all_operations
from asm_emulator import pki
from asm_emulator.clock import WallClock
from asm_emulator.emulator import DEFAULT_SUBSCRIPTION, Emulator
from asm_emulator.hosting import Hosting
from asm_emulator.recall import PLAIN

ROOT = Path(__file__).parents[1]
SOURCES = [str(ROOT / name) for name in ("emulator", "client", "contracts", "")]


SUBSCRIPTIONS = (DEFAULT_SUBSCRIPTION, *(f"00000000-0000-4000-8000-00000000000{number}" for number in (2, 3)))
BY_THE_WALL = ("the operation ended before the next request came", "time cannot be moved")
"""Why a test is skipped where time goes by the wall's clock, whatever the client can say."""
HURRY = 6
"""How much faster than the wall's the served time goes: long enough for operations to be seen going on."""


class Hurried(WallClock):
    """The machine's time, but faster."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self._factor = factor
        self._begun = super().now()

    def now(self) -> datetime:
        """The time since the beginning, multiplied."""
        return self._begun + (super().now() - self._begun) * self._factor


def run(report: Path, *options: str, module: str = "asm_contracts.suite") -> dict[str, Any]:
    """Run the suite in a process of its own, and return its report; it must pass."""
    code = f"import sys; sys.path[:0] = {SOURCES!r}; import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    done = subprocess.run(
        [
            sys.executable, "-c", code, "--pyargs", module, "-p", "asm_contracts.suite.plugin", "-q", "--tb=short",
            "-p", "no:cacheprovider", "-p", "no:xdist", "--import-mode=importlib", "-W", "error",
            "-c", "/dev/null", "--rootdir", str(report.parent), "--report", str(report), *options,
        ],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=report.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """An emulator over mutual TLS, and the options that lead the suite to it."""
    certs, other = tmp_path_factory.mktemp("certs"), tmp_path_factory.mktemp("other")
    now = datetime.now(UTC)
    paths = pki.ensure(certs, DEFAULT_SUBSCRIPTION, "https://127.0.0.1", now=now)
    stranger = pki.ensure(other, DEFAULT_SUBSCRIPTION, "https://127.0.0.1", now=now)
    emulator = Emulator(certificates=[paths.management_certificate.read_bytes()], pace="quick", clock=Hurried(HURRY))
    for further in SUBSCRIPTIONS[1:]:
        emulator.add_subscription(further, None)
    with Hosting(emulator, paths, control_port=None) as hosting:
        yield [
            "--endpoint", hosting.url, "--certificate", str(paths.management), "--ca", str(paths.ca),
            "--second-certificate", str(stranger.management), "--operation-timeout", "30",
        ]  # fmt: skip


def test_in_process_on_short_ways_and_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PLAIN, raising=False)  # the twin sends everything both ways
    found = run(tmp_path / "report.json", "--driver", "tests.twin:TwinDriver", "--require-served")
    assert found["unserved"] == []
    assert found["outcomes"]["passed"] > 10 * len(all_operations())


def test_in_process_by_its_name(tmp_path: Path) -> None:
    found = run(tmp_path / "report.json", "--driver", "in-process", "--area=locations", "--area=hosted_services")
    assert found["outcomes"]["passed"] > 50


def test_our_client_over_tls(server: list[str], tmp_path: Path) -> None:
    # Several runs at once, each in a subscription of its own and with its share of the areas: they mostly wait.
    areas = sorted({one.area for one in all_operations()})

    def share(turn: int) -> dict[str, Any]:
        mine = [
            "--subscription",
            SUBSCRIPTIONS[turn],
            *(f"--area={name}" for name in areas[turn :: len(SUBSCRIPTIONS)]),
        ]
        return run(tmp_path / f"{turn}.json", "--driver", "client", "-m", "not generated", *server, *mine)

    with ThreadPoolExecutor(len(SUBSCRIPTIONS)) as pool:
        for found in pool.map(share, range(len(SUBSCRIPTIONS))):
            # What goes on ends by itself: on a busy machine a test may come too late to see it.
            skipped = [one["reason"] for one in found["tests"] if one["outcome"] == "skipped"]
            assert [one for one in skipped if not any(why in one for why in BY_THE_WALL)] == [], (
                "our own client says everything"
            )
            assert found["outcomes"]["passed"] > 50


def test_generated_cases_over_tls(server: list[str], tmp_path: Path) -> None:
    # They are bytes, the same for every driver and nearly the same for every area: some areas must do here.
    areas = [f"--area={name}" for name in ("hosted_services", "operations", "storage_accounts", "disks")]
    found = run(tmp_path / "report.json", "--driver", "client", "-m", "generated", *areas, *server)
    assert found["outcomes"]["passed"] > 300


@pytest.mark.parametrize("driver", ["sdk", "raw"])
def test_foreign_clients(server: list[str], tmp_path: Path, driver: str) -> None:
    found = run(tmp_path / "report.json", "--driver", driver, "-m", "not generated", *server)
    driven = [name for name, one in found["operations"].items() if one["positive"]]
    assert len(driven) >= {"sdk": 75, "raw": 85}[driver]
