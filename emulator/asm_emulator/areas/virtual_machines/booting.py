"""The life of an instance on the clock: booting, becoming ready, reporting, settling.

Every start gives an instance another `boot` number, which its pending steps carry: a step of an earlier start finds
another number and does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from asm_contracts.evidence import recorded
from asm_contracts.frozen import replace
from asm_emulator import model
from asm_emulator.areas.virtual_machines.common import instance_of, machine_of, settled
from asm_emulator.deployed import by_private_id, put_deployment, put_instance
from asm_emulator.engine import Effect, effect, effect_name
from asm_emulator.state import Draft

PREPARING: Final = "Windows is preparing your computer for first use..."


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
        unsettled=False,
        boot=instance.boot + 1,
    )


def begin_boot(
    draft: Draft,
    service_name: str,
    private_id: str,
    machine: model.MachineRole,
    instance: model.RoleInstance,
) -> None:
    """Schedule how a start goes on: the first one of a Windows machine that is to be set up takes longer (recorded)."""
    windows = machine.os == "Windows"
    if windows and not instance.set_up and machine.provisioned:
        later(draft, machine_provisions, "vm.boot.windows", service_name, private_id, instance)
    elif not instance.set_up:
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
        return replace(instance, state_details=PREPARING) if instance.status == "Provisioning" else instance

    change_instance(draft, service_name, private_id, role_name, boot, change)


@effect
def machine_ready(draft: Draft, service_name: str, private_id: str, role_name: str, boot: int) -> None:
    """A machine has booted.  One that was changed meanwhile is in an unknown state first (recorded)."""

    def change(instance: model.RoleInstance, machine: model.MachineRole) -> model.RoleInstance:
        if instance.unsettled and instance.power_state == "Starting":
            unknown = replace(instance, status="RoleStateUnknown", power_state="Started", unsettled=False)
            settle_later(draft, service_name, private_id, unknown, "ReadyRole")
            return unknown
        report_later(draft, service_name, private_id, machine, instance)
        return ready(draft, private_id, machine, instance)

    change_instance(draft, service_name, private_id, role_name, boot, change)


@recorded("Linux machines show 32 small digits (their SSH key's MD5), Windows machines 40 large ones (SHA-1)")
def ready(
    draft: Draft, private_id: str, machine: model.MachineRole, instance: model.RoleInstance
) -> model.RoleInstance:
    """An instance that runs: it has its name, and shows what its remote access is recognised by."""
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
        set_up=True,
        unsettled=False,
    )


@recorded("the guest agent reports some minutes after the machine is ready")
def report_later(
    draft: Draft, service_name: str, private_id: str, machine: model.MachineRole, instance: model.RoleInstance
) -> None:
    """Have the guest agent of a machine report, if it has not done so since the machine started."""
    if machine.provision_guest_agent and instance.agent_reported is None:
        what = "vm.agent.windows" if machine.os == "Windows" else "vm.agent.linux"
        later(draft, agent_reports, what, service_name, private_id, instance)


@effect
def agent_reports(draft: Draft, service_name: str, private_id: str, role_name: str, boot: int) -> None:
    """The guest agent of a running machine reports."""

    def change(instance: model.RoleInstance, _machine: model.MachineRole) -> model.RoleInstance | None:
        return replace(instance, agent_reported=draft.now) if instance.power_state == "Started" else None

    change_instance(draft, service_name, private_id, role_name, boot, change)


# -- flickering -----------------------------------------------------------------------------------------------------


@recorded("after a change, a running machine is RoleStateUnknown/Started for a while, the others of its deployment too")
def flicker(
    draft: Draft, service_name: str, deployment: model.Deployment, role_names: Iterable[str]
) -> model.Deployment:
    """The deployment with these machines, so far as they are running, in an unknown state that will settle."""
    wanted = {name.lower() for name in role_names}
    for instance in deployment.instances:
        if instance.role_name.lower() in wanted and instance.status in ("ReadyRole", "Provisioning"):
            unknown = replace(instance, status="RoleStateUnknown", changed=draft.now)
            deployment = put_instance(deployment, unknown)
            settle_later(draft, service_name, deployment.private_id, unknown, instance.status)
    return deployment


@recorded("a machine that was changed itself also loses its thumbprint for that time, or first boots to the end")
def unsettle(
    draft: Draft, service_name: str, deployment: model.Deployment, role_names: Iterable[str]
) -> model.Deployment:
    """The deployment with these machines as they are after a change of their own configuration."""
    for name in role_names:
        instance = instance_of(deployment, name)
        if instance is None:
            continue
        if instance.power_state == "Starting":
            deployment = put_instance(deployment, replace(instance, unsettled=True))
        elif instance.power_state == "Started":
            deployment = flicker(draft, service_name, deployment, (name,))
            instance = instance_of(deployment, name)
            assert instance is not None
            deployment = put_instance(deployment, replace(instance, remote_access_thumbprint=None, state_details=""))
    return deployment


def settle_later(draft: Draft, service_name: str, private_id: str, instance: model.RoleInstance, status: str) -> None:
    """Have the state of an instance be known again some time later."""
    draft.schedule(
        effect_name(machine_settles),
        draft.span("vm.settle"),
        service_name=service_name,
        private_id=private_id,
        role_name=instance.role_name,
        boot=instance.boot,
        status=status,
    )


@effect
def machine_settles(draft: Draft, service_name: str, private_id: str, role_name: str, boot: int, status: str) -> None:
    """What was unknown of a running machine is known again."""

    def change(instance: model.RoleInstance, machine: model.MachineRole) -> model.RoleInstance | None:
        if (instance.status, instance.power_state) != ("RoleStateUnknown", "Started"):
            return None
        if status != "ReadyRole":
            return replace(instance, status=status)
        report_later(draft, service_name, private_id, machine, instance)
        return ready(draft, private_id, machine, instance)

    change_instance(draft, service_name, private_id, role_name, boot, change)
