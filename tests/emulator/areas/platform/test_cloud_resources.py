"""Clusters and add-ons: resources of cloud services whose providers are others than the scheduler."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from lxml import etree

from asm_client import Client, WSGITransport
from asm_contracts.areas.add_ons import AddOnInput
from asm_contracts.areas.scheduler import CreateCloudService, JobCollectionInput, Resource
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.codec import clusters
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import RawBody
from asm_emulator import snapshots
from asm_emulator.emulator import Emulator
from asm_emulator.snapshots import Snapshot

Outcome = Callable[[], tuple[str, str | None]]
Send = Callable[..., Any]
SERVICE = "hdinsightABC"
DATA_CONTRACT = "http://schemas.datacontract.org/2004/07/Microsoft.ClusterServices.DataAccess.Context"
OLD = f"""<Resource xmlns="http://schemas.microsoft.com/windowsazure"><IntrinsicSettings>
<ClusterContainer xmlns="{DATA_CONTRACT}"><AzureStorageLocation>East US</AzureStorageLocation><Deployment>
<ASVAccounts><ASVAccount><AccountName>lake.blob.core.windows.net</AccountName>
<BlobContainerName>data</BlobContainerName><SecretKey>geheim</SecretKey></ASVAccount></ASVAccounts>
<ClusterPassword>geheim</ClusterPassword><ClusterUsername>admin</ClusterUsername><NodeSizes>
<ClusterNodeSize><Count>1</Count><RoleType>HeadNode</RoleType><VMSize>ExtraLarge</VMSize></ClusterNodeSize>
<ClusterNodeSize><Count>4</Count><RoleType>DataNode</RoleType><VMSize>Large</VMSize></ClusterNodeSize>
</NodeSizes><Version>3.1</Version></Deployment><DnsName>bees</DnsName></ClusterContainer>
</IntrinsicSettings></Resource>"""
NEW = """<Resource xmlns="http://schemas.microsoft.com/windowsazure"><SchemaVersion>3.0</SchemaVersion>
<IntrinsicSettings><Cluster xmlns="http://schemas.microsoft.com/hdinsight/2014/05/management">
<ClusterRoleCollection><ClusterRole><FriendlyName>WorkerNodeRole</FriendlyName><InstanceCount>2</InstanceCount>
<VMSize>Large</VMSize></ClusterRole></ClusterRoleCollection><DnsName>Ants</DnsName></Cluster>
</IntrinsicSettings></Resource>"""


def body(text: str) -> RawBody:
    return RawBody(text.encode(), "application/xml")


@pytest.fixture(autouse=True)
def service(azure: Client, outcome: Outcome) -> None:
    azure.create_cloud_service(
        SERVICE, CreateCloudService(label="HdInsight CloudService", description="clusters", geo_region="East US")
    )
    outcome()
    azure.create_storage_account(
        CreateStorageServiceInput(service_name="lake", label="l", description="l", location="East US")
    )
    outcome()


def listed(azure: Client) -> list[Resource]:
    (found,) = azure.list_clusters().items
    return list(found.resources or ())


# -- clusters ---------------------------------------------------------------------------------------------------------


def test_without_clusters_there_is_nothing(azure: Client, refused: Any) -> None:
    assert listed(azure) == []
    for call in (azure.get_cluster, azure.get_iaas_cluster, azure.delete_cluster, azure.delete_iaas_cluster):
        with refused(ResourceNotFound, "The resource bees does not exist."):
            call(SERVICE, "bees")
    for call in (azure.get_cluster, azure.delete_cluster):
        with refused(ResourceNotFound, "The cloud service with name nobodys was not found."):
            call("nobodys", "bees")


def test_a_cluster_is_accepted_made_and_deleted(azure: Client, emulator: Emulator, outcome: Outcome) -> None:
    azure.create_cluster(SERVICE, "bees", body(OLD))
    assert [(one.name, one.state, one.sub_state) for one in listed(azure)] == [("bees", "Started", "Accepted")]
    assert outcome() == ("Succeeded", None)
    found = azure.get_cluster(SERVICE, "BEES").data
    assert (found.dns_name, found.location, found.version) == ("bees", "East US", "3.1")
    assert found.fully_qualified_dns_name == "bees.azurehdinsight.net"
    assert [(one.friendly_name, one.instance_count, one.vm_size) for one in found.cluster_role_collection] == [
        ("HeadNode", 1, "ExtraLarge"),
        ("DataNode", 4, "Large"),
    ]
    seen = [found.state]
    while seen[-1] != "Running" and len(seen) < 20:
        emulator.advance(timedelta(minutes=2))
        state = azure.get_cluster(SERVICE, "bees").data.state
        seen += [state] if state != seen[-1] else []
    assert seen == ["ClusterStorageProvisioned", "AzureVMConfiguration", "Operational", "Running"]
    outputs = {one.key: one.value for one in listed(azure)[0].output_items or ()}
    assert outputs["NodesCount"] == "4" and outputs["ConnectionURL"] == "https://bees.azurehdinsight.net"
    assert outputs["ClusterUsername"] == "admin"
    assert "geheim" not in repr(emulator.engine.state)
    azure.delete_cluster(SERVICE, "bees")
    assert [one.sub_state for one in listed(azure)] == ["DeleteQueued"]
    outcome()
    emulator.advance(timedelta(minutes=5))
    assert listed(azure) == []


def test_a_cluster_of_the_second_kind(azure: Client, emulator: Emulator, outcome: Outcome) -> None:
    azure.create_iaas_cluster(SERVICE, "ants", body(NEW))
    assert outcome() == ("Succeeded", None)
    found = azure.get_iaas_cluster(SERVICE, "ants").data
    assert (found.id, found.location, found.user_subscription_id) == ("ants", "East US", emulator.subscription)
    assert [one.location for one in found.connectivity_endpoints] == ["ants.azurehdinsight.net"]
    with pytest.raises(ResourceNotFound):
        azure.get_cluster(SERVICE, "ants")
    azure.delete_iaas_cluster(SERVICE, "ants")
    outcome()
    emulator.advance(timedelta(minutes=5))
    assert listed(azure) == []


@pytest.mark.parametrize(
    ("kind", "wanted"), [("clusters", ("DnsName", "State", "FriendlyName")), ("iaasclusters", ("Id", "State", "Port"))]
)
def test_the_provider_answers_in_its_own_namespaces(
    send: Send, azure: Client, outcome: Outcome, kind: str, wanted: tuple[str, ...]
) -> None:
    azure.create_cluster(SERVICE, "bees", body(OLD))
    azure.create_iaas_cluster(SERVICE, "ants", body(NEW))
    outcome()
    name = "bees" if kind == "clusters" else "ants"
    root = etree.fromstring(send("GET", f"/cloudservices/{SERVICE}/resources/hdinsight/~/{kind}/{name}").body)
    management = "{{http://schemas.microsoft.com/hdinsight/{}/05/management}}".format
    assert [root.tag, root[0].tag] == [f"{management(2013)}PassthroughResponse", f"{management(2013)}Data"]
    tags = [one.tag for one in root[0].iterdescendants()]
    assert all(str(tag).startswith(management(2014)) for tag in tags), tags
    assert {management(2014) + one for one in wanted} <= set(tags)


def test_a_cluster_deleted_while_it_is_made_stays_gone(azure: Client, emulator: Emulator, outcome: Outcome) -> None:
    azure.create_cluster(SERVICE, "bees", body(OLD))
    outcome()
    azure.delete_cluster(SERVICE, "bees")
    emulator.advance(timedelta(minutes=6))
    azure.create_cluster(SERVICE, "bees", body(OLD))
    emulator.advance(timedelta(minutes=1))
    assert azure.get_cluster(SERVICE, "bees").data.state == "Accepted"
    emulator.advance(timedelta(hours=1))
    assert azure.get_cluster(SERVICE, "bees").data.state == "Running"


def test_names_are_taken_in_the_whole_cloud(azure: Client, refused: Any, outcome: Outcome) -> None:
    azure.create_cluster(SERVICE, "bees", body(OLD))
    outcome()
    for call in (azure.create_cluster, azure.create_iaas_cluster):
        with refused(ConflictError, "A cluster with name BEES already exists."):
            call(SERVICE, "BEES", body(OLD))
    azure.delete_cloud_service(SERVICE)
    outcome()
    azure.create_cloud_service(SERVICE, CreateCloudService(label="l", description="d", geo_region="East US"))
    azure.create_cluster(SERVICE, "bees", body(OLD))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("b", OLD, "The cluster name b is invalid."),
        ("no_bees", OLD, "The cluster name no_bees is invalid."),
        ("wasps", OLD, "The cluster name bees is not wasps, as the address has it."),
        ("bees", "", "The request for the cluster is invalid."),
        ("bees", "<Resource/>", "The request for the cluster is invalid."),
        ("bees", OLD.replace("<Count>4", "<Count>many"), "The request for the cluster is invalid."),
        ("bees", OLD.replace("<Count>4", "<Count>0"), "The request for the cluster is invalid."),
        ("bees", OLD.replace("lake.", "dry."), "The storage account dry.blob.core.windows.net does not exist."),
    ],
)
def test_clusters_that_cannot_be(azure: Client, refused: Any, name: str, text: str, message: str) -> None:
    with refused(BadRequest, message):
        azure.create_cluster(SERVICE, name, body(text))


def test_both_forms_of_a_wish_are_read() -> None:
    found = clusters.read(OLD.encode())
    assert (found.name, found.location, found.version, found.user) == ("bees", "East US", "3.1", "admin")
    assert found.accounts == ("lake.blob.core.windows.net",)
    found = clusters.read(NEW.encode())
    assert (found.name, found.version, found.accounts) == ("Ants", "default", ())
    assert found.roles == (clusters.ClusterRole(name="WorkerNodeRole", count=2, size="Large"),)


# -- add-ons ----------------------------------------------------------------------------------------------------------


def test_an_add_on_is_bought_changed_and_cancelled(azure: Client, refused: Any, outcome: Outcome) -> None:
    where = (SERVICE, "ContosoMail", "mailer", "post")
    azure.put_add_on(*where, AddOnInput(type="contosomail", plan="free", promotion_code="x"))
    assert azure.get_cloud_service(SERVICE).resources == ()
    assert outcome() == ("Succeeded", None)
    (found,) = azure.get_cloud_service(SERVICE).resources or ()
    assert (found.resource_provider_namespace, found.type, found.name) == ("ContosoMail", "mailer", "post")
    assert (found.plan, found.state, found.usage_meters) == ("free", "Started", ())
    azure.put_add_on(*where, AddOnInput(type="ContosoMail", plan="gold"))
    outcome()
    (changed,) = azure.get_cloud_service(SERVICE).resources or ()
    assert changed.plan == "gold" and changed.etag != found.etag
    assert changed.operation_status is not None and changed.operation_status.type == "Update"
    azure.delete_add_on(SERVICE, "CONTOSOMAIL", "Mailer", "Post")
    assert outcome() == ("Succeeded", None)
    assert azure.get_cloud_service(SERVICE).resources == ()
    with refused(ResourceNotFound, "The resource post does not exist."):
        azure.delete_add_on(*where)


def test_collections_clusters_and_add_ons_share_a_service(azure: Client, outcome: Outcome) -> None:
    azure.create_job_collection(SERVICE, "jobs", JobCollectionInput())
    outcome()
    azure.create_cluster(SERVICE, "bees", body(OLD))
    outcome()
    azure.put_add_on(SERVICE, "Contoso", "mailer", "post", AddOnInput(type="Contoso", plan="free"))
    outcome()
    found = azure.get_cloud_service(SERVICE).resources or ()
    assert [(one.type, one.name) for one in found] == [
        ("jobcollections", "jobs"),
        ("mailer", "post"),
        ("clusters", "bees"),
    ]
    assert [one.name for one in listed(azure)] == ["bees"]


@pytest.mark.parametrize(
    ("where", "wish", "kind", "message"),
    [
        (
            ("nobodys", "Contoso", "mailer", "post"),
            AddOnInput(type="Contoso", plan="free"),
            ResourceNotFound,
            "The cloud service with name nobodys was not found.",
        ),
        (
            (SERVICE, "hdinsight", "mailer", "post"),
            AddOnInput(type="hdinsight", plan="free"),
            ResourceNotFound,
            "The resource type hdinsight/mailer does not exist.",
        ),
        (
            (SERVICE, "Contoso", "mailer", "a b"),
            AddOnInput(type="Contoso", plan="free"),
            BadRequest,
            "The name of the add-on is invalid.",
        ),
        (
            (SERVICE, "Contoso", "mailer", "post"),
            AddOnInput(type="Other", plan="free"),
            BadRequest,
            "The type Other is not the provider Contoso of the address.",
        ),
        (
            (SERVICE, "Contoso", "mailer", "post"),
            AddOnInput(type="Contoso", plan=""),
            BadRequest,
            "The plan of the add-on is invalid.",
        ),
    ],
)
def test_what_cannot_be_bought(
    azure: Client, refused: Any, where: tuple[str, str, str, str], wish: AddOnInput, kind: Any, message: str
) -> None:
    with refused(kind, message):
        azure.put_add_on(*where, wish)


def test_a_cluster_is_no_add_on(azure: Client, refused: Any, outcome: Outcome) -> None:
    azure.create_cluster(SERVICE, "bees", body(OLD))
    outcome()
    with pytest.raises(ResourceNotFound):
        azure.delete_add_on(SERVICE, "hdinsight", "other", "bees")


def test_all_of_it_survives_a_snapshot_in_a_file(azure: Client, emulator: Emulator, outcome: Outcome) -> None:
    azure.create_cluster(SERVICE, "bees", body(OLD))
    azure.put_add_on(SERVICE, "Contoso", "mailer", "post", AddOnInput(type="Contoso", plan="free"))
    outcome()
    state = emulator.engine.state
    kept = Snapshot(name="kept", state=state, taken=emulator.engine.now())
    assert snapshots.read(json.loads(json.dumps(snapshots.export(kept)))).state == state


def test_a_clusters_own_service_is_known_and_declined(azure: Client, emulator: Emulator) -> None:
    azure.create_cluster(SERVICE, "bees", body(OLD))
    transport = WSGITransport(emulator.app.wsgi_app)
    for label, status in (("bees", 501), ("nobodys", 404)):
        host = {"Host": f"{label}.azurehdinsight.net:443"}
        answer = transport.send("POST", "/templeton/v1/hive?user.name=admin", host, b"execute=show+tables")
        assert answer.status == status, answer.body
        assert set(json.loads(answer.body)) == {"Message"}
