"""Services, accounts and groups, as the raw driver reads them: every element in its recorded place."""

from __future__ import annotations

from xml.etree import ElementTree

from asm_client.drivers.raw_compute import deployment
from asm_client.drivers.raw_nodes import Node, extended_property, tag, text_of
from asm_contracts.areas import affinity_groups as ag
from asm_contracts.areas import hosted_services as hs
from asm_contracts.areas import operations as op
from asm_contracts.areas import storage_accounts as ss
from asm_contracts.vocabulary import AvailabilityResponse, ComputeCapabilities


def operation(element: ElementTree.Element) -> op.Operation:
    """Operation."""
    node = Node(element, "Operation", "ID Status HttpStatusCode Error")
    return op.Operation(
        id=node.need("ID"),
        status=node.need("Status"),
        http_status_code=node.integer("HttpStatusCode"),
        error=node.document("Error", _error),
    )


def _error(element: ElementTree.Element) -> op.Error:
    node = Node(element, "Error", "Code Message")
    return op.Error(code=node.need("Code"), message=node.need("Message"))


def availability(element: ElementTree.Element) -> AvailabilityResponse:
    """AvailabilityResponse."""
    node = Node(element, "AvailabilityResponse", "Result Reason")
    return AvailabilityResponse(result=bool(node.boolean("Result")), reason=node.nil_or_text("Reason"))


def _capabilities(element: ElementTree.Element) -> ComputeCapabilities:
    node = Node(element, "ComputeCapabilities", "WebWorkerRoleSizes VirtualMachinesRoleSizes")
    return ComputeCapabilities(
        web_worker_role_sizes=node.list("WebWorkerRoleSizes", text_of) or (),
        virtual_machines_role_sizes=node.list("VirtualMachinesRoleSizes", text_of) or (),
    )


def hosted_services(element: ElementTree.Element) -> hs.HostedServices:
    """HostedServices."""
    assert element.tag == tag("HostedServices")
    return hs.HostedServices(items=tuple(hosted_service(one) for one in element))


def hosted_service(element: ElementTree.Element) -> hs.HostedService:
    """HostedService."""
    node = Node(
        element,
        "HostedService",
        "Url ServiceName HostedServiceProperties Deployments DefaultWinRmCertificateThumbprint ComputeCapabilities",
    )
    return hs.HostedService(
        url=node.need("Url"),
        service_name=node.need("ServiceName"),
        hosted_service_properties=node.document("HostedServiceProperties", _hosted_service_properties),
        deployments=node.list("Deployments", deployment),
        default_win_rm_certificate_thumbprint=node.text("DefaultWinRmCertificateThumbprint"),
        compute_capabilities=node.document("ComputeCapabilities", _capabilities),
    )


def _hosted_service_properties(element: ElementTree.Element) -> hs.HostedServiceProperties:
    node = Node(
        element,
        "HostedServiceProperties",
        "Description AffinityGroup Location Label Status DateCreated DateLastModified ExtendedProperties"
        " GuestAgentType ReverseDnsFqdn",
    )
    return hs.HostedServiceProperties(
        description=node.nil_or_text("Description"),
        affinity_group=node.text("AffinityGroup"),
        location=node.text("Location"),
        label=node.decoded("Label"),
        status=node.text("Status"),
        date_created=node.time("DateCreated"),
        date_last_modified=node.time("DateLastModified"),
        extended_properties=node.list("ExtendedProperties", extended_property),
        guest_agent_type=node.text("GuestAgentType"),
        reverse_dns_fqdn=node.text("ReverseDnsFqdn"),
    )


def storage_services(element: ElementTree.Element) -> ss.StorageServices:
    """StorageServices."""
    assert element.tag == tag("StorageServices")
    return ss.StorageServices(items=tuple(storage_service(one) for one in element))


def storage_service(element: ElementTree.Element) -> ss.StorageService:
    """StorageService."""
    node = Node(
        element,
        "StorageService",
        "Url ServiceName StorageServiceProperties StorageServiceKeys ExtendedProperties Capabilities",
    )
    return ss.StorageService(
        url=node.need("Url"),
        service_name=node.text("ServiceName"),
        storage_service_properties=node.document("StorageServiceProperties", _storage_properties),
        storage_service_keys=node.document("StorageServiceKeys", _keys),
        extended_properties=node.list("ExtendedProperties", extended_property),
        capabilities=node.list("Capabilities", text_of),
    )


def _keys(element: ElementTree.Element) -> ss.StorageServiceKeys:
    node = Node(element, "StorageServiceKeys", "Primary Secondary")
    return ss.StorageServiceKeys(primary=node.need("Primary"), secondary=node.need("Secondary"))


def _storage_properties(element: ElementTree.Element) -> ss.StorageServiceProperties:
    node = Node(
        element,
        "StorageServiceProperties",
        "Description AffinityGroup Location Label Status Endpoints GeoReplicationEnabled GeoPrimaryRegion"
        " StatusOfPrimary LastGeoFailoverTime GeoSecondaryRegion StatusOfSecondary CreationTime CustomDomains"
        " SecondaryReadEnabled SecondaryEndpoints AccountType",
    )
    return ss.StorageServiceProperties(
        description=node.nil_or_text("Description"),
        affinity_group=node.text("AffinityGroup"),
        location=node.text("Location"),
        label=node.decoded("Label"),
        status=node.text("Status"),
        endpoints=node.list("Endpoints", text_of),
        geo_replication_enabled=node.boolean("GeoReplicationEnabled"),
        geo_primary_region=node.text("GeoPrimaryRegion"),
        status_of_primary=node.text("StatusOfPrimary"),
        geo_secondary_region=node.text("GeoSecondaryRegion"),
        status_of_secondary=node.text("StatusOfSecondary"),
        creation_time=node.time("CreationTime"),
        custom_domains=() if node.child("CustomDomains") is not None else None,
        secondary_read_enabled=node.boolean("SecondaryReadEnabled"),
        secondary_endpoints=node.list("SecondaryEndpoints", text_of),
        account_type=node.text("AccountType"),
    )


def affinity_groups(element: ElementTree.Element) -> ag.AffinityGroups:
    """AffinityGroups."""
    assert element.tag == tag("AffinityGroups")
    return ag.AffinityGroups(items=tuple(affinity_group(one) for one in element))


def affinity_group(element: ElementTree.Element) -> ag.AffinityGroup:
    """AffinityGroup."""
    node = Node(
        element,
        "AffinityGroup",
        "Name Label Description Location HostedServices StorageServices Capabilities CreatedTime ComputeCapabilities",
    )
    return ag.AffinityGroup(
        name=node.need("Name"),
        label=node.decoded("Label") or "",
        description=node.nil_or_text("Description"),
        location=node.need("Location"),
        hosted_services=node.list("HostedServices", hosted_service),
        storage_services=node.list("StorageServices", _member),
        capabilities=node.list("Capabilities", text_of),
        created_time=node.time("CreatedTime"),
        compute_capabilities=node.document("ComputeCapabilities", _capabilities),
    )


def _member(element: ElementTree.Element) -> ag.MemberStorageAccount:
    node = Node(element, "StorageService", "Url ServiceName ExtendedProperties")
    return ag.MemberStorageAccount(
        url=node.need("Url"),
        service_name=node.need("ServiceName"),
        extended_properties=node.list("ExtendedProperties", extended_property),
    )
