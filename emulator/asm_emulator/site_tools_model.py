"""The frozen entities of a site's tools: jobs, deployments and settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from rpds import HashTrieMap

from asm_contracts.areas.site_tools import DiagnosticsSettings

Texts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """A run of a triggered job; `ends` is when it is over, which may be to come."""

    id: str
    started: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebJob:
    """A job: which script it runs, and since when it does, or does not."""

    name: str
    command: str
    since: datetime
    stopped: bool = False
    is_singleton: bool | None = None
    grace_seconds: int | None = None
    runs: tuple[JobRun, ...] = ()
    """Of a triggered one, the latest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDeployment:
    """Something that was brought to the site; `ends` is when it is there, which may be to come."""

    id: str
    message: str
    author: str
    author_email: str
    deployer: str
    received: datetime
    started: datetime
    ends: datetime
    failed: bool = False
    last_success: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTools:
    """What a site has beside itself.  It is part of its content: a swap of slots takes it along."""

    continuous: HashTrieMap[str, WebJob] = field(default_factory=HashTrieMap)
    """By name in lower case."""
    triggered: HashTrieMap[str, WebJob] = field(default_factory=HashTrieMap)
    """By name in lower case."""
    deployments: tuple[SiteDeployment, ...] = ()
    """The latest first."""
    settings: HashTrieMap[str, str] = field(default_factory=HashTrieMap)
    diagnostics: DiagnosticsSettings = field(
        default_factory=lambda: DiagnosticsSettings(
            azure_drive_enabled=False,
            azure_drive_trace_level="Error",
            azure_table_enabled=False,
            azure_table_trace_level="Error",
            azure_blob_enabled=False,
            azure_blob_trace_level="Error",
        )
    )
