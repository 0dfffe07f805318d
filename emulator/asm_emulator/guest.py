"""What the guest agent and the extensions inside a machine say of themselves."""

from __future__ import annotations

from typing import Final

from asm_contracts import roles as wire
from asm_emulator import model

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
    running = instance.status == "ReadyRole"
    text = (
        "GuestAgent is running and accepting new configurations."
        if running
        else f"VM Agent is unresponsive. Status was last reported at {reported:%Y-%m-%dT%H:%M:%SZ}."
    )
    return wire.GuestAgentStatus(
        protocol_version="1.0",
        timestamp=reported,
        guest_agent_version=_AGENT_VERSION.get(machine.os, "Unknown"),
        status="Ready" if running else "NotReady",
        formatted_message=_message(text),
    )


def extension_documents(
    machine: model.MachineRole, instance: model.RoleInstance
) -> tuple[wire.ResourceExtensionStatus, ...] | None:
    """How a machine's extensions do, once its agent has reported; None for a machine without any."""
    if not machine.provision_guest_agent or not machine.extensions or instance.agent_reported is None:
        return None
    return tuple(
        wire.ResourceExtensionStatus(
            handler_name=f"{reference.publisher}.{reference.name}",
            version=reference.version,
            status="Ready",
            formatted_message=_message(f"Plugin enabled (handler name: {reference.publisher}.{reference.name})."),
        )
        for reference in machine.extensions
        if (reference.state or "Enable").lower() == "enable"
    )
