"""The regions a subscription can use, and what they offered on a day.

Recorded, each with the day: East US, West US, Central US and South Central US of 2015 to 2017, others of March 2015.
In between an offer is taken to begin when Microsoft announced it; what other regions offered is assumed from the public
lists of sizes by region.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from .role_sizes import WEB_WORKER_SERIES, series, text_order

LATEST = date(2017, 3, 31)
"""The day that is shown unless another is asked for: the last one with most of the recorded images and sizes."""


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


# A series and the days from which and until which it was offered: (name, since, until), the bounds empty if unknown.
_Offer = tuple[str, str, str]
_SERVICES = ("Compute", "Storage", "PersistentVMRole", "HighMemory")
_STORAGE = ("Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_RAGRS")
_PREMIUM = "Premium_LRS"

_EVERYWHERE: tuple[_Offer, ...] = (
    ("general", "", ""),
    ("high_memory", "", ""),
    ("basic", "", ""),
    ("Basic_D", "2015-07-02", "2015-08-15"),
    ("D_v2", "2015-10-05", ""),
    ("DS_v2", "2015-10-05", ""),
    ("F", "2016-06-10", ""),
    ("Fs", "2016-06-10", ""),
    ("A_v2", "2016-11-01", ""),
)
# Of these series only some sizes were there at first: they came later.
_LATER = {"Standard_D15_v2": "2016-09-01", "Standard_DS15_v2": "2016-09-01"}
# Web and worker roles could not have this series at first (recorded), and that one for some months only.
_WEB_WORKER_SINCE = {"G": "2016-09-01"}
_WEB_WORKER_FOR_A_TIME: tuple[_Offer, ...] = (("DS_v2", "2015-10-05", "2016-07-31"),)

_D: tuple[_Offer, ...] = (("D", "", ""),)
_FIRST_GENERATION: tuple[_Offer, ...] = (*_D, ("DS", "2015-09-15", ""))
_HPC: _Offer = ("compute_intensive", "", "")
_RDMA: tuple[_Offer, ...] = (_HPC, ("H", "2017-02-01", "2017-05-01"))
_LARGE: tuple[_Offer, ...] = (("G", "", ""), ("GS", "2015-09-02", ""), ("Ls", "2017-03-01", ""))
_LATER_LARGE: tuple[_Offer, ...] = (("G", "2015-06-01", ""), *_LARGE[1:])
_PROMOTION: tuple[_Offer, ...] = (("D_v2_promo", "2016-11-15", ""), ("DS_v2_promo", "2016-11-15", ""))
_LATE_PROMOTION: tuple[_Offer, ...] = (("D_v2_promo", "2017-05-01", ""), ("DS_v2_promo", "2017-05-01", ""))

# name, pair, the day it opened, series beyond those found everywhere
_REGIONS: tuple[tuple[str, str, str, tuple[_Offer, ...]], ...] = (
    # Recorded.
    ("East US", "West US", "", (*_FIRST_GENERATION, *_RDMA, *_LATE_PROMOTION)),
    ("West US", "East US", "", (*_D, ("DS", "2015-04-16", ""), _HPC, ("H", "2016-10-31", ""), *_LARGE)),
    ("South Central US", "North Central US", "", (*_FIRST_GENERATION, *_RDMA, *_LATE_PROMOTION)),
    ("Central US", "East US 2", "", (*_FIRST_GENERATION, *_PROMOTION)),
    # Assumed: sizes of 2015 where recorded, and the public lists of sizes by region.
    ("North Central US", "South Central US", "", (*_FIRST_GENERATION, *_RDMA)),
    ("East US 2", "Central US", "", (*_FIRST_GENERATION, *_LARGE)),
    ("North Europe", "West Europe", "", (*_FIRST_GENERATION, *_RDMA)),
    ("West Europe", "North Europe", "", (*_FIRST_GENERATION, *_RDMA, *_LATER_LARGE)),
    ("Southeast Asia", "East Asia", "", (*_FIRST_GENERATION, *_LATER_LARGE)),
    ("East Asia", "Southeast Asia", "", _FIRST_GENERATION),
    ("Japan West", "Japan East", "", _FIRST_GENERATION),
    ("Japan East", "Japan West", "", (*_FIRST_GENERATION, *_RDMA)),
    ("Brazil South", "South Central US", "", _FIRST_GENERATION),
    ("Australia East", "Australia Southeast", "", (*_FIRST_GENERATION, *_LATER_LARGE)),
    ("Australia Southeast", "Australia East", "", _FIRST_GENERATION),
    ("Central India", "South India", "2015-09-29", _FIRST_GENERATION),
    ("South India", "Central India", "2015-09-29", _FIRST_GENERATION),
    ("West India", "South India", "2015-09-29", _FIRST_GENERATION),
    # Assumed: regions opened from 2016 on were never given the first D series.
    ("Canada Central", "Canada East", "2016-05-10", ()),
    ("Canada East", "Canada Central", "2016-05-10", ()),
    ("UK South", "UK West", "2016-09-07", _LARGE),
    ("UK West", "UK South", "2016-09-07", ()),
    ("Korea Central", "Korea South", "2017-02-21", ()),
    ("Korea South", "Korea Central", "2017-02-21", ()),
    ("West US 2", "West Central US", "2016-07-12", _LARGE),
    ("West Central US", "West US 2", "2016-07-12", ()),
)
# Where premium storage was listed first, and until when (recorded).
_PREMIUM_FIRST = {"West US": "2016-06-30"}
# Regions that were listed before they offered anything (recorded).
_ANNOUNCED = {"West India": "2015-06-01"}

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
def locations(day: date = LATEST) -> tuple[Location, ...]:
    """Every region that was listed on a day, those recorded first."""
    today = day.isoformat()
    return tuple(
        _location(name, pair, extra, today, is_open=opened <= today)
        for name, pair, opened, extra in _REGIONS
        if opened <= today or _ANNOUNCED.get(name, opened) <= today
    )


def _location(name: str, pair: str, extra: tuple[_Offer, ...], today: str, *, is_open: bool) -> Location:
    offers = (*_EVERYWHERE, *extra) if is_open else ()
    premium = any(one in _names(offers, today) for one in ("DS", "DS_v2"))
    storage = (_PREMIUM, *_STORAGE) if today <= _PREMIUM_FIRST.get(name, "") else (*_STORAGE, _PREMIUM)
    return Location(
        name=name,
        display_name=name,
        available_services=_SERVICES if is_open else ("None",),
        web_worker_role_sizes=_sizes(
            today,
            *(
                one
                for one in _names(offers, today)
                if one in WEB_WORKER_SERIES and _WEB_WORKER_SINCE.get(one, "") <= today
            ),
            *(_names(_WEB_WORKER_FOR_A_TIME, today) if is_open else ()),
        ),
        virtual_machines_role_sizes=_sizes(today, *_names(offers, today)),
        storage_account_types=(storage if premium else _STORAGE) if is_open else (),
        paired_with=pair,
    )


def _names(offers: tuple[_Offer, ...], today: str) -> tuple[str, ...]:
    return tuple(name for name, since, until in offers if since <= today and (not until or today <= until))


def _sizes(today: str, *names: str) -> tuple[str, ...]:
    found = {size for name in names for size in series(name) if _LATER.get(size, "") <= today}
    return tuple(sorted(found, key=text_order))
