"""What is forgotten again: records of operations that ended long ago, so that a server may run for weeks.

Everything else in the state is there because somebody made it, and gone when somebody deletes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from asm_contracts.evidence import assumed
from asm_emulator.state import Draft

MOST: Final = 10_000
"""Records of operations of a subscription at most, of each kind, besides those under way."""
_ROOM: Final = MOST // 10
"""How many go at once: looking for the oldest costs as much for many as for one."""


@assumed(
    "the documentation says that operations of 90 days can be listed, and not how many the service remembered; the "
    "last ten thousand of a subscription are more than anybody was seen to ask for"
)
def forget_old(draft: Draft) -> None:
    """Forget the oldest operations that have ended, where a subscription has too many."""
    found = draft.subscription
    if len(found.operations) > MOST:
        draft.drop(
            "operations",
            _oldest((one.serial, key) for key, one in found.operations.items() if one.status != "InProgress"),
        )
        left = draft.subscription.operations
        draft.drop(
            "gateway_operations",
            [key for key, one in found.gateway_operations.items() if one.request_id not in left],
        )
    if len(found.site_operations) > MOST:
        ended = ((one.modified, key) for key, one in found.site_operations.items() if one.status != "InProgress")
        draft.drop("site_operations", _oldest(ended))


def _oldest(ended: Iterable[tuple[Any, str]]) -> list[str]:
    return [key for _, key in sorted(ended)[:_ROOM]]
