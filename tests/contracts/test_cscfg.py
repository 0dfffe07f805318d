"""Service configurations: read, refused, and changed in place."""

from __future__ import annotations

import codecs
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.growing import growth

from asm_contracts.codec import cscfg

HEAD = f'<ServiceConfiguration xmlns="{cscfg.NAMESPACE}">'
TEXT = (
    f"<!-- ü <Role name='A'><Instances count='9'/></Role> -->\r\n<x:ServiceConfiguration serviceName='S' osFamily=' 4 '"
    f" xmlns:x='{cscfg.NAMESPACE}'>\r\n"
    "\t<x:Role name='A &amp; >'><x:Instances note=' count=\"7\"' count = \"2\"  />\r\n"
    "\t\t<x:ConfigurationSettings><x:Setting name='k' value='v &lt;'/><x:Setting name='empty' />"
    "</x:ConfigurationSettings>"
    "\t\t<x:Certificates><x:Certificate name='c' thumbprint='abcd' thumbprintAlgorithm='sha1'/></x:Certificates>"
    "</x:Role><x:Role name='ü'><x:Instances count='1'></x:Instances></x:Role>"
    "<x:NetworkConfiguration><x:VirtualNetworkSite name='net'/><x:AddressAssignments><x:ReservedIPs>"
    "<x:ReservedIP name='ip'/></x:ReservedIPs></x:AddressAssignments></x:NetworkConfiguration></x:ServiceConfiguration>"
)
ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with a mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "utf-16 little": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16 big": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_reading(encoding: str) -> None:
    found = cscfg.read(ENCODINGS[encoding](TEXT))
    assert found == cscfg.ServiceConfiguration(
        service_name="S",
        os_family="4",
        os_version="*",
        roles=(
            cscfg.RoleConfiguration(
                name="A & >", instances=2, settings=(("k", "v <"), ("empty", "")), certificates=(("c", "ABCD"),)
            ),
            cscfg.RoleConfiguration(name="ü", instances=1),
        ),
        virtual_network="net",
        reserved_ip="ip",
    )
    assert found.role("a & >") is found.roles[0]
    assert found.role("other") is None


def test_subnets_of_roles() -> None:
    text = (
        '<ServiceConfiguration serviceName="S" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/'
        'ServiceConfiguration"><Role name="A"><Instances count="1"/></Role><NetworkConfiguration><AddressAssignments>'
        '<InstanceAddress roleName="A"><Subnets><Subnet name="one"/><Subnet name="two"/></Subnets></InstanceAddress>'
        "</AddressAssignments></NetworkConfiguration></ServiceConfiguration>"
    )
    assert cscfg.read(text.encode()).subnets == (("A", "one"), ("A", "two"))
    for missing in (' roleName="A"', ' name="two"'):
        with pytest.raises(cscfg.MalformedConfiguration):
            cscfg.read(text.replace(missing, "").encode())


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_numbers_change_and_every_other_byte_stays(encoding: str) -> None:
    data = ENCODINGS[encoding](TEXT)
    changed = cscfg.with_instances(data, {"a & >": 123, "Ü": 45})
    wanted = TEXT.replace('count = "2"', 'count = "123"').replace("count='1'", "count='45'")
    assert changed == ENCODINGS[encoding](wanted)
    assert cscfg.with_instances(data, {}) == data
    assert [role.instances for role in cscfg.read(changed).roles] == [123, 45]


def test_a_family_is_assumed() -> None:
    found = cscfg.read(f'{HEAD}<Role name="r"><Instances count="1"/></Role></ServiceConfiguration>'.encode())
    assert (found.service_name, found.os_family, found.os_version) == ("", "1", "*")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no element found"),
        (b"\xff\xff", "not well-formed"),
        (b"<ServiceConfiguration/>", "the root is ServiceConfiguration"),
        (f'<Other xmlns="{cscfg.NAMESPACE}"/>'.encode(), "the root is"),
        (f"{HEAD}</ServiceConfiguration>".encode(), "there is no role"),
        (f"<!DOCTYPE x [<!ENTITY e 'e'>]>{HEAD}</ServiceConfiguration>".encode(), "declaration is not allowed"),
        (f"<?xml version='1.0' encoding='cp037'?>{HEAD}</ServiceConfiguration>".encode(), "cp037 is not allowed"),
        (f"<?xml version='1.0' encoding='nope'?>{HEAD}</ServiceConfiguration>".encode(), "nope is not allowed"),
        (f"{HEAD}<Role><Instances count='1'/></Role></ServiceConfiguration>".encode(), "Role has no name"),
        (f"{HEAD}<Role name='a'/></ServiceConfiguration>".encode(), "says not how many"),
        (f"{HEAD}<Role name='a'><Instances/></Role></ServiceConfiguration>".encode(), "Instances has no count"),
        (f"{HEAD}<Role name='a'><Instances count='1.5'/></Role></ServiceConfiguration>".encode(), "nine digits"),
        (f"{HEAD}<Role name='a'><Instances count='{'9' * 10}'/></Role></ServiceConfiguration>".encode(), "nine digits"),
        (
            f"{HEAD}<Role name='a'><Instances count='1'/><Instances count='2'/></Role></ServiceConfiguration>".encode(),
            "one number of instances",
        ),
        (
            (HEAD + "<Role name='a'><Instances count='1'/></Role>" * 2 + "</ServiceConfiguration>").encode(),
            "is there twice",
        ),
    ],
)
def test_what_is_no_configuration(data: bytes, reason: str) -> None:
    with pytest.raises(cscfg.MalformedConfiguration, match=reason):
        cscfg.read(data)


def test_an_unknown_role_cannot_be_counted() -> None:
    with pytest.raises(cscfg.MalformedConfiguration, match="there is no role other"):
        cscfg.with_instances(TEXT.encode(), {"Other": 1})


def _roles(count: int) -> str:
    return "".join(f"<Role name='r{number}'><Instances count='1'/></Role>" for number in range(count))


def _settings(count: int) -> str:
    settings = "".join(f"<Setting name='{number}' value=''/>" for number in range(count))
    return f"<Role name='r'><Instances count='1'/><ConfigurationSettings>{settings}</ConfigurationSettings></Role>"


def _depth(count: int) -> str:
    return "<Role name='r'><Instances count='1'/>" + "<a>" * count + "</a>" * count + "</Role>"


def _file(inside: str) -> bytes:
    return f"{HEAD}{inside}</ServiceConfiguration>".encode()


@pytest.mark.parametrize(("inside", "most"), [(_roles, 6_000), (_settings, 6_000)])
def test_reading_takes_time_in_proportion(inside: Callable[[int], str], most: int) -> None:
    """Up to as much as is read: a square would be 256 times as long, a line is 16 times."""
    small, large = _file(inside(most // 16)), _file(inside(most))
    assert growth(lambda: cscfg.read(small), lambda: cscfg.read(large)) < 64


@pytest.mark.parametrize(("inside", "count"), [(_depth, 100), (_depth, 100_000), (_roles, 20_000), (_settings, 20_000)])
def test_more_than_any_file_has_is_refused(inside: Callable[[int], str], count: int) -> None:
    with pytest.raises(cscfg.MalformedConfiguration, match=r"too many|too deeply"):
        cscfg.read(_file(inside(count)))


def test_counting_every_role_takes_time_in_proportion() -> None:
    def counted(roles: int) -> Callable[[], bytes]:
        data, counts = _file(_roles(roles)), {f"r{number}": 2 for number in range(roles)}
        return lambda: cscfg.with_instances(data, counts)

    assert counted(500)().count(b"count='2'") == 500
    assert growth(counted(250), counted(4_000)) < 64


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(cscfg.MalformedConfiguration):
        cscfg.read(data)
