"""Why an exchange of the replay differs: the causes, told from the report of the scorer."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

LEVELS = ("L1", "L2", "L3", "L4", "L5")


@dataclass(frozen=True)
class Cause:
    """One cause, and how to tell it.

    where:      what must be found in a difference: kind, place and recorded value, as one text
    recordings: the recordings it is about; any, if empty
    """

    name: str
    text: str
    where: str
    recordings: str = ""

    def explains(self, recording: str, operation: str, differences: list[list[str]]) -> bool:
        """Whether it is (part of) why an exchange differs."""
        if self.recordings and not re.search(self.recordings, recording):
            return False
        return any(
            re.search(self.where, f"{operation} {kind} {place} {value}") for _, kind, place, value, _ in differences
        )


# The first that explains an exchange is its cause.
CAUSES = (
    Cause(
        "a machine made again from its disk",
        "The client made the machine from the disk that was left; the stand-in asks for a new one from the image, whose "
        "blob is taken, and is refused",
        r".",
        r"staticvm_create-from@20150708#(?:2[789]|3[1-4])$",
    ),
    Cause(
        "networks of the replay",
        "The scorer makes every network that a request names 10.0.0.0/16 with subnets 10.0.n.0/24; the recordings ask for "
        "fixed addresses of the networks they list (10.4.0.0/16, 10.1.0.0/16). The emulator accepts and lets the operation "
        "fail, as the service did where an address could not be given, and what follows is missing",
        r"deployments|/operations/|/disks/.*status|/roles/|loadbalancers|LoadBalancer|/Deployments",
        r"create_staticvm@20150708|staticvm_|cli.vm.loadbalancer",
    ),
    Cause(
        "a reserved IP of the account",
        "The recorded account had a reserved IP that the replay does not make",
        r".",
        r"create_docker@20160426#(?:9|1[0-8])$",
    ),
    Cause(
        "a network the account did not have",
        "The recording is of a network that does not exist; the scorer makes it because the request names it",
        r"status .*deployments",
        r"windows_virtual_network",
    ),
    Cause(
        "requests the scorer made up",
        "Bodies were not recorded: the stand-in has another root element than the client sends, or is left out and what "
        "it starts is polled",
        r"routetables|networking/operation|/operations/.*(?:extra element /Operation/Error|status)|/Site/State",
        r"route-table|application.gateway|cli.site@",
    ),
    Cause(
        "boot diagnostics",
        "From December 2016 on azure-cli asked for boot diagnostics; the stand-ins of its bodies do not",
        r"DebugSettings",
    ),
    Cause(
        "moments of a boot",
        "What a machine shows while it starts (host name, certificate, agent, extensions), and a namespace while it is "
        "activated, depends on the moment: the recorded clients came at others",
        r"RoleInstance/HostName|RemoteAccessCertificateThumbprint|ResourceExtensionStatusList|GuestAgentStatus|DefaultKey"
        r"|StorageServices/StorageService",
    ),
    Cause(
        "descriptions in other words",
        "Descriptions, schemas and examples of images and extensions are said in words of our own; regions are those of "
        "the last list of the image",
        r"Description|SampleConfig|PublicConfigurationSchema|Images?/Location|VMImage/(?:Location|Label|Eula)|OSImage/Location",
    ),
    Cause(
        "lists that were cut",
        "The corpus keeps a few items of long lists; elements that only the others have count as extra or missing",
        r"(?:extra|missing) element /(?:VMImages|WebSpaces)",
    ),
    Cause(
        "stand-ins for secrets",
        "A publishing password was recorded as the stand-in for one, and the scorer compares it",
        r"NameValuePair/Value",
    ),
    Cause(
        "an earlier build of web sites and Service Bus",
        "Answers of 2015 lack elements that those of 2016 have, at the same version, and name default farms otherwise: "
        "`--day` shows them",
        r"Site/(?:ContainerSize|DefaultHostName)|NamespaceDescription/ResourceGroup|Site/ServerFarm",
    ),
    Cause(
        "the stamp of a site",
        "Which scale unit a site came to is chance, and names of it are in the site's addresses",
        r"HomeStamp|/Site/(?:SelfLink|DeploymentId)",
    ),
    Cause(
        "which hardware a service came to",
        "In 2015 services with small machines came to one of four kinds of hardware, with 10 to 29 sizes",
        r"hostedservices .*RoleSize",
        r"@20150708|@20150817|@20170606",
    ),
    Cause(
        "sizes of another day",
        "The catalogue is of March 2017 (`--day` takes another); recordings are of 2015 to 2017, with 25 to 90 sizes",
        r"/locations .*(?:RoleSize|StorageAccountType|AvailableService)|affinitygroups .*RoleSize|hostedservices .*RoleSize",
    ),
    Cause(
        "values of the account and of chance",
        "What was in the recorded account, the size of a blob that nobody told, the number of an image's replication",
        r"/Subscription/|webspaces|WebSpace|GeoRegion|LogicalSizeInGB|/string|OsVersion|Disk/|/disks/",
    ),
)
OTHER = "not explained"


def cause_of(recording: str, exchange: dict[str, Any]) -> str:
    """The name of the cause of a difference."""
    text = f"{recording}#{exchange['index']}"
    for cause in CAUSES:
        about = text if "#" in cause.recordings else recording
        if cause.explains(about, exchange["operation"], exchange["differences"]):
            return cause.name
    return OTHER


def tally(report: dict[str, Any]) -> dict[str, Counter[str]]:
    """How many scored exchanges fail each level, by cause."""
    found: dict[str, Counter[str]] = {}
    for recording, exchanges in report["exchanges"].items():
        for one in exchanges:
            if not one["levels"]:
                continue
            failed = [level for level in LEVELS if not one["levels"].get(level)]
            if failed:
                found.setdefault(cause_of(recording, one), Counter()).update(failed)
    return found
