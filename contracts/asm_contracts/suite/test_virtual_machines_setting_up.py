"""What a virtual machine cannot be set up with: names, users and passwords that the service refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from asm_contracts.areas.security_groups import CreateNetworkSecurityGroup
from asm_contracts.evidence import assumed, documented, quoted
from asm_contracts.roles import (
    SSH,
    EndpointAcl,
    LoadBalancerProbe,
    NetworkConfigurationSet,
    PersistentVMRole,
    PublicKey,
    Rule,
    WindowsProvisioningConfigurationSet,
)
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import endpoint, linux_role, machine_parts, make_machines, nothing_made, one_machine
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import (
    LOCATION,
    blob,
    make_hosted_service,
    make_os_image,
    make_storage_account,
    refused,
    refused_with,
)

COMPUTER = "The computer name cannot be more than 15 characters long, be entirely numeric, or contain the following"
PASSWORD = "The supplied password must be 6-72 characters long and meet password complexity requirements."


def changed(role: PersistentVMRole, **changes: Any) -> PersistentVMRole:
    """A role whose provisioning says something else."""
    first, *others = role.configuration_sets or ()
    return replace(role, configuration_sets=(replace(first, **changes), *others))


def windows_role(name: str, image: str, media_link: str, **changes: Any) -> PersistentVMRole:
    """A Windows machine."""
    setting = WindowsProvisioningConfigurationSet(
        configuration_set_type="WindowsProvisioningConfiguration",
        computer_name=name[:15],
        admin_password="Pa55-word-1",
        admin_username="azureuser",
    )
    role = linux_role(name, image, media_link)
    return replace(role, configuration_sets=(replace(setting, **changes),))


def is_refused(azure: Azure, names: Names, service: str, role: PersistentVMRole, text: str = "") -> None:
    """A deployment of this machine is refused, with this beginning of a text if one is known, and nothing is made."""
    with nothing_made(azure, service), refused_with(400) as found:
        azure.create_virtual_machine_deployment(service, one_machine(names, role))
    assert found.message.startswith(text)


@quoted("code and text, of a Linux machine")
def test_passwords_of_linux(azure: Azure, names: Names) -> None:
    service, account, image = machine_parts(azure, names)
    role = linux_role(names.free(), image, blob(account, "vhd"))
    for password in ("Pa5-d", "P5-" + "x" * 70, "only-small-letters"):
        is_refused(azure, names, service, changed(role, user_password=password), PASSWORD)


@documented("8 to 123 characters, of three kinds of four")
def test_passwords_of_windows(azure: Azure, names: Names) -> None:
    account, service = make_storage_account(azure, names), make_hosted_service(azure, names)
    image = make_os_image(azure, names, account, os="Windows")
    for password in ("Pa55-wo", "P5-" + "x" * 121, "only-small-letters"):
        role = windows_role(names.free(), image, blob(account, "vhd"), admin_password=password)
        is_refused(azure, names, service, role)


@documented("the names that images of Linux have, and the service's words for them")
def test_users_that_linux_has_already(azure: Azure, names: Names) -> None:
    service, account, image = machine_parts(azure, names)
    role = linux_role(names.free(), image, blob(account, "vhd"))
    for user in ("root", "daemon"):
        is_refused(azure, names, service, changed(role, user_name=user), f"Failed to create user {user}")


@documented("names that no administrator can have")
@assumed("that this service refused them as the one that came after it does")
def test_administrators_that_cannot_be(azure: Azure, names: Names) -> None:
    account, service = make_storage_account(azure, names), make_hosted_service(azure, names)
    image = make_os_image(azure, names, account, os="Windows")
    for user in ("Administrator", "admin", "guest", "user1", "x" * 21):
        is_refused(azure, names, service, windows_role(names.free(), image, blob(account, "v"), admin_username=user))


@assumed("a machine without password and key would be of no use to anybody")
def test_nobody_could_log_in(azure: Azure, names: Names) -> None:
    service, account, image = machine_parts(azure, names)
    role = linux_role(names.free(), image, blob(account, "vhd"))
    for disabled in (True, False):
        nobody = changed(role, user_password=None, disable_ssh_password_authentication=disabled)
        is_refused(azure, names, service, nobody)


@quoted("code and text")
def test_a_key_is_one_of_the_services_certificates(azure: Azure, names: Names) -> None:
    service, account, image = machine_parts(azure, names)
    nobodys = "0123456789ABCDEF0123456789ABCDEF01234567"
    keys = SSH(public_keys=(PublicKey(fingerprint=nobodys, path="/home/azureuser/.ssh/authorized_keys"),))
    role = changed(linux_role(names.free(), image, blob(account, "vhd")), ssh=keys)
    is_refused(azure, names, service, role, f"The certificate with thumbprint {nobodys.lower()} was not found.")


@quoted("a password that cannot be used over SSH is accepted all the same")
def test_a_password_without_ssh(azure: Azure, names: Names) -> None:
    service, account, image = machine_parts(azure, names)
    role = linux_role(names.free(), image, blob(account, "vhd"))
    body = one_machine(names, changed(role, disable_ssh_password_authentication=True))
    azure.wait(azure.create_virtual_machine_deployment(service, body))


@quoted("the beginning of the text")
@pytest.mark.parametrize("computer", ["x" * 16, "1234567", "under_score"])
def test_computers_that_cannot_be_called_so(azure: Azure, names: Names, computer: str) -> None:
    account, service = make_storage_account(azure, names), make_hosted_service(azure, names)
    image = make_os_image(azure, names, account, os="Windows")
    role = windows_role(names.free(), image, blob(account, "vhd"), computer_name=computer)
    is_refused(azure, names, service, role, COMPUTER)


@quoted("code and text, of a name with dots")
def test_a_role_name_has_no_dots(azure: Azure, names: Names) -> None:
    service, account, image = machine_parts(azure, names)
    name = f"{names.free()}.dot"
    role = linux_role(name, image, blob(account, "vhd"))
    text = f"Parameter value '{name}' specified for parameter 'RoleName' is invalid."
    with nothing_made(azure, service), refused(400, "BadRequest", text):
        azure.create_virtual_machine_deployment(service, one_machine(names, role))


@assumed("the limit is that of the service that came after this one")
def test_the_name_of_an_availability_set_has_an_end(azure: Azure, names: Names) -> None:
    service, account, image = machine_parts(azure, names)
    role = replace(linux_role(names.free(), image, blob(account, "vhd")), availability_set_name="x" * 81)
    is_refused(azure, names, service, role)
    machines = make_machines(azure, names, ready=False)
    change = PersistentVMRole(role_name=machines.roles[0], availability_set_name="x" * 81)
    with refused_with(400):
        azure.update_role(machines.service, machines.deployment, machines.roles[0], change)


@documented("the least interval and timeout of a probe, and how a load can be distributed")
@pytest.mark.parametrize(
    "setting",
    [
        {"load_balancer_probe": LoadBalancerProbe(port=80, protocol="tcp", interval_in_seconds=4)},
        {"load_balancer_probe": LoadBalancerProbe(port=80, protocol="tcp", timeout_in_seconds=10)},
        {"load_balancer_distribution": "fair"},
    ],
    ids=["interval", "timeout", "distribution"],
)
def test_endpoints_that_cannot_be(azure: Azure, names: Names, setting: dict[str, Any]) -> None:
    service, account, image = machine_parts(azure, names)
    balanced = replace(endpoint("e", 80), load_balanced_endpoint_set_name="set", **setting)
    is_refused(azure, names, service, linux_role(names.free(), image, blob(account, "vhd"), endpoints=(balanced,)))


@documented("groups guard, and machines forward, in virtual networks only")
@pytest.mark.parametrize("setting", ["group", "forwarding"])
def test_what_only_machines_in_a_network_have(azure: Azure, names: Names, setting: str) -> None:
    service, account, image = machine_parts(azure, names)
    role = linux_role(names.free(), image, blob(account, "vhd"))
    if setting == "group":
        group = names.of("security group")
        azure.wait(
            azure.create_network_security_group(CreateNetworkSecurityGroup(name=group, label="l", location=LOCATION))
        )
        network = NetworkConfigurationSet(configuration_set_type="NetworkConfiguration", network_security_group=group)
    else:
        network = NetworkConfigurationSet(configuration_set_type="NetworkConfiguration", ip_forwarding="Enabled")
    is_refused(azure, names, service, replace(role, configuration_sets=(*(role.configuration_sets or ()), network)))


@documented("150 endpoints in a service, 50 rules for one")
def test_how_many_endpoints_and_rules(azure: Azure, names: Names) -> None:
    service, account, image = machine_parts(azure, names)
    many = tuple(endpoint(f"e{port}", port) for port in range(1001, 1152))
    role = linux_role(names.free(), image, blob(account, "vhd"), endpoints=many)
    is_refused(azure, names, service, role)
    rules = tuple(Rule(order=order, action="deny", remote_subnet=f"10.0.{order}.0/24") for order in range(51))
    guarded = replace(endpoint("e", 80), endpoint_acl=EndpointAcl(rules=rules))
    is_refused(azure, names, service, linux_role(names.free(), image, blob(account, "vhd"), endpoints=(guarded,)))
