"""Sites to start from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.websites import ServerFarm, ServerFarmInput, Site, SiteInput, WebSpaceToCreate

Create = Callable[..., Site]
Scale = Callable[..., ServerFarm]


@pytest.fixture
def create(azure: Client) -> Create:
    """Make a site in West US, or in another region."""

    def make(name: str, region: str = "West US", **more: Any) -> Site:
        space = region.replace(" ", "").lower() + "webspace"
        wanted = WebSpaceToCreate(geo_region=region, name=space, plan="VirtualDedicatedPlan")
        return azure.create_site(space, SiteInput(name=name, web_space_to_create=wanted, **more))

    return make


@pytest.fixture
def scale(azure: Client) -> Scale:
    """Change the farm of West US that sites get by default."""

    def change(sku: str, farm: str = "Default1", **more: Any) -> ServerFarm:
        return azure.update_server_farm("westuswebspace", farm, ServerFarmInput(sku=sku, **more))

    return change
