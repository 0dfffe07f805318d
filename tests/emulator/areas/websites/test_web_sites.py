"""Sites: creation, names, states, slots, deletion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.websites import (
    HostNameSslState,
    NameValuePair,
    PublishingUser,
    ServerFarm,
    ServerFarmInput,
    Site,
    SiteInput,
    SslChange,
    SslChanges,
)
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, Conflict, NotFound, ServiceError
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator

Refused = Callable[[type[ServiceError], str], Any]
Create = Callable[..., Site]
Scale = Callable[..., ServerFarm]
WEST = "westuswebspace"
EAST = "eastuswebspace"
ALL = "repositoryuri,publishingpassword,publishingusername"


def spaces(azure: Client) -> list[str]:
    return [space.name for space in azure.list_webspaces().items]


# -- creation ---------------------------------------------------------------------------------------------------------


def test_the_first_site_makes_its_web_space_and_a_free_farm(azure: Client, create: Create) -> None:
    assert spaces(azure) == [EAST]
    site = create("blog")
    assert (site.name, site.state, site.sku, site.server_farm) == ("blog", "Running", "Free", "Default1")
    assert site.host_names == ("blog.azurewebsites.net",)
    assert site.enabled_host_names == ("blog.azurewebsites.net", "blog.scm.azurewebsites.net")
    assert [state.host_type for state in site.host_name_ssl_states] == ["Standard", "Repository"]
    assert site.resource_group == "Default-Web-WestUS"
    assert site.site_properties.properties == ()
    space = azure.get_webspace("WestUSWebSpace")
    assert (space.name, space.geo_region, space.geo_location) == (WEST, "West US", "bay")
    assert spaces(azure) == [EAST, WEST]
    assert azure.get_site(WEST, "BLOG") == site


def test_a_subscription_starts_with_an_empty_farm(azure: Client) -> None:
    (farm,) = azure.list_server_farms(EAST).items
    assert (farm.name, farm.sku, farm.number_of_sites) == ("Default1", "Free", 0)
    assert farm.last_modified_time_utc == azure.get_subscription().created_time
    azure.delete_server_farm(EAST, "Default1")
    assert spaces(azure) == []


def test_sites_of_a_space_share_a_farm_and_a_stamp(azure: Client, create: Create) -> None:
    one, two, far = create("one"), create("two"), create("far", "East US")
    assert (one.server_farm, one.home_stamp) == (two.server_farm, two.home_stamp)
    assert far.home_stamp is not None and far.home_stamp.startswith("waws-prod-blu-")
    assert [site.name for site in azure.list_sites(WEST).items] == ["one", "two"]
    assert azure.get_server_farm(WEST, "Default1").number_of_sites == 2


def test_a_new_site_leaves_a_farm_that_is_paid_for_alone(create: Create, scale: Scale) -> None:
    create("one")
    scale("Standard")
    assert create("two").server_farm == "Default2"
    assert create("three").server_farm == "Default2"


def test_a_farm_can_be_named(azure: Client, create: Create, refused: Refused) -> None:
    create("one")
    own = azure.create_server_farm(WEST, ServerFarmInput(name="Own", sku="Basic"))
    assert create("two", server_farm="own").server_farm == own.name == "Own"
    with refused(NotFound, "Cannot find ServerFarm with name nobodys."):
        create("three", server_farm="nobodys")


def test_names_are_unique_in_the_cloud(emulator: Emulator, azure: Client, create: Create, refused: Refused) -> None:
    create("taken")
    with refused(Conflict, "Website with given name Taken already exists."):
        create("Taken", "East US")
    other = "22222222-2222-2222-2222-222222222222"
    emulator.add_subscription(other, certificates=[certificate("areas")])
    stranger = Client(azure.transport, other)
    with pytest.raises(Conflict):
        stranger.create_site(WEST, SiteInput(name="taken"))
    assert not azure.is_site_hostname_available("taken.azurewebsites.net").value
    assert azure.is_site_hostname_available("untaken").value
    azure.delete_site(WEST, "taken")
    assert stranger.create_site(WEST, SiteInput(name="taken")).name == "taken"


@pytest.mark.parametrize("name", ["", "-a", "a-", "a b", "a.b", "x" * 61, "a()", "a(b"])
def test_a_name_is_a_dns_label(create: Create, refused: Refused, name: str) -> None:
    with refused(BadRequest, f"The web site name {name} is invalid."):
        create(name)


def test_a_web_space_is_a_region_s(azure: Client, create: Create, refused: Refused) -> None:
    with refused(NotFound, "Cannot find WebSpace with name atlantiswebspace."):
        azure.create_site("atlantiswebspace", SiteInput(name="a"))
    with refused(BadRequest, "The geo region Atlantis is not available."):
        create("a", "Atlantis")
    with refused(NotFound, "Cannot find WebSpace with name atlantiswebspace."):
        azure.list_sites("atlantiswebspace")
    with refused(NotFound, "Cannot find WebSpace with name northeuropewebspace."):
        azure.get_webspace("northeuropewebspace")
    assert azure.list_sites("northeuropewebspace").items == ()
    assert azure.create_site("group-EastUSwebspace", SiteInput(name="a")).web_space == "group-EastUSwebspace"


def test_an_unregistered_subscription_makes_no_sites(emulator: Emulator, azure: Client, refused: Refused) -> None:
    azure.unregister_resource_provider("website")
    emulator.advance(timedelta(minutes=5))
    with refused(Conflict, "The subscription is not registered for web sites."):
        azure.create_site(WEST, SiteInput(name="a"))


def test_newer_regions_run_newer_builds(create: Create) -> None:
    old, new = create("old"), create("new", "UK South")
    assert (old.daily_memory_time_quota, old.reserved, old.suspended_till) == (None, NIL, None)
    assert (new.daily_memory_time_quota, new.reserved, new.suspended_till) == (0, False, NIL)


def test_a_mode_comes_back(create: Create) -> None:
    assert (create("a", compute_mode="Shared").compute_mode, create("b").compute_mode) == ("Shared", NIL)


# -- reading and changing ---------------------------------------------------------------------------------------------


def test_properties_are_told_to_those_who_ask(azure: Client, create: Create) -> None:
    create("blog")
    assert azure.get_site(WEST, "blog").site_properties.properties == ()
    uri, user, password = azure.get_site(WEST, "blog", ALL).site_properties.properties
    assert uri == NameValuePair(name="RepositoryUri", value="https://blog.scm.azurewebsites.net")
    assert user == NameValuePair(name="PublishingUsername", value="$blog")
    assert isinstance(password.value, str) and len(password.value) == 60
    (listed,) = azure.list_sites(WEST, "PublishingUsername,nonsense").items
    assert listed.site_properties.properties == (user,)
    azure.generate_site_password(WEST, "blog")
    assert azure.get_site(WEST, "blog", "publishingpassword").site_properties.properties[0].value != password.value


def test_stopping_and_starting(emulator: Emulator, azure: Client, create: Create, refused: Refused) -> None:
    before = create("blog")
    emulator.advance(timedelta(seconds=5))
    stopped = azure.update_site(WEST, "blog", SiteInput(state="stopped"))
    assert stopped == replace(before, state="Stopped", last_modified_time_utc=stopped.last_modified_time_utc)
    assert stopped.last_modified_time_utc == before.last_modified_time_utc + timedelta(seconds=5)
    assert azure.list_site_instances(WEST, "blog").items == ()
    azure.restart_site(WEST, "blog")
    assert azure.update_site(WEST, "blog", SiteInput(state="Running")).state == "Running"
    (instance,) = azure.list_site_instances(WEST, "blog").items
    assert len(instance) == 64
    with refused(BadRequest, "The value Asleep of State is invalid."):
        azure.update_site(WEST, "blog", SiteInput(state="Asleep"))


def test_host_names(azure: Client, create: Create, refused: Refused) -> None:
    create("blog")
    own, custom = "blog.azurewebsites.net", "aaa.example.com"
    site = azure.update_site(WEST, "blog", SiteInput(host_names=(custom, own)))
    assert site.host_names == (own, custom)
    assert site.enabled_host_names == (custom, own, "blog.scm.azurewebsites.net")
    create("other")
    with refused(Conflict, f"The host name {custom} is already in use by another web site."):
        azure.update_site(WEST, "other", SiteInput(host_names=(custom,)))
    with refused(BadRequest, "The host name other.azurewebsites.net is invalid."):
        azure.update_site(WEST, "blog", SiteInput(host_names=("other.azurewebsites.net",)))
    assert azure.update_site(WEST, "blog", SiteInput(host_names=())).host_names == (own,)
    assert azure.update_site(WEST, "other", SiteInput(host_names=(custom,))).host_names[1:] == (custom,)


def test_a_host_name_needs_a_cname(azure: Client, create: Create, refused: Refused) -> None:
    create("blog")
    text = (
        "No CNAME pointing from www.nowhere.invalid to blog.azurewebsites.net. "
        "Please create a CNAME record and execute the operation again."
    )
    with refused(BadRequest, text):
        azure.update_site(WEST, "blog", SiteInput(host_names=("www.nowhere.invalid",)))


def test_bindings(azure: Client, create: Create, refused: Refused) -> None:
    create("blog")
    own = "blog.azurewebsites.net"

    def bind(**change: Any) -> HostNameSslState:
        changes = SslChanges(items=(SslChange(to_update=True, **change),))
        found = azure.update_site(WEST, "blog", SiteInput(host_name_ssl_states=changes))
        return next(state for state in found.host_name_ssl_states if state.name == own)

    bound = bind(name=own, ssl_state="snienabled", thumbprint="ab" * 20)
    assert (bound.ssl_state, bound.thumbprint) == ("SniEnabled", "AB" * 20)
    ignored = SslChanges(items=(SslChange(name=own, ssl_state="Disabled", to_update=False),))
    assert azure.update_site(WEST, "blog", SiteInput(host_name_ssl_states=ignored)).host_name_ssl_states[0] == bound
    assert bind(name=own, ssl_state="Disabled").thumbprint is NIL
    with refused(BadRequest, f"A certificate's thumbprint is needed to enable SSL for {own}."):
        bind(name=own, ssl_state="SniEnabled")
    with refused(BadRequest, "The host name no.example.com is not one of the site's."):
        bind(name="no.example.com", ssl_state="Disabled")


# -- slots ------------------------------------------------------------------------------------------------------------


def test_slots_need_a_tier_that_has_them(azure: Client, create: Create, scale: Scale, refused: Refused) -> None:
    create("blog")
    limit = "Cannot complete the operation because the site will exceed the number of slots allowed for the '{}' SKU."
    with refused(Conflict, limit.format("Free")):
        create("blog(staging)")
    scale("Standard")
    slot = create("blog(staging)")
    assert (slot.name, slot.sku, slot.repository_site_name) == ("blog(staging)", "Standard", "blog")
    assert slot.host_names == ("blog-staging.azurewebsites.net",)
    assert slot.deployment_id.startswith("blog__") and len(slot.deployment_id) == 10
    assert slot.self_link.endswith("/webspaces/westuswebspace/sites/blog")
    user = azure.get_site(WEST, "blog(staging)", "publishingusername").site_properties.properties[0]
    assert user.value == "$blog__staging"
    assert [site.name for site in azure.list_sites(WEST).items] == ["blog", "blog(staging)"]
    assert azure.get_site(WEST, "blog(production)").name == "blog"
    with refused(Conflict, "Website with given name blog(STAGING) already exists."):
        create("blog(STAGING)")
    for name in ("b", "c", "d"):
        create(f"blog({name})")
    with refused(Conflict, limit.format("Standard")):
        create("blog(e)")
    with refused(Conflict, limit.format("Basic")):
        scale("Basic")
    with refused(NotFound, "The web site nobodys cannot be found."):
        create("nobodys(staging)")


# -- deletion ---------------------------------------------------------------------------------------------------------


def test_deletion(azure: Client, create: Create, refused: Refused) -> None:
    create("one")
    create("two")
    azure.delete_site(WEST, "one", delete_empty_server_farm=True)
    with refused(NotFound, "The web site one cannot be found."):
        azure.get_site(WEST, "one")
    assert spaces(azure) == [EAST, WEST]
    azure.delete_site(WEST, "two")
    assert azure.get_server_farm(WEST, "Default1").number_of_sites == 0
    create("three")
    azure.delete_site(WEST, "three", delete_empty_server_farm=True, delete_metrics=True)
    assert spaces(azure) == [EAST]


def test_deletion_with_slots(azure: Client, create: Create, scale: Scale, refused: Refused) -> None:
    create("blog")
    scale("Standard")
    create("blog(staging)")
    with refused(Conflict, "The web site blog cannot be deleted because it has deployment slots."):
        azure.delete_site(WEST, "blog")
    azure.delete_site(WEST, "blog(staging)")
    create("blog(staging)")
    azure.delete_site(WEST, "blog", delete_empty_server_farm=True, delete_all_slots=True)
    assert spaces(azure) == [EAST]
    assert azure.is_site_hostname_available("blog-staging").value


# -- repositories and profiles ----------------------------------------------------------------------------------------


def test_repositories(azure: Client, create: Create, refused: Refused) -> None:
    create("blog")
    with refused(NotFound, "The web site blog has no repository."):
        azure.get_site_repository(WEST, "blog")
    azure.create_site_repository(WEST, "blog")
    assert azure.get_site_configuration(WEST, "blog").scm_type == "LocalGit"
    azure.sync_site_repository(WEST, "blog")
    address = azure.get_site_repository(WEST, "blog")
    assert address.value == "https://blog.scm.azurewebsites.net/blog.git"
    assert azure.delete_site_repository(WEST, "blog") == address
    assert azure.get_site_configuration(WEST, "blog").scm_type == "None"


def test_publishing_profiles(azure: Client, create: Create) -> None:
    create("blog")
    text = azure.get_publish_profile_xml(WEST, "blog").data.decode()
    assert text.startswith('<publishData><publishProfile profileName="blog - Web Deploy" publishMethod="MSDeploy" ')
    assert 'publishUrl="blog.scm.azurewebsites.net:443"' in text
    assert 'userName="blog\\$blog"' in text
    assert text.count("<databases/>") == 2


# -- publishing users -------------------------------------------------------------------------------------------------


def test_publishing_users(emulator: Emulator, azure: Client, refused: Refused) -> None:
    def user(name: str, password: str = "Passw0rd") -> PublishingUser:
        return PublishingUser(publishing_user_name=name, publishing_password=password)

    assert azure.list_publishing_users().items == ()
    assert azure.create_publishing_user(user("ann")).publishing_user_name == "ann"
    azure.create_publishing_user(user("bob"))
    assert azure.list_publishing_users().items == ("bob",)
    with refused(BadRequest, "The publishing user name 1 is invalid."):
        azure.create_publishing_user(user("1"))
    with refused(BadRequest, "The publishing password must have at least 8 characters, letters and numbers."):
        azure.create_publishing_user(user("ann", "short1"))
    other = "22222222-2222-2222-2222-222222222222"
    emulator.add_subscription(other, certificates=[certificate("areas")])
    with pytest.raises(Conflict, match="The publishing user name bob is already in use"):
        Client(azure.transport, other).create_publishing_user(user("bob"))
    assert "Passw0rd" not in repr(emulator.engine.state)
