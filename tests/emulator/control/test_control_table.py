"""The endpoints' declarations, and everything that is made of them."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import pytest

from asm_emulator.control import ENDPOINTS, Endpoint, Refused
from asm_emulator.control.app import handler
from asm_emulator.control.openapi import document
from asm_emulator.control.table import FAULTS, SPOILS
from asm_emulator.control.terms import Field
from asm_emulator.controlling import Control
from asm_emulator.emulator import Emulator
from asm_emulator.faults import SPOILS as KNOWN_SPOILS

ids = [one.name for one in ENDPOINTS]


def test_names_and_addresses_are_unique() -> None:
    assert len({one.name for one in ENDPOINTS}) == len({(one.verb, one.path) for one in ENDPOINTS}) == len(ENDPOINTS)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=ids)
def test_every_hole_is_a_required_field(endpoint: Endpoint) -> None:
    assert all(endpoint.field(hole).required for hole in endpoint.holes)
    assert endpoint.about.endswith(".")


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=ids)
def test_every_handler_takes_what_is_declared(endpoint: Endpoint) -> None:
    signature = inspect.signature(handler(endpoint))
    _, *taken = signature.parameters.values()
    if any(one.kind is one.VAR_KEYWORD for one in taken):
        taken = [one for one in taken if one.kind is not one.VAR_KEYWORD]
        assert {one.name for one in taken} <= {field.name for field in endpoint.takes}
    else:
        assert {one.name for one in taken} == {field.name for field in endpoint.takes}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=ids)
def test_every_endpoint_is_a_method_with_the_same_arguments(endpoint: Endpoint) -> None:
    method = getattr(Control, endpoint.name)
    given = inspect.signature(method).parameters
    assert list(given)[1:] == [field.name for field in endpoint.takes] or set(list(given)[1:]) == {
        field.name for field in endpoint.takes
    }
    for field in endpoint.takes:
        assert (given[field.name].default is inspect.Parameter.empty) == field.required
    assert inspect.getdoc(method)


def test_the_words_of_faults_are_those_of_the_rules() -> None:
    from asm_emulator.control.groups.faults import _WORDS

    assert set(_WORDS.values()) == set(FAULTS)
    assert SPOILS == KNOWN_SPOILS


def test_the_openapi_file_is_what_the_emulator_serves() -> None:
    page = Path(__file__).parents[3] / "docs" / "control-openapi.json"
    assert json.loads(page.read_text()) == document()
    caller = Control.within(Emulator())
    assert caller.send("GET", "/openapi.json") == document()


def test_the_openapi_document_is_whole() -> None:
    found = document()
    operations = [one for path in found["paths"].values() for one in path.values()]
    assert sorted(one["operationId"] for one in operations) == sorted(ids)
    for one in operations:
        for response in one["responses"].values():
            if "$ref" in response:
                name = response["$ref"].rpartition("/")[2]
                assert found["components"]["responses"][name]
    for path, methods in found["paths"].items():
        holes = {piece[1:-1] for piece in path.split("/") if piece.startswith("{")}
        for one in methods.values():
            assert {p["name"] for p in one.get("parameters", ()) if p["in"] == "path"} == holes


@pytest.mark.parametrize(
    ("field", "given"),
    [
        (Field(name="x", about="", kind="integer"), 1.5),
        (Field(name="x", about="", kind="integer"), True),
        (Field(name="x", about="", kind="integer"), "1e3"),
        (Field(name="x", about="", kind="integer", least=0), -1),
        (Field(name="x", about="", kind="number", most=1), 2),
        (Field(name="x", about="", kind="number"), float("nan")),
        (Field(name="x", about="", kind="number"), "inf"),
        (Field(name="x", about="", kind="boolean"), "perhaps"),
        (Field(name="x", about="", kind="boolean"), 1),
        (Field(name="x", about=""), 3),
        (Field(name="x", about=""), "\ud800"),
        (Field(name="x", about="", kind="object"), []),
        (Field(name="x", about="", choices=("a", "b")), "c"),
        (Field(name="x", about="", required=True), None),
    ],
)
def test_a_value_that_does_not_fit_is_refused(field: Field, given: Any) -> None:
    with pytest.raises(Refused) as found:
        field.read(given)
    assert found.value.status == 400
    assert "x" in str(found.value)
