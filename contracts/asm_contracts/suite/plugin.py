"""The pytest plugin of the suite: options, fixtures, skips with their reasons, and the report."""

from __future__ import annotations

import itertools
import os
import secrets
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from asm_contracts.catalogue import all_operations
from asm_contracts.suite.azure import Azure, NotServed, Recorder
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.driver import Driver, NotConfigured, NotExpressible, Settings, known_drivers, load
from asm_contracts.suite.exchanges import Exchanges
from asm_contracts.suite.names import Names
from asm_contracts.suite.page import page
from asm_contracts.suite.report import Report, Tested

pytest.register_assert_rewrite(
    "asm_contracts.suite.azure",
    "asm_contracts.suite.channel",
    "asm_contracts.suite.machines",
    "asm_contracts.suite.networks",
    "asm_contracts.suite.packages",
    "asm_contracts.suite.sites",
    "asm_contracts.suite.sql_servers",
    "asm_contracts.suite.worlds",
    "asm_contracts.suite.stateful",
)

_SKIPS: Final = (NotExpressible, NotServed, NotConfigured)
_HERE: Final = Path(__file__).parent
_PROPERTY: Final = "asm_contracts"
_REPORT: Final = pytest.StashKey[Report]()
_RECORDER: Final = pytest.StashKey[Recorder]()
_EXCHANGES: Final = pytest.StashKey[Exchanges]()
DEFAULT_SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000001"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of a run."""
    group = parser.getgroup("asm_contracts", "contract tests of the Azure Service Management API")
    names = ", ".join(known_drivers())
    group.addoption("--driver", default="client", help=f"what carries the calls: {names}, or module:attribute")
    group.addoption("--endpoint", help="the service, https://HOST:PORT")
    group.addoption("--certificate", type=Path, help="management certificate: PEM with private key and certificate")
    group.addoption("--ca", type=Path, help="PEM of the authority that signed the server's certificate")
    group.addoption("--subscription", default=DEFAULT_SUBSCRIPTION, help="the subscription to work in")
    group.addoption("--second-certificate", type=Path, help="PEM of a certificate that the subscription does not know")
    group.addoption(
        "--operation-timeout", type=float, default=600.0, help="seconds to wait for what was accepted (default 600)"
    )
    group.addoption("--area", action="append", default=[], help="only tests of this area (may be repeated)")
    group.addoption("--report", type=Path, help="write what was shown, per operation, as JSON")
    group.addoption("--html", type=Path, help="write the report as a page, one file that needs no server")
    group.addoption("--run-id", help="letters and digits in every name the run makes (default: random)")
    group.addoption("--require-served", action="store_true", help="an operation answered with 501 is a failure")
    group.addoption("--stateful", action="store_true", help="also the state machine")
    group.addoption("--histories", type=int, default=0, help="how many histories of several clients at once to check")
    group.addoption("--examples", type=int, default=50, help="how many histories the state machine tries (default 50)")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers; prepare the report."""
    config.addinivalue_line("markers", "generated: a case derived from an operation's declaration")
    config.addinivalue_line("markers", "concurrent: histories of several clients at once")
    config.addinivalue_line("markers", "stateful: histories of many calls, checked against a model")
    config.stash[_EXCHANGES] = Exchanges()
    config.stash[_REPORT] = Report(config.getoption("--driver"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out other areas, and the state machine unless asked for; every test must say how we know."""
    areas: list[str] = config.getoption("--area")
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        if _HERE not in item.path.parents:
            kept.append(item)
            continue
        if not _evidence(item):
            raise pytest.UsageError(f"{item.nodeid} does not say how we know (asm_contracts.evidence)")
        wanted = not areas or area_of(item) in areas
        if item.get_closest_marker("concurrent") and not config.getoption("--histories"):
            wanted = False
        if item.get_closest_marker("stateful") and not config.getoption("--stateful"):
            wanted = False
        (kept if wanted else dropped).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def _operation(item: pytest.Item) -> Any:
    return getattr(getattr(item, "callspec", None), "params", {}).get("operation")


def area_of(item: pytest.Item) -> str:
    """The area that a test of the suite is about."""
    declared = _operation(item)
    found: str = declared.area if declared is not None else _area(item.path.stem.removeprefix("test_"))
    return found


@cache
def _area(file: str) -> str:
    """The area that a file of tests is about: the longest one that its name begins with."""
    return max((one.area for one in all_operations() if file.startswith(one.area)), key=len, default=file)


def _evidence(item: pytest.Item) -> list[tuple[str, str]]:
    function = getattr(item, "function", None)
    return [(found.kind, found.source) for found in getattr(function, "__evidence__", ())]


# -- skips and outcomes ---------------------------------------------------------------------------------------------


def _skipping() -> Generator[None, Any, Any]:
    try:
        return (yield)
    except _SKIPS as reason:
        pytest.skip(str(reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """Skip what cannot be prepared."""
    recorder = item.config.stash.get(_RECORDER, None)
    if recorder is not None:
        recorder.calls.clear()
        recorder.unserved.clear()
        recorder.unsaid.clear()
        item.config.stash[_EXCHANGES].clear()
    return (yield from _skipping())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, Any, Any]:
    """Skip what the driver cannot say and what the endpoint does not serve."""
    return (yield from _skipping())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Hang what the test called on its report, where a run over several processes finds it."""
    found = yield
    recorder = item.config.stash.get(_RECORDER, None)
    if recorder is not None and _HERE in item.path.parents:
        found.user_properties.append(
            (
                _PROPERTY,
                {
                    "evidence": _evidence(item),
                    "calls": list({(one.operation, one.status, one.code): None for one in recorder.calls}),
                    "unserved": sorted(recorder.unserved),
                    "unsaid": sorted(recorder.unsaid),
                    "about": getattr(_operation(item), "name", ""),
                    "exchanges": item.config.stash[_EXCHANGES].as_data() if found.outcome == "failed" else [],
                },
            )
        )
    return found


def pytest_report_header(config: pytest.Config) -> str:
    """Say against what the run is."""
    return f"asm_contracts: driver {config.getoption('--driver')}, endpoint {config.getoption('--endpoint') or '-'}"


class _Collector:
    """Collects the outcomes; in a run over several processes, in the one that has them all."""

    def __init__(self, report: Report, path: Path | None, html: Path | None) -> None:
        self.report = report
        self.path = path
        self.html = html
        self._so_far: dict[str, Tested] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        found = dict(report.user_properties).get(_PROPERTY)
        if not isinstance(found, dict):
            return
        test = self._so_far.setdefault(report.nodeid, Tested(report.nodeid, "passed"))
        test.evidence = [(kind, source) for kind, source in found["evidence"]]
        if report.when == "call" or report.outcome != "passed":
            test.calls = [(name, status, code) for name, status, code in found["calls"]]
            test.unserved, test.unsaid, test.about = list(found["unserved"]), list(found["unsaid"]), found["about"]
        test.exchanges = found["exchanges"] or test.exchanges
        if report.outcome == "failed" or (report.outcome == "skipped" and test.outcome == "passed"):
            test.outcome = report.outcome
            test.reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        self._finish()
        terminalreporter.section("contracts")
        for line in self.report.lines():
            terminalreporter.write_line(line)
        if self.path is not None:
            self.report.write(self.path)
            terminalreporter.write_line(f"report written to {self.path}")
        if self.html is not None:
            self.html.write_text(page(self.report.as_json()), encoding="utf-8")
            terminalreporter.write_line(f"page written to {self.html}")

    def _finish(self) -> None:
        for test in self._so_far.values():
            self.report.add(test)
        self._so_far.clear()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to collect outcomes, in the process that sees them all."""
    if not hasattr(session.config, "workerinput"):
        report, html = (session.config.getoption(name) for name in ("--report", "--html"))
        collector = _Collector(session.config.stash[_REPORT], report, html)
        session.config.pluginmanager.register(collector, "asm_contracts.collector")


# -- fixtures -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def settings(pytestconfig: pytest.Config) -> Settings:
    """Where the service is and who calls it."""
    return Settings(
        subscription=pytestconfig.getoption("--subscription"),
        endpoint=pytestconfig.getoption("--endpoint"),
        certificate=pytestconfig.getoption("--certificate"),
        ca=pytestconfig.getoption("--ca"),
        stranger=pytestconfig.getoption("--second-certificate"),
    )


@pytest.fixture(scope="session")
def driver(pytestconfig: pytest.Config, settings: Settings) -> Iterator[Driver]:
    """What carries the calls."""
    try:
        made = load(pytestconfig.getoption("--driver"))(settings)
    except NotConfigured as problem:
        pytest.exit(str(problem), returncode=pytest.ExitCode.USAGE_ERROR)
    except Exception as problem:  # the same for every test: say it once
        pytest.exit(f"the driver cannot be made: {problem!r}", returncode=pytest.ExitCode.INTERNAL_ERROR)
    listen = getattr(made, "listen", None)
    if listen is not None:
        listen(pytestconfig.stash[_EXCHANGES].hear)
    yield made
    close = getattr(made, "close", None)
    if close is not None:
        close()


@pytest.fixture(scope="session")
def azure(pytestconfig: pytest.Config, driver: Driver) -> Azure:
    """The service, as the contract's methods."""
    recorder = pytestconfig.stash.setdefault(_RECORDER, Recorder())
    made = Azure(driver, timeout=pytestconfig.getoption("--operation-timeout"), recorder=recorder)
    made.last_status = pytestconfig.stash[_EXCHANGES].last_status
    return made


@pytest.fixture(scope="session")
def raw(pytestconfig: pytest.Config, driver: Driver, settings: Settings) -> Iterator[Raw]:
    """The service, as bytes."""
    channel = Raw(driver, settings, pytestconfig.stash[_EXCHANGES].hear)
    yield channel
    channel.close()


@pytest.fixture(scope="session")
def run_id(pytestconfig: pytest.Config) -> str:
    """What every name of this run has in it."""
    given: str = pytestconfig.getoption("--run-id") or secrets.token_hex(3)[:5]
    return given + os.environ.get("PYTEST_XDIST_WORKER", "").replace("gw", "w")


@pytest.fixture(scope="session")
def serials() -> Iterator[int]:
    """Numbers that no two names of the run share."""
    return itertools.count(1)


@pytest.fixture
def names(azure: Azure, raw: Raw, run_id: str, serials: Iterator[int]) -> Iterator[Names]:
    """Names of the test's own; what has them is taken away afterwards."""
    given = Names(run_id, serials)
    yield given
    given.clean(azure, raw)


@pytest.fixture(scope="module")
def module_names(azure: Azure, raw: Raw, run_id: str, serials: Iterator[int]) -> Iterator[Names]:
    """Names for what the tests of a module have in common; what has them is taken away after the last of them."""
    given = Names(run_id, serials)
    yield given
    given.clean(azure, raw)
