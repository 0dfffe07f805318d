"""Deployments: reading and deleting either kind, and the life of those made from a package."""

from __future__ import annotations

from asm_emulator.areas.deployments.area import DeploymentArea
from asm_emulator.areas.deployments.packages import lease_on

__all__ = ["DeploymentArea", "lease_on"]
