"""Service configurations (.cscfg): the one made up for virtual machines, and the ones that packages come with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from asm_contracts.codec import cscfg as codec
from asm_contracts.codec.cscfg import NAMESPACE, ServiceConfiguration
from asm_contracts.errors import BadRequest
from asm_contracts.evidence import assumed, documented
from asm_contracts.quoting import quoteattr
from asm_emulator import model
from asm_emulator.catalogue import default_operating_system, operating_system

MOST_ROLES: Final = 25
INVALID: Final = (
    "The specified configuration settings for Settings are invalid. Verify that the service configuration file is a "
    "valid XML file, and that role instance counts are specified as positive integers."
)


def machine_configuration(machines: tuple[model.MachineRole, ...]) -> bytes:
    """The configuration a deployment of virtual machines shows: one instance a role, in the recorded form.

    Written by hand, for it is not a document of the API: CRLF, two-space indent, a space before ``/>``.
    """
    lines = [
        '<ServiceConfiguration xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="{NAMESPACE}">'
    ]
    for machine in machines:
        lines += [f"  <Role name={quoteattr(machine.name)}>", '    <Instances count="1" />', "  </Role>"]
    lines.append("</ServiceConfiguration>")
    return "\r\n".join(lines).encode()


@assumed("the text is known from what users of the service reported; its exchange was never seen")
def read_configuration(data: bytes) -> ServiceConfiguration:
    """The service configuration of a package; BadRequest for anything else, and for a role without instances."""
    try:
        found = codec.read(data)
    except codec.MalformedConfiguration as problem:
        raise BadRequest(INVALID) from problem
    if any(role.instances < 1 for role in found.roles):
        raise BadRequest(INVALID)
    return found


@documented("a deployment has at most 25 web and worker roles")
@assumed("the refusals' texts, and that a version which is no longer active is refused")
def package_roles(configuration: ServiceConfiguration) -> tuple[model.PackageRole, ...]:
    """The roles of a package, as far as its service configuration tells: sizes and endpoints are in the package.

    BadRequest for too many of them, or for an operating system that roles cannot run on.
    """
    if len(configuration.roles) > MOST_ROLES:
        raise BadRequest(f"A deployment may have at most {MOST_ROLES} roles.")
    version = _os_version(configuration)
    return tuple(
        model.PackageRole(
            name=role.name,
            os_version=version,
            instance_count=role.instances,
            subnets=tuple(one for name, one in configuration.subnets if name.lower() == role.name.lower()),
        )
        for role in configuration.roles
    )


def _os_version(configuration: ServiceConfiguration) -> str:
    """The guest operating system that a configuration gets: for ``*`` the family's default (recorded)."""
    family, version = configuration.os_family, configuration.os_version
    if version == "*":
        found = default_operating_system(family)
        if found is None:
            raise BadRequest(f"The operating system family {family} is not valid.")
    else:
        found = operating_system(version)
        if found is None or found.family != family or not found.is_active:
            raise BadRequest(f"The operating system version {version} is not valid for the family {family}.")
    return found.version


def with_instances(data: bytes, counts: Mapping[str, int]) -> bytes:
    """A package's configuration with other numbers of instances, by role name; every other byte stays."""
    return codec.with_instances(data, counts)
