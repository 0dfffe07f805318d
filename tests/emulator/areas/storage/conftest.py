"""A cloud for tests of storage accounts, images and disks: calls go through the engine, time stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from asm_contracts import roles
from asm_contracts.areas.operations import Operation
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.catalogue import operation_named
from asm_contracts.codec import xml
from asm_contracts.document import is_document
from asm_contracts.errors import ServiceError
from asm_contracts.operation import Accepted
from asm_contracts.versions import LATEST
from asm_emulator import engine, model
from asm_emulator.areas import AREAS
from asm_emulator.emulator import DEFAULT_SUBSCRIPTION, Emulator
from asm_emulator.engine import Request
from asm_emulator.state import Draft

OTHER = "22222222-2222-2222-2222-222222222222"
ACCOUNT = "vhdaccount"


class Cloud:
    """Two subscriptions, and every operation as a method of the first."""

    def __init__(self, quotas: model.Quotas | None = None) -> None:
        self.emulator = Emulator(pace="manual", quotas=quotas)
        self.emulator.add_subscription(OTHER)
        self.version = LATEST
        self.subscription_id = DEFAULT_SUBSCRIPTION
        self.request_id = ""
        """The latest mutation's."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        declared = operation_named(name)
        area = next(one for one in AREAS if name in one.__operations__)

        def call(*args: Any, **kwargs: Any) -> Any:
            arguments = declared.bind(args, kwargs)
            body = arguments.get("body")
            if is_document(type(body)):
                # What a client sends must be what the service reads.
                sent = xml.encode(body, LATEST, declared.root)
                arguments["body"] = xml.decode(type(body), sent, strict=True, root=declared.root)
            request_id = self.emulator.engine.next_request_id()
            if declared.is_mutation:
                self.request_id = request_id
            request = Request(
                request_id=request_id,
                subscription_id=self.subscription_id,
                name=declared.name,
                title=declared.title,
                arguments=arguments,
                is_mutation=declared.is_mutation,
                version=self.version,
            )
            return self.emulator.engine.serve(
                request, lambda draft, request: getattr(area(draft, request), name)(**arguments)
            )

        return call

    def wire(self, document: Any) -> str:
        """A document as a request of the cloud's version would see it."""
        return xml.encode(document, self.version).decode()

    @contextmanager
    def as_other(self) -> Iterator[None]:
        """Calls inside are those of the other subscription."""
        self.subscription_id = OTHER
        try:
            yield
        finally:
            self.subscription_id = DEFAULT_SUBSCRIPTION

    def change(self, action: Callable[[Draft], Any]) -> Any:
        """Change the state from outside any request."""
        return self.emulator.engine.change(self.subscription_id, action)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.emulator.advance(timedelta(seconds=seconds))

    def status(self) -> Operation:
        """What has become of the latest mutation."""
        found: Operation = self.get_operation_status(self.request_id)
        return found

    def done(self, answer: Any) -> None:
        """Wait for an accepted request to succeed."""
        assert isinstance(answer, Accepted)
        assert self.status().status == "InProgress"
        self.advance(60)
        assert self.status().status == "Succeeded"

    def world(self) -> Any:
        """Everything but the records of requests."""
        state = self.emulator.engine.state
        return (
            state.names,
            state.steps,
            {key: replace(one, operations=model.Map()) for key, one in state.subscriptions.items()},
        )

    @contextmanager
    def refuses(self, status: int, code: str, message: str | None = None) -> Iterator[None]:
        """The call inside is refused just so, and nothing changes."""
        before = self.world()
        with pytest.raises(ServiceError) as caught:
            yield
        assert (caught.value.http_status, caught.value.error_code) == (status, code)
        if message is not None:
            assert caught.value.message == message
        assert self.world() == before

    def account(self, name: str = ACCOUNT, kind: str = "Standard_LRS", **fields: Any) -> str:
        """A storage account that is there."""
        place: dict[str, Any] = {} if "affinity_group" in fields else {"location": "West US"}
        self.done(
            self.create_storage_account(
                CreateStorageServiceInput(service_name=name, label=name, account_type=kind, **place, **fields)
            )
        )
        return name

    def deploy(self, **machine: Any) -> model.MachineRole:
        """A hosted service ``web`` with the deployment ``dep`` of one machine ``vm``, written into the state."""
        role = model.MachineRole(
            name="vm",
            size="Small",
            os="Linux",
            network=roles.NetworkConfigurationSet(configuration_set_type="NetworkConfiguration"),
            **machine,
        )
        now = self.emulator.engine.clock.now()
        deployment = model.Deployment(
            name="dep",
            slot="Production",
            private_id="d" * 32,
            label="dep",
            status="Running",
            is_package=False,
            created=now,
            modified=now,
            machines=(role,),
        )

        def write(draft: Draft) -> None:
            draft.hosted_services["web"] = model.HostedService(
                name="web",
                label="web",
                description=None,
                created=now,
                modified=now,
                location="West US",
                deployments=model.Map({"Production": deployment}),
            )

        self.change(write)
        return role

    def hold(self, holder: str = "f" * 32) -> None:
        """An operation holds the deployment."""
        self.change(lambda draft: engine.lease(draft, "deployment", "d" * 32, holder))


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


@pytest.fixture
def stocked(cloud: Cloud) -> Cloud:
    """A cloud with the storage account ``vhdaccount``."""
    cloud.account()
    return cloud


@pytest.fixture
def small() -> Cloud:
    """A cloud whose subscriptions may have two storage accounts."""
    return Cloud(model.Quotas(storage_accounts=2))
