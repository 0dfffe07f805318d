"""A history of calls as scripts that make it again: one in Python (standard library only), one for curl."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from asm_contracts.suite.azure import Azure

_KEPT: Final = frozenset({"x-ms-version", "content-type", "if-match"})
"""Headers that mean something to the service."""

_HEAD: Final = '''\
import http.client, ssl, sys, time
from urllib.parse import urlsplit

ENDPOINT, CERTIFICATE, CA = sys.argv[1:4]  # https://HOST:PORT management.pem ca.pem
context = ssl.create_default_context(cafile=CA)
context.load_cert_chain(CERTIFICATE)


def send(verb, path, headers, body, expected):
    """Send a request as it was sent, and say where the answer is another."""
    connection = http.client.HTTPSConnection(urlsplit(ENDPOINT).netloc, context=context)
    connection.request(verb, path, body.encode() or None, {**headers, "Content-Length": str(len(body.encode()))})
    answer = connection.getresponse()
    text = answer.read().decode()
    print(verb, path, answer.status, "" if answer.status == expected else f"(it was {expected})")
    if answer.status != expected or verb == "GET":
        print(text)


def passes(seconds):
    """Time that the history let pass: on a service whose time the tests move, move it; here, wait."""
    time.sleep(seconds)


'''


@dataclass(slots=True)
class Tape:
    """What a history has sent, and how long it waited in between."""

    events: list[tuple[str, str, dict[str, str], bytes, int] | float] = field(default_factory=list)

    def hear(
        self,
        verb: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        status: int,
        _answered: Mapping[str, str],
        _answer: bytes,
    ) -> None:
        """Keep a request and the status that it was answered with."""
        kept = {name: str(value) for name, value in headers.items() if name.lower() in _KEPT}
        self.events.append((verb, path, kept, body, status))

    def passed(self, by: timedelta) -> None:
        """Keep time that was let pass."""
        if self.events and isinstance(self.events[-1], float):
            self.events[-1] += by.total_seconds()
        else:
            self.events.append(by.total_seconds())

    def clear(self) -> None:
        """A new history begins."""
        self.events.clear()

    def attach(self, azure: Azure) -> bool:
        """Listen to what the service is told; False if its driver cannot be heard."""
        listen = getattr(azure.driver, "listen", None)
        if listen is None:
            return False
        listen(self.hear)
        azure.tell_time(self.passed)
        return True

    def essential(self) -> list[tuple[str, str, dict[str, str], bytes, int] | float]:
        """Everything that changed something or took time, and what was looked at after the last change."""
        changes = [number for number, one in enumerate(self.events) if isinstance(one, float) or one[0] != "GET"]
        last = changes[-1] if changes else -1
        found: list[tuple[str, str, dict[str, str], bytes, int] | float] = []
        for number, one in enumerate(self.events):
            if isinstance(one, float):
                if found and isinstance(found[-1], float):
                    one += found.pop()  # type: ignore[operator]
                found.append(one)
            elif (one[0] != "GET" or number > last) and one not in found[-1:]:
                found.append(one)
        return found

    def python(self) -> str:
        """The script in Python; its arguments are endpoint, certificate and CA."""
        lines = [_HEAD]
        for one in self.essential():
            if isinstance(one, float):
                lines.append(f"passes({one:g})\n")
            else:
                verb, path, headers, body, status = one
                lines.append(f"send({verb!r}, {path!r}, {headers!r}, {body.decode('utf-8', 'replace')!r}, {status})\n")
        return "".join(lines)

    def curl(self) -> str:
        """The script for a shell; its arguments are endpoint, certificate and CA."""
        lines = ["#!/bin/sh", "# ENDPOINT CERTIFICATE CA", 'ENDPOINT="$1" CERT="$2" CA="$3"']
        lines += ['ask() { curl -sS --cert "$CERT" --cacert "$CA" "$@"; echo; }']
        for one in self.essential():
            if isinstance(one, float):
                lines.append(f"sleep {one:g}  # time that the history let pass")
                continue
            verb, path, headers, body, status = one
            words = ["ask", "-X", verb]
            for name, value in headers.items():
                words += ["-H", shlex.quote(f"{name}: {value}")]
            if body or verb in ("POST", "PUT"):
                words += ["--data-binary", shlex.quote(body.decode("utf-8", "replace"))]
            lines.append(" ".join([*words, '"$ENDPOINT"' + shlex.quote(path), f"  # {status}"]))
        return "\n".join(lines) + "\n"

    def both(self) -> str:
        """Both scripts, for the report of a failure."""
        return (
            f"This history fails. In Python (replay.py ENDPOINT CERTIFICATE CA):\n\n{self.python()}\n"
            f"With curl (replay.sh ENDPOINT CERTIFICATE CA):\n\n{self.curl()}"
        )
