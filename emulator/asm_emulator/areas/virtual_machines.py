"""Virtual machines."""

from __future__ import annotations

from asm_contracts.areas.virtual_machines import VirtualMachineContract
from asm_contracts.errors import ResourceNotFound
from asm_contracts.operation import DeploymentKey
from asm_contracts.roles import PersistentVMRole
from asm_emulator.areas.base import Area
from asm_emulator.deployed import find_deployment, role_document


class VirtualMachineArea(Area, VirtualMachineContract):
    """Creates, reads, starts, stops and captures virtual machines."""

    def get_role(self, service_name: str, deployment: DeploymentKey, role_name: str) -> PersistentVMRole:
        _, found = find_deployment(self.state, service_name, deployment)
        for machine in found.machines:
            if machine.name.lower() == role_name.lower():
                return role_document(found, machine, in_deployment=False)
        raise ResourceNotFound(f"Role {role_name} was not found in the currently deployed service.")
