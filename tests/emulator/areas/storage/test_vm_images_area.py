"""VM images: made from blobs, captured, listed by filter, updated, deleted, refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from asm_contracts import roles
from asm_contracts.areas.disks import AddDisk
from asm_contracts.areas.images import ComputeImageAttributes, ReplicationInput
from asm_contracts.areas.vm_images import CreateVMImage, DataDiskConfiguration, OSDiskConfiguration, UpdateVMImage
from asm_contracts.errors import ConflictError
from asm_emulator import catalogue, model
from asm_emulator.blobs import blob_of, register_blob
from asm_emulator.capture import image_from_machine, os_image_from_machine

BLOBS = "https://vhdaccount.blob.core.windows.net/vhds/"
PUBLIC = catalogue.all_vm_images()[0].name
ABSENT = "The image with the specified name does not exist."


def os_disk(**fields: Any) -> OSDiskConfiguration:
    defaults: dict[str, Any] = {"os_state": "Specialized", "os": "Linux", "media_link": f"{BLOBS}imagecopy.vhd"}
    return OSDiskConfiguration(**defaults | fields)


def data_disk(number: int, **fields: Any) -> DataDiskConfiguration:
    defaults: dict[str, Any] = {
        "lun": number,
        "media_link": f"{BLOBS}data{number}.vhd",
        "logical_disk_size_in_gb": 10 + number,
    }
    return DataDiskConfiguration(**defaults | fields)


def request(**fields: Any) -> CreateVMImage:
    defaults: dict[str, Any] = {"name": "mine", "label": "my image", "os_disk_configuration": os_disk()}
    return CreateVMImage(**defaults | fields)


def find(cloud: Any, name: str = "mine") -> Any:
    found = [image for image in cloud.list_vm_images().items if image.name == name]
    return found[0] if found else None


@pytest.fixture
def imaged(stocked: Any) -> Any:
    """A cloud with the VM image ``mine`` of an OS disk and two data disks."""
    stocked.done(
        stocked.create_vm_image(request(data_disk_configurations=(data_disk(0), data_disk(3, host_caching="ReadOnly"))))
    )
    return stocked


# -- creation ---------------------------------------------------------------------------------------------------------


def test_an_image_is_there_when_its_operation_has_ended(stocked: Any) -> None:
    answer = stocked.create_vm_image(
        request(description="described", language="English", show_in_gui=True, recommended_vm_size="Large")
    )
    assert find(stocked) is None
    stocked.done(answer)
    text = stocked.wire(find(stocked))
    before, created = text.split("<CreatedTime>")
    assert before.partition(">")[2] == (
        "<Name>mine</Name><Label>my image</Label><Category>User</Category><Description>described</Description>"
        "<OSDiskConfiguration><Name>imagecopy-1</Name><HostCaching>ReadWrite</HostCaching><OSState>Specialized</OSState>"
        f"<OS>Linux</OS><MediaLink>{BLOBS}imagecopy.vhd</MediaLink><LogicalDiskSizeInGB>30</LogicalDiskSizeInGB>"
        "<IOType>Standard</IOType></OSDiskConfiguration><DataDiskConfigurations/><Location>West US</Location>"
    )
    assert created.partition("</ModifiedTime>")[2] == (
        "<Language>English</Language><RecommendedVMSize>Large</RecommendedVMSize><IsPremium>false</IsPremium>"
        "<ShowInGui>true</ShowInGui><VMImageState>VMImageReadyForUse</VMImageState></VMImage>"
    )


def test_data_disks_keep_luns_and_sizes(imaged: Any) -> None:
    disks = find(imaged).data_disk_configurations
    assert [(disk.lun, disk.logical_disk_size_in_gb, disk.host_caching) for disk in disks] == [
        (0, 10, "None"),
        (3, 13, "ReadOnly"),
    ]
    assert "<Lun>0</Lun>" in imaged.wire(find(imaged))
    assert {disk.name for disk in disks} == {"data0-1", "data3-1"}


def test_disks_of_blobs_with_one_name_are_numbered(imaged: Any) -> None:
    imaged.done(
        imaged.create_vm_image(
            request(name="second", os_disk_configuration=os_disk(media_link=f"{BLOBS}more/imagecopy.vhd"))
        )
    )
    assert find(imaged, "second").os_disk_configuration.name == "imagecopy-2"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "a b"},
        {"label": ""},
        {"os_disk_configuration": os_disk(os="BeOS")},
        {"os_disk_configuration": os_disk(os=None)},
        {"os_disk_configuration": os_disk(os_state="Generic")},
        {"os_disk_configuration": os_disk(host_caching="WriteOnly")},
        {"os_disk_configuration": os_disk(media_link=None)},
        {"os_disk_configuration": os_disk(media_link="https://stranger.blob.core.windows.net/a/b")},
        {"data_disk_configurations": (data_disk(0, media_link=f"{BLOBS}imagecopy.vhd"),)},
        {"data_disk_configurations": (data_disk(1), data_disk(2, lun=1))},
        {"data_disk_configurations": (data_disk(1, lun=None), data_disk(2, lun=0))},
        {"data_disk_configurations": (data_disk(32),)},
        {"data_disk_configurations": (data_disk(1, lun=-1),)},
        {"data_disk_configurations": (data_disk(1, logical_disk_size_in_gb=0),)},
        {"data_disk_configurations": (data_disk(1, logical_disk_size_in_gb=1024),)},
        {"recommended_vm_size": "Gigantic"},
    ],
)
def test_what_cannot_be_is_refused(stocked: Any, fields: dict[str, Any]) -> None:
    with stocked.refuses(400, "BadRequest"):
        stocked.create_vm_image(request(**fields))


@pytest.mark.parametrize("name", ["mine", "Mine", PUBLIC])
def test_a_taken_name_is_refused(imaged: Any, name: str) -> None:
    with imaged.refuses(409, "ConflictError", f"A VM image with the name {name} already exists."):
        imaged.create_vm_image(request(name=name, os_disk_configuration=os_disk(media_link=f"{BLOBS}b.vhd")))


def test_a_registered_blob_is_refused(imaged: Any) -> None:
    text = f"The blob {BLOBS}data3.vhd is already registered with image repository as the resource mine."
    with imaged.refuses(409, "ConflictError", text):
        imaged.create_vm_image(request(name="other", os_disk_configuration=os_disk(media_link=f"{BLOBS}data3.vhd")))


def test_a_second_creation_of_the_name_waits_for_the_first(stocked: Any) -> None:
    stocked.create_vm_image(request())
    first = stocked.request_id
    with stocked.refuses(
        409,
        "ConflictError",
        f"Windows Azure is currently performing an operation with x-ms-requestid {first} "
        "on this vm image that requires exclusive access.",
    ):
        stocked.create_vm_image(request(name="MINE", os_disk_configuration=os_disk(media_link=f"{BLOBS}b.vhd")))


def test_a_creation_fails_when_its_blob_has_found_another_use(stocked: Any) -> None:
    stocked.create_vm_image(request(data_disk_configurations=(data_disk(0),)))
    begun = stocked.request_id
    stocked.add_disk(AddDisk(label="d", media_link=f"{BLOBS}data0.vhd", name="quick"))
    stocked.advance(10)
    failed = stocked.get_operation_status(begun)
    assert (failed.status, failed.http_status_code, failed.error.code) == ("Failed", 409, "ConflictError")
    assert find(stocked) is None
    assert stocked.change(lambda draft: blob_of(draft, f"{BLOBS}imagecopy.vhd")) is None


# -- reading ----------------------------------------------------------------------------------------------------------


def test_own_images_come_first(imaged: Any) -> None:
    images = imaged.list_vm_images().items
    assert images[0].name == "mine"
    assert [image.name for image in images[1:]] == [image.name for image in catalogue.all_vm_images()]
    with imaged.as_other():
        assert find(imaged) is None


def test_filters_narrow_the_list(imaged: Any) -> None:
    assert [image.name for image in imaged.list_vm_images(category="user").items] == ["mine"]
    publishers = {image.publisher_name for image in imaged.list_vm_images(publisher="Cloudera").items}
    assert publishers == {"Cloudera"}
    assert imaged.list_vm_images(publisher="Cloudera", category="User").items == ()
    places = {image.location for image in imaged.list_vm_images(location="west us").items}
    assert places == {"West US"}
    assert imaged.list_vm_images(location="Atlantis").items == ()


def test_details(imaged: Any) -> None:
    plain = imaged.get_vm_image_details("Mine")
    assert (plain.name, plain.category, plain.replication_progress) == ("mine", "User", None)
    assert imaged.get_vm_image_details(PUBLIC).category == "Public"
    with imaged.refuses(404, "ResourceNotFound", ABSENT):
        imaged.get_vm_image_details("nowhere")


def test_replication_and_sharing(imaged: Any) -> None:
    body = ReplicationInput(
        target_locations=("West US",),
        compute_image_attributes=ComputeImageAttributes(offer="o", sku="s", version="1.0.0"),
    )
    with imaged.refuses(400, "BadRequest"):
        imaged.share_vm_image("mine", "msdn")
    name = imaged.replicate_vm_image("mine", body).value
    imaged.done(imaged.share_vm_image("mine", "msdn"))
    details = imaged.get_vm_image_details("mine")
    assert (details.published_name, details.sharing_status) == (name, "Msdn")
    assert [one.location for one in details.replication_progress] == ["West US"]
    imaged.unreplicate_vm_image("mine")
    assert imaged.get_vm_image_details("mine").published_name is None


# -- change and removal -----------------------------------------------------------------------------------------------


def test_an_update_changes_what_it_names(imaged: Any) -> None:
    before = find(imaged)
    imaged.advance(100)
    answer = imaged.update_vm_image(
        "mine",
        UpdateVMImage(
            label="Updated label",
            eula="Updated eula",
            show_in_gui=False,
            os_disk_configuration=OSDiskConfiguration(host_caching="ReadOnly"),
            data_disk_configurations=(DataDiskConfiguration(name="DATA3-1", lun=5),),
        ),
    )
    assert answer is None
    assert imaged.status().status == "Succeeded"
    after = find(imaged)
    assert (after.label, after.eula, after.show_in_gui) == ("Updated label", "Updated eula", False)
    assert after.os_disk_configuration.host_caching == "ReadOnly"
    assert [(disk.lun, disk.host_caching) for disk in after.data_disk_configurations] == [(0, "None"), (5, "ReadOnly")]
    assert after.created_time == before.created_time
    assert after.modified_time > before.modified_time


def test_an_update_as_the_sdk_sends_it_changes_nothing(imaged: Any) -> None:
    before = find(imaged)
    imaged.update_vm_image(
        "mine", UpdateVMImage(os_disk_configuration=OSDiskConfiguration(), data_disk_configurations=())
    )
    assert replace(find(imaged), modified_time=before.modified_time) == before


@pytest.mark.parametrize(
    "body",
    [
        UpdateVMImage(label=""),
        UpdateVMImage(os_disk_configuration=OSDiskConfiguration(host_caching="Much")),
        UpdateVMImage(data_disk_configurations=(DataDiskConfiguration(name="other"),)),
        UpdateVMImage(data_disk_configurations=(DataDiskConfiguration(lun=1),)),
        UpdateVMImage(data_disk_configurations=(DataDiskConfiguration(name="data3-1", lun=0),)),
        UpdateVMImage(recommended_vm_size="Gigantic"),
    ],
)
def test_a_wrong_update_is_refused(imaged: Any, body: UpdateVMImage) -> None:
    with imaged.refuses(400, "BadRequest"):
        imaged.update_vm_image("mine", body)


@pytest.mark.parametrize("delete", ["delete_vm_image", "delete_vm_image_and_media"])
def test_a_deleted_image_gives_its_blobs_back(imaged: Any, delete: str) -> None:
    answer = getattr(imaged, delete)("mine")
    assert find(imaged) is not None
    with imaged.refuses(409, "ConflictError"):
        getattr(imaged, delete)("mine")
    imaged.request_id = answer.request_id
    imaged.done(answer)
    assert find(imaged) is None
    imaged.done(imaged.create_vm_image(request(data_disk_configurations=(data_disk(0), data_disk(3)))))


def test_an_image_that_is_being_deleted_is_left_alone(imaged: Any) -> None:
    imaged.delete_vm_image("mine")
    with imaged.refuses(409, "ConflictError"):
        imaged.update_vm_image("mine", UpdateVMImage(label="late"))


@pytest.mark.parametrize(
    "call",
    [
        lambda cloud, name: cloud.update_vm_image(name, UpdateVMImage(label="x")),
        lambda cloud, name: cloud.delete_vm_image(name),
        lambda cloud, name: cloud.delete_vm_image_and_media(name),
        lambda cloud, name: cloud.replicate_vm_image(name, ReplicationInput(target_locations=("West US",))),
        lambda cloud, name: cloud.unreplicate_vm_image(name),
        lambda cloud, name: cloud.share_vm_image(name, "public"),
    ],
)
def test_images_that_are_not_ones_own(stocked: Any, call: Any) -> None:
    with stocked.refuses(404, "ResourceNotFound", ABSENT):
        call(stocked, "nowhere")
    text = f"The image {PUBLIC} is provided by the platform and cannot be changed or deleted."
    with stocked.refuses(403, "ForbiddenError", text):
        call(stocked, PUBLIC)


# -- capture ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def machine(stocked: Any) -> model.MachineRole:
    """A machine with an OS disk and a data disk that has grown since."""
    now = stocked.emulator.engine.clock.now()

    def write(draft: Any) -> None:
        for name, size, system in (("system", 128, "Linux"), ("data", 40, None)):
            link = f"{BLOBS}{name}.vhd"
            register_blob(draft, link, "disk", name)
            draft.disks[name] = model.Disk(
                name=name, media_link=link, size_in_gb=size, created=now, os=system, location="West US"
            )

    stocked.change(write)
    made: model.MachineRole = stocked.deploy(
        os_disk=roles.OSVirtualHardDisk(
            host_caching="ReadWrite", disk_name="system", media_link=f"{BLOBS}system.vhd", os="Linux"
        ),
        data_disks=(
            roles.DataVirtualHardDisk(
                host_caching="ReadOnly",
                disk_name="data",
                lun=2,
                logical_disk_size_in_gb=20,
                media_link=f"{BLOBS}data.vhd",
            ),
        ),
    )
    return made


def capture(cloud: Any, machine: model.MachineRole, name: str = "shot") -> model.VMImage:
    found: model.VMImage = cloud.change(
        lambda draft: image_from_machine(
            draft,
            machine,
            name=name,
            label="a shot",
            os_state="Generalized",
            service_name="web",
            deployment_name="dep",
            role_state="StoppedVM",
        )
    )
    return found


def test_a_captured_image_copies_all_disks_beside_them(stocked: Any, machine: model.MachineRole) -> None:
    capture(stocked, machine)
    image = find(stocked, "shot")
    day = "2015-07-02"
    system, data = image.os_disk_configuration, image.data_disk_configurations[0]
    assert (system.name, system.media_link) == (f"shot-os-{day}", f"{BLOBS}shot-os-{day}.vhd")
    assert (system.os_state, system.os, system.logical_disk_size_in_gb) == ("Generalized", "Linux", 128)
    assert (data.name, data.media_link) == (f"shot-datadisk-2-{day}", f"{BLOBS}shot-datadisk-2-{day}.vhd")
    assert (data.lun, data.host_caching, data.logical_disk_size_in_gb) == (2, "ReadOnly", 40)
    assert (image.service_name, image.deployment_name, image.role_name) == ("web", "dep", "vm")
    assert (image.role_state_on_capture, image.role_size_on_capture) == ("StoppedVM", "Small")
    for disk in (system, data):
        holder = stocked.change(lambda draft, link=disk.media_link: blob_of(draft, link))
        assert holder == model.Blob(kind="vmimage", name="shot")


def test_the_image_of_an_image_name_that_is_used_again_has_other_blobs(
    stocked: Any, machine: model.MachineRole
) -> None:
    taken = f"{BLOBS}shot-os-2015-07-02.vhd"
    stocked.add_disk(AddDisk(label="d", media_link=taken, name="kept"))
    link = capture(stocked, machine).os_disk.media_link
    assert link != taken
    assert link.startswith(f"{BLOBS}shot-os-2015-07-02-")


def test_a_capture_under_a_taken_name_changes_nothing(stocked: Any, machine: model.MachineRole) -> None:
    capture(stocked, machine)
    before = stocked.world()
    with pytest.raises(ConflictError):
        capture(stocked, machine, "SHOT")
    assert stocked.world() == before


def test_an_os_image_of_a_machine(stocked: Any, machine: model.MachineRole) -> None:
    stocked.change(lambda draft: os_image_from_machine(draft, machine, name="shot", label="a shot"))
    image = stocked.get_os_image("shot")
    assert (image.os, image.logical_size_in_gb, image.location) == ("Linux", 128, "West US")
    assert image.media_link.startswith(BLOBS)
    assert image.media_link != machine.os_disk.media_link
    assert stocked.change(lambda draft: blob_of(draft, image.media_link)) == model.Blob(kind="image", name="shot")
