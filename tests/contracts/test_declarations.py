"""Documents, operations, evidence and the catalogue: what a declaration means, and what holds over all of them."""

from __future__ import annotations

import dataclasses
import inspect
import pickle

import pytest

from asm_contracts import errors
from asm_contracts.catalogue import CONTRACTS, all_operations, operation_named
from asm_contracts.document import (
    NIL,
    Base64,
    derived,
    document,
    element,
    elements,
    is_document,
    item_name,
    shape,
    wire_name,
)
from asm_contracts.evidence import REGISTER, assumed, recorded
from asm_contracts.operation import (
    Accepted,
    Contract,
    Created,
    DeploymentKey,
    DeploymentName,
    DeploymentSlot,
    Operation,
    Template,
    declaration,
    operation,
    operations,
    split_path,
)
from asm_contracts.suite.azure import Azure
from asm_contracts.versions import LATEST, VERSIONS, is_known


@document()
class Plain:
    role_name: str
    os: str | None = None
    logical_size_in_gb: int | None = None
    vm_image_name: str | None = None
    io_type: str | None = None
    words: tuple[str, ...] | None = element(default=None, item="Word")


class Sample(Contract):
    area = "sample"

    @operation("POST", "/things/{name}/{deployment}?comp=media&flag={flag}", since="2012-03-01")
    def do_thing(self, name: str, deployment: DeploymentKey, body: Plain, flag: bool | None = None) -> Accepted:
        """Do a thing.

        At length.
        """

    @operation("GET", "/pairs/{algorithm}-{thumbprint}", since="2009-10-01")
    def get_pair(self, algorithm: str, thumbprint: str) -> Plain:
        """Get a pair."""

    @operation("PUT", "//bare", since="2009-10-01", raw_body=True)
    def put_bare(self, body: object) -> Created:
        """Put bytes."""


THING = declaration("do_thing", Sample)


# -- documents ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "name"),
    [
        ("role_name", "RoleName"),
        ("os", "OS"),
        ("logical_size_in_gb", "LogicalSizeInGB"),
        ("vm_image_name", "VMImageName"),
        ("io_type", "IOType"),
        ("id", "Id"),
        ("request_id", "RequestId"),
    ],
)
def test_wire_names(attribute: str, name: str) -> None:
    assert wire_name(attribute) == name


def test_documents_are_frozen_values_made_by_keyword() -> None:
    one = Plain(role_name="a")
    assert one == Plain(role_name="a") and hash(one) == hash(Plain(role_name="a"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.role_name = "b"  # type: ignore[misc]
    with pytest.raises(TypeError):
        Plain("a")  # type: ignore[misc, call-arg]
    with pytest.raises(TypeError):
        Plain()  # type: ignore[call-arg]


def test_nil_is_false_and_survives_pickling() -> None:
    assert not NIL and repr(NIL) == "NIL"
    assert pickle.loads(pickle.dumps(NIL)) is NIL


def test_what_is_declared_of_elements() -> None:
    found = {one.name: one for one in elements(Plain)}
    assert list(found) == ["RoleName", "OS", "LogicalSizeInGB", "VMImageName", "IOType", "Words"]
    assert found["RoleName"].required and not found["OS"].required
    assert item_name(found["Words"]) == "Word"


def test_subclasses_are_known_to_their_base_only_once() -> None:
    @document(discriminator="Kind")
    class Base:
        kind: str | None = None

    @document(tag="Sub")
    class Sub(Base):
        more: str | None = None

    assert derived(Base) == [Sub] and derived(Sub) == []
    assert [one.name for one in elements(Sub)] == ["Kind", "More"]
    assert shape(Sub).tag == "Sub" and shape(Base).discriminator == "Kind"


def test_types_that_no_element_has_are_refused() -> None:
    @document()
    class Odd:
        one: float

    @document()
    class Two:
        one: str | int

    @document()
    class Fixed:
        one: tuple[str, str]

    for cls in (Odd, Two, Fixed):
        with pytest.raises(TypeError):
            elements(cls)
    with pytest.raises(TypeError):
        shape(str)
    assert not is_document(Odd(one=1.0)) and not is_document(str)


def test_lists_of_plain_values_need_a_name_for_their_items() -> None:
    @document()
    class Nameless:
        words: tuple[str, ...]

    with pytest.raises(TypeError):
        item_name(elements(Nameless)[0])


# -- operations -----------------------------------------------------------------------------------------------------


def test_what_is_declared_of_an_operation() -> None:
    assert (THING.name, THING.title, THING.summary, THING.area) == ("do_thing", "Do Thing", "Do a thing.", "sample")
    assert (THING.verb, THING.since, THING.success, THING.root) == ("POST", "2012-03-01", 202, "Plain")
    assert THING.is_mutation and THING.takes_deployment and not THING.answers_document
    assert THING.template.constants == (("comp", "media"),)
    assert THING.template.variables == (("flag", "flag"),)
    pair = declaration("get_pair", Sample)
    assert pair.answers_document and pair.success == 200 and not pair.is_mutation
    bare = declaration("put_bare", Sample)
    assert bare.template.bare and bare.raw_body and bare.body is None and bare.success == 201


def test_arguments_are_bound_by_position_and_name() -> None:
    body = Plain(role_name="a")
    by_name = THING.bind((), {"name": "n", "deployment": "d", "body": body})
    assert by_name == {"name": "n", "deployment": "d", "body": body, "flag": None}
    assert THING.bind(("n", "d"), {"flag": True, "body": body})["flag"] is True


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((), {}),
        (("n",), {"body": None}),
        (("n", "d"), {}),
        (("n", "d"), {"name": "again", "body": None}),
        (("n", "d"), {"unknown": 1, "body": None}),
        (("n", "d", 1, 2, 3), {}),
    ],
)
def test_arguments_that_do_not_fit(args: tuple[object, ...], kwargs: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        THING.bind(args, kwargs)


@pytest.mark.parametrize(
    ("deployment", "flag", "path"),
    [
        ("d", None, "/things/n/deployments/d?comp=media"),
        (DeploymentName("a/b?c"), True, "/things/n/deployments/a%2Fb%3Fc?comp=media&flag=true"),
        (DeploymentSlot("Staging"), False, "/things/n/deploymentslots/Staging?comp=media&flag=false"),
    ],
)
def test_addresses(deployment: str, flag: bool | None, path: str) -> None:
    assert THING.address({"name": "n", "deployment": deployment, "flag": flag}) == path


def test_a_segment_with_two_holes() -> None:
    found = declaration("get_pair", Sample)
    assert found.address({"algorithm": "sha1", "thumbprint": "A-B"}) == "/pairs/sha1-A-B"
    pattern = found.template.segments[1].pattern
    assert pattern is not None
    match = pattern.match("sha1-A-B")
    assert match is not None and match.groupdict() == {"algorithm": "sha1", "thumbprint": "A-B"}


def test_paths_are_split_as_the_service_reads_them() -> None:
    assert split_path("//a///b%2Fc/%C3%BC/") == ("a", "b/c", "ü")


def test_a_template_must_name_its_parameters() -> None:
    with pytest.raises(TypeError):

        class Wrong(Contract):
            @operation("GET", "/things/{name}", since="2009-10-01")
            def get(self, other: str) -> None:
                """Get."""


def test_a_contract_answers_through_invoke() -> None:
    calls: list[tuple[str, dict[str, object]]] = []

    class Client(Sample):
        def invoke(self, operation: Operation, arguments: dict[str, object]) -> object:
            calls.append((operation.name, arguments))
            return Accepted("id")

    body = Plain(role_name="a")
    assert Client().do_thing("n", DeploymentName("d"), body) == Accepted("id")
    assert calls == [("do_thing", {"name": "n", "deployment": "d", "body": body, "flag": None})]
    with pytest.raises(NotImplementedError):
        Sample().get_pair("a", "b")


def test_templates_know_their_query() -> None:
    found = Template.of("/a?comp=UpdateLbSet&x={y}")
    assert (found.constants, found.variables, found.bare) == ((("comp", "updatelbset"),), (("x", "y"),), False)


# -- the catalogue --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("found", all_operations(), ids=lambda one: one.name)
def test_every_operation_is_well_declared(found: Operation) -> None:
    assert found.summary.endswith("."), "a docstring whose first line is a sentence"
    assert found.title and found.area and is_known(found.since)
    assert operation_named(found.name) is found
    assert found.success in (200, 201, 202, 204)
    if found.verb == "GET":
        assert found.body is None and not found.raw_body
    for kind in found.errors:
        assert issubclass(kind, errors.ServiceError)
    if found.body is not None:
        assert is_document(found.body) and elements(found.body) is not None
    if found.answers_document:
        assert elements(found.returns) is not None


def test_no_two_operations_answer_the_same_request() -> None:
    seen: dict[object, str] = {}
    for one in all_operations():
        path = tuple("{}" if segment.holes else segment.text for segment in one.template.segments)
        needed = tuple(
            name for name, hole in one.template.variables if any(p.name == hole and p.required for p in one.parameters)
        )
        key = (one.verb, one.template.bare, path, one.template.constants, needed, one.root)
        assert key not in seen, f"{one.name} and {seen[key]} cannot be told apart"
        seen[key] = one.name


def test_every_contract_is_in_the_suites_vocabulary() -> None:
    assert set(CONTRACTS) <= set(inspect.getmro(Azure))
    assert {one.name for one in operations(Azure)} == {one.name for one in all_operations()}
    with pytest.raises(KeyError):
        operation_named("nothing")


def test_versions_are_in_order() -> None:
    assert list(VERSIONS) == sorted(set(VERSIONS)) and VERSIONS[-1] == LATEST
    assert not is_known("") and not is_known("2001-01-01")


# -- errors and evidence --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", errors.ERRORS.values(), ids=lambda kind: kind.__name__)
def test_errors_are_told_by_their_code(kind: type[errors.ServiceError]) -> None:
    one = kind()
    assert errors.ERRORS[one.error_code] is kind and 400 <= one.http_status < 600 and one.message
    again = pickle.loads(pickle.dumps(kind("text")))
    assert (type(again), again.message, again.error_code) == (kind, "text", one.error_code)
    read = errors.error(kind.code, "text", 418)
    assert (type(read), read.http_status) == (kind, 418)


def test_an_unknown_code_is_still_an_error() -> None:
    found = errors.error("NeverHeardOf", "text", 400)
    assert type(found) is errors.ServiceError and str(found) == "NeverHeardOf (400): text"


def test_evidence_is_noted_where_it_is_cited() -> None:
    before = len(REGISTER)

    @assumed("why")
    @recorded("where")
    def cited() -> None: ...

    noted = REGISTER[before:]
    del REGISTER[before:]
    assert [(one.kind, one.source) for one in noted] == [("recorded", "where"), ("assumed", "why")]
    assert cited.__evidence__ == tuple(noted)  # type: ignore[attr-defined]
    assert noted[0].about.endswith("cited")


def test_base64_is_plain_text_in_python() -> None:
    @document()
    class Coded:
        label: Base64

    assert elements(Coded)[0].type.kind == "base64"
