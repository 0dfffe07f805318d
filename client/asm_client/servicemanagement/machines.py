"""Virtual machines: roles of a deployment, in the guide's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from asm_client.servicemanagement.connection import Connection
from asm_client.servicemanagement.vocabulary import AsynchronousOperationResult
from asm_contracts.operation import DeploymentName


def place(service_name: str, deployment_name: str, role_name: str | None = None) -> dict[str, Any]:
    """The address of a deployment, or of a machine in it."""
    found: dict[str, Any] = {"service_name": service_name, "deployment": DeploymentName(deployment_name)}
    return found if role_name is None else {**found, "role_name": role_name}


def configuration_sets(*given: Any) -> list[Any] | None:
    """The sets that were given, system before network; None for none."""
    return [each for each in given if each is not None] or None


class Machines(Connection):
    """Virtual machines."""

    def get_role(self, service_name: str, deployment_name: str, role_name: str) -> Any:
        """A machine's configuration."""
        return self._read("get_role", **place(service_name, deployment_name, role_name))

    def create_virtual_machine_deployment(
        self,
        service_name: str,
        deployment_name: str,
        deployment_slot: str,
        label: str,
        role_name: str,
        system_config: Any,
        os_virtual_hard_disk: Any,
        network_config: Any = None,
        availability_set_name: str | None = None,
        data_virtual_hard_disks: Iterable[Any] | None = None,
        role_size: str | None = None,
        role_type: str = "PersistentVMRole",
        virtual_network_name: str | None = None,
        resource_extension_references: Iterable[Any] | None = None,
        provision_guest_agent: bool | None = None,
        vm_image_name: str | None = None,
        media_location: str | None = None,
        dns_servers: Iterable[Any] | None = None,
        reserved_ip_name: str | None = None,
    ) -> AsynchronousOperationResult:
        """Create a cloud service's first machine.

        system_config:        Linux- or WindowsConfigurationSet; None from a specialised image
        os_virtual_hard_disk: OSVirtualHardDisk; None from a VM image
        """
        machine = {
            "role_name": role_name,
            "role_type": role_type,
            "configuration_sets": configuration_sets(system_config, network_config),
            "resource_extension_references": resource_extension_references,
            "vm_image_name": vm_image_name,
            "media_location": media_location,
            "availability_set_name": availability_set_name,
            "data_virtual_hard_disks": data_virtual_hard_disks,
            "os_virtual_hard_disk": os_virtual_hard_disk,
            "role_size": role_size,
            "provision_guest_agent": provision_guest_agent,
        }
        return self._change(
            "create_virtual_machine_deployment",
            service_name=service_name,
            name=deployment_name,
            deployment_slot=deployment_slot,
            label=label,
            role_list=[machine],
            virtual_network_name=virtual_network_name,
            dns={"dns_servers": dns_servers} if dns_servers else None,
            reserved_ip_name=reserved_ip_name,
        )

    def add_role(
        self,
        service_name: str,
        deployment_name: str,
        role_name: str,
        system_config: Any,
        os_virtual_hard_disk: Any,
        network_config: Any = None,
        availability_set_name: str | None = None,
        data_virtual_hard_disks: Iterable[Any] | None = None,
        role_size: str | None = None,
        role_type: str = "PersistentVMRole",
        resource_extension_references: Iterable[Any] | None = None,
        provision_guest_agent: bool | None = None,
        vm_image_name: str | None = None,
        media_location: str | None = None,
    ) -> AsynchronousOperationResult:
        """Add a machine to a deployment of machines; arguments as for its first one."""
        return self._change(
            "add_role",
            **place(service_name, deployment_name),
            role_name=role_name,
            role_type=role_type,
            configuration_sets=configuration_sets(system_config, network_config),
            resource_extension_references=resource_extension_references,
            vm_image_name=vm_image_name,
            media_location=media_location,
            availability_set_name=availability_set_name,
            data_virtual_hard_disks=data_virtual_hard_disks,
            os_virtual_hard_disk=os_virtual_hard_disk,
            role_size=role_size,
            provision_guest_agent=provision_guest_agent,
        )

    def update_role(
        self,
        service_name: str,
        deployment_name: str,
        role_name: str,
        os_virtual_hard_disk: Any = None,
        network_config: Any = None,
        availability_set_name: str | None = None,
        data_virtual_hard_disks: Iterable[Any] | None = None,
        role_size: str | None = None,
        role_type: str = "PersistentVMRole",
        resource_extension_references: Iterable[Any] | None = None,
        provision_guest_agent: bool | None = None,
    ) -> AsynchronousOperationResult:
        """Change a machine's network, size, data disks or extensions."""
        return self._change(
            "update_role",
            {"role_name": role_name},
            **place(service_name, deployment_name, role_name),
            role_type=role_type,
            configuration_sets=configuration_sets(network_config),
            resource_extension_references=resource_extension_references,
            availability_set_name=availability_set_name,
            data_virtual_hard_disks=data_virtual_hard_disks,
            os_virtual_hard_disk=os_virtual_hard_disk,
            role_size=role_size,
            provision_guest_agent=provision_guest_agent,
        )

    def delete_role(
        self, service_name: str, deployment_name: str, role_name: str, complete: bool = False
    ) -> AsynchronousOperationResult:
        """Delete a machine; if `complete`, with its disks and their blobs."""
        operation = "delete_role_and_media" if complete else "delete_role"
        return self._change(operation, **place(service_name, deployment_name, role_name))

    # -- power ------------------------------------------------------------------------------------------------------

    def start_role(self, service_name: str, deployment_name: str, role_name: str) -> AsynchronousOperationResult:
        """Start a machine."""
        return self._change(
            "start_role", **place(service_name, deployment_name, role_name), operation_type="StartRoleOperation"
        )

    def restart_role(self, service_name: str, deployment_name: str, role_name: str) -> AsynchronousOperationResult:
        """Restart a machine."""
        return self._change(
            "restart_role", **place(service_name, deployment_name, role_name), operation_type="RestartRoleOperation"
        )

    def shutdown_role(
        self, service_name: str, deployment_name: str, role_name: str, post_shutdown_action: str = "Stopped"
    ) -> AsynchronousOperationResult:
        """Shut a machine down: ``Stopped`` keeps its place, ``StoppedDeallocated`` gives it up."""
        return self._change(
            "shutdown_role",
            **place(service_name, deployment_name, role_name),
            operation_type="ShutdownRoleOperation",
            post_shutdown_action=post_shutdown_action,
        )

    def start_roles(
        self, service_name: str, deployment_name: str, role_names: Iterable[str]
    ) -> AsynchronousOperationResult:
        """Start several machines."""
        return self._change(
            "start_roles",
            **place(service_name, deployment_name),
            operation_type="StartRolesOperation",
            roles=role_names,
        )

    def shutdown_roles(
        self,
        service_name: str,
        deployment_name: str,
        role_names: Iterable[str],
        post_shutdown_action: str = "Stopped",
    ) -> AsynchronousOperationResult:
        """Shut several machines down."""
        return self._change(
            "shutdown_roles",
            **place(service_name, deployment_name),
            operation_type="ShutdownRolesOperation",
            roles=role_names,
            post_shutdown_action=post_shutdown_action,
        )

    # -- capturing --------------------------------------------------------------------------------------------------

    def capture_role(
        self,
        service_name: str,
        deployment_name: str,
        role_name: str,
        post_capture_action: str,
        target_image_name: str,
        target_image_label: str,
        provisioning_configuration: Any = None,
    ) -> AsynchronousOperationResult:
        """Make an OS image of a stopped machine, then ``Delete`` or ``Reprovision`` it."""
        return self._change(
            "capture_role",
            **place(service_name, deployment_name, role_name),
            operation_type="CaptureRoleOperation",
            post_capture_action=post_capture_action,
            provisioning_configuration=provisioning_configuration,
            target_image_label=target_image_label,
            target_image_name=target_image_name,
        )

    def capture_vm_image(
        self, service_name: str, deployment_name: str, role_name: str, options: Any
    ) -> AsynchronousOperationResult:
        """Make a VM image of a machine and its data disks; `options` is a CaptureRoleAsVMImage."""
        return self._change(
            "capture_vm_image",
            **place(service_name, deployment_name, role_name),
            operation_type="CaptureRoleAsVMImageOperation",
            os_state=options.os_state,
            vm_image_name=options.vm_image_name,
            vm_image_label=options.vm_image_label,
            description=options.description,
            language=options.language,
            image_family=options.image_family,
            recommended_vm_size=options.recommended_vm_size,
        )

    # -- data disks -------------------------------------------------------------------------------------------------

    def get_data_disk(self, service_name: str, deployment_name: str, role_name: str, lun: int) -> Any:
        """The data disk on a logical unit."""
        return self._read("get_data_disk", **place(service_name, deployment_name, role_name), lun=lun)

    def add_data_disk(
        self,
        service_name: str,
        deployment_name: str,
        role_name: str,
        lun: int,
        host_caching: str | None = None,
        media_link: str | None = None,
        disk_label: str | None = None,
        disk_name: str | None = None,
        logical_disk_size_in_gb: int | None = None,
        source_media_link: str | None = None,
    ) -> AsynchronousOperationResult:
        """Attach a data disk: a registered one, one made from a blob, or an empty one of a size."""
        return self._change(
            "add_data_disk",
            **place(service_name, deployment_name, role_name),
            host_caching=host_caching,
            disk_label=disk_label,
            disk_name=disk_name,
            lun=lun,
            logical_disk_size_in_gb=logical_disk_size_in_gb,
            media_link=media_link,
            source_media_link=source_media_link,
        )

    def update_data_disk(
        self,
        service_name: str,
        deployment_name: str,
        role_name: str,
        lun: int,
        host_caching: str | None = None,
        media_link: str | None = None,
        updated_lun: int | None = None,
        disk_label: str | None = None,
        disk_name: str | None = None,
        logical_disk_size_in_gb: int | None = None,
    ) -> AsynchronousOperationResult:
        """Change the data disk on a logical unit; `updated_lun` moves it to another."""
        return self._change(
            "update_data_disk",
            {"lun": updated_lun},
            **place(service_name, deployment_name, role_name),
            lun=lun,
            host_caching=host_caching,
            disk_label=disk_label,
            disk_name=disk_name,
            logical_disk_size_in_gb=logical_disk_size_in_gb,
            media_link=media_link,
        )

    def delete_data_disk(
        self, service_name: str, deployment_name: str, role_name: str, lun: int, delete_vhd: bool = False
    ) -> AsynchronousOperationResult:
        """Detach a data disk; if `delete_vhd`, delete it with its blob."""
        operation = "delete_data_disk_and_media" if delete_vhd else "delete_data_disk"
        return self._change(operation, **place(service_name, deployment_name, role_name), lun=lun)

    # -- name servers -----------------------------------------------------------------------------------------------

    def add_dns_server(
        self, service_name: str, deployment_name: str, dns_server_name: str, address: str
    ) -> AsynchronousOperationResult:
        """Add a name server to a deployment."""
        return self._change(
            "add_dns_server", **place(service_name, deployment_name), name=dns_server_name, address=address
        )

    def update_dns_server(
        self, service_name: str, deployment_name: str, dns_server_name: str, address: str
    ) -> AsynchronousOperationResult:
        """Change a name server's address."""
        return self._change(
            "update_dns_server",
            **place(service_name, deployment_name),
            dns_server_name=dns_server_name,
            name=dns_server_name,
            address=address,
        )

    def delete_dns_server(
        self, service_name: str, deployment_name: str, dns_server_name: str
    ) -> AsynchronousOperationResult:
        """Take a name server from a deployment."""
        return self._change(
            "delete_dns_server", **place(service_name, deployment_name), dns_server_name=dns_server_name
        )

    # -- extensions -------------------------------------------------------------------------------------------------

    def list_resource_extensions(self) -> Any:
        """The extensions that machines can run, at their latest versions."""
        return self._read("list_resource_extensions")

    def list_resource_extension_versions(self, publisher_name: str, extension_name: str) -> Any:
        """All versions of an extension."""
        return self._read(
            "list_resource_extension_versions", publisher_name=publisher_name, extension_name=extension_name
        )
