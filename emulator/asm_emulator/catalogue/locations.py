"""The regions a subscription can use.

What East US, West US and South Central US offer was recorded in March 2017, Central US in June 2017.  Of the others
only names, kinds of service and older lists of sizes are recorded or documented: what they offered in 2017 is assumed.
"""

from dataclasses import dataclass
from functools import cache

from .role_sizes import WEB_WORKER_SERIES, series, text_order


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """A region: what can be created there, and the region its geo-redundant storage is copied to."""

    name: str
    display_name: str
    available_services: tuple[str, ...]
    web_worker_role_sizes: tuple[str, ...]
    virtual_machines_role_sizes: tuple[str, ...]
    storage_account_types: tuple[str, ...]
    paired_with: str


_SERVICES = ("Compute", "Storage", "PersistentVMRole", "HighMemory")
_STORAGE = ("Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_RAGRS", "Premium_LRS")

_EVERYWHERE = ("general", "high_memory", "basic", "A_v2", "D_v2", "DS_v2", "F", "Fs")
_FIRST_GENERATION = ("D", "DS")
_RDMA = ("compute_intensive", "H")
_LARGE = ("G", "GS", "Ls")
_PROMOTION = ("D_v2_promo", "DS_v2_promo")

# name, pair, series beyond those found everywhere
_REGIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    # Recorded.
    ("East US", "West US", (*_FIRST_GENERATION, *_RDMA)),
    ("West US", "East US", (*_FIRST_GENERATION, *_RDMA, *_LARGE)),
    ("South Central US", "North Central US", (*_FIRST_GENERATION, *_RDMA)),
    ("Central US", "East US 2", (*_FIRST_GENERATION, *_PROMOTION)),
    # Assumed: sizes of 2015 where recorded, and the public lists of sizes by region.
    ("North Central US", "South Central US", (*_FIRST_GENERATION, *_RDMA)),
    ("East US 2", "Central US", (*_FIRST_GENERATION, *_LARGE)),
    ("North Europe", "West Europe", (*_FIRST_GENERATION, *_RDMA)),
    ("West Europe", "North Europe", (*_FIRST_GENERATION, *_RDMA, *_LARGE)),
    ("Southeast Asia", "East Asia", (*_FIRST_GENERATION, *_LARGE)),
    ("East Asia", "Southeast Asia", _FIRST_GENERATION),
    ("Japan West", "Japan East", _FIRST_GENERATION),
    ("Japan East", "Japan West", (*_FIRST_GENERATION, *_RDMA)),
    ("Brazil South", "South Central US", _FIRST_GENERATION),
    ("Australia East", "Australia Southeast", (*_FIRST_GENERATION, *_LARGE)),
    ("Australia Southeast", "Australia East", _FIRST_GENERATION),
    ("Central India", "South India", _FIRST_GENERATION),
    ("South India", "Central India", _FIRST_GENERATION),
    ("West India", "South India", _FIRST_GENERATION),
    # Assumed: regions opened from 2016 on were never given the first D series.
    ("Canada Central", "Canada East", ()),
    ("Canada East", "Canada Central", ()),
    ("UK South", "UK West", _LARGE),
    ("UK West", "UK South", ()),
    ("Korea Central", "Korea South", ()),
    ("Korea South", "Korea Central", ()),
    ("West US 2", "West Central US", _LARGE),
    ("West Central US", "West US 2", ()),
)

# The order in which images name their regions (recorded).
IMAGE_ORDER = (
    "East Asia",
    "Southeast Asia",
    "Australia East",
    "Australia Southeast",
    "Brazil South",
    "Canada Central",
    "Canada East",
    "North Europe",
    "West Europe",
    "Central India",
    "South India",
    "West India",
    "Japan East",
    "Japan West",
    "Korea Central",
    "Korea South",
    "UK South",
    "UK West",
    "Central US",
    "East US",
    "East US 2",
    "North Central US",
    "South Central US",
    "West US",
    "West US 2",
    "West Central US",
)


@cache
def locations() -> tuple[Location, ...]:
    """Every region, those recorded first."""
    return tuple(
        Location(
            name=name,
            display_name=name,
            available_services=_SERVICES,
            web_worker_role_sizes=_sizes(*(s for s in (*_EVERYWHERE, *extra) if s in WEB_WORKER_SERIES)),
            virtual_machines_role_sizes=_sizes(*_EVERYWHERE, *extra),
            storage_account_types=_STORAGE,
            paired_with=pair,
        )
        for name, pair, extra in _REGIONS
    )


@cache
def _sizes(*names: str) -> tuple[str, ...]:
    return tuple(sorted((size for name in names for size in series(name)), key=text_order))
