"""The frozen entities of the scheduler."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from rpds import HashTrieMap

from asm_contracts.areas.scheduler import Job as JobDocument
from asm_contracts.areas.scheduler import Quota
from asm_contracts.codec.clusters import ClusterWish
from asm_contracts.frozen import frozen


@frozen
class Job:
    """A job: what it was told, and since when what it was told holds."""

    id: str
    told: JobDocument
    """As it was sent, made whole; without `status`, which depends on the time of day."""
    created: datetime
    since: datetime
    """When its state or recurrence was last changed: executions are counted from here on."""
    executed: int = 0
    """How often it was executed before that."""
    past: tuple[datetime, ...] = ()
    """When it was executed before that, the latest first; not all of it is kept."""
    suspended: bool = False
    """Whether it is disabled only because all of its collection were: they are enabled together again."""


@frozen
class JobCollection:
    """A collection of jobs, with the most it may hold."""

    name: str
    etag: str
    plan: str
    quota: Quota | None = None
    label: str | None = None
    state: str = "Started"
    jobs: HashTrieMap[str, Job] = field(default_factory=HashTrieMap)


@frozen
class Cluster:
    """What an HDInsight cluster is; `serial` tells it from earlier ones of its name."""

    serial: int
    wish: ClusterWish
    created: datetime
    updated: datetime


@frozen
class CloudResource:
    """A resource whose provider is not the scheduler: a cluster, or an add-on with its plan."""

    namespace: str
    type: str
    name: str
    etag: str
    plan: str | None = None
    state: str = "Started"
    sub_state: str | None = None
    operation: str = "Create"
    """The last operation on it."""
    outputs: tuple[tuple[str, str], ...] = ()
    cluster: Cluster | None = None


@frozen
class CloudService:
    """What job collections, clusters and add-ons are in; no hosted service."""

    name: str
    label: str
    description: str
    geo_region: str
    etag: str
    email: str | None = None
    collections: HashTrieMap[str, JobCollection] = field(default_factory=HashTrieMap)
    resources: HashTrieMap[str, CloudResource] = field(default_factory=HashTrieMap)
    """By namespace, type and name, with slashes between."""
