"""Where things are: a location or an affinity group, and exactly one of them."""

from __future__ import annotations

from asm_contracts.errors import BadRequest
from asm_contracts.evidence import assumed, quoted
from asm_emulator import model
from asm_emulator.catalogue import Location
from asm_emulator.catalogue import location as known_location
from asm_emulator.state import Draft


@assumed("that exactly one is given, and that it exists, is documented; the texts were never seen")
def check_place(draft: Draft, location: str | None, affinity_group: str | None) -> tuple[str | None, str | None]:
    """The location (in its own spelling) or the affinity group of a request; BadRequest for none, both or unknown."""
    if not location and not affinity_group:
        raise nowhere(affinity_group)
    if location and affinity_group:
        raise BadRequest("Exactly one of Location and AffinityGroup must be specified.")
    if affinity_group:
        group = draft.affinity_groups.get(affinity_group)
        if group is None:
            raise BadRequest(f"The affinity group {affinity_group} does not exist.")
        return None, group.name
    found = known_location(location or "", draft.day)
    if found is None:
        raise BadRequest(f"The location {location} is not available for this subscription.")
    return found.name, None


@quoted("code and texts (vagrant-azure issues 54 and 75), of an element that is there and empty")
@assumed("that of neither element is the one of an empty location")
def nowhere(affinity_group: str | None) -> BadRequest:
    """The refusal of a request that does not say where.

    affinity_group: the element of this name, which is empty or (None) not there
    """
    if affinity_group is not None:
        return BadRequest("The affinity group name is empty or was not specified.")
    return BadRequest("Location constraint name is empty or not specified")


def region(draft: Draft, location: str) -> Location | None:
    """What a region offers on the emulator's day; before that day it is as it was to become."""
    return known_location(location, draft.day) or known_location(location)


def location_of(draft: Draft, service: model.HostedService | model.StorageAccount) -> str:
    """Where a service or storage account is: its own location, or its affinity group's."""
    if service.location is not None:
        return service.location
    group = draft.affinity_groups.get(service.affinity_group or "")
    return group.location if group else ""
