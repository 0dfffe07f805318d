"""Wrong behaviours of circuits, clusters, add-ons, published extensions, virtual IPs and hosts of things' own."""

from __future__ import annotations

from typing import Any, Final

from asm_emulator.areas import database_server
from asm_emulator.areas.site_tools import common as site_tools
from asm_emulator.selftest import wrongs as w
from asm_emulator.selftest.core import Row


def _true(*_args: Any, **_given: Any) -> bool:
    return True


FURTHER: Final[tuple[tuple[str, Row], ...]] = (
    ("expressroute", ("taken-name", "a taken name may be taken again",
                      w.forgives("create_dedicated_circuit", "ConflictError"))),
    ("expressroute", ("delete-not-found", "a key nobody has is a 404 to delete",
                      w.other_refusal("delete_dedicated_circuit", "ResourceNotFound", 404))),
    ("extension_images", ("register-without-effect", "an extension is not published",
                          w.ends_without_effect("register_extension"))),
    ("extension_images", ("update-without-effect", "an extension does not change",
                          w.ends_without_effect("update_extension"))),
    ("extension_images", ("stays", "an extension is not taken back", w.ends_without_effect("unregister_extension"))),
    ("extension_images", ("further-ignored", "an update brings no further version",
                          w.changes_nothing("update_extension"))),
    ("extension_images", ("twice", "a version is published twice", w.forgives("register_extension", "ConflictError"))),
    ("virtual_ips", ("add-without-effect", "a virtual IP is not added", w.ends_without_effect("add_virtual_ip"))),
    ("virtual_ips", ("stays", "a virtual IP is not taken away", w.ends_without_effect("remove_virtual_ip"))),
    ("virtual_ips", ("used-goes", "a virtual IP in use is taken away", w.forgives("remove_virtual_ip", "BadRequest"))),
    ("hdinsight", ("create-without-effect", "a cluster is not made", w.ends_without_effect("create_cluster"))),
    ("hdinsight", ("stays", "a deleted cluster stays", w.ends_without_effect("delete_cluster"))),
    ("hdinsight", ("taken-name", "a taken name may be taken again",
                   w.forgives("create_iaas_cluster", "ConflictError"))),
    ("hdinsight", ("list-empty", "the list is empty", w.shows("list_clusters", "items", ()))),
    ("add_ons", ("put-without-effect", "an add-on is not bought", w.ends_without_effect("put_add_on"))),
    ("add_ons", ("stays", "a cancelled add-on stays", w.ends_without_effect("delete_add_on"))),
    ("add_ons", ("plan-lost", "the plan is another", w.hears("put_add_on", plan="other"))),
    ("site_tools", ("any-password", "any password will do", w.replaced(site_tools, "may_publish", _true))),
    ("site_tools", ("upload-ignored", "a job is not there", w.changes_nothing("upload_continuous_job"))),
    ("site_tools", ("stop-ignored", "a job is not stopped", w.changes_nothing("stop_continuous_job"))),
    ("site_tools", ("run-ignored", "a job is not run", w.changes_nothing("run_triggered_job"))),
    ("site_tools", ("setting-ignored", "a setting is not set", w.changes_nothing("update_tool_settings"))),
    ("site_tools", ("deployment-ignored", "a deployment is not noted", w.changes_nothing("note_site_deployment"))),
    ("site_tools", ("job-stays", "a deleted job stays", w.does_nothing("delete_triggered_job"))),
    ("database_server", ("any-password", "any password will do", w.replaced(database_server, "may_log_in", _true))),
    ("database_server", ("any-token", "any token will do", w.replaced(database_server, "may_go_on", _true))),
    ("database_server", ("no-firewall", "every address is admitted", w.skipped(database_server, "check_firewall"))),
    ("database_server", ("create-ignored", "a database is not made", w.changes_nothing("create_server_database"))),
    ("database_server", ("stays", "a deleted database stays", w.changes_nothing("delete_server_database"))),
)  # fmt: skip
