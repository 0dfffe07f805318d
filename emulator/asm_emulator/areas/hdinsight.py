"""HDInsight clusters: accepted, made while their state goes on, and deleted."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from asm_contracts.areas.hdinsight import (
    ClusterDetails,
    ClusterResponse,
    ClusterRole,
    ConnectivityEndpoint,
    HDInsightContract,
    IaasClusterDetails,
    IaasClusterResponse,
)
from asm_contracts.areas.scheduler import CloudServices
from asm_contracts.codec import clusters
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.evidence import assumed, documented
from asm_contracts.operation import Accepted, RawBody
from asm_emulator.areas.base import Area
from asm_emulator.areas.scheduler.services import cloud_service_document, find_cloud_service
from asm_emulator.blobs import STORAGE_NAME
from asm_emulator.cloud_resources import discard_resource, put_resource, resource_key, resource_lease
from asm_emulator.engine import effect, effect_name
from asm_emulator.scheduler_model import CloudResource, CloudService, Cluster
from asm_emulator.state import Draft

NAMESPACE: Final = "hdinsight"
DOMAIN: Final = "azurehdinsight.net"
FIRST: Final = "clusters"
SECOND: Final = "iaasclusters"
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,57}[a-z0-9])\Z", re.IGNORECASE)
_STATES: Final = (
    ("ClusterStorageProvisioned", 0.1),
    ("AzureVMConfiguration", 0.5),
    ("Operational", 0.9),
    ("Running", 1),
)
"""What a cluster goes through, each with the part of the whole after which it does."""


@effect
def cluster_accepted(draft: Draft, service_name: str, kind: str, name: str, serial: int) -> None:
    """The end of the request: from here on the cluster is made; the operation fails if its service has gone."""
    find_cloud_service(draft, service_name)
    whole = draft.span("hdinsight.create")
    for state, part in _STATES:
        draft.schedule(
            effect_name(cluster_goes_on),
            whole * part,
            service_name=service_name,
            kind=kind,
            name=name,
            serial=serial,
            state=state,
        )


@effect
def cluster_refused(draft: Draft, service_name: str, kind: str, name: str, **_of: int) -> None:
    """A cluster whose request failed leaves nothing."""
    discard_resource(draft, service_name, NAMESPACE, kind, name)


@effect
def cluster_goes_on(draft: Draft, service_name: str, kind: str, name: str, serial: int, state: str) -> None:
    """A cluster is in its next state, if it is still the one that was meant."""
    service = draft.cloud_services.get(service_name)
    found = service.resources.get(resource_key(NAMESPACE, kind, name)) if service is not None else None
    if service is not None and found is not None and found.cluster is not None and found.cluster.serial == serial:
        cluster = replace(found.cluster, updated=draft.now)
        put_resource(draft, service, replace(found, sub_state=state, cluster=cluster))


@effect
def cluster_deleted(draft: Draft, service_name: str, kind: str, name: str) -> None:
    """The end of a deletion."""
    discard_resource(draft, service_name, NAMESPACE, kind, name)


class HDInsightArea(Area, HDInsightContract):
    """Clusters of both kinds."""

    @assumed("that the query leaves out resources of other kinds, not the cloud services that have no others")
    def list_clusters(self) -> CloudServices:
        def clusters_of(service: CloudService) -> CloudService:
            kept = ((key, one) for key, one in service.resources.items() if one.cluster is not None)
            return replace(service, collections=type(service.collections)(), resources=type(service.resources)(kept))

        found = self.state.cloud_services.values()
        return CloudServices(items=tuple(cloud_service_document(clusters_of(one)) for one in found))

    def create_cluster(self, cloud_service_name: str, cluster_name: str, body: RawBody) -> Accepted:
        return self._create(cloud_service_name, FIRST, cluster_name, body)

    def create_iaas_cluster(self, cloud_service_name: str, cluster_name: str, body: RawBody) -> Accepted:
        return self._create(cloud_service_name, SECOND, cluster_name, body)

    @documented("names are unique below azurehdinsight.net, and a cluster works on storage accounts that exist")
    @assumed("the refusals' texts, and how a cluster's body is checked, were never seen")
    def _create(self, service_name: str, kind: str, name: str, body: RawBody) -> Accepted:
        service = find_cloud_service(self.state, service_name)
        if not _NAME.match(name):
            raise BadRequest(f"The cluster name {name[:100]} is invalid.")
        try:
            wish = clusters.read(body.data)
        except clusters.MalformedCluster as problem:
            raise BadRequest("The request for the cluster is invalid.") from problem
        if wish.name is not None and wish.name.lower() != name.lower():
            raise BadRequest(f"The cluster name {wish.name[:100]} is not {name}, as the address has it.")
        for account in wish.accounts:
            if self.state.owner_of(STORAGE_NAME, account.partition(".")[0]) is None:
                raise BadRequest(f"The storage account {account[:100]} does not exist.")
        if self.state.owner_of("cluster", name) is not None:
            raise ConflictError(f"A cluster with name {name} already exists.")
        serial = self.state.take_serial()
        answer = self.begin(
            cluster_accepted,
            holds=resource_lease(service.name, NAMESPACE, kind, name),
            undo=cluster_refused,
            service_name=service.name,
            kind=kind,
            name=name,
            serial=serial,
        )
        put_resource(
            self.state,
            service,
            CloudResource(
                namespace=NAMESPACE,
                type=kind,
                name=name,
                etag=self.state.make_guid("resource", self.request.request_id),
                sub_state="Accepted",
                outputs=_outputs(name, self.now, wish),
                cluster=Cluster(serial=serial, wish=wish, created=self.now, updated=self.now),
            ),
        )
        self.state.claim("cluster", name)
        return answer

    def delete_cluster(self, cloud_service_name: str, cluster_name: str) -> Accepted:
        return self._delete(cloud_service_name, FIRST, cluster_name)

    def delete_iaas_cluster(self, cloud_service_name: str, cluster_name: str) -> Accepted:
        return self._delete(cloud_service_name, SECOND, cluster_name)

    def _delete(self, service_name: str, kind: str, name: str) -> Accepted:
        service, found, _ = self._find(service_name, kind, name)
        answer = self.begin(
            cluster_deleted,
            holds=resource_lease(service.name, NAMESPACE, kind, found.name),
            service_name=service.name,
            kind=kind,
            name=found.name,
        )
        put_resource(self.state, service, replace(found, sub_state="DeleteQueued", operation="Delete"))
        return answer

    @assumed("the refusal was never seen")
    def _find(self, service_name: str, kind: str, name: str) -> tuple[CloudService, CloudResource, Cluster]:
        service = find_cloud_service(self.state, service_name)
        found = service.resources.get(resource_key(NAMESPACE, kind, name))
        if found is None or found.cluster is None:
            raise ResourceNotFound(f"The resource {name} does not exist.")
        return service, found, found.cluster

    @assumed("what of a cluster reads back: the least that its client needs, and no secret")
    def get_cluster(self, cloud_service_name: str, cluster_name: str) -> ClusterResponse:
        service, found, cluster = self._find(cloud_service_name, FIRST, cluster_name)
        return ClusterResponse(
            data=ClusterDetails(
                dns_name=found.name,
                location=cluster.wish.location or service.geo_region,
                version=cluster.wish.version,
                cluster_role_collection=tuple(
                    ClusterRole(friendly_name=one.name, instance_count=one.count, vm_size=one.size)
                    for one in cluster.wish.roles
                ),
                created_time=cluster.created,
                fully_qualified_dns_name=_host(found.name),
                state=found.sub_state or "",
                updated_time=cluster.updated,
            )
        )

    @assumed("what of a cluster reads back: the least that its client needs, and no secret")
    def get_iaas_cluster(self, cloud_service_name: str, cluster_name: str) -> IaasClusterResponse:
        service, found, cluster = self._find(cloud_service_name, SECOND, cluster_name)
        return IaasClusterResponse(
            data=IaasClusterDetails(
                api_version="1.0",
                connectivity_endpoints=(
                    ConnectivityEndpoint(location=_host(found.name), name="HTTPS", port=443, protocol="https"),
                ),
                created_date=cluster.created,
                hdi_version=cluster.wish.version,
                id=found.name,
                location=cluster.wish.location or service.geo_region,
                state=found.sub_state or "",
                user_subscription_id=self.state.subscription.id,
            )
        )


def _host(name: str) -> str:
    return f"{name.lower()}.{DOMAIN}"


@assumed("the keys are those that the client looks for; the form of the date was never seen")
def _outputs(name: str, now: datetime, wish: clusters.ClusterWish) -> tuple[tuple[str, str], ...]:
    nodes = sum(one.count for one in wish.roles if "head" not in one.name.lower())
    found = [
        ("CreatedDate", now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("NodesCount", str(nodes)),
        ("ConnectionURL", f"https://{_host(name)}"),
        ("Version", wish.version),
    ]
    return (*found, *((("ClusterUsername", wish.user),) if wish.user else ()))
