"""The file with which a remote desktop client connects to a machine."""

from __future__ import annotations

from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed, recorded
from asm_contracts.operation import RawBody
from asm_emulator import model
from asm_emulator.areas.virtual_machines.common import instance_of, machine_of

REMOTE_DESKTOP = 3389
CONTENT_TYPE = "application/octet-stream"


@recorded("the refusal of a machine without such an endpoint")
@assumed("the lines of the file; the text for an unknown instance is recorded of reading one")
def rdp_file(service: model.HostedService, deployment: model.Deployment, instance_name: str) -> RawBody:
    """The file for an instance.  ResourceNotFound if there is none, BadRequest if remote desktop cannot reach it."""
    machine = machine_of(deployment, instance_name)
    if machine is None or instance_of(deployment, instance_name) is None:
        raise ResourceNotFound("Role instance name is not valid.")
    for endpoint in machine.network.input_endpoints or ():
        if endpoint.local_port == REMOTE_DESKTOP and endpoint.protocol == "tcp":
            lines = (
                f"full address:s:{service.name.lower()}.cloudapp.net:{endpoint.port}",
                "prompt for credentials:i:1",
                "",
            )
            return RawBody("\r\n".join(lines).encode(), CONTENT_TYPE)
    raise BadRequest("An external endpoint to the Remote Desktop port (3389) must first be added to the role.")
