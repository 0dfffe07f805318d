"""The scheduler."""

from __future__ import annotations

from asm_emulator.areas.scheduler.jobs import JobOperations
from asm_emulator.areas.scheduler.services import ServiceOperations


class SchedulerArea(ServiceOperations, JobOperations):
    """Cloud services, job collections and jobs."""


__all__ = ["SchedulerArea"]
