"""Extensions of web and worker roles: those on offer, and those added to a hosted service.

Element order: the server's data contracts; no traffic was recorded.
"""

from __future__ import annotations

from asm_contracts.document import Base64, Base64Bytes, PreciseTime, document, element
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, operation


@document()
class ExtensionImage:
    """One version of an extension on offer."""

    provider_name_space: str
    type: str
    version: str
    label: str | None = None
    description: str | None = None
    hosting_resources: str | None = None
    thumbprint_algorithm: str | None = None
    public_configuration_schema: Base64 | None = None
    private_configuration_schema: Base64 | None = None
    block_role_upon_failure: bool | None = None
    sample_config: Base64 | None = None
    replication_completed: bool | None = None
    eula: str | None = None
    privacy_uri: str | None = None
    homepage_uri: str | None = None
    is_json_extension: bool | None = None
    is_internal_extension: bool | None = None
    supported_os: str | None = element(default=None, name="SupportedOS")
    company_name: str | None = None
    published_date: PreciseTime | None = None


@document()
class ExtensionImages:
    """Extensions, or versions of one."""

    items: tuple[ExtensionImage, ...] = element(default=(), flat=True)


@document(name="Extension")
class AddExtension:
    """An extension to add; its `id` is what a deployment's configuration names."""

    provider_name_space: str | None = None
    type: str
    id: str
    thumbprint: str | None = None
    thumbprint_algorithm: str | None = None
    public_configuration: Base64Bytes | None = None
    private_configuration: Base64Bytes | None = None
    version: str | None = None


@document(name="Extension")
class Extension:
    """An extension of a hosted service; its private configuration is never given back."""

    provider_name_space: str | None = None
    type: str | None = None
    id: str | None = None
    version: str | None = None
    thumbprint: str | None = None
    thumbprint_algorithm: str | None = None
    public_configuration: Base64Bytes | None = None
    is_json_extension: bool | None = element(default=None, since="2014-04-01")
    disallow_major_version_upgrade: bool | None = None


@document()
class Extensions:
    """The extensions of a hosted service."""

    items: tuple[Extension, ...] = element(default=(), flat=True)


class ServiceExtensionContract(Contract):
    """Find extensions of web and worker roles, and give them to hosted services."""

    @operation("GET", "/services/extensions", since="2013-03-01")
    def list_available_extensions(self) -> ExtensionImages:
        """List every extension at its newest version."""

    @operation("GET", "/services/extensions/{provider_namespace}/{extension_type}", since="2013-03-01")
    def list_extension_versions(self, provider_namespace: str, extension_type: str) -> ExtensionImages:
        """List every version of one extension."""

    @operation("GET", "/services/publisherextensions", since="2013-03-01")
    def list_publisher_extensions(self) -> ExtensionImages:
        """List the extensions that the subscription itself has published."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/extensions",
        since="2013-03-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def add_extension(self, service_name: str, body: AddExtension) -> Accepted:
        """Add an extension to a hosted service, for its deployments to name."""

    @operation(
        "GET", "/services/hostedservices/{service_name}/extensions", since="2013-03-01", errors=(ResourceNotFound,)
    )
    def list_extensions(self, service_name: str) -> Extensions:
        """List the extensions of a hosted service."""

    @operation(
        "GET",
        "/services/hostedservices/{service_name}/extensions/{extension_id}",
        since="2013-03-01",
        errors=(ResourceNotFound,),
    )
    def get_extension(self, service_name: str, extension_id: str) -> Extension:
        """Read an extension of a hosted service."""

    @operation(
        "DELETE",
        "/services/hostedservices/{service_name}/extensions/{extension_id}",
        since="2013-03-01",
        errors=(ConflictError, ResourceNotFound),
    )
    def delete_extension(self, service_name: str, extension_id: str) -> Accepted:
        """Take an extension from a hosted service whose deployments do not name it."""
