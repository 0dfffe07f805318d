"""``asm-emulator control NAME``: every endpoint of a running emulator's control plane as a command."""

from __future__ import annotations

import argparse
import base64
import itertools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from asm_emulator.control.table import ENDPOINTS
from asm_emulator.control.terms import Endpoint, Field
from asm_emulator.controlling import Control

_OWN: Final = ("command", "run", "certs", "control_token", "endpoint", "name_of_endpoint")

Call = Callable[[argparse.Namespace, str, str, Any], dict[str, Any]]
"""(arguments, verb, path with query, body) -> what the control plane answers."""


class Unreadable(Exception):
    """A file or text given as JSON is none; one line."""


def add(command: argparse.ArgumentParser) -> None:
    """Give the command one of its own for every endpoint."""
    names = command.add_subparsers(dest="name_of_endpoint", required=True, metavar="NAME")
    for endpoint in ENDPOINTS:
        one = names.add_parser(endpoint.name.replace("_", "-"), help=endpoint.about, description=endpoint.about)
        one.set_defaults(endpoint=endpoint)
        for field in endpoint.takes:
            _add(one, field)
    add_watch(names)


def add_watch(names: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The one command that does not end by itself."""
    about = "Print every operation that begins or changes from now on, one line each, until Ctrl-C."
    one = names.add_parser("watch-operations", help=about, description=about)
    one.add_argument("--subscription", metavar="SUBSCRIPTION", default=None, help="Only this subscription's.")
    one.add_argument("--times", metavar="N", type=int, default=None, help="End after so many lines.")
    one.set_defaults(endpoint=None)


def watch(control: Control, subscription: str | None, times: int | None) -> int:
    """Carry `watch-operations` out.  Raises ControlError when the emulator is gone."""
    for one in itertools.islice(control.watch_operations(subscription), times):
        status = "held" if one["held"] else one["status"]
        error = f" {one['code']}: {one['message']}" if one["code"] else ""
        when = one["completed"] or one["started"]
        sys.stdout.write(f"{when} {status:10} {one['name']} {one['resource']} {one['id']}{error}\n")
        sys.stdout.flush()
    return 0


def _add(command: argparse.ArgumentParser, field: Field) -> None:
    about = field.about.replace("%", "%%")
    if field.name == "certificate":
        about += " Or the name of a file with it."
    if field.kind in ("object", "any"):
        about += " A file, - for the standard input, or JSON as it is."
    if field.nullable:
        about = about.replace("null", "always")
    more: dict[str, Any] = {"help": about}
    if field.choices:
        more["choices"] = field.choices
    elif field.kind != "boolean":
        more["metavar"] = "FILE" if field.kind in ("object", "any") else field.name.upper()
    if field.required:
        command.add_argument(field.name, **more)
        return
    more["default"] = argparse.SUPPRESS
    if field.kind == "boolean":
        more["action"] = argparse.BooleanOptionalAction
    command.add_argument("--" + field.name.replace("_", "-"), dest=field.name, **more)


def run(arguments: argparse.Namespace, call: Call) -> int:
    """Carry the command out; prints what is answered.  Raises Unreadable, and what `call` does."""
    endpoint: Endpoint = arguments.endpoint
    given = {
        field.name: _read(field, getattr(arguments, field.name))
        for field in endpoint.takes
        if hasattr(arguments, field.name)
    }
    path = endpoint.path
    for hole in endpoint.holes:
        path = path.replace("{" + hole + "}", quote(str(given.pop(hole)), safe=""))
    if endpoint.verb in ("POST", "PUT"):
        found = call(arguments, endpoint.verb, path, given)
    else:
        query = urlencode(
            {name: str(value).lower() if isinstance(value, bool) else value for name, value in given.items()}
        )
        found = call(arguments, endpoint.verb, path + (f"?{query}" if query else ""), None)
    if found:
        text = found["text"] if isinstance(found.get("text"), str) else json.dumps(found, indent=1)
        sys.stdout.write(text + "\n")
    return 0


def _read(field: Field, given: Any) -> Any:
    if field.nullable and given in ("always", "null", "none"):
        return None
    if field.name == "certificate":
        return _certificate(given)
    if field.kind not in ("object", "any"):
        return given
    if given.lstrip().startswith(("{", "[")):
        text = given
    else:
        try:
            text = sys.stdin.read() if given == "-" else Path(given).read_text()
        except (OSError, ValueError) as problem:
            raise Unreadable(f"{given}: {getattr(problem, 'strerror', None) or problem}") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        if field.kind == "any":
            return text  # YAML or XML: the emulator reads it
        raise Unreadable(f"{field.name} is no JSON") from None


def _certificate(given: str) -> str:
    """A certificate as it was given, or out of the file that was named."""
    if "-----BEGIN" in given or len(given) > 1000 or not Path(given).is_file():
        return given
    try:
        found = Path(given).read_bytes()
    except OSError as problem:
        raise Unreadable(f"{given}: {problem.strerror}") from None
    return found.decode("latin-1") if b"-----BEGIN" in found else base64.b64encode(found).decode()
