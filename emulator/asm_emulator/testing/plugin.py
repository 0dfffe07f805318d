"""The pytest plugin: fixtures for tests of what speaks to the classic Azure.  There is nothing to import.

Only the standard library and pytest are loaded until a fixture is used.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from asm_client import Client
    from asm_emulator.testing.servers import World
    from asm_emulator.testing.world import Azure, Clock, Faults, Maintenance, Snapshots

_AZURES = pytest.StashKey["list[Azure]"]()
_FAILED = pytest.StashKey[bool]()
_SUFFIX = "asm-emulator"

MODES = ("in-process", "shared", "worker")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--asm-emulator`` and the settings of the same name."""
    about = (
        "where the emulator of the azure_classic fixtures is: in-process (the default: no sockets), shared (a server "
        "for all workers), worker (a server for each), or the URL of a running one's control plane"
    )
    parser.getgroup("asm-emulator").addoption("--asm-emulator", metavar="WHERE", default=None, help=about)
    parser.addini("asm_emulator", about, default="in-process")
    parser.addini(
        "asm_emulator_pace", "its pace: manual (only the test moves the time), quick, instant or real", default="manual"
    )
    parser.addini("asm_emulator_seed", "what its made-up ids and addresses depend on", default="asm-emulator")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        "azure_classic(isolate=True, quotas=None, seed=None, format='estate', strict_faults=True): what the test's "
        "subscription is like: whether global names are its own, its quotas, an estate to begin with (a description "
        "or a file), and whether planned faults must happen",
    )


# -- fixtures ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def azure_classic_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The emulator of the session."""
    from asm_emulator.testing import servers

    config = request.config
    where = str(config.getoption("--asm-emulator") or config.getini("asm_emulator"))
    pace, seed = str(config.getini("asm_emulator_pace")), str(config.getini("asm_emulator_seed"))
    found: World
    if where == "in-process":
        found = servers.in_process(tmp_path_factory.mktemp(_SUFFIX), pace, seed)
    elif where == "worker":
        found = servers.shared(tmp_path_factory.mktemp(_SUFFIX), servers.controller(), pace, seed)
    elif where == "shared":
        found = servers.shared(_common(config, tmp_path_factory) / _SUFFIX, servers.controller(), pace, seed)
    elif "://" in where:
        found = servers.running(where)
    else:
        raise pytest.UsageError(f"asm_emulator is one of {', '.join(MODES)}, or a URL, not {where!r}")
    yield found
    found.close()


def _common(config: pytest.Config, factory: pytest.TempPathFactory) -> Path:
    """A directory that all workers of this run know, and no other run."""
    base = factory.getbasetemp()
    return base.parent if hasattr(config, "workerinput") else base


@pytest.fixture
def azure_classic(request: pytest.FixtureRequest, azure_classic_server: World) -> Iterator[Azure]:
    """A fresh subscription: endpoint, certificate, CA, control plane.  See the marker ``azure_classic``."""
    marks = _marks(request.node)
    strict = marks.pop("strict_faults", True)
    azure = _fresh(azure_classic_server, **marks)
    request.node.stash.setdefault(_AZURES, []).append(azure)
    yield azure
    unused = "" if request.node.stash.get(_FAILED, False) or not strict else _complaint(azure)
    _forget(azure)
    if unused:
        pytest.fail(unused, pytrace=False)


@pytest.fixture(scope="module")
def azure_classic_module(request: pytest.FixtureRequest, azure_classic_server: World) -> Iterator[Azure]:
    """A subscription for all tests of a module, to be filled once; see `azure_rollback`."""
    azure = _fresh(azure_classic_server, **{**_marks(request.node), "strict_faults": True})
    yield azure
    _forget(azure)


@pytest.fixture
def azure_rollback(request: pytest.FixtureRequest, azure_classic_module: Azure) -> Iterator[Azure]:
    """The module's subscription; whatever the test does to it is undone."""
    request.node.stash.setdefault(_AZURES, []).append(azure_classic_module)
    with azure_classic_module.restored():
        yield azure_classic_module
    azure_classic_module.faults.clear()


@pytest.fixture
def azure_classic_client(azure_classic: Azure) -> Iterator[Client]:
    """Our client, for the test's subscription."""
    with azure_classic.client() as client:
        yield client


@pytest.fixture
def azure_classic_sdk(azure_classic: Azure) -> Any:
    """The official SDK's ServiceManagementService, for the test's subscription."""
    return azure_classic.sdk()


@pytest.fixture
def azure_clock(azure_classic: Azure) -> Clock:
    """The subscription's time."""
    return azure_classic.clock


@pytest.fixture
def azure_faults(azure_classic: Azure) -> Faults:
    """The subscription's planned faults.  A test that passes without a planned one happening fails in the end."""
    return azure_classic.faults


@pytest.fixture
def azure_snapshots(azure_classic: Azure) -> Snapshots:
    """The subscription's snapshots."""
    return azure_classic.snapshots


@pytest.fixture
def azure_maintenance(azure_classic: Azure) -> Maintenance:
    """Planned maintenance of the hosts that the subscription's virtual machines are on."""
    return azure_classic.maintenance


def _marks(node: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for mark in reversed(list(node.iter_markers("azure_classic"))):
        if mark.args:
            raise pytest.UsageError("the marker azure_classic takes everything by name")
        found.update(mark.kwargs)
    return found


def _fresh(
    world: World,
    *,
    isolate: bool = True,
    quotas: dict[str, int] | None = None,
    seed: Any = None,
    format: str = "estate",
    strict_faults: bool = True,
) -> Azure:
    from asm_emulator.testing.world import Azure

    del strict_faults  # the fixture's business
    azure = Azure(world, world.control.create_subscription(isolate=isolate, quotas=quotas)["id"])
    if seed is not None:
        found = azure.seed(Path(seed) if isinstance(seed, str) and "\n" not in seed else seed, format)
        assert not found["lost"], f"the estate cannot be had as described: {found['lost']}"
    return azure


def _complaint(azure: Azure) -> str:
    try:
        azure.faults.assert_used()
    except AssertionError as problem:
        return str(problem)
    return ""


def _forget(azure: Azure) -> None:
    for name in azure.snapshots.names():
        azure.snapshots.delete(name)
    azure.control.delete_subscription(azure.subscription)
    azure.control.clear_requests(azure.subscription)


# -- the report -------------------------------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure shows what the test asked and was answered."""
    report = yield
    found = item.stash.get(_AZURES, [])
    if found and report.failed and call.when != "teardown":
        from asm_emulator.testing import report as wording

        item.stash[_FAILED] = True
        for azure in found:
            try:
                text = wording.exchanges(azure.requests(bodies=True, last=wording.LAST))
            except Exception as problem:  # the report must not hide the failure
                text = f"(not to be had: {problem})"
            if text:
                report.sections.append((f"classic Azure, subscription {azure.subscription}", text))
    return report
