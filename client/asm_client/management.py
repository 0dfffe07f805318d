"""The service as one class: all contracts, by name, so that type checkers and editors see every operation."""

from __future__ import annotations

from asm_contracts.areas.affinity_groups import AffinityGroupContract
from asm_contracts.areas.certificates import CertificateContract
from asm_contracts.areas.deployments import DeploymentContract
from asm_contracts.areas.disks import DiskContract
from asm_contracts.areas.hosted_services import HostedServiceContract
from asm_contracts.areas.images import ImageContract
from asm_contracts.areas.locations import LocationContract
from asm_contracts.areas.operations import OperationContract
from asm_contracts.areas.reserved_ips import ReservedIPContract
from asm_contracts.areas.resource_extensions import ResourceExtensionContract
from asm_contracts.areas.service_extensions import ServiceExtensionContract
from asm_contracts.areas.storage_accounts import StorageAccountContract
from asm_contracts.areas.subscriptions import SubscriptionContract
from asm_contracts.areas.virtual_machines import VirtualMachineContract
from asm_contracts.areas.virtual_networks import VirtualNetworkContract
from asm_contracts.areas.vm_images import VMImageContract


class ServiceManagement(
    AffinityGroupContract,
    CertificateContract,
    DeploymentContract,
    DiskContract,
    HostedServiceContract,
    ImageContract,
    LocationContract,
    OperationContract,
    ReservedIPContract,
    ResourceExtensionContract,
    ServiceExtensionContract,
    StorageAccountContract,
    SubscriptionContract,
    VirtualMachineContract,
    VirtualNetworkContract,
    VMImageContract,
):
    """Every operation that is declared; ``asm_contracts.catalogue.CONTRACTS``, spelled out."""
