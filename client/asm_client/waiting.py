"""Waiting for what was only accepted."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Protocol

from asm_client.errors import OperationFailed, OperationTimedOut
from asm_contracts.areas.operations import Operation
from asm_contracts.operation import Accepted, Created

TIMEOUT: Final = 1800.0
INTERVAL: Final = 2.0
"""Seconds.  A virtual machine took the service a minute or two, a slow day many."""

Progress = Callable[[Operation, float], object]
"""Called with what each question found and the seconds since the first, the last answer included."""


class Followable(Protocol):
    """What can say how an operation does."""

    def get_operation_status(self, request_id: str) -> Operation:
        """Read the state of an operation."""
        ...


def wait_for(
    client: Followable,
    request: Accepted | Created | str,
    timeout: float = TIMEOUT,
    interval: float = INTERVAL,
    progress: Progress | None = None,
    *,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Operation:
    """Ask until an operation has ended, and return how it stands then, ``Succeeded``.

    request:  the answer that accepted it, or its request id
    timeout:  seconds after which to give up; the last question is asked when they are over
    interval: seconds between two questions
    sleep:    how to let them pass; time that it says to have slept counts even if `clock` does not see it

    Raises `OperationFailed`, `OperationTimedOut`, and what asking may raise.
    """
    request_id = request if isinstance(request, str) else request.request_id
    if not request_id:
        raise ValueError("without a request id there is nothing to wait for")
    if timeout < 0 or interval < 0:
        raise ValueError("time does not go back")
    begun, slept = clock(), 0.0
    while True:
        found = client.get_operation_status(request_id)
        elapsed = max(clock() - begun, slept)
        if progress is not None:
            progress(found, elapsed)
        if found.status == "Succeeded":
            return found
        if found.status == "Failed":
            error = found.error
            raise OperationFailed(
                error.code if error else "InternalError",
                error.message if error else "The operation failed without saying why.",
                found.http_status_code or 500,
                request_id,
            )
        if elapsed >= timeout:
            raise OperationTimedOut(request_id, timeout)
        pause = min(interval, timeout - elapsed)
        sleep(pause)
        slept += pause
