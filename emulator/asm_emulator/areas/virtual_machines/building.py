"""Making a machine out of a request: checking all of it, then writing disks and role."""

from __future__ import annotations

from asm_contracts import roles as wire
from asm_contracts.errors import BadRequest
from asm_contracts.evidence import assumed
from asm_contracts.frozen import replace
from asm_emulator import model
from asm_emulator.areas.virtual_machines import attaching, limits, validation
from asm_emulator.areas.virtual_machines.diagnostics import debug_settings
from asm_emulator.areas.virtual_machines.endpoints import check_sets, in_order, normalised, with_ports
from asm_emulator.guards import check_groups
from asm_emulator.state import Draft

DEFAULT_SIZE = "Small"


def check_role(
    draft: Draft, service: model.HostedService, role: wire.PersistentVMRole, site: model.VirtualNetworkSite | None
) -> None:
    """Refuse a role that cannot be made, as far as the request alone and what is there already tell."""
    name = validation.check_role_name(role.role_name)
    validation.check_role_type(role)
    validation.check_availability_set(role.availability_set_name)
    validation.check_size(draft, service, role.role_size or DEFAULT_SIZE)
    provisioning = validation.provisioning_of(role)
    source = attaching.source_of(draft, role)
    _check_generalization(source, provisioning)
    validation.check_license(role.license_type, source.os)
    if provisioning is not None:
        validation.check_provisioning(service, name, provisioning)
    network = validation.network_of(role)
    if network is not None:
        validation.check_network(network, site)
        check_groups(draft, network, site)
    validation.check_extensions(role.resource_extension_references, role.provision_guest_agent)


@assumed("which needs a provisioning configuration is documented; the texts were never seen")
def _check_generalization(source: attaching.Source, provisioning: validation.Provisioning | None) -> None:
    if provisioning is None:
        if source.generalized:
            raise BadRequest("A provisioning configuration is needed to create a role from a generalized image.")
        return
    if not source.generalized:
        if source.vm_image_name is not None:
            return  # Microsoft's own example gives one with a specialized VM image; what is set up already stays so
        raise BadRequest("A provisioning configuration cannot be used with a specialized image or an existing disk.")
    windows = isinstance(provisioning, wire.WindowsProvisioningConfigurationSet)
    if windows != (source.os == "Windows"):
        raise BadRequest("The provisioning configuration is not for the operating system of the image.")


def without_passwords(role: wire.PersistentVMRole) -> wire.PersistentVMRole:
    """A role as it may wait for its turn: once checked, nobody needs its secrets any more."""
    sets: list[wire.ConfigurationSet] = []
    for one in role.configuration_sets or ():
        if isinstance(one, wire.WindowsProvisioningConfigurationSet):
            one = replace(
                one, admin_password=None, custom_data=None, domain_join=None, additional_unattend_content=None
            )
        elif isinstance(one, wire.LinuxProvisioningConfigurationSet):
            one = replace(one, user_password=None, custom_data=None)
        sets.append(one)
    return replace(role, configuration_sets=tuple(sets))


def build_machine(
    draft: Draft,
    service: model.HostedService,
    deployment_name: str,
    private_id: str,
    role: wire.PersistentVMRole,
    others: tuple[model.MachineRole, ...],
) -> model.MachineRole:
    """Make the disks of a checked role and the machine itself; refusals as the disks give them.

    others: the machines that the deployment has already.  The service may get its WinRM certificate on the way.
    """
    name = role.role_name or ""
    place = attaching.Place(service.name, deployment_name, name)
    source = attaching.source_of(draft, role)
    size = validation.check_size(draft, service, role.role_size or DEFAULT_SIZE)
    os_disk = attaching.make_os_disk(draft, place, role, source)
    limits.check_image(draft, service, source.image_name or source.vm_image_name or "", os_disk.media_link or "")
    folder = (os_disk.media_link or "").rpartition("/")[0]
    data_disks = attaching.copy_data_disks(draft, place, source, role, size=size, folder=folder)
    for given in role.data_virtual_hard_disks or ():
        data_disks += (attaching.make_data_disk(draft, place, given, size=size, others=data_disks, folder=folder),)
    provisioning = validation.provisioning_of(role) if source.generalized else None
    network = network_for(draft, private_id, validation.network_of(role), others)
    machine = model.MachineRole(
        name=name,
        size=size,
        os=source.os,
        os_disk=os_disk,
        network=network,
        data_disks=by_lun(data_disks),
        computer_name=validation.computer_name(name, provisioning) if provisioning else None,
        availability_set_name=role.availability_set_name or None,
        label=role.label or None,
        vm_image_name=source.vm_image_name,
        extensions=extensions_after(None, role.resource_extension_references),
        provision_guest_agent=role.provision_guest_agent,
        win_rm_thumbprint=win_rm_certificate(draft, service.name) if validation.wants_https(provisioning) else None,
        debug_settings=debug_settings(
            draft,
            role.debug_settings,
            None,
            deployment_name=deployment_name,
            private_id=private_id,
            role_name=name,
            os_disk=os_disk,
            os=source.os,
        ),
        license_type=role.license_type or None,
        certificates=validation.thumbprints_of(provisioning),
        provisioned=provisioning is not None,
    )
    limits.check_machine(draft, service, machine, others)
    check_sets((*others, machine))
    return machine


def by_lun(disks: tuple[wire.DataVirtualHardDisk, ...]) -> tuple[wire.DataVirtualHardDisk, ...]:
    """Data disks in the order of their logical units."""
    return tuple(sorted(disks, key=lambda one: one.lun or 0))


def network_for(
    draft: Draft,
    private_id: str,
    given: wire.NetworkConfigurationSet | None,
    others: tuple[model.MachineRole, ...],
) -> wire.NetworkConfigurationSet:
    """The network configuration that a machine keeps: every machine has one, endpoints in order with their ports."""
    if given is None:
        return wire.NetworkConfigurationSet(configuration_set_type="NetworkConfiguration")
    endpoints = with_ports(draft, private_id, map(normalised, given.input_endpoints or ()), others)
    return replace(
        given,
        configuration_set_type="NetworkConfiguration",
        input_endpoints=in_order(endpoints) or None,
        subnet_names=given.subnet_names or None,
        public_ips=given.public_ips or None,
        network_interfaces=given.network_interfaces or None,
        static_virtual_network_ip_address=given.static_virtual_network_ip_address or None,
        network_security_group=given.network_security_group or None,
        ip_forwarding=given.ip_forwarding or None,
    )


def extensions_after(
    known: tuple[wire.ResourceExtensionReference, ...] | None,
    given: tuple[wire.ResourceExtensionReference, ...] | None,
) -> tuple[wire.ResourceExtensionReference, ...] | None:
    """Extension references after a request: the ones given, enabled unless they say otherwise; none given, none
    changed.  An uninstalled one is gone (recorded)."""
    if given is None:
        return known
    return tuple(
        replace(one, state=(one.state or "Enable").capitalize(), force_update=None)
        for one in given
        if (one.state or "").lower() != "uninstall"
    )


@assumed("which machines show it is recorded; the certificate itself is made by the service and never leaves it")
def win_rm_certificate(draft: Draft, service_name: str) -> str:
    """The thumbprint of the certificate that a service uses for WinRM; made when a machine first needs it."""
    service = draft.hosted_services[service_name]
    if service.win_rm_thumbprint is None:
        digits = draft.make_hex("winrm", service.name, 1) + draft.make_hex("winrm", service.name, 2)
        service = replace(service, win_rm_thumbprint=digits[:40].upper())
        draft.hosted_services[service_name] = service
    thumbprint = service.win_rm_thumbprint
    assert thumbprint is not None
    return thumbprint
