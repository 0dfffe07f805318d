"""The Flask shell: a WSGI environ in, the service's answer out; and a short way past Flask's machinery."""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_input_stream

from asm_contracts.errors import BadRequest, InternalError, InvalidHttpVerb, RequestBodyTooLarge, ServiceError
from asm_emulator.certificate_files import thumbprint
from asm_emulator.exchange import Service
from asm_emulator.messages import Exchange, Reply
from asm_emulator.recall import plain
from asm_emulator.server import Answer, DropConnection, Reason, Refusal, Refuse
from asm_emulator.server.bridge import compose

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@lru_cache(maxsize=1024)
def thumbprint_of(certificate: bytes) -> str:
    """SHA-1 of a certificate's DER in upper-case hex: how the service names certificates."""
    return thumbprint(certificate)


class Answered(Response):
    """A reply as a Flask response whose headers are final: Flask would add, sort and check them at every request."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.body, reply.status or 500)
        self._reply = reply

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:  # noqa: ARG002
        return _send(self._reply, start_response)


def _send(reply: Reply, start_response: StartResponse) -> list[bytes]:
    status = _status(reply.status)
    if reply.cut is not None:  # a fault: here, for Flask would make an error page of it inside its own handlers
        raise DropConnection(_beginning(reply, status))
    start_response(status, reply.headers)
    return [reply.body]


@lru_cache(maxsize=64)
def _status(code: int) -> str:
    """The status line's text, as Flask has it."""
    return Response(status=code or 500).status


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


def _exchange(environ: WSGIEnvironment, verb: str, body: bytes) -> Exchange:
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


def create_app(service: Service) -> Flask:
    """The application that serves `service`.

    Everything goes through one hook that runs before Flask's own routing, for the service's paths have doubled
    slashes, any case and any verb, and all of them get the service's own errors.
    """
    app = Flask(__name__, static_folder=None)

    @app.before_request
    def serve() -> Response:
        return Answered(service.answer(_exchange(request.environ, request.method, request.get_data(cache=False))))

    if not plain():
        app.wsgi_app = ShortWay(app, service)  # type: ignore[method-assign]
    return app


class ShortWay:
    """The application's hook without what Flask does around it, which takes longer than most answers do.

    It is a way for requests to an application that is as `create_app` has made it.  One to which somebody has added
    hooks, or handlers of errors, is served by Flask.
    """

    def __init__(self, app: Flask, service: Service) -> None:
        self._app = app
        self._service = service
        self.flask: WSGIApplication = app.wsgi_app
        """The application without the short way."""
        self._as_made = self._registered()

    def _registered(self) -> tuple[int, ...]:
        app = self._app
        return (
            len(app.before_request_funcs[None]),
            len(app.before_request_funcs),
            len(app.after_request_funcs),
            len(app.teardown_request_funcs),
            len(app.teardown_appcontext_funcs),
            len(app.error_handler_spec),
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self._registered() != self._as_made:
            return self.flask(environ, start_response)
        try:
            body = get_input_stream(environ).read()
        except HTTPException as problem:  # the caller went away before its body was whole
            return problem.get_response(environ)(environ, start_response)
        return _send(self._service.answer(_exchange(environ, environ["REQUEST_METHOD"].upper(), body)), start_response)


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
        reply = service.refuse(
            Exchange(verb=refusal.method, path=refusal.target, request_id=service.engine.next_request_id()),
            kind(status=status),
        )
        return reply.status, reply.headers, reply.body

    return refuse
