"""What a subscription may have at most, and the refusal of more."""

from __future__ import annotations

from typing import Final

from asm_contracts.errors import ForbiddenError
from asm_contracts.evidence import assumed, quoted, recorded
from asm_contracts.roles import NetworkConfigurationSet
from asm_emulator import model
from asm_emulator.catalogue import role_size
from asm_emulator.deployed import DEALLOCATED
from asm_emulator.derived import tally
from asm_emulator.state import Draft


@quoted("the text, of cores and hosted services; the names of other resources follow their pattern")
@assumed("status 403 and code ForbiddenError: no exchange with this refusal was seen")
def check_quota(resource: str, limit: int, count: int, increment: int = 1) -> None:
    """ForbiddenError if `increment` more than `count` of a resource would be over its limit.

    resource: as the text names it, ``hosted service count``
    """
    if count + increment > limit:
        raise ForbiddenError(
            f"The subscription policy limit for resource type '{resource}' was exceeded. "
            f"The limit for resource type '{resource}' is {limit} per subscription, "
            f"the current count is {count}, and the requested increment is {increment}."
        )


@assumed("whether deallocated machines count was never seen; they were not billed, so they do not count")
def cores_in_use(draft: Draft) -> int:
    """The cores of every allocated instance of the subscription.

    A role whose instances are yet to be made counts with all of them, so two creations at once cannot pass the quota
    that neither passes alone.
    """
    return _CORES.total(draft.subscription.hosted_services)


def cores_of_service(service: model.HostedService) -> int:
    """The cores of a service's allocated instances."""
    return sum(map(cores_of_deployment, service.deployments.values()))


_CORES: Final = tally("hosted_services", cores_of_service)


def cores_of_deployment(deployment: model.Deployment) -> int:
    """The cores of a deployment's allocated instances."""
    made: dict[str, int] = {}
    for one in deployment.instances:
        made[one.role_name] = made.get(one.role_name, 0) + (cores(one.size) if one.status != DEALLOCATED else 0)
    return sum(
        cores(size) * count if role not in made else made[role]
        for role, size, count in (
            *((machine.name, machine.size, 1) for machine in deployment.machines),
            *((role.name, role.size, role.instance_count) for role in deployment.package_roles),
        )
    )


def cores(size: str) -> int:
    """The cores of a role size; 0 for one that does not exist, which no role can have."""
    known = role_size(size)
    return known.cores if known else 0


def public_ips(network: NetworkConfigurationSet | None) -> int:
    """How many public IPs of its own a machine has, or asks for, with this configuration."""
    return len(network.public_ips or ()) if network else 0


def public_ips_in_use(draft: Draft) -> int:
    """The public IPs that the subscription's machines have of their own, or are to have: deallocated ones have none."""
    return _PUBLIC_IPS.total(draft.subscription.hosted_services)


def _public_ips_of_service(service: model.HostedService) -> int:
    total = 0
    for deployment in service.deployments.values():
        down = {one.role_name for one in deployment.instances if one.status == DEALLOCATED}
        total += sum(public_ips(one.network) for one in deployment.machines if one.name not in down)
    return total


_PUBLIC_IPS: Final = tally("hosted_services", _public_ips_of_service)


@recorded("that a subscription has a most of them, and its number")
def check_public_ip_quota(draft: Draft, extra: int) -> None:
    """ForbiddenError if `extra` more public IPs of machines would be over the subscription's quota; never for none."""
    if extra > 0:
        check_quota("public IP count", draft.subscription.quotas.public_ips, public_ips_in_use(draft), extra)


def check_core_quota(draft: Draft, extra: int) -> None:
    """ForbiddenError if `extra` more cores would be over the subscription's quota; never for none."""
    if extra > 0:
        check_quota("cores count", draft.subscription.quotas.cores, cores_in_use(draft), extra)
