"""VM images: the platform's, captured ones, and blobs registered as such."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final

from asm_contracts.areas.images import ReplicationInput
from asm_contracts.areas.vm_images import (
    CreateVMImage,
    DataDiskConfiguration,
    OSDiskConfiguration,
    UpdateVMImage,
    VMImage,
    VMImageContract,
    VMImageDetails,
    VMImages,
)
from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed, recorded
from asm_contracts.operation import Accepted
from asm_contracts.vocabulary import SerializedString
from asm_emulator import catalogue, model, names, repository
from asm_emulator.areas.base import Area
from asm_emulator.blobs import (
    DEFAULT_SIZE,
    account_location,
    check_media_link,
    check_unregistered,
    find_storage_account_of,
    io_type,
    parse_media_link,
    release_blob,
)
from asm_emulator.capture import check_vm_image_name, put_vm_image
from asm_emulator.engine import effect
from asm_emulator.state import Draft

LUNS: Final = 32
"""Documented: LUNs go from 0 to 31."""

LARGEST: Final = 1023
"""Documented: the largest disk, in GB."""

LEASE: Final = "vm image"


@assumed("no client asks for a VM image that is not there; the text is that of OS images")
def not_found() -> ResourceNotFound:
    """There is no such VM image."""
    return ResourceNotFound("The image with the specified name does not exist.")


# -- documents --------------------------------------------------------------------------------------------------------


def own_document(image: model.VMImage) -> VMImage:
    """A VM image of the subscription's own."""
    return VMImage(
        name=image.name,
        label=image.label,
        category="User",
        description=image.description,
        os_disk_configuration=OSDiskConfiguration(
            name=image.os_disk.name,
            host_caching=image.os_disk.host_caching,
            os_state=image.os_state,
            os=image.os,
            media_link=image.os_disk.media_link,
            logical_disk_size_in_gb=image.os_disk.size_in_gb,
            io_type=image.os_disk.io_type,
        ),
        data_disk_configurations=tuple(
            DataDiskConfiguration(
                name=disk.name,
                host_caching=disk.host_caching,
                lun=disk.lun,
                media_link=disk.media_link,
                logical_disk_size_in_gb=disk.size_in_gb,
                io_type=disk.io_type,
            )
            for disk in image.data_disks
        ),
        service_name=image.service_name,
        deployment_name=image.deployment_name,
        role_name=image.role_name,
        location=image.location,
        affinity_group=image.affinity_group,
        created_time=image.created,
        modified_time=image.modified,
        language=image.language,
        image_family=image.image_family,
        recommended_vm_size=image.recommended_vm_size,
        is_premium=False,
        eula=image.eula,
        icon_uri=image.icon_uri,
        small_icon_uri=image.small_icon_uri,
        privacy_uri=image.privacy_uri,
        published_date=image.published_date,
        show_in_gui=image.show_in_gui,
        vm_image_state="VMImageReadyForUse",
        role_state_on_capture=image.role_state_on_capture,
        role_size_on_capture=image.role_size_on_capture,
    )


def platform_document(image: catalogue.PlatformVMImage) -> VMImage:
    """A VM image that everybody can use."""
    return VMImage(
        name=image.name,
        label=image.label,
        category=image.category,
        description=image.description,
        os_disk_configuration=OSDiskConfiguration(
            name=image.os_disk.name,
            host_caching=image.os_disk.host_caching,
            os_state=image.os_disk.os_state,
            os=image.os_disk.os,
            logical_disk_size_in_gb=image.os_disk.logical_disk_size_in_gb,
            io_type=image.os_disk.io_type,
        ),
        data_disk_configurations=tuple(
            DataDiskConfiguration(
                name=disk.name,
                host_caching=disk.host_caching,
                lun=disk.lun,
                logical_disk_size_in_gb=disk.logical_disk_size_in_gb,
                io_type=disk.io_type,
            )
            for disk in image.data_disks
        ),
        location=image.location,
        created_time=image.created_time,
        modified_time=image.modified_time,
        language=image.language,
        image_family=image.image_family,
        recommended_vm_size=image.recommended_vm_size,
        is_premium=image.is_premium,
        eula=image.eula,
        icon_uri=image.icon_uri,
        small_icon_uri=image.small_icon_uri,
        privacy_uri=image.privacy_uri,
        publisher_name=image.publisher_name,
        published_date=image.published_date,
        show_in_gui=image.show_in_gui,
        pricing_detail_link=image.pricing_detail_link,
        vm_image_state=image.vm_image_state,
    )


@cache
def _platform_documents() -> tuple[VMImage, ...]:
    return tuple(platform_document(image) for image in catalogue.all_vm_images())


def find_own(draft: Draft, name: str) -> model.VMImage:
    """An image that the subscription may change; ResourceNotFound, or ForbiddenError for one of the platform's."""
    found = draft.vm_images.get(name)
    if found is None:
        if catalogue.vm_image(name) is not None:
            raise repository.of_the_platform(name)
        raise not_found()
    return found


# -- creation ---------------------------------------------------------------------------------------------------------


@recorded("the disks of such an image are called after their blobs, with a number")
@assumed("the number counts the disks called after blobs of that name")
def _disk_name(media_link: str, used: set[str]) -> str:
    """A name for the disk of a VM image made from a blob."""
    address = parse_media_link(media_link)
    assert address is not None
    base = address.blob.rpartition("/")[2].removesuffix(".vhd")
    number = 1 + sum(name.rpartition("-")[0] == base.lower() for name in used)
    while f"{base}-{number}".lower() in used:
        number += 1
    used.add(f"{base}-{number}".lower())
    return f"{base}-{number}"


def built(draft: Draft, body: CreateVMImage) -> model.VMImage:
    """The VM image that a request asks for.

    BadRequest for what cannot be, ConflictError when the name is taken or a blob backs something else.
    """
    names.check_label(body.label)
    os_disk = body.os_disk_configuration
    system, os_state = repository.check_os(os_disk.os), repository.check_os_state(os_disk.os_state)
    metadata = repository.metadata_of(body)
    data_disks = body.data_disk_configurations or ()
    given = [os_disk.media_link, *(disk.media_link for disk in data_disks)]
    links = [check_media_link(draft, link or "") for link in given]
    if len({parse_media_link(link) for link in links}) != len(links):
        raise BadRequest("A blob can back only one disk of an image.")
    _check_luns([disk.lun or 0 for disk in data_disks])
    for disk in data_disks:
        if disk.logical_disk_size_in_gb is not None and not 1 <= disk.logical_disk_size_in_gb <= LARGEST:
            raise BadRequest(f"The size of a disk is between 1 and {LARGEST} GB.")
    check_vm_image_name(draft, body.name)
    for link in links:
        check_unregistered(draft, link)
    account = find_storage_account_of(draft, links[0])
    assert account is not None
    used = {disk.name.lower() for image in draft.vm_images.values() for disk in (image.os_disk, *image.data_disks)}
    return model.VMImage(
        name=body.name,
        label=body.label,
        os=system,
        os_state=os_state,
        os_disk=model.ImageDisk(
            name=_disk_name(links[0], used),
            media_link=links[0],
            size_in_gb=DEFAULT_SIZE,
            host_caching=repository.check_caching(os_disk.host_caching, "ReadWrite"),
            io_type=io_type(account),
        ),
        data_disks=tuple(
            model.ImageDisk(
                name=_disk_name(link, used),
                media_link=link,
                size_in_gb=disk.logical_disk_size_in_gb or DEFAULT_SIZE,
                host_caching=repository.check_caching(disk.host_caching, "None"),
                lun=disk.lun or 0,
                io_type=io_type(account),
            )
            for disk, link in zip(data_disks, links[1:], strict=True)
        ),
        location=account_location(draft, account),
        affinity_group=account.affinity_group,
        created=draft.now,
        modified=draft.now,
        **metadata,
    )


@assumed("the rule is documented; the texts are not")
def _check_luns(luns: list[int]) -> None:
    if len(set(luns)) != len(luns):
        raise BadRequest("The data disks of an image must have different LUNs.")
    if any(not 0 <= lun < LUNS for lun in luns):
        raise BadRequest(f"A LUN is between 0 and {LUNS - 1}.")


@effect
def vm_image_created(draft: Draft, body: CreateVMImage) -> None:
    """The end of a creation: what was found in order at the request may have changed since."""
    put_vm_image(draft, built(draft, body))


@effect
def vm_image_gone(draft: Draft, image_name: str) -> None:
    """The end of a deletion."""
    image = draft.vm_images.get(image_name)
    if image is None:
        return
    for disk in (image.os_disk, *image.data_disks):
        release_blob(draft, disk.media_link)
    del draft.vm_images[image_name]


@effect
def vm_image_shared(draft: Draft, image_name: str, permission: str) -> None:
    """The end of a sharing."""
    image = draft.vm_images.get(image_name)
    if image is not None:
        draft.vm_images[image_name] = replace(image, permission=permission)


class VMImageArea(Area, VMImageContract):
    """Registers, finds, changes and publishes VM images."""

    @recorded("own images come first; a filter for a location leaves only that one in the documents")
    def list_vm_images(
        self, location: str | None = None, publisher: str | None = None, category: str | None = None
    ) -> VMImages:
        found = [*(own_document(image) for image in self.state.vm_images.values()), *_platform_documents()]
        if publisher:
            found = [image for image in found if (image.publisher_name or "").lower() == publisher.lower()]
        if category:
            found = [image for image in found if (image.category or "").lower() == category.lower()]
        if location:
            found = [
                replace(image, location=place)
                for image in found
                for place in (image.location or "").split(";")
                if place.lower() == location.lower()
            ]
        return VMImages(items=tuple(found))

    @assumed("only its order of elements is known")
    def get_vm_image_details(self, image_name: str) -> VMImageDetails:
        own = self.state.vm_images.get(image_name)
        public = catalogue.vm_image(image_name)
        if own is None and public is None:
            raise not_found()
        base = own_document(own) if own is not None else platform_document(public) if public is not None else VMImage()
        replication = own.replication if own else None
        return VMImageDetails(
            **{name: getattr(base, name) for name in VMImage.__dataclass_fields__},
            published_name=repository.published_name(self.state, own.name) if own and replication else None,
            sharing_status=own.permission.capitalize() if own and replication else None,
            replication_progress=repository.progress(self.state, replication),
            compute_image_attributes=replication.compute if replication else None,
            marketplace_image_attributes=replication.marketplace if replication else None,
        )

    def create_vm_image(self, body: CreateVMImage) -> Accepted:
        built(self.state, body)
        return self.begin(vm_image_created, holds=((LEASE, body.name.lower()),), body=body)

    @assumed("what is left out stays; the texts are not known")
    def update_vm_image(self, image_name: str, body: UpdateVMImage) -> None:
        image = find_own(self.state, image_name)
        repository.check_unlocked(self.state, LEASE, image.name)
        if body.label is not None:
            names.check_label(body.label)
        metadata = repository.metadata_of(body)
        os_disk, data_disks = image.os_disk, image.data_disks
        if body.os_disk_configuration is not None:
            caching = repository.check_caching(body.os_disk_configuration.host_caching, os_disk.host_caching)
            os_disk = replace(os_disk, host_caching=caching)
        for change in body.data_disk_configurations or ():
            wanted = (change.name or "").lower()
            if all(disk.name.lower() != wanted for disk in data_disks):
                raise BadRequest(f"The image {image.name} has no data disk {change.name or ''}.")
            data_disks = tuple(
                replace(
                    disk,
                    host_caching=repository.check_caching(change.host_caching, disk.host_caching),
                    lun=disk.lun if change.lun is None else change.lun,
                )
                if disk.name.lower() == wanted
                else disk
                for disk in data_disks
            )
        _check_luns([disk.lun or 0 for disk in data_disks])
        self.state.vm_images[image.name] = replace(
            image,
            label=image.label if body.label is None else body.label,
            os_disk=os_disk,
            data_disks=data_disks,
            modified=self.now,
            **metadata,
        )

    def delete_vm_image(self, image_name: str) -> Accepted:
        return self._delete(image_name)

    def delete_vm_image_and_media(self, image_name: str) -> Accepted:
        return self._delete(image_name)

    def _delete(self, image_name: str) -> Accepted:
        # With or without media the registration goes and with it the lease on the blobs; blobs themselves are not kept.
        image = find_own(self.state, image_name)
        repository.check_image_idle(self.state, image.name)
        return self.begin(vm_image_gone, holds=((LEASE, image.name.lower()),), image_name=image.name)

    def replicate_vm_image(self, image_name: str, body: ReplicationInput) -> SerializedString:
        image = find_own(self.state, image_name)
        self.state.vm_images[image.name] = replace(
            image, replication=repository.replicated(self.state, image.replication, body)
        )
        return SerializedString(value=repository.published_name(self.state, image.name))

    @assumed("an image that is in no region may be taken out of all; one that is nowhere is shared with nobody")
    def unreplicate_vm_image(self, image_name: str) -> None:
        image = find_own(self.state, image_name)
        self.state.vm_images[image.name] = replace(image, replication=None, permission="private")

    def share_vm_image(self, image_name: str, permission: str) -> Accepted:
        image = find_own(self.state, image_name)
        wanted = repository.check_permission(image.replication, permission)
        return self.begin(vm_image_shared, image_name=image.name, permission=wanted)
