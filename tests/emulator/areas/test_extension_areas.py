"""Extensions of virtual machines, and of web and worker roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.certificates import CertificateFile
from asm_contracts.areas.deployments import Extension as Named
from asm_contracts.areas.deployments import ExtensionConfiguration, ExtensionRole
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.service_extensions import AddExtension, Extension
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_emulator import catalogue, model
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator
from asm_emulator.state import Draft

Outcome = Callable[[], tuple[str, str | None]]
WINDOWS = "Microsoft.Windows.Azure.Extensions"


def rdp(**fields: Any) -> AddExtension:
    return AddExtension(**{"provider_name_space": WINDOWS, "type": "RDP", "id": "rdp", "version": "1.*"} | fields)


@pytest.fixture
def service(azure: Client) -> str:
    azure.create_hosted_service(CreateHostedService(service_name="web", label="web", location="West US"))
    return "web"


def test_the_list_names_each_extension_once_in_two_figures(azure: Client) -> None:
    found = azure.list_resource_extensions().items
    assert len({(one.publisher, one.name) for one in found}) == len(found) == len(catalogue.all_resource_extensions())
    assert all(len(one.version.split(".")) == 2 for one in found)
    assert all(one.replication_completed for one in found)


def test_the_versions_of_one_extension_are_given_in_full(azure: Client) -> None:
    listed = azure.list_resource_extensions().items[0]
    found = azure.list_resource_extension_versions(listed.publisher.upper(), listed.name).items
    assert found and {(one.publisher, one.name) for one in found} == {(listed.publisher, listed.name)}
    assert found[-1].version.startswith(listed.version + ".")


def test_an_extension_nobody_knows_has_no_versions(azure: Client) -> None:
    assert azure.list_resource_extension_versions("nobody", "nothing").items == ()
    assert azure.list_extension_versions("nobody", "nothing").items == ()


def test_extensions_of_cloud_services_on_offer(azure: Client) -> None:
    offered = azure.list_available_extensions().items
    assert len({(one.provider_name_space, one.type) for one in offered}) == len(offered)
    newest = next(one for one in offered if one.type == "RDP")
    versions = azure.list_extension_versions(WINDOWS.lower(), "rdp").items
    assert [one.version for one in versions][-1] == newest.version
    assert (newest.provider_name_space, newest.thumbprint_algorithm) == (WINDOWS, "sha1")
    assert azure.list_publisher_extensions().items == ()


def test_an_added_extension_reads_back_without_its_private_configuration(
    azure: Client, emulator: Emulator, service: str, outcome: Outcome
) -> None:
    azure.add_extension(service, rdp(public_configuration=b"<PublicConfig/>", private_configuration=b"geheim"))
    assert azure.list_extensions(service).items == ()
    assert outcome() == ("Succeeded", None)
    found = azure.get_extension("WEB", "RDP")
    assert found == Extension(
        provider_name_space=WINDOWS,
        type="RDP",
        id="rdp",
        version="1.*",
        public_configuration=b"<PublicConfig/>",
        is_json_extension=False,
        disallow_major_version_upgrade=False,
    )
    assert azure.list_extensions(service).items == (found,)
    assert "geheim" not in repr(emulator.engine.state)


def test_an_extension_may_name_a_certificate_of_the_service(
    azure: Client, service: str, outcome: Outcome, refused: Any
) -> None:
    data = certificate("machine")
    with refused(BadRequest, f"The certificate {'0' * 40} is not in the hosted service web."):
        azure.add_extension(service, rdp(thumbprint="0" * 40))
    azure.add_service_certificate(service, CertificateFile(data=data, certificate_format="cer"))
    outcome()
    thumbprint = azure.list_service_certificates(service).items[0].thumbprint
    azure.add_extension(service, rdp(thumbprint=thumbprint, version=None))
    assert outcome() == ("Succeeded", None)
    found = azure.get_extension(service, "rdp")
    assert (found.thumbprint, found.thumbprint_algorithm, found.version) == (thumbprint, "sha1", "*")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (rdp(id=""), "The extension id is invalid."),
        (rdp(id="a b"), "The extension id is invalid."),
        (rdp(version="one"), "The extension version one is invalid."),
        (rdp(version="1.2.3.4"), "The extension version 1.2.3.4 is invalid."),
        (
            rdp(version="9.*"),
            f"The extension with namespace {WINDOWS}, type RDP and version 9.* does not exist.",
        ),
        (
            rdp(provider_name_space=None, version=None),
            "The extension with namespace , type RDP and version * does not exist.",
        ),
        (
            rdp(type="Nothing"),
            f"The extension with namespace {WINDOWS}, type Nothing and version 1.* does not exist.",
        ),
    ],
)
def test_what_cannot_be_added(azure: Client, refused: Any, service: str, body: AddExtension, message: str) -> None:
    with refused(BadRequest, message):
        azure.add_extension(service, body)


def test_one_operation_at_a_time_on_one_extension(azure: Client, service: str, refused: Any, outcome: Outcome) -> None:
    azure.add_extension(service, rdp())
    busy = f"Another operation on extension with namespace {WINDOWS}, type RDP is already in progress."
    with refused(ConflictError, busy):
        azure.add_extension(service, rdp(id="other"))


def test_ids_are_unique_in_a_service(azure: Client, service: str, refused: Any, outcome: Outcome) -> None:
    azure.add_extension(service, rdp())
    outcome()
    with refused(ConflictError, "The hosted service web already has an extension with the id RDP."):
        azure.add_extension(service, rdp(id="RDP"))


def test_absent_services_and_extensions(azure: Client, service: str, refused: Any) -> None:
    for call in (
        lambda: azure.list_extensions("absent"),
        lambda: azure.get_extension("absent", "rdp"),
        lambda: azure.add_extension("absent", rdp()),
        lambda: azure.delete_extension("absent", "rdp"),
    ):
        with refused(ResourceNotFound, "The hosted service does not exist."):
            call()
    with refused(ResourceNotFound, "The extension was not found."):
        azure.get_extension(service, "rdp")
    with refused(ResourceNotFound, "The extension was not found."):
        azure.delete_extension(service, "rdp")


def test_an_extension_goes_unless_a_deployment_names_it(
    azure: Client, emulator: Emulator, service: str, refused: Any, outcome: Outcome
) -> None:
    azure.add_extension(service, rdp())
    outcome()

    def name(configuration: ExtensionConfiguration | None) -> None:
        def change(draft: Draft) -> None:
            own = draft.hosted_services[service]
            made = model.Deployment(
                name="d",
                slot="Production",
                private_id="1",
                label="d",
                status="Running",
                is_package=True,
                configuration=b"",
                created=draft.now,
                modified=draft.now,
                extension_configuration=configuration,
            )
            draft.hosted_services[service] = replace(own, deployments=own.deployments.insert("Production", made))

        emulator.engine.change(emulator.subscription, change)

    in_use = "The extension rdp cannot be deleted: the deployment d uses it."
    name(ExtensionConfiguration(all_roles=(Named(id="RDP"),)))
    with refused(ConflictError, in_use):
        azure.delete_extension(service, "rdp")
    name(ExtensionConfiguration(named_roles=(ExtensionRole(role_name="Web", extensions=(Named(id="rdp"),)),)))
    with refused(ConflictError, in_use):
        azure.delete_extension(service, "rdp")
    name(None)
    azure.delete_extension(service, "rdp")
    assert outcome() == ("Succeeded", None)
    assert azure.list_extensions(service).items == ()
