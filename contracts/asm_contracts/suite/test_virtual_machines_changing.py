"""Virtual machines that are changed: roles, data disks, images made of them, name servers."""

from __future__ import annotations

import pytest

from asm_contracts.evidence import documented, recorded
from asm_contracts.roles import DataVirtualHardDisk, DnsServer, NetworkConfigurationSet, PersistentVMRole
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import (
    capture,
    capture_vm,
    endpoint,
    linux_role,
    make_machines,
    os_disk,
    shut_down,
    wait_for_state,
)
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import NONE_FOUND, PRODUCTION, blob, make_disk, refused, refused_with, unchanged

# -- roles ----------------------------------------------------------------------------------------------------------


@recorded("a second machine is added, and deleted; its disk stays and is free some time later")
def test_add_and_delete_a_role(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, 2)
    first, second = machines.roles
    disk = names.adopt("disk", os_disk(azure, machines, second))
    azure.wait(azure.delete_role(machines.service, machines.deployment, second))
    found = azure.get_deployment(machines.service, machines.deployment)
    assert [one.role_name for one in found.role_list or ()] == [first]
    assert [one.role_name for one in found.role_instance_list or ()] == [first]
    azure.until(lambda: azure.get_disk(disk).attached_to is None, "the free disk")
    azure.delete_disk(disk)


@recorded("Role ... is the only role present in the deployment and so cannot be removed. ...")
def test_the_last_role_cannot_go(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    (role,) = machines.roles
    text = (
        f"Role {role} is the only role present in the deployment and so cannot be removed. Please delete the "
        "deployment or add another role before removing this role."
    )
    with (
        unchanged(lambda: azure.get_deployment(machines.service, machines.deployment)),
        refused(400, "BadRequest", text),
    ):
        azure.delete_role(machines.service, machines.deployment, role)


@documented("role names are unique in a deployment")
def test_a_taken_role_name_is_refused(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    role = machines.roles[0]
    with unchanged(lambda: azure.get_deployment(machines.service, machines.deployment)), refused(409, "ConflictError"):
        azure.add_role(
            machines.service,
            machines.deployment,
            linux_role(role, machines.image, blob(machines.account, names.free())),
        )


@recorded("an update of size and endpoints leaves the disks as they are")
def test_an_update_keeps_the_disks(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    (role,) = machines.roles
    before = azure.get_role(machines.service, machines.deployment, role)
    azure.wait(
        azure.update_role(
            machines.service,
            machines.deployment,
            role,
            PersistentVMRole(
                role_name=role,
                role_type="PersistentVMRole",
                configuration_sets=(
                    NetworkConfigurationSet(
                        configuration_set_type="NetworkConfiguration", input_endpoints=(endpoint("web", 80),)
                    ),
                ),
                role_size="Medium",
            ),
        )
    )
    after = azure.get_role(machines.service, machines.deployment, role)
    assert after.role_size == "Medium"
    (network,) = after.configuration_sets or ()
    assert isinstance(network, NetworkConfigurationSet)
    assert [one.port for one in network.input_endpoints or ()] == [80]
    assert after.os_virtual_hard_disk == before.os_virtual_hard_disk


# -- data disks -----------------------------------------------------------------------------------------------------


@recorded("an empty disk is attached and detached; on LUN 0 there is no Lun element")
def test_attach_and_detach_an_empty_disk(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    (role,) = machines.roles
    link = blob(machines.account, names.free())
    body = DataVirtualHardDisk(host_caching="ReadOnly", lun=1, logical_disk_size_in_gb=10, media_link=link)
    azure.wait(azure.add_data_disk(machines.service, machines.deployment, role, body))
    found = azure.get_data_disk(machines.service, machines.deployment, role, 1)
    assert (found.lun, found.logical_disk_size_in_gb, found.media_link) == (1, 10, link)
    name = names.adopt("disk", found.disk_name or "")
    disk = azure.get_disk(name)
    assert disk.attached_to is not None and disk.attached_to.role_name == role
    assert not disk.os and disk.logical_disk_size_in_gb == 10
    azure.wait(azure.delete_data_disk(machines.service, machines.deployment, role, 1))
    with refused(404, "ResourceNotFound"):
        azure.get_data_disk(machines.service, machines.deployment, role, 1)
    azure.until(lambda: azure.get_disk(name).attached_to is None, "the free disk")


@documented("a registered disk is attached by its name, to one machine at a time")
def test_attach_a_registered_disk(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, 2)
    first, second = machines.roles
    name = make_disk(azure, names, machines.account)
    azure.wait(
        azure.add_data_disk(machines.service, machines.deployment, first, DataVirtualHardDisk(disk_name=name, lun=0))
    )
    attached = azure.get_disk(name).attached_to
    assert attached is not None and attached.role_name == first
    with refused(400, "BadRequest"):
        azure.add_data_disk(machines.service, machines.deployment, second, DataVirtualHardDisk(disk_name=name, lun=0))
    azure.wait(azure.delete_data_disk(machines.service, machines.deployment, first, 0))


@documented("LUNs are distinct, and no more than the role size allows")
@pytest.mark.parametrize("lun", [0, 16, 15])
def test_a_lun_that_cannot_be(azure: Azure, names: Names, lun: int) -> None:
    machines = make_machines(azure, names)
    (role,) = machines.roles
    for place in (0, 1):  # Small takes two
        link = blob(machines.account, names.free())
        azure.wait(
            azure.add_data_disk(
                machines.service,
                machines.deployment,
                role,
                DataVirtualHardDisk(lun=place, media_link=link, logical_disk_size_in_gb=1),
            )
        )
    with unchanged(lambda: azure.get_role(machines.service, machines.deployment, role)), refused_with(400, 409):
        azure.add_data_disk(
            machines.service,
            machines.deployment,
            role,
            DataVirtualHardDisk(lun=lun, media_link=blob(machines.account, names.free()), logical_disk_size_in_gb=1),
        )


# -- capturing ------------------------------------------------------------------------------------------------------


@recorded("a capture with Delete makes an OS image and takes the machine away, here with its deployment")
def test_capture_and_delete(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    (role,) = machines.roles
    disk = names.adopt("disk", os_disk(azure, machines, role))
    image = names.os_image()
    shut_down(azure, machines, role)
    capture(azure, machines, role, image)
    found = azure.get_os_image(image)
    assert (found.category, found.os) == ("User", "Linux")
    assert found.media_link and found.media_link != blob(machines.account, role)
    assert found.media_link.startswith(f"https://{machines.account}.blob.core.windows.net/vhds/")
    with refused(404, "ResourceNotFound", NONE_FOUND):
        azure.get_deployment(machines.service, PRODUCTION)
    assert azure.get_hosted_service(machines.service).service_name == machines.service
    azure.until(lambda: azure.get_disk(disk).attached_to is None, "the free disk")


@documented("a machine must be shut down before it is captured")
def test_capturing_a_running_machine_is_refused(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    (role,) = machines.roles
    image = names.os_image()
    with unchanged(lambda: azure.get_deployment(machines.service, machines.deployment)), refused(409, "ConflictError"):
        capture(azure, machines, role, image)
    with refused(404, "ResourceNotFound"):
        azure.get_os_image(image)


@recorded("a specialised VM image is made of a running machine, which goes on")
def test_capture_a_specialised_image(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    (role,) = machines.roles
    image = names.vm_image()
    capture_vm(azure, machines, role, image, "Specialized")
    (found,) = [one for one in azure.list_vm_images().items if one.name == image]
    assert (found.category, found.role_name, found.service_name) == ("User", role, machines.service)
    assert found.os_disk_configuration is not None
    assert (found.os_disk_configuration.os_state, found.os_disk_configuration.os) == ("Specialized", "Linux")
    if not azure.lossy:
        assert (found.vm_image_state, found.role_state_on_capture) == ("VMImageReadyForUse", "ReadyRole")
    assert wait_for_state(azure, machines, role, "ReadyRole")
    shut_down(azure, machines, role)
    azure.wait(azure.delete_vm_image_and_media(image))
    assert image not in [one.name for one in azure.list_vm_images().items]


@documented("a generalised VM image takes the machine away")
def test_capture_a_generalised_image(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, 2)
    first, second = machines.roles
    disk = names.adopt("disk", os_disk(azure, machines, first))
    image = names.vm_image()
    shut_down(azure, machines, first)
    capture_vm(azure, machines, first, image, "Generalized")
    assert image in [one.name for one in azure.list_vm_images().items]
    found = azure.get_deployment(machines.service, machines.deployment)
    assert [one.role_name for one in found.role_list or ()] == [second]
    azure.until(lambda: azure.get_disk(disk).attached_to is None, "the free disk")


# -- name servers ---------------------------------------------------------------------------------------------------


@recorded("a name server is added, changed and deleted")
def test_name_servers(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    where = (machines.service, machines.deployment)
    azure.wait(azure.add_dns_server(*where, DnsServer(name="dns1", address="10.0.0.4")))
    if not azure.lossy:
        found = azure.get_deployment(*where).dns
        assert found is not None and found.dns_servers == (DnsServer(name="dns1", address="10.0.0.4"),)
    azure.wait(azure.update_dns_server(*where, "dns1", DnsServer(name="dns1", address="10.0.0.5")))
    azure.wait(azure.delete_dns_server(*where, "dns1"))
    if not azure.lossy:
        assert azure.get_deployment(*where).dns is None
    with refused(404, "ResourceNotFound"):
        azure.delete_dns_server(*where, "dns1")
