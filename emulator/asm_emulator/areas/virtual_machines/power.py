"""The life of an instance on the clock: booting, settling, stopping, starting.

Every start gives an instance another `boot` number, which its pending steps carry: a step of an earlier start finds
another number and does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from asm_contracts.evidence import assumed, recorded
from asm_emulator import model
from asm_emulator.areas.virtual_machines.common import instance_of, machine_of, settled
from asm_emulator.deployed import DEALLOCATED, by_private_id, put_deployment, put_instance
from asm_emulator.engine import Effect, effect, effect_name
from asm_emulator.state import Draft

PREPARING: Final = "Windows is preparing your computer for first use..."
STOPPED: Final = "StoppedVM"
RESTING: Final = (STOPPED, DEALLOCATED)


# -- writing --------------------------------------------------------------------------------------------------------


def change_instance(
    draft: Draft,
    service_name: str,
    private_id: str,
    role_name: str,
    boot: int,
    change: Callable[[model.RoleInstance, model.MachineRole], model.RoleInstance | None],
) -> bool:
    """Replace an instance by what `change` makes of it, if it is still the start that the step was for.

    None from `change`, another start, or no such instance any more: nothing happens.
    """
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None or deployment.status in ("Deploying", "Deleting"):
        return False
    instance, machine = instance_of(deployment, role_name), machine_of(deployment, role_name)
    if instance is None or machine is None or instance.boot != boot:
        return False
    made = change(instance, machine)
    if made is None:
        return False
    made = replace(made, changed=draft.now)
    put_deployment(draft, service_name, settled(draft, put_instance(deployment, made)))
    return True


def later(
    draft: Draft,
    step: Effect,
    what: str,
    service_name: str,
    private_id: str,
    instance: model.RoleInstance,
) -> None:
    """Have a step of an instance's life happen after what the table of durations says."""
    draft.schedule(
        effect_name(step),
        draft.span(what),
        service_name=service_name,
        private_id=private_id,
        role_name=instance.role_name,
        boot=instance.boot,
    )


# -- booting --------------------------------------------------------------------------------------------------------


def booting(instance: model.RoleInstance, status: str = "RoleStateUnknown") -> model.RoleInstance:
    """An instance at the beginning of a start."""
    return replace(
        instance,
        status=status,
        power_state="Starting",
        state_details="",
        host_name=None,
        agent_reported=None,
        boot=instance.boot + 1,
    )


def begin_boot(
    draft: Draft,
    service_name: str,
    private_id: str,
    machine: model.MachineRole,
    instance: model.RoleInstance,
    *,
    first: bool = False,
) -> None:
    """Schedule how a start goes on: the first one of a Windows machine that is to be set up takes longer (recorded)."""
    windows = machine.os == "Windows"
    if windows and first and machine.provisioned:
        later(draft, machine_provisions, "vm.boot.windows", service_name, private_id, instance)
    elif first:
        later(
            draft, machine_ready, "vm.boot.windows" if windows else "vm.boot.linux", service_name, private_id, instance
        )
    else:
        later(draft, machine_ready, "vm.restart", service_name, private_id, instance)


@effect
def machine_provisions(draft: Draft, service_name: str, private_id: str, role_name: str, boot: int) -> None:
    """A Windows machine has booted for the first time: under a name of its own, before it is set up (recorded)."""

    def change(instance: model.RoleInstance, _machine: model.MachineRole) -> model.RoleInstance:
        made_up = f"WIN-{draft.make_hex('host', private_id, role_name)[:11].upper()}"
        changed = replace(instance, status="Provisioning", power_state="Started", host_name=made_up)
        later(draft, machine_prepares, "vm.prepare.windows", service_name, private_id, changed)
        return changed

    change_instance(draft, service_name, private_id, role_name, boot, change)


@effect
def machine_prepares(draft: Draft, service_name: str, private_id: str, role_name: str, boot: int) -> None:
    """A Windows machine is being set up, and says so (recorded)."""

    def change(instance: model.RoleInstance, _machine: model.MachineRole) -> model.RoleInstance:
        later(draft, machine_ready, "vm.ready.windows", service_name, private_id, instance)
        return replace(instance, state_details=PREPARING)

    change_instance(draft, service_name, private_id, role_name, boot, change)


@effect
def machine_ready(draft: Draft, service_name: str, private_id: str, role_name: str, boot: int) -> None:
    """A machine has booted: it has its name and shows what its remote access is recognised by."""

    def change(instance: model.RoleInstance, machine: model.MachineRole) -> model.RoleInstance:
        return ready(draft, private_id, machine, instance)

    change_instance(draft, service_name, private_id, role_name, boot, change)


@recorded("Linux machines show 32 small digits (their SSH key's MD5), Windows machines 40 large ones (SHA-1)")
def ready(
    draft: Draft, private_id: str, machine: model.MachineRole, instance: model.RoleInstance
) -> model.RoleInstance:
    """An instance that runs and has reported."""
    digits = draft.make_hex("remote", private_id, machine.name)
    if machine.os == "Windows":
        digits = (digits + draft.make_hex("remote", private_id, machine.name, 2))[:40].upper()
    return replace(
        instance,
        status="ReadyRole",
        power_state="Started",
        state_details="",
        host_name=machine.computer_name or machine.name,
        remote_access_thumbprint=digits,
        agent_reported=draft.now,
    )


# -- flickering -----------------------------------------------------------------------------------------------------


@recorded("after a change, a running machine is RoleStateUnknown/Started for a while, the others of its deployment too")
def flicker(
    draft: Draft, service_name: str, deployment: model.Deployment, role_names: Iterable[str]
) -> model.Deployment:
    """The deployment with these machines, so far as they are running, in an unknown state that will settle."""
    wanted = {name.lower() for name in role_names}
    for instance in deployment.instances:
        if instance.role_name.lower() in wanted and instance.status == "ReadyRole":
            unknown = replace(instance, status="RoleStateUnknown", changed=draft.now)
            deployment = put_instance(deployment, unknown)
            later(draft, machine_settles, "vm.settle", service_name, deployment.private_id, unknown)
    return deployment


@effect
def machine_settles(draft: Draft, service_name: str, private_id: str, role_name: str, boot: int) -> None:
    """What was unknown of a running machine is known again."""

    def change(instance: model.RoleInstance, _machine: model.MachineRole) -> model.RoleInstance | None:
        if (instance.status, instance.power_state) != ("RoleStateUnknown", "Started"):
            return None
        return replace(instance, status="ReadyRole")

    change_instance(draft, service_name, private_id, role_name, boot, change)


# -- stopping and starting ------------------------------------------------------------------------------------------


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
        return replace(down, status=DEALLOCATED, ip_address=None, host_name=None, public_ip=None)
    return replace(down, status=STOPPED)


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


def starting(draft: Draft, deployment: model.Deployment, role_names: Iterable[str]) -> model.Deployment:
    """The deployment with those of these machines that are down on their way up; the others stay as they are.

    A deallocated one gets an address again, and so does its deployment.
    """
    for name in role_names:
        instance, machine = instance_of(deployment, name), machine_of(deployment, name)
        if instance is None or machine is None:
            continue
        instance = replace(instance, orders=instance.orders + 1)
        if instance.status not in RESTING:
            deployment = put_instance(deployment, instance)
            continue
        up = replace(
            booting(instance, "StartingVM"),
            host_name=instance.host_name,
            agent_reported=instance.agent_reported,
            changed=draft.now,
            size=machine.size,
            ip_address=instance.ip_address or address_for(draft, machine),
            public_ip=instance.public_ip or (draft.take_public_address() if machine.network.public_ips else None),
        )
        deployment = put_instance(deployment, up)
    return settled(draft, deployment)


def address_for(draft: Draft, machine: model.MachineRole) -> str:
    """The internal address of a machine: its fixed one, or one nobody has had."""
    return machine.network.static_virtual_network_ip_address or draft.take_internal_address()


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
    put_deployment(draft, service_name, settled(draft, put_instance(deployment, again)))


@effect
def machine_redeployed(draft: Draft, service_name: str, private_id: str, role_name: str) -> None:
    """The end of a move to another host: a machine that was not down boots there."""
    deployment = by_private_id(draft, service_name, private_id)
    instance = instance_of(deployment, role_name) if deployment else None
    machine = machine_of(deployment, role_name) if deployment else None
    if deployment is None or instance is None or machine is None or instance.status in RESTING:
        return
    first = instance.status != "ReadyRole" and instance.remote_access_thumbprint is None
    again = replace(booting(instance), changed=draft.now)
    begin_boot(draft, service_name, private_id, machine, again, first=first)
    put_deployment(draft, service_name, settled(draft, put_instance(deployment, again)))
