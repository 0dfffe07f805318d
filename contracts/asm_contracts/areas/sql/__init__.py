"""SQL database servers, with databases, firewall rules, copies, restores, imports and exports (2012-03-01)."""

from __future__ import annotations

from asm_contracts.areas.sql.documents import (
    AdministratorLoginPassword,
    BlobCredentials,
    BlobStorageAccessKeyCredentials,
    ConnectionInfo,
    CreateDatabase,
    CreateDatabaseCopy,
    CreateServer,
    Database,
    DatabaseCopies,
    DatabaseCopy,
    DatabaseOperation,
    DatabaseOperations,
    Databases,
    DimensionSetting,
    ExportInput,
    FirewallRule,
    FirewallRuleInput,
    FirewallRules,
    ImportInput,
    RecoverableDatabase,
    RecoverableDatabases,
    RecoverDatabase,
    RecoverDatabaseOperation,
    RequestGuid,
    RestorableDroppedDatabase,
    RestorableDroppedDatabases,
    RestoreDatabase,
    RestoreDatabaseOperation,
    Server,
    ServerName,
    ServerQuota,
    ServerQuotas,
    Servers,
    ServiceObjective,
    ServiceObjectives,
    SqlEventLog,
    SqlEventLogs,
    SqlResource,
    StatusInfo,
    StatusInfos,
    StatusInput,
    UpdateDatabase,
    UpdateDatabaseCopy,
)
from asm_contracts.dialect import SERVICE_MANAGEMENT, SQL
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import Contract, operation

_VERSION = "2012-03-01"
_SERVERS = "/services/sqlservers/servers"
_SERVER = _SERVERS + "/{server_name}"


class SqlContract(Contract):
    """SQL database servers and what is on them."""

    dialect = SQL

    # -- servers --------------------------------------------------------------------------------------------------

    @operation("GET", _SERVERS, since=_VERSION, dialect=SERVICE_MANAGEMENT)
    def list_servers(self) -> Servers:
        """List the servers."""

    @operation(
        "POST",
        _SERVERS,
        since=_VERSION,
        success=201,
        errors=(BadRequest, ForbiddenError),
        dialect=SERVICE_MANAGEMENT,
    )
    def create_server(self, body: CreateServer) -> ServerName:
        """Create a server under a name that the service makes up."""

    @operation("DELETE", _SERVER, since=_VERSION, errors=(ResourceNotFound,), dialect=SERVICE_MANAGEMENT)
    def delete_server(self, server_name: str) -> None:
        """Delete a server with its databases."""

    @operation("POST", _SERVER + "?op=ResetPassword", since=_VERSION, errors=(BadRequest, ResourceNotFound))
    def set_server_admin_password(self, server_name: str, body: AdministratorLoginPassword) -> None:
        """Give the administrator of a server another password."""

    @operation("GET", _SERVER + "/serverquotas", since=_VERSION, errors=(ResourceNotFound,))
    def list_quotas(self, server_name: str) -> ServerQuotas:
        """List the limits of a server."""

    @operation("GET", _SERVER + "/serverquotas/{quota_name}", since=_VERSION, errors=(ResourceNotFound,))
    def get_quota(self, server_name: str, quota_name: str) -> ServerQuota:
        """Read one limit of a server."""

    @operation(
        "GET",
        _SERVER + "/events?startDate={start_date}&intervalSizeInMinutes={interval}&eventTypes={event_types}",
        since=_VERSION,
        errors=(BadRequest, ResourceNotFound),
    )
    def get_server_event_logs(
        self, server_name: str, start_date: str, interval: int, event_types: str | None = None
    ) -> SqlEventLogs:
        """Count what happened on a server in intervals of 5, 60 or 1440 minutes."""

    # -- firewall rules -------------------------------------------------------------------------------------------

    @operation("GET", _SERVER + "/firewallrules", since=_VERSION, errors=(ResourceNotFound,))
    def list_firewall_rules(self, server_name: str) -> FirewallRules:
        """List the firewall rules of a server."""

    @operation(
        "POST",
        _SERVER + "/firewallrules",
        since=_VERSION,
        success=201,
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def create_firewall_rule(self, server_name: str, body: FirewallRuleInput) -> FirewallRule:
        """Let a range of addresses connect to a server."""

    @operation("GET", _SERVER + "/firewallrules/{rule_name}", since=_VERSION, errors=(ResourceNotFound,))
    def get_firewall_rule(self, server_name: str, rule_name: str) -> FirewallRule:
        """Read a firewall rule."""

    @operation("PUT", _SERVER + "/firewallrules/{rule_name}", since=_VERSION, errors=(BadRequest, ResourceNotFound))
    def update_firewall_rule(self, server_name: str, rule_name: str, body: FirewallRuleInput) -> FirewallRule:
        """Change a firewall rule."""

    @operation("DELETE", _SERVER + "/firewallrules/{rule_name}", since=_VERSION, errors=(ResourceNotFound,))
    def delete_firewall_rule(self, server_name: str, rule_name: str) -> None:
        """Delete a firewall rule."""

    # -- databases ------------------------------------------------------------------------------------------------

    @operation("GET", _SERVER + "/serviceobjectives", since=_VERSION, errors=(ResourceNotFound,))
    def list_service_level_objectives(self, server_name: str) -> ServiceObjectives:
        """List the performance levels that databases of a server can have."""

    @operation("GET", _SERVER + "/serviceobjectives/{objective_id}", since=_VERSION, errors=(ResourceNotFound,))
    def get_service_level_objective(self, server_name: str, objective_id: str) -> ServiceObjective:
        """Read one performance level."""

    @operation("GET", _SERVER + "/databases?contentview=generic", since=_VERSION, errors=(ResourceNotFound,))
    def list_databases(self, server_name: str) -> Databases:
        """List the databases of a server, ``master`` included."""

    @operation(
        "POST",
        _SERVER + "/databases",
        since=_VERSION,
        success=201,
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def create_database(self, server_name: str, body: CreateDatabase) -> Database:
        """Create a database."""

    @operation("GET", _SERVER + "/databases/{database_name}", since=_VERSION, errors=(ResourceNotFound,))
    def get_database(self, server_name: str, database_name: str) -> Database:
        """Read a database."""

    @operation(
        "PUT",
        _SERVER + "/databases/{database_name}",
        since=_VERSION,
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def update_database(self, server_name: str, database_name: str, body: UpdateDatabase) -> Database:
        """Change a database: its name, edition, greatest size or performance level."""

    @operation("DELETE", _SERVER + "/databases/{database_name}", since=_VERSION, errors=(BadRequest, ResourceNotFound))
    def delete_database(self, server_name: str, database_name: str) -> None:
        """Delete a database; for some days it can be restored."""

    @operation(
        "GET",
        _SERVER
        + "/databases/{database_name}/events"
        + "?startDate={start_date}&intervalSizeInMinutes={interval}&eventTypes={event_types}",
        since=_VERSION,
        errors=(BadRequest, ResourceNotFound),
    )
    def get_database_event_logs(
        self, server_name: str, database_name: str, start_date: str, interval: int, event_types: str | None = None
    ) -> SqlEventLogs:
        """Count what happened on a database in intervals of 5, 60 or 1440 minutes."""

    @operation(
        "GET",
        _SERVER + "/databaseoperations?contentview=generic",
        since=_VERSION,
        errors=(ResourceNotFound,),
    )
    def list_database_operations_by_server(self, server_name: str) -> DatabaseOperations:
        """List what was done to the databases of a server in the last hour."""

    @operation(
        "GET",
        _SERVER + "/databaseoperations?databaseName={database_name}",
        since=_VERSION,
        errors=(ResourceNotFound,),
    )
    def list_database_operations_by_database(self, server_name: str, database_name: str) -> DatabaseOperations:
        """List what was done to a database in the last hour."""

    @operation("GET", _SERVER + "/databaseoperations/{operation_id}", since=_VERSION, errors=(ResourceNotFound,))
    def get_database_operation(self, server_name: str, operation_id: str) -> DatabaseOperation:
        """Read one of the operations of the last hour."""

    # -- copies ---------------------------------------------------------------------------------------------------

    @operation("GET", _SERVER + "/databases/{database_name}/databasecopies", since=_VERSION, errors=(ResourceNotFound,))
    def list_database_copies(self, server_name: str, database_name: str) -> DatabaseCopies:
        """List the copies of a database that are being made or kept."""

    @operation(
        "POST",
        _SERVER + "/databases/{database_name}/databasecopies",
        since=_VERSION,
        success=201,
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def create_database_copy(self, server_name: str, database_name: str, body: CreateDatabaseCopy) -> DatabaseCopy:
        """Begin to copy a database, once or continuously."""

    @operation(
        "GET",
        _SERVER + "/databases/{database_name}/databasecopies/{copy_name}",
        since=_VERSION,
        errors=(ResourceNotFound,),
    )
    def get_database_copy(self, server_name: str, database_name: str, copy_name: str) -> DatabaseCopy:
        """Read a copy."""

    @operation(
        "PUT",
        _SERVER + "/databases/{database_name}/databasecopies/{copy_name}",
        since=_VERSION,
        errors=(BadRequest, ResourceNotFound),
    )
    def update_database_copy(
        self, server_name: str, database_name: str, copy_name: str, body: UpdateDatabaseCopy
    ) -> DatabaseCopy:
        """Say how a copy is to end."""

    @operation(
        "DELETE",
        _SERVER + "/databases/{database_name}/databasecopies/{copy_name}",
        since=_VERSION,
        errors=(ResourceNotFound,),
    )
    def delete_database_copy(self, server_name: str, database_name: str, copy_name: str) -> None:
        """End a copy; the database it made stays."""

    # -- restores -------------------------------------------------------------------------------------------------

    @operation(
        "GET",
        _SERVER + "/restorabledroppeddatabases?contentview=generic",
        since=_VERSION,
        errors=(ResourceNotFound,),
    )
    def list_restorable_dropped_databases(self, server_name: str) -> RestorableDroppedDatabases:
        """List the deleted databases that can still be restored."""

    @operation("GET", _SERVER + "/restorabledroppeddatabases/{entity_id}", since=_VERSION, errors=(ResourceNotFound,))
    def get_restorable_dropped_database(self, server_name: str, entity_id: str) -> RestorableDroppedDatabase:
        """Read a deleted database that can still be restored."""

    @operation(
        "POST",
        _SERVER + "/restoredatabaseoperations",
        since=_VERSION,
        success=201,
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def create_restore_database_operation(self, server_name: str, body: RestoreDatabase) -> RestoreDatabaseOperation:
        """Begin to restore a database as it was at some time, or a deleted one."""

    @operation("GET", _SERVER + "/recoverabledatabases?contentview=generic", since=_VERSION, errors=(ResourceNotFound,))
    def list_recoverable_databases(self, server_name: str) -> RecoverableDatabases:
        """List the databases of which there are backups in another region."""

    @operation("GET", _SERVER + "/recoverabledatabases/{database_name}", since=_VERSION, errors=(ResourceNotFound,))
    def get_recoverable_database(self, server_name: str, database_name: str) -> RecoverableDatabase:
        """Read a database of which there is a backup in another region."""

    @operation(
        "POST",
        _SERVER + "/recoverdatabaseoperations",
        since=_VERSION,
        success=201,
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def create_recover_database_operation(self, server_name: str, body: RecoverDatabase) -> RecoverDatabaseOperation:
        """Begin to make a database from a backup in another region."""

    # -- import and export ----------------------------------------------------------------------------------------

    @operation("POST", _SERVER + "/DacOperations/Export", since=_VERSION, errors=(BadRequest, ResourceNotFound))
    def export_database(self, server_name: str, body: ExportInput) -> RequestGuid:
        """Begin to write a database to a blob."""

    @operation("POST", _SERVER + "/DacOperations/Import", since=_VERSION, errors=(BadRequest, ResourceNotFound))
    def import_database(self, server_name: str, body: ImportInput) -> RequestGuid:
        """Begin to make a database of a blob."""

    @operation(
        "GET",
        _SERVER
        + "/DacOperations/Status"
        + "?servername={full_name}&username={user_name}&password={password}&reqId={request_id}",
        since=_VERSION,
        errors=(BadRequest, ResourceNotFound),
    )
    def get_import_export_status(
        self, server_name: str, full_name: str, user_name: str, password: str, request_id: str | None = None
    ) -> StatusInfos:
        """Say how far imports and exports have got, asked by address."""

    @operation("POST", _SERVER + "/DacOperations/Status", since=_VERSION, errors=(BadRequest, ResourceNotFound))
    def query_import_export_status(self, server_name: str, body: StatusInput) -> StatusInfos:
        """Say how far imports and exports have got."""


__all__ = [
    "AdministratorLoginPassword",
    "BlobCredentials",
    "BlobStorageAccessKeyCredentials",
    "ConnectionInfo",
    "CreateDatabase",
    "CreateDatabaseCopy",
    "CreateServer",
    "Database",
    "DatabaseCopies",
    "DatabaseCopy",
    "DatabaseOperation",
    "DatabaseOperations",
    "Databases",
    "DimensionSetting",
    "ExportInput",
    "FirewallRule",
    "FirewallRuleInput",
    "FirewallRules",
    "ImportInput",
    "RecoverDatabase",
    "RecoverDatabaseOperation",
    "RecoverableDatabase",
    "RecoverableDatabases",
    "RequestGuid",
    "RestorableDroppedDatabase",
    "RestorableDroppedDatabases",
    "RestoreDatabase",
    "RestoreDatabaseOperation",
    "Server",
    "ServerName",
    "ServerQuota",
    "ServerQuotas",
    "Servers",
    "ServiceObjective",
    "ServiceObjectives",
    "SqlContract",
    "SqlEventLog",
    "SqlEventLogs",
    "SqlResource",
    "StatusInfo",
    "StatusInfos",
    "StatusInput",
    "UpdateDatabase",
    "UpdateDatabaseCopy",
]
