"""Queues, topics, notification hubs and relays."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from asm_contracts.areas import service_bus as wire
from asm_contracts.atom import Entry, Feed
from asm_contracts.document import elements
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, documented, recorded
from asm_contracts.operation import Made
from asm_emulator.areas.service_bus.common import AtomArea, endpoint, find_namespace, make_key, put_namespace, stamp
from asm_emulator.areas.service_bus.keys import checked_key, checked_rights, connection_detail
from asm_emulator.service_bus_model import Entity, Namespace, SharedKey
from asm_emulator.state import Draft

API: Final = "api-version=2012-03"
FOREVER: Final = "P10675199DT2H48M5.4775807S"
"""The longest span of time there is: what never ends lasts so long (documented)."""
_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,258}[A-Za-z0-9._-])?\Z")
_SPAN: Final = re.compile(r"P(?=.)(?:\d{1,8}D)?(?:T(?=.)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}(?:\.\d{1,7})?S)?)?\Z")
_SIZES: Final = (1024, 2048, 3072, 4096, 5120)
_SPANS: Final = (
    "lock_duration", "default_message_time_to_live", "duplicate_detection_history_time_window",
    "auto_delete_on_idle", "registration_ttl",
)  # fmt: skip
_FIXED: Final = ("requires_duplicate_detection", "requires_session")
"""What cannot be changed once it is made (documented)."""

KINDS: Final = {one.lower(): one for one in ("Queues", "Topics", "NotificationHubs", "Relays")}

_NO_COUNTS: Final = wire.CountDetails(
    active_message_count=0,
    dead_letter_message_count=0,
    scheduled_message_count=0,
    transfer_message_count=0,
    transfer_dead_letter_message_count=0,
)

DEFAULTS: Final[dict[str, Any]] = {
    "Queues": wire.QueueDescription(
        lock_duration="PT1M",
        max_size_in_megabytes=1024,
        requires_duplicate_detection=False,
        requires_session=False,
        default_message_time_to_live=FOREVER,
        dead_lettering_on_message_expiration=False,
        duplicate_detection_history_time_window="PT10M",
        max_delivery_count=10,
        enable_batched_operations=True,
        is_anonymous_accessible=False,
        authorization_rules=(),
        status="Active",
        support_ordering=True,
        auto_delete_on_idle=FOREVER,
        entity_availability_status="Available",
    ),
    "Topics": wire.TopicDescription(
        default_message_time_to_live=FOREVER,
        max_size_in_megabytes=1024,
        requires_duplicate_detection=False,
        duplicate_detection_history_time_window="PT10M",
        enable_batched_operations=True,
        filtering_messages_before_publishing=False,
        is_anonymous_accessible=False,
        authorization_rules=(),
        status="Active",
        support_ordering=True,
        auto_delete_on_idle=FOREVER,
        entity_availability_status="Available",
    ),
    "NotificationHubs": wire.NotificationHubDescription(registration_ttl=FOREVER, authorization_rules=()),
    "Relays": wire.RelayDescription(listener_type="NetTcp"),
}
"""What an entity has that was not told otherwise (documented, but for availability)."""

_MEASURED: Final = {
    "size_in_bytes": 0, "message_count": 0, "count_details": _NO_COUNTS, "subscription_count": 0, "listener_count": 0,
}  # fmt: skip
"""What is counted, and never told: nothing, as nobody sends messages through an emulator."""


def find_entity(draft: Draft, namespace_name: str, kind: str, name: str) -> tuple[Namespace, Entity]:
    """An entity and its namespace; ResourceNotFound unless both exist."""
    namespace = find_namespace(draft, namespace_name)
    found = namespace.entities.get((KINDS.get(kind.lower(), ""), name.lower()))
    if found is None:
        raise ResourceNotFound(f"The entity {name} does not exist.")
    return namespace, found


def entity_keys(entity: Entity) -> list[SharedKey]:
    """The keys of an entity alone."""
    rules = getattr(entity.description, "authorization_rules", None) or ()
    return [
        SharedKey(
            name=one.key_name or "",
            rights=one.rights or (),
            primary=one.primary_key or "",
            secondary=one.secondary_key or "",
            created=one.created_time or entity.created,
            modified=one.modified_time or entity.updated,
        )
        for one in rules
    ]


@assumed("which values are refused is documented, but not how")
def checked_description(given: Any, before: Any) -> Any:
    """A description made whole with what was there before; BadRequest for one that makes no sense."""
    changes: dict[str, Any] = {}
    kind: type = type(given)
    for declared in elements(kind):
        value = getattr(given, declared.attribute)
        changes[declared.attribute] = getattr(before, declared.attribute) if value is None else value
    for name in _SPANS:
        if changes.get(name) is not None and not _SPAN.match(changes[name]):
            raise BadRequest(f"The value of {name} is no span of time.")
    size = changes.get("max_size_in_megabytes")
    if size is not None and size not in _SIZES:
        raise BadRequest("The size is invalid.")
    if (changes.get("max_delivery_count") or 1) < 1:
        raise BadRequest("The delivery count is invalid.")
    if changes.get("status") not in (None, "Active", "Disabled", "SendDisabled", "ReceiveDisabled"):
        raise BadRequest("The status is invalid.")
    return kind(**changes)


class EntityOperations(AtomArea, wire.ServiceBusContract):
    """Queues, topics, notification hubs and relays: kept, and never used."""

    # -- of every kind --------------------------------------------------------------------------------------------

    def _entry_of(self, namespace: Namespace, entity: Entity) -> Entry[Any]:
        return Entry(
            content=self._whole(entity),
            id=f"{endpoint(namespace.name)}{entity.name}?{API}",
            title=entity.name,
            published=entity.created,
            updated=entity.updated,
            author=namespace.name,
            link=f"{endpoint(namespace.name)}{entity.name}?{API}",
        )

    def _whole(self, entity: Entity) -> Any:
        """An entity's description with what the service adds to it."""
        description = entity.description
        kind: type = type(description)
        has = {declared.attribute for declared in elements(kind)}
        changes: dict[str, Any] = {name: value for name, value in _MEASURED.items() if name in has}
        if "created_at" in has:
            changes |= {"created_at": entity.created, "updated_at": entity.updated}
        if "accessed_at" in has:
            changes["accessed_at"] = _NEVER
        if "path" in has:
            changes["path"] = entity.name
        return replace(description, **changes)

    @recorded("a feed has the kind as its title and its own address as id and link, and no XML declaration")
    def _list(self, namespace_name: str, kind: str) -> Feed[Any]:
        namespace = find_namespace(self.state, namespace_name)
        address = f"{endpoint(namespace.name)}$Resources/{kind}?{API}"
        found = [namespace.entities[key] for key in sorted(namespace.entities) if key[0] == kind]
        return Feed(
            entries=tuple(replace(self._entry_of(namespace, one), base=address) for one in found),
            id=address,
            title=kind,
            updated=self.now,
            link=address,
        )

    def _get(self, namespace_name: str, kind: str, name: str) -> Entry[Any]:
        return self._entry_of(*find_entity(self.state, namespace_name, kind, name))

    @documented("creating what exists is a conflict; changing takes an If-Match")
    def _put_entity(self, namespace_name: str, kind: str, name: str, body: Any) -> Entry[Any] | Made:
        namespace = find_namespace(self.state, namespace_name)
        if not _NAME.match(name):
            raise BadRequest("The entity name is invalid.")
        key = (kind, name.lower())
        before = namespace.entities.get(key)
        if any(other[1] == key[1] and other[0] != kind for other in namespace.entities):
            raise ConflictError("An entity of another kind has this name.")
        changes = self.request.if_match is not None
        if before is None and changes:
            raise ResourceNotFound(f"The entity {name} does not exist.")
        if before is not None and not changes:
            raise ConflictError("The entity exists.")
        if namespace.status != "Active":
            raise ConflictError("The namespace is not active.")
        description = checked_description(body, before.description if before else DEFAULTS[kind])
        for fixed in _FIXED:
            if before is not None and getattr(description, fixed, None) != getattr(before.description, fixed, None):
                raise BadRequest(f"The value of {fixed} cannot be changed.")
        description = self._with_keys(namespace.name, name, description)
        now = stamp(self.now)
        made = Entity(
            name=before.name if before else name,
            description=description,
            created=before.created if before else now,
            updated=now,
        )
        put_namespace(self.state, replace(namespace, entities=namespace.entities.insert(key, made)))
        entry = self._entry_of(namespace, made)
        return entry if before else Made(entry)

    def _with_keys(self, namespace: str, name: str, description: Any) -> Any:
        rules = getattr(description, "authorization_rules", None)
        if not rules:
            return description
        now = stamp(self.now)
        made = []
        for rule in rules:
            if not rule.key_name:
                raise BadRequest("The authorization rule is invalid.")
            made.append(
                wire.SharedAccessAuthorizationRule(
                    claim_type=rule.claim_type or "SharedAccessKey",
                    claim_value=rule.claim_value or "None",
                    rights=checked_rights(rule.rights),
                    created_time=rule.created_time or now,
                    modified_time=now,
                    key_name=rule.key_name,
                    primary_key=checked_key(rule.primary_key)
                    or self._entity_key("primary", namespace, name, rule.key_name),
                    secondary_key=checked_key(rule.secondary_key)
                    or self._entity_key("secondary", namespace, name, rule.key_name),
                    revision=rule.revision,
                )
            )
        return replace(description, authorization_rules=tuple(made))

    def _entity_key(self, *of: str) -> str:
        return make_key(self.state, *of, self.request.request_id)

    def _delete(self, namespace_name: str, kind: str, name: str) -> None:
        namespace, found = find_entity(self.state, namespace_name, kind, name)
        put_namespace(self.state, replace(namespace, entities=namespace.entities.remove((kind, found.name.lower()))))

    @assumed("the keys are those of the entity alone, and each connection string names the entity")
    def list_entity_connection_details(
        self, namespace_name: str, kind: str, entity_name: str
    ) -> Feed[wire.ConnectionDetail]:
        namespace, found = find_entity(self.state, namespace_name, kind, entity_name)
        return self.feed([connection_detail(namespace.name, one, found.name) for one in entity_keys(found)])

    # -- queues ---------------------------------------------------------------------------------------------------

    def list_queues(self, namespace_name: str) -> Feed[wire.QueueDescription]:
        return self._list(namespace_name, "Queues")

    def get_queue(self, namespace_name: str, queue_name: str) -> Entry[wire.QueueDescription]:
        return self._get(namespace_name, "Queues", queue_name)

    def create_queue(
        self, namespace_name: str, queue_name: str, body: wire.QueueDescription
    ) -> Entry[wire.QueueDescription] | Made:
        return self._put_entity(namespace_name, "Queues", queue_name, body)

    def delete_queue(self, namespace_name: str, queue_name: str) -> None:
        self._delete(namespace_name, "Queues", queue_name)

    # -- topics ---------------------------------------------------------------------------------------------------

    def list_topics(self, namespace_name: str) -> Feed[wire.TopicDescription]:
        return self._list(namespace_name, "Topics")

    def get_topic(self, namespace_name: str, topic_name: str) -> Entry[wire.TopicDescription]:
        return self._get(namespace_name, "Topics", topic_name)

    def create_topic(
        self, namespace_name: str, topic_name: str, body: wire.TopicDescription
    ) -> Entry[wire.TopicDescription] | Made:
        return self._put_entity(namespace_name, "Topics", topic_name, body)

    def delete_topic(self, namespace_name: str, topic_name: str) -> None:
        self._delete(namespace_name, "Topics", topic_name)

    # -- notification hubs ----------------------------------------------------------------------------------------

    def list_notification_hubs(self, namespace_name: str) -> Feed[wire.NotificationHubDescription]:
        return self._list(namespace_name, "NotificationHubs")

    def get_notification_hub(self, namespace_name: str, hub_name: str) -> Entry[wire.NotificationHubDescription]:
        return self._get(namespace_name, "NotificationHubs", hub_name)

    def create_notification_hub(
        self, namespace_name: str, hub_name: str, body: wire.NotificationHubDescription
    ) -> Entry[wire.NotificationHubDescription] | Made:
        return self._put_entity(namespace_name, "NotificationHubs", hub_name, body)

    def delete_notification_hub(self, namespace_name: str, hub_name: str) -> None:
        self._delete(namespace_name, "NotificationHubs", hub_name)

    # -- relays ---------------------------------------------------------------------------------------------------

    def list_relays(self, namespace_name: str) -> Feed[wire.RelayDescription]:
        return self._list(namespace_name, "Relays")

    def get_relay(self, namespace_name: str, relay_name: str) -> Entry[wire.RelayDescription]:
        return self._get(namespace_name, "Relays", relay_name)

    def create_relay(
        self, namespace_name: str, relay_name: str, body: wire.RelayDescription
    ) -> Entry[wire.RelayDescription] | Made:
        return self._put_entity(namespace_name, "Relays", relay_name, body)

    def delete_relay(self, namespace_name: str, relay_name: str) -> None:
        self._delete(namespace_name, "Relays", relay_name)
