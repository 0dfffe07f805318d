"""Package deployments: creating, reading and deleting them, on the clock and refused."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.certificates import CertificateFile
from asm_contracts.areas.deployments import CreateDeployment, Extension, ExtensionConfiguration, ExtensionRole, Swap
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.reserved_ips import CreateReservedIP
from asm_contracts.codec import xml
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, ResourceNotFound
from asm_contracts.operation import DeploymentName, DeploymentSlot
from asm_contracts.suite.sample_certificate import CER, THUMBPRINT
from asm_contracts.vocabulary import ExtendedProperty
from asm_emulator.cscfg import INVALID
from asm_emulator.emulator import Emulator
from asm_emulator.model import Subnet, VirtualNetworkSite
from asm_emulator.state import Draft

from .conftest import PACKAGE_URL

NONE = "No deployments were found."


def test_a_suspended_deployment_from_request_to_rest(packages: Any) -> None:
    asked = packages.emulator.engine.clock.now()
    properties = (ExtendedProperty(name="dep2", value="2"), ExtendedProperty(name="dep1", value="1"))
    accepted = packages.create(extended_properties=properties)
    assert accepted.location is None

    deploying = packages.read()
    assert (deploying.status, deploying.locked, deploying.url) == ("Deploying", True, None)
    assert (deploying.role_instance_list, deploying.virtual_ips) == ((), ())
    packages.ended(accepted)

    found = packages.read()
    assert (found.name, found.deployment_slot, found.status, found.label) == (
        "first",
        "Production",
        "Suspended",
        "first läbel",
    )
    assert found.url == "http://packages.cloudapp.net/"
    assert found.private_id == deploying.private_id and len(found.private_id or "") == 32
    assert found.configuration == packages.configuration()
    assert (found.locked, found.rollback_allowed, found.upgrade_status) == (False, False, None)
    assert found.sdk_version == "1.7.30602.1703"
    assert found.extended_properties == properties
    assert (found.created_time, found.last_modified_time) == (asked, asked + timedelta(seconds=46))
    assert found.upgrade_domain_count == 2
    (role,) = found.role_list or ()
    assert (role.role_name, role.os_version) == ("Worker", "WA-GUEST-OS-2.40_201506-01")
    (vip,) = found.virtual_ips or ()
    assert (vip.is_dns_programmed, vip.name) == (True, "__PseudoBackEndContractVip")
    assert found.internal_dns_suffix is None
    instances = found.role_instance_list or ()
    assert [(one.instance_name, one.instance_upgrade_domain, one.instance_fault_domain) for one in instances] == [
        ("Worker_IN_0", 0, 0),
        ("Worker_IN_1", 1, 1),
    ]
    assert {one.instance_size for one in instances} == {"Small"}
    assert len({one.ip_address for one in instances}) == 2
    assert set(packages.states().values()) == {("CreatingVM", "Stopped")}

    packages.rest()
    assert set(packages.states().values()) == {("StoppedVM", "Stopped")}
    assert packages.read().status == "Suspended"


def test_a_started_deployment_comes_up(packages: Any) -> None:
    packages.create(start_deployment=True)
    packages.ended()
    assert packages.read().status == "Running"
    seen = [packages.states()["Worker_IN_0"]]
    for _ in range(300):
        packages.wait(1)
        state = packages.states()["Worker_IN_0"]
        if state != seen[-1]:
            seen.append(state)
    assert seen == [
        ("CreatingVM", "Starting"),
        ("StartingVM", "Starting"),
        ("BusyRole", "Started"),
        ("ReadyRole", "Started"),
    ]
    assert packages.read().status == "Running"


def test_both_slots_by_name_and_by_slot(packages: Any, azure: Client) -> None:
    packages.made("first", "Production")
    packages.made("second", "staging")
    assert packages.read(DeploymentSlot("Staging")) == packages.read(DeploymentName("SECOND"))
    assert packages.read(DeploymentSlot("Production")).name == "first"
    staging = packages.read(DeploymentSlot("Staging"))
    assert staging.deployment_slot == "Staging"
    assert staging.url == f"http://{staging.private_id}.cloudapp.net/"
    embedded = azure.get_hosted_service("packages", embed_detail=True)
    assert [one.deployment_slot for one in embedded.deployments or ()] == ["Production", "Staging"]


def network(configured: bytes, inside: str) -> bytes:
    end = b"</ServiceConfiguration>"
    return configured.replace(end, f"<NetworkConfiguration>{inside}</NetworkConfiguration>".encode() + end)


def test_a_reserved_address_of_the_configuration(packages: Any, azure: Client, refused: Any) -> None:
    azure.create_reserved_ip_address(CreateReservedIP(name="ip", location="West US"))
    packages.ended()
    reserved = '<AddressAssignments><ReservedIPs><ReservedIP name="IP"/></ReservedIPs></AddressAssignments>'
    configured = network(packages.configuration(), reserved)
    found = packages.made(configuration=configured)
    kept = azure.get_reserved_ip_address("ip")
    (vip,) = found.virtual_ips
    assert found.reserved_ip_name == "ip"
    assert (vip.address, vip.name, vip.is_reserved, vip.reserved_ip_name) == (kept.address, "ip", True, "ip")
    assert (kept.in_use, kept.deployment_name) == (True, "first")
    with refused(
        ConflictError, "The reserved IP ip is already in use by the deployment first of the hosted service packages."
    ):
        packages.create("second", "Staging", configuration=configured)

    packages.made("second", "Staging")
    packages.ended(azure.swap_deployment("packages", Swap(production="first", source_deployment="second")))
    assert azure.get_reserved_ip_address("ip").deployment_name == "second"
    assert packages.read(DeploymentName("second")).virtual_ips == (vip,)
    assert packages.read(DeploymentName("first")).reserved_ip_name is None
    packages.ended(azure.delete_deployment("packages", DeploymentName("second")))
    assert azure.get_reserved_ip_address("ip").in_use is not True


def test_a_virtual_network_must_exist(packages: Any, emulator: Emulator, refused: Any) -> None:
    configured = network(packages.configuration(), '<VirtualNetworkSite name="NET"/>')
    with refused(BadRequest, "The virtual network NET does not exist."):
        packages.create(configuration=configured)

    def add(draft: Draft) -> None:
        draft.virtual_networks["net"] = VirtualNetworkSite(name="net", id="an id", address_prefixes=("10.0.0.0/8",))

    emulator.engine.change(emulator.subscription, add)
    found = packages.made(configuration=configured)
    assert (found.virtual_network_name, found.virtual_network_id) == ("net", "an id")


def test_a_virtual_network_must_be_where_the_service_is(packages: Any, emulator: Emulator, refused: Any) -> None:
    def add(draft: Draft) -> None:
        draft.virtual_networks["net"] = VirtualNetworkSite(
            name="net", id="an id", address_prefixes=("10.0.0.0/8",), location="East Asia"
        )

    emulator.engine.change(emulator.subscription, add)
    text = (
        "The virtual network net is in East Asia, but the hosted service packages is in West US: "
        "they must be in the same location."
    )
    with refused(BadRequest, text):
        packages.create(configuration=network(packages.configuration(), '<VirtualNetworkSite name="net"/>'))


def with_certificate(configured: bytes, thumbprint: str) -> bytes:
    named = f'<Certificates><Certificate name="c" thumbprint="{thumbprint}" thumbprintAlgorithm="sha1"/></Certificates>'
    return configured.replace(b"</Role>", named.encode() + b"</Role>")


def test_certificates_of_the_configuration_are_the_services(
    packages: Any, azure: Client, emulator: Emulator, refused: Any
) -> None:
    text = f"The certificate with thumbprint {THUMBPRINT.lower()} was not found."
    configured = with_certificate(packages.configuration(), THUMBPRINT)
    with refused(BadRequest, text):
        packages.create(configuration=configured)
    packages.made()
    with refused(BadRequest, text):
        packages.change(configuration=configured)
    with refused(BadRequest, text):
        packages.upgrade(configuration=configured)
    azure.add_service_certificate("packages", CertificateFile(data=CER, certificate_format="cer", password=""))
    emulator.advance(timedelta(minutes=5))
    packages.change(configuration=configured)


def test_subnets_of_the_configuration_are_the_networks(packages: Any, emulator: Emulator, refused: Any) -> None:
    def placed(role: str, subnet: str, site: str = '<VirtualNetworkSite name="net"/>') -> bytes:
        where = f'<InstanceAddress roleName="{role}"><Subnets><Subnet name="{subnet}"/></Subnets></InstanceAddress>'
        return network(packages.configuration(), f"{site}<AddressAssignments>{where}</AddressAssignments>")

    def add(draft: Draft) -> None:
        subnets = (Subnet(name="one", address_prefix="10.0.0.0/24"), Subnet(name="two", address_prefix="10.0.1.0/24"))
        draft.virtual_networks["net"] = VirtualNetworkSite(
            name="net", id="an id", address_prefixes=("10.0.0.0/8",), subnets=subnets, location="West US"
        )

    emulator.engine.change(emulator.subscription, add)
    with refused(BadRequest, "Subnets can be specified only in a virtual network."):
        packages.create(configuration=placed("Worker", "one", site=""))
    with refused(BadRequest, "The subnet three does not exist in the virtual network net."):
        packages.create(configuration=placed("Worker", "three"))
    with refused(BadRequest, "The role Other in the network configuration does not exist."):
        packages.create(configuration=placed("Other", "one"))
    found = packages.made(configuration=placed("WORKER", "TWO"))
    assert [one.ip_address for one in found.role_instance_list] == ["10.0.1.4", "10.0.1.5"]
    with refused(BadRequest, "The subnet three does not exist in the virtual network net."):
        packages.change(configuration=placed("Worker", "three"))


def test_several_roles_and_many_instances(packages: Any) -> None:
    found = packages.made(configuration=packages.configuration({"Web": 7, "Worker": 1}))
    web = [one for one in found.role_instance_list or () if one.role_name == "Web"]
    assert [one.instance_upgrade_domain for one in web] == [0, 1, 2, 3, 4, 0, 1]
    assert [one.instance_fault_domain for one in web] == [0, 1, 0, 1, 0, 1, 0]
    assert found.upgrade_domain_count == 5
    assert [role.role_name for role in found.role_list or ()] == ["Web", "Worker"]


@pytest.mark.parametrize(
    ("attributes", "version"),
    [
        ({"osFamily": "3", "osVersion": "*"}, "WA-GUEST-OS-3.28_201506-01"),
        ({"osFamily": "2", "osVersion": "WA-GUEST-OS-2.39_201505-02"}, "WA-GUEST-OS-2.39_201505-02"),
    ],
)
def test_the_operating_system_comes_from_the_configuration(
    packages: Any, attributes: dict[str, str], version: str
) -> None:
    found = packages.made(configuration=packages.configuration(**attributes))
    assert [role.os_version for role in found.role_list or ()] == [version]


@pytest.mark.parametrize("key", [DeploymentName("FIRST"), DeploymentSlot("Production")])
@pytest.mark.parametrize("media", [False, True])
def test_deletion(packages: Any, azure: Client, key: Any, media: bool) -> None:
    packages.made()
    delete = azure.delete_deployment_and_media if media else azure.delete_deployment
    accepted = delete("packages", key)
    assert packages.read().status == "Deleting"
    packages.ended(accepted)
    with pytest.raises(ResourceNotFound, match=NONE):
        packages.read()
    assert azure.get_hosted_service("packages", embed_detail=True).deployments == ()
    packages.made()  # slot and name are free again


def test_steps_of_a_deployment_that_is_gone_do_nothing(packages: Any, azure: Client) -> None:
    packages.create(start_deployment=True)
    packages.ended()
    packages.ended(azure.delete_deployment("packages", DeploymentName("first")))
    packages.create()
    packages.ended()
    packages.wait(20)
    assert set(packages.states().values()) == {("CreatingVM", "Stopped")}
    packages.rest()
    assert set(packages.states().values()) == {("StoppedVM", "Stopped")}


def test_a_deployment_can_be_asked_for_while_another_service_is_busy(packages: Any, azure: Client) -> None:
    azure.create_hosted_service(CreateHostedService(service_name="others", label="l", location="West US"))
    packages.create()
    azure.create_deployment("others", DeploymentSlot("Production"), packages.document())


# -- refusals ---------------------------------------------------------------------------------------------------------


def test_the_service_must_exist(packages: Any, azure: Client, refused: Any) -> None:
    with refused(ResourceNotFound, "The hosted service does not exist."):
        azure.create_deployment("nowhere", DeploymentSlot("Production"), packages.document())
    for read in (DeploymentSlot("Production"), DeploymentName("first")):
        with refused(ResourceNotFound, NONE):
            azure.get_deployment("packages", read)
        with refused(ResourceNotFound, NONE):
            azure.delete_deployment("packages", read)
    packages.made()
    with refused(ResourceNotFound, "The deployment name 'other' does not exist."):
        azure.delete_deployment("packages", DeploymentName("other"))
    with refused(ResourceNotFound, NONE):
        azure.delete_deployment("packages", DeploymentSlot("Staging"))


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("slot", ["Production", "Staging"])
def test_a_slot_takes_one_deployment(packages: Any, refused: Any, slot: str, settled: bool) -> None:
    packages.create("first", slot)
    if settled:
        packages.rest()
    with refused(ConflictError, f"The specified deployment slot {slot} is occupied."):
        packages.create("second", slot)


def test_a_name_serves_one_deployment_of_a_service(packages: Any, refused: Any) -> None:
    packages.made()
    with refused(ConflictError, "A deployment with the name FIRST already exists in the hosted service packages."):
        packages.create("FIRST", "Staging")


@pytest.mark.parametrize("name", ["under_score", "with space", "-begins", "", "x" * 64])
def test_a_malformed_name_is_refused(packages: Any, refused: Any, name: str) -> None:
    with refused(BadRequest, "The deployment name is invalid."):
        packages.create(name)


Configured = Callable[[Callable[..., bytes]], bytes]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: b"no xml", INVALID),
        (lambda _: b"", INVALID),
        (lambda _: b"<ServiceConfiguration/>", INVALID),
        (lambda of: of({"Worker": 0}), INVALID),
        (lambda of: of({"Worker": -1}), INVALID),
        (lambda of: b"<!DOCTYPE x>" + of().split(b"?>", 1)[1], INVALID),
        (
            lambda of: of({f"Role{number}": 1 for number in range(26)}),
            "A deployment may have at most 25 roles.",
        ),
        (lambda of: of(osFamily="9"), "The operating system family 9 is not valid."),
        (
            lambda of: of(osFamily="3", osVersion="WA-GUEST-OS-2.39_201505-02"),
            "The operating system version WA-GUEST-OS-2.39_201505-02 is not valid for the family 3.",
        ),
        (
            lambda of: of(osVersion="WA-GUEST-OS-2.0_201010-01"),
            "The operating system version WA-GUEST-OS-2.0_201010-01 is not valid for the family 2.",
        ),
    ],
)
def test_a_bad_configuration_is_refused(packages: Any, refused: Any, make: Configured, message: str) -> None:
    with refused(BadRequest, message):
        packages.create(configuration=make(packages.configuration))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"label": ""}, "The label is invalid. It must have between 1 and 100 characters."),
        ({"label": "x" * 101}, "The label is invalid. It must have between 1 and 100 characters."),
        ({"package_url": "blob"}, PACKAGE_URL),
        ({"package_url": "ftp://storage/packages/blob"}, PACKAGE_URL),
        ({"package_url": "http://[storage/blob"}, PACKAGE_URL),
        ({"package_url": "https://somebodys.blob.core.windows.net/packages/blob"}, PACKAGE_URL),
        ({"package_url": "https://example.com/blob?other=sig"}, PACKAGE_URL),
        (
            {"extended_properties": tuple(ExtendedProperty(name=f"p{number}", value="v") for number in range(26))},
            "There may be at most 25 extended properties.",
        ),
        (
            {"extension_configuration": ExtensionConfiguration(all_roles=(Extension(id="RDP"),))},
            "The extension with id RDP does not exist in the hosted service packages.",
        ),
        (
            {"extension_configuration": ExtensionConfiguration(named_roles=(ExtensionRole(role_name="Other"),))},
            "The role Other in the extension configuration does not exist.",
        ),
    ],
)
def test_a_bad_request_is_refused(packages: Any, refused: Any, fields: dict[str, Any], message: str) -> None:
    with refused(BadRequest, message):
        packages.create(**fields)


def test_twenty_five_properties_are_allowed(packages: Any) -> None:
    given = tuple(ExtendedProperty(name=f"p{number}", value="v") for number in range(25))
    assert packages.made(extended_properties=given).extended_properties == given


def test_more_cores_than_the_subscription_has_are_refused(packages: Any, refused: Any) -> None:
    packages.create("first", configuration=packages.configuration({"Worker": 15}))  # still deploying, and counted
    with refused(
        ForbiddenError,
        "The subscription policy limit for resource type 'cores count' was exceeded. The limit for resource type "
        "'cores count' is 20 per subscription, the current count is 15, and the requested increment is 6.",
    ):
        packages.create("second", "Staging", configuration=packages.configuration({"Worker": 6}))
    packages.create("second", "Staging", configuration=packages.configuration({"Worker": 5}))


def test_a_busy_deployment_refuses_and_names_the_holder(packages: Any, azure: Client, refused: Any) -> None:
    holder = packages.create().request_id
    with refused(
        ConflictError,
        f"Windows Azure is currently performing an operation with x-ms-requestid {holder} on this deployment that "
        "requires exclusive access.",
    ):
        azure.delete_deployment("packages", DeploymentName("first"))
    azure.get_deployment("packages", DeploymentName("first"))


def test_a_service_that_is_being_deleted_takes_no_deployment(packages: Any, azure: Client, refused: Any) -> None:
    azure.delete_hosted_service_and_media("packages")
    with refused(ConflictError, "The hosted service packages is being deleted."):
        packages.create()


def test_extensions_of_the_service_can_be_named(packages: Any) -> None:
    packages.add_extension("RDP")
    given = ExtensionConfiguration(
        all_roles=(Extension(id="rdp"),), named_roles=(ExtensionRole(role_name="Worker", extensions=()),)
    )
    assert packages.made(extension_configuration=given).extension_configuration == given


def test_a_request_of_the_real_client_is_understood(packages: Any) -> None:
    encoded = base64.b64encode(packages.configuration()).decode()
    body = xml.decode(
        CreateDeployment,
        (
            '<CreateDeployment xmlns:i="http://www.w3.org/2001/XMLSchema-instance" '
            'xmlns="http://schemas.microsoft.com/windowsazure"><Name>first</Name>'
            "<PackageUrl>http://s.blob.core.windows.net/c/b</PackageUrl><Label>bGFiZWw=</Label>"
            f"<Configuration>{encoded}</Configuration><StartDeployment>false</StartDeployment>"
            "<TreatWarningsAsError>false</TreatWarningsAsError></CreateDeployment>"
        ).encode(),
        strict=True,
    )
    assert (body.label, body.configuration, body.start_deployment) == ("label", packages.configuration(), False)
