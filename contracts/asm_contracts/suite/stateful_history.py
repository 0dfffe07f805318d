"""The histories of the state machine: how a call is judged, and how the model follows what goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from asm_contracts.errors import ServiceError
from asm_contracts.operation import Accepted, DeploymentSlot
from asm_contracts.suite.azure import TERMINAL, Azure, check_shape
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.names import Names
from asm_contracts.suite.replay import Tape
from asm_contracts.suite.stateful_model import (
    OK,
    Deployment,
    Model,
    Pending,
    Verdict,
    never,
)
from asm_contracts.suite.worlds import PRODUCTION

SERVICES = st.sampled_from([0, 1])
ACCOUNTS = st.sampled_from([0, 1])
ROLES = st.sampled_from([0, 1, 2])
IMAGES = st.sampled_from([0, 1])
TARGETS = st.sampled_from([1, 2, 2])
"""Images to capture machines into; nothing is ever registered under the last one otherwise."""
LUNS = st.sampled_from([0, 1, 2])
SLOTS = st.sampled_from([PRODUCTION, DeploymentSlot("Staging")])
SPANS = st.sampled_from([1, 15, 40, 120, 600])
"""Seconds; the longest lets everything come to rest."""

CONFIGURATION = (
    b'<ServiceConfiguration serviceName="s" osFamily="2" '
    b'xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">'
    b'<Role name="WorkerRole1"><Instances count="1" /></Role></ServiceConfiguration>'
)


class History(RuleBasedStateMachine):
    """Calls, what the model says to them, and time."""

    azure: ClassVar[Azure]
    raw: ClassVar[Raw]
    new_names: ClassVar[Callable[[], Names]]
    tape: ClassVar[Tape]

    def __init__(self) -> None:
        super().__init__()
        type(self).tape.clear()
        self.names = type(self).new_names()
        self.model = Model()
        self.request_ids: set[str] = set()
        self.services = [self.names.hosted_service() for _ in range(2)]
        self.accounts = [self.names.storage_account() for _ in range(2)]
        self.images = [self.names.os_image() for _ in range(3)]
        self.vm_images = [self.names.vm_image() for _ in range(2)]
        self.roles = [self.names.free() for _ in range(3)]

    # -- how a call is judged -------------------------------------------------------------------------------------

    def call(
        self, verdict: Verdict, act: Callable[[], Any], done: Callable[[Any], object], busy: Deployment | None = None
    ) -> None:
        """Make a call whose answer the model knows: carried out, or refused with nothing changed."""
        before = self.look() if verdict != OK and self.azure.controls_time else None
        try:
            answer = act()
        except ServiceError as refusal:
            assert verdict != OK, f"the model has no objection, but: {refusal}"
            assert refusal.http_status in verdict, f"{sorted(verdict)} expected, not: {refusal}"
            if before is not None:
                assert self.look() == before, f"a refused call has changed something: {refusal}"
            if busy is not None and busy.busy is not None and verdict == {409}:
                assert busy.busy.request_id in refusal.message, f"the refusal names the holder: {refusal}"
            return
        assert verdict == OK, f"the model expects a refusal with {sorted(verdict)}"
        done(answer)

    def begin(
        self, accepted: Accepted, what: str, end: Callable[[], None], fails: Callable[[], bool] = never
    ) -> Pending:
        """Note what an accepted request will come to; where time is the service's own, wait for it."""
        assert accepted.request_id not in self.request_ids, "request ids are unique"
        self.request_ids.add(accepted.request_id)
        pending = Pending(accepted.request_id, what, end, fails)
        self.model.pending.append(pending)
        return pending

    def hold(
        self,
        deployment: Deployment,
        accepted: Accepted,
        what: str,
        end: Callable[[], None],
        fails: Callable[[], bool] = never,
    ) -> None:
        """As `begin`, for what holds a deployment until it has ended."""

        def over() -> None:
            deployment.busy, deployment.fresh = None, False
            end()

        deployment.busy = self.begin(accepted, what, over, fails)
        self.settle()

    def settle(self) -> None:
        """Where time is the service's own, wait for everything that goes on."""
        if not self.azure.controls_time:
            for pending in list(self.model.pending):
                self.azure.ended(pending.request_id)
            self.poll()

    def poll(self) -> None:
        """Ask after everything that goes on, and let the model follow what has ended."""
        for pending in list(self.model.pending):
            found = self.azure.get_operation_status(pending.request_id)
            check_shape(found, pending.request_id, lossy=self.azure.lossy)
            if found.status not in TERMINAL:
                continue
            expected = "Failed" if pending.fails() else "Succeeded"
            assert found.status == expected, f"{pending.what} has {found.status}: {found.error}"
            self.model.pending.remove(pending)
            self.model.finished[pending.request_id] = found.status
            pending.end()
        for disk in self.model.disks.values():
            if disk.loose and self.azure.get_disk(disk.name).attached_to is None:
                disk.loose = False

    def look(self) -> list[tuple[int, bytes]]:
        """All that the history could have changed, as bytes."""
        paths = [f"/services/hostedservices/{name}?embed-detail=true" for name in self.services]
        paths += [f"/services/storageservices/{name}" for name in self.accounts]
        paths += [f"/services/images/{name}" for name in self.images]
        paths += [f"/services/disks/{name}" for name in self.model.disks]
        answers = [self.raw.send("GET", path) for path in paths]
        return [(answer.status, answer.body) for answer in answers]

    def doomed(self, service: int) -> bool:
        """Whether a service is on its way out: what calls on it come to then is not the model's business."""
        found = self.model.services.get(self.services[service])
        return found is not None and found.doomed

    def pick(self, data: st.DataObject) -> tuple[int, int]:
        """Which machine to do something with: mostly one that is there."""
        there = [
            (self.services.index(service.name), self.roles.index(role.name))
            for service, _, role in self.model.roles()
            if not service.doomed
        ]
        if there and data.draw(st.sampled_from(range(10)), label="any"):
            return data.draw(st.sampled_from(there), label="machine")
        return data.draw(st.tuples(SERVICES, ROLES), label="machine")


Told = TypeVar("Told", bound=History)


def machine_of(kind: type[Told], azure: Azure, raw: Raw, new_names: Callable[[], Names]) -> type[Told]:
    """A machine for an endpoint; `new_names` gives each history names of its own."""
    tape = Tape()
    tape.attach(azure)
    given = {"azure": azure, "raw": raw, "new_names": staticmethod(new_names), "tape": tape}
    return type(kind.__name__, (kind,), given)


def run_histories(machine: type[History], how: settings) -> None:
    """Try histories; one that fails is told with the scripts that make it again, Hypothesis' smallest one."""
    try:
        run_state_machine_as_test(machine, settings=how)
    except BaseException as problem:
        # The smallest failing history is the last one that was run.
        if machine.tape.events:
            problem.add_note(machine.tape.both())
        raise
