"""SQL's entities as its documents."""

from __future__ import annotations

from typing import Final

from asm_contracts.areas import sql as wire
from asm_contracts.document import NIL
from asm_emulator.areas.sql.common import DNS, recent_operations, recovery_start, server_link
from asm_emulator.catalogue.service_objectives import GB, OBJECTIVES, Objective
from asm_emulator.sql_model import Database, DatabaseCopy, FirewallRule, SqlServer, Transfer
from asm_emulator.state import Draft

_STATE_IDS: Final = {"PENDING": 0, "IN_PROGRESS": 1, "COMPLETED": 2, "FAILED": 3}


def server_document(server: SqlServer) -> wire.Server:
    """A server as the list has it."""
    return wire.Server(
        name=server.name,
        administrator_login=server.login,
        location=server.location,
        fully_qualified_domain_name=server.name + DNS,
        version=server.version,
        state="Ready",
    )


def rule_document(draft: Draft, server: SqlServer, rule: FirewallRule) -> wire.FirewallRule:
    """A firewall rule."""
    link = server_link(draft, server.name)
    return wire.FirewallRule(
        name=rule.name,
        type="Microsoft.SqlAzure.FirewallRule",
        state="Normal",
        self_link=f"{link}/firewallrules/{rule.name}",
        parent_link=link,
        start_ip_address=rule.start,
        end_ip_address=rule.end,
    )


def database_document(draft: Draft, server: SqlServer, database: Database) -> wire.Database:
    """A database."""
    link = server_link(draft, server.name)
    settled = database.objective_assigned is not None
    return wire.Database(
        name=database.name,
        type="Microsoft.SqlAzure.Database",
        state=database.state,
        self_link=f"{link}/databases/{database.name}",
        parent_link=link,
        id=database.id,
        edition=database.edition,
        max_size_gb=database.max_size_bytes // GB,
        collation_name=database.collation,
        creation_date=database.created,
        is_federation_root=False,
        is_system_object=database.edition == "System",
        max_size_bytes=database.max_size_bytes,
        service_objective_id=database.objective,
        assigned_service_objective_id=database.assigned_objective,
        service_objective_assignment_state="1" if settled else "0",
        service_objective_assignment_state_description="Complete" if settled else "Pending",
        service_objective_assignment_error_code="0",
        service_objective_assignment_success_date=database.objective_assigned or NIL,
        recovery_period_start_date=recovery_start(database, draft.now) or NIL,
        is_suspended=False,
    )


def objective_document(draft: Draft, server: SqlServer, objective: Objective) -> wire.ServiceObjective:
    """A performance level, with its one dimension."""
    link = server_link(draft, server.name)
    own = f"{link}/serviceobjectives/{objective.id}"
    dimension = draft.make_guid("dimension setting", objective.id)
    return wire.ServiceObjective(
        name=objective.name,
        type="Microsoft.SqlAzure.ServiceObjective",
        state="Normal",
        self_link=own,
        parent_link=link,
        id=objective.id,
        is_default=objective.is_default,
        is_system=objective.is_system,
        description=objective.description,
        enabled=True,
        dimension_settings=(
            wire.DimensionSetting(
                name=objective.name,
                type="Microsoft.SqlAzure.DimensionSetting",
                state="Normal",
                self_link=f"{link}/dimensionsettings/{dimension}",
                parent_link=own,
                id=dimension,
                description=objective.description,
                ordinal=OBJECTIVES.index(objective),
                is_default=objective.is_default,
            ),
        ),
    )


def operation_documents(draft: Draft, server: SqlServer) -> list[wire.DatabaseOperation]:
    """What was done to the databases of a server lately."""
    link = server_link(draft, server.name)
    return [
        wire.DatabaseOperation(
            name=one.name,
            type="Microsoft.SqlAzure.DatabaseOperation",
            state=one.state,
            self_link=f"{link}/databaseoperations/{one.id}",
            parent_link=link,
            id=one.id,
            state_id=_STATE_IDS[one.state],
            session_activity_id=one.id,
            database_name=one.database_name,
            percent_complete=100 if one.state == "COMPLETED" else 0,
            error_code=0,
            error=one.error or NIL,
            error_severity=0,
            error_state=0,
            start_time=one.started,
            last_modify_time=one.modified,
        )
        for one in recent_operations(server, draft.now)
    ]


def copy_document(draft: Draft, server: SqlServer, database: Database, copy: DatabaseCopy) -> wire.DatabaseCopy:
    """A copy, as the server at either end sees it."""
    is_target = (copy.target_server, copy.target_database) == (server.name, database.name)
    parent = f"{server_link(draft, server.name)}/databases/{database.name}"
    return wire.DatabaseCopy(
        name=copy.id,
        type="Microsoft.SqlAzure.DatabaseCopy",
        state="Normal",
        self_link=f"{parent}/databasecopies/{copy.id}",
        parent_link=parent,
        source_server_name=copy.source_server,
        source_database_name=copy.source_database,
        destination_server_name=copy.target_server,
        destination_database_name=copy.target_database,
        is_continuous=copy.continuous,
        replication_state=2 if copy.seeded else 1,
        replication_state_description="CATCH_UP" if copy.seeded else "SEEDING",
        local_database_id=database.id,
        is_local_database_replication_target=is_target,
        is_interlink_connected=True,
        start_date=copy.started,
        modify_date=copy.modified,
        percent_complete="100" if copy.seeded else "0",
        is_offline_secondary=copy.offline_secondary,
        is_termination_allowed=True,
    )


def transfer_document(transfer: Transfer) -> wire.StatusInfo:
    """An import or export."""
    return wire.StatusInfo(
        blob_uri=transfer.blob_uri,
        database_name=transfer.database_name,
        error_message=transfer.error or NIL,
        last_modified_time=transfer.modified,
        queued_time=transfer.queued,
        request_id=transfer.id,
        request_type=transfer.kind,
        server_name=transfer.server_name,
        status=transfer.status,
    )
