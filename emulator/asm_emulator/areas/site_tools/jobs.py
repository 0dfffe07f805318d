"""Jobs of a site.  Their scripts are not run: what runs is the time that they take."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Final

from rpds import HashTrieMap

from asm_contracts.areas.site_tools import (
    ContinuousJob,
    ContinuousJobs,
    ContinuousJobSettings,
    SiteToolsContract,
    TriggeredJob,
    TriggeredJobRun,
    TriggeredJobRuns,
    TriggeredJobs,
    TriggeredJobSettings,
)
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, Conflict, NotFound
from asm_contracts.evidence import assumed, client, documented
from asm_contracts.operation import RawBody
from asm_emulator.areas.site_tools.common import ToolArea
from asm_emulator.site_tools_model import JobRun, WebJob
from asm_emulator.websites_model import WebSite

MOST_RUNS: Final = 50
SCRIPTS: Final = (".cmd", ".bat", ".exe", ".ps1", ".sh", ".php", ".py", ".js")
"""Kinds of script, the preferred first (documented)."""
_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}\Z")
_MOST_SECONDS: Final = 3600
_ENTRY: Final = b"PK\x01\x02"
"""What each file of an archive has in its directory."""
MOST_FILES: Final = 65_535
"""Files of a job at most: as many as an archive has that needs no later extension of its format."""


@documented("a script called run comes first, in the order of kinds; else any script will do")
def command_in(names: Iterable[str]) -> str | None:
    """The script that a job runs, of the files that it consists of; None if none of them is one."""
    files = [PurePosixPath(name.replace("\\", "/")) for name in names if not name.endswith("/")]
    for kind in SCRIPTS:
        if any(str(one).lower() == f"run{kind}" for one in files):
            return f"run{kind}"
    for kind in SCRIPTS:
        found = next((one.name for one in files if one.suffix.lower() == kind and len(one.parts) <= 2), None)
        if found is not None:
            return found
    return None


@documented("the tools' own source: what is an archive says its content type, and every file needs a name")
@assumed("the texts of what cannot be taken were never seen")
def command_of(body: RawBody) -> str | None:
    """The script in what was brought; BadRequest for what has no file name, cannot be read, or is nothing."""
    if not body.file_name:
        raise BadRequest("The request must have the file's name in its Content-Disposition header.")
    if not body.data:
        raise BadRequest("The job has no content.")
    if body.content_type.partition(";")[0].strip().lower() == "application/zip":
        if body.data.count(_ENTRY) > MOST_FILES:  # looked at before: an archive of nothing but names is big once read
            raise BadRequest("The archive has too many files.")
        try:
            with zipfile.ZipFile(io.BytesIO(body.data)) as archive:
                return command_in(archive.namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as problem:
            raise BadRequest("The archive cannot be read.") from problem
    return command_in([body.file_name])


class JobCalls(ToolArea, SiteToolsContract):
    """Jobs of both kinds."""

    # -- continuous -----------------------------------------------------------------------------------------------

    def list_continuous_jobs(self, site: str) -> ContinuousJobs:
        found = self.site(site)
        jobs = found.tools.continuous
        return ContinuousJobs(items=tuple(self._continuous(found, jobs[key]) for key in sorted(jobs)))

    def get_continuous_job(self, site: str, job_name: str) -> ContinuousJob:
        found = self.site(site)
        return self._continuous(found, _job(found.tools.continuous, job_name))

    def upload_continuous_job(self, site: str, job_name: str, body: RawBody) -> ContinuousJob:
        found = self.site(site)
        jobs = self._with(found.tools.continuous, job_name, body)
        self.put(found, continuous=jobs)
        return self._continuous(found, _job(jobs, job_name))

    def delete_continuous_job(self, site: str, job_name: str) -> None:
        found = self.site(site)
        self.put(found, continuous=found.tools.continuous.discard(job_name.lower()))

    def start_continuous_job(self, site: str, job_name: str) -> None:
        self._turn(site, job_name, stopped=False)

    def stop_continuous_job(self, site: str, job_name: str) -> None:
        self._turn(site, job_name, stopped=True)

    @assumed("that starting what runs, and stopping what does not, changes nothing")
    def _turn(self, site: str, job_name: str, *, stopped: bool) -> None:
        found = self.site(site)
        job = _job(found.tools.continuous, job_name)
        if job.stopped != stopped:
            changed = replace(job, stopped=stopped, since=self.now)
            self.put(found, continuous=found.tools.continuous.insert(job.name.lower(), changed))

    def get_continuous_job_settings(self, site: str, job_name: str) -> ContinuousJobSettings:
        job = _job(self.site(site).tools.continuous, job_name)
        return ContinuousJobSettings(is_singleton=job.is_singleton, shutdown_grace_time_in_seconds=job.grace_seconds)

    def set_continuous_job_settings(self, site: str, job_name: str, body: ContinuousJobSettings) -> None:
        found = self.site(site)
        job = _job(found.tools.continuous, job_name)
        seconds = _checked_seconds(body.shutdown_grace_time_in_seconds)
        changed = replace(job, is_singleton=body.is_singleton, grace_seconds=seconds)
        self.put(found, continuous=found.tools.continuous.insert(job.name.lower(), changed))

    @documented("a job is Starting, then Running; stopped by a file in its folder, it is Stopped")
    @assumed("the form of the detailed status, and that a job waits while its site is stopped")
    def _continuous(self, site: WebSite, job: WebJob) -> ContinuousJob:
        status = "Running"
        if job.stopped or site.state == "Stopped":
            status = "Stopped"
        elif self.now < job.since + self.state.span("webjob.start"):
            status = "Starting"
        instance = self.state.make_hex("web job instance", site.deployment_id)[:6]
        path = f"/api/jobs/continuous/{job.name}"
        return ContinuousJob(
            status=status,
            detailed_status=f"{instance} - {status}\r\n",
            log_url=self.address(site, f"/vfs/data/jobs/continuous/{job.name}/job_log.txt"),
            name=job.name,
            run_command=job.command,
            url=self.address(site, path),
            extra_info_url=self.address(site, f"/azurejobs/#/jobs/continuous/{job.name}"),
        )

    # -- triggered ------------------------------------------------------------------------------------------------

    def list_triggered_jobs(self, site: str) -> TriggeredJobs:
        found = self.site(site)
        jobs = found.tools.triggered
        return TriggeredJobs(items=tuple(self._triggered(found, jobs[key]) for key in sorted(jobs)))

    def get_triggered_job(self, site: str, job_name: str) -> TriggeredJob:
        found = self.site(site)
        return self._triggered(found, _job(found.tools.triggered, job_name))

    def upload_triggered_job(self, site: str, job_name: str, body: RawBody) -> TriggeredJob:
        found = self.site(site)
        jobs = self._with(found.tools.triggered, job_name, body)
        self.put(found, triggered=jobs)
        return self._triggered(found, _job(jobs, job_name))

    def delete_triggered_job(self, site: str, job_name: str) -> None:
        found = self.site(site)
        self.put(found, triggered=found.tools.triggered.discard(job_name.lower()))

    @documented("one run at a time: 409 while there is one")
    @assumed("that every run succeeds after some time: the script is not run")
    def run_triggered_job(self, site: str, job_name: str) -> None:
        found = self.site(site)
        job = _job(found.tools.triggered, job_name)
        if job.runs and self.now < job.runs[0].ends:
            raise Conflict("Cannot start a new run since job is already running.")
        made = JobRun(id=self._run_id(job), started=self.now, ends=self.now + self.state.span("webjob.run"))
        changed = replace(job, runs=(made, *job.runs)[:MOST_RUNS])
        self.put(found, triggered=found.tools.triggered.insert(job.name.lower(), changed))

    @documented("a run is called by the moment of its start: 20140506141537 and four figures of a second")
    def _run_id(self, job: WebJob) -> str:
        moment = self.now
        while True:
            made = moment.strftime("%Y%m%d%H%M%S") + f"{moment.microsecond // 100:04}"
            if all(one.id != made for one in job.runs):
                return made
            moment += timedelta(microseconds=100)

    def list_triggered_job_runs(self, site: str, job_name: str) -> TriggeredJobRuns:
        found = self.site(site)
        job = _job(found.tools.triggered, job_name)
        return TriggeredJobRuns(runs=tuple(self._run(found, job, one) for one in job.runs))

    @client("without an id the command line asks for the run called undefined, and means the latest")
    def get_triggered_job_run(self, site: str, job_name: str, job_run_id: str) -> TriggeredJobRun:
        found = self.site(site)
        job = _job(found.tools.triggered, job_name)
        run = next((one for one in job.runs if job_run_id in (one.id, "undefined")), None)
        if run is None:
            raise NotFound(f"No route registered for '/api/jobs/triggered/{job.name}/history/{job_run_id[:100]}'")
        return self._run(found, job, run)

    def get_triggered_job_settings(self, site: str, job_name: str) -> TriggeredJobSettings:
        job = _job(self.site(site).tools.triggered, job_name)
        return TriggeredJobSettings(shutdown_grace_time_in_seconds=job.grace_seconds)

    def set_triggered_job_settings(self, site: str, job_name: str, body: TriggeredJobSettings) -> None:
        found = self.site(site)
        job = _job(found.tools.triggered, job_name)
        changed = replace(job, grace_seconds=_checked_seconds(body.shutdown_grace_time_in_seconds))
        self.put(found, triggered=found.tools.triggered.insert(job.name.lower(), changed))

    def _triggered(self, site: WebSite, job: WebJob) -> TriggeredJob:
        path = f"/api/jobs/triggered/{job.name}"
        return TriggeredJob(
            latest_run=self._run(site, job, job.runs[0]) if job.runs else NIL,
            history_url=self.address(site, f"{path}/history"),
            name=job.name,
            run_command=job.command,
            url=self.address(site, path),
            extra_info_url=self.address(site, f"/azurejobs/#/jobs/triggered/{job.name}"),
        )

    def _run(self, site: WebSite, job: WebJob, run: JobRun) -> TriggeredJobRun:
        ended = self.now >= run.ends
        path = f"/api/jobs/triggered/{job.name}/history/{run.id}"
        return TriggeredJobRun(
            id=run.id,
            status="Success" if ended else "Running",
            start_time=run.started,
            end_time=run.ends if ended else NIL,
            duration=_span(run.started, run.ends if ended else self.now),
            output_url=self.address(site, f"/vfs/data/jobs/triggered/{job.name}/{run.id}/output_log.txt"),
            url=self.address(site, path),
            job_name=job.name,
        )

    # -- both -----------------------------------------------------------------------------------------------------

    @documented("the tools' own source: a job without a script that could run is refused")
    @assumed(
        "the texts; which names are refused; that a new version of a job starts anew and keeps its runs, and that "
        "the version before stays where the new one is refused"
    )
    def _with(self, jobs: HashTrieMap[str, WebJob], name: str, body: RawBody) -> HashTrieMap[str, WebJob]:
        if not _NAME.match(name):
            raise BadRequest(f"The job name '{name[:100]}' is invalid.")
        command = command_of(body)
        if command is None:
            raise BadRequest("Runnable script file was not found.")
        before = jobs.get(name.lower())
        made = WebJob(name=name, command=command, since=self.now)
        if before is not None:
            made = replace(before, command=command, since=self.now)
        return jobs.insert(name.lower(), made)


@assumed("the refusal's text was never seen")
def _job(jobs: HashTrieMap[str, WebJob], name: str) -> WebJob:
    found = jobs.get(name.lower())
    if found is None:
        raise NotFound(f"The job '{name[:100]}' was not found.")
    return found


@assumed("the limit and the text were never seen")
def _checked_seconds(seconds: int | None) -> int | None:
    if seconds is not None and not 0 <= seconds <= _MOST_SECONDS:
        raise BadRequest(f"The shutdown grace time must be between 0 and {_MOST_SECONDS} seconds.")
    return seconds


def _span(begin: datetime, end: datetime) -> str:
    """A span as .NET writes it: ``00:00:10`` or ``00:00:10.5000000``."""
    micros = (end - begin) // timedelta(microseconds=1)
    seconds, rest = divmod(micros, 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    day = f"{days}." if days else ""
    return f"{day}{hours:02}:{minutes:02}:{seconds:02}" + (f".{rest:06}0" if rest else "")
