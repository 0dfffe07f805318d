"""The table of platform VM images.

Names, disks, dates and links are recorded; images below the mark are assumed continuations of a publisher's series.
Descriptions are our own.
"""

from datetime import UTC, datetime

from .locations import IMAGE_ORDER
from .os_image_lines import REGIONS_2015, REGIONS_2016, REGIONS_MSDN, regions
from .vm_images import DataDisk, OSDisk, PlatformVMImage

_RECOVERY = "d4a65b493c36471ba82b42d53fbd8063"
_HORTONWORKS = "d570a118449e48fdbe814fb54b36b60e"
_CLOUDERA = "1acf693f34c74e86a50be61cb631ddfe"
_DATASTAX = "eed8e6be226e414095ba1fbf8fc3931f"
_SQL = "fb83b3509582419d99629ce476bcb5c8"

_RECOVERY_REGIONS = (
    *("East Asia", "Southeast Asia", "Australia East", "Australia Southeast", "North Europe"),
    *("West Europe", "Japan East", "Japan West", "East US", "West US"),
)
_NOT_IN_AUSTRALIA = tuple(name for name in REGIONS_2015 if not name.startswith("Australia"))
_MARCH_2015 = tuple(name for name in _NOT_IN_AUSTRALIA if not name.startswith("Japan") and name != "Brazil South")


def _os_disk(name: str, os: str, size: int, *, state: str = "Generalized", io_type: str = "Standard") -> OSDisk:
    return OSDisk(
        name=name, host_caching="ReadWrite", os_state=state, os=os, logical_disk_size_in_gb=size, io_type=io_type
    )


def _data_disks(
    pattern: str, count: int = 1, size: int = 1023, *, caching: str = "None", io_type: str = "Standard"
) -> tuple[DataDisk, ...]:
    """`{lun}` counts as expected; `{number}` runs from 1 in the order of text (1, 10, 11, ..., 2), as recorded."""
    numbers = sorted(range(1, count + 1), key=str)
    return tuple(
        DataDisk(
            name=pattern.format(lun=lun, number=number),
            host_caching=caching,
            lun=lun,
            logical_disk_size_in_gb=size,
            io_type=io_type,
        )
        for lun, number in enumerate(numbers)
    )


def _recovery(
    tail: str,
    built: str,
    label: str,
    description: str | None,
    published: datetime | None,
    *,
    locations: tuple[str, ...] = _RECOVERY_REGIONS,
    vm_size: str = "Large",
    data_disk_size: int = 0,
) -> PlatformVMImage:
    announced = published is not None
    return PlatformVMImage(
        name=f"{_RECOVERY}__{tail}",
        label=label,
        description=description,
        os_disk=_os_disk(f"{tail}-os-{built}", "Windows", 128),
        data_disks=_data_disks(f"{tail}-datadisk-{{lun}}-{built}", size=data_disk_size) if data_disk_size else (),
        locations=locations,
        publisher_name="Microsoft Azure Site Recovery group",
        published_date=published,
        image_family=" ".join(label.split()) if announced else None,
        recommended_vm_size=vm_size if announced else None,
        eula="http://go.microsoft.com/fwlink/?LinkId=525741",
        privacy_uri="http://go.microsoft.com/fwlink/?LinkId=512132" if announced else None,
        show_in_gui=False if announced else None,
    )


def _hortonworks(
    tail: str, label: str, os_disk: OSDisk, locations: tuple[str, ...], *, described: bool = True
) -> PlatformVMImage:
    return PlatformVMImage(
        name=f"{_HORTONWORKS}__{tail}",
        label=label,
        description=label if described else None,
        os_disk=os_disk,
        locations=locations,
        publisher_name="Hortonworks",
    )


def _data_warehouse(
    tail: str, disks: str, sql: str, windows: str, icon: str, published: datetime, locations: tuple[str, ...]
) -> PlatformVMImage:
    label = f"{sql} Enterprise Optimized for DataWarehousing Workloads on {windows}"
    return PlatformVMImage(
        name=f"{_SQL}__{tail}",
        label=label,
        description=f"{sql} on {windows} with fifteen data disks pooled in storage spaces, for data warehouses.",
        os_disk=_os_disk(f"{disks}-1", "Windows", 127, io_type="Standard_LRS"),
        data_disks=_data_disks(f"{disks}.IaaSVmImageDisk{{number}}-1", 15, io_type="Standard_LRS"),
        locations=locations,
        publisher_name="Microsoft SQL Server Group",
        is_premium=True,
        language="English",
        image_family=label,
        recommended_vm_size="A7",
        eula="http://go.microsoft.com/fwlink/?LinkID=285687",
        icon_uri=f"{icon}_100.png",
        small_icon_uri=f"{icon}_45.png",
        privacy_uri="http://www.microsoft.com/en-us/download/details.aspx?id=29067",
        published_date=published,
        show_in_gui=True,
        pricing_detail_link="http://go.microsoft.com/fwlink/?LinkId=271259",
    )


def _cassandra(tail: str, built: str, published: datetime, locations: tuple[str, ...]) -> PlatformVMImage:
    return PlatformVMImage(
        name=f"{_DATASTAX}__{tail}",
        label="DataStax Enterprise 4.5.1 Data Node",
        description="A node of a DataStax Enterprise cluster: Apache Cassandra with search, analytics and management.",
        os_disk=_os_disk(f"{tail}-os-{built}", "Linux", 30),
        data_disks=_data_disks(f"{tail}-datadisk-{{lun}}-{built}", 4, caching="ReadOnly"),
        locations=locations,
        publisher_name="DataStax",
        image_family="DataStax Enterprise",
        recommended_vm_size="A7",
        eula="http://www.datastax.com/developer-license-terms",
        privacy_uri="http://www.datastax.com/privacy",
        published_date=published,
    )


_CONFIGURATION = "Manages disaster recovery of physical servers and VMware machines to Azure from one place."
_MASTER_TARGET = "Receives and retains what protected Windows machines replicate to Azure."
_PROCESS = "Caches, compresses and encrypts replication traffic when machines fail back from Azure to VMware."

IMAGES: tuple[PlatformVMImage, ...] = (
    PlatformVMImage(
        name=f"{_CLOUDERA}__ClouderaGolden-202406-699696",
        label="CDH 5.1 Evaluation",
        description="Cloudera's CDH 5.1 with MapReduce, HDFS and Hive on one machine, for evaluation.",
        os_disk=_os_disk(
            "ClouderaGolden-202406-699696-os-2014-10-06", "Linux", 30, state="Specialized", io_type="Standard_LRS"
        ),
        locations=REGIONS_2015,
        publisher_name="Cloudera",
        image_family="CDH 5.1 Evaluation",
        recommended_vm_size="Standard_D14",
        eula="http://www.gnu.org/copyleft/gpl.html",
        privacy_uri="http://www.cloudera.com/content/cloudera/en/privacy-policy.html",
        published_date=datetime(2014, 10, 27, 4, tzinfo=UTC),
    ),
    _recovery(
        "Microsoft-Azure-Site-Recovery-Configuration-Server-201503.08",
        "2015-03-24",
        "Microsoft Azure Site Recovery Configuration Server",
        _CONFIGURATION,
        datetime(2015, 3, 20, 4, 30, tzinfo=UTC),
    ),
    _recovery(
        "Microsoft-Azure-Site-Recovery-Master-Target-Server-201503.08",
        "2015-03-24",
        "Microsoft Azure Site Recovery Master Target Server",
        _MASTER_TARGET,
        datetime(2015, 3, 20, 4, 30, tzinfo=UTC),
        vm_size="ExtraLarge",
        data_disk_size=1023,
    ),
    _recovery(
        "Microsoft-Azure-Site-Recovery-Config-Server-Non-VPN-201507.06",
        "2015-07-28",
        "Microsoft Azure Site Recovery Configuration Server  Non-VPN",  # Two blanks, as recorded.
        _CONFIGURATION,
        datetime(2015, 7, 28, 9, 30, tzinfo=UTC),
        locations=tuple(name for name in REGIONS_2016 if name != "West India"),
    ),
    _recovery(
        "Microsoft-Azure-Site-Recovery-Process-Server-V2-201603.02",
        "2017-05-22-30C6CCF8",
        "Microsoft Azure Site Recovery Process Server V2",
        _PROCESS,
        datetime(2017, 5, 22, 15, 10, tzinfo=UTC),
        locations=REGIONS_MSDN,
        data_disk_size=601,
    ),
    _recovery(
        "Microsoft-Azure-Site-Recovery-Process-Server-V2-201608.04",
        "2017-05-16-77364389",
        "Microsoft Azure Site Recovery Process Server V2",
        None,
        None,
        locations=REGIONS_MSDN,
        data_disk_size=601,
    ),
    PlatformVMImage(
        name=f"{_HORTONWORKS}__hdp215-16d-vm-image",
        label="HDP 2.1.5 with 16 data disks",
        description="HDP 2.1.5 with 16 data disks",
        os_disk=_os_disk("hdp215-16d-image-os-2014-10-16", "Linux", 30),
        data_disks=_data_disks("hdp215-16d-image-datadisk-{lun}-2014-10-16", 16),
        locations=REGIONS_2015,
        publisher_name="Hortonworks",
        show_in_gui=False,
    ),
    _hortonworks(
        "hwx_sandbox_hdp_2.2",
        "Hortonworks Sandbox with HDP 2.2",
        _os_disk("hw_sandbox_hdp_2.2", "Linux", 49),
        _MARCH_2015,
    ),
    _hortonworks(
        "hwx_sandbox_2.2.4.2",
        "Hortonworks Sandbox with HDP 2.2.4-2",
        _os_disk("hwx_sandbox_hdp_2.2.4.2", "Linux", 49),
        _NOT_IN_AUSTRALIA,
    ),
    _hortonworks(
        "hwx232v6",
        "hwx232v6",
        _os_disk("hwx232v6-os-2015-11-17", "Linux", 49),
        _NOT_IN_AUSTRALIA,
        described=False,
    ),
    _cassandra("dse-node-20141010", "2014-10-22", datetime(2014, 10, 27, 5, tzinfo=UTC), _MARCH_2015),
    _data_warehouse(
        "SQL-Server-2012-SP2-11.0.5537.0-DW-ENU-Win2012-cy14su09",
        "SQL2012SP2DWENUWin2012",
        "SQL Server 2012 SP2",
        "Windows Server 2012",
        "SqlServer2012",
        datetime(2014, 9, 11, 7, tzinfo=UTC),
        _MARCH_2015,
    ),
    # Assumed from here on.
    _data_warehouse(
        "SQL-Server-2014-RTM-12.0.2048.0-DW-ENU-Win2012R2-cy15su04",
        "SQL2014RTMDWENUWin2012R2",
        "SQL Server 2014 RTM",
        "Windows Server 2012 R2",
        "SqlServer2014",
        datetime(2015, 4, 20, 7, tzinfo=UTC),
        REGIONS_2015,
    ),
    _recovery(
        "Microsoft-Azure-Site-Recovery-Process-Server-201503.08",
        "2015-03-24",
        "Microsoft Azure Site Recovery Process Server",
        _PROCESS,
        datetime(2015, 3, 20, 4, 30, tzinfo=UTC),
    ),
    PlatformVMImage(
        name=f"{_CLOUDERA}__ClouderaGolden-540-centos66",
        label="CDH 5.4 Evaluation",
        description="Cloudera's CDH 5.4 with MapReduce, HDFS and Hive on one machine, for evaluation.",
        os_disk=_os_disk("ClouderaGolden-540-centos66-os-2015-06-10", "Linux", 30),
        data_disks=_data_disks("ClouderaGolden-540-centos66-datadisk-{lun}-2015-06-10", 2),
        locations=regions("Korea Central", "Korea South"),
        publisher_name="Cloudera",
        image_family="CDH 5.4 Evaluation",
        recommended_vm_size="Standard_D14",
        eula="http://www.gnu.org/copyleft/gpl.html",
        privacy_uri="http://www.cloudera.com/content/cloudera/en/privacy-policy.html",
        published_date=datetime(2015, 6, 10, 4, tzinfo=UTC),
    ),
    _hortonworks(
        "hwx_sandbox_2.4",
        "Hortonworks Sandbox with HDP 2.4",
        _os_disk("hwx_sandbox_hdp_2.4", "Linux", 49),
        IMAGE_ORDER,
    ),
)
