"""Server farms."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from asm_contracts.areas.websites import MetricResponses, ServerFarm, ServerFarmContract, ServerFarmInput, ServerFarms
from asm_contracts.errors import Conflict, templated
from asm_contracts.evidence import assumed, quoted, recorded
from asm_emulator import websites_model as model
from asm_emulator.areas.websites.common import (
    WebArea,
    bad_request,
    farm_key,
    farms_of,
    refuse_space,
    refuse_webspace,
    sites_of,
    slots_of,
    to_millisecond,
)
from asm_emulator.areas.websites.documents import MAXIMUM_WORKERS, SIZES, farm_document
from asm_emulator.areas.websites.metrics import FARM_METRICS, metric_responses
from asm_emulator.catalogue.web_regions import WebRegion, region_of_webspace
from asm_emulator.names import given
from asm_emulator.state import Draft

_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38}[A-Za-z0-9])?\Z")
_DEFAULT: Final = re.compile(r"Default(?:ServerFarm|\d{1,4})\Z", re.IGNORECASE)
SHARED: Final = ("Free", "Shared")
SLOTS: Final = {"Standard": 4, "Premium": 19}
"""Slots beside the site itself, by tier (documented)."""


def new_farm(draft: Draft, webspace: str, region: WebRegion, name: str) -> model.ServerFarm:
    """A free farm, written."""
    other = next(farms_of(draft, webspace), None)
    farm = model.ServerFarm(
        name=name,
        webspace=other.webspace if other else webspace,
        region=region.name,
        modified=to_millisecond(draft.now),
    )
    draft.server_farms[farm_key(webspace, name)] = farm
    return farm


@recorded("in 2016 Default1, and Default2 for the next free site once Default1 is no longer free")
def default_farm(draft: Draft, webspace: str, region: WebRegion) -> model.ServerFarm:
    """The farm of a site that names none: the first free default farm of the web space, made if there is none."""
    for farm in farms_of(draft, webspace):
        if farm.sku == "Free" and _DEFAULT.match(farm.name):
            return farm
    number = model.first_default(draft.day)
    while farm_key(webspace, f"Default{number}") in draft.server_farms:
        number += 1
    return new_farm(draft, webspace, region, f"Default{number}")


def is_default(name: str) -> bool:
    """Whether a farm's name is one of those the service makes up."""
    return bool(_DEFAULT.match(name))


class ServerFarmArea(WebArea, ServerFarmContract):
    """Makes, changes and deletes server farms."""

    def list_server_farms(self, webspace_name: str) -> ServerFarms:
        refuse_space(self.state, webspace_name)
        return ServerFarms(items=tuple(farm_document(self.state, farm) for farm in farms_of(self.state, webspace_name)))

    @assumed("the refusals were never seen")
    def create_server_farm(self, webspace_name: str, body: ServerFarmInput) -> ServerFarm:
        name = body.name or ""
        if not _NAME.match(name):
            raise bad_request("The server farm name {0} is invalid.", name)
        if farm_key(webspace_name, name) in self.state.server_farms:
            raise templated(Conflict, "54001", "Server farm with given name {0} already exists.", name)
        existing = next(farms_of(self.state, webspace_name), None)
        region = region_of_webspace(existing.webspace if existing else webspace_name)
        if region is None:
            refuse_webspace(webspace_name)
        return self._changed(new_farm(self.state, webspace_name, region, name), body)

    def get_server_farm(self, webspace_name: str, server_farm_name: str) -> ServerFarm:
        return farm_document(self.state, self.farm(webspace_name, server_farm_name))

    def update_server_farm(self, webspace_name: str, server_farm_name: str, body: ServerFarmInput) -> ServerFarm:
        return self._changed(self.farm(webspace_name, server_farm_name), body)

    @recorded("workers of shared and standard farms; that the farm's sites change with it")
    @assumed("the refusals were never seen; tiers of one's own machines have at least one of them")
    def _changed(self, farm: model.ServerFarm, body: ServerFarmInput) -> ServerFarm:
        sku = _one_of(body.sku, tuple(MAXIMUM_WORKERS), farm.sku, "SKU")
        size = _one_of(body.worker_size, SIZES, farm.worker_size, "WorkerSize")
        if sku in SHARED:
            workers, size = 0, "Small"
        else:
            asked = body.number_of_workers if isinstance(body.number_of_workers, int) else None
            workers = max(farm.workers, 1) if asked is None else asked or 1
            if not 1 <= workers <= MAXIMUM_WORKERS[sku]:
                raise bad_request(
                    "The number of workers must be between 1 and {0} for the SKU {1}.", str(MAXIMUM_WORKERS[sku]), sku
                )
        sites = sites_of(self.state, farm)
        if any(len(slots_of(self.state, site)) > SLOTS.get(sku, 0) for site in sites):
            raise templated(
                Conflict, "52005",
                "Cannot complete the operation because the site will exceed the number of slots allowed for the "
                "'{0}' SKU.", sku,
            )  # fmt: skip
        moment = to_millisecond(self.now)
        changed = replace(
            farm,
            sku=sku,
            worker_size=size,
            workers=workers,
            admin_site=farm.admin_site if body.admin_site_name is None else given(body.admin_site_name),
            modified=moment,
        )
        self.state.server_farms[farm_key(farm.webspace, farm.name)] = changed
        if changed.sku != farm.sku:
            for site in sites:
                self.put(replace(site, modified=moment))
        return farm_document(self.state, changed)

    @quoted("the text")
    @assumed("its number")
    def delete_server_farm(self, webspace_name: str, server_farm_name: str) -> None:
        farm = self.farm(webspace_name, server_farm_name)
        sites = sites_of(self.state, farm)
        if sites:
            raise templated(
                Conflict, "11003",
                "Server farm '{0}' cannot be deleted because it has web app(s) {1} assigned to it.",
                farm.name, ", ".join(one.full_name for one in sites),
            )  # fmt: skip
        del self.state.server_farms[farm_key(farm.webspace, farm.name)]

    def get_server_farm_metrics(
        self,
        webspace_name: str,
        server_farm_name: str,
        names: str | None = None,
        start_time: str | None = None,
        end_time: str | None = None,
        time_grain: str | None = None,
        details: bool | None = None,  # noqa: ARG002
    ) -> MetricResponses:
        self.farm(webspace_name, server_farm_name)
        return metric_responses(self.now, FARM_METRICS, names, start_time, end_time, time_grain)


def _one_of(asked: str | None, known: tuple[str, ...], default: str, element: str) -> str:
    if not asked:
        return default
    found = next((one for one in known if one.lower() == asked.strip().lower()), None)
    if found is None:
        raise bad_request("The value {0} of {1} is invalid.", asked, element)
    return found
