"""OS images as publishers see them: copied to regions, taken back, shared."""

from __future__ import annotations

from asm_contracts.areas.images import ComputeImageAttributes, ReplicationInput
from asm_contracts.evidence import client, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import make_os_image, make_storage_account, refused

GONE = "The image with the specified name does not exist."
REGIONS = ("West US", "East US")


@recorded("a replicated image shows how far each region has come; its published name ends with its own")
def test_an_image_is_copied_to_regions_and_taken_back(azure: Azure, names: Names) -> None:
    name = make_os_image(azure, names, make_storage_account(azure, names))
    attributes = ComputeImageAttributes(offer="offer", sku="sku", version="1.0.0")
    body = ReplicationInput(target_locations=REGIONS, compute_image_attributes=attributes)
    published = azure.replicate_os_image(name, body)
    assert published.value.endswith(f"__{name}")
    details = azure.get_os_image_details(name)
    assert details.name == name
    assert {one.location for one in details.replication_progress or ()} == set(REGIONS)
    azure.unreplicate_os_image(name)
    assert not azure.get_os_image_details(name).replication_progress


@client("sharing an image is an operation of its own")
def test_a_copied_image_is_shared(azure: Azure, names: Names) -> None:
    name = make_os_image(azure, names, make_storage_account(azure, names))
    attributes = ComputeImageAttributes(offer="offer", sku="sku", version="1.0.0")
    azure.replicate_os_image(name, ReplicationInput(target_locations=REGIONS, compute_image_attributes=attributes))
    azure.wait(azure.share_os_image(name, "public"))
    assert azure.get_os_image_details(name).name == name


@recorded(GONE)
def test_an_image_that_is_not_there_has_no_details(azure: Azure, names: Names) -> None:
    name = names.os_image()
    with refused(404, "ResourceNotFound", GONE):
        azure.get_os_image_details(name)
    with refused(404, "ResourceNotFound", GONE):
        azure.unreplicate_os_image(name)
