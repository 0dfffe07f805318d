"""The table of platform OS images, one line of products after another.

Names, labels, sizes, dates and links are recorded or documented; a name or date that could only be continued from its
neighbours' pattern is assumed.  Descriptions are our own.

A row is `name | published | label | hidden`: an empty label
or one that begins with a comma stands for the family, and a hidden image tells portals not to show it.
"""

from typing import NamedTuple

from .locations import IMAGE_ORDER


class ImageLine(NamedTuple):
    """What the images of one line have in common, and a row for each of them.

    `prefix` is the publisher's id, the part of a name before `__`; `size` is in GB.
    """

    prefix: str
    publisher: str
    os: str
    family: str | None
    description: str
    rows: str
    size: int = 30
    locations: tuple[str, ...] = IMAGE_ORDER
    eula: str | None = None
    privacy: str | None = None
    icon: str | None = None
    small_icon: str | None = None
    vm_size: str | None = None
    pricing: str | None = None
    premium: bool = False


def lines() -> tuple[ImageLine, ...]:
    """Every line of images."""
    from . import os_image_lines_linux as linux
    from . import os_image_lines_windows as windows

    return linux.LINES + windows.LINES


def regions(*left_out: str) -> tuple[str, ...]:
    """All regions but those named, in the order images name them."""
    return tuple(name for name in IMAGE_ORDER if name not in left_out)


# The regions there were when an image was published.
_SINCE_2017 = ("Korea Central", "Korea South", "UK South", "UK West", "West US 2", "West Central US")
_SINCE_2016 = (*_SINCE_2017, "Canada Central", "Canada East")
_SINCE_2015 = (*_SINCE_2016, "Central India", "South India", "West India")
_SINCE_2014 = (
    *_SINCE_2015,
    *("Australia East", "Australia Southeast", "Brazil South", "Japan East", "Japan West"),
    *("Central US", "East US 2", "South Central US"),
)
REGIONS_2016 = regions(*_SINCE_2016)
REGIONS_2015 = regions(*_SINCE_2015)
REGIONS_2013 = regions(*_SINCE_2014)
REGIONS_2012 = regions(*_SINCE_2014, "North Central US")
REGIONS_MSDN = (
    *("East Asia", "Southeast Asia", "North Europe", "West Europe"),
    *("Central US", "East US", "East US 2", "South Central US"),
)
