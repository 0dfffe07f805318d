"""Wrong behaviours of what stands behind the service: SQL, Service Bus, the scheduler, web sites, Traffic Manager."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from asm_contracts.areas.scheduler import JobRecurrence
from asm_emulator.areas import traffic_manager
from asm_emulator.areas.scheduler import checking as job_checking
from asm_emulator.areas.scheduler import jobs, running
from asm_emulator.areas.service_bus import entities, keys
from asm_emulator.areas.sql import copies, databases, restores, servers, transfers
from asm_emulator.areas.sql.common import find_server
from asm_emulator.areas.websites import backups, configuration, farms
from asm_emulator.selftest import wrongs as w
from asm_emulator.selftest.core import Row


def _as_given(given: Any, *_more: Any) -> Any:
    return given


SQL: Final[tuple[Row, ...]] = (
    ("update-ignored", "an update changes nothing", w.changes_nothing("update_database")),
    ("rename-ignored", "a database keeps its name", w.hears("update_database", name=None)),
    ("level-never", "a new level is never reached", w.no_effect(databases.objective_assigned)),
    ("level-at-once", "a new level is reached at once",
     w.shows("update_database", "service_objective_assignment_state_description", "Complete")),
    ("sizes-unchecked", "a database may be of any size",
     w.replaced(databases, "size_of", lambda _edition, _gb, _bytes, otherwise: otherwise)),
    ("names-unchecked", "two databases may share a name", w.skipped(databases, "check_new_name")),
    ("levels-empty", "there are no levels", w.shows("list_service_level_objectives", "items", ())),
    ("level-other", "a level is another", w.shows("get_service_level_objective", "name", "S9")),
    ("quotas-empty", "there are no limits", w.shows("list_quotas", "items", ())),
    ("quota-nothing", "a limit is nothing", w.shows("get_quota", "value", 0)),
    ("password-stays", "the password stays", w.changes_nothing("set_server_admin_password")),
    ("passwords-unchecked", "any password will do", w.skipped(servers, "check_password")),
    ("logins-unchecked", "anybody may export", w.replaced(
        transfers.TransferOperations, "_connect", lambda self, name, *_who: find_server(self.state, name))),
    ("events-unchecked", "any span of time will do",
     w.every(w.skipped(servers, "check_events"), w.skipped(databases, "check_events"))),
    ("operations-forgotten", "nothing that was done is remembered",
     w.shows("list_database_operations_by_server", "items", ())),
    ("operations-of-all", "what was done to a database is what was done to all", w.instead(
        "list_database_operations_by_database",
        lambda _right, area, given: area.list_database_operations_by_server(given["server_name"]))),
    ("operation-stuck", "an operation is going on for ever", w.shows("get_database_operation", "state", "IN_PROGRESS")),
    ("copy-never", "a copy is never complete", w.no_effect(copies.copy_seeded)),
    ("copy-ignored", "a copy is not made", w.changes_nothing("create_database_copy")),
    ("copy-end-ignored", "a copy does not end", w.changes_nothing("update_database_copy")),
    ("copy-stays", "a copy that is ended goes on", w.changes_nothing("delete_database_copy")),
    ("copy-direction", "no database is the target of a copy",
     w.shows("get_database_copy", "is_local_database_replication_target", False)),
    ("copies-hidden", "copies are not listed", w.shows("list_database_copies", "items", ())),
    ("restore-never", "a restore never ends", w.no_effect(restores.database_restored)),
    ("dropped-hidden", "deleted databases are gone", w.shows("list_restorable_dropped_databases", "items", ())),
    ("dropped-other", "a deleted database had another edition",
     w.shows("get_restorable_dropped_database", "edition", "Basic")),
    ("recover-ignored", "a recovery does not begin", w.changes_nothing("create_recover_database_operation")),
    ("restore-ignored", "a restore does not begin", w.changes_nothing("create_restore_database_operation")),
    ("backups-at-once", "a backup has gone elsewhere at once",
     w.replaced(restores, "_BACKUP", restores._BACKUP / 3600)),
    ("transfer-never", "imports and exports stay where they are", w.no_effect(transfers.transfer_goes_on)),
    ("transfers-hidden", "imports and exports are not told of", w.shows("query_import_export_status", "items", ())),
    ("transfer-pending", "imports and exports are pending",
     w.shows("get_import_export_status", "items.*.status", "Pending")),
    ("import-edition-lost", "an import has another edition", w.hears("import_database", azure_edition="Standard")),
    ("firewall-other", "a firewall rule is another", w.shows("get_firewall_rule", "end_ip_address", "1.1.1.1")),
)  # fmt: skip

SERVICE_BUS: Final[tuple[Row, ...]] = (
    ("regions-empty", "there are no regions", w.shows("get_regions", "entries", ())),
    *(
        row
        for word, name in (("topic", "topic"), ("notification_hub", "notification hub"), ("relay", "relay"))
        for row in (
            (f"{word}-ignored", f"a {name} is not made", w.changes_nothing(f"create_{word}")),
            (f"{word}-stays", f"a deleted {name} stays", w.does_nothing(f"delete_{word}")),
            (f"{word}s-empty", f"there are no {name}s", w.shows(f"list_{word}s", "entries", ())),
        )
    ),
    ("topic-size-lost", "a topic has the usual size", w.hears("create_topic", max_size_in_megabytes=None)),
    ("lock-lost", "a queue has the usual lock", w.hears("create_queue", lock_duration=None)),
    ("taken-400", "a name that is taken is a bad request", w.other_refusal("create_relay")),
    ("descriptions-unchecked", "a queue may be anything",
     w.replaced(entities, "checked_description", lambda given, _before: given)),
    ("entity-keys-hidden", "queues have no keys", w.shows("list_entity_connection_details", "entries", ())),
    ("entity-path-lost", "what connects to a queue does not name it",
     w.replaced(entities, "connection_detail", lambda namespace, key, _path=None: keys.connection_detail(
         namespace, key))),
    ("rule-ignored", "a key is not added", w.changes_nothing("create_authorization_rule")),
    ("rule-update-ignored", "a key does not change", w.changes_nothing("update_authorization_rule")),
    ("rule-stays", "a deleted key stays", w.changes_nothing("delete_authorization_rule")),
    ("rule-taken", "a key that is there is a bad request", w.other_refusal("create_authorization_rule")),
    ("rights-unchecked", "any rights will do", w.replaced(keys, "checked_rights", lambda given: given or ())),
    ("keys-unchecked", "any key will do", w.replaced(keys, "checked_key", _as_given)),
    ("root-missing", "a namespace has no key of its own", w.shows("list_authorization_rules", "entries", ())),
    ("details-hidden", "nothing connects to a namespace", w.shows("list_connection_details", "entries", ())),
    ("metrics-hidden", "nothing is measured", w.shows("list_supported_metrics", "entries", ())),
    ("rollups-hidden", "nothing is gathered", w.shows("list_metric_rollups", "entries", ())),
    ("values-500", "a filter that is none is an internal error",
     w.other_refusal("list_metric_values", "InternalError", 500)),
    ("never-active", "a namespace is never active", w.shows("get_namespace", "content.status", "Activating")),
)  # fmt: skip

SCHEDULER: Final[tuple[Row, ...]] = (
    ("regions-none", "the scheduler is offered nowhere", w.shows("get_scheduler_properties", "items.*.value", "")),
    ("entitle-fails", "nobody is entitled to anything", w.fails_later("entitle_resource")),
    ("get-always-available", "every name is available, asked the other way",
     w.shows("get_job_collection_name_availability", "is_available", True)),
    ("collection-change-ignored", "a collection does not change", w.hears("create_job_collection",
                                                                           intrinsic_settings=None)),
    ("collection-stays", "a deleted collection stays", w.ends_without_effect("delete_job_collection")),
    ("etag-stays", "a collection keeps its ETag",
     w.shows("get_job_collection", "etag", "etag")),
    ("plans-unlimited", "a plan has room for any number of jobs", w.replaced(jobs, "job_limit", lambda _one: 10**6)),
    ("actions-unchecked", "an action may be anything", w.replaced(job_checking, "_action", _as_given)),
    ("recurrences-unchecked", "a recurrence may be anything", w.replaced(job_checking, "_recurrence", _as_given)),
    ("update-ignored", "a job does not change", w.changes_nothing("update_job")),
    ("update-forgets", "what a change does not name is lost",
     w.hears("update_job", recurrence=lambda given: given or JobRecurrence(frequency="week", interval=9))),
    ("all-ignored", "jobs stay enabled", w.changes_nothing("update_all_jobs_state")),
    ("history-empty", "no job ever ran", w.shows("get_job_history", "items", ())),
    ("history-backwards", "the first execution comes first",
     w.shows("get_job_history", "items", lambda found: tuple(reversed(found)))),
    ("never-runs", "no job ever runs", w.shows("get_job", "state", "enabled")),
    ("runs-without-end", "a job runs more often than it should", w.replaced(
        jobs, "progress", lambda job, now, **kept: replace(running.progress(job, now, **kept), next=now))),
    ("add-other-id", "an added job has another id", w.shows("add_job", "id", "other")),
    ("pages-ignored", "pages are not looked at", w.instead(
        "get_all_jobs", lambda right, area, given: right(area, **{**given, "skip": None, "top": None}))),
    ("filter-ignored", "filters are not looked at", w.instead(
        "get_all_jobs", lambda right, area, given: right(area, **{**given, "state_filter": None}))),
)  # fmt: skip

WEB_SITES: Final[tuple[Row, ...]] = (
    ("spaces-empty", "there are no web spaces", w.shows("list_webspaces", "items", ())),
    ("regions-empty", "no region takes sites", w.shows("list_geo_regions", "items", ())),
    ("other-domain", "sites are elsewhere", w.shows("get_dns_suffix", "value", "example.org")),
    ("always-available", "every name is available", w.shows("is_site_hostname_available", "value", True)),
    ("publisher-ignored", "nobody publishes", w.changes_nothing("create_publishing_user")),
    ("publishers-hidden", "nobody is told of", w.shows("list_publishing_users", "items", ())),
    ("farm-ignored", "a farm is not made", w.changes_nothing("create_server_farm")),
    ("farm-update-ignored", "a farm does not change", w.changes_nothing("update_server_farm")),
    ("farm-stays", "a deleted farm stays", w.does_nothing("delete_server_farm")),
    ("farms-empty", "there are no farms", w.shows("list_server_farms", "items", ())),
    ("farm-alone", "a farm has no sites", w.shows("get_server_farm", "number_of_sites", 0)),
    ("farm-taken", "a farm that is there is a bad request", w.other_refusal("create_server_farm")),
    ("workers-unchecked", "a farm may have any number of machines",
     w.replaced(farms, "_one_of", lambda asked, _known, default, _element: asked or default)),
    ("farm-metrics-refusal", "a metric that cannot be is an internal error",
     w.other_refusal("get_server_farm_metrics", "InternalError", 500)),
    ("instances-none", "no site has instances", w.shows("list_site_instances", "items", ())),
    ("password-stays", "the password stays", w.changes_nothing("generate_site_password")),
    ("profile-empty", "a publishing profile is empty", w.shows("get_publish_profile_xml", "data", b"<publishData/>")),
    ("repository-ignored", "a repository is not made", w.changes_nothing("create_site_repository")),
    ("repository-stays", "a deleted repository stays", w.changes_nothing("delete_site_repository")),
    ("repository-elsewhere", "a repository is elsewhere", w.shows("get_site_repository", "value", "https://x/")),
    ("configuration-ignored", "a configuration does not change", w.changes_nothing("update_site_configuration")),
    ("configuration-forgets", "what a change leaves out is lost",
     w.replaced(configuration, "merged", lambda _config, changes, _now: changes)),
    ("configuration-unchecked", "a configuration may be anything", w.skipped(configuration, "_check")),
    ("sticky-ignored", "no setting stays with its slot", w.changes_nothing("update_slot_config_names")),
    ("sticky-hidden", "no setting is told to stay", w.shows("get_slot_config_names", "app_setting_names", ())),
    ("swap-never", "slots never change places", w.no_effect(configuration.slots_swapped)),
    ("swap-over", "a swap is over at once", w.shows("swap_site_slots", "status", "Succeeded")),
    ("apply-ignored", "the first half of a swap does nothing", w.changes_nothing("apply_slot_configuration")),
    ("reset-ignored", "the first half of a swap is not taken back", w.changes_nothing("reset_slot_configuration")),
    ("usages-empty", "nothing has a quota", w.shows("get_site_usages", "items", ())),
    ("metrics-found", "every metric is there", w.shows("get_historical_usage_metrics", "items.*.code", "Success")),
    ("definitions-empty", "nothing is measured", w.shows("get_metric_definitions", "items", ())),
    ("plan-ignored", "a site is not saved by plan", w.changes_nothing("update_backup_configuration")),
    ("plan-hidden", "a site has another plan", w.shows("get_backup_configuration", "name", "other")),
    ("backup-never", "a backup never ends", w.no_effect(backups.backup_made)),
    ("restore-never", "a restore never ends", w.no_effect(backups.site_restored)),
    ("backup-unchecked", "a site is saved anywhere", w.skipped(backups, "_check_request")),
    ("tier-unchecked", "any tier has backups", w.skipped(backups.SiteBackupArea, "_check_tier")),
    ("discover-other", "a backup is another", w.shows("discover_site_backup", "blob_name", "other")),
    ("hybrid-ignored", "a hybrid connection is not made", w.changes_nothing("create_hybrid_connection")),
    ("hybrid-update-ignored", "a hybrid connection does not change", w.changes_nothing("update_hybrid_connection")),
    ("hybrid-stays", "a deleted hybrid connection stays", w.changes_nothing("delete_hybrid_connection")),
    ("hybrid-ports-unchecked", "any port will do", w.skipped(backups, "_check_port")),
)  # fmt: skip

TRAFFIC_MANAGER: Final[tuple[Row, ...]] = (
    ("always-available", "every domain is free", w.shows("check_dns_prefix_availability", "result", True)),
    ("never-available", "no domain is free", w.shows("check_dns_prefix_availability", "result", False)),
    ("domains-unchecked", "a domain may be anywhere", w.skipped(traffic_manager, "_check_domain")),
    ("definitions-unchecked", "a definition may be anything", w.replaced(traffic_manager, "checked", _as_given)),
    ("monitors-unchecked", "a monitor may be anything", w.replaced(traffic_manager, "_monitor", _as_given)),
    ("domain-other", "a profile has another domain",
     w.hears("create_traffic_manager_profile", domain_name="asm-other.trafficmanager.net")),
    ("time-to-live-lost", "a definition has another time to live",
     w.shows("get_traffic_manager_definition", "dns_options.time_to_live_in_seconds", 30)),
    ("list-empty", "there are no profiles", w.shows("list_traffic_manager_profiles", "items", ())),
    ("definitions-empty", "there are no definitions", w.shows("list_traffic_manager_definitions", "items", ())),
    ("always-enabled", "every profile is in force", w.shows("get_traffic_manager_profile", "status", "Enabled")),
)  # fmt: skip

ALL: Final[dict[str, tuple[Row, ...]]] = {
    "sql": SQL,
    "service_bus": SERVICE_BUS,
    "scheduler": SCHEDULER,
    "websites": WEB_SITES,
    "traffic_manager": TRAFFIC_MANAGER,
}
"""By area."""
