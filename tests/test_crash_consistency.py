"""An exception at any step of serving a request, or of what happens later, leaves the state as it was."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from asm_contracts.areas.hosted_services import CreateHostedService, UpdateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.areas.virtual_machines import CaptureRoleOperation, ShutdownRoleOperation
from asm_contracts.errors import ServiceError
from asm_contracts.roles import DataVirtualHardDisk
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.driver import Settings
from asm_contracts.suite.machines import Machines, linux_role, make_machines, shut_down
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, blob
from asm_emulator import engine
from asm_emulator.agenda import Agenda
from asm_emulator.driver import InProcessDriver
from asm_emulator.emulator import DEFAULT_SUBSCRIPTION, Emulator
from asm_emulator.model import Map
from asm_emulator.state import Draft, State

Wish = Callable[[Azure, Machines], object]


class Crash(Exception):
    """What no code of ours expects."""


class Tripwire:
    """Counts the steps of a piece of work, and breaks it off at one of them."""

    def __init__(self) -> None:
        self.steps = 0
        self.at = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.at:
            raise Crash(f"at step {self.at}")


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Tripwire:
    """Every method and property of a draft, every effect, and what keeps records and leases is a step."""
    found = Tripwire()

    def stepping(right: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*args: Any, **given: Any) -> Any:
            found.step()
            return right(*args, **given)

        return stepped

    for name, right in vars(Draft).items():
        if isinstance(right, property) and right.fget is not None:
            monkeypatch.setattr(Draft, name, property(stepping(right.fget)))
        elif callable(right) and not name.startswith("_") and name != "rollback":
            monkeypatch.setattr(Draft, name, stepping(right))
    for name in ("record", "lease", "release", "end"):
        monkeypatch.setattr(engine, name, stepping(getattr(engine, name)))
    for name, effect in list(engine._EFFECTS.items()):
        monkeypatch.setitem(engine._EFFECTS, name, stepping(effect))
    return found


@pytest.fixture
def azure() -> Azure:
    return Azure(InProcessDriver(Settings(subscription=DEFAULT_SUBSCRIPTION, certificate=Path("unused"))))


@pytest.fixture
def emulator(azure: Azure) -> Emulator:
    assert isinstance(azure.driver, InProcessDriver)
    return azure.driver.emulator


@pytest.fixture
def machines(azure: Azure) -> Machines:
    made = make_machines(azure, Names("crash", itertools.count(1)), 2)
    shut_down(azure, made, made.roles[1])
    azure.advance(timedelta(hours=1))
    return made


def capture(azure: Azure, found: Machines) -> object:
    body = CaptureRoleOperation(
        operation_type="CaptureRoleOperation",
        post_capture_action="Delete",
        target_image_label="captured",
        target_image_name="captured",
    )
    return azure.capture_role(found.service, found.deployment, found.roles[1], body)


def stop(azure: Azure, found: Machines) -> object:
    body = ShutdownRoleOperation(operation_type="ShutdownRoleOperation", post_shutdown_action="StoppedDeallocated")
    return azure.shutdown_role(found.service, found.deployment, found.roles[0], body)


WISHES: dict[str, Wish] = {
    "create service": lambda azure, _: azure.create_hosted_service(
        CreateHostedService(service_name="another", label="l", location=LOCATION)
    ),
    "update service": lambda azure, found: azure.update_hosted_service(found.service, UpdateHostedService(label="new")),
    "create account": lambda azure, _: azure.create_storage_account(
        CreateStorageServiceInput(service_name="another", label="l", location=LOCATION)
    ),
    "add role": lambda azure, found: azure.add_role(
        found.service, found.deployment, linux_role("third", found.image, blob(found.account, "third"))
    ),
    "shut down": stop,
    "capture": capture,
    "attach disk": lambda azure, found: azure.add_data_disk(
        found.service,
        found.deployment,
        found.roles[0],
        DataVirtualHardDisk(lun=0, logical_disk_size_in_gb=5, media_link=blob(found.account, "data")),
    ),
    "delete role": lambda azure, found: azure.delete_role_and_media(found.service, found.deployment, found.roles[1]),
    "delete deployment": lambda azure, found: azure.delete_deployment(found.service, found.deployment),
    "delete service": lambda azure, found: azure.delete_hosted_service_and_media(found.service),
}
LATER = [name for name in WISHES if name not in ("create service", "update service")]


@contextmanager
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level("CRITICAL"):
        yield


@pytest.mark.parametrize("name", WISHES)
def test_a_crash_while_serving(
    name: str,
    azure: Azure,
    emulator: Emulator,
    machines: Machines,
    wire: Tripwire,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = emulator.snapshot()
    wire.steps = 0
    WISHES[name](azure, machines)
    steps = wire.steps
    assert steps > 5 and emulator.snapshot() != before
    with quiet(caplog):
        for at in range(1, steps + 1):
            emulator.restore(before)
            wire.steps, wire.at = 0, at
            with pytest.raises(ServiceError) as refused:
                WISHES[name](azure, machines)
            assert (refused.value.http_status, refused.value.error_code) == (500, "InternalError")
            assert emulator.snapshot() is before, f"a crash at step {at} of {steps} has left something"
    emulator.restore(before)
    wire.at = 0
    WISHES[name](azure, machines)


def things(state: State) -> tuple[object, ...]:
    """All there is, but for records of operations, leases, and numbers that were given out."""
    found = {key: replace(one, operations=Map(), leases=Map()) for key, one in state.subscriptions.items()}
    return found, dict(state.names.items())


@pytest.mark.parametrize("name", LATER)
def test_a_crash_while_something_happens(
    name: str,
    azure: Azure,
    emulator: Emulator,
    machines: Machines,
    wire: Tripwire,
    caplog: pytest.LogCaptureFixture,
) -> None:
    accepted = WISHES[name](azure, machines)
    request_id: str = accepted.request_id  # type: ignore[attr-defined]
    going_on = emulator.snapshot()
    step = next(one for one in going_on.steps if one.request_id == request_id)
    alone = replace(going_on, steps=Agenda((step,)))
    emulator.advance(step.due - emulator.engine.clock.now())

    def settle() -> State:
        emulator.restore(alone)
        wire.steps = 0
        return emulator.engine.settled()

    after = settle()
    steps = wire.steps
    assert steps > 3 and things(after) != things(alone)
    outcomes = set()
    with quiet(caplog):
        for at in range(1, steps + 1):
            wire.at = at
            try:
                found = settle()
            except Crash:
                assert emulator.engine.state is alone, f"a crash at step {at} of {steps} has left something"
                outcomes.add("as before")
                continue
            record = found.subscriptions[DEFAULT_SUBSCRIPTION].operations[request_id]
            assert (record.status, record.error_code) == ("Failed", "InternalError")
            assert not found.subscriptions[DEFAULT_SUBSCRIPTION].leases, "an operation that failed holds nothing"
            if step.undo is None:
                assert things(found) == things(alone), f"a crash at step {at} of {steps} has done half of it"
            outcomes.add("failed")
    assert outcomes == {"as before", "failed"}
    wire.at = 0
    assert things(settle()) == things(after), "and when it is tried again it is done"
