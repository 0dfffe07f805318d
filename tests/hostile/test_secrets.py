"""What callers keep secret, and the keys that are made for them, are shown to nobody: not in any log, page, listing,
difference, record of an operation, error or test report.  For every operation whose documents have such elements."""

from __future__ import annotations

import base64
import dataclasses
import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from flask.testing import FlaskClient
from tests.fuzz.estate import Good, der, direct, populate
from tests.fuzz.range import exchanges
from tests.fuzz.shots import good_shot
from tests.fuzz.stories import tell

from asm_contracts.catalogue import all_operations
from asm_contracts.document import NIL, derived, elements, is_document
from asm_contracts.operation import Operation
from asm_contracts.suite.samples import arguments, minimal
from asm_emulator.control import Plane, create_control
from asm_emulator.controlling import Control
from asm_emulator.emulator import Emulator
from asm_emulator.page.views import VIEWS
from asm_emulator.testing import report

OWN: Final = der(9)
CANARY: Final = "Zx9Canary0Secret"
"""Planted in every secret element; it stands nowhere else, and nothing is made of it."""
SUSPECT: Final = re.compile(
    r"password|secret|_key\b|key_|pfx|token|private|custom_data|account_data|connection_string|sas_|credential|pwd|^content$",
    re.IGNORECASE,
)
"""Names that speak of secrets."""
PUBLIC: Final = {
    "gateway_connection_name", "gateway_connection_type", "key_name", "key_type", "public_key", "service_key",
    "private_id", "private_configuration_schema", "connection_string_name", "connection_string_names",
    "continuation_token", "key_length", "path", "key_vault_secret_name",
}  # fmt: skip
"""Names that only sound like it."""


def is_secret(attribute: str) -> bool:
    return bool(SUSPECT.search(attribute)) and attribute not in PUBLIC


def secretive(cls: Any, seen: frozenset[Any] = frozenset()) -> bool:
    """Whether a document has a secret element somewhere."""
    if not is_document(cls) or cls in seen:
        return False
    return any(
        is_secret(one.attribute) or secretive((one.type.of or one.type).python, seen | {cls})
        for kind in (cls, *derived(cls))
        for one in elements(kind)
    )


OPERATIONS: Final = [one for one in all_operations() if secretive(one.body)]
ANSWERS: Final = [
    "get_storage_account_keys", "get_namespace", "list_namespaces", "list_connection_details", "list_authorization_rules",
    "get_authorization_rule", "get_publish_profile_xml", "get_site_configuration", "get_virtual_network_gateway_shared_key",
    "regenerate_storage_account_keys", "get_site_repository", "get_site",
    "list_gateway_connections", "get_job",
]  # fmt: skip
"""Operations that hand out keys: which they may, and nobody else."""


def planted(value: Any, marks: list[str]) -> Any:
    """A document with a canary in every secret element it has, as far as its kind can hold one."""
    if isinstance(value, tuple):
        return tuple(planted(one, marks) for one in value)
    if not is_document(type(value)):
        return value
    changes: dict[str, Any] = {}
    for declared in elements(type(value)):
        held = getattr(value, declared.attribute)
        kind = declared.type.kind
        if is_secret(declared.attribute) and kind in ("text", "base64", "bytes"):
            mark = f"{CANARY}{len(marks)}aA1"
            marks.append(mark)
            changes[declared.attribute] = mark.encode() if kind == "bytes" else mark
        elif held is not None and held is not NIL:
            changes[declared.attribute] = planted(held, marks)
    return dataclasses.replace(value, **changes)


class House:
    """An emulator, and everything about it that anybody may look at."""

    def __init__(self) -> None:
        self.emulator = Emulator(certificates=[OWN], pace="manual", log_size=50)
        driver = direct(self.emulator, self.emulator.subscription, OWN)
        self.world = populate(driver, "fz")
        tell(driver, self.world)
        self.good: dict[str, list[Good]] = driver.good
        self.state, self.now = self.emulator.snapshot(), self.emulator.engine.clock.now()
        self.app: FlaskClient = create_control(Plane(self.emulator)).test_client()
        self.control = Control.within(self.emulator)
        self.sub = self.emulator.subscription

    def unheard(self, operation: Operation) -> Good:
        """A request for an operation of which there is no story: it need not take effect to be logged."""
        body = {"body": minimal(operation.body, "asmfzfresh", self.world)} if operation.body else {}
        found = arguments(operation, self.world) | body
        return Good(
            self.state, self.now, found | {key: self.world[key] for key in ("kind", "entity_name") if key in found}
        )

    def again(self, good: Good) -> None:
        self.emulator.restore(good.state)
        self.emulator.engine.clock._last = good.now  # type: ignore[attr-defined]
        self.emulator.log.clear()
        self.emulator.engine.journal.clear()

    def send(self, operation: Operation, arguments: Any) -> tuple[int, str]:
        wire = good_shot(operation, self.sub, arguments).wire()
        return next(
            (int(answer[9:12]), answer.decode("utf-8", "replace"))
            for answer, _, _ in exchanges(self.emulator, OWN, [wire])
        )

    def shown(self) -> str:
        """All that is shown."""
        control = self.control
        texts: list[Any] = [
            control.list_requests(bodies=True), control.list_operations(), control.list_snapshots(),
            control.configuration(), control.list_subscriptions(), control.diff_snapshots("before"),
        ]  # fmt: skip
        texts.append(report.exchanges(control.list_requests(bodies=True)))
        pages = [view.path for view in VIEWS if "<" not in view.path]
        ids = [one["id"] for one in control.list_requests()]
        for view in VIEWS:
            pages += [re.sub(r"<[^>]*>", one, view.path) for one in ids if "<" in view.path]
        pages.append("/page/snapshots/before")
        for path in pages:
            texts.append(self.app.get(path).get_data(as_text=True))
        begin, end = "2015-06-01T00:00:00Z", "2016-06-01T00:00:00Z"
        every = next(one for one in all_operations() if one.name == "list_subscription_operations")
        listed = {one.name: None for one in every.parameters} | {"start_time": begin, "end_time": end}
        texts.append(self.send(every, listed)[1])
        return "\n".join(one if isinstance(one, str) else json.dumps(one) for one in texts)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    yield House()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_what_is_sent_as_a_secret_is_shown_nowhere(
    house: House, operation: Operation, caplog: pytest.LogCaptureFixture
) -> None:
    for good in house.good.get(operation.name) or [house.unheard(operation)]:
        marks: list[str] = []
        body = planted(good.arguments["body"], marks)
        if not marks:
            continue
        house.again(good)
        house.emulator.take("before")
        with caplog.at_level(logging.DEBUG):
            status, answer = house.send(operation, {**good.arguments, "body": body})
            house.emulator.advance(timedelta(hours=1))
            shown = house.shown()
        if status >= 400:
            assert CANARY not in answer, "a refusal repeats a secret"
        assert_hidden(shown + caplog.text, marks)


def assert_hidden(shown: str, marks: list[str]) -> None:
    for mark in marks:
        for form in (mark, base64.b64encode(mark.encode()).decode().rstrip("=")[:-1], mark.encode().hex()):
            at = shown.find(form)
            assert at < 0, shown[max(0, at - 200) : at + 80]


@pytest.mark.parametrize("name", ANSWERS)
def test_the_keys_that_are_handed_out_are_shown_nowhere_else(
    house: House, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    operation = next(one for one in all_operations() if one.name == name)
    for good in house.good.get(name) or [house.unheard(operation)]:
        house.again(good)
        house.emulator.take("before")
        with caplog.at_level(logging.DEBUG):
            status, answer = house.send(operation, good.arguments)
            house.emulator.advance(timedelta(hours=1))
            shown = house.shown()
        assert status < 300, answer
        keys = handed_out(answer)
        assert keys or name in ("get_site", "get_job", "list_gateway_connections", "get_site_repository"), answer
        for key in keys:
            at = shown.find(key)
            assert at < 0, shown[max(0, at - 200) : at + 80]
    assert not [one for one in handed_out(answer) if one in caplog.text]


def handed_out(answer: str) -> set[str]:
    """The keys and passwords in an answer."""
    found = {one for one in re.findall(r"[A-Za-z0-9+/]{42,}={0,2}", answer) if len(one) in (44, 88)}
    found |= set(re.findall(r'userPWD="([^"]+)"', answer))
    found |= set(re.findall(r"<(?:PublishingPassword|SharedKey|Value)>([^<]{6,})</", answer))
    return found
