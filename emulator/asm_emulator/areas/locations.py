"""What the platform offers: regions, role sizes and guest operating systems."""

from __future__ import annotations

from asm_contracts.areas.locations import (
    Location,
    LocationContract,
    Locations,
    OperatingSystem,
    OperatingSystemFamilies,
    OperatingSystemFamily,
    OperatingSystems,
    RoleSize,
    RoleSizes,
    StorageCapabilities,
)
from asm_contracts.vocabulary import ComputeCapabilities
from asm_emulator import catalogue
from asm_emulator.areas.base import Area


def compute_capabilities(place: catalogue.Location) -> ComputeCapabilities:
    """The role sizes of a region, as its own entry, services and affinity groups in it show them."""
    return ComputeCapabilities(
        web_worker_role_sizes=place.web_worker_role_sizes,
        virtual_machines_role_sizes=place.virtual_machines_role_sizes,
    )


class LocationArea(Area, LocationContract):
    """Reads the catalogue, which is the same for everybody."""

    def list_locations(self) -> Locations:
        return Locations(
            items=tuple(
                Location(
                    name=place.name,
                    display_name=place.display_name,
                    available_services=place.available_services,
                    compute_capabilities=compute_capabilities(place),
                    storage_capabilities=StorageCapabilities(storage_account_types=place.storage_account_types),
                )
                for place in catalogue.all_locations(self.state.day)
            )
        )

    def list_role_sizes(self) -> RoleSizes:
        return RoleSizes(
            items=tuple(
                RoleSize(
                    name=size.name,
                    label=size.label,
                    cores=size.cores,
                    memory_in_mb=size.memory_in_mb,
                    supported_by_web_worker_roles=size.supported_by_web_worker_roles,
                    supported_by_virtual_machines=size.supported_by_virtual_machines,
                    max_data_disk_count=size.max_data_disk_count,
                    web_worker_resource_disk_size_in_mb=size.web_worker_resource_disk_size_in_mb,
                    virtual_machine_resource_disk_size_in_mb=size.virtual_machine_resource_disk_size_in_mb,
                )
                for size in catalogue.all_role_sizes()
            )
        )

    def list_operating_systems(self) -> OperatingSystems:
        labels = {family.name: family.label for family in catalogue.all_operating_system_families()}
        return OperatingSystems(
            items=tuple(
                OperatingSystem(
                    version=system.version,
                    label=system.label,
                    is_default=system.is_default,
                    is_active=system.is_active,
                    family=system.family,
                    family_label=labels[system.family],
                )
                for system in catalogue.all_operating_systems()
            )
        )

    def list_operating_system_families(self) -> OperatingSystemFamilies:
        return OperatingSystemFamilies(
            items=tuple(
                OperatingSystemFamily(
                    name=family.name,
                    label=family.label,
                    operating_systems=tuple(
                        OperatingSystem(
                            version=system.version,
                            label=system.label,
                            is_default=system.is_default,
                            is_active=system.is_active,
                        )
                        for system in catalogue.all_operating_systems(family.name)
                    ),
                )
                for family in catalogue.all_operating_system_families()
            )
        )
