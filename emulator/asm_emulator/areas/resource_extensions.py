"""Extensions of virtual machines."""

from __future__ import annotations

from asm_contracts.areas.resource_extensions import ResourceExtension, ResourceExtensionContract, ResourceExtensions
from asm_contracts.evidence import assumed
from asm_emulator import catalogue
from asm_emulator.areas.base import Area


class ResourceExtensionArea(Area, ResourceExtensionContract):
    """Reads the catalogue of extensions."""

    def list_resource_extensions(self) -> ResourceExtensions:
        return ResourceExtensions(
            items=tuple(_document(one, one.listed_version) for one in catalogue.all_resource_extensions())
        )

    @assumed("an extension that does not exist has no versions: no refusal was ever seen")
    def list_resource_extension_versions(self, publisher_name: str, extension_name: str) -> ResourceExtensions:
        found = catalogue.resource_extension_versions(publisher_name, extension_name)
        return ResourceExtensions(items=tuple(_document(one, one.version) for one in found))


def _document(extension: catalogue.ResourceExtension, version: str) -> ResourceExtension:
    return ResourceExtension(
        publisher=extension.publisher,
        name=extension.name,
        version=version,
        label=extension.label,
        description=extension.description,
        public_configuration_schema=extension.public_configuration_schema,
        private_configuration_schema=extension.private_configuration_schema,
        sample_config=extension.sample_config,
        replication_completed=extension.replication_completed,
        eula=extension.eula,
        privacy_uri=extension.privacy_uri,
        homepage_uri=extension.homepage_uri,
        is_json_extension=extension.is_json_extension,
        disallow_major_version_upgrade=extension.disallow_major_version_upgrade,
        supported_os=extension.supported_os,
        company_name=extension.company_name,
        published_date=extension.published_date,
        regions=extension.regions,
    )
