"""State that survives the process: what is there again, what is not, and who may go on with it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from asm_client import Client, WSGITransport
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.errors import ServiceError
from asm_contracts.versions import LATEST
from asm_emulator import values
from asm_emulator.cli import main
from asm_emulator.controlling import Control
from asm_emulator.driver import certificate
from asm_emulator.durable import StateError
from asm_emulator.emulator import DEFAULT_SUBSCRIPTION, Emulator
from asm_emulator.engine import is_effect
from asm_emulator.seeding import plant

SERVICE = CreateHostedService(service_name="web", label="web", location="West US")
ACCOUNT = CreateStorageServiceInput(service_name="account", label="l", location="West US")
OTHER = "11111111-1111-1111-1111-111111111111"


def begin(directory: Path, **given: Any) -> Emulator:
    return Emulator(**{"state": directory, "certificates": [certificate("areas")], "state_sync": "never", **given})


def client(emulator: Emulator, subscription: str = DEFAULT_SUBSCRIPTION) -> Client:
    return Client(WSGITransport(emulator.app.wsgi_app, certificate("areas")), subscription, version=LATEST)


def dumped(emulator: Emulator) -> Any:
    return values.dump(emulator.engine.state)


def test_everything_is_there_again_and_goes_on(tmp_path: Path) -> None:
    with begin(tmp_path, pace="manual") as first:
        client(first).create_hosted_service(SERVICE)
        pending = client(first).create_storage_account(ACCOUNT).request_id
        with pytest.raises(ServiceError):
            client(first).create_hosted_service(SERVICE)
        first.advance(timedelta(seconds=10))
        was, now = dumped(first), first.engine.clock.now()
    with begin(tmp_path) as second:
        assert dumped(second) == was
        assert (second.engine.pace.name, second.engine.clock.frozen) == ("manual", True)
        assert second.engine.clock.now() == now, "a clock that stands still stands still while nobody is there"
        assert client(second).get_operation_status(pending).status == "InProgress"
        second.advance(timedelta(seconds=11))
        assert client(second).get_operation_status(pending).status == "InProgress"
        second.advance(timedelta(seconds=1))
        assert client(second).get_operation_status(pending).status == "Succeeded"
    with begin(tmp_path) as third:
        assert client(third).get_operation_status(pending).status == "Succeeded"


def test_nothing_that_was_given_out_is_given_out_again(tmp_path: Path) -> None:
    ids: list[str] = []
    serials: list[int] = []
    for _ in range(3):
        with begin(tmp_path, pace="manual") as emulator:
            ids += [emulator.engine.next_request_id() for _ in range(50)]
            serials.append(emulator.engine.change(DEFAULT_SUBSCRIPTION, lambda draft: draft.take_serial()))
    assert len(set(ids)) == len(ids)
    assert serials == sorted(set(serials))
    fresh = Emulator(pace="manual")
    assert [fresh.engine.next_request_id() for _ in range(50)] == ids[:50], "the first start numbers as memory does"


def test_a_running_clock_has_run_meanwhile_and_never_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = datetime(2024, 5, 1, tzinfo=UTC)

    class Machine(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return machine

    monkeypatch.setattr("asm_emulator.clock.datetime", Machine)
    with begin(tmp_path, pace="real") as first:
        first.advance(timedelta(days=1))
        pending = client(first).create_storage_account(ACCOUNT).request_id
    machine += timedelta(seconds=30)
    with begin(tmp_path) as second:
        assert second.engine.clock.now() == datetime(2024, 5, 2, 0, 0, 30, tzinfo=UTC)
        assert client(second).get_operation_status(pending).status == "Succeeded"
        machine += timedelta(seconds=30)
        client(second).create_hosted_service(SERVICE)
        latest = second.engine.clock.now()
    machine -= timedelta(days=3)
    with begin(tmp_path) as third:
        assert third.engine.clock.now() == latest


def test_control_survives_too(tmp_path: Path) -> None:
    with begin(tmp_path, pace="manual") as first:
        control = Control.within(first)
        control.create_subscription(OTHER, name="other", isolate=True, quotas={"cores": 7})
        control.set_quotas(DEFAULT_SUBSCRIPTION, {"hosted_services": 3})
        control.advance(1000, subscription=OTHER)
        held = client(first).create_storage_account(ACCOUNT).request_id
        control.hold_operation(held)
        doomed = client(first).create_storage_account(
            CreateStorageServiceInput(service_name="doomed", label="l", location="West US")
        )
        control.fail_operation(doomed.request_id, code="InternalError")
        control.take_snapshot("before")
        control.set_pace(scale=0.5)
        control.freeze()
        was, subscriptions, clock = dumped(first), control.list_subscriptions(), control.clock()
    with begin(tmp_path) as second:
        control = Control.within(second)
        assert dumped(second) == was
        assert control.list_subscriptions() == subscriptions
        assert control.clock() == clock and (clock["frozen"], clock["scale"]) == (True, 0.5)
        assert control.get_operation(held)["held"] is True
        assert control.get_operation(doomed.request_id)["status"] == "Failed"
        assert control.list_snapshots() == [], "snapshots are to be exported by whoever wants to keep them"
        control.delete_subscription(OTHER)
        control.release_operation(held)
        control.thaw()
    with begin(tmp_path) as third:
        assert OTHER not in third.engine.state.subscriptions
        assert not third.engine.clock.frozen


def test_restores_and_resets_are_kept_whole(tmp_path: Path) -> None:
    with begin(tmp_path, pace="manual") as first:
        client(first).create_storage_account(ACCOUNT)
        first.take("pending")
        first.advance(timedelta(hours=1))
        client(first).create_hosted_service(SERVICE)
        first.go_back("pending")
        was = dumped(first)
    with begin(tmp_path) as second:
        assert dumped(second) == was and len(second.engine.state.steps) == 1
        second.reset()
        was = dumped(second)
    with begin(tmp_path) as third:
        assert dumped(third) == was
        assert not third.engine.state.subscriptions[DEFAULT_SUBSCRIPTION].storage_accounts
        assert not third.engine.state.names


def test_the_first_subscription_is_there_and_admits_who_is_named_at_the_start(tmp_path: Path) -> None:
    with begin(tmp_path) as first:
        first.remove_subscription(DEFAULT_SUBSCRIPTION)
    other = certificate("other")
    with begin(tmp_path, certificates=[other]) as second:
        assert len(second.engine.state.subscriptions[DEFAULT_SUBSCRIPTION].certificates) == 1
    with begin(tmp_path) as third:
        assert len(third.engine.state.subscriptions[DEFAULT_SUBSCRIPTION].certificates) == 2
        client(third).list_hosted_services()


def test_what_is_said_at_the_start(tmp_path: Path) -> None:
    with begin(tmp_path, pace="manual", seed="one") as first:
        stopped = first.engine.clock.now()
    with begin(tmp_path) as second:
        assert (second.engine.seed, second.engine.pace.name) == ("one", "manual")
    with pytest.raises(ValueError, match="seed one, not two"):
        begin(tmp_path, seed="two")
    with begin(tmp_path, pace="instant") as third:
        assert (third.engine.pace.name, third.engine.clock.frozen) == ("instant", False)
        assert third.engine.clock.now() - stopped < timedelta(hours=1), "it runs on from where it stood"
    with begin(tmp_path) as fourth:
        assert fourth.engine.pace.name == "instant"
    with pytest.raises(StateError, match="always, second, never"):
        begin(tmp_path, state_sync="often")


def test_one_process_at_a_time(tmp_path: Path) -> None:
    first = begin(tmp_path)
    with pytest.raises(StateError, match=r"in use by another asm-emulator \(process \d+\)"):
        begin(tmp_path)
    first.close()
    first.close()
    begin(tmp_path).close()


def test_a_directory_that_cannot_be(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    with pytest.raises(StateError, match="cannot be kept in"):
        begin(file / "state")


def test_an_effect_that_is_not_known_is_said_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with begin(tmp_path, pace="manual") as first:
        client(first).create_storage_account(ACCOUNT)
    (effect,) = {step.effect for step in first.engine.state.steps}
    monkeypatch.setattr("asm_emulator.emulator.is_effect", lambda name: name != effect and is_effect(name))
    with pytest.raises(StateError, match=f"waits for {effect}"):
        begin(tmp_path)


def test_memory_alone_is_the_default_and_touches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Emulator(certificates=[certificate("areas")]) as emulator:
        assert emulator.engine.keeper is None
        client(emulator).create_hosted_service(SERVICE)
    assert list(tmp_path.iterdir()) == []


def test_a_change_costs_a_record_of_its_size(tmp_path: Path) -> None:
    """However much there is besides."""

    def size(services: int) -> int:
        directory = tmp_path / str(services)
        estate = {
            "hosted_services": [
                {"name": f"svc-{one}", "location": "West US", "virtual_machines": [{"name": "vm"}]}
                for one in range(services)
            ]
        }
        with begin(directory, pace="manual") as emulator:
            emulator.engine.change(DEFAULT_SUBSCRIPTION, lambda draft: plant(draft, estate, "estate"))
            emulator.set_quotas(DEFAULT_SUBSCRIPTION, emulator.quotas)
            (journal,) = directory.glob("*.journal")
            before = journal.stat().st_size
            client(emulator).create_storage_account(ACCOUNT)
            return journal.stat().st_size - before

    assert abs(size(300) - size(3)) < 100


# -- the command line -------------------------------------------------------------------------------------------------


def test_the_command_says_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["state", str(tmp_path)]) == 1
    assert "there is no state in" in capsys.readouterr().err
    with begin(tmp_path, pace="manual") as first:
        client(first).create_hosted_service(SERVICE)
        client(first).create_storage_account(ACCOUNT)
    assert main(["state", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "1 hosted services, 1 storage accounts" in said and "clock frozen" in said
    assert "2 steps to come" in said
    assert main(["state", str(tmp_path), "--salvage"]) == 0
    assert "lost" not in capsys.readouterr().out


def test_the_configuration_says_where(tmp_path: Path) -> None:
    with begin(tmp_path) as emulator:
        assert Control.within(emulator).configuration()["state"] == str(tmp_path.resolve())
    assert Control.within(Emulator()).configuration()["state"] is None


def test_files_are_for_their_owner_and_readable_with_any_tool(tmp_path: Path) -> None:
    directory = tmp_path / "state"
    with begin(directory) as emulator:
        client(emulator).create_hosted_service(SERVICE)
    assert directory.stat().st_mode & 0o077 == 0
    for path in directory.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
    (journal,) = directory.glob("*.journal")
    header, *records = [json.loads(line[9:]) for line in journal.read_text().splitlines()]
    assert (header["format"], header["schema"]) == ("asm-emulator state", 1)
    assert [one["n"] for one in records] == list(range(1, len(records) + 1))
