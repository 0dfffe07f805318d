"""Who can log in to a machine, and what it is given for its set-up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.certificates import CertificateFile
from asm_contracts.areas.virtual_machines import CaptureRoleOperation, ShutdownRoleOperation
from asm_contracts.errors import BadRequest
from asm_contracts.roles import (
    SSH,
    CertificateSetting,
    KeyPair,
    LinuxProvisioningConfigurationSet,
    PersistentVMRole,
    PublicKey,
)
from asm_contracts.suite.sample_certificate import CER, THUMBPRINT
from asm_emulator.catalogue.user_names import OF_LINUX, RESERVED

LINUX_PASSWORD = "The supplied password must be 6-72 characters long and meet password complexity requirements."
WINDOWS_PASSWORD = "The supplied password must be 8-123 characters long and meet password complexity requirements."
USER = "The user name is invalid. It must have between 1 and 32 ASCII characters."
ADMINISTRATOR = (
    "Windows admin user name cannot be more than 20 characters long, end with a period(.), or contain the "
    'following characters: \\ / " [ ] : | < > + = ; , ? * @.'
)
RESERVED_ADMINISTRATOR = "The Admin Username specified is not allowed."
CUSTOM_DATA = "The custom data is too large. It may have at most 65535 bytes."
KEY = "An SSH key needs a fingerprint and a path."
NO_LOGIN = "Authentication using either SSH or by user name and password must be enabled in Linux profile."
NO_PASSWORD = "A user password is needed unless password authentication over SSH is disabled."
STORE = "A stored certificate needs the store location LocalMachine, a store name and a thumbprint."


def with_set(role: PersistentVMRole, **change: Any) -> PersistentVMRole:
    assert role.configuration_sets is not None
    return replace(role, configuration_sets=(replace(role.configuration_sets[0], **change),))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"user_name": None}, USER),
        ({"user_name": "x" * 33}, USER),
        ({"user_name": "jürgen"}, USER),
        ({"user_name": "root"}, "Failed to create user root."),
        ({"user_name": "WWW-data"}, "Failed to create user WWW-data."),
        ({"user_name": "user1"}, "Failed to create user user1."),
        ({"user_password": "Sh0r!"}, LINUX_PASSWORD),
        ({"user_password": "Aa1" + "x" * 70}, LINUX_PASSWORD),
        ({"user_password": "onlylowercase1"}, LINUX_PASSWORD),
        ({"user_password": None}, NO_PASSWORD),
        ({"user_password": None, "disable_ssh_password_authentication": True}, NO_LOGIN),
        ({"user_password": "", "disable_ssh_password_authentication": None}, NO_LOGIN),
        ({"user_password": None, "disable_ssh_password_authentication": None, "ssh": SSH(public_keys=())}, NO_LOGIN),
        ({"ssh": SSH(public_keys=(PublicKey(path="/x"),))}, KEY),
        ({"ssh": SSH(key_pairs=(KeyPair(fingerprint=THUMBPRINT),))}, KEY),
        ({"custom_data": b"x" * 65536}, CUSTOM_DATA),
    ],
)
def test_linux_machines_that_nobody_could_use(
    machines: Any, refused: Any, change: dict[str, Any], message: str
) -> None:
    with refused(BadRequest, message):
        machines.begin(with_set(machines.linux(), **change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"admin_password": None}, WINDOWS_PASSWORD),
        ({"admin_password": "Sh0rt!"}, WINDOWS_PASSWORD),
        ({"admin_password": "onlylowercase1"}, WINDOWS_PASSWORD),
        ({"admin_password": "Aa1" + "x" * 121}, WINDOWS_PASSWORD),
        ({"admin_username": "Administrator"}, RESERVED_ADMINISTRATOR),
        ({"admin_username": "guest"}, RESERVED_ADMINISTRATOR),
        ({"admin_username": "x" * 21}, ADMINISTRATOR),
        ({"admin_username": "boss."}, ADMINISTRATOR),
        ({"admin_username": "a@b"}, ADMINISTRATOR),
        ({"stored_certificate_settings": (CertificateSetting(store_location="CurrentUser", store_name="My"),)}, STORE),
        ({"stored_certificate_settings": (CertificateSetting(store_location="LocalMachine", store_name="My"),)}, STORE),
        ({"custom_data": b"x" * 65536}, CUSTOM_DATA),
    ],
)
def test_windows_machines_that_nobody_could_use(
    machines: Any, refused: Any, change: dict[str, Any], message: str
) -> None:
    with refused(BadRequest, message):
        machines.begin(with_set(machines.windows(), **change))


@pytest.mark.parametrize(
    "change",
    [
        {"user_password": "Passw0rd", "disable_ssh_password_authentication": False},
        {"user_password": "mypassword", "disable_ssh_password_authentication": None},
        {"user_password": "mypassword", "disable_ssh_password_authentication": True},
        {"user_password": None, "disable_ssh_password_authentication": True},
        {"user_password": None, "disable_ssh_password_authentication": None},
        {"user_password": "Aa1" + "x" * 69, "user_name": "x" * 32, "custom_data": b"x" * 65535},
    ],
)
def test_ways_to_log_in(machines: Any, azure: Client, change: dict[str, Any]) -> None:
    machines.end(azure.add_service_certificate("svc", CertificateFile(data=CER, certificate_format="cer", password="")))
    keys = SSH(public_keys=(PublicKey(fingerprint=THUMBPRINT, path="/home/azureuser/.ssh/authorized_keys"),))
    machines.create(with_set(machines.linux(), **{"ssh": None if change.get("user_password") else keys, **change}))
    assert machines.state() == ("ReadyRole", "Started")


def test_an_administrator_may_keep_the_name_that_windows_gives(machines: Any) -> None:
    machines.create(with_set(machines.windows(), admin_username=None))
    assert machines.state() == ("ReadyRole", "Started")


def test_reserved_names_are_known_in_any_case() -> None:
    assert all(name == name.lower() for name in RESERVED | OF_LINUX)


def test_a_machine_that_is_set_up_again_is_judged_alike(machines: Any, azure: Client, refused: Any) -> None:
    machines.create()
    machines.end(azure.shutdown_role("svc", "dep", "vm1", ShutdownRoleOperation()))

    def capture(user: str, label: str = "l") -> CaptureRoleOperation:
        return CaptureRoleOperation(
            post_capture_action="Reprovision",
            target_image_label=label,
            target_image_name="again",
            provisioning_configuration=LinuxProvisioningConfigurationSet(
                configuration_set_type="LinuxProvisioningConfiguration",
                user_name=user,
                user_password="Passw0rd",
                disable_ssh_password_authentication=False,
            ),
        )

    with refused(BadRequest, "Failed to create user daemon."):
        azure.capture_role("svc", "dep", "vm1", capture("daemon"))
    with refused(BadRequest, "The label is invalid. It must have between 1 and 100 characters."):
        azure.capture_role("svc", "dep", "vm1", capture("azureuser", "x" * 101))
