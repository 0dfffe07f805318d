"""What is wrong with a set-up, and how to mend it.

Each check looks at one thing and tells what it found; none changes anything.
"""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from asm_emulator.hosting import announced

LEAST_BITS: Final = 2048
"""RSA bits that today's OpenSSL takes at its usual security level."""
PATIENCE: Final = 10.0
"""Seconds for a program that is tried."""
SOON: Final = timedelta(days=7)
RELEASED: Final = datetime(2024, 1, 1, tzinfo=UTC)
"""No machine on which this runs has an earlier time."""

TRUST: Final = {
    "REQUESTS_CA_BUNDLE": "Python (requests, the official SDK)",
    "SSL_CERT_FILE": "Go, OpenSSL, Ruby and Python's own ssl",
    "CURL_CA_BUNDLE": "curl",
    "NODE_EXTRA_CA_CERTS": "Node",
}
"""The variables by which clients are told whom to trust."""
BY_HAND: Final = {
    "REQUESTS_CA_BUNDLE": "by hand: session.verify = {ca!r}, or export REQUESTS_CA_BUNDLE={ca}",
    "SSL_CERT_FILE": "by hand: export SSL_CERT_FILE={ca}; in Go set tls.Config.RootCAs, for openssl say -CAfile {ca}",
    "CURL_CA_BUNDLE": "by hand: curl --cacert {ca}",
    "NODE_EXTRA_CA_CERTS": "by hand: export NODE_EXTRA_CA_CERTS={ca} before node starts, or the option ca of https",
}
"""How to have each kind of client trust a CA without `asm-emulator env`."""
PROGRAMS: Final = {
    "curl": ("CURL_CA_BUNDLE", ["curl", "--silent", "--show-error", "--max-time", "5", "{endpoint}/"]),
    "openssl": (
        "SSL_CERT_FILE",
        ["openssl", "s_client", "-brief", "-verify_return_error", "-servername", "{host}", "-connect", "{host}:{port}"],
    ),
    "node": (
        "NODE_EXTRA_CA_CERTS",
        [
            "node",
            "-e",
            "const it = require('https').get(process.argv[1], () => process.exit(0));"
            "it.on('error', (problem) => { console.error(problem.message); process.exit(1); });",
            "{endpoint}/",
        ],
    ),
}
"""Programs that are tried where they are installed, the variable by which each trusts, and how it connects."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; `mend` is what to do about a problem."""

    ok: bool
    what: str
    mend: str = ""


def examine(
    certs: Path, port: int, control_port: int, environ: Mapping[str, str] | None = None, now: datetime | None = None
) -> Iterator[Finding]:
    """Every check, in the order in which to mend."""
    environ = os.environ if environ is None else environ
    now = now or datetime.now(UTC)
    yield machine_clock(now)
    yield from certificates(certs, now)
    running = announced(certs)
    if running:
        answering = answers(str(running.get("endpoint", "")), certs / "ca.pem")
        yield answering
    else:
        yield Finding(True, f"no emulator runs with the certificates in {certs}; asm-emulator serve starts one")
        for name, number in (("API", port), ("control plane", control_port)):
            yield port_is_free(name, number)
    trusting = list(trust(certs / "ca.pem", environ))
    yield from trusting
    if running and answering.ok:
        # Whoever is told not to trust it needs no try.
        told = " ".join(one.what for one in trusting if not one.ok)
        yield from programs(str(running.get("endpoint", "")), environ, but=told)
    yield from proxies(environ, str(running.get("endpoint", "")) or f"https://localhost:{port}")


def machine_clock(now: datetime) -> Finding:
    """Whether the machine's time can be true: certificates depend on it."""
    if now < RELEASED:
        return Finding(False, f"the machine's clock says {now:%Y-%m-%d}", "set the clock: no certificate is valid yet")
    return Finding(True, f"the machine's clock says {now:%Y-%m-%d %H:%M} UTC")


def certificates(certs: Path, now: datetime) -> Iterator[Finding]:
    """Whether the files are there, valid and strong enough."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import rsa

    if not (certs / "ca.pem").exists():
        yield Finding(True, f"there are no certificates in {certs} yet; they are made by the first start")
        return
    for name, role in (("ca.pem", "CA"), ("server.pem", "server's"), ("management.pem", "management")):
        path = certs / name
        try:
            found = x509.load_pem_x509_certificate(path.read_bytes())
        except (OSError, ValueError) as problem:
            yield Finding(False, f"the {role} certificate cannot be read: {problem}", f"delete {path}; it is made anew")
            continue
        if now < found.not_valid_before_utc:
            yield Finding(
                False,
                f"the {role} certificate is valid from {found.not_valid_before_utc:%Y-%m-%d %H:%M} only",
                "the machine's clock is behind, or was ahead when it was made: set it, then delete the directory "
                f"{certs}",
            )
        elif found.not_valid_after_utc < now + SOON:
            yield Finding(
                False, f"the {role} certificate ends at {found.not_valid_after_utc:%Y-%m-%d %H:%M}",
                f"delete {path} and start the emulator again: it makes a new one",
            )  # fmt: skip
        else:
            yield Finding(True, f"the {role} certificate is valid until {found.not_valid_after_utc:%Y-%m-%d}")
        key = found.public_key()
        if isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_BITS:
            yield Finding(
                False,
                f"the {role} certificate's key has {key.key_size} bits, too short for OpenSSL's security level 2",
                f"make one of {LEAST_BITS} (openssl req -newkey rsa:{LEAST_BITS} ...), or lower the level: "
                "curl --ciphers DEFAULT@SECLEVEL=1; asm_client does so by itself",
            )
        if name != "ca.pem":
            try:
                ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(
                    path, None if name == "management.pem" else certs / "server.key", password=lambda: ""
                )
            except (OSError, ssl.SSLError) as problem:
                yield Finding(
                    False, f"OpenSSL does not load {path}: {problem}", "it needs its private key, and a strong one"
                )


def answers(endpoint: str, ca: Path) -> Finding:
    """Whether what is announced answers, with a certificate of the CA."""
    parts = urlsplit(endpoint)
    try:
        context = ssl.create_default_context(cafile=str(ca))
        address = (parts.hostname or "localhost", parts.port or 443)
        with (
            socket.create_connection(address, timeout=5) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname),
        ):
            return Finding(True, f"the emulator at {endpoint} answers")
    except ssl.SSLError as problem:
        return Finding(
            False, f"TLS with {endpoint} fails: {problem.reason or problem}", f"trust {ca}, and no older one"
        )
    except OSError as problem:
        return Finding(
            False, f"the emulator at {endpoint} does not answer: {problem}",
            "it was killed: start it again (asm-emulator serve)",
        )  # fmt: skip


def port_is_free(name: str, number: int) -> Finding:
    """Whether somebody else listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError as problem:
            option = "--port" if name == "API" else "--control-port"
            return Finding(
                False, f"the {name}'s port {number} cannot be had: {problem.strerror}",
                f"stop what has it, or choose another one: serve {option} 0 takes any",
            )  # fmt: skip
    return Finding(True, f"the {name}'s port {number} is free")


def trust(ca: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Whether each kind of client is told to trust the CA."""
    try:
        wanted = _bodies(ca.read_text())
    except (OSError, ValueError):
        return
    for name, clients in TRUST.items():
        given = environ.get(name)
        mend = f'eval "$(asm-emulator env)" sets it for this shell; {BY_HAND[name].format(ca=str(ca))}'
        if not given:
            yield Finding(False, f"{clients}: the CA is not trusted, {name} is not set", mend)
            continue
        try:
            trusted = _bodies(Path(given).read_text())
        except (OSError, ValueError) as problem:
            yield Finding(False, f"{clients}: {name} names {given}, which cannot be read: {problem}", mend)
            continue
        if wanted <= trusted:
            yield Finding(True, f"{clients}: the CA is trusted by {name}")
        else:
            yield Finding(False, f"{clients}: the CA is not trusted, it is not in {given} ({name})", mend)


def programs(endpoint: str, environ: Mapping[str, str], but: str = "") -> Iterator[Finding]:
    """Whether programs of this machine reach a running emulator with what the environment tells them.

    but: those whose variable is named in this text are not tried
    """
    parts = urlsplit(endpoint)
    words = {"endpoint": endpoint, "host": parts.hostname or "localhost", "port": parts.port or 443}
    for name, (variable, command) in PROGRAMS.items():
        if variable in but or shutil.which(name, path=environ.get("PATH", "")) is None:
            continue
        tried = [one.format(**words) if "{" in one and one.endswith(("}", "/")) else one for one in command]
        try:
            done = subprocess.run(
                tried, env=dict(environ), stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                timeout=PATIENCE, check=False,
            )  # fmt: skip
            said = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
            reached = done.returncode == 0
        except (OSError, subprocess.TimeoutExpired) as problem:
            reached, said = False, [str(problem)]
        if reached:
            yield Finding(True, f"{name} reaches the emulator")
        else:
            mend = "look at the proxy below and at the options of its own configuration files"
            yield Finding(False, f"{name} does not reach the emulator: {said[0]}", mend)


def proxies(environ: Mapping[str, str], endpoint: str) -> Iterator[Finding]:
    """Whether clients would ask a proxy for the emulator."""
    host = urlsplit(endpoint).hostname or "localhost"
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        proxy = environ.get(name)
        if not proxy:
            continue
        spared = [one.strip() for one in (environ.get("NO_PROXY") or environ.get("no_proxy") or "").split(",")]
        if host in spared or "*" in spared:
            yield Finding(True, f"{name} is set, and {host} is excepted")
        elif (urlsplit(proxy).hostname or "") in ("127.0.0.1", "localhost"):
            node = environ.get("NODE_USE_ENV_PROXY")
            yield Finding(True, f"{name} is {proxy}, on this machine, as asm-emulator exec sets it")
            if not node:
                yield Finding(
                    False, "Node's own fetch goes past the proxy", "set NODE_USE_ENV_PROXY=1 (Node 24 and newer)"
                )
        else:
            yield Finding(
                False, f"{name} sends what is for {host} to {proxy}", f"export NO_PROXY={host},127.0.0.1"
            )  # fmt: skip
        return
    yield Finding(True, "no proxy is set")


def _bodies(pem: str) -> set[str]:
    """The certificates of a PEM file, without what is between them."""
    pieces = pem.split("-----BEGIN CERTIFICATE-----")[1:]
    return {"".join(piece.partition("-----END")[0].split()) for piece in pieces}
