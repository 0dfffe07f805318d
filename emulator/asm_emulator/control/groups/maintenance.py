"""Planned maintenance: for which machines, and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from asm_emulator import maintenance, model
from asm_emulator.areas.virtual_machines import maintaining
from asm_emulator.control.plane import Plane, moment, refusing
from asm_emulator.control.terms import Refused
from asm_emulator.deployed import DEALLOCATED, put_deployment
from asm_emulator.state import Draft

_WEEK: Final = 7 * 24 * 3600.0
_LASTS: Final = 4 * 24 * 3600.0
"""Seconds from the beginning of a maintenance window to its end: as long as most of the recorded ones were."""


def list_maintenance(plane: Plane, subscription: str | None) -> dict[str, Any]:
    wanted = plane.perhaps(subscription)
    found = plane.emulator.engine.settled().subscriptions
    told = []
    for key in sorted(found):
        if wanted in (None, key):
            now = plane.emulator.engine.now(key)
            for service in sorted(found[key].hosted_services.values(), key=lambda one: one.name):
                told += _told(key, service, now)
    return {"maintenance": told}


def plan_maintenance(
    plane: Plane,
    service: str,
    machine: str | None,
    pre_start: float,
    pre_end: float | None,
    start: float | None,
    end: float | None,
    subscription: str | None,
) -> dict[str, Any]:
    windows = _windows(pre_start, pre_end, start, end)

    def change(draft: Draft) -> list[dict[str, Any]]:
        found, deployment = _machines(draft, service)
        names = _on_hosts(found, deployment, machine)
        put_deployment(draft, found.name, maintaining.planned(draft, found.name, deployment, names, windows))
        return [
            one
            for one in _told(draft.subscription_id, draft.hosted_services[found.name], draft.now)
            if one["machine"] in names
        ]

    wanted = plane.subscription(subscription or plane.emulator.subscription)
    with refusing(OverflowError, 400):
        return {"maintenance": plane.emulator.engine.change(wanted, change)}


def cancel_maintenance(plane: Plane, service: str, machine: str | None, subscription: str | None) -> dict[str, Any]:
    def change(draft: Draft) -> int:
        found, deployment = _machines(draft, service)
        wanted = [one for one in _named(found, deployment, machine) if one.maintenance is not None]
        if wanted:
            names = [one.role_name for one in wanted]
            put_deployment(draft, found.name, maintaining.taken_back(deployment, names))
        return len(wanted)

    wanted = plane.subscription(subscription or plane.emulator.subscription)
    return {"removed": plane.emulator.engine.change(wanted, change)}


def _windows(pre_start: float, pre_end: float | None, start: float | None, end: float | None) -> maintaining.Windows:
    """The windows, where what was not said follows from what was; Refused for any that make no sense."""
    if start is None:
        start = _WEEK if pre_end is None else pre_end
    if pre_end is None:
        pre_end = start
    if end is None:
        end = start + _LASTS
    if not pre_start < pre_end <= start < end:
        raise Refused(
            400,
            f"the windows would be from {pre_start:g} to {pre_end:g} and from {start:g} to {end:g}: "
            "each must end after it begins, and the second one must not begin before the first has ended",
        )
    return maintaining.Windows(
        pre_start=timedelta(seconds=pre_start),
        pre_end=timedelta(seconds=pre_end),
        start=timedelta(seconds=start),
        end=timedelta(seconds=end),
    )


def _machines(draft: Draft, service: str) -> tuple[model.HostedService, model.Deployment]:
    """A service and its deployment of virtual machines; Refused if there is none."""
    found = draft.hosted_services.get(service)
    if found is None:
        raise Refused(404, f"there is no hosted service {service}")
    deployment = next((one for one in found.deployments.values() if one.machines and one.instances), None)
    if deployment is None:
        raise Refused(404, f"there are no virtual machines in {found.name}")
    return found, deployment


def _named(
    service: model.HostedService, deployment: model.Deployment, machine: str | None
) -> Iterable[model.RoleInstance]:
    """The machine of this name, in any case; all of them for None.  Refused for one that is not there."""
    if machine is None:
        return deployment.instances
    found = [one for one in deployment.instances if one.role_name.lower() == machine.lower()]
    if not found:
        raise Refused(404, f"there is no virtual machine {machine} in {service.name}")
    return found


def _on_hosts(service: model.HostedService, deployment: model.Deployment, machine: str | None) -> list[str]:
    """The names of those that are on a host at all; Refused if none is."""
    found = [one.role_name for one in _named(service, deployment, machine) if one.status != DEALLOCATED]
    if not found:
        what = f"the virtual machine {machine}" if machine else f"every virtual machine in {service.name}"
        raise Refused(409, f"{what} is deallocated: no host of it can be maintained")
    return found


def _told(subscription: str, service: model.HostedService, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "subscription": subscription,
            "service": service.name,
            "deployment": deployment.name,
            "machine": one.role_name,
            "allowed": maintenance.may_start(one.maintenance, now),
            "done": one.maintenance.done,
            "pre_start": moment(one.maintenance.pre_start),
            "pre_end": moment(one.maintenance.pre_end),
            "start": moment(one.maintenance.start),
            "end": moment(one.maintenance.end),
        }
        for _, deployment in sorted(service.deployments.items())
        for one in deployment.instances
        if one.maintenance is not None
    ]
