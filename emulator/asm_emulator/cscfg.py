"""Service configurations (.cscfg): the one made up for virtual machines, and the ones that packages come with."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import quoteattr

from asm_emulator import model

NAMESPACE: Final = "http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration"


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
