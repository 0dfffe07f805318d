"""The virtual IPs of a deployment: the first one, which every deployment has, and those that were added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from asm_contracts import roles as wire
from asm_contracts.areas.deployments import VirtualIP
from asm_contracts.errors import BadRequest
from asm_contracts.evidence import assumed, documented
from asm_emulator import model
from asm_emulator.state import Draft


def has_endpoints(deployment: model.Deployment) -> bool:
    """Whether any role of a deployment has an input endpoint: the name of the virtual IP depends on it (recorded)."""
    return any(machine.network.input_endpoints for machine in deployment.machines) or any(
        role.endpoints for role in deployment.package_roles
    )


def vip_name(deployment: model.Deployment) -> str:
    """The name of a deployment's virtual IP (recorded)."""
    if deployment.vip_name is not None:
        return deployment.vip_name
    return f"{deployment.name}ContractContract" if has_endpoints(deployment) else "__PseudoBackEndContractVip"


@documented("a further virtual IP has an address from its first endpoint on")
@assumed("that it loses the address with the last one, and when all machines are deallocated as the first one does")
def addressed(draft: Draft, deployment: model.Deployment) -> model.Deployment:
    """The deployment with an address for each further virtual IP that an endpoint uses."""
    if not deployment.virtual_ips:
        return deployment
    used = named_virtual_ips(deployment.machines) if deployment.vip is not None else frozenset()
    made = tuple(
        replace(one, address=(one.address or draft.take_public_address()) if one.name.lower() in used else None)
        for one in deployment.virtual_ips
    )
    return replace(deployment, virtual_ips=made)


def named_virtual_ips(machines: Iterable[model.MachineRole]) -> frozenset[str]:
    """The virtual IPs that endpoints name, in lower case."""
    endpoints = (one for machine in machines for one in machine.network.input_endpoints or ())
    return frozenset(one.virtual_ip_name.lower() for one in endpoints if one.virtual_ip_name)


@assumed("the refusal was never seen")
def check_virtual_ips(deployment: model.Deployment, machines: Iterable[model.MachineRole]) -> None:
    """BadRequest if an endpoint of these machines names a virtual IP that the deployment does not have."""
    known = {vip_name(deployment).lower(), f"{deployment.name}ContractContract".lower()}
    known |= {one.name.lower() for one in deployment.virtual_ips}
    for name in sorted(named_virtual_ips(machines) - known):
        raise BadRequest(f"The deployment {deployment.name} has no virtual IP named {name}.")


def address_of(deployment: model.Deployment, endpoint: wire.InputEndpoint) -> str | None:
    """The address of the virtual IP that an endpoint is at."""
    named = (endpoint.virtual_ip_name or "").lower()
    return next((one.address for one in deployment.virtual_ips if one.name.lower() == named), deployment.vip)


def virtual_ip_documents(deployment: model.Deployment) -> tuple[VirtualIP, ...]:
    """The virtual IPs as Get Deployment answers them."""
    return (_first(deployment), *map(_further, deployment.virtual_ips))


def _first(deployment: model.Deployment) -> VirtualIP:
    reserved = deployment.reserved_ip_name
    return VirtualIP(
        address=deployment.vip,
        is_dns_programmed=True,
        name=vip_name(deployment),
        is_reserved=True if reserved else None,
        reserved_ip_name=reserved,
    )


@documented("a further virtual IP without endpoints shows neither address nor that its name is programmed")
def _further(virtual_ip: model.VirtualIP) -> VirtualIP:
    return VirtualIP(
        address=virtual_ip.address, is_dns_programmed=True if virtual_ip.address else None, name=virtual_ip.name
    )
