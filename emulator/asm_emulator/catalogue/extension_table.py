"""The table of extensions of virtual machines.

Publishers, names and links are recorded or documented, versions and dates recorded where a date has a time of day, else
documented or assumed.  Descriptions, schemas and samples are our own.
"""

from datetime import UTC, datetime

from .extensions import ResourceExtension


def _versions(
    publisher: str,
    name: str,
    label: str,
    description: str,
    versions: str,
    *,
    sample: str | None = None,
    schemas: bool = False,
    eula: str | None = None,
    privacy: str | None = None,
    homepage: str | None = None,
    json: bool | None = True,
    os: str | None = None,
    company: str | None = "Microsoft",
    regions: str | None = "",
) -> tuple[ResourceExtension, ...]:
    """`versions` is lines of `version date`; the date may be missing."""
    made = []
    for version, *date in (row.split() for row in versions.strip().splitlines()):
        made.append(
            ResourceExtension(
                publisher=publisher,
                name=name,
                version=version,
                label=label,
                description=description,
                public_configuration_schema="" if schemas else None,
                private_configuration_schema="" if schemas else None,
                sample_config=sample,
                eula=eula,
                privacy_uri=privacy,
                homepage_uri=homepage,
                is_json_extension=json,
                supported_os=os,
                company_name=company,
                published_date=datetime.fromisoformat(date[0]).replace(tzinfo=UTC) if date else None,
                regions=regions,
            )
        )
    return tuple(made)


_CODE = "https://github.com/Azure/azure-linux-extensions"
_CODE_LICENCE = f"{_CODE}/blob/1.0/LICENSE-2_0.txt"
_MICROSOFT_PRIVACY = "http://www.microsoft.com/privacystatement/en-us/OnlineServices/Default.aspx"
_MICROSOFT_EULA = "http://www.windowsazure.com/en-us/support/legal/"


def _windows(
    name: str, label: str, description: str, versions: str, sample: str | None = None
) -> tuple[ResourceExtension, ...]:
    return _versions(
        "Microsoft.Compute",
        name,
        label,
        description,
        versions,
        sample=sample,
        schemas=True,
        eula=_MICROSOFT_EULA,
        privacy=_MICROSOFT_PRIVACY,
        os="Windows",
    )


def _linux(
    name: str, label: str, description: str, versions: str, sample: str | None = None
) -> tuple[ResourceExtension, ...]:
    return _versions(
        "Microsoft.OSTCExtensions",
        name,
        label,
        description,
        versions,
        sample=sample,
        eula=_CODE_LICENCE,
        privacy=_MICROSOFT_PRIVACY,
        homepage=_CODE,
        os="Linux",
        company="Microsoft Open Source Technology Center",
    )


def _chef(name: str, system: str, versions: str, *, regions: str | None = "") -> tuple[ResourceExtension, ...]:
    return _versions(
        "Chef.Bootstrap.WindowsAzure",
        name,
        f"Chef Extension for {system}",
        f"Installs chef-client on {system} and registers the machine with a Chef server.",
        versions,
        eula="http://www.getchef.com/about/",
        privacy="http://www.getchef.com/about/",
        homepage="http://www.getchef.com/",
        company="Chef Software, Inc.",
        regions=regions,
    )


def _alert_logic(publisher: str, versions: str, sample: str, regions: str | None) -> tuple[ResourceExtension, ...]:
    return _versions(
        publisher,
        "AlertLogicLM",
        "Log Manager",
        "Sends the machine's logs to Alert Logic Log Manager.",
        versions,
        sample=sample,
        schemas=True,
        eula="http://www.alertlogic.com/",
        privacy="http://www.alertlogic.com/",
        homepage="http://www.alertlogic.com/",
        os="Windows",
        company="Alert Logic, Inc.",
        regions=regions,
    )


_DEBUGGER_SCHEMA = (
    '<?xml version="1.0" encoding="utf-8"?><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
    '<xs:element name="PublicConfig" type="xs:anyType"/></xs:schema>'
)
_DEBUGGER_SAMPLE = (
    "<PublicConfig><!-- Set by Visual Studio when debugging is enabled for the machine. --></PublicConfig>"
)


def _debugger(version: str, date: str | None, *, ctp: bool = False, full: bool = False) -> ResourceExtension:
    label = f"Remote Debugger for Visual Studio {'14CTP' if ctp else '2015'}"
    return ResourceExtension(
        publisher="Microsoft.VisualStudio.Azure.RemoteDebug",
        name="VS14CTPDebugger",
        version=version,
        label=label,
        description=label,
        public_configuration_schema=_DEBUGGER_SCHEMA,
        private_configuration_schema="",
        sample_config=_DEBUGGER_SAMPLE if date else None,
        company_name="Microsoft" if full else None,
        published_date=datetime.fromisoformat(date).replace(tzinfo=UTC) if date else None,
        regions="" if full or version == "1.0.0.5" else None,
    )


_ALERT_LOGIC_SAMPLE = '{"publicSettings": {"RegistrationKey": {"registrationKey": ""}}}'
_SCRIPT_SAMPLE = (
    '{"fileUris": ["https://example.blob.core.windows.net/scripts/start.ps1"], "commandToExecute": "start"}'
)

EXTENSIONS: tuple[ResourceExtension, ...] = (
    *_versions(
        "Acronis.Backup",
        "AcronisBackup",
        "Acronis",
        "The agent of Acronis Backup Cloud.",
        "1.0.33 2016-05-17T13:29:11.505334",
        eula="http://www.acronis.com/en-us/download/docs/eula/consumer/",
        privacy="http://www.acronis.com/en-us/company/privacy.html",
        homepage="http://www.acronis.com/redirector/products/abs/",
        company="Acronis",
    ),
    *_alert_logic("AlertLogic.", "1.3.0.1 2014-10-29T20:15:41.018188", _ALERT_LOGIC_SAMPLE, None),
    *_alert_logic("AlertLogic.Extension", "1.9.0.0 2015-02-25T17:01:21.884200", _ALERT_LOGIC_SAMPLE, ""),
    *_versions(
        "bmc.ctm",
        "AgentWinExt",
        "Extension for Control-M Agent",
        "The Control-M agent, which runs scheduled workloads on the machine.",
        "9.0.0.0 2016-09-01T12:06:45.550640",
        schemas=True,
        eula="http://media.cms.bmc.com/documents/end_user_license_agreement.pdf",
        company="BMC Software",
    ),
    *_chef("CentosChefClient", "centos", "11.14.0.0 2014-08-21T09:03:30.948114", regions=None),
    *_chef(
        "ChefClient",
        "windows",
        """
        11.18.6.2 2015-01-20
        1207.12.3.0 2015-05-14T14:50:57.379989
        1210.12.4.1000 2015-10-19
        1210.12.106.1000 2016-10-26
        """,
    ),
    *_chef(
        "LinuxChefClient",
        "linux",
        """
        11.18.6.2 2015-01-20
        1207.12.3.0 2015-05-14
        1210.12.106.1000 2016-10-26
        """,
    ),
    *_versions(
        "dynatrace.ruxit",
        "agent",
        "Ruxit Agent",
        "The monitoring agent of Ruxit for Windows.",
        "1.71.98.20150625 2015-06-25T09:36:51.016433",
        sample='{"tenantId": "", "token": ""}',
        eula="https://www.ruxit.com/",
        privacy="https://www.ruxit.com/",
        homepage="https://www.ruxit.com/",
        os="Windows",
        company="ruxit - Dynatrace LLC",
        regions=None,
    ),
    *_versions(
        "ESET.FileSecurity",
        "FileSecurity",
        "ESET File Security",
        "Anti-malware for Windows Server by ESET.",
        "6.0.0.0 2015-06-10",
        eula="http://www.eset.com/us/about/legal/",
        privacy="http://www.eset.com/us/privacy/",
        homepage="http://www.eset.com/",
        os="Windows",
        company="ESET",
    ),
    *_versions(
        "Microsoft.Azure.Diagnostics",
        "IaaSDiagnostics",
        "Microsoft Monitoring Agent Diagnostics",
        "Collects counters, logs and crash dumps into a storage account.",
        "1.2.1.0 2014-09-03\n1.3.0.0 2015-02-26\n1.4.4.0 2015-05-19\n1.5.4.0 2015-11-04",
        schemas=True,
        os="Windows",
    ),
    *_versions(
        "Microsoft.Azure.Extensions",
        "DockerExtension",
        "Docker Extension",
        "Installs Docker and opens its remote port to a client that has the certificate.",
        "0.6.0.0 2015-02-13\n1.0.1506092330 2015-06-09\n1.1.1606092330 2016-06-09",
        eula=_CODE_LICENCE,
        homepage="https://github.com/Azure/azure-docker-extension",
        os="Linux",
    ),
    *_versions(
        "Microsoft.Azure.RecoveryServices",
        "VMSnapshot",
        "Azure Backup",
        "Takes the snapshots that Azure Backup keeps.",
        "1.0.11.0 2015-05-11",
        schemas=True,
        os="Windows",
    ),
    *_versions(
        "Microsoft.Azure.Security",
        "IaaSAntimalware",
        "Microsoft Antimalware",
        "Microsoft's real-time protection against malware, with scheduled scans.",
        "1.1.1.0 2014-10-21\n1.2.0.0 2015-02-25\n1.3.0.0 2015-09-09",
        sample='{"AntimalwareEnabled": true, "RealtimeProtectionEnabled": true}',
        eula=_MICROSOFT_EULA,
        privacy=_MICROSOFT_PRIVACY,
        os="Windows",
    ),
    *_windows(
        "BGInfo",
        "Windows Azure BGInfo Extension for IaaS",
        "Shows facts about the machine on the background of its desktop.",
        "1.0 2014-01-21\n1.1 2014-04-03",
    ),
    *_windows(
        "CustomScriptExtension",
        "Windows Azure Script Extension for IaaS",
        "Downloads scripts and runs one of them.",
        "1.1 2014-04-24\n1.2 2014-10-14\n1.3 2015-02-10\n1.4 2015-05-29\n1.7 2016-03-09\n1.8 2016-08-29",
        _SCRIPT_SAMPLE,
    ),
    *_windows(
        "JsonADDomainExtension",
        "Windows Azure Active Directory Domain Join",
        "Joins the machine to an Active Directory domain.",
        "1.0 2015-03-19\n1.3 2016-03-10",
    ),
    *_windows(
        "VMAccessAgent",
        "Windows Azure VMAccess Extension for IaaS",
        "Resets an administrator's password and the settings of remote desktop.",
        "1.0 2014-02-11\n2.0 2014-08-05\n2.0.2 2015-05-13",
    ),
    *_linux(
        "CustomScriptForLinux",
        "Microsoft Azure Custom Script Extension for Linux Virtual Machines",
        "Downloads scripts and runs one of them.",
        "1.0.0.0 2014-08-19\n1.1.0.0 2014-12-16\n1.2.2.0 2015-05-12\n1.3.0.2 2015-08-21\n1.5.2.0 2016-03-08",
        '{"fileUris": ["https://example.blob.core.windows.net/scripts/start.sh"], "commandToExecute": "sh start.sh"}',
    ),
    *_linux(
        "LinuxDiagnostic",
        "Microsoft Azure Diagnostic Extension for Linux Virtual Machines",
        "Collects counters and logs into a storage account.",
        "2.0.0.2 2015-03-10\n2.1.9005 2015-10-13\n2.3.9011 2016-08-02",
    ),
    *_linux(
        "OSPatchingForLinux",
        "Microsoft Azure OS Patching Extension for Linux Virtual Machines",
        "Installs updates of the operating system on a schedule.",
        "1.0.0.0 2014-10-28\n2.0.0.5 2015-03-10\n2.3.0.1 2015-07-21",
        '{"disabled": false, "stop": false, "rebootAfterPatch": "rebootifneed", "category": "important"}',
    ),
    *_linux(
        "VMAccessForLinux",
        "Microsoft Azure VM Access Extension for Linux Virtual Machines",
        "Resets users, passwords, keys and the configuration of SSH.",
        "1.0.0.0 2014-08-19\n1.1.0.3 2014-11-25\n1.3.0.1 2015-05-26\n1.4.0.0 2015-11-10",
    ),
    *_versions(
        "Microsoft.Powershell",
        "DSC",
        "PowerShell Desired State Configuration",
        "Applies a configuration written in PowerShell DSC and keeps the machine in that state.",
        "1.3.0.0 2014-08-07\n1.7.0.0 2014-12-10\n1.10.1.0 2015-04-28\n2.0.0.0 2015-06-18\n2.19.0.0 2016-07-12",
        sample='{"ModulesUrl": "", "ConfigurationFunction": ""}',
        homepage="http://blogs.msdn.com/b/powershell/",
        os="Windows",
    ),
    *_versions(
        "Microsoft.SystemCenter",
        "MSEnterpriseApplication",
        "Microsoft Enterprise Application Extension Handler",
        "Runs the application part of a System Center virtual machine role.",
        "1.0.7.0",
        homepage=(
            "http://social.technet.microsoft.com/wiki/contents/articles/"
            "18274.system-center-2012-r2-virtual-machine-role-authoring-guide-resource-extension-package.aspx"
        ),
        company=None,
        regions=None,
    ),
    *_versions(
        "Microsoft.VisualStudio.Azure.RemoteDebug",
        "VSRemoteDebugger",
        "Remote Debugger for Visual Studio",
        "Remote Debugger for Visual Studio",
        "1.0.0.9 2015-03-03\n1.1.3.0 2015-06-22T20:57:54.401192",
        schemas=True,
    ),
    _debugger("1.0.0.0", "2014-06-26T21:38:52.413677", ctp=True),
    _debugger("1.0.0.1", None, ctp=True),
    _debugger("1.0.0.3", "2014-10-30T07:00:15.892591"),
    _debugger("1.0.0.5", "2015-01-27T22:06:47.431303"),
    _debugger("1.0.0.6", "2015-02-26T21:41:50.359463", full=True),
    *_versions(
        "PuppetLabs",
        "PuppetEnterpriseAgent",
        "Puppet Enterprise Agent",
        "Installs the Puppet agent and connects it to a master.",
        "3.2.3.0 2014-08-08\n3.7.0.0 2014-11-18\n3.8.0.0 2015-05-06",
        sample='{"PUPPET_MASTER_SERVER": ""}',
        eula="https://puppetlabs.com/legal/eula",
        privacy="https://puppetlabs.com/legal/privacy",
        homepage="http://puppetlabs.com/",
        os="Windows",
        company="Puppet Labs, Inc.",
    ),
    *_versions(
        "Symantec",
        "SymantecEndpointProtection",
        "Symantec Endpoint Protection",
        "Anti-malware for Windows by Symantec.",
        "12.1.4100.4126 2014-07-08\n12.1.6168.6000 2015-07-09",
        eula="http://www.symantec.com/about/profile/policies/eulas/",
        privacy="http://www.symantec.com/about/profile/policies/privacy.jsp",
        homepage="http://www.symantec.com/",
        os="Windows",
        company="Symantec Corporation",
    ),
    *_versions(
        "TrendMicro.DeepSecurity",
        "TrendMicroDSA",
        "Trend Micro Deep Security Agent",
        "The agent of Trend Micro Deep Security for Windows.",
        "9.0.0.4002 2014-06-03\n9.5.0.0 2015-03-31\n9.6.0.0 2015-09-22",
        eula="http://www.trendmicro.com/us/about-us/legal-policies/license-agreements/index.html",
        privacy="http://www.trendmicro.com/us/about-us/legal-policies/privacy-statement/index.html",
        homepage="http://www.trendmicro.com/",
        os="Windows",
        company="Trend Micro, Inc.",
    ),
)
