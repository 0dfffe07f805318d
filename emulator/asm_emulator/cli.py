"""The command line: ``asm-emulator serve``, ``exec``, ``env``, ``wait``, ``clock``, ``reset``, ``control``, ``doctor``,
``state`` and ``operations``.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path

from asm_emulator import __version__, cli_control, cli_running, cli_serving
from asm_emulator.cli_terms import CONTROL_PORT, PORT, SUBSCRIPTION, Failure


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
    serve.set_defaults(run=cli_serving.serve_command)

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
    run.set_defaults(run=cli_serving.exec_command)

    env = commands.add_parser("env", help="print what a shell needs to reach a running emulator: eval $(...)")
    _add_certs(env)
    env.add_argument("--plain", action="store_true", help="as lines NAME=VALUE: for $GITHUB_ENV, or an env file")
    env.set_defaults(run=cli_running.env_command)

    wait = commands.add_parser("wait", help="return when a running emulator answers")
    _add_running(wait)
    wait.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="give up after (default 30)")
    wait.set_defaults(run=cli_running.wait_command)

    clock = commands.add_parser("clock", help="read a running emulator's clock, or move it forward")
    _add_running(clock)
    clock.add_argument("--advance", type=float, metavar="SECONDS", help="move the time forward")
    clock.set_defaults(run=cli_running.clock_command)

    reset = commands.add_parser("reset", help="have a running emulator forget everything")
    _add_running(reset)
    reset.set_defaults(run=cli_running.reset_command)

    control = commands.add_parser("control", help="anything the control plane of a running emulator can do")
    _add_running(control)
    cli_control.add(control)
    control.set_defaults(run=cli_running.any_control_command)

    doctor = commands.add_parser("doctor", help="say what is wrong with a set-up, and how to mend it")
    _add_certs(doctor)
    doctor.add_argument("--port", type=int, default=PORT, help=argparse.SUPPRESS)
    doctor.add_argument("--control-port", type=int, default=CONTROL_PORT, help=argparse.SUPPRESS)
    doctor.set_defaults(run=cli_running.doctor_command)

    state = commands.add_parser("state", help="say what a directory of state holds, or mend a damaged one")
    state.add_argument("directory", type=Path, metavar="DIR", help="the directory that serve --state was given")
    state.add_argument("--salvage", action="store_true", help="keep what can be read, and set the damaged files aside")
    state.set_defaults(run=cli_running.state_command)

    table = commands.add_parser("operations", help="print which operations are emulated")
    table.add_argument("--area", help="only this area")
    table.set_defaults(run=cli_running.operations_command)
    for choice in commands._choices_actions:  # what the list of commands says of one is what its own help begins with
        about = choice.help or ""
        commands.choices[choice.dest].description = about[:1].upper() + about[1:] + "."
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


if __name__ == "__main__":
    sys.exit(main())
