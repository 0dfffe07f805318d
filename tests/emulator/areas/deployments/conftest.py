"""A hosted service with package deployments in it, and short words for what the tests do with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.deployments import ChangeConfiguration, CreateDeployment, Deployment, UpgradeDeployment
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.operation import Accepted, DeploymentKey, DeploymentName, DeploymentSlot
from asm_emulator.emulator import Emulator
from asm_emulator.model import ServiceExtension
from asm_emulator.state import Draft

PRODUCTION = DeploymentSlot("Production")
PACKAGE = "http://storage.blob.core.windows.net/packages/service.cspkg?sig=c2lnbmVk"
"""A package of somebody else, which a shared access signature lets the service read."""
PACKAGE_URL = (
    "The package URL is invalid. It must be that of a blob in a storage account of the subscription, or have a shared "
    "access signature."
)
"""The refusal of any other."""


def configuration(counts: Mapping[str, int] | None = None, setting: str = "one", **attributes: str) -> bytes:
    """A .cscfg with these roles."""
    named = {"osFamily": "2", "osVersion": "*"} | attributes
    lines = [
        '\ufeff<?xml version="1.0" encoding="utf-8"?>',
        '<ServiceConfiguration serviceName="Grüße" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/'
        f'ServiceConfiguration" {" ".join(f"{key}={value!r}" for key, value in named.items())}>',
    ]
    for role, count in (counts or {"Worker": 2}).items():
        lines += [
            f'  <Role name="{role}">',
            f"    <Instances count='{count}' />",
            f'    <ConfigurationSettings><Setting name="Key" value="{setting}" /></ConfigurationSettings>',
            "  </Role>",
        ]
    return "\r\n".join([*lines, "</ServiceConfiguration>"]).encode()


@dataclass
class Packages:
    """The deployments of one hosted service."""

    emulator: Emulator
    azure: Client
    service: str = "packages"
    key: DeploymentKey = PRODUCTION
    configuration = staticmethod(configuration)

    def document(self, name: str = "first", **fields: Any) -> CreateDeployment:
        given = {"name": name, "package_url": PACKAGE, "label": f"{name} läbel", "configuration": configuration()}
        return CreateDeployment(**(given | fields))

    def create(self, name: str = "first", slot: str = "Production", **fields: Any) -> Accepted:
        """Ask for a deployment."""
        return self.azure.create_deployment(self.service, DeploymentSlot(slot), self.document(name, **fields))

    def made(self, name: str = "first", slot: str = "Production", **fields: Any) -> Deployment:
        """A deployment whose creation has ended and whose instances have come to rest."""
        self.create(name, slot, **fields)
        self.rest()
        return self.read(DeploymentName(name))

    def running(self, counts: Mapping[str, int] | None = None) -> Deployment:
        """A running deployment in production."""
        return self.made(configuration=configuration(counts), start_deployment=True)

    def add_extension(self, name: str) -> None:
        """Give the service an extension."""

        def add(draft: Draft) -> None:
            service = draft.hosted_services[self.service]
            extension = ServiceExtension(id=name, provider_namespace="Microsoft", type="RDP", version="1.0")
            draft.hosted_services[self.service] = replace(
                service, extensions=service.extensions.insert(name.lower(), extension)
            )

        self.emulator.engine.change(self.emulator.subscription, add)

    def turn_into_machines(self) -> None:
        """Let the deployment in production be one of virtual machines."""

        def turn(draft: Draft) -> None:
            service = draft.hosted_services[self.service]
            found = replace(service.deployments["Production"], is_package=False)
            draft.hosted_services[self.service] = replace(
                service, deployments=service.deployments.insert("Production", found)
            )

        self.emulator.engine.change(self.emulator.subscription, turn)

    def read(self, key: DeploymentKey | None = None) -> Deployment:
        return self.azure.get_deployment(self.service, key or self.key)

    def change(self, counts: Mapping[str, int] | None = None, setting: str = "one", **fields: Any) -> Accepted:
        """Ask for another configuration."""
        body = ChangeConfiguration(**({"configuration": configuration(counts, setting)} | fields))
        return self.azure.change_deployment_configuration(self.service, self.key, body)

    def upgrade(self, mode: str = "Auto", counts: Mapping[str, int] | None = None, **fields: Any) -> Accepted:
        """Ask for another package."""
        given = {
            "mode": mode,
            "package_url": PACKAGE + "2",
            "configuration": configuration(counts, "two"),
            "label": "second",
            "force": True,
        }
        return self.azure.upgrade_deployment(self.service, self.key, UpgradeDeployment(**(given | fields)))

    def wait(self, seconds: float) -> None:
        self.emulator.advance(timedelta(seconds=seconds))

    def rest(self) -> None:
        """Let everything happen that is pending."""
        self.wait(3600)

    def ended(self, accepted: Accepted | None = None) -> None:
        """Move time second by second to the end of an operation (the latest one), which succeeds."""
        known = self.emulator.engine.state.subscriptions[self.emulator.subscription].operations.values()
        request_id = accepted.request_id if accepted else max(known, key=lambda one: one.serial).request_id
        for _ in range(600):
            if self.azure.get_operation_status(request_id).status != "InProgress":
                break
            self.wait(1)
        assert self.azure.get_operation_status(request_id).status == "Succeeded"

    def states(self, key: DeploymentKey | None = None) -> dict[str, tuple[str | None, str | None]]:
        """Status and power state of each instance."""
        found = self.read(key).role_instance_list or ()
        return {one.instance_name or "": (one.instance_status, one.power_state) for one in found}

    def progress(self) -> tuple[str, str, int] | None:
        """The update in progress, with what must agree with it."""
        found = self.read()
        assert found.rollback_allowed is (found.upgrade_status is not None)
        status = found.upgrade_status
        if status is None:
            return None
        return status.upgrade_type, status.current_upgrade_domain_state, status.current_upgrade_domain


@pytest.fixture
def packages(emulator: Emulator, azure: Client) -> Packages:
    azure.create_hosted_service(CreateHostedService(service_name="packages", label="l", location="West US"))
    return Packages(emulator, azure)
