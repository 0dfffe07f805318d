"""Documents as lines: which elements, in which order, written down from recorded traffic and the published clients.

``Name`` is text, ``Name=64`` text in base64, ``=bytes`` bytes in base64, ``=int``, ``=bool``, ``=time``;
``Name{Sheet}`` a document of its own, ``Name[Item]`` a list of texts, ``Name[Item{Sheet}]`` of documents,
``*Item{Sheet}`` documents without an element around them.  What ``.new`` has is what clients send.  Nothing here knows
how the contracts declare a document; only the classes are shared, because the tests speak in them.
"""

from __future__ import annotations

import base64
import dataclasses
import re
import typing
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree

from asm_client.drivers.raw_nodes import INSTANCE, tag
from asm_client.drivers.raw_writing import plain, root
from asm_contracts.document import NIL
from asm_contracts.suite.driver import NotExpressible

_SHEETS: Final = """
OSImage: AffinityGroup Category Label Location LogicalSizeInGB=int MediaLink Name OS Eula Description ImageFamily
  ShowInGui=bool PublishedDate=time IsPremium=bool OSState IconUri PrivacyUri RecommendedVMSize PublisherName
  PricingDetailLink SmallIconUri IOType
OSImage.new: Label MediaLink Name OS Eula Description ImageFamily PublishedDate=time IsPremium=bool ShowInGui=bool
  PrivacyUri IconUri RecommendedVMSize SmallIconUri Language
OSImage.change: Label Eula Description ImageFamily PublishedDate=time ShowInGui=bool PrivacyUri IconUri
  RecommendedVMSize SmallIconUri Language
Images: *OSImage{OSImage}
Disk: AffinityGroup AttachedTo{AttachedTo} OS Label Location LogicalDiskSizeInGB=int MediaLink Name SourceImageName
  IsPremium=bool CreatedTime=time IOType
AttachedTo: DeploymentName HostedServiceName RoleName
Disk.new: OS Label MediaLink Name
Disk.change: Label ResizedSizeInGB=int Name
Disks: *Disk{Disk}
VMImage: Name Label Category Description OSDiskConfiguration{ImageDisk}
  DataDiskConfigurations[DataDiskConfiguration{ImageDataDisk}] ServiceName DeploymentName RoleName Location
  CreatedTime=time ModifiedTime=time Language ImageFamily RecommendedVMSize IsPremium=bool Eula IconUri SmallIconUri
  PrivacyUri PublisherName PublishedDate=time ShowInGui=bool PricingDetailLink VMImageState RoleStateOnCapture
  RoleSizeOnCapture
ImageDisk: Name HostCaching OSState OS MediaLink LogicalDiskSizeInGB=int IOType
ImageDataDisk: Name HostCaching Lun=int MediaLink LogicalDiskSizeInGB=int IOType
VMImage.new: Name Label Description OSDiskConfiguration{ImageDisk}
  DataDiskConfigurations[DataDiskConfiguration{ImageDataDisk}] Language ImageFamily RecommendedVMSize Eula IconUri
  SmallIconUri PrivacyUri PublishedDate=time ShowInGui=bool
VMImages: *VMImage{VMImage}
ReservedIP: Name Address Id Label State InUse=bool ServiceName DeploymentName Location VirtualIPName
ReservedIP.new: Name Label Location ServiceName DeploymentName VirtualIPName
ReservedIPs: *ReservedIP{ReservedIP}
ReservedIPAssociation: ServiceName DeploymentName VirtualIPName
SubscriptionCertificate: SubscriptionCertificatePublicKey=bytes SubscriptionCertificateThumbprint
  SubscriptionCertificateData=bytes Created=time
SubscriptionCertificate.new: SubscriptionCertificatePublicKey=bytes SubscriptionCertificateThumbprint
  SubscriptionCertificateData=bytes
SubscriptionCertificates: *SubscriptionCertificate{SubscriptionCertificate}
CertificateFile.new: Data=bytes CertificateFormat Password
Certificate: CertificateUrl Thumbprint ThumbprintAlgorithm Data=bytes
Certificate.one: Data=bytes
Certificates: *Certificate{Certificate}
NetworkSecurityGroup: Name Label Location State Rules[Rule{SecurityRule}]
SecurityRule: Name Type Priority=int Action SourceAddressPrefix SourcePortRange DestinationAddressPrefix
  DestinationPortRange Protocol State IsDefault=bool
NetworkSecurityGroup.new: Name Label Location
SecurityRule.new: Type Priority=int Action SourceAddressPrefix SourcePortRange DestinationAddressPrefix
  DestinationPortRange Protocol
NetworkSecurityGroups: *NetworkSecurityGroup{NetworkSecurityGroup}
RouteTable: Name Label Location RouteList[Route{Route}]
Route: Name AddressPrefix NextHopType{NextHopType}
NextHopType: Type IpAddress
RouteTables: *RouteTable{RouteTable}
RouteTable.new: Name Label Location
RouteTableAssociation: RouteTableName
Subscription: SubscriptionID SubscriptionName SubscriptionStatus AccountAdminLiveEmailId ServiceAdminLiveEmailId
  MaxCoreCount=int MaxStorageAccounts=int MaxHostedServices=int CurrentCoreCount=int CurrentHostedServices=int
  CurrentStorageAccounts=int MaxVirtualNetworkSites=int CurrentVirtualNetworkSites=int MaxLocalNetworkSites=int
  CurrentLocalNetworkSites=int MaxDnsServers=int CurrentDnsServers=int OfferCategories AADTenantID CreatedTime=time
  MaxReservedIPs=int CurrentReservedIPs=int MaxPublicIPCount=int CurrentNetworkSecurityGroups=int
  MaxNetworkSecurityGroups=int MaxNetworkSecurityRulesPerGroup=int MaxRouteTables=int MaxRoutesPerRouteTable=int
Location: Name DisplayName AvailableServices[AvailableService] ComputeCapabilities{ComputeCapabilities}
  StorageCapabilities{StorageCapabilities}
ComputeCapabilities: WebWorkerRoleSizes[RoleSize] VirtualMachinesRoleSizes[RoleSize]
StorageCapabilities: StorageAccountTypes[StorageAccountType]
Locations: *Location{Location}
OperatingSystemFamilies: *OperatingSystemFamily{OperatingSystemFamily}
OperatingSystemFamily: Name Label=64 OperatingSystems[OperatingSystem{OperatingSystem}]
OperatingSystem: Version Label=64 IsDefault=bool IsActive=bool
RoleSizes: *RoleSize{RoleSize}
RoleSize: Name Label Cores=int MemoryInMb=int SupportedByWebWorkerRoles=bool SupportedByVirtualMachines=bool
  MaxDataDiskCount=int WebWorkerResourceDiskSizeInMb=int VirtualMachineResourceDiskSizeInMb=int
CreateDeployment: Name PackageUrl Label=64 Configuration=bytes StartDeployment=bool TreatWarningsAsError=bool
  ExtendedProperties[ExtendedProperty{Pair}]
Pair: Name Value
UpdateDeploymentStatus: Status
ChangeConfiguration: Configuration=bytes TreatWarningsAsError=bool Mode ExtendedProperties[ExtendedProperty{Pair}]
UpgradeDeployment: Mode PackageUrl Configuration=bytes Label=64 RoleToUpgrade Force=bool
  ExtendedProperties[ExtendedProperty{Pair}]
WalkUpgradeDomain: UpgradeDomain=int
RollbackUpdateOrUpgrade: Mode Force=bool
Swap: Production SourceDeployment
RoleInstances: *Name
StartRolesOperation: OperationType Roles[Name]
ShutdownRolesOperation: OperationType Roles[Name] PostShutdownAction
CaptureRoleOperation: OperationType PostCaptureAction TargetImageLabel TargetImageName
CaptureRoleAsVMImageOperation: OperationType OSState VMImageName VMImageLabel Description Language ImageFamily
  RecommendedVMSize
DataVirtualHardDisk: HostCaching DiskLabel DiskName Lun=int LogicalDiskSizeInGB=int MediaLink SourceMediaLink IOType
DnsServer: Name Address
Dns: DnsServers[DnsServer{DnsServer}]
UpgradeStatus: UpgradeType CurrentUpgradeDomainState CurrentUpgradeDomain=int
OperatingSystems: *OperatingSystem{OperatingSystem.all}
OperatingSystem.all: Version Label=64 IsDefault=bool IsActive=bool Family FamilyLabel=64
VMImage.change: Label OSDiskConfiguration{ImageDisk} DataDiskConfigurations[DataDiskConfiguration{ImageDataDisk}]
  Description Language ImageFamily RecommendedVMSize Eula IconUri SmallIconUri PrivacyUri PublishedDate=time
  ShowInGui=bool
Profile.new: DomainName Name
Profile: DomainName Name Status StatusDetails{ProfileStatus} Definitions[Definition{DefinitionSummary}]
ProfileStatus: EnabledVersion=int
DefinitionSummary: Status Version=int
"""


class Part(NamedTuple):
    """One element of a sheet."""

    name: str
    kind: str = ""
    sheet: str = ""
    item: str = ""
    flat: bool = False

    def of(self, cls: type) -> str:
        """The attribute of a class that it is."""
        if self.flat:
            return next(iter(_fields(cls)))
        name = self.name.lower()
        wanted = (name, name.removeprefix("subscriptioncertificate"))
        return next((one for one in _fields(cls) if one.replace("_", "") in wanted), "")


_PART: Final = re.compile(r"(\*?)(\w+)(?:=(\w+)|\{([\w.]+)\}|\[(\w+)(?:\{([\w.]+)\})?\])?\Z")


@lru_cache(maxsize=1)
def _sheets() -> Mapping[str, tuple[Part, ...]]:
    found = {}
    for line in _SHEETS.strip().replace("\n  ", " ").splitlines():
        name, _, words = line.partition(": ")
        found[name] = tuple(_part(word) for word in words.split())
    return found


def _part(word: str) -> Part:
    found = _PART.match(word)
    assert found is not None, word
    star, name, kind, sheet, item, of = found.groups()
    return Part(name, kind or "", sheet or of or "", name if star else item or "", bool(star))


@lru_cache(maxsize=512)
def _fields(cls: Any) -> Mapping[str, Any]:
    return typing.get_type_hints(cls)


def _class(hint: Any) -> Any:
    """The document class in an annotation."""
    if dataclasses.is_dataclass(hint):
        return hint
    return next((found for one in typing.get_args(hint) if (found := _class(one)) is not None), None)


# -- writing ----------------------------------------------------------------------------------------------------------


def write(sheet: str, value: Any) -> str:
    """A document to send; NotExpressible for what its sheet does not have."""
    return root(sheet.partition(".")[0].replace("SecurityRule", "Rule"), "".join(_written(sheet, value)))


def _written(sheet: str, value: Any) -> Iterator[str]:
    left = {field.name for field in dataclasses.fields(value) if getattr(value, field.name) is not None}
    for part in _sheets()[sheet]:
        name = part.of(type(value))
        held = getattr(value, name) if name else None
        left.discard(name)
        if part.item and isinstance(held, tuple):
            items = "".join(
                f"<{part.item}>{''.join(_written(part.sheet, one))}</{part.item}>"
                if part.sheet
                else plain(part.item, one)
                for one in held
            )
            yield items if part.flat else f"<{part.name}>{items}</{part.name}>"
        elif part.sheet and held is not None and held is not NIL:
            yield f"<{part.name}>{''.join(_written(part.sheet, held))}</{part.name}>"
        elif part.kind in ("64", "bytes") and held is not None and held is not NIL:
            data = held.encode() if isinstance(held, str) else held
            yield plain(part.name, base64.b64encode(data).decode())
        else:
            yield plain(part.name, f"{held:%Y-%m-%dT%H:%M:%SZ}" if isinstance(held, datetime) else held)
    if left:
        raise NotExpressible(f"the raw driver has not written {', '.join(sorted(left))} of {type(value).__name__} down")


def _item_written(part: Part, held: Any) -> str:
    return f"<{part.item}>{''.join(_written(part.sheet, held))}</{part.item}>" if part.sheet else plain(part.item, held)


# -- reading ----------------------------------------------------------------------------------------------------------


def read(sheet: str, cls: Any, element: ElementTree.Element, name: str | None = None) -> Any:
    """A document of an answer, whose elements must be those of the sheet, in its order."""
    assert element.tag == tag(name or sheet.partition(".")[0]), f"{name or sheet} is expected, not {element.tag}"
    parts = _sheets()[sheet]
    order = [tag(part.name) for part in parts]
    places = []
    for child in element:
        assert child.tag in order, f"{child.tag} is not known in {sheet}"
        places.append(order.index(child.tag))
    assert places == sorted(places), f"the elements of {sheet} are out of order"
    values: dict[str, Any] = {}
    for part in parts:
        attribute = part.of(cls)
        if part.flat:
            values[attribute] = tuple(_item(part, _fields(cls)[attribute], one) for one in element)
            continue
        found = element.findall(tag(part.name))
        assert len(found) < 2, f"{part.name} is there twice"
        assert attribute or not found, f"nobody can be told of {part.name}"
        if found:
            values[attribute] = _value(part, _fields(cls)[attribute], found[0])
    return cls(**values)


def _item(part: Part, hint: Any, element: ElementTree.Element) -> Any:
    return read(part.sheet, _class(hint), element, part.item) if part.sheet else element.text or ""


def _value(part: Part, hint: Any, element: ElementTree.Element) -> Any:
    if element.get(f"{{{INSTANCE}}}nil") == "true":
        return NIL
    if part.item:
        assert all(one.tag == tag(part.item) for one in element), f"{part.name} has {part.item}s"
        return tuple(_item(part, hint, one) for one in element)
    if part.sheet:
        return read(part.sheet, _class(hint), element, part.name)
    text = element.text or ""
    if part.kind == "int":
        return int(text)
    if part.kind == "bool":
        return {"true": True, "false": False}[text]
    if part.kind == "time":
        assert text.endswith("Z"), f"{part.name} is a time in UTC"
        return datetime.fromisoformat(text)
    if part.kind in ("64", "bytes"):
        data = base64.b64decode(text, validate=True)
        return data.decode() if part.kind == "64" else data
    return text
