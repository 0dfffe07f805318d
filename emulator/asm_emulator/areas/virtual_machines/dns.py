"""The name servers of a deployment."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import replace

from asm_contracts import roles as wire
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed
from asm_emulator import model
from asm_emulator.deployed import by_private_id, put_deployment
from asm_emulator.engine import effect
from asm_emulator.state import Draft


@assumed("no refusal of a name server was recorded")
def check_address(address: str | None) -> str:
    """The address of a name server; BadRequest for anything else."""
    try:
        ipaddress.ip_address(address or "")
    except ValueError:
        raise BadRequest(f"The address {address or ''} of the DNS server is invalid.") from None
    return address or ""


@assumed("no refusal of a name server was recorded")
def check_dns_server(server: wire.DnsServer, others: Iterable[wire.DnsServer]) -> wire.DnsServer:
    """A name server to be added; BadRequest for a wrong one, ConflictError for a name that is there."""
    if not server.name or "/" in server.name:
        raise BadRequest("The name of the DNS server is invalid.")
    if any((one.name or "").lower() == server.name.lower() for one in others):
        raise ConflictError(f"A DNS server with the name {server.name} already exists.")
    return wire.DnsServer(name=server.name, address=check_address(server.address))


@assumed("no refusal of a name server was recorded")
def find_dns_server(deployment: model.Deployment, name: str) -> wire.DnsServer:
    """The name server of this name, or ResourceNotFound."""
    for server in deployment.dns_servers:
        if (server.name or "").lower() == name.lower():
            return server
    raise ResourceNotFound(f"The DNS server {name} does not exist.")


@effect
def dns_server_set(draft: Draft, service_name: str, private_id: str, name: str, address: str | None) -> None:
    """The end of a change of name servers: added, given another address, or (without an address) gone."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    servers = deployment.dns_servers
    known = any(one.name == name for one in servers)
    if address is None:
        servers = tuple(one for one in servers if one.name != name)
    elif known:
        servers = tuple(replace(one, address=address) if one.name == name else one for one in servers)
    else:
        servers = (*servers, wire.DnsServer(name=name, address=address))
    put_deployment(draft, service_name, replace(deployment, dns_servers=servers, modified=draft.now))
