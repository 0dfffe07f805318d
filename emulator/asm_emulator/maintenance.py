"""Planned maintenance as the service tells of it: of each machine, and of its deployment as a whole.

What is planned is on the instances (`model.Maintenance`); what it comes to is in the area of virtual machines.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from asm_contracts.areas.deployments import PersistentVMDowntime
from asm_contracts.evidence import assumed, recorded
from asm_contracts.frozen import replace
from asm_contracts.roles import MaintenanceStatus
from asm_emulator import model
from asm_emulator.state import Draft, State, Step, altered

OWNER: Final = "owner"
PLATFORM: Final = "platform"
COMES: Final = "maintaining.maintenance_comes"
"""The effect with which the platform does what the owner has not done."""

_COMPLETED: Final = "User initiated maintenance on the Virtual Machine was successfully completed. "
"""As recorded, with the blank at its end."""


def may_start(plan: model.Maintenance, now: datetime) -> bool:
    """Whether the machine's owner may have it done now."""
    return plan.done is None and not plan.under_way and plan.pre_start <= now < plan.pre_end


@recorded("allowed, code and sentence, for a machine whose owner had had it done; none of them for other machines")
@assumed("before that it has the windows that the client reads, and of what the platform did itself it says nothing")
def maintenance_document(draft: Draft, instance: model.RoleInstance) -> MaintenanceStatus | None:
    """What an instance shows of the maintenance of its host; None where there is nothing to show."""
    plan = instance.maintenance
    if plan is None or plan.done == PLATFORM:
        return None
    if plan.done == OWNER:
        return MaintenanceStatus(
            is_customer_initiated_maintenance_allowed=False,
            last_operation_result_code="MaintenanceCompleted",
            last_operation_result_string=_COMPLETED,
        )
    return MaintenanceStatus(
        is_customer_initiated_maintenance_allowed=may_start(plan, draft.now),
        pre_maintenance_window_start_time=plan.pre_start,
        pre_maintenance_window_end_time=plan.pre_end,
        maintenance_window_start_time=plan.start,
        maintenance_window_end_time=plan.end,
    )


@recorded("a window with both words; scheduled also inside it, beside a machine whose owner had had it done")
@assumed("it is completed from the window's end on; what was recorded as scheduled then was of hosts unknown to us")
def downtime_document(draft: Draft, deployment: model.Deployment) -> PersistentVMDowntime | None:
    """What a deployment shows of the maintenance of its machines' hosts: the whole time in which they may be down."""
    plans = [one.maintenance for one in deployment.instances if one.maintenance is not None]
    if not plans:
        return None
    end = max(plan.end for plan in plans)
    over = draft.now >= end and all(plan.done for plan in plans)
    return PersistentVMDowntime(
        start_time=min(plan.start for plan in plans),
        end_time=end,
        status="PersistentVMUpdateCompleted" if over else "PersistentVMUpdateScheduled",
    )


# -- going back -------------------------------------------------------------------------------------------------------


def postponed(state: State, steps: Iterable[Step], by: timedelta) -> State:
    """The state with the windows of everything that these pending steps will do so much later, as the steps are."""
    if not by:
        return state
    subscriptions = state.subscriptions
    for step in steps:
        owner = subscriptions.get(step.subscription_id) if step.effect == COMES else None
        if owner is not None:
            subscriptions = subscriptions.insert(step.subscription_id, _postponed(owner, dict(step.arguments), by))
    return state if subscriptions is state.subscriptions else altered(state, {"subscriptions": subscriptions})


def _postponed(owner: model.Subscription, arguments: dict[str, object], by: timedelta) -> model.Subscription:
    key = str(arguments["service_name"]).lower()
    service = owner.hosted_services.get(key)
    if service is None:
        return owner
    for deployment in service.deployments.values():
        instances = tuple(_later(one, arguments["plan"], by) for one in deployment.instances)
        if instances != deployment.instances:
            changed = replace(deployment, instances=instances)
            service = replace(service, deployments=service.deployments.insert(deployment.slot, changed))
    return altered(owner, {"hosted_services": owner.hosted_services.insert(key, service)})


def _later(instance: model.RoleInstance, serial: object, by: timedelta) -> model.RoleInstance:
    plan = instance.maintenance
    if plan is None or plan.serial != serial:
        return instance
    return replace(
        instance,
        maintenance=replace(
            plan, pre_start=plan.pre_start + by, pre_end=plan.pre_end + by, start=plan.start + by, end=plan.end + by
        ),
    )
