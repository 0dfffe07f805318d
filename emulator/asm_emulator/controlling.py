"""The control plane as a Python object: a method for every endpoint.

control = Control("http://127.0.0.1:8444")
control.advance(90)

Standard library only.  A method returns what the endpoint answers, as dictionaries and lists; what cannot be done is a
`ControlError`.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from asm_emulator.emulator import Emulator

Json = dict[str, Any]
Carry = Callable[[str, str, bytes | None, dict[str, str]], tuple[int, bytes]]
"""(verb, path with query, body, headers) -> (status, body).  Raises OSError where nothing answers."""

TIMEOUT: Final = 30.0
"""Seconds."""


class ControlError(Exception):
    """What the control plane refused, or that it did not answer; `status` is None then."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class Control:
    """A running emulator's control plane.

    url:   as `asm-emulator serve` prints it; ``$ASM_EMULATOR_CONTROL`` if not given
    token: if the emulator asks for one; ``$ASM_EMULATOR_CONTROL_TOKEN`` if not given
    carry: how requests travel, in place of HTTP

    Everything that takes a `subscription` means that one alone, and all of them without.  May be shared by threads.
    """

    def __init__(self, url: str | None = None, token: str | None = None, *, carry: Carry | None = None) -> None:
        self.url = (url or os.environ.get("ASM_EMULATOR_CONTROL") or "").rstrip("/")
        if not self.url and carry is None:
            raise ControlError("no control plane is known: give its url, or set ASM_EMULATOR_CONTROL")
        self._token = token if token is not None else os.environ.get("ASM_EMULATOR_CONTROL_TOKEN")
        self._carry = carry or self._over_http

    @classmethod
    def within(cls, emulator: Emulator) -> Self:
        """The control plane of an emulator in this process, without any socket."""
        from asm_emulator.control import Plane, create_control

        caller = create_control(Plane(emulator)).test_client()

        def carry(verb: str, target: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
            answer = caller.open(target, method=verb, data=body, headers=headers)
            return answer.status_code, answer.get_data()

        return cls("in process", carry=carry)

    # -- the emulator ---------------------------------------------------------------------------------------------

    def health(self) -> Json:
        """Whether the emulator answers, its version and its endpoint."""
        return self._call("GET", "/health")

    def ready(self) -> None:
        """Nothing, once requests are served."""
        self._call("GET", "/ready")

    def version(self) -> Json:
        """The versions of the emulator, of Python and of OpenSSL."""
        return self._call("GET", "/version")

    def configuration(self) -> Json:
        """What the emulator was started with."""
        return self._call("GET", "/configuration")

    def reset(self) -> Json:
        """Forget everything but the first subscription, its certificates and the snapshots."""
        return self._call("POST", "/reset")

    # -- subscriptions --------------------------------------------------------------------------------------------

    def list_subscriptions(self) -> list[Json]:
        """Every subscription, with what it has in numbers."""
        return self._list("/subscriptions", "subscriptions")

    def get_subscription(self, id: str) -> Json:
        """One subscription."""
        return self._call("GET", f"/subscriptions/{_one(id)}")

    def create_subscription(
        self,
        id: str | None = None,
        name: str | None = None,
        certificate: str | None = None,
        isolate: bool | None = None,
        quotas: dict[str, int] | None = None,
    ) -> Json:
        """Make a subscription.  certificate: PEM or base64; isolate: with a cloud of its own."""
        return self._call(
            "POST", "/subscriptions", id=id, name=name, certificate=certificate, isolate=isolate, quotas=quotas
        )

    def delete_subscription(self, id: str) -> Json:
        """Have a subscription be gone, with everything in it."""
        return self._call("DELETE", f"/subscriptions/{_one(id)}")

    def reset_subscription(self, id: str) -> Json:
        """Empty a subscription; certificates and quotas stay, its faults and exchanges go."""
        return self._call("POST", f"/subscriptions/{_one(id)}/reset")

    def enrol_certificate(self, id: str, certificate: str) -> Json:
        """Register a management certificate (PEM or base64) with a subscription."""
        return self._call("POST", f"/subscriptions/{_one(id)}/certificates", certificate=certificate)

    def set_quotas(self, id: str, quotas: dict[str, int]) -> Json:
        """Change some of a subscription's quotas."""
        return self._call("POST", f"/subscriptions/{_one(id)}/quotas", quotas=quotas)

    # -- clock ----------------------------------------------------------------------------------------------------

    def clock(self, subscription: str | None = None) -> Json:
        """The time, the pace, whether the clock is frozen, and how many steps are pending."""
        return self._call("GET", "/clock", subscription=subscription)

    def advance(self, seconds: float, subscription: str | None = None) -> Json:
        """Move the time forward; what is due by then happens at once."""
        return self._call("POST", "/clock/advance", seconds=seconds, subscription=subscription)

    def advance_until_ended(self, operation: str, within: float | None = None, subscription: str | None = None) -> Json:
        """Move the time forward until an operation has ended, `within` seconds at most."""
        return self._call(
            "POST", "/clock/advance-until-ended", operation=operation, within=within, subscription=subscription
        )

    def advance_until_idle(self, within: float | None = None, subscription: str | None = None) -> Json:
        """Move the time forward until nothing is pending, `within` seconds at most."""
        return self._call("POST", "/clock/advance-until-idle", within=within, subscription=subscription)

    def freeze(self) -> Json:
        """Stop the clock: time moves only when it is advanced."""
        return self._call("POST", "/clock/freeze")

    def thaw(self) -> Json:
        """Let the clock run on."""
        return self._call("POST", "/clock/thaw")

    def set_pace(self, pace: str | None = None, scale: float | None = None) -> Json:
        """Go on at another pace, by its name or by what recorded durations are multiplied by."""
        return self._call("POST", "/clock/pace", pace=pace, scale=scale)

    # -- operations -----------------------------------------------------------------------------------------------

    def list_operations(
        self, subscription: str | None = None, status: str | None = None, after: int | None = None
    ) -> list[Json]:
        """What became of requests that changed something, in the order they began."""
        return self._list("/operations", "operations", subscription=subscription, status=status, after=after)

    def get_operation(self, id: str) -> Json:
        """One operation, by the x-ms-request-id of its request."""
        return self._call("GET", f"/operations/{_one(id)}")

    def hold_operation(self, id: str) -> Json:
        """Keep an operation InProgress, whatever the time."""
        return self._call("POST", f"/operations/{_one(id)}/hold")

    def release_operation(self, id: str) -> Json:
        """Let a held operation go on."""
        return self._call("POST", f"/operations/{_one(id)}/release")

    def fail_operation(
        self, id: str, code: str | None = None, message: str | None = None, status: int | None = None
    ) -> Json:
        """End an operation now, with an error."""
        return self._call("POST", f"/operations/{_one(id)}/fail", code=code, message=message, status=status)

    def succeed_operation(self, id: str) -> Json:
        """Have an operation come to its end now."""
        return self._call("POST", f"/operations/{_one(id)}/succeed")

    def watch_operations(
        self, subscription: str | None = None, interval: float = 0.2, *, sleep: Callable[[float], object] = time.sleep
    ) -> Iterator[Json]:
        """Every operation that begins or changes from now on, for ever; asked for every `interval` seconds."""
        seen = {one["id"]: one for one in self.list_operations(subscription)}
        while True:
            sleep(interval)
            for one in self.list_operations(subscription):
                if seen.get(one["id"]) != one:
                    seen[one["id"]] = one
                    yield one

    # -- faults ---------------------------------------------------------------------------------------------------

    def list_faults(self, subscription: str | None = None) -> Json:
        """The fault rules with their counts, and whether all of them were used."""
        return self._call("GET", "/faults", subscription=subscription)

    def add_fault(
        self,
        answer: str,
        *,
        id: str | None = None,
        operation: str | None = None,
        subscription: str | None = None,
        resource: str | None = None,
        after: int | None = None,
        times: int | None = 1,
        chance: float | None = None,
        seed: str | None = None,
        code: str | None = None,
        message: str | None = None,
        status: int | None = None,
        retry_after: int | None = None,
        seconds: float | None = None,
        when: str | None = None,
        octets: int | None = None,
        how: str | None = None,
        location: str | None = None,
    ) -> Json:
        """Plan a fault: error, delay, drop, cut, spoil, redirect, fail or hold.  times: None for always."""
        given = {
            "id": id, "operation": operation, "subscription": subscription, "resource": resource, "after": after,
            "chance": chance, "seed": seed, "code": code, "message": message, "status": status,
            "retry_after": retry_after, "seconds": seconds, "when": when, "octets": octets, "how": how,
            "location": location,
        }  # fmt: skip
        body = {"answer": answer, "times": times, **{name: one for name, one in given.items() if one is not None}}
        return self.send("POST", "/faults", body)

    def get_fault(self, id: str) -> Json:
        """One fault rule."""
        return self._call("GET", f"/faults/{_one(id)}")

    def delete_fault(self, id: str) -> Json:
        """Take a fault rule away."""
        return self._call("DELETE", f"/faults/{_one(id)}")

    def clear_faults(self, subscription: str | None = None) -> Json:
        """Take all fault rules away."""
        return self._call("DELETE", "/faults", subscription=subscription)

    def assert_faults_used(self, subscription: str | None = None) -> None:
        """AssertionError naming the fault rules that have not happened as often as they were planned to."""
        unused = self.list_faults(subscription)["unused"]
        assert not unused, f"planned faults that did not happen: {', '.join(unused)}"

    # -- maintenance ----------------------------------------------------------------------------------------------

    def list_maintenance(self, subscription: str | None = None) -> list[Json]:
        """What maintenance is planned for virtual machines, or was and is done."""
        return self._list("/maintenance", "maintenance", subscription=subscription)

    def plan_maintenance(
        self,
        service: str,
        machine: str | None = None,
        pre_start: float | None = None,
        pre_end: float | None = None,
        start: float | None = None,
        end: float | None = None,
        subscription: str | None = None,
    ) -> list[Json]:
        """Plan maintenance for the hosts of a service's machines, or of one.  All times are seconds from now.

        pre_start, pre_end: when the owner may have it done; from now on until `start`
        start, end:         when the platform does it; at `pre_end`, or in a week, within four days
        """
        found: list[Json] = self._call(
            "POST", f"/maintenance/{_one(service)}", machine=machine, pre_start=pre_start, pre_end=pre_end,
            start=start, end=end, subscription=subscription,
        )["maintenance"]  # fmt: skip
        return found

    def cancel_maintenance(self, service: str, machine: str | None = None, subscription: str | None = None) -> Json:
        """Take planned maintenance back, and forget what was done."""
        return self._call("DELETE", f"/maintenance/{_one(service)}", machine=machine, subscription=subscription)

    # -- snapshots ------------------------------------------------------------------------------------------------

    def list_snapshots(self) -> list[Json]:
        """Every snapshot."""
        return self._list("/snapshots", "snapshots")

    def take_snapshot(self, name: str | None = None, subscription: str | None = None) -> Json:
        """Keep the state under a name."""
        return self._call("POST", "/snapshots", name=name, subscription=subscription)

    def restore_snapshot(self, name: str) -> Json:
        """Go back to a snapshot; what was pending has as long to go as it had."""
        return self._call("POST", f"/snapshots/{_one(name)}/restore")

    def delete_snapshot(self, name: str) -> Json:
        """Forget a snapshot."""
        return self._call("DELETE", f"/snapshots/{_one(name)}")

    def diff_snapshots(self, name: str, to: str | None = None, subscription: str | None = None) -> Json:
        """What changed from a snapshot to another, or to the present, as a tree and as text."""
        return self._call("GET", f"/snapshots/{_one(name)}/diff", to=to, subscription=subscription)

    def export_snapshot(self, name: str) -> Json:
        """A snapshot as a document to keep in a file."""
        return self._call("GET", f"/snapshots/{_one(name)}/export")

    def import_snapshot(self, document: Json, name: str | None = None) -> Json:
        """Take in an exported snapshot; restore it to use it."""
        return self._call("POST", "/snapshots/import", document=document, name=name)

    # -- requests -------------------------------------------------------------------------------------------------

    def list_requests(
        self,
        subscription: str | None = None,
        operation: str | None = None,
        status: int | None = None,
        failed: bool | None = None,
        after: int | None = None,
        last: int | None = None,
        bodies: bool | None = None,
    ) -> list[Json]:
        """The last exchanges, oldest first."""
        return self._list(
            "/requests",
            "requests",
            subscription=subscription,
            operation=operation,
            status=status,
            failed=failed,
            after=after,
            last=last,
            bodies=bodies,
        )

    def get_request(self, id: str) -> Json:
        """One exchange with headers and bodies, and why it was refused if it was."""
        return self._call("GET", f"/requests/{_one(id)}")

    def clear_requests(self, subscription: str | None = None) -> Json:
        """Forget the exchanges."""
        return self._call("DELETE", "/requests", subscription=subscription)

    # -- seed -----------------------------------------------------------------------------------------------------

    def seed(
        self,
        estate: Any,
        format: str | None = None,
        subscription: str | None = None,
        service: str | None = None,
        location: str | None = None,
    ) -> Json:
        """Put a described estate into a subscription, and say what could not be taken."""
        return self._call(
            "POST", "/seed", estate=estate, format=format, subscription=subscription, service=service, location=location
        )

    # -- travelling -----------------------------------------------------------------------------------------------

    def _list(self, path: str, key: str, **given: Any) -> list[Json]:
        found: list[Json] = self._call("GET", path, **given)[key]
        return found

    def _call(self, verb: str, path: str, **given: Any) -> Json:
        said = {name: value for name, value in given.items() if value is not None}
        if verb == "POST":
            return self.send(verb, path, said)
        query = urlencode({name: _word(value) for name, value in said.items()})
        return self.send(verb, path + (f"?{query}" if query else ""))

    def send(self, verb: str, target: str, body: Json | None = None) -> Json:
        """Carry a request of any kind; what is answered.  Raises `ControlError`."""
        headers = {} if body is None else {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            status, data = self._carry(verb, target, None if body is None else json.dumps(body).encode(), headers)
        except OSError as problem:
            reason = getattr(problem, "reason", problem)
            raise ControlError(f"the emulator at {self.url} does not answer: {reason}") from None
        try:
            found = json.loads(data) if data else {}
        except ValueError:
            raise ControlError(f"what answers at {self.url} is no control plane", status) from None
        if not 200 <= status < 300:
            raise ControlError(
                found.get("error", f"status {status}") if isinstance(found, dict) else str(found), status
            )
        assert isinstance(found, dict)
        return found

    def _over_http(self, verb: str, target: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        import urllib.error  # here: the command line reads what this class can do, and the server needs none of it
        import urllib.request

        request = urllib.request.Request(self.url + target, method=verb, data=body, headers=headers)
        # Never through a proxy: the control plane is on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=TIMEOUT) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as problem:
            with problem:
                return problem.code, problem.read()


def _one(text: str) -> str:
    return quote(text, safe="")


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
