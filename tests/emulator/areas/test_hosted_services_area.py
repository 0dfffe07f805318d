"""Hosted services: their life, what they show, and what they refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.affinity_groups import CreateAffinityGroup
from asm_contracts.areas.deployments import CreateDeployment
from asm_contracts.areas.hosted_services import CreateHostedService, UpdateHostedService
from asm_contracts.codec import cscfg
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import DeploymentName, DeploymentSlot
from asm_contracts.vocabulary import ExtendedProperty
from asm_emulator.emulator import Emulator
from asm_emulator.state import Draft

ABSENT = "The hosted service does not exist."
TAKEN = "The specified DNS name is already taken."
CONFIGURATION = (
    f'<ServiceConfiguration xmlns="{cscfg.NAMESPACE}" osFamily="2"><Role name="r"><Instances count="1"/></Role>'
    "</ServiceConfiguration>"
).encode()
PROPERTIES = (ExtendedProperty(name="ext2", value="42"), ExtendedProperty(name="ext1", value="välue"))


def service(name: str = "service", **fields: Any) -> CreateHostedService:
    return CreateHostedService(**({"service_name": name, "label": "läbel", "location": "west us"} | fields))


def package(name: str = "package") -> CreateDeployment:
    return CreateDeployment(name=name, package_url="http://s/c/p?sig=c2lnbmVk", label="l", configuration=CONFIGURATION)


def deploy(azure: Client, emulator: Emulator, slot: str = "Production", name: str = "package") -> None:
    azure.create_deployment("service", DeploymentSlot(slot), package(name))
    emulator.advance(timedelta(minutes=5))


# -- creating and reading ---------------------------------------------------------------------------------------------


def test_a_service_reads_as_it_was_created(azure: Client, emulator: Emulator) -> None:
    now = emulator.engine.clock.now()
    created = azure.create_hosted_service(
        service(description="a description", extended_properties=PROPERTIES, reverse_dns_fqdn="a.example.com.")
    )
    root = "https://management.core.windows.net"
    assert created.location == f"{root}/subscriptions/{emulator.subscription}/compute/service"
    assert azure.get_operation_status(created.request_id).status == "Succeeded"
    found = azure.get_hosted_service("SERVICE")
    assert found.url == f"{root}/{emulator.subscription}/services/hostedservices/service"
    assert (found.service_name, found.deployments, found.compute_capabilities) == ("service", None, None)
    properties = found.hosted_service_properties
    assert properties is not None
    assert (properties.description, properties.location, properties.affinity_group) == (
        "a description",
        "West US",
        None,
    )
    assert (properties.label, properties.status, properties.reverse_dns_fqdn) == ("läbel", "Created", "a.example.com.")
    assert properties.date_created == properties.date_last_modified == now
    assert properties.extended_properties == PROPERTIES


def test_the_platform_adds_two_properties_of_its_own(azure: Client, emulator: Emulator) -> None:
    azure.create_hosted_service(service(extended_properties=PROPERTIES))
    emulator.advance(timedelta(seconds=1))
    before = azure.get_hosted_service("service").hosted_service_properties
    emulator.advance(timedelta(seconds=5))
    after = azure.get_hosted_service("service").hosted_service_properties
    assert before is not None and after is not None and after.extended_properties is not None
    assert before.extended_properties == PROPERTIES
    assert after.extended_properties == (
        *PROPERTIES,
        ExtendedProperty(name="ResourceGroup", value="service"),
        ExtendedProperty(name="ResourceLocation", value="West US"),
    )


def test_a_service_in_an_affinity_group(azure: Client) -> None:
    azure.create_affinity_group(CreateAffinityGroup(name="group", label="l", location="North Europe"))
    azure.create_hosted_service(service(location=None, affinity_group="GROUP"))
    found = azure.get_hosted_service("service").hosted_service_properties
    assert found is not None
    assert (found.location, found.affinity_group, found.description) == (None, "group", NIL)


def test_the_list_has_sizes_and_no_deployments(azure: Client, emulator: Emulator) -> None:
    azure.create_hosted_service(service("b"))
    azure.create_hosted_service(service("a"))
    azure.create_hosted_service(service())
    deploy(azure, emulator)
    found = azure.list_hosted_services().items
    assert [one.service_name for one in found] == ["a", "b", "service"]
    assert all(one.deployments is None for one in found)
    sizes = found[0].compute_capabilities
    assert sizes is not None
    assert "Small" in sizes.web_worker_role_sizes and "Standard_D1" in sizes.virtual_machines_role_sizes


def test_deployments_show_only_when_asked_for(azure: Client, emulator: Emulator) -> None:
    azure.create_hosted_service(service())
    assert azure.get_hosted_service("service", embed_detail=True).deployments is None
    deploy(azure, emulator)
    deploy(azure, emulator, "Staging", "other")
    assert azure.get_hosted_service("service").deployments is None
    assert azure.get_hosted_service("service", embed_detail=False).deployments is None
    embedded = azure.get_hosted_service("service", embed_detail=True).deployments
    assert embedded == tuple(
        azure.get_deployment("service", DeploymentSlot(slot)) for slot in ("Production", "Staging")
    )
    for slot in ("Production", "Staging"):
        azure.delete_deployment("service", DeploymentSlot(slot))
    emulator.advance(timedelta(minutes=5))
    assert azure.get_hosted_service("service", embed_detail=True).deployments == ()


# -- availability -----------------------------------------------------------------------------------------------------


def test_availability_agrees_with_creation(azure: Client, emulator: Emulator, refused: Any) -> None:
    free = azure.check_hosted_service_name_availability("Service")
    assert (free.result, free.reason) == (True, NIL)
    azure.create_hosted_service(service())
    taken = azure.check_hosted_service_name_availability("Service")
    assert (taken.result, taken.reason) == (False, "A hosted service with the specified name already exists.")
    with refused(ConflictError, TAKEN):
        azure.create_hosted_service(service("SERVICE"))
    azure.delete_hosted_service("service")
    assert azure.check_hosted_service_name_availability("service").result is True
    azure.create_hosted_service(service("SERVICE"))
    assert azure.get_hosted_service("service").service_name == "SERVICE"


def test_a_name_is_taken_in_the_whole_cloud(azure: Client, emulator: Emulator, refused: Any) -> None:
    other = "00000000-0000-0000-0000-000000000002"
    emulator.add_subscription(other)
    emulator.engine.change(other, lambda draft: draft.claim("hosted service", "elsewhere"))
    assert azure.check_hosted_service_name_availability("elsewhere").result is False
    with refused(ConflictError, TAKEN):
        azure.create_hosted_service(service("Elsewhere"))
    with refused(ResourceNotFound, ABSENT):
        azure.get_hosted_service("elsewhere")


# -- updating ---------------------------------------------------------------------------------------------------------


def test_an_update_leaves_out_what_stays(azure: Client, emulator: Emulator) -> None:
    azure.create_hosted_service(service(description="old", extended_properties=PROPERTIES))
    emulator.advance(timedelta(seconds=60))
    changes = (ExtendedProperty(name="ext1", value="new"), ExtendedProperty(name="ext2", value=NIL))
    azure.update_hosted_service("service", UpdateHostedService(label="neu"))
    first = azure.get_hosted_service("service").hosted_service_properties
    azure.update_hosted_service("service", UpdateHostedService(description="", extended_properties=changes))
    second = azure.get_hosted_service("service").hosted_service_properties
    azure.update_hosted_service("service", UpdateHostedService(description=NIL, reverse_dns_fqdn="a.b."))
    third = azure.get_hosted_service("service").hosted_service_properties
    assert first is not None and second is not None and third is not None
    assert (first.label, first.description) == ("neu", "old")
    assert first.date_last_modified == emulator.engine.clock.now() != first.date_created
    assert (second.label, second.description) == ("neu", "")
    names = {one.name: one.value for one in second.extended_properties or ()}
    assert names == {"ext1": "new", "ResourceGroup": "service", "ResourceLocation": "West US"}
    assert (third.description, third.reverse_dns_fqdn, third.location) == (NIL, "a.b.", "West US")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (UpdateHostedService(), "A label, a description or extended properties must be given."),
        (UpdateHostedService(label=""), "The label is invalid. It must have between 1 and 100 characters."),
        (
            UpdateHostedService(description="x" * 1025),
            "The description is too long. It may have at most 1024 characters.",
        ),
        (
            UpdateHostedService(extended_properties=(ExtendedProperty(name="1st", value="v"),)),
            "The extended property name 1st is invalid or is given more than once.",
        ),
    ],
)
def test_a_bad_update_is_refused(azure: Client, refused: Any, body: UpdateHostedService, message: str) -> None:
    azure.create_hosted_service(service())
    with refused(BadRequest, message):
        azure.update_hosted_service("service", body)


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["under_score", "dot.ted", "-begins", "ends-", "ü", "x" * 64, ""])
def test_a_malformed_name_is_refused(azure: Client, refused: Any, name: str) -> None:
    with refused(BadRequest, "The hosted service name is invalid."):
        azure.create_hosted_service(service(name))
    if name:
        with refused(BadRequest, "The hosted service name is invalid."):
            azure.check_hosted_service_name_availability(name)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"label": ""}, "The label is invalid. It must have between 1 and 100 characters."),
        ({"label": "x" * 101}, "The label is invalid. It must have between 1 and 100 characters."),
        ({"description": "x" * 1025}, "The description is too long. It may have at most 1024 characters."),
        ({"location": None}, "Location constraint name is empty or not specified"),
        ({"location": ""}, "Location constraint name is empty or not specified"),
        ({"location": None, "affinity_group": ""}, "The affinity group name is empty or was not specified."),
        ({"affinity_group": "group"}, "Exactly one of Location and AffinityGroup must be specified."),
        ({"location": "Atlantis"}, "The location Atlantis is not available for this subscription."),
        ({"location": None, "affinity_group": "none"}, "The affinity group none does not exist."),
        (
            {"extended_properties": tuple(ExtendedProperty(name=f"p{n}", value="v") for n in range(51))},
            "There may be at most 50 extended properties.",
        ),
        (
            {"extended_properties": (ExtendedProperty(name="p", value="v"), ExtendedProperty(name="P", value="v"))},
            "The extended property name P is invalid or is given more than once.",
        ),
        (
            {"extended_properties": (ExtendedProperty(name="p", value="v" * 256),)},
            "The value of the extended property p is longer than 255 characters.",
        ),
    ],
)
def test_a_bad_creation_is_refused(azure: Client, refused: Any, fields: dict[str, Any], message: str) -> None:
    with refused(BadRequest, message):
        azure.create_hosted_service(service(**fields))


def test_more_services_than_the_subscription_may_have_are_refused(
    azure: Client, emulator: Emulator, refused: Any
) -> None:
    def shrink(draft: Draft) -> None:
        draft.change(quotas=replace(draft.subscription.quotas, hosted_services=1))

    emulator.engine.change(emulator.subscription, shrink)
    azure.create_hosted_service(service())
    with refused(
        ForbiddenError,
        "The subscription policy limit for resource type 'hosted service count' was exceeded. The limit for resource "
        "type 'hosted service count' is 1 per subscription, the current count is 1, and the requested increment is 1.",
    ):
        azure.create_hosted_service(service("second"))


def test_what_is_not_there_is_refused(azure: Client, refused: Any) -> None:
    for call in (
        lambda: azure.get_hosted_service("service"),
        lambda: azure.get_hosted_service("service", embed_detail=True),
        lambda: azure.update_hosted_service("service", UpdateHostedService(label="l")),
        lambda: azure.delete_hosted_service("service"),
        lambda: azure.delete_hosted_service_and_media("service"),
    ):
        with refused(ResourceNotFound, ABSENT):
            call()


# -- deleting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slot", ["Production", "Staging"])
@pytest.mark.parametrize("settled", [False, True])
def test_a_service_cannot_be_deleted_while_it_has_deployments(
    azure: Client, emulator: Emulator, refused: Any, slot: str, settled: bool
) -> None:
    azure.create_hosted_service(service())
    azure.create_deployment("service", DeploymentSlot(slot), package())
    emulator.advance(timedelta(minutes=5 if settled else 0))
    with refused(
        ConflictError,
        "The hosted service service has deployments. Delete all of its deployments before deleting it.",
    ):
        azure.delete_hosted_service("service")
    emulator.advance(timedelta(minutes=5))
    azure.delete_deployment("service", DeploymentName("package"))
    emulator.advance(timedelta(minutes=5))
    azure.delete_hosted_service("service")
    with pytest.raises(ResourceNotFound):
        azure.get_hosted_service("service")


def test_with_media_everything_goes(azure: Client, emulator: Emulator) -> None:
    azure.create_hosted_service(service())
    deploy(azure, emulator)
    deploy(azure, emulator, "Staging", "other")
    accepted = azure.delete_hosted_service_and_media("service")
    (listed,) = azure.list_hosted_services().items
    assert listed.hosted_service_properties is not None
    assert listed.hosted_service_properties.status == "Deleting"
    assert azure.check_hosted_service_name_availability("service").result is False
    emulator.advance(timedelta(seconds=31))
    assert azure.get_operation_status(accepted.request_id).status == "Succeeded"
    assert azure.list_hosted_services().items == ()
    assert azure.check_hosted_service_name_availability("service").result is True


def test_while_a_service_is_being_deleted_it_is_left_alone(azure: Client, refused: Any) -> None:
    azure.create_hosted_service(service())
    azure.delete_hosted_service_and_media("service")
    for call in (
        lambda: azure.delete_hosted_service("service"),
        lambda: azure.delete_hosted_service_and_media("service"),
        lambda: azure.update_hosted_service("service", UpdateHostedService(label="l")),
        lambda: azure.create_deployment("service", DeploymentSlot("Production"), package()),
    ):
        with refused(ConflictError, "The hosted service service is being deleted."):
            call()


def test_with_media_not_while_a_deployment_is_busy(azure: Client, refused: Any) -> None:
    azure.create_hosted_service(service())
    holder = azure.create_deployment("service", DeploymentSlot("Production"), package()).request_id
    with refused(
        ConflictError,
        f"Windows Azure is currently performing an operation with x-ms-requestid {holder} on this deployment that "
        "requires exclusive access.",
    ):
        azure.delete_hosted_service_and_media("service")


def test_older_clients_get_the_element_of_deployments_always(azure: Client, emulator: Emulator) -> None:
    """Libcloud, which speaks 2013-08-01, cannot do without."""
    azure.create_hosted_service(service("service"))
    older = Client(azure.transport, emulator.subscription, version="2013-08-01")
    assert older.get_hosted_service("service", embed_detail=True).deployments == ()
    assert older.get_hosted_service("service").deployments is None


# -- long lists -------------------------------------------------------------------------------------------------------


def test_a_long_list_goes_on_by_its_token(azure: Client, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asm_emulator.areas.hosted_services.PAGE", 3)
    wanted = [f"service{number}" for number in range(8)]
    for name in wanted:
        azure.create_hosted_service(service(name))
    seen: list[str] = []
    headers: dict[str, str] = {}
    for length in (3, 3, 2):
        reply = azure.call("list_hosted_services", {}, headers=headers)
        assert len(reply.value.items) == length
        seen += [one.service_name for one in reply.value.items]
        headers = {"x-ms-continuation-token": reply.headers.get("x-ms-continuation-token", "")}
    assert seen == wanted
    assert not headers["x-ms-continuation-token"]


def test_a_token_from_elsewhere_is_refused(azure: Client) -> None:
    with pytest.raises(BadRequest, match="continuation token"):
        azure.call("list_hosted_services", {}, headers={"x-ms-continuation-token": "@@"})
