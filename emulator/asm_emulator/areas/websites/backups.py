"""Backups of sites and hybrid connections: records of what sites, which are not emulated themselves, would do."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from asm_contracts.areas.websites import (
    BackupItem,
    BackupItems,
    BackupRequest,
    BackupSchedule,
    HybridConnection,
    HybridConnectionContract,
    HybridConnections,
    RestoreRequest,
    RestoreResponse,
    SiteBackupContract,
)
from asm_contracts.document import NIL
from asm_contracts.errors import Conflict, templated
from asm_contracts.evidence import assumed, documented
from asm_emulator import websites_model as model
from asm_emulator.areas.websites.common import WebArea, bad_request, farm_of, not_found, to_millisecond
from asm_emulator.engine import effect, effect_name
from asm_emulator.names import given
from asm_emulator.state import Draft

_UNITS: Final = ("Day", "Hour")
_PAID: Final = ("Standard", "Premium")


@effect
def backup_made(draft: Draft, site: str, correlation_id: str) -> None:
    """The end of a backup."""
    found = draft.web_sites.get(site)
    if found is None:
        return
    done = tuple(
        replace(one, status="Succeeded", finished_time_stamp=draft.now, log="Backup completed.")
        if one.correlation_id == correlation_id and one.status == "InProgress"
        else one
        for one in found.backups
    )
    draft.web_sites[found.full_name] = replace(found, backups=done)


@effect
def site_restored(draft: Draft, site: str, blob_name: str, operation_id: str) -> None:
    """The end of a restoration."""
    operation = draft.site_operations.get(operation_id)
    if operation is None:
        return
    found = draft.web_sites.get(site)
    if found is not None:
        restored = tuple(
            replace(one, last_restore_time_stamp=draft.now) if one.blob_name == blob_name else one
            for one in found.backups
        )
        draft.web_sites[found.full_name] = replace(found, backups=restored, modified=to_millisecond(draft.now))
    draft.site_operations[operation_id] = replace(
        operation, status="Failed" if found is None else "Succeeded", modified=draft.now
    )


class SiteBackupArea(WebArea, SiteBackupContract):
    """Keeps plans and records of backups."""

    @assumed("without a plan the document says that there is none")
    def get_backup_configuration(self, webspace_name: str, website_name: str) -> BackupRequest:
        site = self.site(webspace_name, website_name)
        return site.backup_plan or BackupRequest(
            backup_schedule=NIL, databases=(), enabled=False, name=NIL, storage_account_url=NIL
        )

    def update_backup_configuration(self, webspace_name: str, website_name: str, body: BackupRequest) -> None:
        site = self.site(webspace_name, website_name)
        self._check_tier(site)
        _check_request(body)
        self.put(replace(site, backup_plan=body))

    @assumed("how long a backup takes, what its blob is called, and that it is as large as an empty site")
    def backup_site(self, webspace_name: str, website_name: str, body: BackupRequest) -> BackupItem:
        site = self.site(webspace_name, website_name)
        self._check_tier(site)
        _check_request(body)
        name = given(body.name) or site.name
        databases = body.databases if isinstance(body.databases, tuple) else ()
        item = BackupItem(
            blob_name=f"{name}_{self.now:%Y%m%d%H%M}.zip",
            correlation_id=self.state.make_guid("backup", self.request.request_id),
            created=to_millisecond(self.now),
            # Clients are answered what they sent; connection strings are not for those who list backups later.
            databases=tuple(replace(one, connection_string=NIL) for one in databases),
            name=name,
            size_in_bytes=0,
            status="InProgress",
            storage_account_url=given(body.storage_account_url) or "",
        )
        self.put(replace(site, backups=(*site.backups, item)))
        self.state.schedule(
            effect_name(backup_made), self.state.span("site.backup"), site=site.full_name,
            correlation_id=item.correlation_id,
        )  # fmt: skip
        return item

    def list_site_backups(self, webspace_name: str, website_name: str) -> BackupItems:
        return BackupItems(items=self.site(webspace_name, website_name).backups)

    def restore_site(self, webspace_name: str, website_name: str, body: RestoreRequest) -> RestoreResponse:
        site = self.site(webspace_name, website_name)
        self._check_tier(site)
        item = self._backup(site, body)
        operation = model.SiteOperation(
            id=self.state.make_guid("site operation", self.request.request_id),
            name="RestoreSite",
            site=site.name,
            created=to_millisecond(self.now),
            modified=to_millisecond(self.now),
        )
        self.state.site_operations[operation.id] = operation
        self.state.schedule(
            effect_name(site_restored), self.state.span("site.restore"), site=site.full_name,
            blob_name=item.blob_name, operation_id=operation.id,
        )  # fmt: skip
        return RestoreResponse(operation_id=operation.id)

    def discover_site_backup(self, webspace_name: str, website_name: str, body: RestoreRequest) -> RestoreRequest:
        site = self.site(webspace_name, website_name)
        item = self._backup(site, body)
        return replace(body, blob_name=item.blob_name, databases=item.databases or ())

    @assumed("only backups that the site made itself can be found: blobs are not emulated")
    def _backup(self, site: model.WebSite, body: RestoreRequest) -> BackupItem:
        blob = given(body.blob_name) or ""
        found = next((one for one in site.backups if one.blob_name == blob and one.status == "Succeeded"), None)
        if found is None:
            raise not_found("Backup", blob)
        return found

    @documented("backups need the Standard tier")
    @assumed("the refusal's text")
    def _check_tier(self, site: model.WebSite) -> None:
        sku = farm_of(self.state, site).sku
        if sku not in _PAID:
            raise bad_request("Backups are not supported for the SKU {0}.", sku)


@assumed("the refusals' texts")
def _check_request(body: BackupRequest) -> None:
    url = given(body.storage_account_url) or ""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise bad_request("The storage account URL is missing or invalid.")
    schedule = body.backup_schedule
    if isinstance(schedule, BackupSchedule):
        unit = given(schedule.frequency_unit) or "Day"
        if unit.lower() not in (one.lower() for one in _UNITS):
            raise bad_request("The frequency unit {0} is invalid.", unit)
        interval = schedule.frequency_interval
        if isinstance(interval, int) and interval < 1:
            raise bad_request("The frequency interval must be at least 1.")


class HybridConnectionArea(WebArea, HybridConnectionContract):
    """Keeps hybrid connections."""

    def list_hybrid_connections(self, webspace_name: str, website_name: str) -> HybridConnections:
        return HybridConnections(items=self.site(webspace_name, website_name).hybrid_connections)

    @assumed("the refusals were never seen")
    def create_hybrid_connection(
        self, webspace_name: str, website_name: str, body: HybridConnection
    ) -> HybridConnection:
        site = self.site(webspace_name, website_name)
        name = body.entity_name or ""
        if not name.strip():
            raise bad_request("The hybrid connection needs a name.")
        if any(_named(one, name) for one in site.hybrid_connections):
            raise templated(Conflict, "54001", "Hybrid connection with given name {0} already exists.", name)
        _check_port(body)
        self.put(replace(site, hybrid_connections=(*site.hybrid_connections, body)))
        return body

    def update_hybrid_connection(
        self, webspace_name: str, website_name: str, body: HybridConnection
    ) -> HybridConnection:
        site = self.site(webspace_name, website_name)
        before = self._connection(site, body.entity_name or "")
        _check_port(body)
        after = HybridConnection(
            **{
                one: getattr(before, one) if getattr(body, one) is None else getattr(body, one)
                for one in HybridConnection.__dataclass_fields__
            }
        )
        kept = tuple(after if one is before else one for one in site.hybrid_connections)
        self.put(replace(site, hybrid_connections=kept))
        return after

    def get_hybrid_connection(self, webspace_name: str, website_name: str, entity_name: str) -> HybridConnection:
        return self._connection(self.site(webspace_name, website_name), entity_name)

    def delete_hybrid_connection(self, webspace_name: str, website_name: str, entity_name: str) -> None:
        site = self.site(webspace_name, website_name)
        gone = self._connection(site, entity_name)
        self.put(replace(site, hybrid_connections=tuple(one for one in site.hybrid_connections if one is not gone)))

    def _connection(self, site: model.WebSite, name: str) -> HybridConnection:
        found = next((one for one in site.hybrid_connections if _named(one, name)), None)
        if found is None:
            raise not_found("HybridConnection", name)
        return found


def _named(connection: HybridConnection, name: str) -> bool:
    return (connection.entity_name or "").lower() == name.lower()


def _check_port(body: HybridConnection) -> None:
    if isinstance(body.port, int) and not 1 <= body.port <= 65535:
        raise bad_request("The port {0} is invalid.", str(body.port))
