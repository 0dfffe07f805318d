"""What the platform offers: regions, role sizes and guest operating systems."""

from __future__ import annotations

from asm_contracts.document import Base64, document, element
from asm_contracts.operation import Contract, operation
from asm_contracts.vocabulary import ComputeCapabilities


@document()
class StorageCapabilities:
    """The kinds of storage account a region offers."""

    storage_account_types: tuple[str, ...] = element(item="StorageAccountType")


@document()
class Location:
    """A region.

    The first version of the services and of both capabilities is the documented one where the pages give it, else
    that of the feature they describe.
    """

    name: str
    display_name: str | None = None
    available_services: tuple[str, ...] | None = element(default=None, item="AvailableService", since="2010-10-28")
    compute_capabilities: ComputeCapabilities | None = element(default=None, since="2014-05-01")
    storage_capabilities: StorageCapabilities | None = element(default=None, since="2014-06-01")


@document()
class Locations:
    """Every region that the subscription can use."""

    items: tuple[Location, ...] = element(default=(), flat=True)


@document()
class RoleSize:
    """A size a role can have; memory and disks in megabytes."""

    name: str
    label: str
    cores: int
    memory_in_mb: int
    supported_by_web_worker_roles: bool
    supported_by_virtual_machines: bool
    max_data_disk_count: int | None = None
    web_worker_resource_disk_size_in_mb: int | None = None
    virtual_machine_resource_disk_size_in_mb: int | None = None


@document()
class RoleSizes:
    """Every size, by name."""

    items: tuple[RoleSize, ...] = element(default=(), flat=True)


@document()
class OperatingSystem:
    """A version of the guest operating system of web and worker roles, with its family."""

    version: str
    label: Base64
    is_default: bool
    is_active: bool
    family: str | None = None
    family_label: Base64 | None = None


@document()
class OperatingSystems:
    """Every version."""

    items: tuple[OperatingSystem, ...] = element(default=(), flat=True)


@document()
class OperatingSystemFamily:
    """A family of guest operating systems and its versions, which do not name it again."""

    name: str
    label: Base64
    operating_systems: tuple[OperatingSystem, ...]


@document()
class OperatingSystemFamilies:
    """Every family."""

    items: tuple[OperatingSystemFamily, ...] = element(default=(), flat=True)


class LocationContract(Contract):
    """What can be chosen when something is created."""

    @operation("GET", "/locations", since="2009-10-01")
    def list_locations(self) -> Locations:
        """List the regions with the services, role sizes and kinds of storage account they offer."""

    @operation("GET", "/rolesizes", since="2013-08-01")
    def list_role_sizes(self) -> RoleSizes:
        """List the sizes that roles can have."""

    @operation("GET", "/operatingsystems", since="2009-10-01")
    def list_operating_systems(self) -> OperatingSystems:
        """List the versions of the guest operating system."""

    @operation("GET", "/operatingsystemfamilies", since="2010-10-28")
    def list_operating_system_families(self) -> OperatingSystemFamilies:
        """List the families of guest operating systems with their versions."""
