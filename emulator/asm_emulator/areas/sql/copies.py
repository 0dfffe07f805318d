"""Copies of databases, made once or kept up."""

from __future__ import annotations

from dataclasses import replace

from asm_contracts.areas import sql as wire
from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed
from asm_emulator.areas.base import Area
from asm_emulator.areas.sql.common import (
    DNS,
    check_new_name,
    check_units,
    find_database,
    find_server,
    note_operation,
    put_database,
    put_server,
    take_number,
)
from asm_emulator.areas.sql.written import copy_document
from asm_emulator.engine import effect, effect_name
from asm_emulator.sql_model import Database, DatabaseCopy, SqlServer
from asm_emulator.state import Draft


def short_name(server_name: str) -> str:
    """A server's name without its domain."""
    lower = server_name.strip().lower()
    return lower[: -len(DNS)] if lower.endswith(DNS) else lower


def copies_of(draft: Draft, server: str, database: str) -> list[DatabaseCopy]:
    """The copies that a database is an end of."""
    end = (server.lower(), database.lower())
    return [
        one
        for one in draft.database_copies.values()
        if end
        in (
            (one.source_server.lower(), one.source_database.lower()),
            (one.target_server.lower(), one.target_database.lower()),
        )
    ]


def forget_copies(draft: Draft, server: str, database: str) -> None:
    """End the copies of a database that goes."""
    for copy in copies_of(draft, server, database):
        end_copy(draft, copy)


def rename_in_copies(draft: Draft, server: str, before: str, after: str) -> None:
    """Have the copies of a database know it under its new name."""
    for copy in copies_of(draft, server, before):
        if (copy.source_server, copy.source_database.lower()) == (server, before.lower()):
            copy = replace(copy, source_database=after)
        if (copy.target_server, copy.target_database.lower()) == (server, before.lower()):
            copy = replace(copy, target_database=after)
        draft.database_copies[copy.id] = copy


@assumed("that a copy which is ended before it is whole leaves no database")
def end_copy(draft: Draft, copy: DatabaseCopy) -> None:
    """End a copy: the target becomes a database like others, or goes if it is not whole."""
    del draft.database_copies[copy.id]
    server = draft.sql_servers.get(copy.target_server)
    target = server.databases.get(copy.target_database.lower()) if server else None
    if server is None or target is None:
        return
    if copy.seeded:
        put_database(draft, server, replace(target, state="Normal"))
    else:
        put_server(draft, replace(server, databases=server.databases.remove(target.name.lower())))


@effect
def copy_seeded(draft: Draft, copy_id: str) -> None:
    """Everything is copied: a copy made once is done, a continuous one goes on."""
    copy = draft.database_copies.get(copy_id)
    if copy is None:
        return
    copy = replace(copy, seeded=True, modified=draft.now)
    draft.database_copies[copy_id] = copy
    if not copy.continuous:
        end_copy(draft, copy)
        return
    server = draft.sql_servers.get(copy.target_server)
    target = server.databases.get(copy.target_database.lower()) if server else None
    if server is not None and target is not None:
        put_database(draft, server, replace(target, state="Normal"))


class CopyOperations(Area, wire.SqlContract):
    """Copies between servers of the subscription."""

    def list_database_copies(self, server_name: str, database_name: str) -> wire.DatabaseCopies:
        server, database = find_database(self.state, server_name, database_name)
        return wire.DatabaseCopies(
            items=tuple(
                copy_document(self.state, server, database, one)
                for one in copies_of(self.state, server.name, database.name)
            )
        )

    @assumed("that the partner must be a server of the subscription; the refusals' texts were never seen")
    def create_database_copy(
        self, server_name: str, database_name: str, body: wire.CreateDatabaseCopy
    ) -> wire.DatabaseCopy:
        source_server, source = find_database(self.state, server_name, database_name)
        if source.edition == "System":
            raise BadRequest(f"The database '{source.name}' cannot be copied because it is a system database.")
        partner = self.state.sql_servers.get(short_name(body.partner_server))
        if partner is None:
            raise BadRequest(f"The partner server '{body.partner_server[:128]}' does not exist.")
        name = body.partner_database or source.name
        continuous = bool(body.is_continuous)
        if continuous and partner.name == source_server.name:
            raise BadRequest("A continuous copy must be on another server than its source.")
        check_new_name(partner, name)
        check_units(partner, source.assigned_objective)
        partner, number = take_number(partner)
        partner, _ = note_operation(self.state, partner, "DATABASE COPY", name)
        put_database(self.state, partner, replace(source, id=number, name=name, created=self.now, state="Copying"))
        copy = DatabaseCopy(
            id=self.state.make_guid("database copy", self.request.request_id),
            source_server=source_server.name,
            source_database=source.name,
            target_server=partner.name,
            target_database=name,
            continuous=continuous,
            offline_secondary=bool(body.is_offline_secondary),
            started=self.now,
            modified=self.now,
        )
        self.state.database_copies[copy.id] = copy
        self.state.schedule(effect_name(copy_seeded), self.state.span("sql.copy"), copy_id=copy.id)
        return copy_document(self.state, find_server(self.state, server_name), source, copy)

    def get_database_copy(self, server_name: str, database_name: str, copy_name: str) -> wire.DatabaseCopy:
        return copy_document(self.state, *self._copy(server_name, database_name, copy_name))

    def update_database_copy(
        self, server_name: str, database_name: str, copy_name: str, body: wire.UpdateDatabaseCopy
    ) -> wire.DatabaseCopy:
        server, database, copy = self._copy(server_name, database_name, copy_name)
        document = copy_document(self.state, server, database, copy)
        if body.is_forced_terminate:
            end_copy(self.state, copy)
        return document

    def delete_database_copy(self, server_name: str, database_name: str, copy_name: str) -> None:
        end_copy(self.state, self._copy(server_name, database_name, copy_name)[2])

    def _copy(self, server_name: str, database_name: str, copy_name: str) -> tuple[SqlServer, Database, DatabaseCopy]:
        server, database = find_database(self.state, server_name, database_name)
        for one in copies_of(self.state, server.name, database.name):
            if one.id == copy_name.lower():
                return server, database, one
        raise ResourceNotFound(f"The database copy '{copy_name}' does not exist.")
