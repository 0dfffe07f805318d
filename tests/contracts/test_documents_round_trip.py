"""Every document class survives its encoding, and every operation's address finds its way back."""

from __future__ import annotations

import importlib
import pkgutil
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import asm_contracts.areas
from asm_contracts.catalogue import all_operations
from asm_contracts.codec import xml
from asm_contracts.document import is_document
from asm_contracts.operation import Operation, split_path
from asm_contracts.suite.strategies import arguments, documents
from asm_contracts.versions import LATEST
from asm_emulator.router import Router, arguments_of

QUICK = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # shrinking large documents takes long, and says little
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


ROUTER = Router(all_operations())
HOST_LABELS = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
"""First labels of host names; the case of a host's name is nobody's business."""


def document_classes() -> list[type]:
    """Every document class of every area."""
    found = {}
    modules = [importlib.import_module(f"asm_contracts.{name}") for name in ("roles", "vocabulary")]
    modules += [
        importlib.import_module(f"asm_contracts.areas.{one.name}")
        for one in pkgutil.iter_modules(asm_contracts.areas.__path__)
    ]
    for module in modules:
        for thing in vars(module).values():
            if is_document(thing):
                found[f"{thing.__module__}.{thing.__qualname__}"] = thing
    return [found[name] for name in sorted(found)]


@pytest.mark.parametrize("cls", document_classes(), ids=lambda cls: cls.__name__)
def test_a_document_comes_back_as_it_was(cls: type) -> None:
    @QUICK
    @given(documents(cls))
    def check(value: object) -> None:
        data = xml.encode(value, LATEST)
        # Lenient is how clients read, strict how the emulator does; both read the same.
        assert xml.decode(type(value), data) == value
        assert xml.decode(type(value), data, strict=True) == value

    check()


@pytest.mark.parametrize("operation", all_operations(), ids=lambda one: one.name)
def test_an_address_leads_back_to_its_operation(operation: Operation) -> None:
    of_host = operation.template.host.holes if operation.template.host is not None else ()

    @QUICK
    @given(arguments(operation), HOST_LABELS)
    def check(given_arguments: dict[str, object], label: str) -> None:
        given_arguments = {**given_arguments, **dict.fromkeys(of_host, label)}
        host = ROUTER.host(operation.host(given_arguments) or "management.example")
        path, _, query = operation.address(given_arguments).partition("?")
        parameters = {name.lower(): value for name, value in parse_qsl(query, keep_blank_values=True)}
        segments = split_path(path)
        found = ROUTER.candidates(segments, bare=operation.template.bare, host=host)
        chosen = ROUTER.choose(found, operation.verb, parameters, operation.root)
        assert chosen is operation
        assert arguments_of(chosen, segments, found.values, parameters) == given_arguments

    check()


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_bytes_break_the_parser(data: bytes) -> None:
    try:
        xml.parse(data)
    except xml.MalformedDocument:
        pass
