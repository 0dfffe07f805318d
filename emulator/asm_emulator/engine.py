"""The engine: serves requests against the state, and lets pending work happen when it is due.

One short lock covers every change: settle what is due, run the operation on a draft, swap the value in.  Readers take
the current value without it unless something is due.  There are no threads and no timers: time passes when somebody
asks.
"""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from asm_contracts.errors import ConflictError, InternalError, ServiceError, error
from asm_emulator import model
from asm_emulator.agenda import Agenda
from asm_emulator.clock import Clock
from asm_emulator.journal import Change, Journal
from asm_emulator.pace import Pace
from asm_emulator.state import EMPTY, Draft, State, Step

Effect = Callable[..., None]

_EFFECTS: Final[dict[str, Effect]] = {}


def effect(function: Effect) -> Effect:
    """Register what a step can do: ``function(draft, **arguments)``.  Steps name it ``module.function``.

    An effect finds the world as it is when its time comes, and must bear that what it was meant for is gone.  Raising
    a ServiceError makes the operation that the step ends Failed.
    """
    _EFFECTS[effect_name(function)] = function
    return function


def effect_name(function: Effect) -> str:
    """The name under which steps know an effect."""
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


class Action(Protocol):
    """What a request does to a draft; it returns the answer."""

    def __call__(self, draft: Draft, request: Request) -> Any: ...


_NOBODY: Final = model.Caller()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the engine must know of a request to serve it and to keep a record of it."""

    request_id: str
    subscription_id: str
    name: str
    """The operation's name, ``create_hosted_service``."""
    title: str = ""
    object_path: str = ""
    arguments: Any = None
    caller: model.Caller = _NOBODY
    is_mutation: bool = True
    version: str = ""
    describe: Callable[[Any], str] = str
    """How an argument of a past request is written out; documents are the codec's business, not the domain's."""
    if_match: str | None = None
    """The version that what is changed must have: its ETag, or ``*`` for any; None to make it anew."""
    continuation: str | None = None
    """Where a long list goes on: the ``x-ms-continuation-token`` of the page before."""


class Engine:
    """The state, the clock, and the one door through which the state changes."""

    def __init__(self, clock: Clock, pace: Pace, seed: str = "asm") -> None:
        self.clock = clock
        self.pace = pace
        self.seed = seed
        self.journal = Journal()
        self._state = EMPTY
        self._lock = threading.RLock()
        self._requests = itertools.count(1)

    # -- the value ------------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """The current value."""
        return self._state

    def restore(self, state: State) -> None:
        """Make a snapshot the current value."""
        with self._lock:
            self._state = state

    def next_request_id(self) -> str:
        """32 hex digits, never given twice by this engine, the same sequence for the same seed."""
        text = f"{self.seed}\0request\0{next(self._requests)}"
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    # -- serving --------------------------------------------------------------------------------------------------

    def serve(self, request: Request, action: Action) -> Any:
        """Run an action for a request and commit what it wrote.

        A mutation leaves an operation record: InProgress if the action began one, Succeeded otherwise, Failed if it
        was refused; nothing else of a refused one remains.  Raises what the action raises.
        """
        if not request.is_mutation:
            return action(self._draft(self.settled(), request.subscription_id), request)
        with self._lock:
            state = self.settled()
            draft = self._draft(state, request.subscription_id)
            try:
                answer = action(draft, request)
            except ServiceError as refusal:
                draft = self._draft(state, request.subscription_id)
                record(draft, request, "Failed", refusal)
                self._state = draft.state
                raise
            if request.request_id not in draft.subscription.operations:
                record(draft, request, "Succeeded")
            self._state = draft.state
            self.journal.add(
                Change(request.name, False, request.request_id, draft.subscription_id, draft.now, state, self._state)
            )
            return answer

    def change(self, subscription_id: str, action: Callable[[Draft], Any]) -> Any:
        """Change the state from outside any request: set-up and the control plane."""
        with self._lock:
            draft = self._draft(self.settled(), subscription_id)
            answer = action(draft)
            self._state = draft.state
            return answer

    def transform(self, change: Callable[[State, datetime], State]) -> State:
        """Change the whole state from outside any request; `change` is given the emulator's time too."""
        with self._lock:
            self._state = change(self.settled(), self.clock.now())
            return self._state

    def add_subscription(self, subscription: model.Subscription) -> None:
        """Add a subscription; one of the same id is replaced."""
        with self._lock:
            self._state = replace(
                self._state, subscriptions=self._state.subscriptions.insert(subscription.id.lower(), subscription)
            )

    def _draft(self, state: State, subscription_id: str) -> Draft:
        now = self.clock.now()
        ahead = state.subscriptions[subscription_id.lower()].ahead
        return Draft(state, subscription_id.lower(), now + ahead if ahead else now, self.pace, self.seed)

    # -- time -----------------------------------------------------------------------------------------------------

    def now(self, subscription_id: str = "") -> datetime:
        """The time, as a subscription has it."""
        now = self.clock.now()
        found = self._state.subscriptions.get(subscription_id)
        return now + found.ahead if found is not None and found.ahead else now

    def set_pace(self, pace: Pace) -> None:
        """Go on at another pace: what begins from now on takes as long as that says.

        A pace in which time stands still freezes the clock, any other one lets it run.
        """
        with self._lock:
            self.settled()
            if pace.frozen:
                self.clock.freeze()
            else:
                self.clock.thaw()
            self.pace = pace

    def advance(self, by: timedelta, subscription_id: str | None = None) -> datetime:
        """Move the time and let everything happen that is due by then; one subscription's alone if it is named.

        ValueError for a negative span, KeyError for an unknown subscription.
        """
        if subscription_id is None:
            now = self.clock.advance(by)
            self.settled()
            return now
        if by < timedelta():
            raise ValueError("time does not go back")
        with self._lock:
            self._state = _ahead(self.settled(), subscription_id.lower(), by)
            self.settled()
            return self.now(subscription_id.lower())

    def advance_until(
        self, reached: Callable[[State], bool], within: timedelta, subscription_id: str | None = None
    ) -> bool:
        """Move the time from one due step to the next until the state is as wanted; whether it came to that.

        No further than `within`, and no further than there is anything to come.  With a subscription only its time
        moves, and only its steps count.
        """
        with self._lock:
            left = within
            while not reached(self.settled()):
                due = next(_due(self._state.steps, subscription_id), None)
                if due is None:
                    return False
                span = max(due - self.clock.now(), timedelta())
                if span > left:
                    self.advance(left, subscription_id)
                    return reached(self._state)
                self.advance(span, subscription_id)
                left -= span
            return True

    def settled(self) -> State:
        """The state after everything that is due by now has happened."""
        state = self._state
        first = state.steps.first
        if first is None or first.due > self.clock.now():
            return state
        with self._lock:
            now = self.clock.now()
            while (step := self._state.steps.first) is not None and step.due <= now:
                self._state = self._happen(replace(self._state, steps=self._state.steps.without(step)), step)
            return self._state

    def _happen(self, state: State, step: Step) -> State:
        if step.subscription_id not in state.subscriptions:
            return state
        # An effect happens when it was due, not when somebody came to look.
        due = step.due + state.subscriptions[step.subscription_id].ahead
        draft = Draft(state, step.subscription_id, due, self.pace, self.seed)
        before = draft.savepoint()
        arguments = dict(step.arguments)
        failure: ServiceError | None = None
        try:
            if step.doom is not None:
                raise error(step.doom.code, step.doom.message, step.doom.http_status)
            _EFFECTS[step.effect](draft, **arguments)
        except ServiceError as problem:
            failure = problem
        except Exception:
            # A defect of ours must not stop time for everybody: the operation fails as the service's own would.
            if step.request_id is None:
                raise
            failure = InternalError()
        if failure is not None:
            draft.rollback(before)
            if step.undo is not None:
                _EFFECTS[step.undo](draft, **arguments)
        if step.request_id is not None:
            end(draft, step.request_id, failure)
        after = draft.state
        self.journal.add(Change(step.effect, True, step.request_id, step.subscription_id, due, state, after))
        return after


def _ahead(state: State, subscription_id: str, by: timedelta) -> State:
    """The state with a subscription's time moved: its steps stay due when they were, as it sees the time."""
    found = state.subscriptions[subscription_id]
    return replace(
        state,
        subscriptions=state.subscriptions.insert(subscription_id, replace(found, ahead=found.ahead + by)),
        steps=Agenda(_sooner(state.steps, subscription_id, by)),
        held=tuple(_sooner(state.held, subscription_id, by)),
    )


def _sooner(steps: Iterable[Step], subscription_id: str, by: timedelta) -> Iterable[Step]:
    return (replace(one, due=one.due - by) if one.subscription_id == subscription_id else one for one in steps)


def _due(steps: Iterable[Step], subscription_id: str | None) -> Iterator[datetime]:
    return (one.due for one in steps if subscription_id in (None, one.subscription_id))


def is_effect(name: str) -> bool:
    """Whether steps may name this effect."""
    return name in _EFFECTS


# -- operations, as behaviour sees them -----------------------------------------------------------------------------


def record(draft: Draft, request: Request, status: str, failure: ServiceError | None = None) -> None:
    """Write the operation record of a request."""
    draft.operations[request.request_id] = model.OperationRecord(
        request_id=request.request_id,
        name=request.title or request.name,
        object_path=request.object_path,
        started=draft.now,
        serial=draft.take_serial(),
        caller=request.caller,
        arguments=request.arguments,
        status=status,
        http_status=None if status == "InProgress" else failure.http_status if failure else 200,
        error_code=failure.error_code if failure else None,
        error_message=failure.message if failure else None,
        completed=None if status == "InProgress" else draft.now,
    )


def end(draft: Draft, request_id: str, failure: ServiceError | None) -> None:
    """End an operation and give its leases back."""
    found = draft.operations.get(request_id)
    if found is None or found.status != "InProgress":
        return
    for kind, key in found.leases:
        release(draft, kind, key, request_id)
    draft.operations[request_id] = replace(
        found,
        status="Failed" if failure else "Succeeded",
        http_status=failure.http_status if failure else 200,
        error_code=failure.error_code if failure else None,
        error_message=failure.message if failure else None,
        completed=draft.now,
        leases=(),
    )


def lease(draft: Draft, kind: str, key: str, request_id: str) -> None:
    """Take the lease on a thing; ConflictError naming the holder if another operation has it.

    kind ``deployment``: key is the deployment's private id.  The recorded refusal names the holder's request.
    """
    holder = draft.subscription.leases.get(f"{kind}:{key}")
    if holder is not None:
        raise ConflictError(
            f"Windows Azure is currently performing an operation with x-ms-requestid {holder} "
            f"on this {kind} that requires exclusive access."
        )
    draft.change(leases=draft.subscription.leases.insert(f"{kind}:{key}", request_id))


def holder_of(draft: Draft, kind: str, key: str) -> str | None:
    """The request whose operation holds a thing, if one does."""
    return draft.subscription.leases.get(f"{kind}:{key}")


def release(draft: Draft, kind: str, key: str, request_id: str) -> None:
    """Give a lease back, if this request has it."""
    leases = draft.subscription.leases
    if leases.get(f"{kind}:{key}") == request_id:
        draft.change(leases=leases.remove(f"{kind}:{key}"))


def begin(
    draft: Draft,
    request: Request,
    ends_with: Effect,
    *,
    holds: tuple[tuple[str, str], ...] = (),
    undo: Effect | None = None,
    takes: timedelta | None = None,
    **arguments: Any,
) -> None:
    """Begin an operation: it holds its leases until `ends_with` has happened.

    holds: what it takes leases on, as (kind, key); ConflictError if one is taken
    undo:  the effect that takes back what the request has put there already, should `ends_with` fail
    takes: how long, where the table of durations does not say under the operation's name
    """
    for kind, key in holds:
        lease(draft, kind, key, request.request_id)
    record(draft, request, "InProgress")
    if holds:
        held = draft.operations[request.request_id]
        draft.operations[request.request_id] = replace(held, leases=holds)
    draft.schedule(
        effect_name(ends_with),
        draft.span(request.name) if takes is None else takes,
        request_id=request.request_id,
        undo=effect_name(undo) if undo else None,
        **arguments,
    )
