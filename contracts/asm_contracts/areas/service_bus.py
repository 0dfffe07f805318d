"""Service Bus: namespaces with their keys, and the queues, topics, notification hubs and relays in them.

Documents travel in Atom entries and feeds.  Order of elements: recorded for namespaces, regions and availability;
that of queues, topics and rules is the service's data contract's, as its documentation and the Node client have it.
"""

from __future__ import annotations

from typing import Final

from asm_contracts.atom import Entry, Feed
from asm_contracts.dialect import SERVICE_BUS
from asm_contracts.document import Long, Nil, PreciseTime, document, element
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import Contract, Made, operation

CONNECT: Final = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect"
COUNTS: Final = "http://schemas.microsoft.com/netservices/2011/06/servicebus"
DATA_SERVICES: Final = "http://schemas.microsoft.com/ado/2007/08/dataservices"


@document(name="RegionCodeDescription", namespace=CONNECT)
class Region:
    """A region that Service Bus is offered in."""

    code: str
    full_name: str | None = None


@document(name="NamespaceAvailability", namespace=CONNECT)
class NamespaceAvailability:
    """Whether a namespace may be called something, and why not."""

    result: bool
    reason_detail: str | Nil | None = None


@document(name="NamespaceDescription", namespace=CONNECT)
class CreateNamespace:
    """What a new namespace needs."""

    region: str | None = None
    create_acs_namespace: bool | None = element(default=None, name="CreateACSNamespace")
    namespace_type: str | None = None


@document(name="NamespaceDescription", namespace=CONNECT)
class NamespaceDescription:
    """A namespace."""

    name: str
    region: str | None = None
    default_key: str | None = None
    status: str | None = None
    created_at: PreciseTime | None = None
    acs_management_endpoint: str | None = None
    service_bus_endpoint: str | None = None
    connection_string: str | None = None
    subscription_id: str | None = None
    enabled: bool | None = None
    critical: bool | None = None
    updated_at: PreciseTime | None = None
    create_acs_namespace: bool | None = element(default=None, name="CreateACSNamespace")
    event_hub_enabled: bool | None = None
    namespace_type: str | None = None
    resource_group: str | None = None


# -- keys -----------------------------------------------------------------------------------------------------------


@document(name="AuthorizationRule", namespace=CONNECT)
class AuthorizationRule:
    """Who may do what; one published client does not say that what it sends is of the derived class.

    `revision` stands earlier in what clients send.
    """

    claim_type: str | None = None
    claim_value: str | None = None
    rights: tuple[str, ...] | None = element(default=None, item="AccessRights")
    created_time: PreciseTime | None = element(default=None, anywhere=True)
    modified_time: PreciseTime | None = element(default=None, anywhere=True)
    key_name: str | None = element(default=None, anywhere=True)
    primary_key: str | None = element(default=None, anywhere=True)
    secondary_key: str | None = element(default=None, anywhere=True)
    revision: int | None = element(default=None, anywhere=True)


@document(name="SharedAccessAuthorizationRule", namespace=CONNECT)
class SharedAccessAuthorizationRule(AuthorizationRule):
    """What the bearer of a key may do."""


@document(name="ConnectionDetail", namespace=CONNECT)
class ConnectionDetail:
    """What it takes to connect under a key."""

    key_name: str
    connection_string: str | None = None
    authorization_type: str | None = None
    rights: tuple[str, ...] | None = element(default=None, item="AccessRights")
    secondary_connection_string: str | None = None


# -- entities -------------------------------------------------------------------------------------------------------


@document(name="CountDetails", namespace=COUNTS)
class CountDetails:
    """How many messages there are of each kind."""

    active_message_count: Long | None = None
    dead_letter_message_count: Long | None = None
    scheduled_message_count: Long | None = None
    transfer_message_count: Long | None = element(default=None, anywhere=True)
    transfer_dead_letter_message_count: Long | None = element(default=None, anywhere=True)


@document(name="QueueDescription", namespace=CONNECT)
class QueueDescription:
    """A queue, as it is asked for and as it is given back."""

    lock_duration: str | None = None
    max_size_in_megabytes: int | None = None
    requires_duplicate_detection: bool | None = None
    requires_session: bool | None = None
    default_message_time_to_live: str | None = None
    dead_lettering_on_message_expiration: bool | None = None
    duplicate_detection_history_time_window: str | None = None
    max_delivery_count: int | None = None
    enable_batched_operations: bool | None = None
    size_in_bytes: Long | None = None
    message_count: Long | None = None
    is_anonymous_accessible: bool | None = None
    authorization_rules: tuple[AuthorizationRule, ...] | None = None
    status: str | None = None
    created_at: PreciseTime | None = None
    updated_at: PreciseTime | None = None
    accessed_at: PreciseTime | None = None
    support_ordering: bool | None = None
    count_details: CountDetails | None = None
    auto_delete_on_idle: str | None = None
    entity_availability_status: str | None = None


@document(name="TopicDescription", namespace=CONNECT)
class TopicDescription:
    """A topic, as it is asked for and as it is given back."""

    default_message_time_to_live: str | None = None
    max_size_in_megabytes: int | None = None
    requires_duplicate_detection: bool | None = None
    duplicate_detection_history_time_window: str | None = None
    enable_batched_operations: bool | None = None
    size_in_bytes: Long | None = None
    filtering_messages_before_publishing: bool | None = None
    is_anonymous_accessible: bool | None = None
    authorization_rules: tuple[AuthorizationRule, ...] | None = None
    status: str | None = None
    created_at: PreciseTime | None = None
    updated_at: PreciseTime | None = None
    accessed_at: PreciseTime | None = None
    support_ordering: bool | None = None
    count_details: CountDetails | None = None
    subscription_count: int | None = None
    auto_delete_on_idle: str | None = None
    entity_availability_status: str | None = None


@document(name="NotificationHubDescription", namespace=CONNECT)
class NotificationHubDescription:
    """A notification hub."""

    registration_ttl: str | None = None
    authorization_rules: tuple[AuthorizationRule, ...] | None = None


@document(name="RelayDescription", namespace=CONNECT)
class RelayDescription:
    """A relay."""

    path: str | None = None
    listener_type: str | None = None
    listener_count: int | None = None
    created_at: PreciseTime | None = None
    updated_at: PreciseTime | None = None


# -- metrics --------------------------------------------------------------------------------------------------------


@document(name="properties", namespace=DATA_SERVICES)
class Metric:
    """Something that is measured."""

    name: str | None = None
    primary_aggregation: str | None = None
    unit: str | None = None
    display_name: str | None = None


@document(name="properties", namespace=DATA_SERVICES)
class MetricRollup:
    """A length of time that measurements are gathered over, and for how long they are kept."""

    time_grain: str | None = None
    retention: str | None = None


@document(name="properties", namespace=DATA_SERVICES)
class MetricValue:
    """What was measured in a length of time."""

    timestamp: PreciseTime | None = None
    min: Long | None = None
    max: Long | None = None
    average: Long | None = None
    total: Long | None = None


_VERSION = "2012-03-01"
_NAMESPACES = "/services/servicebus/namespaces"
_NAMESPACE = _NAMESPACES + "/{namespace_name}"
_ENTITY = _NAMESPACE + "/{kind}/{entity_name}"
_RULE = _NAMESPACE + "/AuthorizationRules/{rule_name}"


class ServiceBusContract(Contract):
    """Namespaces and what is in them."""

    dialect = SERVICE_BUS

    @operation("GET", "/services/servicebus/regions", since=_VERSION)
    def get_regions(self) -> Feed[Region]:
        """List the regions that Service Bus is offered in."""

    @operation("GET", "/services/servicebus/CheckNamespaceAvailability?namespace={name}", since=_VERSION)
    def check_namespace_availability(self, name: str) -> Entry[NamespaceAvailability]:
        """Tell whether a namespace may be called something."""

    @operation("GET", _NAMESPACES, since=_VERSION)
    def list_namespaces(self) -> Feed[NamespaceDescription]:
        """List the namespaces."""

    @operation("GET", _NAMESPACE, since=_VERSION, errors=(ResourceNotFound,))
    def get_namespace(self, namespace_name: str) -> Entry[NamespaceDescription]:
        """Read a namespace."""

    @operation("PUT", _NAMESPACE, since=_VERSION, errors=(BadRequest, ForbiddenError))
    def create_namespace(self, namespace_name: str, body: CreateNamespace) -> Entry[NamespaceDescription]:
        """Create a namespace; it takes a while to become active."""

    @operation("DELETE", _NAMESPACE, since=_VERSION, errors=(ConflictError, ResourceNotFound))
    def delete_namespace(self, namespace_name: str) -> None:
        """Delete a namespace; it takes a while to go."""

    # -- keys -----------------------------------------------------------------------------------------------------

    @operation("GET", _NAMESPACE + "/ConnectionDetails", since=_VERSION, errors=(ResourceNotFound,))
    def list_connection_details(self, namespace_name: str) -> Feed[ConnectionDetail]:
        """List what it takes to connect to a namespace."""

    @operation("GET", _NAMESPACE + "/AuthorizationRules", since=_VERSION, errors=(ResourceNotFound,))
    def list_authorization_rules(self, namespace_name: str) -> Feed[SharedAccessAuthorizationRule]:
        """List the keys of a namespace."""

    @operation(
        "POST",
        _NAMESPACE + "/AuthorizationRules",
        since=_VERSION,
        success=201,
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def create_authorization_rule(
        self, namespace_name: str, body: SharedAccessAuthorizationRule
    ) -> Entry[SharedAccessAuthorizationRule]:
        """Add a key to a namespace."""

    @operation("GET", _RULE, since=_VERSION, errors=(ResourceNotFound,))
    def get_authorization_rule(self, namespace_name: str, rule_name: str) -> Entry[SharedAccessAuthorizationRule]:
        """Read a key of a namespace."""

    @operation("PUT", _RULE, since=_VERSION, success=201, errors=(BadRequest, ResourceNotFound))
    def update_authorization_rule(
        self, namespace_name: str, rule_name: str, body: SharedAccessAuthorizationRule
    ) -> Entry[SharedAccessAuthorizationRule]:
        """Change a key of a namespace."""

    @operation("DELETE", _RULE, since=_VERSION, success=204, errors=(BadRequest, ResourceNotFound))
    def delete_authorization_rule(self, namespace_name: str, rule_name: str) -> None:
        """Take a key from a namespace."""

    # -- queues ---------------------------------------------------------------------------------------------------

    @operation("GET", _NAMESPACE + "/Queues", since=_VERSION, errors=(ResourceNotFound,))
    def list_queues(self, namespace_name: str) -> Feed[QueueDescription]:
        """List the queues of a namespace."""

    @operation("GET", _NAMESPACE + "/Queues/{queue_name}", since=_VERSION, errors=(ResourceNotFound,))
    def get_queue(self, namespace_name: str, queue_name: str) -> Entry[QueueDescription]:
        """Read a queue."""

    @operation(
        "PUT",
        _NAMESPACE + "/Queues/{queue_name}",
        since=_VERSION,
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def create_queue(
        self, namespace_name: str, queue_name: str, body: QueueDescription
    ) -> Entry[QueueDescription] | Made:
        """Create a queue (201), or change one, which takes an ``If-Match`` (200)."""

    @operation("DELETE", _NAMESPACE + "/Queues/{queue_name}", since=_VERSION, errors=(ResourceNotFound,))
    def delete_queue(self, namespace_name: str, queue_name: str) -> None:
        """Delete a queue."""

    # -- topics ---------------------------------------------------------------------------------------------------

    @operation("GET", _NAMESPACE + "/Topics", since=_VERSION, errors=(ResourceNotFound,))
    def list_topics(self, namespace_name: str) -> Feed[TopicDescription]:
        """List the topics of a namespace."""

    @operation("GET", _NAMESPACE + "/Topics/{topic_name}", since=_VERSION, errors=(ResourceNotFound,))
    def get_topic(self, namespace_name: str, topic_name: str) -> Entry[TopicDescription]:
        """Read a topic."""

    @operation(
        "PUT",
        _NAMESPACE + "/Topics/{topic_name}",
        since=_VERSION,
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def create_topic(
        self, namespace_name: str, topic_name: str, body: TopicDescription
    ) -> Entry[TopicDescription] | Made:
        """Create a topic (201), or change one, which takes an ``If-Match`` (200)."""

    @operation("DELETE", _NAMESPACE + "/Topics/{topic_name}", since=_VERSION, errors=(ResourceNotFound,))
    def delete_topic(self, namespace_name: str, topic_name: str) -> None:
        """Delete a topic."""

    # -- notification hubs ----------------------------------------------------------------------------------------

    @operation("GET", _NAMESPACE + "/NotificationHubs", since=_VERSION, errors=(ResourceNotFound,))
    def list_notification_hubs(self, namespace_name: str) -> Feed[NotificationHubDescription]:
        """List the notification hubs of a namespace."""

    @operation("GET", _NAMESPACE + "/NotificationHubs/{hub_name}", since=_VERSION, errors=(ResourceNotFound,))
    def get_notification_hub(self, namespace_name: str, hub_name: str) -> Entry[NotificationHubDescription]:
        """Read a notification hub."""

    @operation(
        "PUT",
        _NAMESPACE + "/NotificationHubs/{hub_name}",
        since=_VERSION,
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def create_notification_hub(
        self, namespace_name: str, hub_name: str, body: NotificationHubDescription
    ) -> Entry[NotificationHubDescription] | Made:
        """Create a notification hub (201), or change one, which takes an ``If-Match`` (200)."""

    @operation("DELETE", _NAMESPACE + "/NotificationHubs/{hub_name}", since=_VERSION, errors=(ResourceNotFound,))
    def delete_notification_hub(self, namespace_name: str, hub_name: str) -> None:
        """Delete a notification hub."""

    # -- relays ---------------------------------------------------------------------------------------------------

    @operation("GET", _NAMESPACE + "/Relays", since=_VERSION, errors=(ResourceNotFound,))
    def list_relays(self, namespace_name: str) -> Feed[RelayDescription]:
        """List the relays of a namespace."""

    @operation("GET", _NAMESPACE + "/Relays/{relay_name}", since=_VERSION, errors=(ResourceNotFound,))
    def get_relay(self, namespace_name: str, relay_name: str) -> Entry[RelayDescription]:
        """Read a relay."""

    @operation(
        "PUT",
        _NAMESPACE + "/Relays/{relay_name}",
        since=_VERSION,
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def create_relay(
        self, namespace_name: str, relay_name: str, body: RelayDescription
    ) -> Entry[RelayDescription] | Made:
        """Create a relay (201), or change one, which takes an ``If-Match`` (200)."""

    @operation("DELETE", _NAMESPACE + "/Relays/{relay_name}", since=_VERSION, errors=(ResourceNotFound,))
    def delete_relay(self, namespace_name: str, relay_name: str) -> None:
        """Delete a relay."""

    # -- of any of the four ---------------------------------------------------------------------------------------

    @operation("GET", _ENTITY + "/ConnectionDetails", since=_VERSION, errors=(ResourceNotFound,))
    def list_entity_connection_details(
        self, namespace_name: str, kind: str, entity_name: str
    ) -> Feed[ConnectionDetail]:
        """List what it takes to connect to a queue, topic, notification hub or relay."""

    @operation("GET", _ENTITY + "/Metrics", since=_VERSION, errors=(ResourceNotFound,))
    def list_supported_metrics(self, namespace_name: str, kind: str, entity_name: str) -> Feed[Metric]:
        """List what is measured of a queue, topic, notification hub or relay."""

    @operation("GET", _ENTITY + "/Metrics/{metric}/Rollups", since=_VERSION, errors=(ResourceNotFound,))
    def list_metric_rollups(self, namespace_name: str, kind: str, entity_name: str, metric: str) -> Feed[MetricRollup]:
        """List over which lengths of time a measurement is gathered."""

    @operation(
        "GET",
        _ENTITY + "/Metrics/{metric}/Rollups/{rollup}/Values?$filter={time_filter}",
        since=_VERSION,
        errors=(BadRequest, ResourceNotFound),
    )
    def list_metric_values(
        self,
        namespace_name: str,
        kind: str,
        entity_name: str,
        metric: str,
        rollup: str,
        time_filter: str | None = None,
    ) -> Feed[MetricValue]:
        """List what was measured, for instance since a time (``Timestamp gt datetime'2014-10-01T00:00:00Z'``)."""
