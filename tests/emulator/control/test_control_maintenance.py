"""Planned maintenance as the tester has it: planning, looking, taking back, and what a snapshot or a restart makes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.virtual_machines import PerformMaintenanceOnRoleOperation
from asm_contracts.errors import InternalError
from asm_contracts.operation import DeploymentSlot
from asm_contracts.versions import LATEST
from asm_emulator.cli import main
from asm_emulator.controlling import Control, ControlError
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator
from asm_emulator.hosting import Hosting
from asm_emulator.pki import ensure

ESTATE = {
    "hosted_services": [
        {
            "name": "web",
            "virtual_machines": [
                {"name": "web-1"},
                {"name": "web-2"},
                {"name": "idle", "status": "StoppedDeallocated"},
            ],
        },
        {"name": "empty"},
    ]
}
PRODUCTION = DeploymentSlot("Production")
HOUR = 3600.0


@pytest.fixture(autouse=True)
def estate(control: Control) -> None:
    assert control.seed(ESTATE)["lost"] == []


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def spans(now: datetime, one: dict[str, Any]) -> list[float]:
    return [(at(one[name]) - now).total_seconds() / HOUR for name in ("pre_start", "pre_end", "start", "end")]


def perform(azure: Client, role: str = "web-1") -> str:
    name = azure.get_deployment("web", PRODUCTION).name
    return azure.perform_maintenance_on_role("web", name, role, PerformMaintenanceOnRoleOperation()).request_id


def status(azure: Client, role: str = "web-1") -> tuple[bool | None, str | None] | None:
    deployment = azure.get_deployment("web", PRODUCTION)
    (found,) = [one.maintenance_status for one in deployment.role_instance_list if one.role_name == role]
    return (found.is_customer_initiated_maintenance_allowed, found.last_operation_result_code) if found else None


def test_all_machines_that_are_on_a_host_or_one(control: Control, emulator: Emulator) -> None:
    now = emulator.engine.now()
    planned = control.plan_maintenance("WEB")
    assert [one["machine"] for one in planned] == ["web-1", "web-2"]
    assert spans(now, planned[0]) == [0, 168, 168, 264]
    assert (planned[0]["allowed"], planned[0]["done"], planned[0]["service"]) == (True, None, "web")
    assert control.list_maintenance() == planned
    (again,) = control.plan_maintenance("web", "WEB-2", pre_start=HOUR, pre_end=2 * HOUR, start=3 * HOUR, end=4 * HOUR)
    assert (spans(now, again), again["allowed"]) == ([1, 2, 3, 4], False)
    assert control.list_maintenance() == [planned[0], again]
    assert control.cancel_maintenance("web", "web-1") == {"removed": 1}
    assert control.cancel_maintenance("web", "web-1") == {"removed": 0}
    assert control.cancel_maintenance("web") == {"removed": 1}
    assert control.list_maintenance() == []


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"pre_end": HOUR}, [0, 1, 1, 97]),
        ({"start": 2 * HOUR}, [0, 2, 2, 98]),
        ({"pre_end": HOUR, "start": 2 * HOUR}, [0, 1, 2, 98]),
        ({"pre_start": HOUR, "end": 200 * HOUR}, [1, 168, 168, 200]),
    ],
)
def test_what_is_not_said_follows_from_what_is(
    control: Control, emulator: Emulator, given: dict[str, float], wanted: list[float]
) -> None:
    now = emulator.engine.now()
    assert spans(now, control.plan_maintenance("web", "web-1", **given)[0]) == wanted


@pytest.mark.parametrize(
    "given",
    [
        {"pre_start": HOUR, "pre_end": HOUR},
        {"pre_end": 2 * HOUR, "start": HOUR},
        {"start": 2 * HOUR, "end": HOUR},
        {"start": 0},
        {"pre_start": -1},
        {"start": 1e9},
    ],
)
def test_windows_that_make_no_sense_are_refused(control: Control, given: dict[str, float]) -> None:
    with pytest.raises(ControlError) as found:
        control.plan_maintenance("web", **given)
    assert found.value.status == 400
    assert control.list_maintenance() == []


@pytest.mark.parametrize(
    ("service", "machine", "code", "text"),
    [
        ("nowhere", None, 404, "no hosted service nowhere"),
        ("empty", None, 404, "no virtual machines in empty"),
        ("web", "nobody", 404, "no virtual machine nobody in web"),
        ("web", "idle", 409, "idle is deallocated"),
    ],
)
def test_what_is_not_there_has_no_maintenance(
    control: Control, service: str, machine: str | None, code: int, text: str
) -> None:
    with pytest.raises(ControlError, match=text) as found:
        control.plan_maintenance(service, machine)
    assert found.value.status == code
    if code == 404:
        with pytest.raises(ControlError, match=text) as found:
            control.cancel_maintenance(service, machine)
        assert found.value.status == 404
    assert control.list_maintenance() == []


def test_subscriptions_are_apart(control: Control, azure: Client) -> None:
    other = control.create_subscription(isolate=True)["id"]
    control.seed(ESTATE, subscription=other)
    control.plan_maintenance("web", "web-2", start=HOUR, subscription=other)
    assert (control.list_maintenance(azure.subscription_id), status(azure, "web-2")) == ([], None)
    control.advance(HOUR, other)
    assert [one["done"] for one in control.list_maintenance(other)] == ["platform"]
    with pytest.raises(ControlError, match="no subscription"):
        control.plan_maintenance("web", subscription="somebody")


def test_a_subscription_that_is_ahead_has_its_own_time(control: Control, azure: Client) -> None:
    control.advance(10 * HOUR, azure.subscription_id)
    control.plan_maintenance("web", "web-1", pre_start=HOUR, start=2 * HOUR)
    assert status(azure) == (False, None)
    control.advance(HOUR, azure.subscription_id)
    assert status(azure) == (True, None)
    control.advance(HOUR, azure.subscription_id)
    assert [one["done"] for one in control.list_maintenance()] == ["platform"]


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("mine", [True, False])
def test_a_snapshot_has_the_windows_as_far_off_as_they_were(
    control: Control, azure: Client, alone: bool, mine: bool
) -> None:
    me = azure.subscription_id
    control.plan_maintenance("web", "web-1", pre_start=HOUR, pre_end=2 * HOUR, start=3 * HOUR)
    control.take_snapshot("before", me if alone else None)
    control.advance(5 * HOUR, me if mine else None)
    control.restore_snapshot("before")
    assert status(azure) == (False, None)
    with pytest.raises(InternalError):
        perform(azure)
    control.advance(HOUR)
    assert status(azure) == (True, None)
    control.advance(HOUR)
    assert status(azure) == (False, None)
    assert control.list_maintenance()[0]["done"] is None
    control.advance(HOUR)
    assert control.list_maintenance()[0]["done"] == "platform"


def test_an_exported_snapshot_has_it_too(control: Control, azure: Client) -> None:
    control.plan_maintenance("web", "web-1")
    planned = control.list_maintenance()
    control.take_snapshot("kept")
    document = control.export_snapshot("kept")
    control.cancel_maintenance("web")
    control.import_snapshot(document, "again")
    control.restore_snapshot("again")
    assert control.list_maintenance() == planned
    control.advance_until_ended(perform(azure))
    assert status(azure) == (False, "MaintenanceCompleted")


def test_it_survives_the_process(tmp_path: Path) -> None:
    def begin() -> Emulator:
        return Emulator(state=tmp_path, certificates=[certificate("areas")], state_sync="never", pace="manual")

    with begin() as first:
        control = Control.within(first)
        control.seed(ESTATE)
        control.plan_maintenance("web", "web-1", start=HOUR)
        control.plan_maintenance("web", "web-2", start=2 * HOUR)
        azure = first.client(version=LATEST)
        control.advance_until_ended(perform(azure))
        planned = control.list_maintenance()
    with begin() as second:
        control = Control.within(second)
        assert control.list_maintenance() == planned
        assert status(second.client(version=LATEST)) == (False, "MaintenanceCompleted")
        second.advance(timedelta(hours=2))
        assert [one["done"] for one in control.list_maintenance()] == ["owner", "platform"]


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = ensure(tmp_path, "00000000-0000-0000-0000-000000000001", "")
    with Hosting(Emulator(), paths) as hosting:
        hosting.announce()
        Control.within(hosting.emulator).seed(ESTATE)
        for words in (
            ["plan-maintenance", "web", "--machine", "web-1", "--pre-end", "60", "--start", "90"],
            ["list-maintenance"],
            ["cancel-maintenance", "web", "--machine", "web-1"],
        ):
            assert main(["control", "--certs", str(tmp_path), *words]) == 0
        printed = capsys.readouterr().out
        assert (printed.count('"machine": "web-1"'), '"removed": 1' in printed) == (2, True)
        assert main(["control", "--certs", str(tmp_path), "plan-maintenance", "nowhere"]) == 1
        hosting.withdraw()
