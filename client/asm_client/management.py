"""The service as one class: all contracts, by name, so that type checkers and editors see every operation."""

from __future__ import annotations

from asm_contracts.areas.deployments import DeploymentContract
from asm_contracts.areas.hosted_services import HostedServiceContract
from asm_contracts.areas.operations import OperationContract
from asm_contracts.areas.virtual_machines import VirtualMachineContract


class ServiceManagement(HostedServiceContract, DeploymentContract, VirtualMachineContract, OperationContract):
    """Every operation that is declared; ``asm_contracts.catalogue.CONTRACTS``, spelled out."""
