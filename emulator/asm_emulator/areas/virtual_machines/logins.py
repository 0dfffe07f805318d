"""Who can log in to a machine that is set up: its first user, the password, the keys."""

from __future__ import annotations

import re
from typing import Final

from asm_contracts import roles as wire
from asm_contracts.errors import BadRequest
from asm_contracts.evidence import assumed, documented, quoted
from asm_emulator.catalogue.user_names import OF_LINUX, RESERVED

LONGEST_CUSTOM_DATA: Final = 65_535
"""Bytes, once decoded (documented)."""

_CLASSES: Final = tuple(map(re.compile, ("[a-z]", "[A-Z]", "[0-9]", r"[\W_]")))
_CLASSES_NEEDED: Final = 3
_NOT_IN_WINDOWS_NAMES: Final = re.compile(r'[\\/"\[\]:|<>+=;,?*@\x00-\x1f]')


@quoted("code and text, of Linux (azure-sdk-for-node issue 240); that of Windows follows it")
@documented("three of four kinds of characters make a password complex enough")
def check_password(password: str, shortest: int, longest: int, *, plain: bool = False) -> None:
    """BadRequest for a password too short, too long (in characters) or too plain (unless it may be `plain`)."""
    kinds = sum(bool(one.search(password)) for one in _CLASSES)
    if not shortest <= len(password) <= longest or not (plain or kinds >= _CLASSES_NEEDED):
        raise BadRequest(
            f"The supplied password must be {shortest}-{longest} characters long and meet password complexity "
            "requirements."
        )


@documented("the largest size of custom data")
@assumed("the text was never seen")
def check_custom_data(data: bytes | None) -> None:
    """BadRequest for custom data that is too large."""
    if len(data or b"") > LONGEST_CUSTOM_DATA:
        raise BadRequest(f"The custom data is too large. It may have at most {LONGEST_CUSTOM_DATA} bytes.")


# -- Windows --------------------------------------------------------------------------------------------------------


@documented("the reserved names, the length and the characters: of the API that came after this one")
@assumed("that this one refused the same names, as its clients did the first of them; the text is the later API's")
def check_windows_user(name: str | None) -> None:
    """BadRequest for an administrator that Windows cannot have.  None is its own Administrator's new name: any."""
    if name is None:
        return
    if name.lower() in RESERVED:
        raise BadRequest("The Admin Username specified is not allowed.")
    if not 1 <= len(name) <= 20 or name.endswith(".") or _NOT_IN_WINDOWS_NAMES.search(name):
        raise BadRequest(
            "Windows admin user name cannot be more than 20 characters long, end with a period(.), or contain the "
            'following characters: \\ / " [ ] : | < > + = ; , ? * @.'
        )


@documented("the one store location there is, and that store and thumbprint are needed")
@assumed("the text was never seen")
def check_stored_certificate(setting: wire.CertificateSetting) -> None:
    """BadRequest for a certificate that is to be put where no machine has a store."""
    if (setting.store_location or "").lower() != "localmachine" or not setting.store_name or not setting.thumbprint:
        raise BadRequest("A stored certificate needs the store location LocalMachine, a store name and a thumbprint.")


# -- Linux ----------------------------------------------------------------------------------------------------------


@documented("which names images have already, and the service's words for one that it cannot create")
@assumed("that the request is refused, not the machine that could not be set up; the text for a wrong length")
def check_linux_user(name: str | None) -> None:
    """BadRequest for a user that cannot be created on a Linux machine."""
    if not 1 <= len(name or "") <= 32 or not (name or "").isascii():
        raise BadRequest("The user name is invalid. It must have between 1 and 32 ASCII characters.")
    if (name or "").lower() in RESERVED | OF_LINUX:
        raise BadRequest(f"Failed to create user {name}.")


@documented("a key has the fingerprint of a certificate and a path")
@assumed("the text was never seen")
def check_keys(keys: wire.SSH) -> None:
    """BadRequest for a key that names no certificate, or not where it is to be."""
    given: list[wire.PublicKey | wire.KeyPair] = [*(keys.public_keys or ()), *(keys.key_pairs or ())]
    for one in given:
        if not (one.fingerprint and one.path):
            raise BadRequest("An SSH key needs a fingerprint and a path.")


@quoted("a password with which nobody can log in, for it is no use over SSH, is accepted (azure-xplat-cli issue 1601)")
@documented("such a password may be plain: Microsoft's own guide to this API has one")
@assumed("that without password and key the request is refused; the text is the later API's")
def check_linux_login(provisioning: wire.LinuxProvisioningConfigurationSet) -> None:
    """BadRequest for a Linux machine that nobody could ever log in to, or that asks for a password it does not have."""
    password = provisioning.user_password or None
    if password is not None:
        check_password(password, 6, 72, plain=provisioning.disable_ssh_password_authentication is not False)
        return
    if provisioning.disable_ssh_password_authentication is False:
        raise BadRequest("A user password is needed unless password authentication over SSH is disabled.")
    if not (provisioning.ssh and provisioning.ssh.public_keys):
        raise BadRequest(
            "Authentication using either SSH or by user name and password must be enabled in Linux profile."
        )
