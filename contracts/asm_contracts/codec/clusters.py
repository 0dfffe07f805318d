"""What a request for an HDInsight cluster says, in the forms that clients sent over the years.

One is a ``ClusterContainer`` (2011), one a ``Cluster`` (2014), one the documents of a cluster of the second kind, which
are the provider's own.  Of all of them the same few things count; the rest is the provider's business, and passwords
and keys are not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from asm_contracts.codec import tree


class MalformedCluster(ValueError):
    """Bytes that are no request for a cluster; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRole:
    """Nodes of one kind."""

    name: str
    count: int
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterWish:
    """A cluster as it was asked for."""

    name: str | None = None
    location: str | None = None
    version: str = "default"
    user: str | None = None
    accounts: tuple[str, ...] = ()
    """The storage accounts it is to work on, the first one its own."""
    roles: tuple[ClusterRole, ...] = ()


_NAMES: Final = ("DnsName",)
_PLACES: Final = ("AzureStorageLocation", "Location")
_VERSIONS: Final = ("Version", "HdiVersion")
_USERS: Final = ("ClusterUsername", "Username")
_ACCOUNTS: Final = ("AccountName", "AccountDnsName")
_ROLES: Final = ("ClusterNodeSize", "ClusterRole")
_MOST_NODES: Final = 1 << 20


def read(data: bytes) -> ClusterWish:
    """The wish that a request's body is; MalformedCluster for anything else."""
    try:
        root = tree.parse(data)
    except tree.MalformedTree as problem:
        raise MalformedCluster(str(problem)) from problem
    if _local(root) != "Resource" or not any(_local(one) == "IntrinsicSettings" for one in root):
        raise MalformedCluster("a Resource with IntrinsicSettings is expected")
    accounts = dict.fromkeys(account for account in _texts(root, _ACCOUNTS) if account)
    return ClusterWish(
        name=_first(root, _NAMES),
        location=_first(root, _PLACES),
        version=_first(root, _VERSIONS) or "default",
        user=_first(root, _USERS),
        accounts=tuple(accounts),
        roles=tuple(_role(one) for one in root.iter() if _local(one) in _ROLES),
    )


def _role(node: Element) -> ClusterRole:
    count = _first(node, ("Count", "InstanceCount")) or ""
    if not count.isascii() or not count.isdigit() or len(count) > 9 or not 0 < int(count) < _MOST_NODES:
        raise MalformedCluster(f"{count[:40]!r} is no number of nodes")
    return ClusterRole(
        name=_first(node, ("RoleType", "FriendlyName")) or "",
        count=int(count),
        size=_first(node, ("VMSize",)) or "",
    )


def _local(node: Element) -> str:
    return node.tag.rpartition("}")[2]


def _texts(node: Element, names: tuple[str, ...]) -> Iterator[str]:
    return ((one.text or "").strip() for one in node.iter() if _local(one) in names)


def _first(node: Element, names: tuple[str, ...]) -> str | None:
    return next((text for text in _texts(node, names) if text), None)
