"""Configurations of sites, and slots: swapping them, and what stays with a slot."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from asm_contracts.areas.websites import (
    AutoHealRules,
    ConnStringInfo,
    LoadBalancing,
    MachineKey,
    ManagedPipelineMode,
    NameValuePair,
    SiteAuthSettings,
    SiteConfig,
    SiteConfigurationContract,
    SiteOperation,
    SlotConfigNames,
    VirtualApplication,
)
from asm_contracts.document import NIL, Nil, elements
from asm_contracts.errors import Conflict, templated
from asm_contracts.evidence import assumed, client, documented, recorded
from asm_emulator import websites_model as model
from asm_emulator.areas.websites.common import WebArea, bad_request, find_site, to_millisecond
from asm_emulator.areas.websites.documents import operation_document, publishing_username
from asm_emulator.engine import effect, effect_name
from asm_emulator.state import Draft

DEFAULT_DOCUMENTS: Final = (
    "Default.htm", "Default.html", "Default.asp", "index.htm", "index.html", "iisstart.htm", "default.aspx",
    "index.php", "hostingstart.html",
)  # fmt: skip
TRACING: Final = timedelta(hours=1)
"""How long failed requests are traced; the end is on a full minute (recorded)."""
LOG_SIZE: Final = range(25, 101)
"""Megabytes that logs may have (documented)."""

_OWN: Final = frozenset(
    {"publishing_password", "publishing_username", "machine_key", "request_tracing_expiration_time"}
)
"""What an update does not take from its body as it is."""

V = TypeVar("V")


@recorded("every value, of 2016-08 and, where `recent`, of 2016-11")
def new_configuration(draft: Draft, name: str, *, recent: bool) -> SiteConfig:
    """The configuration of a new site or slot."""
    keys = [draft.make_hex("machine key", name, draft.now.isoformat(), part).upper() for part in range(4)]
    return SiteConfig(
        always_on=False,
        api_definition=NIL,
        app_command_line="" if recent else NIL,
        app_settings=(NameValuePair(name="WEBSITE_NODE_DEFAULT_VERSION", value="4.4.7" if recent else "4.2.3"),),
        auto_heal_enabled=False,
        auto_heal_rules=NIL,
        auto_swap_slot_name=NIL,
        connection_strings=(),
        cors=NIL,
        custom_app_pool_identity_admin_state=False,
        custom_app_pool_identity_tenant_state=False,
        default_documents=DEFAULT_DOCUMENTS,
        detailed_error_logging_enabled=False,
        document_root=NIL,
        experiments=NIL,
        handler_mappings=NIL,
        http_logging_enabled=False,
        ip_security_restrictions=NIL,
        java_container=NIL,
        java_container_version=NIL,
        java_version=NIL,
        limits=NIL,
        load_balancing=LoadBalancing.LEAST_REQUESTS,
        local_my_sql_enabled=False,
        logs_directory_size_limit=35,
        machine_key=MachineKey(
            decryption="AES", decryption_key=keys[0] + keys[1], validation=NIL, validation_key=keys[2] + keys[3]
        ),
        managed_pipeline_mode=ManagedPipelineMode.INTEGRATED,
        metadata=(),
        net_framework_version="v4.0",
        node_version="" if recent else NIL,
        number_of_workers=1,
        php_version="5.6" if recent else "5.4",
        push=NIL if recent else None,
        python_version="",
        remote_debugging_enabled=False,
        remote_debugging_version=NIL,
        request_tracing_enabled=False,
        routing_rules=(),
        runtime_ad_user=NIL,
        runtime_ad_user_password=NIL,
        scm_type="None",
        site_auth_enabled=False,
        site_auth_settings=_NO_SIGN_IN,
        tracing_options=NIL,
        use32_bit_worker_process=True,
        virtual_applications=(
            VirtualApplication(
                physical_path="site\\wwwroot", preload_enabled=False, virtual_directories=NIL, virtual_path="/"
            ),
        ),
        vnet_name="",
        web_sockets_enabled=False,
        win_auth_admin_state=0,
        win_auth_tenant_state=0,
    )


_NOTHING: Final[dict[str, Any]] = {one.attribute: NIL for one in elements(SiteAuthSettings)}
_NO_SIGN_IN: Final = SiteAuthSettings(**{**_NOTHING, "enabled": False, "is_aad_auto_provisioned": False})


@recorded("absent elements stay; rules of self-healing appear; the debugger's version; tracing ends after an hour")
@assumed("a nil element stays too: the service's own reader could not tell it from an absent one")
def merged(config: SiteConfig, changes: SiteConfig, now: datetime) -> SiteConfig:
    """A configuration after an update.  BadRequest for what no configuration can have."""
    fields: dict[str, Any] = {}
    for declared in elements(SiteConfig):
        value = getattr(changes, declared.attribute)
        if value is not None and value is not NIL and declared.attribute not in _OWN:
            fields[declared.attribute] = value
    if changes.handler_mappings is NIL or changes.handler_mappings == ():
        fields["handler_mappings"] = NIL  # no mappings are nil (recorded)
    if isinstance(changes.php_version, str):
        fields["php_version"] = changes.php_version.strip()  # the CLI turns PHP off with a space
    if config.auto_heal_rules is NIL:
        fields.setdefault("auto_heal_rules", AutoHealRules(actions=NIL, triggers=NIL))
    if (
        changes.remote_debugging_enabled is not None
        and changes.remote_debugging_version is None
        and config.remote_debugging_version is NIL
    ):
        fields["remote_debugging_version"] = "VS2012"
    if changes.request_tracing_enabled is False:
        fields["request_tracing_expiration_time"] = None
    elif changes.request_tracing_enabled is True:
        until = changes.request_tracing_expiration_time
        fields["request_tracing_expiration_time"] = (
            until if isinstance(until, datetime) else now.replace(second=0, microsecond=0) + TRACING
        )
    after = replace(config, **fields)
    _check(after)
    return after


@documented("the size of logs")
@assumed("the refusals' texts")
def _check(config: SiteConfig) -> None:
    size = config.logs_directory_size_limit
    if isinstance(size, int) and size not in LOG_SIZE:
        raise bad_request("LogsDirectorySizeLimit must be between {0} and {1}.", "25", "100")
    for what in (_listed(config.app_settings), _listed(config.connection_strings)):
        names = [one.name.lower() for one in what]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise bad_request("The name {0} stands more than once in the configuration.", twice)


def _listed(items: tuple[V, ...] | Nil | None) -> tuple[V, ...]:
    return items if isinstance(items, tuple) else ()


@documented("settings named as sticky stay with their slot, everything else goes along")
def carried(config: SiteConfig, to: model.WebSite, sticky: model.WebSite) -> SiteConfig:
    """A configuration as it is once it has come to a slot; `sticky` is the site that has the names of what stays."""
    settings = {name.lower() for name in sticky.sticky_settings}
    strings = {name.lower() for name in sticky.sticky_connections}
    return replace(
        config,
        app_settings=_exchanged(config.app_settings, to.config.app_settings, settings),
        connection_strings=_exchanged(config.connection_strings, to.config.connection_strings, strings),
        machine_key=to.config.machine_key,
        auto_swap_slot_name=to.config.auto_swap_slot_name,
    )


N = TypeVar("N", NameValuePair, ConnStringInfo)


def _exchanged(coming: tuple[N, ...] | Nil | None, there: tuple[N, ...] | Nil | None, stay: set[str]) -> tuple[N, ...]:
    kept = [one for one in _listed(there) if one.name.lower() in stay]
    return tuple([one for one in _listed(coming) if one.name.lower() not in stay] + kept)


@effect
def slots_swapped(draft: Draft, webspace: str, first: str, second: str, operation_id: str) -> None:
    """The end of a swap: content and configuration change places, host names and credentials do not."""
    operation = draft.site_operations.get(operation_id)
    if operation is None:
        return
    one, two = draft.web_sites.get(first), draft.web_sites.get(second)
    there = one is not None and two is not None and one.webspace == two.webspace == webspace
    status = "Succeeded" if there else "Failed"
    for site in (one, two):
        if site is not None and site.busy_with == operation_id:
            draft.web_sites[site.full_name] = replace(site, busy_with=None)
    if one is not None and two is not None and there:
        owner = draft.web_sites.get(one.name) or one
        moment = to_millisecond(draft.now)
        for site, other in ((one, two), (two, one)):
            draft.web_sites[site.full_name] = replace(
                site,
                config=carried(other.config, site, owner),
                has_repository=other.has_repository,
                tools=other.tools,
                target_swap_slot=None,
                held_config=None,
                busy_with=None,
                modified=moment,
            )
    draft.site_operations[operation_id] = replace(operation, status=status, modified=draft.now)


class SiteConfigurationArea(WebArea, SiteConfigurationContract):
    """Reads and changes configurations, swaps slots."""

    def get_site_configuration(self, webspace_name: str, website_name: str) -> SiteConfig:
        site = self.site(webspace_name, website_name)
        return replace(site.config, publishing_password=site.password, publishing_username=publishing_username(site))

    def update_site_configuration(self, webspace_name: str, website_name: str, body: SiteConfig) -> None:
        site = self.site(webspace_name, website_name)
        self.put(replace(site, config=merged(site.config, body, self.now), modified=to_millisecond(self.now)))

    @client("200 or 202 with the operation, which is then polled under the site")
    def swap_site_slots(self, webspace_name: str, website_name: str, target_slot: str) -> SiteOperation:
        site = self.site(webspace_name, website_name)
        other = self._slot(site, target_slot)
        if other.full_name == site.full_name:
            raise bad_request("The slot {0} cannot be swapped with itself.", target_slot)
        for one in (site, other):
            if one.busy_with is not None:
                raise templated(
                    Conflict, "54003",
                    "Cannot modify site {0} because another operation is in progress.", one.full_name,
                )  # fmt: skip
        operation = model.SiteOperation(
            id=self.state.make_guid("site operation", self.request.request_id),
            name="SwapSiteSlots",
            site=site.name,
            created=to_millisecond(self.now),
            modified=to_millisecond(self.now),
        )
        self.state.site_operations[operation.id] = operation
        for one in (site, other):
            self.put(replace(one, busy_with=operation.id))
        self.state.schedule(
            effect_name(slots_swapped),
            self.state.span("site.swap"),
            webspace=site.webspace,
            first=site.full_name,
            second=other.full_name,
            operation_id=operation.id,
        )
        return operation_document(operation)

    def _slot(self, site: model.WebSite, slot: str) -> model.WebSite:
        """Another slot of the same site; NotFound if it has none of this name."""
        name = site.name if slot.lower() == "production" else f"{site.name}({slot})"
        return find_site(self.state, site.webspace, name)

    def get_slot_config_names(self, webspace_name: str, website_name: str) -> SlotConfigNames:
        site = self._whole(webspace_name, website_name)
        return SlotConfigNames(app_setting_names=site.sticky_settings, connection_string_names=site.sticky_connections)

    def update_slot_config_names(self, webspace_name: str, website_name: str, body: SlotConfigNames) -> None:
        site = self._whole(webspace_name, website_name)
        settings, strings = body.app_setting_names, body.connection_string_names
        self.put(
            replace(
                site,
                sticky_settings=settings if isinstance(settings, tuple) else site.sticky_settings,
                sticky_connections=strings if isinstance(strings, tuple) else site.sticky_connections,
            )
        )

    def _whole(self, webspace: str, name: str) -> model.WebSite:
        """The site itself, of whichever slot is asked: names are set for all of them."""
        site = self.site(webspace, name)
        return site if site.slot is None else find_site(self.state, site.webspace, site.name)

    @documented("the first half of a swap: a slot runs with the other one's settings until it is swapped or reset")
    def apply_slot_configuration(self, webspace_name: str, website_name: str, target_swap_slot: str) -> None:
        site = self.site(webspace_name, website_name)
        other = self._slot(site, target_swap_slot)
        own = site.held_config or site.config
        self.put(
            replace(
                site,
                config=carried(own, other, self._whole(site.webspace, site.name)),
                held_config=own,
                target_swap_slot=other.slot or "Production",
                modified=to_millisecond(self.now),
            )
        )

    def reset_slot_configuration(self, webspace_name: str, website_name: str) -> None:
        site = self.site(webspace_name, website_name)
        self.put(
            replace(
                site,
                config=site.held_config or site.config,
                held_config=None,
                target_swap_slot=None,
                modified=to_millisecond(self.now),
            )
        )
