"""Bodies that take a parser apart, or would like to: each must be refused, quickly and in little memory.

``python -m tests.hostile.bombs --child 5`` answers them in a process of its own and says what each took.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import gc
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from asm_contracts.catalogue import all_operations
from asm_contracts.operation import Operation
from asm_contracts.versions import LATEST

MEGABYTE: Final = 1 << 20
ROOM: Final = MEGABYTE - 2048
"""A body may have a megabyte: what fits into that is what matters."""
NAMESPACE: Final = 'xmlns="http://schemas.microsoft.com/windowsazure"'
MOST_MEMORY: Final = 20 * MEGABYTE
MOST_TIME: Final = 0.05
REPEATS: Final = 5
"""Times are the best of so many."""


@dataclass(frozen=True, slots=True)
class Bomb:
    """One body, and which operation it is sent to."""

    name: str
    operation: str
    body: bytes


def _group(inside: str = "", before: str = "", attributes: str = "") -> str:
    label = "bGFiZWw="
    return (
        f"{before}<CreateAffinityGroup {NAMESPACE}{attributes}><Name>bomb</Name><Label>{label}</Label>{inside}"
        "<Location>West US</Location></CreateAffinityGroup>"
    )


def _fill(piece: str, most: int = ROOM) -> str:
    return piece * ((most - 1000) // len(piece.encode()))


def _laughs(levels: int = 12, each: int = 10) -> str:
    lines = ['<!ENTITY a0 "ha">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * each}">' for n in range(1, levels)]
    return f"<!DOCTYPE CreateAffinityGroup [{''.join(lines)}]>"


def xml_bombs() -> list[Bomb]:
    """Everything, by name."""
    doctype = "<!DOCTYPE CreateAffinityGroup "
    texts: dict[str, str | bytes] = {
        "billion laughs": _group("<Description>&a11;</Description>", _laughs()),
        "billion laughs in an attribute": _group("", _laughs(), ' x="&a11;"'),
        "quadratic blowup": _group(
            f"<Description>{'&a;' * 150_000}</Description>", f'{doctype}[<!ENTITY a "{"a" * 500_000}">]>'
        ),
        "recursive entity": _group("<Description>&a;</Description>", f'{doctype}[<!ENTITY a "&b;"><!ENTITY b "&a;">]>'),
        "external entity, file": _group("<Description>&a;</Description>", f'{doctype}[<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        "external entity, network": _group("<Description>&a;</Description>", f'{doctype}[<!ENTITY a SYSTEM "http://127.0.0.1:9/">]>'),
        "external entity, endless device": _group("<Description>&a;</Description>", f'{doctype}[<!ENTITY a SYSTEM "file:///dev/zero">]>'),
        "external document type": _group("", f'{doctype}SYSTEM "file:///etc/passwd">'),
        "public document type": _group("", f'{doctype}PUBLIC "-//X" "http://127.0.0.1:9/x.dtd">'),
        "parameter entity": _group("", f'{doctype}[<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>'),
        "parameter entities, many": _group("", doctype + "[" + _fill('<!ENTITY % a "x"> ', 500_000) + "]>"),
        "entity declarations, many": _group("", doctype + "[" + "".join(f'<!ENTITY e{n} "x">' for n in range(40_000)) + "]>"),
        "attribute defaults": _group("", doctype + "[<!ATTLIST CreateAffinityGroup " + "".join(f'a{n} CDATA "x" ' for n in range(30_000)) + ">]>"),
        "bare document type": _group("", f"{doctype}>"),
        "unknown entity": _group("<Description>&nobody;</Description>"),
        "deep nesting": "<a>" * 140_000 + "</a>" * 140_000,
        "deep nesting inside": _group("<a>" * 130_000 + "</a>" * 130_000),
        "deep nesting, never closed": "<a>" * (ROOM // 3),
        "deep nesting, with namespaces": "".join(f'<a xmlns="urn:{n}">' for n in range(40_000)),
        "huge attribute": _group("<Name/>", "", f' x="{"a" * ROOM}"'[:ROOM]) + "<",
        "huge attribute, never closed": f'<CreateAffinityGroup {NAMESPACE} x="' + "a" * ROOM,
        "many attributes": _group("<Name/>", "", "".join(f' a{n}=""' for n in range(90_000))),
        "the same attribute": _group("", "", ' a="1" a="2"'),
        "many namespaces": _group("<Name/>", "", "".join(f' xmlns:n{n}="u"' for n in range(50_000))),
        "many prefixes, used": _group("".join(f'<p:a xmlns:p="u{n}"/>' for n in range(30_000)) + "<Name/>"),
        "a namespace taken back": _group('<Name xmlns="">other</Name>'),
        "reserved prefix": _group("", "", ' xmlns:xml="urn:x"'),
        "xmlns bound": _group("", "", ' xmlns:xmlns="urn:x"'),
        "undeclared prefix": _group("<p:x/>"),
        "prefixed root in another namespace": '<p:CreateAffinityGroup xmlns:p="urn:x"><Name>bomb</Name></p:CreateAffinityGroup>',
        "huge name": f"<{'a' * ROOM}/>",
        "huge text": _group(f"<Description>{'a' * (ROOM - 2000)}</Description><Name/>"),
        "huge text in a number": _group("<Name/>") .replace("bomb", "9" * 500_000),
        "huge comment": _group("<Name/>", f"<!--{'a' * ROOM}-->"[:ROOM]),
        "many comments": _group(_fill("<!---->") + "<Name/>"),
        "huge processing instruction": _group("<Name/>", f"<?x {'a' * (ROOM - 2000)}?>"),
        "many processing instructions": _group(_fill("<?x?>") + "<Name/>"),
        "huge CDATA": _group(f"<Description><![CDATA[{'a' * (ROOM - 2000)}]]></Description><Name/>"),
        "many CDATA sections": _group(f"<Description>{_fill('<![CDATA[]]>')}</Description><Name/>"),
        "many character references": _group(f"<Description>{_fill('&#97;')}</Description><Name/>"),
        "huge character reference": _group(f"<Description>&#{'9' * 500_000};</Description>"),
        "many siblings": _group(_fill("<a/>") + "<Name/>"),
        "many elements of the document": _group(_fill("<Description/>")),
        "duplicate element": _group("<Name>other</Name>"),
        "reordered elements": f"<CreateAffinityGroup {NAMESPACE}><Location>West US</Location><Label>bGFiZWw=</Label><Name>bomb</Name></CreateAffinityGroup>",
        "mixed content": _group("text between elements"),
        "an element in a value": _group("<Description>a<b/>c</Description>"),
        "two roots": _group() + _group(),
        "inclusion": _group('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/><Name/>'),
        "huge base64": _group("<Name/>").replace("bGFiZWw=", "YWFh" * 200_000),
        "wrong base64": _group().replace("bGFiZWw=", "*" * 500_000),
        "UTF-7": b"<?xml version='1.0' encoding='utf-7'?>" + _group().replace("<", "+ADw-").encode(),
        "EBCDIC": b"<?xml version='1.0' encoding='ebcdic-cp-us'?>" + _group().encode(),
        "UTF-32": _group().encode("utf-32"),
        "an encoding that it is not": b"<?xml version='1.0' encoding='utf-16'?>" + _group().encode(),
        "unknown encoding": b"<?xml version='1.0' encoding='klingon'?>" + _group().encode(),
        "half a surrogate": _group().encode().replace(b"bomb", b"\xed\xa0\x80"),
        "overlong UTF-8": _group().encode().replace(b"bomb", b"\xc0\xaf"),
        "NUL": _group().encode().replace(b"bomb", b"b\x00mb"),
        "huge declaration": f"<?xml version='1.0' {' ' * (ROOM - 3000)}?>" + _group("<Name/>"),
        "only space": " " * ROOM,
        "only bytes": bytes(range(256)) * (ROOM // 256),
    }  # fmt: skip
    found = [
        Bomb(name, "create_affinity_group", (text.encode() if isinstance(text, str) else text)[:MEGABYTE])
        for name, text in texts.items()
    ]
    return found + _elsewhere()


def _elsewhere() -> list[Bomb]:
    """The other ways in: network and service configurations, JSON, Atom, certificates."""
    network = "http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration"
    laughs = _laughs().replace("CreateAffinityGroup", "NetworkConfiguration")
    service = f"{_laughs().replace('CreateAffinityGroup', 'ServiceConfiguration')}<ServiceConfiguration>&a11;</ServiceConfiguration>"
    deep = "<a>" * 90_000 + "</a>" * 90_000
    pfx = _rounds(2**31 - 1)
    many = _many_rounds()

    def configured(text: str) -> bytes:
        inner = base64.b64encode(text.encode()).decode()
        return f"<ChangeConfiguration {NAMESPACE}><Configuration>{inner}</Configuration></ChangeConfiguration>".encode()

    def certificate(data: bytes) -> bytes:
        inner = base64.b64encode(data).decode()
        return (
            f"<CertificateFile {NAMESPACE}><Data>{inner}</Data><CertificateFormat>pfx</CertificateFormat>"
            "<Password>x</Password></CertificateFile>"
        ).encode()

    return [
        Bomb("network configuration: billion laughs", "set_network_configuration",
             f'{laughs}<NetworkConfiguration xmlns="{network}">&a11;</NetworkConfiguration>'.encode()),
        Bomb("network configuration: deep nesting", "set_network_configuration", deep.encode()),
        Bomb("network configuration: many siblings", "set_network_configuration",
             f'<NetworkConfiguration xmlns="{network}">{_fill("<a/>")}</NetworkConfiguration>'.encode()),
        Bomb("service configuration: billion laughs", "change_deployment_configuration", configured(service)),
        Bomb("service configuration: deep nesting", "change_deployment_configuration", configured(deep)),
        Bomb("certificate: 2 billion rounds", "add_service_certificate", certificate(pfx)),
        Bomb("certificate: many times a million rounds", "add_service_certificate", certificate(many)),
        Bomb("certificate: nested without length", "add_service_certificate", certificate(b"\x30\x80" * 300_000)),
        Bomb("certificate: nested octets", "add_service_certificate", certificate(b"\x24\x80" * 300_000)),
        Bomb("certificate: bytes", "add_service_certificate", certificate(bytes(range(256)) * 2900)),
        Bomb("JSON: deep nesting", "create_job", b"[" * ROOM),
        Bomb("JSON: deep objects", "create_job", b'{"action":' * 100_000),
        Bomb("JSON: huge number", "create_job", b'{"recurrence":{"count":' + b"9" * 900_000 + b"}}"),
        Bomb("JSON: huge exponent", "create_job", b'{"recurrence":{"count":1e999999999}}'),
        Bomb("JSON: many keys", "create_job", b"{" + b",".join(b'"k%d":0' % n for n in range(80_000)) + b"}"),
        Bomb("JSON: half a surrogate", "create_job", b'{"id":"\\ud800","action":{"type":"\\udfff"}}'),
        Bomb("JSON: UTF-16", "create_job", '{"action":{}}'.encode("utf-16")),
        Bomb("Atom: billion laughs", "create_queue", _laughs().replace("CreateAffinityGroup", "entry").encode() + b"<entry>&a11;</entry>"),
        Bomb("Atom: deep nesting", "create_queue", b"<entry xmlns='http://www.w3.org/2005/Atom'>" + deep.encode()),
    ]  # fmt: skip


def _der(tag: int, *parts: bytes) -> bytes:
    value = b"".join(parts)
    size = len(value)
    length = bytes([size]) if size < 128 else b"\x84" + size.to_bytes(4, "big")
    return bytes([tag]) + length + value


def _rounds(rounds: int) -> bytes:
    """A PKCS#12 whose MAC wants so many rounds of key derivation."""
    number = _der(2, rounds.to_bytes(5, "big"))
    data = _der(0x30, bytes.fromhex("06092a864886f70d010701"), _der(0xA0, _der(4, _der(0x30))))
    digest = _der(0x30, _der(0x30, bytes.fromhex("06052b0e03021a0500")), _der(4, b"\x00" * 20))
    return _der(0x30, _der(2, b"\x03"), data, _der(0x30, digest, _der(4, b"saltsalt"), number))


def _many_rounds(each: int = 1_000_000) -> bytes:
    """A PKCS#12 with thousands of encrypted parts, each of which wants what a single one may."""
    algorithm = _der(
        0x30,
        bytes.fromhex("060a2a864886f70d010c0103"),
        _der(0x30, _der(4, b"saltsalt"), _der(2, each.to_bytes(4, "big"))),
    )
    content = _der(0x30, bytes.fromhex("06092a864886f70d010701"), algorithm, _der(0x80, b"\x00" * 16))
    part = _der(0x30, bytes.fromhex("06092a864886f70d010706"), _der(0xA0, _der(0x30, _der(2, b"\x00"), content)))
    safe = _der(0x30, part * 4000)
    data = _der(0x30, bytes.fromhex("06092a864886f70d010701"), _der(0xA0, _der(4, safe)))
    digest = _der(0x30, _der(0x30, bytes.fromhex("06052b0e03021a0500")), _der(4, b"\x00" * 20))
    return _der(0x30, _der(2, b"\x03"), data, _der(0x30, digest, _der(4, b"saltsalt"), _der(2, b"\x01")))


# -- what they take ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Took:
    """What came of one."""

    name: str
    status: int
    seconds: float
    memory: int
    """Bytes by which the process was at its largest larger than before."""
    length: int


def measure(repeats: int = REPEATS, timeout: float = 300.0) -> list[Took]:
    """Answer all of them in a process of its own, by which what libraries take counts too.  RuntimeError if it dies."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.bombs", "--child", str(repeats)], capture_output=True, text=True, timeout=timeout, check=False
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"ended with {done.returncode}: {done.stderr[-2000:]}")
    return [Took(**one) for one in json.loads(done.stdout)]


def can_measure() -> bool:
    """Whether this system tells a process how large it was at its largest, and lets it start anew."""
    return Path("/proc/self/clear_refs").exists()


def _child(repeats: int) -> None:
    from tests.fuzz.range import Range
    from tests.fuzz.shots import good_shot

    place = Range()
    operations = {one.name: one for one in all_operations()}
    found: list[dict[str, Any]] = []
    for bomb in [*xml_bombs()[:1], *xml_bombs()]:  # the first one warms everything up
        operation = operations[bomb.operation]
        wire = _aimed(operation, place, bomb.body, good_shot)
        gc.collect()
        _give_back()
        before = _size("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")
        status = place.fire(wire, bomb.operation, 0)
        memory = _size("VmHWM") - before
        times = []
        for _ in range(repeats):
            begun = time.perf_counter()
            place.fire(wire, bomb.operation, 0)
            times.append(time.perf_counter() - begun)
            if times[-1] > 1:
                break
        found.append(
            {"name": bomb.name, "status": status, "seconds": min(times), "memory": memory, "length": len(bomb.body)}
        )
    sys.stdout.write(json.dumps(found[1:]))


def _aimed(operation: Operation, place: Any, body: bytes, good_shot: Any) -> bytes:
    from dataclasses import replace

    shot = good_shot(operation, place.emulator.subscription, place.good[operation.name][0].arguments)
    wire: bytes = replace(shot, body=body, headers=((b"x-ms-version", LATEST.encode()),)).wire()
    return wire


def _give_back() -> None:
    """Have the allocator return what is free, so that what is taken next shows."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _size(what: str) -> int:
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith(what + ":"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    _child(int(sys.argv[2]))
