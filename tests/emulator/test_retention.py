"""What is forgotten, and what never is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from asm_client import Client, WSGITransport
from asm_contracts.areas.hosted_services import CreateHostedService, UpdateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.errors import ResourceNotFound, ServiceError
from asm_contracts.versions import LATEST
from asm_emulator import retention
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator

HOUR = timedelta(hours=1)


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Emulator:
    monkeypatch.setattr(retention, "MOST", 20)
    monkeypatch.setattr(retention, "_ROOM", 5)
    return Emulator(certificates=[certificate("areas")], pace="manual")


def client(emulator: Emulator) -> Client:
    return Client(WSGITransport(emulator.app.wsgi_app, certificate("areas")), emulator.subscription, version=LATEST)


def test_the_oldest_operations_that_ended_are_forgotten(emulator: Emulator) -> None:
    azure = client(emulator)
    pending = azure.create_storage_account(
        CreateStorageServiceInput(service_name="account", label="l", location="West US")
    ).request_id
    azure.create_hosted_service(CreateHostedService(service_name="web", label="web", location="West US"))
    ids = []
    for number in range(60):
        azure.update_hosted_service("web", UpdateHostedService(label=str(number)))
        ids.append(azure.last_request_id)
        kept = emulator.engine.state.subscriptions[emulator.subscription].operations
        assert len(kept) <= 21
        assert list(kept) and set(ids[-10:]) <= set(kept), "never one of the last"
    assert azure.get_operation_status(pending).status == "InProgress"
    assert azure.get_operation_status(ids[-1]).status == "Succeeded"
    with pytest.raises(ResourceNotFound):
        azure.get_operation_status(ids[0])
    emulator.advance(HOUR)
    assert azure.get_operation_status(pending).status == "Succeeded"


def test_refusals_are_forgotten_too(emulator: Emulator) -> None:
    azure = client(emulator)
    for _ in range(60):
        with pytest.raises(ServiceError):
            azure.delete_hosted_service("nothing")
    assert len(emulator.engine.state.subscriptions[emulator.subscription].operations) <= 21


def test_nothing_else_grows_with_what_is_gone(emulator: Emulator) -> None:
    azure = client(emulator)
    before = emulator.engine.state
    for number in range(30):
        azure.create_hosted_service(CreateHostedService(service_name=f"w{number}", label="l", location="West US"))
        azure.create_storage_account(
            CreateStorageServiceInput(service_name=f"acc{number}", label="l", location="West US")
        )
        emulator.advance(HOUR)
        azure.delete_hosted_service(f"w{number}")
        azure.delete_storage_account(f"acc{number}")
    after = emulator.engine.state
    assert len(after.names) == len(before.names) == 0
    assert len(after.steps) == 0 and after.held == ()
    assert not after.subscriptions[emulator.subscription].leases
