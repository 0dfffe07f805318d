"""Service configurations (.cscfg): what a package deployment is told beside its code.

They arrive as bytes and are given back byte for byte, so they are read into a value and never written: only the number
of instances is changed, in place.  Read with expat: a doctype is refused, so there are no entities to expand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from asm_contracts.codec.tree import DEEPEST, ENCODINGS, why_not

NAMESPACE: Final = "http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration"
_COUNT: Final = re.compile(r"[0-9]{1,9}\Z")
_START_TAG: Final = re.compile(r"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*""")
_ATTRIBUTE: Final = re.compile(r"""\s(?P<name>[^\s=]+)\s*=\s*(?P<value>"[^"]*"|'[^']*')""")

Pairs = tuple[tuple[str, str], ...]


class MalformedConfiguration(ValueError):
    """Bytes that are no service configuration; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleConfiguration:
    """One role: how many instances of it, and what they are told.

    Of settings and certificates both name and value (thumbprint) are kept, in the order of the file.
    """

    name: str
    instances: int
    settings: Pairs = ()
    certificates: Pairs = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConfiguration:
    """A service configuration.  Without ``osFamily`` it is for family 1, without ``osVersion`` for any (``*``).

    `subnets` are pairs of a role and a subnet of the virtual network where its instances are to be.
    """

    service_name: str
    os_family: str = "1"
    os_version: str = "*"
    roles: tuple[RoleConfiguration, ...] = ()
    virtual_network: str | None = None
    subnets: Pairs = ()
    reserved_ip: str | None = None

    def role(self, name: str) -> RoleConfiguration | None:
        """The configuration of a role, in any case."""
        return next((one for one in self.roles if one.name.lower() == name.lower()), None)


@dataclass(slots=True)
class _Role:
    """A role while it is being read; `offset` is where its ``Instances`` element begins, in bytes."""

    name: str
    instances: int = 0
    offset: int = -1
    settings: list[tuple[str, str]] = field(default_factory=list)
    certificates: list[tuple[str, str]] = field(default_factory=list)

    def made(self) -> RoleConfiguration:
        return RoleConfiguration(
            name=self.name,
            instances=self.instances,
            settings=tuple(self.settings),
            certificates=tuple(self.certificates),
        )


class _Reader:
    """One reading of one file."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.root: dict[str, str] = {}
        self.roles: dict[str, _Role] = {}
        self.role = _Role("")
        self.site: str | None = None
        self.address: str | None = None
        self.placed = ""
        self.subnets: list[tuple[str, str]] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.XmlDeclHandler = self.declaration

    def read(self, data: bytes) -> ServiceConfiguration:
        refused = why_not(data)
        if refused:
            raise MalformedConfiguration(refused)
        try:
            self.parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError) as problem:
            raise MalformedConfiguration(str(problem)) from None
        if not self.roles:
            raise MalformedConfiguration("there is no role")
        return ServiceConfiguration(
            service_name=self.root.get("serviceName", ""),
            os_family=self.root.get("osFamily", "1").strip(),
            os_version=self.root.get("osVersion", "*").strip(),
            roles=tuple(role.made() for role in self.roles.values()),
            virtual_network=self.site,
            subnets=tuple(self.subnets),
            reserved_ip=self.address,
        )

    def doctype(self, *_: object) -> None:
        raise MalformedConfiguration("a document type declaration is not allowed")

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.upper() not in ENCODINGS:
            raise MalformedConfiguration(f"the encoding {encoding[:40]} is not allowed")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        self.path.append(local if namespace == NAMESPACE else "")
        if len(self.path) > DEEPEST:
            raise MalformedConfiguration("elements are nested too deeply")
        match self.path:
            case ["ServiceConfiguration"]:
                self.root = attributes
            case [_]:
                raise MalformedConfiguration(f"the root is {name[:100]}")
            case [_, "Role"]:
                self.role = _Role(_required(attributes, "name", "Role"))
                if self.roles.setdefault(self.role.name.lower(), self.role) is not self.role:
                    raise MalformedConfiguration(f"the role {self.role.name[:100]} is there twice")
            case [_, "Role", "Instances"]:
                count = _required(attributes, "count", "Instances").strip()
                if self.role.offset >= 0 or not _COUNT.match(count):
                    raise MalformedConfiguration("a role has one number of instances, of at most nine digits")
                self.role.instances, self.role.offset = int(count), self.parser.CurrentByteIndex
            case [_, "Role", "ConfigurationSettings", "Setting"]:
                self.role.settings.append((_required(attributes, "name", "Setting"), attributes.get("value", "")))
            case [_, "Role", "Certificates", "Certificate"]:
                thumbprint = _required(attributes, "thumbprint", "Certificate").upper()
                self.role.certificates.append((_required(attributes, "name", "Certificate"), thumbprint))
            case [_, "NetworkConfiguration", "VirtualNetworkSite"]:
                self.site = _required(attributes, "name", "VirtualNetworkSite")
            case [_, "NetworkConfiguration", "AddressAssignments", "InstanceAddress"]:
                self.placed = _required(attributes, "roleName", "InstanceAddress")
            case [_, "NetworkConfiguration", "AddressAssignments", "InstanceAddress", "Subnets", "Subnet"]:
                self.subnets.append((self.placed, _required(attributes, "name", "Subnet")))
            case [_, "NetworkConfiguration", "AddressAssignments", "ReservedIPs", "ReservedIP"]:
                self.address = _required(attributes, "name", "ReservedIP")

    def end(self, _: str) -> None:
        if len(self.path) == 2 and self.path[1] == "Role" and self.role.offset < 0:
            raise MalformedConfiguration("a role says not how many instances it has")
        self.path.pop()


def _required(attributes: Mapping[str, str], name: str, element: str) -> str:
    value = attributes.get(name, "")
    if not value:
        raise MalformedConfiguration(f"{element} has no {name}")
    return value


def read(data: bytes) -> ServiceConfiguration:
    """The service configuration in a file; MalformedConfiguration when it is none."""
    return _Reader().read(data)


def with_instances(data: bytes, counts: Mapping[str, int]) -> bytes:
    """The same file with other numbers of instances, by role name, and every other byte as it was.

    Raises MalformedConfiguration when the file is no service configuration or has no such role.
    """
    reader = _Reader()
    reader.read(data)
    wanted = {name.lower(): count for name, count in counts.items()}
    unknown = wanted.keys() - reader.roles.keys()
    if unknown:
        raise MalformedConfiguration(f"there is no role {', '.join(sorted(unknown))}")
    encoding = _encoding(data)
    # Tags are found in the text from the element's first byte on, up to where the next one begins.
    found = [role for role in reader.roles.values() if role.name.lower() in wanted]
    offsets = [role.offset for role in found] + [len(data)]
    pieces = [data[: offsets[0]]]
    for role, begin, following in zip(found, offsets, offsets[1:], strict=False):
        text = data[begin:following].decode(encoding)
        tag = _START_TAG.match(text)
        assert tag is not None
        place = next(one for one in _ATTRIBUTE.finditer(tag[0]) if one["name"] == "count")
        start, end = place.start("value") + 1, place.end("value") - 1
        pieces.append((text[:start] + str(wanted[role.name.lower()]) + text[end:]).encode(encoding))
    return b"".join(pieces)


def _encoding(data: bytes) -> str:
    """A codec that takes the file's bytes apart and puts them together again: tags are ASCII in all of them."""
    if data[:2] == b"\xff\xfe" or data[1:2] == b"\0":
        return "utf-16-le"
    if data[:2] == b"\xfe\xff" or data[:1] == b"\0":
        return "utf-16-be"
    return "latin-1"
