"""The scheduler's cloud services and job collections come and go."""

from __future__ import annotations

from asm_contracts.areas.scheduler import CreateCloudService, Job, JobAction, JobCollectionInput, JobRequest
from asm_contracts.evidence import documented
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, refused


def make(azure: Azure, names: Names) -> str:
    """A cloud service, and its name."""
    name = names.of("cloud service")
    azure.wait(azure.create_cloud_service(name, CreateCloudService(label="l", description="d", geo_region=LOCATION)))
    return name


@documented("a cloud service is created, read, listed and deleted")
def test_a_cloud_service_comes_and_goes(azure: Azure, names: Names) -> None:
    name = make(azure, names)
    found = azure.get_cloud_service(name)
    assert (found.label, found.description, found.geo_region, found.resources) == ("l", "d", LOCATION, ())
    assert name in [one.name for one in azure.list_cloud_services().items]
    with refused(409, "ConflictError"):
        azure.create_cloud_service(name, CreateCloudService(label="l", description="d", geo_region=LOCATION))
    azure.wait(azure.delete_cloud_service(name))
    with refused(404, "ResourceNotFound"):
        azure.get_cloud_service(name)


@documented("jobs of a collection are made, read and deleted")
def test_jobs(azure: Azure, names: Names) -> None:
    name = make(azure, names)
    azure.wait(azure.create_job_collection(name, "tasks", JobCollectionInput()))
    assert azure.get_job_collection(name, "tasks").state == "Started"
    assert [one.name for one in azure.get_cloud_service(name).resources or ()] == ["tasks"]
    action = JobAction(type="http", request=JobRequest(uri="http://example.org/", method="GET"))
    azure.create_job(name, "tasks", "one", Job(action=action, state="disabled"))
    assert azure.get_job(name, "tasks", "one").state == "disabled"
    assert [one.id for one in azure.get_all_jobs(name, "tasks").items] == ["one"]
    azure.delete_job(name, "tasks", "one")
    with refused(404, "ResourceNotFound"):
        azure.get_job(name, "tasks", "one")
    azure.wait(azure.delete_job_collection(name, "tasks"))
    assert azure.get_cloud_service(name).resources == ()


@documented("the name of a collection is taken while there is one, whatever its case")
def test_names_of_collections(azure: Azure, names: Names) -> None:
    name = make(azure, names)
    assert azure.check_job_collection_name(name, "tasks").is_available is True
    azure.wait(azure.create_job_collection(name, "tasks", JobCollectionInput()))
    assert azure.check_job_collection_name(name, "TASKS").is_available is False
