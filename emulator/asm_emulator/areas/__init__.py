"""Behaviour, one file per area, under the same name as its contract."""

from __future__ import annotations

from typing import Final

from asm_emulator.areas.add_ons import AddOnArea
from asm_emulator.areas.affinity_groups import AffinityGroupArea
from asm_emulator.areas.application_gateways import ApplicationGatewayArea
from asm_emulator.areas.base import Area
from asm_emulator.areas.certificates import CertificateArea
from asm_emulator.areas.database_server import DatabaseServerArea
from asm_emulator.areas.deployments import DeploymentArea
from asm_emulator.areas.disks import DiskArea
from asm_emulator.areas.expressroute import ExpressRouteArea
from asm_emulator.areas.extension_images import ExtensionImageArea
from asm_emulator.areas.gateways import GatewayArea
from asm_emulator.areas.hdinsight import HDInsightArea
from asm_emulator.areas.hosted_services import HostedServiceArea
from asm_emulator.areas.images import ImageArea
from asm_emulator.areas.locations import LocationArea
from asm_emulator.areas.migration import MigrationArea
from asm_emulator.areas.operations import OperationArea
from asm_emulator.areas.reserved_ips import ReservedIPArea
from asm_emulator.areas.resource_extensions import ResourceExtensionArea
from asm_emulator.areas.route_tables import RouteTableArea
from asm_emulator.areas.scheduler import SchedulerArea
from asm_emulator.areas.security_groups import SecurityGroupArea
from asm_emulator.areas.service_bus import ServiceBusArea
from asm_emulator.areas.service_extensions import ServiceExtensionArea
from asm_emulator.areas.site_tools import SiteToolsArea
from asm_emulator.areas.sql import SqlArea
from asm_emulator.areas.storage_accounts import StorageAccountArea
from asm_emulator.areas.subscriptions import SubscriptionArea
from asm_emulator.areas.traffic_manager import TrafficManagerArea
from asm_emulator.areas.virtual_ips import VirtualIPArea
from asm_emulator.areas.virtual_machines import VirtualMachineArea
from asm_emulator.areas.virtual_network_gateways import VirtualNetworkGatewayArea
from asm_emulator.areas.virtual_networks import VirtualNetworkArea
from asm_emulator.areas.vm_images import VMImageArea
from asm_emulator.areas.websites import WEB_SITE_AREAS

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
    VirtualIPArea,
    ResourceExtensionArea,
    ServiceExtensionArea,
    ExtensionImageArea,
    SubscriptionArea,
    VirtualNetworkArea,
    VirtualNetworkGatewayArea,
    TrafficManagerArea,
    MigrationArea,
    GatewayArea,
    ExpressRouteArea,
    ApplicationGatewayArea,
    SecurityGroupArea,
    RouteTableArea,
    SqlArea,
    DatabaseServerArea,
    SiteToolsArea,
    ServiceBusArea,
    SchedulerArea,
    HDInsightArea,
    AddOnArea,
    *WEB_SITE_AREAS,
)
"""Every area.  Each serves the operations of the contract it inherits."""
