"""The documents that describe a role, its disks, its network and its instances.

Shared by the areas of deployments, virtual machines, disks and images.  Element order: recorded, completed from the
server's data contracts and the request trees of the published clients.
"""

from __future__ import annotations

from datetime import datetime

from asm_contracts.document import Base64Bytes, Nil, document, element

# -- network ------------------------------------------------------------------------------------------------------


@document()
class LoadBalancerProbe:
    """How a load balancer asks whether a machine is well."""

    path: str | None = None
    port: int | None = None
    protocol: str | None = None
    interval_in_seconds: int | None = None
    timeout_in_seconds: int | None = None


@document()
class Rule:
    """One rule of an endpoint's access control list."""

    order: int | None = None
    action: str | None = None
    remote_subnet: str | None = None
    description: str | None = None


@document()
class EndpointAcl:
    """Who may reach an endpoint; rules apply in ascending order."""

    rules: tuple[Rule, ...] | None = None


@document()
class InputEndpoint:
    """A port of the deployment's virtual IP that leads to a port of the machine."""

    load_balanced_endpoint_set_name: str | None = None
    local_port: int | None = None
    name: str | None = None
    port: int | None = None
    load_balancer_probe: LoadBalancerProbe | None = None
    protocol: str | None = None
    vip: str | None = None
    enable_direct_server_return: bool | None = None
    load_balancer_name: str | None = element(default=None, anywhere=True)
    virtual_ip_name: str | None = element(default=None, name="VirtualIPName", anywhere=True)
    endpoint_acl: EndpointAcl | None = None
    idle_timeout_in_minutes: int | None = element(default=None, since="2014-06-01")
    load_balancer_distribution: str | None = element(default=None, since="2014-06-01")


@document(name="PublicIP")
class AssignPublicIP:
    """A public address of an instance's own."""

    name: str | None = None
    idle_timeout_in_minutes: int | None = None
    domain_name_label: str | None = None


@document(name="IPConfiguration")
class AssignIPConfiguration:
    """The subnet of a further network interface, and its fixed address."""

    subnet_name: str | None = None
    static_virtual_network_ip_address: str | None = element(default=None, name="StaticVirtualNetworkIPAddress")


@document(name="NetworkInterface")
class AssignNetworkInterface:
    """A further network interface of a machine."""

    name: str | None = None
    ip_configurations: tuple[AssignIPConfiguration, ...] | None = element(default=None, name="IPConfigurations")
    network_security_group: str | None = None
    ip_forwarding: str | None = element(default=None, name="IPForwarding")


# -- configuration sets ---------------------------------------------------------------------------------------------


@document(discriminator="ConfigurationSetType")
class ConfigurationSet:
    """Base of the configuration sets; clients name the kind in the child, the service in ``i:type`` as well."""

    configuration_set_type: str | None = None


@document(tag="NetworkConfiguration")
class NetworkConfigurationSet(ConfigurationSet):
    """The endpoints, subnets and addresses of a role."""

    input_endpoints: tuple[InputEndpoint, ...] | None = None
    subnet_names: tuple[str, ...] | None = element(default=None, item="SubnetName")
    network_interfaces: tuple[AssignNetworkInterface, ...] | None = element(
        default=None, since="2014-08-01", anywhere=True
    )
    static_virtual_network_ip_address: str | None = element(
        default=None, name="StaticVirtualNetworkIPAddress", since="2013-11-01", anywhere=True
    )
    public_ips: tuple[AssignPublicIP, ...] | None = element(
        default=None, name="PublicIPs", since="2014-05-01", anywhere=True
    )
    network_security_group: str | None = None
    ip_forwarding: str | None = element(default=None, name="IPForwarding")


@document()
class CertificateSetting:
    """A service certificate to put into a Windows machine's store."""

    store_location: str | None = None
    store_name: str | None = None
    thumbprint: str | None = None


@document()
class DomainCredentials:
    """Who joins a machine to a domain."""

    domain: str | None = None
    username: str | None = None
    password: str | None = None


@document()
class DomainProvisioning:
    """Account data of an offline domain join."""

    account_data: str | None = None


@document()
class DomainJoin:
    """The domain a Windows machine joins at its first boot."""

    credentials: DomainCredentials | None = None
    provisioning: DomainProvisioning | None = element(default=None, anywhere=True)
    join_domain: str | None = None
    machine_object_ou: str | None = element(default=None, name="MachineObjectOU")


@document()
class Listener:
    """A WinRM listener; ``Https`` without a thumbprint gets the service's default certificate."""

    certificate_thumbprint: str | None = element(default=None, anywhere=True)
    protocol: str | None = element(default=None, anywhere=True)


@document()
class WinRM:
    """How a Windows machine listens for remote management."""

    listeners: tuple[Listener, ...] | None = None


@document()
class ComponentSetting:
    """One piece of unattended set-up."""

    setting_name: str | None = None
    content: Base64Bytes | None = None


@document()
class UnattendComponent:
    """Settings of one set-up component."""

    component_name: str | None = None
    component_settings: tuple[ComponentSetting, ...] | None = None


@document()
class UnattendPass:
    """One pass of set-up."""

    pass_name: str | None = None
    components: tuple[UnattendComponent, ...] | None = None


@document()
class AdditionalUnattendContent:
    """What a Windows machine's set-up is given beyond the rest."""

    passes: tuple[UnattendPass, ...] | None = None


@document(tag="WindowsProvisioningConfiguration")
class WindowsProvisioningConfigurationSet(ConfigurationSet):
    """How a Windows machine is set up at its first boot.  Never given back."""

    computer_name: str | None = None
    admin_password: str | None = None
    enable_automatic_updates: bool | None = element(default=None, anywhere=True)
    reset_password_on_first_logon: bool | None = element(default=None, anywhere=True)
    time_zone: str | None = None
    domain_join: DomainJoin | None = None
    stored_certificate_settings: tuple[CertificateSetting, ...] | None = None
    win_rm: WinRM | None = element(default=None, name="WinRM")
    admin_username: str | None = None
    custom_data: Base64Bytes | None = element(default=None, anywhere=True)
    additional_unattend_content: AdditionalUnattendContent | None = element(default=None, anywhere=True)


@document()
class PublicKey:
    """A service certificate whose public key may log in."""

    fingerprint: str | None = None
    path: str | None = None


@document()
class KeyPair:
    """A service certificate whose key pair is put on the machine."""

    fingerprint: str | None = None
    path: str | None = None


@document()
class SSH:
    """Keys put on a Linux machine."""

    public_keys: tuple[PublicKey, ...] | None = None
    key_pairs: tuple[KeyPair, ...] | None = None


@document(tag="LinuxProvisioningConfiguration")
class LinuxProvisioningConfigurationSet(ConfigurationSet):
    """How a Linux machine is set up at its first boot.  Never given back."""

    host_name: str | None = None
    user_name: str | None = None
    user_password: str | None = None
    disable_ssh_password_authentication: bool | None = None
    ssh: SSH | None = element(default=None, name="SSH", anywhere=True)
    custom_data: Base64Bytes | None = element(default=None, anywhere=True)


# -- disks ----------------------------------------------------------------------------------------------------------


@document()
class OSVirtualHardDisk:
    """The disk a machine boots from."""

    host_caching: str | None = None
    disk_label: str | None = None
    disk_name: str | None = None
    media_link: str | None = None
    source_image_name: str | None = None
    os: str | None = None
    remote_source_image_link: str | None = element(default=None, since="2014-05-01")
    io_type: str | None = element(default=None, since="2014-06-01")
    resized_size_in_gb: int | None = element(default=None, since="2014-10-01")


@document()
class DataVirtualHardDisk:
    """A data disk of a machine; on LUN 0 the answer has no ``Lun``."""

    host_caching: str | None = None
    disk_label: str | None = None
    disk_name: str | None = None
    lun: int | None = None
    logical_disk_size_in_gb: int | None = None
    media_link: str | None = None
    source_media_link: str | None = None
    io_type: str | None = element(default=None, since="2014-06-01")


# -- roles ----------------------------------------------------------------------------------------------------------


@document()
class ResourceExtensionParameterValue:
    """A setting of an extension; values of type Private are not given back."""

    key: str | None = None
    value: str | None = None
    type: str | None = None


@document()
class ResourceExtensionReference:
    """An extension that a machine runs."""

    reference_name: str | None = None
    publisher: str | None = None
    name: str | None = None
    version: str | None = None
    resource_extension_parameter_values: tuple[ResourceExtensionParameterValue, ...] | None = None
    state: str | None = None
    force_update: bool | None = None


@document()
class DebugSettings:
    """Boot diagnostics."""

    boot_diagnostics_enabled: bool | None = None
    console_screenshot_blob_uri: str | None = None
    serial_output_blob_uri: str | None = None


@document()
class ResizedOSDisk:
    """The size to give the OS disk of a VM image."""

    resized_size_in_gb: int | None = None


@document(name="DataDiskConfiguration")
class ResizedDataDisk:
    """The size to give a data disk of a VM image."""

    disk_name: str | None = None
    name: str | None = None
    resized_size_in_gb: int | None = None


@document()
class VMImageInput:
    """Sizes to give the disks of a VM image."""

    os_disk_configuration: ResizedOSDisk | None = None
    data_disk_configurations: tuple[ResizedDataDisk, ...] | None = None


@document(discriminator="RoleType")
class Role:
    """A role of a deployment: of a package as it is here, of a machine as the subclass."""

    role_name: str | None = None
    os_version: str | None = element(default=None, name="OsVersion")
    role_type: str | None = None
    configuration_sets: tuple[ConfigurationSet, ...] | None = None
    resource_extension_references: tuple[ResourceExtensionReference, ...] | None = element(
        default=None, since="2013-11-01"
    )


@document(tag="PersistentVMRole")
class PersistentVMRole(Role):
    """A virtual machine."""

    vm_image_name: str | None = element(default=None, since="2014-05-01")
    media_location: str | None = None
    availability_set_name: str | None = None
    data_virtual_hard_disks: tuple[DataVirtualHardDisk, ...] | None = None
    label: str | None = None
    os_virtual_hard_disk: OSVirtualHardDisk | None = None
    role_size: str | None = None
    default_win_rm_certificate_thumbprint: str | None = None
    provision_guest_agent: bool | None = element(default=None, since="2013-11-01")
    vm_image_input: VMImageInput | None = None
    debug_settings: DebugSettings | None = element(default=None, since="2015-09-01", anywhere=True)
    license_type: str | None = element(default=None, since="2015-09-01", anywhere=True)


# -- instances ------------------------------------------------------------------------------------------------------


@document()
class InstanceEndpoint:
    """An endpoint as an instance has it."""

    name: str | None = None
    vip: str | None = None
    public_port: int | None = None
    local_port: int | None = None
    protocol: str | None = None
    idle_timeout_in_minutes: int | None = element(default=None, since="2014-06-01")


@document()
class FormattedMessage:
    """A message of the guest agent or an extension, in a language."""

    language: str | None = None
    message: str | None = None


@document()
class GuestAgentStatus:
    """What the agent inside a machine last said."""

    protocol_version: str | None = None
    timestamp: datetime | None = None
    guest_agent_version: str | None = None
    status: str | None = None
    code: int | None = None
    formatted_message: FormattedMessage | None = None


@document()
class ExtensionSettingStatus:
    """What an extension's last piece of work came to."""

    timestamp: datetime | None = None
    configuration_applied_time: datetime | None = None
    name: str | None = None
    operation: str | None = None
    status: str | None = None
    code: int | None = None
    formatted_message: FormattedMessage | None = None


@document()
class ResourceExtensionStatus:
    """How an extension does."""

    handler_name: str | None = None
    version: str | None = None
    status: str | None = None
    code: int | None = None
    formatted_message: FormattedMessage | None = None
    extension_setting_status: ExtensionSettingStatus | None = None


@document()
class MaintenanceStatus:
    """Whether the customer may start planned maintenance, when that may be, and how the last attempt ended.

    The windows are the client's word; the published client reads the sentence as ``LastOperationMessage``, but what
    was recorded is ``LastOperationResultString``.
    """

    is_customer_initiated_maintenance_allowed: bool | None = None
    pre_maintenance_window_start_time: datetime | None = None
    pre_maintenance_window_end_time: datetime | None = None
    maintenance_window_start_time: datetime | None = None
    maintenance_window_end_time: datetime | None = None
    last_operation_result_code: str | None = None
    last_operation_result_string: str | None = None


@document()
class IPConfiguration:
    """An address of a further network interface."""

    subnet_name: str | None = None
    address: str | None = None


@document()
class NetworkInterface:
    """A further network interface of an instance."""

    name: str | None = None
    mac_address: str | None = None
    ip_configurations: tuple[IPConfiguration, ...] | None = element(default=None, name="IPConfigurations")
    network_security_group: str | None = None
    ip_forwarding: str | None = element(default=None, name="IPForwarding")


@document()
class PublicIP:
    """A public address of an instance's own."""

    name: str | None = None
    address: str | None = None
    idle_timeout_in_minutes: int | None = None
    domain_name_label: str | Nil | None = None
    fqdns: tuple[str, ...] | None = element(default=None, item="FQDN")


@document()
class RoleInstance:
    """A machine that runs (or does not) as an instance of a role."""

    role_name: str | None = None
    instance_name: str | None = None
    instance_status: str | None = None
    instance_upgrade_domain: int | None = None
    instance_fault_domain: int | None = None
    instance_size: str | None = None
    instance_state_details: str | None = None
    instance_error_code: str | None = None
    ip_address: str | None = None
    instance_endpoints: tuple[InstanceEndpoint, ...] | None = None
    power_state: str | None = None
    host_name: str | None = None
    remote_access_certificate_thumbprint: str | None = None
    guest_agent_status: GuestAgentStatus | None = element(default=None, since="2014-04-01")
    maintenance_status: MaintenanceStatus | None = element(default=None, since="2017-01-01")
    resource_extension_status_list: tuple[ResourceExtensionStatus, ...] | None = element(
        default=None, since="2014-04-01"
    )
    network_interfaces: tuple[NetworkInterface, ...] | None = element(default=None, since="2014-08-01")
    public_ips: tuple[PublicIP, ...] | None = element(default=None, name="PublicIPs", since="2014-05-01")


# -- what a deployment has beside its roles ---------------------------------------------------------------------------


@document()
class DnsServer:
    """A name server that the machines of a deployment use."""

    name: str | None = None
    address: str | None = None


@document()
class Dns:
    """The name servers of a deployment."""

    dns_servers: tuple[DnsServer, ...] | None = None


@document()
class FrontendIpConfiguration:
    """Where an internal load balancer listens; `type` is ``Private``."""

    type: str | None = None
    subnet_name: str | None = None
    static_virtual_network_ip_address: str | None = element(default=None, name="StaticVirtualNetworkIPAddress")


@document()
class LoadBalancer:
    """The internal load balancer of a deployment."""

    name: str | None = None
    frontend_ip_configuration: FrontendIpConfiguration | None = element(default=None, name="FrontendIpConfiguration")
