"""The client without a network: what it sends for an operation, and what it makes of an answer."""

from __future__ import annotations

import pickle
import threading
from typing import Any, get_origin

import pytest

from asm_client import Client, ConnectionFailed, Response, UnreadableAnswer
from asm_client.management import ServiceManagement
from asm_contracts.areas.deployments import DeploymentContract
from asm_contracts.areas.hosted_services import CreateHostedService, HostedService, HostedServices
from asm_contracts.atom import Entry, Feed
from asm_contracts.catalogue import CONTRACTS, all_operations
from asm_contracts.document import is_document
from asm_contracts.errors import ConflictError, ForbiddenError, ResourceNotFound, ServiceError
from asm_contracts.operation import (
    Accepted,
    Contract,
    Created,
    DeploymentName,
    DeploymentSlot,
    RawBody,
    declaration,
    operation,
)

SUBSCRIPTION = "5d3c1a52-8b0e-4b3f-9b1e-2f6f5b0c7a11"
REQUEST_ID = "0123456789abcdef0123456789abcdef"
NAMESPACE = "http://schemas.microsoft.com/windowsazure"
ERROR = f'<Error xmlns="{NAMESPACE}"><Code>%s</Code><Message>%s</Message></Error>'
CREATE = CreateHostedService(service_name="svc", label="a label", location="West US")


@pytest.fixture
def client(transport: Any) -> Client:
    return Client(transport, SUBSCRIPTION)


# -- the class ------------------------------------------------------------------------------------------------------


def test_it_has_every_contract_of_the_catalogue() -> None:
    spelled_out = {base for base in ServiceManagement.__bases__ if issubclass(base, Contract)}
    assert spelled_out == set(CONTRACTS)


def test_every_declared_operation_is_a_method() -> None:
    for declared in all_operations():
        assert Client.__operations__[declared.name] is declared
        assert callable(getattr(Client, declared.name))


# -- what it sends --------------------------------------------------------------------------------------------------


def test_a_read_has_no_body_and_no_content_type(client: Client, transport: Any) -> None:
    transport.will(200, f'<HostedServices xmlns="{NAMESPACE}"/>'.encode())
    client.list_hosted_services()
    assert transport.sent == [("GET", f"/{SUBSCRIPTION}/services/hostedservices", {"x-ms-version": "2014-10-01"}, b"")]


def test_a_write_sends_its_document(client: Client, transport: Any) -> None:
    transport.will(201)
    client.create_hosted_service(CREATE)
    verb, path, headers, body = transport.sent[0]
    assert (verb, path) == ("POST", f"/{SUBSCRIPTION}/services/hostedservices")
    assert headers == {"x-ms-version": "2014-10-01", "Content-Type": "application/xml"}
    assert (
        body
        == (
            f'<CreateHostedService xmlns="{NAMESPACE}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
            "<ServiceName>svc</ServiceName><Label>YSBsYWJlbA==</Label><Location>West US</Location>"
            "</CreateHostedService>"
        ).encode()
    )


def test_names_are_quoted_and_a_deployment_goes_by_name_or_slot(client: Client, transport: Any) -> None:
    transport.will(202)
    client.delete_deployment("my svc/x", DeploymentSlot("Staging"))
    client.delete_deployment("svc", DeploymentName("v 1"))
    client.invoke(declaration("delete_deployment", DeploymentContract), {"service_name": "svc", "deployment": "plain"})
    assert [path.removeprefix(f"/{SUBSCRIPTION}/services/hostedservices/") for _, path, _, _ in transport.sent] == [
        "my%20svc%2Fx/deploymentslots/Staging",
        "svc/deployments/v%201",
        "svc/deployments/plain",
    ]


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_would_make_it_another_resource_is_not_sent(client: Client, transport: Any, name: str) -> None:
    with pytest.raises(ValueError, match="service_name"):
        client.delete_hosted_service(name)
    assert transport.sent == []


def test_a_query_parameter_that_is_not_given_is_not_sent(client: Client, transport: Any) -> None:
    transport.will(
        200, f'<HostedService xmlns="{NAMESPACE}"><Url>u</Url><ServiceName>s</ServiceName></HostedService>'.encode()
    )
    client.get_hosted_service("s")
    client.get_hosted_service("s", embed_detail=True)
    assert [path.rpartition("/")[2] for _, path, _, _ in transport.sent] == ["s", "s?embed-detail=true"]


def test_a_wrong_body_is_refused_before_it_is_sent(client: Client, transport: Any) -> None:
    with pytest.raises(TypeError, match="CreateHostedService"):
        client.create_hosted_service("svc")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="misses"):
        client.call("create_hosted_service")
    assert transport.sent == []


# -- versions -------------------------------------------------------------------------------------------------------


def version_sent(transport: Any) -> str:
    return str(transport.sent[-1][2]["x-ms-version"])


def test_the_version_is_the_client_s(transport: Any) -> None:
    transport.will(200)
    Client(transport, SUBSCRIPTION, version="2016-06-01").delete_hosted_service("svc")
    assert version_sent(transport) == "2016-06-01"


def test_an_operation_younger_than_the_client_is_called_at_its_own(transport: Any) -> None:
    transport.will(202)
    declared = Client.__operations__["delete_hosted_service_and_media"]
    assert declared.since == "2013-08-01"
    Client(transport, SUBSCRIPTION, version="2012-03-01").delete_hosted_service_and_media("svc")
    assert version_sent(transport) == declared.since


def test_one_call_may_name_another_version_even_one_too_old(client: Client, transport: Any) -> None:
    transport.will(200)
    client.call("delete_hosted_service", {"service_name": "svc"}, version="2009-10-01")
    assert version_sent(transport) == "2009-10-01"
    client.call("delete_hosted_service", {"service_name": "svc"}, headers={"x-ms-version": "nonsense", "x-own": "1"})
    assert version_sent(transport) == "nonsense"
    assert transport.sent[-1][2]["x-own"] == "1"


# -- what it makes of an answer ----------------------------------------------------------------------------------------


def test_a_document_is_read_leniently(client: Client, transport: Any) -> None:
    """Any order, and elements that nobody declared: the service had more of them over the years."""
    transport.will(
        200,
        f'<HostedServices xmlns="{NAMESPACE}"><HostedService><Later>1</Later><ServiceName>s</ServiceName>'
        f"<Url>u</Url></HostedService></HostedServices>".encode(),
    )
    assert client.list_hosted_services() == HostedServices(items=(HostedService(url="u", service_name="s"),))


def test_accepted_has_the_request_id_and_the_location(client: Client, transport: Any) -> None:
    transport.will(202, location="somewhere")
    assert client.delete_deployment("svc", DeploymentName("v1")) == Accepted(REQUEST_ID, "somewhere")
    transport.will(202)
    assert client.delete_deployment("svc", DeploymentName("v1")) == Accepted(REQUEST_ID)


def test_created_has_its_location(client: Client, transport: Any) -> None:
    transport.will(201, location="services/hostedservices/svc")
    assert client.create_hosted_service(CREATE) == Created("services/hostedservices/svc", REQUEST_ID)
    transport.will(201)
    assert client.create_hosted_service(CREATE) == Created("", REQUEST_ID)


def test_nothing_is_none(client: Client, transport: Any) -> None:
    transport.will(200, b"whatever")
    assert client.call("delete_hosted_service", {"service_name": "svc"}).value is None


def test_raw_bodies_travel_as_they_are(transport: Any) -> None:
    class Files(Contract):
        @operation("PUT", "/files/{name}", since="2012-03-01", raw_body=True)
        def exchange_file(self, name: str, body: RawBody) -> RawBody:
            """Give a file, get another."""
            raise NotImplementedError

    class FilesClient(Client, Files):
        pass

    transport.will(200, b"\x00\xff", content_type="x/y")
    found = FilesClient(transport, SUBSCRIPTION).exchange_file("a b", RawBody(b"\xfe", "text/plain"))
    assert found == RawBody(b"\x00\xff", "x/y")
    assert transport.sent == [
        ("PUT", f"/{SUBSCRIPTION}/files/a%20b", {"x-ms-version": "2014-10-01", "Content-Type": "text/plain"}, b"\xfe")
    ]


def test_call_gives_status_headers_and_request_id(client: Client, transport: Any) -> None:
    transport.will(202, server="rdfe")
    reply = client.call("delete_deployment", {"service_name": "svc", "deployment": "v1"})
    assert (reply.status, reply.request_id, reply.headers["server"]) == (202, REQUEST_ID, "rdfe")
    assert reply.value == Accepted(REQUEST_ID)
    with pytest.raises(KeyError):
        client.call("no_such_operation")


@pytest.mark.parametrize("body", [b"", b"<html/>", b"not xml", f'<HostedServices xmlns="{NAMESPACE}">'.encode()])
def test_a_success_that_is_no_document_is_said_so(client: Client, transport: Any, body: bytes) -> None:
    transport.will(200, body)
    with pytest.raises(UnreadableAnswer, match="list_hosted_services") as caught:
        client.list_hosted_services()
    assert (caught.value.status, caught.value.request_id) == (200, REQUEST_ID)


# -- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (409, "ConflictError", ConflictError),
        (404, "ResourceNotFound", ResourceNotFound),
        (403, "ForbiddenError", ForbiddenError),
    ],
)
def test_a_refusal_is_of_its_code_s_class(
    client: Client, transport: Any, status: int, code: str, kind: type[ServiceError]
) -> None:
    transport.will(status, (ERROR % (code, "Because &amp; so.")).encode())
    with pytest.raises(kind) as caught:
        client.delete_hosted_service("svc")
    refusal = caught.value
    assert (refusal.error_code, refusal.message, refusal.http_status) == (code, "Because & so.", status)
    assert refusal.request_id == REQUEST_ID == client.last_request_id


def test_a_code_nobody_knows_is_kept(client: Client, transport: Any) -> None:
    transport.will(418, (ERROR % ("Teapot", "Short and stout.")).encode())
    with pytest.raises(ServiceError) as caught:
        client.list_hosted_services()
    assert str(caught.value) == "Teapot (418): Short and stout."
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://schemas.microsoft.com/sqlazure/2010/12/"'])
def test_an_error_document_of_any_namespace_is_understood(client: Client, transport: Any, namespace: str) -> None:
    transport.will(400, f"<Error{namespace}><Code>BadRequest</Code><Message>No.</Message></Error>".encode())
    with pytest.raises(ServiceError, match=r"BadRequest \(400\): No\."):
        client.list_hosted_services()


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (502, b"<html><body>Bad\n  gateway</body></html>", "BadGateway (502): <html><body>Bad gateway</body></html>"),
        (503, b"", "ServiceUnavailable (503): Service Unavailable"),
        (404, b"<Other/>", "NotFound (404): <Other/>"),
        (500, b"\xff\xfe not text", "InternalServerError (500): \ufffd\ufffd not text"),
        (599, b"", "UnknownStatus (599): Unknown Status"),
        (500, b"x" * 10_000, f"InternalServerError (500): {'x' * 200}"),
        (302, b"", "Found (302): Found"),
    ],
)
def test_a_refusal_that_is_no_error_document_is_one_all_the_same(
    client: Client, transport: Any, status: int, body: bytes, said: str
) -> None:
    transport.answer = Response(status, {}, body)
    with pytest.raises(ServiceError) as caught:
        client.list_hosted_services()
    assert str(caught.value) == said
    assert caught.value.request_id is None


def test_a_hostile_error_document_is_not_expanded(client: Client, transport: Any) -> None:
    bomb = b'<!DOCTYPE Error [<!ENTITY a "aaaa">]><Error><Code>&a;</Code><Message>m</Message></Error>'
    transport.will(400, bomb)
    with pytest.raises(ServiceError, match=r"^BadRequest"):
        client.list_hosted_services()


def test_no_answer_is_no_refusal(client: Client, transport: Any) -> None:
    def broken(*_: Any) -> Response:
        raise ConnectionFailed("nobody there")

    transport.send = broken
    with pytest.raises(ConnectionFailed):
        client.list_hosted_services()
    assert client.last_request_id == ""


# -- threads and ends -----------------------------------------------------------------------------------------------


def test_the_last_request_id_is_the_thread_s_own(client: Client, transport: Any) -> None:
    transport.will(200)
    client.delete_hosted_service("svc")
    seen: list[str] = []
    other = threading.Thread(target=lambda: seen.append(client.last_request_id))
    other.start()
    other.join()
    assert client.last_request_id == REQUEST_ID
    assert seen == [""]


def test_leaving_it_closes_the_transport(transport: Any) -> None:
    with Client(transport, SUBSCRIPTION):
        assert not transport.closed
    assert transport.closed


def test_what_an_operation_answers_is_one_of_five_things() -> None:
    for declared in all_operations():
        known = declared.returns in (None, Accepted, Created, RawBody)
        in_atom = get_origin(declared.returns) in (Entry, Feed)
        assert known or in_atom or is_document(declared.returns), declared.name
