"""Routing: verb, path, query and root element together name one operation."""

from __future__ import annotations

import pytest

from asm_contracts.document import document
from asm_contracts.errors import (
    InvalidHttpVerb,
    InvalidXmlRequest,
    MissingOrInvalidRequiredQueryParameter,
    ResourceNotFound,
    ServiceError,
)
from asm_contracts.operation import (
    Accepted,
    Contract,
    DeploymentKey,
    DeploymentName,
    DeploymentSlot,
    operation,
    operations,
    split_path,
)
from asm_emulator.router import Router, arguments_of


@document()
class StartRoleOperation:
    operation_type: str


@document()
class StopRoleOperation:
    operation_type: str


class Sample(Contract):
    @operation("GET", "/things/{name}?embed-detail={detail}", since="2009-10-01")
    def get_thing(self, name: str, detail: bool | None = None) -> None:
        """Read."""

    @operation("GET", "/things/operations/isavailable/{name}", since="2009-10-01")
    def check_thing(self, name: str) -> None:
        """Ask."""

    @operation("DELETE", "/things/{name}", since="2009-10-01")
    def delete_thing(self, name: str) -> None:
        """Delete."""

    @operation("DELETE", "/things/{name}?comp=media", since="2009-10-01")
    def delete_thing_and_media(self, name: str) -> None:
        """Delete more."""

    @operation("POST", "/things/{name}/{deployment}/roles/{role}/Operations", since="2009-10-01")
    def start(self, name: str, deployment: DeploymentKey, role: str, body: StartRoleOperation) -> Accepted:
        """Start."""

    @operation("POST", "/things/{name}/{deployment}/roles/{role}/Operations", since="2009-10-01")
    def stop(self, name: str, deployment: DeploymentKey, role: str, body: StopRoleOperation) -> Accepted:
        """Stop."""

    @operation("GET", "/things/{name}/certificates/{algorithm}-{thumbprint}", since="2009-10-01")
    def get_certificate(self, name: str, algorithm: str, thumbprint: str) -> None:
        """Read."""

    @operation("GET", "/things/{name}/disks/{lun}", since="2009-10-01")
    def get_disk(self, name: str, lun: int) -> None:
        """Read."""

    @operation("GET", "/events?StartTime={start}", since="2009-10-01")
    def list_events(self, start: str) -> None:
        """List."""

    @operation("GET", "//subscriptions", since="2009-10-01")
    def list_all(self) -> None:
        """List."""


ROUTER = Router(operations(Sample))


def route(
    verb: str, path: str, root: str | None = None, *, bare: bool = False, **query: str
) -> tuple[str, dict[str, object]]:
    query = {name.replace("_", "-").lower(): value for name, value in query.items()}
    segments = split_path(path)
    found = ROUTER.candidates(segments, bare=bare)
    chosen = ROUTER.choose(found, verb, query, root)
    return chosen.name, arguments_of(chosen, segments, found.values, query)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/things/a", ("get_thing", {"name": "a", "detail": None})),
        ("/things/a/", ("get_thing", {"name": "a", "detail": None})),
        ("//THINGS//a", ("get_thing", {"name": "a", "detail": None})),
        ("/things/a%20b%2Fc", ("get_thing", {"name": "a b/c", "detail": None})),
        ("/things/operations", ("get_thing", {"name": "operations", "detail": None})),
        ("/things/operations/isAvailable/x", ("check_thing", {"name": "x"})),
        (
            "/things/a/certificates/sha1-AB-CD",
            ("get_certificate", {"name": "a", "algorithm": "sha1", "thumbprint": "AB-CD"}),
        ),
        ("/things/a/disks/3", ("get_disk", {"name": "a", "lun": 3})),
    ],
)
def test_paths(path: str, expected: tuple[str, dict[str, object]]) -> None:
    assert route("GET", path) == expected


@pytest.mark.parametrize(("text", "value"), [("true", True), ("True", True), ("FALSE", False), ("0", False)])
def test_booleans_of_the_query_in_any_case(text: str, value: bool) -> None:
    assert route("GET", "/things/a", embed_detail=text)[1]["detail"] is value


def test_the_query_tells_operations_apart() -> None:
    assert route("DELETE", "/things/a")[0] == "delete_thing"
    assert route("DELETE", "/things/a", comp="Media")[0] == "delete_thing_and_media"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/things/a/deployments/Web/roles/r/operations", DeploymentName("Web")),
        ("/things/a/deploymentslots/production/roles/r/operations", DeploymentSlot("Production")),
        ("/things/a/DeploymentSlots/STAGING/roles/r/operations", DeploymentSlot("Staging")),
    ],
)
def test_the_root_tells_operations_apart_and_deployments_go_by_name_and_slot(path: str, key: DeploymentKey) -> None:
    name, arguments = route("POST", path, "StopRoleOperation")
    assert name == "stop"
    assert arguments["deployment"] == key
    assert type(arguments["deployment"]) is type(key)
    assert route("POST", path, "StartRoleOperation")[0] == "start"


def test_bare_paths_are_apart() -> None:
    assert route("GET", "/subscriptions", bare=True) == ("list_all", {})
    with pytest.raises(ResourceNotFound):
        route("GET", "/subscriptions")


@pytest.mark.parametrize(
    ("verb", "path", "root", "query", "error"),
    [
        ("GET", "/nothing", None, {}, ResourceNotFound),
        ("GET", "/things", None, {}, ResourceNotFound),
        ("GET", "/things/a/disks/x", None, {}, ResourceNotFound),
        ("GET", "/things/a/disks/99999999999", None, {}, ResourceNotFound),
        ("POST", "/things/a/deploymentslots/middle/roles/r/operations", "StopRoleOperation", {}, ResourceNotFound),
        ("PUT", "/things/a", None, {}, InvalidHttpVerb),
        ("DELETE", "/things/a", None, {"comp": "everything"}, MissingOrInvalidRequiredQueryParameter),
        ("GET", "/things/a", None, {"embed_detail": "perhaps"}, MissingOrInvalidRequiredQueryParameter),
        ("GET", "/events", None, {}, MissingOrInvalidRequiredQueryParameter),
        ("POST", "/things/a/deployments/d/roles/r/operations", "Other", {}, InvalidXmlRequest),
        ("POST", "/things/a/deployments/d/roles/r/operations", None, {}, InvalidXmlRequest),
    ],
)
def test_refusals(verb: str, path: str, root: str | None, query: dict[str, str], error: type[ServiceError]) -> None:
    with pytest.raises(error):
        route(verb, path, root, **query)


def test_addresses_are_built_from_the_same_templates() -> None:
    for declared, arguments in (
        (Sample.__operations__["get_thing"], {"name": "a b/ü", "detail": True}),
        (Sample.__operations__["stop"], {"name": "a", "deployment": DeploymentSlot("Staging"), "role": "r%"}),
        (Sample.__operations__["stop"], {"name": "a", "deployment": DeploymentName("d-1"), "role": "r"}),
        (Sample.__operations__["get_certificate"], {"name": "a", "algorithm": "sha1", "thumbprint": "AB"}),
        (Sample.__operations__["get_disk"], {"name": "a", "lun": 12}),
    ):
        path, _, query = declared.address(arguments).partition("?")
        pairs = dict(pair.split("=") for pair in query.split("&")) if query else {}
        segments = split_path(path)
        found = ROUTER.candidates(segments)
        assert arguments_of(declared, segments, found.values, pairs) == arguments
