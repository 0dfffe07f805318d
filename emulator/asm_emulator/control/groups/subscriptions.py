"""Subscriptions: a fresh one for every test, and what is enrolled with it."""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any, Final

from asm_emulator import model
from asm_emulator.control.plane import Plane, certificate, moment, refusing
from asm_emulator.control.terms import Refused
from asm_emulator.quotas import cores_of_service

_QUOTAS: Final = {one.name for one in dataclasses.fields(model.Quotas)}


def list_subscriptions(plane: Plane) -> dict[str, Any]:
    found = plane.emulator.engine.settled().subscriptions
    return {"subscriptions": [_told(found[key]) for key in sorted(found)]}


def get_subscription(plane: Plane, id: str) -> dict[str, Any]:
    wanted = plane.subscription(id)
    return _told(plane.emulator.engine.settled().subscriptions[wanted])


def create_subscription(
    plane: Plane, id: str | None, name: str, certificate: str | None, isolate: bool, quotas: dict[str, Any] | None
) -> dict[str, Any]:
    emulator = plane.emulator
    wanted = (id or str(uuid.uuid4())).lower()
    if wanted in emulator.engine.state.subscriptions:
        raise Refused(409, f"there is a subscription {wanted} already")
    shown = None if certificate is None else (_certificate(certificate),)
    limits = _quotas(emulator.quotas, quotas or {})
    with refusing(ValueError, 400):
        made = emulator.add_subscription(wanted, shown, name=name, cloud=wanted if isolate else "", quotas=limits)
    return _told(made)


def delete_subscription(plane: Plane, id: str) -> dict[str, Any]:
    plane.emulator.remove_subscription(plane.subscription(id))
    return {"status": "ok"}


def reset_subscription(plane: Plane, id: str) -> dict[str, Any]:
    plane.emulator.reset_subscription(plane.subscription(id))
    return get_subscription(plane, id)


def enrol_certificate(plane: Plane, id: str, certificate: str) -> dict[str, Any]:
    wanted = plane.subscription(id)
    with refusing(ValueError, 400):
        return {"thumbprint": plane.emulator.enrol(wanted, _certificate(certificate))}


def set_quotas(plane: Plane, id: str, quotas: dict[str, Any]) -> dict[str, Any]:
    wanted = plane.subscription(id)
    present = plane.emulator.engine.state.subscriptions[wanted].quotas
    plane.emulator.set_quotas(wanted, _quotas(present, quotas))
    return get_subscription(plane, id)


_certificate = certificate


def _quotas(present: model.Quotas, given: dict[str, Any]) -> model.Quotas:
    changes: dict[str, int] = {}
    for name, number in given.items():
        known = str(name).replace("-", "_")
        if known not in _QUOTAS:
            raise Refused(400, f"there is no quota {name}; there are {', '.join(sorted(_QUOTAS))}")
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < 2**31:
            raise Refused(400, f"the quota {name} must be a whole number")
        changes[known] = number
    return dataclasses.replace(present, **changes)


def _told(one: model.Subscription) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "status": one.status,
        "created": moment(one.created),
        "isolated": bool(one.cloud),
        "ahead": one.ahead.total_seconds(),
        "certificates": sorted(found.thumbprint for found in one.certificates.values()),
        "quotas": dataclasses.asdict(one.quotas),
        "used_cores": sum(map(cores_of_service, one.hosted_services.values())),
        "hosted_services": len(one.hosted_services),
        "deployments": sum(len(found.deployments) for found in one.hosted_services.values()),
        "storage_accounts": len(one.storage_accounts),
        "disks": len(one.disks),
        "operations": len(one.operations),
    }
