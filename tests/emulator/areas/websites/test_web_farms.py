"""Server farms, metrics, backups and hybrid connections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.websites import (
    BackupRequest,
    BackupSchedule,
    DatabaseBackupSetting,
    HybridConnection,
    RestoreRequest,
    ServerFarm,
    ServerFarmInput,
    Site,
    SiteInput,
)
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, Conflict, NotFound, ServiceError
from asm_emulator.emulator import Emulator

Refused = Callable[[type[ServiceError], str], Any]
Create = Callable[..., Site]
Scale = Callable[..., ServerFarm]
WEST = "westuswebspace"
URL = "https://saved.blob.core.windows.net/sites"


# -- farms ------------------------------------------------------------------------------------------------------------


def test_tiers_and_workers(azure: Client, create: Create, scale: Scale, refused: Refused) -> None:
    create("site")
    shared = scale("shared")
    assert (shared.sku, shared.number_of_workers, shared.maximum_number_of_workers) == ("Shared", 0, 1)
    standard = scale("Standard", number_of_workers=2, worker_size="medium")
    assert (standard.number_of_workers, standard.current_number_of_workers) == (2, 2)
    assert (standard.worker_size, standard.worker_size_id) == ("Medium", 1)
    assert azure.get_site(WEST, "site").sku == "Standard"
    assert len(azure.list_site_instances(WEST, "site").items) == 2
    with refused(BadRequest, "The number of workers must be between 1 and 10 for the SKU Standard."):
        scale("Standard", number_of_workers=11)
    with refused(BadRequest, "The value Gold of SKU is invalid."):
        scale("Gold")
    assert scale("Free").number_of_workers == 0


def test_farms_come_and_go(azure: Client, create: Create, refused: Refused) -> None:
    made = azure.create_server_farm(WEST, ServerFarmInput(name="own", sku="Basic"))
    assert (made.name, made.sku, made.number_of_workers, made.number_of_sites) == ("own", "Basic", 1, 0)
    assert [farm.name for farm in azure.list_server_farms(WEST).items] == ["own"]
    with refused(Conflict, "Server farm with given name Own already exists."):
        azure.create_server_farm(WEST, ServerFarmInput(name="Own"))
    create("site", server_farm="own")
    with refused(Conflict, "Server farm 'own' cannot be deleted because it has web app(s) site assigned to it."):
        azure.delete_server_farm(WEST, "own")
    azure.create_server_farm(WEST, ServerFarmInput(name="next"))
    assert azure.update_site(WEST, "site", SiteInput(server_farm="next")).server_farm == "next"
    azure.delete_server_farm(WEST, "own")
    with refused(NotFound, "Cannot find ServerFarm with name own."):
        azure.get_server_farm(WEST, "own")
    with refused(NotFound, "Cannot find WebSpace with name atlantiswebspace."):
        azure.create_server_farm("atlantiswebspace", ServerFarmInput(name="own"))
    with refused(BadRequest, "The server farm name - is invalid."):
        azure.create_server_farm(WEST, ServerFarmInput(name="-"))


# -- metrics ----------------------------------------------------------------------------------------------------------


def test_metrics_of_the_current_hour(emulator: Emulator, azure: Client, create: Create) -> None:
    create("site")
    found = azure.get_historical_usage_metrics(WEST, "site").items
    assert len(found) == 23
    data = found[0].data
    assert data and data.time_grain == "PT1H" and data.values == ()
    now = emulator.engine.clock.now()
    assert data.start_time == now.replace(minute=0, second=0, microsecond=0)
    assert len(azure.get_metric_definitions(WEST, "site").items) == 15


def test_metrics_that_are_asked_for(azure: Client, create: Create, refused: Refused) -> None:
    create("site")
    span = {"start_time": "2015-01-01T00:00:00Z", "end_time": "2015-01-02T00:00:00Z", "time_grain": "P1D"}
    one, two = azure.get_historical_usage_metrics(WEST, "site", names="requests,Nonsense", **span).items
    assert (one.code, two.code, two.data) == ("Success", "NotFound", NIL)
    assert azure.get_server_farm_metrics(WEST, "Default1", names="CpuPercentage").items[0].code == "Success"
    with refused(BadRequest, "The time grain PT7M is not supported."):
        azure.get_historical_usage_metrics(WEST, "site", time_grain="PT7M")
    with refused(BadRequest, "The value noon of StartTime is no time."):
        azure.get_historical_usage_metrics(WEST, "site", start_time="noon")
    with refused(BadRequest, "EndTime must not be before StartTime."):
        azure.get_historical_usage_metrics(WEST, "site", end_time="2001-01-01")


def test_usages(azure: Client, create: Create, scale: Scale) -> None:
    create("site")
    usages = {one.name: one for one in azure.get_site_usages(WEST, "site").items}
    assert (usages["CPUTime"].current_value, usages["CPUTime"].limit) == (0, 3_600_000)
    assert usages["FileSystemStorage"].next_reset_time is NIL
    scale("Standard")
    assert azure.get_site_usages(WEST, "site").items[0].limit == -1


# -- backups ----------------------------------------------------------------------------------------------------------


def test_backups_need_a_tier_and_a_place(azure: Client, create: Create, scale: Scale, refused: Refused) -> None:
    create("site")
    with refused(BadRequest, "Backups are not supported for the SKU Free."):
        azure.backup_site(WEST, "site", BackupRequest(storage_account_url=URL))
    scale("Standard")
    with refused(BadRequest, "The storage account URL is missing or invalid."):
        azure.backup_site(WEST, "site", BackupRequest())
    with refused(BadRequest, "The frequency unit Year is invalid."):
        plan = BackupRequest(storage_account_url=URL, backup_schedule=BackupSchedule(frequency_unit="Year"))
        azure.update_backup_configuration(WEST, "site", plan)


def test_backups(emulator: Emulator, azure: Client, create: Create, scale: Scale, refused: Refused) -> None:
    create("site")
    scale("Standard")
    assert azure.get_backup_configuration(WEST, "site").enabled is False
    plan = BackupRequest(storage_account_url=URL, enabled=True, name="nightly")
    azure.update_backup_configuration(WEST, "site", plan)
    assert azure.get_backup_configuration(WEST, "site") == plan
    database = DatabaseBackupSetting(name="db", connection_string="geheim")
    item = azure.backup_site(WEST, "site", BackupRequest(storage_account_url=URL, databases=(database,)))
    assert item.status == "InProgress"
    wanted = RestoreRequest(blob_name=item.blob_name, overwrite=True)
    with refused(NotFound, f"Cannot find Backup with name {item.blob_name}."):
        azure.restore_site(WEST, "site", wanted)
    emulator.advance(timedelta(minutes=5))
    (done,) = azure.list_site_backups(WEST, "site").items
    assert (done.status, done.finished_time_stamp is NIL) == ("Succeeded", False)
    assert "geheim" not in repr(emulator.engine.state)
    assert azure.discover_site_backup(WEST, "site", wanted).blob_name == item.blob_name
    operation = azure.restore_site(WEST, "site", wanted).operation_id
    assert azure.get_site_operation(WEST, "site", operation).status == "InProgress"
    emulator.advance(timedelta(minutes=5))
    assert azure.get_site_operation(WEST, "site", operation).status == "Succeeded"
    assert azure.list_site_backups(WEST, "site").items[0].last_restore_time_stamp is not NIL


def test_what_a_backup_is_for_may_go_away(emulator: Emulator, azure: Client, create: Create, scale: Scale) -> None:
    create("site")
    scale("Standard")
    azure.backup_site(WEST, "site", BackupRequest(storage_account_url=URL))
    azure.delete_site(WEST, "site")
    emulator.advance(timedelta(minutes=5))
    create("site")
    assert azure.list_site_backups(WEST, "site").items == ()


# -- hybrid connections -----------------------------------------------------------------------------------------------


def test_hybrid_connections(azure: Client, create: Create, refused: Refused) -> None:
    create("site")
    made = azure.create_hybrid_connection(
        WEST, "site", HybridConnection(entity_name="erp", hostname="erp.corp", port=1433)
    )
    assert azure.list_hybrid_connections(WEST, "site").items == (made,)
    with refused(Conflict, "Hybrid connection with given name ERP already exists."):
        azure.create_hybrid_connection(WEST, "site", HybridConnection(entity_name="ERP"))
    with refused(BadRequest, "The hybrid connection needs a name."):
        azure.create_hybrid_connection(WEST, "site", HybridConnection())
    with refused(BadRequest, "The port 70000 is invalid."):
        azure.update_hybrid_connection(WEST, "site", HybridConnection(entity_name="erp", port=70000))
    changed = azure.update_hybrid_connection(WEST, "site", HybridConnection(entity_name="erp", port=1434))
    assert (changed.hostname, changed.port) == ("erp.corp", 1434)
    assert azure.get_hybrid_connection(WEST, "site", "erp") == changed
    azure.delete_hybrid_connection(WEST, "site", "erp")
    with refused(NotFound, "Cannot find HybridConnection with name erp."):
        azure.get_hybrid_connection(WEST, "site", "erp")


@pytest.mark.parametrize("name", ["nobodys", "nobodys(staging)", "!"])
def test_nothing_is_done_to_sites_that_are_not_there(azure: Client, refused: Refused, name: str) -> None:
    for call in (
        azure.get_site,
        azure.restart_site,
        azure.get_site_configuration,
        azure.list_site_instances,
        azure.delete_site,
        azure.get_publish_profile_xml,
        azure.get_site_usages,
        azure.list_site_backups,
        azure.list_hybrid_connections,
    ):
        with refused(NotFound, f"The web site {name} cannot be found."):
            call(WEST, name)
