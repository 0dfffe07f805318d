"""HDInsight, as far as clients list it: clusters are resources of cloud services."""

from __future__ import annotations

from asm_contracts.areas.scheduler import CloudServices, Resource
from asm_contracts.errors import ResourceNotFound
from asm_contracts.operation import Contract, operation

_SERVICE = "/cloudservices/{cloud_service_name}/resources/hdinsight/~"


class HDInsightContract(Contract):
    """Look for clusters."""

    @operation("GET", "/cloudservices?resourceProviderNamespace=hdinsight&resourceType=clusters", since="2012-08-01")
    def list_clusters(self) -> CloudServices:
        """List the cloud services that clusters could be in, with the clusters of each."""

    @operation("GET", _SERVICE + "/clusters/{cluster_name}", since="2012-08-01", errors=(ResourceNotFound,))
    def get_cluster(self, cloud_service_name: str, cluster_name: str) -> Resource:
        """Read a cluster."""

    @operation("GET", _SERVICE + "/iaasclusters/{cluster_name}", since="2012-08-01", errors=(ResourceNotFound,))
    def get_iaas_cluster(self, cloud_service_name: str, cluster_name: str) -> Resource:
        """Read a cluster of the second kind."""
