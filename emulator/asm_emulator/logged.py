"""An exchange as the request log keeps it: without what was sent as a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asm_contracts.codec.xml import MalformedDocument
from asm_emulator.log import BODY, Entry, kept_body, kept_headers, kept_query, places_of

if TYPE_CHECKING:
    from asm_emulator.exchange import Service
    from asm_emulator.messages import Exchange, Reply


def entry(service: Service, exchange: Exchange, reply: Reply, begun: float) -> Entry:
    """An exchange as the request log keeps it."""
    refusal = exchange.refusal
    return Entry(
        serial=service.log.next_serial(),
        request_id=exchange.request_id,
        time=exchange.answered or service.engine.now(exchange.subscription_id),
        took=service.log.stopwatch() - begun,
        verb=exchange.verb,
        path=exchange.path,
        query=kept_query(exchange.query),
        subscription=exchange.subscription_id,
        operation=exchange.operation.name if exchange.operation else None,
        thumbprint=exchange.thumbprint,
        address=exchange.address,
        request_headers=kept_headers(exchange.headers),
        request_body=kept_body(exchange.body),
        request_length=len(exchange.body),
        status=None if reply.cut == -1 else reply.status,
        response_headers=tuple(reply.headers),
        response_body=reply.body[:BODY],
        response_length=len(reply.body),
        fault=exchange.rule.id if exchange.rule else None,
        error=(refusal.error_code, refusal.message) if refusal else None,
        places=places_of(refusal.__traceback__) if refusal and not exchange.rule else (),
        problem=_problem(refusal),
    )


def _problem(refusal: BaseException | None) -> str | None:
    """What is wrong with a body that could not be read.

    Of one that is not well-formed only the place: the parser's own words can hold half a password with an `&` in it.
    """
    found = refusal.__cause__ if refusal else None
    if not isinstance(found, MalformedDocument):
        return None
    syntax = found.__context__
    if isinstance(syntax, SyntaxError):
        return f"it is not well-formed at line {syntax.lineno}, column {syntax.offset}"
    return str(found)
