"""The commands about a running emulator, about this machine, and about what is emulated."""

from __future__ import annotations

import argparse
import os
import shlex
import time
from typing import Any

from asm_emulator import cli_control
from asm_emulator.cli_terms import Failure


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


def any_control_command(arguments: argparse.Namespace) -> int:
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


def doctor_command(arguments: argparse.Namespace) -> int:
    from asm_emulator.doctor import examine

    problems = 0
    for finding in examine(arguments.certs, arguments.port, arguments.control_port):
        print(f"{'ok     ' if finding.ok else 'PROBLEM'}  {finding.what}")
        if not finding.ok:
            problems += 1
            print(f"         mend: {finding.mend}")
    return 1 if problems else 0


def env_command(arguments: argparse.Namespace) -> int:
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


def wait_command(arguments: argparse.Namespace) -> int:
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


def clock_command(arguments: argparse.Namespace) -> int:
    if arguments.advance is None:
        found = _control(arguments, "GET", "/clock")
    else:
        found = _control(arguments, "POST", "/clock/advance", {"seconds": arguments.advance})
    print(f"{found['now']} pace={found['pace']} pending={found['pending']}")
    return 0


def reset_command(arguments: argparse.Namespace) -> int:
    _control(arguments, "POST", "/reset", {})
    return 0


def state_command(arguments: argparse.Namespace) -> int:
    from asm_emulator.durable import told
    from asm_emulator.keeping import StateError

    try:
        for line in told(arguments.directory, salvage=arguments.salvage):
            print(line)
    except StateError as problem:
        raise Failure(str(problem)) from None
    return 0


def operations_command(arguments: argparse.Namespace) -> int:
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
