"""Storage accounts: names in the cloud, endpoints, keys, and when they can go."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from asm_contracts.areas.storage_accounts import (
    CreateStorageServiceInput,
    RegenerateKeys,
    StorageServiceProperties,
    UpdateStorageServiceInput,
)
from asm_contracts.document import NIL
from asm_contracts.evidence import assumed, documented, quoted, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import (
    LOCATION,
    make_affinity_group,
    make_disk,
    make_os_image,
    make_storage_account,
    refused,
    unchanged,
)
from asm_contracts.vocabulary import ExtendedProperty

BAD_NAME = (
    "The name is not a valid storage account name. Storage account names must be between 3 and 24 characters in "
    "length and use numbers and lower-case letters only."
)
BAD_NAMES = ["ab", "Upper", "with-hyphen", "with_underscore", "x" * 25, "ünicode"]


def properties(azure: Azure, name: str) -> StorageServiceProperties:
    """The properties of an account."""
    found = azure.get_storage_account_properties(name).storage_service_properties
    assert found is not None
    return found


def gone(name: str) -> str:
    """What the service says of an account that does not exist."""
    return f"The storage account '{name}' was not found."


@recorded("create, read, update, delete of the official SDK's tests; four endpoints with a final slash")
def test_what_was_created_is_read_back(azure: Azure, names: Names) -> None:
    name = make_storage_account(
        azure, names, label="Grüße", description="eine Beschreibung für später", account_type="Standard_LRS"
    )
    found = azure.get_storage_account_properties(name)
    assert found.service_name == name and found.url.endswith(f"/services/storageservices/{name}")
    read = properties(azure, name)
    assert (read.label, read.description) == ("Grüße", "eine Beschreibung für später")
    assert (read.location, read.status, read.account_type) == (LOCATION, "Created", "Standard_LRS")
    assert read.endpoints == tuple(
        f"https://{name}.{kind}.core.windows.net/" for kind in ("blob", "queue", "table", "file")
    )
    listed = [one for one in azure.list_storage_accounts().items if one.service_name == name]
    assert len(listed) == 1 and listed[0].storage_service_properties == read


@recorded("the creation is accepted with a Location; the account is there before its operation has ended")
def test_a_creation_is_accepted(azure: Azure, names: Names) -> None:
    name = names.storage_account()
    accepted = azure.create_storage_account(
        CreateStorageServiceInput(service_name=name, label="l", description="d", location=LOCATION)
    )
    if not azure.lossy:
        assert accepted.location is not None and accepted.location.endswith(f"/storage/{name}")
    azure.wait(accepted)
    assert properties(azure, name).status == "Created"


@recorded("the geo elements differ by account type")
@pytest.mark.parametrize(
    ("kind", "secondary", "endpoints"),
    [("Standard_LRS", False, 4), ("Standard_GRS", True, 4), ("Standard_RAGRS", True, 4), ("Premium_LRS", False, 1)],
)
def test_account_types(azure: Azure, names: Names, kind: str, secondary: bool, endpoints: int) -> None:
    read = properties(azure, make_storage_account(azure, names, account_type=kind))
    assert read.account_type == kind
    assert len(read.endpoints or ()) == endpoints
    assert bool(read.geo_secondary_region) == secondary
    if not azure.lossy:
        assert (read.secondary_endpoints is not None) == (kind == "Standard_RAGRS")
        assert (read.geo_secondary_region is None) == (kind == "Premium_LRS")


@recorded(BAD_NAME)
@pytest.mark.parametrize("bad", BAD_NAMES)
def test_a_malformed_name_is_refused(azure: Azure, bad: str) -> None:
    with refused(400, "BadRequest", BAD_NAME):
        azure.create_storage_account(
            CreateStorageServiceInput(service_name=bad, label="l", description="d", location=LOCATION)
        )


@recorded("availability of a malformed name is refused with the same text")
@pytest.mark.parametrize("bad", BAD_NAMES[:-1])
def test_availability_of_a_malformed_name(azure: Azure, bad: str) -> None:
    with refused(400, "BadRequest", BAD_NAME):
        azure.check_storage_account_name_availability(bad)


@recorded("A storage account named '...' already exists in the subscription.")
def test_availability_follows_creation_and_deletion(azure: Azure, names: Names) -> None:
    name = names.storage_account()
    free = azure.check_storage_account_name_availability(name)
    assert free.result and not free.reason
    azure.wait(
        azure.create_storage_account(
            CreateStorageServiceInput(service_name=name, label="l", description="d", location=LOCATION)
        )
    )
    taken = azure.check_storage_account_name_availability(name)
    assert not taken.result
    if not azure.lossy:
        assert taken.reason == f"A storage account named '{name}' already exists in the subscription."
    azure.delete_storage_account(name)
    assert azure.check_storage_account_name_availability(name).result


@assumed("a taken name is refused as the availability words it")
def test_a_taken_name_is_refused(azure: Azure, names: Names) -> None:
    name = make_storage_account(azure, names)
    with unchanged(lambda: azure.get_storage_account_properties(name)), refused(409, "ConflictError"):
        azure.create_storage_account(
            CreateStorageServiceInput(service_name=name, label="other", description="d", location=LOCATION)
        )


@documented("exactly one of Location and AffinityGroup; labels of 100 characters at most")
@pytest.mark.parametrize(
    "wrong",
    [
        {"location": None},
        {"affinity_group": "asm-nobodys"},
        {"location": None, "affinity_group": "asm-nobodys"},
        {"location": "Atlantis"},
        {"label": "x" * 101},
        {"account_type": "Standard_XXX"},
    ],
    ids=["nowhere", "both", "unknown group", "unknown location", "long label", "unknown type"],
)
def test_a_wrong_creation_is_refused(azure: Azure, names: Names, wrong: dict[str, Any]) -> None:
    name = names.storage_account()
    given = {"service_name": name, "label": "l", "description": "d", "location": LOCATION} | wrong
    with refused(400, "BadRequest"):
        azure.create_storage_account(CreateStorageServiceInput(**given))
    assert azure.check_storage_account_name_availability(name).result


@recorded("The storage account '...' was not found.")
def test_an_account_that_never_was(azure: Azure, names: Names) -> None:
    name = names.storage_account()
    with refused(404, "ResourceNotFound", gone(name)):
        azure.get_storage_account_properties(name)
    with refused(404, "ResourceNotFound", gone(name)):
        azure.get_storage_account_keys(name)
    with refused(404, "ResourceNotFound", gone(name)):
        azure.regenerate_storage_account_keys(name, RegenerateKeys(key_type="Primary"))
    with refused(404, "ResourceNotFound", gone(name)):
        azure.update_storage_account(name, UpdateStorageServiceInput(label="l"))
    with refused(404, "ResourceNotFound", gone(name)):
        azure.delete_storage_account(name)


def keys(azure: Azure, name: str) -> tuple[str, str]:
    """Both keys of an account."""
    found = azure.get_storage_account_keys(name).storage_service_keys
    assert found is not None
    return found.primary, found.secondary


@recorded("two keys of 64 bytes; regenerating changes exactly the named one, and answers with both")
@pytest.mark.parametrize(("which", "place"), [("Primary", 0), ("Secondary", 1)])
def test_regenerating_changes_one_key(azure: Azure, names: Names, which: str, place: int) -> None:
    name = make_storage_account(azure, names)
    before = keys(azure, name)
    assert before[0] != before[1]
    assert [len(base64.b64decode(key)) for key in before] == [64, 64]
    answer = azure.regenerate_storage_account_keys(name, RegenerateKeys(key_type=which)).storage_service_keys
    after = keys(azure, name)
    assert answer is not None and (answer.primary, answer.secondary) == after
    assert after[place] != before[place]
    assert after[1 - place] == before[1 - place]


@documented("KeyType is Primary or Secondary")
def test_an_unknown_key_is_refused(azure: Azure, names: Names) -> None:
    name = make_storage_account(azure, names)
    with unchanged(lambda: keys(azure, name)), refused(400, "BadRequest"):
        azure.regenerate_storage_account_keys(name, RegenerateKeys(key_type="Tertiary"))


@recorded("updates of the official SDK's tests")
def test_what_an_update_leaves_out_stays(azure: Azure, names: Names) -> None:
    name = make_storage_account(
        azure, names, description="before", extended_properties=(ExtendedProperty(name="p", value="1"),)
    )
    azure.update_storage_account(name, UpdateStorageServiceInput(label="after"))
    read = properties(azure, name)
    assert (read.label, read.description) == ("after", "before")
    azure.update_storage_account(
        name,
        UpdateStorageServiceInput(
            label="after",
            description="changed",
            extended_properties=(ExtendedProperty(name="q", value="2"), ExtendedProperty(name="p", value="3")),
        ),
    )
    assert properties(azure, name).description == "changed"
    found = azure.get_storage_account_properties(name).extended_properties or ()
    own = [(one.name, one.value) for one in found if one.name in ("p", "q")]
    assert own == [("p", "3"), ("q", "2")]


@recorded("a description never given is nil")
def test_a_description_never_given_is_nil(azure: Azure, names: Names) -> None:
    name = make_storage_account(azure, names, description=None)
    assert properties(azure, name).description in ((None,) if azure.lossy else (NIL,))


@recorded("the deletion is answered 200 and takes effect at once")
def test_a_deleted_account_is_gone(azure: Azure, names: Names) -> None:
    name = make_storage_account(azure, names)
    azure.delete_storage_account(name)
    with refused(404, "ResourceNotFound", gone(name)):
        azure.get_storage_account_properties(name)
    assert name not in [one.service_name for one in azure.list_storage_accounts().items]


@quoted("Storage account ... has some active image(s) and/or disk(s), e.g. ...")
@pytest.mark.parametrize("kind", ["disk", "image"])
def test_an_account_with_registered_blobs_cannot_go(azure: Azure, names: Names, kind: str) -> None:
    account = make_storage_account(azure, names)
    made = make_disk(azure, names, account) if kind == "disk" else make_os_image(azure, names, account)
    with (
        unchanged(lambda: azure.get_storage_account_properties(account)),
        refused(
            409,
            "ConflictError",
            f"Storage account {account} has some active image(s) and/or disk(s), e.g. {made}. Ensure these image(s) "
            "and/or disk(s) are removed before deleting this storage account.",
        ),
    ):
        azure.delete_storage_account(account)
    if kind == "disk":
        azure.delete_disk(made)
    else:
        azure.delete_os_image(made)
    azure.delete_storage_account(account)


@documented("an account may be in an affinity group instead of a location")
def test_an_account_in_an_affinity_group(azure: Azure, names: Names) -> None:
    group = make_affinity_group(azure, names)
    account = make_storage_account(azure, names, affinity_group=group)
    read = properties(azure, account)
    assert read.affinity_group == group and not read.location
    members = azure.get_affinity_group_properties(group).storage_services or ()
    assert [one.service_name for one in members] == [account]
