"""Bytes in, bytes out: requests that no client would make."""

from __future__ import annotations

import contextlib
import http.client
import ssl
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from xml.etree import ElementTree

from asm_contracts.document import WINDOWS_AZURE
from asm_contracts.suite.driver import Answer, Driver, Identity, NotConfigured, RawRequest, Settings
from asm_contracts.suite.exchanges import Hear
from asm_contracts.versions import LATEST

XML: Final = "application/xml"


class TLSChannel:
    """One kept-alive connection per identity, over mutual TLS."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        parts = urlsplit(settings.need_endpoint())
        if parts.scheme != "https" or not parts.hostname:
            raise NotConfigured(f"--endpoint must be an https URL, not {settings.endpoint}")
        self.host, self.port = parts.hostname, parts.port or 443
        self._open: dict[Identity, http.client.HTTPSConnection] = {}
        self._lock = threading.Lock()

    def request(self, verb: str, path: str, headers: Mapping[str, str], body: bytes, identity: Identity) -> Answer:
        """Send a request as this identity.  NotConfigured when the run has no certificate for it."""
        with self._lock:
            for attempt in (1, 2):
                connection = self._open.get(identity) or self._connect(identity)
                try:
                    connection.request(verb, path, body or None, dict(headers) | {"Content-Length": str(len(body))})
                    answer = connection.getresponse()
                    data = answer.read()
                except (OSError, http.client.HTTPException):
                    # A kept connection may have been closed meanwhile; a fresh one must work.
                    self._drop(identity)
                    if attempt == 2:
                        raise
                    continue
                if answer.will_close:
                    self._drop(identity)
                return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, data)
        raise AssertionError("not reached")

    def _connect(self, identity: Identity) -> http.client.HTTPSConnection:
        context = ssl.create_default_context(cafile=self.settings.ca)
        certificate: Path | None = None
        if identity == "own":
            certificate = self.settings.need_certificate()
        elif identity == "stranger":
            if self.settings.stranger is None:
                raise NotConfigured("a stranger's certificate needs --second-certificate")
            certificate = self.settings.stranger
        if certificate is not None:
            try:
                context.load_cert_chain(certificate)
            except ssl.SSLError:
                # The documented command makes an RSA-1024 key, which OpenSSL's usual level refuses.
                context.set_ciphers("DEFAULT:@SECLEVEL=1")
                context.load_cert_chain(certificate)
        connection = http.client.HTTPSConnection(self.host, self.port, timeout=self.settings.timeout, context=context)
        self._open[identity] = connection
        return connection

    def _drop(self, identity: Identity) -> None:
        connection = self._open.pop(identity, None)
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.close()

    def close(self) -> None:
        """Close the connections."""
        for identity in list(self._open):
            self._drop(identity)


class Raw:
    """The raw channel as tests use it: paths below the subscription, the usual headers unless told otherwise."""

    def __init__(self, driver: Driver, settings: Settings, hear: Hear | None = None) -> None:
        """hear: is told of what goes over a connection of the suite's own; the driver's tells by itself"""
        self.subscription = settings.subscription
        self._own: TLSChannel | None = None
        request: RawRequest | None = getattr(driver, "request", None)
        if request is None:
            self._own = TLSChannel(settings)
            request = self._own.request
        self._request = request
        self._hear = hear if self._own is not None else None

    def send(
        self,
        verb: str,
        path: str,
        body: bytes | str = b"",
        *,
        version: str | None = LATEST,
        headers: Mapping[str, str] | None = None,
        identity: Identity = "own",
        bare: bool = False,
    ) -> Answer:
        """Send a request and wait for its answer.

        path: with its query, below the subscription (`bare`: below the root).  version: None leaves the header out.
        """
        fields: dict[str, str] = {}
        if version is not None:
            fields["x-ms-version"] = version
        data = body.encode() if isinstance(body, str) else body
        if data or verb in ("POST", "PUT"):
            fields["Content-Type"] = XML
        target, fields = path if bare else f"/{self.subscription}{path}", fields | dict(headers or {})
        answer = self._request(verb, target, fields, data, identity)
        if self._hear is not None:
            self._hear(verb, target, fields, data, answer.status, answer.headers, answer.body)
        return answer

    def close(self) -> None:
        """Close what the channel opened."""
        if self._own is not None:
            self._own.close()


def error_of(answer: Answer) -> tuple[str, str]:
    """Code and message of an error document, read by a parser that shares nothing with the codec.

    AssertionError when the body is not exactly ``Error(Code, Message)`` in the service's namespace, with the four
    further children that web sites gave theirs or without.
    """
    assert answer.body, f"status {answer.status} without an Error document"
    root = ElementTree.fromstring(answer.body)
    names = [child.tag for child in root]
    space = f"{{{WINDOWS_AZURE}}}"
    assert root.tag == f"{space}Error", f"an Error document is expected, not {root.tag}"
    own = [f"{space}{name}" for name in ("Code", "Message")]
    more = [f"{space}{name}" for name in ("ExtendedCode", "MessageTemplate", "Parameters", "InnerErrors")]
    assert names in (own, own + more), f"Error has Code and Message, not {names}"
    code, message = (child.text or "" for child in root[:2])
    assert code and message, "Code and Message have text"
    return code, message
