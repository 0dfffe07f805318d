"""Disks: registered VHDs, attached to a virtual machine or free.

Element order: recorded.
"""

from __future__ import annotations

from datetime import datetime

from asm_contracts.document import document, element
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, operation


@document(name="Disk")
class AddDisk:
    """A VHD to register as a disk: an OS disk with `os`, a data disk without.  The label is plain text."""

    has_operating_system: bool | None = element(default=None, anywhere=True)
    os: str | None = None
    label: str
    media_link: str
    name: str


@document(name="Disk")
class UpdateDisk:
    """What changes: the label, and the size with `resized_size_in_gb`.  Clients send the rest for nothing."""

    has_operating_system: bool | None = element(default=None, anywhere=True)
    os: str | None = None
    label: str
    media_link: str | None = None
    name: str | None = None
    resized_size_in_gb: int | None = None


@document()
class AttachedTo:
    """The role that a disk is attached to."""

    deployment_name: str
    hosted_service_name: str
    role_name: str


@document()
class Disk:
    """A registered disk; exactly one of location and affinity group is there."""

    affinity_group: str | None = None
    attached_to: AttachedTo | None = None
    os: str | None = None
    is_corrupted: bool | None = None
    label: str | None = None
    location: str | None = None
    logical_disk_size_in_gb: int | None = None
    media_link: str | None = None
    name: str | None = None
    source_image_name: str | None = None
    is_premium: bool | None = None
    created_time: datetime | None = None
    io_type: str | None = element(default=None, since="2014-06-01")


@document()
class Disks:
    """All disks of a subscription."""

    items: tuple[Disk, ...] = element(default=(), flat=True)


class DiskContract(Contract):
    """Register, find, change and delete disks."""

    @operation("GET", "/services/disks", since="2012-03-01")
    def list_disks(self) -> Disks:
        """List the disks of the subscription."""

    @operation("GET", "/services/disks/{disk_name}", since="2012-03-01", errors=(ResourceNotFound,))
    def get_disk(self, disk_name: str) -> Disk:
        """Read a disk."""

    @operation("POST", "/services/disks", since="2012-03-01", errors=(BadRequest, ConflictError))
    def add_disk(self, body: AddDisk) -> Disk:
        """Register a VHD in an account of the subscription as a disk."""

    @operation(
        "PUT", "/services/disks/{disk_name}", since="2012-03-01", errors=(BadRequest, ConflictError, ResourceNotFound)
    )
    def update_disk(self, disk_name: str, body: UpdateDisk) -> Disk | Accepted:
        """Change the label of a disk at once (200), or let it grow, which goes on as an operation (202).

        One published client takes only 200 for this address, another only 202: the first is the call that renames,
        the second the one that resizes.
        """

    @operation(
        "DELETE",
        "/services/disks/{disk_name}",
        since="2012-03-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def delete_disk(self, disk_name: str) -> None:
        """Forget a disk that is attached to nothing; its blob stays."""

    @operation(
        "DELETE",
        "/services/disks/{disk_name}?comp=media",
        since="2012-08-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def delete_disk_and_media(self, disk_name: str) -> None:
        """Delete a disk that is attached to nothing, and its blob."""
