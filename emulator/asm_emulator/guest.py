"""What the guest agent and the extensions inside a machine say of themselves."""

from __future__ import annotations

from typing import Final

from asm_contracts import roles as wire
from asm_emulator import model
from asm_emulator.catalogue import resource_extension

_LANGUAGE: Final = "en-US"
_AGENT_VERSION: Final = {"Linux": "WALinuxAgent-2.0.14", "Windows": "2.7.1198.778"}


def _message(text: str) -> wire.FormattedMessage:
    return wire.FormattedMessage(language=_LANGUAGE, message=text)


def agent_document(machine: model.MachineRole, instance: model.RoleInstance) -> wire.GuestAgentStatus | None:
    """The agent's status, on machines that have one: unknown at first, ready once it has reported (recorded)."""
    if not machine.provision_guest_agent:
        return None
    reported = instance.agent_reported
    if reported is None:
        return wire.GuestAgentStatus(
            protocol_version="1.0",
            timestamp=instance.changed,
            guest_agent_version="Unknown",
            status="NotReady",
            formatted_message=_message(f"Status not available for role {machine.name}."),
        )
    if instance.power_state == "Started":
        return wire.GuestAgentStatus(
            protocol_version="1.0",
            timestamp=reported,
            guest_agent_version=_AGENT_VERSION.get(machine.os, "Unknown"),
            status="Ready",
            formatted_message=_message("GuestAgent is running and accepting new configurations."),
        )
    return wire.GuestAgentStatus(
        protocol_version="1.0",
        timestamp=instance.changed,
        guest_agent_version="Unknown",
        status="NotReady",
        formatted_message=_message(
            f"VM Agent is unresponsive. Status was last reported at {reported:%Y-%m-%dT%H:%M:%SZ}."
        ),
    )


def extension_documents(
    machine: model.MachineRole, instance: model.RoleInstance
) -> tuple[wire.ResourceExtensionStatus, ...] | None:
    """How a machine's extensions do; while its agent does not report there is no such list, not even an empty one
    (recorded)."""
    if not machine.provision_guest_agent or instance.agent_reported is None or instance.power_state != "Started":
        return None
    return tuple(
        _extension(reference)
        for reference in machine.extensions or ()
        if (reference.state or "Enable").lower() == "enable"
    )


def _extension(reference: wire.ResourceExtensionReference) -> wire.ResourceExtensionStatus:
    """An extension that runs, under the version that the reference came to (recorded)."""
    publisher, name, version = reference.publisher or "", reference.name or "", reference.version or "*"
    found = resource_extension(publisher, name, version)
    handler, number = f"{publisher}.{name}", found.version if found else version
    return wire.ResourceExtensionStatus(
        handler_name=handler,
        version=number,
        status="Ready",
        formatted_message=_message(f"Plugin enabled (name: {handler}, version: {number})."),
    )
