"""Storage accounts: creation, documents by version, keys, replication, refusals."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from asm_contracts.areas.disks import AddDisk
from asm_contracts.areas.images import AddOSImage
from asm_contracts.areas.storage_accounts import (
    CreateStorageServiceInput,
    CustomDomain,
    RegenerateKeys,
    UpdateStorageServiceInput,
)
from asm_contracts.areas.vm_images import CreateVMImage, OSDiskConfiguration
from asm_contracts.document import NIL
from asm_contracts.vocabulary import ExtendedProperty
from asm_emulator import model

WRONG_NAME = (
    "The name is not a valid storage account name. Storage account names must be between 3 and 24 characters in "
    "length and use numbers and lower-case letters only."
)
BUSY = "An operation is currently performing on this storage account that requires exclusive access."


def request(name: str = "store", **fields: Any) -> CreateStorageServiceInput:
    return CreateStorageServiceInput(**{"service_name": name, "label": "store", "location": "West US"} | fields)


def properties(cloud: Any, name: str = "store") -> Any:
    return cloud.get_storage_account_properties(name).storage_service_properties


def pairs(document: Any) -> list[tuple[str, str]]:
    return [(one.name, one.value) for one in document.extended_properties]


# -- life -------------------------------------------------------------------------------------------------------------


def test_an_account_is_creating_until_its_operation_ends(cloud: Any) -> None:
    answer = cloud.create_storage_account(request(extended_properties=(ExtendedProperty(name="a", value="1"),)))
    assert answer.location == f"https://management.core.windows.net/subscriptions/{cloud.subscription_id}/storage/store"
    assert properties(cloud).status == "Creating"
    assert pairs(cloud.get_storage_account_properties("store")) == [("a", "1")]
    cloud.advance(21)
    assert cloud.status().status == "InProgress"
    cloud.advance(2)
    assert cloud.status().status == "Succeeded"
    assert properties(cloud).status == "Created"
    assert pairs(cloud.get_storage_account_properties("store")) == [
        ("a", "1"),
        ("ResourceGroup", "Default-Storage-WestUS"),
        ("ResourceLocation", "West US"),
    ]


def test_the_document_has_the_recorded_order(cloud: Any) -> None:
    cloud.account("store", "Standard_RAGRS", description="d")
    text = cloud.wire(cloud.get_storage_account_properties("store"))
    order = [
        "<Url>", "<ServiceName>", "<StorageServiceProperties>", "<Description>", "<Location>", "<Label>", "<Status>",
        "<Endpoints>", "<GeoPrimaryRegion>", "<StatusOfPrimary>", "<GeoSecondaryRegion>", "<StatusOfSecondary>",
        "<CreationTime>", "<CustomDomains/>", "<SecondaryEndpoints>", "<AccountType>", "<ExtendedProperties>",
        "<Capabilities><Capability>PersistentVMRole</Capability></Capabilities>",
    ]  # fmt: skip
    places = [text.index(piece) for piece in order]
    assert places == sorted(places)
    assert "GeoReplicationEnabled" not in text


def test_entries_of_the_list_have_no_capabilities(cloud: Any) -> None:
    cloud.account("zulu")
    cloud.account("alpha")
    entries = cloud.list_storage_accounts().items
    assert [entry.service_name for entry in entries] == ["alpha", "zulu"]
    assert all(entry.capabilities is None and entry.storage_service_keys is None for entry in entries)
    with cloud.as_other():
        assert cloud.list_storage_accounts().items == ()


def test_a_deleted_account_is_gone_and_its_name_free(stocked: Any) -> None:
    assert stocked.delete_storage_account("vhdaccount") is None
    with stocked.refuses(404, "ResourceNotFound", "The storage account 'vhdaccount' was not found."):
        stocked.get_storage_account_properties("vhdaccount")
    with stocked.as_other():
        assert stocked.check_storage_account_name_availability("vhdaccount").result is True
        stocked.account("vhdaccount")


def test_a_creation_that_is_undone_leaves_nothing(cloud: Any) -> None:
    from asm_emulator.areas.storage_accounts import account_not_created

    before = cloud.world()[2]
    cloud.create_storage_account(request())
    created = properties(cloud).creation_time
    cloud.change(lambda draft: account_not_created(draft, service_name="store", created=created))
    assert cloud.world()[2] == before
    assert cloud.check_storage_account_name_availability("store").result is True
    cloud.advance(60)
    assert cloud.list_storage_accounts().items == ()


# -- account types ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "endpoints", "region", "secondary"),
    [
        ("Standard_LRS", 4, "", None),
        ("Standard_ZRS", 4, "", None),
        ("Standard_GRS", 4, "East US", None),
        ("Standard_RAGRS", 4, "East US", 3),
        ("Premium_LRS", 1, None, None),
    ],
)
def test_what_each_type_has(cloud: Any, kind: str, endpoints: int, region: str | None, secondary: int | None) -> None:
    cloud.account("store", kind)
    found = properties(cloud)
    assert found.account_type == kind
    assert len(found.endpoints) == endpoints
    assert found.endpoints[0] == "https://store.blob.core.windows.net/"
    assert (found.geo_primary_region, found.status_of_primary) == ("West US", "Available")
    assert found.geo_secondary_region == region
    assert found.status_of_secondary == ("Available" if region else region)
    assert (len(found.secondary_endpoints) if found.secondary_endpoints else None) == secondary


def test_the_type_is_geo_redundant_unless_said_otherwise(cloud: Any) -> None:
    cloud.done(cloud.create_storage_account(request()))
    assert properties(cloud).account_type == "Standard_GRS"


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ({"geo_replication_enabled": False}, "Standard_LRS"),
        ({"geo_replication_enabled": True}, "Standard_GRS"),
        ({"secondary_read_enabled": True}, "Standard_RAGRS"),
        ({"geo_replication_enabled": True, "secondary_read_enabled": True}, "Standard_RAGRS"),
        ({"geo_replication_enabled": True, "account_type": "Standard_LRS"}, "Standard_LRS"),
    ],
)
def test_the_flags_of_older_versions_are_types(cloud: Any, flags: dict[str, Any], kind: str) -> None:
    cloud.done(cloud.create_storage_account(request(**flags)))
    assert properties(cloud).account_type == kind
    cloud.account("another", "Standard_GRS")
    cloud.update_storage_account("another", UpdateStorageServiceInput(**flags))
    assert properties(cloud, "another").account_type == kind


@pytest.mark.parametrize(
    ("kind", "flags"),
    [("Standard_LRS", ("false", "false")), ("Standard_GRS", ("true", "false")), ("Standard_RAGRS", ("true", "true"))],
)
def test_older_versions_see_flags(cloud: Any, kind: str, flags: tuple[str, str]) -> None:
    cloud.account("store", kind)
    cloud.version = "2014-05-01"
    text = cloud.wire(cloud.get_storage_account_properties("store"))
    assert "AccountType" not in text
    assert f"<GeoReplicationEnabled>{flags[0]}</GeoReplicationEnabled><GeoPrimaryRegion>" in text
    assert f"<SecondaryReadEnabled>{flags[1]}</SecondaryReadEnabled>" in text
    cloud.version = "2013-08-01"
    text = cloud.wire(cloud.get_storage_account_properties("store"))
    assert "SecondaryReadEnabled" not in text
    assert "GeoReplicationEnabled" in text
    cloud.version = "2009-10-01"
    text = cloud.wire(cloud.get_storage_account_properties("store"))
    for later in ("GeoReplicationEnabled", "GeoPrimaryRegion", "CreationTime", "ExtendedProperties", "Capabilities"):
        assert later not in text


def test_an_account_in_an_affinity_group_is_where_the_group_is(cloud: Any) -> None:
    now = cloud.emulator.engine.clock.now()
    group = model.AffinityGroup(name="near", label="near", description=None, location="North Europe", created=now)
    cloud.change(lambda draft: draft.affinity_groups.__setitem__("near", group))
    cloud.account("store", "Standard_GRS", affinity_group="near")
    found = properties(cloud)
    assert (found.affinity_group, found.location) == ("near", None)
    assert (found.geo_primary_region, found.geo_secondary_region) == ("North Europe", "West Europe")
    assert ("ResourceGroup", "Default-Storage-NorthEurope") in pairs(cloud.get_storage_account_properties("store"))


# -- keys -------------------------------------------------------------------------------------------------------------


def test_keys_are_64_bytes_and_differ(stocked: Any) -> None:
    keys = stocked.get_storage_account_keys("vhdaccount")
    assert keys.service_name is None
    primary, secondary = keys.storage_service_keys.primary, keys.storage_service_keys.secondary
    assert [len(base64.b64decode(key)) for key in (primary, secondary)] == [64, 64]
    assert (len(primary), primary != secondary) == (88, True)
    stocked.account("another")
    assert stocked.get_storage_account_keys("another").storage_service_keys.primary != primary


def test_only_the_named_key_is_made_anew(stocked: Any) -> None:
    seen = [stocked.get_storage_account_keys("vhdaccount").storage_service_keys]
    for which in ("Secondary", "Primary", "Primary"):
        before = seen[-1]
        answer = stocked.regenerate_storage_account_keys("vhdaccount", RegenerateKeys(key_type=which))
        after = answer.storage_service_keys
        assert (after.primary != before.primary) == (which == "Primary")
        assert (after.secondary != before.secondary) == (which == "Secondary")
        assert stocked.get_storage_account_keys("vhdaccount") == answer
        seen.append(after)
    assert len({key.primary for key in seen}) == 3
    assert len({key.secondary for key in seen}) == 2


def test_an_unknown_key_is_refused(stocked: Any) -> None:
    with stocked.refuses(400, "BadRequest", "A parameter was incorrect."):
        stocked.regenerate_storage_account_keys("vhdaccount", RegenerateKeys(key_type="Tertiary"))


# -- update -----------------------------------------------------------------------------------------------------------


def test_an_update_changes_what_it_names(cloud: Any) -> None:
    cloud.account("store", description="old", extended_properties=(ExtendedProperty(name="a", value="1"),))
    cloud.update_storage_account(
        "store",
        UpdateStorageServiceInput(
            description="",
            label="啊齄丂",
            extended_properties=(ExtendedProperty(name="b", value="狛狜"), ExtendedProperty(name="a", value="2")),
            custom_domains=(CustomDomain(name="blobs.example.org", use_sub_domain_name=False),),
            account_type="standard_ragrs",
        ),
    )
    assert cloud.status().status == "Succeeded"
    found = properties(cloud)
    assert (found.description, found.label, found.account_type) == ("", "啊齄丂", "Standard_RAGRS")
    assert found.custom_domains == (CustomDomain(name="blobs.example.org", use_sub_domain_name=False),)
    assert pairs(cloud.get_storage_account_properties("store"))[:1] == [("a", "2")]
    assert ("b", "狛狜") in pairs(cloud.get_storage_account_properties("store"))
    cloud.update_storage_account("store", UpdateStorageServiceInput(description=NIL))
    assert properties(cloud).description is NIL
    assert properties(cloud).label == "啊齄丂"


def test_an_update_of_nothing_is_refused(stocked: Any) -> None:
    with stocked.refuses(400, "BadRequest"):
        stocked.update_storage_account("vhdaccount", UpdateStorageServiceInput())


@pytest.mark.parametrize(
    ("old", "new"),
    [("Standard_ZRS", "Standard_LRS"), ("Premium_LRS", "Standard_GRS"), ("Standard_LRS", "Standard_ZRS")],
)
def test_some_types_never_change(cloud: Any, old: str, new: str) -> None:
    cloud.account("store", old)
    with cloud.refuses(400, "BadRequest", f"The account type cannot be changed from {old} to {new}."):
        cloud.update_storage_account("store", UpdateStorageServiceInput(account_type=new, label="new"))


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ab", "a" * 25, "Upper", "with-hyphen", "utstor55啊", ""])
def test_a_malformed_name_is_refused_by_both(cloud: Any, name: str) -> None:
    with cloud.refuses(400, "BadRequest", WRONG_NAME):
        cloud.create_storage_account(request(name))
    with cloud.refuses(400, "BadRequest", WRONG_NAME):
        cloud.check_storage_account_name_availability(name)


def test_a_taken_name_is_refused_and_not_available(stocked: Any) -> None:
    own = "A storage account named 'vhdaccount' already exists in the subscription."
    answer = stocked.check_storage_account_name_availability("vhdaccount")
    assert (answer.result, answer.reason) == (False, own)
    with stocked.refuses(409, "ConflictError", own):
        stocked.create_storage_account(request("vhdaccount"))
    with stocked.as_other():
        foreign = "The storage account named 'vhdaccount' is already taken."
        answer = stocked.check_storage_account_name_availability("vhdaccount")
        assert (answer.result, answer.reason) == (False, foreign)
        with stocked.refuses(409, "ConflictError", foreign):
            stocked.create_storage_account(request("vhdaccount"))


def test_a_free_name_has_a_nil_reason(cloud: Any) -> None:
    answer = cloud.check_storage_account_name_availability("store")
    assert cloud.wire(answer).endswith('<Result>true</Result><Reason i:nil="true"/></AvailabilityResponse>')


@pytest.mark.parametrize(
    "fields",
    [
        {"location": None},
        {"affinity_group": "near"},
        {"location": "Atlantis"},
        {"location": None, "affinity_group": "nowhere"},
        {"label": ""},
        {"label": "x" * 101},
        {"description": "x" * 1025},
        {"account_type": "Standard_XRS"},
        {"geo_replication_enabled": False, "secondary_read_enabled": True},
        {"extended_properties": (ExtendedProperty(name="1a", value="x"),)},
        {"extended_properties": tuple(ExtendedProperty(name=f"p{n}", value="x") for n in range(51))},
    ],
)
def test_what_cannot_be_is_refused(cloud: Any, fields: dict[str, Any]) -> None:
    with cloud.refuses(400, "BadRequest"):
        cloud.create_storage_account(request(**fields))


def test_the_quota_counts_accounts_that_are_being_created(small: Any) -> None:
    small.account("first")
    small.create_storage_account(request("second"))
    text = (
        "The subscription policy limit for resource type 'storage account count' was exceeded. "
        "The limit for resource type 'storage account count' is 2 per subscription, "
        "the current count is 2, and the requested increment is 1."
    )
    with small.refuses(403, "ForbiddenError", text):
        small.create_storage_account(request("third"))
    small.delete_storage_account("first")
    small.account("third")


def test_an_account_that_is_not_there(cloud: Any) -> None:
    absent = "The storage account 'nowhere' was not found."
    calls: tuple[Callable[[], Any], ...] = (
        lambda: cloud.get_storage_account_properties("nowhere"),
        lambda: cloud.get_storage_account_keys("nowhere"),
        lambda: cloud.regenerate_storage_account_keys("nowhere", RegenerateKeys(key_type="Primary")),
        lambda: cloud.update_storage_account("nowhere", UpdateStorageServiceInput(label="x")),
        lambda: cloud.delete_storage_account("nowhere"),
    )
    for call in calls:
        with cloud.refuses(404, "ResourceNotFound", absent):
            call()


def test_an_account_that_is_being_created_is_left_alone(cloud: Any) -> None:
    cloud.create_storage_account(request())
    calls: tuple[Callable[[], Any], ...] = (
        lambda: cloud.regenerate_storage_account_keys("store", RegenerateKeys(key_type="Primary")),
        lambda: cloud.update_storage_account("store", UpdateStorageServiceInput(label="x")),
        lambda: cloud.delete_storage_account("store"),
    )
    for call in calls:
        with cloud.refuses(409, "ConflictError", BUSY):
            call()


def register_disk(cloud: Any, link: str) -> None:
    cloud.add_disk(AddDisk(label="thing", media_link=link, name="thing"))


def register_image(cloud: Any, link: str) -> None:
    cloud.add_os_image(AddOSImage(label="thing", media_link=link, name="thing", os="Linux"))


def register_vm_image(cloud: Any, link: str) -> None:
    disk = OSDiskConfiguration(os_state="Generalized", os="Linux", media_link=link)
    cloud.done(cloud.create_vm_image(CreateVMImage(name="thing", label="thing", os_disk_configuration=disk)))


@pytest.mark.parametrize(
    ("register", "remove"),
    [
        (register_disk, "delete_disk"),
        (register_image, "delete_os_image_and_media"),
        (register_vm_image, "delete_vm_image"),
    ],
)
def test_an_account_with_registered_blobs_stays(stocked: Any, register: Any, remove: str) -> None:
    stocked.account("vhdaccount2")
    register(stocked, "http://vhdaccount.blob.core.windows.net/vhds/a.vhd")
    text = (
        "Storage account vhdaccount has some active image(s) and/or disk(s), e.g. thing. Ensure these image(s) and/or "
        "disk(s) are removed before deleting this storage account."
    )
    with stocked.refuses(409, "ConflictError", text):
        stocked.delete_storage_account("vhdaccount")
    stocked.delete_storage_account("vhdaccount2")
    getattr(stocked, remove)("thing")
    stocked.advance(60)
    stocked.delete_storage_account("vhdaccount")
