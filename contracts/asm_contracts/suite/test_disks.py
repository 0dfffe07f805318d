"""Disks: registered VHDs, free or attached."""

from __future__ import annotations

from typing import Any

import pytest

from asm_contracts.areas.disks import AddDisk, UpdateDisk
from asm_contracts.areas.images import AddOSImage
from asm_contracts.evidence import assumed, client, documented, quoted, recorded
from asm_contracts.operation import Accepted
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import make_machines, os_disk
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, blob, make_disk, make_storage_account, refused, unchanged

GONE = "The disk with the specified name does not exist."


@recorded("a registered disk, as the published clients read it")
@pytest.mark.parametrize("os", [None, "Linux"])
def test_what_was_added_is_read_back(azure: Azure, names: Names, os: str | None) -> None:
    account = make_storage_account(azure, names)
    name = make_disk(azure, names, account, os)
    found = azure.get_disk(name)
    assert (found.name, found.label, found.os) == (name, name, os)
    assert (found.location, found.media_link) == (LOCATION, blob(account, name))
    assert found.attached_to is None
    assert [one for one in azure.list_disks().items if one.name == name] == [found]


@quoted(GONE)
def test_a_disk_that_never_was(azure: Azure, names: Names) -> None:
    name = names.disk()
    with refused(404, "ResourceNotFound", GONE):
        azure.get_disk(name)
    with refused(404, "ResourceNotFound", GONE):
        azure.delete_disk(name)
    with refused(404, "ResourceNotFound", GONE):
        azure.delete_disk_and_media(name)


@assumed("names of disks are unique in the subscription, whatever their case")
@pytest.mark.parametrize("spell", [str, str.upper], ids=["same", "other case"])
def test_a_taken_name_is_refused(azure: Azure, names: Names, spell: Any) -> None:
    account = make_storage_account(azure, names)
    name = make_disk(azure, names, account)
    with unchanged(lambda: azure.get_disk(name)), refused(409, "ConflictError"):
        azure.add_disk(AddDisk(label="l", media_link=blob(account, names.free()), name=spell(name)))


@quoted("... is already registered with image repository as the resource ...")
def test_a_blob_backs_one_registration(azure: Azure, names: Names) -> None:
    account = make_storage_account(azure, names)
    first, second = make_disk(azure, names, account), names.free()
    with refused(409, "ConflictError"):
        azure.add_os_image(AddOSImage(label="l", media_link=blob(account, first), name=second, os="Linux"))
    with refused(409, "ConflictError"):
        azure.add_disk(AddDisk(label="l", media_link=blob(account, first), name=second))
    with refused(404, "ResourceNotFound", GONE):
        azure.get_disk(second)


@recorded("the GET right after the deletion is 404")
@pytest.mark.parametrize("media", [False, True])
def test_a_deleted_disk_is_gone(azure: Azure, names: Names, media: bool) -> None:
    account = make_storage_account(azure, names)
    name = make_disk(azure, names, account)
    if media:
        azure.delete_disk_and_media(name)
    else:
        azure.delete_disk(name)
    with refused(404, "ResourceNotFound", GONE):
        azure.get_disk(name)
    # Its blob is free again.
    azure.add_disk(AddDisk(label="again", media_link=blob(account, name), name=name))
    assert azure.get_disk(name).label == "again"


@documented("the blob is in an account of the subscription")
@pytest.mark.parametrize(
    "wrong",
    [
        {"media_link": "https://asmnobodys.blob.core.windows.net/vhds/a.vhd"},
        {"os": "Plan9"},
        {"name": "not a name!"},
        {"label": ""},
    ],
    ids=["account", "os", "name", "label"],
)
def test_a_wrong_registration_is_refused(azure: Azure, names: Names, wrong: dict[str, Any]) -> None:
    account, name = make_storage_account(azure, names), names.disk()
    with refused(400, "BadRequest"):
        azure.add_disk(AddDisk(**({"label": "l", "media_link": blob(account, name), "name": name} | wrong)))
    with refused(404, "ResourceNotFound", GONE):
        azure.get_disk(name)


@client("the call that renames takes only 200, the call that resizes only 202, for the same address")
def test_an_update_renames_at_once_and_resizes_later(azure: Azure, names: Names) -> None:
    name = make_disk(azure, names, make_storage_account(azure, names))
    size = azure.get_disk(name).logical_disk_size_in_gb or 0
    azure.update_disk(name, UpdateDisk(label="after", name=name))
    assert azure.get_disk(name).label == "after"
    accepted = azure.update_disk(name, UpdateDisk(label="after", name=name, resized_size_in_gb=size + 10))
    assert isinstance(accepted, Accepted)
    azure.wait(accepted)
    assert azure.get_disk(name).logical_disk_size_in_gb == size + 10


@documented("a disk can only grow")
def test_a_disk_does_not_shrink(azure: Azure, names: Names) -> None:
    name = make_disk(azure, names, make_storage_account(azure, names))
    with unchanged(lambda: azure.get_disk(name)), refused(400, "BadRequest"):
        azure.update_disk(name, UpdateDisk(label="l", name=name, resized_size_in_gb=1))


@quoted("A disk with name ... is currently in use by virtual machine ... running within hosted service ...")
@pytest.mark.parametrize("media", [False, True])
def test_an_attached_disk_cannot_go(azure: Azure, names: Names, media: bool) -> None:
    machines = make_machines(azure, names)
    role = machines.roles[0]
    disk = os_disk(azure, machines, role)
    attached = azure.get_disk(disk).attached_to
    assert attached is not None
    assert (attached.hosted_service_name, attached.deployment_name, attached.role_name) == (
        machines.service,
        str(machines.deployment),
        role,
    )
    text = (
        f"A disk with name {disk} is currently in use by virtual machine {role} running within hosted service "
        f"{machines.service}, deployment {machines.deployment}."
    )
    with unchanged(lambda: azure.get_disk(disk)), refused(400, "BadRequest", text):
        if media:
            azure.delete_disk_and_media(disk)
        else:
            azure.delete_disk(disk)
