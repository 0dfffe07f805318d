"""The service as one class: all contracts, by name, so that type checkers and editors see every operation."""

from __future__ import annotations

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


class ServiceManagement(
    AffinityGroupContract,
    CertificateContract,
    DeploymentContract,
    DiskContract,
    AddOnContract,
    HDInsightContract,
    HostedServiceContract,
    ImageContract,
    LocationContract,
    OperationContract,
    ReservedIPContract,
    ResourceExtensionContract,
    RouteTableContract,
    SecurityGroupContract,
    SchedulerContract,
    ServiceBusContract,
    ServiceExtensionContract,
    ExtensionImageContract,
    SqlContract,
    DatabaseServerContract,
    SiteToolsContract,
    StorageAccountContract,
    SubscriptionContract,
    VirtualIPContract,
    VirtualMachineContract,
    VirtualNetworkContract,
    VirtualNetworkGatewayContract,
    TrafficManagerContract,
    MigrationContract,
    GatewayContract,
    ExpressRouteContract,
    ApplicationGatewayContract,
    VMImageContract,
    HybridConnectionContract,
    ServerFarmContract,
    SiteBackupContract,
    SiteConfigurationContract,
    SiteMeasureContract,
    WebSiteContract,
    WebSpaceContract,
):
    """Every operation that is declared; ``asm_contracts.catalogue.CONTRACTS``, spelled out."""
