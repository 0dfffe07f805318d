"""Extensions of web and worker roles that a subscription can use: the platform's, and those that were published.

A published version is seen by its publisher at once, and by everybody when it has been made public.
"""

from __future__ import annotations

from asm_contracts.areas.service_extensions import ExtensionImage
from asm_contracts.evidence import documented
from asm_emulator import model
from asm_emulator.catalogue import service_extensions as catalogue
from asm_emulator.catalogue.extensions import version_key
from asm_emulator.state import Draft


def published_key(namespace: str, kind: str, version: str) -> str:
    """The key of a published version."""
    return f"{namespace}/{kind}/{version}".lower()


@documented("an internal extension is seen by its publisher alone")
def published_on_offer(draft: Draft) -> list[model.PublishedExtension]:
    """Every published version that the draft's subscription can use."""
    found = list(draft.published_extensions.values())
    for subscription in draft.state.subscriptions.values():
        if subscription.id.lower() != draft.subscription_id and subscription.cloud == draft.subscription.cloud:
            found += [one for one in subscription.published_extensions.values() if not one.image.is_internal_extension]
    return found


def images_on_offer(draft: Draft) -> list[ExtensionImage]:
    """Every version of every extension; those of one extension are neighbours, oldest first."""
    found = [platform_image(one) for one in catalogue.service_extensions()]
    found += [published_image(one) for one in published_on_offer(draft)]
    return sorted(found, key=lambda one: (one.provider_name_space.lower(), one.type.lower(), version_key(one.version)))


def versions_on_offer(draft: Draft, namespace: str, kind: str) -> list[str]:
    """The versions of one extension, oldest first; none if there is no such extension."""
    wanted = (namespace.lower(), kind.lower())
    return [
        one.version for one in images_on_offer(draft) if (one.provider_name_space.lower(), one.type.lower()) == wanted
    ]


def platform_image(extension: catalogue.ServiceExtension) -> ExtensionImage:
    """An extension of the platform's own, as lists have it."""
    return ExtensionImage(
        provider_name_space=extension.provider_namespace,
        type=extension.type,
        version=extension.version,
        label=extension.label,
        description=extension.description,
        hosting_resources=extension.hosting_resources,
        thumbprint_algorithm=extension.thumbprint_algorithm,
        replication_completed=True,
        is_json_extension=extension.is_json_extension,
        supported_os=extension.supported_os,
        company_name=extension.company_name,
    )


def published_image(extension: model.PublishedExtension) -> ExtensionImage:
    """A published version, as lists have it."""
    image = extension.image
    return ExtensionImage(
        provider_name_space=image.provider_name_space,
        type=image.type,
        version=image.version,
        label=image.label,
        description=image.description,
        hosting_resources=image.hosting_resources,
        thumbprint_algorithm=image.certificate.thumbprint_algorithm if image.certificate else None,
        public_configuration_schema=image.public_configuration_schema,
        private_configuration_schema=image.private_configuration_schema,
        block_role_upon_failure=image.block_role_upon_failure,
        sample_config=image.sample_config,
        replication_completed=extension.replicated,
        eula=image.eula,
        privacy_uri=image.privacy_uri,
        homepage_uri=image.homepage_uri,
        is_json_extension=image.is_json_extension,
        is_internal_extension=image.is_internal_extension,
        supported_os=image.supported_os,
        company_name=image.company_name,
        published_date=image.published_date,
    )
