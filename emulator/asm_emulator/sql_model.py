"""The frozen entities of SQL databases."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from rpds import HashTrieMap

from asm_contracts.frozen import frozen


@frozen
class FirewallRule:
    """A range of addresses that may connect."""

    name: str
    start: str
    end: str


@frozen
class Database:
    """A database; `assigned_objective` is the performance level it is being moved to, or has."""

    id: int
    name: str
    edition: str
    objective: str
    assigned_objective: str
    objective_assigned: datetime | None
    """When it came to its performance level; None while it is on the way."""
    max_size_bytes: int
    collation: str
    created: datetime
    state: str = "Normal"


@frozen
class DroppedDatabase:
    """A deleted database; for how long it can be restored depends on its edition."""

    database: Database
    deleted: datetime


@frozen
class DatabaseOperation:
    """Something that was done to a database."""

    id: str
    name: str
    database_name: str
    started: datetime
    modified: datetime
    state: str
    error: str | None = None


@frozen
class Transfer:
    """An import or an export."""

    id: str
    kind: str
    database_name: str
    server_name: str
    """As the request had it."""
    blob_uri: str
    queued: datetime
    modified: datetime
    status: str = "Pending"
    error: str | None = None
    edition: str | None = None
    size_in_gb: int | None = None


@frozen
class SqlServer:
    """A server with what is on it; keys are names in lower case.  Of the password only a digest is kept."""

    name: str
    login: str
    password_digest: str
    location: str
    created: datetime
    version: str
    next_database_id: int
    rules: HashTrieMap[str, FirewallRule] = field(default_factory=HashTrieMap)
    databases: HashTrieMap[str, Database] = field(default_factory=HashTrieMap)
    dropped: tuple[DroppedDatabase, ...] = ()
    operations: tuple[DatabaseOperation, ...] = ()
    transfers: HashTrieMap[str, Transfer] = field(default_factory=HashTrieMap)


@frozen
class DatabaseCopy:
    """A copy between two servers of the subscription that is being made, or kept up."""

    id: str
    source_server: str
    source_database: str
    target_server: str
    target_database: str
    continuous: bool
    offline_secondary: bool
    started: datetime
    modified: datetime
    seeded: bool = False
