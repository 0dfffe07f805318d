"""Hosted (cloud) services: the names under which deployments run.

Element order: recorded, and the server's data contracts for what no recording shows.
"""

from __future__ import annotations

from datetime import datetime

from asm_contracts.areas.deployments import Deployment
from asm_contracts.document import Base64, Nil, document, element
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, Created, operation
from asm_contracts.vocabulary import AvailabilityResponse, ComputeCapabilities, ExtendedProperty


@document()
class CreateHostedService:
    """What a new hosted service needs: a location or an affinity group, not both."""

    service_name: str
    label: Base64
    description: str | Nil | None = None
    location: str | None = None
    affinity_group: str | None = element(default=None, anywhere=True)
    extended_properties: tuple[ExtendedProperty, ...] | None = None
    reverse_dns_fqdn: str | None = None


@document()
class UpdateHostedService:
    """What changes; what is left out stays."""

    label: Base64 | None = None
    description: str | Nil | None = None
    location: str | None = None
    affinity_group: str | None = None
    extended_properties: tuple[ExtendedProperty, ...] | None = None
    guest_agent_type: str | None = None
    reverse_dns_fqdn: str | None = None


@document()
class HostedServiceProperties:
    """The properties of a hosted service; exactly one of location and affinity group is there."""

    description: str | Nil | None = None
    affinity_group: str | None = None
    location: str | None = None
    label: Base64 | None = None
    status: str | None = None
    date_created: datetime | None = None
    date_last_modified: datetime | None = element(default=None, since="2011-08-01")
    extended_properties: tuple[ExtendedProperty, ...] | None = element(default=None, since="2012-03-01")
    guest_agent_type: str | None = None
    reverse_dns_fqdn: str | None = element(default=None, since="2014-06-01")


@document()
class HostedService:
    """A hosted service: alone, with its deployments when asked for, or as an entry of the list."""

    url: str
    service_name: str
    hosted_service_properties: HostedServiceProperties | None = None
    deployments: tuple[Deployment, ...] | None = None
    default_win_rm_certificate_thumbprint: str | None = None
    compute_capabilities: ComputeCapabilities | None = element(default=None, since="2014-05-01")


@document()
class HostedServices:
    """All hosted services of a subscription."""

    items: tuple[HostedService, ...] = element(default=(), flat=True)


class HostedServiceContract(Contract):
    """Create, find, change and delete hosted services."""

    @operation("POST", "/services/hostedservices", since="2010-10-28", errors=(BadRequest, ConflictError))
    def create_hosted_service(self, body: CreateHostedService) -> Created:
        """Create a hosted service.  Its name is unique in the whole cloud."""

    @operation("GET", "/services/hostedservices", since="2009-10-01")
    def list_hosted_services(self) -> HostedServices:
        """List the hosted services of the subscription, without their deployments."""

    @operation(
        "GET",
        "/services/hostedservices/{service_name}?embed-detail={embed_detail}",
        since="2009-10-01",
        errors=(ResourceNotFound,),
    )
    def get_hosted_service(self, service_name: str, embed_detail: bool | None = None) -> HostedService:
        """Read a hosted service, with its deployments if `embed_detail`."""

    @operation(
        "PUT", "/services/hostedservices/{service_name}", since="2010-10-28", errors=(BadRequest, ResourceNotFound)
    )
    def update_hosted_service(self, service_name: str, body: UpdateHostedService) -> None:
        """Change label, description or extended properties."""

    @operation(
        "DELETE",
        "/services/hostedservices/{service_name}",
        since="2010-10-28",
        errors=(ConflictError, ResourceNotFound),
    )
    def delete_hosted_service(self, service_name: str) -> None:
        """Delete a hosted service that has no deployments."""

    @operation(
        "DELETE",
        "/services/hostedservices/{service_name}?comp=media",
        since="2013-08-01",
        errors=(ConflictError, ResourceNotFound),
    )
    def delete_hosted_service_and_media(self, service_name: str) -> Accepted:
        """Delete a hosted service with its deployments, their disks and the blobs behind them."""

    @operation("GET", "/services/hostedservices/operations/isavailable/{service_name}", since="2012-03-01")
    def check_hosted_service_name_availability(self, service_name: str) -> AvailabilityResponse:
        """Say whether a name is free in the whole cloud."""
