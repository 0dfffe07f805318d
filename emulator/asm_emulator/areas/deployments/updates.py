"""The operations that update a package deployment: configuration, status, upgrade, walk and rollback."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from asm_contracts.areas.deployments import (
    ChangeConfiguration,
    DeploymentContract,
    RollbackUpdateOrUpgrade,
    UpdateDeploymentStatus,
    UpgradeDeployment,
    WalkUpgradeDomain,
)
from asm_contracts.errors import BadRequest, ConflictError
from asm_contracts.evidence import assumed, documented, recorded
from asm_contracts.operation import Accepted, DeploymentKey
from asm_emulator import model, names
from asm_emulator.areas.base import Area
from asm_emulator.areas.deployments.package_instances import START, STOP, runs, send
from asm_emulator.areas.deployments.package_updates import (
    AUTO,
    BEFORE,
    MANUAL,
    SIMULTANEOUS,
    domain_walked,
    extra_cores,
    frozen,
    locked,
    rolled_back,
    update_abandoned,
    update_accepted,
    walk_begins,
)
from asm_emulator.areas.deployments.packages import (
    MOST_PROPERTIES,
    check_configuration,
    check_extensions,
    check_package_url,
    find_package,
    lease_on,
    text,
)
from asm_emulator.cscfg import package_roles, read_configuration
from asm_emulator.deployed import by_private_id, put_deployment
from asm_emulator.engine import effect
from asm_emulator.networks import find_site
from asm_emulator.quotas import check_core_quota
from asm_emulator.state import Draft

SIMULTANEOUS_SINCE: Final = "2013-03-01"
RUNNING: Final = "Running"
SUSPENDED: Final = "Suspended"


@effect
@recorded("the deployment has its status when the operation ends; its instances get there later")
def status_updated(draft: Draft, service_name: str, private_id: str, status: str) -> None:
    """The end of a change of status."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    instances = [one.name for one in deployment.instances if (one.power_state == "Stopped") == (status == RUNNING)]
    deployment = replace(deployment, status=status, modified=draft.now)
    send(draft, service_name, deployment, tuple(instances), START if status == RUNNING else STOP)


@assumed("modes are told apart without regard to case; the refusal's text was never seen")
def check_mode(mode: str | None, version: str, admitted: tuple[str, ...] = (AUTO, MANUAL, SIMULTANEOUS)) -> str:
    """The mode of an update in its own spelling, Auto where none is given; BadRequest for another word."""
    wanted = (mode or AUTO).strip().lower()
    for known in admitted:
        if known.lower() == wanted and (known != SIMULTANEOUS or version >= SIMULTANEOUS_SINCE):
            return known
    raise BadRequest("The mode of the update is invalid.")


@assumed("the rule is documented, the refusal's status and text are not")
def check_in_progress(deployment: model.Deployment) -> model.Upgrade:
    """The update that is in progress; ConflictError if none is."""
    if deployment.upgrade is None:
        raise ConflictError(f"There is no update or upgrade in progress on the deployment {deployment.name}.")
    return deployment.upgrade


class Updates(Area, DeploymentContract):
    """Changes package deployments in place."""

    @recorded("that it is accepted, and the deployment afterwards")
    def change_deployment_configuration(
        self, service_name: str, deployment: DeploymentKey, body: ChangeConfiguration
    ) -> Accepted:
        service, found = find_package(self.state, service_name, deployment)
        mode = check_mode(body.mode, self.request.version)
        roles = self._roles(service, found, body.configuration)
        self._check_roles(found, roles)
        return self._update(service, found, body, mode, roles)

    @documented("roles may be added and removed, unless one role only is upgraded")
    def upgrade_deployment(self, service_name: str, deployment: DeploymentKey, body: UpgradeDeployment) -> Accepted:
        service, found = find_package(self.state, service_name, deployment)
        mode = check_mode(body.mode, self.request.version)
        check_package_url(self.state, body.package_url)
        names.check_label(body.label)
        roles = self._roles(service, found, body.configuration)
        only = text(body.role_to_upgrade)
        if only is not None:
            self._check_roles(found, roles)
            self._check_role_to_upgrade(found, only)
        return self._update(service, found, body, mode, roles)

    def _roles(
        self, service: model.HostedService, found: model.Deployment, data: bytes
    ) -> tuple[model.PackageRole, ...]:
        """The roles of a new configuration; BadRequest for one that the deployment cannot take on."""
        configuration = read_configuration(data)
        check_configuration(service, configuration, find_site(self.state, found.virtual_network_name or ""))
        return package_roles(configuration)

    @assumed("the configuration must be of the deployment's roles; the text was never seen")
    def _check_roles(self, deployment: model.Deployment, roles: tuple[model.PackageRole, ...]) -> None:
        if {role.name.lower() for role in roles} != {role.name.lower() for role in deployment.package_roles}:
            raise BadRequest("The roles of the service configuration do not match the roles of the deployment.")

    @assumed("the text was never seen")
    def _check_role_to_upgrade(self, deployment: model.Deployment, name: str) -> None:
        if all(role.name.lower() != name.lower() for role in deployment.package_roles):
            raise BadRequest(f"The role {name} does not exist in the deployment {deployment.name}.")

    @assumed("the operation, and with it the lease, ends when the fabric has accepted: domains are walked after it")
    def _update(
        self,
        service: model.HostedService,
        found: model.Deployment,
        body: ChangeConfiguration | UpgradeDeployment,
        mode: str,
        roles: tuple[model.PackageRole, ...],
    ) -> Accepted:
        names.merge_properties(found.extended_properties, body.extended_properties, MOST_PROPERTIES)
        check_extensions(service, roles, body.extension_configuration)
        answer = self.begin(
            update_accepted,
            holds=(lease_on(found),),
            undo=update_abandoned,
            service_name=service.name,
            private_id=found.private_id,
            body=body,
            mode=mode,
        )
        check_core_quota(self.state, extra_cores(found, roles))
        put_deployment(self.state, service.name, locked(found))
        return answer

    @recorded("also that a deployment can be given the status it has")
    @assumed("Starting and Suspending while the operation runs")
    def update_deployment_status(
        self, service_name: str, deployment: DeploymentKey, body: UpdateDeploymentStatus
    ) -> Accepted:
        service, found = find_package(self.state, service_name, deployment)
        wanted = next((one for one in (RUNNING, SUSPENDED) if one.lower() == body.status.strip().lower()), None)
        if wanted is None:
            raise BadRequest("The deployment status is invalid.")
        answer = self.begin(
            status_updated,
            holds=(lease_on(found),),
            service_name=service.name,
            private_id=found.private_id,
            status=wanted,
        )
        if runs(found) != (wanted == RUNNING):
            status = "Starting" if wanted == RUNNING else "Suspending"
            put_deployment(self.state, service.name, replace(found, status=status))
        return answer

    @documented("only after a manual update, domain by domain from 0")
    @assumed("the refusals' texts; each walk is an operation of its own")
    def walk_upgrade_domain(self, service_name: str, deployment: DeploymentKey, body: WalkUpgradeDomain) -> Accepted:
        service, found = find_package(self.state, service_name, deployment)
        answer = self.begin(
            domain_walked, holds=(lease_on(found),), service_name=service.name, private_id=found.private_id
        )
        upgrade = check_in_progress(found)
        if upgrade.kind != MANUAL or upgrade.state != BEFORE:
            raise ConflictError(f"The update in progress on the deployment {found.name} is not manual.")
        if upgrade.domain != body.upgrade_domain:
            raise BadRequest(
                f"The upgrade domain {body.upgrade_domain} cannot be walked: the next one is {upgrade.domain}."
            )
        put_deployment(self.state, service.name, walk_begins(self.state, found))
        return answer

    @documented("it cancels an update that is in progress")
    @assumed("202 by name and by slot: of the clients one insists on 202, one takes any success, one wants 200 by name")
    def rollback_update_or_upgrade(
        self, service_name: str, deployment: DeploymentKey, body: RollbackUpdateOrUpgrade
    ) -> Accepted:
        service, found = find_package(self.state, service_name, deployment)
        mode = check_mode(body.mode, self.request.version, (AUTO, MANUAL))
        answer = self.begin(
            rolled_back,
            holds=(lease_on(found),),
            undo=update_abandoned,
            service_name=service.name,
            private_id=found.private_id,
            mode=mode,
        )
        check_in_progress(found)
        put_deployment(self.state, service.name, frozen(self.state, found))
        return answer
