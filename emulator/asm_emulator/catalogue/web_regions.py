"""The regions that take web sites, and the metrics that sites have.

Names, order and most of the stamps' short names were recorded in 2014 to 2016; the other short names are those that
host names of the time show (assumed).
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

_LAST: Final = 2**31 - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class WebRegion:
    """A region, with one stamp of those it had.

    `code` is the short name of its stamps, `recent` whether none of them ran a build before autumn 2016.
    """

    name: str
    order: int
    code: str
    recent: bool = False
    number: int = 1
    """Of the stamp there."""

    @property
    def stamp(self) -> str:
        """``waws-prod-bay-061``: the scale unit that all of the region's sites are on here."""
        return f"waws-prod-{self.code.lower()}-{self.number:03d}"

    @property
    def compact(self) -> str:
        """``WestUS``: how resource groups and web spaces spell it."""
        return self.name.replace(" ", "")


_REGIONS: Final = (
    ("South Central US", "sn1"),
    ("North Europe", "DB3"),
    ("West Europe", "AM2"),
    ("Southeast Asia", "sg1"),
    ("East Asia", "hk1"),
    ("West US", "bay"),
    ("East US", "BLU"),
    ("Japan West", "os1"),
    ("Japan East", "ty1"),
    ("East US 2", "bn1"),
    ("North Central US", "CH1"),
    ("Central US", "dm1"),
    ("Brazil South", "cq1"),
    ("Australia East", "sy3"),
    ("Australia Southeast", "ml1"),
)
_LATER: Final = (
    ("Central India", "pn1"),
    ("West India", "bm1"),
    ("South India", "ma1"),
    ("Canada Central", "yt1"),
    ("Canada East", "yq1"),
    ("West Central US", "cy4"),
    ("West US 2", "mwh"),
)
_RECENT: Final = (("UK West", "cw1"), ("UK South", "ln1"))
_STAMPS: Final = {"West US": 61, "East US": 55, "West Europe": 3, "UK South": 3}
"""Stamps that were recorded; sites of a region were on several over the years."""


@cache
def web_regions() -> tuple[WebRegion, ...]:
    """Every region, in the order of the list."""
    return (
        *(_region(name, code, order) for order, (name, code) in enumerate(_REGIONS)),
        *(_region(name, code, _LAST) for name, code in _LATER),
        *(_region(name, code, _LAST, recent=True) for name, code in _RECENT),
    )


def _region(name: str, code: str, order: int, *, recent: bool = False) -> WebRegion:
    return WebRegion(name=name, order=order, code=code, recent=recent, number=_STAMPS.get(name, 1))


def web_region(name: str) -> WebRegion | None:
    """A region by its name in any case."""
    return next((one for one in web_regions() if one.name.lower() == name.strip().lower()), None)


def region_of_webspace(name: str) -> WebRegion | None:
    """The region that a web space's name speaks of: ``westuswebspace``, ``group-WestUSwebspace``; None if none."""
    space, suffix = name.lower(), "webspace"
    if not space.endswith(suffix):
        return None
    place = space[: -len(suffix)].rpartition("-")[2]
    return next((one for one in web_regions() if one.compact.lower() == place), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """A metric of sites; `defined` says whether the list of definitions has it."""

    name: str
    display_name: str
    unit: str
    aggregation: str = "Total"
    defined: bool = True


def _metric(name: str, display_name: str, unit: str, aggregation: str = "Total", *, defined: bool = True) -> Metric:
    return Metric(name=name, display_name=display_name, unit=unit, aggregation=aggregation, defined=defined)


METRICS: Final = (
    _metric("IncomingRequestBytes", "Incoming request bytes", "Bytes", defined=False),
    _metric("IncomingRequestResponseBytes", "Incoming request response bytes", "Bytes", defined=False),
    _metric("Requests", "Requests", "Count"),
    _metric("Http2xx", "Http 2xx", "Count"),
    _metric("Http3xx", "Http 3xx", "Count"),
    _metric("Http401", "Http 401", "Count"),
    _metric("Http403", "Http 403", "Count"),
    _metric("Http404", "Http 404", "Count"),
    _metric("Http406", "Http 406", "Count"),
    _metric("Http4xx", "Http 4xx", "Count"),
    _metric("Http5xx", "Http Server Errors", "Count"),
    _metric("AverageResponseTime", "Average Response Time", "Milliseconds", "Average"),
    _metric("CpuTime", "CPU Time", "Milliseconds"),
    _metric("BytesReceived", "Data In", "Bytes"),
    _metric("BytesSent", "Data Out", "Bytes"),
    _metric("OutgoingRequestBytes", "Outgoing request bytes", "Bytes", defined=False),
    _metric("OutgoingRequestResponseBytes", "Outgoing request response bytes", "Bytes", defined=False),
    _metric("LocalReadBytes", "Local read bytes", "Bytes", defined=False),
    _metric("LocalWrittenBytes", "Local written bytes", "Bytes", defined=False),
    _metric("NetworkReadBytes", "Network read bytes", "Bytes", defined=False),
    _metric("NetworkWrittenBytes", "Network written bytes", "Bytes", defined=False),
    _metric("MemoryWorkingSet", "Memory working set", "Bytes"),
    _metric("AverageMemoryWorkingSet", "Average memory working set", "Bytes", "Average"),
)
"""The metrics of a site, in the order recorded.  Of the list of definitions only its length, fifteen, is known."""

GRAINS: Final = (("PT1M", "P2D"), ("PT1H", "P30D"), ("P1D", "P90D"))
"""Grains and how long their samples are kept."""
