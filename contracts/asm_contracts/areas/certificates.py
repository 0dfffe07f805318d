"""Management certificates, which authenticate callers, and service certificates, which machines use.

Element order: recorded.
"""

from __future__ import annotations

from asm_contracts.document import Base64Bytes, PreciseTime, document, element
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, Created, operation


@document(name="SubscriptionCertificate")
class SubscriptionCertificate:
    """A management certificate: in a request without `created`.

    public_key: an RSA key as PKCS#1
    thumbprint: SHA-1 of the certificate, 40 hex digits
    data:       the certificate (.cer), or what else the caller once posted
    """

    public_key: Base64Bytes | None = element(default=None, name="SubscriptionCertificatePublicKey")
    thumbprint: str | None = element(default=None, name="SubscriptionCertificateThumbprint")
    data: Base64Bytes | None = element(default=None, name="SubscriptionCertificateData")
    created: PreciseTime | None = None


@document()
class SubscriptionCertificates:
    """The management certificates of a subscription."""

    items: tuple[SubscriptionCertificate, ...] = element(default=(), flat=True)


@document()
class CertificateFile:
    """A certificate for a hosted service: with its private key (``pfx``) or without (``cer``)."""

    data: Base64Bytes
    certificate_format: str
    password: str | None = None


@document()
class Certificate:
    """A service certificate; read alone it is `data` only.  The private key is never given back."""

    certificate_url: str | None = None
    thumbprint: str | None = None
    thumbprint_algorithm: str | None = None
    data: Base64Bytes | None = None


@document()
class Certificates:
    """The certificates of a hosted service."""

    items: tuple[Certificate, ...] = element(default=(), flat=True)


class CertificateContract(Contract):
    """Add, read and delete certificates of either kind."""

    @operation("GET", "/certificates", since="2012-03-01")
    def list_management_certificates(self) -> SubscriptionCertificates:
        """List the certificates that authenticate the subscription's callers."""

    @operation("GET", "/certificates/{thumbprint}", since="2012-03-01", errors=(ResourceNotFound,))
    def get_management_certificate(self, thumbprint: str) -> SubscriptionCertificate:
        """Read a management certificate."""

    @operation("POST", "/certificates", since="2012-03-01", errors=(BadRequest, ConflictError, ForbiddenError))
    def add_management_certificate(self, body: SubscriptionCertificate) -> Created:
        """Add a management certificate: from the next request on it authenticates."""

    @operation("DELETE", "/certificates/{thumbprint}", since="2012-03-01", errors=(ResourceNotFound,))
    def delete_management_certificate(self, thumbprint: str) -> None:
        """Delete a management certificate: from the next request on it authenticates nobody."""

    @operation(
        "GET", "/services/hostedservices/{service_name}/certificates", since="2009-10-01", errors=(ResourceNotFound,)
    )
    def list_service_certificates(self, service_name: str) -> Certificates:
        """List the certificates of a hosted service."""

    @operation(
        "GET",
        "/services/hostedservices/{service_name}/certificates/{thumbprint_algorithm}-{thumbprint}",
        since="2009-10-01",
        errors=(ResourceNotFound,),
    )
    def get_service_certificate(self, service_name: str, thumbprint_algorithm: str, thumbprint: str) -> Certificate:
        """Read the public part of a service certificate."""

    @operation(
        "POST",
        "/services/hostedservices/{service_name}/certificates",
        since="2009-10-01",
        errors=(BadRequest, ResourceNotFound),
    )
    def add_service_certificate(self, service_name: str, body: CertificateFile) -> Accepted:
        """Add a certificate to a hosted service; one that it has already is left as it is."""

    @operation(
        "DELETE",
        "/services/hostedservices/{service_name}/certificates/{thumbprint_algorithm}-{thumbprint}",
        since="2009-10-01",
        errors=(ConflictError, ResourceNotFound),
    )
    def delete_service_certificate(self, service_name: str, thumbprint_algorithm: str, thumbprint: str) -> Accepted:
        """Delete a certificate that no deployment of its hosted service uses."""
