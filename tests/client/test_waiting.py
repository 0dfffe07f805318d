"""Waiting for operations: on a clock and a sleep that are passed in."""

from __future__ import annotations

import pickle

import pytest

from asm_client import OperationFailed, OperationTimedOut, wait_for
from asm_contracts.areas.operations import Error, Operation
from asm_contracts.errors import ServiceError
from asm_contracts.operation import Accepted

ID = "0123456789abcdef0123456789abcdef"
RUNNING = Operation(id=ID, status="InProgress")
DONE = Operation(id=ID, status="Succeeded", http_status_code=200)
FAILED = Operation(
    id=ID, status="Failed", http_status_code=409, error=Error(code="ConflictError", message="It is held.")
)


class Service:
    """Answers the states given, the last one for ever; time passes only by sleeping."""

    def __init__(self, *states: Operation) -> None:
        self.states = list(states)
        self.asked: list[str] = []
        self.slept: list[float] = []

    def get_operation_status(self, request_id: str) -> Operation:
        self.asked.append(request_id)
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def clock(self) -> float:
        return 100.0 + sum(self.slept)


def test_it_asks_until_the_operation_has_succeeded() -> None:
    service = Service(RUNNING, RUNNING, DONE)
    assert wait_for(service, ID, 60, 5, sleep=service.sleep, clock=service.clock) is DONE
    assert service.asked == [ID] * 3
    assert service.slept == [5, 5]


def test_what_has_ended_already_costs_one_question() -> None:
    service = Service(DONE)
    assert wait_for(service, Accepted(ID), 0, 5, sleep=service.sleep, clock=service.clock) is DONE
    assert service.slept == []


def test_progress_is_told_of_every_answer_and_of_the_time() -> None:
    service = Service(RUNNING, RUNNING, DONE)
    told: list[tuple[str, float]] = []
    wait_for(
        service,
        ID,
        60,
        5,
        lambda found, elapsed: told.append((found.status, elapsed)),
        sleep=service.sleep,
        clock=service.clock,
    )
    assert told == [("InProgress", 0.0), ("InProgress", 5.0), ("Succeeded", 10.0)]


def test_a_failed_operation_is_raised_with_its_error() -> None:
    service = Service(RUNNING, FAILED)
    with pytest.raises(OperationFailed) as caught:
        wait_for(service, ID, 60, 5, sleep=service.sleep, clock=service.clock)
    failure = caught.value
    assert isinstance(failure, ServiceError)
    assert (failure.error_code, failure.message, failure.http_status) == ("ConflictError", "It is held.", 409)
    assert failure.request_id == ID
    again = pickle.loads(pickle.dumps(failure))
    assert str(again) == str(failure) == "ConflictError (409): It is held."


def test_a_failure_without_an_error_is_still_one() -> None:
    service = Service(Operation(id=ID, status="Failed"))
    with pytest.raises(OperationFailed, match="InternalError") as caught:
        wait_for(service, ID, sleep=service.sleep, clock=service.clock)
    assert caught.value.http_status == 500


def test_the_last_question_is_asked_when_the_time_is_over() -> None:
    service = Service(RUNNING)
    with pytest.raises(OperationTimedOut) as caught:
        wait_for(service, ID, 12, 5, sleep=service.sleep, clock=service.clock)
    assert service.slept == [5, 5, 2]
    assert len(service.asked) == 4
    assert isinstance(caught.value, TimeoutError)
    assert (caught.value.request_id, caught.value.seconds) == (ID, 12)


def test_time_that_only_sleep_knows_of_counts() -> None:
    service = Service(RUNNING)
    with pytest.raises(OperationTimedOut):
        wait_for(service, ID, 12, 5, sleep=service.sleep, clock=lambda: 0.0)
    assert sum(service.slept) == 12


@pytest.mark.parametrize(("timeout", "interval"), [(-1, 1), (1, -1)])
def test_time_does_not_go_back(timeout: float, interval: float) -> None:
    with pytest.raises(ValueError, match="time"):
        wait_for(Service(DONE), ID, timeout, interval)


def test_nothing_to_wait_for_is_said() -> None:
    with pytest.raises(ValueError, match="request id"):
        wait_for(Service(DONE), Accepted())


def test_what_asking_raises_comes_through() -> None:
    class Gone:
        def get_operation_status(self, request_id: str) -> Operation:
            raise ServiceError("gone", code="ResourceNotFound", status=404)

    with pytest.raises(ServiceError, match="gone"):
        wait_for(Gone(), ID)
