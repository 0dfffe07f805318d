"""How a driver lets the suite see what went over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from asm_client.transport import Response, Transport
from asm_contracts.suite.exchanges import Hear


class Overheard:
    """A transport whose exchanges somebody hears."""

    def __init__(self, inner: Transport, hear: Hear) -> None:
        self.inner = inner
        self.hear = hear

    def send(self, verb: str, path_with_query: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Send a request and tell of it."""
        answer = self.inner.send(verb, path_with_query, headers, body)
        self.hear(verb, path_with_query, headers, body, answer.status, answer.headers, answer.body)
        return answer

    def close(self) -> None:
        """Close the transport."""
        self.inner.close()


def overhear(session: requests.Session, hear: Hear) -> None:
    """Tell of everything that a session sends."""

    def tell(answer: requests.Response, *_args: Any, **_options: Any) -> requests.Response:
        sent = answer.request
        body = sent.body.encode() if isinstance(sent.body, str) else sent.body
        data = body if isinstance(body, bytes) else b""
        status, fields = answer.status_code, answer.headers
        hear(sent.method or "", sent.path_url, dict(sent.headers), data, status, fields, answer.content)
        return answer

    session.hooks["response"].append(tell)
