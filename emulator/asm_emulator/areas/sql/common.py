"""What all of SQL does alike: finding things, and putting them back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, documented
from asm_emulator.catalogue.service_objectives import EDITIONS, service_objective
from asm_emulator.sql_model import Database, DatabaseOperation, SqlServer
from asm_emulator.state import Draft

HOST: Final = "https://management.core.windows.net"
DNS: Final = ".database.windows.net"
DTU_QUOTA: Final = 2000
"""Database throughput units that the databases of a server may have together (recorded)."""
COLLATION: Final = "SQL_Latin1_General_CP1_CI_AS"
_KEPT: Final = timedelta(hours=1)
"""How long operations on databases are remembered (documented)."""
_FORBIDDEN: Final = re.compile(r"[<>*%&:\\/?\x00-\x1f]")


def server_link(draft: Draft, server: str) -> str:
    """The address of a server, as bodies have it."""
    return f"{HOST}/{draft.subscription_id}/services/sqlservers/servers/{server}"


@assumed("the texts are the documented ones of the database engine's messages; in which answer they came was not seen")
def find_server(draft: Draft, name: str) -> SqlServer:
    """A server by name; ResourceNotFound if the subscription has none of that name."""
    found = draft.sql_servers.get(name)
    if found is None:
        raise ResourceNotFound(f"Subscription '{draft.subscription_id}' does not have the server '{name}'.")
    return found


def find_database(draft: Draft, server_name: str, name: str) -> tuple[SqlServer, Database]:
    """A database and its server; ResourceNotFound unless both exist."""
    server = find_server(draft, server_name)
    found = server.databases.get(name.lower())
    if found is None:
        raise ResourceNotFound(f"Database '{name}' does not exist on server '{server.name}'.")
    return server, found


def put_server(draft: Draft, server: SqlServer) -> None:
    """Write a server back."""
    draft.sql_servers[server.name] = server


def put_database(draft: Draft, server: SqlServer, database: Database) -> SqlServer:
    """Write a database back; the server with it."""
    server = replace(server, databases=server.databases.insert(database.name.lower(), database))
    put_server(draft, server)
    return server


def take_number(server: SqlServer) -> tuple[SqlServer, int]:
    """The server with its next database id given out."""
    return replace(server, next_database_id=server.next_database_id + 1), server.next_database_id


@assumed("the rules are documented, the text is the database engine's for any bad identifier")
def check_new_name(server: SqlServer, name: str) -> None:
    """BadRequest unless a database may be called this, ConflictError if one of the server's is."""
    if not 1 <= len(name) <= 128 or _FORBIDDEN.search(name) or name[-1] in ". ":
        raise BadRequest(f"'{name[:128]}' is not a valid database name because it contains invalid characters.")
    if name.lower() in server.databases:
        raise ConflictError(f"Database '{name}' already exists. Choose a different database name.")


@documented("the error message 40847 of SQL databases")
def check_units(server: SqlServer, objective_id: str, instead_of: str | None = None) -> None:
    """BadRequest if the databases of a server would have too many throughput units together.

    instead_of: the name of the database that is to have this performance level and has another now.
    """
    taken = [one.assigned_objective for one in server.databases.values() if one.name != instead_of]
    found = [service_objective(one) for one in (*taken, objective_id)]
    if sum(one.units for one in found if one is not None) > DTU_QUOTA:
        raise BadRequest(
            "Could not perform the operation because server would exceed the allowed Database Throughput Unit quota of "
            f"{DTU_QUOTA}."
        )


def retention(edition: str) -> timedelta:
    """For how long back databases of an edition can be restored."""
    found = EDITIONS.get(edition.lower())
    return timedelta(days=found.retention if found else 0)


def recovery_start(database: Database, now: datetime) -> datetime | None:
    """From when on a database can be restored: half an hour after its creation (recorded), within its retention."""
    span = retention(database.edition)
    if not span:
        return None
    return max(database.created + timedelta(minutes=30), now - span)


def note_operation(
    draft: Draft, server: SqlServer, name: str, database_name: str, state: str = "COMPLETED"
) -> tuple[SqlServer, str]:
    """The server with an operation on one of its databases remembered (not written back), and the operation's id."""
    made = DatabaseOperation(
        id=draft.make_guid("database operation", server.name, draft.take_serial()),
        name=name,
        database_name=database_name,
        started=draft.now,
        modified=draft.now,
        state=state,
    )
    kept = tuple(one for one in server.operations if one.state == "IN_PROGRESS" or draft.now - one.modified < _KEPT)
    return replace(server, operations=(*kept, made)), made.id


def end_operation(draft: Draft, server: SqlServer, operation_id: str, error: str | None = None) -> SqlServer:
    """The server (not written back) with an operation on one of its databases ended."""
    state = "FAILED" if error else "COMPLETED"
    return replace(
        server,
        operations=tuple(
            replace(one, state=state, error=error, modified=draft.now) if one.id == operation_id else one
            for one in server.operations
        ),
    )


def recent_operations(server: SqlServer, now: datetime) -> list[DatabaseOperation]:
    """What was done to the databases of a server in the last hour, and what still is."""
    return [one for one in server.operations if one.state == "IN_PROGRESS" or now - one.modified < _KEPT]
