"""The pytest plugin, in runs of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "example"
INI = """
[pytest]
addopts = --import-mode=importlib -p no:cacheprovider --strict-markers
filterwarnings =
    error
    ignore:pkg_resources is deprecated
    ignore::DeprecationWarning:azure.*
"""
CREATE = """
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.errors import ConflictError, ServerBusy, ServiceError
import pytest

def service(name="web"):
    return CreateHostedService(service_name=name, label=name, location="West US")

def account(name="store"):
    return CreateStorageServiceInput(service_name=name, label=name, location="West US")
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini(INI)
    return pytester


def run(project: pytest.Pytester, *arguments: str, **outcomes: int) -> pytest.RunResult:
    found = project.runpytest_subprocess(*arguments)
    found.assert_outcomes(**outcomes)
    return found


def test_nothing_is_loaded_before_it_is_used(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import sys

        def test_nothing():
            heavy = {"flask", "lxml", "cryptography", "requests", "asm_emulator.emulator", "asm_contracts.catalogue"}
            assert not heavy & set(sys.modules)
        """
    )
    run(project, passed=1)


def test_every_test_has_a_subscription_and_a_cloud_of_its_own(project: pytest.Pytester) -> None:
    project.makepyfile(
        CREATE
        + """
@pytest.mark.parametrize("turn", range(3))
def test_names_are_free(azure_classic, azure_classic_client, turn):
    assert azure_classic_client.list_hosted_services().items == ()
    azure_classic_client.create_hosted_service(service())
    assert len(azure_classic.control.list_subscriptions()) == 2

@pytest.mark.azure_classic(isolate=False)
def test_names_are_the_clouds(azure_classic, azure_classic_client):
    other = azure_classic.control.create_subscription()["id"]
    azure_classic.world.client(other, None).create_hosted_service(service())
    with pytest.raises(ConflictError):
        azure_classic_client.create_hosted_service(service())
    azure_classic.control.delete_subscription(other)
"""
    )
    run(project, passed=4)


def test_time_is_the_tests(project: pytest.Pytester) -> None:
    project.makepyfile(
        CREATE
        + """
from datetime import timedelta

def test_travel(azure_classic_client, azure_clock):
    request = azure_classic_client.create_storage_account(account())
    assert azure_classic_client.get_operation_status(request.request_id).status == "InProgress"
    assert azure_clock.until_ended(request)["status"] == "Succeeded"
    before = azure_clock.now()
    assert azure_clock.advance(timedelta(hours=1)) - before == timedelta(hours=1)
    azure_clock.sleep(60)
    assert azure_clock.until_idle() - before == timedelta(hours=1, minutes=1)

def test_too_late(azure_classic_client, azure_clock):
    request = azure_classic_client.create_storage_account(account())
    with pytest.raises(AssertionError, match="still in progress after 1 seconds"):
        azure_clock.until_ended(request, within=1)
"""
    )
    run(project, passed=2)


def test_a_planned_fault_must_happen(project: pytest.Pytester) -> None:
    project.makepyfile(
        CREATE
        + """
def test_used(azure_classic_client, azure_faults):
    azure_faults.error("list_*", "ServerBusy")
    with pytest.raises(ServerBusy):
        azure_classic_client.list_hosted_services()

def test_unused(azure_faults):
    azure_faults.throttle("create_hosted_service")

def test_optional(azure_faults):
    azure_faults.drop("create_hosted_service", optional=True)

@pytest.mark.azure_classic(strict_faults=False)
def test_lax(azure_faults):
    azure_faults.drop("create_hosted_service")

def test_failed_anyhow(azure_faults):
    azure_faults.drop("create_hosted_service")
    assert False, "the real reason"
"""
    )
    found = run(project, passed=4, failed=1, errors=1)
    found.stdout.fnmatch_lines(["*planned faults that did not happen: error on create_hosted_service (seen 0*"])


def test_a_failure_shows_the_exchanges(project: pytest.Pytester) -> None:
    project.makepyfile(
        CREATE
        + """
def test_wrong(azure_classic_client):
    azure_classic_client.create_hosted_service(service())
    azure_classic_client.create_hosted_service(service())

def test_right(azure_classic_client):
    azure_classic_client.create_hosted_service(service("quiet"))
"""
    )
    found = run(project, passed=1, failed=1)
    found.stdout.fnmatch_lines(
        [
            "*classic Azure, subscription*",
            "POST /*/services/hostedservices -> 201",
            "POST /*/services/hostedservices -> 409 ConflictError: The specified DNS name is already taken.",
            "*create_hosted_service, *",
            "*> <CreateHostedService*",
            "*< <Error *",
        ]
    )
    assert "quiet" not in found.stdout.str()


def test_a_modules_estate_is_as_it_was_for_every_test(project: pytest.Pytester) -> None:
    project.makepyfile(
        CREATE
        + """
pytestmark = pytest.mark.azure_classic(seed={"hosted_services": [{"name": "web", "virtual_machines": [{"name": "a"}]}]})

@pytest.mark.parametrize("turn", range(2))
def test_it_goes(azure_rollback, turn):
    azure = azure_rollback.client()
    assert [one.service_name for one in azure.list_hosted_services().items] == ["web"]
    request = azure.delete_hosted_service_and_media("web")
    azure_rollback.clock.until_ended(request)
    assert azure.list_hosted_services().items == ()
"""
    )
    run(project, passed=2)


def test_a_fresh_estate_that_cannot_be_had_is_said(project: pytest.Pytester) -> None:
    project.makefile(".json", estate='{"hosted_services": [{"name": "web"}], "moons": 3}')
    project.makepyfile(
        """
        import pytest

        @pytest.mark.azure_classic(seed="estate.json")
        def test_it(azure_classic):
            pass
        """
    )
    found = run(project, errors=1)
    found.stdout.fnmatch_lines(["*cannot be had as described*moons*"])


def test_the_sdk_and_requests_need_no_socket(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import socket

        def test_it(azure_classic, azure_classic_sdk, monkeypatch):
            monkeypatch.setattr(socket.socket, "connect", None)
            azure_classic_sdk.create_hosted_service("web", "web", location="West US")
            assert [one.service_name for one in azure_classic_sdk.list_hosted_services()] == ["web"]
            answer = azure_classic.session().get(
                f"{azure_classic.endpoint}/{azure_classic.subscription}/locations",
                headers={"x-ms-version": "2014-10-01"},
            )
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
            assert "West US" in answer.text
        """
    )
    run(project, passed=1)


SHARED = """
import os, subprocess, sys
import pytest

@pytest.mark.parametrize("turn", range(4))
def test_one_emulator_for_all(azure_classic, azure_classic_sdk, turn):
    azure_classic_sdk.create_hosted_service("web", "web", location="West US")
    with open(os.environ["SEEN"], "a") as file:
        file.write(azure_classic.control.url + " " + os.environ.get("PYTEST_XDIST_WORKER", "") + "\\n")

def test_a_process_of_its_own(azure_classic):
    script = (
        "import os; from azure.servicemanagement import ServiceManagementService; "
        "host = os.environ['ASM_EMULATOR_ENDPOINT'].partition('://')[2]; "
        "print(len(list(ServiceManagementService(host=host).list_locations())))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], env={**os.environ, **azure_classic.environment},
        capture_output=True, text=True,
    )
    assert int(done.stdout) > 5, done.stderr
"""


def test_workers_share_one_server_which_ends_with_them(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = project.path / "seen"
    monkeypatch.setenv("SEEN", str(seen))
    project.makepyfile(SHARED)
    run(project, "--asm-emulator=shared", "-n", "2", passed=5)
    urls = {line.split()[0] for line in seen.read_text().splitlines()}
    workers = {line.split()[1] for line in seen.read_text().splitlines()}
    assert (len(urls), len(workers)) == (1, 2)
    assert gone(urls.pop())


def gone(url: str) -> bool:
    from asm_emulator.controlling import Control, ControlError

    for _ in range(1000):
        try:
            Control(url).health()
        except ControlError:
            return True
    return False


def test_an_emulator_that_runs_already_is_used(project: pytest.Pytester, tmp_path: Path) -> None:
    from asm_emulator import pki
    from asm_emulator.emulator import Emulator
    from asm_emulator.hosting import Hosting

    paths = pki.ensure(tmp_path / "certs", "00000000-0000-0000-0000-000000000001", "")
    emulator = Emulator(certificates=[paths.management_certificate.read_bytes()], pace="manual")
    project.makepyfile(
        """
        def test_it(azure_classic_client):
            assert azure_classic_client.list_hosted_services().items == ()
        """
    )
    with Hosting(emulator, paths) as hosting:
        run(project, f"--asm-emulator={hosting.control_url}", passed=1)
    assert len(emulator.engine.state.subscriptions) == 1, "what the test had is gone"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--asm-emulator=everywhere"], "*asm_emulator is one of in-process, shared, worker*"),
        (["--asm-emulator=http://127.0.0.1:9"], "*does not answer*"),
    ],
)
def test_what_cannot_be_is_said(project: pytest.Pytester, options: list[str], said: str) -> None:
    project.makepyfile("def test_it(azure_classic):\n    pass")
    run(project, *options, errors=1).stdout.fnmatch_lines([said])


def test_in_process_there_is_no_environment(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        def test_it(azure_classic):
            with pytest.raises(RuntimeError, match="shared"):
                azure_classic.environment
        """
    )
    run(project, passed=1)


@pytest.mark.parametrize("options", [["-p", "no:xdist"], ["--asm-emulator=shared", "-n", "4"]], ids=["alone", "shared"])
def test_the_sample_project(options: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options],
        cwd=EXAMPLE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert "11 passed" in done.stdout
