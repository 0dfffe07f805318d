"""Management certificates and service certificates."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from asm_contracts.areas.certificates import (
    Certificate,
    CertificateContract,
    CertificateFile,
    Certificates,
    SubscriptionCertificate,
    SubscriptionCertificates,
)
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed
from asm_contracts.operation import Accepted, Created
from asm_emulator import model
from asm_emulator.areas.base import Area
from asm_emulator.areas.hosted_services import MANAGEMENT, service_url
from asm_emulator.certificate_files import UnreadableCertificate, looks_like_pfx, read_cer, read_pfx, thumbprint
from asm_emulator.deployed import find_service
from asm_emulator.engine import effect
from asm_emulator.enrolment import management_certificate
from asm_emulator.quotas import check_quota
from asm_emulator.state import Draft

ALGORITHM: Final = "sha1"
UNREADABLE: Final = "The specified certificate data is invalid."
NOT_FOUND: Final = "The certificate was not found."


def add_certificate(draft: Draft, service_name: str, certificate: bytes) -> str:
    """Put a certificate (DER) into a hosted service and return its thumbprint; nothing changes if it is there already.

    Raises ResourceNotFound if the service is gone.
    """
    service = find_service(draft, service_name)
    found = model.ServiceCertificate(thumbprint=thumbprint(certificate), data=certificate)
    draft.hosted_services[service.name] = replace(
        service, certificates=service.certificates.insert(found.thumbprint.lower(), found)
    )
    return found.thumbprint


def certificate_user(service: model.HostedService, sought: str) -> str | None:
    """What of a hosted service uses a certificate, in words; None if nothing does.

    Machines name certificates in their configuration, packages in their .cscfg, extensions for their secrets.
    """
    wanted = sought.lower()
    for deployment in service.deployments.values():
        for machine in deployment.machines:
            named = {one.lower() for one in (*machine.certificates, machine.win_rm_thumbprint or "")}
            if wanted in named:
                return f"the role {machine.name} of the deployment {deployment.name}"
        if deployment.is_package and wanted.encode() in (deployment.configuration or b"").lower():
            return f"the deployment {deployment.name}"
    for extension in service.extensions.values():
        if (extension.thumbprint or "").lower() == wanted:
            return f"the extension {extension.id}"
    return None


@effect
def certificate_added(draft: Draft, service_name: str, certificate: bytes) -> None:
    """The end of adding a certificate to a hosted service; the operation fails if the service has gone meanwhile."""
    add_certificate(draft, service_name, certificate)


@effect
def certificate_deleted(draft: Draft, service_name: str, sought: str) -> None:
    """The end of deleting a certificate; the operation fails if something has come to use it meanwhile."""
    service = draft.hosted_services.get(service_name)
    if service is None:
        return
    check_unused(service, sought)
    draft.hosted_services[service.name] = replace(service, certificates=service.certificates.discard(sought.lower()))


@assumed("that a certificate in use cannot be deleted is inferred; the refusal's status and text were never seen")
def check_unused(service: model.HostedService, sought: str) -> None:
    """ConflictError if something of the hosted service uses the certificate."""
    user = certificate_user(service, sought)
    if user is not None:
        raise ConflictError(f"The certificate {sought.upper()} cannot be deleted: {user} uses it.")


class CertificateArea(Area, CertificateContract):
    """Adds, reads and deletes certificates."""

    # -- management certificates ----------------------------------------------------------------------------------

    def list_management_certificates(self) -> SubscriptionCertificates:
        found = sorted(self.state.certificates.values(), key=lambda one: (one.created, one.thumbprint))
        return SubscriptionCertificates(items=tuple(_management_document(one) for one in found))

    def get_management_certificate(self, thumbprint: str) -> SubscriptionCertificate:
        return _management_document(self._management(thumbprint))

    def _management(self, sought: str) -> model.ManagementCertificate:
        found = self.state.certificates.get(sought)
        if found is None:
            raise ResourceNotFound(NOT_FOUND)
        return found

    @assumed(
        "that the data may be a PKCS#12 is recorded; the refusals, and that one which needs a password is refused, "
        "are not: its thumbprint could only be believed"
    )
    def add_management_certificate(self, body: SubscriptionCertificate) -> Created:
        data = body.data or b""
        try:
            der = read_pfx(data, None) if looks_like_pfx(data) else read_cer(data)
            found = management_certificate(der, self.now)
        except ValueError:
            raise BadRequest(UNREADABLE) from None
        stated = (body.thumbprint or "").strip()
        if stated and stated.upper() != found.thumbprint:
            raise BadRequest("The certificate thumbprint does not match the certificate data.")
        if found.thumbprint in self.state.certificates:
            raise ConflictError(f"The certificate {found.thumbprint} has already been added to the subscription.")
        check_quota(
            "management certificate count",
            self.state.subscription.quotas.management_certificates,
            len(self.state.certificates),
        )
        self.state.certificates[found.thumbprint] = replace(found, data=data)
        return Created(f"{MANAGEMENT}/subscriptions/{self.state.subscription_id}/certificates/{found.thumbprint}")

    @assumed("the certificate in use may be deleted too")
    def delete_management_certificate(self, thumbprint: str) -> None:
        del self.state.certificates[self._management(thumbprint).thumbprint]

    # -- service certificates -------------------------------------------------------------------------------------

    def list_service_certificates(self, service_name: str) -> Certificates:
        service = find_service(self.state, service_name)
        address = f"{service_url(self.state, service.name)}/certificates"
        return Certificates(
            items=tuple(
                Certificate(
                    certificate_url=f"{address}/{ALGORITHM}-{one.thumbprint}",
                    thumbprint=one.thumbprint,
                    thumbprint_algorithm=ALGORITHM,
                    data=one.data,
                )
                for one in sorted(service.certificates.values(), key=lambda one: one.thumbprint)
            )
        )

    def get_service_certificate(self, service_name: str, thumbprint_algorithm: str, thumbprint: str) -> Certificate:
        service = find_service(self.state, service_name)
        return Certificate(data=_of_service(service, thumbprint_algorithm, thumbprint).data)

    @assumed("bad data or a wrong password is refused at once: checking them needs nothing but the request")
    def add_service_certificate(self, service_name: str, body: CertificateFile) -> Accepted:
        service = find_service(self.state, service_name)
        form = body.certificate_format.strip().lower()
        try:
            if form == "pfx":
                # azure-cli uploads an SSH certificate as it is, PEM, under this name.
                certificate = read_pfx(body.data, body.password) if looks_like_pfx(body.data) else read_cer(body.data)
            elif form == "cer":
                certificate = read_cer(body.data)
            else:
                raise BadRequest(f"The certificate format {body.certificate_format} is not supported.")
        except UnreadableCertificate:
            raise BadRequest(
                "The specified certificate data or password is invalid." if form == "pfx" else UNREADABLE
            ) from None
        return self.begin(certificate_added, service_name=service.name, certificate=certificate)

    def delete_service_certificate(self, service_name: str, thumbprint_algorithm: str, thumbprint: str) -> Accepted:
        service = find_service(self.state, service_name)
        found = _of_service(service, thumbprint_algorithm, thumbprint)
        check_unused(service, found.thumbprint)
        return self.begin(certificate_deleted, service_name=service.name, sought=found.thumbprint)


def _management_document(found: model.ManagementCertificate) -> SubscriptionCertificate:
    return SubscriptionCertificate(
        public_key=found.public_key, thumbprint=found.thumbprint, data=found.data, created=found.created
    )


def _of_service(service: model.HostedService, algorithm: str, sought: str) -> model.ServiceCertificate:
    found = service.certificates.get(sought.lower())
    if found is None or algorithm.lower() != ALGORITHM:
        raise ResourceNotFound(NOT_FOUND)
    return found
