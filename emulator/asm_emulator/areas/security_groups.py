"""Network security groups."""

from __future__ import annotations

from dataclasses import replace

from asm_contracts.areas.security_groups import (
    CreateNetworkSecurityGroup,
    NetworkSecurityGroup,
    NetworkSecurityGroupName,
    NetworkSecurityGroups,
    SecurityGroupContract,
    SecurityRule,
)
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, quoted, recorded
from asm_contracts.operation import Accepted, DeploymentKey
from asm_contracts.roles import AssignNetworkInterface
from asm_emulator import model
from asm_emulator.areas.base import Area
from asm_emulator.areas.virtual_machines.common import find_machine, find_machines, machine_of, put_machine
from asm_emulator.deployed import by_private_id, find_deployment, put_deployment
from asm_emulator.engine import effect
from asm_emulator.guards import (
    DEFAULT_RULES,
    GROUP,
    OUTSIDE,
    PRIORITIES,
    check_name,
    check_ports,
    check_prefix,
    check_word,
    find_group,
    guarded_by,
    rules_of,
)
from asm_emulator.networks import check_location, check_region, find_subnet, put_subnet
from asm_emulator.quotas import check_quota
from asm_emulator.state import Draft

FULL = "full"
"""The detail level, in lower case, with which a group has its rules."""

LONGEST_LABEL = 1024
"""Characters (documented): a group's label is its description."""


# -- groups and rules -------------------------------------------------------------------------------------------------


@effect
def group_created(draft: Draft, name: str) -> None:
    """The end of a creation."""
    found = draft.network_security_groups.get(name)
    if found is not None:
        draft.network_security_groups[name] = replace(found, state="Created")


@effect
def group_deleted(draft: Draft, name: str) -> None:
    """The end of a deletion; it fails if something has come to be guarded meanwhile."""
    found = draft.network_security_groups.get(name)
    if found is not None:
        _check_unused(draft, found)
        del draft.network_security_groups[name]


@effect
def group_stays(draft: Draft, name: str) -> None:
    """A deletion that failed leaves the group as it was."""
    group_created(draft, name)


@effect
def rule_set(draft: Draft, name: str, rule: model.SecurityRule) -> None:
    """The end of adding or replacing a rule."""
    found = draft.network_security_groups.get(name)
    if found is not None:
        draft.network_security_groups[name] = replace(found, rules=(*_without(found, rule.name), rule))


@effect
def rule_deleted(draft: Draft, name: str, rule_name: str) -> None:
    """The end of removing a rule."""
    found = draft.network_security_groups.get(name)
    if found is not None:
        draft.network_security_groups[name] = replace(found, rules=_without(found, rule_name))


def _without(group: model.SecurityGroup, rule_name: str) -> tuple[model.SecurityRule, ...]:
    return tuple(one for one in group.rules if one.name.lower() != rule_name.lower())


@assumed("that a group in use cannot be deleted is documented of later groups; status and text were never seen")
def _check_unused(draft: Draft, group: model.SecurityGroup) -> None:
    for user in guarded_by(draft, group.name):
        raise BadRequest(f"The {GROUP} {group.name} cannot be deleted because it is in use by {user}.")


# -- bindings ---------------------------------------------------------------------------------------------------------


@effect
def subnet_guarded(draft: Draft, site_name: str, subnet_name: str, name: str | None) -> None:
    """The end of a change of a subnet's group; it fails if the two are in different regions (recorded)."""
    site, subnet = find_subnet(draft, site_name, subnet_name)
    if name is not None:
        check_region(draft, GROUP, find_group(draft, name), site)
    put_subnet(draft, site.name, replace(subnet, network_security_group=name))


@effect
def machine_guarded(
    draft: Draft, service_name: str, private_id: str, role_name: str, interface_name: str | None, name: str | None
) -> None:
    """The end of a change of a virtual machine's group, or of one of its further interfaces."""
    deployment = by_private_id(draft, service_name, private_id)
    machine = machine_of(deployment, role_name) if deployment else None
    if deployment is None or machine is None:
        return
    if name is not None:
        site = draft.virtual_networks.get(deployment.virtual_network_name or "")
        group = find_group(draft, name)
        if site is not None:
            check_region(draft, GROUP, group, site)
    network = machine.network
    if interface_name is None:
        network = replace(network, network_security_group=name)
    else:
        interfaces = tuple(
            replace(one, network_security_group=name) if is_named(one, interface_name) else one
            for one in network.network_interfaces or ()
        )
        network = replace(network, network_interfaces=interfaces)
    changed = put_machine(deployment, replace(machine, network=network))
    put_deployment(draft, service_name, replace(changed, modified=draft.now))


def is_named(interface: AssignNetworkInterface, name: str) -> bool:
    """Whether this is a network interface's name, in any case."""
    return (interface.name or "").lower() == name.lower()


@assumed("the text follows that of an unknown role")
def find_interface(machine: model.MachineRole, name: str) -> AssignNetworkInterface:
    """A further network interface of a machine, or ResourceNotFound."""
    for one in machine.network.network_interfaces or ():
        if is_named(one, name):
            return one
    raise ResourceNotFound(f"The network interface {name} was not found in the role {machine.name}.")


class SecurityGroupArea(Area, SecurityGroupContract):
    """Keeps network security groups and what they guard."""

    @assumed("the refusals' texts were never seen")
    def create_network_security_group(self, body: CreateNetworkSecurityGroup) -> Accepted:
        check_name(GROUP, body.name)
        if body.label is not None and len(body.label) > LONGEST_LABEL:
            raise BadRequest(f"The label is invalid. It may have at most {LONGEST_LABEL} characters.")
        location = check_location(body.location)
        groups = self.state.network_security_groups
        if body.name in groups:
            raise ConflictError(f"A {GROUP} with the name {body.name} already exists.")
        check_quota("network security group count", self.state.subscription.quotas.network_security_groups, len(groups))
        answer = self.begin(group_created, holds=_lease_on(body.name), name=body.name)
        groups[body.name] = model.SecurityGroup(
            name=body.name, location=location, label=body.label or None, state="Creating"
        )
        return answer

    def list_network_security_groups(self) -> NetworkSecurityGroups:
        return NetworkSecurityGroups(items=tuple(map(_document, self.state.network_security_groups.values())))

    def get_network_security_group(self, name: str, detail_level: str | None = None) -> NetworkSecurityGroup:
        found = find_group(self.state, name)
        if (detail_level or "").lower() != FULL:
            return _document(found)
        return replace(_document(found), rules=tuple(map(_rule_document, rules_of(found))))

    def delete_network_security_group(self, name: str) -> Accepted:
        found = find_group(self.state, name)
        _check_unused(self.state, found)
        answer = self.begin(group_deleted, holds=_lease_on(name), undo=group_stays, name=found.name)
        self.state.network_security_groups[found.name] = replace(found, state="Deleting")
        return answer

    @quoted("the refusal of a wrong address prefix; it comes at once")
    @assumed("the other refusals' texts were never seen")
    def set_network_security_rule(self, name: str, rule_name: str, body: SecurityRule) -> Accepted:
        group = find_group(self.state, name)
        check_name("Network Security Rule", rule_name)
        if body.priority is None or body.priority not in PRIORITIES:
            raise BadRequest(
                f"The Priority provided '{body.priority}' is invalid. "
                f"It must be between {PRIORITIES[0]} and {PRIORITIES[-1]}."
            )
        rule = model.SecurityRule(
            name=rule_name,
            type=check_word("Type", body.type, ("Inbound", "Outbound")),
            priority=body.priority,
            action=check_word("Action", body.action, ("Allow", "Deny")),
            source_address_prefix=check_prefix("Source", body.source_address_prefix),
            source_port_range=check_ports("Source", body.source_port_range),
            destination_address_prefix=check_prefix("Destination", body.destination_address_prefix),
            destination_port_range=check_ports("Destination", body.destination_port_range),
            protocol=check_word("Protocol", body.protocol, ("TCP", "UDP", "*")),
        )
        others = _without(group, rule_name)
        for other in others:
            if (other.type, other.priority) == (rule.type, rule.priority):
                raise BadRequest(
                    f"The priority {rule.priority} is already used by the {rule.type} rule {other.name} "
                    f"of the {GROUP} {group.name}."
                )
        quotas = self.state.subscription.quotas
        check_quota("network security rules per group count", quotas.network_security_rules, len(others))
        return self.begin(rule_set, holds=_lease_on(name), name=group.name, rule=rule)

    @assumed("the refusals' texts were never seen")
    def delete_network_security_rule(self, name: str, rule_name: str) -> Accepted:
        group = find_group(self.state, name)
        if any(one.name.lower() == rule_name.lower() for one in DEFAULT_RULES):
            raise BadRequest(f"The default rule {rule_name} cannot be deleted.")
        if len(_without(group, rule_name)) == len(group.rules):
            raise ResourceNotFound(f"The rule {rule_name} does not exist in the {GROUP} {group.name}.")
        return self.begin(rule_deleted, holds=_lease_on(name), name=group.name, rule_name=rule_name)

    # -- subnets ------------------------------------------------------------------------------------------------------

    @assumed("a subnet has one group at most (documented); the refusal of another was never seen")
    def add_network_security_group_to_subnet(
        self, virtual_network_name: str, subnet_name: str, body: NetworkSecurityGroupName
    ) -> Accepted:
        group = find_group(self.state, body.name)
        site, subnet = find_subnet(self.state, virtual_network_name, subnet_name)
        where = f"virtual network name {site.name} and subnet {subnet.name}"
        _check_free(where, subnet.network_security_group, group)
        return self._guard_subnet(site, subnet, group, group.name)

    @recorded("both answers")
    def get_network_security_group_for_subnet(
        self, virtual_network_name: str, subnet_name: str
    ) -> NetworkSecurityGroupName:
        site, subnet = find_subnet(self.state, virtual_network_name, subnet_name)
        return self._guard(f"virtual network name {site.name} and subnet {subnet.name}", subnet.network_security_group)

    def remove_network_security_group_from_subnet(
        self, virtual_network_name: str, subnet_name: str, name: str
    ) -> Accepted:
        group = find_group(self.state, name)
        site, subnet = find_subnet(self.state, virtual_network_name, subnet_name)
        where = f"virtual network name {site.name} and subnet {subnet.name}"
        _check_bound(where, subnet.network_security_group, group)
        return self._guard_subnet(site, subnet, group, None)

    def _guard_subnet(
        self, site: model.VirtualNetworkSite, subnet: model.Subnet, group: model.SecurityGroup, name: str | None
    ) -> Accepted:
        place = ("subnet", f"{site.name}/{subnet.name}".lower())
        return self.begin(
            subnet_guarded,
            holds=(*_lease_on(group.name), place),
            site_name=site.name,
            subnet_name=subnet.name,
            name=name,
        )

    # -- virtual machines ---------------------------------------------------------------------------------------------

    def add_network_security_group_to_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: NetworkSecurityGroupName
    ) -> Accepted:
        return self._guard_machine(service_name, deployment, role_name, None, body.name, add=True)

    def get_network_security_group_for_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str
    ) -> NetworkSecurityGroupName:
        _, found = find_deployment(self.state, service_name, deployment)
        machine = find_machine(found, role_name)
        return self._guard(f"role {machine.name}", machine.network.network_security_group)

    def remove_network_security_group_from_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, name: str
    ) -> Accepted:
        return self._guard_machine(service_name, deployment, role_name, None, name, add=False)

    def add_network_security_group_to_network_interface(
        self,
        service_name: str,
        deployment: DeploymentKey,
        role_name: str,
        interface_name: str,
        body: NetworkSecurityGroupName,
    ) -> Accepted:
        return self._guard_machine(service_name, deployment, role_name, interface_name, body.name, add=True)

    def get_network_security_group_for_network_interface(
        self, service_name: str, deployment: DeploymentKey, role_name: str, interface_name: str
    ) -> NetworkSecurityGroupName:
        _, found = find_deployment(self.state, service_name, deployment)
        machine = find_machine(found, role_name)
        interface = find_interface(machine, interface_name)
        where = f"role {machine.name} and network interface {interface.name}"
        return self._guard(where, interface.network_security_group)

    def remove_network_security_group_from_network_interface(
        self, service_name: str, deployment: DeploymentKey, role_name: str, interface_name: str, name: str
    ) -> Accepted:
        return self._guard_machine(service_name, deployment, role_name, interface_name, name, add=False)

    @assumed("groups guard machines in virtual networks only (documented); the texts were never seen")
    def _guard_machine(
        self,
        service_name: str,
        key: DeploymentKey,
        role_name: str,
        interface_name: str | None,
        name: str,
        *,
        add: bool,
    ) -> Accepted:
        service, deployment = find_machines(self.state, service_name, key)
        machine = find_machine(deployment, role_name)
        group = find_group(self.state, name)
        current, where = machine.network.network_security_group, f"role {machine.name}"
        if interface_name is not None:
            interface = find_interface(machine, interface_name)
            current, where = interface.network_security_group, f"{where} and network interface {interface.name}"
        if not add:
            _check_bound(where, current, group)
        elif deployment.virtual_network_name is None:
            raise BadRequest(OUTSIDE)
        else:
            _check_free(where, current, group)
        return self.begin(
            machine_guarded,
            holds=(*_lease_on(group.name), ("deployment", deployment.private_id)),
            service_name=service.name,
            private_id=deployment.private_id,
            role_name=machine.name,
            interface_name=interface_name,
            name=group.name if add else None,
        )

    def _guard(self, where: str, name: str | None) -> NetworkSecurityGroupName:
        if name is None:
            raise ResourceNotFound(f"The {where} does not have any network security group assigned.")
        return NetworkSecurityGroupName(name=name, state=find_group(self.state, name).state)


def _check_free(where: str, current: str | None, group: model.SecurityGroup) -> None:
    if current is not None and current.lower() != group.name.lower():
        raise ConflictError(f"The {where} already has the network security group {current} assigned.")


def _check_bound(where: str, current: str | None, group: model.SecurityGroup) -> None:
    if (current or "").lower() != group.name.lower():
        raise ResourceNotFound(f"The {where} does not have the network security group {group.name} assigned.")


def _lease_on(name: str) -> tuple[tuple[str, str]]:
    return (("network security group", name.lower()),)


def _document(group: model.SecurityGroup) -> NetworkSecurityGroup:
    return NetworkSecurityGroup(name=group.name, label=group.label, location=group.location, state=group.state)


def _rule_document(rule: model.SecurityRule) -> SecurityRule:
    return SecurityRule(
        name=rule.name,
        type=rule.type,
        priority=rule.priority,
        action=rule.action,
        source_address_prefix=rule.source_address_prefix,
        source_port_range=rule.source_port_range,
        destination_address_prefix=rule.destination_address_prefix,
        destination_port_range=rule.destination_port_range,
        protocol=rule.protocol,
        state="Active",
        is_default=True if rule.is_default else None,
    )
