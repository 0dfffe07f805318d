"""Extensions of virtual machines: what the platform's guest agent can install.

Element order: recorded, with the server's data contract for what no recording shows.
"""

from __future__ import annotations

from asm_contracts.document import Base64, PreciseTime, document, element
from asm_contracts.operation import Contract, operation


@document()
class ResourceExtension:
    """One version of an extension; schemas and the sample are base64 on the wire."""

    publisher: str
    name: str
    version: str
    label: str | None = None
    description: str | None = None
    public_configuration_schema: Base64 | None = None
    private_configuration_schema: Base64 | None = None
    sample_config: Base64 | None = None
    replication_completed: bool | None = None
    eula: str | None = None
    privacy_uri: str | None = None
    homepage_uri: str | None = None
    is_json_extension: bool | None = element(default=None, since="2014-04-01")
    is_internal_extension: bool | None = None
    disallow_major_version_upgrade: bool | None = None
    supported_os: str | None = element(default=None, name="SupportedOS")
    company_name: str | None = None
    published_date: PreciseTime | None = None
    regions: str | None = None


@document()
class ResourceExtensions:
    """Extensions, or versions of one."""

    items: tuple[ResourceExtension, ...] = element(default=(), flat=True)


class ResourceExtensionContract(Contract):
    """Find extensions of virtual machines."""

    @operation("GET", "/services/resourceextensions", since="2013-11-01")
    def list_resource_extensions(self) -> ResourceExtensions:
        """List every extension at its newest version."""

    @operation("GET", "/services/resourceextensions/{publisher_name}/{extension_name}", since="2013-11-01")
    def list_resource_extension_versions(self, publisher_name: str, extension_name: str) -> ResourceExtensions:
        """List every version of one extension."""
