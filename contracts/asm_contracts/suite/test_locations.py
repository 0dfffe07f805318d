"""What there is to choose from: places, sizes, operating systems, extensions."""

from __future__ import annotations

from asm_contracts.evidence import recorded
from asm_contracts.suite.azure import Azure


@recorded("every location has a display name, services, and the role sizes of both kinds")
def test_locations(azure: Azure) -> None:
    found = {one.name: one for one in azure.list_locations().items}
    assert {"West US", "East US", "North Europe", "West Europe", "East Asia", "Southeast Asia"} <= set(found)
    for one in found.values():
        assert one.display_name
        assert {"Compute", "Storage", "PersistentVMRole"} <= set(one.available_services or ())
        if not azure.lossy:
            assert one.compute_capabilities is not None
            assert "Small" in one.compute_capabilities.virtual_machines_role_sizes
            assert one.storage_capabilities is not None
            assert "Standard_LRS" in one.storage_capabilities.storage_account_types


@recorded("role sizes, sorted by name as text, with what a machine of each can have")
def test_role_sizes(azure: Azure) -> None:
    found = azure.list_role_sizes().items
    names = [one.name for one in found]
    assert names[:3] == ["A10", "A11", "A5"] and len(set(names)) == len(names)
    by_name = {one.name: one for one in found}
    assert {"ExtraSmall", "Small", "Medium", "Large", "ExtraLarge", "A5", "A10"} <= set(by_name)
    assert (by_name["A10"].cores, by_name["A10"].memory_in_mb, by_name["A10"].max_data_disk_count) == (8, 57344, 16)
    assert by_name["Small"].cores == 1 and by_name["Small"].max_data_disk_count == 2


@recorded("versions of the guest operating systems, with one default a family")
def test_operating_systems(azure: Azure) -> None:
    found = azure.list_operating_systems().items
    assert len({one.version for one in found}) == len(found) > 0
    for one in found:
        assert one.version.startswith("WA-GUEST-OS-") and one.label and one.family


@recorded("families hold the same versions as the plain list")
def test_operating_system_families(azure: Azure) -> None:
    families = azure.list_operating_system_families().items
    versions = {one.version for one in azure.list_operating_systems().items}
    assert {one.version for family in families for one in family.operating_systems} == versions
    for family in families:
        assert family.name and family.label


@recorded("extensions of virtual machines: publisher, name, version")
def test_resource_extensions(azure: Azure) -> None:
    found = azure.list_resource_extensions().items
    assert found
    one = found[0]
    versions = azure.list_resource_extension_versions(one.publisher, one.name).items
    assert any(other.version.startswith(one.version) for other in versions)
    assert {(other.publisher, other.name) for other in versions} == {(one.publisher, one.name)}


@recorded("no virtual networks where none were configured, and a list of them where they were")
def test_virtual_network_sites(azure: Azure) -> None:
    for site in azure.list_virtual_network_sites().items:
        assert site.name
