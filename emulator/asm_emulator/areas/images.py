"""OS images: the platform's, and VHDs registered as such."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from asm_contracts.areas.images import (
    AddOSImage,
    ImageContract,
    Images,
    OSImage,
    OSImageDetails,
    ReplicationInput,
    UpdateOSImage,
)
from asm_contracts.errors import ResourceNotFound
from asm_contracts.evidence import assumed, recorded
from asm_contracts.operation import Accepted
from asm_contracts.vocabulary import SerializedString
from asm_emulator import catalogue, model, names, repository
from asm_emulator.areas.base import Area
from asm_emulator.blobs import (
    DEFAULT_SIZE,
    account_location,
    check_media_link,
    find_storage_account_of,
    io_type,
    register_blob,
    release_blob,
)
from asm_emulator.capture import check_os_image_name
from asm_emulator.engine import effect
from asm_emulator.state import Draft


def not_found() -> ResourceNotFound:
    """There is no such OS image (recorded text)."""
    return ResourceNotFound("The image with the specified name does not exist.")


def own_document(draft: Draft, image: model.OSImage) -> OSImage:
    """An OS image of the subscription's own, as the answer to an update has it."""
    account = find_storage_account_of(draft, image.media_link)
    return OSImage(
        affinity_group=image.affinity_group,
        category="User" if image.publisher is None else "Public",
        label=image.label,
        location=image.location,
        logical_size_in_gb=image.size_in_gb,
        media_link=image.media_link or None,
        name=image.name,
        os=image.os,
        eula=image.eula,
        description=image.description,
        image_family=image.image_family,
        show_in_gui=image.show_in_gui,
        published_date=image.published_date,
        is_premium=False,
        icon_uri=image.icon_uri,
        privacy_uri=image.privacy_uri,
        recommended_vm_size=image.recommended_vm_size,
        publisher_name=image.publisher,
        small_icon_uri=image.small_icon_uri,
        language=image.language,
        os_state="Generalized",
        io_type=io_type(account) if account else "Standard",
    )


@recorded("addresses that an update has emptied are in its own answer, and in none after it")
def read_document(draft: Draft, image: model.OSImage) -> OSImage:
    """An OS image of the subscription's own, as lists and reads have it."""
    document = own_document(draft, image)
    return replace(
        document,
        icon_uri=document.icon_uri or None,
        privacy_uri=document.privacy_uri or None,
        small_icon_uri=document.small_icon_uri or None,
    )


def platform_document(image: catalogue.PlatformImage) -> OSImage:
    """An OS image that everybody can use."""
    return OSImage(
        category=image.category,
        label=image.label,
        location=image.location,
        logical_size_in_gb=image.logical_size_in_gb,
        name=image.name,
        os=image.os,
        eula=image.eula,
        description=image.description,
        image_family=image.image_family,
        show_in_gui=image.show_in_gui,
        published_date=image.published_date,
        is_premium=image.is_premium,
        icon_uri=image.icon_uri,
        privacy_uri=image.privacy_uri,
        recommended_vm_size=image.recommended_vm_size,
        publisher_name=image.publisher_name,
        pricing_detail_link=image.pricing_detail_link,
        small_icon_uri=image.small_icon_uri,
        language=image.language,
        os_state=image.os_state,
        io_type=image.io_type,
    )


@cache
def _platform_documents() -> tuple[OSImage, ...]:
    return tuple(platform_document(image) for image in catalogue.all_os_images())


def find_own(draft: Draft, name: str) -> model.OSImage:
    """An image that the subscription may change; ResourceNotFound, or ForbiddenError for one of the platform's."""
    found = draft.os_images.get(name)
    if found is None:
        if catalogue.os_image(name) is not None:
            raise repository.of_the_platform(name)
        raise not_found()
    if found.publisher is not None:
        raise repository.of_the_platform(name)
    return found


@effect
def os_image_shared(draft: Draft, image_name: str, permission: str) -> None:
    """The end of a sharing."""
    image = draft.os_images.get(image_name)
    if image is not None:
        draft.os_images[image_name] = replace(image, permission=permission)


class ImageArea(Area, ImageContract):
    """Registers, finds, changes and publishes OS images."""

    def list_os_images(self) -> Images:
        own = [read_document(self.state, image) for image in self.state.os_images.values()]
        return Images(items=tuple(sorted([*own, *_platform_documents()], key=lambda image: (image.name or "").lower())))

    def get_os_image(self, image_name: str) -> OSImage:
        own = self.state.os_images.get(image_name)
        if own is not None:
            return read_document(self.state, own)
        public = catalogue.os_image(image_name)
        if public is None:
            raise not_found()
        return platform_document(public)

    @assumed("callers that are no publishers read details of the platform's images as plain ones")
    def get_os_image_details(self, image_name: str) -> OSImageDetails:
        own = self.state.os_images.get(image_name)
        replication = own.replication if own else None
        base = self.get_os_image(image_name)
        fields = {name: getattr(base, name) for name in OSImage.__dataclass_fields__}
        fields.update(os_state=None, io_type=None)
        return OSImageDetails(
            **fields,
            replication_progress=repository.progress(self.state, replication),
            compute_image_attributes=replication.compute if replication else None,
            marketplace_image_attributes=replication.marketplace if replication else None,
        )

    def add_os_image(self, body: AddOSImage) -> OSImage:
        names.check_label(body.label)
        system = repository.check_os(body.os)
        metadata = repository.metadata_of(body)
        media_link = check_media_link(self.state, body.media_link)
        check_os_image_name(self.state, body.name)
        account = find_storage_account_of(self.state, media_link)
        assert account is not None
        register_blob(self.state, media_link, "image", body.name)
        image = model.OSImage(
            name=body.name,
            label=body.label,
            media_link=media_link,
            os=system,
            location=account_location(self.state, account),
            affinity_group=account.affinity_group,
            size_in_gb=DEFAULT_SIZE,
            created=self.now,
            **metadata,
        )
        self.state.os_images[body.name] = image
        return read_document(self.state, image)

    @recorded("media link, name and OS that come with an update change nothing; what is left out stays")
    def update_os_image(self, image_name: str, body: UpdateOSImage) -> OSImage:
        image = find_own(self.state, image_name)
        names.check_label(body.label)
        changed = replace(image, label=body.label, **repository.metadata_of(body))
        self.state.os_images[image.name] = changed
        return own_document(self.state, changed)

    def delete_os_image(self, image_name: str) -> None:
        self._delete(image_name)

    def delete_os_image_and_media(self, image_name: str) -> None:
        self._delete(image_name)

    def _delete(self, image_name: str) -> None:
        # With or without media the registration goes and with it the lease on the blob; blobs themselves are not kept.
        image = find_own(self.state, image_name)
        repository.check_image_idle(self.state, image.name)
        release_blob(self.state, image.media_link)
        del self.state.os_images[image.name]

    def replicate_os_image(self, image_name: str, body: ReplicationInput) -> SerializedString:
        image = find_own(self.state, image_name)
        self.state.os_images[image.name] = replace(
            image, replication=repository.replicated(self.state, image.replication, body)
        )
        return SerializedString(value=repository.published_name(self.state, image.name))

    @assumed("an image that is in no region may be taken out of all; one that is nowhere is shared with nobody")
    def unreplicate_os_image(self, image_name: str) -> None:
        image = find_own(self.state, image_name)
        self.state.os_images[image.name] = replace(image, replication=None, permission="private")

    def share_os_image(self, image_name: str, permission: str) -> Accepted:
        image = find_own(self.state, image_name)
        wanted = repository.check_permission(image.replication, permission)
        return self.begin(os_image_shared, image_name=image.name, permission=wanted)
