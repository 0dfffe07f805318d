"""The estate: what there is, as a tree and as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from asm_emulator import model
from asm_emulator.page.parts import Part, Renderer
from asm_emulator.page.words import state_class
from asm_emulator.state import State

SMALL: Final = 4
"""Services with more instances than these show them closed."""
ROWS: Final = 400
"""Rows of a table shown; more are counted."""
OPEN: Final = 6
"""Subscriptions with more services than these show them closed."""

_OTHERS: Final = (
    ("affinity_groups", "affinity groups"),
    ("network_security_groups", "network security groups"),
    ("route_tables", "route tables"),
    ("virtual_network_gateways", "virtual network gateways"),
    ("local_network_gateways", "local network gateways"),
    ("application_gateways", "application gateways"),
    ("traffic_manager_profiles", "Traffic Manager profiles"),
    ("sql_servers", "SQL servers"),
    ("service_bus_namespaces", "Service Bus namespaces"),
    ("cloud_services", "scheduler's cloud services"),
    ("web_sites", "web sites"),
)


@dataclass(frozen=True, slots=True)
class Square:
    """An instance in the picture; `disks` are drawn below it, four at most."""

    state: str
    title: str
    disks: int


@dataclass(frozen=True, slots=True)
class Box:
    """A slot in the picture."""

    slot: str
    caption: str
    state: str
    locked: bool
    squares: tuple[Square, ...]


def parts(render: Renderer, state: State, chosen: str | None) -> Iterator[Part]:
    """The parts of the view; of one subscription, if one is chosen."""
    shown = [state.subscriptions[key] for key in sorted(state.subscriptions) if chosen in (None, key)]
    for one in shown:
        yield from _subscription(render, one)


def _subscription(render: Renderer, one: model.Subscription) -> Iterator[Part]:
    services = [one.hosted_services[key] for key in sorted(one.hosted_services)]
    deployments = [found for service in services for found in service.deployments.values()]
    instances = [found for deployment in deployments for found in deployment.instances]
    numbers = {
        "hosted services": len(services),
        "deployments": len(deployments),
        "instances": len(instances),
        "ready": sum(state_class(found.status) == "ready" for found in instances),
        "disks": len(one.disks),
        "storage accounts": len(one.storage_accounts),
        "images": len(one.os_images) + len(one.vm_images),
        "networks": len(one.virtual_networks),
    }
    yield render.part(f"head-{one.id}", "part_subscription.html", one=one, numbers=numbers)
    for service in sorted(services, key=lambda one: not one.deployments):  # those without anything to see come last
        small = sum(len(found.instances) for found in service.deployments.values()) <= SMALL
        yield _service(render, one, service, is_open=small and len(services) <= OPEN)
    yield _things(render, one)


def _service(render: Renderer, owner: model.Subscription, service: model.HostedService, *, is_open: bool) -> Part:
    locks = tuple(owner.leases.get(f"deployment:{found.private_id}") for found in _deployments(service))
    name = f"service-{owner.id}-{service.name.lower()}"
    return render.kept(
        name,
        (service, locks, is_open),
        lambda: render.part(
            name,
            "part_service.html",
            column="services",
            id=name,
            service=service,
            deployments=[
                (found, lock, _roles(found)) for found, lock in zip(_deployments(service), locks, strict=True)
            ],
            picture=_picture(service, locks),
            is_open=is_open,
        ),
    )


def _deployments(service: model.HostedService) -> list[model.Deployment]:
    return [service.deployments[slot] for slot in sorted(service.deployments)]


def _roles(deployment: model.Deployment) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for machine in deployment.machines:
        found[machine.name] = {
            "name": machine.name,
            "kind": machine.os,
            "size": machine.size,
            "disks": [
                name for name in (machine.os_disk.disk_name, *(one.disk_name for one in machine.data_disks)) if name
            ],
            "instances": [],
        }
    for role in deployment.package_roles:
        found[role.name] = {"name": role.name, "kind": "package", "size": role.size, "disks": [], "instances": []}
    for instance in deployment.instances:
        role_of = found.setdefault(
            instance.role_name,
            {"name": instance.role_name, "kind": "", "size": instance.size, "disks": [], "instances": []},
        )
        role_of["instances"].append(instance)
    return list(found.values())


def _picture(service: model.HostedService, locks: tuple[str | None, ...]) -> tuple[Box, ...]:
    boxes = []
    for deployment, lock in zip(_deployments(service), locks, strict=True):
        disks = {machine.name: 1 + len(machine.data_disks) for machine in deployment.machines}
        squares = tuple(
            Square(
                state=state_class(one.status),
                title=f"{one.name}: {one.status}, {one.size}" + (f", {one.ip_address}" if one.ip_address else ""),
                disks=min(disks.get(one.role_name, 0), 4),
            )
            for one in deployment.instances
        )
        caption = f"{deployment.slot} · {deployment.status}"
        boxes.append(Box(deployment.slot, caption, state_class(deployment.status), lock is not None, squares))
    return tuple(boxes)


def _things(render: Renderer, one: model.Subscription) -> Part:
    name = f"things-{one.id}"
    others = tuple((label, getattr(one, field)) for field, label in _OTHERS)
    used = _network_users(one)
    values = (
        one.disks,
        one.storage_accounts,
        one.os_images,
        one.vm_images,
        one.virtual_networks,
        one.reserved_ips,
        used,
        *(found for _, found in others),
    )
    return render.kept(
        name,
        values,
        lambda: render.part(
            name,
            "part_things.html",
            column="things",
            id=name,
            disks=_first(one.disks),
            disk_count=len(one.disks),
            accounts=[(found, _blobs(one, found.name)) for found in _first(one.storage_accounts)],
            images=[*_first(one.os_images), *_first(one.vm_images)],
            networks=_first(one.virtual_networks),
            used={network: [name for where, name in used if where == network] for network, _ in used},
            reserved=_first(one.reserved_ips),
            others=[(label, [found[key] for key in sorted(found)]) for label, found in others if len(found)],
        ),
    )


def _first(found: Any) -> list[Any]:
    return [found[key] for key in sorted(found)[:ROWS]]


def _blobs(one: model.Subscription, account: str) -> list[model.Disk]:
    wanted = account.lower()
    found = [disk for disk in one.disks.values() if (urlsplit(disk.media_link).hostname or "").split(".")[0] == wanted]
    return sorted(found, key=lambda disk: disk.name)[:ROWS]


def _network_users(one: model.Subscription) -> tuple[tuple[str, str], ...]:
    return tuple(
        sorted(
            (found.virtual_network_name, f"{service.name}/{found.slot}")
            for service in one.hosted_services.values()
            for found in service.deployments.values()
            if found.virtual_network_name
        )
    )
