"""Behaviour, one file per area, under the same name as its contract."""

from __future__ import annotations

from typing import Final

from asm_emulator.areas.affinity_groups import AffinityGroupArea
from asm_emulator.areas.base import Area
from asm_emulator.areas.certificates import CertificateArea
from asm_emulator.areas.deployments import DeploymentArea
from asm_emulator.areas.disks import DiskArea
from asm_emulator.areas.hosted_services import HostedServiceArea
from asm_emulator.areas.images import ImageArea
from asm_emulator.areas.locations import LocationArea
from asm_emulator.areas.operations import OperationArea
from asm_emulator.areas.reserved_ips import ReservedIPArea
from asm_emulator.areas.resource_extensions import ResourceExtensionArea
from asm_emulator.areas.service_extensions import ServiceExtensionArea
from asm_emulator.areas.storage_accounts import StorageAccountArea
from asm_emulator.areas.subscriptions import SubscriptionArea
from asm_emulator.areas.virtual_machines import VirtualMachineArea
from asm_emulator.areas.virtual_networks import VirtualNetworkArea
from asm_emulator.areas.vm_images import VMImageArea

AREAS: Final[tuple[type[Area], ...]] = (
    HostedServiceArea,
    DeploymentArea,
    VirtualMachineArea,
    OperationArea,
    StorageAccountArea,
    ImageArea,
    VMImageArea,
    DiskArea,
    AffinityGroupArea,
    CertificateArea,
    LocationArea,
    ReservedIPArea,
    ResourceExtensionArea,
    ServiceExtensionArea,
    SubscriptionArea,
    VirtualNetworkArea,
)
"""Every area.  Each serves the operations of the contract it inherits."""
