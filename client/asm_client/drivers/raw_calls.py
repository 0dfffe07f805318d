"""Requests as lines: what to send where, which status comes back, with which document.

``operation status[@version] VERB path document-to-send -> document that comes``; the documents are those of
`raw_sheets`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

_ROLE: Final = "/services/hostedservices/{service_name}/{deployment}/roles/{role_name}"
_INSTANCE: Final = "/services/hostedservices/{service_name}/{deployment}/roleinstances/{instance_name}"

_CALLS: Final = f"""
add_os_image 200 POST /services/images OSImage.new -> OSImage
list_os_images 200 GET /services/images -> Images
get_os_image 200 GET /services/images/{{image_name}} -> OSImage
update_os_image 200 PUT /services/images/{{image_name}} OSImage.change -> OSImage
delete_os_image 200 DELETE /services/images/{{image_name}}
delete_os_image_and_media 200 DELETE /services/images/{{image_name}}?comp=media
add_disk 200 POST /services/disks Disk.new -> Disk
list_disks 200 GET /services/disks -> Disks
get_disk 200 GET /services/disks/{{disk_name}} -> Disk
delete_disk 200 DELETE /services/disks/{{disk_name}}
delete_disk_and_media 200 DELETE /services/disks/{{disk_name}}?comp=media
create_vm_image 202 POST /services/vmimages VMImage.new
list_vm_images 200 GET /services/vmimages?location={{location}}&publisher={{publisher}}&category={{category}} -> VMImages
delete_vm_image 202 DELETE /services/vmimages/{{image_name}}
delete_vm_image_and_media 202 DELETE /services/vmimages/{{image_name}}?comp=media
create_reserved_ip_address 202 POST /services/networking/reservedips ReservedIP.new
list_reserved_ip_addresses 200 GET /services/networking/reservedips -> ReservedIPs
get_reserved_ip_address 200 GET /services/networking/reservedips/{{name}} -> ReservedIP
delete_reserved_ip_address 202 DELETE /services/networking/reservedips/{{name}}
associate_reserved_ip_address 202@2015-02-01 POST /services/networking/reservedips/{{name}}/operations/associate ReservedIPAssociation
disassociate_reserved_ip_address 202@2015-02-01 POST /services/networking/reservedips/{{name}}/operations/disassociate ReservedIPAssociation
list_management_certificates 200 GET /certificates -> SubscriptionCertificates
get_management_certificate 200 GET /certificates/{{thumbprint}} -> SubscriptionCertificate
add_management_certificate 201 POST /certificates SubscriptionCertificate.new
delete_management_certificate 200 DELETE /certificates/{{thumbprint}}
list_service_certificates 200 GET /services/hostedservices/{{service_name}}/certificates -> Certificates
get_service_certificate 200 GET /services/hostedservices/{{service_name}}/certificates/{{thumbprint_algorithm}}-{{thumbprint}} -> Certificate.one
add_service_certificate 202 POST /services/hostedservices/{{service_name}}/certificates CertificateFile.new
delete_service_certificate 202 DELETE /services/hostedservices/{{service_name}}/certificates/{{thumbprint_algorithm}}-{{thumbprint}}
create_network_security_group 202 POST /services/networking/networksecuritygroups NetworkSecurityGroup.new
list_network_security_groups 200 GET /services/networking/networksecuritygroups -> NetworkSecurityGroups
get_network_security_group 200 GET /services/networking/networksecuritygroups/{{name}}?detaillevel={{detail_level}} -> NetworkSecurityGroup
delete_network_security_group 202 DELETE /services/networking/networksecuritygroups/{{name}}
set_network_security_rule 202 PUT /services/networking/networksecuritygroups/{{name}}/rules/{{rule_name}} SecurityRule.new
delete_network_security_rule 202 DELETE /services/networking/networksecuritygroups/{{name}}/rules/{{rule_name}}
create_route_table 202 POST /services/networking/routetables RouteTable.new
list_route_tables 200 GET /services/networking/routetables -> RouteTables
get_route_table 200 GET /services/networking/routetables/{{name}}?detaillevel={{detail_level}} -> RouteTable
delete_route_table 202 DELETE /services/networking/routetables/{{name}}
set_route 202 PUT /services/networking/routetables/{{name}}/routes/{{route_name}} Route
delete_route 202 DELETE /services/networking/routetables/{{name}}/routes/{{route_name}}
get_subscription 200 GET / -> Subscription
list_locations 200 GET /locations -> Locations
list_operating_system_families 200 GET /operatingsystemfamilies -> OperatingSystemFamilies
list_operating_systems 200 GET /operatingsystems -> OperatingSystems
update_vm_image 200 PUT /services/vmimages/{{image_name}} VMImage.change
list_role_sizes 200 GET /rolesizes -> RoleSizes
create_deployment 202 POST /services/hostedservices/{{service_name}}/deploymentslots/{{slot}} CreateDeployment
update_deployment_status 202 POST /services/hostedservices/{{service_name}}/{{deployment}}?comp=status UpdateDeploymentStatus
change_deployment_configuration 202 POST /services/hostedservices/{{service_name}}/{{deployment}}?comp=config ChangeConfiguration
upgrade_deployment 202 POST /services/hostedservices/{{service_name}}/{{deployment}}?comp=upgrade UpgradeDeployment
walk_upgrade_domain 202 POST /services/hostedservices/{{service_name}}/{{deployment}}?comp=walkupgradedomain WalkUpgradeDomain
rollback_update_or_upgrade 202 POST /services/hostedservices/{{service_name}}/{{deployment}}?comp=rollback RollbackUpdateOrUpgrade
swap_deployment 202 POST /services/hostedservices/{{service_name}} Swap
reboot_role_instance 202 POST {_INSTANCE}?comp=reboot
reimage_role_instance 202 POST {_INSTANCE}?comp=reimage
delete_role_instances 202 POST /services/hostedservices/{{service_name}}/{{deployment}}/roleinstances?comp=delete RoleInstances
start_roles 202 POST /services/hostedservices/{{service_name}}/{{deployment}}/roles/Operations StartRolesOperation
shutdown_roles 202 POST /services/hostedservices/{{service_name}}/{{deployment}}/roles/Operations ShutdownRolesOperation
capture_role 202 POST /services/hostedservices/{{service_name}}/{{deployment}}/roleinstances/{{role_name}}/Operations CaptureRoleOperation
capture_vm_image 202 POST /services/hostedservices/{{service_name}}/{{deployment}}/roleinstances/{{role_name}}/Operations CaptureRoleAsVMImageOperation
delete_role_and_media 202 DELETE {_ROLE}?comp=media
add_data_disk 202 POST {_ROLE}/DataDisks DataVirtualHardDisk
delete_data_disk 202 DELETE {_ROLE}/DataDisks/{{lun}}
delete_data_disk_and_media 202 DELETE {_ROLE}/DataDisks/{{lun}}?comp=media
add_dns_server 202 POST /services/hostedservices/{{service_name}}/{{deployment}}/dnsservers DnsServer
update_dns_server 202 PUT /services/hostedservices/{{service_name}}/{{deployment}}/dnsservers/{{dns_server_name}} DnsServer
delete_dns_server 202 DELETE /services/hostedservices/{{service_name}}/{{deployment}}/dnsservers/{{dns_server_name}}
"""  # noqa: E501


class Call(NamedTuple):
    """One request that was written down."""

    status: int
    verb: str
    path: str
    sent: str
    answer: str
    version: str
    """Where the usual ``x-ms-version`` is too old."""


@lru_cache(maxsize=1)
def calls() -> dict[str, Call]:
    """All of them, by operation."""
    found = {}
    for line in _CALLS.strip().splitlines():
        request, _, answer = line.partition(" -> ")
        name, status, verb, path, *sent = request.split()
        number, _, version = status.partition("@")
        found[name] = Call(int(number), verb, path, sent[0] if sent else "", answer, version)
    return found
