"""HDInsight: there are no clusters, and it says so as the service would."""

from __future__ import annotations

from dataclasses import replace

from asm_contracts.areas.hdinsight import HDInsightContract
from asm_contracts.areas.scheduler import CloudServices, Resource
from asm_contracts.errors import ResourceNotFound
from asm_contracts.evidence import assumed
from asm_emulator.areas.base import Area
from asm_emulator.areas.scheduler.services import cloud_service_document, find_cloud_service


class HDInsightArea(Area, HDInsightContract):
    """Clusters, none of which can be created here."""

    @assumed("that the query leaves out resources of other kinds, not the cloud services that have no others")
    def list_clusters(self) -> CloudServices:
        return CloudServices(
            items=tuple(
                replace(cloud_service_document(one), resources=()) for one in self.state.cloud_services.values()
            )
        )

    def get_cluster(self, cloud_service_name: str, cluster_name: str) -> Resource:
        find_cloud_service(self.state, cloud_service_name)
        raise ResourceNotFound(f"The resource {cluster_name} does not exist.")

    def get_iaas_cluster(self, cloud_service_name: str, cluster_name: str) -> Resource:
        return self.get_cluster(cloud_service_name, cluster_name)
