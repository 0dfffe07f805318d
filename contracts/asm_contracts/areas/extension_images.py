"""Publishing extensions of web and worker roles: what a publisher registers, changes and takes back.

Element order: the server's data contract, which is also the order the Node client sends.
"""

from __future__ import annotations

from asm_contracts.document import Base64, PreciseTime, document, element
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, operation


@document(name="Certificate")
class ExtensionCertificate:
    """Which certificate an extension is to be given."""

    store_location: str
    store_name: str | None = None
    thumbprint_required: bool | None = None
    thumbprint_algorithm: str | None = None


@document(name="InputEndpoint")
class ExtensionInputEndpoint:
    """An endpoint that the extension is reached at from outside."""

    name: str
    protocol: str
    port: int
    local_port: str


@document(name="InternalEndpoint")
class ExtensionInternalEndpoint:
    """An endpoint that the extension is reached at from other roles."""

    name: str
    protocol: str
    port: int


@document(name="InstanceInputEndpoint")
class ExtensionInstanceInputEndpoint:
    """An endpoint of each instance, at a port of a range."""

    name: str
    protocol: str
    local_port: str
    fixed_port_min: int
    fixed_port_max: int


@document(name="Endpoints")
class ExtensionEndpoints:
    """The endpoints that an extension opens."""

    input_endpoints: tuple[ExtensionInputEndpoint, ...] | None = None
    internal_endpoints: tuple[ExtensionInternalEndpoint, ...] | None = None
    instance_input_endpoints: tuple[ExtensionInstanceInputEndpoint, ...] | None = None


@document(name="LocalResource")
class ExtensionLocalResource:
    """Space on an instance's disk that an extension needs."""

    name: str
    size_in_mb: int | None = element(default=None, name="SizeInMB")


@document(name="ExtensionImage")
class PublishedExtensionImage:
    """A version of an extension, as its publisher describes it; the package lies in a blob of the publisher's."""

    provider_name_space: str
    type: str
    version: str
    label: str | None = None
    hosting_resources: str | None = None
    media_link: str | None = None
    certificate: ExtensionCertificate | None = None
    endpoints: ExtensionEndpoints | None = None
    public_configuration_schema: Base64 | None = None
    private_configuration_schema: Base64 | None = None
    description: str | None = None
    publisher_name: str | None = None
    published_date: PreciseTime | None = None
    local_resources: tuple[ExtensionLocalResource, ...] | None = None
    block_role_upon_failure: bool | None = None
    is_internal_extension: bool | None = None
    sample_config: Base64 | None = None
    replication_completed: bool | None = None
    eula: str | None = None
    privacy_uri: str | None = None
    homepage_uri: str | None = None
    is_json_extension: bool | None = None
    disallow_major_version_upgrade: bool | None = None
    supported_os: str | None = element(default=None, name="SupportedOS")
    company_name: str | None = None
    regions: str | None = None


class ExtensionImageContract(Contract):
    """Publish extensions of web and worker roles."""

    @operation("POST", "/services/extensions", since="2013-03-01", errors=(BadRequest, ConflictError))
    def register_extension(self, body: PublishedExtensionImage) -> Accepted:
        """Publish a version of an extension; it is the subscription's own until it is made public."""

    @operation("PUT", "/services/extensions?action=update", since="2013-03-01", errors=(BadRequest, ResourceNotFound))
    def update_extension(self, body: PublishedExtensionImage) -> Accepted:
        """Change a published version, or make it public: ``IsInternalExtension`` false."""

    @operation(
        "DELETE",
        "/services/extensions/{provider_namespace}/{extension_type}/{version}",
        since="2013-03-01",
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def unregister_extension(self, provider_namespace: str, extension_type: str, version: str) -> Accepted:
        """Take back a version that is the subscription's own and that no hosted service has."""
