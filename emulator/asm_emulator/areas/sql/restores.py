"""Databases made from what databases were: of an earlier time, of deleted ones, of backups elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from asm_contracts.areas import sql as wire
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed
from asm_emulator.areas.base import Area
from asm_emulator.areas.sql.common import (
    check_new_name,
    check_units,
    end_operation,
    find_database,
    find_server,
    note_operation,
    put_database,
    put_server,
    recovery_start,
    retention,
    server_link,
    take_number,
)
from asm_emulator.areas.sql.copies import short_name
from asm_emulator.engine import effect, effect_name
from asm_emulator.sql_model import Database, DroppedDatabase, SqlServer
from asm_emulator.state import Draft

_EPOCH: Final = datetime.fromisoformat("1601-01-01T00:00:00+00:00")
_BACKUP: Final = timedelta(hours=1)


def file_time(moment: datetime) -> int:
    """A time as Windows counts: tenths of a microsecond since 1601."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 10


@effect
def database_restored(
    draft: Draft, server_name: str, name: str, operation_id: str, like: Database, number: int
) -> None:
    """The end of a restore or recovery: the database is there, unless its server has gone or its name was taken."""
    server = draft.sql_servers.get(server_name)
    if server is None:
        return
    if name.lower() in server.databases:
        put_server(draft, end_operation(draft, server, operation_id, f"Database '{name}' already exists."))
        return
    made = replace(
        like,
        id=number,
        name=name,
        created=draft.now,
        state="Normal",
        objective=like.assigned_objective,
        objective_assigned=draft.now,
    )
    put_database(draft, end_operation(draft, server, operation_id), made)


@assumed("the id is that of the later API: the name and when it was deleted, as Windows counts time")
def entity_id(dropped: DroppedDatabase) -> str:
    """The id of a deleted database."""
    return f"{dropped.database.name},{file_time(dropped.deleted)}"


def restorable(server: SqlServer, now: datetime) -> list[DroppedDatabase]:
    """The deleted databases that can still be restored."""
    return [
        one
        for one in server.dropped
        if now - one.deleted < retention(one.database.edition) and recovery_start(one.database, one.deleted)
    ]


class RestoreOperations(Area, wire.SqlContract):
    """Restores on the clock."""

    def list_restorable_dropped_databases(self, server_name: str) -> wire.RestorableDroppedDatabases:
        server = find_server(self.state, server_name)
        return wire.RestorableDroppedDatabases(
            items=tuple(self._dropped(server, one) for one in restorable(server, self.now))
        )

    def get_restorable_dropped_database(self, server_name: str, entity_id: str) -> wire.RestorableDroppedDatabase:
        for one in self.list_restorable_dropped_databases(server_name).items:
            if (one.entity_id or "").lower() == entity_id.lower():
                return one
        raise ResourceNotFound(f"The restorable dropped database '{entity_id}' does not exist.")

    def _dropped(self, server: SqlServer, one: DroppedDatabase) -> wire.RestorableDroppedDatabase:
        link = server_link(self.state, server.name)
        database = one.database
        return wire.RestorableDroppedDatabase(
            name=database.name,
            type="Microsoft.SqlAzure.RestorableDroppedDatabase",
            state="Normal",
            self_link=f"{link}/restorabledroppeddatabases/{entity_id(one)}",
            parent_link=link,
            entity_id=entity_id(one),
            server_name=server.name,
            edition=database.edition,
            max_size_bytes=database.max_size_bytes,
            creation_date=database.created,
            deletion_date=one.deleted,
            recovery_period_start_date=recovery_start(database, self.now) or NIL,
        )

    @assumed("how long it takes, and the refusals' texts, were never seen")
    def create_restore_database_operation(
        self, server_name: str, body: wire.RestoreDatabase
    ) -> wire.RestoreDatabaseOperation:
        server = find_server(self.state, server_name)
        if body.source_database_deletion_date is None:
            _, like = find_database(self.state, server_name, body.source_database_name)
            earliest, latest = recovery_start(like, self.now), self.now
        else:
            gone = self._gone(server, body.source_database_name, body.source_database_deletion_date)
            like, earliest, latest = gone.database, recovery_start(gone.database, self.now), gone.deleted
        moment = body.target_utc_point_in_time
        # A young database can be restored as soon as it has been backed up at all.
        if earliest is None or (moment is not None and not min(earliest, latest) <= moment <= latest):
            raise BadRequest(f"The database '{like.name}' cannot be restored to the point in time specified.")
        target = self._target(body.target_server_name or server.name)
        operation_id = self._begin_restore(target, like, body.target_database_name, "DATABASE RESTORE", "sql.restore")
        link = server_link(self.state, server.name)
        return wire.RestoreDatabaseOperation(
            name=operation_id,
            type="Microsoft.SqlAzure.RestoreDatabaseOperation",
            state="Normal",
            self_link=f"{link}/restoredatabaseoperations/{operation_id}",
            parent_link=link,
            request_id=operation_id,
            source_database_name=like.name,
            source_database_deletion_date=body.source_database_deletion_date or NIL,
            target_server_name=target.name,
            target_database_name=body.target_database_name,
            target_utc_point_in_time=moment or NIL,
        )

    def _gone(self, server: SqlServer, name: str, deleted: datetime) -> DroppedDatabase:
        for one in restorable(server, self.now):
            # Clients that count in whole seconds or thousandths still mean this one.
            near = abs(one.deleted - deleted) < timedelta(seconds=1)
            if one.database.name.lower() == name.lower() and near:
                return one
        raise ResourceNotFound(f"The restorable dropped database '{name}' does not exist.")

    # -- backups elsewhere ----------------------------------------------------------------------------------------

    @assumed("a backup elsewhere is an hour old at most, and there is one once the database has been there that long")
    def list_recoverable_databases(self, server_name: str) -> wire.RecoverableDatabases:
        server = find_server(self.state, server_name)
        link = server_link(self.state, server.name)
        return wire.RecoverableDatabases(
            items=tuple(
                wire.RecoverableDatabase(
                    name=one.name,
                    type="Microsoft.SqlAzure.RecoverableDatabase",
                    state="Normal",
                    self_link=f"{link}/recoverabledatabases/{one.name}",
                    parent_link=link,
                    entity_id=one.name,
                    server_name=server.name,
                    edition=one.edition,
                    last_available_backup_date=one.created + (self.now - one.created) // _BACKUP * _BACKUP,
                )
                for one in sorted(server.databases.values(), key=lambda one: one.id)
                if retention(one.edition) and self.now - one.created >= _BACKUP
            )
        )

    def get_recoverable_database(self, server_name: str, database_name: str) -> wire.RecoverableDatabase:
        for one in self.list_recoverable_databases(server_name).items:
            if (one.name or "").lower() == database_name.lower():
                return one
        raise ResourceNotFound(f"The recoverable database '{database_name}' does not exist.")

    @assumed("how long it takes, and the refusals' texts, were never seen")
    def create_recover_database_operation(
        self, server_name: str, body: wire.RecoverDatabase
    ) -> wire.RecoverDatabaseOperation:
        backup = self.get_recoverable_database(server_name, body.source_database_name)
        server, like = find_database(self.state, server_name, backup.name or "")
        target = self._target(body.target_server_name or server.name)
        name = body.target_database_name or like.name
        operation_id = self._begin_restore(target, like, name, "DATABASE RECOVER", "sql.restore")
        link = server_link(self.state, server.name)
        return wire.RecoverDatabaseOperation(
            name=operation_id,
            type="Microsoft.SqlAzure.RecoverDatabaseOperation",
            state="Normal",
            self_link=f"{link}/recoverdatabaseoperations/{operation_id}",
            parent_link=link,
            request_id=operation_id,
            source_database_name=like.name,
            target_server_name=target.name,
            target_database_name=name,
        )

    def _target(self, name: str) -> SqlServer:
        found = self.state.sql_servers.get(short_name(name))
        if found is None:
            raise BadRequest(f"The target server '{name[:128]}' does not exist.")
        return found

    def _begin_restore(self, target: SqlServer, like: Database, name: str, what: str, takes: str) -> str:
        """Begin to make a database; the operation's id."""
        check_new_name(target, name)
        check_units(target, like.assigned_objective)
        target, number = take_number(target)
        target, operation_id = note_operation(self.state, target, what, name, "IN_PROGRESS")
        put_server(self.state, target)
        self.state.schedule(
            effect_name(database_restored),
            self.state.span(takes),
            server_name=target.name,
            name=name,
            operation_id=operation_id,
            like=like,
            number=number,
        )
        return operation_id
