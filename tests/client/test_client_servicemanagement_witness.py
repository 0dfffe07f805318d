"""The guide's vocabulary held against the official client: same signatures, same requests, same results.

The official client never saw our declarations, so what both agree on is not our own mistake twice.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import etree

from asm_client import servicemanagement as ours
from asm_client.management import ServiceManagement
from asm_client.servicemanagement.results import present
from asm_contracts.codec import xml
from asm_contracts.document import Element, ElementType, derived, elements, is_document
from asm_contracts.operation import Operation

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from azure import servicemanagement as official
    from azure.servicemanagement import models
    from azure.servicemanagement._serialization import _MinidomXmlToObject

SUBSCRIPTION = "5d3c1a52-8b0e-4b3f-9b1e-2f6f5b0c7a11"

PLUMBING = {
    "perform_delete",
    "perform_get",
    "perform_post",
    "perform_put",
    "should_use_requests",
    "with_filter",
    "wait_for_operation_status_failure_default_callback",
    "wait_for_operation_status_progress_default_callback",
    "wait_for_operation_status_success_default_callback",
}
"""Public methods of the official client that are no calls of the service."""

CALLS = sorted(
    name
    for name in dir(official.ServiceManagementService)
    if not name.startswith("_") and name not in PLUMBING | {"timeout", "set_proxy", "wait_for_operation_status"}
)
VOCABULARY = sorted(
    name
    for name, thing in vars(ours).items()
    if name in ours.__all__
    and isinstance(thing, type)
    and isinstance(vars(official).get(name), type)
    and not issubclass(thing, Exception)
)


# -- signatures -----------------------------------------------------------------------------------------------------


def parameters(function: Callable[..., Any]) -> list[tuple[str, Any, Any]]:
    return [
        (one.name, one.kind, None if callable(one.default) else one.default)
        for one in inspect.signature(function).parameters.values()
    ]


def test_all_calls_of_the_official_client_are_there() -> None:
    assert [name for name in CALLS if not hasattr(ours.ServiceManagementService, name)] == []
    assert len(CALLS) == 96


@pytest.mark.parametrize("name", [*CALLS, "__init__", "set_proxy", "wait_for_operation_status"])
def test_a_call_has_the_official_signature(name: str) -> None:
    own, theirs = getattr(ours.ServiceManagementService, name), getattr(official.ServiceManagementService, name)
    assert parameters(own) == parameters(theirs)


@pytest.mark.parametrize("name", [name for name in VOCABULARY if name != "ServiceManagementService"])
def test_a_word_of_the_vocabulary_is_made_as_officially(name: str) -> None:
    own, theirs = getattr(ours, name), getattr(official, name)
    if issubclass(own, list):  # theirs is an object around a list
        assert len(own()) == len(theirs()) == 0
        assert getattr(own(), next(iter(vars(theirs())))) == []
        return
    assert parameters(own) == parameters(theirs)
    assert set(vars(own())) <= set(vars(theirs()))


def test_the_star_brings_what_the_guide_uses() -> None:
    brought: dict[str, Any] = {}
    exec("from asm_client.servicemanagement import *", brought)
    for name in ("ServiceManagementService", "LinuxConfigurationSet", "WindowsConfigurationSet", "OSVirtualHardDisk"):
        assert name in brought
    assert {"CaptureRoleAsVMImage", "ConfigurationSetInputEndpoint", "PublicKey", "AzureHttpError"} <= set(brought)
    assert {name for name in brought if not name.startswith("__")} == set(ours.__all__)


# -- requests -------------------------------------------------------------------------------------------------------


class Sent(Exception):
    """Raised in place of an answer: the request has been seen."""


class Recorder:
    """A session that sends nothing."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.proxies: dict[str, str] = {}

    def request(self, method: str, url: str, data: bytes | None = None, headers: Any = None, **_: Any) -> None:
        raise Sent(method, url, headers, data or b"")


def canonical(node: etree._Element) -> Any:
    """An element without what carries no meaning to the service: order of differing names, empty ones, ``i:type``."""
    if not len(node):
        return (node.text or "").strip()
    found = [(etree.QName(child).localname, canonical(child)) for child in node]
    return sorted((pair for pair in found if pair[1] not in ("", [])), key=lambda pair: pair[0])


def request_of(library: Any, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    service = library.ServiceManagementService(SUBSCRIPTION, host="h:1", request_session=Recorder())
    made = {key: value(library) if callable(value) else value for key, value in arguments.items()}
    with pytest.raises(Sent) as caught:
        getattr(service, name)(**made)
    verb, url, headers, body = caught.value.args
    parts = urlsplit(url)
    root = etree.fromstring(body) if body else None
    return {
        "verb": verb,
        "host": parts.netloc,
        "path": parts.path.rstrip("/").lower(),
        "query": sorted((key.lower(), value.lower()) for key, value in parse_qsl(parts.query)),
        "version": headers["x-ms-version"],
        "root": None if root is None else root.tag,
        "body": None if root is None else canonical(root),
    }


def linux(library: Any) -> Any:
    system = library.LinuxConfigurationSet("myhostname", "myuser", "mypassword", True, "#cloud-config")
    system.ssh.public_keys.public_keys.append(library.PublicKey("AB12", "/home/myuser/.ssh/authorized_keys"))
    system.ssh.key_pairs.key_pairs.append(library.KeyPair("CD34", "/home/myuser/.ssh/id_rsa"))
    return system


def windows(library: Any) -> Any:
    system = library.WindowsConfigurationSet("pc", "secret", True, False, "UTC", "admin", "data")
    system.domain_join.credentials.domain = "corp"
    system.domain_join.credentials.username = "joiner"
    system.domain_join.credentials.password = "joins"
    system.domain_join.join_domain = "corp.example"
    setting = library.CertificateSetting("AB12", "My", "LocalMachine")
    system.stored_certificate_settings.stored_certificate_settings.append(setting)
    system.win_rm.listeners.listeners.append(library.Listener("Https", "AB12"))
    return system


def network(library: Any) -> Any:
    found = library.ConfigurationSet()
    endpoint = library.ConfigurationSetInputEndpoint("HTTP", "tcp", "80", "8080", "set", True, 10)
    endpoint.load_balancer_probe.path = "/health"
    endpoint.load_balancer_probe.port = "8080"
    endpoint.load_balancer_probe.protocol = "http"
    found.input_endpoints.input_endpoints.append(endpoint)
    found.input_endpoints.input_endpoints.append(library.ConfigurationSetInputEndpoint("SSH", "tcp", "22", "22"))
    found.subnet_names.append("front")
    found.static_virtual_network_ip_address = "10.0.0.4"
    found.public_ips.public_ips.append(library.PublicIP("pip"))
    return found


def extensions(library: Any) -> Any:
    reference = library.ResourceExtensionReference("VMAccess", "Microsoft.OSTCExtensions", "VMAccessForLinux", "1.*")
    parameter = library.ResourceExtensionParameterValue()
    parameter.key, parameter.value, parameter.type = "k", "dg==", "Public"
    reference.resource_extension_parameter_values.resource_extension_parameter_values.append(parameter)
    return [reference]


def name_servers(library: Any) -> Any:
    server = library.DnsServer()
    server.name, server.address = "dns1", "10.0.0.9"
    return [server]


def vm_image(library: Any) -> Any:
    image = library.VMImage("img", "label", "description")
    image.os_disk_configuration.host_caching = "ReadWrite"
    image.os_disk_configuration.os_state = "Generalized"
    image.os_disk_configuration.os = "Linux"
    image.os_disk_configuration.media_link = "https://acc.blob.core.windows.net/vhds/os.vhd"
    data = library.DataDiskConfiguration()
    data.name, data.host_caching, data.lun = "disk", "None", 1
    data.media_link, data.logical_disk_size_in_gb = "https://acc.blob.core.windows.net/vhds/d.vhd", 10
    image.data_disk_configurations.data_disk_configurations.append(data)
    image.language, image.image_family, image.recommended_vm_size = "english", "fam", "Small"
    image.eula, image.icon_uri, image.small_icon_uri = "https://e", "i.png", "s.png"
    image.privacy_uri, image.published_date, image.show_in_gui = "https://p", "2015-06-01T00:00:00Z", True
    return image


def os_image(library: Any) -> Any:
    image = library.OSImage()
    image.label, image.description, image.language = "label", "description", "english"
    image.image_family, image.recommended_vm_size, image.published_date = "fam", "Small", "2015-06-01T00:00:00Z"
    return image


def capture(library: Any) -> Any:
    return library.CaptureRoleAsVMImage("Specialized", "img", "imglabel", "imgdescription", "english", "fam", "Small")


def os_disk(library: Any) -> Any:
    return library.OSVirtualHardDisk(
        "image", "https://acc.blob.core.windows.net/vhds/os.vhd", "ReadOnly", "l", "d", "Linux"
    )


def data_disks(library: Any) -> Any:
    found = library.DataVirtualHardDisk("https://acc.blob.core.windows.net/vhds/d.vhd", "None", "l", "d", 2, 10)
    return [found]


VALUES: dict[str, Any] = {
    "service_name": "my service",
    "deployment_name": "dep1",
    "deployment_slot": "production",
    "role_name": "vm1",
    "role_instance_name": "Web_IN_0",
    "role_instance_names": ["Web_IN_0", "Web_IN_1"],
    "role_names": ["vm1", "vm2"],
    "name": "myname",
    "label": "ünï label & <more>".replace("&", "and").replace("<more>", "more"),  # theirs does not escape
    "description": "what it is for",
    "location": "West US",
    "extended_properties": {"one": "1", "two": "2"},
    "embed_detail": True,
    "configuration": "PFNlcnZpY2VDb25maWd1cmF0aW9uLz4=",
    "package_url": "https://acc.blob.core.windows.net/p/app.cspkg",
    "start_deployment": True,
    "treat_warnings_as_error": True,
    "mode": "Manual",
    "force": True,
    "role_to_upgrade": "Web",
    "upgrade_domain": 1,
    "status": "Suspended",
    "production": "v1",
    "source_deployment": "v2",
    "delete_vhd": True,
    "complete": True,
    "thumbalgorithm": "SHA1",
    "thumbprint": "AB12",
    "data": "MIIB",
    "public_key": "AQID",
    "certificate_format": "pfx",
    "password": "secret",
    "account_type": "Standard_ZRS",
    "key_type": "Primary",
    "affinity_group_name": "group",
    "request_id": "0123456789abcdef0123456789abcdef",
    "start_time": "2015-07-01",
    "end_time": "2015-07-02T10:00:00Z",
    "object_id_filter": "subscriptionid",
    "operation_result_filter": "Failed",
    "continuation_token": "abc",
    "virtual_ip_name": "vip2",
    "system_config": linux,
    "network_config": network,
    "os_virtual_hard_disk": os_disk,
    "data_virtual_hard_disks": data_disks,
    "resource_extension_references": extensions,
    "dns_servers": name_servers,
    "availability_set_name": "set",
    "role_size": "Small",
    "role_type": "PersistentVMRole",
    "virtual_network_name": "vnet",
    "provision_guest_agent": True,
    "vm_image_name": "vmimage",
    "media_location": "https://acc.blob.core.windows.net/vhds",
    "reserved_ip_name": "rip",
    "post_capture_action": "Reprovision",
    "post_shutdown_action": "StoppedDeallocated",
    "target_image_name": "target",
    "target_image_label": "targetlabel",
    "provisioning_configuration": windows,
    "dns_server_name": "dns1",
    "address": "10.0.0.9",
    "publisher_name": "Microsoft.Compute",
    "extension_name": "BGInfo",
    "publisher": "Canonical",
    "category": "Public",
    "regions": ["West US", "East US"],
    "offer": "o",
    "sku": "s",
    "version": "1.0.0",
    "permission": "public",
    "options": capture,
    "vm_image": vm_image,
    "os_image": os_image,
    "image_name": "image",
    "media_link": "https://acc.blob.core.windows.net/vhds/os.vhd",
    "os": "Linux",
    "has_operating_system": None,
    "disk_name": "disk",
    "disk_label": "disklabel",
    "lun": 3,
    "updated_lun": 4,
    "host_caching": "ReadWrite",
    "logical_disk_size_in_gb": 20,
    "source_media_link": "https://acc.blob.core.windows.net/vhds/src.vhd",
}
EXCLUSIVE = {"affinity_group", "geo_replication_enabled"}
NEEDED_ANYWAY = {
    "create_hosted_service": "location",
    "create_storage_account": "location",
    "update_disk": "label",
    "add_service_certificate": "password",
}


@pytest.mark.parametrize("name", CALLS)
def test_the_same_call_with_all_its_arguments_is_the_same_request(name: str) -> None:
    wanted = inspect.signature(getattr(official.ServiceManagementService, name)).parameters
    arguments = {key: VALUES[key] for key in wanted if key != "self" and key not in EXCLUSIVE}
    assert request_of(ours, name, arguments) == request_of(official, name, arguments)


@pytest.mark.parametrize("name", CALLS)
def test_the_same_call_with_the_fewest_arguments_is_the_same_request(name: str) -> None:
    wanted = inspect.signature(getattr(official.ServiceManagementService, name)).parameters
    needed = NEEDED_ANYWAY.get(name)
    arguments = {
        key: VALUES[key]
        for key, one in wanted.items()
        if key != "self" and (one.default is inspect.Parameter.empty or key == needed)
    }
    assert request_of(ours, name, arguments) == request_of(official, name, arguments)


@pytest.mark.parametrize("config", [windows, lambda library: library.WindowsConfigurationSet("pc", "secret")])
def test_a_windows_machine_is_the_same_request(config: Any) -> None:
    arguments = {key: VALUES[key] for key in ("service_name", "deployment_name", "deployment_slot", "label")}
    arguments |= {"role_name": "vm1", "system_config": config, "os_virtual_hard_disk": os_disk}
    name = "create_virtual_machine_deployment"
    assert request_of(ours, name, arguments) == request_of(official, name, arguments)


def test_an_affinity_group_in_place_of_a_location() -> None:
    for name in ("create_hosted_service", "create_storage_account"):
        arguments = {"service_name": "svc", "label": "l", "description": "d", "affinity_group": "group"}
        assert request_of(ours, name, arguments) == request_of(official, name, arguments)
        for library in (ours, official):
            service = library.ServiceManagementService(SUBSCRIPTION, host="h", request_session=Recorder())
            with pytest.raises(ValueError, match="location"):
                getattr(service, name)(**arguments, location="West US")
            with pytest.raises(ValueError, match="location"):
                getattr(service, name)("svc", "d", "l")


# -- results --------------------------------------------------------------------------------------------------------

MOMENT = datetime(2015, 7, 2, 17, 25, 7, tzinfo=UTC)
NUMERIC_TEXTS = {"family", "progress"}

OF_THEIR_MAKING = {
    # They look for another element than the service sends:
    ("Operation", "id"),
    ("PersistentVMRole", "os_version"),
    ("Role", "os_version"),
    ("ConfigurationSet", "static_virtual_network_ip_address"),
    ("Deployment", "last_modified_time"),
    ("Deployment", "persistent_vm_downtime_info"),
    ("VirtualIP", "reserved_ip_name"),
    # A text that they read as a truth value:
    ("AvailabilityResponse", "reason"),
    # Absent: None with them, empty with us.
    ("Deployment", "input_endpoint_list"),
    ("StorageService", "capabilities"),
    ("Role", "data_virtual_hard_disks"),
    ("PublicIP", "address"),
}
"""Where ours is not as theirs, and is meant not to be."""


def filled(cls: type) -> Any:
    """A document with everything in it."""
    return cls(**{one.attribute: sample(one.type, one.attribute) for one in elements(cls)})


def sample(kind: ElementType, attribute: str) -> Any:
    match kind.kind:
        case "text" | "base64":
            return "7" if attribute in NUMERIC_TEXTS else f"a {attribute}"
        case "integer" | "long":
            return 7
        case "boolean" | "capital":
            return True
        case "time" | "precise" | "ticks" | "unzoned":
            return MOMENT
        case "bytes":
            return f"the {attribute}".encode()
        case "enum":
            return next(iter(kind.python))  # type: ignore[call-overload]
        case "document":
            return filled(kind.python)
        case _:
            assert kind.of is not None
            of = kind.of
            network = [one for one in derived(of.python) if one.__name__ == "NetworkConfigurationSet"]
            return tuple(filled(one) for one in network) if network else (sample(of, attribute),) * 2


def differences(theirs: Any, own: Any, where: tuple[str, str]) -> set[tuple[str, str]]:
    if isinstance(theirs, models.WindowsAzureData):
        if own is None:
            return {where}
        kind = type(theirs).__name__
        found: set[tuple[str, str]] = set()
        for name, value in vars(theirs).items():
            here = (kind, name)
            found |= {here} if not hasattr(own, name) else differences(value, getattr(own, name), here)
        return found
    if isinstance(theirs, list):
        if not isinstance(own, list) or len(theirs) != len(own):
            return {where}
        return {each for pair in zip(theirs, own, strict=True) for each in differences(*pair, where)}
    return set() if type(theirs) is type(own) and theirs == own else {where}


OTHER_SERVICES = {"websites", "sql", "scheduler", "service_bus", "hdinsight"}
"""Areas that the SDK has other classes for; ours stands in for one of them."""

READS = [
    one
    for one in ServiceManagement.__operations__.values()
    if one.area not in OTHER_SERVICES
    and is_document(one.returns)
    and hasattr(models, xml.root_name(xml.encode(filled(one.returns)))[1])
]


@pytest.mark.parametrize("declared", READS, ids=lambda one: one.name)
def test_a_full_document_is_the_same_result(declared: Operation) -> None:
    class Answer:
        body = xml.encode(filled(declared.returns))

    kind = getattr(models, xml.root_name(Answer.body)[1])
    theirs = _MinidomXmlToObject.parse_response(Answer, kind)
    own = present(xml.decode(declared.returns, Answer.body))
    assert differences(theirs, own, (kind.__name__, "")) <= OF_THEIR_MAKING


def least(cls: type) -> Any:
    """A document with nothing in it that may be left out."""

    def value(one: Element) -> Any:
        if one.type.kind == "document":
            return least(one.type.python)
        if one.type.kind == "list":
            of = one.type.of
            assert of is not None
            return (least(of.python),) if of.kind == "document" else ()
        return sample(one.type, one.attribute)

    return cls(**{one.attribute: value(one) for one in elements(cls) if one.required or one.marks.flat})


@pytest.mark.parametrize("declared", READS, ids=lambda one: one.name)
def test_what_a_document_lacks_can_be_printed_and_iterated(declared: Operation) -> None:
    def check(result: Any, cls: type) -> None:
        for one in elements(cls):
            is_list = len(elements(cls)) == 1 and one.marks.flat
            found = result if is_list else getattr(result, one.attribute)
            if one.type.kind == "list":
                assert one.type.of is not None
                assert isinstance(found, list | dict)
                if one.type.of.kind == "document" and isinstance(found, list):
                    for each in found:
                        check(each, one.type.of.python)
            elif one.type.kind == "document":
                assert found is None or one.required
                if found is not None:
                    check(found, one.type.python)
            elif one.type.kind in ("text", "base64", "bytes", "time", "precise", "ticks", "unzoned"):
                assert isinstance(found, int if one.attribute in NUMERIC_TEXTS else str)
            else:
                assert isinstance(found, int | str)

    check(present(least(declared.returns)), declared.returns)


def test_results_are_there_for_all_that_the_official_client_reads() -> None:
    assert len(READS) >= 40
