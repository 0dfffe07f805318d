"""The subscription: its quotas, what is taken of them, and its resource providers."""

from __future__ import annotations

from typing import Final

from asm_contracts.areas.subscriptions import Subscription, SubscriptionContract, Subscriptions
from asm_contracts.errors import ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed
from asm_contracts.operation import Accepted
from asm_emulator.areas.base import Area
from asm_emulator.engine import effect
from asm_emulator.quotas import cores_in_use, public_ips_in_use
from asm_emulator.state import Draft

ADMINISTRATOR: Final = "admin@example.com"
OFFERS: Final = "Azure_Platform_All;Azure_Paid;Azure_Consumption;Azure_MS-AZR-0003P"

PROVIDERS: Final = {
    # In lower case, with whether registering goes on after the answer: the published web site client takes 202 only,
    # the scheduler's 200 only.
    "website": True,
    "scheduler.jobcollections": False,
    "cacheservice.caching": False,
}
"""The resource providers that published clients register with; `sqlserver` is unknown (recorded)."""


def subscription_document(draft: Draft) -> Subscription:
    """The draft's subscription; every ``current_*`` is what the corresponding list shows."""
    own = draft.subscription
    quotas, networks = own.quotas, own.network_configuration
    return Subscription(
        subscription_id=own.id,
        subscription_name=own.name,
        subscription_status=own.status,
        account_admin_live_email_id=ADMINISTRATOR,
        service_admin_live_email_id=ADMINISTRATOR,
        max_core_count=quotas.cores,
        max_storage_accounts=quotas.storage_accounts,
        max_hosted_services=quotas.hosted_services,
        current_core_count=cores_in_use(draft),
        current_hosted_services=len(draft.hosted_services),
        current_storage_accounts=len(draft.storage_accounts),
        max_virtual_network_sites=quotas.virtual_network_sites,
        current_virtual_network_sites=len(draft.virtual_networks) or None,
        max_local_network_sites=quotas.local_network_sites,
        current_local_network_sites=(len(networks.local_sites) if networks else 0) or None,
        max_dns_servers=quotas.dns_servers,
        current_dns_servers=(len(networks.dns_servers) if networks else 0) or None,
        offer_categories=OFFERS,
        aad_tenant_id=draft.make_guid("tenant"),
        created_time=own.created,
        max_reserved_ips=quotas.reserved_ips,
        current_reserved_ips=len(draft.reserved_ips),
        current_public_ip_count=public_ips_in_use(draft) or None,
        max_public_ip_count=quotas.public_ips,
        current_network_security_groups=len(draft.network_security_groups),
        max_network_security_groups=quotas.network_security_groups,
        max_network_security_rules_per_group=quotas.network_security_rules,
        max_route_tables=quotas.route_tables,
        max_routes_per_route_table=quotas.routes,
    )


@effect
def provider_registered(draft: Draft, service: str) -> None:
    """The end of a registration with a resource provider."""
    set_provider(draft, service, "Registered")


@effect
def provider_unregistered(draft: Draft, service: str) -> None:
    """The end of giving a registration back."""
    set_provider(draft, service, None)


def set_provider(draft: Draft, service: str, status: str | None) -> None:
    """Write down the state of a registration; None for none."""
    known = draft.subscription.providers
    draft.change(providers=known.discard(service) if status is None else known.insert(service, status))


class SubscriptionArea(Area, SubscriptionContract):
    """Reads subscriptions and registers them."""

    def get_subscription(self) -> Subscription:
        return subscription_document(self.state)

    @assumed("the service answered this to bearer tokens only; a certificate stands for whoever it belongs to")
    def list_subscriptions(self) -> Subscriptions:
        thumbprint = (self.request.caller.thumbprint or "").lower()
        everything = self.state.state
        return Subscriptions(
            items=tuple(
                subscription_document(Draft(everything, one.id, self.now, self.state.pace, self.state.seed))
                for one in sorted(everything.subscriptions.values(), key=lambda one: one.id)
                if thumbprint in one.certificates
            )
        )

    def register_resource_provider(self, service: str) -> Accepted | None:
        provider = self._known(service)
        if provider in self.state.subscription.providers:
            raise ConflictError(f"The resource type {service} is already registered for this subscription.")
        if not PROVIDERS[provider]:
            set_provider(self.state, provider, "Registered")
            return None
        set_provider(self.state, provider, "Registering")
        return self.begin(provider_registered, service=provider)

    @assumed("the refusal is the mirror image of the recorded one")
    def unregister_resource_provider(self, service: str) -> Accepted | None:
        provider = self._known(service)
        if self.state.subscription.providers.get(provider) != "Registered":
            raise ConflictError(f"The resource type {service} is not registered for this subscription.")
        if not PROVIDERS[provider]:
            set_provider(self.state, provider, None)
            return None
        set_provider(self.state, provider, "Unregistering")
        return self.begin(provider_unregistered, service=provider)

    def _known(self, service: str) -> str:
        if service.lower() not in PROVIDERS:
            raise ResourceNotFound("The service name is unknown.")
        return service.lower()
