"""The data disks of virtual machines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.disks import AddDisk
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.roles import DataVirtualHardDisk, OSVirtualHardDisk

VHDS = "https://disksofvms.blob.core.windows.net/vhds"


def attach(machines: Any, role: str = "vm1", **settings: Any) -> DataVirtualHardDisk:
    """Attach a disk, and what the role shows of it then."""
    machines.end(machines.azure.add_data_disk("svc", "dep", role, DataVirtualHardDisk(**settings)))
    found = machines.azure.get_data_disk("svc", "dep", role, settings.get("lun", 0))
    assert isinstance(found, DataVirtualHardDisk)
    return found


def test_an_empty_disk_is_made_where_the_os_disk_is(machines: Any, azure: Client) -> None:
    machines.create()
    accepted = azure.add_data_disk("svc", "dep", "vm1", DataVirtualHardDisk(lun=1, logical_disk_size_in_gb=10))
    assert machines.role().data_virtual_hard_disks == ()
    machines.end(accepted)
    found = azure.get_data_disk("svc", "dep", "vm1", 1)
    assert (found.lun, found.logical_disk_size_in_gb, found.host_caching) == (1, 10, "ReadOnly")
    assert found.media_link == f"{VHDS}/{found.disk_name}.vhd"
    assert found.io_type == "Standard"
    disk = azure.get_disk(found.disk_name)
    assert (disk.os, disk.logical_disk_size_in_gb) == (None, 10)
    assert disk.attached_to.role_name == "vm1"


def test_an_empty_disk_is_made_where_it_is_wanted(machines: Any) -> None:
    machines.create()
    found = attach(
        machines,
        logical_disk_size_in_gb=1,
        media_link=f"{VHDS}/here.vhd",
        disk_label="mine",
        disk_name="my-disk",
        host_caching="readwrite",
    )
    assert (found.lun, found.media_link, found.disk_name) == (None, f"{VHDS}/here.vhd", "my-disk")
    assert (found.disk_label, found.host_caching) == ("mine", "ReadWrite")


def test_a_registered_disk_is_attached_by_its_name(machines: Any, azure: Client) -> None:
    machines.create()
    azure.add_disk(AddDisk(label="data", media_link=f"{VHDS}/data.vhd", name="data"))
    found = attach(machines, disk_name="DATA", lun=0)
    assert (found.disk_name, found.media_link, found.disk_label) == ("data", f"{VHDS}/data.vhd", "data")


def test_a_blob_is_registered_where_it_lies(machines: Any, azure: Client) -> None:
    machines.create()
    found = attach(machines, source_media_link=f"{VHDS}/old.vhd")
    assert found.media_link == f"{VHDS}/old.vhd"
    assert found.source_media_link is None
    other = attach(machines, lun=1, media_link=f"{VHDS}/older.vhd")
    assert azure.get_disk(other.disk_name).media_link == f"{VHDS}/older.vhd"


def test_units_and_numbers_are_limited(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    attach(machines, logical_disk_size_in_gb=1)
    with refused(BadRequest, "The logical unit number 0 is already in use by another data disk of the role."):
        azure.add_data_disk("svc", "dep", "vm1", DataVirtualHardDisk(logical_disk_size_in_gb=1))
    for lun in (16, -1):
        with refused(BadRequest, f"The logical unit number {lun} is invalid. It must be between 0 and 15."):
            azure.add_data_disk("svc", "dep", "vm1", DataVirtualHardDisk(lun=lun, logical_disk_size_in_gb=1))
    attach(machines, lun=15, logical_disk_size_in_gb=1)
    with refused(BadRequest, "The role size Small allows at most 2 data disks."):
        azure.add_data_disk("svc", "dep", "vm1", DataVirtualHardDisk(lun=7, logical_disk_size_in_gb=1))


@pytest.mark.parametrize(
    ("settings", "kind", "message"),
    [
        ({}, BadRequest, "A data disk needs a size, the name of a disk, or the address of a blob."),
        ({"logical_disk_size_in_gb": 1024}, BadRequest, "The size of a data disk must be between 1 and 1023 GB."),
        ({"disk_name": "nothing"}, ResourceNotFound, "The disk with the specified name does not exist."),
        (
            {"logical_disk_size_in_gb": 1, "host_caching": "Always"},
            BadRequest,
            "The host caching Always is not None, ReadOnly or ReadWrite.",
        ),
        (
            {"logical_disk_size_in_gb": 1, "media_link": "https://somebody.blob.core.windows.net/vhds/x.vhd"},
            BadRequest,
            "The storage account of the media link https://somebody.blob.core.windows.net/vhds/x.vhd does not belong "
            "to this subscription.",
        ),
        (
            {"logical_disk_size_in_gb": 1, "media_link": f"{VHDS}/vm1.vhd"},
            BadRequest,
            f"A lease conflict occurred with the blob {VHDS}/vm1.vhd.",
        ),
        ({"disk_name": "{os}"}, BadRequest, "A disk with name {os} is currently in use by virtual machine vm1 "
         "running within hosted service svc, deployment dep."),
    ],
)  # fmt: skip
def test_impossible_disks_are_refused(
    machines: Any, azure: Client, refused: Any, settings: dict[str, Any], kind: type[Exception], message: str
) -> None:
    machines.create(machines.linux("vm1"), machines.linux("vm2"))
    name = machines.role().os_virtual_hard_disk.disk_name
    given = {key: value.format(os=name) if isinstance(value, str) else value for key, value in settings.items()}
    with refused(kind, message.format(os=name)):
        azure.add_data_disk("svc", "dep", "vm2", DataVirtualHardDisk(**given))


def test_a_disk_with_a_system_is_no_data_disk(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    azure.add_disk(AddDisk(os="Linux", label="system", media_link=f"{VHDS}/system.vhd", name="system"))
    with refused(BadRequest, "The disk system contains an operating system and cannot be a data disk."):
        azure.add_data_disk("svc", "dep", "vm1", DataVirtualHardDisk(disk_name="system"))


def test_of_a_disk_that_is_there_size_and_address_are_fillers(machines: Any, azure: Client) -> None:
    """azure-cli says 5 GB and http://dummy of any disk it attaches."""
    machines.create()
    azure.add_disk(AddDisk(label="data", media_link=f"{VHDS}/data.vhd", name="data"))
    size = azure.get_disk("data").logical_disk_size_in_gb
    given = DataVirtualHardDisk(disk_name="data", logical_disk_size_in_gb=5, media_link="http://dummy")
    machines.end(azure.add_data_disk("svc", "dep", "vm1", given))
    found = azure.get_data_disk("svc", "dep", "vm1", 0)
    assert (found.disk_name, found.media_link, found.logical_disk_size_in_gb) == ("data", f"{VHDS}/data.vhd", size)


def test_a_disk_that_goes_elsewhere_meanwhile_fails_the_operation(machines: Any, azure: Client) -> None:
    from asm_contracts.areas.hosted_services import CreateHostedService

    machines.create()
    azure.create_hosted_service(CreateHostedService(service_name="two", label="two", location="West US"))
    machines.create(machines.linux("vm2"), service="two")
    azure.add_disk(AddDisk(label="data", media_link=f"{VHDS}/data.vhd", name="data"))
    first = azure.add_data_disk("svc", "dep", "vm1", DataVirtualHardDisk(disk_name="data"))
    second = azure.add_data_disk("two", "dep", "vm2", DataVirtualHardDisk(disk_name="data"))
    machines.end(first)
    machines.end(
        second,
        "Failed",
        "A disk with name data is currently in use by virtual machine vm1 running within hosted service svc, "
        "deployment dep.",
    )
    assert azure.get_role("two", "dep", "vm2").data_virtual_hard_disks == ()
    assert azure.get_disk("data").attached_to.role_name == "vm1"


def test_an_update_answers_at_once(machines: Any, azure: Client) -> None:
    machines.create()
    before = attach(machines, logical_disk_size_in_gb=1)
    azure.update_data_disk("svc", "dep", "vm1", 0, DataVirtualHardDisk(host_caching="None", lun=2, disk_label="new"))
    found = azure.get_data_disk("svc", "dep", "vm1", 2)
    assert found == replace(before, host_caching="None", lun=2, disk_label="new")
    with pytest.raises(ResourceNotFound):
        azure.get_data_disk("svc", "dep", "vm1", 0)
    azure.update_data_disk("svc", "dep", "vm1", 2, DataVirtualHardDisk(host_caching="ReadOnly", media_link="ignored"))
    assert azure.get_data_disk("svc", "dep", "vm1", 2).host_caching == "ReadOnly"


def test_impossible_updates_are_refused(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    attach(machines, logical_disk_size_in_gb=1)
    attach(machines, lun=1, logical_disk_size_in_gb=1)
    for change, message in (
        ({"lun": 1}, "The logical unit number 1 is already in use by another data disk of the role."),
        ({"disk_name": "other"}, "The disk of a data disk cannot be changed."),
        ({"logical_disk_size_in_gb": 9}, "The size of a data disk cannot be changed by updating it."),
        ({"host_caching": "x"}, "The host caching x is not None, ReadOnly or ReadWrite."),
    ):
        with refused(BadRequest, message):
            azure.update_data_disk("svc", "dep", "vm1", 0, DataVirtualHardDisk(**change))


def test_an_update_waits_for_nobody(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    attach(machines, logical_disk_size_in_gb=1)
    accepted = azure.delete_data_disk("svc", "dep", "vm1", 0)
    with refused(
        ConflictError,
        f"Windows Azure is currently performing an operation with x-ms-requestid {accepted.request_id} "
        "on this deployment that requires exclusive access.",
    ):
        azure.update_data_disk("svc", "dep", "vm1", 0, DataVirtualHardDisk(host_caching="None"))


def test_a_detached_disk_is_free_some_time_later(machines: Any, azure: Client) -> None:
    machines.create()
    name = attach(machines, logical_disk_size_in_gb=1).disk_name
    machines.end(azure.delete_data_disk("svc", "dep", "vm1", 0))
    assert machines.role().data_virtual_hard_disks == ()
    assert azure.get_disk(name).attached_to is not None
    machines.pass_time(minutes=1)
    assert azure.get_disk(name).attached_to is None
    assert attach(machines, disk_name=name).disk_name == name


def test_a_disk_can_go_with_its_blob(machines: Any, azure: Client) -> None:
    machines.create()
    found = attach(machines, logical_disk_size_in_gb=1, media_link=f"{VHDS}/gone.vhd")
    machines.end(azure.delete_data_disk_and_media("svc", "dep", "vm1", 0))
    with pytest.raises(ResourceNotFound):
        azure.get_disk(found.disk_name)
    attach(machines, logical_disk_size_in_gb=1, media_link=f"{VHDS}/gone.vhd")


def test_empty_units_are_not_found(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    nothing = "No data disk is attached to the role vm1 at the logical unit number 3."
    with refused(ResourceNotFound, nothing):
        azure.get_data_disk("svc", "dep", "vm1", 3)
    with refused(ResourceNotFound, nothing):
        azure.update_data_disk("svc", "dep", "vm1", 3, DataVirtualHardDisk(host_caching="None"))
    with refused(ResourceNotFound, nothing):
        azure.delete_data_disk("svc", "dep", "vm1", 3)
    with refused(ResourceNotFound, nothing):
        azure.delete_data_disk_and_media("svc", "dep", "vm1", 3)


def test_an_attached_disk_cannot_be_deleted(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    name = machines.role().os_virtual_hard_disk.disk_name
    with refused(
        BadRequest,
        f"A disk with name {name} is currently in use by virtual machine vm1 running within hosted service svc, "
        "deployment dep.",
    ):
        azure.delete_disk(name)


def test_an_image_can_be_given_a_larger_disk(machines: Any, azure: Client, refused: Any) -> None:
    given = machines.linux().os_virtual_hard_disk
    with refused(BadRequest, "The size of a disk cannot be less than 30 GB or more than 1023 GB."):
        machines.begin(machines.linux(os_virtual_hard_disk=replace(given, resized_size_in_gb=29)))
    machines.create(machines.linux(os_virtual_hard_disk=replace(given, resized_size_in_gb=40)))
    assert azure.get_disk(machines.role().os_virtual_hard_disk.disk_name).logical_disk_size_in_gb == 40


def test_disks_have_one_name_each(machines: Any, refused: Any) -> None:
    given = OSVirtualHardDisk(
        disk_name="mine",
        media_link=f"{VHDS}/mine.vhd",
        source_image_name=machines.linux().os_virtual_hard_disk.source_image_name,
    )
    machines.create(machines.linux(os_virtual_hard_disk=given))
    assert machines.role().os_virtual_hard_disk.disk_name == "mine"
    with refused(ConflictError, "A disk with the name Mine already exists."):
        machines.azure.add_role(
            "svc",
            "dep",
            machines.linux("b", os_virtual_hard_disk=replace(given, disk_name="Mine", media_link=f"{VHDS}/b.vhd")),
        )
