"""Service Bus namespaces and queues come and go."""

from __future__ import annotations

from asm_contracts.areas.service_bus import CreateNamespace, QueueDescription
from asm_contracts.evidence import documented, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, refused_with


def make(azure: Azure, names: Names) -> str:
    """A namespace that is active, and its name."""
    name = names.of("namespace")
    azure.create_namespace(name, CreateNamespace(region=LOCATION))
    azure.until(lambda: azure.get_namespace(name).content.status == "Active", "the namespace")
    return name


@recorded("a namespace is Activating, then Active, with its endpoint and a key of 44 characters")
def test_a_namespace_comes_and_goes(azure: Azure, names: Names) -> None:
    name = names.of("namespace")
    assert azure.check_namespace_availability(name).content.result is True
    azure.create_namespace(name, CreateNamespace(region=LOCATION))
    azure.until(lambda: azure.get_namespace(name).content.status == "Active", "the namespace")
    found = azure.get_namespace(name).content
    assert found.service_bus_endpoint == f"https://{name}.servicebus.windows.net/" and found.enabled
    assert azure.check_namespace_availability(name.upper()).content.result is False
    assert name in [one.content.name for one in azure.list_namespaces().entries]
    azure.delete_namespace(name)

    def gone() -> bool:
        return name not in [one.content.name for one in azure.list_namespaces().entries]

    azure.until(gone, "the end of the namespace")
    with refused_with(404):
        azure.get_namespace(name)


@recorded("a creation answers with the namespace, which is Activating")
def test_the_answer_to_a_creation_is_the_namespace(azure: Azure, names: Names) -> None:
    name = names.of("namespace")
    made = azure.create_namespace(name, CreateNamespace(region=LOCATION)).content
    assert (made.name, made.region, made.status) == (name, LOCATION, "Activating")
    azure.until(lambda: azure.get_namespace(name).content.status == "Active", "the namespace")
    assert len(azure.get_namespace(name).content.default_key or "") == 44


@documented("queues of a namespace")
def test_a_queue_comes_and_goes(azure: Azure, names: Names) -> None:
    name = make(azure, names)
    azure.create_queue(name, "orders", QueueDescription(max_size_in_megabytes=2048))
    found = azure.get_queue(name, "orders").content
    assert (found.max_size_in_megabytes, found.max_delivery_count, found.lock_duration) == (2048, 10, "PT1M")
    assert [one.title for one in azure.list_queues(name).entries] == ["orders"]
    azure.delete_queue(name, "orders")
    with refused_with(404):
        azure.get_queue(name, "orders")
