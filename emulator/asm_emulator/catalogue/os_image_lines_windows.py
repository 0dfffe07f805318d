"""Windows lines of `os_image_lines`."""

from .os_image_lines import REGIONS_2013, REGIONS_2015, REGIONS_2016, REGIONS_MSDN, ImageLine, regions

_SERVER = "a699494373c04fc0bc8f2bb1389d6106"
_SQL = "fb83b3509582419d99629ce476bcb5c8"
_VISUAL_STUDIO = "03f55de797f546a1b29d1b8d66be687a"
_JDK = "0c0083a6d9a24f2d91800e52cad83950"
_SHAREPOINT = "c6e0f177abd8496e934234bd27f46c5d"


def _server(family: str, icon: str, description: str, rows: str) -> ImageLine:
    return ImageLine(
        prefix=_SERVER,
        publisher="Microsoft Windows Server Group",
        os="Windows",
        family=family,
        description=description,
        rows=rows,
        size=127,
        icon=f"{icon}_100.png",
        small_icon=f"{icon}_45.png",
        vm_size="Medium",
    )


def _sql(family: str, icon: str, description: str, rows: str) -> ImageLine:
    return ImageLine(
        prefix=_SQL,
        publisher="Microsoft SQL Server Group",
        os="Windows",
        family=family,
        description=description,
        rows=rows,
        size=127,
        eula="http://go.microsoft.com/fwlink/?LinkID=285687",
        privacy="http://www.microsoft.com/en-us/download/details.aspx?id=29067",
        icon=f"{icon}_100.png",
        small_icon=f"{icon}_45.png",
        vm_size="Large",
        pricing="http://go.microsoft.com/fwlink/?LinkId=271259",
        premium=True,
    )


def _visual_studio(family: str, description: str, rows: str, eula: str, privacy: str, **more: str | None) -> ImageLine:
    return ImageLine(
        prefix=_VISUAL_STUDIO,
        publisher="Microsoft Visual Studio Group",
        os="Windows",
        family=family,
        description=description,
        rows=rows,
        size=128,
        eula=eula,
        privacy=privacy,
        icon=more.get("icon", "VisualStudio2013_100.png"),
        small_icon=more.get("small_icon", "VisualStudio2013_45.png"),
        vm_size=more.get("vm_size", "Standard_D2"),
    )


_SERVERS = (
    _server(
        "Windows Server 2008 R2 SP1",
        "WindowsServer2008R2",
        "Windows Server 2008 R2 SP1 Datacenter, 64 bit, patched to the month of its label.",
        """
        Win2K8R2SP1-Datacenter-201310.01-en.us-127GB.vhd|2013-10-15|, October 2013|hidden
        Win2K8R2SP1-Datacenter-201403.01-en.us-127GB.vhd|2014-03-17|, March 2014|hidden
        Win2K8R2SP1-Datacenter-201404.01-en.us-127GB.vhd|2014-04-17|, April 2014|hidden
        Win2K8R2SP1-Datacenter-201504.01-en.us-127GB.vhd|2015-04-16|, April 2015|hidden
        Win2K8R2SP1-Datacenter-201505.01-en.us-127GB.vhd|2015-05-14|, May 2015
        Win2K8R2SP1-Datacenter-201506.01-en.us-127GB.vhd|2015-06-18|, June 2015
        Win2K8R2SP1-Datacenter-20170406-en.us-127GB.vhd|2017-04-06|, April 2017
        """,
    ),
    _server(
        "Windows Server 2012 Datacenter",
        "WindowsServer2012",
        "Windows Server 2012 Datacenter, 64 bit, patched to the month of its label.",
        """
        Windows-Server-2012-Datacenter-201306.01-en.us-127GB.vhd|2013-06-18|, June 2013|hidden
        Windows-Server-2012-Datacenter-201408.01-en.us-127GB.vhd|2014-08-19|, August 2014|hidden
        Windows-Server-2012-Datacenter-201410.01-en.us-127GB.vhd|2014-10-22|, October 2014|hidden
        Windows-Server-2012-Datacenter-201411.01-en.us-127GB.vhd|2014-11-20|, November 2014|hidden
        Windows-Server-2012-Datacenter-201502.01-en.us-127GB.vhd|2015-02-18|, February 2015|hidden
        Windows-Server-2012-Datacenter-201505.01-en.us-127GB.vhd|2015-05-14|, May 2015
        Windows-Server-2012-Datacenter-20151120-en.us-127GB.vhd|2015-11-20|, November 2015
        Windows-Server-2012-Datacenter-20170406-en.us-127GB.vhd|2017-04-06|, April 2017
        """,
    ),
    _server(
        "Windows Server 2012 R2 Datacenter",
        "WindowsServer2012R2",
        "Windows Server 2012 R2 Datacenter, 64 bit, patched to the month of its label.",
        """
        Windows-Server-2012-R2-201404.01-en.us-127GB.vhd|2014-04-17|, April 2014|hidden
        Windows-Server-2012-R2-201408.01-en.us-127GB.vhd|2014-08-19|, August 2014|hidden
        Windows-Server-2012-R2-201409.01-en.us-127GB.vhd|2014-09-18|, September 2014|hidden
        Windows-Server-2012-R2-201410.01-en.us-127GB.vhd|2014-10-22|, October 2014|hidden
        Windows-Server-2012-R2-201502.01-en.us-127GB.vhd|2015-02-18|, February 2015|hidden
        Windows-Server-2012-R2-201503.01-en.us-127GB.vhd|2015-03-19|, March 2015|hidden
        Windows-Server-2012-R2-201504.01-en.us-127GB.vhd|2015-04-16|, April 2015|hidden
        Windows-Server-2012-R2-201505.01-en.us-127GB.vhd|2015-05-14|, May 2015|hidden
        Windows-Server-2012-R2-201506.01-en.us-127GB.vhd|2015-06-18|, June 2015|hidden
        Windows-Server-2012-R2-20150916-en.us-127GB.vhd|2015-09-16|, September 2015|hidden
        Windows-Server-2012-R2-20151022-en.us-127GB.vhd|2015-10-22|, October 2015
        Windows-Server-2012-R2-20160617-en.us-127GB.vhd|2016-06-17|, June 2016
        Windows-Server-2012-R2-20170406-en.us-127GB.vhd|2017-04-06|, April 2017
        """,
    ),
    _server(
        "Windows Server 2016 Datacenter",
        "WindowsServer2016",
        "Windows Server 2016 Datacenter, 64 bit, with the desktop, patched to the month of its label.",
        """
        Windows-Server-2016-Datacenter-20161025-en.us-127GB.vhd|2016-10-25|, October 2016
        Windows-Server-2016-Datacenter-20170406-en.us-127GB.vhd|2017-04-06|, April 2017
        """,
    ),
    _server(
        "Windows Server Technical Preview",
        "WindowsServer2012R2",
        "A preview of the version of Windows Server to come, for evaluation only.",
        """
        Windows-Server-Technical-Preview-201410.01-en.us-127GB.vhd|2014-10-01|Windows Server Technical Preview|hidden
        Windows-Server-Technical-Preview-201505.01-en.us-127GB.vhd|2015-05-04|Windows Server Technical Preview 2
        """,
    ),
    _server(
        "Windows Server Remote Desktop Session Host on Windows Server 2012 R2",
        "WindowsServer2012R2",
        "Windows Server 2012 R2 with the session host role, from which RemoteApp templates are made.",
        "Windows-Server-RDSHost-2012-R2-201505.01-en.us-127GB.vhd|2015-05-14||hidden",
    ),
)

_SQL_SERVERS = (
    _sql(
        "SQL Server 2012 SP2 Enterprise on Windows Server 2012",
        "SqlServer2012",
        "SQL Server 2012 SP2, Enterprise Edition, on Windows Server 2012; the licence is part of the price.",
        """
        SQL-Server-2012-SP2-11.0.5569.0-Ent-ENU-Win2012-cy15su02|2015-02-18||hidden
        SQL-Server-2012-SP2-11.0.5569.0-Ent-ENU-Win2012-cy15su04|2015-04-20|
        """,
    ),
    _sql(
        "SQL Server 2012 SP2 Standard on Windows Server 2012",
        "SqlServer2012",
        "SQL Server 2012 SP2, Standard Edition, on Windows Server 2012; the licence is part of the price.",
        "SQL-Server-2012-SP2-11.0.5569.0-Std-ENU-Win2012-cy15su04|2015-04-20|",
    ),
    _sql(
        "SQL Server 2014 RTM Standard on Windows Server 2012 R2",
        "SqlServer2014",
        "SQL Server 2014, Standard Edition, on Windows Server 2012 R2; the licence is part of the price.",
        """
        SQL-Server-2014RTM-12.0.2000.8-Standard-ENU-WS2012R2-AprilGA|2014-04-17||hidden
        SQL-Server-2014-RTM-12.0.2430.0-Std-ENU-Win2012R2-cy14su11|2014-11-20||hidden
        SQL-Server-2014-RTM-12.0.2048.0-Std-ENU-Win2012R2-cy15su04|2015-04-20|
        """,
    ),
    _sql(
        "SQL Server 2014 RTM Enterprise on Windows Server 2012 R2",
        "SqlServer2014",
        "SQL Server 2014, Enterprise Edition, on Windows Server 2012 R2; the licence is part of the price.",
        "SQL-Server-2014-RTM-12.0.2048.0-Ent-ENU-Win2012R2-cy15su04|2015-04-20|",
    ),
    _sql(
        "SQL Server 2014 RTM Web on Windows Server 2012 R2",
        "SqlServer2014",
        "SQL Server 2014, Web Edition, on Windows Server 2012 R2; the licence is part of the price.",
        "SQL-Server-2014-RTM-12.0.2048.0-Web-ENU-Win2012R2-cy15su04|2015-04-20|",
    ),
    _sql(
        "SQL Server 2014 SP1 Enterprise on Windows Server 2012 R2",
        "SqlServer2014",
        "SQL Server 2014 SP1, Enterprise Edition, on Windows Server 2012 R2; the licence is part of the price.",
        "SQL-Server-20140SP1-12.0.4100.1-Ent-ENU-Win2012R2-cy15su05|2015-05-22|",
    ),
)

_DEVELOPMENT = (
    _visual_studio(
        "Team Foundation Server 2013 Update 4 on Windows Server 2012 R2",
        "A trial of Team Foundation Server 2013 on Windows Server 2012 R2; a product key continues it.",
        "Team-Foundation-Server-2013-Update4-WS2012R2|2014-11-12T08:00|",
        "http://www.microsoft.com/en-us/download/details.aspx?id=13350",
        "http://go.microsoft.com/fwlink/?LinkID=286720",
        vm_size="Medium",
    )._replace(locations=REGIONS_2015),
    _visual_studio(
        "Visual Studio Community 2013 Update 5 with Azure Tools 2.9 on Windows Server 2012 R2",
        "Visual Studio Community 2013 Update 5 and the Azure tools 2.9 on Windows Server 2012 R2.",
        "VS-2013-Comm-VSU5-AzureSDK-29-WS2012R2-2017-03-08|2017-03-08T08:00|",
        "https://www.visualstudio.com/license-terms/dn877550",
        "http://go.microsoft.com/fwlink/?LinkID=286720",
    ),
    _visual_studio(
        "Visual Studio Community 2013 Update 5 with Azure Tools 2.9 on Windows Server 2012 R2",
        "Visual Studio Community 2013 Update 5 and the Azure tools 2.9 on Windows Server 2012 R2.",
        "VS-2013-Comm-VSU5-AzureSDK-295-WS2012R22016-10-13|2016-10-13T07:00|",
        "http://go.microsoft.com/fwlink/?LinkId=430755",
        "https://visualstudio.com/en-us/mt675230",
    )._replace(locations=REGIONS_2016),
    _visual_studio(
        "Visual Studio Community 2015 Update 3 with Azure SDK 2.9 on Windows Server 2012 R2",
        "Visual Studio Community 2015 Update 3 and the Azure SDK 2.9 on Windows Server 2012 R2.",
        "VS-2015-Comm-VSU3-AzureSDK-29-WS2012R2-2017-05-17|2017-05-17T07:00|",
        "http://go.microsoft.com/fwlink/?LinkID=614946",
        "https://go.microsoft.com/fwlink/?LinkID=824704",
    ),
    _visual_studio(
        "Visual Studio Premium 2013 Update 5 on Windows Server 2012",
        "Visual Studio Premium 2013 Update 5 on a developer's desktop, for MSDN subscribers only.",
        "VS-2013-Prem-VSU5-AzureSDK-2.8-WS2012R2-2|2016-01-29T08:00|",
        "http://msdn.microsoft.com/subscriptions/eula",
        "http://go.microsoft.com/fwlink/?LinkID=286720",
        icon=None,
        small_icon=None,
    )._replace(locations=REGIONS_MSDN),
    _visual_studio(
        "Windows 10 Enterprise N (x64)",
        "Windows 10 Enterprise N, 64 bit, to develop and test on, for MSDN subscribers only.",
        "Windows-10-N-x642016-03-26|2016-03-26T07:00|",
        "http://go.microsoft.com/fwlink/?LinkID=529064",
        "http://go.microsoft.com/fwlink/?LinkID=521839",
        icon="Windows8_100.png",
        small_icon="Windows8_45.png",
        vm_size=None,
    )._replace(size=127, locations=REGIONS_MSDN),
    _visual_studio(
        "Windows 8.1 Enterprise N (x64)",
        "Windows 8.1 Enterprise N, 64 bit, to develop and test on, for MSDN subscribers only.",
        "Windows-8.1-Enterprise-N-x64-en.us-201507.20|2015-07-20T07:00|",
        "http://go.microsoft.com/fwlink/?LinkID=529064",
        "http://go.microsoft.com/fwlink/?LinkID=521839",
        icon="Windows8_100.png",
        small_icon="Windows8_45.png",
        vm_size=None,
    )._replace(size=127, locations=REGIONS_MSDN),
)


def _jdk(rows: str, update: int, publisher: str, vm_size: str, locations: tuple[str, ...]) -> ImageLine:
    return ImageLine(
        prefix=_JDK,
        publisher=publisher,
        os="Windows",
        family="JDK 6 on Windows Server 2012",
        description=f"The Java SE 6 development kit, update {update}, on Windows Server 2012.",
        rows=rows,
        size=128,
        locations=locations,
        eula="http://go.microsoft.com/fwlink/?LinkId=321312",
        privacy="http://go.microsoft.com/fwlink/?LinkId=321694",
        icon="Java6_100.png",
        small_icon="Java6_45.png",
        vm_size=vm_size,
        pricing="http://go.microsoft.com/fwlink/?LinkId=386544",
        premium=True,
    )


def _sharepoint(rows: str) -> ImageLine:
    return ImageLine(
        prefix=_SHAREPOINT,
        publisher="Microsoft SharePoint Group",
        os="Windows",
        family="SharePoint Server 2013 Trial",
        description="A trial of SharePoint Server 2013 on Windows Server 2012; the farm is still to be configured.",
        rows=rows,
        size=127,
        eula="http://go.microsoft.com/fwlink/?LinkId=292117",
        privacy="http://go.microsoft.com/fwlink/?LinkId=282418",
        icon="Sharepoint2013_100.png",
        small_icon="Sharepoint2013_45.png",
        vm_size="Large",
    )


_OPEN_TECHNOLOGIES = "Microsoft Open Technologies, Inc."
_APPLICATIONS = (
    _jdk("JDK-1.6.0_71-0514-Win-GA|2014-05-01T07:00|", 71, _OPEN_TECHNOLOGIES, "Small", REGIONS_2013),
    _jdk("JDK-1.6.0_91-150115-Win-GA|2015-01-15|", 91, _OPEN_TECHNOLOGIES, "Small", REGIONS_2015),
    _jdk("JDK-1.6.0_95-20150507-Win-GA|2015-05-07|", 95, "Microsoft", "Medium", REGIONS_2015),
    _jdk("JDK-1.6.0_101-20150810-Win-GA|2015-08-10|", 101, "Microsoft", "Medium", REGIONS_2015),
    _jdk("JDK-1.6.0_101-20160315-Win-GA|2016-03-15|", 101, "Microsoft", "Medium", REGIONS_2016),
    _sharepoint(
        """
        SharePoint-2013-Trial-4-13-2013|2013-04-13||hidden
        SharePoint-2013-Trial-7-14-2014|2014-07-14||hidden
        SharePoint-2013-Trial-1-20-2015|2015-01-20|
        """
    ),
    ImageLine(
        prefix="2cdc6229df6344129ee553dd3499f0d3",
        publisher="Microsoft BizTalk Server Group",
        os="Windows",
        family=None,
        description="BizTalk Server 2013 Enterprise on Windows Server 2012; accelerators are set up separately.",
        rows="BizTalk-Server-2013-Enterprise||BizTalk Server 2013 Enterprise on Windows Server 2012",
        size=127,
        locations=REGIONS_2013,
        eula="http://go.microsoft.com/fwlink/?LinkID=296354;http://go.microsoft.com/fwlink/?LinkID=131004",
        privacy="http://go.microsoft.com/fwlink/?LinkID=131004",
        icon="BizTalkServer2013_100.png",
        small_icon="BizTalkServer2013_45.png",
        vm_size="Medium",
        pricing="http://go.microsoft.com/fwlink/?LinkID=280328",
        premium=True,
    ),
    ImageLine(
        prefix="3a50f22b388a4ff7ab41029918570fa6",
        publisher="Microsoft Windows Server Essentials Group",
        os="Windows",
        family="Windows Server Essentials Experience on Windows Server 2012 R2",
        description="Windows Server 2012 R2 Datacenter with the Essentials Experience role, for small businesses.",
        rows="Windows-Server-2012-Essentials-20131018-enus|2013-10-18|",
        size=127,
        locations=REGIONS_2013,
        icon="WindowsServer2012R2_100.png",
        small_icon="WindowsServer2012R2_45.png",
        vm_size="Medium",
    ),
    ImageLine(
        prefix="bd507d3a70934695bc2128e3e5a255ba",
        publisher="RightScale with Windows",
        os="Windows",
        family="RightScale Windows v14",
        description="Windows Server 2012 with IIS 8 and the RightLink agent, for servers managed from RightScale.",
        rows="RightImage-Windows-2012-x64-iis8-v14.2|2014-10-27|RightImage Windows 2012 x64 iis8 v14.2|hidden",
        size=128,
        locations=REGIONS_2015,
        privacy="http://www.rightscale.com/privacy_policy.php",
    ),
    ImageLine(
        prefix="9b7cfe55da0349d5a8316a8cc4741f87",
        publisher="Microsoft Hybrid Cloud Storage Group",
        os="Windows",
        family="Microsoft Azure StorSimple Virtual Appliance",
        description="A StorSimple virtual device of model 1100, which keeps its volumes in cloud storage.",
        rows="StorSimple-VirtualAppliance-1100-20141209|2014-12-09||hidden",
        size=127,
        locations=regions("West India", "Korea Central", "Korea South"),
        eula="http://go.microsoft.com/fwlink/?LinkId=404267",
        privacy="http://go.microsoft.com/fwlink/?LinkId=404268",
        vm_size="Large",
    ),
)

LINES: tuple[ImageLine, ...] = _SERVERS + _SQL_SERVERS + _DEVELOPMENT + _APPLICATIONS
