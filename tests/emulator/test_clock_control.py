"""Clocks that are stopped and started, and an engine whose time and pace change while it serves."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_emulator.clock import ManualClock, WallClock
from asm_emulator.emulator import Emulator
from asm_emulator.pace import PACES, Pace

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("clock", [ManualClock(), WallClock()], ids=["manual", "wall"])
def test_a_frozen_clock_moves_only_when_told(clock: WallClock) -> None:
    clock.freeze()
    clock.freeze()
    stopped = clock.now()
    assert (clock.now(), clock.frozen) == (stopped, True)
    assert clock.advance(HOUR) == stopped + HOUR == clock.now()
    clock.thaw()
    clock.thaw()
    assert not clock.frozen
    assert stopped + HOUR <= clock.now() < stopped + HOUR + timedelta(minutes=5)
    assert clock.advance(HOUR) >= stopped + 2 * HOUR
    clock.freeze()


def test_a_thawed_wall_clock_goes_on_where_it_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    class Machine(datetime):
        present = datetime(2020, 1, 1, tzinfo=UTC)

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return cls.present

    monkeypatch.setattr("asm_emulator.clock.datetime", Machine)
    clock = WallClock.__new__(WallClock)
    clock.__dict__.update(
        _offset=timedelta(), _last=datetime(1, 1, 1, tzinfo=UTC), _frozen=False, _lock=threading.Lock()
    )
    began = clock.now()
    clock.freeze()
    Machine.present += HOUR
    assert clock.now() == began
    clock.thaw()
    assert clock.now() == began
    Machine.present += HOUR
    assert clock.now() == began + HOUR
    Machine.present -= 3 * HOUR
    assert clock.now() == began + HOUR, "time does not go back"


def test_time_and_pace_change_while_requests_are_served() -> None:
    emulator = Emulator(pace="manual")
    emulator.client()
    other = emulator.add_subscription("11111111-1111-1111-1111-111111111111", None).id
    problems: list[BaseException] = []
    begun: list[str] = []

    def work(number: int) -> None:
        try:
            client = emulator.client(other if number % 2 else None)
            for turn in range(15):
                name = f"store{number}x{turn}"
                body = CreateStorageServiceInput(service_name=name, label=name, location="West US")
                begun.append(client.create_storage_account(body).request_id)
        except BaseException as problem:
            problems.append(problem)

    def meddle() -> None:
        try:
            for turn in range(60):
                emulator.engine.set_pace((PACES["manual"], Pace("custom", 0.01), PACES["instant"])[turn % 3])
                emulator.advance(timedelta(seconds=1), other if turn % 2 else None)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)] + [threading.Thread(target=meddle)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    emulator.control.advance_until_idle()
    ended = {one["id"]: one["status"] for one in emulator.control.list_operations()}
    assert [ended[one] for one in begun] == ["Succeeded"] * 60
    state = emulator.engine.state
    assert not state.steps and not state.held
    for one in emulator.control.list_operations():
        assert one["completed"] >= one["started"]


def test_a_pace_is_of_what_begins_afterwards() -> None:
    emulator = Emulator(pace="manual")
    client = emulator.client()

    def create(name: str) -> str:
        return client.create_storage_account(
            CreateStorageServiceInput(service_name=name, label=name, location="West US")
        ).request_id

    first = create("first")
    emulator.engine.set_pace(Pace("custom", 0.1, frozen=True))
    second = create("second")
    spans = {
        one["id"]: datetime.fromisoformat(one["due"]) - datetime.fromisoformat(one["started"])
        for one in emulator.control.list_operations()
    }
    assert spans[first] == 10 * spans[second]
