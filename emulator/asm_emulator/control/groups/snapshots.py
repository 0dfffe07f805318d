"""Snapshots."""

from __future__ import annotations

from typing import Any

from asm_emulator import snapshots
from asm_emulator.control.plane import Plane, moment, refusing
from asm_emulator.snapshots import Snapshot, SnapshotError


def list_snapshots(plane: Plane) -> dict[str, Any]:
    return {"snapshots": [_told(one) for one in plane.emulator.snapshots.all()]}


def take_snapshot(plane: Plane, name: str | None, subscription: str | None) -> dict[str, Any]:
    with refusing(SnapshotError, 400):
        return _told(plane.emulator.take(name or "", plane.perhaps(subscription)))


def restore_snapshot(plane: Plane, name: str) -> dict[str, Any]:
    with refusing(SnapshotError, 404):
        return _told(plane.emulator.go_back(name))


def delete_snapshot(plane: Plane, name: str) -> dict[str, Any]:
    with refusing(SnapshotError, 404):
        plane.emulator.snapshots.delete(name)
    return {"status": "ok"}


def diff_snapshots(plane: Plane, name: str, to: str | None, subscription: str | None) -> dict[str, Any]:
    with refusing(SnapshotError, 404):
        before = plane.emulator.snapshots.get(name)
        after = plane.emulator.engine.settled() if to is None else plane.emulator.snapshots.get(to).state
    wanted = subscription.lower() if subscription is not None else before.subscription
    tree = snapshots.diff(before.state, after, wanted)
    return {"tree": tree, "text": "\n".join(snapshots.lines(tree))}


def export_snapshot(plane: Plane, name: str) -> dict[str, Any]:
    with refusing(SnapshotError, 404):
        return snapshots.export(plane.emulator.snapshots.get(name))


def import_snapshot(plane: Plane, document: dict[str, Any], name: str | None) -> dict[str, Any]:
    with refusing(SnapshotError, 400):
        found = snapshots.read(document)
        named = Snapshot(name if name is not None else found.name, found.state, found.taken, found.subscription)
        return _told(plane.emulator.snapshots.put(named))


def _told(one: Snapshot) -> dict[str, Any]:
    return {
        "name": one.name,
        "taken": moment(one.taken),
        "subscription": one.subscription,
        "subscriptions": 1 if one.subscription else len(one.state.subscriptions),
        "pending": sum(one.subscription in (None, step.subscription_id) for step in one.state.steps),
    }
