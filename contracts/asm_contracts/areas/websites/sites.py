"""Documents of sites, of what is done to them, and of the operations that go on with them.

Element order: recorded, of sites as they were in August 2016; elements that only later builds had come with those.
"""

from __future__ import annotations

from asm_contracts.document import ARRAYS, NIL, Base64Bytes, Nil, PreciseTime, UnzonedTime, document, element


@document()
class NameValuePair:
    """A setting, or a property of a site."""

    name: str
    value: str | Nil | None = None


@document()
class HostNameSslState:
    """How a host name of a site is bound to a certificate."""

    host_type: str | None = None
    ip_based_ssl_state: str = element(default="NotConfigured", name="IPBasedSslState")
    ip_based_ssl_result: str | Nil | None = element(default=NIL, name="IpBasedSslResult")
    name: str
    ssl_state: str
    thumbprint: str | Nil | None = NIL
    to_update: bool | Nil | None = NIL
    to_update_ip_based_ssl: bool | Nil | None = NIL
    virtual_ip: str | Nil | None = element(default=NIL, name="VirtualIP")


@document()
class SiteProperties:
    """Settings and properties of a site, of which it says what it is asked for."""

    app_settings: tuple[NameValuePair, ...] | Nil | None = NIL
    metadata: tuple[NameValuePair, ...] | Nil | None = NIL
    properties: tuple[NameValuePair, ...] = ()


@document()
class SiteCertificate:
    """A certificate that sites of the web space may be bound to."""

    friendly_name: str | Nil | None = element(default=None, anywhere=True)
    host_names: tuple[str, ...] | Nil | None = element(default=None, item="string", namespace=ARRAYS, anywhere=True)
    password: str | Nil | None = element(default=None, anywhere=True)
    pfx_blob: Base64Bytes | Nil | None = element(default=None, anywhere=True)
    subject_name: str | Nil | None = element(default=None, anywhere=True)
    thumbprint: str | Nil | None = element(default=None, anywhere=True)
    to_delete: bool | Nil | None = element(default=None, anywhere=True)


@document()
class Site:
    """A web site, or a deployment slot of one."""

    admin_enabled: bool = True
    availability_state: str = "Normal"
    cers: str | Nil | None = NIL
    client_affinity_enabled: bool | Nil | None = True
    client_cert_enabled: bool | Nil | None = False
    cloning_info: str | Nil | None = NIL
    compute_mode: str | Nil | None = NIL
    container_size: int | None = 0
    content_availability_state: str = "Normal"
    csrs: tuple[str, ...] = element(default=(), item="string")
    daily_memory_time_quota: int | None = None
    default_host_name: str | None = None
    deployment_id: str
    domain_verification_identifiers: tuple[str, ...] | Nil | None = element(
        default=NIL, item="string", namespace=ARRAYS
    )
    enabled: bool
    enabled_host_names: tuple[str, ...] = element(item="string", namespace=ARRAYS)
    function_execution_units_cache: str | Nil | None = None
    gateway_site_name: str | Nil | None = NIL
    home_stamp: str | None = None
    host_name_ssl_states: tuple[HostNameSslState, ...]
    host_names: tuple[str, ...] = element(item="string", namespace=ARRAYS)
    host_names_disabled: bool | None = False
    hosting_environment: str | Nil | None = NIL
    hosting_environment_id: str | Nil | None = NIL
    hosting_environment_profile: str | Nil | None = NIL
    kind: str | Nil | None = NIL
    last_modified_time_utc: UnzonedTime
    max_number_of_workers: int | Nil | None = NIL
    micro_service: str | None = "WebSites"
    name: str
    outbound_ip_addresses: str | None = None
    owner: str | Nil | None = NIL
    premium_app_deployed: bool | Nil | None = NIL
    repository_site_name: str
    reserved: bool | Nil | None = NIL
    resource_group: str | None = None
    runtime_availability_state: str = "Normal"
    sku: str | None = element(default=None, name="SKU")
    ssl_certificates: tuple[SiteCertificate, ...] | Nil | None = element(
        default=NIL, name="SSLCertificates", item="Certificate"
    )
    scm_site_also_stopped: bool = False
    self_link: str
    server_farm: str
    server_farm_id: str | Nil | None = NIL
    site_config: str | Nil | None = NIL
    site_disabled_reason: int | None = None
    site_mode: str | Nil | None = NIL
    site_properties: SiteProperties
    state: str
    storage_recovery_default_state: str = "Running"
    suspended_till: PreciseTime | Nil | None = None
    tags: tuple[str, ...] | Nil | None = element(default=NIL, item="string", namespace=ARRAYS)
    target_swap_slot: str | Nil | None = NIL
    traffic_manager_host_names: tuple[str, ...] | Nil | None = element(default=NIL, item="string", namespace=ARRAYS)
    usage_state: str = "Normal"
    web_space: str


@document()
class Sites:
    """The sites of a web space, their slots among them."""

    items: tuple[Site, ...] = element(default=(), flat=True)


@document()
class WebSpaceToCreate:
    """The web space a new site is to be in, made if it is not there."""

    geo_region: str | Nil | None = element(default=None, anywhere=True)
    name: str | Nil | None = element(default=None, anywhere=True)
    plan: str | Nil | None = element(default=None, anywhere=True)


@document(name="HostNameSslState")
class SslChange:
    """A binding as it is to be; it counts when `to_update` is true."""

    name: str | None = element(default=None, anywhere=True)
    ssl_state: str | Nil | None = element(default=None, anywhere=True)
    thumbprint: str | Nil | None = element(default=None, anywhere=True)
    to_update: bool | Nil | None = element(default=None, anywhere=True)


@document(name="WebSiteHostNameSslState")
class NamedSslChange:
    """The same under the name that the Node client gives it."""

    name: str | None = element(default=None, anywhere=True)
    ssl_state: str | Nil | None = element(default=None, anywhere=True)
    thumbprint: str | Nil | None = element(default=None, anywhere=True)
    to_update: bool | Nil | None = element(default=None, anywhere=True)


@document(name="HostNameSslStates")
class SslChanges:
    """Bindings as they are to be, under either name."""

    items: tuple[SslChange, ...] = element(default=(), flat=True)
    named: tuple[NamedSslChange, ...] = element(default=(), flat=True)


@document(name="Site")
class SiteInput:
    """What a site is to be.  In an update what is left out stays; clients send the site they read, changed."""

    compute_mode: str | Nil | None = element(default=None, anywhere=True)
    enabled: bool | Nil | None = element(default=None, anywhere=True)
    host_name_ssl_states: SslChanges | Nil | None = element(default=None, anywhere=True)
    host_names: tuple[str, ...] | Nil | None = element(default=None, item="string", namespace=ARRAYS, anywhere=True)
    name: str | None = element(default=None, anywhere=True)
    ssl_certificates: tuple[SiteCertificate, ...] | Nil | None = element(
        default=None, name="SSLCertificates", item="Certificate", anywhere=True
    )
    server_farm: str | Nil | None = element(default=None, anywhere=True)
    site_mode: str | Nil | None = element(default=None, anywhere=True)
    state: str | Nil | None = element(default=None, anywhere=True)
    web_space: str | Nil | None = element(default=None, anywhere=True)
    web_space_to_create: WebSpaceToCreate | Nil | None = element(default=None, anywhere=True)


@document(name="Error")
class SiteOperationError:
    """Why an operation of web sites failed."""

    code: str
    message: str
    extended_code: str | Nil | None = NIL
    message_template: str | Nil | None = NIL
    parameters: tuple[str, ...] | Nil | None = element(default=NIL, item="string", namespace=ARRAYS)
    inner_errors: str | Nil | None = NIL


@document(name="Operation")
class SiteOperation:
    """What goes on with a site: web sites had a tracker of their own, under the site."""

    created_time: PreciseTime
    errors: tuple[SiteOperationError, ...] | Nil | None = NIL
    expiration_time: PreciseTime
    geo_master_operation_id: str | Nil | None = NIL
    id: str = element(name="Id")
    modified_time: PreciseTime
    name: str
    status: str


@document(name="RelayServiceConnectionEntity")
class HybridConnection:
    """A way from a site to a machine on premises, through a relay."""

    biztalk_uri: str | Nil | None = element(default=None, anywhere=True)
    entity_connection_string: str | Nil | None = element(default=None, anywhere=True)
    entity_name: str | None = element(default=None, anywhere=True)
    hostname: str | Nil | None = element(default=None, anywhere=True)
    port: int | Nil | None = element(default=None, anywhere=True)
    resource_connection_string: str | Nil | None = element(default=None, anywhere=True)
    resource_type: str | Nil | None = element(default=None, anywhere=True)


@document(name="ArrayOfRelayServiceConnectionEntity")
class HybridConnections:
    """The hybrid connections of a site."""

    items: tuple[HybridConnection, ...] = element(default=(), flat=True)
