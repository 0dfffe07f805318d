"""What a site's tools say and hear, in JSON.

Names: the Node client's, and those of the tools' own documentation, which are words with underscores for what they say
and with capitals for settings.
"""

from __future__ import annotations

from asm_contracts.document import NIL, Nil, PreciseTime, document, element

# -- jobs -----------------------------------------------------------------------------------------------------------


@document()
class ContinuousJob:
    """A job that runs as long as its site does."""

    status: str = element(name="status")
    detailed_status: str = element(name="detailed_status")
    log_url: str = element(name="log_url")
    name: str = element(name="name")
    run_command: str = element(name="run_command")
    url: str = element(name="url")
    extra_info_url: str = element(name="extra_info_url")
    type: str = element(name="type", default="continuous")
    error: str | Nil = element(name="error", default=NIL)
    using_sdk: bool = element(name="using_sdk", default=False)


@document()
class ContinuousJobs:
    """The continuous jobs of a site."""

    items: tuple[ContinuousJob, ...] = element(default=(), flat=True)


@document()
class ContinuousJobSettings:
    """What a continuous job is to be like."""

    is_singleton: bool | None = element(default=None, name="IsSingleton")
    shutdown_grace_time_in_seconds: int | None = element(default=None, name="ShutdownGraceTimeInSeconds")


@document()
class TriggeredJobRun:
    """A run of a triggered job; it has no end while it goes on."""

    id: str = element(name="id")
    status: str = element(name="status")
    start_time: PreciseTime = element(name="start_time")
    end_time: PreciseTime | Nil = element(name="end_time", default=NIL)
    duration: str = element(name="duration")
    output_url: str = element(name="output_url")
    error_url: str | Nil = element(name="error_url", default=NIL)
    url: str = element(name="url")
    job_name: str = element(name="job_name")


@document()
class TriggeredJobRuns:
    """Runs of a triggered job, the latest first."""

    runs: tuple[TriggeredJobRun, ...] = element(name="runs", default=())


@document()
class TriggeredJob:
    """A job that runs when it is told to."""

    latest_run: TriggeredJobRun | Nil = element(name="latest_run", default=NIL)
    history_url: str = element(name="history_url")
    name: str = element(name="name")
    run_command: str = element(name="run_command")
    url: str = element(name="url")
    extra_info_url: str = element(name="extra_info_url")
    type: str = element(name="type", default="triggered")
    error: str | Nil = element(name="error", default=NIL)
    using_sdk: bool = element(name="using_sdk", default=False)


@document()
class TriggeredJobs:
    """The triggered jobs of a site."""

    items: tuple[TriggeredJob, ...] = element(default=(), flat=True)


@document()
class TriggeredJobSettings:
    """What a triggered job is to be like."""

    shutdown_grace_time_in_seconds: int | None = element(default=None, name="ShutdownGraceTimeInSeconds")


# -- deployments ----------------------------------------------------------------------------------------------------


@document()
class SiteDeployment:
    """What was brought to a site; of its status 4 is success, 3 failure, less is on its way."""

    id: str = element(name="id")
    status: int = element(name="status")
    status_text: str = element(name="status_text")
    author_email: str = element(name="author_email")
    author: str = element(name="author")
    deployer: str = element(name="deployer")
    message: str = element(name="message")
    progress: str = element(name="progress")
    received_time: PreciseTime = element(name="received_time")
    start_time: PreciseTime = element(name="start_time")
    end_time: PreciseTime | Nil = element(name="end_time", default=NIL)
    last_success_end_time: PreciseTime | Nil = element(name="last_success_end_time", default=NIL)
    complete: bool = element(name="complete")
    active: bool = element(name="active")
    is_temp: bool = element(name="is_temp", default=False)
    is_readonly: bool = element(name="is_readonly", default=False)
    url: str = element(name="url")
    log_url: str = element(name="log_url")
    site_name: str = element(name="site_name")


@document()
class SiteDeployments:
    """What was brought to a site, the latest first."""

    items: tuple[SiteDeployment, ...] = element(default=(), flat=True)


@document()
class DeploymentNote:
    """What somebody who has brought something to a site by other means says of it."""

    status: int | None = element(default=None, name="status")
    message: str | None = element(default=None, name="message")
    author: str | None = element(default=None, name="author")
    author_email: str | None = element(default=None, name="author_email")
    deployer: str | None = element(default=None, name="deployer")


@document()
class DeploymentLogEntry:
    """A step of a deployment; of its type 0 is a message, 1 a warning, 2 an error."""

    log_time: PreciseTime = element(name="log_time")
    id: str = element(name="id")
    message: str = element(name="message")
    type: int = element(name="type", default=0)
    details_url: str | Nil = element(name="details_url", default=NIL)


@document()
class DeploymentLog:
    """The steps of a deployment, or of one of its steps."""

    items: tuple[DeploymentLogEntry, ...] = element(default=(), flat=True)


# -- settings -------------------------------------------------------------------------------------------------------


@document()
class ToolSetting:
    """A setting of a site's tools."""

    key: str
    value: str


@document()
class ToolSettings:
    """Settings of a site's tools, as one object."""

    items: tuple[ToolSetting, ...] = element(default=(), flat=True, mapping=True)


@document()
class ToolSettingValue:
    """The value of one setting, and nothing else."""

    value: str = element(content=True)


@document()
class DiagnosticsSettings:
    """Where what a site's application says of itself is kept, and from which level on."""

    azure_drive_enabled: bool | None = element(default=None, name="AzureDriveEnabled")
    azure_drive_trace_level: str | None = element(default=None, name="AzureDriveTraceLevel")
    azure_table_enabled: bool | None = element(default=None, name="AzureTableEnabled")
    azure_table_trace_level: str | None = element(default=None, name="AzureTableTraceLevel")
    azure_blob_enabled: bool | None = element(default=None, name="AzureBlobEnabled")
    azure_blob_trace_level: str | None = element(default=None, name="AzureBlobTraceLevel")
