"""Making images of machines."""

from __future__ import annotations

from dataclasses import replace

from asm_contracts import roles as wire
from asm_contracts.areas.virtual_machines import CaptureRoleOperation
from asm_contracts.errors import BadRequest, ConflictError
from asm_contracts.evidence import assumed, documented
from asm_emulator import model, names
from asm_emulator.areas.virtual_machines import validation
from asm_emulator.areas.virtual_machines.booting import begin_boot, booting
from asm_emulator.areas.virtual_machines.changing import without_machine
from asm_emulator.areas.virtual_machines.common import instance_of, machine_of, put_machine, settled
from asm_emulator.areas.virtual_machines.power import RESTING, starting
from asm_emulator.capture import image_from_machine, os_image_from_machine
from asm_emulator.deployed import (
    DEALLOCATED,
    by_private_id,
    discard_deployment,
    put_deployment,
    put_instance,
    release_disks,
)
from asm_emulator.engine import effect
from asm_emulator.quotas import check_core_quota, cores
from asm_emulator.state import Draft


@documented("a machine must be shut down before it is captured")
@assumed("neither the code nor the text of a refusal was seen")
def check_down(deployment: model.Deployment, machine: model.MachineRole) -> None:
    """ConflictError for a machine that is not shut down."""
    instance = instance_of(deployment, machine.name)
    if instance is None or instance.status not in RESTING:
        raise ConflictError(f"The role {machine.name} must be shut down before it can be captured.")


@assumed("the two words are documented; the texts were never seen")
def check_capture(
    draft: Draft,
    service: model.HostedService,
    deployment: model.Deployment,
    machine: model.MachineRole,
    body: CaptureRoleOperation,
) -> bool:
    """Whether the machine is to be set up anew; BadRequest for a wrong request."""
    action = body.post_capture_action.strip().lower()
    if action not in ("delete", "reprovision"):
        raise BadRequest(f"The action {body.post_capture_action} after a capture is not Delete or Reprovision.")
    if not body.target_image_label:
        raise BadRequest("The label of the image must be specified.")
    names.check_label(body.target_image_label)
    if action == "delete":
        return False
    provisioning = body.provisioning_configuration
    if not isinstance(provisioning, wire.WindowsProvisioningConfigurationSet | wire.LinuxProvisioningConfigurationSet):
        raise BadRequest("A provisioning configuration is needed to reprovision a role.")
    if isinstance(provisioning, wire.WindowsProvisioningConfigurationSet) != (machine.os == "Windows"):
        raise BadRequest("The provisioning configuration is not for the operating system of the role.")
    validation.check_provisioning(service, machine.name, provisioning)
    instance = instance_of(deployment, machine.name)
    if instance is not None and instance.status == DEALLOCATED:
        check_core_quota(draft, cores(machine.size))
    return True


@effect
def machine_captured(
    draft: Draft,
    service_name: str,
    private_id: str,
    role_name: str,
    name: str,
    label: str,
    computer_name: str | None,
) -> None:
    """The end of a capture: the image is there, and the machine gone or (with a computer name) set up anew."""
    deployment = by_private_id(draft, service_name, private_id)
    machine = machine_of(deployment, role_name) if deployment else None
    if deployment is None or machine is None:
        return
    os_image_from_machine(draft, machine, name=name, label=label)
    if computer_name is None:
        remove(draft, service_name, deployment, machine)
        return
    renewed = replace(machine, computer_name=computer_name, provisioned=True)
    instance = instance_of(deployment, role_name)
    if instance is not None and instance.status == DEALLOCATED:
        check_core_quota(draft, cores(machine.size))
    deployment = starting(draft, service_name, put_machine(deployment, renewed), (machine.name,))
    instance = instance_of(deployment, role_name)
    assert instance is not None
    again = replace(booting(instance), remote_access_thumbprint=None, set_up=False, changed=draft.now)
    begin_boot(draft, service_name, private_id, renewed, again)
    put_deployment(draft, service_name, settled(draft, put_instance(deployment, again)))


@assumed("that the only machine takes its deployment with it; its state after such a capture was not recorded")
def remove(draft: Draft, service_name: str, deployment: model.Deployment, machine: model.MachineRole) -> None:
    """Take a captured machine away; its disks stay, for the image is a copy."""
    if len(deployment.machines) == 1:
        discard_deployment(draft, service_name, deployment.slot, media=False)
        return
    release_disks(draft, machine, media=False)
    put_deployment(draft, service_name, without_machine(draft, deployment, machine))


@effect
def machine_imaged(
    draft: Draft,
    service_name: str,
    private_id: str,
    role_name: str,
    name: str,
    label: str,
    os_state: str,
    metadata: dict[str, str | None],
) -> None:
    """The end of a capture as VM image: a specialised machine goes on as it was, a generalised one is gone."""
    deployment = by_private_id(draft, service_name, private_id)
    machine = machine_of(deployment, role_name) if deployment else None
    instance = instance_of(deployment, role_name) if deployment else None
    if deployment is None or machine is None or instance is None:
        return
    image_from_machine(
        draft,
        machine,
        name=name,
        label=label,
        os_state=os_state,
        service_name=service_name,
        deployment_name=deployment.name,
        role_state=instance.status,
        **metadata,
    )
    if os_state == "Generalized":
        remove(draft, service_name, deployment, machine)
