"""Affinity groups, and what is in them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from asm_contracts.areas.affinity_groups import (
    AffinityGroup,
    AffinityGroupContract,
    AffinityGroups,
    CreateAffinityGroup,
    MemberStorageAccount,
    UpdateAffinityGroup,
)
from asm_contracts.areas.hosted_services import HostedService
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, client
from asm_contracts.operation import Created
from asm_emulator import model, names
from asm_emulator.areas.base import Area
from asm_emulator.areas.hosted_services import MANAGEMENT, properties_document, service_url
from asm_emulator.areas.locations import compute_capabilities
from asm_emulator.catalogue import location as known_location
from asm_emulator.places import region

CAPABILITIES: Final = ("PersistentVMRole", "HighMemory")


class AffinityGroupArea(Area, AffinityGroupContract):
    """Creates, finds, changes and deletes affinity groups."""

    @client("the CLI sends an empty label unless it is told a label or a description")
    @assumed("that names are unique in the subscription is documented; the refusals' texts were never seen")
    def create_affinity_group(self, body: CreateAffinityGroup) -> Created:
        names.check_affinity_group(body.name)
        names.check_further_label(body.label)
        names.check_description(body.description)
        place = known_location(body.location, self.state.day)
        if place is None:
            raise BadRequest(f"The location {body.location} is not available for this subscription.")
        if body.name in self.state.affinity_groups:
            raise ConflictError(f"An affinity group named {body.name} already exists.")
        self.state.affinity_groups[body.name] = model.AffinityGroup(
            name=body.name,
            label=body.label,
            description=names.given(body.description),
            location=place.name,
            created=self.now,
        )
        return Created(f"{MANAGEMENT}/subscriptions/{self.state.subscription_id}/affinitygroup/{body.name}")

    def list_affinity_groups(self) -> AffinityGroups:
        return AffinityGroups(items=tuple(self._entry(group) for group in self.state.affinity_groups.values()))

    def _entry(self, group: model.AffinityGroup) -> AffinityGroup:
        place = region(self.state, group.location)
        assert place is not None
        return replace(self._document(group), compute_capabilities=compute_capabilities(place))

    def _document(self, group: model.AffinityGroup) -> AffinityGroup:
        return AffinityGroup(
            name=group.name,
            label=group.label,
            description=names.or_nil(group.description),
            location=group.location,
            capabilities=CAPABILITIES,
            created_time=group.created,
        )

    def get_affinity_group_properties(self, name: str) -> AffinityGroup:
        group = self._find(name)
        return replace(
            self._document(group),
            hosted_services=tuple(
                HostedService(
                    url=service_url(self.state, service.name),
                    service_name=service.name,
                    hosted_service_properties=properties_document(service),
                )
                for service in self.state.hosted_services.values()
                if is_in(service.affinity_group, group)
            ),
            storage_services=tuple(
                MemberStorageAccount(
                    url=f"{MANAGEMENT}/{self.state.subscription_id}/services/storageservices/{account.name}",
                    service_name=account.name,
                    extended_properties=account.extended_properties,
                )
                for account in self.state.storage_accounts.values()
                # One that is being created is not listed yet (recorded).
                if is_in(account.affinity_group, group) and account.status != "Creating"
            ),
        )

    def _find(self, name: str) -> model.AffinityGroup:
        """Reading a malformed name finds nothing, while a change refuses it (both recorded)."""
        found = self.state.affinity_groups.get(name)
        if found is None:
            raise ResourceNotFound("The affinity group does not exist.")
        return found

    @assumed("whether an update without a description clears it was never seen; what is left out stays elsewhere")
    def update_affinity_group(self, name: str, body: UpdateAffinityGroup) -> None:
        names.check_affinity_group(name)
        group = self._find(name)
        names.check_label(body.label)
        names.check_description(body.description)
        description = group.description
        if body.description is not None:
            description = None if body.description is NIL else names.given(body.description)
        self.state.affinity_groups[group.name] = replace(group, label=body.label, description=description)

    @assumed("that a group in use cannot be deleted is documented; the refusal's status and text were never seen")
    def delete_affinity_group(self, name: str) -> None:
        names.check_affinity_group(name)
        group = self._find(name)
        for kind, members in (
            ("hosted service", self.state.hosted_services),
            ("storage account", self.state.storage_accounts),
            ("virtual network", self.state.virtual_networks),
        ):
            for member in members.values():
                if is_in(member.affinity_group, group):
                    raise ConflictError(
                        f"The affinity group {group.name} cannot be deleted: the {kind} {member.name} is in it."
                    )
        del self.state.affinity_groups[group.name]


def is_in(named: str | None, group: model.AffinityGroup) -> bool:
    """Whether a resource that names an affinity group names this one."""
    return named is not None and named.lower() == group.name.lower()
