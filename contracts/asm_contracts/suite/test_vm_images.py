"""VM images made of blobs: an OS disk together with data disks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from asm_contracts.areas.disks import AddDisk
from asm_contracts.areas.images import ComputeImageAttributes, ReplicationInput
from asm_contracts.areas.vm_images import (
    CreateVMImage,
    DataDiskConfiguration,
    OSDiskConfiguration,
    UpdateVMImage,
    VMImage,
)
from asm_contracts.evidence import assumed, documented, quoted, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, blob, make_storage_account, refused, refused_with


def body(account: str, name: str) -> CreateVMImage:
    """An image of an OS disk and a data disk."""
    return CreateVMImage(
        name=name,
        label=name,
        description="a description",
        os_disk_configuration=OSDiskConfiguration(
            host_caching="ReadWrite", os_state="Specialized", os="Linux", media_link=blob(account, f"{name}-os")
        ),
        data_disk_configurations=(
            DataDiskConfiguration(
                host_caching="ReadOnly", lun=1, media_link=blob(account, f"{name}-data"), logical_disk_size_in_gb=20
            ),
        ),
    )


def listed(azure: Azure, name: str) -> VMImage | None:
    """An image as the list has it."""
    return next((one for one in azure.list_vm_images().items if one.name == name), None)


@recorded("create, update and delete of the official SDK's tests")
def test_what_was_created_is_listed(azure: Azure, names: Names) -> None:
    account, name = make_storage_account(azure, names), names.vm_image()
    azure.wait(azure.create_vm_image(body(account, name)))
    found = listed(azure, name)
    assert found is not None
    assert (found.label, found.description, found.category, found.location) == (
        name,
        "a description",
        "User",
        LOCATION,
    )
    assert found.os_disk_configuration is not None
    assert found.os_disk_configuration.media_link == blob(account, f"{name}-os")
    assert (found.os_disk_configuration.os_state, found.os_disk_configuration.os) == ("Specialized", "Linux")
    (data,) = found.data_disk_configurations or ()
    assert (data.lun, data.logical_disk_size_in_gb, data.host_caching) == (1, 20, "ReadOnly")
    if not azure.lossy:
        assert found.vm_image_state == "VMImageReadyForUse"
        assert found.created_time is not None


@recorded("five variants of the list")
def test_the_list_is_filtered(azure: Azure, names: Names) -> None:
    account, name = make_storage_account(azure, names), names.vm_image()
    azure.wait(azure.create_vm_image(body(account, name)))

    def found(**filters: str) -> list[str | None]:
        return [one.name for one in azure.list_vm_images(**filters).items]

    assert name in found(category="User") and name not in found(category="Public")
    assert name in found(location=LOCATION) and name not in found(location="East Asia")
    assert found(category="Public"), "the platform has some"
    assert name not in found(publisher="Nobody")


@recorded("an update is answered 200, and what it leaves out stays")
def test_an_update_is_read_back(azure: Azure, names: Names) -> None:
    account, name = make_storage_account(azure, names), names.vm_image()
    azure.wait(azure.create_vm_image(body(account, name)))
    azure.update_vm_image(name, UpdateVMImage(label="after", language="English"))
    found = listed(azure, name)
    assert found is not None
    assert (found.label, found.language, found.description) == ("after", "English", "a description")


@recorded("a deletion goes on as an operation; with media the blobs go too")
@pytest.mark.parametrize("media", [False, True])
def test_a_deleted_image_is_gone(azure: Azure, names: Names, media: bool) -> None:
    account, name = make_storage_account(azure, names), names.vm_image()
    azure.wait(azure.create_vm_image(body(account, name)))
    with refused(409, "ConflictError"):
        azure.delete_storage_account(account)
    azure.wait(azure.delete_vm_image_and_media(name) if media else azure.delete_vm_image(name))
    assert listed(azure, name) is None
    with refused(404, "ResourceNotFound"):
        azure.delete_vm_image(name)
    azure.delete_storage_account(account)


@assumed("names of VM images are unique in the subscription")
def test_a_taken_name_is_refused(azure: Azure, names: Names) -> None:
    account, name = make_storage_account(azure, names), names.vm_image()
    azure.wait(azure.create_vm_image(body(account, name)))
    other = replace(body(account, names.free()), name=name)
    with refused(409, "ConflictError"):
        azure.create_vm_image(other)


@quoted("... is already registered with image repository as the resource ...")
def test_a_blob_backs_one_registration(azure: Azure, names: Names) -> None:
    account, name = make_storage_account(azure, names), names.vm_image()
    azure.wait(azure.create_vm_image(body(account, name)))
    other = names.free()
    with refused(409, "ConflictError"):
        azure.create_vm_image(replace(body(account, name), name=other))
    with refused(409, "ConflictError"):
        azure.add_disk(AddDisk(label="l", media_link=blob(account, f"{name}-data"), name=other))
    assert listed(azure, other) is None


@documented("OSState, OS and the blobs must make sense; LUNs are distinct")
@pytest.mark.parametrize(
    "wrong",
    [
        lambda one: replace(one, os_disk_configuration=replace(one.os_disk_configuration, os_state="Liquid")),
        lambda one: replace(one, os_disk_configuration=replace(one.os_disk_configuration, os="Plan9")),
        lambda one: replace(
            one, os_disk_configuration=replace(one.os_disk_configuration, media_link=blob("asmnobodys", "x"))
        ),
        lambda one: replace(one, name="not a name!"),
        lambda one: replace(one, data_disk_configurations=one.data_disk_configurations * 2),
    ],
    ids=["state", "os", "account", "name", "twice"],
)
def test_a_wrong_creation_is_refused(azure: Azure, names: Names, wrong: Any) -> None:
    account, name = make_storage_account(azure, names), names.vm_image()
    with refused_with(400, 409):
        azure.create_vm_image(wrong(body(account, name)))
    assert listed(azure, name) is None


@documented("an image that never was")
def test_an_image_that_never_was(azure: Azure, names: Names) -> None:
    name = names.free()
    with refused(404, "ResourceNotFound"):
        azure.update_vm_image(name, UpdateVMImage(label="l"))
    with refused(404, "ResourceNotFound"):
        azure.delete_vm_image(name)
    with refused(404, "ResourceNotFound"):
        azure.delete_vm_image_and_media(name)


@recorded("an image is shared after it was copied to regions; its details show how far it has come")
@assumed("as of OS images")
def test_an_image_is_copied_shared_and_taken_back(azure: Azure, names: Names) -> None:
    account, name = make_storage_account(azure, names), names.vm_image()
    azure.wait(azure.create_vm_image(body(account, name)))
    plain = azure.get_vm_image_details(name)
    assert (plain.name, plain.published_name, plain.replication_progress) == (name, None, None)
    attributes = ComputeImageAttributes(offer="offer", sku="sku", version="1.0.0")
    wish = ReplicationInput(target_locations=(LOCATION,), compute_image_attributes=attributes)
    with refused(400, "BadRequest"):
        azure.share_vm_image(name, "msdn")
    published = azure.replicate_vm_image(name, wish).value
    azure.wait(azure.share_vm_image(name, "msdn"))
    details = azure.get_vm_image_details(name)
    assert (details.published_name, details.sharing_status) == (published, "Msdn")
    assert [one.location for one in details.replication_progress or ()] == [LOCATION]
    azure.unreplicate_vm_image(name)
    assert azure.get_vm_image_details(name).published_name is None
    nobody = names.free()
    for call in (azure.get_vm_image_details, azure.unreplicate_vm_image):
        with refused(404, "ResourceNotFound"):
            call(nobody)
    with refused(404, "ResourceNotFound"):
        azure.replicate_vm_image(nobody, wish)
