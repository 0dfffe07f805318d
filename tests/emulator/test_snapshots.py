"""Snapshots: taking, going back, what changed, and files."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client, WSGITransport
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.errors import ConflictError
from asm_contracts.versions import LATEST
from asm_emulator import snapshots, values
from asm_emulator.controlling import Control, ControlError
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator
from asm_emulator.model import Map
from asm_emulator.seeding import plant
from asm_emulator.snapshots import Snapshot, SnapshotError
from asm_emulator.state import EMPTY, State

ESTATE: dict[str, Any] = {
    "affinity_groups": [{"name": "group", "location": "West US"}],
    "storage_accounts": [{"name": "store", "location": "West US"}],
    "disks": [{"name": "spare", "os": "Windows", "size": 127}],
    "images": [{"name": "gold", "os": "Linux"}],
    "reserved_ips": [{"name": "front"}],
    "hosted_services": [
        {
            "name": "web",
            "location": "West US",
            "virtual_machines": [
                {"name": "web-1", "endpoints": [{"name": "ssh", "port": 22}], "data_disks": [{"size": 10}]},
                {"name": "web-2", "status": "StoppedDeallocated"},
            ],
        }
    ],
}


@pytest.fixture
def emulator() -> Emulator:
    made = Emulator(certificates=[certificate("areas")], pace="manual")
    made.engine.change(made.subscription, lambda draft: plant(draft, ESTATE, "estate"))
    return made


@pytest.fixture
def control(emulator: Emulator) -> Control:
    return Control.within(emulator)


def client(emulator: Emulator, subscription: str | None = None) -> Client:
    transport = WSGITransport(emulator.app.wsgi_app, certificate("areas"))
    return Client(transport, subscription or emulator.subscription, version=LATEST)


def service(name: str) -> CreateHostedService:
    return CreateHostedService(service_name=name, label=name, location="West US")


def begin(azure: Client, name: str) -> str:
    body = CreateStorageServiceInput(service_name=name, label=name, location="West US")
    return azure.create_storage_account(body).request_id


# -- going back -------------------------------------------------------------------------------------------------------


def test_everything_is_as_it_was_and_pending_work_has_as_long_to_go(emulator: Emulator, control: Control) -> None:
    azure = client(emulator)
    request = begin(azure, "pending")
    control.take_snapshot("before")
    due = next(iter(emulator.engine.state.steps)).due - emulator.engine.clock.now()
    azure.create_hosted_service(service("extra"))
    control.advance(3600)
    assert azure.get_operation_status(request).status == "Succeeded"
    control.restore_snapshot("before")
    assert azure.get_operation_status(request).status == "InProgress"
    assert next(iter(emulator.engine.state.steps)).due - emulator.engine.clock.now() == due
    assert [one.service_name for one in azure.list_hosted_services().items] == ["web"]
    control.advance(due.total_seconds())
    assert azure.get_operation_status(request).status == "Succeeded"
    azure.create_hosted_service(service("extra"))


def test_one_subscription_goes_back_and_the_others_do_not(emulator: Emulator, control: Control) -> None:
    mine = client(emulator)
    other = client(emulator, control.create_subscription()["id"])
    request, theirs = begin(mine, "mine"), begin(other, "theirs")
    control.take_snapshot("mine", subscription=mine.subscription_id)
    for one, name in ((mine, "mine"), (other, "theirs")):
        one.create_hosted_service(service(name))
    control.advance(3600)
    control.restore_snapshot("mine")
    assert mine.get_operation_status(request).status == "InProgress"
    assert other.get_operation_status(theirs).status == "Succeeded"
    assert [one.service_name for one in other.list_hosted_services().items] == ["theirs"]
    other.create_hosted_service(service("mine"))
    with pytest.raises(ConflictError):
        mine.create_hosted_service(service("theirs"))
    control.advance(3600)
    assert mine.get_operation_status(request).status == "Succeeded"


def test_the_subscriptions_own_time_goes_back_with_it(emulator: Emulator, control: Control) -> None:
    before = control.clock(emulator.subscription)["now"]
    control.take_snapshot("before", subscription=emulator.subscription)
    control.advance(3600, subscription=emulator.subscription)
    control.restore_snapshot("before")
    assert control.clock(emulator.subscription)["now"] == before


def test_taking_and_restoring_cost_the_same_at_any_size() -> None:
    def cost(machines: int) -> float:
        made = Emulator(certificates=[certificate("areas")], pace="manual")
        services = [{"name": f"web-{n}", "virtual_machines": [{"name": "one"}]} for n in range(machines)]
        report = made.engine.change(
            made.subscription, lambda draft: plant(draft, {"hosted_services": services}, "estate")
        )
        assert report.taken["virtual_machines"] == machines
        best = 1.0
        for _ in range(20):
            began = time.perf_counter()
            made.take("one")
            made.go_back("one")
            best = min(best, time.perf_counter() - began)
        return best

    assert cost(500) < 10 * max(cost(5), 0.0001)


# -- names ------------------------------------------------------------------------------------------------------------


def test_names(control: Control) -> None:
    assert [control.take_snapshot()["name"] for _ in range(2)] == ["snapshot-1", "snapshot-2"]
    control.delete_snapshot("snapshot-1")
    assert control.take_snapshot()["name"] == "snapshot-3"
    assert [one["name"] for one in control.list_snapshots()] == ["snapshot-2", "snapshot-3"]
    control.reset()
    assert len(control.list_snapshots()) == 2
    for name in ("../etc", "a b", "x" * 101, ".hidden"):
        with pytest.raises(ControlError, match="name has letters"):
            control.take_snapshot(name)
    for function in (
        control.restore_snapshot,
        control.delete_snapshot,
        control.diff_snapshots,
        control.export_snapshot,
    ):
        with pytest.raises(ControlError, match="no snapshot gone") as found:
            function("gone")
        assert found.value.status == 404


def test_there_is_an_end_to_them(control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MOST", 2)
    for name in ("a", "b", "a"):
        control.take_snapshot(name)
    with pytest.raises(ControlError, match="delete some"):
        control.take_snapshot("c")


# -- what changed -----------------------------------------------------------------------------------------------------


def test_what_changed_is_a_tree(emulator: Emulator, control: Control) -> None:
    azure = client(emulator)
    control.take_snapshot("before")
    assert control.diff_snapshots("before") == {"tree": {}, "text": ""}
    azure.create_hosted_service(service("new"))
    azure.delete_disk("spare")
    azure.shutdown_role("web", "web", "web-1", _stop())
    control.advance(3600)
    found = control.diff_snapshots("before", subscription=emulator.subscription)
    tree = found["tree"]
    assert tree["hosted_services"]["new"]["$is"]["name"] == "new"
    assert tree["disks"]["spare"]["$was"]["size_in_gb"] == 127
    instance = tree["hosted_services"]["web"]["deployments"]["Production"]["instances"]["web-1"]
    assert instance["status"] == {"$was": "ReadyRole", "$is": "StoppedDeallocated"}
    assert "+ new: location=West US" in found["text"]
    assert "- spare:" in found["text"]
    assert "~ status: ReadyRole -> StoppedDeallocated" in found["text"]
    control.take_snapshot("after")
    both = control.diff_snapshots("before", to="after")["tree"]
    assert both["subscriptions"][emulator.subscription] == tree
    assert control.diff_snapshots("after")["tree"] == {}


def _stop():  # type: ignore[no-untyped-def]
    from asm_contracts.areas.virtual_machines import ShutdownRoleOperation

    return ShutdownRoleOperation(operation_type="ShutdownRoleOperation", post_shutdown_action="StoppedDeallocated")


# -- files ------------------------------------------------------------------------------------------------------------


def test_a_file_holds_all_of_it(emulator: Emulator, control: Control) -> None:
    azure = client(emulator)
    begun = begin(azure, "pending")
    held = begin(azure, "held")
    control.hold_operation(held)
    azure.restart_role("web", "web", "web-1", _restart())
    control.take_snapshot("whole")
    text = json.dumps(control.export_snapshot("whole"))
    assert json.loads(text)["schema"] == 1

    other = Emulator(certificates=[certificate("areas")], pace="manual")
    elsewhere = Control.within(other)
    elsewhere.advance(99)
    elsewhere.import_snapshot(json.loads(text), name="theirs")
    elsewhere.restore_snapshot("theirs")
    state = snapshots.export(other.snapshots.get("theirs"))["state"]
    assert state == json.loads(text)["state"]
    assert other.snapshots.get("theirs").state == emulator.snapshots.get("whole").state
    there = client(other)
    assert there.get_deployment_by_slot("web", "Production") if hasattr(there, "get_deployment_by_slot") else True
    elsewhere.release_operation(held)
    elsewhere.advance(3600)
    for request in (begun, held):
        assert there.get_operation_status(request).status == "Succeeded"


def _restart():  # type: ignore[no-untyped-def]
    from asm_contracts.areas.virtual_machines import RestartRoleOperation

    return RestartRoleOperation(operation_type="RestartRoleOperation")


def exported(emulator: Emulator) -> dict[str, Any]:
    return json.loads(json.dumps(snapshots.export(Snapshot("x", emulator.engine.state, emulator.engine.clock.now()))))


def spoilt(change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def spoil(document: dict[str, Any]) -> dict[str, Any]:
        change(document)
        return document

    return spoil


def subscription(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(iter(document["state"]["subscriptions"]["$map"].values()))
    return found


SPOILT: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another format": spoilt(lambda d: d.update(format="zip")),
    "a later schema": spoilt(lambda d: d.update(schema=2)),
    "no state": spoilt(lambda d: d.update(state=None)),
    "no time": spoilt(lambda d: d.update(taken="yesterday")),
    "a time without zone": spoilt(lambda d: d.update(taken="2015-01-01T00:00:00")),
    "a name that is none": spoilt(lambda d: d.update(name=7)),
    "an unknown field": spoilt(lambda d: subscription(d).update(wings=2)),
    "text for a number": spoilt(lambda d: subscription(d).update(used_cores="many")),
    "a list for a map": spoilt(lambda d: subscription(d).update(disks=[])),
    "another entity": spoilt(lambda d: subscription(d)["disks"]["$map"].update(x=subscription(d)["quotas"])),
    "a class that is none of ours": spoilt(lambda d: subscription(d).update(quotas={"$type": "emulator.pki.Paths"})),
    "a function": spoilt(lambda d: subscription(d).update(quotas={"$type": "emulator.pki.ensure"})),
    "a module": spoilt(lambda d: subscription(d).update(quotas={"$type": "os.system"})),
    "an unknown tag": spoilt(lambda d: subscription(d).update(quotas={"$eval": "1"})),
    "bad base64": spoilt(lambda d: subscription(d).update(created={"$bytes": "!"})),
    "a bad time": spoilt(lambda d: subscription(d).update(created={"$time": "soon"})),
    "an unknown effect": spoilt(
        lambda d: d["state"].update(
            steps=[
                {
                    "$type": "emulator.state.Step",
                    "due": {"$time": "2015-01-01T00:00:00+00:00"},
                    "serial": 1,
                    "subscription_id": "x",
                    "effect": "os.system",
                }
            ]
        )
    ),
    "a subscription under another key": spoilt(
        lambda d: d["state"]["subscriptions"]["$map"].update(other=subscription(d))
    ),
}


@pytest.mark.parametrize("change", SPOILT.values(), ids=SPOILT)
def test_a_file_that_is_no_snapshot_is_refused_whole(
    emulator: Emulator, control: Control, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    before = emulator.engine.state
    with pytest.raises(ControlError) as found:
        control.import_snapshot(change(exported(emulator)))
    assert found.value.status == 400
    assert emulator.engine.state is before
    assert control.list_snapshots() == []


def test_what_is_deep_is_refused_too() -> None:
    document: Any = []
    for _ in range(5000):
        document = [document]
    with pytest.raises(SnapshotError):
        snapshots.read({"format": snapshots.FORMAT, "schema": 1, "state": document, "taken": "2015-01-01T00:00:00Z"})


def test_a_field_that_the_file_lacks_has_its_default(emulator: Emulator) -> None:
    document = exported(emulator)
    del subscription(document)["ahead"], subscription(document)["cloud"]
    found = snapshots.read(document).state.subscriptions[emulator.subscription]
    assert (found.ahead, found.cloud) == (timedelta(), "")


def test_values_round_trip(emulator: Emulator) -> None:
    state = replace(emulator.engine.state, names=Map({("a", "b"): "c"}))
    assert values.load(json.loads(json.dumps(values.dump(state))), State) == state
    assert values.load(values.dump(EMPTY), State) == EMPTY
    with pytest.raises(TypeError):
        values.dump(object())
