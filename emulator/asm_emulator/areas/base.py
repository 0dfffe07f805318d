"""What behaviour stands on: an area's object lives for one request, with the draft it may write to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from asm_contracts.errors import NotEmulated
from asm_contracts.operation import Accepted, Contract, Operation
from asm_emulator import engine
from asm_emulator.engine import Effect, Request
from asm_emulator.state import Draft


class Area(Contract):
    """Base of every area's behaviour; subclasses also inherit their contract and override its methods."""

    def __init__(self, draft: Draft, request: Request) -> None:
        self.state = draft
        self.request = request
        self.headers: list[tuple[str, str]] = []
        """Further headers of the answer, such as an ``ETag``."""

    @property
    def now(self) -> datetime:
        """The moment of the request."""
        return self.state.now

    def begin(
        self,
        ends_with: Effect,
        *,
        holds: tuple[tuple[str, str], ...] = (),
        undo: Effect | None = None,
        takes: timedelta | None = None,
        location: str | None = None,
        **arguments: Any,
    ) -> Accepted:
        """Begin this request's operation (see `engine.begin`) and answer 202."""
        engine.begin(self.state, self.request, ends_with, holds=holds, undo=undo, takes=takes, **arguments)
        return Accepted(self.request.request_id, location)

    def invoke(self, operation: Operation, arguments: dict[str, Any]) -> Any:  # noqa: ARG002 (the base's signature)
        """Of a contract's method that no area overrides: the operation is known, but not served."""
        raise NotEmulated(f"The operation {operation.title} ({operation.name}) is not emulated.")
