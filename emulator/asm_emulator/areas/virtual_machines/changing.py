"""Changing and deleting a machine, its data disks, and the load-balanced sets of a deployment."""

from __future__ import annotations

from collections.abc import Iterable

from asm_contracts import roles as wire
from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed, recorded
from asm_contracts.frozen import replace
from asm_emulator import model
from asm_emulator.allocation import allocated
from asm_emulator.areas.virtual_machines import attaching, building, endpoints, limits, validation
from asm_emulator.areas.virtual_machines.booting import begin_boot, booting, unsettle
from asm_emulator.areas.virtual_machines.common import instance_of, machine_of, put_machine, settled
from asm_emulator.areas.virtual_machines.diagnostics import debug_settings
from asm_emulator.areas.virtual_machines.load_balancers import check_names
from asm_emulator.areas.virtual_machines.power import RESTING
from asm_emulator.blobs import release_blob
from asm_emulator.deployed import by_private_id, detach_later, put_deployment, put_instance, release_disks
from asm_emulator.engine import effect
from asm_emulator.guards import check_groups, kept
from asm_emulator.names import check_further_label
from asm_emulator.networks import addresses_for
from asm_emulator.quotas import check_core_quota, check_public_ip_quota, cores, public_ips
from asm_emulator.state import Draft

# -- updating -------------------------------------------------------------------------------------------------------


def place_of(service: model.HostedService, deployment: model.Deployment, machine: model.MachineRole) -> attaching.Place:
    """Whose the disks of a machine are."""
    return attaching.Place(service.name, deployment.name, machine.name)


def folder_of(machine: model.MachineRole) -> str:
    """The container of a machine's OS disk."""
    return (machine.os_disk.media_link or "").rpartition("/")[0]


@assumed("what may change is documented; no refusal of an update was recorded")
def check_update(
    draft: Draft, deployment: model.Deployment, machine: model.MachineRole, role: wire.PersistentVMRole
) -> None:
    """Refuse an update that asks for what cannot be."""
    if role.role_name and role.role_name.lower() != machine.name.lower():
        raise BadRequest(f"The role name {role.role_name} is not that of the role {machine.name}.")
    validation.check_role_type(role)
    validation.check_availability_set(role.availability_set_name)
    validation.check_license(role.license_type, machine.os)
    if validation.provisioning_of(role) is not None:
        raise BadRequest("A provisioning configuration can be specified only when a role is created.")
    if role.os_virtual_hard_disk is not None:
        validation.check_caching(role.os_virtual_hard_disk.host_caching, "ReadWrite")
    agent = machine.provision_guest_agent if role.provision_guest_agent is None else role.provision_guest_agent
    validation.check_extensions(role.resource_extension_references, agent)
    network = validation.network_of(role)
    if network is not None:
        site = draft.virtual_networks.get(deployment.virtual_network_name or "")
        validation.check_network(network, site)
        check_groups(draft, network, site)


def updated(
    draft: Draft,
    service: model.HostedService,
    deployment: model.Deployment,
    machine: model.MachineRole,
    role: wire.PersistentVMRole,
) -> model.MachineRole:
    """A machine after an update: what the request leaves out stays (recorded).

    Its name and its OS disk stay in any case; of the disk only the caching changes.
    """
    size = validation.check_size(draft, service, role.role_size) if role.role_size else machine.size
    instance = instance_of(deployment, machine.name)
    if instance is not None and instance.status != "StoppedDeallocated":
        check_core_quota(draft, cores(size) - cores(instance.size))
    others = tuple(one for one in deployment.machines if one.name != machine.name)
    given = validation.network_of(role)
    network = machine.network
    if given is not None:
        network = kept(machine.network, building.network_for(draft, deployment.private_id, given, others))
    if instance is None or instance.status != "StoppedDeallocated":
        check_public_ip_quota(draft, public_ips(network) - public_ips(machine.network))
    caching = role.os_virtual_hard_disk.host_caching if role.os_virtual_hard_disk else None
    changed = replace(
        machine,
        size=size,
        os_disk=replace(
            machine.os_disk,
            host_caching=validation.check_caching(caching, machine.os_disk.host_caching or "ReadWrite"),
        ),
        network=network,
        availability_set_name=role.availability_set_name or machine.availability_set_name,
        extensions=building.extensions_after(machine.extensions, role.resource_extension_references),
        provision_guest_agent=machine.provision_guest_agent
        if role.provision_guest_agent is None
        else role.provision_guest_agent,
        debug_settings=debug_settings(
            draft,
            role.debug_settings,
            machine.debug_settings,
            deployment_name=deployment.name,
            private_id=deployment.private_id,
            role_name=machine.name,
            os_disk=machine.os_disk,
            os=machine.os,
        ),
        license_type=role.license_type or machine.license_type,
        label=role.label or machine.label,
    )
    changed = replace(changed, data_disks=_data_disks(draft, service, deployment, changed, role))
    attaching.check_disk_count(size, len(changed.data_disks))
    limits.check_machine(draft, service, changed, others)
    endpoints.check_sets((*others, changed))
    check_names((changed,), deployment.load_balancers)
    return changed


@assumed("disks that an update leaves out stay (recorded); new ones that it brings, on free units, are attached")
def _data_disks(
    draft: Draft,
    service: model.HostedService,
    deployment: model.Deployment,
    machine: model.MachineRole,
    role: wire.PersistentVMRole,
) -> tuple[wire.DataVirtualHardDisk, ...]:
    disks = machine.data_disks
    for given in role.data_virtual_hard_disks or ():
        known = _meant(given, disks)
        others = tuple(one for one in disks if one is not known)
        if known is None:
            made = attaching.make_data_disk(
                draft,
                place_of(service, deployment, machine),
                given,
                size=machine.size,
                others=disks,
                folder=folder_of(machine),
            )
        else:
            made = _changed_disk(known, given, machine.size, others)
        disks = (*others, made)
    return building.by_lun(disks)


def _meant(
    given: wire.DataVirtualHardDisk, disks: tuple[wire.DataVirtualHardDisk, ...]
) -> wire.DataVirtualHardDisk | None:
    """The disk a request speaks of: the one of that name, or else the one on that unit."""
    for one in disks:
        if given.disk_name and given.disk_name.lower() == (one.disk_name or "").lower():
            return one
    return next((one for one in disks if (one.lun or 0) == (given.lun or 0)), None)


def _changed_disk(
    known: wire.DataVirtualHardDisk,
    given: wire.DataVirtualHardDisk,
    size: str,
    others: Iterable[wire.DataVirtualHardDisk],
) -> wire.DataVirtualHardDisk:
    lun = known.lun or 0
    if given.lun is not None and given.lun != lun:
        attaching.check_lun(given.lun, size, others)
        lun = given.lun
    check_further_label(given.disk_label)
    return replace(
        known,
        lun=lun,
        host_caching=validation.check_caching(given.host_caching, known.host_caching or "ReadOnly"),
        disk_label=given.disk_label or known.disk_label,
    )


@effect
def machine_updated(
    draft: Draft, service_name: str, private_id: str, role_name: str, role: wire.PersistentVMRole
) -> None:
    """The end of an update: another size restarts a machine, anything else makes a running one flicker (recorded)."""
    deployment = by_private_id(draft, service_name, private_id)
    machine = machine_of(deployment, role_name) if deployment else None
    if deployment is None or machine is None:
        return
    service = draft.hosted_services[service_name]
    changed = updated(draft, service, deployment, machine, role)
    deployment = put_machine(deployment, changed)
    instance = instance_of(deployment, machine.name)
    if instance is not None:
        resized = instance.size != changed.size
        if resized and instance.status != "StoppedDeallocated":
            deployment = allocated(draft, service_name, deployment, (changed.size,))
        wanted = bool(changed.network.public_ips)
        if instance.ip_address is not None:
            address, further = addresses_for(draft, deployment, changed, instance)
            instance = replace(instance, ip_address=address, interface_addresses=further)
        instance = replace(
            instance,
            size=changed.size,
            public_ip=(instance.public_ip or draft.take_public_address())
            if wanted and instance.status != "StoppedDeallocated"
            else None,
        )
        if resized and instance.status not in RESTING:
            instance = replace(booting(instance), changed=draft.now)
            begin_boot(draft, service_name, private_id, changed, instance)
        deployment = put_instance(deployment, instance)
        if not resized:
            deployment = unsettle(draft, service_name, deployment, (machine.name,))
    put_deployment(draft, service_name, settled(draft, deployment))


# -- deleting -------------------------------------------------------------------------------------------------------


@recorded("the refusal, with its text")
def check_not_last(deployment: model.Deployment, machine: model.MachineRole) -> None:
    """BadRequest for the only machine of a deployment."""
    if len(deployment.machines) == 1:
        raise BadRequest(
            f"Role {machine.name} is the only role present in the deployment and so cannot be removed. "
            "Please delete the deployment or add another role before removing this role."
        )


def without_machine(draft: Draft, deployment: model.Deployment, machine: model.MachineRole) -> model.Deployment:
    """The deployment without a machine and its instance."""
    return settled(
        draft,
        replace(
            deployment,
            machines=tuple(one for one in deployment.machines if one.name != machine.name),
            instances=tuple(one for one in deployment.instances if one.role_name != machine.name),
        ),
    )


@effect
def machine_gone(draft: Draft, service_name: str, private_id: str, role_name: str, media: bool) -> None:
    """The end of a machine's deletion."""
    deployment = by_private_id(draft, service_name, private_id)
    machine = machine_of(deployment, role_name) if deployment else None
    if deployment is None or machine is None:
        return
    release_disks(draft, machine, media=media)
    put_deployment(draft, service_name, without_machine(draft, deployment, machine))


# -- data disks -----------------------------------------------------------------------------------------------------


@assumed("no client asks for an empty unit; the text was never seen")
def find_data_disk(machine: model.MachineRole, lun: int) -> wire.DataVirtualHardDisk:
    """The data disk on a logical unit, or ResourceNotFound."""
    for disk in machine.data_disks:
        if (disk.lun or 0) == lun:
            return disk
    raise ResourceNotFound(f"No data disk is attached to the role {machine.name} at the logical unit number {lun}.")


def with_data_disk(
    draft: Draft,
    service: model.HostedService,
    deployment: model.Deployment,
    machine: model.MachineRole,
    given: wire.DataVirtualHardDisk,
) -> model.MachineRole:
    """A machine with one data disk more; refusals as `attaching.make_data_disk` gives them."""
    made = attaching.make_data_disk(
        draft,
        place_of(service, deployment, machine),
        given,
        size=machine.size,
        others=machine.data_disks,
        folder=folder_of(machine),
    )
    changed = replace(machine, data_disks=building.by_lun((*machine.data_disks, made)))
    limits.check_near(draft, service, changed)
    limits.check_accounts(draft, changed)
    return changed


@effect
def data_disk_attached(
    draft: Draft, service_name: str, private_id: str, role_name: str, disk: wire.DataVirtualHardDisk
) -> None:
    """The end of attaching a data disk; it fails if the disk has found another machine meanwhile."""
    deployment = by_private_id(draft, service_name, private_id)
    machine = machine_of(deployment, role_name) if deployment else None
    if deployment is None or machine is None:
        return
    service = draft.hosted_services[service_name]
    changed = with_data_disk(draft, service, deployment, machine, disk)
    put_deployment(draft, service_name, replace(put_machine(deployment, changed), modified=draft.now))


@assumed("disk and blob of a data disk stay the same; which refusal another name gets was never seen")
def with_changed_disk(
    machine: model.MachineRole, known: wire.DataVirtualHardDisk, given: wire.DataVirtualHardDisk
) -> model.MachineRole:
    """A machine with another caching, label or unit of a data disk; BadRequest for what cannot change."""
    if given.disk_name and given.disk_name.lower() != (known.disk_name or "").lower():
        raise BadRequest("The disk of a data disk cannot be changed.")
    if given.logical_disk_size_in_gb not in (None, 0, known.logical_disk_size_in_gb):
        raise BadRequest("The size of a data disk cannot be changed by updating it.")
    others = tuple(one for one in machine.data_disks if one is not known)
    made = _changed_disk(known, given, machine.size, others)
    return replace(machine, data_disks=building.by_lun((*others, made)))


@effect
def data_disk_gone(draft: Draft, service_name: str, private_id: str, role_name: str, lun: int, media: bool) -> None:
    """The end of detaching a data disk, or of deleting it with its blob."""
    deployment = by_private_id(draft, service_name, private_id)
    machine = machine_of(deployment, role_name) if deployment else None
    if deployment is None or machine is None:
        return
    gone = [one for one in machine.data_disks if (one.lun or 0) == lun]
    for one in gone:
        disk = draft.disks.get(one.disk_name or "")
        if disk is None:
            continue
        if media:
            release_blob(draft, disk.media_link)
            del draft.disks[disk.name]
        else:
            detach_later(draft, disk)
    changed = replace(machine, data_disks=tuple(one for one in machine.data_disks if one not in gone))
    put_deployment(draft, service_name, replace(put_machine(deployment, changed), modified=draft.now))


# -- load-balanced sets ---------------------------------------------------------------------------------------------


@assumed("an unknown set was never asked for; the text is made up")
def with_sets(deployment: model.Deployment, changes: tuple[wire.InputEndpoint, ...]) -> tuple[model.MachineRole, ...]:
    """The machines of a deployment after a change of load-balanced sets, whose members change together.

    BadRequest for a change without a set's name or of a set that no endpoint is in.
    """
    if not changes:
        raise BadRequest("A load-balanced endpoint must be specified.")
    machines = deployment.machines
    for change in changes:
        name = (change.load_balanced_endpoint_set_name or "").lower()
        members = sum(
            (one.load_balanced_endpoint_set_name or "").lower() == name
            for machine in machines
            for one in machine.network.input_endpoints or ()
        )
        if not name or not members:
            raise BadRequest(
                f"The load-balanced endpoint set {change.load_balanced_endpoint_set_name or ''} does not exist."
            )
        endpoints.check_port(change.port)
        endpoints.check_port(change.local_port)
        endpoints.check_shared(replace(change, protocol=change.protocol or "tcp"))
        machines = tuple(_with_set(machine, name, change) for machine in machines)
    check_names(machines, deployment.load_balancers)
    return machines


def _with_set(machine: model.MachineRole, name: str, change: wire.InputEndpoint) -> model.MachineRole:
    known = machine.network.input_endpoints or ()
    changed = tuple(
        _member(one, change) if (one.load_balanced_endpoint_set_name or "").lower() == name else one for one in known
    )
    return replace(machine, network=replace(machine.network, input_endpoints=changed or None))


def _member(known: wire.InputEndpoint, change: wire.InputEndpoint) -> wire.InputEndpoint:
    """An endpoint of a set after a change: what the change leaves out stays."""
    given = {
        name: value
        for name in (
            "local_port",
            "port",
            "load_balancer_probe",
            "protocol",
            "enable_direct_server_return",
            "load_balancer_name",
            "endpoint_acl",
            "idle_timeout_in_minutes",
            "load_balancer_distribution",
        )
        if (value := getattr(change, name)) is not None
    }
    return endpoints.normalised(replace(known, **given))


@effect
def sets_changed(draft: Draft, service_name: str, private_id: str, changes: tuple[wire.InputEndpoint, ...]) -> None:
    """The end of a change of load-balanced sets."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    before = deployment.machines
    deployment = replace(deployment, machines=with_sets(deployment, changes))
    touched = [new.name for old, new in zip(before, deployment.machines, strict=True) if old != new]
    deployment = unsettle(draft, service_name, deployment, touched)
    put_deployment(draft, service_name, settled(draft, deployment))
