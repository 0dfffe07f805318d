"""Configurations of sites; slots changing places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.websites import (
    AutoHealRules,
    ConnectionStringType,
    ConnStringInfo,
    HandlerMapping,
    NameValuePair,
    ServerFarm,
    Site,
    SiteConfig,
    SlotConfigNames,
)
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, Conflict, NotFound, ServiceError
from asm_emulator.emulator import Emulator

Refused = Callable[[type[ServiceError], str], Any]
Create = Callable[..., Site]
Scale = Callable[..., ServerFarm]
WEST = "westuswebspace"
STAGED = "blog(staging)"


@pytest.fixture
def update(azure: Client, create: Create) -> Callable[..., SiteConfig]:
    """Change the configuration of a site; it as it then is."""
    create("site")

    def change(**fields: Any) -> SiteConfig:
        azure.update_site_configuration(WEST, "site", SiteConfig(**fields))
        return azure.get_site_configuration(WEST, "site")

    return change


@pytest.fixture
def staged(create: Create, scale: Scale) -> None:
    """A site with a slot."""
    create("blog")
    scale("Standard")
    create(STAGED)


def settings(azure: Client, name: str) -> dict[str, Any]:
    found = azure.get_site_configuration(WEST, name).app_settings
    assert isinstance(found, tuple)
    return {one.name: one.value for one in found if one.name != "WEBSITE_NODE_DEFAULT_VERSION"}


def put_settings(azure: Client, name: str, **values: str) -> None:
    pairs = tuple(NameValuePair(name=key, value=value) for key, value in values.items())
    azure.update_site_configuration(WEST, name, SiteConfig(app_settings=pairs))


# -- configuration ----------------------------------------------------------------------------------------------------


def test_a_new_site_s_configuration(azure: Client, create: Create) -> None:
    create("site")
    create("new", "UK South")
    old = azure.get_site_configuration(WEST, "site")
    new = azure.get_site_configuration("uksouthwebspace", "new")
    assert (old.php_version, old.node_version, old.push) == ("5.4", NIL, None)
    assert (new.php_version, new.node_version, new.push) == ("5.6", "", NIL)
    assert old.publishing_username == "$site"
    assert old.default_documents is not NIL and old.default_documents[0] == "Default.htm"
    assert old.machine_key != new.machine_key


def test_what_is_left_out_stays(update: Callable[..., SiteConfig]) -> None:
    first = update(default_documents=("index.js",), web_sockets_enabled=True)
    assert (first.default_documents, first.web_sockets_enabled) == (("index.js",), True)
    second = update(net_framework_version="v2.0", default_documents=NIL)
    assert (second.default_documents, second.net_framework_version) == (("index.js",), "v2.0")
    assert second.auto_heal_rules == AutoHealRules(actions=NIL, triggers=NIL)


def test_handlers_that_are_all_taken_away_are_nil_again(update: Callable[..., SiteConfig]) -> None:
    mapping = HandlerMapping(arguments=NIL, extension=".js", script_processor="c:")
    assert update(handler_mappings=(mapping,)).handler_mappings == (mapping,)
    assert update(handler_mappings=()).handler_mappings is NIL
    assert update(handler_mappings=(mapping,)).handler_mappings == (mapping,)
    assert update(handler_mappings=NIL).handler_mappings is NIL


def test_connection_strings(update: Callable[..., SiteConfig]) -> None:
    string = ConnStringInfo(name="db", connection_string="Server=x", type=ConnectionStringType.CUSTOM)
    assert update(connection_strings=(string,)).connection_strings == (string,)


def test_php_is_turned_off_with_a_space(update: Callable[..., SiteConfig]) -> None:
    assert update(php_version=" ").php_version == ""


def test_the_debugger_has_a_version_once_it_was_set(update: Callable[..., SiteConfig]) -> None:
    assert update(always_on=False).remote_debugging_version is NIL
    assert update(remote_debugging_enabled=False).remote_debugging_version == "VS2012"
    assert update(remote_debugging_version="VS2013").remote_debugging_version == "VS2013"


def test_tracing_ends_after_an_hour(emulator: Emulator, update: Callable[..., SiteConfig]) -> None:
    now = emulator.engine.clock.now()
    traced = update(request_tracing_enabled=True)
    assert traced.request_tracing_expiration_time == now.replace(second=0, microsecond=0) + timedelta(hours=1)
    until = now.replace(microsecond=0) + timedelta(minutes=7)
    chosen = update(request_tracing_enabled=True, request_tracing_expiration_time=until)
    assert chosen.request_tracing_expiration_time == until
    assert update(request_tracing_enabled=False).request_tracing_expiration_time is None


def test_credentials_and_keys_cannot_be_chosen(update: Callable[..., SiteConfig]) -> None:
    before = update()
    after = update(publishing_username="me", publishing_password="mine", machine_key=NIL)
    assert after == before


def test_refused_configurations(update: Callable[..., SiteConfig], refused: Refused) -> None:
    with refused(BadRequest, "LogsDirectorySizeLimit must be between 25 and 100."):
        update(logs_directory_size_limit=24)
    twice = (NameValuePair(name="a", value="1"), NameValuePair(name="A", value="2"))
    with refused(BadRequest, "The name a stands more than once in the configuration."):
        update(app_settings=twice)


def test_settings_are_no_record(emulator: Emulator, update: Callable[..., SiteConfig]) -> None:
    update(app_settings=(NameValuePair(name="key", value="geheim"),))
    update(connection_strings=(ConnStringInfo(name="db", connection_string="geheim"),))
    operations = emulator.engine.state.subscriptions[emulator.subscription].operations
    assert "geheim" not in repr(operations)


# -- slots ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("staged")
def test_a_swap(emulator: Emulator, azure: Client) -> None:
    put_settings(azure, "blog", a="production", sticky="production")
    put_settings(azure, STAGED, a="staging", sticky="staging")
    azure.update_slot_config_names(WEST, "blog", SlotConfigNames(app_setting_names=("sticky",)))
    names = azure.get_slot_config_names(WEST, STAGED)
    assert (names.app_setting_names, names.connection_string_names) == (("sticky",), ())
    operation = azure.swap_site_slots(WEST, STAGED, "production")
    assert (operation.name, operation.status, operation.errors) == ("SwapSiteSlots", "InProgress", NIL)
    assert azure.get_site_operation(WEST, "blog", operation.id) == operation
    emulator.advance(timedelta(minutes=5))
    assert azure.get_site_operation(WEST, "blog", operation.id).status == "Succeeded"
    assert settings(azure, "blog") == {"a": "staging", "sticky": "production"}
    assert settings(azure, STAGED) == {"a": "production", "sticky": "staging"}
    assert azure.get_site(WEST, "blog").host_names == ("blog.azurewebsites.net",)
    assert azure.get_site_configuration(WEST, STAGED).publishing_username == "$blog__staging"


@pytest.mark.usefixtures("staged")
def test_swaps_that_cannot_be(azure: Client, refused: Refused) -> None:
    with refused(NotFound, "The web site blog(nobodys) cannot be found."):
        azure.swap_site_slots(WEST, "blog", "nobodys")
    with refused(BadRequest, "The slot production cannot be swapped with itself."):
        azure.swap_site_slots(WEST, "blog", "production")
    azure.swap_site_slots(WEST, "blog", "staging")
    with refused(Conflict, "Cannot modify site blog(staging) because another operation is in progress."):
        azure.swap_site_slots(WEST, STAGED, "production")
    with refused(NotFound, "Cannot find Operation with name nobodys."):
        azure.get_site_operation(WEST, "blog", "nobodys")


@pytest.mark.usefixtures("staged")
def test_a_swap_fails_when_a_slot_goes_away(emulator: Emulator, azure: Client) -> None:
    put_settings(azure, "blog", a="production")
    operation = azure.swap_site_slots(WEST, "blog", "staging")
    azure.delete_site(WEST, STAGED)
    emulator.advance(timedelta(minutes=5))
    assert azure.get_site_operation(WEST, "blog", operation.id).status == "Failed"
    assert settings(azure, "blog") == {"a": "production"}


@pytest.mark.usefixtures("staged")
def test_another_slot_s_settings_are_tried_and_taken_back(azure: Client) -> None:
    put_settings(azure, "blog", a="production", sticky="production")
    put_settings(azure, STAGED, a="staging", sticky="staging")
    azure.update_slot_config_names(WEST, "blog", SlotConfigNames(app_setting_names=("sticky",)))
    azure.apply_slot_configuration(WEST, STAGED, "Production")
    assert settings(azure, STAGED) == {"a": "staging", "sticky": "production"}
    assert azure.get_site(WEST, STAGED).target_swap_slot == "Production"
    azure.reset_slot_configuration(WEST, STAGED)
    assert settings(azure, STAGED) == {"a": "staging", "sticky": "staging"}
    assert azure.get_site(WEST, STAGED).target_swap_slot is NIL
