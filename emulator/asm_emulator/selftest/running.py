"""Runs the suite against one wrong behaviour after another, in one session: tests are collected once."""

from __future__ import annotations

import contextlib
import io
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import pytest

from asm_contracts.catalogue import all_operations
from asm_contracts.suite.driver import Driver
from asm_contracts.suite.plugin import area_of
from asm_emulator.selftest.wrongs import Mutant, Patch

AREA_OF: Final = {one.name: one.area for one in all_operations()}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one wrong behaviour."""

    mutant: str
    area: str
    breaks: str
    test: str
    """The first test that noticed; empty if none did."""
    operations: tuple[str, ...]
    """What it makes wrong; where that is a function, what the test that noticed has called of the area."""
    tried: int
    seconds: float
    survives: str = ""
    """The reason, where one is known."""

    @property
    def caught(self) -> bool:
        """Whether the suite noticed."""
        return bool(self.test)

    def as_data(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


class _Next:
    """What comes after every test, for pytest: something that needs the session and nothing else of it."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session

    def listchain(self) -> list[pytest.Session]:
        """What it needs."""
        return [self.session]


class Loop:
    """The pytest plugin whose session it is."""

    def __init__(self, mutants: Sequence[Mutant], *, baseline: bool = True) -> None:
        self.mutants = mutants
        self.baseline = baseline
        self.verdicts: list[Verdict] = []
        self.wrong: list[str] = []
        """Tests that fail without any wrong behaviour: nothing they say counts."""
        self._failed = False
        self._called: set[str] = set()
        self._next: Any = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure, and what has been called until then."""
        self._failed |= report.failed
        said: dict[str, Any] = next((value for _, value in report.user_properties if isinstance(value, dict)), {})
        self._called |= {name for name, _, _ in said.get("calls", ())} | {said.get("about", "")}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run what the mutants need; never the session's own order."""
        by_area: dict[str, list[pytest.Item]] = defaultdict(list)
        for item in session.items:
            by_area[area_of(item)].append(item)
        self._next = _Next(session)
        areas = {one.area for one in self.mutants}
        # The world that generated cases address is made before anything is wrong.
        generated = next(item for item in session.items if "world" in getattr(item, "fixturenames", ()))
        self._run(generated)
        driver: Driver = generated.session._fixturemanager.getfixturedefs("driver", generated)[0].cached_result[0]  # type: ignore[index,assignment]
        emulator = driver.emulator  # type: ignore[attr-defined]
        clean = emulator.snapshot()
        if self.baseline:
            for area in sorted(areas):
                for item in by_area[area]:
                    if not self._run(item):
                        self.wrong.append(item.nodeid)
                emulator.restore(clean)
        for mutant in self.mutants:
            items = [item for item in by_area[mutant.area] if item.nodeid not in self.wrong]
            items.sort(key=lambda item: (item.get_closest_marker("generated") is not None) != mutant.generated)
            self.verdicts.append(self._try(mutant, items))
            emulator.restore(clean)
        self._teardown(session)
        return True

    def _try(self, mutant: Mutant, items: Iterable[pytest.Item]) -> Verdict:
        begun, tried, test = time.perf_counter(), 0, ""
        patch = Patch()
        mutant.apply(patch)
        try:
            for item in items:
                tried += 1
                if not self._run(item):
                    test = item.nodeid.rpartition("/")[2]
                    break
        finally:
            patch.undo()
        took = round(time.perf_counter() - begun, 2)
        touched = patch.operations or {name for name in self._called if AREA_OF.get(name) == mutant.area and test}
        survives = "" if test else mutant.survives
        return Verdict(mutant.name, mutant.area, mutant.breaks, test, tuple(sorted(touched)), tried, took, survives)

    def _run(self, item: pytest.Item) -> bool:
        """Run a test, whether it ran before or not; whether it passed."""
        self._failed, self._called = False, set()
        item._initrequest()  # type: ignore[attr-defined]
        # With a test that follows, what belongs to the session stays.
        item.ihook.pytest_runtest_protocol(item=item, nextitem=self._next)
        return not self._failed

    def _teardown(self, session: pytest.Session) -> None:
        session._setupstate.teardown_exact(None)


def prove(mutants: Sequence[Mutant], areas: Iterable[str] = (), *, baseline: bool = True) -> Loop:
    """Try these wrong behaviours in this process; the loop has what became of them."""
    loop = Loop(mutants, baseline=baseline)
    wanted = [f"--area={area}" for area in sorted(set(areas) or {one.area for one in mutants})]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        done = pytest.main(
            [
                "--pyargs", "asm_contracts.suite", "--driver", "in-process", "-c", "/dev/null", "-q",
                "-p", "no:cacheprovider", "-p", "no:asm-emulator", "-p", "no:xdist", "-p", "no:logging", "--tb=no",
                "--import-mode=importlib", "--run-id", "self", *wanted,
            ],
            plugins=[loop],
        )  # fmt: skip
    if len(loop.verdicts) < len(mutants):
        raise RuntimeError(f"the suite did not run ({done}): {said.getvalue()[-3000:]}")
    return loop
