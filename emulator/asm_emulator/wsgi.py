"""WSGI without a framework: an environ in, the service's answer out."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from asm_contracts.errors import BadRequest, InternalError, InvalidHttpVerb, RequestBodyTooLarge, ServiceError
from asm_emulator.certificate_files import thumbprint
from asm_emulator.exchange import Service
from asm_emulator.messages import Exchange, Reply
from asm_emulator.server import Answer, DropConnection, Reason, Refusal, Refuse, Room
from asm_emulator.server.bridge import compose
from asm_emulator.uploads import BODY_LIMIT, limit_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@lru_cache(maxsize=1024)
def thumbprint_of(certificate: bytes) -> str:
    """SHA-1 of a certificate's DER in upper-case hex: how the service names certificates."""
    return thumbprint(certificate)


def serve(service: Service, environ: WSGIEnvironment, start_response: StartResponse, body: bytes) -> list[bytes]:
    """Answer a request whose body has been read."""
    return send(service.answer(exchange_of(environ, environ["REQUEST_METHOD"].upper(), body)), start_response)


def send(reply: Reply, start_response: StartResponse) -> list[bytes]:
    """Give a reply to a WSGI server; DropConnection where a fault rule cuts it."""
    status = status_text(reply.status)
    if reply.cut is not None:  # a fault: here, for Flask would make an error page of it inside its own handlers
        raise DropConnection(_beginning(reply, status))
    start_response(status, reply.headers)
    return [reply.body]


@lru_cache(maxsize=64)
def status_text(code: int) -> str:
    """The status of an answer as it stands in its first line, as Flask has it; 500 for an answer that is cut."""
    text = _TEXTS.get(code) or HTTPStatus(code or 500).phrase.upper()
    return f"{code or 500} {text}"


_TEXTS: Final = {413: "REQUEST ENTITY TOO LARGE"}
"""Where Python's own word for a status depends on its version."""


def _beginning(reply: Reply, status: str) -> bytes:
    """What goes out of an answer that is cut: the head, and so much of the body that it promises."""
    assert reply.cut is not None
    if reply.cut < 0:
        return b""
    whole, _ = compose(status, reply.headers, reply.body, keep_alive=True)
    return whole[: len(whole) - len(reply.body) + reply.cut]


_BARE: Final = (("content-type", "CONTENT_TYPE"), ("content-length", "CONTENT_LENGTH"))


class _Headers(Mapping[str, str]):
    """The request's headers by lower-case name, read from the environ when asked for."""

    __slots__ = ("_environ",)

    def __init__(self, environ: WSGIEnvironment) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        value: str = self._environ[_environ_key(name)]
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self.items()))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def items(self) -> ItemsView[str, str]:
        environ = self._environ
        found = {_header_name(key): text for key, text in environ.items() if key[:5] == "HTTP_"}
        for name, key in _BARE:  # WSGI has these two under names of their own, and empty where they were not sent
            if text := environ.get(key):
                found[name] = text
        return found.items()


@lru_cache(maxsize=512)
def _header_name(key: str) -> str:
    return key[5:].replace("_", "-").lower()


@lru_cache(maxsize=512)
def _environ_key(name: str) -> str:
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def exchange_of(environ: WSGIEnvironment, verb: str, body: bytes) -> Exchange:
    """What a request says, whichever way it came."""
    target: str = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    if target:
        path, _, query = target.partition("?")
        if not path.startswith("/"):  # an absolute-form target, as a proxy sends it
            path = "/" + path.partition("//")[2].partition("/")[2]
    else:
        path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    certificate: bytes | None = environ.get("asm.peer_certificate")
    return Exchange(
        verb=verb,
        path=path,
        query=query,
        headers=_Headers(environ),
        body=body,
        certificate=certificate,
        thumbprint=thumbprint_of(certificate) if certificate else None,
        address=environ.get("REMOTE_ADDR"),
    )


_REFUSALS: Final[dict[Reason, type[ServiceError]]] = {
    Reason.BODY_TOO_LARGE: RequestBodyTooLarge,
    Reason.UNKNOWN_METHOD: InvalidHttpVerb,
    Reason.FAILED: InternalError,
}


def front_refusals(service: Service) -> Refuse:
    """Words the answers of the front, for requests that never reach the application, as the service's own."""

    def refuse(refusal: Refusal) -> Answer:
        kind = _REFUSALS.get(refusal.reason, BadRequest)
        status = refusal.reason.status if kind is BadRequest else kind.status
        exchange = Exchange(verb=refusal.method, path=refusal.target)
        said: ServiceError = kind(status=status)
        if refusal.environ:
            exchange = exchange_of(refusal.environ, refusal.method, b"")
            said = _closed_door(service, exchange) or said
        exchange.request_id = service.engine.next_request_id()
        reply = service.refuse(exchange, said)
        return reply.status, reply.headers, reply.body

    return refuse


def _closed_door(service: Service, exchange: Exchange) -> ServiceError | None:
    """Why a request may not come in to a host of something's own; None if it may, and at the management endpoint."""
    try:
        service.address(exchange)
        if exchange.host is not None:
            service.authenticate(exchange)
    except ServiceError as refusal:
        return refusal
    return None


def room_for(service: Service) -> Room:
    """Tells the front who may send more than most: who has a site's credentials, and brings it a file.

    Nobody else makes it keep much.
    """

    def room(environ: dict[str, Any]) -> int:
        exchange = exchange_of(environ, environ["REQUEST_METHOD"].upper(), b"")
        if _closed_door(service, exchange) is not None or exchange.host is None:
            return 0
        try:
            service.find(exchange)
        except ServiceError:
            return 0
        return limit_of(exchange) - BODY_LIMIT

    return room
