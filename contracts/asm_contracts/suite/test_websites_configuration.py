"""How web sites run: configuration, repositories, publishing, restarts, and slots that change places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from asm_contracts.areas.websites import (
    ConnectionStringType,
    ConnStringInfo,
    NameValuePair,
    SiteConfig,
    SiteInput,
    SlotConfigNames,
)
from asm_contracts.document import NIL
from asm_contracts.evidence import assumed, client, documented, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.sites import DOMAIN, SPACE, Paid, make_paid_site, make_site
from asm_contracts.suite.worlds import needs_moved_time, refused_with, unchanged


def settings(azure: Azure, name: str) -> dict[str, Any]:
    """The settings of a site, less the one that every site has."""
    found = azure.get_site_configuration(SPACE, name).app_settings
    assert isinstance(found, tuple)
    return {one.name: one.value for one in found if one.name != "WEBSITE_NODE_DEFAULT_VERSION"}


def put_settings(azure: Azure, name: str, **values: str) -> None:
    """Give a site these settings."""
    pairs = tuple(NameValuePair(name=key, value=value) for key, value in values.items())
    azure.update_site_configuration(SPACE, name, SiteConfig(app_settings=pairs))


@pytest.fixture
def staged(azure: Azure, names: Names) -> Paid:
    """A site with a slot."""
    return make_paid_site(azure, names, slot=True)


# -- configuration ----------------------------------------------------------------------------------------------------


@recorded("what a new site's configuration is")
@documented("what a change leaves out stays")
def test_a_configuration_is_changed(azure: Azure, names: Names) -> None:
    name = make_site(azure, names)

    def change(**fields: Any) -> SiteConfig:
        azure.update_site_configuration(SPACE, name, SiteConfig(**fields))
        return azure.get_site_configuration(SPACE, name)

    before = azure.get_site_configuration(SPACE, name)
    assert (before.php_version, before.publishing_username) == ("5.4", f"${name}")
    first = change(default_documents=("index.js",), web_sockets_enabled=True)
    assert (first.default_documents, first.web_sockets_enabled) == (("index.js",), True)
    second = change(net_framework_version="v2.0", php_version=" ")
    assert (second.default_documents, second.web_sockets_enabled) == (("index.js",), True)
    assert (second.net_framework_version, second.php_version) == ("v2.0", ""), "a space turns PHP off"
    string = ConnStringInfo(name="db", connection_string="Server=x", type=ConnectionStringType.CUSTOM)
    assert change(connection_strings=(string,)).connection_strings == (string,)
    put_settings(azure, name, one="1", two="2")
    assert settings(azure, name) == {"one": "1", "two": "2"}
    put_settings(azure, name, one="3")
    assert settings(azure, name) == {"one": "3"}, "settings are replaced as a whole"
    third = change(publishing_username="me", machine_key=NIL)
    assert (third.publishing_username, third.machine_key) == (before.publishing_username, before.machine_key)
    twice = (NameValuePair(name="a", value="1"), NameValuePair(name="A", value="2"))
    with unchanged(lambda: azure.get_site_configuration(SPACE, name)):
        for wrong in (SiteConfig(logs_directory_size_limit=24), SiteConfig(app_settings=twice)):
            with refused_with(400):
                azure.update_site_configuration(SPACE, name, wrong)


# -- publishing -------------------------------------------------------------------------------------------------------


@client("the published client asks for the properties it wants")
def test_a_password_is_made_anew(azure: Azure, names: Names) -> None:
    name = make_site(azure, names)

    def properties() -> dict[str, Any]:
        found = azure.get_site(SPACE, name, "repositoryuri,publishingpassword,publishingusername")
        assert found.site_properties is not None
        return {one.name: one.value for one in found.site_properties.properties or ()}

    before = properties()
    if azure.lossy and not before:
        pytest.skip("the driver's client does not give the properties of sites back")
    assert before["PublishingUsername"] == f"${name}"
    azure.generate_site_password(SPACE, name)
    after = properties()
    assert after["PublishingPassword"] != before["PublishingPassword"]
    assert after["PublishingUsername"] == before["PublishingUsername"]
    text = azure.get_publish_profile_xml(SPACE, name).data.decode()
    assert f'publishUrl="{name}.scm.{DOMAIN}:443"' in text and str(after["PublishingPassword"]) in text


@documented("a site may have a Git repository, whose address the service gives")
def test_a_repository_comes_and_goes(azure: Azure, names: Names) -> None:
    name = make_site(azure, names)
    with refused_with(404):
        azure.get_site_repository(SPACE, name)
    azure.create_site_repository(SPACE, name)
    assert azure.get_site_configuration(SPACE, name).scm_type == "LocalGit"
    azure.sync_site_repository(SPACE, name)
    address = azure.get_site_repository(SPACE, name)
    assert address.value == f"https://{name}.scm.{DOMAIN}/{name}.git"
    assert azure.delete_site_repository(SPACE, name) == address
    assert azure.get_site_configuration(SPACE, name).scm_type == "None"
    with refused_with(404):
        azure.get_site_repository(SPACE, name)


@documented("a site that runs has instances; a stopped one has none")
def test_a_site_is_restarted(azure: Azure, names: Names) -> None:
    name = make_site(azure, names)
    assert len(azure.list_site_instances(SPACE, name).items) == 1
    azure.restart_site(SPACE, name)
    assert azure.get_site(SPACE, name).state == "Running"
    azure.update_site(SPACE, name, SiteInput(state="Stopped"))
    assert azure.list_site_instances(SPACE, name).items == ()
    with refused_with(400):
        azure.update_site(SPACE, name, SiteInput(state="Asleep"))


# -- slots ------------------------------------------------------------------------------------------------------------


@documented("slots change places; the settings that are named stay with their slot")
def test_slots_change_places(azure: Azure, staged: Paid) -> None:
    put_settings(azure, staged.name, a="production", sticky="production")
    put_settings(azure, staged.slot, a="staging", sticky="staging")
    azure.update_slot_config_names(SPACE, staged.name, SlotConfigNames(app_setting_names=("sticky",)))
    assert azure.get_slot_config_names(SPACE, staged.slot).app_setting_names == ("sticky",)
    operation = azure.swap_site_slots(SPACE, staged.slot, "production")
    assert operation.name == "SwapSiteSlots"

    def over() -> bool:
        return azure.get_site_operation(SPACE, staged.name, operation.id).status == "Succeeded"

    if azure.controls_time:
        assert operation.status == "InProgress" and not over()
        with refused_with(409):
            azure.swap_site_slots(SPACE, staged.slot, "production")
    azure.until(over, "the swap")
    assert settings(azure, staged.name) == {"a": "staging", "sticky": "production"}
    assert settings(azure, staged.slot) == {"a": "production", "sticky": "staging"}
    assert azure.get_site(SPACE, staged.name).host_names == (f"{staged.name}.{DOMAIN}",)


@documented("the settings of another slot are tried, and taken back")
def test_the_first_half_of_a_swap(azure: Azure, staged: Paid) -> None:
    put_settings(azure, staged.name, a="production", sticky="production")
    put_settings(azure, staged.slot, a="staging", sticky="staging")
    azure.update_slot_config_names(SPACE, staged.name, SlotConfigNames(app_setting_names=("sticky",)))
    azure.apply_slot_configuration(SPACE, staged.slot, "Production")
    assert settings(azure, staged.slot) == {"a": "staging", "sticky": "production"}
    assert azure.get_site(SPACE, staged.slot).target_swap_slot == "Production"
    azure.reset_slot_configuration(SPACE, staged.slot)
    assert settings(azure, staged.slot) == {"a": "staging", "sticky": "staging"}
    assert azure.get_site(SPACE, staged.slot).target_swap_slot is NIL


@assumed("the refusals of swaps")
def test_swaps_that_cannot_be(azure: Azure, staged: Paid) -> None:
    with refused_with(404):
        azure.swap_site_slots(SPACE, staged.name, "nobodys")
    with refused_with(400):
        azure.swap_site_slots(SPACE, staged.name, "production")
    needs_moved_time(azure, "the swap may be over before the slot goes")
    put_settings(azure, staged.name, a="production")
    operation = azure.swap_site_slots(SPACE, staged.name, "staging")
    azure.delete_site(SPACE, staged.slot)

    def status() -> str | None:
        return azure.get_site_operation(SPACE, staged.name, operation.id).status

    azure.until(lambda: status() != "InProgress", "the swap")
    assert status() == "Failed" and settings(azure, staged.name) == {"a": "production"}


@documented("slots need a tier that has them, and a site; a site with slots stays unless they go too")
def test_slots_come_and_go(azure: Azure, names: Names, staged: Paid) -> None:
    free = make_site(azure, names)
    with refused_with(409):
        azure.create_site(SPACE, SiteInput(name=f"{free}(staging)"))
    assert azure.get_site(SPACE, staged.slot).host_names == (f"{staged.name}-staging.{DOMAIN}",)
    with refused_with(409):
        azure.create_site(SPACE, SiteInput(name=staged.slot.upper(), server_farm=staged.farm))
    with refused_with(404):
        azure.create_site(SPACE, SiteInput(name=f"{names.free()}(staging)", server_farm=staged.farm))
    with refused_with(409):
        azure.delete_site(SPACE, staged.name)
    azure.delete_site(SPACE, staged.name, delete_all_slots=True)
    for gone in (staged.name, staged.slot):
        with refused_with(404):
            azure.get_site(SPACE, gone)


@recorded("The web site ... cannot be found.")
def test_a_site_that_is_not_there(azure: Azure, names: Names) -> None:
    name = names.free()
    calls: list[Callable[[str, str], object]] = [
        azure.restart_site,
        azure.list_site_instances,
        azure.generate_site_password,
        azure.get_publish_profile_xml,
        azure.get_site_repository,
        azure.create_site_repository,
        azure.sync_site_repository,
        azure.delete_site_repository,
        azure.get_site_configuration,
        azure.get_slot_config_names,
        azure.reset_slot_configuration,
        azure.get_site_usages,
        azure.get_historical_usage_metrics,
        azure.get_metric_definitions,
        azure.get_backup_configuration,
        azure.list_site_backups,
        azure.list_hybrid_connections,
    ]
    for call in calls:
        with refused_with(404) as refusal:
            call(SPACE, name)
        assert refusal.message == f"The web site {name} cannot be found."
