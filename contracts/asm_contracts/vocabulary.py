"""Documents that several areas share."""

from __future__ import annotations

from asm_contracts.document import SERIALIZATION, Nil, document, element


@document()
class ExtendedProperty:
    """A name and value that a caller hangs on a resource; an update with a nil value removes it."""

    name: str
    value: str | Nil | None = None


@document()
class AvailabilityResponse:
    """Whether a name is free; the reason is nil when it is."""

    result: bool
    reason: str | Nil | None = None


@document()
class ComputeCapabilities:
    """The role sizes a place offers to web and worker roles, and to virtual machines."""

    web_worker_role_sizes: tuple[str, ...] = element(item="RoleSize")
    virtual_machines_role_sizes: tuple[str, ...] = element(item="RoleSize")


@document(name="string", namespace=SERIALIZATION)
class SerializedString:
    """An answer that is a text and nothing else."""

    value: str = element(content=True)
