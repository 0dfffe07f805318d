"""Namespaces and regions."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Final

from asm_contracts.areas import service_bus as wire
from asm_contracts.atom import Entry, Feed
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError, ForbiddenError
from asm_contracts.evidence import assumed, documented, recorded
from asm_emulator.areas.service_bus.common import (
    AtomArea,
    endpoint,
    find_namespace,
    make_key,
    put_namespace,
    stamp,
    touched,
)
from asm_emulator.areas.service_bus.keys import root_key
from asm_emulator.engine import effect, effect_name
from asm_emulator.service_bus_model import Namespace
from asm_emulator.state import Draft

REGIONS: Final = (
    "Australia East", "Australia Southeast", "Central US", "East US", "East US 2", "North Central US",
    "South Central US", "West US", "North Europe", "West Europe", "East Asia", "Southeast Asia", "Brazil South",
    "Japan East", "Japan West",
)  # fmt: skip
"""The regions that Service Bus was offered in, in the service's order (recorded)."""

GROUPED: Final = date(2015, 6, 1)
"""From when on namespaces name a resource group: after 13 March and before July 2015 (recorded)."""
TYPES: Final = {"messaging": "Messaging", "notificationhub": "NotificationHub"}
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]\Z")
_KIND: Final = "service bus namespace"


@documented("6 to 50 letters, digits and hyphens; a letter first, no hyphen last; not ending in -sb or -mgmt")
def is_name(name: str) -> bool:
    """Whether a namespace may be called this."""
    return bool(_NAME.match(name)) and not name.lower().endswith(("-sb", "-mgmt"))


def _find(draft: Draft, name: str) -> Namespace | None:
    return draft.service_bus_namespaces.get(name)


@effect
@recorded("Activating, for 16 to 18 seconds, then Active")
def namespace_activated(draft: Draft, name: str, created: str) -> None:
    """A namespace can be used, unless it is being removed, or is another one by now."""
    found = _find(draft, name)
    if found is not None and found.status == "Activating" and found.created.isoformat() == created:
        put_namespace(draft, replace(touched(draft, found), status="Active"))


@effect
def namespace_removed(draft: Draft, name: str) -> None:
    """A namespace is gone, and its name is free."""
    found = _find(draft, name)
    if found is not None and found.status == "Removing":
        del draft.service_bus_namespaces[name]
        draft.release(_KIND, name)


@recorded("keys are told on creation, not while activating, and again once active")
def described(draft: Draft, found: Namespace, *, new: bool = False) -> wire.NamespaceDescription:
    """A namespace; `new`: as its creation answers, which tells of no change yet."""
    keyed = found.with_access_control and (new or found.status == "Active")
    address = endpoint(found.name)
    secret = f"Endpoint=sb{address[5:]};SharedSecretIssuer=owner;SharedSecretValue={found.default_key}"
    return wire.NamespaceDescription(
        name=found.name,
        region=found.region,
        default_key=found.default_key if keyed else None,
        status=found.status,
        created_at=found.created,
        acs_management_endpoint=(
            f"https://{found.name}-sb.accesscontrol.windows.net/" if found.with_access_control else None
        ),
        service_bus_endpoint=address,
        connection_string=secret if keyed else None,
        subscription_id=draft.subscription_id.replace("-", ""),
        enabled=found.enabled,
        critical=False,
        updated_at=None if new else found.updated,
        create_acs_namespace=True if found.with_access_control else None,
        event_hub_enabled=None if new else True,
        namespace_type=found.type,
        resource_group="" if draft.day >= GROUPED else None,
    )


class NamespaceOperations(AtomArea, wire.ServiceBusContract):
    """Namespaces: made at once, active some seconds later."""

    def get_regions(self) -> Feed[wire.Region]:
        return self.feed([wire.Region(code=one, full_name=one) for one in REGIONS])

    @assumed("what is said of a malformed name")
    def check_namespace_availability(self, name: str) -> Entry[wire.NamespaceAvailability]:
        free = is_name(name) and self.state.owner_of(_KIND, name) is None
        reason = NIL if free else "The specified service namespace is not available."
        return self.entry(wire.NamespaceAvailability(result=free, reason_detail=reason))

    def list_namespaces(self) -> Feed[wire.NamespaceDescription]:
        return self.feed([described(self.state, one) for one in self.state.service_bus_namespaces.values()])

    def get_namespace(self, namespace_name: str) -> Entry[wire.NamespaceDescription]:
        return self.entry(described(self.state, find_namespace(self.state, namespace_name)))

    @recorded("a name that is taken, by whomever, is refused with 403; access control comes with the namespace")
    def create_namespace(self, namespace_name: str, body: wire.CreateNamespace) -> Entry[wire.NamespaceDescription]:
        if not is_name(namespace_name):
            raise BadRequest("The namespace name is invalid.")
        region = next((one for one in REGIONS if one.lower() == (body.region or "").strip().lower()), None)
        if region is None:
            raise BadRequest("The region is invalid.")
        kind = TYPES.get((body.namespace_type or "Messaging").lower())
        if kind is None:
            raise BadRequest("The namespace type is invalid.")
        if self.state.owner_of(_KIND, namespace_name) is not None:
            raise ForbiddenError("The namespace exists.")
        self.state.claim(_KIND, namespace_name)
        now = stamp(self.now)
        made = Namespace(
            name=namespace_name,
            region=region,
            created=now,
            updated=now,
            default_key=make_key(self.state, "service bus", namespace_name, self.request.request_id),
            with_access_control=body.create_acs_namespace is not False,
            type=kind,
        )
        rule = root_key(self.state, namespace_name, self.request.request_id)
        put_namespace(self.state, replace(made, rules=made.rules.insert(rule.name.lower(), rule)))
        self.state.schedule(
            effect_name(namespace_activated),
            self.state.span("service-bus.activate"),
            name=made.name,
            created=made.created.isoformat(),
        )
        return self.entry(described(self.state, made, new=True))

    @recorded("readable as Removing, not enabled, until it is gone")
    def delete_namespace(self, namespace_name: str) -> None:
        found = find_namespace(self.state, namespace_name)
        if found.status == "Removing":
            raise ConflictError("The namespace is being removed.")
        put_namespace(self.state, replace(touched(self.state, found), status="Removing", enabled=False))
        self.state.schedule(effect_name(namespace_removed), self.state.span("service-bus.remove"), name=found.name)
