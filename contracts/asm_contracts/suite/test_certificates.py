"""Certificates: those that let callers in, and those that machines use."""

from __future__ import annotations

import pytest

from asm_contracts.areas.certificates import CertificateFile, SubscriptionCertificate
from asm_contracts.evidence import assumed, documented, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.sample_certificate import CER, PASSWORD, PFX, PUBLIC_KEY, THUMBPRINT
from asm_contracts.suite.worlds import make_hosted_service, refused, refused_with, unchanged

GONE = "The certificate was not found."


def add(azure: Azure, names: Names) -> None:
    """Add the sample certificate to the subscription's."""
    names.adopt("certificate", THUMBPRINT)
    azure.add_management_certificate(SubscriptionCertificate(public_key=PUBLIC_KEY, thumbprint=THUMBPRINT, data=CER))


@recorded("add, get, list and delete of the official SDK's tests; Created has fractions of a second")
def test_a_management_certificate_comes_and_goes(azure: Azure, names: Names) -> None:
    add(azure, names)
    found = azure.get_management_certificate(THUMBPRINT)
    assert found.thumbprint == THUMBPRINT
    assert (found.data, found.public_key) == (CER, PUBLIC_KEY)
    assert found.created is not None
    assert THUMBPRINT in [one.thumbprint for one in azure.list_management_certificates().items]
    azure.delete_management_certificate(THUMBPRINT)
    with refused(404, "ResourceNotFound", GONE):
        azure.get_management_certificate(THUMBPRINT)
    assert THUMBPRINT not in [one.thumbprint for one in azure.list_management_certificates().items]


@recorded(GONE)
def test_a_management_certificate_that_never_was(azure: Azure) -> None:
    with refused(404, "ResourceNotFound", GONE):
        azure.get_management_certificate("0" * 40)
    with refused(404, "ResourceNotFound", GONE):
        azure.delete_management_certificate("0" * 40)


@assumed("a certificate that is there already is refused")
def test_adding_a_management_certificate_twice(azure: Azure, names: Names) -> None:
    add(azure, names)
    with unchanged(azure.list_management_certificates), refused(409, "ConflictError"):
        azure.add_management_certificate(
            SubscriptionCertificate(public_key=PUBLIC_KEY, thumbprint=THUMBPRINT, data=CER)
        )


@documented("the thumbprint is the certificate's own")
def test_a_thumbprint_that_is_not_the_certificates(azure: Azure) -> None:
    with unchanged(azure.list_management_certificates), refused(400, "BadRequest"):
        azure.add_management_certificate(SubscriptionCertificate(public_key=PUBLIC_KEY, thumbprint="A" * 40, data=CER))


@assumed("data that is no certificate is refused")
def test_data_that_is_no_certificate(azure: Azure) -> None:
    with unchanged(azure.list_management_certificates), refused(400, "BadRequest"):
        azure.add_management_certificate(
            SubscriptionCertificate(public_key=PUBLIC_KEY, thumbprint="A" * 40, data=b"no certificate")
        )


@recorded("a pfx goes in, the public certificate comes out")
@pytest.mark.parametrize("form", ["pfx", "cer"])
def test_a_service_certificate_comes_and_goes(azure: Azure, names: Names, form: str) -> None:
    service = make_hosted_service(azure, names)
    data, password = (PFX, PASSWORD) if form == "pfx" else (CER, "")
    azure.wait(
        azure.add_service_certificate(service, CertificateFile(data=data, certificate_format=form, password=password))
    )
    assert azure.get_service_certificate(service, "sha1", THUMBPRINT).data == CER
    (listed,) = azure.list_service_certificates(service).items
    assert (listed.thumbprint, listed.thumbprint_algorithm, listed.data) == (THUMBPRINT, "sha1", CER)
    assert (listed.certificate_url or "").endswith(f"/services/hostedservices/{service}/certificates/sha1-{THUMBPRINT}")
    azure.wait(azure.delete_service_certificate(service, "sha1", THUMBPRINT))
    with refused(404, "ResourceNotFound", GONE):
        azure.get_service_certificate(service, "sha1", THUMBPRINT)
    assert azure.list_service_certificates(service).items == ()


@assumed("a wrong password, or data that is no certificate, is refused at once")
@pytest.mark.parametrize(
    ("data", "form", "password"),
    [(PFX, "pfx", "wrong"), (b"no certificate", "pfx", PASSWORD), (b"no certificate", "cer", ""), (PFX, "zip", "x")],
    ids=["password", "pfx", "cer", "format"],
)
def test_a_wrong_service_certificate_is_refused(
    azure: Azure, names: Names, data: bytes, form: str, password: str
) -> None:
    service = make_hosted_service(azure, names)
    with refused_with(400):
        azure.add_service_certificate(service, CertificateFile(data=data, certificate_format=form, password=password))
    assert azure.list_service_certificates(service).items == ()


@recorded("texts of 404 answers")
def test_service_certificates_of_what_does_not_exist(azure: Azure, names: Names) -> None:
    service, nobody = make_hosted_service(azure, names), names.free()
    with refused(404, "ResourceNotFound", GONE):
        azure.get_service_certificate(service, "sha1", "0" * 40)
    with refused(404, "ResourceNotFound", GONE):
        azure.delete_service_certificate(service, "sha1", "0" * 40)
    with refused(404, "ResourceNotFound", "The hosted service does not exist."):
        azure.list_service_certificates(nobody)
    with refused(404, "ResourceNotFound", "The hosted service does not exist."):
        azure.add_service_certificate(nobody, CertificateFile(data=CER, certificate_format="cer", password=""))


@documented("a service's certificates go with it")
def test_certificates_go_with_their_service(azure: Azure, names: Names) -> None:
    service = make_hosted_service(azure, names)
    azure.wait(azure.add_service_certificate(service, CertificateFile(data=CER, certificate_format="cer", password="")))
    azure.delete_hosted_service(service)
    with refused(404, "ResourceNotFound"):
        azure.get_service_certificate(service, "sha1", THUMBPRINT)
