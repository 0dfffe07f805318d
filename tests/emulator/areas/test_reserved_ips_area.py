"""Reserved IPs: their life, and the deployments that use them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client, WSGITransport
from asm_contracts.areas.affinity_groups import CreateAffinityGroup
from asm_contracts.areas.deployments import Deployment
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.reserved_ips import CreateReservedIP, ReservedIPAssociation
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import DeploymentName
from asm_emulator import model, reserved
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator
from asm_emulator.engine import lease
from asm_emulator.state import Draft, draft_of

Outcome = Callable[[], tuple[str, str | None]]


def reserve(name: str = "ip", **fields: Any) -> CreateReservedIP:
    return CreateReservedIP(**{"name": name, "location": "West US"} | fields)


def to(service: str = "web", deployment: str = "d", **fields: Any) -> ReservedIPAssociation:
    return ReservedIPAssociation(service_name=service, deployment_name=deployment, **fields)


@pytest.fixture
def deployed(azure: Client, emulator: Emulator) -> Callable[..., None]:
    """Make a hosted service with a running deployment in it."""

    def put(name: str = "web", location: str = "West US", vip: str | None = "23.96.1.1", **fields: Any) -> None:
        azure.create_hosted_service(CreateHostedService(service_name=name, label=name, location=location))

        def change(draft: Draft) -> None:
            made = model.Deployment(
                **{
                    "name": "d",
                    "slot": "Production",
                    "private_id": f"private-{name}",
                    "label": "d",
                    "status": "Running",
                    "is_package": True,
                    "configuration": b"",
                    "created": draft.now,
                    "modified": draft.now,
                    "vip": vip,
                }
                | fields
            )
            own = draft.hosted_services[name]
            draft.hosted_services[name] = replace(own, deployments=own.deployments.insert("Production", made))

        emulator.engine.change(emulator.subscription, change)

    return put


def read(azure: Client, service: str = "web") -> Deployment:
    return azure.get_deployment(service, DeploymentName("d"))


def test_a_reserved_ip_is_created_and_deleted(azure: Client, refused: Any, outcome: Outcome) -> None:
    azure.create_reserved_ip_address(reserve(label="my label"))
    assert azure.get_reserved_ip_address("IP").state == "Creating"
    assert outcome() == ("Succeeded", None)
    found = azure.get_reserved_ip_address("ip")
    assert (found.name, found.label, found.state, found.location) == ("ip", "my label", "Created", "West US")
    assert found.address and found.id and len(found.id) == 36
    assert (found.in_use, found.service_name, found.deployment_name, found.virtual_ip_name) == (None,) * 4
    azure.delete_reserved_ip_address("ip")
    assert azure.get_reserved_ip_address("ip").state == "Deleting"
    assert outcome() == ("Succeeded", None)
    with refused(ResourceNotFound, "The reserved IP ip does not exist."):
        azure.get_reserved_ip_address("ip")
    assert azure.list_reserved_ip_addresses().items == ()


def test_addresses_and_ids_are_never_the_same(azure: Client) -> None:
    for number in range(10):
        azure.create_reserved_ip_address(reserve(f"ip{number}"))
    found = azure.list_reserved_ip_addresses().items
    assert len({one.address for one in found}) == len({one.id for one in found}) == 10


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (reserve(""), "The reserved IP name is invalid."),
        (reserve("a b"), "The reserved IP name is invalid."),
        (reserve("x" * 81), "The reserved IP name is invalid."),
        (reserve(label="x" * 101), "The label is invalid. It may have at most 100 characters."),
        (reserve(location="Atlantis"), "The location Atlantis is not available for this subscription."),
        (reserve(location=None), "The location  is not available for this subscription."),
        (reserve(service_name="web"), "The service name and the deployment name must be specified."),
    ],
)
def test_what_a_reservation_must_not_say(azure: Client, refused: Any, body: CreateReservedIP, message: str) -> None:
    with refused(BadRequest, message):
        azure.create_reserved_ip_address(body)


def test_names_are_unique_whatever_their_case(azure: Client, refused: Any) -> None:
    azure.create_reserved_ip_address(reserve())
    with refused(ConflictError, "A reserved IP named IP already exists."):
        azure.create_reserved_ip_address(reserve("IP"))


def test_there_is_a_most_of_reserved_ips() -> None:
    emulator = Emulator(certificates=[certificate("areas")], quotas=model.Quotas(reserved_ips=1), pace="manual")
    azure = Client(WSGITransport(emulator.app.wsgi_app, certificate("areas")), emulator.subscription)
    azure.create_reserved_ip_address(reserve())
    with pytest.raises(ForbiddenError) as found:
        azure.create_reserved_ip_address(reserve("another"))
    assert found.value.message.startswith(
        "The subscription policy limit for resource type 'reserved IP count' was exceeded. The limit"
    )
    assert azure.get_subscription().current_reserved_ips == 1


def test_an_association_gives_the_deployment_the_address_and_a_disassociation_another(
    azure: Client, emulator: Emulator, deployed: Callable[..., None], outcome: Outcome
) -> None:
    deployed()
    azure.create_reserved_ip_address(reserve())
    outcome()
    address = azure.get_reserved_ip_address("ip").address
    before = read(azure)
    azure.associate_reserved_ip_address("IP", to("WEB", "D"))
    assert read(azure).reserved_ip_name is None
    assert outcome() == ("Succeeded", None)

    found = azure.get_reserved_ip_address("ip")
    assert (found.in_use, found.service_name, found.deployment_name) == (True, "web", "d")
    assert found.virtual_ip_name == "__PseudoBackEndContractVip"
    bound = read(azure)
    virtual = (bound.virtual_ips or ())[0]
    assert bound.reserved_ip_name == "ip"
    assert (virtual.address, virtual.is_reserved, virtual.reserved_ip_name) == (address, True, "ip")
    assert virtual.name == (before.virtual_ips or ())[0].name
    assert bound.last_modified_time != before.last_modified_time

    azure.disassociate_reserved_ip_address("ip", to(virtual_ip_name="__PseudoBackEndContractVip"))
    assert outcome() == ("Succeeded", None)
    free = read(azure)
    virtual = (free.virtual_ips or ())[0]
    assert (free.reserved_ip_name, virtual.is_reserved, virtual.reserved_ip_name) == (None, None, None)
    assert virtual.address not in (address, "23.96.1.1")
    assert azure.get_reserved_ip_address("ip").in_use is None
    assert azure.get_reserved_ip_address("ip").address == address


def test_an_association_holds_the_deployment_and_the_reserved_ip(
    azure: Client, emulator: Emulator, deployed: Callable[..., None], outcome: Outcome
) -> None:
    deployed()
    deployed("other")
    azure.create_reserved_ip_address(reserve())
    outcome()
    azure.associate_reserved_ip_address("ip", to())
    holder = azure.last_request_id
    for call in (
        lambda: azure.associate_reserved_ip_address("ip", to("other")),
        lambda: azure.delete_reserved_ip_address("ip"),
        lambda: azure.delete_deployment("web", DeploymentName("d")),
    ):
        with pytest.raises(ConflictError, match=f"an operation with x-ms-requestid {holder}"):
            call()
    emulator.advance(timedelta(minutes=5))
    assert azure.get_operation_status(holder).status == "Succeeded"
    assert read(azure).reserved_ip_name == "ip"


def test_what_cannot_be_associated(
    azure: Client, emulator: Emulator, deployed: Callable[..., None], refused: Any, outcome: Outcome
) -> None:
    deployed()
    deployed("east", "East US")
    for name in ("ip", "second"):
        azure.create_reserved_ip_address(reserve(name))
    outcome()
    associate = azure.associate_reserved_ip_address
    with refused(ResourceNotFound, "The reserved IP absent does not exist."):
        associate("absent", to())
    with refused(BadRequest, "The service name and the deployment name must be specified."):
        associate("ip", ReservedIPAssociation())
    with refused(ResourceNotFound, "The hosted service does not exist."):
        associate("ip", to("absent"))
    with refused(ResourceNotFound, "The deployment name 'absent' does not exist."):
        associate("ip", to(deployment="absent"))
    with refused(BadRequest, "The deployment d has no virtual IP named second."):
        associate("ip", to(virtual_ip_name="second"))
    with refused(BadRequest, "The reserved IP ip is in West US, but the hosted service east is in East US."):
        associate("ip", to("east"))
    with refused(BadRequest, "The reserved IP ip is not in use by the deployment d."):
        azure.disassociate_reserved_ip_address("ip", to())
    associate("ip", to())
    outcome()
    with refused(ConflictError, "The deployment d already uses the reserved IP ip."):
        associate("second", to())
    deployed("third")
    with refused(ConflictError, "The reserved IP ip is already in use by the deployment d of the hosted service web."):
        associate("ip", to("third"))
    with refused(
        BadRequest, "The reserved IP ip cannot be deleted: the deployment d of the hosted service web uses it."
    ):
        azure.delete_reserved_ip_address("ip")


def test_one_that_is_being_made_cannot_be_associated(
    azure: Client, deployed: Callable[..., None], refused: Any
) -> None:
    deployed()
    azure.create_reserved_ip_address(reserve())
    with refused(ConflictError, "The reserved IP ip cannot be used while its state is Creating."):
        azure.associate_reserved_ip_address("ip", to())


def test_a_busy_deployment_is_not_associated(
    azure: Client, emulator: Emulator, deployed: Callable[..., None], outcome: Outcome, refused: Any
) -> None:
    deployed()
    azure.create_reserved_ip_address(reserve())
    outcome()
    emulator.engine.change(emulator.subscription, lambda draft: lease(draft, "deployment", "private-web", "f" * 32))
    with refused(
        ConflictError,
        f"Windows Azure is currently performing an operation with x-ms-requestid {'f' * 32} "
        "on this deployment that requires exclusive access.",
    ):
        azure.associate_reserved_ip_address("ip", to())


def test_the_place_of_a_service_in_an_affinity_group_counts(
    azure: Client, emulator: Emulator, outcome: Outcome
) -> None:
    azure.create_affinity_group(CreateAffinityGroup(name="group", label="g", location="West US"))
    azure.create_hosted_service(CreateHostedService(service_name="web", label="w", affinity_group="group"))
    azure.create_reserved_ip_address(reserve())
    outcome()
    draft = draft_of(emulator.engine.state, emulator.subscription, emulator.engine.clock.now())
    assert reserved.check_reserved_ip(draft, "ip", draft.hosted_services["web"]).name == "ip"


def test_a_reserved_ip_outlives_its_deployment(azure: Client, deployed: Callable[..., None], outcome: Outcome) -> None:
    deployed()
    azure.create_reserved_ip_address(reserve())
    outcome()
    azure.associate_reserved_ip_address("ip", to())
    outcome()
    address = azure.get_reserved_ip_address("ip").address
    azure.delete_deployment("web", DeploymentName("d"))
    assert outcome() == ("Succeeded", None)
    found = azure.get_reserved_ip_address("ip")
    assert (found.in_use, found.service_name, found.address) == (None, None, address)
    azure.delete_reserved_ip_address("ip")
    assert outcome() == ("Succeeded", None)


def test_the_address_of_a_deployment_can_be_reserved_where_it_is(
    azure: Client, emulator: Emulator, deployed: Callable[..., None], outcome: Outcome, refused: Any
) -> None:
    deployed()
    azure.create_reserved_ip_address(reserve(service_name="web", deployment_name="d"))
    assert outcome() == ("Succeeded", None)
    found = azure.get_reserved_ip_address("ip")
    assert (found.address, found.in_use, found.service_name) == ("23.96.1.1", True, "web")
    assert read(azure).reserved_ip_name == "ip"
    with refused(ConflictError, "The deployment d already uses the reserved IP ip."):
        azure.create_reserved_ip_address(reserve("two", service_name="web", deployment_name="d"))
    deployed("east", "East US")
    with refused(BadRequest, "The hosted service east is in East US, not in West US."):
        azure.create_reserved_ip_address(reserve("two", service_name="east", deployment_name="d"))
    deployed("off", vip=None)
    with refused(BadRequest, "The deployment d has no virtual IP."):
        azure.create_reserved_ip_address(reserve("two", service_name="off", deployment_name="d"))


def test_a_reservation_fails_whole_when_its_deployment_has_gone(
    azure: Client, emulator: Emulator, deployed: Callable[..., None], outcome: Outcome
) -> None:
    deployed()
    azure.create_reserved_ip_address(reserve(service_name="web", deployment_name="d"))
    emulator.engine.change(emulator.subscription, lambda draft: draft.hosted_services.pop("web"))
    assert outcome() == ("Failed", "No deployments were found.")
    assert azure.list_reserved_ip_addresses().items == ()
    azure.create_reserved_ip_address(reserve())
    assert outcome() == ("Succeeded", None)


def test_a_deployment_is_created_with_the_address_and_its_name(
    azure: Client, emulator: Emulator, deployed: Callable[..., None], outcome: Outcome
) -> None:
    deployed(vip=None)
    azure.create_reserved_ip_address(reserve("MyIP"))
    outcome()

    def bind(draft: Draft) -> None:
        own = draft.hosted_services["web"]
        bound = reserved.bind_reserved_ip(draft, "myip", own, own.deployments["Production"], at_creation=True)
        draft.hosted_services["web"] = replace(own, deployments=own.deployments.insert("Production", bound))

    emulator.engine.change(emulator.subscription, bind)
    virtual = (read(azure).virtual_ips or ())[0]
    assert (virtual.name, virtual.address) == ("MyIP", azure.get_reserved_ip_address("MyIP").address)
    assert azure.get_reserved_ip_address("MyIP").virtual_ip_name == "MyIP"


def test_a_deployment_that_is_off_gets_the_address_when_it_is_on_again(
    azure: Client, emulator: Emulator, deployed: Callable[..., None], outcome: Outcome
) -> None:
    deployed(vip=None)
    azure.create_reserved_ip_address(reserve())
    outcome()
    azure.associate_reserved_ip_address("ip", to())
    assert outcome() == ("Succeeded", None)
    off = read(azure)
    assert (off.reserved_ip_name, off.virtual_ips) == ("ip", ())
    draft = draft_of(emulator.engine.state, emulator.subscription, emulator.engine.clock.now())
    deployment = draft.hosted_services["web"].deployments["Production"]
    assert reserved.virtual_address(draft, deployment) == azure.get_reserved_ip_address("ip").address
    free = reserved.free_reserved_ip(draft, deployment)
    assert (free.vip, free.reserved_ip_name) == (None, None)
    assert reserved.virtual_address(draft, free) != azure.get_reserved_ip_address("ip").address


def test_older_versions(azure: Client, deployed: Callable[..., None], outcome: Outcome) -> None:
    deployed()
    azure.create_reserved_ip_address(reserve(service_name="web", deployment_name="d"))
    outcome()
    azure.version = "2014-05-01"
    found = azure.get_reserved_ip_address("ip")
    assert found.in_use is True and found.virtual_ip_name is None
