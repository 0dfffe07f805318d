"""Add-ons from the store."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from asm_contracts.areas.add_ons import AddOnContract, AddOnInput
from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed
from asm_contracts.operation import Accepted
from asm_emulator.areas.base import Area
from asm_emulator.areas.scheduler.services import find_cloud_service
from asm_emulator.cloud_resources import discard_resource, put_resource, resource_key, resource_lease
from asm_emulator.engine import effect
from asm_emulator.scheduler_model import CloudResource
from asm_emulator.state import Draft

_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_])?\Z")
_PROVIDED: Final = frozenset({"hdinsight", "scheduler"})
"""Namespaces of resources that the platform itself provides, each in its own way."""


@effect
def add_on_put(draft: Draft, service_name: str, resource: CloudResource) -> None:
    """The end of a purchase or a change; the operation fails if the cloud service has gone meanwhile."""
    put_resource(draft, find_cloud_service(draft, service_name), resource)


@effect
def add_on_deleted(draft: Draft, service_name: str, namespace: str, kind: str, name: str) -> None:
    """The end of a cancellation."""
    discard_resource(draft, service_name, namespace, kind, name)


class AddOnArea(Area, AddOnContract):
    """Keeps what was bought; the providers, who would answer for it, are not here."""

    @assumed("which providers, add-ons and plans there were is not known, so any can be bought; no refusal was seen")
    def put_add_on(
        self, cloud_service_name: str, provider_namespace: str, add_on_type: str, add_on_name: str, body: AddOnInput
    ) -> Accepted:
        service = find_cloud_service(self.state, cloud_service_name)
        if provider_namespace.lower() in _PROVIDED:
            raise ResourceNotFound(f"The resource type {provider_namespace}/{add_on_type} does not exist.")
        if not _NAME.match(add_on_name):
            raise BadRequest("The name of the add-on is invalid.")
        if body.type.lower() != provider_namespace.lower():
            raise BadRequest(f"The type {body.type[:100]} is not the provider {provider_namespace} of the address.")
        if not body.plan or len(body.plan) > 100:
            raise BadRequest("The plan of the add-on is invalid.")
        before = service.resources.get(resource_key(provider_namespace, add_on_type, add_on_name))
        if before is None:
            made = CloudResource(
                namespace=provider_namespace, type=add_on_type, name=add_on_name, etag="", plan=body.plan
            )
        else:
            made = replace(before, plan=body.plan, operation="Update")
        return self.begin(
            add_on_put,
            holds=resource_lease(service.name, provider_namespace, add_on_type, add_on_name),
            service_name=service.name,
            resource=replace(made, etag=self.state.make_guid("resource", self.request.request_id)),
        )

    @assumed("the refusal was never seen")
    def delete_add_on(
        self, cloud_service_name: str, provider_namespace: str, add_on_type: str, add_on_name: str
    ) -> Accepted:
        service = find_cloud_service(self.state, cloud_service_name)
        found = service.resources.get(resource_key(provider_namespace, add_on_type, add_on_name))
        if found is None or found.cluster is not None:
            raise ResourceNotFound(f"The resource {add_on_name} does not exist.")
        return self.begin(
            add_on_deleted,
            holds=resource_lease(service.name, found.namespace, found.type, found.name),
            service_name=service.name,
            namespace=found.namespace,
            kind=found.type,
            name=found.name,
        )
