"""Updates of package deployments on the clock: configuration changes, upgrades and rollbacks go domain by domain.

An update is in progress from the end of the operation that began it until its last domain is through; only then are
`UpgradeStatus` and `RollbackAllowed` shown.  The documentation has it that the fabric accepts an update and then takes
further requests while it is rolled out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from asm_contracts.areas.deployments import ChangeConfiguration, UpgradeDeployment
from asm_contracts.evidence import assumed, recorded
from asm_emulator import model, names
from asm_emulator.areas.deployments.package_instances import (
    CREATE,
    CREATE_AND_START,
    UPDATE,
    resized,
    runs,
    send,
    settled,
    transitioning,
)
from asm_emulator.areas.deployments.packages import MOST_PROPERTIES, check_extensions
from asm_emulator.cscfg import package_roles, read_configuration
from asm_emulator.deployed import by_private_id, find_service, put_deployment, put_instance
from asm_emulator.engine import effect, effect_name
from asm_emulator.quotas import check_core_quota, cores
from asm_emulator.state import Draft

AUTO: Final = "Auto"
MANUAL: Final = "Manual"
SIMULTANEOUS: Final = "Simultaneous"
BEFORE: Final = "Before"
DURING: Final = "During"


# -- accepting --------------------------------------------------------------------------------------------------------


def locked(deployment: model.Deployment) -> model.Deployment:
    """The deployment while an update's operation works on it."""
    return replace(transitioning(deployment), locked=True)


@effect
def update_abandoned(draft: Draft, service_name: str, private_id: str, **_: object) -> None:
    """An operation on an update has failed: the deployment is as it was, and an automatic update goes on."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    deployment = replace(deployment, locked=False)
    if deployment.upgrade is None:
        deployment = settled(deployment)
    put_deployment(draft, service_name, deployment)
    if deployment.upgrade is not None and deployment.upgrade.kind != MANUAL:
        _schedule_domain(draft, service_name, deployment)


@effect
def update_accepted(
    draft: Draft, service_name: str, private_id: str, body: ChangeConfiguration | UpgradeDeployment, mode: str
) -> None:
    """The end of the operation that began an update: the deployment is what it shall be, its instances become it."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    roles = package_roles(read_configuration(body.configuration))
    check_extensions(find_service(draft, service_name), roles, body.extension_configuration)
    target = replace(
        deployment,
        configuration=body.configuration,
        extended_properties=names.merge_properties(
            deployment.extended_properties, body.extended_properties, MOST_PROPERTIES
        ),
        extension_configuration=body.extension_configuration or deployment.extension_configuration,
    )
    if isinstance(body, UpgradeDeployment):
        target = replace(target, label=body.label, package_url=body.package_url)
        one = body.role_to_upgrade or None
        restarted = tuple(role.name for role in roles if one is None or role.name.lower() == str(one).lower())
    else:
        restarted = changed_roles(deployment, body)
    _take_on(draft, service_name, deployment, target, roles, mode, restarted)


@assumed("instances whose settings, certificates, extensions or system do not change are left alone")
def changed_roles(deployment: model.Deployment, body: ChangeConfiguration) -> tuple[str, ...]:
    """The roles whose instances have to take notice of a new configuration: not those that only change in number."""
    old, new = read_configuration(deployment.configuration or b""), read_configuration(body.configuration)
    if body.extension_configuration not in (None, deployment.extension_configuration) or (
        old.os_family,
        old.os_version,
    ) != (new.os_family, new.os_version):
        return tuple(role.name for role in new.roles)
    return tuple(
        role.name
        for role in new.roles
        if (known := old.role(role.name)) is None
        or (known.settings, known.certificates) != (role.settings, role.certificates)
    )


def extra_cores(deployment: model.Deployment, roles: tuple[model.PackageRole, ...]) -> int:
    """How many more cores a package deployment needs for these roles than it has."""
    before = sum(cores(one.size) for one in deployment.instances)
    return sum(cores(role.size) * role.instance_count for role in roles) - before


@recorded("of a suspended deployment: transitioning without an update in progress, new instances being created")
@assumed(
    "of a running one: the domains follow each other once the fabric has accepted; a manual update waits in either"
)
def _take_on(
    draft: Draft,
    service_name: str,
    deployment: model.Deployment,
    target: model.Deployment,
    roles: tuple[model.PackageRole, ...],
    mode: str,
    restarted: tuple[str, ...],
) -> None:
    check_core_quota(draft, extra_cores(deployment, roles))
    # Roles keep the spelling they have: instances are named after it.
    spelled = {role.name.lower(): role.name for role in deployment.package_roles}
    roles = tuple(replace(role, name=spelled.get(role.name.lower(), role.name)) for role in roles)
    target, made = resized(draft, _rested(target), roles)
    target = replace(transitioning(target), locked=False, upgrade=None, modified=draft.now)
    target = send(draft, service_name, target, made, CREATE_AND_START if runs(target) else CREATE)
    if mode == MANUAL or (runs(target) and restarted):
        target = replace(
            target,
            upgrade=model.Upgrade(
                kind=mode,
                state=BEFORE if mode == MANUAL else DURING,
                domain=0,
                before=replace(deployment, upgrade=None),
                roles=tuple(spelled.get(name.lower(), name) for name in restarted),
                serial=draft.take_serial(),
            ),
        )
        if mode == MANUAL:
            put_deployment(draft, service_name, target)
        else:
            domain_begins(draft, service_name, target)
    else:
        put_deployment(draft, service_name, settled(target))


def _rested(deployment: model.Deployment) -> model.Deployment:
    """The deployment with the instances ready that an update was at: another one takes its place."""
    if deployment.upgrade is None:
        return deployment
    return _ready(deployment)


# -- domains ----------------------------------------------------------------------------------------------------------


def _in_turn(deployment: model.Deployment) -> list[model.RoleInstance]:
    """The instances that the update is at."""
    upgrade = deployment.upgrade
    assert upgrade is not None
    return [
        one
        for one in deployment.instances
        if one.role_name in upgrade.roles and (upgrade.kind == SIMULTANEOUS or one.upgrade_domain == upgrade.domain)
    ]


def _busy(draft: Draft, deployment: model.Deployment) -> model.Deployment:
    for instance in _in_turn(deployment):
        if instance.status == "ReadyRole":
            busy = replace(instance, status="BusyRole", boot=draft.take_serial(), changed=draft.now)
            deployment = put_instance(deployment, busy)
    return deployment


def _ready(deployment: model.Deployment) -> model.Deployment:
    for instance in _in_turn(deployment):
        if instance.status == "BusyRole":
            deployment = put_instance(deployment, replace(instance, status="ReadyRole"))
    return deployment


def domain_begins(draft: Draft, service_name: str, deployment: model.Deployment) -> None:
    """An automatic update is at its next domain (or at all of them): the instances restart."""
    put_deployment(draft, service_name, _busy(draft, deployment))
    _schedule_domain(draft, service_name, deployment)


def _schedule_domain(draft: Draft, service_name: str, deployment: model.Deployment) -> None:
    assert deployment.upgrade is not None
    draft.schedule(
        effect_name(domain_through),
        draft.span("package.domain"),
        service_name=service_name,
        private_id=deployment.private_id,
        serial=deployment.upgrade.serial,
        domain=deployment.upgrade.domain,
    )


@effect
def domain_through(draft: Draft, service_name: str, private_id: str, serial: int, domain: int) -> None:
    """An automatic update is through with a domain, unless it has been taken back or replaced."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None or deployment.upgrade is None:
        return
    if (deployment.upgrade.serial, deployment.upgrade.domain) != (serial, domain):
        return
    deployment = next_domain(deployment)
    put_deployment(draft, service_name, deployment)
    if deployment.upgrade is not None:
        domain_begins(draft, service_name, deployment)


def next_domain(deployment: model.Deployment) -> model.Deployment:
    """The deployment once its update is through with a domain: at the next one, or done."""
    upgrade = deployment.upgrade
    assert upgrade is not None
    deployment = _ready(deployment)
    last = upgrade.kind == SIMULTANEOUS or upgrade.domain + 1 >= deployment.upgrade_domain_count
    if last:
        return settled(replace(deployment, upgrade=None))
    state = BEFORE if upgrade.kind == MANUAL else DURING
    return replace(deployment, upgrade=replace(upgrade, state=state, domain=upgrade.domain + 1))


def walk_begins(draft: Draft, deployment: model.Deployment) -> model.Deployment:
    """A manual update is let into its next domain."""
    upgrade = deployment.upgrade
    assert upgrade is not None
    deployment = replace(locked(deployment), upgrade=replace(upgrade, state=DURING))
    return _busy(draft, deployment) if runs(deployment) else deployment


@effect
def domain_walked(draft: Draft, service_name: str, private_id: str) -> None:
    """The end of a walk: its domain is through."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    deployment = replace(deployment, locked=False, modified=draft.now)
    if deployment.upgrade is not None:
        deployment = next_domain(deployment)
    put_deployment(draft, service_name, deployment)


# -- going back -------------------------------------------------------------------------------------------------------


@effect
@assumed("an automatic rollback takes all domains that were updated back at once, and cannot be rolled back itself")
def rolled_back(draft: Draft, service_name: str, private_id: str, mode: str) -> None:
    """The end of a rollback: the deployment is what it was; its updated instances restart, by domain if `mode` is
    Manual.
    """
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None or deployment.upgrade is None:
        return
    upgrade = deployment.upgrade
    before: model.Deployment = upgrade.before
    check_extensions(find_service(draft, service_name), before.package_roles, before.extension_configuration)
    check_core_quota(draft, extra_cores(deployment, before.package_roles))
    target, made = resized(draft, _ready(deployment), before.package_roles)
    target = replace(
        transitioning(target),
        label=before.label,
        configuration=before.configuration,
        package_url=before.package_url,
        extended_properties=before.extended_properties,
        extension_configuration=before.extension_configuration,
        locked=False,
        upgrade=None,
        modified=draft.now,
    )
    target = send(draft, service_name, target, made, CREATE_AND_START if runs(target) else CREATE)
    if mode == MANUAL:
        again = replace(
            upgrade,
            kind=MANUAL,
            state=BEFORE,
            domain=0,
            before=replace(deployment, upgrade=None),
            serial=draft.take_serial(),
        )
        put_deployment(draft, service_name, replace(target, upgrade=again))
        return
    if runs(target):
        updated = tuple(
            one.name
            for one in target.instances
            if one.status == "ReadyRole"
            and one.role_name in upgrade.roles
            and (upgrade.kind == SIMULTANEOUS or one.upgrade_domain <= _last_touched(upgrade))
        )
        target = send(draft, service_name, target, updated, UPDATE)
    put_deployment(draft, service_name, settled(target))


def _last_touched(upgrade: model.Upgrade) -> int:
    return upgrade.domain if upgrade.state == DURING else upgrade.domain - 1


def frozen(draft: Draft, deployment: model.Deployment) -> model.Deployment:
    """The deployment while its update is being taken back: an automatic one goes no further."""
    assert deployment.upgrade is not None
    return replace(locked(deployment), upgrade=replace(deployment.upgrade, serial=draft.take_serial()))
