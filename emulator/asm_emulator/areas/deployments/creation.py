"""Making a deployment from a package."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from asm_contracts.areas.deployments import CreateDeployment, DeploymentContract
from asm_contracts.errors import BadRequest, ConflictError
from asm_contracts.evidence import assumed, quoted
from asm_contracts.operation import Accepted, DeploymentSlot
from asm_emulator import model, names
from asm_emulator.areas.base import Area
from asm_emulator.areas.deployments.package_instances import CREATE, CREATE_AND_START, resized, send
from asm_emulator.areas.deployments.packages import (
    MOST_PROPERTIES,
    check_configuration,
    check_extensions,
    check_package_url,
    lease_on,
)
from asm_emulator.cscfg import package_roles, read_configuration
from asm_emulator.deployed import by_private_id, check_not_deleting, find_service, put_deployment
from asm_emulator.engine import effect
from asm_emulator.networks import check_same_place, find_site
from asm_emulator.quotas import check_core_quota, cores
from asm_emulator.reserved import bind_reserved_ip
from asm_emulator.state import Draft

SDK_VERSION: Final = "1.7.30602.1703"
"""What packages of the recordings were made with; a configuration does not say."""


@effect
def package_deployed(draft: Draft, service_name: str, private_id: str, start: bool) -> None:
    """The end of a creation: the instances are there, and are only now being made (recorded)."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    deployment, made = resized(draft, deployment, deployment.package_roles)
    deployment = replace(deployment, status="Running" if start else "Suspended", modified=draft.now)
    send(draft, service_name, deployment, made, CREATE_AND_START if start else CREATE)


@quoted("the occupied slot's text")
@assumed("the text of a name that is taken")
def check_slot(service: model.HostedService, slot: str, name: str) -> None:
    """ConflictError if the slot has a deployment already, or if the other one has one of this name."""
    if slot in service.deployments:
        raise ConflictError(f"The specified deployment slot {slot} is occupied.")
    if any(one.name.lower() == name.lower() for one in service.deployments.values()):
        raise ConflictError(f"A deployment with the name {name} already exists in the hosted service {service.name}.")


class Creation(Area, DeploymentContract):
    """Creates deployments from packages."""

    @assumed("what needs only the request is checked at once: name, slot, configuration, cores; nothing fails later")
    @assumed("a package is never read: its roles are Small, have no endpoints and are of the recorded SDK version")
    def create_deployment(self, service_name: str, slot: DeploymentSlot, body: CreateDeployment) -> Accepted:
        service = find_service(self.state, service_name)
        check_not_deleting(service)
        names.check_deployment(body.name)
        names.check_label(body.label)
        check_package_url(self.state, body.package_url)
        properties = names.merge_properties((), body.extended_properties, MOST_PROPERTIES)
        configuration = read_configuration(body.configuration)
        roles = package_roles(configuration)
        check_extensions(service, roles, body.extension_configuration)
        check_slot(service, str(slot), body.name)
        network = self._virtual_network(configuration.virtual_network)
        check_same_place(self.state, service, network)
        check_configuration(service, configuration, network)
        check_core_quota(self.state, sum(cores(role.size) * role.instance_count for role in roles))
        deployment = model.Deployment(
            name=body.name,
            slot=str(slot),
            private_id=self.state.make_hex("deployment", self.state.take_serial()),
            label=body.label,
            status="Deploying",
            is_package=True,
            created=self.now,
            modified=self.now,
            configuration=body.configuration,
            package_url=body.package_url,
            extended_properties=properties,
            extension_configuration=body.extension_configuration,
            package_roles=roles,
            vip=self.state.take_public_address(),
            virtual_network_name=network.name if network else None,
            virtual_network_id=network.id if network else None,
            upgrade_domain_count=0,
            sdk_version=SDK_VERSION,
        )
        if configuration.reserved_ip is not None:
            deployment = bind_reserved_ip(self.state, configuration.reserved_ip, service, deployment, at_creation=True)
        put_deployment(self.state, service.name, deployment)
        return self.begin(
            package_deployed,
            holds=(lease_on(deployment),),
            service_name=service.name,
            private_id=deployment.private_id,
            start=bool(body.start_deployment),
        )

    def _virtual_network(self, name: str | None) -> model.VirtualNetworkSite | None:
        if name is None:
            return None
        found = find_site(self.state, name)
        if found is None:
            raise BadRequest(f"The virtual network {name} does not exist.")
        return found
