"""The process, or its machine, dies at every single thing that it asks of the disk: before it, and in its middle.

Whatever was answered is there afterwards, nothing is half there, and the next process goes on.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.emulator.disks import Counting, Died, Files, Mortal

from asm_client import Client, WSGITransport
from asm_contracts.areas.affinity_groups import CreateAffinityGroup
from asm_contracts.areas.hosted_services import CreateHostedService, UpdateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.errors import ServiceError
from asm_contracts.versions import LATEST
from asm_emulator import values
from asm_emulator.driver import certificate
from asm_emulator.durable import Store
from asm_emulator.durable.reading import read
from asm_emulator.emulator import Emulator
from asm_emulator.keeping import Image

Act = Callable[[Emulator, Client], object]


def refused(call: Callable[[], object]) -> None:
    with pytest.raises(ServiceError):
        call()


ACTS: list[Act] = [
    lambda _, azure: azure.create_hosted_service(
        CreateHostedService(service_name="web", label="web", location="West US")
    ),
    lambda _, azure: azure.create_storage_account(
        CreateStorageServiceInput(service_name="account", label="l", location="West US")
    ),
    lambda _, azure: refused(lambda: azure.delete_hosted_service("nothing")),
    lambda cloud, _: cloud.advance(timedelta(seconds=25)),
    lambda _, azure: azure.update_hosted_service("web", UpdateHostedService(label="another")),
    lambda cloud, _: cloud.engine.thaw(),
    lambda cloud, _: cloud.engine.freeze(),
    lambda cloud, _: cloud.add_subscription("11111111-1111-1111-1111-111111111111"),
    lambda _, azure: azure.create_affinity_group(CreateAffinityGroup(name="group", label="g", location="West US")),
    lambda cloud, _: cloud.remove_subscription("11111111-1111-1111-1111-111111111111"),
    lambda _, azure: azure.delete_storage_account("account"),
    lambda _, azure: azure.delete_hosted_service("web"),
]
COMPACT_AT = 3000
"""Bytes: a generation is a few changes long."""


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Who dies in a thread says nothing; what a dead process logs is nobody's business."""
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    caplog.set_level("CRITICAL")


class World:
    """An emulator that goes on from a directory, through files of the test's own, as far as it gets."""

    def __init__(self, directory: Path, files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
        self.images: list[Image] = []
        """What was appended, or at least tried, in order."""
        self.sure = 0
        """How many of them somebody was told of."""
        self.store: Store | None = None
        world = self

        class Watched(Store):
            def __init__(self, *given: Any, **more: Any) -> None:
                world.store = self
                super().__init__(*given, **more, files=files, compact_at=COMPACT_AT, rest=lambda: None)
                world.images.append(self.kept)

            def append(self, image: Image, touched: Any) -> int:
                world.images.append(image)
                number = super().append(image, touched)
                if self._compacting is not None:
                    self._compacting.join()  # so that every run asks for the same things in the same order
                return number

        monkeypatch.setattr("asm_emulator.durable.Store", Watched)
        self.directory = directory

    def live(self) -> bool:
        """Do everything; whether it came to the end alive."""
        try:
            emulator = Emulator(state=self.directory, pace="manual", certificates=[certificate("areas")])
            azure = Client(
                WSGITransport(emulator.app.wsgi_app, certificate("areas")), emulator.subscription, version=LATEST
            )
            self.sure = len(self.images)
            for act in ACTS:
                act(emulator, azure)
                self.sure = len(self.images)
            emulator.close()
        except Died:
            self._bury()
            return False
        return True

    def _bury(self) -> None:
        """Let go of what the system takes back from a process that is gone."""
        assert self.store is not None
        for name in ("_file", "_lock"):
            file = getattr(self.store, name, -1)
            if file >= 0:
                os.close(file)


def said(image: Image) -> Any:
    frozen = image.clock is None or image.clock.frozen
    return values.dump(image.state), image.clock if frozen else image.clock and image.clock.frozen, image.pace


def things(directory: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many things a whole life asks of the disk."""
    files = Counting()
    assert World(directory, files, monkeypatch).live()
    return files.count


@pytest.mark.parametrize(
    ("share", "half", "stuck"),
    [(1.0, True, False), (0.0, False, False), (0.4, True, False), (0.0, False, True)],
    ids=["process", "power", "power in the middle of a write", "power while compacting never ends"],
)
def test_a_death_at_every_thing_asked_of_the_disk(
    share: float, half: bool, stuck: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if stuck:
        never_ends(monkeypatch)
    asked = things(tmp_path / "whole", monkeypatch)
    assert asked > 40
    generations = set()
    for at in range(1, asked + 1):
        directory = tmp_path / str(at)
        files = Mortal(at, half=half)
        world = World(directory, files, monkeypatch)
        if world.live():
            assert half and not files.dead, "only a last thing that cannot be halved is survived"
            continue
        files.power_off(share)
        monkeypatch.setattr("asm_emulator.durable.Store", Store)
        store = Store(directory, first())
        generations.add(store._generation)
        kept = said(store.kept)
        store.close()
        allowed = [said(one) for one in world.images[max(world.sure - 1, 0) :]]
        if world.sure == 0:
            allowed.append(said(first()))
        assert kept in allowed, f"a death at thing {at} of {asked} has lost or spoilt something"
        goes_on(directory)
    assert len(generations) > 3, "some died while they compacted"


def never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first snapshot is ever written: journals follow one another."""
    write = Store._write_snapshot

    def stuck(self: Store, image: Image, generation: int, *more: Any) -> int:
        if threading.current_thread().name == "asm-state":
            raise OSError("no snapshot today")
        return write(self, image, generation, *more)

    monkeypatch.setattr(Store, "_write_snapshot", stuck)


def goes_on(directory: Path) -> None:
    """The next process and the one after it work as ever."""
    with Emulator(state=directory, certificates=[certificate("areas")]) as second:
        Client(
            WSGITransport(second.app.wsgi_app, certificate("areas")), second.subscription, version=LATEST
        ).create_affinity_group(CreateAffinityGroup(name="afterwards", label="a", location="West US"))
    found = read(directory)
    assert found is not None and not found.torn
    assert "afterwards" in found.image.state.subscriptions[second.subscription].affinity_groups


def first() -> Image:
    """What a new directory begins with."""
    return Emulator(pace="manual", certificates=[certificate("areas")]).engine.image()
