"""What a subscription may have at most, and the refusal of more."""

from __future__ import annotations

from asm_contracts.errors import ForbiddenError
from asm_contracts.evidence import assumed, quoted
from asm_emulator import model
from asm_emulator.catalogue import role_size
from asm_emulator.deployed import DEALLOCATED
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
    return sum(
        cores_of_deployment(deployment)
        for service in draft.hosted_services.values()
        for deployment in service.deployments.values()
    )


def cores_of_deployment(deployment: model.Deployment) -> int:
    """The cores of a deployment's allocated instances."""
    total = 0
    for role, size, count in (
        *((machine.name, machine.size, 1) for machine in deployment.machines),
        *((role.name, role.size, role.instance_count) for role in deployment.package_roles),
    ):
        instances = [one for one in deployment.instances if one.role_name == role]
        if instances:
            total += sum(cores(one.size) for one in instances if one.status != DEALLOCATED)
        else:
            total += cores(size) * count
    return total


def cores(size: str) -> int:
    """The cores of a role size; 0 for one that does not exist, which no role can have."""
    known = role_size(size)
    return known.cores if known else 0


def check_core_quota(draft: Draft, extra: int) -> None:
    """ForbiddenError if `extra` more cores would be over the subscription's quota; never for none."""
    if extra > 0:
        check_quota("cores count", draft.subscription.quotas.cores, cores_in_use(draft), extra)
