"""What package and virtual machine deployments have in common: finding them, reading them, taking them away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from asm_contracts import roles as wire
from asm_contracts.areas.deployments import Deployment, UpgradeStatus
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, quoted, recorded
from asm_contracts.frozen import replace
from asm_contracts.operation import DeploymentKey, DeploymentSlot
from asm_emulator import model
from asm_emulator.blobs import release_blob
from asm_emulator.cscfg import machine_configuration
from asm_emulator.engine import effect, effect_name
from asm_emulator.guest import agent_document, extension_documents
from asm_emulator.maintenance import downtime_document, maintenance_document
from asm_emulator.state import Draft
from asm_emulator.virtual_ips import address_of, addressed, virtual_ip_documents

PRODUCTION: Final = "Production"
DEALLOCATED: Final = "StoppedDeallocated"
DEALLOCATED_SINCE: Final = "2013-06-01"
"""Older versions do not see deallocated instances, nor deployments that have no others (documented)."""


# -- finding --------------------------------------------------------------------------------------------------------


@recorded("The hosted service does not exist.")
def find_service(draft: Draft, name: str) -> model.HostedService:
    """A hosted service of the subscription; ResourceNotFound with the recorded text."""
    found = draft.hosted_services.get(name)
    if found is None:
        raise ResourceNotFound("The hosted service does not exist.")
    return found


@quoted("code and text (azure-pipelines-tasks issue 2269 and vagrant-azure issue 76)")
def check_certificates(service: model.HostedService, thumbprints: Iterable[str]) -> None:
    """BadRequest if a certificate is not one of the service's."""
    known = {one.thumbprint.upper() for one in service.certificates.values()}
    for thumbprint in thumbprints:
        if thumbprint.upper() not in known:
            raise BadRequest(f"The certificate with thumbprint {thumbprint.lower()} was not found.")


@assumed("a service that is being deleted refuses changes; the text was never seen")
def check_not_deleting(service: model.HostedService) -> None:
    """ConflictError while a service is on its way out."""
    if service.status == "Deleting":
        raise ConflictError(f"The hosted service {service.name} is being deleted.")


@recorded("No deployments were found.")
def find_deployment(
    draft: Draft, service_name: str, key: DeploymentKey, *, mutation: bool = False
) -> tuple[model.HostedService, model.Deployment]:
    """A service and its deployment, by name or by slot.

    ResourceNotFound with the recorded texts: a mutation by a wrong name says the name, everything else says that no
    deployments were found.
    """
    service = find_service(draft, service_name)
    if isinstance(key, DeploymentSlot):
        found = service.deployments.get(str(key))
    else:
        found = next((one for one in service.deployments.values() if one.name.lower() == key.lower()), None)
    if found is None:
        if mutation and service.deployments and not isinstance(key, DeploymentSlot):
            raise ResourceNotFound(f"The deployment name '{key}' does not exist.")
        raise ResourceNotFound("No deployments were found.")
    return service, found


def by_private_id(draft: Draft, service_name: str, private_id: str) -> model.Deployment | None:
    """The deployment an effect was meant for, in whatever slot it is now; None if it is gone."""
    service = draft.hosted_services.get(service_name)
    if service is None:
        return None
    return next((one for one in service.deployments.values() if one.private_id == private_id), None)


# -- changing -------------------------------------------------------------------------------------------------------


def put_deployment(draft: Draft, service_name: str, deployment: model.Deployment) -> None:
    """Write a deployment into its slot."""
    service = draft.hosted_services[service_name]
    deployment = addressed(draft, deployment)
    draft.hosted_services[service_name] = replace(
        service, deployments=service.deployments.insert(deployment.slot, deployment), had_deployment=True
    )


def put_instance(deployment: model.Deployment, instance: model.RoleInstance) -> model.Deployment:
    """The deployment with one instance replaced, by name; a deallocated one stands last (recorded)."""
    kept = tuple(one for one in deployment.instances if one.name != instance.name)
    if instance.status == DEALLOCATED:
        return replace(deployment, instances=(*kept, instance))
    return replace(
        deployment, instances=tuple(instance if one.name == instance.name else one for one in deployment.instances)
    )


def discard_deployment(draft: Draft, service_name: str, slot: str, *, media: bool) -> None:
    """Take a deployment away: its reserved IP becomes free, its disks go with `media` and are detached without."""
    service = draft.hosted_services[service_name]
    deployment = service.deployments[slot]
    for machine in deployment.machines:
        release_disks(draft, machine, media=media)
    draft.hosted_services[service_name] = replace(service, deployments=service.deployments.remove(slot))


def release_disks(draft: Draft, machine: model.MachineRole, *, media: bool) -> None:
    """What becomes of a machine's disks when it goes.

    With `media` they and their blobs are gone at once.  Without, they stay; that they are attached no longer shows
    some time after (recorded: still attached 22 seconds after the deletion's end, free after 65).
    """
    disks = [machine.os_disk.disk_name, *(disk.disk_name for disk in machine.data_disks)]
    for name in disks:
        if name is None or name not in draft.disks:
            continue
        if media:
            release_blob(draft, draft.disks[name].media_link)
            del draft.disks[name]
        else:
            detach_later(draft, draft.disks[name])


def detach_later(draft: Draft, disk: model.Disk) -> None:
    """Have a disk whose machine has let go of it be free some time later."""
    draft.schedule(
        effect_name(disk_detached),
        draft.span("disk.detach"),
        disk_name=disk.name,
        attached_to=disk.attached_to,
    )


@effect
def disk_detached(draft: Draft, disk_name: str, attached_to: model.Attachment | None) -> None:
    """A disk whose machine is gone is free again, unless it has found another machine meanwhile."""
    disk = draft.disks.get(disk_name)
    if disk is not None and disk.attached_to == attached_to:
        draft.disks[disk_name] = replace(disk, attached_to=None)


# -- reading --------------------------------------------------------------------------------------------------------


def hidden(deployment: model.Deployment, version: str) -> bool:
    """Whether requests of this version cannot see the deployment at all: nothing of it is allocated."""
    return (
        version < DEALLOCATED_SINCE
        and bool(deployment.instances)
        and all(instance.status == DEALLOCATED for instance in deployment.instances)
    )


def deployment_document(
    draft: Draft, service: model.HostedService, deployment: model.Deployment, version: str = "9999"
) -> Deployment:
    """A deployment as Get Deployment answers it.

    While it is being deployed it has neither instances nor virtual IP nor URL (recorded).
    """
    deploying = deployment.status == "Deploying"
    instances = [one for one in deployment.instances if one.status != DEALLOCATED or version >= DEALLOCATED_SINCE]
    machines = not deployment.is_package
    shown = deployment.vip is not None and not deploying
    return Deployment(
        name=deployment.name,
        deployment_slot=deployment.slot,
        private_id=deployment.private_id,
        status=deployment.status,
        label=deployment.label,
        url=None if deploying else _url(service, deployment),
        configuration=machine_configuration(deployment.machines) if machines else deployment.configuration,
        role_instance_list=() if deploying else tuple(instance_document(draft, deployment, one) for one in instances),
        upgrade_status=_upgrade_status(deployment),
        upgrade_domain_count=deployment.upgrade_domain_count or None,
        role_list=tuple(role_document(deployment, machine, in_deployment=True) for machine in deployment.machines)
        or tuple(_package_role(deployment, role) for role in deployment.package_roles),
        sdk_version=deployment.sdk_version,
        locked=deployment.locked or deploying,
        rollback_allowed=deployment.upgrade is not None,
        virtual_network_name=deployment.virtual_network_name,
        created_time=deployment.created,
        last_modified_time=deployment.modified,
        extended_properties=deployment.extended_properties,
        dns=wire.Dns(dns_servers=deployment.dns_servers) if deployment.dns_servers else None,
        persistent_vm_downtime=downtime_document(draft, deployment),
        extension_configuration=deployment.extension_configuration,
        virtual_ips=virtual_ip_documents(deployment) if shown else (),
        reserved_ip_name=deployment.reserved_ip_name,
        internal_dns_suffix=_dns_suffix(draft, service, deployment) if machines and not deploying else None,
        load_balancers=deployment.load_balancers,
        virtual_network_id=deployment.virtual_network_id,
        migration_state=draft.migrations.get(f"Deployment:{deployment.private_id}"),
    )


@assumed("the host of staging is a GUID without dashes (documented); that it is the private id was never seen")
def _url(service: model.HostedService, deployment: model.Deployment) -> str:
    host = service.name.lower() if deployment.slot == PRODUCTION else deployment.staging_host or deployment.private_id
    return f"http://{host}.cloudapp.net/"


def _dns_suffix(draft: Draft, service: model.HostedService, deployment: model.Deployment) -> str:
    """The service's name in its own case, and one of ten clusters (recorded)."""
    cluster = int(draft.make_hex("cluster", deployment.private_id)[:4], 16) % 10 + 1
    return f"{service.name}.d{cluster}.internal.cloudapp.net"


def _upgrade_status(deployment: model.Deployment) -> UpgradeStatus | None:
    if deployment.upgrade is None:
        return None
    return UpgradeStatus(
        upgrade_type=deployment.upgrade.kind,
        current_upgrade_domain_state=deployment.upgrade.state,
        current_upgrade_domain=deployment.upgrade.domain,
    )


def instance_document(draft: Draft, deployment: model.Deployment, instance: model.RoleInstance) -> wire.RoleInstance:
    """An instance as the deployment lists it; a deallocated one keeps almost nothing (recorded)."""
    if instance.status == DEALLOCATED:
        return wire.RoleInstance(
            role_name=instance.role_name,
            instance_name=instance.name,
            instance_status=instance.status,
            power_state=instance.power_state,
            remote_access_certificate_thumbprint=instance.remote_access_thumbprint,
        )
    machine = next((one for one in deployment.machines if one.name == instance.role_name), None)
    return wire.RoleInstance(
        role_name=instance.role_name,
        instance_name=instance.name,
        instance_status=instance.status,
        instance_upgrade_domain=instance.upgrade_domain,
        instance_fault_domain=instance.fault_domain,
        instance_size=instance.size,
        instance_state_details=instance.state_details,
        instance_error_code=instance.error_code,
        ip_address=instance.ip_address,
        instance_endpoints=_instance_endpoints(deployment, instance) or None,
        power_state=instance.power_state,
        host_name=instance.host_name,
        remote_access_certificate_thumbprint=instance.remote_access_thumbprint,
        guest_agent_status=agent_document(machine, instance) if machine else None,
        maintenance_status=maintenance_document(draft, instance),
        resource_extension_status_list=extension_documents(machine, instance) if machine else None,
        network_interfaces=_interfaces(deployment, machine, instance) if machine else None,
        public_ips=_public_ips(machine, instance) if machine else None,
    )


def _instance_endpoints(
    deployment: model.Deployment, instance: model.RoleInstance
) -> tuple[wire.InstanceEndpoint, ...]:
    return tuple(
        wire.InstanceEndpoint(
            name=endpoint.name,
            vip=address_of(deployment, endpoint),
            public_port=endpoint.port,
            local_port=endpoint.local_port,
            protocol=endpoint.protocol,
            idle_timeout_in_minutes=endpoint.idle_timeout_in_minutes,
        )
        for endpoint in endpoints_of(deployment, instance.role_name)
    )


def endpoints_of(deployment: model.Deployment, role_name: str) -> tuple[wire.InputEndpoint, ...]:
    """The input endpoints of a role, of either kind."""
    for machine in deployment.machines:
        if machine.name == role_name:
            return machine.network.input_endpoints or ()
    for role in deployment.package_roles:
        if role.name == role_name:
            return role.endpoints
    return ()


@recorded("further interfaces have addresses of their subnets, and the group and the forwarding that were set")
def _interfaces(
    deployment: model.Deployment, machine: model.MachineRole, instance: model.RoleInstance
) -> tuple[wire.NetworkInterface, ...] | None:
    if not machine.network.network_interfaces:
        return None
    left = list(instance.interface_addresses)
    found = []
    for interface in machine.network.network_interfaces:
        configurations = []
        for one in interface.ip_configurations or ():
            address = next((pair for pair in left if pair[0] == (interface.name or "")), None)
            if address is not None:
                left.remove(address)
            configurations.append(
                wire.IPConfiguration(subnet_name=one.subnet_name, address=address[1] if address else None)
            )
        found.append(
            wire.NetworkInterface(
                name=interface.name,
                mac_address=_mac_address(deployment, machine, interface),
                ip_configurations=tuple(configurations),
                network_security_group=interface.network_security_group,
                ip_forwarding=interface.ip_forwarding,
            )
        )
    return tuple(found)


@recorded("twelve hex digits in capitals, without anything between them")
@assumed("the first six are those of Microsoft's machines")
def _mac_address(
    deployment: model.Deployment, machine: model.MachineRole, interface: wire.AssignNetworkInterface
) -> str:
    text = "\0".join((deployment.private_id, machine.name, interface.name or ""))
    return f"000D3A{hashlib.blake2b(text.encode(), digest_size=3).hexdigest().upper()}"


def _public_ips(machine: model.MachineRole, instance: model.RoleInstance) -> tuple[wire.PublicIP, ...] | None:
    if not machine.network.public_ips or instance.public_ip is None:
        return None
    return tuple(
        wire.PublicIP(
            name=one.name,
            address=instance.public_ip,
            idle_timeout_in_minutes=one.idle_timeout_in_minutes,
            domain_name_label=one.domain_name_label,
        )
        for one in machine.network.public_ips
    )


def role_document(
    deployment: model.Deployment, machine: model.MachineRole, *, in_deployment: bool
) -> wire.PersistentVMRole:
    """A machine's configuration: in a deployment, endpoints have the virtual IP and empty subnets show (recorded)."""
    allocated = any(one.role_name == machine.name and one.status != DEALLOCATED for one in deployment.instances)
    shown = in_deployment and allocated
    network = replace(
        machine.network,
        input_endpoints=tuple(
            replace(one, vip=address_of(deployment, one) if shown else None)
            for one in machine.network.input_endpoints or ()
        )
        or None,
        subnet_names=machine.network.subnet_names or (() if in_deployment else None),
    )
    return wire.PersistentVMRole(
        role_name=machine.name,
        os_version="",
        role_type="PersistentVMRole",
        configuration_sets=(network,),
        resource_extension_references=_given_back(machine.extensions) if in_deployment else None,
        vm_image_name=machine.vm_image_name,
        availability_set_name=machine.availability_set_name,
        data_virtual_hard_disks=tuple(replace(disk, lun=disk.lun or None) for disk in machine.data_disks),
        label=machine.label,
        os_virtual_hard_disk=machine.os_disk,
        role_size=machine.size,
        default_win_rm_certificate_thumbprint=machine.win_rm_thumbprint,
        provision_guest_agent=machine.provision_guest_agent,
        debug_settings=machine.debug_settings,
        license_type=machine.license_type,
    )


def _given_back(
    references: tuple[wire.ResourceExtensionReference, ...] | None,
) -> tuple[wire.ResourceExtensionReference, ...] | None:
    """Extension references as answers have them: private values are never given back (recorded)."""
    if references is None:
        return None
    return tuple(
        replace(
            reference,
            resource_extension_parameter_values=tuple(
                replace(one, value=None) if (one.type or "").lower() == "private" else one
                for one in reference.resource_extension_parameter_values
            )
            if reference.resource_extension_parameter_values is not None
            else None,
        )
        for reference in references
    )


def _package_role(deployment: model.Deployment, role: model.PackageRole) -> wire.Role:
    return wire.Role(
        role_name=role.name,
        os_version=role.os_version,
        configuration_sets=(
            wire.NetworkConfigurationSet(
                configuration_set_type="NetworkConfiguration",
                input_endpoints=tuple(replace(one, vip=deployment.vip) for one in role.endpoints) or None,
                subnet_names=(),
            ),
        ),
    )
