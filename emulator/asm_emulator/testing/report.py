"""A test's exchanges as text, for the report of its failure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

LAST: Final = 20
"""Exchanges shown at most."""
BODY: Final = 1500
"""Letters of a body shown at most."""


def exchanges(found: list[dict[str, Any]]) -> str:
    """What was asked and answered, oldest first; bodies of what went wrong, and of the last exchange."""
    return "\n".join(line for one in found for line in _lines(one, one is found[-1]))


def _lines(one: dict[str, Any], is_last: bool) -> Iterator[str]:
    query = f"?{one['query']}" if one["query"] else ""
    answer = f"{one['status']}" if one["status"] is not None else "(cut)"
    if one["code"]:
        answer += f" {one['code']}: {one['message']}"
    fault = f" [fault {one['fault']}]" if one["fault"] else ""
    yield f"{one['verb']} {one['path']}{query} -> {answer}{fault}"
    yield f"    {one['operation'] or 'no operation'}, {one['id']}, {one['time']}, {one['milliseconds']:.1f} ms"
    why = one.get("why")
    if why and why["rule"]:
        known = "; ".join(f"{cited['kind']}: {cited['source']}" for cited in why["evidence"])
        yield f"    why: {why['rule']}" + (f" ({known})" if known else "")
    if "request" in one and (is_last or one["code"] or one["status"] is None):
        for arrow, body in ((">", one["request"]["body"]), ("<", one["response"]["body"])):
            if body:
                yield from (f"    {arrow} {line}" for line in _cut(body).splitlines())


def _cut(body: str) -> str:
    return body if len(body) <= BODY else f"{body[:BODY]} ... ({len(body)} letters)"
