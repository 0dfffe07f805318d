"""What requests that order something of machines may say."""

from __future__ import annotations

from typing import Final

from asm_contracts.document import shape
from asm_contracts.errors import BadRequest
from asm_contracts.evidence import assumed
from asm_emulator.areas.virtual_machines.power import STOPPED
from asm_emulator.deployed import DEALLOCATED

_ACTIONS: Final = {"stopped": STOPPED, "stoppeddeallocated": DEALLOCATED}


@assumed("every client sends the root's name; another was never seen")
def check_type(body: object) -> None:
    """BadRequest if an operation says it is another than its document."""
    said, expected = getattr(body, "operation_type", None), shape(type(body)).root
    if said is not None and said != expected:
        raise BadRequest(f"The operation type {said} is not {expected}.")


@assumed("the two words are documented; the refusal of others was never seen")
def action_of(text: str) -> str:
    """The status in which a shutdown leaves a machine, from its name in any case; BadRequest for another word."""
    try:
        return _ACTIONS[text.strip().lower()]
    except KeyError:
        raise BadRequest(f"The action {text} after a shutdown is not Stopped or StoppedDeallocated.") from None


@assumed("no client sends an empty list")
def some(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of roles that a request lists; BadRequest if there are none."""
    if not names:
        raise BadRequest("At least one role must be named.")
    return names
