"""Names for what a test makes, and taking away what has them afterwards.

A suite that runs against a shared endpoint may touch nothing else: every resource of a test has a name from here, made
of the run's own id, or was adopted because the service named it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Final, Literal
from urllib.parse import quote

from asm_contracts.suite.azure import Azure
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.driver import Answer

Kind = Literal[
    "hosted service",
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
    "cloud service",
]

_DELETE: Final[dict[Kind, str]] = {
    # In the order in which they can go: what depends on another comes before it.
    "hosted service": "/services/hostedservices/{}?comp=media",
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
    "web site": "/services/webspaces/westuswebspace/sites/{}",
    "cloud service": "/cloudservices/{}",
}
_LETTERS: Final[dict[Kind, str]] = {
    "hosted service": "hs",
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
    "cloud service": "cs",
}
_PATIENCE: Final = 40
"""How often a deletion is tried again while something else still goes on."""


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
            for name in [name for given, name in self._given if given == kind]:
                found = path.format(quote(name, safe=""))
                if kind == "hosted service" and raw.send("DELETE", found.partition("?")[0]).status in (200, 404):
                    continue  # it had no deployments, and needed no operation
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


SOON: Final = timedelta(minutes=5)
"""Long enough for a machine to boot and for a disk to be free again, on the service's own time."""
