"""Names for what a test makes, and taking away what has them afterwards.

A suite that runs against a shared endpoint may touch nothing else: every resource of a test has a name from here, made
of the run's own id, or was adopted because the service named it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final, Literal
from urllib.parse import quote
from xml.etree import ElementTree

from asm_contracts.codec import netcfg
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.driver import Answer

Kind = Literal[
    "hosted service",
    "gateway connection",
    "network gateway",
    "local network gateway",
    "application gateway",
    "circuit",
    "virtual network",
    "local network site",
    "vm image",
    "os image",
    "disk",
    "storage account",
    "affinity group",
    "reserved ip",
    "certificate",
    "security group",
    "route table",
    "sql server",
    "namespace",
    "traffic manager profile",
    "web site",
    "server farm",
    "cloud service",
]

_DELETE: Final[dict[Kind, str]] = {
    # In the order in which they can go: what depends on another comes before it.
    "hosted service": "/services/hostedservices/{}?comp=media",
    "gateway connection": "/services/networking/gatewayconnections/virtualnetworkgateway/{}",
    "network gateway": "/services/networking/{}/gateway",
    "local network gateway": "/services/networking/localnetworkgateways/{}",
    "application gateway": "/services/networking/applicationgateways/{}",
    "circuit": "/services/networking/dedicatedcircuits/{}",
    "virtual network": "/services/networking/media",
    "local network site": "/services/networking/media",
    "vm image": "/services/vmimages/{}?comp=media",
    "os image": "/services/images/{}?comp=media",
    "disk": "/services/disks/{}?comp=media",
    "reserved ip": "/services/networking/reservedips/{}",
    "storage account": "/services/storageservices/{}",
    "affinity group": "/affinitygroups/{}",
    "certificate": "/certificates/{}",
    "security group": "/services/networking/networksecuritygroups/{}",
    "route table": "/services/networking/routetables/{}",
    "sql server": "/services/sqlservers/servers/{}",
    "namespace": "/services/servicebus/namespaces/{}",
    "traffic manager profile": "/services/WATM/profiles/{}",
    "web site": "/services/webspaces/westuswebspace/sites/{}?deleteAllSlots=true",
    "server farm": "/services/webspaces/westuswebspace/serverfarms/{}",
    "cloud service": "/cloudservices/{}",
}
_LETTERS: Final[dict[Kind, str]] = {
    "hosted service": "hs",
    "gateway connection": "gc",
    "network gateway": "ng",
    "local network gateway": "lg",
    "application gateway": "gw",
    "circuit": "ci",
    "virtual network": "vn",
    "local network site": "ls",
    "vm image": "vi",
    "os image": "oi",
    "disk": "dk",
    "storage account": "st",
    "affinity group": "ag",
    "reserved ip": "ip",
    "certificate": "ce",
    "security group": "sg",
    "route table": "rt",
    "sql server": "sq",
    "namespace": "ns",
    "traffic manager profile": "tm",
    "web site": "ws",
    "server farm": "sf",
    "cloud service": "cs",
}
_GATEWAYS: Final[frozenset[Kind]] = frozenset(
    {"gateway connection", "network gateway", "application gateway", "circuit"}
)
"""What is followed by an operation of its own form: it is gone when there is nothing left to delete."""
_NETWORKS: Final[frozenset[Kind]] = frozenset({"virtual network", "local network site"})
"""What stands in the network configuration, which is one document of the whole subscription."""
_LADEN: Final[frozenset[Kind]] = frozenset({"hosted service", "storage account"})
"""What may have something in it; if not it is gone at once."""
_PATIENCE: Final = 40
"""How often a deletion is tried again while something else still goes on."""
_SLOWLY: Final = timedelta(minutes=2)
"""How far a controllable clock is moved between two looks at a gateway, which takes half an hour to come."""


class Names:
    """Gives names, each once, and removes what has them.

    run: letters and digits that no other run against the same endpoint has; five or so
    """

    def __init__(self, run: str, serials: Iterator[int] | None = None) -> None:
        self.run = run
        self._serials = serials or itertools.count(1)
        self._given: list[tuple[Kind, str]] = []

    def _new(self, kind: Kind) -> str:
        name = f"asm{self.run}{_LETTERS[kind]}{next(self._serials):x}"
        self._given.append((kind, name))
        return name

    def hosted_service(self) -> str:
        """A name for a hosted service (also good for what is in it)."""
        return self._new("hosted service")

    def storage_account(self) -> str:
        """A name for a storage account."""
        return self._new("storage account")

    def affinity_group(self) -> str:
        """A name for an affinity group."""
        return self._new("affinity group")

    def os_image(self) -> str:
        """A name for an OS image."""
        return self._new("os image")

    def vm_image(self) -> str:
        """A name for a VM image."""
        return self._new("vm image")

    def disk(self) -> str:
        """A name for a disk."""
        return self._new("disk")

    def reserved_ip(self) -> str:
        """A name for a reserved address."""
        return self._new("reserved ip")

    def of(self, kind: Kind) -> str:
        """A name for something of this kind."""
        return self._new(kind)

    def free(self) -> str:
        """A name for something that goes with what it is in, or that is never to exist."""
        return f"asm{self.run}x{next(self._serials):x}"

    def adopt(self, kind: Kind, name: str) -> str:
        """Take care of something whose name the service chose."""
        self._given.append((kind, name))
        return name

    def clean(self, azure: Azure, raw: Raw) -> None:
        """Take away everything that has a name from here; what is not there is well."""
        for kind, path in _DELETE.items():
            of_kind = [name for given, name in self._given if given == kind]
            if kind in _NETWORKS and of_kind:
                _leave_out(azure, raw, path, {name.lower() for name in of_kind})
                continue
            for name in of_kind:
                found = path.format(quote(name, safe="/"))
                if kind in _GATEWAYS:
                    _remove_gateway(azure, raw, found)
                    continue
                if kind in _LADEN and raw.send("DELETE", found.partition("?")[0]).status in (200, 404):
                    continue  # there was nothing in it
                if kind == "storage account":
                    _empty(azure, raw, name)
                _remove(azure, raw, found)
        self._given.clear()


def _remove(azure: Azure, raw: Raw, path: str) -> None:
    left = _PATIENCE

    def look() -> Answer | None:
        nonlocal left
        left -= 1
        answer = raw.send("DELETE", path)
        # Something else is going on with it, or still hangs on it: that ends.
        busy = answer.status == 409 or (answer.status == 400 and b"currently in use" in answer.body)
        return None if busy and left else answer

    answer = azure.until(look, f"the removal of {path}")
    if answer.status == 202:
        azure.ended(answer.headers["x-ms-request-id"])
    elif answer.status >= 500 and answer.status != 501:
        raise AssertionError(f"DELETE {path} answered {answer.status}: {answer.body[:300]!r}")


def _empty(azure: Azure, raw: Raw, account: str) -> None:
    """Take away the disks in an account: machines that were deleted without them left them under names of their own."""
    answer = raw.send("GET", "/services/disks")
    if answer.status != 200:
        return
    for disk in ElementTree.fromstring(answer.body):
        found = {child.tag.rpartition("}")[2]: child.text or "" for child in disk}
        if found.get("MediaLink", "").partition("//")[2].startswith(f"{account}."):
            _remove(azure, raw, f"/services/disks/{quote(found['Name'], safe='')}?comp=media")


def _remove_gateway(azure: Azure, raw: Raw, path: str) -> None:
    def gone() -> bool:
        answer = raw.send("DELETE", path)
        assert answer.status < 500 or answer.status == 501, f"DELETE {path} answered {answer.status}: {answer.body!r}"
        return answer.status not in (202, 409)

    azure.until(gone, f"the removal of {path}", step=_SLOWLY)


def _leave_out(azure: Azure, raw: Raw, path: str, names: set[str]) -> None:
    """Set the network configuration again without the networks and local sites of these names."""

    def left_out() -> Answer | None:
        known = raw.send("GET", path)
        if known.status != 200:
            return known  # there is none
        configuration = netcfg.read(known.body)
        wanted = replace(
            configuration,
            sites=tuple(one for one in configuration.sites if one.name.lower() not in names),
            local_sites=tuple(one for one in configuration.local_sites if one.name.lower() not in names),
        )
        if wanted == configuration:
            return known
        answer = raw.send("PUT", path, netcfg.write(wanted), headers={"Content-Type": netcfg.CONTENT_TYPE})
        return None if answer.status == 409 else answer

    answer = azure.until(left_out, "the removal of virtual networks")
    if answer.status == 202:
        azure.ended(answer.headers["x-ms-request-id"])


SOON: Final = timedelta(minutes=5)
"""Long enough for a machine to boot and for a disk to be free again, on the service's own time."""
