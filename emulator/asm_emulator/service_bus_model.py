"""The frozen entities of Service Bus."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Any

from rpds import HashTrieMap

from asm_contracts.frozen import frozen


@frozen
class SharedKey:
    """A key with what it gives the right to."""

    name: str
    rights: tuple[str, ...]
    primary: str
    secondary: str
    created: datetime
    modified: datetime
    claim_type: str = "SharedAccessKey"
    claim_value: str = "None"
    revision: int = 0


@frozen
class Entity:
    """A queue, topic, notification hub or relay, with the document it was described by."""

    name: str
    description: Any
    """A document of `asm_contracts.areas.service_bus`, whole."""
    created: datetime
    updated: datetime


@frozen
class Namespace:
    """A namespace; its keys and entities are kept by their names in lower case."""

    name: str
    region: str
    created: datetime
    updated: datetime
    default_key: str
    status: str = "Activating"
    enabled: bool = True
    with_access_control: bool = True
    type: str = "Messaging"
    rules: HashTrieMap[str, SharedKey] = field(default_factory=HashTrieMap)
    entities: HashTrieMap[tuple[str, str], Entity] = field(default_factory=HashTrieMap)
    """By kind (``Queues``, ``Topics``, ``NotificationHubs``, ``Relays``) and name."""
