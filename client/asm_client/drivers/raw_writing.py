"""What the raw driver sends: documents written as strings, elements in the order in which the published clients write
them.  Nothing here knows how the contracts declare a document; only the classes are shared, because the tests speak
in them.
"""

from __future__ import annotations

import base64
import dataclasses
from typing import Any, Final
from xml.sax.saxutils import escape

from asm_contracts import roles
from asm_contracts.areas import affinity_groups as ag
from asm_contracts.areas import hosted_services as hs
from asm_contracts.areas import storage_accounts as ss
from asm_contracts.areas import virtual_machines as vm
from asm_contracts.document import NIL
from asm_contracts.suite.driver import NotExpressible
from asm_contracts.vocabulary import ExtendedProperty

AZURE: Final = "http://schemas.microsoft.com/windowsazure"
INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"


def root(name: str, content: str) -> str:
    """A request's document, opened as the official Python client opens it."""
    return f'<?xml version="1.0" encoding="utf-8"?><{name} xmlns:i="{INSTANCE}" xmlns="{AZURE}">{content}</{name}>'


def plain(name: str, value: object) -> str:
    """An element with text; nothing for None."""
    if value is None:
        return ""
    if value is NIL:
        return f'<{name} i:nil="true"/>'
    if isinstance(value, bool):
        value = "true" if value else "false"
    return f"<{name}>{escape(str(value))}</{name}>"


def coded(name: str, value: str | None) -> str:
    """An element with text in base64; nothing for None."""
    return "" if value is None else f"<{name}>{base64.b64encode(value.encode()).decode()}</{name}>"


def _only(value: Any, *known: str) -> None:
    for field in dataclasses.fields(value):
        if field.name not in known and getattr(value, field.name) is not None:
            raise NotExpressible(f"the raw driver has not written {field.name} of {type(value).__name__} down")


def _properties(found: tuple[ExtendedProperty, ...] | None) -> str:
    if found is None:
        return ""
    inside = "".join(
        f"<ExtendedProperty>{plain('Name', one.name)}{plain('Value', one.value)}</ExtendedProperty>" for one in found
    )
    return f"<ExtendedProperties>{inside}</ExtendedProperties>"


def create_hosted_service(body: hs.CreateHostedService) -> str:
    """CreateHostedService."""
    return root(
        "CreateHostedService",
        plain("ServiceName", body.service_name)
        + coded("Label", body.label)
        + plain("Description", body.description)
        + plain("Location", body.location)
        + plain("AffinityGroup", body.affinity_group)
        + _properties(body.extended_properties)
        + plain("ReverseDnsFqdn", body.reverse_dns_fqdn),
    )


def update_hosted_service(body: hs.UpdateHostedService) -> str:
    """UpdateHostedService."""
    _only(body, "label", "description", "extended_properties", "reverse_dns_fqdn")
    return root(
        "UpdateHostedService",
        coded("Label", body.label)
        + plain("Description", body.description)
        + _properties(body.extended_properties)
        + plain("ReverseDnsFqdn", body.reverse_dns_fqdn),
    )


def create_storage_service(body: ss.CreateStorageServiceInput) -> str:
    """CreateStorageServiceInput."""
    return root(
        "CreateStorageServiceInput",
        plain("ServiceName", body.service_name)
        + plain("Description", body.description)
        + coded("Label", body.label)
        + plain("AffinityGroup", body.affinity_group)
        + plain("Location", body.location)
        + plain("GeoReplicationEnabled", body.geo_replication_enabled)
        + _properties(body.extended_properties)
        + plain("SecondaryReadEnabled", body.secondary_read_enabled)
        + plain("AccountType", body.account_type),
    )


def update_storage_service(body: ss.UpdateStorageServiceInput) -> str:
    """UpdateStorageServiceInput."""
    _only(body, "description", "label", "geo_replication_enabled", "extended_properties", "account_type")
    return root(
        "UpdateStorageServiceInput",
        plain("Description", body.description)
        + coded("Label", body.label)
        + plain("GeoReplicationEnabled", body.geo_replication_enabled)
        + _properties(body.extended_properties)
        + plain("AccountType", body.account_type),
    )


def create_affinity_group(body: ag.CreateAffinityGroup) -> str:
    """CreateAffinityGroup."""
    return root(
        "CreateAffinityGroup",
        plain("Name", body.name)
        + coded("Label", body.label)
        + plain("Description", body.description)
        + plain("Location", body.location),
    )


def update_affinity_group(body: ag.UpdateAffinityGroup) -> str:
    """UpdateAffinityGroup."""
    return root("UpdateAffinityGroup", coded("Label", body.label) + plain("Description", body.description))


def vm_deployment(body: vm.CreateVirtualMachineDeployment) -> str:
    """The deployment of a first virtual machine; its label goes as plain text."""
    _only(body, "name", "deployment_slot", "label", "role_list", "virtual_network_name", "reserved_ip_name")
    inside = "".join(f"<Role>{role_content(one)}</Role>" for one in body.role_list)
    return root(
        "Deployment",
        plain("Name", body.name)
        + plain("DeploymentSlot", body.deployment_slot)
        + plain("Label", body.label)
        + f"<RoleList>{inside}</RoleList>"
        + plain("VirtualNetworkName", body.virtual_network_name)
        + plain("ReservedIPName", body.reserved_ip_name),
    )


def role_content(role: roles.PersistentVMRole) -> str:
    """What is inside of a Role or PersistentVMRole; configuration sets have no i:type, as in the official client."""
    _only(
        role,
        "role_name",
        "role_type",
        "configuration_sets",
        "vm_image_name",
        "media_location",
        "availability_set_name",
        "data_virtual_hard_disks",
        "os_virtual_hard_disk",
        "role_size",
        "provision_guest_agent",
    )
    sets = "".join(
        f"<ConfigurationSet>{_configuration(one)}</ConfigurationSet>" for one in role.configuration_sets or ()
    )
    disks = "".join(
        f"<DataVirtualHardDisk>{_data_disk(one)}</DataVirtualHardDisk>" for one in role.data_virtual_hard_disks or ()
    )
    disk = role.os_virtual_hard_disk
    return (
        plain("RoleName", role.role_name)
        + plain("RoleType", role.role_type)
        + (f"<ConfigurationSets>{sets}</ConfigurationSets>" if sets else "")
        + plain("VMImageName", role.vm_image_name)
        + plain("MediaLocation", role.media_location)
        + plain("AvailabilitySetName", role.availability_set_name)
        + (f"<DataVirtualHardDisks>{disks}</DataVirtualHardDisks>" if disks else "")
        + (f"<OSVirtualHardDisk>{_os_disk(disk)}</OSVirtualHardDisk>" if disk else "")
        + plain("RoleSize", role.role_size)
        + plain("ProvisionGuestAgent", role.provision_guest_agent)
    )


def _os_disk(disk: roles.OSVirtualHardDisk) -> str:
    _only(disk, "host_caching", "disk_label", "disk_name", "media_link", "source_image_name", "os")
    return (
        plain("HostCaching", disk.host_caching)
        + plain("DiskLabel", disk.disk_label)
        + plain("DiskName", disk.disk_name)
        + plain("MediaLink", disk.media_link)
        + plain("SourceImageName", disk.source_image_name)
        + plain("OS", disk.os)
    )


def _data_disk(disk: roles.DataVirtualHardDisk) -> str:
    _only(
        disk,
        "host_caching",
        "disk_label",
        "disk_name",
        "lun",
        "logical_disk_size_in_gb",
        "media_link",
        "source_media_link",
    )
    return (
        plain("HostCaching", disk.host_caching)
        + plain("DiskLabel", disk.disk_label)
        + plain("DiskName", disk.disk_name)
        + plain("Lun", disk.lun)
        + plain("LogicalDiskSizeInGB", disk.logical_disk_size_in_gb)
        + plain("MediaLink", disk.media_link)
        + plain("SourceMediaLink", disk.source_media_link)
    )


def _configuration(found: roles.ConfigurationSet) -> str:
    if isinstance(found, roles.LinuxProvisioningConfigurationSet):
        _only(
            found,
            "configuration_set_type",
            "host_name",
            "user_name",
            "user_password",
            "disable_ssh_password_authentication",
        )
        return (
            plain("ConfigurationSetType", "LinuxProvisioningConfiguration")
            + plain("HostName", found.host_name)
            + plain("UserName", found.user_name)
            + plain("UserPassword", found.user_password)
            + plain("DisableSshPasswordAuthentication", found.disable_ssh_password_authentication)
        )
    if isinstance(found, roles.WindowsProvisioningConfigurationSet):
        _only(
            found,
            "configuration_set_type",
            "computer_name",
            "admin_password",
            "enable_automatic_updates",
            "time_zone",
            "admin_username",
        )
        return (
            plain("ConfigurationSetType", "WindowsProvisioningConfiguration")
            + plain("ComputerName", found.computer_name)
            + plain("AdminPassword", found.admin_password)
            + plain("EnableAutomaticUpdates", found.enable_automatic_updates)
            + plain("TimeZone", found.time_zone)
            + plain("AdminUsername", found.admin_username)
        )
    if isinstance(found, roles.NetworkConfigurationSet):
        _only(found, "configuration_set_type", "input_endpoints")
        inside = "".join(f"<InputEndpoint>{_endpoint(one)}</InputEndpoint>" for one in found.input_endpoints or ())
        return plain("ConfigurationSetType", "NetworkConfiguration") + f"<InputEndpoints>{inside}</InputEndpoints>"
    raise NotExpressible(f"the raw driver has not written {type(found).__name__} down")


def _endpoint(found: roles.InputEndpoint) -> str:
    _only(
        found,
        "load_balanced_endpoint_set_name",
        "local_port",
        "name",
        "port",
        "protocol",
        "enable_direct_server_return",
    )
    return (
        plain("LoadBalancedEndpointSetName", found.load_balanced_endpoint_set_name)
        + plain("LocalPort", found.local_port)
        + plain("Name", found.name)
        + plain("Port", found.port)
        + plain("Protocol", found.protocol)
        + plain("EnableDirectServerReturn", found.enable_direct_server_return)
    )
