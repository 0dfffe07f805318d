"""Virtual networks for tests, machines in them, and waiting for what goes on at a gateway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from asm_contracts.areas.gateways import GatewayOperation, GatewayOperationAsyncResponse
from asm_contracts.areas.route_tables import CreateRouteTable
from asm_contracts.areas.security_groups import CreateNetworkSecurityGroup
from asm_contracts.areas.virtual_machines import CreateVirtualMachineDeployment
from asm_contracts.areas.virtual_networks import VirtualNetworkSite
from asm_contracts.codec import netcfg
from asm_contracts.errors import ServiceError
from asm_contracts.operation import Accepted, DeploymentName, RawBody
from asm_contracts.roles import (
    AssignIPConfiguration,
    AssignNetworkInterface,
    NetworkConfigurationSet,
)
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import Machines, linux_role, machine_parts, wait_for_state
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, blob

SPACE: Final = "10.77.0.0/16"
SUBNETS: Final = {"front": "10.77.1.0/24", "back": "10.77.2.0/24", "GatewaySubnet": "10.77.255.0/27"}
OFFICE: Final = "192.168.0.0/16"
"""What lies behind the local network site."""
OFFICE_GATEWAY: Final = "203.0.113.7"
LONG: Final = timedelta(minutes=2)
"""How far time is moved between two looks at a gateway."""
GONE_NETWORK: Final = "The virtual network {} does not exist."

Change = Callable[[netcfg.NetworkConfiguration], netcfg.NetworkConfiguration]


@dataclass(frozen=True, slots=True)
class Network:
    """A virtual network with the subnets of `SUBNETS`, connected with a local network site."""

    name: str
    office: str


# -- the configuration ------------------------------------------------------------------------------------------------


def configuration(azure: Azure) -> netcfg.NetworkConfiguration:
    """The network configuration; an empty one where none was ever set."""
    try:
        return netcfg.read(azure.get_network_configuration().data)
    except ServiceError as refusal:
        if refusal.http_status == 404:
            return netcfg.NetworkConfiguration()
        raise


def set_configuration(azure: Azure, wanted: netcfg.NetworkConfiguration) -> Accepted:
    """Ask for a network configuration."""
    return azure.set_network_configuration(RawBody(netcfg.write(wanted), netcfg.CONTENT_TYPE))


def change_configuration(azure: Azure, change: Change) -> None:
    """Change the network configuration, which somebody else may be changing too, and wait for the end of it."""

    def attempt() -> Accepted | None:
        try:
            return set_configuration(azure, change(configuration(azure)))
        except ServiceError as refusal:
            if refusal.http_status == 409:
                return None
            raise

    azure.wait(azure.until(attempt, "the network configuration"))


def site(name: str, office: str | None = None, **subnets: str) -> netcfg.Site:
    """A virtual network in `LOCATION`, as the network configuration describes it."""
    connections = (netcfg.Connection(site=office, types=("IPsec",)),) if office else ()
    return netcfg.Site(
        name=name,
        location=LOCATION,
        address_prefixes=(SPACE,),
        subnets=tuple(netcfg.Subnet(name=one, address_prefix=prefix) for one, prefix in (subnets or SUBNETS).items()),
        gateway=netcfg.Gateway(connections=connections) if office else None,
    )


def local_site(name: str) -> netcfg.LocalSite:
    """A local network site, as the network configuration describes it."""
    return netcfg.LocalSite(name=name, address_prefixes=(OFFICE,), gateway_address=OFFICE_GATEWAY)


def adding(made: netcfg.Site, office: netcfg.LocalSite | None = None) -> Change:
    """The change that adds a virtual network, or describes it anew."""

    def change(known: netcfg.NetworkConfiguration) -> netcfg.NetworkConfiguration:
        offices = (office,) if office and all(one.name != office.name for one in known.local_sites) else ()
        return replace(
            known,
            sites=(*(one for one in known.sites if one.name != made.name), made),
            local_sites=(*known.local_sites, *offices),
        )

    return change


def make_network(azure: Azure, names: Names) -> Network:
    """A virtual network."""
    made = Network(names.of("virtual network"), names.of("local network site"))
    change_configuration(azure, adding(site(made.name, made.office), local_site(made.office)))
    return made


def listed(azure: Azure, name: str) -> VirtualNetworkSite | None:
    """A virtual network as the list has it."""
    return next((one for one in azure.list_virtual_network_sites().items if one.name == name), None)


def make_security_group(azure: Azure, names: Names) -> str:
    """A network security group in `LOCATION`, and its name."""
    name = names.of("security group")
    azure.wait(azure.create_network_security_group(CreateNetworkSecurityGroup(name=name, label="l", location=LOCATION)))
    return name


def make_route_table(azure: Azure, names: Names) -> str:
    """A route table in `LOCATION`, and its name."""
    name = names.of("route table")
    azure.wait(azure.create_route_table(CreateRouteTable(name=name, label="l", location=LOCATION)))
    return name


# -- gateways ---------------------------------------------------------------------------------------------------------


def ended(azure: Azure, answer: GatewayOperationAsyncResponse) -> GatewayOperation:
    """The operation of a gateway, when it has ended, well or not."""
    if azure.controls_time:
        running = azure.get_virtual_network_gateway_operation_status(answer.id)
        assert (running.status, running.error) == ("InProgress", None), "no time has passed"
        assert azure.lossy or running.operation_completed_time is None
        assert not running.http_status_code

    def look() -> GatewayOperation | None:
        found = azure.get_virtual_network_gateway_operation_status(answer.id)
        assert found.id == answer.id
        return found if found.status != "InProgress" else None

    return azure.until(look, f"the end of operation {answer.id}", step=LONG)


def done(azure: Azure, answer: GatewayOperationAsyncResponse) -> GatewayOperation:
    """The operation of a gateway when it has succeeded; AssertionError if it fails."""
    found = ended(azure, answer)
    assert (found.status, found.http_status_code, found.error) == ("Successful", "OK", None)
    if not azure.lossy:  # the published client reads no times
        assert found.operation_completed_time and found.operation_completed_time >= found.operation_started_time
    return found


# -- machines ---------------------------------------------------------------------------------------------------------


def make_machine_inside(azure: Azure, names: Names, network: str, interface: str | None = None) -> Machines:
    """A running machine in the subnet `front`; with a further network interface in `back` if that has a name."""
    service, account, image = machine_parts(azure, names)
    name = names.free()
    further = AssignNetworkInterface(name=interface, ip_configurations=(AssignIPConfiguration(subnet_name="back"),))
    placed = NetworkConfigurationSet(
        configuration_set_type="NetworkConfiguration",
        subnet_names=("front",),
        network_interfaces=(further,) if interface else None,
    )
    role = linux_role(name, image, blob(account, name), size="Large")
    body = CreateVirtualMachineDeployment(
        name=names.free(),
        deployment_slot="Production",
        label=service,
        role_list=(replace(role, configuration_sets=(*(role.configuration_sets or ()), placed)),),
        virtual_network_name=network,
    )
    azure.wait(azure.create_virtual_machine_deployment(service, body))
    made = Machines(service, DeploymentName(body.name), (name,), account, image)
    wait_for_state(azure, made, name, "ReadyRole")
    return made
