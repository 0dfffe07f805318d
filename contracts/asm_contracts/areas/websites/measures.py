"""Documents of metrics, usages and backups.

Metrics: recorded.  Usages and backups: documented and as the Node client reads them, in alphabetical order.
"""

from __future__ import annotations

from asm_contracts.document import NIL, Long, Nil, PreciseTime, document, element


@document(name="MetricSample")
class MetricSample:
    """What was measured in a span of time."""

    count: int
    instance_name: str | Nil | None = NIL
    maximum: str | Nil | None = NIL
    minimum: str | Nil | None = NIL
    time_created: PreciseTime
    total: Long


@document(name="Data")
class MetricData:
    """The samples of one metric."""

    display_name: str
    end_time: PreciseTime | None = None
    name: str
    primary_aggregation_type: str
    start_time: PreciseTime | None = None
    time_grain: str
    unit: str
    values: tuple[MetricSample, ...] = ()


@document()
class MetricResponse:
    """The answer for one metric."""

    code: str
    data: MetricData | Nil | None = NIL
    message: str | Nil | None = ""


@document()
class MetricResponses:
    """The answers for the metrics that were asked for."""

    items: tuple[MetricResponse, ...] = element(default=(), flat=True)


@document(name="MetricAvailabilily")
class MetricAvailability:
    """How long samples of a grain are kept; the wire name is the service's own spelling."""

    retention: str
    time_grain: str


@document()
class MetricDefinition:
    """A metric that can be asked for."""

    display_name: str
    metric_availabilities: tuple[MetricAvailability, ...]
    name: str
    primary_aggregation_type: str
    unit: str


@document()
class MetricDefinitions:
    """The metrics that can be asked for."""

    items: tuple[MetricDefinition, ...] = element(default=(), flat=True)


@document()
class Usage:
    """How much of a quota is used."""

    compute_mode: str | Nil | None = NIL
    current_value: Long
    display_name: str
    limit: Long
    name: str
    next_reset_time: PreciseTime | Nil | None = NIL
    resource_name: str
    site_mode: str | Nil | None = NIL
    unit: str


@document()
class Usages:
    """How much of every quota a site uses."""

    items: tuple[Usage, ...] = element(default=(), flat=True)


@document()
class BackupSchedule:
    """When backups are made by themselves."""

    frequency_interval: int | Nil | None = element(default=None, anywhere=True)
    frequency_unit: str | Nil | None = element(default=None, anywhere=True)
    keep_at_least_one_backup: bool | Nil | None = element(default=None, anywhere=True)
    last_execution_time: PreciseTime | Nil | None = element(default=None, anywhere=True)
    retention_period_in_days: int | Nil | None = element(default=None, anywhere=True)
    start_time: PreciseTime | Nil | None = element(default=None, anywhere=True)


@document()
class DatabaseBackupSetting:
    """A database that is saved with the site."""

    connection_string: str | Nil | None = element(default=None, anywhere=True)
    connection_string_name: str | Nil | None = element(default=None, anywhere=True)
    database_type: str | Nil | None = element(default=None, anywhere=True)
    name: str | Nil | None = element(default=None, anywhere=True)


@document()
class BackupRequest:
    """What to save where, and when."""

    backup_schedule: BackupSchedule | Nil | None = element(default=None, anywhere=True)
    databases: tuple[DatabaseBackupSetting, ...] | Nil | None = element(default=None, anywhere=True)
    enabled: bool | Nil | None = element(default=None, anywhere=True)
    name: str | Nil | None = element(default=None, anywhere=True)
    storage_account_url: str | Nil | None = element(default=None, anywhere=True)


@document()
class BackupItem:
    """A backup that was made, or is being made."""

    blob_name: str
    correlation_id: str
    created: PreciseTime
    databases: tuple[DatabaseBackupSetting, ...] | Nil | None = ()
    finished_time_stamp: PreciseTime | Nil | None = NIL
    last_restore_time_stamp: PreciseTime | Nil | None = NIL
    log: str | Nil | None = NIL
    name: str
    scheduled: bool = False
    size_in_bytes: Long
    status: str
    storage_account_url: str


@document()
class BackupItems:
    """The backups of a site."""

    items: tuple[BackupItem, ...] = element(default=(), flat=True)


@document()
class RestoreRequest:
    """What to restore, and over what."""

    adjust_connection_strings: bool | Nil | None = element(default=None, anywhere=True)
    blob_name: str | Nil | None = element(default=None, anywhere=True)
    databases: tuple[DatabaseBackupSetting, ...] | Nil | None = element(default=None, anywhere=True)
    ignore_conflicting_host_names: bool | Nil | None = element(default=None, anywhere=True)
    overwrite: bool | Nil | None = element(default=None, anywhere=True)
    storage_account_url: str | Nil | None = element(default=None, anywhere=True)


@document()
class RestoreResponse:
    """The operation that restores."""

    operation_id: str
