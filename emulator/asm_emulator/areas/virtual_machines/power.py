"""Stopping and starting machines, one or several, and moving them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from asm_contracts.evidence import assumed
from asm_contracts.frozen import replace
from asm_emulator import model
from asm_emulator.allocation import allocated
from asm_emulator.areas.virtual_machines.booting import begin_boot, booting, flicker, ready, report_later
from asm_emulator.areas.virtual_machines.common import instance_of, machine_of, settled
from asm_emulator.deployed import DEALLOCATED, by_private_id, put_deployment, put_instance
from asm_emulator.engine import effect, effect_name
from asm_emulator.networks import addresses_for
from asm_emulator.state import Draft

STOPPED: Final = "StoppedVM"
RESTING: Final = (STOPPED, DEALLOCATED)


@assumed("the pair StoppingVM/Stopping is documented; no poll came while a machine was stopping")
def stopping(deployment: model.Deployment, role_names: Iterable[str], action: str) -> model.Deployment:
    """The deployment with these machines on their way down; those that are there already stay as they are."""
    for name in role_names:
        instance = instance_of(deployment, name)
        if instance is None or stays_down(instance, action):
            continue
        down = replace(
            instance,
            status="StoppingVM",
            power_state="Stopping",
            state_details="",
            boot=instance.boot + 1,
            orders=instance.orders + 1,
        )
        deployment = put_instance(deployment, down)
    return deployment


@assumed("shutting a stopped machine down changes nothing, except that it can be deallocated then")
def stays_down(instance: model.RoleInstance, action: str) -> bool:
    """Whether an instance is down as far as a shutdown with this action would bring it."""
    return instance.status == DEALLOCATED or (instance.status == STOPPED and action != DEALLOCATED)


def told(deployment: model.Deployment, role_names: Iterable[str]) -> model.Deployment:
    """The deployment whose machines have been told something that happens later: earlier orders are void."""
    for name in role_names:
        instance = instance_of(deployment, name)
        if instance is not None:
            deployment = put_instance(deployment, replace(instance, orders=instance.orders + 1))
    return deployment


def stopped(instance: model.RoleInstance, action: str) -> model.RoleInstance:
    """An instance that is down: stopped with all it has, or deallocated and without its addresses (recorded)."""
    down = replace(instance, power_state="Stopped", state_details="", boot=instance.boot + 1)
    if action == DEALLOCATED:
        down = left_host(down)
        return replace(
            down, status=DEALLOCATED, ip_address=None, interface_addresses=(), host_name=None, public_ip=None
        )
    return replace(down, status=STOPPED)


@assumed("what is planned for a host is nothing to a machine that has left it; no plan was ever seen to end so")
def left_host(instance: model.RoleInstance) -> model.RoleInstance:
    """An instance that is no longer on the host it was on: what was planned for that one is not for it."""
    return instance if instance.maintenance is None else replace(instance, maintenance=None)


def take_down(
    draft: Draft, service_name: str, deployment: model.Deployment, role_names: Iterable[str], action: str
) -> model.Deployment:
    """The deployment with these machines down; if any was deallocated the others flicker (recorded)."""
    names = list(role_names)
    moved = False
    for name in names:
        instance = instance_of(deployment, name)
        if instance is None or stays_down(instance, action):
            continue
        moved = True
        deployment = put_instance(deployment, replace(stopped(instance, action), changed=draft.now))
    if moved and action == DEALLOCATED:
        deployment = flicker(draft, service_name, deployment, (one.role_name for one in deployment.instances))
    return settled(draft, deployment)


@effect
def machines_stopped(draft: Draft, service_name: str, private_id: str, roles: tuple[str, ...], action: str) -> None:
    """The end of a shutdown."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is not None:
        put_deployment(draft, service_name, take_down(draft, service_name, deployment, roles, action))


@effect
def machines_stop_later(draft: Draft, service_name: str, private_id: str, roles: tuple[str, ...], action: str) -> None:
    """The end of the operation that shuts several machines down: they stop some time after it (recorded)."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    for name in roles:
        instance = instance_of(deployment, name)
        if instance is not None:
            draft.schedule(
                effect_name(machine_stops),
                draft.span("vm.shutdown.late"),
                service_name=service_name,
                private_id=private_id,
                role_name=instance.role_name,
                orders=instance.orders,
                action=action,
            )


@effect
def machine_stops(draft: Draft, service_name: str, private_id: str, role_name: str, orders: int, action: str) -> None:
    """A machine stops, unless it has been told something else meanwhile."""
    deployment = by_private_id(draft, service_name, private_id)
    instance = instance_of(deployment, role_name) if deployment else None
    if deployment is not None and instance is not None and instance.orders == orders:
        put_deployment(draft, service_name, take_down(draft, service_name, deployment, (role_name,), action))


def starting(
    draft: Draft, service_name: str, deployment: model.Deployment, role_names: Iterable[str]
) -> model.Deployment:
    """The deployment with those of these machines that are down on their way up; the others stay as they are.

    A deallocated one gets an address again, and so does its deployment.  BadRequest, for an operation, if there is no
    hardware or no address for it.
    """
    role_names = tuple(role_names)
    asleep = [
        machine.size
        for name in role_names
        if (instance := instance_of(deployment, name)) is not None
        and (machine := machine_of(deployment, name)) is not None
        and instance.status == DEALLOCATED
    ]
    if asleep:
        deployment = allocated(draft, service_name, deployment, asleep)
    for name in role_names:
        instance, machine = instance_of(deployment, name), machine_of(deployment, name)
        if instance is None or machine is None:
            continue
        instance = replace(instance, orders=instance.orders + 1)
        if instance.status not in RESTING:
            deployment = put_instance(deployment, instance)
            continue
        address, further = addresses_for(draft, deployment, machine, instance)
        up = replace(
            booting(instance, "StartingVM"),
            host_name=instance.host_name,
            agent_reported=instance.agent_reported,
            changed=draft.now,
            size=machine.size,
            ip_address=address,
            interface_addresses=further,
            public_ip=instance.public_ip or (draft.take_public_address() if machine.network.public_ips else None),
        )
        deployment = put_instance(deployment, up)
    return settled(draft, deployment)


@effect
def machines_started(
    draft: Draft, service_name: str, private_id: str, roles: tuple[str, ...], deallocated: tuple[str, ...]
) -> None:
    """The end of a start: what was only stopped is ready, what was deallocated boots on (both recorded)."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    for name in roles:
        instance, machine = instance_of(deployment, name), machine_of(deployment, name)
        if instance is None or machine is None or instance.status != "StartingVM":
            continue
        if name in deallocated:
            up = replace(instance, status="RoleStateUnknown", host_name=None, agent_reported=None, changed=draft.now)
            begin_boot(draft, service_name, private_id, machine, up)
        else:
            up = replace(ready(draft, private_id, machine, instance), changed=draft.now)
            report_later(draft, service_name, private_id, machine, up)
        deployment = put_instance(deployment, up)
    put_deployment(draft, service_name, settled(draft, deployment))


@effect
def machine_restarted(draft: Draft, service_name: str, private_id: str, role_name: str) -> None:
    """The end of a restart in place: a machine that ran is ready; one that boots, or is down, is left alone."""
    deployment = by_private_id(draft, service_name, private_id)
    instance = instance_of(deployment, role_name) if deployment else None
    machine = machine_of(deployment, role_name) if deployment else None
    if deployment is None or instance is None or machine is None or instance.power_state != "Started":
        return
    if instance.status == "Provisioning":
        return
    again = replace(ready(draft, private_id, machine, instance), boot=instance.boot + 1, changed=draft.now)
    report_later(draft, service_name, private_id, machine, again)
    put_deployment(draft, service_name, settled(draft, put_instance(deployment, again)))


@effect
def machine_redeployed(draft: Draft, service_name: str, private_id: str, role_name: str) -> None:
    """The end of a move to another host: a machine that was not down boots there."""
    deployment = by_private_id(draft, service_name, private_id)
    instance = instance_of(deployment, role_name) if deployment else None
    machine = machine_of(deployment, role_name) if deployment else None
    if deployment is None or instance is None or machine is None:
        return
    moved = boots_again(draft, service_name, private_id, machine, left_host(instance))
    if moved is not instance:
        put_deployment(draft, service_name, settled(draft, put_instance(deployment, moved)))


def boots_again(
    draft: Draft, service_name: str, private_id: str, machine: model.MachineRole, instance: model.RoleInstance
) -> model.RoleInstance:
    """An instance that its host has let go of: one that was not down boots, whatever it was doing."""
    if instance.status in RESTING:
        return instance
    again = replace(booting(instance), changed=draft.now)
    begin_boot(draft, service_name, private_id, machine, again)
    return again
