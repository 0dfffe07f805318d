"""The description that people write by hand: services with machines in them, accounts, disks, images."""

from __future__ import annotations

from typing import Any

from asm_contracts import roles as wire
from asm_contracts.errors import ServiceError
from asm_emulator import model
from asm_emulator.catalogue import all_locations, os_image, role_size
from asm_emulator.seeding.planting import Planter
from asm_emulator.seeding.reading import Given, SeedError

_STATES = {"readyrole": ("ReadyRole", "Started"), "stoppedvm": ("StoppedVM", "Stopped"),
           "stoppeddeallocated": ("StoppedDeallocated", "Stopped")}  # fmt: skip


def read(found: Any, planter: Planter) -> None:
    """Plant a description.  SeedError for one that is none; what of it does not fit is reported."""
    given = Given(found, "", planter.report)
    for one in given.several("affinity_groups"):
        _try(planter, one, _affinity_group)
    for one in given.several("storage_accounts"):
        _try(planter, one, _storage_account)
    for one in given.several("disks"):
        _try(planter, one, _disk)
    for one in given.several("images", "os_images"):
        _try(planter, one, _image)
    for one in given.several("reserved_ips"):
        _try(planter, one, _reserved_ip)
    for one in given.several("hosted_services", "services"):
        _try(planter, one, _hosted_service)
    given.rest("seed data has no such thing")


def _try(planter: Planter, one: Given, plant: Any) -> None:
    """Plant one thing, or report why not: then nothing of it is there."""
    before = planter.draft.savepoint()
    counted = dict(planter.report.taken)
    added = len(planter.report.added)
    try:
        plant(planter, one)
    except (SeedError, ServiceError) as problem:
        planter.draft.rollback(before)
        planter.report.taken = counted
        del planter.report.added[added:]
        planter.report.lose(one.where, getattr(problem, "message", str(problem)))
    else:
        one.rest()


def _affinity_group(planter: Planter, one: Given) -> None:
    name = one.need("name")
    if name in planter.draft.affinity_groups:
        raise SeedError(f"there is an affinity group {name} already")
    planter.draft.affinity_groups[name] = model.AffinityGroup(
        name=name, label=one.text("label") or name, description=one.text("description"),
        location=planter.known(one.text("location") or planter.location), created=planter.draft.now,
    )  # fmt: skip
    planter.report.take("affinity_groups")


def _storage_account(planter: Planter, one: Given) -> None:
    planter.account(
        one.need("name"), label=one.text("label"), description=one.text("description"), location=one.text("location"),
        group=one.text("affinity_group"), kind=one.text("type", "account_type"),
    )  # fmt: skip


def _disk(planter: Planter, one: Given) -> None:
    name = one.need("name")
    link = planter.media(one.text("media_link"), name)
    where, group = planter.beside(link, one.text("location"), one.text("affinity_group"))
    planter.disk(
        model.Disk(
            name=name, media_link=link, label=one.text("label"),
            size_in_gb=one.number("size", "size_in_gb") or 30, os=_os(one.text("os")), location=where,
            affinity_group=group, created=planter.draft.now, source_image_name=one.text("image", "source_image_name"),
        )
    )  # fmt: skip


def _image(planter: Planter, one: Given) -> None:
    name = one.need("name")
    if name in planter.draft.os_images or os_image(name) is not None:
        raise SeedError(f"there is an image {name} already")
    publisher = one.text("publisher", "publisher_name")
    if publisher is None:
        link = planter.media(one.text("media_link"), name)
        where, _ = planter.beside(link, one.text("location"), None)
    else:  # one of the gallery, which nobody's account holds
        link, where = "", ";".join(place.name for place in all_locations(planter.draft.day))
    planter.draft.os_images[name] = model.OSImage(
        name=name, label=one.text("label") or name, media_link=link, os=_os(one.text("os")) or "Linux",
        location=where or planter.location, size_in_gb=one.number("size", "size_in_gb") or 30,
        created=planter.draft.now, description=one.text("description"), image_family=one.text("image_family", "family"),
        publisher=publisher,
    )  # fmt: skip
    if publisher is None:
        from asm_emulator.blobs import register_blob

        register_blob(planter.draft, link, "image", name)
    planter.report.take("images")


def _reserved_ip(planter: Planter, one: Given) -> None:
    name = one.need("name")
    if name in planter.draft.reserved_ips:
        raise SeedError(f"there is a reserved IP {name} already")
    planter.draft.reserved_ips[name] = model.ReservedIP(
        name=name, address=one.text("address") or planter.draft.take_public_address(),
        id=planter.draft.make_guid("seed", "reserved", name), label=one.text("label"),
        location=planter.known(one.text("location") or planter.location),
    )  # fmt: skip
    planter.report.take("reserved_ips")


def _hosted_service(planter: Planter, one: Given) -> None:
    service = planter.service(
        one.need("name"), label=one.text("label"), description=one.text("description"), location=one.text("location"),
        group=one.text("affinity_group"),
    )  # fmt: skip
    machines = [_machine(planter, given) for given in one.several("virtual_machines", "machines", "vms")]
    name = one.text("deployment", "deployment_name") or service.name
    vip = one.text("vip", "address")
    if not machines:
        return
    roles = [machine.name.lower() for machine, _ in machines]
    if len(set(roles)) < len(roles):
        raise SeedError(f"{service.name} has two machines of one name")
    more = {"vip": vip} if vip else {}
    planter.deployment(service.name, planter.machine_deployment(service, name, machines, **more))


def _machine(planter: Planter, one: Given) -> tuple[model.MachineRole, model.RoleInstance]:
    name = one.need("name")
    size = one.text("size", "role_size") or "Small"
    if role_size(size) is None:
        raise SeedError(f"{one.where}: there is no size {size}")
    os = _os(one.text("os")) or "Linux"
    endpoints = tuple(_endpoint(given) for given in one.several("endpoints"))
    subnet = one.text("subnet")
    machine = model.MachineRole(
        name=name,
        size=size,
        os=os,
        os_disk=wire.OSVirtualHardDisk(
            host_caching="ReadWrite", disk_name=one.text("disk", "os_disk"), media_link=one.text("media_link"),
            source_image_name=one.text("image"), os=os, io_type="Standard",
        ),
        network=wire.NetworkConfigurationSet(
            configuration_set_type="NetworkConfiguration", input_endpoints=endpoints or None,
            subnet_names=(subnet,) if subnet else None,
        ),
        data_disks=tuple(_data_disk(number, given) for number, given in enumerate(one.several("data_disks"))),
        computer_name=one.text("computer_name") or name,
        availability_set_name=one.text("availability_set"),
        label=one.text("label"),
        provision_guest_agent=True,
    )  # fmt: skip
    given = one.text("status") or "ReadyRole"
    state = _STATES.get(given.lower())
    if state is None:
        raise SeedError(f"{one.where}: a seeded machine is {', '.join(word for word, _ in _STATES.values())}")
    allocated = state[0] != "StoppedDeallocated"
    address = one.text("ip_address", "address")
    instance = model.RoleInstance(
        role_name=name, name=name, status=state[0], power_state=state[1], size=size, boot=1, set_up=True,
        ip_address=(address or planter.draft.take_internal_address()) if allocated else None,
        host_name=machine.computer_name if allocated else None, changed=planter.draft.now,
    )  # fmt: skip
    one.rest()
    return machine, instance


def _endpoint(one: Given) -> wire.InputEndpoint:
    port = one.number("port", "public_port")
    local = one.number("local_port") or port
    if local is None or not 0 < local < 65536 or not 0 < (port or local) < 65536:
        raise SeedError(f"{one.where} has no port from 1 to 65535")
    found = wire.InputEndpoint(
        local_port=local, name=one.text("name") or f"port-{port or local}", port=port or local,
        protocol=(one.text("protocol") or "tcp").lower(), load_balanced_endpoint_set_name=one.text("set"),
    )  # fmt: skip
    one.rest()
    return found


def _data_disk(number: int, one: Given) -> wire.DataVirtualHardDisk:
    lun = one.number("lun")
    found = wire.DataVirtualHardDisk(
        host_caching=one.text("host_caching", "caching") or "None", disk_label=one.text("label"),
        disk_name=one.text("name", "disk_name"), lun=number if lun is None else lun,
        logical_disk_size_in_gb=one.number("size", "size_in_gb"), media_link=one.text("media_link"), io_type="Standard",
    )  # fmt: skip
    one.rest()
    return found


def _os(text: str | None) -> str | None:
    if text is None:
        return None
    found = {"linux": "Linux", "windows": "Windows"}.get(text.lower())
    if found is None:
        raise SeedError(f"an operating system is Linux or Windows, not {text}")
    return found
