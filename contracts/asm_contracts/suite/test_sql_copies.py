"""SQL databases are copied, restored, recovered, exported and imported; what was done to them is remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_contracts.areas.sql import (
    BlobCredentials,
    BlobStorageAccessKeyCredentials,
    ConnectionInfo,
    CreateDatabase,
    CreateDatabaseCopy,
    DatabaseCopy,
    ExportInput,
    ImportInput,
    RecoverDatabase,
    RestoreDatabase,
    StatusInput,
    UpdateDatabaseCopy,
)
from asm_contracts.evidence import assumed, client, documented
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.sql_servers import LOGIN, PASSWORD, make_server
from asm_contracts.suite.worlds import needs_moved_time, refused_with, unchanged

HOURS = timedelta(minutes=10)
"""How far time is moved between two looks at what takes hours."""


@pytest.fixture
def server(azure: Azure, names: Names) -> str:
    """A server with the database `db`."""
    name = make_server(azure, names)
    azure.create_database(name, CreateDatabase(name="db", edition="Standard"))
    return name


def states(azure: Azure, server: str) -> dict[str | None, str | None]:
    """The state of every database but the server's own, by name."""
    return {one.name: one.state for one in azure.list_databases(server).items if one.name != "master"}


def until_there(azure: Azure, server: str, name: str) -> None:
    """Wait until a database is there and usable."""
    azure.until(lambda: states(azure, server).get(name) == "Normal", f"database {name}")


# -- copies -----------------------------------------------------------------------------------------------------------


@client("the states of a copy, and that one made once is gone when it has become a database")
def test_a_copy_becomes_a_database(azure: Azure, server: str) -> None:
    body = CreateDatabaseCopy(partner_server=server, partner_database="copied", is_continuous=False)
    copy = azure.create_database_copy(server, "db", body)
    assert (copy.source_database_name, copy.destination_database_name) == ("db", "copied")
    assert copy.is_continuous is False and copy.name
    if azure.controls_time:
        assert (copy.replication_state, copy.replication_state_description) == (1, "SEEDING")
        assert states(azure, server) == {"db": "Normal", "copied": "Copying"}
        assert azure.get_database_copy(server, "db", copy.name).is_local_database_replication_target is False
        assert azure.get_database_copy(server, "copied", copy.name).is_local_database_replication_target is True
    until_there(azure, server, "copied")
    assert azure.list_database_copies(server, "db").items == ()
    with refused_with(404):
        azure.get_database_copy(server, "db", copy.name)
    original, copied = azure.get_database(server, "db"), azure.get_database(server, "copied")
    assert (copied.edition, copied.max_size_bytes) == (original.edition, original.max_size_bytes)


@documented("a continuous copy is kept up to date on another server until it is ended; the database stays")
def test_a_continuous_copy(azure: Azure, names: Names, server: str) -> None:
    partner = make_server(azure, names)
    body = CreateDatabaseCopy(partner_server=partner, is_continuous=True)
    copy = azure.create_database_copy(server, "db", body)

    def kept() -> list[DatabaseCopy]:
        return [one for one in azure.list_database_copies(partner, "db").items if one.name == copy.name]

    azure.until(lambda: [one.replication_state_description for one in kept()] == ["CATCH_UP"], "the copy")
    assert kept()[0].percent_complete == "100"
    assert (kept()[0].source_server_name, kept()[0].destination_server_name) == (server, partner)
    azure.update_database_copy(server, "db", copy.name or "", UpdateDatabaseCopy(is_forced_terminate=False))
    assert len(kept()) == 1
    azure.update_database_copy(server, "db", copy.name or "", UpdateDatabaseCopy(is_forced_terminate=True))
    assert kept() == [] and states(azure, partner) == {"db": "Normal"}
    with refused_with(404):
        azure.update_database_copy(server, "db", copy.name or "", UpdateDatabaseCopy(is_forced_terminate=True))


@assumed("a copy that is ended before it is complete leaves nothing")
def test_a_copy_is_ended_too_soon(azure: Azure, server: str) -> None:
    needs_moved_time(azure, "the copy may be complete before the next request comes")
    body = CreateDatabaseCopy(partner_server=server, partner_database="copied")
    copy = azure.create_database_copy(server, "db", body)
    azure.delete_database_copy(server, "db", copy.name or "")
    assert states(azure, server) == {"db": "Normal"}
    azure.advance(timedelta(minutes=10))
    assert states(azure, server) == {"db": "Normal"}


@assumed("the refusals of copies")
def test_copies_that_cannot_be(azure: Azure, server: str) -> None:
    with unchanged(lambda: azure.list_databases(server)):
        for status, source, body in (
            (400, "db", CreateDatabaseCopy(partner_server="asm-nobodys")),
            (400, "db", CreateDatabaseCopy(partner_server=server, partner_database="x", is_continuous=True)),
            (409, "db", CreateDatabaseCopy(partner_server=server)),
            (400, "master", CreateDatabaseCopy(partner_server=server, partner_database="x")),
            (404, "none", CreateDatabaseCopy(partner_server=server, partner_database="x")),
        ):
            with refused_with(status):
                azure.create_database_copy(server, source, body)
    for gone in (azure.get_database_copy, azure.delete_database_copy):
        with refused_with(404):
            gone(server, "db", "none")


# -- restores ---------------------------------------------------------------------------------------------------------


@documented("a deleted database can be restored for some days")
def test_a_deleted_database_comes_back(azure: Azure, server: str) -> None:
    azure.delete_database(server, "db")
    (gone,) = azure.list_restorable_dropped_databases(server).items
    assert (gone.name, gone.edition, gone.server_name) == ("db", "Standard", server)
    assert azure.get_restorable_dropped_database(server, gone.entity_id or "") == gone
    wish = RestoreDatabase(
        source_database_name="db", source_database_deletion_date=gone.deletion_date, target_database_name="back"
    )
    begun = azure.create_restore_database_operation(server, wish)
    assert (begun.source_database_name, begun.target_database_name) == ("db", "back")
    assert begun.target_server_name == server
    operation = azure.get_database_operation(server, begun.request_id or "")
    assert (operation.name, operation.database_name) == ("DATABASE RESTORE", "back")
    until_there(azure, server, "back")
    assert azure.get_database_operation(server, begun.request_id or "").state == "COMPLETED"
    with refused_with(404):
        azure.get_restorable_dropped_database(server, "none")


@documented("a database is restored as it was at a time when it was there")
def test_times_that_cannot_be_restored(azure: Azure, server: str) -> None:
    created = azure.get_database(server, "db").creation_date
    assert created is not None
    wish = RestoreDatabase(
        source_database_name="db",
        target_database_name="before",
        target_utc_point_in_time=created - timedelta(hours=3),
    )
    with unchanged(lambda: azure.list_databases(server)):
        for status, wrong in (
            (400, wish),
            (400, replace(wish, target_utc_point_in_time=created + timedelta(days=3650))),
            (404, replace(wish, source_database_name="none", target_utc_point_in_time=None)),
            (409, replace(wish, target_database_name="db", target_utc_point_in_time=None)),
        ):
            with refused_with(status):
                azure.create_restore_database_operation(server, wrong)


@assumed("backups go to another region after an hour; until then there is none to recover from")
def test_a_database_is_recovered(azure: Azure, server: str) -> None:
    needs_moved_time(azure, "a backup goes to another region after an hour")
    azure.advance(timedelta(minutes=50))
    assert azure.list_recoverable_databases(server).items == ()
    with refused_with(404):
        azure.get_recoverable_database(server, "db")
    recoverable = azure.list_recoverable_databases
    azure.until(lambda: [one.name for one in recoverable(server).items] == ["db"], "the backup", step=HOURS)
    found = azure.get_recoverable_database(server, "db")
    assert (found.name, found.server_name, found.edition) == ("db", server, "Standard")
    assert found.last_available_backup_date is not None
    body = RecoverDatabase(source_database_name="db", target_database_name="elsewhere")
    begun = azure.create_recover_database_operation(server, body)
    assert (begun.source_database_name, begun.target_database_name) == ("db", "elsewhere")
    until_there(azure, server, "elsewhere")
    with refused_with(409):
        azure.create_recover_database_operation(server, body)
    with refused_with(404):
        azure.create_recover_database_operation(server, replace(body, source_database_name="none"))


# -- what was done ----------------------------------------------------------------------------------------------------


@assumed("what was done is remembered for an hour")
def test_what_was_done_is_remembered(azure: Azure, server: str) -> None:
    azure.delete_database(server, "db")
    done = azure.list_database_operations_by_server(server).items
    assert [(one.name, one.state, one.database_name) for one in done] == [
        ("CREATE DATABASE", "COMPLETED", "db"),
        ("DROP DATABASE", "COMPLETED", "db"),
    ]
    assert azure.get_database_operation(server, done[0].id or "") == done[0]
    assert azure.list_database_operations_by_database(server, "DB").items == done
    assert azure.list_database_operations_by_database(server, "other").items == ()
    with refused_with(404):
        azure.get_database_operation(server, "none")
    if azure.controls_time:
        azure.advance(timedelta(hours=1))
        assert azure.list_database_operations_by_server(server).items == ()


# -- imports and exports ----------------------------------------------------------------------------------------------

KEY = BlobStorageAccessKeyCredentials(
    uri="https://asmnobodys.blob.core.windows.net/exports/db.bacpac", storage_access_key="a2V5"
)


def who(server: str, database: str, password: str = PASSWORD) -> ConnectionInfo:
    """Who connects to a database."""
    return ConnectionInfo(
        database_name=database, password=password, server_name=f"{server}.database.windows.net", user_name=LOGIN
    )


@documented("exports and imports are asked for by their ids, by address or by document")
def test_an_export_and_an_import(azure: Azure, server: str) -> None:
    exported = azure.export_database(server, ExportInput(blob_credentials=KEY, connection_info=who(server, "db")))
    imported = azure.import_database(
        server, ImportInput(azure_edition="Basic", blob_credentials=KEY, connection_info=who(server, "new"))
    )
    assert exported.value != imported.value
    name = f"{server}.database.windows.net"
    ask = StatusInput(password=PASSWORD, server_name=name, user_name=LOGIN)
    found = {one.request_id: one for one in azure.query_import_export_status(server, ask).items}
    assert {one.request_type for one in found.values()} == {"Export", "Import"}
    assert (found[exported.value].database_name, found[imported.value].database_name) == ("db", "new")
    assert found[exported.value].blob_uri == KEY.uri

    def status(request: str) -> str | None:
        (one,) = azure.get_import_export_status(server, name, LOGIN, PASSWORD, request).items
        return one.status

    if azure.controls_time:
        assert status(exported.value) == "Pending"
    azure.until(lambda: status(exported.value) == "Completed", "the export")
    azure.until(lambda: status(imported.value) == "Completed", "the import")
    assert azure.get_database(server, "new").edition == "Basic"


@assumed("the refusals of imports and exports")
def test_transfers_that_cannot_be(azure: Azure, server: str) -> None:
    def export(who_asks: ConnectionInfo, blob: BlobCredentials = KEY) -> Callable[[], Any]:
        return lambda: azure.export_database(server, ExportInput(blob_credentials=blob, connection_info=who_asks))

    taken = ImportInput(blob_credentials=KEY, connection_info=who(server, "db"))
    for status, call in (
        (400, export(who(server, "db", "Wrong-Passw0rd"))),
        (400, export(who("asm-nobodys", "db"))),
        (404, export(who(server, "none"))),
        (400, export(who(server, "db"), BlobCredentials(uri="nowhere"))),
        (409, lambda: azure.import_database(server, taken)),
    ):
        with refused_with(status):
            call()
    with refused_with(400):
        azure.query_import_export_status(
            server, StatusInput(password="Wrong-Passw0rd", server_name=server, user_name=LOGIN)
        )
    with refused_with(400):
        azure.get_import_export_status(server, server, LOGIN, "Wrong-Passw0rd")
