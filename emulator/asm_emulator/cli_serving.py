"""The commands that start an emulator: ``serve`` and ``exec``."""

from __future__ import annotations

import argparse
import dataclasses
import gc
import os
import shlex
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asm_emulator import __version__
from asm_emulator.cli_terms import AZURE, Failure

if TYPE_CHECKING:
    from asm_emulator.hosting import Hosting
    from asm_emulator.model import Quotas
    from asm_emulator.pki import Paths


def _hosting(
    arguments: argparse.Namespace,
    directory: Path,
    host: str,
    port: int,
    control: int | None,
    endpoint: str = "",
    **kept: Any,
) -> Hosting:
    from asm_emulator import pki
    from asm_emulator.emulator import Emulator
    from asm_emulator.hosting import Hosting
    from asm_emulator.keeping import StateError
    from asm_emulator.terms import TERMS

    try:
        names = [host] if host not in ("", "0.0.0.0", "::", "127.0.0.1", "localhost") else []
        names += getattr(arguments, "name", [])
        name = "azure" if endpoint else "asm-emulator"  # a server that shares the directory keeps its own settings
        paths = pki.ensure(
            directory, arguments.subscription, endpoint or f"https://localhost:{port}", name=name, names=names
        )
        own = [pki.load_certificate_der(file) for file in arguments.management_certificate]
        emulator = Emulator(
            subscription=arguments.subscription,
            certificates=[pki.load_certificate_der(paths.management_certificate), *own],
            pace=arguments.pace,
            seed=arguments.seed,
            open_enrolment=arguments.open_enrolment,
            quotas=_quotas(arguments.quota),
            day=arguments.day or TERMS.day,
            storage_anywhere=arguments.storage_anywhere,
            **kept,
        )
    except (pki.CertificateError, StateError, ValueError) as problem:
        raise Failure(str(problem)) from None
    hosting = Hosting(
        emulator, paths, host=host, port=port, control_port=control, control_token=arguments.control_token or None
    )
    try:
        hosting.start()
    except OSError as problem:
        raise Failure(str(problem)) from None
    if not endpoint and not port:
        pki.ensure(directory, arguments.subscription, hosting.url, names=names)  # now the port is known
    return hosting


@contextmanager
def _until_told(*numbers: signal.Signals) -> Iterator[threading.Event]:
    told = threading.Event()
    before = {number: signal.signal(number, lambda *_: told.set()) for number in numbers}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def serve_command(arguments: argparse.Namespace) -> int:
    with _until_told(signal.SIGINT, signal.SIGTERM) as told:
        with _uncollected():
            hosting = _hosting(
                arguments,
                arguments.certs,
                arguments.host,
                arguments.port,
                arguments.control_port,
                state=arguments.state,
                state_sync=arguments.state_sync,
            )
        try:
            hosting.announce()
            print(banner(hosting), flush=True)
            told.wait()
        finally:
            hosting.withdraw()
            hosting.stop()
            hosting.emulator.close()
    print("asm-emulator: stopped", flush=True)
    return 0


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is made within stays: the garbage collector looks at it neither now nor later, and seldom at the rest.

    States have no cycles: counting references frees them, and there is little for a collector to find.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 10, 20)
        gc.enable()


def banner(hosting: Hosting) -> str:
    """What `serve` prints once it listens."""
    emulator, paths = hosting.emulator, hosting.paths
    lines = [
        f"asm-emulator {__version__}: Azure Service Management API, pace {emulator.engine.pace.name}",
        f"  endpoint      {hosting.url}",
        f"  subscription  {emulator.subscription}",
        f"  certificate   {paths.management}   (for import: {paths.publish_settings})",
        f"  CA to trust   {paths.ca}",
        f"  control       {hosting.control_url}   (in a browser: the page)",
        *([] if emulator.state_directory is None else [f"  state         {emulator.state_directory}"]),
        "try:",
        f"  {example(hosting.url, emulator.subscription, paths)}",
    ]
    return "\n".join(lines)


def example(url: str, subscription: str, paths: Paths) -> str:
    """A line to copy: the first call anybody makes."""
    return (
        f"curl --cacert {shlex.quote(str(paths.ca))} --cert {shlex.quote(str(paths.management))} "
        f"-H 'x-ms-version: 2014-10-01' {url}/{subscription}/locations"
    )


def exec_command(arguments: argparse.Namespace) -> int:
    rest = arguments.rest[1:] if arguments.rest[:1] == ["--"] else arguments.rest
    commands = [rest] if arguments.each is None else list(_apart(rest, arguments.each))
    if not all(commands) or not commands:
        raise Failure("exec needs a command: asm-emulator exec -- COMMAND ...")
    code = 0
    for command in commands:
        ended = _exec_one(arguments, command)
        if len(commands) > 1 and ended:
            print(f"asm-emulator: {shlex.join(command)}: exit code {ended}", file=sys.stderr)
        code = code or ended
    return code


def _apart(words: list[str], between: str) -> Iterator[list[str]]:
    command: list[str] = []
    for word in words:
        if word == between:
            yield command
            command = []
        else:
            command.append(word)
    yield command


def _exec_one(arguments: argparse.Namespace, command: list[str]) -> int:
    from asm_emulator import wrapper
    from asm_emulator.proxy import Proxy

    with tempfile.TemporaryDirectory(prefix="asm-emulator-") as scratch:
        directory = arguments.certs or Path(scratch)
        hosting = _hosting(arguments, directory, "127.0.0.1", 0, 0, AZURE)
        try:
            with Proxy(hosting.api.address, allow=arguments.allow) as proxy:
                bundle = wrapper.trust_bundle(hosting.paths, Path(scratch), os.environ) if arguments.allow else None
                variables = wrapper.environment(
                    hosting.paths, hosting.emulator.subscription, proxy.url, ca_bundle=bundle
                )
                variables["ASM_EMULATOR_ENDPOINT"] = hosting.url
                variables["ASM_EMULATOR_CONTROL"] = hosting.control_url or ""
                # Here `asm-emulator control` of the command finds this emulator, and no other one.
                hosting.announce(Path(scratch))
                variables["ASM_EMULATOR_CERTS"] = scratch
                if arguments.control_token:
                    variables["ASM_EMULATOR_CONTROL_TOKEN"] = arguments.control_token
                code = wrapper.run(command, {**os.environ, **variables})
                for host in proxy.refused:
                    print(f"asm-emulator: refused {host}: nothing leaves this machine", file=sys.stderr)
        finally:
            hosting.stop()
    return code


def _quotas(given: list[str]) -> Quotas:
    from asm_emulator.model import Quotas

    known = {field.name.replace("_", "-"): field.name for field in dataclasses.fields(Quotas)}
    limits: dict[str, int] = {}
    for pair in given:
        name, _, number = pair.partition("=")
        if name not in known or not number.isascii() or not number.isdigit():
            raise Failure(f"--quota takes NAME=N with a NAME of {', '.join(known)}, not {pair}")
        limits[known[name]] = int(number)
    return Quotas(**limits)
