"""The frozen entities of web sites, as `asm_emulator.model` has those of the rest."""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from typing import Final

from rpds import HashTrieMap

from asm_contracts.areas.websites.configuration import SiteConfig
from asm_contracts.areas.websites.measures import BackupItem, BackupRequest
from asm_contracts.areas.websites.sites import HybridConnection
from asm_contracts.evidence import assumed, recorded
from asm_contracts.frozen import frozen
from asm_emulator.site_tools_model import SiteTools


@frozen
class ServerFarm:
    """The machines that sites share.  A web space is there while it has a farm."""

    name: str
    webspace: str
    region: str
    modified: datetime | None = None
    """None for as long as the subscription is there."""
    sku: str = "Free"
    worker_size: str = "Small"
    workers: int = 0
    admin_site: str | None = None


GREW: Final = date(2016, 1, 1)
"""From when on sites are as in August 2016; it was later than July 2015."""


@recorded("in July 2015 the farms of sites that name none were counted from 0, in August 2016 from 1")
def first_default(day: date) -> int:
    """The number of the first farm that the service makes up a name for."""
    return 1 if day >= GREW else 0


@assumed(
    "every recorded subscription had web spaces without sites before its first request; that they are this one is what "
    "the official SDK's own tests expect"
)
def first_farms(day: date = GREW) -> HashTrieMap[str, ServerFarm]:
    """The farms that subscriptions have from the start, by their keys."""
    farm = ServerFarm(name=f"Default{first_default(day)}", webspace="eastuswebspace", region="East US")
    return HashTrieMap({f"{farm.webspace}/{farm.name}".lower(): farm})


@frozen
class SslBinding:
    """A host name's certificate."""

    host_name: str
    state: str
    thumbprint: str | None


@frozen
class WebSite:
    """A site or, with a slot's name, a deployment slot of the site of the same name."""

    name: str
    webspace: str
    farm: str
    modified: datetime
    deployment_id: str
    password: str
    config: SiteConfig
    slot: str | None = None
    state: str = "Running"
    compute_mode: str | None = None
    site_mode: str | None = None
    custom_host_names: tuple[str, ...] = ()
    bindings: tuple[SslBinding, ...] = ()
    has_repository: bool = False
    sticky_settings: tuple[str, ...] = ()
    sticky_connections: tuple[str, ...] = ()
    target_swap_slot: str | None = None
    held_config: SiteConfig | None = None
    """The slot's own configuration while another one's settings are tried on it."""
    hybrid_connections: tuple[HybridConnection, ...] = ()
    backup_plan: BackupRequest | None = None
    backups: tuple[BackupItem, ...] = ()
    tools: SiteTools = field(default_factory=SiteTools)
    busy_with: str | None = None
    """The operation that goes on with it."""

    @property
    def full_name(self) -> str:
        """``site`` or ``site(slot)``."""
        return self.name if self.slot is None else f"{self.name}({self.slot})"

    @property
    def host_label(self) -> str:
        """``site`` or ``site-slot``: what its host names begin with."""
        return self.name if self.slot is None else f"{self.name}-{self.slot}"


@frozen
class SiteOperation:
    """What goes on, or went on, with a site."""

    id: str
    name: str
    site: str
    """The name without a slot."""
    created: datetime
    modified: datetime
    status: str = "InProgress"
