"""One request from wire to wire: the ordered stages, and the only place that knows their order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Final, cast
from urllib.parse import parse_qsl

from asm_contracts import declined
from asm_contracts.codec import xml
from asm_contracts.codec.wires import wire_of
from asm_contracts.dialect import SERVICE_MANAGEMENT
from asm_contracts.errors import (
    BadRequest,
    ForbiddenError,
    InternalError,
    InvalidHttpVerb,
    InvalidXmlRequest,
    MissingOrIncorrectVersionHeader,
    NotEmulated,
    RequestBodyTooLarge,
    ServiceError,
)
from asm_contracts.operation import Accepted, Created, Made, Operation, RawBody, split_path
from asm_contracts.versions import LATEST, is_known
from asm_emulator import faults, model, steering
from asm_emulator.areas.base import Area
from asm_emulator.described import describe, object_path
from asm_emulator.doors import Sight
from asm_emulator.engine import Engine, Request
from asm_emulator.log import RequestLog
from asm_emulator.logged import entry
from asm_emulator.messages import Exchange, Reply, file_name_of
from asm_emulator.own_hosts import own_hosts
from asm_emulator.recall import Answer, Key, Looking, Recall
from asm_emulator.redaction import without_secrets
from asm_emulator.router import arguments_of, router_of
from asm_emulator.state import Draft
from asm_emulator.uploads import limit_of

log = logging.getLogger(__name__)

SERVER: Final = "1.0.6198.243 (rd_rdfe_stable.150618-1025) Microsoft-HTTPAPI/2.0"
BARE_SERVER: Final = "Microsoft-HTTPAPI/2.0"
"""The name under which what is behind the front refuses."""
REGION: Final = "ussouth3"
_TOLD: Final = ("x-ms-version", "accept", "content-type", "if-match", "x-ms-continuation-token")
"""The headers that an answer to a read may depend on."""
VERBS: Final = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH"})

Authenticator = Callable[[str, bytes | None, str | None], str | None]
"""(subscription id or "", certificate, thumbprint) -> the subscription the certificate may act for, if any."""


class Service:
    """The emulated service: answers exchanges.  It knows neither sockets nor Flask."""

    def __init__(
        self,
        engine: Engine,
        areas: Mapping[Operation, type[Area]],
        authenticate: Authenticator,
        *,
        requests: RequestLog | None = None,
        sleep: Callable[[float], object] = lambda _: None,
        answers: Recall | None = None,
    ) -> None:
        self.engine = engine
        self._areas = areas
        self._router = router_of((*areas, *declined.declined_operations()))
        self._hosts = own_hosts()
        self._authenticate = authenticate
        self.faults = faults.Faults()
        self.log = requests or RequestLog(0)
        self._sleep = sleep
        self.answers = answers
        self.stages: tuple[Callable[[Exchange], None], ...] = (
            self.address,  # which subscription; path and query apart
            self.authenticate,  # the certificate is one of the subscription's
            self.recall,  # the state is still that in which the same was answered before: the rest is known
            self.find,  # the operations at this path, for this verb
            self.check_version,  # x-ms-version is known
            self.parse,  # the body is XML
            self.route,  # query and root element leave one operation, not younger than the version
            self.decode,  # the body is the operation's document
            self.misbehave,  # fault rules, if there are any
            self.serve,  # behaviour, on a draft of the state
        )

    def answer(self, exchange: Exchange) -> Reply:
        """Take an exchange through the stages."""
        exchange.request_id = self.engine.next_request_id()
        begun = self.log.stopwatch()
        try:
            for stage in self.stages:
                stage(exchange)
                if exchange.recalled is not None:
                    break
            reply = self.encode(exchange)
        except ServiceError as refusal:
            exchange.refusal = refusal
            reply = self.refuse(exchange, refusal)
        except _Dropped:
            reply = Reply(0, [], b"", cut=-1)
        except Exception:
            log.exception("%s %s failed; this is a defect of the emulator", exchange.verb, exchange.path)
            reply = self.refuse(exchange, InternalError())
        if exchange.rule is not None:
            reply = self._spoilt(exchange.rule.fault, reply)
        if self.log.capacity:
            self.log.add(entry(self, exchange, reply, begun))
        return reply

    # -- stages ---------------------------------------------------------------------------------------------------

    def address(self, exchange: Exchange) -> None:
        segments = split_path(exchange.path)
        pairs = parse_qsl(exchange.query, keep_blank_values=True, errors="replace") if exchange.query else ()
        exchange.parameters = {name.lower(): value for name, value in pairs}
        exchange.host = self._router.host(exchange.headers.get("host", ""))
        if exchange.host is not None:
            own = self._hosts[exchange.host.domain]
            exchange.bare, exchange.segments, exchange.dialect = True, own.meant(segments), own.dialect
        elif segments and segments[0].lower() == "subscriptions":
            exchange.bare, exchange.segments = True, segments
        elif segments:
            exchange.subscription_id, exchange.segments = segments[0], segments[1:]

    def authenticate(self, exchange: Exchange) -> None:
        if exchange.host is not None:
            exchange.subscription_id = self._hosts[exchange.host.domain].admit(self.engine, exchange)
            return
        if not exchange.subscription_id and not exchange.bare:
            raise ForbiddenError()
        found = self._authenticate(exchange.subscription_id, exchange.certificate, exchange.thumbprint)
        if found is None:
            raise ForbiddenError()
        exchange.subscription_id = found

    def recall(self, exchange: Exchange) -> None:
        if exchange.verb != "GET" or exchange.body or self.answers is None or self.faults.rules or exchange.host:
            return
        ask = exchange.headers.get
        exchange.key = (
            *(ask(name, "") for name in _TOLD),
            "bare" if exchange.bare else exchange.subscription_id,
            exchange.query,
            *exchange.segments,
        )
        exchange.recalled = self._known(self.answers, exchange.key)
        if exchange.recalled is not None:
            exchange.operation = exchange.recalled.operation

    def _known(self, answers: Recall, key: Key) -> Answer | None:
        engine = self.engine
        if engine.keeper is None:
            return answers.get(engine.settled(), engine.pace, key)
        with Sight(engine):
            return answers.get(engine.settled(), engine.pace, key)

    def find(self, exchange: Exchange) -> None:
        if exchange.verb not in VERBS:
            raise InvalidHttpVerb()
        exchange.candidates = self._router.candidates(exchange.segments, bare=exchange.bare, host=exchange.host)

    def check_version(self, exchange: Exchange) -> None:
        if exchange.host is not None:
            exchange.version = LATEST
            return
        version = exchange.headers.get("x-ms-version", "").strip()
        if not is_known(version):
            raise MissingOrIncorrectVersionHeader()
        exchange.version = version

    def parse(self, exchange: Exchange) -> None:
        assert exchange.candidates is not None
        if len(exchange.body) > limit_of(exchange):  # the front refuses it sooner; not every WSGI server has a limit
            raise RequestBodyTooLarge()
        at_path = exchange.candidates.operations
        otherwise = exchange.dialect if exchange.host is not None else SERVICE_MANAGEMENT
        exchange.dialect = next((one.dialect for one in at_path if one.verb == exchange.verb), otherwise)
        if exchange.body and any(one.body is not None for one in at_path if one.verb == exchange.verb):
            try:
                exchange.document = wire_of(exchange.dialect).parse(exchange.body)
            except xml.MalformedDocument as problem:
                if not any(one.raw_body for one in at_path):
                    raise _unreadable(exchange) from problem

    def route(self, exchange: Exchange) -> None:
        assert exchange.candidates is not None
        root = None if exchange.document is None else wire_of(exchange.dialect).root(exchange.document)
        chosen = self._router.choose(exchange.candidates, exchange.verb, exchange.parameters, root)
        if chosen.area == declined.AREA:
            place = f"{chosen.verb} {chosen.template.text}"
            raise NotEmulated(f"The operation {chosen.name} ({place}) is not emulated. {chosen.summary}")
        if exchange.version < chosen.since:
            raise MissingOrIncorrectVersionHeader()
        exchange.operation, exchange.dialect = chosen, chosen.dialect
        exchange.arguments = arguments_of(chosen, exchange.segments, exchange.candidates.values, exchange.parameters)

    def decode(self, exchange: Exchange) -> None:
        chosen = exchange.operation
        assert chosen is not None
        if chosen.raw_body:
            content_type, disposition = (
                exchange.headers.get("content-type", ""),
                exchange.headers.get("content-disposition"),
            )
            exchange.arguments["body"] = RawBody(exchange.body, content_type, file_name_of(disposition))
        elif chosen.body is not None:
            if exchange.document is None:
                raise _unreadable(exchange)
            try:
                exchange.arguments["body"] = wire_of(chosen.dialect).read(chosen, exchange.document)
            except xml.MalformedDocument as problem:
                raise _unreadable(exchange) from problem

    def misbehave(self, exchange: Exchange) -> None:
        if not self.faults.rules:
            return
        exchange.rule = self.faults.meet(self._call(exchange))
        match exchange.rule and exchange.rule.fault:
            case faults.Answer(failure=failure, retry_after=seconds):
                if seconds is not None:
                    exchange.fault_headers.append(("Retry-After", str(seconds)))
                raise faults.refusal(failure)
            case faults.Redirect(location=location):
                host = exchange.headers.get("host", "localhost")
                target = exchange.path + (f"?{exchange.query}" if exchange.query else "")
                exchange.fault_headers.append(("Location", location or f"https://{host}{target}"))
                raise faults.redirected()
            case faults.Delay(seconds=wait, when=faults.BEFORE):
                self._sleep(wait)
            case faults.Drop(when=faults.BEFORE):
                raise _Dropped

    def _call(self, exchange: Exchange) -> faults.Call:
        assert exchange.operation is not None
        return faults.Call(exchange.operation.name, exchange.subscription_id, "/".join(exchange.segments))

    def _spoilt(self, fault: faults.Fault, reply: Reply) -> Reply:
        match fault:
            case faults.Delay(seconds=wait, when=faults.AFTER):
                self._sleep(wait)
            case faults.Drop(when=faults.AFTER):
                return replace(reply, cut=-1)
            case faults.Cut(octets=octets):
                return replace(reply, cut=len(reply.body) // 2 if octets is None else min(octets, len(reply.body)))
            case faults.Spoil(how=how):
                body = faults.spoil(how, reply.body)
                headers = [
                    (name, str(len(body)) if name == "Content-Length" else value) for name, value in reply.headers
                ]
                return replace(reply, body=body, headers=headers)
        return reply

    def serve(self, exchange: Exchange) -> None:
        chosen = exchange.operation
        assert chosen is not None
        area = self._areas[chosen]
        request = Request(
            request_id=exchange.request_id,
            subscription_id=exchange.subscription_id,
            name=chosen.name,
            title=chosen.title,
            object_path=object_path(
                chosen, (exchange.subscription_id, *exchange.segments), exchange.arguments.get("body")
            ),
            # For the record only, which others may read: what serves the request has the secrets too.
            arguments=without_secrets(exchange.arguments),
            caller=model.Caller(thumbprint=exchange.thumbprint, address=exchange.address),
            is_mutation=chosen.is_mutation,
            is_listed=exchange.host is None,
            version=exchange.version,
            describe=describe,
            if_match=exchange.headers.get("if-match"),
            continuation=exchange.headers.get("x-ms-continuation-token"),
        )

        def act(draft: Draft, request: Request) -> Any:
            state, looking = draft.state, Looking(request)
            served = area(draft, request if exchange.key is None else cast(Request, looking))
            exchange.headers_out = served.headers
            answer = getattr(served, chosen.name)(**exchange.arguments)
            if not draft.dated and not looking.looked_beyond:
                exchange.seen = state
            if self.faults.rules and steering.is_under_way(draft.state, request.request_id):
                self._doom(exchange, draft)
            return answer

        exchange.result = self.engine.serve(request, act)

    def _doom(self, exchange: Exchange, draft: Draft) -> None:
        """Let a fault rule decide the fate of the operation that a request has begun."""
        rule = self.faults.meet(self._call(exchange), late=True)
        if rule is None:
            return
        exchange.rule = exchange.rule or rule
        if isinstance(rule.fault, faults.FailLater):
            steering.fail_later(draft, exchange.request_id, rule.fault.failure)
        else:
            steering.hold(draft, exchange.request_id)

    def encode(self, exchange: Exchange) -> Reply:
        """The reply to a request that was served."""
        known = exchange.recalled
        if known is not None:
            exchange.dialect, exchange.headers_out = known.operation.dialect, list(known.headers)
            return self._reply(exchange, known.status, known.body, known.content_type)
        chosen = exchange.operation
        assert chosen is not None
        result = exchange.result
        if result is None:
            return self._reply(exchange, chosen.success)
        if isinstance(result, Accepted):
            status = 202 if chosen.may_go_on else chosen.success
            return self._reply(exchange, status, location=result.location)
        if isinstance(result, Created):
            return self._reply(exchange, chosen.success, location=result.location)
        if isinstance(result, RawBody):
            return self._reply(exchange, chosen.success, result.data, result.content_type)
        status = chosen.success
        if isinstance(result, Made):
            status, result = 201, result.document
        body, content_type = wire_of(chosen.dialect).write(chosen, result, exchange.version, exchange.headers)
        if exchange.key is not None and exchange.seen is not None and self.answers is not None:
            self.answers.put(
                exchange.seen,
                self.engine.pace,
                exchange.key,
                Answer(chosen, status, body, content_type, tuple(exchange.headers_out)),
            )
        return self._reply(exchange, status, body, content_type)

    # -- answers --------------------------------------------------------------------------------------------------

    def refuse(self, exchange: Exchange, refusal: ServiceError) -> Reply:
        """The error document and status of a refusal."""
        body, content_type = wire_of(exchange.dialect).write_error(refusal)
        exchange.headers_out = exchange.fault_headers
        if not exchange.dialect.bare_errors:
            return self._reply(exchange, refusal.http_status, body, content_type)
        headers = [
            ("Content-Length", str(len(body))),
            ("Content-Type", content_type),
            ("Server", BARE_SERVER),
            ("Date", self._date(exchange)),
            *exchange.headers_out,
        ]
        return Reply(refusal.http_status, headers, body)

    def _reply(
        self,
        exchange: Exchange,
        status: int,
        body: bytes = b"",
        content_type: str = xml.CONTENT_TYPE,
        location: str | None = None,
    ) -> Reply:
        front = (
            (("Server", SERVER), ("x-ms-servedbyregion", REGION), ("x-ms-request-id", exchange.request_id))
            if exchange.dialect.server is None
            else (("Server", exchange.dialect.server),)
        )
        headers = [
            ("Cache-Control", exchange.dialect.cache_control),
            ("Content-Length", str(len(body))),
            *front,
            ("Date", self._date(exchange)),
            *exchange.dialect.headers,
            *exchange.headers_out,
        ]
        if body:
            headers.insert(2, ("Content-Type", content_type))
        if location is not None:
            headers.insert(2, ("Location", location))
        return Reply(status, headers, body)

    def _date(self, exchange: Exchange) -> str:
        exchange.answered = self.engine.now(exchange.subscription_id)
        return _http_date(int(exchange.answered.timestamp()))


def _unreadable(exchange: Exchange) -> ServiceError:
    """The refusal of a body that is not what it should be; hosts of their own say nothing of XML."""
    return InvalidXmlRequest() if exchange.host is None else BadRequest("The request is invalid.")


class _Dropped(Exception):
    """A fault rule cuts the connection before anything is done."""


@lru_cache(maxsize=16)
def _http_date(second: int) -> str:
    return format_datetime(datetime.fromtimestamp(second, UTC), usegmt=True)


def served_operations(areas: tuple[type[Area], ...], declared: tuple[Operation, ...]) -> dict[Operation, type[Area]]:
    """The area that serves each operation; those no area overrides go to the bare contract, which answers 501."""
    found: dict[Operation, type[Area]] = {}
    by_name = {one.name: one for one in declared}
    for area in areas:
        for name in area.__operations__:
            found[by_name.pop(name)] = area
    if by_name:
        raise NotEmulated(f"no area inherits {', '.join(by_name)}")
    return found


def is_served(operation: Operation, area: type[Area]) -> bool:
    """Whether an area overrides the method that its contract declares."""
    return not hasattr(getattr(area, operation.name), "__declaration__")
