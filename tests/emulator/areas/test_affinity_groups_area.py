"""Affinity groups: their life, their members, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.affinity_groups import CreateAffinityGroup, UpdateAffinityGroup
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_emulator import model
from asm_emulator.emulator import Emulator
from asm_emulator.state import Draft

ABSENT = "The affinity group does not exist."


def group(name: str = "group", **fields: Any) -> CreateAffinityGroup:
    return CreateAffinityGroup(**{"name": name, "label": "a label", "location": "west us"} | fields)


def service(name: str) -> CreateHostedService:
    return CreateHostedService(service_name=name, label=name, affinity_group="GROUP")


def test_a_group_reads_as_it_was_created(azure: Client, emulator: Emulator) -> None:
    created = azure.create_affinity_group(group(description="grün"))
    assert created.location == (
        f"https://management.core.windows.net/subscriptions/{emulator.subscription}/affinitygroup/group"
    )
    found = azure.get_affinity_group_properties("Group")
    assert (found.name, found.label, found.description, found.location) == ("group", "a label", "grün", "West US")
    assert (found.hosted_services, found.storage_services) == ((), ())
    assert found.capabilities == ("PersistentVMRole", "HighMemory")
    assert found.compute_capabilities is None
    assert found.created_time == emulator.engine.clock.now()


def test_a_description_never_given_is_nil_and_an_empty_one_is_empty(azure: Client) -> None:
    azure.create_affinity_group(group("never"))
    azure.create_affinity_group(group("empty", description=""))
    assert azure.get_affinity_group_properties("never").description is NIL
    assert azure.get_affinity_group_properties("empty").description == ""


def test_the_list_has_the_sizes_of_the_place_but_no_members(azure: Client) -> None:
    azure.create_affinity_group(group("b"))
    azure.create_affinity_group(group("a"))
    found = azure.list_affinity_groups().items
    assert [one.name for one in found] == ["a", "b"]
    assert found[0].hosted_services is None and found[0].storage_services is None
    assert found[0].compute_capabilities is not None
    assert "A5" in found[0].compute_capabilities.virtual_machines_role_sizes


def test_an_update_changes_label_and_description_only(azure: Client) -> None:
    azure.create_affinity_group(group(description="old"))
    azure.update_affinity_group("group", UpdateAffinityGroup(label="new"))
    found = azure.get_affinity_group_properties("group")
    assert (found.label, found.description, found.location) == ("new", "old", "West US")
    azure.update_affinity_group("group", UpdateAffinityGroup(label="new", description=NIL))
    assert azure.get_affinity_group_properties("group").description is NIL


def test_a_group_lists_its_members_and_no_account_that_is_being_created(azure: Client, emulator: Emulator) -> None:
    azure.create_affinity_group(group())
    azure.create_hosted_service(service("web"))
    azure.create_hosted_service(CreateHostedService(service_name="other", label="other", location="West US"))

    def add_accounts(draft: Draft) -> None:
        for name, status in (("made", "Created"), ("making", "Creating")):
            draft.storage_accounts[name] = model.StorageAccount(
                name=name,
                label=name,
                description=None,
                created=draft.now,
                account_type="Standard_LRS",
                primary_key="",
                secondary_key="",
                affinity_group="group",
                status=status,
            )

    emulator.engine.change(emulator.subscription, add_accounts)
    found = azure.get_affinity_group_properties("group")
    assert [one.service_name for one in found.hosted_services or ()] == ["web"]
    properties = (found.hosted_services or ())[0].hosted_service_properties
    assert properties is not None and properties.affinity_group == "group" and properties.location is None
    assert [one.service_name for one in found.storage_services or ()] == ["made"]
    assert (found.storage_services or ())[0].url.endswith(f"/{emulator.subscription}/services/storageservices/made")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (group("!NotValid$"), "The affinity group name is invalid."),
        (group(""), "The affinity group name is invalid."),
        (group(label="x" * 101), "The label is invalid. It must have between 1 and 100 characters."),
        (group(description="x" * 1025), "The description is too long. It may have at most 1024 characters."),
        (group(location="Atlantis"), "The location Atlantis is not available for this subscription."),
    ],
)
def test_what_a_creation_must_not_say(azure: Client, refused: Any, body: CreateAffinityGroup, message: str) -> None:
    with refused(BadRequest, message):
        azure.create_affinity_group(body)


def test_names_are_unique_whatever_their_case(azure: Client, refused: Any) -> None:
    azure.create_affinity_group(group())
    with refused(ConflictError, "An affinity group named GROUP already exists."):
        azure.create_affinity_group(group("GROUP"))


def test_absent_and_malformed_names(azure: Client, refused: Any) -> None:
    for name in ("absent", "!NotValid$"):
        with refused(ResourceNotFound, ABSENT):
            azure.get_affinity_group_properties(name)
    with refused(ResourceNotFound, ABSENT):
        azure.delete_affinity_group("absent")
    with refused(ResourceNotFound, ABSENT):
        azure.update_affinity_group("absent", UpdateAffinityGroup(label="x"))
    with refused(BadRequest, "The affinity group name is invalid."):
        azure.delete_affinity_group("!NotValid$")


def test_a_group_goes_when_nothing_uses_it_any_more(azure: Client, emulator: Emulator, refused: Any) -> None:
    azure.create_affinity_group(group())
    azure.create_hosted_service(service("web"))
    with refused(ConflictError, "The affinity group group cannot be deleted: the hosted service web is in it."):
        azure.delete_affinity_group("group")
    azure.delete_hosted_service("web")

    def add_network(draft: Draft) -> None:
        draft.virtual_networks["net"] = model.VirtualNetworkSite(
            name="net", id="1", address_prefixes=("10.0.0.0/8",), affinity_group="Group"
        )

    emulator.engine.change(emulator.subscription, add_network)
    with refused(ConflictError, "The affinity group group cannot be deleted: the virtual network net is in it."):
        azure.delete_affinity_group("group")
    emulator.engine.change(emulator.subscription, lambda draft: draft.virtual_networks.pop("net"))
    azure.delete_affinity_group("group")
    with refused(ResourceNotFound, ABSENT):
        azure.get_affinity_group_properties("group")
