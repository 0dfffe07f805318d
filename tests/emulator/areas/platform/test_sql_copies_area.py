"""Copies, restores, imports and exports of SQL databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas import sql as wire
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_emulator.emulator import Emulator

Refused = Callable[..., Any]
PASSWORD = "Complex-Passw0rd"
BLOB = "https://stuff.blob.core.windows.net/exports/db.bacpac"


def new_server(azure: Client) -> str:
    return azure.create_server(
        wire.CreateServer(administrator_login="azuredb", administrator_login_password=PASSWORD, location="West US")
    ).name


@pytest.fixture
def server(azure: Client) -> str:
    name = new_server(azure)
    azure.create_database(name, wire.CreateDatabase(name="db", edition="Standard"))
    return name


def names(azure: Client, server: str) -> dict[str | None, str | None]:
    return {one.name: one.state for one in azure.list_databases(server).items if one.name != "master"}


# -- copies ---------------------------------------------------------------------------------------------------------


def test_a_copy_made_once_ends_as_a_database(azure: Client, server: str, emulator: Emulator) -> None:
    copy = azure.create_database_copy(
        server, "db", wire.CreateDatabaseCopy(partner_server=server, partner_database="copied", is_continuous=False)
    )
    assert (copy.replication_state, copy.replication_state_description, copy.percent_complete) == (1, "SEEDING", "0")
    assert names(azure, server) == {"db": "Normal", "copied": "Copying"}
    assert azure.get_database_copy(server, "db", copy.name or "").is_local_database_replication_target is False
    assert azure.get_database_copy(server, "copied", copy.name or "").is_local_database_replication_target is True
    emulator.advance(timedelta(seconds=61))
    assert names(azure, server) == {"db": "Normal", "copied": "Normal"}
    assert azure.list_database_copies(server, "db").items == ()


def test_a_continuous_copy_goes_on_until_it_is_ended(azure: Client, server: str, emulator: Emulator) -> None:
    partner = new_server(azure)
    body = wire.CreateDatabaseCopy(partner_server=f"{partner}.database.windows.net", is_continuous=True)
    copy = azure.create_database_copy(server, "db", body)
    emulator.advance(timedelta(seconds=61))
    (seen,) = azure.list_database_copies(partner, "db").items
    assert (seen.name, seen.replication_state_description, seen.percent_complete) == (copy.name, "CATCH_UP", "100")
    azure.update_database(server, "db", wire.UpdateDatabase(name="renamed"))
    assert azure.list_database_copies(server, "renamed").items[0].source_database_name == "renamed"
    azure.update_database_copy(server, "renamed", copy.name or "", wire.UpdateDatabaseCopy(is_forced_terminate=False))
    assert len(azure.list_database_copies(server, "renamed").items) == 1
    azure.update_database_copy(server, "renamed", copy.name or "", wire.UpdateDatabaseCopy(is_forced_terminate=True))
    assert azure.list_database_copies(partner, "db").items == ()
    assert names(azure, partner) == {"db": "Normal"}


def test_a_copy_that_is_ended_too_soon_leaves_nothing(azure: Client, server: str, emulator: Emulator) -> None:
    body = wire.CreateDatabaseCopy(partner_server=server, partner_database="copied")
    copy = azure.create_database_copy(server, "db", body)
    azure.delete_database_copy(server, "db", copy.name or "")
    assert names(azure, server) == {"db": "Normal"}
    emulator.advance(timedelta(seconds=61))
    assert names(azure, server) == {"db": "Normal"}


@pytest.mark.parametrize("what", ["source", "target", "server"])
def test_a_copy_goes_with_its_ends(azure: Client, server: str, emulator: Emulator, what: str) -> None:
    partner = new_server(azure)
    azure.create_database_copy(server, "db", wire.CreateDatabaseCopy(partner_server=partner, is_continuous=True))
    if what == "source":
        azure.delete_database(server, "db")
    elif what == "target":
        azure.delete_database(partner, "db")
    else:
        azure.delete_server(partner)
    emulator.advance(timedelta(seconds=61))
    assert len(emulator.engine.state.subscriptions[emulator.subscription].database_copies) == 0


def test_copies_that_are_refused(azure: Client, server: str, refused: Refused) -> None:
    def copy(name: str, **fields: Any) -> None:
        azure.create_database_copy(server, name, wire.CreateDatabaseCopy(**fields))

    with refused(BadRequest, "The partner server 'nobodys' does not exist."):
        copy("db", partner_server="nobodys")
    with refused(BadRequest, "A continuous copy must be on another server than its source."):
        copy("db", partner_server=server, partner_database="x", is_continuous=True)
    with refused(ConflictError, "Database 'db' already exists. Choose a different database name."):
        copy("db", partner_server=server)
    with refused(BadRequest, "The database 'master' cannot be copied because it is a system database."):
        copy("master", partner_server=server, partner_database="x")
    with refused(ResourceNotFound, "The database copy 'none' does not exist."):
        azure.get_database_copy(server, "db", "none")


# -- restores -------------------------------------------------------------------------------------------------------


def test_a_deleted_database_comes_back(azure: Client, server: str, emulator: Emulator) -> None:
    emulator.advance(timedelta(hours=1))
    azure.delete_database(server, "db")
    (gone,) = azure.list_restorable_dropped_databases(server).items
    assert (gone.name, gone.edition, gone.server_name) == ("db", "Standard", server)
    assert azure.get_restorable_dropped_database(server, gone.entity_id or "") == gone
    begun = azure.create_restore_database_operation(
        server,
        wire.RestoreDatabase(
            source_database_name="db", source_database_deletion_date=gone.deletion_date, target_database_name="back"
        ),
    )
    assert (begun.target_server_name, begun.target_utc_point_in_time) == (server, NIL)
    (running,) = (one for one in azure.list_database_operations_by_server(server).items if one.state == "IN_PROGRESS")
    assert (running.id, running.name, running.percent_complete) == (begun.request_id, "DATABASE RESTORE", 0)
    assert names(azure, server) == {}
    emulator.advance(timedelta(seconds=181))
    assert names(azure, server) == {"back": "Normal"}
    assert azure.get_database_operation(server, begun.request_id or "").state == "COMPLETED"
    emulator.advance(timedelta(days=14))
    assert azure.list_restorable_dropped_databases(server).items == ()


def test_a_database_as_it_was(azure: Client, server: str, emulator: Emulator, refused: Refused) -> None:
    emulator.advance(timedelta(hours=2))
    now = emulator.engine.clock.now()
    body = wire.RestoreDatabase(
        source_database_name="db",
        target_database_name="before",
        target_utc_point_in_time=now - timedelta(hours=1),
    )
    azure.create_restore_database_operation(server, body)
    for moment in (now - timedelta(hours=3), now + timedelta(minutes=1)):
        with refused(BadRequest, "The database 'db' cannot be restored to the point in time specified."):
            azure.create_restore_database_operation(server, replace(body, target_utc_point_in_time=moment))
    # Somebody takes the name meanwhile: the restore fails, and says so.
    azure.create_database(server, wire.CreateDatabase(name="before", edition="Basic"))
    emulator.advance(timedelta(seconds=181))
    failed = [one for one in azure.list_database_operations_by_server(server).items if one.state == "FAILED"]
    assert [one.error for one in failed] == ["Database 'before' already exists."]
    assert azure.get_database(server, "before").edition == "Basic"


def test_a_restore_to_a_server_that_goes(azure: Client, server: str, emulator: Emulator) -> None:
    target = new_server(azure)
    azure.create_restore_database_operation(
        server,
        wire.RestoreDatabase(source_database_name="db", target_server_name=target, target_database_name="back"),
    )
    azure.delete_server(target)
    emulator.advance(timedelta(seconds=181))
    assert [one.name for one in azure.list_servers().items] == [server]


def test_a_database_from_a_backup_elsewhere(azure: Client, server: str, emulator: Emulator, refused: Refused) -> None:
    assert azure.list_recoverable_databases(server).items == ()
    with refused(ResourceNotFound, "The recoverable database 'db' does not exist."):
        azure.get_recoverable_database(server, "db")
    emulator.advance(timedelta(hours=2, minutes=5))
    found = azure.get_recoverable_database(server, "DB")
    created = azure.get_database(server, "db").creation_date
    assert created is not None
    assert found.last_available_backup_date == created + timedelta(hours=2)
    begun = azure.create_recover_database_operation(
        server, wire.RecoverDatabase(source_database_name="db", target_database_name="elsewhere")
    )
    assert (begun.source_database_name, begun.target_server_name) == ("db", server)
    emulator.advance(timedelta(seconds=181))
    assert set(names(azure, server)) == {"db", "elsewhere"}
    with refused(ResourceNotFound, "The restorable dropped database 'none' does not exist."):
        azure.get_restorable_dropped_database(server, "none")


def test_web_databases_cannot_be_restored(azure: Client, server: str, emulator: Emulator, refused: Refused) -> None:
    azure.create_database(server, wire.CreateDatabase(name="web"))
    emulator.advance(timedelta(hours=2))
    assert azure.get_database(server, "web").recovery_period_start_date is NIL
    with refused(BadRequest, "The database 'web' cannot be restored to the point in time specified."):
        azure.create_restore_database_operation(
            server, wire.RestoreDatabase(source_database_name="web", target_database_name="x")
        )
    azure.delete_database(server, "web")
    assert azure.list_restorable_dropped_databases(server).items == ()


# -- import and export ----------------------------------------------------------------------------------------------


def who(server: str, database: str, password: str = PASSWORD) -> wire.ConnectionInfo:
    return wire.ConnectionInfo(
        database_name=database,
        password=password,
        server_name=f"{server}.database.windows.net",
        user_name="azuredb",
    )


def blob() -> wire.BlobStorageAccessKeyCredentials:
    return wire.BlobStorageAccessKeyCredentials(uri=BLOB, storage_access_key="a2V5")


def test_an_export_and_an_import(azure: Client, server: str, emulator: Emulator) -> None:
    exported = azure.export_database(
        server, wire.ExportInput(blob_credentials=blob(), connection_info=who(server, "db"))
    )
    emulator.advance(timedelta(seconds=1))
    imported = azure.import_database(
        server,
        wire.ImportInput(azure_edition="Basic", blob_credentials=blob(), connection_info=who(server, "new")),
    )
    ask = wire.StatusInput(password=PASSWORD, server_name=f"{server}.database.windows.net", user_name="azuredb")
    seen = azure.query_import_export_status(server, ask).items
    assert [(one.request_id, one.request_type, one.status) for one in seen] == [
        (exported.value, "Export", "Pending"),
        (imported.value, "Import", "Pending"),
    ]
    assert seen[0].blob_uri == BLOB
    emulator.advance(timedelta(seconds=41))
    (one,) = azure.get_import_export_status(
        server, f"{server}.database.windows.net", "azuredb", PASSWORD, exported.value
    ).items
    assert one.status == "Running, Progress = 50%"
    emulator.advance(timedelta(seconds=30))
    assert {one.status for one in azure.query_import_export_status(server, ask).items} == {"Completed"}
    assert azure.get_database(server, "new").edition == "Basic"
    assert PASSWORD not in repr(emulator.engine.state)
    assert "a2V5" not in repr(emulator.engine.state)


def test_an_import_whose_name_is_taken_meanwhile(azure: Client, server: str, emulator: Emulator) -> None:
    azure.import_database(server, wire.ImportInput(blob_credentials=blob(), connection_info=who(server, "new")))
    azure.create_database(server, wire.CreateDatabase(name="new", edition="Basic"))
    emulator.advance(timedelta(minutes=5))
    ask = wire.StatusInput(password=PASSWORD, server_name=server, user_name="azuredb@" + server)
    (one,) = azure.query_import_export_status(server, ask).items
    assert (one.status, one.error_message) == (
        "Failed",
        "Database 'new' already exists. Choose a different database name.",
    )


def test_transfers_that_are_refused(azure: Client, server: str, refused: Refused) -> None:
    with refused(BadRequest, "Login failed for user 'azuredb'."):
        azure.export_database(
            server, wire.ExportInput(blob_credentials=blob(), connection_info=who(server, "db", "Wrong-Passw0rd"))
        )
    with refused(
        BadRequest, "Cannot open server 'other.database.windows.net' requested by the login. The login failed."
    ):
        azure.export_database(server, wire.ExportInput(blob_credentials=blob(), connection_info=who("other", "db")))
    with refused(ResourceNotFound, f"Database 'none' does not exist on server '{server}'."):
        azure.export_database(server, wire.ExportInput(blob_credentials=blob(), connection_info=who(server, "none")))
    with refused(ConflictError, "Database 'db' already exists. Choose a different database name."):
        azure.import_database(server, wire.ImportInput(blob_credentials=blob(), connection_info=who(server, "db")))
    with refused(BadRequest, "The blob's address is invalid."):
        azure.export_database(
            server,
            wire.ExportInput(blob_credentials=wire.BlobCredentials(uri="http://[x"), connection_info=who(server, "db")),
        )
