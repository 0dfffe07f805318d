"""A disk that is full, or refuses: nothing changes in memory either, callers are told, and it works again afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.emulator.disks import Counting, Failing

from asm_client import Client, WSGITransport
from asm_contracts.areas.hosted_services import CreateHostedService, HostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.errors import ServiceError
from asm_contracts.versions import LATEST
from asm_emulator import values
from asm_emulator.controlling import Control, ControlError
from asm_emulator.driver import certificate
from asm_emulator.durable import Store
from asm_emulator.durable.reading import read
from asm_emulator.emulator import Emulator
from asm_emulator.keeping import NotKept
from asm_emulator.model import Quotas

ACCOUNT = CreateStorageServiceInput(service_name="account", label="l", location="West US")


def everything(_: str) -> bool:
    return True


def writes(what: str) -> bool:
    return what == "write"


def forcing(what: str) -> bool:
    return what == "sync"


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")


class Hand:
    """A clock that only the test moves."""

    frozen = False

    def __init__(self) -> None:
        self.time = datetime(2015, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def advance(self, by: timedelta) -> datetime:
        self.time += by
        return self.time

    def freeze(self) -> None: ...

    def thaw(self) -> None: ...


class World:
    """An emulator on a disk of the test's own."""

    def __init__(
        self,
        directory: Path,
        disk: Counting,
        monkeypatch: pytest.MonkeyPatch,
        clock: Hand | None = None,
        **given: Any,
    ) -> None:
        class OnDisk(Store):
            def __init__(self, *args: Any, **more: Any) -> None:
                super().__init__(*args, **{**more, "files": disk, "rest": lambda: None, **given})

        monkeypatch.setattr("asm_emulator.durable.Store", OnDisk)
        self.directory = directory
        self.cloud = Emulator(
            state=directory,
            pace="real" if clock else "manual",
            clock=clock,
            certificates=[certificate("areas")],
            quotas=Quotas(hosted_services=100),
        )
        self.azure = Client(
            WSGITransport(self.cloud.app.wsgi_app, certificate("areas")), self.cloud.subscription, version=LATEST
        )
        assert isinstance(self.cloud.engine.keeper, OnDisk)
        self.store = self.cloud.engine.keeper

    def create(self, name: str) -> None:
        self.azure.create_hosted_service(CreateHostedService(service_name=name, label="l", location="West US"))

    def names(self) -> set[str]:
        return set(self.cloud.engine.state.subscriptions[self.cloud.subscription].hosted_services)

    def kept_is_present(self) -> None:
        """What a next process would find is what this one has."""
        state = values.dump(self.cloud.engine.state)
        self.cloud.close()
        found = read(self.directory)
        assert found is not None and not found.torn
        assert values.dump(found.image.state) == state


def listed(azure: Client) -> tuple[HostedService, ...]:
    return azure.list_hosted_services().items


def is_internal(call: Callable[[], object]) -> None:
    with pytest.raises(ServiceError) as refused:
        call()
    assert (refused.value.http_status, refused.value.error_code) == (500, "InternalError")


@pytest.mark.parametrize("refuses", [everything, writes, forcing], ids=["everything", "writes", "forcing"])
def test_a_full_disk_is_the_service_failing(
    refuses: Callable[[str], bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Failing(refuses)
    world = World(tmp_path, disk, monkeypatch)
    world.create("before")
    before = values.dump(world.cloud.engine.state)
    disk.fail(0, 10**9)
    for _ in range(3):
        is_internal(lambda: world.create("during"))
        assert values.dump(world.cloud.engine.state) == before
    is_internal(lambda: world.azure.delete_hosted_service("nothing"))
    assert values.dump(world.cloud.engine.state) == before, "not even the record of a refusal"
    assert [one.service_name for one in listed(world.azure)] == ["before"], "reads go on"
    disk.fail(0, 0)
    world.create("after")
    assert world.names() == {"before", "after"}
    world.kept_is_present()


def test_control_says_why_and_time_does_not_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Failing(everything)
    world = World(tmp_path, disk, monkeypatch)
    pending = world.azure.create_storage_account(ACCOUNT).request_id
    control = Control.within(world.cloud)
    clock, before = control.clock(), values.dump(world.cloud.engine.state)
    disk.fail(0, 10**9)
    calls: list[Callable[[], object]] = [
        lambda: control.advance(3600),
        lambda: control.advance(3600, subscription=world.cloud.subscription),
        lambda: control.set_pace(scale=2.0),
        control.thaw,
        control.reset,
        lambda: control.hold_operation(pending),
        lambda: control.advance_until_idle(),
        lambda: control.set_quotas(world.cloud.subscription, {"cores": 3}),
    ]
    for call in calls:
        with pytest.raises(ControlError, match=r"No space left on device|written"):
            call()
        assert control.clock() == clock
        assert values.dump(world.cloud.engine.state) == before
    disk.fail(0, 0)
    control.advance(3600)
    assert control.get_operation(pending)["status"] == "Succeeded"
    world.kept_is_present()


def test_what_is_due_waits_for_the_disk_and_readers_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Failing(everything)
    clock = Hand()
    world = World(tmp_path, disk, monkeypatch, clock=clock)
    pending = world.azure.create_storage_account(ACCOUNT).request_id
    disk.fail(0, 10**9)
    clock.time += timedelta(hours=1)
    assert world.azure.get_operation_status(pending).status == "InProgress"
    disk.fail(0, 0)
    assert world.azure.get_operation_status(pending).status == "Succeeded"
    world.kept_is_present()


@pytest.mark.parametrize("refuses", [everything, writes, forcing], ids=["everything", "writes", "forcing"])
@pytest.mark.parametrize("times", [1, 2, 7])
def test_a_failure_at_every_thing_asked_of_the_disk(
    refuses: Callable[[str], bool], times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Callers who are refused try again until it works; then everything is there once, on the disk too."""
    disk = Failing(refuses)
    world = World(tmp_path, disk, monkeypatch, compact_at=2000)
    wanted: set[str] = set()
    refusals = 0
    for first in range(12):
        disk.fail(first, times)
        for number in range(4):
            wanted.add(name := f"w{first}x{number}")
            while name not in world.names():
                before = values.dump(world.cloud.engine.state)
                try:
                    world.create(name)
                except ServiceError as refused:
                    refusals += 1
                    assert refused.error_code == "InternalError"
                    assert values.dump(world.cloud.engine.state) == before
                    assert refusals < 1000
            if world.store._compacting is not None:
                world.store._compacting.join()
        disk.fail(0, 0)
    assert refusals >= times, "failures reached callers, and not only who compacts"
    assert world.names() == wanted
    world.kept_is_present()


def test_callers_at_the_same_time_share_one_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one forces, the others write; the next one forces for all of them."""
    entered, go_on = threading.Event(), threading.Event()

    class Slow(Counting):
        forced = 0
        slow = False

        def sync(self, file: int) -> None:
            self.forced += 1
            if self.slow and not entered.is_set():
                entered.set()
                assert go_on.wait(30)

    disk = Slow()
    world = World(tmp_path, disk, monkeypatch)
    disk.slow, disk.forced = True, 0
    threads = [threading.Thread(target=world.create, args=(f"w{number}",)) for number in range(9)]
    threads[0].start()
    assert entered.wait(30)
    number = world.store.written
    for thread in threads[1:]:
        thread.start()
    while world.store.written < number + 8:
        threading.Event().wait(0.001)
    assert all(thread.is_alive() for thread in threads), "nobody is answered before it is on the disk"
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert disk.forced == 2
    assert len(world.names()) == 9
    world.kept_is_present()


def test_a_reader_waits_for_what_it_has_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entered, go_on = threading.Event(), threading.Event()

    class Slow(Counting):
        slow = False

        def sync(self, file: int) -> None:
            if self.slow:
                entered.set()
                assert go_on.wait(30)

    disk = Slow()
    world = World(tmp_path, disk, monkeypatch)
    disk.slow = True
    seen: list[int] = []
    writer = threading.Thread(target=world.create, args=("web",))
    reader = threading.Thread(target=lambda: seen.append(len(listed(world.azure))))
    writer.start()
    assert entered.wait(30)
    assert "web" in world.names()
    reader.start()
    reader.join(0.1)
    assert reader.is_alive() and not seen
    go_on.set()
    writer.join(30)
    reader.join(30)
    assert seen == [1]


def test_a_reader_of_what_was_lost_is_not_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The forcing of a change fails while somebody has read it."""
    entered, go_on = threading.Event(), threading.Event()

    class Broken(Counting):
        broken = False

        def sync(self, file: int) -> None:
            if self.broken and not entered.is_set():
                entered.set()
                assert go_on.wait(30)
                raise OSError(5, "Input/output error")

    disk = Broken()
    world = World(tmp_path, disk, monkeypatch)
    disk.broken = True
    outcomes: dict[str, object] = {}

    def note(who: str, call: Callable[[], object]) -> None:
        try:
            outcomes[who] = call()
        except ServiceError as refused:
            outcomes[who] = refused.error_code

    writer = threading.Thread(target=note, args=("writer", lambda: world.create("web")))
    reader = threading.Thread(target=note, args=("reader", lambda: listed(world.azure)))
    other = threading.Thread(target=note, args=("other", lambda: world.create("other")))
    writer.start()
    assert entered.wait(30)
    number = world.store.written
    other.start()
    while world.store.written == number:
        threading.Event().wait(0.001)
    reader.start()
    reader.join(0.1)
    go_on.set()
    for thread in (writer, reader, other):
        thread.join(30)
    assert outcomes == dict.fromkeys(("writer", "reader", "other"), "InternalError")
    assert world.names() == set()
    world.create("again")
    assert world.names() == {"again"}
    world.kept_is_present()


@pytest.mark.parametrize("sync", ["second", "never"])
def test_lazy_disks_lose_nothing_that_was_answered_when_they_fail(
    sync: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory has everything: it is written anew."""
    disk = Failing(lambda what: what in ("write", "cut"))
    world = World(tmp_path, disk, monkeypatch, sync=sync)
    world.create("before")
    disk.fail(0, 2)  # half a record, and it cannot be taken back
    is_internal(lambda: world.create("during"))
    assert world.store.failed
    world.create("after")
    assert not world.store.failed
    assert world.names() == {"before", "after"}
    world.kept_is_present()


def test_a_lazy_disk_that_failed_is_written_anew_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, Counting(), monkeypatch, sync="second")
    world.create("before")
    world.store._fail(OSError("gone"))
    world.kept_is_present()
    assert read(tmp_path).journal == 2  # type: ignore[union-attr]


def test_every_second_means_every_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asm_emulator.durable.store._SECOND", 0.01)
    forced = threading.Event()

    class Noting(Counting):
        def sync(self, file: int) -> None:
            forced.set()

    world = World(tmp_path, Noting(), monkeypatch, sync="second")
    forced.clear()
    world.create("web")
    assert forced.wait(30)
    world.kept_is_present()


def test_what_no_state_holds_is_refused_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect of ours in behaviour: a value that cannot be written down."""
    world = World(tmp_path, Counting(), monkeypatch)
    before = world.cloud.engine.state
    with pytest.raises(TypeError):
        world.cloud.engine.change(world.cloud.subscription, lambda draft: draft.change(name=object()))
    assert world.cloud.engine.state is before
    world.create("web")
    world.kept_is_present()


def test_waiting_for_what_is_lost_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, Counting(), monkeypatch)
    epoch, number = world.store.epoch, world.store.written
    world.store._fail(OSError("gone"))
    world.store.wait(number, epoch)
    with pytest.raises(NotKept):
        world.store.wait(number + 1, epoch)
