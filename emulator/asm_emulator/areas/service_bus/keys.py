"""Keys of namespaces and what connects under them."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import Final

from asm_contracts.areas import service_bus as wire
from asm_contracts.atom import Entry, Feed
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, documented
from asm_emulator.areas.service_bus.common import AtomArea, endpoint, find_namespace, make_key, put_namespace, stamp
from asm_emulator.service_bus_model import Namespace, SharedKey
from asm_emulator.state import Draft

ROOT: Final = "RootManageSharedAccessKey"
RIGHTS: Final = ("Listen", "Manage", "Send")
MOST: Final = 12
"""Keys that a namespace may have (documented)."""


@documented("every namespace comes with a key that gives all rights")
def root_key(draft: Draft, namespace: str, request_id: str) -> SharedKey:
    """The key that a new namespace has."""
    now = stamp(draft.now)
    return SharedKey(
        name=ROOT,
        rights=RIGHTS,
        primary=make_key(draft, "primary", namespace, ROOT, request_id),
        secondary=make_key(draft, "secondary", namespace, ROOT, request_id),
        created=now,
        modified=now,
    )


def rule_document(key: SharedKey) -> wire.SharedAccessAuthorizationRule:
    """A key."""
    return wire.SharedAccessAuthorizationRule(
        claim_type=key.claim_type,
        claim_value=key.claim_value,
        rights=key.rights,
        created_time=key.created,
        modified_time=key.modified,
        key_name=key.name,
        primary_key=key.primary,
        secondary_key=key.secondary,
        revision=key.revision,
    )


def connection_detail(namespace: str, key: SharedKey, path: str | None = None) -> wire.ConnectionDetail:
    """What connects under a key, to the namespace or to an entity in it."""

    def text(secret: str) -> str:
        at = f";EntityPath={path}" if path else ""
        return f"Endpoint=sb{endpoint(namespace)[5:]};SharedAccessKeyName={key.name};SharedAccessKey={secret}{at}"

    return wire.ConnectionDetail(
        key_name=key.name,
        connection_string=text(key.primary),
        authorization_type="SharedAccessAuthorization",
        rights=key.rights,
        secondary_connection_string=text(key.secondary),
    )


def keys_of(namespace: Namespace) -> list[SharedKey]:
    """A namespace's keys by name."""
    return [namespace.rules[key] for key in sorted(namespace.rules)]


def checked_rights(given: tuple[str, ...] | None) -> tuple[str, ...]:
    """Rights in the service's own spelling; BadRequest for unknown ones, or for Manage without the others."""
    by_name = {one.lower(): one for one in RIGHTS}
    found = {by_name.get(one.strip().lower()) for one in given or ()}
    if not found or None in found or ("Manage" in found and len(found) != len(RIGHTS)):
        raise BadRequest("The rights are invalid.")
    return tuple(one for one in RIGHTS if one in found)


def checked_key(text: str | None) -> str | None:
    """A key that a client made; BadRequest unless it is base64 of 32 bytes."""
    if text is None:
        return None
    try:
        if len(base64.b64decode(text, validate=True)) == 32:
            return text
    except (binascii.Error, ValueError):
        pass
    raise BadRequest("The key is invalid.")


class KeyOperations(AtomArea, wire.ServiceBusContract):
    """Keys of namespaces."""

    def list_connection_details(self, namespace_name: str) -> Feed[wire.ConnectionDetail]:
        found = find_namespace(self.state, namespace_name)
        return self.feed([connection_detail(found.name, one) for one in keys_of(found)])

    def list_authorization_rules(self, namespace_name: str) -> Feed[wire.SharedAccessAuthorizationRule]:
        return self.feed([rule_document(one) for one in keys_of(find_namespace(self.state, namespace_name))])

    @assumed("keys that are not given are made up")
    def create_authorization_rule(
        self, namespace_name: str, body: wire.SharedAccessAuthorizationRule
    ) -> Entry[wire.SharedAccessAuthorizationRule]:
        namespace = find_namespace(self.state, namespace_name)
        name = body.key_name or ""
        if not 1 <= len(name) <= 256 or "/" in name:
            raise BadRequest("The key name is invalid.")
        if name.lower() in namespace.rules:
            raise ConflictError("The key exists.")
        if len(namespace.rules) >= MOST:
            raise BadRequest(f"A namespace may have at most {MOST} keys.")
        now = stamp(self.now)
        return self._put(
            namespace,
            SharedKey(
                name=name,
                rights=checked_rights(body.rights),
                primary=checked_key(body.primary_key) or self._new_key("primary", namespace.name, name),
                secondary=checked_key(body.secondary_key) or self._new_key("secondary", namespace.name, name),
                created=now,
                modified=now,
                claim_type=body.claim_type or "SharedAccessKey",
                claim_value=body.claim_value or "None",
            ),
        )

    def get_authorization_rule(self, namespace_name: str, rule_name: str) -> Entry[wire.SharedAccessAuthorizationRule]:
        return self.entry(rule_document(self._key(namespace_name, rule_name)[1]))

    @assumed("what is left out keeps its value")
    def update_authorization_rule(
        self, namespace_name: str, rule_name: str, body: wire.SharedAccessAuthorizationRule
    ) -> Entry[wire.SharedAccessAuthorizationRule]:
        namespace, before = self._key(namespace_name, rule_name)
        if body.key_name is not None and body.key_name.lower() != before.name.lower():
            raise BadRequest("The key name must be that of the address.")
        return self._put(
            namespace,
            replace(
                before,
                rights=before.rights if body.rights is None else checked_rights(body.rights),
                primary=checked_key(body.primary_key) or before.primary,
                secondary=checked_key(body.secondary_key) or before.secondary,
                modified=stamp(self.now),
                revision=before.revision + 1,
            ),
        )

    @assumed("that the root key cannot be deleted")
    def delete_authorization_rule(self, namespace_name: str, rule_name: str) -> None:
        namespace, found = self._key(namespace_name, rule_name)
        if found.name == ROOT:
            raise BadRequest("The root key cannot be deleted.")
        put_namespace(self.state, replace(namespace, rules=namespace.rules.remove(found.name.lower())))

    def _put(self, namespace: Namespace, key: SharedKey) -> Entry[wire.SharedAccessAuthorizationRule]:
        put_namespace(self.state, replace(namespace, rules=namespace.rules.insert(key.name.lower(), key)))
        return self.entry(rule_document(key))

    def _key(self, namespace_name: str, rule_name: str) -> tuple[Namespace, SharedKey]:
        namespace = find_namespace(self.state, namespace_name)
        found = namespace.rules.get(rule_name.lower())
        if found is None:
            raise ResourceNotFound(f"The key {rule_name} does not exist.")
        return namespace, found

    def _new_key(self, which: str, namespace: str, name: str) -> str:
        return make_key(self.state, which, namespace, name, self.request.request_id)
