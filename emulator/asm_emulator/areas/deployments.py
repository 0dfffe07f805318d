"""Deployments of either kind: reading and deleting them."""

from __future__ import annotations

from dataclasses import replace

from asm_contracts.areas.deployments import Deployment, DeploymentContract
from asm_contracts.errors import ResourceNotFound
from asm_contracts.operation import Accepted, DeploymentKey
from asm_emulator import model
from asm_emulator.areas.base import Area
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


class DeploymentArea(Area, DeploymentContract):
    """Reads and deletes deployments."""

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
        service, found = find_deployment(self.state, service_name, key, mutation=True)
        answer = self.begin(
            deployment_gone,
            holds=(lease_on(found),),
            service_name=service.name,
            private_id=found.private_id,
            media=media,
        )
        put_deployment(self.state, service.name, replace(found, status="Deleting"))
        return answer


def lease_on(deployment: model.Deployment) -> tuple[str, str]:
    """The lease that an operation on a deployment takes."""
    return ("deployment", deployment.private_id)
