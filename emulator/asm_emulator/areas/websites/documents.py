"""What web sites say of themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from asm_contracts.areas.websites import (
    HostNameSslState,
    NameValuePair,
    ServerFarm,
    Site,
    SiteOperation,
    SiteProperties,
    WebSpace,
)
from asm_contracts.document import NIL
from asm_contracts.evidence import recorded
from asm_emulator import websites_model as model
from asm_emulator.areas.websites.common import DNS_SUFFIX, PLAN, farm_of, region_of, sites_of
from asm_emulator.catalogue.web_regions import WebRegion
from asm_emulator.state import Draft

MAXIMUM_WORKERS: Final = {"Free": 1, "Shared": 1, "Basic": 3, "Standard": 10, "Premium": 20}
"""Of a server farm, by tier: Shared and Standard recorded, the others documented."""
SIZES: Final = ("Small", "Medium", "Large")
EXPIRY: Final = timedelta(days=1)


def webspace_document(draft: Draft, name: str, region: WebRegion) -> WebSpace:
    """A web space.  Builds from autumn 2016 on name its resource group."""
    return WebSpace(
        availability_state="Normal",
        geo_location=region.code,
        geo_region=region.name,
        name=name,
        plan=PLAN,
        resource_group=NIL if region.recent else None,
        status="Ready",
        subscription=draft.subscription.id,
    )


def farm_document(draft: Draft, farm: model.ServerFarm) -> ServerFarm:
    """A server farm."""
    return ServerFarm(
        admin_site_name=farm.admin_site if farm.admin_site is not None else NIL,
        current_number_of_workers=farm.workers,
        current_worker_size=farm.worker_size,
        current_worker_size_id=SIZES.index(farm.worker_size),
        last_modified_time_utc=farm.modified or draft.subscription.created,
        maximum_number_of_workers=MAXIMUM_WORKERS[farm.sku],
        name=farm.name,
        number_of_sites=len(sites_of(draft, farm)),
        number_of_workers=farm.workers,
        plan_name=PLAN,
        sku=farm.sku,
        status="Ready",
        subscription=draft.subscription.id,
        web_space=farm.webspace,
        worker_size=farm.worker_size,
        worker_size_id=SIZES.index(farm.worker_size),
    )


def default_host(site: model.WebSite) -> str:
    """The host name that a site always has."""
    return f"{site.host_label}.{DNS_SUFFIX}"


def scm_host(site: model.WebSite) -> str:
    """The host name of a site's repository and its tools."""
    return f"{site.host_label}.scm.{DNS_SUFFIX}"


def repository_uri(site: model.WebSite) -> str:
    """The address of a site's repository."""
    return f"https://{scm_host(site)}"


def publishing_username(site: model.WebSite) -> str:
    """The user of a site's own publishing credentials (recorded)."""
    return f"${site.name}" if site.slot is None else f"${site.name}__{site.slot}"


def outbound_addresses(draft: Draft, stamp: str) -> str:
    """The addresses from which a stamp's sites call out."""
    digits = draft.make_hex("web stamp", stamp)
    pairs = [int(digits[place : place + 2], 16) for place in range(0, 16, 2)]
    return ",".join(
        f"40.{112 + pairs[0] % 16}.{second}.{4 + host % 250}" for second, host in zip(pairs[:4], pairs[4:], strict=True)
    )


def site_document(draft: Draft, site: model.WebSite, wanted: str | None = None) -> Site:
    """A site.

    wanted: the properties to include, separated by commas, in any case; what is not known is left out
    """
    farm = farm_of(draft, site)
    region = region_of(farm)
    hosts = sorted([default_host(site), scm_host(site), *site.custom_host_names])
    found = Site(
        compute_mode=site.compute_mode or NIL,
        default_host_name=default_host(site),
        deployment_id=site.deployment_id,
        enabled=True,
        enabled_host_names=tuple(hosts),
        home_stamp=region.stamp,
        host_name_ssl_states=tuple(_ssl_state(site, host) for host in hosts),
        host_names=(default_host(site), *site.custom_host_names),
        last_modified_time_utc=site.modified,
        name=site.full_name,
        outbound_ip_addresses=outbound_addresses(draft, region.stamp),
        repository_site_name=site.name,
        resource_group=f"Default-Web-{region.compact}",
        sku=farm.sku,
        self_link=(
            f"https://{region.stamp}.api.azurewebsites.windows.net:454/subscriptions/{draft.subscription.id}"
            f"/webspaces/{site.webspace}/sites/{site.name}"
        ),
        server_farm=farm.name,
        site_mode=site.site_mode or NIL,
        site_properties=SiteProperties(properties=_properties(site, wanted)),
        state=site.state,
        target_swap_slot=site.target_swap_slot or NIL,
        web_space=site.webspace,
        daily_memory_time_quota=0 if region.recent else None,
        function_execution_units_cache=NIL if region.recent else None,
        reserved=False if region.recent else NIL,
        site_disabled_reason=0 if region.recent else None,
        suspended_till=NIL if region.recent else None,
    )
    return found if draft.day >= model.GREW else _as_it_was(draft, found)


@recorded("the elements that sites of July 2015 lack, at a version whose answers of 2016 have them")
def _as_it_was(draft: Draft, site: Site) -> Site:
    """A site as builds before 2016 showed it."""
    return replace(
        site,
        client_affinity_enabled=NIL,
        client_cert_enabled=NIL,
        compute_mode="Shared" if site.compute_mode is NIL else site.compute_mode,
        container_size=None,
        default_host_name=None,
        domain_verification_identifiers=None,
        home_stamp=None,
        host_names_disabled=None,
        hosting_environment_profile=None,
        max_number_of_workers=None,
        reserved=None,
        resource_group=None,
        self_link=site.self_link.replace(
            f":454/subscriptions/{draft.subscription.id}",
            f":454/20130801/websystems/websites/web/subscriptions/{draft.subscription.id}",
        ),
        site_mode="Limited" if site.site_mode is NIL else site.site_mode,
        ssl_certificates=() if site.ssl_certificates is NIL else site.ssl_certificates,
        tags=None,
    )


def _properties(site: model.WebSite, wanted: str | None) -> tuple[NameValuePair, ...]:
    asked = {word.strip().lower() for word in (wanted or "").split(",")}
    known = (
        ("RepositoryUri", repository_uri(site)),
        ("PublishingUsername", publishing_username(site)),
        ("PublishingPassword", site.password),
    )
    return tuple(NameValuePair(name=name, value=value) for name, value in known if name.lower() in asked)


def _ssl_state(site: model.WebSite, host: str) -> HostNameSslState:
    binding = next((one for one in site.bindings if one.host_name.lower() == host.lower()), None)
    return HostNameSslState(
        host_type="Repository" if host == scm_host(site) else "Standard",
        name=host,
        ssl_state=binding.state if binding else "Disabled",
        thumbprint=binding.thumbprint if binding and binding.thumbprint else NIL,
    )


def operation_document(operation: model.SiteOperation) -> SiteOperation:
    """An operation of a site; it can be read for a day (assumed)."""
    return SiteOperation(
        created_time=operation.created,
        expiration_time=operation.created.replace(microsecond=0) + EXPIRY,
        id=operation.id,
        modified_time=operation.modified,
        name=operation.name,
        status=operation.status,
    )
