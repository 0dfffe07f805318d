"""What sites and farms use: nothing, for no request ever reaches a site that is not there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from asm_contracts.areas.websites import (
    MetricAvailability,
    MetricData,
    MetricDefinition,
    MetricDefinitions,
    MetricResponse,
    MetricResponses,
    SiteMeasureContract,
    Usage,
    Usages,
)
from asm_contracts.document import NIL
from asm_contracts.evidence import assumed, documented, recorded
from asm_emulator.areas.websites.common import WebArea, bad_request, farm_of
from asm_emulator.catalogue.web_regions import GRAINS, METRICS, Metric

HOUR: Final = timedelta(hours=1)
FARM_METRICS: Final = (
    Metric(name="CpuPercentage", display_name="CPU Percentage", unit="Percent", aggregation="Average"),
    Metric(name="MemoryPercentage", display_name="Memory Percentage", unit="Percent", aggregation="Average"),
    Metric(name="DiskQueueLength", display_name="Disk Queue Length", unit="Count", aggregation="Average"),
    Metric(name="HttpQueueLength", display_name="Http Queue Length", unit="Count", aggregation="Average"),
    Metric(name="BytesReceived", display_name="Data In", unit="Bytes"),
    Metric(name="BytesSent", display_name="Data Out", unit="Bytes"),
)
"""The metrics of a farm (documented)."""

# name, display name, unit, limit of a free and of any other site; per day unless it is a state
_USAGES: Final = (
    ("CPUTime", "CPU Time", "Milliseconds", 3_600_000, -1, "day"),
    ("BytesReceived", "Data In", "Bytes", -1, -1, "day"),
    ("BytesSent", "Data Out", "Bytes", 173_015_040, -1, "day"),
    ("LocalBytesRead", "Local bytes read", "Bytes", -1, -1, "day"),
    ("LocalBytesWritten", "Local bytes written", "Bytes", -1, -1, "day"),
    ("NetworkBytesRead", "Network bytes read", "Bytes", -1, -1, "day"),
    ("NetworkBytesWritten", "Network bytes written", "Bytes", -1, -1, "day"),
    ("WPStopRequests", "WP stop requests", "Count", -1, -1, "day"),
    ("MemoryUsage", "Memory Usage", "Megabytes", 1024, -1, "hour"),
    ("CPUTimeMinuteLimit", "CPU Time - Minute Limit", "Milliseconds", 180_000, -1, "minutes"),
    ("FileSystemStorage", "File System Storage", "Bytes", 1_073_741_824, 53_687_091_200, "never"),
)


@recorded("the answers, without samples")
@assumed("the refusals, and that metrics nobody knows are an answer of their own")
def metric_responses(
    now: datetime,
    known: tuple[Metric, ...],
    names: str | None,
    start_time: str | None,
    end_time: str | None,
    time_grain: str | None,
) -> MetricResponses:
    """The answers for some metrics, or for all: of the current hour unless another span is given, by the hour."""
    start = _time(start_time, now.replace(minute=0, second=0, microsecond=0), "StartTime")
    end = _time(end_time, now, "EndTime")
    if end < start:
        raise bad_request("EndTime must not be before StartTime.")
    grain = (time_grain or "PT1H").strip().upper()
    if grain not in dict(GRAINS):
        raise bad_request("The time grain {0} is not supported.", time_grain or "")
    asked = [name.strip() for name in (names or "").split(",") if name.strip()]
    by_name = {metric.name.lower(): metric for metric in known}
    found: list[MetricResponse] = []
    for name in asked or [metric.name for metric in known]:
        metric = by_name.get(name.lower())
        if metric is None:
            found.append(MetricResponse(code="NotFound", data=NIL, message=f"Metric {name} was not found."))
            continue
        found.append(
            MetricResponse(
                code="Success",
                data=MetricData(
                    display_name=metric.display_name,
                    end_time=end,
                    name=metric.name,
                    primary_aggregation_type=metric.aggregation,
                    start_time=start,
                    time_grain=grain,
                    unit=metric.unit,
                ),
            )
        )
    return MetricResponses(items=tuple(found))


def _time(text: str | None, default: datetime, name: str) -> datetime:
    if not text:
        return default
    try:
        found = datetime.fromisoformat(text.strip().replace(" ", "+"))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise bad_request("The value {0} of {1} is no time.", text, name) from None


class SiteMeasureArea(WebArea, SiteMeasureContract):
    """Reads usages and metrics."""

    @documented("the names and what they measure; limits of free sites, and that they are reset every day")
    @assumed("limits of other tiers")
    def get_site_usages(self, webspace_name: str, website_name: str) -> Usages:
        site = self.site(webspace_name, website_name)
        free = farm_of(self.state, site).sku == "Free"
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        resets = {
            "day": midnight,
            "hour": self.now.replace(minute=0, second=0, microsecond=0) + HOUR,
            "minutes": self.now.replace(minute=self.now.minute // 5 * 5, second=0, microsecond=0)
            + timedelta(minutes=5),
        }
        return Usages(
            items=tuple(
                Usage(
                    compute_mode=site.compute_mode or NIL,
                    current_value=0,
                    display_name=display_name,
                    limit=limit_of_free if free else limit,
                    name=name,
                    next_reset_time=resets.get(reset, NIL),
                    resource_name="WebSites",
                    site_mode=site.site_mode or NIL,
                    unit=unit,
                )
                for name, display_name, unit, limit_of_free, limit, reset in _USAGES
            )
        )

    def get_historical_usage_metrics(
        self,
        webspace_name: str,
        website_name: str,
        names: str | None = None,
        start_time: str | None = None,
        end_time: str | None = None,
        time_grain: str | None = None,
        details: bool | None = None,  # noqa: ARG002
        slot_view: bool | None = None,  # noqa: ARG002
    ) -> MetricResponses:
        self.site(webspace_name, website_name)
        return metric_responses(self.now, METRICS, names, start_time, end_time, time_grain)

    @assumed("which fifteen metrics are defined; only their number was seen")
    def get_metric_definitions(self, webspace_name: str, website_name: str) -> MetricDefinitions:
        self.site(webspace_name, website_name)
        kept = tuple(MetricAvailability(retention=kept_for, time_grain=grain) for grain, kept_for in GRAINS)
        return MetricDefinitions(
            items=tuple(
                MetricDefinition(
                    display_name=metric.display_name,
                    metric_availabilities=kept,
                    name=metric.name,
                    primary_aggregation_type=metric.aggregation,
                    unit=metric.unit,
                )
                for metric in METRICS
                if metric.defined
            )
        )
