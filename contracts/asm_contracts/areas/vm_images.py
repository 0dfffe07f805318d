"""VM images: an OS disk together with data disks, captured from a machine or made from blobs.

Element order: recorded; clients disagree on the place of the description in an update.
"""

from __future__ import annotations

from datetime import datetime

from asm_contracts.areas.images import (
    PUBLISHING,
    ComputeImageAttributes,
    MarketplaceImageAttributes,
    ReplicationInput,
    ReplicationProgressElement,
)
from asm_contracts.document import PreciseTime, document, element
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, operation
from asm_contracts.vocabulary import SerializedString


@document()
class OSDiskConfiguration:
    """The OS disk of a VM image.  In a request: without name and size; in an update: only the caching."""

    name: str | None = None
    host_caching: str | None = None
    os_state: str | None = None
    os: str | None = None
    media_link: str | None = None
    logical_disk_size_in_gb: int | None = None
    io_type: str | None = element(default=None, since="2014-06-01")


@document()
class DataDiskConfiguration:
    """A data disk of a VM image.  Unlike a machine's disk, one on LUN 0 says so in answers (recorded)."""

    name: str | None = None
    host_caching: str | None = None
    lun: int | None = None
    media_link: str | None = None
    logical_disk_size_in_gb: int | None = None
    io_type: str | None = element(default=None, since="2014-06-01")


@document(name="VMImage")
class CreateVMImage:
    """Blobs to register as a VM image."""

    name: str
    label: str
    description: str | None = None
    os_disk_configuration: OSDiskConfiguration
    data_disk_configurations: tuple[DataDiskConfiguration, ...] | None = None
    language: str | None = None
    image_family: str | None = None
    recommended_vm_size: str | None = None
    eula: str | None = None
    icon_uri: str | None = None
    small_icon_uri: str | None = None
    privacy_uri: str | None = None
    published_date: datetime | None = None
    show_in_gui: bool | None = None


@document(name="VMImage")
class UpdateVMImage:
    """What changes; what is left out stays.  Data disks are told apart by name."""

    label: str | None = None
    description: str | None = element(default=None, anywhere=True)
    os_disk_configuration: OSDiskConfiguration | None = None
    data_disk_configurations: tuple[DataDiskConfiguration, ...] | None = None
    language: str | None = None
    image_family: str | None = None
    recommended_vm_size: str | None = None
    eula: str | None = None
    icon_uri: str | None = None
    small_icon_uri: str | None = None
    privacy_uri: str | None = None
    published_date: datetime | None = None
    show_in_gui: bool | None = None


@document()
class VMImage:
    """A VM image.  One that was captured names the machine it came from."""

    name: str | None = None
    label: str | None = None
    category: str | None = None
    description: str | None = None
    os_disk_configuration: OSDiskConfiguration | None = None
    data_disk_configurations: tuple[DataDiskConfiguration, ...] | None = None
    service_name: str | None = None
    deployment_name: str | None = None
    role_name: str | None = None
    location: str | None = None
    affinity_group: str | None = None
    created_time: PreciseTime | None = None
    modified_time: PreciseTime | None = None
    language: str | None = None
    image_family: str | None = None
    recommended_vm_size: str | None = None
    is_premium: bool | None = None
    eula: str | None = None
    icon_uri: str | None = None
    small_icon_uri: str | None = None
    privacy_uri: str | None = None
    publisher_name: str | None = None
    published_date: datetime | None = None
    show_in_gui: bool | None = None
    pricing_detail_link: str | None = None
    vm_image_state: str | None = None
    role_state_on_capture: str | None = None
    role_size_on_capture: str | None = None


@document()
class VMImages:
    """The VM images that a subscription can use."""

    items: tuple[VMImage, ...] = element(default=(), flat=True)


@document()
class VMImageDetails(VMImage):
    """A VM image as its publisher sees it."""

    is_corrupted: bool | None = None
    published_name: str | None = None
    sharing_status: str | None = None
    replication_progress: tuple[ReplicationProgressElement, ...] | None = None
    compute_image_attributes: ComputeImageAttributes | None = element(default=None, since=PUBLISHING)
    marketplace_image_attributes: MarketplaceImageAttributes | None = element(default=None, since=PUBLISHING)


class VMImageContract(Contract):
    """Register, find, change and publish VM images."""

    @operation(
        "GET",
        "/services/vmimages?location={location}&publisher={publisher}&category={category}",
        since="2014-05-01",
    )
    def list_vm_images(
        self, location: str | None = None, publisher: str | None = None, category: str | None = None
    ) -> VMImages:
        """List the subscription's own VM images and the platform's, or those that meet the filters."""

    @operation("GET", "/services/vmimages/{image_name}/details", since="2014-05-01", errors=(ResourceNotFound,))
    def get_vm_image_details(self, image_name: str) -> VMImageDetails:
        """Read a VM image with the progress of its replication."""

    @operation("POST", "/services/vmimages", since="2014-05-01", errors=(BadRequest, ConflictError))
    def create_vm_image(self, body: CreateVMImage) -> Accepted:
        """Register VHDs in an account of the subscription as a VM image."""

    @operation(
        "PUT",
        "/services/vmimages/{image_name}",
        since="2014-05-01",
        errors=(BadRequest, ConflictError, ForbiddenError, ResourceNotFound),
    )
    def update_vm_image(self, image_name: str, body: UpdateVMImage) -> None:
        """Change the metadata of an own VM image, and how its disks are cached and numbered."""

    @operation(
        "DELETE",
        "/services/vmimages/{image_name}",
        since="2014-05-01",
        errors=(ConflictError, ForbiddenError, ResourceNotFound),
    )
    def delete_vm_image(self, image_name: str) -> Accepted:
        """Forget an own VM image; its blobs stay."""

    @operation(
        "DELETE",
        "/services/vmimages/{image_name}?comp=media",
        since="2014-05-01",
        errors=(ConflictError, ForbiddenError, ResourceNotFound),
    )
    def delete_vm_image_and_media(self, image_name: str) -> Accepted:
        """Delete an own VM image and its blobs."""

    @operation(
        "PUT",
        "/services/vmimages/{image_name}/replicate",
        since=PUBLISHING,
        errors=(BadRequest, ForbiddenError, ResourceNotFound),
    )
    def replicate_vm_image(self, image_name: str, body: ReplicationInput) -> SerializedString:
        """Copy an own VM image to regions; the answer is the name it is published under."""

    @operation(
        "PUT",
        "/services/vmimages/{image_name}/unreplicate",
        since=PUBLISHING,
        errors=(ForbiddenError, ResourceNotFound),
    )
    def unreplicate_vm_image(self, image_name: str) -> None:
        """Take an own VM image away from all regions it was copied to."""

    @operation(
        "PUT",
        "/services/vmimages/{image_name}/shareasync?permission={permission}",
        since=PUBLISHING,
        errors=(BadRequest, ForbiddenError, ResourceNotFound),
    )
    def share_vm_image(self, image_name: str, permission: str) -> Accepted:
        """Let others use a replicated VM image: ``public``, ``msdn`` or ``private``."""
