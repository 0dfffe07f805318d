"""The official SDK's other service classes in front of the emulator in this process, on a clock that the test moves."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from asm_client import WSGITransport
from asm_client.transport import Response
from asm_contracts.versions import LATEST
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from azure.servicemanagement import (
        SchedulerManagementService,
        ServiceBusManagementService,
        SqlDatabaseManagementService,
        WebsiteManagementService,
    )

S = TypeVar("S")


class WSGIAdapter(BaseAdapter):
    """Sends the requests of a session to a WSGI application."""

    def __init__(self, transport: WSGITransport) -> None:
        super().__init__()
        self.transport = transport

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        body = request.body or b""
        answer = self.transport.send(
            request.method or "GET",
            parts.path + (f"?{parts.query}" if parts.query else ""),
            request.headers,
            body.encode() if isinstance(body, str) else body,
        )
        made = requests.Response()
        made.status_code, made.url, made.request = answer.status, request.url or "", request
        made.headers.update(answer.headers)
        made.raw = HTTPResponse(io.BytesIO(answer.body), preload_content=False)
        return made

    def close(self) -> None:
        """Nothing is open."""


Send = Callable[..., Response]


@pytest.fixture
def transport(emulator: Emulator) -> WSGITransport:
    return WSGITransport(emulator.app.wsgi_app, certificate("areas"))


@pytest.fixture
def send(emulator: Emulator, transport: WSGITransport) -> Send:
    """``send("GET", "/services/...", body)``: a request as bytes, its answer as bytes."""

    def call(
        verb: str, path: str, body: bytes | str | Mapping[str, Any] = b"", headers: Mapping[str, str] | None = None
    ) -> Response:
        if isinstance(body, Mapping):
            body = json.dumps(body)
        data = body.encode() if isinstance(body, str) else body
        fields = {"x-ms-version": LATEST, **(headers or {})}
        return transport.send(verb, f"/{emulator.subscription}{path}", fields, data)

    return call


def session_of(transport: WSGITransport) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", WSGIAdapter(transport))
    return session


def made(kind: Callable[..., S], emulator: Emulator, transport: WSGITransport) -> S:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return kind(emulator.subscription, host="management.test", request_session=session_of(transport))


@pytest.fixture
def sql(emulator: Emulator, transport: WSGITransport) -> Any:
    return made(SqlDatabaseManagementService, emulator, transport)


@pytest.fixture
def bus(emulator: Emulator, transport: WSGITransport) -> Any:
    return made(ServiceBusManagementService, emulator, transport)


@pytest.fixture
def scheduler(emulator: Emulator, transport: WSGITransport) -> Any:
    return made(SchedulerManagementService, emulator, transport)


@pytest.fixture
def websites(emulator: Emulator, transport: WSGITransport) -> Any:
    return made(WebsiteManagementService, emulator, transport)


def texts(items: Iterable[Any], name: str) -> list[Any]:
    """One attribute of each."""
    return [getattr(item, name) for item in items]
