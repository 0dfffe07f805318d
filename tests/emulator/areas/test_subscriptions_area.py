"""The subscription: counters, maxima, and resource providers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from asm_client import Client, WSGITransport
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.reserved_ips import CreateReservedIP
from asm_contracts.errors import ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.roles import AssignPublicIP, NetworkConfigurationSet, OSVirtualHardDisk
from asm_emulator import model, quotas
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator
from asm_emulator.state import Draft, draft_of

OTHER = "22222222-2222-2222-2222-222222222222"
THIRD = "33333333-3333-3333-3333-333333333333"


def machine(name: str, size: str) -> model.MachineRole:
    return model.MachineRole(
        name=name, size=size, os="Linux", os_disk=OSVirtualHardDisk(), network=NetworkConfigurationSet()
    )


def instance(name: str, size: str, status: str = "ReadyRole") -> model.RoleInstance:
    return model.RoleInstance(role_name=name, name=name, status=status, power_state="Started", size=size)


def put_deployment(emulator: Emulator, **fields: Any) -> None:
    """A service with a deployment of these fields."""

    def put(draft: Draft) -> None:
        deployment = model.Deployment(
            **{
                "name": "d",
                "slot": "Production",
                "private_id": "1",
                "label": "d",
                "status": "Running",
                "is_package": False,
                "created": draft.now,
                "modified": draft.now,
            }
            | fields
        )
        draft.hosted_services["web"] = model.HostedService(
            name="web",
            label="web",
            description=None,
            created=draft.now,
            modified=draft.now,
            location="West US",
            deployments=model.Map({"Production": deployment}),
        )

    emulator.engine.change(emulator.subscription, put)


def test_a_new_subscription_has_the_recorded_maxima_and_nothing_else(azure: Client, emulator: Emulator) -> None:
    found = azure.get_subscription()
    assert (found.subscription_id, found.subscription_status) == (emulator.subscription, "Active")
    assert (found.max_core_count, found.max_storage_accounts, found.max_hosted_services) == (20, 100, 20)
    assert (found.current_core_count, found.current_hosted_services, found.current_storage_accounts) == (0, 0, 0)
    assert (found.max_virtual_network_sites, found.max_local_network_sites, found.max_dns_servers) == (50, 20, 20)
    assert (found.max_reserved_ips, found.current_reserved_ips, found.max_public_ip_count) == (20, 0, 5)
    assert (found.max_network_security_groups, found.current_network_security_groups) == (100, 0)
    assert (found.max_network_security_rules_per_group, found.max_route_tables) == (200, 100)
    assert found.max_routes_per_route_table == 100
    assert found.current_virtual_network_sites is None and found.current_public_ip_count is None


def test_old_versions_do_not_see_networks_and_addresses(azure: Client) -> None:
    azure.version = "2011-10-01"
    found = azure.get_subscription()
    assert found.max_core_count == 20
    assert (found.max_dns_servers, found.created_time, found.max_reserved_ips, found.max_route_tables) == (None,) * 4


def test_counters_follow_the_lists(azure: Client) -> None:
    azure.create_hosted_service(CreateHostedService(service_name="one", label="x", location="West US"))
    azure.create_hosted_service(CreateHostedService(service_name="two", label="x", location="West US"))
    azure.create_reserved_ip_address(CreateReservedIP(name="ip", location="West US"))
    found = azure.get_subscription()
    assert found.current_hosted_services == len(azure.list_hosted_services().items) == 2
    assert found.current_reserved_ips == len(azure.list_reserved_ip_addresses().items) == 1
    azure.delete_hosted_service("one")
    assert azure.get_subscription().current_hosted_services == 1


def test_cores_are_those_of_allocated_machines(azure: Client, emulator: Emulator) -> None:
    put_deployment(
        emulator,
        machines=(machine("a", "Large"), machine("b", "Medium"), machine("c", "A10")),
        instances=(
            instance("a", "Large"),
            instance("b", "Medium", "StoppedVM"),
            instance("c", "A10", "StoppedDeallocated"),
        ),
    )
    assert azure.get_subscription().current_core_count == 4 + 2


def test_cores_of_machines_that_are_still_to_be_made_count(azure: Client, emulator: Emulator) -> None:
    put_deployment(emulator, status="Deploying", machines=(machine("a", "Large"), machine("b", "Small")))
    assert azure.get_subscription().current_core_count == 4 + 1


def test_cores_of_packages(azure: Client, emulator: Emulator) -> None:
    roles = (
        model.PackageRole(name="Web", os_version="", instance_count=3, size="Medium"),
        model.PackageRole(name="Worker", os_version="", instance_count=2, size="Small"),
    )
    made = tuple(
        model.RoleInstance(
            role_name="Web", name=f"Web_IN_{n}", status="ReadyRole", power_state="Started", size="Medium"
        )
        for n in range(3)
    )
    put_deployment(emulator, is_package=True, package_roles=roles, instances=made)
    assert azure.get_subscription().current_core_count == 3 * 2 + 2 * 1


def test_the_core_quota_has_the_quoted_text(emulator: Emulator) -> None:
    put_deployment(emulator, machines=(machine("a", "A9"),), instances=(instance("a", "A9"),))
    draft = draft_of(emulator.engine.state, emulator.subscription, emulator.engine.clock.now())
    quotas.check_core_quota(draft, 4)
    quotas.check_core_quota(draft, 0)
    with pytest.raises(ForbiddenError) as found:
        quotas.check_core_quota(draft, 5)
    assert found.value.message == (
        "The subscription policy limit for resource type 'cores count' was exceeded. "
        "The limit for resource type 'cores count' is 20 per subscription, "
        "the current count is 16, and the requested increment is 5."
    )


def test_public_addresses_of_allocated_machines_count(azure: Client, emulator: Emulator) -> None:
    network = NetworkConfigurationSet(public_ips=(AssignPublicIP(name="pip"),))
    with_address = [
        model.MachineRole(name=name, size="Small", os="Linux", os_disk=OSVirtualHardDisk(), network=network)
        for name in ("a", "b")
    ]
    put_deployment(
        emulator,
        machines=tuple(with_address),
        instances=(instance("a", "Small"), instance("b", "Small", "StoppedDeallocated")),
    )
    assert azure.get_subscription().current_public_ip_count == 1


def test_public_addresses_have_a_most(azure: Client, emulator: Emulator) -> None:
    network = NetworkConfigurationSet(public_ips=(AssignPublicIP(name="pip"),))
    many = [
        model.MachineRole(name=name, size="Small", os="Linux", os_disk=OSVirtualHardDisk(), network=network)
        for name in "abcdef"
    ]
    put_deployment(emulator, machines=tuple(many), instances=(instance("a", "Small", "StoppedDeallocated"),))
    assert azure.get_subscription().current_public_ip_count == 5, "also of those that are yet to be made"
    with pytest.raises(ForbiddenError) as found:
        emulator.engine.change(emulator.subscription, lambda draft: quotas.check_public_ip_quota(draft, 1))
    assert found.value.message == (
        "The subscription policy limit for resource type 'public IP count' was exceeded. "
        "The limit for resource type 'public IP count' is 5 per subscription, "
        "the current count is 5, and the requested increment is 1."
    )


def test_a_caller_sees_the_subscriptions_of_its_certificate(azure: Client, emulator: Emulator) -> None:
    emulator.add_subscription(OTHER, [certificate("areas"), certificate("other")])
    emulator.add_subscription(THIRD, [certificate("other")])
    azure.create_hosted_service(CreateHostedService(service_name="one", label="x", location="West US"))
    found = azure.list_subscriptions().items
    assert [one.subscription_id for one in found] == [emulator.subscription, OTHER]
    assert [one.current_hosted_services for one in found] == [1, 0]
    other = Client(WSGITransport(emulator.app.wsgi_app, certificate("other")), OTHER)
    assert [one.subscription_id for one in other.list_subscriptions().items] == [OTHER, THIRD]


def test_a_certificate_of_no_subscription_lists_none(emulator: Emulator) -> None:
    stranger = Client(WSGITransport(emulator.app.wsgi_app, certificate("stranger")), OTHER)
    with pytest.raises(ForbiddenError):
        stranger.list_subscriptions()


def test_registering_with_a_provider(azure: Client, refused: Any) -> None:
    assert azure.register_resource_provider("scheduler.JobCollections") is None
    with refused(
        ConflictError, "The resource type scheduler.JobCollections is already registered for this subscription."
    ):
        azure.register_resource_provider("scheduler.JobCollections")
    assert azure.unregister_resource_provider("Scheduler.jobcollections") is None
    with refused(ConflictError, "The resource type scheduler.JobCollections is not registered for this subscription."):
        azure.unregister_resource_provider("scheduler.JobCollections")


def test_web_sites_are_registered_from_the_start_and_go_and_come_in_operations(
    azure: Client, refused: Any, outcome: Callable[[], tuple[str, str | None]]
) -> None:
    with refused(ConflictError, "The resource type website is already registered for this subscription."):
        azure.register_resource_provider("website")
    assert azure.unregister_resource_provider("website") is not None
    assert outcome() == ("Succeeded", None)
    assert azure.register_resource_provider("website") is not None
    with refused(ConflictError, "The resource type website is already registered for this subscription."):
        azure.register_resource_provider("website")
    assert outcome() == ("Succeeded", None)


def test_an_unknown_provider(azure: Client, refused: Any) -> None:
    with refused(ResourceNotFound, "The service name is unknown."):
        azure.register_resource_provider("sqlserver")
    with refused(ResourceNotFound, "The service name is unknown."):
        azure.unregister_resource_provider("sqlserver")
