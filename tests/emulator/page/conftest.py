"""An emulator with something in it, its page, and a browser where there is one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from tests import browser as browser_of_this_machine

from asm_client import Client
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.areas.virtual_machines import RestartRoleOperation, ShutdownRoleOperation
from asm_contracts.codec import netcfg
from asm_contracts.errors import ServiceError
from asm_contracts.operation import Accepted, RawBody
from asm_emulator import pki
from asm_emulator.control import Plane, create_control
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator
from asm_emulator.hosting import Hosting
from asm_emulator.model import Quotas

ESTATE: dict[str, Any] = {
    "affinity_groups": [{"name": "near", "location": "West Europe"}],
    "storage_accounts": [{"name": "shopdisks", "location": "West Europe"}],
    "images": [{"name": "golden-ubuntu", "os": "Linux", "location": "West Europe"}],
    "reserved_ips": [{"name": "front-door", "location": "West Europe"}],
    "disks": [{"name": "spare-data", "size": 100, "location": "West Europe"}],
    "hosted_services": [
        {
            "name": "shop",
            "location": "West Europe",
            "virtual_machines": [
                *({"name": f"shop-web-{number}", "size": "Medium"} for number in range(1, 9)),
                {"name": "shop-sql-1", "size": "Large", "os": "Windows", "data_disks": [{"size": 200}, {"size": 200}]},
            ],
        },
        {
            "name": "batch",
            "location": "West Europe",
            "virtual_machines": [{"name": f"worker-{number:02}", "size": "Small"} for number in range(1, 27)],
        },
        {
            "name": "legacy",
            "location": "North Europe",
            "virtual_machines": [
                {"name": "payroll", "os": "Windows", "status": "StoppedDeallocated", "data_disks": [{"size": 50}]},
                {"name": "intranet", "os": "Windows"},
            ],
        },
        {"name": "reserved-name", "location": "West Europe"},
    ],
}


def account(name: str) -> CreateStorageServiceInput:
    return CreateStorageServiceInput(service_name=name, label=name, location="West Europe")


def service(name: str) -> CreateHostedService:
    return CreateHostedService(service_name=name, label=name, location="West Europe")


@dataclass
class World:
    """An emulator on a clock that stands still, with an estate, a past and something under way."""

    emulator: Emulator
    azure: Client
    held: Accepted
    failed: Accepted
    refused: str
    """The id of a request that was refused."""


def populate(emulator: Emulator, azure: Client) -> World:
    control = emulator.control
    report = control.seed(ESTATE)
    assert report["lost"] == [], report["lost"]
    network = netcfg.Site(
        name="shop-net",
        location="West Europe",
        address_prefixes=("10.0.0.0/16",),
        subnets=(
            netcfg.Subnet(name="front", address_prefix="10.0.0.0/24"),
            netcfg.Subnet(name="back", address_prefix="10.0.1.0/24"),
        ),
    )
    azure.set_network_configuration(RawBody(netcfg.write(netcfg.NetworkConfiguration(sites=(network,))), "text/plain"))
    emulator.advance(timedelta(seconds=20))
    control.take_snapshot("before-the-change")
    azure.create_storage_account(account("shopbackup"))
    emulator.advance(timedelta(seconds=25))
    failed = azure.create_storage_account(account("shoparchive"))
    emulator.advance(timedelta(seconds=8))
    control.fail_operation(failed.request_id, code="InternalError")
    azure.shutdown_role("legacy", "legacy", "intranet", ShutdownRoleOperation())
    emulator.advance(timedelta(seconds=10))
    held = azure.create_storage_account(account("shoplogs"))
    control.hold_operation(held.request_id)
    azure.restart_role("shop", "shop", "shop-web-3", RestartRoleOperation())
    emulator.advance(timedelta(seconds=9))
    azure.create_hosted_service(service("campaign"))
    azure.create_storage_account(account("campaigndisks"))
    emulator.advance(timedelta(seconds=4))
    control.add_fault("error", operation="create_*", code="TooManyRequests", retry_after=30, times=2, after=3)
    control.add_fault("delay", id="slow-lists", operation="list_*", seconds=0.5, times=None, chance=0.25)
    azure.list_hosted_services()
    try:
        azure.create_hosted_service(service("shop"))
    except ServiceError as refusal:
        refused = refusal.request_id or ""
    azure.get_operation_status(held.request_id)
    return World(emulator, azure, held, failed, refused)


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(certificates=[certificate("page")], pace="manual", quotas=Quotas(cores=500), sleep=lambda _: None)


@pytest.fixture
def world(emulator: Emulator) -> World:
    return populate(emulator, emulator.client())


@pytest.fixture(scope="session")
def fill() -> Callable[[Emulator, Client], World]:
    """Puts the same into another emulator."""
    return populate


@pytest.fixture
def page(emulator: Emulator) -> FlaskClient:
    return create_control(Plane(emulator)).test_client()


# -- a browser --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def paths(tmp_path_factory: pytest.TempPathFactory) -> pki.Paths:
    return pki.ensure(tmp_path_factory.mktemp("page-certs"), "00000000-0000-0000-0000-000000000001", "")


@pytest.fixture
def hosted(paths: pki.Paths) -> Iterator[Callable[..., Hosting]]:
    """Serve an emulator of its own on free ports."""
    running: list[Hosting] = []

    def start(*, control_token: str | None = None, **options: Any) -> Hosting:
        known = [pki.load_certificate_der(paths.management_certificate)]
        emulator = Emulator(certificates=known, sleep=lambda _: None, **options)
        hosting = Hosting(emulator, paths, port=0, control_port=0, control_token=control_token)
        hosting.start()
        running.append(hosting)
        return hosting

    yield start
    for one in running:
        one.stop()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Headless Chromium, of Debian or any other that comes with a chromedriver."""
    try:
        found = browser_of_this_machine.start(tmp_path_factory.mktemp("chromium"))
    except browser_of_this_machine.NoBrowser as problem:
        pytest.skip(str(problem))
    yield found
    found.quit()


@pytest.fixture
def browser(chromium: Any, hosted: object) -> Iterator[Any]:
    """The browser with nothing left of the test before; a page must not have complained.

    It leaves before the servers stop.
    """
    chromium.set_window_size(1280, 900)
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    chromium.execute_cdp_cmd("Network.clearBrowserCookies", {})
    chromium.get_log("browser")
    yield chromium
    complaints = [
        one["message"]
        for one in chromium.get_log("browser")
        if one["level"] == "SEVERE" and " 40" not in one["message"]
    ]
    chromium.get("about:blank")
    assert complaints == []


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where screenshots go, if they are wanted."""
    wanted = os.environ.get("ASM_EMULATOR_SCREENSHOTS")
    if not wanted:
        return None
    Path(wanted).mkdir(parents=True, exist_ok=True)
    return Path(wanted)
