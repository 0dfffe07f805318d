"""What the engine tells whoever keeps its state beyond the process, and what it asks of them.

Without a keeper the state is in memory alone, and none of this costs anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from asm_contracts.errors import InternalError
from asm_emulator.clock import Mark
from asm_emulator.pace import Pace
from asm_emulator.state import State, Touched


class NotKept(InternalError):
    """A change could not be kept, and has not happened: the service's own 500.

    reason: for the log and the control plane, which is not what callers of the service are told
    """

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class StateError(Exception):
    """What is wrong with a directory of state, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Image:
    """Everything that is kept: the state, and what it needs to go on.

    clock:  None for a clock that is somebody else's
    starts: how many processes have gone on with this state; request ids depend on it
    """

    state: State
    clock: Mark | None
    pace: Pace
    seed: str
    starts: int = 0


class Keeper(Protocol):
    """Keeps every image that becomes the present one."""

    @property
    def failed(self) -> bool:
        """Whether keeping has failed so that `mend` must come before the next `append`."""
        ...

    @property
    def epoch(self) -> int:
        """How often something that was appended has been lost."""
        ...

    @property
    def written(self) -> int:
        """The number of the last image appended."""
        ...

    @property
    def kept(self) -> Image:
        """The last image that is sure to be found again."""
        ...

    def append(self, image: Image, touched: Touched | None) -> int:
        """Write down how this image differs from the one before; its number.

        touched: where to look for differences; everywhere, if None
        Raises NotKept, with nothing written.
        """
        ...

    def wait(self, number: int, epoch: int) -> None:
        """Return once this image, appended in this epoch, is sure to be found again.  Raises NotKept if it is lost."""
        ...

    def mend(self) -> None:
        """Make appending possible again, going on from `kept`.  Raises NotKept if it is not."""
        ...

    def close(self) -> None:
        """Have everything kept, and let go of it."""
        ...
