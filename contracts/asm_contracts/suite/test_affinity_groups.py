"""Affinity groups: names in the subscription, members, and when they can go."""

from __future__ import annotations

from typing import Any

import pytest

from asm_contracts.areas.affinity_groups import CreateAffinityGroup, UpdateAffinityGroup
from asm_contracts.document import NIL
from asm_contracts.evidence import assumed, client, documented, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import (
    LOCATION,
    make_affinity_group,
    make_hosted_service,
    make_storage_account,
    refused,
    unchanged,
)

GONE = "The affinity group does not exist."


@recorded("create, read, update, delete of the official SDK's tests")
def test_what_was_created_is_read_back(azure: Azure, names: Names) -> None:
    name = names.affinity_group()
    azure.create_affinity_group(
        CreateAffinityGroup(name=name, label="Grüße", location=LOCATION, description="a description")
    )
    found = azure.get_affinity_group_properties(name)
    assert (found.name, found.label, found.location, found.description) == (name, "Grüße", LOCATION, "a description")
    assert not found.hosted_services and not found.storage_services
    assert found.capabilities == ("PersistentVMRole", "HighMemory")
    assert name in [one.name for one in azure.list_affinity_groups().items]


@recorded("a description never given is nil")
def test_a_description_never_given_is_nil(azure: Azure, names: Names) -> None:
    found = azure.get_affinity_group_properties(make_affinity_group(azure, names))
    assert found.description in ((None,) if azure.lossy else (NIL,))


@recorded(GONE)
def test_a_group_that_never_was(azure: Azure, names: Names) -> None:
    name = names.affinity_group()
    with refused(404, "ResourceNotFound", GONE):
        azure.get_affinity_group_properties(name)
    with refused(404, "ResourceNotFound", GONE):
        azure.update_affinity_group(name, UpdateAffinityGroup(label="l"))
    with refused(404, "ResourceNotFound", GONE):
        azure.delete_affinity_group(name)


@recorded("a malformed name is refused when deleting")
def test_deleting_a_malformed_name(azure: Azure) -> None:
    with refused(400, "BadRequest", "The affinity group name is invalid."):
        azure.delete_affinity_group("!NotValid$")


@recorded("a malformed name is just not found when reading")
def test_reading_a_malformed_name(azure: Azure) -> None:
    with refused(404, "ResourceNotFound", GONE):
        azure.get_affinity_group_properties("!NotValid$")


@client("azure account affinity-group create NAME --location PLACE sends an empty label")
def test_a_label_may_be_empty(azure: Azure, names: Names) -> None:
    name = names.affinity_group()
    azure.create_affinity_group(CreateAffinityGroup(name=name, label="", location=LOCATION))
    assert not azure.get_affinity_group_properties(name).label
    assert name in [one.name for one in azure.list_affinity_groups().items]


@documented("a name and a known location are needed, and how long label and description may be")
@pytest.mark.parametrize(
    "wrong",
    [{"name": "!NotValid$"}, {"location": "Atlantis"}, {"label": "x" * 101}, {"description": "x" * 1025}],
    ids=["name", "location", "label", "description"],
)
def test_a_wrong_creation_is_refused(azure: Azure, names: Names, wrong: dict[str, Any]) -> None:
    name = names.affinity_group()
    with refused(400, "BadRequest"):
        azure.create_affinity_group(CreateAffinityGroup(**({"name": name, "label": "l", "location": LOCATION} | wrong)))
    with refused(404, "ResourceNotFound", GONE):
        azure.get_affinity_group_properties(name)


@assumed("names are unique in the subscription, whatever their case")
@pytest.mark.parametrize("spell", [str, str.upper], ids=["same", "other case"])
def test_a_taken_name_is_refused(azure: Azure, names: Names, spell: Any) -> None:
    name = make_affinity_group(azure, names)
    with unchanged(lambda: azure.get_affinity_group_properties(name)), refused(409, "ConflictError"):
        azure.create_affinity_group(CreateAffinityGroup(name=spell(name), label="other", location=LOCATION))


@recorded("an update of label and description")
def test_an_update_is_read_back(azure: Azure, names: Names) -> None:
    name = make_affinity_group(azure, names)
    azure.update_affinity_group(name, UpdateAffinityGroup(label="after", description="changed"))
    found = azure.get_affinity_group_properties(name)
    assert (found.label, found.description, found.location) == ("after", "changed", LOCATION)


@documented("an affinity group cannot be deleted as long as it is associated with any resources")
@pytest.mark.parametrize("kind", ["hosted service", "storage account"])
def test_a_group_with_members_cannot_go(azure: Azure, names: Names, kind: str) -> None:
    group = make_affinity_group(azure, names)
    if kind == "hosted service":
        member = make_hosted_service(azure, names, affinity_group=group)
        listed = [one.service_name for one in azure.get_affinity_group_properties(group).hosted_services or ()]
    else:
        member = make_storage_account(azure, names, affinity_group=group)
        listed = [one.service_name for one in azure.get_affinity_group_properties(group).storage_services or ()]
    assert listed == [member]
    with refused(409, "ConflictError"):
        azure.delete_affinity_group(group)
    assert azure.get_affinity_group_properties(group).name == group
    if kind == "hosted service":
        azure.delete_hosted_service(member)
    else:
        azure.delete_storage_account(member)
    azure.delete_affinity_group(group)
    with refused(404, "ResourceNotFound", GONE):
        azure.get_affinity_group_properties(group)
