"""Operations: what became of a request, synchronous or not; and the headers every answer has."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.evidence import documented, recorded
from asm_contracts.suite.azure import Azure, check_shape
from asm_contracts.suite.channel import Raw, error_of
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, make_hosted_service, refused

REQUEST_ID = re.compile(r"[0-9a-f]{32}\Z")


def create_body(name: str) -> str:
    """A creation as the official SDK writes it."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<CreateHostedService xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
        ' xmlns="http://schemas.microsoft.com/windowsazure">'
        f"<ServiceName>{name}</ServiceName><Label>bA==</Label><Location>{LOCATION}</Location></CreateHostedService>"
    )


@recorded("the id of a 200 or 201 answers Succeeded at once (28 of 28)")
def test_a_synchronous_mutation_has_succeeded(azure: Azure, raw: Raw, names: Names) -> None:
    name = names.hosted_service()
    created = raw.send("POST", "/services/hostedservices", create_body(name))
    deleted = raw.send("DELETE", f"/services/hostedservices/{name}")
    assert (created.status, deleted.status) == (201, 200)
    for answer in (created, deleted):
        found = azure.get_operation_status(answer.headers["x-ms-request-id"])
        assert (found.status, found.http_status_code) == ("Succeeded", 200)
        check_shape(found, answer.headers["x-ms-request-id"], lossy=azure.lossy)


@recorded("InProgress has no HttpStatusCode; Succeeded has 200; the status never changes again")
def test_an_accepted_request_ends_once(azure: Azure, names: Names) -> None:
    name = make_hosted_service(azure, names)
    accepted = azure.delete_hosted_service_and_media(name)
    assert REQUEST_ID.match(accepted.request_id)
    seen = []

    def look() -> bool:
        found = azure.get_operation_status(accepted.request_id)
        check_shape(found, accepted.request_id, lossy=azure.lossy)
        seen.append(found.status)
        return found.status != "InProgress"

    azure.until(look, "the end of the operation")
    assert seen[:-1] == ["InProgress"] * (len(seen) - 1) and seen[-1] == "Succeeded"
    if azure.controls_time:
        azure.advance(timedelta(days=1))
    assert azure.get_operation_status(accepted.request_id).status == "Succeeded"


@recorded("what goes on says so and no more until it has ended: Create Storage Account")
def test_what_goes_on_says_so(azure: Azure, names: Names) -> None:
    accepted = azure.create_storage_account(
        CreateStorageServiceInput(service_name=names.storage_account(), label="l", location=LOCATION)
    )
    found = azure.get_operation_status(accepted.request_id)
    check_shape(found, accepted.request_id, lossy=azure.lossy)
    if azure.controls_time:
        assert (found.status, found.http_status_code, found.error) == ("InProgress", None, None)
    azure.wait(accepted)


@recorded("the operation document, to the byte")
def test_the_form_of_an_operation(raw: Raw, names: Names) -> None:
    created = raw.send("POST", "/services/hostedservices", create_body(names.hosted_service()))
    request_id = created.headers["x-ms-request-id"]
    answer = raw.send("GET", f"/operations/{request_id}")
    dashed = "-".join((request_id[:8], request_id[8:12], request_id[12:16], request_id[16:20], request_id[20:]))
    assert answer.body.decode() == (
        '<Operation xmlns="http://schemas.microsoft.com/windowsazure" '
        'xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
        f"<ID>{dashed}</ID><Status>Succeeded</Status><HttpStatusCode>200</HttpStatusCode></Operation>"
    )


@documented("an id that no mutation had is not found")
@pytest.mark.parametrize("request_id", ["0" * 32, "nonsense", "11111111-2222-3333-4444-555555555555"])
def test_an_unknown_id(azure: Azure, request_id: str) -> None:
    with refused(404, "ResourceNotFound"):
        azure.get_operation_status(request_id)


@recorded("headers of every answer, errors included")
@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [
        ("GET", "/services/hostedservices", 200),
        ("GET", "/services/hostedservices/asm-nobodys-service", 404),
        ("GET", "/no/such/thing", 404),
        ("PUT", "/services/hostedservices", 400),
        ("DELETE", "/services/hostedservices/asm-nobodys-service", 404),
    ],
)
def test_headers_of_every_answer(raw: Raw, verb: str, path: str, status: int) -> None:
    answer = raw.send(verb, path)
    assert answer.status == status
    assert REQUEST_ID.match(answer.headers["x-ms-request-id"])
    assert answer.headers["x-ms-servedbyregion"]
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert "Microsoft-HTTPAPI/2.0" in answer.headers["server"]
    assert answer.headers["date"].endswith(" GMT")
    assert not answer.body.startswith((b"<?xml", b"\xef\xbb\xbf")) and b"\n" not in answer.body


@recorded("an answer without a body has Content-Length 0 and no Content-Type")
def test_headers_of_an_empty_answer(raw: Raw, names: Names) -> None:
    answer = raw.send("POST", "/services/hostedservices", create_body(names.hosted_service()))
    assert (answer.status, answer.body) == (201, b"")
    assert answer.headers["content-length"] == "0"
    assert "content-type" not in answer.headers


@recorded("all 2345 recorded ids differ")
def test_request_ids_are_unique(raw: Raw) -> None:
    found = [raw.send("GET", "/services/hostedservices").headers["x-ms-request-id"] for _ in range(20)]
    assert len(set(found)) == 20


@recorded("Error has exactly Code and Message, in the service's namespace")
def test_the_form_of_an_error(raw: Raw) -> None:
    answer = raw.send("GET", "/services/hostedservices/asm-nobodys-service")
    assert answer.body.decode() == (
        '<Error xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
        "<Code>ResourceNotFound</Code><Message>The hosted service does not exist.</Message></Error>"
    )
    assert error_of(answer) == ("ResourceNotFound", "The hosted service does not exist.")


@documented("both times of List Subscription Operations are required")
@pytest.mark.parametrize("query", ["", "?StartTime=2015-01-01", "?EndTime=2015-01-01", "?StartTime=soon&EndTime=later"])
def test_listing_operations_needs_both_times(raw: Raw, query: str) -> None:
    answer = raw.send("GET", "/operations" + query)
    if answer.status == 501:
        pytest.skip("the endpoint does not serve list_subscription_operations")
    assert answer.status == 400
    error_of(answer)


@documented("List Subscription Operations has every request that changed something, with its operation's status")
def test_the_list_of_operations_has_what_was_done(azure: Azure, raw: Raw, names: Names) -> None:
    name = names.hosted_service()
    created = raw.send("POST", "/services/hostedservices", create_body(name))
    deleted = raw.send("DELETE", f"/services/hostedservices/{name}")
    refused_one = raw.send("DELETE", f"/services/hostedservices/{name}")
    moment = parsedate_to_datetime(created.headers["date"])
    begin, end = (f"{moment + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}" for hours in (-1, 1))
    listed = {}
    token = None
    while True:
        page = azure.list_subscription_operations(begin, end, continuation_token=token)
        listed.update({one.operation_id.replace("-", ""): one for one in page.subscription_operations})
        token = page.continuation_token
        if not token:
            break
    ids = [answer.headers["x-ms-request-id"] for answer in (created, deleted, refused_one)]
    assert set(ids) <= set(listed)
    assert [listed[one].operation_status.status for one in ids] == ["Succeeded", "Succeeded", "Failed"]
    assert listed[ids[1]].operation_object_id.lower().endswith(f"/services/hostedservices/{name}")
