"""The views: what each one shows, as parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from asm_contracts import evidence
from asm_contracts.catalogue import all_operations
from asm_contracts.errors import ERRORS
from asm_emulator import coverage, model, snapshots, steering
from asm_emulator.control.groups import clock as clock_group
from asm_emulator.control.groups import faults as fault_group
from asm_emulator.control.groups import requests as request_group
from asm_emulator.control.groups import snapshots as snapshot_group
from asm_emulator.control.table import FAULTS, SPOILS
from asm_emulator.control.terms import Refused
from asm_emulator.journal import Change
from asm_emulator.pace import PACES
from asm_emulator.page import estate, exchanges
from asm_emulator.page.parts import Part, Renderer
from asm_emulator.page.timeline import timeline
from asm_emulator.state import Step

if TYPE_CHECKING:
    from asm_emulator.control.plane import Plane

SHOWN: Final = 100
"""Exchanges and steps listed."""
LINES: Final = 400
"""Lines of a difference shown."""
EVIDENCE: Final = {
    "recorded": "seen in recorded traffic of the real service",
    "documented": "said by Microsoft's documentation",
    "quoted": "a message of the service, quoted in public",
    "client": "what a client that was shipped insists on",
    "assumed": "what the service most plausibly did, where nothing says what it did",
}
"""The kinds of evidence, the strongest first, in words."""
_NOISE: Final = frozenset({"operations", "leases"})
"""What every operation changes: its own record."""


@dataclass(frozen=True, slots=True)
class View:
    """One view; without a title it is reached from another one."""

    name: str
    title: str
    path: str
    make: Callable[..., Iterator[Part]]
    of: str = ""
    """The name of the view it belongs to."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a view is asked with: the token that its forms carry, and the query."""

    token: str
    query: Mapping[str, str]


class Views:
    """Makes the views of one emulator."""

    def __init__(self, plane: Plane) -> None:
        self.plane = plane
        self.render = Renderer()

    @property
    def _emulator(self) -> Any:
        return self.plane.emulator

    def _chosen(self, query: Mapping[str, str]) -> str | None:
        return self.plane.perhaps(query.get("subscription"))

    # -- the estate -----------------------------------------------------------------------------------------------

    def estate(self, ask: Ask) -> Iterator[Part]:
        yield from estate.parts(self.render, self._emulator.engine.settled(), self._chosen(ask.query))

    # -- operations -----------------------------------------------------------------------------------------------

    def operations(self, ask: Ask) -> Iterator[Part]:
        engine = self._emulator.engine
        state = engine.settled()
        chosen = self._chosen(ask.query)
        yield self._filter(chosen)
        found = timeline(state, engine.clock.now(), engine.journal.all(), chosen)
        yield self.render.part("timeline", "part_timeline.html", timeline=found, frozen=engine.clock.frozen)

    def operation(self, ask: Ask, id: str) -> Iterator[Part]:
        engine = self._emulator.engine
        state = engine.settled()
        owner = next((one for one in state.subscriptions.values() if id in one.operations), None)
        if owner is None:
            raise Refused(404, f"there is no operation {id}")
        record = owner.operations[id]
        held = steering.is_held(state, id)
        pending = [step for step in (state.steps.ending(id), *state.held) if step is not None and step.request_id == id]
        yield self.render.part(
            "operation",
            "part_operation.html",
            record=record,
            owner=owner,
            held=held,
            pending=[(step, step.due + owner.ahead) for step in pending],
            form_token=ask.token,
        )
        yield self.render.part("steps", "part_steps.html", changes=[_told(one) for one in engine.journal.of(id)])
        yield from self._exchange(id, alone=False)

    # -- requests -------------------------------------------------------------------------------------------------

    def requests(self, ask: Ask) -> Iterator[Part]:
        log = self._emulator.log
        wanted = {name: ask.query.get(name, "") for name in ("subscription", "operation", "status", "failed")}
        try:
            status = int(wanted["status"]) if wanted["status"] else None
        except ValueError:
            raise Refused(400, "the status is a number") from None
        yield self.render.part(
            "filter",
            "part_request_filter.html",
            wanted=wanted,
            subscriptions=self._subscriptions(),
            form_token=ask.token,
        )
        found = log.find(
            subscription=wanted["subscription"].lower() or None,
            operation=wanted["operation"] or None,
            status=status,
            failed=True if wanted["failed"] else None,
            last=SHOWN,
        )
        yield self.render.part(
            "requests", "part_requests.html", entries=list(reversed(found)), most=SHOWN, capacity=log.capacity
        )

    def request(self, _ask: Ask, id: str) -> Iterator[Part]:
        found = list(self._exchange(id, alone=True))
        if not found:
            raise Refused(404, f"no request {id} is kept")
        yield from found

    def _exchange(self, id: str, *, alone: bool) -> Iterator[Part]:
        entries = self._emulator.log.find(request_id=id, last=1)
        for entry in entries:
            told = request_group.told(entry, bodies=True)
            yield self.render.part(
                "exchange",
                "part_exchange.html",
                it=told,
                alone=alone,
                pretty=lambda body: exchanges.coloured(exchanges.pretty(body)),
                raw=exchanges.raw,
                curl=exchanges.curl(told, self.plane.endpoint, self.plane.settings),
                test=exchanges.as_test(told),
            )

    # -- clock ----------------------------------------------------------------------------------------------------

    def clock(self, ask: Ask) -> Iterator[Part]:
        engine = self._emulator.engine
        state = engine.settled()
        first = state.steps.first
        found = clock_group.clock(self.plane)
        yield self.render.part("clock", "part_clock.html", it=found, now=engine.clock.now())
        yield self.render.part(
            "steer",
            "part_clock_forms.html",
            frozen=found["frozen"],
            paces=list(PACES),
            pace=found["pace"],
            form_token=ask.token,
            next=engine.clock.frozen and first and (first.due - engine.clock.now()).total_seconds(),
        )
        steps = [(one, one in state.held, _names(state.subscriptions, one)) for one in (*state.held, *state.steps)]
        yield self.render.part(
            "pending", "part_pending.html", steps=steps[:SHOWN], more=max(len(steps) - SHOWN, 0), now=engine.clock.now()
        )

    # -- faults ---------------------------------------------------------------------------------------------------

    def faults(self, ask: Ask) -> Iterator[Part]:
        found = fault_group.list_faults(self.plane, None)
        yield self.render.part("rules", "part_faults.html", it=found, form_token=ask.token)
        yield self.render.part(
            "plan",
            "part_fault_form.html",
            answers=FAULTS,
            spoils=SPOILS,
            operations=[one.name for one in all_operations()],
            codes=sorted(ERRORS),
            subscriptions=self._subscriptions(),
            form_token=ask.token,
        )

    # -- snapshots ------------------------------------------------------------------------------------------------

    def snapshots(self, ask: Ask) -> Iterator[Part]:
        found = self._emulator.snapshots.all()
        yield self.render.part("snapshots", "part_snapshots.html", found=found, form_token=ask.token)
        yield self.render.part(
            "take", "part_snapshot_form.html", subscriptions=self._subscriptions(), form_token=ask.token
        )

    def snapshot(self, ask: Ask, name: str) -> Iterator[Part]:
        to = ask.query.get("to")
        found = snapshot_group.diff_snapshots(self.plane, name, to, None)
        others = [one.name for one in self._emulator.snapshots.all() if one.name != name]
        yield self.render.part(
            "difference",
            "part_difference.html",
            name=name,
            to=to,
            others=others,
            lines=_lines(found["tree"]),
            most=LINES,
        )

    # -- what is known --------------------------------------------------------------------------------------------

    def coverage(self, _ask: Ask) -> Iterator[Part]:
        def make() -> Part:
            areas: dict[str, list[coverage.Row]] = {}
            for row in coverage.rows():
                areas.setdefault(row.area, []).append(row)
            return self.render.part("coverage", "part_coverage.html", areas=areas)

        yield self.render.kept("coverage", (), make)

    def evidence(self, _ask: Ask) -> Iterator[Part]:
        def make() -> Part:
            found = sorted({(one.kind, one.about, one.source) for one in evidence.REGISTER})
            kinds: dict[str, list[tuple[str, str]]] = {}
            for kind, about, source in found:
                kinds.setdefault(kind, []).append((about.removeprefix("asm_emulator."), source))
            ordered = {kind: kinds[kind] for kind in EVIDENCE if kind in kinds}
            return self.render.part("evidence", "part_evidence.html", kinds=ordered, meanings=EVIDENCE)

        yield self.render.kept("evidence", (len(evidence.REGISTER),), make)

    # -- shared ---------------------------------------------------------------------------------------------------

    def _subscriptions(self) -> list[str]:
        return sorted(self._emulator.engine.state.subscriptions)

    def _filter(self, chosen: str | None) -> Part:
        return self.render.part("filter", "part_filter.html", chosen=chosen, subscriptions=self._subscriptions())


def _told(change: Change) -> dict[str, Any]:
    tree = snapshots.diff(change.before, change.after, change.subscription)
    tree = {name: found for name, found in tree.items() if name not in _NOISE}
    begun = {id(one) for one in change.before.steps}
    return {
        "what": change.what,
        "is_step": change.is_step,
        "time": change.time,
        "lines": _lines(tree),
        "begun": [one for one in (*change.after.steps, *change.after.held) if id(one) not in begun]
        if not change.is_step
        else [],
    }


def _lines(tree: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    for number, line in enumerate(snapshots.lines(tree)):
        if number == LINES:
            found.append(("", "…"))
            break
        kind = {"+": "came", "-": "went", "~": "changed"}.get(line.lstrip()[:1], "")
        # How deep it stands: where it is wrapped, the rest stands below its beginning.
        found.append((f"{kind} in{min((len(line) - len(line.lstrip())) // 2, 12)}".strip(), line))
    return found


def _names(subscriptions: Any, step: Step) -> str:
    owner: model.Subscription | None = subscriptions.get(step.subscription_id)
    record = owner.operations.get(step.request_id) if owner is not None and step.request_id else None
    return f"{record.name} {record.object_path.rpartition('/')[2]}" if record is not None else ""


VIEWS: Final = (
    View("estate", "Estate", "/", Views.estate),
    View("operations", "Operations", "/page/operations", Views.operations),
    View("operation", "", "/page/operations/<id>", Views.operation, of="operations"),
    View("requests", "Requests", "/page/requests", Views.requests),
    View("request", "", "/page/requests/<id>", Views.request, of="requests"),
    View("clock", "Clock", "/page/clock", Views.clock),
    View("faults", "Faults", "/page/faults", Views.faults),
    View("snapshots", "Snapshots", "/page/snapshots", Views.snapshots),
    View("snapshot", "", "/page/snapshots/<name>", Views.snapshot, of="snapshots"),
    View("coverage", "Coverage", "/page/coverage", Views.coverage),
    View("evidence", "Evidence", "/page/evidence", Views.evidence),
)
