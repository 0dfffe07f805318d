"""The tools of a web site: jobs, deployments, settings and logs, on a host of the site's own.

``https://{site}.scm.azurewebsites.net`` asks for the site's publishing credentials, not for a management certificate.
Addresses, statuses and members: the Node client's, and what the tools' own documentation says.
"""

from __future__ import annotations

from asm_contracts.areas.site_tools.documents import (
    ContinuousJob,
    ContinuousJobs,
    ContinuousJobSettings,
    DeploymentLog,
    DeploymentLogEntry,
    DeploymentNote,
    DiagnosticsSettings,
    SiteDeployment,
    SiteDeployments,
    ToolSetting,
    ToolSettings,
    ToolSettingValue,
    TriggeredJob,
    TriggeredJobRun,
    TriggeredJobRuns,
    TriggeredJobs,
    TriggeredJobSettings,
)
from asm_contracts.dialect import SITE_TOOLS
from asm_contracts.errors import BadRequest, Conflict, NotFound, Unauthorized
from asm_contracts.operation import Contract, RawBody, operation

_HOST = "https://{site}.scm.azurewebsites.net"
_CONTINUOUS = f"{_HOST}/api/jobs/continuous"
_TRIGGERED = f"{_HOST}/api/jobs/triggered"
_DEPLOYMENTS = f"{_HOST}/api/deployments"
JSON = "json"
"""What stands for the root element of every body that is JSON."""
_SINCE = "2009-10-01"
"""The tools know no versions: whatever a request says counts for nothing."""


class SiteToolsContract(Contract):
    """Work with a site's jobs, deployments, settings and logs."""

    area = "site_tools"
    dialect = SITE_TOOLS

    # -- continuous jobs ------------------------------------------------------------------------------------------

    @operation("GET", _CONTINUOUS, since=_SINCE, errors=(NotFound, Unauthorized))
    def list_continuous_jobs(self, site: str) -> ContinuousJobs:
        """List the jobs that run as long as the site does."""

    @operation("GET", f"{_CONTINUOUS}/{{job_name}}", since=_SINCE, errors=(NotFound, Unauthorized))
    def get_continuous_job(self, site: str, job_name: str) -> ContinuousJob:
        """Read a continuous job."""

    @operation(
        "PUT", f"{_CONTINUOUS}/{{job_name}}", since=_SINCE, raw_body=True, errors=(BadRequest, NotFound, Unauthorized)
    )
    def upload_continuous_job(self, site: str, job_name: str, body: RawBody) -> ContinuousJob:
        """Bring a continuous job to the site, as a script or in an archive; it starts at once."""

    @operation("DELETE", f"{_CONTINUOUS}/{{job_name}}", since=_SINCE, errors=(NotFound, Unauthorized))
    def delete_continuous_job(self, site: str, job_name: str) -> None:
        """Stop a continuous job and take it away; nothing if there is none."""

    @operation("POST", f"{_CONTINUOUS}/{{job_name}}/start", since=_SINCE, errors=(NotFound, Unauthorized))
    def start_continuous_job(self, site: str, job_name: str) -> None:
        """Have a continuous job run again."""

    @operation("POST", f"{_CONTINUOUS}/{{job_name}}/stop", since=_SINCE, errors=(NotFound, Unauthorized))
    def stop_continuous_job(self, site: str, job_name: str) -> None:
        """Have a continuous job run no longer."""

    @operation("GET", f"{_CONTINUOUS}/{{job_name}}/settings", since=_SINCE, errors=(NotFound, Unauthorized))
    def get_continuous_job_settings(self, site: str, job_name: str) -> ContinuousJobSettings:
        """Read what a continuous job is to be like."""

    @operation("PUT", f"{_CONTINUOUS}/{{job_name}}/settings", since=_SINCE, errors=(BadRequest, NotFound, Unauthorized))
    def set_continuous_job_settings(self, site: str, job_name: str, body: ContinuousJobSettings) -> None:
        """Say what a continuous job is to be like."""

    # -- triggered jobs -------------------------------------------------------------------------------------------

    @operation("GET", _TRIGGERED, since=_SINCE, errors=(NotFound, Unauthorized))
    def list_triggered_jobs(self, site: str) -> TriggeredJobs:
        """List the jobs that run when they are told to, each with its latest run."""

    @operation("GET", f"{_TRIGGERED}/{{job_name}}", since=_SINCE, errors=(NotFound, Unauthorized))
    def get_triggered_job(self, site: str, job_name: str) -> TriggeredJob:
        """Read a triggered job with its latest run."""

    @operation(
        "PUT", f"{_TRIGGERED}/{{job_name}}", since=_SINCE, raw_body=True, errors=(BadRequest, NotFound, Unauthorized)
    )
    def upload_triggered_job(self, site: str, job_name: str, body: RawBody) -> TriggeredJob:
        """Bring a triggered job to the site, as a script or in an archive."""

    @operation("DELETE", f"{_TRIGGERED}/{{job_name}}", since=_SINCE, errors=(NotFound, Unauthorized))
    def delete_triggered_job(self, site: str, job_name: str) -> None:
        """Take a triggered job away, with what is known of its runs; nothing if there is none."""

    @operation(
        "POST", f"{_TRIGGERED}/{{job_name}}/run", since=_SINCE, success=202, errors=(Conflict, NotFound, Unauthorized)
    )
    def run_triggered_job(self, site: str, job_name: str) -> None:
        """Have a triggered job run, unless it does."""

    @operation("GET", f"{_TRIGGERED}/{{job_name}}/history", since=_SINCE, errors=(NotFound, Unauthorized))
    def list_triggered_job_runs(self, site: str, job_name: str) -> TriggeredJobRuns:
        """List the runs of a triggered job, the latest first."""

    @operation(
        "GET", f"{_TRIGGERED}/{{job_name}}/history/{{job_run_id}}", since=_SINCE, errors=(NotFound, Unauthorized)
    )
    def get_triggered_job_run(self, site: str, job_name: str, job_run_id: str) -> TriggeredJobRun:
        """Read a run of a triggered job."""

    @operation("GET", f"{_TRIGGERED}/{{job_name}}/settings", since=_SINCE, errors=(NotFound, Unauthorized))
    def get_triggered_job_settings(self, site: str, job_name: str) -> TriggeredJobSettings:
        """Read what a triggered job is to be like."""

    @operation("PUT", f"{_TRIGGERED}/{{job_name}}/settings", since=_SINCE, errors=(BadRequest, NotFound, Unauthorized))
    def set_triggered_job_settings(self, site: str, job_name: str, body: TriggeredJobSettings) -> None:
        """Say what a triggered job is to be like."""

    # -- deployments ----------------------------------------------------------------------------------------------

    @operation("GET", f"{_DEPLOYMENTS}?$top={{top}}", since=_SINCE, errors=(BadRequest, Unauthorized))
    def list_site_deployments(self, site: str, top: int | None = None) -> SiteDeployments:
        """List what was brought to the site, the latest first."""

    @operation("GET", f"{_DEPLOYMENTS}/{{deployment_id}}", since=_SINCE, errors=(NotFound, Unauthorized))
    def get_site_deployment(self, site: str, deployment_id: str) -> SiteDeployment:
        """Read one deployment; ``latest`` is the last one."""

    @operation(
        "PUT",
        f"{_DEPLOYMENTS}/{{deployment_id}}",
        since=_SINCE,
        success=202,
        errors=(Conflict, NotFound, Unauthorized),
    )
    def redeploy_site(self, site: str, deployment_id: str) -> None:
        """Bring an earlier deployment again."""

    @operation(
        "PUT",
        f"{_DEPLOYMENTS}/{{deployment_id}}",
        since=_SINCE,
        success=202,
        root=JSON,
        errors=(BadRequest, Conflict, NotFound, Unauthorized),
    )
    def note_site_deployment(self, site: str, deployment_id: str, body: DeploymentNote) -> SiteDeployment:
        """Note something that was brought to the site by other means; told from the former by having a body.

        An object that is no such note asks for the deployment to be brought again.
        """

    @operation("GET", f"{_DEPLOYMENTS}/{{deployment_id}}/log", since=_SINCE, errors=(NotFound, Unauthorized))
    def list_site_deployment_log(self, site: str, deployment_id: str) -> DeploymentLog:
        """List the steps of a deployment."""

    @operation("GET", f"{_DEPLOYMENTS}/{{deployment_id}}/log/{{log_id}}", since=_SINCE, errors=(NotFound, Unauthorized))
    def get_site_deployment_log(self, site: str, deployment_id: str, log_id: str) -> DeploymentLog:
        """List the details of a step that has some."""

    @operation("DELETE", f"{_HOST}/api/scm", since=_SINCE, success=204, errors=(Unauthorized,))
    def delete_site_content_repository(self, site: str) -> None:
        """Forget the repository on the site, and everything that was deployed from it."""

    # -- settings -------------------------------------------------------------------------------------------------

    @operation("GET", f"{_HOST}/api/settings", since=_SINCE, errors=(Unauthorized,))
    def list_tool_settings(self, site: str) -> ToolSettings:
        """List the settings of the site's tools."""

    @operation("POST", f"{_HOST}/api/settings", since=_SINCE, success=204, errors=(BadRequest, Unauthorized))
    def update_tool_settings(self, site: str, body: ToolSettings) -> None:
        """Set some settings of the site's tools; the others stay."""

    @operation("GET", f"{_HOST}/api/settings/{{setting_id}}", since=_SINCE, errors=(NotFound, Unauthorized))
    def get_tool_setting(self, site: str, setting_id: str) -> ToolSettingValue:
        """Read one setting."""

    @operation("DELETE", f"{_HOST}/api/settings/{{setting_id}}", since=_SINCE, errors=(NotFound, Unauthorized))
    def delete_tool_setting(self, site: str, setting_id: str) -> None:
        """Give a setting the value back that it had of itself."""

    # -- diagnostics and logs -------------------------------------------------------------------------------------

    @operation("GET", f"{_HOST}/api/diagnostics/settings", since=_SINCE, errors=(Unauthorized,))
    def get_diagnostics_settings(self, site: str) -> DiagnosticsSettings:
        """Read where the application's own messages are kept."""

    @operation(
        "POST", f"{_HOST}/api/diagnostics/settings", since=_SINCE, success=204, errors=(BadRequest, Unauthorized)
    )
    def update_diagnostics_settings(self, site: str, body: DiagnosticsSettings) -> None:
        """Say where the application's own messages are to be kept; what is left out stays."""

    @operation("GET", f"{_HOST}/dump", since=_SINCE, errors=(Unauthorized,))
    def get_site_log_dump(self, site: str) -> RawBody:
        """Read all logs, in an archive."""

    @operation("GET", f"{_HOST}/logstream?filter={{text}}", since=_SINCE, errors=(Unauthorized,))
    def get_site_log_stream(self, site: str, text: str | None = None) -> RawBody:
        """Read the logs as they are written, or of them the lines with a text."""

    @operation("GET", f"{_HOST}/logstream/{{path}}?filter={{text}}", since=_SINCE, errors=(NotFound, Unauthorized))
    def get_site_log_stream_of(self, site: str, path: str, text: str | None = None) -> RawBody:
        """Read the logs of one kind as they are written: ``application``, ``http``, ``git`` or ``deployment``."""


__all__ = [
    "ContinuousJob",
    "ContinuousJobSettings",
    "ContinuousJobs",
    "DeploymentLog",
    "DeploymentLogEntry",
    "DeploymentNote",
    "DiagnosticsSettings",
    "SiteDeployment",
    "SiteDeployments",
    "SiteToolsContract",
    "ToolSetting",
    "ToolSettingValue",
    "ToolSettings",
    "TriggeredJob",
    "TriggeredJobRun",
    "TriggeredJobRuns",
    "TriggeredJobSettings",
    "TriggeredJobs",
]
