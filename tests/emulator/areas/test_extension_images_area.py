"""Publishing extensions of web and worker roles: registered, replicated, made public, taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.extension_images import (
    ExtensionEndpoints,
    ExtensionInstanceInputEndpoint,
    PublishedExtensionImage,
)
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.service_extensions import AddExtension
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator

Outcome = Callable[[], tuple[str, str | None]]
LINK = "https://packages.blob.core.windows.net/extensions/thing.zip"
THING = PublishedExtensionImage(
    provider_name_space="Contoso.Things", type="Thing", version="1.0", label="a thing", media_link=LINK
)
OTHER = "33333333-3333-3333-3333-333333333333"


@pytest.fixture(autouse=True)
def account(azure: Client, outcome: Outcome) -> None:
    azure.create_storage_account(
        CreateStorageServiceInput(service_name="packages", label="p", description="p", location="West US")
    )
    outcome()


@pytest.fixture
def published(azure: Client, outcome: Outcome) -> None:
    azure.register_extension(THING)
    assert outcome() == ("Succeeded", None)


def test_a_published_version_is_its_publishers_own(azure: Client, emulator: Emulator, outcome: Outcome) -> None:
    azure.register_extension(THING)
    assert azure.list_publisher_extensions().items == ()
    assert outcome() == ("Succeeded", None)
    (found,) = azure.list_publisher_extensions().items
    assert (found.provider_name_space, found.type, found.version) == ("Contoso.Things", "Thing", "1.0")
    assert (found.is_internal_extension, found.replication_completed) == (True, False)
    assert found in azure.list_available_extensions().items
    emulator.advance(timedelta(hours=2))
    assert azure.list_publisher_extensions().items[0].replication_completed
    emulator.add_subscription(OTHER, [certificate("areas")])
    other = emulator.client(OTHER)
    assert other.list_extension_versions("Contoso.Things", "Thing").items == ()
    assert other.list_publisher_extensions().items == ()


@pytest.mark.usefixtures("published")
def test_a_public_version_is_everybodys_and_stays(
    azure: Client, emulator: Emulator, refused: Any, outcome: Outcome
) -> None:
    azure.update_extension(replace(THING, is_internal_extension=False, label="for all"))
    assert outcome() == ("Succeeded", None)
    emulator.add_subscription(OTHER, [certificate("areas")])
    (found,) = emulator.client(OTHER).list_extension_versions("contoso.things", "thing").items
    assert (found.label, found.is_internal_extension) == ("for all", False)
    with refused(BadRequest, "A public extension cannot be unregistered."):
        azure.unregister_extension("Contoso.Things", "Thing", "1.0")
    with refused(BadRequest, "A public extension cannot be made internal."):
        azure.update_extension(replace(THING, is_internal_extension=True))


@pytest.mark.usefixtures("published")
def test_a_version_in_use_is_not_taken_back(azure: Client, refused: Any, outcome: Outcome) -> None:
    azure.create_hosted_service(CreateHostedService(service_name="web", label="web", location="West US"))
    azure.add_extension(
        "web", AddExtension(provider_name_space="Contoso.Things", type="Thing", id="mine", version="1.*")
    )
    assert outcome() == ("Succeeded", None)
    with refused(
        ConflictError,
        "The extension with namespace Contoso.Things, type Thing and version 1.0 is used by the hosted service web.",
    ):
        azure.unregister_extension("contoso.things", "THING", "1.0")
    azure.update_extension(replace(THING, version="1.1"))
    outcome()
    azure.unregister_extension("contoso.things", "THING", "1.0")
    assert outcome() == ("Succeeded", None)
    assert [one.version for one in azure.list_extension_versions("Contoso.Things", "Thing").items] == ["1.1"]


@pytest.mark.usefixtures("published")
def test_a_version_is_registered_once(azure: Client, refused: Any) -> None:
    text = "The extension with namespace {} and type {} already exists. Its new versions are registered by updating it."
    for version in ("1.0", "1.1"):
        with refused(ConflictError, text.format("CONTOSO.things", "Thing")):
            azure.register_extension(replace(THING, provider_name_space="CONTOSO.things", version=version))
    namespace = "Microsoft.Windows.Azure.Extensions"
    with refused(ConflictError, text.format(namespace, "RDP")):
        azure.register_extension(replace(THING, provider_name_space=namespace, type="RDP"))
    with refused(
        ResourceNotFound, f"The extension with namespace {namespace}, type RDP and version 9.0 does not exist."
    ):
        azure.update_extension(replace(THING, provider_name_space=namespace, type="RDP", version="9.0"))


@pytest.mark.usefixtures("published")
def test_a_further_version(azure: Client, refused: Any, outcome: Outcome) -> None:
    with refused(BadRequest, "The media link of the extension must be specified."):
        azure.update_extension(replace(THING, version="2.0", media_link=None))
    azure.update_extension(replace(THING, version="2.0"))
    assert outcome() == ("Succeeded", None)
    azure.update_extension(replace(THING, version="3.0", is_internal_extension=False))
    assert outcome() == ("Succeeded", None)
    found = {one.version: one.is_internal_extension for one in azure.list_publisher_extensions().items}
    assert found == {"1.0": True, "2.0": True, "3.0": False}


def test_there_is_a_most_of_extensions(azure: Client, refused: Any, outcome: Outcome) -> None:
    for number in range(14):
        azure.register_extension(replace(THING, type=f"Thing{number}"))
    outcome()
    azure.register_extension(replace(THING, type="Last"))
    azure.register_extension(replace(THING, type="OneTooMany"))
    text = (
        "The subscription policy limit for resource type 'extension count' was exceeded. The limit for resource type "
        "'extension count' is 15 per subscription, the current count is 15, and the requested increment is 1."
    )
    assert outcome() == ("Failed", text)
    with refused(ForbiddenError, text):
        azure.register_extension(replace(THING, type="OneTooMany"))
    with refused(ForbiddenError, text):
        azure.update_extension(replace(THING, type="Last", version="2.0"))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (replace(THING, provider_name_space=""), "The provider namespace of the extension is invalid."),
        (replace(THING, type="a b"), "The type of the extension is invalid."),
        (replace(THING, version="1.*"), "The extension version 1.* is invalid."),
        (replace(THING, version="1.0.0.0"), "The extension version 1.0.0.0 is invalid."),
        (replace(THING, hosting_resources="Toaster"), "The hosting resources Toaster are invalid."),
        (replace(THING, media_link=None), "The media link of the extension must be specified."),
        (
            replace(THING, media_link="https://example.org/x"),
            "The media link https://example.org/x is not the address of a blob in a storage account.",
        ),
        (
            replace(
                THING,
                endpoints=ExtensionEndpoints(
                    instance_input_endpoints=(
                        ExtensionInstanceInputEndpoint(
                            name="e", protocol="tcp", local_port="80", fixed_port_min=9, fixed_port_max=8
                        ),
                    )
                ),
            ),
            "The range of ports of an instance input endpoint is invalid.",
        ),
    ],
)
def test_what_cannot_be_published(azure: Client, refused: Any, body: PublishedExtensionImage, message: str) -> None:
    with refused(BadRequest, message):
        azure.register_extension(body)


def test_a_version_that_is_not_there(azure: Client, refused: Any) -> None:
    text = "The extension with namespace Contoso.Things, type Thing and version 1.0 does not exist."
    with refused(ResourceNotFound, text):
        azure.update_extension(THING)
    with refused(ResourceNotFound, text):
        azure.unregister_extension("Contoso.Things", "Thing", "1.0")


def test_one_change_at_a_time(azure: Client, outcome: Outcome) -> None:
    azure.register_extension(THING)
    with pytest.raises(ConflictError, match="requires exclusive access"):
        azure.register_extension(THING)
    assert outcome() == ("Succeeded", None)
