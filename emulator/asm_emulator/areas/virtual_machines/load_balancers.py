"""The internal load balancer of a deployment, and the endpoints behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from asm_contracts import roles as wire
from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed, recorded
from asm_emulator import model
from asm_emulator.deployed import by_private_id, put_deployment
from asm_emulator.engine import effect
from asm_emulator.networks import check_static_address, claim_static_address
from asm_emulator.state import Draft


@recorded("the refusal of a second one")
def check_load_balancer(
    balancer: wire.LoadBalancer, others: Iterable[wire.LoadBalancer], site: model.VirtualNetworkSite | None
) -> wire.LoadBalancer:
    """An internal load balancer to be added; BadRequest for a wrong one, or if there is one already."""
    for known in others:
        raise BadRequest(
            f"LoadBalancer already exists: {known.name}. Only one internal load balancer allowed per deployment."
        )
    return wire.LoadBalancer(
        name=_checked_name(balancer.name),
        frontend_ip_configuration=check_frontend(balancer.frontend_ip_configuration, site),
    )


@assumed("no client sends such a name; the text was never seen")
def _checked_name(name: str | None) -> str:
    if not name or "/" in name:
        raise BadRequest("The name of the load balancer is invalid.")
    return name


@assumed("the rules are the clients' own; the texts were never seen")
def check_frontend(
    frontend: wire.FrontendIpConfiguration | None, site: model.VirtualNetworkSite | None
) -> wire.FrontendIpConfiguration:
    """Where a load balancer is to listen; BadRequest if it cannot."""
    if frontend is None or (frontend.type or "").lower() != "private":
        raise BadRequest("The type of a load balancer's frontend must be Private.")
    subnet, address = frontend.subnet_name or None, frontend.static_virtual_network_ip_address or None
    if site is None and subnet is not None:
        raise BadRequest("A subnet can be specified for a load balancer only in a virtual network.")
    if site is not None:
        if subnet is None:
            raise BadRequest("The subnet of the load balancer must be specified in a virtual network.")
        if all(one.name.lower() != subnet.lower() for one in site.subnets):
            raise BadRequest(f"The subnet {subnet} does not exist in the virtual network {site.name}.")
    if address is not None:
        if subnet is None:
            raise BadRequest("A static IP address of a load balancer needs a subnet.")
        check_static_address(address, site)
    return wire.FrontendIpConfiguration(type="Private", subnet_name=subnet, static_virtual_network_ip_address=address)


@assumed("as for machines: the network gives the address, or the operation fails")
def claim_addresses(draft: Draft, deployment: model.Deployment, balancers: Iterable[wire.LoadBalancer]) -> None:
    """BadRequest, for an operation, if a load balancer's fixed address is not one that its subnet can give."""
    others = tuple(one for one in deployment.load_balancers if all(one.name != new.name for new in balancers))
    for balancer in balancers:
        frontend = balancer.frontend_ip_configuration
        if frontend is not None and frontend.subnet_name and frontend.static_virtual_network_ip_address:
            pending = replace(deployment, load_balancers=others)
            claim_static_address(draft, pending, frontend.subnet_name, frontend.static_virtual_network_ip_address)


@assumed("no refusal of an unknown one was recorded")
def find_load_balancer(deployment: model.Deployment, name: str) -> wire.LoadBalancer:
    """The load balancer of this name, or ResourceNotFound."""
    for balancer in deployment.load_balancers:
        if (balancer.name or "").lower() == name.lower():
            return balancer
    raise ResourceNotFound(f"The load balancer {name} does not exist.")


@assumed("that endpoints name a load balancer of their deployment follows from the contract; the text was never seen")
def check_names(machines: Iterable[model.MachineRole], balancers: Iterable[wire.LoadBalancer]) -> None:
    """BadRequest if an endpoint is to be behind a load balancer that the deployment does not have."""
    known = {(one.name or "").lower() for one in balancers}
    for machine in machines:
        for endpoint in machine.network.input_endpoints or ():
            name = endpoint.load_balancer_name
            if name is not None and name.lower() not in known:
                raise BadRequest(f"The load balancer {name} does not exist in the deployment.")


@assumed("no such request was recorded")
def check_unused(deployment: model.Deployment, balancer: wire.LoadBalancer) -> None:
    """BadRequest while endpoints are behind a load balancer."""
    for machine in deployment.machines:
        for endpoint in machine.network.input_endpoints or ():
            if (endpoint.load_balancer_name or "").lower() == (balancer.name or "").lower():
                raise BadRequest(
                    f"The load balancer {balancer.name} is in use by the endpoint {endpoint.name} "
                    f"of the role {machine.name}."
                )


@effect
def load_balancer_set(
    draft: Draft, service_name: str, private_id: str, name: str, balancer: wire.LoadBalancer | None
) -> None:
    """The end of a change of load balancers: added, changed, or (None) gone."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    if balancer is not None:
        claim_addresses(draft, deployment, (balancer,))
    kept = tuple(one for one in deployment.load_balancers if one.name != name)
    changed = kept if balancer is None else (*kept, balancer)
    put_deployment(draft, service_name, replace(deployment, load_balancers=changed, modified=draft.now))
