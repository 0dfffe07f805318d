"""The Flask application, and a short way past Flask's machinery."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_input_stream

from asm_emulator.exchange import Service
from asm_emulator.messages import Reply
from asm_emulator.recall import plain
from asm_emulator.wsgi import exchange_of, send, serve

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Answered(Response):
    """A reply as a Flask response whose headers are final: Flask would add, sort and check them at every request."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.body, reply.status or 500)
        self._reply = reply

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:  # noqa: ARG002
        return send(self._reply, start_response)


def create_app(service: Service) -> Flask:
    """The application that serves `service`.

    Everything goes through one hook that runs before Flask's own routing, for the service's paths have doubled
    slashes, any case and any verb, and all of them get the service's own errors.
    """
    app = Flask(__name__, static_folder=None)

    @app.before_request
    def answer() -> Response:
        return Answered(service.answer(exchange_of(request.environ, request.method, request.get_data(cache=False))))

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
        return serve(self._service, environ, start_response, body)
