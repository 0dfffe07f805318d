"""Wrong behaviours of virtual machines, packages, networks and what stands behind the front."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from asm_emulator import deployed, engine
from asm_emulator.areas import virtual_machines as vm_area
from asm_emulator.areas.deployments import area as deployment_area
from asm_emulator.areas.deployments import creation, package_role_instances, package_updates, swapping, updates
from asm_emulator.areas.virtual_machines import (
    attaching,
    booting,
    capturing,
    changing,
    creating,
    dns,
    endpoints,
    power,
    validation,
)
from asm_emulator.selftest import wrongs as w
from asm_emulator.selftest.core import Row


def _address_of_deallocated(found: Any) -> Any:
    return replace(found, ip_address="10.0.0.9") if found.instance_status == "StoppedDeallocated" else found


def _captures_keep_machine(patch: w.Patch) -> None:
    patch.set(capturing, "remove", lambda *_: None)


VIRTUAL_MACHINES: Final[tuple[Row, ...]] = (
    ("operation-no-error", "a failed operation does not say why", w.shows("get_operation_status", "error", None)),
    ("lease-kept", "a lease is never given back", w.skipped(engine, "release")),
    ("no-lease", "two mutations may go on at once",
     w.every(w.skipped(engine, "lease"), w.replaced(engine, "holder_of", lambda *_: None))),
    ("capture-keeps-machine", "a captured machine stays", _captures_keep_machine),
    ("capture-of-running", "a running machine can be captured", w.skipped(capturing, "check_down")),
    ("capture-without-image", "a capture makes no image", w.skipped(capturing, "os_image_from_machine")),
    ("vm-capture-without-image", "a capture makes no VM image", w.skipped(capturing, "image_from_machine")),
    ("vm-capture-lease-kept", "a capture keeps its lease", w.keeps_its_lease("capture_vm_image")),
    ("disk-stays-attached", "a disk stays attached when its machine is gone", w.no_effect(deployed.disk_detached)),
    ("ports-collide", "two machines may have one port",
     w.every(w.skipped(creating, "check_collisions"), w.skipped(vm_area, "check_collisions"))),
    ("never-provisions", "a machine never provisions", w.no_effect(booting.machine_provisions)),
    ("never-ready", "a machine never becomes ready", w.no_effect(booting.machine_ready)),
    ("deallocated-keeps-address", "a deallocated machine keeps its address",
     w.shows("get_deployment", "role_instance_list.*", _address_of_deallocated)),
    ("stopped-is-deallocated", "stopping deallocates",
     w.hears("shutdown_role", post_shutdown_action="StoppedDeallocated")),
    ("deallocated-is-stopped", "deallocating stops", w.hears("shutdown_role", post_shutdown_action="Stopped")),
    ("shutdown-without-effect", "a machine is not shut down", w.no_effect(power.machines_stopped)),
    ("start-without-effect", "a machine does not start", w.no_effect(power.machines_started)),
    ("several-not-stopped", "several machines are not shut down", w.no_effect(power.machine_stops)),
    ("last-role-goes", "the last machine can go", w.skipped(changing, "check_not_last")),
    ("delete-role-without-effect", "a deleted machine stays", w.no_effect(changing.machine_gone)),
    ("add-role-without-effect", "an added machine does not come", w.no_effect(creating.machine_added)),
    ("lun-unchecked", "a logical unit may be used twice", w.skipped(attaching, "check_lun")),
    ("attach-without-effect", "an attached disk is not there", w.no_effect(changing.data_disk_attached)),
    ("detach-without-effect", "a detached disk stays", w.no_effect(changing.data_disk_gone)),
    ("update-without-effect", "an update of a machine changes nothing", w.no_effect(changing.machine_updated)),
    ("dns-without-effect", "a DNS server does not come", w.no_effect(dns.dns_server_set)),
    ("size-unchecked", "any size will do",
     w.every(w.replaced(validation, "check_size", lambda _draft, _service, size: size),
             w.skipped(validation, "check_known_size"))),
    ("port-unchecked", "any port will do", w.skipped(endpoints, "check_port")),
    ("create-200", "a creation answers 200", w.status("create_virtual_machine_deployment", 200)),
    ("create-ends-at-once", "a creation has ended before it went on",
     w.ends_at_once("create_virtual_machine_deployment")),
    ("create-never-ends", "a creation never ends", w.never_ends("create_virtual_machine_deployment")),
    ("create-fails", "a creation fails", w.fails_later("create_virtual_machine_deployment")),
    ("slot-unchecked", "an occupied slot can be filled", w.skipped(creating, "_check_free")),
    ("role-name-lost", "a role has another name", w.shows("get_role", "role_name", "other")),
    ("role-size-lost", "a role has another size", w.shows("get_role", "role_size", "Large")),
    ("password-shown", "a role shows its password",
     w.every(w.replaced(vm_area, "without_passwords", lambda role: role),
             w.shows("get_role", "configuration_sets", lambda _: ()))),
    ("role-absent", "a role that is not there is a bad request", w.other_refusal("get_role")),
    ("restart-fails", "a restart fails", w.fails_later("restart_role")),
    ("shutdown-refused", "a shutdown is refused", w.refuses("shutdown_role", "ConflictError", 409)),
    ("start-200", "a start answers 200", w.status("start_role", 200)),
    ("data-disk-hidden", "a data disk is not to be read", w.refuses("get_data_disk", "ResourceNotFound", 404)),
    ("add-role-taken", "a role name may be taken twice", w.forgives("add_role", "ConflictError")),
    ("busy-is-400", "a busy deployment is a bad request", w.other_refusal("shutdown_role")),
    ("release-media", "disks are lost with their machine",
     w.replaced(capturing, "release_disks",
                lambda draft, machine, **_: deployed.release_disks(draft, machine, media=True))),
    ("media-stays", "blobs stay when a machine goes with its media",
     w.replaced(changing, "release_disks",
                lambda draft, machine, **_: deployed.release_disks(draft, machine, media=False))),
)  # fmt: skip

DEPLOYMENTS: Final[tuple[Row, ...]] = (
    ("slot-unchecked", "an occupied slot can be filled", w.skipped(creation, "check_slot")),
    ("start-ignored", "a deployment is not started", w.hears("create_deployment", start_deployment=False)),
    ("always-started", "a deployment is always started", w.hears("create_deployment", start_deployment=True)),
    ("status-without-effect", "a status is not taken on", w.no_effect(updates.status_updated)),
    ("change-without-effect", "a configuration is not taken on", w.no_effect(package_updates.update_accepted)),
    ("walk-without-effect", "an upgrade domain is not walked", w.no_effect(package_updates.domain_walked)),
    ("rollback-without-effect", "an update is not rolled back", w.no_effect(package_updates.rolled_back)),
    ("swap-without-effect", "a swap does nothing", w.no_effect(swapping.deployments_swapped)),
    ("instances-stay", "deleted instances stay", w.no_effect(package_role_instances.instances_deleted)),
    ("instance-not-handled", "a reboot fails", w.fails_later("reboot_role_instance")),
    ("reimage-refused", "a reimage is refused", w.refuses("reimage_role_instance", "BadRequest", 400)),
    ("delete-without-effect", "a deleted deployment stays", w.no_effect(deployment_area.deployment_gone)),
    ("label-lost", "the label is not kept", w.hears("create_deployment", label="other")),
    ("not-found-400", "a deployment that is not there is a bad request", w.other_refusal("get_deployment")),
    ("slot-lost", "every deployment is in production", w.shows("get_deployment", "deployment_slot", "Production")),
    ("private-id-changes", "the private id is another every time",
     w.instead("get_deployment", lambda right, area, given: _other_id(right(area, **given), area))),
    ("create-ends-at-once", "a creation has ended before it went on", w.ends_at_once("create_deployment")),
    ("create-fails", "a creation fails", w.fails_later("create_deployment")),
    ("package-unread", "the configuration is not looked at", w.forgives("create_deployment", "BadRequest")),
    ("change-unread", "a configuration of other roles is taken on",
     w.forgives("change_deployment_configuration", "BadRequest")),
    ("swap-unread", "a swap of other names is fine",
     w.forgives("swap_deployment", "BadRequest", "ResourceNotFound", "ConflictError")),
    ("url-lost", "the address is another", w.shows("get_deployment", "url", "http://other.cloudapp.net/")),
    ("roles-hidden", "a deployment does not show its roles", w.shows("get_deployment", "role_list", ())),
    ("instances-hidden", "a deployment does not show its instances",
     w.shows("get_deployment", "role_instance_list", ())),
    ("service-goes", "a service goes with its deployments",
     w.instead("delete_hosted_service", lambda _right, area, given: area.state.hosted_services.pop(
         given["service_name"], None) and None)),
)  # fmt: skip


def _other_id(found: Any, area: Any) -> Any:
    return replace(found, private_id=area.request.request_id)


BEHIND: Final[tuple[tuple[str, Row], ...]] = (
    ("security_groups", ("create-without-effect", "a group is not made",
                         w.refuses("get_network_security_group", "ResourceNotFound", 404))),
    ("security_groups", ("rule-without-effect", "a rule is not set",
                         w.ends_without_effect("set_network_security_rule"))),
    ("security_groups", ("rule-stays", "a deleted rule stays", w.ends_without_effect("delete_network_security_rule"))),
    ("security_groups", ("delete-without-effect", "a deleted group stays",
                         w.ends_without_effect("delete_network_security_group"))),
    ("security_groups", ("no-defaults", "a group has no rules of its own",
                         w.shows("get_network_security_group", "rules", None))),
    ("security_groups", ("list-empty", "the list is empty", w.shows("list_network_security_groups", "items", ()))),
    ("route_tables", ("route-without-effect", "a route is not set", w.ends_without_effect("set_route"))),
    ("route_tables", ("route-stays", "a deleted route stays", w.ends_without_effect("delete_route"))),
    ("route_tables", ("delete-without-effect", "a deleted table stays", w.ends_without_effect("delete_route_table"))),
    ("route_tables", ("label-lost", "the label is not kept", w.hears("create_route_table", label="other"))),
    ("route_tables", ("taken-name", "a taken name may be taken again",
                      w.forgives("create_route_table", "ConflictError"))),
    ("sql", ("delete-ignored", "a deleted server stays", w.does_nothing("delete_server"))),
    ("sql", ("login-lost", "the login is another", w.hears("create_server", administrator_login="other"))),
    ("sql", ("rule-ignored", "a firewall rule is not made", w.changes_nothing("create_firewall_rule"))),
    ("sql", ("rule-update-ignored", "a firewall rule is not changed", w.changes_nothing("update_firewall_rule"))),
    ("sql", ("rule-stays", "a deleted firewall rule stays", w.does_nothing("delete_firewall_rule"))),
    ("sql", ("database-ignored", "a database is not made", w.changes_nothing("create_database"))),
    ("sql", ("database-stays", "a deleted database stays", w.changes_nothing("delete_database"))),
    ("sql", ("weak-password", "any password will do",
             w.hears("create_server", administrator_login_password="Complex-Passw0rd"))),
    ("service_bus", ("delete-ignored", "a deleted namespace stays", w.changes_nothing("delete_namespace"))),
    ("service_bus", ("queue-ignored", "a queue is not made", w.changes_nothing("create_queue"))),
    ("service_bus", ("queue-stays", "a deleted queue stays", w.does_nothing("delete_queue"))),
    ("service_bus", ("queue-size-lost", "the size of a queue is another",
                     w.hears("create_queue", max_size_in_megabytes=1024))),
    ("service_bus", ("always-available", "every name is available",
                     w.shows("check_namespace_availability", "content.result", True))),
    ("service_bus", ("active-at-once", "a namespace is active at once",
                     w.shows("create_namespace", "content.status", "Active"))),
    ("traffic_manager", ("update-ignored", "an update changes nothing",
                         w.changes_nothing("update_traffic_manager_profile"))),
    ("traffic_manager", ("delete-ignored", "a deleted profile stays",
                         w.changes_nothing("delete_traffic_manager_profile"))),
    ("traffic_manager", ("definition-ignored", "a definition is not taken on",
                         w.changes_nothing("create_traffic_manager_definition"))),
    ("traffic_manager", ("taken-name", "a taken name may be taken again",
                         w.forgives("create_traffic_manager_profile", "ConflictError"))),
    ("websites", ("delete-ignored", "a deleted site stays", w.changes_nothing("delete_site"))),
    ("websites", ("update-ignored", "an update changes nothing", w.changes_nothing("update_site"))),
    ("websites", ("create-ignored", "a site is not made", w.changes_nothing("create_site"))),
    ("websites", ("taken-name", "a taken name may be taken again", w.other_refusal("create_site"))),
    ("websites", ("state-lost", "every site runs", w.shows("get_site", "state", "Running"))),
    ("websites", ("list-empty", "the list is empty", w.shows("list_sites", "items", ()))),
    ("scheduler", ("delete-without-effect", "a deleted cloud service stays",
                   w.ends_without_effect("delete_cloud_service"))),
    ("scheduler", ("label-lost", "the label is not kept", w.hears("create_cloud_service", label="other"))),
    ("scheduler", ("job-ignored", "a job is not made", w.changes_nothing("create_job"))),
    ("scheduler", ("job-stays", "a deleted job stays", w.does_nothing("delete_job"))),
    ("scheduler", ("job-runs", "a disabled job is enabled", w.hears("create_job", state="enabled"))),
    ("scheduler", ("always-available", "every name is available",
                   w.shows("check_job_collection_name", "is_available", True))),
    ("scheduler", ("list-empty", "the list is empty", w.shows("list_cloud_services", "items", ()))),
)  # fmt: skip
