"""Virtual machines in virtual networks: their addresses, what guards them, and whether they forward."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.route_tables import (
    CreateRouteTable,
    EffectiveNextHop,
    EffectiveRoute,
    IPForwarding,
    NextHop,
    Route,
    RouteTableAssociation,
)
from asm_contracts.areas.security_groups import CreateNetworkSecurityGroup, NetworkSecurityGroupName
from asm_contracts.areas.virtual_machines import ShutdownRoleOperation, StartRoleOperation
from asm_contracts.codec import netcfg
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Accepted, DeploymentName, RawBody
from asm_contracts.roles import (
    AssignIPConfiguration,
    AssignNetworkInterface,
    FrontendIpConfiguration,
    LoadBalancer,
    NetworkConfigurationSet,
    NetworkInterface,
    PersistentVMRole,
)

DEP = DeploymentName("dep")
NONE_LEFT = (
    "Unable to allocate the required address spaces for the deployment in a new or predefined subnet that is contained "
    "within the specified virtual network."
)


def site(**prefixes: str) -> netcfg.Site:
    given = prefixes or {"front": "192.168.100.0/28", "back": "192.168.100.16/29"}
    subnets = tuple(netcfg.Subnet(name=name, address_prefix=prefix) for name, prefix in given.items())
    return netcfg.Site(name="net", location="West US", address_prefixes=("192.168.100.0/24",), subnets=subnets)


@pytest.fixture
def network(machines: Any, azure: Client) -> str:
    """A virtual network with a larger and a smaller subnet."""
    set_sites(machines, azure, site())
    return "net"


def set_sites(machines: Any, azure: Client, *sites: netcfg.Site) -> None:
    wanted = netcfg.NetworkConfiguration(sites=sites)
    machines.end(azure.set_network_configuration(RawBody(netcfg.write(wanted), "text/plain")))


def placed(machines: Any, name: str = "vm1", *subnets: str, **network: Any) -> PersistentVMRole:
    """A Linux machine with a network configuration."""
    size = "ExtraLarge" if "network_interfaces" in network else "Small"  # it can have four of them
    role: PersistentVMRole = machines.linux(name, role_size=size)
    own = machines.network(subnet_names=subnets or None, **network)
    return replace(role, configuration_sets=(*(role.configuration_sets or ()), own))


def interface(name: str, subnet: str, static: str | None = None, **fields: Any) -> AssignNetworkInterface:
    configuration = AssignIPConfiguration(subnet_name=subnet, static_virtual_network_ip_address=static)
    return AssignNetworkInterface(name=name, ip_configurations=(configuration,), **fields)


def addresses(machines: Any) -> dict[str | None, str | None]:
    return {one.role_name: one.ip_address for one in machines.deployment().role_instance_list or ()}


def interfaces(machines: Any) -> list[NetworkInterface]:
    return list(machines.instance().network_interfaces or ())


def further(machines: Any) -> list[str | None]:
    return [pair.address for one in interfaces(machines) for pair in one.ip_configurations or ()]


def network_of(machines: Any) -> NetworkConfigurationSet:
    found = (machines.role().configuration_sets or ())[0]
    assert isinstance(found, NetworkConfigurationSet)
    return found


def stop_and_start(machines: Any, azure: Client) -> None:
    shutdown = ShutdownRoleOperation(post_shutdown_action="StoppedDeallocated")
    machines.end(azure.shutdown_role("svc", DEP, "vm1", shutdown))
    machines.end(azure.start_role("svc", DEP, "vm1", StartRoleOperation()))


# -- addresses --------------------------------------------------------------------------------------------------------


def test_addresses_come_from_the_subnet_and_begin_with_the_fourth(machines: Any, network: str, azure: Client) -> None:
    machines.create(placed(machines), placed(machines, "vm2", "back"), placed(machines, "vm3", "FRONT"),
                    virtual_network_name="NET")  # fmt: skip
    assert addresses(machines) == {"vm1": "192.168.100.4", "vm2": "192.168.100.20", "vm3": "192.168.100.5"}
    deployment = machines.deployment()
    assert deployment.virtual_network_name == "net"
    assert deployment.virtual_network_id == azure.list_virtual_network_sites().items[0].id
    assert azure.check_static_ip_address("net", "192.168.100.5").is_available is False
    machines.end(azure.delete_role("svc", DEP, "vm1"))
    assert azure.check_static_ip_address("net", "192.168.100.4").is_available is True
    machines.end(azure.add_role("svc", DEP, placed(machines, "vm4")))
    assert addresses(machines)["vm4"] == "192.168.100.4"


def test_a_fixed_address_is_given_and_kept(machines: Any, network: str, azure: Client) -> None:
    machines.create(
        placed(machines, "vm1", "front", static_virtual_network_ip_address="192.168.100.4"),
        placed(machines, "vm2", "front"),
        virtual_network_name=network,
    )
    assert addresses(machines) == {"vm1": "192.168.100.4", "vm2": "192.168.100.5"}
    shutdown = ShutdownRoleOperation(post_shutdown_action="StoppedDeallocated")
    machines.end(azure.shutdown_role("svc", DEP, "vm1", shutdown))
    assert azure.check_static_ip_address("net", "192.168.100.4").is_available is False
    machines.end(azure.add_role("svc", DEP, placed(machines, "vm3")))
    machines.end(azure.start_role("svc", DEP, "vm1", StartRoleOperation()))
    assert addresses(machines) == {"vm1": "192.168.100.4", "vm2": "192.168.100.5", "vm3": "192.168.100.6"}


def test_a_fixed_address_that_is_taken_fails_the_creation(machines: Any, network: str, azure: Client) -> None:
    machines.create(placed(machines), virtual_network_name=network)
    fixed = placed(machines, "vm2", static_virtual_network_ip_address="192.168.100.4")
    machines.end(azure.add_role("svc", DEP, fixed), "Failed", NONE_LEFT)


def test_a_full_subnet_fails_the_creation_and_leaves_nothing(machines: Any, network: str, unchanged: Any) -> None:
    before = unchanged()
    roles = [placed(machines, f"vm{number}", "back") for number in range(4)]
    machines.end(machines.begin(*roles, virtual_network_name=network), "Failed", NONE_LEFT)
    assert unchanged()[:2] == before[:2]
    with pytest.raises(ResourceNotFound):
        machines.deployment()
    machines.end(machines.begin(*roles[:3], virtual_network_name=network))


def test_further_interfaces_have_addresses_of_their_subnets(machines: Any, network: str, azure: Client) -> None:
    nics = (
        interface("nic1", "front"),
        interface("nic2", "back", "192.168.100.22", ip_forwarding="Enabled"),
    )
    machines.create(placed(machines, "vm1", "front", network_interfaces=nics), virtual_network_name=network)
    assert (addresses(machines)["vm1"], further(machines)) == ("192.168.100.4", ["192.168.100.5", "192.168.100.22"])
    found = interfaces(machines)
    assert [(one.name, one.ip_forwarding) for one in found] == [("nic1", None), ("nic2", "Enabled")]
    macs = [one.mac_address or "" for one in found]
    assert all(len(one) == 12 and one.startswith("000D3A") and one.isalnum() for one in macs) and macs[0] != macs[1]
    assert azure.check_static_ip_address("net", "192.168.100.5").is_available is False
    stop_and_start(machines, azure)
    assert further(machines) == ["192.168.100.5", "192.168.100.22"]
    assert [one.mac_address for one in interfaces(machines)] == macs


def test_a_group_is_where_the_network_is(machines: Any, azure: Client, refused: Any) -> None:
    set_sites(machines, azure, site())
    machines.end(azure.create_network_security_group(CreateNetworkSecurityGroup(name="far", location="East US")))
    role = machines.linux()
    role = replace(role, configuration_sets=(*role.configuration_sets, machines.network(network_security_group="far")))
    text = (
        "The region useast specified for the Network Security Group far is different than the region uswest that "
        "Virtual Network net belongs to, they need to belong to the same region."
    )
    with refused(BadRequest, text):
        machines.begin(role, virtual_network_name="net")


@pytest.mark.parametrize(
    ("network", "message"),
    [
        ({"static_virtual_network_ip_address": "here"}, "The static IP address here is invalid."),
        ({"network_security_group": "none"}, "The Network Security Group none does not exist."),
    ],
)  # fmt: skip
def test_what_a_machine_cannot_have_is_refused(
    machines: Any, azure: Client, refused: Any, network: dict[str, Any], message: str
) -> None:
    set_sites(machines, azure, site())
    role = machines.linux()
    role = replace(role, configuration_sets=(*role.configuration_sets, machines.network(**network)))
    with refused(BadRequest, message):
        machines.begin(role, virtual_network_name="net")


@pytest.mark.parametrize(
    "network",
    [
        {"static_virtual_network_ip_address": "10.0.0.4"},
        {"static_virtual_network_ip_address": "192.168.100.3"},
        {"static_virtual_network_ip_address": "192.168.100.15"},
        {"static_virtual_network_ip_address": "192.168.100.20", "subnet_names": ("front",)},
    ],
    ids=["outside", "the service's own", "broadcast", "another subnet"],
)
def test_an_address_the_network_cannot_give_fails_the_operation(
    machines: Any, azure: Client, network: dict[str, Any], unchanged: Any
) -> None:
    set_sites(machines, azure, site())
    before = unchanged()
    role = machines.linux()
    role = replace(role, configuration_sets=(*role.configuration_sets, machines.network(**network)))
    began = machines.begin(role, virtual_network_name="net")
    machines.end(began, "Failed", NONE_LEFT)
    error = azure.get_operation_status(began.request_id).error
    assert error is not None and error.code == "Networking.DeploymentVNetAddressAllocationFailure"
    assert unchanged()[:2] == before[:2]
    machines.create(placed(machines, "vm1", "front"), virtual_network_name="net")


def test_a_network_that_is_being_created_is_not_there_yet(machines: Any, azure: Client, refused: Any) -> None:
    wanted = netcfg.NetworkConfiguration(sites=(site(),))
    azure.set_network_configuration(RawBody(netcfg.write(wanted), "text/plain"))
    with refused(BadRequest, "The virtual network net does not exist."):
        machines.begin(placed(machines), virtual_network_name="net")


def test_an_update_changes_the_address_only_if_it_must(machines: Any, network: str, azure: Client) -> None:
    machines.create(placed(machines, "vm1", "front"), virtual_network_name=network)

    def update(*subnets: str, static: str | None = None) -> str | None:
        own = machines.network(22, subnet_names=subnets, static_virtual_network_ip_address=static)
        role = PersistentVMRole(role_name="vm1", configuration_sets=(own,))
        machines.end(azure.update_role("svc", DEP, "vm1", role))
        return addresses(machines)["vm1"]

    assert update("front") == "192.168.100.4"
    assert update("front", static="192.168.100.9") == "192.168.100.9"
    assert update("front") == "192.168.100.9"
    assert update("back") == "192.168.100.20"


def test_a_subnet_with_machines_stays(machines: Any, network: str, azure: Client, refused: Any) -> None:
    machines.create(placed(machines, "vm1", "back"), virtual_network_name=network)
    wanted = netcfg.NetworkConfiguration(sites=(site(front="192.168.100.0/28"),))
    with refused(BadRequest, "Cannot delete or modify subnet while in use 'back'."):
        azure.set_network_configuration(RawBody(netcfg.write(wanted), "text/plain"))


def test_an_internal_load_balancer_has_its_address(machines: Any, network: str, azure: Client, refused: Any) -> None:
    frontend = FrontendIpConfiguration(
        type="Private", subnet_name="front", static_virtual_network_ip_address="192.168.100.4"
    )
    machines.create(
        placed(machines), virtual_network_name=network,
        load_balancers=(LoadBalancer(name="ilb", frontend_ip_configuration=frontend),),
    )  # fmt: skip
    assert azure.check_static_ip_address("net", "192.168.100.4").is_available is False
    wanted = netcfg.NetworkConfiguration(sites=(site(back="192.168.100.16/29"),))
    with refused(BadRequest, "Cannot delete or modify subnet while in use 'front'."):
        azure.set_network_configuration(RawBody(netcfg.write(wanted), "text/plain"))


# -- groups -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def guarded(machines: Any, network: str, azure: Client) -> None:
    """A machine with a further interface, and a group."""
    nics = (interface("nic1", "front"),)
    machines.create(placed(machines, "vm1", "front", network_interfaces=nics), virtual_network_name=network)
    machines.end(azure.create_network_security_group(CreateNetworkSecurityGroup(name="g", location="West US")))


GROUP = NetworkSecurityGroupName(name="g")


@pytest.mark.usefixtures("guarded")
def test_a_group_guards_a_machine(machines: Any, azure: Client, refused: Any) -> None:
    none = "The role vm1 does not have any network security group assigned."
    with refused(ResourceNotFound, none):
        azure.get_network_security_group_for_role("svc", DEP, "VM1")
    machines.end(azure.add_network_security_group_to_role("svc", DEP, "vm1", GROUP))
    assert azure.get_network_security_group_for_role("svc", DEP, "vm1") == replace(GROUP, state="Created")
    assert network_of(machines).network_security_group == "g"
    in_use = (
        "The Network Security Group g cannot be deleted because it is in use by the role vm1 of the deployment dep."
    )
    with refused(BadRequest, in_use):
        azure.delete_network_security_group("g")
    machines.end(azure.create_network_security_group(CreateNetworkSecurityGroup(name="h", location="West US")))
    with refused(ConflictError, "The role vm1 already has the network security group g assigned."):
        azure.add_network_security_group_to_role("svc", DEP, "vm1", NetworkSecurityGroupName(name="h"))
    with refused(ResourceNotFound, "The role vm1 does not have the network security group h assigned."):
        azure.remove_network_security_group_from_role("svc", DEP, "vm1", "h")
    machines.end(azure.remove_network_security_group_from_role("svc", DEP, "vm1", "G"))
    with refused(ResourceNotFound, none):
        azure.get_network_security_group_for_role("svc", DEP, "vm1")


@pytest.mark.usefixtures("guarded")
def test_a_group_guards_an_interface_and_an_update_keeps_it(machines: Any, azure: Client, refused: Any) -> None:
    unknown = "The network interface nic9 was not found in the role vm1."
    with refused(ResourceNotFound, unknown):
        azure.add_network_security_group_to_network_interface("svc", DEP, "vm1", "nic9", GROUP)
    machines.end(azure.add_network_security_group_to_network_interface("svc", DEP, "vm1", "NIC1", GROUP))
    found = azure.get_network_security_group_for_network_interface("svc", DEP, "vm1", "nic1")
    assert found == replace(GROUP, state="Created")
    assert [one.network_security_group for one in interfaces(machines)] == ["g"]
    assert [one.network_security_group for one in network_of(machines).network_interfaces or ()] == ["g"]
    own = machines.network(22, subnet_names=("front",), network_interfaces=(interface("nic1", "front"),))
    role = PersistentVMRole(role_name="vm1", configuration_sets=(own,))
    machines.end(azure.update_role("svc", DEP, "vm1", role))
    assert [one.network_security_group for one in interfaces(machines)] == ["g"]
    machines.end(azure.remove_network_security_group_from_network_interface("svc", DEP, "vm1", "nic1", "g"))
    none = "The role vm1 and network interface nic1 does not have any network security group assigned."
    with refused(ResourceNotFound, none):
        azure.get_network_security_group_for_network_interface("svc", DEP, "vm1", "nic1")
    machines.end(azure.delete_network_security_group("g"))


@pytest.mark.usefixtures("guarded")
def test_a_group_of_another_region_fails(machines: Any, azure: Client) -> None:
    machines.end(azure.create_network_security_group(CreateNetworkSecurityGroup(name="far", location="East US")))
    text = (
        "The region useast specified for the Network Security Group far is different than the region uswest that "
        "Virtual Network net belongs to, they need to belong to the same region."
    )
    far = NetworkSecurityGroupName(name="far")
    machines.end(azure.add_network_security_group_to_role("svc", DEP, "vm1", far), "Failed", text)


def test_outside_a_network_nothing_is_guarded_or_forwards(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    machines.end(azure.create_network_security_group(CreateNetworkSecurityGroup(name="g", location="West US")))
    text = "A Network Security Group can be assigned only to a virtual machine in a virtual network."
    with refused(BadRequest, text):
        azure.add_network_security_group_to_role("svc", DEP, "vm1", GROUP)
    with refused(BadRequest, "IP forwarding can be set only for a virtual machine in a virtual network."):
        azure.set_ip_forwarding_on_role("svc", DEP, "vm1", IPForwarding(state="Enabled"))
    text = "Effective routes exist only for a running virtual machine in a virtual network."
    with refused(BadRequest, text):
        azure.get_effective_route_table_for_role_instance("svc", DEP, "vm1")


@pytest.mark.usefixtures("guarded")
def test_a_busy_deployment_refuses(machines: Any, azure: Client, refused: Any) -> None:
    first: Accepted = azure.set_ip_forwarding_on_role("svc", DEP, "vm1", IPForwarding(state="Enabled"))
    text = (
        f"Windows Azure is currently performing an operation with x-ms-requestid {first.request_id} "
        "on this deployment that requires exclusive access."
    )
    with refused(ConflictError, text):
        azure.add_network_security_group_to_role("svc", DEP, "vm1", GROUP)


# -- forwarding and routes --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("guarded")
def test_forwarding(machines: Any, azure: Client, refused: Any) -> None:
    off, on = IPForwarding(state="Disabled"), IPForwarding(state="Enabled")
    assert azure.get_ip_forwarding_for_role("svc", DEP, "vm1") == off
    machines.end(azure.set_ip_forwarding_on_role("svc", DEP, "vm1", IPForwarding(state="enabled")))
    assert azure.get_ip_forwarding_for_role("svc", DEP, "vm1") == on
    assert network_of(machines).ip_forwarding == "Enabled"
    assert azure.get_ip_forwarding_for_network_interface("svc", DEP, "vm1", "nic1") == off
    machines.end(azure.set_ip_forwarding_on_network_interface("svc", DEP, "vm1", "nic1", on))
    assert azure.get_ip_forwarding_for_network_interface("svc", DEP, "vm1", "NIC1") == on
    assert [one.ip_forwarding for one in interfaces(machines)] == ["Enabled"]
    own = machines.network(22, subnet_names=("front",), network_interfaces=(interface("nic1", "front"),))
    machines.end(azure.update_role("svc", DEP, "vm1", PersistentVMRole(role_name="vm1", configuration_sets=(own,))))
    assert azure.get_ip_forwarding_for_role("svc", DEP, "vm1") == on
    machines.end(azure.set_ip_forwarding_on_role("svc", DEP, "vm1", off))
    assert azure.get_ip_forwarding_for_role("svc", DEP, "vm1") == off
    assert network_of(machines).ip_forwarding is None
    with refused(BadRequest, "The State provided 'On' is invalid. Allowed values are: Enabled, Disabled."):
        azure.set_ip_forwarding_on_role("svc", DEP, "vm1", IPForwarding(state="On"))
    with refused(ResourceNotFound, "The network interface x was not found in the role vm1."):
        azure.get_ip_forwarding_for_network_interface("svc", DEP, "vm1", "x")


@pytest.mark.usefixtures("guarded")
def test_effective_routes(machines: Any, azure: Client, refused: Any) -> None:
    def hop(kind: str, *where: str) -> EffectiveNextHop:
        return EffectiveNextHop(type=kind, ip_addresses=where)

    local = EffectiveRoute(
        source="Default", status="Active", address_prefixes=("192.168.100.0/24",), effective_next_hop=hop("VNETLocal")
    )
    internet = EffectiveRoute(
        source="Default", status="Active", address_prefixes=("0.0.0.0/0",), effective_next_hop=hop("Internet")
    )
    found = azure.get_effective_route_table_for_role_instance("svc", DEP, "vm1")
    assert found.effective_route_list == (local, internet)
    machines.end(azure.create_route_table(CreateRouteTable(name="t", location="West US")))
    route = Route(
        address_prefix="0.0.0.0/0", next_hop_type=NextHop(type="VirtualAppliance", ip_address="192.168.100.9")
    )
    machines.end(azure.set_route("t", "out", route))
    machines.end(azure.add_route_table_to_subnet("net", "front", RouteTableAssociation(route_table_name="t")))
    own = EffectiveRoute(
        name="out",
        source="User",
        status="Active",
        address_prefixes=("0.0.0.0/0",),
        effective_next_hop=hop("VirtualAppliance", "192.168.100.9"),
    )
    found = azure.get_effective_route_table_for_network_interface("svc", DEP, "vm1", "nic1")
    assert found.effective_route_list == (local, replace(internet, status="Invalid"), own)
    with refused(ResourceNotFound, "Role instance name is not valid."):
        azure.get_effective_route_table_for_role_instance("svc", DEP, "vm9")
