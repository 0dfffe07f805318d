"""Swapping the deployments of production and staging."""

from __future__ import annotations

from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.deployments import Swap
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Accepted, DeploymentName, DeploymentSlot

PRODUCTION = DeploymentSlot("Production")
STAGING = DeploymentSlot("Staging")
READY = ("ReadyRole", "Started")


def swap(azure: Client, source: str, production: Any = None) -> Accepted:
    return azure.swap_deployment("packages", Swap(production=production, source_deployment=source))


def address(packages: Any, key: Any) -> str:
    (vip,) = packages.read(key).virtual_ips
    assert vip.address
    return str(vip.address)


def test_a_swap_exchanges_slots_and_is_undone_by_another(packages: Any, azure: Client) -> None:
    first = packages.made("first", "Production")
    second = packages.made("second", "Staging")
    addresses = address(packages, PRODUCTION), address(packages, STAGING)
    accepted = swap(azure, "SECOND", "first")
    assert packages.read(PRODUCTION) == first
    packages.ended(accepted)

    now_first, now_second = packages.read(DeploymentName("first")), packages.read(DeploymentName("second"))
    assert (now_first.deployment_slot, now_second.deployment_slot) == ("Staging", "Production")
    assert (now_first.private_id, now_second.private_id) == (first.private_id, second.private_id)
    assert now_second.url == "http://packages.cloudapp.net/"
    assert now_first.url == f"http://{first.private_id}.cloudapp.net/"
    assert now_first.role_instance_list == first.role_instance_list
    assert (address(packages, PRODUCTION), address(packages, STAGING)) == addresses

    packages.ended(swap(azure, "first", "second"))
    for before in (first, second):
        after = packages.read(DeploymentName(before.name))
        assert (after.deployment_slot, after.url, after.virtual_ips) == (
            before.deployment_slot,
            before.url,
            before.virtual_ips,
        )


@pytest.mark.parametrize("nobody", [None, NIL, ""])
def test_a_lone_deployment_moves_to_the_empty_slot_and_back(packages: Any, azure: Client, nobody: Any) -> None:
    before = packages.made("only", "Staging")
    packages.ended(swap(azure, "only", nobody))
    moved = packages.read(PRODUCTION)
    assert (moved.name, moved.private_id) == ("only", before.private_id)
    with pytest.raises(ResourceNotFound):
        packages.read(STAGING)
    packages.ended(swap(azure, "only", nobody))
    assert packages.read(STAGING).virtual_ips == before.virtual_ips


def test_instances_go_on_while_their_deployment_moves(packages: Any, azure: Client) -> None:
    packages.create("first", "Staging", start_deployment=True)
    packages.ended()
    packages.ended(swap(azure, "first"))
    packages.rest()
    assert set(packages.states(PRODUCTION).values()) == {READY}


def test_a_swap_holds_both(packages: Any, azure: Client, refused: Any) -> None:
    packages.made("first", "Production")
    packages.made("second", "Staging")
    holder = swap(azure, "second", "first").request_id
    for key in (PRODUCTION, STAGING):
        with refused(
            ConflictError,
            f"Windows Azure is currently performing an operation with x-ms-requestid {holder} on this deployment "
            "that requires exclusive access.",
        ):
            azure.delete_deployment("packages", key)
    packages.rest()
    azure.delete_deployment("packages", PRODUCTION)
    azure.delete_deployment("packages", STAGING)


def test_a_slot_that_is_taken_meanwhile_fails_the_swap(packages: Any, azure: Client, outcome: Any) -> None:
    packages.made("first", "Staging")
    accepted = swap(azure, "first")
    packages.create("second", "Production")
    packages.rest()
    ended = azure.get_operation_status(accepted.request_id)
    assert ended.status == "Failed" and ended.error is not None
    assert ended.error.message == "The specified deployment slot Production is occupied."
    assert (packages.read(PRODUCTION).name, packages.read(STAGING).name) == ("second", "first")


@pytest.mark.parametrize(
    ("source", "production", "message"),
    [
        ("first", "second", "The deployment first is not the one in the staging slot."),
        ("second", "third", "The deployment third is not the one in the production slot."),
        ("second", None, "The deployment  is not the one in the production slot."),
        ("", "first", "The deployment  is not the one in the staging slot."),
    ],
)
def test_wrong_names_are_refused(
    packages: Any, azure: Client, refused: Any, source: str, production: str | None, message: str
) -> None:
    packages.made("first", "Production")
    packages.made("second", "Staging")
    with refused(ConflictError, message):
        swap(azure, source, production)


def test_wrong_names_of_a_lone_deployment_are_refused(packages: Any, azure: Client, refused: Any) -> None:
    packages.made("first", "Production")
    with refused(ConflictError, "The deployment second is not the one in the staging slot."):
        swap(azure, "second", "first")
    with refused(ConflictError, "The deployment second is not the one in the staging slot."):
        swap(azure, "second")


def test_what_is_not_there_cannot_be_swapped(packages: Any, azure: Client, refused: Any) -> None:
    with refused(ResourceNotFound, "No deployments were found."):
        swap(azure, "first")
    with refused(ResourceNotFound, "The hosted service does not exist."):
        azure.swap_deployment("nowhere", Swap(source_deployment="first"))


def test_what_must_not_be_swapped(packages: Any, azure: Client, refused: Any) -> None:
    packages.made("first", "Production")
    packages.made("second", "Staging")
    packages.ended(packages.upgrade("Manual"))
    with refused(ConflictError, "There is an update or upgrade in progress on the deployment first."):
        swap(azure, "second", "first")
    packages.turn_into_machines()
    with refused(BadRequest, "The operation is not supported on a deployment that contains virtual machines."):
        swap(azure, "second", "first")
