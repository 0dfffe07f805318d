"""What SQL servers, databases and firewall rules look like.

Most are ``ServiceResource`` documents with five elements in common; element order, capitalised booleans and times with
seven decimals are recorded.  Copies, restores and recoverable databases: order as the Node client reads it.
"""

from __future__ import annotations

from typing import Final

from asm_contracts.document import NIL, SERIALIZATION, CapitalBool, Long, Nil, TickTime, document, element

SQL_AZURE: Final = "http://schemas.microsoft.com/sqlazure/2010/12/"
DAC: Final = "http://schemas.datacontract.org/2004/07/Microsoft.SqlServer.Management.Dac.ServiceTypes"


# -- servers --------------------------------------------------------------------------------------------------------


@document(name="Server", namespace=SQL_AZURE, plain=True)
class CreateServer:
    """What a new server needs; its name is made up."""

    administrator_login: str
    administrator_login_password: str
    location: str
    version: str | None = None


@document(name="ServerName", namespace=SQL_AZURE, plain=True)
class ServerName:
    """The name that a new server got."""

    fully_qualified_domain_name: str | None = element(default=None, attribute=True)
    name: str = element(content=True)


@document(name="Server", namespace=SQL_AZURE, plain=True)
class Server:
    """A server."""

    name: str
    administrator_login: str | None = None
    location: str | None = None
    fully_qualified_domain_name: str | None = None
    version: str | None = None
    state: str | None = None


@document(name="Servers", namespace=SQL_AZURE, plain=True)
class Servers:
    """The servers of a subscription."""

    items: tuple[Server, ...] = element(default=(), flat=True)


@document(name="AdministratorLoginPassword", namespace=SQL_AZURE, plain=True)
class AdministratorLoginPassword:
    """A server's new password."""

    password: str = element(content=True)


# -- what every resource says ---------------------------------------------------------------------------------------


@document(name="ServiceResource")
class SqlResource:
    """The beginning of every resource."""

    name: str | None = None
    type: str | None = None
    state: str | None = None
    self_link: str | None = None
    parent_link: str | None = None


@document(name="ServiceResource")
class ServerQuota(SqlResource):
    """A limit of a server, in database throughput units."""

    value: int | None = None


@document(name="ServiceResources")
class ServerQuotas:
    """The limits of a server."""

    items: tuple[ServerQuota, ...] = element(default=(), flat=True)


@document(name="ServiceResource")
class SqlEventLog(SqlResource):
    """How often something happened in an interval: logins, deadlocks, throttling."""

    database_name: str | None = None
    start_time_utc: TickTime | None = None
    interval_size_in_minutes: int | None = None
    event_category: str | None = None
    event_type: str | None = None
    event_subtype: int | None = None
    event_subtype_description: str | None = None
    number_of_events: int | None = None
    severity: int | None = None
    description: str | None = None
    additional_data: str | Nil | None = None


@document(name="ServiceResources")
class SqlEventLogs:
    """The events of a server or of a database."""

    items: tuple[SqlEventLog, ...] = element(default=(), flat=True)


# -- firewall rules -------------------------------------------------------------------------------------------------


@document(name="ServiceResource")
class FirewallRuleInput:
    """A range of addresses that may connect."""

    name: str
    start_ip_address: str = element(name="StartIPAddress")
    end_ip_address: str = element(name="EndIPAddress")


@document(name="ServiceResource")
class FirewallRule(SqlResource):
    """A range of addresses that may connect."""

    start_ip_address: str | None = element(default=None, name="StartIPAddress")
    end_ip_address: str | None = element(default=None, name="EndIPAddress")


@document(name="ServiceResources")
class FirewallRules:
    """The firewall rules of a server."""

    items: tuple[FirewallRule, ...] = element(default=(), flat=True)


# -- service objectives ---------------------------------------------------------------------------------------------


@document(name="ServiceResource")
class DimensionSetting(SqlResource):
    """One dimension of a service objective, such as its performance level."""

    id: str | None = None
    description: str | None = None
    ordinal: int | None = None
    is_default: CapitalBool | None = None


@document(name="ServiceResource")
class ServiceObjective(SqlResource):
    """A performance level that a database can have."""

    id: str | None = None
    is_default: CapitalBool | None = None
    is_system: CapitalBool | None = None
    description: str | None = None
    enabled: CapitalBool | None = None
    dimension_settings: tuple[DimensionSetting, ...] | None = None


@document(name="ServiceResources")
class ServiceObjectives:
    """The performance levels of a server."""

    items: tuple[ServiceObjective, ...] = element(default=(), flat=True)


# -- databases ------------------------------------------------------------------------------------------------------


@document(name="ServiceResource")
class CreateDatabase:
    """What a new database needs."""

    name: str
    edition: str | None = None
    max_size_gb: int | None = None
    collation_name: str | None = None
    max_size_bytes: Long | None = None
    service_objective_id: str | None = None


@document(name="ServiceResource")
class UpdateDatabase:
    """What to change about a database; another name renames it."""

    name: str | None = None
    edition: str | None = None
    max_size_gb: int | None = None
    max_size_bytes: Long | None = None
    service_objective_id: str | None = None


@document(name="ServiceResource")
class Database(SqlResource):
    """A database; `size_mb` is nil wherever it was recorded."""

    id: int | None = None
    edition: str | None = None
    max_size_gb: int | None = None
    collation_name: str | None = None
    creation_date: TickTime | None = None
    is_federation_root: CapitalBool | None = None
    is_system_object: CapitalBool | None = None
    size_mb: str | Nil | None = element(default=NIL, name="SizeMB")
    max_size_bytes: Long | None = None
    service_objective_id: str | None = None
    assigned_service_objective_id: str | None = None
    service_objective_assignment_state: str | None = None
    service_objective_assignment_state_description: str | None = None
    service_objective_assignment_error_code: str | None = None
    service_objective_assignment_error_description: str | Nil | None = NIL
    service_objective_assignment_success_date: TickTime | Nil | None = None
    recovery_period_start_date: TickTime | Nil | None = None
    is_suspended: CapitalBool | None = None


@document(name="ServiceResources")
class Databases:
    """The databases of a server."""

    items: tuple[Database, ...] = element(default=(), flat=True)


# -- copies ---------------------------------------------------------------------------------------------------------


@document(name="ServiceResource")
class CreateDatabaseCopy:
    """Where to copy a database to; `partner_database` is the name it gets there."""

    partner_server: str
    partner_database: str | None = None
    is_continuous: CapitalBool | None = None
    is_offline_secondary: CapitalBool | None = None


@document(name="ServiceResource")
class UpdateDatabaseCopy:
    """Whether to end a copy without waiting for what is not yet copied."""

    is_forced_terminate: CapitalBool | None = None


@document(name="ServiceResource")
class DatabaseCopy(SqlResource):
    """A copy that is being made, or kept."""

    source_server_name: str | None = None
    source_database_name: str | None = None
    destination_server_name: str | None = None
    destination_database_name: str | None = None
    is_continuous: CapitalBool | None = None
    replication_state: int | None = None
    replication_state_description: str | None = None
    local_database_id: int | None = None
    is_local_database_replication_target: CapitalBool | None = None
    is_interlink_connected: CapitalBool | None = None
    start_date: TickTime | None = None
    modify_date: TickTime | None = None
    percent_complete: str | Nil | None = None
    is_offline_secondary: CapitalBool | None = None
    is_termination_allowed: CapitalBool | None = None


@document(name="ServiceResources")
class DatabaseCopies:
    """The copies of a database."""

    items: tuple[DatabaseCopy, ...] = element(default=(), flat=True)


# -- operations, restores -------------------------------------------------------------------------------------------


@document(name="ServiceResource")
class DatabaseOperation(SqlResource):
    """What was done to a database lately, and how it went."""

    id: str | None = None
    state_id: int | None = None
    session_activity_id: str | None = None
    database_name: str | None = None
    percent_complete: int | None = None
    error_code: int | None = None
    error: str | Nil | None = None
    error_severity: int | None = None
    error_state: int | None = None
    start_time: TickTime | None = None
    last_modify_time: TickTime | None = None


@document(name="ServiceResources")
class DatabaseOperations:
    """What was done to the databases of a server lately."""

    items: tuple[DatabaseOperation, ...] = element(default=(), flat=True)


@document(name="ServiceResource")
class RestorableDroppedDatabase(SqlResource):
    """A deleted database that can still be restored."""

    entity_id: str | None = None
    server_name: str | None = None
    edition: str | None = None
    max_size_bytes: Long | None = None
    creation_date: TickTime | None = None
    deletion_date: TickTime | None = None
    recovery_period_start_date: TickTime | Nil | None = None


@document(name="ServiceResources")
class RestorableDroppedDatabases:
    """The deleted databases of a server that can still be restored."""

    items: tuple[RestorableDroppedDatabase, ...] = element(default=(), flat=True)


@document(name="ServiceResource")
class RecoverableDatabase(SqlResource):
    """A database of which there is a backup in another region."""

    entity_id: str | None = None
    server_name: str | None = None
    edition: str | None = None
    last_available_backup_date: TickTime | None = None


@document(name="ServiceResources")
class RecoverableDatabases:
    """The databases of a server of which there are backups in another region."""

    items: tuple[RecoverableDatabase, ...] = element(default=(), flat=True)


@document(name="ServiceResource")
class RecoverDatabase:
    """Which backup to make a database from, and where."""

    source_database_name: str
    target_server_name: str | None = None
    target_database_name: str | None = None


@document(name="ServiceResource")
class RecoverDatabaseOperation(SqlResource):
    """A recovery that has begun."""

    request_id: str | None = None
    source_database_name: str | None = None
    target_server_name: str | None = None
    target_database_name: str | None = None


@document(name="ServiceResource")
class RestoreDatabase:
    """What to make a database from, as it was when, and where."""

    source_database_name: str
    source_database_deletion_date: TickTime | None = None
    target_server_name: str | None = None
    target_database_name: str
    target_utc_point_in_time: TickTime | None = None


@document(name="ServiceResource")
class RestoreDatabaseOperation(SqlResource):
    """A restore that has begun."""

    request_id: str | None = None
    source_database_name: str | None = None
    source_database_deletion_date: TickTime | Nil | None = None
    target_server_name: str | None = None
    target_database_name: str | None = None
    target_utc_point_in_time: TickTime | Nil | None = None


# -- import and export ----------------------------------------------------------------------------------------------


@document(name="BlobCredentials", namespace=DAC)
class BlobCredentials:
    """A blob, and what it takes to get at it."""

    uri: str


@document(name="BlobStorageAccessKeyCredentials", namespace=DAC)
class BlobStorageAccessKeyCredentials(BlobCredentials):
    """A blob with the key of its account."""

    storage_access_key: str | None = None


@document(name="ConnectionInfo", namespace=DAC)
class ConnectionInfo:
    """A database, and who connects to it."""

    database_name: str
    password: str
    server_name: str
    user_name: str


@document(name="ExportInput", namespace=DAC)
class ExportInput:
    """Which database to write to which blob."""

    blob_credentials: BlobCredentials
    connection_info: ConnectionInfo


@document(name="ImportInput", namespace=DAC)
class ImportInput:
    """Which database to make of which blob."""

    azure_edition: str | None = None
    blob_credentials: BlobCredentials
    connection_info: ConnectionInfo
    database_size_in_gb: int | None = element(default=None, name="DatabaseSizeInGB")


@document(name="StatusInput", namespace=DAC)
class StatusInput:
    """Whose imports and exports to tell about; without a request id all of them."""

    password: str
    request_id: str | None = None
    server_name: str
    user_name: str


@document(name="StatusInfo", namespace=DAC)
class StatusInfo:
    """How far an import or export has got."""

    blob_uri: str | None = None
    database_name: str | None = None
    error_message: str | Nil | None = NIL
    last_modified_time: TickTime | None = None
    queued_time: TickTime | None = None
    request_id: str | None = None
    request_type: str | None = None
    server_name: str | None = None
    status: str | None = None


@document(name="ArrayOfStatusInfo", namespace=DAC)
class StatusInfos:
    """How far imports and exports have got."""

    items: tuple[StatusInfo, ...] = element(default=(), flat=True)


@document(name="guid", namespace=SERIALIZATION)
class RequestGuid:
    """The id under which an import or export can be asked for."""

    value: str = element(content=True)
