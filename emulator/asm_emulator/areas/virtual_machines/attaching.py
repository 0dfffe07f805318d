"""The disks of machines: where they come from, what they are called, and how they come to be registered.

Everything here writes to the draft as it goes: a refusal undoes it together with the request.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from asm_contracts import roles as wire
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, documented, quoted, recorded
from asm_contracts.frozen import frozen, replace
from asm_emulator import catalogue, model
from asm_emulator.areas.virtual_machines.validation import LUNS, check_caching
from asm_emulator.blobs import (
    DEFAULT_SIZE,
    check_media_link,
    check_unleased,
    find_storage_account_of,
    io_type,
    register_blob,
)
from asm_emulator.names import check_further_label
from asm_emulator.repository import check_idle, check_name, check_os
from asm_emulator.state import Draft

GENERALIZED: Final = "Generalized"
LARGEST: Final = 1023
"""GB of the largest disk (documented)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose disk it is to be: the names that disks and documents are made from."""

    service_name: str
    deployment_name: str
    role_name: str

    @property
    def attachment(self) -> model.Attachment:
        """As a disk shows it."""
        return model.Attachment(
            service_name=self.service_name, deployment_name=self.deployment_name, role_name=self.role_name
        )

    @recorded("of an empty disk; one made from a blob is taken to be the same")
    def label(self, lun: int) -> str:
        """What the service calls a data disk whose request has no label."""
        return f"{self.service_name}-{self.deployment_name}-{self.role_name}-{lun}"


@frozen
class Source:
    """What a machine's OS disk comes from."""

    os: str
    generalized: bool
    size_in_gb: int = DEFAULT_SIZE
    image_name: str | None = None
    vm_image_name: str | None = None
    folder: str | None = None
    """Where disks go whose place the request leaves open: the container of the subscription's own image."""
    caching: str = "ReadWrite"
    data_disks: tuple[model.ImageDisk, ...] = ()
    disk: model.Disk | None = None
    """The registered disk to boot from, instead of a new one."""
    remote: str | None = None


# -- sources --------------------------------------------------------------------------------------------------------


def source_of(draft: Draft, role: wire.PersistentVMRole) -> Source:
    """What a role's OS disk is to come from: one of an image, a registered disk, a blob, a remote blob, a VM image.

    BadRequest for none or several of them, ResourceNotFound for one that does not exist.
    """
    disk = role.os_virtual_hard_disk or wire.OSVirtualHardDisk()
    if role.vm_image_name:
        if disk.source_image_name or disk.remote_source_image_link:
            raise BadRequest("A role is made from a VM image or from an OS disk, not from both.")
        return _from_vm_image(draft, role.vm_image_name)
    if disk.source_image_name:
        if disk.remote_source_image_link:
            raise BadRequest("SourceImageName and RemoteSourceImageLink cannot both be specified.")
        return _from_os_image(draft, disk.source_image_name)
    if disk.remote_source_image_link:
        return Source(os=_needed_os(disk), generalized=True, remote=disk.remote_source_image_link)
    if disk.disk_name and (not disk.media_link or disk.disk_name in draft.disks):
        return _from_disk(draft, disk.disk_name)
    if disk.media_link:
        return Source(os=_needed_os(disk), generalized=False)
    raise BadRequest("A role needs an image, a disk or a blob to start from.")


@assumed("that the operating system must be told for blobs is documented; the text was never seen")
def _needed_os(disk: wire.OSVirtualHardDisk) -> str:
    if not disk.os:
        raise BadRequest("The operating system of the disk must be specified.")
    return check_os(disk.os)


@recorded("the text, of reading an image that does not exist")
def _unknown_image() -> ResourceNotFound:
    return ResourceNotFound("The image with the specified name does not exist.")


def _from_os_image(draft: Draft, name: str) -> Source:
    own = draft.os_images.get(name)
    if own is not None:
        folder = own.media_link.rpartition("/")[0] or None
        return Source(os=own.os, generalized=True, size_in_gb=own.size_in_gb, image_name=own.name, folder=folder)
    platform = catalogue.os_image(name)
    if platform is None:
        raise _unknown_image()
    return Source(os=platform.os, generalized=True, size_in_gb=platform.logical_size_in_gb, image_name=platform.name)


def _from_vm_image(draft: Draft, name: str) -> Source:
    own = draft.vm_images.get(name)
    if own is not None:
        return Source(
            os=own.os,
            generalized=own.os_state == GENERALIZED,
            size_in_gb=own.os_disk.size_in_gb,
            vm_image_name=own.name,
            folder=own.os_disk.media_link.rpartition("/")[0],
            caching=own.os_disk.host_caching,
            data_disks=own.data_disks,
        )
    platform = catalogue.vm_image(name)
    if platform is None:
        raise _unknown_image()
    return Source(
        os=platform.os_disk.os,
        generalized=platform.os_disk.os_state == GENERALIZED,
        size_in_gb=platform.os_disk.logical_disk_size_in_gb,
        vm_image_name=platform.name,
        caching=platform.os_disk.host_caching,
        data_disks=tuple(
            model.ImageDisk(
                name=one.name,
                media_link="",
                size_in_gb=one.logical_disk_size_in_gb,
                host_caching=one.host_caching,
                lun=one.lun,
            )
            for one in platform.data_disks
        ),
    )


def _from_disk(draft: Draft, name: str) -> Source:
    disk = find_free_disk(draft, name)
    if disk.os is None:
        raise BadRequest(f"The disk {disk.name} does not contain an operating system.")
    return Source(os=disk.os, generalized=False, size_in_gb=disk.size_in_gb, disk=disk)


@quoted("the texts, of reading a disk that does not exist and of deleting one that is attached")
@assumed("that attaching a disk twice is refused like deleting it")
def find_free_disk(draft: Draft, name: str) -> model.Disk:
    """A registered disk that no machine has; ResourceNotFound, BadRequest, or ConflictError while its deployment is
    busy."""
    disk = draft.disks.get(name)
    if disk is None:
        raise ResourceNotFound("The disk with the specified name does not exist.")
    if disk.attached_to is not None:
        check_idle(draft, disk.name, disk.attached_to)
        raise BadRequest(
            f"A disk with name {disk.name} is currently in use by virtual machine {disk.attached_to.role_name} "
            f"running within hosted service {disk.attached_to.service_name}, "
            f"deployment {disk.attached_to.deployment_name}."
        )
    return disk


# -- names and places -----------------------------------------------------------------------------------------------


@recorded("deployment, role, logical unit, and a time stamp with four more digits")
def disk_name(draft: Draft, place: Place, lun: int) -> str:
    """A name for a new disk that no disk of the subscription has."""
    digits = draft.now.microsecond // 100
    for step in range(10_000):
        name = f"{place.deployment_name}-{place.role_name}-{lun}-{draft.now:%Y%m%d%H%M%S}{(digits + step) % 10_000:04d}"
        if name not in draft.disks:
            return name
    raise ConflictError("No name is free for a new disk.")


@documented("a place for the disk is needed unless it is made from an image of the subscription's own")
@assumed("the texts were never seen")
def target_link(draft: Draft, given: str | None, folder: str | None, name: str) -> str:
    """The URL of the blob of a new disk: as given, or after the disk's name in a folder; BadRequest without either."""
    if given:
        return check_media_link(draft, given)
    if not folder:
        raise BadRequest("The media link of the disk must be specified.")
    return check_media_link(draft, f"{folder}/{name}.vhd")


@assumed("that disks only grow is documented; the text was never seen")
def sized(size: int, wanted: int | None) -> int:
    """The size of a disk made from an image, in GB; BadRequest for less than the image has."""
    if wanted is None:
        return size
    if not size <= wanted <= LARGEST:
        raise BadRequest(f"The size of a disk cannot be less than {size} GB or more than {LARGEST} GB.")
    return wanted


def register(
    draft: Draft,
    place: Place,
    *,
    name: str,
    link: str,
    size_in_gb: int,
    label: str | None,
    os: str | None = None,
    source_image_name: str | None = None,
    fresh: bool = True,
) -> model.Disk:
    """Register a new disk of a machine; ConflictError if its name is taken.

    fresh: its blob is made for it (BadRequest over one that is in use), and was not there before (ConflictError)
    """
    check_name("disk", name)
    if name in draft.disks:
        raise ConflictError(f"A disk with the name {name} already exists.")
    if fresh:
        check_unleased(draft, link)
    register_blob(draft, link, "disk", name)
    account = find_storage_account_of(draft, link)
    assert account is not None
    disk = model.Disk(
        name=name,
        media_link=link,
        size_in_gb=size_in_gb,
        created=draft.now,
        label=label,
        os=os,
        location=account.location,
        affinity_group=account.affinity_group,
        source_image_name=source_image_name,
        attached_to=place.attachment,
        io_type=io_type(account),
    )
    draft.disks[name] = disk
    return disk


# -- the OS disk ----------------------------------------------------------------------------------------------------


def make_os_disk(draft: Draft, place: Place, role: wire.PersistentVMRole, source: Source) -> wire.OSVirtualHardDisk:
    """Make or attach the OS disk of a machine, and say what its role shows of it."""
    given = role.os_virtual_hard_disk or wire.OSVirtualHardDisk()
    caching = check_caching(given.host_caching, source.caching)
    check_further_label(given.disk_label)
    if source.disk is not None:
        disk = replace(source.disk, attached_to=place.attachment)
        draft.disks[disk.name] = disk
    else:
        name = given.disk_name or disk_name(draft, place, 0)
        inside = role.vm_image_input.os_disk_configuration if role.vm_image_input else None
        resized = given.resized_size_in_gb or (inside.resized_size_in_gb if inside else None)
        folder = (role.media_location or "").rstrip("/") or source.folder
        disk = register(
            draft,
            place,
            name=name,
            link=target_link(draft, given.media_link, folder, name),
            size_in_gb=sized(source.size_in_gb, resized),
            label=given.disk_label or None,
            os=source.os,
            source_image_name=source.image_name or source.vm_image_name,
            fresh=source.generalized or source.vm_image_name is not None,
        )
    return wire.OSVirtualHardDisk(
        host_caching=caching,
        disk_label=given.disk_label or disk.label,
        disk_name=disk.name,
        media_link=disk.media_link,
        source_image_name=disk.source_image_name if source.vm_image_name is None else None,
        os=source.os,
        remote_source_image_link=source.remote,
        io_type=disk.io_type,
    )


# -- data disks -----------------------------------------------------------------------------------------------------


@assumed("clients know 16 units, and role sizes how many disks (both recorded); the texts were never seen")
def check_lun(lun: int, size: str, others: Iterable[wire.DataVirtualHardDisk]) -> None:
    """BadRequest for a logical unit that is taken or does not exist, or for one disk more than the size allows."""
    taken = {one.lun or 0 for one in others}
    if not 0 <= lun < LUNS:
        raise BadRequest(f"The logical unit number {lun} is invalid. It must be between 0 and {LUNS - 1}.")
    if lun in taken:
        raise BadRequest(f"The logical unit number {lun} is already in use by another data disk of the role.")
    check_disk_count(size, len(taken) + 1)


@assumed("the numbers of disks are recorded; the text was never seen")
def check_disk_count(size: str, count: int) -> None:
    """BadRequest for more data disks than a role size allows."""
    known = catalogue.role_size(size)
    limit = known.max_data_disk_count if known else 0
    if count > limit:
        raise BadRequest(f"The role size {size} allows at most {limit} data disks.")


@assumed("the limit is documented; the text was never seen")
def check_disk_size(size: int) -> None:
    """BadRequest for a size no data disk has."""
    if not 1 <= size <= LARGEST:
        raise BadRequest(f"The size of a data disk must be between 1 and {LARGEST} GB.")


def make_data_disk(
    draft: Draft,
    place: Place,
    given: wire.DataVirtualHardDisk,
    *,
    size: str,
    others: tuple[wire.DataVirtualHardDisk, ...],
    folder: str | None,
) -> wire.DataVirtualHardDisk:
    """Attach a data disk: an empty one of a size, a registered one by name, or one made from a blob.

    size: the machine's role size.  folder: the container of its OS disk, where a disk goes whose place is left open.
    """
    lun = given.lun or 0
    check_lun(lun, size, others)
    caching = check_caching(given.host_caching, "ReadOnly")
    check_further_label(given.disk_label)
    label = given.disk_label or None
    if given.source_media_link:
        disk = _from_blob(draft, place, given, lun, given.source_media_link)
    elif given.disk_name and (
        given.disk_name in draft.disks or not (given.media_link or given.logical_disk_size_in_gb)
    ):  # a size and an address that come along are fillers: azure-cli says 5 and http://dummy
        disk = find_free_disk(draft, given.disk_name)
        if disk.os is not None:
            raise BadRequest(f"The disk {disk.name} contains an operating system and cannot be a data disk.")
        disk = replace(disk, attached_to=place.attachment)
        draft.disks[disk.name] = disk
    elif given.logical_disk_size_in_gb:
        check_disk_size(given.logical_disk_size_in_gb)
        name = given.disk_name or disk_name(draft, place, lun)
        link = target_link(draft, given.media_link, folder, name)
        size_in_gb = given.logical_disk_size_in_gb
        disk = register(draft, place, name=name, link=link, size_in_gb=size_in_gb, label=label or place.label(lun))
    elif given.media_link:
        disk = _from_blob(draft, place, given, lun, given.media_link)
    else:
        raise BadRequest("A data disk needs a size, the name of a disk, or the address of a blob.")
    return data_disk_document(disk, lun=lun, caching=caching, label=label)


def data_disk_document(
    disk: model.Disk, *, lun: int, caching: str, label: str | None = None
) -> wire.DataVirtualHardDisk:
    """A data disk as its role shows it."""
    return wire.DataVirtualHardDisk(
        host_caching=caching,
        disk_label=label or disk.label,
        disk_name=disk.name,
        lun=lun,
        logical_disk_size_in_gb=disk.size_in_gb,
        media_link=disk.media_link,
        io_type=disk.io_type,
    )


def _from_blob(draft: Draft, place: Place, given: wire.DataVirtualHardDisk, lun: int, link: str) -> model.Disk:
    """A disk made from a blob that is there: it is registered where it lies (documented)."""
    return register(
        draft,
        place,
        name=given.disk_name or disk_name(draft, place, lun),
        link=check_media_link(draft, link),
        size_in_gb=given.logical_disk_size_in_gb or DEFAULT_SIZE,
        label=given.disk_label or place.label(lun),
        fresh=False,
    )


def copy_data_disks(
    draft: Draft,
    place: Place,
    source: Source,
    role: wire.PersistentVMRole,
    *,
    size: str,
    folder: str | None,
) -> tuple[wire.DataVirtualHardDisk, ...]:
    """Make the data disks that a VM image brings, each on its own logical unit."""
    resized = {
        (one.name or one.disk_name or "").lower(): one.resized_size_in_gb
        for one in (role.vm_image_input.data_disk_configurations or () if role.vm_image_input else ())
    }
    made: tuple[wire.DataVirtualHardDisk, ...] = ()
    for one in source.data_disks:
        lun = one.lun or 0
        check_lun(lun, size, made)
        name = disk_name(draft, place, lun)
        disk = register(
            draft,
            place,
            name=name,
            link=target_link(draft, None, folder, name),
            size_in_gb=sized(one.size_in_gb, resized.get(one.name.lower())),
            label=None,
        )
        made += (data_disk_document(disk, lun=lun, caching=one.host_caching),)
    return made
