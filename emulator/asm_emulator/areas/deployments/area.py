"""The operations on deployments, put together; reading and deleting, which both kinds share."""

from __future__ import annotations

from dataclasses import replace

from asm_contracts.areas.deployments import Deployment
from asm_contracts.errors import ResourceNotFound
from asm_contracts.operation import Accepted, DeploymentKey
from asm_emulator.areas.deployments.creation import Creation
from asm_emulator.areas.deployments.package_role_instances import PackageRoleInstances
from asm_emulator.areas.deployments.packages import find_for_change, lease_on
from asm_emulator.areas.deployments.swapping import Swapping
from asm_emulator.areas.deployments.updates import Updates
from asm_emulator.deployed import (
    by_private_id,
    deployment_document,
    discard_deployment,
    find_deployment,
    hidden,
    put_deployment,
)
from asm_emulator.engine import effect
from asm_emulator.state import Draft


@effect
def deployment_gone(draft: Draft, service_name: str, private_id: str, media: bool) -> None:
    """The end of a deletion."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is not None:
        discard_deployment(draft, service_name, deployment.slot, media=media)


class DeploymentArea(Creation, Updates, PackageRoleInstances, Swapping):
    """Creates, reads, changes and deletes deployments."""

    def get_deployment(self, service_name: str, deployment: DeploymentKey) -> Deployment:
        service, found = find_deployment(self.state, service_name, deployment)
        if hidden(found, self.request.version):
            raise ResourceNotFound("No deployments were found.")
        return deployment_document(self.state, service, found, self.request.version)

    def delete_deployment(self, service_name: str, deployment: DeploymentKey) -> Accepted:
        return self._delete(service_name, deployment, media=False)

    def delete_deployment_and_media(self, service_name: str, deployment: DeploymentKey) -> Accepted:
        return self._delete(service_name, deployment, media=True)

    def _delete(self, service_name: str, key: DeploymentKey, *, media: bool) -> Accepted:
        service, found = find_for_change(self.state, service_name, key)
        answer = self.begin(
            deployment_gone,
            holds=(lease_on(found),),
            service_name=service.name,
            private_id=found.private_id,
            media=media,
        )
        put_deployment(self.state, service.name, replace(found, status="Deleting"))
        return answer
