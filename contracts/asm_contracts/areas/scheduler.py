"""The scheduler: cloud services (no hosted services), job collections in them, and jobs.

Cloud services and collections are XML like everything else (element order recorded), jobs are JSON (recorded; what the
recordings do not show: the members that the Node client writes and reads).
"""

from __future__ import annotations

from asm_contracts.dialect import SCHEDULER_JOBS
from asm_contracts.document import NIL, Nil, PreciseTime, document, element
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, Made, operation

# -- cloud services and job collections -----------------------------------------------------------------------------


@document(name="CloudService")
class CreateCloudService:
    """What a new cloud service needs."""

    label: str
    description: str
    geo_region: str
    email: str | None = None


@document(name="MaxRecurrence")
class MaxRecurrence:
    """How often the jobs of a collection may run at most."""

    frequency: str
    interval: int | None = None


@document(name="Quota")
class Quota:
    """The most that a job collection may hold."""

    max_job_count: int | None = None
    max_job_occurrence: int | None = None
    max_recurrence: MaxRecurrence | None = None


@document(name="IntrinsicSettings")
class IntrinsicSettings:
    """Settings of a job collection."""

    plan: str | None = None
    quota: Quota | None = None


@document(name="IntrinsicSettings")
class IntrinsicSettingsInput:
    """Settings of a job collection as clients send them: one of them writes ``plan`` small (recorded)."""

    plan: str | None = None
    small_plan: str | None = element(default=None, name="plan")
    quota: Quota | None = None


@document(name="Resource")
class JobCollectionInput:
    """What a job collection is to be; with an ETag, what an existing one is to become."""

    schema_version: str | None = None
    etag: str | None = element(default=None, name="ETag")
    intrinsic_settings: IntrinsicSettingsInput | None = None
    label: str | None = None


@document(name="Error")
class ResourceError:
    """How the last operation on a resource went."""

    http_code: str | None = None
    message: str | None = None


@document(name="OperationStatus")
class ResourceOperationStatus:
    """The last operation on a resource, when it is read alone."""

    error: ResourceError | None = None
    result: str | None = None


@document(name="OperationStatus")
class ListedOperationStatus:
    """The last operation on a resource, in its cloud service."""

    type: str | None = None
    result: str | None = None


@document(name="CloudServiceSettings")
class CloudServiceSettings:
    """What a resource has of its cloud service."""

    geo_region: str | None = None


@document(name="Resource")
class JobCollection:
    """A job collection, read alone."""

    cloud_service_settings: CloudServiceSettings | None = None
    etag: str | None = element(default=None, name="ETag")
    intrinsic_settings: IntrinsicSettings | None = None
    label: str | None = None
    name: str | None = None
    operation_status: ResourceOperationStatus | None = None
    promotion_code: str | Nil | None = NIL
    schema_version: str | None = None
    state: str | None = None
    sub_state: str | Nil | None = NIL
    type: str | None = None


@document()
class UsageMeter:
    """How much of what a plan includes has been used."""

    name: str
    unit: str
    included: int
    used: int


@document()
class OutputItem:
    """Something that a resource's provider tells of it."""

    key: str
    value: str


@document(name="Resource")
class Resource:
    """A resource in its cloud service; `plan`, meters and output are of providers other than the scheduler."""

    resource_provider_namespace: str | None = None
    type: str | None = None
    name: str | None = None
    plan: str | None = None
    schema_version: str | None = None
    etag: str | None = element(default=None, name="ETag")
    state: str | None = None
    sub_state: str | None = None
    usage_meters: tuple[UsageMeter, ...] | None = None
    intrinsic_settings: IntrinsicSettings | None = None
    output_items: tuple[OutputItem, ...] | None = None
    operation_status: ListedOperationStatus | None = None
    label: str | Nil | None = None


@document(name="CloudService")
class CloudService:
    """A cloud service with its resources."""

    name: str
    label: str | None = None
    description: str | None = None
    geo_region: str | None = None
    resources: tuple[Resource, ...] | None = ()


@document(name="CloudServices")
class CloudServices:
    """The cloud services of a subscription."""

    items: tuple[CloudService, ...] = element(default=(), flat=True)


@document(name="ResourceNameAvailabilityResponse")
class ResourceNameAvailability:
    """Whether a job collection may have a name."""

    is_available: bool


@document(name="ResourceProviderProperty")
class ResourceProviderProperty:
    """Something that is to know about the scheduler."""

    key: str
    value: str


@document(name="ResourceProviderProperties")
class ResourceProviderProperties:
    """What is to know about the scheduler."""

    items: tuple[ResourceProviderProperty, ...] = element(default=(), flat=True)


@document(name="EntitleResource")
class EntitleResource:
    """Which kind of resource the subscription may have from now on."""

    resource_provider_namespace: str = element(name="ResourceProviderNameSpace")
    type: str
    registration_date: PreciseTime | None = None


# -- jobs -----------------------------------------------------------------------------------------------------------


@document()
class JobHeader:
    """A header of the request that a job sends."""

    name: str
    value: str


@document()
class JobAuthentication:
    """What the request of a job authenticates with; passwords, secrets and keys are never given back."""

    type: str | None = None
    username: str | None = None
    password: str | None = None
    pfx: str | None = None
    certificate_thumbprint: str | None = None
    certificate_expiration: str | None = None
    certificate_subject_name: str | None = None
    secret: str | None = None
    tenant: str | None = None
    audience: str | None = None
    client_id: str | None = element(default=None, name="ClientId")


@document()
class JobRequest:
    """The request that a job sends."""

    uri: str | None = None
    method: str | None = None
    headers: tuple[JobHeader, ...] | None = element(default=None, mapping=True)
    body: str | None = None
    authentication: JobAuthentication | None = None


@document()
class JobQueueMessage:
    """The message that a job puts into a storage queue."""

    storage_account: str | None = None
    queue_name: str | None = None
    sas_token: str | None = None
    message: str | None = None


@document()
class JobRetryPolicy:
    """What to do when a job does not succeed at once."""

    retry_type: str | None = None
    retry_interval: str | None = None
    retry_count: int | None = None


@document()
class JobErrorAction:
    """What to do when a job fails."""

    request: JobRequest | None = None
    queue_message: JobQueueMessage | None = None
    type: str | None = None


@document()
class JobAction:
    """What a job does: ``http``, ``https`` or ``storageQueue``."""

    request: JobRequest | None = None
    queue_message: JobQueueMessage | None = None
    type: str | None = None
    retry_policy: JobRetryPolicy | None = None
    error_action: JobErrorAction | None = None


@document()
class JobMonthlyOccurrence:
    """A day of the week in a month: the first (1), second (2) or last (-1) of them."""

    day: str | None = None
    occurrence: int | None = None


@document()
class JobSchedule:
    """On which days and at which times a job runs."""

    minutes: tuple[int, ...] | None = element(default=None, item="int")
    hours: tuple[int, ...] | None = element(default=None, item="int")
    week_days: tuple[str, ...] | None = element(default=None, item="string")
    months: tuple[int, ...] | None = element(default=None, item="int")
    month_days: tuple[int, ...] | None = element(default=None, item="int")
    monthly_occurrences: tuple[JobMonthlyOccurrence, ...] | None = None


@document()
class JobRecurrence:
    """How often a job runs, and until when."""

    frequency: str | None = None
    end_time: PreciseTime | None = None
    count: int | None = None
    interval: int | None = None
    schedule: JobSchedule | None = None


@document()
class JobStatus:
    """How a job has fared."""

    last_execution_time: PreciseTime | None = None
    next_execution_time: PreciseTime | None = None
    execution_count: int | None = None
    failure_count: int | None = None
    faulted_count: int | None = None


@document()
class Job:
    """A job, as it is sent and as it is given back."""

    id: str | None = None
    start_time: PreciseTime | None = None
    action: JobAction | None = None
    recurrence: JobRecurrence | None = None
    state: str | None = None
    status: JobStatus | None = None


@document()
class Jobs:
    """Jobs of a collection."""

    items: tuple[Job, ...] = element(default=(), flat=True)


@document()
class JobState:
    """The state that all jobs of a collection are to have."""

    state: str


@document()
class JobHistoryEntry:
    """An execution of a job."""

    job_id: str | None = None
    timestamp: PreciseTime | None = None
    start_time: PreciseTime | None = None
    end_time: PreciseTime | None = None
    state: str | None = None
    message: str | None = None
    status: str | None = None
    action_name: str | None = None
    repeat_count: int | None = None
    retry_count: int | None = None


@document()
class JobHistory:
    """Executions of a job, the latest first."""

    items: tuple[JobHistoryEntry, ...] = element(default=(), flat=True)


_VERSION = "2012-03-01"
_SERVICE = "/cloudservices/{cloud_service_name}"
_COLLECTIONS = _SERVICE + "/resources/scheduler/jobCollections"
_COLLECTION = _COLLECTIONS + "/{job_collection_name}"
_INSIDE = _SERVICE + "/resources/scheduler/~/jobCollections/{job_collection_name}"
_JOB = _INSIDE + "/jobs/{job_id}"
_API = "api-version=2014-04-01"


class SchedulerContract(Contract):
    """Cloud services, job collections and jobs."""

    @operation("GET", "/cloudservices", since=_VERSION)
    def list_cloud_services(self) -> CloudServices:
        """List the cloud services with their resources."""

    @operation("PUT", _SERVICE, since=_VERSION, errors=(BadRequest, ConflictError))
    def create_cloud_service(self, cloud_service_name: str, body: CreateCloudService) -> Accepted:
        """Create a cloud service for job collections."""

    @operation("GET", _SERVICE, since=_VERSION, errors=(ResourceNotFound,))
    def get_cloud_service(self, cloud_service_name: str) -> CloudService:
        """Read a cloud service with its resources."""

    @operation("DELETE", _SERVICE, since=_VERSION, errors=(ConflictError, ResourceNotFound))
    def delete_cloud_service(self, cloud_service_name: str) -> Accepted:
        """Delete a cloud service with all that is in it."""

    @operation("GET", "/resourceproviders/scheduler/Properties?resourceType=JobCollections", since=_VERSION)
    def get_scheduler_properties(self) -> ResourceProviderProperties:
        """Tell where the scheduler is offered."""

    @operation("POST", "/EntitleResource", since=_VERSION, errors=(BadRequest,))
    def entitle_resource(self, body: EntitleResource) -> Accepted:
        """Let the subscription have a kind of resource."""

    # -- job collections ------------------------------------------------------------------------------------------

    @operation(
        "POST",
        _COLLECTIONS + "?op=checknameavailability&resourceName={job_collection_name}",
        since=_VERSION,
        errors=(ResourceNotFound,),
    )
    def check_job_collection_name(self, cloud_service_name: str, job_collection_name: str) -> ResourceNameAvailability:
        """Tell whether a job collection may have a name."""

    @operation(
        "GET",
        _COLLECTIONS + "?op=checknameavailability&resourceName={job_collection_name}",
        since=_VERSION,
        errors=(ResourceNotFound,),
    )
    def get_job_collection_name_availability(
        self, cloud_service_name: str, job_collection_name: str
    ) -> ResourceNameAvailability:
        """Tell whether a job collection may have a name, asked the other way (the Node client's)."""

    @operation("PUT", _COLLECTION, since=_VERSION, errors=(BadRequest, ConflictError, ResourceNotFound))
    def create_job_collection(
        self, cloud_service_name: str, job_collection_name: str, body: JobCollectionInput
    ) -> Accepted:
        """Create a job collection; with its ETag, change one."""

    @operation("GET", _INSIDE, since=_VERSION, errors=(ResourceNotFound,))
    def get_job_collection(self, cloud_service_name: str, job_collection_name: str) -> JobCollection:
        """Read a job collection."""

    @operation("DELETE", _COLLECTION, since=_VERSION, errors=(ConflictError, ResourceNotFound))
    def delete_job_collection(self, cloud_service_name: str, job_collection_name: str) -> Accepted:
        """Delete a job collection with its jobs."""

    # -- jobs -----------------------------------------------------------------------------------------------------

    @operation(
        "GET",
        _INSIDE + f"/jobs?{_API}&$skip={{skip}}&$top={{top}}&$filter={{state_filter}}",
        since=_VERSION,
        errors=(BadRequest, ResourceNotFound),
        dialect=SCHEDULER_JOBS,
    )
    def get_all_jobs(
        self,
        cloud_service_name: str,
        job_collection_name: str,
        skip: int | None = None,
        top: int | None = None,
        state_filter: str | None = None,
    ) -> Jobs:
        """List jobs, by id: a page of them, those in a state (``state eq enabled``)."""

    @operation(
        "POST",
        _INSIDE + f"/jobs?{_API}",
        since=_VERSION,
        success=201,
        errors=(BadRequest, ResourceNotFound),
        dialect=SCHEDULER_JOBS,
    )
    def add_job(self, cloud_service_name: str, job_collection_name: str, body: Job) -> Job:
        """Create a job under an id that the service makes up."""

    @operation(
        "PATCH",
        _INSIDE + "/jobs",  # its one published client leaves the api-version out
        since=_VERSION,
        errors=(BadRequest, ResourceNotFound),
        dialect=SCHEDULER_JOBS,
    )
    def update_all_jobs_state(self, cloud_service_name: str, job_collection_name: str, body: JobState) -> Jobs:
        """Disable all jobs, or enable those again that were enabled before."""

    @operation(
        "PUT",
        _JOB + f"?{_API}",
        since=_VERSION,
        errors=(BadRequest, ResourceNotFound),
        dialect=SCHEDULER_JOBS,
    )
    def create_job(self, cloud_service_name: str, job_collection_name: str, job_id: str, body: Job) -> Job | Made:
        """Create a job (201), or replace one (200)."""

    @operation("GET", _JOB + f"?{_API}", since=_VERSION, errors=(ResourceNotFound,), dialect=SCHEDULER_JOBS)
    def get_job(self, cloud_service_name: str, job_collection_name: str, job_id: str) -> Job:
        """Read a job and how it has fared."""

    @operation(
        "PATCH",
        _JOB + f"?{_API}",
        since=_VERSION,
        errors=(BadRequest, ResourceNotFound),
        dialect=SCHEDULER_JOBS,
    )
    def update_job(self, cloud_service_name: str, job_collection_name: str, job_id: str, body: Job) -> Job:
        """Change parts of a job, such as its state."""

    @operation("DELETE", _JOB + f"?{_API}", since=_VERSION, errors=(ResourceNotFound,), dialect=SCHEDULER_JOBS)
    def delete_job(self, cloud_service_name: str, job_collection_name: str, job_id: str) -> None:
        """Delete a job."""

    @operation(
        "GET",
        _JOB + f"/history?{_API}&$skip={{skip}}&$top={{top}}&$filter={{status_filter}}",
        since=_VERSION,
        errors=(BadRequest, ResourceNotFound),
        dialect=SCHEDULER_JOBS,
    )
    def get_job_history(
        self,
        cloud_service_name: str,
        job_collection_name: str,
        job_id: str,
        skip: int | None = None,
        top: int | None = None,
        status_filter: str | None = None,
    ) -> JobHistory:
        """List executions of a job, the latest first."""
