"""Stories of networks, addresses, migrations and the providers behind the service; see `stories`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.fuzz.estate import SPACE, pfx

from asm_contracts.areas import application_gateways as ag
from asm_contracts.areas import (
    gateways,
    migration,
    reserved_ips,
    scheduler,
    service_bus,
    sql,
    storage_accounts,
    traffic_manager,
)
from asm_contracts.areas import virtual_network_gateways as vng
from asm_contracts.areas import websites as web
from asm_contracts.areas.certificates import CertificateFile
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.samples import World
from asm_contracts.suite.worlds import LOCATION

Later = Callable[..., None]


def networks(azure: Azure, world: World, later: Later) -> None:
    """Gateways in both forms, and what hangs on them."""
    (gateway,) = azure.list_network_gateways().items
    local = world["localnetworkgateways"]
    azure.create_gateway_connection(
        vng.CreateGatewayConnectionParameters(
            connected_entity_id=local, gateway_connection_name="line", gateway_connection_type="IPsec",
            virtual_network_gateway_id=gateway.gateway_id, routing_weight=10, shared_key="Secret1",
        )
    )  # fmt: skip
    later()
    at = (gateway.gateway_id, local)
    azure.update_gateway_connection(*at, vng.UpdateGatewayConnectionParameters(routing_weight=5))
    later()
    azure.set_gateway_connection_shared_key(*at, gateways.SharedKey(value="Secret2"))
    later()
    azure.reset_gateway_connection_shared_key(*at, gateways.ResetSharedKey(key_length=32))
    later()
    encryption = gateways.IPsecParameters(
        encryption_type="AES256",
        pfs_group="PFS1",
        sa_data_size_kilobytes=102400000,
        sa_life_time_seconds=3600,
        hash_algorithm="SHA1",
    )
    azure.set_gateway_connection_ipsec_parameters(*at, encryption)
    later()
    azure.delete_gateway_connection(*at)
    later()
    azure.update_local_network_gateway(local, vng.UpdateLocalNetworkGatewayParameters(address_space=("10.9.0.0/16",)))
    azure.delete_local_network_gateway(local)
    azure.update_network_gateway(gateway.gateway_id, gateways.UpdateGatewayParameters(operation="Reset"))
    later()
    azure.update_virtual_network_gateway("net", gateways.UpdateGatewayParameters(operation="Reset"))
    later()
    capture = gateways.UpdateGatewayPublicDiagnostics(
        capture_duration_in_seconds=30, container_name="logs", customer_storage_key="key", customer_storage_name="account",
        operation="StartDiagnostics",
    )  # fmt: skip
    azure.update_virtual_network_gateway_diagnostics("net", capture)
    later()
    azure.update_network_gateway_diagnostics(gateway.gateway_id, capture)
    later()
    azure.set_virtual_network_gateway_shared_key("net", "office", gateways.SharedKey(value="Secret3"))
    later()
    azure.reset_virtual_network_gateway_shared_key("net", "office", gateways.ResetSharedKey(key_length=32))
    later()
    azure.set_virtual_network_gateway_ipsec_parameters("net", "office", encryption)
    later()
    azure.update_virtual_network_gateway_connection("net", "office", gateways.UpdateConnection(operation="Connect"))
    later()
    azure.set_virtual_network_gateway_default_sites("net", gateways.DefaultSiteList(items=("office",)))
    later()
    azure.remove_virtual_network_gateway_default_sites("net")
    later()
    azure.generate_vpn_client_package("net", gateways.VpnClientParameters(processor_architecture="Amd64"))
    later()
    azure.delete_client_root_certificate("net", world["clientrootcertificates"])
    later()
    configuration = ag.ApplicationGatewayConfiguration(
        frontend_ports=(ag.FrontendPort(name="port", port=80),),
        backend_address_pools=(ag.BackendAddressPool(name="pool", ip_addresses=("10.1.1.4",)),),
        backend_http_settings_list=(ag.BackendHttpSettings(name="settings", port=80, cookie_based_affinity="Enabled"),),
        http_listeners=(ag.HttpListener(name="listener", frontend_port="port"),),
        http_load_balancing_rules=(
            ag.HttpLoadBalancingRule(name="rule", backend_http_settings="settings", listener="listener", backend_address_pool="pool"),
        ),
    )  # fmt: skip
    azure.set_application_gateway_configuration("gate", configuration)
    later()
    azure.execute_application_gateway_operation("gate", ag.ApplicationGatewayOperation(operation_type="Start"))
    later()
    azure.update_application_gateway("gate", ag.UpdateApplicationGatewayParameters(instance_count=3))
    later()
    azure.add_application_gateway_certificate(
        "gate", "cert", CertificateFile(data=pfx(6), certificate_format="pfx", password="Pa55-word")
    )
    later()
    azure.delete_application_gateway("gate")
    later()


def addresses(azure: Azure, world: World, later: Later) -> None:
    """Reserved addresses, and their migration."""
    name, service = world["reservedips"], world["hostedservices"]
    association = reserved_ips.ReservedIPAssociation(service_name=service, deployment_name=world["deployments"])
    azure.associate_reserved_ip_address(name, association)
    later()
    azure.disassociate_reserved_ip_address(name, association)
    later()
    azure.create_reserved_ip_address(reserved_ips.CreateReservedIP(name="asmfzstory", location=LOCATION))
    later()
    azure.prepare_reserved_ip_address_migration(name)
    later()
    azure.abort_reserved_ip_address_migration(name)
    later()
    azure.prepare_reserved_ip_address_migration(name)
    later()
    azure.commit_reserved_ip_address_migration(name)
    later()


def migrations(azure: Azure, world: World, later: Later) -> None:
    """Migrations of what stands alone."""
    group, table = world["networksecuritygroups"], world["routetables"]
    azure.prepare_network_security_group_migration(group)
    later()
    azure.abort_network_security_group_migration(group)
    later()
    azure.prepare_route_table_migration(table)
    later()
    azure.commit_route_table_migration(table)
    later()
    account = "asmfzstory"
    azure.create_storage_account(
        storage_accounts.CreateStorageServiceInput(service_name=account, label="l", location=LOCATION)
    )
    later()
    azure.prepare_storage_account_migration(account)
    later()
    azure.abort_storage_account_migration(account)
    later()
    at = (world["hostedservices"], world["deployments"])
    wish = migration.DeploymentNetworkResource(destination_virtual_network="New")
    azure.validate_deployment_migration_to_network(*at, wish)
    azure.prepare_deployment_migration_to_network(*at, wish)
    later()
    azure.abort_deployment_migration(*at)
    later()


def databases(azure: Azure, world: World, later: Later) -> None:
    """Databases, their copies, restores and exports."""
    server = world["servers"]
    azure.set_server_admin_password(server, sql.AdministratorLoginPassword(password="Pa55-word2"))
    azure.update_database(server, "books", sql.UpdateDatabase(max_size_gb=5))
    azure.update_firewall_rule(
        server, "office", sql.FirewallRuleInput(name="office", start_ip_address="10.0.0.1", end_ip_address="10.0.0.20")
    )
    copy = azure.create_database_copy(
        server, "books", sql.CreateDatabaseCopy(partner_server=server, partner_database="copied")
    )
    later(timedelta(seconds=1))
    azure.delete_database_copy(server, "books", copy.name or "")
    later()
    gone = azure.list_restorable_dropped_databases(server).items[0]
    azure.create_restore_database_operation(
        server,
        sql.RestoreDatabase(
            source_database_name="gone", source_database_deletion_date=gone.deletion_date, target_database_name="back"
        ),
    )
    later()
    place = sql.BlobStorageAccessKeyCredentials(
        uri=f"https://{world['storageservices']}.blob.core.windows.net/b/x.bacpac", storage_access_key="a2V5"
    )

    def who(name: str) -> sql.ConnectionInfo:
        host = f"{server}.database.windows.net"
        return sql.ConnectionInfo(database_name=name, password="Pa55-word2", server_name=host, user_name="asmadmin")

    azure.export_database(server, sql.ExportInput(blob_credentials=place, connection_info=who("books")))
    later()
    azure.import_database(
        server,
        sql.ImportInput(
            azure_edition="Basic", blob_credentials=place, connection_info=who("fresh"), database_size_in_gb=1
        ),
    )
    later()
    azure.query_import_export_status(
        server,
        sql.StatusInput(password="Pa55-word2", server_name=f"{server}.database.windows.net", user_name="asmadmin"),
    )
    azure.delete_server(server)


def buses(azure: Azure, world: World, later: Later) -> None:
    """A namespace, its rules and entities."""
    name = world["namespaces"]
    rule = service_bus.SharedAccessAuthorizationRule(
        key_name="own", primary_key="C" * 43 + "=", secondary_key="D" * 43 + "=", rights=("Listen",)
    )
    azure.update_authorization_rule(name, "own", rule)
    azure.delete_authorization_rule(name, "own")
    azure.delete_queue(name, "orders")
    azure.delete_namespace(name)
    later()


def jobs(azure: Azure, world: World, later: Later) -> None:
    """Jobs of the scheduler."""
    at = (world["cloudservices"], "tasks")
    queue = scheduler.JobQueueMessage(storage_account="account", queue_name="queue", sas_token="?sig=x", message="m")
    recurrence = scheduler.JobRecurrence(frequency="minute", interval=5, count=3)
    azure.add_job(
        *at, scheduler.Job(action=scheduler.JobAction(type="storageQueue", queue_message=queue), recurrence=recurrence)
    )
    azure.update_job(*at, "one", scheduler.Job(state="disabled"))
    azure.update_all_jobs_state(*at, scheduler.JobState(state="enabled"))
    later()
    azure.delete_job(*at, "one")
    azure.delete_job_collection(*at)
    later()


def sites(azure: Azure, world: World, later: Later) -> None:
    """Sites, their farms, slots, configuration and backups."""
    name = world["sites"]
    at = (SPACE, name)
    azure.update_server_farm(SPACE, world["serverfarms"], web.ServerFarmInput(sku="Standard"))
    configuration = azure.get_site_configuration(*at)
    azure.update_site_configuration(*at, configuration)
    azure.update_site(*at, web.SiteInput(state="Stopped"))
    url = f"https://{world['storageservices']}.blob.core.windows.net/backups?sv=2014&sig=x"
    azure.update_backup_configuration(*at, web.BackupRequest(storage_account_url=url))
    item = azure.backup_site(*at, web.BackupRequest(storage_account_url=url))
    later()
    wanted = web.RestoreRequest(blob_name=item.blob_name, overwrite=True)
    azure.discover_site_backup(*at, wanted)
    azure.restore_site(*at, wanted)
    later()
    azure.create_site(SPACE, web.SiteInput(name=f"{name}(staging)"))
    azure.update_slot_config_names(*at, web.SlotConfigNames(app_setting_names=("sticky",)))
    azure.swap_site_slots(SPACE, f"{name}(staging)", "production")
    later()
    azure.update_hybrid_connection(
        *at,
        web.HybridConnection(
            entity_name="hybrid", entity_connection_string="Endpoint=sb://x/;SharedAccessKey=k", hostname="other",
            port=81, resource_type="Generic", resource_connection_string="c", biztalk_uri="https://b.example/",
        ),
    )  # fmt: skip
    azure.delete_hybrid_connection(*at, "hybrid")


def profiles(azure: Azure, world: World, later: Later) -> None:
    """A profile of Traffic Manager."""
    azure.update_traffic_manager_profile(world["profiles"], traffic_manager.UpdateProfile(status="Disabled"))
