"""The page's addresses: what may be asked, by whom, and the headers of every answer."""

from __future__ import annotations

import functools
import hashlib
import hmac
import os
from collections.abc import Callable
from importlib import resources
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from flask import Flask, Response, redirect, request

from asm_emulator import __version__
from asm_emulator.control.terms import Endpoint, Refused
from asm_emulator.page.parts import Renderer
from asm_emulator.page.views import VIEWS, Ask, View, Views

if TYPE_CHECKING:
    from asm_emulator.control.plane import Plane

STATIC: Final = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
PATIENCE: Final = 25.0
"""Seconds that a page waits for something new before it asks again."""
HAVE: Final = "X-Have"
"""The versions of the parts that an open page shows: they are not sent again."""
ACTIONS: Final = frozenset(
    {"advance", "advance_until_ended", "advance_until_idle", "freeze", "thaw", "set_pace"}
    | {"hold_operation", "release_operation", "fail_operation", "succeed_operation"}
    | {"add_fault", "delete_fault", "clear_faults"}
    | {"take_snapshot", "restore_snapshot", "delete_snapshot", "clear_requests"}
)
"""The control plane's endpoints that the page has buttons for."""
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: a browser then sends "Origin: null" with a form, which is refused.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def add_page(app: Flask, plane: Plane) -> None:
    """Put the page into the control application."""
    page = _Page(plane)
    for view in VIEWS:
        app.add_url_rule(view.path, f"page_{view.name}", functools.partial(page.show, view))
    app.add_url_rule("/page/changes", "page_changes", page.changes)
    app.add_url_rule("/page/static/<name>", "page_static", page.static)
    app.add_url_rule("/page/login", "page_login", page.login, methods=["GET", "POST"])
    app.add_url_rule("/page/do/<name>", "page_do", page.act, methods=["POST"])


class _Page:
    def __init__(self, plane: Plane) -> None:
        self._plane = plane
        self._views = Views(plane)
        self._render: Renderer = self._views.render
        # Only for pages of this process: it shows that a form was made here.
        self._form_token = os.urandom(16).hex()

    # -- who ------------------------------------------------------------------------------------------------------

    @property
    def _cookie(self) -> str:
        """The cookie's name: browsers share cookies between the ports of a host."""
        return f"asm-emulator-{urlsplit(request.host_url).port or 80}"

    @property
    def _pass(self) -> str:
        """What the cookie holds: it shows that the token was known, and is not the token."""
        return hmac.new((self._plane.token or "").encode(), b"asm-emulator page", hashlib.sha256).hexdigest()

    def _admitted(self) -> bool:
        shown = request.cookies.get(self._cookie, "")
        return self._plane.admits(request.headers.get("Authorization", "")) or hmac.compare_digest(
            shown.encode(), self._pass.encode()
        )

    # -- addresses ------------------------------------------------------------------------------------------------

    def show(self, view: View, **path: str) -> Response:
        """A view; with ``?part`` its parts alone, and only what it does not show yet, for a page that is open."""
        if not self._admitted():
            return _to(f"/page/login?back={quote(_local(request.full_path.rstrip('?')), safe='')}", 303)
        alone = request.args.get("part") is not None
        query = {name: value for name, value in request.args.items() if value and name not in ("part", "done")}
        revision = self._plane.emulator.watch.revision()
        try:
            parts = list(view.make(self._views, Ask(self._form_token, query), **path))
        except Refused as problem:
            return self._problem(problem)
        return self._html(
            "parts.html" if alone else "page.html",
            view=view,
            parts=parts,
            columns=list(dict.fromkeys(one.column for one in parts)),
            revision=revision,
            done=_done(request.args.get("done", "")),
            here=_local(request.full_path.rstrip("?")),
            have=frozenset(request.headers.get(HAVE, "").split()) if alone else frozenset(),
            time=self._plane.emulator.engine.clock,
            **self._common(),
        )

    def changes(self) -> Response:
        """Wait until there is something new; the new number."""
        if not self._admitted():
            return Response("", 401, headers=HEADERS)
        try:
            after = int(request.args.get("after", "0"))
        except ValueError:
            after = 0
        found = self._plane.emulator.watch.wait(after, PATIENCE)
        return Response(str(found), content_type="text/plain", headers=HEADERS)

    def static(self, name: str) -> Response:
        """The style sheet or the script."""
        if name not in STATIC:
            raise Refused(404, "there is no such file")
        data = (resources.files("asm_emulator.page") / "static" / name).read_bytes()
        answer = Response(data, content_type=STATIC[name], headers={**HEADERS, "Cache-Control": "no-cache"})
        answer.set_etag(f"{__version__}-{hashlib.blake2b(data, digest_size=8).hexdigest()}")
        answer.make_conditional(request.environ)
        return answer

    def login(self) -> Response:
        """Ask for the control plane's token, once."""
        back = _local(request.values.get("back", "/"))
        if request.method == "GET":
            return self._html("login.html", back=back, wrong=False, **self._common())
        if self._plane.token is not None and not self._plane.admits("Bearer " + request.form.get("token", "")):
            return self._html("login.html", 401, back=back, wrong=True, **self._common())
        answer = _to(back, 303)
        answer.set_cookie(self._cookie, self._pass, httponly=True, samesite="Strict", path="/")
        return answer

    def act(self, name: str) -> Response:
        """Do what an endpoint does, for a form, and go back to where the form was."""
        if not self._admitted():
            return _to("/page/login", 303)
        try:
            if not hmac.compare_digest(request.form.get("form_token", "").encode(), self._form_token.encode()):
                raise Refused(403, "this form is from an earlier run of the emulator: go back, load it again")
            endpoint, function = _endpoint(name)
            given: dict[str, Any] = {
                key: value
                for key, value in request.form.items()
                if value and key not in ("form_token", "back", "every")
            }
            if "every" in request.form:
                given["times"] = None
            function(self._plane, **endpoint.bind({}, given, {}))
        except Refused as problem:
            return self._problem(problem)
        back = _local(request.form.get("back", "/"))
        return _to(f"{back}{'&' if '?' in back else '?'}done={quote(name)}", 303)

    # -- answers --------------------------------------------------------------------------------------------------

    def _common(self) -> dict[str, Any]:
        return {"views": [one for one in VIEWS if one.title], "form_token": self._form_token}

    def _problem(self, problem: Refused) -> Response:
        back = _local(request.form.get("back", "/"))
        return self._html("problem.html", problem.status, problem=str(problem), back=back, **self._common())

    def _html(self, template: str, status: int = 200, /, **given: Any) -> Response:
        text = self._render.page(template, **given)
        return Response(text, status, content_type="text/html; charset=utf-8", headers=HEADERS)


def _endpoint(name: str) -> tuple[Endpoint, Callable[..., Any]]:
    from asm_emulator.control.app import handler
    from asm_emulator.control.table import ENDPOINTS

    found = next((one for one in ENDPOINTS if one.name == name and name in ACTIONS), None)
    if found is None:
        raise Refused(404, f"the page does not do {name}")
    return found, handler(found)


def _done(name: str) -> str:
    """What the action of this name did, in a sentence: never a text of whoever made the link."""
    from asm_emulator.control.table import ENDPOINTS

    return next((one.about for one in ENDPOINTS if one.name == name and name in ACTIONS), "")


def _local(address: str) -> str:
    """An address of this page; the first one for any other."""
    parts = urlsplit(address) if address.startswith("/") and "\\" not in address else None
    if parts is None or parts.scheme or parts.netloc or not (parts.path == "/" or parts.path.startswith("/page/")):
        return "/"
    kept = "&".join(one for one in parts.query.split("&") if one and not one.startswith(("done=", "part=")))
    return quote(parts.path, safe="/%:") + (f"?{quote(kept, safe='=&%+*-_.~:')}" if kept else "")


def _to(address: str, status: int) -> Response:
    answer = redirect(address, status)
    answer.headers.extend(HEADERS)
    return answer  # type: ignore[return-value]
