"""What network security groups guard: subnets, machines, further network interfaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from asm_contracts.areas.security_groups import CreateNetworkSecurityGroup, NetworkSecurityGroupName
from asm_contracts.evidence import assumed, documented, recorded
from asm_contracts.operation import Accepted
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import Machines, instance, make_machines
from asm_contracts.suite.names import Names
from asm_contracts.suite.networks import (
    Network,
    adding,
    change_configuration,
    make_machine_inside,
    make_network,
    make_security_group,
    site,
)
from asm_contracts.suite.worlds import refused, unchanged

NIC = "nic1"


@pytest.fixture(scope="module")
def network(azure: Azure, module_names: Names) -> Network:
    """A virtual network."""
    return make_network(azure, module_names)


@pytest.fixture(scope="module")
def machines(azure: Azure, module_names: Names, network: Network) -> Machines:
    """A machine in it, with a further network interface."""
    return make_machine_inside(azure, module_names, network.name, NIC)


@dataclass(frozen=True, slots=True)
class Place:
    """Something that a group can guard."""

    add: Callable[[str], Accepted]
    get: Callable[[], NetworkSecurityGroupName]
    remove: Callable[[str], Accepted]


@pytest.fixture(params=["subnet", "role", "interface"])
def place(request: pytest.FixtureRequest, azure: Azure, network: Network, machines: Machines) -> Place:
    """Each of the things that a group can guard."""
    if request.param == "subnet":
        subnet = (network.name, "front")
        return Place(
            lambda name: azure.add_network_security_group_to_subnet(*subnet, NetworkSecurityGroupName(name=name)),
            lambda: azure.get_network_security_group_for_subnet(*subnet),
            lambda name: azure.remove_network_security_group_from_subnet(*subnet, name),
        )
    role = (machines.service, machines.deployment, machines.roles[0])
    if request.param == "role":
        return Place(
            lambda name: azure.add_network_security_group_to_role(*role, NetworkSecurityGroupName(name=name)),
            lambda: azure.get_network_security_group_for_role(*role),
            lambda name: azure.remove_network_security_group_from_role(*role, name),
        )
    return Place(
        lambda name: azure.add_network_security_group_to_network_interface(
            *role, NIC, NetworkSecurityGroupName(name=name)
        ),
        lambda: azure.get_network_security_group_for_network_interface(*role, NIC),
        lambda name: azure.remove_network_security_group_from_network_interface(*role, NIC, name),
    )


@recorded("the answer where no group is assigned is 404")
@documented("a subnet, machine or interface has one group at most; a group in use stays")
def test_a_group_guards_and_ceases_to(azure: Azure, names: Names, place: Place) -> None:
    group, other = make_security_group(azure, names), make_security_group(azure, names)
    with refused(404, "ResourceNotFound"):
        place.get()
    with refused(404, "ResourceNotFound"):
        place.remove(group)
    azure.wait(place.add(group))
    assert place.get().name == group
    with unchanged(place.get):
        with refused(409, "ConflictError"):
            place.add(other)
        with refused(404, "ResourceNotFound"):
            place.remove(other)
        with refused(400, "BadRequest"):
            azure.delete_network_security_group(group)
        with refused(404, "ResourceNotFound"):
            place.add(names.free())
    azure.wait(place.remove(group))
    with refused(404, "ResourceNotFound"):
        place.get()
    azure.wait(azure.delete_network_security_group(group))


@documented("the instance shows which group guards a further network interface, the list of networks which a subnet")
def test_a_guard_is_shown(azure: Azure, names: Names, network: Network, machines: Machines) -> None:
    group = NetworkSecurityGroupName(name=make_security_group(azure, names))
    role = (machines.service, machines.deployment, machines.roles[0])
    azure.wait(azure.add_network_security_group_to_network_interface(*role, NIC, group))
    shown = instance(azure, machines, role[2]).network_interfaces or ()
    assert [(one.name, one.network_security_group) for one in shown] == [(NIC, group.name)]
    azure.wait(azure.remove_network_security_group_from_network_interface(*role, NIC, group.name))
    azure.wait(azure.add_network_security_group_to_subnet(network.name, "back", group))
    (found,) = [one for one in azure.list_virtual_network_sites().items if one.name == network.name]
    assert {one.name: one.network_security_group for one in found.subnets or ()}["back"] == group.name
    # Describing the network anew does not take the guard away.
    change_configuration(azure, adding(site(network.name, network.office)))
    assert azure.get_network_security_group_for_subnet(network.name, "back").name == group.name
    azure.wait(azure.remove_network_security_group_from_subnet(network.name, "back", group.name))


@recorded("the error of a group that is in another region than the network comes from the operation")
def test_a_group_of_another_region_fails(azure: Azure, names: Names, network: Network) -> None:
    far = names.of("security group")
    azure.wait(azure.create_network_security_group(CreateNetworkSecurityGroup(name=far, location="East US")))
    body = NetworkSecurityGroupName(name=far)
    failed = azure.ended(azure.add_network_security_group_to_subnet(network.name, "front", body))
    assert failed.status == "Failed" and failed.error is not None
    assert "they need to belong to the same region" in failed.error.message
    with refused(404, "ResourceNotFound"):
        azure.get_network_security_group_for_subnet(network.name, "front")
    azure.wait(azure.delete_network_security_group(far))


@assumed("what is not there cannot be guarded; a machine outside any network cannot either")
def test_what_cannot_be_guarded(azure: Azure, names: Names, network: Network, machines: Machines) -> None:
    group = NetworkSecurityGroupName(name=make_security_group(azure, names))
    role = (machines.service, machines.deployment, machines.roles[0])
    with refused(404, "ResourceNotFound"):
        azure.add_network_security_group_to_subnet(network.name, "nowhere", group)
    with refused(404, "ResourceNotFound"):
        azure.add_network_security_group_to_network_interface(*role, "nic9", group)
    outside = make_machines(azure, names, ready=False)
    with refused(400, "BadRequest"):
        azure.add_network_security_group_to_role(outside.service, outside.deployment, outside.roles[0], group)
