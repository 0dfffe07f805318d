"""Every contract class, once; and the checks that hold over all of them."""

from __future__ import annotations

import functools
from typing import Final

from asm_contracts.areas.add_ons import AddOnContract
from asm_contracts.areas.affinity_groups import AffinityGroupContract
from asm_contracts.areas.application_gateways import ApplicationGatewayContract
from asm_contracts.areas.certificates import CertificateContract
from asm_contracts.areas.database_server import DatabaseServerContract
from asm_contracts.areas.deployments import DeploymentContract
from asm_contracts.areas.disks import DiskContract
from asm_contracts.areas.expressroute import ExpressRouteContract
from asm_contracts.areas.extension_images import ExtensionImageContract
from asm_contracts.areas.gateways import GatewayContract
from asm_contracts.areas.hdinsight import HDInsightContract
from asm_contracts.areas.hosted_services import HostedServiceContract
from asm_contracts.areas.images import ImageContract
from asm_contracts.areas.locations import LocationContract
from asm_contracts.areas.migration import MigrationContract
from asm_contracts.areas.operations import OperationContract
from asm_contracts.areas.reserved_ips import ReservedIPContract
from asm_contracts.areas.resource_extensions import ResourceExtensionContract
from asm_contracts.areas.route_tables import RouteTableContract
from asm_contracts.areas.scheduler import SchedulerContract
from asm_contracts.areas.security_groups import SecurityGroupContract
from asm_contracts.areas.service_bus import ServiceBusContract
from asm_contracts.areas.service_extensions import ServiceExtensionContract
from asm_contracts.areas.site_tools import SiteToolsContract
from asm_contracts.areas.sql import SqlContract
from asm_contracts.areas.storage_accounts import StorageAccountContract
from asm_contracts.areas.subscriptions import SubscriptionContract
from asm_contracts.areas.traffic_manager import TrafficManagerContract
from asm_contracts.areas.virtual_ips import VirtualIPContract
from asm_contracts.areas.virtual_machines import VirtualMachineContract
from asm_contracts.areas.virtual_network_gateways import VirtualNetworkGatewayContract
from asm_contracts.areas.virtual_networks import VirtualNetworkContract
from asm_contracts.areas.vm_images import VMImageContract
from asm_contracts.areas.websites import (
    HybridConnectionContract,
    ServerFarmContract,
    SiteBackupContract,
    SiteConfigurationContract,
    SiteMeasureContract,
    WebSiteContract,
    WebSpaceContract,
)
from asm_contracts.operation import Contract, Operation, operations

CONTRACTS: Final[tuple[type[Contract], ...]] = (
    HostedServiceContract,
    DeploymentContract,
    VirtualMachineContract,
    OperationContract,
    StorageAccountContract,
    ImageContract,
    VMImageContract,
    DiskContract,
    AffinityGroupContract,
    CertificateContract,
    LocationContract,
    ReservedIPContract,
    VirtualIPContract,
    ResourceExtensionContract,
    ServiceExtensionContract,
    ExtensionImageContract,
    SubscriptionContract,
    VirtualNetworkContract,
    VirtualNetworkGatewayContract,
    TrafficManagerContract,
    MigrationContract,
    GatewayContract,
    ExpressRouteContract,
    ApplicationGatewayContract,
    SecurityGroupContract,
    RouteTableContract,
    SqlContract,
    DatabaseServerContract,
    SiteToolsContract,
    ServiceBusContract,
    SchedulerContract,
    HDInsightContract,
    AddOnContract,
    WebSpaceContract,
    ServerFarmContract,
    WebSiteContract,
    SiteConfigurationContract,
    SiteMeasureContract,
    SiteBackupContract,
    HybridConnectionContract,
)


@functools.cache
def all_operations() -> tuple[Operation, ...]:
    """Every declared operation, area by area.

    Raises ValueError when two have the same name: a client class inherits all contracts, so names are one namespace.
    """
    found: dict[str, Operation] = {}
    for contract in CONTRACTS:
        for declared in operations(contract):
            if declared.name in found:
                raise ValueError(f"{declared.name} is declared in {found[declared.name].area} and {declared.area}")
            found[declared.name] = declared
    return tuple(found.values())


def operation_named(name: str) -> Operation:
    """The operation of this method name; KeyError if there is none."""
    for declared in all_operations():
        if declared.name == name:
            return declared
    raise KeyError(name)
