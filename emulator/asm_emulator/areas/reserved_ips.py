"""Reserved IPs."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from asm_contracts.areas.reserved_ips import (
    CreateReservedIP,
    ReservedIP,
    ReservedIPAssociation,
    ReservedIPContract,
    ReservedIPs,
)
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed
from asm_contracts.operation import Accepted, DeploymentName
from asm_emulator import model
from asm_emulator.areas.base import Area
from asm_emulator.catalogue import location as known_location
from asm_emulator.deployed import by_private_id, find_deployment, put_deployment
from asm_emulator.engine import effect
from asm_emulator.places import location_of
from asm_emulator.quotas import check_quota
from asm_emulator.reserved import (
    bind_reserved_ip,
    check_reserved_ip,
    find_reserved_ip,
    free_reserved_ip,
    reserved_ip_user,
    reserved_ip_users,
)
from asm_emulator.state import Draft
from asm_emulator.virtual_ips import vip_name

NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?\Z")


@effect
def reserved_ip_created(draft: Draft, name: str, service_name: str | None, private_id: str | None) -> None:
    """The end of a reservation: of an address for nobody yet, or of the one a deployment has."""
    found = find_reserved_ip(draft, name)
    draft.reserved_ips[name] = replace(found, state="Created")
    if service_name is not None and private_id is not None:
        service, deployment = _still_there(draft, service_name, private_id)
        put_deployment(draft, service.name, replace(deployment, reserved_ip_name=found.name))


@effect
def reservation_failed(draft: Draft, name: str, **_of: str | None) -> None:
    """Takes back a reserved IP whose deployment went away while its address was being reserved."""
    draft.reserved_ips.pop(name, None)


@effect
def reserved_ip_deleted(draft: Draft, name: str) -> None:
    """The end of a deletion."""
    draft.reserved_ips.pop(name, None)


@effect
def reserved_ip_associated(draft: Draft, name: str, service_name: str, private_id: str) -> None:
    """The end of an association; the operation fails if one of the two has gone, or found another, meanwhile."""
    service, deployment = _still_there(draft, service_name, private_id)
    bound = bind_reserved_ip(draft, name, service, deployment)
    put_deployment(draft, service.name, replace(bound, modified=draft.now))


@effect
def reserved_ip_disassociated(draft: Draft, name: str, service_name: str, private_id: str) -> None:
    """The end of a disassociation."""
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is not None and (deployment.reserved_ip_name or "").lower() == name.lower():
        put_deployment(draft, service_name, replace(free_reserved_ip(draft, deployment), modified=draft.now))


def _still_there(draft: Draft, service_name: str, private_id: str) -> tuple[model.HostedService, model.Deployment]:
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        raise ResourceNotFound("No deployments were found.")
    return draft.hosted_services[service_name], deployment


class ReservedIPArea(Area, ReservedIPContract):
    """Reserves addresses, gives them to deployments and takes them back."""

    @assumed("the refusals' texts were never seen, nor what names are allowed")
    def create_reserved_ip_address(self, body: CreateReservedIP) -> Accepted:
        if not NAME.match(body.name):
            raise BadRequest("The reserved IP name is invalid.")
        if body.label is not None and len(body.label) > 100:
            raise BadRequest("The label is invalid. It may have at most 100 characters.")
        place = known_location(body.location or "", self.state.day)
        if place is None:
            raise BadRequest(f"The location {body.location or ''} is not available for this subscription.")
        if body.name in self.state.reserved_ips:
            raise ConflictError(f"A reserved IP named {body.name} already exists.")
        check_quota("reserved IP count", self.state.subscription.quotas.reserved_ips, len(self.state.reserved_ips))
        holds: tuple[tuple[str, str], ...] = (_lease_on(body.name),)
        service: model.HostedService | None = None
        deployment: model.Deployment | None = None
        if body.service_name or body.deployment_name:
            service, deployment = self._deployment(body.service_name, body.deployment_name, body.virtual_ip_name)
            self._check_own_address(service, deployment, place.name)
            holds = (*holds, ("deployment", deployment.private_id))
        address = deployment.vip if deployment is not None else None
        self.state.reserved_ips[body.name] = model.ReservedIP(
            name=body.name,
            address=address or self.state.take_public_address(),
            id=self.state.make_guid("reserved ip", self.request.request_id),
            location=place.name,
            label=body.label,
            state="Creating",
        )
        return self.begin(
            reserved_ip_created,
            holds=holds,
            undo=reservation_failed,
            name=body.name,
            service_name=service.name if service else None,
            private_id=deployment.private_id if deployment else None,
        )

    def _check_own_address(self, service: model.HostedService, deployment: model.Deployment, location: str) -> None:
        """A deployment's address can be reserved where it is, if it has one that is not reserved already."""
        where = location_of(self.state, service)
        if where != location:
            raise BadRequest(f"The hosted service {service.name} is in {where}, not in {location}.")
        if deployment.reserved_ip_name is not None:
            raise ConflictError(
                f"The deployment {deployment.name} already uses the reserved IP {deployment.reserved_ip_name}."
            )
        if deployment.vip is None:
            raise BadRequest(f"The deployment {deployment.name} has no virtual IP.")

    def _deployment(
        self, service_name: str | None, deployment_name: str | None, virtual_ip: str | None
    ) -> tuple[model.HostedService, model.Deployment]:
        """The deployment that a body names; BadRequest unless service, deployment and virtual IP name one."""
        if not service_name or not deployment_name:
            raise BadRequest("The service name and the deployment name must be specified.")
        service, deployment = find_deployment(self.state, service_name, DeploymentName(deployment_name), mutation=True)
        if virtual_ip and virtual_ip.lower() != vip_name(deployment).lower():
            raise BadRequest(f"The deployment {deployment.name} has no virtual IP named {virtual_ip}.")
        return service, deployment

    def list_reserved_ip_addresses(self) -> ReservedIPs:
        users = reserved_ip_users(self.state)
        return ReservedIPs(
            items=tuple(_document(one, users.get(one.name.lower())) for one in self.state.reserved_ips.values())
        )

    def get_reserved_ip_address(self, name: str) -> ReservedIP:
        return _document(find_reserved_ip(self.state, name), reserved_ip_user(self.state, name))

    @assumed("that a reserved IP in use cannot be deleted is documented; the refusal's status and text were never seen")
    def delete_reserved_ip_address(self, name: str) -> Accepted:
        found = find_reserved_ip(self.state, name)
        user = reserved_ip_user(self.state, name)
        if user is not None:
            raise BadRequest(
                f"The reserved IP {found.name} cannot be deleted: the deployment {user[1].name} "
                f"of the hosted service {user[0].name} uses it."
            )
        answer = self.begin(reserved_ip_deleted, holds=(_lease_on(found.name),), name=found.name)
        self.state.reserved_ips[found.name] = replace(found, state="Deleting")
        return answer

    @assumed("the refusals' texts were never seen")
    def associate_reserved_ip_address(self, name: str, body: ReservedIPAssociation) -> Accepted:
        found = find_reserved_ip(self.state, name)
        service, deployment = self._deployment(body.service_name, body.deployment_name, body.virtual_ip_name)
        check_reserved_ip(self.state, name, service)
        if deployment.reserved_ip_name is not None:
            raise ConflictError(
                f"The deployment {deployment.name} already uses the reserved IP {deployment.reserved_ip_name}."
            )
        return self.begin(
            reserved_ip_associated,
            holds=(("deployment", deployment.private_id), _lease_on(found.name)),
            name=found.name,
            service_name=service.name,
            private_id=deployment.private_id,
        )

    @assumed("the refusals' texts were never seen")
    def disassociate_reserved_ip_address(self, name: str, body: ReservedIPAssociation) -> Accepted:
        found = find_reserved_ip(self.state, name)
        service, deployment = self._deployment(body.service_name, body.deployment_name, body.virtual_ip_name)
        if (deployment.reserved_ip_name or "").lower() != found.name.lower():
            raise BadRequest(f"The reserved IP {found.name} is not in use by the deployment {deployment.name}.")
        return self.begin(
            reserved_ip_disassociated,
            holds=(("deployment", deployment.private_id), _lease_on(found.name)),
            name=found.name,
            service_name=service.name,
            private_id=deployment.private_id,
        )


def _lease_on(name: str) -> tuple[str, str]:
    return ("reserved IP", name.lower())


def _document(found: model.ReservedIP, user: tuple[model.HostedService, model.Deployment] | None) -> ReservedIP:
    return ReservedIP(
        name=found.name,
        address=found.address,
        id=found.id,
        label=found.label,
        state=found.state,
        in_use=True if user else None,
        service_name=user[0].name if user else None,
        deployment_name=user[1].name if user else None,
        location=found.location,
        virtual_ip_name=vip_name(user[1]) if user else None,
    )
