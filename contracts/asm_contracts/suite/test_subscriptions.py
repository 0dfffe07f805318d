"""The subscription: its counters and its providers."""

from __future__ import annotations

import pytest

from asm_contracts.areas.reserved_ips import CreateReservedIP
from asm_contracts.areas.subscriptions import Subscription
from asm_contracts.errors import ServiceError
from asm_contracts.evidence import client, documented, recorded
from asm_contracts.operation import Accepted
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.machines import make_machines
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, make_hosted_service, make_storage_account, refused


def lists_agree(azure: Azure) -> Subscription:
    """The subscription, whose counters must equal what the lists show and stay within their maxima."""
    found = azure.get_subscription()
    assert found.current_hosted_services == len(azure.list_hosted_services().items)
    assert found.current_storage_accounts == len(azure.list_storage_accounts().items)
    for name in ("hosted_services", "storage_accounts"):
        most = getattr(found, f"max_{name}")
        assert most is not None and getattr(found, f"current_{name}") <= most
    assert found.current_core_count is not None and found.max_core_count is not None
    assert 0 <= found.current_core_count <= found.max_core_count
    return found


@recorded("Get Subscription: its id, its status, maxima and counters")
def test_the_subscription_is_read(azure: Azure, raw: Raw) -> None:
    found = lists_agree(azure)
    assert found.subscription_id == raw.subscription
    assert found.subscription_status == "Active"


@documented("counters equal what the lists show")
def test_counters_follow_what_is_made(azure: Azure, names: Names) -> None:
    before = lists_agree(azure)
    service = make_hosted_service(azure, names)
    account = make_storage_account(azure, names)
    between = lists_agree(azure)
    assert between.current_hosted_services == (before.current_hosted_services or 0) + 1
    assert between.current_storage_accounts == (before.current_storage_accounts or 0) + 1
    azure.delete_hosted_service(service)
    azure.delete_storage_account(account)
    after = lists_agree(azure)
    assert (after.current_hosted_services, after.current_storage_accounts) == (
        before.current_hosted_services,
        before.current_storage_accounts,
    )


@documented("cores count by role size; reserved addresses have a counter of their own")
def test_cores_and_addresses_are_counted(azure: Azure, names: Names) -> None:
    before = azure.get_subscription()
    machines = make_machines(azure, names, 2)
    assert azure.get_subscription().current_core_count == (before.current_core_count or 0) + 2
    azure.wait(azure.delete_deployment_and_media(machines.service, machines.deployment))
    assert azure.get_subscription().current_core_count == before.current_core_count
    if azure.lossy:
        return
    name = names.reserved_ip()
    azure.wait(azure.create_reserved_ip_address(CreateReservedIP(name=name, location=LOCATION)))
    assert azure.get_subscription().current_reserved_ips == (before.current_reserved_ips or 0) + 1


@recorded("The service name is unknown.")
def test_an_unknown_provider(azure: Azure) -> None:
    with refused(404, "ResourceNotFound", "The service name is unknown."):
        azure.register_resource_provider("asm-nobodys")


@recorded("The resource type ... is already registered for this subscription.")
def test_a_provider_is_registered_once(azure: Azure) -> None:
    def done(answer: Accepted | None) -> None:
        if isinstance(answer, Accepted):
            azure.wait(answer)

    try:
        done(azure.register_resource_provider("website"))
        mine = True
    except ServiceError as already:
        assert already.http_status == 409
        mine = False
    with refused(409, "ConflictError", "The resource type website is already registered for this subscription."):
        azure.register_resource_provider("website")
    if mine:
        done(azure.unregister_resource_provider("website"))
        with refused(409, "ConflictError"):
            azure.unregister_resource_provider("website")


@client("the published client of the scheduler takes 200 only, that of web sites 202")
@pytest.mark.parametrize("service", ["scheduler.jobcollections", "cacheservice.caching"])
def test_a_provider_is_registered_and_given_back(azure: Azure, service: str) -> None:
    def done(answer: Accepted | None) -> None:
        if isinstance(answer, Accepted):
            azure.wait(answer)

    try:
        done(azure.unregister_resource_provider(service))
        before = True
    except ServiceError as not_there:
        assert not_there.http_status == 409
        before = False
    with refused(409, "ConflictError"):
        azure.unregister_resource_provider(service)
    done(azure.register_resource_provider(service))
    with refused(409, "ConflictError", f"The resource type {service} is already registered for this subscription."):
        azure.register_resource_provider(service)
    if not before:
        done(azure.unregister_resource_provider(service))


@documented("the subscriptions that the caller's certificate manages")
def test_the_callers_subscriptions_are_listed(azure: Azure, raw: Raw) -> None:
    assert raw.subscription in {one.subscription_id for one in azure.list_subscriptions().items}
