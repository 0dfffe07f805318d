"""What the front agrees to in a handshake, tried one by one, and how far its other doors are open."""

from __future__ import annotations

import os
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from docs.figures import Figure
from OpenSSL import SSL
from tests.hostile.abuse import ASKED, Victim, read_answer, victim

WEAK: Final = re.compile(r"NULL|EXP|RC4|RC2|DES|MD5|ADH|AECDH|anon|PSK|SRP|IDEA|SEED", re.IGNORECASE)
"""Suites that nobody may be given."""


def versions(target: Victim) -> dict[str, bool]:
    """Every protocol, and whether it is spoken: the old ones by hand, for today's libraries no longer know them."""
    found = {"SSL 3.0": _greets(target, 0), "TLS 1.0": _greets(target, 1), "TLS 1.1": _greets(target, 2)}
    for name, version in (("TLS 1.2", ssl.TLSVersion.TLSv1_2), ("TLS 1.3", ssl.TLSVersion.TLSv1_3)):
        with target.tls(target.context(version)) as sock:
            sock.sendall(ASKED)
            found[name] = read_answer(sock)[0] == 200
    return found


def _greets(target: Victim, minor: int) -> bool:
    suites = b"\xc0\x13\xc0\x14\x00\x2f\x00\x35\x00\x0a\x00\x05"
    hello = bytes([3, minor]) + os.urandom(32) + b"\0" + len(suites).to_bytes(2, "big") + suites + b"\1\0"
    message = b"\1" + len(hello).to_bytes(3, "big") + hello
    with target.tcp() as sock:
        sock.sendall(b"\x16" + bytes([3, min(minor, 1)]) + len(message).to_bytes(2, "big") + message)
        answer = sock.recv(100)
    return answer[:1] == b"\x16"  # a handshake goes on, where an alert would end it


def suites(target: Victim) -> list[str]:
    """The suites of TLS 1.2 that are agreed to, each offered alone."""
    everything = SSL.Context(SSL.TLS_CLIENT_METHOD)
    everything.set_cipher_list(b"ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    names = SSL.Connection(everything, None).get_cipher_list()
    return [name for name in names if not name.startswith("TLS_") and _agrees(target, name)]


def _agrees(target: Victim, name: str) -> bool:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_max_proto_version(SSL.TLS1_2_VERSION)
    context.set_cipher_list(f"{name}:@SECLEVEL=0".encode())
    sock = target.tcp()
    sock.setblocking(True)
    connection = SSL.Connection(context, sock)
    connection.set_connect_state()
    try:
        connection.do_handshake()
        return connection.get_cipher_name() == name
    except SSL.Error:
        return False
    finally:
        sock.close()


def compression(target: Victim) -> str | None:
    """What is compressed with, if anything is."""
    with target.tls() as sock:
        return sock.compression()


def figures() -> list[Figure]:
    """Everything about the handshake."""
    with victim() as target:
        spoken, agreed = versions(target), suites(target)
        packed = compression(target)
    weak = [name for name in agreed if WEAK.search(name)]
    secret = [name for name in agreed if "DHE" in name]
    right = spoken == {"SSL 3.0": False, "TLS 1.0": False, "TLS 1.1": False, "TLS 1.2": True, "TLS 1.3": True}
    return [
        Figure("protocols", ", ".join(name for name, yes in spoken.items() if yes), "TLS 1.2 and 1.3 alone", right, "see the raw numbers", dict(spoken)),
        Figure(
            "suites of TLS 1.2", f"{len(agreed)}, {len(secret)} of them with forward secrecy", "none of NULL, export, anonymous, RC4, DES, MD5",
            not weak, f"agrees to {', '.join(weak)}", {"agreed to": " ".join(agreed)},
        ),
        Figure("compression", packed or "none", "none", packed is None, "is compressed"),
        *_tests(),
    ]  # fmt: skip


def _tests() -> Iterator[Figure]:
    """What the tests of access have shown in a run of their own."""
    for what, places in (
        ("no request with a certificate of one subscription reads or changes another one, for every operation", "tests/hostile/test_tenancy.py"),
        ("secrets and keys are in no log, page, listing, difference, record or report", "tests/hostile/test_secrets.py tests/emulator/test_request_log.py"),
        ("revoked certificates, foreign hosts and origins, and what `exec` lets out", "tests/hostile/test_access.py"),
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", "2", *places.split()],
            capture_output=True,
            text=True,
            check=False,
        )
        summary = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else "nothing"
        yield Figure(what, summary, "all pass", done.returncode == 0, "the tests say what failed")


__all__ = ["figures", "suites", "versions"]
