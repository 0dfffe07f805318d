"""What a script of the guide makes and hands over: configurations, disks, endpoints, keys, images.

Constructors take what those of the official client take, in its order; objects may be changed after they were made.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from asm_client.servicemanagement.items import (
    Components,
    ComponentSettings,
    ConfigurationSetInputEndpoints,
    DataDiskConfigurations,
    DataVirtualHardDisks,
    Items,
    KeyPairs,
    Listeners,
    Passes,
    PublicIPs,
    PublicKeys,
    ResourceExtensionParameterValues,
    ResourceExtensionReferences,
    StoredCertificateSettings,
)

__all__ = [
    "SSH",
    "AdditionalUnattendContent",
    "AsynchronousOperationResult",
    "CaptureRoleAsVMImage",
    "CertificateSetting",
    "ComponentSetting",
    "ComponentSettings",
    "Components",
    "ConfigurationSet",
    "ConfigurationSetInputEndpoint",
    "ConfigurationSetInputEndpoints",
    "Credentials",
    "DataDiskConfiguration",
    "DataDiskConfigurations",
    "DataVirtualHardDisk",
    "DataVirtualHardDisks",
    "DnsServer",
    "DomainJoin",
    "KeyPair",
    "KeyPairs",
    "LinuxConfigurationSet",
    "Listener",
    "Listeners",
    "LoadBalancerProbe",
    "OSDiskConfiguration",
    "OSImage",
    "OSVirtualHardDisk",
    "Passes",
    "PublicIP",
    "PublicIPs",
    "PublicKey",
    "PublicKeys",
    "ResourceExtensionParameterValue",
    "ResourceExtensionParameterValues",
    "ResourceExtensionReference",
    "ResourceExtensionReferences",
    "StoredCertificateSettings",
    "UnattendComponent",
    "UnattendPass",
    "VMImage",
    "WinRM",
    "WindowsConfigurationSet",
]


class Vocabulary:
    """Base of what a script makes; an attribute that is None or an empty string is not sent."""


# -- disks ----------------------------------------------------------------------------------------------------------


@dataclass
class OSVirtualHardDisk(Vocabulary):
    """The disk a machine boots from: made from an image at `media_link`, or one that is there."""

    source_image_name: str | None = None
    media_link: str | None = None
    host_caching: str | None = None
    disk_label: str | None = None
    disk_name: str | None = None
    os: str | None = None
    remote_source_image_link: str | None = None


@dataclass
class DataVirtualHardDisk(Vocabulary):
    """A data disk of a machine."""

    media_link: str | None = ""
    host_caching: str | None = None
    disk_label: str | None = ""
    disk_name: str | None = ""
    lun: int | None = 0
    logical_disk_size_in_gb: int | None = 0
    source_media_link: str | None = None


# -- network --------------------------------------------------------------------------------------------------------


@dataclass
class LoadBalancerProbe(Vocabulary):
    """How a load balancer asks whether a machine is well."""

    path: str = field(default="", init=False)
    port: int | str = field(default="", init=False)
    protocol: str = field(default="", init=False)


@dataclass
class ConfigurationSetInputEndpoint(Vocabulary):
    """A port of the deployment's address that leads to a port of the machine."""

    name: str = ""
    protocol: str = ""
    port: int | str = ""
    local_port: int | str = ""
    load_balanced_endpoint_set_name: str = ""
    enable_direct_server_return: bool = False
    idle_timeout_in_minutes: int | None = 4
    load_balancer_probe: LoadBalancerProbe | None = field(default_factory=LoadBalancerProbe, init=False)


@dataclass
class PublicIP(Vocabulary):
    """A public address of an instance's own."""

    name: str = ""
    idle_timeout_in_minutes: int | None = field(default=4, init=False)
    address: str | None = field(default=None, init=False)


@dataclass
class ConfigurationSet(Vocabulary):
    """The network of a role."""

    configuration_set_type: str = field(default="NetworkConfiguration", init=False)
    role_type: str = field(default="", init=False)
    input_endpoints: Items = field(default_factory=ConfigurationSetInputEndpoints, init=False)
    subnet_names: list[str] = field(default_factory=list, init=False)
    public_ips: Items = field(default_factory=PublicIPs, init=False)
    static_virtual_network_ip_address: str | None = field(default=None, init=False)


@dataclass
class DnsServer(Vocabulary):
    """A name server of a deployment."""

    name: str = field(default="", init=False)
    address: str = field(default="", init=False)


# -- Linux ----------------------------------------------------------------------------------------------------------


@dataclass
class PublicKey(Vocabulary):
    """A service certificate whose public key may log in; `path` is the file on the machine."""

    fingerprint: str = ""
    path: str = ""


@dataclass
class KeyPair(Vocabulary):
    """A service certificate whose key pair is put on the machine."""

    fingerprint: str = ""
    path: str = ""


@dataclass
class SSH(Vocabulary):
    """Keys put on a Linux machine."""

    public_keys: Items = field(default_factory=PublicKeys, init=False)
    key_pairs: Items = field(default_factory=KeyPairs, init=False)


@dataclass
class LinuxConfigurationSet(Vocabulary):
    """How a Linux machine is set up at its first boot; `custom_data` is plain text or bytes."""

    host_name: str | None = None
    user_name: str | None = None
    user_password: str | None = field(default=None, repr=False)
    disable_ssh_password_authentication: bool | None = None
    custom_data: str | bytes | None = field(default=None, repr=False)
    configuration_set_type: str = field(default="LinuxProvisioningConfiguration", init=False)
    ssh: SSH | None = field(default_factory=SSH, init=False)


# -- Windows --------------------------------------------------------------------------------------------------------


@dataclass
class Credentials(Vocabulary):
    """Who joins a machine to a domain."""

    domain: str = field(default="", init=False)
    username: str = field(default="", init=False)
    password: str = field(default="", init=False, repr=False)


@dataclass
class DomainJoin(Vocabulary):
    """The domain a machine joins."""

    credentials: Credentials = field(default_factory=Credentials, init=False)
    join_domain: str = field(default="", init=False)
    machine_object_ou: str = field(default="", init=False)


@dataclass
class CertificateSetting(Vocabulary):
    """A service certificate to put into a store of a Windows machine."""

    thumbprint: str = ""
    store_name: str = ""
    store_location: str = ""


@dataclass
class Listener(Vocabulary):
    """A WinRM listener, ``Http`` or ``Https``."""

    protocol: str = ""
    certificate_thumbprint: str = ""


@dataclass
class WinRM(Vocabulary):
    """How a Windows machine listens for remote management."""

    listeners: Items = field(default_factory=Listeners, init=False)


@dataclass
class ComponentSetting(Vocabulary):
    """One piece of unattended set-up; `content` is base64."""

    setting_name: str = field(default="", init=False)
    content: str = field(default="", init=False)


@dataclass
class UnattendComponent(Vocabulary):
    """Settings of one set-up component."""

    component_name: str = field(default="", init=False)
    component_settings: Items = field(default_factory=ComponentSettings, init=False)


@dataclass
class UnattendPass(Vocabulary):
    """One pass of set-up."""

    pass_name: str = field(default="", init=False)
    components: Items = field(default_factory=Components, init=False)


@dataclass
class AdditionalUnattendContent(Vocabulary):
    """What a machine's set-up is given beyond the rest."""

    passes: Items = field(default_factory=Passes, init=False)


@dataclass
class WindowsConfigurationSet(Vocabulary):
    """How a Windows machine is set up at its first boot; `custom_data` is plain text or bytes."""

    computer_name: str | None = None
    admin_password: str | None = field(default=None, repr=False)
    reset_password_on_first_logon: bool | None = None
    enable_automatic_updates: bool | None = None
    time_zone: str | None = None
    admin_username: str | None = None
    custom_data: str | bytes | None = field(default=None, repr=False)
    configuration_set_type: str = field(default="WindowsProvisioningConfiguration", init=False)
    domain_join: DomainJoin | None = field(default_factory=DomainJoin, init=False)
    stored_certificate_settings: Items | None = field(default_factory=StoredCertificateSettings, init=False)
    win_rm: WinRM | None = field(default_factory=WinRM, init=False)
    additional_unattend_content: AdditionalUnattendContent | None = field(
        default_factory=AdditionalUnattendContent, init=False
    )


# -- extensions -----------------------------------------------------------------------------------------------------


@dataclass
class ResourceExtensionParameterValue(Vocabulary):
    """A setting of an extension; `value` is base64, `type` is ``Public`` or ``Private``."""

    key: str = field(default="", init=False)
    value: str = field(default="", init=False, repr=False)
    type: str = field(default="", init=False)


@dataclass
class ResourceExtensionReference(Vocabulary):
    """An extension that a machine is to run."""

    reference_name: str = ""
    publisher: str = ""
    name: str = ""
    version: str = ""
    resource_extension_parameter_values: Items = field(default_factory=ResourceExtensionParameterValues, init=False)
    state: str = field(default="", init=False)


# -- images ---------------------------------------------------------------------------------------------------------


@dataclass
class CaptureRoleAsVMImage(Vocabulary):
    """The VM image to make of a machine; `os_state` is ``Generalized`` or ``Specialized``."""

    os_state: str | None = None
    vm_image_name: str | None = None
    vm_image_label: str | None = None
    description: str | None = None
    language: str | None = None
    image_family: str | None = None
    recommended_vm_size: str | None = None


@dataclass
class OSDiskConfiguration(Vocabulary):
    """The OS disk of a VM image."""

    name: str | None = field(default=None, init=False)
    host_caching: str | None = field(default=None, init=False)
    os_state: str | None = field(default=None, init=False)
    os: str | None = field(default=None, init=False)
    media_link: str | None = field(default=None, init=False)
    logical_disk_size_in_gb: int | None = field(default=None, init=False)


@dataclass
class DataDiskConfiguration(Vocabulary):
    """A data disk of a VM image."""

    name: str | None = field(default=None, init=False)
    host_caching: str | None = field(default=None, init=False)
    lun: int | None = field(default=None, init=False)
    media_link: str | None = field(default=None, init=False)
    logical_disk_size_in_gb: int | None = field(default=None, init=False)


@dataclass
class VMImage(Vocabulary):
    """A VM image to register, or what to change of one."""

    name: str | None = None
    label: str | None = None
    description: str | None = None
    os_disk_configuration: OSDiskConfiguration = field(default_factory=OSDiskConfiguration, init=False)
    data_disk_configurations: Items = field(default_factory=DataDiskConfigurations, init=False)
    language: str | None = field(default=None, init=False)
    image_family: str | None = field(default=None, init=False)
    recommended_vm_size: str | None = field(default=None, init=False)
    eula: str | None = field(default=None, init=False)
    icon_uri: str | None = field(default=None, init=False)
    small_icon_uri: str | None = field(default=None, init=False)
    privacy_uri: str | None = field(default=None, init=False)
    published_date: str | None = field(default=None, init=False)
    show_in_gui: bool = field(default=False, init=False)


@dataclass
class OSImage(Vocabulary):
    """What to change of an OS image."""

    label: str = field(default="", init=False)
    eula: str = field(default="", init=False)
    description: str = field(default="", init=False)
    image_family: str = field(default="", init=False)
    show_in_gui: bool = field(default=True, init=False)
    published_date: str | None = field(default="", init=False)
    icon_uri: str = field(default="", init=False)
    privacy_uri: str = field(default="", init=False)
    recommended_vm_size: str = field(default="", init=False)
    small_icon_uri: str = field(default="", init=False)
    language: str = field(default="", init=False)


# -- answers --------------------------------------------------------------------------------------------------------


@dataclass
class AsynchronousOperationResult:
    """What a change answers: the request id with which to ask how it goes."""

    request_id: str | None = None
