"""Operating system images that the platform offers to everyone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache


@dataclass(frozen=True, kw_only=True, slots=True)
class PlatformImage:
    """A public OS image.  None means that the service leaves the element out for this image; times are UTC.

    A platform image has no media link: its VHD belongs to the publisher.
    """

    name: str
    label: str
    os: str
    description: str
    locations: tuple[str, ...]
    logical_size_in_gb: int
    publisher_name: str
    category: str = "Public"
    is_premium: bool = False
    io_type: str = "Standard_LRS"
    eula: str | None = None
    image_family: str | None = None
    show_in_gui: bool | None = None
    published_date: datetime | None = None
    icon_uri: str | None = None
    privacy_uri: str | None = None
    recommended_vm_size: str | None = None
    pricing_detail_link: str | None = None
    small_icon_uri: str | None = None
    language: str | None = None
    os_state: str | None = None

    @property
    def location(self) -> str:
        """The regions as one text, the way an image document has them."""
        return ";".join(self.locations)


@cache
def os_images() -> tuple[PlatformImage, ...]:
    """Every platform image, sorted by name (as recorded lists are)."""
    from .os_image_lines import lines  # A large table: read only when somebody asks for images.

    images: list[PlatformImage] = []
    for line in lines():
        for row in line.rows.strip().splitlines():
            tail, published, label, *hidden = (cell.strip() for cell in row.split("|"))
            images.append(
                PlatformImage(
                    name=f"{line.prefix}__{tail}",
                    label=f"{line.family}{label}" if label[:1] in ("", ",") else label,
                    os=line.os,
                    description=line.description,
                    locations=line.locations,
                    logical_size_in_gb=line.size,
                    publisher_name=line.publisher,
                    is_premium=line.premium,
                    eula=line.eula,
                    image_family=line.family,
                    show_in_gui=False if hidden else None,
                    published_date=datetime.fromisoformat(published).replace(tzinfo=UTC) if published else None,
                    icon_uri=line.icon,
                    privacy_uri=line.privacy,
                    recommended_vm_size=line.vm_size,
                    pricing_detail_link=line.pricing,
                    small_icon_uri=line.small_icon,
                )
            )
    return tuple(sorted(images, key=lambda image: image.name.lower()))
