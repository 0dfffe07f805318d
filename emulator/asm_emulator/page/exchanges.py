"""Exchanges for reading and for doing again: pretty XML, a curl command, a test."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree
from markupsafe import Markup, escape

_DROPPED: Final = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent", "accept"})
_NAMED: Final = {"\ufeff": "[BOM]", "\x00": "[NUL]"}
PRETTY: Final = 256 * 1024
"""Longer bodies are shown as they are."""


def pretty(body: str) -> str:
    """XML or JSON with indentation; anything else as it is."""
    bare = body.lstrip("\ufeff \t\r\n")
    if not bare or len(bare) > PRETTY:
        return raw(body)
    if bare.startswith("<"):
        parser = etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True, huge_tree=False)
        try:
            return etree.tostring(etree.fromstring(bare.encode(), parser), pretty_print=True, encoding="unicode")
        except (etree.XMLSyntaxError, ValueError):
            return raw(body)
    try:
        return json.dumps(json.loads(bare), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return raw(body)


_MARKUP: Final = re.compile(r"(<[^<>]*>)")
_NAMESPACE: Final = re.compile(r"(\s+xmlns(?::\w+)?=(?:\"[^\"]*\"|'[^']*'))")


def coloured(text: str) -> Markup:
    """Pretty XML with its tags marked, and the namespaces, which say the same everywhere, fainter; else the text."""
    if not text.lstrip().startswith("<") or len(text) > PRETTY:
        return escape(text)
    found = []
    for place, piece in enumerate(_MARKUP.split(text)):
        if not place % 2:
            found.append(escape(piece))
            continue
        inner = "".join(
            Markup('<span class="ns">{}</span>').format(one) if number % 2 else escape(one)
            for number, one in enumerate(_NAMESPACE.split(piece))
        )
        found.append(Markup(f'<span class="tag">{inner}</span>'))
    return Markup("").join(found)


def raw(body: str) -> str:
    """The text as it was, with what cannot be seen made visible."""
    for letter, name in _NAMED.items():
        body = body.replace(letter, name)
    return body


def curl(exchange: Mapping[str, Any], endpoint: str, settings: Mapping[str, Any]) -> str:
    """The request as a command for a shell."""
    certificates = settings.get("certs", "certs")
    words = ["curl", "--cacert", f"{certificates}/ca.pem", "--cert", f"{certificates}/management.pem"]
    if exchange["verb"] != "GET":
        words += ["-X", exchange["verb"]]
    for name, value in _headers(exchange).items():
        words += ["-H", f"{name}: {value}"]
    if exchange["request"]["body"]:
        words += ["--data-binary", exchange["request"]["body"]]
    words.append(f"{endpoint or 'https://localhost:8443'}{_target(exchange)}")
    return shlex.join(words)


def as_test(exchange: Mapping[str, Any]) -> str:
    """The request as a test that uses the pytest plugin: the same request must be answered with the same status."""
    name = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in exchange["operation"] or "it")
    target = _target(exchange).removeprefix("/" + (exchange["subscription"] or ""))
    lines = [
        f"def test_{name.lower()}(azure_classic):",
        "    answer = azure_classic.session().request(",
        f"        {exchange['verb']!r},",
        '        f"{azure_classic.endpoint}/{azure_classic.subscription}" ' + f"{target!r},",
        f"        headers={_headers(exchange)!r},",
    ]
    if exchange["request"]["body"]:
        lines.append(f"        data={exchange['request']['body']!r}.encode(),")
    lines += ["    )", f"    assert answer.status_code == {exchange['status']!r}, answer.text", ""]
    return "\n".join(lines)


def _target(exchange: Mapping[str, Any]) -> str:
    query = exchange["query"]
    return str(exchange["path"]) + (f"?{query}" if query else "")


def _headers(exchange: Mapping[str, Any]) -> dict[str, str]:
    found = {name: value for name, value in exchange["request"]["headers"].items() if name.lower() not in _DROPPED}
    if exchange["request"]["body"] and not any(name.lower() == "content-type" for name in found):
        found["Content-Type"] = "application/xml"
    return found
