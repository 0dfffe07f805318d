"""The catalogue against itself, the guide, and recorded answers of the service."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from asm_emulator import catalogue
from asm_emulator.catalogue import extensions
from asm_emulator.catalogue.locations import IMAGE_ORDER

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "wire" / "corpus"

GUIDE_LOCATIONS = [
    *("West Europe", "North Europe", "Southeast Asia", "East Asia", "Central US", "North Central US"),
    *("South Central US", "West US", "East US", "Japan East", "Japan West", "Brazil South", "Australia East"),
    "Australia Southeast",
]
GUIDE_IMAGE = "OpenLogic__OpenLogic-CentOS-62-20120531-en-us-30GB.vhd"


def names(items: Iterable[Any]) -> list[str]:
    return [item.name for item in items]


@pytest.mark.parametrize(
    "items",
    [
        catalogue.all_locations(),
        catalogue.all_role_sizes(),
        catalogue.all_os_images(),
        catalogue.all_vm_images(),
        catalogue.all_operating_system_families(),
    ],
    ids=lambda items: type(items[0]).__name__,
)
def test_names_are_unique_whatever_their_case(items: tuple[Any, ...]) -> None:
    lowered = [name.lower() for name in names(items)]
    assert len(set(lowered)) == len(lowered)
    assert all(name == name.strip() != "" for name in names(items))


class TestLocations:
    def test_the_guides_are_there(self) -> None:
        assert set(GUIDE_LOCATIONS) < set(names(catalogue.all_locations()))

    def test_images_know_the_same_regions(self) -> None:
        assert sorted(IMAGE_ORDER) == sorted(names(catalogue.all_locations()))

    def test_sizes_exist_and_suit_the_role(self) -> None:
        for location in catalogue.all_locations():
            for name in location.web_worker_role_sizes:
                size = catalogue.role_size(name)
                assert size is not None and size.name == name and size.supported_by_web_worker_roles
            for name in location.virtual_machines_role_sizes:
                size = catalogue.role_size(name)
                assert size is not None and size.name == name and size.supported_by_virtual_machines
            assert set(location.web_worker_role_sizes) <= set(location.virtual_machines_role_sizes)
            assert {"Small", "Medium", "Basic_A1"} <= set(location.virtual_machines_role_sizes)

    def test_every_size_is_somewhere(self) -> None:
        offered = {size for location in catalogue.all_locations() for size in location.virtual_machines_role_sizes}
        assert offered == set(names(catalogue.all_role_sizes()))

    def test_pairs_are_other_regions(self) -> None:
        for location in catalogue.all_locations():
            pair = catalogue.location(location.paired_with)
            assert pair is not None and pair is not location
        one_way = {
            x.name
            for x in catalogue.all_locations()
            if catalogue.location(x.paired_with).paired_with != x.name  # type: ignore[union-attr]
        }
        assert one_way == {"Brazil South", "West India"}

    def test_regions_and_sizes_come_with_time(self) -> None:
        def offered(day: date, name: str = "West US") -> set[str]:
            place = catalogue.location(name, day)
            assert place is not None
            return set(place.virtual_machines_role_sizes)

        spring, summer, later = date(2015, 3, 13), date(2015, 7, 8), date(2016, 4, 25)
        assert "Standard_G1" in offered(spring) and "Standard_DS1" not in offered(spring)
        assert offered(summer) - offered(spring) > {"Standard_DS1", "Basic_D1"}
        assert {"Standard_D1_v2", "Standard_GS1"} <= offered(later) and "Basic_D1" not in offered(later)
        assert offered(later) < offered(date(2017, 3, 17))
        assert catalogue.location("Korea South", later) is None
        # Announced, and nothing there yet.
        india = catalogue.location("West India", summer)
        assert india is not None and india.available_services == ("None",) and not offered(summer, "West India")

    def test_every_size_of_any_day_exists_but_those_only_announced(self) -> None:
        for day in (date(2015, 3, 13), date(2015, 8, 31), date(2016, 4, 25), date(2017, 6, 6)):
            for place in catalogue.all_locations(day):
                assert all(catalogue.role_size(one) for one in place.virtual_machines_role_sizes)

    def test_lookup(self) -> None:
        found = catalogue.location("west us")
        assert found is not None and found.name == "West US"
        assert catalogue.location("Atlantis") is None


class TestRoleSizes:
    def test_order_is_the_recorded_one(self) -> None:
        listed = names(catalogue.all_role_sizes())
        assert listed[:4] == ["A10", "A11", "A5", "A6"]
        assert listed.index("Standard_D1_v2") + 1 == listed.index("Standard_D11")
        assert listed.index("Standard_F16s") + 1 == listed.index("Standard_F1s")

    def test_figures_are_plausible(self) -> None:
        for size in catalogue.all_role_sizes():
            assert 1 <= size.cores <= 32
            assert size.memory_in_mb >= 768
            assert size.virtual_machine_resource_disk_size_in_mb > 0
            assert bool(size.web_worker_resource_disk_size_in_mb) == size.supported_by_web_worker_roles
            assert size.max_data_disk_count >= size.cores
            assert size.label == f"{size.name} ({size.cores} cores, {size.memory_in_mb} MB)"

    def test_lookup(self) -> None:
        found = catalogue.role_size("SMALL")
        assert found is not None and (found.name, found.cores, found.memory_in_mb) == ("Small", 1, 1792)
        assert catalogue.role_size("Gigantic") is None


class TestOperatingSystems:
    def test_june_2015(self) -> None:
        assert [len(catalogue.all_operating_systems(str(number))) for number in range(1, 5)] == [64, 56, 38, 25]
        assert len(catalogue.all_operating_systems()) == 183
        assert catalogue.all_operating_systems("9") == ()

    def test_one_default_for_each_family_and_it_is_active(self) -> None:
        for family in catalogue.all_operating_system_families():
            versions = catalogue.all_operating_systems(family.name)
            default = catalogue.default_operating_system(family.name)
            assert [os for os in versions if os.is_default] == [default]
            assert default is not None and default.is_active
            assert sum(os.is_active for os in versions) == 4
        assert catalogue.default_operating_system("9") is None

    def test_versions_are_unique_and_sorted(self) -> None:
        versions = [os.version for os in catalogue.all_operating_systems()]
        assert len(set(versions)) == len(versions)
        assert versions == sorted(versions)

    def test_lookup(self) -> None:
        found = catalogue.operating_system("wa-guest-os-2.40_201506-01")
        assert (
            found is not None and found.is_default and found.label == "Windows Azure Guest OS 2.40 (Release 201506-01)"
        )
        assert catalogue.operating_system("WA-GUEST-OS-4.0_201309-03") is not None
        assert catalogue.operating_system("WA-GUEST-OS-4.0_201309-01") is None


class TestOSImages:
    def test_the_guides_image(self) -> None:
        image = catalogue.os_image(GUIDE_IMAGE.upper())
        assert image is not None
        assert (image.name, image.os, image.category) == (GUIDE_IMAGE, "Linux", "Public")

    def test_what_the_guide_prints_is_text_everywhere(self) -> None:
        for image in catalogue.all_os_images():
            for value in (image.name, image.label, image.os, image.category, image.description, image.location):
                assert isinstance(value, str) and value.strip()
            assert image.os in ("Linux", "Windows")
            assert image.category == "Public"
            assert "\n" not in image.label + image.description

    def test_names_begin_with_their_publisher(self) -> None:
        publishers: dict[str, set[str]] = {}
        for image in catalogue.all_os_images():
            prefix, _, rest = image.name.partition("__")
            assert rest
            assert image.name == GUIDE_IMAGE or (len(prefix) == 32 and int(prefix, 16))
            publishers.setdefault(prefix, set()).add(image.publisher_name)
        changed = {prefix for prefix, who in publishers.items() if len(who) > 1}
        assert changed == {"0c0083a6d9a24f2d91800e52cad83950"}  # Microsoft took Open Technologies in (recorded).

    def test_references_exist(self) -> None:
        images: list[Any] = [*catalogue.all_os_images(), *catalogue.all_vm_images()]
        for image in images:
            assert [name for name in image.locations if catalogue.location(name) is None] == []
            assert list(image.locations) == sorted(image.locations, key=IMAGE_ORDER.index)
            size = image.recommended_vm_size
            assert size is None or catalogue.role_size(size) is not None
            assert image.published_date is None or image.published_date.utcoffset() == timedelta(0)

    def test_shape_of_the_set(self) -> None:
        images = catalogue.all_os_images()
        assert len(images) >= 120
        assert {
            *("Canonical", "OpenLogic", "SUSE", "CoreOS", "credativ", "Oracle"),
            *("Microsoft Windows Server Group", "Microsoft SQL Server Group"),
        } <= {image.publisher_name for image in images}
        assert {image.show_in_gui for image in images} == {None, False}
        shown = {image.image_family for image in images if image.show_in_gui is None}
        assert {"Ubuntu Server 14.04 LTS", "Ubuntu Server 16.04 LTS", "Windows Server 2012 R2 Datacenter"} <= shown


class TestVMImages:
    def test_filters_have_something_to_find(self) -> None:
        images = catalogue.all_vm_images()
        assert {"Cloudera", "Hortonworks", "DataStax", "Microsoft SQL Server Group"} <= {
            x.publisher_name for x in images
        }
        for place in ("West US", "Canada East"):
            here = [image for image in images if place in image.locations]
            assert 0 < len(here) < len(images)
        assert {image.os_disk.os_state for image in images} == {"Generalized", "Specialized"}

    def test_disks(self) -> None:
        for image in catalogue.all_vm_images():
            disks = [disk.name for disk in image.data_disks]
            assert [disk.lun for disk in image.data_disks] == list(range(len(disks)))
            assert len({image.os_disk.name, *disks}) == len(disks) + 1
            assert image.os_disk.os in ("Linux", "Windows")
            sizes = [image.os_disk.logical_disk_size_in_gb, *(d.logical_disk_size_in_gb for d in image.data_disks)]
            assert all(0 < size <= 1023 for size in sizes)
            assert image.created_time.tzinfo is UTC

    def test_lookup(self) -> None:
        name = "d570a118449e48fdbe814fb54b36b60e__hdp215-16d-vm-image"
        image = catalogue.vm_image(name.upper())
        assert image is not None and image.name == name and len(image.data_disks) == 16
        assert catalogue.vm_image("nothing") is None


class TestExtensions:
    def test_versions_are_unique_and_oldest_first(self) -> None:
        for newest in catalogue.all_resource_extensions():
            versions = [e.version for e in catalogue.resource_extension_versions(newest.publisher, newest.name)]
            keys = [extensions.version_key(version) for version in versions]
            assert keys == sorted(set(keys))
            assert newest.version == versions[-1]

    def test_the_well_known_ones(self) -> None:
        known = {extension.handler_name for extension in catalogue.all_resource_extensions()}
        assert {
            *("Microsoft.Compute.BGInfo", "Microsoft.Compute.VMAccessAgent", "Microsoft.Compute.CustomScriptExtension"),
            *("Microsoft.Azure.Diagnostics.IaaSDiagnostics", "Microsoft.Powershell.DSC"),
            *("Microsoft.Azure.Security.IaaSAntimalware", "Microsoft.Azure.Extensions.DockerExtension"),
            *("Chef.Bootstrap.WindowsAzure.ChefClient", "PuppetLabs.PuppetEnterpriseAgent"),
            *("Microsoft.OSTCExtensions.CustomScriptForLinux", "Microsoft.OSTCExtensions.VMAccessForLinux"),
            *("Microsoft.OSTCExtensions.OSPatchingForLinux", "Microsoft.OSTCExtensions.LinuxDiagnostic"),
        } <= known

    @pytest.mark.parametrize(
        ("reference", "version"),
        [
            (("Microsoft.Compute", "BGInfo", "1.*"), "1.1"),
            (("microsoft.compute", "bginfo", "*"), "1.1"),
            (("Microsoft.Compute", "CustomScriptExtension", "1.4"), "1.4"),
            (("Chef.Bootstrap.WindowsAzure", "ChefClient", "1210.*"), "1210.12.106.1000"),
            (("Microsoft.Azure.Extensions", "DockerExtension", "1.*"), "1.1.1606092330"),
            (("Microsoft.Azure.Extensions", "DockerExtension", "0.*"), "0.6.0.0"),
            (("Acronis.Backup", "AcronisBackup", "1.0"), "1.0.33"),
            (("Microsoft.Compute", "BGInfo", "1.10"), None),
            (("Microsoft.Compute", "BGInfo", "3.*"), None),
            (("Nobody", "BGInfo", "1.*"), None),
        ],
    )
    def test_what_a_reference_gets(self, reference: tuple[str, str, str], version: str | None) -> None:
        found = catalogue.resource_extension(*reference)
        assert (found.version if found else None) == version

    def test_a_list_shows_two_figures(self) -> None:
        found = catalogue.resource_extension("Microsoft.VisualStudio.Azure.RemoteDebug", "VS14CTPDebugger", "1.0.0.6")
        assert found is not None and found.listed_version == "1.0"


def test_importing_builds_no_tables() -> None:
    """The tables are the bulk of the package; a server that is asked for none of them should not pay for them."""
    code = (
        "import sys, asm_emulator.catalogue\n"
        "tables = ('_table', '_linux', '_windows')\n"
        "print([m for m in sys.modules if m.startswith('asm_emulator.catalogue.') and m.endswith(tables)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "emulator", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# What was recorded.  Element names per dataclass; a field that an item leaves None is not in its document.

SPECIAL = {
    "os": "OS",
    "eula": "Eula",
    "logical_size_in_gb": "LogicalSizeInGB",
    "logical_disk_size_in_gb": "LogicalDiskSizeInGB",
    "io_type": "IOType",
    "os_state": "OSState",
    "recommended_vm_size": "RecommendedVMSize",
    "vm_image_state": "VMImageState",
    "supported_os": "SupportedOS",
    "web_worker_role_sizes": "WebWorkerRoleSizes",
    "locations": "Location",
    "os_disk": "OSDiskConfiguration",
    "data_disks": "DataDiskConfigurations",
}


def element(field: str) -> str:
    return SPECIAL.get(field) or "".join(word.capitalize() for word in field.split("_"))


def union(items: Iterable[Any], *, without: Iterable[str] = ()) -> set[str]:
    return {
        element(field.name)
        for item in items
        for field in fields(item)
        if field.name not in without and getattr(item, field.name) is not None
    }


def recorded(root: str) -> Iterator[Any]:
    if not CORPUS.is_dir():
        pytest.skip("the recordings of the real service are not at hand")
    for path in sorted(CORPUS.glob("*/*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            body = row["response_body"] or ""
            if row["method"] == "GET" and row["status"] == 200 and body.startswith(f"<{root} "):
                yield from bare(etree.fromstring(body.encode()))


def bare(tree: Any) -> Any:
    for node in tree.iter():
        node.tag = etree.QName(node).localname
    return tree


def recorded_union(items: Iterable[Any]) -> set[str]:
    return {child.tag for item in items for child in item}


class TestAgainstRecordings:
    def test_locations(self) -> None:
        items = list(recorded("Locations"))
        seen = {node.tag for item in items for node in item.iter()}
        assert seen == {
            *("Location", "Name", "DisplayName", "AvailableServices", "AvailableService", "ComputeCapabilities"),
            *("WebWorkerRoleSizes", "VirtualMachinesRoleSizes", "RoleSize"),
            *("StorageCapabilities", "StorageAccountTypes", "StorageAccountType"),
        }
        ours = union(catalogue.all_locations(), without=["paired_with"])
        assert ours == {
            *("Name", "DisplayName", "AvailableServices", "WebWorkerRoleSizes", "VirtualMachinesRoleSizes"),
            "StorageAccountTypes",
        }

    def test_every_recorded_location_is_ours(self) -> None:
        for item in recorded("Locations"):
            assert catalogue.location(item.findtext("Name")) is not None

    @pytest.mark.parametrize(
        ("place", "recording"),
        [
            ("East US", "cli.vm.create_ssh@20170317"),
            ("West US", "cli.vm.create_ssh@20170317"),
            ("South Central US", "cli.vm.create_ssh@20170317"),
            ("Central US", "cli.vm.initiate-maintenance@20170606"),
        ],
    )
    def test_what_the_recorded_regions_offer(self, place: str, recording: str) -> None:
        path = CORPUS / "xplat-cli" / f"{recording}.jsonl"
        if not path.is_file():
            pytest.skip("the recordings of the real service are not at hand")
        rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
        body = next(row["response_body"] for row in rows if row["path"].endswith("/locations"))
        item = next(x for x in bare(etree.fromstring(body.encode())) if x.findtext("Name") == place)
        ours = catalogue.location(place)
        assert ours is not None
        assert ours.available_services == texts(item, "AvailableServices")
        assert ours.web_worker_role_sizes == texts(item, "ComputeCapabilities/WebWorkerRoleSizes")
        assert ours.virtual_machines_role_sizes == texts(item, "ComputeCapabilities/VirtualMachinesRoleSizes")
        assert ours.storage_account_types == texts(item, "StorageCapabilities/StorageAccountTypes")

    def test_role_sizes(self) -> None:
        items = list(recorded("RoleSizes"))
        assert recorded_union(items) == union(catalogue.all_role_sizes())
        for item in items:
            ours = catalogue.role_size(item.findtext("Name"))
            assert ours is not None
            assert texts_of(ours) == {child.tag: child.text for child in item}

    def test_operating_systems(self) -> None:
        families = list(recorded("OperatingSystemFamilies"))
        assert recorded_union(families) == {*union(catalogue.all_operating_system_families()), "OperatingSystems"}
        for family in families:
            theirs = [tuple(child.text for child in item) for item in family.find("OperatingSystems")]
            ours = [
                (os.version, base64(os.label), str(os.is_default).lower(), str(os.is_active).lower())
                for os in catalogue.all_operating_systems(family.findtext("Name"))
            ]
            assert ours == theirs
        labels = {family.name: base64(family.label) for family in catalogue.all_operating_system_families()}
        assert {item.findtext("Name"): item.findtext("Label") for item in families}.items() <= labels.items()

    def test_os_images(self) -> None:
        items = [item for item in recorded("Images") if item.findtext("Category") == "Public"]
        assert recorded_union(items) == union(catalogue.all_os_images())
        for item in items:
            ours = catalogue.os_image(item.findtext("Name"))
            assert ours is not None, item.findtext("Name")
            same = {
                child.tag: child.text or "" for child in item if child.tag not in ("Location", "Description", "IOType")
            }
            assert {tag: text for tag, text in texts_of(ours).items() if tag in same} == same
            present = {*texts_of(ours)} - {"IOType"}  # Older recordings lack it.
            assert present == {child.tag for child in item} - {"IOType"}

    def test_images_that_recordings_create_machines_from(self) -> None:
        if not CORPUS.is_dir():
            pytest.skip("the recordings of the real service are not at hand")
        used: set[str] = set()
        for path in CORPUS.glob("*/*.jsonl"):
            text = path.read_text("utf-8")
            for piece in text.split("<SourceImageName>")[1:]:
                used.add(piece.partition("<")[0])
        assert {name for name in used if "__" in name and catalogue.os_image(name) is None} == set()
        assert len(used) > 10

    def test_vm_images(self) -> None:
        items = [item for item in recorded("VMImages") if item.findtext("Category") == "Public"]
        images = catalogue.all_vm_images()
        assert recorded_union(items) == union(images)
        os_disks = [disk for item in items for disk in item.iter("OSDiskConfiguration")]
        assert recorded_union(os_disks) == union(image.os_disk for image in images)
        data_disks = [disk for item in items for disk in item.iter("DataDiskConfiguration")]
        assert recorded_union(data_disks) == union(disk for image in images for disk in image.data_disks)
        left_out = {"Location", "Description", "OSDiskConfiguration", "DataDiskConfigurations"}
        for item in items:
            ours = catalogue.vm_image(item.findtext("Name"))
            assert ours is not None
            same = {child.tag: child.text or "" for child in item if child.tag not in left_out}
            assert {tag: text for tag, text in texts_of(ours).items() if tag not in left_out} == same
            disks = [texts_of(ours.os_disk), *(texts_of(disk) for disk in ours.data_disks)]
            assert disks == [{c.tag: c.text for c in disk} for disk in item.iter(*DISKS)]

    def test_resource_extensions(self) -> None:
        items = list(recorded("ResourceExtensions"))
        assert recorded_union(items) == union(extensions.resource_extensions())
        for item in items:
            publisher, name, version = (item.findtext(tag) for tag in ("Publisher", "Name", "Version"))
            ours = catalogue.resource_extension(publisher, name, version)
            assert ours is not None, (publisher, name, version)
            assert version in (ours.version, ours.listed_version)
            # One version was recorded both with and without its empty Regions.
            present = {*texts_of(ours)} - {"Regions"}
            assert (ours.handler_name, present) == (ours.handler_name, {child.tag for child in item} - {"Regions"})
            same = ("Label", "IsJsonExtension", "Eula", "PrivacyUri", "SupportedOS", "CompanyName")
            mine = texts_of(ours)
            assert {tag: mine.get(tag) for tag in same if tag in mine} == {
                child.tag: child.text or "" for child in item if child.tag in same
            }


DISKS = ("OSDiskConfiguration", "DataDiskConfiguration")


def texts(item: Any, path: str) -> tuple[str, ...]:
    return tuple(child.text for child in item.find(path))


def texts_of(item: Any) -> dict[str, str]:
    """Element name to text, for what an item has."""
    found = {}
    for field in fields(item):
        value = getattr(item, field.name)
        if value is not None:
            found[element(field.name)] = (
                str(value).lower()
                if isinstance(value, bool)
                else value.strftime("%Y-%m-%dT%H:%M:%SZ")
                if hasattr(value, "strftime")
                else str(value)
            )
    return found


def base64(text: str) -> str:
    return b64encode(text.encode()).decode()
