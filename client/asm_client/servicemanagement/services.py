"""Cloud (hosted) services, their deployments and certificates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from asm_client.servicemanagement.accounts import one_of
from asm_client.servicemanagement.connection import Connection
from asm_client.servicemanagement.vocabulary import AsynchronousOperationResult
from asm_contracts.operation import DeploymentName, DeploymentSlot


class Services(Connection):
    """Cloud services."""

    def list_hosted_services(self) -> Any:
        """The subscription's cloud services, without their deployments."""
        return self._read("list_hosted_services")

    def get_hosted_service_properties(self, service_name: str, embed_detail: bool = False) -> Any:
        """A cloud service, with its deployments if `embed_detail`."""
        return self._read("get_hosted_service", service_name=service_name, embed_detail=embed_detail)

    def create_hosted_service(
        self,
        service_name: str,
        label: str,
        description: str | None = None,
        location: str | None = None,
        affinity_group: str | None = None,
        extended_properties: Mapping[str, str] | None = None,
    ) -> AsynchronousOperationResult:
        """Create a cloud service in a location or an affinity group."""
        one_of(affinity_group, location)
        return self._change(
            "create_hosted_service",
            service_name=service_name,
            label=label,
            description=description,
            location=location,
            affinity_group=affinity_group,
            extended_properties=extended_properties,
        )

    def update_hosted_service(
        self,
        service_name: str,
        label: str | None = None,
        description: str | None = None,
        extended_properties: Mapping[str, str] | None = None,
    ) -> AsynchronousOperationResult:
        """Change a cloud service; what is None stays."""
        return self._change(
            "update_hosted_service",
            service_name=service_name,
            label=label,
            description=description,
            extended_properties=extended_properties,
        )

    def delete_hosted_service(self, service_name: str, complete: bool = False) -> AsynchronousOperationResult:
        """Delete a cloud service that has no deployments; if `complete`, with them, their disks and blobs."""
        operation = "delete_hosted_service_and_media" if complete else "delete_hosted_service"
        return self._change(operation, service_name=service_name)

    def check_hosted_service_name_availability(self, service_name: str) -> Any:
        """Whether a name is free, in `result`."""
        return self._read("check_hosted_service_name_availability", service_name=service_name)

    # -- deployments ------------------------------------------------------------------------------------------------

    def get_deployment_by_slot(self, service_name: str, deployment_slot: str) -> Any:
        """The deployment in a slot, ``production`` or ``staging``."""
        return self._read("get_deployment", service_name=service_name, deployment=DeploymentSlot(deployment_slot))

    def get_deployment_by_name(self, service_name: str, deployment_name: str) -> Any:
        """The deployment of a name."""
        return self._read("get_deployment", service_name=service_name, deployment=DeploymentName(deployment_name))

    def create_deployment(
        self,
        service_name: str,
        deployment_slot: str,
        name: str,
        package_url: str,
        label: str,
        configuration: str,
        start_deployment: bool = False,
        treat_warnings_as_error: bool = False,
        extended_properties: Mapping[str, str] | None = None,
    ) -> AsynchronousOperationResult:
        """Run a package in a slot; `configuration` is the .cscfg file's content in base64."""
        return self._change(
            "create_deployment",
            service_name=service_name,
            slot=DeploymentSlot(deployment_slot),
            name=name,
            package_url=package_url,
            label=label,
            configuration=configuration,
            start_deployment=start_deployment,
            treat_warnings_as_error=treat_warnings_as_error,
            extended_properties=extended_properties,
        )

    def delete_deployment(
        self, service_name: str, deployment_name: str, delete_vhd: bool = False
    ) -> AsynchronousOperationResult:
        """Delete a deployment; if `delete_vhd`, with its machines' disks and blobs."""
        operation = "delete_deployment_and_media" if delete_vhd else "delete_deployment"
        return self._change(operation, service_name=service_name, deployment=DeploymentName(deployment_name))

    def swap_deployment(
        self, service_name: str, production: str | None, source_deployment: str
    ) -> AsynchronousOperationResult:
        """Exchange the deployments of both slots: the names of that in production and that in staging."""
        return self._change(
            "swap_deployment", service_name=service_name, production=production, source_deployment=source_deployment
        )

    def change_deployment_configuration(
        self,
        service_name: str,
        deployment_name: str,
        configuration: str,
        treat_warnings_as_error: bool = False,
        mode: str = "Auto",
        extended_properties: Mapping[str, str] | None = None,
    ) -> AsynchronousOperationResult:
        """Give a deployment another configuration, a .cscfg file's content in base64."""
        return self._change(
            "change_deployment_configuration",
            service_name=service_name,
            deployment=DeploymentName(deployment_name),
            configuration=configuration,
            treat_warnings_as_error=treat_warnings_as_error,
            mode=mode,
            extended_properties=extended_properties,
        )

    def update_deployment_status(
        self, service_name: str, deployment_name: str, status: str
    ) -> AsynchronousOperationResult:
        """Let a deployment run (``Running``) or not (``Suspended``)."""
        return self._change(
            "update_deployment_status",
            service_name=service_name,
            deployment=DeploymentName(deployment_name),
            status=status,
        )

    def upgrade_deployment(
        self,
        service_name: str,
        deployment_name: str,
        mode: str,
        package_url: str,
        configuration: str,
        label: str,
        force: bool,
        role_to_upgrade: str | None = None,
        extended_properties: Mapping[str, str] | None = None,
    ) -> AsynchronousOperationResult:
        """Run another package in a deployment, all roles or one; `mode` is ``Auto``, ``Manual`` or ``Simultaneous``."""
        return self._change(
            "upgrade_deployment",
            service_name=service_name,
            deployment=DeploymentName(deployment_name),
            mode=mode,
            package_url=package_url,
            configuration=configuration,
            label=label,
            role_to_upgrade=role_to_upgrade,
            force=force,
            extended_properties=extended_properties,
        )

    def walk_upgrade_domain(
        self, service_name: str, deployment_name: str, upgrade_domain: int
    ) -> AsynchronousOperationResult:
        """Update the next domain of an update by hand."""
        return self._change(
            "walk_upgrade_domain",
            service_name=service_name,
            deployment=DeploymentName(deployment_name),
            upgrade_domain=upgrade_domain,
        )

    def rollback_update_or_upgrade(
        self, service_name: str, deployment_name: str, mode: str, force: bool
    ) -> AsynchronousOperationResult:
        """Take an update under way back."""
        return self._change(
            "rollback_update_or_upgrade",
            service_name=service_name,
            deployment=DeploymentName(deployment_name),
            mode=mode,
            force=force,
        )

    # -- instances --------------------------------------------------------------------------------------------------

    def reboot_role_instance(
        self, service_name: str, deployment_name: str, role_instance_name: str
    ) -> AsynchronousOperationResult:
        """Restart an instance."""
        return self._instance("reboot_role_instance", service_name, deployment_name, role_instance_name)

    def reimage_role_instance(
        self, service_name: str, deployment_name: str, role_instance_name: str
    ) -> AsynchronousOperationResult:
        """Install an instance's operating system anew."""
        return self._instance("reimage_role_instance", service_name, deployment_name, role_instance_name)

    def rebuild_role_instance(
        self, service_name: str, deployment_name: str, role_instance_name: str
    ) -> AsynchronousOperationResult:
        """Install it anew and empty its local drives."""
        return self._instance("rebuild_role_instance", service_name, deployment_name, role_instance_name)

    def _instance(self, operation: str, service: str, deployment: str, instance: str) -> AsynchronousOperationResult:
        return self._change(
            operation, service_name=service, deployment=DeploymentName(deployment), instance_name=instance
        )

    def delete_role_instances(
        self, service_name: str, deployment_name: str, role_instance_names: Iterable[str]
    ) -> AsynchronousOperationResult:
        """Delete instances of web and worker roles."""
        return self._change(
            "delete_role_instances",
            service_name=service_name,
            deployment=DeploymentName(deployment_name),
            names=role_instance_names,
        )

    # -- certificates -----------------------------------------------------------------------------------------------

    def list_service_certificates(self, service_name: str) -> Any:
        """The certificates that a service's machines may have."""
        return self._read("list_service_certificates", service_name=service_name)

    def get_service_certificate(self, service_name: str, thumbalgorithm: str, thumbprint: str) -> Any:
        """One of them, in `data`, base64."""
        return self._read(
            "get_service_certificate",
            service_name=service_name,
            thumbprint_algorithm=thumbalgorithm,
            thumbprint=thumbprint,
        )

    def add_service_certificate(
        self, service_name: str, data: str, certificate_format: str, password: str | None = None
    ) -> AsynchronousOperationResult:
        """Give a service a certificate: a PFX or CER file's content in base64."""
        return self._change(
            "add_service_certificate",
            service_name=service_name,
            data=data,
            certificate_format=certificate_format,
            password=password,
        )

    def delete_service_certificate(
        self, service_name: str, thumbalgorithm: str, thumbprint: str
    ) -> AsynchronousOperationResult:
        """Take a certificate from a service."""
        return self._change(
            "delete_service_certificate",
            service_name=service_name,
            thumbprint_algorithm=thumbalgorithm,
            thumbprint=thumbprint,
        )
