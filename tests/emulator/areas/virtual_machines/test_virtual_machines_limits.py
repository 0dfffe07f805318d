"""What machines can have where they are and of their size."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client.client import Client
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.areas.virtual_machines import CreateVirtualMachineDeployment
from asm_contracts.codec import netcfg
from asm_contracts.errors import BadRequest
from asm_contracts.operation import DeploymentName, RawBody
from asm_contracts.roles import (
    AssignIPConfiguration,
    AssignNetworkInterface,
    DataVirtualHardDisk,
    LoadBalancerProbe,
    OSVirtualHardDisk,
    PersistentVMRole,
)
from asm_emulator import catalogue
from asm_emulator.catalogue.role_sizes import most_interfaces
from asm_emulator.emulator import Emulator

from .conftest import LINUX

DEP = DeploymentName("dep")
PREMIUM = "https://premium.blob.core.windows.net/vhds"


@pytest.fixture
def premium(machines: Any, azure: Client) -> str:
    """An account of premium storage."""
    body = CreateStorageServiceInput(
        service_name="premium", label="cHJlbWl1bQ==", location="West US", account_type="Premium_LRS"
    )
    machines.end(azure.create_storage_account(body))
    return "premium"


def on_premium(machines: Any, size: str) -> PersistentVMRole:
    disk = OSVirtualHardDisk(media_link=f"{PREMIUM}/vm1.vhd", source_image_name=LINUX)
    return replace(machines.linux(), role_size=size, os_virtual_hard_disk=disk)


def test_premium_storage_is_for_the_sizes_made_for_it(machines: Any, azure: Client, refused: Any, premium: str) -> None:
    del premium
    text = "The role size {} cannot use disks in the premium storage account premium."
    with refused(BadRequest, text.format("Small")):
        machines.begin(on_premium(machines, "Small"))
    machines.create(on_premium(machines, "Standard_DS1_v2"))
    machines.end(azure.update_role("svc", DEP, "vm1", PersistentVMRole(role_size="Standard_F2s")))
    with refused(BadRequest, text.format("Standard_F2")):
        azure.update_role("svc", DEP, "vm1", PersistentVMRole(role_size="Standard_F2"))


def test_disks_are_where_their_service_is(machines: Any, azure: Client, refused: Any) -> None:
    azure.create_hosted_service(CreateHostedService(service_name="east", label="ZWFzdA==", location="East US"))
    text = (
        "The storage account disksofvms is in West US, but the hosted service east is in East US: "
        "the disks of a virtual machine must be in its location."
    )
    with refused(BadRequest, text):
        machines.begin(machines.linux(), service="east")
    anywhere = Emulator(pace="manual", storage_anywhere=True)
    cloud = anywhere.client()
    elsewhere = CreateStorageServiceInput(service_name="far", label="ZmFy", location="East US")
    cloud.create_storage_account(elsewhere)
    anywhere.advance(timedelta(minutes=1))
    cloud.create_hosted_service(CreateHostedService(service_name="west", label="d2VzdA==", location="West US"))
    disk = OSVirtualHardDisk(media_link="https://far.blob.core.windows.net/vhds/a.vhd", source_image_name=LINUX)
    body = CreateVirtualMachineDeployment(
        name="dep",
        deployment_slot="Production",
        label="l",
        role_list=(replace(machines.linux(), os_virtual_hard_disk=disk),),
    )
    cloud.create_virtual_machine_deployment("west", body)


def test_a_data_disk_too(machines: Any, azure: Client, refused: Any, premium: str) -> None:
    del premium
    machines.create()
    disk = DataVirtualHardDisk(lun=1, logical_disk_size_in_gb=10, media_link=f"{PREMIUM}/data.vhd")
    with refused(BadRequest, "The role size Small cannot use disks in the premium storage account premium."):
        azure.add_data_disk("svc", DEP, "vm1", disk)


@pytest.mark.parametrize(
    ("size", "most"),
    [
        ("Small", 1), ("Medium", 1), ("Large", 2), ("ExtraLarge", 4), ("A5", 1), ("Basic_A4", 1), ("Standard_D1", 1),
        ("Standard_DS14", 16), ("Standard_GS5", 16), ("Standard_D1_v2", 2), ("Standard_F4", 4), ("Standard_D15_v2", 8),
        ("Standard_H8", 2), ("Standard_H16", 4), ("Standard_L32s", 8),
    ],
)  # fmt: skip
def test_a_size_has_so_many_interfaces(size: str, most: int) -> None:
    found = catalogue.role_size(size)
    assert found is not None and most_interfaces(found) == most


def test_more_interfaces_than_the_size_has_are_refused(machines: Any, azure: Client, refused: Any) -> None:
    site = netcfg.Site(
        name="net",
        location="West US",
        address_prefixes=("10.1.0.0/16",),
        subnets=(netcfg.Subnet(name="s", address_prefix="10.1.0.0/24"),),
    )
    wanted = netcfg.write(netcfg.NetworkConfiguration(sites=(site,)))
    machines.end(azure.set_network_configuration(RawBody(wanted, "text/plain")))
    one = AssignNetworkInterface(name="second", ip_configurations=(AssignIPConfiguration(subnet_name="s"),))
    role = machines.linux(role_size="Large")
    own = machines.network(subnet_names=("s",), network_interfaces=(one,))
    role = replace(role, configuration_sets=(*role.configuration_sets, own))
    text = "The role size {} allows at most 1 network interfaces, and the role vm1 has 2."
    with refused(BadRequest, text.format("Small")):
        machines.begin(replace(role, role_size="Small"), virtual_network_name="net")
    machines.create(role, virtual_network_name="net")
    with refused(BadRequest, text.format("Medium")):
        azure.update_role("svc", DEP, "vm1", PersistentVMRole(role_size="Medium"))


def test_the_basic_tier_is_not_load_balanced(machines: Any, azure: Client, refused: Any) -> None:
    probe = LoadBalancerProbe(port=80, protocol="tcp")
    balanced = machines.endpoint(80, "web", load_balanced_endpoint_set_name="set", load_balancer_probe=probe)
    text = "The role size {} does not support load-balanced endpoints."
    with refused(BadRequest, text.format("Basic_A1")):
        machines.begin(machines.linux(role_size="Basic_A1", ports=(balanced,)))
    machines.create(machines.linux(ports=(balanced,)))
    with refused(BadRequest, text.format("Basic_A2")):
        azure.update_role("svc", DEP, "vm1", PersistentVMRole(role_size="Basic_A2"))
