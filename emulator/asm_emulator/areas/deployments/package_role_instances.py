"""The operations on single role instances, the copy of a package, and the list of restarts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from asm_contracts.areas.deployments import (
    DeploymentContract,
    DeploymentEventCollection,
    RebootEvent,
    RoleInstances,
)
from asm_contracts.errors import BadRequest, MissingOrInvalidRequiredQueryParameter, ResourceNotFound
from asm_contracts.evidence import assumed, client, documented
from asm_contracts.operation import Accepted, DeploymentKey
from asm_emulator import model
from asm_emulator.areas.base import Area
from asm_emulator.areas.deployments.package_instances import (
    CREATE,
    CREATE_AND_START,
    RESTART,
    Course,
    runs,
    send,
    settled,
)
from asm_emulator.areas.deployments.package_updates import next_domain
from asm_emulator.areas.deployments.packages import find_for_change, find_package, is_blob_url, lease_on
from asm_emulator.areas.virtual_machines.power import machine_restarted
from asm_emulator.cscfg import with_instances
from asm_emulator.deployed import by_private_id, find_deployment, put_deployment
from asm_emulator.engine import effect
from asm_emulator.state import Draft

REASON: Final = "UserInitiated"
MOST_EVENTS: Final = 1000
"""How many restarts of a deployment are remembered."""


@effect
def instance_handled(draft: Draft, service_name: str, private_id: str) -> None:
    """The end of an operation on a role instance, which is on its course already."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is not None:
        put_deployment(draft, service_name, replace(deployment, modified=draft.now))


@effect
def package_copied(draft: Draft, service_name: str, private_id: str) -> None:
    """The end of a copy of a package: nothing is to be seen of it, for blobs are not kept."""


@effect
def instances_deleted(draft: Draft, service_name: str, private_id: str, instances: tuple[str, ...]) -> None:
    """The end of a deletion of instances: the configuration counts fewer (documented)."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    gone = {name.lower() for name in instances}
    kept = tuple(one for one in deployment.instances if one.name.lower() not in gone)
    counts = Counter(one.role_name for one in kept)
    deployment = replace(
        deployment,
        instances=kept,
        package_roles=tuple(replace(role, instance_count=counts[role.name]) for role in deployment.package_roles),
        configuration=with_instances(deployment.configuration or b"", counts),
        upgrade_domain_count=1 + max(one.upgrade_domain for one in kept),
        modified=draft.now,
    )
    if deployment.upgrade is not None and deployment.upgrade.domain >= deployment.upgrade_domain_count:
        deployment = next_domain(deployment)
    put_deployment(draft, service_name, settled(deployment))


@assumed("the text is that of an unknown role, which is recorded")
def find_instance(deployment: model.Deployment, name: str) -> model.RoleInstance:
    """An instance of a deployment; ResourceNotFound if there is none of this name."""
    for instance in deployment.instances:
        if instance.name.lower() == name.lower():
            return instance
    raise ResourceNotFound(f"Role instance {name} was not found in the currently deployed service.")


@documented("ISO 8601 in UTC")
def moment(text: str) -> datetime:
    """A time in a query; MissingOrInvalidRequiredQueryParameter for anything else."""
    try:
        found = datetime.fromisoformat(text.strip().upper())
    except ValueError:
        raise MissingOrInvalidRequiredQueryParameter() from None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        raise MissingOrInvalidRequiredQueryParameter() from None


class PackageRoleInstances(Area, DeploymentContract):
    """Restarts, reinstalls and deletes role instances."""

    @client("also machines are rebooted with it")
    def reboot_role_instance(self, service_name: str, deployment: DeploymentKey, instance_name: str) -> Accepted:
        service, found = find_for_change(self.state, service_name, deployment)
        if found.is_package:
            return self._handle(service, found, instance_name, RESTART, None)
        return self._restart_machine(service, found, instance_name)

    def reimage_role_instance(self, service_name: str, deployment: DeploymentKey, instance_name: str) -> Accepted:
        service, found = find_package(self.state, service_name, deployment)
        return self._handle(service, found, instance_name, CREATE_AND_START, CREATE)

    def rebuild_role_instance(self, service_name: str, deployment: DeploymentKey, instance_name: str) -> Accepted:
        service, found = find_package(self.state, service_name, deployment)
        return self._handle(service, found, instance_name, CREATE_AND_START, CREATE)

    @assumed("an instance of a suspended deployment is reinstalled without being started, and a reboot leaves it be")
    def _handle(
        self,
        service: model.HostedService,
        found: model.Deployment,
        name: str,
        running: Course,
        suspended: Course | None,
    ) -> Accepted:
        answer = self._begin_handling(service, found)
        instance = find_instance(found, name)
        course = running if runs(found) else suspended
        found = self._remember_restart(found, instance)
        if course is None:
            put_deployment(self.state, service.name, found)
        else:
            send(self.state, service.name, found, (instance.name,), course)
        return answer

    @assumed("of a machine it is the same as Restart Role")
    def _restart_machine(self, service: model.HostedService, found: model.Deployment, name: str) -> Accepted:
        answer = self.begin(
            machine_restarted,
            holds=(lease_on(found),),
            service_name=service.name,
            private_id=found.private_id,
            role_name=name,
        )
        put_deployment(self.state, service.name, self._remember_restart(found, find_instance(found, name)))
        return answer

    def _begin_handling(self, service: model.HostedService, found: model.Deployment) -> Accepted:
        return self.begin(
            instance_handled, holds=(lease_on(found),), service_name=service.name, private_id=found.private_id
        )

    def _remember_restart(self, found: model.Deployment, instance: model.RoleInstance) -> model.Deployment:
        event = RebootEvent(
            role_name=instance.role_name,
            instance_name=instance.name,
            reboot_reason=REASON,
            reboot_start_time=self.now,
        )
        return replace(found, reboots=(*found.reboots, event)[-MOST_EVENTS:])

    @documented("the instance count of the configuration becomes smaller")
    @assumed("no role loses its last instance; the texts were never seen")
    def delete_role_instances(self, service_name: str, deployment: DeploymentKey, body: RoleInstances) -> Accepted:
        service, found = find_package(self.state, service_name, deployment)
        if not body.names:
            raise BadRequest("At least one role instance must be named.")
        if len({name.lower() for name in body.names}) != len(body.names):
            raise BadRequest("A role instance is named more than once.")
        answer = self.begin(
            instances_deleted,
            holds=(lease_on(found),),
            service_name=service.name,
            private_id=found.private_id,
            instances=body.names,
        )
        going = Counter(find_instance(found, name).role_name for name in body.names)
        for role in found.package_roles:
            if going[role.name] >= role.instance_count:
                raise BadRequest(
                    f"The instances cannot be deleted: the role {role.name} must keep at least one instance."
                )
        return answer

    @documented("package and configuration are copied to a container")
    @assumed(
        "blobs are not kept, so the copy succeeds and nothing is to be seen of it; it holds the deployment meanwhile"
    )
    def get_package(
        self,
        service_name: str,
        deployment: DeploymentKey,
        container_uri: str,
        overwrite_existing: bool | None = None,  # noqa: ARG002 - there is nothing to overwrite
    ) -> Accepted:
        service, found = find_package(self.state, service_name, deployment)
        if not is_blob_url(container_uri):
            raise MissingOrInvalidRequiredQueryParameter()
        return self.begin(
            package_copied, holds=(lease_on(found),), service_name=service.name, private_id=found.private_id
        )

    @documented("restarts between two times")
    @assumed("the restarts that were asked for are listed, and a span that ends before it begins is refused")
    def list_deployment_events(
        self, service_name: str, deployment: DeploymentKey, start_time: str, end_time: str
    ) -> DeploymentEventCollection:
        _, found = find_deployment(self.state, service_name, deployment)
        start, end = moment(start_time), moment(end_time)
        if end < start:
            raise BadRequest("The end time lies before the start time.")
        # Times are given in whole seconds: a restart belongs to the second it began in.
        return DeploymentEventCollection(
            reboot_events=tuple(
                event
                for event in found.reboots
                if start - timedelta(seconds=1) < event.reboot_start_time < end + timedelta(seconds=1)
            )
        )
