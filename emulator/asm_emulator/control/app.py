"""The Flask shell of the control plane: who may ask, JSON in, JSON out."""

from __future__ import annotations

import importlib
import json
import logging
import re
from collections.abc import Callable
from typing import Any, Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from asm_emulator.control.plane import Plane
from asm_emulator.control.table import ENDPOINTS
from asm_emulator.control.terms import Endpoint, Refused
from asm_emulator.keeping import NotKept
from asm_emulator.page import add_page

log = logging.getLogger(__name__)

LOCAL: Final = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
"""Names of this machine, as clients write them into `Host`."""
_METHOD: Final = frozenset({"GET", "DELETE"})


def create_control(plane: Plane) -> Flask:
    """The control application."""
    app = Flask(__name__, static_folder=None)

    @app.before_request
    def only_from_here() -> None:
        # As it was sent: what Flask makes of a missing or an odd one would look like this machine.
        host = request.environ.get("HTTP_HOST", "")
        origin = request.headers.get("Origin")
        if not LOCAL.fullmatch(host) or (origin is not None and origin != f"http://{host}"):
            raise Refused(403, "the control plane answers programs on this machine only")

    @app.errorhandler(Refused)
    def refused(problem: Refused) -> Response:
        return answer({"error": str(problem)}, problem.status)

    @app.errorhandler(NotKept)
    def not_kept(problem: NotKept) -> Response:
        return answer({"error": problem.reason}, 500)

    @app.errorhandler(404)
    @app.errorhandler(405)
    def unknown(_problem: Exception) -> Response:
        known = [f"{one.verb} {one.path}" for one in ENDPOINTS]
        return answer({"error": "no such control endpoint", "endpoints": known}, 404)

    @app.errorhandler(Exception)
    def failed(problem: Exception) -> Response:
        if isinstance(problem, HTTPException):
            return answer({"error": problem.description or problem.name}, problem.code or 400)
        log.exception("%s %s failed; this is a defect of the emulator", request.method, request.path)
        return answer({"error": "the emulator failed; its log says why"}, 500)

    @app.get("/openapi.json")
    def openapi() -> Response:
        from asm_emulator.control.openapi import document

        return answer(document())

    @app.after_request
    def seen(response: Response) -> Response:
        if request.method not in ("GET", "HEAD"):
            plane.emulator.watch.touch()
        return response

    add_page(app, plane)
    for endpoint in ENDPOINTS:
        app.add_url_rule(endpoint.rule, endpoint.name, _view(plane, endpoint), methods=[endpoint.verb])
    return app


def handler(endpoint: Endpoint) -> Callable[..., Any]:
    """The function that answers an endpoint: of its name, in the module of its group."""
    module = importlib.import_module(f"asm_emulator.control.groups.{endpoint.group}")
    found: Callable[..., Any] = getattr(module, endpoint.name)
    return found


def _view(plane: Plane, endpoint: Endpoint) -> Callable[..., Response]:
    function = handler(endpoint)

    def view(**path: str) -> Response:
        if not endpoint.open and not plane.admits(request.headers.get("Authorization", "")):
            raise Refused(401, "the control plane wants its token: Authorization: Bearer TOKEN")
        found = function(plane, **endpoint.bind(path, _body(endpoint), request.values.to_dict()))
        return answer(found, endpoint.success)

    return view


def _body(endpoint: Endpoint) -> Any:
    if endpoint.verb in _METHOD:
        return None
    data = request.get_data()
    # A curl without a header says that it sends a form: what looks like JSON is read as that, whatever it is called.
    if not data.strip() or not (request.mimetype == "application/json" or data.lstrip().startswith(b"{")):
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise Refused(400, "the request's body is no JSON" + endpoint.wants()) from None


def answer(found: Any, status: int = 200) -> Response:
    """A JSON answer."""
    if status == 204:
        return Response(status=204)
    return Response(json.dumps(found, indent=1) + "\n", status, content_type="application/json")
