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
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from asm_contracts.errors import ConflictError, InternalError, ServiceError, error
from asm_contracts.frozen import frozen, replace
from asm_emulator import model, tenancy
from asm_emulator.clock import Clock, WallClock
from asm_emulator.doors import Door, Sight, mend
from asm_emulator.journal import Change, Journal
from asm_emulator.keeping import Image, Keeper, NotKept
from asm_emulator.pace import Pace
from asm_emulator.retention import forget_old
from asm_emulator.state import EMPTY, Draft, State, Step, Touched, altered
from asm_emulator.terms import TERMS, Terms

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


@frozen
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
    is_listed: bool = True
    """Whether what it did is among the subscription's operations: what goes to a site's own host is not."""
    version: str = ""
    describe: Callable[[Any], str] = str
    """How an argument of a past request is written out; documents are the codec's business, not the domain's."""
    if_match: str | None = None
    """The version that what is changed must have: its ETag, or ``*`` for any; None to make it anew."""
    continuation: str | None = None
    """Where a long list goes on: the ``x-ms-continuation-token`` of the page before."""


class Engine:
    """The state, the clock, and the one door through which the state changes."""

    def __init__(self, clock: Clock, pace: Pace, seed: str = "asm", terms: Terms = TERMS) -> None:
        self.clock = clock
        self.pace = pace
        self.seed = seed
        self.terms = terms
        self.journal = Journal()
        self._state = EMPTY
        self.lock = threading.RLock()
        self._requests = itertools.count(1)
        self._starts = 0
        self.keeper: Keeper | None = None

    # -- the value ------------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """The current value."""
        return self._state

    def restore(self, state: State) -> None:
        """Make a snapshot the current value."""
        with Door(self):
            self._commit(state, None)

    def next_request_id(self) -> str:
        """32 hex digits, never given twice for this state, the same sequence for the same seed."""
        # Without a start the text is what it was before states were kept: recordings of ids stay good.
        start = f"{self._starts}\0" if self._starts else ""
        text = f"{self.seed}\0request\0{start}{next(self._requests)}"
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    # -- serving --------------------------------------------------------------------------------------------------

    def serve(self, request: Request, action: Action) -> Any:
        """Run an action for a request and commit what it wrote.

        A mutation leaves an operation record: InProgress if the action began one, Succeeded otherwise, Failed if it
        was refused; nothing else of a refused one remains.  Raises what the action raises, and NotKept.
        """
        if not request.is_mutation:
            if self.keeper is None:
                return action(self._draft(self.settled(), request.subscription_id), request)
            with Sight(self):
                return action(self._draft(self.settled(), request.subscription_id), request)
        with Door(self):
            state = self._settle()
            marks = self._marks()
            draft = self._draft(state, request.subscription_id, marks)
            try:
                answer = action(draft, request)
            except ServiceError as refusal:
                draft = self._draft(state, request.subscription_id, marks)
                if request.is_listed:
                    record(draft, request, "Failed", refusal)
                forget_old(draft)
                self._commit(draft.state, marks)
                raise
            if request.is_listed and request.request_id not in draft.subscription.operations:
                record(draft, request, "Succeeded")
            forget_old(draft)
            change = Change(
                request.name, False, request.request_id, draft.subscription_id, draft.now, state, draft.state
            )
            self._commit(change.after, marks)
            self.journal.add(change)
            return answer

    def look(self, subscription_id: str) -> Draft:
        """A draft that is only to be looked at: nothing that is written to it comes about."""
        return self._draft(self.settled(), subscription_id)

    def change(self, subscription_id: str, action: Callable[[Draft], Any]) -> Any:
        """Change the state from outside any request: set-up and the control plane."""
        with Door(self):
            marks = self._marks()
            draft = self._draft(self._settle(), subscription_id, marks)
            answer = action(draft)
            self._commit(draft.state, marks)
            return answer

    def transform(self, change: Callable[[State, datetime], State]) -> State:
        """Change the whole state from outside any request; `change` is given the emulator's time too."""
        with Door(self):
            self._commit(change(self._settle(), self.clock.now()), None)
            return self._state

    def add_subscription(self, subscription: model.Subscription) -> None:
        """Add a subscription; one of the same id is replaced."""
        self.transform(lambda state, _: tenancy.with_subscription(state, subscription))

    def _draft(self, state: State, subscription_id: str, marks: Touched | None = None) -> Draft:
        now = self.clock.now()
        ahead = state.subscriptions[subscription_id.lower()].ahead
        return Draft(
            state, subscription_id.lower(), now + ahead if ahead else now, self.pace, self.seed, marks, self.terms
        )

    # -- keeping --------------------------------------------------------------------------------------------------

    def keep(self, keeper: Keeper, *, again: bool) -> None:
        """Go on from what a keeper has kept, and have it keep every change from now on, before anybody hears of it.

        again: another engine has gone on from it before this one
        """
        with self.lock:
            self.go_back(keeper.kept)
            self.keeper = keeper
        with Door(self):
            self._starts += again
            self._commit(self._state, self._marks())

    def image(self) -> Image:
        """Everything that is to be kept, as it is now."""
        return self._image(self._state)

    def close(self) -> None:
        """Let go of the keeper; what happens from now on is in memory alone."""
        with self.lock:
            keeper, self.keeper = self.keeper, None
        if keeper is not None:
            keeper.close()

    def _image(self, state: State) -> Image:
        mark = self.clock.mark() if isinstance(self.clock, WallClock) else None
        return Image(state, mark, self.pace, self.seed, self._starts)

    def _marks(self) -> Touched | None:
        return None if self.keeper is None else Touched()

    def _commit(self, state: State, marks: Touched | None) -> None:
        """Make a state the current one, once it is written down; NotKept if it cannot be, with nothing changed."""
        if self.keeper is not None:
            self.keeper.append(self._image(state), marks)
        self._state = state

    def go_back(self, image: Image) -> None:
        """Make what was kept the present again: state, pace and time."""
        self._state, self.pace, self.seed, self._starts = image.state, image.pace, image.seed, image.starts
        if image.clock is not None and isinstance(self.clock, WallClock):
            self.clock.resume(image.clock)

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

        def change() -> None:
            self._settle()
            if pace.frozen:
                self.clock.freeze()
            else:
                self.clock.thaw()
            self.pace = pace

        with Door(self):
            self._move(change)

    def freeze(self) -> None:
        """Have the time stand still."""
        with Door(self):
            self._move(self.clock.freeze)

    def thaw(self) -> None:
        """Have the time go on from where it stands."""
        with Door(self):
            self._move(self.clock.thaw)

    def advance(self, by: timedelta, subscription_id: str | None = None) -> datetime:
        """Move the time and let everything happen that is due by then; one subscription's alone if it is named.

        ValueError for a negative span, KeyError for an unknown subscription.
        """
        with Door(self):
            return self._advance(by, subscription_id)

    def _advance(self, by: timedelta, subscription_id: str | None) -> datetime:
        if subscription_id is None:
            self._move(lambda: self.clock.advance(by))
            return self.clock.now()
        if by < timedelta():
            raise ValueError("time does not go back")
        self._settle(tenancy.ahead(self._settle(), subscription_id.lower(), by))
        return self.now(subscription_id.lower())

    def _move(self, change: Callable[[], object]) -> None:
        """Change clock or pace, and let happen what is due then."""
        before = self._image(self._state)
        change()
        try:
            self._settle()
            self._commit(self._state, self._marks())
        except NotKept:
            self.go_back(before)
            raise

    def advance_until(
        self, reached: Callable[[State], bool], within: timedelta, subscription_id: str | None = None
    ) -> bool:
        """Move the time from one due step to the next until the state is as wanted; whether it came to that.

        No further than `within`, and no further than there is anything to come.  With a subscription only its time
        moves, and only its steps count.
        """
        with Door(self):
            left = within
            while not reached(self._settle()):
                due = next(_due(self._state.steps, subscription_id), None)
                if due is None:
                    return False
                span = max(due - self.clock.now(), timedelta())
                if span > left:
                    self._advance(left, subscription_id)
                    return reached(self._state)
                self._advance(span, subscription_id)
                left -= span
            return True

    def settled(self) -> State:
        """The state after everything that is due by now has happened."""
        state = self._state
        first = state.steps.first
        if first is None or first.due > self.clock.now():
            return state
        with self.lock:
            try:
                if self.keeper is not None:
                    mend(self, self.keeper)
                return self._settle()
            except NotKept:
                return self._state  # who only looks is answered; it happens as soon as it can be kept

    def _settle(self, moved: State | None = None) -> State:
        """Let happen what is due; `moved` is the state to begin with, which nobody has seen yet."""
        now = self.clock.now()
        state = self._state if moved is None else moved
        first = state.steps.first
        if first is None or first.due > now:
            if moved is not None:
                self._commit(moved, None)
            return state
        marks = None if moved is not None else self._marks()
        changes: list[Change] = []
        try:
            while (step := state.steps.first) is not None and step.due <= now:
                state = self._happen(altered(state, {"steps": state.steps.without(step)}), step, marks, changes)
        finally:
            if state is not self._state:
                self._commit(state, marks)
                for change in changes:
                    self.journal.add(change)
        return self._state

    def _happen(self, state: State, step: Step, marks: Touched | None, changes: list[Change]) -> State:
        if step.subscription_id not in state.subscriptions:
            return state
        # An effect happens when it was due, not when somebody came to look.
        due = step.due + state.subscriptions[step.subscription_id].ahead
        draft = Draft(state, step.subscription_id, due, self.pace, self.seed, marks, self.terms)
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
        changes.append(Change(step.effect, True, step.request_id, step.subscription_id, due, state, after))
        return after


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
