"""Databases and their performance levels."""

from __future__ import annotations

from dataclasses import replace

from asm_contracts.areas import sql as wire
from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed
from asm_emulator.areas.base import Area
from asm_emulator.areas.sql.common import (
    COLLATION,
    check_new_name,
    check_units,
    find_database,
    find_server,
    note_operation,
    put_database,
    put_server,
    take_number,
)
from asm_emulator.areas.sql.copies import forget_copies, rename_in_copies
from asm_emulator.areas.sql.servers import check_events
from asm_emulator.areas.sql.written import database_document, objective_document, operation_documents
from asm_emulator.catalogue.service_objectives import EDITIONS, GB, OBJECTIVES, Edition, Objective, service_objective
from asm_emulator.engine import effect, effect_name
from asm_emulator.sql_model import Database, DroppedDatabase
from asm_emulator.state import Draft


@effect
def objective_assigned(draft: Draft, server_name: str, database_id: int, objective: str) -> None:
    """A database has come to its new performance level."""
    server = draft.sql_servers.get(server_name)
    found = next((one for one in server.databases.values() if one.id == database_id), None) if server else None
    if server is not None and found is not None and found.assigned_objective == objective:
        put_database(draft, server, replace(found, objective=objective, objective_assigned=draft.now))


@assumed("without an edition it is the performance level's; without either Web, as documented before its end")
def tier(edition: str | None, objective_id: str | None) -> tuple[Edition, Objective]:
    """Edition and performance level of a request; BadRequest unless they are known and fit together."""
    objective = service_objective(objective_id) if objective_id else None
    if objective_id and (objective is None or objective.is_system):
        raise BadRequest(f"The service objective '{objective_id[:40]}' specified is invalid.")
    if edition is None:
        edition = objective.editions[0] if objective else "Web"
    found = EDITIONS.get(edition.lower())
    if found is None:
        raise BadRequest(f"The edition '{edition[:40]}' specified is invalid.")
    if objective is None:
        objective = service_objective(found.objective)
        assert objective is not None
    if found.name not in objective.editions:
        raise BadRequest(f"The edition '{found.name}' does not support the service objective '{objective.name}'.")
    return found, objective


@assumed("the text is that of the engine's message 40621 and its like")
def size_of(edition: Edition, size_in_gb: int | None, size_in_bytes: int | None, otherwise: int) -> int:
    """The greatest size that a request asks for, in bytes; BadRequest for one that the edition does not have."""
    if size_in_bytes is None and size_in_gb is None:
        return min(otherwise, edition.most_bytes)
    size = size_in_bytes if size_in_bytes is not None else (size_in_gb or 0) * GB
    if size_in_bytes is not None and size_in_gb is not None and size_in_gb * GB != size:
        raise BadRequest("The MaxSizeGB and MaxSizeBytes values do not match.")
    if not 100 << 20 <= size <= edition.most_bytes:
        raise BadRequest(f"The edition '{edition.name}' does not support the database data max size '{size}'.")
    return size


class DatabaseCalls(Area, wire.SqlContract):
    """Databases, performance levels, and what was done to databases lately."""

    def list_service_level_objectives(self, server_name: str) -> wire.ServiceObjectives:
        server = find_server(self.state, server_name)
        return wire.ServiceObjectives(items=tuple(objective_document(self.state, server, one) for one in OBJECTIVES))

    def get_service_level_objective(self, server_name: str, objective_id: str) -> wire.ServiceObjective:
        server = find_server(self.state, server_name)
        found = service_objective(objective_id)
        if found is None:
            raise ResourceNotFound(f"The service objective '{objective_id}' does not exist.")
        return objective_document(self.state, server, found)

    def list_databases(self, server_name: str) -> wire.Databases:
        server = find_server(self.state, server_name)
        ordered = sorted(server.databases.values(), key=lambda one: one.id)
        return wire.Databases(items=tuple(database_document(self.state, server, one) for one in ordered))

    def create_database(self, server_name: str, body: wire.CreateDatabase) -> wire.Database:
        server = find_server(self.state, server_name)
        check_new_name(server, body.name)
        edition, objective = tier(body.edition, body.service_objective_id)
        size = size_of(edition, body.max_size_gb, body.max_size_bytes, edition.default_bytes)
        check_units(server, objective.id)
        if body.collation_name is not None and not body.collation_name.replace("_", "").isalnum():
            raise BadRequest(f"Invalid collation '{body.collation_name[:128]}'.")
        server, number = take_number(server)
        server, _ = note_operation(self.state, server, "CREATE DATABASE", body.name)
        made = Database(
            id=number,
            name=body.name,
            edition=edition.name,
            objective=objective.id,
            assigned_objective=objective.id,
            objective_assigned=self.now,
            max_size_bytes=size,
            collation=body.collation_name or COLLATION,
            created=self.now,
        )
        server = put_database(self.state, server, made)
        return database_document(self.state, server, made)

    def get_database(self, server_name: str, database_name: str) -> wire.Database:
        return database_document(self.state, *find_database(self.state, server_name, database_name))

    @assumed("that a new performance level is reached some time after the answer; its fields tell both")
    def update_database(self, server_name: str, database_name: str, body: wire.UpdateDatabase) -> wire.Database:
        server, before = find_database(self.state, server_name, database_name)
        if before.edition == "System":
            raise BadRequest(f"Cannot alter the database '{before.name}' because it is a system database.")
        changed = before
        if body.name and body.name != before.name:
            if body.name.lower() != before.name.lower():
                check_new_name(server, body.name)
            changed = replace(changed, name=body.name)
        moves = body.service_objective_id is not None or body.edition is not None
        edition = EDITIONS[before.edition.lower()]
        objective_id = before.assigned_objective
        if moves:
            same = body.edition is None or body.edition.lower() == before.edition.lower()
            wanted = body.service_objective_id or (before.assigned_objective if same else None)
            edition, objective = tier(body.edition, wanted)
            objective_id = objective.id
            check_units(server, objective_id, before.name)
        size = size_of(
            edition,
            body.max_size_gb,
            body.max_size_bytes,
            before.max_size_bytes if edition.name == before.edition else edition.default_bytes,
        )
        changed = replace(changed, edition=edition.name, max_size_bytes=size)
        if objective_id != before.assigned_objective:
            changed = replace(changed, assigned_objective=objective_id, objective_assigned=None)
            self.state.schedule(
                effect_name(objective_assigned),
                self.state.span("sql.objective"),
                server_name=server.name,
                database_id=before.id,
                objective=objective_id,
            )
        server, _ = note_operation(self.state, server, "ALTER DATABASE", changed.name)
        server = replace(server, databases=server.databases.remove(before.name.lower()))
        server = put_database(self.state, server, changed)
        if changed.name != before.name:
            rename_in_copies(self.state, server.name, before.name, changed.name)
        return database_document(self.state, server, changed)

    def delete_database(self, server_name: str, database_name: str) -> None:
        server, found = find_database(self.state, server_name, database_name)
        if found.edition == "System":
            raise BadRequest(f"Cannot drop the database '{found.name}' because it is a system database.")
        forget_copies(self.state, server.name, found.name)
        server, _ = note_operation(self.state, server, "DROP DATABASE", found.name)
        put_server(
            self.state,
            replace(
                server,
                databases=server.databases.remove(found.name.lower()),
                dropped=(*server.dropped, DroppedDatabase(database=found, deleted=self.now)),
            ),
        )

    # -- what was done --------------------------------------------------------------------------------------------

    @assumed("nobody connects to an emulated database, so nothing happens on it")
    def get_database_event_logs(
        self, server_name: str, database_name: str, start_date: str, interval: int, event_types: str | None = None
    ) -> wire.SqlEventLogs:
        find_database(self.state, server_name, database_name)
        check_events(start_date, interval, event_types)
        return wire.SqlEventLogs()

    def list_database_operations_by_server(self, server_name: str) -> wire.DatabaseOperations:
        server = find_server(self.state, server_name)
        return wire.DatabaseOperations(items=tuple(operation_documents(self.state, server)))

    def list_database_operations_by_database(self, server_name: str, database_name: str) -> wire.DatabaseOperations:
        everything = self.list_database_operations_by_server(server_name)
        wanted = database_name.lower()
        return wire.DatabaseOperations(
            items=tuple(one for one in everything.items if (one.database_name or "").lower() == wanted)
        )

    def get_database_operation(self, server_name: str, operation_id: str) -> wire.DatabaseOperation:
        for one in operation_documents(self.state, find_server(self.state, server_name)):
            if one.id == operation_id.lower():
                return one
        raise ResourceNotFound(f"The database operation '{operation_id}' does not exist.")
