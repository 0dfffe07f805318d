"""What a test holds in its hands: a subscription of its own, its time, its faults, its snapshots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asm_emulator.controlling import Control, Json
from asm_emulator.testing.servers import World

if TYPE_CHECKING:
    import requests

    from asm_client import Client


class Azure:
    """A subscription of the test's own, and everything needed to use it.

    subscription: its id
    certificate:  PEM with the management certificate and its key, for the subscription
    ca:           PEM of the CA to trust
    endpoint:     where the API is, ``https://localhost:PORT``; in process an address that only `session` understands
    control:      the emulator's control plane, whole; the rest (`clock`, `faults` and so on) is the subscription's part
    """

    def __init__(self, world: World, subscription: str) -> None:
        self.world = world
        self.subscription = subscription
        self.control: Control = world.control
        self.certificate: Path = world.certificate
        self.ca: Path = world.ca
        self.endpoint: str = world.endpoint
        self.clock = Clock(self.control, subscription)
        self.faults = Faults(self.control, subscription)
        self.snapshots = Snapshots(self.control, subscription)
        self.maintenance = Maintenance(self.control, subscription)

    @property
    def host(self) -> str:
        """The endpoint without its scheme: what the official SDK takes as ``host``."""
        return self.endpoint.partition("://")[2]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a command of its own process to the emulator.  RuntimeError in process."""
        return self.world.environment(self.subscription)

    def client(self, version: str | None = None) -> Client:
        """Our client, for this subscription."""
        return self.world.client(self.subscription, version)

    def session(self) -> requests.Session:
        """A `requests.Session` that shows the certificate and trusts the CA; in process it needs no socket."""
        return self.world.session()

    def sdk(self) -> Any:
        """The official SDK's ServiceManagementService for this subscription (needs azure-servicemanagement-legacy)."""
        from azure.servicemanagement import ServiceManagementService

        return ServiceManagementService(
            self.subscription, str(self.certificate), host=self.host, request_session=self.session()
        )

    def seed(self, estate: Any, format: str = "estate", **more: Any) -> Json:
        """Put an estate into the subscription: a description, its text, or the path of a file that has it."""
        text = estate.read_text() if isinstance(estate, Path) else estate
        return self.control.seed(text, format=format, subscription=self.subscription, **more)

    def requests(self, **wanted: Any) -> list[Json]:
        """The subscription's exchanges, oldest first; see `Control.list_requests`."""
        return self.control.list_requests(subscription=self.subscription, **wanted)

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Afterwards the subscription is as it was before: its time too, as far as it was moved for it alone."""
        name = self.snapshots.take()
        try:
            yield
        finally:
            self.snapshots.restore(name)
            self.snapshots.delete(name)


class Clock:
    """The subscription's time; others do not notice."""

    def __init__(self, control: Control, subscription: str) -> None:
        self._control = control
        self._subscription = subscription

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.fromisoformat(self._control.clock(self._subscription)["now"])

    def advance(self, by: timedelta | float) -> datetime:
        """Move the time forward, by a span or by seconds."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        return datetime.fromisoformat(self._control.advance(seconds, self._subscription)["now"])

    def sleep(self, seconds: float) -> None:
        """In place of ``time.sleep``: the script that waits is done at once, and for the service the time has passed.

        monkeypatch.setattr("time.sleep", azure_clock.sleep)
        """
        self._control.advance(max(0.0, seconds), self._subscription)

    def until_ended(self, operation: Any, within: timedelta | float = timedelta(days=30)) -> Json:
        """Move the time until an operation (its id, or the answer that accepted it) has ended; how it did.

        AssertionError if it has not `within` that time.
        """
        request_id = operation if isinstance(operation, str) else operation.request_id
        seconds = within.total_seconds() if isinstance(within, timedelta) else within
        found = self._control.advance_until_ended(request_id, seconds, self._subscription)
        assert found["ended"], f"the operation {request_id} is still in progress after {seconds:g} seconds"
        return self._control.get_operation(request_id)

    def until_idle(self) -> datetime:
        """Move the time until nothing is pending any more: machines have booted, deletions are done."""
        return datetime.fromisoformat(self._control.advance_until_idle(subscription=self._subscription)["now"])


class Faults:
    """The subscription's planned faults.  An operation is named by its method, as a shell pattern.

    What a fault needs besides is said by name, as in `Control.add_fault`: after, times, chance, seed, resource.
    """

    def __init__(self, control: Control, subscription: str) -> None:
        self._control = control
        self._subscription = subscription
        self._optional: set[str] = set()

    def add(self, answer: str, operation: str = "*", *, optional: bool = False, **more: Any) -> Json:
        """Plan a fault.  optional: no complaint if it does not happen."""
        made = self._control.add_fault(answer, operation=operation, subscription=self._subscription, **more)
        if optional:
            self._optional.add(made["id"])
        return made

    def error(self, operation: str = "*", code: str = "InternalError", **more: Any) -> Json:
        """An error, before anything is done."""
        return self.add("error", operation, code=code, **more)

    def throttle(self, operation: str = "*", retry_after: int = 30, **more: Any) -> Json:
        """503 TooManyRequests with ``Retry-After``."""
        return self.add("error", operation, code="TooManyRequests", retry_after=retry_after, **more)

    def delay(self, operation: str = "*", seconds: float = 1.0, **more: Any) -> Json:
        """The answer comes late, by the client's clock."""
        return self.add("delay", operation, seconds=seconds, **more)

    def drop(self, operation: str = "*", when: str = "before", **more: Any) -> Json:
        """The connection is cut without an answer, before or after the request is carried out."""
        return self.add("drop", operation, when=when, **more)

    def cut(self, operation: str = "*", **more: Any) -> Json:
        """The connection is cut inside the answer's body."""
        return self.add("cut", operation, **more)

    def spoil(self, operation: str = "*", how: str = "truncated", **more: Any) -> Json:
        """The answer's body is not what it should be."""
        return self.add("spoil", operation, how=how, **more)

    def redirect(self, operation: str = "*", **more: Any) -> Json:
        """307, to the same address again if no `location` is given."""
        return self.add("redirect", operation, **more)

    def fail(self, operation: str = "*", code: str = "InternalError", **more: Any) -> Json:
        """The request is accepted, and its operation fails when it would have ended."""
        return self.add("fail", operation, code=code, **more)

    def hold(self, operation: str = "*", **more: Any) -> Json:
        """The request is accepted, and its operation stays InProgress."""
        return self.add("hold", operation, **more)

    def planned(self) -> list[Json]:
        """The rules, with their counts."""
        found: list[Json] = self._control.list_faults(self._subscription)["faults"]
        return found

    def unused(self) -> list[str]:
        """The ids of rules that have not happened as often as planned, less the optional ones."""
        return [one["id"] for one in self.planned() if not one["spent"] and one["id"] not in self._optional]

    def assert_used(self) -> None:
        """AssertionError naming the faults that did not happen."""
        wanted = set(self.unused())
        said = [f"{one['answer']} on {one['operation']} (seen {one['seen']}, happened {one['used']})"
                for one in self.planned() if one["id"] in wanted]  # fmt: skip
        assert not said, "planned faults that did not happen: " + "; ".join(said)

    def clear(self) -> None:
        """Take all of them away."""
        self._control.clear_faults(self._subscription)


class Snapshots:
    """The subscription's snapshots; others may have the same names."""

    def __init__(self, control: Control, subscription: str) -> None:
        self._control = control
        self._subscription = subscription
        self._taken = 0

    def take(self, name: str = "") -> str:
        """Keep the subscription as it is, under a name; one is made up without."""
        self._taken += 1
        name = name or f"snapshot-{self._taken}"
        self._control.take_snapshot(self._full(name), self._subscription)
        return name

    def restore(self, name: str) -> None:
        """Go back to a snapshot."""
        self._control.restore_snapshot(self._full(name))

    def changed(self, since: str, to: str | None = None) -> str:
        """What changed since a snapshot, as text; empty for nothing."""
        found = self._control.diff_snapshots(self._full(since), self._full(to) if to else None, self._subscription)
        return str(found["text"])

    def delete(self, name: str) -> None:
        """Forget a snapshot."""
        self._control.delete_snapshot(self._full(name))

    def names(self) -> list[str]:
        """The names of the subscription's snapshots."""
        prefix = self._full("")
        return [
            one["name"].removeprefix(prefix) for one in self._control.list_snapshots() if one["name"].startswith(prefix)
        ]

    def _full(self, name: str) -> str:
        return f"{self._subscription}.{re.sub('[^A-Za-z0-9._-]', '-', name)}"


class Maintenance:
    """Planned maintenance of the hosts that the subscription's virtual machines are on."""

    def __init__(self, control: Control, subscription: str) -> None:
        self._control = control
        self._subscription = subscription

    def plan(self, service: str, machine: str | None = None, **windows: float) -> list[Json]:
        """Plan it for a machine, or for all of a service's.

        windows: pre_start, pre_end, start and end in seconds from now; see `Control.plan_maintenance`
        """
        return self._control.plan_maintenance(service, machine, subscription=self._subscription, **windows)

    def cancel(self, service: str, machine: str | None = None) -> None:
        """Take it back."""
        self._control.cancel_maintenance(service, machine, self._subscription)

    def planned(self) -> list[Json]:
        """What is planned, or was and is done."""
        return self._control.list_maintenance(self._subscription)
