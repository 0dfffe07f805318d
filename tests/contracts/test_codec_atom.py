"""Documents in Atom entries and feeds, and the kinds of values that came with SQL and Service Bus."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asm_contracts.areas import service_bus as bus
from asm_contracts.areas import sql
from asm_contracts.atom import Entry, Feed
from asm_contracts.codec import atom, xml
from asm_contracts.document import document
from asm_contracts.suite.strategies import TEXT, documents

NOW = datetime(2015, 7, 2, 17, 25, 7, tzinfo=UTC)
QUICK = settings(max_examples=25, deadline=None, derandomize=True)
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
CONTENTS = (bus.NamespaceDescription, bus.QueueDescription, bus.SharedAccessAuthorizationRule, bus.Metric)


def entries(cls: type) -> st.SearchStrategy[Entry[Any]]:
    return st.builds(
        Entry,
        content=documents(cls),
        id=TEXT,
        title=TEXT,
        published=st.none() | MOMENTS,
        updated=MOMENTS,
        author=st.none() | TEXT,
        link=st.none() | TEXT.filter(lambda text: bool(text) and text.isprintable()),
        base=st.none() | TEXT.filter(lambda text: bool(text) and text.isprintable()),
    )


@pytest.mark.parametrize("cls", CONTENTS, ids=lambda cls: cls.__name__)
def test_entries_and_feeds_come_back_as_they_were(cls: type) -> None:
    @QUICK
    @given(entries(cls), st.lists(entries(cls), max_size=3), TEXT, TEXT, MOMENTS)
    def check(entry: Entry[Any], several: list[Entry[Any]], title: str, name: str, updated: datetime) -> None:
        assert atom.decode(Entry[cls], atom.encode(entry)) == entry  # type: ignore[valid-type]
        feed = Feed(entries=tuple(several), title=title, id=name, updated=updated)
        assert atom.decode(Feed[cls], atom.encode(feed)) == feed  # type: ignore[valid-type]

    check()


def test_odata_has_types() -> None:
    entry = Entry(content=bus.MetricValue(timestamp=NOW, min=-118, total=0), updated=NOW)
    text = atom.encode(entry).decode()
    assert '<d:Min m:type="Edm.Int64">-118</d:Min>' in text
    assert "<d:Max" not in text
    assert atom.decode(Entry[bus.MetricValue], text.encode()) == entry


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<entry/>",
        b'<entry xmlns="http://www.w3.org/2005/Atom"/>',
        b'<entry xmlns="http://www.w3.org/2005/Atom"><content>text</content></entry>',
        b'<entry xmlns="http://www.w3.org/2005/Atom"><content><a/></content><content><a/></content></entry>',
        b'<entry xmlns="http://www.w3.org/2005/Atom"><content><RegionCodeDescription/></content></entry>',
        b'<!DOCTYPE entry><entry xmlns="http://www.w3.org/2005/Atom"><content><a/></content></entry>',
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>',
    ],
)
def test_what_is_no_entry_is_malformed(data: bytes) -> None:
    with pytest.raises(xml.MalformedDocument):
        atom.decode(Entry[bus.Region], data)


def test_capital_booleans_long_numbers_and_seven_decimals() -> None:
    value = sql.Database(
        name="db", is_system_object=True, max_size_bytes=1 << 62, creation_date=NOW.replace(microsecond=103000)
    )
    text = xml.encode(value).decode()
    assert "<IsSystemObject>True</IsSystemObject>" in text
    assert f"<MaxSizeBytes>{1 << 62}</MaxSizeBytes>" in text
    assert "<CreationDate>2015-07-02T17:25:07.1030000Z</CreationDate>" in text
    assert xml.decode(sql.Database, text.encode()) == value


@pytest.mark.parametrize("text", ["9223372036854775808", "1e3", "", "1" * 40])
def test_numbers_that_are_too_long(text: str) -> None:
    data = f'<ServiceResource xmlns="http://schemas.microsoft.com/windowsazure"><MaxSizeBytes>{text}</MaxSizeBytes>'
    with pytest.raises(xml.MalformedDocument):
        xml.decode(sql.Database, (data + "</ServiceResource>").encode())


@QUICK
@given(TEXT, TEXT)
def test_attributes_survive(name: str, address: str) -> None:
    value = sql.ServerName(name=name, fully_qualified_domain_name=address)
    assert xml.decode(sql.ServerName, xml.encode(value), strict=True) == value


def test_an_attribute_stands_before_the_namespace() -> None:
    assert xml.encode(sql.ServerName(name="a", fully_qualified_domain_name='"<&>')).decode() == (
        '<ServerName FullyQualifiedDomainName="&quot;&lt;&amp;&gt;" '
        'xmlns="http://schemas.microsoft.com/sqlazure/2010/12/">a</ServerName>'
    )


def test_plain_documents_are_indented() -> None:
    @document(name="Outer", namespace="urn:x", plain=True)
    class Outer:
        """A document with documents in it."""

        inner: sql.Server | None = None
        text: str | None = None

    assert xml.encode(Outer()).decode() == '<Outer xmlns="urn:x"/>'
    assert xml.encode(Outer(text="a b\n")).decode() == '<Outer xmlns="urn:x">\n  <Text>a b\n</Text>\n</Outer>'
