"""The operations of web sites, one contract class for each kind of thing they are about."""

from __future__ import annotations

from asm_contracts.areas.websites.configuration import SiteConfig, SlotConfigNames
from asm_contracts.areas.websites.measures import (
    BackupItem,
    BackupItems,
    BackupRequest,
    MetricDefinitions,
    MetricResponses,
    RestoreRequest,
    RestoreResponse,
    Usages,
)
from asm_contracts.areas.websites.sites import (
    HybridConnection,
    HybridConnections,
    Site,
    SiteInput,
    SiteOperation,
    Sites,
)
from asm_contracts.areas.websites.spaces import (
    GeoRegions,
    PublishingUser,
    SerializedBoolean,
    SerializedUri,
    ServerFarm,
    ServerFarmInput,
    ServerFarms,
    Strings,
    WebSpace,
    WebSpaces,
)
from asm_contracts.dialect import WEB_SITES
from asm_contracts.errors import BadRequest, Conflict, NotFound
from asm_contracts.operation import Contract, RawBody, operation
from asm_contracts.vocabulary import SerializedString

SINCE = "2012-03-01"
"""Web sites came in June 2012.  Their clients declare 2014-04-01 and 2014-10-01; no later first version was seen."""

JSON = "application/json"
SPACES = "/services/webspaces"
SPACE = f"{SPACES}/{{webspace_name}}"
FARMS = f"{SPACE}/serverfarms"
FARM = f"{FARMS}/{{server_farm_name}}"
SITES = f"{SPACE}/sites"
SITE = f"{SITES}/{{website_name}}"
"""A slot is addressed as ``site(slot)``."""


class WebContract(Contract):
    """What all of them share."""

    area = "websites"
    dialect = WEB_SITES


class WebSpaceContract(WebContract):
    """Web spaces, and what holds for all of them."""

    @operation("GET", SPACES, since=SINCE)
    def list_webspaces(self) -> WebSpaces:
        """List the web spaces that have server farms."""

    @operation("GET", f"{SPACES}?properties=georegions", since=SINCE)
    def list_geo_regions(self) -> GeoRegions:
        """List the regions that take sites."""

    @operation("GET", f"{SPACES}?properties=dnssuffix", since=SINCE)
    def get_dns_suffix(self) -> SerializedString:
        """Read the domain that sites are in."""

    @operation("GET", f"{SPACES}?properties=publishingusers", since=SINCE)
    def list_publishing_users(self) -> Strings:
        """List the names of those who publish to every site."""

    @operation("PUT", f"{SPACES}?properties=publishingcredentials", since=SINCE, errors=(BadRequest, Conflict))
    def create_publishing_user(self, body: PublishingUser) -> PublishingUser:
        """Set the name and password with which the caller publishes."""

    @operation("GET", f"{SPACES}?ishostnameavailable={{hostname}}", since=SINCE)
    def is_site_hostname_available(self, hostname: str) -> SerializedBoolean:
        """Say whether a site could have this name."""

    @operation("GET", SPACE, since=SINCE, errors=(NotFound,))
    def get_webspace(self, webspace_name: str) -> WebSpace:
        """Read a web space."""


class ServerFarmContract(WebContract):
    """Server farms: the machines that sites share."""

    @operation("GET", FARMS, since=SINCE, errors=(NotFound,))
    def list_server_farms(self, webspace_name: str) -> ServerFarms:
        """List the server farms of a web space."""

    @operation("POST", FARMS, since=SINCE, errors=(BadRequest, Conflict, NotFound))
    def create_server_farm(self, webspace_name: str, body: ServerFarmInput) -> ServerFarm:
        """Make a server farm."""

    @operation("GET", FARM, since=SINCE, errors=(NotFound,))
    def get_server_farm(self, webspace_name: str, server_farm_name: str) -> ServerFarm:
        """Read a server farm."""

    @operation("PUT", FARM, since=SINCE, errors=(BadRequest, Conflict, NotFound))
    def update_server_farm(self, webspace_name: str, server_farm_name: str, body: ServerFarmInput) -> ServerFarm:
        """Change the tier, the size or the number of a farm's machines, and with that of all its sites."""

    @operation("DELETE", FARM, since=SINCE, errors=(Conflict, NotFound))
    def delete_server_farm(self, webspace_name: str, server_farm_name: str) -> None:
        """Delete a server farm that has no sites."""

    @operation(
        "GET",
        f"{FARM}/metrics?names={{names}}&StartTime={{start_time}}&EndTime={{end_time}}&timeGrain={{time_grain}}"
        "&details={details}",
        since=SINCE,
        errors=(BadRequest, NotFound),
    )
    def get_server_farm_metrics(
        self,
        webspace_name: str,
        server_farm_name: str,
        names: str | None = None,
        start_time: str | None = None,
        end_time: str | None = None,
        time_grain: str | None = None,
        details: bool | None = None,
    ) -> MetricResponses:
        """Read what a farm's machines have used."""


class WebSiteContract(WebContract):
    """Sites and their slots."""

    @operation("GET", f"{SITES}?propertiesToInclude={{properties_to_include}}", since=SINCE, errors=(NotFound,))
    def list_sites(self, webspace_name: str, properties_to_include: str | None = None) -> Sites:
        """List the sites and slots of a web space."""

    @operation("POST", SITES, since=SINCE, errors=(BadRequest, Conflict, NotFound))
    def create_site(self, webspace_name: str, body: SiteInput) -> Site:
        """Make a site, or with a name like ``site(slot)`` a slot of one."""

    @operation("GET", f"{SITE}?propertiesToInclude={{properties_to_include}}", since=SINCE, errors=(NotFound,))
    def get_site(self, webspace_name: str, website_name: str, properties_to_include: str | None = None) -> Site:
        """Read a site."""

    @operation("PUT", SITE, since=SINCE, errors=(BadRequest, Conflict, NotFound))
    def update_site(self, webspace_name: str, website_name: str, body: SiteInput) -> Site:
        """Start or stop a site, move it to another farm, change its host names and their bindings."""

    @operation(
        "DELETE",
        f"{SITE}?deleteEmptyServerFarm={{delete_empty_server_farm}}&deleteMetrics={{delete_metrics}}"
        "&deleteAllSlots={delete_all_slots}",
        since=SINCE,
        errors=(Conflict, NotFound),
    )
    def delete_site(
        self,
        webspace_name: str,
        website_name: str,
        delete_empty_server_farm: bool | None = None,
        delete_metrics: bool | None = None,
        delete_all_slots: bool | None = None,
    ) -> None:
        """Delete a site."""

    @operation("POST", f"{SITE}/restart", since=SINCE, errors=(NotFound,))
    def restart_site(self, webspace_name: str, website_name: str) -> None:
        """Restart a site."""

    @operation("GET", f"{SITE}/instanceids", since=SINCE, errors=(NotFound,))
    def list_site_instances(self, webspace_name: str, website_name: str) -> Strings:
        """List the ids of the machines that a site runs on."""

    @operation("POST", f"{SITE}/newpassword", since=SINCE, errors=(NotFound,))
    def generate_site_password(self, webspace_name: str, website_name: str) -> None:
        """Make a new publishing password."""

    @operation("GET", f"{SITE}/publishxml", since=SINCE, errors=(NotFound,))
    def get_publish_profile_xml(self, webspace_name: str, website_name: str) -> RawBody:
        """Read what a publishing tool needs to know of a site."""

    @operation("GET", f"{SITE}/repository", since=SINCE, errors=(NotFound,))
    def get_site_repository(self, webspace_name: str, website_name: str) -> SerializedUri:
        """Read the address of a site's Git repository."""

    @operation("POST", f"{SITE}/repository", since=SINCE, errors=(NotFound,))
    def create_site_repository(self, webspace_name: str, website_name: str) -> None:
        """Give a site a Git repository."""

    @operation("POST", f"{SITE}/repository?action=sync", since=SINCE, errors=(NotFound,))
    def sync_site_repository(self, webspace_name: str, website_name: str) -> None:
        """Fetch what was pushed to the source a site is linked with."""

    @operation("DELETE", f"{SITE}/repository", since=SINCE, errors=(NotFound,))
    def delete_site_repository(self, webspace_name: str, website_name: str) -> SerializedUri:
        """Take a site's Git repository away."""

    @operation("GET", f"{SITE}/operations/{{operation_id}}", since=SINCE, errors=(NotFound,))
    def get_site_operation(self, webspace_name: str, website_name: str, operation_id: str) -> SiteOperation:
        """Read how far an operation of a site is."""


class SiteConfigurationContract(WebContract):
    """How sites run, and what of it stays with a slot."""

    @operation("GET", f"{SITE}/config", since=SINCE, errors=(NotFound,), media=JSON)
    def get_site_configuration(self, webspace_name: str, website_name: str) -> SiteConfig:
        """Read a site's configuration."""

    @operation("PUT", f"{SITE}/config", since=SINCE, errors=(BadRequest, NotFound), media=JSON)
    def update_site_configuration(self, webspace_name: str, website_name: str, body: SiteConfig) -> None:
        """Change a site's configuration; what is left out stays."""

    @operation(
        "POST", f"{SITE}/slots?Command=swap&targetSlot={{target_slot}}", since=SINCE,
        errors=(BadRequest, Conflict, NotFound),
    )  # fmt: skip
    def swap_site_slots(self, webspace_name: str, website_name: str, target_slot: str) -> SiteOperation:
        """Exchange a slot, ``site(slot)``, with another one of its site; ``Production`` is the site itself."""

    @operation("GET", f"{SITE}/slotconfignames", since=SINCE, errors=(NotFound,), media=JSON)
    def get_slot_config_names(self, webspace_name: str, website_name: str) -> SlotConfigNames:
        """Read the names of the settings that stay with a slot."""

    @operation("POST", f"{SITE}/slotconfignames", since=SINCE, errors=(NotFound,), media=JSON)
    def update_slot_config_names(self, webspace_name: str, website_name: str, body: SlotConfigNames) -> None:
        """Set the names of the settings that stay with a slot."""

    @operation(
        "POST", f"{SITE}/applyslotconfig?targetSwapSlot={{target_swap_slot}}", since=SINCE,
        errors=(Conflict, NotFound), media=JSON,
    )  # fmt: skip
    def apply_slot_configuration(self, webspace_name: str, website_name: str, target_swap_slot: str) -> None:
        """Give a slot the settings that stay with another one: the first half of a swap."""

    @operation("POST", f"{SITE}/resetslotconfig", since=SINCE, errors=(NotFound,), media=JSON)
    def reset_slot_configuration(self, webspace_name: str, website_name: str) -> None:
        """Take back what `apply_slot_configuration` did."""


class SiteMeasureContract(WebContract):
    """What sites use."""

    @operation("GET", f"{SITE}/usages", since=SINCE, errors=(NotFound,))
    def get_site_usages(self, webspace_name: str, website_name: str) -> Usages:
        """Read how much of its quotas a site uses."""

    @operation(
        "GET",
        f"{SITE}/metrics?names={{names}}&StartTime={{start_time}}&EndTime={{end_time}}&timeGrain={{time_grain}}"
        "&details={details}&slotView={slot_view}",
        since=SINCE,
        errors=(BadRequest, NotFound),
    )
    def get_historical_usage_metrics(
        self,
        webspace_name: str,
        website_name: str,
        names: str | None = None,
        start_time: str | None = None,
        end_time: str | None = None,
        time_grain: str | None = None,
        details: bool | None = None,
        slot_view: bool | None = None,
    ) -> MetricResponses:
        """Read what a site has used."""

    @operation("GET", f"{SITE}/metricdefinitions", since=SINCE, errors=(NotFound,))
    def get_metric_definitions(self, webspace_name: str, website_name: str) -> MetricDefinitions:
        """List the metrics of a site."""


class SiteBackupContract(WebContract):
    """Backups of sites, into a storage account."""

    @operation("GET", f"{SITE}/backup/config", since=SINCE, errors=(NotFound,))
    def get_backup_configuration(self, webspace_name: str, website_name: str) -> BackupRequest:
        """Read when a site is saved, and where."""

    @operation("PUT", f"{SITE}/backup/config", since=SINCE, errors=(BadRequest, NotFound))
    def update_backup_configuration(self, webspace_name: str, website_name: str, body: BackupRequest) -> None:
        """Say when a site is to be saved, and where."""

    @operation("PUT", f"{SITE}/backup", since=SINCE, errors=(BadRequest, NotFound))
    def backup_site(self, webspace_name: str, website_name: str, body: BackupRequest) -> BackupItem:
        """Save a site now."""

    @operation("GET", f"{SITE}/restore", since=SINCE, errors=(NotFound,))
    def list_site_backups(self, webspace_name: str, website_name: str) -> BackupItems:
        """List a site's backups."""

    @operation("PUT", f"{SITE}/restore", since=SINCE, errors=(BadRequest, NotFound))
    def restore_site(self, webspace_name: str, website_name: str, body: RestoreRequest) -> RestoreResponse:
        """Bring a site back from a backup."""

    @operation("PUT", f"{SITE}/restore/discover", since=SINCE, errors=(BadRequest, NotFound))
    def discover_site_backup(self, webspace_name: str, website_name: str, body: RestoreRequest) -> RestoreRequest:
        """Say what a backup holds."""


class HybridConnectionContract(WebContract):
    """Hybrid connections of sites."""

    @operation("GET", f"{SITE}/hybridconnection", since=SINCE, errors=(NotFound,))
    def list_hybrid_connections(self, webspace_name: str, website_name: str) -> HybridConnections:
        """List the hybrid connections of a site."""

    @operation("POST", f"{SITE}/hybridconnection", since=SINCE, errors=(BadRequest, Conflict, NotFound))
    def create_hybrid_connection(
        self, webspace_name: str, website_name: str, body: HybridConnection
    ) -> HybridConnection:
        """Connect a site with a machine on premises."""

    @operation("PUT", f"{SITE}/hybridconnection", since=SINCE, errors=(BadRequest, NotFound))
    def update_hybrid_connection(
        self, webspace_name: str, website_name: str, body: HybridConnection
    ) -> HybridConnection:
        """Change the hybrid connection of this name."""

    @operation("GET", f"{SITE}/hybridconnection/{{entity_name}}", since=SINCE, errors=(NotFound,))
    def get_hybrid_connection(self, webspace_name: str, website_name: str, entity_name: str) -> HybridConnection:
        """Read a hybrid connection."""

    @operation("DELETE", f"{SITE}/hybridconnection/{{entity_name}}", since=SINCE, errors=(NotFound,))
    def delete_hybrid_connection(self, webspace_name: str, website_name: str, entity_name: str) -> None:
        """Take a hybrid connection away."""
