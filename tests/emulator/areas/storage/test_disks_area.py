"""Disks: registration, renaming, growing, deletion, and what stands against them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from asm_contracts import roles
from asm_contracts.areas.disks import AddDisk, Disk, UpdateDisk
from asm_contracts.operation import Accepted
from asm_emulator import engine, model
from asm_emulator.blobs import blob_of

LINK = "https://vhdaccount.blob.core.windows.net/vhds/disk.vhd"
ABSENT = "The disk with the specified name does not exist."
IN_USE = (
    "A disk with name mine is currently in use by virtual machine vm running within hosted service web, deployment dep."
)
BUSY = (
    "Windows Azure is currently performing an operation on deployment 'dep' that requires exclusive access. "
    "Please try again later for operation on disk or image 'mine' associated with the deployment."
)


def request(**fields: Any) -> AddDisk:
    return AddDisk(**{"os": "Linux", "label": "my disk", "media_link": LINK, "name": "mine"} | fields)


@pytest.fixture
def disked(stocked: Any) -> Any:
    """A cloud with the disk ``mine``."""
    stocked.add_disk(request())
    return stocked


@pytest.fixture
def attached(disked: Any) -> Any:
    """A cloud whose disk ``mine`` is a data disk of the machine ``vm``."""
    disked.deploy(
        os_disk=roles.OSVirtualHardDisk(disk_name="system"),
        data_disks=(roles.DataVirtualHardDisk(disk_name="mine", lun=0, logical_disk_size_in_gb=30),),
    )
    where = model.Attachment(service_name="web", deployment_name="dep", role_name="vm")
    disked.change(
        lambda draft: draft.disks.__setitem__("mine", replace(draft.disks["mine"], os=None, attached_to=where))
    )
    return disked


def test_an_added_disk_is_answered_and_there(stocked: Any) -> None:
    answer = stocked.add_disk(request())
    assert stocked.wire(answer).partition(">")[2] == (
        "<OS>Linux</OS><Label>my disk</Label><Location>West US</Location><LogicalDiskSizeInGB>30</LogicalDiskSizeInGB>"
        f"<MediaLink>{LINK}</MediaLink><Name>mine</Name><IsPremium>false</IsPremium>"
        "<CreatedTime>2015-07-02T17:26:07Z</CreatedTime><IOType>Standard</IOType></Disk>"
    )
    assert stocked.status().status == "Succeeded"
    assert stocked.get_disk("Mine") == answer
    assert stocked.list_disks().items == (answer,)
    with stocked.as_other():
        assert stocked.list_disks().items == ()


def test_a_data_disk_has_no_os(stocked: Any) -> None:
    assert stocked.add_disk(request(os=None)).os is None


def test_a_disk_in_a_premium_account_is_provisioned(cloud: Any) -> None:
    cloud.account("premium", "Premium_LRS")
    link = LINK.replace("vhdaccount", "premium")
    assert cloud.add_disk(request(media_link=link)).io_type == "Provisioned"


def test_a_disk_in_an_affinity_group_has_no_location(cloud: Any) -> None:
    now = cloud.emulator.engine.clock.now()
    group = model.AffinityGroup(name="near", label="near", description=None, location="West US", created=now)
    cloud.change(lambda draft: draft.affinity_groups.__setitem__("near", group))
    cloud.account("vhdaccount", affinity_group="near")
    disk = cloud.add_disk(request())
    assert (disk.affinity_group, disk.location) == ("near", None)
    assert cloud.wire(disk).partition(">")[2].startswith("<AffinityGroup>near</AffinityGroup><OS>")


def test_an_attached_disk_says_to_what(attached: Any) -> None:
    assert (
        attached.wire(attached.get_disk("mine"))
        .partition(">")[2]
        .startswith(
            "<AttachedTo><DeploymentName>dep</DeploymentName><HostedServiceName>web</HostedServiceName>"
            "<RoleName>vm</RoleName></AttachedTo><Label>"
        )
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"label": ""},
        {"label": "x" * 101},
        {"os": "BeOS"},
        {"name": ""},
        {"name": "a:b"},
        {"media_link": "nonsense"},
        {"media_link": "https://stranger.blob.core.windows.net/a/b"},
    ],
)
def test_what_cannot_be_is_refused(stocked: Any, fields: dict[str, Any]) -> None:
    with stocked.refuses(400, "BadRequest"):
        stocked.add_disk(request(**fields))


@pytest.mark.parametrize("name", ["mine", "MINE"])
def test_a_taken_name_is_refused(disked: Any, name: str) -> None:
    with disked.refuses(409, "ConflictError", f"A disk with the name {name} already exists."):
        disked.add_disk(request(name=name, media_link=LINK + "2"))


def test_a_registered_blob_is_refused(disked: Any) -> None:
    text = f"The blob {LINK} is already registered with image repository as the resource mine."
    with disked.refuses(409, "ConflictError", text):
        disked.add_disk(request(name="other"))


# -- update -----------------------------------------------------------------------------------------------------------


def test_a_new_label_is_answered_at_once(disked: Any) -> None:
    answer = disked.update_disk(
        "mine", UpdateDisk(has_operating_system=True, os="Windows", label="new", media_link="x", name="y")
    )
    assert isinstance(answer, Disk)
    assert (answer.label, answer.os, answer.name, answer.media_link) == ("new", "Linux", "mine", LINK)
    assert disked.get_disk("mine") == answer
    assert disked.status().status == "Succeeded"


def test_a_disk_grows_as_an_operation(attached: Any) -> None:
    answer = attached.update_disk("mine", UpdateDisk(label="new", resized_size_in_gb=100))
    assert isinstance(answer, Accepted)
    assert attached.get_disk("mine").logical_disk_size_in_gb == 30
    held = attached.request_id
    text = (
        f"Windows Azure is currently performing an operation with x-ms-requestid {held} "
        "on this disk that requires exclusive access."
    )
    with attached.refuses(409, "ConflictError", text):
        attached.update_disk("mine", UpdateDisk(label="late"))
    attached.request_id = held
    attached.done(answer)
    assert attached.get_disk("mine").logical_disk_size_in_gb == 100
    assert attached.get_disk("mine").label == "new"
    deployment = attached.change(lambda draft: draft.hosted_services["web"].deployments["Production"])
    assert deployment.machines[0].data_disks[0].logical_disk_size_in_gb == 100


@pytest.mark.parametrize("size", [29, 0, -1, 1024])
def test_a_disk_only_grows(disked: Any, size: int) -> None:
    text = "The disk mine has 30 GB. It can only grow, to 1023 GB at most."
    with disked.refuses(400, "BadRequest", text):
        disked.update_disk("mine", UpdateDisk(label="new", resized_size_in_gb=size))


def test_the_label_must_be_one(disked: Any) -> None:
    with disked.refuses(400, "BadRequest"):
        disked.update_disk("mine", UpdateDisk(label=""))


# -- deletion ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delete", ["delete_disk", "delete_disk_and_media"])
def test_a_deleted_disk_gives_its_blob_back(disked: Any, delete: str) -> None:
    assert getattr(disked, delete)("MINE") is None
    assert disked.list_disks().items == ()
    assert disked.change(lambda draft: blob_of(draft, LINK)) is None
    disked.add_disk(request(name="again"))


@pytest.mark.parametrize(
    "call",
    [
        lambda cloud: cloud.get_disk("nowhere"),
        lambda cloud: cloud.update_disk("nowhere", UpdateDisk(label="x")),
        lambda cloud: cloud.delete_disk("nowhere"),
        lambda cloud: cloud.delete_disk_and_media("nowhere"),
    ],
)
def test_a_disk_that_is_not_there(disked: Any, call: Any) -> None:
    with disked.refuses(404, "ResourceNotFound", ABSENT):
        call(disked)


@pytest.mark.parametrize("delete", ["delete_disk", "delete_disk_and_media"])
def test_an_attached_disk_stays(attached: Any, delete: str) -> None:
    with attached.refuses(400, "BadRequest", IN_USE):
        getattr(attached, delete)("mine")


@pytest.mark.parametrize(
    "call",
    [
        lambda cloud: cloud.delete_disk("mine"),
        lambda cloud: cloud.delete_disk_and_media("mine"),
        lambda cloud: cloud.update_disk("mine", UpdateDisk(label="x")),
    ],
)
def test_a_disk_of_a_busy_deployment_waits(attached: Any, call: Any) -> None:
    attached.hold()
    with attached.refuses(409, "ConflictError", BUSY):
        call(attached)
    attached.change(lambda draft: engine.release(draft, "deployment", "d" * 32, "f" * 32))
    attached.update_disk("mine", UpdateDisk(label="x"))


def test_a_disk_whose_service_is_gone_is_still_attached_for_a_while(attached: Any) -> None:
    attached.change(lambda draft: draft.hosted_services.pop("web"))
    with attached.refuses(400, "BadRequest", IN_USE):
        attached.delete_disk("mine")
