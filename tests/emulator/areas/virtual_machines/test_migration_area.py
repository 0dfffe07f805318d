"""Migration to Azure Resource Manager: what it refuses, and what it takes away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.migration import DeploymentNetworkResource, ValidationMessages
from asm_contracts.areas.reserved_ips import CreateReservedIP
from asm_contracts.codec import xml
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound, ServiceError
from asm_contracts.operation import Accepted, DeploymentName
from asm_emulator import gateway_model, model
from asm_emulator.emulator import Emulator

Refused = Callable[[type[ServiceError], str], object]
NO_NETWORK = (
    "Virtual network '123' not found. Either it does not exist or it is an Azure Resource Manager resource, which "
    "cannot be used with Cloud Services."
)
UNKNOWN: list[tuple[str, tuple[str, ...], str, type[ServiceError], str]] = [
    ("deployment", ("123", "123"), "Deployment", ResourceNotFound, "The deployment name '123' does not exist."),
    ("virtual_network", ("123",), "VirtualNetwork", BadRequest, NO_NETWORK),
    ("storage_account", ("123",), "Storage", ResourceNotFound, "The storage account '123' was not found."),
    ("reserved_ip_address", ("123",), "ReservedIP", ResourceNotFound, "The reserved IP 123 does not exist."),
    (
        "network_security_group",
        ("123",),
        "NetworkSecurityGroup",
        ResourceNotFound,
        "The Network Security Group 123 does not exist.",
    ),
    ("route_table", ("123",), "RouteTable", ResourceNotFound, "The Route Table 123 does not exist."),
]


@pytest.fixture
def done(emulator: Emulator, azure: Client) -> Callable[[Accepted], None]:
    """Let an operation come to its end, which is well."""

    def end(answer: Accepted) -> None:
        assert azure.get_operation_status(answer.request_id).status == "InProgress"
        emulator.advance(timedelta(minutes=5))
        assert azure.get_operation_status(answer.request_id).status == "Succeeded"

    return end


Done = Callable[[Accepted], None]


def messages(found: ValidationMessages) -> list[tuple[str, str, str]]:
    return [(one.resource_type, one.category, one.message) for one in found.items]


@pytest.mark.parametrize(("what", "names", "kind", "error", "text"), UNKNOWN)
def test_what_is_not_there(
    azure: Client,
    refused: Refused,
    what: str,
    names: tuple[str, ...],
    kind: str,
    error: type[ServiceError],
    text: str,
) -> None:
    for step in ("prepare", "commit", "abort"):
        with refused(error, text):
            getattr(azure, f"{step}_{what}_migration")(*names)
    found = getattr(azure, f"validate_{what}_migration")(*names)
    assert (
        xml.encode(found)
        .decode()
        .endswith(
            f"><ValidationMessage><ResourceType>{kind}</ResourceType><ResourceName>123</ResourceName>"
            f"<Category>Error</Category><Message>{text}</Message></ValidationMessage></ValidationMessages>"
        )
    )


def test_a_deployment_leaves_with_its_disks_and_its_service(
    emulator: Emulator, azure: Client, machines: Any, done: Done, refused: Refused
) -> None:
    machines.create()
    assert messages(azure.validate_deployment_migration("svc", "DEP")) == [
        ("Deployment", "Information", "Deployment dep in Cloud Service svc is eligible for migration.")
    ]
    for step in (azure.commit_deployment_migration, azure.abort_deployment_migration):
        with refused(BadRequest, "Deployment dep is not prepared for migration."):
            step("svc", "dep")
    before = azure.get_deployment("svc", DeploymentName("dep"))
    done(azure.prepare_deployment_migration("svc", "dep"))
    assert azure.get_deployment("svc", DeploymentName("dep")) == replace(before, migration_state="Prepared")
    with refused(ConflictError, "Deployment dep is already prepared for migration."):
        azure.prepare_deployment_migration("svc", "dep")
    done(azure.abort_deployment_migration("svc", "dep"))
    with refused(BadRequest, "Deployment dep is not prepared for migration."):
        azure.commit_deployment_migration("svc", "dep")
    done(
        azure.prepare_deployment_migration_to_network(
            "svc", "dep", DeploymentNetworkResource(destination_virtual_network="New")
        )
    )
    answer = azure.commit_deployment_migration("svc", "dep")
    with pytest.raises(ConflictError, match="exclusive access"):
        azure.delete_deployment("svc", DeploymentName("dep"))
    done(answer)
    assert azure.list_hosted_services().items == ()
    assert azure.list_disks().items == ()
    assert azure.check_hosted_service_name_availability("svc").result is True
    subscription = emulator.engine.state.subscriptions[emulator.subscription]
    assert (len(subscription.blobs), len(subscription.migrations), len(subscription.leases)) == (0, 0, 0)


def test_an_existing_destination_must_be_named(azure: Client, machines: Any, refused: Refused) -> None:
    machines.create()
    body = DeploymentNetworkResource(destination_virtual_network="existing", virtual_network_name="net")
    text = "The resource group, the virtual network and the subnet must be specified."
    with refused(BadRequest, text):
        azure.prepare_deployment_migration_to_network("svc", "dep", body)
    assert messages(azure.validate_deployment_migration_to_network("svc", "dep", body)) == [
        ("Deployment", "Error", text)
    ]


def test_both_forms_of_prepare_are_told_apart_by_the_body(machines: Any, azure: Client, done: Done) -> None:
    """The Node client sends a document, the recorded calls of the CLI none."""
    machines.create()
    body = b'<DeploymentNetworkResource xmlns="http://schemas.microsoft.com/windowsazure"/>'
    decoded = xml.decode(DeploymentNetworkResource, body, strict=True)
    done(azure.prepare_deployment_migration_to_network("svc", "dep", decoded))


def network(emulator: Emulator) -> None:
    """Put the network `net` there, with a subnet that has a route table, and a gateway."""

    def add(draft: Any) -> None:
        subnet = model.Subnet(name="front", address_prefix="10.1.1.0/24", route_table="table")
        draft.route_tables["table"] = model.RouteTable(name="table", location="West US")
        draft.virtual_networks["net"] = model.VirtualNetworkSite(
            name="net", id="net", address_prefixes=("10.1.0.0/16",), subnets=(subnet,), location="West US"
        )
        draft.virtual_network_gateways["net"] = gateway_model.VirtualNetworkGateway(
            id="g", network_name="net", type="StaticRouting", size="Default", state="Provisioned"
        )

    emulator.engine.change(emulator.subscription, add)


def test_a_network_leaves_with_what_is_in_it(
    emulator: Emulator, azure: Client, machines: Any, done: Done, refused: Refused
) -> None:
    network(emulator)
    machines.create(virtual_network_name="net")
    text = "Deployment dep in Cloud Service svc is in the virtual network net and can only be migrated with it."
    assert messages(azure.validate_deployment_migration("svc", "dep")) == [("Deployment", "Error", text)]
    with refused(BadRequest, text):
        azure.prepare_deployment_migration("svc", "dep")
    assert messages(azure.validate_virtual_network_migration("NET"))[0][1] == "Information"
    with refused(BadRequest, "VirtualNetwork net is not prepared for migration."):
        azure.commit_virtual_network_migration("net")
    done(azure.prepare_virtual_network_migration("net"))
    assert [one.migration_state for one in azure.list_virtual_network_sites().items] == ["Prepared"]
    done(azure.abort_virtual_network_migration("net"))
    assert [one.migration_state for one in azure.list_virtual_network_sites().items] == [None]
    done(azure.prepare_virtual_network_migration("net"))
    done(azure.commit_virtual_network_migration("net"))
    assert azure.list_virtual_network_sites().items == ()
    assert azure.list_hosted_services().items == ()
    assert azure.list_disks().items == ()
    with pytest.raises(BadRequest):
        azure.get_virtual_network_gateway("net")


def test_a_route_table_in_use_stays(emulator: Emulator, azure: Client, done: Done, refused: Refused) -> None:
    network(emulator)
    text = "The route table table is in use by the subnet front of the virtual network net."
    with refused(BadRequest, text):
        azure.prepare_route_table_migration("table")
    assert messages(azure.validate_route_table_migration("table")) == [("RouteTable", "Error", text)]
    emulator.engine.change(emulator.subscription, lambda draft: draft.virtual_networks.pop("net"))
    done(azure.prepare_route_table_migration("table"))
    done(azure.commit_route_table_migration("table"))
    with refused(ResourceNotFound, "The Route Table table does not exist."):
        azure.abort_route_table_migration("table")


def test_a_security_group_in_use_stays(emulator: Emulator, azure: Client, done: Done, refused: Refused) -> None:
    def add(draft: Any) -> None:
        draft.network_security_groups["group"] = model.SecurityGroup(name="group", location="West US")
        subnet = model.Subnet(name="front", address_prefix="10.1.1.0/24", network_security_group="Group")
        draft.virtual_networks["net"] = model.VirtualNetworkSite(
            name="net", id="net", address_prefixes=("10.1.0.0/16",), subnets=(subnet,), location="West US"
        )

    emulator.engine.change(emulator.subscription, add)
    with refused(
        BadRequest, "The network security group group is in use by the subnet front of the virtual network net."
    ):
        azure.prepare_network_security_group_migration("group")
    emulator.engine.change(emulator.subscription, lambda draft: draft.virtual_networks.pop("net"))
    done(azure.prepare_network_security_group_migration("group"))
    done(azure.abort_network_security_group_migration("group"))
    done(azure.prepare_network_security_group_migration("group"))
    done(azure.commit_network_security_group_migration("group"))
    assert messages(azure.validate_network_security_group_migration("group"))[0][1] == "Error"


def test_a_storage_account_goes_after_its_disks_and_its_name_stays_taken(
    azure: Client, machines: Any, done: Done, refused: Refused
) -> None:
    machines.create()
    assert messages(azure.validate_storage_account_migration("disksofvms"))[0][1] == "Error"
    with pytest.raises(BadRequest, match="has some active image"):
        azure.prepare_storage_account_migration("disksofvms")
    done(azure.prepare_deployment_migration("svc", "dep"))
    done(azure.commit_deployment_migration("svc", "dep"))
    done(azure.prepare_storage_account_migration("disksofvms"))
    assert [one.migration_state for one in azure.list_storage_accounts().items] == ["Prepared"]
    done(azure.commit_storage_account_migration("disksofvms"))
    assert azure.list_storage_accounts().items == ()
    assert azure.check_storage_account_name_availability("disksofvms").result is False
    with refused(ResourceNotFound, "The storage account 'disksofvms' was not found."):
        azure.abort_storage_account_migration("disksofvms")


def test_a_reserved_ip(emulator: Emulator, azure: Client, done: Done) -> None:
    azure.create_hosted_service(CreateHostedService(service_name="other", label="x", location="West US"))
    azure.create_reserved_ip_address(CreateReservedIP(name="address", location="West US"))
    emulator.advance(timedelta(minutes=1))
    done(azure.prepare_reserved_ip_address_migration("address"))
    done(azure.commit_reserved_ip_address_migration("address"))
    assert azure.list_reserved_ip_addresses().items == ()
