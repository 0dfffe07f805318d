"""Hosted services: names in the cloud, and what hangs on them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from bisect import bisect_right
from typing import Final

from asm_contracts.areas.deployments import Deployment
from asm_contracts.areas.hosted_services import (
    CreateHostedService,
    HostedService,
    HostedServiceContract,
    HostedServiceProperties,
    HostedServices,
    UpdateHostedService,
)
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError
from asm_contracts.evidence import assumed, quoted, recorded
from asm_contracts.frozen import replace
from asm_contracts.operation import Accepted, Created
from asm_contracts.vocabulary import AvailabilityResponse, ComputeCapabilities, ExtendedProperty
from asm_emulator import model, names
from asm_emulator.areas.base import Area
from asm_emulator.areas.deployments import lease_on
from asm_emulator.areas.locations import compute_capabilities
from asm_emulator.catalogue.clusters import cluster
from asm_emulator.deployed import (
    check_not_deleting,
    deployment_document,
    discard_deployment,
    find_service,
    hidden,
)
from asm_emulator.derived import ordered
from asm_emulator.engine import effect, effect_name
from asm_emulator.places import check_place, location_of, region
from asm_emulator.quotas import check_quota
from asm_emulator.state import Draft

MANAGEMENT: Final = "https://management.core.windows.net"
PAGE: Final = 1000
"""How many services one answer lists."""
DNS: Final = "hosted service"
"""The kind under which the cloud's hosted service names are claimed."""


def _token_of(name: str) -> str:
    return b64encode(name.encode()).decode()


def _name_in(token: str | None) -> str:
    """The name a continuation token was made of; BadRequest for one that was made elsewhere."""
    try:
        return b64decode(token or "", validate=True).decode()
    except ValueError:
        raise BadRequest("The continuation token is invalid.") from None


def properties_document(service: model.HostedService) -> HostedServiceProperties:
    """The properties of a service, as its own document, the list and its affinity group show them."""
    return HostedServiceProperties(
        description=names.or_nil(service.description),
        affinity_group=service.affinity_group,
        location=service.location,
        label=service.label,
        status=service.status,
        date_created=service.created,
        date_last_modified=service.modified,
        extended_properties=service.extended_properties,
        guest_agent_type=service.guest_agent_type,
        reverse_dns_fqdn=service.reverse_dns_fqdn,
    )


def service_url(draft: Draft, name: str) -> str:
    """The address of a hosted service, as documents give it."""
    return f"{MANAGEMENT}/{draft.subscription_id}/services/hostedservices/{name}"


@effect
def group_appears(draft: Draft, service_name: str, created: object) -> None:
    """A few seconds after its creation a service has two extended properties of the platform's own (recorded)."""
    service = draft.hosted_services.get(service_name)
    if service is None or service.created != created:
        return
    platform = (
        ExtendedProperty(name="ResourceGroup", value=service.name),
        ExtendedProperty(name="ResourceLocation", value=location_of(draft, service)),
    )
    own = tuple(prop for prop in service.extended_properties if prop.name not in ("ResourceGroup", "ResourceLocation"))
    draft.hosted_services[service_name] = replace(service, extended_properties=own + platform)


def remove_service(draft: Draft, service: model.HostedService) -> None:
    """Take a service out of the state, and give its name back to the cloud."""
    del draft.hosted_services[service.name]
    draft.release(DNS, service.name)


@effect
def service_and_media_gone(draft: Draft, service_name: str, created: object) -> None:
    """The end of a deletion with media: deployments, their disks and the blobs go, and then the service."""
    service = draft.hosted_services.get(service_name)
    if service is None or service.created != created:
        return
    for slot in list(service.deployments):
        discard_deployment(draft, service_name, slot, media=True)
    remove_service(draft, draft.hosted_services[service_name])


class HostedServiceArea(Area, HostedServiceContract):
    """Creates, finds, changes and deletes hosted services."""

    @quoted("The specified DNS name is already taken.")
    def create_hosted_service(self, body: CreateHostedService) -> Created:
        names.check_hosted_service(body.service_name)
        names.check_label(body.label)
        names.check_description(body.description)
        location, affinity_group = check_place(self.state, body.location, body.affinity_group)
        properties = names.merge_properties((), body.extended_properties)
        if self.state.owner_of(DNS, body.service_name) is not None:
            raise ConflictError("The specified DNS name is already taken.")
        check_quota(
            "hosted service count", self.state.subscription.quotas.hosted_services, len(self.state.hosted_services)
        )
        self.state.claim(DNS, body.service_name)
        self.state.hosted_services[body.service_name] = model.HostedService(
            name=body.service_name,
            label=body.label,
            description=names.given(body.description),
            location=location,
            affinity_group=affinity_group,
            created=self.now,
            modified=self.now,
            extended_properties=properties,
            reverse_dns_fqdn=body.reverse_dns_fqdn,
        )
        self.state.schedule(
            effect_name(group_appears),
            self.state.span("service.resource-group"),
            service_name=body.service_name,
            created=self.now,
        )
        return Created(f"{MANAGEMENT}/subscriptions/{self.state.subscription_id}/compute/{body.service_name}")

    @assumed(
        "that long lists go on by a header token is documented; neither a page's size nor a token was ever seen, and "
        "a token that no longer says anything starts where it would have stood"
    )
    def list_hosted_services(self) -> HostedServices:
        names_in_order = ordered(self.state.subscription.hosted_services)
        after = _name_in(self.request.continuation)
        place = bisect_right(names_in_order, after) if after else 0
        page = names_in_order[place : place + PAGE]
        if place + PAGE < len(names_in_order):
            self.headers.append(("x-ms-continuation-token", _token_of(page[-1])))
        return HostedServices(
            items=tuple(
                HostedService(
                    url=service_url(self.state, service.name),
                    service_name=service.name,
                    hosted_service_properties=properties_document(service),
                    default_win_rm_certificate_thumbprint=service.win_rm_thumbprint,
                    compute_capabilities=self._capabilities(service),
                )
                for service in map(self.state.hosted_services.__getitem__, page)
            )
        )

    @recorded("a service has the sizes of its region, and with machines those of the hardware that they are on")
    def _capabilities(self, service: model.HostedService) -> ComputeCapabilities:
        place = region(self.state, location_of(self.state, service))
        assert place is not None
        on = next((one.cluster for one in service.deployments.values() if one.cluster), None)
        if on is None:
            return compute_capabilities(place)
        return ComputeCapabilities(
            web_worker_role_sizes=cluster(on).sizes(place.web_worker_role_sizes),
            virtual_machines_role_sizes=cluster(on).sizes(place.virtual_machines_role_sizes),
        )

    def get_hosted_service(self, service_name: str, embed_detail: bool | None = None) -> HostedService:
        service = find_service(self.state, service_name)
        deployments: tuple[Deployment, ...] | None = None
        if embed_detail and (service.deployments or service.had_deployment or self.request.version < "2015-01-01"):
            # Recorded of 2017: an empty element once the last deployment is gone, none where there never was one.
            # Libcloud, which speaks 2013, needs the element of a service just made.
            deployments = tuple(
                deployment_document(self.state, service, service.deployments[slot], self.request.version)
                for slot in sorted(service.deployments)
                if not hidden(service.deployments[slot], self.request.version)
            )
        return HostedService(
            url=service_url(self.state, service.name),
            service_name=service.name,
            hosted_service_properties=properties_document(service),
            deployments=deployments,
            default_win_rm_certificate_thumbprint=service.win_rm_thumbprint,
        )

    @assumed("that one of the fields is needed is documented; the refusal's text is not")
    def update_hosted_service(self, service_name: str, body: UpdateHostedService) -> None:
        service = find_service(self.state, service_name)
        check_not_deleting(service)
        changes = (body.label, body.description, body.extended_properties, body.guest_agent_type, body.reverse_dns_fqdn)
        if all(change is None for change in changes):
            raise BadRequest("A label, a description or extended properties must be given.")
        if body.label is not None:
            names.check_label(body.label)
        names.check_description(body.description)
        description = service.description
        if body.description is not None:
            description = None if body.description is NIL else names.given(body.description)
        self.state.hosted_services[service.name] = replace(
            service,
            label=service.label if body.label is None else body.label,
            description=description,
            extended_properties=names.merge_properties(service.extended_properties, body.extended_properties),
            guest_agent_type=body.guest_agent_type or service.guest_agent_type,
            reverse_dns_fqdn=body.reverse_dns_fqdn or service.reverse_dns_fqdn,
            modified=self.now,
        )

    @assumed("the rule is documented; no exchange shows the refusal's text")
    def delete_hosted_service(self, service_name: str) -> None:
        service = find_service(self.state, service_name)
        check_not_deleting(service)
        if service.deployments:
            raise ConflictError(
                f"The hosted service {service.name} has deployments. Delete all of its deployments before deleting it."
            )
        remove_service(self.state, service)

    def delete_hosted_service_and_media(self, service_name: str) -> Accepted:
        service = find_service(self.state, service_name)
        check_not_deleting(service)
        self.state.hosted_services[service.name] = replace(service, status="Deleting")
        return self.begin(
            service_and_media_gone,
            holds=tuple(lease_on(one) for one in service.deployments.values()),
            service_name=service.name,
            created=service.created,
        )

    def check_hosted_service_name_availability(self, service_name: str) -> AvailabilityResponse:
        names.check_hosted_service(service_name)
        if self.state.owner_of(DNS, service_name) is not None:
            return AvailabilityResponse(result=False, reason="A hosted service with the specified name already exists.")
        return AvailabilityResponse(result=True, reason=NIL)
