"""Web sites for tests, each in a server farm of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from asm_contracts.areas.websites import ServerFarmInput, SiteInput, WebSpaceToCreate
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION

SPACE: Final = "westuswebspace"
"""The web space of `LOCATION`."""
DOMAIN: Final = "azurewebsites.net"


@dataclass(frozen=True, slots=True)
class Paid:
    """A site in a farm that is paid for."""

    name: str
    farm: str
    slot: str = ""
    """The slot's name, ``site(slot)``."""


def make_site(azure: Azure, names: Names, farm: str | None = None) -> str:
    """A site, and its name."""
    name = names.of("web site")
    space = WebSpaceToCreate(geo_region=LOCATION, name=SPACE, plan="VirtualDedicatedPlan")
    azure.create_site(SPACE, SiteInput(name=name, web_space_to_create=space, server_farm=farm))
    return name


def make_farm(azure: Azure, names: Names, sku: str = "Standard") -> str:
    """A server farm, and its name."""
    name = names.of("server farm")
    azure.create_server_farm(SPACE, ServerFarmInput(name=name, sku=sku))
    return name


def make_paid_site(azure: Azure, names: Names, *, slot: bool = False) -> Paid:
    """A site in a farm of its own; `slot` gives it the slot ``staging``."""
    make_site(azure, names)  # a web space comes with its first site
    farm = make_farm(azure, names)
    name = make_site(azure, names, farm)
    staged = f"{name}(staging)" if slot else ""
    if slot:
        azure.create_site(SPACE, SiteInput(name=staged, server_farm=farm))
    return Paid(name, farm, staged)
