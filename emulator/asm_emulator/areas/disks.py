"""Disks: registered VHDs, most of them made together with virtual machines."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from asm_contracts.areas.disks import AddDisk, AttachedTo, Disk, DiskContract, Disks, UpdateDisk
from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed, client, quoted
from asm_contracts.operation import Accepted
from asm_emulator import model, names, repository
from asm_emulator.areas.base import Area
from asm_emulator.blobs import (
    DEFAULT_SIZE,
    check_media_link,
    find_storage_account_of,
    io_type,
    register_blob,
    release_blob,
)
from asm_emulator.deployed import put_deployment
from asm_emulator.engine import effect
from asm_emulator.state import Draft

LARGEST: Final = 1023
"""Documented: the largest disk, in GB."""

LEASE: Final = "disk"


@quoted("the text of a disk that is not there")
def find_disk(draft: Draft, name: str) -> model.Disk:
    """A disk of the subscription; ResourceNotFound with the quoted text."""
    found = draft.disks.get(name)
    if found is None:
        raise ResourceNotFound("The disk with the specified name does not exist.")
    return found


def disk_document(disk: model.Disk) -> Disk:
    """A disk, as lists and reads have it; in an affinity group it has no location (recorded)."""
    attached = disk.attached_to
    return Disk(
        affinity_group=disk.affinity_group,
        attached_to=None
        if attached is None
        else AttachedTo(
            deployment_name=attached.deployment_name,
            hosted_service_name=attached.service_name,
            role_name=attached.role_name,
        ),
        os=disk.os,
        label=disk.label,
        location=None if disk.affinity_group else disk.location,
        logical_disk_size_in_gb=disk.size_in_gb,
        media_link=disk.media_link,
        name=disk.name,
        source_image_name=disk.source_image_name,
        is_premium=False,
        created_time=disk.created,
        io_type=disk.io_type,
    )


@quoted("the text is quoted in public")
def check_detached(disk: model.Disk) -> None:
    """BadRequest for a disk that a machine uses."""
    attached = disk.attached_to
    if attached is not None:
        raise BadRequest(
            f"A disk with name {disk.name} is currently in use by virtual machine {attached.role_name} running within "
            f"hosted service {attached.service_name}, deployment {attached.deployment_name}."
        )


@effect
def disk_resized(draft: Draft, disk_name: str, size_in_gb: int) -> None:
    """The end of a resizing; the machine that has it as a data disk tells the new size too."""
    disk = draft.disks.get(disk_name)
    if disk is None or disk.size_in_gb >= size_in_gb:
        return
    draft.disks[disk_name] = replace(disk, size_in_gb=size_in_gb)
    if disk.attached_to is None:
        return
    service = draft.hosted_services.get(disk.attached_to.service_name)
    for deployment in service.deployments.values() if service else ():
        machines = tuple(
            replace(
                machine,
                data_disks=tuple(
                    replace(one, logical_disk_size_in_gb=size_in_gb)
                    if (one.disk_name or "").lower() == disk_name.lower()
                    else one
                    for one in machine.data_disks
                ),
            )
            for machine in deployment.machines
        )
        if machines != deployment.machines:
            put_deployment(draft, disk.attached_to.service_name, replace(deployment, machines=machines))


class DiskArea(Area, DiskContract):
    """Registers, finds, changes and deletes disks."""

    def list_disks(self) -> Disks:
        return Disks(items=tuple(disk_document(disk) for disk in self.state.disks.values()))

    def get_disk(self, disk_name: str) -> Disk:
        return disk_document(find_disk(self.state, disk_name))

    def add_disk(self, body: AddDisk) -> Disk:
        names.check_label(body.label)
        system = repository.check_os(body.os) if body.os else None
        repository.check_name("disk", body.name)
        media_link = check_media_link(self.state, body.media_link)
        if body.name in self.state.disks:
            raise repository.taken("disk", body.name)
        account = find_storage_account_of(self.state, media_link)
        assert account is not None
        register_blob(self.state, media_link, "disk", body.name)
        disk = model.Disk(
            name=body.name,
            label=body.label,
            os=system,
            media_link=media_link,
            size_in_gb=DEFAULT_SIZE,
            created=self.now,
            location=account.location,
            affinity_group=account.affinity_group,
            io_type=io_type(account),
        )
        self.state.disks[body.name] = disk
        return disk_document(disk)

    @client("one published client takes only 200, another only 202, for the same address")
    @assumed("a request that resizes goes on as an operation, any other ends at once; texts were never seen")
    def update_disk(self, disk_name: str, body: UpdateDisk) -> Disk | Accepted:
        disk = find_disk(self.state, disk_name)
        names.check_label(body.label)
        repository.check_idle(self.state, disk.name, disk.attached_to)
        repository.check_unlocked(self.state, LEASE, disk.name)
        size = body.resized_size_in_gb
        if size is not None and not disk.size_in_gb <= size <= LARGEST:
            raise BadRequest(
                f"The disk {disk.name} has {disk.size_in_gb} GB. It can only grow, to {LARGEST} GB at most."
            )
        changed = replace(disk, label=body.label)
        self.state.disks[disk.name] = changed
        if size is None:
            return disk_document(changed)
        return self.begin(disk_resized, holds=((LEASE, disk.name.lower()),), disk_name=disk.name, size_in_gb=size)

    def delete_disk(self, disk_name: str) -> None:
        self._delete(disk_name)

    def delete_disk_and_media(self, disk_name: str) -> None:
        self._delete(disk_name)

    def _delete(self, disk_name: str) -> None:
        # With or without media the registration goes and with it the lease on the blob; blobs themselves are not kept.
        disk = find_disk(self.state, disk_name)
        repository.check_idle(self.state, disk.name, disk.attached_to)
        check_detached(disk)
        repository.check_unlocked(self.state, LEASE, disk.name)
        release_blob(self.state, disk.media_link)
        del self.state.disks[disk.name]
