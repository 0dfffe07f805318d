"""What the dialects do to bodies: one `Wire` for each, found by `wire_of`."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from asm_contracts.areas.operations import Error
from asm_contracts.atom import Entry, Feed
from asm_contracts.codec import atom, json, xml
from asm_contracts.dialect import (
    DATABASE_SERVER,
    SCHEDULER_JOBS,
    SERVICE_BUS,
    SERVICE_MANAGEMENT,
    SITE_TOOLS,
    SQL,
    WEB_SITES,
    Dialect,
)
from asm_contracts.document import ARRAYS, NIL, SERIALIZATION, Nil, document, element, elements
from asm_contracts.errors import ServiceError
from asm_contracts.operation import Operation

Headers = Mapping[str, str]
"""A message's headers by lower-case name."""


class Wire:
    """The service's own way, of which the others override what differs.

    Trees are what `parse` made of a body; nobody else looks into them.  Whatever reads raises MalformedDocument for a
    body that is not what it should be.
    """

    def parse(self, data: bytes) -> Any:
        """The tree of a request's body."""
        return xml.parse(data)

    def root(self, tree: Any) -> str | None:
        """What tells apart operations that share verb and address."""
        return etree.QName(tree).localname

    def read(self, operation: Operation, tree: Any) -> Any:
        """The operation's document from a request's tree."""
        assert operation.body is not None
        return xml.read(operation.body, tree, strict=True, root=operation.root)

    def write(self, operation: Operation, value: Any, version: str, request: Headers) -> tuple[bytes, str]:  # noqa: ARG002
        """An answer's body and its content type; `request` has the request's headers."""
        return xml.encode(value, version), xml.CONTENT_TYPE

    def write_error(self, refusal: ServiceError) -> tuple[bytes, str]:
        """The body of a refusal and its content type."""
        return xml.encode(Error(code=refusal.error_code, message=refusal.message)), xml.CONTENT_TYPE

    # -- the client's side ----------------------------------------------------------------------------------------

    def request_headers(self, operation: Operation) -> dict[str, str]:  # noqa: ARG002
        """Further headers that clients send."""
        return {}

    def write_request(self, operation: Operation, body: Any, version: str) -> tuple[bytes, str]:
        """A request's body and its content type, as clients send them."""
        return xml.encode(body, version, operation.root), "application/xml"

    def read_answer(self, operation: Operation, data: bytes, answer: Headers) -> Any:  # noqa: ARG002
        """The document that a success answers with; `answer` has the answer's headers."""
        return xml.read(operation.returns, xml.parse(data))


class WebApiWire(Wire):
    """XML or JSON over the same documents, as the request has it: what ASP.NET Web API negotiates.

    The answer is what ``Accept`` asks for; where that leaves it open, the operation's own media type or the request's
    (``application/atom+xml`` comes back to those who post it, recorded).
    """

    def parse(self, data: bytes) -> Any:
        # The content type of requests was not policed (recorded), so what counts is what the body is.
        return json.parse(data) if data.lstrip()[:1] in (b"{", b"[") else xml.parse(data)

    def root(self, tree: Any) -> str | None:
        return etree.QName(tree).localname if isinstance(tree, etree._Element) else None

    def read(self, operation: Operation, tree: Any) -> Any:
        if isinstance(tree, etree._Element):
            return super().read(operation, tree)
        assert operation.body is not None
        return json.read(operation.body, tree)

    def write(self, operation: Operation, value: Any, version: str, request: Headers) -> tuple[bytes, str]:
        content_type = _answer_type(operation, request)
        if content_type == json.CONTENT_TYPE:
            return json.encode(value, numbered_times=True), content_type
        return xml.encode(value, version), content_type

    def request_headers(self, operation: Operation) -> dict[str, str]:
        return {"Accept": operation.media} if operation.media else {}

    def write_request(self, operation: Operation, body: Any, version: str) -> tuple[bytes, str]:
        if operation.media == json.MEDIA_TYPE:
            return json.encode(body, numbered_times=True), json.CONTENT_TYPE
        return super().write_request(operation, body, version)

    def read_answer(self, operation: Operation, data: bytes, answer: Headers) -> Any:
        if "json" in answer.get("content-type", ""):
            return json.read(operation.returns, json.parse(data))
        return super().read_answer(operation, data, answer)


def _answer_type(operation: Operation, request: Headers) -> str:
    accept = request.get("accept", "").lower()
    if accept in ("", "*/*"):
        # Without `Accept` a read was answered in XML (recorded, 2014).  Assumed: `*/*` gets the operation's own.
        accept = (operation.media if accept else None) or request.get("content-type", "").lower()
    if "json" in accept:
        return json.CONTENT_TYPE
    return "application/atom+xml; charset=utf-8" if "atom+xml" in accept else xml.CONTENT_TYPE


@document(name="Error")
class WebSiteErrorDocument:
    """Why a web sites request failed."""

    code: str
    message: str
    extended_code: str | Nil
    message_template: str | Nil
    parameters: tuple[str, ...] | Nil = element(item="string", namespace=ARRAYS)
    inner_errors: tuple[Error, ...] | Nil = NIL


class WebSiteWire(WebApiWire):
    """As `WebApiWire`, with the longer error document of web sites."""

    def write_error(self, refusal: ServiceError) -> tuple[bytes, str]:
        return xml.encode(
            WebSiteErrorDocument(
                code=refusal.error_code,
                message=refusal.message,
                extended_code=refusal.extended_code or NIL,
                message_template=refusal.template or NIL,
                parameters=refusal.parameters if refusal.template else NIL,
            )
        ), xml.CONTENT_TYPE


class AtomWire(Wire):
    """Requests are entries around the operation's document, answers entries or feeds; refusals say nothing."""

    def parse(self, data: bytes) -> Any:
        return atom.content_of(xml.parse(data))

    def write(self, operation: Operation, value: Any, version: str, request: Headers) -> tuple[bytes, str]:  # noqa: ARG002
        return atom.encode(value, version), atom.ENTRY_TYPE if isinstance(value, Entry) else atom.FEED_TYPE

    def write_error(self, refusal: ServiceError) -> tuple[bytes, str]:  # noqa: ARG002
        return xml.encode(Text(value="Request to a downlevel service failed.")), xml.CONTENT_TYPE

    def write_request(self, operation: Operation, body: Any, version: str) -> tuple[bytes, str]:
        return atom.encode_request(body, version, operation.root), "application/atom+xml"

    def read_answer(self, operation: Operation, data: bytes, answer: Headers) -> Any:  # noqa: ARG002
        return atom.decode(operation.returns, data)


class CamelJsonWire(Wire):
    """JSON whose names begin with a small letter; errors are the front's."""

    def parse(self, data: bytes) -> Any:
        return json.parse(data)

    def root(self, tree: Any) -> str | None:  # noqa: ARG002
        return None

    def read(self, operation: Operation, tree: Any) -> Any:
        assert operation.body is not None
        return json.read(operation.body, tree)

    def write(self, operation: Operation, value: Any, version: str, request: Headers) -> tuple[bytes, str]:  # noqa: ARG002
        return json.encode(value, camel=True), json.CONTENT_TYPE

    def write_request(self, operation: Operation, body: Any, version: str) -> tuple[bytes, str]:  # noqa: ARG002
        return json.encode(body, camel=True), json.MEDIA_TYPE

    def read_answer(self, operation: Operation, data: bytes, answer: Headers) -> Any:  # noqa: ARG002
        return json.read(operation.returns, json.parse(data))


class SiteToolsWire(CamelJsonWire):
    """JSON as Json.NET writes it: names as declared, a solidus as it is; errors with a message and nothing else."""

    def root(self, tree: Any) -> str | None:
        return None if tree is None else "json"

    def write(self, operation: Operation, value: Any, version: str, request: Headers) -> tuple[bytes, str]:  # noqa: ARG002
        return json.encode(value, escaped_solidus=False), json.CONTENT_TYPE

    def write_error(self, refusal: ServiceError) -> tuple[bytes, str]:
        return json.encode(ToolsError(message=refusal.message), escaped_solidus=False), json.CONTENT_TYPE

    def write_request(self, operation: Operation, body: Any, version: str) -> tuple[bytes, str]:  # noqa: ARG002
        return json.encode(body, escaped_solidus=False), json.CONTENT_TYPE


@document()
class ToolsError:
    """Why a request to a site's tools failed."""

    message: str


class ODataWire(AtomWire):
    """Entries around typed properties, both ways; errors in OData's own form."""

    def read(self, operation: Operation, tree: Any) -> Any:
        assert operation.body is not None
        found = atom.read_content(operation.body, tree)
        missing = [one.name for one in elements(operation.body) if one.required and not getattr(found, one.attribute)]
        if missing:
            raise xml.MalformedDocument(f"{', '.join(missing)} is missing")
        return found

    def write(self, operation: Operation, value: Any, version: str, request: Headers) -> tuple[bytes, str]:
        if isinstance(value, Entry | Feed):
            return super().write(operation, value, version, request)
        return xml.encode(value, version), xml.CONTENT_TYPE

    def write_error(self, refusal: ServiceError) -> tuple[bytes, str]:
        return xml.encode(ODataError(code=refusal.error_code, message=refusal.message)), xml.CONTENT_TYPE

    def write_request(self, operation: Operation, body: Any, version: str) -> tuple[bytes, str]:  # noqa: ARG002
        return atom.encode(Entry(content=body), version), "application/atom+xml"

    def read_answer(self, operation: Operation, data: bytes, answer: Headers) -> Any:
        if typing.get_origin(operation.returns) is None:
            return xml.read(operation.returns, xml.parse(data))
        return super().read_answer(operation, data, answer)


@document(name="error", namespace=atom.METADATA)
class ODataError:
    """Why a request to a database server failed."""

    code: str = element(name="code")
    message: str = element(name="message")


@document(name="string", namespace=SERIALIZATION)
class Text:
    """A bare text."""

    value: str = element(content=True)


_WIRES: Final[dict[Dialect, Wire]] = {
    SERVICE_MANAGEMENT: Wire(),
    WEB_SITES: WebSiteWire(),
    SQL: Wire(),
    SERVICE_BUS: AtomWire(),
    SCHEDULER_JOBS: CamelJsonWire(),
    SITE_TOOLS: SiteToolsWire(),
    DATABASE_SERVER: ODataWire(),
}


def wire_of(dialect: Dialect) -> Wire:
    """What a dialect does to bodies."""
    return _WIRES[dialect]
