"""Lists that also answer to the name their items go by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar


class Items(list[Any]):
    """A list of the guide's vocabulary: itself, and itself again as its attribute.

    The official client has an object with a list inside (``keys.public_keys``); scripts iterate the one or append to
    the other.
    """

    alias: ClassVar[str] = ""

    def __init__(self, items: Iterable[Any] = (), alias: str = "") -> None:
        super().__init__(items)
        self._alias = alias or self.alias

    def __getattr__(self, name: str) -> Any:
        alias = self.__dict__.get("_alias", "")  # a copy under way has none yet
        if name == alias:
            return self
        raise AttributeError(f"a list of {alias} has no attribute {name!r}")


class PublicKeys(Items):
    """Public keys that may log in."""

    alias = "public_keys"


class KeyPairs(Items):
    """Key pairs to put on a machine."""

    alias = "key_pairs"


class ConfigurationSetInputEndpoints(Items):
    """The endpoints of a role."""

    alias = "input_endpoints"


class PublicIPs(Items):
    """Public addresses of an instance's own."""

    alias = "public_ips"


class StoredCertificateSettings(Items):
    """Certificates to put into a Windows machine's stores."""

    alias = "stored_certificate_settings"


class Listeners(Items):
    """WinRM listeners."""

    alias = "listeners"


class Passes(Items):
    """Passes of unattended set-up."""

    alias = "passes"


class Components(Items):
    """Components of a pass."""

    alias = "components"


class ComponentSettings(Items):
    """Settings of a component."""

    alias = "component_settings"


class DataVirtualHardDisks(Items):
    """Data disks of a role."""

    alias = "data_virtual_hard_disks"


class DataDiskConfigurations(Items):
    """Data disks of a VM image."""

    alias = "data_disk_configurations"


class ResourceExtensionReferences(Items):
    """Extensions of a role."""

    alias = "resource_extension_references"


class ResourceExtensionParameterValues(Items):
    """Settings of an extension."""

    alias = "resource_extension_parameter_values"
