"""Service Bus through the official SDK, our client and plain bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from azure.common import AzureHttpError, AzureMissingResourceHttpError

from asm_client import Client
from asm_contracts.areas import service_bus as wire
from asm_contracts.errors import ServiceError
from asm_emulator.emulator import Emulator

Send = Callable[..., Any]
DOWNLEVEL = (
    b'<string xmlns="http://schemas.microsoft.com/2003/10/Serialization/">'
    b"Request to a downlevel service failed.</string>"
)


@pytest.fixture
def namespace(bus: Any, emulator: Emulator) -> str:
    bus.create_namespace("asm-stuff", "West US")
    emulator.advance(timedelta(seconds=18))
    return "asm-stuff"


def refused(status: int, call: Callable[[], Any]) -> None:
    with pytest.raises(ServiceError) as problem:
        call()
    assert problem.value.http_status == status


# -- namespaces -----------------------------------------------------------------------------------------------------


def test_a_namespace_lives(bus: Any, emulator: Emulator) -> None:
    assert bus.check_namespace_availability("asm-stuff").result is True
    bus.create_namespace("asm-stuff", "West US")
    assert bus.check_namespace_availability("ASM-Stuff").result is False
    made = bus.get_namespace("asm-stuff")
    assert (made.status, made.region, made.enabled, made.default_key) == ("Activating", "West US", True, "")
    emulator.advance(timedelta(seconds=18))
    active = bus.get_namespace("asm-stuff")
    assert (active.status, active.servicebus_endpoint) == ("Active", "https://asm-stuff.servicebus.windows.net/")
    assert active.acs_management_endpoint == "https://asm-stuff-sb.accesscontrol.windows.net/"
    assert active.connection_string.endswith(f"SharedSecretIssuer=owner;SharedSecretValue={active.default_key}")
    assert len(active.default_key) == 44
    assert active.subscription_id == emulator.subscription.replace("-", "")
    assert [(one.name, one.default_key) for one in bus.list_namespaces()] == [("asm-stuff", active.default_key)]
    bus.delete_namespace("asm-stuff")
    removing = bus.get_namespace("asm-stuff")
    assert (removing.status, removing.enabled) == ("Removing", False)
    emulator.advance(timedelta(seconds=21))
    with pytest.raises(AzureMissingResourceHttpError):
        bus.get_namespace("asm-stuff")
    assert bus.check_namespace_availability("asm-stuff").result is True


def test_a_namespace_deleted_and_made_again_starts_anew(bus: Any, emulator: Emulator) -> None:
    bus.create_namespace("asm-stuff", "West US")
    bus.delete_namespace("asm-stuff")
    emulator.advance(timedelta(seconds=18))
    assert bus.get_namespace("asm-stuff").status == "Removing"
    emulator.advance(timedelta(seconds=3))
    bus.create_namespace("asm-stuff", "West US")
    assert bus.get_namespace("asm-stuff").status == "Activating"


def test_names_are_unique_in_the_cloud(bus: Any, emulator: Emulator, transport: Any) -> None:
    from asm_emulator.driver import certificate

    other = "00000000-0000-0000-0000-00000000000b"
    emulator.add_subscription(other, [certificate("areas")])
    Client(transport, other).create_namespace("asm-stuff", wire.CreateNamespace(region="West US"))
    with pytest.raises(AzureHttpError) as problem:
        bus.create_namespace("asm-stuff", "West US")
    assert problem.value.status_code == 403
    assert bus.check_namespace_availability("asm-stuff").result is False


def test_regions(bus: Any) -> None:
    regions = bus.get_regions()
    assert len(regions) == 15
    assert regions[0].code == regions[0].fullname == "Australia East"


def test_the_bytes_of_an_entry_are_those_of_the_service(send: Send, emulator: Emulator) -> None:
    # As the Python SDK sends it.
    body = (
        '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
        '<entry xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" '
        'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" '
        'xmlns="http://www.w3.org/2005/Atom" >\n'
        "<title /><updated>2015-07-01T00:03:21.663340+00:00</updated><author><name /></author><id />\n"
        '<content type="application/xml">\n    '
        '<NamespaceDescription xmlns="http://schemas.microsoft.com/netservices/2010/10/servicebus/connect">'
        "<Region>West US</Region></NamespaceDescription></content></entry>"
    )
    answer = send("PUT", "/services/serviceBus/Namespaces/asm-stuff", body)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/atom+xml; type=entry; charset=utf-8"
    assert answer.headers["server-sb"] == "Service-Bus-Resource-Provider/SN1"
    text = re.sub(r"uuid:[0-9a-f-]{36};id=\d+", "ID", answer.body.decode())
    key = re.search("<DefaultKey>(.*?)</DefaultKey>", text)
    assert key is not None
    assert text == (
        '<?xml version="1.0" encoding="utf-8"?><entry xmlns="http://www.w3.org/2005/Atom"><id>ID</id>'
        '<title type="text"></title><updated>2015-07-02T17:25:07Z</updated><content type="application/xml">'
        '<NamespaceDescription xmlns="http://schemas.microsoft.com/netservices/2010/10/servicebus/connect" '
        'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Name>asm-stuff</Name><Region>West US</Region>'
        f"<DefaultKey>{key[1]}</DefaultKey><Status>Activating</Status><CreatedAt>2015-07-02T17:25:07Z</CreatedAt>"
        "<AcsManagementEndpoint>https://asm-stuff-sb.accesscontrol.windows.net/</AcsManagementEndpoint>"
        "<ServiceBusEndpoint>https://asm-stuff.servicebus.windows.net/</ServiceBusEndpoint>"
        "<ConnectionString>Endpoint=sb://asm-stuff.servicebus.windows.net/;SharedSecretIssuer=owner;"
        f"SharedSecretValue={key[1]}</ConnectionString>"
        f"<SubscriptionId>{emulator.subscription.replace('-', '')}</SubscriptionId><Enabled>true</Enabled>"
        "<Critical>false</Critical><CreateACSNamespace>true</CreateACSNamespace><NamespaceType>Messaging</NamespaceType>"
        "<ResourceGroup></ResourceGroup></NamespaceDescription></content></entry>"
    )


def test_the_bytes_of_an_empty_feed_are_those_of_the_service(send: Send, namespace: str) -> None:
    answer = send("GET", f"/services/serviceBus/Namespaces//{namespace}/Relays")
    address = f"https://{namespace}.servicebus.windows.net/$Resources/Relays?api-version=2012-03"
    assert answer.body.decode() == (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title type="text">Relays</title><id>{address}</id>'
        f'<updated>2015-07-02T17:25:25Z</updated><link rel="self" href="{address}"/></feed>'
    )


@pytest.mark.parametrize(
    ("verb", "path", "body", "status"),
    [
        ("GET", "/services/servicebus/namespaces/nobodys", "", 404),
        ("DELETE", "/services/servicebus/namespaces/nobodys", "", 404),
        ("PUT", "/services/servicebus/namespaces/nobodys", "<entry/>", 400),
        ("PUT", "/services/servicebus/namespaces/nobodys", "no xml", 400),
        ("PUT", "/services/servicebus/namespaces/nobodys", "", 400),
    ],
)
def test_refusals_say_nothing(send: Send, verb: str, path: str, body: str, status: int) -> None:
    answer = send(verb, path, body)
    assert (answer.status, answer.body) == (status, DOWNLEVEL)
    assert answer.headers["server"] == "Microsoft-HTTPAPI/2.0"
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert [name for name in answer.headers if name.startswith("x-ms-")] == []


ENTITIES = (
    '<!DOCTYPE entry [<!ENTITY a "aaaaaaaaaa">]><entry xmlns="http://www.w3.org/2005/Atom"><content>'
    "<NamespaceDescription>&a;</NamespaceDescription></content></entry>"
)


@pytest.mark.parametrize(
    "body",
    [
        ENTITIES,
        '<entry xmlns="http://www.w3.org/2005/Atom"/>',
        '<entry xmlns="http://www.w3.org/2005/Atom"><content/></entry>',
        '<entry xmlns="http://www.w3.org/2005/Atom"><content><a/><b/></content></entry>',
        '<feed xmlns="http://www.w3.org/2005/Atom"/>',
        "\x00",
    ],
)
def test_what_is_no_entry_changes_nothing(send: Send, emulator: Emulator, body: str) -> None:
    assert send("PUT", "/services/servicebus/namespaces/asm-stuff", body).status == 400
    assert len(emulator.engine.state.subscriptions[emulator.subscription].service_bus_namespaces) == 0


@pytest.mark.parametrize("name", ["short", "1number", "ends-", "stuff-sb", "stuff-mgmt", "x" * 51, "under_score"])
def test_malformed_names_are_refused(azure: Client, name: str) -> None:
    refused(400, lambda: azure.create_namespace(name, wire.CreateNamespace(region="West US")))
    assert azure.check_namespace_availability(name).content.result is False


def test_malformed_descriptions_are_refused(azure: Client) -> None:
    refused(400, lambda: azure.create_namespace("asm-stuff", wire.CreateNamespace(region="Atlantis")))
    refused(400, lambda: azure.create_namespace("asm-stuff", wire.CreateNamespace()))
    refused(
        400,
        lambda: azure.create_namespace("asm-stuff", wire.CreateNamespace(region="West US", namespace_type="Tea")),
    )


def test_a_namespace_without_access_control_tells_no_keys(azure: Client, emulator: Emulator) -> None:
    body = wire.CreateNamespace(region="west us", create_acs_namespace=False, namespace_type="NotificationHub")
    made = azure.create_namespace("asm-stuff", body).content
    emulator.advance(timedelta(seconds=18))
    active = azure.get_namespace("asm-stuff").content
    assert made.default_key is active.default_key is active.connection_string is None
    assert active.acs_management_endpoint is active.create_acs_namespace is None
    assert (active.status, active.region, active.namespace_type) == ("Active", "West US", "NotificationHub")


def test_a_namespace_is_removed_once(azure: Client, namespace: str) -> None:
    azure.delete_namespace(namespace)
    refused(409, lambda: azure.delete_namespace(namespace))


# -- keys -----------------------------------------------------------------------------------------------------------


def test_keys(azure: Client, namespace: str) -> None:
    (root,) = azure.list_authorization_rules(namespace).entries
    assert (root.content.key_name, root.content.rights) == ("RootManageSharedAccessKey", ("Listen", "Manage", "Send"))
    made = azure.create_authorization_rule(
        namespace, wire.SharedAccessAuthorizationRule(key_name="reader", rights=("listen",))
    ).content
    assert (made.rights, made.claim_type, made.claim_value) == (("Listen",), "SharedAccessKey", "None")
    changed = azure.update_authorization_rule(
        namespace, "READER", wire.SharedAccessAuthorizationRule(rights=("Send", "Listen"), primary_key="A" * 43 + "=")
    ).content
    assert (changed.rights, changed.primary_key, changed.secondary_key) == (
        ("Listen", "Send"), "A" * 43 + "=", made.secondary_key,
    )  # fmt: skip
    assert azure.get_authorization_rule(namespace, "reader").content == changed
    details = {one.content.key_name: one.content for one in azure.list_connection_details(namespace).entries}
    assert details["reader"].connection_string == (
        f"Endpoint=sb://{namespace}.servicebus.windows.net/;SharedAccessKeyName=reader;"
        f"SharedAccessKey={changed.primary_key}"
    )
    assert azure.call("delete_authorization_rule", {"namespace_name": namespace, "rule_name": "reader"}).status == 204
    refused(404, lambda: azure.get_authorization_rule(namespace, "reader"))


def test_keys_that_are_refused(azure: Client, namespace: str) -> None:
    def create(**fields: Any) -> None:
        azure.create_authorization_rule(namespace, wire.SharedAccessAuthorizationRule(**fields))

    refused(400, lambda: create(rights=("Listen",)))
    refused(400, lambda: create(key_name="k", rights=()))
    refused(400, lambda: create(key_name="k", rights=("Dance",)))
    refused(400, lambda: create(key_name="k", rights=("Manage",)))
    refused(400, lambda: create(key_name="k", rights=("Send",), primary_key="short"))
    refused(409, lambda: create(key_name="rootmanagesharedaccesskey", rights=("Send",)))
    refused(400, lambda: azure.delete_authorization_rule(namespace, "RootManageSharedAccessKey"))
    refused(
        400,
        lambda: azure.update_authorization_rule(
            namespace, "RootManageSharedAccessKey", wire.SharedAccessAuthorizationRule(key_name="other")
        ),
    )
    for number in range(11):
        create(key_name=f"k{number}", rights=("Send",))
    refused(400, lambda: create(key_name="k11", rights=("Send",)))


# -- entities -------------------------------------------------------------------------------------------------------


def test_a_queue_lives(bus: Any, azure: Client, namespace: str, emulator: Emulator) -> None:
    made = azure.call(
        "create_queue",
        {
            "namespace_name": namespace,
            "queue_name": "work",
            "body": wire.QueueDescription(
                lock_duration="PT30S",
                authorization_rules=(wire.SharedAccessAuthorizationRule(key_name="worker", rights=("Listen",)),),
            ),
        },
    )
    assert made.status == 201
    (queue,) = bus.list_queues(namespace)
    assert (queue.name, queue.lock_duration, queue.max_size_in_megabytes) == ("work", "PT30S", 1024)
    assert (queue.status, queue.max_delivery_count, queue.message_count) == ("Active", 10, 0)
    assert (queue.requires_session, queue.support_ordering, queue.author) == (False, True, namespace)
    assert [one.key_name for one in queue.authorization_rules] == ["worker"]
    emulator.advance(timedelta(seconds=5))
    changed = azure.call(
        "create_queue",
        {"namespace_name": namespace, "queue_name": "WORK", "body": wire.QueueDescription(lock_duration="PT45S")},
        headers={"If-Match": "*"},
    )
    assert changed.status == 200
    assert changed.value.content.lock_duration == "PT45S"
    assert changed.value.title == "work"
    entry = azure.get_queue(namespace, "work")
    assert entry.content.updated_at == (entry.content.created_at or entry.updated) + timedelta(seconds=5)
    assert entry.content.count_details is not None
    (detail,) = azure.list_entity_connection_details(namespace, "Queues", "work").entries
    assert (detail.content.connection_string or "").endswith(";EntityPath=work")
    azure.delete_queue(namespace, "work")
    assert list(bus.list_queues(namespace)) == []


def test_topics_hubs_and_relays(bus: Any, azure: Client, namespace: str) -> None:
    azure.create_topic(namespace, "news", wire.TopicDescription(max_size_in_megabytes=2048))
    azure.create_notification_hub(namespace, "bell", wire.NotificationHubDescription(registration_ttl="P10D"))
    azure.create_relay(namespace, "wire", wire.RelayDescription(listener_type="Http"))
    (topic,) = bus.list_topics(namespace)
    assert (topic.name, topic.max_size_in_megabytes, topic.subscription_count) == ("news", 2048, 0)
    (hub,) = bus.list_notification_hubs(namespace)
    assert (hub.name, hub.registration_ttl) == ("bell", "P10D")
    (relay,) = bus.list_relays(namespace)
    assert (relay.name, relay.path, relay.listener_type, relay.listener_count) == ("wire", "wire", "Http", 0)
    assert azure.get_topic(namespace, "NEWS").content.status == "Active"
    assert azure.get_notification_hub(namespace, "bell").content.registration_ttl == "P10D"
    assert azure.get_relay(namespace, "wire").content.path == "wire"
    azure.delete_topic(namespace, "news")
    azure.delete_notification_hub(namespace, "bell")
    azure.delete_relay(namespace, "wire")
    for call in (azure.get_topic, azure.get_notification_hub, azure.get_relay):
        refused(404, lambda call=call: call(namespace, "news"))  # type: ignore[misc]


def test_what_the_node_client_sends(send: Send, namespace: str) -> None:
    # Its content type, its trailing slash, its `type` attribute in no namespace.
    body = (
        '<entry xmlns="http://www.w3.org/2005/Atom"><content type="application/atom+xml;type=entry;charset=utf-8">'
        '<QueueDescription xmlns="http://schemas.microsoft.com/netservices/2010/10/servicebus/connect">'
        "<LockDuration>PT30S</LockDuration><RequiresSession>false</RequiresSession><AuthorizationRules>"
        '<AuthorizationRule type="SharedAccessAuthorizationRule"><ClaimType>SharedAccessKey</ClaimType>'
        "<ClaimValue>None</ClaimValue>"
        "<Rights><AccessRights>Send</AccessRights></Rights><KeyName>sender</KeyName></AuthorizationRule>"
        "</AuthorizationRules></QueueDescription></content></entry>"
    )
    headers = {"content-type": "application/atom+xml", "type": "entry", "x-process-at": "ServiceBus"}
    path = f"/services/servicebus/namespaces/{namespace}/queues/work/"
    made = send("PUT", path, body, headers)
    assert made.status == 201
    assert b'<AuthorizationRule i:type="SharedAccessAuthorizationRule">' in made.body
    assert b"<KeyName>sender</KeyName>" in made.body
    assert send("PUT", path, body, headers).status == 409
    assert send("PUT", path, body, {**headers, "if-match": "*"}).status == 200
    other = f"/services/servicebus/namespaces/{namespace}/queues/none/"
    assert send("PUT", other, body, {**headers, "if-match": "*"}).status == 404


@pytest.mark.parametrize(
    "body",
    [
        wire.QueueDescription(lock_duration="soon"),
        wire.QueueDescription(max_size_in_megabytes=7),
        wire.QueueDescription(max_delivery_count=-1),
        wire.QueueDescription(status="Asleep"),
        wire.QueueDescription(authorization_rules=(wire.AuthorizationRule(rights=("Send",)),)),
        wire.QueueDescription(
            authorization_rules=(wire.SharedAccessAuthorizationRule(key_name="k", rights=("Dance",)),)
        ),
    ],
)
def test_queues_that_make_no_sense(azure: Client, namespace: str, body: wire.QueueDescription) -> None:
    refused(400, lambda: azure.create_queue(namespace, "work", body))
    assert azure.list_queues(namespace).entries == ()


def test_entities_that_are_refused(azure: Client, namespace: str) -> None:
    plain = wire.QueueDescription()
    azure.create_queue(namespace, "work", plain)
    refused(409, lambda: azure.create_queue(namespace, "Work", plain))
    refused(409, lambda: azure.create_topic(namespace, "work", wire.TopicDescription()))
    refused(400, lambda: azure.create_queue(namespace, "-", plain))
    refused(
        400,
        lambda: azure.call(
            "create_queue",
            {
                "namespace_name": namespace,
                "queue_name": "work",
                "body": wire.QueueDescription(requires_session=True),
            },
            headers={"If-Match": "*"},
        ),
    )
    azure.create_namespace("asm-young", wire.CreateNamespace(region="West US"))
    refused(409, lambda: azure.create_queue("asm-young", "work", plain))


# -- metrics --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "suffix", "metric"),
    [
        ("Queues", "queue", "incoming"),
        ("Topics", "topic", "outgoing"),
        ("NotificationHubs", "notification_hub", "registration.all"),
        ("Relays", "relay", "listeners.active"),
    ],
)
def test_metrics(bus: Any, azure: Client, namespace: str, kind: str, suffix: str, metric: str) -> None:
    body: Any = {
        "Queues": wire.QueueDescription(),
        "Topics": wire.TopicDescription(),
        "NotificationHubs": wire.NotificationHubDescription(),
        "Relays": wire.RelayDescription(),
    }[kind]
    getattr(azure, f"create_{suffix}")(namespace, "thing", body)
    found = {one.name: one for one in getattr(bus, f"get_supported_metrics_{suffix}")(namespace, "thing")}
    assert found[metric].unit == "Count"
    assert found[metric].display_name
    rollups = getattr(bus, f"get_metrics_rollups_{suffix}")(namespace, "thing", metric)
    assert [one.time_grain for one in rollups] == ["PT5M", "PT1H", "P1D", "P7D"]
    since = "$filter=Timestamp gt datetime'2014-10-01T00:00:00Z'"
    assert list(getattr(bus, f"get_metrics_data_{suffix}")(namespace, "thing", metric, "PT5M", since)) == []
    # Our client reads the same.
    read = azure.list_supported_metrics(namespace, kind, "thing").entries
    assert [one.content.name for one in read] == list(found)
    assert azure.list_metric_rollups(namespace, kind, "thing", metric).entries[0].content.retention == "P1D"
    refused(404, lambda: azure.list_metric_rollups(namespace, kind, "thing", "none"))
    refused(404, lambda: azure.list_metric_values(namespace, kind, "thing", metric, "PT1S"))
    refused(400, lambda: azure.list_metric_values(namespace, kind, "thing", metric, "PT5M", "Tea gt 3"))
    refused(404, lambda: azure.list_supported_metrics(namespace, kind, "none"))
    refused(404, lambda: azure.list_supported_metrics(namespace, "Teapots", "thing"))
