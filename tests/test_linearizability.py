"""Several clients at once: recorded histories have an order that explains them, and a lost update has none."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from asm_contracts.suite.azure import Azure
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.driver import Settings
from asm_contracts.suite.linearizability import Call, check, explain, record, rest, service_model
from asm_contracts.suite.machines import make_machines
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import make_storage_account
from asm_emulator import engine
from asm_emulator.driver import InProcessDriver
from asm_emulator.emulator import DEFAULT_SUBSCRIPTION

HISTORIES = int(os.environ.get("ASM_HISTORIES", "24"))


@pytest.fixture
def azure() -> Azure:
    return Azure(InProcessDriver(Settings(subscription=DEFAULT_SUBSCRIPTION, certificate=Path("unused"))))


@pytest.fixture(autouse=True)
def switching_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(2e-5)
    yield
    sys.setswitchinterval(before)


def histories(azure: Azure, count: int) -> None:
    serials = itertools.count(1)
    names = Names("lin", serials)
    accounts = [make_storage_account(azure, names) for _ in range(2)]
    machines = make_machines(azure, names)
    raw = Raw(azure.driver, Settings(subscription=DEFAULT_SUBSCRIPTION))
    for seed in range(count):
        own = Names("lin", serials)
        record(azure, own, machines, seed, accounts)
        own.clean(azure, raw)
        rest(azure, machines)


def test_dozens_of_histories_can_be_explained(azure: Azure) -> None:
    histories(azure, HISTORIES)


def test_a_lost_update_is_found(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    def serve(self: engine.Engine, request: engine.Request, action: engine.Action) -> Any:
        # A server that reads, changes and writes without a lock around all three.
        draft = self._draft(self.settled(), request.subscription_id)
        answer = action(draft, request)
        if request.is_mutation:
            if request.request_id not in draft.subscription.operations:
                engine.record(draft, request, "Succeeded")
            self._state = draft.state
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(engine.Engine, "serve", serve)
        with pytest.raises(AssertionError, match=r"no order explains|got the lease|internal error"):
            histories(azure, 60)


def call(verb: str, status: int, begun: int, ended: int, argument: str = "", answer: str = "") -> Call:
    return Call(0, "service s", verb, argument, status, answer, begun, ended)


def test_the_order_respects_what_was_over_before_something_began() -> None:
    create, read = call("create", 201, 1, 2, "red"), call("read", 404, 3, 4)
    assert explain([create, read], service_model) is None
    overlapping = call("read", 404, 1, 4)
    assert explain([create, overlapping], service_model) == [overlapping, create]


def test_only_one_of_two_creations_wins() -> None:
    both = [call("create", 201, 1, 4, "red"), call("create", 201, 2, 3, "blue")]
    with pytest.raises(AssertionError, match="no order explains"):
        check(both, {})
    check([both[0], call("create", 409, 2, 3, "blue")], {})


def test_a_lost_update_has_no_order() -> None:
    calls = [
        call("create", 201, 1, 2, "red"),
        call("update", 200, 3, 6, "green"),
        call("update", 200, 4, 5, "blue"),
        call("read", 200, 7, 8, answer="red"),
    ]
    assert explain(calls, service_model) is None
    assert explain([*calls[:3], call("read", 200, 7, 8, answer="green")], service_model) is not None
