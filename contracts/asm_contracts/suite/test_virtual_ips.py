"""Further virtual IPs of a deployment come, are used and go."""

from __future__ import annotations

from dataclasses import replace

from asm_contracts.evidence import documented
from asm_contracts.roles import NetworkConfigurationSet, PersistentVMRole
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import Machines, endpoint, make_machines
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import refused, refused_with


def put_endpoint(azure: Azure, machines: Machines, virtual_ip: str | None) -> None:
    """Give the machine one endpoint, at the virtual IP named."""
    network = NetworkConfigurationSet(
        configuration_set_type="NetworkConfiguration",
        input_endpoints=(replace(endpoint("web", 80), virtual_ip_name=virtual_ip),),
    )
    role = PersistentVMRole(role_name=machines.roles[0], role_type="PersistentVMRole", configuration_sets=(network,))
    azure.wait(azure.update_role(machines.service, machines.deployment, machines.roles[0], role))


@documented("a further virtual IP has no address before an endpoint names it, and stays while one does")
def test_a_virtual_ip_comes_and_goes(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    where = machines.service, machines.deployment

    def address() -> str | None:
        found = azure.get_deployment(*where).virtual_ips or ()
        return next(one.address for one in found if one.name == "second")

    azure.wait(azure.add_virtual_ip(*where, "second"))
    assert not address()
    with refused(409, "ConflictError"):
        azure.add_virtual_ip(*where, "SECOND")
    put_endpoint(azure, machines, "second")
    assert address()
    with refused_with(400, 409):
        azure.remove_virtual_ip(*where, "second")
    put_endpoint(azure, machines, None)
    azure.wait(azure.remove_virtual_ip(*where, "second"))
    with refused(404, "ResourceNotFound"):
        azure.remove_virtual_ip(*where, "second")
