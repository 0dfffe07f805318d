"""Linux lines of `os_image_lines`."""

from .os_image_lines import REGIONS_2012, REGIONS_2013, REGIONS_2015, REGIONS_2016, ImageLine

_CANONICAL = "b39f27a8b8c64d52b05eac6a62ebad85"
_CANONICAL_EULA = "http://www.ubuntu.com/project/about-ubuntu/licensing"
_CANONICAL_PRIVACY = "http://www.ubuntu.com/aboutus/privacypolicy"
_OPENLOGIC = "5112500ae3b842c8b9c604889f8753c3"
_OPENLOGIC_EULA = "http://www.openlogic.com/azure/service-agreement/"
_SUSE = "b4590d9e3ed742e4a1d46e5424aa335e"
_COREOS = "2b171e93f07c4903bcad35bda10acf22"
_CREDATIV = "6a83c2d016534a7a917bcd21b6e1c0c9"
_ORACLE = "c290a6b031d841e09f2da759bbabe71f"
_BITNAMI = "3422a428aaf14529884165693cbb90d3"
_VISUAL_STUDIO = "03f55de797f546a1b29d1b8d66be687a"


def _ubuntu(family: str, description: str, rows: str, vm_size: str = "Small") -> ImageLine:
    return ImageLine(
        prefix=_CANONICAL,
        publisher="Canonical",
        os="Linux",
        family=family,
        description=description,
        rows=rows,
        eula=_CANONICAL_EULA,
        privacy=_CANONICAL_PRIVACY,
        icon="Ubuntu-cof-100.png",
        small_icon="Ubuntu-cof-45.png",
        vm_size=vm_size,
    )


def _coreos(channel: str, rows: str) -> ImageLine:
    return ImageLine(
        prefix=_COREOS,
        publisher="CoreOS",
        os="Linux",
        family=f"CoreOS {channel}",
        description=f"CoreOS from the {channel.lower()} channel: updates itself and runs applications in containers.",
        rows=rows,
        eula="https://coreos.com/legal/terms",
        privacy="https://coreos.com/legal/privacy",
        icon="coreos-globe-color-lg-100px.png",
        small_icon="coreos-globe-color-lg-45px.png",
        vm_size="Small",
    )


def _suse(family: str, description: str, rows: str, *, premium: bool = True, vm_size: str = "Small") -> ImageLine:
    return ImageLine(
        prefix=_SUSE,
        publisher="SUSE",
        os="Linux",
        family=family,
        description=description,
        rows=rows,
        eula="http://www.novell.com/licensing/eula/",
        privacy="http://www.novell.com/company/legal/privacy/",
        icon="OpenSuse12_100.png",
        small_icon="OpenSuse12_45.png",
        vm_size=vm_size,
        pricing="http://go.microsoft.com/fwlink/?LinkID=403131" if premium else None,
        premium=premium,
    )


LINES: tuple[ImageLine, ...] = (
    _ubuntu(
        "Ubuntu Server 12.04 LTS",
        "Ubuntu Server 12.04 (Precise Pangolin), 64 bit, with long-term support from Canonical.",
        """
        Ubuntu-12_04_5-LTS-amd64-server-20150204-en-us-30GB|2015-02-04|Ubuntu Server 12.04.5 LTS|hidden
        Ubuntu-12_04_5_LTS-amd64-server-20150413-en-us-30GB|2015-04-13|Ubuntu Server 12.04.5 LTS|hidden
        Ubuntu-12_04_5-LTS-amd64-server-20150615-en-us-30GB|2015-06-15|Ubuntu Server 12.04.5 LTS|hidden
        Ubuntu-12_04_5-LTS-amd64-server-20150730.1-en-us-30GB|2015-07-30|Ubuntu Server 12.04.5 LTS|hidden
        Ubuntu-12_04_5-LTS-amd64-server-20170221-en-us-30GB|2017-02-21|Ubuntu Server 12.04.5 LTS
        Ubuntu-12_04_5-LTS-amd64-server-20170417-en-us-30GB|2017-04-17|Ubuntu Server 12.04.5 LTS
        """,
    ),
    _ubuntu(
        "Ubuntu Server 14.04 LTS",
        "Ubuntu Server 14.04 (Trusty Tahr), 64 bit, with long-term support from Canonical.",
        """
        Ubuntu-14_04-LTS-amd64-server-20140414-en-us-30GB|2014-04-14|Ubuntu Server 14.04 LTS|hidden
        Ubuntu-14_04-LTS-amd64-server-20140724-en-us-30GB|2014-07-24|Ubuntu Server 14.04 LTS|hidden
        Ubuntu-14_04_1-LTS-amd64-server-20140927-en-us-30GB|2014-09-27|Ubuntu Server 14.04.1 LTS|hidden
        Ubuntu-14_04_2_LTS-amd64-server-20150309-en-us-30GB|2015-03-09|Ubuntu Server 14.04.2 LTS|hidden
        Ubuntu-14_04_2-LTS-amd64-server-20150506-en-us-30GB|2015-05-06|Ubuntu Server 14.04.2 LTS|hidden
        Ubuntu-14_04_3-LTS-amd64-server-20150805-en-us-30GB|2015-08-05|Ubuntu Server 14.04.3 LTS|hidden
        Ubuntu-14_04_3-LTS-amd64-server-20151020-en-us-30GB|2015-10-20|Ubuntu Server 14.04.3 LTS|hidden
        Ubuntu-14_04_4-LTS-amd64-server-20160516-en-us-30GB|2016-05-16|Ubuntu Server 14.04.4 LTS|hidden
        Ubuntu-14_04_5-LTS-amd64-server-20160919-en-us-30GB|2016-09-19|Ubuntu Server 14.04.5 LTS|hidden
        Ubuntu-14_04_5-LTS-amd64-server-20161213-en-us-30GB|2016-12-13|Ubuntu Server 14.04.5 LTS
        Ubuntu-14_04_5-LTS-amd64-server-20170405-en-us-30GB|2017-04-05|Ubuntu Server 14.04.5 LTS
        """,
    ),
    _ubuntu(
        "Ubuntu Server 15.04",
        "Ubuntu Server 15.04 (Vivid Vervet), 64 bit, a release with nine months of support.",
        """
        Ubuntu-15_04-amd64-server-20150422-en-us-30GB|2015-04-22||hidden
        Ubuntu-15_04-amd64-server-20150616.1-en-us-30GB|2015-06-16|
        """,
    ),
    _ubuntu(
        "Ubuntu Server 16.04 LTS",
        "Ubuntu Server 16.04 (Xenial Xerus), 64 bit, with long-term support from Canonical.",
        """
        Ubuntu-16_04-LTS-amd64-server-20160516.1-en-us-30GB|2016-05-16|Ubuntu Server 16.04 LTS|hidden
        Ubuntu-16_04-LTS-amd64-server-20160922-en-us-30GB|2016-09-22|Ubuntu Server 16.04 LTS|hidden
        Ubuntu-16_04-LTS-amd64-server-20161221-en-us-30GB|2016-12-21|Ubuntu Server 16.04 LTS
        Ubuntu-16_04-LTS-amd64-server-20170307-en-us-30GB|2017-03-07|Ubuntu Server 16.04 LTS
        Ubuntu-16_04-LTS-amd64-server-20170516-en-us-30GB|2017-05-16|Ubuntu Server 16.04 LTS
        """,
        vm_size="Standard_D1_v2",
    ),
    _ubuntu(
        "Ubuntu Server 16.10",
        "Ubuntu Server 16.10 (Yakkety Yak), 64 bit, a release with nine months of support.",
        """
        Ubuntu-16_10-amd64-server-20161020-en-us-30GB|2016-10-20||hidden
        Ubuntu-16_10-amd64-server-20170330-en-us-30GB|2017-03-30|
        """,
    ),
    _ubuntu(
        "Ubuntu Server 14.04 LTS DAILY",
        "A daily build of Ubuntu Server 14.04 for testing; not supported in production.",
        """
        Ubuntu_DAILY_BUILD-trusty-14_04_1-LTS-amd64-server-20141202.1-en-us-30GB|2014-12-02||hidden
        Ubuntu_DAILY_BUILD-trusty-14_04_5-LTS-amd64-server-20170316-en-us-30GB|2017-03-16||hidden
        Ubuntu_DAILY_BUILD-trusty-14_04_5-LTS-amd64-server-20170602-en-us-30GB|2017-06-02||hidden
        """,
    ),
    _ubuntu(
        "Ubuntu Server 12.04 LTS DAILY",
        "A daily build of Ubuntu Server 12.04 for testing; not supported in production.",
        "Ubuntu_DAILY_BUILD-precise-12_04_5-LTS-amd64-server-20170316-en-us-30GB|2017-03-16||hidden",
    ),
    _ubuntu(
        "Ubuntu Server 16.04 LTS DAILY",
        "A daily build of Ubuntu Server 16.04 for testing; not supported in production.",
        """
        Ubuntu_DAILY_BUILD-xenial-16_04-LTS-amd64-server-20170316-en-us-30GB|2017-03-16||hidden
        Ubuntu_DAILY_BUILD-xenial-16_04-LTS-amd64-server-20170602-en-us-30GB|2017-06-02||hidden
        """,
    ),
    ImageLine(
        prefix="OpenLogic",
        publisher="OpenLogic",
        os="Linux",
        family="OpenLogic CentOS 6.2",
        description="CentOS 6.2, 64 bit, with the packages of a basic server, maintained by OpenLogic.",
        rows="OpenLogic-CentOS-62-20120531-en-us-30GB.vhd|2012-05-31|OpenLogic CentOS 6.2",
        locations=REGIONS_2016,
        eula=_OPENLOGIC_EULA,
        icon="CentOS6_100.png",
        small_icon="CentOS6_45.png",
    ),
    ImageLine(
        prefix=_OPENLOGIC,
        publisher="OpenLogic",
        os="Linux",
        family=None,
        description="CentOS 6.5, 64 bit, with the packages of a basic server, maintained by OpenLogic.",
        rows="OpenLogic-CentOS-65-20140415|2014-04-15|OpenLogic",
        locations=REGIONS_2013,
        eula=_OPENLOGIC_EULA,
        icon="CentOS6_100.png",
        small_icon="CentOS6_45.png",
    ),
    ImageLine(
        prefix=_OPENLOGIC,
        publisher="OpenLogic",
        os="Linux",
        family="OpenLogic 6.5",
        description="CentOS 6.5, 64 bit, with the packages of a basic server, maintained by OpenLogic.",
        rows="""
        OpenLogic-CentOS-65-20140606|2014-06-06|OpenLogic|hidden
        OpenLogic-CentOS-65-20140926|2014-09-26|OpenLogic 6.5
        OpenLogic-CentOS-65-20150325|2015-03-25|OpenLogic 6.5
        """,
        eula=_OPENLOGIC_EULA,
        icon="CentOS6_100.png",
        small_icon="CentOS6_45.png",
    ),
    ImageLine(
        prefix=_OPENLOGIC,
        publisher="OpenLogic",
        os="Linux",
        family="OpenLogic 6.6",
        description="CentOS 6.6, 64 bit, with the packages of a basic server, maintained by OpenLogic.",
        rows="OpenLogic-CentOS-66-20150325|2015-03-25|",
        eula=_OPENLOGIC_EULA,
        icon="CentOS6_100.png",
        small_icon="CentOS6_45.png",
    ),
    ImageLine(
        prefix=_OPENLOGIC,
        publisher="OpenLogic",
        os="Linux",
        family="OpenLogic 7",
        description="CentOS 7, 64 bit, with the packages of a basic server, maintained by OpenLogic.",
        rows="""
        OpenLogic-CentOS-70-20140926|2014-09-26|OpenLogic 7.0|hidden
        OpenLogic-CentOS-70-20150325|2015-03-25|OpenLogic 7.0
        OpenLogic-CentOS-71-20150605|2015-06-05|OpenLogic 7.1
        OpenLogic-CentOS-72-20160620|2016-06-20|CentOS-based 7.2
        OpenLogic-CentOS-73-20161221|2016-12-21|CentOS-based 7.3
        """,
        eula=_OPENLOGIC_EULA,
        icon="CentOS6_100.png",
        small_icon="CentOS6_45.png",
        vm_size="Small",
    ),
    _coreos(
        "Alpha",
        """
        CoreOS-Alpha-475.1.0|2014-10-21|CoreOS Alpha|hidden
        CoreOS-Alpha-745.1.0|2015-07-15|CoreOS Alpha|hidden
        CoreOS-Alpha-1409.0.0|2017-05-11|CoreOS Alpha
        """,
    ),
    _coreos(
        "Beta",
        """
        CoreOS-Beta-494.0.0|2014-11-18|CoreOS Beta|hidden
        CoreOS-Beta-633.1.0|2015-04-06|CoreOS Beta|hidden
        CoreOS-Beta-723.3.0|2015-07-09|CoreOS Beta|hidden
        CoreOS-Beta-1153.4.0|2016-09-20|CoreOS Beta|hidden
        CoreOS-Beta-1395.0.0|2017-04-27|CoreOS Beta
        """,
    ),
    _coreos(
        "Stable",
        """
        CoreOS-Stable-522.6.0|2015-01-28|CoreOS Stable|hidden
        CoreOS-Stable-607.0.0|2015-03-31|CoreOS Stable|hidden
        CoreOS-Stable-717.3.0|2015-07-09|CoreOS Stable|hidden
        CoreOS-Stable-1122.2.0|2016-09-06|CoreOS Stable|hidden
        CoreOS-Stable-1353.7.0|2017-04-26|CoreOS Stable
        """,
    ),
    _suse(
        "openSUSE 13.1",
        "openSUSE 13.1, 64 bit, the community's distribution.",
        "suse-opensuse-13.1-20141216-x86-64|2014-12-16|",
        premium=False,
    ),
    _suse(
        "SUSE Linux Enterprise Server 11 SP4",
        "SUSE Linux Enterprise Server 11 SP4, billed by the hour with updates from SUSE.",
        "suse-sles-11-sp4-v20160530|2016-05-30|",
    ),
    _suse(
        "SUSE Linux Enterprise Server 12",
        "SUSE Linux Enterprise Server 12, billed by the hour with updates from SUSE.",
        """
        suse-sles-12-v20150213|2015-02-13||hidden
        suse-sles-12-sp1-v20160824|2016-08-24|SUSE Linux Enterprise Server 12 SP1
        suse-sles-12-sp2-v20170104|2017-01-04|SUSE Linux Enterprise Server 12 SP2
        """,
    ),
    _suse(
        "SUSE Linux Enterprise Server 12 for HPC",
        "SUSE Linux Enterprise Server 12 with drivers for the RDMA network of sizes A8 and A9.",
        """
        suse-sles-12-hpc-v20150708|2015-07-08|SUSE Linux Enterprise Server 12 for HPC|hidden
        suse-sles-12-sp1-hpc-v20160824|2016-08-24|SUSE Linux Enterprise Server 12 SP1 for HPC
        """,
        vm_size="A9",
    ),
    ImageLine(
        prefix=_CREDATIV,
        publisher="credativ",
        os="Linux",
        family="Debian",
        description="Debian for 64 bit machines, prepared for Azure by credativ.",
        rows="""
        Debian-7-amd64-20160107.0|2016-01-07|Debian 7 "Wheezy"
        Debian-8-amd64-20160107.0|2016-01-07|Debian 8 "Jessie"|hidden
        Debian-8-amd64-20170210.0|2017-02-10|Debian 8 "Jessie"
        """,
        eula="https://www.debian.org/social_contract.html",
        privacy="https://www.debian.org/legal/privacy",
        icon="Debian_100.png",
        small_icon="Debian_45.png",
        vm_size="Small",
    ),
    ImageLine(
        prefix=_ORACLE,
        publisher="Oracle",
        os="Linux",
        family="Oracle Linux",
        description="Oracle Linux, 64 bit; bring a support contract of your own.",
        rows="""
        Oracle-Linux-6|2014-05-01|Oracle Linux 6.4.0.0.0|hidden
        Oracle-Linux-6-12-2014|2014-12-16|Oracle Linux 6.4.0.0.0
        Oracle-Linux-7|2014-12-16|Oracle Linux 7.0.0.0.0
        """,
        eula="http://www.oracle.com/technetwork/licenses/oracle-linux-license-1967127.html",
        privacy="http://www.oracle.com/us/legal/privacy/index.html",
        icon="OracleLinux6_100.png",
        small_icon="OracleLinux6_45.png",
        vm_size="Small",
    ),
    ImageLine(
        prefix=_ORACLE,
        publisher="Oracle",
        os="Linux",
        family="Oracle Database 12c on Oracle Linux",
        description="Oracle Database 12.1 ready to configure on Oracle Linux 6; bring a licence of your own.",
        rows="""
        Oracle-Database-121010.v1-SE-Lnx|2014-09-29|Oracle Database 12.1.0.1 Standard Edition on Oracle Linux 6.4
        Oracle-Database-121010.v1-EE-Lnx|2014-09-29|Oracle Database 12.1.0.1 Enterprise Edition on Oracle Linux 6.4
        """,
        eula="http://www.oracle.com/technetwork/licenses/standard-license-152015.html",
        privacy="http://www.oracle.com/us/legal/privacy/index.html",
        icon="OracleLinux6_100.png",
        small_icon="OracleLinux6_45.png",
        vm_size="Large",
    ),
    ImageLine(
        prefix="0b11de9248dd4d87b18621318e037d37",
        publisher="RightScale with Linux",
        os="Linux",
        family="RightScale Linux v13",
        description="CentOS with the RightLink 5.8 agent, for servers managed from RightScale.",
        rows="RightImage-CentOS-6.2-x64-v5.8.8.1|2012-08-28|RightImage CentOS 6.2 x64 v5.8.8.1|hidden",
        size=10,
        locations=REGIONS_2012,
        eula="http://support.rightscale.com/12-Guides/RightLink/RightLink_End_User_License_Agreeement",
        privacy="http://www.rightscale.com/privacy_policy.php",
    ),
    ImageLine(
        prefix="de89c2ed05c748f5aded3ddc75fdcce4",
        publisher="Puppet Labs",
        os="Linux",
        family="Puppet Enterprise",
        description="A Puppet Enterprise master on Ubuntu Server, to be configured at its first start.",
        rows="PuppetEnterpriseMaster-3_2_3-amd64-server-20140514-en-us-30GB|2014-05-14|Puppet Enterprise 3.2.3",
        eula="https://puppetlabs.com/legal/eula",
        privacy="https://puppetlabs.com/legal/privacy",
        vm_size="Large",
    ),
    ImageLine(
        prefix=_BITNAMI,
        publisher="Bitnami",
        os="Linux",
        family="DreamFactory 1.6",
        description="DreamFactory 1.6 on Ubuntu 14.04, installed and started by Bitnami.",
        rows="DreamFactory_1.6.10-3_-_Ubuntu_14.04|2014-07-18|",
        locations=REGIONS_2015,
        eula="http://bitnami.com/tos",
        privacy="http://bitnami.com/privacy",
        vm_size="Small",
    ),
    ImageLine(
        prefix=_BITNAMI,
        publisher="Bitnami",
        os="Linux",
        family="eXo Platform Express 4",
        description="eXo Platform Express 4 on Ubuntu 14.04, installed and started by Bitnami.",
        rows="eXo_Platform_Express_4.0.6-4_-_Ubuntu_14.04|2014-07-18|",
        locations=REGIONS_2015,
        eula="http://bitnami.com/tos",
        privacy="http://bitnami.com/privacy",
        vm_size="Medium",
    ),
    ImageLine(
        prefix=_VISUAL_STUDIO,
        publisher="Microsoft Visual Studio Group",
        os="Linux",
        family="CoreCLR x64 Beta5 (11624) with PartsUnlimited Demo App on Ubuntu Server 14.04 LTS",
        description="Ubuntu 14.04 with beta 5 of CoreCLR under /opt/dnx and the PartsUnlimited demonstration shop.",
        rows="CoreCLR-x64-Beta5-Linux-PartsUnlimited-Demo-App-201504.29|2015-04-29T07:00|",
        locations=REGIONS_2015,
        eula="http://go.microsoft.com/fwlink/?LinkId=521895",
        privacy="http://go.microsoft.com/fwlink/?LinkID=528096",
        icon="Ubuntu-cof-45.png",
        small_icon="Ubuntu-cof-45.png",
        vm_size="Standard_D1",
    ),
    ImageLine(
        prefix=_VISUAL_STUDIO,
        publisher="Microsoft Visual Studio Group",
        os="Linux",
        family="Azure-Jenkins-012",
        description="A Jenkins server on Ubuntu with sample pipelines and the plug-ins for Azure.",
        rows="Azure-Jenkins-012-2016-12-19|2016-12-19T08:00|",
        eula="https://opensource.org/licenses/MIT",
        privacy="https://www.microsoft.com/en-us/privacystatement/OnlineServices/Default.aspx",
        icon="Jenkins_Linux_100.png",
        small_icon="",
        vm_size="Standard_D1_v2",
    ),
)
