"""Extensions of web and worker roles."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from asm_contracts.areas.service_extensions import (
    AddExtension,
    Extension,
    ExtensionImages,
    Extensions,
    ServiceExtensionContract,
)
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, quoted
from asm_contracts.operation import Accepted
from asm_emulator import model
from asm_emulator.areas.base import Area
from asm_emulator.catalogue.extensions import matches
from asm_emulator.deployed import find_service
from asm_emulator.engine import effect, holder_of
from asm_emulator.extensions_on_offer import images_on_offer, published_image, versions_on_offer
from asm_emulator.state import Draft

ID: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\Z")
VERSION: Final = re.compile(r"(?:\*|[0-9]{1,5}\.(?:\*|[0-9]{1,5}))\Z")


@effect
def extension_added(draft: Draft, service_name: str, extension: model.ServiceExtension) -> None:
    """The end of adding an extension; the operation fails if the service has gone meanwhile."""
    service = find_service(draft, service_name)
    draft.hosted_services[service.name] = replace(
        service, extensions=service.extensions.insert(extension.id.lower(), extension)
    )


@effect
def extension_deleted(draft: Draft, service_name: str, extension_id: str) -> None:
    """The end of deleting an extension; the operation fails if a deployment has come to name it meanwhile."""
    service = draft.hosted_services.get(service_name)
    if service is None:
        return
    check_unnamed(service, extension_id)
    draft.hosted_services[service.name] = replace(service, extensions=service.extensions.discard(extension_id.lower()))


@assumed("a deployment could not go on running an extension that is gone; no refusal was seen")
def check_unnamed(service: model.HostedService, extension_id: str) -> None:
    """ConflictError if a deployment of the service names the extension."""
    for deployment in service.deployments.values():
        configuration = deployment.extension_configuration
        if configuration is None:
            continue
        named = [*(configuration.all_roles or ())]
        for role in configuration.named_roles or ():
            named += role.extensions or ()
        if any((one.id or "").lower() == extension_id.lower() for one in named):
            raise ConflictError(
                f"The extension {extension_id} cannot be deleted: the deployment {deployment.name} uses it."
            )


class ServiceExtensionArea(Area, ServiceExtensionContract):
    """Lists the extensions on offer, and keeps those of hosted services."""

    # -- on offer -------------------------------------------------------------------------------------------------

    def list_available_extensions(self) -> ExtensionImages:
        newest = {(one.provider_name_space.lower(), one.type.lower()): one for one in images_on_offer(self.state)}
        return ExtensionImages(items=tuple(newest.values()))

    @assumed("an extension that does not exist has no versions: no refusal was ever seen")
    def list_extension_versions(self, provider_namespace: str, extension_type: str) -> ExtensionImages:
        wanted = (provider_namespace.lower(), extension_type.lower())
        found = (
            one for one in images_on_offer(self.state) if (one.provider_name_space.lower(), one.type.lower()) == wanted
        )
        return ExtensionImages(items=tuple(found))

    def list_publisher_extensions(self) -> ExtensionImages:
        found = self.state.published_extensions.values()
        return ExtensionImages(items=tuple(published_image(one) for one in found))

    # -- of a hosted service --------------------------------------------------------------------------------------

    @quoted("the refusal while another operation on the same extension runs")
    @assumed("what must be given is documented; the other refusals' texts were never seen")
    def add_extension(self, service_name: str, body: AddExtension) -> Accepted:
        service = find_service(self.state, service_name)
        if not ID.match(body.id):
            raise BadRequest("The extension id is invalid.")
        namespace = body.provider_name_space or ""
        version = body.version or "*"
        if not VERSION.match(version):
            raise BadRequest(f"The extension version {version} is invalid.")
        if not any(matches(version, one) for one in versions_on_offer(self.state, namespace, body.type)):
            raise BadRequest(
                f"The extension with namespace {namespace}, type {body.type} and version {version} does not exist."
            )
        if body.thumbprint and body.thumbprint.lower() not in service.certificates:
            raise BadRequest(f"The certificate {body.thumbprint} is not in the hosted service {service.name}.")
        if body.id.lower() in service.extensions:
            raise ConflictError(f"The hosted service {service.name} already has an extension with the id {body.id}.")
        lease = self._lease_on(service, namespace, body.type)
        return self.begin(
            extension_added,
            holds=(lease,),
            service_name=service.name,
            extension=model.ServiceExtension(
                id=body.id,
                provider_namespace=namespace,
                type=body.type,
                version=version,
                thumbprint=body.thumbprint or None,
                thumbprint_algorithm=(body.thumbprint_algorithm or "sha1") if body.thumbprint else None,
                public_configuration=body.public_configuration,
            ),
        )

    def _lease_on(self, service: model.HostedService, namespace: str, kind: str) -> tuple[str, str]:
        key = f"{service.name}/{namespace}/{kind}".lower()
        if holder_of(self.state, "extension", key) is not None:
            raise ConflictError(
                f"Another operation on extension with namespace {namespace}, type {kind} is already in progress."
            )
        return "extension", key

    def list_extensions(self, service_name: str) -> Extensions:
        service = find_service(self.state, service_name)
        return Extensions(items=tuple(_document(service.extensions[key]) for key in sorted(service.extensions)))

    def get_extension(self, service_name: str, extension_id: str) -> Extension:
        return _document(_of_service(find_service(self.state, service_name), extension_id))

    def delete_extension(self, service_name: str, extension_id: str) -> Accepted:
        service = find_service(self.state, service_name)
        found = _of_service(service, extension_id)
        check_unnamed(service, found.id)
        lease = self._lease_on(service, found.provider_namespace, found.type)
        return self.begin(extension_deleted, holds=(lease,), service_name=service.name, extension_id=found.id)


@assumed("the code is recorded for other resources; the text was never seen")
def _of_service(service: model.HostedService, extension_id: str) -> model.ServiceExtension:
    found = service.extensions.get(extension_id.lower())
    if found is None:
        raise ResourceNotFound("The extension was not found.")
    return found


def _document(extension: model.ServiceExtension) -> Extension:
    return Extension(
        provider_name_space=extension.provider_namespace,
        type=extension.type,
        id=extension.id,
        version=extension.version,
        thumbprint=extension.thumbprint,
        thumbprint_algorithm=extension.thumbprint_algorithm,
        public_configuration=extension.public_configuration,
        is_json_extension=False,
        disallow_major_version_upgrade=False,
    )
