"""The instances of web and worker roles: how many there are, and what they go through on the clock."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from asm_contracts.evidence import assumed, documented, recorded
from asm_emulator import model
from asm_emulator.deployed import by_private_id, put_deployment, put_instance
from asm_emulator.engine import effect, effect_name
from asm_emulator.networks import instance_address
from asm_emulator.state import Draft

UPGRADE_DOMAINS: Final = 5
"""Unless the package says otherwise (documented); a configuration cannot."""
FAULT_DOMAINS: Final = 2
"""Recorded: they alternate."""
STAGGER: Final = 3.0
"""Seconds by which each instance comes after the one before (recorded: instances do not change all at once)."""
TRANSITIONING: Final = "Transitioning"

Leg = tuple[str | None, str, str]
"""How long after the leg before (a name of `pace.SECONDS`; None: at once), status, power state."""
Course = tuple[Leg, ...]

CREATE: Final[Course] = ((None, "CreatingVM", "Stopped"), ("package.create", "StoppedVM", "Stopped"))
START: Final[Course] = (
    (None, "StartingVM", "Starting"),
    ("package.boot", "BusyRole", "Started"),
    ("package.busy", "ReadyRole", "Started"),
)
CREATE_AND_START: Final[Course] = (
    (None, "CreatingVM", "Starting"),
    ("package.create", "StartingVM", "Starting"),
    *START[1:],
)
RESTART: Final[Course] = (
    (None, "RoleStateUnknown", "Starting"),
    ("package.restart", "BusyRole", "Started"),
    ("package.busy", "ReadyRole", "Started"),
)
UPDATE: Final[Course] = ((None, "BusyRole", "Started"), ("package.domain", "ReadyRole", "Started"))
STOP: Final[Course] = ((None, "StoppedVM", "Stopped"),)


# -- what a deployment is doing ---------------------------------------------------------------------------------------


def runs(deployment: model.Deployment) -> bool:
    """Whether a package deployment is meant to run."""
    return deployment.status in ("Running", "RunningTransitioning", "Suspending")


def resting_status(deployment: model.Deployment) -> str:
    """The status of a package deployment once nothing moves any more."""
    return "Running" if runs(deployment) else "Suspended"


def transitioning(deployment: model.Deployment) -> model.Deployment:
    """The deployment while a change is on its way to its instances."""
    return replace(deployment, status=resting_status(deployment) + TRANSITIONING)


def settled(deployment: model.Deployment) -> model.Deployment:
    """The deployment with its resting status, once no update is in progress and every instance has come to rest."""
    if not deployment.status.endswith(TRANSITIONING) or deployment.upgrade is not None or deployment.locked:
        return deployment
    rest = "ReadyRole" if runs(deployment) else "StoppedVM"
    if any(instance.status != rest for instance in deployment.instances):
        return deployment
    return replace(deployment, status=resting_status(deployment))


# -- moving -----------------------------------------------------------------------------------------------------------


def send(
    draft: Draft, service_name: str, deployment: model.Deployment, names: tuple[str, ...], course: Course
) -> model.Deployment:
    """Start instances on a course, one shortly after the other, and write the deployment.

    What was pending for them is forgotten.
    """
    for place, name in enumerate(names):
        instance = next(one for one in deployment.instances if one.name == name)
        (_, status, power_state), *legs = course
        instance = replace(
            instance, status=status, power_state=power_state, boot=draft.take_serial(), changed=draft.now
        )
        deployment = put_instance(deployment, instance)
        after = draft.span("package.stagger", STAGGER * place)
        for what, later_status, later_power in legs:
            after += draft.span(what or "")
            draft.schedule(
                effect_name(instance_moves),
                after,
                service_name=service_name,
                private_id=deployment.private_id,
                instance_name=name,
                boot=instance.boot,
                status=later_status,
                power_state=later_power,
            )
    put_deployment(draft, service_name, deployment)
    return deployment


@effect
def instance_moves(
    draft: Draft, service_name: str, private_id: str, instance_name: str, boot: int, status: str, power_state: str
) -> None:
    """An instance reaches the next leg of its course, unless it has been sent elsewhere meanwhile."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    instance = next((one for one in deployment.instances if one.name == instance_name), None)
    if instance is None or instance.boot != boot:
        return
    instance = replace(instance, status=status, power_state=power_state, changed=draft.now)
    put_deployment(draft, service_name, settled(put_instance(deployment, instance)))


# -- counting ---------------------------------------------------------------------------------------------------------


@recorded("names, fault domains and upgrade domains, of one, two and four instances")
@documented("five upgrade domains unless the package asks for others")
@assumed("the highest instances go first; new ones take the lowest free numbers")
def resized(
    draft: Draft, deployment: model.Deployment, roles: tuple[model.PackageRole, ...]
) -> tuple[model.Deployment, tuple[str, ...]]:
    """The deployment with these roles and as many instances of each as it says, and the names of the new ones.

    New instances have no state yet: `send` them.
    """
    instances: list[model.RoleInstance] = []
    made: list[str] = []
    for role in roles:
        own = [one for one in deployment.instances if one.role_name == role.name]
        numbers = sorted(_number(one) for one in own)[: role.instance_count]
        free = (number for number in range(role.instance_count) if number not in numbers)
        while len(numbers) < role.instance_count:
            numbers.append(next(free))
        known = {_number(one): one for one in own}
        for number in sorted(numbers):
            instance = known.get(number)
            if instance is None:
                placed = replace(deployment, instances=(*deployment.instances, *instances))
                instance = _instance(draft, placed, role, number)
                made.append(instance.name)
            instances.append(instance)
    domains = 1 + max((one.upgrade_domain for one in instances), default=0)
    resized_deployment = replace(
        deployment, package_roles=roles, instances=tuple(instances), upgrade_domain_count=domains
    )
    return resized_deployment, tuple(made)


def _number(instance: model.RoleInstance) -> int:
    return int(instance.name.rpartition("_IN_")[2])


def _instance(draft: Draft, deployment: model.Deployment, role: model.PackageRole, number: int) -> model.RoleInstance:
    return model.RoleInstance(
        role_name=role.name,
        name=f"{role.name}_IN_{number}",
        status="CreatingVM",
        power_state="Stopped",
        size=role.size,
        upgrade_domain=number % UPGRADE_DOMAINS,
        fault_domain=number % FAULT_DOMAINS,
        ip_address=instance_address(draft, deployment, role.subnets),
    )
