"""The request log: bounded, and without what nobody may read."""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator
from asm_emulator.log import Entry, RequestLog, kept_body, kept_headers, kept_query
from asm_emulator.redaction import HIDDEN
from asm_emulator.redaction_raw import readable

SECRET = "Pa$$w0rd-that-nobody-may-read"
ENTRY = Entry(
    serial=0, request_id="x", time=datetime(2015, 1, 1, tzinfo=UTC), took=0.001, verb="GET", path="/", query="",
    subscription="sub", operation=None, thumbprint=None, address=None, request_headers={}, request_body="",
    request_length=0, status=200, response_headers=(), response_body=b"", response_length=0,
)  # fmt: skip


def test_it_keeps_so_many_and_no_more() -> None:
    log = RequestLog(3)
    for number in range(10):
        log.add(replace(ENTRY, request_id=str(number), serial=log.next_serial()))
    assert [(one.request_id, one.serial) for one in log.entries()] == [("7", 8), ("8", 9), ("9", 10)]
    log.clear("other")
    assert len(log.entries()) == 3
    log.clear("sub")
    assert log.entries() == ()


def test_it_is_bounded_in_size_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asm_emulator.log.TOTAL", 1000)
    log = RequestLog(100)
    for _ in range(50):
        log.add(replace(ENTRY, response_body=b"x" * 300))
    assert len(log.entries()) == 3
    log.add(replace(ENTRY, response_body=b"x" * 5000))
    assert len(log.entries()) == 1


def test_none_are_kept_of_a_log_without_room() -> None:
    log = RequestLog(0)
    log.add(ENTRY)
    assert log.entries() == ()


BODIES = {
    "linux": "<LinuxProvisioningConfigurationSet><UserName>me</UserName><UserPassword>{}</UserPassword>",
    "windows": "<AdminPassword>{}</AdminPassword>",
    "prefixed": '<a:AdminPassword xmlns:a="x" b="c" >{}</a:AdminPassword>',
    "cdata": "<AdminPassword><![CDATA[{}]]></AdminPassword>",
    "unclosed": "<CreateHostedService><Password>{}",
    "unclosed cdata": "<Password><![CDATA[{}",
    "custom data": "<CustomData>{}</CustomData>",
    "pfx": "<CertificateFile><Data>{}</Data><CertificateFormat>pfx</CertificateFormat></CertificateFile>",
    "half a pfx": "<CertificateFile><Data>{}</Data><Certif",
    "private": "<ResourceExtensionParameterValue><Key>k</Key><Value>{}</Value><Type>Private</Type>"
    "</ResourceExtensionParameterValue>",
    "private, another order": "<ResourceExtensionParameterValue><Type>private</Type><Value>{}</Value>"
    "</ResourceExtensionParameterValue>",
    "extension": "<PrivateConfiguration>{}</PrivateConfiguration>",
    "signature": "<MediaLink>https://a.blob.core.windows.net/b/c?sv=1&amp;sig={}</MediaLink>",
    "json": '{{"adminPassword": "{}", "name": "x"}}',
    "half a json": '{{"adminPassword": "{}',
    "no text at all": "\x01\x02{}",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_secrets_are_not_kept(body: str, encoding: str) -> None:
    shown = kept_body(body.format(SECRET).encode(encoding))
    assert SECRET not in shown
    assert SECRET.encode("utf-16-le").decode("latin-1") not in shown


def test_the_rest_is_kept_as_it_was() -> None:
    body = b'<A xmlns="x"><UserName>me</UserName>\r\n<Password i:nil="true"/><Key>k</Key><Data>d</Data></A>'
    assert readable(body) == body.decode()
    public = (
        "<ResourceExtensionParameterValue><Key>k</Key><Value>v</Value><Type>Public</Type>"
        "</ResourceExtensionParameterValue>"
    )
    assert readable(public.encode()) == public
    assert readable(BODIES["windows"].format("x").encode()) == f"<AdminPassword>{HIDDEN}</AdminPassword>"


def test_headers_and_queries() -> None:
    assert kept_headers({"authorization": SECRET, "x-ms-version": "1"}) == {
        "authorization": HIDDEN,
        "x-ms-version": "1",
    }
    assert kept_query(f"a=1&sig={SECRET}&b=2") == f"a=1&sig={HIDDEN}&b=2"


CREATE = (
    b'<CreateHostedService xmlns="http://schemas.microsoft.com/windowsazure"><ServiceName>taken</ServiceName>'
    b"<Label>YQ==</Label><Location>West US</Location></CreateHostedService>"
)


def send(emulator: Emulator, verb: str, path: str, body: bytes = b"") -> dict[str, Any]:
    """A request straight into the application, and what the log tells of it."""
    emulator.app.test_client().open(
        f"/{emulator.subscription}{path}",
        method=verb,
        data=body,
        headers={"x-ms-version": "2014-10-01", "Content-Type": "application/xml"},
        environ_overrides={"asm.peer_certificate": certificate("log")},
    )
    (found,) = emulator.control.list_requests(last=1)
    return emulator.control.get_request(found["id"])


def test_every_refusal_says_why_and_how_we_know() -> None:
    emulator = Emulator(certificates=[certificate("log")], pace="manual")
    send(emulator, "POST", "/services/hostedservices", CREATE)
    conflict = send(emulator, "POST", "/services/hostedservices", CREATE)
    assert conflict["why"]["rule"] == "Create a hosted service.  Its name is unique in the whole cloud."
    assert [one["kind"] for one in conflict["why"]["evidence"]] == ["quoted"]
    for verb, path, body in (
        ("GET", "/services/hostedservices/nowhere", b""),
        ("POST", "/services/hostedservices", b"<Spoilt"),
        ("POST", "/services/hostedservices", b"<Other/>"),
        ("TRACE", "/services/hostedservices", b""),
        ("GET", "/services/nothing/of/the/kind", b""),
    ):
        refused = send(emulator, verb, path, body)
        assert refused["code"] and refused["why"]["rule"], refused
        assert refused["why"]["evidence"], refused["why"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<Other/>", "the root is Other, not CreateHostedService"),
        (b"<Label>a & b</Label>", "it is not well-formed at line 1, column 10"),
        (b"<P>secret&hunter2;</P>", "it is not well-formed at line 1, column 18"),
        (CREATE.replace(b"<Label>", b"<Label>!"), "wrong base64"),
    ],
    ids=["root", "unescaped", "no part of a secret", "value"],
)
def test_a_body_that_cannot_be_read_is_explained(body: bytes, says: str) -> None:
    emulator = Emulator(certificates=[certificate("log")], pace="manual")
    refused = send(emulator, "POST", "/services/hostedservices", body)
    assert (refused["code"], refused["why"]["rule"]) == ("InvalidXmlRequest", f"The body cannot be read: {says}.")
    assert refused["why"]["evidence"]


def test_all_headers_are_kept() -> None:
    emulator = Emulator(certificates=[certificate("log")], pace="manual")
    headers = send(emulator, "POST", "/services/hostedservices", CREATE)["request"]["headers"]
    assert headers["content-type"] == "application/xml"
    assert headers["content-length"] == str(len(CREATE))
    assert headers["x-ms-version"] == "2014-10-01"


ODD = {
    "behind a comment": "<AdminPassword><!-- x -->{}</AdminPassword>",
    "behind an instruction": "<AdminPassword><?x?>{}</AdminPassword>",
    "inside an element": "<AdminPassword><b>{}</b></AdminPassword>",
    "behind an odd attribute": '<AdminPassword x="/>">{}</AdminPassword>',
    "behind an odder attribute": '<AdminPassword x="<">{}</AdminPassword>',
    "behind a dotted prefix": "<a.b-c:AdminPassword>{}</a.b-c:AdminPassword>",
    "a site's certificate": "<SiteCertificate><PfxBlob>{}</PfxBlob></SiteCertificate>",
    "a machine key": "<MachineKey><DecryptionKey>{}</DecryptionKey></MachineKey>",
    "a connection string": "<Description>DefaultEndpointsProtocol=https;AccountKey={};x=y</Description>",
    "an address": "<Uri>https://user:{}@host/</Uri>",
    "an attribute": '<publishProfile userName="x" userPWD="{}" />',
    "escapes in a name": '{{"admin\\u0050assword": "{}"}}',
    "a header of a job": '{{"headers": {{"Authorization": "Basic {}"}}}}',
    "an escaped quotation mark": '{{"password": "\\"{}"}}',
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_secrets_are_not_kept_however_they_stand(body: str) -> None:
    assert SECRET not in kept_body(body.format(SECRET).encode())


def test_the_settings_of_a_service_configuration_are_looked_into() -> None:
    plain = (
        '<ServiceConfiguration><Setting name="a" value="x" /><Setting name="{}" value="{}" /></ServiceConfiguration>'
    )
    body = "<ChangeConfiguration><Configuration>{}</Configuration></ChangeConfiguration>"

    def kept(name: str, value: str) -> str:
        shown = kept_body(body.format(base64.b64encode(plain.format(name, value).encode()).decode()).encode())
        return base64.b64decode(shown.partition("<Configuration>")[2].partition("<")[0]).decode()

    assert kept("colour", "green") == plain.format("colour", "green")
    assert kept("StorageKey", SECRET) == plain.format("StorageKey", HIDDEN)
    assert SECRET not in kept("Diagnostics", f"AccountName=x;AccountKey={SECRET}")


def test_passwords_in_a_query_are_not_kept() -> None:
    assert kept_query(f"servername=x&password={SECRET}&reqId=1") == f"servername=x&password={HIDDEN}&reqId=1"


@pytest.mark.parametrize(
    "piece",
    [
        "<aPassword ",
        "<Password>",
        "<SharedKey><Value></SharedKey>",
        "Password",
        '{"password":',
        '"password',
        '\\"',
        "://a:",
        "pwd=",
        "<a:",
    ],
)
def test_a_body_is_gone_over_once_whatever_is_in_it(piece: str) -> None:
    """Twice as much takes about twice as long: what is quadratic takes minutes for so much."""
    for start in ("<", "{"):
        begun = time.process_time()
        kept_body((start + piece * (200_000 // len(piece))).encode())
        assert time.process_time() - begun < 5
