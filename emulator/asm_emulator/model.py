"""The frozen entities inside the state.

Entities hold what the service knows; documents hold what it says.  Where both are the same thing (an endpoint, a
disk configuration) an entity keeps the document, which is a frozen value too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from rpds import HashTrieMap

from asm_contracts import roles as vm
from asm_contracts.areas import deployments as wire
from asm_contracts.areas.extension_images import PublishedExtensionImage
from asm_contracts.areas.images import ComputeImageAttributes, MarketplaceImageAttributes
from asm_contracts.areas.storage_accounts import CustomDomain
from asm_contracts.codec.netcfg import NetworkConfiguration
from asm_contracts.frozen import frozen
from asm_contracts.vocabulary import ExtendedProperty
from asm_emulator.expressroute_model import DedicatedCircuit
from asm_emulator.gateway_model import (
    ApplicationGateway,
    GatewayConnection,
    GatewayOperation,
    LocalNetworkGateway,
    TrafficManagerProfile,
    VirtualNetworkGateway,
)
from asm_emulator.network_model import ReservedIP as ReservedIP
from asm_emulator.network_model import Route as Route
from asm_emulator.network_model import RouteTable as RouteTable
from asm_emulator.network_model import SecurityGroup as SecurityGroup
from asm_emulator.network_model import SecurityRule as SecurityRule
from asm_emulator.network_model import Subnet as Subnet
from asm_emulator.network_model import VirtualNetworkSite as VirtualNetworkSite
from asm_emulator.scheduler_model import CloudService
from asm_emulator.service_bus_model import Namespace
from asm_emulator.sql_model import DatabaseCopy, SqlServer
from asm_emulator.websites_model import ServerFarm, SiteOperation, WebSite, first_farms

Map: TypeAlias = HashTrieMap
Properties: TypeAlias = tuple[ExtendedProperty, ...]


@frozen
class Quotas:
    """The most a subscription may have; the defaults are the recorded subscription's."""

    cores: int = 20
    storage_accounts: int = 100
    hosted_services: int = 20
    virtual_network_sites: int = 50
    local_network_sites: int = 20
    dns_servers: int = 20
    reserved_ips: int = 20
    public_ips: int = 5
    network_security_groups: int = 100
    network_security_rules: int = 200
    route_tables: int = 100
    routes: int = 100
    management_certificates: int = 100


@frozen
class ManagementCertificate:
    """A certificate that authenticates the subscription's callers."""

    thumbprint: str
    data: bytes
    public_key: bytes
    created: datetime


@frozen
class ServiceCertificate:
    """A certificate of a hosted service; the private key that came with it is not kept."""

    thumbprint: str
    data: bytes


@frozen
class AffinityGroup:
    """A place where services and storage accounts are kept near each other."""

    name: str
    label: str
    description: str | None
    location: str
    created: datetime


@frozen
class Maintenance:
    """Planned maintenance of the host that a machine is on.

    serial:             tells it from other plans: a pending step of those does nothing
    pre_start, pre_end: when the machine's owner may have it done
    start, end:         when the platform does it, if that has not been
    under_way:          whether the owner's request for it is being carried out
    done:               who did it: one of `maintenance.OWNER` and `maintenance.PLATFORM`; None before
    """

    serial: int
    pre_start: datetime
    pre_end: datetime
    start: datetime
    end: datetime
    under_way: bool = False
    done: str | None = None


@frozen
class RoleInstance:
    """A running (or stopped) machine of a role.

    `boot` counts its starts: a pending step of an earlier start finds another number and does nothing.
    """

    role_name: str
    name: str
    status: str
    power_state: str
    state_details: str = ""
    size: str = "Small"
    upgrade_domain: int = 0
    fault_domain: int = 0
    ip_address: str | None = None
    host_name: str | None = None
    remote_access_thumbprint: str | None = None
    error_code: str | None = None
    agent_reported: datetime | None = None
    """When the guest agent last reported."""
    changed: datetime | None = None
    public_ip: str | None = None
    interface_addresses: tuple[tuple[str, str], ...] = ()
    """The addresses of further network interfaces: pairs of the interface's name and an address."""
    boot: int = 0
    set_up: bool = False
    """Whether it has ever been ready: the first start takes longer."""
    unsettled: bool = False
    """Whether it was changed while it booted: then its state is unknown for a while once it has."""
    orders: int = 0
    """How often it was told to start or stop: a stop that comes late finds another number and does nothing."""
    maintenance: Maintenance | None = None
    """What is planned for its host, or was and is done; it goes when the machine leaves the host."""


@frozen
class MachineRole:
    """A virtual machine: what it was configured with, less what the service never gives back (passwords)."""

    name: str
    size: str
    os: str
    os_disk: vm.OSVirtualHardDisk
    network: vm.NetworkConfigurationSet
    data_disks: tuple[vm.DataVirtualHardDisk, ...] = ()
    computer_name: str | None = None
    availability_set_name: str | None = None
    label: str | None = None
    vm_image_name: str | None = None
    extensions: tuple[vm.ResourceExtensionReference, ...] | None = None
    provision_guest_agent: bool | None = None
    win_rm_thumbprint: str | None = None
    debug_settings: vm.DebugSettings | None = None
    license_type: str | None = None
    certificates: tuple[str, ...] = ()
    """Thumbprints of the service certificates that its configuration named: in stores, for WinRM, as SSH keys."""
    provisioned: bool = True
    """Whether a provisioning configuration made it (a specialised image or disk has none)."""


@frozen
class PackageRole:
    """A web or worker role of a package deployment."""

    name: str
    os_version: str
    instance_count: int
    size: str = "Small"
    endpoints: tuple[vm.InputEndpoint, ...] = ()
    subnets: tuple[str, ...] = ()
    """Where in its virtual network its instances are to be, the first of them that is there."""


@frozen
class Upgrade:
    """An update of a package deployment that goes domain by domain."""

    kind: str
    state: str
    domain: int
    before: Any
    """What to go back to on rollback: a Deployment."""
    roles: tuple[str, ...] = ()
    """The roles whose instances it restarts."""
    serial: int = 0
    """Tells it from earlier ones: a pending step of those does nothing."""


@frozen
class VirtualIP:
    """A further virtual IP of a deployment; it has an address while an endpoint uses it."""

    name: str
    address: str | None = None


@frozen
class Deployment:
    """What runs in one slot of a hosted service: a package's roles, or virtual machines."""

    name: str
    slot: str
    private_id: str
    label: str
    status: str
    is_package: bool
    created: datetime
    modified: datetime
    configuration: bytes | None = None
    package_url: str | None = None
    extended_properties: Properties = ()
    extension_configuration: wire.ExtensionConfiguration | None = None
    machines: tuple[MachineRole, ...] = ()
    package_roles: tuple[PackageRole, ...] = ()
    instances: tuple[RoleInstance, ...] = ()
    vip: str | None = None
    vip_name: str | None = None
    """Set when a reserved IP named the virtual IP at creation; otherwise its endpoints decide."""
    virtual_ips: tuple[VirtualIP, ...] = ()
    """Those beside the first one."""
    reserved_ip_name: str | None = None
    virtual_network_name: str | None = None
    virtual_network_id: str | None = None
    dns_servers: tuple[vm.DnsServer, ...] = ()
    load_balancers: tuple[vm.LoadBalancer, ...] = ()
    upgrade: Upgrade | None = None
    upgrade_domain_count: int = 1
    sdk_version: str = ""
    locked: bool = False
    staging_host: str | None = None
    reboots: tuple[wire.RebootEvent, ...] = ()
    """Restarts of its instances, oldest first."""
    cluster: str | None = None
    """The kind of hardware its machines are on; None until they are."""


@frozen
class HostedService:
    """A name in cloudapp.net, and what is deployed under it."""

    name: str
    label: str
    description: str | None
    created: datetime
    modified: datetime
    location: str | None = None
    affinity_group: str | None = None
    status: str = "Created"
    extended_properties: Properties = ()
    reverse_dns_fqdn: str | None = None
    guest_agent_type: str | None = None
    win_rm_thumbprint: str | None = None
    certificates: HashTrieMap[str, ServiceCertificate] = field(default_factory=HashTrieMap)
    deployments: HashTrieMap[str, Deployment] = field(default_factory=HashTrieMap)
    """By slot, ``Production`` and ``Staging``."""
    extensions: HashTrieMap[str, ServiceExtension] = field(default_factory=HashTrieMap)
    """By id in lower case."""
    had_deployment: bool = False


@frozen
class StorageAccount:
    """A storage account; `status` is Creating until its operation has ended."""

    name: str
    label: str
    description: str | None
    created: datetime
    account_type: str
    primary_key: str
    secondary_key: str
    location: str | None = None
    affinity_group: str | None = None
    status: str = "Created"
    extended_properties: Properties = ()
    key_generation: int = 0
    """How often its keys were made: every new key depends on it."""
    custom_domains: tuple[CustomDomain, ...] = ()


@frozen
class Attachment:
    """The role that a disk is attached to."""

    service_name: str
    deployment_name: str
    role_name: str


@frozen
class Disk:
    """A registered disk; without `os` it is a data disk."""

    name: str
    media_link: str
    size_in_gb: int
    created: datetime
    label: str | None = None
    os: str | None = None
    location: str | None = None
    affinity_group: str | None = None
    source_image_name: str | None = None
    attached_to: Attachment | None = None
    io_type: str = "Standard"


@frozen
class Replication:
    """The regions an image is copied to, each with when that began, and what the image is published as."""

    regions: tuple[tuple[str, datetime], ...]
    compute: ComputeImageAttributes | None = None
    marketplace: MarketplaceImageAttributes | None = None


@frozen
class OSImage:
    """An OS image of the subscription's own."""

    name: str
    label: str
    media_link: str
    os: str
    location: str
    size_in_gb: int
    created: datetime
    affinity_group: str | None = None
    eula: str | None = None
    description: str | None = None
    image_family: str | None = None
    show_in_gui: bool | None = None
    published_date: datetime | None = None
    icon_uri: str | None = None
    small_icon_uri: str | None = None
    privacy_uri: str | None = None
    recommended_vm_size: str | None = None
    language: str | None = None
    permission: str = "private"
    replication: Replication | None = None
    publisher: str | None = None
    """Whose image it is, of one that was seeded as the platform's: in all regions, without a VHD in any account."""


@frozen
class ImageDisk:
    """A disk of a VM image; the OS disk has no `lun`."""

    name: str
    media_link: str
    size_in_gb: int
    host_caching: str
    lun: int | None = None
    io_type: str = "Standard"


@frozen
class VMImage:
    """A VM image of the subscription's own, captured or made from blobs."""

    name: str
    label: str
    os: str
    os_state: str
    os_disk: ImageDisk
    location: str
    created: datetime
    modified: datetime
    data_disks: tuple[ImageDisk, ...] = ()
    affinity_group: str | None = None
    description: str | None = None
    language: str | None = None
    image_family: str | None = None
    recommended_vm_size: str | None = None
    eula: str | None = None
    icon_uri: str | None = None
    small_icon_uri: str | None = None
    privacy_uri: str | None = None
    published_date: datetime | None = None
    show_in_gui: bool | None = None
    service_name: str | None = None
    deployment_name: str | None = None
    role_name: str | None = None
    role_state_on_capture: str | None = None
    role_size_on_capture: str | None = None
    permission: str = "private"
    replication: Replication | None = None


@frozen
class ServiceExtension:
    """An extension added to a hosted service; its private configuration is not kept."""

    id: str
    provider_namespace: str
    type: str
    version: str
    thumbprint: str | None = None
    thumbprint_algorithm: str | None = None
    public_configuration: bytes | None = None


@frozen
class PublishedExtension:
    """A version of an extension that the subscription has published."""

    image: PublishedExtensionImage
    replicated: bool = False


@frozen
class Blob:
    """What a registered blob backs: `kind` is disk, image or vmimage."""

    kind: str
    name: str


@frozen
class Caller:
    """Who sent a request."""

    thumbprint: str | None = None
    address: str | None = None


@frozen
class OperationRecord:
    """What became of a request that changed something, or tried to."""

    request_id: str
    name: str
    object_path: str
    started: datetime
    serial: int
    caller: Caller
    arguments: Any = None
    status: str = "InProgress"
    http_status: int | None = None
    error_code: str | None = None
    error_message: str | None = None
    completed: datetime | None = None
    leases: tuple[tuple[str, str], ...] = ()


_USUAL: Final = Quotas()


@dataclass(frozen=True, kw_only=True)  # without slots: `altered` copies it at every write
class Subscription:
    """One subscription and everything in it.  Keys are names in lower case: the service ignores their case."""

    id: str
    name: str
    created: datetime
    status: str = "Active"
    cloud: str = ""
    """Where its global names are unique: subscriptions of another cloud may have the same ones."""
    ahead: timedelta = timedelta()
    """How far its time is ahead of the emulator's: tests that share an emulator travel apart."""
    quotas: Quotas = _USUAL
    certificates: HashTrieMap[str, ManagementCertificate] = field(default_factory=HashTrieMap)
    affinity_groups: HashTrieMap[str, AffinityGroup] = field(default_factory=HashTrieMap)
    hosted_services: HashTrieMap[str, HostedService] = field(default_factory=HashTrieMap)
    storage_accounts: HashTrieMap[str, StorageAccount] = field(default_factory=HashTrieMap)
    disks: HashTrieMap[str, Disk] = field(default_factory=HashTrieMap)
    os_images: HashTrieMap[str, OSImage] = field(default_factory=HashTrieMap)
    vm_images: HashTrieMap[str, VMImage] = field(default_factory=HashTrieMap)
    blobs: HashTrieMap[str, Blob] = field(default_factory=HashTrieMap)
    """Registered blobs by URL: a blob backs one registration."""
    published_extensions: HashTrieMap[str, PublishedExtension] = field(default_factory=HashTrieMap)
    """By namespace, type and version, with slashes between."""
    reserved_ips: HashTrieMap[str, ReservedIP] = field(default_factory=HashTrieMap)
    virtual_networks: HashTrieMap[str, VirtualNetworkSite] = field(default_factory=HashTrieMap)
    network_configuration: NetworkConfiguration | None = None
    """What was set last, and has been carried out; None before the first time."""
    network_security_groups: HashTrieMap[str, SecurityGroup] = field(default_factory=HashTrieMap)
    route_tables: HashTrieMap[str, RouteTable] = field(default_factory=HashTrieMap)
    virtual_network_gateways: HashTrieMap[str, VirtualNetworkGateway] = field(default_factory=HashTrieMap)
    """By the name of their network, which has one at most."""
    gateway_connections: HashTrieMap[str, GatewayConnection] = field(default_factory=HashTrieMap)
    """By the ids of gateway and connected entity, with a slash between."""
    local_network_gateways: HashTrieMap[str, LocalNetworkGateway] = field(default_factory=HashTrieMap)
    """By id."""
    application_gateways: HashTrieMap[str, ApplicationGateway] = field(default_factory=HashTrieMap)
    gateway_operations: HashTrieMap[str, GatewayOperation] = field(default_factory=HashTrieMap)
    """By the id that is given out for them, which is not their request's."""
    dedicated_circuits: HashTrieMap[str, DedicatedCircuit] = field(default_factory=HashTrieMap)
    """By service key."""
    traffic_manager_profiles: HashTrieMap[str, TrafficManagerProfile] = field(default_factory=HashTrieMap)
    migrations: HashTrieMap[str, str] = field(default_factory=HashTrieMap)
    """How far the migration of a resource is, by kind and name."""
    sql_servers: HashTrieMap[str, SqlServer] = field(default_factory=HashTrieMap)
    database_copies: HashTrieMap[str, DatabaseCopy] = field(default_factory=HashTrieMap)
    service_bus_namespaces: HashTrieMap[str, Namespace] = field(default_factory=HashTrieMap)
    cloud_services: HashTrieMap[str, CloudService] = field(default_factory=HashTrieMap)
    """The scheduler's, which are no hosted services."""
    web_sites: HashTrieMap[str, WebSite] = field(default_factory=HashTrieMap)
    """Sites by name and slots by ``site(slot)``."""
    server_farms: HashTrieMap[str, ServerFarm] = field(default_factory=first_farms)
    """Server farms by ``webspace/name``."""
    site_operations: HashTrieMap[str, SiteOperation] = field(default_factory=HashTrieMap)
    publishing_users: tuple[str, ...] = ()
    publishing_digest: str | None = None
    """What is kept of the publishing user's password."""
    providers: HashTrieMap[str, str] = field(default_factory=lambda: HashTrieMap({"website": "Registered"}))
    """Resource providers the subscription is registered with: from the start that of web sites (recorded)."""
    leases: HashTrieMap[str, str] = field(default_factory=HashTrieMap)
    """Leases on things that are no deployment, such as the network configuration: name to request id."""
    operations: HashTrieMap[str, OperationRecord] = field(default_factory=HashTrieMap)
    used_cores: int = 0
