"""Wrong behaviours of networks, their gateways, what guards and routes them, and of migration."""

from __future__ import annotations

from typing import Any, Final

from asm_emulator import circuits, network_configuration, vpn
from asm_emulator.areas import (
    application_gateways,
    expressroute,
    gateways,
    migration,
    route_tables,
    security_groups,
    virtual_network_gateways,
)
from asm_emulator.selftest import wrongs as w
from asm_emulator.selftest.core import Row


def _as_given(given: Any) -> Any:
    return given


VIRTUAL_NETWORKS: Final[tuple[Row, ...]] = (
    ("set-without-effect", "a configuration does not come into force",
     w.ends_without_effect("set_network_configuration")),
    ("set-at-once", "a configuration is in force before anybody can see it coming",
     w.ends_at_once("set_network_configuration")),
    ("lease-kept", "nobody may change the configuration again", w.keeps_its_lease("set_network_configuration")),
    ("no-lease", "two may change the configuration at once", w.takes_no_lease("set_network_configuration")),
    ("ranges-unchecked", "ranges and subnets may be anything", w.skipped(network_configuration, "_check_ranges")),
    ("gateways-unchecked", "connections may lead nowhere", w.skipped(network_configuration, "_check_gateway")),
    ("use-unchecked", "networks in use may go", w.skipped(network_configuration, "_check_in_use")),
    ("names-unchecked", "subnets may share a name", w.skipped(network_configuration, "_check_unique")),
    ("places-unchecked", "a network may be anywhere",
     w.replaced(network_configuration, "place_of", lambda _draft, site: (site.location, site.affinity_group))),
    ("always-free", "every address is free", w.shows("check_static_ip_address", "is_available", True)),
    ("nothing-offered", "no other address is offered", w.shows("check_static_ip_address", "available_addresses", ())),
    ("wrong-refusal", "an address outside is an internal error",
     w.other_refusal("check_static_ip_address", "InternalError", 500)),
    ("list-empty", "the list is empty", w.shows("list_virtual_network_sites", "items", ())),
    ("use-hidden", "no network is in use", w.shows("list_virtual_network_sites", "items.*.in_use", None)),
    ("office-hidden", "no network has a gateway", w.shows("list_virtual_network_sites", "items.*.gateway", None)),
    ("still-coming", "networks are being created for ever",
     w.shows("list_virtual_network_sites", "items.*.state", "Creating")),
    ("content-type", "the configuration comes as something else",
     w.shows("get_network_configuration", "content_type", "application/xml")),
)  # fmt: skip

GATEWAYS: Final[tuple[Row, ...]] = (
    ("create-without-effect", "a gateway never comes", w.ends_without_effect("create_virtual_network_gateway")),
    ("create-at-once", "a gateway is there at once", w.ends_at_once("create_virtual_network_gateway")),
    ("create-fails", "no gateway can be made", w.fails_later("create_virtual_network_gateway")),
    ("never-ends", "a creation never ends", w.never_ends("create_virtual_network_gateway")),
    ("created-200", "a creation answers 200", w.status("create_virtual_network_gateway", 200)),
    ("type-lost", "a gateway's type is the usual one", w.hears("create_virtual_network_gateway", gateway_type=None)),
    ("size-lost", "a gateway's size is the usual one", w.hears("create_virtual_network_gateway", gateway_size=None)),
    ("second-gateway", "a second gateway is a bad request", w.other_refusal("create_virtual_network_gateway")),
    ("no-address", "a gateway has no address", w.shows("get_virtual_network_gateway", "vip_address", None)),
    ("unknown-404", "an unknown network is not found",
     w.other_refusal("get_virtual_network_gateway", "ResourceNotFound", 404)),
    ("delete-without-effect", "a deleted gateway stays", w.ends_without_effect("delete_virtual_network_gateway")),
    ("resize-without-effect", "a gateway keeps its size", w.ends_without_effect("update_virtual_network_gateway")),
    ("resize-no-lease", "two may change a gateway at once", w.takes_no_lease("update_virtual_network_gateway")),
    ("resize-lease-kept", "a gateway is changed once and never again",
     w.keeps_its_lease("update_virtual_network_gateway")),
    ("connect-without-effect", "an office is not connected",
     w.ends_without_effect("update_virtual_network_gateway_connection")),
    ("always-connected", "every office is connected",
     w.shows("list_virtual_network_gateway_connections", "items.*.connectivity_state", "Connected")),
    ("key-without-effect", "a key is not set", w.ends_without_effect("set_virtual_network_gateway_shared_key")),
    ("new-key-without-effect", "a key is not made anew",
     w.ends_without_effect("reset_virtual_network_gateway_shared_key")),
    ("keys-unchecked", "any key will do", w.replaced(vpn, "check_shared_key", _as_given)),
    ("lengths-unchecked", "keys may have any length", w.replaced(vpn, "check_key_length", _as_given)),
    ("encryption-without-effect", "encryption does not change",
     w.ends_without_effect("set_virtual_network_gateway_ipsec_parameters")),
    ("encryption-forgets", "what a change of encryption does not name is lost",
     w.replaced(vpn, "merged_parameters", lambda _known, change: change)),
    ("default-without-effect", "the default site is not set",
     w.ends_without_effect("set_virtual_network_gateway_default_sites")),
    ("default-stays", "the default site stays", w.ends_without_effect("remove_virtual_network_gateway_default_sites")),
    ("capture-without-effect", "nothing is captured",
     w.ends_without_effect("update_virtual_network_gateway_diagnostics")),
    ("capture-never-ends", "a capture never ends", w.no_effect(vpn.capture_ended)),
    ("no-package", "no package is made", w.no_effect(gateways.package_made)),
    ("root-without-effect", "a root certificate is not added", w.ends_without_effect("add_client_root_certificate")),
    ("root-stays", "a deleted root certificate stays", w.ends_without_effect("delete_client_root_certificate")),
    ("root-twice", "a root certificate that is there is a bad request",
     w.other_refusal("add_client_root_certificate")),
    ("no-devices", "there are no devices", w.shows("list_virtual_network_supported_devices", "data", b"<none/>")),
    ("no-script", "scripts are empty", w.shows("get_virtual_network_device_configuration_script", "data", b"")),
    ("operation-nameless", "operations have no name",
     w.shows("get_virtual_network_gateway_operation_status", "operation_name", None)),
    ("operation-200", "operations have numbers for a status",
     w.shows("get_virtual_network_gateway_operation_status", "http_status_code", "200")),
)  # fmt: skip

BY_ID: Final[tuple[Row, ...]] = (
    ("create-without-effect", "a gateway never comes", w.ends_without_effect("create_network_gateway")),
    ("name-lost", "a gateway has another name", w.hears("create_network_gateway", gateway_name="other")),
    ("bgp-lost", "BGP settings are not kept", w.hears("create_network_gateway", bgp_settings=None)),
    ("network-unchecked", "the network's id is not looked at", w.hears("create_network_gateway", vnet_id=None)),
    ("list-empty", "the list is empty", w.shows("list_network_gateways", "items", ())),
    ("delete-without-effect", "a deleted gateway stays", w.ends_without_effect("delete_network_gateway")),
    ("resize-without-effect", "a gateway keeps its size", w.ends_without_effect("update_network_gateway")),
    ("capture-hidden", "captures are nowhere",
     w.shows("get_network_gateway_diagnostics", "public_diagnostics_url", "")),
    ("used-gateway-goes", "a gateway with connections may go",
     w.skipped(virtual_network_gateways, "check_unconnected")),
    ("entities-unchecked", "connections may lead nowhere", w.skipped(virtual_network_gateways, "_check_entity")),
    ("ranges-unchecked", "ranges may be anything", w.replaced(virtual_network_gateways, "_ranges", _as_given)),
    ("systems-unchecked", "systems may have any number", w.replaced(virtual_network_gateways, "_bgp", _as_given)),
    ("local-id", "a creation answers something else than the id",
     w.shows("create_local_network_gateway", "data", b"<Id/>")),
    ("local-name-taken", "a taken name is a bad request", w.other_refusal("create_local_network_gateway")),
    ("local-update-ignored", "an update changes nothing", w.changes_nothing("update_local_network_gateway")),
    ("local-stays", "a deleted local network gateway stays", w.changes_nothing("delete_local_network_gateway")),
    ("connection-without-effect", "a connection is not made", w.ends_without_effect("create_gateway_connection")),
    ("weight-lost", "a connection has another weight", w.hears("create_gateway_connection", routing_weight=1)),
    ("key-lost", "a connection has another key", w.hears("create_gateway_connection", shared_key=None)),
    ("connection-update-without-effect", "an update changes nothing",
     w.ends_without_effect("update_gateway_connection")),
    ("connection-stays", "a deleted connection stays", w.ends_without_effect("delete_gateway_connection")),
    ("key-without-effect", "a key is not set", w.ends_without_effect("set_gateway_connection_shared_key")),
    ("new-key-without-effect", "a key is not made anew",
     w.ends_without_effect("reset_gateway_connection_shared_key")),
    ("encryption-without-effect", "encryption does not change",
     w.ends_without_effect("set_gateway_connection_ipsec_parameters")),
)  # fmt: skip

APPLICATION_GATEWAYS: Final[tuple[Row, ...]] = (
    ("create-without-effect", "a gateway never comes", w.ends_without_effect("create_application_gateway")),
    ("create-at-once", "a gateway is there at once", w.ends_at_once("create_application_gateway")),
    ("create-no-lease", "two may take one name at once", w.takes_no_lease("create_application_gateway")),
    ("name-taken", "a taken name is a bad request", w.other_refusal("create_application_gateway")),
    ("count-lost", "a gateway has two instances", w.hears("create_application_gateway", instance_count=None)),
    ("counts-unchecked", "any number of instances will do",
     w.replaced(application_gateways, "check_instance_count", _as_given)),
    ("update-without-effect", "an update changes nothing", w.ends_without_effect("update_application_gateway")),
    ("delete-without-effect", "a deleted gateway stays", w.ends_without_effect("delete_application_gateway")),
    ("delete-lease-kept", "a changed gateway stays busy", w.keeps_its_lease("update_application_gateway")),
    ("configuration-without-effect", "a configuration is not taken on",
     w.ends_without_effect("set_application_gateway_configuration")),
    ("configuration-as-given", "a configuration is not completed",
     w.replaced(application_gateways, "completed", _as_given)),
    ("references-unchecked", "references may lead nowhere", w.skipped(application_gateways, "check_configuration")),
    ("network-unchecked", "a gateway starts anywhere", w.skipped(application_gateways, "check_network")),
    ("start-without-effect", "a gateway does not start", w.no_effect(application_gateways.gateway_started)),
    ("stop-without-effect", "a gateway does not stop", w.no_effect(application_gateways.gateway_stopped)),
    ("no-address", "a running gateway has no address",
     w.replaced(application_gateways, "_addressed", lambda _draft, found: found)),
    ("always-running", "every gateway runs", w.shows("get_application_gateway", "state", "Running")),
    ("name-empty", "a stopped gateway has an empty DNS name", w.shows("get_application_gateway", "dns_name", "")),
    ("certificate-without-effect", "a certificate is not added",
     w.ends_without_effect("add_application_gateway_certificate")),
    ("certificate-stays", "a deleted certificate stays",
     w.ends_without_effect("delete_application_gateway_certificate")),
    ("certificate-in-use", "a certificate in use is a bad request",
     w.other_refusal("delete_application_gateway_certificate")),
    ("list-empty", "the list is empty", w.shows("list_application_gateways", "items", ())),
)  # fmt: skip

GUARDS: Final[tuple[Row, ...]] = (
    *(
        row
        for place, word in (("subnet", "subnet"), ("role", "machine"), ("network_interface", "network interface"))
        for row in (
            (f"{place}-without-effect", f"a {word} is not guarded",
             w.ends_without_effect(f"add_network_security_group_to_{place}")),
            (f"{place}-stays", f"a {word} stays guarded",
             w.ends_without_effect(f"remove_network_security_group_from_{place}")),
            (f"{place}-unguarded-400", f"a {word} without a guard is a bad request",
             w.other_refusal(f"get_network_security_group_for_{place}")),
        )
    ),
    ("second-guard", "a second group takes the place of the first", w.skipped(security_groups, "_check_free")),
    ("other-guard", "any group may be taken away", w.skipped(security_groups, "_check_bound")),
    ("used-group-goes", "a group in use may go", w.skipped(security_groups, "_check_unused")),
    ("regions-unchecked", "a group guards anywhere", w.skipped(security_groups, "check_region")),
)  # fmt: skip

ROUTES: Final[tuple[Row, ...]] = (
    ("subnet-without-effect", "a subnet does not use its table", w.ends_without_effect("add_route_table_to_subnet")),
    ("subnet-stays", "a subnet keeps its table", w.ends_without_effect("remove_route_table_from_subnet")),
    ("no-table-400", "a subnet without a table is a bad request", w.other_refusal("get_route_table_for_subnet")),
    ("regions-unchecked", "a table is used anywhere", w.skipped(route_tables, "check_region")),
    ("no-lease", "two may change a table at once", w.takes_no_lease("set_route")),
    ("prefixes-unchecked", "prefixes may be anything",
     w.replaced(route_tables, "_prefix", lambda text: text or "0.0.0.0/0")),
    ("no-system-routes", "machines follow no routes",
     w.shows("get_effective_route_table_for_role_instance", "effective_route_list", ())),
    ("interface-routes", "interfaces follow no routes",
     w.shows("get_effective_route_table_for_network_interface", "effective_route_list", ())),
    ("forwarding-without-effect", "a machine does not forward", w.ends_without_effect("set_ip_forwarding_on_role")),
    ("interface-forwarding-without-effect", "an interface does not forward",
     w.ends_without_effect("set_ip_forwarding_on_network_interface")),
    ("always-forwarding", "every machine forwards", w.shows("get_ip_forwarding_for_role", "state", "Enabled")),
    ("interface-always-forwarding", "every interface forwards",
     w.shows("get_ip_forwarding_for_network_interface", "state", "Enabled")),
    ("name-shown-upper", "routes are named as they were given",
     w.shows("get_route_table", "route_list", lambda found: tuple(reversed(found[1:])) if found else found)),
)  # fmt: skip

EXPRESSROUTE: Final[tuple[Row, ...]] = (
    ("create-without-effect", "a circuit never comes", w.ends_without_effect("create_dedicated_circuit")),
    ("grows-not", "a circuit keeps its bandwidth", w.ends_without_effect("update_dedicated_circuit")),
    ("stays", "a circuit that is given up stays", w.ends_without_effect("delete_dedicated_circuit")),
    ("offers-unchecked", "anybody sells anything",
     w.replaced(expressroute, "check_offer", lambda provider, _location, _bandwidth: provider)),
    ("vlans-unchecked", "two peerings may share a VLAN", w.skipped(expressroute, "check_vlan")),
    ("subnets-unchecked", "peers may have any subnet", w.skipped(expressroute, "check_subnet")),
    ("connects-not", "a provider connects nothing", w.no_effect(circuits.cross_connection_changed)),
    ("links-not", "a network is not linked", w.ends_without_effect("create_dedicated_circuit_link")),
    ("link-stays", "a network stays linked", w.ends_without_effect("delete_dedicated_circuit_link")),
    ("peering-not", "a peering is not made", w.ends_without_effect("create_border_gateway_protocol_peering")),
    ("peering-unchanged", "a peering does not change",
     w.ends_without_effect("update_border_gateway_protocol_peering")),
    ("peering-stays", "a deleted peering stays", w.ends_without_effect("delete_border_gateway_protocol_peering")),
    ("gone-500", "a circuit that is not there is an internal error",
     w.other_refusal("get_dedicated_circuit", "InternalError", 500)),
    ("list-told", "the list tells what circuits cost", w.shows("list_dedicated_circuits", "items.*.billing_type", "x")),
)  # fmt: skip

_MOVED: Final = (
    "deployment", "virtual_network", "storage_account", "network_security_group", "reserved_ip_address", "route_table",
)  # fmt: skip

MIGRATION: Final[tuple[Row, ...]] = (
    *(
        (f"{what}-stays", f"a {what.replace('_', ' ')} that has left is still there",
         w.ends_without_effect(f"commit_{what}_migration"))
        for what in _MOVED
    ),
    *(
        (f"{what}-abort-without-effect", f"a {what.replace('_', ' ')} stays prepared",
         w.ends_without_effect(f"abort_{what}_migration"))
        for what in _MOVED
    ),
    *(
        (f"{what}-always-fit", f"nothing stands in the way of a {what.replace('_', ' ')}",
         w.shows(f"validate_{what}_migration", "items", ()))
        for what in _MOVED
    ),
    ("unprepared", "what is not prepared may be committed", w.skipped(migration.MigrationArea, "_check_prepared")),
    ("prepare-no-lease", "two may prepare at once", w.takes_no_lease("prepare_storage_account_migration")),
    ("prepare-lease-kept", "what is prepared stays busy", w.keeps_its_lease("prepare_route_table_migration")),
    ("prepare-fails", "nothing can be prepared", w.fails_later("prepare_deployment_migration")),
    ("never-ends", "a preparation never ends", w.never_ends("prepare_virtual_network_migration")),
    ("destination-unchecked", "a deployment goes anywhere", w.skipped(migration, "check_destination")),
    ("disks-unchecked", "an account with disks may go",
     w.replaced(migration, "registered_in", lambda _draft, _name: ())),
    ("addresses-unchecked", "an address in use may go",
     w.replaced(migration, "reserved_ip_user", lambda _draft, _name: None)),
    ("state-hidden", "a deployment does not show that it is prepared",
     w.shows("get_deployment", "migration_state", None)),
)  # fmt: skip

ALL: Final[dict[str, tuple[Row, ...]]] = {
    "virtual_networks": VIRTUAL_NETWORKS,
    "gateways": GATEWAYS,
    "virtual_network_gateways": BY_ID,
    "application_gateways": APPLICATION_GATEWAYS,
    "security_groups": GUARDS,
    "route_tables": ROUTES,
    "expressroute": EXPRESSROUTE,
    "migration": MIGRATION,
}
"""By area."""
