"""HDInsight: clusters are resources of cloud services.

Addresses, statuses and elements: the Node client's.  What is asked of the provider itself (``~`` in the address) comes
in an envelope of its own; a request for a cluster is the provider's document, read by `asm_contracts.codec.clusters`.
"""

from __future__ import annotations

from asm_contracts.areas.scheduler import CloudServices
from asm_contracts.document import PreciseTime, document, element
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.operation import Accepted, Contract, RawBody, operation

_ENVELOPE = "http://schemas.microsoft.com/hdinsight/2013/05/management"
_CLUSTER = "http://schemas.microsoft.com/hdinsight/2014/05/management"
_RESOURCES = "/cloudservices/{cloud_service_name}/resources/hdinsight"


@document(namespace=_CLUSTER)
class ClusterRole:
    """Nodes of one kind."""

    friendly_name: str
    instance_count: int
    vm_size: str = element(name="VMSize")


@document(name="Cluster", namespace=_CLUSTER)
class ClusterDetails:
    """A cluster."""

    dns_name: str
    location: str
    version: str
    cluster_role_collection: tuple[ClusterRole, ...] = ()
    created_time: PreciseTime
    fully_qualified_dns_name: str
    state: str
    updated_time: PreciseTime


@document(name="PassthroughResponse", namespace=_ENVELOPE)
class ClusterResponse:
    """A cluster, in the provider's envelope."""

    data: ClusterDetails


@document(namespace=_CLUSTER)
class ConnectivityEndpoint:
    """Where a cluster is reached."""

    location: str
    name: str
    port: int
    protocol: str


@document(name="IaasCluster", namespace=_CLUSTER)
class IaasClusterDetails:
    """A cluster of the second kind."""

    api_version: str
    connectivity_endpoints: tuple[ConnectivityEndpoint, ...] = ()
    created_date: PreciseTime
    hdi_version: str = element(name="HdiVersion")
    id: str
    location: str
    state: str
    user_subscription_id: str


@document(name="PassthroughResponse", namespace=_ENVELOPE)
class IaasClusterResponse:
    """A cluster of the second kind, in the provider's envelope."""

    data: IaasClusterDetails


class HDInsightContract(Contract):
    """Make, find and delete clusters."""

    @operation("GET", "/cloudservices?resourceProviderNamespace=hdinsight&resourceType=clusters", since="2012-08-01")
    def list_clusters(self) -> CloudServices:
        """List the cloud services that clusters could be in, with the clusters of each."""

    @operation(
        "PUT",
        _RESOURCES + "/clusters/{cluster_name}",
        since="2012-08-01",
        raw_body=True,
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def create_cluster(self, cloud_service_name: str, cluster_name: str, body: RawBody) -> Accepted:
        """Create a cluster."""

    @operation("GET", _RESOURCES + "/~/clusters/{cluster_name}", since="2012-08-01", errors=(ResourceNotFound,))
    def get_cluster(self, cloud_service_name: str, cluster_name: str) -> ClusterResponse:
        """Read a cluster."""

    @operation(
        "DELETE",
        _RESOURCES + "/clusters/{cluster_name}",
        since="2012-08-01",
        errors=(ConflictError, ResourceNotFound),
    )
    def delete_cluster(self, cloud_service_name: str, cluster_name: str) -> Accepted:
        """Delete a cluster; what it has stored stays in its storage accounts."""

    @operation(
        "PUT",
        _RESOURCES + "/iaasclusters/{cluster_name}",
        since="2012-08-01",
        raw_body=True,
        errors=(BadRequest, ConflictError, ResourceNotFound),
    )
    def create_iaas_cluster(self, cloud_service_name: str, cluster_name: str, body: RawBody) -> Accepted:
        """Create a cluster of the second kind."""

    @operation("GET", _RESOURCES + "/~/iaasclusters/{cluster_name}", since="2012-08-01", errors=(ResourceNotFound,))
    def get_iaas_cluster(self, cloud_service_name: str, cluster_name: str) -> IaasClusterResponse:
        """Read a cluster of the second kind."""

    @operation(
        "DELETE",
        _RESOURCES + "/iaasclusters/{cluster_name}",
        since="2012-08-01",
        errors=(ConflictError, ResourceNotFound),
    )
    def delete_iaas_cluster(self, cloud_service_name: str, cluster_name: str) -> Accepted:
        """Delete a cluster of the second kind."""
