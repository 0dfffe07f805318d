"""Name servers, internal load balancers, virtual networks, reserved IPs and remote desktop files of deployments."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.reserved_ips import CreateReservedIP
from asm_contracts.areas.virtual_machines import ShutdownRoleOperation, StartRoleOperation
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.roles import (
    Dns,
    DnsServer,
    FrontendIpConfiguration,
    InputEndpoint,
    LoadBalancer,
    NetworkConfigurationSet,
)
from asm_emulator import model
from asm_emulator.emulator import Emulator


@pytest.fixture
def network(emulator: Emulator, machines: Any) -> str:
    """The name of a virtual network with one subnet, put there without asking anybody."""
    site = model.VirtualNetworkSite(
        name="Net",
        id="00000000-0000-0000-0000-0000000000aa",
        address_prefixes=("10.1.0.0/16",),
        subnets=(model.Subnet(name="Sub", address_prefix="10.1.0.0/24"),),
        location="West US",
    )

    def put(draft: Any) -> None:
        draft.virtual_networks["Net"] = site

    emulator.engine.change(emulator.subscription, put)
    return "Net"


def private(subnet: str | None = None, address: str | None = None, **settings: Any) -> LoadBalancer:
    frontend = FrontendIpConfiguration(type="Private", subnet_name=subnet, static_virtual_network_ip_address=address)
    return LoadBalancer(**{"name": "ilb", "frontend_ip_configuration": frontend, **settings})


# -- name servers -----------------------------------------------------------------------------------------------------


def test_name_servers_come_change_and_go(machines: Any, azure: Client) -> None:
    machines.create()
    machines.end(azure.add_dns_server("svc", "dep", DnsServer(name="ns", address="192.168.0.4")))
    assert machines.deployment().dns.dns_servers == (DnsServer(name="ns", address="192.168.0.4"),)
    machines.end(azure.update_dns_server("svc", "dep", "NS", DnsServer(name="ns", address="192.168.0.5")))
    assert machines.deployment().dns.dns_servers == (DnsServer(name="ns", address="192.168.0.5"),)
    machines.end(azure.delete_dns_server("svc", "dep", "ns"))
    assert machines.deployment().dns is None


def test_wrong_name_servers_are_refused(machines: Any, azure: Client, refused: Any) -> None:
    machines.create(dns=Dns(dns_servers=(DnsServer(name="ns", address="192.168.0.4"),)))
    with refused(ConflictError, "A DNS server with the name NS already exists."):
        azure.add_dns_server("svc", "dep", DnsServer(name="NS", address="192.168.0.5"))
    with refused(BadRequest, "The address nowhere of the DNS server is invalid."):
        azure.add_dns_server("svc", "dep", DnsServer(name="other", address="nowhere"))
    with refused(BadRequest, "The name of the DNS server is invalid."):
        azure.add_dns_server("svc", "dep", DnsServer(address="192.168.0.5"))
    with refused(BadRequest, "The name of a DNS server cannot be changed."):
        azure.update_dns_server("svc", "dep", "ns", DnsServer(name="new", address="192.168.0.5"))
    with refused(ResourceNotFound, "The DNS server other does not exist."):
        azure.update_dns_server("svc", "dep", "other", DnsServer(name="other", address="192.168.0.5"))
    with refused(ResourceNotFound, "The DNS server other does not exist."):
        azure.delete_dns_server("svc", "dep", "other")


# -- internal load balancers ------------------------------------------------------------------------------------------


def test_a_load_balancer_comes_changes_and_goes(machines: Any, azure: Client, network: str) -> None:
    machines.create(virtual_network_name=network)
    machines.end(azure.add_load_balancer("svc", "dep", private("Sub")))
    assert machines.deployment().load_balancers == (private("Sub"),)
    machines.end(azure.update_load_balancer("svc", "dep", "ILB", private("Sub", "10.1.0.9")))
    assert machines.deployment().load_balancers == (private("Sub", "10.1.0.9"),)
    machines.end(azure.delete_load_balancer("svc", "dep", "ilb"))
    assert machines.deployment().load_balancers == ()


def test_endpoints_behind_a_load_balancer_have_ports_of_their_own(machines: Any, azure: Client, refused: Any) -> None:
    inside = machines.endpoint(80, "inside", load_balancer_name="ilb")
    machines.create(machines.linux(ports=(inside, machines.endpoint(80, "outside"))), load_balancers=(private(),))
    with refused(BadRequest, "The load balancer ilb is in use by the endpoint inside of the role vm1."):
        azure.delete_load_balancer("svc", "dep", "ilb")
    with refused(BadRequest, "The load balancer other does not exist in the deployment."):
        azure.add_role("svc", "dep", machines.linux("b", ports=(replace(inside, load_balancer_name="other"),)))


def test_a_deployment_has_one_load_balancer(machines: Any, azure: Client, refused: Any) -> None:
    machines.create(load_balancers=(private(),))
    only = "LoadBalancer already exists: ilb. Only one internal load balancer allowed per deployment."
    with refused(BadRequest, only):
        azure.add_load_balancer("svc", "dep", private(name="second"))
    machines.end(azure.delete_load_balancer("svc", "dep", "ilb"))
    with refused(ResourceNotFound, "The load balancer ilb does not exist."):
        azure.delete_load_balancer("svc", "dep", "ilb")
    with refused(ResourceNotFound, "The load balancer ilb does not exist."):
        azure.update_load_balancer("svc", "dep", "ilb", private())


def test_wrong_load_balancers_are_refused(machines: Any, azure: Client, refused: Any, network: str) -> None:
    machines.create()
    public = FrontendIpConfiguration(type="Public")
    for balancer, message in (
        (private(frontend_ip_configuration=public), "The type of a load balancer's frontend must be Private."),
        (private(frontend_ip_configuration=None), "The type of a load balancer's frontend must be Private."),
        (private("Sub"), "A subnet can be specified for a load balancer only in a virtual network."),
        (private(address="10.1.0.9"), "A static IP address of a load balancer needs a subnet."),
        (private(name=""), "The name of the load balancer is invalid."),
    ):
        with refused(BadRequest, message):
            azure.add_load_balancer("svc", "dep", balancer)


def test_in_a_virtual_network_a_load_balancer_has_a_subnet(
    machines: Any, azure: Client, refused: Any, network: str
) -> None:
    machines.create(virtual_network_name=network)
    for balancer, message in (
        (private(), "The subnet of the load balancer must be specified in a virtual network."),
        (private("Other"), "The subnet Other does not exist in the virtual network Net."),
        (private("Sub", "ten"), "The static IP address ten is invalid."),
    ):
        with refused(BadRequest, message):
            azure.add_load_balancer("svc", "dep", balancer)


def test_a_load_balancer_whose_address_its_subnet_cannot_give_fails(machines: Any, azure: Client, network: str) -> None:
    machines.create(in_subnet(machines, "sub", address="10.1.0.7"), virtual_network_name=network)
    for address in ("10.2.0.9", "10.1.0.3", "10.1.0.7"):
        began = azure.add_load_balancer("svc", "dep", private("Sub", address))
        error = azure.get_operation_status(machines.ended(began)).error
        assert error is not None and error.code == "Networking.DeploymentVNetAddressAllocationFailure"
    assert machines.deployment().load_balancers == ()
    machines.end(azure.add_load_balancer("svc", "dep", private("Sub", "10.1.0.9")))
    machines.end(azure.update_load_balancer("svc", "dep", "ilb", private("Sub", "10.1.0.9")))
    assert azure.check_static_ip_address(network, "10.1.0.9").is_available is False


def test_a_new_deployment_fails_with_its_load_balancer(machines: Any, azure: Client, network: str) -> None:
    balancer = private("Sub", "10.2.0.9")
    began = machines.begin(in_subnet(machines), virtual_network_name=network, load_balancers=(balancer,))
    assert azure.get_operation_status(machines.ended(began)).status == "Failed"
    with pytest.raises(ResourceNotFound):
        machines.deployment()


# -- virtual networks -------------------------------------------------------------------------------------------------


def in_subnet(machines: Any, *subnets: str, address: str | None = None) -> Any:
    machine = machines.linux()
    network = NetworkConfigurationSet(
        configuration_set_type="NetworkConfiguration", subnet_names=subnets, static_virtual_network_ip_address=address
    )
    return replace(machine, configuration_sets=(*machine.configuration_sets, network))


def test_a_machine_in_a_virtual_network_has_its_fixed_address(machines: Any, network: str) -> None:
    machines.create(in_subnet(machines, "sub", address="10.1.0.7"), virtual_network_name="net")
    found = machines.deployment()
    assert (found.virtual_network_name, found.virtual_network_id) == ("Net", "00000000-0000-0000-0000-0000000000aa")
    assert machines.instance().ip_address == "10.1.0.7"


def test_a_virtual_network_must_exist(machines: Any, refused: Any, network: str) -> None:
    with refused(BadRequest, "The virtual network nowhere does not exist."):
        machines.begin(machines.linux(), virtual_network_name="nowhere")
    with refused(BadRequest, "Subnets and network interfaces can be specified only in a virtual network."):
        machines.begin(in_subnet(machines, "Sub"))
    with refused(BadRequest, "The subnet Other does not exist in the virtual network Net."):
        machines.begin(in_subnet(machines, "Other"), virtual_network_name=network)
    with refused(BadRequest, "A static IP address can be specified only for a virtual machine in a virtual network."):
        machines.begin(in_subnet(machines, address="10.1.0.7"))


# -- reserved IPs -----------------------------------------------------------------------------------------------------


def test_a_reserved_ip_names_the_virtual_ip_and_outlives_the_deployment(machines: Any, azure: Client) -> None:
    machines.end(azure.create_reserved_ip_address(CreateReservedIP(name="mine", location="West US")))
    address = azure.get_reserved_ip_address("mine").address
    machines.create(machines.linux(ports=(22,)), reserved_ip_name="mine")
    found = machines.deployment()
    (vip,) = found.virtual_ips
    assert (vip.address, vip.name, vip.is_reserved, vip.reserved_ip_name) == (address, "mine", True, "mine")
    assert found.reserved_ip_name == "mine"
    deallocate = ShutdownRoleOperation(post_shutdown_action="StoppedDeallocated")
    machines.end(azure.shutdown_role("svc", "dep", "vm1", deallocate))
    assert machines.deployment().virtual_ips == ()
    machines.end(azure.start_role("svc", "dep", "vm1", StartRoleOperation()))
    assert machines.deployment().virtual_ips[0].address == address
    machines.end(azure.delete_deployment("svc", "dep"))
    assert azure.get_reserved_ip_address("mine").in_use is None
    machines.create(machines.linux("vm2", ports=(22,)), reserved_ip_name="mine")


def test_a_failed_creation_frees_its_reserved_ip(machines: Any, azure: Client, refused: Any) -> None:
    machines.end(azure.create_reserved_ip_address(CreateReservedIP(name="mine", location="West US")))
    both = (machines.endpoint(22, "a"), machines.endpoint(22, "b"))
    machines.begin(machines.linux(ports=both), reserved_ip_name="mine")
    machines.emulator.advance(timedelta(minutes=5))
    assert azure.get_reserved_ip_address("mine").in_use is None
    with refused(ResourceNotFound, "The reserved IP other does not exist."):
        machines.begin(machines.linux(), reserved_ip_name="other")


def test_a_reserved_ip_is_for_deployments_with_endpoints(machines: Any, azure: Client, refused: Any) -> None:
    machines.end(azure.create_reserved_ip_address(CreateReservedIP(name="mine", location="West US")))
    text = (
        "Deployment dep uses ReservedIP mine but does not contain any endpoints. "
        "Deployment must contain at least one endpoint in order to use a ReservedIP."
    )
    with refused(BadRequest, text):
        machines.begin(machines.linux(), reserved_ip_name="mine")
    assert azure.get_reserved_ip_address("mine").in_use is None


# -- remote desktop ---------------------------------------------------------------------------------------------------


def test_the_remote_desktop_file_names_host_and_port(machines: Any, azure: Client) -> None:
    desktop = InputEndpoint(name="Remote Desktop", local_port=3389, port=50000, protocol="tcp")
    windows = machines.windows()
    role = replace(windows, configuration_sets=(*windows.configuration_sets, machines.network(desktop)))
    machines.create(role)
    found = azure.get_rdp_file("svc", "dep", "vm1")
    assert found.content_type == "application/octet-stream"
    assert b"full address:s:svc.cloudapp.net:50000\r\n" in found.data


def test_without_an_endpoint_there_is_no_remote_desktop_file(machines: Any, azure: Client, refused: Any) -> None:
    machines.create(machines.linux(ports=(22,)))
    with refused(BadRequest, "An external endpoint to the Remote Desktop port (3389) must first be added to the role."):
        azure.get_rdp_file("svc", "dep", "vm1")
    with refused(ResourceNotFound, "Role instance name is not valid."):
        azure.get_rdp_file("svc", "dep", "nobody")
