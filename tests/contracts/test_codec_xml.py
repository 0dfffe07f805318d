"""The wire codec: recorded byte forms, three states of an element, strict and lenient reading, hostile input."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from tests.growing import growth

from asm_contracts.codec import xml
from asm_contracts.document import (
    DATA_CONTRACT,
    NIL,
    SERIALIZATION,
    Base64,
    Base64Bytes,
    Nil,
    PreciseTime,
    document,
    element,
)

AZURE = "http://schemas.microsoft.com/windowsazure"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
HEAD = f'xmlns="{AZURE}" xmlns:i="{INSTANCE}"'


@document()
class Leaf:
    name: str
    value: str | Nil | None = None


@document(namespace=DATA_CONTRACT)
class Foreign:
    name: str


@document(discriminator="Kind")
class Animal:
    kind: str | None = None


@document(tag="BarkingAnimal")
class Dog(Animal):
    loud: bool | None = None


@document(tag="PurringAnimal")
class Cat(Animal):
    lives: int | None = None


@document()
class Tree:
    title: str | None = None
    note: str | Nil | None = None
    count: int | None = None
    flag: bool | None = None
    moment: datetime | None = None
    precise: PreciseTime | None = None
    secret: Base64 | None = None
    data: Base64Bytes | None = None
    leaf: Leaf | None = None
    leaves: tuple[Leaf, ...] | None = None
    words: tuple[str, ...] | None = element(default=None, item="Word")
    animals: tuple[Animal, ...] | None = None
    foreign: tuple[Foreign, ...] | None = None
    later: str | None = element(default=None, since="2014-06-01")
    loose: str | None = element(default=None, anywhere=True)


@document()
class Leaves:
    items: tuple[Leaf, ...] = element(default=(), flat=True)


@document(name="string", namespace=SERIALIZATION)
class Text:
    pass


def body(inside: str, root: str = "Tree", head: str = HEAD) -> bytes:
    return f"<{root} {head}>{inside}</{root}>".encode()


def strict(inside: str) -> Tree:
    return xml.decode(Tree, body(inside), strict=True)


# -- writing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "inside"),
    [
        (Tree(title="a"), "<Title>a</Title>"),
        (Tree(title=""), "<Title/>"),
        (Tree(title=" a  b "), "<Title> a  b </Title>"),
        (Tree(note=NIL), '<Note i:nil="true"/>'),
        (Tree(title="<&>\"'"), "<Title>&lt;&amp;&gt;\"'</Title>"),
        (Tree(title="\r\n\t"), "<Title>&#xD;\n\t</Title>"),
        (Tree(title="ü日𝒜"), "<Title>ü日𝒜</Title>"),
        (Tree(title="a\x00b\x1fc\ufffe"), "<Title>a\ufffdb\ufffdc\ufffd</Title>"),
        (Tree(count=-7), "<Count>-7</Count>"),
        (Tree(flag=True), "<Flag>true</Flag>"),
        (Tree(flag=False), "<Flag>false</Flag>"),
        (Tree(secret="Grüße"), "<Secret>R3LDvMOfZQ==</Secret>"),
        (Tree(secret=""), "<Secret/>"),
        (Tree(data=b"\x00\xff"), "<Data>AP8=</Data>"),
        (Tree(leaves=()), "<Leaves/>"),
        (Tree(leaves=(Leaf(name="a"),)), "<Leaves><Leaf><Name>a</Name></Leaf></Leaves>"),
        (Tree(words=("a", "")), "<Words><Word>a</Word><Word/></Words>"),
        (Tree(leaf=Leaf(name="", value=NIL)), '<Leaf><Name/><Value i:nil="true"/></Leaf>'),
        (
            Tree(animals=(Dog(kind="BarkingAnimal", loud=True), Animal())),
            '<Animals><Animal i:type="Dog"><Kind>BarkingAnimal</Kind><Loud>true</Loud></Animal><Animal/></Animals>',
        ),
        (
            Tree(foreign=(Foreign(name="a"),)),
            f'<Foreign><Foreign xmlns:a="{DATA_CONTRACT}"><a:Name>a</a:Name></Foreign></Foreign>',
        ),
    ],
)
def test_byte_forms(value: Tree, inside: str) -> None:
    assert xml.encode(value) == body(inside)


def test_an_empty_document_has_the_namespaces_in_the_recorded_order() -> None:
    assert xml.encode(Tree()) == f"<Tree {HEAD}/>".encode()
    assert xml.encode(Text()) == f'<string xmlns="{SERIALIZATION}"/>'.encode()


def test_there_is_no_declaration_no_mark_and_no_line_end() -> None:
    data = xml.encode(Tree(title="a", leaves=(Leaf(name="b"),)))
    assert data.startswith(b"<Tree ") and b"\n" not in data and b"<?" not in data


def test_elements_stand_in_the_order_declared_whatever_the_callers() -> None:
    assert xml.encode(Tree(flag=True, title="a")) == xml.encode(Tree(title="a", flag=True))
    assert xml.encode(Tree(flag=True, title="a")) == body("<Title>a</Title><Flag>true</Flag>")


def test_a_base_class_has_its_elements_first() -> None:
    assert b"<Kind>x</Kind><Lives>9</Lives>" in xml.encode(Tree(animals=(Cat(lives=9, kind="x"),)))


@pytest.mark.parametrize(("version", "there"), [("2014-05-01", False), ("2014-06-01", True), ("2017-01-01", True)])
def test_an_element_is_dropped_for_versions_before_it(version: str, there: bool) -> None:
    assert (b"<Later>" in xml.encode(Tree(later="x"), version)) == there


@pytest.mark.parametrize(
    ("moment", "plain", "precise"),
    [
        (datetime(2015, 7, 2, 2, 2, 28, tzinfo=UTC), "2015-07-02T02:02:28Z", "2015-07-02T02:02:28Z"),
        (datetime(2015, 7, 2, 2, 2, 28, 120000, UTC), "2015-07-02T02:02:28Z", "2015-07-02T02:02:28.12Z"),
        (datetime(1, 1, 2, tzinfo=UTC), "0001-01-02T00:00:00Z", "0001-01-02T00:00:00Z"),
        (
            datetime(2015, 7, 2, 1, 0, 0, 1, timezone(timedelta(hours=2))),
            "2015-07-01T23:00:00Z",
            "2015-07-01T23:00:00.000001Z",
        ),
    ],
)
def test_times(moment: datetime, plain: str, precise: str) -> None:
    found = xml.encode(Tree(moment=moment, precise=moment)).decode()
    assert f"<Moment>{plain}</Moment><Precise>{precise}</Precise>" in found


def test_another_root_for_the_same_type() -> None:
    data = xml.encode(Leaf(name="a"), root="Branch")
    assert data == f"<Branch {HEAD}><Name>a</Name></Branch>".encode()
    assert xml.decode(Leaf, data, root="Branch") == Leaf(name="a")
    with pytest.raises(xml.MalformedDocument):
        xml.decode(Leaf, data)


# -- reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reading", [True, False], ids=["strict", "lenient"])
@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("", Tree()),
        ("<Title/>", Tree(title="")),
        ("<Title></Title>", Tree(title="")),
        ('<Note i:nil="true"/>', Tree(note=NIL)),
        ('<Note i:nil="1"/>', Tree(note=NIL)),
        ('<Note i:nil="false">x</Note>', Tree(note="x")),
        ('<Title i:nil="true"/>', Tree()),
        ("<Title>&lt;&amp;&#252;<![CDATA[<raw>]]></Title>", Tree(title="<&ü<raw>")),
        ("<!-- a remark --><Title>a<!-- b -->c</Title>", Tree(title="ac")),
        ("<Count> 12 </Count><Flag> TRUE </Flag>", Tree(count=12, flag=True)),
        ("<Flag>0</Flag>", Tree(flag=False)),
        ("<Data> AP8 = </Data>".replace("AP8 =", "AP8\n="), Tree(data=b"\x00\xff")),
        ("<Leaves/>", Tree(leaves=())),
        ("<Words><Word>a</Word><Other/><Word/></Words>", Tree(words=("a", ""))),
        ("<Unknown><Deep/></Unknown><Title>a</Title>", Tree(title="a")),
        ("<Loose>b</Loose><Title>a</Title>", Tree(title="a", loose="b")),
        ("<Moment>2015-07-02T02:02:28.5+02:00</Moment>", Tree(moment=datetime(2015, 7, 2, 0, 2, 28, 500000, UTC))),
        ("<Moment>2015-07-02</Moment>", Tree(moment=datetime(2015, 7, 2, tzinfo=UTC))),
        (
            "<Animals><Animal><Kind>barkinganimal</Kind><Loud>true</Loud></Animal></Animals>",
            Tree(animals=(Dog(kind="barkinganimal", loud=True),)),
        ),
        (
            '<Animals><Animal i:type="Cat"><Lives>9</Lives></Animal><Animal i:type="Unknown"/></Animals>',
            Tree(animals=(Cat(lives=9), Animal())),
        ),
    ],
)
def test_reading(inside: str, expected: Tree, reading: bool) -> None:
    assert xml.decode(Tree, body(inside), strict=reading) == expected


def test_prefixes_do_not_matter() -> None:
    data = f'<x:Tree xmlns:x="{AZURE}"><x:Title>a</x:Title></x:Tree>'.encode()
    assert xml.decode(Tree, data, strict=True) == Tree(title="a")


@pytest.mark.parametrize(
    "inside",
    [
        "<Flag>true</Flag><Title>a</Title>",
        "<Title>a</Title><Title>b</Title>",
        "<Loose>a</Loose><Loose>b</Loose>",
        "text<Title>a</Title>",
        "<Title>a</Title>text",
        "<Leaves>text</Leaves>",
        "<Leaf/>",
        '<Leaf><Name i:nil="true"/></Leaf>',
    ],
    ids=["order", "twice", "twice anywhere", "text before", "text after", "text in list", "missing", "nil"],
)
def test_what_only_strict_reading_refuses(inside: str) -> None:
    with pytest.raises(xml.MalformedDocument):
        strict(inside)


def test_lenient_reading_takes_any_order() -> None:
    assert xml.decode(Tree, body("<Flag>true</Flag><Title>a</Title>")) == Tree(title="a", flag=True)


@pytest.mark.parametrize(
    "inside",
    [
        "<Count>x</Count>",
        "<Count>99999999999</Count>",
        "<Count>2147483648</Count>",
        "<Count/>",
        "<Flag>maybe</Flag>",
        "<Data>*</Data>",
        "<Data>AAA</Data>",
        "<Secret>\u00fc</Secret>",
        "<Moment>soon</Moment>",
        "<Moment>2015-13-01</Moment>",
        "<Moment>2015-07-02T25:00:00Z</Moment>",
        "<Title><Deep/></Title>",
    ],
)
@pytest.mark.parametrize("reading", [True, False], ids=["strict", "lenient"])
def test_what_no_reading_takes(inside: str, reading: bool) -> None:
    with pytest.raises(xml.MalformedDocument):
        xml.decode(Tree, body(inside), strict=reading)


def test_base64_that_is_not_utf8_survives() -> None:
    found = strict("<Secret>//79</Secret>")
    assert b"<Secret>//79</Secret>" in xml.encode(found)


def test_flat_lists() -> None:
    data = body("<Leaf><Name>a</Name></Leaf><Leaf><Name>b</Name></Leaf>", "Leaves")
    assert xml.decode(Leaves, data) == Leaves(items=(Leaf(name="a"), Leaf(name="b")))
    assert xml.encode(xml.decode(Leaves, data)) == data
    assert xml.decode(Leaves, xml.encode(Leaves())) == Leaves()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"no XML",
        b"<Tree>",
        b"<Tree></Tree><Tree></Tree>",
        body("", "Bush"),
        body("", head=""),
        body("", head='xmlns="urn:other"'),
        body("&undefined;"),
        body("<Title>\x00</Title>"),
        body("<Title>&#0;</Title>"),
        b"\xff" + body(""),
        body("<Title>\xff</Title>").replace(b"\xc3\xbf", b"\xff"),
        b'<?xml version="1.0" encoding="latin-1"?>' + body(""),
        b'<?xml version="1.0" encoding="UTF-7"?>' + body(""),
        b'<?xml version="1.0" encoding="nonsense"?>' + body(""),
        b"<!DOCTYPE Tree>" + body(""),
        b'<!DOCTYPE Tree [<!ENTITY e "x">]>' + body("<Title>&e;</Title>"),
        b'<!DOCTYPE Tree [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + body("<Title>&e;</Title>"),
        b'<!DOCTYPE Tree SYSTEM "http://127.0.0.1:9/x.dtd">' + body(""),
        b'<!DOCTYPE Tree [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>' + body(""),
    ],
)
def test_strict_reading_refuses_what_is_no_such_document(data: bytes) -> None:
    with pytest.raises(xml.MalformedDocument):
        xml.decode(Tree, data, strict=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "us-ascii"])
def test_encodings_that_clients_use(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?>' + body("<Title>a</Title>").decode()
    assert xml.decode(Tree, text.encode(encoding), strict=True) == Tree(title="a")


def _refused(data: bytes) -> None:
    with pytest.raises(xml.MalformedDocument):
        xml.decode(Tree, data, strict=True)


def _bomb(levels: int) -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels + 1))
    return f'<!DOCTYPE Tree [<!ENTITY e0 "x">{entities}]>'.encode() + body(f"<Title>&e{levels};</Title>")


def test_an_entity_bomb_is_refused_at_once() -> None:
    """Three levels more would be a thousand times as much, were anything expanded."""
    small, large = _bomb(3), _bomb(11)
    assert growth(lambda: _refused(small), lambda: _refused(large)) < 64


@pytest.mark.parametrize(
    "hostile",
    [
        lambda n: b"<a>" * n + b"</a>" * n,
        lambda n: b"<a" + b"".join(b' x%d="1"' % number for number in range(n)) + b"/>",
        lambda n: b'<a x="' + b"y" * 10 * n + b'"/>',
        lambda n: b"<" + b"a" * 10 * n + b"/>",
        lambda n: b"<!--" + b"-" * 10 * n,
    ],
    ids=["deep", "attributes", "long attribute", "long name", "comment"],
)
def test_hostile_shapes_are_refused_in_proportion(hostile: Callable[[int], bytes]) -> None:
    """Up to as much as a request holds: a square would be 256 times as long, a line is 16 times."""
    small, large = hostile(6_250), hostile(100_000)
    assert growth(lambda: _refused(small), lambda: _refused(large)) < 64


def test_the_root_is_read_without_the_rest() -> None:
    assert xml.root_name(body("<Nonsense/>")) == (AZURE, "Tree")
    assert xml.root_name(b"<plain/>") == ("", "plain")
