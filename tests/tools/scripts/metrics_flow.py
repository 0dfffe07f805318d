"""What the official Python SDK is told of measurements: of a queue, a topic, a notification hub and a relay.

usage: metrics_flow.py HOST NAMESPACE   with AZURE_MANAGEMENT_CERTFILE, AZURE_MANAGEMENT_SUBSCRIPTIONID,
REQUESTS_CA_BUNDLE; the namespace has a nodequeue, a nodetopic, a nodehub and a noderelay, which nobody has used

Runs in a Python that has only the SDK.
"""

import os
import sys

from azure.common import AzureHttpError, AzureMissingResourceHttpError
from azure.servicemanagement import ServiceBusManagementService
from sdk_flows import refused

MEASURED = {
    "queue": ("nodequeue", {"size", "length", "incoming"}),
    "topic": ("nodetopic", {"size", "length", "incoming"}),
    "notification_hub": ("nodehub", {"registration.all", "incoming"}),
    "relay": ("noderelay", {"listeners.active", "connections.active"}),
}
SINCE = "$filter=Timestamp gt datetime'2014-10-02T00:00:00Z'"


def main():
    who = os.environ["AZURE_MANAGEMENT_SUBSCRIPTIONID"], os.environ["AZURE_MANAGEMENT_CERTFILE"]
    bus = ServiceBusManagementService(*who, host=sys.argv[1])
    namespace = sys.argv[2]
    assert [one.name for one in bus.list_namespaces()] == [namespace]
    for kind, (name, expected) in MEASURED.items():
        supported, rollups, values = (
            getattr(bus, f"get_{what}_{kind}") for what in ("supported_metrics", "metrics_rollups", "metrics_data")
        )
        assert len(getattr(bus, f"list_{kind}s")(namespace)) == 1
        metrics = {one.name: one for one in supported(namespace, name)}
        assert expected <= metrics.keys(), metrics.keys()
        for metric in expected:
            assert metrics[metric].unit in ("Bytes", "Count") and metrics[metric].display_name, metric
            grains = {one.time_grain: one.retention for one in rollups(namespace, name, metric)}
            assert grains["PT1H"] == "P7D", grains
            assert list(values(namespace, name, metric, "PT1H", SINCE)) == []  # nothing has gone through it
            refused(AzureMissingResourceHttpError, values, namespace, name, metric, "PT7M", SINCE)
            refused(AzureHttpError, values, namespace, name, metric, "PT1H", "$filter=Colour eq 'red'")
        refused(AzureMissingResourceHttpError, supported, namespace, "missing")
        refused(AzureMissingResourceHttpError, rollups, namespace, name, "missing")
    print("done")


if __name__ == "__main__":
    main()
