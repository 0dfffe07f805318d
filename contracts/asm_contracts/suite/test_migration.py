"""Migration to Azure Resource Manager: what is validated, prepared, taken back, and what leaves for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from asm_contracts.areas.migration import DeploymentNetworkResource, ValidationMessages
from asm_contracts.areas.reserved_ips import CreateReservedIP, ReservedIPAssociation
from asm_contracts.areas.route_tables import RouteTableAssociation
from asm_contracts.areas.security_groups import NetworkSecurityGroupName
from asm_contracts.evidence import assumed, documented, recorded
from asm_contracts.operation import Accepted
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import Machines, make_machines
from asm_contracts.suite.names import Names
from asm_contracts.suite.networks import (
    listed,
    make_machine_inside,
    make_network,
    make_route_table,
    make_security_group,
)
from asm_contracts.suite.worlds import LOCATION, make_storage_account, refused, unchanged, while_it_goes_on


def said(found: ValidationMessages) -> list[tuple[str, str, str]]:
    """Kind, name and category of what validation says."""
    return [(one.resource_type, one.resource_name, one.category) for one in found.items]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to migrate, and what can be done with it."""

    kind: str
    """What messages call it."""
    name: str
    validate: Callable[[], ValidationMessages]
    prepare: Callable[[], Accepted]
    commit: Callable[[], Accepted]
    abort: Callable[[], Accepted]
    there: Callable[[], bool]


def subject(azure: Azure, what: str, kind: str, names: tuple[str, ...], there: Callable[[], bool]) -> Subject:
    """The four operations of a kind of resource, for one."""
    verbs = ("validate", "prepare", "commit", "abort")
    operations = [getattr(azure, f"{verb}_{what}_migration") for verb in verbs]

    def bound(operation: Any) -> Callable[[], Any]:
        return lambda: operation(*names)

    validate, prepare, commit, abort = map(bound, operations)
    return Subject(kind, names[-1], validate, prepare, commit, abort, there)


def _reserved_ip(azure: Azure, names: Names) -> Subject:
    name = names.reserved_ip()
    azure.wait(azure.create_reserved_ip_address(CreateReservedIP(name=name, label="l", location=LOCATION)))
    addresses = azure.list_reserved_ip_addresses
    return subject(
        azure, "reserved_ip_address", "ReservedIP", (name,), lambda: name in [one.name for one in addresses().items]
    )


def _storage_account(azure: Azure, names: Names) -> Subject:
    name = make_storage_account(azure, names)
    accounts = azure.list_storage_accounts
    return subject(
        azure, "storage_account", "Storage", (name,), lambda: name in [one.service_name for one in accounts().items]
    )


def _security_group(azure: Azure, names: Names) -> Subject:
    name = make_security_group(azure, names)
    groups = azure.list_network_security_groups
    return subject(
        azure,
        "network_security_group",
        "NetworkSecurityGroup",
        (name,),
        lambda: name in [one.name for one in groups().items],
    )


def _route_table(azure: Azure, names: Names) -> Subject:
    name = make_route_table(azure, names)
    tables = azure.list_route_tables
    return subject(azure, "route_table", "RouteTable", (name,), lambda: name in [one.name for one in tables().items])


def _network(azure: Azure, names: Names) -> Subject:
    name = make_network(azure, names).name
    return subject(azure, "virtual_network", "VirtualNetwork", (name,), lambda: listed(azure, name) is not None)


def _deployment(azure: Azure, names: Names) -> Subject:
    made = make_machines(azure, names, ready=False)
    services = azure.list_hosted_services
    return subject(
        azure,
        "deployment",
        "Deployment",
        (made.service, str(made.deployment)),
        lambda: made.service in [one.service_name for one in services().items],
    )


MAKERS = {
    "deployment": _deployment,
    "virtual_network": _network,
    "storage_account": _storage_account,
    "network_security_group": _security_group,
    "reserved_ip_address": _reserved_ip,
    "route_table": _route_table,
}


@pytest.fixture(params=MAKERS)
def wanderer(request: pytest.FixtureRequest, azure: Azure, names: Names) -> Subject:
    """One of each kind of resource that can be migrated."""
    return MAKERS[request.param](azure, names)


@documented("validate, prepare, then commit or abort; only what is prepared can be committed or aborted")
@assumed("that nothing is wrong is said too; what is prepared is not prepared again")
def test_a_resource_is_prepared_taken_back_and_leaves(azure: Azure, wanderer: Subject) -> None:
    assert said(wanderer.validate()) == [(wanderer.kind, wanderer.name, "Information")]
    for early in (wanderer.commit, wanderer.abort):
        with refused(400, "BadRequest", f"{wanderer.kind} {wanderer.name} is not prepared for migration."):
            early()
    preparation = wanderer.prepare()
    with while_it_goes_on(azure, preparation), refused(409, "ConflictError"):
        wanderer.prepare()
    azure.wait(preparation)
    assert wanderer.there(), "what is prepared stays"
    with refused(409, "ConflictError"):
        wanderer.prepare()
    azure.wait(wanderer.abort())
    assert wanderer.there()
    with refused(400, "BadRequest", f"{wanderer.kind} {wanderer.name} is not prepared for migration."):
        wanderer.commit()
    azure.wait(wanderer.prepare())
    leaving = wanderer.commit()
    with while_it_goes_on(azure, leaving):
        assert wanderer.there()
        with refused(409, "ConflictError"):
            wanderer.abort()
    azure.wait(leaving)
    assert not wanderer.there()
    assert said(wanderer.validate()) == [(wanderer.kind, wanderer.name, "Error")]


UNKNOWN: dict[str, tuple[str, int, str, str]] = {
    "deployment": ("Deployment", 404, "ResourceNotFound", "The deployment name '{}' does not exist."),
    "virtual_network": (
        "VirtualNetwork",
        400,
        "BadRequest",
        "Virtual network '{}' not found. Either it does not exist or it is an Azure Resource Manager resource, which "
        "cannot be used with Cloud Services.",
    ),
    "storage_account": ("Storage", 404, "ResourceNotFound", "The storage account '{}' was not found."),
    "network_security_group": (
        "NetworkSecurityGroup",
        404,
        "ResourceNotFound",
        "The Network Security Group {} does not exist.",
    ),
    "reserved_ip_address": ("ReservedIP", 404, "ResourceNotFound", "The reserved IP {} does not exist."),
    "route_table": ("RouteTable", 404, "ResourceNotFound", "The Route Table {} does not exist."),
}


@recorded("validation answers 200 with a message of what the other calls are refused with")
@pytest.mark.parametrize("what", list(UNKNOWN))
def test_a_resource_that_is_not_there(azure: Azure, names: Names, what: str) -> None:
    kind, status, code, text = UNKNOWN[what]
    name = names.free()
    given = (name, name) if what == "deployment" else (name,)
    nobody = subject(azure, what, kind, given, lambda: False)
    for call in (nobody.prepare, nobody.commit, nobody.abort):
        with refused(status, code, text.format(name)):
            call()
    (message,) = nobody.validate().items
    assert (message.resource_type, message.resource_name, message.category) == (kind, name, "Error")
    assert message.message == text.format(name)


# -- deployments ------------------------------------------------------------------------------------------------------


@assumed("what goes with a deployment: its machines' disks, and its service if that was all there was")
def test_a_deployment_leaves_with_its_disks(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, ready=False)
    of = (machines.service, str(machines.deployment))

    def disks() -> list[str | None]:
        return [
            one.name
            for one in azure.list_disks().items
            if one.attached_to is not None and one.attached_to.hosted_service_name == machines.service
        ]

    assert len(disks()) == 1
    azure.wait(azure.prepare_deployment_migration(*of))
    assert azure.get_deployment(machines.service, machines.deployment).migration_state == "Prepared"
    azure.wait(azure.abort_deployment_migration(*of))
    assert azure.get_deployment(machines.service, machines.deployment).migration_state is None
    azure.wait(azure.prepare_deployment_migration(*of))
    azure.wait(azure.commit_deployment_migration(*of))
    assert disks() == []
    with refused(404, "ResourceNotFound"):
        azure.get_hosted_service(machines.service)


@documented("a new virtual network or an existing one, which has a name, a subnet and a resource group")
def test_a_deployment_goes_into_a_network(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    of = (machines.service, str(machines.deployment))
    vague = DeploymentNetworkResource(destination_virtual_network="Existing", virtual_network_name="net")
    with unchanged(lambda: azure.get_deployment(machines.service, machines.deployment)):
        with refused(400, "BadRequest"):
            azure.prepare_deployment_migration_to_network(*of, vague)
        with refused(400, "BadRequest"):
            azure.prepare_deployment_migration_to_network(
                *of, DeploymentNetworkResource(destination_virtual_network="Elsewhere")
            )
    assert [one[2] for one in said(azure.validate_deployment_migration_to_network(*of, vague))] == ["Error"]
    where = DeploymentNetworkResource(
        destination_virtual_network="Existing",
        resource_group_name="group",
        virtual_network_name="net",
        sub_net_name="front",
    )
    assert [one[2] for one in said(azure.validate_deployment_migration_to_network(*of, where))] == ["Information"]
    azure.wait(azure.prepare_deployment_migration_to_network(*of, where))
    azure.wait(azure.abort_deployment_migration(*of))


@documented("machines in a virtual network are migrated with it")
def test_a_network_leaves_with_its_machines(azure: Azure, names: Names) -> None:
    network = make_network(azure, names).name
    machines = make_machine_inside(azure, names, network)
    of = (machines.service, str(machines.deployment))
    assert [one[2] for one in said(azure.validate_deployment_migration(*of))] == ["Error"]
    with refused(400, "BadRequest"):
        azure.prepare_deployment_migration(*of)
    azure.wait(azure.prepare_virtual_network_migration(network))
    found = listed(azure, network)
    assert found is not None and found.migration_state == "Prepared"
    azure.wait(azure.commit_virtual_network_migration(network))
    assert listed(azure, network) is None
    with refused(404, "ResourceNotFound"):
        azure.get_hosted_service(machines.service)


# -- what is in use ---------------------------------------------------------------------------------------------------


@documented("machines are migrated before the storage accounts that their disks are in")
def test_an_account_with_disks_stays(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, ready=False)
    assert [one[2] for one in said(azure.validate_storage_account_migration(machines.account))] == ["Error"]
    with refused(400, "BadRequest"):
        azure.prepare_storage_account_migration(machines.account)


@documented("a reserved IP in use is migrated with its deployment")
def test_an_address_in_use_goes_with_its_deployment(azure: Azure, names: Names) -> None:
    machines: Machines = make_machines(azure, names, ready=False)
    of = (machines.service, str(machines.deployment))
    name = names.reserved_ip()
    azure.wait(azure.create_reserved_ip_address(CreateReservedIP(name=name, label="l", location=LOCATION)))
    body = ReservedIPAssociation(service_name=machines.service, deployment_name=str(machines.deployment))
    azure.wait(azure.associate_reserved_ip_address(name, body))
    with refused(400, "BadRequest"):
        azure.prepare_reserved_ip_address_migration(name)
    azure.wait(azure.prepare_deployment_migration(*of))
    azure.wait(azure.commit_deployment_migration(*of))
    with refused(404, "ResourceNotFound"):
        azure.get_reserved_ip_address(name)


@assumed("a group or table in use is migrated with what uses it")
def test_what_a_subnet_uses_stays(azure: Azure, names: Names) -> None:
    network = make_network(azure, names).name
    group, table = make_security_group(azure, names), make_route_table(azure, names)
    azure.wait(azure.add_network_security_group_to_subnet(network, "front", NetworkSecurityGroupName(name=group)))
    azure.wait(azure.add_route_table_to_subnet(network, "front", RouteTableAssociation(route_table_name=table)))
    assert [one[2] for one in said(azure.validate_network_security_group_migration(group))] == ["Error"]
    assert [one[2] for one in said(azure.validate_route_table_migration(table))] == ["Error"]
    with refused(400, "BadRequest"):
        azure.prepare_network_security_group_migration(group)
    with refused(400, "BadRequest"):
        azure.prepare_route_table_migration(table)


@assumed("the name of an account that has left stays taken, as the account is still there")
def test_the_name_of_an_account_that_left(azure: Azure, names: Names) -> None:
    name = make_storage_account(azure, names)
    azure.wait(azure.prepare_storage_account_migration(name))
    azure.wait(azure.commit_storage_account_migration(name))
    assert azure.check_storage_account_name_availability(name).result is False
