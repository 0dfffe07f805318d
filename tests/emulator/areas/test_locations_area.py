"""Regions, sizes and guest operating systems."""

from __future__ import annotations

from asm_client import Client
from asm_contracts.areas.locations import Location
from asm_emulator import catalogue


def test_regions_say_what_they_offer(azure: Client) -> None:
    found = {place.name: place for place in azure.list_locations().items}
    assert list(found) == [place.name for place in catalogue.all_locations()]
    west = found["West US"]
    assert west.display_name == "West US"
    assert west.available_services == ("Compute", "Storage", "PersistentVMRole", "HighMemory")
    assert west.compute_capabilities is not None and west.storage_capabilities is not None
    assert "Small" in west.compute_capabilities.web_worker_role_sizes
    assert "Basic_A0" in west.compute_capabilities.virtual_machines_role_sizes
    assert "Standard_LRS" in west.storage_capabilities.storage_account_types


def test_old_versions_see_less_of_a_region(azure: Client) -> None:
    azure.version = "2009-10-01"
    assert azure.list_locations().items[0] == Location(name="East US", display_name="East US")
    azure.version = "2014-05-01"
    assert azure.list_locations().items[0].storage_capabilities is None
    assert azure.list_locations().items[0].compute_capabilities is not None


def test_sizes_have_the_recorded_figures(azure: Client) -> None:
    found = {size.name: size for size in azure.list_role_sizes().items}
    assert list(found) == [size.name for size in catalogue.all_role_sizes()]
    assert (found["A10"].label, found["A10"].cores, found["A10"].memory_in_mb) == (
        "A10 (8 cores, 57344 MB)",
        8,
        57344,
    )
    assert found["A10"].max_data_disk_count == 16
    assert found["A10"].web_worker_resource_disk_size_in_mb == 1861268
    assert not found["Basic_A0"].supported_by_web_worker_roles


def test_operating_systems_are_listed_flat_and_by_family(azure: Client) -> None:
    systems = azure.list_operating_systems().items
    families = azure.list_operating_system_families().items
    assert [family.name for family in families] == ["1", "2", "3", "4"]
    assert (families[1].label, systems[0].family_label) == ("Windows Server 2008 R2", "Windows Server 2008 SP2")
    nested = [(one.version, one.label) for family in families for one in family.operating_systems]
    assert nested == [(one.version, one.label) for one in systems]
    assert all(one.family is None for family in families for one in family.operating_systems)
    assert sum(one.is_default for one in systems) == 4
