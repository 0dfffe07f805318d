"""Creating a deployment of virtual machines, and adding machines to one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from typing import Final

from asm_contracts import roles as wire
from asm_contracts.areas.virtual_machines import CreateVirtualMachineDeployment
from asm_contracts.errors import BadRequest, ConflictError
from asm_contracts.evidence import assumed, quoted
from asm_contracts.frozen import replace
from asm_emulator import model, names
from asm_emulator.allocation import allocated
from asm_emulator.areas.virtual_machines import building, validation
from asm_emulator.areas.virtual_machines.booting import begin_boot, flicker
from asm_emulator.areas.virtual_machines.common import instance_of, machine_of, settled
from asm_emulator.areas.virtual_machines.dns import check_dns_server
from asm_emulator.areas.virtual_machines.endpoints import check_collisions
from asm_emulator.areas.virtual_machines.load_balancers import check_load_balancer, check_names, claim_addresses
from asm_emulator.blobs import release_blob
from asm_emulator.deployed import PRODUCTION, by_private_id, check_not_deleting, put_deployment, put_instance
from asm_emulator.engine import effect, effect_name
from asm_emulator.networks import addresses_for, check_same_place
from asm_emulator.quotas import check_core_quota, check_public_ip_quota, cores, public_ips
from asm_emulator.reserved import bind_reserved_ip
from asm_emulator.state import Draft

FAULT_DOMAINS: Final = 2
UPGRADE_DOMAINS: Final = 5


# -- creating -------------------------------------------------------------------------------------------------------


def new_deployment(
    draft: Draft, service: model.HostedService, body: CreateVirtualMachineDeployment
) -> model.Deployment:
    """Put a deployment into the production slot, as it is while it is being made; refusals for whatever forbids it.

    Its machines have their disks; instances and address come later.
    """
    _check_slot(body.deployment_slot)
    names.check_deployment(body.name)
    label = plain_label(body.label)
    names.check_label(label)
    _check_free(service, body.name)
    site = validation.site_of(draft, body.virtual_network_name)
    check_same_place(draft, service, site)
    _check_roles(body.role_list)
    for role in body.role_list:
        building.check_role(draft, service, role, site)
    servers = body.dns.dns_servers or () if body.dns else ()
    for place, server in enumerate(servers):
        check_dns_server(server, servers[:place])
    balancers = body.load_balancers or ()
    for place, balancer in enumerate(balancers):
        check_load_balancer(balancer, balancers[:place], site)
    check_core_quota(draft, sum(cores(role.role_size or building.DEFAULT_SIZE) for role in body.role_list))
    check_public_ip_quota(draft, sum(public_ips(validation.network_of(role)) for role in body.role_list))
    private_id = draft.make_hex("deployment", service.name, body.name, draft.take_serial())
    machines: tuple[model.MachineRole, ...] = ()
    for role in body.role_list:
        machines += (building.build_machine(draft, service, body.name, private_id, role, machines),)
    check_names(machines, balancers)
    deployment = model.Deployment(
        name=body.name,
        slot=PRODUCTION,
        private_id=private_id,
        label=label,
        status="Deploying",
        is_package=False,
        created=draft.now,
        modified=draft.now,
        machines=machines,
        virtual_network_name=site.name if site else None,
        virtual_network_id=site.id if site else None,
        dns_servers=tuple(servers),
        load_balancers=tuple(balancers),
    )
    if body.reserved_ip_name:
        deployment = bind_reserved_ip(draft, body.reserved_ip_name, service, deployment, at_creation=True)
        _check_reachable(deployment, body.reserved_ip_name)
    return deployment


@quoted("code, status and text, answered to the request itself (azure-xplat-cli issue 2664)")
def _check_reachable(deployment: model.Deployment, reserved_ip: str) -> None:
    if not any(machine.network.input_endpoints for machine in deployment.machines):
        raise BadRequest(
            f"Deployment {deployment.name} uses ReservedIP {reserved_ip} but does not contain any endpoints. "
            "Deployment must contain at least one endpoint in order to use a ReservedIP."
        )


@assumed("clients create machines in production only; the text was never seen")
def _check_slot(slot: str) -> None:
    if slot.strip().lower() != "production":
        raise BadRequest("Virtual machines can be deployed only to the production slot.")


@quoted("the text of the occupied slot")
@assumed("that names are unique in a service is documented; the other texts were never seen")
def _check_free(service: model.HostedService, name: str) -> None:
    check_not_deleting(service)
    if PRODUCTION in service.deployments:
        raise ConflictError(f"The specified deployment slot {PRODUCTION} is occupied.")
    if any(one.name.lower() == name.lower() for one in service.deployments.values()):
        raise ConflictError(f"A deployment with the name {name} already exists in the hosted service {service.name}.")


@assumed("no client sends such a list; the texts were never seen")
def _check_roles(roles: Iterable[wire.PersistentVMRole]) -> None:
    seen: set[str] = set()
    for role in roles:
        name = (role.role_name or "").lower()
        if name in seen:
            raise BadRequest(f"The role name {role.role_name} is used more than once in the deployment.")
        seen.add(name)
    if not seen:
        raise BadRequest("A deployment needs at least one role.")


@assumed("labels arrive as plain text (recorded); one that is base64 of readable text is taken as encoded already")
def plain_label(label: str) -> str:
    """The text of a label; being well-formed base64 by accident does not make it encoded (recorded)."""
    try:
        data = base64.b64decode(label, validate=True)
        text = data.decode("utf-8")
    except (binascii.Error, ValueError):
        return label
    return text if text.isprintable() and text else label


def attached_before(draft: Draft, roles: Iterable[wire.PersistentVMRole]) -> tuple[str, ...]:
    """The registered disks that a request names: should it fail they are free again, not gone."""
    asked = []
    for role in roles:
        asked.append(role.os_virtual_hard_disk.disk_name if role.os_virtual_hard_disk else None)
        asked += [one.disk_name for one in role.data_virtual_hard_disks or ()]
    return tuple(draft.disks[name].name for name in asked if name and name in draft.disks)


def place_deployment(draft: Draft, service: model.HostedService, deployment: model.Deployment) -> BadRequest | None:
    """Write a new deployment, and have its instances appear before its operation ends.

    Returns what the operation will fail with, if its endpoints collide: such a deployment does not show them.
    """
    try:
        check_collisions(deployment.machines)
    except BadRequest as collision:
        hidden = tuple(replace(one, network=replace(one.network, input_endpoints=None)) for one in deployment.machines)
        put_deployment(draft, service.name, replace(deployment, machines=hidden))
        return collision
    put_deployment(draft, service.name, deployment)
    whole = draft.span("create_virtual_machine_deployment")
    for part, status in ((0.5, "CreatingVM"), (0.75, "StartingVM")):
        draft.schedule(
            effect_name(machines_appear),
            whole * part,
            service_name=service.name,
            private_id=deployment.private_id,
            status=status,
        )
    return None


@effect
def machines_appear(draft: Draft, service_name: str, private_id: str, status: str) -> None:
    """The instances of a new deployment show, before its operation has ended (recorded)."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    if deployment.status == "Deploying":
        put_deployment(draft, service_name, with_instances(draft, service_name, deployment))
    elif deployment.status == "Running":
        for instance in deployment.instances:
            if instance.boot == 1 and instance.status == "CreatingVM":
                deployment = put_instance(deployment, replace(instance, status=status))
        put_deployment(draft, service_name, deployment)


def with_instances(draft: Draft, service_name: str, deployment: model.Deployment) -> model.Deployment:
    """A deployment that is being made, with its instances; BadRequest without hardware or addresses for them."""
    deployment = allocated(draft, service_name, deployment, [machine.size for machine in deployment.machines])
    claim_addresses(draft, deployment, deployment.load_balancers)
    for machine in deployment.machines:
        deployment = with_instance(draft, deployment, machine)
    return settled(draft, replace(deployment, status="Running"))


def with_instance(draft: Draft, deployment: model.Deployment, machine: model.MachineRole) -> model.Deployment:
    """The deployment with the instance of a new machine, which has its address from the start (recorded)."""
    upgrade, fault = domains_of(deployment, machine)
    address, further = addresses_for(draft, deployment, machine)
    instance = model.RoleInstance(
        role_name=machine.name,
        name=machine.name,
        status="CreatingVM",
        power_state="Starting",
        size=machine.size,
        upgrade_domain=upgrade,
        fault_domain=fault,
        ip_address=address,
        interface_addresses=further,
        public_ip=draft.take_public_address() if machine.network.public_ips else None,
        changed=draft.now,
        boot=1,
    )
    count = max(deployment.upgrade_domain_count, upgrade + 1)
    return replace(deployment, instances=(*deployment.instances, instance), upgrade_domain_count=count)


@assumed("machines outside sets are in domain 0 (recorded); those of a set are spread as the roles of packages are")
def domains_of(deployment: model.Deployment, machine: model.MachineRole) -> tuple[int, int]:
    """The upgrade and the fault domain of a new machine: within an availability set they differ."""
    if machine.availability_set_name is None:
        return 0, 0
    name = machine.availability_set_name.lower()
    members = {one.name for one in deployment.machines if (one.availability_set_name or "").lower() == name}
    number = sum(1 for one in deployment.instances if one.role_name in members)
    return number % UPGRADE_DOMAINS, number % FAULT_DOMAINS


@effect
def machines_created(
    draft: Draft, service_name: str, private_id: str, attached: tuple[str, ...], failure: str | None
) -> None:
    """The end of a creation: the machines begin to boot.

    failure: what the fabric has found against it (ports that collide), as the text to fail with
    """
    del attached  # for `creation_undone`
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    if failure is not None:
        raise BadRequest(failure)
    if deployment.status == "Deploying":
        deployment = with_instances(draft, service_name, deployment)
    for machine in deployment.machines:
        deployment = boots(draft, service_name, deployment, machine)
    put_deployment(draft, service_name, settled(draft, deployment))


def boots(
    draft: Draft, service_name: str, deployment: model.Deployment, machine: model.MachineRole
) -> model.Deployment:
    """The deployment with a new machine at the beginning of its first start."""
    instance = instance_of(deployment, machine.name)
    assert instance is not None
    instance = replace(instance, status="RoleStateUnknown", power_state="Starting", changed=draft.now)
    begin_boot(draft, service_name, deployment.private_id, machine, instance)
    return put_instance(deployment, instance)


@effect
def creation_undone(
    draft: Draft, service_name: str, private_id: str, attached: tuple[str, ...], failure: str | None
) -> None:
    """A failed creation leaves nothing: no deployment, no disks; disks that were there before are free again."""
    del failure
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    for machine in deployment.machines:
        forget_disks(draft, machine, attached)
    service = draft.hosted_services[service_name]
    draft.hosted_services[service_name] = replace(service, deployments=service.deployments.remove(deployment.slot))


def forget_disks(draft: Draft, machine: model.MachineRole, attached: tuple[str, ...]) -> None:
    """Take back the disks that a request made for a machine."""
    for name in (machine.os_disk.disk_name, *(one.disk_name for one in machine.data_disks)):
        disk = draft.disks.get(name or "")
        if disk is None:
            continue
        if disk.name in attached:
            draft.disks[disk.name] = replace(disk, attached_to=None)
        else:
            release_blob(draft, disk.media_link)
            del draft.disks[disk.name]


# -- adding ---------------------------------------------------------------------------------------------------------


@assumed("role names are unique in a deployment (documented); the text was never seen")
def new_machine(
    draft: Draft, service: model.HostedService, deployment: model.Deployment, role: wire.PersistentVMRole
) -> model.MachineRole:
    """Make a machine to be added to a deployment, with its disks; refusals for whatever forbids it."""
    site = draft.virtual_networks.get(deployment.virtual_network_name or "")
    building.check_role(draft, service, role, site)
    if machine_of(deployment, role.role_name or "") is not None:
        raise ConflictError(f"The role {role.role_name} already exists in the deployment {deployment.name}.")
    check_core_quota(draft, cores(role.role_size or building.DEFAULT_SIZE))
    check_public_ip_quota(draft, public_ips(validation.network_of(role)))
    machine = building.build_machine(draft, service, deployment.name, deployment.private_id, role, deployment.machines)
    check_names((machine,), deployment.load_balancers)
    return machine


@effect
def machine_added(draft: Draft, service_name: str, private_id: str, role_name: str) -> None:
    """The end of adding a machine: it begins to boot, and the others flicker (recorded)."""
    deployment = by_private_id(draft, service_name, private_id)
    machine = machine_of(deployment, role_name) if deployment else None
    if deployment is None or machine is None:
        return
    others = [one.name for one in deployment.machines if one.name != machine.name]
    deployment = flicker(draft, service_name, deployment, others)
    deployment = boots(draft, service_name, deployment, machine)
    put_deployment(draft, service_name, settled(draft, deployment))


@effect
def change_collides(draft: Draft, failure: str, code: str) -> None:
    """The end of a change that the fabric cannot make, as its endpoints collide (recorded): it fails."""
    del draft
    raise BadRequest(failure, code=code)
