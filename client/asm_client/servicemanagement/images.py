"""OS images, VM images and disks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from asm_client.servicemanagement.connection import Connection
from asm_client.servicemanagement.vocabulary import AsynchronousOperationResult

_OF_OS_IMAGE = (
    "label",
    "eula",
    "description",
    "image_family",
    "show_in_gui",
    "icon_uri",
    "privacy_uri",
    "recommended_vm_size",
    "small_icon_uri",
    "language",
)
_OF_VM_IMAGE = (
    "label",
    "description",
    "language",
    "image_family",
    "recommended_vm_size",
    "eula",
    "icon_uri",
    "small_icon_uri",
    "privacy_uri",
    "published_date",
    "show_in_gui",
)


def _some(thing: Any, *names: str) -> dict[str, Any]:
    """These attributes, and None for those that it has not."""
    return {name: getattr(thing, name, None) for name in names}


class Images(Connection):
    """What machines are made from."""

    # -- OS images --------------------------------------------------------------------------------------------------

    def list_os_images(self) -> Any:
        """The images of the platform and the subscription's own."""
        return self._read("list_os_images")

    def get_os_image(self, image_name: str) -> Any:
        """An OS image."""
        return self._read("get_os_image", image_name=image_name)

    def get_os_image_details(self, image_name: str) -> Any:
        """An OS image, with how far its replication has come."""
        return self._read("get_os_image_details", image_name=image_name)

    def add_os_image(self, label: str, media_link: str, name: str, os: str) -> AsynchronousOperationResult:
        """Make an OS image of a blob; `os` is ``Linux`` or ``Windows``."""
        return self._change("add_os_image", label=label, media_link=media_link, name=name, os=os)

    def update_os_image(
        self, image_name: str, label: str, media_link: str, name: str, os: str
    ) -> AsynchronousOperationResult:
        """Change an OS image's label; the rest cannot change."""
        return self._change(
            "update_os_image", image_name=image_name, label=label, media_link=media_link, name=name, os=os
        )

    def update_os_image_from_image_reference(self, image_name: str, os_image: Any) -> AsynchronousOperationResult:
        """Change an OS image to what `os_image` says; an empty text clears."""
        date = getattr(os_image, "published_date", None) or None  # the service refuses an empty one
        return self._change(
            "update_os_image", image_name=image_name, **_some(os_image, *_OF_OS_IMAGE), published_date=date
        )

    def delete_os_image(self, image_name: str, delete_vhd: bool = False) -> AsynchronousOperationResult:
        """Delete one of the subscription's OS images; if `delete_vhd`, with its blob."""
        return self._change("delete_os_image_and_media" if delete_vhd else "delete_os_image", image_name=image_name)

    # -- VM images --------------------------------------------------------------------------------------------------

    def list_vm_images(
        self, location: str | None = None, publisher: str | None = None, category: str | None = None
    ) -> Any:
        """The VM images of the platform and the subscription's own, or those of a place, publisher or category."""
        return self._read(
            "list_vm_images", location=location or None, publisher=publisher or None, category=category or None
        )

    def create_vm_image(self, vm_image: Any) -> AsynchronousOperationResult:
        """Make a VM image of blobs."""
        data_disks = [
            _some(disk, "host_caching", "lun", "media_link", "logical_disk_size_in_gb")
            for disk in vm_image.data_disk_configurations
        ]
        return self._change(
            "create_vm_image",
            **_some(vm_image, "name", *_OF_VM_IMAGE),
            os_disk_configuration=_some(vm_image.os_disk_configuration, "host_caching", "os_state", "os", "media_link"),
            data_disk_configurations=data_disks,
        )

    def update_vm_image(self, vm_image_name: str, vm_image: Any) -> AsynchronousOperationResult:
        """Change a VM image to what `vm_image` says; of disks only what can change is sent."""
        return self._change(
            "update_vm_image",
            image_name=vm_image_name,
            **_some(vm_image, *_OF_VM_IMAGE),
            os_disk_configuration=_some(vm_image.os_disk_configuration, "host_caching"),
            data_disk_configurations=[
                _some(disk, "name", "host_caching", "lun") for disk in vm_image.data_disk_configurations
            ],
        )

    def delete_vm_image(self, vm_image_name: str, delete_vhd: bool = False) -> AsynchronousOperationResult:
        """Delete one of the subscription's VM images; if `delete_vhd`, with its blobs."""
        return self._change("delete_vm_image_and_media" if delete_vhd else "delete_vm_image", image_name=vm_image_name)

    def replicate_vm_image(
        self, vm_image_name: str, regions: Iterable[str], offer: str, sku: str, version: str
    ) -> AsynchronousOperationResult:
        """Copy a published image to further places.

        Like the official client this goes to the address of OS images, which takes names of both kinds.
        """
        return self._change(
            "replicate_os_image",
            image_name=vm_image_name,
            target_locations=list(regions),
            compute_image_attributes={"offer": offer, "sku": sku, "version": version},
        )

    def unreplicate_vm_image(self, vm_image_name: str) -> AsynchronousOperationResult:
        """Remove the copies."""
        return self._change("unreplicate_os_image", image_name=vm_image_name)

    def share_vm_image(self, vm_image_name: str, permission: str) -> AsynchronousOperationResult:
        """Let others use an image: ``public``, ``private`` or ``msdn``."""
        return self._change("share_os_image", image_name=vm_image_name, permission=permission)

    # -- disks ------------------------------------------------------------------------------------------------------

    def list_disks(self) -> Any:
        """The subscription's disks."""
        return self._read("list_disks")

    def get_disk(self, disk_name: str) -> Any:
        """A disk."""
        return self._read("get_disk", disk_name=disk_name)

    def add_disk(
        self,
        has_operating_system: bool | None,  # noqa: ARG002
        label: str,
        media_link: str,
        name: str,
        os: str,
    ) -> AsynchronousOperationResult:
        """Make a disk of a blob; `has_operating_system` is not sent, `os` says it."""
        return self._change("add_disk", os=os, label=label, media_link=media_link, name=name)

    def update_disk(
        self,
        disk_name: str,
        has_operating_system: bool | None = None,  # noqa: ARG002
        label: str | None = None,
        media_link: str | None = None,  # noqa: ARG002
        name: str | None = None,  # noqa: ARG002
        os: str | None = None,  # noqa: ARG002
    ) -> AsynchronousOperationResult:
        """Change a disk's label, which must be given; nothing else of a disk can change, and nothing else is sent."""
        return self._change("update_disk", disk_name=disk_name, label=label)

    def delete_disk(self, disk_name: str, delete_vhd: bool = False) -> AsynchronousOperationResult:
        """Delete a disk that no machine has; if `delete_vhd`, with its blob."""
        return self._change("delete_disk_and_media" if delete_vhd else "delete_disk", disk_name=disk_name)
