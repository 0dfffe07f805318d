"""Resources of cloud services whose providers are others than the scheduler: clusters and add-ons."""

from __future__ import annotations

from dataclasses import replace

from asm_contracts.areas import scheduler as wire
from asm_contracts.evidence import assumed
from asm_emulator.scheduler_model import CloudResource, CloudService
from asm_emulator.state import Draft

SCHEMA_VERSION = "1.0"


def resource_key(namespace: str, kind: str, name: str) -> str:
    """The key of a resource in its cloud service."""
    return f"{namespace}/{kind}/{name}".lower()


def put_resource(draft: Draft, service: CloudService, resource: CloudResource) -> None:
    """Write a resource into its cloud service."""
    key = resource_key(resource.namespace, resource.type, resource.name)
    draft.cloud_services[service.name] = replace(service, resources=service.resources.insert(key, resource))


def discard_resource(draft: Draft, service_name: str, namespace: str, kind: str, name: str) -> None:
    """Take a resource out of its cloud service, if both are there, and give back its name in the cloud."""
    service = draft.cloud_services.get(service_name)
    if service is None:
        return
    found = service.resources.get(resource_key(namespace, kind, name))
    if found is not None:
        release_name(draft, found)
        kept = service.resources.discard(resource_key(namespace, kind, name))
        draft.cloud_services[service_name] = replace(service, resources=kept)


def release_name(draft: Draft, resource: CloudResource) -> None:
    """Give back what a resource has of the whole cloud: a cluster its name."""
    if resource.cluster is not None:
        draft.release("cluster", resource.name)


def resource_lease(service_name: str, namespace: str, kind: str, name: str) -> tuple[tuple[str, str], ...]:
    """What a change of a resource holds meanwhile."""
    return (("resource", f"{service_name}/{resource_key(namespace, kind, name)}".lower()),)


@assumed("the values of elements that no recording shows; their order is the one in which clients read them")
def resource_document(resource: CloudResource) -> wire.Resource:
    """A resource as its cloud service lists it."""
    return wire.Resource(
        resource_provider_namespace=resource.namespace,
        type=resource.type,
        name=resource.name,
        plan=resource.plan,
        schema_version=SCHEMA_VERSION,
        etag=resource.etag,
        state=resource.state,
        sub_state=resource.sub_state,
        usage_meters=() if resource.plan is not None else None,
        output_items=tuple(wire.OutputItem(key=key, value=value) for key, value in resource.outputs),
        operation_status=wire.ListedOperationStatus(type=resource.operation, result="Succeeded"),
    )
