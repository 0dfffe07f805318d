"""Whole subscriptions, from outside: taking one out of the state, emptying it, putting an earlier one in its place.

Functions from state to state; what they do not name stays the very same value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

from rpds import HashTrieMap

from asm_emulator import model
from asm_emulator.agenda import Agenda
from asm_emulator.maintenance import postponed
from asm_emulator.state import State, Step
from asm_emulator.terms import Terms
from asm_emulator.websites_model import first_farms

Names: TypeAlias = "HashTrieMap[tuple[str, str], str]"


def owners(state: State, kind: str, name: str) -> Iterator[model.Subscription]:
    """The subscriptions that have this name, which is unique in a cloud: one, and one in each cloud apart."""
    for subscription in state.subscriptions.values():
        scoped = f"{subscription.cloud}/{kind}" if subscription.cloud else kind
        if state.names.get((scoped, name.lower())) == subscription.id.lower():
            yield subscription


def without(state: State, subscription_id: str) -> State:
    """The state without a subscription, its names and its pending work; the same one if it has none of this id."""
    bare = _cleared(state, subscription_id)
    return replace(bare, subscriptions=bare.subscriptions.discard(subscription_id))


def emptied(state: State, subscription_id: str, terms: Terms) -> State:
    """The state with everything in a subscription gone but its certificates, quotas and place; KeyError for none."""
    found = state.subscriptions[subscription_id]
    bare = model.Subscription(
        id=found.id,
        name=found.name,
        created=found.created,
        quotas=found.quotas,
        cloud=found.cloud,
        ahead=found.ahead,
        certificates=found.certificates,
        server_farms=first_farms(terms.day),
    )
    cleared = _cleared(state, subscription_id)
    return replace(cleared, subscriptions=cleared.subscriptions.insert(subscription_id, bare))


def put_back(state: State, earlier: State, subscription_id: str, passed: timedelta) -> State:
    """The state with one subscription as it was in an earlier one, `passed` ago: gone if it was not there.

    What was pending then has as long to go as it had.  Names that others have taken meanwhile stay theirs.
    """
    found = earlier.subscriptions.get(subscription_id)
    if found is None:
        return without(state, subscription_id)
    cleared = _idle(state, subscription_id)
    theirs = [one for one in earlier.steps if one.subscription_id == subscription_id]
    found = postponed(earlier, theirs, passed).subscriptions[subscription_id]
    held = [one for one in earlier.held if one.subscription_id == subscription_id]
    return replace(
        cleared,
        subscriptions=cleared.subscriptions.insert(subscription_id, found),
        names=_names_again(state.names, earlier.names, subscription_id),
        steps=Agenda((*cleared.steps, *later(theirs, passed))),
        held=(*cleared.held, *later(held, passed)),
        serial=max(state.serial, earlier.serial),
    )


def whole(earlier: State, passed: timedelta) -> State:
    """An earlier state, `passed` ago, to go on with now: what was pending then has as long to go as it had."""
    if not passed:
        return earlier
    due = postponed(earlier, earlier.steps, passed)
    return replace(due, steps=Agenda(later(due.steps, passed)), held=tuple(later(due.held, passed)))


def later(steps: Iterable[Step], by: timedelta) -> Iterable[Step]:
    """Steps that are due so much later, in the same order."""
    return (replace(step, due=step.due + by) for step in steps) if by else steps


def with_subscription(state: State, subscription: model.Subscription) -> State:
    """The state with a subscription; one of the same id is replaced."""
    return replace(state, subscriptions=state.subscriptions.insert(subscription.id.lower(), subscription))


def ahead(state: State, subscription_id: str, by: timedelta) -> State:
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


def _cleared(state: State, subscription_id: str) -> State:
    names = state.names
    for key, owner in state.names.items():
        if owner == subscription_id:
            names = names.remove(key)
    return replace(_idle(state, subscription_id), names=names)


def _names_again(now: Names, earlier: Names, subscription_id: str) -> Names:
    """The names with those of a subscription as they were; only what differs is written, for it is mostly nothing."""
    if now is earlier:
        return now
    names = now
    for key, owner in now.items():
        if owner == subscription_id and earlier.get(key) != subscription_id:
            names = names.remove(key)
    for key, owner in earlier.items():
        if owner == subscription_id and key not in now:
            names = names.insert(key, owner)
    return names


def _idle(state: State, subscription_id: str) -> State:
    """The state without a subscription's pending work."""
    return replace(
        state,
        steps=Agenda(one for one in state.steps if one.subscription_id != subscription_id),
        held=tuple(one for one in state.held if one.subscription_id != subscription_id),
    )
