"""Populated subscriptions to fire at: at least one resource of every kind that can be made, each under a known name.

Everything made up is deterministic, so that a request found today addresses the same things tomorrow.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

from asm_client import Client, WSGITransport
from asm_contracts.areas.application_gateways import CreateApplicationGatewayParameters
from asm_contracts.areas.certificates import CertificateFile, SubscriptionCertificate
from asm_contracts.areas.deployments import CreateDeployment
from asm_contracts.areas.gateways import CreateGatewayParameters
from asm_contracts.areas.reserved_ips import CreateReservedIP
from asm_contracts.areas.route_tables import CreateRouteTable, NextHop, Route
from asm_contracts.areas.scheduler import CreateCloudService, Job, JobAction, JobCollectionInput, JobRequest
from asm_contracts.areas.security_groups import CreateNetworkSecurityGroup, SecurityRule
from asm_contracts.areas.service_bus import (
    CreateNamespace,
    NotificationHubDescription,
    QueueDescription,
    RelayDescription,
    SharedAccessAuthorizationRule,
    TopicDescription,
)
from asm_contracts.areas.service_extensions import AddExtension
from asm_contracts.areas.sql import CreateDatabase, CreateServer, FirewallRuleInput
from asm_contracts.areas.traffic_manager import CreateProfile, Definition, DnsOptions, Endpoint, Monitor, Policy
from asm_contracts.areas.virtual_network_gateways import CreateLocalNetworkGatewayParameters
from asm_contracts.areas.vm_images import CreateVMImage, OSDiskConfiguration
from asm_contracts.areas.websites import HybridConnection, SiteInput, WebSpaceToCreate
from asm_contracts.operation import DeploymentSlot, Operation, RawBody
from asm_contracts.roles import DataVirtualHardDisk
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import endpoint, make_machines
from asm_contracts.suite.names import Names
from asm_contracts.suite.samples import World
from asm_contracts.suite.worlds import (
    LOCATION,
    blob,
    make_affinity_group,
    make_disk,
    make_hosted_service,
    make_os_image,
)
from asm_contracts.versions import LATEST
from asm_emulator.emulator import Emulator
from asm_emulator.state import State

NETWORKS: Final = """<?xml version="1.0" encoding="utf-8"?>
<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">
  <VirtualNetworkConfiguration>
    <Dns><DnsServers><DnsServer name="dns" IPAddress="10.1.0.4" /></DnsServers></Dns>
    <LocalNetworkSites>
      <LocalNetworkSite name="office">
        <AddressSpace><AddressPrefix>192.168.0.0/16</AddressPrefix></AddressSpace>
        <VPNGatewayAddress>203.0.113.7</VPNGatewayAddress>
      </LocalNetworkSite>
    </LocalNetworkSites>
    <VirtualNetworkSites>
      <VirtualNetworkSite name="net" Location="West US">
        <AddressSpace><AddressPrefix>10.1.0.0/16</AddressPrefix></AddressSpace>
        <Subnets>
          <Subnet name="front"><AddressPrefix>10.1.1.0/24</AddressPrefix></Subnet>
          <Subnet name="GatewaySubnet"><AddressPrefix>10.1.255.0/27</AddressPrefix></Subnet>
        </Subnets>
        <Gateway>
          <ConnectionsToLocalNetwork>
            <LocalNetworkSiteRef name="office"><Connection type="IPsec" /></LocalNetworkSiteRef>
          </ConnectionsToLocalNetwork>
        </Gateway>
      </VirtualNetworkSite>
    </VirtualNetworkSites>
  </VirtualNetworkConfiguration>
</NetworkConfiguration>
"""
CONFIGURATION: Final = (
    b'<?xml version="1.0" encoding="utf-8"?>\n<ServiceConfiguration serviceName="s" osFamily="2" osVersion="*" '
    b'xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">'
    b'<Role name="Worker"><Instances count="2" /><ConfigurationSettings><Setting name="Key" value="one" />'
    b"</ConfigurationSettings></Role></ServiceConfiguration>"
)
MOST_KEPT: Final = 4
"""Good requests kept of an operation."""
SPACE: Final = "westuswebspace"
HOUR: Final = timedelta(hours=1)
_BORN: Final = datetime(2015, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Good:
    """A request that took effect, and what there was when it did."""

    state: State
    now: datetime
    arguments: dict[str, Any]


class Direct:
    """The contract suite's calls straight into an emulator in this process, as one of its callers.

    good: the first few calls of every operation that took effect
    """

    def __init__(self, emulator: Emulator, client: Client) -> None:
        self.emulator = emulator
        self.client = client
        self.good: dict[str, list[Good]] = {}

    def invoke(self, operation: Operation, arguments: dict[str, Any]) -> Any:
        """Carry an operation out."""
        before, now = self.emulator.snapshot(), self.emulator.engine.clock.now()
        answer = self.client.invoke(operation, arguments)
        kept = self.good.setdefault(operation.name, [])
        if len(kept) < MOST_KEPT:
            kept.append(Good(before, now, arguments))
        return answer

    def advance(self, by: timedelta) -> None:
        """Move the time."""
        self.emulator.advance(by)


def direct(emulator: Emulator, subscription: str, certificate: bytes) -> Direct:
    """All operations on a subscription, shown this certificate."""
    return Direct(emulator, Client(WSGITransport(emulator.app.wsgi_app, certificate), subscription, version=LATEST))


@functools.cache
def key_pair(number: int) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """A key and its self-signed certificate, the same ones in every run and process (but for the signature)."""
    key = ec.derive_private_key(0xA5A5 + number, ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"certificate {number}")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(number + 1).not_valid_before(_BORN).not_valid_after(_BORN + timedelta(days=36500))
    return key, made.sign(key, hashes.SHA256(), ecdsa_deterministic=True)


def der(number: int) -> bytes:
    """A certificate as DER."""
    return key_pair(number)[1].public_bytes(Encoding.DER)


def pfx(number: int, password: str = "Pa55-word") -> bytes:
    """A certificate with its key under a password."""
    key, certificate = key_pair(number)
    return pkcs12.serialize_key_and_certificates(
        b"name", key, certificate, None, BestAvailableEncryption(password.encode())
    )


def fingerprint(number: int) -> str:
    """A certificate's thumbprint."""
    return key_pair(number)[1].fingerprint(hashes.SHA1()).hex().upper()


def populate(driver: Direct, run: str) -> World:
    """Make one of everything; names by the path word before them."""
    emulator, azure, names = driver.emulator, Azure(driver), Names(run)  # type: ignore[arg-type]
    machines = make_machines(azure, names, 2, endpoints=(endpoint("ssh", 22),))
    azure.wait(
        azure.add_data_disk(
            machines.service, machines.deployment, machines.roles[0],
            DataVirtualHardDisk(lun=1, logical_disk_size_in_gb=10, media_link=blob(machines.account, f"{run}data")),
        )
    )  # fmt: skip
    world: dict[str, str] = {
        "hostedservices": machines.service,
        "deployments": machines.deployment,
        "deploymentslots": "Production",
        "roles": machines.roles[0],
        "roleinstances": machines.roles[0],
        "datadisks": "1",
        "images": machines.image,
        "storageservices": machines.account,
        "affinitygroups": make_affinity_group(azure, names),
        "disks": make_disk(azure, names, machines.account),
        "webspaces": SPACE,
        "networking": "net",
        "virtualnetwork": "net",
        "subnets": "front",
        "connection": "office",
        "provider_namespace": "Microsoft.Windows.Azure.Extensions",
    }
    make_os_image(azure, names, machines.account)
    for word, make in _MAKERS.items():
        world |= make(emulator, azure, names, world) or {}
        assert word in world, word
    emulator.advance(4 * HOUR)
    own = emulator.snapshot().subscriptions[driver.client.subscription_id.lower()]
    world["operations"] = min(own.operations)
    return world


Made = dict[str, str]
Make = Callable[[Emulator, Azure, Names, Made], Made]


def _packages(emulator: Emulator, azure: Azure, names: Names, world: Made) -> Made:
    service = make_hosted_service(azure, names)
    for number, slot in enumerate(("Production", "Staging")):
        url = f"https://{world['storageservices']}.blob.core.windows.net/packages/service.cspkg"
        body = CreateDeployment(
            name=f"package{number}", package_url=url, label="l", configuration=CONFIGURATION, start_deployment=True
        )
        azure.wait(azure.create_deployment(service, DeploymentSlot(slot), body))
    emulator.advance(HOUR)
    azure.add_service_certificate(service, CertificateFile(data=pfx(1), certificate_format="pfx", password="Pa55-word"))
    offered = azure.list_available_extensions().items[0]
    azure.wait(
        azure.add_extension(
            service,
            AddExtension(
                provider_name_space=offered.provider_name_space, type=offered.type, id="mine",
                public_configuration=b"<shown/>", private_configuration=b"<hidden/>",
            ),
        )
    )  # fmt: skip
    return {"packages": service, "extensions": "mine", "thumbprint": fingerprint(1), "thumbprint_algorithm": "sha1"}


def _certificates(emulator: Emulator, azure: Azure, names: Names, world: Made) -> Made:
    azure.add_management_certificate(SubscriptionCertificate(public_key=b"key", thumbprint=fingerprint(2), data=der(2)))
    return {"certificates": fingerprint(2)}


def _networks(emulator: Emulator, azure: Azure, names: Names, world: Made) -> Made:
    azure.set_network_configuration(RawBody(NETWORKS.encode(), "text/plain"))
    emulator.advance(HOUR)
    azure.create_virtual_network_gateway("net", CreateGatewayParameters(gateway_type="DynamicRouting"))
    emulator.advance(HOUR)
    azure.create_local_network_gateway(
        CreateLocalNetworkGatewayParameters(
            gateway_name="local", ip_address="203.0.113.9", address_space=("172.16.0.0/16",)
        )
    )
    emulator.advance(HOUR)
    azure.add_client_root_certificate("net", RawBody(der(3), "text/plain"))
    emulator.advance(HOUR)
    azure.create_application_gateway(
        CreateApplicationGatewayParameters(name="gate", vnet_name="net", subnets=("front",), instance_count=2)
    )
    emulator.advance(HOUR)
    found = azure.list_local_network_gateways().items
    return {
        "localnetworkgateways": str(found[0].id),
        "applicationgateways": "gate",
        "clientrootcertificates": fingerprint(3),
        "gateways": "net",
    }


def _reserved(emulator: Emulator, azure: Azure, names: Names, world: Made) -> Made:
    name = names.reserved_ip()
    azure.wait(azure.create_reserved_ip_address(CreateReservedIP(name=name, label="l", location=LOCATION)))
    return {"reservedips": name}


def _vm_images(emulator: Emulator, azure: Azure, names: Names, world: Made) -> Made:
    name = names.vm_image()
    disk = OSDiskConfiguration(os="Linux", os_state="Specialized", media_link=blob(world["storageservices"], name))
    azure.create_vm_image(CreateVMImage(name=name, label=name, os_disk_configuration=disk))
    emulator.advance(HOUR)
    return {"vmimages": name}


def _rules(emulator: Emulator, azure: Azure, names: Names, world: Made) -> Made:
    group, table = names.of("security group"), names.of("route table")
    azure.wait(
        azure.create_network_security_group(CreateNetworkSecurityGroup(name=group, label="l", location=LOCATION))
    )
    rule = SecurityRule(
        type="Inbound", priority=100, action="Allow", source_address_prefix="*", source_port_range="*",
        destination_address_prefix="10.0.0.0/8", destination_port_range="80", protocol="TCP",
    )  # fmt: skip
    azure.wait(azure.set_network_security_rule(group, "rule", rule))
    azure.wait(azure.create_route_table(CreateRouteTable(name=table, label="l", location=LOCATION)))
    route = Route(address_prefix="0.0.0.0/0", next_hop_type=NextHop(type="Null"))
    azure.wait(azure.set_route(table, "out", route))
    return {"networksecuritygroups": group, "rules": "rule", "routetables": table, "routes": "out"}


def _profiles(emulator: Emulator, azure: Azure, names: Names, world: Made) -> Made:
    name = names.of("traffic manager profile")
    azure.create_traffic_manager_profile(CreateProfile(name=name, domain_name=f"{name}.trafficmanager.net"))
    policy = Policy(load_balancing_method="RoundRobin", endpoints=(Endpoint(domain_name="one.cloudapp.net"),))
    options = DnsOptions(time_to_live_in_seconds=30)
    azure.create_traffic_manager_definition(
        name, Definition(dns_options=options, monitors=(Monitor(protocol="HTTP"),), policy=policy)
    )
    return {"profiles": name, "definitions": "1"}


def _sql(emulator: Emulator, azure: Azure, names: Names, world: Made) -> Made:
    body = CreateServer(administrator_login="asmadmin", administrator_login_password="Pa55-word", location=LOCATION)
    server = azure.create_server(body).name
    azure.create_database(server, CreateDatabase(name="books", edition="Standard"))
    azure.create_database(server, CreateDatabase(name="gone", edition="Standard"))
    azure.create_firewall_rule(
        server, FirewallRuleInput(name="office", start_ip_address="10.0.0.1", end_ip_address="10.0.0.9")
    )
    emulator.advance(HOUR)
    azure.delete_database(server, "gone")
    emulator.advance(HOUR)
    dropped = azure.list_restorable_dropped_databases(server).items
    operations = azure.list_database_operations_by_server(server).items
    objective = azure.list_service_level_objectives(server).items[-1].id
    return {
        "servers": server, "databases": "books", "firewallrules": "office", "serverquotas": "premium_databases",
        "recoverabledatabases": "books",
        "restorabledroppeddatabases": str(getattr(dropped[0], "entity_id", "gone")) if dropped else "gone",
        "databaseoperations": str(getattr(operations[0], "id", "x")) if operations else "x",
        "serviceobjectives": str(objective),
    }  # fmt: skip


def _bus(emulator: Emulator, azure: Azure, names: Names, world: Made) -> Made:
    name = names.of("namespace")
    azure.create_namespace(name, CreateNamespace(region=LOCATION))
    emulator.advance(HOUR)
    azure.create_queue(name, "orders", QueueDescription(max_size_in_megabytes=2048))
    azure.create_topic(name, "news", TopicDescription())
    azure.create_notification_hub(name, "hub", NotificationHubDescription())
    azure.create_relay(name, "relay", RelayDescription(listener_type="Http"))
    azure.create_authorization_rule(
        name,
        SharedAccessAuthorizationRule(
            key_name="own", primary_key="A" * 43 + "=", secondary_key="B" * 43 + "=", rights=("Send",)
        ),
    )
    return {
        "namespaces": name, "queues": "orders", "topics": "news", "notificationhubs": "hub", "relays": "relay",
        "authorizationrules": "own", "metrics": "length", "rollups": "PT5M", "kind": "Queues", "entity_name": "orders",
    }  # fmt: skip


def _scheduler(emulator: Emulator, azure: Azure, names: Names, world: Made) -> Made:
    name = names.of("cloud service")
    azure.wait(azure.create_cloud_service(name, CreateCloudService(label="l", description="d", geo_region=LOCATION)))
    azure.wait(azure.create_job_collection(name, "tasks", JobCollectionInput()))
    action = JobAction(type="http", request=JobRequest(uri="http://example.org/", method="GET"))
    azure.create_job(name, "tasks", "one", Job(action=action))
    return {"cloudservices": name, "jobcollections": "tasks", "jobs": "one"}


def _sites(emulator: Emulator, azure: Azure, names: Names, world: Made) -> Made:
    name = names.of("web site")
    space = WebSpaceToCreate(geo_region=LOCATION, name=SPACE, plan="VirtualDedicatedPlan")
    azure.create_site(SPACE, SiteInput(name=name, web_space_to_create=space))
    azure.create_site_repository(SPACE, name)
    azure.create_hybrid_connection(
        SPACE, name,
        HybridConnection(
            entity_name="hybrid", entity_connection_string="Endpoint=sb://x/;SharedAccessKey=k", hostname="host",
            port=80, resource_type="Generic", resource_connection_string="c", biztalk_uri="https://b.example/",
        ),
    )  # fmt: skip
    farms = azure.list_server_farms(SPACE).items
    return {"sites": name, "hybridconnection": "hybrid", "serverfarms": str(farms[0].name) if farms else "Default1"}


_MAKERS: Final[dict[str, Make]] = {
    "packages": _packages,
    "certificates": _certificates,
    "gateways": _networks,
    "reservedips": _reserved,
    "vmimages": _vm_images,
    "networksecuritygroups": _rules,
    "profiles": _profiles,
    "servers": _sql,
    "namespaces": _bus,
    "cloudservices": _scheduler,
    "sites": _sites,
}
