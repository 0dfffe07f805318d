"""The kinds of hardware in a region, by the sizes they host.

A service with machines is on one cluster, and has the sizes of that cluster only: lists of hosted services show it.
Which kinds there were, and what each hosts, was recorded for D, D_v2, DS_v2 with Fs, and G; for the others it is
assumed that a series has hardware of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .locations import Location
from .role_sizes import series

_SMALL = ("general", "high_memory", "basic")


@dataclass(frozen=True, slots=True)
class Cluster:
    """A kind of hardware and the series of sizes it hosts, where a region offers them."""

    name: str
    series: tuple[str, ...]

    def sizes(self, offered: Collection[str]) -> tuple[str, ...]:
        """Those of the offered sizes that it hosts, in their order."""
        own = {size for name in self.series for size in series(name)}
        return tuple(size for size in offered if size in own)


# The newest first, as new services go there (recorded of 2016 and 2017).
CLUSTERS = (
    Cluster("D_v2", (*_SMALL, "A_v2", "D_v2", "D_v2_promo", "F")),
    Cluster("D", (*_SMALL, "D", "Basic_D")),
    Cluster("DS_v2", ("DS_v2", "DS_v2_promo", "Fs")),
    Cluster("DS", ("DS",)),
    Cluster("G", ("G", "GS")),
    Cluster("HPC", ("compute_intensive",)),
    Cluster("H", ("H",)),
    Cluster("Ls", ("Ls",)),
)
# What there is only where nothing newer is.
_OLDEST = Cluster("A", _SMALL)


def cluster(name: str) -> Cluster:
    """A kind of hardware by its name; KeyError for an unknown one."""
    return {one.name: one for one in (*CLUSTERS, _OLDEST)}[name]


def cluster_for(place: Location, sizes: Collection[str]) -> Cluster | None:
    """The newest kind of hardware of a region that hosts all of these sizes; None if there is none."""
    offered = place.virtual_machines_role_sizes
    for one in (*CLUSTERS, _OLDEST):
        if set(sizes) <= set(one.sizes(offered)) and _built(one, offered):
            return one
    return None


def _built(one: Cluster, offered: Collection[str]) -> bool:
    """Whether a region has such hardware: it offers what only that kind hosts."""
    special = {size for name in one.series if name not in _SMALL for size in series(name)}
    return one is _OLDEST or not special.isdisjoint(offered)
