"""What is measured of queues, topics, notification hubs and relays: nothing, but it can be asked for."""

from __future__ import annotations

import re
from typing import Final, TypeVar

from asm_contracts.areas import service_bus as wire
from asm_contracts.atom import Entry, Feed
from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed, documented
from asm_emulator.areas.service_bus.common import AtomArea
from asm_emulator.areas.service_bus.entities import find_entity

T = TypeVar("T")

SOURCE: Final = "https://sbgm.windows.net/"
_FILTER: Final = re.compile(
    r"\s*Timestamp\s+(gt|ge|lt|le|eq)\s+datetime'[0-9T:.Z+-]+'(\s+and\s+Timestamp\s+(gt|ge|lt|le)\s+datetime'[0-9T:.Z+-]+')?\s*\Z",
    re.IGNORECASE,
)


def _metric(name: str, aggregation: str, unit: str, title: str) -> wire.Metric:
    return wire.Metric(name=name, primary_aggregation=aggregation, unit=unit, display_name=title)


_REQUESTS: Final = (
    _metric("requests.total", "Total", "Count", "Total requests"),
    _metric("requests.successful", "Total", "Count", "Successful requests"),
    _metric("requests.failed", "Total", "Count", "Failed requests"),
    _metric("requests.failed.internalservererror", "Total", "Count", "Internal server errors"),
    _metric("requests.failed.serverbusy", "Total", "Count", "Server busy errors"),
    _metric("requests.failed.other", "Total", "Count", "Other errors"),
)

METRICS: Final[dict[str, tuple[wire.Metric, ...]]] = {
    "queues": (
        _metric("size", "Max", "Bytes", "Queue size"),
        _metric("length", "Max", "Count", "Queue length"),
        _metric("incoming", "Total", "Count", "Incoming messages"),
        _metric("outgoing", "Total", "Count", "Outgoing messages"),
        *_REQUESTS,
    ),
    "topics": (
        _metric("size", "Max", "Bytes", "Topic size"),
        _metric("length", "Max", "Count", "Topic length"),
        _metric("incoming", "Total", "Count", "Incoming messages"),
        _metric("outgoing", "Total", "Count", "Outgoing messages"),
        *_REQUESTS,
    ),
    "notificationhubs": (
        _metric("registration.all", "Total", "Count", "Registration operations"),
        _metric("incoming", "Total", "Count", "Incoming messages"),
        _metric("scheduled", "Total", "Count", "Scheduled notifications"),
        _metric("outgoing.allpns.success", "Total", "Count", "Successful notifications"),
    ),
    "relays": (
        _metric("listeners.active", "Average", "Count", "Active listeners"),
        _metric("connections.active", "Average", "Count", "Active connections"),
        *_REQUESTS,
    ),
}
"""What is measured, by kind of entity."""

ROLLUPS: Final = (
    wire.MetricRollup(time_grain="PT5M", retention="P1D"),
    wire.MetricRollup(time_grain="PT1H", retention="P7D"),
    wire.MetricRollup(time_grain="P1D", retention="P30D"),
    wire.MetricRollup(time_grain="P7D", retention="P90D"),
)
"""Over which lengths of time measurements are gathered, and how long they are kept."""


class MetricOperations(AtomArea, wire.ServiceBusContract):
    """Metrics, as the metrics service behind Service Bus tells them."""

    def _told(self, title: str, key: str, contents: list[tuple[str, T]]) -> Feed[T]:
        return Feed(
            entries=tuple(
                Entry(content=content, id=f"{SOURCE}{title}('{name}')", updated=self.now, author="")
                for name, content in contents
            ),
            id=f"{SOURCE}{key}",
            title=title,
            updated=self.now,
            link=title,
        )

    @documented("which metrics there are, in part; the rest assumed")
    def list_supported_metrics(self, namespace_name: str, kind: str, entity_name: str) -> Feed[wire.Metric]:
        found = self._metrics(namespace_name, kind, entity_name)
        return self._told("Metrics", "Metrics", [(one.name or "", one) for one in found])

    @assumed("the lengths of time and how long they are kept")
    def list_metric_rollups(
        self, namespace_name: str, kind: str, entity_name: str, metric: str
    ) -> Feed[wire.MetricRollup]:
        name = self._find(namespace_name, kind, entity_name, metric).name
        key = f"Metrics('{name}')/Rollups"
        return self._told("Rollups", key, [(one.time_grain or "", one) for one in ROLLUPS])

    @assumed("an entity through which no message has gone has no values")
    def list_metric_values(
        self,
        namespace_name: str,
        kind: str,
        entity_name: str,
        metric: str,
        rollup: str,
        time_filter: str | None = None,
    ) -> Feed[wire.MetricValue]:
        name = self._find(namespace_name, kind, entity_name, metric).name
        if all((one.time_grain or "").lower() != rollup.lower() for one in ROLLUPS):
            raise ResourceNotFound(f"The rollup {rollup} does not exist.")
        if time_filter is not None and not _FILTER.match(time_filter):
            raise BadRequest("The filter is invalid.")
        return self._told("MetricValues", f"Metrics('{name}')/Rollups('{rollup}')/Values", [])

    def _metrics(self, namespace_name: str, kind: str, entity_name: str) -> tuple[wire.Metric, ...]:
        find_entity(self.state, namespace_name, kind, entity_name)
        return METRICS[kind.lower()]

    def _find(self, namespace_name: str, kind: str, entity_name: str, metric: str) -> wire.Metric:
        for one in self._metrics(namespace_name, kind, entity_name):
            if (one.name or "").lower() == metric.lower():
                return one
        raise ResourceNotFound(f"The metric {metric} does not exist.")
