"""What every declared operation refuses, whatever it is: derived from the declarations, sent as bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from asm_contracts.catalogue import all_operations
from asm_contracts.dialect import SERVICE_MANAGEMENT
from asm_contracts.document import shape
from asm_contracts.errors import (
    ForbiddenError,
    InvalidHttpVerb,
    InvalidXmlRequest,
    ResourceNotFound,
    ServiceError,
)
from asm_contracts.errors import MissingOrIncorrectVersionHeader as WrongVersion
from asm_contracts.evidence import documented, quoted, recorded
from asm_contracts.operation import Operation
from asm_contracts.suite.azure import Azure, NotServed
from asm_contracts.suite.channel import Raw, error_of
from asm_contracts.suite.driver import Answer, Identity
from asm_contracts.suite.machines import make_world
from asm_contracts.suite.names import Names
from asm_contracts.suite.samples import Sample, World, keys, looks, sample, spoilt, wrong_verb
from asm_contracts.versions import LATEST, VERSIONS

pytestmark = pytest.mark.generated

OPERATIONS: Final = tuple(one for one in all_operations() if one.template.host is None)
"""Those of the management endpoint: other hosts know neither versions nor certificates, and have tests of their own."""
LIMIT: Final = 1 << 20
"""Bytes of a request's body at most."""

GONE: Final[dict[str, str]] = {
    "hostedservices": "The hosted service does not exist.",
    "storageservices": "The storage account 'asmnobodys' was not found.",
    "affinitygroups": "The affinity group does not exist.",
    "images": "The image with the specified name does not exist.",
    "disks": "The disk with the specified name does not exist.",
    "certificates": "The certificate was not found.",
    "thumbprint": "The certificate was not found.",
    "roles": "Role asm-nobodys was not found in the currently deployed service.",
}
"""What a 404 says, by the path word that the unknown name follows."""

each = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)


CORE: Final = frozenset(
    {
        "affinity_groups", "certificates", "deployments", "disks", "hosted_services", "images", "operations",
        "reserved_ips", "service_extensions", "storage_accounts", "subscriptions", "virtual_machines", "vm_images",
    }
)  # fmt: skip
"""Areas of which it is known what is checked first: that what a request names exists.  Others may refuse its body."""


def native(operation: Operation) -> bool:
    """Whether an operation speaks as the service itself does; providers behind it have errors of their own form."""
    return operation.dialect is SERVICE_MANAGEMENT


def those(wanted: Callable[[Operation], object]) -> pytest.MarkDecorator:
    """The operations that a case is for."""
    found = [one for one in OPERATIONS if wanted(one)]
    return pytest.mark.parametrize("operation", found, ids=lambda one: one.name)


@pytest.fixture(scope="session")
def world(azure: Azure, raw: Raw, run_id: str, serials: Iterator[int]) -> Iterator[World]:
    """What there is to address: one resource of every kind that the endpoint serves."""
    names = Names(run_id, serials)
    yield make_world(azure, names)
    names.clean(azure, raw)


@pytest.fixture
def request_for(operation: Operation, world: World, names: Names) -> Sample:
    """A request for the operation that would take effect."""
    kind = {"storage_accounts": names.storage_account, "affinity_groups": names.affinity_group}
    return sample(operation, world, kind.get(operation.area, names.hosted_service)())


@contextmanager
def nothing_changes(raw: Raw, request: Sample, world: World) -> Iterator[None]:
    """What the request addresses, and what it would make, is the same afterwards."""
    paths = looks(request, world) if request.operation.is_mutation else []
    before = [seen(raw, path) for path in paths]
    yield
    for path, was in zip(paths, before, strict=True):
        assert seen(raw, path) == was, f"GET {path} has changed"


def seen(raw: Raw, path: str) -> tuple[int, bytes]:
    """An answer without what differs every time."""
    answer = raw.send("GET", path)
    return answer.status, answer.body


def send(raw: Raw, request: Sample, *, version: str | None = LATEST, identity: Identity = "own") -> Answer:
    """Send a sample."""
    return raw.send(
        request.verb,
        request.path,
        request.body,
        version=version,
        identity=identity,
        bare=request.operation.template.bare,
    )


def check(answer: Answer, expected: type[ServiceError], message: str | None = None) -> None:
    """The answer is this error, as a document, with its general text unless another is given."""
    found = error_of(answer)
    assert (answer.status, found[0]) == (expected.status, expected.code), found
    if message is not None:
        assert found[1] == message


# -- versions -------------------------------------------------------------------------------------------------------


@documented("x-ms-version: required, and of those that the operation knows")
@those(lambda one: one.since > VERSIONS[0] and native(one))
def test_a_version_before_the_operation(raw: Raw, request_for: Sample, world: World) -> None:
    before = max(version for version in VERSIONS if version < request_for.operation.since)
    with nothing_changes(raw, request_for, world):
        check(
            send(raw, request_for, version=before),
            WrongVersion,
            WrongVersion.text,
        )


@documented("MissingOrIncorrectVersionHeader, 400")
@each
@pytest.mark.parametrize("version", [None, "", "2001-01-01", "2099-01-01", "latest", "2014-10-01, 2014-10-01"])
def test_a_wrong_version(raw: Raw, request_for: Sample, world: World, version: str | None) -> None:
    with nothing_changes(raw, request_for, world):
        check(
            send(raw, request_for, version=version),
            WrongVersion,
            WrongVersion.text,
        )


# -- callers --------------------------------------------------------------------------------------------------------


@quoted("ForbiddenError: The server failed to authenticate the request. ...")
@each
@pytest.mark.parametrize("identity", ["none", "stranger"])
def test_a_caller_the_subscription_does_not_know(
    raw: Raw, request_for: Sample, world: World, identity: Identity
) -> None:
    with nothing_changes(raw, request_for, world):
        check(send(raw, request_for, identity=identity), ForbiddenError, ForbiddenError.text)


@quoted("the same answer for a subscription that is not the caller's, known or not")
@those(lambda one: not one.template.bare)
def test_a_subscription_that_is_not_the_callers(raw: Raw, request_for: Sample) -> None:
    answer = raw.send(
        request_for.verb, f"/99999999-9999-4999-8999-999999999999{request_for.path}", request_for.body, bare=True
    )
    check(answer, ForbiddenError, ForbiddenError.text)


# -- bodies ---------------------------------------------------------------------------------------------------------


@documented("InvalidXmlRequest: the request body's XML was invalid or not correctly specified")
@those(lambda one: one.body is not None and native(one))
def test_a_body_that_is_not_the_document(raw: Raw, request_for: Sample, world: World) -> None:
    for way, body in spoilt(request_for).items():
        with nothing_changes(raw, request_for, world):
            answer = send(raw, request_for.but(body=body))
        found = error_of(answer)
        assert answer.status == 400, f"{way}: {answer.status} {found}"
        assert found[0] == InvalidXmlRequest.code, f"{way}: {found}"


@documented("a request's body has at most a megabyte")
@those(lambda one: one.body is not None and native(one))
def test_a_body_over_the_limit(raw: Raw, request_for: Sample, world: World) -> None:
    body = request_for.body.replace(b">", b">" + b" " * LIMIT, 1)
    with nothing_changes(raw, request_for, world):
        answer = send(raw, request_for.but(body=body))
    error_of(answer)
    assert answer.status in (400, 413)


@recorded("the official SDK sends plain XML as application/atom+xml to every operation: the type is not policed")
@those(lambda one: one.body is not None and native(one) and one.area in CORE)
@pytest.mark.parametrize("content_type", ["application/atom+xml;type=entry;charset=utf-8", "text/plain", ""])
def test_the_content_type_is_not_policed(raw: Raw, operation: Operation, content_type: str) -> None:
    # A body that decodes and cannot be meant, at what does not exist: any answer but "no XML" says that it was read.
    request = sample(operation, {}, "!not a name!")
    answer = raw.send(request.verb, request.path, request.body, headers={"Content-Type": content_type})
    found = error_of(answer)
    assert found[0] not in (InvalidXmlRequest.code, "InvalidContentType", "InternalError"), found


# -- addresses ------------------------------------------------------------------------------------------------------


@recorded("texts of 404 answers")
@those(lambda one: ResourceNotFound in one.errors and keys(one))
def test_what_does_not_exist_is_not_found(raw: Raw, operation: Operation, world: World, names: Names) -> None:
    tried = 0
    for place, (word, parameter) in enumerate(keys(operation)):
        if any(before not in world for before, _ in keys(operation)[:place]) or word == "deploymentslots":
            continue
        if parameter.name in ("thumbprint_algorithm", "publisher_name"):
            continue
        if operation.verb == "POST" and parameter.name == "virtual_ip_name":
            continue  # what is made
        if operation.area == "deployments" and word == "roleinstances":
            continue  # the world's deployment has machines, of which the operations on packages know nothing
        tried += 1
        request = sample(operation, world, names.free(), absent=parameter.name)
        with nothing_changes(raw, request, world):
            answer = send(raw, request)
        if answer.status == 501:
            raise NotServed(f"the endpoint does not serve {operation.name}")
        if not native(operation) or operation.area not in CORE:
            assert answer.status in (400, 404), answer.body
            continue
        check(answer, ResourceNotFound, GONE.get(word))
    assert tried


@documented("InvalidHttpVerb, 400")
@those(wrong_verb)
def test_a_verb_that_nothing_here_has(raw: Raw, request_for: Sample, world: World) -> None:
    verb = wrong_verb(request_for.operation)
    assert verb is not None
    with nothing_changes(raw, request_for, world):
        answer = send(raw, request_for.but(verb=verb))
    if answer.status == 501 or error_of(answer)[0] == "MissingOrInvalidRequiredQueryParameter":
        raise NotServed(f"the endpoint knows an operation {verb} {request_for.path} that is not declared")
    check(answer, InvalidHttpVerb, InvalidHttpVerb.text)


@recorded("path words in any case; doubled and trailing slashes")
@each
def test_spellings_of_the_path(raw: Raw, operation: Operation) -> None:
    request = sample(operation, {}, "!not a name!")
    path, mark, query = request.path.partition("?")
    plain = send(raw, request)
    words = "/".join(piece if piece in _values(operation) else piece.swapcase() for piece in path.split("/"))
    for spelling in (words, path.replace("/", "//"), path + "/"):
        other = send(raw, request.but(path=spelling + mark + query))
        assert other.status == plain.status, spelling
        if plain.status >= 400 and native(operation):
            assert error_of(other) == error_of(plain), spelling


def _values(operation: Operation) -> set[str]:
    request = sample(operation, {}, "!not a name!")
    literals = {segment.text for segment in operation.template.segments if not segment.holes}
    return {piece for piece in request.path.partition("?")[0].split("/") if piece.lower() not in literals}


# -- served at all --------------------------------------------------------------------------------------------------


@documented("the API's reference has every declared operation")
@each
def test_the_operation_is_served(raw: Raw, operation: Operation, azure: Azure, pytestconfig: pytest.Config) -> None:
    answer = send(raw, sample(operation, {}, "!not a name!"))
    if answer.status == 501:
        assert operation.name in error_of(answer)[1], "a 501 names the operation"
        azure.recorder.unserved.add(operation.name)
        if pytestconfig.getoption("--require-served"):
            pytest.fail(f"{operation.name} is declared and not served")
        raise NotServed(f"the endpoint does not serve {operation.name}")
    assert answer.status < 500, answer.body
    if not native(operation):
        return
    if answer.status >= 400:
        error_of(answer)
    elif operation.answers_document:
        assert answer.status == operation.success
        assert f"<{shape(operation.returns).root} ".encode() in answer.body[:200]
