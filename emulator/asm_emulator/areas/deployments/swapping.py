"""The exchange of the deployments in production and staging."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from asm_contracts.areas.deployments import DeploymentContract, Swap
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, documented
from asm_contracts.operation import Accepted
from asm_emulator import model
from asm_emulator.areas.base import Area
from asm_emulator.areas.deployments.packages import lease_on, text
from asm_emulator.deployed import PRODUCTION, check_not_deleting, find_service, put_deployment
from asm_emulator.engine import effect
from asm_emulator.state import Draft

STAGING: Final = "Staging"


@effect
@documented("names and instances keep; the slots, and with two deployments their virtual IPs, are exchanged")
@assumed("a deployment that moves to an empty slot takes its virtual IP along")
def deployments_swapped(draft: Draft, service_name: str, private_ids: tuple[str, ...]) -> None:
    """The end of a swap; it fails if somebody has taken the empty slot meanwhile."""
    service = draft.hosted_services.get(service_name)
    by_slot = {} if service is None else dict(service.deployments.items())
    moving = [one for one in by_slot.values() if one.private_id in private_ids]
    if service is None or len(moving) != len(private_ids):
        raise ResourceNotFound("No deployments were found.")
    if len(moving) == 2:
        first, second = moving
        _put_in(draft, service_name, first, second)
        _put_in(draft, service_name, second, first)
        return
    slot = STAGING if moving[0].slot == PRODUCTION else PRODUCTION
    if slot in by_slot:
        raise ConflictError(f"The specified deployment slot {slot} is occupied.")
    draft.hosted_services[service_name] = replace(service, deployments=service.deployments.remove(moving[0].slot))
    put_deployment(draft, service_name, replace(moving[0], slot=slot, modified=draft.now))


def _put_in(draft: Draft, service_name: str, deployment: model.Deployment, place: model.Deployment) -> None:
    """A deployment in another's place: its slot and its virtual IP, with what is reserved of it."""
    moved = replace(
        deployment,
        slot=place.slot,
        vip=place.vip,
        vip_name=place.vip_name,
        reserved_ip_name=place.reserved_ip_name,
        modified=draft.now,
    )
    put_deployment(draft, service_name, moved)


class Swapping(Area, DeploymentContract):
    """Swaps deployments."""

    @documented("the names must be those of the deployments in production and in staging")
    @assumed(
        "the texts; that an update in progress forbids it; that a lone deployment in production can move to staging"
    )
    def swap_deployment(self, service_name: str, body: Swap) -> Accepted:
        service = find_service(self.state, service_name)
        check_not_deleting(service)
        production, staging = service.deployments.get(PRODUCTION), service.deployments.get(STAGING)
        if production is None and staging is None:
            raise ResourceNotFound("No deployments were found.")
        moving = self._check_names(body, production, staging)
        answer = self.begin(
            deployments_swapped,
            holds=tuple(lease_on(one) for one in moving),
            service_name=service.name,
            private_ids=tuple(one.private_id for one in moving),
        )
        for one in moving:
            if not one.is_package:
                raise BadRequest("The operation is not supported on a deployment that contains virtual machines.")
            if one.upgrade is not None:
                raise ConflictError(f"There is an update or upgrade in progress on the deployment {one.name}.")
        return answer

    def _check_names(
        self, body: Swap, production: model.Deployment | None, staging: model.Deployment | None
    ) -> tuple[model.Deployment, ...]:
        """The deployments that a request moves; ConflictError where its names are not those that are there."""
        named, source = text(body.production), body.source_deployment
        if staging is None and production is not None and named is None:
            staging, production = production, None  # the only one there is, on its way to staging
        if staging is None or staging.name.lower() != source.lower():
            raise ConflictError(f"The deployment {source} is not the one in the staging slot.")
        if (named or "").lower() != (production.name.lower() if production else ""):
            raise ConflictError(f"The deployment {named or ''} is not the one in the production slot.")
        return (production, staging) if production else (staging,)
