"""What the platform offers everybody: regions, sizes, guest operating systems, images, extensions.

Read-only data, the same for every subscription, as it stood around the spring of 2017 (operating systems: June 2015);
regions also as they were on an earlier day.
Lookups take names without regard to case and answer None for what does not exist.  Tables are read on first use.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Protocol, TypeVar

from . import extensions as _extensions
from . import locations as _locations
from . import operating_systems as _operating_systems
from . import os_images as _os_images
from . import role_sizes as _role_sizes
from . import vm_images as _vm_images
from .extensions import ResourceExtension
from .locations import LATEST, Location
from .operating_systems import OperatingSystem, OperatingSystemFamily
from .os_images import PlatformImage
from .role_sizes import RoleSize
from .vm_images import DataDisk, OSDisk, PlatformVMImage

__all__ = [
    "LATEST",
    "DataDisk",
    "Location",
    "OSDisk",
    "OperatingSystem",
    "OperatingSystemFamily",
    "PlatformImage",
    "PlatformVMImage",
    "ResourceExtension",
    "RoleSize",
    "all_locations",
    "all_operating_system_families",
    "all_operating_systems",
    "all_os_images",
    "all_resource_extensions",
    "all_role_sizes",
    "all_vm_images",
    "default_operating_system",
    "location",
    "operating_system",
    "os_image",
    "resource_extension",
    "resource_extension_versions",
    "role_size",
    "vm_image",
]


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_N = TypeVar("_N", bound=_Named)


def _by_name(items: Iterable[_N]) -> dict[str, _N]:
    return {item.name.lower(): item for item in items}


def all_locations(day: date = LATEST) -> tuple[Location, ...]:
    """Every region and what it offered on a day, in the order of the list."""
    return _locations.locations(day)


def location(name: str, day: date = LATEST) -> Location | None:
    """A region by its name ("West US"), as it was on a day; None before it was listed."""
    return _location_index(day).get(name.lower())


@cache
def _location_index(day: date) -> dict[str, Location]:
    return _by_name(all_locations(day))


def all_role_sizes() -> tuple[RoleSize, ...]:
    """Every size, sorted by name as recorded."""
    return _role_sizes.role_sizes()


def role_size(name: str) -> RoleSize | None:
    """A size by its name ("Small", "Standard_D1_v2")."""
    return _role_size_index().get(name.lower())


@cache
def _role_size_index() -> dict[str, RoleSize]:
    return _by_name(all_role_sizes())


def all_operating_system_families() -> tuple[OperatingSystemFamily, ...]:
    """The families of guest operating systems, by number."""
    return _operating_systems.FAMILIES


def all_operating_systems(family: str | None = None) -> tuple[OperatingSystem, ...]:
    """Every version, or those of one family ("1" to "4"); none for an unknown family."""
    found = _operating_systems.operating_systems()
    return found if family is None else tuple(os for os in found if os.family == family)


def operating_system(version: str) -> OperatingSystem | None:
    """A version by its full text ("WA-GUEST-OS-2.40_201506-01")."""
    wanted = version.lower()
    return next((os for os in all_operating_systems() if os.version.lower() == wanted), None)


def default_operating_system(family: str) -> OperatingSystem | None:
    """The version that a role which lets the platform choose (`osVersion="*"`) runs on."""
    return next((os for os in all_operating_systems(family) if os.is_default), None)


def all_os_images() -> tuple[PlatformImage, ...]:
    """Every platform OS image, sorted by name."""
    return _os_images.os_images()


def os_image(name: str) -> PlatformImage | None:
    """A platform OS image by its full name."""
    return _os_image_index().get(name.lower())


@cache
def _os_image_index() -> dict[str, PlatformImage]:
    return _by_name(all_os_images())


def all_vm_images() -> tuple[PlatformVMImage, ...]:
    """Every platform VM image, sorted by name."""
    return _vm_images.vm_images()


def vm_image(name: str) -> PlatformVMImage | None:
    """A platform VM image by its full name."""
    return _vm_image_index().get(name.lower())


@cache
def _vm_image_index() -> dict[str, PlatformVMImage]:
    return _by_name(all_vm_images())


@cache
def all_resource_extensions() -> tuple[ResourceExtension, ...]:
    """The newest version of every extension of virtual machines; show its `listed_version`."""
    newest = {(each.publisher, each.name): each for each in _extensions.resource_extensions()}
    return tuple(newest.values())


def resource_extension_versions(publisher: str, name: str) -> tuple[ResourceExtension, ...]:
    """Every version of one extension, oldest first; none if there is no such extension."""
    wanted = (publisher.lower(), name.lower())
    return tuple(
        each for each in _extensions.resource_extensions() if (each.publisher.lower(), each.name.lower()) == wanted
    )


def resource_extension(publisher: str, name: str, version: str = "*") -> ResourceExtension | None:
    """The newest version that a reference such as `1.*` admits."""
    found = (
        each for each in resource_extension_versions(publisher, name) if _extensions.matches(version, each.version)
    )
    return max(found, key=lambda each: _extensions.version_key(each.version), default=None)
