"""OS images: registering a VHD, metadata, and what a registration means for the blob."""

from __future__ import annotations

from typing import Any

import pytest

from asm_contracts.areas.disks import AddDisk
from asm_contracts.areas.images import AddOSImage, UpdateOSImage
from asm_contracts.evidence import assumed, documented, quoted, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, blob, make_os_image, make_storage_account, refused, unchanged

GONE = "The image with the specified name does not exist."


@recorded("Category, Location, size and states of a registered image")
@pytest.mark.parametrize("os", ["Linux", "Windows"])
def test_what_was_added_is_read_back(azure: Azure, names: Names, os: str) -> None:
    account = make_storage_account(azure, names)
    name = make_os_image(azure, names, account, os)
    found = azure.get_os_image(name)
    assert (found.name, found.label, found.os, found.category) == (name, name, os, "User")
    assert (found.location, found.media_link) == (LOCATION, blob(account, name))
    assert found.logical_size_in_gb
    if not azure.lossy:
        assert (found.is_premium, found.os_state, found.io_type) == (False, "Generalized", "Standard")
    listed = [one for one in azure.list_os_images().items if one.name == name]
    assert listed == [found]


@recorded("the answer to the registration is the image itself")
def test_the_answer_to_a_registration_is_the_image(azure: Azure, names: Names) -> None:
    account, name = make_storage_account(azure, names), names.os_image()
    answer = azure.add_os_image(
        AddOSImage(
            label="l", media_link=blob(account, name), name=name, os="Linux", description="d", image_family="family"
        )
    )
    assert answer == azure.get_os_image(name)
    assert (answer.description, answer.image_family) == ("d", "family")


@recorded("the platform's images are of category Public, without a media link, in many regions")
def test_the_platforms_images_are_listed(azure: Azure) -> None:
    public = [one for one in azure.list_os_images().items if one.category == "Public"]
    assert public
    assert {one.os for one in public} == {"Linux", "Windows"}
    assert all(not one.media_link for one in public)
    assert any(LOCATION in (one.location or "").split(";") for one in public)


@recorded(GONE)
def test_an_image_that_never_was(azure: Azure, names: Names) -> None:
    name = names.os_image()
    with refused(404, "ResourceNotFound", GONE):
        azure.get_os_image(name)
    with refused(404, "ResourceNotFound", GONE):
        azure.delete_os_image(name)
    with refused(404, "ResourceNotFound", GONE):
        azure.update_os_image(
            name,
            UpdateOSImage(label="l", media_link=blob("asmnobodys", "b"), name=name, os="Linux"),
        )


@recorded("an update by the official SDK changes the label only")
def test_an_update_is_read_back(azure: Azure, names: Names) -> None:
    account = make_storage_account(azure, names)
    name = make_os_image(azure, names, account)
    before = azure.get_os_image(name)
    azure.update_os_image(name, UpdateOSImage(label="after", media_link=blob(account, name), name=name, os="Linux"))
    after = azure.get_os_image(name)
    assert after.label == "after"
    assert (after.media_link, after.os, after.category) == (before.media_link, before.os, before.category)


@recorded("the GET right after the deletion is 404")
@pytest.mark.parametrize("media", [False, True])
def test_a_deleted_image_is_gone(azure: Azure, names: Names, media: bool) -> None:
    account = make_storage_account(azure, names)
    name = make_os_image(azure, names, account)
    if media:
        azure.delete_os_image_and_media(name)
    else:
        azure.delete_os_image(name)
    with refused(404, "ResourceNotFound", GONE):
        azure.get_os_image(name)
    assert name not in [one.name for one in azure.list_os_images().items]


@assumed("names of images are unique in the subscription, whatever their case")
@pytest.mark.parametrize("spell", [str, str.upper], ids=["same", "other case"])
def test_a_taken_name_is_refused(azure: Azure, names: Names, spell: Any) -> None:
    account = make_storage_account(azure, names)
    name = make_os_image(azure, names, account)
    with unchanged(lambda: azure.get_os_image(name)), refused(409, "ConflictError"):
        azure.add_os_image(AddOSImage(label="l", media_link=blob(account, names.free()), name=spell(name), os="Linux"))


@quoted("... is already registered with image repository as the resource ...")
@pytest.mark.parametrize("kind", ["image", "disk"])
def test_a_blob_backs_one_registration(azure: Azure, names: Names, kind: str) -> None:
    account = make_storage_account(azure, names)
    first, second = make_os_image(azure, names, account), names.free()
    with refused(409, "ConflictError") as refusal:
        if kind == "image":
            azure.add_os_image(AddOSImage(label="l", media_link=blob(account, first), name=second, os="Linux"))
        else:
            azure.add_disk(AddDisk(label="l", media_link=blob(account, first), name=second))
    assert f"is already registered with image repository as the resource {first}" in refusal.message
    azure.delete_os_image(first)
    azure.add_os_image(
        AddOSImage(label="l", media_link=blob(account, first), name=names.adopt("os image", second), os="Linux")
    )


@documented("the blob is in an account of the subscription; OS is Linux or Windows")
@pytest.mark.parametrize(
    "wrong",
    [
        {"media_link": "https://asmnobodys.blob.core.windows.net/vhds/a.vhd"},
        {"media_link": "no address"},
        {"os": "Plan9"},
        {"name": "not a name!"},
        {"label": ""},
    ],
    ids=["account", "address", "os", "name", "label"],
)
def test_a_wrong_registration_is_refused(azure: Azure, names: Names, wrong: dict[str, Any]) -> None:
    account, name = make_storage_account(azure, names), names.os_image()
    given = {"label": "l", "media_link": blob(account, name), "name": name, "os": "Linux"} | wrong
    with refused(400, "BadRequest"):
        azure.add_os_image(AddOSImage(**given))
    with refused(404, "ResourceNotFound", GONE):
        azure.get_os_image(name)


@documented("platform images cannot be changed or deleted by their users")
def test_the_platforms_images_stay(azure: Azure) -> None:
    public = next(one for one in azure.list_os_images().items if one.category == "Public")
    assert public.name is not None
    with unchanged(lambda: azure.get_os_image(public.name or "")), refused(403, "ForbiddenError"):
        azure.delete_os_image(public.name)
