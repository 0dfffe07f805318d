"""The command line: ``asm-emulator serve``, ``exec``, ``env``, ``wait``, ``clock``, ``reset``, ``control``, ``doctor``,
``state`` and ``operations``.
"""

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
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from asm_emulator import __version__, cli_control

if TYPE_CHECKING:
    from asm_emulator.hosting import Hosting
    from asm_emulator.model import Quotas
    from asm_emulator.pki import Paths

SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000001"
PORT: Final = 8443
CONTROL_PORT: Final = 8444
AZURE: Final = "https://management.core.windows.net"
"""What `exec` makes a command believe it speaks to."""


class Failure(Exception):
    """What a command cannot do; the message is for the user, one line."""


# -- arguments ------------------------------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    """The command line's grammar; the documentation is checked against it."""
    top = argparse.ArgumentParser(
        prog="asm-emulator", description="An emulator of the classic Azure Service Management API."
    )
    top.add_argument("--version", action="version", version=f"asm-emulator {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="start the emulator and serve until stopped")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    serve.add_argument(
        "--name",
        metavar="HOST",
        action="append",
        default=[],
        help="a further name that clients call this machine by, for the server's certificate; may be repeated",
    )
    serve.add_argument("--port", type=int, default=PORT, help="port of the API, 0 for a free one (default %(default)s)")
    serve.add_argument(
        "--control-port",
        type=int,
        default=CONTROL_PORT,
        help="loopback port of the control plane, 0 for a free one (default %(default)s)",
    )
    _add_emulator_options(serve)
    serve.add_argument(
        "--state",
        metavar="DIR",
        type=Path,
        help="keep the state in this directory, so that it survives the process (default: in memory alone)",
    )
    serve.add_argument(
        "--state-sync",
        choices=("always", "second", "never"),
        default="always",
        help="when changes are forced to the disk: before they are answered (always, the default), every second, or "
        "when the system likes; a process that dies loses nothing in any case, a machine does",
    )
    _add_token(serve, "what the control plane asks its callers for")
    serve.set_defaults(run=_serve)

    run = commands.add_parser("exec", help="run a command with everything it sends routed to an emulator of its own")
    _add_emulator_options(run, certs=None)
    run.add_argument("--allow", metavar="HOST", action="append", default=[], help="a real host the command may reach")
    _add_token(run, "what the control plane asks its callers for")
    run.add_argument(
        "--each",
        metavar="WORD",
        nargs="?",
        const="--",
        help="several commands, with WORD (default --) between them; each gets an emulator of its own",
    )
    run.add_argument("rest", nargs=argparse.REMAINDER, metavar="-- COMMAND", help="the command and its arguments")
    run.set_defaults(run=_exec)

    env = commands.add_parser("env", help="print what a shell needs to reach a running emulator: eval $(...)")
    _add_certs(env)
    env.add_argument("--plain", action="store_true", help="as lines NAME=VALUE: for $GITHUB_ENV, or an env file")
    env.set_defaults(run=_env)

    wait = commands.add_parser("wait", help="return when a running emulator answers")
    _add_running(wait)
    wait.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="give up after (default 30)")
    wait.set_defaults(run=_wait)

    clock = commands.add_parser("clock", help="read a running emulator's clock, or move it forward")
    _add_running(clock)
    clock.add_argument("--advance", type=float, metavar="SECONDS", help="move the time forward")
    clock.set_defaults(run=_clock)

    reset = commands.add_parser("reset", help="have a running emulator forget everything")
    _add_running(reset)
    reset.set_defaults(run=_reset)

    control = commands.add_parser("control", help="anything the control plane of a running emulator can do")
    _add_running(control)
    cli_control.add(control)
    control.set_defaults(run=_any_control)

    doctor = commands.add_parser("doctor", help="say what is wrong with a set-up, and how to mend it")
    _add_certs(doctor)
    doctor.add_argument("--port", type=int, default=PORT, help=argparse.SUPPRESS)
    doctor.add_argument("--control-port", type=int, default=CONTROL_PORT, help=argparse.SUPPRESS)
    doctor.set_defaults(run=_doctor)

    state = commands.add_parser("state", help="say what a directory of state holds, or mend a damaged one")
    state.add_argument("directory", type=Path, metavar="DIR", help="the directory that serve --state was given")
    state.add_argument("--salvage", action="store_true", help="keep what can be read, and set the damaged files aside")
    state.set_defaults(run=_state)

    table = commands.add_parser("operations", help="print which operations are emulated")
    table.add_argument("--area", help="only this area")
    table.set_defaults(run=_operations)
    return top


def _add_certs(command: argparse.ArgumentParser, default: str | None = "certs") -> None:
    command.add_argument(
        "--certs",
        type=Path,
        metavar="DIR",
        default=os.environ.get("ASM_EMULATOR_CERTS", default),
        help="where the certificates are kept, made on first use "
        + ("(default $ASM_EMULATOR_CERTS, or ./certs)" if default else "(default: a temporary directory)"),
    )


def _add_running(command: argparse.ArgumentParser) -> None:
    _add_certs(command)
    _add_token(command, "the token that its control plane asks for")


def _add_token(command: argparse.ArgumentParser, about: str) -> None:
    command.add_argument(
        "--control-token",
        metavar="TEXT",
        default=os.environ.get("ASM_EMULATOR_CONTROL_TOKEN"),
        help=f"{about} (default $ASM_EMULATOR_CONTROL_TOKEN)",
    )


def _add_emulator_options(command: argparse.ArgumentParser, certs: str | None = "certs") -> None:
    _add_certs(command, certs)
    command.add_argument("--subscription", metavar="ID", default=SUBSCRIPTION, help="the subscription's id")
    command.add_argument(
        "--pace",
        choices=("quick", "instant", "real", "manual"),
        help="how fast operations and machines go: a VM boots in about a second (quick, the default), at once, in the "
        "recorded time, or only when the clock is advanced",
    )
    command.add_argument(
        "--day",
        metavar="DATE",
        type=date.fromisoformat,
        help="offer the regions and sizes of a day, such as 2015-07-01 (default: the last recorded ones)",
    )
    command.add_argument(
        "--storage-anywhere",
        action="store_true",
        help="let machines have disks in storage accounts of another location than their service's, which was refused",
    )
    command.add_argument("--seed", metavar="TEXT", help="what made-up ids, addresses and keys depend on")
    command.add_argument(
        "--open-enrolment",
        action="store_true",
        help="any client certificate may use a subscription id that nobody has; it is made on first use",
    )
    command.add_argument(
        "--management-certificate",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="register a certificate of your own (.cer or .pem) with the subscription",
    )
    command.add_argument(
        "--quota",
        metavar="NAME=N",
        action="append",
        default=[],
        help="the most of something a subscription may have: cores=100, hosted-services=5, ... (the defaults are those "
        "of a recorded subscription)",
    )


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


def main(argv: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    arguments = parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except Failure as problem:
        print(f"asm-emulator: {problem}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return code


# -- serve and exec ---------------------------------------------------------------------------------------------------


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


def _serve(arguments: argparse.Namespace) -> int:
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
    """What is made within stays: the garbage collector looks at it neither now nor later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
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


def _exec(arguments: argparse.Namespace) -> int:
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


# -- commands about a running emulator --------------------------------------------------------------------------------


def _running(arguments: argparse.Namespace) -> dict[str, Any]:
    from asm_emulator.hosting import announced

    found = announced(arguments.certs)
    if not found:
        raise Failure(
            f"no emulator is running with the certificates in {arguments.certs}: start one (asm-emulator serve), or "
            "name the directory of another one (--certs)"
        )
    return found


def _control_url(arguments: argparse.Namespace) -> str:
    found = _running(arguments).get("control")
    if not found:
        raise Failure("the emulator has no control port")
    return str(found)


def _control(arguments: argparse.Namespace, verb: str, path: str, document: Any = None) -> dict[str, Any]:
    from asm_emulator.controlling import Control, ControlError

    try:
        return Control(_control_url(arguments), arguments.control_token or "").send(verb, path, document)
    except ControlError as problem:
        raise Failure(str(problem)) from None


def _any_control(arguments: argparse.Namespace) -> int:
    from asm_emulator.controlling import Control, ControlError

    try:
        if arguments.endpoint is None:
            control = Control(_control_url(arguments), arguments.control_token or "")
            return cli_control.watch(control, arguments.subscription, arguments.times)
        return cli_control.run(arguments, _control)
    except (cli_control.Unreadable, ControlError) as problem:
        raise Failure(str(problem)) from None
    except KeyboardInterrupt:
        return 130


def _doctor(arguments: argparse.Namespace) -> int:
    from asm_emulator.doctor import examine

    problems = 0
    for finding in examine(arguments.certs, arguments.port, arguments.control_port):
        print(f"{'ok     ' if finding.ok else 'PROBLEM'}  {finding.what}")
        if not finding.ok:
            problems += 1
            print(f"         mend: {finding.mend}")
    return 1 if problems else 0


def _env(arguments: argparse.Namespace) -> int:
    from asm_emulator import pki, wrapper

    running = _running(arguments)
    paths = pki.ensure(arguments.certs, running["subscription"], running["endpoint"])
    # The variables replace what a client trusts: with the public CAs in it, pip, git and curl go on working there.
    bundle = wrapper.trust_bundle(paths, arguments.certs, os.environ)
    variables = wrapper.environment(paths, running["subscription"], ca_bundle=bundle)
    variables["ASM_EMULATOR_ENDPOINT"] = running["endpoint"]
    variables["ASM_EMULATOR_CONTROL"] = running["control"] or ""
    for name, value in variables.items():
        print(f"{name}={value}" if arguments.plain else f"export {name}={shlex.quote(value)}")
    return 0


def _wait(arguments: argparse.Namespace) -> int:
    deadline = time.monotonic() + arguments.timeout
    while True:
        try:
            found = _control(arguments, "GET", "/health")
        except Failure as problem:
            if time.monotonic() >= deadline:
                raise Failure(f"gave up after {arguments.timeout:g} seconds: {problem}") from None
            time.sleep(0.05)
        else:
            print(found["endpoint"])
            return 0


def _clock(arguments: argparse.Namespace) -> int:
    if arguments.advance is None:
        found = _control(arguments, "GET", "/clock")
    else:
        found = _control(arguments, "POST", "/clock/advance", {"seconds": arguments.advance})
    print(f"{found['now']} pace={found['pace']} pending={found['pending']}")
    return 0


def _reset(arguments: argparse.Namespace) -> int:
    _control(arguments, "POST", "/reset", {})
    return 0


def _state(arguments: argparse.Namespace) -> int:
    from asm_emulator.durable import told
    from asm_emulator.keeping import StateError

    try:
        for line in told(arguments.directory, salvage=arguments.salvage):
            print(line)
    except StateError as problem:
        raise Failure(str(problem)) from None
    return 0


def _operations(arguments: argparse.Namespace) -> int:
    from asm_emulator.coverage import rows

    found = [row for row in rows() if arguments.area in (None, row.area)]
    if not found:
        raise Failure(f"there is no area {arguments.area}")
    wide = max(len(row.operation) for row in found)
    for row in found:
        print(f"{row.area:20} {row.operation:{wide}} {row.since} {row.served:8} {row.verb:6} {row.address}")
    served = sum(row.served == "served" for row in found)
    print(f"{served} of {len(found)} operations are served")
    return 0


Command = Callable[[argparse.Namespace], int]

if __name__ == "__main__":
    sys.exit(main())
