"""Deployments, machines and disks, as the raw driver reads them: every element in its recorded place."""

from __future__ import annotations

import base64
from xml.etree import ElementTree

from asm_client.drivers import raw_sheets as sheets
from asm_client.drivers.raw_nodes import INSTANCE, Node, extended_property, text_of
from asm_contracts import roles
from asm_contracts.areas import deployments as dp


def deployment(element: ElementTree.Element) -> dp.Deployment:
    """Deployment, as far as machines have it."""
    node = Node(
        element,
        "Deployment",
        "Name DeploymentSlot PrivateID Status Label Url Configuration RoleInstanceList UpgradeStatus"
        " UpgradeDomainCount RoleList SdkVersion Locked RollbackAllowed VirtualNetworkName CreatedTime"
        " LastModifiedTime ExtendedProperties Dns PersistentVMDowntime ExtensionConfiguration VirtualIPs"
        " ReservedIPName InternalDnsSuffix LoadBalancers VirtualNetworkId",
    )
    return dp.Deployment(
        name=node.need("Name"),
        deployment_slot=node.need("DeploymentSlot"),
        private_id=node.need("PrivateID"),
        status=node.need("Status"),
        label=node.decoded("Label"),
        url=node.text("Url"),
        configuration=base64.b64decode(node.need("Configuration")) if node.text("Configuration") else None,
        role_instance_list=node.list("RoleInstanceList", _instance),
        upgrade_status=node.document("UpgradeStatus", lambda one: sheets.read("UpgradeStatus", dp.UpgradeStatus, one)),
        upgrade_domain_count=node.integer("UpgradeDomainCount"),
        role_list=node.list("RoleList", _role_of_deployment),
        sdk_version=node.text("SdkVersion"),
        locked=node.boolean("Locked"),
        rollback_allowed=node.boolean("RollbackAllowed"),
        virtual_network_name=node.text("VirtualNetworkName"),
        created_time=node.time("CreatedTime"),
        last_modified_time=node.time("LastModifiedTime"),
        extended_properties=node.list("ExtendedProperties", extended_property),
        dns=node.document("Dns", lambda one: sheets.read("Dns", roles.Dns, one)),
        virtual_ips=node.list("VirtualIPs", _virtual_ip),
        reserved_ip_name=node.text("ReservedIPName"),
        internal_dns_suffix=node.text("InternalDnsSuffix"),
    )


def _virtual_ip(element: ElementTree.Element) -> dp.VirtualIP:
    node = Node(element, "VirtualIP", "Address IsDnsProgrammed Name IsReserved ReservedIPName")
    return dp.VirtualIP(
        address=node.text("Address"),
        is_dns_programmed=node.boolean("IsDnsProgrammed"),
        name=node.text("Name"),
        is_reserved=node.boolean("IsReserved"),
        reserved_ip_name=node.text("ReservedIPName"),
    )


def _instance(element: ElementTree.Element) -> roles.RoleInstance:
    node = Node(
        element,
        "RoleInstance",
        "RoleName InstanceName InstanceStatus InstanceUpgradeDomain InstanceFaultDomain InstanceSize"
        " InstanceStateDetails InstanceErrorCode IpAddress InstanceEndpoints PowerState HostName"
        " RemoteAccessCertificateThumbprint GuestAgentStatus MaintenanceStatus ResourceExtensionStatusList"
        " NetworkInterfaces PublicIPs",
    )
    return roles.RoleInstance(
        role_name=node.need("RoleName"),
        instance_name=node.need("InstanceName"),
        instance_status=node.need("InstanceStatus"),
        instance_upgrade_domain=node.integer("InstanceUpgradeDomain"),
        instance_fault_domain=node.integer("InstanceFaultDomain"),
        instance_size=node.text("InstanceSize"),
        instance_state_details=node.text("InstanceStateDetails"),
        instance_error_code=node.text("InstanceErrorCode"),
        ip_address=node.text("IpAddress"),
        instance_endpoints=node.list("InstanceEndpoints", _instance_endpoint),
        power_state=node.need("PowerState"),
        host_name=node.text("HostName"),
        remote_access_certificate_thumbprint=node.text("RemoteAccessCertificateThumbprint"),
    )


def _instance_endpoint(element: ElementTree.Element) -> roles.InstanceEndpoint:
    node = Node(element, "InstanceEndpoint", "Name Vip PublicPort LocalPort Protocol IdleTimeoutInMinutes")
    return roles.InstanceEndpoint(
        name=node.text("Name"),
        vip=node.text("Vip"),
        public_port=node.integer("PublicPort"),
        local_port=node.integer("LocalPort"),
        protocol=node.text("Protocol"),
        idle_timeout_in_minutes=node.integer("IdleTimeoutInMinutes"),
    )


def role(element: ElementTree.Element) -> roles.PersistentVMRole:
    """PersistentVMRole, read alone."""
    return _role(element, "PersistentVMRole")


def _role_of_deployment(element: ElementTree.Element) -> roles.Role:
    if element.get(f"{{{INSTANCE}}}type") != "PersistentVMRole":
        node = Node(element, "Role", "RoleName OsVersion ConfigurationSets")
        return roles.Role(role_name=node.need("RoleName"), os_version=node.text("OsVersion"))
    return _role(element, "Role")


def _role(element: ElementTree.Element, name: str) -> roles.PersistentVMRole:
    node = Node(
        element,
        name,
        "RoleName OsVersion RoleType ConfigurationSets ResourceExtensionReferences VMImageName MediaLocation"
        " AvailabilitySetName DataVirtualHardDisks Label OSVirtualHardDisk RoleSize"
        " DefaultWinRmCertificateThumbprint ProvisionGuestAgent VMImageInput DebugSettings LicenseType",
    )
    return roles.PersistentVMRole(
        role_name=node.need("RoleName"),
        os_version=node.text("OsVersion"),
        role_type=node.need("RoleType"),
        configuration_sets=node.list("ConfigurationSets", _network),
        vm_image_name=node.text("VMImageName"),
        media_location=node.text("MediaLocation"),
        availability_set_name=node.text("AvailabilitySetName"),
        data_virtual_hard_disks=node.list("DataVirtualHardDisks", _data_disk_of),
        os_virtual_hard_disk=node.document("OSVirtualHardDisk", _os_disk_of),
        role_size=node.text("RoleSize"),
        default_win_rm_certificate_thumbprint=node.text("DefaultWinRmCertificateThumbprint"),
        provision_guest_agent=node.boolean("ProvisionGuestAgent"),
    )


def _network(element: ElementTree.Element) -> roles.ConfigurationSet:
    assert element.get(f"{{{INSTANCE}}}type") == "NetworkConfigurationSet", "no other configuration set is given back"
    node = Node(
        element,
        "ConfigurationSet",
        "ConfigurationSetType InputEndpoints SubnetNames NetworkInterfaces StaticVirtualNetworkIPAddress PublicIPs"
        " NetworkSecurityGroup IPForwarding",
    )
    return roles.NetworkConfigurationSet(
        configuration_set_type=node.need("ConfigurationSetType"),
        input_endpoints=node.list("InputEndpoints", _endpoint_of),
        subnet_names=node.list("SubnetNames", text_of),
    )


def _endpoint_of(element: ElementTree.Element) -> roles.InputEndpoint:
    node = Node(
        element,
        "InputEndpoint",
        "LoadBalancedEndpointSetName LocalPort Name Port LoadBalancerProbe Protocol Vip EnableDirectServerReturn"
        " LoadBalancerName VirtualIPName EndpointAcl IdleTimeoutInMinutes LoadBalancerDistribution",
    )
    return roles.InputEndpoint(
        load_balanced_endpoint_set_name=node.text("LoadBalancedEndpointSetName"),
        local_port=node.integer("LocalPort"),
        name=node.text("Name"),
        port=node.integer("Port"),
        protocol=node.text("Protocol"),
        vip=node.text("Vip"),
        enable_direct_server_return=node.boolean("EnableDirectServerReturn"),
        idle_timeout_in_minutes=node.integer("IdleTimeoutInMinutes"),
        load_balancer_distribution=node.text("LoadBalancerDistribution"),
    )


def _os_disk_of(element: ElementTree.Element) -> roles.OSVirtualHardDisk:
    node = Node(
        element,
        "OSVirtualHardDisk",
        "HostCaching DiskLabel DiskName MediaLink SourceImageName OS RemoteSourceImageLink IOType ResizedSizeInGB",
    )
    return roles.OSVirtualHardDisk(
        host_caching=node.text("HostCaching"),
        disk_label=node.text("DiskLabel"),
        disk_name=node.text("DiskName"),
        media_link=node.text("MediaLink"),
        source_image_name=node.text("SourceImageName"),
        os=node.text("OS"),
        remote_source_image_link=node.text("RemoteSourceImageLink"),
        io_type=node.text("IOType"),
    )


def _data_disk_of(element: ElementTree.Element) -> roles.DataVirtualHardDisk:
    node = Node(
        element,
        "DataVirtualHardDisk",
        "HostCaching DiskLabel DiskName Lun LogicalDiskSizeInGB MediaLink SourceMediaLink IOType",
    )
    return roles.DataVirtualHardDisk(
        host_caching=node.text("HostCaching"),
        disk_label=node.text("DiskLabel"),
        disk_name=node.text("DiskName"),
        lun=node.integer("Lun"),
        logical_disk_size_in_gb=node.integer("LogicalDiskSizeInGB"),
        media_link=node.text("MediaLink"),
        io_type=node.text("IOType"),
    )
