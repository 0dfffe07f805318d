"""What a request may ask of a virtual machine: names, sizes, provisioning, certificates, network."""

from __future__ import annotations

import re
from typing import Final

from asm_contracts import roles as wire
from asm_contracts.errors import BadRequest
from asm_contracts.evidence import assumed, documented, quoted, recorded
from asm_emulator import model
from asm_emulator.areas.virtual_machines import logins
from asm_emulator.areas.virtual_machines.endpoints import check_endpoints, check_idle_timeout
from asm_emulator.catalogue import role_size
from asm_emulator.catalogue.extensions import resource_extensions
from asm_emulator.deployed import check_certificates
from asm_emulator.guards import check_forwarding
from asm_emulator.networks import check_static_address, find_site
from asm_emulator.places import location_of, region
from asm_emulator.state import Draft

CACHING: Final = {"none": "None", "readonly": "ReadOnly", "readwrite": "ReadWrite"}
LUNS: Final = 16
"""Logical units of a machine: 0 to 15, in every client."""

_ROLE_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?\Z")
_NOT_IN_COMPUTER_NAMES: Final = "` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : . ' \" , < > / ?"
_COMPUTER_NAME: Final = re.compile(r"[^`~!@#$%^&*()=+_\[\]{}\\|;:.'\",<>/?\s\x00-\x1f]{1,15}\Z")
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62}[A-Za-z0-9])?\Z")
_AVAILABILITY_SET: Final = re.compile(r"[^_\W](?:[\w.-]{0,78}\w)?\Z")

Provisioning = wire.WindowsProvisioningConfigurationSet | wire.LinuxProvisioningConfigurationSet


# -- the parts of a role --------------------------------------------------------------------------------------------


def provisioning_of(role: wire.PersistentVMRole) -> Provisioning | None:
    """The provisioning set of a role; BadRequest if it has two, or a set of an unknown kind."""
    found: Provisioning | None = None
    for one in role.configuration_sets or ():
        if isinstance(one, wire.WindowsProvisioningConfigurationSet | wire.LinuxProvisioningConfigurationSet):
            if found is not None:
                raise BadRequest("A role can have only one provisioning configuration.")
            found = one
        elif not isinstance(one, wire.NetworkConfigurationSet):
            raise BadRequest(f"The configuration set type '{one.configuration_set_type or ''}' is not known.")
    return found


def network_of(role: wire.PersistentVMRole) -> wire.NetworkConfigurationSet | None:
    """The network configuration of a role; BadRequest if it has two."""
    found = [one for one in role.configuration_sets or () if isinstance(one, wire.NetworkConfigurationSet)]
    if len(found) > 1:
        raise BadRequest("A role can have only one network configuration.")
    return found[0] if found else None


# -- checks ---------------------------------------------------------------------------------------------------------


@quoted("code and text, of a name with dots (chef-provisioning-azure issue 32)")
@assumed("which other characters it may not have; every recorded one has letters, digits and hyphens")
def check_role_name(name: str | None) -> str:
    """The name of a role; BadRequest if it cannot be one."""
    if not name or not _ROLE_NAME.match(name):
        raise BadRequest(f"Parameter value '{(name or '')[:256]}' specified for parameter 'RoleName' is invalid.")
    return name


@assumed("length and characters are those of the API that came after this one; the text follows that of role names")
def check_availability_set(name: str | None) -> None:
    """BadRequest for a name that no availability set can have; a role need not be in one."""
    if name and not _AVAILABILITY_SET.match(name):
        raise BadRequest(f"Parameter value '{name[:256]}' specified for parameter 'AvailabilitySetName' is invalid.")


@assumed("that machine roles are of type PersistentVMRole is documented; the text was never seen")
def check_role_type(role: wire.PersistentVMRole) -> None:
    """BadRequest for a role of another type."""
    if role.role_type is not None and role.role_type.lower() != "persistentvmrole":
        raise BadRequest(f"The role type {role.role_type} is invalid for a virtual machine.")


@assumed("sizes differ by region (recorded); the text of the refusal was never seen")
def check_size(draft: Draft, service: model.HostedService, size: str) -> str:
    """A role size in its own spelling; BadRequest if it does not exist, or not for machines where the service is."""
    known = role_size(size)
    place = region(draft, location_of(draft, service))
    offered = place is None or any(one.lower() == size.lower() for one in place.virtual_machines_role_sizes)
    if known is None or not known.supported_by_virtual_machines or not offered:
        raise BadRequest(f"The role size {size} is invalid, or it is not available in this location.")
    return known.name


@assumed("sizes are documented; the text of the refusal was never seen")
def check_known_size(size: str) -> None:
    """BadRequest for a role size that does not exist."""
    if role_size(size) is None:
        raise BadRequest(f"The role size {size} is invalid.")


@documented("the two words, and that they are for Windows")
@assumed("the text was never seen")
def check_license(license_type: str | None, os: str) -> None:
    """BadRequest for a licence that there is not, or not for this operating system; a machine need not have one."""
    if license_type and (os != "Windows" or license_type.lower() not in ("windows_client", "windows_server")):
        raise BadRequest(f"The license type {license_type} is invalid, or it is not for a machine of {os}.")


def check_caching(caching: str | None, default: str) -> str:
    """A kind of host caching in its own spelling; BadRequest for an unknown one."""
    if not caching:
        return default
    try:
        return CACHING[caching.lower()]
    except KeyError:
        raise BadRequest(f"The host caching {caching} is not None, ReadOnly or ReadWrite.") from None


@quoted("the beginning of the text; the list of characters is Windows' own")
def check_computer_name(name: str) -> None:
    """BadRequest for a name no Windows computer can have."""
    if not _COMPUTER_NAME.match(name) or name.isdigit():
        raise BadRequest(
            "The computer name cannot be more than 15 characters long, be entirely numeric, or contain the following "
            f"characters: {_NOT_IN_COMPUTER_NAMES}."
        )


def computer_name(role_name: str, provisioning: Provisioning) -> str:
    """What a machine is called inside; its role's name where the request does not say (documented for Windows)."""
    if isinstance(provisioning, wire.WindowsProvisioningConfigurationSet):
        return provisioning.computer_name or role_name[:15]
    return provisioning.host_name or role_name


@assumed("the limits are documented; the texts were never seen")
def check_provisioning(service: model.HostedService, role_name: str, provisioning: Provisioning) -> None:
    """BadRequest for a machine that could not be set up like this."""
    if isinstance(provisioning, wire.WindowsProvisioningConfigurationSet):
        _check_windows(role_name, provisioning)
    else:
        _check_linux(role_name, provisioning)
    check_certificates(service, thumbprints_of(provisioning))


def _check_windows(role_name: str, provisioning: wire.WindowsProvisioningConfigurationSet) -> None:
    check_computer_name(computer_name(role_name, provisioning))
    logins.check_password(provisioning.admin_password or "", 8, 123)
    logins.check_windows_user(provisioning.admin_username or None)
    logins.check_custom_data(provisioning.custom_data)
    for setting in provisioning.stored_certificate_settings or ():
        logins.check_stored_certificate(setting)
    for listener in _listeners(provisioning):
        if (listener.protocol or "").lower() not in ("http", "https"):
            raise BadRequest(f"The protocol '{listener.protocol or ''}' of a WinRM listener is not Http or Https.")


def _check_linux(role_name: str, provisioning: wire.LinuxProvisioningConfigurationSet) -> None:
    if not _HOST_NAME.match(computer_name(role_name, provisioning)):
        raise BadRequest("The host name is invalid. It must have between 1 and 64 letters, digits, hyphens and dots.")
    logins.check_linux_user(provisioning.user_name)
    if provisioning.ssh is not None:
        logins.check_keys(provisioning.ssh)
    logins.check_linux_login(provisioning)
    logins.check_custom_data(provisioning.custom_data)


def _listeners(provisioning: wire.WindowsProvisioningConfigurationSet) -> tuple[wire.Listener, ...]:
    return (provisioning.win_rm.listeners or ()) if provisioning.win_rm else ()


def wants_https(provisioning: Provisioning | None) -> bool:
    """Whether WinRM shall listen over HTTPS: such a machine shows the service's default certificate (recorded)."""
    return isinstance(provisioning, wire.WindowsProvisioningConfigurationSet) and any(
        (listener.protocol or "").lower() == "https" for listener in _listeners(provisioning)
    )


def thumbprints_of(provisioning: Provisioning | None) -> tuple[str, ...]:
    """The service certificates that a provisioning set names, in upper case."""
    found: list[str | None] = []
    if isinstance(provisioning, wire.WindowsProvisioningConfigurationSet):
        found += [one.thumbprint for one in provisioning.stored_certificate_settings or ()]
        found += [one.certificate_thumbprint for one in _listeners(provisioning)]
    elif provisioning is not None and provisioning.ssh is not None:
        found += [one.fingerprint for one in provisioning.ssh.public_keys or ()]
        found += [one.fingerprint for one in provisioning.ssh.key_pairs or ()]
    return tuple(dict.fromkeys(one.upper() for one in found if one))


@assumed("the rules are documented, the texts were never seen")
def check_network(network: wire.NetworkConfigurationSet, site: model.VirtualNetworkSite | None) -> None:
    """BadRequest for a network configuration that the machine cannot have.

    site: the virtual network the deployment is in, if it is in one
    """
    check_endpoints(network.input_endpoints or ())
    if len(network.public_ips or ()) > 1:
        raise BadRequest("A role can have only one public IP.")
    for public in network.public_ips or ():
        if not public.name:
            raise BadRequest("The name of a public IP must be specified.")
        check_idle_timeout(public.idle_timeout_in_minutes)
    subnets = [*(network.subnet_names or ())]
    for interface in network.network_interfaces or ():
        subnets += [one.subnet_name or "" for one in interface.ip_configurations or ()]
    if (subnets or network.network_interfaces) and site is None:
        raise BadRequest("Subnets and network interfaces can be specified only in a virtual network.")
    known = {one.name.lower() for one in site.subnets} if site else set()
    for subnet in subnets:
        if subnet.lower() not in known:
            raise BadRequest(f"The subnet {subnet} does not exist in the virtual network {site.name if site else ''}.")
    for forwarding in (network.ip_forwarding, *(one.ip_forwarding for one in network.network_interfaces or ())):
        if forwarding:
            check_forwarding(forwarding, inside=site is not None)
    if network.static_virtual_network_ip_address:
        check_static_address(network.static_virtual_network_ip_address, site)
    for interface in network.network_interfaces or ():
        for one in interface.ip_configurations or ():
            if one.static_virtual_network_ip_address:
                check_static_address(one.static_virtual_network_ip_address, site)


@quoted("the text, of the API that came after this one; it knows the same extensions")
@assumed("that any version of an extension that there is will do")
def check_on_offer(reference: wire.ResourceExtensionReference) -> None:
    """BadRequest for an extension that nobody has published."""
    publisher, name = (reference.publisher or "").lower(), (reference.name or "").lower()
    if all((one.publisher.lower(), one.name.lower()) != (publisher, name) for one in resource_extensions()):
        raise BadRequest(
            f"Extension with publisher '{reference.publisher}', type '{reference.name}', and type handler version "
            f"'{reference.version}' could not be found in the extension repository."
        )


@assumed("that extensions need the agent is documented; the text was never seen")
def check_extensions(
    references: tuple[wire.ResourceExtensionReference, ...] | None, provision_guest_agent: bool | None
) -> None:
    """BadRequest for extensions on a machine without the agent that runs them, or without a name."""
    if not references:
        return
    if not provision_guest_agent:
        raise BadRequest("Resource extensions need the guest agent: ProvisionGuestAgent must be true.")
    names: set[str] = set()
    for reference in references:
        if not (reference.reference_name and reference.publisher and reference.name and reference.version):
            raise BadRequest("A resource extension needs a reference name, a publisher, a name and a version.")
        if reference.reference_name.lower() in names:
            raise BadRequest(f"The resource extension reference {reference.reference_name} is given more than once.")
        names.add(reference.reference_name.lower())
        check_on_offer(reference)
        if reference.state is not None and reference.state.lower() not in ("enable", "disable", "uninstall"):
            raise BadRequest(f"The state {reference.state} of a resource extension is not known.")


@recorded("the text of a virtual network that is not there")
def site_of(draft: Draft, name: str | None) -> model.VirtualNetworkSite | None:
    """The virtual network of this name; BadRequest with the recorded text if there is none."""
    if not name:
        return None
    found = find_site(draft, name)
    if found is None:
        raise BadRequest(f"The virtual network {name} does not exist.")
    return found
