"""An emulator in this process with its control plane and our client in front of it, on a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from asm_client import Client, WSGITransport
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.operation import Accepted
from asm_contracts.versions import LATEST
from asm_emulator.controlling import Control
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator


@pytest.fixture
def waited() -> list[float]:
    """The seconds that delayed answers would have waited."""
    return []


@pytest.fixture
def emulator(waited: list[float]) -> Emulator:
    return Emulator(certificates=[certificate("areas")], pace="manual", sleep=waited.append)


@pytest.fixture
def control(emulator: Emulator) -> Control:
    return Control.within(emulator)


@pytest.fixture
def azure_of(emulator: Emulator) -> Callable[[str], Client]:
    def client(subscription: str) -> Client:
        return Client(WSGITransport(emulator.app.wsgi_app, certificate("areas")), subscription, version=LATEST)

    return client


@pytest.fixture
def azure(emulator: Emulator, azure_of: Callable[[str], Client]) -> Client:
    return azure_of(emulator.subscription)


def service(name: str = "web") -> CreateHostedService:
    return CreateHostedService(service_name=name, label=name, location="West US")


def account(name: str = "store") -> CreateStorageServiceInput:
    return CreateStorageServiceInput(service_name=name, label=name, location="West US")


@pytest.fixture
def begun(azure: Client) -> Accepted:
    """A storage account's creation, under way."""
    return azure.create_storage_account(account())
