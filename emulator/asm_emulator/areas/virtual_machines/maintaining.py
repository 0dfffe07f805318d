"""Planned maintenance: what a tester plans comes about, by the machine's owner or, in the end, by the platform."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from asm_contracts.evidence import assumed
from asm_contracts.frozen import frozen, replace
from asm_emulator import model
from asm_emulator.areas.virtual_machines.common import instance_of, machine_of, settled
from asm_emulator.areas.virtual_machines.power import boots_again
from asm_emulator.deployed import by_private_id, put_deployment, put_instance
from asm_emulator.engine import effect, effect_name
from asm_emulator.maintenance import OWNER, PLATFORM
from asm_emulator.state import Draft


@frozen
class Windows:
    """When maintenance may be, as spans from the moment it is planned; see `model.Maintenance`."""

    pre_start: timedelta
    pre_end: timedelta
    start: timedelta
    end: timedelta


def planned(
    draft: Draft, service_name: str, deployment: model.Deployment, role_names: Iterable[str], windows: Windows
) -> model.Deployment:
    """The deployment with maintenance planned for the hosts of these machines, in place of what was planned before.

    OverflowError for windows beyond the end of time.
    """
    now = draft.now
    for name in role_names:
        instance = instance_of(deployment, name)
        if instance is None:
            continue
        plan = model.Maintenance(
            serial=draft.take_serial(),
            pre_start=now + windows.pre_start,
            pre_end=now + windows.pre_end,
            start=now + windows.start,
            end=now + windows.end,
        )
        deployment = put_instance(deployment, replace(instance, maintenance=plan))
        draft.schedule(
            effect_name(maintenance_comes),
            windows.start,
            service_name=service_name,
            private_id=deployment.private_id,
            role_name=instance.role_name,
            plan=plan.serial,
        )
    return deployment


def taken_back(deployment: model.Deployment, role_names: Iterable[str]) -> model.Deployment:
    """The deployment with nothing planned for the hosts of these machines, and nothing known of what was done."""
    for name in role_names:
        instance = instance_of(deployment, name)
        if instance is not None:
            deployment = put_instance(deployment, replace(instance, maintenance=None))
    return deployment


def under_way(deployment: model.Deployment, instance: model.RoleInstance, plan: model.Maintenance) -> model.Deployment:
    """The deployment with an instance whose owner is having it done."""
    return put_instance(deployment, replace(instance, maintenance=replace(plan, under_way=True)))


@effect
def machine_maintained(draft: Draft, service_name: str, private_id: str, role_name: str, plan: int) -> None:
    """The end of what the owner asked for: the machine is on a host that is done, and boots there if it was not down.

    If the plan was taken back meanwhile the machine is moved all the same, for that was accepted.
    """
    deployment = by_private_id(draft, service_name, private_id)
    instance = instance_of(deployment, role_name) if deployment else None
    machine = machine_of(deployment, role_name) if deployment else None
    if deployment is None or instance is None or machine is None:
        return
    moved = boots_again(draft, service_name, private_id, machine, _done(instance, plan, OWNER))
    put_deployment(draft, service_name, settled(draft, put_instance(deployment, moved)))


@effect
def maintenance_fails(draft: Draft, service_name: str, private_id: str, role_name: str, plan: int) -> None:
    """What the owner asked for came to nothing: it is to be done as before, at once if the platform's time has come."""
    deployment = by_private_id(draft, service_name, private_id)
    instance = instance_of(deployment, role_name) if deployment else None
    if deployment is None or instance is None or not _is(instance.maintenance, plan):
        return
    assert instance.maintenance is not None
    again = replace(instance.maintenance, under_way=False)
    put_deployment(draft, service_name, put_instance(deployment, replace(instance, maintenance=again)))
    if again.start <= draft.now:
        maintenance_comes(draft, service_name, private_id, role_name, plan)


@effect
@assumed("the host is done at the window's beginning, and a machine that runs on it boots once more")
def maintenance_comes(draft: Draft, service_name: str, private_id: str, role_name: str, plan: int) -> None:
    """The maintenance window begins: what the owner has neither done nor begun the platform does.

    A machine that has left the host, or for which something else is planned now, is left alone.
    """
    deployment = by_private_id(draft, service_name, private_id)
    instance = instance_of(deployment, role_name) if deployment else None
    machine = machine_of(deployment, role_name) if deployment else None
    if deployment is None or instance is None or machine is None or deployment.status == "Deleting":
        return
    found = instance.maintenance
    if found is None or not _is(found, plan) or found.done or found.under_way:
        return
    done = _done(instance, plan, PLATFORM)
    # One that is on its way up or down is not held up: it comes to its end on the host that is done.
    if instance.status not in ("StartingVM", "StoppingVM"):
        done = boots_again(draft, service_name, private_id, machine, done)
    put_deployment(draft, service_name, settled(draft, put_instance(deployment, done)))


def _is(found: model.Maintenance | None, plan: int) -> bool:
    return found is not None and found.serial == plan


def _done(instance: model.RoleInstance, plan: int, by: str) -> model.RoleInstance:
    found = instance.maintenance
    if found is None or not _is(found, plan):
        return instance
    return replace(instance, maintenance=replace(found, under_way=False, done=by))
