"""Network security groups: rules that guard subnets, virtual machines and network interfaces.

Element order: recorded.
"""

from __future__ import annotations

from asm_contracts.document import document, element
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, DeploymentKey, operation

ROLE = "/services/hostedservices/{service_name}/{deployment}/roles/{role_name}"
INTERFACE = ROLE + "/networkinterfaces/{interface_name}"
SUBNET = "/services/networking/virtualnetwork/{virtual_network_name}/subnets/{subnet_name}"
REFUSALS = (BadRequest, ConflictError, ResourceNotFound)


@document(name="NetworkSecurityGroup")
class CreateNetworkSecurityGroup:
    """What a new network security group needs."""

    name: str
    label: str | None = None
    location: str | None = None


@document(name="NetworkSecurityGroup")
class NetworkSecurityGroupName:
    """The group that guards a subnet, role or interface; `state` is for answers only."""

    name: str
    state: str | None = None


@document(name="Rule")
class SecurityRule:
    """A rule of a group; requests leave out `name`, `state` and `is_default`."""

    name: str | None = None
    type: str | None = None
    priority: int | None = None
    action: str | None = None
    source_address_prefix: str | None = None
    source_port_range: str | None = None
    destination_address_prefix: str | None = None
    destination_port_range: str | None = None
    protocol: str | None = None
    state: str | None = None
    is_default: bool | None = None


@document()
class NetworkSecurityGroup:
    """A network security group; `rules` are there when asked for."""

    name: str
    label: str | None = None
    location: str | None = None
    state: str | None = element(default=None, since="2015-09-01")
    rules: tuple[SecurityRule, ...] | None = None


@document()
class NetworkSecurityGroups:
    """The network security groups of a subscription."""

    items: tuple[NetworkSecurityGroup, ...] = element(default=(), flat=True)


class SecurityGroupContract(Contract):
    """Keep network security groups, and say what they guard."""

    @operation(
        "POST",
        "/services/networking/networksecuritygroups",
        since="2014-08-01",
        errors=(BadRequest, ConflictError, ForbiddenError),
    )
    def create_network_security_group(self, body: CreateNetworkSecurityGroup) -> Accepted:
        """Create a group, which has the default rules."""

    @operation("GET", "/services/networking/networksecuritygroups", since="2014-08-01")
    def list_network_security_groups(self) -> NetworkSecurityGroups:
        """List the groups, without their rules."""

    @operation(
        "GET",
        "/services/networking/networksecuritygroups/{name}?detaillevel={detail_level}",
        since="2014-08-01",
        errors=(ResourceNotFound,),
    )
    def get_network_security_group(self, name: str, detail_level: str | None = None) -> NetworkSecurityGroup:
        """Read a group; with the detail level ``Full``, its rules too."""

    @operation("DELETE", "/services/networking/networksecuritygroups/{name}", since="2014-08-01", errors=REFUSALS)
    def delete_network_security_group(self, name: str) -> Accepted:
        """Delete a group that guards nothing."""

    @operation(
        "PUT",
        "/services/networking/networksecuritygroups/{name}/rules/{rule_name}",
        since="2014-08-01",
        errors=(*REFUSALS, ForbiddenError),
    )
    def set_network_security_rule(self, name: str, rule_name: str, body: SecurityRule) -> Accepted:
        """Add a rule to a group, or replace the one of that name."""

    @operation(
        "DELETE",
        "/services/networking/networksecuritygroups/{name}/rules/{rule_name}",
        since="2014-08-01",
        errors=REFUSALS,
    )
    def delete_network_security_rule(self, name: str, rule_name: str) -> Accepted:
        """Remove a rule from a group."""

    # -- subnets ------------------------------------------------------------------------------------------------------

    @operation("POST", SUBNET + "/networksecuritygroups", since="2014-08-01", errors=REFUSALS)
    def add_network_security_group_to_subnet(
        self, virtual_network_name: str, subnet_name: str, body: NetworkSecurityGroupName
    ) -> Accepted:
        """Have a group guard a subnet."""

    @operation("GET", SUBNET + "/networksecuritygroups", since="2014-08-01", errors=(ResourceNotFound,))
    def get_network_security_group_for_subnet(
        self, virtual_network_name: str, subnet_name: str
    ) -> NetworkSecurityGroupName:
        """Read which group guards a subnet."""

    @operation("DELETE", SUBNET + "/networksecuritygroups/{name}", since="2014-08-01", errors=REFUSALS)
    def remove_network_security_group_from_subnet(
        self, virtual_network_name: str, subnet_name: str, name: str
    ) -> Accepted:
        """Have a group guard a subnet no longer."""

    # -- roles --------------------------------------------------------------------------------------------------------

    @operation("POST", ROLE + "/networksecuritygroups", since="2014-08-01", errors=REFUSALS)
    def add_network_security_group_to_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: NetworkSecurityGroupName
    ) -> Accepted:
        """Have a group guard a virtual machine."""

    @operation("GET", ROLE + "/networksecuritygroups", since="2014-08-01", errors=(ResourceNotFound,))
    def get_network_security_group_for_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str
    ) -> NetworkSecurityGroupName:
        """Read which group guards a virtual machine."""

    @operation("DELETE", ROLE + "/networksecuritygroups/{name}", since="2014-08-01", errors=REFUSALS)
    def remove_network_security_group_from_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, name: str
    ) -> Accepted:
        """Have a group guard a virtual machine no longer."""

    # -- network interfaces -------------------------------------------------------------------------------------------

    @operation("POST", INTERFACE + "/networksecuritygroups", since="2014-10-01", errors=REFUSALS)
    def add_network_security_group_to_network_interface(
        self,
        service_name: str,
        deployment: DeploymentKey,
        role_name: str,
        interface_name: str,
        body: NetworkSecurityGroupName,
    ) -> Accepted:
        """Have a group guard a further network interface of a virtual machine."""

    @operation("GET", INTERFACE + "/networksecuritygroups", since="2014-10-01", errors=(ResourceNotFound,))
    def get_network_security_group_for_network_interface(
        self, service_name: str, deployment: DeploymentKey, role_name: str, interface_name: str
    ) -> NetworkSecurityGroupName:
        """Read which group guards a network interface."""

    @operation("DELETE", INTERFACE + "/networksecuritygroups/{name}", since="2014-10-01", errors=REFUSALS)
    def remove_network_security_group_from_network_interface(
        self, service_name: str, deployment: DeploymentKey, role_name: str, interface_name: str, name: str
    ) -> Accepted:
        """Have a group guard a network interface no longer."""
