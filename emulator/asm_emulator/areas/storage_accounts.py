"""Storage accounts: names in the cloud, their keys, and how they are replicated."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime
from typing import Final

from asm_contracts.areas.storage_accounts import (
    CreateStorageServiceInput,
    RegenerateKeys,
    StorageAccountContract,
    StorageService,
    StorageServiceKeys,
    StorageServiceProperties,
    StorageServices,
    UpdateStorageServiceInput,
)
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, quoted, recorded
from asm_contracts.operation import Accepted
from asm_contracts.vocabulary import AvailabilityResponse, ExtendedProperty
from asm_emulator import model, names
from asm_emulator.areas.base import Area
from asm_emulator.blobs import STORAGE_NAME, account_location, registered_in
from asm_emulator.catalogue import location as known_location
from asm_emulator.engine import effect
from asm_emulator.places import check_place, region
from asm_emulator.quotas import check_quota
from asm_emulator.state import Draft

MANAGEMENT: Final = "https://management.core.windows.net"

TYPES: Final = {
    name.lower(): name for name in ("Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_RAGRS", "Premium_LRS")
}
TYPES_SINCE: Final = "2014-06-01"
"""Older versions have flags in place of the account type."""

FLAG_SINCE: Final = "2011-12-01"
_GEO: Final = ("Standard_GRS", "Standard_RAGRS")
_FIXED: Final = ("Standard_ZRS", "Premium_LRS")
_PLATFORM: Final = ("ResourceGroup", "ResourceLocation")
_KEYS: Final = {"primary": "primary_key", "secondary": "secondary_key"}


def find_account(draft: Draft, name: str) -> model.StorageAccount:
    """A storage account of the subscription; ResourceNotFound with the recorded text."""
    found = draft.storage_accounts.get(name)
    if found is None:
        raise ResourceNotFound(f"The storage account '{name}' was not found.")
    return found


def account_url(draft: Draft, name: str) -> str:
    """The address of a storage account, as documents give it."""
    return f"{MANAGEMENT}/{draft.subscription_id}/services/storageservices/{name}"


def make_key(draft: Draft, name: str, created: datetime, which: str, generation: int) -> str:
    """A key: 64 bytes in base64 that depend on the seed, the account and how often its keys were made."""
    parts = (
        draft.make_hex("storage key", draft.subscription_id, name, created, which, generation, n) for n in range(4)
    )
    return base64.b64encode(bytes.fromhex("".join(parts))).decode("ascii")


def endpoints(name: str, services: tuple[str, ...]) -> tuple[str, ...]:
    """The addresses of an account's services."""
    return tuple(f"https://{name}.{service}.core.windows.net/" for service in services)


@recorded("which of the regions and endpoints each account type has; ZRS is assumed to be like LRS")
def properties_document(draft: Draft, account: model.StorageAccount, version: str) -> StorageServiceProperties:
    """The properties of an account, as a request of this version sees them."""
    kind = account.account_type
    place = account_location(draft, account)
    premium, geo, readable = kind == "Premium_LRS", kind in _GEO, kind == "Standard_RAGRS"
    home = known_location(place)
    flags = FLAG_SINCE <= version < TYPES_SINCE
    return StorageServiceProperties(
        description=names.or_nil(account.description),
        affinity_group=account.affinity_group,
        location=account.location,
        label=account.label,
        status=account.status,
        endpoints=endpoints(account.name, ("blob",) if premium else ("blob", "queue", "table", "file")),
        geo_replication_enabled=geo if flags else None,
        geo_primary_region=place,
        status_of_primary="Available",
        geo_secondary_region=None if premium else home.paired_with if geo and home else "",
        status_of_secondary=None if premium else "Available" if geo else "",
        creation_time=account.created,
        custom_domains=account.custom_domains,
        secondary_read_enabled=readable if flags else None,
        secondary_endpoints=endpoints(f"{account.name}-secondary", ("blob", "queue", "table")) if readable else None,
        account_type=kind,
    )


def platform_properties(place: str) -> tuple[ExtendedProperty, ...]:
    """What the platform says of every account, after the caller's own properties (recorded)."""
    return (
        ExtendedProperty(name="ResourceGroup", value=f"Default-Storage-{place.replace(' ', '')}"),
        ExtendedProperty(name="ResourceLocation", value=place),
    )


@assumed("the flags became types as documented; that the type wins over them is not")
def wanted_type(body: CreateStorageServiceInput | UpdateStorageServiceInput) -> str | None:
    """The account type that a request asks for, by itself or by the older flags; None if it does not say.

    BadRequest for an unknown type, or read access to a copy that is not to be made.
    """
    if body.account_type is not None:
        try:
            return TYPES[body.account_type.strip().lower()]
        except KeyError:
            raise BadRequest(f"The account type {body.account_type} is invalid.") from None
    geo, readable = body.geo_replication_enabled, body.secondary_read_enabled
    if geo is None and readable is None:
        return None
    if readable:
        if geo is False:
            raise BadRequest("Read access to the secondary region needs geo-replication.")
        return "Standard_RAGRS"
    return "Standard_LRS" if geo is False else "Standard_GRS"


@effect
def account_created(draft: Draft, service_name: str, created: datetime) -> None:
    """The end of a creation."""
    account = draft.storage_accounts.get(service_name)
    if account is None or account.created != created:
        return
    own = tuple(prop for prop in account.extended_properties if prop.name not in _PLATFORM)
    draft.storage_accounts[service_name] = replace(
        account,
        status="Created",
        extended_properties=own + platform_properties(account_location(draft, account)),
    )


@effect
def account_not_created(draft: Draft, service_name: str, created: datetime) -> None:
    """A creation has failed: the account goes and its name is free."""
    account = draft.storage_accounts.get(service_name)
    if account is not None and account.created == created:
        remove_account(draft, account)


def remove_account(draft: Draft, account: model.StorageAccount) -> None:
    """Take an account out of the state, and give its name back to the cloud."""
    del draft.storage_accounts[account.name]
    draft.release(STORAGE_NAME, account.name)


class StorageAccountArea(Area, StorageAccountContract):
    """Creates, finds, changes and deletes storage accounts."""

    def create_storage_account(self, body: CreateStorageServiceInput) -> Accepted:
        name = body.service_name
        names.check_storage_account(name)
        names.check_label(body.label)
        names.check_description(body.description)
        location, affinity_group = check_place(self.state, body.location, body.affinity_group)
        properties = names.merge_properties((), body.extended_properties)
        kind = wanted_type(body) or "Standard_GRS"
        reason = self._why_taken(name)
        if reason is not None:
            raise ConflictError(reason)
        quota = self.state.subscription.quotas.storage_accounts
        check_quota("storage account count", quota, len(self.state.storage_accounts))
        account = model.StorageAccount(
            name=name,
            label=body.label,
            description=names.given(body.description),
            location=location,
            affinity_group=affinity_group,
            created=self.now,
            account_type=kind,
            primary_key=make_key(self.state, name, self.now, "primary", 0),
            secondary_key=make_key(self.state, name, self.now, "secondary", 0),
            status="Creating",
            extended_properties=properties,
        )
        self._check_offered(account, kind)
        self.state.claim(STORAGE_NAME, name)
        self.state.storage_accounts[name] = account
        return self.begin(
            account_created,
            undo=account_not_created,
            location=f"{MANAGEMENT}/subscriptions/{self.state.subscription_id}/storage/{name}",
            service_name=name,
            created=self.now,
        )

    def _why_taken(self, name: str) -> str | None:
        owner = self.state.owner_of(STORAGE_NAME, name)
        if owner is None:
            return None
        if owner == self.state.subscription_id:
            return f"A storage account named '{name}' already exists in the subscription."
        return f"The storage account named '{name}' is already taken."

    @assumed("locations list the types they offer; no recording asks for another one")
    def _check_offered(self, account: model.StorageAccount, kind: str) -> None:
        place = account_location(self.state, account)
        offers = region(self.state, place)
        if offers is not None and kind not in offers.storage_account_types:
            raise BadRequest(f"The account type {kind} is not available in the location {place}.")

    def list_storage_accounts(self) -> StorageServices:
        return StorageServices(items=tuple(self._document(account) for account in self.state.storage_accounts.values()))

    def get_storage_account_properties(self, service_name: str) -> StorageService:
        account = find_account(self.state, service_name)
        # Recorded: entries of the list have no capabilities.
        return replace(self._document(account), capabilities=("PersistentVMRole",))

    def _document(self, account: model.StorageAccount) -> StorageService:
        return StorageService(
            url=account_url(self.state, account.name),
            service_name=account.name,
            storage_service_properties=properties_document(self.state, account, self.request.version),
            extended_properties=account.extended_properties,
            migration_state=self.state.migrations.get(f"Storage:{account.name}:{account.created.isoformat()}"),
        )

    def get_storage_account_keys(self, service_name: str) -> StorageService:
        account = find_account(self.state, service_name)
        return StorageService(
            url=account_url(self.state, account.name),
            storage_service_keys=StorageServiceKeys(primary=account.primary_key, secondary=account.secondary_key),
        )

    def regenerate_storage_account_keys(self, service_name: str, body: RegenerateKeys) -> StorageService:
        account = find_account(self.state, service_name)
        which = body.key_type.strip().lower()
        if which not in _KEYS:
            raise BadRequest()
        self._check_created(account)
        generation = account.key_generation + 1
        key = make_key(self.state, account.name, account.created, which, generation)
        primary, secondary = account.primary_key, account.secondary_key
        self.state.storage_accounts[service_name] = replace(
            account,
            key_generation=generation,
            primary_key=key if which == "primary" else primary,
            secondary_key=key if which == "secondary" else secondary,
        )
        return self.get_storage_account_keys(service_name)

    @assumed("that one of the fields is needed is documented; the refusal's text is not")
    def update_storage_account(self, service_name: str, body: UpdateStorageServiceInput) -> None:
        account = find_account(self.state, service_name)
        kind = wanted_type(body)
        changes = (body.label, body.description, body.extended_properties, body.custom_domains, kind)
        if all(change is None for change in changes):
            raise BadRequest("A label, a description, extended properties or an account type must be given.")
        if body.label is not None:
            names.check_label(body.label)
        names.check_description(body.description)
        self._check_created(account)
        if kind is not None and kind != account.account_type:
            self._check_convertible(account, kind)
        description = account.description
        if body.description is not None:
            description = None if body.description is NIL else names.given(body.description)
        self.state.storage_accounts[account.name] = replace(
            account,
            label=account.label if body.label is None else body.label,
            description=description,
            extended_properties=names.merge_properties(account.extended_properties, body.extended_properties),
            custom_domains=account.custom_domains if body.custom_domains is None else body.custom_domains,
            account_type=kind or account.account_type,
        )

    @assumed("that these types neither come from nor turn into others is documented; the refusal's text is not")
    def _check_convertible(self, account: model.StorageAccount, kind: str) -> None:
        if kind in _FIXED or account.account_type in _FIXED:
            raise BadRequest(f"The account type cannot be changed from {account.account_type} to {kind}.")
        self._check_offered(account, kind)

    @assumed("the wording is that of the API that came after this one")
    def _check_created(self, account: model.StorageAccount) -> None:
        """ConflictError while an account is being created."""
        if account.status != "Created":
            raise ConflictError(
                "An operation is currently performing on this storage account that requires exclusive access."
            )

    @quoted("the text is quoted in public; its code is assumed")
    def delete_storage_account(self, service_name: str) -> None:
        account = find_account(self.state, service_name)
        self._check_created(account)
        registered = registered_in(self.state, account.name)
        if registered:
            raise ConflictError(
                f"Storage account {account.name} has some active image(s) and/or disk(s), e.g. {registered[0]}. "
                "Ensure these image(s) and/or disk(s) are removed before deleting this storage account."
            )
        remove_account(self.state, account)

    def check_storage_account_name_availability(self, service_name: str) -> AvailabilityResponse:
        names.check_storage_account(service_name)
        reason = self._why_taken(service_name)
        return AvailabilityResponse(result=reason is None, reason=NIL if reason is None else reason)
