"""Virtual machines, what is asked of them more rarely: caching, media, balancing, moving, remote desktop."""

from __future__ import annotations

from asm_contracts.areas.virtual_machines import (
    CreateVirtualMachineDeployment,
    LoadBalancedEndpointList,
    PerformMaintenanceOnRoleOperation,
    RedeployRoleOperation,
)
from asm_contracts.evidence import client, documented, recorded
from asm_contracts.operation import DeploymentName
from asm_contracts.roles import (
    DataVirtualHardDisk,
    FrontendIpConfiguration,
    InputEndpoint,
    LoadBalancer,
    OSVirtualHardDisk,
    PersistentVMRole,
    WindowsProvisioningConfigurationSet,
)
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import endpoint, make_machines, os_disk, wait_for_state
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import (
    blob,
    make_hosted_service,
    make_os_image,
    make_storage_account,
    refused,
    unchanged,
)

PRIVATE = FrontendIpConfiguration(type="Private")


@client("a data disk's caching is changed at once; detaching it with its media takes disk and blob along")
def test_a_data_disk_is_changed_and_goes_with_its_media(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    (role,) = machines.roles
    at = (machines.service, machines.deployment, role)
    link = blob(machines.account, names.free())
    azure.wait(azure.add_data_disk(*at, DataVirtualHardDisk(lun=1, logical_disk_size_in_gb=10, media_link=link)))
    disk = azure.get_data_disk(*at, 1).disk_name or ""
    change = DataVirtualHardDisk(host_caching="ReadWrite", lun=1, disk_name=disk, media_link=link)
    azure.update_data_disk(*at, 1, change)
    assert azure.get_data_disk(*at, 1).host_caching == "ReadWrite"
    azure.wait(azure.delete_data_disk_and_media(*at, 1))
    with refused(404, "ResourceNotFound"):
        azure.get_disk(disk)


@documented("a role deleted with its media takes its disks along")
def test_a_role_goes_with_its_media(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, 2)
    first, second = machines.roles
    disk = os_disk(azure, machines, second)
    azure.wait(azure.delete_role_and_media(machines.service, machines.deployment, second))
    with refused(404, "ResourceNotFound", "The disk with the specified name does not exist."):
        azure.get_disk(disk)
    found = azure.get_deployment(machines.service, machines.deployment)
    assert [one.role_name for one in found.role_list or ()] == [first]


@recorded("one internal load balancer a deployment; a second is refused")
def test_an_internal_load_balancer(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    at = (machines.service, machines.deployment)
    azure.wait(azure.add_load_balancer(*at, LoadBalancer(name="inner", frontend_ip_configuration=PRIVATE)))
    found = azure.get_deployment(*at).load_balancers or ()
    assert [(one.name, one.frontend_ip_configuration and one.frontend_ip_configuration.type) for one in found] == [
        ("inner", "Private")
    ]
    text = "LoadBalancer already exists: inner. Only one internal load balancer allowed per deployment."
    with unchanged(lambda: azure.get_deployment(*at)), refused(400, "BadRequest", text):
        azure.add_load_balancer(*at, LoadBalancer(name="other", frontend_ip_configuration=PRIVATE))
    azure.wait(azure.update_load_balancer(*at, "inner", LoadBalancer(name="inner", frontend_ip_configuration=PRIVATE)))
    azure.wait(azure.delete_load_balancer(*at, "inner"))
    assert not azure.get_deployment(*at).load_balancers


@documented("the endpoints of a load-balanced set share their settings and are changed together")
def test_the_endpoints_of_a_set_change_together(azure: Azure, names: Names) -> None:
    web = InputEndpoint(load_balanced_endpoint_set_name="farm", local_port=80, name="web", port=8080, protocol="tcp")
    machines = make_machines(azure, names, endpoints=(web,))
    at = (machines.service, machines.deployment)
    change = InputEndpoint(load_balanced_endpoint_set_name="farm", local_port=80, name="web", port=8081, protocol="tcp")
    azure.wait(azure.update_load_balanced_endpoint_set(*at, LoadBalancedEndpointList(endpoints=(change,))))
    (instance,) = azure.get_deployment(*at).role_instance_list or ()
    assert [one.public_port for one in instance.instance_endpoints or ()] == [8081]


@client("a machine is moved to another host, and is ready again")
def test_a_machine_is_redeployed(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    (role,) = machines.roles
    body = RedeployRoleOperation(operation_type="RedeployRoleOperation")
    azure.wait(azure.redeploy_role(machines.service, machines.deployment, role, body))
    wait_for_state(azure, machines, role, "ReadyRole")


@recorded("maintenance that is not due is the service's internal error")
def test_maintenance_that_is_not_due(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    (role,) = machines.roles
    body = PerformMaintenanceOnRoleOperation(operation_type="PerformMaintenanceOnRoleOperation")
    with refused(500, "InternalError", "The server encountered an internal error. Please retry the request."):
        azure.perform_maintenance_on_role(machines.service, machines.deployment, role, body)


@recorded("a remote desktop file needs an endpoint to port 3389")
@documented("it names host and port of that endpoint")
def test_a_remote_desktop_file(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, endpoints=(endpoint("Remote Desktop", 50000, 3389),), ready=False)
    (role,) = machines.roles
    found = azure.get_rdp_file(machines.service, machines.deployment, role)
    assert f"full address:s:{machines.service}.cloudapp.net:50000" in found.data.decode()
    with refused(404, "ResourceNotFound", "Role instance name is not valid."):
        azure.get_rdp_file(machines.service, machines.deployment, names.free())
    without = make_machines(azure, names, ready=False)
    text = "An external endpoint to the Remote Desktop port (3389) must first be added to the role."
    with refused(400, "BadRequest", text):
        azure.get_rdp_file(without.service, without.deployment, without.roles[0])


@recorded("a Windows machine is set up after its first boot: Provisioning, under a name of its own until it is ready")
def test_a_windows_machine_is_set_up(azure: Azure, names: Names) -> None:
    account = make_storage_account(azure, names)
    image = make_os_image(azure, names, account, os="Windows")
    service, role, deployment = make_hosted_service(azure, names), names.free()[:15], DeploymentName(names.free())
    setting = WindowsProvisioningConfigurationSet(
        configuration_set_type="WindowsProvisioningConfiguration",
        computer_name=role,
        admin_password="Pa55-word-1",
        admin_username="azureuser",
    )
    machine = PersistentVMRole(
        role_name=role,
        role_type="PersistentVMRole",
        configuration_sets=(setting,),
        os_virtual_hard_disk=OSVirtualHardDisk(media_link=blob(account, role), source_image_name=image),
        role_size="Small",
    )
    body = CreateVirtualMachineDeployment(
        name=deployment, deployment_slot="Production", label=service, role_list=(machine,)
    )
    azure.create_virtual_machine_deployment(service, body)
    seen: dict[str, str | None] = {}

    def ready() -> bool:
        for one in azure.get_deployment(service, deployment).role_instance_list or ():
            seen[one.instance_status or ""] = one.host_name
        return "ReadyRole" in seen

    azure.until(ready, "the machine")
    assert seen["ReadyRole"] == role
    if azure.controls_time:
        assert seen["Provisioning"] not in (None, role), "before it is set up it has another name"
