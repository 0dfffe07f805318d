"""The client and the emulator together: in one process on a clock that is moved by waiting, and over mutual TLS."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from asm_client import Client, OperationTimedOut, WSGITransport, connect, wait_for
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.operations import Operation
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import Accepted
from asm_emulator import pki
from asm_emulator.emulator import Emulator
from asm_emulator.hosting import Hosting

SUBSCRIPTION = "5d3c1a52-8b0e-4b3f-9b1e-2f6f5b0c7a11"
Make = Callable[[int], tuple[Path, bytes]]

SERVICE = CreateHostedService(service_name="svc", label="ünï", location="West US")
ACCOUNT = CreateStorageServiceInput(service_name="account", label="l", location="West US")


@pytest.fixture(scope="module")
def management(make_management: Make) -> tuple[Path, bytes]:
    return make_management(1024)


@pytest.fixture
def azure(management: tuple[Path, bytes]) -> Emulator:
    return Emulator(subscription=SUBSCRIPTION, certificates=[management[1]], pace="manual")


@pytest.fixture
def client(azure: Emulator, management: tuple[Path, bytes]) -> Client:
    return Client(WSGITransport(azure.app.wsgi_app, management[1]), SUBSCRIPTION)


def test_what_is_created_is_read_back(client: Client) -> None:
    created = client.create_hosted_service(SERVICE)
    assert created.request_id == client.last_request_id != ""
    found = client.get_hosted_service("svc")
    assert found.hosted_service_properties is not None
    assert found.hosted_service_properties.label == "ünï"
    assert [one.service_name for one in client.list_hosted_services().items] == ["svc"]
    assert client.get_operation_status(created.request_id).status == "Succeeded"


def test_refusals_come_as_they_were_raised(client: Client) -> None:
    with pytest.raises(ResourceNotFound):
        client.get_hosted_service("nowhere")
    client.create_hosted_service(SERVICE)
    with pytest.raises(ConflictError) as caught:
        client.create_hosted_service(SERVICE)
    assert caught.value.http_status == 409
    assert caught.value.request_id == client.last_request_id
    with pytest.raises(BadRequest):
        client.create_hosted_service(CreateHostedService(service_name="other", label="l", location="Atlantis"))


def test_strangers_are_refused(azure: Emulator, make_management: Make) -> None:
    for certificate in (None, make_management(2048)[1]):
        with pytest.raises(ForbiddenError, match="failed to authenticate"):
            Client(WSGITransport(azure.app.wsgi_app, certificate), SUBSCRIPTION).list_hosted_services()


def test_waiting_follows_an_operation_to_its_end(client: Client, azure: Emulator) -> None:
    accepted = client.create_storage_account(ACCOUNT)
    assert isinstance(accepted, Accepted)
    told: list[str] = []

    def progress(found: Operation, elapsed: float) -> None:
        told.append(found.status)

    done = wait_for(client, accepted, 600, 5, progress, sleep=lambda seconds: azure.advance(timedelta(seconds=seconds)))
    assert done.id.replace("-", "") == accepted.request_id
    assert told[0] == "InProgress"
    assert told[-1] == "Succeeded"
    assert len(told) > 2


def test_waiting_gives_up_on_what_does_not_end(client: Client) -> None:
    accepted = client.create_storage_account(ACCOUNT)
    with pytest.raises(OperationTimedOut):
        wait_for(client, accepted, 60, 5, sleep=lambda _: None)


def test_over_mutual_tls_with_an_rsa_1024_certificate(
    azure: Emulator, management: tuple[Path, bytes], tmp_path: Path
) -> None:
    paths = pki.ensure(tmp_path, SUBSCRIPTION, "https://localhost:1")
    with (
        Hosting(azure, paths, control_port=None) as hosting,
        connect(SUBSCRIPTION, management[0], host=hosting.url, ca=paths.ca) as client,
        connect(SUBSCRIPTION, paths.management, host=hosting.url, ca=paths.ca) as unregistered,
    ):
        client.create_hosted_service(SERVICE)
        assert client.call("list_hosted_services").headers["content-type"] == "application/xml; charset=utf-8"
        with pytest.raises(ForbiddenError):
            unregistered.list_hosted_services()
