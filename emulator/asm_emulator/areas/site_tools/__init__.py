"""The tools of a web site, on a host of its own."""

from __future__ import annotations

from asm_emulator.areas.site_tools.deployments import DeploymentCalls
from asm_emulator.areas.site_tools.jobs import JobCalls
from asm_emulator.areas.site_tools.settings import SettingCalls


class SiteToolsArea(JobCalls, DeploymentCalls, SettingCalls):
    """Jobs, deployments, settings and logs of a site."""
