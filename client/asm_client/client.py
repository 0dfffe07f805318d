"""The client: every declared operation as a method, carried by a transport."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Self

from lxml import etree

from asm_client.errors import UnreadableAnswer
from asm_client.login import Login
from asm_client.management import ServiceManagement
from asm_client.transport import MANAGEMENT_HOST, HttpsTransport, Response, Transport
from asm_contracts import errors
from asm_contracts.codec import json, xml
from asm_contracts.codec.wires import ToolsError, wire_of
from asm_contracts.operation import Accepted, Created, Operation, RawBody

VERSION: Final = "2014-10-01"
"""The `x-ms-version` of a client that is not told another: that of the official Python client."""

_MOST_TEXT: Final = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: what it means, and what it came with."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    request_id: str
    value: Any
    """A document, Accepted, Created, RawBody or None, as the operation declares."""


class Client(ServiceManagement):
    """The service, as its operations; may be shared by threads if its transport may.

    version: the ``x-ms-version`` of the requests; an operation younger than it is called at its own first version.

    A refusal is raised as `asm_contracts.errors.ServiceError`, of the code's own class where there is one, with
    ``error_code``, ``message``, ``http_status`` and ``request_id``.  Without an answer it is `ConnectionFailed`.
    """

    def __init__(self, transport: Transport, subscription_id: str, *, version: str = VERSION) -> None:
        self.transport = transport
        self.subscription_id = subscription_id
        self.version = version
        self.login: Login | None = None
        self._last = threading.local()

    def signed_in(self, user: str, password: str) -> Client:
        """The same client with user and password, for operations on hosts of things' own.

        A site's tools want its publishing credentials, a database server its administrator's.  Without a DNS name of
        the host the request goes where all others go, under the host's name.
        """
        made = type(self)(self.transport, self.subscription_id, version=self.version)
        made.login = Login(user, password)
        return made

    @property
    def last_request_id(self) -> str:
        """The ``x-ms-request-id`` of the last answer this thread had, refusals included; empty before the first."""
        return getattr(self._last, "request_id", "")

    def invoke(self, operation: Operation, arguments: dict[str, Any]) -> Any:
        """Carry an operation out; what its method returns."""
        return self.call(operation, arguments).value

    def call(
        self,
        operation: Operation | str,
        arguments: Mapping[str, Any] | None = None,
        *,
        version: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Carry an operation out, and have its answer with status, headers and request id.

        operation: as declared, or the name of its method.  version: instead of the client's, whatever the operation's
        first one.  headers: further ones, or other values of those a request has.
        Raises KeyError for an unknown name, TypeError for arguments that do not fit, ValueError for those no address
        can hold, and as said of the class.
        """
        declared = self.__operations__[operation] if isinstance(operation, str) else operation
        bound = declared.bind((), arguments or {})
        version = version or max(self.version, declared.since)
        fields = {"x-ms-version": version, **wire_of(declared.dialect).request_headers(declared)}
        body, content_type = _request_body(declared, bound, version)
        if declared.is_mutation:
            fields["Content-Type"] = content_type
        if isinstance(bound.get("body"), RawBody) and bound["body"].file_name:
            fields["Content-Disposition"] = f"attachment; filename={bound['body'].file_name}"
        host = declared.host(bound)
        if host is not None:
            fields["Host"] = host
            if self.login is not None:
                fields |= self.login.headers(self.transport, declared, host)
        answer = self.transport.send(declared.verb, self._target(declared, bound), {**fields, **(headers or {})}, body)
        request_id = answer.headers.get("x-ms-request-id", "")
        self._last.request_id = request_id
        if not 200 <= answer.status < 300:
            raise _refusal(answer, request_id)
        return Reply(answer.status, answer.headers, request_id, _value(declared, answer, request_id))

    def _target(self, operation: Operation, arguments: Mapping[str, Any]) -> str:
        in_query = {variable for _, variable in operation.template.variables}
        for parameter in operation.parameters:
            # None of these makes a segment: the request would be for another resource, the list or what is above.
            if parameter.name not in in_query and arguments[parameter.name] in ("", ".", "..", None):
                raise ValueError(f"{operation.name}(): {parameter.name} must not be {arguments[parameter.name]!r}")
        address = operation.address(arguments)
        return address if operation.template.bare else f"/{self.subscription_id}{address}"

    def close(self) -> None:
        """Let go of the transport's connections."""
        self.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def connect(
    subscription_id: str,
    certificate: str | os.PathLike[str],
    *,
    host: str = MANAGEMENT_HOST,
    ca: str | os.PathLike[str] | None = None,
    version: str = VERSION,
) -> Client:
    """A client over mutual TLS; see `HttpsTransport` for its arguments, and for its time-outs."""
    return Client(HttpsTransport(host, certificate, ca=ca), subscription_id, version=version)


def _request_body(operation: Operation, arguments: Mapping[str, Any], version: str) -> tuple[bytes, str]:
    body = arguments.get("body")
    if operation.raw_body:
        if isinstance(body, RawBody):
            return body.data, body.content_type
        return bytes(body or b""), "application/octet-stream"
    if operation.body is None:
        return b"", "application/xml"
    if not isinstance(body, operation.body):
        raise TypeError(f"{operation.name}() takes a {operation.body.__name__}, not a {type(body).__name__}")
    return wire_of(operation.dialect).write_request(operation, body, version)


def _value(operation: Operation, answer: Response, request_id: str) -> Any:
    location = answer.headers.get("location")
    if operation.returns is Accepted or (operation.may_go_on and answer.status == 202):
        return Accepted(request_id, location)
    if operation.returns is None:
        return None
    if operation.returns is Created:
        return Created(location or "", request_id)
    if operation.returns is RawBody:
        return RawBody(answer.body, answer.headers.get("content-type", ""))
    try:
        return wire_of(operation.dialect).read_answer(operation, answer.body, answer.headers)
    except xml.MalformedDocument as problem:
        raise UnreadableAnswer(
            f"the answer to {operation.name}() is not understood: {problem}",
            status=answer.status,
            request_id=request_id,
        ) from problem


def _refusal(answer: Response, request_id: str) -> errors.ServiceError:
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "Unknown Status"
    found = _error_document(answer.body, phrase.replace(" ", ""))
    if found is None:
        # Not the service's own: a proxy's page, a front's line of text, or nothing.
        text = answer.body[: 4 * _MOST_TEXT].decode("utf-8", "replace").strip()
        found = phrase.replace(" ", ""), " ".join(text.split())[:_MOST_TEXT] or phrase
    refusal = errors.error(*found, answer.status)
    refusal.request_id = request_id or None
    return refusal


def _error_document(body: bytes, otherwise: str) -> tuple[str, str] | None:
    """Code and message of an error document in any namespace (the service's own areas had several).

    otherwise: the code of one that has none, as those of a site's tools, which are JSON
    """
    if body[:1] == b"{":
        try:
            return otherwise, json.decode(ToolsError, body).message
        except xml.MalformedDocument:
            return None
    try:
        root = xml.parse(body)
    except xml.MalformedDocument:
        return None
    texts = {etree.QName(child).localname.lower(): child.text or "" for child in root}
    if etree.QName(root).localname.lower() != "error" or "code" not in texts:
        return None
    return texts["code"].strip(), texts.get("message", "").strip()
