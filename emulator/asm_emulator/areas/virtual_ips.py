"""Further virtual IPs of deployments."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from asm_contracts.areas.virtual_ips import VirtualIPContract
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, documented
from asm_contracts.operation import Accepted, DeploymentName
from asm_emulator import model
from asm_emulator.areas.base import Area
from asm_emulator.deployed import by_private_id, find_deployment, put_deployment
from asm_emulator.engine import effect
from asm_emulator.state import Draft
from asm_emulator.virtual_ips import named_virtual_ips, vip_name

MOST: Final = 5
"""Virtual IPs of a deployment, the first one included (documented)."""
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9])?\Z")


@effect
def virtual_ip_added(draft: Draft, service_name: str, private_id: str, name: str) -> None:
    """The end of adding; the operation fails if the deployment has gone meanwhile."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        raise ResourceNotFound("No deployments were found.")
    more = (*deployment.virtual_ips, model.VirtualIP(name=name))
    put_deployment(draft, service_name, replace(deployment, virtual_ips=more, modified=draft.now))


@effect
def virtual_ip_removed(draft: Draft, service_name: str, private_id: str, name: str) -> None:
    """The end of taking away."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is not None:
        kept = tuple(one for one in deployment.virtual_ips if one.name.lower() != name.lower())
        put_deployment(draft, service_name, replace(deployment, virtual_ips=kept, modified=draft.now))


class VirtualIPArea(Area, VirtualIPContract):
    """Adds virtual IPs and takes them away."""

    @documented("five virtual IPs are the most, and that a new one has no address before an endpoint uses it")
    @assumed("the refusals' texts, and which names are refused, were never seen")
    def add_virtual_ip(self, service_name: str, deployment_name: str, virtual_ip_name: str) -> Accepted:
        service, found = find_deployment(self.state, service_name, DeploymentName(deployment_name), mutation=True)
        if not _NAME.match(virtual_ip_name):
            raise BadRequest(f"The virtual IP name {virtual_ip_name[:100]} is invalid.")
        if virtual_ip_name.lower() in {vip_name(found).lower(), *(one.name.lower() for one in found.virtual_ips)}:
            raise ConflictError(f"The deployment {found.name} already has a virtual IP named {virtual_ip_name}.")
        if 1 + len(found.virtual_ips) >= MOST:
            raise BadRequest(f"A deployment can have at most {MOST} virtual IPs.")
        return self.begin(
            virtual_ip_added,
            holds=(("deployment", found.private_id),),
            service_name=service.name,
            private_id=found.private_id,
            name=virtual_ip_name,
        )

    @assumed("the refusals' texts were never seen; that the first virtual IP stays follows from its having no name")
    def remove_virtual_ip(self, service_name: str, deployment_name: str, virtual_ip_name: str) -> Accepted:
        service, found = find_deployment(self.state, service_name, DeploymentName(deployment_name), mutation=True)
        known = next((one for one in found.virtual_ips if one.name.lower() == virtual_ip_name.lower()), None)
        if known is None:
            raise ResourceNotFound(f"The deployment {found.name} has no virtual IP named {virtual_ip_name}.")
        if known.name.lower() in named_virtual_ips(found.machines):
            raise BadRequest(f"The virtual IP {known.name} cannot be deleted: endpoints use it.")
        return self.begin(
            virtual_ip_removed,
            holds=(("deployment", found.private_id),),
            service_name=service.name,
            private_id=found.private_id,
            name=known.name,
        )
