"""JSON over the declarations that the XML is made from."""

from __future__ import annotations

import enum
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asm_contracts.areas import websites
from asm_contracts.codec import json
from asm_contracts.codec.xml import MalformedDocument
from asm_contracts.document import NIL, Base64Bytes, Long, Nil, PreciseTime, document, element, is_document
from asm_contracts.suite.strategies import documents

QUICK = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Mode(enum.Enum):
    FIRST = "First"
    SECOND = "Second"


@document()
class Header:
    name: str
    value: str | Nil | None = None


@document()
class Inner:
    role_name: str
    logical_size_in_gb: int | None = None


@document()
class Outer:
    name: str
    mode: Mode | None = None
    data: Base64Bytes | None = None
    flag: bool | None = None
    note: str | Nil | None = None
    size: Long | None = None
    moment: PreciseTime | None = None
    inner: Inner | None = None
    items: tuple[Inner, ...] | Nil | None = None
    headers: tuple[Header, ...] = element(default=(), mapping=True)


@document()
class Inners:
    items: tuple[Inner, ...] = element(default=(), flat=True)


@document()
class Text:
    value: str = element(content=True)


FULL = Outer(
    name="a/b",
    mode=Mode.SECOND,
    data=b"\x00\xff",
    flag=False,
    note=NIL,
    size=2**40,
    moment=datetime(2016, 11, 2, 17, 39, tzinfo=UTC),
    inner=Inner(role_name="web"),
    items=(Inner(role_name="x", logical_size_in_gb=5),),
    headers=(Header(name="content-Type", value="text/plain"),),
)


def test_what_is_written() -> None:
    assert json.encode(FULL).decode() == (
        r'{"Name":"a\/b","Mode":1,"Data":"AP8=","Flag":false,"Note":null,"Size":1099511627776,'
        r'"Moment":"2016-11-02T17:39:00Z","Inner":{"RoleName":"web"},"Items":[{"RoleName":"x","LogicalSizeInGB":5}],'
        r'"Headers":{"content-Type":"text\/plain"}}'
    )


def test_small_letters_and_numbered_times() -> None:
    text = json.encode(Outer(name="a", moment=FULL.moment), camel=True, numbered_times=True)
    assert text == rb'{"name":"a","moment":"\/Date(1478108340000)\/","headers":{}}'


def test_what_is_nothing_but_a_list_or_a_value() -> None:
    assert json.encode(Inners(items=(Inner(role_name="a"),))) == b'[{"RoleName":"a"}]'
    assert json.decode(Inners, b'[{"rolename":"a"}]') == Inners(items=(Inner(role_name="a"),))
    assert json.encode(Text(value="a")) == b'"a"'
    assert json.decode(Text, b'"a"') == Text(value="a")


@pytest.mark.parametrize("camel", [False, True])
@pytest.mark.parametrize("numbered", [False, True])
def test_what_is_written_is_read(camel: bool, numbered: bool) -> None:
    assert json.decode(Outer, json.encode(FULL, camel=camel, numbered_times=numbered)) == FULL


def test_names_in_any_case_and_what_is_unknown() -> None:
    text = b'\xef\xbb\xbf{"NAME":"a","flag":"True","Mode":"second","size":"7","Inner":null,"what":{"ever":[]}}'
    assert json.decode(Outer, text) == Outer(name="a", flag=True, mode=Mode.SECOND, size=7)


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "{", "[]", "null", "1", "{}", '{"Name":null}', '{"Name":{}}', '{"Name":"a","Flag":2}',
     '{"Name":"a","Mode":2}', '{"Name":"a","Mode":-1}', '{"Name":"a","Mode":"Third"}', '{"Name":"a","Mode":true}',
     '{"Name":"a","Size":1.5}', '{"Name":"a","Size":9223372036854775808}', '{"Name":"a","Size":Infinity}',
     '{"Name":"a","Moment":"soon"}', '{"Name":"a","Moment":"/Date(999999999999999)/"}', '{"Name":"a","Data":"*"}',
     '{"Name":"a","Inner":[]}', '{"Name":"a","Inner":{}}', '{"Name":"a","Items":{}}', '{"Name":"a","Headers":[]}',
     "[" * 100_000, '{"Name":' + "9" * 5000 + "}"],
)  # fmt: skip
def test_what_is_no_document(text: str) -> None:
    with pytest.raises(MalformedDocument):
        json.decode(Outer, text.encode())


def own_documents() -> list[Any]:
    """The documents of web sites."""
    return [one for one in vars(websites).values() if is_document(one)]


@pytest.mark.parametrize("cls", own_documents(), ids=lambda cls: cls.__name__)
def test_a_document_comes_back_as_it_was(cls: Any) -> None:
    @QUICK
    @given(documents(cls))
    def check(value: Any) -> None:
        assert json.decode(type(value), json.encode(value)) == value

    check()


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_bytes_break_the_parser(data: bytes) -> None:
    try:
        json.decode(Outer, data)
    except MalformedDocument:
        pass


def test_times_before_1970() -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) - timedelta(milliseconds=1)
    text = json.encode(Outer(name="a", moment=moment), numbered_times=True)
    assert rb"\/Date(-1)\/" in text
    assert json.decode(Outer, text).moment == moment
