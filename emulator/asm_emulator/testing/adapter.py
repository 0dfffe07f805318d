"""`requests` without sockets: its ``https://`` is a WSGI application in this process."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from asm_client.errors import ConnectionFailed

if TYPE_CHECKING:
    from asm_client.transport import Transport


class WSGIAdapter(BaseAdapter):
    """Carries prepared requests by one of our own transports, certificate included."""

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self._transport = transport

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """The application's answer.  A connection that it cuts is a `requests.ConnectionError`."""
        parts = urlsplit(request.url or "")
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {name: str(value) for name, value in request.headers.items()}
        headers.setdefault("Host", parts.netloc)
        body = request.body or b""
        try:
            answer = self._transport.send(
                request.method or "GET", target or "/", headers, body.encode() if isinstance(body, str) else bytes(body)
            )
        except ConnectionFailed as problem:
            raise requests.ConnectionError(str(problem), request=request) from problem
        found = requests.Response()
        found.status_code = answer.status
        found.headers = CaseInsensitiveDict(answer.headers)
        found.raw = io.BytesIO(answer.body)
        found.request = request
        found.url = request.url or ""
        found.encoding = requests.utils.get_encoding_from_headers(found.headers)
        return found

    def close(self) -> None:
        """Nothing is held open."""
