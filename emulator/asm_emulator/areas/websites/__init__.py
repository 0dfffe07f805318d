"""Web sites, in parts: spaces, farms, sites, configuration and slots, metrics, backups and hybrid connections."""

from __future__ import annotations

from asm_emulator.areas.websites.backups import HybridConnectionArea, SiteBackupArea
from asm_emulator.areas.websites.configuration import SiteConfigurationArea
from asm_emulator.areas.websites.farms import ServerFarmArea
from asm_emulator.areas.websites.metrics import SiteMeasureArea
from asm_emulator.areas.websites.sites import WebSiteArea
from asm_emulator.areas.websites.spaces import WebSpaceArea

WEB_SITE_AREAS = (
    WebSpaceArea,
    ServerFarmArea,
    WebSiteArea,
    SiteConfigurationArea,
    SiteMeasureArea,
    SiteBackupArea,
    HybridConnectionArea,
)
"""The areas of web sites, in the order of their contracts."""

__all__ = ["WEB_SITE_AREAS"]
