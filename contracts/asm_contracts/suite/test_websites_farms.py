"""Web spaces and server farms; what sites use, how they are saved, and whom they are connected with."""

from __future__ import annotations

from typing import Any

import pytest

from asm_contracts.areas.websites import (
    BackupRequest,
    BackupSchedule,
    HybridConnection,
    PublishingUser,
    RestoreRequest,
    ServerFarmInput,
    SiteInput,
)
from asm_contracts.evidence import assumed, client, documented, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.sites import DOMAIN, SPACE, make_farm, make_paid_site, make_site
from asm_contracts.suite.worlds import LOCATION, needs_moved_time, refused_with, unchanged

URL = "https://asmnobodys.blob.core.windows.net/sites"


# -- web spaces -------------------------------------------------------------------------------------------------------


@recorded("web spaces, regions, the domain of sites")
def test_what_holds_for_all_sites(azure: Azure, names: Names) -> None:
    make_site(azure, names)
    assert SPACE in [one.name for one in azure.list_webspaces().items]
    assert azure.get_webspace(SPACE).geo_region == LOCATION
    assert LOCATION in [one.name for one in azure.list_geo_regions().items]
    assert azure.get_dns_suffix().value == DOMAIN
    for wrong in ("atlantiswebspace", names.free()):
        with refused_with(404):
            azure.get_webspace(wrong)


@assumed("whoever publishes has one name in all of the cloud, which a later one replaces")
def test_the_publishing_user(azure: Azure, names: Names) -> None:
    def user(name: str, password: str = "Passw0rd-77") -> PublishingUser:
        return PublishingUser(publishing_user_name=name, publishing_password=password)

    known = azure.list_publishing_users().items
    for wrong in (user("1"), user(names.free(), "short1")):
        with unchanged(lambda: azure.list_publishing_users()), refused_with(400):
            azure.create_publishing_user(wrong)
    if any(not one.startswith("asm") for one in known):
        pytest.skip("somebody publishes here, whose name is not ours to replace")
    name = names.free()
    assert azure.create_publishing_user(user(name)).publishing_user_name == name
    assert azure.list_publishing_users().items == (name,)


# -- farms ------------------------------------------------------------------------------------------------------------


@documented("tiers have numbers and sizes of machines; what a farm is, its sites are")
def test_a_farm_comes_changes_and_goes(azure: Azure, names: Names) -> None:
    make_site(azure, names)
    farm = make_farm(azure, names, "Basic")
    made = azure.get_server_farm(SPACE, farm)
    assert (made.name, made.sku, made.number_of_workers, made.number_of_sites) == (farm, "Basic", 1, 0)
    assert farm in [one.name for one in azure.list_server_farms(SPACE).items]
    with unchanged(lambda: azure.get_server_farm(SPACE, farm)), refused_with(409):
        azure.create_server_farm(SPACE, ServerFarmInput(name=farm.upper()))
    site = make_site(azure, names, farm)
    assert azure.get_server_farm(SPACE, farm).number_of_sites == 1
    wish = ServerFarmInput(sku="Standard", number_of_workers=2, worker_size="Medium")
    grown = azure.update_server_farm(SPACE, farm, wish)
    assert (grown.sku, grown.number_of_workers, grown.worker_size) == ("Standard", 2, "Medium")
    assert azure.get_site(SPACE, site).sku == "Standard"
    assert len(azure.list_site_instances(SPACE, site).items) == 2
    with unchanged(lambda: azure.get_server_farm(SPACE, farm)):
        for wrong in (ServerFarmInput(sku="Standard", number_of_workers=11), ServerFarmInput(sku="Gold")):
            with refused_with(400):
                azure.update_server_farm(SPACE, farm, wrong)
        with refused_with(409):
            azure.delete_server_farm(SPACE, farm)
    other = make_farm(azure, names)
    assert azure.update_site(SPACE, site, SiteInput(server_farm=other)).server_farm == other
    azure.delete_server_farm(SPACE, farm)
    for gone in (azure.get_server_farm, azure.delete_server_farm):
        with refused_with(404):
            gone(SPACE, farm)


@assumed("a farm has a name and a web space")
def test_farms_that_cannot_be(azure: Azure, names: Names) -> None:
    make_site(azure, names)
    for status, space, name in ((400, SPACE, "-"), (404, "atlantiswebspace", names.free())):
        with refused_with(status):
            azure.create_server_farm(space, ServerFarmInput(name=name))
    with refused_with(404):
        azure.update_server_farm(SPACE, names.free(), ServerFarmInput(sku="Basic"))


# -- what is used -----------------------------------------------------------------------------------------------------


@recorded("the names of metrics; nothing was used")
def test_metrics(azure: Azure, names: Names) -> None:
    paid = make_paid_site(azure, names)
    defined = {one.name: one for one in azure.get_metric_definitions(SPACE, paid.name).items}
    assert "Requests" in defined and defined["Requests"].unit
    span: dict[str, Any] = {
        "start_time": "2015-01-01T00:00:00Z",
        "end_time": "2015-01-02T00:00:00Z",
        "time_grain": "P1D",
    }
    one, two = azure.get_historical_usage_metrics(SPACE, paid.name, names="Requests,Nonsense", **span).items
    assert (one.code, two.code) == ("Success", "NotFound")
    (processor,) = azure.get_server_farm_metrics(SPACE, paid.farm, names="CpuPercentage").items
    assert processor.code == "Success"
    wrongs: tuple[dict[str, Any], ...] = (
        {"time_grain": "PT7M"},
        {"start_time": "noon"},
        {"end_time": "2001-01-01T00:00:00Z"},
    )
    for wrong in wrongs:
        with refused_with(400):
            azure.get_historical_usage_metrics(SPACE, paid.name, **wrong)
        with refused_with(400):
            azure.get_server_farm_metrics(SPACE, paid.farm, **wrong)


@recorded("the quotas of a free site; a paid one has no limit of processor time")
def test_usages(azure: Azure, names: Names) -> None:
    paid = make_paid_site(azure, names)
    azure.update_server_farm(SPACE, paid.farm, ServerFarmInput(sku="Free"))
    usages = {one.name: one for one in azure.get_site_usages(SPACE, paid.name).items}
    assert (usages["CPUTime"].current_value, usages["CPUTime"].limit) == (0, 3_600_000)
    azure.update_server_farm(SPACE, paid.farm, ServerFarmInput(sku="Standard"))
    assert azure.get_site_usages(SPACE, paid.name).items[0].limit == -1


# -- backups ----------------------------------------------------------------------------------------------------------


@documented("a site is saved into a storage account, if its tier has that; and brought back")
def test_a_site_is_saved_and_brought_back(azure: Azure, names: Names) -> None:
    paid = make_paid_site(azure, names)
    assert azure.get_backup_configuration(SPACE, paid.name).enabled is False
    plan = BackupRequest(storage_account_url=URL, enabled=True, name="nightly")
    azure.update_backup_configuration(SPACE, paid.name, plan)
    assert azure.get_backup_configuration(SPACE, paid.name) == plan
    begun = azure.backup_site(SPACE, paid.name, BackupRequest(storage_account_url=URL))
    assert begun.status == "InProgress" and begun.blob_name
    wish = RestoreRequest(blob_name=begun.blob_name, overwrite=True)
    if azure.controls_time:
        with refused_with(404):
            azure.restore_site(SPACE, paid.name, wish)

    def saved() -> bool:
        return [one.status for one in azure.list_site_backups(SPACE, paid.name).items] == ["Succeeded"]

    azure.until(saved, "the backup")
    assert azure.discover_site_backup(SPACE, paid.name, wish).blob_name == begun.blob_name
    operation = azure.restore_site(SPACE, paid.name, wish).operation_id
    if azure.controls_time:
        assert azure.get_site_operation(SPACE, paid.name, operation).status == "InProgress"
    azure.until(lambda: azure.get_site_operation(SPACE, paid.name, operation).status == "Succeeded", "the restore")
    with refused_with(404):
        azure.get_site_operation(SPACE, paid.name, names.free())


@documented("backups need a tier that has them, and a place")
def test_backups_that_cannot_be(azure: Azure, names: Names) -> None:
    paid = make_paid_site(azure, names)
    with refused_with(400):
        azure.backup_site(SPACE, paid.name, BackupRequest())
    with refused_with(400):
        plan = BackupRequest(storage_account_url=URL, backup_schedule=BackupSchedule(frequency_unit="Year"))
        azure.update_backup_configuration(SPACE, paid.name, plan)
    for call in (azure.restore_site, azure.discover_site_backup):
        with refused_with(404):
            call(SPACE, paid.name, RestoreRequest(blob_name="none", overwrite=True))
    azure.update_server_farm(SPACE, paid.farm, ServerFarmInput(sku="Free"))
    with refused_with(400):
        azure.backup_site(SPACE, paid.name, BackupRequest(storage_account_url=URL))
    assert azure.list_site_backups(SPACE, paid.name).items == ()


@assumed("a site that goes while it is saved takes its backups with it")
def test_a_site_goes_while_it_is_saved(azure: Azure, names: Names) -> None:
    needs_moved_time(azure, "the backup may be over before the site goes")
    paid = make_paid_site(azure, names)
    azure.backup_site(SPACE, paid.name, BackupRequest(storage_account_url=URL))
    azure.delete_site(SPACE, paid.name)
    with refused_with(404):
        azure.list_site_backups(SPACE, paid.name)


# -- hybrid connections -----------------------------------------------------------------------------------------------


@client("a connection has a name, a host and a port")
def test_a_hybrid_connection_comes_changes_and_goes(azure: Azure, names: Names) -> None:
    name = make_site(azure, names)
    made = azure.create_hybrid_connection(
        SPACE, name, HybridConnection(entity_name="erp", hostname="erp.corp", port=1433)
    )
    assert (made.entity_name, made.hostname, made.port) == ("erp", "erp.corp", 1433)
    assert azure.list_hybrid_connections(SPACE, name).items == (made,)
    with unchanged(lambda: azure.list_hybrid_connections(SPACE, name)):
        with refused_with(409):
            azure.create_hybrid_connection(SPACE, name, HybridConnection(entity_name="ERP"))
        with refused_with(400):
            azure.create_hybrid_connection(SPACE, name, HybridConnection())
        with refused_with(400):
            azure.update_hybrid_connection(SPACE, name, HybridConnection(entity_name="erp", port=70000))
    changed = azure.update_hybrid_connection(SPACE, name, HybridConnection(entity_name="erp", port=1434))
    assert (changed.hostname, changed.port) == ("erp.corp", 1434)
    assert azure.get_hybrid_connection(SPACE, name, "erp") == changed
    azure.delete_hybrid_connection(SPACE, name, "erp")
    for gone in (azure.get_hybrid_connection, azure.delete_hybrid_connection):
        with refused_with(404):
            gone(SPACE, name, "erp")
    with refused_with(404):
        azure.update_hybrid_connection(SPACE, name, HybridConnection(entity_name="erp", port=1434))
