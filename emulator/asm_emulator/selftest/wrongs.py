"""The ways in which an emulator can be made to misbehave: building blocks of the catalogue.

Every one gives a function that takes a `Patch` and puts the wrong behaviour in; `Patch.undo` takes it out again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from asm_contracts.catalogue import all_operations
from asm_contracts.errors import InternalError, InvalidHttpVerb, ServiceError, error
from asm_contracts.versions import LATEST
from asm_emulator import engine, uploads
from asm_emulator.areas import AREAS
from asm_emulator.areas.base import Area
from asm_emulator.exchange import Service, served_operations
from asm_emulator.messages import Exchange, Reply
from asm_emulator.state import Failure

_GONE: Final = object()
Apply = Callable[["Patch"], None]


class Patch:
    """Changes that can be taken back."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], object]] = []
        self.operations: set[str] = set()
        """The operations whose behaviour is wrong now, as far as the change is one of operations."""

    def set(self, owner: Any, name: str, value: Any) -> None:
        """Give an object, a class or a module another attribute; a dictionary another value."""
        if isinstance(owner, dict):
            before = owner[name]
            owner[name] = value
            self._undo.append(lambda: owner.__setitem__(name, before))
            return
        if not hasattr(owner, name):
            raise AttributeError(f"{owner} has no {name} to be replaced")
        had = vars(owner).get(name, _GONE)
        setattr(owner, name, value)
        self._undo.append(lambda: delattr(owner, name) if had is _GONE else setattr(owner, name, had))

    def undo(self) -> None:
        """Take everything back."""
        while self._undo:
            self._undo.pop()()


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong behaviour."""

    name: str
    area: str
    breaks: str
    """What is wrong, for people."""
    apply: Apply
    generated: bool = False
    """The cases derived from the declarations are the ones to notice first."""
    survives: str = ""
    """Why no test notices, if none does."""


@lru_cache(maxsize=1)
def _areas() -> dict[str, type[Area]]:
    return {one.name: area for one, area in served_operations(AREAS, all_operations()).items()}


# -- one operation ----------------------------------------------------------------------------------------------------

Instead = Callable[[Callable[..., Any], Any, dict[str, Any]], Any]
"""(the right behaviour, the area's object, the arguments) -> the answer"""


def instead(operation: str, act: Instead) -> Apply:
    """An operation does something else."""

    def apply(patch: Patch) -> None:
        patch.operations.add(operation)
        area = _areas()[operation]
        right = getattr(area, operation)

        def method(self: Area, *args: Any, **given: Any) -> Any:
            names = right.__code__.co_varnames[1:]
            return act(right, self, {**dict(zip(names, args, strict=False)), **given})

        patch.set(area, operation, method)

    return apply


def does_nothing(operation: str) -> Apply:
    """An operation says that it is done and has done nothing."""
    return instead(operation, lambda _right, _area, _given: None)


def changes_nothing(operation: str) -> Apply:
    """An operation answers as if it had been carried out, and takes back what it wrote."""

    def act(right: Callable[..., Any], area: Any, given: dict[str, Any]) -> Any:
        before = area.state.savepoint()
        answer = right(area, **given)
        area.state.rollback(before)
        return answer

    return instead(operation, act)


def refuses(operation: str, code: str, status: int) -> Apply:
    """An operation refuses everything."""

    def act(_right: Callable[..., Any], _area: Any, _given: dict[str, Any]) -> Any:
        raise error(code, "No.", status)

    return instead(operation, act)


def other_refusal(operation: str, code: str = "BadRequest", status: int = 400) -> Apply:
    """An operation's refusals have another code and status."""

    def act(right: Callable[..., Any], area: Any, given: dict[str, Any]) -> Any:
        try:
            return right(area, **given)
        except ServiceError as refusal:
            raise error(code, refusal.message, status) from refusal

    return instead(operation, act)


def forgives(operation: str, *codes: str) -> Apply:
    """What an operation should refuse with one of these codes it says to have done."""

    def act(right: Callable[..., Any], area: Any, given: dict[str, Any]) -> Any:
        try:
            return right(area, **given)
        except ServiceError as refusal:
            if refusal.error_code in codes:
                return None
            raise

    return instead(operation, act)


def hears(operation: str, **fields: Any) -> Apply:
    """An operation takes these elements of the body to be something else; a callable changes what was said."""

    def act(right: Callable[..., Any], area: Any, given: dict[str, Any]) -> Any:
        body = given["body"]
        changes = {name: value(getattr(body, name)) if callable(value) else value for name, value in fields.items()}
        return right(area, **{**given, "body": replace(body, **changes)})

    return instead(operation, act)


def shows(operation: str, path: str, value: Any) -> Apply:
    """An operation's answer has something else at a dotted path; a callable changes what is there."""
    return instead(operation, lambda right, area, given: edited(right(area, **given), path.split("."), value))


def edited(found: Any, path: list[str], value: Any) -> Any:
    """A document with something else at a path; ``*`` is every entry of a list."""
    if not path and not callable(value):
        return value
    if found is None:
        return None
    if not path:
        return value(found)
    if path[0] == "*":
        return tuple(edited(one, path[1:], value) for one in found)
    return replace(found, **{path[0]: edited(getattr(found, path[0]), path[1:], value)})


# -- operations that go on --------------------------------------------------------------------------------------------


def _afterwards(operation: str, then: Callable[[Any], object]) -> Apply:
    def act(right: Callable[..., Any], area: Any, given: dict[str, Any]) -> Any:
        answer = right(area, **given)
        then(area)
        return answer

    return instead(operation, act)


def never_ends(operation: str) -> Apply:
    """An accepted operation stays InProgress."""
    return _afterwards(operation, lambda area: area.state.take_step(area.request.request_id))


def ends_at_once(operation: str) -> Apply:
    """An accepted operation has ended before anybody can see it going on."""

    def then(area: Any) -> None:
        step = area.state.take_step(area.request.request_id)
        if step is not None:
            area.state.put_step(replace(step, due=area.now))

    return _afterwards(operation, then)


def ends_without_effect(operation: str) -> Apply:
    """An accepted operation succeeds, and nothing has come of it."""

    def then(area: Any) -> None:
        step = area.state.take_step(area.request.request_id)
        if step is not None:
            area.state.put_step(replace(step, effect=_NOTHING))

    return _afterwards(operation, then)


def _nothing(_draft: Any, **_of: Any) -> None:
    """What an operation without effect comes to."""


_nothing.__name__ = "selftest_nothing"
engine.effect(_nothing)
_NOTHING: Final = engine.effect_name(_nothing)


def fails_later(operation: str) -> Apply:
    """An accepted operation fails in the end."""

    def then(area: Any) -> None:
        step = area.state.take_step(area.request.request_id)
        if step is not None:
            area.state.put_step(replace(step, doom=Failure("InternalError", "It did not work.", 500)))

    return _afterwards(operation, then)


def keeps_its_lease(operation: str) -> Apply:
    """An accepted operation does not give back what it holds."""

    def then(area: Any) -> None:
        known = area.state.operations[area.request.request_id]
        area.state.operations[area.request.request_id] = replace(known, leases=())

    return _afterwards(operation, then)


def takes_no_lease(operation: str) -> Apply:
    """An accepted operation lets others in."""

    def then(area: Any) -> None:
        for kind, key in area.state.operations[area.request.request_id].leases:
            engine.release(area.state, kind, key, area.request.request_id)

    return _afterwards(operation, then)


# -- functions --------------------------------------------------------------------------------------------------------


def replaced(owner: Any, name: str, value: Any) -> Apply:
    """A function does something else."""
    return lambda patch: patch.set(owner, name, value)


def skipped(owner: Any, name: str) -> Apply:
    """A rule is not looked at, or a step not taken."""
    return replaced(owner, name, lambda *_args, **_given: None)


def no_effect(effect: Callable[..., None]) -> Apply:
    """What should happen later does not."""
    return lambda patch: patch.set(engine._EFFECTS, engine.effect_name(effect), lambda *_args, **_given: None)


# -- on the wire ------------------------------------------------------------------------------------------------------


def wire(operation: str, pattern: str, put: str | Callable[[re.Match[bytes]], bytes]) -> Apply:
    """The bytes of an operation's answer are others."""
    found = re.compile(pattern.encode(), re.DOTALL)
    to: Any = put.encode() if isinstance(put, str) else put

    def change(reply: Reply) -> Reply:
        body = found.sub(to, reply.body)
        headers = [(name, str(len(body)) if name == "Content-Length" else value) for name, value in reply.headers]
        return replace(reply, body=body, headers=headers)

    return answered(operation, change)


def status(operation: str, code: int) -> Apply:
    """An operation's success has another status."""
    return answered(operation, lambda reply: replace(reply, status=code))


def without_header(operation: str, name: str) -> Apply:
    """A header of an operation's answer is missing."""
    return answered(
        operation, lambda reply: replace(reply, headers=[one for one in reply.headers if one[0].lower() != name])
    )


def answered(operation: str, change: Callable[[Reply], Reply]) -> Apply:
    """An operation's successful answer is changed."""

    def apply(patch: Patch) -> None:
        patch.operations.add(operation)
        right = Service.encode

        def encode(self: Service, found: Exchange) -> Reply:
            reply = right(self, found)
            return change(reply) if found.operation is not None and found.operation.name == operation else reply

        patch.set(Service, "encode", encode)

    return apply


def refusal(change: Callable[[Reply], Reply], area: str = "") -> Apply:
    """Refusals look different; those of one area, or all."""

    def apply(patch: Patch) -> None:
        right = Service.refuse

        def refuse(self: Service, found: Exchange, problem: ServiceError) -> Reply:
            reply = right(self, found, problem)
            return change(reply) if not area or _area_of(self, found) == area else reply

        patch.set(Service, "refuse", refuse)

    return apply


# -- an area ----------------------------------------------------------------------------------------------------------


def _area_of(service: Service, found: Exchange) -> str:
    if found.operation is not None:
        return found.operation.area
    candidates = found.candidates or service._router.candidates(found.segments, bare=found.bare, host=found.host)
    return next((one.area for one in candidates.operations if one.verb == found.verb), "") or next(
        (one.area for one in candidates.operations), ""
    )


def _stages(patch: Patch, name: str, act: Callable[[Callable[..., None], Service, Exchange], None]) -> None:
    right = getattr(Service, name)

    def stage(self: Service, found: Exchange) -> None:
        act(right, self, found)

    patch.set(Service, name, stage)
    before = Service.answer

    def answer(self: Service, found: Exchange) -> Reply:
        # The stages were bound when the service was made.
        kept = self.stages
        self.stages = tuple(getattr(self, one.__name__) for one in kept)
        try:
            return before(self, found)
        finally:
            self.stages = kept

    patch.set(Service, "answer", answer)


def lets_strangers_in(area: str) -> Apply:
    """A certificate that the subscription does not know is as good as its own."""

    def act(right: Callable[..., None], service: Service, found: Exchange) -> None:
        try:
            right(service, found)
        except ServiceError:
            if _area_of(service, found) != area:
                raise
            known = service.engine.state.subscriptions
            wanted = found.subscription_id.lower()
            found.subscription_id = wanted if wanted in known else next(iter(known))

    return lambda patch: _stages(patch, "authenticate", act)


def ignores_versions(area: str) -> Apply:
    """Any ``x-ms-version`` will do, or none."""

    def act(right: Callable[..., None], service: Service, found: Exchange) -> None:
        try:
            right(service, found)
        except ServiceError:
            if _area_of(service, found) != area:
                raise
            found.version = LATEST

    return lambda patch: _stages(patch, "check_version", act)


def other_verb_error(area: str) -> Apply:
    """A verb that nothing has is said not to be found."""

    def act(right: Callable[..., None], service: Service, found: Exchange) -> None:
        try:
            right(service, found)
        except InvalidHttpVerb as refused:
            if area in {one.area for one in found.candidates.operations} if found.candidates else True:
                raise error("ResourceNotFound", refused.message, 404) from refused
            raise

    return lambda patch: _stages(patch, "route", act)


def chokes_on_bodies(area: str) -> Apply:
    """A body that is not the document is an internal error."""

    def act(right: Callable[..., None], service: Service, found: Exchange) -> None:
        try:
            right(service, found)
        except ServiceError as refused:
            if _area_of(service, found) != area:
                raise
            raise InternalError() from refused

    return lambda patch: _stages(patch, "decode", act)


def header(name: str, value: str | None) -> Apply:
    """A header of every answer is missing, or another."""

    def apply(patch: Patch) -> None:
        right = Service._reply

        def reply(self: Service, *args: Any, **given: Any) -> Reply:
            found: Reply = right(self, *args, **given)
            kept = [one for one in found.headers if one[0].lower() != name]
            return replace(found, headers=kept if value is None else [*kept, (name, value)])

        patch.set(Service, "_reply", reply)

    return apply


def body(pattern: str, put: str) -> Callable[[Reply], Reply]:
    """A change of a reply's body."""
    found, to = re.compile(pattern.encode(), re.DOTALL), put.encode()
    return lambda reply: replace(reply, body=found.sub(to, reply.body))


def limit(octets: int) -> Apply:
    """Bodies may be this long."""
    return replaced(uploads, "BODY_LIMIT", octets)


def every(*applied: Apply) -> Apply:
    """Several at once, where one alone would be nothing."""

    def apply(patch: Patch) -> None:
        for one in applied:
            one(patch)

    return apply
