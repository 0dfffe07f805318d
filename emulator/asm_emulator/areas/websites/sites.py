"""Sites and their slots: their lives, repositories and publishing profiles."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from asm_contracts.areas.websites import (
    NamedSslChange,
    SerializedUri,
    Site,
    SiteInput,
    SiteOperation,
    Sites,
    SslChange,
    SslChanges,
    Strings,
    WebSiteContract,
    WebSpaceToCreate,
)
from asm_contracts.codec import publish_profile
from asm_contracts.errors import BadRequest, Conflict, NotFound, templated
from asm_contracts.evidence import assumed, client, documented, quoted, recorded
from asm_contracts.operation import RawBody
from asm_emulator import websites_model as model
from asm_emulator.areas.websites.common import (
    CLAIM,
    DNS_SUFFIX,
    WebArea,
    bad_request,
    farm_key,
    farm_of,
    farms_of,
    not_found,
    refuse_space,
    refuse_webspace,
    region_of,
    sites_of,
    slots_of,
    split_name,
    to_millisecond,
)
from asm_emulator.areas.websites.configuration import new_configuration
from asm_emulator.areas.websites.documents import (
    default_host,
    operation_document,
    publishing_username,
    repository_uri,
    scm_host,
    site_document,
)
from asm_emulator.areas.websites.farms import SLOTS, default_farm, is_default, new_farm
from asm_emulator.catalogue.web_regions import WebRegion, region_of_webspace, web_region
from asm_emulator.names import given

_HOST: Final = re.compile(
    r"(?=.{4,253}\Z)(?:\*\.)?(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}\Z"
)
_THUMBPRINT: Final = re.compile(r"[0-9A-Fa-f]{40}\Z")
_SSL_STATES: Final = ("Disabled", "SniEnabled", "IpBasedEnabled")
_STATES: Final = ("Running", "Stopped")
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class WebSiteArea(WebArea, WebSiteContract):
    """Makes, changes and deletes sites."""

    @assumed("that slots are listed like sites: the CLI tells them apart by their names")
    def list_sites(self, webspace_name: str, properties_to_include: str | None = None) -> Sites:
        refuse_space(self.state, webspace_name)
        return Sites(
            items=tuple(
                site_document(self.state, site, properties_to_include)
                for site in self.state.web_sites.values()
                if site.webspace.lower() == webspace_name.lower()
            )
        )

    # -- creation -------------------------------------------------------------------------------------------------

    def create_site(self, webspace_name: str, body: SiteInput) -> Site:
        self._check_provider()
        name, slot = split_name(body.name or "")
        if slot is not None:
            return self._create_slot(webspace_name, name, slot, body)
        self._check_free(name, name)
        region = self._region(webspace_name, body)
        farm = self._farm(webspace_name, region, given(body.server_farm) or "")
        mode = given(body.compute_mode)
        site = self._new_site(name, None, farm, body)
        site = replace(
            site,
            compute_mode=mode,
            # The mode of a site says something only of those that were made with a mode (recorded).
            site_mode=given(body.site_mode) or ("Limited" if mode else None),
        )
        return site_document(self.state, self.put(site))

    @recorded("a slot's names, its user and that the answer has an ETag")
    @quoted("the text of the refusal without slots")
    def _create_slot(self, webspace: str, name: str, slot: str, body: SiteInput) -> Site:
        parent = self.site(webspace, name)
        if f"{name}({slot})" in self.state.web_sites:
            raise _taken(f"{name}({slot})")
        farm = farm_of(self.state, parent)
        if len(slots_of(self.state, parent)) >= SLOTS.get(farm.sku, 0):
            raise templated(
                Conflict, "52005",
                "Cannot complete the operation because the site will exceed the number of slots allowed for the "
                "'{0}' SKU.", farm.sku,
            )  # fmt: skip
        self._check_free(f"{parent.name}-{slot}", f"{name}({slot})")
        site = self.put(self._new_site(parent.name, slot, farm, body))
        self.tag(site.modified)
        return site_document(self.state, site)

    @assumed("the refusal was never seen: every subscription that was recorded was registered")
    def _check_provider(self) -> None:
        if self.state.subscription.providers.get("website") != "Registered":
            raise templated(Conflict, "04010", "The subscription is not registered for web sites.")

    def _check_free(self, label: str, name: str) -> None:
        if self.state.owner_of(CLAIM, label) is not None:
            raise _taken(name)

    def _region(self, webspace: str, body: SiteInput) -> WebRegion:
        """The region of the web space of a new site; the space comes into being with its first farm."""
        existing = next(farms_of(self.state, webspace), None)
        if existing is not None:
            return region_of(existing)
        asked = body.web_space_to_create
        wanted = given(asked.geo_region) if isinstance(asked, WebSpaceToCreate) else None
        if wanted:
            region = web_region(wanted)
            if region is None:
                raise bad_request("The geo region {0} is not available.", wanted)
            return region
        region = region_of_webspace(webspace)
        if region is None:
            refuse_webspace(webspace)
        return region

    def _farm(self, webspace: str, region: WebRegion, name: str) -> model.ServerFarm:
        if not name:
            return default_farm(self.state, webspace, region)
        found = self.state.server_farms.get(farm_key(webspace, name))
        if found is not None:
            return found
        if not is_default(name):
            raise not_found("ServerFarm", name)
        return new_farm(self.state, webspace, region, name)

    def _new_site(self, name: str, slot: str | None, farm: model.ServerFarm, body: SiteInput) -> model.WebSite:
        serial = self.state.take_serial()
        site = model.WebSite(
            name=name,
            slot=slot,
            webspace=farm.webspace,
            farm=farm.name,
            modified=to_millisecond(self.now),
            deployment_id=name if slot is None else f"{name}__{self.state.make_hex('slot', name, serial)[:4]}",
            password=self._password(name, serial),
            config=new_configuration(self.state, f"{name}/{slot}", recent=region_of(farm).recent),
        )
        custom = self._custom_hosts(site, body.host_names if isinstance(body.host_names, tuple) else ())
        self.state.claim(CLAIM, site.host_label)
        for host in custom:
            self.state.claim(CLAIM, host)
        return replace(site, custom_host_names=custom)

    def _password(self, *of: object) -> str:
        """A publishing password: 60 letters and digits, as long as the real ones."""
        number = int("".join(self.state.make_hex("site password", part, *of) for part in range(3)), 16)
        letters = []
        for _ in range(60):
            number, place = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[place])
        return "".join(letters)

    # -- reading and changing -------------------------------------------------------------------------------------

    def get_site(self, webspace_name: str, website_name: str, properties_to_include: str | None = None) -> Site:
        site = self.site(webspace_name, website_name)
        self.tag(site.modified)
        return site_document(self.state, site, properties_to_include)

    @recorded("starting and stopping, adding and removing host names; the answer has an ETag and no properties")
    def update_site(self, webspace_name: str, website_name: str, body: SiteInput) -> Site:
        site = self.site(webspace_name, website_name)
        changed = replace(site, modified=to_millisecond(self.now))
        state = given(body.state)
        if state:
            changed = replace(changed, state=_one_of(state, _STATES, "State"))
        farm = given(body.server_farm)
        if farm and farm.lower() != site.farm.lower():
            changed = self._moved(changed, farm)
        if isinstance(body.host_names, tuple):
            custom = self._custom_hosts(site, body.host_names)
            for host in {one.lower() for one in site.custom_host_names} - {one.lower() for one in custom}:
                self.state.release(CLAIM, host)
            for host in custom:
                self.state.claim(CLAIM, host)
            kept = {host.lower() for host in (*custom, default_host(site))}
            changed = replace(
                changed,
                custom_host_names=custom,
                bindings=tuple(one for one in changed.bindings if one.host_name.lower() in kept),
            )
        if isinstance(body.host_name_ssl_states, SslChanges):
            asked: list[SslChange | NamedSslChange] = [
                *body.host_name_ssl_states.items,
                *body.host_name_ssl_states.named,
            ]
            for change in asked:
                if change.to_update:
                    changed = _bound(changed, change)
        self.put(changed)
        self.tag(changed.modified)
        return site_document(self.state, changed)

    @assumed("a slot moves only with its site; the refusals were never seen")
    def _moved(self, site: model.WebSite, name: str) -> model.WebSite:
        farm = self.farm(site.webspace, name)
        if site.slot is not None:
            raise bad_request("The slot {0} is on the server farm of its site.", site.full_name)
        slots = slots_of(self.state, site)
        if len(slots) > SLOTS.get(farm.sku, 0):
            raise templated(
                Conflict, "52005",
                "Cannot complete the operation because the site will exceed the number of slots allowed for the "
                "'{0}' SKU.", farm.sku,
            )  # fmt: skip
        for slot in slots:
            self.put(replace(slot, farm=farm.name))
        return replace(site, farm=farm.name)

    @recorded("the refusal of a name that has no CNAME; the order of names")
    @assumed("there is no DNS here: every name but those of the reserved domain .invalid points to the site")
    def _custom_hosts(self, site: model.WebSite, asked: tuple[str, ...]) -> tuple[str, ...]:
        """The host names of a site beside its own, checked."""
        custom: list[str] = []
        for host in asked:
            own = host.lower() == default_host(site).lower()
            if own or host.lower() in (one.lower() for one in custom):
                continue
            if host.lower().endswith(f".{DNS_SUFFIX}") or not _HOST.match(host):
                raise bad_request("The host name {0} is invalid.", host)
            if host.lower().endswith(".invalid"):
                raise templated(
                    BadRequest, "04006",
                    "No CNAME pointing from {0} to {1}. Please create a CNAME record and execute the operation again.",
                    host, default_host(site),
                )  # fmt: skip
            taken = self.state.owner_of(CLAIM, host) is not None
            if taken and host.lower() not in (one.lower() for one in site.custom_host_names):
                raise templated(Conflict, "04007", "The host name {0} is already in use by another web site.", host)
            custom.append(host)
        return tuple(custom)

    @client("200; the CLI asks for all slots to go, the SDK cannot")
    @assumed("a site that has slots is not deleted without them")
    def delete_site(
        self,
        webspace_name: str,
        website_name: str,
        delete_empty_server_farm: bool | None = None,
        delete_metrics: bool | None = None,  # noqa: ARG002
        delete_all_slots: bool | None = None,
    ) -> None:
        site = self.site(webspace_name, website_name)
        farm = farm_of(self.state, site)
        slots = slots_of(self.state, site) if site.slot is None else []
        if slots and not delete_all_slots:
            raise templated(
                Conflict, "04011", "The web site {0} cannot be deleted because it has deployment slots.", site.name
            )
        for one in (*slots, site):
            self.state.release(CLAIM, one.host_label)
            for host in one.custom_host_names:
                self.state.release(CLAIM, host)
            del self.state.web_sites[one.full_name]
        if delete_empty_server_farm and not sites_of(self.state, farm):
            del self.state.server_farms[farm_key(farm.webspace, farm.name)]
        self.tag(site.modified)

    def restart_site(self, webspace_name: str, website_name: str) -> None:
        self.site(webspace_name, website_name)

    @recorded("64 hex digits")
    @assumed("a stopped site runs nowhere")
    def list_site_instances(self, webspace_name: str, website_name: str) -> Strings:
        site = self.site(webspace_name, website_name)
        farm = farm_of(self.state, site)
        count = max(farm.workers, 1) if site.state == "Running" else 0
        return Strings(
            items=tuple(
                self.state.make_hex("worker", self.state.subscription_id, farm.webspace, farm.name, number)
                + self.state.make_hex("worker too", self.state.subscription_id, farm.webspace, farm.name, number)
                for number in range(count)
            )
        )

    def generate_site_password(self, webspace_name: str, website_name: str) -> None:
        site = self.site(webspace_name, website_name)
        password = self._password(site.full_name, self.state.take_serial())
        self.put(replace(site, password=password, modified=to_millisecond(self.now)))

    @recorded("the document")
    def get_publish_profile_xml(self, webspace_name: str, website_name: str) -> RawBody:
        site = self.site(webspace_name, website_name)
        return publish_profile.body(
            site=site.full_name if site.slot is None else f"{site.name}__{site.slot}",
            user=publishing_username(site),
            password=site.password,
            host=default_host(site),
            scm_host=scm_host(site),
            ftp_host=f"{region_of(farm_of(self.state, site)).stamp}.ftp.azurewebsites.windows.net",
        )

    # -- repositories ---------------------------------------------------------------------------------------------

    @assumed("the refusal without a repository, and that its address ends in .git")
    def get_site_repository(self, webspace_name: str, website_name: str) -> SerializedUri:
        site = self.site(webspace_name, website_name)
        if not site.has_repository:
            raise templated(NotFound, "04012", "The web site {0} has no repository.", site.full_name)
        return SerializedUri(value=f"{repository_uri(site)}/{site.name}.git")

    @recorded("the answer, and that the source control is LocalGit from then on")
    def create_site_repository(self, webspace_name: str, website_name: str) -> None:
        site = self.site(webspace_name, website_name)
        self.put(
            replace(
                site,
                has_repository=True,
                config=replace(site.config, scm_type="LocalGit"),
                modified=to_millisecond(self.now),
            )
        )

    @assumed("the refusal without a repository")
    def sync_site_repository(self, webspace_name: str, website_name: str) -> None:
        self.get_site_repository(webspace_name, website_name)

    def delete_site_repository(self, webspace_name: str, website_name: str) -> SerializedUri:
        answer = self.get_site_repository(webspace_name, website_name)
        site = self.site(webspace_name, website_name)
        self.put(
            replace(
                site,
                has_repository=False,
                config=replace(site.config, scm_type="None"),
                modified=to_millisecond(self.now),
            )
        )
        return answer

    def get_site_operation(self, webspace_name: str, website_name: str, operation_id: str) -> SiteOperation:
        site = self.site(webspace_name, website_name)
        found = self.state.site_operations.get(operation_id)
        if found is None or found.site.lower() != site.name.lower():
            raise not_found("Operation", operation_id)
        return operation_document(found)


@quoted("the text and its number")
def _taken(name: str) -> Conflict:
    return templated(Conflict, "54001", "Website with given name {0} already exists.", name)


def _one_of(asked: str, known: tuple[str, ...], element: str) -> str:
    found = next((one for one in known if one.lower() == asked.strip().lower()), None)
    if found is None:
        raise bad_request("The value {0} of {1} is invalid.", asked, element)
    return found


@documented("the kinds of binding")
@assumed("certificates of web spaces are not emulated: any thumbprint is taken to be one's; the refusals' texts")
def _bound(site: model.WebSite, change: SslChange | NamedSslChange) -> model.WebSite:
    """A site with one binding changed."""
    host = (change.name or "").lower()
    known = next((one for one in (default_host(site), *site.custom_host_names) if one.lower() == host), None)
    if known is None:
        raise bad_request("The host name {0} is not one of the site's.", change.name or "")
    state = _one_of(given(change.ssl_state) or "Disabled", _SSL_STATES, "SslState")
    thumbprint = given(change.thumbprint)
    if state != "Disabled" and not _THUMBPRINT.match(thumbprint or ""):
        raise bad_request("A certificate's thumbprint is needed to enable SSL for {0}.", known)
    others = tuple(one for one in site.bindings if one.host_name.lower() != host)
    if state == "Disabled":
        return replace(site, bindings=others)
    binding = model.SslBinding(host_name=known, state=state, thumbprint=(thumbprint or "").upper())
    return replace(site, bindings=(*others, binding))
