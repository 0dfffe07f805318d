"""What published clients send for storage accounts, images and disks is read, strictly, as they mean it."""

from __future__ import annotations

from typing import Any

import pytest
from azure.servicemanagement import _serialization, models

from asm_contracts.areas.disks import AddDisk, UpdateDisk
from asm_contracts.areas.images import AddOSImage, OSImage, ReplicationInput, UpdateOSImage
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput, RegenerateKeys, UpdateStorageServiceInput
from asm_contracts.areas.vm_images import CreateVMImage, UpdateVMImage
from asm_contracts.codec import xml
from asm_contracts.document import NIL, shape
from asm_contracts.vocabulary import ExtendedProperty, SerializedString

SDK: Any = _serialization._XmlSerializer
NAMESPACE = "http://schemas.microsoft.com/windowsazure"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def read(cls: Any, text: str | bytes) -> Any:
    return xml.decode(cls, text.encode() if isinstance(text, str) else text, strict=True)


def document(cls: Any, *children: str) -> Any:
    """A request with these elements in this order, as the Node clients write it."""
    root = shape(cls).root
    return read(cls, f'<{root} xmlns="{NAMESPACE}" xmlns:i="{INSTANCE}">{"".join(children)}</{root}>')


# -- the Python SDK ---------------------------------------------------------------------------------------------------


def test_sdk_create_storage_account() -> None:
    sent = SDK.create_storage_service_input_to_xml(
        "store", "啊", "label", None, "West US", "Standard_LRS", {"ext": "val"}
    )
    assert read(CreateStorageServiceInput, sent) == CreateStorageServiceInput(
        service_name="store",
        description="啊",
        label="label",
        location="West US",
        extended_properties=(ExtendedProperty(name="ext", value="val"),),
        account_type="Standard_LRS",
    )
    sent = SDK.create_storage_service_input_to_xml("store", "d", "label", "near", None, "Standard_GRS", None)
    assert read(CreateStorageServiceInput, sent).affinity_group == "near"


def test_sdk_update_storage_account() -> None:
    sent = SDK.update_storage_service_input_to_xml("d", "label", "Standard_GRS", {"ext": "val"})
    assert read(UpdateStorageServiceInput, sent).account_type == "Standard_GRS"
    assert read(RegenerateKeys, SDK.regenerate_keys_to_xml("Primary")).key_type == "Primary"


def test_sdk_os_image() -> None:
    sent = SDK.os_image_to_xml("label", "http://a/b", "name", "Linux")
    assert read(AddOSImage, sent) == AddOSImage(label="label", media_link="http://a/b", name="name", os="Linux")
    assert read(UpdateOSImage, sent).label == "label"


def test_sdk_os_image_reference() -> None:
    image = models.OSImage()
    image.label, image.show_in_gui, image.published_date, image.language = (
        "label",
        True,
        "2015-01-02T03:04:05",
        "english",
    )
    found = read(UpdateOSImage, SDK.update_os_image_to_xml(image))
    assert (found.label, found.show_in_gui, found.language, found.description) == ("label", True, "english", "")
    assert found.published_date.isoformat() == "2015-01-02T03:04:05+00:00"
    image.published_date = ""
    assert read(UpdateOSImage, SDK.update_os_image_to_xml(image)).published_date is None


def test_sdk_vm_image() -> None:
    image = models.VMImage()
    image.name, image.label, image.description, image.language = "name", "label", "described", "English"
    image.show_in_gui = True
    image.os_disk_configuration.os_state = "Specialized"
    image.os_disk_configuration.os = "Linux"
    image.os_disk_configuration.media_link = "http://a/b"
    disk = models.DataDiskConfiguration()
    disk.name, disk.host_caching, disk.lun, disk.media_link, disk.logical_disk_size_in_gb = (
        "d",
        "None",
        2,
        "http://a/c",
        9,
    )
    image.data_disk_configurations.data_disk_configurations.append(disk)
    created = read(CreateVMImage, SDK.create_vm_image_to_xml(image))
    assert (created.name, created.show_in_gui, created.os_disk_configuration.os) == ("name", True, "Linux")
    assert [one.logical_disk_size_in_gb for one in created.data_disk_configurations] == [9]
    updated = read(UpdateVMImage, SDK.update_vm_image_to_xml(image))
    assert (updated.description, updated.data_disk_configurations[0].lun) == ("described", 2)


def test_sdk_disk() -> None:
    assert read(AddDisk, SDK.disk_to_xml("label", "http://a/b", "name", "Linux")).os == "Linux"
    assert read(UpdateDisk, SDK.disk_to_xml("label", None, None, None)) == UpdateDisk(label="label")


def test_sdk_replication() -> None:
    found = read(ReplicationInput, SDK.replicate_image_to_xml(["West US", "West Europe"], "offer", "sku", "1.2.3"))
    assert found.target_locations == ("West US", "West Europe")
    assert found.compute_image_attributes.version == "1.2.3"


# -- the Node clients -------------------------------------------------------------------------------------------------


def test_node_storage_account() -> None:
    found = document(
        CreateStorageServiceInput,
        "<ServiceName>store</ServiceName>",
        '<Description i:nil="true"/>',
        "<Label>bA==</Label><Location>West US</Location><ExtendedProperties/><AccountType>Standard_LRS</AccountType>",
    )
    assert (found.description, found.label, found.extended_properties) == (NIL, "l", ())


@pytest.mark.parametrize(
    "tail",
    [
        "<ShowInGui>true</ShowInGui><PublishedDate>2015-01-02T03:04:05Z</PublishedDate><IsPremium>false</IsPremium>"
        "<IconUri>i</IconUri><PrivacyUri>p</PrivacyUri>",
        "<PublishedDate>2015-01-02T03:04:05Z</PublishedDate><IsPremium>false</IsPremium><ShowInGui>true</ShowInGui>"
        "<PrivacyUri>p</PrivacyUri><IconUri>i</IconUri>",
    ],
)
def test_the_order_of_some_metadata_is_free(tail: str) -> None:
    tail += "<RecommendedVMSize>Small</RecommendedVMSize><SmallIconUri>s</SmallIconUri><Language>l</Language>"
    head = "<Label>l</Label><MediaLink>m</MediaLink><Name>n</Name><OS>Linux</OS><ImageFamily>f</ImageFamily>"
    added = document(AddOSImage, head, tail)
    assert (added.show_in_gui, added.is_premium, added.icon_uri, added.language) == (True, False, "i", "l")
    assert document(UpdateOSImage, "<Label>l</Label>", tail).privacy_uri == "p"


def test_node_vm_image_update_describes_after_the_disks() -> None:
    found = document(
        UpdateVMImage,
        "<Label>l</Label><OSDiskConfiguration><HostCaching>ReadOnly</HostCaching></OSDiskConfiguration>",
        "<DataDiskConfigurations><DataDiskConfiguration><Name>d</Name><HostCaching>None</HostCaching><Lun>1</Lun>",
        "</DataDiskConfiguration></DataDiskConfigurations><Description>d</Description><Language>e</Language>",
    )
    assert (found.description, found.language, found.data_disk_configurations[0].name) == ("d", "e", "d")


def test_node_disk_update() -> None:
    found = document(
        UpdateDisk,
        "<HasOperatingSystem>true</HasOperatingSystem><OS>Linux</OS><Label>l</Label><MediaLink>m</MediaLink>",
        "<Name>n</Name><ResizedSizeInGB>50</ResizedSizeInGB>",
    )
    assert (found.has_operating_system, found.resized_size_in_gb) == (True, 50)


def test_order_is_kept_elsewhere() -> None:
    with pytest.raises(xml.MalformedDocument):
        document(AddOSImage, "<MediaLink>m</MediaLink><Label>l</Label><Name>n</Name><OS>Linux</OS>")
    with pytest.raises(xml.MalformedDocument):
        document(AddDisk, "<Label>l</Label><MediaLink>m</MediaLink>")


# -- answers ----------------------------------------------------------------------------------------------------------


def test_a_bare_string() -> None:
    text = b'<string xmlns="http://schemas.microsoft.com/2003/10/Serialization/">a&amp;b</string>'
    assert xml.encode(SerializedString(value="a&b")) == text
    assert xml.decode(SerializedString, text) == SerializedString(value="a&b")
    empty = b'<string xmlns="http://schemas.microsoft.com/2003/10/Serialization/"/>'
    assert xml.encode(SerializedString(value="")) == empty
    assert xml.decode(SerializedString, empty) == SerializedString(value="")
    with pytest.raises(xml.MalformedDocument):
        xml.decode(SerializedString, text.replace(b"a&amp;b", b"<a/>"))


def test_the_sdk_reads_what_is_answered() -> None:
    answer = xml.encode(
        OSImage(category="User", label="l", location="West US", logical_size_in_gb=30, name="n", os="Linux"),
        "2014-10-01",
    )

    class Response:
        body = answer

    found = _serialization._MinidomXmlToObject.parse_response(Response(), models.OSImage)
    assert (found.label, found.logical_size_in_gb, found.os) == ("l", 30, "Linux")
