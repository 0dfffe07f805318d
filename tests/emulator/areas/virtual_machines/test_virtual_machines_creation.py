"""Creating deployments of virtual machines: what comes of it, and when."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.disks import Disk
from asm_contracts.errors import ConflictError, ResourceNotFound
from asm_contracts.operation import DeploymentSlot
from asm_contracts.roles import (
    DataVirtualHardDisk,
    Dns,
    DnsServer,
    InputEndpoint,
    LoadBalancerProbe,
    OSVirtualHardDisk,
    ResourceExtensionReference,
)
from asm_emulator.emulator import Emulator

LINUX = "OpenLogic__OpenLogic-CentOS-62-20120531-en-us-30GB.vhd"
VHDS = "https://disksofvms.blob.core.windows.net/vhds"
OCCUPIED = "The specified deployment slot Production is occupied."
PORT_22 = (
    "Port 22 is already in use by one of the endpoints in this deployment. "
    "Ensure that the port numbers are unique across endpoints within a deployment."
)


def disk(azure: Client, name: str | None) -> Disk:
    assert name is not None
    return azure.get_disk(name)


def test_a_deployment_occupies_its_slot_at_once_and_shows_instances_before_the_end(
    machines: Any, azure: Client
) -> None:
    accepted = machines.begin(machines.linux(ports=(22,)))
    found = azure.get_deployment("svc", DeploymentSlot("Production"))
    assert (found.status, found.locked, found.role_instance_list, found.virtual_ips) == ("Deploying", True, (), ())
    assert (found.url, found.internal_dns_suffix) == (None, None)
    assert [role.role_name for role in found.role_list or ()] == ["vm1"]
    assert re.fullmatch("[0-9a-f]{32}", found.private_id or "")
    machines.pass_time(seconds=35)
    assert machines.deployment().status == "Running"
    assert machines.state() == ("CreatingVM", "Starting")
    machines.pass_time(seconds=17)
    assert machines.state() == ("StartingVM", "Starting")
    assert azure.get_operation_status(accepted.request_id).status == "InProgress"
    machines.end(accepted)
    assert machines.state() == ("RoleStateUnknown", "Starting")


def test_a_linux_machine_boots(machines: Any) -> None:
    machines.end(machines.begin(machines.linux(ports=(22,))))
    early = machines.instance()
    assert (early.instance_status, early.power_state, early.host_name) == ("RoleStateUnknown", "Starting", None)
    assert early.remote_access_certificate_thumbprint is None
    assert early.ip_address is not None and early.instance_size == "Small"
    vip = machines.deployment().virtual_ips[0].address
    assert [(one.public_port, one.vip) for one in early.instance_endpoints or ()] == [(22, vip)]
    machines.pass_time(seconds=121)
    late = machines.instance()
    assert (late.instance_status, late.power_state, late.host_name) == ("ReadyRole", "Started", "host-vm1")
    assert re.fullmatch("[0-9a-f]{32}", late.remote_access_certificate_thumbprint or "")
    assert late.ip_address == early.ip_address


def test_a_windows_machine_is_set_up_before_it_is_ready(machines: Any) -> None:
    machines.end(machines.begin(machines.windows()))
    assert machines.state() == ("RoleStateUnknown", "Starting")
    machines.pass_time(seconds=121)
    found = machines.instance()
    assert (found.instance_status, found.power_state, found.instance_state_details) == ("Provisioning", "Started", "")
    assert re.fullmatch("WIN-[0-9A-Z]{11}", found.host_name or "")
    machines.pass_time(seconds=120)
    found = machines.instance()
    assert found.instance_status == "Provisioning"
    assert found.instance_state_details == "Windows is preparing your computer for first use..."
    assert found.remote_access_certificate_thumbprint is None
    machines.pass_time(seconds=200)
    found = machines.instance()
    assert (found.instance_status, found.host_name, found.instance_state_details) == ("ReadyRole", "pc-vm1", "")
    assert re.fullmatch("[0-9A-F]{40}", found.remote_access_certificate_thumbprint or "")


def test_at_the_instant_pace_everything_has_happened_at_the_next_request() -> None:
    from asm_client import WSGITransport
    from asm_contracts.areas.hosted_services import CreateHostedService
    from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
    from asm_contracts.areas.virtual_machines import CreateVirtualMachineDeployment
    from asm_contracts.roles import PersistentVMRole, WindowsProvisioningConfigurationSet
    from asm_emulator.driver import certificate

    emulator = Emulator(certificates=[certificate("areas")], pace="instant")
    azure = Client(WSGITransport(emulator.app.wsgi_app, certificate("areas")), emulator.subscription)
    azure.create_hosted_service(CreateHostedService(service_name="svc", label="svc", location="West US"))
    azure.create_storage_account(
        CreateStorageServiceInput(
            service_name="disksofvms", label="disks", location="West US", account_type="Standard_LRS"
        )
    )
    role = PersistentVMRole(
        role_name="vm1",
        configuration_sets=(
            WindowsProvisioningConfigurationSet(
                configuration_set_type="WindowsProvisioningConfiguration", admin_password="Passw0rd!"
            ),
        ),
        os_virtual_hard_disk=OSVirtualHardDisk(
            media_link=f"{VHDS}/vm1.vhd",
            source_image_name="a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-201505.01-en.us-127GB.vhd",
        ),
        role_size="Small",
    )
    azure.create_virtual_machine_deployment(
        "svc",
        CreateVirtualMachineDeployment(name="dep", deployment_slot="production", label="dep", role_list=(role,)),
    )
    (instance,) = azure.get_deployment("svc", "dep").role_instance_list or ()
    assert (instance.instance_status, instance.power_state) == ("ReadyRole", "Started")


def test_the_document_has_what_the_service_filled_in(machines: Any) -> None:
    machines.create(
        machines.linux(ports=(22,)), dns=Dns(dns_servers=(DnsServer(name="ns", address="10.0.0.4"),)), name="MyDep"
    )
    found = machines.deployment(name="mydep")
    assert (found.name, found.deployment_slot, found.label) == ("MyDep", "Production", "a label")
    assert found.url == "http://svc.cloudapp.net/"
    assert re.fullmatch(r"svc\.d\d+\.internal\.cloudapp\.net", found.internal_dns_suffix or "")
    assert found.virtual_ips[0].name == "MyDepContractContract"
    assert found.dns.dns_servers == (DnsServer(name="ns", address="10.0.0.4"),)
    assert b'<Role name="vm1">' in found.configuration
    (role,) = found.role_list
    assert role.os_virtual_hard_disk.host_caching == "ReadWrite"
    assert role.os_virtual_hard_disk.os == "Linux"
    assert role.os_virtual_hard_disk.io_type == "Standard"
    assert re.fullmatch(r"MyDep-vm1-0-\d{18}", role.os_virtual_hard_disk.disk_name)
    (network,) = role.configuration_sets  # passwords never come back
    assert network.configuration_set_type == "NetworkConfiguration"
    assert network.input_endpoints[0].vip == found.virtual_ips[0].address
    alone = machines.azure.get_role("svc", "MyDep", "vm1")
    assert alone.configuration_sets[0].input_endpoints[0].vip is None


def test_without_endpoints_the_virtual_ip_has_another_name(machines: Any) -> None:
    machines.create()
    assert machines.deployment().virtual_ips[0].name == "__PseudoBackEndContractVip"


@pytest.mark.parametrize(
    ("given", "shown"),
    [("clitestvm464", "clitestvm464"), ("bXkgbGFiZWw=", "my label"), ("some label", "some label"), ("é", "é")],
)
def test_a_label_arrives_as_text_and_is_encoded_unless_it_is(machines: Any, given: str, shown: str) -> None:
    from asm_contracts.areas.virtual_machines import CreateVirtualMachineDeployment

    machines.azure.create_virtual_machine_deployment(
        "svc",
        CreateVirtualMachineDeployment(
            name="dep", deployment_slot="Production", label=given, role_list=(machines.linux(),)
        ),
    )
    assert machines.deployment().label == shown


def test_disks_are_registered_and_attached(machines: Any, azure: Client) -> None:
    data = (
        DataVirtualHardDisk(lun=1, logical_disk_size_in_gb=10),
        DataVirtualHardDisk(logical_disk_size_in_gb=20, media_link=f"{VHDS}/mine.vhd", disk_label="mine"),
    )
    machines.create(machines.linux(data_virtual_hard_disks=data))
    role = machines.role()
    first, second = role.data_virtual_hard_disks
    assert (first.lun, first.logical_disk_size_in_gb, first.media_link) == (None, 20, f"{VHDS}/mine.vhd")
    assert (first.host_caching, first.disk_label) == ("ReadOnly", "mine")
    assert (second.lun, second.logical_disk_size_in_gb) == (1, 10)
    assert second.disk_label == "svc-dep-vm1-1"
    assert second.media_link == f"{VHDS}/{second.disk_name}.vhd"
    for name, size, os in (
        (role.os_virtual_hard_disk.disk_name, 30, "Linux"),
        (first.disk_name, 20, None),
        (second.disk_name, 10, None),
    ):
        found = disk(azure, name)
        assert (found.logical_disk_size_in_gb, found.os) == (size, os)
        assert found.attached_to is not None
        assert (found.attached_to.hosted_service_name, found.attached_to.role_name) == ("svc", "vm1")


def test_ports_are_given_out_and_endpoints_stand_in_order(machines: Any) -> None:
    machines.create(
        machines.linux(
            ports=(machines.endpoint(None, "ssh"), machines.endpoint(None, "Docker"), machines.endpoint(80, "http"))
        )
    )
    found = machines.role().configuration_sets[0].input_endpoints
    assert [one.name for one in found] == ["Docker", "http", "ssh"]
    ports = {one.port for one in found}
    assert len(ports) == 3 and all(one == 80 or 49152 <= one <= 65535 for one in ports)
    assert all(one.enable_direct_server_return is False for one in found)


def test_members_of_a_load_balanced_set_share_a_port(machines: Any) -> None:
    shared = InputEndpoint(
        load_balanced_endpoint_set_name="web",
        local_port=80,
        name="http",
        port=80,
        protocol="TCP",
        load_balancer_probe=LoadBalancerProbe(protocol="http", path="/well"),
    )
    machines.create(machines.linux("a", ports=(shared,)), machines.linux("b", ports=(shared,)))
    (endpoint,) = machines.role("b").configuration_sets[0].input_endpoints
    assert (endpoint.load_balanced_endpoint_set_name, endpoint.protocol) == ("web", "tcp")
    assert endpoint.load_balancer_probe == LoadBalancerProbe(
        path="/well", port=80, protocol="http", interval_in_seconds=15, timeout_in_seconds=31
    )


def test_one_port_serves_two_protocols(machines: Any) -> None:
    machines.create(machines.linux(ports=(machines.endpoint(53, "a"), machines.endpoint(53, "b", protocol="udp"))))
    assert len(machines.role().configuration_sets[0].input_endpoints) == 2


def test_ports_that_collide_fail_the_operation_and_leave_nothing(
    machines: Any, azure: Client, unchanged: Callable[[], object]
) -> None:
    before = unchanged()
    accepted = machines.begin(machines.linux(ports=(machines.endpoint(22, "a"), machines.endpoint(22, "b"))))
    with pytest.raises(ConflictError, match=OCCUPIED):
        machines.begin(machines.linux("other"))
    machines.end(accepted, "Failed", PORT_22)
    machines.pass_time(hours=1)
    with pytest.raises(ResourceNotFound, match=r"No deployments were found\."):
        machines.deployment()
    after = unchanged()
    assert (after[0], after[1], after[3]) == (before[0], before[1], before[3])
    azure.delete_hosted_service("svc")


def test_a_failed_creation_frees_the_disks_it_was_given(machines: Any, azure: Client) -> None:
    machines.create()
    name = machines.role().os_virtual_hard_disk.disk_name
    machines.end(azure.delete_deployment("svc", "dep"))
    machines.pass_time(minutes=5)
    again = machines.linux(
        configuration_sets=(machines.network(machines.endpoint(22, "a"), machines.endpoint(22, "b")),),
        os_virtual_hard_disk=OSVirtualHardDisk(disk_name=name),
    )
    accepted = machines.begin(again)
    assert disk(azure, name).attached_to is not None
    machines.end(accepted, "Failed", PORT_22)
    assert disk(azure, name).attached_to is None


def test_a_machine_can_start_from_a_disk(machines: Any, azure: Client) -> None:
    machines.create()
    before = machines.role().os_virtual_hard_disk
    machines.end(azure.delete_deployment("svc", "dep"))
    machines.pass_time(minutes=5)
    machines.create(
        machines.linux(
            "vm2", configuration_sets=None, os_virtual_hard_disk=OSVirtualHardDisk(disk_name=before.disk_name)
        )
    )
    found = machines.role("vm2")
    assert found.os_virtual_hard_disk == before
    assert machines.state("vm2") == ("ReadyRole", "Started")
    assert machines.instance("vm2").host_name == "vm2"


def test_a_machine_can_start_from_a_blob(machines: Any, azure: Client) -> None:
    machines.create(
        machines.linux(
            configuration_sets=None, os_virtual_hard_disk=OSVirtualHardDisk(media_link=f"{VHDS}/x.vhd", os="Windows")
        )
    )
    found = disk(azure, machines.role().os_virtual_hard_disk.disk_name)
    assert (found.os, found.media_link, found.source_image_name) == ("Windows", f"{VHDS}/x.vhd", None)
    assert machines.state() == ("ReadyRole", "Started")


def test_a_machine_can_start_from_a_remote_image(machines: Any) -> None:
    remote = "https://elsewhere.blob.core.windows.net/vhds/source.vhd"
    machines.create(
        machines.linux(
            os_virtual_hard_disk=OSVirtualHardDisk(
                media_link=f"{VHDS}/copy.vhd", os="Linux", remote_source_image_link=remote
            )
        )
    )
    found = machines.role().os_virtual_hard_disk
    assert (found.remote_source_image_link, found.media_link) == (remote, f"{VHDS}/copy.vhd")


def test_a_platform_vm_image_brings_its_data_disks(machines: Any) -> None:
    name = "1acf693f34c74e86a50be61cb631ddfe__ClouderaGolden-540-centos66"
    machines.create(
        machines.linux(vm_image_name=name, media_location=f"{VHDS}/", os_virtual_hard_disk=None, role_size="Medium")
    )
    found = machines.role()
    assert found.vm_image_name == name
    assert found.os_virtual_hard_disk.source_image_name is None
    assert [one.lun or 0 for one in found.data_virtual_hard_disks] == [0, 1]
    assert all(one.media_link.startswith(f"{VHDS}/dep-vm1-") for one in found.data_virtual_hard_disks)


def test_availability_sets_spread_their_machines(machines: Any) -> None:
    machines.create(*(machines.linux(f"vm{n}", availability_set_name="Set") for n in range(3)), machines.linux("other"))
    found = {one.role_name: one for one in machines.deployment().role_instance_list}
    assert [found[f"vm{n}"].instance_fault_domain for n in range(3)] == [0, 1, 0]
    assert [found[f"vm{n}"].instance_upgrade_domain for n in range(3)] == [0, 1, 2]
    assert (found["other"].instance_fault_domain, found["other"].instance_upgrade_domain) == (0, 0)
    assert machines.deployment().upgrade_domain_count == 3


def test_the_guest_agent_reports_after_the_machine_is_ready(machines: Any) -> None:
    reference = ResourceExtensionReference(
        reference_name="BGInfo", publisher="Microsoft.Compute", name="BGInfo", version="1.*"
    )
    machines.end(
        machines.begin(machines.windows(provision_guest_agent=True, resource_extension_references=(reference,)))
    )
    found = machines.instance()
    assert found.guest_agent_status.status == "NotReady"
    assert found.guest_agent_status.formatted_message.message == "Status not available for role vm1."
    assert found.resource_extension_status_list is None
    machines.pass_time(minutes=30)
    found = machines.instance()
    assert (found.instance_status, found.guest_agent_status.status) == ("ReadyRole", "Ready")
    (extension,) = found.resource_extension_status_list
    assert (extension.handler_name, extension.status) == ("Microsoft.Compute.BGInfo", "Ready")
    (shown,) = machines.deployment().role_list[0].resource_extension_references
    assert shown == replace(reference, state="Enable")


def test_made_up_values_depend_on_the_seed_alone(machines: Any, emulator: Emulator) -> None:
    empty = emulator.snapshot()
    machines.create(machines.linux(ports=(machines.endpoint(None, "ssh"),)))
    first = machines.deployment()
    emulator.restore(empty)
    machines.create(machines.linux(ports=(machines.endpoint(None, "ssh"),)))
    again = machines.deployment()
    assert again.private_id == first.private_id
    assert again.role_list[0].configuration_sets == first.role_list[0].configuration_sets
    assert again.role_instance_list == replace_times(first.role_instance_list, again.role_instance_list)


def replace_times(first: Any, again: Any) -> Any:
    """Instances but for the moments that agents reported at."""
    return tuple(replace(one, guest_agent_status=two.guest_agent_status) for one, two in zip(first, again, strict=True))


def test_a_machine_from_an_image_that_was_seeded_as_the_gallerys(machines: Any, emulator: Emulator) -> None:
    emulator.control.seed({"images": [{"name": "Canonical__Ubuntu-12.04", "os": "Linux", "publisher": "Canonical"}]})
    disk = OSVirtualHardDisk(
        media_link="https://disksofvms.blob.core.windows.net/vhds/old.vhd", source_image_name="Canonical__Ubuntu-12.04"
    )
    machines.create(machines.linux(os_virtual_hard_disk=disk))
    found = (machines.deployment().role_list or ())[0].os_virtual_hard_disk
    assert (found.os, found.source_image_name) == ("Linux", "Canonical__Ubuntu-12.04")
