"""Fault rules: which requests are to go wrong, and how.  Data, and one function that decides.

A rule is for operations, a subscription and a resource; it leaves the first `after` calls that fit alone, applies to
`times` of the rest, and to each of those with `chance`.  The first rule that applies to a call decides it.  Nothing is
random here: what a chance comes to depends on the rule's seed and on how many calls it has seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Final, TypeAlias

from asm_contracts.errors import ERRORS, ServiceError, error
from asm_contracts.evidence import assumed
from asm_contracts.frozen import frozen
from asm_emulator.guarded import Guarded
from asm_emulator.state import Failure

BEFORE: Final = "before"
AFTER: Final = "after"

# -- what happens instead ---------------------------------------------------------------------------------------------


@frozen
class Answer:
    """An error, before anything is done."""

    failure: Failure
    retry_after: int | None = None
    """Seconds, as the ``Retry-After`` header says it."""


@frozen
class Delay:
    """The answer comes late, by the client's clock; `when` says whether the waiting is before or after the doing."""

    seconds: float
    when: str = AFTER


@frozen
class Drop:
    """The connection is cut without an answer: `before` anything is done, or `after` all of it is."""

    when: str = BEFORE


@frozen
class Cut:
    """The connection is cut inside the answer's body, after `octets` of it (half, if not said)."""

    octets: int | None = None


@frozen
class Spoil:
    """The answer's body is not what it should be; status and headers are."""

    how: str = "truncated"


@frozen
class Redirect:
    """307, to `location` or else to the same address again, before anything is done."""

    location: str | None = None


@frozen
class FailLater:
    """The request is accepted, and its operation fails when it would have ended."""

    failure: Failure


@frozen
class Hold:
    """The request is accepted, and its operation stays InProgress until it is released."""


Fault: TypeAlias = Answer | Delay | Drop | Cut | Spoil | Redirect | FailLater | Hold
LATE: Final = (FailLater, Hold)
"""Faults of the operation that a request begins, not of its answer."""

_SPOILERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "truncated": lambda body: body[: len(body) * 2 // 3] or b"<",
    "mismatched": lambda body: body + b"</Mismatched>",
    "empty": lambda _: b"",
    "html": lambda _: b"<html><body><h1>502 Bad Gateway</h1><hr><p>proxy</p></body></html>",
    "binary": lambda body: b"\x00\xff\xfe" + body[::-1],
}
SPOILS: Final = tuple(_SPOILERS)
"""How a body is spoilt: its end is missing, an end tag too many, nothing, a proxy's page, no text at all."""


def spoil(how: str, body: bytes) -> bytes:
    """A body spoilt."""
    return _SPOILERS[how](body)


# -- rules ------------------------------------------------------------------------------------------------------------


@frozen
class Rule:
    """When a fault happens.  Patterns are shell patterns; those of resources ignore case.

    operation: of the operation's method name, ``create_*``
    resource:  of the path below the subscription, ``services/hostedservices/web*``
    times:     None for every time
    """

    id: str
    fault: Fault
    operation: str = "*"
    subscription: str | None = None
    resource: str | None = None
    after: int = 0
    times: int | None = 1
    chance: float = 1.0
    seed: str = ""
    seen: int = 0
    """Calls that fitted so far."""
    used: int = 0
    """How often it happened."""

    @property
    def is_spent(self) -> bool:
        """Whether it has happened as often as it may; at least once, if it may for ever."""
        return self.used >= (1 if self.times is None else self.times)


@dataclass(frozen=True, slots=True)
class Call:
    """What rules know of a request."""

    operation: str
    subscription: str
    resource: str


Rules: TypeAlias = tuple[Rule, ...]


def decide(rules: Rules, call: Call, *, late: bool = False) -> tuple[Rules, Rule | None]:
    """The rules after a call, counted, and the one that applies to it, if one does.

    late: the call has begun an operation, and it is that operation's fate that is decided
    """
    counted = list(rules)
    for place, rule in enumerate(rules):
        if isinstance(rule.fault, LATE) is not late or not _fits(rule, call):
            continue
        applies = (
            rule.seen >= rule.after and (rule.times is None or rule.used < rule.times) and _dice(rule) < rule.chance
        )
        counted[place] = replace(rule, seen=rule.seen + 1, used=rule.used + applies)
        if applies:
            return tuple(counted), counted[place]
    return tuple(counted), None


def _fits(rule: Rule, call: Call) -> bool:
    return (
        (rule.subscription is None or rule.subscription == call.subscription)
        and fnmatchcase(call.operation, rule.operation)
        and (rule.resource is None or fnmatchcase(call.resource.lower(), rule.resource.lower()))
    )


def _dice(rule: Rule) -> float:
    """A number in [0, 1) for this call of this rule, the same in every run."""
    if rule.chance >= 1:
        return 0.0
    text = f"{rule.seed}\0{rule.id}\0{rule.seen}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest()) / 2**56


class Faults:
    """The rules in force.  Without any, a request pays for one look at an empty tuple."""

    __slots__ = ("_rules",)

    def __init__(self) -> None:
        self._rules: Guarded[Rules] = Guarded(())

    @property
    def rules(self) -> Rules:
        """The rules in force, in the order in which they decide, with their counts."""
        return self._rules.value

    def add(self, rule: Rule) -> None:
        """Add a rule after the others; one of the same id is replaced and begins anew."""
        self._rules.update(lambda rules: ((*(one for one in rules if one.id != rule.id), rule), None))

    def remove(self, chosen: Callable[[Rule], bool]) -> int:
        """Take rules away; how many they were."""

        def change(rules: Rules) -> tuple[Rules, int]:
            kept = tuple(rule for rule in rules if not chosen(rule))
            return kept, len(rules) - len(kept)

        return self._rules.update(change)

    def meet(self, call: Call, *, late: bool = False) -> Rule | None:
        """The rule that applies to a call, which is counted."""
        return self._rules.update(lambda rules: decide(rules, call, late=late))


# -- errors -----------------------------------------------------------------------------------------------------------


def failure(code: str, message: str | None = None, status: int | None = None) -> Failure:
    """An error of the service by its code, with its own text and status unless others are given.

    ValueError for a code that is not among the known ones and comes without a status.
    """
    known = ERRORS.get(code)
    if known is None and status is None:
        raise ValueError(f"the code {code} is not known: say which status it has")
    return Failure(
        code,
        message if message is not None else known.text if known else "",
        status or (known.status if known else 500),
    )


def refusal(of: Failure) -> ServiceError:
    """The exception of a failure."""
    return error(of.code, of.message, of.http_status)


@assumed("the code and the status are documented; the text was never seen")
def redirected() -> ServiceError:
    """The error document of a 307."""
    return error("TemporaryRedirect", "The object is temporarily located at another address.", 307)
