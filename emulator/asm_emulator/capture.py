"""Images taken from virtual machines: copies of its disks, in the containers where the disks are.

The area of virtual machines calls these at the end of its capture operations.
"""

from __future__ import annotations

from typing import Final

from asm_contracts.errors import ResourceNotFound
from asm_contracts.evidence import assumed, recorded
from asm_emulator import catalogue, model
from asm_emulator.blobs import DEFAULT_SIZE, account_location, blob_of, find_storage_account_of, register_blob
from asm_emulator.repository import check_name, taken
from asm_emulator.state import Draft

_VHD: Final = ".vhd"


def check_vm_image_name(draft: Draft, name: str) -> None:
    """A name that a new VM image may have; BadRequest for one that cannot be, ConflictError for one that is taken."""
    check_name("VM image", name)
    if name in draft.vm_images or catalogue.vm_image(name) is not None:
        raise taken("VM image", name)


def check_os_image_name(draft: Draft, name: str) -> None:
    """A name that a new OS image may have; BadRequest for one that cannot be, ConflictError for one that is taken."""
    check_name("image", name)
    if name in draft.os_images or catalogue.os_image(name) is not None:
        raise taken("OS image", name)


@recorded("disks of an image are called after it, with `os` or the LUN and the day; their blobs after them")
@assumed("a name that is taken gets seven hex digits, as recorded of 2016")
def _copy(draft: Draft, source: str, image: str, part: str) -> tuple[str, str]:
    """Name and URL for the copy of a blob, in the same container."""
    name = f"{image}-{part}-{draft.now:%Y-%m-%d}"
    folder = source.rpartition("/")[0]
    if blob_of(draft, f"{folder}/{name}{_VHD}") is not None:
        name += f"-{draft.make_hex('copy', draft.take_serial())[:7].upper()}"
    return name, f"{folder}/{name}{_VHD}"


def _size(draft: Draft, disk_name: str | None, otherwise: int | None = None) -> int:
    disk = draft.disks.get(disk_name or "")
    return disk.size_in_gb if disk else otherwise or DEFAULT_SIZE


def _account(draft: Draft, media_link: str) -> model.StorageAccount:
    account = find_storage_account_of(draft, media_link)
    if account is None:
        raise ResourceNotFound("The disk of the virtual machine does not exist.")
    return account


def image_from_machine(
    draft: Draft,
    machine: model.MachineRole,
    *,
    name: str,
    label: str,
    os_state: str,
    service_name: str,
    deployment_name: str,
    role_state: str,
    description: str | None = None,
    language: str | None = None,
    image_family: str | None = None,
    recommended_vm_size: str | None = None,
) -> model.VMImage:
    """Make a VM image of all disks of a machine, put it into the repository and return it.

    role_state: the status of the machine's instance.  The machine and its disks are left as they are.  Raises what
    `check_vm_image_name` raises, and ResourceNotFound when the account of its OS disk is gone.
    """
    check_vm_image_name(draft, name)
    source = machine.os_disk.media_link or ""
    account = _account(draft, source)
    os_name, os_link = _copy(draft, source, name, "os")
    os_disk = model.ImageDisk(
        name=os_name,
        media_link=os_link,
        size_in_gb=_size(draft, machine.os_disk.disk_name),
        host_caching=machine.os_disk.host_caching or "ReadWrite",
        io_type=machine.os_disk.io_type or "Standard",
    )
    data_disks = []
    for disk in machine.data_disks:
        disk_name, link = _copy(draft, disk.media_link or "", name, f"datadisk-{disk.lun or 0}")
        data_disks.append(
            model.ImageDisk(
                name=disk_name,
                media_link=link,
                size_in_gb=_size(draft, disk.disk_name, disk.logical_disk_size_in_gb),
                host_caching=disk.host_caching or "None",
                lun=disk.lun or 0,
                io_type=disk.io_type or "Standard",
            )
        )
    image = model.VMImage(
        name=name,
        label=label,
        os=machine.os,
        os_state=os_state,
        os_disk=os_disk,
        data_disks=tuple(data_disks),
        location=account_location(draft, account),
        affinity_group=account.affinity_group,
        created=draft.now,
        modified=draft.now,
        description=description,
        language=language,
        image_family=image_family,
        recommended_vm_size=recommended_vm_size,
        service_name=service_name,
        deployment_name=deployment_name,
        role_name=machine.name,
        role_state_on_capture=role_state,
        role_size_on_capture=machine.size,
    )
    put_vm_image(draft, image)
    return image


def put_vm_image(draft: Draft, image: model.VMImage) -> None:
    """Register the blobs of a new VM image, and the image; ConflictError if a blob backs something already."""
    for disk in (image.os_disk, *image.data_disks):
        register_blob(draft, disk.media_link, "vmimage", image.name)
    draft.vm_images[image.name] = image


@assumed("recorded is that the blob is another one than the disk's, in the same container; not what it is called")
def os_image_from_machine(draft: Draft, machine: model.MachineRole, *, name: str, label: str) -> model.OSImage:
    """Make an OS image of the OS disk of a machine, put it into the repository and return it.

    The machine and its disk are left as they are.  Raises what `check_os_image_name` raises, and ResourceNotFound when
    the account of the disk is gone.
    """
    check_os_image_name(draft, name)
    source = machine.os_disk.media_link or ""
    account = _account(draft, source)
    _, link = _copy(draft, source, name, "os")
    image = model.OSImage(
        name=name,
        label=label,
        media_link=link,
        os=machine.os,
        location=account_location(draft, account),
        affinity_group=account.affinity_group,
        size_in_gb=_size(draft, machine.os_disk.disk_name),
        created=draft.now,
    )
    register_blob(draft, link, "image", name)
    draft.os_images[name] = image
    return image
