"""What all tools of a site share: whose they are, and where they are written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from asm_contracts.errors import NotFound
from asm_contracts.evidence import assumed
from asm_emulator.areas.base import Area
from asm_emulator.areas.websites.common import DNS_SUFFIX, publishing_digest
from asm_emulator.areas.websites.documents import publishing_username
from asm_emulator.secrets_compared import same_secret
from asm_emulator.site_tools_model import SiteTools
from asm_emulator.state import Draft
from asm_emulator.websites_model import WebSite

DOMAIN: Final = f"scm.{DNS_SUFFIX}"


def site_with(draft: Draft, label: str) -> WebSite | None:
    """The site or slot whose host names begin with this label."""
    return next((one for one in draft.web_sites.values() if one.host_label.lower() == label.lower()), None)


@assumed("that the site may stand before the publishing user, as FTP has it")
def may_publish(draft: Draft, label: str, user: str, password: str) -> bool:
    """Whether these are publishing credentials of a site: its own, or those of the subscription's publishing user."""
    site = site_with(draft, label)
    if site is None:
        return False
    if user.lower() == publishing_username(site).lower():
        return same_secret(password, site.password)
    name = user.rpartition("\\")[2]
    known = (one.lower() for one in draft.subscription.publishing_users)
    digest = draft.subscription.publishing_digest
    return (
        name.lower() in known and digest is not None and same_secret(publishing_digest(draft, name, password), digest)
    )


class ToolArea(Area):
    """Base of the areas of a site's tools."""

    def site(self, label: str) -> WebSite:
        """The site; NotFound if it has gone while the request was on its way."""
        found = site_with(self.state, label)
        if found is None:
            raise NotFound("404 Web Site not found.")
        return found

    def put(self, site: WebSite, **changes: Any) -> SiteTools:
        """Change a site's tools."""
        tools = replace(site.tools, **changes)
        self.state.web_sites[site.full_name] = replace(site, tools=tools)
        return tools

    def address(self, site: WebSite, path: str) -> str:
        """An address at the site's tools."""
        return f"https://{site.host_label}.{DOMAIN}{path}"
