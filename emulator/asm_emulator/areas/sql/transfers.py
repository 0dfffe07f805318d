"""Imports and exports: databases from blobs and into them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from asm_contracts.areas import sql as wire
from asm_contracts.errors import BadRequest
from asm_contracts.evidence import assumed
from asm_emulator.areas.base import Area
from asm_emulator.areas.sql.common import (
    COLLATION,
    check_new_name,
    check_units,
    find_database,
    find_server,
    note_operation,
    put_database,
    put_server,
    take_number,
)
from asm_emulator.areas.sql.copies import short_name
from asm_emulator.areas.sql.databases import size_of, tier
from asm_emulator.areas.sql.servers import password_digest
from asm_emulator.areas.sql.written import transfer_document
from asm_emulator.engine import effect, effect_name
from asm_emulator.sql_model import Database, SqlServer, Transfer
from asm_emulator.state import Draft

_STAGES: Final = ("Running, Progress = 0%", "Running, Progress = 50%", "Completed")


@effect
def transfer_goes_on(draft: Draft, server_name: str, transfer_id: str, stage: int) -> None:
    """An import or export gets further; at the end of an import its database is there."""
    server = draft.sql_servers.get(server_name)
    transfer = server.transfers.get(transfer_id) if server else None
    if server is None or transfer is None:
        return
    transfer = replace(transfer, status=_STAGES[stage], modified=draft.now)
    if stage == len(_STAGES) - 1:
        if transfer.kind == "Import":
            server, transfer = _import(draft, server, transfer)
    else:
        _schedule(draft, server_name, transfer_id, stage + 1)
    put_server(draft, replace(server, transfers=server.transfers.insert(transfer_id, transfer)))


def _schedule(draft: Draft, server_name: str, transfer_id: str, stage: int) -> None:
    draft.schedule(
        effect_name(transfer_goes_on),
        draft.span("sql.transfer"),
        server_name=server_name,
        transfer_id=transfer_id,
        stage=stage,
    )


def _import(draft: Draft, server: SqlServer, transfer: Transfer) -> tuple[SqlServer, Transfer]:
    if transfer.database_name.lower() in server.databases:
        error = f"Database '{transfer.database_name}' already exists. Choose a different database name."
        return server, replace(transfer, status="Failed", error=error)
    edition, objective = tier(transfer.edition, None)
    server, number = take_number(server)
    server, _ = note_operation(draft, server, "CREATE DATABASE", transfer.database_name)
    made = Database(
        id=number,
        name=transfer.database_name,
        edition=edition.name,
        objective=objective.id,
        assigned_objective=objective.id,
        objective_assigned=draft.now,
        max_size_bytes=size_of(edition, transfer.size_in_gb, None, edition.default_bytes),
        collation=COLLATION,
        created=draft.now,
    )
    return put_database(draft, server, made), transfer


class TransferOperations(Area, wire.SqlContract):
    """Imports and exports on the clock.  Blobs are not looked at: the emulator has none."""

    def export_database(self, server_name: str, body: wire.ExportInput) -> wire.RequestGuid:
        server = self._server(server_name, body.connection_info)
        _, database = find_database(self.state, server.name, body.connection_info.database_name)
        return self._begin_transfer(server, "Export", replace(body.connection_info, database_name=database.name), body)

    def import_database(self, server_name: str, body: wire.ImportInput) -> wire.RequestGuid:
        server = self._server(server_name, body.connection_info)
        check_new_name(server, body.connection_info.database_name)
        edition, objective = tier(body.azure_edition, None)
        size_of(edition, body.database_size_in_gb, None, edition.default_bytes)
        check_units(server, objective.id)
        return self._begin_transfer(
            server, "Import", body.connection_info, body, edition=edition.name, size_in_gb=body.database_size_in_gb
        )

    def get_import_export_status(
        self, server_name: str, full_name: str, user_name: str, password: str, request_id: str | None = None
    ) -> wire.StatusInfos:
        return self._status(server_name, full_name, user_name, password, request_id)

    def query_import_export_status(self, server_name: str, body: wire.StatusInput) -> wire.StatusInfos:
        return self._status(server_name, body.server_name, body.user_name, body.password, body.request_id)

    def _server(self, server_name: str, who: wire.ConnectionInfo) -> SqlServer:
        return self._connect(server_name, who.server_name, who.user_name, who.password)

    @assumed("that a wrong server name, login or password is refused at once; the texts are the engine's")
    def _connect(self, server_name: str, full_name: str, user_name: str, password: str) -> SqlServer:
        server = find_server(self.state, server_name)
        if short_name(full_name) != server.name:
            raise BadRequest(f"Cannot open server '{full_name[:128]}' requested by the login. The login failed.")
        login = user_name.partition("@")[0]
        right = password_digest(self.state, server.name, password) == server.password_digest
        if login.lower() != server.login.lower() or not right:
            raise BadRequest(f"Login failed for user '{user_name[:128]}'.")
        return server

    def _begin_transfer(
        self,
        server: SqlServer,
        kind: str,
        who: wire.ConnectionInfo,
        body: wire.ExportInput | wire.ImportInput,
        *,
        edition: str | None = None,
        size_in_gb: int | None = None,
    ) -> wire.RequestGuid:
        uri = body.blob_credentials.uri
        try:
            parts = urlsplit(uri)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.count("/") < 2:
            raise BadRequest("The blob's address is invalid.")
        transfer = Transfer(
            id=self.state.make_guid("sql transfer", self.request.request_id),
            kind=kind,
            database_name=who.database_name,
            server_name=who.server_name,
            blob_uri=uri.partition("?")[0],
            queued=self.now,
            modified=self.now,
            edition=edition,
            size_in_gb=size_in_gb,
        )
        put_server(self.state, replace(server, transfers=server.transfers.insert(transfer.id, transfer)))
        _schedule(self.state, server.name, transfer.id, 0)
        return wire.RequestGuid(value=transfer.id)

    def _status(
        self, server_name: str, full_name: str, user_name: str, password: str, request_id: str | None
    ) -> wire.StatusInfos:
        server = self._connect(server_name, full_name, user_name, password)
        wanted = (request_id or "").lower()
        found = [one for one in server.transfers.values() if not wanted or one.id == wanted]
        found.sort(key=lambda one: (one.queued, one.id))
        return wire.StatusInfos(items=tuple(transfer_document(one) for one in found))
