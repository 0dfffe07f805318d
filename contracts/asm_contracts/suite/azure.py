"""The service under test, as the contract's methods, whoever carries them."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from asm_contracts import catalogue
from asm_contracts.areas.operations import Operation as OperationDocument
from asm_contracts.areas.operations import OperationContract
from asm_contracts.errors import ServiceError
from asm_contracts.operation import Accepted, Created, Operation
from asm_contracts.suite.driver import Driver, NotExpressible

if TYPE_CHECKING:
    # Spelled out, because a type checker does not follow `*CONTRACTS`.
    from asm_contracts.areas.add_ons import AddOnContract
    from asm_contracts.areas.affinity_groups import AffinityGroupContract
    from asm_contracts.areas.application_gateways import ApplicationGatewayContract
    from asm_contracts.areas.certificates import CertificateContract
    from asm_contracts.areas.database_server import DatabaseServerContract
    from asm_contracts.areas.deployments import DeploymentContract
    from asm_contracts.areas.disks import DiskContract
    from asm_contracts.areas.expressroute import ExpressRouteContract
    from asm_contracts.areas.extension_images import ExtensionImageContract
    from asm_contracts.areas.gateways import GatewayContract
    from asm_contracts.areas.hdinsight import HDInsightContract
    from asm_contracts.areas.hosted_services import HostedServiceContract
    from asm_contracts.areas.images import ImageContract
    from asm_contracts.areas.locations import LocationContract
    from asm_contracts.areas.migration import MigrationContract
    from asm_contracts.areas.reserved_ips import ReservedIPContract
    from asm_contracts.areas.resource_extensions import ResourceExtensionContract
    from asm_contracts.areas.route_tables import RouteTableContract
    from asm_contracts.areas.scheduler import SchedulerContract
    from asm_contracts.areas.security_groups import SecurityGroupContract
    from asm_contracts.areas.service_bus import ServiceBusContract
    from asm_contracts.areas.service_extensions import ServiceExtensionContract
    from asm_contracts.areas.site_tools import SiteToolsContract
    from asm_contracts.areas.sql import SqlContract
    from asm_contracts.areas.storage_accounts import StorageAccountContract
    from asm_contracts.areas.subscriptions import SubscriptionContract
    from asm_contracts.areas.traffic_manager import TrafficManagerContract
    from asm_contracts.areas.virtual_ips import VirtualIPContract
    from asm_contracts.areas.virtual_machines import VirtualMachineContract
    from asm_contracts.areas.virtual_network_gateways import VirtualNetworkGatewayContract
    from asm_contracts.areas.virtual_networks import VirtualNetworkContract
    from asm_contracts.areas.vm_images import VMImageContract
    from asm_contracts.areas.websites.contracts import (
        HybridConnectionContract,
        ServerFarmContract,
        SiteBackupContract,
        SiteConfigurationContract,
        SiteMeasureContract,
        WebSiteContract,
        WebSpaceContract,
    )

    class _Everything(
        AddOnContract,
        AffinityGroupContract,
        ApplicationGatewayContract,
        CertificateContract,
        DatabaseServerContract,
        DeploymentContract,
        DiskContract,
        ExpressRouteContract,
        ExtensionImageContract,
        GatewayContract,
        HDInsightContract,
        HostedServiceContract,
        HybridConnectionContract,
        ImageContract,
        LocationContract,
        MigrationContract,
        OperationContract,
        ReservedIPContract,
        ResourceExtensionContract,
        RouteTableContract,
        SchedulerContract,
        SecurityGroupContract,
        ServerFarmContract,
        ServiceBusContract,
        ServiceExtensionContract,
        SiteBackupContract,
        SiteConfigurationContract,
        SiteMeasureContract,
        SiteToolsContract,
        SqlContract,
        StorageAccountContract,
        SubscriptionContract,
        TrafficManagerContract,
        VMImageContract,
        VirtualIPContract,
        VirtualMachineContract,
        VirtualNetworkContract,
        VirtualNetworkGatewayContract,
        WebSiteContract,
        WebSpaceContract,
    ): ...

else:
    _Everything = type("_Everything", catalogue.CONTRACTS, {})

T = TypeVar("T")

TERMINAL: Final = frozenset({"Succeeded", "Failed"})
_FIRST_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 5.0
_STEP: Final = timedelta(seconds=5)
"""How far a controllable clock is moved between two looks: what the service's own client waits between two polls."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that a test made: which operation, and what came of it."""

    operation: str
    status: int
    code: str = ""


@dataclass(slots=True)
class Recorder:
    """What the running test has called so far."""

    calls: list[Call] = field(default_factory=list)
    unserved: set[str] = field(default_factory=set)
    """Operations answered with 501 in this run."""
    unsaid: set[str] = field(default_factory=set)
    """Operations that the driver's client cannot express, or not with these arguments."""


class NotServed(Exception):
    """The endpoint knows the operation and does not serve it (501)."""


class Azure(_Everything):
    """Every declared operation, carried by a driver; and waiting for what was only accepted.

    A test that needs what the driver cannot express, or the endpoint does not serve, ends with `NotExpressible` or
    `NotServed`, which the plugin turns into a skip with that reason.

    version: what the tests may take the answers' ``x-ms-version`` to be at least.
    """

    def __init__(self, driver: Driver, *, timeout: float = 600.0, recorder: Recorder | None = None) -> None:
        self.driver = driver
        self.timeout = timeout
        self.recorder = recorder or Recorder()
        self.lossy: bool = getattr(driver, "lossy", False)
        """The driver's client does not tell absent, nil and empty elements apart."""
        self._expresses: Callable[[Operation], bool] = getattr(driver, "expresses", lambda _: True)
        self._advance: Callable[[timedelta], object] | None = getattr(driver, "advance", None)
        self._moves = 0
        self._begun: dict[str, int] = {}
        """How often time had been moved when a request was accepted."""
        self.last_status: Callable[[], int | None] = lambda: None
        """The status of the last answer on the wire, where somebody hears."""
        self.tell_time(self._moved)

    def invoke(self, operation: Operation, arguments: dict[str, Any]) -> Any:
        """Carry an operation out and note what came of it."""
        if not self._expresses(operation):
            self.recorder.unsaid.add(operation.name)
            raise NotExpressible(f"the driver's client has no operation {operation.name}")
        try:
            answer = self.driver.invoke(operation, arguments)
        except ServiceError as refusal:
            if refusal.http_status == 501:
                self.recorder.unserved.add(operation.name)
                raise NotServed(f"the endpoint does not serve {operation.name}") from refusal
            self.recorder.calls.append(Call(operation.name, refusal.http_status, refusal.error_code))
            raise
        except NotExpressible:
            self.recorder.unsaid.add(operation.name)
            raise
        self.recorder.calls.append(Call(operation.name, operation.success))
        self._check_status(operation, answer)
        if isinstance(answer, Accepted):
            self._begun[answer.request_id] = self._moves
        return answer

    def _check_status(self, operation: Operation, answer: Any) -> None:
        status = None if self.lossy else self.last_status()
        if status is not None:
            expected = {202 if isinstance(answer, Accepted) else operation.success}
            expected |= {201} if operation.may_make else set()
            expected |= {202} if operation.may_go_on else set()
            assert status in expected, f"{operation.name} answers {sorted(expected)}, not {status}"

    def _moved(self, _by: timedelta) -> None:
        self._moves += 1

    def signed_in(self, user: str, password: str) -> Azure:
        """The same service for whom has user and password, which hosts of things' own ask for.

        NotExpressible where the driver's client knows no such hosts.
        """
        sign: Callable[[str, str], Driver] | None = getattr(self.driver, "signed_in", None)
        if sign is None:
            raise NotExpressible("the driver's client signs in nowhere with user and password")
        made = copy.copy(self)
        made.driver = sign(user, password)
        return made

    # -- time -----------------------------------------------------------------------------------------------------

    @property
    def controls_time(self) -> bool:
        """Whether the tests can move the service's time."""
        return self._advance is not None

    def advance(self, by: timedelta) -> None:
        """Move the service's time; only where `controls_time`."""
        if self._advance is None:
            raise NotExpressible("the driver cannot move the service's time")
        self._advance(by)

    def tell_time(self, hear: Callable[[timedelta], object]) -> None:
        """Tell of every move of the service's time."""
        right = self._advance
        if right is None:
            return

        def advance(by: timedelta) -> None:
            hear(by)
            right(by)

        self._advance = advance

    def until(self, look: Callable[[], T | None], what: str, *, step: timedelta = _STEP) -> T:
        """Look again and again, as time passes, until there is something (neither None nor False); then return it.

        step: how far a controllable clock is moved between two looks; long for what takes long

        TimeoutError, saying `what` never came, when the time to wait is over: seconds of the wall, or of the service's
        own time where the tests control that.
        """
        if self._advance is not None:
            passed = timedelta()
            while True:
                found = look()
                if found is not None and found is not False:
                    return found
                if passed > timedelta(hours=2):
                    raise TimeoutError(f"{what} did not come within two hours of the service's time")
                self._advance(step)
                passed += step
        pause, deadline = _FIRST_PAUSE, time.monotonic() + self.timeout
        while True:
            found = look()
            if found is not None and found is not False:
                return found
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} did not come within {self.timeout:g} seconds")
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    # -- operations -----------------------------------------------------------------------------------------------

    def ended(self, request: Accepted | Created | str) -> OperationDocument:
        """The operation of an accepted request, when it has ended, well or not.  While it runs it must have neither
        status code nor error; when it has ended it must have a code, and an error exactly if it failed."""
        request_id = request if isinstance(request, str) else request.request_id

        def look() -> OperationDocument | None:
            found = self.get_operation_status(request_id)
            check_shape(found, request_id, lossy=self.lossy)
            if self._begun.get(request_id) == self._moves and self.controls_time:
                assert found.status == "InProgress", "no time has passed, and an accepted request has ended"
            return found if found.status in TERMINAL else None

        return self.until(look, f"the end of operation {request_id}")

    def wait(self, request: Accepted) -> OperationDocument:
        """The operation of an accepted request when it has succeeded; AssertionError if it fails."""
        found = self.ended(request)
        assert found.status == "Succeeded", f"the operation failed: {found.error}"
        return found


def check_shape(found: OperationDocument, request_id: str, *, lossy: bool = False) -> None:
    """An operation document is of the recorded form: what stands in it follows from its status."""
    # The official SDK looks for the element Id and does not find ID.
    assert (lossy and not found.id) or found.id.replace("-", "").lower() == request_id.replace("-", "").lower(), (
        "the ID is the request's id"
    )
    if found.status == "InProgress":
        assert not found.http_status_code, "an operation in progress has no status code"
        assert found.error is None, "an operation in progress has no error"
    elif found.status == "Succeeded":
        assert found.http_status_code == 200, "a succeeded operation has status code 200"
        assert found.error is None, "a succeeded operation has no error"
    else:
        assert found.status == "Failed", f"{found.status} is no status of an operation"
        assert found.http_status_code is not None and 400 <= found.http_status_code < 600
        assert found.error is not None and found.error.code and found.error.message, "a failed operation says why"
