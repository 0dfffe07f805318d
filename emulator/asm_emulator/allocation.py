"""Finding hardware for machines: a deployment is on one cluster, and grows and changes within it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from asm_contracts.errors import BadRequest
from asm_contracts.evidence import assumed, quoted
from asm_emulator import model
from asm_emulator.catalogue.clusters import Cluster, cluster, cluster_for
from asm_emulator.deployed import DEALLOCATED
from asm_emulator.places import location_of, region
from asm_emulator.state import Draft


@quoted(
    "code and text, of operations of 2015 (azure-xplat-cli issue 1640, PerfKitBenchmarker issue 213); not its status"
)
def overconstrained() -> BadRequest:
    """What an operation fails with when no hardware, or not that of the deployment, hosts the sizes it needs."""
    return BadRequest(
        "The VM size (or combination of VM sizes) required by this deployment cannot be provisioned due to deployment "
        "request constraints. If possible, try relaxing constraints such as virtual network bindings, deploying to a "
        "hosted service with no other deployment in it and to a different affinity group or with no affinity group, or "
        "try deploying to a different region.",
        code="Compute.OverconstrainedAllocationRequest",
    )


@assumed("that a service stays on its hardware is documented; which hosts what is recorded in part only")
def allocated(draft: Draft, service_name: str, deployment: model.Deployment, sizes: Iterable[str]) -> model.Deployment:
    """The deployment on hardware that hosts machines of these sizes; BadRequest, for an operation, if it cannot be.

    While anything of it is allocated it stays where it is, and has only what is there.
    """
    place = region(draft, location_of(draft, draft.hosted_services[service_name]))
    wanted = set(sizes)
    if place is None:
        return deployment
    there = [one.size for one in deployment.instances if one.status != DEALLOCATED]
    found: Cluster | None
    if there:
        found = cluster(deployment.cluster) if deployment.cluster else cluster_for(place, there)
        if found is None:
            return deployment  # an estate that was put there as it is: nobody knows what it is on
        if not wanted <= set(found.sizes(place.virtual_machines_role_sizes)):
            raise overconstrained()
    else:
        found = cluster_for(place, wanted)
        if found is None:
            raise overconstrained()
    return replace(deployment, cluster=found.name)
