"""A request for every declared operation, made from its declaration: valid enough to take effect, so that when one
thing about it is wrong, and nothing happens, that one thing was the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from xml.etree import ElementTree

from asm_contracts.catalogue import all_operations
from asm_contracts.codec import xml
from asm_contracts.document import Element, ElementType, elements, is_document, shape
from asm_contracts.operation import DeploymentKey, DeploymentName, DeploymentSlot, Operation, Parameter
from asm_contracts.suite.worlds import LOCATION
from asm_contracts.versions import LATEST

World = Mapping[str, str]
"""What is there, by the path word that a name follows (`hostedservices`, `roles`, ...): names of existing resources."""

ABSENT: Final = "asm-nobodys"
"""A name that nothing has."""

_ABSENT_VALUES: Final[dict[str, str]] = {
    "certificates": "sha1-" + "0" * 40,
    "thumbprint": "0" * 40,
    "storageservices": "asmnobodys",
    "operations": "0" * 32,
    "datadisks": "15",
}
_QUERY: Final[dict[str, str]] = {
    "start_time": "2015-07-01T00:00:00Z",
    "end_time": "2015-07-02T00:00:00Z",
    "permission": "public",
    "service": "asm-nobodys",
    "container_uri": "https://asmnobodys.blob.core.windows.net/packages",
}
_TEXTS: Final[dict[str, str]] = {
    "Label": "label",
    "Location": LOCATION,
    "OS": "Linux",
    "KeyType": "Primary",
    "Status": "Running",
    "Mode": "Auto",
    "DeploymentSlot": "Production",
    "CertificateFormat": "cer",
    "OSState": "Generalized",
    "RoleSize": "Small",
    "PostCaptureAction": "Delete",
    "PostShutdownAction": "Stopped",
    "Protocol": "tcp",
    "Address": "10.0.0.4",
    "Type": "Private",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A request, ready to be sent or spoilt."""

    operation: Operation
    verb: str
    path: str
    body: bytes = b""
    fresh: str = ""
    """The name that a creation gives."""

    def but(self, **changes: Any) -> Sample:
        """The same with something else about it."""
        return replace(self, **changes)


def keys(operation: Operation) -> list[tuple[str, Parameter]]:
    """The parameters of an operation's path, each with the path word it follows."""
    parameters = {one.name: one for one in operation.parameters}
    found, word = [], ""
    for segment in operation.template.segments:
        if not segment.holes:
            word = segment.text
        for hole in segment.holes:
            parameter = parameters[hole]
            if parameter.kind == DeploymentKey:
                word = "deployments"
            elif parameter.kind is DeploymentSlot:
                word = "deploymentslots"
            found.append((hole if len(segment.holes) > 1 else word, parameter))
    return found


def arguments(operation: Operation, world: World, absent: str | None = None) -> dict[str, Any]:
    """Arguments that address what is in the world, with one parameter (`absent`) that addresses nothing.

    What the world does not have is addressed by a name that nothing has.
    """
    found: dict[str, Any] = {}
    for word, parameter in keys(operation):
        there = None if parameter.name == absent else world.get(word)
        text = there or _ABSENT_VALUES.get(parameter.name) or _ABSENT_VALUES.get(word) or ABSENT
        if word == "deployments":
            found[parameter.name] = DeploymentName(text)
        elif word == "deploymentslots":
            found[parameter.name] = DeploymentSlot(world.get("deploymentslots", "Staging"))
        elif parameter.name == "thumbprint_algorithm":
            found[parameter.name] = "sha1"
        else:
            found[parameter.name] = text
    for _, variable in operation.template.variables:
        parameter = next(one for one in operation.parameters if one.name == variable)
        found[variable] = _QUERY.get(variable) if parameter.required or variable in ("start_time", "end_time") else None
    return found


def sample(operation: Operation, world: World, fresh: str, absent: str | None = None) -> Sample:
    """A request for an operation.

    world:  what to address
    fresh:  the name for what it makes, if it makes something
    absent: the parameter that is to address nothing
    """
    body = b""
    if operation.body is not None:
        body = xml.encode(minimal(operation.body, fresh, world), LATEST, operation.root)
    elif operation.raw_body:
        body = b"<NetworkConfiguration/>"
    return Sample(operation, operation.verb, address(operation, arguments(operation, world, absent)), body, fresh)


def address(operation: Operation, values: Mapping[str, Any]) -> str:
    """The path with query, below the subscription (or the root)."""
    path = operation.address(values)
    return "" if path == "/" else path


def minimal(cls: type, fresh: str, world: World) -> Any:
    """A document with its required elements and the few others without which none of its kind makes sense."""
    given: dict[str, Any] = {}
    for declared in elements(cls):
        if declared.required or declared.name in _WANTED.get(shape(cls).root, ()):
            given[declared.attribute] = _value(declared, declared.type, fresh, world)
        elif declared.name == "OperationType":
            given[declared.attribute] = shape(cls).root
    return cls(**given)


_WANTED: Final[dict[str, tuple[str, ...]]] = {
    "CreateHostedService": ("Location",),
    "UpdateHostedService": ("Label",),
    "CreateStorageServiceInput": ("Location",),
    "UpdateStorageServiceInput": ("Label",),
    "ReservedIP": ("Location",),
    "Role": ("RoleName", "RoleType", "OSVirtualHardDisk"),
    "PersistentVMRole": ("RoleName", "RoleType", "OSVirtualHardDisk"),
    "OSVirtualHardDisk": ("MediaLink", "SourceImageName"),
    "DataVirtualHardDisk": ("LogicalDiskSizeInGB", "MediaLink"),
    "OSDiskConfiguration": ("OSState", "OS", "MediaLink"),
    "DnsServer": ("Name", "Address"),
    "VMImage": ("Label",),
}


def _value(declared: Element, kind: ElementType, fresh: str, world: World) -> Any:
    if kind.kind == "document":
        return minimal(kind.python, fresh, world)
    if kind.kind == "list":
        assert kind.of is not None
        return (_value(declared, kind.of, fresh, world),)
    if kind.kind == "enum":
        return next(iter(kind.python))  # type: ignore[call-overload]
    if kind.kind in ("text", "base64"):
        return _text(declared, fresh, world)
    return {
        "integer": 1,
        "boolean": True,
        "time": datetime(2015, 7, 2, tzinfo=UTC),
        "precise": datetime(2015, 7, 2, tzinfo=UTC),
        "ticks": datetime(2015, 7, 2, tzinfo=UTC),
        "unzoned": datetime(2015, 7, 2, tzinfo=UTC),
        "long": 1,
        "capital": True,
        "bytes": b"bytes",
    }[kind.kind]


def _text(declared: Element, fresh: str, world: World) -> str:
    if declared.name in ("MediaLink", "PackageUrl"):
        account = world.get("storageservices", "asmnobodys")
        return f"https://{account}.blob.core.windows.net/vhds/{fresh}.vhd"
    if declared.name == "RoleType":
        return "PersistentVMRole"
    if declared.name == "SourceImageName":
        return world.get("images", ABSENT)
    return _TEXTS.get(declared.name, fresh)


# -- spoilt bodies --------------------------------------------------------------------------------------------------


def spoilt(request: Sample) -> dict[str, bytes]:
    """The body of a request, wrong in every way that has nothing to do with what it says.  Empty without a body."""
    operation, body = request.operation, request.body
    if operation.body is None:
        return {}
    root = operation.root or shape(operation.body).root
    text = body.decode()
    found = {} if _has_bodiless_twin(operation) else {"no body": b""}
    found |= {
        "not XML": b"this is no XML",
        "cut off": body[: len(body) // 2],
        "two roots": body + body,
        "doctype": f"<!DOCTYPE {root} [<!ENTITY e 'x'>]>".encode() + body,
        "external entity": f'<!DOCTYPE {root} [<!ENTITY e SYSTEM "file:///etc/hostname">]>'.encode() + body,
        "wrong root": text.replace(f"<{root} ", "<Nonsense ").replace(f"</{root}>", "</Nonsense>").encode(),
        "wrong namespace": text.replace(f'xmlns="{shape(operation.body).namespace}"', 'xmlns="urn:other"').encode(),
        "invalid UTF-8": body.replace(b"</", b"\xff</", 1) if b"</" in body else b"\xff" + body,
        "null character": body.replace(b"</", b"\x00</", 1) if b"</" in body else b"\x00" + body,
        "deep nesting": b"<a>" * 5000 + b"</a>" * 5000,
    }
    tree = ElementTree.fromstring(body)
    for declared in elements(operation.body):
        if declared.required and not declared.marks.flat:
            less = ElementTree.fromstring(body)
            for child in list(less):
                if child.tag.endswith("}" + declared.name):
                    less.remove(child)
            found[f"without {declared.name}"] = ElementTree.tostring(less)
        if declared.type.kind in ("base64", "bytes") and any(one.tag.endswith("}" + declared.name) for one in tree):
            wrong = ElementTree.fromstring(body)
            for child in wrong:
                if child.tag.endswith("}" + declared.name):
                    child.text = "*no base64*"
            found[f"{declared.name} is no base64"] = ElementTree.tostring(wrong)
    if len(tree):
        twice = ElementTree.fromstring(body)
        twice.append(tree[0])
        found["an element twice"] = ElementTree.tostring(twice)
    return found


@cache
def place_of(operation: Operation) -> tuple[object, ...]:
    """Where an operation lives: two at one place are told apart by verb, query and root."""
    path = tuple("{}" if segment.holes else segment.text for segment in operation.template.segments)
    return (path, operation.template.bare)


def _has_bodiless_twin(operation: Operation) -> bool:
    """Whether a request without the body would be another operation's."""
    return any(
        other.body is None and other.verb == operation.verb and other.template.constants == operation.template.constants
        for other in _neighbours(operation)
    )


@cache
def _places() -> dict[tuple[object, ...], list[Operation]]:
    found: dict[tuple[object, ...], list[Operation]] = {}
    for operation in all_operations():
        found.setdefault(place_of(operation), []).append(operation)
    return found


def _neighbours(operation: Operation) -> list[Operation]:
    """The operations at its place, itself included."""
    return _places().get(place_of(operation), [])


# -- what to look at ------------------------------------------------------------------------------------------------


def looks(request: Sample, world: World) -> list[str]:
    """Paths whose answers would differ had the request taken effect: what it addresses, and what it would make."""
    operation = request.operation
    found: list[str] = []
    for declared in all_operations():
        if declared.verb != "GET" or not is_document(declared.returns) or declared.template.variables:
            continue
        if declared.area not in (operation.area, "hosted_services", "deployments"):
            continue
        holes = keys(declared)
        if holes and all(word in world for word, _ in holes):
            found.append(address(declared, arguments(declared, world)))
        if len(holes) == 1 and declared.template.segments[:-1] == operation.template.segments:
            found.append(address(declared, {holes[0][1].name: request.fresh}))
    return found


def wrong_verb(operation: Operation) -> str | None:
    """A verb that no operation at this path has; None where every one of them does."""

    taken = {other.verb for other in _neighbours(operation)}
    # The verb must not reach a path of literal words through the hole of another operation, or the other way round.
    return next((verb for verb in ("PUT", "DELETE", "POST", "GET") if verb not in taken), None)
