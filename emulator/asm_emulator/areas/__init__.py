"""Behaviour, one file per area, under the same name as its contract."""

from __future__ import annotations

from typing import Final

from asm_emulator.areas.base import Area
from asm_emulator.areas.deployments import DeploymentArea
from asm_emulator.areas.hosted_services import HostedServiceArea
from asm_emulator.areas.operations import OperationArea
from asm_emulator.areas.virtual_machines import VirtualMachineArea

AREAS: Final[tuple[type[Area], ...]] = (
    HostedServiceArea,
    DeploymentArea,
    VirtualMachineArea,
    OperationArea,
)
"""Every area.  Each serves the operations of the contract it inherits."""
