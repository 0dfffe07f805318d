"""The short way past Flask, and answers given again: when they are taken, and when they must not be."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Response

from asm_client import Client, WSGITransport
from asm_contracts.areas.hosted_services import CreateHostedService, UpdateHostedService
from asm_contracts.errors import ERRORS, ForbiddenError, ResourceNotFound, ServiceError
from asm_emulator import faults
from asm_emulator.app import ShortWay
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator
from asm_emulator.engine import Request
from asm_emulator.recall import MOST, PLAIN, TOTAL, Answer, Looking, Recall
from asm_emulator.server import Reason
from asm_emulator.state import Draft, Failure, State, draft_of
from asm_emulator.wsgi import status_text

MINE = certificate("areas")


@pytest.fixture(autouse=True)
def open_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """The short ways are there, also where all other tests do without."""
    monkeypatch.delenv(PLAIN, raising=False)


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(certificates=[MINE], pace="manual")


@pytest.fixture
def azure(emulator: Emulator) -> Client:
    client = emulator.client()
    client.create_hosted_service(CreateHostedService(service_name="web", label="web", location="West US"))
    emulator.advance(timedelta(minutes=1))
    return client


@pytest.fixture
def worked(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The operations that behaviour was asked for."""
    found: list[str] = []
    serve = emulator.engine.serve

    def noting(request: Request, action: Any) -> Any:
        found.append(request.name)
        return serve(request, action)

    monkeypatch.setattr(emulator.engine, "serve", noting)
    return found


def test_a_read_is_worked_out_once_while_nothing_changes(azure: Client, worked: list[str]) -> None:
    first = azure.get_hosted_service("web")
    for _ in range(3):
        assert azure.get_hosted_service("web") == first
    assert worked == ["get_hosted_service"]
    azure.update_hosted_service("web", UpdateHostedService(label="other"))
    assert azure.get_hosted_service("web") != first
    assert worked == ["get_hosted_service", "update_hosted_service", "get_hosted_service"]


def test_every_answer_has_its_own_id_and_date_and_is_logged(emulator: Emulator, azure: Client) -> None:
    for _ in range(2):
        azure.get_hosted_service("web")
    emulator.advance(timedelta(seconds=5))
    azure.get_hosted_service("web")
    entries = emulator.log.find(operation="get_hosted_service")
    assert len(entries) == 3
    headers = [dict(one.response_headers) for one in entries]
    assert len({one["x-ms-request-id"] for one in headers}) == 3
    assert len({one["Date"] for one in headers}) == 2
    assert len({one.response_body for one in entries}) == 1 and entries[0].response_body
    assert {one.operation for one in entries} == {"get_hosted_service"}


DIFFERENCES: dict[str, Callable[[Client], Any]] = {
    "another version": lambda azure: setattr(azure, "version", "2011-10-01"),
    "another query": lambda azure: azure.get_hosted_service("web", embed_detail=True),
    "another path": lambda azure: azure.list_hosted_services(),
}


@pytest.mark.parametrize("differ", DIFFERENCES.values(), ids=DIFFERENCES)
def test_what_an_answer_depends_on_tells_it_from_others(
    azure: Client, worked: list[str], differ: Callable[[Client], Any]
) -> None:
    azure.get_hosted_service("web")
    differ(azure)
    azure.get_hosted_service("web")
    assert len(worked) == 2


def test_what_depends_on_the_time_is_always_worked_out(emulator: Emulator, azure: Client, worked: list[str]) -> None:
    end = emulator.engine.now() - timedelta(hours=1)
    for _ in range(2):
        azure.list_subscription_operations(f"{end - timedelta(days=1):%Y-%m-%d}", f"{end:%Y-%m-%d}")
    assert worked == ["list_subscription_operations"] * 2


def test_what_is_due_happens_before_an_answer_is_given_again(emulator: Emulator, azure: Client) -> None:
    azure.create_hosted_service(CreateHostedService(service_name="late", label="late", location="West US"))
    before = azure.get_hosted_service("late")
    assert azure.get_hosted_service("late") == before
    emulator.engine.clock.advance(timedelta(minutes=1))
    assert azure.get_hosted_service("late") != before, "its extended properties have come"


def test_a_certificate_is_judged_at_every_request(emulator: Emulator, azure: Client) -> None:
    azure.get_hosted_service("web")
    stranger = Client(WSGITransport(emulator.app.wsgi_app, certificate("stranger")), emulator.subscription)
    with pytest.raises(ForbiddenError):
        stranger.get_hosted_service("web")
    known = emulator.engine.state.subscriptions[emulator.subscription].certificates
    emulator.engine.change(
        emulator.subscription, lambda draft: [draft.certificates.__delitem__(one) for one in list(known)]
    )
    with pytest.raises(ForbiddenError):
        azure.get_hosted_service("web")


def test_fault_rules_come_first(emulator: Emulator, azure: Client) -> None:
    azure.get_hosted_service("web")
    failure = Failure("InternalError", "It broke.", 500)
    emulator.faults.add(faults.Rule(id="one", fault=faults.Answer(failure=failure), times=1))
    with pytest.raises(ServiceError, match="It broke"):
        azure.get_hosted_service("web")
    azure.get_hosted_service("web")


def test_going_back_is_seen(emulator: Emulator, azure: Client) -> None:
    there = emulator.snapshot()
    azure.get_hosted_service("web")
    emulator.reset()
    with pytest.raises(ResourceNotFound):
        azure.get_hosted_service("web")
    emulator.restore(there)
    azure.get_hosted_service("web")


def answer(azure: Client, size: int = 10) -> Answer:
    return Answer(type(azure).__operations__["get_hosted_service"], 200, b"x" * size, "application/xml", ())


def test_what_is_kept_is_bounded_and_of_one_state(emulator: Emulator, azure: Client) -> None:
    kept, state, pace = Recall(), emulator.engine.state, emulator.engine.pace
    for number in range(MOST + 1):
        kept.put(state, pace, (str(number),), answer(azure))
    assert kept.get(state, pace, ("0",)) is None and kept.get(state, pace, (str(MOST),)) is not None
    kept.put(state, pace, ("large",), answer(azure, TOTAL))
    assert kept.get(state, pace, (str(MOST),)) is None and kept.get(state, pace, ("large",)) is not None
    kept.put(state, pace, ("larger",), answer(azure, TOTAL + 1))
    assert kept.get(state, pace, ("larger",)) is None
    kept.put(state, pace, ("a",), answer(azure))
    same = replace(state)
    assert kept.get(same, pace, ("a",)) is None and kept.get(state, replace(pace), ("a",)) is None
    kept.put(State(), pace, ("b",), answer(azure))
    assert kept.get(state, pace, ("a",)) is None


def test_a_draft_and_a_request_tell_what_was_looked_at(emulator: Emulator) -> None:
    draft: Draft = draft_of(emulator.engine.state, emulator.subscription, emulator.engine.now())
    assert not draft.dated
    assert draft.subscription and not draft.dated
    assert draft.now and draft.dated
    request = Looking(Request(request_id="1", subscription_id="s", name="n", version="v"))
    assert request.version == "v" and not request.looked_beyond
    assert request.request_id == "1" and request.looked_beyond


# -- past Flask -------------------------------------------------------------------------------------------------------


def environ(emulator: Emulator, path: str, **more: Any) -> dict[str, Any]:
    made = WSGITransport(emulator.app.wsgi_app, MINE)._environ(
        "GET", f"/{emulator.subscription}{path}", {"x-ms-version": "2014-10-01"}, b""
    )
    return made | more


def called(application: Any, given: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    told: list[Any] = []
    chunks = application(given, lambda status, headers, *_: told.append((status, headers)))
    body = b"".join(chunks)
    getattr(chunks, "close", lambda: None)()
    return *told[-1], body


def test_both_ways_say_the_same_to_the_byte() -> None:
    answers = []
    for plainly in (False, True):
        emulator = Emulator(certificates=[MINE], pace="manual")
        way = emulator.app.wsgi_app
        assert isinstance(way, ShortWay)
        application = way.flask if plainly else way
        answers.append(
            [
                called(application, environ(emulator, path, REQUEST_METHOD=verb))
                for path in ("/locations", "//locations/", "/services/hostedservices/none", "/%2e%2e/x", "/nothing")
                for verb in ("GET", "get", "POST", "HEAD", "OPTIONS", "BREW")
            ]
        )
    assert answers[0] == answers[1]


def test_a_server_is_served_without_flask_until_somebody_asks_for_the_application() -> None:
    emulator = Emulator(certificates=[MINE], pace="manual")
    given = environ(Emulator(certificates=[MINE]), "/locations") | {"wsgi.input_terminated": True}
    first = called(emulator.wsgi, dict(given))
    assert "app" not in vars(emulator) and first[0] == "200 OK"
    seen: list[str] = []
    emulator.app.after_request(lambda answer: seen.append(answer.status) or answer)
    second = called(emulator.wsgi, dict(given))
    assert seen == ["200 OK"] and first[2] == second[2]


def test_a_server_that_does_not_say_that_bodies_are_whole_is_served_by_flask(emulator: Emulator) -> None:
    assert called(emulator.wsgi, environ(emulator, "/locations"))[0] == "200 OK"
    assert "app" in vars(emulator)


def test_statuses_are_worded_as_flask_words_them() -> None:
    codes = {200, 201, 202, 307, *(one.status for one in ERRORS.values()), *(one.status for one in Reason)}
    assert {code: status_text(code) for code in codes} == {code: Response(status=code).status for code in codes}


def test_a_body_that_is_not_whole_is_refused_as_flask_does(emulator: Emulator) -> None:
    given = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": "100", "wsgi.input": io.BytesIO(b"<Create")}
    way: Any = emulator.app.wsgi_app
    short = called(way, environ(emulator, "/services/hostedservices", **given))
    given["wsgi.input"] = io.BytesIO(b"<Create")
    assert short[0] == "400 BAD REQUEST"
    assert short == called(way.flask, environ(emulator, "/services/hostedservices", **given))


def test_hooks_that_somebody_adds_are_called(emulator: Emulator) -> None:
    called(emulator.app, environ(emulator, "/locations"))
    seen: list[str] = []
    emulator.app.after_request(lambda answer: seen.append(answer.status) or answer)
    emulator.app.teardown_request(lambda _: seen.append("torn down"))
    assert called(emulator.app, environ(emulator, "/locations"))[0] == "200 OK"
    assert seen == ["200 OK", "torn down"]


def test_a_cut_answer_cuts_both_ways(emulator: Emulator) -> None:
    from asm_emulator.server import DropConnection

    emulator.faults.add(faults.Rule(id="cut", fault=faults.Drop(when=faults.AFTER), times=None))
    way: Any = emulator.app.wsgi_app
    for application in (way, way.flask):
        with pytest.raises(DropConnection):
            called(application, environ(emulator, "/locations"))


def test_all_short_ways_can_be_closed() -> None:
    code = (
        "from asm_emulator.emulator import Emulator; from asm_emulator.app import ShortWay; one = Emulator();"
        "print(isinstance(one.app.wsgi_app, ShortWay), one.service.answers is None)"
    )
    found = {
        value: subprocess.run(
            [sys.executable, "-c", code], env={PLAIN: value}, capture_output=True, text=True, check=True
        ).stdout.split()
        for value in ("", "1")
    }
    assert found == {"": ["True", "False"], "1": ["False", "True"]}
