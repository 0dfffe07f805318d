"""OS images: the disks that new virtual machines boot from, the platform's and the subscription's own.

Element order: recorded; clients disagree on the order of some metadata in requests.
"""

from __future__ import annotations

from datetime import datetime

from asm_contracts.document import document, element
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, operation
from asm_contracts.vocabulary import SerializedString

METADATA = "2012-08-01"
PUBLISHING = "2015-04-01"


@document()
class ComputeImageAttributes:
    """What an image is published as."""

    offer: str
    sku: str
    version: str


@document()
class MarketplacePlan:
    """The plan of the marketplace under which a published image is sold."""

    name: str
    publisher: str
    product: str


@document()
class MarketplaceImageAttributes:
    """What the marketplace knows of a published image."""

    publisher_id: str
    plan: MarketplacePlan


@document()
class ReplicationInput:
    """All regions that an image is to be in: those left out lose it."""

    target_locations: tuple[str, ...] | None = element(default=None, item="Region")
    compute_image_attributes: ComputeImageAttributes | None = None
    marketplace_image_attributes: MarketplaceImageAttributes | None = None


@document()
class ReplicationProgressElement:
    """How much of an image has arrived in a region, in percent."""

    location: str
    progress: str


@document(name="OSImage")
class AddOSImage:
    """A VHD to register as an image.  The label is plain text."""

    label: str
    media_link: str
    name: str
    os: str
    eula: str | None = None
    description: str | None = None
    image_family: str | None = None
    show_in_gui: bool | None = element(default=None, anywhere=True)
    published_date: datetime | None = element(default=None, anywhere=True)
    is_premium: bool | None = element(default=None, anywhere=True)
    icon_uri: str | None = element(default=None, anywhere=True)
    privacy_uri: str | None = element(default=None, anywhere=True)
    recommended_vm_size: str | None = None
    small_icon_uri: str | None = None
    language: str | None = None


@document(name="OSImage")
class UpdateOSImage:
    """Metadata that change.  Media link, name and OS are sent by some clients and cannot change."""

    label: str
    media_link: str | None = None
    name: str | None = None
    os: str | None = None
    eula: str | None = None
    description: str | None = None
    image_family: str | None = None
    show_in_gui: bool | None = element(default=None, anywhere=True)
    published_date: datetime | None = element(default=None, anywhere=True)
    is_premium: bool | None = element(default=None, anywhere=True)
    icon_uri: str | None = element(default=None, anywhere=True)
    privacy_uri: str | None = element(default=None, anywhere=True)
    recommended_vm_size: str | None = None
    small_icon_uri: str | None = None
    language: str | None = None


@document()
class OSImage:
    """An OS image.  A platform image has no media link, and lists its regions between semicolons."""

    affinity_group: str | None = None
    category: str | None = None
    label: str | None = None
    location: str | None = None
    logical_size_in_gb: int | None = None
    media_link: str | None = None
    name: str | None = None
    os: str | None = None
    eula: str | None = element(default=None, since=METADATA)
    description: str | None = element(default=None, since=METADATA)
    image_family: str | None = element(default=None, since=METADATA)
    show_in_gui: bool | None = element(default=None, since=METADATA)
    published_date: datetime | None = element(default=None, since=METADATA)
    is_premium: bool | None = element(default=None, since=METADATA)
    icon_uri: str | None = element(default=None, since=METADATA)
    privacy_uri: str | None = element(default=None, since=METADATA)
    recommended_vm_size: str | None = element(default=None, since=METADATA)
    publisher_name: str | None = element(default=None, since=METADATA)
    pricing_detail_link: str | None = element(default=None, since=METADATA)
    small_icon_uri: str | None = element(default=None, since="2013-03-01")
    language: str | None = element(default=None, since="2013-03-01")
    os_state: str | None = element(default=None, since="2014-05-01")
    io_type: str | None = element(default=None, since="2014-06-01")


@document()
class Images:
    """The OS images that a subscription can use."""

    items: tuple[OSImage, ...] = element(default=(), flat=True)


@document()
class OSImageDetails(OSImage):
    """An OS image as its publisher sees it.  It has no OS state and no IO type (recorded)."""

    is_corrupted: bool | None = None
    replication_progress: tuple[ReplicationProgressElement, ...] | None = None
    compute_image_attributes: ComputeImageAttributes | None = element(default=None, since=PUBLISHING)
    marketplace_image_attributes: MarketplaceImageAttributes | None = element(default=None, since=PUBLISHING)


class ImageContract(Contract):
    """Register, find, change and publish OS images."""

    @operation("GET", "/services/images", since="2012-03-01")
    def list_os_images(self) -> Images:
        """List the platform's OS images and the subscription's own."""

    @operation("GET", "/services/images/{image_name}", since="2012-03-01", errors=(ResourceNotFound,))
    def get_os_image(self, image_name: str) -> OSImage:
        """Read an OS image."""

    @operation("GET", "/services/images/{image_name}/details", since="2013-06-01", errors=(ResourceNotFound,))
    def get_os_image_details(self, image_name: str) -> OSImageDetails:
        """Read an OS image with the progress of its replication."""

    @operation("POST", "/services/images", since="2012-03-01", errors=(BadRequest, ConflictError))
    def add_os_image(self, body: AddOSImage) -> OSImage:
        """Register a VHD in an account of the subscription as an OS image."""

    @operation(
        "PUT",
        "/services/images/{image_name}",
        since="2012-03-01",
        errors=(BadRequest, ForbiddenError, ResourceNotFound),
    )
    def update_os_image(self, image_name: str, body: UpdateOSImage) -> OSImage:
        """Change the metadata of an own OS image."""

    @operation(
        "DELETE",
        "/services/images/{image_name}",
        since="2012-03-01",
        errors=(ConflictError, ForbiddenError, ResourceNotFound),
    )
    def delete_os_image(self, image_name: str) -> None:
        """Forget an own OS image; its blob stays."""

    @operation(
        "DELETE",
        "/services/images/{image_name}?comp=media",
        since="2012-08-01",
        errors=(ConflictError, ForbiddenError, ResourceNotFound),
    )
    def delete_os_image_and_media(self, image_name: str) -> None:
        """Delete an own OS image and its blob."""

    @operation(
        "PUT",
        "/services/images/{image_name}/replicate",
        since=PUBLISHING,
        errors=(BadRequest, ForbiddenError, ResourceNotFound),
    )
    def replicate_os_image(self, image_name: str, body: ReplicationInput) -> SerializedString:
        """Copy an own OS image to regions; the answer is the name it is published under."""

    @operation(
        "PUT",
        "/services/images/{image_name}/unreplicate",
        since=PUBLISHING,
        errors=(ForbiddenError, ResourceNotFound),
    )
    def unreplicate_os_image(self, image_name: str) -> None:
        """Take an own OS image away from all regions it was copied to."""

    @operation(
        "PUT",
        "/services/images/{image_name}/shareasync?permission={permission}",
        since=PUBLISHING,
        errors=(BadRequest, ForbiddenError, ResourceNotFound),
    )
    def share_os_image(self, image_name: str, permission: str) -> Accepted:
        """Let others use a replicated OS image: ``public``, ``msdn`` or ``private``."""
