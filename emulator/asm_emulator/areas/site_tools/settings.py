"""Settings of a site's tools, and its logs."""

from __future__ import annotations

import io
import zipfile
from dataclasses import fields, replace
from typing import Final

from rpds import HashTrieMap

from asm_contracts.areas.site_tools import (
    DiagnosticsSettings,
    SiteToolsContract,
    ToolSetting,
    ToolSettings,
    ToolSettingValue,
)
from asm_contracts.errors import BadRequest, NotFound
from asm_contracts.evidence import assumed, client, documented
from asm_contracts.operation import RawBody
from asm_emulator.areas.site_tools.common import ToolArea
from asm_emulator.websites_model import WebSite

DEFAULTS: Final = (
    ("deployment_branch", "master"),
    ("SCM_TRACE_LEVEL", "1"),
    ("SCM_COMMAND_IDLE_TIMEOUT", "60"),
    ("SCM_LOGSTREAM_TIMEOUT", "7200"),
    ("SCM_BUILD_ARGS", ""),
    ("SCM_GIT_USERNAME", "windowsazure"),
    ("SCM_GIT_EMAIL", "windowsazure"),
)
"""Settings that are there by themselves (documented)."""
LEVELS: Final = {
    "off": "Off",
    "error": "Error",
    "warning": "Warning",
    "information": "Information",
    "verbose": "Verbose",
}
LOGS: Final = frozenset({"application", "http", "git", "deployment"})
_LONGEST: Final = 8192
_PLAIN: Final = "text/plain; charset=utf-8"


class SettingCalls(ToolArea, SiteToolsContract):
    """Settings and logs."""

    def list_tool_settings(self, site: str) -> ToolSettings:
        settings = dict(DEFAULTS) | dict(self.site(site).tools.settings.items())
        return ToolSettings(items=tuple(ToolSetting(key=key, value=settings[key]) for key in sorted(settings)))

    @documented("either an object of settings, or one setting with its key and its value")
    @assumed("which keys and values are refused was never seen")
    def update_tool_settings(self, site: str, body: ToolSettings) -> None:
        found = self.site(site)
        given = {one.key: one.value for one in body.items}
        if {key.lower() for key in given} == {"key", "value"}:
            one = {key.lower(): value for key, value in given.items()}
            given = {one["key"]: one["value"]}
        if not given or any(not key or len(key) + len(value) > _LONGEST for key, value in given.items()):
            raise BadRequest("The settings are invalid.")
        settings = found.tools.settings
        for key, value in given.items():
            settings = settings.insert(self._spelling(settings, key), value)
        self.put(found, settings=settings)

    @staticmethod
    def _spelling(settings: HashTrieMap[str, str], key: str) -> str:
        """A key as it is written already, if it is: their case does not count."""
        known = [*settings, *(name for name, _ in DEFAULTS)]
        return next((one for one in known if one.lower() == key.lower()), key)

    def get_tool_setting(self, site: str, setting_id: str) -> ToolSettingValue:
        settings = dict(DEFAULTS) | dict(self.site(site).tools.settings.items())
        found = next((value for key, value in settings.items() if key.lower() == setting_id.lower()), None)
        if found is None:
            raise NotFound(f"'{setting_id[:100]}' not found.")
        return ToolSettingValue(value=found)

    @client("the client insists on 200")
    @assumed("that a setting which was not set cannot be deleted")
    def delete_tool_setting(self, site: str, setting_id: str) -> None:
        found = self.site(site)
        key = self._spelling(found.tools.settings, setting_id)
        if key not in found.tools.settings:
            raise NotFound(f"'{setting_id[:100]}' not found.")
        self.put(found, settings=found.tools.settings.remove(key))

    # -- diagnostics ----------------------------------------------------------------------------------------------

    def get_diagnostics_settings(self, site: str) -> DiagnosticsSettings:
        return self.site(site).tools.diagnostics

    @assumed("the levels are the clients' own; the refusal of another was never seen")
    def update_diagnostics_settings(self, site: str, body: DiagnosticsSettings) -> None:
        found = self.site(site)
        given = {one.name: getattr(body, one.name) for one in fields(DiagnosticsSettings)}
        for name, value in given.items():
            if name.endswith("trace_level") and value is not None:
                if value.lower() not in LEVELS:
                    raise BadRequest(f"The trace level '{value[:40]}' is invalid.")
                given[name] = LEVELS[value.lower()]
        changed = replace(
            found.tools.diagnostics, **{name: value for name, value in given.items() if value is not None}
        )
        self.put(found, diagnostics=changed)

    # -- logs -----------------------------------------------------------------------------------------------------

    @assumed("which files there are: what the tools themselves would have written")
    def get_site_log_dump(self, site: str) -> RawBody:
        found = self.site(site)
        buffer = io.BytesIO()
        moment = self.now.timetuple()[:6]
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, text in self._files(found):
                archive.writestr(zipfile.ZipInfo(f"LogFiles/{name}", moment), text)
        return RawBody(buffer.getvalue(), "application/zip")

    def _files(self, site: WebSite) -> list[tuple[str, str]]:
        made = [("kudu/trace/trace.xml", "<traces></traces>\r\n")]
        for one in site.tools.deployments:
            end = "Deployment Failed." if one.failed else "Deployment successful."
            lines = [f"{one.started:%Y-%m-%dT%H:%M:%S} Running deployment command..."]
            lines += [f"{one.ends:%Y-%m-%dT%H:%M:%S} {end}"] if self.now >= one.ends else []
            made.append((f"kudu/deployment/{one.id}.txt", "\r\n".join([*lines, ""])))
        for job in site.tools.continuous.values():
            made.append(
                (f"jobs/continuous/{job.name}.txt", f"{job.since:%Y-%m-%dT%H:%M:%S} Run script '{job.command}'\r\n")
            )
        return sorted(made)

    def get_site_log_stream(self, site: str, text: str | None = None) -> RawBody:
        return self._stream(site, text)

    @assumed("the refusal of another kind of log was never seen")
    def get_site_log_stream_of(self, site: str, path: str, text: str | None = None) -> RawBody:
        if path.lower() not in LOGS:
            raise NotFound(f"The log '{path[:100]}' was not found.")
        return self._stream(site, text)

    @documented("the stream begins with a line of its own, which a filter does not touch")
    @assumed("that it ends then: nothing runs here that would write another line")
    def _stream(self, site: str, _text: str | None) -> RawBody:
        self.site(site)
        line = f"{self.now:%Y-%m-%dT%H:%M:%S}  Welcome, you are now connected to log-streaming service.\r\n"
        return RawBody(line.encode(), _PLAIN)
