"""Where virtual machines can be: the hardware of their service, the account of their image, their reserved IP."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asm_contracts.areas.reserved_ips import CreateReservedIP
from asm_contracts.evidence import assumed, documented, quoted, recorded
from asm_contracts.roles import (
    AssignPublicIP,
    DataVirtualHardDisk,
    NetworkConfigurationSet,
    PersistentVMRole,
    ResourceExtensionReference,
)
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import linux_role, machine_parts, make_machines, nothing_made, one_machine
from asm_contracts.suite.names import Names
from asm_contracts.suite.networks import adding, change_configuration, site
from asm_contracts.suite.worlds import (
    LOCATION,
    blob,
    make_hosted_service,
    make_os_image,
    make_storage_account,
    refused,
    refused_with,
)


def sizes_of(azure: Azure, service: str) -> tuple[str, ...]:
    """The sizes that the list of hosted services shows for machines of one."""
    found = next(one for one in azure.list_hosted_services().items if one.service_name == service)
    assert found.compute_capabilities is not None
    return found.compute_capabilities.virtual_machines_role_sizes


@recorded("a service without machines has the sizes of its region, one with machines fewer")
def test_a_service_with_machines_has_the_sizes_of_their_hardware(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, ready=False)
    everywhere, here = sizes_of(azure, make_hosted_service(azure, names)), sizes_of(azure, machines.service)
    assert "Small" in here
    assert set(here) < set(everywhere)


@quoted("the code and the text; that a service stays on its hardware is documented")
def test_a_size_of_other_hardware_fails_the_operation(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    here = sizes_of(azure, machines.service)
    other = next(one for one in sizes_of(azure, make_hosted_service(azure, names)) if one not in here)
    before = azure.get_role(machines.service, machines.deployment, machines.roles[0])
    change = PersistentVMRole(role_name=machines.roles[0], role_size=other)
    ended = azure.ended(azure.update_role(machines.service, machines.deployment, machines.roles[0], change))
    assert ended.status == "Failed"
    assert ended.error is not None
    assert ended.error.code == "Compute.OverconstrainedAllocationRequest"
    assert azure.get_role(machines.service, machines.deployment, machines.roles[0]) == before


@quoted("the whole refusal")
def test_a_reserved_ip_needs_an_endpoint(azure: Azure, names: Names) -> None:
    service, account, image = machine_parts(azure, names)
    address = names.reserved_ip()
    azure.wait(azure.create_reserved_ip_address(CreateReservedIP(name=address, label="l", location=LOCATION)))
    role = names.free()
    body = one_machine(names, linux_role(role, image, blob(account, role)), reserved_ip_name=address)
    text = (
        f"Deployment {body.name} uses ReservedIP {address} but does not contain any endpoints. "
        "Deployment must contain at least one endpoint in order to use a ReservedIP."
    )
    with nothing_made(azure, service), refused(400, "BadRequest", text):
        azure.create_virtual_machine_deployment(service, body)


@quoted("the whole refusal")
def test_a_disk_is_in_the_account_of_its_image(azure: Azure, names: Names) -> None:
    service, account, image = machine_parts(azure, names)
    other, role = make_storage_account(azure, names), names.free()
    text = (
        "The disk's VHD must be in the same account as the VHD of the source image (source account: "
        f"{account}.blob.core.windows.net, target account: {other}.blob.core.windows.net)."
    )
    with nothing_made(azure, service), refused(400, "BadRequest", text):
        azure.create_virtual_machine_deployment(service, one_machine(names, linux_role(role, image, blob(other, role))))


@quoted("the whole refusal")
def test_an_image_is_where_the_service_is(azure: Azure, names: Names) -> None:
    place = next(one.name for one in azure.list_locations().items if one.name != LOCATION)
    account = make_storage_account(azure, names, location=place)
    image, role = make_os_image(azure, names, account), names.free()
    service = make_hosted_service(azure, names)
    text = (
        f"The location or affinity group {place} of the storage account where the source image {image} resides is not "
        "in the same location or affinity group as the specified cloud service. The source image must reside in a "
        f"storage account that has the same affinity group or location as the cloud service {LOCATION}."
    )
    with nothing_made(azure, service), refused(400, "BadRequest", text):
        azure.create_virtual_machine_deployment(
            service, one_machine(names, linux_role(role, image, blob(account, role)))
        )


@documented("a deployment is in a virtual network of its own location")
def test_a_network_is_where_the_service_is(azure: Azure, names: Names) -> None:
    place = next(one.name for one in azure.list_locations().items if one.name != LOCATION)
    network = replace(site(names.of("virtual network")), location=place)
    change_configuration(azure, adding(network))
    service, account, image = machine_parts(azure, names)
    role = names.free()
    body = replace(one_machine(names, linux_role(role, image, blob(account, role))), virtual_network_name=network.name)
    with nothing_made(azure, service), refused_with(400):
        azure.create_virtual_machine_deployment(service, body)


@quoted("code and text")
def test_a_new_disk_does_not_overwrite_one(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, ready=False)
    service = make_hosted_service(azure, names)
    found = azure.get_role(machines.service, machines.deployment, machines.roles[0]).os_virtual_hard_disk
    assert found is not None and found.media_link is not None
    role = linux_role(names.free(), machines.image, found.media_link)
    text = f"A lease conflict occurred with the blob {found.media_link}."
    with nothing_made(azure, service), refused(400, "BadRequest", text):
        azure.create_virtual_machine_deployment(service, one_machine(names, role))


@documented("a subscription has a most of public IPs of machines")
def test_public_ips_have_a_most(azure: Azure, names: Names) -> None:
    found = azure.get_subscription()
    most, cores = found.max_public_ip_count or 0, (found.max_core_count or 0) - (found.current_core_count or 0)
    if most >= cores:
        pytest.skip("the subscription has not the cores for so many machines")
    service, account, image = machine_parts(azure, names)
    public = NetworkConfigurationSet(
        configuration_set_type="NetworkConfiguration", public_ips=(AssignPublicIP(name="pip"),)
    )
    roles = [linux_role(name, image, blob(account, name)) for name in (names.free() for _ in range(most + 1))]
    body = one_machine(names, roles[0])
    body = replace(
        body,
        role_list=tuple(replace(one, configuration_sets=(*(one.configuration_sets or ()), public)) for one in roles),
    )
    with nothing_made(azure, service), refused_with(400, 403, 409):
        azure.create_virtual_machine_deployment(service, body)


@assumed("an extension that nobody has published cannot be installed")
def test_an_extension_nobody_has(azure: Azure, names: Names) -> None:
    service, account, image = machine_parts(azure, names)
    role = names.free()
    reference = ResourceExtensionReference(reference_name="one", publisher="Nobody", name="Nothing", version="1.*")
    machine = replace(
        linux_role(role, image, blob(account, role)),
        resource_extension_references=(reference,),
        provision_guest_agent=True,
    )
    with nothing_made(azure, service), refused_with(400, 404):
        azure.create_virtual_machine_deployment(service, one_machine(names, machine))


@documented("the disks of a machine are in its location")
def test_disks_are_where_the_service_is(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    place = next(one.name for one in azure.list_locations().items if one.name != LOCATION)
    far = make_storage_account(azure, names, location=place)
    disk = DataVirtualHardDisk(lun=1, logical_disk_size_in_gb=1, media_link=blob(far, "data"))
    before = azure.get_role(machines.service, machines.deployment, machines.roles[0])
    with refused_with(400):
        azure.add_data_disk(machines.service, machines.deployment, machines.roles[0], disk)
    assert azure.get_role(machines.service, machines.deployment, machines.roles[0]) == before


@documented("only sizes made for it use premium storage, and ZRS accounts hold no disks")
def test_disks_are_in_an_account_that_their_machine_can_use(azure: Azure, names: Names) -> None:
    for kind in ("Premium_LRS", "Standard_ZRS"):
        account = make_storage_account(azure, names, account_type=kind)
        image, role = make_os_image(azure, names, account), names.free()
        service = make_hosted_service(azure, names)
        with nothing_made(azure, service), refused_with(400):
            azure.create_virtual_machine_deployment(
                service, one_machine(names, linux_role(role, image, blob(account, role)))
            )
