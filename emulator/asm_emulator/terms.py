"""What the platform offers, and what it lets pass that the service refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from asm_emulator.catalogue import LATEST


@dataclass(frozen=True, slots=True)
class Terms:
    """The emulator's own, the same for every subscription.

    day:              the day whose regions and sizes are offered, whatever the clock says
    storage_anywhere: machines may have disks in accounts that are not where their service is
    """

    day: date = LATEST
    storage_anywhere: bool = False


TERMS = Terms()
