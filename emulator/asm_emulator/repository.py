"""The image repository: what disks, OS images and VM images have in common."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from asm_contracts.areas.images import ReplicationInput, ReplicationProgressElement
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError
from asm_contracts.evidence import assumed, documented, quoted
from asm_emulator import model, names
from asm_emulator.catalogue import location, role_size
from asm_emulator.engine import holder_of
from asm_emulator.state import Draft

PERMISSIONS: Final = ("public", "msdn", "private")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}\Z")
_OFFER: Final = re.compile(r"[A-Za-z0-9.-]{1,64}\Z")
_VERSION: Final = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}\Z")
_SYSTEMS: Final = {"linux": "Linux", "windows": "Windows"}
_STATES: Final = {"generalized": "Generalized", "specialized": "Specialized"}
_CACHING: Final = {"none": "None", "readonly": "ReadOnly", "readwrite": "ReadWrite"}

METADATA: Final = (
    "eula",
    "description",
    "image_family",
    "show_in_gui",
    "published_date",
    "icon_uri",
    "small_icon_uri",
    "privacy_uri",
    "recommended_vm_size",
    "language",
)
"""What the author of an image may say of it, under the same names in documents and entities."""


# -- what requests may say --------------------------------------------------------------------------------------------


@assumed("no source says which characters a name may have; these are those of every recorded one")
def check_name(kind: str, name: str) -> None:
    """The name of a disk or image; BadRequest for one that cannot be."""
    if not _NAME.match(name):
        raise BadRequest(f"The {kind} name {name} is invalid.")


@assumed("the values are documented; the refusal is the general one")
def check_os(text: str | None) -> str:
    """``Linux`` or ``Windows``, from any case; BadRequest otherwise."""
    return _one_of(_SYSTEMS, text)


@assumed("the values are documented; the refusal is the general one")
def check_os_state(text: str | None) -> str:
    """``Generalized`` or ``Specialized``, from any case; BadRequest otherwise."""
    return _one_of(_STATES, text)


@assumed("the values are documented; the refusal is the general one")
def check_caching(text: str | None, default: str) -> str:
    """``None``, ``ReadOnly`` or ``ReadWrite``, from any case, or the default; BadRequest otherwise."""
    return _one_of(_CACHING, text) if text else default


def _one_of(words: dict[str, str], text: str | None) -> str:
    try:
        return words[(text or "").strip().lower()]
    except KeyError:
        raise BadRequest() from None


@assumed("that the size is one of the list is documented; the refusal's text is not")
def metadata_of(body: Any) -> dict[str, Any]:
    """The metadata that a request gives for an image, by name; what it leaves out is not there."""
    given = {name: value for name in METADATA if (value := getattr(body, name)) is not None}
    names.check_description(given.get("description"))
    size = given.get("recommended_vm_size")
    if size and role_size(size) is None:
        raise BadRequest(f"The recommended size {size} is not the size of a virtual machine.")
    return given


# -- what stands against a request ------------------------------------------------------------------------------------


@quoted("the text is quoted in public")
def check_idle(draft: Draft, name: str, attached_to: model.Attachment | None) -> None:
    """ConflictError while an operation holds the deployment that a disk is attached to."""
    if attached_to is None:
        return
    service = draft.hosted_services.get(attached_to.service_name)
    for deployment in service.deployments.values() if service else ():
        if deployment.name.lower() == attached_to.deployment_name.lower():
            _check_deployment(draft, name, deployment)


@assumed("an image is in use only while machines are being made from it: disks are copies")
def check_image_idle(draft: Draft, name: str) -> None:
    """ConflictError while a deployment that comes from an image is still being made."""
    for service in draft.hosted_services.values():
        for deployment in service.deployments.values():
            sources = {
                source.lower()
                for machine in deployment.machines
                for source in (machine.os_disk.source_image_name, machine.vm_image_name)
                if source
            }
            if deployment.status == "Deploying" and name.lower() in sources:
                _check_deployment(draft, name, deployment)


def _check_deployment(draft: Draft, name: str, deployment: model.Deployment) -> None:
    if holder_of(draft, "deployment", deployment.private_id) is not None:
        raise ConflictError(
            f"Windows Azure is currently performing an operation on deployment '{deployment.name}' that requires "
            f"exclusive access. Please try again later for operation on disk or image '{name}' associated with the "
            "deployment."
        )


@assumed("the form is that of the recorded refusal for deployments")
def check_unlocked(draft: Draft, kind: str, name: str) -> None:
    """ConflictError while an operation of its own holds a disk or image."""
    holder = holder_of(draft, kind, name.lower())
    if holder is not None:
        raise ConflictError(
            f"Windows Azure is currently performing an operation with x-ms-requestid {holder} "
            f"on this {kind} that requires exclusive access."
        )


@assumed("names are unique by kind; no recording shows the refusal")
def taken(kind: str, name: str) -> ConflictError:
    """The refusal of a name that is not free."""
    article = "An" if kind[0] in "aeiouO" else "A"
    return ConflictError(f"{article} {kind} with the name {name} already exists.")


@assumed("that callers cannot touch them is documented; no recording shows the refusal")
def of_the_platform(name: str) -> ForbiddenError:
    """The refusal to change an image that everybody uses."""
    return ForbiddenError(f"The image {name} is provided by the platform and cannot be changed or deleted.")


# -- replication ------------------------------------------------------------------------------------------------------


def published_name(draft: Draft, name: str) -> str:
    """The name under which others see an image: the publisher's id, two underscores, the name (recorded)."""
    return f"{draft.make_hex('publisher', draft.subscription_id)}__{name}"


@documented("the regions of a request are not added to those before: an image leaves those that are not named")
@assumed("every subscription may publish; the texts were never seen")
def replicated(draft: Draft, known: model.Replication | None, body: ReplicationInput) -> model.Replication:
    """The replication of an image after a request; BadRequest for unknown regions or malformed attributes."""
    attributes = body.compute_image_attributes
    if attributes is not None:
        for text in (attributes.offer, attributes.sku):
            if not _OFFER.match(text):
                raise BadRequest(f"{text} is no offer or SKU: letters, digits, hyphens and periods, 64 at most.")
        if not _VERSION.match(attributes.version):
            raise BadRequest(f"The version {attributes.version} is not of the form major.minor.patch.")
    since = dict(known.regions) if known else {}
    regions: dict[str, datetime] = {}
    for wanted in body.target_locations or ():
        region = location(wanted)
        if region is None:
            raise BadRequest(f"The location {wanted} is not available for this subscription.")
        regions[region.name] = since.get(region.name, draft.now)
    if not regions:
        raise BadRequest("At least one target location must be given.")
    return model.Replication(
        regions=tuple(regions.items()), compute=attributes, marketplace=body.marketplace_image_attributes
    )


@assumed("it begins with 0 (recorded); how it goes on was not recorded")
def progress(draft: Draft, replication: model.Replication | None) -> tuple[ReplicationProgressElement, ...] | None:
    """How far an image has come in each region, in percent of the time that a copy takes."""
    if replication is None:
        return None
    whole = draft.span("image.replicate").total_seconds()
    return tuple(
        ReplicationProgressElement(location=name, progress=str(_percent((draft.now - since).total_seconds(), whole)))
        for name, since in replication.regions
    )


def _percent(past: float, whole: float) -> int:
    return 100 if past >= whole else int(100 * past / whole)


@assumed("that only replicated images can be shared is documented; the text is not")
def check_permission(replication: model.Replication | None, permission: str) -> str:
    """``public``, ``msdn`` or ``private``; BadRequest for another word or an image that is not replicated."""
    if permission.lower() not in PERMISSIONS:
        raise BadRequest(f"The permission is public, msdn or private, not {permission}.")
    if replication is None:
        raise BadRequest("The image must be replicated before it can be shared.")
    return permission.lower()
