"""The subscription itself: what it has, what it may have, and the resource providers it is registered with.

Element order: recorded, with the server's data contract for what no recording shows.
"""

from __future__ import annotations

from datetime import datetime

from asm_contracts.document import document, element
from asm_contracts.errors import ConflictError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, operation


@document()
class Subscription:
    """A subscription with its quotas (``max_*``) and how much of them is taken (``current_*``).

    Counts of networks and public addresses are absent while they are 0, as the server's contract has it.
    """

    subscription_id: str = element(name="SubscriptionID")
    subscription_name: str
    subscription_status: str
    account_admin_live_email_id: str | None = None
    service_admin_live_email_id: str | None = None
    max_core_count: int | None = None
    max_storage_accounts: int | None = None
    max_hosted_services: int | None = None
    current_core_count: int | None = None
    current_hosted_services: int | None = None
    current_storage_accounts: int | None = None
    max_virtual_network_sites: int | None = element(default=None, since="2012-03-01")
    current_virtual_network_sites: int | None = element(default=None, since="2012-03-01")
    max_local_network_sites: int | None = element(default=None, since="2012-03-01")
    current_local_network_sites: int | None = element(default=None, since="2012-03-01")
    max_dns_servers: int | None = element(default=None, since="2012-03-01")
    current_dns_servers: int | None = element(default=None, since="2012-03-01")
    offer_categories: str | None = element(default=None, since="2013-08-01")
    aad_tenant_id: str | None = element(default=None, name="AADTenantID", since="2013-08-01")
    created_time: datetime | None = element(default=None, since="2013-08-01")
    max_reserved_ips: int | None = element(default=None, name="MaxReservedIPs", since="2014-05-01")
    current_reserved_ips: int | None = element(default=None, name="CurrentReservedIPs", since="2014-05-01")
    current_public_ip_count: int | None = element(default=None, name="CurrentPublicIPCount", since="2014-05-01")
    max_public_ip_count: int | None = element(default=None, name="MaxPublicIPCount", since="2014-05-01")
    current_network_security_groups: int | None = element(default=None, since="2014-08-01")
    max_network_security_groups: int | None = element(default=None, since="2014-08-01")
    max_network_security_rules_per_group: int | None = element(default=None, since="2014-08-01")
    max_route_tables: int | None = element(default=None, since="2014-10-01")
    max_routes_per_route_table: int | None = element(default=None, since="2014-10-01")


@document()
class Subscriptions:
    """The subscriptions of a caller."""

    items: tuple[Subscription, ...] = element(default=(), flat=True)


class SubscriptionContract(Contract):
    """Read subscriptions, and register them with resource providers."""

    @operation("GET", "/", since="2011-10-01")
    def get_subscription(self) -> Subscription:
        """Read the subscription with its quotas and what is taken of them."""

    @operation("GET", "//subscriptions", since="2013-08-01")
    def list_subscriptions(self) -> Subscriptions:
        """List the subscriptions that the caller's certificate may manage."""

    @operation(
        "PUT",
        "/services?service={service}&action=register",
        since="2011-06-01",
        errors=(ConflictError, ResourceNotFound),
    )
    def register_resource_provider(self, service: str) -> Accepted | None:
        """Register the subscription with a resource provider, at once or in an operation."""

    @operation(
        "PUT",
        "/services?service={service}&action=unregister",
        since="2011-06-01",
        errors=(ConflictError, ResourceNotFound),
    )
    def unregister_resource_provider(self, service: str) -> Accepted | None:
        """Take the registration with a resource provider back, at once or in an operation."""
