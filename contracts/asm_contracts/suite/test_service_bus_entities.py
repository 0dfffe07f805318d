"""What is in a Service Bus namespace: keys, queues, topics, notification hubs, relays, and what is measured of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from asm_contracts.areas.service_bus import (
    AuthorizationRule,
    CreateNamespace,
    NotificationHubDescription,
    QueueDescription,
    RelayDescription,
    SharedAccessAuthorizationRule,
    TopicDescription,
)
from asm_contracts.evidence import assumed, client, documented
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, refused_with, unchanged

ROOT = "RootManageSharedAccessKey"


@pytest.fixture(scope="module")
def namespace(azure: Azure, module_names: Names) -> str:
    """An active namespace."""
    name = module_names.of("namespace")
    azure.create_namespace(name, CreateNamespace(region=LOCATION))
    azure.until(lambda: azure.get_namespace(name).content.status == "Active", "the namespace")
    return name


@documented("the regions that Service Bus is offered in")
def test_regions(azure: Azure) -> None:
    found = {one.content.code: one.content.full_name for one in azure.get_regions().entries}
    assert found[LOCATION] and len(found) > 5


# -- keys -------------------------------------------------------------------------------------------------------------


@documented("a namespace comes with a key of all rights; every key has two values, and what connects under it")
def test_a_key_comes_changes_and_goes(azure: Azure, namespace: str, names: Names) -> None:
    name = names.free()

    def keys() -> dict[str | None, tuple[str, ...] | None]:
        return {one.content.key_name: one.content.rights for one in azure.list_authorization_rules(namespace).entries}

    before = keys()
    assert before[ROOT] == ("Listen", "Manage", "Send")
    wish = SharedAccessAuthorizationRule(key_name=name, rights=("listen",))
    made = azure.create_authorization_rule(namespace, wish).content
    assert (made.rights, made.claim_type) == (("Listen",), "SharedAccessKey")
    assert made.primary_key and made.secondary_key and made.primary_key != made.secondary_key
    with unchanged(keys), refused_with(409):
        azure.create_authorization_rule(namespace, wish)
    own = "A" * 43 + "="
    change = SharedAccessAuthorizationRule(rights=("Send", "Listen"), primary_key=own)
    changed = azure.update_authorization_rule(namespace, name, change).content
    assert (changed.rights, changed.primary_key, changed.secondary_key) == (
        ("Listen", "Send"), own, made.secondary_key,
    )  # fmt: skip
    assert azure.get_authorization_rule(namespace, name).content == changed
    details = {one.content.key_name: one.content for one in azure.list_connection_details(namespace).entries}
    assert details[name].connection_string == (
        f"Endpoint=sb://{namespace}.servicebus.windows.net/;SharedAccessKeyName={name};SharedAccessKey={own}"
    )
    azure.delete_authorization_rule(namespace, name)
    assert keys() == before
    for gone in (azure.get_authorization_rule, azure.delete_authorization_rule):
        with refused_with(404):
            gone(namespace, name)


@documented("Manage comes with the other rights; the namespace's own key stays")
@pytest.mark.parametrize(
    "wrong",
    [{"key_name": None}, {"rights": ()}, {"rights": ("Dance",)}, {"rights": ("Manage",)}, {"primary_key": "short"}],
    ids=str,
)
def test_a_key_that_cannot_be(azure: Azure, namespace: str, wrong: dict[str, Any]) -> None:
    given: dict[str, Any] = {"key_name": "key", "rights": ("Send",)}
    with unchanged(lambda: len(azure.list_authorization_rules(namespace).entries)), refused_with(400):
        azure.create_authorization_rule(namespace, SharedAccessAuthorizationRule(**(given | wrong)))


@documented("the namespace's own key stays")
def test_the_root_key_stays(azure: Azure, namespace: str) -> None:
    with refused_with(400):
        azure.delete_authorization_rule(namespace, ROOT)
    assert azure.get_authorization_rule(namespace, ROOT).content.rights == ("Listen", "Manage", "Send")


# -- entities ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entity, and how it is spoken of."""

    path: str
    word: str
    """How its operations are named."""
    wish: Any
    shown: dict[str, Any]
    """What a new one shows."""
    metric: str


KINDS = [
    Kind(
        "Queues",
        "queue",
        QueueDescription(lock_duration="PT30S", max_size_in_megabytes=2048),
        {"lock_duration": "PT30S", "max_size_in_megabytes": 2048, "max_delivery_count": 10, "status": "Active"},
        "incoming",
    ),
    Kind(
        "Topics",
        "topic",
        TopicDescription(max_size_in_megabytes=2048),
        {"max_size_in_megabytes": 2048, "subscription_count": 0, "status": "Active", "support_ordering": True},
        "outgoing",
    ),
    Kind(
        "NotificationHubs",
        "notification_hub",
        NotificationHubDescription(registration_ttl="P10D"),
        {"registration_ttl": "P10D"},
        "registration.all",
    ),
    Kind("Relays", "relay", RelayDescription(listener_type="Http"), {"listener_type": "Http"}, "listeners.active"),
]


@dataclass(frozen=True, slots=True)
class Calls:
    """The operations of one kind of entity."""

    kind: Kind
    create: Callable[..., Any]
    get: Callable[..., Any]
    list: Callable[..., Any]
    delete: Callable[..., Any]


@pytest.fixture(params=KINDS, ids=lambda one: one.path)
def calls(request: pytest.FixtureRequest, azure: Azure) -> Calls:
    """Each kind of entity."""
    word = request.param.word
    operations = [getattr(azure, f"{verb}_{word}") for verb in ("create", "get")]
    listing, delete = getattr(azure, f"list_{word}s"), getattr(azure, f"delete_{word}")
    return Calls(request.param, operations[0], operations[1], listing, delete)


@documented("an entity has what it was told and the defaults for the rest; names are unique whatever their case")
def test_an_entity_comes_and_goes(azure: Azure, namespace: str, names: Names, calls: Calls) -> None:
    name = names.free()
    calls.create(namespace, name, calls.kind.wish)
    found = calls.get(namespace, name)
    assert found.title == name
    assert {one: getattr(found.content, one) for one in calls.kind.shown} == calls.kind.shown
    assert name in [one.title for one in calls.list(namespace).entries]
    with unchanged(lambda: calls.get(namespace, name)), refused_with(409):
        calls.create(namespace, name.upper(), calls.kind.wish)
    other = azure.create_topic if calls.kind.path != "Topics" else azure.create_queue
    body: Any = TopicDescription() if calls.kind.path != "Topics" else QueueDescription()
    with refused_with(409):
        other(namespace, name, body)
    with refused_with(400):
        calls.create(namespace, "-", calls.kind.wish)
    calls.delete(namespace, name)
    assert name not in [one.title for one in calls.list(namespace).entries]
    for gone in (calls.get, calls.delete):
        with refused_with(404):
            gone(namespace, name)
    with refused_with(404):
        calls.list(names.free())


@client("the published clients name measurements and the lengths of time they are gathered over")
@assumed("nobody sends messages, so nothing was measured")
def test_what_is_measured(azure: Azure, namespace: str, names: Names, calls: Calls) -> None:
    name, kind, metric = names.free(), calls.kind.path, calls.kind.metric
    calls.create(namespace, name, calls.kind.wish)
    found = {one.content.name: one.content for one in azure.list_supported_metrics(namespace, kind, name).entries}
    assert found[metric].unit == "Count" and found[metric].display_name
    rollups = azure.list_metric_rollups(namespace, kind, name, metric).entries
    assert [one.content.time_grain for one in rollups] == ["PT5M", "PT1H", "P1D", "P7D"]
    since = "Timestamp gt datetime'2014-10-01T00:00:00Z'"
    assert azure.list_metric_values(namespace, kind, name, metric, "PT5M", since).entries == ()
    with refused_with(404):
        azure.list_metric_rollups(namespace, kind, name, "none")
    with refused_with(404):
        azure.list_metric_values(namespace, kind, name, metric, "PT1S")
    with refused_with(400):
        azure.list_metric_values(namespace, kind, name, metric, "PT5M", "Tea gt 3")
    for nobody in ((kind, names.free()), ("Teapots", name)):
        with refused_with(404):
            azure.list_supported_metrics(namespace, *nobody)
    calls.delete(namespace, name)


@documented("a queue may have keys of its own, under which its connection strings name it")
def test_the_keys_of_a_queue(azure: Azure, namespace: str, names: Names) -> None:
    name = names.free()
    rule = SharedAccessAuthorizationRule(key_name="worker", rights=("Listen",))
    azure.create_queue(namespace, name, QueueDescription(authorization_rules=(rule,)))
    (shown,) = azure.get_queue(namespace, name).content.authorization_rules or ()
    assert (shown.key_name, shown.rights) == ("worker", ("Listen",)) and shown.primary_key
    (detail,) = azure.list_entity_connection_details(namespace, "Queues", name).entries
    assert detail.content.key_name == "worker"
    assert (detail.content.connection_string or "").endswith(
        f"SharedAccessKeyName=worker;SharedAccessKey={shown.primary_key};EntityPath={name}"
    )
    with refused_with(404):
        azure.list_entity_connection_details(namespace, "Queues", names.free())


@documented("which values a queue can have")
@pytest.mark.parametrize(
    "wrong",
    [
        QueueDescription(lock_duration="soon"),
        QueueDescription(max_size_in_megabytes=7),
        QueueDescription(max_delivery_count=-1),
        QueueDescription(status="Asleep"),
        QueueDescription(authorization_rules=(AuthorizationRule(rights=("Send",)),)),
    ],
    ids=["lock", "size", "deliveries", "status", "rule"],
)
def test_a_queue_that_makes_no_sense(azure: Azure, namespace: str, names: Names, wrong: QueueDescription) -> None:
    name = names.free()
    with refused_with(400):
        azure.create_queue(namespace, name, wrong)
    with refused_with(404):
        azure.get_queue(namespace, name)
