"""Fault rules."""

from __future__ import annotations

import itertools
from dataclasses import asdict
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any, Final

from asm_contracts.catalogue import all_operations
from asm_emulator import faults
from asm_emulator.control.plane import Plane, refusing
from asm_emulator.control.terms import Refused
from asm_emulator.faults import Fault, Rule

_WORDS: Final[dict[type, str]] = {
    faults.Answer: "error",
    faults.Delay: "delay",
    faults.Drop: "drop",
    faults.Cut: "cut",
    faults.Spoil: "spoil",
    faults.Redirect: "redirect",
    faults.FailLater: "fail",
    faults.Hold: "hold",
}


def list_faults(plane: Plane, subscription: str | None) -> dict[str, Any]:
    found = [rule for rule in plane.emulator.faults.rules if subscription is None or _is_for(rule, subscription)]
    return {
        "faults": [_told(rule) for rule in found],
        "all_used": all(rule.is_spent for rule in found),
        "unused": [rule.id for rule in found if not rule.is_spent],
    }


def get_fault(plane: Plane, id: str) -> dict[str, Any]:
    return _told(_found(plane, id))


def add_fault(
    plane: Plane,
    answer: str,
    id: str | None,
    operation: str,
    subscription: str | None,
    resource: str | None,
    after: int,
    times: int | None,
    chance: float,
    seed: str,
    **details: Any,
) -> dict[str, Any]:
    _check_operation(operation)
    taken = {rule.id for rule in plane.emulator.faults.rules}
    if id is not None and id in taken:
        raise Refused(409, f"there is a fault rule {id} already")
    rule = Rule(
        id=id or next(name for number in itertools.count(1) if (name := f"fault-{number}") not in taken),
        fault=_fault(answer, **details),
        operation=operation,
        subscription=plane.perhaps(subscription),
        resource=resource.strip("/") if resource is not None else None,
        after=after,
        times=times,
        chance=chance,
        seed=seed,
    )
    plane.emulator.faults.add(rule)
    return _told(rule)


def delete_fault(plane: Plane, id: str) -> dict[str, Any]:
    found = _found(plane, id)
    plane.emulator.faults.remove(lambda rule: rule.id == found.id)
    return _told(found)


def clear_faults(plane: Plane, subscription: str | None) -> dict[str, Any]:
    gone = plane.emulator.faults.remove(lambda rule: subscription is None or _is_for(rule, subscription))
    return {"removed": gone}


def _fault(
    answer: str,
    code: str,
    message: str | None,
    status: int | None,
    retry_after: int | None,
    seconds: float,
    when: str | None,
    octets: int | None,
    how: str,
    location: str | None,
) -> Fault:
    match answer:
        case "error" | "fail":
            with refusing(ValueError, 400):
                failure = faults.failure(code, message, status)
            _check(code, message)
            return (
                faults.Answer(failure=failure, retry_after=retry_after)
                if answer == "error"
                else faults.FailLater(failure=failure)
            )
        case "delay":
            return faults.Delay(seconds=seconds, when=when or faults.AFTER)
        case "drop":
            return faults.Drop(when=when or faults.BEFORE)
        case "cut":
            return faults.Cut(octets=octets)
        case "spoil":
            return faults.Spoil(how=how)
        case "redirect":
            _check(location)
            return faults.Redirect(location=location)
    return faults.Hold()


def _check_operation(pattern: str) -> None:
    """A rule that can never happen is a mistake in writing, and a test that relies on it tests nothing."""
    names = [one.name for one in all_operations()]
    if any(fnmatchcase(name, pattern) for name in names):
        return
    wanted = pattern.lower().replace(" ", "_").replace("-", "_").strip("*")
    near = [name for name in names if wanted and wanted in name][:3] or get_close_matches(wanted, names)
    raise Refused(
        400,
        f"no operation is called {pattern}; `asm-emulator operations` prints their names"
        + (f", such as {', '.join(near)}" if near else ""),
    )


def _check(*texts: str | None) -> None:
    """What goes into a header or a document must be fit for it."""
    for text in texts:
        if text is not None and any(ord(letter) < 32 and letter not in "\t\n" for letter in text):
            raise Refused(400, "control characters cannot be answered")
        if text is not None and "://" in text and not (text.isascii() and text.isprintable()):
            raise Refused(400, "location must be a plain address")


def _is_for(rule: Rule, subscription: str) -> bool:
    return rule.subscription == subscription.lower()


def _found(plane: Plane, id: str) -> Rule:
    found = next((rule for rule in plane.emulator.faults.rules if rule.id == id), None)
    if found is None:
        raise Refused(404, f"there is no fault rule {id}")
    return found


def _told(rule: Rule) -> dict[str, Any]:
    details = asdict(rule.fault)
    failure = details.pop("failure", None)
    if failure is not None:
        details = {"code": failure["code"], "message": failure["message"], "status": failure["http_status"], **details}
    return {
        "id": rule.id,
        "answer": _WORDS[type(rule.fault)],
        **{name: value for name, value in details.items() if value is not None},
        "operation": rule.operation,
        "subscription": rule.subscription,
        "resource": rule.resource,
        "after": rule.after,
        "times": rule.times,
        "chance": rule.chance,
        "seed": rule.seed,
        "seen": rule.seen,
        "used": rule.used,
        "spent": rule.is_spent,
    }
