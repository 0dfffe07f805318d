"""One Service Bus namespace in the hands of several clients: each does what its library can."""

from __future__ import annotations

import urllib.request
from pathlib import Path
from typing import Any

from tests.tools.flows import SCRIPTS, node_environment, python_environment, run, run_node_flow
from tests.tools.noting import note_operations

import asm_client
from asm_contracts.areas.service_bus import NotificationHubDescription, RelayDescription


def test_messaging(node: Path, python: Path, cloud: Any, home: Path, plain_environment: Any, keypair: Any) -> None:
    plain = plain_environment(home)
    env = node_environment(node, cloud, plain, keypair)
    run_node_flow(cloud, env, "messaging")
    note_operations(cloud.control)
    # No library of old could make these two: the portal could.  What we do for it is not what they were seen to do.
    ours = asm_client.connect(
        cloud.subscription, cloud.certs / "management.pem", host=f"localhost:{cloud.port}", ca=cloud.certs / "ca.pem"
    )
    ours.create_notification_hub("nodenamespace", "nodehub", NotificationHubDescription())
    ours.create_relay("nodenamespace", "noderelay", RelayDescription(listener_type="NetTcp"))
    urllib.request.urlopen(urllib.request.Request(f"{cloud.control}/requests", method="DELETE"), timeout=60).close()
    run(
        [str(python), str(SCRIPTS / "metrics_flow.py"), f"localhost:{cloud.port}", "nodenamespace"],
        python_environment(cloud, plain),
    )
    run_node_flow(cloud, env, "hubs")
