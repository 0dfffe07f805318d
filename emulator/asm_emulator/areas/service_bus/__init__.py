"""Service Bus."""

from __future__ import annotations

from asm_emulator.areas.service_bus.entities import EntityOperations
from asm_emulator.areas.service_bus.keys import KeyOperations
from asm_emulator.areas.service_bus.metrics import MetricOperations
from asm_emulator.areas.service_bus.namespaces import NamespaceOperations


class ServiceBusArea(NamespaceOperations, KeyOperations, EntityOperations, MetricOperations):
    """Namespaces, their keys, and the queues, topics, notification hubs and relays in them."""


__all__ = ["ServiceBusArea"]
