"""What the areas of web sites share: finding things, their refusals, names and times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, NoReturn

from asm_contracts.errors import BadRequest, NotFound, templated
from asm_contracts.evidence import assumed, quoted, recorded
from asm_emulator.areas.base import Area
from asm_emulator.catalogue.web_regions import WebRegion, region_of_webspace, web_region
from asm_emulator.state import Draft
from asm_emulator.websites_model import ServerFarm, WebSite

DNS_SUFFIX: Final = "azurewebsites.net"
PLAN: Final = "VirtualDedicatedPlan"
CLAIM: Final = "web site"
"""The kind of name, unique in the cloud, that sites and slots have: the first label of their host names."""

_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,58}[A-Za-z0-9])?"
_NAME: Final = re.compile(rf"({_LABEL})(?:\(({_LABEL})\))?\Z")
_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)


@quoted("the text, for sites and server farms; that web spaces have it too is assumed")
def not_found(kind: str, name: str) -> NotFound:
    """The refusal of what does not exist; `kind` as the service names it, ``ServerFarm``."""
    return templated(NotFound, "51004", "Cannot find {0} with name {1}.", kind, name)


@assumed("the numbers of conditions other than the recorded ones were never seen")
def bad_request(template: str, *parameters: str) -> BadRequest:
    """The refusal of a value."""
    return templated(BadRequest, "04000", template, *parameters)


def split_name(text: str) -> tuple[str, str | None]:
    """Site and slot of a name; ``site(production)`` is the site itself.  BadRequest for what can be no name."""
    found = _NAME.match(text)
    if found is None:
        raise bad_request("The web site name {0} is invalid.", text)
    slot = found[2]
    return found[1], None if slot is None or slot.lower() == "production" else slot


class WebArea(Area):
    """Base of the areas of web sites."""

    def tag(self, modified: datetime) -> None:
        """Give the answer its ``ETag``: the time of the last change as Windows counts it (recorded)."""
        elapsed = modified - _EPOCH
        ticks = (elapsed.days * 86_400 + elapsed.seconds) * 10_000_000 + elapsed.microseconds * 10
        self.headers.append(("ETag", f'"{ticks:X}"'))

    def site(self, webspace: str, name: str) -> WebSite:
        """A site or slot; NotFound (recorded) if it is not in this web space."""
        return find_site(self.state, webspace, name)

    def farm(self, webspace: str, name: str) -> ServerFarm:
        """A server farm; NotFound if it is not in this web space."""
        return find_farm(self.state, webspace, name)

    def put(self, site: WebSite) -> WebSite:
        """Write a site."""
        self.state.web_sites[site.full_name] = site
        return site


@recorded("the text, its number and its template")
def find_site(draft: Draft, webspace: str, name: str) -> WebSite:
    """A site or slot by its name."""
    key = name[: -len("(production)")] if name.lower().endswith("(production)") else name
    found = draft.web_sites.get(key)
    if found is None or found.webspace.lower() != webspace.lower():
        raise templated(NotFound, "04009", "The web site {0} cannot be found.", name)
    return found


def find_farm(draft: Draft, webspace: str, name: str) -> ServerFarm:
    """A server farm by its name."""
    found = draft.server_farms.get(farm_key(webspace, name))
    if found is None:
        refuse_space(draft, webspace)
        raise not_found("ServerFarm", name)
    return found


def farm_key(webspace: str, name: str) -> str:
    """Where the state has a server farm: names are unique in a web space."""
    return f"{webspace}/{name}"


def farms_of(draft: Draft, webspace: str) -> Iterator[ServerFarm]:
    """The server farms of a web space, by name."""
    return (farm for farm in draft.server_farms.values() if farm.webspace.lower() == webspace.lower())


def sites_of(draft: Draft, farm: ServerFarm) -> list[WebSite]:
    """The sites and slots on a server farm."""
    return [
        site
        for site in draft.web_sites.values()
        if site.webspace == farm.webspace and site.farm.lower() == farm.name.lower()
    ]


def slots_of(draft: Draft, site: WebSite) -> list[WebSite]:
    """The deployment slots of a site."""
    return [one for one in draft.web_sites.values() if one.name == site.name and one.slot is not None]


def farm_of(draft: Draft, site: WebSite) -> ServerFarm:
    """The farm that a site is on: there is one as long as the site."""
    return draft.server_farms[farm_key(site.webspace, site.farm)]


def refuse_space(draft: Draft, webspace: str) -> None:
    """NotFound if there can be no such web space: none is there, and no region would be its own."""
    if not any(True for _ in farms_of(draft, webspace)) and region_of_webspace(webspace) is None:
        refuse_webspace(webspace)


def refuse_webspace(webspace: str) -> NoReturn:
    """Raise the NotFound of a web space."""
    raise not_found("WebSpace", webspace)


def region_of(farm: ServerFarm) -> WebRegion:
    """The region a farm is in."""
    found = web_region(farm.region)
    assert found is not None
    return found


def publishing_digest(draft: Draft, user: str, password: str) -> str:
    """What is kept of a publishing user's password."""
    return draft.make_hex("publishing password", user.lower(), password)


def to_millisecond(moment: datetime) -> datetime:
    """Times of web sites have no more than milliseconds (recorded)."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
