"""Publishing extensions of web and worker roles."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from asm_contracts.areas.extension_images import ExtensionImageContract, PublishedExtensionImage
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, documented
from asm_contracts.operation import Accepted
from asm_emulator import model
from asm_emulator.areas.base import Area
from asm_emulator.blobs import check_media_link
from asm_emulator.catalogue.extensions import matches
from asm_emulator.engine import effect, effect_name
from asm_emulator.extensions_on_offer import published_key, versions_on_offer
from asm_emulator.quotas import check_quota
from asm_emulator.state import Draft

MOST_EXTENSIONS: Final = 15
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?\Z")
_VERSION: Final = re.compile(r"[0-9]{1,5}\.[0-9]{1,5}\Z")
_HOSTS: Final = frozenset({"webrole", "workerrole", "vmrole"})


@effect
def extension_registered(draft: Draft, image: PublishedExtensionImage) -> None:
    """The end of a registration; copies for all regions are made from then on.

    It fails if it has come to be one too many.
    """
    _check_count(draft)
    key = published_key(image.provider_name_space, image.type, image.version)
    draft.published_extensions[key] = model.PublishedExtension(image=image)
    draft.schedule(effect_name(extension_replicated), draft.span("image.replicate"), key=key)


@effect
def extension_replicated(draft: Draft, key: str) -> None:
    """All regions have their copy of an extension, if it is still there."""
    found = draft.published_extensions.get(key)
    if found is not None:
        draft.published_extensions[key] = replace(found, replicated=True)


@effect
def extension_updated(draft: Draft, image: PublishedExtensionImage) -> None:
    """The end of a change; the operation fails if the version has gone meanwhile."""
    found = _published(draft, image.provider_name_space, image.type, image.version)
    key = published_key(image.provider_name_space, image.type, image.version)
    draft.published_extensions[key] = replace(found, image=image)


@effect
def extension_unregistered(draft: Draft, namespace: str, kind: str, version: str) -> None:
    """The end of taking back; the operation fails if a service has come to have the version meanwhile."""
    check_unused(draft, namespace, kind, version)
    draft.published_extensions.pop(published_key(namespace, kind, version), None)


@documented("a subscription can register 15 extensions")
def _check_count(draft: Draft) -> None:
    check_quota("extension count", MOST_EXTENSIONS, len(draft.published_extensions))


@assumed("the code is recorded for other resources; the text was never seen")
def _published(draft: Draft, namespace: str, kind: str, version: str) -> model.PublishedExtension:
    found = draft.published_extensions.get(published_key(namespace, kind, version))
    if found is None:
        raise ResourceNotFound(
            f"The extension with namespace {namespace}, type {kind} and version {version} does not exist."
        )
    return found


@assumed("that a version in use stays is what every other resource does; the text was never seen")
def check_unused(draft: Draft, namespace: str, kind: str, version: str) -> None:
    """ConflictError if a hosted service has an extension that only this version serves."""
    others = [one for one in versions_on_offer(draft, namespace, kind) if one != version]
    for service in draft.hosted_services.values():
        for one in service.extensions.values():
            same = (one.provider_namespace.lower(), one.type.lower()) == (namespace.lower(), kind.lower())
            if same and matches(one.version, version) and not any(matches(one.version, other) for other in others):
                raise ConflictError(
                    f"The extension with namespace {namespace}, type {kind} and version {version} is used by the "
                    f"hosted service {service.name}."
                )


class ExtensionImageArea(Area, ExtensionImageContract):
    """Registers, changes and takes back versions of extensions."""

    @documented("what must be given, the form of versions, and that the package is a blob of the publisher's")
    @assumed("the refusals' texts were never seen")
    def register_extension(self, body: PublishedExtensionImage) -> Accepted:
        self._check(body)
        if versions_on_offer(self.state, body.provider_name_space, body.type):
            raise ConflictError(
                f"The extension with namespace {body.provider_name_space} and type {body.type} already exists. Its new "
                "versions are registered by updating it."
            )
        return self._register(body, internal=True)

    def _register(self, body: PublishedExtensionImage, *, internal: bool) -> Accepted:
        if body.media_link is None:
            raise BadRequest("The media link of the extension must be specified.")
        _check_count(self.state)
        image = replace(
            body,
            is_internal_extension=internal,
            published_date=body.published_date or self.now,
            hosting_resources=body.hosting_resources or "WebRole|WorkerRole",
        )
        return self.begin(extension_registered, holds=_lease(body), image=image)

    def _check(self, body: PublishedExtensionImage) -> None:
        if not _NAME.match(body.provider_name_space):
            raise BadRequest("The provider namespace of the extension is invalid.")
        if not _NAME.match(body.type):
            raise BadRequest("The type of the extension is invalid.")
        if not _VERSION.match(body.version):
            raise BadRequest(f"The extension version {body.version[:40]} is invalid.")
        hosts = (body.hosting_resources or "WebRole").split("|")
        if any(host.strip().lower() not in _HOSTS for host in hosts):
            raise BadRequest(f"The hosting resources {(body.hosting_resources or '')[:100]} are invalid.")
        if body.media_link is not None:
            check_media_link(self.state, body.media_link)
        ranges = body.endpoints.instance_input_endpoints if body.endpoints else None
        if any(not 1 <= one.fixed_port_min <= one.fixed_port_max <= 65535 for one in ranges or ()):
            raise BadRequest("The range of ports of an instance input endpoint is invalid.")

    @documented("an update registers a new version of an extension that the subscription has registered")
    @documented("an update replaces the description; with IsInternalExtension false the version becomes public")
    @assumed("that the version of an update may be one that there is, as one client's documentation says it may not")
    @assumed("that a public version does not become internal again; the texts were never seen")
    def update_extension(self, body: PublishedExtensionImage) -> Accepted:
        self._check(body)
        if self._is_further(body):
            return self._register(body, internal=body.is_internal_extension is not False)
        found = _published(self.state, body.provider_name_space, body.type, body.version).image
        internal = found.is_internal_extension if body.is_internal_extension is None else body.is_internal_extension
        if internal and not found.is_internal_extension:
            raise BadRequest("A public extension cannot be made internal.")
        image = replace(
            body,
            is_internal_extension=internal,
            media_link=body.media_link or found.media_link,
            published_date=body.published_date or found.published_date,
            hosting_resources=body.hosting_resources or found.hosting_resources,
        )
        return self.begin(extension_updated, holds=_lease(body), image=image)

    def _is_further(self, body: PublishedExtensionImage) -> bool:
        """Whether an extension of the subscription's own has other versions, and not this one."""
        own = self.state.published_extensions
        every_version = published_key(body.provider_name_space, body.type, "")
        this_one = published_key(body.provider_name_space, body.type, body.version)
        return this_one not in own and any(key.startswith(every_version) for key in own)

    @documented("a version must be internal before it can be unregistered")
    @assumed("the refusals' texts were never seen")
    def unregister_extension(self, provider_namespace: str, extension_type: str, version: str) -> Accepted:
        image = _published(self.state, provider_namespace, extension_type, version).image
        if not image.is_internal_extension:
            raise BadRequest("A public extension cannot be unregistered.")
        check_unused(self.state, image.provider_name_space, image.type, image.version)
        return self.begin(
            extension_unregistered,
            holds=_lease(image),
            namespace=image.provider_name_space,
            kind=image.type,
            version=image.version,
        )


def _lease(image: PublishedExtensionImage) -> tuple[tuple[str, str], ...]:
    """One change of an extension at a time, whichever version it is of."""
    return (("extension image", published_key(image.provider_name_space, image.type, "")),)
