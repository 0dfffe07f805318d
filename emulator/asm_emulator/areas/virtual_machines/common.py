"""What every operation on virtual machines needs: finding a role, writing it back, settling the deployment's status."""

from __future__ import annotations

from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed, recorded
from asm_contracts.frozen import replace
from asm_contracts.operation import DeploymentKey
from asm_emulator import model
from asm_emulator.deployed import DEALLOCATED, find_deployment
from asm_emulator.reserved import virtual_address
from asm_emulator.state import Draft


def find_machines(draft: Draft, service_name: str, key: DeploymentKey) -> tuple[model.HostedService, model.Deployment]:
    """A service and its deployment of virtual machines, for a change; refusals as `find_deployment` has them.

    BadRequest if the deployment was made from a package.
    """
    service, found = find_deployment(draft, service_name, key, mutation=True)
    refuse_package(found)
    return service, found


@assumed("that web, worker and machine roles do not mix is documented; the text was never seen")
def refuse_package(deployment: model.Deployment) -> None:
    """BadRequest for a deployment of web and worker roles."""
    if deployment.is_package:
        raise BadRequest(f"The deployment {deployment.name} does not contain virtual machines.")


def machine_of(deployment: model.Deployment, role_name: str) -> model.MachineRole | None:
    """The machine of this name, in any case."""
    return next((one for one in deployment.machines if one.name.lower() == role_name.lower()), None)


@recorded("Role ... was not found in the currently deployed service.")
def find_machine(deployment: model.Deployment, role_name: str) -> model.MachineRole:
    """The machine of this name; ResourceNotFound with the recorded text."""
    found = machine_of(deployment, role_name)
    if found is None:
        raise ResourceNotFound(f"Role {role_name} was not found in the currently deployed service.")
    return found


def instance_of(deployment: model.Deployment, role_name: str) -> model.RoleInstance | None:
    """The instance of a machine; a deployment that is still being made has none."""
    return next((one for one in deployment.instances if one.role_name.lower() == role_name.lower()), None)


def put_machine(deployment: model.Deployment, machine: model.MachineRole) -> model.Deployment:
    """The deployment with one machine replaced, by name."""
    return replace(
        deployment, machines=tuple(machine if one.name == machine.name else one for one in deployment.machines)
    )


def settled(draft: Draft, deployment: model.Deployment) -> model.Deployment:
    """The deployment as its instances make it: modified now, Suspended and without an address once all of them are
    deallocated, Running and with one as soon as any is not (recorded)."""
    if not deployment.instances or deployment.status not in ("Running", "Suspended"):
        return replace(deployment, modified=draft.now)
    if all(one.status == DEALLOCATED for one in deployment.instances):
        return replace(deployment, status="Suspended", vip=None, modified=draft.now)
    vip = deployment.vip or virtual_address(draft, deployment)
    return replace(deployment, status="Running", vip=vip, modified=draft.now)
