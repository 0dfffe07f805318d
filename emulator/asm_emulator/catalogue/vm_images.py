"""Virtual machine images that the platform offers: an operating system disk together with its data disks."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache


@dataclass(frozen=True, kw_only=True, slots=True)
class OSDisk:
    """The operating system disk a virtual machine gets from an image; its size is in GB."""

    name: str
    host_caching: str
    os_state: str
    os: str
    logical_disk_size_in_gb: int
    io_type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DataDisk:
    """A data disk a virtual machine gets from an image; its size is in GB."""

    name: str
    host_caching: str
    lun: int
    logical_disk_size_in_gb: int
    io_type: str


# What the service reports as the birth of every public image (recorded).
CREATED = datetime(1801, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlatformVMImage:
    """A public VM image.  None means that the service leaves the element out for this image; times are UTC."""

    name: str
    label: str
    os_disk: OSDisk
    locations: tuple[str, ...]
    publisher_name: str
    data_disks: tuple[DataDisk, ...] = ()
    category: str = "Public"
    description: str | None = None
    created_time: datetime = CREATED
    modified_time: datetime = CREATED
    is_premium: bool = False
    language: str | None = None
    image_family: str | None = None
    recommended_vm_size: str | None = None
    eula: str | None = None
    icon_uri: str | None = None
    small_icon_uri: str | None = None
    privacy_uri: str | None = None
    published_date: datetime | None = None
    show_in_gui: bool | None = None
    pricing_detail_link: str | None = None
    vm_image_state: str = "VMImageReadyForUse"

    @property
    def location(self) -> str:
        """The regions as one text, the way an image document has them."""
        return ";".join(self.locations)


@cache
def vm_images() -> tuple[PlatformVMImage, ...]:
    """Every platform VM image, sorted by name."""
    from .vm_image_table import IMAGES  # Read only when somebody asks for images.

    return tuple(sorted(IMAGES, key=lambda image: image.name.lower()))
