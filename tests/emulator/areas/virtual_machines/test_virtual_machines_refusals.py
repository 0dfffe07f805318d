"""What may not be asked of a new virtual machine: status, code and text of the refusal, and that nothing changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.security_groups import CreateNetworkSecurityGroup
from asm_contracts.areas.virtual_machines import CreateVirtualMachineDeployment, StartRoleOperation
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError, InvalidXmlRequest, ResourceNotFound
from asm_contracts.roles import (
    SSH,
    AssignPublicIP,
    CertificateSetting,
    ConfigurationSet,
    DataVirtualHardDisk,
    EndpointAcl,
    InputEndpoint,
    KeyPair,
    Listener,
    LoadBalancerProbe,
    OSVirtualHardDisk,
    PersistentVMRole,
    PublicKey,
    ResourceExtensionReference,
    Rule,
    WindowsProvisioningConfigurationSet,
    WinRM,
)

VHDS = "https://disksofvms.blob.core.windows.net/vhds"
LINUX = "OpenLogic__OpenLogic-CentOS-62-20120531-en-us-30GB.vhd"
INCORRECT = "A parameter was incorrect"
HOST = "The host name is invalid. It must have between 1 and 64 letters, digits, hyphens and dots."
COMPUTER = (
    "The computer name cannot be more than 15 characters long, be entirely numeric, or contain the following "
    "characters: ` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : . ' \" , < > / ?."
)
PARAMETER = "Parameter value '{}' specified for parameter '{}' is invalid."
PRINT = "0123456789ABCDEF0123456789ABCDEF01234567"
NO_CERTIFICATE = f"The certificate with thumbprint {PRINT.lower()} was not found."


# -- the deployment ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"deployment_slot": "staging"}, "Virtual machines can be deployed only to the production slot."),
        ({"deployment_slot": "garage"}, "Virtual machines can be deployed only to the production slot."),
        ({"name": "instance_B"}, "The deployment name is invalid."),
        ({"label": ""}, "The label is invalid. It must have between 1 and 100 characters."),
        ({"label": "x" * 101}, "The label is invalid. It must have between 1 and 100 characters."),
        ({"role_list": ()}, "A deployment needs at least one role."),
    ],
)
def test_wrong_deployments(machines: Any, azure: Client, refused: Any, change: dict[str, Any], message: str) -> None:
    body = CreateVirtualMachineDeployment(
        name="dep", deployment_slot="production", label="x", role_list=(machines.linux(),)
    )
    with refused(BadRequest, message):
        azure.create_virtual_machine_deployment("svc", replace(body, **change))


def test_a_service_is_needed_and_its_slot_must_be_free(machines: Any, azure: Client, refused: Any) -> None:
    with refused(ResourceNotFound, "The hosted service does not exist."):
        machines.begin(machines.linux(), service="nowhere")
    machines.begin(machines.linux())
    with refused(ConflictError, "The specified deployment slot Production is occupied."):
        machines.begin(machines.linux("vm2"), name="other")
    azure.create_hosted_service(CreateHostedService(service_name="going", label="x", location="West US"))
    azure.delete_hosted_service_and_media("going")
    with refused(ConflictError, "The hosted service going is being deleted."):
        machines.begin(machines.linux("vm3"), service="going")


def test_roles_have_names_of_their_own(machines: Any, refused: Any) -> None:
    with refused(BadRequest, "The role name VM1 is used more than once in the deployment."):
        machines.begin(machines.linux("vm1"), machines.linux("VM1"))


def test_cores_are_limited(machines: Any, refused: Any) -> None:
    with refused(
        ForbiddenError,
        "The subscription policy limit for resource type 'cores count' was exceeded. The limit for resource type "
        "'cores count' is 20 per subscription, the current count is 0, and the requested increment is 24.",
    ):
        machines.begin(*(machines.linux(name, role_size="A7") for name in "abc"))


# -- the role ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"role_name": None}, PARAMETER.format("", "RoleName")),
        ({"role_name": "a b"}, PARAMETER.format("a b", "RoleName")),
        ({"role_name": "a.b"}, PARAMETER.format("a.b", "RoleName")),
        ({"role_name": "x" * 65}, PARAMETER.format("x" * 65, "RoleName")),
        ({"availability_set_name": "x" * 81}, PARAMETER.format("x" * 81, "AvailabilitySetName")),
        ({"availability_set_name": "_set"}, PARAMETER.format("_set", "AvailabilitySetName")),
        ({"availability_set_name": "set."}, PARAMETER.format("set.", "AvailabilitySetName")),
        (
            {
                "os_virtual_hard_disk": OSVirtualHardDisk(
                    source_image_name=LINUX, media_link=f"{VHDS}/x.vhd", disk_label="x" * 101
                )
            },
            "The label is invalid. It must have between 1 and 100 characters.",
        ),
        ({"role_type": "WebRole"}, "The role type WebRole is invalid for a virtual machine."),
        ({"role_size": "Enormous"}, "The role size Enormous is invalid, or it is not available in this location."),
        ({"os_virtual_hard_disk": None}, "A role needs an image, a disk or a blob to start from."),
        (
            {"os_virtual_hard_disk": OSVirtualHardDisk(media_link=f"{VHDS}/x.vhd")},
            "The operating system of the disk must be specified.",
        ),
        (
            {"os_virtual_hard_disk": OSVirtualHardDisk(source_image_name=LINUX)},
            "The media link of the disk must be specified.",
        ),
        (
            {"os_virtual_hard_disk": OSVirtualHardDisk(source_image_name=LINUX, media_link="ftp://x/y/z")},
            "The media link ftp://x/y/z is not the address of a blob in a storage account.",
        ),
        (
            {"os_virtual_hard_disk": OSVirtualHardDisk(source_image_name=LINUX, remote_source_image_link="https://x")},
            "SourceImageName and RemoteSourceImageLink cannot both be specified.",
        ),
        ({"vm_image_name": "any"}, "A role is made from a VM image or from an OS disk, not from both."),
        (
            {"configuration_sets": None},
            "A provisioning configuration is needed to create a role from a generalized image.",
        ),
        (
            {"os_virtual_hard_disk": OSVirtualHardDisk(media_link=f"{VHDS}/x.vhd", os="Linux")},
            "A provisioning configuration cannot be used with a specialized image or an existing disk.",
        ),
        (
            {"configuration_sets": (ConfigurationSet(configuration_set_type="Strange"),)},
            "The configuration set type 'Strange' is not known.",
        ),
        (
            {
                "configuration_sets": (
                    WindowsProvisioningConfigurationSet(
                        configuration_set_type="WindowsProvisioningConfiguration", admin_password="Passw0rd!"
                    ),
                )
            },
            "The provisioning configuration is not for the operating system of the image.",
        ),
        (
            {"data_virtual_hard_disks": tuple(DataVirtualHardDisk(lun=n, logical_disk_size_in_gb=1) for n in range(3))},
            "The role size Small allows at most 2 data disks.",
        ),
        (
            {"data_virtual_hard_disks": (DataVirtualHardDisk(logical_disk_size_in_gb=1),) * 2},
            "The logical unit number 0 is already in use by another data disk of the role.",
        ),
    ],
)
def test_wrong_roles(machines: Any, azure: Client, refused: Any, change: dict[str, Any], message: str) -> None:
    role = replace(machines.linux(), **change)
    with refused(BadRequest, message):
        machines.begin(role)
    machines.create(machines.linux("first"))
    with refused(BadRequest, message):
        azure.add_role("svc", "dep", role)


def test_unknown_sources(machines: Any, refused: Any) -> None:
    for disk in (OSVirtualHardDisk(source_image_name="nothing", media_link=f"{VHDS}/x.vhd"),):
        with refused(ResourceNotFound, "The image with the specified name does not exist."):
            machines.begin(machines.linux(os_virtual_hard_disk=disk))
    with refused(ResourceNotFound, "The image with the specified name does not exist."):
        machines.begin(machines.linux(os_virtual_hard_disk=None, vm_image_name="nothing"))
    with refused(ResourceNotFound, "The disk with the specified name does not exist."):
        machines.begin(machines.linux(os_virtual_hard_disk=OSVirtualHardDisk(disk_name="nothing")))


def test_a_disk_in_use_or_a_blob_that_is_registered(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    used = machines.role().os_virtual_hard_disk
    disk = OSVirtualHardDisk(disk_name=used.disk_name)
    with refused(
        BadRequest,
        f"A disk with name {used.disk_name} is currently in use by virtual machine vm1 running within hosted service "
        "svc, deployment dep.",
    ):
        azure.add_role("svc", "dep", machines.linux("b", configuration_sets=None, os_virtual_hard_disk=disk))
    with refused(BadRequest, f"A lease conflict occurred with the blob {VHDS}/vm1.vhd."):
        azure.add_role(
            "svc", "dep", machines.linux("b", os_virtual_hard_disk=machines.linux("vm1").os_virtual_hard_disk)
        )
    with refused(
        ConflictError,
        f"The blob {VHDS}/vm1.vhd is already registered with image repository as the resource {used.disk_name}.",
    ):
        disk = OSVirtualHardDisk(media_link=f"{VHDS}/vm1.vhd", os="Linux")
        azure.add_role("svc", "dep", machines.linux("b", configuration_sets=None, os_virtual_hard_disk=disk))


# -- setting up -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"host_name": "x" * 65}, HOST),
        ({"host_name": "a b"}, HOST),
        ({"ssh": SSH(public_keys=(PublicKey(fingerprint=PRINT, path="/x"),))}, NO_CERTIFICATE),
        ({"ssh": SSH(key_pairs=(KeyPair(fingerprint=PRINT.lower(), path="/x"),))}, NO_CERTIFICATE),
    ],
)  # fmt: skip
def test_wrong_linux_machines(machines: Any, refused: Any, change: dict[str, Any], message: str) -> None:
    role = machines.linux()
    with refused(BadRequest, message):
        machines.begin(replace(role, configuration_sets=(replace(role.configuration_sets[0], **change),)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"computer_name": "x" * 16}, COMPUTER),
        ({"computer_name": "12345"}, COMPUTER),
        ({"computer_name": "under_score"}, COMPUTER),
        (
            {"win_rm": WinRM(listeners=(Listener(protocol="Ftp"),))},
            "The protocol 'Ftp' of a WinRM listener is not Http or Https.",
        ),
        ({"win_rm": WinRM(listeners=(Listener(protocol="Https", certificate_thumbprint=PRINT),))}, NO_CERTIFICATE),
        (
            {
                "stored_certificate_settings": (
                    CertificateSetting(store_location="LocalMachine", store_name="My", thumbprint=PRINT),
                )
            },
            NO_CERTIFICATE,
        ),
    ],
)
def test_wrong_windows_machines(machines: Any, refused: Any, change: dict[str, Any], message: str) -> None:
    role = machines.windows()
    with refused(BadRequest, message):
        machines.begin(replace(role, configuration_sets=(replace(role.configuration_sets[0], **change),)))


def test_a_computer_is_named_after_its_role(machines: Any) -> None:
    role = machines.windows("a-rather-long-name")
    machines.create(replace(role, configuration_sets=(replace(role.configuration_sets[0], computer_name=None),)))
    assert machines.instance("a-rather-long-name").host_name == "a-rather-long-n"


def test_an_extension_must_be_on_offer(machines: Any, azure: Client, refused: Any) -> None:
    def role(name: str) -> PersistentVMRole:
        reference = ResourceExtensionReference(
            reference_name="one", publisher="Microsoft.ostcextensions", name=name, version="1.*"
        )
        return machines.linux(provision_guest_agent=True, resource_extension_references=(reference,))

    text = (
        "Extension with publisher 'Microsoft.ostcextensions', type 'Nothing', and type handler version '1.*' could not "
        "be found in the extension repository."
    )
    with refused(BadRequest, text):
        machines.begin(role("Nothing"))
    machines.create(role("customscriptforlinux"))
    with refused(BadRequest, text):
        azure.update_role("svc", "dep", "vm1", replace(role("Nothing"), configuration_sets=None))


def test_remote_management_over_https_uses_one_certificate_of_the_service(machines: Any, azure: Client) -> None:
    role = machines.windows()
    https = replace(role.configuration_sets[0], win_rm=WinRM(listeners=(Listener(protocol="Https"),)))
    machines.create(replace(role, configuration_sets=(https,)))
    thumbprint = machines.role().default_win_rm_certificate_thumbprint
    assert len(thumbprint) == 40
    assert azure.get_hosted_service("svc").default_win_rm_certificate_thumbprint == thumbprint


# -- the network ------------------------------------------------------------------------------------------------------


def endpoint(**settings: Any) -> InputEndpoint:
    return InputEndpoint(**{"name": "e", "local_port": 80, "port": 80, "protocol": "tcp", **settings})


@pytest.mark.parametrize(
    ("endpoints", "message"),
    [
        ((endpoint(port=66556),), INCORRECT),
        ((endpoint(port=0),), INCORRECT),
        ((endpoint(local_port=65536),), INCORRECT),
        ((endpoint(local_port=None),), INCORRECT),
        ((endpoint(name=None),), "The name of an input endpoint must be specified."),
        ((endpoint(), endpoint(name="E", port=81)), "The input endpoint name E is used more than once in the role."),
        ((endpoint(protocol="icmp"),), "The protocol 'icmp' of an input endpoint is not tcp or udp."),
        ((endpoint(idle_timeout_in_minutes=3),), "The idle timeout must be between 4 and 30 minutes."),
        ((endpoint(idle_timeout_in_minutes=31),), "The idle timeout must be between 4 and 30 minutes."),
        ((endpoint(load_balancer_probe=LoadBalancerProbe(port=0)),), INCORRECT),
        (
            (endpoint(load_balancer_probe=LoadBalancerProbe(protocol="udp")),),
            "The protocol 'udp' of a load balancer probe is not tcp or http.",
        ),
        (
            (endpoint(load_balancer_probe=LoadBalancerProbe(protocol="http")),),
            "A load balancer probe over http needs a path.",
        ),
        (
            (endpoint(load_balancer_probe=LoadBalancerProbe(interval_in_seconds=4)),),
            "The interval of a load balancer probe must be at least 5 seconds.",
        ),
        (
            (endpoint(load_balancer_probe=LoadBalancerProbe(timeout_in_seconds=10)),),
            "The timeout of a load balancer probe must be at least 11 seconds.",
        ),
        ((endpoint(load_balancer_distribution="fair"),), "The load balancer distribution fair is not known."),
        (
            (
                endpoint(
                    endpoint_acl=EndpointAcl(
                        rules=tuple(Rule(order=n, action="deny", remote_subnet="1.0.0.0/8") for n in range(51))
                    )
                ),
            ),
            "An endpoint can have at most 50 access control rules.",
        ),
        (
            (endpoint(endpoint_acl=EndpointAcl(rules=(Rule(order=1, action="ask", remote_subnet="1.0.0.0/8"),))),),
            "The action 'ask' of an access control rule is not permit or deny.",
        ),
        (
            (endpoint(endpoint_acl=EndpointAcl(rules=(Rule(order=1, action="deny", remote_subnet="here"),))),),
            "The remote subnet 'here' is not in CIDR notation.",
        ),
        (
            (endpoint(endpoint_acl=EndpointAcl(rules=(Rule(order=1, action="deny", remote_subnet="1.0.0.0/8"),) * 2)),),
            "The order of an access control rule must be given, and be different from all others.",
        ),
        ((endpoint(load_balancer_name="none"),), "The load balancer none does not exist in the deployment."),
    ],
)
def test_wrong_endpoints(machines: Any, refused: Any, endpoints: tuple[InputEndpoint, ...], message: str) -> None:
    with refused(BadRequest, message):
        machines.begin(machines.linux(ports=endpoints))


def test_members_of_a_set_must_agree(machines: Any, refused: Any) -> None:
    one, two = (endpoint(load_balanced_endpoint_set_name="web", port=port) for port in (80, 81))
    with refused(BadRequest, "The endpoints of the load-balanced set web must have the same port, protocol and probe."):
        machines.begin(machines.linux("a", ports=(one,)), machines.linux("b", ports=(two,)))


def test_what_only_machines_in_a_network_have(machines: Any, azure: Client, refused: Any) -> None:
    machines.end(azure.create_network_security_group(CreateNetworkSecurityGroup(name="g", location="West US")))

    def role(**settings: Any) -> Any:
        made = machines.linux()
        return replace(made, configuration_sets=(*made.configuration_sets, machines.network(**settings)))

    group = "A Network Security Group can be assigned only to a virtual machine in a virtual network."
    forwarding = "IP forwarding can be set only for a virtual machine in a virtual network."
    with refused(BadRequest, group):
        machines.begin(role(network_security_group="g"))
    with refused(BadRequest, forwarding):
        machines.begin(role(ip_forwarding="Enabled"))
    with refused(BadRequest, "The State provided 'Maybe' is invalid. Allowed values are: Enabled, Disabled."):
        machines.begin(role(ip_forwarding="Maybe"))
    machines.create()
    update = PersistentVMRole(configuration_sets=(machines.network(network_security_group="g"),))
    with refused(BadRequest, group):
        azure.update_role("svc", "dep", "vm1", update)


def test_licences_are_for_windows(machines: Any, emulator: Any, refused: Any) -> None:
    newer = replace(machines, azure=emulator.client(version="2017-01-01"))
    for role, word in ((machines.linux(), "Windows_Server"), (machines.windows(), "Windows_Toaster")):
        system = "Linux" if word == "Windows_Server" else "Windows"
        with refused(BadRequest, f"The license type {word} is invalid, or it is not for a machine of {system}."):
            newer.begin(replace(role, license_type=word))
    newer.create(replace(machines.windows(), license_type="Windows_Server"))


def test_wrong_public_ips(machines: Any, refused: Any) -> None:
    def role(*addresses: AssignPublicIP) -> Any:
        made = machines.linux()
        return replace(made, configuration_sets=(*made.configuration_sets, machines.network(public_ips=addresses)))

    with refused(BadRequest, "A role can have only one public IP."):
        machines.begin(role(AssignPublicIP(name="a"), AssignPublicIP(name="b")))
    with refused(BadRequest, "The name of a public IP must be specified."):
        machines.begin(role(AssignPublicIP()))


# -- the wire ---------------------------------------------------------------------------------------------------------


def test_an_operation_must_be_one_of_those_at_its_address(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    path = f"/{machines.emulator.subscription}/services/hostedservices/svc/deployments/dep/roleinstances/vm1/Operations"
    answer = azure.transport.send(
        "POST",
        path,
        {"x-ms-version": "2014-10-01", "content-type": "application/xml"},
        b'<ExplodeRoleOperation xmlns="http://schemas.microsoft.com/windowsazure"/>',
    )
    assert (answer.status, InvalidXmlRequest.code in answer.body.decode()) == (400, True)
    azure.start_role("svc", "dep", "vm1", StartRoleOperation())


def test_machines_do_not_mix_with_packages(machines: Any, azure: Client, refused: Any, emulator: Any) -> None:
    machines.create()

    def turn(draft: Any) -> None:
        service = draft.hosted_services["svc"]
        package = replace(service.deployments["Production"], is_package=True)
        draft.hosted_services["svc"] = replace(service, deployments=service.deployments.insert("Production", package))

    emulator.engine.change(emulator.subscription, turn)
    with refused(BadRequest, "The deployment dep does not contain virtual machines."):
        azure.add_role("svc", "dep", machines.linux("vm2"))


def test_passwords_are_not_kept(machines: Any, azure: Client, emulator: Any) -> None:
    machines.create(machines.windows("a"))
    azure.add_role("svc", "dep", machines.windows("b"))
    assert "Passw0rd!" not in repr(emulator.engine.state.steps)
    machines_kept = emulator.engine.state.subscriptions[emulator.subscription].hosted_services
    assert "Passw0rd!" not in repr(dict(machines_kept.items()))
