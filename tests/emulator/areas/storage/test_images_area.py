"""OS images: registration, metadata, the platform's, replication, refusals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from asm_contracts.areas.disks import AddDisk
from asm_contracts.areas.images import AddOSImage, ComputeImageAttributes, ReplicationInput, UpdateOSImage
from asm_emulator import catalogue, model
from asm_emulator.blobs import blob_of

LINK = "http://vhdaccount.blob.core.windows.net/vhds/ubuntu.vhd"
ABSENT = "The image with the specified name does not exist."
PUBLIC = catalogue.all_os_images()[0].name


def request(**fields: Any) -> AddOSImage:
    return AddOSImage(**{"label": "my image", "media_link": LINK, "name": "mine", "os": "Linux"} | fields)


def replication(*regions: str, **attributes: str) -> ReplicationInput:
    chosen = ComputeImageAttributes(**{"offer": "offer", "sku": "sku", "version": "1.2.3"} | attributes)
    return ReplicationInput(target_locations=regions, compute_image_attributes=chosen)


@pytest.fixture
def imaged(stocked: Any) -> Any:
    """A cloud with the OS image ``mine``."""
    stocked.add_os_image(request())
    return stocked


def test_an_added_image_is_answered_and_there(stocked: Any) -> None:
    answer = stocked.add_os_image(request())
    assert stocked.wire(answer).partition(">")[2] == (
        "<Category>User</Category><Label>my image</Label><Location>West US</Location>"
        f"<LogicalSizeInGB>30</LogicalSizeInGB><MediaLink>{LINK}</MediaLink><Name>mine</Name><OS>Linux</OS>"
        "<IsPremium>false</IsPremium><OSState>Generalized</OSState><IOType>Standard</IOType></OSImage>"
    )
    assert stocked.status().status == "Succeeded"
    assert stocked.get_os_image("MINE") == answer
    with stocked.as_other(), stocked.refuses(404, "ResourceNotFound", ABSENT):
        stocked.get_os_image("mine")


def test_an_older_version_sees_less(imaged: Any) -> None:
    imaged.version = "2012-03-01"
    assert imaged.wire(imaged.get_os_image("mine")).endswith("<Name>mine</Name><OS>Linux</OS></OSImage>")


def test_the_list_has_everybodys_images_and_ones_own_by_name(imaged: Any) -> None:
    found = [image.name for image in imaged.list_os_images().items]
    assert found == sorted(found, key=str.lower)
    assert set(found) == {image.name for image in catalogue.all_os_images()} | {"mine"}
    public = imaged.get_os_image(PUBLIC.upper())
    assert (public.category, public.media_link) == ("Public", None)
    assert ";" in public.location


def test_metadata_come_back_as_given(stocked: Any) -> None:
    metadata: dict[str, Any] = {
        "eula": "http://example.org/eula",
        "description": "beschreibung 啊",
        "image_family": "family",
        "show_in_gui": False,
        "published_date": datetime(2015, 1, 2, 3, 4, 5, tzinfo=UTC),
        "icon_uri": "icon.png",
        "privacy_uri": "http://example.org/privacy",
        "recommended_vm_size": "Small",
        "small_icon_uri": "small.png",
        "language": "English",
    }
    answer = stocked.add_os_image(request(is_premium=False, **metadata))
    assert {name: getattr(answer, name) for name in metadata} == metadata
    assert stocked.wire(answer).index("<Language>") < stocked.wire(answer).index("<OSState>")


def test_an_update_changes_the_label_and_keeps_what_it_leaves_out(stocked: Any) -> None:
    stocked.add_os_image(request(description="kept"))
    answer = stocked.update_os_image(
        "mine", UpdateOSImage(label="new label", media_link=LINK, name="mine", os="Windows")
    )
    assert (answer.label, answer.description, answer.os, answer.media_link) == ("new label", "kept", "Linux", LINK)
    assert stocked.get_os_image("mine") == answer


def test_emptied_addresses_show_in_the_answer_and_then_no_more(stocked: Any) -> None:
    stocked.add_os_image(request(icon_uri="icon.png", eula="eula"))
    empty: dict[str, Any] = {"icon_uri": "", "privacy_uri": "", "small_icon_uri": "", "eula": "", "description": ""}
    answer = stocked.update_os_image("mine", UpdateOSImage(label="l", **empty))
    assert {name: getattr(answer, name) for name in empty} == empty
    found = stocked.get_os_image("mine")
    assert (found.icon_uri, found.privacy_uri, found.small_icon_uri) == (None, None, None)
    assert (found.eula, found.description) == ("", "")
    assert found in stocked.list_os_images().items


@pytest.mark.parametrize("delete", ["delete_os_image", "delete_os_image_and_media"])
def test_a_deleted_image_gives_its_blob_back(imaged: Any, delete: str) -> None:
    assert getattr(imaged, delete)("Mine") is None
    assert imaged.status().status == "Succeeded"
    with imaged.refuses(404, "ResourceNotFound", ABSENT):
        imaged.get_os_image("mine")
    assert imaged.change(lambda draft: blob_of(draft, LINK)) is None
    imaged.add_os_image(request(name="again"))


@pytest.mark.parametrize(
    "call",
    [
        lambda cloud, name: cloud.update_os_image(name, UpdateOSImage(label="x")),
        lambda cloud, name: cloud.delete_os_image(name),
        lambda cloud, name: cloud.delete_os_image_and_media(name),
        lambda cloud, name: cloud.replicate_os_image(name, replication("West US")),
        lambda cloud, name: cloud.unreplicate_os_image(name),
        lambda cloud, name: cloud.share_os_image(name, "public"),
    ],
)
def test_images_that_are_not_ones_own(stocked: Any, call: Any) -> None:
    with stocked.refuses(404, "ResourceNotFound", ABSENT):
        call(stocked, "nowhere")
    text = f"The image {PUBLIC} is provided by the platform and cannot be changed or deleted."
    with stocked.refuses(403, "ForbiddenError", text):
        call(stocked, PUBLIC)


@pytest.mark.parametrize(
    "fields",
    [
        {"label": ""},
        {"label": "x" * 101},
        {"os": "BeOS"},
        {"os": ""},
        {"name": ""},
        {"name": "a/b"},
        {"name": "x" * 256},
        {"description": "x" * 1025},
        {"recommended_vm_size": "Gigantic"},
        {"media_link": ""},
        {"media_link": "not a url"},
        {"media_link": "ftp://vhdaccount.blob.core.windows.net/vhds/a.vhd"},
        {"media_link": "http://vhdaccount.blob.core.windows.net/vhds"},
        {"media_link": "http://vhdaccount.blob.core.windows.net/vhds/"},
        {"media_link": "http://vhdaccount.table.core.windows.net/vhds/a.vhd"},
        {"media_link": "http://vhdaccount.blob.core.windows.net:8080/vhds/a.vhd"},
        {"media_link": "http://vhdaccount.blob.core.windows.net/vhds/a.vhd?sig=x"},
        {"media_link": "http://[vhdaccount/vhds/a.vhd"},
        {"media_link": "http://stranger.blob.core.windows.net/vhds/a.vhd"},
    ],
)
def test_what_cannot_be_is_refused(stocked: Any, fields: dict[str, Any]) -> None:
    with stocked.refuses(400, "BadRequest"):
        stocked.add_os_image(request(**fields))


def test_the_account_must_be_of_the_subscription(stocked: Any) -> None:
    with (
        stocked.as_other(),
        stocked.refuses(
            400, "BadRequest", f"The storage account of the media link {LINK} does not belong to this subscription."
        ),
    ):
        stocked.add_os_image(request())


@pytest.mark.parametrize("name", ["mine", "MINE", PUBLIC])
def test_a_taken_name_is_refused(imaged: Any, name: str) -> None:
    with imaged.refuses(409, "ConflictError", f"An OS image with the name {name} already exists."):
        imaged.add_os_image(request(name=name, media_link=LINK.replace("ubuntu", "other")))


@pytest.mark.parametrize(
    "link",
    [
        LINK,
        LINK.replace("http:", "https:"),
        LINK.replace("windows.net/", "windows.net:80/"),
        LINK.replace("vhdaccount", "VHDAccount"),
        LINK.replace("vhds/u", "vhds/%75"),
    ],
)
def test_a_blob_backs_one_registration(imaged: Any, link: str) -> None:
    text = f"The blob {link} is already registered with image repository as the resource mine."
    with imaged.refuses(409, "ConflictError", text):
        imaged.add_os_image(request(name="other", media_link=link))
    with imaged.refuses(409, "ConflictError", text):
        imaged.add_disk(AddDisk(label="d", media_link=link, name="d"))


def test_blobs_differ_by_the_case_of_their_names(imaged: Any) -> None:
    imaged.add_os_image(request(name="other", media_link=LINK.replace("ubuntu", "Ubuntu")))
    imaged.add_os_image(request(name="third", media_link=LINK.replace("ubuntu", "^ubuntu")))


def test_an_image_waits_for_the_machines_made_from_it(imaged: Any) -> None:
    from asm_contracts import roles

    imaged.deploy(os_disk=roles.OSVirtualHardDisk(source_image_name="Mine"))
    imaged.hold()
    busy = (
        "Windows Azure is currently performing an operation on deployment 'dep' that requires exclusive access. "
        "Please try again later for operation on disk or image 'mine' associated with the deployment."
    )

    def set_status(status: str) -> Any:
        from dataclasses import replace

        def write(draft: Any) -> None:
            service = draft.hosted_services["web"]
            deployment = replace(service.deployments["Production"], status=status)
            draft.hosted_services["web"] = replace(service, deployments=model.Map({"Production": deployment}))

        return write

    imaged.change(set_status("Deploying"))
    with imaged.refuses(409, "ConflictError", busy):
        imaged.delete_os_image("mine")
    imaged.change(set_status("Running"))
    imaged.delete_os_image("mine")


# -- publishing -------------------------------------------------------------------------------------------------------


def test_replication_begins_with_nothing_and_ends_with_all(imaged: Any) -> None:
    answer = imaged.replicate_os_image("mine", replication("west us", "West Europe"))
    text = imaged.wire(answer)
    assert text.startswith('<string xmlns="http://schemas.microsoft.com/2003/10/Serialization/">')
    assert text.endswith("__mine</string>")
    assert imaged.status().status == "Succeeded"
    details = imaged.get_os_image_details("mine")
    assert [(one.location, one.progress) for one in details.replication_progress] == [
        ("West US", "0"),
        ("West Europe", "0"),
    ]
    assert (details.os_state, details.io_type) == (None, None)
    assert details.compute_image_attributes == ComputeImageAttributes(offer="offer", sku="sku", version="1.2.3")
    imaged.advance(1800)
    # Regions are not added to those before; one that stays goes on.
    imaged.replicate_os_image("mine", replication("West Europe", "Japan East"))
    details = imaged.get_os_image_details("mine")
    assert [(one.location, one.progress) for one in details.replication_progress] == [
        ("West Europe", "50"),
        ("Japan East", "0"),
    ]
    imaged.advance(3600)
    assert {one.progress for one in imaged.get_os_image_details("mine").replication_progress} == {"100"}
    assert imaged.unreplicate_os_image("mine") is None
    assert imaged.get_os_image_details("mine").replication_progress is None


def test_details_of_an_older_version(imaged: Any) -> None:
    imaged.replicate_os_image("mine", replication("West US"))
    imaged.version = "2014-10-01"
    assert imaged.wire(imaged.get_os_image_details("mine")).endswith(
        "<IsPremium>false</IsPremium><ReplicationProgress><ReplicationProgressElement><Location>West US</Location>"
        "<Progress>0</Progress></ReplicationProgressElement></ReplicationProgress></OSImageDetails>"
    )
    with imaged.refuses(404, "ResourceNotFound", ABSENT):
        imaged.get_os_image_details("nowhere")
    assert imaged.get_os_image_details(PUBLIC).category == "Public"


@pytest.mark.parametrize(
    "body",
    [
        replication(),
        replication("Atlantis"),
        replication("West US", offer="with space"),
        replication("West US", sku="x" * 65),
        replication("West US", version="1.2"),
        replication("West US", version="1.2.3.4"),
    ],
)
def test_a_wrong_replication_is_refused(imaged: Any, body: ReplicationInput) -> None:
    with imaged.refuses(400, "BadRequest"):
        imaged.replicate_os_image("mine", body)


def test_a_replicated_image_can_be_shared(imaged: Any) -> None:
    with imaged.refuses(400, "BadRequest", "The image must be replicated before it can be shared."):
        imaged.share_os_image("mine", "public")
    imaged.replicate_os_image("mine", replication("West US"))
    with imaged.refuses(400, "BadRequest", "The permission is public, msdn or private, not friends."):
        imaged.share_os_image("mine", "friends")
    imaged.done(imaged.share_os_image("mine", "public"))
    assert imaged.change(lambda draft: draft.os_images["mine"].permission) == "public"
