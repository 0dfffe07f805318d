"""The engine: operations begin, take time, hold leases and end once; refusals leave nothing."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from asm_contracts.errors import BadRequest, ConflictError
from asm_emulator import model
from asm_emulator.clock import ManualClock, WallClock
from asm_emulator.engine import Engine, Request, begin, effect, effect_name
from asm_emulator.pace import PACES, Pace
from asm_emulator.state import Draft

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"


@effect
def provider_registered(draft: Draft, name: str) -> None:
    draft.change(virtual_networks=draft.subscription.virtual_networks.insert(name, "registered"))


@effect
def provider_refused(draft: Draft, name: str) -> None:
    draft.change(virtual_networks=draft.subscription.virtual_networks.insert(name, "half done"))
    raise BadRequest("It cannot be done.")


@effect
def provider_undone(draft: Draft, name: str) -> None:
    draft.change(virtual_networks=draft.subscription.virtual_networks.discard(name))


@effect
def provider_broken(draft: Draft, name: str) -> None:
    raise ZeroDivisionError(name)


def engine(pace: Pace = PACES["manual"]) -> Engine:
    made = Engine(ManualClock(), pace, seed="test")
    made.add_subscription(model.Subscription(id=SUBSCRIPTION, name="test", created=made.clock.now()))
    return made


def request(on: Engine, **more: Any) -> Request:
    return Request(
        request_id=on.next_request_id(), subscription_id=SUBSCRIPTION, name="update_deployment_status", **more
    )


def providers(on: Engine) -> dict[str, str]:
    return dict(on.settled().subscriptions[SUBSCRIPTION].virtual_networks.items())


def operation(on: Engine, asked: Request) -> model.OperationRecord:
    return on.settled().subscriptions[SUBSCRIPTION].operations[asked.request_id]


def test_an_operation_takes_its_time_and_ends_once() -> None:
    on = engine()
    asked = request(on)
    on.serve(asked, lambda draft, it: begin(draft, it, provider_registered, name="sql"))
    assert operation(on, asked).status == "InProgress"
    assert operation(on, asked).http_status is None
    on.advance(timedelta(seconds=4.9))
    assert operation(on, asked).status == "InProgress"
    assert providers(on) == {}
    on.advance(timedelta(seconds=0.1))
    ended = operation(on, asked)
    assert (ended.status, ended.http_status) == ("Succeeded", 200)
    assert providers(on) == {"sql": "registered"}
    on.advance(timedelta(days=1))
    assert operation(on, asked) == ended


def test_an_effect_happens_when_it_was_due_and_not_when_somebody_looked() -> None:
    on = engine()
    asked = request(on)
    began = on.clock.now()
    on.serve(asked, lambda draft, it: begin(draft, it, provider_registered, name="sql"))
    on.clock.advance(timedelta(hours=1))
    assert operation(on, asked).completed == began + timedelta(seconds=5)


def test_a_failed_operation_keeps_its_error_and_nothing_else() -> None:
    on = engine()
    asked = request(on)

    def act(draft: Draft, it: Request) -> None:
        draft.change(virtual_networks=draft.subscription.virtual_networks.insert("sql", "reserved"))
        begin(draft, it, provider_refused, undo=provider_undone, name="sql")

    on.serve(asked, act)
    assert providers(on) == {"sql": "reserved"}
    on.advance(timedelta(seconds=5))
    ended = operation(on, asked)
    assert (ended.status, ended.http_status, ended.error_code, ended.error_message) == (
        "Failed", 400, "BadRequest", "It cannot be done.",
    )  # fmt: skip
    assert providers(on) == {}


def test_a_defect_in_an_effect_fails_its_operation_alone() -> None:
    on = engine()
    broken, sound = request(on), request(on)
    on.serve(broken, lambda draft, it: begin(draft, it, provider_broken, name="sql"))
    on.serve(sound, lambda draft, it: begin(draft, it, provider_registered, name="web"))
    on.advance(timedelta(seconds=5))
    assert (operation(on, broken).status, operation(on, broken).error_code) == ("Failed", "InternalError")
    assert operation(on, sound).status == "Succeeded"


def test_a_lease_refuses_a_second_mutation_and_names_its_holder() -> None:
    on = engine()
    first, second, third = request(on), request(on), request(on)
    held = (("deployment", "abc"),)
    on.serve(first, lambda draft, it: begin(draft, it, provider_registered, holds=held, name="a"))
    with pytest.raises(ConflictError) as refusal:
        on.serve(second, lambda draft, it: begin(draft, it, provider_registered, holds=held, name="b"))
    assert refusal.value.message == (
        f"Windows Azure is currently performing an operation with x-ms-requestid {first.request_id} "
        "on this deployment that requires exclusive access."
    )
    on.advance(timedelta(seconds=5))
    on.serve(third, lambda draft, it: begin(draft, it, provider_registered, holds=held, name="c"))
    on.advance(timedelta(seconds=5))
    assert providers(on) == {"a": "registered", "c": "registered"}


def test_a_failed_operation_gives_its_lease_back() -> None:
    on = engine()
    held = (("deployment", "abc"),)
    on.serve(request(on), lambda draft, it: begin(draft, it, provider_refused, holds=held, name="a"))
    on.advance(timedelta(seconds=5))
    assert dict(on.state.subscriptions[SUBSCRIPTION].leases.items()) == {}


def test_a_refused_request_leaves_its_record_only() -> None:
    on = engine()
    asked = request(on)
    before = on.state

    def act(draft: Draft, it: Request) -> None:
        draft.change(virtual_networks=draft.subscription.virtual_networks.insert("sql", "half done"))
        draft.claim("hosted service", "x")
        draft.schedule(effect_name(provider_registered), timedelta(), name="x")
        raise BadRequest()

    with pytest.raises(BadRequest):
        on.serve(asked, act)
    assert providers(on) == {}
    assert (on.state.names, on.state.steps) == (before.names, before.steps)
    assert operation(on, asked).status == "Failed"


def test_a_defect_in_an_action_changes_nothing_at_all() -> None:
    on = engine()
    before = on.state

    def act(draft: Draft, it: Request) -> None:
        draft.change(virtual_networks=draft.subscription.virtual_networks.insert("sql", "half done"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        on.serve(request(on), act)
    assert on.state is before


def test_a_synchronous_mutation_is_a_succeeded_operation() -> None:
    on = engine()
    asked = request(on)
    on.serve(asked, lambda draft, it: None)
    assert (operation(on, asked).status, operation(on, asked).http_status) == ("Succeeded", 200)


def test_reads_leave_no_trace() -> None:
    on = engine()
    before = on.state
    on.serve(request(on, is_mutation=False), lambda draft, it: len(draft.operations))
    assert on.state is before


def test_work_at_the_instant_pace_is_done_by_the_next_request() -> None:
    on = engine(PACES["instant"])
    asked = request(on)
    on.serve(asked, lambda draft, it: begin(draft, it, provider_registered, name="sql"))
    assert operation(on, asked).status == "Succeeded"


def test_steps_happen_in_the_order_they_are_due() -> None:
    on = engine()
    seen: list[str] = []

    @effect
    def noted(draft: Draft, what: str) -> None:
        seen.append(what)

    def act(draft: Draft, it: Request) -> None:
        for what, seconds in (("late", 9), ("first", 1), ("second", 1), ("middle", 5)):
            draft.schedule(effect_name(noted), timedelta(seconds=seconds), what=what)

    on.serve(request(on), act)
    on.advance(timedelta(seconds=10))
    assert seen == ["first", "second", "middle", "late"]


def test_a_snapshot_is_the_state_and_restoring_it_an_assignment() -> None:
    on = engine()
    before = on.state
    on.serve(request(on), lambda draft, it: provider_registered(draft, name="sql"))
    on.restore(before)
    assert providers(on) == {}


def test_request_ids_are_the_same_for_the_same_seed_and_never_repeat() -> None:
    first, second = engine(), engine()
    ids = [first.next_request_id() for _ in range(1000)]
    assert ids == [second.next_request_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(len(one) == 32 and set(one) <= set("0123456789abcdef") for one in ids)


def test_concurrent_mutations_lose_nothing() -> None:
    on = engine()

    def work(number: int) -> None:
        for turn in range(50):
            on.serve(request(on), lambda draft, it, key=f"{number}-{turn}": provider_registered(draft, name=key))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(providers(on)) == 400
    assert len(on.state.subscriptions[SUBSCRIPTION].operations) == 400


def test_public_addresses_do_not_repeat() -> None:
    on = engine()
    found: list[str] = []
    on.change(SUBSCRIPTION, lambda draft: found.extend(draft.take_public_address() for _ in range(5000)))
    assert len(set(found)) == 5000
    assert all(one.startswith("23.") for one in found)


@pytest.mark.parametrize("clock", [ManualClock(), WallClock()])
def test_time_does_not_go_back(clock: ManualClock | WallClock) -> None:
    before = clock.now()
    with pytest.raises(ValueError, match="back"):
        clock.advance(timedelta(seconds=-1))
    assert clock.advance(timedelta(hours=1)) >= before + timedelta(hours=1)
    assert clock.now() >= before + timedelta(hours=1)
