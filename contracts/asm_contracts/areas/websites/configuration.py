"""A site's configuration: one document read and written, as JSON by newer clients and as XML by older ones.

Names and order: recorded (August and November 2016); every element may be missing in an update.
"""

from __future__ import annotations

import enum

from asm_contracts.areas.websites.sites import NameValuePair
from asm_contracts.document import ARRAYS, Long, Nil, PreciseTime, document, element


class LoadBalancing(enum.Enum):
    """How requests are spread over workers."""

    WEIGHTED_ROUND_ROBIN = "WeightedRoundRobin"
    LEAST_REQUESTS = "LeastRequests"
    LEAST_RESPONSE_TIME = "LeastResponseTime"
    WEIGHTED_TOTAL_TRAFFIC = "WeightedTotalTraffic"
    REQUEST_HASH = "RequestHash"


class ManagedPipelineMode(enum.Enum):
    """The mode of the worker process."""

    INTEGRATED = "Integrated"
    CLASSIC = "Classic"


class ConnectionStringType(enum.Enum):
    """What a connection string is for."""

    MYSQL = "MySql"
    SQL_SERVER = "SQLServer"
    SQL_AZURE = "SQLAzure"
    CUSTOM = "Custom"


@document()
class ConnStringInfo:
    """A connection string."""

    connection_string: str | Nil | None = element(default=None, anywhere=True)
    name: str = element(anywhere=True)
    type: ConnectionStringType = element(default=ConnectionStringType.MYSQL, anywhere=True)


@document()
class HandlerMapping:
    """Which processor runs files of an extension."""

    arguments: str | Nil | None = element(default=None, anywhere=True)
    extension: str = element(anywhere=True)
    script_processor: str | Nil | None = element(default=None, anywhere=True)


@document()
class AutoHealRules:
    """When a site restarts itself."""

    actions: str | Nil | None = element(default=None, anywhere=True)
    triggers: str | Nil | None = element(default=None, anywhere=True)


@document()
class MachineKey:
    """The keys that a site's workers share."""

    decryption: str | Nil | None = element(default=None, anywhere=True)
    decryption_key: str | Nil | None = element(default=None, anywhere=True)
    validation: str | Nil | None = element(default=None, anywhere=True)
    validation_key: str | Nil | None = element(default=None, anywhere=True)


@document()
class VirtualDirectory:
    """A folder of an application that lies elsewhere."""

    physical_path: str | Nil | None = element(default=None, anywhere=True)
    virtual_path: str | Nil | None = element(default=None, anywhere=True)


@document()
class VirtualApplication:
    """A folder served under a path of its own."""

    physical_path: str | Nil | None = element(default=None, anywhere=True)
    preload_enabled: bool | Nil | None = element(default=None, anywhere=True)
    virtual_directories: tuple[VirtualDirectory, ...] | Nil | None = element(default=None, anywhere=True)
    virtual_path: str | Nil | None = element(default=None, anywhere=True)


@document()
class RoutingRule:
    """A part of the traffic that goes to another host: testing in production."""

    action_host_name: str | Nil | None = element(default=None, anywhere=True)
    change_decision_callback_url: str | Nil | None = element(default=None, anywhere=True)
    change_interval_in_minutes: str | Nil | None = element(default=None, anywhere=True)
    change_step: str | Nil | None = element(default=None, anywhere=True)
    max_reroute_percentage: str | Nil | None = element(default=None, anywhere=True)
    min_reroute_percentage: str | Nil | None = element(default=None, anywhere=True)
    name: str | Nil | None = element(default=None, anywhere=True)
    reroute_percentage: str | Nil | None = element(default=None, anywhere=True)


@document()
class SiteLimits:
    """What a site may use at most."""

    max_disk_size_in_mb: Long | Nil | None = element(default=None, anywhere=True)
    max_memory_in_mb: Long | Nil | None = element(default=None, anywhere=True)
    max_percentage_cpu: str | Nil | None = element(default=None, anywhere=True)


@document()
class SiteAuthSettings:
    """Who may sign in to a site, and where."""

    additional_login_params: str | Nil | None = element(default=None, anywhere=True)
    allowed_audiences: tuple[str, ...] | Nil | None = element(
        default=None, item="string", namespace=ARRAYS, anywhere=True
    )
    allowed_external_redirect_urls: tuple[str, ...] | Nil | None = element(
        default=None, item="string", namespace=ARRAYS, anywhere=True
    )
    client_id: str | Nil | None = element(default=None, anywhere=True)
    client_secret: str | Nil | None = element(default=None, anywhere=True)
    default_provider: str | Nil | None = element(default=None, anywhere=True)
    enabled: bool | Nil | None = element(default=None, anywhere=True)
    facebook_app_id: str | Nil | None = element(default=None, anywhere=True)
    facebook_app_secret: str | Nil | None = element(default=None, anywhere=True)
    facebook_oauth_scopes: tuple[str, ...] | Nil | None = element(
        default=None, name="FacebookOAuthScopes", item="string", namespace=ARRAYS, anywhere=True
    )
    google_client_id: str | Nil | None = element(default=None, anywhere=True)
    google_client_secret: str | Nil | None = element(default=None, anywhere=True)
    google_oauth_scopes: tuple[str, ...] | Nil | None = element(
        default=None, name="GoogleOAuthScopes", item="string", namespace=ARRAYS, anywhere=True
    )
    http_api_prefix_path: str | Nil | None = element(default=None, anywhere=True)
    is_aad_auto_provisioned: bool | Nil | None = element(default=None, anywhere=True)
    issuer: str | Nil | None = element(default=None, anywhere=True)
    microsoft_account_client_id: str | Nil | None = element(default=None, anywhere=True)
    microsoft_account_client_secret: str | Nil | None = element(default=None, anywhere=True)
    microsoft_account_oauth_scopes: tuple[str, ...] | Nil | None = element(
        default=None, name="MicrosoftAccountOAuthScopes", item="string", namespace=ARRAYS, anywhere=True
    )
    token_store_enabled: bool | Nil | None = element(default=None, anywhere=True)
    twitter_consumer_key: str | Nil | None = element(default=None, anywhere=True)
    twitter_consumer_secret: str | Nil | None = element(default=None, anywhere=True)
    unauthenticated_client_action: str | Nil | None = element(default=None, anywhere=True)


@document()
class SiteConfig:
    """How a site runs: settings, connection strings, default documents, handlers, logs, source control."""

    always_on: bool | Nil | None = element(default=None, anywhere=True)
    api_definition: str | Nil | None = element(default=None, anywhere=True)
    app_command_line: str | Nil | None = element(default=None, anywhere=True)
    app_settings: tuple[NameValuePair, ...] | Nil | None = element(default=None, anywhere=True)
    auto_heal_enabled: bool | Nil | None = element(default=None, anywhere=True)
    auto_heal_rules: AutoHealRules | Nil | None = element(default=None, anywhere=True)
    auto_swap_slot_name: str | Nil | None = element(default=None, anywhere=True)
    connection_strings: tuple[ConnStringInfo, ...] | Nil | None = element(default=None, anywhere=True)
    cors: str | Nil | None = element(default=None, anywhere=True)
    custom_app_pool_identity_admin_state: bool | Nil | None = element(default=None, anywhere=True)
    custom_app_pool_identity_tenant_state: bool | Nil | None = element(default=None, anywhere=True)
    default_documents: tuple[str, ...] | Nil | None = element(
        default=None, item="string", namespace=ARRAYS, anywhere=True
    )
    detailed_error_logging_enabled: bool | Nil | None = element(default=None, anywhere=True)
    document_root: str | Nil | None = element(default=None, anywhere=True)
    experiments: str | Nil | None = element(default=None, anywhere=True)
    handler_mappings: tuple[HandlerMapping, ...] | Nil | None = element(default=None, anywhere=True)
    http_logging_enabled: bool | Nil | None = element(default=None, anywhere=True)
    ip_security_restrictions: str | Nil | None = element(default=None, anywhere=True)
    java_container: str | Nil | None = element(default=None, anywhere=True)
    java_container_version: str | Nil | None = element(default=None, anywhere=True)
    java_version: str | Nil | None = element(default=None, anywhere=True)
    limits: SiteLimits | Nil | None = element(default=None, anywhere=True)
    load_balancing: LoadBalancing | Nil | None = element(default=None, anywhere=True)
    local_my_sql_enabled: bool | Nil | None = element(default=None, anywhere=True)
    logs_directory_size_limit: int | Nil | None = element(default=None, anywhere=True)
    machine_key: MachineKey | Nil | None = element(default=None, anywhere=True)
    managed_pipeline_mode: ManagedPipelineMode | Nil | None = element(default=None, anywhere=True)
    metadata: tuple[NameValuePair, ...] | Nil | None = element(default=None, anywhere=True)
    net_framework_version: str | Nil | None = element(default=None, anywhere=True)
    node_version: str | Nil | None = element(default=None, anywhere=True)
    number_of_workers: int | Nil | None = element(default=None, anywhere=True)
    php_version: str | Nil | None = element(default=None, anywhere=True)
    publishing_password: str | Nil | None = element(default=None, anywhere=True)
    publishing_username: str | Nil | None = element(default=None, anywhere=True)
    push: str | Nil | None = element(default=None, anywhere=True)
    python_version: str | Nil | None = element(default=None, anywhere=True)
    remote_debugging_enabled: bool | Nil | None = element(default=None, anywhere=True)
    remote_debugging_version: str | Nil | None = element(default=None, anywhere=True)
    request_tracing_enabled: bool | Nil | None = element(default=None, anywhere=True)
    request_tracing_expiration_time: PreciseTime | Nil | None = element(default=None, anywhere=True)
    routing_rules: tuple[RoutingRule, ...] | Nil | None = element(default=None, anywhere=True)
    runtime_ad_user: str | Nil | None = element(default=None, name="RuntimeADUser", anywhere=True)
    runtime_ad_user_password: str | Nil | None = element(default=None, name="RuntimeADUserPassword", anywhere=True)
    scm_type: str | Nil | None = element(default=None, anywhere=True)
    site_auth_enabled: bool | Nil | None = element(default=None, anywhere=True)
    site_auth_settings: SiteAuthSettings | Nil | None = element(default=None, anywhere=True)
    tracing_options: str | Nil | None = element(default=None, anywhere=True)
    use32_bit_worker_process: bool | Nil | None = element(default=None, anywhere=True)
    virtual_applications: tuple[VirtualApplication, ...] | Nil | None = element(default=None, anywhere=True)
    vnet_name: str | Nil | None = element(default=None, anywhere=True)
    web_sockets_enabled: bool | Nil | None = element(default=None, anywhere=True)
    win_auth_admin_state: int | Nil | None = element(default=None, anywhere=True)
    win_auth_tenant_state: int | Nil | None = element(default=None, anywhere=True)


@document()
class SlotConfigNames:
    """The settings that stay with a slot when slots are swapped."""

    app_setting_names: tuple[str, ...] | Nil | None = element(
        default=None, item="string", namespace=ARRAYS, anywhere=True
    )
    connection_string_names: tuple[str, ...] | Nil | None = element(
        default=None, item="string", namespace=ARRAYS, anywhere=True
    )
