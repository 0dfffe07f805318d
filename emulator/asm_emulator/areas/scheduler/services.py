"""Cloud services and job collections."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from asm_contracts.areas import scheduler as wire
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, documented
from asm_contracts.operation import Accepted
from asm_emulator.areas.base import Area
from asm_emulator.catalogue import all_locations
from asm_emulator.cloud_resources import release_name, resource_document
from asm_emulator.engine import effect
from asm_emulator.scheduler_model import CloudService, JobCollection
from asm_emulator.state import Draft

SCHEMA_VERSION: Final = "1.1"
PLANS: Final = {"free": ("Free", 5), "standard": ("Standard", 50)}
"""Plans in their own spelling, each with how many jobs a collection may hold (documented)."""
FREQUENCIES: Final = {"minute": 1, "hour": 60, "day": 1440, "week": 10080, "month": 43200, "year": 525600}
"""Frequencies with the minutes that they are worth where frequencies are compared."""
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\Z")
_REGIONS: Final = frozenset(
    {"uswest", "useast", "usnorth", "ussouth", "uscentral", "euwest", "eunorth", "asiaeast", "asiasoutheast"}
)
"""Short names of regions that documents of the scheduler use."""


def find_cloud_service(draft: Draft, name: str) -> CloudService:
    """A cloud service by name; ResourceNotFound if there is none."""
    found = draft.cloud_services.get(name)
    if found is None:
        raise ResourceNotFound(f"The cloud service with name {name} was not found.")
    return found


def find_collection(draft: Draft, service_name: str, name: str) -> tuple[CloudService, JobCollection]:
    """A job collection and its cloud service; ResourceNotFound unless both exist."""
    service = find_cloud_service(draft, service_name)
    found = service.collections.get(name.lower())
    if found is None:
        raise ResourceNotFound(f"The job collection {name} was not found.")
    return service, found


def put_collection(draft: Draft, service: CloudService, collection: JobCollection) -> None:
    """Write a job collection back."""
    collections = service.collections.insert(collection.name.lower(), collection)
    draft.cloud_services[service.name] = replace(service, collections=collections)


def cloud_service_document(service: CloudService) -> wire.CloudService:
    """A cloud service with its job collections."""
    return wire.CloudService(
        name=service.name,
        label=service.label,
        description=service.description,
        geo_region=service.geo_region,
        resources=(
            *(_listed(service.collections[key]) for key in sorted(service.collections)),
            *(resource_document(service.resources[key]) for key in sorted(service.resources)),
        ),
    )


def _settings(collection: JobCollection) -> wire.IntrinsicSettings:
    return wire.IntrinsicSettings(plan=collection.plan, quota=collection.quota)


@assumed("the values of elements that were recorded without them")
def _listed(collection: JobCollection) -> wire.Resource:
    return wire.Resource(
        resource_provider_namespace="scheduler",
        type="jobcollections",
        name=collection.name,
        schema_version=SCHEMA_VERSION,
        etag=collection.etag,
        state=collection.state,
        intrinsic_settings=_settings(collection),
        operation_status=wire.ListedOperationStatus(type="Create", result="Succeeded"),
        label=collection.label if collection.label is not None else NIL,
    )


@effect
def cloud_service_created(_draft: Draft, **_of: str) -> None:
    """The end of a creation: what was created could be read at once."""


@effect
def cloud_service_deleted(draft: Draft, name: str) -> None:
    """The end of a deletion, with all that is in it."""
    found = draft.cloud_services.pop(name, None)
    for resource in found.resources.values() if found is not None else ():
        release_name(draft, resource)


@effect
def job_collection_created(_draft: Draft, **_of: str) -> None:
    """The end of a creation or change: what was created could be read at once."""


@effect
def job_collection_deleted(draft: Draft, service_name: str, name: str) -> None:
    """The end of a deletion, with the jobs."""
    service = draft.cloud_services.get(service_name)
    if service is not None:
        draft.cloud_services[service_name] = replace(service, collections=service.collections.discard(name.lower()))


@effect
def resource_entitled(_draft: Draft) -> None:
    """The end of an entitlement, of which nothing is kept: every subscription may have everything."""


def _lease(service: str, collection: str = "") -> tuple[tuple[str, str], ...]:
    return (("resource" if collection else "cloud service", f"{service}/{collection}".lower()),)


class ServiceOperations(Area, wire.SchedulerContract):
    """Cloud services and job collections."""

    def list_cloud_services(self) -> wire.CloudServices:
        return wire.CloudServices(
            items=tuple(cloud_service_document(one) for one in self.state.cloud_services.values())
        )

    @assumed("which names and regions are refused, and that an existing cloud service is")
    def create_cloud_service(self, cloud_service_name: str, body: wire.CreateCloudService) -> Accepted:
        if not _NAME.match(cloud_service_name):
            raise BadRequest("The cloud service name is invalid.")
        if not 1 <= len(body.label) <= 100:
            raise BadRequest("The label is invalid. It must have between 1 and 100 characters.")
        if len(body.description) > 1024:
            raise BadRequest("The description is too long. It may have at most 1024 characters.")
        names = {one.name.lower() for one in all_locations()} | _REGIONS
        if body.geo_region.lower() not in names:
            raise BadRequest(f"The region {body.geo_region[:100]} is not available for this subscription.")
        if cloud_service_name in self.state.cloud_services:
            raise ConflictError(f"A cloud service with name {cloud_service_name} already exists.")
        made = CloudService(
            name=cloud_service_name,
            label=body.label,
            description=body.description,
            geo_region=body.geo_region,
            etag=self._new_etag(),
            email=body.email,
        )
        self.state.cloud_services[made.name] = made
        self.headers.append(("ETag", made.etag))
        return self.begin(cloud_service_created, holds=_lease(made.name), name=made.name)

    def get_cloud_service(self, cloud_service_name: str) -> wire.CloudService:
        return cloud_service_document(find_cloud_service(self.state, cloud_service_name))

    @documented("deletes everything in it")
    def delete_cloud_service(self, cloud_service_name: str) -> Accepted:
        found = find_cloud_service(self.state, cloud_service_name)
        return self.begin(cloud_service_deleted, holds=_lease(found.name), name=found.name)

    @assumed("the properties were never seen")
    def get_scheduler_properties(self) -> wire.ResourceProviderProperties:
        regions = ",".join(one.name for one in all_locations())
        return wire.ResourceProviderProperties(
            items=(wire.ResourceProviderProperty(key="SupportedGeoRegions", value=regions),)
        )

    @assumed("that any subscription may be entitled to anything")
    def entitle_resource(self, body: wire.EntitleResource) -> Accepted:
        if not body.resource_provider_namespace or not body.type:
            raise BadRequest("The resource provider and the type must be specified.")
        return self.begin(resource_entitled)

    # -- job collections ------------------------------------------------------------------------------------------

    def check_job_collection_name(
        self, cloud_service_name: str, job_collection_name: str
    ) -> wire.ResourceNameAvailability:
        service = find_cloud_service(self.state, cloud_service_name)
        free = bool(_NAME.match(job_collection_name)) and job_collection_name.lower() not in service.collections
        return wire.ResourceNameAvailability(is_available=free)

    def get_job_collection_name_availability(
        self, cloud_service_name: str, job_collection_name: str
    ) -> wire.ResourceNameAvailability:
        return self.check_job_collection_name(cloud_service_name, job_collection_name)

    @assumed("that only a request with the ETag changes an existing collection is documented, the refusals are not")
    def create_job_collection(
        self, cloud_service_name: str, job_collection_name: str, body: wire.JobCollectionInput
    ) -> Accepted:
        service = find_cloud_service(self.state, cloud_service_name)
        if not _NAME.match(job_collection_name):
            raise BadRequest("The job collection name is invalid.")
        before = service.collections.get(job_collection_name.lower())
        wanted = body.etag or self.request.if_match
        if before is not None and wanted is None:
            raise ConflictError(f"A job collection with name {before.name} already exists.")
        if before is None and wanted is not None and wanted != "*":
            raise ResourceNotFound(f"The job collection {job_collection_name} was not found.")
        if before is not None and wanted not in ("*", before.etag):
            raise ConflictError("The ETag of the job collection is another one.")
        plan, quota = self._plan(body.intrinsic_settings, before)
        if before is None:
            made = JobCollection(name=job_collection_name, etag="", plan=plan, quota=quota)
        else:
            made = replace(before, plan=plan, quota=quota)
            limit = job_limit(made)
            if len(before.jobs) > limit:
                raise BadRequest(f"The job collection has more than {limit} jobs.")
        made = replace(made, etag=self._new_etag(), label=made.label if body.label is None else body.label)
        answer = self.begin(
            job_collection_created, holds=_lease(service.name, made.name), service_name=service.name, name=made.name
        )
        put_collection(self.state, service, made)
        self.headers.append(("ETag", made.etag))
        return answer

    @documented("plans, and how many jobs and how frequent ones each allows")
    def _plan(
        self, settings: wire.IntrinsicSettingsInput | None, before: JobCollection | None
    ) -> tuple[str, wire.Quota | None]:
        named = (settings.plan or settings.small_plan) if settings else None
        if named is None:
            named = before.plan if before else "Standard"
        if named.lower() not in PLANS:
            raise BadRequest(f"The plan {named[:40]} is invalid.")
        plan, most = PLANS[named.lower()]
        quota = settings.quota if settings and settings.quota else before.quota if before else None
        if quota is None:
            return plan, None
        if quota.max_job_count is not None and not 0 < quota.max_job_count <= most:
            raise BadRequest(f"The maximum job count must be between 1 and {most}.")
        if quota.max_recurrence is not None:
            frequency = quota.max_recurrence.frequency.lower()
            if frequency not in FREQUENCIES or (quota.max_recurrence.interval or 1) < 1:
                raise BadRequest("The maximum recurrence is invalid.")
        return plan, quota

    @assumed("the values of elements that were recorded without them, but the documented schema version and type")
    def get_job_collection(self, cloud_service_name: str, job_collection_name: str) -> wire.JobCollection:
        service, found = find_collection(self.state, cloud_service_name, job_collection_name)
        return wire.JobCollection(
            cloud_service_settings=wire.CloudServiceSettings(geo_region=service.geo_region),
            etag=found.etag,
            intrinsic_settings=_settings(found),
            label=found.label,
            name=found.name,
            operation_status=wire.ResourceOperationStatus(
                error=wire.ResourceError(http_code="200", message="OK"), result="Succeeded"
            ),
            schema_version=SCHEMA_VERSION,
            state=found.state,
            type="jobcollections",
        )

    def delete_job_collection(self, cloud_service_name: str, job_collection_name: str) -> Accepted:
        service, found = find_collection(self.state, cloud_service_name, job_collection_name)
        return self.begin(
            job_collection_deleted,
            holds=_lease(service.name, found.name),
            service_name=service.name,
            name=found.name,
        )

    def _new_etag(self) -> str:
        return self.state.make_guid("scheduler", self.request.request_id)


def job_limit(collection: JobCollection) -> int:
    """How many jobs a collection may hold."""
    most = PLANS[collection.plan.lower()][1]
    quota = collection.quota
    return min(most, quota.max_job_count) if quota and quota.max_job_count else most


def shortest_minutes(collection: JobCollection) -> int:
    """How many minutes must be between two executions of a job: of the free plan 60 (documented), else of the quota."""
    shortest = 60 if collection.plan == "Free" else 1
    recurrence = collection.quota.max_recurrence if collection.quota else None
    if recurrence is not None:
        shortest = max(shortest, FREQUENCIES[recurrence.frequency.lower()] * (recurrence.interval or 1))
    return shortest
