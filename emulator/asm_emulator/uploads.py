"""How long a request's body may be: longer where files are brought to a site's tools than anywhere else."""

from __future__ import annotations

from typing import Final

from asm_contracts.evidence import assumed, quoted
from asm_emulator.messages import Exchange

BODY_LIMIT: Final = 1 << 20
"""Bytes of a request's body at most."""
UPLOAD_LIMIT: Final = 100 << 20
"""Bytes of a file that is brought to a site's tools at most."""


@quoted("the tools' makers in 2014: they take 104857600 bytes, and should take more")
@assumed("that it stayed so: later it was as much as their web server could be told")
def limit_of(exchange: Exchange) -> int:
    """Bytes that the body of a request may have which has been addressed, let in and looked for."""
    if exchange.host is None or exchange.candidates is None:
        return BODY_LIMIT
    brings = any(one.raw_body for one in exchange.candidates.operations if one.verb == exchange.verb)
    return UPLOAD_LIMIT if brings else BODY_LIMIT
