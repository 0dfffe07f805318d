"""Witnesses that never saw our declarations: recorded bodies of the real service and of its clients.

Every recorded request of a declared operation must be read as the emulator reads requests, and every recorded answer
must come out of the codec as it went in.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_origin
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import pytest

from asm_contracts.atom import Entry, Feed
from asm_contracts.catalogue import all_operations
from asm_contracts.codec import atom, netcfg, xml
from asm_contracts.codec import json as json_codec
from asm_contracts.dialect import SCHEDULER_JOBS
from asm_contracts.errors import ServiceError
from asm_contracts.operation import Operation, split_path
from asm_emulator.router import Router

RECORDINGS = Path(__file__).parents[3] / "shared" / "wire" / "corpus"
pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not beside the repository")

ROUTER = Router(all_operations())

UNREADABLE_REQUESTS = {"create_namespace": "its document travels in an Atom entry, which another codec opens"}
"""Operations whose recorded requests are not read by this codec, and why."""

_SITES = "their elements came and went between the recordings of 2013 and 2015; what one lacks is read as its default"
DIFFERENT_ANSWERS = dict.fromkeys(
    ("create_site", "get_site", "list_sites", "update_site", "get_site_configuration", "list_webspaces"), _SITES
)
"""Operations whose recorded answers do not survive the codec, and why that is right."""

_SEVENTH = re.compile(r"(T\d\d:\d\d:\d\d\.\d{6})\d(?=Z|<)")
_INDENT = re.compile(r">\s+<")


def exchanges() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every recorded exchange, with where it is from."""
    for file in sorted(RECORDINGS.glob("*/*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            found = json.loads(line)
            yield f"{file.stem}#{found['index']}", found


def operation_of(found: dict[str, Any]) -> Operation | None:
    """The declared operation of an exchange; None for one that is not declared."""
    path, _, query = found["path"].partition("?")
    segments = split_path(path)
    if segments[:1] != ("{sub}",):
        return None
    parameters = {name.lower(): value for name, value in parse_qsl(query, keep_blank_values=True)}
    body = (found.get("request_body") or "").encode()
    try:
        root = xml.root_name(body)[1] if body.strip().startswith(b"<") else None
    except xml.MalformedDocument:
        root = None
    try:
        candidates = ROUTER.candidates(segments[1:])
        return ROUTER.choose(candidates, found["method"], parameters, root)
    except ServiceError:
        return None


def canonical(data: bytes | str) -> str:
    """The canonical form of XML, whatever prefixes and indentation.

    Times have six decimals here and seven there: the seventh does not count.
    """
    text = data.decode() if isinstance(data, bytes) else data
    text = _INDENT.sub("><", _SEVENTH.sub(r"\1", text.strip().lstrip("\ufeff")))
    return ElementTree.canonicalize(_decimals(text), rewrite_prefixes=True)


def _decimals(text: str) -> str:
    """The same with times whose fraction has no zeros at its end."""
    return re.sub(r"(T\d\d:\d\d:\d\d\.\d*?)0+(?=Z)", r"\1", text).replace(".Z<", "Z<")


def summary(problems: dict[str, list[str]]) -> str:
    """The first problem of every operation."""
    return "\n".join(f"{name} ({len(found)}): {found[0]}" for name, found in sorted(problems.items()))


def test_every_recorded_request_is_read() -> None:
    problems: dict[str, list[str]] = defaultdict(list)
    read = 0
    for where, found in exchanges():
        operation = operation_of(found)
        body = found.get("request_body") or ""
        if operation is None or operation.body is None or not found.get("request_body_known") or found["status"] >= 400:
            continue
        if not body.strip().startswith("<"):
            continue
        try:
            xml.decode(operation.body, body.encode(), strict=True, root=operation.root)
            read += 1
        except xml.MalformedDocument as problem:
            problems[operation.name].append(f"{where}: {problem}")
    unexpected = {name: found for name, found in problems.items() if name not in UNREADABLE_REQUESTS}
    assert not unexpected, summary(unexpected)
    assert read > 100


def test_every_recorded_answer_comes_out_as_it_went_in() -> None:
    problems: dict[str, list[str]] = defaultdict(list)
    same = 0
    for where, found in exchanges():
        operation = operation_of(found)
        body = found.get("response_body") or ""
        if operation is None or not operation.answers_document or not 200 <= found["status"] < 300:
            continue
        if not body.lstrip("\ufeff").startswith("<"):
            continue
        try:
            value = xml.read(operation.returns, xml.parse(body.encode()))
            if canonical(xml.encode(value)) == canonical(body):
                same += 1
                continue
            problems[operation.name].append(f"{where}: {difference(canonical(xml.encode(value)), canonical(body))}")
        except (xml.MalformedDocument, TypeError, ValueError) as problem:
            problems[operation.name].append(f"{where}: {problem}")
    unexpected = {name: found for name, found in problems.items() if name not in DIFFERENT_ANSWERS}
    assert not unexpected, summary(unexpected)
    assert same > 500


def successes() -> Iterator[tuple[str, Operation, str]]:
    """Every recorded success with a body of a declared operation."""
    for where, found in exchanges():
        operation = operation_of(found)
        body = (found.get("response_body") or "").lstrip("\ufeff")
        if operation is not None and body.strip() and 200 <= found["status"] < 300:
            yield where, operation, body


def test_every_recorded_entry_and_feed_comes_out_as_it_went_in() -> None:
    same = 0
    for where, operation, body in successes():
        if get_origin(operation.returns) in (Entry, Feed):
            out = canonical(atom.encode(atom.decode(operation.returns, body.encode())))
            assert out == canonical(body), f"{where}: {difference(out, canonical(body))}"
            same += 1
    assert same > 20


def test_every_recorded_json_answer_comes_out_as_it_went_in() -> None:
    same = 0
    for where, operation, body in successes():
        if operation.answers_document and not body.startswith("<"):
            value = json_codec.decode(operation.returns, body.encode())
            # Which way times are written a client says in a header, which the recordings do not have.
            numbered, camel = "/Date(" in body, operation.dialect is SCHEDULER_JOBS
            out = json_codec.encode(value, camel=camel, numbered_times=numbered)
            assert json.loads(out) == json.loads(body), where
            same += 1
    assert same > 20


def test_every_recorded_network_configuration_comes_out_as_it_went_in() -> None:
    same = 0
    for where, operation, body in successes():
        if operation.name == "get_network_configuration":
            out = canonical(netcfg.write(netcfg.read(body.encode())))
            assert out == canonical(body), f"{where}: {difference(out, canonical(body))}"
            same += 1
    assert same > 5


def test_nothing_recorded_is_left_out() -> None:
    """Every success with a body is one that a test here reads, but for the two kinds that are bytes to us."""
    left = {
        operation.name
        for _, operation, body in successes()
        if not operation.answers_document and get_origin(operation.returns) not in (Entry, Feed)
    }
    assert left <= {"get_network_configuration", "get_publish_profile_xml"}


def difference(ours: str, theirs: str) -> str:
    """The surroundings of the first character in which two texts differ."""
    place = next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    begin = max(0, place - 60)
    return f"ours ...{ours[begin : place + 60]!r}, recorded ...{theirs[begin : place + 60]!r}"
