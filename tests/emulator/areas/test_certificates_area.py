"""Management certificates and service certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from asm_client import Client, WSGITransport
from asm_contracts.areas.certificates import CertificateFile, SubscriptionCertificate
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.roles import NetworkConfigurationSet, OSVirtualHardDisk
from asm_emulator import model
from asm_emulator.certificate_files import MOST_ITERATIONS, UnreadableCertificate, check_iterations
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator
from asm_emulator.state import Draft

KeyPair = tuple[rsa.RSAPrivateKey, x509.Certificate]
Outcome = Callable[[], tuple[str, str | None]]

NOT_FOUND = "The certificate was not found."
UNREADABLE = "The specified certificate data is invalid."
WRONG = "The specified certificate data or password is invalid."


def der(pair: KeyPair) -> bytes:
    return pair[1].public_bytes(Encoding.DER)


def thumb(data: bytes) -> str:
    return x509.load_der_x509_certificate(data).fingerprint(hashes.SHA1()).hex().upper()


def pfx(pair: KeyPair, password: str | None) -> bytes:
    protection: KeySerializationEncryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"machine", pair[0], pair[1], None, protection)


@pytest.fixture
def service(azure: Client) -> str:
    azure.create_hosted_service(CreateHostedService(service_name="web", label="web", location="West US"))
    return "web"


# -- management certificates ------------------------------------------------------------------------------------------


def test_a_management_certificate_reads_as_it_was_added(azure: Client, emulator: Emulator, key_pair: KeyPair) -> None:
    key = key_pair[0].public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
    data = der(key_pair)
    created = azure.add_management_certificate(
        SubscriptionCertificate(public_key=key, thumbprint=thumb(data).lower(), data=data)
    )
    assert created.location == (
        f"https://management.core.windows.net/subscriptions/{emulator.subscription}/certificates/{thumb(data)}"
    )
    found = azure.get_management_certificate(thumb(data).lower())
    assert found == SubscriptionCertificate(
        public_key=key, thumbprint=thumb(data), data=data, created=emulator.engine.clock.now()
    )
    listed = azure.list_management_certificates().items
    assert sorted(one.thumbprint or "" for one in listed) == sorted([thumb(data), thumb(certificate("areas"))])


def test_the_thumbprint_is_computed_where_none_is_given(azure: Client, key_pair: KeyPair) -> None:
    azure.add_management_certificate(SubscriptionCertificate(data=der(key_pair)))
    found = azure.get_management_certificate(thumb(der(key_pair)))
    assert found.public_key == key_pair[0].public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)


def test_a_certificate_works_from_the_next_request_on_until_it_is_deleted(azure: Client, emulator: Emulator) -> None:
    data = certificate("second")
    second = Client(WSGITransport(emulator.app.wsgi_app, data), emulator.subscription)
    with pytest.raises(ForbiddenError):
        second.list_locations()
    azure.add_management_certificate(SubscriptionCertificate(data=data))
    assert second.list_locations().items
    second.delete_management_certificate(thumb(certificate("areas")))
    with pytest.raises(ForbiddenError):
        azure.list_locations()
    second.delete_management_certificate(thumb(data))
    with pytest.raises(ForbiddenError):
        second.list_locations()


def test_data_may_be_an_open_pkcs12_and_stays_what_was_posted(azure: Client, key_pair: KeyPair) -> None:
    data = pfx(key_pair, None)
    azure.add_management_certificate(SubscriptionCertificate(thumbprint=thumb(der(key_pair)), data=data))
    assert azure.get_management_certificate(thumb(der(key_pair))).data == data


def test_a_key_that_is_no_rsa_key_serves_too(azure: Client) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "curve")])
    own = azure.get_management_certificate(thumb(certificate("areas")))
    assert own.data is not None
    life = x509.load_der_x509_certificate(own.data)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 7)
        .not_valid_before(life.not_valid_before_utc)
        .not_valid_after(life.not_valid_after_utc)
        .sign(key, hashes.SHA256())
    )
    data = made.public_bytes(Encoding.DER)
    azure.add_management_certificate(SubscriptionCertificate(data=data))
    assert azure.get_management_certificate(thumb(data)).data == data


def test_what_is_no_management_certificate(azure: Client, refused: Any, key_pair: KeyPair) -> None:
    for data in (None, b"", b"no certificate", der(key_pair)[:-1], b"\x30\x80" * 5000, pfx(key_pair, "locked")):
        with refused(BadRequest, UNREADABLE):
            azure.add_management_certificate(SubscriptionCertificate(data=data))
    with refused(BadRequest, "The certificate thumbprint does not match the certificate data."):
        azure.add_management_certificate(SubscriptionCertificate(thumbprint="0" * 40, data=der(key_pair)))


def test_a_management_certificate_is_added_once(azure: Client, refused: Any) -> None:
    data = certificate("areas")
    with refused(ConflictError, f"The certificate {thumb(data)} has already been added to the subscription."):
        azure.add_management_certificate(SubscriptionCertificate(data=data))


def test_there_is_a_most_of_management_certificates(key_pair: KeyPair) -> None:
    emulator = Emulator(
        certificates=[certificate("areas")], quotas=model.Quotas(management_certificates=1), pace="manual"
    )
    azure = Client(WSGITransport(emulator.app.wsgi_app, certificate("areas")), emulator.subscription)
    with pytest.raises(ForbiddenError, match="'management certificate count' is 1 per subscription"):
        azure.add_management_certificate(SubscriptionCertificate(data=der(key_pair)))
    assert len(azure.list_management_certificates().items) == 1


def test_an_absent_management_certificate(azure: Client, refused: Any) -> None:
    with refused(ResourceNotFound, NOT_FOUND):
        azure.get_management_certificate("0" * 40)
    with refused(ResourceNotFound, NOT_FOUND):
        azure.delete_management_certificate("0" * 40)


# -- service certificates ---------------------------------------------------------------------------------------------


def test_of_a_pfx_only_the_certificate_is_kept(
    azure: Client, emulator: Emulator, service: str, key_pair: KeyPair, outcome: Outcome
) -> None:
    azure.add_service_certificate(
        service, CertificateFile(data=pfx(key_pair, "geheim"), certificate_format="pfx", password="geheim")
    )
    assert azure.list_service_certificates(service).items == ()
    assert outcome() == ("Succeeded", None)
    found = azure.list_service_certificates(service).items[0]
    name = f"sha1-{thumb(der(key_pair))}"
    assert (found.thumbprint, found.thumbprint_algorithm, found.data) == (thumb(der(key_pair)), "sha1", der(key_pair))
    assert found.certificate_url == (
        f"https://management.core.windows.net/{emulator.subscription}/services/hostedservices/web/certificates/{name}"
    )
    alone = azure.get_service_certificate(service, "sha1", thumb(der(key_pair)).lower())
    assert (alone.data, alone.thumbprint, alone.certificate_url) == (der(key_pair), None, None)
    kept = repr(emulator.engine.state)
    assert "geheim" not in kept and repr(pfx(key_pair, None))[2:40] not in kept


@pytest.mark.parametrize("form", ["cer", "CER"])
def test_a_cer_is_der_or_pem(azure: Client, service: str, key_pair: KeyPair, outcome: Outcome, form: str) -> None:
    data = key_pair[1].public_bytes(Encoding.DER if form == "cer" else Encoding.PEM)
    azure.add_service_certificate(service, CertificateFile(data=data, certificate_format=form, password=""))
    assert outcome() == ("Succeeded", None)
    assert azure.get_service_certificate(service, "sha1", thumb(der(key_pair))).data == der(key_pair)


def test_adding_a_certificate_again_changes_nothing(
    azure: Client, service: str, key_pair: KeyPair, outcome: Outcome
) -> None:
    for _ in range(2):
        azure.add_service_certificate(service, CertificateFile(data=der(key_pair), certificate_format="cer"))
        assert outcome() == ("Succeeded", None)
    assert len(azure.list_service_certificates(service).items) == 1


def test_a_pfx_without_a_password(azure: Client, service: str, key_pair: KeyPair, outcome: Outcome) -> None:
    azure.add_service_certificate(
        service, CertificateFile(data=pfx(key_pair, None), certificate_format="pfx", password="")
    )
    assert outcome() == ("Succeeded", None)


def test_a_bare_certificate_may_be_called_a_pfx(
    azure: Client, service: str, key_pair: KeyPair, outcome: Outcome
) -> None:
    """The published command line uploads the certificates of SSH keys so."""
    azure.add_service_certificate(service, CertificateFile(data=der(key_pair), certificate_format="pfx", password=""))
    assert outcome() == ("Succeeded", None)
    assert [one.data for one in azure.list_service_certificates(service).items] == [der(key_pair)]


def test_what_is_no_service_certificate(azure: Client, refused: Any, service: str, key_pair: KeyPair) -> None:
    locked = pfx(key_pair, "geheim")
    for data, password in (
        (locked, "other"),
        (locked, None),
        (b"junk", ""),
        (locked[:-9], "geheim"),
    ):
        with refused(BadRequest, WRONG):
            azure.add_service_certificate(
                service, CertificateFile(data=data, certificate_format="pfx", password=password)
            )
    with refused(BadRequest, UNREADABLE):
        azure.add_service_certificate(service, CertificateFile(data=locked, certificate_format="cer"))
    with refused(BadRequest, "The certificate format pem is not supported."):
        azure.add_service_certificate(service, CertificateFile(data=locked, certificate_format="pem"))


def test_a_pfx_that_wants_endless_work_is_refused_unread(
    azure: Client, refused: Any, service: str, key_pair: KeyPair
) -> None:
    protection = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(2049)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .build(b"geheim")
    )
    data = pkcs12.serialize_key_and_certificates(b"machine", *key_pair, None, protection)
    rounds = b"\x02\x02" + (2049).to_bytes(2, "big")
    assert rounds in data
    azure.add_service_certificate(service, CertificateFile(data=data, certificate_format="pfx", password="geheim"))
    # As many rounds as a number of the same length can say are fine; what no machine finishes is not.
    check_iterations(data.replace(rounds, b"\x02\x02\x7f\xff"))
    endless = pkcs12_of_rounds(2**31 - 1)
    with pytest.raises(UnreadableCertificate, match="too many rounds"):
        check_iterations(endless)
    with refused(BadRequest, WRONG):
        azure.add_service_certificate(
            service, CertificateFile(data=endless, certificate_format="pfx", password="geheim")
        )


def test_rounds_are_found_whatever_form_the_file_has() -> None:
    for form in (pkcs12_of_rounds, pkcs12_in_pieces, pkcs12_of_indefinite_length):
        check_iterations(form(MOST_ITERATIONS))
        with pytest.raises(UnreadableCertificate, match="too many rounds"):
            check_iterations(form(MOST_ITERATIONS + 1))


def value(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return bytes([tag, 0x82]) + len(content).to_bytes(2, "big") + content


def key_derivation(rounds: int) -> bytes:
    """Salt and rounds, as the parameters of every cipher and the MAC have them."""
    return value(0x30, value(0x04, b"saltsalt"), value(0x02, rounds.to_bytes(5, "big")))


def pkcs12_of_rounds(rounds: int) -> bytes:
    contents = value(0x04, value(0x30, value(0x30, key_derivation(rounds))))
    return value(0x30, value(0x02, b"\x03"), value(0x30, value(0xA0, contents)))


def pkcs12_in_pieces(rounds: int) -> bytes:
    contents = value(0x30, value(0x30, key_derivation(rounds)))
    pieces = value(0x24, value(0x04, contents[:9]), value(0x04, contents[9:]))
    return value(0x30, value(0x02, b"\x03"), value(0x30, value(0xA0, pieces)))


def pkcs12_of_indefinite_length(rounds: int) -> bytes:
    contents = value(0x04, value(0x30, value(0x30, key_derivation(rounds))))
    return b"\x30\x80" + value(0x02, b"\x03") + b"\x30\x80" + value(0xA0, contents) + b"\0\0\0\0"


def test_a_certificate_of_an_absent_service_or_thumbprint(azure: Client, refused: Any, service: str) -> None:
    absent = "The hosted service does not exist."
    with refused(ResourceNotFound, absent):
        azure.list_service_certificates("absent")
    with refused(ResourceNotFound, absent):
        azure.get_service_certificate("absent", "sha1", "0" * 40)
    with refused(ResourceNotFound, absent):
        azure.delete_service_certificate("absent", "sha1", "0" * 40)
    with refused(ResourceNotFound, absent):
        azure.add_service_certificate("absent", CertificateFile(data=certificate("x"), certificate_format="cer"))
    with refused(ResourceNotFound, NOT_FOUND):
        azure.get_service_certificate(service, "sha1", "0" * 40)
    with refused(ResourceNotFound, NOT_FOUND):
        azure.delete_service_certificate(service, "sha1", "0" * 40)


def test_a_deleted_certificate_is_gone_at_the_end(
    azure: Client, refused: Any, service: str, key_pair: KeyPair, outcome: Outcome
) -> None:
    azure.add_service_certificate(service, CertificateFile(data=der(key_pair), certificate_format="cer"))
    outcome()
    with refused(ResourceNotFound, NOT_FOUND):
        azure.get_service_certificate(service, "md5", thumb(der(key_pair)))
    azure.delete_service_certificate(service, "SHA1", thumb(der(key_pair)).lower())
    assert len(azure.list_service_certificates(service).items) == 1
    assert outcome() == ("Succeeded", None)
    with refused(ResourceNotFound, NOT_FOUND):
        azure.get_service_certificate(service, "sha1", thumb(der(key_pair)))


def test_adding_fails_in_the_end_when_the_service_has_gone(
    azure: Client, service: str, key_pair: KeyPair, outcome: Outcome, emulator: Emulator
) -> None:
    azure.add_service_certificate(service, CertificateFile(data=der(key_pair), certificate_format="cer"))
    request_id = azure.last_request_id
    azure.delete_hosted_service(service)
    emulator.advance(timedelta(minutes=1))
    ended = azure.get_operation_status(request_id)
    assert ended.error is not None
    assert (ended.status, ended.http_status_code, ended.error.message) == (
        "Failed",
        404,
        "The hosted service does not exist.",
    )


def deployment(draft: Draft, **fields: Any) -> model.Deployment:
    return model.Deployment(
        **{
            "name": "d",
            "slot": "Production",
            "private_id": "1",
            "label": "d",
            "status": "Running",
            "is_package": False,
            "created": draft.now,
            "modified": draft.now,
        }
        | fields
    )


@pytest.mark.parametrize("user", ["machine", "win_rm", "package", "extension"])
def test_a_certificate_in_use_stays(
    azure: Client, emulator: Emulator, refused: Any, service: str, key_pair: KeyPair, outcome: Outcome, user: str
) -> None:
    azure.add_service_certificate(service, CertificateFile(data=der(key_pair), certificate_format="cer"))
    outcome()
    thumbprint = thumb(der(key_pair))

    def use(draft: Draft) -> None:
        own = draft.hosted_services[service]
        if user == "extension":
            extension = model.ServiceExtension(
                id="rdp", provider_namespace="p", type="t", version="*", thumbprint=thumbprint.lower()
            )
            draft.hosted_services[service] = replace(own, extensions=own.extensions.insert("rdp", extension))
            return
        if user == "package":
            text = f'<Certificate name="c" thumbprint="{thumbprint.lower()}" />'
            made = deployment(draft, is_package=True, configuration=text.encode())
        else:
            machine = model.MachineRole(
                name="vm",
                size="Small",
                os="Windows",
                os_disk=OSVirtualHardDisk(),
                network=NetworkConfigurationSet(),
                certificates=(thumbprint,) if user == "machine" else (),
                win_rm_thumbprint=thumbprint if user == "win_rm" else None,
            )
            made = deployment(draft, machines=(machine,))
        draft.hosted_services[service] = replace(own, deployments=own.deployments.insert("Production", made))

    emulator.engine.change(emulator.subscription, use)
    who = {
        "machine": "the role vm of the deployment d",
        "win_rm": "the role vm of the deployment d",
        "package": "the deployment d",
        "extension": "the extension rdp",
    }[user]
    with refused(ConflictError, f"The certificate {thumbprint} cannot be deleted: {who} uses it."):
        azure.delete_service_certificate(service, "sha1", thumbprint)
    assert azure.get_service_certificate(service, "sha1", thumbprint).data == der(key_pair)


def test_a_deletion_fails_in_the_end_when_the_certificate_has_come_into_use(
    azure: Client, emulator: Emulator, service: str, key_pair: KeyPair, outcome: Outcome
) -> None:
    azure.add_service_certificate(service, CertificateFile(data=der(key_pair), certificate_format="cer"))
    outcome()
    azure.delete_service_certificate(service, "sha1", thumb(der(key_pair)))

    def use(draft: Draft) -> None:
        own = draft.hosted_services[service]
        extension = model.ServiceExtension(
            id="rdp", provider_namespace="p", type="t", version="*", thumbprint=thumb(der(key_pair))
        )
        draft.hosted_services[service] = replace(own, extensions=own.extensions.insert("rdp", extension))

    emulator.engine.change(emulator.subscription, use)
    status, message = outcome()
    assert status == "Failed" and message is not None and "the extension rdp uses it" in message
    assert len(azure.list_service_certificates(service).items) == 1
