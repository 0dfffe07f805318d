"""Reserved IPs and the deployments that use them.

A deployment names its reserved IP; nothing else records the use, so a reserved IP is in use exactly while a deployment
names it, and becomes free with the deployment.
"""

from __future__ import annotations

from dataclasses import replace

from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed
from asm_emulator import model
from asm_emulator.places import location_of
from asm_emulator.state import Draft


@assumed("the code is recorded for other resources; the text was never seen")
def find_reserved_ip(draft: Draft, name: str) -> model.ReservedIP:
    """A reserved IP of the subscription, or ResourceNotFound."""
    found = draft.reserved_ips.get(name)
    if found is None:
        raise ResourceNotFound(f"The reserved IP {name} does not exist.")
    return found


def reserved_ip_users(draft: Draft) -> dict[str, tuple[model.HostedService, model.Deployment]]:
    """The service and deployment that use each reserved IP, by its name in lower case."""
    return {
        deployment.reserved_ip_name.lower(): (service, deployment)
        for service in draft.hosted_services.values()
        for deployment in service.deployments.values()
        if deployment.reserved_ip_name is not None
    }


def reserved_ip_user(draft: Draft, name: str) -> tuple[model.HostedService, model.Deployment] | None:
    """The service and deployment that use a reserved IP; None if it is free."""
    return reserved_ip_users(draft).get(name.lower())


@assumed("that location and exclusive use matter is documented; the texts were never seen")
def check_reserved_ip(draft: Draft, name: str, service: model.HostedService) -> model.ReservedIP:
    """The reserved IP, if a deployment of this service may have it.

    ResourceNotFound if there is none, BadRequest if it is elsewhere, ConflictError if it is in use or not (or no
    longer) at hand.
    """
    found = find_reserved_ip(draft, name)
    where = location_of(draft, service)
    if found.location != where:
        raise BadRequest(
            f"The reserved IP {found.name} is in {found.location}, but the hosted service {service.name} is in {where}."
        )
    user = reserved_ip_user(draft, name)
    if user is not None:
        raise ConflictError(
            f"The reserved IP {found.name} is already in use by the deployment {user[1].name} "
            f"of the hosted service {user[0].name}."
        )
    if found.state != "Created":
        raise ConflictError(f"The reserved IP {found.name} cannot be used while its state is {found.state}.")
    return found


def bind_reserved_ip(
    draft: Draft, name: str, service: model.HostedService, deployment: model.Deployment, *, at_creation: bool = False
) -> model.Deployment:
    """The deployment with a reserved IP as its virtual IP; raises as `check_reserved_ip` does.

    at_creation: the virtual IP also takes the reserved IP's name, which a later association leaves as it is (recorded).
    A deployment without a virtual IP (nothing of it is allocated) gets the address when it has one again: see
    `virtual_address`.
    """
    found = check_reserved_ip(draft, name, service)
    return replace(
        deployment,
        reserved_ip_name=found.name,
        vip=found.address if at_creation or deployment.vip is not None else None,
        vip_name=found.name if at_creation else deployment.vip_name,
    )


def free_reserved_ip(draft: Draft, deployment: model.Deployment) -> model.Deployment:
    """The deployment without its reserved IP, and with another address in its place (recorded)."""
    return replace(
        deployment,
        reserved_ip_name=None,
        vip=draft.take_public_address() if deployment.vip is not None else None,
    )


def virtual_address(draft: Draft, deployment: model.Deployment) -> str:
    """The address for a deployment that comes to have a virtual IP: its reserved one, or one nobody has had."""
    if deployment.reserved_ip_name is not None and deployment.reserved_ip_name in draft.reserved_ips:
        return draft.reserved_ips[deployment.reserved_ip_name].address
    return draft.take_public_address()
